//! What a month of a cell adds to the sums of the committees above it, and how these sums are carried.
//! Pure: facts, dated edges and rules in; figures and differences out. Rules: T4, T5, T7, SH-01 … SH-07.
//!
//! A month counts for the committees that stood above the cell on its first day (for a cell founded in
//! it: on the day it was founded), a quarter's thematic kỳ with the first month of the quarter. So a
//! reorganisation leaves every month before it where it was.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::id::OrgId;
use crate::period::{CellLife, PeriodKey, PeriodKind, duty};
use crate::rulepack::Rules;
use crate::tasks_due::DueTasks;
use crate::tree;

/// A month, stored as `2026-03`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(Date);

impl Month {
    /// The month of a day.
    pub fn of(day: Date) -> Self {
        Self(day.first_of_month())
    }

    /// Its first day.
    pub fn first_day(self) -> Date {
        self.0
    }

    /// Its last day.
    pub fn last_day(self) -> Date {
        self.0.last_of_month()
    }

    /// The year.
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// 1 to 12.
    pub fn number(self) -> u8 {
        self.0.month().unsigned_abs()
    }

    /// The month after it.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.checked_add(1.month()).unwrap_or(self.0))
    }

    /// Every month from this one to another, both included; none when that one lies before.
    pub fn through(self, last: Self) -> impl Iterator<Item = Self> {
        let step = |m: &Self| Some(m.next()).filter(|n| n > m);
        std::iter::successors(Some(self), step).take_while(move |m| *m <= last)
    }

    /// The twelve months of a year.
    pub fn of_year(year: i16) -> (Self, Self) {
        let at = |month| Self(Date::new(year, month, 1).unwrap_or(Date::MIN));
        (at(1), at(12))
    }

    /// The month in whose row a kỳ is kept: its own, a quarter's first.
    pub fn of_period(key: PeriodKey) -> Self {
        Self::of(key.first_day())
    }

    /// The kỳ kept in the row of this month: its regular one, and the quarter's in a quarter's first.
    pub fn periods(self) -> Vec<PeriodKey> {
        let thematic = (self.number() % 3 == 1).then(|| PeriodKey::of(PeriodKind::Thematic, self.0)).flatten();
        PeriodKey::of(PeriodKind::Regular, self.0).into_iter().chain(thematic).collect()
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.year(), self.0.month())
    }
}

/// A text that is no month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadMonth;

impl FromStr for Month {
    type Err = BadMonth;

    fn from_str(text: &str) -> Result<Self, BadMonth> {
        let (year, month) = text.split_once('-').ok_or(BadMonth)?;
        let day = Date::new(year.parse().map_err(|_| BadMonth)?, month.parse().map_err(|_| BadMonth)?, 1);
        Some(Self(day.map_err(|_| BadMonth)?)).filter(|m| m.to_string() == text).ok_or(BadMonth)
    }
}

crate::codes! {
    /// Which of the two kinds a cell counts with (T1).
    pub enum CellKind {
        /// A grassroots organisation of its own.
        Base = "base" / "Chi bộ cơ sở",
        /// Under a grassroots committee.
        Sub = "sub" / "Chi bộ trực thuộc",
    }
}

impl CellKind {
    /// The kind of a cell of an organisational kind under a parent of another. Since the kinds were unified
    /// (TC-23) a cell is one of its own unless it stands where subordinate cells stand.
    pub fn of(kind: &str, parent: Option<&str>, rules: &Rules) -> Self {
        match (kind, parent) {
            ("cell_base", _) | (_, None) => Self::Base,
            ("cell_sub", _) => Self::Sub,
            (_, Some(parent)) => {
                let subordinate = rules.org_kind("cell_sub").is_some_and(|k| k.may_stand_under(Some(parent)));
                if subordinate { Self::Sub } else { Self::Base }
            }
        }
    }
}

macro_rules! figures {
    ($($(#[$meta:meta])* $name:ident),* $(,)?) => {
        /// The figures of a month, of one cell or of all below a committee.
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
        pub struct Figures { $($(#[$meta])* pub $name: i64),* }

        impl Figures {
            /// Their names, which are those of the columns.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($name)),*];

            /// In the order of the names.
            pub fn to_list(self) -> Vec<i64> {
                vec![$(self.$name),*]
            }

            /// From a list in the order of the names; what is missing counts as nothing.
            pub fn from_list(list: &[i64]) -> Self {
                let mut list = list.iter().copied();
                Self { $($name: list.next().unwrap_or(0)),* }
            }

            /// These and others together.
            #[must_use]
            pub fn plus(self, other: Self) -> Self {
                Self { $($name: self.$name + other.$name),* }
            }

            /// These without others.
            #[must_use]
            pub fn minus(self, other: Self) -> Self {
                Self { $($name: self.$name - other.$name),* }
            }
        }
    };
}

figures! {
    /// Cells that existed in the month.
    cells,
    /// Regular kỳ owed.
    regular_owed,
    /// Of these, met.
    regular_held,
    /// Of these, met after the last permitted day.
    regular_late,
    /// Owed, not met, put off with a reason.
    regular_put_off,
    /// Thematic kỳ owed, in the first month of the quarter.
    thematic_owed,
    /// Of these, met.
    thematic_held,
    /// Of these, met after the quarter.
    thematic_late,
    /// Owed, not met, put off with a reason.
    thematic_put_off,
    /// Meetings whose minutes are sealed.
    meetings,
    /// Expected at them.
    expected,
    /// Of these, present.
    present,
    /// Absent with a reason.
    excused,
    /// Absent without.
    unexcused,
    /// Expected with a leading post.
    leaders_expected,
    /// Of these, present.
    leaders_present,
    /// Different people who spoke, meeting by meeting.
    speakers,
    /// Meetings with a notice.
    notices,
    /// Of these, sent early enough.
    notices_in_time,
    /// Resolutions issued with the minutes.
    resolutions,
    /// Tasks these give.
    tasks,
    /// Meetings the cell scored good.
    good,
    /// Fair.
    fair,
    /// Average.
    average,
    /// Poor.
    poor,
    /// Tasks that fall due in the month.
    tasks_due,
    /// Of these, confirmed as done and reported by the deadline.
    tasks_in_time,
    /// Confirmed and reported after it.
    tasks_late,
    /// Reported, waiting for the checker.
    tasks_reported,
}

/// What is known of a cell's month.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MonthFacts {
    /// The first day on which the regular kỳ was met.
    pub regular_on: Option<Date>,
    /// The day it was put off to.
    pub regular_until: Option<Date>,
    /// The first day on which the thematic kỳ was met.
    pub thematic_on: Option<Date>,
    /// The day it was put off to.
    pub thematic_until: Option<Date>,
    /// What sealed minutes and tasks say; figures of duties are nothing here.
    pub counted: Figures,
    /// By which days of the month the tasks were to be done that are not reported, as [`DueTasks::days`] writes them.
    pub open_days: String,
}

impl MonthFacts {
    /// The tasks that fall due in the month.
    pub fn tasks(&self) -> DueTasks {
        DueTasks::kept(&self.counted, &self.open_days)
    }
}

/// The figures of a cell's month. `rules` are the cell's on the month's first day; no figure depends on the day
/// somebody asks, so a kỳ is missing the day after its last day although nothing was carried.
pub fn judge(month: Month, life: &CellLife, rules: &Rules, facts: &MonthFacts) -> Figures {
    let mut out = facts.counted;
    out.cells = i64::from(life.from <= month.last_day() && life.to.is_none_or(|to| to > month.first_day()));
    for key in month.periods() {
        let Some(duty) = duty(key, rules).filter(|d| life.must_meet(d)) else {
            continue;
        };
        let (on, until) = match key.kind {
            PeriodKind::Regular => (facts.regular_on, facts.regular_until),
            PeriodKind::Thematic => (facts.thematic_on, facts.thematic_until),
        };
        let limit = until.map_or(duty.last_day, |day| day.max(duty.last_day));
        let held = i64::from(on.is_some());
        let late = i64::from(on.is_some_and(|day| day > limit));
        let put_off = i64::from(on.is_none() && until.is_some());
        match key.kind {
            PeriodKind::Regular => {
                (out.regular_owed, out.regular_held, out.regular_late, out.regular_put_off) = (1, held, late, put_off);
            }
            PeriodKind::Thematic => {
                (out.thematic_owed, out.thematic_held, out.thematic_late, out.thematic_put_off) = (1, held, late, put_off);
            }
        }
    }
    out
}

/// A place in the tree held for a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    /// First day.
    pub from: Date,
    /// First day no longer.
    pub to: Option<Date>,
    /// The organisation above.
    pub parent: Option<OrgId>,
}

/// The day whose tree a month of a cell counts by.
pub fn counted_on(month: Month, born: Date) -> Date {
    month.first_day().max(born)
}

/// No tree is deeper; a circle of edges, which no plan makes, ends here.
const DEEPEST: usize = 16;

/// The organisations above `org` on a day and itself last; none when it stood nowhere.
pub fn lineage<'a>(org: OrgId, day: Date, edges: impl Fn(OrgId) -> &'a [Edge]) -> Option<Vec<OrgId>> {
    let mut up = vec![org];
    while let Some(at) = up.last().filter(|_| up.len() <= DEEPEST) {
        let edge = edges(*at).iter().find(|e| e.from <= day && e.to.is_none_or(|to| day < to))?;
        match edge.parent {
            Some(parent) => up.push(parent),
            None => break,
        }
    }
    up.reverse();
    Some(up)
}

/// A lineage as a path, as `org.path` is written.
pub fn path(lineage: &[OrgId]) -> String {
    lineage.iter().fold("/".to_owned(), |path, id| tree::child_path(Some(&path), *id))
}

/// What a cell's month adds to the sums above, and whose sums these are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// The organisations above, the cell itself last; empty when it stood nowhere.
    pub lineage: Vec<OrgId>,
    /// With which cells it counts.
    pub kind: CellKind,
    /// The figures.
    pub figures: Figures,
}

/// Differences for the sums of organisations.
pub type Deltas = BTreeMap<(OrgId, Month, CellKind), Figures>;

/// Adds to `deltas` what turns the sums that hold `old` into sums that hold `new`.
pub fn carry(deltas: &mut Deltas, month: Month, old: Option<&Share>, new: &Share) {
    let mut add = |share: &Share, figures: Figures| {
        for org in share.lineage.iter().rev().skip(1) {
            let sum = deltas.entry((*org, month, share.kind)).or_default();
            *sum = sum.plus(figures);
        }
    };
    if let Some(old) = old {
        add(old, Figures::default().minus(old.figures));
    }
    add(new, new.figures);
}

#[cfg(test)]
#[path = "rollup_tests.rs"]
mod tests;
