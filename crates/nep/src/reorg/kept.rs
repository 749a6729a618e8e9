//! What a programme asks for, in the form it is kept in while it is prepared. Pure.

use domain::code::Code;
use domain::id::{OrgId, PersonId};
use domain::post::Role;
use domain::tree::Item;
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
    /// Several end.
    End {
        /// Which.
        orgs: Vec<i64>,
    },
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
            What::End { orgs } => Item::End { orgs: ids(orgs) },
        }
    }

    /// Organisations of today that it names as those that change.
    pub fn chosen(&self) -> &[i64] {
        match &self.what {
            What::Move { orgs, .. } | What::Merge { orgs, .. } | What::End { orgs } => orgs,
            What::Found { .. } | What::Unify { .. } => &[],
        }
    }

    /// The organisation it founds.
    pub fn founds(&self) -> Option<OrgId> {
        match &self.what {
            What::Found { id, .. } => Some(OrgId::new(*id)),
            What::Move { .. } | What::Merge { .. } | What::Unify { .. } | What::End { .. } => None,
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
        What::Unify { .. } | What::End { .. } => false,
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
            What::Unify { .. } | What::End { .. } => {}
        }
    }
    out
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
