//! Votes by table: the shares are figures, and the same count is judged by whichever holds.

use proptest::prelude::*;

use super::*;

fn of(compare: Compare, share: &str) -> Threshold {
    Threshold::new(Ratio::parse(share).unwrap(), compare).unwrap()
}

fn majority() -> Threshold {
    of(Compare::Over, "1/2")
}

fn two_thirds() -> Threshold {
    of(Compare::AtLeast, "2/3")
}

fn vote(total: u32, present: u32, yes: u32, threshold: Threshold) -> Result<Outcome, Refusal> {
    let count = Count { yes, ..Count::default() };
    outcome(Electorate { total, present }, count, threshold)
}

#[test]
fn more_than_half_of_all_official_members_by_table() {
    // electorate, yes, passed, needed
    let table = [
        (20, 10, false, 11),
        (20, 11, true, 11),
        (19, 9, false, 10),
        (19, 10, true, 10),
        (3, 1, false, 2),
        (3, 2, true, 2),
        (1, 1, true, 1),
        (2, 1, false, 2),
    ];
    for (all, yes, passed, needed) in table {
        let o = vote(all, all, yes, majority()).unwrap();
        assert_eq!((o.passed, o.needed), (passed, needed), "{yes}/{all}");
    }
}

#[test]
fn two_thirds_or_more_by_table() {
    let table = [
        (18, 11, false, 12),
        (18, 12, true, 12),
        (19, 12, false, 13),
        (19, 13, true, 13),
        (20, 13, false, 14),
        (20, 14, true, 14),
        (3, 2, true, 2),
        (1, 1, true, 1),
    ];
    for (all, yes, passed, needed) in table {
        let o = vote(all, all, yes, two_thirds()).unwrap();
        assert_eq!((o.passed, o.needed), (passed, needed), "{yes}/{all}");
    }
}

#[test]
fn any_share_of_a_pack_is_a_threshold_by_table() {
    // figure, electorate, needed, phrase, short of it, stored word
    let table = [
        (Compare::Over, "1/2", 20, 11, "quá nửa", "chưa quá nửa", "majority"),
        (Compare::Over, "50 %", 20, 11, "quá nửa", "chưa quá nửa", "majority"),
        (Compare::AtLeast, "2/3", 20, 14, "từ hai phần ba trở lên", "dưới hai phần ba", "two_thirds"),
        (Compare::AtLeast, "4/6", 20, 14, "từ hai phần ba trở lên", "dưới hai phần ba", "two_thirds"),
        (Compare::Over, "2/3", 18, 13, "trên 2/3", "chưa trên 2/3", ">2/3"),
        (Compare::AtLeast, "75 %", 20, 15, "từ 75 % trở lên", "dưới 75 %", ">=3/4"),
        (Compare::Over, "75 %", 20, 16, "trên 75 %", "chưa trên 75 %", ">3/4"),
        (Compare::AtLeast, "100 %", 20, 20, "từ 100 % trở lên", "dưới 100 %", ">=1/1"),
    ];
    for (compare, share, all, needed, phrase, short, word) in table {
        let t = of(compare, share);
        assert_eq!(t.needed(all), needed, "{share}");
        assert_eq!((t.phrase().as_str(), t.short_of().as_str(), t.word().as_str()), (phrase, short, word));
        assert_eq!(Threshold::from_word(word), Some(t));
    }
}

#[test]
fn what_cannot_decide_is_no_threshold() {
    let refused = [
        (Compare::AtLeast, "1/2"),
        (Compare::Over, "49 %"),
        (Compare::Over, "0/1"),
        (Compare::Over, "100 %"),
        (Compare::Under, "2/3"),
        (Compare::AtMost, "2/3"),
        (Compare::Exactly, "2/3"),
    ];
    for (compare, share) in refused {
        assert_eq!(Threshold::new(Ratio::parse(share).unwrap(), compare), None, "{compare} {share}");
    }
    for word in ["", "half", ">=1/2", ">3/2", ">=2/0", ">x", "2/3"] {
        assert_eq!(Threshold::from_word(word), None, "{word}");
    }
}

#[test]
fn one_threshold_is_no_lower_than_another() {
    assert!(majority().is_no_lower_than(majority()));
    assert!(two_thirds().is_no_lower_than(majority()) && !majority().is_no_lower_than(two_thirds()));
    let over = of(Compare::Over, "2/3");
    assert!(over.is_no_lower_than(two_thirds()) && !two_thirds().is_no_lower_than(over));
}

#[test]
fn those_absent_stay_in_the_denominator() {
    let o = vote(20, 10, 10, majority()).unwrap();
    assert!(!o.passed);
    assert_eq!(o.percent, "50 %");
    assert!(o.why.contains("ít nhất 11 đồng chí): chưa đủ"), "{}", o.why);
}

#[test]
fn more_votes_than_official_members_present_are_refused() {
    let seats = Electorate { total: 20, present: 15 };
    let count = Count { yes: 14, no: 1, other: 1 };
    let refusal = outcome(seats, count, majority()).unwrap_err();
    assert_eq!(refusal.code, "too_many_votes");
    assert!(refusal.text().contains("16"));
    assert!(outcome(seats, Count { other: 0, ..count }, majority()).is_ok());
    let huge = Count { yes: u32::MAX, no: u32::MAX, other: 1 };
    assert!(outcome(seats, huge, majority()).is_err());
    assert_eq!(vote(0, 0, 0, majority()).unwrap_err().code, "no_electorate");
}

#[test]
fn every_subject_has_a_figure_and_a_word_of_its_own() {
    let keys: std::collections::BTreeSet<String> = Subject::ALL.iter().map(|s| s.figure()).collect();
    let words: std::collections::BTreeSet<&str> = Subject::ALL.iter().map(|s| s.short()).collect();
    assert_eq!((keys.len(), words.len()), (Subject::ALL.len(), Subject::ALL.len()));
    assert_eq!(Subject::StrikeOff.figure(), "vote.threshold.strike_off");
}

#[test]
fn the_line_of_the_minutes() {
    let count = Count { yes: 16, no: 0, other: 1 };
    let seats = Electorate { total: 17, present: 17 };
    let o = outcome(seats, count, majority()).unwrap();
    assert_eq!(line(count, &o), "tán thành 16/17 đồng chí, đạt 94,1 %; không tán thành 0 đồng chí; ý kiến khác 1 đồng chí");
}

#[test]
fn disciplinary_votes_add_up_from_the_gravest() {
    // Khai trừ, cách chức, cảnh cáo, khiển trách among 20.
    // Votes, chosen by more than half (11), chosen by two thirds (14).
    let table: [(&[u32], Option<usize>, Option<usize>); 6] = [
        (&[2, 3, 11, 4], Some(2), Some(2)),
        (&[4, 5, 6, 5], Some(2), Some(2)),
        (&[0, 6, 4, 10], Some(3), Some(3)),
        (&[0, 12, 0, 8], Some(1), Some(3)),
        (&[1, 2, 3, 4], None, None),
        (&[], None, None),
    ];
    for (votes, half, two) in table {
        assert_eq!(cumulate(votes, 20, majority()), half, "{votes:?}");
        assert_eq!(cumulate(votes, 20, two_thirds()), two, "{votes:?}");
    }
}

fn any_threshold() -> impl Strategy<Value = Threshold> {
    (1u32..60, 1u32..60, any::<bool>()).prop_filter_map("no threshold", |(part, whole, or_equal)| {
        let compare = if or_equal { Compare::AtLeast } else { Compare::Over };
        (part <= whole).then(|| Threshold::new(Ratio { part, whole }, compare)).flatten()
    })
}

proptest! {
    #[test]
    fn the_number_needed_is_the_least_that_passes(all in 1u32..500, percent in 0u32..=100) {
        let yes = all * percent / 100;
        let o = vote(all, all, yes, majority()).unwrap();
        prop_assert_eq!(o.passed, 2 * yes > all);
        let o = vote(all, all, yes, two_thirds()).unwrap();
        prop_assert_eq!(o.passed, 3 * yes >= 2 * all);
    }

    #[test]
    fn the_number_needed_is_the_least_that_stands_to_the_figure(
        all in 1u32..500, part in 1u32..60, whole in 1u32..60, or_equal: bool,
    ) {
        prop_assume!(part <= whole);
        let share = Ratio { part, whole };
        let compare = if or_equal { Compare::AtLeast } else { Compare::Over };
        if let Some(t) = Threshold::new(share, compare) {
            let needed = t.needed(all);
            prop_assert!(needed >= 1 && needed <= all);
            prop_assert!(share.reached(compare, u64::from(needed), u64::from(all)));
            prop_assert!(!share.reached(compare, u64::from(needed) - 1, u64::from(all)));
        }
    }

    #[test]
    fn a_decision_and_its_contrary_never_both_pass(all in 1u32..300, yes in 0u32..300, t in any_threshold()) {
        prop_assume!(yes <= all);
        let one = vote(all, all, yes, t).unwrap().passed;
        let other = vote(all, all, all - yes, t).unwrap().passed;
        prop_assert!(!(one && other));
    }

    #[test]
    fn stored_words_go_there_and_back(t in any_threshold()) {
        prop_assert_eq!(Threshold::from_word(&t.word()), Some(t));
    }

    #[test]
    fn a_higher_threshold_never_lets_more_pass(all in 1u32..200, yes in 0u32..200, a in any_threshold(), b in any_threshold()) {
        prop_assume!(yes <= all && a.is_no_lower_than(b));
        let (high, low) = (vote(all, all, yes, a).unwrap().passed, vote(all, all, yes, b).unwrap().passed);
        prop_assert!(low || !high);
    }

    #[test]
    fn one_more_approval_never_undoes_a_decision(all in 1u32..200, yes in 0u32..200, t in any_threshold()) {
        prop_assume!(yes < all);
        let before = vote(all, all, yes, t).unwrap().passed;
        let after = vote(all, all, yes + 1, t).unwrap().passed;
        prop_assert!(after || !before);
    }
}
