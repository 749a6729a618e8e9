//! A programme from a table: what each row asks for, how it was understood, and whether it can stand beside the
//! other rows and what the programme already asks for. Pure; nothing is written before somebody accepts it.
//! Rules: L10, TC-20 … TC-26.

mod judge;
mod names;
mod work;

use std::collections::BTreeMap;

use super::{Item, Node, Renaming, segment};
use crate::id::OrgId;
use crate::rulepack::{Library, Rules};
use crate::sheet::ChangeRow;

crate::codes! {
    /// What would become of a row.
    pub enum RowState {
        /// Becomes part of the programme.
        Add = "add" / "Sẽ thêm",
        /// The same; somebody should look.
        Warning = "warning" / "Sẽ thêm, cần xem",
        /// Several organisations are called so: somebody has to say which.
        Ask = "ask" / "Cần chọn",
        /// Asks for nothing, or for what is there already.
        Skip = "skip" / "Không cần thêm",
        /// Cannot be added.
        Error = "error" / "Lỗi",
    }
}

impl RowState {
    /// Whether the row becomes part of the programme.
    pub fn adds(self) -> bool {
        matches!(self, Self::Add | Self::Warning)
    }
}

/// Which organisation of a row is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The one that changes.
    Org,
    /// The one it goes to.
    To,
}

/// Something one row asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// A new organisation, under a number that only the table knows it by.
    Found {
        /// The number.
        id: OrgId,
        /// Its kind.
        kind: String,
        /// Its name.
        name: String,
        /// Under which.
        parent: OrgId,
    },
    /// It goes under another.
    Move {
        /// Which.
        org: OrgId,
        /// The new parent.
        to: OrgId,
    },
    /// It ends in another.
    Merge {
        /// Which.
        org: OrgId,
        /// The one that goes on.
        into: OrgId,
    },
    /// It ends.
    End {
        /// Which.
        org: OrgId,
    },
    /// It gets another name or kind.
    Recast(Renaming),
}

/// A row of the preview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The row's number in the sheet.
    pub number: usize,
    /// What would become of it.
    pub state: RowState,
    /// Why, in a sentence; empty where the state says it all.
    pub says: String,
    /// What the row asks for, as it was understood; the words of the sheet where it was not.
    pub asks: String,
    /// Which organisation of the row is asked about.
    pub part: Part,
    /// Those that may be meant.
    pub candidates: Vec<OrgId>,
    /// What it asks for.
    pub wishes: Vec<Wish>,
}

/// What a table is compared with.
#[derive(Debug, Clone, Copy)]
pub struct Around<'a> {
    /// The organisation the programme is of.
    pub root: OrgId,
    /// It and everything below it that is not over.
    pub nodes: &'a [Node],
    /// Names for lists, where they differ.
    pub short: &'a BTreeMap<OrgId, String>,
    /// Members of each cell.
    pub members: &'a BTreeMap<OrgId, i64>,
    /// What the programme asks for already, each with its number there.
    pub entries: &'a [(i64, Item)],
    /// Rules of the day.
    pub rules: &'a Rules,
    /// Kinds of all times, for their names.
    pub library: &'a Library,
}

/// The code an organisation is known by in tables: short, and text in every spreadsheet.
pub fn org_code(id: OrgId) -> String {
    format!("T{}", segment(id).to_uppercase())
}

/// The organisation a code names; none if it is no code.
pub fn code_org(text: &str) -> Option<OrgId> {
    let digits = text.trim().strip_prefix(['T', 't'])?;
    let id = OrgId::new(i64::from_str_radix(digits, 36).ok().filter(|n| *n > 0)?);
    (org_code(id) == text.trim().to_uppercase()).then_some(id)
}

/// What the rows of a table would add to a programme.
pub fn plan_listed(rows: &[ChangeRow], around: &Around<'_>) -> Vec<Listed> {
    judge::Judge::new(around, rows).rows(rows)
}

/// The items of the rows that are to be added: one for each place things go to. What the table founds keeps
/// the table's own numbers.
pub fn listed_items(rows: &[Listed]) -> Vec<Item> {
    let mut out = Vec::new();
    let mut moves: Vec<(OrgId, Vec<OrgId>)> = Vec::new();
    let mut mergers: Vec<(OrgId, Vec<OrgId>)> = Vec::new();
    let (mut recasts, mut ends) = (Vec::new(), Vec::new());
    let add = |groups: &mut Vec<(OrgId, Vec<OrgId>)>, to: OrgId, org: OrgId| match groups.iter_mut().find(|g| g.0 == to) {
        Some((_, orgs)) => orgs.push(org),
        None => groups.push((to, vec![org])),
    };
    for wish in rows.iter().filter(|r| r.state.adds()).flat_map(|r| &r.wishes) {
        match wish {
            Wish::Found { id, kind, name, parent } => {
                out.push(Item::Found { id: *id, kind: kind.clone(), name: name.clone(), parent: *parent });
            }
            Wish::Move { org, to } => add(&mut moves, *to, *org),
            Wish::Merge { org, into } => add(&mut mergers, *into, *org),
            Wish::End { org } => ends.push(*org),
            Wish::Recast(new) => recasts.push(new.clone()),
        }
    }
    out.extend(moves.into_iter().map(|(to, orgs)| Item::Move { orgs, to }));
    out.extend(mergers.into_iter().map(|(into, orgs)| Item::Merge { orgs, into }));
    out.extend((!recasts.is_empty()).then_some(Item::Recast { orgs: recasts }));
    out.extend((!ends.is_empty()).then_some(Item::End { orgs: ends }));
    out
}

#[cfg(test)]
#[path = "listed_tests.rs"]
mod tests;
