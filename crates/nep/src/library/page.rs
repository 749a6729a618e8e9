//! Pages of the library.

use askama::Template;
use web::form::Form;

use crate::home::page::Todo;
use crate::shell::Shell;

/// A published entry in a list.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Address.
    pub href: String,
    /// Heading.
    pub title: String,
    /// Where it comes from.
    pub small: String,
    /// Topic or experience.
    pub kind: &'static str,
    /// Cells that use it.
    pub used: String,
}

/// The library, searched.
#[derive(Template)]
#[template(path = "library/list.html")]
pub struct ListPage {
    /// Frame.
    pub shell: Shell,
    /// What is looked for, as sent.
    pub form: Form,
    /// Address.
    pub base: String,
    /// Kinds to choose from.
    pub kinds: Vec<(&'static str, &'static str)>,
    /// Subjects to choose from.
    pub subjects: Vec<(&'static str, &'static str)>,
    /// Types of cell to choose from.
    pub types: Vec<(String, String)>,
    /// Years to choose from.
    pub years: Vec<(String, String)>,
    /// What was found.
    pub rows: Vec<Row>,
    /// Whether anything is looked for.
    pub narrowed: bool,
    /// How they are sorted.
    pub sorted: String,
    /// Number of the page before; 0 when there is none.
    pub before: i64,
    /// Number of the page after; 0 when there is none.
    pub after: i64,
    /// Whether the reader writes for the library.
    pub writes: bool,
    /// Address of the committee's desk; empty for others.
    pub desk: String,
}

/// A text of an entry with its heading.
#[derive(Debug, Clone, Default)]
pub struct Part {
    /// Heading.
    pub head: &'static str,
    /// Text.
    pub body: String,
}

/// A file to fetch.
#[derive(Debug, Clone, Default)]
pub struct FileLine {
    /// Address.
    pub href: String,
    /// Name.
    pub name: String,
    /// Size.
    pub size: String,
    /// Address that removes it.
    pub remove: String,
}

/// A cell that uses an entry.
#[derive(Debug, Clone, Default)]
pub struct UseLine {
    /// The cell.
    pub cell: String,
    /// When.
    pub when: String,
    /// What worked.
    pub worked: String,
    /// What to do otherwise.
    pub amend: String,
    /// How many spoke; empty when not told.
    pub spoke: String,
}

/// A published entry.
#[derive(Template)]
#[template(path = "library/entry.html")]
pub struct EntryPage {
    /// Frame.
    pub shell: Shell,
    /// The form as sent.
    pub form: Form,
    /// Heading.
    pub title: String,
    /// Where it comes from.
    pub facts: Vec<(&'static str, String)>,
    /// Its texts.
    pub texts: Vec<Part>,
    /// Its files.
    pub files: Vec<FileLine>,
    /// Who uses it.
    pub uses: Vec<UseLine>,
    /// In a sentence.
    pub used: String,
    /// Address for taking it; empty when the reader may not.
    pub take: String,
    /// Kỳ that may take it.
    pub targets: Vec<(String, String)>,
    /// Address for spreading it further; empty when it cannot be.
    pub widen: String,
    /// Address for taking it down; empty when the reader may not.
    pub down: String,
}

/// A quarter of the cell's duty.
#[derive(Debug, Clone, Default)]
pub struct DutyLine {
    /// The kỳ.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Topic, last day.
    pub small: String,
    /// State class.
    pub class: &'static str,
    /// State in a word.
    pub word: &'static str,
    /// Address of its entry; empty when there is none.
    pub href: String,
    /// Whether nothing is begun yet.
    pub open: bool,
}

/// What a cell writes for the library, and what it took.
#[derive(Template)]
#[template(path = "library/own.html")]
pub struct OwnPage {
    /// Frame.
    pub shell: Shell,
    /// Address.
    pub base: String,
    /// Quarters.
    pub duties: Vec<DutyLine>,
    /// Where the duty comes from.
    pub why: Vec<String>,
    /// Entries.
    pub entries: Vec<Todo>,
    /// What it took.
    pub uses: Vec<Todo>,
}

/// Writing an entry.
#[derive(Template)]
#[template(path = "library/write.html")]
pub struct WritePage {
    /// Frame.
    pub shell: Shell,
    /// The form as sent.
    pub form: Form,
    /// Address of the entry; that of new ones while there is none.
    pub action: String,
    /// Way back.
    pub back: String,
    /// Whether it is there.
    pub exists: bool,
    /// Whether its cell writes on it.
    pub editable: bool,
    /// Whether it may be taken back.
    pub may_withdraw: bool,
    /// Whether its words may be taken away as secret.
    pub may_withhold: bool,
    /// State class.
    pub class: &'static str,
    /// State in a word; empty for a new one.
    pub word: String,
    /// What the committee said.
    pub remarks: String,
    /// Heading and hint of its first text.
    pub aim: (&'static str, &'static str),
    /// Of the second.
    pub content: (&'static str, &'static str),
    /// Of the third.
    pub result: (&'static str, &'static str),
    /// Subjects to choose from.
    pub subjects: Vec<(&'static str, &'static str)>,
    /// Its texts, when they cannot be changed.
    pub texts: Vec<Part>,
    /// Its files.
    pub files: Vec<FileLine>,
    /// Version it starts from.
    pub version: i64,
}

/// Telling what came of an entry that was taken.
#[derive(Template)]
#[template(path = "library/told.html")]
pub struct ToldPage {
    /// Frame.
    pub shell: Shell,
    /// The form as sent.
    pub form: Form,
    /// Address.
    pub action: String,
    /// State class.
    pub class: &'static str,
    /// State in a word.
    pub word: String,
    /// Address of the entry it was taken from.
    pub source: String,
    /// Address of the plan it became.
    pub plan: String,
    /// Name of the kỳ.
    pub period: String,
    /// Whether its meeting is sealed.
    pub sealed: bool,
    /// How many spoke at it.
    pub spoke: i64,
    /// Whether it may be given up.
    pub may_drop: bool,
    /// Version it starts from.
    pub version: i64,
}

/// A cell's place in a quarter.
#[derive(Debug, Clone, Default)]
pub struct CellLine {
    /// Name.
    pub name: String,
    /// The committee it is under, for committees with committees.
    pub under: String,
    /// State class.
    pub class: &'static str,
    /// State in a word.
    pub word: &'static str,
}

/// The committee's desk.
#[derive(Template)]
#[template(path = "library/desk.html")]
pub struct DeskPage {
    /// Frame.
    pub shell: Shell,
    /// Address.
    pub base: String,
    /// Whether the reader reviews.
    pub reviews: bool,
    /// What waits.
    pub waiting: Vec<Todo>,
    /// The quarter shown.
    pub quarter: String,
    /// Quarters to choose from: key, words, whether it is this one.
    pub quarters: Vec<(String, String, bool)>,
    /// Last day to send.
    pub due: String,
    /// Where it comes from.
    pub why: Vec<String>,
    /// How many cells stand where.
    pub sums: Vec<(&'static str, &'static str, usize)>,
    /// In a sentence.
    pub summary: String,
    /// The cells.
    pub cells: Vec<CellLine>,
}

/// Reviewing an entry.
#[derive(Template)]
#[template(path = "library/review.html")]
pub struct ReviewPage {
    /// Frame.
    pub shell: Shell,
    /// The form as sent.
    pub form: Form,
    /// Address.
    pub action: String,
    /// Heading.
    pub title: String,
    /// Where it comes from.
    pub facts: Vec<(&'static str, String)>,
    /// Its texts.
    pub texts: Vec<Part>,
    /// Its files.
    pub files: Vec<FileLine>,
    /// Whether it is of the reader's own cell.
    pub own: bool,
    /// Version it starts from.
    pub version: i64,
}

/// Somebody who could present.
#[derive(Debug, Clone, Default)]
pub struct PersonLine {
    /// Name.
    pub name: String,
    /// What they presented on the subject.
    pub talks: Vec<String>,
    /// What they have in hand.
    pub load: String,
}

/// Looking for a presenter.
#[derive(Template)]
#[template(path = "library/presenters.html")]
pub struct PresentersPage {
    /// Frame.
    pub shell: Shell,
    /// What is looked for, as sent.
    pub form: Form,
    /// Address.
    pub action: String,
    /// Whether a subject is asked for.
    pub asked: bool,
    /// Members of the cell.
    pub members: Vec<PersonLine>,
    /// Presenters of published entries: name and cell, heading, address.
    pub others: Vec<(String, String, String)>,
    /// Whether it is a cell's page.
    pub is_cell: bool,
}
