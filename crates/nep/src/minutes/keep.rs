//! What keeping a text does, each in one transaction: saving by the script or the button, deciding
//! between two texts for one place. May touch: sections of one meeting's minutes. Rules: P-1, P-8.

use db::Tx;
use domain::id::{MeetingId, OrgId, RowId};
use domain::merge::{Merged, merge3};
use domain::minutes::SectionKey;

use super::draft;
use super::store::{self, NOBODY, NewText, Saved, marks};
use crate::actor::Actor;
use crate::fault::Fault;
use crate::meeting::store as meetings;

/// A text as it was sent.
#[derive(Debug, Clone, Copy)]
pub struct Sent<'a> {
    /// The words.
    pub text: &'a str,
    /// The version they were written on.
    pub base: i64,
    /// The sender's key, by which a repeated sending is known.
    pub key: Option<&'a str>,
    /// Whether the page's script sent it; it cannot show a joined text.
    pub script: bool,
    /// A marked passage that is settled with it.
    pub mended: Option<RowId>,
}

/// Saves a text; none where the button joined it with what somebody saved meanwhile.
///
/// # Errors
/// A refusal once the minutes are adopted; `NotFound`; database faults.
pub fn keep(
    tx: &mut Tx,
    actor: &Actor,
    (org, id): (OrgId, MeetingId),
    key: SectionKey,
    sent: &Sent<'_>,
) -> Result<Option<Saved>, Fault> {
    crate::live::record::must_record(&meetings::get(tx, org, id)?)?;
    if let Some(mark) = sent.mended {
        marks::settle(tx, actor, org, id, mark)?;
    }
    let new = NewText { body: sent.text, by: actor.person, save_key: sent.key };
    if !sent.script
        && let Some(joined) = join(tx, (org, id), key, sent)?
    {
        let row = store::section(tx, org, id, key)?;
        store::replace(tx, actor, org, id, key, row.version, &NewText { body: &joined, ..new })?;
        return Ok(None);
    }
    store::save(tx, actor, org, id, key, sent.base, &new).map(Some)
}

/// What a late text and the present one make together, where nobody has to decide.
fn join(tx: &mut Tx, (org, id): (OrgId, MeetingId), key: SectionKey, sent: &Sent<'_>) -> Result<Option<String>, Fault> {
    let row = store::section(tx, org, id, key)?;
    if row.version == sent.base || row.body == sent.text {
        return Ok(None);
    }
    let old = match store::body_at(tx, org, id, key, sent.base) {
        Ok(old) => old,
        Err(db::Error::NotFound) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    Ok(match merge3(&old, sent.text, &row.body) {
        Merged::Clean(joined) => Some(joined),
        Merged::Conflict(_) => None,
    })
}

/// What a person decided between two texts.
#[derive(Debug, Clone, Copy)]
pub struct Decision<'a> {
    /// The words that were set aside.
    pub aside: RowId,
    /// Whether the present text stays as it is.
    pub keep: bool,
    /// The version the person saw.
    pub version: i64,
    /// The joined text.
    pub joined: &'a str,
}

/// Saves the joined text, or keeps the present one; the words set aside stay on record.
///
/// # Errors
/// A refusal once the minutes are adopted; `Conflict` when a third one saved meanwhile; database faults.
pub fn decide(
    tx: &mut Tx,
    actor: &Actor,
    (org, id): (OrgId, MeetingId),
    key: SectionKey,
    decision: &Decision<'_>,
) -> Result<(), Fault> {
    crate::live::record::must_record(&meetings::get(tx, org, id)?)?;
    let aside = store::aside(tx, org, id, decision.aside)?;
    if aside.section != key.code() {
        return Err(Fault::NotFound);
    }
    let row = store::section(tx, org, id, key)?;
    if aside.joined_at.is_some() {
        return Err(Fault::Conflict);
    }
    if aside.saved_by == NOBODY {
        let draft = NewText { body: &aside.body, by: NOBODY, save_key: None };
        let kept = if decision.keep { &row.body } else { decision.joined };
        draft::accept_draft(tx, actor, org, id, key, decision.version, &draft, kept)?;
    } else if !decision.keep {
        let new = NewText { body: decision.joined, by: actor.person, save_key: None };
        store::replace(tx, actor, org, id, key, decision.version, &new)?;
    }
    Ok(store::settle(tx, actor, org, aside.id)?)
}
