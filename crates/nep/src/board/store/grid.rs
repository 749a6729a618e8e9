//! Which cells stood below a committee in a year, what they are called, and how many they are.
//! Reads only.

use std::collections::{BTreeMap, BTreeSet};

use db::{Tx, values};
use domain::code::Code;
use domain::id::{MeetingId, OrgId};
use domain::meeting::MeetingState;
use domain::period::PeriodKey;
use domain::roll::RollLine;
use domain::rollup::Month;
use domain::tree::ids;
use jiff::civil::{Date, DateTime};

use super::tree::Tree;

/// Whether more than `limit` cells stand or stood at or below a path.
///
/// # Errors
/// Database faults only.
pub fn is_large(tx: &mut Tx, path: &str, limit: i64) -> db::Result<bool> {
    let one_more: Option<OrgId> = tx.scalar_opt(
        "select org_id from org where path >= $1 and path < $2 and is_cell = 1 limit 1 offset $3",
        values![path, format!("{path}~"), limit],
    )?;
    Ok(one_more.is_some())
}

/// The cells below a committee today, and those that were counted below it in some months.
///
/// # Errors
/// Database faults only.
pub fn cells_of(tx: &mut Tx, org: OrgId, path: &str, from: Month, to: Month) -> db::Result<BTreeSet<OrgId>> {
    let now: Vec<(OrgId,)> = tx.all(
        "select org_id from org where path >= $1 and path < $2 and is_cell = 1 and (ended_on is null or ended_on > $3)",
        values![path, format!("{path}~"), from.first_day()],
    )?;
    let mut cells: BTreeSet<OrgId> = now.into_iter().map(|(org,)| org).collect();
    for path in Tree::above(tx, &[org])?.paths(org, from, to) {
        // From one path to the next in the index, not through the months of all years.
        let then: Vec<(String,)> = tx.all(
            "with recursive stood (path) as (
               select min(s.path) from month_share s where s.path >= $1 and s.path < $2
               union all
               select (select min(s.path) from month_share s where s.path > p.path and s.path < $2) from stood p
               where p.path is not null)
             select p.path from stood p where p.path is not null
             and exists (select 1 from month_share s where s.path = p.path and s.month >= $3 and s.month <= $4)",
            values![path, format!("{path}~"), from.to_string(), to.to_string()],
        )?;
        cells.extend(then.iter().filter_map(|(path,)| ids(path)?.last().copied()));
    }
    Ok(cells)
}

/// An organisation as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Called {
    /// Which.
    pub org: OrgId,
    /// Name for lists.
    pub name: String,
    /// Type of cell.
    pub cell_type: Option<String>,
    /// Whether it is a pilot (chỉ đạo điểm).
    pub pilot: bool,
    /// Whether it is a cell.
    pub is_cell: bool,
}

db::row!(Called { org, name, cell_type, pilot, is_cell });

/// What organisations are called on a day, or were called last before it.
///
/// # Errors
/// Database faults only.
pub fn called(tx: &mut Tx, orgs: &BTreeSet<OrgId>, on: Date) -> db::Result<BTreeMap<OrgId, Called>> {
    let (places, v) = db::listed(values![on], orgs);
    let rows: Vec<Called> = tx.all(
        &format!(
            "select n.org_id, n.short_name, n.cell_type, n.pilot, o.is_cell from org_name n join org o on o.org_id = n.org_id
             where n.org_id in ({places}) and n.from_date =
             (select max(x.from_date) from org_name x where x.org_id = n.org_id and x.from_date <= $1)"
        ),
        &v,
    )?;
    Ok(rows.into_iter().map(|c| (c.org, c)).collect())
}

/// A meeting of a kỳ in figures; nothing of what was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingFigures {
    /// Which.
    pub meeting: MeetingId,
    /// Where it stands.
    pub state: MeetingState,
    /// When it begins.
    pub starts_at: DateTime,
    /// When it was opened.
    pub opened_at: Option<DateTime>,
    /// When it ended.
    pub closed_at: Option<DateTime>,
    /// Different people who spoke.
    pub speakers: i64,
    /// Resolutions it adopted.
    pub resolutions: i64,
}

db::row!(MeetingFigures { meeting, state: code, starts_at, opened_at, closed_at, speakers, resolutions });

/// The meetings of a kỳ, the one it was merged into among them, cancelled ones left out.
///
/// # Errors
/// Database faults only.
pub fn meetings_of(tx: &mut Tx, org: OrgId, key: PeriodKey) -> db::Result<Vec<MeetingFigures>> {
    let merged: Option<Option<String>> =
        tx.scalar_opt("select merged_into from period_plan where org_id = $1 and period = $2", values![org, key.to_string()])?;
    tx.all(
        "select m.meeting_id, m.state, m.starts_at, m.opened_at, m.closed_at,
         (select count(distinct c.person_id) from contribution c where c.org_id = m.org_id and c.meeting_id = m.meeting_id),
         (select count(*) from resolution r where r.org_id = m.org_id and r.meeting_id = m.meeting_id and r.state <> 'draft')
         from meeting_period p join meeting m on m.org_id = p.org_id and m.meeting_id = p.meeting_id
         where p.org_id = $1 and p.period in ($2, $3) and m.state <> $4 order by m.starts_at, m.meeting_id",
        values![org, key.to_string(), merged.flatten().unwrap_or_else(|| key.to_string()), MeetingState::Cancelled.code()],
    )
}

/// The roll of a meeting as figures need it: without names and reasons, as corrections say it.
///
/// # Errors
/// Database faults only.
pub fn roll_of(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<Vec<RollLine>> {
    let mut lines = Vec::new();
    tx.each(
        "select person_id, standing, official, leader, coalesce(corrected, mark) from roll
         where org_id = $1 and meeting_id = $2 order by person_id",
        values![org, meeting],
        |row| {
            lines.push(RollLine {
                person: row.get(0)?,
                name: String::new(),
                standing: row.code(1)?,
                official: row.get(2)?,
                leader: row.get(3)?,
                mark: row.code_opt(4)?,
                reason: None,
            });
            Ok(())
        },
    )?;
    Ok(lines)
}
