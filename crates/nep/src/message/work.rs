//! What makes the day's bundles and sends what waits, again and again. What is done outside the database happens
//! between two transactions, never within one.

use std::time::Duration;

use domain::delivery::Channel;

use super::bundle::{Step, batch};
use super::deliver::Sender;
use super::mail::Mail;
use super::webhook::Hook;
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::work::{Work, tried};

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

/// How long it rests.
const REST: Duration = Duration::from_secs(5);

/// Begins to send, and to carry out the programmes of reorganisation whose day has come.
///
/// # Errors
/// When the system gives no thread.
pub fn start(app: &App) -> std::io::Result<Work> {
    let app = app.clone();
    let mut sender = Sender::new(&app);
    Work::start("messages", REST, move |goes_on| {
        tried("messages", bundles(&app).and_then(|()| sender.drain(goes_on)));
        tried("reorganisations", crate::reorg::work::due(&app));
    })
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
