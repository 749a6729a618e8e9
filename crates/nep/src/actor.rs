//! Who acts, from where, with which rights. The first argument of every store function that
//! changes something; carries the moment and makes ids, so that tests can inject both.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::once::Sending;
use domain::id::{AccountId, Id, OrgId, PersonId};
use domain::post::Role;
use domain::right::{Position, Right, allows};
use domain::roll::Standing;
use jiff::{SignedDuration, Timestamp, civil, tz::TimeZone};

/// The clock of the installation; tests and the demo set their own.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// The machine's clock, put to another moment; for looking at made-up data on another day.
#[derive(Debug, Clone, Copy)]
pub struct ShiftedClock(SignedDuration);

impl ShiftedClock {
    /// A clock that shows this local time now and goes on from there.
    pub fn starting(at: civil::DateTime) -> Self {
        Self(moment(at).duration_since(Timestamp::now()))
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> Timestamp {
        Timestamp::now().checked_add(self.0).unwrap_or_default()
    }
}

/// A clock that stands where it is put; for tests and for making history.
#[derive(Debug)]
pub struct SetClock(AtomicI64);

impl SetClock {
    /// A clock standing at `at`.
    pub fn new(at: Timestamp) -> Self {
        Self(AtomicI64::new(at.as_millisecond()))
    }

    /// Moves the clock.
    pub fn set(&self, at: Timestamp) {
        self.0.store(at.as_millisecond(), Ordering::SeqCst);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.0.load(Ordering::SeqCst)).unwrap_or_default()
    }
}

/// Việt Nam has one zone, without summer time.
pub fn local(at: Timestamp) -> civil::DateTime {
    TimeZone::fixed(jiff::tz::offset(7)).to_datetime(at)
}

/// The moment of a local date and time.
pub fn moment(at: civil::DateTime) -> Timestamp {
    TimeZone::fixed(jiff::tz::offset(7)).to_timestamp(at).unwrap_or_default()
}

/// Bits of an id that count within a millisecond of one program.
const COUNT_BITS: i64 = 12;
/// Bits of an id below its milliseconds: the number of the program and the count.
const LOW_BITS: i64 = 22;
/// How many programs can make ids at once.
pub const NUMBERS: i64 = 1 << (LOW_BITS - COUNT_BITS);

/// Makes ids: 41 bits of milliseconds, 10 bits that are the number of the program, 12 bits that count.
/// Programs at work on one database have numbers of their own (`process`), so that their ids never
/// meet; one program's ids go on upwards, also when the clock jumps back (P-4).
#[derive(Debug)]
pub struct Ids {
    last: AtomicI64,
    number: AtomicI64,
}

impl Ids {
    /// Ids of a program whose number nobody else has; the number is taken from the low bits of `seed`.
    pub fn new(seed: u64) -> Self {
        let number = i64::try_from(seed).unwrap_or(0) % NUMBERS;
        Self { last: AtomicI64::new(0), number: AtomicI64::new(number) }
    }

    /// Goes on under a number, beyond every id that was made under it until a moment.
    pub fn go_on(&self, number: i64, after: Timestamp) {
        self.number.store(number.rem_euclid(NUMBERS), Ordering::SeqCst);
        let floor = (milliseconds(after) << LOW_BITS) | ((1 << LOW_BITS) - 1);
        self.last.fetch_max(floor, Ordering::SeqCst);
    }

    /// The moment of the newest id: ahead of the clock when many were made at once.
    pub fn reached(&self) -> Timestamp {
        let ms = self.last.load(Ordering::SeqCst) >> LOW_BITS;
        Timestamp::from_millisecond(ms + EPOCH_MS).unwrap_or_default()
    }

    /// The next id.
    pub fn next<K>(&self, now: Timestamp) -> Id<K> {
        let (ms, number) = (milliseconds(now), self.number.load(Ordering::SeqCst) << COUNT_BITS);
        let step = |last: i64| {
            let (last_ms, count) = (last >> LOW_BITS, last & ((1 << COUNT_BITS) - 1));
            Some(match count + 1 {
                _ if ms > last_ms => (ms << LOW_BITS) | number,
                next if next < 1 << COUNT_BITS => (last_ms << LOW_BITS) | number | next,
                // More than a millisecond holds: the next one is begun early.
                _ => ((last_ms + 1) << LOW_BITS) | number,
            })
        };
        let before = self.last.fetch_update(Ordering::SeqCst, Ordering::SeqCst, step).unwrap_or(0);
        Id::new(step(before).unwrap_or(before))
    }
}

/// 2024-01-01: the 41 bits last until 2093.
const EPOCH_MS: i64 = 1_704_067_200_000;

fn milliseconds(at: Timestamp) -> i64 {
    (at.as_millisecond() - EPOCH_MS).max(1)
}

/// Where a person stands in the organisation of the route, today.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standpoint {
    /// Whether the organisation is a cell.
    pub is_cell: bool,
    /// The membership that holds today.
    pub membership: Option<Standing>,
    /// Posts held here.
    pub roles_here: Vec<Role>,
    /// Posts held in organisations above.
    pub roles_above: Vec<Role>,
    /// Appointed secretary of the meeting the path names.
    pub minutes_secretary: bool,
}

/// An organisation in which a person has something to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The organisation.
    pub org: OrgId,
    /// Its short name today.
    pub name: String,
    /// Whether it is a cell.
    pub is_cell: bool,
    /// Posts held there; none for a plain member.
    pub roles: Vec<Role>,
    /// Membership there.
    pub membership: Option<Standing>,
}

/// A person at work, or the system itself.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The person; the zero id for the system.
    pub person: PersonId,
    /// Log-in account; the zero id for the system.
    pub account: AccountId,
    /// Name as shown.
    pub name: String,
    /// The organisation the route names; the person's own when it names none.
    pub org: OrgId,
    /// Name of that organisation today.
    pub org_name: String,
    /// Name of the organisation above it.
    pub org_above: String,
    /// Where the person stands in that organisation.
    pub standpoint: Standpoint,
    /// Everywhere the person has something to do, the own cell first.
    pub places: Vec<Place>,
    /// Form key of the session.
    pub csrf: String,
    /// Session this request came with (hash).
    pub session: String,
    /// Text size the person chose, in pixels.
    pub text_size: i64,
    /// Messages the person has not read.
    pub unread: i64,
    /// The moment of the request.
    pub now: Timestamp,
    /// What the request says of its own sending.
    pub sending: Sending,
    /// When it was pressed, where that is not the moment of the request.
    pub acted: Option<Timestamp>,
    /// Makes ids.
    pub ids: Arc<Ids>,
}

impl Actor {
    /// The system acting for itself: command line, demo, jobs.
    pub fn system(now: Timestamp, ids: Arc<Ids>) -> Self {
        Self {
            person: Id::new(0),
            account: Id::new(0),
            name: "Hệ thống".to_owned(),
            org: Id::new(0),
            org_name: String::new(),
            org_above: String::new(),
            standpoint: Standpoint::default(),
            places: Vec::new(),
            csrf: String::new(),
            session: String::new(),
            text_size: 18,
            unread: 0,
            now,
            sending: Sending::default(),
            acted: None,
            ids,
        }
    }

    /// The same hands in another organisation or at another moment.
    #[must_use]
    pub fn at(&self, person: PersonId, org: OrgId, now: Timestamp) -> Self {
        Self { person, org, now, acted: None, ..self.clone() }
    }

    /// The same hands at the moment they pressed, for what clocks and lists of a meeting show: as long
    /// ago as the device waited, never before the opening, never ahead of the server. What the trail
    /// keeps stays the moment of arrival.
    #[must_use]
    pub fn acting(&self, opened: Option<civil::DateTime>) -> Self {
        let pressed = self.now.checked_sub(self.sending.ago).unwrap_or(self.now);
        let earliest = opened.map_or(pressed, moment);
        Self { acted: Some(pressed.max(earliest).min(self.now)), ..self.clone() }
    }

    /// When what is being done was done: the moment of the request unless [`Actor::acting`] says another.
    pub fn acted_at(&self) -> Timestamp {
        self.acted.unwrap_or(self.now)
    }

    /// The position the rules of rights ask for.
    pub fn position(&self) -> Position<'_> {
        Position {
            signed_in: self.account.raw() != 0,
            is_cell: self.standpoint.is_cell,
            membership: self.standpoint.membership,
            roles_here: &self.standpoint.roles_here,
            roles_above: &self.standpoint.roles_above,
            minutes_secretary: self.standpoint.minutes_secretary,
        }
    }

    /// True when the person holds `right` in the organisation of the route.
    pub fn may(&self, right: Right) -> bool {
        allows(right, &self.position())
    }

    /// True when the person holds `role` in the organisation of the route itself.
    pub fn holds(&self, role: Role) -> bool {
        self.standpoint.roles_here.contains(&role)
    }

    /// A new id.
    pub fn id<K>(&self) -> Id<K> {
        self.ids.next(self.now)
    }

    /// Today in Việt Nam.
    pub fn today(&self) -> civil::Date {
        local(self.now).date()
    }

    /// Now in Việt Nam.
    pub fn local(&self) -> civil::DateTime {
        local(self.now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn ids_of_programs_with_numbers_of_their_own_never_meet_and_go_upwards_whatever_the_clock_does() {
        let at = moment(date(2026, 12, 3).at(14, 0, 0, 0));
        let earlier = at.checked_sub(SignedDuration::from_hours(2)).unwrap();
        let programs: Vec<Ids> = [0, 1, 2, 1023].into_iter().map(Ids::new).collect();
        let mut seen = std::collections::HashSet::new();
        for ids in &programs {
            let mut last = 0;
            // More than several milliseconds hold, and a clock that jumps back.
            for n in 0..20_000 {
                let id = ids.next::<()>(if n % 7 == 0 { earlier } else { at }).raw();
                assert!(id > last, "{id} after {last}");
                assert!(seen.insert(id), "{id} was made twice");
                last = id;
            }
            assert!(ids.reached() > at && ids.reached() < at.checked_add(SignedDuration::from_millis(10)).unwrap());
        }
    }

    #[test]
    fn a_program_that_takes_over_a_number_begins_after_its_last_ids() {
        let at = moment(date(2026, 12, 3).at(14, 0, 0, 0));
        let first = Ids::new(5);
        let made = (0..10_000).map(|_| first.next::<()>(at).raw()).max().unwrap();
        let second = Ids::new(9);
        second.go_on(5, first.reached());
        assert!(second.next::<()>(at).raw() > made);
    }
}
