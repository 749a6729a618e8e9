//! Posts, terms, official members and figures of a whole part of the tree: one statement for each,
//! however many organisations there are. Rules: L10.

use std::collections::BTreeMap;

use db::{Tx, values};
use domain::id::{OrgId, PersonId, TermId};
use domain::post::{Post, Role};
use domain::posts_due::Term;
use domain::rulepack::{Override, Rules, Span, Value};
use domain::tree;
use jiff::civil::Date;

use crate::actor::Actor;
use crate::audit::store as audit;
use crate::org::store::Org;

/// How many organisations one page looks at.
pub const LIMIT: usize = 3000;

/// A leading post with the name of who holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leader {
    /// Where.
    pub org: OrgId,
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

db::row!(Leader { org, person, name, role: code, from, to });

impl Leader {
    /// The post as the rules see it.
    pub fn post(&self) -> Post {
        Post { person: self.person, role: self.role, org: self.org, from: self.from, to: self.to }
    }
}

/// The part of the tree from one path to the end of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Path of the top.
    pub top: String,
    /// The first path that no longer belongs to it.
    pub end: String,
}

impl Part {
    /// Everything at or below a path.
    pub fn under(path: &str) -> Self {
        Self { top: path.to_owned(), end: format!("{path}~") }
    }
}

/// Leading posts held on a date, by organisation.
///
/// # Errors
/// Database faults only.
pub fn leaders(tx: &mut Tx, part: &Part, on: Date) -> db::Result<BTreeMap<OrgId, Vec<Leader>>> {
    let rows: Vec<Leader> = tx.all(
        "select t.org_id, t.person_id, p.name, t.role, t.from_date, t.to_date from org o join post t on t.org_id = o.org_id
         join person p on p.person_id = t.person_id
         where o.path >= $1 and o.path < $2 and t.role in ('secretary', 'deputy', 'committee', 'standing')
         and t.from_date <= $3 and (t.to_date is null or t.to_date > $3) order by p.sort_key, p.person_id",
        values![part.top, part.end, on],
    )?;
    let mut out: BTreeMap<OrgId, Vec<Leader>> = BTreeMap::new();
    for row in rows {
        out.entry(row.org).or_default().push(row);
    }
    Ok(out)
}

/// How many official members each cell has on a date.
///
/// # Errors
/// Database faults only.
pub fn official(tx: &mut Tx, part: &Part, on: Date) -> db::Result<BTreeMap<OrgId, u32>> {
    let rows: Vec<(OrgId, i64)> = tx.all(
        "select m.org_id, count(*) from org o join membership m on m.org_id = o.org_id
         where o.path >= $1 and o.path < $2 and m.standing = 'official'
         and m.from_date <= $3 and (m.to_date is null or m.to_date > $3) group by m.org_id",
        values![part.top, part.end, on],
    )?;
    Ok(rows.into_iter().map(|(org, n)| (org, u32::try_from(n).unwrap_or(u32::MAX))).collect())
}

/// The term each organisation is in on a date, with its name.
///
/// # Errors
/// Database faults only.
pub fn terms(tx: &mut Tx, part: &Part, on: Date) -> db::Result<BTreeMap<OrgId, (String, Term)>> {
    type Row = (OrgId, String, Date, Option<Date>, Option<i64>);
    let rows: Vec<Row> = tx.all(
        "select t.org_id, t.name, t.from_date, t.to_date, t.seats from org o join term t on t.org_id = o.org_id
         where o.path >= $1 and o.path < $2 and t.from_date <= $3 and (t.to_date is null or t.to_date > $3) order by t.from_date",
        values![part.top, part.end, on],
    )?;
    let term =
        |(org, name, from, to, seats): Row| (org, (name, Term { from, to, seats: seats.and_then(|n| u32::try_from(n).ok()) }));
    Ok(rows.into_iter().map(term).collect())
}

/// The figures of leaders as packs have them.
pub const FIGURES: [&str; 6] = [
    "org.min_official_members",
    "org.committee_from",
    "org.committee_max",
    "org.term_years",
    "org.term_months_sub",
    "org.congress_notice_months",
];

/// What is set of these figures in a part of the tree and above it: by whom.
///
/// # Errors
/// Database faults only.
pub fn overrides(tx: &mut Tx, top: &Org, part: &Part, rules: &Rules) -> db::Result<Vec<(OrgId, Override)>> {
    let above = tree::ids(&top.path).unwrap_or_default();
    let (places, mut v) = db::listed(values![part.top, part.end], &above);
    let keys: Vec<String> = (v.len() + 1..=v.len() + FIGURES.len()).map(|n| format!("${n}")).collect();
    v.extend(FIGURES.iter().flat_map(|k| values![*k].to_vec()));
    let sql = format!(
        "select r.org_id, o.path, r.key, r.from_date, r.to_date, r.value, r.document from rule_override r
         join org o on o.org_id = r.org_id
         where ((o.path >= $1 and o.path < $2) or o.org_id in ({places})) and r.key in ({})",
        keys.join(", ")
    );
    let mut out = Vec::new();
    tx.each(&sql, &v, |row| {
        let (org, path, key, to): (OrgId, String, String, Option<Date>) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(4)?);
        // Rows end on the first day they no longer hold, spans on the last day they do.
        let span = Span { from: row.get(3)?, to: to.map(|day| day.yesterday().unwrap_or(day)) };
        let text: String = row.get(5)?;
        if let Some(value) = rules.figure(&key).and_then(|f| Value::parse(f.unit, &text)) {
            out.push((org, Override { depth: tree::depth(&path), key, span, value, document: row.get(6)? }));
        }
        Ok(())
    })?;
    Ok(out)
}

/// Organisations at or below a path that live on a date, in the order of the tree; at most [`LIMIT`] and one more.
///
/// # Errors
/// Database faults only.
pub fn below(tx: &mut Tx, path: &str, on: Date) -> db::Result<Vec<Unit>> {
    let part = Part::under(path);
    tx.all(
        &format!(
            "select o.org_id, o.path, o.is_cell, n.short_name, n.kind from org o
             join org_name n on n.org_id = o.org_id and n.from_date <= $3 and (n.to_date is null or n.to_date > $3)
             where o.path >= $1 and o.path < $2 and o.born_on <= $3 and (o.ended_on is null or o.ended_on > $3)
             order by o.path limit {}",
            LIMIT + 1
        ),
        values![part.top, part.end, on],
    )
}

/// An organisation of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Which.
    pub org: OrgId,
    /// Its place in the tree.
    pub path: String,
    /// Whether members belong to it directly.
    pub is_cell: bool,
    /// Its name in lists.
    pub name: String,
    /// Its kind, a code of the rule packs.
    pub kind: String,
}

db::row!(Unit { org, path, is_cell, name, kind });

/// Records how many the committee has, as the congress of the present term decided; nothing takes it back.
///
/// # Errors
/// `Conflict` when no term is on record; database faults.
pub fn set_seats(tx: &mut Tx, actor: &Actor, org: OrgId, seats: Option<u32>) -> db::Result<()> {
    let term: TermId = tx
        .scalar_opt(
            "select term_id from term where org_id = $1 and from_date <= $2 and (to_date is null or to_date > $2)
         order by from_date desc limit 1",
            values![org, actor.today()],
        )?
        .ok_or(db::Error::Conflict)?;
    tx.exec("update term set seats = $3 where org_id = $1 and term_id = $2", values![org, term, seats.map(i64::from)])?;
    audit::record(tx, actor, org, "term.seats", &format!("term:{term}"), "")
}
