//! Whether self check-in is open, and the secret of its codes: new at each opening, gone at its end.
//! Touches the meeting's `room` row. Rules: MD-01.

use std::fmt;

use db::{Tx, values};
use domain::id::{MeetingId, OrgId};
use jiff::Timestamp;

use crate::actor::Actor;
use crate::audit::store as audit;
use crate::fault::Fault;
use crate::live::room::store::{Topic, tell};
use crate::meeting::store as meetings;

/// An open self check-in. Its secret is shown nowhere, and in no log.
#[derive(Clone, PartialEq, Eq)]
pub struct Running {
    /// The key of its codes.
    pub secret: String,
    /// Since when.
    pub since: Timestamp,
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running").field("since", &self.since).finish_non_exhaustive()
    }
}

db::row!(Running { secret, since });

/// The self check-in of a meeting; none while it is not open.
///
/// # Errors
/// Database faults only.
pub fn running(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<Option<Running>> {
    tx.opt(
        "select code_secret, code_since from room
         where org_id = $1 and meeting_id = $2 and code_secret is not null and code_since is not null",
        values![org, meeting],
    )
}

/// Opens it with a secret of its own and tells every screen. Opening what is open changes nothing.
///
/// # Errors
/// Database faults only.
pub fn open(tx: &mut Tx, actor: &Actor, org: OrgId, meeting: MeetingId) -> Result<(), Fault> {
    if running(tx, org, meeting)?.is_some() {
        return Ok(());
    }
    tell(tx, actor.now, org, meeting, Topic::Roll)?;
    tx.changed(
        "update room set code_secret = $3, code_since = $4 where org_id = $1 and meeting_id = $2",
        values![org, meeting, web::random::token(), actor.now],
    )?;
    Ok(audit::record(tx, actor, org, "checkin.opened", &meetings::object(meeting), "")?)
}

/// Closes it, also when the meeting ends: codes shown so far are worth nothing.
///
/// # Errors
/// Database faults only.
pub fn close(tx: &mut Tx, actor: &Actor, org: OrgId, meeting: MeetingId) -> Result<(), Fault> {
    if running(tx, org, meeting)?.is_none() {
        return Ok(());
    }
    tell(tx, actor.now, org, meeting, Topic::Roll)?;
    tx.changed(
        "update room set code_secret = null, code_since = null where org_id = $1 and meeting_id = $2",
        values![org, meeting],
    )?;
    Ok(audit::record(tx, actor, org, "checkin.closed", &meetings::object(meeting), "")?)
}
