//! Paths and planned changes, read as text.

use std::sync::LazyLock;

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::testkit::node;
use super::*;
use crate::refusal::Refusal;
use crate::rulepack::{Library, shipped};

static LIBRARY: LazyLock<Library> = LazyLock::new(|| shipped().unwrap());

const BASE: OrgId = OrgId::new(1);
const CELL_A: OrgId = OrgId::new(10);
const CELL_B: OrgId = OrgId::new(11);
const OTHER_BASE: OrgId = OrgId::new(2);
const TOP: OrgId = OrgId::new(36);
const NEW: OrgId = OrgId::new(99);
const NEWER: OrgId = OrgId::new(100);
const DAY: Date = date(2026, 9, 1);

fn nodes() -> Vec<Node> {
    let top = node(TOP, "party_agencies", "Đảng bộ các cơ quan Đảng tỉnh", None);
    let base = node(BASE, "base", "Đảng bộ Sở Y", Some(&top));
    let other = node(OTHER_BASE, "base", "Đảng bộ Sở X", Some(&top));
    let a = node(CELL_A, "cell_sub", "Chi bộ A", Some(&base));
    let b = node(CELL_B, "cell_sub", "Chi bộ B", Some(&base));
    vec![top, base, other, a, b]
}

fn members() -> Vec<Member> {
    (1..=8)
        .map(|i| Member {
            id: MembershipId::new(i),
            org: if i <= 6 { CELL_A } else { CELL_B },
            from: date(2021, 1, 1),
            official: i != 6,
        })
        .collect()
}

fn try_plan(change: &Change, on: Date) -> Result<Plan, Refusal> {
    let (nodes, members) = (nodes(), members());
    let facts = Facts { nodes: &nodes, members: &members };
    plan(change, on, facts, &LIBRARY.at(on))
}

fn code(change: &Change, on: Date) -> &'static str {
    try_plan(change, on).unwrap_err().code
}

fn part(id: OrgId, members: &[i64]) -> Founding {
    Founding {
        id,
        kind: "cell_sub".to_owned(),
        name: format!("Chi bộ {id}"),
        members: members.iter().map(|m| MembershipId::new(*m)).collect(),
    }
}

#[test]
fn paths_go_up_and_down() {
    let path = child_path(Some("/10/1/"), OrgId::new(371));
    assert_eq!(path, "/10/1/ab/");
    assert_eq!(depth(&path), 3);
    assert_eq!(parent_path(&path), Some("/10/1/"));
    assert_eq!(parent_path("/10/"), None);
    assert_eq!(lineage(&path), ["/10/", "/10/1/", "/10/1/ab/"]);
    assert_eq!(ids(&path), Some(vec![TOP, BASE, OrgId::new(371)]));
    assert!(is_within(&path, "/10/") && is_within(&path, &path));
    assert!(!is_within("/10/12/", "/10/1/"));
    for text in ["", "/", "a/", "/a", "/A/", "/a//b/", "/01/"] {
        assert_eq!(ids(text), None, "{text}");
    }
}

#[test]
fn a_rename_ends_one_version_and_begins_another() {
    let change = Change::Rename { org: CELL_A, name: "Chi bộ Văn phòng".to_owned(), kind: Some("cell".to_owned()) };
    let plan = try_plan(&change, DAY).unwrap();
    assert_eq!(
        plan.steps,
        [
            Step::CloseVersion { org: CELL_A, on: DAY },
            Step::OpenVersion { org: CELL_A, name: "Chi bộ Văn phòng".to_owned(), kind: "cell".to_owned(), on: DAY },
        ]
    );
    // The unified kind exists since Quy định 208 only.
    assert_eq!(code(&change, date(2026, 7, 25)), "kind_unknown");
    assert_eq!(code(&change, date(2020, 1, 1)), "too_early");
    let to_committee = Change::Rename { org: BASE, name: "Đảng bộ Sở Y".to_owned(), kind: Some("cell_base".to_owned()) };
    assert_eq!(code(&to_committee, DAY), "kind_misplaced");
    let nothing = Change::Rename { org: CELL_A, name: "Chi bộ A".to_owned(), kind: None };
    assert_eq!(code(&nothing, DAY), "nothing");
}

#[test]
fn a_move_takes_along_what_stands_under() {
    let change = Change::Move { org: CELL_A, to: OTHER_BASE };
    let plan = try_plan(&change, DAY).unwrap();
    assert_eq!(
        plan.steps,
        [
            Step::CloseEdge { org: CELL_A, on: DAY },
            Step::OpenEdge { org: CELL_A, parent: Some(OTHER_BASE), on: DAY },
            Step::MovePaths { old: "/10/1/a/".to_owned(), new: "/10/2/a/".to_owned() },
        ]
    );
    assert_eq!(code(&change, date(2020, 1, 1)), "too_early");
    assert!(try_plan(&change, date(2020, 1, 2)).is_ok());
}

#[test]
fn a_move_that_cannot_be_is_refused() {
    for (org, to, expected) in [
        (BASE, CELL_A, "circle"),
        (BASE, BASE, "circle"),
        (CELL_A, BASE, "nothing"),
        (CELL_A, CELL_B, "kind_misplaced"),
        (CELL_A, TOP, "kind_misplaced"),
        (CELL_A, NEW, "org_unknown"),
        (NEW, BASE, "org_unknown"),
    ] {
        assert_eq!(code(&Change::Move { org, to }, DAY), expected, "{org} {to}");
    }
    let mut ended = nodes();
    ended[3].to = Some(date(2025, 1, 1));
    let facts = Facts { nodes: &ended, members: &[] };
    let change = Change::Move { org: CELL_A, to: OTHER_BASE };
    let refusal = plan(&change, DAY, facts, &LIBRARY.at(DAY)).unwrap_err();
    assert_eq!(refusal.code, "org_dissolved");
    assert!(refusal.text().contains("01/01/2025"));
}

#[test]
fn a_split_gives_every_member_one_place() {
    let change = |parts: Vec<Founding>, keeps| Change::Split { org: CELL_A, parts, keeps };
    let two = change(vec![part(NEW, &[1, 2, 3]), part(NEWER, &[4, 5, 6])], false);
    let plan = try_plan(&two, DAY).unwrap();
    let moves = plan.steps.iter().filter(|s| matches!(s, Step::MoveMember { .. })).count();
    assert_eq!(moves, 6);
    assert_eq!(plan.steps.last(), Some(&Step::Dissolve { org: CELL_A, on: DAY }));
    // Two official members and a probationary one are too few (TC-01).
    assert_eq!(plan.advice.len(), 1);
    assert!(plan.advice[0].text.contains("Chi bộ 100 sẽ có 2 đảng viên chính thức, ít hơn 3"));
    let kept = change(vec![part(NEW, &[1, 2, 3])], true);
    let plan = try_plan(&kept, DAY).unwrap();
    assert!(!plan.steps.iter().any(|s| matches!(s, Step::Dissolve { .. })));
    for (parts, keeps, expected) in [
        (vec![part(NEW, &[1, 2]), part(NEWER, &[3, 4, 5])], false, "members_left"),
        (vec![part(NEW, &[1, 2, 3]), part(NEWER, &[3, 4, 5, 6])], false, "member_twice"),
        (vec![part(NEW, &[7])], true, "member_unknown"),
        (vec![part(NEW, &[1, 2, 3, 4, 5, 6])], false, "split_into_one"),
        (vec![part(NEW, &[1]), part(NEW, &[2])], true, "org_exists"),
        (vec![part(CELL_B, &[1])], true, "org_exists"),
    ] {
        assert_eq!(code(&change(parts, keeps), DAY), expected);
    }
    assert_eq!(code(&two, date(2020, 6, 1)), "member_later");
}

#[test]
fn a_merger_ends_what_is_merged() {
    let plan = try_plan(&Change::Merge { orgs: vec![CELL_B], into: CELL_A }, DAY).unwrap();
    assert_eq!(
        plan.steps,
        [
            Step::MoveMember { membership: MembershipId::new(7), to: CELL_A, on: DAY },
            Step::MoveMember { membership: MembershipId::new(8), to: CELL_A, on: DAY },
            Step::EndPosts { org: CELL_B, on: DAY },
            Step::CloseEdge { org: CELL_B, on: DAY },
            Step::CloseVersion { org: CELL_B, on: DAY },
            Step::Dissolve { org: CELL_B, on: DAY },
        ]
    );
    let united = Change::Unite { orgs: vec![CELL_A, CELL_B], into: part(NEW, &[]) };
    let plan = try_plan(&united, DAY).unwrap();
    assert_eq!(plan.steps[0], Step::Found { org: NEW, on: DAY });
    assert_eq!(plan.steps.iter().filter(|s| matches!(s, Step::MoveMember { to, .. } if *to == NEW)).count(), 8);
    let bases = Change::Merge { orgs: vec![BASE], into: OTHER_BASE };
    let steps = try_plan(&bases, DAY).unwrap().steps;
    assert!(steps.contains(&Step::MovePaths { old: "/10/1/a/".to_owned(), new: "/10/2/a/".to_owned() }));
    for (orgs, into, expected) in [
        (vec![], CELL_A, "missing"),
        (vec![CELL_A], CELL_A, "org_twice"),
        (vec![CELL_B, CELL_B], CELL_A, "org_twice"),
        (vec![OTHER_BASE], CELL_A, "kind_misplaced"),
        (vec![TOP], BASE, "circle"),
    ] {
        assert_eq!(code(&Change::Merge { orgs, into }, DAY), expected);
    }
}

#[test]
fn an_end_leaves_nobody_behind() {
    let end = |org, members_to| Change::Dissolve { org, members_to };
    assert_eq!(code(&end(CELL_A, None), DAY), "members_left");
    assert_eq!(code(&end(CELL_A, Some(CELL_A)), DAY), "circle");
    assert_eq!(code(&end(CELL_A, Some(BASE)), DAY), "kind_misplaced");
    assert_eq!(code(&end(BASE, None), DAY), "children_left");
    assert_eq!(code(&end(OTHER_BASE, None), date(2019, 1, 1)), "too_early");
    assert!(try_plan(&end(CELL_A, Some(CELL_B)), DAY).is_ok());
    assert_eq!(try_plan(&end(OTHER_BASE, None), DAY).unwrap().steps.len(), 4);
}

#[test]
fn what_is_no_path_has_no_ids() {
    for text in ["", "/", "//", "/a", "a/", "/A/", "/01/", "/+1/", "/-1/", "/1//2/", "/zzzzzzzzzzzzz/", "/1 /", "/đ/"] {
        assert_eq!(ids(text), None, "{text}");
    }
    assert_eq!(ids("/0/z/"), Some(vec![OrgId::new(0), OrgId::new(35)]));
}

proptest! {
    #[test]
    fn segments_come_back(raw in 0_i64..=i64::MAX, above in 0_i64..=i64::MAX) {
        let parent = child_path(None, OrgId::new(above));
        let path = child_path(Some(&parent), OrgId::new(raw));
        prop_assert_eq!(ids(&path), Some(vec![OrgId::new(above), OrgId::new(raw)]));
        prop_assert_eq!(parent_path(&path), Some(parent.as_str()));
        prop_assert!(is_within(&path, &parent) && !is_within(&parent, &path));
    }

    #[test]
    fn a_path_is_read_only_as_it_is_written(text in "(/|/0[0-9a-z]{0,2}|/[0-9a-zA-Z+-]{1,3}|/[1-9a-z][0-9a-z]{0,13}){0,3}/") {
        if let Some(ids) = ids(&text) {
            let again = ids.iter().fold(None, |above: Option<String>, id| Some(child_path(above.as_deref(), *id)));
            prop_assert_eq!(again, Some(text));
        }
    }

    #[test]
    fn a_split_moves_each_member_at_most_once(homes in proptest::collection::vec(0_u8..3, 6)) {
        let chosen = |n: u8| -> Vec<i64> {
            homes.iter().zip(1..).filter(|(h, _)| **h == n).map(|(_, i)| i).collect()
        };
        let change = Change::Split {
            org: CELL_A,
            parts: vec![part(NEW, &chosen(1)), part(NEWER, &chosen(2))],
            keeps: true,
        };
        let moved = try_plan(&change, DAY).unwrap().steps.iter()
            .filter(|s| matches!(s, Step::MoveMember { .. })).count();
        prop_assert_eq!(moved, homes.iter().filter(|h| **h > 0).count());
    }
}
