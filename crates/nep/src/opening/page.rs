//! Pages of openings, on the cell's side and the committee's.
//! May touch: plain data for templates. Rules: experience.md.

use askama::Template;
use web::form::Form;

use crate::home::page::Todo;
use crate::shell::Shell;

/// Openings of a cell, or to a committee.
#[derive(Template)]
#[template(path = "opening/list.html")]
pub struct ListPage {
    /// Frame.
    pub shell: Shell,
    /// Whose page.
    pub name: String,
    /// Whether it is the cell's.
    pub cell: bool,
    /// Address of the list.
    pub base: String,
    /// Whether the reader may begin one.
    pub begins: bool,
    /// Those that run or wait.
    pub live: Vec<Todo>,
    /// Those that are over.
    pub over: Vec<Todo>,
}

/// A record that is covered.
#[derive(Debug, Clone, Default)]
pub struct RecordRow {
    /// Where it is read; empty where it is not.
    pub href: String,
    /// Number.
    pub number: String,
    /// Date.
    pub on: String,
    /// What it is about.
    pub title: String,
}

/// A reading.
#[derive(Debug, Clone, Default)]
pub struct ReadRow {
    /// Who.
    pub name: String,
    /// What.
    pub number: String,
    /// How.
    pub way: String,
    /// When.
    pub at: String,
}

/// Something a reader may decide.
#[derive(Debug, Clone, Default)]
pub struct Act {
    /// Word of the form.
    pub value: &'static str,
    /// Words of the button.
    pub label: &'static str,
    /// Whether it is not the main one.
    pub quiet: bool,
}

/// One opening.
#[derive(Template)]
#[template(path = "opening/one.html")]
pub struct OnePage {
    /// Frame.
    pub shell: Shell,
    /// Who sees this page.
    pub who: &'static str,
    /// Class of the state.
    pub class: &'static str,
    /// The state.
    pub word: String,
    /// Label and value.
    pub facts: Vec<(&'static str, String)>,
    /// What is covered.
    pub records: Vec<RecordRow>,
    /// What is said where nothing is listed.
    pub nothing: &'static str,
    /// Who read what.
    pub readings: Vec<ReadRow>,
    /// Where decisions are sent.
    pub action: String,
    /// What may be decided.
    pub acts: Vec<Act>,
    /// What has to be known about it.
    pub say: &'static str,
    /// Version of the opening.
    pub version: i64,
}

/// Sharing with a committee above.
#[derive(Template)]
#[template(path = "opening/share.html")]
pub struct SharePage {
    /// Frame.
    pub shell: Shell,
    /// The form as sent.
    pub form: Form,
    /// Address of the list.
    pub base: String,
    /// Committees above.
    pub committees: Vec<(String, String)>,
    /// Records, and the way by months.
    pub records: Vec<(String, String)>,
    /// Months.
    pub months: Vec<(String, String)>,
    /// Why so long at most.
    pub why: Vec<String>,
    /// Whether there is anything to share.
    pub any: bool,
}

/// Proposing an opening for an inspection.
#[derive(Template)]
#[template(path = "opening/propose.html")]
pub struct ProposePage {
    /// Frame.
    pub shell: Shell,
    /// The form as sent.
    pub form: Form,
    /// Address of the list.
    pub base: String,
    /// Cells to choose from.
    pub cells: Vec<(String, String)>,
    /// Months.
    pub months: Vec<(String, String)>,
    /// Why so long at most.
    pub why: Vec<String>,
}

/// An opened record.
#[derive(Template)]
#[template(path = "opening/record.html")]
pub struct RecordPage {
    /// Frame.
    pub shell: Shell,
    /// Address of the record.
    pub base: String,
    /// The cell.
    pub cell: String,
    /// What it is about, with its date.
    pub about: String,
    /// The last day.
    pub until: String,
    /// The preview, made of escaped text only.
    pub preview: String,
}
