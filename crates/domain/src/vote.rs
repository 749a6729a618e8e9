//! A vote in a meeting: who counts, what is needed, and whether it passed.
//! Touches the roll and refusals. Rules: BQ-01…BQ-10, KN-01, DD-08, TT-02.

use crate::refusal::Refusal;
use crate::roll::{RollLine, Share, tally};

crate::codes! {
    /// How a vote is taken.
    pub enum VoteMethod {
        /// Hands, only the numbers are kept.
        HandsCount = "hands_count" / "Giơ tay, ghi số lượng",
        /// Hands, with each name.
        HandsNamed = "hands_named" / "Giơ tay, ghi tên từng đồng chí",
        /// Secret ballot on paper, only the numbers are kept.
        Paper = "paper" / "Bỏ phiếu kín trên giấy",
    }
}

crate::codes! {
    /// How many must approve, always of all official members and not of those present.
    pub enum Threshold {
        /// Strictly more than half.
        Majority = "majority" / "Quá nửa tổng số đảng viên chính thức",
        /// Two thirds or more.
        TwoThirds = "two_thirds" / "Từ hai phần ba tổng số đảng viên chính thức trở lên",
    }
}

impl Threshold {
    /// The least number of approvals that reaches the threshold.
    pub fn needed(self, electorate: u32) -> u32 {
        match self {
            Self::Majority => electorate / 2 + 1,
            Self::TwoThirds => electorate - electorate / 3,
        }
    }

    fn phrase(self) -> &'static str {
        match self {
            Self::Majority => "quá nửa",
            Self::TwoThirds => "từ hai phần ba trở lên",
        }
    }
}

crate::codes! {
    /// What is voted on.
    pub enum Subject {
        /// A resolution.
        Resolution = "resolution" / "Thông qua nghị quyết",
        /// A conclusion.
        Conclusion = "conclusion" / "Thông qua kết luận",
        /// The agenda.
        Agenda = "agenda" / "Thông qua chương trình",
        /// Admission of a new member.
        Admit = "admit" / "Đề nghị kết nạp đảng viên",
        /// A probationary member becomes official.
        Official = "official" / "Đề nghị công nhận đảng viên chính thức",
        /// Striking a member off.
        StrikeOff = "strike_off" / "Đề nghị xóa tên đảng viên",
        /// A disciplinary measure.
        Discipline = "discipline" / "Thi hành kỷ luật đảng viên",
        /// The minutes.
        Minutes = "minutes" / "Thông qua biên bản",
        /// The meeting's own score.
        Score = "score" / "Đánh giá chất lượng buổi sinh hoạt",
        /// Anything else.
        Other = "other" / "Nội dung khác",
    }
}

impl Subject {
    /// The threshold that holds where the rule pack says nothing else (BQ-01, BQ-05, BQ-07).
    pub fn threshold(self) -> Threshold {
        match self {
            Self::Admit | Self::Official | Self::StrikeOff => Threshold::TwoThirds,
            Self::Resolution | Self::Conclusion | Self::Agenda | Self::Discipline | Self::Minutes | Self::Score | Self::Other => {
                Threshold::Majority
            }
        }
    }
}

/// Who can vote at a meeting, taken from its roll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Electorate {
    /// Official members, neither exempt nor suspended, there or not: the denominator.
    pub total: u32,
    /// Of those, the ones who are there.
    pub present: u32,
}

impl Electorate {
    /// The electorate of a roll. Probationary members and those who meet here for a time are
    /// not in it; members who meet elsewhere for a time are, for their vote lies at home.
    pub fn of(lines: &[RollLine]) -> Self {
        let t = tally(lines);
        Self { total: t.electors, present: t.electors_present }
    }
}

/// The votes as counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Tán thành.
    pub yes: u32,
    /// Không tán thành.
    pub no: u32,
    /// Ý kiến khác.
    pub other: u32,
}

/// What came of a vote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Whether it passed.
    pub passed: bool,
    /// The least number of approvals that would have done.
    pub needed: u32,
    /// Approvals of the electorate.
    pub share: Share,
    /// The percentage as a user reads it.
    pub percent: String,
    /// Why it passed or not.
    pub why: String,
}

/// Counts a vote.
///
/// # Errors
/// When nobody can vote, or more votes were counted than official members are there.
pub fn outcome(electorate: Electorate, count: Count, threshold: Threshold) -> Result<Outcome, Refusal> {
    let Electorate { total, present } = electorate;
    if total == 0 {
        return Err(Refusal::new(
            "no_electorate",
            "Chi bộ không có đảng viên chính thức nào được biểu quyết. Hãy kiểm tra danh sách đảng viên.",
        ));
    }
    let cast = u64::from(count.yes) + u64::from(count.no) + u64::from(count.other);
    if cast > u64::from(present) {
        return Err(Refusal::new(
            "too_many_votes",
            format!("Tổng số ý kiến biểu quyết là {cast}, nhiều hơn {present} đảng viên chính thức có mặt. Hãy đếm lại hoặc sửa điểm danh."),
        )
        .at("yes"));
    }
    let needed = threshold.needed(total);
    let passed = count.yes >= needed;
    let share = Share::new(count.yes, total);
    let verdict = if passed { "đủ" } else { "chưa đủ" };
    Ok(Outcome {
        passed,
        needed,
        share,
        percent: share.to_string(),
        why: format!(
            "Tán thành {}/{total} đảng viên chính thức, đạt {share}; cần {} (ít nhất {needed} đồng chí): {verdict} để thông qua.",
            count.yes,
            threshold.phrase(),
        ),
    })
}

/// The line of the minutes and of the resolution for a vote.
pub fn line(count: Count, outcome: &Outcome) -> String {
    format!(
        "tán thành {}/{} đồng chí, đạt {}; không tán thành {} đồng chí; ý kiến khác {} đồng chí",
        count.yes, outcome.share.denom, outcome.percent, count.no, count.other
    )
}

/// Adds up votes on disciplinary measures from the gravest down (BQ-05): the first measure at
/// which the sum reaches the majority of all official members is the one chosen, by its position.
/// A measure with its own majority is chosen before any adding up.
pub fn cumulate(gravest_first: &[u32], electorate: u32) -> Option<usize> {
    let needed = Threshold::Majority.needed(electorate);
    if let Some(own) = gravest_first.iter().position(|yes| *yes >= needed) {
        return Some(own);
    }
    let mut sum = 0u32;
    gravest_first.iter().position(|yes| {
        sum = sum.saturating_add(*yes);
        sum >= needed
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::Code;
    use proptest::prelude::*;

    fn vote(total: u32, present: u32, yes: u32, threshold: Threshold) -> Result<Outcome, Refusal> {
        let count = Count { yes, ..Count::default() };
        outcome(Electorate { total, present }, count, threshold)
    }

    #[test]
    fn more_than_half_of_all_official_members_by_table() {
        // electorate, yes, passed, needed
        let table = [
            (20, 10, false, 11),
            (20, 11, true, 11),
            (19, 9, false, 10),
            (19, 10, true, 10),
            (3, 1, false, 2),
            (3, 2, true, 2),
            (1, 1, true, 1),
            (2, 1, false, 2),
        ];
        for (all, yes, passed, needed) in table {
            let o = vote(all, all, yes, Threshold::Majority).unwrap();
            assert_eq!((o.passed, o.needed), (passed, needed), "{yes}/{all}");
        }
    }

    #[test]
    fn two_thirds_or_more_by_table() {
        let table = [
            (18, 11, false, 12),
            (18, 12, true, 12),
            (19, 12, false, 13),
            (19, 13, true, 13),
            (20, 13, false, 14),
            (20, 14, true, 14),
            (3, 2, true, 2),
            (1, 1, true, 1),
        ];
        for (all, yes, passed, needed) in table {
            let o = vote(all, all, yes, Threshold::TwoThirds).unwrap();
            assert_eq!((o.passed, o.needed), (passed, needed), "{yes}/{all}");
        }
    }

    #[test]
    fn those_absent_stay_in_the_denominator() {
        let o = vote(20, 10, 10, Threshold::Majority).unwrap();
        assert!(!o.passed);
        assert_eq!(o.percent, "50 %");
        assert!(o.why.contains("ít nhất 11 đồng chí): chưa đủ"), "{}", o.why);
    }

    #[test]
    fn more_votes_than_official_members_present_are_refused() {
        let seats = Electorate { total: 20, present: 15 };
        let count = Count { yes: 14, no: 1, other: 1 };
        let refusal = outcome(seats, count, Threshold::Majority).unwrap_err();
        assert_eq!(refusal.code, "too_many_votes");
        assert!(refusal.text().contains("16"));
        assert!(outcome(seats, Count { other: 0, ..count }, Threshold::Majority).is_ok());
        let huge = Count { yes: u32::MAX, no: u32::MAX, other: 1 };
        assert!(outcome(seats, huge, Threshold::Majority).is_err());
        assert_eq!(vote(0, 0, 0, Threshold::Majority).unwrap_err().code, "no_electorate");
    }

    #[test]
    fn admission_recognition_and_striking_off_need_two_thirds() {
        let two: Vec<Subject> = Subject::ALL.iter().copied().filter(|s| s.threshold() == Threshold::TwoThirds).collect();
        assert_eq!(two, [Subject::Admit, Subject::Official, Subject::StrikeOff]);
    }

    #[test]
    fn the_line_of_the_minutes() {
        let count = Count { yes: 16, no: 0, other: 1 };
        let seats = Electorate { total: 17, present: 17 };
        let o = outcome(seats, count, Threshold::Majority).unwrap();
        assert_eq!(line(count, &o), "tán thành 16/17 đồng chí, đạt 94,1 %; không tán thành 0 đồng chí; ý kiến khác 1 đồng chí");
    }

    #[test]
    fn disciplinary_votes_add_up_from_the_gravest() {
        // Khai trừ, cách chức, cảnh cáo, khiển trách among 20.
        let table: [(&[u32], Option<usize>); 5] =
            [(&[2, 3, 11, 4], Some(2)), (&[4, 5, 6, 5], Some(2)), (&[0, 6, 4, 10], Some(3)), (&[1, 2, 3, 4], None), (&[], None)];
        for (votes, chosen) in table {
            assert_eq!(cumulate(votes, 20), chosen, "{votes:?}");
        }
    }

    proptest! {
        #[test]
        fn the_number_needed_is_the_least_that_passes(all in 1u32..500, percent in 0u32..=100) {
            let yes = all * percent / 100;
            let o = vote(all, all, yes, Threshold::Majority).unwrap();
            prop_assert_eq!(o.passed, 2 * yes > all);
            let o = vote(all, all, yes, Threshold::TwoThirds).unwrap();
            prop_assert_eq!(o.passed, 3 * yes >= 2 * all);
        }

        #[test]
        fn one_more_approval_never_undoes_a_decision(all in 1u32..200, yes in 0u32..200) {
            prop_assume!(yes < all);
            for threshold in Threshold::ALL {
                let before = vote(all, all, yes, *threshold).unwrap().passed;
                let after = vote(all, all, yes + 1, *threshold).unwrap().passed;
                prop_assert!(after || !before);
            }
        }
    }
}
