//! From the written text to the sealed record: adopting, sealing.
//! May touch: one meeting, its minutes, the ledger, the month's sums, what of the orientations was heard.
//! Rules: M14, L1, P-12, P-28, TH-19.

use axum::extract::{Path, State};
use axum::response::Response;
use db::Tx;
use domain::code::Code;
use domain::id::{IssuedId, MeetingId, OrgId};
use domain::meeting::{MeetingKind, MeetingState, Sealing};
use domain::notice::Lead;
use domain::numbering::DocKind;
use domain::refusal::Refusal;
use domain::rollup::Month;
use domain::rulepack::{Library, Rules};
use domain::score::Band;
use web::page::see;

use super::draft::{self, Minutes};
use super::store::Sums;
use super::{snapshot, store};
use crate::actor::{Actor, local};
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::ledger::store as ledger;
use crate::live::room::store::{self as room, Topic};
use crate::meeting::store::{self as meetings, Moment};

type Where = Path<(OrgId, MeetingId)>;

/// The cell has adopted the minutes as they were read back.
pub async fn adopt(State(app): State<App>, actor: Actor, Path((org, id)): Where, Sent(form): Sent) -> Result<Response, Fault> {
    let mark = form.raw("ban").to_owned();
    let hands = actor.clone();
    app.write(&actor, move |tx| adopt_now(tx, &hands, org, id, Some(&mark))).await?;
    Ok(see(&format!("/cb/{org}/buoi/{id}/bien-ban?xong=thong-qua")))
}

/// Adopts the minutes of a meeting; `mark` is that of the text that was read back.
///
/// # Errors
/// A refusal of the rules, or when the text has changed since; database faults.
pub fn adopt_now(tx: &mut Tx, actor: &Actor, org: OrgId, id: MeetingId, mark: Option<&str>) -> Result<(), Fault> {
    let minutes = draft::load(tx, org, id)?;
    let meeting = &minutes.record.meeting;
    let mut checks = minutes.checks()?;
    checks.extend(draft::joined(store::waiting(tx, org, id)?));
    let state = meeting.state.adopt(&checks)?;
    if mark.is_some_and(|m| m != minutes.mark()) {
        return Err(Fault::Refused(Refusal::new(
            "changed",
            "Biên bản vừa được sửa sau khi đồng chí mở trang. Hãy đọc lại bản mới rồi thông qua.",
        )));
    }
    let moment = Moment { adopted_at: Some(actor.now), ..Moment::default() };
    meetings::save_state(tx, actor, meeting, state, &moment)?;
    Ok(room::tell(tx, actor.now, org, id, Topic::State)?)
}

/// Seals the minutes under their number.
pub async fn seal(State(app): State<App>, actor: Actor, Path((org, id)): Where) -> Result<Response, Fault> {
    let library = app.rules.clone();
    let hands = actor.clone();
    let issued = app.write(&actor, move |tx| seal_now(tx, &hands, org, id, &library)).await?;
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
    let resolutions = crate::resolution::seal::seal_of_meeting(tx, actor, meeting)?.len();
    crate::guidance::store::agenda::disseminate(tx, actor, meeting, day)?;
    if meeting.kind != MeetingKind::Committee {
        let rules = library.at(day);
        add_to_month(tx, actor, &minutes, &sealed, (resolutions, &rules))?;
    }
    Ok(issued.id)
}

/// The cell's sums of the month; the committee's own meetings are none of the cell's attendance.
fn add_to_month(
    tx: &mut Tx,
    actor: &Actor,
    minutes: &Minutes,
    sealed: &snapshot::Sealed,
    (resolutions, rules): (usize, &Rules),
) -> db::Result<()> {
    let meeting = &minutes.record.meeting;
    let mut speakers: Vec<_> = minutes.record.contributions.iter().map(|c| c.person).collect();
    speakers.sort_unstable();
    speakers.dedup();
    let many = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let lead_days = rules.int("meeting.post_docs_before_days").and_then(|n| u32::try_from(n).ok()).unwrap_or(1);
    let sent = store::noticed_at(tx, meeting.org, meeting.id)?;
    let a = &sealed.attendance;
    let sums = Sums {
        expected: a.expected,
        present: a.present,
        excused: a.excused,
        unexcused: a.unexcused,
        leaders_expected: a.leaders_expected,
        leaders_present: a.leaders_present,
        speakers: many(speakers.len()),
        notice: sent.map(|at| Lead::between(local(at), meeting.starts_at).reaches(lead_days)),
        resolutions: many(resolutions),
        tasks: store::tasks_in_force(tx, meeting.org, meeting.id)?,
        level: minutes.score.as_ref().and_then(|kept| Band::from_code(&kept.band)),
    };
    store::add_to_month(tx, meeting.org, Month::of(sealed.date), &sums, actor.now)
}
