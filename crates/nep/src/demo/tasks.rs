//! What becomes of the tasks a cell gave: reported in time or late, sent back, given more time,
//! given up, or simply overdue. Each step is asked for as a person would ask for it.

use domain::id::{OrgId, PersonId};
use domain::post::Role;
use domain::task::{Cause, Responsibility, TaskFact, TaskState};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use super::cell::Cell;
use super::{Maker, words};
use crate::actor::moment;
use crate::fault::Fault;
use crate::task::act::{self, Explained, Wish};
use crate::task::store::Task;

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

fn carry_out(maker: &mut Maker, cell: &mut Cell, given: &mut Given, act: Act, when: Timestamp) -> Result<(), Fault> {
    let (by, wish) = wish(cell, &given.task, act);
    let mut actor = maker.system.at(by, cell.org, when);
    if by == cell.secretary {
        actor.standpoint.roles_here = vec![Role::Secretary];
    }
    act::act(maker.tx, &actor, cell.org, given.task.id, &wish)?;
    let task = &mut given.task;
    match wish {
        Wish::Report { .. } => {
            task.state = TaskState::Reported;
            task.done_on = Some(actor.today());
        }
        Wish::Confirm(_) => task.state = TaskState::Done,
        Wish::Return(_) => task.state = TaskState::Returned,
        Wish::Extend(day, _) => task.deadline = Some(day),
        Wish::Drop(_) => task.state = TaskState::Dropped,
        Wish::Explain(said) => {
            task.cause_for = task.deadline;
            task.cause = Some(said.cause);
            task.responsibility = said.on;
            task.next_step = Some(said.next_step);
            task.proposed = said.proposed;
        }
        Wish::Agree | Wish::Note(_) => {}
    }
    Ok(())
}

/// Who acts, and what they ask for.
fn wish(cell: &mut Cell, task: &Task, act: Act) -> (PersonId, Wish) {
    let secretary = cell.secretary;
    let doer = task.doer.unwrap_or(secretary);
    let checker = task.checker.filter(|c| *c != doer).unwrap_or(secretary);
    let seed = &mut cell.seed;
    match act {
        Act::Report => {
            let text = words::evidence(seed);
            (doer, Wish::Report { text, finished: true, progress: 100, file: None })
        }
        Act::Confirm => (checker, Wish::Confirm(String::new())),
        Act::SendBack => (checker, Wish::Return(words::lacking(seed))),
        Act::Extend(new) => (secretary, Wish::Extend(new, words::reason(seed))),
        Act::Explain => {
            let causes = [Cause::Objective, Cause::Subjective, Cause::Coordination, Cause::Resources, Cause::Time];
            let on = [Responsibility::Person, Responsibility::Committee, Responsibility::Circumstance];
            let cause = causes.get(seed.below(causes.len())).copied().unwrap_or(Cause::Other);
            let on = on.get(seed.below(on.len())).copied();
            let said = Explained {
                cause,
                on,
                note: words::reason(seed),
                next_step: words::next_step(seed),
                // Asked for from the day of the explanation, three days after the deadline at most.
                proposed: task.deadline.and_then(|d| d.checked_add(20.days()).ok()),
            };
            (doer, Wish::Explain(said))
        }
        Act::Drop => (secretary, Wish::Drop(words::reason(seed))),
    }
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
        next_step: None,
        proposed: None,
        cause_for: None,
        given_at: None,
        state_at: None,
        item: None,
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
