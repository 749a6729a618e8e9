//! A closure on its way to a connection's thread, the queue it waits in, and how often it is tried.
//! May touch: Tx, to hand it over. Knows no engine.
//! Rules: a panic ends the closure, never the thread; at most eight tries, with jitter.

use crate::{Error, Result, Retry, Tx};
use std::collections::VecDeque;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::Duration;
use tokio::sync::oneshot;

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

/// What a closure said of its own result, which the one who asked keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Said {
    Done,
    Crossed,
    Refused,
}

/// How the end of a closure is told to whoever waits on a task, or on a thread.
pub(crate) enum Reply {
    Task(oneshot::Sender<Option<Error>>),
    Thread(mpsc::SyncSender<Option<Error>>),
}

/// A closure that keeps its result for whoever asked.
pub(crate) type Call = Box<dyn FnMut(&mut Tx) -> Said + Send>;

/// A closure with the way back to its caller. Of what type its result is only the caller knows: so there is one
/// kind of job for all the closures of the program.
pub(crate) struct Job {
    f: Call,
    befell: Option<Error>,
    reply: Reply,
}

impl Job {
    pub(crate) fn new(f: Call, reply: Reply) -> Self {
        Self { f, befell: None, reply }
    }

    /// Calls the closure; a failed statement it swallowed, or its panic, becomes its result.
    pub(crate) fn run(&mut self, tx: &mut Tx) -> Verdict {
        let said = catch_unwind(AssertUnwindSafe(|| (self.f)(tx)));
        let failure = tx.failure();
        let crossed = failure.as_ref().is_some_and(Retry::retryable) || matches!(said, Ok(Said::Crossed));
        self.befell = match said {
            Err(_) => Some(Error::other("a transaction's closure panicked")),
            Ok(Said::Done) => failure,
            Ok(Said::Crossed | Said::Refused) => None,
        };
        match said {
            _ if crossed => Verdict::Again,
            Ok(Said::Done) if self.befell.is_none() => Verdict::Keep,
            _ => Verdict::Undo,
        }
    }

    /// Tells the caller the end: what befell the transaction, or nothing where the closure's own result stands.
    /// A caller that went away no longer wants the answer; its work stands.
    pub(crate) fn finish(self, befell: Option<Error>) {
        let befell = befell.or(self.befell);
        match self.reply {
            Reply::Task(to) => drop(to.send(befell)),
            Reply::Thread(to) => drop(to.send(befell)),
        }
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
    jobs: VecDeque<Job>,
    closed: bool,
}

impl Queue {
    /// No closure runs under this lock, so a poisoned one is still sound.
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Appends; a full or closed queue answers the caller at once.
    pub(crate) fn push(&self, job: Job) {
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
    pub(crate) fn offer(&self, job: Job) -> Result<(), Box<Job>> {
        let mut state = self.lock();
        if state.closed || state.jobs.len() >= QUEUE_LIMIT {
            return Err(Box::new(job));
        }
        state.jobs.push_back(job);
        drop(state);
        self.filled.notify_one();
        Ok(())
    }

    /// Waits for the next; `None` once the queue is closed and empty.
    pub(crate) fn pop(&self) -> Option<Job> {
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
    pub(crate) fn pop_ready(&self) -> Option<Job> {
        self.lock().jobs.pop_front()
    }

    /// Everything that waits.
    pub(crate) fn take_ready(&self) -> VecDeque<Job> {
        std::mem::take(&mut self.lock().jobs)
    }

    /// Takes no more; threads end after what waits.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.filled.notify_all();
    }
}
