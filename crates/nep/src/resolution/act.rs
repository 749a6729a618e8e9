//! What is done to a resolution, each in one transaction: rules decide, stores write.
//! May touch the stores of resolutions, tasks and votes. Rules: M15, SM-01, BQ-01, P-8.

use std::collections::BTreeMap;

use db::Tx;
use domain::id::{MeetingId, OrgId, PersonId, ResolutionId, TaskId, VoteId};
use domain::meeting::MeetingState;
use domain::refusal::Refusal;
use domain::resolution::{Draft, ResolutionState, TaskDraft, against_advice};
use domain::rulepack::Library;
use domain::vote::{Count, Subject};

use super::draft::first_text;
use super::seal::held_on;
use super::store::{self, Resolution, Text};
use super::view::{meeting_for, resolution_of, reviewed};
use crate::actor::Actor;
use crate::advice::look::{self, Around};
use crate::advice::page::TaskAdvice;
use crate::advice::shelf::Shelf;
use crate::advice::store as advised;
use crate::fault::Fault;
use crate::live::record;
use crate::live::room::store::{Topic, tell};
use crate::live::store::{self as live, NewVote};
use crate::meeting::store::{self as meetings, Meeting};
use crate::task::store::{self as tasks, Task};

/// Starts a draft from what the meeting recorded. Without `another`, the draft that is already
/// there is given back, so that pressing the button twice makes one.
///
/// # Errors
/// A refusal for a cancelled meeting; `NotFound`; database faults.
pub fn create(tx: &mut Tx, actor: &Actor, org: OrgId, meeting: MeetingId, another: bool) -> Result<ResolutionId, Fault> {
    let meeting = meeting_for(tx, actor, org, meeting)?;
    if meeting.state == MeetingState::Cancelled {
        return Err(Refusal::state("lập nghị quyết", meeting.state, "Hãy lập nghị quyết ở buổi sinh hoạt khác.").into());
    }
    let present = store::of_meeting(tx, org, meeting.id)?;
    let draft = present.iter().find(|r| r.state == ResolutionState::Draft);
    if let Some(there) = draft.or_else(|| present.first().filter(|_| !another)) {
        return Ok(there.id);
    }
    let items = meetings::items(tx, org, meeting.id)?;
    let (facts, _) = reviewed(tx, &meeting)?;
    let text = if present.is_empty() { first_text(&meeting, &items, &facts, actor.today()) } else { Text::default() };
    Ok(store::create(tx, actor, org, meeting.id, &text)?)
}

/// A draft that may be written; anything else is refused.
///
/// # Errors
/// A refusal; `NotFound`; database faults.
pub fn draft(tx: &mut Tx, actor: &Actor, org: OrgId, meeting: MeetingId, id: ResolutionId) -> Result<Resolution, Fault> {
    meeting_for(tx, actor, org, meeting)?;
    let resolution = resolution_of(tx, org, meeting, id)?;
    if resolution.state.is_editable() {
        return Ok(resolution);
    }
    Err(Refusal::state("sửa nghị quyết", resolution.state, "Nghị quyết đã thông qua mà chưa ban hành thì phải mở lại trước.")
        .into())
}

/// Saves the text; `Ok(Some(present))` when somebody saved first.
///
/// # Errors
/// A refusal; `NotFound`; database faults.
pub fn save_text(
    tx: &mut Tx,
    actor: &Actor,
    at: (OrgId, MeetingId, ResolutionId),
    version: i64,
    text: &Text,
) -> Result<Option<Resolution>, Fault> {
    let present = draft(tx, actor, at.0, at.1, at.2)?;
    if present.version != version {
        return Ok(if present.text() == *text { None } else { Some(present) });
    }
    if present.text() != *text {
        store::save_text(tx, actor, at.0, at.2, version, text)?;
    }
    Ok(None)
}

/// Adds a task to a draft.
///
/// # Errors
/// A refusal; `NotFound`; database faults.
pub fn add_task(tx: &mut Tx, actor: &Actor, at: (OrgId, MeetingId, ResolutionId), new: &TaskDraft) -> Result<TaskId, Fault> {
    draft(tx, actor, at.0, at.1, at.2)?;
    let task = tasks::add(tx, actor, at.0, at.2, at.1, new)?;
    store::note_tasks(tx, actor, at.0, at.2)?;
    Ok(task)
}

/// A task of a draft.
///
/// # Errors
/// A refusal; `NotFound`; database faults.
pub fn task_of_draft(tx: &mut Tx, actor: &Actor, at: (OrgId, MeetingId, ResolutionId), task: TaskId) -> Result<Task, Fault> {
    draft(tx, actor, at.0, at.1, at.2)?;
    let task = tasks::get(tx, at.0, task)?;
    if task.resolution == at.2 { Ok(task) } else { Err(Fault::NotFound) }
}

/// What a button beside a task asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rearrange {
    /// One place up.
    Up,
    /// One place down.
    Down,
    /// Away with it.
    Remove,
}

/// Moves or removes a task of a draft.
///
/// # Errors
/// A refusal; `NotFound`; database faults.
pub fn rearrange(
    tx: &mut Tx,
    actor: &Actor,
    at: (OrgId, MeetingId, ResolutionId),
    task: TaskId,
    how: Rearrange,
) -> Result<(), Fault> {
    let task = task_of_draft(tx, actor, at, task)?;
    match how {
        Rearrange::Up => tasks::shift(tx, at.0, &task, true)?,
        Rearrange::Down => tasks::shift(tx, at.0, &task, false)?,
        Rearrange::Remove => tasks::remove(tx, at.0, task.id)?,
    }
    Ok(store::note_tasks(tx, actor, at.0, at.2)?)
}

/// Records the vote on a draft, judged by the rules of the meeting's day.
///
/// # Errors
/// A refusal when the meeting records nothing any more or the count cannot be right; database faults.
pub fn vote(
    tx: &mut Tx,
    actor: &Actor,
    at: (OrgId, MeetingId, ResolutionId),
    (count, reserved): (Count, &str),
    library: &Library,
) -> Result<(), Fault> {
    let resolution = draft(tx, actor, at.0, at.1, at.2)?;
    let meeting = meetings::get(tx, at.0, at.1)?;
    if !meeting.state.is_recording() {
        return Err(Refusal::state(
            "ghi biểu quyết",
            meeting.state,
            "Biểu quyết được ghi từ khi khai mạc đến trước khi thông qua biên bản.",
        )
        .into());
    }
    let new = NewVote {
        item: None,
        resolution: Some(resolution.id),
        subject: Subject::Resolution,
        threshold: record::threshold(tx, at.0, held_on(&meeting), library, Subject::Resolution)?,
        question: format!("Thông qua Nghị quyết {}", resolution.title),
        count,
        reserved: reserved.to_owned(),
    };
    live::add_vote(tx, actor, at.0, at.1, &new)?;
    Ok(tell(tx, actor.now, at.0, at.1, Topic::Vote)?)
}

/// Takes back a vote on a draft, recorded by mistake.
///
/// # Errors
/// A refusal; `NotFound`; database faults.
pub fn drop_vote(tx: &mut Tx, actor: &Actor, at: (OrgId, MeetingId, ResolutionId), vote: VoteId) -> Result<(), Fault> {
    draft(tx, actor, at.0, at.1, at.2)?;
    let meeting = meetings::get(tx, at.0, at.1)?;
    let known = live::votes(tx, at.0, at.1)?.iter().any(|v| v.id == vote && v.resolution == Some(at.2));
    if !known {
        return Err(Fault::NotFound);
    }
    if !meeting.state.is_recording() {
        return Err(
            Refusal::state("xóa kết quả biểu quyết", meeting.state, "Biên bản đã thông qua; hãy mở lại biên bản trước.").into()
        );
    }
    live::drop_vote(tx, actor, at.0, at.1, vote)?;
    Ok(tell(tx, actor.now, at.0, at.1, Topic::Vote)?)
}

/// The cell has voted: the resolution is adopted by its last vote and its tasks are in force.
///
/// # Errors
/// A refusal saying what is missing; `Conflict` when the draft changed since; database faults.
pub fn adopt(
    tx: &mut Tx,
    actor: &Actor,
    at: (OrgId, MeetingId, ResolutionId),
    version: i64,
    (reason, library, shelf): (&str, &Library, &Shelf),
) -> Result<(), Fault> {
    let meeting = meeting_for(tx, actor, at.0, at.1)?;
    let resolution = resolution_of(tx, at.0, at.1, at.2)?;
    let votes = live::votes(tx, at.0, at.1)?;
    let last = votes.iter().rev().find(|v| v.resolution == Some(at.2));
    let outcome = last.map(live::Vote::outcome).transpose()?;
    let given = tasks::of_resolution(tx, at.0, at.2)?;
    let said = Draft { title: resolution.title.clone(), tasks: given.iter().map(Task::draft).collect() };
    let state = resolution.state.adopt(&said, outcome.as_ref())?;
    if resolution.version != version {
        return Err(Fault::Conflict);
    }
    let reason = against_advice(advice(tx, actor, &meeting, &given, library, shelf)?.left(), reason)?;
    store::adopt(tx, actor, &resolution, state, last.map(|v| v.id), reason)?;
    Ok(tasks::put_in_force(tx, actor, at.0, at.2, true)?)
}

/// What is advised on a draft with these tasks.
///
/// # Errors
/// Database faults only.
pub fn advice(
    tx: &mut Tx,
    actor: &Actor,
    meeting: &Meeting,
    given: &[Task],
    library: &Library,
    shelf: &Shelf,
) -> Result<DraftAdvice, Fault> {
    let names = tasks::names(tx, given)?;
    let around = around(tx, meeting, names, library)?;
    let drafts: Vec<TaskDraft> = given.iter().map(Task::draft).collect();
    let texts: Vec<&str> = given.iter().map(|t| t.content.as_str()).collect();
    let near = look::near(tx, shelf, &around.rules, meeting.org, actor.today(), &texts)?;
    let mut tasks = around.tasks(&drafts);
    for (task, near) in tasks.iter_mut().zip(near) {
        task.near = near;
    }
    Ok(DraftAdvice { whole: around.resolution(given.len()), tasks })
}

/// What advice on a task of this meeting depends on besides its words.
///
/// # Errors
/// Database faults only.
pub fn around(tx: &mut Tx, meeting: &Meeting, names: BTreeMap<PersonId, String>, library: &Library) -> Result<Around, Fault> {
    let on = held_on(meeting);
    Ok(Around {
        rules: record::rules_on(tx, meeting.org, on, library)?,
        on,
        term_end: store::term_end(tx, meeting.org, on)?,
        load: advised::load(tx, meeting.org)?,
        names,
    })
}

/// What is advised on a draft: on the whole, and on each task in its order.
#[derive(Debug, Clone, Default)]
pub struct DraftAdvice {
    /// On the whole.
    pub whole: TaskAdvice,
    /// On each task.
    pub tasks: Vec<TaskAdvice>,
}

impl DraftAdvice {
    /// How many pieces of advice are left.
    pub fn left(&self) -> usize {
        self.whole.count() + self.tasks.iter().map(TaskAdvice::count).sum::<usize>()
    }
}

/// Takes an adopted resolution up again; its tasks are out of force until it is adopted anew.
///
/// # Errors
/// A refusal, also when work on its tasks was reported; `Conflict`; database faults.
pub fn reopen(tx: &mut Tx, actor: &Actor, at: (OrgId, MeetingId, ResolutionId), version: i64, reason: &str) -> Result<(), Fault> {
    meeting_for(tx, actor, at.0, at.1)?;
    let resolution = resolution_of(tx, at.0, at.1, at.2)?;
    let state = resolution.state.reopen(reason)?;
    if tasks::any_event(tx, at.0, at.2)? {
        return Err(Refusal::new(
            "tasks_begun",
            "Đã có nhiệm vụ được báo cáo hoặc gia hạn nên không mở lại nghị quyết được. Hãy điều chỉnh bằng nghị quyết mới.",
        )
        .into());
    }
    if resolution.version != version {
        return Err(Fault::Conflict);
    }
    store::reopen(tx, actor, &resolution, state, reason)?;
    Ok(tasks::put_in_force(tx, actor, at.0, at.2, false)?)
}

/// Removes a draft nobody voted on.
///
/// # Errors
/// A refusal; `Conflict`; database faults.
pub fn remove(tx: &mut Tx, actor: &Actor, at: (OrgId, MeetingId, ResolutionId), version: i64) -> Result<(), Fault> {
    let resolution = draft(tx, actor, at.0, at.1, at.2)?;
    if live::votes(tx, at.0, at.1)?.iter().any(|v| v.resolution == Some(at.2)) {
        return Err(Refusal::new("voted", "Dự thảo đã được biểu quyết nên không xóa được.").into());
    }
    if resolution.version != version {
        return Err(Fault::Conflict);
    }
    Ok(store::remove_draft(tx, actor, &resolution)?)
}
