//! A task of a resolution: report, confirmation, extension, and how it counts at the review.
//! Touches ids, dates and refusals. Rules: SM-01, SM-03, M9, M16, ahead.md 9 and 10.

use crate::id::{PersonId, TaskId};
use crate::refusal::Refusal;
use crate::roll::Share;
use jiff::civil::Date;
use std::collections::BTreeMap;

crate::codes! {
    /// Where a task stands.
    pub enum TaskState {
        /// Being done.
        Open = "open" / "Đang thực hiện",
        /// The doer says it is done.
        Reported = "reported" / "Chờ xác nhận",
        /// The checker says it is done. Final.
        Done = "done" / "Đã hoàn thành",
        /// The checker sent it back.
        Returned = "returned" / "Trả lại làm tiếp",
        /// Given up, with a reason. Final.
        Dropped = "dropped" / "Thôi thực hiện",
    }
}

crate::codes! {
    /// Why a task was not done in time.
    pub enum Cause {
        /// Outside anybody's power.
        Objective = "objective" / "Khách quan",
        /// One's own doing.
        Subjective = "subjective" / "Chủ quan",
        /// Others did not play their part.
        Coordination = "coordination" / "Phối hợp",
        /// Not enough people, money or means.
        Resources = "resources" / "Nguồn lực",
        /// Too little time was given.
        Time = "time" / "Thời gian",
        /// Anything else.
        Other = "other" / "Nguyên nhân khác",
    }
}

crate::codes! {
    /// On whom it lay that a task was not done in time.
    pub enum Responsibility {
        /// The committee.
        Committee = "committee" / "Cấp ủy",
        /// The person it was given to.
        Person = "person" / "Cá nhân được phân công",
        /// Nobody: circumstances.
        Circumstance = "circumstance" / "Do khách quan",
    }
}

/// Who does, checks and urges a task (SM-01).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct People {
    /// Thực hiện.
    pub doer: Option<PersonId>,
    /// Kiểm tra.
    pub checker: Option<PersonId>,
    /// Đôn đốc.
    pub urger: Option<PersonId>,
}

/// Who acts on a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hand {
    /// Who.
    pub person: PersonId,
    /// Whether a leader who may change tasks (bí thư, phó bí thư).
    pub chair: bool,
    /// Whether the secretary, who confirms where no checker was named.
    pub secretary: bool,
    /// Whether nobody else in the cell could confirm (no other chair, no other checker).
    pub sole: bool,
}

impl People {
    fn may_report(&self, hand: &Hand) -> bool {
        self.doer == Some(hand.person) || hand.chair
    }

    /// The checker confirms; where none was named, the secretary; the doer never alone, unless
    /// there is nobody else.
    fn may_confirm(&self, hand: &Hand) -> Result<(), Refusal> {
        let doer = self.doer == Some(hand.person);
        if doer && !hand.sole {
            return Err(Refusal::new(
                "own_task",
                "Đồng chí thực hiện không tự xác nhận nhiệm vụ của mình. Hãy đề nghị đồng chí kiểm tra hoặc đồng chí Bí thư xác nhận.",
            ));
        }
        let named = self.checker == Some(hand.person);
        let stands_in = hand.secretary && (self.checker.is_none() || self.checker == self.doer);
        if named || stands_in || (doer && hand.sole) {
            return Ok(());
        }
        Err(Refusal::new(
            "not_checker",
            "Chỉ đồng chí được phân công kiểm tra mới xác nhận hoặc trả lại nhiệm vụ này; nếu chưa phân công thì đồng chí Bí thư xác nhận.",
        ))
    }
}

impl TaskState {
    /// Whether anything remains to be done or confirmed.
    pub fn is_live(self) -> bool {
        match self {
            Self::Open | Self::Reported | Self::Returned => true,
            Self::Done | Self::Dropped => false,
        }
    }

    /// The doer (or a chair in the doer's name) says it is done, with what shows it.
    ///
    /// # Errors
    /// When another acts, nothing is said, or the task is not being done.
    pub fn report(self, people: &People, by: &Hand, evidence: &str) -> Result<Self, Refusal> {
        match self {
            Self::Open | Self::Returned => {}
            Self::Reported | Self::Done | Self::Dropped => {
                return Err(Refusal::state("báo cáo kết quả", self, self.hint()));
            }
        }
        if !people.may_report(by) {
            return Err(Refusal::new(
                "not_doer",
                "Chỉ đồng chí được phân công thực hiện, hoặc đồng chí Bí thư, Phó bí thư ghi thay, mới báo cáo kết quả nhiệm vụ này.",
            ));
        }
        if evidence.trim().is_empty() {
            return Err(Refusal::missing("evidence", "kết quả thực hiện"));
        }
        Ok(Self::Reported)
    }

    /// The checker confirms what was reported.
    ///
    /// # Errors
    /// When another acts, or nothing was reported.
    pub fn confirm(self, people: &People, by: &Hand) -> Result<Self, Refusal> {
        match self {
            Self::Reported => people.may_confirm(by).map(|()| Self::Done),
            Self::Open | Self::Returned | Self::Done | Self::Dropped => {
                Err(Refusal::state("xác nhận hoàn thành", self, self.hint()))
            }
        }
    }

    /// The checker sends it back, saying what is missing.
    ///
    /// # Errors
    /// When another acts, nothing was reported, or no reason is given.
    pub fn send_back(self, people: &People, by: &Hand, reason: &str) -> Result<Self, Refusal> {
        match self {
            Self::Reported => {}
            Self::Open | Self::Returned | Self::Done | Self::Dropped => {
                return Err(Refusal::state("trả lại", self, self.hint()));
            }
        }
        people.may_confirm(by)?;
        if reason.trim().is_empty() {
            return Err(Refusal::missing("reason", "nội dung cần làm tiếp"));
        }
        Ok(Self::Returned)
    }

    /// A chair gives more time, with a reason. The state stays; the old deadline is history.
    ///
    /// # Errors
    /// When another acts, the task is over, the new day is not later, or no reason is given.
    pub fn extend(self, by: &Hand, old: Option<Date>, new: Date, today: Date, reason: &str) -> Result<Self, Refusal> {
        match self {
            Self::Open | Self::Reported | Self::Returned => {}
            Self::Done | Self::Dropped => {
                return Err(Refusal::state("gia hạn", self, self.hint()));
            }
        }
        chairs(by, "gia hạn nhiệm vụ")?;
        if new < today || old.is_some_and(|old| new <= old) {
            return Err(Refusal::new(
                "deadline",
                "Thời hạn mới phải sau thời hạn cũ và không trước hôm nay. Hãy chọn ngày khác.",
            )
            .at("deadline"));
        }
        if reason.trim().is_empty() {
            return Err(Refusal::missing("reason", "lý do gia hạn"));
        }
        Ok(self)
    }

    /// A chair ends a task that will not be done, with a reason.
    ///
    /// # Errors
    /// When another acts, the task is over, or no reason is given.
    pub fn drop_task(self, by: &Hand, reason: &str) -> Result<Self, Refusal> {
        match self {
            Self::Open | Self::Reported | Self::Returned => {}
            Self::Done | Self::Dropped => {
                return Err(Refusal::state("thôi thực hiện", self, self.hint()));
            }
        }
        chairs(by, "cho thôi thực hiện nhiệm vụ")?;
        if reason.trim().is_empty() {
            return Err(Refusal::missing("reason", "lý do thôi thực hiện"));
        }
        Ok(Self::Dropped)
    }

    /// Whoever has a part in it says why it is late, the next step and, if more time is needed, the day
    /// that is asked for; a chair decides on that. What was done in time needs no cause.
    ///
    /// # Errors
    /// When it is over and was not late, or the day asked for is no later than the deadline or today.
    pub fn explain(self, fact: &TaskFact, proposed: Option<Date>, today: Date) -> Result<(), Refusal> {
        let open = match self {
            Self::Open | Self::Reported | Self::Returned => true,
            Self::Done if fact.was_late() => false,
            Self::Done | Self::Dropped => {
                return Err(Refusal::state("ghi nguyên nhân", self, "Nhiệm vụ đã kết thúc và không chậm."));
            }
        };
        let Some(day) = proposed else {
            return Ok(());
        };
        if !open {
            return Err(Refusal::new("deadline", "Nhiệm vụ đã hoàn thành nên không cần thời hạn mới.").at("proposed"));
        }
        if day <= today || fact.deadline.is_some_and(|old| day <= old) {
            return Err(Refusal::new("deadline", "Thời hạn đề xuất phải sau thời hạn cũ và sau hôm nay. Hãy chọn ngày khác.")
                .at("proposed"));
        }
        Ok(())
    }

    fn hint(self) -> &'static str {
        match self {
            Self::Open | Self::Returned => "Đồng chí thực hiện cần báo cáo kết quả trước.",
            Self::Reported => "Nhiệm vụ đang chờ đồng chí kiểm tra xác nhận hoặc trả lại.",
            Self::Done | Self::Dropped => "Nhiệm vụ đã kết thúc; nếu còn việc phải làm, hãy giao nhiệm vụ mới ở kỳ sau.",
        }
    }
}

fn chairs(by: &Hand, action: &str) -> Result<(), Refusal> {
    if by.chair {
        return Ok(());
    }
    Err(Refusal::new("not_chair", format!("Chỉ đồng chí Bí thư, Phó bí thư mới {action}. Hãy đề nghị đồng chí Bí thư.")))
}

/// What the review of a resolution needs to know of one task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskFact {
    /// Which.
    pub task: TaskId,
    /// What is to be done.
    pub content: String,
    /// The doer's name as shown.
    pub doer: String,
    /// Where it stands.
    pub state: TaskState,
    /// Until when.
    pub deadline: Option<Date>,
    /// The day it was reported and later confirmed as done.
    pub done_on: Option<Date>,
    /// Why it was late or not done, where said.
    pub cause: Option<Cause>,
    /// On whom that lay, where said.
    pub responsibility: Option<Responsibility>,
    /// The next step, where said.
    pub next_step: String,
    /// The new deadline that is asked for, until a chair decides.
    pub proposed: Option<Date>,
    /// The deadline the cause was given for; unknown of old records.
    pub explained_for: Option<Date>,
}

impl TaskFact {
    /// Whether the deadline has passed and nothing was reported. The deadline's own day is in time;
    /// who has reported waits for the checker and is not late.
    pub fn is_overdue(&self, today: Date) -> bool {
        matches!(self.state, TaskState::Open | TaskState::Returned) && self.deadline.is_some_and(|d| d < today)
    }

    /// Whether it is or was late: overdue, or reported after its deadline.
    pub fn is_late(&self, today: Date) -> bool {
        let after = matches!((self.deadline, self.done_on), (Some(d), Some(done)) if d < done);
        self.is_overdue(today) || (after && matches!(self.state, TaskState::Reported | TaskState::Done))
    }

    /// Whether it is late and nobody has said why. A deadline that passed after more time was given
    /// takes a cause of its own.
    pub fn lacks_cause(&self, today: Date) -> bool {
        let said = self.cause.is_some() && (self.explained_for.is_none() || self.explained_for == self.deadline);
        self.is_late(today) && !said
    }

    /// What came of it, inside a sentence: `chưa xong, quá hạn; nguyên nhân: nguồn lực`.
    pub fn outcome(&self, today: Date) -> String {
        let state = match self.state {
            TaskState::Done if self.was_late() => "hoàn thành chậm",
            TaskState::Done => "đã hoàn thành",
            TaskState::Dropped => "thôi thực hiện",
            TaskState::Reported => "đã báo cáo, chờ xác nhận",
            TaskState::Open | TaskState::Returned if self.is_overdue(today) => "chưa xong, quá hạn",
            TaskState::Open | TaskState::Returned => "chưa xong",
        };
        match self.cause {
            Some(cause) => format!("{state}; nguyên nhân: {}", crate::agenda::vi_lower(&cause.to_string())),
            None => state.to_owned(),
        }
    }

    /// Whether it was done after its deadline.
    pub fn was_late(&self) -> bool {
        self.state == TaskState::Done && matches!((self.deadline, self.done_on), (Some(d), Some(done)) if d < done)
    }
}

/// How the tasks of a resolution stand, each task in exactly one of the five numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Review {
    /// All tasks.
    pub total: u32,
    /// Confirmed as done.
    pub done: u32,
    /// Of those, after the deadline.
    pub late: u32,
    /// Reported, waiting for the checker.
    pub reported: u32,
    /// Past the deadline, nothing reported.
    pub overdue: u32,
    /// Being done, in time.
    pub running: u32,
    /// Given up.
    pub dropped: u32,
}

impl Review {
    /// Done of all that were not given up (criterion 6 of the score sheet).
    pub fn share(&self) -> Share {
        Share::new(self.done, self.total - self.dropped)
    }

    /// “7 nhiệm vụ: 4 đã xác nhận, 2 chờ kiểm tra, 1 quá hạn”; nothing is said of what is none.
    pub fn text(&self) -> String {
        let parts = [
            (self.done, "đã xác nhận"),
            (self.reported, "chờ kiểm tra"),
            (self.running, "đang thực hiện"),
            (self.overdue, "quá hạn"),
            (self.dropped, "thôi thực hiện"),
        ];
        let said: Vec<String> = parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
        match self.total {
            0 => "không có nhiệm vụ nào".to_owned(),
            n => format!("{n} nhiệm vụ: {}", said.join(", ")),
        }
    }
}

/// Counts how tasks stand on a day; a task given twice counts once.
pub fn review(tasks: &[TaskFact], today: Date) -> Review {
    let once: BTreeMap<TaskId, &TaskFact> = tasks.iter().map(|t| (t.task, t)).collect();
    let mut r = Review::default();
    for t in once.into_values() {
        r.total += 1;
        r.late += u32::from(t.was_late());
        match t.state {
            TaskState::Done => r.done += 1,
            TaskState::Reported => r.reported += 1,
            TaskState::Dropped => r.dropped += 1,
            TaskState::Open | TaskState::Returned if t.is_overdue(today) => r.overdue += 1,
            TaskState::Open | TaskState::Returned => r.running += 1,
        }
    }
    r
}

/// How often each cause was given, in the order of [`Cause`]; causes add up, blame does not.
pub fn causes(tasks: &[TaskFact]) -> Vec<(Cause, u32)> {
    let once: BTreeMap<TaskId, &TaskFact> = tasks.iter().map(|t| (t.task, t)).collect();
    let mut sums: BTreeMap<Cause, u32> = BTreeMap::new();
    for cause in once.into_values().filter_map(|t| t.cause) {
        *sums.entry(cause).or_default() += 1;
    }
    sums.into_iter().collect()
}

#[cfg(test)]
#[path = "task_tests.rs"]
mod tests;
