//! The cells below a committee and how far something came among them: counts and states, no content.
//! Always a fixed number of statements, however many cells there are. Rules: L1, L2, P-10.

use std::collections::{BTreeMap, BTreeSet};

use db::{Tx, values};
use domain::guidance::Distribution;
use domain::id::{OrgId, RowId};
use domain::tree;
use jiff::civil::Date;

use super::Guidance;

/// A cell below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Which.
    pub org: OrgId,
    /// Short name on the date.
    pub name: String,
    /// Place in the tree.
    pub path: String,
    /// Type of cell.
    pub cell_type: Option<String>,
}

db::row!(Cell { org, name, path, cell_type });

/// Every cell below a path that lives on a date, in tree order.
///
/// # Errors
/// Database faults only.
pub fn below(tx: &mut Tx, path: &str, on: Date) -> db::Result<Vec<Cell>> {
    tx.all(
        "select o.org_id, n.short_name, o.path, n.cell_type from org o
         join org_name n on n.org_id = o.org_id and n.from_date <= $3 and (n.to_date is null or n.to_date > $3)
         where o.path >= $1 and o.path < $2 and o.is_cell = 1 and o.born_on <= $3 and (o.ended_on is null or o.ended_on > $3)
         order by o.path",
        values![path, format!("{path}~"), on],
    )
}

/// Organisations a distribution list may name: everything below that lives on a date, with whether it is a cell.
///
/// # Errors
/// Database faults only.
pub fn choices(tx: &mut Tx, path: &str, on: Date) -> db::Result<Vec<(OrgId, String, String, bool)>> {
    tx.all(
        "select o.org_id, n.short_name, o.path, o.is_cell from org o
         join org_name n on n.org_id = o.org_id and n.from_date <= $3 and (n.to_date is null or n.to_date > $3)
         where o.path > $1 and o.path < $2 and o.born_on <= $3 and (o.ended_on is null or o.ended_on > $3)
         order by o.path",
        values![path, format!("{path}~"), on],
    )
}

/// Those of the cells that a distribution list of `from` reaches.
pub fn reached<'a>(list: &Distribution, from: OrgId, cells: &'a [Cell]) -> Vec<&'a Cell> {
    let on_it = |c: &&Cell| list.reaches(from, &tree::ids(&c.path).unwrap_or_default(), c.cell_type.as_deref());
    cells.iter().filter(on_it).collect()
}

/// Which cells have heard which of some blocks (by what they count as).
///
/// # Errors
/// Database faults only.
pub fn heard(tx: &mut Tx, from: OrgId, roots: &[RowId]) -> db::Result<BTreeSet<(RowId, OrgId)>> {
    let (places, v) = db::listed(values![from], roots.iter().copied());
    let rows: Vec<(RowId, OrgId)> =
        tx.all(&format!("select root_id, org_id from dissemination where from_id = $1 and root_id in ({places})"), &v)?;
    Ok(rows.into_iter().collect())
}

/// How many cells have heard every required block, of each of some orientations of a committee.
///
/// # Errors
/// Database faults only.
pub fn heard_all(tx: &mut Tx, org: OrgId, of: &[Guidance]) -> db::Result<BTreeMap<RowId, i64>> {
    let (places, v) = db::listed(values![org], of.iter().map(|g| g.id));
    let rows: Vec<(RowId, i64)> = tx.all(
        &format!(
            "select w.guidance_id, count(*) from (
               select b.guidance_id, d.org_id, count(*) as heard from guidance_block b
               join dissemination d on d.from_id = b.org_id and d.root_id = b.root_id
               join org o on o.org_id = d.org_id and o.ended_on is null
               where b.org_id = $1 and b.guidance_id in ({places}) and b.weight = 'required'
               group by b.guidance_id, d.org_id) w
             where w.heard = (select count(*) from guidance_block x
               where x.org_id = $1 and x.guidance_id = w.guidance_id and x.weight = 'required')
             group by w.guidance_id"
        ),
        &v,
    )?;
    Ok(rows.into_iter().collect())
}

/// How many members of the cells opened and read each of some documents: document → seen, read.
///
/// # Errors
/// Database faults only.
pub fn receipts(tx: &mut Tx, from: OrgId, of: &[Guidance]) -> db::Result<BTreeMap<RowId, (i64, i64)>> {
    let (places, v) = db::listed(values![from], of.iter().map(|g| g.id));
    let rows: Vec<(RowId, i64, i64)> = tx.all(
        &format!(
            "select guidance_id, count(*), count(read_at) from guidance_receipt
             where from_id = $1 and guidance_id in ({places}) group by guidance_id"
        ),
        &v,
    )?;
    Ok(rows.into_iter().map(|(id, seen, read)| (id, (seen, read))).collect())
}

/// How many members of each cell opened and read a document.
///
/// # Errors
/// Database faults only.
pub fn receipts_by_cell(tx: &mut Tx, from: OrgId, id: RowId) -> db::Result<BTreeMap<OrgId, (i64, i64)>> {
    let rows: Vec<(OrgId, i64, i64)> = tx.all(
        "select org_id, count(*), count(read_at) from guidance_receipt where from_id = $1 and guidance_id = $2 group by org_id",
        values![from, id],
    )?;
    Ok(rows.into_iter().map(|(org, seen, read)| (org, (seen, read))).collect())
}

/// How many members read what is sent to each cell below a path.
///
/// # Errors
/// Database faults only.
pub fn readers(tx: &mut Tx, path: &str, on: Date) -> db::Result<BTreeMap<OrgId, i64>> {
    let rows: Vec<(OrgId, i64)> = tx.all(
        "select m.org_id, count(*) from org o cross join membership m
         where o.path >= $1 and o.path < $2 and o.is_cell = 1 and m.org_id = o.org_id
         and m.from_date <= $3 and (m.to_date is null or m.to_date > $3) and m.standing not in ('suspended', 'temporary_away')
         group by m.org_id",
        values![path, format!("{path}~"), on],
    )?;
    Ok(rows.into_iter().collect())
}
