//! Pages of concerns.

use askama::Template;
use web::form::Form;

use crate::home::page::Todo;
use crate::shell::Shell;

/// Something said of a concern.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// What it is.
    pub what: String,
    /// By whom and when.
    pub by: String,
    /// The words.
    pub body: String,
}

/// What a page shows of a concern beside its words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct View {
    /// State class.
    pub class: &'static str,
    /// State in a word.
    pub word: String,
    /// How old it is.
    pub age: String,
    /// What was said.
    pub said: Vec<Said>,
    /// Consent in words.
    pub consent: String,
    /// Whether it waits or was answered.
    pub live: bool,
    /// Whether it was answered.
    pub answered: bool,
    /// Whether chi ủy closed it.
    pub closed: bool,
    /// Address of the meeting it stands on the agenda of.
    pub meeting: String,
    /// For "someone saved first".
    pub version: i64,
}

/// The concerns of a cell, for chi ủy.
#[derive(Template)]
#[template(path = "concern/list.html")]
pub struct ListPage {
    /// Frame.
    pub shell: Shell,
    /// The form as sent.
    pub form: Form,
    /// Address.
    pub base: String,
    /// Those that wait for something.
    pub live: Vec<Todo>,
    /// Those that are over.
    pub over: Vec<Todo>,
    /// Members to note one for.
    pub people: Vec<(String, String)>,
    /// Rules.
    pub cites: Vec<String>,
}

/// One concern, for chi ủy.
#[derive(Template)]
#[template(path = "concern/concern.html")]
pub struct ConcernPage {
    /// Frame.
    pub shell: Shell,
    /// The form as sent.
    pub form: Form,
    /// Address.
    pub base: String,
    /// The concern.
    pub c: View,
    /// Whether it is the reader's own.
    pub own: bool,
    /// Whether the reader chairs.
    pub chairs: bool,
    /// Whether consent may be asked.
    pub may_ask: bool,
    /// Meetings in preparation whose agenda it may go on; empty without consent.
    pub meetings: Vec<(String, String)>,
    /// Whether the member agreed.
    pub agreed: bool,
}

/// The member's own concerns.
#[derive(Template)]
#[template(path = "concern/own_list.html")]
pub struct OwnListPage {
    /// Frame.
    pub shell: Shell,
    /// The form as sent.
    pub form: Form,
    /// Cells the member may tell something to.
    pub cells: Vec<(String, String)>,
    /// The member's concerns.
    pub list: Vec<Todo>,
    /// In how many days chi ủy should answer.
    pub days: i64,
}

/// One concern, for the member.
#[derive(Template)]
#[template(path = "concern/own.html")]
pub struct OwnPage {
    /// Frame.
    pub shell: Shell,
    /// The form as sent.
    pub form: Form,
    /// Address.
    pub base: String,
    /// The concern.
    pub c: View,
    /// Whether the chair asks for consent.
    pub asked: bool,
    /// Whether consent may still be changed.
    pub may_consent: bool,
}
