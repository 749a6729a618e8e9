//! Pages of resolutions.

use askama::Template;
use web::form::Form;

use crate::advice::page::{NearLine, TaskAdvice, Why};
use crate::shell::Shell;

/// The meeting a resolution belongs to, for headings and addresses.
#[derive(Debug, Clone, Default)]
pub struct MeetingHead {
    /// Address of the meeting.
    pub href: String,
    /// Title.
    pub title: String,
    /// Day and hour in words.
    pub when: String,
}

/// A task on the page of its resolution.
#[derive(Debug, Clone, Default)]
pub struct TaskLine {
    /// Identifier.
    pub id: String,
    /// Place in the list.
    pub number: usize,
    /// Nội dung.
    pub content: String,
    /// Yêu cầu.
    pub requirement: String,
    /// Biện pháp.
    pub measure: String,
    /// Thời hạn.
    pub deadline: String,
    /// Thực hiện.
    pub doer: String,
    /// Kiểm tra.
    pub checker: String,
    /// Đôn đốc.
    pub urger: String,
    /// State class.
    pub class: &'static str,
    /// State in words.
    pub state: String,
    /// Whether another stands after it.
    pub more: bool,
}

/// A vote on the page.
#[derive(Debug, Clone, Default)]
pub struct VoteLine {
    /// Identifier.
    pub id: String,
    /// Whether it passed.
    pub passed: bool,
    /// The line of the minutes.
    pub line: String,
    /// Why it passed or not.
    pub why: String,
    /// Where the threshold comes from.
    pub source: String,
    /// When, and who keeps an opinion.
    pub note: String,
}

/// A conclusion that can become a task.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// Item of the agenda.
    pub item: String,
    /// Words.
    pub text: String,
}

/// Where the resolution stands in its way.
#[derive(Debug, Clone, Default)]
pub struct StepMark {
    /// Words.
    pub label: &'static str,
    /// Place on the page.
    pub href: &'static str,
    /// Whether it is done.
    pub done: bool,
    /// Whether it is the next.
    pub current: bool,
}

/// Something that happened to the resolution.
#[derive(Debug, Clone, Default)]
pub struct Happened {
    /// What.
    pub what: String,
    /// Who and when.
    pub by: String,
}

/// One resolution as pages show it.
#[derive(Debug, Clone, Default)]
pub struct View {
    /// Base of its addresses.
    pub base: String,
    /// Version for saving.
    pub version: i64,
    /// What it is about.
    pub title: String,
    /// State class and words.
    pub class: &'static str,
    /// State in words.
    pub state: String,
    /// Whether it is a draft.
    pub draft: bool,
    /// Whether it is adopted and not yet issued.
    pub adopted: bool,
    /// Address of the sealed document, when issued.
    pub issued: String,
    /// Number as written, when issued.
    pub number: String,
    /// Paragraphs of I.
    pub assessment: Vec<String>,
    /// Paragraphs of II.
    pub direction: Vec<String>,
    /// Paragraphs of III.
    pub organising: Vec<String>,
    /// Its tasks.
    pub tasks: Vec<TaskLine>,
    /// Votes on it.
    pub votes: Vec<VoteLine>,
    /// Whether the last vote passed.
    pub passed: bool,
    /// Advice on the whole and on its tasks, in sentences.
    pub advice: Vec<String>,
    /// Why.
    pub whys: Vec<Why>,
    /// Earlier tasks that ask for the same: number of the task and what is near.
    pub near: Vec<(usize, Vec<NearLine>)>,
    /// How many pieces of advice are left.
    pub advised: usize,
    /// Why it was adopted although advice was left.
    pub advice_reason: String,
    /// The way it goes.
    pub steps: Vec<StepMark>,
    /// Its history.
    pub history: Vec<Happened>,
    /// Why it was taken up again.
    pub reopened: String,
    /// Whether the text was changed after the last vote.
    pub changed_after_vote: bool,
    /// Other resolutions of the meeting: address and title.
    pub others: Vec<(String, String)>,
}

/// The page of a meeting's resolution.
#[derive(Template)]
#[template(path = "resolution/resolution.html")]
pub struct ResolutionPage {
    /// Frame.
    pub shell: Shell,
    /// Fields of the text and of the vote.
    pub form: Form,
    /// The meeting.
    pub meeting: MeetingHead,
    /// The resolution, when there is one to see.
    pub view: Option<View>,
    /// Whether the person may write.
    pub writer: bool,
    /// Whether the person may adopt, reopen and issue.
    pub chair: bool,
    /// Whether votes may be recorded now.
    pub recording: bool,
    /// Whether the meeting has ended.
    pub held: bool,
    /// Whether the meeting was cancelled.
    pub cancelled: bool,
    /// The electorate in words.
    pub electorate: String,
    /// Conclusions of the meeting.
    pub said: Vec<Said>,
    /// How the tasks of the last resolution stand; empty when there are none.
    pub review: String,
    /// Base address of the resolutions of the meeting.
    pub base: String,
    /// The cell, for addresses.
    pub org: String,
}

/// The form of one task.
#[derive(Template)]
#[template(path = "resolution/task_form.html")]
pub struct TaskFormPage {
    /// Frame.
    pub shell: Shell,
    /// Fields.
    pub form: Form,
    /// Where it is sent.
    pub action: String,
    /// Way back.
    pub back: String,
    /// Members to choose from.
    pub people: Vec<(String, String)>,
    /// Whether the task is new.
    pub new: bool,
    /// The deadline with its weekday, when one was given.
    pub echo: String,
    /// What is advised on it as it stands.
    pub advice: TaskAdvice,
    /// Where it is looked through while it is typed.
    pub look: String,
    /// The task, when it has been saved before.
    pub task: String,
    /// Address of the script.
    pub script: &'static str,
}

/// A field that two people changed.
#[derive(Debug, Clone, Default)]
pub struct Clash {
    /// Name of the field.
    pub name: &'static str,
    /// Label.
    pub label: &'static str,
    /// My text.
    pub mine: String,
    /// Their text.
    pub theirs: String,
    /// Both in one.
    pub both: String,
}

/// Two people saved one draft.
#[derive(Template)]
#[template(path = "resolution/conflict.html")]
pub struct ConflictPage {
    /// Frame.
    pub shell: Shell,
    /// Where the merged text is sent.
    pub action: String,
    /// Way back without saving.
    pub back: String,
    /// Version the merged text stands on.
    pub version: i64,
    /// Fields that differ.
    pub clashes: Vec<Clash>,
    /// Fields that are equal, sent along.
    pub same: Vec<(&'static str, String)>,
}
