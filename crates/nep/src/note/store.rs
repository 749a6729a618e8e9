//! Notes on members as rows. Rules: M10, L15.

use db::{FromRow, Row, Tx, values};
use domain::code::Code;
use domain::id::{ItemId, MeetingId, OrgId, PersonId, RowId};
use domain::note::{Draft, NoteKind, NoteState};
use domain::search::Kind;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::actor::Actor;
use crate::audit::store as audit;
use crate::member::store as members;
use crate::search::store::source as index;

/// A note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The cell.
    pub org: OrgId,
    /// Identifier.
    pub id: RowId,
    /// Whom it is about.
    pub person: PersonId,
    /// Their full name.
    pub name: String,
    /// What it is.
    pub kind: NoteKind,
    /// Where it stands.
    pub state: NoteState,
    /// The words.
    pub body: String,
    /// What is to be done.
    pub remedy: String,
    /// Until when.
    pub deadline: Option<Date>,
    /// The day it was said.
    pub on: Date,
    /// The meeting it was said in.
    pub meeting: Option<MeetingId>,
    /// What the member says of it.
    pub answer: String,
    /// What was done.
    pub done_words: String,
    /// When it was said to be done.
    pub done_on: Option<Date>,
    /// By whom it was said.
    pub done_by: Option<PersonId>,
    /// Why it goes on or was taken back.
    pub reason: Option<String>,
    /// When it was written.
    pub written_at: Timestamp,
    /// By whom.
    pub written_by: PersonId,
    /// For "someone saved first".
    pub version: i64,
}

impl FromRow for Note {
    fn from_row(row: &Row) -> db::Result<Self> {
        Ok(Self {
            org: row.get(0)?,
            id: row.get(1)?,
            person: row.get(2)?,
            name: row.get(3)?,
            kind: row.code(4)?,
            state: row.code(5)?,
            body: row.get(6)?,
            remedy: row.get(7)?,
            deadline: row.get(8)?,
            on: row.get(9)?,
            meeting: row.get(10)?,
            answer: row.get(11)?,
            done_words: row.get(12)?,
            done_on: row.get(13)?,
            done_by: row.get(14)?,
            reason: row.get(15)?,
            written_at: row.get(16)?,
            written_by: row.get(17)?,
            version: row.get(18)?,
        })
    }
}

const NOTE: &str = "select n.org_id, n.note_id, n.person_id, p.name, n.kind, n.state, n.body, n.remedy, n.deadline, n.on_date,
    n.meeting_id, n.answer, n.done_words, n.done_on, n.done_by, n.reason, n.written_at, n.written_by, n.version
    from note n join person p on p.person_id = n.person_id";

/// A note of a cell.
///
/// # Errors
/// `NotFound`; database faults.
pub fn get(tx: &mut Tx, org: OrgId, id: RowId) -> db::Result<Note> {
    tx.one(&format!("{NOTE} where n.org_id = $1 and n.note_id = $2"), values![org, id])
}

/// A note on a person, in whatever cell.
///
/// # Errors
/// `NotFound`; database faults.
pub fn own(tx: &mut Tx, person: PersonId, id: RowId) -> db::Result<Note> {
    tx.one(&format!("{NOTE} where n.person_id = $1 and n.note_id = $2"), values![person, id])
}

/// The notes of a cell of one day or later, newest first.
///
/// # Errors
/// Database faults only.
pub fn of_cell(tx: &mut Tx, org: OrgId, from: Date) -> db::Result<Vec<Note>> {
    tx.all(
        &format!("{NOTE} where n.org_id = $1 and (n.on_date >= $2 or n.state = 'open') order by n.on_date desc, n.note_id desc"),
        values![org, from],
    )
}

/// Every note on a person, newest first.
///
/// # Errors
/// Database faults only.
pub fn of_person(tx: &mut Tx, person: PersonId) -> db::Result<Vec<Note>> {
    tx.all(&format!("{NOTE} where n.person_id = $1 order by n.on_date desc, n.note_id desc"), values![person])
}

/// How many remedies of a cell are due by a day, and how many of them were due before another.
///
/// # Errors
/// Database faults only.
pub fn due(tx: &mut Tx, org: OrgId, by: Date, today: Date) -> db::Result<(i64, i64)> {
    tx.one(
        "select count(*), coalesce(sum(case when deadline < $3 then 1 else 0 end), 0) from note
         where org_id = $1 and state = 'open' and deadline <= $2",
        values![org, by, today],
    )
}

fn object(id: RowId) -> String {
    format!("note:{id}")
}

/// Where a note was said: the meeting and its item.
pub type Place = (Option<MeetingId>, Option<ItemId>);

/// Writes a note.
///
/// # Errors
/// `NotFound` for somebody, or a meeting, of elsewhere; database faults.
pub fn add(
    tx: &mut Tx,
    actor: &Actor,
    org: OrgId,
    person: PersonId,
    new: &Draft,
    state: NoteState,
    at: Place,
) -> db::Result<RowId> {
    members::must_be_ours(tx, org, &[Some(person)])?;
    let id: RowId = actor.id();
    tx.exec(
        "insert into note (org_id, note_id, person_id, kind, state, body, remedy, deadline, on_date, meeting_id, item_id,
         answer, done_words, written_at, written_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', '', $12, $13)",
        values![
            org,
            id,
            person,
            new.kind.code(),
            state.code(),
            new.body,
            new.remedy,
            new.deadline,
            new.on,
            at.0,
            at.1,
            actor.now,
            actor.person
        ],
    )?;
    index::refresh(tx, org, Kind::Note, id.raw())?;
    audit::record(tx, actor, org, "note.written", &object(id), new.kind.code())?;
    Ok(id)
}

/// What the member says of a note.
///
/// # Errors
/// `Conflict` when someone saved first; database faults.
pub fn answer(tx: &mut Tx, actor: &Actor, note: &Note, words: &str) -> db::Result<()> {
    tx.changed(
        "update note set answer = $3, answered_at = $4, version = version + 1 where org_id = $1 and note_id = $2 and version = $5",
        values![note.org, note.id, words, actor.now, note.version],
    )?;
    index::refresh(tx, note.org, Kind::Note, note.id.raw())?;
    audit::record(tx, actor, note.org, "note.answered", &object(note.id), "")
}

/// What a step writes beside the state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// The remedy is carried out, in these words.
    Done(String),
    /// Why it goes on, or was taken back.
    Reason(String),
}

/// Saves a step of a note read at its version.
///
/// # Errors
/// `Conflict` when someone saved first; database faults.
pub fn save(tx: &mut Tx, actor: &Actor, note: &Note, state: NoteState, said: &Said) -> db::Result<()> {
    match said {
        Said::Done(words) => tx.changed(
            "update note set state = $3, done_words = $4, done_on = $5, done_by = $6, version = version + 1
             where org_id = $1 and note_id = $2 and version = $7",
            values![note.org, note.id, state.code(), words, actor.today(), actor.person, note.version],
        )?,
        Said::Reason(reason) => tx.changed(
            "update note set state = $3, reason = $4, version = version + 1 where org_id = $1 and note_id = $2 and version = $5",
            values![note.org, note.id, state.code(), reason, note.version],
        )?,
    }
    index::refresh(tx, note.org, Kind::Note, note.id.raw())?;
    audit::record(tx, actor, note.org, "note.step", &object(note.id), state.code())
}
