//! Pages of the absence chain.

use askama::Template;
use web::form::Form;

use crate::home::page::Todo;
use crate::shell::Shell;

/// One meeting of the case as its facts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FactLine {
    /// The meeting.
    pub meeting: String,
    /// Address of its minutes; empty for who may not read them.
    pub href: String,
    /// Title.
    pub title: String,
    /// The kỳ.
    pub period: String,
    /// Day.
    pub day: String,
    /// State class of the mark.
    pub class: &'static str,
    /// The mark in words.
    pub mark: String,
    /// What the member had answered to the notice.
    pub reply: String,
    /// Whether the month counts as absent without a reason.
    pub missed: bool,
    /// Whether the member may object.
    pub open: bool,
    /// What the member said.
    pub claim: String,
    /// In their words.
    pub words: String,
    /// The objection; empty when none.
    pub objection: String,
    /// What was decided; empty while it waits.
    pub verdict: String,
    /// State class of the decision.
    pub verdict_class: &'static str,
    /// Why.
    pub reason: String,
    /// Address of the correction.
    pub corrected: String,
}

/// A member whose facts ask for something.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Met {
    /// Who.
    pub person: String,
    /// Full name.
    pub name: String,
    /// The kỳ, with what follows.
    pub text: String,
    /// State class.
    pub class: &'static str,
    /// What follows, in a word.
    pub word: String,
}

/// The list of a cell.
#[derive(Template)]
#[template(path = "absence/list.html")]
pub struct ListPage {
    /// Frame.
    pub shell: Shell,
    /// Address.
    pub base: String,
    /// The year.
    pub year: i16,
    /// Years to choose from.
    pub years: Vec<i16>,
    /// Who is to be talked with, in the order of names.
    pub met: Vec<Met>,
    /// Cases that are not over.
    pub live: Vec<Todo>,
    /// Cases that are.
    pub over: Vec<Todo>,
    /// Who was excused many times in a row: name and words.
    pub often: Vec<(String, String)>,
    /// How many days a member is heard.
    pub hear_days: i64,
    /// Rules.
    pub cites: Vec<String>,
}

/// A case, for chi ủy.
#[derive(Template)]
#[template(path = "absence/case.html")]
pub struct CasePage {
    /// Frame.
    pub shell: Shell,
    /// The form as sent.
    pub form: Form,
    /// Address of the case.
    pub base: String,
    /// State class and words.
    pub state: (&'static str, String),
    /// In a sentence.
    pub sub: String,
    /// The year.
    pub year: i16,
    /// The facts.
    pub facts: Vec<FactLine>,
    /// What they amount to.
    pub sum: String,
    /// Rules.
    pub cites: Vec<String>,
    /// How far the member is.
    pub heard: String,
    /// Whether the case is over.
    pub over: bool,
    /// Whether a notice is drafted.
    pub drafted: bool,
    /// Whether one may be drafted now; else why not.
    pub may_draft: bool,
    /// Why not.
    pub draft_wait: String,
    /// Whether the reader decides, confirms and closes.
    pub leads: bool,
    /// Whether it is the reader's own case.
    pub own: bool,
    /// Who will see the notice.
    pub told: &'static str,
    /// Address of the issued notice.
    pub issued: String,
    /// Why it was closed without one.
    pub closed: String,
    /// For "someone saved first".
    pub version: i64,
}

/// The member's own page of a case.
#[derive(Template)]
#[template(path = "absence/own.html")]
pub struct OwnPage {
    /// Frame.
    pub shell: Shell,
    /// The form as sent.
    pub form: Form,
    /// Address.
    pub base: String,
    /// State class and words.
    pub state: (&'static str, String),
    /// In a sentence.
    pub sub: String,
    /// Name of the cell.
    pub cell: String,
    /// The year.
    pub year: i16,
    /// The facts.
    pub facts: Vec<FactLine>,
    /// What they amount to.
    pub sum: String,
    /// Rules.
    pub cites: Vec<String>,
    /// Whether the member may still speak.
    pub open: bool,
    /// Whether the member said that there is nothing to object.
    pub content: bool,
    /// The last day to object.
    pub until: String,
    /// The text of the confirmed notice.
    pub notice: String,
    /// Whether there is a paper to print.
    pub paper: bool,
    /// Why it was closed without one.
    pub closed: String,
}
