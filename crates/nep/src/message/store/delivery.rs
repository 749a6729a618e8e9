//! Deliveries as rows. A delivery is in the hand of one server at a time: it is claimed by a row and
//! settled under the same claim.

use db::{Tx, values};
use domain::code::Code;
use domain::delivery::{Channel, DeliveryState, Next, Why};
use domain::id::{Id, OrgId, PersonId};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::MessageId;
use crate::actor::Actor;
use crate::fault::Fault;

/// A delivery.
#[derive(Debug)]
pub enum DeliveryKind {}
/// Identifier of a delivery.
pub type DeliveryId = Id<DeliveryKind>;

/// Longer than any try lasts: whoever has held a delivery for this long is gone.
pub const HELD: SignedDuration = SignedDuration::from_mins(5);

/// Puts a message on its way.
///
/// # Errors
/// Database faults only.
pub fn add(tx: &mut Tx, actor: &Actor, message: MessageId, person: PersonId, channel: Channel) -> db::Result<()> {
    let id: DeliveryId = actor.id();
    tx.exec(
        "insert into delivery (delivery_id, message_id, person_id, channel, state, next_at, made_at)
         values ($1, $2, $3, $4, 'queued', $5, $5)",
        values![id, message, person, channel.code(), actor.now],
    )?;
    Ok(())
}

/// A delivery in hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// Which.
    pub id: DeliveryId,
    /// The message.
    pub message: MessageId,
    /// Whose.
    pub person: PersonId,
    /// By which way.
    pub channel: Channel,
    /// How often it was tried, this try counted.
    pub tries: i64,
    /// Of which day.
    pub day: Date,
    /// The person's own organisation.
    pub org: OrgId,
    /// Kinds and counts as stored.
    pub counts: String,
    /// The address the person confirmed.
    pub address: Option<String>,
}

db::row!(Claimed { id, message, person, channel: code, tries, day, org, counts, address });

/// Takes the delivery in hand that waits longest.
///
/// # Errors
/// `Conflict` when another server was faster; database faults.
pub fn claim(tx: &mut Tx, claim: &str, now: Timestamp) -> Result<Option<Claimed>, Fault> {
    let found: Option<(DeliveryId,)> = tx.opt(
        "select delivery_id from delivery where state = 'queued' and next_at <= $1 order by next_at, delivery_id limit 1",
        values![now],
    )?;
    let Some((id,)) = found else {
        return Ok(None);
    };
    let state = DeliveryState::Queued.claim()?;
    tx.changed(
        "update delivery set state = $2, claim = $3, claimed_at = $4, tries = tries + 1
         where delivery_id = $1 and state = 'queued'",
        values![id, state.code(), claim, now],
    )?;
    Ok(Some(tx.one(
        "select d.delivery_id, d.message_id, d.person_id, d.channel, d.tries, m.day, m.org_id, m.counts,
         (select c.address from mail_choice c where c.person_id = d.person_id and c.confirmed_at is not null)
         from delivery d join message m on m.message_id = d.message_id where d.delivery_id = $1",
        values![id],
    )?))
}

/// Writes down how a try ended, under the claim it was made with.
///
/// # Errors
/// `Conflict` when somebody else has it; database faults.
pub fn settle(tx: &mut Tx, id: DeliveryId, claim: &str, next: &Next, now: Timestamp) -> db::Result<()> {
    let pause = next.pause.unwrap_or(0) * 60_000;
    let over = (next.state != DeliveryState::Queued).then_some(now);
    tx.changed(
        "update delivery set state = $3, why = $4, next_at = $5, settled_at = $6, claim = null
         where delivery_id = $1 and claim = $2 and state in ('sending', 'unclear')",
        values![id, claim, next.state.code(), next.why.map(Code::code), now.as_millisecond() + pause, over],
    )
}

/// Gives up what servers held that are gone; how many there were.
///
/// # Errors
/// Database faults only.
pub fn give_up(tx: &mut Tx, now: Timestamp) -> Result<u64, Fault> {
    let state = DeliveryState::Sending.give_up()?;
    let before = now.checked_sub(HELD).unwrap_or(now);
    Ok(tx.exec(
        "update delivery set state = $1, why = $2, settled_at = $3 where state = 'sending' and claimed_at < $4",
        values![state.code(), Why::Stopped.code(), now, before],
    )?)
}

/// Sends one again that failed: it begins anew.
///
/// # Errors
/// A refusal when it has not failed; `NotFound`; `Conflict`; database faults.
pub fn resend(tx: &mut Tx, actor: &Actor, id: DeliveryId) -> Result<(), Fault> {
    let (state,): (String,) = tx.one("select state from delivery where delivery_id = $1", values![id])?;
    let before = DeliveryState::from_code(&state).ok_or(Fault::NotFound)?;
    let state = before.resend()?;
    Ok(tx.changed(
        "update delivery set state = $2, tries = 0, next_at = $3, why = null, settled_at = null, claim = null
         where delivery_id = $1 and state = $4",
        values![id, state.code(), actor.now, before.code()],
    )?)
}

/// One delivery for whoever looks after the installation: no name, no address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Which.
    pub id: DeliveryId,
    /// The message.
    pub message: MessageId,
    /// By which way.
    pub channel: Channel,
    /// Where it stands.
    pub state: DeliveryState,
    /// How often it was tried.
    pub tries: i64,
    /// Why it failed last.
    pub why: Option<Why>,
    /// When it is tried next.
    pub next_at: Timestamp,
    /// When it was put on its way.
    pub made_at: Timestamp,
}

db::row!(Shown { id, message, channel: code, state: code, tries, why: code_opt, next_at, made_at });

/// Deliveries that failed or wait after a failure, the newest first.
///
/// # Errors
/// Database faults only.
pub fn failed(tx: &mut Tx, limit: i64) -> db::Result<Vec<Shown>> {
    tx.all(
        "select delivery_id, message_id, channel, state, tries, why, next_at, made_at from delivery
         where state in ('unclear', 'dead') or (state = 'queued' and tries > 0)
         order by delivery_id desc limit $1",
        values![limit],
    )
}

/// How many deliveries stand where, by way.
///
/// # Errors
/// Database faults only.
pub fn counts(tx: &mut Tx) -> db::Result<Vec<(Channel, DeliveryState, i64)>> {
    let mut out = Vec::new();
    tx.each("select channel, state, count(*) from delivery group by channel, state", values![], |row| {
        out.push((row.code(0)?, row.code(1)?, row.get(2)?));
        Ok(())
    })?;
    out.sort_unstable();
    Ok(out)
}
