//! Pages of the meeting while it is held.
//! May touch: plain data for templates. Rules: experience.md, gallery parts 15 and 24.

use askama::Template;
use domain::refusal::Advice;
use web::form::Form;

use super::checkin::page::Panel;
use super::room::page::{ClockView, Heard, Live, TurnView};
use crate::shell::Shell;

/// Addresses of the parts of a meeting, for the row of links under the title.
#[derive(Debug, Clone, Default)]
pub struct Parts {
    /// The organisation, as in addresses.
    pub org: String,
    /// The meeting, as in addresses.
    pub meeting: String,
    /// Which part this page is.
    pub here: &'static str,
    /// Whether the meeting was opened.
    pub opened: bool,
    /// Whether something may be recorded.
    pub writing: bool,
    /// Whether it is over.
    pub over: bool,
    /// Whether meetings of its kind are scored.
    pub scored: bool,
    /// The sealed minutes, as in addresses; empty before.
    pub sealed: String,
}

/// An item of the agenda on the desk.
#[derive(Debug, Clone, Default)]
pub struct DeskItem {
    /// Identifier.
    pub id: String,
    /// Place in the agenda.
    pub position: i64,
    /// Heading.
    pub title: String,
    /// Who presents it and how long it is meant to take.
    pub sub: String,
    /// Names of those who spoke.
    pub spoke: String,
    /// Whether something was concluded.
    pub concluded: bool,
    /// Whether it is the one in hand.
    pub current: bool,
    /// Whether it is the step at which the meeting is scored.
    pub score: bool,
}

/// Somebody who can be tapped: id and short name.
#[derive(Debug, Clone, Default)]
pub struct Chip {
    /// Identifier.
    pub id: String,
    /// As on the button.
    pub short: String,
    /// Full name, for screen readers.
    pub name: String,
    /// How often they spoke on the item in hand.
    pub times: usize,
}

/// One contribution to the item in hand.
#[derive(Debug, Clone, Default)]
pub struct SpokenRow {
    /// Identifier.
    pub id: String,
    /// Who.
    pub name: String,
    /// What was said.
    pub summary: String,
    /// Sign of the text as stored.
    pub base: String,
}

/// The item in hand.
#[derive(Debug, Clone, Default)]
pub struct Current {
    /// As in the list.
    pub item: DeskItem,
    /// Version its conclusion started from.
    pub version: i64,
    /// Whether nothing of it may be written here.
    pub secret: bool,
    /// Where a secret item is written.
    pub paper_ref: String,
    /// Where praise and criticism said on it are noted; empty on other steps and for who does not lead.
    pub note: String,
    /// Points the chair raises.
    pub points: String,
    /// What the item informs of.
    pub information: String,
    /// Whether it reviews the last resolution.
    pub review: bool,
    /// Whether it is the item in hand of the whole room.
    pub in_hand: bool,
    /// Its clock.
    pub clock: ClockView,
    /// Who speaks and who waits.
    pub turns: Vec<TurnView>,
    /// Who can be tapped.
    pub chips: Vec<Chip>,
    /// Who spoke.
    pub spoken: Vec<SpokenRow>,
    /// Opinions that were sent: id, name, words, whether they want the floor.
    pub opinions: Vec<(String, String, String, bool)>,
    /// The conclusion as stored or as typed.
    pub conclusion: String,
    /// Sign of the conclusion as stored.
    pub base: String,
    /// The next item: id and heading.
    pub next: Option<(String, String)>,
}

/// A vote as recorded.
#[derive(Debug, Clone, Default)]
pub struct VoteRow {
    /// Identifier.
    pub id: String,
    /// What was voted on.
    pub question: String,
    /// The counts in words.
    pub line: String,
    /// Why it passed or not.
    pub why: String,
    /// Where the threshold comes from.
    pub source: String,
    /// Whether it passed.
    pub passed: bool,
    /// Who keeps their opinion.
    pub reserved: String,
    /// How it was taken; empty for hands counted in one step.
    pub method: String,
    /// The taking of it, as in addresses; empty for hands counted in one step.
    pub ballot: String,
}

/// The electorate at this moment.
#[derive(Debug, Clone, Default)]
pub struct Seats {
    /// The denominator.
    pub total: u32,
    /// Of those, present.
    pub present: u32,
    /// How many must approve, each number once.
    pub needed: Vec<Needed>,
    /// Where those numbers come from, subject by subject.
    pub sources: Vec<String>,
    /// Probationary members, who do not count.
    pub probationary: u32,
    /// Those who meet here for a time, who do not count.
    pub temporary: u32,
    /// Those exempt, who do not count.
    pub exempt: u32,
    /// Present electors: id and name, for reserved opinions.
    pub electors: Vec<(String, String)>,
}

/// A number of approvals and what it is asked for.
#[derive(Debug, Clone, Default)]
pub struct Needed {
    /// The share: `Quá nửa`.
    pub share: String,
    /// The least number of approvals.
    pub count: u32,
    /// What it is asked for.
    pub what: String,
}

/// The desk of the meeting.
#[derive(Template)]
#[template(path = "live/desk.html")]
pub struct Desk {
    /// Frame.
    pub shell: Shell,
    /// The form as sent.
    pub form: Form,
    /// Parts of the meeting.
    pub parts: Parts,
    /// Base address of the actions.
    pub base: String,
    /// Title.
    pub title: String,
    /// When and where.
    pub sub: String,
    /// Word of the state.
    pub state: String,
    /// Its sign.
    pub sign: &'static str,
    /// Before the opening.
    pub before: bool,
    /// While something may be recorded.
    pub recording: bool,
    /// While it is held.
    pub running: bool,
    /// Held, minutes not yet adopted.
    pub closed: bool,
    /// Which part of the desk is open.
    pub part: &'static str,
    /// Moment of the opening for the clock.
    pub since: String,
    /// The items.
    pub items: Vec<DeskItem>,
    /// The item in hand.
    pub current: Option<Current>,
    /// Votes so far.
    pub votes: Vec<VoteRow>,
    /// Votes that are open or were withdrawn.
    pub ballots: Vec<super::vote::page::BallotRow>,
    /// Who can vote.
    pub seats: Seats,
    /// Kinds of vote.
    pub subjects: Vec<(String, String)>,
    /// Items for the vote form.
    pub item_options: Vec<(String, String)>,
    /// Resolutions that wait for a vote.
    pub resolutions: Vec<(String, String)>,
    /// Guests: id and words.
    pub guests: Vec<(String, String)>,
    /// People for the pickers.
    pub people: Vec<(String, String)>,
    /// Who chairs, in words.
    pub chair: String,
    /// Who writes the minutes, in words.
    pub secretary: String,
    /// How many are expected, before the opening.
    pub expected: String,
    /// Whether the notice is out, in words.
    pub notice: String,
    /// Attendance in words.
    pub attendance: String,
    /// What is unwise.
    pub advice: Vec<Advice>,
    /// Whether the opening may still be taken back.
    pub can_undo: bool,
    /// Whether the person may reopen.
    pub can_lead: bool,
    /// What keeps the page live.
    pub live: Live,
    /// The item in hand of the whole room, when the page shows another one: id and heading.
    pub elsewhere: Option<(String, String)>,
    /// Who has been heard, for the chair alone.
    pub heard: Option<Vec<Heard>>,
    /// Self check-in, while the meeting is held.
    pub panel: Option<Panel>,
}

/// A line of the roll.
#[derive(Debug, Clone, Default)]
pub struct RollRow {
    /// Identifier.
    pub id: String,
    /// Number in the cell.
    pub number: i64,
    /// Full name.
    pub name: String,
    /// What the standing says beside the name.
    pub note: String,
    /// State in words.
    pub words: String,
    /// State as a class.
    pub state: &'static str,
    /// Which of the three buttons is pressed.
    pub pressed: &'static str,
    /// Whether it can be marked at all.
    pub fixed: bool,
}

/// One member's line in full.
#[derive(Debug, Clone, Default)]
pub struct Detail {
    /// Identifier.
    pub id: String,
    /// Full name.
    pub name: String,
}

/// The roll.
#[derive(Template)]
#[template(path = "live/roll.html")]
pub struct Roll {
    /// Frame.
    pub shell: Shell,
    /// The form as sent.
    pub form: Form,
    /// Parts of the meeting.
    pub parts: Parts,
    /// Address of the page.
    pub base: String,
    /// When and where.
    pub sub: String,
    /// Whether the roll may be changed.
    pub recording: bool,
    /// Whether the meeting was opened.
    pub opened: bool,
    /// The lines.
    pub rows: Vec<RollRow>,
    /// The tally.
    pub tally: String,
    /// Further figures.
    pub more: Vec<String>,
    /// What is unwise.
    pub advice: Vec<Advice>,
    /// What the last entry did.
    pub said: String,
    /// The last entry, while it can be taken back: its identifier and whom it is about.
    pub undo: Option<(String, String)>,
    /// What keeps the page live, while the meeting is held.
    pub live: Option<Live>,
    /// Self check-in, while the meeting is held.
    pub panel: Option<Panel>,
    /// Whether the number field takes the focus.
    pub focus: bool,
    /// The member whose line is shown in full.
    pub detail: Option<Detail>,
    /// Marks that line can be given: word, label.
    pub marks: Vec<(String, String)>,
    /// How many are not marked yet.
    pub unmarked: u32,
    /// Reasons offered.
    pub reasons: Vec<String>,
    /// Which rules the rate follows.
    pub why: Vec<String>,
}

/// A row of the roll when it is copied from paper.
#[derive(Debug, Clone, Default)]
pub struct AfterRow {
    /// Identifier.
    pub id: String,
    /// Number in the cell.
    pub number: i64,
    /// Full name.
    pub name: String,
    /// The standing that sets the mark by itself; empty for the others.
    pub fixed: &'static str,
    /// Code of the mark as stored or as typed.
    pub mark: String,
    /// Why absent.
    pub reason: String,
}

/// An item when it is copied from paper.
#[derive(Debug, Clone, Default)]
pub struct AfterItem {
    /// Identifier.
    pub id: String,
    /// Place in the agenda.
    pub position: i64,
    /// Heading that may be shown.
    pub title: String,
    /// Whether nothing of it may be written here.
    pub secret: bool,
    /// Where a secret item is written.
    pub paper_ref: String,
    /// Numbers of who spoke.
    pub spoke: String,
    /// What is wrong with them.
    pub spoke_bad: String,
    /// The conclusion.
    pub conclusion: String,
    /// What is wrong with it.
    pub conclusion_bad: String,
    /// Version it started from.
    pub version: String,
}

/// A vote when it is copied from paper.
#[derive(Debug, Clone, Default)]
pub struct AfterVote {
    /// Its number on the page.
    pub n: usize,
    /// What was voted on.
    pub question: String,
    /// Code of the subject.
    pub subject: String,
    /// For.
    pub yes: String,
    /// Against.
    pub no: String,
    /// Other opinions.
    pub other: String,
    /// What is wrong with it.
    pub bad: String,
}

/// A meeting held on paper, entered afterwards.
#[derive(Template)]
#[template(path = "live/after.html")]
pub struct After {
    /// Frame.
    pub shell: Shell,
    /// The form as sent.
    pub form: Form,
    /// Parts of the meeting.
    pub parts: Parts,
    /// Address of the page.
    pub action: String,
    /// The organisation, as in addresses.
    pub org: String,
    /// When and where.
    pub sub: String,
    /// Whether the meeting was not opened yet.
    pub before: bool,
    /// Whether it was not ended yet.
    pub running: bool,
    /// The roll.
    pub rows: Vec<AfterRow>,
    /// Marks: code, label.
    pub marks: Vec<(&'static str, &'static str)>,
    /// The agenda.
    pub items: Vec<AfterItem>,
    /// Room for votes.
    pub votes: Vec<AfterVote>,
    /// Votes recorded already.
    pub recorded: Vec<String>,
    /// Kinds of vote.
    pub subjects: Vec<(String, String)>,
    /// People for the pickers.
    pub people: Vec<(String, String)>,
    /// Scans kept already: id, name.
    pub scans: Vec<(String, String)>,
}
