//! Resolutions as rows. A sealed one is final: no statement here touches it any more.

use std::collections::{BTreeMap, BTreeSet};

use db::{Tx, values};
use domain::code::Code;
use domain::id::{IssuedId, MeetingId, OrgId, ResolutionId, VoteId};
use domain::resolution::ResolutionState;
use domain::search::Kind;
use jiff::civil::{Date, DateTime};

use crate::actor::Actor;
use crate::audit::store as audit;
use crate::search::store::source as index;

/// A resolution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolution {
    /// The cell.
    pub org: OrgId,
    /// Identifier.
    pub id: ResolutionId,
    /// Meeting it is drafted for.
    pub meeting: MeetingId,
    /// Where it stands.
    pub state: ResolutionState,
    /// What it is about (trích yếu).
    pub title: String,
    /// I- Đánh giá.
    pub assessment: String,
    /// II- Phương hướng, nhiệm vụ.
    pub direction: String,
    /// III- Tổ chức thực hiện.
    pub organising: String,
    /// The vote that adopted it.
    pub vote: Option<VoteId>,
    /// The sealed document.
    pub sealed: Option<IssuedId>,
    /// Why it was last taken up again after its adoption.
    pub reopen_reason: Option<String>,
    /// Why it was adopted although advice was left.
    pub advice_reason: Option<String>,
    /// For "someone saved first".
    pub version: i64,
}

db::row!(Resolution {
    org,
    id,
    meeting,
    state: code,
    title,
    assessment,
    direction,
    organising,
    vote,
    sealed,
    reopen_reason,
    advice_reason,
    version
});

const COLUMNS: &str = "r.org_id, r.resolution_id, r.meeting_id, r.state, r.title, r.assessment, r.direction, r.organising,
    r.vote_id, r.sealed_id, r.reopen_reason, r.advice_reason, r.version";

impl Resolution {
    /// The text as it stands.
    pub fn text(&self) -> Text {
        Text {
            title: self.title.clone(),
            assessment: self.assessment.clone(),
            direction: self.direction.clone(),
            organising: self.organising.clone(),
        }
    }
}

/// A resolution of a cell.
///
/// # Errors
/// `NotFound`; database faults.
pub fn get(tx: &mut Tx, org: OrgId, id: ResolutionId) -> db::Result<Resolution> {
    tx.one(&format!("select {COLUMNS} from resolution r where org_id = $1 and resolution_id = $2"), values![org, id])
}

/// The resolutions of a meeting (most have one).
///
/// # Errors
/// Database faults only.
pub fn of_meeting(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<Vec<Resolution>> {
    tx.all(
        &format!("select {COLUMNS} from resolution r where org_id = $1 and meeting_id = $2 order by resolution_id"),
        values![org, meeting],
    )
}

/// Where the resolutions of some meetings stand, each with its meeting, oldest first.
///
/// # Errors
/// Database faults only.
pub fn states(tx: &mut Tx, org: OrgId, meetings: &[MeetingId]) -> db::Result<Vec<(MeetingId, ResolutionState)>> {
    let (places, v) = db::listed(values![org], meetings);
    let mut out: Vec<(ResolutionId, MeetingId, ResolutionState)> = Vec::new();
    // Put in order here: in the statement it would lead SQLite through all resolutions of the cell.
    tx.each(
        &format!("select resolution_id, meeting_id, state from resolution where org_id = $1 and meeting_id in ({places})"),
        &v,
        |row| {
            out.push((row.get(0)?, row.get(1)?, row.code(2)?));
            Ok(())
        },
    )?;
    out.sort_by_key(|(id, _, _)| *id);
    Ok(out.into_iter().map(|(_, meeting, state)| (meeting, state)).collect())
}

/// What a task goes back to: its resolution and the meeting that adopted it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The resolution.
    pub resolution: ResolutionId,
    /// What it is about.
    pub title: String,
    /// Its number, once it is issued.
    pub number: Option<String>,
    /// The meeting.
    pub meeting: MeetingId,
    /// Title of the meeting.
    pub meeting_title: String,
    /// When it was held.
    pub held_on: DateTime,
}

db::row!(Source { resolution, title, number, meeting, meeting_title, held_on });

/// Resolutions with their meetings.
///
/// # Errors
/// Database faults only.
pub fn sources(tx: &mut Tx, org: OrgId, ids: &BTreeSet<ResolutionId>) -> db::Result<BTreeMap<ResolutionId, Source>> {
    let (places, v) = db::listed(values![org], ids);
    let found: Vec<Source> = tx.all(
        &format!(
            "select r.resolution_id, r.title, i.number_text, m.meeting_id, m.title, m.starts_at from resolution r
             join meeting m on m.org_id = r.org_id and m.meeting_id = r.meeting_id
             left join issued i on i.org_id = r.org_id and i.issued_id = r.sealed_id
             where r.org_id = $1 and r.resolution_id in ({places})"
        ),
        &v,
    )?;
    Ok(found.into_iter().map(|s| (s.resolution, s)).collect())
}

/// The last resolutions of a cell, newest first.
///
/// # Errors
/// Database faults only.
pub fn latest(tx: &mut Tx, org: OrgId, limit: i64) -> db::Result<Vec<Resolution>> {
    tx.all(
        &format!("select {COLUMNS} from resolution r where org_id = $1 order by resolution_id desc limit $2"),
        values![org, limit],
    )
}

/// The last resolution in force of the meetings before a moment: the one a new one reviews (SM-03).
///
/// # Errors
/// Database faults only.
pub fn last_in_force(tx: &mut Tx, org: OrgId, before: DateTime) -> db::Result<Option<Resolution>> {
    tx.opt(
        &format!(
            // From the last meeting back, to the first that has one; “cross join” keeps SQLite from sorting them all.
            "select {COLUMNS} from meeting m cross join resolution r
             where m.org_id = $1 and m.starts_at < $2
             and r.org_id = m.org_id and r.meeting_id = m.meeting_id and r.state in ('adopted', 'sealed')
             order by m.starts_at desc, r.resolution_id desc limit 1"
        ),
        values![org, before],
    )
}

/// The text of a resolution.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    /// What it is about.
    pub title: String,
    /// I- Đánh giá.
    pub assessment: String,
    /// II- Phương hướng, nhiệm vụ.
    pub direction: String,
    /// III- Tổ chức thực hiện.
    pub organising: String,
}

/// Starts a draft.
///
/// # Errors
/// Database faults only.
pub fn create(tx: &mut Tx, actor: &Actor, org: OrgId, meeting: MeetingId, text: &Text) -> db::Result<ResolutionId> {
    let id: ResolutionId = actor.id();
    tx.exec(
        "insert into resolution (org_id, resolution_id, meeting_id, state, title, assessment, direction, organising, created_at)
         values ($1, $2, $3, 'draft', $4, $5, $6, $7, $8)",
        values![org, id, meeting, text.title, text.assessment, text.direction, text.organising, actor.now],
    )?;
    audit::record(tx, actor, org, "resolution.created", &format!("resolution:{id}"), "")?;
    Ok(id)
}

/// Saves the text of a draft that started from `version`.
///
/// # Errors
/// `Conflict` when someone saved first or it is no draft any more; database faults.
pub fn save_text(tx: &mut Tx, actor: &Actor, org: OrgId, id: ResolutionId, version: i64, text: &Text) -> db::Result<()> {
    tx.changed(
        "update resolution set title = $4, assessment = $5, direction = $6, organising = $7, version = version + 1
         where org_id = $1 and resolution_id = $2 and version = $3 and state = 'draft'",
        values![org, id, version, text.title, text.assessment, text.direction, text.organising],
    )?;
    audit::record(tx, actor, org, "resolution.edited", &format!("resolution:{id}"), "")
}

/// Saves a transition the domain allowed; `resolution` is as it was read.
///
/// # Errors
/// `Conflict` when someone saved first; database faults.
pub fn save_state(
    tx: &mut Tx,
    actor: &Actor,
    resolution: &Resolution,
    state: ResolutionState,
    vote: Option<VoteId>,
    sealed: Option<IssuedId>,
) -> db::Result<()> {
    tx.changed(
        "update resolution set state = $4, vote_id = $5, sealed_id = $6, version = version + 1
         where org_id = $1 and resolution_id = $2 and version = $3 and state <> 'sealed'",
        values![resolution.org, resolution.id, resolution.version, state.code(), vote, sealed],
    )?;
    index::refresh(tx, resolution.org, Kind::Resolution, resolution.id.raw())?;
    audit::record(tx, actor, resolution.org, "resolution.state", &format!("resolution:{}", resolution.id), state.code())
}

/// Adopts a draft, keeping why where advice was left; `resolution` is as it was read.
///
/// # Errors
/// `Conflict` when someone saved first; database faults.
pub fn adopt(
    tx: &mut Tx,
    actor: &Actor,
    resolution: &Resolution,
    state: ResolutionState,
    vote: Option<VoteId>,
    advice_reason: Option<String>,
) -> db::Result<()> {
    tx.exec(
        "update resolution set advice_reason = $3 where org_id = $1 and resolution_id = $2 and state = 'draft'",
        values![resolution.org, resolution.id, advice_reason],
    )?;
    save_state(tx, actor, resolution, state, vote, None)
}

/// Takes an adopted resolution up again, keeping why; `resolution` is as it was read.
///
/// # Errors
/// `Conflict` when someone saved first; database faults.
pub fn reopen(tx: &mut Tx, actor: &Actor, resolution: &Resolution, state: ResolutionState, reason: &str) -> db::Result<()> {
    tx.changed(
        "update resolution set state = $4, vote_id = null, reopen_reason = $5, version = version + 1
         where org_id = $1 and resolution_id = $2 and version = $3 and state = 'adopted'",
        values![resolution.org, resolution.id, resolution.version, state.code(), reason],
    )?;
    index::refresh(tx, resolution.org, Kind::Resolution, resolution.id.raw())?;
    audit::record(tx, actor, resolution.org, "resolution.reopened", &format!("resolution:{}", resolution.id), "")
}

/// Notes that the tasks of a draft were changed.
///
/// # Errors
/// Database faults only.
pub fn note_tasks(tx: &mut Tx, actor: &Actor, org: OrgId, id: ResolutionId) -> db::Result<()> {
    audit::record(tx, actor, org, "resolution.tasks", &format!("resolution:{id}"), "")
}

/// Removes a draft that was never adopted, with its tasks.
///
/// # Errors
/// `Conflict` when someone saved first or it is no draft; database faults.
pub fn remove_draft(tx: &mut Tx, actor: &Actor, resolution: &Resolution) -> db::Result<()> {
    tx.changed(
        "delete from resolution where org_id = $1 and resolution_id = $2 and version = $3 and state = 'draft'
         and reopen_reason is null",
        values![resolution.org, resolution.id, resolution.version],
    )?;
    tx.exec(
        "delete from task where org_id = $1 and resolution_id = $2 and in_force = 0",
        values![resolution.org, resolution.id],
    )?;
    audit::record(tx, actor, resolution.org, "resolution.removed", &format!("resolution:{}", resolution.id), "")
}

/// The first day after the term a date falls into, when that is known.
///
/// # Errors
/// Database faults only.
pub fn term_end(tx: &mut Tx, org: OrgId, on: Date) -> db::Result<Option<Date>> {
    let found: Option<(Option<Date>,)> = tx.opt(
        "select to_date from term where org_id = $1 and from_date <= $2 and (to_date is null or to_date > $2)
         order by from_date desc limit 1",
        values![org, on],
    )?;
    Ok(found.and_then(|f| f.0))
}
