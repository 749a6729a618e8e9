use super::*;
use crate::code::Code;
use jiff::civil::date;

fn text() -> Text {
    let s = |t: &str| t.to_owned();
    Text { title: s("Nêu gương"), aim: s("Để làm tốt hơn"), content: s("Làm gì?"), result: s("Đã làm") }
}

#[test]
fn every_step_from_every_state() {
    use EntryState::{Declined, Draft, Published, Returned, Submitted, Withdrawn, Withheld};
    // state; edit, submit, send back, publish, decline, widen, withdraw, withhold
    let no = None;
    let table = [
        (Draft, [Some(Draft), Some(Submitted), no, no, no, no, Some(Withdrawn), Some(Withheld)]),
        (Submitted, [no, no, Some(Returned), Some(Published), Some(Declined), no, Some(Withdrawn), Some(Withheld)]),
        (Returned, [Some(Returned), Some(Submitted), no, no, no, no, Some(Withdrawn), Some(Withheld)]),
        (Published, [no, no, no, no, Some(Declined), Some(Published), no, Some(Withheld)]),
        (Declined, [no, no, no, no, no, no, no, Some(Withheld)]),
        (Withheld, [no, no, no, no, no, no, Some(Withdrawn), no]),
        (Withdrawn, [no; 8]),
    ];
    for (state, expected) in table {
        let found = [
            state.edit().ok(),
            state.submit(EntryKind::Topic, &text(), true).ok(),
            state.send_back(false, "Thêm kết quả").ok(),
            state.publish(false).ok(),
            state.decline(false, "Trùng bài khác").ok(),
            state.widen().ok(),
            state.withdraw().ok(),
            state.withhold().ok(),
        ];
        assert_eq!(found, expected, "{state}");
    }
    assert_eq!(EntryState::ALL.len(), table.len());
}

#[test]
fn nobody_decides_on_what_their_own_cell_sent_and_a_no_has_words() {
    let waits = EntryState::Submitted;
    assert_eq!(waits.publish(true).unwrap_err().code, "own");
    assert_eq!(waits.send_back(true, "x").unwrap_err().code, "own");
    assert_eq!(waits.decline(true, "x").unwrap_err().code, "own");
    assert_eq!(waits.send_back(false, " ").unwrap_err().field, Some("gop_y"));
    assert_eq!(waits.decline(false, "").unwrap_err().field, Some("gop_y"));
}

#[test]
fn what_is_sent_is_whole_confirmed_and_not_marked() {
    let send = |kind, text: &Text, sure| EntryState::Draft.submit(kind, text, sure);
    assert_eq!(send(EntryKind::Topic, &text(), false).unwrap_err().field, Some("khong_mat"));
    for (n, field) in FIELDS.into_iter().enumerate() {
        let mut part = text();
        let place = [&mut part.title, &mut part.aim, &mut part.content, &mut part.result].into_iter().nth(n).unwrap();
        *place = " ".to_owned();
        assert_eq!(send(EntryKind::Experience, &part, true).unwrap_err().field, Some(field));
        let mut marked = text();
        let place = [&mut marked.title, &mut marked.aim, &mut marked.content, &mut marked.result].into_iter().nth(n).unwrap();
        place.push_str("\nTỐI MẬT");
        let refusal = send(EntryKind::Topic, &marked, true).unwrap_err();
        assert_eq!((refusal.code, refusal.field), ("secret", Some(field)));
    }
    let about = Text { content: "Làm gì để bảo vệ bí mật nhà nước?".to_owned(), ..text() };
    assert!(send(EntryKind::Topic, &about, true).is_ok());
}

#[test]
fn a_secret_topic_meets_the_duty_without_content() {
    let (due, in_time, after) = (date(2026, 10, 10), date(2026, 10, 10), date(2026, 10, 11));
    assert_eq!(due_on(PeriodKey::thematic(2026, 3).unwrap(), 10), due);
    use Sending::{Held, Late, Published, Returned, Secret, Sent, Waiting};
    // entry; in time and not held, in time and held, late
    let table = [
        (None, [Waiting, Held, Late]),
        (Some(EntryState::Draft), [Waiting, Held, Late]),
        (Some(EntryState::Withdrawn), [Waiting, Held, Late]),
        (Some(EntryState::Returned), [Returned, Returned, Late]),
        (Some(EntryState::Submitted), [Sent; 3]),
        (Some(EntryState::Declined), [Sent; 3]),
        (Some(EntryState::Published), [Published; 3]),
        (Some(EntryState::Withheld), [Secret; 3]),
    ];
    for (entry, expected) in table {
        let found = [(false, in_time), (true, in_time), (false, after)].map(|(held, today)| Sending::of(entry, held, due, today));
        assert_eq!(found, expected, "{entry:?}");
    }
    let met: Vec<Sending> = Sending::ALL.iter().copied().filter(|s| s.is_met()).collect();
    assert_eq!(met, [Published, Sent, Secret]);
}

#[test]
fn a_cell_tells_what_came_of_it_once_the_minutes_are_sealed() {
    let sealed = Some(MeetingState::Sealed);
    assert_eq!(UseState::Taken.report(sealed, "Nhiều ý kiến", ""), Ok(UseState::Reported));
    assert_eq!(UseState::Reported.report(sealed, "Nhiều ý kiến hơn", ""), Ok(UseState::Reported));
    assert!(UseState::Dropped.report(sealed, "x", "").is_err());
    for state in [None, Some(MeetingState::Open), Some(MeetingState::Adopted)] {
        assert_eq!(UseState::Taken.report(state, "x", "").unwrap_err().code, "not_sealed");
    }
    assert_eq!(UseState::Taken.report(sealed, "", "").unwrap_err().field, Some("duoc"));
    assert_eq!(UseState::Taken.report(sealed, "x", "MẬT").unwrap_err().field, Some("can_sua"));
    assert_eq!(UseState::Taken.give_up(), Ok(UseState::Dropped));
    assert!(UseState::Reported.give_up().is_err() && UseState::Dropped.give_up().is_err());
}

#[test]
fn who_leads_or_serves_the_committee_reviews() {
    let at = |role: &'static [Role], is_cell| Position { signed_in: true, is_cell, roles_here: role, ..Position::default() };
    for role in [&[Role::Secretary][..], &[Role::Deputy], &[Role::Standing], &[Role::Committee], &[Role::Clerk]] {
        assert!(reviews(&at(role, false)));
        assert!(!reviews(&at(role, true)), "a cell reviews nothing");
    }
    for role in [&[Role::Follower][..], &[Role::Admin], &[]] {
        assert!(!reviews(&at(role, false)));
    }
    let above = Position { signed_in: true, roles_above: &[Role::Secretary], ..Position::default() };
    assert!(!reviews(&above), "each committee reviews what its own cells sent");
    assert!(!reviews(&Position { signed_in: false, ..at(&[Role::Secretary], false) }));
}

#[test]
fn words_are_looked_for_however_they_are_typed() {
    assert_eq!(terms("  Chuyển ĐỔI số, số  100%_ "), ["chuyen", "doi", "so", "100"]);
    assert_eq!(terms("a b c d e f g h i k").len(), 8);
    assert!(terms("%%").is_empty());
}
