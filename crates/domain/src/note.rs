//! Notes on a member: praise, criticism with its remedy and deadline; who may say it is remedied.
//! Touches ids, dates and refusals. Rules: M10, L15, 2.3.8, 2.3.10.

use jiff::civil::Date;

use crate::id::PersonId;
use crate::refusal::Refusal;

crate::codes! {
    /// What a note is.
    pub enum NoteKind {
        /// Biểu dương.
        Praise = "praise" / "Biểu dương",
        /// Phê bình, góp ý.
        Criticism = "criticism" / "Phê bình, góp ý",
    }
}

crate::codes! {
    /// Where a note stands.
    pub enum NoteState {
        /// Praise: nothing is to be done.
        Kept = "kept" / "Đã ghi nhận",
        /// A remedy is to be carried out.
        Open = "open" / "Đang khắc phục",
        /// The remedy is said to be carried out.
        Done = "done" / "Đã khắc phục",
        /// Taken back by who leads, with a reason. Final.
        Withdrawn = "withdrawn" / "Đã rút",
    }
}

/// A note as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What it is.
    pub kind: NoteKind,
    /// The words.
    pub body: String,
    /// What is to be done.
    pub remedy: String,
    /// Until when.
    pub deadline: Option<Date>,
    /// The day it was said.
    pub on: Date,
}

impl Draft {
    /// The state a note begins in.
    ///
    /// # Errors
    /// When nothing is said, criticism has no remedy or deadline, or a day is impossible.
    pub fn begin(&self, today: Date) -> Result<NoteState, Refusal> {
        if self.body.trim().is_empty() {
            return Err(Refusal::missing("noi_dung", "nội dung ghi nhận"));
        }
        if self.on > today {
            return Err(Refusal::new("future", "Ngày nêu không thể sau hôm nay. Hãy chọn ngày khác.").at("ngay"));
        }
        match self.kind {
            NoteKind::Praise => Ok(NoteState::Kept),
            NoteKind::Criticism if self.remedy.trim().is_empty() => Err(Refusal::missing("khac_phuc", "cách khắc phục")),
            NoteKind::Criticism => match self.deadline {
                None => Err(Refusal::missing("thoi_han", "thời hạn khắc phục")),
                Some(day) if day < self.on => {
                    Err(Refusal::new("deadline", "Thời hạn khắc phục phải sau ngày nêu. Hãy chọn ngày khác.").at("thoi_han"))
                }
                Some(_) => Ok(NoteState::Open),
            },
        }
    }
}

/// Who acts on a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hand {
    /// Who.
    pub person: PersonId,
    /// Whether one of chi ủy.
    pub leads: bool,
}

impl NoteState {
    fn hint(self) -> &'static str {
        match self {
            Self::Kept => "Ghi nhận này không có việc phải khắc phục.",
            Self::Open => "Việc khắc phục chưa xong.",
            Self::Done => "Việc khắc phục đã xong.",
            Self::Withdrawn => "Ghi nhận này đã được rút.",
        }
    }

    /// The member or chi ủy says that the remedy is carried out, and how.
    ///
    /// # Errors
    /// When another says it, nothing is said, or there is nothing to remedy.
    pub fn remedied(self, member: PersonId, by: &Hand, words: &str) -> Result<Self, Refusal> {
        match self {
            Self::Open => {}
            Self::Kept | Self::Done | Self::Withdrawn => {
                return Err(Refusal::state("ghi đã khắc phục", self, self.hint()));
            }
        }
        if by.person != member && !by.leads {
            return Err(Refusal::new("not_concerned", "Chỉ đồng chí được nêu tên và chi ủy mới ghi việc khắc phục."));
        }
        if words.trim().is_empty() {
            return Err(Refusal::missing("da_lam", "việc đã làm để khắc phục"));
        }
        Ok(Self::Done)
    }

    /// Chi ủy finds that it is not carried out yet. Not on one's own note.
    ///
    /// # Errors
    /// When another says it, no reason is given, or nothing was said to be done.
    pub fn reopen(self, member: PersonId, by: &Hand, reason: &str) -> Result<Self, Refusal> {
        match self {
            Self::Done => {}
            Self::Kept | Self::Open | Self::Withdrawn => {
                return Err(Refusal::state("đề nghị khắc phục tiếp", self, self.hint()));
            }
        }
        leads(member, by)?;
        if reason.trim().is_empty() {
            return Err(Refusal::missing("con_lai", "việc còn phải khắc phục"));
        }
        Ok(Self::Open)
    }

    /// Chi ủy takes a note back. Not one's own.
    ///
    /// # Errors
    /// When another does it, no reason is given, or it is taken back already.
    pub fn withdraw(self, member: PersonId, by: &Hand, reason: &str) -> Result<Self, Refusal> {
        match self {
            Self::Kept | Self::Open | Self::Done => {}
            Self::Withdrawn => return Err(Refusal::state("rút", self, self.hint())),
        }
        leads(member, by)?;
        if reason.trim().is_empty() {
            return Err(Refusal::missing("ly_do_rut", "lý do rút"));
        }
        Ok(Self::Withdrawn)
    }

    /// Whether the deadline has passed and the remedy is not carried out; the day itself is in time.
    pub fn is_overdue(self, deadline: Option<Date>, today: Date) -> bool {
        self == Self::Open && deadline.is_some_and(|d| d < today)
    }
}

fn leads(member: PersonId, by: &Hand) -> Result<(), Refusal> {
    if by.leads && by.person != member {
        return Ok(());
    }
    Err(Refusal::new("not_leader", "Việc này do đồng chí khác trong chi ủy làm, không phải đồng chí được nêu tên."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::Code;
    use jiff::civil::date;

    const MEMBER: PersonId = PersonId::new(5);

    fn draft(kind: NoteKind, remedy: &str, deadline: Option<Date>) -> Draft {
        Draft { kind, body: "Nội dung".into(), remedy: remedy.into(), deadline, on: date(2026, 11, 3) }
    }

    #[test]
    fn criticism_has_a_remedy_and_a_deadline_praise_has_neither() {
        let today = date(2026, 11, 22);
        let day = Some(date(2026, 12, 1));
        let code = |d: Draft| d.begin(today).map_err(|r| r.field.unwrap_or(r.code));
        assert_eq!(code(draft(NoteKind::Praise, "", None)), Ok(NoteState::Kept));
        assert_eq!(code(draft(NoteKind::Criticism, "Nộp đúng hạn", day)), Ok(NoteState::Open));
        assert_eq!(code(draft(NoteKind::Criticism, " ", day)), Err("khac_phuc"));
        assert_eq!(code(draft(NoteKind::Criticism, "x", None)), Err("thoi_han"));
        assert_eq!(code(draft(NoteKind::Criticism, "x", Some(date(2026, 11, 2)))), Err("thoi_han"));
        assert_eq!(code(Draft { body: " ".into(), ..draft(NoteKind::Praise, "", None) }), Err("noi_dung"));
        assert_eq!(code(Draft { on: date(2026, 11, 23), ..draft(NoteKind::Praise, "", None) }), Err("ngay"));
    }

    #[test]
    fn every_step_from_every_state() {
        use NoteState::{Done, Kept, Open, Withdrawn};
        let lead = Hand { person: PersonId::new(1), leads: true };
        // state, remedied, reopen, withdraw
        let table = [
            (Kept, [None, None, Some(Withdrawn)]),
            (Open, [Some(Done), None, Some(Withdrawn)]),
            (Done, [None, Some(Open), Some(Withdrawn)]),
            (Withdrawn, [None, None, None]),
        ];
        for (state, expected) in table {
            let found = [
                state.remedied(MEMBER, &lead, "x").ok(),
                state.reopen(MEMBER, &lead, "x").ok(),
                state.withdraw(MEMBER, &lead, "x").ok(),
            ];
            assert_eq!(found, expected, "{state}");
        }
        assert_eq!(NoteState::ALL.len(), table.len());
    }

    #[test]
    fn who_may_say_what() {
        let own = Hand { person: MEMBER, leads: false };
        let own_lead = Hand { person: MEMBER, leads: true };
        let other = Hand { person: PersonId::new(9), leads: false };
        assert!(NoteState::Open.remedied(MEMBER, &own, "x").is_ok());
        assert!(NoteState::Open.remedied(MEMBER, &other, "x").is_err());
        assert!(NoteState::Open.remedied(MEMBER, &own, " ").is_err());
        for by in [own, own_lead, other] {
            assert!(NoteState::Done.reopen(MEMBER, &by, "x").is_err());
            assert!(NoteState::Open.withdraw(MEMBER, &by, "x").is_err());
        }
    }

    #[test]
    fn overdue_from_the_day_after() {
        let day = Some(date(2026, 11, 22));
        assert!(!NoteState::Open.is_overdue(day, date(2026, 11, 22)));
        assert!(NoteState::Open.is_overdue(day, date(2026, 11, 23)));
        assert!(!NoteState::Done.is_overdue(day, date(2026, 12, 23)));
        assert!(!NoteState::Open.is_overdue(None, date(2026, 12, 23)));
    }
}
