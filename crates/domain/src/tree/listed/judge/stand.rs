//! Rows beside one another and beside what the programme asks for, and the tree as it would stand. Pure.

use std::collections::{BTreeMap, BTreeSet};

use super::{First, Judge, chosen, fail, look};
use crate::id::OrgId;
use crate::tree::listed::{Listed, RowState, Wish};
use crate::tree::{Item, Renaming};
use crate::vi;

/// What becomes of an organisation's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Under(OrgId),
    Into(OrgId),
    Gone,
}

/// What has been asked for so far.
#[derive(Default)]
struct Asked {
    places: BTreeMap<OrgId, (Place, First)>,
    names: BTreeMap<OrgId, (Renaming, First)>,
    /// Kinds that are changed as a whole.
    unified: BTreeMap<String, First>,
}

fn place(wish: &Wish) -> Option<(OrgId, Place)> {
    match wish {
        Wish::Move { org, to } => Some((*org, Place::Under(*to))),
        Wish::Merge { org, into } => Some((*org, Place::Into(*into))),
        Wish::End { org } => Some((*org, Place::Gone)),
        Wish::Found { .. } | Wish::Recast(_) => None,
    }
}

impl Asked {
    fn of(entries: &[(i64, Item)]) -> Self {
        let mut out = Self::default();
        for (n, item) in entries {
            let first = First::Entry(*n);
            let place = match item {
                Item::Move { to, .. } => Place::Under(*to),
                Item::Merge { into, .. } => Place::Into(*into),
                Item::End { .. } | Item::Found { .. } | Item::Unify { .. } | Item::Recast { .. } => Place::Gone,
            };
            out.places.extend(chosen(item).into_iter().map(|org| (org, (place, first))));
            match item {
                Item::Unify { kinds, .. } => out.unified.extend(kinds.iter().map(|k| (k.clone(), first))),
                Item::Recast { orgs } => out.names.extend(orgs.iter().map(|r| (r.org, (r.clone(), first)))),
                Item::Found { .. } | Item::Move { .. } | Item::Merge { .. } | Item::End { .. } => {}
            }
        }
        out
    }
}

impl Judge<'_> {
    /// Each organisation has one place and one name: what was asked for first stands.
    pub(super) fn beside(&self, rows: &mut [Listed]) {
        let mut asked = Asked::of(self.around.entries);
        for row in rows.iter_mut().filter(|r| r.state.adds()) {
            let mut again = None;
            let mut clash = None;
            row.wishes.retain(|wish| {
                let before = match (place(wish), wish) {
                    (Some((org, new)), _) => asked.places.get(&org).map(|(old, first)| (*old == new, *first, org)),
                    (None, Wish::Recast(new)) => self.named(&asked, new),
                    (None, _) => None,
                };
                match before {
                    Some((true, first, org)) => again = Some((first, org)),
                    Some((false, first, org)) => clash = Some((first, org)),
                    None => return true,
                }
                false
            });
            if let Some((first, org)) = clash {
                let name = self.names.called(org);
                fail(row, format!("{name} đã được ghi khác ở {}. Hãy bỏ một chỗ.", first.words()));
                continue;
            }
            if row.wishes.is_empty()
                && let Some((first, _)) = again
            {
                (row.state, row.says) = (RowState::Skip, format!("Đã có ở {}.", first.words()));
                continue;
            }
            let first = First::Row(row.number);
            for wish in &row.wishes {
                if let Some((org, new)) = place(wish) {
                    asked.places.insert(org, (new, first));
                }
                if let Wish::Recast(new) = wish {
                    asked.names.insert(new.org, (new.clone(), first));
                }
            }
        }
        self.goals(rows, &asked);
    }

    /// What asked for another name or kind of the same before.
    fn named(&self, asked: &Asked, new: &Renaming) -> Option<(bool, First, OrgId)> {
        if let Some((old, first)) = asked.names.get(&new.org) {
            return Some((old == new, *first, new.org));
        }
        let unified = self.nodes.get(&new.org).and_then(|n| asked.unified.get(&n.kind));
        unified.map(|first| (false, *first, new.org))
    }

    /// What ends receives nothing, and gets no new name.
    fn goals(&self, rows: &mut [Listed], asked: &Asked) {
        let mut receives: BTreeMap<OrgId, First> = BTreeMap::new();
        for (n, item) in self.around.entries {
            if let Item::Found { parent: to, .. } | Item::Move { to, .. } | Item::Merge { into: to, .. } = item {
                receives.insert(*to, First::Entry(*n));
            }
        }
        let ends = |org: &OrgId| asked.places.get(org).filter(|(p, _)| !matches!(p, Place::Under(_)));
        for row in rows.iter_mut().filter(|r| r.state.adds()) {
            let goal = |wish: &Wish| match wish {
                Wish::Found { parent: to, .. } | Wish::Move { to, .. } | Wish::Merge { into: to, .. } => Some(*to),
                Wish::Recast(new) => Some(new.org),
                Wish::End { .. } => None,
            };
            let leaves = |wish: &Wish| place(wish).filter(|(_, p)| !matches!(p, Place::Under(_))).map(|(org, _)| org);
            if let Some((org, first)) = row.wishes.iter().filter_map(leaves).find_map(|org| Some((org, *receives.get(&org)?))) {
                let name = self.names.called(org);
                fail(row, format!("{name} đang được chọn làm nơi nhận ở {}. Hãy sửa một trong hai chỗ.", first.words()));
                continue;
            }
            let found = row.wishes.iter().filter_map(goal).find_map(|to| Some((to, ends(&to)?.1)));
            if let Some((to, first)) = found {
                fail(
                    row,
                    format!("{} sẽ kết thúc theo {}. Hãy xem lại một trong hai chỗ.", self.names.called(to), first.words()),
                );
            }
        }
    }

    /// The tree as it would stand: nothing inside itself, nothing where its kind may not be. A row that falls
    /// takes along what leads to it.
    pub(super) fn stand(&self, rows: &mut [Listed]) {
        while self.lost(rows) || self.misplaced(rows) {}
        self.left(rows);
    }

    /// Rows that lead to a new organisation whose own row is wrong.
    fn lost(&self, rows: &mut [Listed]) -> bool {
        let made: BTreeSet<OrgId> = self.made(rows);
        let mut changed = false;
        for row in rows.iter_mut().filter(|r| r.state.adds()) {
            let to = row.wishes.iter().find_map(|wish| match wish {
                Wish::Found { parent: to, .. } | Wish::Move { to, .. } | Wish::Merge { into: to, .. } => {
                    (to.raw() < 0 && !made.contains(to)).then_some(*to)
                }
                Wish::End { .. } | Wish::Recast(_) => None,
            });
            if let Some(to) = to {
                fail(row, format!("Dòng {} thành lập tổ chức này chưa thêm được. Hãy sửa dòng đó trước.", -to.raw()));
                changed = true;
            }
        }
        changed
    }

    fn made(&self, rows: &[Listed]) -> BTreeSet<OrgId> {
        let new = |wish: &Wish| if let Wish::Found { id, .. } = wish { Some(*id) } else { None };
        rows.iter().filter(|r| r.state.adds()).flat_map(|r| &r.wishes).filter_map(new).collect()
    }

    /// What each organisation would stand under; those that end and what takes them up.
    fn after(&self, rows: &[Listed]) -> Stand {
        let mut asked = Asked::of(self.around.entries);
        let mut stand = Stand::default();
        for row in rows.iter().filter(|r| r.state.adds()) {
            for wish in &row.wishes {
                match (place(wish), wish) {
                    (Some((org, new)), _) => {
                        asked.places.insert(org, (new, First::Row(row.number)));
                    }
                    (None, Wish::Recast(new)) => {
                        asked.names.insert(new.org, (new.clone(), First::Row(row.number)));
                    }
                    (None, Wish::Found { id, parent, .. }) => {
                        stand.parents.insert(*id, *parent);
                    }
                    (None, _) => {}
                }
            }
        }
        for (id, (_, parent, first)) in &self.founded {
            if matches!(first, First::Entry(_)) {
                stand.parents.insert(*id, *parent);
            }
        }
        for node in self.around.nodes {
            match asked.places.get(&node.id) {
                Some((Place::Gone, _)) => drop(stand.leaving.insert(node.id, None)),
                Some((Place::Into(to), _)) => drop(stand.leaving.insert(node.id, Some(*to))),
                Some((Place::Under(to), _)) => drop(stand.parents.insert(node.id, *to)),
                None => {}
            }
            if let Some(kind) = self.kind_after(&asked, node.id) {
                stand.kinds.insert(node.id, kind);
            }
        }
        for node in self.around.nodes.iter().filter(|n| !stand.leaving.contains_key(&n.id)) {
            let Some(parent) = node.parent.filter(|_| !stand.parents.contains_key(&node.id)) else { continue };
            // What stands under a merged one goes where it goes.
            let goes = stand.leaving.get(&parent).copied().flatten().unwrap_or(parent);
            stand.parents.insert(node.id, goes);
        }
        stand
    }

    /// The kind it would change to.
    fn kind_after(&self, asked: &Asked, org: OrgId) -> Option<String> {
        if let Some((new, _)) = asked.names.get(&org)
            && let Some(kind) = &new.kind
        {
            return Some(kind.clone());
        }
        let old = self.nodes.get(&org).filter(|_| org != self.around.root)?;
        self.around.entries.iter().find_map(|(_, item)| match item {
            Item::Unify { kinds, to } if kinds.contains(&old.kind) => Some(to.clone()),
            _ => None,
        })
    }

    fn misplaced(&self, rows: &mut [Listed]) -> bool {
        let stand = self.after(rows);
        let mut changed = false;
        for row in rows.iter_mut().filter(|r| r.state.adds()) {
            let said = row.wishes.iter().find_map(|wish| match wish {
                Wish::Found { id: org, .. } | Wish::Move { org, .. } => self.stands(&stand, *org, true),
                Wish::Recast(new) if new.kind.is_some() => self.stands(&stand, new.org, false),
                Wish::Recast(_) | Wish::Merge { .. } | Wish::End { .. } => None,
            });
            if let Some(said) = said {
                fail(row, said);
                changed = true;
            }
        }
        changed
    }

    /// Why an organisation cannot stand where it would.
    fn stands(&self, stand: &Stand, org: OrgId, goes: bool) -> Option<String> {
        let kind = |id: OrgId| stand.kinds.get(&id).map_or_else(|| self.kind_of(id), String::as_str);
        let parent = *stand.parents.get(&org)?;
        if goes && stand.circles(org) {
            return Some(format!("{} sẽ nằm bên trong chính nó. Hãy chọn nơi khác.", self.names.called(org)));
        }
        let Some(rule) = self.around.rules.org_kind(kind(org)) else {
            let name = self.kind_name(kind(org));
            return Some(format!("Loại “{name}” không còn trong quy định ngày thực hiện. Hãy ghi loại ở cột “Loại mới”."));
        };
        (!rule.may_stand_under(Some(kind(parent))))
            .then(|| format!("{} không thể trực thuộc {}. Hãy chọn tổ chức khác.", rule.name, self.names.called(parent)))
    }

    /// Ends that leave something without a place.
    fn left(&self, rows: &mut [Listed]) {
        let stand = self.after(rows);
        let mut under: BTreeMap<OrgId, usize> = BTreeMap::new();
        for (_, parent) in stand.parents.iter().filter(|(id, _)| !stand.leaving.contains_key(id)) {
            *under.entry(*parent).or_default() += 1;
        }
        for row in rows.iter_mut().filter(|r| r.state.adds()) {
            let ends = row.wishes.iter().find_map(|w| if let Wish::End { org } = w { Some(*org) } else { None });
            if let Some(n) = ends.and_then(|org| under.get(&org)) {
                let count = vi::count(*n, "tổ chức trực thuộc");
                look(row, format!("Còn {count} chưa được xếp về đâu. Hãy chuyển các tổ chức đó trước khi duyệt."));
            }
        }
    }
}

/// The tree as it would stand.
#[derive(Default)]
struct Stand {
    parents: BTreeMap<OrgId, OrgId>,
    leaving: BTreeMap<OrgId, Option<OrgId>>,
    kinds: BTreeMap<OrgId, String>,
}

impl Stand {
    fn circles(&self, org: OrgId) -> bool {
        let mut seen = BTreeSet::from([org]);
        let mut at = org;
        while let Some(parent) = self.parents.get(&at) {
            if *parent == org {
                return true;
            }
            // A circle it only leads to is that of others.
            if !seen.insert(*parent) {
                return false;
            }
            at = *parent;
        }
        false
    }
}
