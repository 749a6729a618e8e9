//! Levels of the yearly classification, the numbers of a cell's members by level, and the quota of the best.
//! The review that comes to them is not here. Touches figures. Rules: XL-01 … XL-06, XL-09, T1 … T3.

use std::ops::Add;

use crate::rulepack::Ratio;

crate::codes! {
    /// What somebody or a cell came to in a year, the best first.
    pub enum Level {
        /// XL-02.
        Excellent = "excellent" / "Hoàn thành xuất sắc nhiệm vụ",
        /// XL-03.
        Good = "good" / "Hoàn thành tốt nhiệm vụ",
        /// XL-04.
        Done = "done" / "Hoàn thành nhiệm vụ",
        /// XL-05.
        Failed = "failed" / "Không hoàn thành nhiệm vụ",
    }
}

impl Level {
    /// Whether it is one of the two best.
    pub fn is_good(self) -> bool {
        matches!(self, Self::Excellent | Self::Good)
    }
}

/// The figure of the rule packs that bounds the best level.
pub const QUOTA: &str = "classification.excellent_quota";

/// How many members of a cell came to each level; never who.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Levels {
    /// Excellent.
    pub excellent: u32,
    /// Good.
    pub good: u32,
    /// Done.
    pub done: u32,
    /// Not done.
    pub failed: u32,
    /// Not reviewed: admitted too late, exempt, suspended (XL-09).
    pub unreviewed: u32,
}

impl Levels {
    /// Everybody who was classified.
    pub fn reviewed(&self) -> u32 {
        self.excellent + self.good + self.done + self.failed
    }

    /// Good or above.
    pub fn good_or_above(&self) -> u32 {
        self.excellent + self.good
    }

    /// Everybody.
    pub fn all(&self) -> u32 {
        self.reviewed() + self.unreviewed
    }

    /// The number of one level.
    pub fn of(&self, level: Level) -> u32 {
        match level {
            Level::Excellent => self.excellent,
            Level::Good => self.good,
            Level::Done => self.done,
            Level::Failed => self.failed,
        }
    }
}

impl Add for Levels {
    type Output = Self;

    fn add(self, o: Self) -> Self {
        Self {
            excellent: self.excellent + o.excellent,
            good: self.good + o.good,
            done: self.done + o.done,
            failed: self.failed + o.failed,
            unreviewed: self.unreviewed + o.unreviewed,
        }
    }
}

/// The most that may be excellent among those good or above (XL-06), rounded down: a quota is not exceeded.
pub fn most_excellent(good_or_above: u32, quota: Ratio) -> u32 {
    let most = u64::from(good_or_above) * u64::from(quota.part) / u64::from(quota.whole);
    u32::try_from(most).unwrap_or(u32::MAX)
}

/// The most that may be excellent, where more are. `open` are those not classified yet, who may all become good:
/// a list that is filled in from the top is not refused before it is too much whatever follows.
pub fn over_quota(excellent: u32, good_or_above: u32, open: u32, quota: Ratio) -> Option<u32> {
    let most = most_excellent(good_or_above.saturating_add(open), quota);
    (excellent > most).then_some(most)
}
