//! Who listens to which meeting on this server: one reader of events per meeting while somebody does,
//! bounded numbers of listeners, a way to wake, to look again and to close.
//! Touches the room's store to read events; knows no page.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use db::Db;
use domain::code::Code;
use domain::id::{MeetingId, OrgId};
use tokio::sync::{Notify, watch};

use super::store::{self, Topic};

/// How many past events a server keeps at hand for screens that come back.
const KEPT: usize = 256;

/// Times and bounds of live screens.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How often events are looked for.
    pub poll: Duration,
    /// How often a silent stream says that it is there.
    pub heartbeat: Duration,
    /// How often the right to listen is judged anew.
    pub recheck: Duration,
    /// How long a reader may take to take what is sent.
    pub patience: Duration,
    /// Streams of one session: fewer than the lines a browser opens, so that pages still come.
    pub per_session: usize,
    /// Streams of this server.
    pub in_all: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            poll: Duration::from_millis(300),
            heartbeat: Duration::from_secs(15),
            recheck: Duration::from_secs(25),
            patience: Duration::from_secs(10),
            per_session: 4,
            in_all: 4000,
        }
    }
}

/// What is known of a meeting's events.
#[derive(Debug, Clone, Default)]
pub struct News {
    /// Whether it was read at all.
    pub ready: bool,
    /// The number of the last event.
    pub seq: i64,
    /// Every event after this number is kept.
    since: i64,
    events: VecDeque<(i64, Topic)>,
}

impl News {
    /// Topics that changed after a number; everything, when it lies too far back.
    pub fn after(&self, seen: i64) -> BTreeSet<Topic> {
        if seen < self.since {
            return Topic::ALL.iter().copied().collect();
        }
        self.events.iter().filter(|(seq, _)| *seq > seen).map(|(_, topic)| *topic).collect()
    }

    fn take(&mut self, events: Vec<(i64, Topic)>) {
        for (seq, topic) in events {
            self.seq = self.seq.max(seq);
            self.events.push_back((seq, topic));
        }
        while self.events.len() > KEPT {
            if let Some((seq, _)) = self.events.pop_front() {
                self.since = seq;
            }
        }
    }
}

type Key = (OrgId, MeetingId);

struct Room {
    listeners: usize,
    wake: Arc<Notify>,
    news: watch::Sender<Arc<News>>,
}

struct Session {
    open: usize,
    bell: watch::Sender<()>,
}

#[derive(Default)]
struct Inner {
    rooms: HashMap<Key, Room>,
    sessions: HashMap<String, Session>,
    open: usize,
}

/// Why nobody may sit down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Full {
    /// This session has as many screens open as it may.
    Session,
    /// The server has.
    Server,
    /// The server is about to stop.
    Closing,
}

/// The listeners of this server.
pub struct Hub {
    /// Times and bounds.
    pub limits: Limits,
    inner: Mutex<Inner>,
    closing: watch::Sender<bool>,
}

impl Default for Hub {
    fn default() -> Self {
        Self::new(Limits::default())
    }
}

impl Hub {
    /// A hub without listeners.
    pub fn new(limits: Limits) -> Self {
        Self { limits, inner: Mutex::default(), closing: watch::Sender::new(false) }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks for events of a meeting now: something was just written on this server.
    pub fn wake(&self, org: OrgId, meeting: MeetingId) {
        if let Some(room) = self.inner().rooms.get(&(org, meeting)) {
            room.wake.notify_one();
        }
    }

    /// Judges the streams of a session anew: it was just ended on this server.
    pub fn look_again(&self, session: &str) {
        if let Some(session) = self.inner().sessions.get(session) {
            session.bell.send_replace(());
        }
    }

    /// Ends every stream and takes no new one: the server stops.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    /// How many streams are open, and how many meetings are read.
    pub fn open(&self) -> (usize, usize) {
        let inner = self.inner();
        (inner.open, inner.rooms.len())
    }

    /// A seat for one stream; the first in a meeting starts the reader of its events.
    ///
    /// # Errors
    /// When there are too many already.
    pub fn join(self: &Arc<Self>, db: &Db, key: Key, session: &str) -> Result<Seat, Full> {
        if *self.closing.borrow() {
            return Err(Full::Closing);
        }
        let mut inner = self.inner();
        if inner.open >= self.limits.in_all {
            return Err(Full::Server);
        }
        if inner.sessions.get(session).is_some_and(|s| s.open >= self.limits.per_session) {
            return Err(Full::Session);
        }
        inner.open += 1;
        let bell = {
            let entry = inner.sessions.entry(session.to_owned());
            let session = entry.or_insert_with(|| Session { open: 0, bell: watch::Sender::new(()) });
            session.open += 1;
            session.bell.subscribe()
        };
        let mut fresh = false;
        let room = inner.rooms.entry(key).or_insert_with(|| {
            fresh = true;
            Room { listeners: 0, wake: Arc::default(), news: watch::Sender::new(Arc::default()) }
        });
        room.listeners += 1;
        let news = room.news.subscribe();
        if fresh {
            tokio::spawn(read_events(self.clone(), db.clone(), key, room.wake.clone()));
        }
        drop(inner);
        Ok(Seat { news, bell, closing: self.closing.subscribe(), hub: self.clone(), key, session: session.to_owned() })
    }

    fn leave(&self, key: Key, session: &str) {
        let mut inner = self.inner();
        inner.open = inner.open.saturating_sub(1);
        if let Some(room) = inner.rooms.get_mut(&key) {
            room.listeners = room.listeners.saturating_sub(1);
            // The reader sees the empty room and goes.
            room.wake.notify_one();
        }
        if let Some(entry) = inner.sessions.get_mut(session) {
            entry.open = entry.open.saturating_sub(1);
            if entry.open == 0 {
                inner.sessions.remove(session);
            }
        }
    }

    /// Gives listeners what was read; false when nobody listens any more.
    fn publish(&self, key: Key, news: Option<&News>) -> bool {
        let mut inner = self.inner();
        let Some(room) = inner.rooms.get(&key) else { return false };
        if room.listeners == 0 {
            inner.rooms.remove(&key);
            return false;
        }
        if let Some(news) = news {
            room.news.send_replace(Arc::new(news.clone()));
        }
        true
    }
}

/// One listener; its place is free again when this goes.
pub struct Seat {
    /// What is known of the meeting's events.
    pub news: watch::Receiver<Arc<News>>,
    /// Rings when the session should be judged anew.
    pub bell: watch::Receiver<()>,
    /// Becomes true when the server stops.
    pub closing: watch::Receiver<bool>,
    hub: Arc<Hub>,
    key: Key,
    session: String,
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.hub.leave(self.key, &self.session);
    }
}

/// Reads the events of one meeting as long as somebody listens.
async fn read_events(hub: Arc<Hub>, db: Db, key: Key, wake: Arc<Notify>) {
    let mut news = News::default();
    let mut closing = hub.closing.subscribe();
    let keep = i64::try_from(KEPT).unwrap_or(i64::MAX);
    while !*closing.borrow() {
        let (ready, seen) = (news.ready, news.seq);
        let read = db.read(move |tx| {
            let from = if ready { seen } else { (store::last(tx, key.0, key.1)? - keep).max(0) };
            Ok::<_, db::Error>((from, store::after(tx, key.0, key.1, from, keep)?))
        });
        let mut more = false;
        let listened = match read.await {
            Ok((from, events)) => {
                more = events.len() == KEPT;
                let changed = !ready || !events.is_empty();
                if !ready {
                    news = News { ready: true, seq: from, since: from, ..News::default() };
                }
                news.take(events);
                hub.publish(key, changed.then_some(&news))
            }
            Err(error) => {
                tracing::warn!(%error, "events of a meeting could not be read");
                hub.publish(key, None)
            }
        };
        if !listened {
            return;
        }
        if more {
            continue;
        }
        tokio::select! {
            () = wake.notified() => {}
            () = tokio::time::sleep(hub.limits.poll) => {}
            _ = closing.changed() => {}
        }
    }
    hub.inner().rooms.remove(&key);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn news(events: &[(i64, Topic)]) -> News {
        let mut news = News { ready: true, ..News::default() };
        news.take(events.to_vec());
        news
    }

    #[test]
    fn topics_after_a_number_and_everything_when_it_is_too_far_back() {
        let all: BTreeSet<Topic> = Topic::ALL.iter().copied().collect();
        let known = news(&[(1, Topic::State), (2, Topic::Floor), (3, Topic::Floor), (4, Topic::Item)]);
        for (seen, expected) in [
            (0, BTreeSet::from([Topic::State, Topic::Floor, Topic::Item])),
            (2, BTreeSet::from([Topic::Floor, Topic::Item])),
            (4, BTreeSet::new()),
            // Another server was faster; what it told is no news.
            (9, BTreeSet::new()),
            (-1, all.clone()),
        ] {
            assert_eq!(known.after(seen), expected, "{seen}");
        }
        let many: Vec<(i64, Topic)> = (1..=300).map(|n| (n, Topic::Floor)).collect();
        let many = news(&many);
        assert_eq!((many.seq, many.since, many.events.len()), (300, 44, KEPT));
        assert_eq!(many.after(43), all);
        assert_eq!(many.after(44), BTreeSet::from([Topic::Floor]));
    }
}
