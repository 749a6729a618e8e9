//! What happened to a task.

use db::{Tx, values};
use domain::id::{FileId, OrgId, PersonId, TaskId};
use jiff::Timestamp;

/// Something that happened to a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What: report, confirm, return, extend, drop, cause, note.
    pub kind: String,
    /// In words.
    pub body: String,
    /// Progress it reported.
    pub progress: Option<i64>,
    /// Evidence.
    pub file: Option<FileId>,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: PersonId,
    /// Full name.
    pub name: String,
}

db::row!(Event { kind, body, progress, file, at, by, name });

/// The life of a task, newest first.
///
/// # Errors
/// Database faults only.
pub fn events(tx: &mut Tx, org: OrgId, task: TaskId) -> db::Result<Vec<Event>> {
    tx.all(
        "select e.kind, e.body, e.progress, e.file_id, e.at, e.by_person, p.name from task_event e
         join person p on p.person_id = e.by_person
         where e.org_id = $1 and e.task_id = $2 order by e.at desc, e.event_id desc",
        values![org, task],
    )
}
