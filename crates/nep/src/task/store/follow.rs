//! What is asked of tasks when they are followed up: which are late, which are explained, whom they wait for.

use db::{Tx, values};
use domain::id::{OrgId, PersonId};
use jiff::civil::Date;

use super::{COLUMNS, Task};

/// Tasks in force that are overdue, or were reported after their deadline since a day, or ask for more
/// time; the oldest deadline first.
///
/// # Errors
/// Database faults only.
pub fn late(tx: &mut Tx, org: OrgId, today: Date, since: Date) -> db::Result<Vec<Task>> {
    tx.all(
        &format!(
            "select {COLUMNS} from task where org_id = $1 and in_force = 1 and state in ('open', 'reported', 'returned')
             and (deadline < $2 or proposed_date is not null)
             union all
             select {COLUMNS} from task where org_id = $1 and in_force = 1 and state = 'done' and deadline < done_on
             and done_on >= $3 order by deadline, task_id"
        ),
        values![org, today, since],
    )
}

/// Tasks in force whose deadline was missed in a year and that say why.
///
/// # Errors
/// Database faults only.
pub fn explained(tx: &mut Tx, org: OrgId, year: i16) -> db::Result<Vec<Task>> {
    tx.all(
        &format!(
            "select {COLUMNS} from task where org_id = $1 and in_force = 1 and cause is not null
             and coalesce(cause_for, deadline) >= $2 and coalesce(cause_for, deadline) < $3 order by task_id"
        ),
        values![org, format!("{year}-"), format!("{year}.")],
    )
}

/// People after `last`, in the order of their ids, for whom a task in force may wait: whoever does, checks
/// or urges one that is not over, and whoever may lead a cell on a day.
///
/// # Errors
/// Database faults only.
pub fn awaited(tx: &mut Tx, last: PersonId, today: Date, limit: i64) -> db::Result<Vec<PersonId>> {
    let live = "in_force = 1 and state in ('open', 'reported', 'returned')";
    let rows: Vec<(PersonId,)> = tx.all(
        &format!(
            "select a.person from (
             select doer_id as person from task where {live} and doer_id > $1
             union select checker_id from task where {live} and checker_id > $1
             union select urger_id from task where {live} and urger_id > $1
             union select person_id from post where role in ('secretary', 'deputy') and person_id > $1
             and from_date <= $2 and (to_date is null or to_date > $2)) a
             order by a.person limit $3"
        ),
        values![last, today, limit],
    )?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}

/// Tasks in force that are not over and in which one of some people has a part, or that belong to one of
/// some cells.
///
/// # Errors
/// Database faults only.
pub fn live_of(tx: &mut Tx, people: &[PersonId], cells: &[OrgId]) -> db::Result<Vec<Task>> {
    let (people, v) = db::listed(&[], people);
    let (cells, v) = db::listed(&v, cells);
    let live = format!("select {COLUMNS} from task where in_force = 1 and state in ('open', 'reported', 'returned')");
    let mut found: Vec<Task> = tx.all(
        &format!(
            "{live} and doer_id in ({people}) union {live} and checker_id in ({people})
             union {live} and urger_id in ({people}) union {live} and org_id in ({cells})"
        ),
        &v,
    )?;
    found.sort_by_key(|t| (t.org, t.id));
    Ok(found)
}
