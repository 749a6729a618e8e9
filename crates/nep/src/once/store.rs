//! Keys of sendings that were carried out. Touches its own table.

use db::{Tx, values};
use domain::id::{OrgId, PersonId};
use domain::rulepack::Library;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::Keep;
use crate::fault::Fault;
use crate::org::store as orgs;

/// How long a key is remembered: longer than any device keeps what it could not send.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(30 * 24);

/// One sending, as the transaction of its change claims it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The organisation of the route.
    pub org: OrgId,
    /// Who sends it.
    pub person: PersonId,
    /// Its key.
    pub key: String,
    /// The moment of the request.
    pub now: Timestamp,
}

/// Claims a key before the change itself, in its transaction: a change that is refused takes its key
/// back with it, and of two equal sendings at once the second waits for the first.
///
/// # Errors
/// `Already` when it was carried out before; database faults.
pub fn claim(tx: &mut Tx, claim: &Claim) -> Result<(), Fault> {
    let Claim { org, person, key, now } = claim;
    let fresh = tx.exec(
        "insert into once (org_id, person_id, once_key, at) values ($1, $2, $3, $4) on conflict do nothing",
        values![*org, *person, key, *now],
    )?;
    if fresh == 0 {
        return Err(Fault::Already);
    }
    // One key in 256 takes the old ones with it.
    if key.starts_with("00") {
        let before = now.as_millisecond() - i64::try_from(REMEMBERED.as_millis()).unwrap_or(i64::MAX);
        tx.exec("delete from once where org_id = $1 and at < $2", values![*org, before])?;
    }
    Ok(())
}

/// Where pages of an organisation keep what they could not send, by the rules of a day.
///
/// # Errors
/// Database faults only.
pub fn keep(tx: &mut Tx, org: OrgId, day: Date, library: &Library) -> db::Result<Keep> {
    let unit = orgs::get(tx, org, day)?;
    Ok(Keep::by(&orgs::rules_for(tx, &unit, &library.at(day))?))
}
