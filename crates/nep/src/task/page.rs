//! Pages of tasks.

use askama::Template;
use web::form::Form;

use crate::shell::Shell;

/// A task in a list.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Address.
    pub href: String,
    /// Nội dung.
    pub content: String,
    /// Who does it.
    pub doer: String,
    /// Who checks it.
    pub checker: String,
    /// Who urges it.
    pub urger: String,
    /// Deadline as shown.
    pub deadline: String,
    /// How far it is from today, while it is live.
    pub left: String,
    /// State class.
    pub class: &'static str,
    /// State in words.
    pub state: String,
    /// Progress in per cent.
    pub progress: i64,
    /// Cause and responsibility, where said.
    pub cause: String,
    /// What is done next, where said.
    pub next_step: String,
    /// The deadline that is asked for, where one waits for a decision.
    pub proposed: String,
    /// The item of the agenda it came from, where known.
    pub why: String,
}

/// The tasks of one resolution.
#[derive(Debug, Clone, Default)]
pub struct Group {
    /// Heading.
    pub title: String,
    /// Address of the resolution.
    pub href: String,
    /// Address of the meeting that adopted it, and its title with the day.
    pub meeting: (String, String),
    /// How they stand.
    pub review: String,
    /// Its tasks.
    pub rows: Vec<Row>,
}

/// Tasks in force of a cell.
#[derive(Template)]
#[template(path = "task/list.html")]
pub struct ListPage {
    /// Frame.
    pub shell: Shell,
    /// Filter as sent.
    pub form: Form,
    /// The cell.
    pub org: String,
    /// Groups by resolution.
    pub groups: Vec<Group>,
    /// How all that are shown stand, in a sentence.
    pub review: String,
    /// How many tasks there are without any filter.
    pub total: usize,
    /// How many are shown.
    pub shown: usize,
    /// Causes of the year with their counts and the address of their tasks.
    pub causes: Vec<(String, u32, String)>,
    /// The year they are of, and the years to choose from with their addresses.
    pub year: i16,
    /// Other years.
    pub years: Vec<(i16, String)>,
    /// How many are late without a cause.
    pub unexplained: usize,
    /// Whether the person may see the list of calls.
    pub calls: bool,
    /// States to choose from.
    pub states: Vec<(String, String)>,
    /// Doers to choose from.
    pub doers: Vec<(String, String)>,
    /// The filter as a query, for the XLSX.
    pub query: String,
    /// Whether the person prepares meetings.
    pub writer: bool,
}

/// Something that happened to a task.
#[derive(Debug, Clone, Default)]
pub struct Happened {
    /// What.
    pub what: String,
    /// In words.
    pub body: String,
    /// Who and when.
    pub by: String,
    /// Address of the evidence.
    pub file: String,
    /// Its name.
    pub file_name: String,
}

/// What the person may do with a task.
#[derive(Debug, Clone, Copy, Default)]
pub struct May {
    /// Report.
    pub report: bool,
    /// Report in another's name.
    pub in_name: bool,
    /// Confirm or send back.
    pub confirm: bool,
    /// Extend and end.
    pub chair: bool,
    /// Remind.
    pub involved: bool,
    /// Say why.
    pub explain: bool,
}

/// One task.
#[derive(Template)]
#[template(path = "task/task.html")]
pub struct TaskPage {
    /// Frame.
    pub shell: Shell,
    /// The form as sent.
    pub form: Form,
    /// Base address of the task.
    pub base: String,
    /// The task.
    pub row: Row,
    /// Yêu cầu.
    pub requirement: String,
    /// Biện pháp.
    pub measure: String,
    /// Resolution: address and title.
    pub resolution: (String, String),
    /// The meeting that adopted it: address and title with the day.
    pub meeting: (String, String),
    /// What happened, newest first.
    pub events: Vec<Happened>,
    /// What the person may do.
    pub may: May,
    /// Why the person cannot confirm, when that needs saying.
    pub wait: String,
    /// Causes to choose from.
    pub causes: Vec<(String, String)>,
    /// Responsibilities to choose from.
    pub responsibilities: Vec<(String, String)>,
    /// Whether the cause should be said: late or sent back.
    pub explain: bool,
    /// The cause in words, where said.
    pub note: String,
}

/// My own tasks.
#[derive(Template)]
#[template(path = "task/mine.html")]
pub struct MinePage {
    /// Frame.
    pub shell: Shell,
    /// I do them.
    pub doing: Vec<Row>,
    /// They wait for my confirmation.
    pub to_check: Vec<Row>,
    /// I urge them.
    pub to_urge: Vec<Row>,
    /// Over.
    pub over: Vec<Row>,
}

/// A late task in the review.
#[derive(Debug, Clone, Default)]
pub struct Late {
    /// The task.
    pub row: Row,
    /// The cause in words.
    pub note: String,
    /// Where a chair gives the time that is asked for; empty when none is or another decides.
    pub agree: String,
}

/// What is late, before and at the next meeting.
#[derive(Template)]
#[template(path = "task/review.html")]
pub struct ReviewPage {
    /// Frame.
    pub shell: Shell,
    /// The cell.
    pub org: String,
    /// Nobody has said why.
    pub unexplained: Vec<Late>,
    /// The cause is said.
    pub explained: Vec<Late>,
    /// Whether the person decides on deadlines.
    pub chair: bool,
}
