//! The targets of the programme over a year: from the facts of cells to a value, where it stands and what can
//! still come of it. Numerators and denominators are kept apart, so that the sum of the cells is the whole and
//! every figure can be opened. Touches rule packs' figures. Rules: T1 … T7, ahead.md 21 and 24.

mod facts;
mod level;
mod sums;

use std::ops::Add;

use crate::code::Code;
use crate::rollup::CellKind;
use crate::rulepack::{Compare, Ratio, Target, Value};
use crate::vi;

pub use facts::{CellYear, Held, Month, Seats, Speakers};
pub use level::{Level, Levels, QUOTA, most_excellent, over_quota};
pub use sums::{KindYear, MonthSums, kept};

crate::codes! {
    /// Which fact a target measures.
    pub enum Measure {
        /// Cells classified good or above.
        CellsGood = "cells_good_or_above" / "chi bộ",
        /// Cells that did not fulfil their tasks.
        CellsFailed = "cells_failed" / "chi bộ",
        /// Members classified good or above.
        MembersGood = "members_good_or_above" / "đảng viên",
        /// Excellent members among those good or above.
        MembersExcellent = "members_excellent" / "đảng viên",
        /// Regular kỳ held in time.
        RegularKept = "regular_kept" / "kỳ",
        /// Places at meetings.
        Attendance = "attendance" / "lượt",
        /// Members who spoke in as many kỳ as asked.
        Spoken = "periods_spoken" / "đảng viên",
        /// Thematic kỳ held in time.
        ThematicKept = "thematic_kept" / "kỳ",
    }
}

impl Measure {
    /// The word packs use for [`Measure::Spoken`], for who looks its target up.
    pub const SPOKEN_WORD: &str = "periods_spoken";

    /// Whether cells are counted by what they were classified as.
    pub fn is_of_cells(self) -> bool {
        matches!(self, Self::CellsGood | Self::CellsFailed)
    }

    /// Whether it follows from the classification at the end of the year.
    pub fn is_yearly(self) -> bool {
        matches!(self, Self::CellsGood | Self::CellsFailed | Self::MembersGood | Self::MembersExcellent)
    }
}

/// A share as it stands, with what may still come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many do.
    pub numer: u64,
    /// Of how many.
    pub denom: u64,
    /// Of those in the denominator, who do not yet and still may.
    pub open: u64,
    /// Of these, who will at the present pace.
    pub pace: u64,
    /// How many are still to be counted, in both.
    pub more: u64,
}

impl Add for Tally {
    type Output = Self;

    fn add(self, o: Self) -> Self {
        Self {
            numer: self.numer + o.numer,
            denom: self.denom + o.denom,
            open: self.open + o.open,
            pace: self.pace + o.pace,
            more: self.more + o.more,
        }
    }
}

impl std::iter::Sum for Tally {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), Add::add)
    }
}

impl Tally {
    /// What is counted already, of how many.
    pub fn now(&self) -> (u64, u64) {
        (self.numer, self.denom)
    }

    /// The most it can come to.
    pub fn best(&self) -> (u64, u64) {
        (self.numer + self.open + self.more, self.denom + self.more)
    }

    /// The least it can come to.
    pub fn least(&self) -> (u64, u64) {
        (self.numer, self.denom + self.more)
    }

    /// What it comes to if the rest goes as it went so far.
    pub fn at_pace(&self) -> (u64, u64) {
        let rest = (u128::from(self.more) * u128::from(self.numer)).checked_div(u128::from(self.denom)).unwrap_or(0);
        (self.numer + self.pace.min(self.open) + u64::try_from(rest).unwrap_or(self.more), self.denom + self.more)
    }

    /// Whether everything is counted.
    pub fn is_whole(&self) -> bool {
        self.open == 0 && self.more == 0
    }
}

crate::codes! {
    /// Where a target stands.
    pub enum State {
        /// What is counted reaches it.
        Met = "met" / "Đạt",
        /// Not yet, and it still can be reached.
        OnTheWay = "on_the_way" / "Chưa đạt, còn kịp",
        /// It cannot be reached any more.
        Missed = "missed" / "Không đạt",
        /// Nothing is counted yet.
        Unknown = "unknown" / "Chưa có số liệu",
    }
}

/// What a target asks of a tally.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// A share, strict or not as the pack says.
    Share(Compare, Ratio),
    /// A number of those counted.
    Number(Compare, u64),
    /// Everybody who is counted.
    All,
}

impl Goal {
    /// What a target asks; none where its value does not fit what it measures.
    pub fn of(measure: Measure, target: &Target) -> Option<Self> {
        match (&target.value, measure) {
            // The number of kỳ is asked of each member; that each of them reaches it is the target.
            (Value::Int(_), Measure::Spoken) => Some(Self::All),
            (Value::Int(n), Measure::CellsFailed) => Some(Self::Number(target.compare, u64::try_from(*n).ok()?)),
            (Value::Ratio(share), m) if m != Measure::Spoken => Some(Self::Share(target.compare, *share)),
            _ => None,
        }
    }

    fn holds(self, (numer, denom): (u64, u64)) -> bool {
        match self {
            Self::Share(compare, share) => share.reached(compare, numer, denom),
            Self::Number(compare, n) => compare.holds(numer, n),
            Self::All => numer == denom,
        }
    }

    /// Whether some way the rest may go reaches it.
    fn reachable(self, tally: &Tally) -> bool {
        let (most, denom) = tally.best();
        let least = tally.numer;
        match self {
            Self::Share(Compare::Over | Compare::AtLeast, _) | Self::Number(Compare::Over | Compare::AtLeast, _) | Self::All => {
                self.holds((most, denom))
            }
            Self::Share(Compare::Under | Compare::AtMost, _) | Self::Number(Compare::Under | Compare::AtMost, _) => {
                self.holds((least, denom))
            }
            Self::Number(Compare::Exactly, n) => (least..=most).contains(&n),
            Self::Share(Compare::Exactly, share) => {
                let wanted = u128::from(denom) * u128::from(share.part);
                let whole = u128::from(share.whole);
                let exact = u64::try_from(wanted / whole).ok().filter(|_| wanted.is_multiple_of(whole));
                denom > 0 && exact.is_some_and(|n| (least..=most).contains(&n))
            }
        }
    }

    /// Where a tally stands.
    pub fn state(self, tally: &Tally) -> State {
        if tally.denom == 0 {
            return State::Unknown;
        }
        match (self.holds(tally.now()), self.reachable(tally)) {
            // What holds now and cannot hold at the end would be a target of "exactly" that was overshot.
            (true, true) => State::Met,
            (false, true) => State::OnTheWay,
            (_, false) => State::Missed,
        }
    }

    /// Whether it holds however the rest goes.
    pub fn is_sure(self, tally: &Tally) -> bool {
        tally.denom > 0 && self.holds(tally.best()) && self.holds(tally.least())
    }

    /// Whether it holds if the rest goes as it went so far.
    pub fn at_pace(self, tally: &Tally) -> bool {
        tally.denom > 0 && self.holds(tally.at_pace())
    }

    /// A pair of counts as read: a share, or for a number the number itself.
    pub fn shown(self, (numer, denom): (u64, u64)) -> String {
        match self {
            Self::Number(..) if denom == 0 => "–".to_owned(),
            Self::Number(..) => vi::number(i64::try_from(numer).unwrap_or(i64::MAX)),
            Self::Share(..) | Self::All => vi::percent(numer, denom),
        }
    }
}

/// The forecast to the year's end, in sentences that say how it was made.
pub fn forecast(measure: Measure, goal: Goal, tally: &Tally) -> Vec<String> {
    let number = |n: u64| vi::number(i64::try_from(n).unwrap_or(i64::MAX));
    if tally.is_whole() {
        return if tally.denom == 0 { Vec::new() } else { vec!["Đã tính đủ, không còn gì để dự báo.".to_owned()] };
    }
    let left = match measure {
        Measure::CellsGood | Measure::CellsFailed => format!("Còn {} chi bộ chưa có kết quả xếp loại.", number(tally.more)),
        Measure::MembersGood | Measure::MembersExcellent => {
            format!("Còn khoảng {} đảng viên chưa có kết quả xếp loại.", number(tally.more))
        }
        Measure::RegularKept | Measure::ThematicKept => format!("Còn {} kỳ chưa đến hạn trong năm.", number(tally.more)),
        Measure::Attendance => {
            format!("Các kỳ còn lại trong năm ước có {} lượt phải dự, theo số bình quân các buổi đã họp.", number(tally.more))
        }
        Measure::Spoken => format!("{} đồng chí chưa đủ số kỳ và vẫn còn đủ kỳ để đạt.", number(tally.open)),
    };
    let (fewer, which) = match goal {
        Goal::Number(..) => (true, "ít nhất"),
        _ => (false, "cao nhất"),
    };
    let edge = if fewer { (tally.numer, tally.denom + tally.more) } else { tally.best() };
    let mut out = vec![left];
    if tally.denom > 0 {
        let reached = if goal.at_pace(tally) { "đạt" } else { "không đạt" };
        out.push(format!("Giữ nhịp đến nay thì cuối năm là {}: {reached} chỉ tiêu.", goal.shown(tally.at_pace())));
    }
    if goal.is_sure(tally) {
        out.push("Phần còn lại thế nào thì chỉ tiêu cũng đạt.".to_owned());
    } else {
        let reached = if goal.reachable(tally) { "còn đạt được" } else { "không còn đạt được" };
        out.push(format!("Làm tốt hết phần còn lại thì {which} là {}: {reached}.", goal.shown(edge)));
    }
    out
}

/// Whether a target is about cells of a kind.
pub fn applies(target: &Target, kind: CellKind) -> bool {
    let word = match kind {
        CellKind::Base => "cell_base",
        CellKind::Sub => "cell_sub",
    };
    target.applies_to.is_empty() || target.applies_to.iter().any(|k| k == word)
}

/// The measure a target names; none for a word nobody knows.
pub fn measure_of(target: &Target) -> Option<Measure> {
    Measure::from_code(&target.measure)
}

#[cfg(test)]
#[path = "target_tests.rs"]
mod tests;
