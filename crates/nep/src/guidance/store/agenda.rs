//! Blocks of committees on the agendas of a cell: put there, kept as they are, carried over with an item
//! that was put off, and written down as brought to the cell when the minutes are sealed.
//! Touches agenda items through their store. Rules: L2, M8; ahead.md 20.

use std::collections::BTreeSet;

use db::{Tx, values};
use domain::agenda::{Part, Step};
use domain::guidance::{disseminated, keeps_words, place, takes};
use domain::id::{ItemId, MeetingId, OrgId, RowId};
use domain::period::{PeriodKey, PeriodKind};
use jiff::civil::Date;

use super::blocks::{self, Block};
use super::received;
use crate::actor::Actor;
use crate::fault::Fault;
use crate::meeting::store::make::blank;
use crate::meeting::store::order::place_after;
use crate::meeting::store::{self as meetings, Item, Meeting};
use crate::org::store::Org;

/// Which block an item came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// The item.
    pub item: ItemId,
    /// The committee.
    pub from: OrgId,
    /// Its orientation.
    pub guidance: RowId,
    /// The block.
    pub block: RowId,
    /// What it counts as.
    pub root: RowId,
}

db::row!(Link { item, from, guidance, block, root });

/// The items of a meeting that came from blocks.
///
/// # Errors
/// Database faults only.
pub fn links(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<Vec<Link>> {
    tx.all(
        "select item_id, from_id, guidance_id, block_id, root_id from agenda_guidance where org_id = $1 and meeting_id = $2",
        values![org, meeting],
    )
}

/// Keeps which block an item came from.
///
/// # Errors
/// Database faults only.
pub fn link(tx: &mut Tx, org: OrgId, meeting: MeetingId, link: &Link) -> db::Result<()> {
    tx.exec(
        "insert into agenda_guidance (org_id, item_id, meeting_id, from_id, guidance_id, block_id, root_id)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (org_id, item_id) do nothing",
        values![org, link.item, meeting, link.from, link.guidance, link.block, link.root],
    )?;
    Ok(())
}

/// Forgets it, when the item goes.
///
/// # Errors
/// Database faults only.
pub fn unlink(tx: &mut Tx, org: OrgId, item: ItemId) -> db::Result<()> {
    tx.exec("delete from agenda_guidance where org_id = $1 and item_id = $2", values![org, item])?;
    Ok(())
}

/// Whether an item came from a block.
///
/// # Errors
/// Database faults only.
pub fn is_guided(tx: &mut Tx, org: OrgId, item: ItemId) -> db::Result<bool> {
    let n: i64 = tx.scalar("select count(*) from agenda_guidance where org_id = $1 and item_id = $2", values![org, item])?;
    Ok(n > 0)
}

/// Lets nobody change what the committee wrote on an item.
///
/// # Errors
/// A refusal of the rule; database faults.
pub fn must_keep(tx: &mut Tx, org: OrgId, new: &Item) -> Result<(), Fault> {
    let stored: Option<(String, String)> = tx.opt(
        "select i.title, i.information from agenda_guidance a join agenda_item i on i.org_id = a.org_id and i.item_id = a.item_id
         where a.org_id = $1 and a.item_id = $2",
        values![org, new.id],
    )?;
    match stored {
        Some((title, information)) => Ok(keeps_words((&title, &information), (&new.title, &new.information), new.secret)?),
        None => Ok(()),
    }
}

/// The kỳ a meeting takes orientations of.
pub fn months(periods: &[PeriodKey]) -> Vec<PeriodKey> {
    periods.iter().filter(|p| p.kind == PeriodKind::Regular).copied().collect()
}

/// What a cell has heard of some blocks, by what they count as.
///
/// # Errors
/// Database faults only.
pub fn heard(tx: &mut Tx, org: OrgId, of: &[Block]) -> db::Result<BTreeSet<RowId>> {
    if of.is_empty() {
        return Ok(BTreeSet::new());
    }
    let (places, v) = db::listed(values![org], of.iter().map(|b| b.root));
    let rows: Vec<(RowId,)> =
        tx.all(&format!("select root_id from dissemination where org_id = $1 and root_id in ({places})"), &v)?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}

/// The required blocks of some kỳ that a cell has not heard yet, the nearest committee's first; `there` are on its agenda
/// already and left out.
///
/// # Errors
/// Database faults only.
pub fn required(tx: &mut Tx, cell: &Org, periods: &[PeriodKey], there: &BTreeSet<RowId>) -> db::Result<Vec<Block>> {
    let months = months(periods);
    if months.is_empty() {
        return Ok(Vec::new());
    }
    let committees = received::above(cell);
    let mut found = blocks::unheard(tx, cell.id, &committees, &months)?;
    found.retain(|(_, b)| !there.contains(&b.root));
    let reaching = received::reaching(tx, cell, found.iter().map(|(reach, b)| (b.org, b.guidance, *reach)))?;
    found.retain(|(_, b)| reaching.contains(&(b.org, b.guidance)));
    let place = |b: &Block| committees.iter().position(|o| *o == b.org);
    found.sort_by_key(|(_, b)| (place(b), b.guidance, b.position, b.id));
    Ok(found.into_iter().map(|(_, b)| b).collect())
}

/// An item that says what a block says.
pub fn item_of(block: &Block) -> Item {
    Item { minutes: block.minutes, information: block.body.clone(), ..blank(Part::Content, Step::Other, block.title.clone()) }
}

/// The link of an item to its block.
pub fn link_of(item: ItemId, block: &Block) -> Link {
    Link { item, from: block.org, guidance: block.guidance, block: block.id, root: block.root }
}

/// Puts blocks on the agenda of a meeting being prepared, those that stand there already left out.
///
/// # Errors
/// Refusals of the rules; database faults.
pub fn put(tx: &mut Tx, actor: &Actor, meeting: &Meeting, blocks: &[Block]) -> Result<(), Fault> {
    if !takes(meeting.kind) {
        return Err(Fault::NotFound);
    }
    let (org, id) = (meeting.org, meeting.id);
    let there: BTreeSet<RowId> = links(tx, org, id)?.into_iter().map(|l| l.root).collect();
    let items = meetings::items(tx, org, id)?;
    let order: Vec<(Part, Step)> = items.iter().map(|i| (i.part, i.step)).collect();
    let mut after = place(&order).checked_sub(1).and_then(|at| items.get(at)).map(|i| i.id);
    for block in blocks.iter().filter(|b| !there.contains(&b.root)) {
        let new = meetings::add_item(tx, actor, org, id, &item_of(block))?;
        place_after(tx, org, id, new, after)?;
        link(tx, org, id, &link_of(new, block))?;
        after = Some(new);
    }
    Ok(())
}

/// An item that was put off takes its block with it to the next meeting.
///
/// # Errors
/// Database faults only.
pub fn carry(tx: &mut Tx, org: OrgId, from: MeetingId, to: MeetingId) -> db::Result<()> {
    let guided = links(tx, org, from)?;
    if guided.is_empty() {
        return Ok(());
    }
    let known: BTreeSet<ItemId> = links(tx, org, to)?.into_iter().map(|l| l.item).collect();
    let next = meetings::items(tx, org, to)?;
    for old in meetings::items(tx, org, from)?.into_iter().filter(|i| i.postponed) {
        let Some(of) = guided.iter().find(|l| l.item == old.id) else { continue };
        let same = |i: &&Item| !known.contains(&i.id) && (&i.title, &i.information) == (&old.title, &old.information);
        if let Some(new) = next.iter().find(same) {
            link(tx, org, to, &Link { item: new.id, ..*of })?;
        }
    }
    Ok(())
}

/// Writes down, in the transaction that seals the minutes of a meeting, which blocks its cell has heard.
///
/// # Errors
/// Database faults only.
pub fn disseminate(tx: &mut Tx, actor: &Actor, meeting: &Meeting, day: Date) -> db::Result<()> {
    let guided = links(tx, meeting.org, meeting.id)?;
    if guided.is_empty() {
        return Ok(());
    }
    let items = meetings::items(tx, meeting.org, meeting.id)?;
    let told = |l: &&Link| items.iter().any(|i| i.id == l.item && disseminated(meeting.kind, i.postponed, i.secret));
    for l in guided.iter().filter(told) {
        tx.exec(
            "insert into dissemination (org_id, root_id, from_id, guidance_id, block_id, meeting_id, on_date, at)
             values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (org_id, root_id) do nothing",
            values![meeting.org, l.root, l.from, l.guidance, l.block, meeting.id, day, actor.now],
        )?;
    }
    Ok(())
}
