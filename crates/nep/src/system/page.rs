//! The page of the installation's health.

use askama::Template;
use domain::vi;

use super::checks::{Level, Line};
use crate::shell::Shell;

/// One line as the page shows it.
#[derive(Debug, Clone)]
pub struct Row {
    /// What was looked at.
    pub name: &'static str,
    /// How it was found.
    pub words: String,
    /// What to do about it.
    pub act: &'static str,
    /// State as a class.
    pub class: &'static str,
    /// State in words.
    pub state: &'static str,
}

impl From<Line> for Row {
    /// What only concerns who sits at the machine stays there.
    fn from(line: Line) -> Self {
        let (class, state) = match line.level {
            Level::Fine => ("done", "Tốt"),
            Level::Warning => ("due", "Cần lưu ý"),
            Level::Wrong => ("late", "Có lỗi"),
        };
        Self { name: line.name, words: vi::capitalize(&line.words), act: line.act, class, state }
    }
}

/// The health of the installation.
#[derive(Template)]
#[template(path = "system/health.html")]
pub struct Health {
    /// Frame.
    pub shell: Shell,
    /// The organisation of the address.
    pub org: String,
    /// When it was looked at.
    pub at: String,
    /// How many things are wrong.
    pub wrong: usize,
    /// How many somebody should look at.
    pub warned: usize,
    /// The lines; what needs a hand first.
    pub rows: Vec<Row>,
}
