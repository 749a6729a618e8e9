//! Home pages and the person's own page.

use askama::Template;

use super::year::{MeetingShare, PersonYear};
use crate::pulse::page::Asking;
use crate::shell::Shell;
use crate::task::page::Row as TaskRow;

/// One line of a task list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Todo {
    /// Address.
    pub href: String,
    /// What to do.
    pub title: String,
    /// A line below.
    pub small: String,
    /// State class.
    pub class: &'static str,
    /// State in a word.
    pub word: String,
}

/// A step of the kỳ.
#[derive(Debug, Clone, Default)]
pub struct Step {
    /// Words.
    pub label: &'static str,
    /// Address; empty when there is no meeting yet.
    pub href: String,
    /// Whether it is done.
    pub done: bool,
    /// Whether it is next.
    pub current: bool,
}

/// A kỳ on the year strip.
#[derive(Debug, Clone, Default)]
pub struct Tile {
    /// Address.
    pub href: String,
    /// State class.
    pub class: &'static str,
    /// Month or quarter.
    pub heading: String,
    /// State in a word.
    pub word: String,
    /// The small line.
    pub note: String,
    /// Whether it is the present one.
    pub now: bool,
}

/// The figures of the year.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    /// Attendance; empty before the first meeting.
    pub attendance: String,
    /// State class.
    pub attendance_class: &'static str,
    /// Against the target.
    pub attendance_note: String,
    /// What it was counted from.
    pub attendance_why: String,
    /// Rule, source, confidence.
    pub attendance_cite: String,
    /// By meeting.
    pub meetings: Vec<MeetingShare>,
    /// Members who reach their kỳ of speaking.
    pub speaking: String,
    /// State class.
    pub speaking_class: &'static str,
    /// Against the target.
    pub speaking_note: String,
    /// How it is counted.
    pub speaking_why: String,
    /// Rule, source, confidence.
    pub speaking_cite: String,
    /// Members who do not, with their count.
    pub lacking: Vec<(String, String)>,
}

/// The desk of a cell.
#[derive(Debug, Clone, Default)]
pub struct Desk {
    /// The cell.
    pub org: String,
    /// The kỳ in hand.
    pub heading: String,
    /// When and where.
    pub sub: String,
    /// The spine.
    pub steps: Vec<Step>,
    /// The main thing to do next: address and words.
    pub main: Option<(String, String)>,
    /// The month as a task list.
    pub todos: Vec<Todo>,
    /// The year shown.
    pub year: i16,
    /// Regular kỳ.
    pub regular: Vec<Tile>,
    /// Thematic kỳ.
    pub thematic: Vec<Tile>,
    /// Figures.
    pub figures: Figures,
}

/// The secretary's desk.
#[derive(Template)]
#[template(path = "home/desk.html")]
pub struct DeskPage {
    /// Frame.
    pub shell: Shell,
    /// The desk.
    pub desk: Desk,
    /// First steps of a new installation.
    pub first: Vec<Todo>,
}

/// A cell below, in a word.
#[derive(Debug, Clone, Default)]
pub struct CellRow {
    /// Address.
    pub href: String,
    /// Name.
    pub name: String,
    /// State class.
    pub class: &'static str,
    /// State in a word.
    pub state: String,
    /// Day held or planned.
    pub day: String,
}

/// The month of the cells below a committee.
#[derive(Debug, Clone, Default)]
pub struct Board {
    /// The organisation.
    pub org: String,
    /// Its name.
    pub name: String,
    /// The kỳ.
    pub period: String,
    /// How many cells.
    pub total: usize,
    /// State class and “words: count”.
    pub counts: Vec<(&'static str, String)>,
    /// Cells, those that need attention first.
    pub rows: Vec<CellRow>,
    /// How many more there are.
    pub more: usize,
}

/// A notice that a member answers.
#[derive(Debug, Clone, Default)]
pub struct Notice {
    /// Address of the meeting.
    pub href: String,
    /// Where the answer is sent.
    pub action: String,
    /// Title.
    pub title: String,
    /// When and where.
    pub when: String,
    /// How far it is.
    pub left: String,
    /// What was answered; empty when nothing.
    pub answered: String,
    /// State class of the answer.
    pub class: &'static str,
    /// Whether an answer is expected of the person.
    pub asked: bool,
    /// Whether the meeting is being held.
    pub open: bool,
}

/// The task list of a cell that the person leads.
#[derive(Debug, Clone, Default)]
pub struct Lead {
    /// Address of the desk.
    pub href: String,
    /// Name of the cell.
    pub name: String,
    /// The kỳ in hand.
    pub heading: String,
    /// What to do, the first few.
    pub todos: Vec<Todo>,
    /// How much more there is.
    pub more: usize,
}

/// The first page.
#[derive(Template)]
#[template(path = "home/home.html")]
pub struct HomePage {
    /// Frame.
    pub shell: Shell,
    /// Notices.
    pub notices: Vec<Notice>,
    /// What else waits for the person's own word.
    pub asks: Vec<Todo>,
    /// What the person has to do with tasks.
    pub tasks: Vec<TaskRow>,
    /// Tasks that wait for the person's confirmation.
    pub to_check: Vec<TaskRow>,
    /// What was issued lately: address, title, small line.
    pub reading: Vec<(String, String, String)>,
    /// The person's year; none for who belongs to no cell.
    pub year: Option<PersonYear>,
    /// Words of the figures of the year.
    pub words: YearWords,
    /// Cells the person leads.
    pub leads: Vec<Lead>,
    /// Cells below the person's committee.
    pub board: Option<Board>,
    /// First steps of a new installation.
    pub first: Vec<Todo>,
    /// The question about the last meeting that waits for a tap.
    pub pulse: Option<Asking>,
    /// Links of the technical administrator: address, title, small line.
    pub technical: Vec<(String, String, String)>,
    /// Whether there is nothing at all to do.
    pub idle: bool,
}

/// A person's year in words.
#[derive(Debug, Clone, Default)]
pub struct YearWords {
    /// `10 / 11 buổi`.
    pub attended: String,
    /// State class.
    pub attended_class: &'static str,
    /// A line below.
    pub attended_note: String,
    /// `4 kỳ`.
    pub spoken: String,
    /// State class.
    pub spoken_class: &'static str,
    /// Against the target.
    pub spoken_note: String,
    /// Names of the kỳ.
    pub periods: String,
    /// Rule, source, confidence of both.
    pub cites: Vec<String>,
    /// How the target follows from the months.
    pub target_why: String,
}

/// A line of the person's own record.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// First words.
    pub title: String,
    /// The rest.
    pub text: String,
    /// A line below.
    pub small: String,
}

/// The person's own page.
#[derive(Template)]
#[template(path = "home/me.html")]
pub struct MePage {
    /// Frame.
    pub shell: Shell,
    /// Fields kept.
    pub fields: Vec<(&'static str, String)>,
    /// Stays.
    pub stays: Vec<Line>,
    /// Posts.
    pub posts: Vec<Line>,
    /// The year.
    pub year: PersonYear,
    /// In words.
    pub words: YearWords,
    /// Cases about the attendance of the person.
    pub cases: Vec<Todo>,
    /// Praise and criticism of the person.
    pub notes: Vec<Todo>,
    /// Topics the person proposed.
    pub topics: Vec<Todo>,
    /// Where topics are proposed; empty for who reads in no cell.
    pub propose: String,
    /// Contributions.
    pub contributions: Vec<Line>,
    /// Answers to notices.
    pub replies: Vec<Line>,
    /// Tasks.
    pub tasks: Vec<TaskRow>,
    /// Years to choose from.
    pub years: Vec<(i16, bool)>,
}
