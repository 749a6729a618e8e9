//! A member's concern (tâm tư, nguyện vọng): answered, followed up, settled when the member says so.
//! Touches refusals only. Rules: M5, L15.

use crate::refusal::Refusal;

crate::codes! {
    /// Where a concern stands.
    pub enum ConcernState {
        /// Waits for an answer of chi ủy.
        Open = "open" / "Chờ trả lời",
        /// Answered; the member says whether it is settled.
        Answered = "answered" / "Đã trả lời",
        /// The member says that it is settled. Final.
        Settled = "settled" / "Đã giải quyết",
        /// Chi ủy can do no more, with a reason; the member may still say that it is not settled.
        Closed = "closed" / "Đã khép lại",
        /// Taken back by the member. Final.
        Withdrawn = "withdrawn" / "Đã rút",
    }
}

crate::codes! {
    /// Whether it may be put on an agenda.
    pub enum Consent {
        /// Nobody asked.
        Unasked = "unasked" / "Chưa hỏi",
        /// The chair asks.
        Asked = "asked" / "Chờ đồng chí đồng ý",
        /// The member agrees.
        Given = "given" / "Đồng ý đưa ra chi bộ",
        /// The member does not.
        Refused = "refused" / "Không đưa ra chi bộ",
    }
}

crate::codes! {
    /// What is said of a concern.
    pub enum WordKind {
        /// The concern itself.
        Said = "said" / "Nêu",
        /// The answer of chi ủy.
        Answer = "answer" / "Trả lời",
        /// The member says that it is not settled.
        NotYet = "not_yet" / "Chưa giải quyết xong",
        /// The member says that it is.
        Settled = "settled" / "Đã giải quyết",
        /// Why chi ủy can do no more.
        Closed = "closed" / "Khép lại",
        /// What was done meanwhile.
        FollowUp = "follow_up" / "Theo dõi",
        /// The member takes it back.
        Withdrawn = "withdrawn" / "Rút",
    }
}

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voice {
    /// The member whose concern it is.
    Member,
    /// One of chi ủy.
    Leader,
}

impl ConcernState {
    /// Whether somebody still waits for something.
    pub fn is_live(self) -> bool {
        match self {
            Self::Open | Self::Answered => true,
            Self::Settled | Self::Closed | Self::Withdrawn => false,
        }
    }

    /// What follows when somebody says something.
    ///
    /// # Errors
    /// When it is not theirs to say, nothing is said, or the concern is over.
    pub fn say(self, kind: WordKind, by: Voice, words: &str) -> Result<Self, Refusal> {
        let next = match (self, kind, by) {
            (Self::Open | Self::Answered, WordKind::Answer, Voice::Leader) => Self::Answered,
            (Self::Open | Self::Answered, WordKind::FollowUp, Voice::Leader) => self,
            (Self::Open | Self::Answered, WordKind::Closed, Voice::Leader) => Self::Closed,
            (Self::Answered | Self::Closed, WordKind::NotYet, Voice::Member) => Self::Open,
            (Self::Answered | Self::Open | Self::Closed, WordKind::Settled, Voice::Member) => Self::Settled,
            (Self::Open | Self::Answered, WordKind::Withdrawn, Voice::Member) => Self::Withdrawn,
            (Self::Open | Self::Answered, WordKind::Said, Voice::Member) => Self::Open,
            _ => {
                return Err(Refusal::state("ghi thêm", self, "Hãy tải lại trang để xem tình trạng mới, hoặc nêu một việc mới."));
            }
        };
        let must_say = !matches!(kind, WordKind::Settled | WordKind::Withdrawn);
        if must_say && words.trim().is_empty() {
            return Err(Refusal::missing("noi_dung", "nội dung"));
        }
        Ok(next)
    }

    /// Whether it may go on an agenda: the member has agreed and it is not over.
    ///
    /// # Errors
    /// Without consent, or when it is over.
    pub fn to_agenda(self, consent: Consent) -> Result<(), Refusal> {
        if !self.is_live() {
            return Err(Refusal::state("đưa vào chương trình", self, "Việc này đã kết thúc."));
        }
        match consent {
            Consent::Given => Ok(()),
            Consent::Unasked | Consent::Asked | Consent::Refused => {
                Err(Refusal::new("consent", "Chỉ đưa ra chi bộ khi đồng chí nêu việc này đồng ý. Hãy hỏi ý kiến đồng chí trước."))
            }
        }
    }
}

impl Consent {
    /// The chair asks.
    ///
    /// # Errors
    /// When it was asked already.
    pub fn ask(self) -> Result<Self, Refusal> {
        match self {
            Self::Unasked => Ok(Self::Asked),
            Self::Asked | Self::Given | Self::Refused => Err(Refusal::state("hỏi ý kiến", self, "Đồng chí đã được hỏi rồi.")),
        }
    }

    /// The member answers, and may think better of it until it stands on an agenda.
    pub fn answer(self, yes: bool) -> Self {
        if yes { Self::Given } else { Self::Refused }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::Code;

    #[test]
    fn every_word_in_every_state_by_either_voice() {
        use ConcernState::{Answered, Closed, Open, Settled, Withdrawn};
        use Voice::{Leader, Member};
        let allowed = [
            (Open, WordKind::Answer, Leader, Answered),
            (Answered, WordKind::Answer, Leader, Answered),
            (Open, WordKind::FollowUp, Leader, Open),
            (Answered, WordKind::FollowUp, Leader, Answered),
            (Open, WordKind::Closed, Leader, Closed),
            (Answered, WordKind::Closed, Leader, Closed),
            (Answered, WordKind::NotYet, Member, Open),
            (Closed, WordKind::NotYet, Member, Open),
            (Open, WordKind::Settled, Member, Settled),
            (Answered, WordKind::Settled, Member, Settled),
            (Closed, WordKind::Settled, Member, Settled),
            (Open, WordKind::Withdrawn, Member, Withdrawn),
            (Answered, WordKind::Withdrawn, Member, Withdrawn),
            (Open, WordKind::Said, Member, Open),
            (Answered, WordKind::Said, Member, Open),
        ];
        for state in ConcernState::ALL {
            for kind in WordKind::ALL {
                for voice in [Member, Leader] {
                    let expected = allowed.iter().find(|a| (a.0, a.1, a.2) == (*state, *kind, voice)).map(|a| a.3);
                    assert_eq!(state.say(*kind, voice, "Lời").ok(), expected, "{state} {kind} {voice:?}");
                }
            }
        }
        assert!(Open.say(WordKind::Answer, Leader, " ").is_err());
        assert!(Answered.say(WordKind::Settled, Member, "").is_ok());
    }

    #[test]
    fn it_goes_on_an_agenda_only_with_consent() {
        for state in ConcernState::ALL {
            for consent in Consent::ALL {
                let fine = state.is_live() && *consent == Consent::Given;
                assert_eq!(state.to_agenda(*consent).is_ok(), fine, "{state} {consent}");
            }
        }
        assert_eq!(Consent::Unasked.ask().unwrap(), Consent::Asked);
        assert!(Consent::Refused.ask().is_err());
        assert_eq!(Consent::Asked.answer(true), Consent::Given);
        assert_eq!(Consent::Given.answer(false), Consent::Refused);
    }
}
