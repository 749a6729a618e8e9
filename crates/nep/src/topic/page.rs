//! The page of proposed topics.

use askama::Template;
use web::form::Form;

use crate::shell::Shell;

/// A topic in words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TopicView {
    /// Identifier.
    pub id: String,
    /// Title.
    pub title: String,
    /// Why.
    pub why: String,
    /// How many support it.
    pub count: i64,
    /// State class.
    pub class: &'static str,
    /// State in a word.
    pub word: String,
    /// What became of it.
    pub outcome: String,
    /// Whether the reader proposed it.
    pub own: bool,
    /// Whether the reader supports it.
    pub supported: bool,
    /// Whether members may still support it.
    pub open: bool,
    /// Whether chi ủy may take it into the plan.
    pub may_plan: bool,
    /// For "someone saved first".
    pub version: i64,
}

/// The topics of a year.
#[derive(Template)]
#[template(path = "topic/list.html")]
pub struct ListPage {
    /// Frame.
    pub shell: Shell,
    /// The form as sent.
    pub form: Form,
    /// The cell.
    pub org: String,
    /// Address.
    pub base: String,
    /// The year they are proposed for.
    pub year: i16,
    /// Years to choose from, with whether it is this one.
    pub years: Vec<(i16, bool)>,
    /// Topics, those with most support first.
    pub topics: Vec<TopicView>,
    /// Whether the reader plans the year.
    pub plans: bool,
    /// Quarters without a topic.
    pub quarters: Vec<(String, String)>,
}
