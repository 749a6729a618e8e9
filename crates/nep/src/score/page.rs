//! Pages of scores: one meeting's sheet to fill in and to read, the meetings of a year with their levels.
//! May touch: plain data for templates. Rules: experience.md, L4.

use askama::Template;
use web::form::Form;

use super::year::YearScores;
use crate::live::page::Parts;
use crate::shell::Shell;

/// A way to a fact.
pub type Link = (String, &'static str);

/// A criterion or a group as the form asks for it.
#[derive(Debug, Clone, Default)]
pub struct Field {
    /// Its number.
    pub id: String,
    /// The end of its field names: `3_2`.
    pub name: String,
    /// Its words.
    pub text: String,
    /// Whether it is a heading.
    pub group: bool,
    /// The most it can have, for reading.
    pub max: String,
    /// The same in hundredths, for the script.
    pub most: i32,
    /// What the facts suggest; empty for nothing.
    pub suggested: String,
    /// The points from which on a reason is asked for, in hundredths: above it.
    pub free: i32,
    /// The points as typed, kept or suggested.
    pub points: String,
    /// The reason as typed or kept.
    pub reason: String,
    /// What is wrong with the points.
    pub bad: String,
    /// What is wrong with the reason.
    pub bad_reason: String,
    /// The facts, in sentences.
    pub facts: Vec<String>,
    /// Where they come from.
    pub why: Vec<String>,
    /// The way to them.
    pub links: Vec<Link>,
}

/// The form.
#[derive(Debug, Clone, Default)]
pub struct Filling {
    /// Address it is sent to.
    pub action: String,
    /// Version it started from.
    pub version: i64,
    /// Whether it is a superior's.
    pub above: bool,
    /// Criteria and groups.
    pub fields: Vec<Field>,
    /// The levels in hundredths, for the script: `9000 7000 5000`.
    pub bands: String,
    /// Criteria that need everything for a level, for the script: `good 1 2 4.2`.
    pub gates: String,
    /// Points of the whole sheet.
    pub total: String,
    /// What is different from what somebody else has saved meanwhile.
    pub crossed: Vec<String>,
}

/// A line of the sheet to read.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Its number.
    pub id: String,
    /// Its words.
    pub text: String,
    /// Whether it is a heading.
    pub group: bool,
    /// The most it can have.
    pub max: String,
    /// What the facts suggested.
    pub suggested: String,
    /// The facts.
    pub facts: String,
    /// What the cell gave.
    pub own: String,
    /// Why more than suggested.
    pub reason: String,
    /// What each superior gave, how it differs, why.
    pub above: Vec<(String, String, String)>,
}

/// Somebody's total.
#[derive(Debug, Clone, Default)]
pub struct Total {
    /// Whose.
    pub who: String,
    /// `92/100 điểm`.
    pub points: String,
    /// The level in a word; empty while points are missing.
    pub band: String,
    /// Its state class.
    pub class: &'static str,
    /// Why, or what is missing.
    pub why: String,
    /// By whom and when.
    pub saved: String,
}

/// The sheet of one meeting.
#[derive(Template)]
#[template(path = "score/score.html")]
pub struct ScorePage {
    /// Frame.
    pub shell: Shell,
    /// The form as sent.
    pub form: Form,
    /// Address of the script of this page.
    pub script: &'static str,
    /// Its style.
    pub style: &'static str,
    /// The row of links, for who writes minutes.
    pub parts: Option<Parts>,
    /// Address of the meeting.
    pub base: String,
    /// Its title.
    pub title: String,
    /// When and where.
    pub sub: String,
    /// Who sees the page.
    pub who: &'static str,
    /// Why nothing can be scored: what is so, what follows.
    pub nothing: Option<(String, String)>,
    /// The sheet by name.
    pub sheet: String,
    /// Why this sheet.
    pub why: Vec<String>,
    /// The totals, the cell's own first.
    pub totals: Vec<Total>,
    /// Criteria whose facts have changed since.
    pub moved: String,
    /// Superiors, for the headings of the table.
    pub heads: Vec<String>,
    /// The sheet to read.
    pub rows: Vec<Row>,
    /// The form, for who may fill it in.
    pub filling: Option<Filling>,
    /// What the cell is asked to vote on; empty where nothing is.
    pub question: String,
    /// Where it votes.
    pub vote: String,
    /// What it has voted.
    pub voted: Vec<String>,
}

impl ScorePage {
    /// Whether a superior's score stands beside the cell's own.
    fn compares(&self) -> bool {
        !self.heads.is_empty()
    }
}

/// The meetings of a year with their levels.
#[derive(Template)]
#[template(path = "score/list.html")]
pub struct ListPage {
    /// Frame.
    pub shell: Shell,
    /// The cell, as in addresses.
    pub org: String,
    /// The year.
    pub year: i16,
    /// The year before, in which the cell lived.
    pub before: Option<i16>,
    /// The year after.
    pub after: Option<i16>,
    /// Its meetings.
    pub scores: YearScores,
}
