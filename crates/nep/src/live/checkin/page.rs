//! Pages of self check-in: the panel with the code, its page for a big screen, a member's own field.
//! May touch: plain data for templates. Rules: section 2.3; the code never on a page that members open.

use askama::Template;
use web::form::Form;

use crate::live::room::page::Live;
use crate::shell::Shell;

/// What whoever takes the roll sees of self check-in.
#[derive(Debug, Clone, Default)]
pub struct Panel {
    /// Address of the page with the code.
    pub base: String,
    /// Whether it is open.
    pub on: bool,
    /// The code.
    pub code: String,
    /// As it is read aloud.
    pub spoken: String,
    /// Milliseconds until the next one.
    pub left: i64,
    /// The same in whole seconds.
    pub left_seconds: i64,
    /// For how many seconds each code is shown.
    pub period: u32,
    /// How many have checked in themselves.
    pub own: usize,
}

/// The code on a big screen.
#[derive(Template)]
#[template(path = "live/checkin/screen.html")]
pub struct Screen {
    /// For styles, script and form key.
    pub shell: Shell,
    /// What keeps the page live.
    pub live: Live,
    /// Name of the cell.
    pub cell: String,
    /// Title of the meeting.
    pub title: String,
    /// Address of the roll.
    pub roll: String,
    /// The code; none while the meeting is not being held.
    pub panel: Option<Panel>,
    /// What to say when it is not.
    pub state: &'static str,
    /// How many are there.
    pub tally: String,
}

/// Where a member stands with their own check-in.
#[derive(Debug, Clone, Default)]
pub struct OwnView {
    /// What is shown: `field`, `done`, `note`; empty for nothing.
    pub kind: &'static str,
    /// What the roll says, or what went wrong so far.
    pub words: String,
    /// Whom to ask; empty where nothing is to be asked.
    pub ask: &'static str,
    /// Where the code goes.
    pub action: String,
}

/// A member's own check-in as a page.
#[derive(Template)]
#[template(path = "live/checkin/own.html")]
pub struct OwnPage {
    /// Frame.
    pub shell: Shell,
    /// The form as sent.
    pub form: Form,
    /// Where the member stands.
    pub own: OwnView,
    /// Address of the meeting.
    pub meeting: String,
}
