//! Pages of members: plain structs the templates are checked against.
//! Touches nothing. Rules: DD-03, MG-01; every list has filter, search, print view and XLSX.

use askama::Template;
use domain::id::{OrgId, PersonId, RowId};
use web::form::Form;

use super::import::{KeptCell, Tally};
use super::store::file::Person;
use crate::shell::Shell;

/// A member in a list.
pub struct Line {
    /// Who.
    pub person: PersonId,
    /// Number on the roll.
    pub number: i64,
    /// Full name.
    pub name: String,
    /// Year of birth or a dash.
    pub born: String,
    /// Standing in words.
    pub standing: &'static str,
    /// State class of the standing.
    pub class: &'static str,
    /// Since when.
    pub since: String,
    /// Posts in the cell.
    pub posts: String,
}

/// The list of members.
#[derive(Template)]
#[template(path = "member/list.html")]
pub struct List {
    /// Frame.
    pub shell: Shell,
    /// The cell.
    pub org: OrgId,
    /// Its name.
    pub name: String,
    /// The form of the filter.
    pub form: Form,
    /// Standings to choose from.
    pub standings: Vec<(String, String)>,
    /// Counts: words and number.
    pub counts: Vec<(&'static str, usize)>,
    /// Members that fit.
    pub lines: Vec<Line>,
    /// Members in all.
    pub all: usize,
    /// The filter as an address part, for XLSX and print.
    pub query: String,
    /// The day, as printed.
    pub day: String,
    /// Whether the list is of today.
    pub today: bool,
    /// Who leads.
    pub leaders: Vec<String>,
    /// Whether accounts are in the reader's hands.
    pub accounts: bool,
    /// Sorted by number instead of by name.
    pub by_number: bool,
}

/// The list as printed.
#[derive(Template)]
#[template(path = "member/print.html")]
pub struct Print {
    /// Frame.
    pub shell: Shell,
    /// The cell.
    pub org: OrgId,
    /// Its name.
    pub name: String,
    /// The organisation above.
    pub above: String,
    /// Members that fit.
    pub lines: Vec<Line>,
    /// The day, as printed.
    pub day: String,
}

/// A stay or a post in a history.
pub struct Past {
    /// What.
    pub text: String,
    /// When, by which document.
    pub when: String,
}

/// A member's page.
#[derive(Template)]
#[template(path = "member/member.html")]
pub struct Member {
    /// Frame.
    pub shell: Shell,
    /// The cell.
    pub org: OrgId,
    /// The person.
    pub person: Person,
    /// Details: label and value.
    pub facts: Vec<(&'static str, String)>,
    /// Stays and posts, newest first.
    pub stays: Vec<Past>,
    /// Posts, newest first.
    pub posts: Vec<Past>,
    /// State of the account in words.
    pub account: String,
    /// Whether accounts are in the reader's hands.
    pub accounts: bool,
    /// Whether the person belongs to this cell today.
    pub here: bool,
    /// Standing today in words.
    pub standing: String,
    /// Form of the standing.
    pub form: Form,
    /// Standings to choose from.
    pub standings: Vec<(String, String)>,
    /// Cells within reach.
    pub cells: Vec<(String, String)>,
    /// Reasons of leaving.
    pub reasons: Vec<(String, String)>,
}

/// Entering or correcting a member.
#[derive(Template)]
#[template(path = "member/edit.html")]
pub struct Edit {
    /// Frame.
    pub shell: Shell,
    /// The cell.
    pub org: OrgId,
    /// Where the form goes.
    pub action: String,
    /// Whether somebody new is entered.
    pub new: bool,
    /// The form as sent.
    pub form: Form,
    /// Standings to choose from.
    pub standings: Vec<(String, String)>,
    /// People of the same name who are known here already.
    pub namesakes: Vec<(PersonId, String)>,
}

/// An import in the list.
pub struct ImportLine {
    /// Which.
    pub id: RowId,
    /// Name of the file.
    pub file: String,
    /// Where it stands, in words.
    pub state: &'static str,
    /// State class.
    pub class: &'static str,
    /// When and by whom.
    pub when: String,
    /// What it wrote.
    pub wrote: String,
}

/// Choosing a file, and the imports so far.
#[derive(Template)]
#[template(path = "member/upload.html")]
pub struct Upload {
    /// Frame.
    pub shell: Shell,
    /// Name of the organisation.
    pub name: String,
    /// Where forms go.
    pub base: String,
    /// Whether it is for many cells.
    pub many: bool,
    /// The form as sent.
    pub form: Form,
    /// Imports so far.
    pub imports: Vec<ImportLine>,
}

/// A row of the preview.
pub struct Row {
    /// Its number in the sheet.
    pub n: usize,
    /// What would happen, in words.
    pub action: &'static str,
    /// State class of that.
    pub class: &'static str,
    /// Why.
    pub reason: String,
    /// One for each column; none where the sheet has nothing.
    pub cells: Vec<Option<KeptCell>>,
}

/// A row that somebody has to decide about.
pub struct Question {
    /// Its number in the sheet.
    pub n: usize,
    /// Name of the field.
    pub field: String,
    /// The person as the sheet has them.
    pub text: String,
    /// Answers: value and words.
    pub answers: Vec<(String, String)>,
    /// The answer chosen before.
    pub chosen: String,
}

/// The preview of an import.
#[derive(Template)]
#[template(path = "member/preview.html")]
pub struct Preview {
    /// Frame.
    pub shell: Shell,
    /// Name of the organisation.
    pub name: String,
    /// Where forms go.
    pub base: String,
    /// Which import.
    pub id: RowId,
    /// Name of the file.
    pub file: String,
    /// Counters.
    pub tally: Tally,
    /// Headings of the columns.
    pub columns: Vec<String>,
    /// Headings of the sheet that are not taken in.
    pub ignored: String,
    /// First day of new stays.
    pub from: String,
    /// Rows of this page.
    pub rows: Vec<Row>,
    /// Rows in all, of those shown by the filter.
    pub shown: usize,
    /// Pages: address, number, whether this one.
    pub pages: Vec<(String, usize, bool)>,
    /// Filters: address, words, whether this one.
    pub filters: Vec<(String, String, bool)>,
    /// Rows to decide about.
    pub questions: Vec<Question>,
    /// Cells that do not exist.
    pub missing: Vec<String>,
    /// Whether they are to be founded.
    pub found: bool,
    /// Whether the reader may found them.
    pub may_found: bool,
    /// Words of the button.
    pub button: String,
    /// Whether anything would be written.
    pub anything: bool,
}

/// What became of an import.
#[derive(Template)]
#[template(path = "member/result.html")]
pub struct Outcome {
    /// Frame.
    pub shell: Shell,
    /// Where forms go.
    pub base: String,
    /// Which import.
    pub id: RowId,
    /// Name of the file.
    pub file: String,
    /// What happened: label and value.
    pub facts: Vec<(&'static str, String)>,
    /// Whether it is written.
    pub accepted: bool,
    /// Why it cannot be taken back; empty when it can.
    pub why_not: String,
    /// Where to look at what was written.
    pub list: String,
    /// Where slips are printed.
    pub accounts: String,
}
