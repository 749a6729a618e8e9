//! Reorganisation as rows: the facts a plan is made from, and a plan carried out step by step.
//! Touches organisations, edges, names, posts and stays; ends rows and begins others, never rewrites what
//! was recorded. Rules: TC-20 … TC-25.

use std::collections::{BTreeMap, BTreeSet};

use db::{Tx, values};
use domain::code::Code;
use domain::id::{MembershipId, OrgId, PersonId, RowId};
use domain::roll::Standing;
use domain::rulepack::Rules;
use domain::search::Kind;
use domain::tree::{self, Member, Node, Plan, Step};
use domain::vi;
use jiff::civil::Date;

use super::history::Happened;
use super::{Org, get, open_term, term_on};
use crate::actor::Actor;
use crate::audit::store as audit;
use crate::board::store as board;
use crate::member::store as members;
use crate::search::store::source as index;

/// Every organisation of a tree that is not over, as the planner reads them.
///
/// # Errors
/// Database faults only.
pub fn nodes(tx: &mut Tx, root: OrgId) -> db::Result<Vec<Node>> {
    let mut nodes = Vec::new();
    let path: String = tx.scalar("select path from org where org_id = $1", values![root])?;
    tx.each(
        "select o.org_id, o.path, o.ended_on, n.name, n.kind, n.from_date, e.parent_id, e.from_date from org o
         join org_name n on n.org_id = o.org_id and n.to_date is null
         join org_edge e on e.org_id = o.org_id and e.to_date is null
         where o.path >= $1 and o.path < $2 and o.ended_on is null order by o.path",
        values![path, format!("{path}~")],
        |row| {
            nodes.push(Node {
                id: row.get(0)?,
                path: row.get(1)?,
                to: row.get(2)?,
                name: row.get(3)?,
                kind: row.get(4)?,
                version_from: row.get(5)?,
                parent: row.get(6)?,
                edge_from: row.get(7)?,
            });
            Ok(())
        },
    )?;
    Ok(nodes)
}

/// Stays of an organisation that are not over on a date, in the order of the roll.
///
/// # Errors
/// Database faults only.
pub fn open_stays(tx: &mut Tx, org: OrgId, on: Date) -> db::Result<Vec<Stay>> {
    tx.all(
        "select membership_id, person_id, name, standing, from_date, number from membership
         where org_id = $1 and (to_date is null or to_date > $2) order by number, sort_key",
        values![org, on],
    )
}

/// A stay that a reorganisation may carry elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stay {
    /// Which.
    pub id: MembershipId,
    /// Whose.
    pub person: PersonId,
    /// Name as printed on the roll.
    pub name: String,
    /// Standing.
    pub standing: Standing,
    /// First day.
    pub from: Date,
    /// Number on the roll.
    pub number: i64,
}

db::row!(Stay { id, person, name, standing: code, from, number });

/// The same stays as the planner reads them.
pub fn as_members(org: OrgId, stays: &[Stay]) -> Vec<Member> {
    stays
        .iter()
        .map(|s| Member {
            id: s.id,
            org,
            from: s.from,
            official: matches!(s.standing, Standing::Official | Standing::TemporaryAway | Standing::Exempt),
        })
        .collect()
}

/// What a plan needs beside its steps.
#[derive(Debug, Clone)]
pub struct Reform<'a> {
    /// The day it takes effect.
    pub on: Date,
    /// Deciding document, as cited.
    pub document: Option<&'a str>,
    /// The organisation new ones take place, type and term from.
    pub like: OrgId,
    /// New ones that take them from another.
    pub likes: BTreeMap<OrgId, OrgId>,
    /// What to write in the histories: of which organisation, what, with which other.
    pub events: &'a [(OrgId, Happened, Option<OrgId>)],
    /// Rules of the day, for the symbols of kinds.
    pub rules: &'a Rules,
}

/// Carries a plan out, in the caller's transaction.
///
/// # Errors
/// `Conflict` when what is to end has ended already; database faults.
pub fn carry_out(tx: &mut Tx, actor: &Actor, plan: &Plan, reform: &Reform) -> db::Result<()> {
    let mut likes = BTreeMap::from([(reform.like, get(tx, reform.like, reform.on)?)]);
    for other in reform.likes.values() {
        if !likes.contains_key(other) {
            likes.insert(*other, get(tx, *other, reform.on)?);
        }
    }
    let like = |org: &OrgId| {
        let like = reform.likes.get(org).unwrap_or(&reform.like);
        likes.get(like).ok_or(db::Error::NotFound)
    };
    let mut founded: BTreeMap<OrgId, Date> = BTreeMap::new();
    for step in &plan.steps {
        match step {
            Step::Found { org, on } => found(tx, actor, *org, *on, &mut founded)?,
            Step::OpenVersion { org, name, kind, on } => open_version(tx, *org, name, kind, *on, like(org)?, reform)?,
            Step::CloseVersion { org, on } => {
                tx.changed("update org_name set to_date = $2 where org_id = $1 and to_date is null", values![org, on])?
            }
            Step::OpenEdge { org, parent, on } => open_edge(tx, *org, *parent, *on, &founded, reform)?,
            Step::CloseEdge { org, on } => {
                tx.changed("update org_edge set to_date = $2 where org_id = $1 and to_date is null", values![org, on])?
            }
            Step::MovePaths { old, new } => move_paths(tx, old, new)?,
            Step::MoveMember { membership, to, on } => move_member(tx, actor, *membership, *to, *on, reform.document)?,
            Step::EndPosts { org, on } => end_posts(tx, *org, *on)?,
            Step::Dissolve { org, on } => {
                tx.changed(
                    "update org set ended_on = $2, version = version + 1 where org_id = $1 and ended_on is null",
                    values![org, on],
                )?;
                tx.exec("update term set to_date = $2 where org_id = $1 and to_date is null", values![org, on])?;
                audit::record(tx, actor, *org, "org.dissolved", &format!("org:{org}"), "")?;
            }
        }
    }
    for org in founded.keys() {
        new_term(tx, actor, *org, like(org)?, reform.on)?;
    }
    board::changed_below(tx, actor, &touched(plan), reform.on)?;
    for (org, what, other) in reform.events {
        note(tx, actor, *org, *what, *other, reform.on, reform.document)?;
    }
    Ok(())
}

/// The organisations whose place, kind or life a plan changes: sums of the months since then are carried anew.
pub fn touched(plan: &Plan) -> BTreeSet<OrgId> {
    let org = |step: &Step| match step {
        Step::Found { org, .. }
        | Step::OpenVersion { org, .. }
        | Step::CloseVersion { org, .. }
        | Step::OpenEdge { org, .. }
        | Step::CloseEdge { org, .. }
        | Step::Dissolve { org, .. } => Some(*org),
        Step::MovePaths { .. } | Step::MoveMember { .. } | Step::EndPosts { .. } => None,
    };
    plan.steps.iter().filter_map(org).collect()
}

fn found(tx: &mut Tx, actor: &Actor, org: OrgId, on: Date, founded: &mut BTreeMap<OrgId, Date>) -> db::Result<()> {
    // The path is known when the edge is; this one is unique until then.
    let path = tree::child_path(None, org);
    tx.exec("insert into org (org_id, path, is_cell, born_on) values ($1, $2, 0, $3)", values![org, path, on])?;
    audit::record(tx, actor, org, "org.founded", &format!("org:{org}"), "")?;
    founded.insert(org, on);
    Ok(())
}

fn open_version(tx: &mut Tx, org: OrgId, name: &str, kind: &str, on: Date, like: &Org, reform: &Reform) -> db::Result<()> {
    let before: Option<(String, String, String, String, Option<String>, bool)> = tx.opt(
        "select name, short_name, kind, place, cell_type, pilot from org_name where org_id = $1 order by from_date desc limit 1",
        values![org],
    )?;
    let rule = reform.rules.org_kind(kind);
    let (short, place, cell_type, pilot) = match before {
        // A change of the kind alone keeps the short name.
        Some((old, short, _, place, cell_type, pilot)) => {
            (if old == name { short } else { name.to_owned() }, place, cell_type, pilot)
        }
        None => (name.to_owned(), like.place.clone(), like.cell_type.clone(), false),
    };
    let symbol = rule.map_or(like.symbol.as_str(), |k| k.symbol.as_str());
    tx.exec(
        "insert into org_name (org_id, from_date, name, short_name, folded, kind, symbol, place, cell_type, pilot, document)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        values![org, on, name, short, vi::fold(name), kind, symbol, place, cell_type, pilot, reform.document],
    )?;
    let is_cell = rule.is_some_and(|k| k.is_cell);
    tx.exec("update org set is_cell = $2, version = version + 1 where org_id = $1", values![org, is_cell])?;
    index::refresh(tx, org, Kind::Org, org.raw())
}

fn open_edge(
    tx: &mut Tx,
    org: OrgId,
    parent: Option<OrgId>,
    on: Date,
    founded: &BTreeMap<OrgId, Date>,
    reform: &Reform,
) -> db::Result<()> {
    let above: Option<String> = match parent {
        Some(parent) => Some(tx.scalar("select path from org where org_id = $1", values![parent])?),
        None => None,
    };
    let path = tree::child_path(above.as_deref(), org);
    if founded.contains_key(&org) {
        tx.exec("update org set path = $2 where org_id = $1", values![org, path])?;
    }
    tx.exec(
        "insert into org_edge (org_id, from_date, parent_id, path, document) values ($1, $2, $3, $4, $5)",
        values![org, on, parent, path, reform.document],
    )?;
    Ok(())
}

fn move_paths(tx: &mut Tx, old: &str, new: &str) -> db::Result<()> {
    let rows: Vec<(OrgId, String)> =
        tx.all("select org_id, path from org where path >= $1 and path < $2", values![old, format!("{old}~")])?;
    for (org, path) in rows {
        let tail = path.strip_prefix(old).unwrap_or_default();
        tx.exec("update org set path = $2, version = version + 1 where org_id = $1", values![org, format!("{new}{tail}")])?;
    }
    Ok(())
}

fn move_member(tx: &mut Tx, actor: &Actor, stay: MembershipId, to: OrgId, on: Date, document: Option<&str>) -> db::Result<()> {
    let (from, person, standing): (OrgId, PersonId, String) =
        tx.one("select org_id, person_id, standing from membership where membership_id = $1", values![stay])?;
    tx.changed(
        "update membership set to_date = $3, reason = 'reorganised', version = version + 1
         where org_id = $1 and membership_id = $2 and (to_date is null or to_date > $3)",
        values![from, stay, on],
    )?;
    let standing = Standing::from_code(&standing).ok_or_else(|| db::Error::Corrupt("an unknown standing".to_owned()))?;
    members::join(tx, actor, to, person, standing, on, document)?;
    Ok(())
}

fn end_posts(tx: &mut Tx, org: OrgId, on: Date) -> db::Result<()> {
    // A post that was to begin later never begins: it ends on its first day.
    tx.exec(
        "update post set to_date = case when from_date > $2 then from_date else $2 end
         where org_id = $1 and (to_date is null or to_date > $2)",
        values![org, on],
    )?;
    Ok(())
}

/// A founded organisation counts its documents in the term of the one it comes from.
fn new_term(tx: &mut Tx, actor: &Actor, org: OrgId, like: &Org, on: Date) -> db::Result<()> {
    let name = match term_on(tx, like.id, on)? {
        Some((_, name)) => name,
        None => format!("{}-{}", on.year(), on.year() + 5),
    };
    open_term(tx, actor, org, &name, on)?;
    Ok(())
}

/// Writes a line in the history of an organisation.
///
/// # Errors
/// Database faults only.
pub fn note(
    tx: &mut Tx,
    actor: &Actor,
    org: OrgId,
    what: Happened,
    other: Option<OrgId>,
    on: Date,
    document: Option<&str>,
) -> db::Result<()> {
    let id: RowId = actor.id();
    let by = (actor.person.raw() != 0).then_some(actor.person);
    tx.exec(
        "insert into org_change (org_id, change_id, on_date, kind, other_id, document, at, by_person)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![org, id, on, what.code(), other, document, actor.now, by],
    )?;
    let detail = other.map(|o| o.to_string()).unwrap_or_default();
    audit::record(tx, actor, org, &format!("org.{}", what.code()), &format!("org:{org}"), &detail)
}
