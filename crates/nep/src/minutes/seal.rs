//! From the written text to the sealed record: reading back, adopting, sealing.
//! May touch: one meeting, its minutes, the ledger, the month's sums. Rules: M14, P-12, P-28, TH-19.

use axum::extract::{Path, State};
use axum::response::Response;
use db::Tx;
use domain::code::Code;
use domain::id::{IssuedId, MeetingId, OrgId};
use domain::meeting::{MeetingKind, MeetingState, Sealing};
use domain::numbering::DocKind;
use domain::refusal::{Check, Refusal};
use domain::rulepack::Library;
use web::page::{html, see};

use super::draft::{self, Minutes};
use super::editor::to_read_aloud;
use super::page::{CheckPage, CheckRow, ReadBack};
use super::store::Sums;
use super::{snapshot, store};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::ledger::store as ledger;
use crate::live::desk::parts;
use crate::meeting::store::{self as meetings, Moment};
use crate::shell::{Shell, Under};

type Where = Path<(OrgId, MeetingId)>;

fn shell_of(actor: &Actor, minutes: &Minutes, title: &str) -> Shell {
    let (org, meeting) = (actor.org, &minutes.record.meeting);
    let base = format!("/cb/{org}/buoi/{}", meeting.id);
    Shell::new(actor, title, Under::Meetings)
        .crumb(format!("/cb/{org}/buoi"), Under::Meetings.label())
        .crumb(base.clone(), meeting.title.clone())
        .crumb(format!("{base}/bien-ban"), "Biên bản")
}

/// The text in large letters, to be read to the cell.
pub async fn read_back(State(app): State<App>, actor: Actor, Path((org, id)): Where) -> Result<Response, Fault> {
    let minutes = app.db.read(move |tx| draft::load(tx, org, id)).await?;
    let meeting = &minutes.record.meeting;
    Ok(html(&ReadBack {
        shell: shell_of(&actor, &minutes, "Đọc lại biên bản"),
        parts: parts(meeting, "doc-lai"),
        meeting: format!("/cb/{org}/buoi/{id}"),
        title: format!("Biên bản {}", crate::resolution::seal::lower(&meeting.title)),
        sections: to_read_aloud(&minutes.rows),
        closed: meeting.state == MeetingState::Closed,
        can_lead: actor.may(domain::right::Right::MeetingLead),
    }))
}

/// Where a check is put in order.
fn place_of(field: &str, base: &str) -> String {
    match field {
        "closed_at" => format!("{base}/dieu-hanh?phan=ket-thuc"),
        "chair" | "secretary" => format!("{base}/dieu-hanh?phan=thanh-phan#nguoi"),
        "roll" => format!("{base}/diem-danh"),
        "votes" => format!("{base}/dieu-hanh?phan=bieu-quyet#bieu-quyet"),
        "speeches" | "conclusion" => format!("{base}/dieu-hanh"),
        "agenda" => base.to_owned(),
        "attendance" => format!("{base}/bien-ban#muc-attendance"),
        _ => format!("{base}/bien-ban"),
    }
}

fn check_row(check: &Check, base: &str) -> CheckRow {
    let (sign, word) = match (check.done, check.must) {
        (true, _) => ("done", "Xong"),
        (false, true) => ("late", "Phải làm"),
        (false, false) => ("due", "Nên xem"),
    };
    let href = if check.done { String::new() } else { place_of(check.field.unwrap_or_default(), base) };
    CheckRow { text: check.text.clone(), sign, word, href }
}

/// Whose eyes the adopted minutes are open to.
fn readers(minutes: &Minutes) -> String {
    if minutes.record.meeting.kind == MeetingKind::Committee {
        return "Bí thư, phó bí thư, chi ủy viên của chi bộ xem được biên bản.".to_owned();
    }
    let members = minutes.record.lines.iter().filter(|l| l.standing != domain::roll::Standing::Suspended).count();
    format!("{members} đảng viên trong danh sách của buổi xem được biên bản ở mục Buổi sinh hoạt.")
}

/// What is in order before adopting, and what will happen.
pub async fn adopt_page(State(app): State<App>, actor: Actor, Path((org, id)): Where) -> Result<Response, Fault> {
    let minutes = app.db.read(move |tx| draft::load(tx, org, id)).await?;
    let meeting = &minutes.record.meeting;
    if meeting.state != MeetingState::Closed {
        let to = if meeting.state == MeetingState::Open { "dieu-hanh?phan=ket-thuc" } else { "bien-ban" };
        return Ok(see(&format!("/cb/{org}/buoi/{id}/{to}")));
    }
    let checks = minutes.checks()?;
    let base = format!("/cb/{org}/buoi/{id}");
    Ok(html(&CheckPage {
        shell: shell_of(&actor, &minutes, "Thông qua biên bản"),
        parts: parts(meeting, "doc-lai"),
        action: format!("{base}/thong-qua"),
        button: "Thông qua biên bản",
        happens: vec![
            ("Ai xem được", readers(&minutes)),
            (
                "Khóa sửa",
                "Điểm danh, ý kiến, biểu quyết và biên bản không sửa được nữa; chỉ bí thư, phó bí thư mở lại được, có ghi lý do."
                    .to_owned(),
            ),
            ("Việc tiếp theo", "Khóa biên bản để đánh số, in và ký.".to_owned()),
        ],
        blocked: checks.iter().any(Check::blocks),
        checks: checks.iter().map(|c| check_row(c, &base)).collect(),
        mark: minutes.mark(),
        sealing: false,
        meeting: base,
    }))
}

/// The cell has adopted the minutes as they were read back.
pub async fn adopt(State(app): State<App>, actor: Actor, Path((org, id)): Where, Sent(form): Sent) -> Result<Response, Fault> {
    let mark = form.raw("ban").to_owned();
    app.db.write(move |tx| adopt_now(tx, &actor, org, id, Some(&mark))).await?;
    Ok(see(&format!("/cb/{org}/buoi/{id}/bien-ban?xong=thong-qua")))
}

/// Adopts the minutes of a meeting; `mark` is that of the text that was read back.
///
/// # Errors
/// A refusal of the rules, or when the text has changed since; database faults.
pub fn adopt_now(tx: &mut Tx, actor: &Actor, org: OrgId, id: MeetingId, mark: Option<&str>) -> Result<(), Fault> {
    let minutes = draft::load(tx, org, id)?;
    let meeting = &minutes.record.meeting;
    let state = meeting.state.adopt(&minutes.checks()?)?;
    if mark.is_some_and(|m| m != minutes.mark()) {
        return Err(Fault::Refused(Refusal::new(
            "changed",
            "Biên bản vừa được sửa sau khi đồng chí mở trang. Hãy đọc lại bản mới rồi thông qua.",
        )));
    }
    let moment = Moment { adopted_at: Some(actor.now), ..Moment::default() };
    Ok(meetings::save_state(tx, actor, meeting, state, &moment)?)
}

/// What sealing will do, with the number the minutes will take.
pub async fn seal_page(State(app): State<App>, actor: Actor, Path((org, id)): Where) -> Result<Response, Fault> {
    let (minutes, number) = app
        .db
        .read(move |tx| {
            let minutes = draft::load(tx, org, id)?;
            let number = match ledger::next_number(tx, org, DocKind::Minutes, minutes.record.day()) {
                Ok((_, _, words)) => Ok(words),
                Err(Fault::Refused(refusal)) => Err(refusal.text()),
                Err(fault) => return Err(fault),
            };
            Ok::<_, Fault>((minutes, number))
        })
        .await?;
    let meeting = &minutes.record.meeting;
    let base = format!("/cb/{org}/buoi/{id}");
    if meeting.state != MeetingState::Adopted {
        return Ok(see(&format!("{base}/bien-ban")));
    }
    let mut checks = minutes.checks()?;
    checks.push(match &number {
        Ok(_) => Check::must(true, "term", "Đã có nhiệm kỳ để đánh số."),
        Err(why) => Check::must(false, "term", why.clone()),
    });
    Ok(html(&CheckPage {
        shell: shell_of(&actor, &minutes, "Khóa biên bản"),
        parts: parts(meeting, "bien-ban"),
        action: format!("{base}/khoa"),
        button: "Khóa biên bản",
        happens: vec![
            ("Nghị quyết", resolutions_words(&minutes)),
            ("Số biên bản", number.unwrap_or_else(|_| "chưa đánh số được".to_owned())),
            (
                "Nội dung khóa",
                "Toàn văn biên bản, điểm danh, ý kiến, biểu quyết, phân công; ghi mã kiểm tra vào sổ cái.".to_owned(),
            ),
            ("Ai xem được", readers(&minutes)),
            ("Số liệu", "Tỷ lệ dự và số đồng chí phát biểu của tháng được cập nhật cho cấp trên, không kèm nội dung.".to_owned()),
        ],
        blocked: checks.iter().any(Check::blocks),
        checks: checks.iter().map(|c| check_row(c, &base)).collect(),
        mark: minutes.mark(),
        sealing: true,
        meeting: base,
    }))
}

/// What becomes of the resolutions of the meeting.
fn resolutions_words(minutes: &Minutes) -> String {
    use domain::resolution::ResolutionState as State;
    let adopted = minutes.record.resolutions.iter().filter(|r| r.state == State::Adopted).count();
    match adopted {
        0 => "Không có nghị quyết nào chờ ban hành.".to_owned(),
        n => format!("{n} nghị quyết đã thông qua được đánh số và ban hành cùng lúc."),
    }
}

/// Seals the minutes under their number.
pub async fn seal(State(app): State<App>, actor: Actor, Path((org, id)): Where) -> Result<Response, Fault> {
    let library = app.rules.clone();
    let issued = app.db.write(move |tx| seal_now(tx, &actor, org, id, &library)).await?;
    Ok(see(&format!("/cb/{org}/van-ban/{issued}?xong=khoa")))
}

/// Seals the adopted minutes of a meeting: number, ledger, the month's sums, in one transaction.
///
/// # Errors
/// A refusal of the rules; `Conflict` when someone changed the meeting meanwhile; database faults.
pub fn seal_now(tx: &mut Tx, actor: &Actor, org: OrgId, id: MeetingId, library: &Library) -> Result<IssuedId, Fault> {
    let minutes = draft::load(tx, org, id)?;
    let meeting = &minutes.record.meeting;
    let day = minutes.record.day();
    // The state is asked first: sealing twice is refused as such, not for its number.
    let number =
        if meeting.state == MeetingState::Adopted { Some(ledger::next_number(tx, org, DocKind::Minutes, day)?) } else { None };
    let facts = Sealing { number: number.as_ref().and_then(|(_, n, _)| u32::try_from(*n).ok()), term_known: number.is_some() };
    let state = meeting.state.seal(&minutes.checks()?, &facts)?;
    let words = number.map(|(_, _, words)| words).unwrap_or_default();
    let profile = library.at(day).profile().map(|p| p.code.clone()).unwrap_or_default();
    let sealed = snapshot::take(tx, &minutes, &words, &profile)?;
    let issued = ledger::seal(
        tx,
        actor,
        org,
        &ledger::Sealing {
            kind: DocKind::Minutes,
            issued_on: day,
            title: meeting.title.clone(),
            content: sealed.to_json()?,
            meeting: Some(id),
            corrects: None,
        },
    )?;
    let moment = Moment { sealed: Some(issued.id), ..Moment::default() };
    meetings::save_state(tx, actor, meeting, state, &moment)?;
    crate::resolution::seal::seal_of_meeting(tx, actor, meeting)?;
    if meeting.kind != MeetingKind::Committee {
        add_to_month(tx, org, &minutes, &sealed)?;
    }
    Ok(issued.id)
}

/// The cell's sums of the month; the committee's own meetings are none of the cell's attendance.
fn add_to_month(tx: &mut Tx, org: OrgId, minutes: &Minutes, sealed: &snapshot::Sealed) -> db::Result<()> {
    let mut speakers: Vec<_> = minutes.record.contributions.iter().map(|c| c.person).collect();
    speakers.sort_unstable();
    speakers.dedup();
    let a = &sealed.attendance;
    let sums = Sums {
        expected: a.expected,
        present: a.present,
        excused: a.excused,
        unexcused: a.unexcused,
        leaders_expected: a.leaders_expected,
        leaders_present: a.leaders_present,
        speakers: u32::try_from(speakers.len()).unwrap_or(u32::MAX),
    };
    store::add_to_month(tx, org, &sealed.date.strftime("%Y-%m").to_string(), &sums)
}
