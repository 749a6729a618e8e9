//! The room as pages show it: clocks, turns, who has not been heard. Pure but for one reader.
//! May touch: the room's rows and the year's counts. Rules: T6 (distinct kỳ, never ranked), DD-05.

use db::Tx;
use domain::code::Code;
use domain::contribution::{Spoken, count_for};
use domain::floor::{ItemClock, Pace, Turn, TurnState, clock_words, near_seconds, pace};
use domain::id::{ItemId, MeetingId, OrgId, PersonId};
use jiff::{SignedDuration, Timestamp};

use super::page::{ClockView, Heard, Live, TurnView};
use super::store::{self, Room, Speaker};
use crate::home::year::periods_spoken;
use crate::live::record::Record;

/// How many minutes before the end of an item the clock says so.
const NEAR_MINUTES: u32 = 2;

/// The room as read at once.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Item in hand, last event.
    pub room: Room,
    /// Clocks of the items.
    pub clocks: Vec<(ItemId, ItemClock)>,
    /// The queue.
    pub queue: Vec<Speaker>,
}

/// Reads the room.
///
/// # Errors
/// Database faults only.
pub fn facts(tx: &mut Tx, org: OrgId, id: MeetingId) -> db::Result<Facts> {
    let room = store::room(tx, org, id)?;
    Ok(Facts { clocks: store::clocks(tx, org, id, &room)?, queue: store::queue(tx, org, id)?, room })
}

impl Facts {
    /// The clock of an item.
    pub fn clock(&self, item: ItemId) -> ItemClock {
        self.clocks.iter().find(|(i, _)| *i == item).map(|(_, c)| *c).unwrap_or_default()
    }

    /// The turns of an item that are not over.
    pub fn waiting(&self, item: ItemId) -> impl Iterator<Item = &Speaker> {
        self.queue.iter().filter(move |s| s.item == item && s.turn.state.is_live())
    }
}

/// What keeps a page of a meeting live.
pub fn live(org: OrgId, id: MeetingId, page: String, seq: i64) -> Live {
    Live { stream: format!("/cb/{org}/buoi/{id}/dien-bien"), page, seq }
}

fn millis(time: SignedDuration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

/// The clock of an item.
pub fn item_clock(clock: &ItemClock, planned: i64, now: Timestamp) -> ClockView {
    let used = clock.used(now);
    let minutes = u32::try_from(planned).unwrap_or(0);
    let pace = pace(minutes, NEAR_MINUTES, used);
    ClockView {
        words: clock_words(used),
        ms: millis(used),
        runs: clock.since.is_some(),
        planned: i64::from(minutes),
        near: near_seconds(minutes, NEAR_MINUTES),
        pace: pace.map(Code::label).unwrap_or_default(),
        class: match pace {
            Some(Pace::OnTime) => "done",
            Some(Pace::Near) => "due",
            Some(Pace::Over) => "late",
            None => "none",
        },
    }
}

fn turn_clock(turn: &Turn, now: Timestamp) -> ClockView {
    let spoken = turn.spoken(now);
    ClockView { words: clock_words(spoken), ms: millis(spoken), runs: turn.since.is_some(), ..ClockView::default() }
}

/// The turns of an item that are not over: who speaks first, then who was interrupted, then the queue.
pub fn turns(facts: &Facts, item: ItemId, name: impl Fn(PersonId) -> String, now: Timestamp) -> Vec<TurnView> {
    let mut out = Vec::new();
    let mut place = 0;
    for state in [TurnState::Speaking, TurnState::Paused, TurnState::Waiting] {
        for speaker in facts.waiting(item).filter(|s| s.turn.state == state) {
            if state == TurnState::Waiting {
                place += 1;
            }
            out.push(TurnView {
                id: speaker.id.to_string(),
                name: name(speaker.person),
                state: state.code(),
                label: state.label(),
                class: match state {
                    TurnState::Speaking => "wait",
                    TurnState::Paused => "due",
                    _ => "none",
                },
                clock: turn_clock(&speaker.turn, now),
                place: if state == TurnState::Waiting { place } else { 0 },
                prepared: speaker.opinion.is_some(),
            });
        }
    }
    out
}

/// Present members in the order of names, with the kỳ in which they spoke this year and whether they
/// have spoken today. For the chair alone.
///
/// # Errors
/// Database faults only.
pub fn heard(tx: &mut Tx, record: &Record) -> db::Result<Vec<Heard>> {
    let (org, year) = (record.meeting.org, record.day().year());
    let rows = periods_spoken(&crate::home::store::spoken(tx, org, year)?);
    let keys: Vec<String> = rows.iter().map(|r| r.1.to_string()).collect();
    let spoken: Vec<Spoken<'_>> =
        rows.iter().zip(&keys).map(|(r, key)| Spoken { person: r.0, period: key, sealed: r.2 }).collect();
    let today = |person: PersonId| record.contributions.iter().any(|c| c.person == person);
    let member = |l: &&crate::live::store::Line| l.standing.is_expected();
    let line = |l: &crate::live::store::Line| Heard {
        name: l.name.clone(),
        periods: count_for(&spoken, l.person),
        today: today(l.person),
    };
    Ok(record.present().filter(member).map(line).collect())
}
