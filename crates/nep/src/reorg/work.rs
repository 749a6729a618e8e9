//! Decided programmes are carried out on their day by the worker of a server; several servers on one database
//! agree through the programme's version. Each is one transaction. Rules: TC-20 … TC-26.

use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;

use super::{carry, store};

/// Carries out what is due. Blocks.
///
/// # Errors
/// Database faults.
pub fn due(app: &App) -> Result<(), Fault> {
    let actor = Actor::system(app.clock.now(), app.ids.clone());
    let today = actor.today();
    let due = app.db.read_now(move |tx| Ok::<_, Fault>(store::due(tx, today)?))?;
    for (org, id) in due {
        let (hands, library) = (actor.clone(), app.rules.clone());
        let done = app.db.write_now(move |tx| {
            let programme = store::get(tx, org, id)?;
            carry::carry_due(tx, &hands, org, &programme, &library)
        });
        match done {
            // Another server was first, or somebody took it up again.
            Ok(()) | Err(Fault::Conflict | Fault::Refused(_)) => {}
            Err(fault) => return Err(fault),
        }
    }
    Ok(())
}
