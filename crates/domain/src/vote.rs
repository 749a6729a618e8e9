//! A vote in a meeting: who counts, what is needed, and whether it passed.
//! Touches the roll, steps of the agenda, refusals and the shares of rule packs. Rules: BQ-01…BQ-10, KN-01, DD-08, TT-02.

use crate::agenda::Step;
use crate::code::Code;
use crate::refusal::Refusal;
use crate::roll::{RollLine, Share, tally};
use crate::rulepack::{Compare, Ratio};

crate::codes! {
    /// How a vote is taken.
    pub enum VoteMethod {
        /// Hands, only the numbers are kept.
        HandsCount = "hands_count" / "Giơ tay, ghi số lượng",
        /// Hands, with each name.
        HandsNamed = "hands_named" / "Giơ tay, ghi tên từng đồng chí",
        /// Each on their own device, with each name.
        Electronic = "electronic" / "Điện tử, ghi tên từng đồng chí",
        /// Secret ballot on paper, only the numbers are kept.
        Paper = "paper" / "Bỏ phiếu kín trên giấy",
    }
}

impl VoteMethod {
    /// Whether it is kept who said what.
    pub fn is_named(self) -> bool {
        matches!(self, Self::HandsNamed | Self::Electronic)
    }

    /// As minutes add it behind the question; nothing for a show of hands that was counted.
    pub fn in_minutes(self) -> &'static str {
        match self {
            Self::HandsCount => "",
            Self::HandsNamed | Self::Electronic => " (biểu quyết ghi tên)",
            Self::Paper => " (bỏ phiếu kín)",
        }
    }
}

/// How many must approve, always of all official members and not of those present. The share is a
/// figure of a rule pack; what was needed is kept with the vote, so that it is judged by its own day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Threshold {
    /// In lowest terms.
    share: Ratio,
    /// Whether the share itself is enough.
    or_equal: bool,
}

/// What the two shares that the Party's rules name are stored as.
const NAMED: [(&str, u32, u32, bool); 2] = [("majority", 1, 2, false), ("two_thirds", 2, 3, true)];

impl Threshold {
    /// A threshold from a figure. `None` when it is no threshold: one that can't be reached, or one
    /// so low that a decision and its contrary could both pass.
    pub fn new(share: Ratio, compare: Compare) -> Option<Self> {
        let or_equal = match compare {
            Compare::Over => false,
            Compare::AtLeast => true,
            Compare::Exactly | Compare::AtMost | Compare::Under => return None,
        };
        let common = gcd(share.part, share.whole);
        let share = Ratio { part: share.part / common, whole: share.whole / common };
        let (part, whole) = (u64::from(share.part), u64::from(share.whole));
        let decides = if or_equal { 2 * part > whole } else { 2 * part >= whole };
        let reachable = or_equal || part < whole;
        (decides && reachable).then_some(Self { share, or_equal })
    }

    /// The least number of approvals that reaches the threshold.
    pub fn needed(self, electorate: u32) -> u32 {
        let parts = u64::from(electorate) * u64::from(self.share.part);
        let whole = u64::from(self.share.whole);
        let least = if self.or_equal { parts.div_ceil(whole) } else { parts / whole + 1 };
        u32::try_from(least).unwrap_or(u32::MAX)
    }

    /// Whether it asks for at least as much as the other.
    pub fn is_no_lower_than(self, other: Self) -> bool {
        let mine = u64::from(self.share.part) * u64::from(other.share.whole);
        let its = u64::from(other.share.part) * u64::from(self.share.whole);
        mine > its || mine == its && (other.or_equal || !self.or_equal)
    }

    /// The word stored with a vote.
    pub fn word(self) -> String {
        let Ratio { part, whole } = self.share;
        let named = NAMED.iter().find(|n| (n.1, n.2, n.3) == (part, whole, self.or_equal));
        match named {
            Some((word, ..)) => (*word).to_owned(),
            None => format!("{}{part}/{whole}", if self.or_equal { ">=" } else { ">" }),
        }
    }

    /// The threshold of a stored word.
    pub fn from_word(word: &str) -> Option<Self> {
        if let Some((_, part, whole, or_equal)) = NAMED.iter().find(|n| n.0 == word) {
            return Some(Self { share: Ratio { part: *part, whole: *whole }, or_equal: *or_equal });
        }
        let (compare, share) = match word.strip_prefix(">=") {
            Some(share) => (Compare::AtLeast, share),
            None => (Compare::Over, word.strip_prefix('>')?),
        };
        Self::new(Ratio::parse(share)?, compare)
    }

    /// As a sentence goes on: `cần quá nửa`, `cần từ hai phần ba trở lên`.
    pub fn phrase(self) -> String {
        match (self.share.part, self.share.whole, self.or_equal) {
            (1, 2, false) => "quá nửa".to_owned(),
            (2, 3, true) => "từ hai phần ba trở lên".to_owned(),
            (_, _, true) => format!("từ {} trở lên", self.share),
            (_, _, false) => format!("trên {}", self.share),
        }
    }

    /// What fewer than needed are called: `chưa quá nửa`.
    pub fn short_of(self) -> String {
        match (self.share.part, self.share.whole, self.or_equal) {
            (2, 3, true) => "dưới hai phần ba".to_owned(),
            (_, _, true) => format!("dưới {}", self.share),
            (_, _, false) => format!("chưa {}", self.phrase()),
        }
    }
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a.max(1) } else { gcd(b, a % b) }
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
    /// The key of the figure that says how many must approve (BQ-01, BQ-05, BQ-07).
    pub fn figure(self) -> String {
        format!("{THRESHOLDS}{}", self.code())
    }

    /// What is voted on at a step of the agenda, as a form proposes it.
    pub fn at(step: Step) -> Self {
        match step {
            Step::Agenda => Self::Agenda,
            Step::Conclusion => Self::Resolution,
            Step::Score => Self::Score,
            Step::Minutes => Self::Minutes,
            Step::Topic => Self::Conclusion,
            _ => Self::Other,
        }
    }

    /// The question as a form proposes it, where its subject says it all.
    pub fn question(self) -> &'static str {
        match self {
            Self::Agenda => "Thông qua chương trình buổi sinh hoạt",
            Self::Minutes => "Thông qua biên bản buổi sinh hoạt",
            _ => "",
        }
    }

    /// As named in a list of what a threshold holds for.
    pub fn short(self) -> &'static str {
        match self {
            Self::Resolution => "nghị quyết",
            Self::Conclusion => "kết luận",
            Self::Agenda => "chương trình",
            Self::Admit => "kết nạp",
            Self::Official => "công nhận chính thức",
            Self::StrikeOff => "xóa tên",
            Self::Discipline => "kỷ luật",
            Self::Minutes => "biên bản",
            Self::Score => "đánh giá buổi sinh hoạt",
            Self::Other => "nội dung khác",
        }
    }
}

/// What the keys of the figures begin with, one figure for each subject.
pub const THRESHOLDS: &str = "vote.threshold.";

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
/// which the sum reaches the threshold is the one chosen, by its position. A measure that reaches
/// it by itself is chosen before any adding up.
pub fn cumulate(gravest_first: &[u32], electorate: u32, threshold: Threshold) -> Option<usize> {
    let needed = threshold.needed(electorate);
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
#[path = "vote_tests.rs"]
mod tests;
