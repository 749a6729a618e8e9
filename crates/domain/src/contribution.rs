//! Contributions (đóng góp ý kiến): in how many kỳ a member spoke, against a fair target.
//! Touches the roll's membership facts. Rules: DD-05, ahead.md 2 (distinct kỳ, sealed minutes, pro rata).

use crate::id::PersonId;
use crate::roll::{MembershipFact, expected};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// One time somebody spoke at a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spoken<'a> {
    /// Who.
    pub person: PersonId,
    /// The key of the kỳ the meeting served.
    pub period: &'a str,
    /// Whether the minutes of the meeting are sealed. Others count for nothing yet.
    pub sealed: bool,
}

/// The distinct kỳ in which each person spoke, from sealed minutes only.
pub fn spoken_periods<'a>(spoken: &[Spoken<'a>]) -> BTreeMap<PersonId, BTreeSet<&'a str>> {
    let mut out: BTreeMap<PersonId, BTreeSet<&'a str>> = BTreeMap::new();
    for s in spoken.iter().filter(|s| s.sealed) {
        out.entry(s.person).or_default().insert(s.period);
    }
    out
}

/// In how many kỳ one person spoke.
pub fn count_for(spoken: &[Spoken<'_>], person: PersonId) -> u32 {
    let periods: BTreeSet<&str> = spoken.iter().filter(|s| s.sealed && s.person == person).map(|s| s.period).collect();
    u32::try_from(periods.len()).unwrap_or(u32::MAX)
}

/// In how many months of a year a member was expected to meet with the cell, judged on the day
/// of the regular meeting (SH-02): exempt, suspended and away months do not count.
pub fn eligible_months(facts: &[MembershipFact], person: PersonId, year: i16, day: i8) -> u32 {
    let own: Vec<MembershipFact> = facts.iter().filter(|f| f.person == person).cloned().collect();
    (1..=12)
        .filter_map(|month| Date::new(year, month, day).ok())
        .filter(|date| expected(&own, *date).iter().any(|line| line.standing.is_expected()))
        .map(|_| 1)
        .sum()
}

/// The yearly target for a part of a year, rounded down: nobody is asked for more than the pace
/// of a whole year. With a target of 6, seven months ask for 3 and one month asks for none.
pub fn target_for(yearly: u32, eligible_months: u32) -> u32 {
    let months = u64::from(eligible_months.min(12));
    u32::try_from(u64::from(yearly) * months / 12).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roll::Standing;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn said(person: i64, period: &str, sealed: bool) -> Spoken<'_> {
        Spoken { person: PersonId::new(person), period, sealed }
    }

    #[test]
    fn a_period_counts_once_however_often_one_speaks() {
        let spoken = [
            said(1, "2026-01", true),
            said(1, "2026-01", true),
            said(1, "2026-02", true),
            said(1, "2026-03", false),
            said(2, "2026-01", false),
        ];
        assert_eq!(count_for(&spoken, PersonId::new(1)), 2);
        assert_eq!(count_for(&spoken, PersonId::new(2)), 0);
        assert_eq!(spoken_periods(&spoken).len(), 1);
    }

    #[test]
    fn the_target_is_pro_rata_and_rounded_down() {
        let table = [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6];
        for (months, target) in (0u32..).zip(table) {
            assert_eq!(target_for(6, months), target, "{months}");
        }
        assert_eq!(target_for(6, 99), 6);
        assert_eq!(target_for(u32::MAX, 12), u32::MAX);
    }

    fn stay(standing: Standing, from: Date, to: Option<Date>) -> MembershipFact {
        MembershipFact {
            person: PersonId::new(1),
            name: "Nguyễn Văn An".into(),
            standing,
            from,
            to,
            official_on: None,
            leader: false,
        }
    }

    #[test]
    fn months_count_from_joining_and_not_while_exempt() {
        let months = |facts: &[MembershipFact]| eligible_months(facts, PersonId::new(1), 2026, 3);
        let joined = |from| [stay(Standing::Official, from, None)];
        assert_eq!(months(&joined(date(2020, 1, 1))), 12);
        assert_eq!(months(&joined(date(2026, 6, 3))), 7);
        assert_eq!(months(&joined(date(2026, 6, 4))), 6);
        assert_eq!(months(&joined(date(2027, 1, 1))), 0);
        let exempted = [
            stay(Standing::Official, date(2020, 1, 1), Some(date(2026, 4, 30))),
            stay(Standing::Exempt, date(2026, 5, 1), Some(date(2026, 8, 31))),
            stay(Standing::Probationary, date(2026, 9, 1), None),
        ];
        assert_eq!(months(&exempted), 8);
        assert_eq!(months(&[]), 0);
    }

    proptest! {
        #[test]
        fn order_and_repetition_change_no_count(
            raw in proptest::collection::vec((0i64..5, 0usize..6, any::<bool>()), 0..60), cut in 0usize..60
        ) {
            let keys = ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-Q1"];
            let spoken: Vec<Spoken<'_>> = raw.iter().map(|(p, k, sealed)| said(*p, keys[*k], *sealed)).collect();
            let whole = spoken_periods(&spoken);
            let twice: Vec<Spoken<'_>> = spoken.iter().rev().chain(spoken.iter()).copied().collect();
            prop_assert_eq!(&spoken_periods(&twice), &whole);
            // Two halves joined kỳ by kỳ give the whole.
            let (a, b) = spoken.split_at(cut.min(spoken.len()));
            let mut joined = spoken_periods(a);
            for (person, periods) in spoken_periods(b) {
                joined.entry(person).or_default().extend(periods);
            }
            prop_assert_eq!(&joined, &whole);
            for person in 0..5 {
                let person = PersonId::new(person);
                let n = whole.get(&person).map_or(0, BTreeSet::len);
                prop_assert_eq!(usize::try_from(count_for(&spoken, person)).unwrap(), n);
            }
        }
    }
}
