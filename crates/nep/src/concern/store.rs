//! Concerns and what was said of them, as rows. Rules: M5, L15.

use db::{Tx, values};
use domain::code::Code;
use domain::concern::{ConcernState, Consent, WordKind};
use domain::id::{ItemId, MeetingId, OrgId, PersonId, RowId};
use jiff::Timestamp;

use crate::actor::Actor;
use crate::audit::store as audit;
use crate::member::store as members;

/// A concern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concern {
    /// The cell.
    pub org: OrgId,
    /// Identifier.
    pub id: RowId,
    /// Whose it is.
    pub person: PersonId,
    /// Their full name.
    pub name: String,
    /// Where it stands.
    pub state: ConcernState,
    /// Whether it may be put on an agenda.
    pub consent: Consent,
    /// The meeting whose agenda it stands on.
    pub meeting: Option<MeetingId>,
    /// When it was told.
    pub written_at: Timestamp,
    /// Who wrote it down.
    pub written_by: PersonId,
    /// When something last happened.
    pub changed_at: Timestamp,
    /// For "someone saved first".
    pub version: i64,
}

db::row!(Concern { org, id, person, name, state: code, consent: code, meeting, written_at, written_by, changed_at, version });

const CONCERN: &str =
    "select c.org_id, c.concern_id, c.person_id, p.name, c.state, c.consent, c.meeting_id, c.written_at, c.written_by,
    c.changed_at, c.version from concern c join person p on p.person_id = c.person_id";

/// A concern of a cell.
///
/// # Errors
/// `NotFound`; database faults.
pub fn get(tx: &mut Tx, org: OrgId, id: RowId) -> db::Result<Concern> {
    tx.one(&format!("{CONCERN} where c.org_id = $1 and c.concern_id = $2"), values![org, id])
}

/// A person's own concern, in whatever cell.
///
/// # Errors
/// `NotFound`; database faults.
pub fn own(tx: &mut Tx, person: PersonId, id: RowId) -> db::Result<Concern> {
    tx.one(&format!("{CONCERN} where c.person_id = $1 and c.concern_id = $2"), values![person, id])
}

/// The concerns of a cell that wait for something, oldest first, then those that are over, newest first.
///
/// # Errors
/// Database faults only.
pub fn of_cell(tx: &mut Tx, org: OrgId) -> db::Result<Vec<Concern>> {
    let mut live: Vec<Concern> = tx
        .all(&format!("{CONCERN} where c.org_id = $1 and c.state in ('open', 'answered') order by c.concern_id"), values![org])?;
    let over: Vec<Concern> = tx.all(
        &format!(
            "{CONCERN} where c.org_id = $1 and c.state in ('settled', 'closed', 'withdrawn') order by c.changed_at desc limit 200"
        ),
        values![org],
    )?;
    live.extend(over);
    Ok(live)
}

/// Every concern of a person, newest first.
///
/// # Errors
/// Database faults only.
pub fn of_person(tx: &mut Tx, person: PersonId) -> db::Result<Vec<Concern>> {
    tx.all(&format!("{CONCERN} where c.person_id = $1 order by c.concern_id desc"), values![person])
}

/// How many concerns of a cell wait for an answer, and since when the oldest.
///
/// # Errors
/// Database faults only.
pub fn waiting(tx: &mut Tx, org: OrgId) -> db::Result<(i64, Option<Timestamp>)> {
    tx.one("select count(*), min(changed_at) from concern where org_id = $1 and state = 'open'", values![org])
}

/// Something said of a concern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// What it is.
    pub kind: WordKind,
    /// The words.
    pub body: String,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: PersonId,
    /// Their full name.
    pub name: String,
}

db::row!(Word { kind: code, body, at, by, name });

/// What was said of a concern, in order.
///
/// # Errors
/// Database faults only.
pub fn words(tx: &mut Tx, org: OrgId, id: RowId) -> db::Result<Vec<Word>> {
    tx.all(
        "select w.kind, w.body, w.at, w.by_person, p.name from concern_word w join person p on p.person_id = w.by_person
         where w.org_id = $1 and w.concern_id = $2 order by w.word_id",
        values![org, id],
    )
}

fn object(id: RowId) -> String {
    format!("concern:{id}")
}

/// Writes down a concern of a person.
///
/// # Errors
/// `NotFound` for somebody of elsewhere; database faults.
pub fn add(tx: &mut Tx, actor: &Actor, org: OrgId, person: PersonId, body: &str) -> db::Result<RowId> {
    members::must_be_ours(tx, org, &[Some(person)])?;
    let id: RowId = actor.id();
    tx.exec(
        "insert into concern (org_id, concern_id, person_id, state, consent, written_at, written_by, changed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $6)",
        values![org, id, person, ConcernState::Open.code(), Consent::Unasked.code(), actor.now, actor.person],
    )?;
    put_word(tx, actor, (org, id), WordKind::Said, body)?;
    audit::record(tx, actor, org, "concern.told", &object(id), "")?;
    Ok(id)
}

fn put_word(tx: &mut Tx, actor: &Actor, (org, id): (OrgId, RowId), kind: WordKind, body: &str) -> db::Result<()> {
    let word: RowId = actor.id();
    tx.exec(
        "insert into concern_word (org_id, word_id, concern_id, kind, body, at, by_person) values ($1, $2, $3, $4, $5, $6, $7)",
        values![org, word, id, kind.code(), body, actor.now, actor.person],
    )?;
    Ok(())
}

/// Adds what somebody says, and the state that follows.
///
/// # Errors
/// `Conflict` when someone spoke first; database faults.
pub fn say(tx: &mut Tx, actor: &Actor, concern: &Concern, kind: WordKind, state: ConcernState, body: &str) -> db::Result<()> {
    tx.changed(
        "update concern set state = $3, changed_at = $4, version = version + 1
         where org_id = $1 and concern_id = $2 and version = $5",
        values![concern.org, concern.id, state.code(), actor.now, concern.version],
    )?;
    put_word(tx, actor, (concern.org, concern.id), kind, body)?;
    audit::record(tx, actor, concern.org, "concern.said", &object(concern.id), kind.code())
}

/// Saves the consent; the time of the last change stays, for it is no answer.
///
/// # Errors
/// `Conflict` when someone saved first; database faults.
pub fn set_consent(tx: &mut Tx, actor: &Actor, concern: &Concern, consent: Consent) -> db::Result<()> {
    tx.changed(
        "update concern set consent = $3, version = version + 1 where org_id = $1 and concern_id = $2 and version = $4",
        values![concern.org, concern.id, consent.code(), concern.version],
    )?;
    audit::record(tx, actor, concern.org, "concern.consent", &object(concern.id), consent.code())
}

/// Notes on which agenda it stands.
///
/// # Errors
/// `Conflict` when someone saved first; database faults.
pub fn set_item(tx: &mut Tx, actor: &Actor, concern: &Concern, meeting: MeetingId, item: ItemId) -> db::Result<()> {
    tx.changed(
        "update concern set meeting_id = $3, item_id = $4, version = version + 1
         where org_id = $1 and concern_id = $2 and version = $5",
        values![concern.org, concern.id, meeting, item, concern.version],
    )?;
    audit::record(tx, actor, concern.org, "concern.agenda", &object(concern.id), &format!("item:{item}"))
}
