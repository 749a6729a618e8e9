//! What a cell's year comes to in numbers, month by month, and the tally of each measure from it.
//! Touches kỳ, attendance and contributions by their counts only. Rules: T1 … T7, DD-01, DD-05.

use std::ops::Add;

use super::level::{Level, Levels};
use super::{Measure, Tally};
use crate::attendance::Basis;
use crate::period::{PeriodKind, PeriodState};
use crate::rollup::CellKind;

/// Where a kỳ stands for the count of what was kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Held {
    /// The cell did not owe it, or owed it under another committee.
    #[default]
    NotOwed,
    /// It can still be held in time.
    Ahead,
    /// Held in time, or lifted by a decision.
    Kept,
    /// Held after its last day.
    Late,
    /// Its last day has passed without a meeting.
    Missing,
}

impl Held {
    /// By where the kỳ stands.
    pub fn of(state: PeriodState, late: bool, met: bool) -> Self {
        match (met, late, state) {
            (true, false, _) => Self::Kept,
            (true, true, _) => Self::Late,
            (false, _, PeriodState::Overdue) => Self::Missing,
            _ => Self::Ahead,
        }
    }

    fn tally(self) -> Tally {
        match self {
            Self::NotOwed => Tally::default(),
            Self::Ahead => Tally { more: 1, ..Tally::default() },
            Self::Kept => Tally { numer: 1, denom: 1, ..Tally::default() },
            Self::Late | Self::Missing => Tally { denom: 1, ..Tally::default() },
        }
    }
}

/// Places on the rolls of a month's meetings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seats {
    /// Meetings.
    pub meetings: u64,
    /// Who had to come.
    pub expected: u64,
    /// Of those, who came.
    pub present: u64,
    /// Absent with an accepted reason.
    pub excused: u64,
    /// Who spoke.
    pub speakers: u64,
}

impl Add for Seats {
    type Output = Self;

    fn add(self, o: Self) -> Self {
        Self {
            meetings: self.meetings + o.meetings,
            expected: self.expected + o.expected,
            present: self.present + o.present,
            excused: self.excused + o.excused,
            speakers: self.speakers + o.speakers,
        }
    }
}

impl Seats {
    /// Present and counted, by the figure that is official.
    pub(super) fn share(&self, basis: Basis) -> (u64, u64) {
        match basis {
            Basis::AllExpected => (self.present, self.expected),
            Basis::WithoutExcused => (self.present, self.expected.saturating_sub(self.excused)),
        }
    }
}

/// A month of a cell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Month {
    /// Its regular kỳ.
    pub regular: Held,
    /// The thematic kỳ of the quarter that begins with it.
    pub thematic: Held,
    /// Its meetings.
    pub seats: Seats,
}

/// How a cell's members stand against the kỳ to speak in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Speakers {
    /// Who is asked.
    pub asked: u64,
    /// Who has spoken in enough kỳ.
    pub reached: u64,
    /// Who has not and still can.
    pub can: u64,
    /// Of these, who will at their own pace.
    pub pace: u64,
}

impl Speakers {
    /// Adds a member who spoke in `spoken` kỳ of the `target` for their part of the year; so many of their months
    /// are `gone`, and they can still speak in `left` kỳ.
    pub fn add(&mut self, spoken: u32, target: u32, (gone, months): (u32, u32), left: u32) {
        self.asked += 1;
        if spoken >= target {
            self.reached += 1;
        } else if spoken + left >= target {
            self.can += 1;
            let at_end = u64::from(spoken) * u64::from(months);
            self.pace += u64::from(gone > 0 && at_end >= u64::from(target) * u64::from(gone));
        }
    }

    fn tally(&self) -> Tally {
        Tally { numer: self.reached, denom: self.asked, open: self.can, pace: self.pace, more: 0 }
    }
}

/// A cell's year.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CellYear {
    /// Which of the two kinds; none when it no longer stood here at the end of what is counted.
    pub kind: Option<CellKind>,
    /// What the committee above classified it as.
    pub level: Option<Level>,
    /// How its members were classified.
    pub members: Option<Levels>,
    /// Members who are to be classified.
    pub roster: u32,
    /// Its months, January first.
    pub months: [Month; 12],
    /// Its members and the kỳ they spoke in.
    pub speakers: Speakers,
}

impl CellYear {
    /// The tally of a measure.
    pub fn tally(&self, measure: Measure, basis: Basis) -> Tally {
        match measure {
            Measure::CellsGood => self.by_level(Level::is_good),
            Measure::CellsFailed => self.by_level(|l| l == Level::Failed),
            Measure::MembersGood => self.by_members(|m| (m.good_or_above(), m.reviewed())),
            Measure::MembersExcellent => self.by_members(|m| (m.excellent, m.good_or_above())),
            Measure::RegularKept => self.months.iter().map(|m| m.regular.tally()).sum(),
            Measure::ThematicKept => self.months.iter().map(|m| m.thematic.tally()).sum(),
            Measure::Attendance => self.attendance(basis),
            Measure::Spoken if self.kind.is_some() => self.speakers.tally(),
            Measure::Spoken => Tally::default(),
        }
    }

    /// The tally of one month, from 0; of a measure that has months. Of speaking it is who spoke of who was there.
    pub fn month(&self, measure: Measure, at: usize, basis: Basis) -> Tally {
        let Some(month) = self.months.get(at) else {
            return Tally::default();
        };
        let of = |(numer, denom)| Tally { numer, denom, ..Tally::default() };
        match measure {
            Measure::RegularKept => month.regular.tally(),
            Measure::ThematicKept => month.thematic.tally(),
            Measure::Attendance => of(month.seats.share(basis)),
            Measure::Spoken => of((month.seats.speakers, month.seats.present)),
            Measure::CellsGood | Measure::CellsFailed | Measure::MembersGood | Measure::MembersExcellent => Tally::default(),
        }
    }

    /// Everything on its rolls.
    pub fn seats(&self) -> Seats {
        self.months.iter().fold(Seats::default(), |sum, m| sum + m.seats)
    }

    /// The months (from 1) whose kỳ of a kind stand so.
    pub fn months_with(&self, kind: PeriodKind, held: Held) -> Vec<u8> {
        let is = |m: &Month| match kind {
            PeriodKind::Regular => m.regular == held,
            PeriodKind::Thematic => m.thematic == held,
        };
        (1..).zip(&self.months).filter(|(_, m)| is(m)).map(|(n, _)| n).collect()
    }

    fn by_level(&self, counts: impl Fn(Level) -> bool) -> Tally {
        match (self.kind, self.level) {
            (None, _) => Tally::default(),
            (Some(_), None) => Tally { more: 1, ..Tally::default() },
            (Some(_), Some(level)) => Tally { numer: u64::from(counts(level)), denom: 1, ..Tally::default() },
        }
    }

    fn by_members(&self, count: impl Fn(&Levels) -> (u32, u32)) -> Tally {
        match (self.kind, &self.members) {
            (None, _) => Tally::default(),
            (Some(_), None) => Tally { more: u64::from(self.roster), ..Tally::default() },
            (Some(_), Some(members)) => {
                let (numer, denom) = count(members);
                Tally { numer: u64::from(numer), denom: u64::from(denom), ..Tally::default() }
            }
        }
    }

    /// What is still to come is as many places as its meetings had so far, for every kỳ that can still be held.
    fn attendance(&self, basis: Basis) -> Tally {
        let seats = self.seats();
        let (numer, denom) = seats.share(basis);
        let ahead = self.months.iter().filter(|m| m.regular == Held::Ahead).count();
        let usual = (denom + seats.meetings / 2).checked_div(seats.meetings).unwrap_or(u64::from(self.roster));
        Tally { numer, denom, more: usual * u64::try_from(ahead).unwrap_or(0), ..Tally::default() }
    }
}
