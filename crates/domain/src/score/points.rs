//! Points as whole hundredths, so that sums are exact.
//! Pure. Rules: regulations.md section 3.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Sub};

use crate::vi;

/// Points of a score sheet, kept as hundredths.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Points(i32);

impl Points {
    /// None.
    pub const ZERO: Self = Self(0);

    /// Whole points.
    pub const fn whole(n: i32) -> Self {
        Self(n * 100)
    }

    /// From hundredths, as rows keep them.
    pub const fn of_hundredths(n: i32) -> Self {
        Self(n)
    }

    /// As rows keep them.
    pub const fn hundredths(self) -> i32 {
        self.0
    }

    /// Reads `5`, `4,5` or `4.25`: at most two places, never below nothing.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (whole, rest) = text.split_once([',', '.']).unwrap_or((text, ""));
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        let odd = whole.is_empty() || whole.len() > 4 || rest.len() > 2 || !digits(whole) || !digits(rest);
        if odd || text.ends_with([',', '.']) {
            return None;
        }
        let hundredths: i32 = if rest.is_empty() { 0 } else { format!("{rest:0<2}").parse().ok()? };
        Some(Self(whole.parse::<i32>().ok()? * 100 + hundredths))
    }

    /// The part of these points that `n` of `of` earns, to the nearest tenth; of nothing, nothing.
    pub fn share(self, n: u32, of: u32) -> Self {
        if of == 0 {
            return Self::ZERO;
        }
        let (n, of) = (i64::from(n.min(of)), i64::from(of));
        let tenths = (i64::from(self.0) * n * 2 + of * 10) / (of * 20);
        Self(i32::try_from(tenths * 10).unwrap_or(self.0).min(self.0))
    }

    /// A difference as it is read: `+1,5`, `-2`, `0`.
    pub fn signed(self) -> String {
        if self.0 > 0 { format!("+{self}") } else { self.to_string() }
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&vi::decimal(i64::from(self.0), 2))
    }
}

impl Add for Points {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Points {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Sum for Points {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::ZERO, Add::add)
    }
}
