//! What cells write for the library, as rows of the cell that wrote them. Every edit carries the version it
//! started from; what is withheld keeps no word. Rules: CB-07, L9, P-8, P-30.

use db::{Tx, values};
use domain::code::Code;
use domain::id::{OrgId, PersonId, RowId};
use domain::library::{EntryKind, EntryState, Subject, Text};
use domain::period::PeriodKey;
use domain::search::Kind;
use domain::vi;
use jiff::Timestamp;

use crate::actor::Actor;
use crate::audit::store as audit;
use crate::search::store::source as index;

pub mod duty;
pub mod files;
pub mod shelf;
pub mod talks;
pub mod uses;

/// An entry of the library, wherever it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The cell that wrote it.
    pub org: OrgId,
    /// Identifier.
    pub id: RowId,
    /// Topic or experience.
    pub kind: EntryKind,
    /// Where it stands.
    pub state: EntryState,
    /// The thematic kỳ it was held in.
    pub period: Option<String>,
    /// The year it belongs to.
    pub year: i64,
    /// What it is about.
    pub subject: Subject,
    /// The cell's type when it was written.
    pub cell_type: Option<String>,
    /// Heading.
    pub title: String,
    /// Purpose or situation.
    pub aim: String,
    /// Questions or way.
    pub content: String,
    /// What came of it.
    pub result: String,
    /// Who presented it, by name; empty when nobody is named.
    pub presenter: String,
    /// Whether that person agreed to be named and asked by others.
    pub presenter_agrees: bool,
    /// What the committee said.
    pub remarks: Option<String>,
    /// Who wrote it.
    pub author: PersonId,
    /// When it was sent last.
    pub submitted_at: Option<Timestamp>,
    /// When the committee decided.
    pub decided_at: Option<Timestamp>,
    /// The committee under which it is read.
    pub published: Option<OrgId>,
    /// For "someone saved first".
    pub version: i64,
}

db::row!(Entry {
    org,
    id,
    kind: code,
    state: code,
    period,
    year,
    subject: code,
    cell_type,
    title,
    aim,
    content,
    result,
    presenter,
    presenter_agrees,
    remarks,
    author,
    submitted_at,
    decided_at,
    published,
    version
});

const COLUMNS: &str =
    "e.org_id, e.entry_id, e.kind, e.state, e.period, e.year, e.subject, e.cell_type, e.title, e.aim, e.content,
    e.result, e.presenter, e.presenter_agrees, e.remarks, e.author_id, e.submitted_at, e.decided_at, e.published_org, e.version";

impl Entry {
    /// What its cell wrote.
    pub fn text(&self) -> Text {
        let copy = |t: &String| t.clone();
        Text { title: copy(&self.title), aim: copy(&self.aim), content: copy(&self.content), result: copy(&self.result) }
    }

    /// The kỳ it was held in.
    pub fn key(&self) -> Option<PeriodKey> {
        self.period.as_deref().and_then(|p| p.parse().ok())
    }

    /// Who presented it, where that person agreed to be named.
    pub fn named(&self) -> &str {
        if self.presenter_agrees { &self.presenter } else { "" }
    }
}

/// How the trail names an entry.
fn object(id: RowId) -> String {
    format!("library:{id}")
}

/// An entry of a cell.
///
/// # Errors
/// `NotFound`; database faults.
pub fn get(tx: &mut Tx, org: OrgId, id: RowId) -> db::Result<Entry> {
    tx.one(&format!("select {COLUMNS} from library_entry e where e.org_id = $1 and e.entry_id = $2"), values![org, id])
}

/// What a cell wrote, newest first.
///
/// # Errors
/// Database faults only.
pub fn of_cell(tx: &mut Tx, org: OrgId) -> db::Result<Vec<Entry>> {
    tx.all(
        &format!(
            "select {COLUMNS} from library_entry e where e.org_id = $1 and e.state <> 'withdrawn'
             order by e.entry_id desc limit 200"
        ),
        values![org],
    )
}

/// What a form says of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its texts.
    pub text: Text,
    /// What it is about.
    pub subject: Subject,
    /// Who presented it.
    pub presenter: String,
    /// Whether that person agreed.
    pub presenter_agrees: bool,
}

impl Written {
    /// What a search compares.
    fn folded(&self) -> String {
        let t = &self.text;
        vi::fold(&format!("{} {} {} {} {}", t.title, self.subject.label(), t.aim, t.content, t.result))
    }
}

/// What an entry is begun for.
#[derive(Debug, Clone)]
pub struct Begun {
    /// Topic or experience.
    pub kind: EntryKind,
    /// The kỳ of a topic.
    pub period: Option<PeriodKey>,
    /// The year it belongs to.
    pub year: i16,
    /// The cell's type.
    pub cell_type: Option<String>,
}

/// Begins an entry in a cell.
///
/// # Errors
/// `Unique` when the kỳ has one; database faults.
pub fn begin(tx: &mut Tx, actor: &Actor, org: OrgId, begun: &Begun, new: &Written) -> db::Result<RowId> {
    let id: RowId = actor.id();
    let t = &new.text;
    tx.exec(
        "insert into library_entry (org_id, entry_id, kind, state, period, year, subject, cell_type, title, aim, content, result,
         folded, presenter, presenter_agrees, author_id, made_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        values![
            org,
            id,
            begun.kind.code(),
            EntryState::Draft.code(),
            begun.period.map(|p| p.to_string()),
            i64::from(begun.year),
            new.subject.code(),
            begun.cell_type,
            t.title,
            t.aim,
            t.content,
            t.result,
            new.folded(),
            new.presenter,
            new.presenter_agrees,
            actor.person,
            actor.now
        ],
    )?;
    index::refresh(tx, org, Kind::Library, id.raw())?;
    audit::record(tx, actor, org, "library.begun", &object(id), begun.kind.code())?;
    Ok(id)
}

/// Saves what was written on an entry that started from `version`.
///
/// # Errors
/// `Conflict` when someone saved first; database faults.
pub fn save(tx: &mut Tx, actor: &Actor, entry: &Entry, version: i64, new: &Written) -> db::Result<()> {
    let t = &new.text;
    tx.changed(
        "update library_entry set title = $4, aim = $5, content = $6, result = $7, subject = $8, folded = $9, presenter = $10,
         presenter_agrees = $11, version = version + 1 where org_id = $1 and entry_id = $2 and version = $3",
        values![
            entry.org,
            entry.id,
            version,
            t.title,
            t.aim,
            t.content,
            t.result,
            new.subject.code(),
            new.folded(),
            new.presenter,
            new.presenter_agrees
        ],
    )?;
    index::refresh(tx, entry.org, Kind::Library, entry.id.raw())?;
    audit::record(tx, actor, entry.org, "library.written", &object(entry.id), "")
}

fn step(tx: &mut Tx, actor: &Actor, entry: &Entry, state: EntryState, sets: &str, more: &[db::Value]) -> db::Result<()> {
    let mut v = values![entry.org, entry.id, entry.version, state.code()].to_vec();
    v.extend_from_slice(more);
    tx.changed(
        &format!(
            "update library_entry set state = $4, version = version + 1{sets}
             where org_id = $1 and entry_id = $2 and version = $3"
        ),
        &v,
    )?;
    index::refresh(tx, entry.org, Kind::Library, entry.id.raw())?;
    audit::record(tx, actor, entry.org, "library.step", &object(entry.id), state.code())
}

/// Sends an entry up; who sends it confirmed that it holds no state secret.
///
/// # Errors
/// `Conflict` when someone saved first; database faults.
pub fn submit(tx: &mut Tx, actor: &Actor, entry: &Entry, state: EntryState) -> db::Result<()> {
    step(tx, actor, entry, state, ", submitted_at = $5, confirmed_by = $6", values![actor.now, actor.person])
}

/// Takes an entry back.
///
/// # Errors
/// `Conflict` when someone saved first; database faults.
pub fn withdraw(tx: &mut Tx, actor: &Actor, entry: &Entry, state: EntryState) -> db::Result<()> {
    step(tx, actor, entry, state, "", &[])
}

/// Writes down what a committee decided, with its words; `under` is the committee that spreads it.
///
/// # Errors
/// `Conflict` when someone saved first; database faults.
pub fn decide(
    tx: &mut Tx,
    actor: &Actor,
    entry: &Entry,
    state: EntryState,
    (remarks, under): (&str, Option<OrgId>),
) -> db::Result<()> {
    let remarks = Some(remarks).filter(|r| !r.is_empty());
    step(
        tx,
        actor,
        entry,
        state,
        ", remarks = $5, published_org = $6, decided_at = $7, decided_by = $8",
        values![remarks, under, actor.now, actor.person],
    )
}

/// Takes every word of an entry away, with its files: only that it was held is kept.
///
/// # Errors
/// `Conflict` when someone saved first; database faults.
pub fn withhold(tx: &mut Tx, actor: &Actor, entry: &Entry, state: EntryState) -> db::Result<()> {
    files::remove_all(tx, entry.org, entry.id)?;
    uses::forget_title(tx, entry)?;
    let blank = ", title = '', aim = '', content = '', result = '', folded = '', presenter = '', presenter_agrees = 0,
        remarks = null, published_org = null";
    step(tx, actor, entry, state, blank, &[])
}
