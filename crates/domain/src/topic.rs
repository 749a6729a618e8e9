//! Topics that members propose for a year: supported, taken into the plan or not, with a word to who
//! proposed. Touches ids and refusals. Rules: M12, M11.

use crate::id::PersonId;
use crate::refusal::Refusal;

crate::codes! {
    /// Where a proposed topic stands.
    pub enum TopicState {
        /// Members may support it.
        Proposed = "proposed" / "Đang lấy ý kiến",
        /// Chi ủy took it into the plan of the year.
        Planned = "planned" / "Đã đưa vào kế hoạch",
        /// Not this year, with a reason.
        Declined = "declined" / "Chưa chọn năm này",
        /// Taken back by who proposed it. Final.
        Withdrawn = "withdrawn" / "Đã rút",
    }
}

impl TopicState {
    fn hint(self) -> &'static str {
        match self {
            Self::Proposed => "Chuyên đề đang lấy ý kiến.",
            Self::Planned => "Muốn bỏ khỏi kế hoạch, hãy sửa dự kiến của quý đó.",
            Self::Declined | Self::Withdrawn => "Có thể đề xuất chuyên đề khác.",
        }
    }

    fn proposed(self, action: &str) -> Result<(), Refusal> {
        match self {
            Self::Proposed => Ok(()),
            Self::Planned | Self::Declined | Self::Withdrawn => Err(Refusal::state(action, self, self.hint())),
        }
    }

    /// Somebody supports it, or takes that back. Who proposed it supports it by proposing.
    ///
    /// # Errors
    /// When it is decided, or one's own.
    pub fn support(self, proposer: PersonId, by: PersonId) -> Result<Self, Refusal> {
        self.proposed("ủng hộ")?;
        if proposer == by {
            return Err(Refusal::new("own", "Chuyên đề do đồng chí đề xuất đã tính đồng chí ủng hộ."));
        }
        Ok(self)
    }

    /// Who proposed it takes it back.
    ///
    /// # Errors
    /// When it is decided, or another's.
    pub fn withdraw(self, proposer: PersonId, by: PersonId) -> Result<Self, Refusal> {
        self.proposed("rút")?;
        if proposer != by {
            return Err(Refusal::new("not_own", "Chỉ đồng chí đề xuất mới rút được chuyên đề này."));
        }
        Ok(Self::Withdrawn)
    }

    /// Chi ủy takes it into the plan. One that was declined may be taken after all.
    ///
    /// # Errors
    /// When it stands in the plan or was taken back.
    pub fn plan(self) -> Result<Self, Refusal> {
        match self {
            Self::Proposed | Self::Declined => Ok(Self::Planned),
            Self::Planned | Self::Withdrawn => Err(Refusal::state("đưa vào kế hoạch", self, self.hint())),
        }
    }

    /// Chi ủy leaves it for another year, with a reason.
    ///
    /// # Errors
    /// When it is decided or no reason is given.
    pub fn decline(self, reason: &str) -> Result<Self, Refusal> {
        self.proposed("trả lời chưa chọn")?;
        if reason.trim().is_empty() {
            return Err(Refusal::missing("ly_do", "lý do chưa chọn"));
        }
        Ok(Self::Declined)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::Code;

    #[test]
    fn every_step_from_every_state() {
        use TopicState::{Declined, Planned, Proposed, Withdrawn};
        let (own, other) = (PersonId::new(1), PersonId::new(2));
        // state, support, withdraw, plan, decline
        let table = [
            (Proposed, [Some(Proposed), Some(Withdrawn), Some(Planned), Some(Declined)]),
            (Planned, [None; 4]),
            (Declined, [None, None, Some(Planned), None]),
            (Withdrawn, [None; 4]),
        ];
        for (state, expected) in table {
            let found =
                [state.support(own, other).ok(), state.withdraw(own, own).ok(), state.plan().ok(), state.decline("x").ok()];
            assert_eq!(found, expected, "{state}");
        }
        assert_eq!(TopicState::ALL.len(), table.len());
        assert!(Proposed.support(own, own).is_err());
        assert!(Proposed.withdraw(own, other).is_err());
        assert!(Proposed.decline(" ").is_err());
    }
}
