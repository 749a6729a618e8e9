//! Proposed topics and who supports them, as rows. Who supports is never given out: counts only. Rules: M12.

use db::{Tx, values};
use domain::code::Code;
use domain::id::{OrgId, PersonId, RowId};
use domain::period::PeriodKey;
use domain::search::Kind;
use domain::topic::TopicState;
use jiff::Timestamp;

use crate::actor::Actor;
use crate::audit::store as audit;
use crate::search::store::source as index;

/// A proposed topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// The cell.
    pub org: OrgId,
    /// Identifier.
    pub id: RowId,
    /// The year it is proposed for.
    pub year: i64,
    /// Who proposed it.
    pub person: PersonId,
    /// Where it stands.
    pub state: TopicState,
    /// Its title.
    pub title: String,
    /// Why.
    pub why: String,
    /// The kỳ it was taken into.
    pub period: Option<String>,
    /// Why it was not chosen.
    pub reason: Option<String>,
    /// When it was proposed.
    pub proposed_at: Timestamp,
    /// For "someone saved first".
    pub version: i64,
}

db::row!(Topic { org, id, year, person, state: code, title, why, period, reason, proposed_at, version });

const COLUMNS: &str = "org_id, topic_id, year, person_id, state, title, why, period, reason, proposed_at, version";

/// A topic of a cell.
///
/// # Errors
/// `NotFound`; database faults.
pub fn get(tx: &mut Tx, org: OrgId, id: RowId) -> db::Result<Topic> {
    tx.one(&format!("select {COLUMNS} from topic where org_id = $1 and topic_id = $2"), values![org, id])
}

/// The topics proposed for a year, in the order they came.
///
/// # Errors
/// Database faults only.
pub fn of_year(tx: &mut Tx, org: OrgId, year: i16) -> db::Result<Vec<Topic>> {
    tx.all(
        &format!("select {COLUMNS} from topic where org_id = $1 and year = $2 order by topic_id"),
        values![org, i64::from(year)],
    )
}

/// How many support each topic of a year, and whether one person does.
///
/// # Errors
/// Database faults only.
pub fn support(tx: &mut Tx, org: OrgId, year: i16, person: PersonId) -> db::Result<Vec<(RowId, i64, bool)>> {
    tx.all(
        "select s.topic_id, count(*), max(case when s.person_id = $3 then 1 else 0 end)
         from topic t join topic_support s on s.org_id = t.org_id and s.topic_id = t.topic_id
         where t.org_id = $1 and t.year = $2 group by s.topic_id",
        values![org, i64::from(year), person],
    )
    .map(|rows: Vec<(RowId, i64, i64)>| rows.into_iter().map(|(id, n, own)| (id, n, own == 1)).collect())
}

fn object(id: RowId) -> String {
    format!("topic:{id}")
}

/// Proposes a topic; who proposes supports it.
///
/// # Errors
/// Database faults only.
pub fn propose(tx: &mut Tx, actor: &Actor, org: OrgId, year: i16, title: &str, why: &str) -> db::Result<RowId> {
    let id: RowId = actor.id();
    tx.exec(
        "insert into topic (org_id, topic_id, year, person_id, state, title, why, proposed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![org, id, i64::from(year), actor.person, TopicState::Proposed.code(), title, why, actor.now],
    )?;
    put_support(tx, actor, org, id)?;
    index::refresh(tx, org, Kind::Topic, id.raw())?;
    audit::record(tx, actor, org, "topic.proposed", &object(id), "")?;
    Ok(id)
}

/// Supports a topic; a second time changes nothing.
///
/// # Errors
/// Database faults only.
pub fn put_support(tx: &mut Tx, actor: &Actor, org: OrgId, id: RowId) -> db::Result<()> {
    tx.exec(
        "insert into topic_support (org_id, topic_id, person_id, at) values ($1, $2, $3, $4)
         on conflict (org_id, topic_id, person_id) do nothing",
        values![org, id, actor.person, actor.now],
    )?;
    Ok(())
}

/// Takes support back.
///
/// # Errors
/// Database faults only.
pub fn drop_support(tx: &mut Tx, actor: &Actor, org: OrgId, id: RowId) -> db::Result<()> {
    tx.exec("delete from topic_support where org_id = $1 and topic_id = $2 and person_id = $3", values![org, id, actor.person])?;
    Ok(())
}

/// Saves what became of a topic read at its version.
///
/// # Errors
/// `Conflict` when someone decided first; database faults.
pub fn save(
    tx: &mut Tx,
    actor: &Actor,
    topic: &Topic,
    state: TopicState,
    (period, reason): (Option<PeriodKey>, Option<&str>),
) -> db::Result<()> {
    tx.changed(
        "update topic set state = $3, period = $4, reason = $5, version = version + 1
         where org_id = $1 and topic_id = $2 and version = $6",
        values![topic.org, topic.id, state.code(), period.map(|p| p.to_string()), reason, topic.version],
    )?;
    index::refresh(tx, topic.org, Kind::Topic, topic.id.raw())?;
    audit::record(tx, actor, topic.org, "topic.step", &object(topic.id), state.code())
}

/// What a person proposed, newest first.
///
/// # Errors
/// Database faults only.
pub fn of_person(tx: &mut Tx, person: PersonId) -> db::Result<Vec<Topic>> {
    tx.all(&format!("select {COLUMNS} from topic where person_id = $1 order by topic_id desc limit 50"), values![person])
}
