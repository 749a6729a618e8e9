//! The year of all cells of a kind below a committee as sums, where there are too many to be read one by one. The
//! same measures as of single cells, save what needs each member. Touches counts only. Rules: T1 … T5, T7.

use super::facts::Seats;
use super::level::Level;
use super::{Measure, Tally};
use crate::attendance::Basis;
use crate::code::Code;

/// A month of many cells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MonthSums {
    /// Their regular kỳ.
    pub regular: Tally,
    /// Their thematic kỳ of the quarter that begins with it.
    pub thematic: Tally,
    /// Their meetings.
    pub seats: Seats,
}

/// The tally of kỳ by how many are owed, met, met late, put off and not met yet; `over` says that their last day has
/// passed. What was put off waits for its new day.
pub fn kept(owed: u64, held: u64, late: u64, put_off: u64, over: bool) -> Tally {
    let numer = held.saturating_sub(late);
    let waits = if over { put_off } else { owed.saturating_sub(held) };
    Tally { numer, denom: owed.saturating_sub(waits), more: waits, ..Tally::default() }
}

/// The year of the cells of a kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KindYear {
    /// Cells at the end of what is counted.
    pub cells: u64,
    /// Months, January first.
    pub months: [MonthSums; 12],
    /// How many of the cells came to each level, in the order of the levels.
    pub levels: [u64; 4],
    /// Cells whose members' numbers are there.
    pub with_members: u64,
    /// How many members came to each level, in the order of the levels.
    pub members: [u64; 4],
}

impl KindYear {
    /// The tally of a measure; nothing for what needs each member.
    pub fn tally(&self, measure: Measure, basis: Basis) -> Tally {
        match measure {
            Measure::CellsGood => self.of_cells(Level::is_good),
            Measure::CellsFailed => self.of_cells(|l| l == Level::Failed),
            Measure::MembersGood => self.of_members(Level::is_good, |_| true),
            Measure::MembersExcellent => self.of_members(|l| l == Level::Excellent, Level::is_good),
            Measure::RegularKept => self.months.iter().map(|m| m.regular).sum(),
            Measure::ThematicKept => self.months.iter().map(|m| m.thematic).sum(),
            Measure::Attendance => self.attendance(basis),
            Measure::Spoken => Tally::default(),
        }
    }

    /// The tally of one month, from 0; of speaking who spoke of who was there.
    pub fn month(&self, measure: Measure, at: usize, basis: Basis) -> Tally {
        let Some(month) = self.months.get(at) else {
            return Tally::default();
        };
        let of = |(numer, denom)| Tally { numer, denom, ..Tally::default() };
        match measure {
            Measure::RegularKept => month.regular,
            Measure::ThematicKept => month.thematic,
            Measure::Attendance => of(month.seats.share(basis)),
            Measure::Spoken => of((month.seats.speakers, month.seats.present)),
            Measure::CellsGood | Measure::CellsFailed | Measure::MembersGood | Measure::MembersExcellent => Tally::default(),
        }
    }

    fn count(of: &[u64; 4], counts: impl Fn(Level) -> bool) -> u64 {
        Level::ALL.iter().zip(of).filter(|(level, _)| counts(**level)).map(|(_, n)| n).sum()
    }

    fn of_cells(&self, counts: impl Fn(Level) -> bool) -> Tally {
        let denom = Self::count(&self.levels, |_| true);
        Tally { numer: Self::count(&self.levels, counts), denom, more: self.cells.saturating_sub(denom), ..Tally::default() }
    }

    /// Cells whose numbers are missing are taken to have as many members as the others.
    fn of_members(&self, numer: impl Fn(Level) -> bool, denom: impl Fn(Level) -> bool) -> Tally {
        let reviewed = Self::count(&self.members, |_| true);
        let without = self.cells.saturating_sub(self.with_members);
        let more = (reviewed * without).checked_div(self.with_members).unwrap_or(0);
        Tally { numer: Self::count(&self.members, numer), denom: Self::count(&self.members, denom), more, ..Tally::default() }
    }

    fn attendance(&self, basis: Basis) -> Tally {
        let seats = self.months.iter().fold(Seats::default(), |sum, m| sum + m.seats);
        let (numer, denom) = seats.share(basis);
        let ahead: u64 = self.months.iter().map(|m| m.regular.more).sum();
        let more = (denom * ahead + seats.meetings / 2).checked_div(seats.meetings).unwrap_or(0);
        Tally { numer, denom, more, ..Tally::default() }
    }
}
