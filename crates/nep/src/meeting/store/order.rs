//! The order of an agenda and what happens to an item that becomes a state secret, as rows.
//! Touches agenda items only. Rules: section 2.3 (order), P-30, BM-02.

use db::{Tx, values};
use domain::id::{ItemId, MeetingId, OrgId};

/// Which way an item moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Towards the beginning.
    Up,
    /// Towards the end.
    Down,
}

/// Exchanges an item with its neighbour; at the edge nothing happens. Texts and versions stay, so
/// that moving never takes somebody's edit away.
///
/// # Errors
/// `NotFound` when it is not on the agenda; database faults.
pub fn move_item(tx: &mut Tx, org: OrgId, meeting: MeetingId, item: ItemId, way: Way) -> db::Result<()> {
    let mut order: Vec<ItemId> = super::items(tx, org, meeting)?.into_iter().map(|i| i.id).collect();
    let at = order.iter().position(|id| *id == item).ok_or(db::Error::NotFound)?;
    let other = match way {
        Way::Up => at.checked_sub(1),
        Way::Down => Some(at + 1).filter(|n| *n < order.len()),
    };
    if let Some(other) = other {
        order.swap(at, other);
    }
    renumber(tx, org, meeting, &order)
}

/// Puts an item right after another one (or first), and numbers all anew.
///
/// # Errors
/// Database faults only.
pub fn place_after(tx: &mut Tx, org: OrgId, meeting: MeetingId, item: ItemId, after: Option<ItemId>) -> db::Result<()> {
    let mut order: Vec<ItemId> = super::items(tx, org, meeting)?.into_iter().map(|i| i.id).filter(|id| *id != item).collect();
    let at = after.and_then(|a| order.iter().position(|id| *id == a)).map_or(0, |n| n + 1);
    order.insert(at.min(order.len()), item);
    renumber(tx, org, meeting, &order)
}

fn renumber(tx: &mut Tx, org: OrgId, meeting: MeetingId, order: &[ItemId]) -> db::Result<()> {
    for (n, id) in (1_i64..).zip(order) {
        tx.exec(
            "update agenda_item set position = $4 where org_id = $1 and meeting_id = $2 and item_id = $3 and position <> $4",
            values![org, meeting, *id, n],
        )?;
    }
    Ok(())
}
