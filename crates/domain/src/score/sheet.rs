//! A score sheet as its pack gives it: criteria, scales, levels, conditions of a level, the year.
//! Pure. Rules: regulations.md section 3 (sheet = version, dates, kinds, tree, auto rule, bands, gates).

use std::sync::Arc;

use jiff::civil::Date;

use super::Points;
use crate::meeting::MeetingKind;
use crate::rulepack::{Confidence, Document, Figure, Ratio};

/// The figure by which a committee chooses the sheet of its cells.
pub const SHEET_FIGURE: &str = "score.sheet";

crate::codes! {
    /// The level of a meeting, from the lowest up.
    pub enum Band {
        /// Kém.
        Poor = "poor" / "Kém",
        /// Trung bình.
        Average = "average" / "Trung bình",
        /// Khá.
        Fair = "fair" / "Khá",
        /// Tốt.
        Good = "good" / "Tốt",
    }
}

impl Band {
    /// The next lower level.
    pub fn lower(self) -> Self {
        match self {
            Self::Good => Self::Fair,
            Self::Fair => Self::Average,
            Self::Average | Self::Poor => Self::Poor,
        }
    }
}

crate::codes! {
    /// A fact the program knows of a meeting, by which a criterion may be suggested.
    pub enum Auto {
        /// The day of the month.
        Date = "date" / "Ngày sinh hoạt",
        /// How long it took.
        Length = "length" / "Thời lượng",
        /// Who came.
        Attendance = "attendance" / "Tỷ lệ đảng viên dự",
        /// Excused many times running.
        Streak = "absence_streak" / "Vắng có lý do liên tiếp",
        /// The committee met before.
        Committee = "committee" / "Họp chi ủy trước buổi sinh hoạt",
        /// Everybody got the notice.
        Notice = "notice" / "Thông báo",
        /// Documents were there in time.
        Documents = "documents" / "Tài liệu trước buổi sinh hoạt",
        /// The prescribed steps.
        Agenda = "agenda" / "Các bước theo quy trình",
        /// Who spoke.
        Speakers = "speakers" / "Đảng viên phát biểu",
        /// How the last resolution was carried out.
        Resolution = "resolution" / "Kết quả thực hiện nghị quyết kỳ trước",
        /// The chair concluded.
        Conclusion = "conclusion" / "Kết luận",
        /// The minutes were adopted.
        Minutes = "minutes" / "Thông qua biên bản",
        /// The results were posted in time.
        Posted = "posted" / "Đăng kết quả",
    }
}

impl Auto {
    /// The figures of the rules it is measured by, for “Vì sao?”.
    pub fn figures(self, kind: MeetingKind) -> Vec<String> {
        use crate::code::Code;
        let keys: &[&str] = match self {
            Self::Date => &["meeting.regular_day", "meeting.regular_until_day"],
            Self::Length => return vec![format!("meeting.min_minutes.{}", kind.code())],
            Self::Attendance => &["attendance.target", "attendance.unexcused_allowed"],
            Self::Documents => &["meeting.post_docs_before_days"],
            Self::Posted => &["meeting.post_results_within_days"],
            Self::Streak
            | Self::Committee
            | Self::Notice
            | Self::Agenda
            | Self::Speakers
            | Self::Resolution
            | Self::Conclusion
            | Self::Minutes => &[],
        };
        keys.iter().map(|k| (*k).to_owned()).collect()
    }

    /// The rule it looks at.
    pub fn rule(self) -> &'static str {
        match self {
            Self::Date => "SH-02",
            Self::Length => "SH-05",
            Self::Attendance => "DD-01",
            Self::Streak => "DD-02",
            Self::Committee => "CB-02",
            Self::Notice => "CB-03",
            Self::Documents => "CB-04",
            Self::Agenda => "2.3",
            Self::Speakers => "DD-05",
            Self::Resolution => "SM-03",
            Self::Conclusion => "2.3.13",
            Self::Minutes => "2.3.15",
            Self::Posted => "CB-05",
        }
    }

    /// Whether it is a part of a whole, so that points may follow it.
    pub fn is_share(self) -> bool {
        matches!(self, Self::Length | Self::Attendance | Self::Agenda | Self::Speakers | Self::Resolution)
    }
}

/// When a row of a scale holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// At least this share.
    AtLeast(Ratio),
    /// More than this share.
    Over(Ratio),
    /// At most so many minutes short of the least length.
    ShortBy(u32),
}

/// A row of a scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// When it holds.
    pub when: When,
    /// What it gives.
    pub points: Points,
}

/// How facts become points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scale {
    /// The facts are shown; points are for people alone.
    Show,
    /// All met gives the maximum; the source says nothing of less, so nothing is suggested then.
    Full,
    /// Points follow the share.
    Share,
    /// The first row that holds.
    Steps {
        /// The rows, best first.
        rows: Vec<Step>,
        /// What is given at most when somebody was absent without a reason.
        if_unexcused: Option<Points>,
    },
}

/// The meeting a sheet is filled for: what decides which criteria stand on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Case {
    /// Its kind.
    pub kind: MeetingKind,
    /// Whether a thematic meeting is held that month, in this session or another.
    pub thematic: bool,
}

/// A criterion, or a group of criteria.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criterion {
    /// Its number on the sheet: `3.2`.
    pub id: String,
    /// Its words.
    pub text: String,
    /// Its points.
    pub max: Points,
    /// Its points in a month without a thematic meeting, where they differ.
    pub without_thematic: Option<Points>,
    /// Whether it stands on the sheet only in months with a thematic meeting.
    pub only_thematic: bool,
    /// The facts it looks at.
    pub auto: Vec<Auto>,
    /// How they become points.
    pub scale: Scale,
    /// How often somebody may be excused running.
    pub limit: Option<u32>,
}

impl Criterion {
    /// Its points for a meeting; none when it does not stand on the sheet then.
    pub fn max_in(&self, case: Case) -> Option<Points> {
        match case.thematic {
            false if self.only_thematic => None,
            false => Some(self.without_thematic.unwrap_or(self.max)),
            true => Some(self.max),
        }
    }

    /// Whether it stands under another: `3.2` under `3`.
    pub fn is_under(&self, group: &str) -> bool {
        self.id.strip_prefix(group).is_some_and(|rest| rest.starts_with('.'))
    }

    /// How deep it stands, from 0.
    pub fn depth(&self) -> usize {
        self.id.matches('.').count()
    }
}

/// From how many points on a level is reached; below all of them it is the lowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bands {
    /// Tốt.
    pub good: Points,
    /// Khá.
    pub fair: Points,
    /// Trung bình.
    pub average: Points,
}

impl Bands {
    /// The level of a total.
    pub fn of(&self, total: Points) -> Band {
        match total {
            t if t >= self.good => Band::Good,
            t if t >= self.fair => Band::Fair,
            t if t >= self.average => Band::Average,
            _ => Band::Poor,
        }
    }
}

/// A condition of a level: criteria that must have all their points, else the next lower level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gate {
    /// The level.
    pub band: Band,
    /// The criteria.
    pub full: Vec<String>,
}

/// What a year asks for a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearLevel {
    /// The level of the year.
    pub band: Band,
    /// Every regular meeting is of this level or better.
    pub all: Band,
    /// At least `count` meetings are of this level or better.
    pub of: Band,
    /// How many.
    pub count: u32,
}

/// A sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreSheet {
    /// A stable ASCII word.
    pub code: String,
    /// Which edition.
    pub version: String,
    /// Its name.
    pub name: String,
    /// Where it stands in the register of rules.
    pub rule: String,
    /// The document it comes from.
    pub source: Arc<Document>,
    /// How sure we are.
    pub confidence: Confidence,
    /// What its source does not say.
    pub note: String,
    /// The points of all criteria together.
    pub total: Points,
    /// The kinds of meeting it is for.
    pub kinds: Vec<MeetingKind>,
    /// Criteria and groups in the order of the sheet.
    pub criteria: Vec<Criterion>,
    /// The levels.
    pub bands: Bands,
    /// Conditions of levels.
    pub gates: Vec<Gate>,
    /// What a year asks, the best level first; empty where nothing is set.
    pub year: Vec<YearLevel>,
    /// What the source does not say of the year.
    pub year_note: String,
}

impl ScoreSheet {
    /// Whether a meeting of this kind is scored by it.
    pub fn applies(&self, kind: MeetingKind) -> bool {
        self.kinds.contains(&kind)
    }

    /// Whether an id names a group, which has no points of its own.
    pub fn is_group(&self, id: &str) -> bool {
        self.criteria.iter().any(|c| c.is_under(id))
    }

    /// The criteria that are given points for a meeting, with the most each can have.
    pub fn leaves(&self, case: Case) -> impl Iterator<Item = (&Criterion, Points)> {
        self.criteria.iter().filter(|c| !self.is_group(&c.id)).filter_map(move |c| Some((c, c.max_in(case)?)))
    }

    /// The months it must add up in.
    pub fn cases(&self) -> Vec<Case> {
        let both = |kind: MeetingKind| {
            let thematic = if kind.serves_thematic() { vec![true] } else { vec![false, true] };
            thematic.into_iter().map(move |thematic| Case { kind, thematic })
        };
        self.kinds.iter().flat_map(|k| both(*k)).collect()
    }
}

/// The sheet a cell uses on a date, with the levels as its committees have set them.
#[derive(Debug, Clone, PartialEq)]
pub struct InUse {
    /// The sheet.
    pub sheet: Arc<ScoreSheet>,
    /// The levels that hold.
    pub bands: Bands,
    /// The figure that chose it.
    pub chosen: Figure,
    /// The first day on which meetings are scored, whichever sheet is in use.
    pub since: Date,
}
