//! Earlier tasks as rows: those of the cell's adopted resolutions, and those of resolutions that the
//! committees above have issued. Tasks of other cells are never read.

use db::{Tx, values};
use domain::id::{OrgId, PersonId, ResolutionId, TaskId};
use domain::task::{Cause, Responsibility, TaskFact, TaskState};
use jiff::civil::{Date, DateTime};
use std::collections::BTreeMap;

/// Whose earlier tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// The cell's own: in force since they were adopted.
    Own(OrgId),
    /// A committee's above: only what it has issued.
    Above(OrgId),
}

impl Whose {
    /// The organisation.
    pub fn org(self) -> OrgId {
        match self {
            Self::Own(org) | Self::Above(org) => org,
        }
    }

    /// Rows of `task t` that may be compared.
    fn rows(self) -> &'static str {
        match self {
            Self::Own(_) => "task t where t.org_id = $1 and t.in_force = 1",
            Self::Above(_) => {
                "task t join resolution r on r.org_id = t.org_id and r.resolution_id = t.resolution_id
                 where t.org_id = $1 and t.in_force = 1 and r.state = 'sealed'"
            }
        }
    }
}

/// A sign that changes when a task comes into force, leaves it or changes.
///
/// # Errors
/// Database faults only.
pub fn stamp(tx: &mut Tx, whose: Whose) -> db::Result<(i64, i64)> {
    tx.one(&format!("select count(*), cast(coalesce(sum(t.version), 0) as bigint) from {}", whose.rows()), values![whose.org()])
}

/// The newest earlier tasks: which, and what is to be done.
///
/// # Errors
/// Database faults only.
pub fn texts(tx: &mut Tx, whose: Whose, most: i64) -> db::Result<Vec<(TaskId, String)>> {
    tx.all(
        &format!("select t.task_id, t.content from {} order by t.task_id desc limit $2", whose.rows()),
        values![whose.org(), most],
    )
}

/// An earlier task with when it was given and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// Identifier.
    pub id: TaskId,
    /// Its resolution.
    pub resolution: ResolutionId,
    /// Nội dung.
    pub content: String,
    /// Thời hạn.
    pub deadline: Option<Date>,
    /// Where it stands.
    pub state: TaskState,
    /// When it was done.
    pub done_on: Option<Date>,
    /// Why it was late.
    pub cause: Option<Cause>,
    /// On whom that lay.
    pub responsibility: Option<Responsibility>,
    /// When the meeting that gave it began.
    pub given: DateTime,
}

db::row!(Earlier { id, resolution, content, deadline, state: code, done_on, cause: code_opt, responsibility: code_opt, given });

impl Earlier {
    /// As the review sees it.
    pub fn facts(&self) -> TaskFact {
        TaskFact {
            task: self.id,
            content: self.content.clone(),
            doer: String::new(),
            state: self.state,
            deadline: self.deadline,
            done_on: self.done_on,
            cause: self.cause,
            responsibility: self.responsibility,
            next_step: String::new(),
            proposed: None,
            explained_for: None,
        }
    }
}

/// Some tasks of one organisation.
///
/// # Errors
/// Database faults only.
pub fn found(tx: &mut Tx, org: OrgId, ids: &[TaskId]) -> db::Result<Vec<Earlier>> {
    let (places, v) = db::listed(values![org], ids);
    tx.all(
        &format!(
            "select t.task_id, t.resolution_id, t.content, t.deadline, t.state, t.done_on, t.cause, t.responsibility, m.starts_at
             from task t join meeting m on m.org_id = t.org_id and m.meeting_id = t.meeting_id
             where t.org_id = $1 and t.task_id in ({places})"
        ),
        &v,
    )
}

/// How many tasks in force and not over each person of a cell does.
///
/// # Errors
/// Database faults only.
pub fn load(tx: &mut Tx, org: OrgId) -> db::Result<BTreeMap<PersonId, u32>> {
    let rows: Vec<(Option<PersonId>, i64)> = tx.all(
        "select doer_id, count(*) from task where org_id = $1 and in_force = 1 and state in ('open', 'reported', 'returned')
         group by doer_id",
        values![org],
    )?;
    Ok(rows.into_iter().filter_map(|(who, n)| Some((who?, u32::try_from(n).unwrap_or(u32::MAX)))).collect())
}
