//! Reminders of tasks and of what committees send down: what is told to whom on a day, in one bundle, never an
//! empty one. Touches tasks, ids and dates; what "now" is comes from the caller. Rules: SM-01, SM-03, M16, ahead.md 9, figures NV-01 … NV-07.

pub mod sent;

use crate::id::{OrgId, PersonId, RowId, TaskId};
use crate::rulepack::Rules;
use crate::task::{People, TaskState};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Weekday};
use std::collections::BTreeMap;

crate::codes! {
    /// Why something is told to a person; what presses most comes first.
    pub enum Kind {
        /// To be done, past its deadline.
        Overdue = "overdue" / "việc quá hạn",
        /// Sent back by the checker.
        Returned = "returned" / "việc được trả lại để làm tiếp",
        /// Given by a resolution just adopted.
        New = "new" / "việc mới được giao",
        /// To be done, its deadline is near.
        Due = "due" / "việc sắp đến hạn",
        /// Reported, waits for this person's word.
        Check = "check" / "việc chờ đồng chí xác nhận",
        /// Another's, overdue, urged by this person.
        Urge = "urge" / "việc quá hạn cần đôn đốc",
        /// Another's, overdue, in the cell this person leads.
        Lead = "lead" / "việc quá hạn của chi bộ",
        /// Sent by a committee above for a month that the cell this person leads is to prepare.
        Orientation = "orientation" / "định hướng mới của cấp trên để chuẩn bị sinh hoạt",
        /// Sent to the cell by a committee above, not yet said to be read.
        Document = "document" / "tài liệu mới chờ đồng chí đọc",
    }
}

impl Kind {
    /// The word for it outside the program, where nothing is said of how a task stands.
    pub fn outside(self) -> &'static str {
        match self {
            Self::Overdue | Self::Returned | Self::New | Self::Due => "việc cần làm",
            Self::Check => "việc chờ kiểm tra",
            Self::Urge | Self::Lead => "việc cần đôn đốc",
            Self::Orientation | Self::Document => "tài liệu cần đọc",
        }
    }
}

/// On which days a task is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// First time this many days before the deadline.
    pub first: i64,
    /// Once more this many days before.
    pub last: i64,
    /// Overdue: from this many days after the deadline.
    pub after: i64,
    /// Overdue: again after this many days.
    pub repeat: i64,
    /// Reported and not confirmed: again after this many days.
    pub check: i64,
    /// Whether messages also go out on days off: Saturdays, Sundays, public holidays.
    pub weekend: bool,
}

impl Figures {
    /// The figures of some rules. A repetition is at least a day.
    pub fn of(rules: &Rules) -> Self {
        let days = |key: &str, usual: i64| rules.int(key).unwrap_or(usual);
        Self {
            first: days("reminder.first_days_before", 3),
            last: days("reminder.last_days_before", 1),
            after: days("reminder.days_after", 1),
            repeat: days("reminder.repeat_days", 7).max(1),
            check: days("reminder.check_days", 3).max(1),
            weekend: rules.flag("reminder.weekend"),
        }
    }
}

/// A task as reminders see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact {
    /// The cell.
    pub org: OrgId,
    /// The task.
    pub task: TaskId,
    /// Who does, checks and urges it.
    pub people: People,
    /// Who leads the cell: the secretary, or whoever stands in.
    pub head: Option<PersonId>,
    /// Where it stands.
    pub state: TaskState,
    /// Until when.
    pub deadline: Option<Date>,
    /// When its resolution was adopted, where known.
    pub given: Option<DateTime>,
    /// Since when it stands as it does, where known.
    pub since: Option<DateTime>,
    /// The figures of its cell.
    pub figures: Figures,
}

/// What lies between the last run and this one: later than `after`, not later than `until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The moment of the last run.
    pub after: DateTime,
    /// The moment of this run.
    pub until: DateTime,
}

impl Window {
    fn holds(&self, at: DateTime) -> bool {
        self.after < at && at <= self.until
    }

    fn has_day(&self, day: Date) -> bool {
        self.holds(day.at(0, 0, 0, 0))
    }

    /// Whether a day counted from `from` falls in: the first one or any repetition of it.
    fn has_repeated(&self, from: Date, every: i64) -> bool {
        let last = self.until.date();
        if last < from {
            return false;
        }
        let gone = i64::from((last - from).get_days());
        self.has_day(plus(from, gone - gone % every.max(1)))
    }
}

fn plus(day: Date, days: i64) -> Date {
    day.checked_add(days.days()).unwrap_or(day)
}

/// Whether a day is one of rest.
pub type IsOff<'a> = &'a dyn Fn(Date) -> bool;

/// Whether a day is one of rest by some rules: Saturday, Sunday or a public holiday of the packs.
pub fn is_off(rules: &Rules, day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) || rules.day_off(day).is_some()
}

/// The day itself, or the last working day before it where nothing goes out on days off.
fn working(day: Date, figures: &Figures, off: IsOff<'_>) -> Date {
    if figures.weekend {
        return day;
    }
    // The longest rest of a year is far shorter; a rule that calls every day one of rest moves nothing.
    (0..LONGEST).map(|n| plus(day, -n)).find(|d| !off(*d)).unwrap_or(day)
}

/// No rest lasts so many days.
const LONGEST: i64 = 30;

/// The first run of all tells what came up in so many days.
const FIRST: i64 = 7;

/// From this hour on nothing goes out any more; it waits for the next morning.
const EVENING: i8 = 18;

/// The window of a run at `now`, if one is due: in the hours of a day that is not one of `rest`, once a
/// day. `last` is the moment of the last run. Days nobody ran are in the window of the next run, which tells the
/// truth of its own day.
pub fn due_run(now: DateTime, last: Option<DateTime>, hour: i64, rest: bool) -> Option<Window> {
    let awake = i64::from(now.hour()) >= hour && now.hour() < EVENING;
    if !awake || rest || last.is_some_and(|l| l.date() >= now.date()) {
        return None;
    }
    let after = last.unwrap_or_else(|| now.checked_sub(FIRST.days()).unwrap_or(now));
    Some(Window { after, until: now })
}

/// What a line of a bundle speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// A task.
    Task(TaskId),
    /// What this committee sent, by its number.
    Sent(OrgId, RowId),
}

/// One line of a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// Why.
    pub kind: Kind,
    /// The cell.
    pub org: OrgId,
    /// What.
    pub about: About,
}

impl Line {
    /// The task it speaks of, where it does.
    pub fn task(&self) -> Option<TaskId> {
        match self.about {
            About::Task(task) => Some(task),
            About::Sent(..) => None,
        }
    }
}

/// What is told to each person in one run, over all cells, what presses most first. Whoever has
/// nothing is not in it; a task is told once to a person, whatever their parts in it.
pub fn bundles(facts: &[Fact], window: &Window, off: IsOff<'_>) -> BTreeMap<PersonId, Vec<Line>> {
    gather(facts, |fact| told(fact, window, off))
}

/// What waits for each person on a day, whether it is their day to be told or not: for the list of calls.
pub fn waiting(facts: &[Fact], today: Date) -> BTreeMap<PersonId, Vec<Line>> {
    gather(facts, |fact| standing(fact, today))
}

fn gather(facts: &[Fact], of: impl Fn(&Fact) -> Vec<(PersonId, Kind)>) -> BTreeMap<PersonId, Vec<Line>> {
    let mut found: BTreeMap<(PersonId, OrgId, TaskId), Kind> = BTreeMap::new();
    for fact in facts {
        for (person, kind) in of(fact) {
            let known = found.entry((person, fact.org, fact.task)).or_insert(kind);
            *known = (*known).min(kind);
        }
    }
    let mut out: BTreeMap<PersonId, Vec<Line>> = BTreeMap::new();
    for ((person, org, task), kind) in found {
        out.entry(person).or_default().push(Line { kind, org, about: About::Task(task) });
    }
    out.values_mut().for_each(|lines| lines.sort_unstable());
    out
}

impl Fact {
    fn is_overdue(&self, today: Date) -> bool {
        self.deadline.is_some_and(|d| d < today)
    }

    /// Who confirms what was reported.
    fn confirms(&self) -> Option<PersonId> {
        self.people.checker.filter(|c| Some(*c) != self.people.doer).or(self.head)
    }

    /// Everybody an overdue task is told to, each for one reason.
    fn overdue(&self) -> Vec<(PersonId, Kind)> {
        let People { doer, urger, .. } = self.people;
        [(doer, Kind::Overdue), (urger, Kind::Urge), (self.head, Kind::Lead)]
            .into_iter()
            .filter_map(|(person, kind)| Some((person?, kind)))
            .collect()
    }

    fn for_doer(&self, kind: Kind) -> Vec<(PersonId, Kind)> {
        self.people.doer.into_iter().map(|p| (p, kind)).collect()
    }
}

fn told(fact: &Fact, window: &Window, off: IsOff<'_>) -> Vec<(PersonId, Kind)> {
    let today = window.until.date();
    let f = &fact.figures;
    match fact.state {
        TaskState::Done | TaskState::Dropped => Vec::new(),
        TaskState::Reported => {
            let asked = fact.since.is_some_and(|s| window.holds(s) || window.has_repeated(plus(s.date(), f.check), f.check));
            fact.confirms().filter(|_| asked).into_iter().map(|p| (p, Kind::Check)).collect()
        }
        TaskState::Open | TaskState::Returned => {
            let mut out = Vec::new();
            if fact.is_overdue(today) && fact.deadline.is_some_and(|d| window.has_repeated(plus(d, f.after.max(1)), f.repeat)) {
                out.extend(fact.overdue());
            }
            let turned = fact.state == TaskState::Returned && fact.since.is_some_and(|s| window.holds(s));
            let near = |d: Date| [f.first, f.last].iter().any(|n| window.has_day(working(plus(d, -n), f, off)));
            if turned {
                out.extend(fact.for_doer(Kind::Returned));
            } else if fact.state == TaskState::Open && fact.given.is_some_and(|g| window.holds(g)) {
                out.extend(fact.for_doer(Kind::New));
            } else if !fact.is_overdue(today) && fact.deadline.is_some_and(near) {
                out.extend(fact.for_doer(Kind::Due));
            }
            out
        }
    }
}

fn standing(fact: &Fact, today: Date) -> Vec<(PersonId, Kind)> {
    let f = &fact.figures;
    match fact.state {
        TaskState::Done | TaskState::Dropped => Vec::new(),
        TaskState::Reported => fact.confirms().into_iter().map(|p| (p, Kind::Check)).collect(),
        TaskState::Open | TaskState::Returned if fact.is_overdue(today) => fact.overdue(),
        TaskState::Returned => fact.for_doer(Kind::Returned),
        TaskState::Open => {
            let soon = plus(today, f.first.max(f.last));
            if fact.deadline.is_some_and(|d| d <= soon) {
                return fact.for_doer(Kind::Due);
            }
            let new = fact.given.is_some_and(|g| plus(g.date(), f.repeat) > today);
            if new { fact.for_doer(Kind::New) } else { Vec::new() }
        }
    }
}

/// How many lines of each kind.
pub fn counts(lines: &[Line]) -> Vec<(Kind, u32)> {
    let mut out: BTreeMap<Kind, u32> = BTreeMap::new();
    for line in lines {
        *out.entry(line.kind).or_default() += 1;
    }
    out.into_iter().collect()
}

/// `1 việc quá hạn, 2 việc chờ đồng chí xác nhận`: for the person's own page.
pub fn sentence(counts: &[(Kind, u32)]) -> String {
    counts.iter().map(|(kind, n)| format!("{n} {kind}")).collect::<Vec<_>>().join(", ")
}

/// `2 việc cần làm, 1 việc chờ kiểm tra`: for what leaves the program.
pub fn outside(counts: &[(Kind, u32)]) -> String {
    let mut said: Vec<(&str, u32)> = Vec::new();
    for (kind, n) in counts {
        match said.iter_mut().find(|(word, _)| *word == kind.outside()) {
            Some((_, sum)) => *sum += n,
            None => said.push((kind.outside(), *n)),
        }
    }
    said.iter().map(|(word, n)| format!("{n} {word}")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
#[path = "reminder_tests.rs"]
mod tests;
