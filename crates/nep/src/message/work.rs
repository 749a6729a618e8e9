//! The worker of a server: makes the day's bundles and sends what waits, on a thread of its own. What it
//! does outside the database happens between two transactions, never within one.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::JoinHandle;
use std::time::Duration;

use domain::delivery::Channel;

use super::bundle::{Step, batch};
use super::deliver::Sender;
use super::mail::Mail;
use super::webhook::Hook;
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;

/// The ways out of this installation; none unless whoever runs it set them up.
#[derive(Debug, Default)]
pub struct Outgoing {
    /// By mail.
    pub mail: Option<Mail>,
    /// By webhook.
    pub hook: Option<Hook>,
}

impl Outgoing {
    /// The ways that are set up.
    pub fn channels(&self) -> Vec<Channel> {
        let mail = self.mail.as_ref().map(|_| Channel::Mail);
        mail.into_iter().chain(self.hook.as_ref().map(|_| Channel::Webhook)).collect()
    }
}

/// How long the worker rests.
const REST: Duration = Duration::from_secs(5);

/// A worker at work.
pub struct Worker {
    stop: mpsc::Sender<()>,
    thread: JoinHandle<()>,
}

impl Worker {
    /// Starts it.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(app: &App) -> std::io::Result<Self> {
        let (stop, stopped) = mpsc::channel::<()>();
        let app = app.clone();
        let thread = std::thread::Builder::new().name("messages".into()).spawn(move || {
            let mut sender = Sender::new(&app);
            // A message in the channel, or its other end gone, ends it.
            let goes_on = || matches!(stopped.try_recv(), Err(mpsc::TryRecvError::Empty));
            loop {
                if let Err(fault) = bundles(&app).and_then(|()| sender.drain(&goes_on)) {
                    // The kind of fault, never a word of a message.
                    tracing::warn!(%fault, "messages");
                }
                if let Err(fault) = crate::reorg::work::due(&app) {
                    tracing::warn!(%fault, "reorganisations");
                }
                if !matches!(stopped.recv_timeout(REST), Err(RecvTimeoutError::Timeout)) {
                    return;
                }
            }
        })?;
        Ok(Self { stop, thread })
    }

    /// Lets it finish the delivery it has in hand, and waits.
    pub fn stop(self) {
        drop(self.stop);
        // A worker that broke down has said so in the log.
        let _ = self.thread.join();
    }
}

/// Makes the bundles of the day, if it is time. Blocks.
///
/// # Errors
/// Database faults.
pub fn bundles(app: &App) -> Result<(), Fault> {
    let channels = app.outgoing.channels();
    loop {
        let actor = Actor::system(app.clock.now(), app.ids.clone());
        let (library, channels) = (app.rules.clone(), channels.clone());
        match app.db.write_now(move |tx| batch(tx, &actor, &library, &channels)) {
            Ok(Step::More) => {}
            // Another server is at it.
            Ok(Step::Nothing) | Err(Fault::Conflict | Fault::Db(db::Error::Unique(_))) => return Ok(()),
            Err(fault) => return Err(fault),
        }
    }
}
