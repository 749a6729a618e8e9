//! A cell's kỳ as one square of Bức tranh chung, and the sentence above all squares.
//! Pure. Rules: T4, T7, SH-01 … SH-07.

use std::collections::BTreeMap;

use crate::period::{PeriodKey, PeriodState, Stand};
use crate::vi;

crate::codes! {
    /// What a square says of a kỳ.
    pub enum Square {
        /// Met by its last day, or by the day it was put off to.
        OnTime = "on_time" / "Họp đúng kỳ",
        /// Met after it.
        Late = "late" / "Họp sau hạn",
        /// Put off with a reason to a day that has not passed.
        PutOff = "put_off" / "Hoãn có lý do",
        /// Not met, and its last day has passed.
        Missing = "missing" / "Quá hạn, chưa họp",
        /// Not met yet, and nothing late.
        Ahead = "ahead" / "Chưa đến hạn",
        /// The cell owes none here: not founded yet, dissolved, or under another committee.
        Absent = "absent" / "Không thuộc kỳ này",
    }
}

impl Square {
    /// The square of where a kỳ stands.
    pub fn of(stand: Stand) -> Self {
        match (stand.state, stand.met, stand.late) {
            (_, true, true) => Self::Late,
            (_, true, false) => Self::OnTime,
            (PeriodState::Overdue, ..) => Self::Missing,
            (PeriodState::Postponed, ..) => Self::PutOff,
            _ => Self::Ahead,
        }
    }

    /// The word that fits into a square.
    pub fn short(self) -> &'static str {
        match self {
            Self::OnTime => "Đúng",
            Self::Late => "Muộn",
            Self::PutOff => "Hoãn",
            Self::Missing => "Thiếu",
            Self::Ahead => "Chưa",
            Self::Absent => "–",
        }
    }

    /// Whether it is worth a look of its own.
    pub fn is_notable(self) -> bool {
        matches!(self, Self::Late | Self::PutOff | Self::Missing)
    }
}

/// What is missing below a committee.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Behind {
    /// Cells.
    pub of: usize,
    /// Of these, with at least one missing kỳ; nothing where only sums are known.
    pub cells: Option<usize>,
    /// In how many cells each kỳ is missing.
    pub missing: BTreeMap<PeriodKey, usize>,
    /// Missing kỳ that had been put off with a reason.
    pub put_off: usize,
}

/// Kỳ named one by one.
const NAMED: usize = 4;

/// How many cells are behind, and in what: the latest kỳ first, for it can still be helped.
pub fn headline(behind: &Behind) -> String {
    let mut missing: Vec<(PeriodKey, usize)> = behind.missing.iter().map(|(k, n)| (*k, *n)).filter(|(_, n)| *n > 0).collect();
    if behind.of == 0 {
        return "Chưa có chi bộ nào trực thuộc.".to_owned();
    }
    if missing.is_empty() {
        return format!("Cả {} đã họp đủ các kỳ đến hạn.", vi::count(behind.of, "chi bộ"));
    }
    missing.sort_by_key(|(key, _)| (std::cmp::Reverse(key.end_day()), *key));
    let mut parts: Vec<String> = missing
        .iter()
        .take(NAMED)
        .map(|(key, n)| format!("{} thiếu ở {}", lower(&key.short_name()), vi::count(*n, "chi bộ")))
        .collect();
    if let Some(rest) = missing.len().checked_sub(NAMED).filter(|n| *n > 0) {
        parts.push(format!("{rest} kỳ trước đó cũng còn thiếu"));
    }
    let of = vi::number(i64::try_from(behind.of).unwrap_or(i64::MAX));
    let begin = match behind.cells {
        Some(cells) => format!("{cells} trong {of} chi bộ còn thiếu kỳ đã đến hạn"),
        None => format!("Trong {of} chi bộ còn thiếu kỳ đã đến hạn"),
    };
    let put_off = match behind.put_off {
        0 => String::new(),
        n => format!(" Trong đó {n} kỳ đã ghi lý do hoãn nhưng chưa họp."),
    };
    format!("{begin}: {}.{put_off}", parts.join(", "))
}

/// `Kỳ tháng 9` inside a sentence.
fn lower(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stand(state: PeriodState, met: bool, late: bool) -> Stand {
        Stand { state, late, met }
    }

    #[test]
    fn every_state_has_its_square() {
        use PeriodState as S;
        for (state, met, late, expected) in [
            (S::Sealed, true, false, Square::OnTime),
            (S::Held, true, true, Square::Late),
            (S::Merged, true, false, Square::OnTime),
            (S::Merged, false, false, Square::Ahead),
            (S::Excused, true, false, Square::OnTime),
            (S::Overdue, false, false, Square::Missing),
            (S::Postponed, false, false, Square::PutOff),
            (S::Upcoming, false, false, Square::Ahead),
            (S::Planned, false, false, Square::Ahead),
            (S::Running, false, false, Square::Ahead),
        ] {
            assert_eq!(Square::of(stand(state, met, late)), expected, "{state}");
        }
    }

    #[test]
    fn the_sentence_says_how_many_and_in_what() {
        let month = |n| PeriodKey::regular(2026, n).unwrap();
        let missing = BTreeMap::from([(month(9), 2), (month(10), 12), (PeriodKey::thematic(2026, 3).unwrap(), 9), (month(8), 0)]);
        let behind = Behind { of: 289, cells: Some(17), missing, put_off: 1 };
        assert_eq!(
            headline(&behind),
            "17 trong 289 chi bộ còn thiếu kỳ đã đến hạn: kỳ tháng 10 thiếu ở 12 chi bộ, kỳ tháng 9 thiếu ở 2 chi bộ, \
             chuyên đề quý III thiếu ở 9 chi bộ. Trong đó 1 kỳ đã ghi lý do hoãn nhưng chưa họp."
        );
        let many = Behind { missing: (1..=6).map(|n| (month(n), 1)).collect(), cells: None, put_off: 0, of: 3_000 };
        assert!(headline(&many).starts_with("Trong 3.000 chi bộ còn thiếu kỳ đã đến hạn: kỳ tháng 6 thiếu ở 1 chi bộ"));
        assert!(headline(&many).ends_with("2 kỳ trước đó cũng còn thiếu."));
        assert_eq!(headline(&Behind { of: 5, ..Behind::default() }), "Cả 5 chi bộ đã họp đủ các kỳ đến hạn.");
        assert_eq!(headline(&Behind::default()), "Chưa có chi bộ nào trực thuộc.");
    }
}
