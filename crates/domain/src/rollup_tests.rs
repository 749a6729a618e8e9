//! Months, whom they count for, and that carrying differences never drifts from counting anew.

use std::sync::LazyLock;

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::rulepack::{Library, shipped};

static LIBRARY: LazyLock<Library> = LazyLock::new(|| shipped().unwrap());

fn month(text: &str) -> Month {
    text.parse().unwrap()
}

fn judged(at: &str, life: CellLife, facts: &MonthFacts) -> Figures {
    let month = month(at);
    judge(month, &life, &LIBRARY.at(month.first_day()), facts)
}

const LONG_AGO: CellLife = CellLife { from: date(2015, 1, 1), to: None };

#[test]
fn months_read_as_they_are_written() {
    for text in ["2026-01", "2026-12", "1999-07"] {
        assert_eq!(month(text).to_string(), text);
    }
    for text in ["2026-1", "2026-13", "2026", "26-01", "2026-00", "x-01"] {
        assert_eq!(text.parse::<Month>(), Err(BadMonth), "{text}");
    }
    let through: Vec<String> = month("2026-11").through(month("2027-02")).map(|m| m.to_string()).collect();
    assert_eq!(through, ["2026-11", "2026-12", "2027-01", "2027-02"]);
    assert_eq!(month("2026-03").through(month("2026-02")).count(), 0);
    let words = |m: &str| month(m).periods().iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    assert_eq!((words("2026-10"), words("2026-11")), ("2026-tk-10 2026-cd-4".to_owned(), "2026-tk-11".to_owned()));
}

#[test]
fn a_month_owes_its_regular_ky_and_a_quarters_first_the_topic() {
    let none = MonthFacts::default();
    let owed = |at: &str, life| {
        let f = judged(at, life, &none);
        (f.cells, f.regular_owed, f.thematic_owed, f.regular_held + f.thematic_held)
    };
    assert_eq!(owed("2026-10", LONG_AGO), (1, 1, 1, 0));
    assert_eq!(owed("2026-11", LONG_AGO), (1, 1, 0, 0));
    // Founded on the 20th: it exists, and owes nothing yet; the quarter's topic it still owes.
    let young = CellLife { from: date(2026, 8, 10), to: None };
    assert_eq!(owed("2026-07", young), (0, 0, 1, 0));
    assert_eq!(owed("2026-08", young), (1, 0, 0, 0));
    assert_eq!(owed("2026-09", young), (1, 1, 0, 0));
    let gone = CellLife { from: date(2015, 1, 1), to: Some(date(2026, 9, 1)) };
    assert_eq!(owed("2026-08", gone), (1, 1, 0, 0));
    assert_eq!(owed("2026-09", gone), (0, 0, 0, 0));
}

#[test]
fn held_late_and_put_off_are_judged_by_the_days_of_the_rules() {
    let f = |regular_on, regular_until| {
        let facts = MonthFacts { regular_on, regular_until, ..MonthFacts::default() };
        let f = judged("2026-11", LONG_AGO, &facts);
        (f.regular_held, f.regular_late, f.regular_put_off)
    };
    assert_eq!(f(Some(date(2026, 11, 3)), None), (1, 0, 0));
    assert_eq!(f(Some(date(2026, 11, 20)), None), (1, 1, 0));
    assert_eq!(f(Some(date(2026, 11, 20)), Some(date(2026, 11, 20))), (1, 0, 0));
    assert_eq!(f(Some(date(2026, 11, 21)), Some(date(2026, 11, 20))), (1, 1, 0));
    assert_eq!(f(None, Some(date(2026, 11, 20))), (0, 0, 1));
    let thematic = MonthFacts { thematic_on: Some(date(2027, 1, 4)), ..MonthFacts::default() };
    let f = judged("2026-10", LONG_AGO, &thematic);
    assert_eq!((f.thematic_owed, f.thematic_held, f.thematic_late), (1, 1, 1));
}

#[test]
fn unified_cells_count_by_where_they_stand() {
    let rules = LIBRARY.at(date(2026, 9, 1));
    for (kind, parent, expected) in [
        ("cell_base", Some("province"), CellKind::Base),
        ("cell_sub", Some("base"), CellKind::Sub),
        ("cell", Some("base"), CellKind::Sub),
        ("cell", Some("part"), CellKind::Sub),
        ("cell", Some("commune"), CellKind::Sub),
        ("cell", Some("party_agencies"), CellKind::Base),
        ("cell_sub", None, CellKind::Base),
    ] {
        assert_eq!(CellKind::of(kind, parent, &rules), expected, "{kind} {parent:?}");
    }
}

/// Cells 10…13 under committees 1…4, these under 0 and 5: what stands where since when.
#[derive(Debug, Clone)]
struct World {
    edges: BTreeMap<OrgId, Vec<Edge>>,
    facts: BTreeMap<(OrgId, Month), i64>,
}

const CELLS: std::ops::Range<i64> = 10..14;

impl World {
    fn new() -> Self {
        let edge = |parent: Option<i64>| vec![Edge { from: date(2020, 1, 1), to: None, parent: parent.map(OrgId::new) }];
        let mut edges = BTreeMap::new();
        for top in [100, 105] {
            edges.insert(OrgId::new(top), edge(None));
        }
        for committee in 1..5 {
            edges.insert(OrgId::new(committee), edge(Some(if committee < 3 { 100 } else { 105 })));
        }
        for cell in CELLS {
            edges.insert(OrgId::new(cell), edge(Some(cell - 9)));
        }
        Self { edges, facts: BTreeMap::new() }
    }

    fn move_to(&mut self, org: OrgId, parent: OrgId, on: Date) {
        let edges = self.edges.get_mut(&org).unwrap();
        let last = edges.last_mut().unwrap();
        if last.from < on {
            last.to = Some(on);
            edges.push(Edge { from: on, to: None, parent: Some(parent) });
        }
    }

    fn share(&self, org: OrgId, month: Month) -> Share {
        let day = counted_on(month, date(2020, 1, 1));
        let lineage = lineage(org, day, |id| self.edges.get(&id).map(Vec::as_slice).unwrap_or_default()).unwrap_or_default();
        let meetings = self.facts.get(&(org, month)).copied().unwrap_or(0);
        Share { lineage, kind: CellKind::Sub, figures: Figures { cells: 1, meetings, ..Figures::default() } }
    }
}

fn add(sums: &mut Deltas, deltas: Deltas) {
    for (key, figures) in deltas {
        let sum = sums.entry(key).or_default();
        *sum = sum.plus(figures);
    }
    sums.retain(|_, f| *f != Figures::default());
}

proptest! {
    /// Facts, moves of cells and of whole committees and carrying come in any order; at the end the carried sums are
    /// those of a count from nothing, and a month before every move is where it was.
    #[test]
    fn carried_sums_are_counted_sums(
        steps in proptest::collection::vec((0_u8..4, 0_usize..6, 0_i64..6, 1_i8..=28), 0..60)
    ) {
        let months: Vec<Month> = month("2026-01").through(month("2026-06")).collect();
        let mut world = World::new();
        let (mut sums, mut carried) = (Deltas::new(), BTreeMap::<(OrgId, Month), Share>::new());
        let mut due: std::collections::BTreeSet<(OrgId, Month)> =
            CELLS.flat_map(|c| months.iter().map(move |m| (OrgId::new(c), *m))).collect();
        let settle = |world: &World, due: &mut std::collections::BTreeSet<(OrgId, Month)>,
                          sums: &mut Deltas, carried: &mut BTreeMap<(OrgId, Month), Share>, few: usize| {
            let some: Vec<_> = due.iter().copied().take(few).collect();
            let mut deltas = Deltas::new();
            for key in some {
                due.remove(&key);
                let new = world.share(key.0, key.1);
                carry(&mut deltas, key.1, carried.get(&key), &new);
                carried.insert(key, new);
            }
            add(sums, deltas);
        };
        for (what, at, n, day) in steps {
            let month = months[at];
            match what {
                0 => {
                    let cell = OrgId::new(10 + n % 4);
                    *world.facts.entry((cell, month)).or_default() += 1;
                    due.insert((cell, month));
                }
                1 => {
                    let cell = OrgId::new(10 + n % 4);
                    world.move_to(cell, OrgId::new(1 + (n + i64::from(day)) % 4), month.first_day().with().day(day).build().unwrap());
                    due.extend(month.through(months[5]).map(|m| (cell, m)));
                }
                2 => {
                    let committee = OrgId::new(1 + n % 4);
                    let to = OrgId::new(if day % 2 == 0 { 100 } else { 105 });
                    world.move_to(committee, to, month.first_day().with().day(day).build().unwrap());
                    // Whoever stood below it in one of these months may count elsewhere now.
                    due.extend(CELLS.flat_map(|c| month.through(months[5]).map(move |m| (OrgId::new(c), m))));
                }
                _ => settle(&world, &mut due, &mut sums, &mut carried, usize::from(day.unsigned_abs())),
            }
        }
        settle(&world, &mut due, &mut sums, &mut carried, usize::MAX);
        let mut counted = Deltas::new();
        for cell in CELLS {
            for month in &months {
                carry(&mut counted, *month, None, &world.share(OrgId::new(cell), *month));
            }
        }
        counted.retain(|_, f| *f != Figures::default());
        prop_assert_eq!(sums, counted);
    }

    #[test]
    fn figures_come_back_from_their_list(list in proptest::collection::vec(-9_i64..1_000, Figures::NAMES.len())) {
        let figures = Figures::from_list(&list);
        prop_assert_eq!(figures.to_list(), list);
        prop_assert_eq!(figures.plus(figures).minus(figures), figures);
    }
}
