//! What targets need of cells beside their months: names, types and pilots of a day, kỳ put off, stays and what was
//! said. A constant number of statements, whatever the number of cells. Rules: T1 … T7, L3.

use std::collections::BTreeMap;

use db::{Tx, values};
use domain::id::{OrgId, PersonId};
use domain::period::{PeriodKey, PeriodKind};
use domain::roll::MembershipFact;
use domain::rollup::Month;
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
