//! What a pack says about advice on tasks: which checks, in which words, and the days off.
//! Pure. Rules: SM-01, M15, ahead.md 7.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::{Confidence, Document};
use crate::resolution::TaskField;

crate::codes! {
    /// What a rule looks at; how is in `domain::lint`.
    pub enum LintCheck {
        /// A resolution without any task.
        NoTask = "no_task" / "Chưa giao việc",
        /// A verb that never ends, and nothing that could be checked.
        Vague = "vague" / "Chữ chung chung",
        /// Two tasks written as one.
        Several = "several" / "Nhiều việc trong một câu",
        /// A gap of the skeleton nobody filled.
        Blank = "blank" / "Chỗ trống chưa điền",
        /// A field with nothing in it.
        Missing = "missing" / "Thiếu",
        /// Said in the sentence, not chosen in its field.
        InWordsOnly = "in_words_only" / "Chưa chọn ở ô",
        /// Who does it is who checks it.
        SamePerson = "same_person" / "Trùng người",
        /// A deadline before the meeting.
        Past = "past" / "Thời hạn đã qua",
        /// A deadline on a day on which nobody works.
        DayOff = "day_off" / "Thời hạn vào ngày nghỉ",
        /// A deadline after the term.
        BeyondTerm = "beyond_term" / "Thời hạn quá nhiệm kỳ",
        /// Too much on one person.
        Load = "load" / "Quá nhiều việc",
    }
}

impl LintCheck {
    /// The lists of words the check cannot do without.
    pub(crate) fn lists(self) -> &'static [&'static str] {
        match self {
            Self::Vague => &["before", "numbers", "units", "makes", "products", "ends", "light", "qualities"],
            Self::Several => &["joints", "before", "follow_ups", "causatives", "purposes", "together"],
            Self::InWordsOnly => {
                &["deadline_before", "deadline_within", "address", "doer_before", "doer_after", "checker_after", "urger_after"]
            }
            Self::NoTask
            | Self::Blank
            | Self::Missing
            | Self::SamePerson
            | Self::Past
            | Self::DayOff
            | Self::BeyondTerm
            | Self::Load => &[],
        }
    }
}

/// A task as an example of a rule: whole, save for what is said here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LintExample {
    /// Nội dung.
    pub content: String,
    /// Yêu cầu, where it matters.
    pub requirement: Option<String>,
    /// Fields that are empty.
    pub lacks: Vec<TaskField>,
    /// The deadline, where it matters.
    pub deadline: Option<Date>,
    /// Whether the doer is the checker.
    pub same: bool,
    /// How many open tasks the doer has already.
    pub open: u32,
}

/// A rule by which a task is looked through.
#[derive(Debug, Clone, PartialEq)]
pub struct LintRule {
    /// A stable ASCII word.
    pub id: String,
    /// What it looks at.
    pub check: LintCheck,
    /// The field that must be filled, for [`LintCheck::Missing`].
    pub field: Option<TaskField>,
    /// The figure it measures against, for [`LintCheck::Load`].
    pub figure: Option<String>,
    /// Ids of the rules it follows, as in `SM-01`.
    pub rules: Vec<String>,
    /// The document it comes from.
    pub source: Arc<Document>,
    /// How sure we are.
    pub confidence: Confidence,
    /// What is wrong, with gaps in braces.
    pub says: String,
    /// Why it matters.
    pub why: String,
    /// The rewritten task part by part, with gaps in braces; empty where nothing is to be rewritten.
    pub skeleton: Vec<String>,
    /// What is looked for.
    pub phrases: Vec<String>,
    /// Lists the check needs, by name.
    pub words: BTreeMap<String, Vec<String>>,
    /// Tasks that are in order.
    pub good: Vec<LintExample>,
    /// Tasks in which the rule finds something.
    pub bad: Vec<LintExample>,
}

impl LintRule {
    /// One of its lists.
    pub fn list(&self, name: &str) -> &[String] {
        self.words.get(name).map_or(&[], Vec::as_slice)
    }
}

/// Days on which nobody works, besides Saturdays and Sundays.
#[derive(Debug, Clone, PartialEq)]
pub struct DayOff {
    /// What it is: `ngày nghỉ Quốc khánh 2/9`.
    pub name: String,
    /// Month and day of every year.
    pub yearly: Option<(i8, i8)>,
    /// Days of single years, where they follow the lunar calendar.
    pub dates: Vec<Date>,
    /// The document it comes from.
    pub source: Arc<Document>,
    /// How sure we are.
    pub confidence: Confidence,
}

impl DayOff {
    /// Whether the day is one of these.
    pub fn is(&self, day: Date) -> bool {
        self.yearly == Some((day.month(), day.day())) || self.dates.contains(&day)
    }
}

/// Words a comparison of texts goes by, under a name the program asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WordList {
    pub(crate) name: String,
    pub(crate) words: Vec<String>,
}
