//! Copies of a PostgreSQL server that only read, and which reads they may answer.
//! May touch: the `postgres` driver, the queues. Knows no table.
//! Rules: a replica answers only while it is known to hold everything that was committed a short time
//! ago, and only for work that says what it must see; whatever it cannot answer the primary answers.

use crate::job::{Queue, Verdict};
use crate::postgres::{Begin, Link, attempt};
use crate::{Result, values};
use ::postgres::Config;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How often a replica is asked how far it is.
const EVERY: Duration = Duration::from_millis(100);

/// What the reads of a piece of work must see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sees {
    /// Everything: the primary answers.
    Everything,
    /// Everything up to this mark, and all but the last moments of what others did.
    UpTo(u64),
}

/// Work whose reads may be answered by a replica, and whether it has written.
#[derive(Clone)]
pub(crate) struct Near {
    pub(crate) sees: Sees,
    pub(crate) wrote: Arc<AtomicBool>,
}

tokio::task_local! {
    pub(crate) static NEAR: Near;
}

/// The replicas of a database.
pub(crate) struct Replicas {
    all: Vec<Arc<Replica>>,
    turn: AtomicUsize,
    begun: Instant,
    bound: Duration,
}

/// One replica.
pub(crate) struct Replica {
    queue: Queue,
    /// How far it has replayed.
    replayed: AtomicU64,
    /// Milliseconds after `begun` up to which it holds everything, plus one; 0 when that is not known.
    fresh: AtomicU64,
    stop: AtomicBool,
}

fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

impl Replicas {
    pub(crate) fn new(count: usize, bound: Duration) -> Self {
        let one = |_| {
            let (replayed, fresh) = (AtomicU64::new(0), AtomicU64::new(0));
            Arc::new(Replica { queue: Queue::default(), replayed, fresh, stop: AtomicBool::new(false) })
        };
        Self { all: (0..count).map(one).collect(), turn: AtomicUsize::new(0), begun: Instant::now(), bound }
    }

    pub(crate) fn all(&self) -> &[Arc<Replica>] {
        &self.all
    }

    pub(crate) fn begun(&self) -> Instant {
        self.begun
    }

    /// How many can be used now.
    pub(crate) fn usable(&self) -> usize {
        self.all.iter().filter(|r| r.holds(0, self.begun.elapsed(), self.bound)).count()
    }

    /// The queue of one that holds everything up to a mark, each in turn.
    pub(crate) fn pick(&self, mark: u64) -> Option<&Queue> {
        let (turn, now) = (self.turn.fetch_add(1, Ordering::Relaxed), self.begun.elapsed());
        let (before, from) = self.all.split_at(turn % self.all.len().max(1));
        from.iter().chain(before).find(|r| r.holds(mark, now, self.bound)).map(|r| &r.queue)
    }

    /// Takes no more; its threads end.
    pub(crate) fn close(&self) {
        for replica in &self.all {
            replica.stop.store(true, Ordering::SeqCst);
            replica.queue.close();
        }
    }
}

impl Replica {
    fn holds(&self, mark: u64, now: Duration, bound: Duration) -> bool {
        let fresh = self.fresh.load(Ordering::SeqCst);
        fresh > 0 && millis(now) < fresh + millis(bound) && self.replayed.load(Ordering::SeqCst) >= mark
    }

    /// The life of a thread that reads from it: whatever does not come out well is given to the primary.
    pub(crate) fn serve(&self, config: &Config, rest: &Queue) {
        let mut link: Option<Link> = None;
        while let Some(mut job) = self.queue.pop() {
            let mut end = attempt(&mut link, config, Begin::Read, &mut job);
            if end.is_err() {
                // The connection may only have been idle for too long.
                end = attempt(&mut link, config, Begin::Read, &mut job);
            }
            match end {
                Ok(Verdict::Keep) => job.finish(None),
                _ => rest.push(job),
            }
        }
    }

    /// The life of the thread that watches it: where the primary stood at a moment, and whether that has arrived.
    pub(crate) fn watch(&self, primary: &Config, own: &Config, begun: Instant, bound: Duration) {
        let (mut theirs, mut ours) = (None, None);
        let mut stood: VecDeque<(u64, u64)> = VecDeque::new();
        let mut well = false;
        while !self.stop.load(Ordering::SeqCst) {
            let at = millis(begun.elapsed()) + 1;
            let now = ask(&mut theirs, primary, MARK).and_then(|mark| {
                stood.extend(mark.map(|mark| (at, mark)));
                ask(&mut ours, own, REPLAYED)
            });
            let arrived = now.as_ref().ok().copied().flatten();
            if let Some(arrived) = arrived {
                self.replayed.store(arrived, Ordering::SeqCst);
                let fresh = stood.iter().rev().find(|(_, mark)| *mark <= arrived).map(|(at, _)| *at);
                self.fresh.fetch_max(fresh.unwrap_or(0), Ordering::SeqCst);
            }
            while stood.front().is_some_and(|(then, _)| *then + 2 * millis(bound) < at) {
                stood.pop_front();
            }
            if well != arrived.is_some() {
                well = arrived.is_some();
                tracing::info!(well, "a replica");
            }
            std::thread::sleep(EVERY);
        }
    }
}

/// Where the primary stands: nothing that was acknowledged lies beyond it.
pub(crate) const MARK: &str = "select cast(pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') as bigint)";
/// How far a replica is; nothing when it has become a primary itself.
const REPLAYED: &str = "select cast(pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0') as bigint) where pg_is_in_recovery()";

fn ask(link: &mut Option<Link>, config: &Config, sql: &str) -> Result<Option<u64>> {
    let mut open = match link.take() {
        Some(open) => open,
        None => Link::connect(config)?,
    };
    let mut found = None;
    open.walk(sql, values![], &mut |row| {
        found = crate::Row(row).get::<Option<i64>>(0).ok().flatten();
        false
    })?;
    *link = Some(open);
    Ok(found.and_then(|n| u64::try_from(n).ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_replica_that_is_fresh_and_far_enough_is_picked() {
        let replicas = Replicas::new(2, Duration::from_millis(500));
        assert!(replicas.pick(0).is_none(), "nothing is known of them");
        let set = |n: usize, fresh: Duration, replayed: u64| {
            let replica: &Replica = &replicas.all()[n];
            replica.fresh.store(millis(fresh) + 1, Ordering::SeqCst);
            replica.replayed.store(replayed, Ordering::SeqCst);
        };
        let now = replicas.begun().elapsed() + Duration::from_secs(9);
        let holds = |n: usize, mark: u64| replicas.all()[n].holds(mark, now, Duration::from_millis(500));
        set(0, now - Duration::from_millis(499), 70);
        set(1, now - Duration::from_millis(501), 90);
        assert!(holds(0, 70) && !holds(0, 71), "what one wrote oneself is there");
        assert!(!holds(1, 0), "too far behind");
    }
}
