//! What is pressed at the desk about the floor, and a member's own wish to speak.
//! May touch: the room's store. Rules: section 2.3, DD-05.

use axum::extract::{Path, State};
use axum::response::Response;
use db::Tx;
use domain::id::{ItemId, MeetingId, OrgId, PersonId, RowId};
use domain::meeting::MeetingState;
use domain::refusal::Refusal;
use domain::roll::Standing;
use web::form::Form;
use web::page::see;

use super::store::{self, Press};
use super::stream::follows;
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::live::record::Record;
use crate::live::store::Line;
use crate::live::{record, store as live};
use crate::meeting::store::{self as meetings, Meeting};

/// What a button about the floor asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Floor {
    /// Gives somebody the floor at once.
    Invite(PersonId),
    /// Adds somebody to the queue.
    Queue(PersonId),
    /// Gives the floor to who sent an opinion.
    InviteOpinion(RowId),
    /// A step of a turn.
    Step(RowId, Press),
    /// A step of the last turn somebody has on the item: a page without network does not know its number.
    StepOf(PersonId, Press),
}

/// Reads which button was pressed.
pub fn read(form: &mut Form) -> Option<Floor> {
    let steps = [("bat_dau", Press::Start), ("tam_dung", Press::Pause), ("ket_luot", Press::End), ("thoi", Press::Withdraw)];
    let step = steps.into_iter().find_map(|(name, press)| form.id(name).map(|id| Floor::Step(id, press)));
    let of = |(name, press)| form.id(&format!("{name}_dc")).map(|person| Floor::StepOf(person, press));
    step.or_else(|| steps.into_iter().find_map(of))
        .or_else(|| form.id("moi").map(Floor::Invite))
        .or_else(|| form.id("cho").map(Floor::Queue))
        .or_else(|| form.id("moi_yk").map(Floor::InviteOpinion))
}

/// Refuses what only makes sense while the meeting is being held.
///
/// # Errors
/// A refusal.
pub fn must_run(meeting: &Meeting) -> Result<(), Refusal> {
    if meeting.state == MeetingState::Open {
        return Ok(());
    }
    record::must_record(meeting)?;
    Err(Refusal::state(
        "ghi lượt phát biểu",
        meeting.state,
        "Lượt phát biểu chỉ tính khi đang họp; hãy bấm vào tên để ghi thêm ý kiến.",
    ))
}

/// Does what a button about the floor says.
///
/// # Errors
/// A refusal of the rules; `NotFound` for people and turns of elsewhere; database faults.
pub fn apply(tx: &mut Tx, actor: &Actor, record: &Record, item: ItemId, floor: Floor) -> Result<(), Fault> {
    let (org, id) = (record.meeting.org, record.meeting.id);
    must_run(&record.meeting)?;
    match floor {
        Floor::Queue(person) => {
            must_be_expected(record, person)?;
            store::ask(tx, actor, org, id, item, person, None)?;
        }
        Floor::Invite(person) => {
            must_be_there(record, person)?;
            let turn = store::ask(tx, actor, org, id, item, person, None)?;
            store::press(tx, actor, org, id, turn, Press::Start)?;
        }
        Floor::InviteOpinion(opinion) => {
            let sent = live::sent_opinions(tx, org, id)?;
            let sent = sent.into_iter().find(|o| o.id == opinion && o.item.is_none_or(|i| i == item)).ok_or(Fault::NotFound)?;
            must_be_there(record, sent.person)?;
            let turn = store::ask(tx, actor, org, id, item, sent.person, Some(opinion))?;
            store::press(tx, actor, org, id, turn, Press::Start)?;
        }
        Floor::Step(turn, press) => {
            if press == Press::Start {
                let speaker = store::queue(tx, org, id)?.into_iter().find(|s| s.id == turn).ok_or(Fault::NotFound)?;
                must_be_there(record, speaker.person)?;
            }
            store::press(tx, actor, org, id, turn, press)?;
        }
        Floor::StepOf(person, press) => {
            let last = store::queue(tx, org, id)?.into_iter().rfind(|s| s.item == item && s.person == person);
            match last {
                Some(turn) => return apply(tx, actor, record, item, Floor::Step(turn.id, press)),
                // Out of the queue already, which is what was asked for.
                None if press == Press::Withdraw => {}
                None => return Err(Fault::NotFound),
            }
        }
    }
    Ok(())
}

/// Refuses who was not marked present.
///
/// # Errors
/// A refusal.
pub fn must_be_there(record: &Record, person: PersonId) -> Result<(), Fault> {
    if record.present().any(|l| l.person == person) {
        return Ok(());
    }
    Err(Refusal::new("not_there", "Đồng chí này chưa được điểm danh có mặt. Hãy điểm danh trước rồi ghi ý kiến.").into())
}

fn must_be_expected(record: &Record, person: PersonId) -> Result<(), Fault> {
    match record.lines.iter().find(|l| l.person == person) {
        None => Err(Fault::NotFound),
        Some(line) => Ok(may_ask(line)?),
    }
}

/// Whether somebody on the roll may ask to speak: everyone who is there, and who has not been marked yet.
///
/// # Errors
/// A refusal.
pub fn may_ask(line: &Line) -> Result<(), Refusal> {
    let absent = line.mark.is_some_and(|m| !m.is_there());
    if line.standing == Standing::Suspended || absent {
        return Err(Refusal::new(
            "not_there",
            "Đồng chí được ghi là không dự buổi này nên chưa đăng ký phát biểu được. Nếu có mặt, hãy báo thư ký điểm danh lại.",
        ));
    }
    Ok(())
}

/// A member asks to speak on the item in hand, or no longer wants to.
pub async fn wish(
    State(app): State<App>,
    actor: Actor,
    Path((org, id)): Path<(OrgId, MeetingId)>,
    Sent(form): Sent,
) -> Result<Response, Fault> {
    let wants = form.raw("viec") != "thoi";
    let hands = actor.clone();
    app.write(&actor, move |tx| {
        let meeting = meetings::get(tx, org, id)?;
        if !follows(&hands, &meeting) {
            return Err(Fault::NotFound);
        }
        must_run(&meeting)?;
        let line = live::roll(tx, org, id)?.into_iter().find(|l| l.person == hands.person).ok_or(Fault::NotFound)?;
        if wants {
            may_ask(&line)?;
        }
        store::wish(tx, &hands.acting(meeting.opened_at), org, id, wants)
    })
    .await?;
    Ok(see(&format!("/cb/{org}/buoi/{id}#phat-bieu")))
}
