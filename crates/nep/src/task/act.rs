//! What is done to a task: the rules decide who may, the store writes it down.
//! May touch tasks, posts and the roster. Rules: SM-01, SM-03, M16, ahead.md 9 and 10.

use db::Tx;
use domain::id::{OrgId, TaskId};
use domain::post::Role;
use domain::refusal::Refusal;
use domain::task::{Cause, Hand, Responsibility};
use domain::vi;
use jiff::civil::Date;

use super::store::{self, Change, Evidence, Task};
use crate::actor::Actor;
use crate::fault::Fault;
use crate::org::store as orgs;

/// Who acts, as the rules ask. The deputy stands in where the secretary is the doer or the post is
/// vacant, so that no task is left that nobody could confirm.
///
/// # Errors
/// Database faults only.
pub fn hand(tx: &mut Tx, actor: &Actor, task: &Task) -> db::Result<Hand> {
    let posts = orgs::posts_on(tx, task.org, actor.today())?;
    let holds = |role: Role| actor.holds(role);
    let secretary = posts.iter().find(|h| h.role == Role::Secretary).map(|h| h.person);
    let away = secretary.is_none() || secretary == task.doer;
    let other_chair = posts.iter().any(|h| matches!(h.role, Role::Secretary | Role::Deputy) && h.person != actor.person);
    let other_checker = task.checker.is_some_and(|c| c != actor.person);
    Ok(Hand {
        person: actor.person,
        chair: holds(Role::Secretary) || holds(Role::Deputy),
        secretary: holds(Role::Secretary) || (holds(Role::Deputy) && away),
        sole: !other_chair && !other_checker,
    })
}

/// What a person wants done.
#[derive(Debug, Clone)]
pub enum Wish {
    /// The doer says it is done, or how far.
    Report {
        /// What was done.
        text: String,
        /// Whether the whole is done; otherwise only the progress is noted.
        finished: bool,
        /// In per cent.
        progress: i64,
        /// What shows it.
        file: Option<Evidence>,
    },
    /// The checker confirms.
    Confirm(String),
    /// The checker sends it back.
    Return(String),
    /// A chair gives more time.
    Extend(Date, String),
    /// A chair ends it.
    Drop(String),
    /// Why it is late, on whom that lies, and the next step (item 1 of the next meeting).
    Explain(Cause, Option<Responsibility>, String),
    /// A reminder or a remark.
    Note(String),
}

/// A task in force of a cell.
///
/// # Errors
/// `NotFound`, also for a task of a draft; database faults.
pub fn in_force(tx: &mut Tx, org: OrgId, task: TaskId) -> Result<Task, Fault> {
    let task = store::get(tx, org, task)?;
    if task.in_force { Ok(task) } else { Err(Fault::NotFound) }
}

/// Does what is wished, if the rules let this person.
///
/// # Errors
/// A refusal; `NotFound`; `Conflict` when someone acted first; database faults.
pub fn act(tx: &mut Tx, actor: &Actor, org: OrgId, task: TaskId, wish: &Wish) -> Result<(), Fault> {
    let task = in_force(tx, org, task)?;
    let hand = hand(tx, actor, &task)?;
    let people = task.people();
    let today = actor.today();
    let mut change = Change::default();
    let (kind, body) = match wish {
        Wish::Report { text, finished, progress, file } => {
            return report(tx, actor, &task, &hand, (text, *finished, *progress), file.as_ref());
        }
        Wish::Confirm(text) => {
            change.state = Some(task.state.confirm(&people, &hand)?);
            change.progress = Some(100);
            ("confirm", text.clone())
        }
        Wish::Return(reason) => {
            change.state = Some(task.state.send_back(&people, &hand, reason)?);
            ("return", reason.clone())
        }
        Wish::Extend(day, reason) => {
            change.state = Some(task.state.extend(&hand, task.deadline, *day, today, reason)?);
            change.deadline = Some(*day);
            ("extend", extended(task.deadline, *day, reason))
        }
        Wish::Drop(reason) => {
            change.state = Some(task.state.drop_task(&hand, reason)?);
            ("drop", reason.clone())
        }
        Wish::Explain(cause, on, note) => {
            involved(&task, &hand)?;
            change.cause = Some(*cause);
            change.responsibility = *on;
            change.cause_note = Some(note.clone());
            ("cause", explained(*cause, *on, note))
        }
        Wish::Note(text) => {
            involved(&task, &hand)?;
            if text.trim().is_empty() {
                return Err(Refusal::missing("note", "nội dung nhắc việc").into());
            }
            ("note", text.clone())
        }
    };
    Ok(store::save_change(tx, actor, &task, &change, kind, &body, None)?)
}

fn report(
    tx: &mut Tx,
    actor: &Actor,
    task: &Task,
    hand: &Hand,
    (text, finished, progress): (&str, bool, i64),
    file: Option<&Evidence>,
) -> Result<(), Fault> {
    // The rules answer for both: who may say it is done may also say how far it is.
    let state = task.state.report(&task.people(), hand, text)?;
    let progress = if finished { 100 } else { progress.clamp(0, 99) };
    let change = Change {
        state: finished.then_some(state),
        progress: Some(progress),
        done_on: finished.then(|| actor.today()),
        ..Change::default()
    };
    let file = match file {
        Some(file) => Some(store::add_file(tx, actor, task, file)?),
        None => None,
    };
    let kind = if finished { "report" } else { "progress" };
    Ok(store::save_change(tx, actor, task, &change, kind, text, file)?)
}

/// Causes and reminders come from who does, checks or urges the task, or leads the cell.
fn involved(task: &Task, hand: &Hand) -> Result<(), Refusal> {
    if !task.state.is_live() {
        return Err(Refusal::state("ghi thêm", task.state, "Nhiệm vụ đã kết thúc."));
    }
    let part = [task.doer, task.checker, task.urger].contains(&Some(hand.person));
    if part || hand.chair {
        return Ok(());
    }
    Err(Refusal::new(
        "not_involved",
        "Chỉ đồng chí thực hiện, kiểm tra, đôn đốc nhiệm vụ này, hoặc đồng chí Bí thư, Phó bí thư mới ghi được.",
    ))
}

fn extended(old: Option<Date>, new: Date, reason: &str) -> String {
    match old {
        Some(old) => format!("Từ {} đến {}. Lý do: {reason}", vi::date(old), vi::date(new)),
        None => format!("Đến {}. Lý do: {reason}", vi::date(new)),
    }
}

fn explained(cause: Cause, on: Option<Responsibility>, note: &str) -> String {
    let mut text = cause.to_string();
    if let Some(on) = on {
        text.push_str(&format!("; trách nhiệm: {}", crate::resolution::seal::lower(&on.to_string())));
    }
    if !note.trim().is_empty() {
        text.push_str(&format!(". {}", note.trim()));
    }
    text
}
