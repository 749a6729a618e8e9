//! The tasks a meeting reviews, as rows and as facts to count. Rules: SM-03.

use db::{Tx, values};
use domain::id::{OrgId, ResolutionId};
use domain::task::TaskFact;

use super::{COLUMNS, Task};

/// What a meeting reviews: the tasks of the last resolution in force before it, and every older
/// task that is not over (SM-03); by resolution and position.
///
/// # Errors
/// Database faults only.
pub fn for_review(tx: &mut Tx, org: OrgId, last: ResolutionId) -> db::Result<Vec<Task>> {
    let mut found: Vec<Task> = tx.all(&reviewed(COLUMNS), values![org, last])?;
    found.sort_by_key(|t| (t.resolution, t.position, t.id));
    Ok(found)
}

/// As [`for_review`], for counting: in no order, and without a word of what the tasks say.
///
/// # Errors
/// Database faults only.
pub fn facts_for_review(tx: &mut Tx, org: OrgId, last: ResolutionId) -> db::Result<Vec<TaskFact>> {
    let columns = "task_id, state, deadline, done_on, cause, responsibility, proposed_date, cause_for";
    let mut out = Vec::new();
    tx.each(&reviewed(columns), values![org, last], |row| {
        out.push(TaskFact {
            task: row.get(0)?,
            content: String::new(),
            doer: String::new(),
            state: row.code(1)?,
            deadline: row.get(2)?,
            done_on: row.get(3)?,
            cause: row.code_opt(4)?,
            responsibility: row.code_opt(5)?,
            next_step: String::new(),
            proposed: row.get(6)?,
            explained_for: row.get(7)?,
        });
        Ok(())
    })?;
    Ok(out)
}

/// Two walks that have nothing in common, neither of them through every task the cell ever had: a plus takes a column
/// out of SQLite's choice of an index.
fn reviewed(columns: &str) -> String {
    format!(
        "select {columns} from task where org_id = $1 and in_force = 1 and state in ('open', 'reported', 'returned')
         and +resolution_id < $2
         union all select {columns} from task where org_id = $1 and +in_force = 1 and resolution_id = $2"
    )
}
