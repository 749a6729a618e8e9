//! What the committees above the show case sent down: orientations of the last two months and the coming
//! one, two documents; who heard and who read them.

use domain::agenda::Step;
use domain::guidance::{GuidanceKind, GuidanceState, Weight};
use domain::id::{OrgId, RowId};
use domain::meeting::MeetingState;
use domain::period::{PeriodKey, PeriodKind};
use domain::post::Role;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use super::Maker;
use super::cell::{Block, Cell};
use crate::actor::{Actor, moment};
use crate::fault::Fault;
use crate::guidance::store::blocks::{self, Words};
use crate::guidance::store::{self as guidance, Guidance, Head, agenda, papers, received};
use crate::meeting::store::files::NewFile;
use crate::meeting::store::{self as meetings, Serving};
use crate::org::store as orgs;

/// Heading, text, minutes of the blocks of a month; the first two are required.
type Said = [(&'static str, &'static str, i64); 3];

const MONTHS: [Said; 3] = [
    [
        (
            "Kết quả thực hiện nhiệm vụ chính trị quý III, nhiệm vụ quý IV",
            "Phổ biến số liệu chính của cơ quan; thảo luận việc chi bộ còn chậm và cách làm trong quý IV.",
            15,
        ),
        (
            "Phòng, chống lãng phí trong cơ quan",
            "Quán triệt chủ trương phòng, chống lãng phí; mỗi chi bộ chọn một việc làm ngay và ghi vào nghị quyết.",
            15,
        ),
        ("Giới thiệu gương người tốt, việc tốt", "Chi bộ chọn một đồng chí hoặc một việc của chi bộ để biểu dương.", 10),
    ],
    [
        (
            "Chuyển đổi số trong giải quyết công việc",
            "Phổ biến kế hoạch chuyển đổi số của cơ quan; thảo luận việc từng đồng chí làm được trên môi trường số.",
            15,
        ),
        (
            "Chuẩn bị kiểm điểm, đánh giá, xếp loại cuối năm",
            "Phổ biến hướng dẫn kiểm điểm; thống nhất thời gian từng đồng chí nộp bản kiểm điểm.",
            10,
        ),
        ("Công tác phát triển đảng viên năm tới", "Rà soát quần chúng ưu tú; phân công đồng chí giúp đỡ.", 10),
    ],
    [
        (
            "Kiểm điểm tự phê bình và phê bình cuối năm",
            "Phổ biến mốc thời gian và mẫu bản kiểm điểm; thảo luận những việc cần tập trung làm rõ.",
            20,
        ),
        ("Dự kiến nhiệm vụ năm sau", "Thảo luận chỉ tiêu của chi bộ; nêu rõ việc, đồng chí thực hiện, thời hạn.", 15),
        ("Chăm lo đảng viên cao tuổi, đảng viên khó khăn dịp Tết", "Lập danh sách, phân công đồng chí thăm hỏi.", 10),
    ],
];

/// Sends all of it and lets the cells of the show case's committee hear and read it.
pub(super) fn send(maker: &mut Maker, block: &Block) -> Result<(), Fault> {
    let Some(show) = block.show() else {
        return Ok(());
    };
    let (committee, root) = (show.committee, block.root);
    let below: Vec<&Cell> = block.cells.iter().filter(|c| c.committee == committee).collect();
    let today = maker.today();
    let month = |n: i64| today.first_of_month().checked_add(n.months()).unwrap_or(today);
    let office = office(maker, committee)?;
    for (n, said) in (-1..).zip(MONTHS) {
        let sent = issue_month(maker, office, month(n), &said)?;
        for cell in &below {
            hear(maker, cell, &sent, month(n))?;
        }
    }
    let above = self::office(maker, root)?;
    let [first, ..] = MONTHS[0];
    issue_month(
        maker,
        above,
        month(1),
        &[("Thông tin thời sự, chủ trương mới", "Báo cáo viên chi bộ phổ biến theo đề cương kèm theo.", 10), first, MONTHS[1][2]],
    )?;
    for (from, title, number, days) in [
        (office, "Hướng dẫn kiểm điểm, đánh giá, xếp loại đảng viên cuối năm", "31-HD/ĐU", 12),
        (above, "Đề cương thông tin, tuyên truyền tháng này", "", 5),
    ] {
        let sent = document(maker, from, (title, number), days)?;
        for cell in &below {
            read(maker, cell, &sent)?;
        }
    }
    Ok(())
}

/// A committee and who writes for it.
type Office = (OrgId, domain::id::PersonId);

fn office(maker: &mut Maker, org: OrgId) -> Result<Office, Fault> {
    let held = orgs::posts_on(maker.tx, org, maker.today())?;
    let writer = held.iter().find(|h| h.role == Role::Clerk).or(held.first());
    Ok((org, writer.map_or(maker.system.person, |h| h.person)))
}

/// On the 25th of the month before; what lies ahead, a few hours ago.
fn issued_at(maker: &Maker, month: Date) -> Timestamp {
    let day = month.checked_sub(1.month()).unwrap_or(month).checked_add(24.days()).unwrap_or(month);
    moment(day.at(9, 0, 0, 0)).min(maker.now.checked_sub(3.hours()).unwrap_or(maker.now))
}

fn issue_month(maker: &mut Maker, (org, writer): Office, month: Date, said: &Said) -> Result<Guidance, Fault> {
    let at = issued_at(maker, month);
    let actor = maker.system.at(writer, org, at);
    let key = PeriodKey::of(PeriodKind::Regular, month).ok_or(Fault::NotFound)?;
    let title = format!("Định hướng sinh hoạt tháng {} năm {}", key.number, key.year);
    let id = guidance::create(maker.tx, &actor, org, GuidanceKind::Orientation, &title, Some(key))?;
    for (n, (title, body, minutes)) in said.iter().enumerate() {
        let words = Words {
            weight: if n < 2 { Weight::Required } else { Weight::Suggested },
            title: (*title).to_owned(),
            body: (*body).to_owned(),
            minutes: *minutes,
            document: None,
        };
        blocks::add(maker.tx, &actor, org, id, &words)?;
    }
    out(maker, &actor, id)
}

fn out(maker: &mut Maker, actor: &Actor, id: RowId) -> Result<Guidance, Fault> {
    let draft = guidance::get(maker.tx, actor.org, id)?;
    guidance::issue(maker.tx, actor, &draft, GuidanceState::Issued)?;
    Ok(guidance::get(maker.tx, actor.org, id)?)
}

/// The sealed meeting of the month brought the required blocks to the cell, with its report and discussion.
/// One cell in four passed the second one over.
fn hear(maker: &mut Maker, cell: &Cell, sent: &Guidance, month: Date) -> Result<(), Fault> {
    let held = meetings::of_years(maker.tx, cell.org, &(month.year()..=month.year()))?;
    let of_month = |m: &&(PeriodKey, Serving)| Some(m.0) == sent.key() && m.1.state == MeetingState::Sealed;
    let Some((_, found)) = held.iter().find(of_month) else {
        return Ok(());
    };
    let meeting = meetings::get(maker.tx, cell.org, found.id)?;
    let day = meeting.starts_at.date();
    let items = meetings::items(maker.tx, cell.org, meeting.id)?;
    let steps =
        if !cell.show && cell.name.len().is_multiple_of(4) { &[Step::Report][..] } else { &[Step::Report, Step::Discussion] };
    for (block, step) in blocks::of(maker.tx, sent.org, &[sent.id])?.iter().zip(steps) {
        if let Some(item) = items.iter().find(|i| i.step == *step) {
            agenda::link(maker.tx, cell.org, meeting.id, &agenda::link_of(item.id, block))?;
        }
    }
    let actor = maker.system.at(cell.secretary, cell.org, moment(meeting.ends_at));
    Ok(agenda::disseminate(maker.tx, &actor, &meeting, day)?)
}

fn document(maker: &mut Maker, (org, writer): Office, (title, number): (&str, &str), days: i64) -> Result<Guidance, Fault> {
    let at = maker.now.checked_sub((days * 24).hours()).unwrap_or(maker.now);
    let actor = maker.system.at(writer, org, at);
    let id = guidance::create(maker.tx, &actor, org, GuidanceKind::Document, title, None)?;
    let draft = guidance::get(maker.tx, org, id)?;
    let head = Head {
        title: title.to_owned(),
        body: "Đồng chí đọc trước buổi sinh hoạt tới; nội dung đầy đủ trong tệp kèm theo.".to_owned(),
        period: None,
        number: number.to_owned(),
        dated_on: Some(actor.today()).filter(|_| !number.is_empty()),
        list: guidance::list(maker.tx, &draft)?,
    };
    guidance::save_head(maker.tx, org, id, draft.version, &head)?;
    let text = format!("{title}\n\nI. Mục đích, yêu cầu\nII. Nội dung\nIII. Tổ chức thực hiện\n");
    let file = NewFile { name: "noi-dung.txt".to_owned(), media_type: "text/plain; charset=utf-8", bytes: text.into_bytes() };
    papers::add(maker.tx, &actor, org, id, None, &file)?;
    out(maker, &actor, id)
}

/// Most members opened it, half of them said that they read it.
fn read(maker: &mut Maker, cell: &Cell, sent: &Guidance) -> Result<(), Fault> {
    let from = sent.issued_at.unwrap_or(maker.now);
    for (n, person) in (0_i64..).zip(cell.active()) {
        let when = from.checked_add((n * 3 + 1).hours()).unwrap_or(from).min(maker.now);
        match n % 4 {
            // The first plain members find something to read.
            3 => {}
            1 => received::see(maker.tx, cell.org, sent, person, when)?,
            _ => received::read(maker.tx, cell.org, sent, person, when)?,
        }
    }
    Ok(())
}
