//! A closure on its way to a connection's thread, the queue it waits in, and how often it is tried.
//! May touch: Tx, to hand it over. Knows no engine.
//! Rules: a panic ends the closure, never the thread; at most eight tries, with jitter.

use crate::{Error, Result, Retry, Tx};
use std::collections::VecDeque;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

const TRIES: u32 = 8;
/// Beyond this many waiting closures a new one is refused: better a clear "busy" than a long wait.
const QUEUE_LIMIT: usize = 4096;

/// What to do with the work of a closure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Keep,
    Undo,
    Again,
}

/// A closure with its result kept until the transaction has ended.
pub(crate) trait Job: Send {
    fn run(&mut self, tx: &mut Tx) -> Verdict;
    /// Answers the caller: with the closure's own result, or with what befell the transaction.
    fn finish(self: Box<Self>, befell: Option<Error>);
}

struct Work<T, E, F, R> {
    f: F,
    outcome: Option<Result<T, E>>,
    reply: R,
}

/// Packs a closure and the way back to its caller.
pub(crate) fn job<T, E, F, R>(f: F, reply: R) -> Box<dyn Job>
where
    T: Send + 'static,
    E: From<Error> + Retry + Send + 'static,
    F: FnMut(&mut Tx) -> Result<T, E> + Send + 'static,
    R: FnOnce(Result<T, E>) + Send + 'static,
{
    Box::new(Work { f, outcome: None, reply })
}

impl<T, E, F, R> Job for Work<T, E, F, R>
where
    T: Send,
    E: From<Error> + Retry + Send,
    F: FnMut(&mut Tx) -> Result<T, E> + Send,
    R: FnOnce(Result<T, E>) + Send,
{
    fn run(&mut self, tx: &mut Tx) -> Verdict {
        let (outcome, verdict) = call(&mut self.f, tx);
        self.outcome = Some(outcome);
        verdict
    }

    fn finish(self: Box<Self>, befell: Option<Error>) {
        let result = match (befell, self.outcome) {
            (Some(e), _) => Err(e.into()),
            (None, Some(outcome)) => outcome,
            (None, None) => Err(closed().into()),
        };
        (self.reply)(result);
    }
}

/// Calls a closure; a failed statement it swallowed, or its panic, becomes its result.
pub(crate) fn call<T, E>(f: &mut impl FnMut(&mut Tx) -> Result<T, E>, tx: &mut Tx) -> (Result<T, E>, Verdict)
where
    E: From<Error> + Retry,
{
    let result =
        catch_unwind(AssertUnwindSafe(|| f(tx))).unwrap_or_else(|_| Err(Error::other("a transaction's closure panicked").into()));
    let failure = tx.failure();
    let crossed = failure.as_ref().is_some_and(Retry::retryable);
    match (result, failure) {
        (Ok(_), Some(e)) => {
            let verdict = if crossed { Verdict::Again } else { Verdict::Undo };
            (Err(e.into()), verdict)
        }
        (Err(e), _) if crossed || e.retryable() => (Err(e), Verdict::Again),
        (Err(e), _) => (Err(e), Verdict::Undo),
        (Ok(t), None) => (Ok(t), Verdict::Keep),
    }
}

/// Tries until the transaction ended for good; what befell it, if it was not the closure's own result.
pub(crate) fn persist(mut once: impl FnMut() -> Result<Verdict>) -> Option<Error> {
    for n in 1.. {
        let end = once();
        let again = match &end {
            Ok(verdict) => *verdict == Verdict::Again,
            Err(e) => e.retryable(),
        };
        if !again || n == TRIES {
            return end.err();
        }
        std::thread::sleep(pause(n));
    }
    None
}

/// 2, 4, 8 … ms, at most 250, of which a random half to whole is waited.
fn pause(n: u32) -> Duration {
    let full = (1000u64 << n.min(8)).min(250_000);
    let random = RandomState::new().build_hasher().finish();
    Duration::from_micros(full / 2 + random % (full / 2 + 1))
}

pub(crate) fn closed() -> Error {
    Error::other("the database is being closed")
}

/// Closures waiting for a thread.
#[derive(Default)]
pub(crate) struct Queue {
    state: Mutex<Waiting>,
    filled: Condvar,
}

#[derive(Default)]
struct Waiting {
    jobs: VecDeque<Box<dyn Job>>,
    closed: bool,
}

impl Queue {
    /// No closure runs under this lock, so a poisoned one is still sound.
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Appends; a full or closed queue answers the caller at once.
    pub(crate) fn push(&self, job: Box<dyn Job>) {
        let mut state = self.lock();
        let refusal = match (state.closed, state.jobs.len()) {
            (true, _) => closed(),
            (false, QUEUE_LIMIT..) => Error::Busy,
            _ => {
                state.jobs.push_back(job);
                drop(state);
                self.filled.notify_one();
                return;
            }
        };
        drop(state);
        job.finish(Some(refusal));
    }

    /// Whether it takes no more.
    pub(crate) fn is_closed(&self) -> bool {
        self.lock().closed
    }

    /// Appends unless it is full or closed; then gives the closure back.
    pub(crate) fn offer(&self, job: Box<dyn Job>) -> Result<(), Box<dyn Job>> {
        let mut state = self.lock();
        if state.closed || state.jobs.len() >= QUEUE_LIMIT {
            return Err(job);
        }
        state.jobs.push_back(job);
        drop(state);
        self.filled.notify_one();
        Ok(())
    }

    /// Waits for the next; `None` once the queue is closed and empty.
    pub(crate) fn pop(&self) -> Option<Box<dyn Job>> {
        let mut state = self.lock();
        loop {
            if let Some(job) = state.jobs.pop_front() {
                return Some(job);
            }
            if state.closed {
                return None;
            }
            state = self.filled.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The next, if one waits already.
    pub(crate) fn pop_ready(&self) -> Option<Box<dyn Job>> {
        self.lock().jobs.pop_front()
    }

    /// Everything that waits.
    pub(crate) fn take_ready(&self) -> VecDeque<Box<dyn Job>> {
        std::mem::take(&mut self.lock().jobs)
    }

    /// Takes no more; threads end after what waits.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.filled.notify_all();
    }
}
