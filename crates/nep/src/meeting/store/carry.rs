//! What one meeting leaves to the next: items put off and opinions nobody got to speak, written into
//! the next meeting when it is already being prepared; a later one fetches them when it is made.
//! Touches agenda items, and opinions through their store. Rules: M7 (keeps unless said otherwise), P-8.

use db::{Tx, values};
use domain::id::{ItemId, MeetingId, OrgId, RowId};
use domain::meeting::MeetingState;

use super::order::place_after;
use super::{Item, Meeting};
use crate::actor::Actor;
use crate::fault::Fault;
use crate::guidance::store::agenda as guided;
use crate::notice::store::opinions;

/// What goes over and what does not, item by item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// Items with the answer.
    pub items: Vec<(ItemId, bool)>,
    /// Opinions with the answer.
    pub opinions: Vec<(RowId, bool)>,
}

/// Puts an item off or takes that back. What was written of it and its version stay, so that nobody's
/// edit is crossed.
///
/// # Errors
/// Database faults only.
pub fn put_off(tx: &mut Tx, org: OrgId, meeting: MeetingId, item: ItemId, postponed: bool) -> db::Result<()> {
    tx.exec(
        "update agenda_item set postponed = $4 where org_id = $1 and meeting_id = $2 and item_id = $3 and postponed <> $4",
        values![org, meeting, item, postponed],
    )?;
    Ok(())
}

/// Keeps what was chosen at the end of a meeting and takes it over where the next one is being prepared.
///
/// # Errors
/// Refusals of the rules about items; database faults.
pub fn settle(tx: &mut Tx, actor: &Actor, meeting: &Meeting, choice: &Choice) -> Result<(), Fault> {
    let (org, id) = (meeting.org, meeting.id);
    for (item, keeps) in &choice.items {
        put_off(tx, org, id, *item, *keeps)?;
    }
    for (opinion, keeps) in &choice.opinions {
        opinions::set_carries(tx, org, id, *opinion, *keeps)?;
    }
    let later = super::since(tx, org, meeting.starts_at.date())?;
    let next = later
        .into_iter()
        .find(|m| m.state == MeetingState::Draft && m.kind == meeting.kind && m.id != id && m.starts_at > meeting.starts_at);
    let Some(next) = next else { return Ok(()) };
    opinions::carry_over(tx, actor, org, id, next.id)?;
    let there = super::items(tx, org, next.id)?;
    for item in super::items(tx, org, id)?.into_iter().filter(|i| i.postponed) {
        let same = |i: &&Item| i.step == item.step && i.title == item.title && i.paper_ref == item.paper_ref;
        if there.iter().any(|i| same(&i)) {
            continue;
        }
        let after = there.iter().rev().find(|i| i.part <= item.part).map(|i| i.id);
        let new = Item { conclusion: String::new(), postponed: false, version: 1, ..item };
        let new = super::add_item(tx, actor, org, next.id, &new)?;
        place_after(tx, org, next.id, new, after)?;
    }
    guided::carry(tx, org, id, next.id)?;
    Ok(())
}
