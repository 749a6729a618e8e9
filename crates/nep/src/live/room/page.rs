//! What pages show of the room, and the projector's page.
//! May touch: plain data for templates. Rules: experience.md, section 2.3.

use askama::Template;

use crate::live::checkin::page::OwnView;
use crate::shell::Shell;

/// What a page needs to stay live.
#[derive(Debug, Clone, Default)]
pub struct Live {
    /// Address of the events.
    pub stream: String,
    /// Address of the page itself, as it stands.
    pub page: String,
    /// The number of the last event the page knows.
    pub seq: i64,
}

/// A clock as it stood when the page was made; the page lets it run on.
#[derive(Debug, Clone, Default)]
pub struct ClockView {
    /// As a clock shows it.
    pub words: String,
    /// In milliseconds.
    pub ms: i64,
    /// Whether it runs.
    pub runs: bool,
    /// Planned minutes; 0 for none.
    pub planned: i64,
    /// From how many seconds before its end a warning is shown.
    pub near: i64,
    /// Word of the pace; empty without a plan.
    pub pace: &'static str,
    /// Its sign.
    pub class: &'static str,
}

/// A turn in the queue.
#[derive(Debug, Clone, Default)]
pub struct TurnView {
    /// Identifier.
    pub id: String,
    /// Full name.
    pub name: String,
    /// Stored word of the state.
    pub state: &'static str,
    /// Word of the state.
    pub label: &'static str,
    /// Its sign.
    pub class: &'static str,
    /// Time spoken.
    pub clock: ClockView,
    /// Place among those who wait, from 1.
    pub place: usize,
    /// Whether a prepared opinion stands behind it.
    pub prepared: bool,
}

/// A member beside the queue, for the chair alone: name, kỳ of the year in words, whether they have
/// spoken in this meeting.
#[derive(Debug, Clone, Default)]
pub struct Heard {
    /// Full name.
    pub name: String,
    /// In how many kỳ of the year.
    pub periods: u32,
    /// Whether in this meeting.
    pub today: bool,
}

/// The room as a member sees it on the page of the meeting.
#[derive(Debug, Clone, Default)]
pub struct MemberRoom {
    /// What keeps the page live.
    pub live: Live,
    /// Place of the item in the agenda; 0 before the first.
    pub position: i64,
    /// Its heading.
    pub title: String,
    /// Points the chair raises.
    pub points: String,
    /// What it informs of.
    pub information: String,
    /// Its clock.
    pub clock: ClockView,
    /// Who has the floor, when it is somebody else.
    pub speaking: String,
    /// How many wait.
    pub waiting: usize,
    /// The person's own turn.
    pub own: Option<TurnView>,
    /// Whether the person may ask to speak.
    pub may_ask: bool,
    /// The person's own prepared opinions on this item.
    pub opinions: Vec<String>,
    /// The person's own line of the roll.
    pub checkin: OwnView,
}

/// The result of a vote, without names.
#[derive(Debug, Clone, Default)]
pub struct Result {
    /// What was voted on.
    pub question: String,
    /// The counts in words.
    pub line: String,
    /// Whether it passed.
    pub passed: bool,
}

/// The projector's page.
#[derive(Template)]
#[template(path = "live/room/screen.html")]
pub struct Screen {
    /// For styles and script.
    pub shell: Shell,
    /// What keeps the page live.
    pub live: Live,
    /// Name of the cell.
    pub cell: String,
    /// Title of the meeting.
    pub title: String,
    /// Whether it is being held.
    pub running: bool,
    /// What to say when it is not.
    pub words: String,
    /// Place of the item in the agenda; 0 before the first.
    pub position: i64,
    /// How many items there are.
    pub count: usize,
    /// Heading of the item.
    pub item: String,
    /// Its clock.
    pub clock: ClockView,
    /// The last vote on it, or of the meeting.
    pub vote: Option<Result>,
}
