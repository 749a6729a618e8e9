use super::*;
use jiff::civil::date;
use proptest::prelude::*;

fn document(read: bool) -> Matter {
    Matter::Document { read }
}

/// An orientation of December 2026.
fn orientation(ahead: Option<bool>, taken: usize, missing: usize) -> Matter {
    Matter::Orientation(Preparing { period: PeriodKey::regular(2026, 12).unwrap(), ahead, taken, missing })
}

/// Sent by committee 9 to person 1 in cell 2, issued on 3 December at three.
fn sent(matter: Matter) -> Sent {
    Sent {
        person: PersonId::new(1),
        cell: OrgId::new(2),
        from: OrgId::new(9),
        id: RowId::new(5),
        issued: date(2026, 12, 3).at(15, 0, 0, 0),
        told: false,
        matter,
    }
}

fn morning(day: Date) -> DateTime {
    day.at(7, 0, 0, 0)
}

/// Person, why, through which cell.
type Told = Vec<(i64, Kind, i64)>;

fn lines(facts: &[Sent], day: Date) -> Told {
    let all = bundles(facts, morning(day));
    all.into_iter().flat_map(|(p, lines)| lines.into_iter().map(move |l| (p.raw(), l.kind, l.org.raw()))).collect()
}

#[test]
fn what_waits_by_table() {
    let table = [
        (document(false), date(2026, 12, 4), true),
        (document(true), date(2026, 12, 4), false),
        // Nobody prepares yet; nothing of it on the agenda; only what is suggested there, or part of it.
        (orientation(None, 0, 1), date(2026, 12, 4), true),
        (orientation(None, 0, 0), date(2026, 12, 4), true),
        (orientation(Some(true), 0, 1), date(2026, 12, 4), true),
        (orientation(Some(true), 2, 1), date(2026, 12, 4), true),
        (orientation(Some(true), 0, 0), date(2026, 12, 4), true),
        // All that is required stands there; something suggested does.
        (orientation(Some(true), 1, 0), date(2026, 12, 4), false),
        // The meeting began; the last day of the month, and the day after.
        (orientation(Some(false), 0, 2), date(2026, 12, 4), false),
        (orientation(None, 0, 1), date(2026, 12, 31), true),
        (orientation(None, 0, 1), date(2027, 1, 1), false),
        (orientation(Some(true), 0, 1), date(2027, 1, 1), false),
    ];
    for (matter, day, waits) in table {
        assert_eq!(matter.waits(day), waits, "{matter:?} on {day}");
        let told = lines(&[sent(matter)], day);
        assert_eq!(told, if waits { vec![(1, matter.kind(), 2)] } else { Vec::new() }, "{matter:?} on {day}");
    }
}

#[test]
fn each_is_told_once_and_only_while_it_is_new() {
    let day = date(2026, 12, 4);
    let one = sent(document(false));
    let table: [(&str, Vec<Sent>, Date, Told); 9] = [
        ("the next morning", vec![one], day, vec![(1, Kind::Document, 2)]),
        ("not before it went out", vec![one], date(2026, 12, 3), Vec::new()),
        ("told before", vec![Sent { told: true, ..one }], day, Vec::new()),
        ("days nobody ran", vec![one], date(2026, 12, 14), vec![(1, Kind::Document, 2)]),
        ("the last day it is new", vec![one], date(2027, 2, 1), vec![(1, Kind::Document, 2)]),
        ("no longer new", vec![one], date(2027, 2, 2), Vec::new()),
        ("two cells, one line", vec![Sent { cell: OrgId::new(3), ..one }, one], day, vec![(1, Kind::Document, 2)]),
        ("read in the other cell", vec![one, Sent { cell: OrgId::new(3), ..sent(document(true)) }], day, Vec::new()),
        ("told through the other cell", vec![one, Sent { cell: OrgId::new(3), told: true, ..one }], day, Vec::new()),
    ];
    for (case, facts, day, told) in table {
        assert_eq!(lines(&facts, day), told, "{case}");
    }
    // Each cell prepares its own month.
    let here = sent(orientation(None, 0, 1));
    let there = Sent { cell: OrgId::new(3), ..here };
    assert_eq!(lines(&[here, there], day).len(), 2);
    assert_eq!(lines(&[here, Sent { told: true, ..there }], day), [(1, Kind::Orientation, 2)]);
    // What is to be prepared comes before what is to be read.
    let kinds: Vec<Kind> = lines(&[Sent { id: RowId::new(1), ..one }, here], day).into_iter().map(|l| l.1).collect();
    assert_eq!(kinds, [Kind::Orientation, Kind::Document]);
}

fn some() -> impl Strategy<Value = Sent> {
    let matter = prop_oneof![
        any::<bool>().prop_map(document),
        (proptest::option::of(any::<bool>()), 0usize..2, 0usize..2).prop_map(|(a, t, m)| orientation(a, t, m)),
    ];
    (1i64..4, 1i64..4, 1i64..5, 1i8..28, any::<bool>(), matter).prop_map(|(person, cell, id, day, told, matter)| Sent {
        person: PersonId::new(person),
        cell: OrgId::new(cell),
        id: RowId::new(id * 2 + i64::from(matter.kind() == Kind::Document)),
        issued: date(2026, 12, day).at(15, 0, 0, 0),
        told,
        ..sent(matter)
    })
}

proptest! {
    /// Once told, never again; nobody is told of what is not theirs or does not wait.
    #[test]
    fn a_second_run_tells_nothing_that_the_first_told(facts in proptest::collection::vec(some(), 0..30), day in 1i8..28) {
        let now = morning(date(2026, 12, day));
        let first = bundles(&facts, now);
        for (person, lines) in &first {
            prop_assert!(!lines.is_empty());
            for line in lines {
                prop_assert!(facts.iter().any(|f| f.person == *person && f.cell == line.org && !f.told
                    && line.about == About::Sent(f.from, f.id) && f.matter.waits(now.date())));
            }
        }
        let said = |f: &Sent| first.get(&f.person).is_some_and(|all| all.iter().any(|l| {
            l.about == About::Sent(f.from, f.id) && l.org == f.cell
        }));
        let after: Vec<Sent> = facts.iter().map(|f| Sent { told: f.told || said(f), ..*f }).collect();
        prop_assert!(bundles(&after, now).is_empty());
        let turned: Vec<Sent> = facts.iter().rev().copied().collect();
        prop_assert_eq!(bundles(&turned, now), first);
    }
}
