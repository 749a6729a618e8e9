//! Tasks and what happened to them as rows. A task is in force once its resolution is adopted.

pub(crate) mod due;
mod event;
pub mod evidence;
pub mod follow;
mod review;

use db::{Tx, values};
use domain::code::Code;
use domain::id::{FileId, ItemId, MeetingId, OrgId, PersonId, ResolutionId, RowId, TaskId};
use domain::resolution::TaskDraft;
use domain::task::{Cause, People, Responsibility, TaskFact, TaskState};
use domain::tasks_due::Given;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;

use crate::actor::Actor;
use crate::audit::store as audit;
use crate::member::store as members;
use crate::search::store::source as index;

pub use event::{Event, events};
pub use review::{facts_for_review, for_review};

/// A task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// The cell.
    pub org: OrgId,
    /// Identifier.
    pub id: TaskId,
    /// Resolution it belongs to.
    pub resolution: ResolutionId,
    /// Meeting of that resolution.
    pub meeting: MeetingId,
    /// Place in the resolution, from 1.
    pub position: i64,
    /// Nội dung.
    pub content: String,
    /// Yêu cầu.
    pub requirement: String,
    /// Biện pháp.
    pub measure: String,
    /// Thời hạn.
    pub deadline: Option<Date>,
    /// Người thực hiện.
    pub doer: Option<PersonId>,
    /// Người kiểm tra.
    pub checker: Option<PersonId>,
    /// Người đôn đốc.
    pub urger: Option<PersonId>,
    /// Where it stands.
    pub state: TaskState,
    /// Whether its resolution is adopted.
    pub in_force: bool,
    /// Reported progress in per cent.
    pub progress: i64,
    /// Day it was reported and later confirmed as done.
    pub done_on: Option<Date>,
    /// Why it is late or not done.
    pub cause: Option<Cause>,
    /// On whom that lies.
    pub responsibility: Option<Responsibility>,
    /// The cause in words.
    pub cause_note: Option<String>,
    /// What is done next, where it is late.
    pub next_step: Option<String>,
    /// The new deadline that is asked for, until a chair decides.
    pub proposed: Option<Date>,
    /// The deadline the cause was given for.
    pub cause_for: Option<Date>,
    /// When its resolution was adopted, where known.
    pub given_at: Option<Timestamp>,
    /// Since when it stands as it does, where known.
    pub state_at: Option<Timestamp>,
    /// The item of the agenda it came from, where known.
    pub item: Option<ItemId>,
    /// For "someone saved first".
    pub version: i64,
}

db::row!(Task {
    org,
    id,
    resolution,
    meeting,
    position,
    content,
    requirement,
    measure,
    deadline,
    doer,
    checker,
    urger,
    state: code,
    in_force,
    progress,
    done_on,
    cause: code_opt,
    responsibility: code_opt,
    cause_note,
    next_step,
    proposed,
    cause_for,
    given_at,
    state_at,
    item,
    version
});

const COLUMNS: &str = "org_id, task_id, resolution_id, meeting_id, position, content, requirement, measure, deadline, doer_id,
    checker_id, urger_id, state, in_force, progress, done_on, cause, responsibility, cause_note, next_step, proposed_date,
    cause_for, given_at, state_at, item_id, version";

impl Task {
    /// Who does, checks and urges it.
    pub fn people(&self) -> People {
        People { doer: self.doer, checker: self.checker, urger: self.urger }
    }

    /// The task as the review of a resolution sees it.
    pub fn facts(&self, doer: String) -> TaskFact {
        TaskFact {
            task: self.id,
            content: self.content.clone(),
            doer,
            state: self.state,
            deadline: self.deadline,
            done_on: self.done_on,
            cause: self.cause,
            responsibility: self.responsibility,
            next_step: self.next_step.clone().unwrap_or_default(),
            proposed: self.proposed,
            explained_for: self.cause_for,
        }
    }

    /// The task as it was written.
    pub fn draft(&self) -> TaskDraft {
        TaskDraft {
            content: self.content.clone(),
            requirement: self.requirement.clone(),
            measure: self.measure.clone(),
            deadline: self.deadline,
            doer: self.doer,
            checker: self.checker,
            urger: self.urger,
        }
    }
}

/// A task of a cell.
///
/// # Errors
/// `NotFound`; database faults.
pub fn get(tx: &mut Tx, org: OrgId, id: TaskId) -> db::Result<Task> {
    tx.one(&format!("select {COLUMNS} from task where org_id = $1 and task_id = $2"), values![org, id])
}

/// The tasks of a resolution, in order.
///
/// # Errors
/// Database faults only.
pub fn of_resolution(tx: &mut Tx, org: OrgId, resolution: ResolutionId) -> db::Result<Vec<Task>> {
    tx.all(
        &format!("select {COLUMNS} from task where org_id = $1 and resolution_id = $2 order by position, task_id"),
        values![org, resolution],
    )
}

/// The tasks of the resolutions of a meeting, in order.
///
/// # Errors
/// Database faults only.
pub fn of_meeting(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<Vec<Task>> {
    tx.all(
        &format!(
            "select {COLUMNS} from task where org_id = $1 and resolution_id in
             (select r.resolution_id from resolution r where r.org_id = $1 and r.meeting_id = $2)
             order by resolution_id, position, task_id"
        ),
        values![org, meeting],
    )
}

/// Tasks in force of a cell that are not over, the most urgent first.
///
/// # Errors
/// Database faults only.
pub fn live(tx: &mut Tx, org: OrgId) -> db::Result<Vec<Task>> {
    tx.all(
        &format!(
            "select {COLUMNS} from task where org_id = $1 and in_force = 1 and state in ('open', 'reported', 'returned')
             order by coalesce(deadline, '9999-12-31'), task_id"
        ),
        values![org],
    )
}

/// Every task in force of a cell, newest resolution first.
///
/// # Errors
/// Database faults only.
pub fn in_force(tx: &mut Tx, org: OrgId, limit: i64) -> db::Result<Vec<Task>> {
    tx.all(
        &format!(
            "select {COLUMNS} from task where org_id = $1 and in_force = 1
             order by resolution_id desc, position, task_id limit $2"
        ),
        values![org, limit],
    )
}

/// Tasks in force that are not over. A plus, here and below, takes a column out of SQLite's choice of
/// an index, so that it does not walk through every task the cell ever had.
const LIVE: &str = "select l.task_id from task l where l.org_id = $1 and l.in_force = 1
    and l.state in ('open', 'reported', 'returned') and +l.resolution_id";

/// Of the tasks in force those that are not over and those of the newest resolutions.
///
/// # Errors
/// Database faults only.
pub fn current(tx: &mut Tx, org: OrgId, resolutions: i64, limit: i64) -> db::Result<Vec<Task>> {
    tx.all(
        &format!(
            "select {COLUMNS} from task where org_id = $1 and task_id in ({LIVE} > 0
             union select t.task_id from task t where t.org_id = $1 and +t.in_force = 1 and t.resolution_id in
             (select distinct n.resolution_id from task n where n.org_id = $1 and n.in_force = 1
             order by n.resolution_id desc limit $2))
             order by +resolution_id desc, position, task_id limit $3"
        ),
        values![org, resolutions, limit],
    )
}

/// How many tasks in force of a cell each person does; nobody for those without a doer.
///
/// # Errors
/// Database faults only.
pub fn doers(tx: &mut Tx, org: OrgId) -> db::Result<Vec<(Option<PersonId>, i64)>> {
    tx.all("select doer_id, count(*) from task where org_id = $1 and in_force = 1 group by doer_id", values![org])
}

/// Headings of the items some tasks came from, as they may be shown: a secret item has none.
///
/// # Errors
/// Database faults only.
pub fn items(tx: &mut Tx, org: OrgId, tasks: &[Task]) -> db::Result<BTreeMap<ItemId, String>> {
    let ids: Vec<ItemId> = tasks.iter().filter_map(|t| t.item).collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let (places, v) = db::listed(values![org], ids);
    let rows: Vec<(ItemId, String)> = tx
        .all(&format!("select item_id, title from agenda_item where org_id = $1 and secret = 0 and item_id in ({places})"), &v)?;
    Ok(rows.into_iter().collect())
}

/// Everybody who does, checks or urges one of the tasks.
pub fn people(tasks: &[Task]) -> impl Iterator<Item = PersonId> {
    tasks.iter().flat_map(|t| [t.doer, t.checker, t.urger]).flatten()
}

/// Full names of everybody who does, checks or urges one of the tasks.
///
/// # Errors
/// Database faults only.
pub fn names(tx: &mut Tx, tasks: &[Task]) -> db::Result<BTreeMap<PersonId, String>> {
    members::names(tx, people(tasks))
}

/// The tasks as the review sees them, each with its doer's name.
///
/// # Errors
/// Database faults only.
pub fn facts(tx: &mut Tx, tasks: &[Task]) -> db::Result<Vec<TaskFact>> {
    let names = names(tx, tasks)?;
    let name = |t: &Task| t.doer.and_then(|d| names.get(&d).cloned()).unwrap_or_else(|| "chưa phân công".to_owned());
    Ok(tasks.iter().map(|t| t.facts(name(t))).collect())
}

/// Tasks in force that a person urges and that are not over.
///
/// # Errors
/// Database faults only.
pub fn to_urge(tx: &mut Tx, person: PersonId) -> db::Result<Vec<Task>> {
    tx.all(
        &format!(
            "select {COLUMNS} from task where urger_id = $1 and in_force = 1 and state in ('open', 'returned')
             order by coalesce(deadline, '9999-12-31'), task_id limit 200"
        ),
        values![person],
    )
}

/// Tasks in force that a person does, in every cell, the most urgent first.
///
/// # Errors
/// Database faults only.
pub fn of_doer(tx: &mut Tx, person: PersonId) -> db::Result<Vec<Task>> {
    tx.all(
        &format!(
            "select {COLUMNS} from task where doer_id = $1 and in_force = 1
             order by case when state in ('open', 'returned') then 0 when state = 'reported' then 1 else 2 end,
             coalesce(deadline, '9999-12-31'), task_id limit 200"
        ),
        values![person],
    )
}

/// Of these, those that wait to be done.
///
/// # Errors
/// Database faults only.
pub fn to_do(tx: &mut Tx, person: PersonId) -> db::Result<Vec<Task>> {
    tx.all(
        &format!(
            "select {COLUMNS} from task where doer_id = $1 and in_force = 1 and state in ('open', 'returned')
             order by coalesce(deadline, '9999-12-31'), task_id limit 200"
        ),
        values![person],
    )
}

/// Tasks that wait for a person's confirmation.
///
/// # Errors
/// Database faults only.
pub fn to_check(tx: &mut Tx, person: PersonId) -> db::Result<Vec<Task>> {
    tx.all(
        &format!(
            "select {COLUMNS} from task where checker_id = $1 and in_force = 1 and state = 'reported'
             order by coalesce(deadline, '9999-12-31'), task_id limit 200"
        ),
        values![person],
    )
}

/// How many tasks of a cell wait for a person's confirmation.
///
/// # Errors
/// Database faults only.
pub fn count_to_check(tx: &mut Tx, org: OrgId, person: PersonId) -> db::Result<i64> {
    tx.scalar(
        "select count(*) from task where org_id = $1 and checker_id = $2 and in_force = 1 and state = 'reported'",
        values![org, person],
    )
}

/// Notes the item of the agenda a task of a draft came from; an item of another meeting is not noted.
///
/// # Errors
/// Database faults only.
pub fn came_from(tx: &mut Tx, org: OrgId, id: TaskId, item: ItemId) -> db::Result<()> {
    tx.exec(
        "update task set item_id = $3 where org_id = $1 and task_id = $2 and in_force = 0 and exists
         (select 1 from agenda_item i where i.org_id = $1 and i.item_id = $3 and i.meeting_id = task.meeting_id)",
        values![org, id, item],
    )?;
    Ok(())
}

/// Adds a task to a draft.
///
/// # Errors
/// Database faults only.
pub fn add(
    tx: &mut Tx,
    actor: &Actor,
    org: OrgId,
    resolution: ResolutionId,
    meeting: MeetingId,
    draft: &TaskDraft,
) -> db::Result<TaskId> {
    let id: TaskId = actor.id();
    let last: i64 = tx.scalar(
        "select coalesce(max(position), 0) from task where org_id = $1 and resolution_id = $2",
        values![org, resolution],
    )?;
    tx.exec(
        "insert into task (org_id, task_id, resolution_id, meeting_id, position, content, requirement, measure, deadline,
         doer_id, checker_id, urger_id, state) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'open')",
        values![
            org,
            id,
            resolution,
            meeting,
            last + 1,
            draft.content,
            draft.requirement,
            draft.measure,
            draft.deadline,
            draft.doer,
            draft.checker,
            draft.urger
        ],
    )?;
    Ok(id)
}

/// Saves a task of a draft that started from `version`.
///
/// # Errors
/// `Conflict` when someone saved first or it is in force; database faults.
pub fn save_draft(tx: &mut Tx, org: OrgId, id: TaskId, version: i64, draft: &TaskDraft) -> db::Result<()> {
    tx.changed(
        "update task set content = $4, requirement = $5, measure = $6, deadline = $7, doer_id = $8, checker_id = $9,
         urger_id = $10, version = version + 1
         where org_id = $1 and task_id = $2 and version = $3 and in_force = 0",
        values![
            org,
            id,
            version,
            draft.content,
            draft.requirement,
            draft.measure,
            draft.deadline,
            draft.doer,
            draft.checker,
            draft.urger
        ],
    )
}

/// Puts a task of a draft one place up or down; at the end of the list nothing changes.
///
/// # Errors
/// `NotFound`; database faults.
pub fn shift(tx: &mut Tx, org: OrgId, task: &Task, up: bool) -> db::Result<()> {
    let mut order: Vec<TaskId> = of_resolution(tx, org, task.resolution)?.into_iter().map(|t| t.id).collect();
    let at = order.iter().position(|id| *id == task.id).ok_or(db::Error::NotFound)?;
    let other = if up { at.checked_sub(1) } else { Some(at + 1).filter(|n| *n < order.len()) };
    let Some(other) = other else {
        return Ok(());
    };
    order.swap(at, other);
    for (n, id) in (1i64..).zip(order) {
        tx.exec(
            "update task set position = $3 where org_id = $1 and task_id = $2 and in_force = 0 and position <> $3",
            values![org, id, n],
        )?;
    }
    Ok(())
}

/// Whether anything was reported or decided on a task of a resolution.
///
/// # Errors
/// Database faults only.
pub fn any_event(tx: &mut Tx, org: OrgId, resolution: ResolutionId) -> db::Result<bool> {
    let found: Option<(i64,)> = tx.opt(
        "select 1 from task_event e join task t on t.org_id = e.org_id and t.task_id = e.task_id
         where t.org_id = $1 and t.resolution_id = $2 limit 1",
        values![org, resolution],
    )?;
    Ok(found.is_some())
}

/// Removes a task of a draft.
///
/// # Errors
/// `Conflict` when it is gone or in force; database faults.
pub fn remove(tx: &mut Tx, org: OrgId, id: TaskId) -> db::Result<()> {
    tx.changed("delete from task where org_id = $1 and task_id = $2 and in_force = 0", values![org, id])
}

/// Puts the tasks of an adopted resolution in force, or takes them back when it is reopened.
///
/// # Errors
/// Database faults only.
pub fn put_in_force(tx: &mut Tx, actor: &Actor, org: OrgId, resolution: ResolutionId, in_force: bool) -> db::Result<()> {
    let given_at = in_force.then_some(actor.now);
    tx.exec(
        "update task set in_force = $3, given_at = $4, state_at = $4, version = version + 1
         where org_id = $1 and resolution_id = $2",
        values![org, resolution, in_force, given_at],
    )?;
    let months = due::months_of(tx, org, resolution)?;
    due::keep(tx, org, months, actor.now)?;
    index::refresh_tasks(tx, org, resolution)
}

/// What changes with a task's state.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// New state.
    pub state: Option<TaskState>,
    /// Reported progress in per cent.
    pub progress: Option<i64>,
    /// New deadline.
    pub deadline: Option<Date>,
    /// Day it was reported as done; kept when already set.
    pub done_on: Option<Date>,
    /// Why it is late or not done.
    pub cause: Option<Cause>,
    /// On whom that lies.
    pub responsibility: Option<Responsibility>,
    /// The cause in words.
    pub cause_note: Option<String>,
    /// The next step.
    pub next_step: Option<String>,
    /// The new deadline asked for; `Some(None)` when a chair has decided or none is asked for any more.
    pub proposed: Option<Option<Date>>,
}

/// Saves a transition the domain allowed and notes it; `task` is as it was read. A task sent back
/// loses its day of being done.
///
/// # Errors
/// `Conflict` when someone saved first; database faults.
pub fn save_change(
    tx: &mut Tx,
    actor: &Actor,
    task: &Task,
    change: &Change,
    kind: &str,
    body: &str,
    file: Option<FileId>,
) -> db::Result<()> {
    let state = change.state.unwrap_or(task.state);
    let done_on = match state {
        TaskState::Reported | TaskState::Done => change.done_on.or(task.done_on),
        _ => None,
    };
    let state_at = if state == task.state { task.state_at } else { Some(actor.now) };
    let cause_for = if change.cause.is_some() { task.deadline } else { task.cause_for };
    tx.changed(
        "update task set state = $4, progress = $5, deadline = $6, done_on = $7, cause = $8, responsibility = $9,
         cause_note = $10, next_step = $11, proposed_date = $12, cause_for = $13, state_at = $14, version = version + 1
         where org_id = $1 and task_id = $2 and version = $3",
        values![
            task.org,
            task.id,
            task.version,
            state.code(),
            change.progress.unwrap_or(task.progress),
            change.deadline.or(task.deadline),
            done_on,
            change.cause.or(task.cause).map(Code::code),
            change.responsibility.or(task.responsibility).map(Code::code),
            change.cause_note.clone().or_else(|| task.cause_note.clone()),
            change.next_step.clone().or_else(|| task.next_step.clone()),
            change.proposed.unwrap_or(task.proposed),
            cause_for,
            state_at
        ],
    )?;
    let before = Given { state: task.state, deadline: task.deadline, done_on: task.done_on };
    let after = Given { state, deadline: change.deadline.or(task.deadline), done_on };
    if task.in_force && after != before {
        due::keep(tx, task.org, [before, after].iter().filter_map(Given::month), actor.now)?;
    }
    let event: RowId = actor.id();
    tx.exec(
        "insert into task_event (org_id, event_id, task_id, kind, body, progress, file_id, at, by_person)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        values![task.org, event, task.id, kind, body, change.progress, file, actor.now, actor.person],
    )?;
    audit::record(tx, actor, task.org, &format!("task.{kind}"), &format!("task:{}", task.id), state.code())
}
