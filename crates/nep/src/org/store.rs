//! Organisations as rows. Names, kinds and edges are dated and half-open: `to_date` is the first
//! day something no longer holds. Nothing that was recorded before a change is touched by it.

pub mod change;
pub mod history;
pub mod people;
pub mod rules;

use std::collections::{BTreeMap, BTreeSet};

use db::{Tx, values};
use domain::id::{OrgId, PersonId, PostId, TermId};
use domain::post::Role;
use domain::rulepack::{Override, Rules, Span, Unit, Value};
use domain::search::Kind;
use domain::{tree, vi};
use jiff::civil::Date;

use crate::actor::Actor;
use crate::audit::store as audit;
use crate::board::store as board;
use crate::search::store::source as index;

/// An organisation as it is called on a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Org {
    /// Identifier.
    pub id: OrgId,
    /// Present place in the tree.
    pub path: String,
    /// Whether members belong to it directly.
    pub is_cell: bool,
    /// First day of its life.
    pub born_on: Date,
    /// First day it no longer lives.
    pub ended_on: Option<Date>,
    /// Full name on the date.
    pub name: String,
    /// Name for lists.
    pub short_name: String,
    /// Kind, a code of the rule packs.
    pub kind: String,
    /// Symbol in document numbers.
    pub symbol: String,
    /// Place name written on documents.
    pub place: String,
    /// Type of cell, a code of the rule packs.
    pub cell_type: Option<String>,
    /// Whether it is a pilot (chỉ đạo điểm).
    pub pilot: bool,
    /// For "someone saved first".
    pub version: i64,
}

db::row!(Org { id, path, is_cell, born_on, ended_on, name, short_name, kind, symbol, place, cell_type, pilot, version });

const COLUMNS: &str = "o.org_id, o.path, o.is_cell, o.born_on, o.ended_on, n.name, n.short_name, n.kind, n.symbol,
    n.place, n.cell_type, n.pilot, o.version";

impl Org {
    /// The organisation directly above, if any.
    pub fn parent(&self) -> Option<OrgId> {
        let ids = tree::ids(&self.path).unwrap_or_default();
        ids.len().checked_sub(2).and_then(|i| ids.get(i).copied())
    }

    /// The topmost organisation of its tree: the one whose ledger it writes to.
    pub fn root(&self) -> OrgId {
        tree::ids(&self.path).unwrap_or_default().first().copied().unwrap_or(self.id)
    }
}

/// An organisation with the name and kind it had on a date.
///
/// # Errors
/// `NotFound`; database faults.
pub fn get(tx: &mut Tx, org: OrgId, on: Date) -> db::Result<Org> {
    tx.one(
        &format!(
            "select {COLUMNS} from org o join org_name n on n.org_id = o.org_id
             where o.org_id = $1 and n.from_date <= $2 order by n.from_date desc limit 1"
        ),
        values![org, on],
    )
}

/// Short names of organisations on a date.
///
/// # Errors
/// Database faults only.
pub fn short_names(tx: &mut Tx, orgs: &[OrgId], on: Date) -> db::Result<BTreeMap<OrgId, String>> {
    let (places, v) = db::listed(values![on], orgs);
    let names: Vec<(OrgId, String)> = tx.all(
        &format!(
            "select n.org_id, n.short_name from org_name n where n.org_id in ({places}) and n.from_date =
             (select max(x.from_date) from org_name x where x.org_id = n.org_id and x.from_date <= $1)"
        ),
        &v,
    )?;
    Ok(names.into_iter().collect())
}

/// The types of cells on a date, where one is set.
///
/// # Errors
/// Database faults only.
pub fn cell_types(tx: &mut Tx, orgs: &[OrgId], on: Date) -> db::Result<BTreeMap<OrgId, String>> {
    let (places, v) = db::listed(values![on], orgs);
    let types: Vec<(OrgId, Option<String>)> = tx.all(
        &format!(
            "select n.org_id, n.cell_type from org_name n where n.org_id in ({places}) and n.from_date =
             (select max(x.from_date) from org_name x where x.org_id = n.org_id and x.from_date <= $1)"
        ),
        &v,
    )?;
    Ok(types.into_iter().filter_map(|(org, cell_type)| Some((org, cell_type?))).collect())
}

/// The organisation above, with its name on a date.
///
/// # Errors
/// Database faults only.
pub fn above(tx: &mut Tx, org: &Org, on: Date) -> db::Result<Option<Org>> {
    match org.parent() {
        Some(parent) => get(tx, parent, on).map(Some),
        None => Ok(None),
    }
}

/// Everything at or below `path` that lives on a date, in tree order.
///
/// # Errors
/// Database faults only.
pub fn below(tx: &mut Tx, path: &str, on: Date) -> db::Result<Vec<Org>> {
    tx.all(
        &format!(
            "select {COLUMNS} from org o
             join org_name n on n.org_id = o.org_id and n.from_date <= $3 and (n.to_date is null or n.to_date > $3)
             where o.path >= $1 and o.path < $2 and o.born_on <= $3 and (o.ended_on is null or o.ended_on > $3)
             order by o.path"
        ),
        values![path, format!("{path}~"), on],
    )
}

/// What is needed to found an organisation.
#[derive(Debug, Clone)]
pub struct NewOrg {
    /// Organisation above; `None` for the top of a tree.
    pub parent: Option<OrgId>,
    /// Full name.
    pub name: String,
    /// Name for lists.
    pub short_name: String,
    /// Kind, a code of the rule packs.
    pub kind: String,
    /// Symbol in document numbers.
    pub symbol: String,
    /// Whether members belong to it directly.
    pub is_cell: bool,
    /// Place name written on documents.
    pub place: String,
    /// Type of cell.
    pub cell_type: Option<String>,
    /// First day.
    pub born_on: Date,
    /// Deciding document, as cited.
    pub document: Option<String>,
}

/// Founds an organisation with its first name, edge and term.
///
/// # Errors
/// `NotFound` when the parent does not exist; database faults.
pub fn found(tx: &mut Tx, actor: &Actor, new: &NewOrg) -> db::Result<OrgId> {
    let id: OrgId = actor.id();
    let above = match new.parent {
        Some(parent) => Some(tx.scalar::<String>("select path from org where org_id = $1", values![parent])?),
        None => None,
    };
    let path = tree::child_path(above.as_deref(), id);
    tx.exec(
        "insert into org (org_id, path, is_cell, born_on) values ($1, $2, $3, $4)",
        values![id, path, new.is_cell, new.born_on],
    )?;
    insert_name(tx, id, new.born_on, new)?;
    tx.exec(
        "insert into org_edge (org_id, from_date, parent_id, path, document) values ($1, $2, $3, $4, $5)",
        values![id, new.born_on, new.parent, path, new.document],
    )?;
    if new.is_cell {
        board::changed_below(tx, actor, &BTreeSet::from([id]), new.born_on)?;
    }
    audit::record(tx, actor, id, "org.founded", &format!("org:{id}"), "")?;
    Ok(id)
}

/// Writes the name an organisation bears from a date on.
///
/// # Errors
/// `Unique` when it was already renamed on that date; database faults.
pub fn insert_name(tx: &mut Tx, org: OrgId, from: Date, new: &NewOrg) -> db::Result<()> {
    tx.exec(
        "insert into org_name (org_id, from_date, name, short_name, folded, kind, symbol, place, cell_type, document)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        values![
            org,
            from,
            new.name,
            new.short_name,
            vi::fold(&new.name),
            new.kind,
            new.symbol,
            new.place,
            new.cell_type,
            new.document
        ],
    )?;
    index::refresh(tx, org, Kind::Org, org.raw())
}

/// The term (nhiệm kỳ) a date falls into: document numbers run within it (TH-19).
///
/// # Errors
/// Database faults only.
pub fn term_on(tx: &mut Tx, org: OrgId, on: Date) -> db::Result<Option<(TermId, String)>> {
    tx.opt(
        "select term_id, name from term where org_id = $1 and from_date <= $2 and (to_date is null or to_date > $2)
         order by from_date desc limit 1",
        values![org, on],
    )
}

/// Opens a term; the one before it ends on the same day.
///
/// # Errors
/// Database faults only.
pub fn open_term(tx: &mut Tx, actor: &Actor, org: OrgId, name: &str, from: Date) -> db::Result<TermId> {
    let id: TermId = actor.id();
    tx.exec(
        "update term set to_date = $2 where org_id = $1 and from_date < $2 and (to_date is null or to_date > $2)",
        values![org, from],
    )?;
    tx.exec("insert into term (org_id, term_id, name, from_date) values ($1, $2, $3, $4)", values![org, id, name, from])?;
    audit::record(tx, actor, org, "term.opened", &format!("term:{id}"), "")?;
    Ok(id)
}

/// A post with the name of who holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Identifier of the post.
    pub id: PostId,
    /// Who.
    pub person: PersonId,
    /// Full name.
    pub name: String,
    /// What.
    pub role: Role,
    /// First day.
    pub from: Date,
    /// First day no longer held.
    pub to: Option<Date>,
}

db::row!(Held { id, person, name, role: code, from, to });

/// Posts of an organisation held on a date, leaders first.
///
/// # Errors
/// Database faults only.
pub fn posts_on(tx: &mut Tx, org: OrgId, on: Date) -> db::Result<Vec<Held>> {
    let mut held: Vec<Held> = tx.all(
        "select t.post_id, t.person_id, p.name, t.role, t.from_date, t.to_date from post t
         join person p on p.person_id = t.person_id
         where t.org_id = $1 and t.from_date <= $2 and (t.to_date is null or t.to_date > $2)
         order by p.sort_key",
        values![org, on],
    )?;
    held.sort_by_key(|h| h.role);
    Ok(held)
}

/// Every post an organisation ever had, for rules about overlaps.
///
/// # Errors
/// Database faults only.
pub fn posts_ever(tx: &mut Tx, org: OrgId) -> db::Result<Vec<domain::post::Post>> {
    let rows: Vec<Held> = tx.all(
        "select t.post_id, t.person_id, p.name, t.role, t.from_date, t.to_date from post t
         join person p on p.person_id = t.person_id where t.org_id = $1",
        values![org],
    )?;
    Ok(rows.into_iter().map(|h| domain::post::Post { person: h.person, role: h.role, org, from: h.from, to: h.to }).collect())
}

/// Gives a person a post from a date on.
///
/// # Errors
/// Database faults only; whether the post may be given is `domain::post::appoint`.
pub fn appoint(
    tx: &mut Tx,
    actor: &Actor,
    org: OrgId,
    person: PersonId,
    role: Role,
    from: Date,
    document: Option<&str>,
) -> db::Result<PostId> {
    use domain::code::Code;
    let id: PostId = actor.id();
    tx.exec(
        "insert into post (org_id, post_id, person_id, role, from_date, document) values ($1, $2, $3, $4, $5, $6)",
        values![org, id, person, role.code(), from, document],
    )?;
    audit::record(tx, actor, org, "post.given", &format!("post:{id}"), role.code())?;
    Ok(id)
}

/// Ends a post: `to` is the first day it is no longer held.
///
/// # Errors
/// `Conflict` when it has ended already; database faults.
pub fn end_post(tx: &mut Tx, actor: &Actor, org: OrgId, post: PostId, to: Date) -> db::Result<()> {
    tx.changed("update post set to_date = $3 where org_id = $1 and post_id = $2 and to_date is null", values![org, post, to])?;
    audit::record(tx, actor, org, "post.ended", &format!("post:{post}"), "")
}

/// The rules that hold for an organisation: the packs of the date with what the committees above
/// have set for their part of the tree; the nearest one wins.
///
/// # Errors
/// Database faults only.
pub fn rules_for(tx: &mut Tx, org: &Org, rules: &Rules) -> db::Result<Rules> {
    Ok(rules.with_overrides(&overrides(tx, org, |key| rules.figure(key).map(|f| f.unit))?))
}

/// What an organisation and those above it have set for their part of the tree, of any date;
/// `unit` says how the value of a figure is read, nothing for a figure nobody knows.
///
/// # Errors
/// Database faults only.
pub fn overrides(tx: &mut Tx, org: &Org, unit: impl Fn(&str) -> Option<Unit>) -> db::Result<Vec<Override>> {
    let path = tree::ids(&org.path).unwrap_or_default();
    let (places, v) = db::listed(&[], &path);
    let mut out = Vec::new();
    tx.each(
        &format!("select org_id, key, from_date, to_date, value, document from rule_override where org_id in ({places})"),
        &v,
        |row| {
            let (set_by, key, to): (OrgId, String, Option<Date>) = (row.get(0)?, row.get(1)?, row.get(3)?);
            // Rows end on the first day they no longer hold, spans on the last day they do.
            let span = Span { from: row.get(2)?, to: to.map(|day| day.yesterday().unwrap_or(day)) };
            let text: String = row.get(4)?;
            let value = unit(&key).and_then(|unit| Value::parse(unit, &text));
            if let (Some(depth), Some(value)) = (path.iter().position(|id| *id == set_by), value) {
                out.push(Override { depth, key, span, value, document: row.get(5)? });
            }
            Ok(())
        },
    )?;
    Ok(out)
}

/// What is written on documents and shown in lists, beside name and kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Particulars {
    /// Name for lists.
    pub short_name: String,
    /// Place name written on documents.
    pub place: String,
    /// Type of cell.
    pub cell_type: Option<String>,
    /// Whether it is a pilot (chỉ đạo điểm).
    pub pilot: bool,
}

/// Sets the particulars from a date on; name and kind go on. On the first day of the present name
/// they are corrected in place, otherwise a new dated row begins.
///
/// # Errors
/// `Conflict` when the date lies before the present name began; database faults.
pub fn set_particulars(tx: &mut Tx, actor: &Actor, org: OrgId, on: Date, new: &Particulars) -> db::Result<()> {
    let from: Date =
        tx.scalar("select from_date from org_name where org_id = $1 and to_date is null and from_date <= $2", values![org, on])?;
    if from < on {
        tx.exec(
            "insert into org_name (org_id, from_date, name, short_name, folded, kind, symbol, place, cell_type, pilot)
             select org_id, $2, name, short_name, folded, kind, symbol, place, cell_type, pilot from org_name
             where org_id = $1 and from_date = $3",
            values![org, on, from],
        )?;
        tx.exec("update org_name set to_date = $2 where org_id = $1 and from_date = $3", values![org, on, from])?;
    }
    tx.exec(
        "update org_name set short_name = $3, place = $4, cell_type = $5, pilot = $6 where org_id = $1 and from_date = $2",
        values![org, on.max(from), new.short_name, new.place, new.cell_type, new.pilot],
    )?;
    tx.exec("update org set version = version + 1 where org_id = $1", values![org])?;
    index::refresh(tx, org, Kind::Org, org.raw())?;
    audit::record(tx, actor, org, "org.particulars", &format!("org:{org}"), "")
}

/// One post of an organisation.
///
/// # Errors
/// `NotFound`; database faults.
pub fn post(tx: &mut Tx, org: OrgId, post: PostId) -> db::Result<Held> {
    tx.one(
        "select t.post_id, t.person_id, p.name, t.role, t.from_date, t.to_date from post t
         join person p on p.person_id = t.person_id where t.org_id = $1 and t.post_id = $2",
        values![org, post],
    )
}

/// A post of one person, with the organisation's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnPost {
    /// Where.
    pub org: OrgId,
    /// Name of the organisation when the post began.
    pub org_name: String,
    /// Whether it is a cell.
    pub is_cell: bool,
    /// What.
    pub role: Role,
    /// First day.
    pub from: Date,
    /// First day no longer held.
    pub to: Option<Date>,
}

db::row!(OwnPost { org, org_name, is_cell, role: code, from, to });

/// Every post a person ever held, newest first.
///
/// # Errors
/// Database faults only.
pub fn posts_of(tx: &mut Tx, person: PersonId) -> db::Result<Vec<OwnPost>> {
    tx.all(
        "select t.org_id, n.name, o.is_cell, t.role, t.from_date, t.to_date from post t
         join org o on o.org_id = t.org_id
         join org_name n on n.org_id = t.org_id and n.from_date = (select max(x.from_date) from org_name x
           where x.org_id = t.org_id and x.from_date <= t.from_date)
         where t.person_id = $1 order by t.from_date desc, t.role",
        values![person],
    )
}
