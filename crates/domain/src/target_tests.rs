//! Worked examples of each target, and what must hold whatever the facts are.

use proptest::prelude::*;

use super::*;
use crate::attendance::Basis;
use crate::period::PeriodState;
use crate::rollup::CellKind;
use crate::rulepack::shipped;
use jiff::civil::date;

fn goal_of(key: &str) -> (Measure, Goal) {
    let rules = shipped().unwrap().at(date(2026, 11, 22));
    let target = rules.targets().find(|t| t.key == key).unwrap();
    let measure = measure_of(&target).unwrap();
    (measure, Goal::of(measure, &target).unwrap())
}

fn counted(numer: u64, denom: u64, more: u64) -> Tally {
    Tally { numer, denom, more, ..Tally::default() }
}

#[test]
fn every_shipped_target_measures_something_that_is_known() {
    let rules = shipped().unwrap().at(date(2026, 11, 22));
    for target in rules.targets() {
        let measure = measure_of(&target).unwrap_or_else(|| panic!("{}", target.measure));
        assert!(Goal::of(measure, &target).is_some(), "{}", target.key);
    }
}

#[test]
fn each_target_by_hand() {
    use State::{Met, Missed, OnTheWay, Unknown};
    for (key, tally, state, value) in [
        // More than 80 %, strictly: four of five are not enough, five of six are.
        ("T1.base", counted(4, 5, 0), Missed, "80 %"),
        ("T1.base", counted(5, 6, 0), Met, "83,3 %"),
        ("T1.base", counted(4, 5, 1), OnTheWay, "80 %"),
        ("T1.base", counted(0, 0, 26), Unknown, "–"),
        // At least 85 %: seventeen of twenty are enough.
        ("T1.sub", counted(17, 20, 0), Met, "85 %"),
        ("T1.sub", counted(16, 20, 0), Missed, "80 %"),
        ("T1.sub", counted(16, 20, 6), Missed, "80 %"),
        ("T1.sub", counted(16, 20, 7), OnTheWay, "80 %"),
        ("T2", counted(0, 289, 0), Met, "0"),
        ("T2", counted(1, 289, 0), Missed, "1"),
        ("T2", counted(1, 2, 200), Missed, "1"),
        ("T3.good", counted(95, 100, 0), Missed, "95 %"),
        ("T3.good", counted(96, 100, 0), Met, "96 %"),
        ("T3.excellent", counted(15, 100, 0), Met, "15 %"),
        ("T3.excellent", counted(14, 100, 0), Missed, "14 %"),
        ("T4", counted(3_000, 3_000, 289), Met, "100 %"),
        ("T4", counted(2_999, 3_000, 289), Missed, "99,9 %"),
        ("T4", counted(2_999, 3_000, 0), Missed, "99,9 %"),
        ("T5", counted(90, 100, 0), Missed, "90 %"),
        ("T5", counted(90, 100, 10), OnTheWay, "90 %"),
        ("T5", counted(50, 100, 20), Missed, "50 %"),
        ("T5", counted(901, 1_000, 500), Met, "90,1 %"),
        ("T6", Tally { numer: 7, denom: 10, open: 3, ..Tally::default() }, OnTheWay, "70 %"),
        ("T6", Tally { numer: 7, denom: 10, open: 2, ..Tally::default() }, Missed, "70 %"),
        ("T6", counted(10, 10, 0), Met, "100 %"),
        ("T7", counted(3, 3, 1), Met, "100 %"),
        ("T7", counted(2, 3, 1), Missed, "66,7 %"),
    ] {
        let (_, goal) = goal_of(key);
        assert_eq!(goal.state(&tally), state, "{key} {tally:?}");
        assert_eq!(goal.shown(tally.now()), value, "{key} {tally:?}");
    }
}

#[test]
fn the_forecast_says_what_is_left_what_pace_gives_and_what_is_best() {
    let (measure, goal) = goal_of("T5");
    let said = forecast(measure, goal, &counted(850, 1_000, 500));
    assert_eq!(
        said,
        [
            "Các kỳ còn lại trong năm ước có 500 lượt phải dự, theo số bình quân các buổi đã họp.",
            "Giữ nhịp đến nay thì cuối năm là 85 %: không đạt chỉ tiêu.",
            "Làm tốt hết phần còn lại thì cao nhất là 90 %: không còn đạt được.",
        ]
    );
    assert_eq!(forecast(measure, goal, &counted(900, 900, 10))[2], "Phần còn lại thế nào thì chỉ tiêu cũng đạt.");
    assert_eq!(forecast(measure, goal, &counted(9, 10, 0)), ["Đã tính đủ, không còn gì để dự báo."]);
    assert!(forecast(measure, goal, &Tally::default()).is_empty());
    let (measure, goal) = goal_of("T2");
    let said = forecast(measure, goal, &counted(0, 100, 100));
    assert_eq!(said[1], "Giữ nhịp đến nay thì cuối năm là 0: đạt chỉ tiêu.");
    assert_eq!(said[2], "Làm tốt hết phần còn lại thì ít nhất là 0: còn đạt được.");
    let (measure, goal) = goal_of("T6");
    let tally = Tally { numer: 5, denom: 10, open: 5, pace: 2, more: 0 };
    assert_eq!(forecast(measure, goal, &tally)[1], "Giữ nhịp đến nay thì cuối năm là 70 %: không đạt chỉ tiêu.");
}

#[test]
fn members_are_asked_for_their_part_of_the_year() {
    // Spoken, asked, months gone of how many, kỳ left → reached, can, pace.
    for (case, reached, can, pace) in [
        ((6, 6, (12, 12), 0), 1, 0, 0),
        ((5, 6, (12, 12), 0), 0, 0, 0),
        ((3, 6, (6, 12), 8), 0, 1, 1),
        ((2, 6, (6, 12), 8), 0, 1, 0),
        ((2, 6, (6, 12), 3), 0, 0, 0),
        ((0, 0, (1, 1), 0), 1, 0, 0),
        ((0, 3, (0, 6), 8), 0, 1, 0),
    ] {
        let mut one = Speakers::default();
        one.add(case.0, case.1, case.2, case.3);
        assert_eq!(one, Speakers { asked: 1, reached, can, pace }, "{case:?}");
    }
}

#[test]
fn a_month_is_kept_late_missing_or_still_ahead() {
    for (state, late, met, held) in [
        (PeriodState::Sealed, false, true, Held::Kept),
        (PeriodState::Held, true, true, Held::Late),
        (PeriodState::Excused, false, true, Held::Kept),
        (PeriodState::Overdue, false, false, Held::Missing),
        (PeriodState::Postponed, false, false, Held::Ahead),
        (PeriodState::Upcoming, false, false, Held::Ahead),
        (PeriodState::Running, false, false, Held::Ahead),
    ] {
        assert_eq!(Held::of(state, late, met), held, "{state:?}");
    }
}

#[test]
fn the_places_still_to_come_are_as_many_as_usual() {
    let mut cell = CellYear { kind: Some(CellKind::Sub), roster: 20, ..CellYear::default() };
    for at in 0..12 {
        cell.months[at].regular = if at < 10 { Held::Kept } else { Held::Ahead };
    }
    assert_eq!(cell.tally(Measure::Attendance, Basis::AllExpected), counted(0, 0, 40));
    cell.months[0].seats = Seats { meetings: 2, expected: 22, present: 18, excused: 2, speakers: 5 };
    assert_eq!(cell.tally(Measure::Attendance, Basis::AllExpected), counted(18, 22, 22));
    assert_eq!(cell.tally(Measure::Attendance, Basis::WithoutExcused), counted(18, 20, 20));
    assert_eq!(cell.month(Measure::Spoken, 0, Basis::AllExpected), counted(5, 18, 0));
    assert_eq!(cell.months_with(crate::period::PeriodKind::Regular, Held::Ahead), [11, 12]);
}

#[test]
fn the_quota_is_exact_and_small_cells_have_none() {
    let quota = Ratio { part: 20, whole: 100 };
    for (excellent, good, open, most) in
        [(2, 10, 0, None), (3, 10, 0, Some(2)), (1, 4, 0, Some(0)), (1, 5, 0, None), (1, 1, 4, None), (2, 2, 7, Some(1))]
    {
        assert_eq!(over_quota(excellent, good, open, quota), most, "{excellent} of {good}, {open} open");
    }
    let levels = Levels { excellent: 2, good: 7, done: 1, failed: 0, unreviewed: 3 };
    assert_eq!((levels.reviewed(), levels.good_or_above(), levels.all()), (10, 9, 13));
    assert_eq!(Level::ALL.iter().map(|l| levels.of(*l)).sum::<u32>(), levels.reviewed());
}

#[test]
fn sums_of_many_cells_count_as_the_cells_do() {
    // Owed, met, of these late, put off, whether the day has passed → kept, counted, still to come.
    for ((owed, held, late, put_off, over), tally) in [
        ((10, 8, 1, 0, true), counted(7, 10, 0)),
        ((10, 8, 1, 0, false), counted(7, 8, 2)),
        ((10, 8, 1, 2, true), counted(7, 8, 2)),
        ((0, 0, 0, 0, true), Tally::default()),
    ] {
        assert_eq!(kept(owed, held, late, put_off, over), tally);
    }
    let mut year = KindYear { cells: 5, levels: [1, 2, 1, 0], with_members: 4, members: [3, 13, 3, 1], ..KindYear::default() };
    year.months[0].regular = counted(4, 5, 0);
    year.months[0].seats = Seats { meetings: 4, expected: 40, present: 36, excused: 2, speakers: 12 };
    year.months[1].regular = counted(0, 0, 5);
    let tally = |m| year.tally(m, Basis::AllExpected);
    assert_eq!(tally(Measure::CellsGood), counted(3, 4, 1));
    assert_eq!(tally(Measure::CellsFailed), counted(0, 4, 1));
    assert_eq!(tally(Measure::MembersGood), counted(16, 20, 5));
    assert_eq!(tally(Measure::MembersExcellent), counted(3, 16, 5));
    assert_eq!(tally(Measure::RegularKept), counted(4, 5, 5));
    assert_eq!(tally(Measure::Attendance), counted(36, 40, 50));
    assert_eq!(year.month(Measure::Spoken, 0, Basis::AllExpected), counted(12, 36, 0));
    assert_eq!(tally(Measure::Spoken), Tally::default());
}

fn helds() -> impl Strategy<Value = Held> {
    prop::sample::select(vec![Held::NotOwed, Held::Ahead, Held::Kept, Held::Late, Held::Missing])
}

prop_compose! {
    fn a_month()(regular in helds(), thematic in helds(), meetings in 0u64..3, of in prop::array::uniform4(0u64..30)) -> Month {
        let expected = if meetings == 0 { 0 } else { of[0] };
        let present = of[1].min(expected);
        let seats = Seats { meetings, expected, present, excused: of[2].min(expected - present), speakers: of[3].min(present) };
        Month { regular, thematic, seats }
    }
}

prop_compose! {
    fn a_cell()(
        kind in prop::option::of(prop::sample::select(vec![CellKind::Base, CellKind::Sub])),
        level in prop::option::of(prop::sample::select(Level::ALL.to_vec())),
        members in prop::option::of(prop::array::uniform5(0u32..20)),
        roster in 0u32..40,
        months in prop::collection::vec(a_month(), 12),
        said in prop::collection::vec((0u32..9, 0u32..7, 0u32..13, 0u32..6), 0..12),
    ) -> CellYear {
        let mut speakers = Speakers::default();
        said.into_iter().for_each(|(spoken, target, gone, left)| speakers.add(spoken, target, (gone, gone + left), left));
        let members = members.map(|[excellent, good, done, failed, unreviewed]| Levels { excellent, good, done, failed, unreviewed });
        CellYear { kind, level, members, roster, months: months.try_into().unwrap_or_default(), speakers }
    }
}

fn goals() -> impl Strategy<Value = Goal> {
    let compare = prop::sample::select(Compare::ALL.to_vec());
    prop_oneof![
        (compare.clone(), 0u32..=20).prop_map(|(c, part)| Goal::Share(c, Ratio { part, whole: 20 })),
        (compare, 0u64..6).prop_map(|(c, n)| Goal::Number(c, n)),
        Just(Goal::All),
    ]
}

proptest! {
    /// Whatever the facts are, the parts fit into the whole and the pace lies between the least and the best.
    #[test]
    fn tallies_are_shares(cells in prop::collection::vec(a_cell(), 0..8)) {
        for measure in Measure::ALL {
            for basis in [Basis::AllExpected, Basis::WithoutExcused] {
                let sum: Tally = cells.iter().map(|c| c.tally(*measure, basis)).sum();
                prop_assert!(sum.numer + sum.open <= sum.denom, "{measure:?} {sum:?}");
                prop_assert!(sum.pace <= sum.open);
                let (pace, of) = sum.at_pace();
                prop_assert!(sum.numer <= pace && pace <= sum.best().0, "{measure:?} {sum:?}");
                prop_assert_eq!(of, sum.best().1);
                // The months of what has months add up to the year.
                if matches!(measure, Measure::RegularKept | Measure::ThematicKept | Measure::Attendance) {
                    let of_months: Tally = cells.iter().flat_map(|c| (0..12).map(|at| c.month(*measure, at, basis))).sum();
                    prop_assert_eq!(of_months.now(), sum.now());
                }
            }
        }
    }

    /// In how many groups the cells are added up changes nothing, nor does their order.
    #[test]
    fn sums_of_parts_are_the_whole(cells in prop::collection::vec(a_cell(), 0..8), cut in 0usize..8) {
        for measure in Measure::ALL {
            let tally = |some: &[CellYear]| -> Tally { some.iter().map(|c| c.tally(*measure, Basis::AllExpected)).sum() };
            let (a, b) = cells.split_at(cut.min(cells.len()));
            prop_assert_eq!(tally(a) + tally(b), tally(&cells));
            let back: Vec<CellYear> = cells.iter().rev().cloned().collect();
            prop_assert_eq!(tally(&back), tally(&cells));
        }
    }

    /// The state agrees with every way the rest of the year can go.
    #[test]
    fn the_state_tells_what_can_still_come(goal in goals(), numer in 0u64..12, lack in 0u64..6, open in 0u64..4, more in 0u64..5) {
        let tally = Tally { numer, denom: numer + lack + open, open, pace: open / 2, more };
        let denom = tally.denom + more;
        let ways: Vec<bool> = (0..=open + more).map(|k| goal.holds((numer + k, denom))).collect();
        let any = ways.iter().any(|w| *w);
        match goal.state(&tally) {
            State::Unknown => prop_assert_eq!(tally.denom, 0),
            State::Missed => prop_assert!(!any),
            State::OnTheWay => prop_assert!(any && !goal.holds(tally.now())),
            State::Met => prop_assert!(any && goal.holds(tally.now())),
        }
        if goal.is_sure(&tally) && !matches!(goal, Goal::Share(Compare::Exactly, _) | Goal::Number(Compare::Exactly, _)) {
            prop_assert!(ways.iter().all(|w| *w));
        }
    }

    /// A quota that is kept is not refused, and one more than the most is.
    #[test]
    fn the_most_excellent_is_the_most(good in 0u32..500, part in 1u32..=100) {
        let quota = Ratio { part, whole: 100 };
        let most = most_excellent(good, quota);
        prop_assert!(over_quota(most, good, 0, quota).is_none());
        prop_assert_eq!(over_quota(most + 1, good, 0, quota), Some(most));
        prop_assert!(u64::from(most) * 100 <= u64::from(good) * u64::from(part));
    }
}
