//! Pages of messages.

use askama::Template;
use web::form::Form;

use crate::shell::Shell;

/// A task or something sent down that a message speaks of.
#[derive(Debug, Clone, Default)]
pub struct Told {
    /// Address of it.
    pub href: String,
    /// What is to be done or read.
    pub content: String,
    /// Why it is told, and until when or what to do next.
    pub small: String,
}

/// The message of a day.
#[derive(Debug, Clone, Default)]
pub struct Day {
    /// The day.
    pub day: String,
    /// Kinds and counts.
    pub text: String,
    /// Whether it is not yet read.
    pub unread: bool,
    /// The tasks, and what was sent down.
    pub tasks: Vec<Told>,
}

/// The inbox of a person.
#[derive(Template)]
#[template(path = "message/inbox.html")]
pub struct InboxPage {
    /// Frame.
    pub shell: Shell,
    /// Messages, newest first.
    pub days: Vec<Day>,
    /// Whether any is not yet read.
    pub unread: bool,
    /// Whether this installation sends mails.
    pub mails: bool,
    /// On which days something is told.
    pub why: Vec<String>,
}

/// Whether and where a person wants mails.
#[derive(Template)]
#[template(path = "message/choice.html")]
pub struct ChoicePage {
    /// Frame.
    pub shell: Shell,
    /// The form as sent.
    pub form: Form,
    /// Whether this installation sends mails.
    pub mails: bool,
    /// The address that was confirmed.
    pub confirmed: String,
    /// The address that waits for its code.
    pub waiting: String,
}

/// One line of the list of calls.
#[derive(Debug, Clone, Default)]
pub struct Call {
    /// Full name.
    pub name: String,
    /// Telephone; empty where there is none.
    pub phone: String,
    /// Why no message reaches them.
    pub why: &'static str,
    /// What to say.
    pub lines: Vec<String>,
}

/// Whom no message reaches and what to tell them.
#[derive(Template)]
#[template(path = "message/calls.html")]
pub struct CallsPage {
    /// Frame.
    pub shell: Shell,
    /// The cell.
    pub org: String,
    /// The day.
    pub day: String,
    /// Who never opens the program.
    pub away: Vec<Call>,
    /// Who opens it but gets no mail.
    pub quiet: Vec<Call>,
    /// How many others have something and are reached.
    pub reached: usize,
}

/// One delivery that failed.
#[derive(Debug, Clone, Default)]
pub struct Failed {
    /// Its number.
    pub id: String,
    /// Way, tries, moment.
    pub small: String,
    /// Number of the message.
    pub message: String,
    /// Why.
    pub why: String,
    /// State as a class.
    pub class: &'static str,
    /// State in words.
    pub state: String,
    /// Whether it may be sent again.
    pub again: bool,
    /// Whether it may arrive twice.
    pub twice: bool,
}

/// What goes out of the installation.
#[derive(Template)]
#[template(path = "message/admin.html")]
pub struct AdminPage {
    /// Frame.
    pub shell: Shell,
    /// The organisation of the address.
    pub org: String,
    /// The ways that are set up, in words.
    pub channels: String,
    /// How many stand where, by way.
    pub counts: Vec<(String, i64)>,
    /// What failed or waits after a failure.
    pub failed: Vec<Failed>,
}
