//! Pages of notices: the check before sending, answers, asking to be absent, prepared opinions,
//! the calendar link. Touches shells and rows already read. Rules: CB-03, CB-04, M8, M9.

use askama::Template;
use domain::id::{MeetingId, OrgId, PersonId, RowId};
use web::form::Form;

use crate::meeting::store::Meeting;
use crate::meeting::view::parts;
use crate::shell::Shell;

/// A line of the check page.
pub struct CheckView {
    /// What.
    pub text: String,
    /// Where to mend it; empty when in order.
    pub href: String,
    /// State class.
    pub class: &'static str,
    /// State in a word.
    pub word: &'static str,
}

/// A notice that went out.
pub struct SentView {
    /// When, and how long before.
    pub head: String,
    /// Why it replaced the one before.
    pub change: String,
    /// Text by line.
    pub lines: Vec<String>,
    /// How many have opened it.
    pub read: String,
    /// Who has not.
    pub unread: String,
}

/// The check before sending, and what was sent.
#[derive(Template)]
#[template(path = "notice/check.html")]
pub struct CheckPage {
    /// Frame.
    pub shell: Shell,
    /// The form as sent.
    pub form: Form,
    /// The meeting.
    pub m: Meeting,
    /// State class.
    pub class: &'static str,
    /// State in a word.
    pub state: &'static str,
    /// Whether it is prepared and a notice may follow.
    pub sendable: bool,
    /// Whether the notice is out.
    pub noticed: bool,
    /// Whether the reader may send.
    pub leads: bool,
    /// Whether the preparation changed while the text was edited.
    pub stale: bool,
    /// Whether something must be done first.
    pub blocked: bool,
    /// What is in order and what is not.
    pub checks: Vec<CheckView>,
    /// What changed since the last notice: what, before, after.
    pub changes: Vec<(&'static str, String, String)>,
    /// Whether answers become void.
    pub asks_again: bool,
    /// Whom it goes to, in a sentence.
    pub recipients_words: String,
    /// Whom it goes to.
    pub recipients: Vec<String>,
    /// How many members.
    pub members: usize,
    /// Fingerprint of what the draft was made from.
    pub print: String,
    /// What was sent, newest first.
    pub sent: Vec<SentView>,
    /// Where the lead time comes from.
    pub why: Vec<String>,
}

impl CheckPage {
    fn subnav(&self) -> Vec<(String, &'static str, bool)> {
        parts(self.m.org, self.m.id, "thong-bao")
    }
}

/// A member and the answer.
pub struct AnswerView {
    /// Who.
    pub person: PersonId,
    /// Full name.
    pub name: String,
    /// Reason, and whether the notice was opened.
    pub small: String,
    /// State class.
    pub class: &'static str,
    /// State in a word.
    pub word: &'static str,
    /// Whether there is something to decide.
    pub decide: bool,
    /// Version of the answer.
    pub version: i64,
}

/// A prepared opinion.
pub struct OpinionView {
    /// Identifier.
    pub id: RowId,
    /// Whose.
    pub name: String,
    /// What it is about.
    pub about: String,
    /// Text.
    pub body: String,
    /// Whether the writer wants to speak.
    pub wants_floor: bool,
    /// State class.
    pub class: &'static str,
    /// State in words.
    pub word: &'static str,
}

/// Answers and opinions, for who prepares the meeting.
#[derive(Template)]
#[template(path = "notice/answers.html")]
pub struct AnswersPage {
    /// Frame.
    pub shell: Shell,
    /// The meeting.
    pub m: Meeting,
    /// Whether the reader decides excuses.
    pub leads: bool,
    /// How many come.
    pub coming: usize,
    /// How many ask to be absent.
    pub away: usize,
    /// Of those, how many wait for a decision.
    pub undecided: usize,
    /// How many have not answered.
    pub silent: usize,
    /// Everybody.
    pub people: Vec<AnswerView>,
    /// What was sent ahead.
    pub opinions: Vec<OpinionView>,
}

impl AnswersPage {
    fn subnav(&self) -> Vec<(String, &'static str, bool)> {
        parts(self.m.org, self.m.id, "tra-loi")
    }
}

/// Asking to be absent.
#[derive(Template)]
#[template(path = "notice/excuse.html")]
pub struct ExcusePage {
    /// Frame.
    pub shell: Shell,
    /// The form as sent.
    pub form: Form,
    /// The cell.
    pub org: OrgId,
    /// The meeting.
    pub meeting: MeetingId,
    /// Its title.
    pub title: String,
    /// Its time.
    pub when: String,
    /// Reasons of the rule pack.
    pub reasons: Vec<(String, String)>,
}

/// One's own opinions.
#[derive(Template)]
#[template(path = "notice/opinions.html")]
pub struct OpinionsPage {
    /// Frame.
    pub shell: Shell,
    /// The form as sent.
    pub form: Form,
    /// The cell.
    pub org: OrgId,
    /// The meeting.
    pub meeting: MeetingId,
    /// Its title.
    pub title: String,
    /// Whether opinions are still taken.
    pub editable: bool,
    /// What one has written.
    pub own: Vec<OpinionView>,
    /// Items to write on.
    pub items: Vec<(String, String)>,
}

/// The calendar link.
#[derive(Template)]
#[template(path = "notice/calendar.html")]
pub struct CalendarPage {
    /// Frame.
    pub shell: Shell,
    /// Whether there is a link.
    pub has_link: bool,
    /// The link itself, once, right after it was made.
    pub link: String,
}
