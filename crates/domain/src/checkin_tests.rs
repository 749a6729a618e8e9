//! Windows at their edges, what may be typed, and who may check in, against tables written by hand.

use super::*;
use crate::code::Code;
use proptest::prelude::*;

const MINUTE: Figures = Figures { seconds: 60, tries: 5 };

fn at(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(1_800_000_000_000 + ms).unwrap()
}

#[test]
fn windows_at_their_edges() {
    // Milliseconds since the opening, the window, the windows taken, milliseconds left.
    let table = [
        (0, 0, 0..=0, 60_000),
        (59_999, 0, 0..=0, 1),
        (60_000, 1, 0..=1, 60_000),
        (119_999, 1, 0..=1, 1),
        (120_000, 2, 1..=2, 60_000),
        (3_600_000, 60, 59..=60, 60_000),
        // The server's clock was put back.
        (-1, 0, 0..=0, 60_000),
        (-86_400_000, 0, 0..=0, 60_000),
    ];
    for (ms, expected, codes, rest) in table {
        assert_eq!(window(at(0), at(ms), &MINUTE), expected, "{ms}");
        assert_eq!(taken(at(0), at(ms), &MINUTE), codes, "{ms}");
        assert_eq!(left(at(0), at(ms), &MINUTE), rest, "{ms}");
    }
}

#[test]
fn figures_stay_within_what_can_be_read_and_what_cannot_be_guessed() {
    for (seconds, tries, expected) in
        [(60, 5, (60, 5)), (0, 0, (30, 1)), (-7, -7, (30, 1)), (9_000, 9_000, (600, 10)), (120, 3, (120, 3))]
    {
        let figures = Figures::of(seconds, tries);
        assert_eq!((figures.seconds, figures.tries), expected);
    }
}

#[test]
fn what_is_typed_becomes_digits() {
    let table = [
        ("4072", Some("4072")),
        (" 40 72 ", Some("4072")),
        ("40.72", Some("4072")),
        ("４０７２", Some("4072")),
        ("4\u{00A0}0\u{2009}7\u{200B}2", Some("4072")),
        ("0007", Some("0007")),
        ("\r\n4072\r\n", Some("4072")),
        ("]C14072", Some("4072")),
        ("12.345678", Some("12345678")),
        ("", None),
        ("   ", None),
        ("bốn không bảy hai", None),
        ("4O72", None),
        ("+4072", None),
        ("4072a", None),
        ("]C1", None),
        ("١٢٣٤", None),
        ("123456789012345678901234567890123", None),
    ];
    for (text, expected) in table {
        assert_eq!(digits(text).as_deref(), expected, "{text:?}");
    }
    for (text, expected) in [("4072", true), ("407", false), ("40725", false), ("４０ ７２", true), ("0000", true)] {
        assert_eq!(typed(text).is_some(), expected, "{text}");
    }
    for (text, expected) in
        [("7", Some(7)), ("0007", Some(7)), ("0", None), ("000", None), ("100001", None), ("99999999999999999999", None)]
    {
        assert_eq!(line_number(text), expected, "{text}");
    }
    for (typed, card, expected) in [
        ("12345678", "12.345678", true),
        ("02123456", "02.123456", true),
        ("2123456", "02.123456", true),
        ("12345679", "12.345678", false),
        ("000", "0", false),
        ("12345678", "", false),
        ("12345678", "DV 12345678", false),
    ] {
        assert_eq!(is_card(typed, card), expected, "{typed} {card}");
    }
}

#[test]
fn a_code_has_four_digits_and_can_be_read_aloud() {
    assert_eq!(code(&[0; 32]), "0000");
    assert_eq!(code(&[0, 0, 0, 0, 0, 0, 0x0F, 0xE8]), "4072");
    assert_eq!(code(&[0, 0, 0, 0, 0, 0, 0x27, 0x17]), "0007");
    assert_eq!(spoken("4072"), "bốn, không, bảy, hai");
    assert_eq!(spoken("1356"), "một, ba, năm, sáu");
    assert_eq!(spoken("8999"), "tám, chín, chín, chín");
}

fn seat(mark: Option<Mark>, by: Option<Source>) -> Seat {
    Seat { standing: Standing::Official, mark, by, tries: 0 }
}

#[test]
fn who_may_check_in() {
    use MeetingState::Open;
    let (secretary, member) = (Some(Source::Secretary), Some(Source::Member));
    let table = [
        (seat(None, None), Own::Open(5)),
        // What was set when the meeting opened gives way to who came.
        (seat(Some(Mark::Excused), None), Own::Open(5)),
        (Seat { standing: Standing::Exempt, ..seat(Some(Mark::Exempt), None) }, Own::Open(5)),
        (Seat { standing: Standing::TemporaryAway, ..seat(Some(Mark::Away), None) }, Own::Open(5)),
        (Seat { standing: Standing::Suspended, ..seat(Some(Mark::Suspended), None) }, Own::Barred),
        // What the secretary said stands, also when it was taken back.
        (seat(None, secretary), Own::Settled(None)),
        (seat(Some(Mark::Excused), secretary), Own::Settled(Some(Mark::Excused))),
        (seat(Some(Mark::Unexcused), secretary), Own::Settled(Some(Mark::Unexcused))),
        (seat(Some(Mark::Present), secretary), Own::There(Source::Secretary)),
        (seat(Some(Mark::Online), secretary), Own::There(Source::Secretary)),
        (seat(Some(Mark::Present), member), Own::There(Source::Member)),
        (Seat { tries: 4, ..seat(None, None) }, Own::Open(1)),
        (Seat { tries: 5, ..seat(None, None) }, Own::Spent(5)),
        (Seat { tries: 9, ..seat(None, None) }, Own::Spent(9)),
        (Seat { tries: 9, ..seat(Some(Mark::Present), secretary) }, Own::There(Source::Secretary)),
    ];
    for (seat, expected) in table {
        assert_eq!(own(Open, true, &seat, &MINUTE), expected, "{seat:?}");
        assert_eq!(
            expected.may().ok(),
            match expected {
                Own::Open(_) => Some(true),
                Own::There(_) => Some(false),
                _ => None,
            }
        );
        if let Err(refusal) = expected.may() {
            assert!(refusal.text().contains("báo thư ký") && refusal.text().ends_with('.'), "{}", refusal.text());
        }
    }
    for state in MeetingState::ALL {
        for on in [false, true] {
            let open = *state == Open && on;
            assert_eq!(own(*state, on, &seat(None, None), &MINUTE).may().is_ok(), open, "{state} {on}");
        }
    }
}

proptest! {
    #[test]
    fn every_moment_has_one_window_and_the_next_code_comes_on_time(ms in 0i64..100_000_000, seconds in 30u32..600) {
        let figures = Figures { seconds, tries: 5 };
        let (now, rest) = (window(at(0), at(ms), &figures), left(at(0), at(ms), &figures));
        prop_assert!(rest > 0 && rest <= i64::from(seconds) * 1000);
        prop_assert_eq!(window(at(0), at(ms + rest - 1), &figures), now);
        prop_assert_eq!(window(at(0), at(ms + rest), &figures), now + 1);
    }

    /// Typed within one window's length of being shown a code is taken, two windows later never.
    #[test]
    fn a_code_is_taken_for_one_to_two_windows(shown in 0i64..10_000_000, later in 0i64..200_000) {
        let seen = window(at(0), at(shown), &MINUTE);
        let taken = taken(at(0), at(shown + later), &MINUTE).contains(&seen);
        if later <= 60_000 { prop_assert!(taken); }
        if later >= 120_000 { prop_assert!(!taken); }
    }

    #[test]
    fn anything_typed_is_digits_or_nothing(text in "\\PC{0,40}") {
        if let Some(found) = digits(&text) {
            prop_assert!(!found.is_empty() && found.bytes().all(|b| b.is_ascii_digit()));
            prop_assert_eq!(digits(&found), Some(found.clone()));
        }
    }

    #[test]
    fn a_code_is_always_four_digits(hash in prop::collection::vec(any::<u8>(), 0..40)) {
        let code = code(&hash);
        prop_assert_eq!(typed(&code), Some(code.clone()));
        prop_assert_eq!(spoken(&code).split(", ").count(), DIGITS);
    }
}
