//! A resolution: its states and the tasks it is made of.
//! Touches votes, ids and dates; advice on its tasks is `domain::lint`. Rules: SM-01, M15, BQ-01.

use crate::id::PersonId;
use crate::refusal::Refusal;
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

/// Going on against advice asks one line of reason; without advice left none is kept.
///
/// # Errors
/// When advice is left and no reason is given.
pub fn against_advice(left: usize, reason: &str) -> Result<Option<String>, Refusal> {
    let reason = reason.trim();
    match (left, reason.is_empty()) {
        (0, _) => Ok(None),
        (_, false) => Ok(Some(reason.to_owned())),
        (n, true) => Err(Refusal::new(
            "advice_left",
            format!("Còn {n} góp ý với dự thảo. Hãy sửa theo góp ý, hoặc ghi một dòng lý do thông qua."),
        )
        .at("advice_reason")),
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

crate::codes! {
    /// What is asked of a task (SM-01), as its fields are called.
    pub enum TaskField {
        /// Nội dung.
        Content = "content" / "nội dung",
        /// Yêu cầu.
        Requirement = "requirement" / "yêu cầu",
        /// Biện pháp.
        Measure = "measure" / "biện pháp",
        /// Thời hạn.
        Deadline = "deadline" / "thời hạn",
        /// Người thực hiện.
        Doer = "doer" / "người thực hiện",
        /// Người kiểm tra.
        Checker = "checker" / "người kiểm tra",
        /// Người đôn đốc.
        Urger = "urger" / "người đôn đốc",
    }
}

impl TaskDraft {
    /// Whether a field has nothing in it.
    pub fn lacks(&self, field: TaskField) -> bool {
        match field {
            TaskField::Content => self.content.trim().is_empty(),
            TaskField::Requirement => self.requirement.trim().is_empty(),
            TaskField::Measure => self.measure.trim().is_empty(),
            TaskField::Deadline => self.deadline.is_none(),
            TaskField::Doer => self.doer.is_none(),
            TaskField::Checker => self.checker.is_none(),
            TaskField::Urger => self.urger.is_none(),
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::Code;
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
    fn going_on_against_advice_asks_a_reason() {
        assert_eq!(against_advice(0, "gì đó"), Ok(None));
        assert_eq!(against_advice(2, " Việc thường xuyên "), Ok(Some("Việc thường xuyên".to_owned())));
        assert_eq!(against_advice(2, " ").unwrap_err().field, Some("advice_reason"));
    }

    #[test]
    fn missing_fields_do_not_stand_in_the_way() {
        let bare = draft(vec![whole(), TaskDraft { content: "Tăng cường công tác".into(), ..TaskDraft::default() }]);
        assert!(ResolutionState::Draft.adopt(&bare, Some(&voted(20))).is_ok());
        assert!(TaskField::ALL.iter().all(|f| !whole().lacks(*f)));
        assert!(TaskField::ALL.iter().all(|f| TaskDraft::default().lacks(*f)));
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
