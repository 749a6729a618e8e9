//! The page of leaders. Touches nothing. Rules: L10, experience.md 13.

use askama::Template;
use domain::id::OrgId;
use web::form::Form;

use crate::shell::Shell;

/// An organisation as it is read.
pub struct Row {
    /// Its own page.
    pub href: String,
    /// Its name.
    pub name: String,
    /// Its kind in words.
    pub kind: String,
    /// The secretary, or nothing.
    pub secretary: String,
    /// The deputies, or nothing.
    pub deputy: String,
    /// The committee: how many, of how many.
    pub committee: String,
    /// Official members; nothing for a committee above.
    pub official: String,
    /// The term.
    pub term: String,
    /// Its last day, as printed.
    pub ends: String,
    /// What is lacking: state, sentence, rule.
    pub due: Vec<(&'static str, String, &'static str)>,
}

/// The leaders of a part of the tree.
#[derive(Template)]
#[template(path = "posts/list.html")]
pub struct PostsPage {
    /// Frame.
    pub shell: Shell,
    /// Which.
    pub org: OrgId,
    /// Its name.
    pub name: String,
    /// Whether it is one cell.
    pub is_cell: bool,
    /// The filter as it was sent.
    pub form: Form,
    /// How many organisations were looked at, in words.
    pub total: String,
    /// How many lack each thing: state, words, how many, address.
    pub lacks: Vec<(&'static str, String, usize, String)>,
    /// What to choose from: lacks.
    pub picks: Vec<(String, String)>,
    /// What to choose from: kinds.
    pub kinds: Vec<(String, String)>,
    /// Organisations on this page.
    pub rows: Vec<Row>,
    /// How many fit the filter.
    pub kept: usize,
    /// Pages: address, number, whether it is this one.
    pub pages: Vec<(String, usize, bool)>,
    /// The filter as it stands in an address, with its question mark; empty when there is none.
    pub query: String,
    /// Whether organisations were left out.
    pub more: bool,
    /// The term whose number of committee members may be recorded; empty when the reader may not.
    pub term: String,
}
