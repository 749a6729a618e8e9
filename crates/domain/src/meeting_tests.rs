use super::*;
use crate::code::Code;
use MeetingState::{Adopted, Cancelled, Closed, Draft, Noticed, Open, Sealed};
use jiff::civil::date;

fn opening() -> Opening {
    Opening { starts_at: date(2026, 12, 3).at(14, 0, 0, 0), now: date(2026, 12, 3).at(13, 50, 0, 0), chair: true, expected: 18 }
}

fn closing() -> Closing {
    Closing { opened_at: date(2026, 12, 3).at(14, 0, 0, 0), closed_at: date(2026, 12, 3).at(15, 35, 0, 0) }
}

const SEALING: Sealing = Sealing { number: Some(7), term_known: true };

/// From each state, where each transition leads; “-” where it is refused.
const TABLE: &str = "
           notice  change open undo    close  reopen adopt   seal   cancel
draft      noticed -      open -       -      -      -       -      cancelled
noticed    -       draft  open -       -      -      -       -      cancelled
open       -       -      -    noticed closed -      -       -      -
closed     -       -      -    -       -      open   adopted -      -
adopted    -       -      -    -       -      closed -       sealed -
sealed     -       -      -    -       -      -      -       -      -
cancelled  -       -      -    -       -      -      -       -      -
";

#[test]
fn every_transition_from_every_state() {
    let rows: Vec<&str> = TABLE.trim().lines().skip(1).collect();
    assert_eq!(rows.len(), MeetingState::ALL.len());
    for (state, row) in MeetingState::ALL.iter().zip(rows) {
        let mut words = row.split_whitespace();
        assert_eq!(words.next(), Some(state.code()));
        let got = [
            state.send_notice(&[]),
            state.change_after_notice("đổi phòng họp"),
            state.open(&opening()),
            state.undo_open(false, true),
            state.close(&closing()),
            state.reopen("còn nội dung chưa họp"),
            state.adopt(&[]),
            state.seal(&[], &SEALING),
            state.cancel("bão"),
        ];
        let expected: Vec<Option<MeetingState>> = words.map(MeetingState::from_code).collect();
        assert_eq!(expected.len(), got.len());
        for (n, (got, expected)) in got.into_iter().zip(expected).enumerate() {
            assert_eq!(got.clone().ok(), expected, "{state}, transition {n}");
            if let Err(refusal) = got {
                assert!(refusal.text().ends_with('.'), "{}", refusal.text());
            }
        }
    }
}

#[test]
fn what_is_sealed_or_cancelled_stays_so() {
    for state in MeetingState::ALL {
        assert_eq!(state.is_final(), matches!(state, Sealed | Cancelled));
    }
    assert!(Sealed.reopen("sửa").unwrap_err().text().contains("đính chính"));
}

#[test]
fn reasons_are_asked_where_people_have_been_told() {
    assert_eq!(Noticed.change_after_notice(" ").unwrap_err().field, Some("reason"));
    assert_eq!(Noticed.cancel("").unwrap_err().field, Some("reason"));
    assert_eq!(Closed.reopen("").unwrap_err().field, Some("reason"));
}

#[test]
fn a_meeting_opens_on_its_day_with_a_chair_and_members() {
    let refused = |facts: Opening| Noticed.open(&facts).err().map(|r| r.code);
    let base = opening();
    assert_eq!(refused(base), None);
    let before = Opening { now: date(2026, 12, 2).at(23, 59, 0, 0), ..base };
    assert_eq!(refused(before), Some("too_early"));
    // Recorded a week later from paper.
    let later = Opening { now: date(2026, 12, 10).at(8, 0, 0, 0), ..base };
    assert_eq!(refused(later), None);
    assert_eq!(refused(Opening { chair: false, ..base }), Some("no_chair"));
    assert_eq!(refused(Opening { expected: 0, ..base }), Some("no_members"));
    // One of eighteen is enough to open: attendance never blocks (BQ-10).
    assert_eq!(refused(Opening { expected: 1, ..base }), None);
}

#[test]
fn an_opening_is_taken_back_only_while_nothing_is_recorded() {
    assert_eq!(Open.undo_open(false, false), Ok(Draft));
    assert_eq!(Open.undo_open(false, true), Ok(Noticed));
    assert_eq!(Open.undo_open(true, true).unwrap_err().code, "recorded");
}

#[test]
fn a_meeting_does_not_end_before_it_began() {
    let facts = Closing { closed_at: closing().opened_at, ..closing() };
    assert_eq!(Open.close(&facts).unwrap_err().field, Some("closed_at"));
}

#[test]
fn checks_stand_in_the_way_of_notice_adoption_and_sealing() {
    let no = [Check::must(false, "place", "Chưa có địa điểm.")];
    assert_eq!(Draft.send_notice(&no).unwrap_err().field, Some("place"));
    assert!(Closed.adopt(&no).is_err());
    assert!(Adopted.seal(&no, &SEALING).is_err());
    let unnumbered = Sealing { number: None, ..SEALING };
    assert_eq!(Adopted.seal(&[], &unnumbered).unwrap_err().field, Some("number"));
    let no_term = Sealing { term_known: false, ..SEALING };
    assert_eq!(Adopted.seal(&[], &no_term).unwrap_err().code, "no_term");
}

#[test]
fn a_combined_meeting_serves_both_duties() {
    let serving: Vec<_> = MeetingKind::ALL
        .iter()
        .map(|k| (k.serves_regular(), k.serves_thematic()))
        .filter(|both| *both != (false, false))
        .collect();
    assert_eq!(serving, [(true, false), (false, true), (true, true)]);
}

#[test]
fn a_short_meeting_gets_advice_and_nothing_more() {
    let figures = Figures { single: 90, combined: 120 };
    let table = [
        (MeetingKind::Regular, 90, None),
        (MeetingKind::Regular, 89, Some("SH-05")),
        (MeetingKind::Thematic, 60, Some("SH-05")),
        (MeetingKind::Combined, 119, Some("SH-06")),
        (MeetingKind::Combined, 120, None),
        (MeetingKind::Committee, 10, None),
        (MeetingKind::Congress, 10, None),
    ];
    for (kind, minutes, rule) in table {
        let got = length_advice(kind, minutes, &figures).map(|a| a.rule);
        assert_eq!(got, rule, "{kind} {minutes}");
    }
    assert_eq!(length(closing().opened_at, closing().closed_at), Some(95));
    assert_eq!(length(closing().closed_at, closing().opened_at), None);
    assert_eq!(length(closing().opened_at, closing().opened_at), None);
}
