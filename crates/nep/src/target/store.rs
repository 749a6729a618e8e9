//! What targets need of cells beside their months: names, types and pilots of a day, kỳ put off, stays and what was
//! said. A constant number of statements, whatever the number of cells. Rules: T1 … T7, L3.

use std::collections::BTreeMap;

use db::{Tx, values};
use domain::id::{OrgId, PersonId};
use domain::period::{PeriodKey, PeriodKind};
use domain::roll::MembershipFact;
use domain::rollup::{CellKind, Month};
use domain::target::Level;
use jiff::civil::Date;

/// A cell as it was called on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellName {
    /// Which.
    pub org: OrgId,
    /// Name for lists.
    pub name: String,
    /// Type of cell, a code of the rule packs.
    pub cell_type: Option<String>,
    /// Whether it is a pilot.
    pub pilot: bool,
    /// The first day it no longer lived.
    pub ended_on: Option<Date>,
}

db::row!(CellName { org, name, cell_type, pilot, ended_on });

/// Names, types and pilots of cells on a day, in the order of the tree.
///
/// # Errors
/// Database faults only.
pub fn names(tx: &mut Tx, cells: &[OrgId], on: Date) -> db::Result<Vec<CellName>> {
    let (places, v) = db::listed(values![on], cells);
    tx.all(
        &format!(
            "select n.org_id, n.short_name, n.cell_type, n.pilot, o.ended_on from org_name n join org o on o.org_id = n.org_id
             where n.org_id in ({places}) and n.from_date =
             (select max(x.from_date) from org_name x where x.org_id = n.org_id and x.from_date <= $1) order by o.path"
        ),
        &v,
    )
}

/// To when kỳ of cells were put off.
pub type PutOff = BTreeMap<(OrgId, PeriodKey), Date>;

/// The kỳ of cells that were put off between two months, both included.
///
/// # Errors
/// Database faults only.
pub fn put_off(tx: &mut Tx, cells: &[OrgId], from: Month, to: Month) -> db::Result<PutOff> {
    let (places, v) = db::listed(values![from.to_string(), to.to_string()], cells);
    let mut out = PutOff::new();
    tx.each(
        &format!(
            "select org_id, month, regular_until, thematic_until from cell_month
             where org_id in ({places}) and month >= $1 and month <= $2
             and (regular_until is not null or thematic_until is not null)"
        ),
        &v,
        |row| {
            let org: OrgId = row.get(0)?;
            let Ok(month) = row.get::<String>(1)?.parse::<Month>() else {
                return Ok(());
            };
            for (kind, at) in [(PeriodKind::Regular, 2), (PeriodKind::Thematic, 3)] {
                if let (Some(key), Some(day)) = (PeriodKey::of(kind, month.first_day()), row.get::<Option<Date>>(at)?) {
                    out.insert((org, key), day);
                }
            }
            Ok(())
        },
    )?;
    Ok(out)
}

/// Stays by cell and person.
pub type Stays = BTreeMap<OrgId, BTreeMap<PersonId, Vec<MembershipFact>>>;

/// Every stay in some cells that touches a span of dates, without names.
///
/// # Errors
/// Database faults only.
pub fn stays(tx: &mut Tx, cells: &[OrgId], from: Date, until: Date) -> db::Result<Stays> {
    let (places, v) = db::listed(values![from, until], cells);
    let mut out = Stays::new();
    tx.each(
        &format!(
            "select org_id, person_id, standing, from_date, to_date from membership
             where org_id in ({places}) and from_date <= $2 and (to_date is null or to_date > $1)"
        ),
        &v,
        |row| {
            let fact = MembershipFact {
                person: row.get(1)?,
                name: String::new(),
                standing: row.code(2)?,
                from: row.get(3)?,
                to: row.get(4)?,
                official_on: None,
                leader: false,
            };
            out.entry(row.get(0)?).or_default().entry(fact.person).or_default().push(fact);
            Ok(())
        },
    )?;
    Ok(out)
}

/// How many cells of each kind came to each level in a year, of those that stood below a path in a month.
///
/// # Errors
/// Database faults only.
pub fn level_sums(tx: &mut Tx, path: &str, month: Month, year: i16) -> db::Result<Vec<(CellKind, Level, u64)>> {
    let mut out = Vec::new();
    tx.each(
        "select s.kind, l.level, count(*) from month_share s join cell_level l on l.org_id = s.org_id and l.year = $4
         where s.path >= $1 and s.path < $2 and s.month = $3 and l.level is not null group by s.kind, l.level",
        values![path, format!("{path}~"), month.to_string(), i64::from(year)],
        |row| {
            out.push((row.code(0)?, row.code(1)?, u64::try_from(row.get::<i64>(2)?).unwrap_or(0)));
            Ok(())
        },
    )?;
    Ok(out)
}

/// As [`level_sums`] of members: how many cells gave their numbers, and how many members came to each level.
///
/// # Errors
/// Database faults only.
pub fn member_sums(tx: &mut Tx, path: &str, month: Month, year: i16) -> db::Result<Vec<(CellKind, u64, [u64; 4])>> {
    let mut out = Vec::new();
    tx.each(
        "select s.kind, count(*), cast(sum(m.excellent) as bigint), cast(sum(m.good) as bigint), cast(sum(m.done) as bigint),
         cast(sum(m.failed) as bigint) from month_share s join member_levels m on m.org_id = s.org_id and m.year = $4
         where s.path >= $1 and s.path < $2 and s.month = $3 group by s.kind",
        values![path, format!("{path}~"), month.to_string(), i64::from(year)],
        |row| {
            let number = |at: usize| row.get::<i64>(at).map(|n| u64::try_from(n).unwrap_or(0));
            out.push((row.code(0)?, number(1)?, [number(2)?, number(3)?, number(4)?, number(5)?]));
            Ok(())
        },
    )?;
    Ok(out)
}

/// The committees directly under an organisation on a day, with their short names then.
///
/// # Errors
/// Database faults only.
pub fn committees(tx: &mut Tx, org: OrgId, on: Date) -> db::Result<Vec<(OrgId, String)>> {
    tx.all(
        "select e.org_id, n.short_name from org_edge e join org o on o.org_id = e.org_id
         join org_name n on n.org_id = e.org_id and n.from_date <= $2 and (n.to_date is null or n.to_date > $2)
         where e.parent_id = $1 and e.from_date <= $2 and (e.to_date is null or e.to_date > $2) and o.is_cell = 0
         and (o.ended_on is null or o.ended_on > $2) order by n.folded",
        values![org, on],
    )
}
