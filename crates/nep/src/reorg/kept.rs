//! What a programme asks for, in the form it is kept in while it is prepared. Pure.

use domain::code::Code;
use domain::id::{OrgId, PersonId};
use domain::post::Role;
use domain::tree::{self, Item};
use serde::{Deserialize, Serialize};

/// One thing asked for, with its number in the programme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its number; never used again in the same programme.
    pub n: i64,
    /// What is asked for.
    pub what: What,
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// A new organisation with its first posts.
    Found {
        /// The id it will have.
        id: i64,
        /// Its kind.
        kind: String,
        /// Its name.
        name: String,
        /// Under which.
        parent: i64,
        /// Who will hold what there.
        posts: Vec<FirstPost>,
    },
    /// Several go under one.
    Move {
        /// Which.
        orgs: Vec<i64>,
        /// The new parent.
        to: i64,
    },
    /// Several end in one.
    Merge {
        /// Those that end.
        orgs: Vec<i64>,
        /// The one that goes on.
        into: i64,
    },
    /// Every organisation of some kinds gets another kind.
    Unify {
        /// The kinds there are.
        kinds: Vec<String>,
        /// The kind there will be.
        to: String,
    },
    /// Several get a name or a kind of their own.
    Recast {
        /// Which, and what they will be.
        orgs: Vec<Renaming>,
    },
    /// Several end.
    End {
        /// Which.
        orgs: Vec<i64>,
    },
}

/// A new name, a new kind or both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renaming {
    /// Of which.
    pub org: i64,
    /// The name, where it is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The kind, where it is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// A post of a new organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstPost {
    /// Who.
    pub person: i64,
    /// Full name, for the plan.
    pub name: String,
    /// What.
    pub role: String,
}

impl FirstPost {
    /// The post; none when the word is unknown.
    pub fn role(&self) -> Option<Role> {
        Role::from_code(&self.role)
    }

    /// Who.
    pub fn person(&self) -> PersonId {
        PersonId::new(self.person)
    }
}

fn ids(raw: &[i64]) -> Vec<OrgId> {
    raw.iter().copied().map(OrgId::new).collect()
}

impl Entry {
    /// The same for the planner.
    pub fn item(&self) -> Item {
        match &self.what {
            What::Found { id, kind, name, parent, .. } => {
                Item::Found { id: OrgId::new(*id), kind: kind.clone(), name: name.clone(), parent: OrgId::new(*parent) }
            }
            What::Move { orgs, to } => Item::Move { orgs: ids(orgs), to: OrgId::new(*to) },
            What::Merge { orgs, into } => Item::Merge { orgs: ids(orgs), into: OrgId::new(*into) },
            What::Unify { kinds, to } => Item::Unify { kinds: kinds.clone(), to: to.clone() },
            What::Recast { orgs } => {
                let new = |r: &Renaming| tree::Renaming { org: OrgId::new(r.org), name: r.name.clone(), kind: r.kind.clone() };
                Item::Recast { orgs: orgs.iter().map(new).collect() }
            }
            What::End { orgs } => Item::End { orgs: ids(orgs) },
        }
    }

    /// Organisations of today that it moves, merges or ends.
    pub fn chosen(&self) -> &[i64] {
        match &self.what {
            What::Move { orgs, .. } | What::Merge { orgs, .. } | What::End { orgs } => orgs,
            What::Found { .. } | What::Unify { .. } | What::Recast { .. } => &[],
        }
    }

    /// The organisation it founds.
    pub fn founds(&self) -> Option<OrgId> {
        match &self.what {
            What::Found { id, .. } => Some(OrgId::new(*id)),
            What::Move { .. } | What::Merge { .. } | What::Unify { .. } | What::Recast { .. } | What::End { .. } => None,
        }
    }
}

/// The number of the next entry.
pub fn next(entries: &[Entry]) -> i64 {
    entries.iter().map(|e| e.n).max().unwrap_or(0) + 1
}

/// The entries without one of them; what named the organisation it would have founded no longer does: an
/// entry that leads there goes with it.
pub fn without(entries: &[Entry], n: i64) -> Vec<Entry> {
    let gone = entries.iter().find(|e| e.n == n).and_then(Entry::founds).map(OrgId::raw);
    let leads_there = |e: &Entry| match &e.what {
        What::Found { parent: to, .. } | What::Move { to, .. } | What::Merge { into: to, .. } => Some(*to) == gone,
        What::Unify { .. } | What::Recast { .. } | What::End { .. } => false,
    };
    let mut left: Vec<Entry> = entries.iter().filter(|e| e.n != n).cloned().collect();
    let follow: Vec<i64> = left.iter().filter(|e| gone.is_some() && leads_there(e)).map(|e| e.n).collect();
    for n in follow {
        left = without(&left, n);
    }
    left
}

/// The same wishes with new ids for what they found: an id that lived once is never used again.
pub fn renewed(entries: &[Entry], mut id: impl FnMut() -> OrgId) -> Vec<Entry> {
    let map: Vec<(i64, i64)> = entries.iter().filter_map(Entry::founds).map(|old| (old.raw(), id().raw())).collect();
    let new = |old: i64| map.iter().find(|(from, _)| *from == old).map_or(old, |(_, to)| *to);
    let mut out = entries.to_vec();
    for entry in &mut out {
        match &mut entry.what {
            What::Found { id, parent, .. } => (*id, *parent) = (new(*id), new(*parent)),
            What::Move { to, .. } | What::Merge { into: to, .. } => *to = new(*to),
            What::Unify { .. } | What::Recast { .. } | What::End { .. } => {}
        }
    }
    out
}

/// The entries with what a table adds: what goes where others go already joins them. What the table founds gets
/// an id of its own from `id`.
pub fn joined(entries: &[Entry], items: &[Item], mut id: impl FnMut() -> OrgId) -> Vec<Entry> {
    let mut map: Vec<(OrgId, OrgId)> = Vec::new();
    for item in items {
        if let Item::Found { id: old, .. } = item {
            map.push((*old, id()));
        }
    }
    let real = |old: &OrgId| map.iter().find(|(from, _)| from == old).map_or(*old, |(_, to)| *to).raw();
    let raw = |orgs: &[OrgId]| orgs.iter().map(|o| o.raw()).collect::<Vec<i64>>();
    let mut out = entries.to_vec();
    for item in items {
        let new = match item {
            Item::Found { id, kind, name, parent } => {
                What::Found { id: real(id), kind: kind.clone(), name: name.clone(), parent: real(parent), posts: Vec::new() }
            }
            Item::Move { orgs, to } => What::Move { orgs: raw(orgs), to: real(to) },
            Item::Merge { orgs, into } => What::Merge { orgs: raw(orgs), into: real(into) },
            Item::End { orgs } => What::End { orgs: raw(orgs) },
            Item::Unify { kinds, to } => What::Unify { kinds: kinds.clone(), to: to.clone() },
            Item::Recast { orgs } => {
                let new = |r: &tree::Renaming| Renaming { org: r.org.raw(), name: r.name.clone(), kind: r.kind.clone() };
                What::Recast { orgs: orgs.iter().map(new).collect() }
            }
        };
        if !out.iter_mut().any(|e| e.what.takes(&new)) {
            out.push(Entry { n: next(&out), what: new });
        }
    }
    out
}

impl What {
    /// Takes the organisations of another wish that leads to the same; says whether it did.
    fn takes(&mut self, other: &Self) -> bool {
        match (self, other) {
            (Self::Move { orgs, to }, Self::Move { orgs: more, to: same }) if to == same => orgs.extend(more),
            (Self::Merge { orgs, into }, Self::Merge { orgs: more, into: same }) if into == same => orgs.extend(more),
            (Self::End { orgs }, Self::End { orgs: more }) => orgs.extend(more),
            (Self::Recast { orgs }, Self::Recast { orgs: more }) => orgs.extend(more.iter().cloned()),
            _ => return false,
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(n: i64, id: i64, parent: i64) -> Entry {
        let what = What::Found { id, kind: "base".to_owned(), name: format!("Mới {n}"), parent, posts: Vec::new() };
        Entry { n, what }
    }

    #[test]
    fn what_leads_to_a_founding_goes_with_it() {
        let entries = [
            found(1, 10, 1),
            found(2, 11, 10),
            Entry { n: 3, what: What::Move { orgs: vec![5], to: 11 } },
            Entry { n: 4, what: What::Move { orgs: vec![6], to: 1 } },
        ];
        let numbers = |left: Vec<Entry>| left.iter().map(|e| e.n).collect::<Vec<_>>();
        assert_eq!(numbers(without(&entries, 1)), [4]);
        assert_eq!(numbers(without(&entries, 3)), [1, 2, 4]);
        assert_eq!(next(&entries), 5);
    }

    #[test]
    fn what_a_table_adds_joins_what_leads_to_the_same() {
        let entries = [found(1, 10, 1), Entry { n: 2, what: What::Move { orgs: vec![5], to: 10 } }];
        let org = OrgId::new;
        let items = [
            Item::Found { id: org(-3), kind: "base".to_owned(), name: "Mới".to_owned(), parent: org(10) },
            Item::Move { orgs: vec![org(6)], to: org(10) },
            Item::Move { orgs: vec![org(7)], to: org(-3) },
            Item::End { orgs: vec![org(8)] },
        ];
        let out = joined(&entries, &items, || org(100));
        assert_eq!(out[1].what, What::Move { orgs: vec![5, 6], to: 10 });
        assert_eq!(out.iter().map(|e| e.n).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
        assert_eq!(out[2].founds(), Some(org(100)));
        assert_eq!(out[3].what, What::Move { orgs: vec![7], to: 100 });
        assert_eq!(out[4].what, What::End { orgs: vec![8] });
    }

    #[test]
    fn a_programme_made_again_founds_other_organisations() {
        let entries = [found(1, 10, 1), found(2, 11, 10), Entry { n: 3, what: What::Merge { orgs: vec![5], into: 11 } }];
        let mut fresh = 100;
        let again = renewed(&entries, || {
            fresh += 1;
            OrgId::new(fresh)
        });
        assert_eq!(again[0], found(1, 101, 1));
        assert_eq!(again[1], found(2, 102, 101));
        assert_eq!(again[2].what, What::Merge { orgs: vec![5], into: 102 });
        let text = serde_json::to_string(&again).unwrap();
        assert_eq!(serde_json::from_str::<Vec<Entry>>(&text).unwrap(), again);
    }
}
