//! Reorganisations as a secretary's office asks for them: a form in, a change for the planner out,
//! and a plan said in sentences. Touches the domain's tree; no rows. Rules: TC-20 … TC-25.

use std::collections::BTreeMap;

use domain::code::Code;
use domain::id::{MembershipId, OrgId};
use domain::refusal::Refusal;
use domain::rulepack::Rules;
use domain::tree::{Change, Founding, Node, Plan, Step};
use domain::vi;
use web::form::Form;

use super::store::change::Stay;
use super::store::history::Happened;
use crate::actor::Actor;

domain::codes! {
    /// What can be done with an organisation.
    pub enum Work {
        /// Found one below it.
        Found = "lap" / "Lập tổ chức trực thuộc",
        /// Rename it or change its kind.
        Rename = "doi-ten" / "Đổi tên, đổi loại tổ chức",
        /// Put it under another.
        Move = "chuyen" / "Chuyển về trực thuộc tổ chức khác",
        /// Split it.
        Split = "tach" / "Chia, tách tổ chức",
        /// Merge others into it.
        Merge = "nhap" / "Sáp nhập, hợp nhất",
        /// End it.
        Dissolve = "ket-thuc" / "Kết thúc hoạt động",
    }
}

impl Work {
    /// The word in addresses.
    pub fn word(self) -> &'static str {
        self.code()
    }

    /// What a reader sees.
    pub fn words(self) -> &'static str {
        self.label()
    }
}

/// How many organisations one split can make.
pub const PARTS: usize = 4;

/// A change with what its histories will say.
pub struct Asked {
    /// For the planner; founding one organisation is a split that keeps the parent's own members.
    pub change: Option<Change>,
    /// A founding below, which the planner does not know as a change of its own.
    pub founding: Option<Founding>,
    /// Lines of the histories.
    pub events: Vec<(OrgId, Happened, Option<OrgId>)>,
    /// The organisation new ones are like.
    pub like: OrgId,
}

/// Reads the form of a work on `org`. Problems are noted in the form.
pub fn read(work: Work, org: &Node, form: &mut Form, stays: &[Stay], actor: &Actor) -> Asked {
    let mut asked = Asked { change: None, founding: None, events: Vec::new(), like: org.id };
    match work {
        Work::Found => {
            let name = form.required("ten", 200, "Hãy nhập tên tổ chức mới.");
            let kind = form.raw("loai").to_owned();
            let new: OrgId = actor.id();
            asked.events = vec![(new, Happened::Founded, Some(org.id))];
            asked.founding = Some(Founding { id: new, kind, name, members: Vec::new() });
        }
        Work::Rename => {
            let name = form.required("ten", 200, "Hãy nhập tên mới.");
            let kind = Some(form.raw("loai").to_owned()).filter(|k| !k.is_empty());
            asked.events = vec![(org.id, Happened::Renamed, None)];
            asked.change = Some(Change::Rename { org: org.id, name, kind });
        }
        Work::Move => {
            let to = target(form, "ve", "Hãy chọn tổ chức cấp trên mới.");
            asked.events = to.map(|to| (org.id, Happened::Moved, Some(to))).into_iter().collect();
            asked.change = to.map(|to| Change::Move { org: org.id, to });
        }
        Work::Split => split(&mut asked, org, form, stays, actor),
        Work::Merge => merge(&mut asked, org, form, actor),
        Work::Dissolve => {
            let members_to = form.id::<domain::id::OrgKind>("nhan");
            asked.events = vec![(org.id, Happened::Dissolved, members_to)];
            asked.change = Some(Change::Dissolve { org: org.id, members_to });
        }
    }
    asked
}

fn target(form: &mut Form, field: &str, missing: &str) -> Option<OrgId> {
    let found = form.id(field);
    if found.is_none() && form.is_fine() {
        form.problem(field, missing);
    }
    found
}

fn split(asked: &mut Asked, org: &Node, form: &mut Form, stays: &[Stay], actor: &Actor) {
    let mut parts = Vec::new();
    for n in 1..=PARTS {
        let name = form.line(&format!("ten_{n}"), 200);
        if name.is_empty() {
            continue;
        }
        let mine = |s: &&Stay| form.raw(&format!("dv_{}", s.id)) == n.to_string();
        let members: Vec<MembershipId> = stays.iter().filter(mine).map(|s| s.id).collect();
        let id: OrgId = actor.id();
        asked.events.push((org.id, Happened::SplitInto, Some(id)));
        asked.events.push((id, Happened::SplitFrom, Some(org.id)));
        parts.push(Founding { id, kind: org.kind.clone(), name, members });
    }
    if parts.is_empty() {
        form.problem("ten_1", "Hãy nhập tên ít nhất một tổ chức mới.");
    }
    asked.change = Some(Change::Split { org: org.id, parts, keeps: form.raw("giu") != "khong" });
}

fn merge(asked: &mut Asked, org: &Node, form: &mut Form, actor: &Actor) {
    let mut orgs: Vec<OrgId> = form.every("cung").filter_map(|t| t.parse().ok()).collect();
    if orgs.is_empty() {
        form.problem("cung", "Hãy chọn ít nhất một tổ chức để nhập.");
    }
    if form.raw("cach") == "moi" {
        let name = form.required("ten", 200, "Hãy nhập tên tổ chức mới.");
        let id: OrgId = actor.id();
        orgs.insert(0, org.id);
        for old in &orgs {
            asked.events.push((*old, Happened::MergedInto, Some(id)));
            asked.events.push((id, Happened::MergedFrom, Some(*old)));
        }
        let into = Founding { id, kind: org.kind.clone(), name, members: Vec::new() };
        asked.change = Some(Change::Unite { orgs, into });
        return;
    }
    for old in &orgs {
        asked.events.push((*old, Happened::MergedInto, Some(org.id)));
        asked.events.push((org.id, Happened::MergedFrom, Some(*old)));
    }
    asked.change = Some(Change::Merge { orgs, into: org.id });
}

/// The plan of a founding below `parent`.
///
/// # Errors
/// A kind that may not stand there.
pub fn plan_founding(new: &Founding, parent: &Node, on: jiff::civil::Date, rules: &Rules) -> Result<Plan, Refusal> {
    let Some(kind) = rules.org_kind(&new.kind) else {
        return Err(Refusal::new("kind_unknown", "Hãy chọn loại tổ chức.").at("kind"));
    };
    if !kind.may_stand_under(Some(&parent.kind)) {
        let text = format!("{} không thể trực thuộc {}. Hãy chọn loại khác.", kind.name, parent.name);
        return Err(Refusal::new("kind_misplaced", text).at("kind"));
    }
    if on < parent.edge_from {
        let text = format!("Ngày {} trước ngày {} có mặt trong hệ thống.", vi::date(on), parent.name);
        return Err(Refusal::new("too_early", text).at("date"));
    }
    let steps = vec![
        Step::Found { org: new.id, on },
        Step::OpenVersion { org: new.id, name: new.name.clone(), kind: new.kind.clone(), on },
        Step::OpenEdge { org: new.id, parent: Some(parent.id), on },
    ];
    Ok(Plan { steps, advice: Vec::new() })
}

/// The field of our forms a refusal of the planner belongs to.
pub fn field(work: Work, refusal: &Refusal) -> &'static str {
    match (refusal.field, work) {
        (Some("date"), _) => "ngay",
        (Some("name"), Work::Split) => "ten_1",
        (Some("name"), _) => "ten",
        (Some("kind"), _) => "loai",
        (Some("parent"), Work::Found) => "loai",
        (Some("parent"), _) => "ve",
        (Some("to"), _) => "nhan",
        (Some("orgs"), _) => "cung",
        _ => "",
    }
}

/// A plan in sentences, in the order a reader needs.
pub fn sentences(
    plan: &Plan,
    nodes: &[Node],
    stays: &[Stay],
    posts: &BTreeMap<OrgId, Vec<String>>,
    rules: &Rules,
) -> Vec<String> {
    let mut names: BTreeMap<OrgId, String> = nodes.iter().map(|n| (n.id, n.name.clone())).collect();
    let mut founded = Vec::new();
    for step in &plan.steps {
        match step {
            Step::Found { org, .. } => founded.push(*org),
            Step::OpenVersion { org, name, .. } if founded.contains(org) => {
                names.insert(*org, name.clone());
            }
            _ => {}
        }
    }
    let called = |id: &OrgId| names.get(id).map_or("tổ chức", String::as_str);
    let kind_name = |kind: &str| rules.org_kind(kind).map_or_else(|| kind.to_owned(), |k| k.name.clone());
    let mut lines = Vec::new();
    let mut movers: BTreeMap<OrgId, Vec<&str>> = BTreeMap::new();
    let mut moved_on = None;
    for step in &plan.steps {
        match step {
            Step::OpenVersion { org, name, kind, on } if founded.contains(org) => {
                lines.push(format!("Lập {name} ({}) từ ngày {}.", kind_name(kind), vi::date(*on)));
            }
            Step::OpenVersion { org, name, kind, on } => {
                lines.push(format!("{} mang tên “{name}”, loại “{}” từ ngày {}.", called(org), kind_name(kind), vi::date(*on)));
            }
            Step::OpenEdge { org, parent: Some(parent), on } => {
                lines.push(format!("{} trực thuộc {} từ ngày {}.", called(org), called(parent), vi::date(*on)));
            }
            Step::MovePaths { old, .. } => {
                let below = nodes.iter().filter(|n| n.path.starts_with(old.as_str()) && n.path != *old).count();
                if below > 0 {
                    lines.push(format!("{} bên dưới cùng chuyển theo.", vi::count(below, "tổ chức")));
                }
            }
            Step::MoveMember { membership, to, on } => {
                let name = stays.iter().find(|s| s.id == *membership).map_or("", |s| s.name.as_str());
                movers.entry(*to).or_default().push(name);
                moved_on = Some(*on);
            }
            Step::EndPosts { org, on } => {
                if let Some(held) = posts.get(org).filter(|h| !h.is_empty()) {
                    lines.push(format!("Thôi các chức vụ ở {} từ ngày {}: {}.", called(org), vi::date(*on), held.join("; ")));
                }
            }
            Step::Dissolve { org, on } => lines.push(format!("{} kết thúc hoạt động từ ngày {}.", called(org), vi::date(*on))),
            Step::Found { .. } | Step::CloseVersion { .. } | Step::OpenEdge { .. } | Step::CloseEdge { .. } => {}
        }
    }
    if let Some(on) = moved_on {
        for (to, who) in movers {
            lines.push(format!(
                "{} chuyển sinh hoạt đến {} từ ngày {}: {}.",
                vi::count(who.len(), "đồng chí"),
                called(&to),
                vi::date(on),
                who.join(", ")
            ));
        }
    }
    lines
}
