//! A cell's year of attendance: by meeting, by kỳ and by member, leaders apart, with both figures
//! and the one that is official. Touches the roll and kỳ. Rules: DD-01 … DD-04, DD-10, M2, ahead.md 5.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Add;

use jiff::civil::Date;

use crate::id::{MeetingId, PersonId};
use crate::period::PeriodKey;
use crate::roll::{Mark, RollLine, Share};
use crate::rulepack::{Compare, Ratio, Rules, Value};

/// One line of the roll of a held meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// The line as the roll has it, corrections in.
    pub line: RollLine,
    /// Whether the person came well after the opening; who is late was there.
    pub late: bool,
}

/// A meeting that was held, with its roll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Which.
    pub meeting: MeetingId,
    /// The day.
    pub day: Date,
    /// The kỳ it served.
    pub periods: Vec<PeriodKey>,
    /// Its roll.
    pub seats: Vec<Seat>,
}

/// Places on rolls, each in exactly one of the first eight numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Expected and there, from afar too.
    pub present: u32,
    /// Expected, absent with a reason that was accepted.
    pub excused: u32,
    /// Expected, absent without one.
    pub unexcused: u32,
    /// Expected, the roll says nothing.
    pub unmarked: u32,
    /// Not expected: exempt.
    pub exempt: u32,
    /// Not expected: meets elsewhere.
    pub away: u32,
    /// Not admitted: suspended.
    pub suspended: u32,
    /// Came although not expected; in neither figure.
    pub extra: u32,
    /// Of those present, from afar.
    pub online: u32,
    /// Of those present, late.
    pub late: u32,
    /// Present of expected among those with a leading post (M2).
    pub leaders: Share,
}

impl Counts {
    /// Who had to come: exempt, suspended and those who meet elsewhere are not among them (DD-03).
    pub fn expected(&self) -> u32 {
        self.present + self.excused + self.unexcused + self.unmarked
    }

    /// Every place on the rolls.
    pub fn total(&self) -> u32 {
        self.expected() + self.outside() + self.extra
    }

    /// Places of people who did not have to come and did not.
    pub fn outside(&self) -> u32 {
        self.exempt + self.away + self.suspended
    }

    /// Present of all who had to come.
    pub fn rate(&self) -> Share {
        Share::new(self.present, self.expected())
    }

    /// Present of those who had to come and were not excused.
    pub fn rate_without_excused(&self) -> Share {
        Share::new(self.present, self.expected() - self.excused)
    }

    /// The figure that is official.
    pub fn official(&self, basis: Basis) -> Share {
        match basis {
            Basis::AllExpected => self.rate(),
            Basis::WithoutExcused => self.rate_without_excused(),
        }
    }

    fn of(seat: &Seat) -> Self {
        let line = &seat.line;
        let mut c = Self::default();
        let place = match (line.is_counted(), line.is_there(), line.mark.or(line.standing.preset())) {
            (true, true, _) => {
                c.online = u32::from(line.mark == Some(Mark::Online));
                c.late = u32::from(seat.late);
                &mut c.present
            }
            (true, false, Some(Mark::Excused)) => &mut c.excused,
            (true, false, Some(Mark::Unexcused)) => &mut c.unexcused,
            (true, false, _) => &mut c.unmarked,
            (false, true, _) => &mut c.extra,
            (false, false, mark) => match (mark, line.standing.preset()) {
                (Some(Mark::Exempt), _) | (_, Some(Mark::Exempt)) => &mut c.exempt,
                (Some(Mark::Suspended), _) | (_, Some(Mark::Suspended)) => &mut c.suspended,
                _ => &mut c.away,
            },
        };
        *place = 1;
        if line.leader && line.is_counted() {
            c.leaders = Share::new(u32::from(line.is_there()), 1);
        }
        c
    }
}

impl Add for Counts {
    type Output = Self;

    fn add(self, o: Self) -> Self {
        Self {
            present: self.present + o.present,
            excused: self.excused + o.excused,
            unexcused: self.unexcused + o.unexcused,
            unmarked: self.unmarked + o.unmarked,
            exempt: self.exempt + o.exempt,
            away: self.away + o.away,
            suspended: self.suspended + o.suspended,
            extra: self.extra + o.extra,
            online: self.online + o.online,
            late: self.late + o.late,
            leaders: self.leaders + o.leaders,
        }
    }
}

/// A year of attendance.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Year {
    /// Each meeting.
    pub meetings: BTreeMap<MeetingId, Counts>,
    /// Each kỳ: the sum of the meetings that served it. One session for two kỳ stands under both.
    pub periods: BTreeMap<PeriodKey, Counts>,
    /// Each person over every meeting on whose roll they stand.
    pub people: BTreeMap<PersonId, Counts>,
    /// Every meeting once.
    pub whole: Counts,
}

/// Counts a year. A meeting given twice, or in two parts, counts once; so does a person who stands
/// twice on one roll. The order of anything changes nothing.
pub fn year(held: &[Held]) -> Year {
    let mut rolls: BTreeMap<MeetingId, BTreeMap<PersonId, &Seat>> = BTreeMap::new();
    let mut served: BTreeMap<MeetingId, BTreeSet<PeriodKey>> = BTreeMap::new();
    for meeting in held {
        served.entry(meeting.meeting).or_default().extend(&meeting.periods);
        let roll = rolls.entry(meeting.meeting).or_default();
        for seat in &meeting.seats {
            let rank = |s: &Seat| (s.line.mark, s.line.standing, s.late, s.line.leader);
            let kept = roll.entry(seat.line.person).or_insert(seat);
            if rank(kept) < rank(seat) {
                *kept = seat;
            }
        }
    }
    let mut out = Year::default();
    for (meeting, roll) in rolls {
        let mut sum = Counts::default();
        for (person, seat) in roll {
            let one = Counts::of(seat);
            sum = sum + one;
            let own = out.people.entry(person).or_default();
            *own = *own + one;
        }
        for period in served.remove(&meeting).unwrap_or_default() {
            let all = out.periods.entry(period).or_default();
            *all = *all + sum;
        }
        out.whole = out.whole + sum;
        out.meetings.insert(meeting, sum);
    }
    out
}

/// Which of the two figures is official.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Who was excused stays among those who had to come.
    AllExpected,
    /// Who was excused is left out.
    WithoutExcused,
}

/// The figure of the rule packs that says which is official.
pub const BASIS: &str = "attendance.excused_counts";

impl Basis {
    /// What the rules of a day say; where they say nothing, nobody is left out.
    pub fn by(rules: &Rules) -> Self {
        match rules.figure(BASIS).map(|f| &f.value) {
            Some(Value::Flag(false)) => Self::WithoutExcused,
            _ => Self::AllExpected,
        }
    }
}

/// What the guidance of a day asks of one meeting for the full mark (DD-01; DD-02 before it).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// The share to reach, and how.
    pub target: (Compare, Ratio),
    /// How many may be absent without a reason.
    pub unexcused_allowed: u32,
    /// Which figure is judged.
    pub basis: Basis,
}

impl Asked {
    /// What the rules of a day ask; `None` where no rule of the day asks anything.
    pub fn by(rules: &Rules) -> Option<Self> {
        let figure = rules.figure("attendance.target")?;
        let Value::Ratio(share) = figure.value else {
            return None;
        };
        let allowed = rules.int("attendance.unexcused_allowed").and_then(|n| u32::try_from(n).ok());
        Some(Self {
            target: (figure.compare.unwrap_or(Compare::AtLeast), share),
            unexcused_allowed: allowed.unwrap_or(u32::MAX),
            basis: Basis::by(rules),
        })
    }

    /// Whether the share of a meeting is reached.
    pub fn share_reached(&self, counts: &Counts) -> bool {
        let share = counts.official(self.basis);
        self.target.1.reached(self.target.0, u64::from(share.numer), u64::from(share.denom))
    }

    /// Whether a meeting reaches everything: the share, and nobody more absent without a reason than allowed.
    pub fn reached(&self, counts: &Counts) -> bool {
        self.share_reached(counts) && counts.unexcused <= self.unexcused_allowed
    }
}

/// Whether somebody who was noted as there at `arrived` came late: more than `minutes` after the opening.
/// What was noted after the end says when it was noted, not when they came.
pub fn is_late(
    opened: Option<jiff::civil::DateTime>,
    closed: Option<jiff::civil::DateTime>,
    arrived: Option<jiff::civil::DateTime>,
    minutes: i64,
) -> bool {
    let (Some(opened), Some(arrived)) = (opened, arrived) else {
        return false;
    };
    let after = opened.duration_until(arrived).as_mins();
    after > minutes && closed.is_none_or(|end| arrived < end)
}

#[cfg(test)]
#[path = "attendance_tests.rs"]
mod tests;
