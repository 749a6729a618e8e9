use super::*;
use crate::code::Code;
use jiff::civil::date;
use proptest::prelude::*;

fn p(id: i64) -> PersonId {
    PersonId::new(id)
}

#[test]
fn how_an_opening_stands_by_hand() {
    let until = date(2026, 12, 20);
    let (before, last, after) = (date(2026, 12, 1), until, date(2026, 12, 21));
    let table = [
        (State::Proposed, true, before, Phase::Waiting),
        (State::Proposed, true, last, Phase::Waiting),
        (State::Proposed, true, after, Phase::Lapsed),
        (State::Proposed, false, before, Phase::Away),
        (State::Open, true, before, Phase::Running),
        (State::Open, true, last, Phase::Running),
        (State::Open, true, after, Phase::Expired),
        (State::Open, false, before, Phase::Away),
        (State::Open, false, after, Phase::Expired),
        (State::Ended, true, before, Phase::Ended),
        (State::Ended, false, after, Phase::Ended),
        (State::Dropped, true, before, Phase::Dropped),
    ];
    for (state, in_line, today, expected) in table {
        assert_eq!(phase(state, until, in_line, today), expected, "{state:?}, in line {in_line}, {today}");
    }
}

#[test]
fn two_people_open_for_an_inspection() {
    let fine = Confirming { phase: Phase::Waiting, proposer: p(1), proposer_may: true, by: p(2) };
    assert!(confirm(&fine).is_ok());
    let code = |c: Confirming| confirm(&c).unwrap_err().code;
    assert_eq!(code(Confirming { by: p(1), ..fine }), "same_person");
    assert_eq!(code(Confirming { proposer_may: false, ..fine }), "proposer_left");
    for phase in Phase::ALL.iter().copied().filter(|p| *p != Phase::Waiting) {
        assert!(confirm(&Confirming { phase, ..fine }).is_err(), "{phase:?}");
    }
}

#[test]
fn the_last_day_counts_and_the_first_too() {
    let from = date(2026, 12, 3);
    assert_eq!(last_day(from, 30), date(2027, 1, 1));
    let code = |until| length(from, until, 30).err().map(|r| r.code);
    assert_eq!(code(date(2026, 12, 2)), Some("past"));
    assert_eq!(code(from), None);
    assert_eq!(code(date(2027, 1, 1)), None);
    assert_eq!(code(date(2027, 1, 2)), Some("too_long"));
    let words = length(from, date(2027, 2, 1), 30).unwrap_err().text();
    assert!(words.contains("30 ngày") && words.contains("01/01/2027"), "{words}");
}

#[test]
fn months_are_in_order_and_not_to_come() {
    let m = |text: &str| text.parse::<Month>().unwrap();
    let today = date(2026, 12, 3);
    assert!(stretch(m("2026-10"), m("2026-12"), today).is_ok());
    assert_eq!(stretch(m("2026-12"), m("2026-11"), today).unwrap_err().code, "backwards");
    assert_eq!(stretch(m("2026-12"), m("2027-01"), today).unwrap_err().code, "to_come");
    assert_eq!(months_words(m("2026-03"), m("2026-03")), "tháng 03/2026");
    assert_eq!(months_words(m("2025-12"), m("2026-03")), "từ tháng 12/2025 đến tháng 03/2026");
    assert!(dated(today, today).is_ok() && dated(date(2026, 12, 4), today).is_err());
}

#[test]
fn minutes_and_resolutions_of_the_cells_meetings_alone() {
    for kind in DocKind::ALL {
        for meeting in MeetingKind::ALL {
            let expected = ["bb", "nq"].contains(&kind.code()) && *meeting != MeetingKind::Committee;
            assert_eq!(opens(*kind, Some(*meeting)), expected, "{kind} of {meeting}");
        }
        assert!(!opens(*kind, None), "{kind} of no meeting");
    }
}

proptest! {
    #[test]
    fn who_reads_reads_within_the_time_that_was_allowed(
        state in 0usize..4, in_line: bool, most in 1i64..60, until in -80i64..80, asked in -80i64..80,
    ) {
        let from = date(2026, 6, 15);
        let day = |n: i64| from.checked_add(n.days()).unwrap();
        let state = State::ALL[state];
        let (until, today) = (day(until), day(asked));
        if length(from, until, most).is_ok() && phase(state, until, in_line, today).reads() {
            prop_assert!(in_line && state == State::Open && today <= until);
            prop_assert!(asked < most, "read {asked} days after the beginning of {most}");
        }
        // What is over stays over while nothing but time goes on.
        let later = today.checked_add(1.day()).unwrap();
        if phase(state, until, in_line, today).is_over() {
            prop_assert!(phase(state, until, in_line, later).is_over());
        }
    }

    #[test]
    fn nobody_confirms_alone(a in 0i64..4, b in 0i64..4, may: bool) {
        let c = Confirming { phase: Phase::Waiting, proposer: p(a), proposer_may: may, by: p(b) };
        prop_assert_eq!(confirm(&c).is_ok(), a != b && may);
    }
}
