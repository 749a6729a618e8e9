//! Which tasks fall due in a month, for the months that are carried up.

use std::collections::{BTreeMap, BTreeSet};

use db::{FromRow, Row, Tx, values};
use domain::id::{OrgId, ResolutionId};
use domain::rollup::Month;
use domain::tasks_due::{DueTasks, Given};
use jiff::Timestamp;

use crate::board::store::tasks as months;

struct DueRow(OrgId, Given);

impl FromRow for DueRow {
    fn from_row(row: &Row) -> db::Result<Self> {
        Ok(Self(row.get(0)?, Given { state: row.code(1)?, deadline: row.get(2)?, done_on: row.get(3)? }))
    }
}

/// The states are named so that the index finds each cell's month.
const DUE: &str = "select org_id, state, deadline, done_on from task where in_force = 1
    and state in ('open', 'returned', 'reported', 'done')";

/// Counts the tasks of these months of a cell anew and keeps them in the cell's own rows. Called wherever a task in force,
/// its state or its deadline changes, in the same transaction.
///
/// # Errors
/// Database faults only.
pub(super) fn keep(tx: &mut Tx, org: OrgId, changed: impl IntoIterator<Item = Month>, now: Timestamp) -> db::Result<()> {
    let changed: BTreeSet<Month> = changed.into_iter().collect();
    for month in changed {
        let rows: Vec<DueRow> = tx.all(
            &format!("{DUE} and org_id = $1 and deadline >= $2 and deadline <= $3"),
            values![org, month.first_day(), month.last_day()],
        )?;
        let mut due = DueTasks::default();
        rows.iter().for_each(|DueRow(_, task)| due.add(task));
        months::keep(tx, org, month, &due, now)?;
    }
    Ok(())
}

/// The months in which tasks of a resolution fall due.
///
/// # Errors
/// Database faults only.
pub(super) fn months_of(tx: &mut Tx, org: OrgId, resolution: ResolutionId) -> db::Result<Vec<Month>> {
    let rows: Vec<DueRow> = tx.all(
        "select org_id, state, deadline, done_on from task where org_id = $1 and resolution_id = $2 and deadline is not null",
        values![org, resolution],
    )?;
    Ok(rows.iter().filter_map(|DueRow(_, task)| task.month()).collect())
}

/// The tasks of every cell by month, counted anew.
///
/// # Errors
/// Database faults only.
pub(crate) fn all(tx: &mut Tx) -> db::Result<BTreeMap<(OrgId, Month), DueTasks>> {
    let mut out: BTreeMap<(OrgId, Month), DueTasks> = BTreeMap::new();
    tx.each(DUE, values![], |row| {
        let DueRow(org, task) = DueRow::from_row(row)?;
        if let Some(month) = task.month() {
            out.entry((org, month)).or_default().add(&task);
        }
        Ok(())
    })?;
    Ok(out)
}
