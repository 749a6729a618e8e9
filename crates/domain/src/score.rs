//! Scoring a meeting: sheets as data, what the facts suggest for each criterion, what people enter, the
//! level that follows, and the year. These are points of a meeting, never of a person.
//! Touches rule packs, kinds of meeting, the roll and tasks. Rules: regulations.md section 3, L4, VT-03.

mod facts;
mod judge;
mod points;
mod sheet;
mod suggest;
mod year;

pub use facts::{Facts, Finding, Length, Measure, Met, Noticed, Posting, Prepared, Streak, streak};
pub use judge::{Entry, Gap, Verdict, check_entry, gaps, judge, needs_reason};
pub use points::Points;
pub use sheet::{Auto, Band, Bands, Case, Criterion, Gate, InUse, SHEET_FIGURE, Scale, ScoreSheet, Step, When, YearLevel};
pub use suggest::{Suggestion, suggest};
pub use year::{Outcome, YearVerdict, year};

#[cfg(test)]
#[path = "score_tests.rs"]
mod tests;
