//! Tasks that fall due in a month: what a cell's month keeps of them, which depends on no day, and how they stand on
//! a day. Pure. Rules: SM-01, SM-03, P-10.
//!
//! A task counts in the month of its deadline, with more time in the month of the new one. What was given up and what
//! has no deadline falls due in no month. Done is what the checker has confirmed, on the day it was reported.

use jiff::civil::Date;

use crate::rollup::{Figures, Month};
use crate::task::TaskState;

/// What a month needs to know of a task in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given {
    /// Where it stands.
    pub state: TaskState,
    /// Until when.
    pub deadline: Option<Date>,
    /// The day it was reported as done.
    pub done_on: Option<Date>,
}

impl Given {
    /// The month it falls due in.
    pub fn month(&self) -> Option<Month> {
        self.deadline.filter(|_| self.state != TaskState::Dropped).map(Month::of)
    }
}

/// The tasks of a cell that fall due in a month; the same whatever day it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DueTasks {
    /// All of them.
    pub due: i64,
    /// Confirmed, reported by the deadline.
    pub in_time: i64,
    /// Confirmed, reported after it.
    pub late: i64,
    /// Reported, waiting for the checker.
    pub reported: i64,
    /// The days of the month by which the others were to be done, in order.
    pub open: Vec<i8>,
}

impl DueTasks {
    /// Adds a task, whichever month it falls due in.
    pub fn add(&mut self, task: &Given) {
        let Some(deadline) = task.deadline else {
            return;
        };
        match task.state {
            TaskState::Dropped => return,
            TaskState::Done if task.done_on.is_some_and(|day| day > deadline) => self.late += 1,
            TaskState::Done => self.in_time += 1,
            TaskState::Reported => self.reported += 1,
            TaskState::Open | TaskState::Returned => {
                let at = self.open.partition_point(|day| *day <= deadline.day());
                self.open.insert(at, deadline.day());
            }
        }
        self.due += 1;
    }

    /// From what is kept: the figures, and the days as they are written.
    pub fn kept(figures: &Figures, days: &str) -> Self {
        let mut open: Vec<i8> = days.split_whitespace().filter_map(|d| d.parse().ok()).collect();
        open.sort_unstable();
        Self {
            due: figures.tasks_due,
            in_time: figures.tasks_in_time,
            late: figures.tasks_late,
            reported: figures.tasks_reported,
            open,
        }
    }

    /// The days as they are kept: `05 20`.
    pub fn days(&self) -> String {
        self.open.iter().map(|day| format!("{day:02}")).collect::<Vec<_>>().join(" ")
    }

    /// How they stand on a day. The deadline's own day is in time.
    pub fn on(&self, month: Month, today: Date) -> DueStanding {
        let past = |day: &&i8| month.last_day() < today || (Month::of(today) == month && **day < today.day());
        let overdue = i64::try_from(self.open.iter().filter(past).count()).unwrap_or(0);
        let open = i64::try_from(self.open.len()).unwrap_or(0) - overdue;
        DueStanding { due: self.due, in_time: self.in_time, late: self.late, reported: self.reported, overdue, open }
    }
}

/// How tasks that fall due stand on a day, each in exactly one of the five numbers; those of months add up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DueStanding {
    /// All.
    pub due: i64,
    /// Confirmed, reported by the deadline.
    pub in_time: i64,
    /// Confirmed, reported after it.
    pub late: i64,
    /// Reported, waiting for the checker.
    pub reported: i64,
    /// Not reported, and the deadline has passed.
    pub overdue: i64,
    /// Not reported, and the deadline has not passed, or is not known to have.
    pub open: i64,
}

impl DueStanding {
    /// From sums of a month, which know no days: what is open becomes overdue when the month is over.
    pub fn of_sums(figures: &Figures, month: Month, today: Date) -> Self {
        let f = figures;
        let left = f.tasks_due - f.tasks_in_time - f.tasks_late - f.tasks_reported;
        let (overdue, open) = if month.last_day() < today { (left, 0) } else { (0, left) };
        Self { due: f.tasks_due, in_time: f.tasks_in_time, late: f.tasks_late, reported: f.tasks_reported, overdue, open }
    }

    /// These and others together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            due: self.due + other.due,
            in_time: self.in_time + other.in_time,
            late: self.late + other.late,
            reported: self.reported + other.reported,
            overdue: self.overdue + other.overdue,
            open: self.open + other.open,
        }
    }

    /// Confirmed as done, in time or not.
    pub fn done(&self) -> i64 {
        self.in_time + self.late
    }

    /// As it fits into a row: `4/5 xong · 1 chậm · 1 quá hạn`; a dash where nothing falls due.
    pub fn short(&self) -> String {
        if self.due == 0 {
            return "–".to_owned();
        }
        let parts = [(self.late, "chậm"), (self.overdue, "quá hạn")];
        let said = parts.iter().filter(|(n, _)| *n != 0).map(|(n, what)| format!(" · {} {what}", crate::vi::number(*n)));
        let begin = format!("{}/{} xong", crate::vi::number(self.done()), crate::vi::number(self.due));
        begin + &said.collect::<String>()
    }

    /// `5 đến hạn · 4 xong đúng hạn · 1 xong chậm`; nothing is said of what is none.
    pub fn words(&self) -> String {
        let parts = [
            (self.in_time, "xong đúng hạn"),
            (self.late, "xong chậm"),
            (self.reported, "chờ xác nhận"),
            (self.overdue, "quá hạn"),
            (self.open, "chưa xong"),
        ];
        if self.due == 0 {
            return "không có nhiệm vụ nào đến hạn".to_owned();
        }
        let said = parts.iter().filter(|(n, _)| *n != 0).map(|(n, what)| format!(" · {} {what}", crate::vi::number(*n)));
        format!("{} đến hạn{}", crate::vi::number(self.due), said.collect::<String>())
    }
}

#[cfg(test)]
#[path = "tasks_due_tests.rs"]
mod tests;
