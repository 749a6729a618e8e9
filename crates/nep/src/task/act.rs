//! What is done to a task: the rules decide who may, the store writes it down.
//! May touch tasks, posts and the roster. Rules: SM-01, SM-03, M16, ahead.md 9 and 10.

use db::Tx;
use domain::id::{OrgId, TaskId};
use domain::post::Role;
use domain::refusal::Refusal;
use domain::task::{Cause, Hand, Responsibility};
use domain::vi;
use jiff::civil::Date;

use super::store::evidence::{self, Evidence};
use super::store::{self, Change, Task};
use crate::actor::Actor;
use crate::fault::Fault;
use crate::meeting::store::review;
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
    /// Why it is late, on whom that lies, what comes next (item 1 of the next meeting).
    Explain(Explained),
    /// A chair gives the time that was asked for.
    Agree,
    /// A reminder or a remark.
    Note(String),
}

/// What is said of a task that is late.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// Why.
    pub cause: Cause,
    /// On whom that lies.
    pub on: Option<Responsibility>,
    /// In words.
    pub note: String,
    /// What is done next.
    pub next_step: String,
    /// The new deadline that is asked for.
    pub proposed: Option<Date>,
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
    if matches!(wish, Wish::Note(_)) {
        return carry_out(tx, actor, &task, wish);
    }
    let untouched = review::untouched(tx, actor, org)?;
    carry_out(tx, actor, &task, wish)?;
    review::tell_again(tx, actor, org, untouched)
}

fn carry_out(tx: &mut Tx, actor: &Actor, task: &Task, wish: &Wish) -> Result<(), Fault> {
    let hand = hand(tx, actor, task)?;
    let people = task.people();
    let today = actor.today();
    let mut change = Change::default();
    let (kind, body) = match wish {
        Wish::Report { text, finished, progress, file } => {
            return report(tx, actor, task, &hand, (text, *finished, *progress), file.as_ref());
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
            change.proposed = Some(None);
            ("extend", extended(task.deadline, *day, reason))
        }
        Wish::Drop(reason) => {
            change.state = Some(task.state.drop_task(&hand, reason)?);
            ("drop", reason.clone())
        }
        Wish::Explain(said) => {
            let fact = task.facts(String::new());
            task.state.explain(&fact, said.proposed, today)?;
            has_part(task, &hand)?;
            change.cause = Some(said.cause);
            change.responsibility = said.on;
            change.cause_note = Some(said.note.clone());
            change.next_step = Some(said.next_step.clone());
            change.proposed = Some(said.proposed);
            ("cause", explained(said))
        }
        Wish::Agree => {
            let Some(day) = task.proposed else {
                return Err(Refusal::new("no_proposal", "Nhiệm vụ này không có đề xuất thời hạn mới nào đang chờ.").into());
            };
            let reason = task.next_step.as_deref().map(str::trim).filter(|t| !t.is_empty()).unwrap_or(AGREED);
            change.state = Some(task.state.extend(&hand, task.deadline, day, today, reason)?);
            change.deadline = Some(day);
            change.proposed = Some(None);
            ("extend", extended(task.deadline, day, reason))
        }
        Wish::Note(text) => {
            involved(task, &hand)?;
            if text.trim().is_empty() {
                return Err(Refusal::missing("note", "nội dung nhắc việc").into());
            }
            ("note", text.clone())
        }
    };
    Ok(store::save_change(tx, actor, task, &change, kind, &body, None)?)
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
        Some(file) => Some(evidence::add_file(tx, actor, task, file)?),
        None => None,
    };
    let kind = if finished { "report" } else { "progress" };
    Ok(store::save_change(tx, actor, task, &change, kind, text, file)?)
}

/// The reason of an extension that was asked for without a next step.
const AGREED: &str = "theo đề xuất của đồng chí thực hiện";

/// A remark on a task that is not over, by who has a part in it.
fn involved(task: &Task, hand: &Hand) -> Result<(), Refusal> {
    if !task.state.is_live() {
        return Err(Refusal::state("ghi thêm", task.state, "Nhiệm vụ đã kết thúc."));
    }
    has_part(task, hand)
}

/// Causes and reminders come from who does, checks or urges the task, or leads the cell.
fn has_part(task: &Task, hand: &Hand) -> Result<(), Refusal> {
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

fn explained(said: &Explained) -> String {
    let mut text = said.cause.to_string();
    if let Some(on) = said.on {
        text.push_str(&format!("; trách nhiệm: {}", crate::resolution::seal::lower(&on.to_string())));
    }
    for (word, part) in [("", &said.note), ("Bước tiếp theo: ", &said.next_step)] {
        let part = part.trim();
        if !part.is_empty() {
            text.push_str(&format!(". {word}{}", part.trim_end_matches('.')));
        }
    }
    if let Some(day) = said.proposed {
        text.push_str(&format!(". Đề xuất thời hạn mới: {}", vi::date(day)));
    }
    text
}
