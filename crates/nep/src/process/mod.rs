//! Programs at work on one database. Each holds a number of its own, from which its ids are made, and says
//! three times a minute that it is there: so two servers never make the same id, and a command that must be
//! alone knows whether it is.
//! May touch its own table and the ids of the program.

pub mod store;

use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::JoinHandle;
use std::time::Duration;

use db::Db;
use jiff::{SignedDuration, Timestamp};

use crate::actor::{Clock, Ids};

domain::codes! {
    /// What a program does.
    pub enum Role {
        /// Answers requests.
        Serve = "serve" / "máy chủ",
        /// Does the background work.
        Worker = "worker" / "việc nền",
        /// Carries out one command.
        Command = "command" / "lệnh"
    }
}

/// How often a program says that it is there.
const EVERY: Duration = Duration::from_secs(20);
/// A program not heard of for this long counts as gone when something must not run beside it.
pub const SILENT: SignedDuration = SignedDuration::from_secs(90);
/// A number is given to another program after this much silence: longer than any pause a machine comes back from.
pub const GONE: SignedDuration = SignedDuration::from_mins(30);
/// How far the ids of a program that ended unheard may have gone beyond its last word.
const UNHEARD: SignedDuration = SignedDuration::from_secs(60);

/// A number that is held until this goes.
pub struct Lease {
    /// Ids made under the number.
    pub ids: Arc<Ids>,
    stop: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

struct Holder {
    db: Db,
    clock: Arc<dyn Clock>,
    role: Role,
    token: String,
    ids: Arc<Ids>,
}

impl Lease {
    /// Takes a number nobody holds. Blocks.
    ///
    /// # Errors
    /// Database faults; `Busy` when every number is held.
    pub fn take(db: &Db, clock: Arc<dyn Clock>, role: Role) -> db::Result<Self> {
        let ids = Arc::new(Ids::new(0));
        let holder = Holder { db: db.clone(), clock, role, token: web::random::token(), ids: Arc::clone(&ids) };
        holder.claim()?;
        let (stop, stopped) = mpsc::channel::<()>();
        let thread = std::thread::Builder::new().name("process".into()).spawn(move || {
            while matches!(stopped.recv_timeout(EVERY), Err(RecvTimeoutError::Timeout)) {
                if let Err(error) = holder.renew() {
                    tracing::warn!(%error, "the program could not say that it is there");
                }
            }
            // A database that is away lets the number go later, by silence.
            drop(holder.release());
        })?;
        Ok(Self { ids, stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // It has said in the log what went wrong.
            drop(thread.join());
        }
    }
}

impl Holder {
    /// The moment to be kept: beyond every id made so far.
    fn reached(&self) -> Timestamp {
        self.clock.now().max(self.ids.reached())
    }

    fn claim(&self) -> db::Result<()> {
        let (token, role, now) = (self.token.clone(), self.role, self.clock.now());
        let taken = self.db.write_now(move |tx| store::claim(tx, &token, role, now))?;
        let silent = if taken.ended { SignedDuration::ZERO } else { UNHEARD };
        let after = taken.reached.and_then(|at| at.checked_add(silent).ok());
        self.ids.go_on(taken.number, after.unwrap_or(Timestamp::UNIX_EPOCH));
        Ok(())
    }

    /// Says that the program is there; one that was silent for too long has lost its number and takes another.
    fn renew(&self) -> db::Result<()> {
        let (token, at) = (self.token.clone(), self.reached());
        if self.db.write_now(move |tx| store::renew(tx, &token, at))? { Ok(()) } else { self.claim() }
    }

    fn release(&self) -> db::Result<()> {
        let (token, at) = (self.token.clone(), self.reached());
        self.db.write_now(move |tx| store::release(tx, &token, at))
    }
}
