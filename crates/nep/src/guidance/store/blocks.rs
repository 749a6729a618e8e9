//! The blocks of an orientation as rows. A block knows the one its cells count as (`root`), so that a new
//! edition with the same words asks nobody to hear it twice. Rules: L2, M8.

use std::collections::BTreeMap;

use db::{FromRow, Tx, values};
use domain::code::Code;
use domain::guidance::{Reach, Weight, goes_on};
use domain::id::{OrgId, RowId};
use domain::period::PeriodKey;

use super::Guidance;
use crate::actor::Actor;

/// A block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The committee.
    pub org: OrgId,
    /// Identifier.
    pub id: RowId,
    /// The orientation it stands in.
    pub guidance: RowId,
    /// Place, from 1.
    pub position: i64,
    /// How binding it is.
    pub weight: Weight,
    /// Heading.
    pub title: String,
    /// What is to be discussed.
    pub body: String,
    /// Suggested minutes; 0 for none.
    pub minutes: i64,
    /// A document of the committee that belongs to it.
    pub document: Option<RowId>,
    /// The block its cells count as.
    pub root: RowId,
}

db::row!(Block { org, id, guidance, position, weight: code, title, body, minutes, document, root });

const COLUMNS: &str = "b.org_id, b.block_id, b.guidance_id, b.position, b.weight, b.title, b.body, b.minutes, b.document_id,
    b.root_id";

/// The blocks of some orientations of a committee, in order.
///
/// # Errors
/// Database faults only.
pub fn of(tx: &mut Tx, org: OrgId, guidance: &[RowId]) -> db::Result<Vec<Block>> {
    let (places, v) = db::listed(values![org], guidance.iter().copied());
    tx.all(
        &format!(
            "select {COLUMNS} from guidance_block b where org_id = $1 and guidance_id in ({places})
             order by guidance_id, position, block_id"
        ),
        &v,
    )
}

/// The blocks of orientations of several committees.
///
/// # Errors
/// Database faults only.
pub fn of_many(tx: &mut Tx, of: &[Guidance]) -> db::Result<Vec<Block>> {
    // An id of a row is unique among all that one server makes, an organisation's for certain: both are asked.
    let (orgs, v) = db::listed(&[], of.iter().map(|g| g.org));
    let (ids, v) = db::listed(&v, of.iter().map(|g| g.id));
    let mut found: Vec<Block> = tx.all(
        &format!(
            "select {COLUMNS} from guidance_block b where org_id in ({orgs}) and guidance_id in ({ids})
             order by org_id, guidance_id, position, block_id"
        ),
        &v,
    )?;
    found.retain(|b| of.iter().any(|g| (g.org, g.id) == (b.org, b.guidance)));
    Ok(found)
}

/// The required blocks of orientations of some kỳ that committees have out and a cell has not heard, in no order, each with
/// how the distribution list of its orientation is told: whether it goes to the cell is not asked here.
///
/// # Errors
/// Database faults only.
pub fn unheard(tx: &mut Tx, cell: OrgId, committees: &[OrgId], months: &[PeriodKey]) -> db::Result<Vec<(Reach, Block)>> {
    let (orgs, v) = db::listed(values![cell], committees);
    let (keys, v) = db::listed(&v, months.iter().map(PeriodKey::to_string));
    let mut out = Vec::new();
    tx.each(
        // “cross join” keeps SQLite from walking through the blocks of every year.
        &format!(
            "select {COLUMNS}, g.reach from guidance g cross join guidance_block b
             where b.org_id = g.org_id and b.guidance_id = g.guidance_id and g.org_id in ({orgs})
             and g.state = 'issued' and g.kind = 'orientation' and g.period in ({keys}) and b.weight = 'required'
             and not exists (select 1 from dissemination d where d.org_id = $1 and d.root_id = b.root_id)"
        ),
        &v,
        |row| {
            out.push((row.code(10)?, Block::from_row(row)?));
            Ok(())
        },
    )?;
    Ok(out)
}

/// What is written of a block.
#[derive(Debug, Clone)]
pub struct Words {
    /// How binding it is.
    pub weight: Weight,
    /// Heading.
    pub title: String,
    /// What is to be discussed.
    pub body: String,
    /// Suggested minutes.
    pub minutes: i64,
    /// A document that belongs to it.
    pub document: Option<RowId>,
}

/// Adds a block at the end of a draft; the caller has asked its state.
///
/// # Errors
/// Database faults only.
pub fn add(tx: &mut Tx, actor: &Actor, org: OrgId, guidance: RowId, words: &Words) -> db::Result<RowId> {
    let id: RowId = actor.id();
    insert(tx, (org, guidance, id, id), words)?;
    super::indexed(tx, org, guidance)?;
    Ok(id)
}

fn insert(tx: &mut Tx, (org, guidance, id, root): (OrgId, RowId, RowId, RowId), words: &Words) -> db::Result<()> {
    let last: i64 = tx.scalar(
        "select coalesce(max(position), 0) from guidance_block where org_id = $1 and guidance_id = $2",
        values![org, guidance],
    )?;
    tx.exec(
        "insert into guidance_block (org_id, block_id, guidance_id, position, weight, title, body, minutes, document_id, root_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        values![org, id, guidance, last + 1, words.weight.code(), words.title, words.body, words.minutes, words.document, root],
    )?;
    Ok(())
}

/// Saves a block of a draft; the caller has asked its state.
///
/// # Errors
/// `Conflict` when it is gone; database faults.
pub fn save(tx: &mut Tx, org: OrgId, guidance: RowId, block: RowId, words: &Words) -> db::Result<()> {
    tx.changed(
        "update guidance_block set weight = $4, title = $5, body = $6, minutes = $7, document_id = $8
         where org_id = $1 and guidance_id = $2 and block_id = $3",
        values![org, guidance, block, words.weight.code(), words.title, words.body, words.minutes, words.document],
    )?;
    super::indexed(tx, org, guidance)
}

/// Takes a block out of a draft, with its files.
///
/// # Errors
/// `Conflict` when it is gone; database faults.
pub fn drop(tx: &mut Tx, org: OrgId, guidance: RowId, block: RowId) -> db::Result<()> {
    super::papers::remove_of_block(tx, org, guidance, block)?;
    tx.changed(
        "delete from guidance_block where org_id = $1 and guidance_id = $2 and block_id = $3",
        values![org, guidance, block],
    )?;
    super::indexed(tx, org, guidance)
}

/// Exchanges a block with its neighbour; at the edge nothing happens.
///
/// # Errors
/// `NotFound` when it is gone; database faults.
pub fn shift(tx: &mut Tx, org: OrgId, guidance: RowId, block: RowId, up: bool) -> db::Result<()> {
    let mut order: Vec<RowId> = of(tx, org, &[guidance])?.into_iter().map(|b| b.id).collect();
    let at = order.iter().position(|id| *id == block).ok_or(db::Error::NotFound)?;
    let other = if up { at.checked_sub(1) } else { Some(at + 1).filter(|n| *n < order.len()) };
    if let Some(other) = other {
        order.swap(at, other);
    }
    for (n, id) in (1_i64..).zip(order) {
        tx.exec(
            "update guidance_block set position = $4 where org_id = $1 and guidance_id = $2 and block_id = $3 and position <> $4",
            values![org, guidance, id, n],
        )?;
    }
    super::indexed(tx, org, guidance)
}

/// Copies the blocks into a new edition; old → new.
pub(super) fn copy(tx: &mut Tx, actor: &Actor, old: &Guidance, new: RowId) -> db::Result<BTreeMap<RowId, RowId>> {
    let mut out = BTreeMap::new();
    for b in of(tx, old.org, &[old.id])? {
        let id: RowId = actor.id();
        let words = Words { weight: b.weight, title: b.title, body: b.body, minutes: b.minutes, document: b.document };
        insert(tx, (old.org, new, id, b.root), &words)?;
        out.insert(b.id, id);
    }
    Ok(out)
}

/// At the issue of a new edition: a block whose words changed is a block of its own.
pub(super) fn settle_roots(tx: &mut Tx, g: &Guidance) -> db::Result<()> {
    let before = match g.replaces {
        Some(id) => of(tx, g.org, &[id])?,
        None => return Ok(()),
    };
    for b in of(tx, g.org, &[g.id])?.into_iter().filter(|b| b.root != b.id) {
        let old = before.iter().find(|o| o.root == b.root);
        if old.is_none_or(|o| !goes_on((&o.title, &o.body), (&b.title, &b.body))) {
            let sql = "update guidance_block set root_id = block_id where org_id = $1 and block_id = $2";
            tx.exec(sql, values![g.org, b.id])?;
        }
    }
    Ok(())
}
