//! Programmes read as text, and random ones on random trees.

use std::sync::LazyLock;

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::super::testkit::node;
use super::super::{Member, ids};
use super::*;
use crate::id::MembershipId;
use crate::rulepack::{Library, shipped};

static LIBRARY: LazyLock<Library> = LazyLock::new(|| shipped().unwrap());

const PROVINCE: OrgId = OrgId::new(1);
const BLOCK: OrgId = OrgId::new(2);
const BASE_A: OrgId = OrgId::new(10);
const BASE_B: OrgId = OrgId::new(11);
const CELL_A1: OrgId = OrgId::new(20);
const CELL_A2: OrgId = OrgId::new(21);
const CELL_B1: OrgId = OrgId::new(22);
const SINGLE: OrgId = OrgId::new(30);
const PARTY: OrgId = OrgId::new(90);
const GOVERNMENT: OrgId = OrgId::new(91);
/// The block of kind `block` is in force until the end of June 2025.
const DAY: Date = date(2025, 2, 1);
const LATER: Date = date(2026, 9, 1);

fn nodes() -> Vec<Node> {
    let province = node(PROVINCE, "province", "Đảng bộ tỉnh", None);
    let block = node(BLOCK, "block", "Đảng bộ Khối các cơ quan tỉnh", Some(&province));
    let a = node(BASE_A, "base", "Đảng bộ Ban Tổ chức", Some(&block));
    let b = node(BASE_B, "base", "Đảng bộ Sở Y tế", Some(&block));
    let single = node(SINGLE, "cell_base", "Chi bộ cơ sở Thanh tra tỉnh", Some(&block));
    let a1 = node(CELL_A1, "cell_sub", "Chi bộ Văn phòng", Some(&a));
    let a2 = node(CELL_A2, "cell_sub", "Chi bộ Nghiệp vụ", Some(&a));
    let b1 = node(CELL_B1, "cell_sub", "Chi bộ Y", Some(&b));
    vec![province, block, a, b, single, a1, a2, b1]
}

fn members() -> Vec<Member> {
    let homes = [CELL_A1, CELL_A1, CELL_A1, CELL_A2, CELL_A2, CELL_B1, CELL_B1, CELL_B1, SINGLE, SINGLE];
    (1..).zip(homes).map(|(i, org)| Member { id: MembershipId::new(i), org, from: date(2021, 1, 1), official: i != 4 }).collect()
}

fn whole(items: &[Item], on: Date) -> Result<Whole, Refusal> {
    let (nodes, members) = (nodes(), members());
    plan_whole(items, PROVINCE, on, Facts { nodes: &nodes, members: &members }, &LIBRARY.at(on))
}

fn code(items: &[Item], on: Date) -> &'static str {
    whole(items, on).unwrap_err().code
}

fn found(id: OrgId, kind: &str, name: &str, parent: OrgId) -> Item {
    Item::Found { id, kind: kind.to_owned(), name: name.to_owned(), parent }
}

fn dissolved_block() -> Vec<Item> {
    vec![
        Item::End { orgs: vec![BLOCK] },
        Item::Move { orgs: vec![BASE_A, SINGLE], to: PARTY },
        Item::Move { orgs: vec![BASE_B], to: GOVERNMENT },
        found(PARTY, "party_agencies", "Đảng bộ các cơ quan Đảng tỉnh", PROVINCE),
        found(GOVERNMENT, "government", "Đảng bộ Ủy ban nhân dân tỉnh", PROVINCE),
    ]
}

#[test]
fn a_block_is_dissolved_into_two_whatever_the_order_of_the_items() {
    let mut items = dissolved_block();
    let first = whole(&items, DAY).unwrap();
    assert_eq!((first.founded.len(), first.moved.len(), first.ended.as_slice()), (2, 3, [BLOCK].as_slice()));
    assert_eq!(first.plan.steps.last(), Some(&Step::Dissolve { org: BLOCK, on: DAY }));
    let path = |id| ids(&first.after.iter().find(|n| n.id == id).unwrap().path).unwrap();
    assert_eq!(path(CELL_A1), [PROVINCE, PARTY, BASE_A, CELL_A1]);
    assert_eq!(path(CELL_B1), [PROVINCE, GOVERNMENT, BASE_B, CELL_B1]);
    assert!(first.after.iter().all(|n| n.id != BLOCK));
    items.reverse();
    let second = whole(&items, DAY).unwrap();
    assert_eq!(first.after, second.after);
}

#[test]
fn what_is_left_under_an_organisation_that_ends_is_named() {
    let mut items = dissolved_block();
    items.remove(2);
    let refusal = whole(&items, DAY).unwrap_err();
    assert_eq!(refusal.code, "children_left");
    assert!(refusal.text().contains("1 tổ chức trực thuộc") && refusal.text().contains("Đảng bộ Sở Y tế"), "{refusal}");
    assert_eq!(code(&[Item::End { orgs: vec![CELL_A1] }], DAY), "members_left");
}

#[test]
fn kinds_and_places_are_judged_together_as_they_will_be() {
    // A cell of its own could not go under a base; as a plain cell it can, on the same day.
    let unify = Item::Unify { kinds: vec!["cell_base".to_owned(), "cell_sub".to_owned()], to: "cell".to_owned() };
    let go = Item::Move { orgs: vec![SINGLE], to: BASE_A };
    assert_eq!(code(std::slice::from_ref(&go), LATER), "kind_misplaced");
    let both = whole(&[go, unify.clone()], LATER).unwrap();
    assert_eq!(both.recast.len(), 4);
    let single = both.recast.iter().find(|r| r.org == SINGLE).unwrap();
    assert_eq!((single.name.as_str(), single.old_kind.as_str()), ("Chi bộ Thanh tra tỉnh", "cell_base"));
    // The unified kind exists since QĐ 208.
    assert_eq!(code(&[unify], date(2026, 7, 25)), "kind_unknown");
    let wrong = Item::Unify { kinds: vec!["base".to_owned()], to: "cell".to_owned() };
    assert_eq!(code(&[wrong], LATER), "kind_misplaced");
    let none = Item::Unify { kinds: vec!["part".to_owned()], to: "base".to_owned() };
    assert_eq!(code(&[none], LATER), "nothing");
}

#[test]
fn several_cells_merge_at_once_each_member_once() {
    let new = OrgId::new(95);
    let items = [found(new, "cell_sub", "Chi bộ Tổng hợp", BASE_A), Item::Merge { orgs: vec![CELL_A1, CELL_A2], into: new }];
    let plan = whole(&items, DAY).unwrap();
    let movers = plan.plan.steps.iter().filter(|s| matches!(s, Step::MoveMember { to, .. } if *to == new)).count();
    assert_eq!((movers, plan.likes.get(&new)), (5, Some(&CELL_A1)));
    assert!(plan.plan.advice.is_empty());
    let few = [found(new, "cell_sub", "Chi bộ Tổng hợp", BASE_A), Item::Merge { orgs: vec![CELL_A2], into: new }];
    assert_eq!(whole(&few, DAY).unwrap().plan.advice[0].rule, "TC-01");
    // A new cell may bear the name of one that ends in it.
    let same = [found(new, "cell_sub", "Chi bộ Văn phòng", BASE_A), Item::Merge { orgs: vec![CELL_A1, CELL_A2], into: new }];
    assert!(whole(&same, DAY).is_ok());
    // What stands under a committee that merges follows it.
    let bases = whole(&[Item::Merge { orgs: vec![BASE_B], into: BASE_A }], DAY).unwrap();
    assert_eq!(bases.moved, [Relocation { org: CELL_B1, from: Some(BASE_B), to: BASE_A }]);
}

#[test]
fn a_programme_that_cannot_be_is_refused_with_its_reason() {
    let go = |orgs: &[OrgId], to| Item::Move { orgs: orgs.to_vec(), to };
    let merge = |orgs: &[OrgId], into| Item::Merge { orgs: orgs.to_vec(), into };
    let stranger = OrgId::new(777);
    for (items, expected) in [
        (vec![], "nothing"),
        (vec![go(&[], BLOCK)], "nothing"),
        (vec![go(&[BASE_A], BLOCK)], "nothing"),
        (vec![go(&[stranger], BLOCK)], "org_unknown"),
        (vec![go(&[PROVINCE], BLOCK)], "out_of_reach"),
        (vec![go(&[CELL_A1], stranger)], "org_unknown"),
        (vec![go(&[CELL_A1], BASE_B), go(&[CELL_A1], BASE_B)], "org_twice"),
        (vec![go(&[CELL_A1], BASE_B), merge(&[CELL_A1], CELL_A2)], "org_twice"),
        (vec![merge(&[CELL_A1], CELL_A2), merge(&[CELL_A1], CELL_B1)], "org_twice"),
        (vec![merge(&[CELL_A1], CELL_A1)], "org_twice"),
        (vec![merge(&[CELL_A1], CELL_A2), merge(&[CELL_A2], CELL_B1)], "target_ends"),
        (vec![merge(&[CELL_A1], BASE_B)], "kind_misplaced"),
        (vec![go(&[BLOCK], BASE_A)], "circle"),
        (vec![found(PARTY, "party_agencies", "", PROVINCE)], "missing"),
        (vec![found(PARTY, "party_agencies", "X", BASE_A)], "kind_misplaced"),
        (vec![found(PARTY, "party_agencies", "Đảng bộ khối các cơ quan tỉnh", PROVINCE)], "name_taken"),
        (vec![found(BLOCK, "party_agencies", "X", PROVINCE)], "org_exists"),
        (vec![found(PARTY, "no_such_kind", "X", PROVINCE)], "kind_unknown"),
    ] {
        assert_eq!(code(&items, DAY), expected, "{items:?}");
    }
    assert_eq!(code(&[go(&[CELL_A1], BASE_B)], date(2020, 1, 1)), "too_early");
    assert_eq!(code(&[merge(&[CELL_A1], CELL_A2)], date(2020, 6, 1)), "member_later");
}

#[test]
fn two_organisations_may_change_places() {
    // A part stands under a base; the base goes under a new one; nothing is lost on the way.
    let part = OrgId::new(40);
    let mut all = nodes();
    let base = all.iter().find(|n| n.id == BASE_A).unwrap().clone();
    all.push(node(part, "part", "Đảng bộ bộ phận", Some(&base)));
    let items = [Item::Move { orgs: vec![CELL_A1], to: part }, Item::Move { orgs: vec![part], to: BASE_B }];
    let plan = plan_whole(&items, PROVINCE, DAY, Facts { nodes: &all, members: &members() }, &LIBRARY.at(DAY)).unwrap();
    let cell = plan.after.iter().find(|n| n.id == CELL_A1).unwrap();
    assert_eq!(ids(&cell.path).unwrap(), [PROVINCE, BLOCK, BASE_B, part, CELL_A1]);
}

/// Rows as a store would have them after the steps.
struct Carried {
    nodes: BTreeMap<OrgId, Node>,
    homes: BTreeMap<MembershipId, OrgId>,
}

/// Carries steps out as literally as a store does.
fn carried(nodes: &[Node], members: &[Member], steps: &[Step]) -> Carried {
    let mut out = Carried {
        nodes: nodes.iter().map(|n| (n.id, n.clone())).collect(),
        homes: members.iter().map(|m| (m.id, m.org)).collect(),
    };
    for step in steps {
        match step {
            Step::Found { org, on } => {
                let mut new = node(*org, "", "", None);
                (new.edge_from, new.version_from) = (*on, *on);
                assert!(out.nodes.insert(*org, new).is_none());
            }
            Step::OpenVersion { org, name, kind, on } => {
                let node = out.nodes.get_mut(org).unwrap();
                (node.name, node.kind, node.version_from) = (name.clone(), kind.clone(), *on);
            }
            Step::OpenEdge { org, parent, on } => {
                let above = out.nodes[&parent.unwrap()].path.clone();
                let node = out.nodes.get_mut(org).unwrap();
                (node.parent, node.edge_from) = (*parent, *on);
                if node.path == child_path(None, *org) {
                    node.path = child_path(Some(&above), *org);
                }
            }
            Step::MovePaths { old, new } => {
                for node in out.nodes.values_mut() {
                    if let Some(tail) = node.path.strip_prefix(old.as_str()) {
                        node.path = format!("{new}{tail}");
                    }
                }
            }
            Step::MoveMember { membership, to, .. } => {
                out.homes.insert(*membership, *to);
            }
            Step::Dissolve { org, on } => out.nodes.get_mut(org).unwrap().to = Some(*on),
            Step::CloseVersion { .. } | Step::CloseEdge { .. } | Step::EndPosts { .. } => {}
        }
    }
    out
}

/// A block of committees with cells, and cells of its own, from random numbers.
fn grown(seed: &[u8]) -> (Vec<Node>, Vec<Member>) {
    let mut nodes = vec![node(PROVINCE, "province", "Tỉnh", None)];
    nodes.push(node(BLOCK, "block", "Khối", Some(&nodes[0].clone())));
    let block = nodes[1].clone();
    let (mut members, mut next) = (Vec::new(), 100);
    for (i, n) in seed.iter().enumerate() {
        next += 1;
        let id = OrgId::new(next);
        let bases: Vec<Node> = nodes.iter().filter(|n| n.kind == "base").cloned().collect();
        let (kind, parent) = match n % 4 {
            0 => ("base", &block),
            1 => ("cell_base", &block),
            _ => match bases.get(usize::from(*n) % bases.len().max(1)) {
                Some(base) => ("cell_sub", base),
                None => ("cell_base", &block),
            },
        };
        nodes.push(node(id, kind, &format!("Tổ chức {i}"), Some(parent)));
        for m in 0..i64::from(n / 64) {
            let id = MembershipId::new(i64::try_from(i).unwrap() * 10 + m);
            if kind != "base" {
                members.push(Member { id, org: OrgId::new(next), from: date(2021, 1, 1), official: true });
            }
        }
    }
    (nodes, members)
}

/// Things to do with organisations of a tree, from random numbers; some fit, some do not.
fn wished(nodes: &[Node], seed: &[(u8, u8, u8)]) -> Vec<Item> {
    let any = |n: u8| nodes[usize::from(n) % nodes.len()].id;
    let of = |kind: &str, n: u8| {
        let fit: Vec<OrgId> = nodes.iter().filter(|x| x.kind == kind).map(|x| x.id).collect();
        fit.get(usize::from(n) % fit.len().max(1)).copied().unwrap_or(BLOCK)
    };
    let mut items = Vec::new();
    for (i, (what, a, b)) in seed.iter().enumerate() {
        let new = OrgId::new(1_000 + i64::try_from(i).unwrap());
        match what % 8 {
            0 => items.push(found(new, "base", &format!("Mới {i}"), BLOCK)),
            1 => {
                items.push(found(new, "base", &format!("Mới {i}"), BLOCK));
                items.push(Item::Move { orgs: vec![of("cell_sub", *a)], to: new });
            }
            2 => items.push(Item::Move { orgs: vec![of("cell_sub", *a)], to: of("base", *b) }),
            3 => items.push(Item::Merge { orgs: vec![of("cell_sub", *a)], into: of("cell_base", *b) }),
            4 => items.push(Item::Merge { orgs: vec![of("base", *a)], into: of("base", *b) }),
            5 => {
                items.push(found(new, "government", &format!("Mới {i}"), PROVINCE));
                items.push(Item::Move { orgs: vec![of("base", *a)], to: new });
            }
            6 => items.push(Item::End { orgs: vec![of("base", *a)] }),
            _ => items.push(Item::Merge { orgs: vec![any(*a)], into: any(*b) }),
        }
    }
    items
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn everyone_has_one_place_afterwards(
        tree in proptest::collection::vec(any::<u8>(), 4..30),
        wishes in proptest::collection::vec(any::<(u8, u8, u8)>(), 1..5),
    ) {
        let (nodes, members) = grown(&tree);
        let items = wished(&nodes, &wishes);
        let facts = Facts { nodes: &nodes, members: &members };
        let Ok(whole) = plan_whole(&items, PROVINCE, DAY, facts, &LIBRARY.at(DAY)) else { return Ok(()) };
        let done = carried(&nodes, &members, &whole.plan.steps);
        let living: BTreeMap<OrgId, &Node> =
            done.nodes.values().filter(|n| n.to.is_none()).map(|n| (n.id, n)).collect();
        for node in living.values().filter(|n| n.id != PROVINCE) {
            // A living parent, and a path that says the same as the edges, up to the top.
            let parent = living.get(&node.parent.unwrap());
            prop_assert!(parent.is_some(), "{} stands under nothing", node.name);
            prop_assert_eq!(&node.path, &child_path(Some(&parent.unwrap().path), node.id));
            prop_assert_eq!(ids(&node.path).unwrap()[0], PROVINCE);
        }
        // Nobody is lost, and nobody is left in what ended.
        prop_assert_eq!(done.homes.len(), members.len());
        for home in done.homes.values() {
            prop_assert!(living.contains_key(home));
        }
        // What was planned is what the steps make; no organisation is lost or twice.
        let planned: BTreeMap<OrgId, &Node> = whole.after.iter().map(|n| (n.id, n)).collect();
        prop_assert_eq!(&planned, &living);
        prop_assert_eq!(living.len(), nodes.len() + whole.founded.len() - whole.merged.len() - whole.ended.len());
        let moves = |id: MembershipId| whole.plan.steps.iter()
            .filter(|s| matches!(s, Step::MoveMember { membership, .. } if *membership == id)).count();
        prop_assert!(members.iter().all(|m| moves(m.id) <= 1));
    }
}
