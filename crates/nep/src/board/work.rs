//! The worker that carries months up, on a thread of its own beside the messages'. Several servers on one database
//! take turns: one has the claim, the others look on until it is over.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::JoinHandle;
use std::time::Duration;

use super::store::carry::{self, Hands};
use super::store::facts::Key;
use crate::actor::local;
use crate::app::App;
use crate::fault::Fault;

/// How long the worker rests: sums are at most a little older than this.
const REST: Duration = Duration::from_secs(2);

/// A worker at work.
pub struct Carrier {
    stop: mpsc::Sender<()>,
    thread: JoinHandle<()>,
}

impl Carrier {
    /// Starts it.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(app: &App) -> std::io::Result<Self> {
        let (stop, stopped) = mpsc::channel::<()>();
        let app = app.clone();
        let thread = std::thread::Builder::new().name("rollup".into()).spawn(move || {
            let holder = web::random::clear_code(12);
            let goes_on = || matches!(stopped.try_recv(), Err(mpsc::TryRecvError::Empty));
            loop {
                if let Err(fault) = carry_while(&app, &holder, &goes_on) {
                    tracing::warn!(%fault, "rollup");
                }
                if !matches!(stopped.recv_timeout(REST), Err(RecvTimeoutError::Timeout)) {
                    return;
                }
            }
        })?;
        Ok(Self { stop, thread })
    }

    /// Lets it finish the batch it has in hand, and waits.
    pub fn stop(self) {
        drop(self.stop);
        // A worker that broke down has said so in the log.
        let _ = self.thread.join();
    }
}

/// Carries everything that waits. Blocks.
///
/// # Errors
/// Database faults.
pub fn carry_all(app: &App) -> Result<(), Fault> {
    carry_while(app, &web::random::clear_code(12), &|| true)
}

fn carry_while(app: &App, holder: &str, goes_on: &dyn Fn() -> bool) -> Result<(), Fault> {
    let hands = || {
        let now = app.clock.now();
        Hands { holder: holder.to_owned(), now, today: local(now).date() }
    };
    let (mut after, mut claimed): (Option<Key>, bool) = (None, false);
    loop {
        let asked = hands();
        // Nothing is written while nothing waits.
        if !goes_on() || !app.db.read_now(move |tx| carry::waits(tx, asked.today))? {
            break;
        }
        let (hands, library) = (hands(), app.rules.clone());
        let step = app.db.write_now(move |tx| {
            if !carry::claim(tx, &hands)? {
                return Ok::<_, db::Error>(None);
            }
            Ok(Some(carry::batch(tx, &library, &hands, after)?))
        })?;
        match step {
            // Another server is at it.
            None => return Ok(()),
            // From the beginning again, for what came meanwhile.
            Some(last) => (after, claimed) = (last, true),
        }
    }
    if claimed {
        let hands = hands();
        app.db.write_now(move |tx| carry::release(tx, &hands))?;
    }
    Ok(())
}
