//! What members say and what is said of them: praise and criticism with their remedies, concerns with
//! their answers, topics proposed for next year, one member heard for being absent.

use domain::concern::{Voice, WordKind};
use domain::id::PersonId;
use domain::note::{Draft, Hand, NoteKind};
use domain::roll::Mark;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use super::Maker;
use super::cell::Cell;
use crate::absence::{act as absences, store as absence_rows};
use crate::actor::{Actor, moment};
use crate::concern::store as concerns;
use crate::fault::Fault;
use crate::note::store as notes;
use crate::topic::store as topics;

/// Months ago, member, kind, text, remedy, days until the deadline.
type NoteLine = (i64, usize, NoteKind, &'static str, &'static str, i64);

const NOTES: &[NoteLine] = &[
    (4, 1, NoteKind::Praise, "Hoàn thành tốt việc số hóa hồ sơ một cửa trước thời hạn, giúp đỡ đồng nghiệp mới.", "", 0),
    (
        3,
        2,
        NoteKind::Criticism,
        "Báo cáo tháng gửi chậm hai lần, chi bộ phải nhắc.",
        "Gửi báo cáo trước ngày 25 hằng tháng; phó bí thư nhắc trước ba ngày.",
        45,
    ),
    (2, 3, NoteKind::Praise, "Chuẩn bị chuyên đề công phu, có số liệu của cơ quan, nhiều đồng chí trao đổi.", "", 0),
    (
        1,
        1,
        NoteKind::Criticism,
        "Ít phát biểu khi chi bộ thảo luận việc của bộ phận mình phụ trách.",
        "Chuẩn bị trước một ý kiến về việc của bộ phận cho mỗi kỳ sinh hoạt.",
        60,
    ),
];

/// Days ago, member, what was told, what chi ủy answered, whether the member calls it settled.
type ConcernLine = (i64, usize, &'static str, &'static str, bool);

const CONCERNS: &[ConcernLine] = &[
    (
        70,
        2,
        "Phòng tiếp dân thiếu máy in, nhiều hôm phải chạy sang phòng khác, dân phải chờ.",
        "Chi ủy đã làm việc với văn phòng; máy in được cấp trong tháng.",
        true,
    ),
    (
        18,
        1,
        "Mong chi bộ bố trí giờ sinh hoạt vào đầu buổi chiều để đồng chí có con nhỏ kịp đón con.",
        "Chi ủy thống nhất họp lúc 14 giờ từ quý tới, sẽ hỏi ý kiến chi bộ.",
        false,
    ),
    (4, 3, "Đề nghị cơ quan tổ chức lại việc trực cuối tuần cho đều giữa các bộ phận.", "", false),
];

const PROPOSED: &[(&str, &str, usize)] = &[
    ("Kỹ năng xử lý hồ sơ trên môi trường số", "Nhiều đồng chí còn lúng túng khi quy trình chuyển lên mạng.", 7),
    ("Tiết kiệm điện, giấy trong cơ quan", "Việc gần, làm được ngay, có số đo.", 4),
    ("Tìm hiểu truyền thống của địa phương, thăm di tích", "Kết hợp giáo dục truyền thống cho đảng viên trẻ.", 5),
];

/// Lets members be heard in the show case; in the cells beside it one member is heard for absences.
pub(super) fn heard(maker: &mut Maker, cells: &[Cell]) -> Result<(), Fault> {
    let Some(show) = cells.iter().find(|c| c.show) else {
        return Ok(());
    };
    let members: Vec<PersonId> = show.plain().map(|m| m.person).collect();
    noted(maker, show, &members)?;
    told(maker, show, &members)?;
    proposed(maker, show, &members)?;
    for cell in cells.iter().filter(|c| c.committee == show.committee) {
        if absent(maker, cell)? {
            break;
        }
    }
    Ok(())
}

fn days_ago(maker: &Maker, days: i64) -> Date {
    maker.today().checked_sub(days.days()).unwrap_or(maker.today())
}

fn morning(day: Date) -> Timestamp {
    moment(day.at(9, 15, 0, 0))
}

fn by(maker: &Maker, cell: &Cell, person: PersonId, when: Timestamp) -> Actor {
    maker.system.at(person, cell.org, when)
}

fn noted(maker: &mut Maker, cell: &Cell, members: &[PersonId]) -> Result<(), Fault> {
    for (months, who, kind, body, remedy, until) in NOTES {
        let Some(member) = members.get(*who).copied() else { continue };
        let on = days_ago(maker, months * 30);
        let actor = by(maker, cell, cell.secretary, morning(on));
        let deadline = (*kind == NoteKind::Criticism).then(|| on.checked_add(until.days()).unwrap_or(on));
        let draft = Draft { kind: *kind, body: (*body).to_owned(), remedy: (*remedy).to_owned(), deadline, on };
        let state = draft.begin(actor.today())?;
        let id = notes::add(maker.tx, &actor, cell.org, member, &draft, state, (None, None))?;
        let over = deadline.filter(|d| *d < maker.today());
        if let Some(day) = over {
            let own = by(maker, cell, member, morning(day));
            let note = notes::get(maker.tx, cell.org, id)?;
            let words = "Hai tháng nay đã gửi đúng hạn, có xác nhận của văn thư.".to_owned();
            let state = note.state.remedied(member, &Hand { person: member, leads: false }, &words)?;
            notes::save(maker.tx, &own, &note, state, &notes::Said::Done(words))?;
        }
    }
    Ok(())
}

fn told(maker: &mut Maker, cell: &Cell, members: &[PersonId]) -> Result<(), Fault> {
    for (days, who, said, answer, settled) in CONCERNS {
        let Some(member) = members.get(*who).copied() else { continue };
        let day = days_ago(maker, *days);
        let own = by(maker, cell, member, morning(day));
        let id = concerns::add(maker.tx, &own, cell.org, member, said)?;
        if !answer.is_empty() {
            let later = day.checked_add(6.days()).unwrap_or(day);
            let secretary = by(maker, cell, cell.secretary, morning(later));
            say(maker, &secretary, cell, id, (WordKind::Answer, Voice::Leader, answer))?;
        }
        if *settled {
            let later = day.checked_add(30.days()).unwrap_or(day);
            let own = by(maker, cell, member, morning(later));
            say(maker, &own, cell, id, (WordKind::Settled, Voice::Member, "Đã có máy in, cảm ơn chi ủy."))?;
        }
    }
    Ok(())
}

fn say(
    maker: &mut Maker,
    actor: &Actor,
    cell: &Cell,
    id: domain::id::RowId,
    (kind, voice, words): (WordKind, Voice, &str),
) -> Result<(), Fault> {
    let concern = concerns::get(maker.tx, cell.org, id)?;
    let state = concern.state.say(kind, voice, words)?;
    Ok(concerns::say(maker.tx, actor, &concern, kind, state, words)?)
}

fn proposed(maker: &mut Maker, cell: &Cell, members: &[PersonId]) -> Result<(), Fault> {
    let next = maker.today().year() + 1;
    for (n, (title, why, supporters)) in PROPOSED.iter().enumerate() {
        let Some(first) = members.get(n).copied() else { continue };
        let day = days_ago(maker, 20);
        let actor = by(maker, cell, first, morning(day));
        let id = topics::propose(maker.tx, &actor, cell.org, next, title, why)?;
        for other in members.iter().filter(|m| **m != first).take(*supporters) {
            let actor = by(maker, cell, *other, morning(day));
            topics::put_support(maker.tx, &actor, cell.org, id)?;
        }
    }
    Ok(())
}

/// Opens the case of the first member of a cell whose year comes to it; whether there was one.
fn absent(maker: &mut Maker, cell: &Cell) -> Result<bool, Fault> {
    let today = maker.today();
    let rules = maker.rules.at(today);
    let year = today.year();
    let actor = by(maker, cell, cell.secretary, morning(days_ago(maker, 3)));
    let months = absences::figures(&rules).warn_months;
    for person in absence_rows::often_marked(maker.tx, cell.org, year, &[Mark::Unexcused], months)? {
        let standing = absences::facts(maker.tx, cell.org, person, year)?.standing;
        let there = cell.members.iter().any(|m| m.person == person && m.active);
        if there && person != cell.secretary && standing.level(&absences::figures(&rules)) != domain::absence::Level::Fine {
            absences::open(maker.tx, &actor, &rules, cell.org, person, year)?;
            return Ok(true);
        }
    }
    Ok(false)
}
