//! Scores of meetings as rows, and the facts of other meetings that a score looks at: marks of the year,
//! the last resolution's tasks, whether a thematic meeting is held that month. Rules: L4, VT-03, DD-02, SM-03.

use std::collections::BTreeMap;

use db::{Tx, values};
use domain::id::{MeetingId, OrgId, PersonId, TaskId};
use domain::meeting::MeetingKind;
use domain::roll::Mark;
use domain::score::Band;
use domain::task::{TaskFact, TaskState};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

use super::kept::Kept;
use crate::actor::Actor;
use crate::audit::store as audit;
use crate::fault::Fault;
use crate::meeting::store::held::HELD;
use crate::meeting::store::object;

/// The scorer of the cell's own score.
pub const OWN: PersonId = PersonId::new(0);

/// A score as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score {
    /// [`OWN`], or the superior.
    pub scorer: PersonId,
    /// Name of who saved it last.
    pub name: String,
    /// As what the superior came; empty for the cell's own.
    pub title: String,
    /// The level, once every criterion has points.
    pub band: Option<Band>,
    /// When it was saved last.
    pub saved_at: Timestamp,
    /// For "someone saved first".
    pub version: i64,
    content: String,
}

db::row!(Score { scorer, name, title, band: code_opt, saved_at, version, content });

impl Score {
    /// The sheet as it was filled in; none only for a row that never came from this store.
    pub fn kept(&self) -> Option<Kept> {
        serde_json::from_str(&self.content).ok()
    }

    /// Whether it is the cell's own.
    pub fn is_own(&self) -> bool {
        self.scorer == OWN
    }
}

const SELECT: &str = "select s.scorer_id, coalesce(p.name, ''), s.title, s.band, s.saved_at, s.version, s.content from score s
    left join person p on p.person_id = s.by_person";

/// Every score of a meeting, the cell's own first.
///
/// # Errors
/// Database faults only.
pub fn of_meeting(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<Vec<Score>> {
    tx.all(&format!("{SELECT} where s.org_id = $1 and s.meeting_id = $2 order by s.scorer_id"), values![org, meeting])
}

/// The cell's own score of a meeting.
///
/// # Errors
/// Database faults only.
pub fn own(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<Option<Kept>> {
    let content: Option<String> = tx.scalar_opt(
        "select content from score where org_id = $1 and meeting_id = $2 and scorer_id = $3",
        values![org, meeting, OWN],
    )?;
    Ok(content.and_then(|c| serde_json::from_str(&c).ok()))
}

/// A score to keep.
#[derive(Debug, Clone)]
pub struct NewScore {
    /// [`OWN`], or the superior.
    pub scorer: PersonId,
    /// As what the superior came.
    pub title: String,
    /// The sheet as filled in.
    pub kept: Kept,
    /// The version it started from; 0 for the first.
    pub version: i64,
}

/// Keeps a score.
///
/// # Errors
/// `Conflict` when someone saved first; database faults.
pub fn save(tx: &mut Tx, actor: &Actor, org: OrgId, meeting: MeetingId, new: &NewScore) -> Result<(), Fault> {
    let kept = &new.kept;
    let content = serde_json::to_string(kept).map_err(|e| Fault::Document(format!("score as JSON: {e}")))?;
    let band = (!kept.band.is_empty()).then(|| kept.band.clone());
    let total = band.as_ref().map(|_| i64::from(kept.total));
    let shared = values![org, meeting, new.scorer, kept.sheet, total, band, content, new.title, actor.person, actor.now];
    if new.version == 0 {
        tx.exec(
            "insert into score (org_id, meeting_id, scorer_id, sheet, total, band, content, title, by_person, saved_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            shared,
        )
        .map_err(|e| if matches!(e, db::Error::Unique(_)) { db::Error::Conflict } else { e })?;
    } else {
        let mut all = shared.to_vec();
        all.extend_from_slice(values![new.version]);
        tx.changed(
            "update score set sheet = $4, total = $5, band = $6, content = $7, title = $8, by_person = $9, saved_at = $10,
             version = version + 1 where org_id = $1 and meeting_id = $2 and scorer_id = $3 and version = $11",
            &all,
        )?;
    }
    let what = if new.scorer == OWN { "score.own" } else { "score.above" };
    Ok(audit::record(tx, actor, org, what, &object(meeting), &kept.sheet)?)
}

/// A meeting of a year with one of its scores; a meeting without any stands there once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearRow {
    /// The meeting.
    pub meeting: MeetingId,
    /// Its kind.
    pub kind: MeetingKind,
    /// Its title.
    pub title: String,
    /// When it was held.
    pub starts_at: DateTime,
    /// Whose score.
    pub scorer: Option<PersonId>,
    /// Points in hundredths.
    pub total: Option<i64>,
    /// The level.
    pub band: Option<Band>,
}

db::row!(YearRow { meeting, kind: code, title, starts_at, scorer, total, band: code_opt });

/// Meetings held within `[from, until)` with their scores, oldest first.
///
/// # Errors
/// Database faults only.
pub fn between(tx: &mut Tx, org: OrgId, from: Date, until: Date) -> db::Result<Vec<YearRow>> {
    tx.all(
        &format!(
            "select m.meeting_id, m.kind, m.title, m.starts_at, s.scorer_id, s.total, s.band from meeting m
             left join score s on s.org_id = m.org_id and s.meeting_id = m.meeting_id
             where m.org_id = $1 and m.starts_at >= $2 and m.starts_at < $3 and {HELD}
             and m.kind <> 'committee' order by m.starts_at, m.meeting_id, s.scorer_id"
        ),
        values![org, from, until],
    )
}

/// The marks of everybody on the roll of a meeting at the regular meetings of its year up to it, oldest first.
///
/// # Errors
/// Database faults only.
pub fn marks(tx: &mut Tx, org: OrgId, meeting: MeetingId, starts_at: DateTime) -> db::Result<Vec<Vec<Mark>>> {
    let first = starts_at.date().first_of_year();
    let mut people: BTreeMap<PersonId, Vec<Mark>> = BTreeMap::new();
    tx.each(
        &format!(
            "select r.person_id, r.mark from meeting m join roll r on r.org_id = m.org_id and r.meeting_id = m.meeting_id
             where m.org_id = $1 and m.starts_at >= $2 and m.starts_at <= $3 and m.kind in ('regular', 'combined')
             and (m.meeting_id = $4 or {HELD}) and r.mark is not null
             order by m.starts_at, m.meeting_id"
        ),
        values![org, first, starts_at, meeting],
        |row| {
            people.entry(row.get(0)?).or_default().push(row.code(1)?);
            Ok(())
        },
    )?;
    Ok(people.into_values().collect())
}

/// The tasks in force of the resolutions of the last regular meeting before a moment.
///
/// # Errors
/// Database faults only.
pub fn last_tasks(tx: &mut Tx, org: OrgId, before: DateTime) -> db::Result<Vec<TaskFact>> {
    let rows: Vec<(TaskId, String, Option<Date>, Option<Date>)> = tx.all(
        &format!(
            "select t.task_id, t.state, t.deadline, t.done_on from task t where t.org_id = $1 and t.in_force = 1
             and t.resolution_id in (select r.resolution_id from resolution r where r.org_id = $1 and r.meeting_id =
             (select m.meeting_id from meeting m where m.org_id = $1 and m.starts_at < $2 and m.kind in ('regular', 'combined')
              and {HELD} order by m.starts_at desc, m.meeting_id desc limit 1))"
        ),
        values![org, before],
    )?;
    let fact = |(task, state, deadline, done_on): (TaskId, String, Option<Date>, Option<Date>)| TaskFact {
        task,
        content: String::new(),
        doer: String::new(),
        state: domain::code::Code::from_code(&state).unwrap_or(TaskState::Open),
        deadline,
        done_on,
        cause: None,
        responsibility: None,
        next_step: String::new(),
        proposed: None,
        explained_for: None,
    };
    Ok(rows.into_iter().map(fact).collect())
}

/// Whether a thematic meeting is held, or planned, in a month.
///
/// # Errors
/// Database faults only.
pub fn thematic_in(tx: &mut Tx, org: OrgId, month: Date) -> db::Result<bool> {
    let after = month.last_of_month().tomorrow().unwrap_or(month);
    let found: Option<i64> = tx.scalar_opt(
        "select version from meeting where org_id = $1 and starts_at >= $2 and starts_at < $3
         and kind in ('thematic', 'combined') and state <> 'cancelled' limit 1",
        values![org, month.first_of_month(), after],
    )?;
    Ok(found.is_some())
}

/// Who got a notice of a meeting, as (person, whether as a follower), and the longest time in minutes one left before
/// the start; nothing of a cancellation.
///
/// # Errors
/// Database faults only.
pub fn told(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<(Vec<(PersonId, bool)>, i64)> {
    let mut lead = i64::MIN;
    let mut people = Vec::new();
    tx.each(
        "select n.lead_minutes, r.person_id, r.role from notice n
         join notice_reader r on r.org_id = n.org_id and r.notice_id = n.notice_id where n.org_id = $1 and n.meeting_id = $2",
        values![org, meeting],
        |row| {
            lead = lead.max(row.get(0)?);
            people.push((row.get(1)?, row.get::<String>(2)? == "follower"));
            Ok(())
        },
    )?;
    people.sort_unstable();
    people.dedup();
    Ok((people, lead))
}
