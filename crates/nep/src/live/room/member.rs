//! The room on the page of a meeting, for a member: the item in hand, the own wish to speak.
//! May touch: the room and the person's own rows. Rules: M5, P-14 (own opinions only).

use db::Tx;
use domain::agenda::SECRET_TITLE;
use domain::floor::TurnState;
use domain::meeting::MeetingState;
use domain::rulepack::Library;

use super::page::MemberRoom;
use super::{acts, view};
use crate::actor::Actor;
use crate::fault::Fault;
use crate::live::{checkin, store as live};
use crate::meeting::store::{self as meetings, Meeting};
use crate::notice::store::opinions;

/// What a member sees of a running meeting; none when it does not run or is not theirs to read.
///
/// # Errors
/// Database faults only.
pub fn room(tx: &mut Tx, actor: &Actor, meeting: &Meeting, library: &Library) -> Result<Option<MemberRoom>, Fault> {
    let (org, id) = (meeting.org, meeting.id);
    if meeting.state != MeetingState::Open || !super::stream::follows(actor, meeting) {
        return Ok(None);
    }
    let facts = view::facts(tx, org, id)?;
    let mut out =
        MemberRoom { live: view::live(org, id, format!("/cb/{org}/buoi/{id}"), facts.room.seq), ..MemberRoom::default() };
    let item = meetings::items(tx, org, id)?.into_iter().find(|i| Some(i.id) == facts.room.item);
    let lines = live::roll(tx, org, id)?;
    if let Some(line) = lines.iter().find(|l| l.person == actor.person) {
        let (own, _) = checkin::view::stands(tx, meeting, facts.room.code_since.is_some(), line, library)?;
        out.checkin = checkin::view::own_view(meeting, line, own);
    }
    let Some(item) = item else { return Ok(Some(out)) };
    let name = |person| lines.iter().find(|l| l.person == person).map(|l| l.name.clone()).unwrap_or_default();
    let turns = view::turns(&facts, item.id, name, actor.now);
    out.own = facts.waiting(item.id).find(|s| s.person == actor.person).and_then(|own| {
        let own = own.id.to_string();
        turns.iter().find(|t| t.id == own).cloned()
    });
    let speaks = |s: &&super::store::Speaker| s.turn.state == TurnState::Speaking && s.person != actor.person;
    out.speaking = facts.waiting(item.id).find(speaks).map(|s| name(s.person)).unwrap_or_default();
    out.waiting = turns.iter().filter(|t| t.place > 0).count();
    out.may_ask = lines.iter().find(|l| l.person == actor.person).is_some_and(|l| acts::may_ask(l).is_ok());
    out.position = item.position;
    out.clock = view::item_clock(&facts.clock(item.id), item.minutes, actor.now);
    if item.secret {
        SECRET_TITLE.clone_into(&mut out.title);
        return Ok(Some(out));
    }
    let own = opinions::own(tx, org, id, actor.person)?;
    out.opinions = own.into_iter().filter(|o| o.item.is_none_or(|i| i == item.id)).map(|o| o.body).collect();
    (out.title, out.points, out.information) = (item.title, item.points, item.information);
    Ok(Some(out))
}
