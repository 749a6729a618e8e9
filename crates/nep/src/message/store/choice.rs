//! Who wants mails, and at which address. A code is stored only as a hash.

use std::collections::BTreeSet;

use db::{Tx, values};
use domain::id::PersonId;
use jiff::Timestamp;
use jiff::civil::Date;

/// What a person chose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The address.
    pub address: String,
    /// Hash of the code that was sent there.
    pub code_hash: Option<String>,
    /// Until when the code holds.
    pub code_until: Option<Timestamp>,
    /// Wrong codes so far.
    pub tries: i64,
    /// The day codes were last sent.
    pub sent_day: Option<Date>,
    /// How many on that day.
    pub sent: i64,
    /// When the address was confirmed.
    pub confirmed_at: Option<Timestamp>,
}

db::row!(Choice { address, code_hash, code_until, tries, sent_day, sent, confirmed_at });

/// The choice of a person.
///
/// # Errors
/// Database faults only.
pub fn get(tx: &mut Tx, person: PersonId) -> db::Result<Option<Choice>> {
    tx.opt(
        "select address, code_hash, code_until, tries, sent_day, sent, confirmed_at from mail_choice where person_id = $1",
        values![person],
    )
}

/// Keeps a choice.
///
/// # Errors
/// Database faults only.
pub fn put(tx: &mut Tx, person: PersonId, c: &Choice) -> db::Result<()> {
    tx.exec(
        "insert into mail_choice (person_id, address, code_hash, code_until, tries, sent_day, sent, confirmed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (person_id) do update set address = excluded.address, code_hash = excluded.code_hash,
         code_until = excluded.code_until, tries = excluded.tries, sent_day = excluded.sent_day, sent = excluded.sent,
         confirmed_at = excluded.confirmed_at",
        values![person, c.address, c.code_hash, c.code_until, c.tries, c.sent_day, c.sent, c.confirmed_at],
    )?;
    Ok(())
}

/// Forgets the address; how many codes were sent today stays, so that asking anew does not begin anew.
///
/// # Errors
/// Database faults only.
pub fn forget(tx: &mut Tx, person: PersonId) -> db::Result<()> {
    tx.exec(
        "update mail_choice set address = '', code_hash = null, code_until = null, confirmed_at = null where person_id = $1",
        values![person],
    )?;
    Ok(())
}

/// Of some people those who confirmed an address.
///
/// # Errors
/// Database faults only.
pub fn confirmed(tx: &mut Tx, people: &[PersonId]) -> db::Result<BTreeSet<PersonId>> {
    let (places, v) = super::list(&[], people);
    let rows: Vec<(PersonId,)> =
        tx.all(&format!("select person_id from mail_choice where confirmed_at is not null and person_id in ({places})"), &v)?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}

/// The address the cell has on file for a person, to be offered.
///
/// # Errors
/// Database faults only.
pub fn on_file(tx: &mut Tx, person: PersonId) -> db::Result<Option<String>> {
    let found: Option<(Option<String>,)> = tx.opt("select email from person where person_id = $1", values![person])?;
    Ok(found.and_then(|f| f.0))
}
