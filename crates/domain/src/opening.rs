//! Content of a cell opened to a committee above it: shared by the cell, or opened for an inspection.
//! Pure: states, dates and who acts in; phases and refusals out. Rules: P-25, ST-04, KT-05.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::id::PersonId;
use crate::meeting::MeetingKind;
use crate::numbering::DocKind;
use crate::refusal::Refusal;
use crate::rollup::Month;
use crate::vi;

crate::codes! {
    /// Why content is opened.
    pub enum Ground {
        /// The cell shows it.
        Share = "share" / "Chi bộ chia sẻ",
        /// The committee asks for it, by two of its people.
        Inspection = "inspection" / "Mở để kiểm tra",
    }
}

crate::codes! {
    /// What was last decided of an opening.
    pub enum State {
        /// Proposed by one, waits for a second.
        Proposed = "proposed" / "Chờ xác nhận",
        /// Opened, until its last day.
        Open = "open" / "Đã mở",
        /// Withdrawn or ended before its time.
        Ended = "ended" / "Đã kết thúc sớm",
        /// A proposal that was given up.
        Dropped = "dropped" / "Đã bỏ đề nghị",
    }
}

crate::codes! {
    /// How an opening stands on a day.
    pub enum Phase {
        /// A second person is to confirm it.
        Waiting = "waiting" / "Chờ người thứ hai xác nhận",
        /// Nobody confirmed it in time.
        Lapsed = "lapsed" / "Hết hạn, không ai xác nhận",
        /// The committee reads.
        Running = "running" / "Đang mở",
        /// Its last day is over.
        Expired = "expired" / "Đã hết hạn",
        /// Withdrawn or ended early.
        Ended = "ended" / "Đã kết thúc sớm",
        /// The proposal was given up.
        Dropped = "dropped" / "Đã bỏ đề nghị",
        /// The committee no longer stands above the cell.
        Away = "away" / "Đã đóng vì chi bộ không còn trực thuộc",
    }
}

crate::codes! {
    /// Which sealed records are opened.
    pub enum Extent {
        /// One, with its corrections.
        One = "one" / "Một văn bản",
        /// The minutes of some months.
        Minutes = "minutes" / "Biên bản",
        /// Minutes and resolutions of some months.
        Records = "records" / "Biên bản, nghị quyết",
    }
}

crate::codes! {
    /// How a record was read.
    pub enum Way {
        /// On its page.
        Page = "page" / "xem trên trang",
        /// As a DOCX file.
        Docx = "docx" / "tải DOCX",
        /// As a PDF file.
        Pdf = "pdf" / "tải PDF",
    }
}

/// The figure of the longest share.
pub const SHARE_DAYS: &str = "opening.share_days";
/// The figure of the longest opening for an inspection.
pub const INSPECTION_DAYS: &str = "inspection.opening_days";

/// How an opening stands on a day. `in_line`: whether the committee stands above the cell today.
pub fn phase(state: State, until: Date, in_line: bool, today: Date) -> Phase {
    match state {
        State::Ended => Phase::Ended,
        State::Dropped => Phase::Dropped,
        State::Proposed if today > until => Phase::Lapsed,
        State::Open if today > until => Phase::Expired,
        State::Proposed | State::Open if !in_line => Phase::Away,
        State::Proposed => Phase::Waiting,
        State::Open => Phase::Running,
    }
}

impl Phase {
    /// Whether the committee reads.
    pub fn reads(self) -> bool {
        self == Self::Running
    }

    /// Whether nothing is to come of it any more.
    pub fn is_over(self) -> bool {
        !matches!(self, Self::Waiting | Self::Running)
    }
}

/// Whether a sealed record of a cell is of the kind that is opened at all: minutes and resolutions of the
/// meetings of the cell. What chi ủy writes of its own meetings and of single members stays in the cell.
pub fn opens(kind: DocKind, meeting: Option<MeetingKind>) -> bool {
    matches!(kind, DocKind::Minutes | DocKind::Resolution) && meeting.is_some_and(|m| m != MeetingKind::Committee)
}

/// What somebody brings who confirms an opening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Confirming {
    /// How the proposal stands.
    pub phase: Phase,
    /// Who proposed it.
    pub proposer: PersonId,
    /// Whether the proposer could still propose it.
    pub proposer_may: bool,
    /// Who confirms.
    pub by: PersonId,
}

/// Whether an opening for an inspection is confirmed: by a second person, while the proposal stands.
///
/// # Errors
/// A refusal when it does not wait any more, or proposer and confirmer are one, or the proposer left.
pub fn confirm(c: &Confirming) -> Result<(), Refusal> {
    waits(c.phase)?;
    if c.by == c.proposer {
        return Err(Refusal::new(
            "same_person",
            "Đồng chí đã đề nghị nên không tự xác nhận được. Cần một đồng chí khác trong cấp ủy xác nhận.",
        ));
    }
    if !c.proposer_may {
        return Err(Refusal::new(
            "proposer_left",
            "Người đề nghị không còn quyền đề nghị ở cấp ủy này. Hãy bỏ đề nghị này và lập đề nghị mới.",
        ));
    }
    Ok(())
}

/// Whether a proposal still waits.
///
/// # Errors
/// A refusal when it does not.
pub fn waits(phase: Phase) -> Result<(), Refusal> {
    if phase == Phase::Waiting {
        Ok(())
    } else {
        Err(Refusal::state("xác nhận", phase, "Hãy tải lại trang để xem tình trạng mới."))
    }
}

/// Whether an opening can be ended before its time.
///
/// # Errors
/// A refusal when it does not run.
pub fn end(phase: Phase) -> Result<(), Refusal> {
    if phase.reads() { Ok(()) } else { Err(Refusal::state("kết thúc", phase, "Không cần làm gì thêm.")) }
}

/// The last day an opening that begins on a day may have: both days count.
pub fn last_day(from: Date, most: i64) -> Date {
    from.checked_add((most.max(1) - 1).days()).unwrap_or(from)
}

/// Whether an opening may last until a day.
///
/// # Errors
/// A refusal at the field `den_ngay`.
pub fn length(from: Date, until: Date, most: i64) -> Result<(), Refusal> {
    let last = last_day(from, most);
    if until < from {
        return Err(Refusal::new("past", "Ngày kết thúc đã qua. Hãy chọn từ hôm nay trở đi.").at("den_ngay"));
    }
    if until > last {
        let text = format!("Chỉ được mở nhiều nhất {most} ngày, chậm nhất đến hết ngày {}.", vi::date(last));
        return Err(Refusal::new("too_long", text).at("den_ngay"));
    }
    Ok(())
}

/// Whether some months can be opened: in their order, none that is still to come.
///
/// # Errors
/// A refusal at the field `den`.
pub fn stretch(from: Month, to: Month, today: Date) -> Result<(), Refusal> {
    if to < from {
        return Err(Refusal::new("backwards", "Tháng cuối đứng trước tháng đầu. Hãy chọn lại.").at("den"));
    }
    if to > Month::of(today) {
        return Err(Refusal::new("to_come", "Tháng này chưa đến. Hãy chọn đến tháng hiện tại.").at("den"));
    }
    Ok(())
}

/// Whether a decision or plan can be the ground of an opening: it bears a day that has come.
///
/// # Errors
/// A refusal at the field `ngay`.
pub fn dated(on: Date, today: Date) -> Result<(), Refusal> {
    if on <= today {
        Ok(())
    } else {
        Err(Refusal::new("dated", "Ngày của văn bản chưa đến. Hãy xem lại ngày.").at("ngay"))
    }
}

/// The months of an opening in words: `tháng 03/2026`, `từ tháng 01/2026 đến tháng 03/2026`.
pub fn months_words(from: Month, to: Month) -> String {
    let word = |m: Month| format!("tháng {:02}/{}", m.number(), m.year());
    if from == to { word(from) } else { format!("từ {} đến {}", word(from), word(to)) }
}

#[cfg(test)]
#[path = "opening_tests.rs"]
mod tests;
