use super::*;
use crate::code::Code;
use crate::rulepack::{Library, shipped};
use jiff::civil::{date, time};
use proptest::prelude::*;
use std::sync::LazyLock;

const FIGURES: Figures = Figures { first: 3, last: 1, after: 1, repeat: 7, check: 3, weekend: false };

/// Weekends and the days of Tết 2027.
fn rests(day: Date) -> bool {
    static LIBRARY: LazyLock<Library> = LazyLock::new(|| shipped().unwrap());
    is_off(&LIBRARY.at(day), day)
}

fn who(n: i64) -> PersonId {
    PersonId::new(n)
}

/// Doer 1, checker 2, urger 3, secretary 4.
fn fact(state: TaskState, deadline: Option<Date>) -> Fact {
    Fact {
        org: OrgId::new(1),
        task: TaskId::new(1),
        people: People { doer: Some(who(1)), checker: Some(who(2)), urger: Some(who(3)) },
        head: Some(who(4)),
        state,
        deadline,
        given: None,
        since: None,
        figures: FIGURES,
    }
}

/// The run of a morning after that of the day before.
fn morning(day: Date) -> Window {
    let at = |d: Date| d.to_datetime(time(7, 0, 0, 0));
    Window { after: at(day.yesterday().unwrap()), until: at(day) }
}

fn kinds(fact: &Fact, window: &Window) -> Vec<(i64, Kind)> {
    bundles(std::slice::from_ref(fact), window, &rests).into_iter().map(|(p, lines)| (p.raw(), lines[0].kind)).collect()
}

#[test]
fn who_is_told_what_on_which_day() {
    // Thursday, 10 December 2026, is the deadline.
    let due = Some(date(2026, 12, 10));
    let late: &[(i64, Kind)] = &[(1, Kind::Overdue), (3, Kind::Urge), (4, Kind::Lead)];
    let table: [(Date, &[(i64, Kind)]); 12] = [
        (date(2026, 12, 4), &[]),
        (date(2026, 12, 7), &[(1, Kind::Due)]),
        (date(2026, 12, 8), &[]),
        (date(2026, 12, 9), &[(1, Kind::Due)]),
        (date(2026, 12, 10), &[]),
        (date(2026, 12, 11), late),
        (date(2026, 12, 14), &[]),
        (date(2026, 12, 17), &[]),
        (date(2026, 12, 18), late),
        (date(2026, 12, 24), &[]),
        (date(2026, 12, 25), late),
        (date(2027, 1, 1), late),
    ];
    for (day, told) in table {
        assert_eq!(kinds(&fact(TaskState::Open, due), &morning(day)), told, "{day}");
        assert_eq!(kinds(&fact(TaskState::Returned, due), &morning(day)), told, "returned, {day}");
        for over in [TaskState::Done, TaskState::Dropped, TaskState::Reported] {
            assert_eq!(kinds(&fact(over, due), &morning(day)), [], "{over}, {day}");
        }
        assert_eq!(kinds(&fact(TaskState::Open, None), &morning(day)), [], "no deadline");
    }
}

#[test]
fn a_day_off_moves_what_comes_before_the_deadline_ahead() {
    // Monday, 14 December: three days before is Friday, the day before a Sunday.
    let monday = fact(TaskState::Open, Some(date(2026, 12, 14)));
    let friday = date(2026, 12, 11);
    assert_eq!(kinds(&monday, &morning(friday)), [(1, Kind::Due)]);
    // After a weekend without runs Monday tells nothing twice.
    let weekend = Window { after: friday.at(7, 0, 0, 0), until: date(2026, 12, 14).at(7, 0, 0, 0) };
    assert_eq!(kinds(&monday, &weekend), []);
    let saturday = fact(TaskState::Open, Some(date(2026, 12, 12)));
    assert_eq!(kinds(&saturday, &weekend), [(1, Kind::Overdue), (3, Kind::Urge), (4, Kind::Lead)]);
    let always = Fact { figures: Figures { weekend: true, ..FIGURES }, ..monday };
    assert_eq!(kinds(&always, &morning(date(2026, 12, 13))), [(1, Kind::Due)]);
}

#[test]
fn public_holidays_are_days_of_rest() {
    // The holidays of Tết 2027 begin on Friday, 5 February; Monday, 8 February, still is one.
    for (day, rest) in [(date(2027, 2, 4), false), (date(2027, 2, 5), true), (date(2027, 2, 8), true), (date(2027, 9, 2), true)] {
        assert_eq!(rests(day), rest, "{day}");
    }
    // What would be told one day before Tuesday, 9 February, is told on the last working day before Tết.
    let after = fact(TaskState::Open, Some(date(2027, 2, 9)));
    assert_eq!(kinds(&after, &morning(date(2027, 2, 4))), [(1, Kind::Due)]);
    let always = Fact { figures: Figures { weekend: true, ..FIGURES }, ..after };
    assert_eq!(kinds(&always, &morning(date(2027, 2, 8))), [(1, Kind::Due)]);
    // Rules by which every day were one of rest move nothing.
    let told = bundles(&[after], &morning(date(2027, 2, 8)), &|_| true);
    assert_eq!(told.len(), 1);
}

#[test]
fn events_are_told_once_at_the_next_run() {
    let day = date(2026, 12, 3);
    let at = |hour: i8| day.at(hour, 0, 0, 0);
    let next = morning(date(2026, 12, 4));
    let given = |at| Fact { given: Some(at), ..fact(TaskState::Open, Some(date(2027, 2, 1))) };
    assert_eq!(kinds(&given(at(15)), &next), [(1, Kind::New)]);
    assert_eq!(kinds(&given(at(15)), &morning(day)), []);
    assert_eq!(kinds(&given(at(7)), &morning(day)), [(1, Kind::New)], "the very moment of the run");
    assert_eq!(kinds(&given(at(7)), &next), [], "is not told again");
    let back = Fact { since: Some(at(9)), ..fact(TaskState::Returned, None) };
    assert_eq!(kinds(&back, &next), [(1, Kind::Returned)]);
    assert_eq!(kinds(&back, &morning(day)), []);
    let reported = Fact { since: Some(at(9)), ..fact(TaskState::Reported, None) };
    let asked: Vec<i8> = (3..=14)
        .filter(|d| {
            let told = kinds(&reported, &morning(date(2026, 12, *d)));
            assert!(told.is_empty() || told == [(2, Kind::Check)], "{told:?}");
            !told.is_empty()
        })
        .collect();
    assert_eq!(asked, [4, 6, 9, 12], "the next morning, then every three days");
}

#[test]
fn who_confirms_by_table() {
    let day = date(2026, 12, 4);
    let since = Some(date(2026, 12, 3).at(9, 0, 0, 0));
    let people = |doer, checker| People { doer: Some(who(doer)), checker, urger: None };
    let table = [
        (people(1, Some(who(2))), Some(who(4)), Some(2)),
        (people(1, None), Some(who(4)), Some(4)),
        (people(1, Some(who(1))), Some(who(4)), Some(4)),
        (people(4, None), Some(who(4)), Some(4)),
        (people(1, None), None, None),
    ];
    for (people, head, asked) in table {
        let f = Fact { people, head, since, ..fact(TaskState::Reported, None) };
        assert_eq!(kinds(&f, &morning(day)).first().map(|k| k.0), asked, "{people:?}");
    }
}

#[test]
fn one_person_with_every_part_is_told_once() {
    let all = People { doer: Some(who(1)), checker: Some(who(1)), urger: Some(who(1)) };
    let f = Fact { people: all, head: Some(who(1)), ..fact(TaskState::Open, Some(date(2026, 12, 10))) };
    let told = bundles(&[f, f], &morning(date(2026, 12, 11)), &rests);
    assert_eq!(told.len(), 1);
    assert_eq!(told[&who(1)], [Line { kind: Kind::Overdue, org: OrgId::new(1), about: About::Task(TaskId::new(1)) }]);
}

#[test]
fn a_run_is_due_once_on_the_morning_of_a_working_day() {
    let thursday = date(2026, 12, 3);
    let at = |day: Date, hour: i8| day.at(hour, 30, 0, 0);
    let last = Some(at(thursday.yesterday().unwrap(), 7));
    assert_eq!(due_run(at(thursday, 6), last, 7, false), None);
    assert_eq!(
        due_run(at(thursday, 7), last, 7, false),
        Some(Window { after: at(date(2026, 12, 2), 7), until: at(thursday, 7) })
    );
    assert!(due_run(at(thursday, 17), last, 7, false).is_some(), "a server that starts late in the day still tells");
    assert_eq!(due_run(at(thursday, 18), last, 7, false), None, "not in the evening");
    assert_eq!(due_run(at(thursday, 9), Some(at(thursday, 7)), 7, false), None, "once a day");
    assert_eq!(due_run(at(date(2026, 12, 2), 9), Some(at(thursday, 7)), 7, false), None, "the clock went back");
    assert_eq!(due_run(at(date(2026, 12, 5), 9), Some(at(thursday, 7)), 7, true), None, "a day of rest");
    let first = due_run(at(thursday, 9), None, 7, false).unwrap();
    assert_eq!(first.after, at(date(2026, 11, 26), 9), "the first run of all looks back a week");
}

#[test]
fn a_bundle_is_said_in_a_sentence_and_outside_without_how_it_stands() {
    let line = |kind, task| Line { kind, org: OrgId::new(1), about: About::Task(TaskId::new(task)) };
    let lines = [line(Kind::Due, 1), line(Kind::Overdue, 2), line(Kind::Check, 3), line(Kind::Due, 4), line(Kind::Lead, 5)];
    let counted = counts(&lines);
    assert_eq!(sentence(&counted), "1 việc quá hạn, 2 việc sắp đến hạn, 1 việc chờ đồng chí xác nhận, 1 việc quá hạn của chi bộ");
    assert_eq!(outside(&counted), "3 việc cần làm, 1 việc chờ kiểm tra, 1 việc cần đôn đốc");
    let sent = |kind, id| Line { kind, org: OrgId::new(1), about: About::Sent(OrgId::new(9), RowId::new(id)) };
    let counted = counts(&[line(Kind::Check, 1), sent(Kind::Orientation, 2), sent(Kind::Document, 3), sent(Kind::Document, 4)]);
    let words = "1 định hướng mới của cấp trên để chuẩn bị sinh hoạt, 2 tài liệu mới chờ đồng chí đọc";
    assert_eq!(sentence(&counted), format!("1 việc chờ đồng chí xác nhận, {words}"));
    assert_eq!(outside(&counted), "1 việc chờ kiểm tra, 3 tài liệu cần đọc");
    assert_eq!(outside(&[]), "");
}

#[test]
fn what_waits_does_not_depend_on_the_day_of_telling() {
    let (due, today) = (Some(date(2026, 12, 10)), date(2026, 12, 15));
    let of = |f: Fact, day| -> Vec<(i64, Kind)> {
        waiting(&[f], day).into_iter().map(|(p, lines)| (p.raw(), lines[0].kind)).collect()
    };
    assert_eq!(of(fact(TaskState::Open, due), today), [(1, Kind::Overdue), (3, Kind::Urge), (4, Kind::Lead)]);
    assert_eq!(of(fact(TaskState::Open, due), date(2026, 12, 8)), [(1, Kind::Due)]);
    assert_eq!(of(fact(TaskState::Open, due), date(2026, 12, 6)), []);
    assert_eq!(of(fact(TaskState::Returned, due), date(2026, 12, 6)), [(1, Kind::Returned)]);
    assert_eq!(of(fact(TaskState::Reported, due), today), [(2, Kind::Check)]);
    let given = Fact { given: Some(date(2026, 12, 3).at(15, 0, 0, 0)), ..fact(TaskState::Open, None) };
    assert_eq!(of(given, date(2026, 12, 9)), [(1, Kind::New)]);
    assert_eq!(of(given, date(2026, 12, 10)), []);
}

fn some_fact() -> impl Strategy<Value = Fact> {
    let person = || proptest::option::of((1i64..6).prop_map(PersonId::new));
    let day = || proptest::option::of((0i64..60).prop_map(|n| plus(date(2026, 11, 1), n)));
    let moment = || day().prop_map(|d| d.map(|d| d.at(15, 0, 0, 0)));
    (
        1i64..3,
        1i64..12,
        (person(), person(), person(), person()),
        proptest::sample::select(TaskState::ALL),
        day(),
        moment(),
        moment(),
    )
        .prop_map(|(org, task, (doer, checker, urger, head), state, deadline, given, since)| Fact {
            org: OrgId::new(org),
            task: TaskId::new(task),
            people: People { doer, checker, urger },
            head,
            state,
            deadline,
            given,
            since,
            figures: FIGURES,
        })
}

proptest! {
    #[test]
    fn bundles_are_never_empty_and_tell_each_task_once(facts in proptest::collection::vec(some_fact(), 0..30), from in 0i64..50, days in 1i64..9) {
        let start = plus(date(2026, 11, 2), from);
        let window = Window { after: start.at(7, 0, 0, 0), until: plus(start, days).at(7, 0, 0, 0) };
        let told = bundles(&facts, &window, &rests);
        for lines in told.values() {
            prop_assert!(!lines.is_empty());
            let mut seen: Vec<(OrgId, About)> = lines.iter().map(|l| (l.org, l.about)).collect();
            seen.sort_unstable();
            seen.dedup();
            prop_assert_eq!(seen.len(), lines.len());
            prop_assert_eq!(counts(lines).iter().map(|c| c.1 as usize).sum::<usize>(), lines.len());
        }
        let turned: Vec<Fact> = facts.iter().rev().chain(facts.iter()).copied().collect();
        prop_assert_eq!(&bundles(&turned, &window, &rests), &told);
        // Nobody is told of a task that is not theirs, or that does not wait for them.
        for (person, lines) in &told {
            for line in lines {
                prop_assert!(facts.iter().any(|f| f.org == line.org && Some(f.task) == line.task() && f.state.is_live()
                    && [f.people.doer, f.people.checker, f.people.urger, f.head].contains(&Some(*person))));
            }
        }
    }

    #[test]
    fn a_run_after_days_without_any_tells_no_more_than_they_would_have(fact in some_fact(), from in 0i64..40, days in 1i64..15) {
        // While nothing else changes, one run after days without any tells nobody who would not have been
        // told on one of them.
        let at = |n: i64| plus(date(2026, 11, 2), from + n).at(7, 0, 0, 0);
        let whole = bundles(&[fact], &Window { after: at(0), until: at(days) }, &rests);
        let mut parts: std::collections::BTreeSet<PersonId> = std::collections::BTreeSet::new();
        for n in 0..days {
            parts.extend(bundles(&[fact], &Window { after: at(n), until: at(n + 1) }, &rests).into_keys());
        }
        for person in whole.keys() {
            prop_assert!(parts.contains(person));
        }
    }
}
