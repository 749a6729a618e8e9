//! The page of results. Touches nothing. Rules: experience.md 8 and 13.

use askama::Template;
use domain::search::Piece;
use web::form::Form;

use crate::shell::Shell;

/// Something that was found, as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its address.
    pub href: String,
    /// What it is called, with what was asked for marked.
    pub title: Vec<Piece>,
    /// What it is, where, of which day.
    pub place: String,
    /// The passage that answers; empty where the title says all.
    pub passage: Vec<Piece>,
}

/// The page.
#[derive(Template)]
#[template(path = "search/search.html")]
pub struct SearchPage {
    /// Frame.
    pub shell: Shell,
    /// The question as it was asked.
    pub form: Form,
    /// Whether anything was asked.
    pub asked: bool,
    /// How many were found, in a sentence; empty when none were.
    pub found: String,
    /// Whether the question is narrowed.
    pub narrowed: bool,
    /// The address of the same question without anything that narrows it.
    pub wide: String,
    /// Kinds to choose from.
    pub kinds: Vec<(String, String)>,
    /// Organisations to choose from.
    pub orgs: Vec<(String, String)>,
    /// Years to choose from.
    pub years: Vec<(String, String)>,
    /// What was found on this page of results.
    pub rows: Vec<Row>,
    /// Pages of results: address, number, whether it is this one.
    pub pages: Vec<(String, usize, bool)>,
    /// Whether the index is still being made, so that something may be missing.
    pub unfinished: bool,
    /// The number of the first row.
    pub start: usize,
}
