//! A resolution: its states and the tasks it is made of.
//! Touches votes, ids, dates and advice. Rules: SM-01, M15, BQ-01, ahead.md 7.

use crate::id::PersonId;
use crate::refusal::{Advice, Refusal};
use crate::vote::Outcome;
use jiff::civil::Date;

crate::codes! {
    /// Where a resolution stands.
    pub enum ResolutionState {
        /// Being written.
        Draft = "draft" / "Dự thảo",
        /// Passed by the cell's vote.
        Adopted = "adopted" / "Đã thông qua",
        /// Numbered and sealed. Final.
        Sealed = "sealed" / "Đã ban hành",
    }
}

impl ResolutionState {
    /// Whether its text may still be changed.
    pub fn is_editable(self) -> bool {
        self == Self::Draft
    }

    /// The cell has voted. Only what passed is adopted; missing fields of tasks are advice.
    ///
    /// # Errors
    /// When it is not a draft, has no title or no task content, or the vote is missing or failed.
    pub fn adopt(self, draft: &Draft, vote: Option<&Outcome>) -> Result<Self, Refusal> {
        match self {
            Self::Draft => {}
            Self::Adopted | Self::Sealed => {
                return Err(Refusal::state("thông qua nghị quyết", self, "Nếu cần sửa, hãy ra nghị quyết mới."));
            }
        }
        draft.complete()?;
        match vote {
            None => Err(Refusal::new("no_vote", "Nghị quyết chưa được biểu quyết. Hãy ghi kết quả biểu quyết trước.").at("vote")),
            Some(v) if !v.passed => {
                Err(Refusal::new("vote_failed", format!("Nghị quyết không được thông qua. {}", v.why)).at("vote"))
            }
            Some(_) => Ok(Self::Adopted),
        }
    }

    /// A vote recorded by mistake is taken back before sealing.
    ///
    /// # Errors
    /// When it is not adopted, or no reason is given.
    pub fn reopen(self, reason: &str) -> Result<Self, Refusal> {
        match self {
            Self::Adopted if reason.trim().is_empty() => Err(Refusal::missing("reason", "lý do sửa lại")),
            Self::Adopted => Ok(Self::Draft),
            Self::Draft | Self::Sealed => {
                Err(Refusal::state("mở lại nghị quyết", self, "Chỉ mở lại nghị quyết đã thông qua mà chưa ban hành."))
            }
        }
    }

    /// Gives the number and seals; from here on a correction is a new document.
    ///
    /// # Errors
    /// When it was not adopted, or has no number.
    pub fn seal(self, number: Option<u32>) -> Result<Self, Refusal> {
        match self {
            Self::Adopted if number.is_none_or(|n| n == 0) => Err(Refusal::missing("number", "số nghị quyết")),
            Self::Adopted => Ok(Self::Sealed),
            Self::Draft | Self::Sealed => Err(Refusal::state(
                "ban hành nghị quyết",
                self,
                "Nghị quyết phải được chi bộ biểu quyết thông qua trước và chỉ ban hành một lần.",
            )),
        }
    }
}

/// A resolution as it is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// What it is about (trích yếu).
    pub title: String,
    /// Its tasks.
    pub tasks: Vec<TaskDraft>,
}

/// A task as it is written (SM-01).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TaskDraft {
    /// Nội dung.
    pub content: String,
    /// Yêu cầu.
    pub requirement: String,
    /// Biện pháp.
    pub measure: String,
    /// Thời hạn.
    pub deadline: Option<Date>,
    /// Người thực hiện.
    pub doer: Option<PersonId>,
    /// Người kiểm tra.
    pub checker: Option<PersonId>,
    /// Người đôn đốc.
    pub urger: Option<PersonId>,
}

impl Draft {
    fn complete(&self) -> Result<(), Refusal> {
        if self.title.trim().is_empty() {
            return Err(Refusal::missing("title", "trích yếu nghị quyết"));
        }
        match self.tasks.iter().position(|t| t.content.trim().is_empty()) {
            None => Ok(()),
            Some(at) => Err(Refusal::new(
                "task_content",
                format!("Nhiệm vụ thứ {} chưa có nội dung. Hãy nhập nội dung hoặc bỏ dòng này.", at + 1),
            )
            .at("content")),
        }
    }
}

/// What is missing or unwise, task by task in the words of SM-01. Never blocks.
pub fn advice(draft: &Draft, meeting_on: Date, term_end: Option<Date>) -> Vec<Advice> {
    if draft.tasks.is_empty() {
        return vec![Advice::new("SM-01", "Nghị quyết chưa có nhiệm vụ nào được phân công.")];
    }
    draft.tasks.iter().enumerate().flat_map(|(at, task)| task_advice(at + 1, task, meeting_on, term_end)).collect()
}

fn task_advice(number: usize, task: &TaskDraft, meeting_on: Date, term_end: Option<Date>) -> Vec<Advice> {
    let mut missing = Vec::new();
    let mut need = |lacking: bool, name: &'static str| {
        if lacking {
            missing.push(name);
        }
    };
    need(task.requirement.trim().is_empty(), "yêu cầu");
    need(task.measure.trim().is_empty(), "biện pháp");
    need(task.deadline.is_none(), "thời hạn");
    need(task.doer.is_none(), "người thực hiện");
    need(task.checker.is_none(), "người kiểm tra");
    need(task.urger.is_none(), "người đôn đốc");
    let mut out = Vec::new();
    let mut say = |text: String| out.push(Advice::new("SM-01", text));
    if !missing.is_empty() {
        say(format!("Nhiệm vụ thứ {number} chưa có {}.", missing.join(", ")));
    }
    if task.doer.is_some() && task.doer == task.checker {
        say(format!("Nhiệm vụ thứ {number}: người thực hiện cũng là người kiểm tra."));
    }
    if task.deadline.is_some_and(|d| d < meeting_on) {
        say(format!("Nhiệm vụ thứ {number}: thời hạn trước ngày sinh hoạt."));
    }
    if matches!((task.deadline, term_end), (Some(d), Some(end)) if end < d) {
        say(format!("Nhiệm vụ thứ {number}: thời hạn sau khi nhiệm kỳ kết thúc."));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vote::{Count, Electorate, Threshold, outcome};
    use jiff::civil::date;

    fn voted(yes: u32) -> Outcome {
        let count = Count { yes, ..Count::default() };
        let seats = Electorate { total: 20, present: 20 };
        outcome(seats, count, Threshold::from_word("majority").unwrap()).unwrap()
    }

    fn whole() -> TaskDraft {
        TaskDraft {
            content: "Rà soát hồ sơ".into(),
            requirement: "Đủ 20 hồ sơ".into(),
            measure: "Đối chiếu từng hồ sơ".into(),
            deadline: Some(date(2025, 4, 3)),
            doer: Some(PersonId::new(1)),
            checker: Some(PersonId::new(2)),
            urger: Some(PersonId::new(3)),
        }
    }

    fn draft(tasks: Vec<TaskDraft>) -> Draft {
        Draft { title: "về nhiệm vụ tháng 4".into(), tasks }
    }

    #[test]
    fn only_what_passed_is_adopted_and_only_what_is_adopted_is_sealed() {
        use ResolutionState::{Adopted, Draft as Written, Sealed};
        let d = draft(vec![whole()]);
        assert_eq!(Written.adopt(&d, Some(&voted(11))), Ok(Adopted));
        assert_eq!(Written.adopt(&d, Some(&voted(10))).unwrap_err().code, "vote_failed");
        assert_eq!(Written.adopt(&d, None).unwrap_err().code, "no_vote");
        assert!(Adopted.adopt(&d, Some(&voted(20))).is_err());
        assert_eq!(Adopted.seal(Some(3)), Ok(Sealed));
        assert!(Adopted.seal(None).is_err() && Adopted.seal(Some(0)).is_err());
        assert!(Written.seal(Some(3)).is_err() && Sealed.seal(Some(3)).is_err());
        assert_eq!(Adopted.reopen("ghi nhầm kết quả"), Ok(Written));
        assert!(Adopted.reopen(" ").is_err());
        assert!(Sealed.reopen("sửa").is_err() && Sealed.adopt(&d, Some(&voted(20))).is_err());
        assert!(Written.is_editable() && !Adopted.is_editable() && !Sealed.is_editable());
    }

    #[test]
    fn missing_fields_are_advice_and_do_not_stand_in_the_way() {
        let bare = draft(vec![whole(), TaskDraft { content: "Tăng cường công tác".into(), ..TaskDraft::default() }]);
        let said = advice(&bare, date(2025, 3, 3), None);
        assert_eq!(said.len(), 1);
        assert_eq!(
            said[0].text,
            "Nhiệm vụ thứ 2 chưa có yêu cầu, biện pháp, thời hạn, người thực hiện, người kiểm tra, người đôn đốc."
        );
        assert!(ResolutionState::Draft.adopt(&bare, Some(&voted(20))).is_ok());
    }

    #[test]
    fn a_whole_task_needs_no_advice_and_a_wrong_one_gets_it() {
        let meeting = date(2025, 3, 3);
        let end = Some(date(2025, 6, 30));
        assert!(advice(&draft(vec![whole()]), meeting, end).is_empty());
        let said =
            |task: TaskDraft| -> Vec<String> { advice(&draft(vec![task]), meeting, end).into_iter().map(|a| a.text).collect() };
        let own = TaskDraft { checker: whole().doer, ..whole() };
        assert!(said(own)[0].contains("cũng là người kiểm tra"));
        let past = TaskDraft { deadline: Some(date(2025, 3, 2)), ..whole() };
        assert!(said(past)[0].contains("trước ngày sinh hoạt"));
        let late = TaskDraft { deadline: Some(date(2025, 7, 1)), ..whole() };
        assert!(said(late)[0].contains("nhiệm kỳ"));
        assert_eq!(advice(&draft(vec![]), meeting, end).len(), 1);
    }

    #[test]
    fn a_resolution_without_title_or_with_an_empty_task_is_refused() {
        let vote = voted(20);
        let adopt = |d: &Draft| ResolutionState::Draft.adopt(d, Some(&vote)).err();
        let untitled = Draft { title: " ".into(), ..draft(vec![whole()]) };
        assert_eq!(adopt(&untitled).and_then(|r| r.field), Some("title"));
        let empty = draft(vec![whole(), TaskDraft::default()]);
        assert!(adopt(&empty).is_some_and(|r| r.text().contains("thứ 2")));
    }
}
