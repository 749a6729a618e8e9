use super::*;
use crate::code::Code;
use jiff::civil::date;
use proptest::prelude::*;

const DOER: Hand = hand(1, false, false);
const CHECKER: Hand = hand(2, false, false);
const SECRETARY: Hand = hand(3, true, true);
const OTHER: Hand = hand(9, false, false);

const fn hand(person: i64, chair: bool, secretary: bool) -> Hand {
    Hand { person: PersonId::new(person), chair, secretary, sole: false }
}

fn people(checker: Option<i64>) -> People {
    People { doer: Some(PersonId::new(1)), checker: checker.map(PersonId::new), urger: None }
}

#[test]
fn every_transition_from_every_state() {
    use TaskState::{Done, Dropped, Open, Reported, Returned};
    let p = people(Some(2));
    let today = date(2025, 3, 3);
    let table = [
        // state, report, confirm, send back, extend, drop
        (Open, Some(Reported), None, None, Some(Open), Some(Dropped)),
        (Reported, None, Some(Done), Some(Returned), Some(Reported), Some(Dropped)),
        (Done, None, None, None, None, None),
        (Returned, Some(Reported), None, None, Some(Returned), Some(Dropped)),
        (Dropped, None, None, None, None, None),
    ];
    assert_eq!(table.len(), TaskState::ALL.len());
    for (state, report, confirm, back, extend, dropped) in table {
        assert_eq!(state.report(&p, &DOER, "đã xong").ok(), report, "{state}");
        assert_eq!(state.confirm(&p, &CHECKER).ok(), confirm, "{state}");
        assert_eq!(state.send_back(&p, &CHECKER, "còn thiếu").ok(), back, "{state}");
        let got = state.extend(&SECRETARY, None, date(2025, 4, 3), today, "chờ kinh phí");
        assert_eq!(got.ok(), extend, "{state}");
        assert_eq!(state.drop_task(&SECRETARY, "không còn phù hợp").ok(), dropped, "{state}");
    }
}

#[test]
fn who_may_confirm_by_table() {
    let sole = Hand { sole: true, ..DOER };
    let doer_secretary = hand(1, true, true);
    let table = [
        ("named checker", people(Some(2)), CHECKER, None),
        ("the secretary instead of a checker", people(Some(2)), SECRETARY, Some("not_checker")),
        ("the secretary where none is named", people(None), SECRETARY, None),
        ("a member where none is named", people(None), OTHER, Some("not_checker")),
        ("the doer", people(Some(2)), DOER, Some("own_task")),
        ("the doer named as checker", people(Some(1)), DOER, Some("own_task")),
        ("the secretary for such a doer", people(Some(1)), SECRETARY, None),
        ("the secretary's own task", people(None), doer_secretary, Some("own_task")),
        ("the doer with nobody else", people(None), sole, None),
    ];
    for (who, p, by, refused) in table {
        let got = TaskState::Reported.confirm(&p, &by).err().map(|r| r.code);
        assert_eq!(got, refused, "{who}");
    }
}

#[test]
fn a_report_needs_the_doer_and_words() {
    let p = people(Some(2));
    let code = |by: &Hand, text: &str| TaskState::Open.report(&p, by, text).err().map(|r| r.code);
    assert_eq!(code(&OTHER, "xong"), Some("not_doer"));
    assert_eq!(code(&DOER, "  "), Some("missing"));
    assert_eq!(code(&SECRETARY, "ghi thay"), None);
}

#[test]
fn more_time_is_given_by_a_chair_for_a_reason_and_forwards() {
    let today = date(2025, 3, 3);
    let old = Some(date(2025, 3, 10));
    let code = |by: &Hand, new, why: &str| TaskState::Open.extend(by, old, new, today, why).err().map(|r| r.code);
    assert_eq!(code(&SECRETARY, date(2025, 3, 11), "chờ"), None);
    assert_eq!(code(&SECRETARY, date(2025, 3, 10), "chờ"), Some("deadline"));
    assert_eq!(code(&SECRETARY, date(2025, 3, 11), ""), Some("missing"));
    assert_eq!(code(&DOER, date(2025, 3, 11), "chờ"), Some("not_chair"));
    let past = TaskState::Open.extend(&SECRETARY, None, date(2025, 3, 2), today, "chờ");
    assert_eq!(past.unwrap_err().field, Some("deadline"));
    assert!(TaskState::Open.drop_task(&DOER, "thôi").is_err());
    assert!(TaskState::Open.drop_task(&SECRETARY, "").is_err());
}

fn fact(task: i64, state: TaskState, deadline: Option<Date>) -> TaskFact {
    TaskFact {
        task: TaskId::new(task),
        content: format!("Việc {task}"),
        doer: "Nguyễn Văn An".into(),
        state,
        deadline,
        done_on: None,
        cause: None,
        responsibility: None,
        next_step: String::new(),
        proposed: None,
        explained_for: None,
    }
}

#[test]
fn the_day_of_the_deadline_is_in_time() {
    let due = Some(date(2025, 3, 10));
    let table = [
        (TaskState::Open, date(2025, 3, 10), false),
        (TaskState::Open, date(2025, 3, 11), true),
        (TaskState::Returned, date(2025, 3, 11), true),
        (TaskState::Reported, date(2025, 3, 11), false),
        (TaskState::Done, date(2025, 3, 11), false),
        (TaskState::Dropped, date(2025, 3, 11), false),
    ];
    for (state, today, overdue) in table {
        assert_eq!(fact(1, state, due).is_overdue(today), overdue, "{state} {today}");
    }
    assert!(!fact(1, TaskState::Open, None).is_overdue(date(2030, 1, 1)));
}

#[test]
fn the_review_says_how_the_tasks_stand() {
    let past = Some(date(2025, 3, 1));
    let mut tasks: Vec<TaskFact> = (1..=4).map(|n| fact(n, TaskState::Done, past)).collect();
    tasks[0].done_on = Some(date(2025, 3, 2));
    tasks[1].done_on = past;
    tasks.push(fact(5, TaskState::Reported, past));
    tasks.push(fact(6, TaskState::Reported, past));
    tasks.push(fact(7, TaskState::Open, past));
    let r = review(&tasks, date(2025, 4, 3));
    assert_eq!(r.text(), "7 nhiệm vụ: 4 đã xác nhận, 2 chờ kiểm tra, 1 quá hạn");
    assert_eq!((r.share(), r.late), (Share::new(4, 7), 1));
    tasks.push(fact(8, TaskState::Dropped, None));
    tasks.push(fact(9, TaskState::Returned, None));
    let r = review(&tasks, date(2025, 4, 3));
    assert_eq!(r.text(), "9 nhiệm vụ: 4 đã xác nhận, 2 chờ kiểm tra, 1 đang thực hiện, 1 quá hạn, 1 thôi thực hiện");
    assert_eq!(r.share(), Share::new(4, 8));
    assert_eq!(review(&[], date(2025, 4, 3)).text(), "không có nhiệm vụ nào");
}

#[test]
fn what_is_late_takes_a_cause_until_it_has_one_for_that_deadline() {
    use TaskState::{Done, Dropped, Open, Reported, Returned};
    let (due, today) = (Some(date(2025, 3, 10)), date(2025, 3, 14));
    let table = [
        (Open, None, true),
        (Returned, None, true),
        (Reported, Some(date(2025, 3, 10)), false),
        (Reported, Some(date(2025, 3, 12)), true),
        (Done, Some(date(2025, 3, 9)), false),
        (Done, Some(date(2025, 3, 12)), true),
        (Dropped, None, false),
    ];
    for (state, done_on, late) in table {
        let f = TaskFact { done_on, ..fact(1, state, due) };
        assert_eq!((f.is_late(today), f.lacks_cause(today)), (late, late), "{state} {done_on:?}");
        let said = TaskFact { cause: Some(Cause::Time), explained_for: due, ..f.clone() };
        assert!(!said.lacks_cause(today), "{state}");
        let old = TaskFact { cause: Some(Cause::Time), ..f.clone() };
        assert!(!old.lacks_cause(today), "{state}: an old record counts as explained");
        let before = TaskFact { cause: Some(Cause::Time), explained_for: Some(date(2025, 3, 1)), ..f };
        assert_eq!(before.lacks_cause(today), late, "{state}: more time was given and passed too");
    }
    assert!(!fact(1, Open, due).lacks_cause(date(2025, 3, 10)));
}

#[test]
fn a_cause_may_ask_for_more_time_by_table() {
    use TaskState::{Done, Dropped, Open, Reported, Returned};
    let (due, today) = (Some(date(2025, 3, 10)), date(2025, 3, 14));
    let late = TaskFact { done_on: Some(date(2025, 3, 12)), ..fact(1, Done, due) };
    let in_time = TaskFact { done_on: due, ..fact(1, Done, due) };
    let open = fact(1, Open, due);
    let table = [
        ("open", Open, &open, None, None),
        ("open, later", Open, &open, Some(date(2025, 3, 20)), None),
        ("returned, later", Returned, &open, Some(date(2025, 3, 15)), None),
        ("reported", Reported, &open, None, None),
        ("today is too early", Open, &open, Some(today), Some("deadline")),
        ("the old one", Open, &open, due, Some("deadline")),
        ("done late", Done, &late, None, None),
        ("done late needs no time", Done, &late, Some(date(2025, 3, 20)), Some("deadline")),
        ("done in time", Done, &in_time, None, Some("state")),
        ("dropped", Dropped, &open, None, Some("state")),
    ];
    for (what, state, fact, proposed, refused) in table {
        assert_eq!(state.explain(fact, proposed, today).err().map(|r| r.code), refused, "{what}");
    }
    let far = fact(1, Open, Some(date(2025, 4, 1)));
    assert!(Open.explain(&far, Some(date(2025, 3, 20)), today).is_err(), "not before the deadline that stands");
}

#[test]
fn causes_add_up() {
    let mut tasks = vec![fact(1, TaskState::Open, None), fact(2, TaskState::Open, None)];
    tasks[0].cause = Some(Cause::Time);
    tasks[1].cause = Some(Cause::Time);
    tasks.push(fact(3, TaskState::Open, None));
    tasks.push(tasks[0].clone());
    assert_eq!(causes(&tasks), [(Cause::Time, 2)]);
}

proptest! {
    #[test]
    fn order_repetition_and_parts_change_no_count(
        raw in proptest::collection::vec((proptest::sample::select(TaskState::ALL), proptest::option::of(1i8..28)), 0..40),
        cut in 0usize..40
    ) {
        let today = date(2025, 3, 14);
        let tasks: Vec<TaskFact> = raw.into_iter().enumerate()
            .map(|(n, (state, day))| fact(n as i64, state, day.map(|d| date(2025, 3, d)))).collect();
        let whole = review(&tasks, today);
        prop_assert_eq!(whole.total, whole.done + whole.reported + whole.overdue + whole.running + whole.dropped);
        let twice: Vec<TaskFact> = tasks.iter().rev().chain(tasks.iter()).cloned().collect();
        prop_assert_eq!(review(&twice, today), whole);
        let (a, b) = tasks.split_at(cut.min(tasks.len()));
        let (a, b) = (review(a, today), review(b, today));
        prop_assert_eq!(a.total + b.total, whole.total);
        prop_assert_eq!(a.overdue + b.overdue, whole.overdue);
        prop_assert_eq!(a.share() + b.share(), whole.share());
    }
}

#[test]
fn what_came_of_a_task_is_said_by_table() {
    use TaskState::{Done, Dropped, Open, Reported};
    let (today, due) = (date(2025, 3, 3), Some(date(2025, 3, 1)));
    let done = |on| TaskFact { done_on: Some(on), ..fact(1, Done, due) };
    let table = [
        (fact(1, Open, Some(today)), "chưa xong"),
        (fact(1, Open, due), "chưa xong, quá hạn"),
        (fact(1, Reported, due), "đã báo cáo, chờ xác nhận"),
        (done(date(2025, 3, 1)), "đã hoàn thành"),
        (done(date(2025, 3, 2)), "hoàn thành chậm"),
        (fact(1, Dropped, due), "thôi thực hiện"),
        (TaskFact { cause: Some(Cause::Resources), ..fact(1, Open, due) }, "chưa xong, quá hạn; nguyên nhân: nguồn lực"),
    ];
    for (fact, text) in table {
        assert_eq!(fact.outcome(today), text);
    }
}
