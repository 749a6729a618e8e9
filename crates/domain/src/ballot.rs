//! The taking of a vote: opened over a frozen electorate, cast or counted, closed or withdrawn.
//! Touches the roll, votes and refusals. Rules: BQ-01 … BQ-09, KN-01, DD-08; trust.md “Ballots”:
//! what is secret is on paper and has no line to a person; what is electronic is by name.

use std::collections::BTreeSet;

use crate::id::PersonId;
use crate::refusal::Refusal;
use crate::roll::{Mark, RollLine, Standing};
use crate::vi;
use crate::vote::{Count, Electorate, VoteMethod};

mod paper;

pub use paper::{Counting, Difference, NAMES_MAX, Paper, Part, Sheet, Tally, counting, may_tell, names_on};

crate::codes! {
    /// Where the taking of a vote stands.
    pub enum BallotState {
        /// Votes may be cast or counted.
        Open = "open" / "Đang biểu quyết",
        /// The result stands.
        Closed = "closed" / "Đã có kết quả",
        /// Taken back, with a reason.
        Withdrawn = "withdrawn" / "Đã rút",
    }
}

impl BallotState {
    /// The result is in.
    ///
    /// # Errors
    /// When it is over already.
    pub fn close(self) -> Result<Self, Refusal> {
        match self {
            Self::Open => Ok(Self::Closed),
            Self::Closed | Self::Withdrawn => Err(self.over("kết thúc biểu quyết")),
        }
    }

    /// Takes the vote back, before or after its result.
    ///
    /// # Errors
    /// When it was taken back already, or no reason is given.
    pub fn withdraw(self, reason: &str) -> Result<Self, Refusal> {
        match self {
            Self::Open | Self::Closed if reason.trim().is_empty() => Err(Refusal::missing("ly_do", "lý do rút biểu quyết")),
            Self::Open | Self::Closed => Ok(Self::Withdrawn),
            Self::Withdrawn => Err(self.over("rút biểu quyết")),
        }
    }

    /// Refuses what needs an open vote.
    ///
    /// # Errors
    /// When it is over.
    pub fn must_be_open(self) -> Result<(), Refusal> {
        match self {
            Self::Open => Ok(()),
            Self::Closed | Self::Withdrawn => Err(self.over("biểu quyết")),
        }
    }

    fn over(self, action: &str) -> Refusal {
        let hint = match self {
            Self::Withdrawn => "Lần biểu quyết này đã được rút lại; nếu cần, chủ trì mở lần biểu quyết mới.",
            Self::Open | Self::Closed => "Lần biểu quyết này đã kết thúc, kết quả không đổi nữa.",
        };
        Refusal::state(action, self, hint)
    }
}

crate::codes! {
    /// What somebody said in a vote that keeps names.
    pub enum Choice {
        /// For.
        Yes = "yes" / "Tán thành",
        /// Against.
        No = "no" / "Không tán thành",
        /// Something else.
        Other = "other" / "Ý kiến khác",
    }
}

/// One of the electorate, as it was when the vote was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// Who.
    pub person: PersonId,
    /// The full name on that day.
    pub name: String,
    /// Whether there at that moment: who is not is counted in the denominator and has no vote.
    pub present: bool,
    /// The last word of the person, in a vote that keeps names.
    pub choice: Option<Choice>,
    /// Whether they keep their opinion (bảo lưu ý kiến, BQ-02).
    pub reserved: bool,
}

/// The electorate of a roll: official members neither exempt nor suspended, each once, there or not.
pub fn seats(lines: &[RollLine]) -> Vec<Seat> {
    let mut known = BTreeSet::new();
    let electors = lines.iter().filter(|l| l.is_elector());
    electors
        .filter(|l| known.insert(l.person))
        .map(|l| Seat { person: l.person, name: l.name.clone(), present: l.is_there(), choice: None, reserved: false })
        .collect()
}

/// How many stand in an electorate.
pub fn electorate(seats: &[Seat]) -> Electorate {
    let many = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Electorate { total: many(seats.len()), present: many(seats.iter().filter(|s| s.present).count()) }
}

/// Refuses to open a vote that nobody could cast.
///
/// # Errors
/// When no elector is there, or the question is empty.
pub fn may_open(question: &str, among: Electorate) -> Result<(), Refusal> {
    if question.trim().is_empty() {
        return Err(Refusal::new("question", "Hãy ghi nội dung đưa ra biểu quyết.").at("noi_dung"));
    }
    if among.present == 0 {
        let text = "Chưa có đảng viên chính thức nào được điểm danh có mặt. Hãy điểm danh trước rồi mở biểu quyết.";
        return Err(Refusal::new("nobody_there", text));
    }
    Ok(())
}

/// A vote that keeps names, while it is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// How.
    pub method: VoteMethod,
    /// Where it stands.
    pub state: BallotState,
    /// The frozen electorate.
    pub seats: Vec<Seat>,
}

impl Named {
    /// What a person says; the last word counts, once. `None` takes it back.
    ///
    /// # Errors
    /// When the vote is over, the person has no seat or was not there when it opened, or an opinion
    /// is kept by somebody who approves.
    pub fn cast(&mut self, person: PersonId, choice: Option<Choice>, reserved: bool) -> Result<&Seat, Refusal> {
        self.state.must_be_open()?;
        let seat = self.seats.iter_mut().find(|s| s.person == person).ok_or_else(no_seat)?;
        may_cast(seat, choice, reserved)?;
        seat.choice = choice;
        seat.reserved = reserved && choice.is_some();
        Ok(seat)
    }

    /// The votes as they stand.
    pub fn count(&self) -> Count {
        let of = |choice| {
            let n = self.seats.iter().filter(|s| s.choice == Some(choice)).count();
            u32::try_from(n).unwrap_or(u32::MAX)
        };
        Count { yes: of(Choice::Yes), no: of(Choice::No), other: of(Choice::Other) }
    }

    /// Who may vote and has not.
    pub fn waiting(&self) -> impl Iterator<Item = &Seat> {
        self.seats.iter().filter(|s| s.present && s.choice.is_none())
    }

    /// Names of those who keep their opinion.
    pub fn reserved(&self) -> Vec<String> {
        self.seats.iter().filter(|s| s.reserved).map(|s| s.name.clone()).collect()
    }
}

/// Whether a seat may say this.
///
/// # Errors
/// When the person was not there when the vote opened, or keeps an opinion while approving.
pub fn may_cast(seat: &Seat, choice: Option<Choice>, reserved: bool) -> Result<(), Refusal> {
    if !seat.present {
        return Err(Refusal::new("came_later", CAME_LATER));
    }
    if reserved && choice == Some(Choice::Yes) {
        let text = "Đồng chí tán thành thì không có ý kiến để bảo lưu. Hãy bỏ chọn bảo lưu hoặc chọn lại ý kiến.";
        return Err(Refusal::new("reserved_yes", text).at("bao_luu"));
    }
    Ok(())
}

const CAME_LATER: &str = "Đồng chí chưa được điểm danh có mặt lúc mở biểu quyết nên không biểu quyết lần này; \
    đồng chí vẫn được tính trong tổng số đảng viên chính thức.";

/// The answer to somebody who is not in the electorate at all.
pub fn no_seat() -> Refusal {
    Refusal::new("no_seat", "Đồng chí không có tên trong danh sách được biểu quyết đã chốt khi mở lần biểu quyết này.")
}

/// Why somebody who stands on the roll, or does not, has no vote; `None` for who has one (BQ-03, BQ-09, TT-02).
pub fn why_not(seat: Option<&Seat>, line: Option<&RollLine>) -> Option<String> {
    if let Some(seat) = seat {
        return (!seat.present).then(|| CAME_LATER.to_owned());
    }
    let Some(line) = line else {
        return Some("Đồng chí không có tên trong danh sách của buổi sinh hoạt nên không biểu quyết ở đây.".to_owned());
    };
    let why = match (line.standing, line.mark) {
        (Standing::Probationary, _) => {
            "Đảng viên dự bị được thảo luận, phát biểu nhưng không biểu quyết (Điều lệ Đảng, Điều 3; BQ-03)."
        }
        (Standing::TemporaryHere, _) => {
            "Đồng chí sinh hoạt tạm thời tại chi bộ, biểu quyết ở chi bộ nơi sinh hoạt chính thức (TT-02)."
        }
        (Standing::Exempt, _) | (_, Some(Mark::Exempt)) => {
            "Đồng chí được miễn công tác và sinh hoạt đảng nên không tính vào số biểu quyết (BQ-09)."
        }
        (Standing::Suspended, _) | (_, Some(Mark::Suspended)) => "Đồng chí đang bị đình chỉ sinh hoạt đảng nên không biểu quyết.",
        _ => "Đồng chí không có tên trong danh sách được biểu quyết đã chốt khi mở lần biểu quyết này.",
    };
    Some(why.to_owned())
}

/// Who is counted and who is not, in one sentence, for “Vì sao?”.
pub fn denominator(among: Electorate) -> String {
    format!(
        "Mẫu số là {} đảng viên chính thức của chi bộ, có mặt hay không, trừ đồng chí được miễn sinh hoạt và đồng chí đang bị đình chỉ; lúc mở biểu quyết có mặt {} đồng chí. Đồng chí đến sau không biểu quyết lần này.",
        among.total, among.present
    )
}

/// `Còn 2 đồng chí chưa biểu quyết: Phạm Văn An và Lê Thị Ánh`.
pub fn waiting_words(named: &Named) -> String {
    let names: Vec<&str> = named.waiting().map(|s| s.name.as_str()).collect();
    match names.len() {
        0 => "Tất cả đồng chí có mặt đã biểu quyết.".to_owned(),
        n => format!("Còn {n} đồng chí chưa biểu quyết: {}.", vi::join(&names)),
    }
}

#[cfg(test)]
#[path = "ballot_tests.rs"]
mod tests;
