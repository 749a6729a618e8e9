//! A plan as it is kept until somebody accepts it: plain data, as JSON in import_batch.
//! Pure. Rules: experience.md "Preview before import" (a state for each cell, counters, choices).

use domain::code::Code;
use domain::sheet::{Action, CellPlan, CellState, MemberValues};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What would happen to a cell of the sheet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sign {
    /// Would be written.
    #[default]
    #[serde(rename = "n")]
    New,
    /// Is so already.
    #[serde(rename = "s")]
    Same,
    /// Would replace something.
    #[serde(rename = "c")]
    Changed,
    /// Look at it.
    #[serde(rename = "w")]
    Warning,
    /// Wrong.
    #[serde(rename = "e")]
    Error,
}

impl Sign {
    /// The class of the cell in the preview; none for what stays as it is.
    pub fn class(self) -> &'static str {
        match self {
            Self::New => "done",
            Self::Changed => "wait",
            Self::Warning => "due",
            Self::Error => "late",
            Self::Same => "",
        }
    }
}

/// A cell of the preview.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptCell {
    /// Code of its column.
    #[serde(rename = "k")]
    pub column: String,
    /// The value as it would be written.
    #[serde(rename = "t")]
    pub text: String,
    /// What would happen to it.
    #[serde(rename = "s")]
    pub sign: Sign,
    /// Why, or what it would replace.
    #[serde(rename = "w", default, skip_serializing_if = "String::is_empty")]
    pub why: String,
}

impl KeptCell {
    /// From the domain's plan.
    pub fn of(cell: CellPlan) -> Self {
        let (sign, why) = match cell.state {
            CellState::New => (Sign::New, String::new()),
            CellState::Same => (Sign::Same, String::new()),
            CellState::Changed(old) => (Sign::Changed, old),
            CellState::Warning(why) => (Sign::Warning, why),
            CellState::Error(why) => (Sign::Error, why),
        };
        Self { column: cell.column.code().to_owned(), text: cell.text, sign, why }
    }

    /// What stands under the value.
    pub fn note(&self) -> String {
        match self.sign {
            Sign::New | Sign::Same => String::new(),
            Sign::Changed => format!("Thay đổi: đang ghi {}", self.why),
            Sign::Warning => format!("Cảnh báo: {}", self.why),
            Sign::Error => format!("Lỗi: {}", self.why),
        }
    }
}

/// What a row would write.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Values {
    /// Full name.
    #[serde(rename = "n")]
    pub name: String,
    /// Year of birth.
    #[serde(rename = "b", default, skip_serializing_if = "Option::is_none")]
    pub birth_year: Option<i16>,
    /// Date of admission.
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    pub admitted: Option<Date>,
    /// Date of becoming official.
    #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
    pub official: Option<Date>,
    /// Card number.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub card: Option<String>,
    /// Telephone.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// E-mail.
    #[serde(rename = "e", default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

impl Values {
    /// From the domain's plan.
    pub fn of(values: &MemberValues) -> Self {
        Self {
            name: values.name.clone(),
            birth_year: values.birth_year,
            admitted: values.admitted,
            official: values.official,
            card: values.card.clone(),
            phone: values.phone.clone(),
            email: values.email.clone(),
        }
    }
}

/// A row of the preview.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptRow {
    /// Its number in the sheet.
    pub n: usize,
    /// Code of what would happen, missing cells apart.
    #[serde(rename = "a")]
    pub action: String,
    /// Why.
    #[serde(rename = "r", default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// The known person that it is.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub person: Option<i64>,
    /// Known people that it may be, with words that tell them apart.
    #[serde(rename = "m", default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<(i64, String)>,
    /// Its cells.
    #[serde(rename = "c", default)]
    pub cells: Vec<KeptCell>,
    /// What would be written.
    #[serde(rename = "v", default)]
    pub values: Values,
    /// The cell it belongs to.
    #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
    pub org: Option<i64>,
    /// The cell it names and that does not exist.
    #[serde(rename = "x", default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<String>,
    /// Standing of a new stay.
    #[serde(rename = "s")]
    pub standing: String,
    /// Post that would be given.
    #[serde(rename = "l", default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// A known person who would join the cell.
    #[serde(rename = "j", default, skip_serializing_if = "std::ops::Not::not")]
    pub joins: bool,
}

impl KeptRow {
    /// What would happen: a cell that is missing is an error until it is to be founded.
    pub fn does(&self, found: bool) -> Action {
        let action = Action::from_code(&self.action).unwrap_or(Action::Error);
        match action {
            Action::Skip | Action::Error => action,
            _ if self.missing.is_some() && !found => Action::Error,
            other => other,
        }
    }

    /// Why, in a sentence; empty where the action says it all.
    pub fn says(&self, found: bool) -> String {
        match &self.missing {
            Some(name) if !found && self.does(false) == Action::Error && self.action != Action::Error.code() => {
                format!("Chưa có “{name}” trong hệ thống.")
            }
            _ => self.reason.clone(),
        }
    }

    /// The cell of a column as it is shown.
    pub fn shown(&self, column: &str, found: bool) -> Option<KeptCell> {
        let cell = self.cells.iter().find(|c| c.column == column)?.clone();
        if column == "org" && self.missing.is_some() && !found {
            return Some(KeptCell { sign: Sign::Error, why: self.says(false), ..cell });
        }
        Some(cell)
    }

    /// Cells that ask to be looked at.
    pub fn warnings(&self, found: bool) -> usize {
        self.cells.iter().filter_map(|c| self.shown(&c.column, found)).filter(|c| c.sign == Sign::Warning).count()
    }
}

/// How many rows have which action.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// New people.
    pub new: usize,
    /// Known people with something new.
    pub changed: usize,
    /// Known people, nothing new.
    pub same: usize,
    /// Somebody has to say.
    pub ask: usize,
    /// Left out.
    pub skipped: usize,
    /// Wrong.
    pub errors: usize,
    /// Cells with a warning.
    pub warnings: usize,
}

/// A plan of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// First day of new stays.
    pub from: Date,
    /// Codes of the columns shown.
    pub columns: Vec<String>,
    /// Headings that are not taken in.
    pub ignored: Vec<String>,
    /// Fingerprint of what it was compared with.
    pub basis: String,
    /// Whether missing cells are to be founded.
    pub found: bool,
    /// Whether it is for many cells.
    pub many: bool,
    /// Rows.
    pub rows: Vec<KeptRow>,
}

impl Plan {
    /// Counts the rows.
    pub fn tally(&self) -> Tally {
        let mut t = Tally::default();
        for row in &self.rows {
            let of = row.does(self.found);
            *match of {
                Action::New => &mut t.new,
                Action::Change => &mut t.changed,
                Action::Same => &mut t.same,
                Action::Ask => &mut t.ask,
                Action::Skip => &mut t.skipped,
                Action::Error => &mut t.errors,
            } += 1;
            if of != Action::Error {
                t.warnings += row.warnings(self.found);
            }
        }
        t
    }

    /// Names of cells that do not exist, each once, in the order of the sheet.
    pub fn missing(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for name in self.rows.iter().filter(|r| r.does(true) != Action::Error).filter_map(|r| r.missing.as_ref()) {
            if !names.iter().any(|n| super::bare(n) == super::bare(name)) {
                names.push(name.clone());
            }
        }
        names
    }
}
