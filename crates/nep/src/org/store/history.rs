//! What an organisation was: its names, its places in the tree, what came from what, its terms.
//! Touches organisations' dated rows only, to read. Rules: TC-20 … TC-26, TH-19.

use db::{Tx, values};
use domain::id::{OrgId, TermId};
use jiff::civil::Date;

use super::Org;

/// A name an organisation bore for a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// First day.
    pub from: Date,
    /// First day no longer.
    pub to: Option<Date>,
    /// Full name.
    pub name: String,
    /// Kind, a code of the rule packs.
    pub kind: String,
    /// Place written on documents.
    pub place: String,
    /// Deciding document.
    pub document: Option<String>,
}

db::row!(Named { from, to, name, kind, place, document });

/// Names of an organisation, newest first.
///
/// # Errors
/// Database faults only.
pub fn names(tx: &mut Tx, org: OrgId) -> db::Result<Vec<Named>> {
    tx.all(
        "select from_date, to_date, name, kind, place, document from org_name
         where org_id = $1 and (to_date is null or to_date > from_date) order by from_date desc",
        values![org],
    )
}

/// A place in the tree held for a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// First day.
    pub from: Date,
    /// First day no longer.
    pub to: Option<Date>,
    /// The organisation above, as it was called on the first day; empty on top.
    pub parent: Option<String>,
    /// Deciding document.
    pub document: Option<String>,
}

db::row!(Edge { from, to, parent, document });

/// Places of an organisation in the tree, newest first.
///
/// # Errors
/// Database faults only.
pub fn edges(tx: &mut Tx, org: OrgId) -> db::Result<Vec<Edge>> {
    tx.all(
        "select e.from_date, e.to_date, n.name, e.document from org_edge e
         left join org_name n on n.org_id = e.parent_id and n.from_date = (select max(x.from_date) from org_name x
           where x.org_id = e.parent_id and x.from_date <= e.from_date)
         where e.org_id = $1 and (e.to_date is null or e.to_date > e.from_date) order by e.from_date desc",
        values![org],
    )
}

domain::codes! {
    /// What happened to an organisation.
    pub enum Happened {
        /// It was founded.
        Founded = "founded" / "Thành lập",
        /// It was renamed or changed its kind.
        Renamed = "renamed" / "Đổi tên, đổi loại tổ chức",
        /// It went under another organisation.
        Moved = "moved" / "Chuyển về trực thuộc",
        /// Part of it became another organisation.
        SplitInto = "split_into" / "Chia, tách ra",
        /// It came from another organisation.
        SplitFrom = "split_from" / "Được tách từ",
        /// It went into another organisation.
        MergedInto = "merged_into" / "Nhập vào",
        /// Another organisation went into it.
        MergedFrom = "merged_from" / "Nhận nhập từ",
        /// It ended.
        Dissolved = "dissolved" / "Kết thúc hoạt động",
        /// A reorganisation was taken back.
        Restored = "restored" / "Hoàn tác việc sắp xếp, trở lại như trước",
    }
}

/// One change of an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The day it took effect.
    pub on: Date,
    /// What happened.
    pub what: Happened,
    /// The other organisation, as it was called on the day.
    pub other: Option<String>,
    /// Deciding document.
    pub document: Option<String>,
}

db::row!(Changed { on, what: code, other, document });

/// Changes of an organisation, newest first.
///
/// # Errors
/// Database faults only.
pub fn changes(tx: &mut Tx, org: OrgId) -> db::Result<Vec<Changed>> {
    tx.all(
        "select c.on_date, c.kind, n.name, c.document from org_change c
         left join org_name n on n.org_id = c.other_id and n.from_date = (select max(x.from_date) from org_name x
           where x.org_id = c.other_id and x.from_date <= c.on_date)
         where c.org_id = $1 order by c.on_date desc, c.change_id desc",
        values![org],
    )
}

/// A term of an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Which.
    pub id: TermId,
    /// Its name, as in `2025-2030`.
    pub name: String,
    /// First day.
    pub from: Date,
    /// First day no longer.
    pub to: Option<Date>,
}

db::row!(Term { id, name, from, to });

/// Terms of an organisation, newest first.
///
/// # Errors
/// Database faults only.
pub fn terms(tx: &mut Tx, org: OrgId) -> db::Result<Vec<Term>> {
    tx.all("select term_id, name, from_date, to_date from term where org_id = $1 order by from_date desc", values![org])
}

/// An organisation with how many members it and everything below it has.
#[derive(Debug, Clone)]
pub struct Counted {
    /// The organisation.
    pub org: Org,
    /// Members on the date, in it and below it.
    pub members: i64,
    /// Cells at or below it.
    pub cells: i64,
    /// The secretary's name, if there is one.
    pub secretary: Option<String>,
}

/// What stands directly under `parent` on a date, each with the counts of its whole part of the tree.
///
/// # Errors
/// Database faults only.
pub fn children(tx: &mut Tx, parent: &Org, on: Date) -> db::Result<Vec<Counted>> {
    let below = super::below(tx, &parent.path, on)?;
    let bounds = values![parent.path, format!("{}~", parent.path), on];
    let members: Vec<(OrgId, i64)> = tx.all(
        "select m.org_id, count(*) from membership m join org o on o.org_id = m.org_id
         where o.path >= $1 and o.path < $2 and m.from_date <= $3 and (m.to_date is null or m.to_date > $3)
         group by m.org_id",
        bounds,
    )?;
    let leaders: Vec<(OrgId, String)> = tx.all(
        "select t.org_id, p.name from post t join org o on o.org_id = t.org_id join person p on p.person_id = t.person_id
         where o.path >= $1 and o.path < $2 and t.role = 'secretary'
           and t.from_date <= $3 and (t.to_date is null or t.to_date > $3)",
        bounds,
    )?;
    let direct = below.iter().filter(|o| o.parent() == Some(parent.id));
    Ok(direct
        .map(|child| {
            let part: Vec<&Org> = below.iter().filter(|o| o.path.starts_with(&child.path)).collect();
            let inside = |id: OrgId| part.iter().any(|o| o.id == id);
            Counted {
                org: child.clone(),
                members: members.iter().filter(|(id, _)| inside(*id)).map(|(_, n)| n).sum(),
                cells: i64::try_from(part.iter().filter(|o| o.is_cell).count()).unwrap_or(0),
                secretary: leaders.iter().find(|(id, _)| *id == child.id).map(|(_, name)| name.clone()),
            }
        })
        .collect())
}
