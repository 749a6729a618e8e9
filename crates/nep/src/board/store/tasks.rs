//! The tasks that fall due in a cell's months, as the task store counts them. Writes the cell's own rows.

use db::{FromRow, Row, Tx, values};
use domain::id::OrgId;
use domain::rollup::{Figures, Month};
use domain::tasks_due::DueTasks;
use jiff::Timestamp;

use super::{due, month};
use crate::actor::local;

/// Keeps what falls due in a month of a cell; the sums above follow where anything is different.
///
/// # Errors
/// Database faults only.
pub fn keep(tx: &mut Tx, org: OrgId, month: Month, tasks: &DueTasks, now: Timestamp) -> db::Result<()> {
    let (at, days) = (month.to_string(), tasks.days());
    let changed = if *tasks == DueTasks::default() {
        // No row is made for nothing.
        tx.exec(
            "update cell_month set tasks_due = 0, tasks_in_time = 0, tasks_late = 0, tasks_reported = 0, open_days = ''
             where org_id = $1 and month = $2 and tasks_due > 0",
            values![org, at],
        )?
    } else {
        tx.exec(
            "insert into cell_month (org_id, month, expected, present, excused, unexcused, leaders_expected, leaders_present,
             speakers, meetings, tasks_due, tasks_in_time, tasks_late, tasks_reported, open_days)
             values ($1, $2, 0, 0, 0, 0, 0, 0, 0, 0, $3, $4, $5, $6, $7)
             on conflict (org_id, month) do update set tasks_due = excluded.tasks_due, tasks_in_time = excluded.tasks_in_time,
             tasks_late = excluded.tasks_late, tasks_reported = excluded.tasks_reported, open_days = excluded.open_days",
            values![org, at, tasks.due, tasks.in_time, tasks.late, tasks.reported, days],
        )?
    };
    // A month to come is carried when it begins, with every living cell's.
    if changed > 0 && month <= Month::of(local(now).date()) {
        due(tx, org, month, now)?;
    }
    Ok(())
}

struct Kept(OrgId, Month, DueTasks);

impl FromRow for Kept {
    fn from_row(row: &Row) -> db::Result<Self> {
        let figures = Figures {
            tasks_due: row.get(2)?,
            tasks_in_time: row.get(3)?,
            tasks_late: row.get(4)?,
            tasks_reported: row.get(5)?,
            ..Figures::default()
        };
        let days: String = row.get(6)?;
        Ok(Self(row.get(0)?, month(row, 1)?, DueTasks::kept(&figures, &days)))
    }
}

/// Months of cells whose kept tasks are not those of a recount.
///
/// # Errors
/// Database faults only.
pub fn differences(tx: &mut Tx) -> db::Result<Vec<(OrgId, Month)>> {
    let mut counted = crate::task::store::due::all(tx)?;
    let mut out = Vec::new();
    let kept: Vec<Kept> = tx.all(
        "select org_id, month, tasks_due, tasks_in_time, tasks_late, tasks_reported, open_days from cell_month
         where tasks_due <> 0 or tasks_in_time <> 0 or tasks_late <> 0 or tasks_reported <> 0 or open_days <> ''",
        values![],
    )?;
    for Kept(org, month, kept) in kept {
        if counted.remove(&(org, month)) != Some(kept) {
            out.push((org, month));
        }
    }
    out.extend(counted.into_keys());
    Ok(out)
}
