//! Tasks that fall due in a month, by hand and at random.

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::task::TaskFact;

fn given(state: TaskState, deadline: Date, done_on: Option<Date>) -> Given {
    Given { state, deadline: Some(deadline), done_on }
}

fn november() -> Month {
    Month::of(date(2026, 11, 1))
}

fn counted(tasks: &[Given]) -> DueTasks {
    let mut due = DueTasks::default();
    tasks.iter().for_each(|t| due.add(t));
    due
}

#[test]
fn each_state_by_hand() {
    use TaskState as S;
    let (at, before, after) = (date(2026, 11, 20), date(2026, 11, 19), date(2026, 11, 21));
    // state, done on, today: in time, late, reported, overdue, open
    for (state, done_on, today, expected) in [
        (S::Open, None, before, [0, 0, 0, 0, 1]),
        (S::Open, None, at, [0, 0, 0, 0, 1]),
        (S::Open, None, after, [0, 0, 0, 1, 0]),
        (S::Open, None, date(2026, 12, 1), [0, 0, 0, 1, 0]),
        (S::Open, None, date(2027, 1, 5), [0, 0, 0, 1, 0]),
        (S::Open, None, date(2026, 10, 31), [0, 0, 0, 0, 1]),
        (S::Returned, None, at, [0, 0, 0, 0, 1]),
        (S::Returned, None, after, [0, 0, 0, 1, 0]),
        (S::Reported, Some(before), after, [0, 0, 1, 0, 0]),
        (S::Reported, Some(after), after, [0, 0, 1, 0, 0]),
        (S::Done, Some(before), after, [1, 0, 0, 0, 0]),
        (S::Done, Some(at), after, [1, 0, 0, 0, 0]),
        (S::Done, Some(after), after, [0, 1, 0, 0, 0]),
        // Old records without the day: nobody can say that it was late.
        (S::Done, None, after, [1, 0, 0, 0, 0]),
    ] {
        let s = counted(&[given(state, at, done_on)]).on(november(), today);
        assert_eq!((s.due, [s.in_time, s.late, s.reported, s.overdue, s.open]), (1, expected), "{state} {done_on:?} {today}");
    }
    let none = [given(S::Dropped, at, None), Given { state: S::Open, deadline: None, done_on: None }];
    assert_eq!(counted(&none), DueTasks::default());
    assert!(none.iter().all(|t| t.month().is_none()));
    assert_eq!(given(S::Done, at, None).month(), Some(november()));
}

#[test]
fn what_is_kept_says_which_days_have_passed() {
    let open = |day| given(TaskState::Open, date(2026, 11, day), None);
    let due = counted(&[open(20), open(5), open(30), open(5)]);
    assert_eq!(due.days(), "05 05 20 30");
    for (today, overdue) in [(date(2026, 11, 5), 0), (date(2026, 11, 6), 2), (date(2026, 11, 21), 3), (date(2026, 12, 1), 4)] {
        assert_eq!(due.on(november(), today).overdue, overdue, "{today}");
    }
    // Sums know no days: overdue when the month is over.
    let figures = Figures { tasks_due: 4, ..Figures::default() };
    let sums = |today| DueStanding::of_sums(&figures, november(), today);
    assert_eq!((sums(date(2026, 11, 30)).overdue, sums(date(2026, 11, 30)).open), (0, 4));
    assert_eq!((sums(date(2026, 12, 1)).overdue, sums(date(2026, 12, 1)).open), (4, 0));
}

#[test]
fn words_say_what_there_is() {
    let s = DueStanding { due: 5, in_time: 4, late: 1, ..DueStanding::default() };
    assert_eq!(s.words(), "5 đến hạn · 4 xong đúng hạn · 1 xong chậm");
    let s = DueStanding { due: 1_234, reported: 1, overdue: 2, open: 3, in_time: 1_228, late: 0 };
    assert_eq!(s.words(), "1.234 đến hạn · 1.228 xong đúng hạn · 1 chờ xác nhận · 2 quá hạn · 3 chưa xong");
    assert_eq!(s.short(), "1.228/1.234 xong · 2 quá hạn");
    let s = DueStanding { due: 5, in_time: 4, late: 1, ..DueStanding::default() };
    assert_eq!(s.short(), "5/5 xong · 1 chậm");
    let none = DueStanding::default();
    assert_eq!((none.words().as_str(), none.short().as_str()), ("không có nhiệm vụ nào đến hạn", "–"));
}

const STATES: [TaskState; 5] = [TaskState::Open, TaskState::Reported, TaskState::Done, TaskState::Returned, TaskState::Dropped];

proptest! {
    /// Every task stands in exactly one number on any day, as the review of a resolution sees it; what is kept comes
    /// back as it was; sums agree with the days as soon as the month is over.
    #[test]
    fn numbers_add_up_and_agree_with_the_review(
        tasks in proptest::collection::vec((0_usize..5, 1_i8..=30, 1_i8..=30), 0..30), day in 1_i64..90
    ) {
        let tasks: Vec<Given> = tasks
            .into_iter()
            .map(|(state, deadline, done)| {
                let state = STATES[state];
                let done_on = matches!(state, TaskState::Reported | TaskState::Done).then(|| date(2026, 11, done));
                given(state, date(2026, 11, deadline), done_on)
            })
            .collect();
        let (due, month) = (counted(&tasks), november());
        let today = date(2026, 10, 20).checked_add(jiff::Span::new().days(day)).unwrap();
        let s = due.on(month, today);
        prop_assert_eq!(s.in_time + s.late + s.reported + s.overdue + s.open, s.due);
        let figures = Figures {
            tasks_due: due.due, tasks_in_time: due.in_time, tasks_late: due.late, tasks_reported: due.reported, ..Figures::default()
        };
        prop_assert_eq!(&DueTasks::kept(&figures, &due.days()), &due);
        let sums = DueStanding::of_sums(&figures, month, today);
        prop_assert_eq!(sums.overdue + sums.open, s.overdue + s.open);
        if today > month.last_day() {
            prop_assert_eq!(sums, s);
        }
        let facts: Vec<TaskFact> = (1..).zip(&tasks).map(|(n, t)| TaskFact {
            task: crate::id::Id::new(n), content: String::new(), doer: String::new(), state: t.state, deadline: t.deadline,
            done_on: t.done_on, cause: None, responsibility: None, next_step: String::new(), proposed: None, explained_for: None,
        }).collect();
        let r = crate::task::review(&facts, today);
        let seen = (i64::from(r.done), i64::from(r.late), i64::from(r.reported), i64::from(r.overdue), i64::from(r.running));
        prop_assert_eq!((s.in_time + s.late, s.late, s.reported, s.overdue, s.open), seen);
    }
}
