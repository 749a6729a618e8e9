//! Planning a change of the tree: which dated edges and versions end and begin, who moves where.
//! Pure; the caller gives new ids and stores the steps in one transaction.
//! Rules: TC-01, TC-20 … TC-25.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::change::{Change, Facts, Founding, Plan, Step};
use super::{Member, Node, child_path, is_within};
use crate::id::{MembershipId, OrgId};
use crate::refusal::{Advice, Refusal};
use crate::rulepack::Rules;
use crate::vi;

pub(super) struct Planner<'a> {
    pub(super) facts: Facts<'a>,
    pub(super) rules: &'a Rules,
    pub(super) on: Date,
    pub(super) steps: Vec<Step>,
    /// Memberships that move, and where to.
    moved: BTreeMap<MembershipId, OrgId>,
    ended: BTreeSet<OrgId>,
}

/// Plans a change that takes place on a day; the rules are those of that day.
///
/// # Errors
/// A refusal in a sentence: an unknown or dissolved organisation, a circle, a day before what is
/// to end began, a kind that may not stand there, members or organisations left without a place.
pub fn plan(change: &Change, on: Date, facts: Facts<'_>, rules: &Rules) -> Result<Plan, Refusal> {
    let mut planner = Planner::new(facts, rules, on);
    match change {
        Change::Rename { org, name, kind } => planner.rename(*org, name, kind.as_deref())?,
        Change::Move { org, to } => planner.relocate(*org, *to)?,
        Change::Split { org, parts, keeps } => planner.split(*org, parts, *keeps)?,
        Change::Merge { orgs, into } => planner.merge(orgs, *into)?,
        Change::Unite { orgs, into } => planner.unite(orgs, into)?,
        Change::Dissolve { org, members_to } => planner.dissolve(*org, *members_to)?,
    }
    let advice = planner.advice(change);
    Ok(Plan { steps: planner.steps, advice })
}

impl<'a> Planner<'a> {
    pub(super) fn new(facts: Facts<'a>, rules: &'a Rules, on: Date) -> Self {
        Self { facts, rules, on, steps: Vec::new(), moved: BTreeMap::new(), ended: BTreeSet::new() }
    }

    pub(super) fn node(&self, id: OrgId) -> Result<&'a Node, Refusal> {
        let node = self.facts.nodes.iter().find(|n| n.id == id);
        let node = node.ok_or_else(|| Refusal::new("org_unknown", "Không tìm thấy tổ chức. Hãy chọn lại từ danh sách."))?;
        if let Some(to) = node.to {
            return Err(Refusal::new(
                "org_dissolved",
                format!("{} đã kết thúc hoạt động từ ngày {}; không thay đổi được nữa.", node.name, vi::date(to)),
            ));
        }
        Ok(node)
    }

    /// What ends on the day must have begun before it.
    pub(super) fn after(&self, began: Date, node: &Node) -> Result<(), Refusal> {
        if self.on > began {
            return Ok(());
        }
        Err(Refusal::new(
            "too_early",
            format!(
                "Ngày {} không sau ngày {} là ngày bắt đầu của tình trạng hiện nay của {}. Hãy chọn ngày sau đó.",
                vi::date(self.on),
                vi::date(began),
                node.name
            ),
        )
        .at("date"))
    }

    pub(super) fn fits(&self, kind: &str, name: &str, parent: Option<&Node>) -> Result<(), Refusal> {
        let Some(rule) = self.rules.org_kind(kind) else {
            return Err(Refusal::new(
                "kind_unknown",
                format!("Loại tổ chức của {name} không có trong quy định ngày {}. Hãy chọn loại khác.", vi::date(self.on)),
            )
            .at("kind"));
        };
        if rule.may_stand_under(parent.map(|p| p.kind.as_str())) {
            return Ok(());
        }
        let above = parent.map_or("cấp cao nhất", |p| p.name.as_str());
        Err(Refusal::new("kind_misplaced", format!("{} không thể trực thuộc {above}. Hãy chọn tổ chức khác.", rule.name))
            .at("parent"))
    }

    fn children(&self, id: OrgId) -> impl Iterator<Item = &'a Node> + use<'a> {
        let nodes = self.facts.nodes;
        nodes.iter().filter(move |n| n.parent == Some(id) && n.to.is_none())
    }

    fn parent_of(&self, node: &Node) -> Result<Option<&'a Node>, Refusal> {
        node.parent.map(|p| self.node(p)).transpose()
    }

    pub(super) fn members_of(&self, id: OrgId) -> impl Iterator<Item = &'a Member> + use<'a> {
        let members = self.facts.members;
        members.iter().filter(move |m| m.org == id)
    }

    pub(super) fn name_given(name: &str) -> Result<(), Refusal> {
        if name.trim().is_empty() {
            return Err(Refusal::missing("name", "tên tổ chức"));
        }
        Ok(())
    }

    fn rename(&mut self, org: OrgId, name: &str, kind: Option<&str>) -> Result<(), Refusal> {
        let node = self.node(org)?;
        Self::name_given(name)?;
        self.after(node.version_from, node)?;
        let kind = kind.unwrap_or(&node.kind);
        if name == node.name && kind == node.kind {
            return Err(Refusal::new("nothing", "Tên và loại tổ chức không có gì thay đổi.").at("name"));
        }
        if kind != node.kind {
            self.fits(kind, name, self.parent_of(node)?)?;
            let renamed = Node { kind: kind.to_owned(), name: name.to_owned(), ..node.clone() };
            for child in self.children(org) {
                self.fits(&child.kind, &child.name, Some(&renamed))?;
            }
        }
        self.steps.push(Step::CloseVersion { org, on: self.on });
        self.open_version(org, name, kind);
        Ok(())
    }

    fn open_version(&mut self, org: OrgId, name: &str, kind: &str) {
        self.steps.push(Step::OpenVersion { org, name: name.to_owned(), kind: kind.to_owned(), on: self.on });
    }

    fn relocate(&mut self, org: OrgId, to: OrgId) -> Result<(), Refusal> {
        let (node, parent) = (self.node(org)?, self.node(to)?);
        if is_within(&parent.path, &node.path) {
            return Err(Refusal::new(
                "circle",
                format!("{} đang thuộc {}; không thể chuyển một tổ chức vào bên trong chính nó.", parent.name, node.name),
            )
            .at("parent"));
        }
        if node.parent == Some(to) {
            return Err(Refusal::new("nothing", format!("{} đang trực thuộc {}.", node.name, parent.name)).at("parent"));
        }
        self.after(node.edge_from, node)?;
        self.fits(&node.kind, &node.name, Some(parent))?;
        self.change_edge(node, parent.id, &parent.path);
        Ok(())
    }

    fn change_edge(&mut self, node: &Node, parent: OrgId, parent_path: &str) {
        let (org, on) = (node.id, self.on);
        self.steps.push(Step::CloseEdge { org, on });
        self.steps.push(Step::OpenEdge { org, parent: Some(parent), on });
        self.steps.push(Step::MovePaths { old: node.path.clone(), new: child_path(Some(parent_path), org) });
    }

    fn found(&mut self, new: &Founding, parent: Option<&Node>) -> Result<(), Refusal> {
        Self::name_given(&new.name)?;
        if self.facts.nodes.iter().any(|n| n.id == new.id) {
            return Err(Refusal::new("org_exists", "Tổ chức này đã có. Hãy thử lại."));
        }
        self.fits(&new.kind, &new.name, parent)?;
        let (org, on) = (new.id, self.on);
        self.steps.push(Step::Found { org, on });
        self.open_version(org, &new.name, &new.kind);
        self.steps.push(Step::OpenEdge { org, parent: parent.map(|p| p.id), on });
        Ok(())
    }

    pub(super) fn move_member(&mut self, member: &Member, to: OrgId) -> Result<(), Refusal> {
        if member.from > self.on {
            return Err(Refusal::new(
                "member_later",
                format!(
                    "Có đảng viên bắt đầu sinh hoạt từ ngày {}, sau ngày thay đổi. Hãy chọn ngày muộn hơn.",
                    vi::date(member.from)
                ),
            )
            .at("date"));
        }
        if self.moved.insert(member.id, to).is_some() {
            return Err(
                Refusal::new("member_twice", "Có đảng viên được chọn vào hai chi bộ. Hãy xem lại danh sách.").at("members")
            );
        }
        self.steps.push(Step::MoveMember { membership: member.id, to, on: self.on });
        Ok(())
    }

    /// Ends an organisation that has nothing left under it.
    pub(super) fn end(&mut self, node: &Node) -> Result<(), Refusal> {
        self.after(node.edge_from, node)?;
        self.after(node.version_from, node)?;
        let (org, on) = (node.id, self.on);
        self.steps.push(Step::EndPosts { org, on });
        self.steps.push(Step::CloseEdge { org, on });
        self.steps.push(Step::CloseVersion { org, on });
        self.steps.push(Step::Dissolve { org, on });
        self.ended.insert(org);
        Ok(())
    }

    fn split(&mut self, org: OrgId, parts: &[Founding], keeps: bool) -> Result<(), Refusal> {
        let node = self.node(org)?;
        if parts.len() + usize::from(keeps) < 2 {
            return Err(Refusal::new("split_into_one", "Chia tách phải thành ít nhất hai tổ chức."));
        }
        if !keeps {
            self.no_children(node)?;
        }
        let parent = self.parent_of(node)?;
        let mut ids = BTreeSet::new();
        for part in parts {
            if !ids.insert(part.id) {
                return Err(Refusal::new("org_exists", "Hai tổ chức mới trùng nhau. Hãy thử lại."));
            }
            self.found(part, parent)?;
            for id in &part.members {
                let member = self.members_of(org).find(|m| m.id == *id);
                let member = member.ok_or_else(|| {
                    Refusal::new("member_unknown", format!("Có đảng viên được chọn không thuộc {}.", node.name)).at("members")
                })?;
                self.move_member(member, part.id)?;
            }
        }
        if keeps {
            return Ok(());
        }
        let left = self.members_of(org).filter(|m| !self.moved.contains_key(&m.id)).count();
        if left > 0 {
            return Err(Refusal::new(
                "members_left",
                format!("Còn {} chưa được xếp vào tổ chức mới nào.", vi::count(left, "đảng viên")),
            )
            .at("members"));
        }
        self.end(node)
    }

    fn no_children(&self, node: &Node) -> Result<(), Refusal> {
        let n = self.children(node.id).count();
        if n == 0 {
            return Ok(());
        }
        Err(Refusal::new(
            "children_left",
            format!("{} còn {}. Hãy chuyển hoặc kết thúc các tổ chức đó trước.", node.name, vi::count(n, "tổ chức trực thuộc")),
        ))
    }

    /// Members and what stands under each of `orgs` go to a target; the organisations end.
    fn absorb(&mut self, orgs: &[OrgId], target: &Node) -> Result<(), Refusal> {
        let mut seen = BTreeSet::new();
        for org in orgs {
            let node = self.node(*org)?;
            if !seen.insert(*org) || *org == target.id {
                return Err(Refusal::new("org_twice", format!("{} được chọn hai lần.", node.name)));
            }
            if is_within(&target.path, &node.path) {
                return Err(Refusal::new("circle", format!("{} đang thuộc {}; không thể nhập vào.", target.name, node.name)));
            }
            for member in self.members_of(*org) {
                self.move_member(member, target.id)?;
            }
            for child in self.children(*org) {
                if orgs.contains(&child.id) {
                    continue;
                }
                self.after(child.edge_from, child)?;
                self.fits(&child.kind, &child.name, Some(target))?;
                self.change_edge(child, target.id, &target.path);
            }
            self.end(node)?;
        }
        Ok(())
    }

    fn merge(&mut self, orgs: &[OrgId], into: OrgId) -> Result<(), Refusal> {
        let target = self.node(into)?;
        if orgs.is_empty() {
            return Err(Refusal::missing("orgs", "tổ chức được nhập"));
        }
        self.same_nature(orgs, &target.kind)?;
        self.absorb(orgs, target)
    }

    fn unite(&mut self, orgs: &[OrgId], into: &Founding) -> Result<(), Refusal> {
        let (Some(first), true) = (orgs.first(), orgs.len() > 1) else {
            return Err(Refusal::new("unite_one", "Hợp nhất cần ít nhất hai tổ chức."));
        };
        let parent = self.parent_of(self.node(*first)?)?;
        self.found(into, parent)?;
        self.same_nature(orgs, &into.kind)?;
        let target = Node {
            id: into.id,
            kind: into.kind.clone(),
            name: into.name.clone(),
            parent: parent.map(|p| p.id),
            path: child_path(parent.map(|p| p.path.as_str()), into.id),
            edge_from: self.on,
            version_from: self.on,
            to: None,
        };
        self.absorb(orgs, &target)
    }

    /// Members belong to cells: a cell merges into a cell only, a committee into a committee.
    pub(super) fn same_nature(&self, orgs: &[OrgId], kind: &str) -> Result<(), Refusal> {
        let is_cell = |kind: &str| self.rules.org_kind(kind).map(|k| k.is_cell);
        for org in orgs {
            let node = self.node(*org)?;
            // A kind that is no longer in force may still merge: it is leaving.
            if is_cell(&node.kind).is_some() && is_cell(&node.kind) != is_cell(kind) {
                return Err(Refusal::new(
                    "kind_misplaced",
                    format!("{} không cùng loại với tổ chức nhận; chi bộ chỉ nhập với chi bộ.", node.name),
                )
                .at("orgs"));
            }
        }
        Ok(())
    }

    fn dissolve(&mut self, org: OrgId, members_to: Option<OrgId>) -> Result<(), Refusal> {
        let node = self.node(org)?;
        self.no_children(node)?;
        let members: Vec<&Member> = self.members_of(org).collect();
        match members_to {
            Some(to) if to == org => {
                return Err(Refusal::new("circle", "Hãy chọn một tổ chức khác để nhận đảng viên.").at("to"));
            }
            Some(to) => {
                let target = self.node(to)?;
                if self.rules.org_kind(&target.kind).is_some_and(|k| !k.is_cell) {
                    return Err(Refusal::new(
                        "kind_misplaced",
                        format!("{} không phải là chi bộ nên không nhận đảng viên.", target.name),
                    )
                    .at("to"));
                }
                for member in members {
                    self.move_member(member, to)?;
                }
            }
            None if !members.is_empty() => {
                return Err(Refusal::new(
                    "members_left",
                    format!("{} còn {}. Hãy chọn chi bộ nhận các đồng chí đó.", node.name, vi::count(members.len(), "đảng viên")),
                )
                .at("to"));
            }
            None => {}
        }
        self.end(node)
    }

    /// A cell that would have fewer official members than the rules ask for (TC-01).
    fn advice(&self, change: &Change) -> Vec<Advice> {
        let Some(least) = self.rules.int("org.min_official_members") else {
            return Vec::new();
        };
        let mut cells: BTreeMap<OrgId, &str> = BTreeMap::new();
        if let Change::Split { org, parts, keeps } = change {
            cells.extend(parts.iter().map(|p| (p.id, p.name.as_str())));
            if let (true, Ok(node)) = (*keeps, self.node(*org)) {
                cells.insert(*org, &node.name);
            }
            let is_cell = |p: &Founding| self.rules.org_kind(&p.kind).is_some_and(|k| k.is_cell);
            if !parts.iter().all(is_cell) {
                return Vec::new();
            }
        }
        cells
            .into_iter()
            .filter_map(|(org, name)| {
                let home = |m: &Member| self.moved.get(&m.id).copied().unwrap_or(m.org);
                let official = self.facts.members.iter().filter(|m| m.official && home(m) == org).count();
                (i64::try_from(official).unwrap_or(i64::MAX) < least).then(|| {
                    Advice::new(
                        "TC-01",
                        format!("{name} sẽ có {}, ít hơn {least} theo quy định.", vi::count(official, "đảng viên chính thức")),
                    )
                })
            })
            .collect()
    }
}
