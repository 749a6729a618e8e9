//! The steps of a meeting from its opening to its end, and back where the rules allow it.
//! May touch: the meeting's state and what follows from it. Rules: BQ-10, DD-03, SH-05.

use axum::extract::{Path, State};
use axum::response::Response;
use db::Tx;
use domain::code::Code;
use domain::id::{MeetingId, OrgId};
use domain::meeting::{Closing, MeetingState, Opening};
use domain::refusal::Refusal;
use domain::rulepack::Rules;
use jiff::civil::{DateTime, Time};
use web::page::see;

use super::desk::{self, Part, View};
use super::room::store::{self as room, Topic};
use super::{checkin, record, store, vote};
use crate::actor::Actor;
use crate::app::App;
use crate::audit::store as audit;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::meeting::store::{self as meetings, Moment, carry};
use crate::minutes;

type Where = Path<(OrgId, MeetingId)>;

/// Opens the meeting and freezes who is expected.
pub async fn open(State(app): State<App>, actor: Actor, Path((org, id)): Where, Sent(mut form): Sent) -> Result<Response, Fault> {
    let time = form.time("gio").unwrap_or_else(|| minute(actor.local()));
    let view = View::part(Part::Open);
    if !form.is_fine() {
        return desk::again(&app, actor, id, view, form).await;
    }
    let (hands, rules) = (actor.clone(), app.rules.at(actor.today()));
    let done = app.write(&actor, move |tx| open_now(tx, &hands, org, id, time, &rules)).await;
    desk::answer(&app, actor, id, view, form, done, &format!("/cb/{org}/buoi/{id}/diem-danh?xong=mo")).await
}

/// Hour and minute of a moment.
pub fn minute(at: DateTime) -> Time {
    Time::new(at.hour(), at.minute(), 0, 0).unwrap_or_default()
}

/// Opens a meeting at a time of its day.
///
/// # Errors
/// A refusal of the rules; `Conflict` when someone changed it meanwhile; database faults.
pub fn open_now(tx: &mut Tx, actor: &Actor, org: OrgId, id: MeetingId, time: Time, rules: &Rules) -> Result<(), Fault> {
    let meeting = meetings::get(tx, org, id)?;
    let day = meeting.starts_at.date();
    let expected = domain::roll::expected(&crate::member::store::facts(tx, org, day)?, day).len();
    let facts = Opening {
        starts_at: meeting.starts_at,
        now: actor.local(),
        chair: meeting.chair.is_some(),
        expected: u32::try_from(expected).unwrap_or(u32::MAX),
    };
    let state = meeting.state.open(&facts)?;
    let label = |kind: &str| rules.absence_reasons().find(|r| r.code == kind).map(|r| r.name.clone());
    store::freeze_with(tx, org, id, meeting.starts_at, &label)?;
    let opened_at = Some(day.to_datetime(time));
    meetings::save_state(tx, actor, &meeting, state, &Moment { opened_at, ..Moment::default() })?;
    let first = meetings::items(tx, org, id)?.first().map(|i| i.id);
    room::take_up(tx, actor, org, id, first)?;
    room::sweep(tx, actor, org, id)?;
    Ok(room::tell(tx, actor.now, org, id, Topic::State)?)
}

/// Takes back an opening made by mistake.
pub async fn undo_open(
    State(app): State<App>,
    actor: Actor,
    Path((org, id)): Where,
    Sent(form): Sent,
) -> Result<Response, Fault> {
    let hands = actor.clone();
    let done = app
        .write(&actor, move |tx| {
            let record = record::load(tx, org, id)?;
            let written = record.anything() || vote::store::any(tx, org, id)? || minutes::store::edited(tx, org, id)?;
            let state = record.meeting.state.undo_open(written, was_noticed(tx, org, id)?)?;
            meetings::save_state(tx, &hands, &record.meeting, state, &Moment::default())?;
            store::clear_times(tx, org, id, true)?;
            minutes::store::forget(tx, org, id)?;
            room::forget(tx, org, id)?;
            store::thaw(tx, org, id)?;
            Ok(room::tell(tx, hands.now, org, id, Topic::State)?)
        })
        .await;
    desk::answer(&app, actor, id, View::default(), form, done, &format!("/cb/{org}/buoi/{id}/dieu-hanh?xong=hoan")).await
}

/// Whether the notice was valid when the meeting was opened: the state before the present one.
fn was_noticed(tx: &mut Tx, org: OrgId, id: MeetingId) -> db::Result<bool> {
    let events = audit::of_object(tx, org, &meetings::object(id))?;
    let mut states = events.iter().filter(|e| e.action == "meeting.state").map(|e| e.detail.as_str());
    Ok(states.nth(1) == Some(MeetingState::Noticed.code()))
}

/// Ends the meeting with its time; sections nobody has edited take the last figures.
pub async fn close(
    State(app): State<App>,
    actor: Actor,
    Path((org, id)): Where,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let time = form.time("gio").unwrap_or_else(|| minute(actor.local()));
    if !form.is_fine() {
        return minutes::ending::again(&app, actor, id, form).await;
    }
    let (hands, said) = (actor.clone(), form.clone());
    let done = app
        .write(&actor, move |tx| {
            let choice = minutes::ending::choices(tx, org, id, &said)?;
            close_now(tx, &hands, org, id, time)?;
            let over = meetings::get(tx, org, id)?;
            carry::settle(tx, &hands, &over, &choice)
        })
        .await;
    match done {
        Ok(()) => Ok(see(&format!("/cb/{org}/buoi/{id}/bien-ban?xong=dong"))),
        Err(Fault::Refused(refusal)) if refusal.field == Some("closed_at") => {
            form.problem("gio", refusal.text());
            minutes::ending::again(&app, actor, id, form).await
        }
        Err(fault) => Err(fault),
    }
}

/// Ends a meeting at a time of the day it was opened on.
///
/// # Errors
/// A refusal of the rules; `Conflict` when someone changed it meanwhile; database faults.
pub fn close_now(tx: &mut Tx, actor: &Actor, org: OrgId, id: MeetingId, time: Time) -> Result<(), Fault> {
    let meeting = meetings::get(tx, org, id)?;
    let opened_at = meeting.opened_at.unwrap_or(meeting.starts_at);
    let closed_at = opened_at.date().to_datetime(time);
    if vote::store::open_count(tx, org, id)? > 0 {
        let text = "Còn lần biểu quyết chưa kết thúc. Hãy kết thúc hoặc rút lần biểu quyết đó ở phần Biểu quyết rồi mới kết thúc buổi sinh hoạt.";
        return Err(Refusal::new("vote_open", text).into());
    }
    let state = meeting.state.close(&Closing { opened_at, closed_at })?;
    let moment = Moment { closed_at: Some(closed_at), ..Moment::default() };
    meetings::save_state(tx, actor, &meeting, state, &moment)?;
    room::stop(tx, actor, org, id)?;
    checkin::store::close(tx, actor, org, id)?;
    minutes::draft::renew(tx, actor, org, id)?;
    Ok(room::tell(tx, actor.now, org, id, Topic::State)?)
}

/// Goes on with a meeting that was ended too soon, or takes adopted minutes up again.
pub async fn reopen(
    State(app): State<App>,
    actor: Actor,
    Path((org, id)): Where,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let reason = form.line("ly_do", 500);
    let view = View::part(Part::End);
    if !form.is_fine() {
        return desk::again(&app, actor, id, view, form).await;
    }
    let hands = actor.clone();
    let done = app
        .write(&actor, move |tx| {
            let meeting = meetings::get(tx, org, id)?;
            let state = meeting.state.reopen(&reason)?;
            let moment = Moment { reason: Some(reason.clone()), ..Moment::default() };
            meetings::save_state(tx, &hands, &meeting, state, &moment)?;
            if state == MeetingState::Open {
                store::clear_times(tx, org, id, false)?;
                let item = room::room(tx, org, id)?.item;
                room::take_up(tx, &hands, org, id, item)?;
            } else {
                store::clear_adoption(tx, org, id)?;
            }
            Ok(room::tell(tx, hands.now, org, id, Topic::State)?)
        })
        .await;
    desk::answer(&app, actor, id, view, form, done, &format!("/cb/{org}/buoi/{id}/dieu-hanh?xong=mo-lai")).await
}
