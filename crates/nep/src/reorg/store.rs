//! Programmes as rows, and the counts their plans are made from.
//! Touches programme rows; reads organisations, stays, posts, documents, meetings and tasks. Rules: TC-20 … TC-26.

pub mod journal;
pub mod sheet;

use std::collections::BTreeMap;

use db::{Tx, Value, values};
use domain::code::Code;
use domain::id::{MembershipId, OrgId, PersonId, RowId};
use domain::numbering::DocKind;
use domain::post::Role;
use domain::roll::Standing;
use domain::tree::ProgrammeState;
use jiff::Timestamp;
use jiff::civil::Date;

use super::kept::Entry;
use super::words::Section;
use crate::actor::Actor;
use crate::audit::store as audit;
use crate::org::store::change::Stay;

/// A programme of changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Programme {
    /// For the part of the tree below this organisation.
    pub org: OrgId,
    /// Which.
    pub id: RowId,
    /// Where it stands.
    pub state: ProgrammeState,
    /// What it is called.
    pub title: String,
    /// The day it takes effect.
    pub on: Option<Date>,
    /// Deciding document, as cited.
    pub document: String,
    /// What is asked for, as JSON.
    pub items: String,
    /// The plan as it was carried out, as JSON.
    pub plan: Option<String>,
    /// Why it could not be carried out on its day.
    pub trouble: Option<String>,
    /// When it was begun.
    pub made_at: Timestamp,
    /// By whom.
    pub made_by: Option<PersonId>,
    /// When it was decided.
    pub approved_at: Option<Timestamp>,
    /// By whom.
    pub approved_by: Option<PersonId>,
    /// When it was carried out.
    pub carried_at: Option<Timestamp>,
    /// When it was taken back.
    pub undone_at: Option<Timestamp>,
    /// By whom.
    pub undone_by: Option<PersonId>,
    /// For "someone saved first".
    pub version: i64,
}

db::row!(Programme {
    org,
    id,
    state: code,
    title,
    on,
    document,
    items,
    plan,
    trouble,
    made_at,
    made_by,
    approved_at,
    approved_by,
    carried_at,
    undone_at,
    undone_by,
    version
});

const COLUMNS: &str = "org_id, programme_id, state, title, on_date, document, items, plan, trouble, made_at, made_by,
    approved_at, approved_by, carried_at, undone_at, undone_by, version";

impl Programme {
    /// What is asked for.
    ///
    /// # Errors
    /// `Corrupt` when it cannot be read.
    pub fn entries(&self) -> db::Result<Vec<Entry>> {
        serde_json::from_str(&self.items).map_err(|_| db::Error::Corrupt("programme.items".to_owned()))
    }

    /// The plan as it was carried out; empty before.
    ///
    /// # Errors
    /// `Corrupt` when it cannot be read.
    pub fn sections(&self) -> db::Result<Vec<Section>> {
        let Some(plan) = &self.plan else { return Ok(Vec::new()) };
        serde_json::from_str(plan).map_err(|_| db::Error::Corrupt("programme.plan".to_owned()))
    }
}

/// A value as JSON.
///
/// # Errors
/// `Corrupt` when it is none.
pub fn as_json<T: serde::Serialize>(value: &T) -> db::Result<String> {
    serde_json::to_string(value).map_err(|_| db::Error::Corrupt("a value that is no JSON".to_owned()))
}

/// Programmes of an organisation, newest first.
///
/// # Errors
/// Database faults only.
pub fn list(tx: &mut Tx, org: OrgId) -> db::Result<Vec<Programme>> {
    tx.all(&format!("select {COLUMNS} from programme where org_id = $1 order by programme_id desc limit 100"), values![org])
}

/// One of them.
///
/// # Errors
/// `NotFound`; database faults.
pub fn get(tx: &mut Tx, org: OrgId, id: RowId) -> db::Result<Programme> {
    tx.one(&format!("select {COLUMNS} from programme where org_id = $1 and programme_id = $2"), values![org, id])
}

fn hands(actor: &Actor) -> Option<PersonId> {
    (actor.person.raw() != 0).then_some(actor.person)
}

/// Begins a programme.
///
/// # Errors
/// Database faults only.
pub fn begin(tx: &mut Tx, actor: &Actor, org: OrgId, title: &str, entries: &[Entry]) -> db::Result<RowId> {
    let id: RowId = actor.id();
    tx.exec(
        "insert into programme (org_id, programme_id, state, title, document, items, made_at, made_by)
         values ($1, $2, $3, $4, '', $5, $6, $7)",
        values![org, id, ProgrammeState::Draft.code(), title, as_json(&entries)?, actor.now, hands(actor)],
    )?;
    audit::record(tx, actor, org, "programme.begun", &format!("programme:{id}"), "")?;
    Ok(id)
}

/// Writes what changed of a programme; `action` is the word of the trail.
///
/// # Errors
/// `Conflict` when somebody saved first; database faults.
pub fn save(tx: &mut Tx, actor: &Actor, new: &Programme, action: &str) -> db::Result<()> {
    tx.changed(
        "update programme set state = $4, title = $5, on_date = $6, document = $7, items = $8, plan = $9, trouble = $10,
         approved_at = $11, approved_by = $12, carried_at = $13, undone_at = $14, undone_by = $15, version = version + 1
         where org_id = $1 and programme_id = $2 and version = $3",
        values![
            new.org,
            new.id,
            new.version,
            new.state.code(),
            new.title,
            new.on,
            new.document,
            new.items,
            new.plan,
            new.trouble,
            new.approved_at,
            new.approved_by,
            new.carried_at,
            new.undone_at,
            new.undone_by
        ],
    )?;
    audit::record(tx, actor, new.org, action, &format!("programme:{}", new.id), new.state.code())
}

/// Decided programmes whose day has come and which nothing stood against yet.
///
/// # Errors
/// Database faults only.
pub fn due(tx: &mut Tx, today: Date) -> db::Result<Vec<(OrgId, RowId)>> {
    tx.all(
        "select org_id, programme_id from programme
         where state = 'approved' and on_date <= $1 and trouble is null order by on_date, programme_id limit 20",
        values![today],
    )
}

/// Stays of several organisations that are not over on a date, each with where it is.
///
/// # Errors
/// Database faults only.
pub fn stays(tx: &mut Tx, orgs: &[OrgId], on: Date) -> db::Result<Vec<(OrgId, Stay)>> {
    let (places, v) = db::listed(values![on], orgs);
    let mut out = Vec::new();
    tx.each(
        &format!(
            "select org_id, membership_id, person_id, name, standing, from_date, number from membership
             where org_id in ({places}) and (to_date is null or to_date > $1) order by org_id, number, sort_key"
        ),
        &v,
        |row| {
            let id: MembershipId = row.get(1)?;
            let standing: Standing = row.code(4)?;
            let stay = Stay { id, person: row.get(2)?, name: row.get(3)?, standing, from: row.get(5)?, number: row.get(6)? };
            out.push((row.get(0)?, stay));
            Ok(())
        },
    )?;
    Ok(out)
}

/// A post somewhere in the part of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// Where.
    pub org: OrgId,
    /// Whether that is a cell.
    pub is_cell: bool,
    /// What.
    pub role: Role,
    /// Who.
    pub person: PersonId,
    /// Full name.
    pub name: String,
}

db::row!(Seat { org, is_cell, role: code, person, name });

/// The last number of a kind of document in the present term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counter {
    /// Whose.
    pub org: OrgId,
    /// Of what.
    pub kind: DocKind,
    /// The number.
    pub last: i64,
}

db::row!(Counter { org, kind: code, last });

/// What a plan counts, beside the tree itself.
#[derive(Debug, Clone, Default)]
pub struct Around {
    /// Members of each cell.
    pub members: BTreeMap<OrgId, i64>,
    /// Posts, leaders first.
    pub seats: Vec<Seat>,
    /// Documents issued by organisations that end.
    pub issued: BTreeMap<OrgId, i64>,
    /// Their last numbers.
    pub counters: Vec<Counter>,
    /// Their meetings that were prepared or held and not sealed.
    pub meetings: BTreeMap<OrgId, i64>,
    /// Their tasks that are not done.
    pub tasks: BTreeMap<OrgId, i64>,
    /// Figures they have set for their part of the tree.
    pub figures: BTreeMap<OrgId, i64>,
}

/// Counts what a plan says; `leaving` are the organisations that end.
///
/// # Errors
/// Database faults only.
pub fn around(tx: &mut Tx, path: &str, leaving: &[OrgId], on: Date) -> db::Result<Around> {
    let bounds = values![path, format!("{path}~"), on];
    let mut seats: Vec<Seat> = tx.all(
        "select t.org_id, o.is_cell, t.role, t.person_id, p.name from org o
         join post t on t.org_id = o.org_id join person p on p.person_id = t.person_id
         where o.path >= $1 and o.path < $2 and t.from_date <= $3 and (t.to_date is null or t.to_date > $3)
         order by o.path, p.sort_key",
        bounds,
    )?;
    seats.sort_by_key(|s| s.role);
    Ok(Around {
        members: members(tx, path, on)?,
        seats,
        issued: per_org(tx, "select org_id, count(*) from issued where org_id in ({}) group by org_id", leaving, &[])?,
        counters: counters(tx, leaving)?,
        meetings: per_org(
            tx,
            "select org_id, count(*) from meeting where org_id in ({}) and state not in ('sealed', 'cancelled') group by org_id",
            leaving,
            &[],
        )?,
        tasks: per_org(
            tx,
            "select org_id, count(*) from task where org_id in ({}) and in_force = 1
             and state in ('open', 'reported', 'returned') group by org_id",
            leaving,
            &[],
        )?,
        figures: per_org(
            tx,
            "select org_id, count(*) from rule_override where org_id in ({})
             and (to_date is null or to_date > $1) group by org_id",
            leaving,
            values![on],
        )?,
    })
}

/// Members of each cell of a part of the tree.
///
/// # Errors
/// Database faults only.
pub fn members(tx: &mut Tx, path: &str, on: Date) -> db::Result<BTreeMap<OrgId, i64>> {
    let rows: Vec<(OrgId, i64)> = tx.all(
        "select m.org_id, count(*) from org o join membership m on m.org_id = o.org_id
         where o.path >= $1 and o.path < $2 and m.from_date <= $3 and (m.to_date is null or m.to_date > $3) group by m.org_id",
        values![path, format!("{path}~"), on],
    )?;
    Ok(rows.into_iter().collect())
}

fn per_org(tx: &mut Tx, sql: &str, orgs: &[OrgId], before: &[Value]) -> db::Result<BTreeMap<OrgId, i64>> {
    let (places, v) = db::listed(before, orgs);
    let rows: Vec<(OrgId, i64)> = tx.all(&sql.replace("{}", &places), &v)?;
    Ok(rows.into_iter().collect())
}

fn counters(tx: &mut Tx, orgs: &[OrgId]) -> db::Result<Vec<Counter>> {
    let (places, v) = db::listed(&[], orgs);
    tx.all(
        &format!(
            "select s.org_id, s.kind, s.last from number_seq s
             join term t on t.org_id = s.org_id and t.term_id = s.term_id and t.to_date is null
             where s.org_id in ({places}) order by s.org_id, s.kind"
        ),
        &v,
    )
}
