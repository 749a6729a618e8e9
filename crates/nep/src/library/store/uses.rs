//! What cells take from the library: rows of the cell that took it. The text it adapted is its own plan.
//! Rules: M11, ahead.md 18.

use db::{Tx, values};
use domain::code::Code;
use domain::id::{MeetingId, OrgId, RowId};
use domain::library::UseState;
use domain::meeting::MeetingState;
use domain::period::PeriodKey;
use jiff::Timestamp;

use super::Entry;
use crate::actor::Actor;
use crate::audit::store as audit;

/// An entry taken by a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// The cell that took it.
    pub org: OrgId,
    /// Identifier.
    pub id: RowId,
    /// The cell that wrote it.
    pub source: OrgId,
    /// The entry.
    pub entry: RowId,
    /// The kỳ it was taken for.
    pub period: String,
    /// Where it stands.
    pub state: UseState,
    /// Its heading when it was taken.
    pub title: String,
    /// What worked.
    pub worked: Option<String>,
    /// What to do otherwise.
    pub amend: Option<String>,
    /// How many spoke at the meeting, where the cell let it be told.
    pub speakers: Option<i64>,
    /// When it was told.
    pub reported_at: Option<Timestamp>,
    /// For "someone saved first".
    pub version: i64,
}

db::row!(Use { org, id, source, entry, period, state: code, title, worked, amend, speakers, reported_at, version });

const COLUMNS: &str = "u.org_id, u.use_id, u.source_org, u.entry_id, u.period, u.state, u.title, u.worked, u.amend, u.speakers,
    u.reported_at, u.version";

impl Use {
    /// The kỳ it was taken for.
    pub fn key(&self) -> Option<PeriodKey> {
        self.period.parse().ok()
    }
}

/// Something a cell took.
///
/// # Errors
/// `NotFound`; database faults.
pub fn get(tx: &mut Tx, org: OrgId, id: RowId) -> db::Result<Use> {
    tx.one(&format!("select {COLUMNS} from library_use u where u.org_id = $1 and u.use_id = $2"), values![org, id])
}

/// Everything a cell took and did not give up, newest first.
///
/// # Errors
/// Database faults only.
pub fn of_cell(tx: &mut Tx, org: OrgId) -> db::Result<Vec<Use>> {
    tx.all(
        &format!(
            "select {COLUMNS} from library_use u where u.org_id = $1 and u.state <> 'dropped' order by u.use_id desc limit 100"
        ),
        values![org],
    )
}

/// The cells that took an entry; those that told what came of it first.
///
/// # Errors
/// Database faults only.
pub fn of_entry(tx: &mut Tx, source: OrgId, entry: RowId) -> db::Result<Vec<Use>> {
    tx.all(
        &format!(
            "select {COLUMNS} from library_use u where u.source_org = $1 and u.entry_id = $2 and u.state <> 'dropped'
             order by u.reported_at is null, u.reported_at desc, u.org_id limit 300"
        ),
        values![source, entry],
    )
}

/// How many cells use each entry of a cell.
///
/// # Errors
/// Database faults only.
pub fn counts(tx: &mut Tx, source: OrgId) -> db::Result<Vec<(RowId, i64)>> {
    tx.all(
        "select entry_id, count(distinct org_id) from library_use where source_org = $1 and state <> 'dropped' group by entry_id",
        values![source],
    )
}

/// Takes an entry for a kỳ; what had been taken for it before is given up.
///
/// # Errors
/// Database faults only.
pub fn take(
    tx: &mut Tx,
    actor: &Actor,
    org: OrgId,
    entry: &Entry,
    (period, cell_type): (PeriodKey, Option<&str>),
) -> db::Result<RowId> {
    tx.exec(
        "update library_use set state = 'dropped', version = version + 1 where org_id = $1 and period = $2 and state <> 'dropped'",
        values![org, period.to_string()],
    )?;
    let id: RowId = actor.id();
    tx.exec(
        "insert into library_use (org_id, use_id, source_org, entry_id, period, state, title, cell_type, taken_by, taken_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        values![
            org,
            id,
            entry.org,
            entry.id,
            period.to_string(),
            UseState::Taken.code(),
            entry.title,
            cell_type,
            actor.person,
            actor.now
        ],
    )?;
    audit::record(tx, actor, org, "library.taken", &format!("library-use:{id}"), "")?;
    Ok(id)
}

/// Saves what a cell tells of what it took.
///
/// # Errors
/// `Conflict` when someone saved first; database faults.
pub fn report(
    tx: &mut Tx,
    actor: &Actor,
    taken: &Use,
    state: UseState,
    (worked, amend, speakers): (&str, &str, Option<i64>),
) -> db::Result<()> {
    tx.changed(
        "update library_use set state = $4, worked = $5, amend = $6, speakers = $7, reported_at = $8, version = version + 1
         where org_id = $1 and use_id = $2 and version = $3",
        values![taken.org, taken.id, taken.version, state.code(), worked, amend, speakers, actor.now],
    )?;
    audit::record(tx, actor, taken.org, "library.told", &format!("library-use:{}", taken.id), "")
}

/// Gives up what was taken.
///
/// # Errors
/// `Conflict` when someone saved first; database faults.
pub fn give_up(tx: &mut Tx, actor: &Actor, taken: &Use, state: UseState) -> db::Result<()> {
    tx.changed(
        "update library_use set state = $4, version = version + 1 where org_id = $1 and use_id = $2 and version = $3",
        values![taken.org, taken.id, taken.version, state.code()],
    )?;
    audit::record(tx, actor, taken.org, "library.dropped", &format!("library-use:{}", taken.id), "")
}

/// Takes the heading of an entry that turned out to be secret out of every row that copied it.
///
/// # Errors
/// Database faults only.
pub fn forget_title(tx: &mut Tx, entry: &Entry) -> db::Result<()> {
    tx.exec("update library_use set title = '' where source_org = $1 and entry_id = $2", values![entry.org, entry.id])?;
    Ok(())
}

/// The meeting that serves a kỳ, with how many spoke at it (distinct people).
///
/// # Errors
/// Database faults only.
pub fn meeting_of(tx: &mut Tx, org: OrgId, period: &str) -> db::Result<Option<(MeetingId, MeetingState, i64)>> {
    let found: Option<(MeetingId, String, i64)> = tx.opt(
        "select m.meeting_id, m.state, (select count(distinct c.person_id) from contribution c
             where c.org_id = m.org_id and c.meeting_id = m.meeting_id)
         from meeting_period p join meeting m on m.org_id = p.org_id and m.meeting_id = p.meeting_id
         where p.org_id = $1 and p.period = $2 and m.state <> 'cancelled' order by m.starts_at desc limit 1",
        values![org, period],
    )?;
    Ok(found.and_then(|(id, state, spoke)| Some((id, MeetingState::from_code(&state)?, spoke))))
}
