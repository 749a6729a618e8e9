//! The tree of organisations: paths, and changes planned on a date without touching the past.
//! Pure: facts in, a plan that can be read and tested out. Rules: TC-01, TC-08, TC-20 … TC-25.
//!
//! Dates are half-open: `to` is the first day something no longer holds, so that what ends and what
//! follows bear the same date.

mod change;
mod listed;
mod plan;
mod programme;
mod whole;

use jiff::civil::Date;

pub use change::{Change, Facts, Founding, Plan, Step};
pub use listed::{Around, Listed, Part, RowState, Wish, code_org, listed_items, org_code, plan_listed};
pub use plan::plan;
pub use programme::{Item, ProgrammeState, Renaming, name_in_kind};
pub use whole::{Recast, Relocation, Whole, plan_whole};

use crate::id::{MembershipId, OrgId};

/// An id as a segment of a path: base 36, lower case.
pub fn segment(id: OrgId) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut rest = id.raw().unsigned_abs();
    let mut out = Vec::new();
    loop {
        let digit = usize::try_from(rest % 36).unwrap_or(0);
        out.push(DIGITS.get(digit).copied().map_or('0', char::from));
        rest /= 36;
        if rest == 0 {
            return out.into_iter().rev().collect();
        }
    }
}

/// The path of an organisation under `parent` (`None`: on top): `/a1/b7/`.
pub fn child_path(parent: Option<&str>, id: OrgId) -> String {
    format!("{}{}/", parent.unwrap_or("/"), segment(id))
}

/// Whether `path` is `root` or lies under it.
pub fn is_within(path: &str, root: &str) -> bool {
    path.starts_with(root)
}

/// How deep a path stands: the top is 1.
pub fn depth(path: &str) -> usize {
    path.split('/').filter(|s| !s.is_empty()).count()
}

/// The ids on a path, the top first. `None` if the text is no path.
pub fn ids(path: &str) -> Option<Vec<OrgId>> {
    let inner = path.strip_prefix('/')?.strip_suffix('/')?;
    inner
        .split('/')
        .map(|s| {
            // As `segment` writes it and no other way: no sign, no capital letter, no zero before it.
            let plain = s.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_lowercase()) && (s == "0" || !s.starts_with('0'));
            plain.then(|| i64::from_str_radix(s, 36).ok().map(OrgId::new)).flatten()
        })
        .collect()
}

/// The paths of an organisation and of all above it, the top first.
pub fn lineage(path: &str) -> Vec<&str> {
    path.char_indices().skip(1).filter(|(_, c)| *c == '/').filter_map(|(i, _)| path.get(..=i)).collect()
}

/// The path of the organisation above; `None` on top.
pub fn parent_path(path: &str) -> Option<&str> {
    let inner = path.strip_suffix('/')?;
    let cut = inner.rfind('/')?;
    (cut > 0).then(|| path.get(..=cut)).flatten()
}

/// An organisation as it is at present.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Which.
    pub id: OrgId,
    /// Its kind, a code of the rule pack.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// What it stands under.
    pub parent: Option<OrgId>,
    /// Where it stands.
    pub path: String,
    /// When its present edge to the parent began.
    pub edge_from: Date,
    /// When its present name and kind began.
    pub version_from: Date,
    /// The first day it no longer exists.
    pub to: Option<Date>,
}

/// A membership that is not over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// Which membership.
    pub id: MembershipId,
    /// Where.
    pub org: OrgId,
    /// Since when.
    pub from: Date,
    /// Whether the member is official.
    pub official: bool,
}

#[cfg(test)]
mod testkit;
#[cfg(test)]
mod tests;
