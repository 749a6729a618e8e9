//! Pages of the yearly classification. Touches nothing. Rules: T1 … T3, XL-06.

use askama::Template;
use domain::code::Code;
use domain::id::OrgId;
use domain::target::Level;
use web::form::Form;

use crate::shell::Shell;

/// A level to choose: word and label.
pub fn options() -> Vec<(&'static str, &'static str)> {
    Level::ALL.iter().map(|l| (l.code(), l.label())).collect()
}

/// A cell in the form of its committee.
pub struct CellLine {
    /// Name of the field.
    pub field: String,
    /// Name of the field with the version it started from.
    pub version_field: String,
    /// Name of the cell.
    pub name: String,
    /// Its page of figures.
    pub href: String,
    /// How its members were classified, in words.
    pub members: String,
    /// State class of what stands.
    pub class: &'static str,
    /// What stands.
    pub stands: &'static str,
}

/// A correction, in words.
pub struct ChangeLine {
    /// What was corrected, from what to what.
    pub text: String,
    /// Why, and when.
    pub when: String,
}

/// A rule that is looked after here, for “Vì sao?”.
pub struct Rule {
    /// In a sentence, with its source.
    pub text: String,
}

/// The cells of a committee with their levels.
#[derive(Template)]
#[template(path = "classification/cells.html")]
pub struct CellsPage {
    /// Frame.
    pub shell: Shell,
    /// The committee.
    pub org: OrgId,
    /// Its name.
    pub name: String,
    /// The year.
    pub year: i16,
    /// Years to choose from.
    pub years: Vec<i16>,
    /// The form as sent, or as it stands.
    pub form: Form,
    /// Its cells.
    pub cells: Vec<CellLine>,
    /// Levels to choose from.
    pub options: Vec<(&'static str, &'static str)>,
    /// How many have a result, in words.
    pub said: String,
    /// Rules that are looked after.
    pub rules: Vec<Rule>,
    /// Whether a result stands already, so that changing one takes a reason.
    pub stands: bool,
    /// What was corrected, newest first.
    pub changes: Vec<ChangeLine>,
}

impl CellsPage {
    fn chosen(&self, line: &CellLine, word: &str) -> bool {
        self.form.raw(&line.field) == word
    }
}

/// The numbers of a cell's members by level.
#[derive(Template)]
#[template(path = "classification/members.html")]
pub struct MembersPage {
    /// Frame.
    pub shell: Shell,
    /// The cell.
    pub org: OrgId,
    /// Its name.
    pub name: String,
    /// The year.
    pub year: i16,
    /// Years to choose from.
    pub years: Vec<i16>,
    /// The form as sent, or as it stands.
    pub form: Form,
    /// What the committee above classified the cell as, in words.
    pub level: String,
    /// State class of it.
    pub level_class: &'static str,
    /// How many members the list has on the last day of the year, in words.
    pub roster: String,
    /// What does not fit together; empty when everything does.
    pub advice: String,
    /// Rules that are looked after.
    pub rules: Vec<Rule>,
    /// Whether numbers stand already, so that changing them takes a reason.
    pub stands: bool,
    /// What was corrected, newest first.
    pub changes: Vec<ChangeLine>,
}
