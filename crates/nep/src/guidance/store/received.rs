//! What reaches a cell, found where it stands in the tree today: by the committees above it and their
//! distribution lists. Outside a list nothing is there. And what members have done with it.
//! Rules: L1, P4, P-10.

use std::collections::{BTreeMap, BTreeSet};

use db::{Tx, values};
use domain::code::Code;
use domain::guidance::{GuidanceKind, Receipt, receipt};
use domain::id::{OrgId, PersonId, RowId};
use domain::period::PeriodKey;
use domain::tree;
use jiff::Timestamp;

use super::{COLUMNS, Guidance, Sent, get, lists};
use crate::fault::Fault;
use crate::org::store::Org;

/// The committees above a cell, the nearest first.
pub(super) fn above(cell: &Org) -> Vec<OrgId> {
    let mut ids = tree::ids(&cell.path).unwrap_or_default();
    ids.pop();
    ids.reverse();
    ids
}

/// Of what committees sent that whose distribution list has the cell.
///
/// # Errors
/// Database faults only.
pub(super) fn reaching(tx: &mut Tx, cell: &Org, sent: impl IntoIterator<Item = Sent>) -> db::Result<BTreeSet<(OrgId, RowId)>> {
    let lineage = tree::ids(&cell.path).unwrap_or_default();
    let mut lists = lists(tx, sent)?;
    lists.retain(|(org, _), list| list.reaches(*org, &lineage, cell.cell_type.as_deref()));
    Ok(lists.into_keys().collect())
}

/// Those of them whose distribution list has the cell, the nearest committee first.
fn reached(tx: &mut Tx, cell: &Org, mut found: Vec<Guidance>) -> db::Result<Vec<Guidance>> {
    let reaching = reaching(tx, cell, found.iter().map(Guidance::sent))?;
    found.retain(|g| reaching.contains(&(g.org, g.id)));
    let above = above(cell);
    found.sort_by_key(|g| above.iter().position(|o| *o == g.org));
    Ok(found)
}

/// The orientations of some kỳ that reach a cell, the nearest committee first.
///
/// # Errors
/// Database faults only.
pub fn orientations(tx: &mut Tx, cell: &Org, periods: &[PeriodKey]) -> db::Result<Vec<Guidance>> {
    let (orgs, v) = db::listed(&[], above(cell));
    let (keys, v) = db::listed(&v, periods.iter().map(PeriodKey::to_string));
    let found = tx.all(
        &format!(
            "select {COLUMNS} from guidance g where g.org_id in ({orgs}) and g.state = 'issued' and g.kind = 'orientation'
             and g.period in ({keys}) order by g.guidance_id"
        ),
        &v,
    )?;
    reached(tx, cell, found)
}

/// What of a kind was issued since a moment and reaches a cell, newest first.
///
/// # Errors
/// Database faults only.
pub fn since(tx: &mut Tx, cell: &Org, kind: GuidanceKind, from: Timestamp) -> db::Result<Vec<Guidance>> {
    let (orgs, v) = db::listed(values![kind.code(), from], above(cell));
    let found = tx.all(
        &format!(
            "select {COLUMNS} from guidance g where g.org_id in ({orgs}) and g.state = 'issued' and g.kind = $1
             and g.issued_at >= $2"
        ),
        &v,
    )?;
    let mut found = reached(tx, cell, found)?;
    found.sort_by_key(|g| std::cmp::Reverse((g.issued_at, g.id)));
    Ok(found)
}

/// Something a cell was sent, also when a new edition stands in its place. A document that hangs on a block
/// is for everybody the block is for.
///
/// # Errors
/// `NotFound` when it does not reach the cell; database faults.
pub fn one(tx: &mut Tx, cell: &Org, id: RowId) -> Result<Guidance, Fault> {
    let (orgs, v) = db::listed(values![id], above(cell));
    let found: Vec<Guidance> = tx.all(
        &format!("select {COLUMNS} from guidance g where g.guidance_id = $1 and g.org_id in ({orgs}) and g.state <> 'draft'"),
        &v,
    )?;
    let Some(wanted) = found.first().cloned() else {
        return Err(Fault::NotFound);
    };
    if !reached(tx, cell, found)?.is_empty() {
        return Ok(wanted);
    }
    let tied: Vec<(RowId,)> = tx.all(
        "select b.guidance_id from guidance_block b join guidance g on g.org_id = b.org_id and g.guidance_id = b.guidance_id
         where b.org_id = $1 and b.document_id = $2 and g.state <> 'draft'",
        values![wanted.org, id],
    )?;
    let mut with = Vec::new();
    for (guidance,) in tied {
        with.push(get(tx, wanted.org, guidance)?);
    }
    if reached(tx, cell, with)?.is_empty() { Err(Fault::NotFound) } else { Ok(wanted) }
}

/// Notes that a member opened a document; a second time changes nothing.
///
/// # Errors
/// Database faults only.
pub fn see(tx: &mut Tx, cell: OrgId, g: &Guidance, person: PersonId, now: Timestamp) -> db::Result<()> {
    tx.exec(
        "insert into guidance_receipt (org_id, guidance_id, person_id, from_id, seen_at) values ($1, $2, $3, $4, $5)
         on conflict (org_id, guidance_id, person_id) do nothing",
        values![cell, g.id, person, g.org, now],
    )?;
    Ok(())
}

/// Notes that a member says it was read.
///
/// # Errors
/// Database faults only.
pub fn read(tx: &mut Tx, cell: OrgId, g: &Guidance, person: PersonId, now: Timestamp) -> db::Result<()> {
    see(tx, cell, g, person, now)?;
    tx.exec(
        "update guidance_receipt set read_at = $4 where org_id = $1 and guidance_id = $2 and person_id = $3 and read_at is null",
        values![cell, g.id, person, now],
    )?;
    Ok(())
}

/// What a member has done with some documents sent to a cell.
///
/// # Errors
/// Database faults only.
pub fn own(tx: &mut Tx, cell: OrgId, person: PersonId, of: &[Guidance]) -> db::Result<BTreeMap<RowId, Receipt>> {
    let (places, v) = db::listed(values![cell, person], of.iter().map(|g| g.id));
    let rows: Vec<(RowId, Option<Timestamp>)> = tx.all(
        &format!(
            "select guidance_id, read_at from guidance_receipt
             where org_id = $1 and guidance_id in ({places}) and person_id = $2"
        ),
        &v,
    )?;
    Ok(rows.into_iter().map(|(id, read)| (id, receipt(true, read.is_some()))).collect())
}

/// What the members of a cell have done with some documents: how many opened and read each.
///
/// # Errors
/// Database faults only.
pub fn in_cell(tx: &mut Tx, cell: OrgId, of: &[Guidance]) -> db::Result<BTreeMap<RowId, (i64, i64)>> {
    let (places, v) = db::listed(values![cell], of.iter().map(|g| g.id));
    let rows: Vec<(RowId, i64, i64)> = tx.all(
        &format!(
            "select guidance_id, count(*), count(read_at) from guidance_receipt
             where org_id = $1 and guidance_id in ({places}) group by guidance_id"
        ),
        &v,
    )?;
    Ok(rows.into_iter().map(|(id, seen, read)| (id, (seen, read))).collect())
}

/// What each member of a cell has done with a document, for the cell's own secretary.
///
/// # Errors
/// Database faults only.
pub fn by_member(tx: &mut Tx, cell: OrgId, id: RowId) -> db::Result<BTreeMap<PersonId, Receipt>> {
    let rows: Vec<(PersonId, Option<Timestamp>)> =
        tx.all("select person_id, read_at from guidance_receipt where org_id = $1 and guidance_id = $2", values![cell, id])?;
    Ok(rows.into_iter().map(|(person, read)| (person, receipt(true, read.is_some()))).collect())
}
