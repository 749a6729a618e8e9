//! Pages of notes.

use askama::Template;
use web::form::Form;

use crate::home::page::Todo;
use crate::shell::Shell;

/// A note in words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NoteView {
    /// Identifier.
    pub id: String,
    /// Whom it is about.
    pub name: String,
    /// What it is.
    pub kind: String,
    /// The day it was said.
    pub day: String,
    /// The words.
    pub body: String,
    /// What is to be done.
    pub remedy: String,
    /// Until when.
    pub deadline: String,
    /// State class.
    pub class: &'static str,
    /// State in a word.
    pub word: String,
    /// Address of the meeting it was said in.
    pub meeting: String,
    /// What the member says of it.
    pub answer: String,
    /// Who said that it is remedied, when, and how.
    pub done: String,
    /// Why it goes on or was taken back.
    pub reason: String,
    /// Whether a remedy is open.
    pub open: bool,
    /// Whether it is said to be remedied.
    pub is_done: bool,
    /// Whether it was taken back.
    pub withdrawn: bool,
    /// For "someone saved first".
    pub version: i64,
}

/// The notes of a cell.
#[derive(Template)]
#[template(path = "note/list.html")]
pub struct ListPage {
    /// Frame.
    pub shell: Shell,
    /// Address.
    pub base: String,
    /// Remedies that are open.
    pub open: Vec<Todo>,
    /// Everything else of this year and the last.
    pub rest: Vec<Todo>,
}

/// Writing a note.
#[derive(Template)]
#[template(path = "note/new.html")]
pub struct NewPage {
    /// Frame.
    pub shell: Shell,
    /// The form as sent.
    pub form: Form,
    /// Address of the list.
    pub base: String,
    /// Kinds to choose from.
    pub kinds: Vec<(String, String)>,
    /// Members to choose from.
    pub people: Vec<(String, String)>,
    /// The meeting it is said in: address and title.
    pub meeting: Option<(String, String)>,
}

/// A note, for chi ủy or for the member.
#[derive(Template)]
#[template(path = "note/note.html")]
pub struct NotePage {
    /// Frame.
    pub shell: Shell,
    /// The form as sent.
    pub form: Form,
    /// Address of the note.
    pub base: String,
    /// The note.
    pub note: NoteView,
    /// Whether the reader is the member concerned.
    pub own: bool,
    /// Whether the reader may reopen it or take it back.
    pub leads: bool,
}
