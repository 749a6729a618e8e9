//! Self check-in: a code of four digits, read from the chair's screen or heard, that is new every
//! minute. Who may use it, which codes are taken, what the secretary's word means for it.
//! Touches the roll and refusals; secret and hash come from outside. Rules: MD-01, MD-02 (figures of the product).

use crate::meeting::MeetingState;
use crate::refusal::Refusal;
use crate::roll::{Mark, Standing, may_mark};
use jiff::Timestamp;
use std::ops::RangeInclusive;
use unicode_normalization::UnicodeNormalization;

crate::codes! {
    /// Who marked a line of the roll.
    pub enum Source {
        /// Whoever takes the roll: final.
        Secretary = "secretary" / "Thư ký",
        /// The member, with the code.
        Member = "member" / "Tự điểm danh",
    }
}

/// How many digits a code has.
pub const DIGITS: usize = 4;

/// The figures self check-in goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// For how long a code is shown.
    pub seconds: u32,
    /// How many wrong codes a member may type at one meeting.
    pub tries: u32,
}

impl Figures {
    /// The figures of a day, within what can be read aloud and what cannot be guessed.
    pub fn of(seconds: i64, tries: i64) -> Self {
        let within = |n: i64, least: i64, most: i64| u32::try_from(n.clamp(least, most)).unwrap_or(1);
        Self { seconds: within(seconds, 30, 600), tries: within(tries, 1, 10) }
    }

    fn millis(&self) -> i64 {
        i64::from(self.seconds.max(1)) * 1000
    }
}

/// Milliseconds since self check-in was opened; a clock that was put back stands at the beginning.
fn run(since: Timestamp, now: Timestamp) -> i64 {
    now.as_millisecond().saturating_sub(since.as_millisecond()).max(0)
}

/// The window of time a moment lies in, counted from the opening of self check-in.
pub fn window(since: Timestamp, now: Timestamp, figures: &Figures) -> i64 {
    run(since, now) / figures.millis()
}

/// The windows whose codes are taken: this one, and the one before for whoever types slowly.
pub fn taken(since: Timestamp, now: Timestamp, figures: &Figures) -> RangeInclusive<i64> {
    let now = window(since, now, figures);
    (now - 1).max(0)..=now
}

/// Milliseconds until the next code.
pub fn left(since: Timestamp, now: Timestamp, figures: &Figures) -> i64 {
    figures.millis() - run(since, now) % figures.millis()
}

/// The code a hash stands for.
pub fn code(hash: &[u8]) -> String {
    let number = hash.iter().take(8).fold(0u64, |n, byte| n << 8 | u64::from(*byte));
    format!("{:0DIGITS$}", number % 10_u64.pow(4))
}

/// How a code is read aloud: “bốn, không, bảy, hai”.
pub fn spoken(code: &str) -> String {
    const WORDS: [&str; 10] = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"];
    let word = |c: char| c.to_digit(10).and_then(|d| usize::try_from(d).ok()).and_then(|d| WORDS.get(d).copied());
    code.chars().filter_map(word).collect::<Vec<_>>().join(", ")
}

/// The digits of what was typed or scanned: full-width ones too, without blanks, marks between them,
/// line ends and the sign by which a scanner names its kind of code. None where anything else stands.
pub fn digits(text: &str) -> Option<String> {
    let plain: String = text.nfkc().filter(|c| !c.is_control() && !c.is_whitespace() && *c != '\u{200B}').collect();
    let bare = match plain.strip_prefix(']') {
        Some(rest) => rest.chars().skip(2).collect(),
        None => plain,
    };
    let digits: String = bare.chars().filter(|c| !matches!(c, '.' | '-' | '/' | '–')).collect();
    (!digits.is_empty() && digits.len() <= 32 && digits.bytes().all(|b| b.is_ascii_digit())).then_some(digits)
}

/// A code as typed; none where it cannot be one.
pub fn typed(text: &str) -> Option<String> {
    digits(text).filter(|d| d.len() == DIGITS)
}

/// The number in the list that digits stand for.
pub fn line_number(digits: &str) -> Option<i64> {
    digits.parse().ok().filter(|n| (1..=100_000).contains(n))
}

/// Whether digits are the number of a member's card; blanks, points and leading zeros do not matter.
pub fn is_card(digits: &str, card: &str) -> bool {
    let bare = |text: &str| text.trim_start_matches('0').to_owned();
    self::digits(card).is_some_and(|card| bare(&card) == bare(digits) && !bare(digits).is_empty())
}

/// A line of the roll as far as self check-in asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seat {
    /// Standing on the day.
    pub standing: Standing,
    /// What the roll says.
    pub mark: Option<Mark>,
    /// Who said it; none for what was set when the meeting opened.
    pub by: Option<Source>,
    /// Wrong codes so far.
    pub tries: u32,
}

/// Where a member stands with their own check-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Own {
    /// Recorded as there, and by whom.
    There(Source),
    /// The secretary's word stands: what it is, none for a mark taken back.
    Settled(Option<Mark>),
    /// May type a code, so many times more.
    Open(u32),
    /// Too many wrong codes: only the secretary can.
    Spent(u32),
    /// Self check-in is not open.
    Shut,
    /// The standing does not let them be marked present.
    Barred,
}

/// Where a member stands. What the secretary has said is final, also when it was taken back; marks that
/// were set when the meeting opened (a standing, an absence granted before) give way to who came.
pub fn own(state: MeetingState, on: bool, seat: &Seat, figures: &Figures) -> Own {
    if seat.mark.is_some_and(Mark::is_there) {
        return Own::There(seat.by.unwrap_or(Source::Secretary));
    }
    if seat.by.is_some() {
        return Own::Settled(seat.mark);
    }
    if may_mark(seat.standing, Mark::Present).is_err() {
        return Own::Barred;
    }
    match (state, on) {
        (MeetingState::Open, true) if seat.tries >= figures.tries => Own::Spent(seat.tries),
        (MeetingState::Open, true) => Own::Open(figures.tries - seat.tries),
        _ => Own::Shut,
    }
}

impl Own {
    /// Whether a code may be judged: true to judge it, false when there is nothing left to do.
    ///
    /// # Errors
    /// A refusal that says whom to ask.
    pub fn may(self) -> Result<bool, Refusal> {
        let refuse = |code, text: String| Err(Refusal::new(code, text));
        match self {
            Self::There(_) => Ok(false),
            Self::Open(_) => Ok(true),
            Self::Settled(mark) => refuse("secretary_said", settled(mark)),
            Self::Spent(tries) => refuse("too_many_tries", spent(tries)),
            Self::Shut => refuse("checkin_shut", "Tự điểm danh đang đóng. Đồng chí báo thư ký để được điểm danh.".to_owned()),
            Self::Barred => {
                refuse("barred", "Đồng chí không thuộc diện điểm danh ở buổi này. Nếu chưa đúng, đồng chí báo thư ký.".to_owned())
            }
        }
    }
}

/// What a member reads whose line the secretary has marked.
pub fn settled(mark: Option<Mark>) -> String {
    match mark {
        Some(mark) => format!("Thư ký đã ghi: {mark}. Đồng chí báo thư ký nếu chưa đúng."),
        None => "Thư ký đã bỏ ghi có mặt của đồng chí. Đồng chí báo thư ký nếu chưa đúng.".to_owned(),
    }
}

/// What a member reads who has typed too many wrong codes.
pub fn spent(tries: u32) -> String {
    format!("Đồng chí đã nhập sai mã {tries} lần nên không tự điểm danh được nữa. Đồng chí báo thư ký để được điểm danh.")
}

/// What a member reads after a wrong code, with so many tries left.
pub fn wrong(left: u32) -> String {
    if left == 0 {
        return "Mã chưa đúng, đồng chí đã hết lần nhập. Đồng chí báo thư ký để được điểm danh.".to_owned();
    }
    format!("Mã chưa đúng. Mã đổi thường xuyên: đồng chí xem hoặc nghe lại mã mới rồi nhập. Còn {left} lần.")
}

#[cfg(test)]
#[path = "checkin_tests.rs"]
mod tests;
