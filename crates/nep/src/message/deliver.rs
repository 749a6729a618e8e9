//! Sending: claim, send, write down. A server that ends between sending and writing down leaves a
//! delivery nobody knows the end of; it is shown as failed and never sent again by itself.
//! May touch deliveries and the ways out. Rules: P-1, P-27.

use domain::delivery::{Channel, DeliveryState, Outcome, Why};

use super::mail::Line;
use super::store::counts_of;
use super::store::delivery::{self, Claimed};
use crate::app::App;
use crate::fault::Fault;

/// Sends for one server, over one connection as long as it holds.
pub struct Sender {
    app: App,
    line: Line,
}

impl Sender {
    /// A sender of a server.
    pub fn new(app: &App) -> Self {
        Self { app: app.clone(), line: Line::default() }
    }

    /// Sends everything that waits, while `goes_on`. Blocks.
    ///
    /// # Errors
    /// Database faults.
    pub fn drain(&mut self, goes_on: &dyn Fn() -> bool) -> Result<(), Fault> {
        let now = self.app.clock.now();
        self.app.db.write_now(move |tx| delivery::give_up(tx, now))?;
        let claim = web::random::token();
        while goes_on() {
            let (token, now) = (claim.clone(), self.app.clock.now());
            let claimed = match self.app.db.write_now(move |tx| delivery::claim(tx, &token, now)) {
                Ok(Some(claimed)) => claimed,
                // Another server takes them.
                Ok(None) | Err(Fault::Conflict) => break,
                Err(fault) => return Err(fault),
            };
            let outcome = self.send(&claimed);
            self.settle(&claimed, &claim, outcome)?;
        }
        self.line.close();
        Ok(())
    }

    fn send(&mut self, claimed: &Claimed) -> Outcome {
        let counts = counts_of(&claimed.counts);
        match claimed.channel {
            Channel::Mail => match (&self.app.outgoing.mail, &claimed.address) {
                (_, None) => Outcome::Unwanted,
                (None, Some(_)) => Outcome::Never(Why::Unset),
                (Some(mail), Some(address)) => {
                    let letter = mail.news(claimed.message, address, &counts, &self.app.address, self.app.clock.now());
                    letter.map_or(Outcome::Never(Why::Address), |letter| mail.send(&mut self.line, &letter))
                }
            },
            Channel::Webhook => match &self.app.outgoing.hook {
                None => Outcome::Never(Why::Unset),
                Some(hook) => hook.send(claimed, &counts, &self.app.address, self.app.clock.now()),
            },
        }
    }

    fn settle(&self, claimed: &Claimed, claim: &str, outcome: Outcome) -> Result<(), Fault> {
        let next = DeliveryState::Sending.settle(claimed.tries, outcome)?;
        if let Some(why) = next.why {
            tracing::info!(
                delivery = claimed.id.raw(),
                state = domain::code::Code::code(next.state),
                why = domain::code::Code::code(why),
                "a delivery failed"
            );
        }
        let (id, token, now) = (claimed.id, claim.to_owned(), self.app.clock.now());
        match self.app.db.write_now(move |tx| delivery::settle(tx, id, &token, &next, now)) {
            // Somebody asked to send it again in between; that word counts.
            Ok(()) | Err(db::Error::Conflict) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}
