//! What a committee sends to the cells below it: the orientation of a month as blocks of an agenda, and
//! documents. Whom it reaches, when it may be issued, what sealed minutes say of it.
//! Touches periods, agendas, meeting kinds, refusals. Rules: L1, L2, M8, P4; ahead.md 20.

use crate::agenda::{Part, Step};
use crate::id::OrgId;
use crate::meeting::MeetingKind;
use crate::period::PeriodKey;
use crate::refusal::{Check, Refusal, all_clear};
use jiff::civil::Date;

crate::codes! {
    /// What it is.
    pub enum GuidanceKind {
        /// Blocks of the agenda of one month.
        Orientation = "orientation" / "Định hướng sinh hoạt",
        /// A document to be read.
        Document = "document" / "Tài liệu",
    }
}

crate::codes! {
    /// Where it stands.
    pub enum GuidanceState {
        /// The committee writes it; nobody below knows of it.
        Draft = "draft" / "Đang soạn",
        /// The cells have it. Its content is final.
        Issued = "issued" / "Đã ban hành",
        /// A new edition stands in its place. Final.
        Replaced = "replaced" / "Đã có bản thay thế",
    }
}

crate::codes! {
    /// How binding a block is.
    pub enum Weight {
        /// Stands in each agenda of the month by itself.
        Required = "required" / "Bắt buộc",
        /// The cell chooses.
        Suggested = "suggested" / "Gợi ý",
    }
}

crate::codes! {
    /// How the distribution list (nơi nhận) is told.
    pub enum Reach {
        /// Every cell below.
        All = "all" / "Tất cả chi bộ trực thuộc",
        /// Cells of certain types.
        Types = "types" / "Chi bộ theo loại hình",
        /// Certain organisations with everything below them.
        Chosen = "chosen" / "Tổ chức được chọn",
    }
}

crate::codes! {
    /// What a member has done with a document.
    pub enum Receipt {
        /// Nothing yet.
        Unseen = "unseen" / "Chưa xem",
        /// Opened it.
        Seen = "seen" / "Đã xem",
        /// Said that it was read.
        Read = "read" / "Đã đọc",
    }
}

/// Days for which what was sent down counts as new.
pub const NEW_DAYS: i64 = 60;

impl GuidanceState {
    fn hint(self) -> &'static str {
        match self {
            Self::Draft => "Hãy ban hành trước.",
            Self::Issued => "Muốn thay đổi, hãy lập bản thay thế.",
            Self::Replaced => "Hãy mở bản thay thế.",
        }
    }

    fn refuse(self, action: &str) -> Refusal {
        Refusal::state(action, self, self.hint())
    }

    /// Its texts, files and distribution list change, or it goes.
    ///
    /// # Errors
    /// Once it is issued.
    pub fn edit(self) -> Result<(), Refusal> {
        match self {
            Self::Draft => Ok(()),
            Self::Issued | Self::Replaced => Err(self.refuse("sửa")),
        }
    }

    /// It goes out.
    ///
    /// # Errors
    /// When it is out, or a check stands in the way.
    pub fn issue(self, checks: &[Check]) -> Result<Self, Refusal> {
        match self {
            Self::Draft => all_clear(checks).map(|()| Self::Issued),
            Self::Issued | Self::Replaced => Err(self.refuse("ban hành")),
        }
    }

    /// A new edition of it is begun: the state of that one.
    ///
    /// # Errors
    /// When it is not out, has a new edition already, or one is being written.
    pub fn correct(self, being_written: bool) -> Result<Self, Refusal> {
        match self {
            Self::Issued if being_written => {
                Err(Refusal::new("edition", "Bản thay thế đang được soạn. Hãy mở bản đang soạn đó."))
            }
            Self::Issued => Ok(Self::Draft),
            Self::Draft | Self::Replaced => Err(self.refuse("lập bản thay thế")),
        }
    }

    /// Its new edition goes out.
    ///
    /// # Errors
    /// When it is not out, or another edition took its place.
    pub fn replace(self) -> Result<Self, Refusal> {
        match self {
            Self::Issued => Ok(Self::Replaced),
            Self::Draft | Self::Replaced => Err(self.refuse("thay thế")),
        }
    }
}

/// A distribution list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Distribution {
    /// How it is told.
    pub reach: Reach,
    /// Types of cell, where it goes by type.
    pub types: Vec<String>,
    /// Organisations, where they are chosen.
    pub orgs: Vec<OrgId>,
}

impl Distribution {
    /// Whether a cell is on it; `lineage` is the cell with all above it. What the committee `from` sends
    /// goes down only.
    pub fn reaches(&self, from: OrgId, lineage: &[OrgId], cell_type: Option<&str>) -> bool {
        let Some((_, above)) = lineage.split_last() else {
            return false;
        };
        above.contains(&from)
            && match self.reach {
                Reach::All => true,
                Reach::Types => cell_type.is_some_and(|t| self.types.iter().any(|wanted| wanted == t)),
                Reach::Chosen => self.orgs.iter().any(|o| lineage.contains(o)),
            }
    }
}

/// What is known before something is issued.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Its title.
    pub title: String,
    /// Whether it says anything itself.
    pub has_text: bool,
    /// How many files it has.
    pub files: usize,
    /// The month, of an orientation.
    pub period: Option<PeriodKey>,
    /// How many blocks.
    pub blocks: usize,
    /// How many of them are required.
    pub required: usize,
    /// How many cells it reaches.
    pub cells: usize,
    /// Whether the month has an orientation of this committee that this one does not replace.
    pub taken: bool,
    /// Whether number and date stand on it.
    pub numbered: bool,
}

/// What is in order and what is still to do before it goes out.
pub fn checks(kind: GuidanceKind, facts: &Facts, today: Date) -> Vec<Check> {
    let named = !facts.title.trim().is_empty();
    let mut out = vec![Check::must(named, "ten", if named { "Đã có tên gọi." } else { "Chưa có tên gọi. Hãy ghi tên gọi." })];
    match kind {
        GuidanceKind::Orientation => out.extend(month_checks(facts, today)),
        GuidanceKind::Document => {
            let says = facts.has_text || facts.files > 0;
            let text = if says {
                "Đã có nội dung để đảng viên đọc."
            } else {
                "Chưa có gì để đọc. Hãy ghi nội dung tóm tắt hoặc kèm tệp."
            };
            out.push(Check::must(says, "noi_dung", text));
        }
    }
    out.push(match facts.cells {
        0 => Check::must(false, "noi_nhan", "Nơi nhận chưa có chi bộ nào. Hãy chọn lại nơi nhận."),
        n => Check::must(true, "noi_nhan", format!("Nơi nhận: {n} chi bộ.")),
    });
    let text = if facts.numbered {
        "Đã ghi số và ngày văn bản."
    } else {
        "Chưa ghi số, ngày văn bản. Bỏ qua nếu không phải văn bản."
    };
    out.push(Check::advised(facts.numbered, "so", text));
    out
}

fn month_checks(facts: &Facts, today: Date) -> Vec<Check> {
    let month = match facts.period {
        None => Check::must(false, "thang", "Chưa chọn tháng sinh hoạt."),
        Some(_) if facts.taken => {
            Check::must(false, "thang", "Tháng này đã ban hành một bản định hướng. Hãy mở bản đó và lập bản thay thế.")
        }
        Some(p) if p.end_day() < today => {
            Check::advised(false, "thang", format!("{} đã qua; chi bộ đã sinh hoạt chỉ còn phổ biến được ở kỳ sau.", p.name()))
        }
        Some(p) => Check::must(true, "thang", format!("{}.", p.name())),
    };
    let blocks = match facts.blocks {
        0 => Check::must(false, "nd_ten", "Chưa có nội dung nào để chi bộ đưa vào chương trình."),
        n => Check::must(true, "nd_ten", format!("Có {n} nội dung, {} bắt buộc.", facts.required)),
    };
    let mut out = vec![month, blocks];
    if facts.blocks > 0 && facts.required == 0 {
        out.push(Check::advised(false, "nd_ten", "Chưa có nội dung bắt buộc; chi bộ được chọn đưa vào chương trình hay không."));
    }
    out
}

/// Whether a meeting of a kind takes the orientation of its month.
pub fn takes(kind: MeetingKind) -> bool {
    kind.serves_regular()
}

/// Whether sealed minutes of a meeting say that an item that came from a block was brought to the cell:
/// not where it was put off, and of a secret item nothing is said.
pub fn disseminated(kind: MeetingKind, postponed: bool, secret: bool) -> bool {
    takes(kind) && !postponed && !secret
}

/// Whether a block of a new edition is the one of the edition before: what a cell was told of it counts on.
/// Another text is another block, which the cells have yet to hear.
pub fn goes_on(before: (&str, &str), now: (&str, &str)) -> bool {
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    words(before.0) == words(now.0) && words(before.1) == words(now.1)
}

/// Where blocks of a committee come into an agenda: behind the reports, so that the cell discusses them;
/// without reports before the discussion, else at the end of the content.
pub fn place(agenda: &[(Part, Step)]) -> usize {
    let content = |at: &usize| agenda.get(*at).is_some_and(|i| i.0 == Part::Content);
    let last = |fits: &dyn Fn(Step) -> bool| {
        (0..agenda.len()).rev().find(|at| content(at) && agenda.get(*at).is_some_and(|i| fits(i.1)))
    };
    if let Some(report) = last(&|s| matches!(s, Step::Review | Step::Report)) {
        let behind = agenda.iter().skip(report + 1).take_while(|i| **i == (Part::Content, Step::Other)).count();
        return report + 1 + behind;
    }
    if let Some(talk) = (0..agenda.len()).find(|at| content(at) && agenda.get(*at).is_some_and(|i| i.1 == Step::Discussion)) {
        return talk;
    }
    agenda.iter().rposition(|i| i.0 <= Part::Content).map_or(0, |at| at + 1)
}

/// An item that came from a block says what the committee wrote; the cell's own stands beside it.
///
/// # Errors
/// When heading or information differ, or the item is to become a state secret.
pub fn keeps_words(before: (&str, &str), now: (&str, &str), secret: bool) -> Result<(), Refusal> {
    if secret {
        return Err(Refusal::new(
            "guided_secret",
            "Mục này lấy từ định hướng của cấp trên. Nội dung mật của chi bộ ghi thành mục riêng, chỉ giữ số sổ, số trang.",
        )
        .at("points"));
    }
    if before != now {
        return Err(Refusal::new(
            "guided",
            "Tên và nội dung do cấp trên ban hành, chi bộ không sửa. Ý của chi bộ ghi ở gợi ý thảo luận hoặc thành mục riêng.",
        )
        .at("title"));
    }
    Ok(())
}

/// What a member has done with a document, by the moments that are kept.
pub fn receipt(seen: bool, read: bool) -> Receipt {
    match (seen, read) {
        (_, true) => Receipt::Read,
        (true, false) => Receipt::Seen,
        (false, false) => Receipt::Unseen,
    }
}

#[cfg(test)]
#[path = "guidance_tests.rs"]
mod tests;
