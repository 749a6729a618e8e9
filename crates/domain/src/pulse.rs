//! The pulse of a meeting: three short questions to who was there, known only as counts and only from
//! so many answers up. Pure: counters in, what may be shown out.
//! Touches figures by value only. Rules: ahead.md 25; nothing leads from an answer to a person.

use crate::meeting::MeetingState;
use jiff::ToSpan;
use jiff::civil::Date;

crate::codes! {
    /// What is asked, in order.
    pub enum Question {
        /// Whether the content was of use.
        Useful = "useful" / "Nội dung có thiết thực không?",
        /// Whether one could say what one had to say.
        Heard = "heard" / "Đồng chí có được nói hết ý kiến không?",
        /// Whether the conclusions named task and doer.
        Clear = "clear" / "Kết luận có rõ việc, rõ người không?",
    }
}

crate::codes! {
    /// What is answered.
    pub enum Answer {
        /// Well.
        Good = "good" / "Tốt",
        /// Fairly.
        Fair = "fair" / "Được",
        /// Not yet.
        Poor = "poor" / "Chưa",
    }
}

/// How many answered what, in the order of [`Answer::ALL`](crate::code::Code::ALL).
pub type Counts = [u32; 3];

/// The figures the pulse goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// From how many answers on counts are shown.
    pub least: u32,
    /// For how many days after the meeting it is asked.
    pub days: u32,
}

impl Figures {
    /// The figures of a day: a committee may ask for more answers than the product, never for fewer.
    pub fn of(pack_least: i64, set_least: i64, days: i64) -> Self {
        let number = |n: i64| u32::try_from(n).unwrap_or(0);
        Self { least: number(pack_least).max(number(set_least)).max(2), days: number(days) }
    }
}

fn total(counts: Counts) -> u64 {
    counts.iter().map(|n| u64::from(*n)).sum()
}

/// What may be shown of counts; none below the least number of answers.
pub fn shown(counts: Counts, least: u32) -> Option<Counts> {
    (total(counts) >= u64::from(least)).then_some(counts)
}

/// Whether what is counted now may take the place of what is shown: only together with so many new
/// answers, so that the difference between two readings is no single person's answer.
pub fn ripe(counted: Counts, published: Counts, least: u32) -> bool {
    total(counted) >= total(published).saturating_add(u64::from(least.max(1)))
}

/// Whether a meeting held on a day is asked about today.
pub fn is_asked(state: MeetingState, held_on: Date, today: Date, figures: &Figures) -> bool {
    let last = held_on.checked_add(i64::from(figures.days).days()).unwrap_or(held_on);
    state.is_held() && held_on <= today && today <= last
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nothing_below_the_least_number_is_ever_shown(counts in prop::array::uniform3(0u32..20), least in 2u32..12) {
            match shown(counts, least) {
                Some(seen) => prop_assert!(counts.iter().sum::<u32>() >= least && seen == counts),
                None => prop_assert!(counts.iter().sum::<u32>() < least),
            }
        }

        /// Answers come one by one; what is on the page is only ever replaced by a group of answers.
        #[test]
        fn two_readings_differ_by_nothing_or_by_a_group(answers in prop::collection::vec(0usize..3, 0..60), least in 2u32..12) {
            let (mut counted, mut published) = ([0u32; 3], [0u32; 3]);
            for answer in answers {
                counted[answer] += 1;
                let before = published;
                if ripe(counted, published, least) {
                    published = counted;
                }
                let step = published.iter().sum::<u32>() - before.iter().sum::<u32>();
                prop_assert!(step == 0 || step >= least);
                prop_assert!(shown(published, least).is_none() || published.iter().sum::<u32>() >= least);
                prop_assert!(counted.iter().sum::<u32>() - published.iter().sum::<u32>() < least);
            }
        }
    }

    #[test]
    fn a_committee_may_ask_for_more_answers_and_never_for_fewer() {
        for (pack, set, least) in [(5, 5, 5), (5, 3, 5), (5, 8, 8), (5, 0, 5), (0, 0, 2), (-4, -9, 2)] {
            assert_eq!(Figures::of(pack, set, 14).least, least, "{pack} {set}");
        }
    }

    #[test]
    fn it_is_asked_after_the_meeting_and_for_some_days() {
        let figures = Figures::of(5, 5, 14);
        let held = date(2026, 12, 3);
        let table = [
            (MeetingState::Open, held, false),
            (MeetingState::Closed, held, true),
            (MeetingState::Sealed, date(2026, 12, 17), true),
            (MeetingState::Sealed, date(2026, 12, 18), false),
            (MeetingState::Adopted, date(2026, 12, 2), false),
            (MeetingState::Cancelled, held, false),
        ];
        for (state, today, asked) in table {
            assert_eq!(is_asked(state, held, today, &figures), asked, "{state} {today}");
        }
    }
}
