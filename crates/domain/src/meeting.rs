//! A meeting: its kinds, its states and the way from one state to the next.
//! Touches refusals, checks and dates. Rules: SH-01…SH-07, CB-03, BQ-10 (never block on attendance).

use crate::refusal::{Advice, Check, Refusal, all_clear};
use jiff::civil::DateTime;

crate::codes! {
    /// What a meeting is held for.
    pub enum MeetingKind {
        /// The monthly meeting.
        Regular = "regular" / "Sinh hoạt thường kỳ",
        /// The quarterly meeting on one topic.
        Thematic = "thematic" / "Sinh hoạt chuyên đề",
        /// Both, one after the other, in one session.
        Combined = "combined" / "Sinh hoạt thường kỳ và chuyên đề",
        /// The cell's committee alone.
        Committee = "committee" / "Họp chi ủy",
        /// The congress of a term.
        Congress = "congress" / "Đại hội chi bộ",
        /// The review at the end of the year.
        Review = "review" / "Hội nghị kiểm điểm cuối năm",
        /// Called outside the plan.
        Extraordinary = "extraordinary" / "Sinh hoạt bất thường",
        /// Anything else.
        Other = "other" / "Hội nghị khác",
    }
}

impl MeetingKind {
    /// Whether it fulfils the monthly duty (SH-01, SH-04).
    pub fn serves_regular(self) -> bool {
        matches!(self, Self::Regular | Self::Combined)
    }

    /// Whether it fulfils the quarterly duty (SH-03, SH-04).
    pub fn serves_thematic(self) -> bool {
        matches!(self, Self::Thematic | Self::Combined)
    }

    /// Whether it fulfils a duty at all.
    pub fn serves_period(self) -> bool {
        self.serves_regular() || self.serves_thematic()
    }
}

crate::codes! {
    /// Where a meeting stands between its preparation and its sealed minutes.
    pub enum MeetingState {
        /// Being prepared; no valid notice is out.
        Draft = "draft" / "Đang chuẩn bị",
        /// The notice is out and nothing changed since.
        Noticed = "noticed" / "Đã thông báo",
        /// Being held.
        Open = "open" / "Đang sinh hoạt",
        /// Held; the minutes are being written.
        Closed = "closed" / "Đã họp",
        /// The cell has adopted the minutes.
        Adopted = "adopted" / "Đã thông qua biên bản",
        /// The minutes are sealed. Final.
        Sealed = "sealed" / "Đã khóa biên bản",
        /// Not held. Final.
        Cancelled = "cancelled" / "Đã hủy",
    }
}

/// What opening a meeting needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    /// The planned start.
    pub starts_at: DateTime,
    /// Now, in the cell's own time.
    pub now: DateTime,
    /// Whether a chair is named.
    pub chair: bool,
    /// How many stand on the expected list.
    pub expected: u32,
}

/// What closing a meeting needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closing {
    /// When it began.
    pub opened_at: DateTime,
    /// When it ended.
    pub closed_at: DateTime,
}

/// What sealing the minutes needs to know, beside the checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sealing {
    /// The number the minutes take in the term.
    pub number: Option<u32>,
    /// Whether the term of the day, in which numbers run on, is known (TC-08, TH-19).
    pub term_known: bool,
}

impl MeetingState {
    /// Whether nothing can follow.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Sealed | Self::Cancelled)
    }

    /// Whether the meeting was held.
    pub fn is_held(self) -> bool {
        matches!(self, Self::Closed | Self::Adopted | Self::Sealed)
    }

    /// Whether time, place and agenda may be edited without [`Self::change_after_notice`].
    pub fn is_preparing(self) -> bool {
        self == Self::Draft
    }

    /// Whether roll, speakers, votes and minutes may be written.
    pub fn is_recording(self) -> bool {
        matches!(self, Self::Open | Self::Closed)
    }

    /// Sends the notice.
    ///
    /// # Errors
    /// When not being prepared, or a check stands in the way.
    pub fn send_notice(self, checks: &[Check]) -> Result<Self, Refusal> {
        match self {
            Self::Draft => all_clear(checks).map(|()| Self::Noticed),
            Self::Noticed => {
                Err(self.refuse("gửi thông báo", "Thông báo đã được gửi. Muốn thay đổi, hãy bấm “Sửa sau thông báo”."))
            }
            Self::Open | Self::Closed | Self::Adopted | Self::Sealed | Self::Cancelled => {
                Err(self.refuse("gửi thông báo", "Chỉ gửi thông báo khi đang chuẩn bị."))
            }
        }
    }

    /// Takes time, place or agenda up again; a new notice must follow.
    ///
    /// # Errors
    /// When no notice is out, or no reason is given.
    pub fn change_after_notice(self, reason: &str) -> Result<Self, Refusal> {
        match self {
            Self::Noticed if reason.trim().is_empty() => Err(Refusal::missing("reason", "lý do thay đổi")),
            Self::Noticed => Ok(Self::Draft),
            Self::Draft => Err(self.refuse("sửa sau thông báo", "Hãy sửa trực tiếp phần chuẩn bị.")),
            Self::Open | Self::Closed | Self::Adopted | Self::Sealed | Self::Cancelled => {
                Err(self
                    .refuse("sửa sau thông báo", "Buổi sinh hoạt đã bắt đầu hoặc đã kết thúc; hãy ghi thay đổi vào biên bản."))
            }
        }
    }

    /// Opens the meeting and freezes the expected list. Also without a notice: a cell that gave
    /// notice on paper must be able to meet.
    ///
    /// # Errors
    /// When not prepared or noticed, before its day, without a chair, or with nobody expected.
    pub fn open(self, facts: &Opening) -> Result<Self, Refusal> {
        match self {
            Self::Draft | Self::Noticed => {}
            Self::Open => return Err(self.refuse("mở", "Buổi sinh hoạt đang diễn ra.")),
            Self::Closed | Self::Adopted | Self::Sealed | Self::Cancelled => {
                return Err(self.refuse("mở", "Hãy tạo buổi sinh hoạt mới."));
            }
        }
        if facts.now.date() < facts.starts_at.date() {
            return Err(Refusal::new(
                "too_early",
                "Chưa đến ngày sinh hoạt. Nếu họp sớm hơn, hãy đổi thời gian và gửi lại thông báo.",
            )
            .at("starts_at"));
        }
        if !facts.chair {
            return Err(Refusal::new("no_chair", "Chưa chọn đồng chí chủ trì. Hãy chọn đồng chí chủ trì.").at("chair"));
        }
        if facts.expected == 0 {
            return Err(Refusal::new(
                "no_members",
                "Danh sách đảng viên của ngày này đang trống. Hãy nhập danh sách đảng viên trước.",
            ));
        }
        Ok(Self::Open)
    }

    /// Takes back an opening made by mistake, while nothing was recorded.
    ///
    /// # Errors
    /// When not open, or something was recorded.
    pub fn undo_open(self, recorded: bool, notice_out: bool) -> Result<Self, Refusal> {
        match self {
            Self::Open if recorded => Err(Refusal::new(
                "recorded",
                "Đã có điểm danh, ý kiến hoặc biểu quyết được ghi nên không thể quay lại phần chuẩn bị. Hãy kết thúc buổi sinh hoạt.",
            )),
            Self::Open if notice_out => Ok(Self::Noticed),
            Self::Open => Ok(Self::Draft),
            Self::Draft | Self::Noticed | Self::Closed | Self::Adopted | Self::Sealed | Self::Cancelled => {
                Err(self.refuse("hủy việc mở", "Chỉ làm được khi vừa mở buổi sinh hoạt."))
            }
        }
    }

    /// Ends the meeting.
    ///
    /// # Errors
    /// When not open, or the end lies before the beginning.
    pub fn close(self, facts: &Closing) -> Result<Self, Refusal> {
        match self {
            Self::Open if facts.closed_at <= facts.opened_at => {
                Err(Refusal::new("ends_before", "Giờ kết thúc phải sau giờ bắt đầu. Hãy sửa lại giờ.").at("closed_at"))
            }
            Self::Open => Ok(Self::Closed),
            Self::Draft | Self::Noticed | Self::Closed | Self::Adopted | Self::Sealed | Self::Cancelled => {
                Err(self.refuse("kết thúc", "Chỉ kết thúc buổi sinh hoạt đang diễn ra."))
            }
        }
    }

    /// Goes on with a meeting that was ended too soon, or takes the minutes up again before they
    /// are sealed; they must then be adopted anew.
    ///
    /// # Errors
    /// When neither closed nor adopted, or no reason is given.
    pub fn reopen(self, reason: &str) -> Result<Self, Refusal> {
        match self {
            Self::Closed | Self::Adopted if reason.trim().is_empty() => Err(Refusal::missing("reason", "lý do mở lại")),
            Self::Closed => Ok(Self::Open),
            Self::Adopted => Ok(Self::Closed),
            Self::Sealed => Err(self.refuse("mở lại", "Biên bản đã khóa không sửa được; hãy lập bản đính chính.")),
            Self::Draft | Self::Noticed | Self::Open | Self::Cancelled => {
                Err(self.refuse("mở lại", "Chỉ mở lại buổi sinh hoạt đã họp."))
            }
        }
    }

    /// The cell adopts the minutes.
    ///
    /// # Errors
    /// When not held, or a check of the minutes stands in the way.
    pub fn adopt(self, checks: &[Check]) -> Result<Self, Refusal> {
        match self {
            Self::Closed => all_clear(checks).map(|()| Self::Adopted),
            Self::Open => Err(self.refuse("thông qua biên bản", "Hãy ghi giờ kết thúc trước.")),
            Self::Draft | Self::Noticed | Self::Adopted | Self::Sealed | Self::Cancelled => {
                Err(self.refuse("thông qua biên bản", "Chỉ thông qua biên bản của buổi đã họp."))
            }
        }
    }

    /// Seals the adopted minutes under their number. Final.
    ///
    /// # Errors
    /// When not adopted, a check stands in the way, or the term or number is missing.
    pub fn seal(self, checks: &[Check], facts: &Sealing) -> Result<Self, Refusal> {
        match self {
            Self::Adopted => {}
            Self::Closed => {
                return Err(self.refuse("khóa biên bản", "Chi bộ phải thông qua biên bản trước."));
            }
            Self::Draft | Self::Noticed | Self::Open | Self::Sealed | Self::Cancelled => {
                return Err(self.refuse("khóa biên bản", "Chỉ khóa biên bản đã được thông qua."));
            }
        }
        all_clear(checks)?;
        if !facts.term_known {
            return Err(Refusal::new(
                "no_term",
                "Chưa có nhiệm kỳ của ngày sinh hoạt nên chưa đánh số được biên bản. Hãy nhập nhiệm kỳ của chi bộ.",
            )
            .at("term"));
        }
        if facts.number.is_none_or(|n| n == 0) {
            return Err(Refusal::missing("number", "số biên bản"));
        }
        Ok(Self::Sealed)
    }

    /// Gives up a meeting that was not held. Whoever had a notice must be told.
    ///
    /// # Errors
    /// When it has begun or is over, or no reason is given.
    pub fn cancel(self, reason: &str) -> Result<Self, Refusal> {
        match self {
            Self::Draft | Self::Noticed if reason.trim().is_empty() => Err(Refusal::missing("reason", "lý do hủy")),
            Self::Draft | Self::Noticed => Ok(Self::Cancelled),
            Self::Open | Self::Closed | Self::Adopted | Self::Sealed | Self::Cancelled => {
                Err(self.refuse("hủy buổi sinh hoạt", "Chỉ hủy buổi sinh hoạt chưa diễn ra."))
            }
        }
    }

    fn refuse(self, action: &str, hint: &str) -> Refusal {
        Refusal::state(action, self, hint)
    }
}

/// The least length of meetings, in minutes (SH-05, SH-06; an upper committee may set others, SH-07).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// A regular or a thematic meeting.
    pub single: u32,
    /// Both in one session.
    pub combined: u32,
}

impl Figures {
    /// The least length of a kind, where one is prescribed.
    pub fn least(&self, kind: MeetingKind) -> Option<(u32, &'static str)> {
        match kind {
            MeetingKind::Regular | MeetingKind::Thematic => Some((self.single, "SH-05")),
            MeetingKind::Combined => Some((self.combined, "SH-06")),
            MeetingKind::Committee
            | MeetingKind::Congress
            | MeetingKind::Review
            | MeetingKind::Extraordinary
            | MeetingKind::Other => None,
        }
    }
}

/// Whole minutes from beginning to end; none when the end is not later.
pub fn length(opened_at: DateTime, closed_at: DateTime) -> Option<u32> {
    let seconds = opened_at.duration_until(closed_at).as_secs();
    u32::try_from(seconds / 60).ok().filter(|_| seconds > 0)
}

/// Whether a meeting was, or is planned, shorter than its kind asks for. Never blocks.
pub fn length_advice(kind: MeetingKind, minutes: u32, figures: &Figures) -> Option<Advice> {
    let (least, rule) = figures.least(kind)?;
    (minutes < least).then(|| {
        Advice::new(rule, format!("Thời lượng {minutes} phút, ngắn hơn {least} phút theo quy định cho loại hình “{kind}”."))
    })
}

#[cfg(test)]
#[path = "meeting_tests.rs"]
mod tests;
