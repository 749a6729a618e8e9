//! A programme planned as one whole: every organisation and every member has exactly one place afterwards,
//! judged by how things will stand on the day and not by the way there.
//! Pure; the caller stores the steps in one transaction. Rules: TC-01, TC-20 … TC-26.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::change::{Facts, Plan, Step};
use super::plan::Planner;
use super::programme::{Item, Renaming, name_in_kind};
use super::{Node, child_path, is_within};
use crate::id::OrgId;
use crate::refusal::{Advice, Refusal};
use crate::rulepack::Rules;
use crate::vi;

/// An organisation that changes its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Relocation {
    /// Which.
    pub org: OrgId,
    /// What it stood under.
    pub from: Option<OrgId>,
    /// What it will stand under.
    pub to: OrgId,
}

/// An organisation that changes its kind, and perhaps the words its name begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recast {
    /// Which.
    pub org: OrgId,
    /// The kind it had.
    pub old_kind: String,
    /// The kind it will have.
    pub kind: String,
    /// The name it will have.
    pub name: String,
}

/// What a programme would do, as steps and as what they mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    /// The steps in their order, and what is wise to look at before.
    pub plan: Plan,
    /// New organisations, those above first.
    pub founded: Vec<OrgId>,
    /// Organisations under another parent, those that follow a merger too.
    pub moved: Vec<Relocation>,
    /// Which ends in which.
    pub merged: Vec<(OrgId, OrgId)>,
    /// Organisations of another kind.
    pub recast: Vec<Recast>,
    /// Organisations that end without a successor.
    pub ended: Vec<OrgId>,
    /// Every organisation as it will be, those that end left out.
    pub after: Vec<Node>,
    /// Which a new organisation takes its place, type and term from: the first that ends in it.
    pub likes: BTreeMap<OrgId, OrgId>,
}

/// Plans a programme of an organisation for the part of the tree below it; the rules are those of the day.
/// The facts hold that part of the tree, the organisation itself among it, and the members of every
/// organisation that is to end.
///
/// # Errors
/// A refusal in a sentence: nothing to do, an organisation asked for twice, left without a place, moved into
/// itself, of a kind that may not stand there, changed before its present state began, or ended with members.
pub fn plan_whole(items: &[Item], root: OrgId, on: Date, facts: Facts<'_>, rules: &Rules) -> Result<Whole, Refusal> {
    if items.is_empty() {
        return Err(Refusal::new("nothing", "Phương án chưa có việc nào. Hãy thêm việc cần làm."));
    }
    let planner = Planner::new(facts, rules, on);
    let root = planner.node(root)?;
    let living = facts.nodes.iter().filter(|n| n.to.is_none());
    let mut whole = Composer {
        root,
        before: living.clone().map(|n| (n.id, n)).collect(),
        after: living.map(|n| (n.id, n.clone())).collect(),
        leaving: BTreeMap::new(),
        founded: Vec::new(),
        moved: BTreeSet::new(),
        recast: BTreeMap::new(),
        planner,
    };
    whole.found(items)?;
    whole.leave(items)?;
    whole.relocate(items)?;
    whole.unify(items)?;
    whole.follow()?;
    whole.check()?;
    whole.steps()
}

struct Composer<'a> {
    planner: Planner<'a>,
    root: &'a Node,
    before: BTreeMap<OrgId, &'a Node>,
    /// As it will be; those that leave stay in until the end.
    after: BTreeMap<OrgId, Node>,
    /// Those that end, and where their members go.
    leaving: BTreeMap<OrgId, Option<OrgId>>,
    founded: Vec<OrgId>,
    moved: BTreeSet<OrgId>,
    recast: BTreeMap<OrgId, Recast>,
}

impl Composer<'_> {
    /// An organisation below the root that is there today.
    fn below(&self, id: OrgId) -> Result<Node, Refusal> {
        let node = self.planner.node(id)?;
        if id == self.root.id || !is_within(&node.path, &self.root.path) {
            return Err(Refusal::new(
                "out_of_reach",
                format!("{} không thuộc {}; phương án này không sắp xếp được.", node.name, self.root.name),
            ));
        }
        Ok(node.clone())
    }

    /// Where something goes: the root, below it, or new; not what ends.
    fn target(&self, id: OrgId) -> Result<Node, Refusal> {
        let node = if id == self.root.id || self.founded.contains(&id) {
            self.after.get(&id).cloned().ok_or_else(unknown)?
        } else {
            self.below(id)?
        };
        if self.leaving.contains_key(&id) {
            return Err(Refusal::new(
                "target_ends",
                format!(
                    "{} vừa được chọn để kết thúc, vừa được chọn để nhận tổ chức khác. Hãy chọn lại một trong hai.",
                    node.name
                ),
            ));
        }
        if node.edge_from > self.planner.on {
            return Err(Refusal::new(
                "too_early",
                format!(
                    "{} mới có từ ngày {}, sau ngày thực hiện phương án. Hãy chọn ngày muộn hơn.",
                    node.name,
                    vi::date(node.edge_from)
                ),
            ));
        }
        Ok(node)
    }

    fn found(&mut self, items: &[Item]) -> Result<(), Refusal> {
        for item in items {
            let Item::Found { id, kind, name, parent } = item else { continue };
            Planner::name_given(name)?;
            let node = Node {
                id: *id,
                kind: kind.clone(),
                name: name.clone(),
                parent: Some(*parent),
                path: String::new(),
                edge_from: self.planner.on,
                version_from: self.planner.on,
                to: None,
            };
            if self.after.insert(*id, node).is_some() {
                return Err(Refusal::new("org_exists", format!("{name} đã có trong phương án. Hãy bỏ bớt một việc.")));
            }
            self.founded.push(*id);
        }
        Ok(())
    }

    fn leave(&mut self, items: &[Item]) -> Result<(), Refusal> {
        for item in items {
            let (orgs, into) = match item {
                Item::Merge { orgs, into } => (orgs, Some(*into)),
                Item::End { orgs } => (orgs, None),
                Item::Found { .. } | Item::Move { .. } | Item::Unify { .. } | Item::Recast { .. } => continue,
            };
            if orgs.is_empty() {
                return Err(Refusal::new("nothing", "Có việc chưa chọn tổ chức nào. Hãy chọn hoặc bỏ việc đó."));
            }
            for org in orgs {
                let node = self.below(*org)?;
                if self.leaving.insert(*org, into).is_some() || into == Some(*org) {
                    return Err(twice(&node));
                }
            }
        }
        for item in items {
            match item {
                Item::Merge { orgs, into } => {
                    let target = self.target(*into)?;
                    self.planner.same_nature(orgs, &target.kind)?;
                }
                Item::Found { parent, .. } => {
                    self.target(*parent)?;
                }
                Item::Move { .. } | Item::Unify { .. } | Item::Recast { .. } | Item::End { .. } => {}
            }
        }
        for (org, into) in &self.leaving {
            let left = self.planner.members_of(*org).count();
            if into.is_none() && left > 0 {
                let name = self.before.get(org).map_or("", |n| n.name.as_str());
                return Err(Refusal::new(
                    "members_left",
                    format!(
                        "{name} còn {}. Hãy nhập {name} vào một chi bộ khác thay vì cho kết thúc.",
                        vi::count(left, "đảng viên")
                    ),
                ));
            }
        }
        Ok(())
    }

    fn relocate(&mut self, items: &[Item]) -> Result<(), Refusal> {
        for item in items {
            let Item::Move { orgs, to } = item else { continue };
            if orgs.is_empty() {
                return Err(Refusal::new("nothing", "Có việc chưa chọn tổ chức nào. Hãy chọn hoặc bỏ việc đó."));
            }
            let target = self.target(*to)?;
            for org in orgs {
                let node = self.below(*org)?;
                if self.leaving.contains_key(org) || self.moved.contains(org) {
                    return Err(twice(&node));
                }
                if node.parent == Some(*to) {
                    return Err(Refusal::new("nothing", format!("{} đang trực thuộc {}.", node.name, target.name)));
                }
                self.move_to(&node, *to)?;
            }
        }
        Ok(())
    }

    fn move_to(&mut self, node: &Node, to: OrgId) -> Result<(), Refusal> {
        self.planner.after(node.edge_from, node)?;
        if let Some(moved) = self.after.get_mut(&node.id) {
            moved.parent = Some(to);
            moved.edge_from = self.planner.on;
        }
        self.moved.insert(node.id);
        Ok(())
    }

    fn unify(&mut self, items: &[Item]) -> Result<(), Refusal> {
        for item in items {
            match item {
                Item::Unify { kinds, to } => {
                    let fits = |n: &&Node| {
                        n.id != self.root.id && n.kind != *to && kinds.contains(&n.kind) && !self.leaving.contains_key(&n.id)
                    };
                    let chosen: Vec<OrgId> = self.before.values().copied().filter(fits).map(|n| n.id).collect();
                    if chosen.is_empty() {
                        let text = "Không còn tổ chức nào thuộc các loại được chọn để đổi. Hãy bỏ việc đó.";
                        return Err(Refusal::new("nothing", text));
                    }
                    for org in chosen {
                        self.recast(&Renaming { org, name: None, kind: Some(to.clone()) })?;
                    }
                }
                Item::Recast { orgs } if orgs.is_empty() => {
                    return Err(Refusal::new("nothing", "Có việc chưa chọn tổ chức nào. Hãy chọn hoặc bỏ việc đó."));
                }
                Item::Recast { orgs } => orgs.iter().try_for_each(|new| self.recast(new))?,
                Item::Found { .. } | Item::Move { .. } | Item::Merge { .. } | Item::End { .. } => {}
            }
        }
        Ok(())
    }

    /// One organisation gets another kind, another name or both.
    fn recast(&mut self, new: &Renaming) -> Result<(), Refusal> {
        let node = self.below(new.org)?;
        if self.leaving.contains_key(&node.id) {
            return Err(twice(&node));
        }
        let kind = new.kind.clone().unwrap_or_else(|| node.kind.clone());
        let name = match &new.name {
            Some(name) => {
                Planner::name_given(name)?;
                name.clone()
            }
            None => {
                let words = |code: &str| self.planner.rules.org_kind(code).map_or("", |k| k.name.as_str());
                name_in_kind(&node.name, words(&node.kind), words(&kind))
            }
        };
        if kind != node.kind {
            if self.planner.rules.org_kind(&kind).is_none() {
                return Err(Refusal::new(
                    "kind_unknown",
                    format!(
                        "Loại tổ chức được chọn chưa có trong quy định ngày {}. Hãy chọn loại khác.",
                        vi::date(self.planner.on)
                    ),
                ));
            }
            self.planner.same_nature(&[node.id], &kind)?;
        } else if name == node.name {
            return Err(Refusal::new("nothing", format!("{} đã có tên và loại đó. Hãy bỏ ở việc đổi tên.", node.name)));
        }
        self.planner.after(node.version_from, &node)?;
        let recast = Recast { org: node.id, old_kind: node.kind.clone(), kind: kind.clone(), name: name.clone() };
        if self.recast.insert(node.id, recast).is_some() {
            return Err(twice(&node));
        }
        if let Some(after) = self.after.get_mut(&node.id) {
            (after.kind, after.name, after.version_from) = (kind, name, self.planner.on);
        }
        Ok(())
    }

    /// What stands under a merged organisation and goes nowhere else goes where it goes.
    fn follow(&mut self) -> Result<(), Refusal> {
        let followers: Vec<(Node, OrgId)> = self
            .before
            .values()
            .filter(|n| !self.leaving.contains_key(&n.id) && !self.moved.contains(&n.id))
            .filter_map(|n| Some(((*n).clone(), (*self.leaving.get(&n.parent?)?)?)))
            .collect();
        for (node, to) in followers {
            self.move_to(&node, to)?;
        }
        Ok(())
    }

    fn staying(&self) -> impl Iterator<Item = &Node> {
        self.after.values().filter(|n| !self.leaving.contains_key(&n.id))
    }

    fn check(&self) -> Result<(), Refusal> {
        for node in self.staying().filter(|n| n.id != self.root.id) {
            let Some(parent) = node.parent.and_then(|p| self.after.get(&p)) else { return Err(unknown()) };
            if self.leaving.contains_key(&parent.id) {
                let left: Vec<&str> =
                    self.staying().filter(|n| n.parent == Some(parent.id)).map(|n| n.name.as_str()).take(3).collect();
                let all = self.staying().filter(|n| n.parent == Some(parent.id)).count();
                let more = if all > left.len() { " …" } else { "" };
                return Err(Refusal::new(
                    "children_left",
                    format!(
                        "{} sẽ kết thúc nhưng còn {} chưa được xếp về đâu: {}{more}. Hãy chuyển các tổ chức đó trước.",
                        parent.name,
                        vi::count(all, "tổ chức trực thuộc"),
                        left.join(", ")
                    ),
                ));
            }
            self.depth(node)?;
            // A name alone changes nothing of where it may stand.
            let recast = |id: &OrgId| self.recast.get(id).is_some_and(|r| r.kind != r.old_kind);
            let changed = |id: &OrgId| self.moved.contains(id) || recast(id) || self.founded.contains(id);
            if changed(&node.id) || recast(&parent.id) {
                self.planner.fits(&node.kind, &node.name, Some(parent))?;
            }
        }
        self.names()?;
        for org in self.leaving.keys() {
            let node = self.planner.node(*org)?;
            self.planner.after(node.edge_from, node)?;
            self.planner.after(node.version_from, node)?;
        }
        Ok(())
    }

    /// No new name stands twice under one committee.
    fn names(&self) -> Result<(), Refusal> {
        let named = |r: &&Recast| self.before.get(&r.org).is_some_and(|n| n.name != r.name);
        let new: BTreeSet<OrgId> =
            self.founded.iter().copied().chain(self.recast.values().filter(named).map(|r| r.org)).collect();
        if new.is_empty() {
            return Ok(());
        }
        let mut seen: BTreeMap<(Option<OrgId>, String), &Node> = BTreeMap::new();
        for node in self.staying() {
            let Some(twin) = seen.insert((node.parent, vi::fold(&node.name)), node) else { continue };
            if new.contains(&node.id) || new.contains(&twin.id) {
                return Err(Refusal::new(
                    "name_taken",
                    format!("Dưới cùng cấp trên đã có tổ chức tên {}. Hãy đặt tên khác cho tổ chức mới.", twin.name),
                ));
            }
        }
        Ok(())
    }

    /// How far below the root it will stand.
    fn depth(&self, node: &Node) -> Result<usize, Refusal> {
        let (mut at, mut steps) = (node, 0);
        while at.id != self.root.id {
            steps += 1;
            let above = at.parent.and_then(|p| self.after.get(&p));
            match above {
                Some(above) if steps <= self.after.len() => at = above,
                _ => {
                    return Err(Refusal::new(
                        "circle",
                        format!("{} sẽ nằm bên trong chính nó. Hãy chọn lại nơi chuyển đến.", node.name),
                    ));
                }
            }
        }
        Ok(steps)
    }

    /// Everything was found in order: the steps, those above first, so that each finds its parent in place.
    fn steps(mut self) -> Result<Whole, Refusal> {
        let on = self.planner.on;
        for recast in self.recast.values() {
            let (org, name, kind) = (recast.org, recast.name.clone(), recast.kind.clone());
            self.planner.steps.push(Step::CloseVersion { org, on });
            self.planner.steps.push(Step::OpenVersion { org, name, kind, on });
        }
        let mut placed: Vec<(usize, OrgId)> = Vec::new();
        for id in self.founded.iter().chain(&self.moved) {
            if let Some(node) = self.after.get(id) {
                placed.push((self.depth(node)?, *id));
            }
        }
        placed.sort_by_key(|(depth, _)| *depth);
        let mut paths: BTreeMap<OrgId, String> = self.before.values().map(|n| (n.id, n.path.clone())).collect();
        for (_, org) in &placed {
            self.place(*org, &mut paths);
        }
        let merged: Vec<(OrgId, OrgId)> = self.leaving.iter().filter_map(|(org, into)| Some((*org, (*into)?))).collect();
        for (org, into) in &merged {
            for member in self.planner.members_of(*org) {
                self.planner.move_member(member, *into)?;
            }
        }
        let mut leaving: Vec<&Node> = self.leaving.keys().filter_map(|id| self.before.get(id).copied()).collect();
        leaving.sort_by_key(|n| std::cmp::Reverse(n.path.len()));
        for node in leaving {
            self.planner.end(node)?;
        }
        let founded: Vec<OrgId> = placed.iter().map(|p| p.1).filter(|id| self.founded.contains(id)).collect();
        let mut likes = BTreeMap::new();
        for (org, into) in merged.iter().filter(|(_, into)| founded.contains(into)) {
            likes.entry(*into).or_insert(*org);
        }
        for node in self.after.values_mut() {
            if let Some(path) = paths.remove(&node.id) {
                node.path = path;
            }
        }
        let moved = placed.iter().map(|p| p.1).filter(|id| self.moved.contains(id));
        let moved = moved.filter_map(|org| {
            let to = self.after.get(&org)?.parent?;
            Some(Relocation { org, from: self.before.get(&org).and_then(|n| n.parent), to })
        });
        let moved = moved.collect();
        let advice = self.advice(&merged);
        Ok(Whole {
            founded,
            moved,
            merged,
            recast: self.recast.into_values().collect(),
            ended: self.leaving.iter().filter(|(_, into)| into.is_none()).map(|(org, _)| *org).collect(),
            after: self.after.into_values().filter(|n| !self.leaving.contains_key(&n.id)).collect(),
            likes,
            plan: Plan { steps: self.planner.steps, advice },
        })
    }

    fn place(&mut self, org: OrgId, paths: &mut BTreeMap<OrgId, String>) {
        let on = self.planner.on;
        let Some(node) = self.after.get(&org) else { return };
        let above = node.parent.and_then(|p| paths.get(&p)).map(String::as_str);
        let new = child_path(above, org);
        let steps = &mut self.planner.steps;
        if self.founded.contains(&org) {
            steps.push(Step::Found { org, on });
            steps.push(Step::OpenVersion { org, name: node.name.clone(), kind: node.kind.clone(), on });
            steps.push(Step::OpenEdge { org, parent: node.parent, on });
            paths.insert(org, new);
            return;
        }
        steps.push(Step::CloseEdge { org, on });
        steps.push(Step::OpenEdge { org, parent: node.parent, on });
        let Some(old) = paths.get(&org).cloned() else { return };
        for path in paths.values_mut() {
            if let Some(tail) = path.strip_prefix(old.as_str()) {
                *path = format!("{new}{tail}");
            }
        }
        steps.push(Step::MovePaths { old, new });
    }

    /// New cells with fewer official members than the rules ask for (TC-01).
    fn advice(&self, merged: &[(OrgId, OrgId)]) -> Vec<Advice> {
        let Some(least) = self.planner.rules.int("org.min_official_members") else { return Vec::new() };
        let is_cell = |n: &&Node| self.planner.rules.org_kind(&n.kind).is_some_and(|k| k.is_cell);
        let new = self.founded.iter().filter_map(|id| self.after.get(id)).filter(is_cell);
        new.filter_map(|cell| {
            let from: Vec<OrgId> = merged.iter().filter(|(_, into)| *into == cell.id).map(|(org, _)| *org).collect();
            let official = self.planner.facts.members.iter().filter(|m| m.official && from.contains(&m.org)).count();
            (i64::try_from(official).unwrap_or(i64::MAX) < least).then(|| {
                Advice::new(
                    "TC-01",
                    format!("{} sẽ có {}, ít hơn {least} theo quy định.", cell.name, vi::count(official, "đảng viên chính thức")),
                )
            })
        })
        .collect()
    }
}

fn unknown() -> Refusal {
    Refusal::new("org_unknown", "Có tổ chức trong phương án không còn nữa. Hãy xem lại các việc đã chọn.")
}

fn twice(node: &Node) -> Refusal {
    Refusal::new("org_twice", format!("{} được chọn ở hai việc khác nhau. Hãy bỏ ở một việc.", node.name))
}

#[cfg(test)]
#[path = "whole_tests.rs"]
mod tests;
