//! What becomes of the tasks a cell gave: reported in time or late, sent back, given more time,
//! given up, or simply overdue. Each step is a decision of the domain.

use domain::id::{OrgId, PersonId};
use domain::task::{Cause, Hand, Responsibility, TaskFact, TaskState};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use super::cell::Cell;
use super::{Maker, words};
use crate::actor::moment;
use crate::fault::Fault;
use crate::task::store::{self as tasks, Change, Task};

/// Something that will happen to a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    Report,
    Confirm,
    SendBack,
    Extend(Date),
    Explain,
    Drop,
}

/// A task that was given, with its fate.
#[derive(Debug, Clone)]
pub(super) struct Given {
    pub task: Task,
    pub doer: String,
    /// What happens when, the next last.
    pub fate: Vec<(Date, Act)>,
}

impl Given {
    pub fn fact(&self) -> TaskFact {
        self.task.facts(self.doer.clone())
    }
}

/// Decides what will become of a task given on `day`.
pub(super) fn fate(cell: &mut Cell, task: &Task, day: Date) -> Vec<(Date, Act)> {
    let Some(deadline) = task.deadline else {
        return Vec::new();
    };
    let punctual = task.doer.map_or(70, |d| cell.ways(d).punctual);
    let seed = &mut cell.seed;
    let plus = |d: Date, days: i64| d.checked_add(days.days()).unwrap_or(d);
    let mut out = Vec::new();
    if seed.chance(punctual) {
        let done = plus(deadline, -seed.between(0, 8)).max(plus(day, 2));
        out.push((done, Act::Report));
        if seed.chance(9) {
            out.push((plus(done, 1), Act::SendBack));
            out.push((plus(done, 4), Act::Report));
            out.push((plus(done, 6), Act::Confirm));
        } else {
            out.push((plus(done, seed.between(1, 4)), Act::Confirm));
        }
    } else if seed.chance(30) {
        let later = plus(deadline, seed.between(10, 25));
        out.push((plus(deadline, -1).max(plus(day, 2)), Act::Extend(later)));
        out.push((plus(later, -1), Act::Report));
        out.push((plus(later, 1), Act::Confirm));
    } else if seed.chance(90) {
        let late = plus(deadline, seed.between(3, 45));
        out.push((plus(deadline, 2), Act::Explain));
        out.push((late, Act::Report));
        out.push((plus(late, 2), Act::Confirm));
    } else {
        out.push((plus(deadline, 3), Act::Explain));
        out.push((plus(deadline, 60), Act::Drop));
    }
    out.sort_by_key(|(day, _)| *day);
    out.reverse();
    out
}

/// Lets everything happen to a cell's tasks that happens before `until`.
pub(super) fn go_on(maker: &mut Maker, cell: &mut Cell, until: Timestamp) -> Result<(), Fault> {
    loop {
        let next = cell
            .tasks
            .iter()
            .enumerate()
            .filter_map(|(at, given)| given.fate.last().map(|(day, act)| (*day, at, *act)))
            .min_by_key(|(day, at, _)| (*day, *at));
        let Some((day, at, act)) = next else {
            return Ok(());
        };
        let when = moment(day.at(9, i8::try_from(at % 60).unwrap_or(0), 0, 0));
        if when >= until {
            return Ok(());
        }
        let Some(mut given) = cell.tasks.get(at).cloned() else {
            return Ok(());
        };
        given.fate.pop();
        carry_out(maker, cell, &mut given, act, when)?;
        if given.task.state.is_live() {
            if let Some(slot) = cell.tasks.get_mut(at) {
                *slot = given;
            }
        } else {
            cell.tasks.remove(at);
        }
    }
}

/// What one act says and changes.
struct Said {
    by: Option<PersonId>,
    state: TaskState,
    change: Change,
    kind: &'static str,
    body: String,
}

fn carry_out(maker: &mut Maker, cell: &mut Cell, given: &mut Given, act: Act, when: Timestamp) -> Result<(), Fault> {
    let said = decide(cell, &given.task, act, when)?;
    let actor = maker.system.at(said.by.unwrap_or(cell.secretary), cell.org, when);
    let change = Change { state: Some(said.state), ..said.change };
    tasks::save_change(maker.tx, &actor, &given.task, &change, said.kind, &said.body, None)?;
    let task = &mut given.task;
    task.state = said.state;
    task.version += 1;
    task.deadline = change.deadline.or(task.deadline);
    task.cause = change.cause.or(task.cause);
    task.responsibility = change.responsibility.or(task.responsibility);
    task.progress = change.progress.unwrap_or(task.progress);
    task.done_on = matches!(task.state, TaskState::Reported | TaskState::Done).then(|| change.done_on.or(task.done_on)).flatten();
    Ok(())
}

fn decide(cell: &mut Cell, task: &Task, act: Act, when: Timestamp) -> Result<Said, Fault> {
    let people = task.people();
    let secretary = cell.secretary;
    let hand = |person: PersonId| Hand { person, chair: person == secretary, secretary: person == secretary, sole: false };
    let today = crate::actor::local(when).date();
    let doer = people.doer.unwrap_or(secretary);
    let checker = people.checker.filter(|c| *c != doer).unwrap_or(secretary);
    let seed = &mut cell.seed;
    Ok(match act {
        Act::Report => {
            let body = words::evidence(seed);
            let state = task.state.report(&people, &hand(doer), &body)?;
            let change = Change { progress: Some(100), done_on: Some(today), ..Change::default() };
            Said { by: Some(doer), state, change, kind: "report", body }
        }
        Act::Confirm => {
            let state = task.state.confirm(&people, &hand(checker))?;
            Said { by: Some(checker), state, change: Change::default(), kind: "confirm", body: String::new() }
        }
        Act::SendBack => {
            let body = words::lacking(seed);
            let state = task.state.send_back(&people, &hand(checker), &body)?;
            Said { by: Some(checker), state, change: Change { progress: Some(70), ..Change::default() }, kind: "return", body }
        }
        Act::Extend(new) => {
            let body = words::reason(seed);
            let state = task.state.extend(&hand(secretary), task.deadline, new, today, &body)?;
            Said { by: Some(secretary), state, change: Change { deadline: Some(new), ..Change::default() }, kind: "extend", body }
        }
        Act::Explain => {
            let body = words::reason(seed);
            let cause = [Cause::Objective, Cause::Subjective, Cause::Coordination, Cause::Resources, Cause::Time];
            let on = [Responsibility::Person, Responsibility::Committee, Responsibility::Circumstance];
            let change = Change {
                cause: cause.get(seed.below(cause.len())).copied(),
                responsibility: on.get(seed.below(on.len())).copied(),
                cause_note: Some(body.clone()),
                ..Change::default()
            };
            Said { by: Some(doer), state: task.state, change, kind: "cause", body }
        }
        Act::Drop => {
            let body = words::reason(seed);
            let state = task.state.drop_task(&hand(secretary), &body)?;
            Said { by: Some(secretary), state, change: Change::default(), kind: "drop", body }
        }
    })
}

/// A task as the store has just written it: in force, nothing done.
pub(super) fn fresh(org: OrgId, draft: &domain::resolution::TaskDraft, ids: Ids) -> Task {
    Task {
        org,
        id: ids.task,
        resolution: ids.resolution,
        meeting: ids.meeting,
        position: ids.position,
        content: draft.content.clone(),
        requirement: draft.requirement.clone(),
        measure: draft.measure.clone(),
        deadline: draft.deadline,
        doer: draft.doer,
        checker: draft.checker,
        urger: draft.urger,
        state: TaskState::Open,
        in_force: true,
        progress: 0,
        done_on: None,
        cause: None,
        responsibility: None,
        cause_note: None,
        version: 2,
    }
}

/// Where a task belongs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ids {
    pub task: domain::id::TaskId,
    pub resolution: domain::id::ResolutionId,
    pub meeting: domain::id::MeetingId,
    pub position: i64,
}
