//! What carries months up, again and again. Several servers on one database take turns: one has the claim, the others
//! look on until it is over.

use std::time::Duration;

use super::store::carry::{self, Hands};
use super::store::facts::Key;
use crate::actor::local;
use crate::app::App;
use crate::fault::Fault;
use crate::work::{GoesOn, Work, tried};

/// How long it rests: sums are at most a little older than this.
const REST: Duration = Duration::from_secs(2);

/// Begins to carry.
///
/// # Errors
/// When the system gives no thread.
pub fn start(app: &App) -> std::io::Result<Work> {
    let (app, holder) = (app.clone(), web::random::clear_code(12));
    Work::start("rollup", REST, move |goes_on| tried("rollup", carry_while(&app, &holder, goes_on)))
}

/// Carries everything that waits. Blocks.
///
/// # Errors
/// Database faults.
pub fn carry_all(app: &App) -> Result<(), Fault> {
    carry_while(app, &web::random::clear_code(12), &|| true)
}

fn carry_while(app: &App, holder: &str, goes_on: GoesOn<'_>) -> Result<(), Fault> {
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
