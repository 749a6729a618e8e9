//! Pages of a cell's year in attendance and contributions.

use askama::Template;
use domain::attendance::Counts;
use domain::id::OrgId;
use domain::vi;
use jiff::civil::Date;

use crate::home::page::YearWords;
use crate::home::year::PersonYear;
use crate::shell::Shell;

/// A figure with what it was counted from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figure {
    /// Anchor.
    pub id: &'static str,
    /// Its name.
    pub label: String,
    /// Its value.
    pub value: String,
    /// State class.
    pub class: &'static str,
    /// A line below.
    pub note: String,
    /// What it was counted from, and by which rule.
    pub why: Vec<String>,
}

/// A meeting of the year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingLine {
    /// Its minutes, or the meeting.
    pub href: String,
    /// Title.
    pub title: String,
    /// Day.
    pub day: Date,
    /// Whether the minutes are sealed.
    pub sealed: bool,
    /// Its places.
    pub counts: Counts,
    /// The official figure.
    pub rate: String,
    /// Leaders apart.
    pub leaders: String,
    /// Whether the guidance of its day is reached: class and word.
    pub full: (&'static str, &'static str),
}

impl MeetingLine {
    /// The day as read.
    pub fn day_text(&self) -> String {
        vi::date(self.day)
    }
}

/// A kỳ of the year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeriodLine {
    /// Name.
    pub name: String,
    /// Days of its meetings.
    pub held: String,
    /// Places at them.
    pub counts: Counts,
    /// The official figure.
    pub rate: String,
}

/// A member's year in the cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberLine {
    /// The page with every meeting.
    pub href: String,
    /// Full name.
    pub name: String,
    /// Places on rolls.
    pub counts: Counts,
    /// The official figure.
    pub rate: String,
    /// Kỳ spoken in of those asked.
    pub spoken: String,
    /// The same as a number.
    pub kinds: u32,
    /// What is asked.
    pub target: u32,
    /// Months in which they had to meet.
    pub months: u32,
    /// What of the year was different.
    pub span: String,
}

/// The year.
#[derive(Template)]
#[template(path = "attendance/year.html")]
pub struct YearPage {
    /// Frame.
    pub shell: Shell,
    /// Address of the page.
    pub base: String,
    /// The cell.
    pub org: OrgId,
    /// Name of the cell, for the printed page.
    pub name: String,
    /// The year.
    pub year: i16,
    /// Years to choose from.
    pub years: Vec<i16>,
    /// The day it was made, for the printed page.
    pub made: String,
    /// Figures at the head.
    pub figures: Vec<Figure>,
    /// By meeting.
    pub meetings: Vec<MeetingLine>,
    /// Sum of all meetings.
    pub whole: Counts,
    /// The official figure of the whole.
    pub whole_rate: String,
    /// Leaders of the whole.
    pub whole_leaders: String,
    /// By kỳ.
    pub periods: Vec<PeriodLine>,
    /// By member.
    pub members: Vec<MemberLine>,
}

/// One member's year in the cell, meeting by meeting.
#[derive(Template)]
#[template(path = "attendance/member.html")]
pub struct MemberPage {
    /// Frame.
    pub shell: Shell,
    /// The year shown.
    pub year: PersonYear,
    /// In words.
    pub words: YearWords,
    /// What of the year was different.
    pub span: String,
}
