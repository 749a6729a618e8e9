//! A cell's year as a strip of duties, and every state a tile can have.

use std::sync::LazyLock;

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::rulepack::{Library, shipped};

static LIBRARY: LazyLock<Library> = LazyLock::new(|| shipped().unwrap());

fn life(from: Date, to: Option<Date>) -> CellLife {
    CellLife { from, to }
}

fn year(life: &CellLife, year: i16) -> Vec<Duty> {
    duties(life, year, |day| LIBRARY.at(day))
}

fn count(duties: &[Duty], kind: PeriodKind) -> usize {
    duties.iter().filter(|d| d.key.kind == kind).count()
}

const LONG_AGO: CellLife = CellLife { from: date(2015, 1, 1), to: None };

#[test]
fn a_year_has_twelve_and_four() {
    let all = year(&LONG_AGO, 2026);
    assert_eq!((count(&all, PeriodKind::Regular), count(&all, PeriodKind::Thematic)), (12, 4));
    let december = &all[11];
    assert_eq!(december.key.to_string(), "2026-tk-12");
    assert_eq!(december.opens, date(2026, 12, 1));
    assert_eq!(december.due, Some(date(2026, 12, 3)));
    assert_eq!(december.last_day, date(2026, 12, 7));
    assert_eq!(december.title, "Kỳ tháng 12");
    let fourth = &all[15];
    assert_eq!((fourth.opens, fourth.last_day), (date(2026, 10, 1), date(2026, 12, 31)));
    assert_eq!(fourth.due, None);
}

#[test]
fn each_period_follows_the_pack_of_its_own_date() {
    let all = year(&LONG_AGO, 2025);
    let july = &all[6];
    assert_eq!((july.due, july.last_day), (None, date(2025, 7, 31)));
    let august = &all[7];
    assert_eq!((august.due, august.last_day), (Some(date(2025, 8, 3)), date(2025, 8, 7)));
    assert_eq!(year(&LONG_AGO, 2024)[1].last_day, date(2024, 2, 29));
    // Before the guidance of 2018 nothing asked for thematic meetings.
    assert_eq!(count(&year(&LONG_AGO, 2017), PeriodKind::Thematic), 0);
}

#[test]
fn nothing_held_shows_three_and_one_on_the_first_of_april() {
    let facts = PeriodFacts::default();
    let overdue = |today: Date| {
        let all = year(&LONG_AGO, 2026);
        let late: Vec<_> = all.iter().filter(|d| state(d, &facts, today).state == PeriodState::Overdue).cloned().collect();
        (count(&late, PeriodKind::Regular), count(&late, PeriodKind::Thematic))
    };
    assert_eq!(overdue(date(2026, 4, 1)), (3, 1));
    assert_eq!(overdue(date(2026, 3, 31)), (3, 0));
    assert_eq!(overdue(date(2026, 4, 7)), (3, 1));
    assert_eq!(overdue(date(2026, 4, 8)), (4, 1));
    assert_eq!(overdue(date(2026, 1, 7)), (0, 0));
    assert_eq!(overdue(date(2026, 1, 8)), (1, 0));
    assert_eq!(overdue(date(2027, 1, 1)), (12, 4));
}

#[test]
fn a_cell_owes_what_it_lived_through() {
    for (from, to, regular, thematic) in [
        // Founded on the 4th: four of the window's seven days; on the 5th: not any more.
        (date(2026, 3, 4), None, 10, 3),
        (date(2026, 3, 5), None, 9, 3),
        // Founded in the middle of a quarter.
        (date(2026, 2, 14), None, 10, 4),
        (date(2026, 2, 16), None, 10, 3),
        // Dissolved: `to` is the first day without the cell.
        (date(2020, 1, 1), Some(date(2026, 3, 7)), 2, 0),
        (date(2020, 1, 1), Some(date(2026, 3, 8)), 3, 0),
        (date(2020, 1, 1), Some(date(2026, 4, 1)), 3, 1),
        (date(2020, 1, 1), Some(date(2026, 1, 1)), 0, 0),
        (date(2027, 1, 1), None, 0, 0),
        (date(2026, 5, 1), Some(date(2026, 5, 1)), 0, 0),
    ] {
        let all = year(&life(from, to), 2026);
        assert_eq!((count(&all, PeriodKind::Regular), count(&all, PeriodKind::Thematic)), (regular, thematic), "{from} {to:?}");
    }
}

fn december() -> Duty {
    year(&LONG_AGO, 2026).swap_remove(11)
}

fn meeting(state: MeetingState, held_on: Option<Date>) -> PeriodFacts {
    PeriodFacts { meeting: Some(MeetingFact { state, held_on }), ..PeriodFacts::default() }
}

#[test]
fn a_tile_says_where_its_meeting_stands() {
    use MeetingState as M;
    use PeriodState as P;
    let third = Some(date(2026, 12, 3));
    let ninth = Some(date(2026, 12, 9));
    let (before, after) = (date(2026, 11, 22), date(2026, 12, 8));
    for (state_of, held, today, expected, late) in [
        (M::Draft, None, before, P::Preparing, false),
        (M::Draft, None, after, P::Overdue, false),
        (M::Noticed, None, before, P::Noticed, false),
        (M::Noticed, None, after, P::Overdue, false),
        (M::Open, third, date(2026, 12, 3), P::Running, false),
        (M::Open, third, after, P::Running, false),
        (M::Closed, third, after, P::Held, false),
        (M::Adopted, third, after, P::Held, false),
        (M::Sealed, third, after, P::Sealed, false),
        (M::Closed, ninth, date(2026, 12, 10), P::Held, true),
        (M::Sealed, ninth, date(2026, 12, 20), P::Sealed, true),
        (M::Cancelled, third, before, P::Upcoming, false),
        (M::Cancelled, third, after, P::Overdue, false),
    ] {
        let standing = state(&december(), &meeting(state_of, held), today);
        assert_eq!((standing.state, standing.late), (expected, late), "{state_of:?} {today}");
    }
}

#[test]
fn a_tile_speaks() {
    let planned = PeriodFacts { planned_on: Some(date(2026, 12, 3)), ..PeriodFacts::default() };
    let today = date(2026, 11, 22);
    let words = |facts: &PeriodFacts, today| state(&december(), facts, today).words;
    assert_eq!(words(&planned, today), "dự kiến thứ Năm 03/12/2026");
    assert_eq!(words(&PeriodFacts::default(), today), "ngày quy định 03/12/2026, hạn 07/12/2026 (còn 15 ngày)");
    assert_eq!(words(&planned, date(2026, 12, 8)), "hạn 07/12/2026, quá hạn 1 ngày");
    let late = meeting(MeetingState::Closed, Some(date(2026, 12, 9)));
    assert_eq!(words(&late, date(2026, 12, 9)), "đã họp ngày 09/12/2026, sau hạn, biên bản chưa khóa");
}

#[test]
fn putting_off_moves_the_deadline_and_keeps_the_reason() {
    let mut facts = PeriodFacts {
        postponed: Some(Postponement { to: date(2026, 12, 12), reason: "bão số 9".to_owned() }),
        ..PeriodFacts::default()
    };
    let at = |facts: &PeriodFacts, day| state(&december(), facts, date(2026, 12, day));
    assert_eq!(at(&facts, 10).state, PeriodState::Postponed);
    assert_eq!(at(&facts, 10).words, "hoãn đến 12/12/2026: bão số 9");
    assert_eq!(at(&facts, 13).state, PeriodState::Overdue);
    facts.meeting = meeting(MeetingState::Sealed, Some(date(2026, 12, 12))).meeting;
    assert_eq!((at(&facts, 13).state, at(&facts, 13).late), (PeriodState::Sealed, false));
    facts.meeting = meeting(MeetingState::Sealed, Some(date(2026, 12, 14))).meeting;
    assert!(at(&facts, 14).late);
}

#[test]
fn a_merged_period_is_done_only_when_the_other_was_held() {
    let thematic = year(&LONG_AGO, 2026).swap_remove(15);
    let into = PeriodKey::regular(2026, 12).unwrap();
    let mut facts =
        PeriodFacts { merged: Some(Merger { into, reason: "cùng một buổi".to_owned() }), ..PeriodFacts::default() };
    let before = state(&thematic, &facts, date(2026, 12, 1));
    assert_eq!((before.state, before.met), (PeriodState::Merged, false));
    assert_eq!(before.words, "ghép vào kỳ tháng 12 năm 2026: cùng một buổi");
    assert_eq!(state(&thematic, &facts, date(2027, 1, 1)).state, PeriodState::Overdue);
    facts.meeting = meeting(MeetingState::Sealed, Some(date(2026, 12, 3))).meeting;
    let after = state(&thematic, &facts, date(2027, 1, 1));
    assert_eq!((after.state, after.met), (PeriodState::Merged, true));
    assert_eq!(after.words, "đã họp ngày 03/12/2026, ghép vào kỳ tháng 12 năm 2026");
}

#[test]
fn an_excused_period_is_never_red() {
    let facts = PeriodFacts { excused: Some("chi bộ mới chia tách".to_owned()), ..PeriodFacts::default() };
    let standing = state(&december(), &facts, date(2027, 6, 1));
    assert_eq!(standing.state, PeriodState::Excused);
    assert!(standing.met);
}

#[test]
fn a_period_has_one_address() {
    for text in ["2026-tk-12", "2026-cd-4", "1999-tk-1"] {
        assert_eq!(text.parse::<PeriodKey>().unwrap().to_string(), text);
    }
    for text in [
        "",
        "2026",
        "2026-tk-13",
        "2026-tk-0",
        "2026-cd-5",
        "2026-tk-01",
        "+2026-tk-1",
        "26-tk-1",
        "2026-xx-1",
        "2026-tk-1-1",
        "2026-TK-1",
        "2026-tk--1",
        "2026-tk-1 ",
    ] {
        assert!(text.parse::<PeriodKey>().is_err(), "{text}");
    }
    let key = PeriodKey::thematic(2026, 4).unwrap();
    assert_eq!(key.name(), "Chuyên đề quý IV năm 2026");
    assert_eq!(PeriodKey::regular(2026, 12).unwrap().name(), "Kỳ tháng 12 năm 2026");
    assert_eq!(PeriodKey::of(PeriodKind::Thematic, date(2026, 12, 31)), Some(key));
}

#[test]
fn a_committee_may_set_its_own_last_day() {
    use crate::rulepack::{Override, Span, Value};
    let rules = LIBRARY.at(date(2026, 2, 1));
    let set = |day| Override {
        depth: 1,
        key: "meeting.regular_until_day".to_owned(),
        span: Span { from: date(2026, 1, 1), to: None },
        value: Value::Int(day),
        document: "QĐ 1".to_owned(),
    };
    let key = PeriodKey::regular(2026, 2).unwrap();
    let last = |day| duty(key, &rules.with_overrides(&[set(day)])).unwrap().last_day;
    assert_eq!(last(10), date(2026, 2, 10));
    assert_eq!(last(31), date(2026, 2, 28));
    assert_eq!(last(1), date(2026, 2, 3));
}

fn any_state() -> impl Strategy<Value = MeetingState> {
    use crate::code::Code;
    (0..MeetingState::ALL.len()).prop_map(|i| MeetingState::ALL[i])
}

proptest! {
    #[test]
    fn never_more_than_twelve_and_four(from in 0_i64..4000, days in 0_i64..1500, y in 2019_i16..2029) {
        let from = date(2018, 7, 6) + from.days();
        let to = from + days.days();
        let owed = year(&life(from, Some(to)), y);
        let all = year(&LONG_AGO, y);
        prop_assert!(count(&owed, PeriodKind::Regular) <= 12 && count(&owed, PeriodKind::Thematic) <= 4);
        prop_assert!(owed.iter().all(|d| all.contains(d)));
        // A longer life owes no less, and two halves of a life owe no more than the whole.
        prop_assert!(owed.len() <= year(&life(from, None), y).len());
        prop_assert!(owed.len() + year(&life(to, None), y).len() <= year(&life(from, None), y).len());
    }

    #[test]
    fn time_alone_never_mends_a_gap(
        meeting_state in proptest::option::of(any_state()), planned in any::<bool>(),
        put_off in proptest::option::of(0_i64..40), day in 0_i64..400
    ) {
        let facts = PeriodFacts {
            planned_on: planned.then(|| date(2026, 12, 3)),
            meeting: meeting_state.map(|state| MeetingFact { state, held_on: None }),
            postponed: put_off.map(|d| Postponement { to: date(2026, 12, 1) + d.days(), reason: "x".to_owned() }),
            ..PeriodFacts::default()
        };
        let today = date(2026, 6, 1) + day.days();
        let (now, next) = (state(&december(), &facts, today), state(&december(), &facts, today + 1.day()));
        prop_assert!(now.state != PeriodState::Overdue || next.state == PeriodState::Overdue);
        prop_assert!(!now.met || (next.met && next.state == now.state));
    }
}
