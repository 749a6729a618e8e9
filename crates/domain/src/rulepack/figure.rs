//! One figure of a rule: its value, its unit, where it comes from and how sure we are of it.
//! Pure. Rules: regulations.md, confidence labels and section 11.

use std::fmt;
use std::sync::Arc;

use super::{Document, Override, Span};
use crate::code::Code;
use crate::vi;
use crate::vote::{THRESHOLDS, Threshold};

crate::codes! {
    /// How sure we are that a figure is what the document says.
    pub enum Confidence {
        /// Seen nearly word for word.
        Verbatim = "V" / "Đã thấy nguyên văn",
        /// Seen in a secondary transcription.
        Secondary = "S" / "Theo tài liệu trích lại, cần đối chiếu bản gốc",
        /// Valid in one province.
        Provincial = "P" / "Quy định riêng của địa phương",
        /// Inferred.
        Inferred = "I" / "Suy ra từ quy định liên quan",
        /// General knowledge.
        General = "M" / "Theo hiểu biết chung, chưa đối chiếu",
        /// Replaced; kept for older records.
        Old = "OLD" / "Đã được thay thế",
    }
}

crate::codes! {
    /// How a fact is measured against a figure.
    pub enum Compare {
        /// More than.
        Over = ">" / "trên",
        /// At least.
        AtLeast = ">=" / "ít nhất",
        /// Exactly.
        Exactly = "=" / "đúng",
        /// At most.
        AtMost = "<=" / "không quá",
        /// Less than.
        Under = "<" / "dưới",
    }
}

crate::codes! {
    /// What a figure counts; it also decides what kind of value it has.
    pub enum Unit {
        /// Days.
        Days = "ngày" / "ngày",
        /// A day of the month.
        DayOfMonth = "ngày trong tháng" / "ngày trong tháng",
        /// Working days.
        WorkDays = "ngày làm việc" / "ngày làm việc",
        /// Seconds.
        Seconds = "giây" / "giây",
        /// Minutes.
        Minutes = "phút" / "phút",
        /// An hour of the day.
        Hour = "giờ" / "giờ",
        /// Months.
        Months = "tháng" / "tháng",
        /// Years.
        Years = "năm" / "năm",
        /// Times.
        Times = "lần" / "lần",
        /// Meetings of a year.
        Periods = "kỳ" / "kỳ",
        /// People.
        People = "đồng chí" / "đồng chí",
        /// Cells.
        Cells = "chi bộ" / "chi bộ",
        /// Tasks of a resolution.
        Tasks = "nhiệm vụ" / "nhiệm vụ",
        /// Points of a score.
        Points = "điểm" / "điểm",
        /// A share.
        Ratio = "tỷ lệ" / "tỷ lệ",
        /// Yes or no.
        Flag = "có/không" / "có/không",
        /// Words of a list.
        Words = "danh sách" / "danh sách",
    }
}

impl Compare {
    /// Whether `a` stands to `b` as this asks.
    pub fn holds<T: PartialOrd>(self, a: T, b: T) -> bool {
        match self {
            Self::Over => a > b,
            Self::AtLeast => a >= b,
            Self::Exactly => a == b,
            Self::AtMost => a <= b,
            Self::Under => a < b,
        }
    }
}

/// A share as two whole numbers, so that "more than half" is exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratio {
    /// The part.
    pub part: u32,
    /// The whole, never 0.
    pub whole: u32,
}

impl Ratio {
    /// Reads `2/3`, `90 %` or `12,5 %`; a share of more than the whole is none.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (part, whole) = if let Some((a, b)) = text.split_once('/') {
            (a.trim().parse().ok()?, b.trim().parse().ok()?)
        } else {
            let figure = text.strip_suffix('%')?.trim();
            match figure.split_once([',', '.']) {
                Some((a, b)) if b.len() == 1 => {
                    let tenths: u32 = b.parse().ok()?;
                    let whole: u32 = a.parse().ok()?;
                    (whole.checked_mul(10)?.checked_add(tenths)?, 1000)
                }
                Some(_) => return None,
                None => (figure.parse().ok()?, 100),
            }
        };
        (whole > 0 && part <= whole).then_some(Self { part, whole })
    }

    /// Whether `n` of `of` stands to this share as asked, exactly. Of nothing, nothing is reached.
    pub fn reached(self, compare: Compare, n: u64, of: u64) -> bool {
        of > 0 && compare.holds(u128::from(n) * u128::from(self.whole), u128::from(of) * u128::from(self.part))
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let exact = (u64::from(self.part) * 1000).is_multiple_of(u64::from(self.whole));
        if exact {
            f.write_str(&vi::percent(u64::from(self.part), u64::from(self.whole)))
        } else {
            write!(f, "{}/{}", self.part, self.whole)
        }
    }
}

/// What a figure is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A whole number.
    Int(i64),
    /// A share.
    Ratio(Ratio),
    /// Yes or no.
    Flag(bool),
    /// A list of words.
    Words(Vec<String>),
}

impl Value {
    /// Whether this is the kind of value the unit asks for.
    pub fn fits(&self, unit: Unit) -> bool {
        match self {
            Self::Ratio(_) => unit == Unit::Ratio,
            Self::Flag(_) => unit == Unit::Flag,
            Self::Words(_) => unit == Unit::Words,
            Self::Int(n) => match unit {
                Unit::Ratio | Unit::Flag | Unit::Words => false,
                Unit::DayOfMonth => (1..=31).contains(n),
                Unit::Hour => (0..=23).contains(n),
                _ => (0..=1_000_000).contains(n),
            },
        }
    }

    /// Reads a value typed or stored as text; the way back of [`Value::to_text`].
    pub fn parse(unit: Unit, text: &str) -> Option<Self> {
        let text = text.trim();
        let value = match unit {
            Unit::Ratio => Self::Ratio(Ratio::parse(text)?),
            Unit::Flag => match vi::fold(text).as_str() {
                "co" => Self::Flag(true),
                "khong" => Self::Flag(false),
                _ => return None,
            },
            Unit::Words => Self::Words(text.split(',').map(|w| w.trim().to_owned()).filter(|w| !w.is_empty()).collect()),
            _ => Self::Int(text.parse().ok()?),
        };
        value.fits(unit).then_some(value)
    }

    /// The value as text, for a form field or a row.
    pub fn to_text(&self) -> String {
        match self {
            Self::Int(n) => n.to_string(),
            Self::Ratio(r) => format!("{}/{}", r.part, r.whole),
            Self::Flag(true) => "có".to_owned(),
            Self::Flag(false) => "không".to_owned(),
            Self::Words(w) => w.join(", "),
        }
    }
}

/// Who set a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The pack that was shipped or installed.
    Pack,
    /// A committee up the tree, by its document.
    Committee {
        /// How deep the committee stands.
        depth: usize,
        /// Its document, as cited.
        document: String,
    },
}

/// One figure with everything “Vì sao?” has to say.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// The word the program asks for it by.
    pub key: String,
    /// Its value.
    pub value: Value,
    /// What it counts.
    pub unit: Unit,
    /// How facts are measured against it, where that matters.
    pub compare: Option<Compare>,
    /// What it is, in Vietnamese.
    pub title: String,
    /// The id of the rule, as in `SH-05`.
    pub rule: String,
    /// The document it comes from.
    pub source: Arc<Document>,
    /// Where in the document, if known.
    pub clause: String,
    /// How sure we are.
    pub confidence: Confidence,
    /// Whether sources conflict or the point is open.
    pub open: bool,
    /// When it holds.
    pub span: Span,
    /// Who set it.
    pub origin: Origin,
}

impl Figure {
    /// This figure as a committee set it; `None` if it may not be set so.
    pub(super) fn overridden(&self, by: &Override) -> Option<Self> {
        self.takes(&by.value).then(|| Self {
            value: by.value.clone(),
            span: by.span,
            origin: Origin::Committee { depth: by.depth, document: by.document.clone() },
            ..self.clone()
        })
    }

    /// Whether a committee may set this figure to a value: one of the same kind, and for a vote
    /// never a lower share than the Party's rules ask for.
    pub fn takes(&self, value: &Value) -> bool {
        if !self.is_threshold() {
            return value.fits(self.unit);
        }
        match (self.threshold(), self.threshold_at(value)) {
            (Some(present), Some(new)) => new.is_no_lower_than(present),
            _ => false,
        }
    }

    /// Whether this figure says how many must approve.
    pub fn is_threshold(&self) -> bool {
        self.key.starts_with(THRESHOLDS)
    }

    /// How many must approve, where this figure says it.
    pub fn threshold(&self) -> Option<Threshold> {
        self.threshold_at(&self.value)
    }

    fn threshold_at(&self, value: &Value) -> Option<Threshold> {
        match (value, self.compare) {
            (Value::Ratio(share), Some(compare)) if self.is_threshold() => Threshold::new(*share, compare),
            _ => None,
        }
    }

    /// The figure as a reader sees it: `ít nhất 90 phút`, `trên 1/2`, `ngày 3 hằng tháng`.
    pub fn shown(&self) -> String {
        let value = match (&self.value, self.unit) {
            (Value::Int(n), Unit::DayOfMonth) => format!("ngày {n} hằng tháng"),
            (Value::Int(n), unit) => format!("{} {}", vi::number(*n), unit.label()),
            (Value::Ratio(r), _) => r.to_string(),
            (value, _) => value.to_text(),
        };
        match self.compare {
            Some(compare) => format!("{compare} {value}"),
            None => value,
        }
    }

    /// The document to cite: the committee's own, else the pack's.
    pub fn citation(&self) -> &str {
        match &self.origin {
            Origin::Pack => &self.source.name,
            Origin::Committee { document, .. } => document,
        }
    }
}
