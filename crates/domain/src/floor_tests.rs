//! Every transition from every state against a table; what holds after any walk of a queue.

use super::*;
use crate::code::Code;
use proptest::prelude::*;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + seconds).unwrap()
}

fn turn(state: TurnState) -> Turn {
    let since = (state == TurnState::Speaking).then(|| at(0));
    Turn { state, before: SignedDuration::from_secs(30), since }
}

type Step = fn(&Turn, Timestamp) -> Result<Turn, Refusal>;

const STEPS: [(&str, Step); 5] = [
    ("start", |t, now| t.start(now)),
    ("pause", |t, now| t.pause(now)),
    ("end", |t, now| t.end(now)),
    ("withdraw", |t, _| t.withdraw()),
    ("take_back", |t, _| t.take_back()),
];

#[test]
fn every_transition_from_every_state() {
    use TurnState::{Done, Paused, Speaking, Waiting, Withdrawn};
    // In the order of STEPS.
    let table: [(TurnState, [Option<TurnState>; 5]); 5] = [
        (Waiting, [Some(Speaking), None, None, Some(Withdrawn), None]),
        (Speaking, [None, Some(Paused), Some(Done), None, None]),
        (Paused, [Some(Speaking), None, Some(Done), None, None]),
        (Done, [None, None, None, None, Some(Withdrawn)]),
        (Withdrawn, [None; 5]),
    ];
    assert_eq!(table.len(), TurnState::ALL.len());
    for (from, expected) in table {
        for ((name, step), to) in STEPS.iter().zip(expected) {
            let got = step(&turn(from), at(60));
            assert_eq!(got.as_ref().ok().map(|t| t.state), to, "{name} from {from}");
            if let Err(refusal) = got {
                assert_eq!(refusal.code, "state");
                assert!(refusal.text().contains(from.label()) && refusal.text().ends_with('.'), "{}", refusal.text());
            }
        }
    }
    assert_eq!(TurnState::ALL.iter().filter(|s| s.is_live()).count(), 3);
}

#[test]
fn time_spoken_is_the_sum_of_the_stretches() {
    let turn = Turn::default().start(at(0)).unwrap();
    assert_eq!(turn.spoken(at(45)).as_secs(), 45);
    let turn = turn.pause(at(60)).unwrap();
    assert_eq!(turn.spoken(at(500)).as_secs(), 60);
    let turn = turn.start(at(100)).unwrap().end(at(130)).unwrap();
    assert_eq!(turn.spoken(at(999)).as_secs(), 90);
    // The server's clock was put back while somebody spoke.
    let back = Turn::default().start(at(100)).unwrap().end(at(40)).unwrap();
    assert_eq!(back.spoken(at(0)).as_secs(), 0);
}

#[test]
fn starting_the_next_ends_the_one_who_speaks() {
    let queue = [Turn::default(), Turn::default().start(at(0)).unwrap(), Turn::default(), turn(TurnState::Paused)];
    let after = call(&queue, 2, at(20)).unwrap();
    let states: Vec<TurnState> = after.iter().map(|t| t.state).collect();
    assert_eq!(states, [TurnState::Waiting, TurnState::Done, TurnState::Speaking, TurnState::Paused]);
    assert_eq!(after[1].spoken(at(99)).as_secs(), 20);
    assert_eq!(call(&queue, 1, at(20)).unwrap_err().code, "state");
    assert_eq!(call(&queue, 9, at(20)).unwrap_err().code, "no_turn");
}

#[test]
fn the_pace_of_an_item_by_table() {
    // Planned and near in minutes, used in seconds.
    let table = [
        (0, 2, 5000, None, 0),
        (20, 2, 0, Some(Pace::OnTime), 120),
        (20, 2, 18 * 60 - 1, Some(Pace::OnTime), 120),
        (20, 2, 18 * 60, Some(Pace::Near), 120),
        (20, 2, 20 * 60, Some(Pace::Near), 120),
        (20, 2, 20 * 60 + 1, Some(Pace::Over), 120),
        (4, 2, 0, Some(Pace::OnTime), 60),
        (4, 2, 3 * 60, Some(Pace::Near), 60),
        (1, 0, 60, Some(Pace::Near), 0),
        (u32::MAX, u32::MAX, 0, Some(Pace::OnTime), i64::from(u32::MAX) * 15),
    ];
    for (planned, near, used, expected, window) in table {
        assert_eq!(pace(planned, near, SignedDuration::from_secs(used)), expected, "{planned} {used}");
        assert_eq!(near_seconds(planned, near), window, "{planned}");
    }
}

#[test]
fn clocks_are_read_as_minutes_and_seconds() {
    for (seconds, words) in [(-5, "0:00"), (0, "0:00"), (65, "1:05"), (3599, "59:59"), (3750, "1:02:30")] {
        assert_eq!(clock_words(SignedDuration::from_secs(seconds)), words);
    }
}

#[test]
fn an_item_taken_up_again_goes_on_counting() {
    let clock = ItemClock::default().run(at(0)).run(at(10)).stop(at(60));
    assert_eq!((clock.used(at(999)).as_secs(), clock.since), (60, None));
    let again = clock.run(at(100)).stop(at(70));
    assert_eq!(again.used(at(0)).as_secs(), 60, "a clock that jumps back takes nothing away");
    assert_eq!(again.stop(at(500)), again);
}

proptest! {
    #[test]
    fn whatever_is_pressed_at_most_one_speaks_and_no_time_is_lost(
        walk in proptest::collection::vec((0usize..5, 0usize..6, -30i64..120), 0..80)
    ) {
        let mut queue = vec![Turn::default(); 5];
        let mut now = 0;
        for (who, what, passed) in walk {
            now += passed;
            let before = queue.clone();
            let changed = match what {
                5 => call(&queue, who, at(now)).map(|q| queue = q),
                // The floor is given by `call` alone.
                0 => Ok(()),
                n => STEPS[n].1(&queue[who], at(now)).map(|t| queue[who] = t),
            };
            if changed.is_err() {
                prop_assert_eq!(&queue, &before);
            }
            prop_assert!(queue.iter().filter(|t| t.state == TurnState::Speaking).count() <= 1);
            for (turn, was) in queue.iter().zip(&before) {
                prop_assert_eq!(turn.since.is_some(), turn.state == TurnState::Speaking);
                prop_assert!(turn.before >= was.before);
                prop_assert!(turn.state != TurnState::Waiting || turn.before.is_zero());
                prop_assert!(was.state.is_live() || was.state == TurnState::Done || turn == was);
            }
        }
    }

    #[test]
    fn an_items_clock_never_runs_backwards(moves in proptest::collection::vec((any::<bool>(), -100i64..400), 0..40)) {
        let (mut clock, mut now) = (ItemClock::default(), 0);
        for (runs, passed) in moves {
            now += passed;
            let next = if runs { clock.run(at(now)) } else { clock.stop(at(now)) };
            prop_assert!(next.before >= clock.before);
            prop_assert_eq!(next.used(at(now)), clock.used(at(now)));
            clock = next;
        }
    }
}
