//! The kỳ: a duty to meet that exists before anybody creates a meeting, and where it stands today.
//! Pure: a day and facts in, a word out. Rules: SH-01 … SH-07; requirements.md M1, T4, T7.

use std::fmt;
use std::str::FromStr;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::meeting::MeetingState;
use crate::rulepack::Rules;
use crate::vi;

crate::codes! {
    /// The two kinds of duty.
    pub enum PeriodKind {
        /// Each month.
        Regular = "regular" / "Thường kỳ",
        /// Each quarter.
        Thematic = "thematic" / "Chuyên đề",
    }
}

/// Which kỳ: a month's regular or a quarter's thematic meeting. In time order inside a year and kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeriodKey {
    /// The year.
    pub year: i16,
    /// Regular or thematic.
    pub kind: PeriodKind,
    /// The month (1–12) or the quarter (1–4).
    pub number: u8,
}

impl PeriodKey {
    /// The regular kỳ of a month; `None` if there is no such month.
    pub fn regular(year: i16, month: u8) -> Option<Self> {
        Self::new(year, PeriodKind::Regular, month)
    }

    /// The thematic kỳ of a quarter; `None` if there is no such quarter.
    pub fn thematic(year: i16, quarter: u8) -> Option<Self> {
        Self::new(year, PeriodKind::Thematic, quarter)
    }

    fn new(year: i16, kind: PeriodKind, number: u8) -> Option<Self> {
        let last = match kind {
            PeriodKind::Regular => 12,
            PeriodKind::Thematic => 4,
        };
        ((1930..=2999).contains(&year) && (1..=last).contains(&number)).then_some(Self { year, kind, number })
    }

    /// The kỳ whose window a day falls into.
    pub fn of(kind: PeriodKind, day: Date) -> Option<Self> {
        let month = u8::try_from(day.month()).ok()?;
        match kind {
            PeriodKind::Regular => Self::regular(day.year(), month),
            PeriodKind::Thematic => Self::thematic(day.year(), month.div_ceil(3)),
        }
    }

    /// `Kỳ tháng 12 năm 2026`, `Chuyên đề quý IV năm 2026`.
    pub fn name(&self) -> String {
        format!("{} năm {}", self.short_name(), self.year)
    }

    /// The name without the year: `Kỳ tháng 12`, `Chuyên đề quý IV`.
    pub fn short_name(&self) -> String {
        match self.kind {
            PeriodKind::Regular => format!("Kỳ tháng {}", self.number),
            PeriodKind::Thematic => format!("Chuyên đề quý {}", vi::roman(self.number)),
        }
    }

    /// The first day of its month or quarter.
    pub fn first_day(&self) -> Date {
        let month = match self.kind {
            PeriodKind::Regular => self.number,
            PeriodKind::Thematic => self.number.saturating_sub(1).saturating_mul(3) + 1,
        };
        Date::new(self.year, i8::try_from(month).unwrap_or(1), 1).unwrap_or(Date::MIN)
    }

    /// The last day of its month or quarter.
    pub fn end_day(&self) -> Date {
        let first = self.first_day();
        let months = match self.kind {
            PeriodKind::Regular => 0,
            PeriodKind::Thematic => 2,
        };
        first.checked_add(months.months()).unwrap_or(first).last_of_month()
    }
}

/// The form in URLs and rows: `2026-tk-12`, `2026-cd-4`.
impl fmt::Display for PeriodKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            PeriodKind::Regular => "tk",
            PeriodKind::Thematic => "cd",
        };
        write!(f, "{}-{kind}-{}", self.year, self.number)
    }
}

/// A text that is no kỳ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadPeriod;

impl fmt::Display for BadPeriod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Không có kỳ sinh hoạt này; mã kỳ có dạng 2026-tk-12 hoặc 2026-cd-4.")
    }
}

impl std::error::Error for BadPeriod {}

impl FromStr for PeriodKey {
    type Err = BadPeriod;

    /// Reads only the form that `Display` writes, so that a kỳ has one address.
    fn from_str(text: &str) -> Result<Self, BadPeriod> {
        let mut parts = text.split('-');
        let (Some(year), Some(kind), Some(number), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
            return Err(BadPeriod);
        };
        let kind = match kind {
            "tk" => PeriodKind::Regular,
            "cd" => PeriodKind::Thematic,
            _ => return Err(BadPeriod),
        };
        // As `Display` writes a number: no sign, no zero before it.
        let plain = |digits: &str| digits.starts_with(|c: char| ('1'..='9').contains(&c));
        if !plain(year) || !plain(number) {
            return Err(BadPeriod);
        }
        let (year, number) = (year.parse().map_err(|_| BadPeriod)?, number.parse().map_err(|_| BadPeriod)?);
        Self::new(year, kind, number).ok_or(BadPeriod)
    }
}

/// When a cell existed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CellLife {
    /// The day it was founded.
    pub from: Date,
    /// The first day it no longer existed, if it was dissolved.
    pub to: Option<Date>,
}

impl CellLife {
    /// Whether the cell existed on a day.
    pub fn on(&self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|to| day < to)
    }

    /// Whether the cell owes a duty: it still exists on the last permitted day and
    /// has existed for at least half of the window's days. So a cell founded on the 5th does not
    /// show a red kỳ two days later (its members met in their old cell on the 3rd), a cell founded
    /// in the first half of a quarter still owes its topic, and one dissolved before the last
    /// permitted day leaves no gap that nobody can close.
    pub fn must_meet(&self, duty: &Duty) -> bool {
        if !self.on(duty.last_day) {
            return false;
        }
        let window = days_from(duty.opens, duty.last_day) + 1;
        let lived = days_from(self.from.max(duty.opens), duty.last_day) + 1;
        lived * 2 >= window
    }
}

fn days_from(a: Date, b: Date) -> i64 {
    a.duration_until(b).as_hours() / 24
}

/// One duty to meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// Which kỳ.
    pub key: PeriodKey,
    /// The first day it can be met.
    pub opens: Date,
    /// The day the rules name (SH-02: the 3rd); `None` where they name none.
    pub due: Option<Date>,
    /// The last day it can be met in time.
    pub last_day: Date,
    /// Its name without the year.
    pub title: String,
}

/// The day a year is judged on, by the rules of that day: its last, or today while it runs.
///
/// ```
/// use jiff::civil::date;
/// assert_eq!(domain::period::judged_on(2025, date(2026, 3, 2)), date(2025, 12, 31));
/// assert_eq!(domain::period::judged_on(2026, date(2026, 3, 2)), date(2026, 3, 2));
/// ```
pub fn judged_on(year: i16, today: Date) -> Date {
    Date::new(year, 12, 31).map_or(today, |end| end.min(today))
}

/// What a cell owes in a year: at most 12 regular and 4 thematic kỳ, each by the rules in force on
/// the day it opens. Regular ones first, in the order of time.
pub fn duties(life: &CellLife, year: i16, rules_at: impl Fn(Date) -> Rules) -> Vec<Duty> {
    let regular = (1..=12).filter_map(|m| PeriodKey::regular(year, m));
    let thematic = (1..=4).filter_map(|q| PeriodKey::thematic(year, q));
    regular.chain(thematic).filter_map(|key| duty(key, &rules_at(key.first_day()))).filter(|d| life.must_meet(d)).collect()
}

/// The duty of one kỳ by the rules of the day it opens; `None` if these ask for none.
pub fn duty(key: PeriodKey, rules: &Rules) -> Option<Duty> {
    let (opens, end) = (key.first_day(), key.end_day());
    let day_of_month = |n: i64| {
        let day = i8::try_from(n.clamp(1, i64::from(end.day()))).ok()?;
        Date::new(end.year(), end.month(), day).ok()
    };
    let (asked, due, last_day) = match key.kind {
        PeriodKind::Regular => (
            rules.int("meeting.regular_per_month"),
            rules.int("meeting.regular_day").and_then(day_of_month),
            rules.int("meeting.regular_until_day").and_then(day_of_month).unwrap_or(end),
        ),
        PeriodKind::Thematic => (rules.int("meeting.thematic_per_quarter"), None, end),
    };
    (asked? > 0).then(|| Duty { key, opens, due, last_day: due.map_or(last_day, |d| last_day.max(d)), title: key.short_name() })
}

crate::codes! {
    /// Where a kỳ stands.
    pub enum PeriodState {
        /// Nothing yet, and nothing late.
        Upcoming = "upcoming" / "Chưa đến kỳ",
        /// A day is planned.
        Planned = "planned" / "Đã dự kiến",
        /// A meeting is being prepared.
        Preparing = "preparing" / "Đang chuẩn bị",
        /// The notice is out.
        Noticed = "noticed" / "Đã thông báo",
        /// Being held.
        Running = "running" / "Đang sinh hoạt",
        /// Held; minutes not sealed.
        Held = "held" / "Đã họp",
        /// Held, minutes sealed.
        Sealed = "sealed" / "Đã khóa biên bản",
        /// Not met in time.
        Overdue = "overdue" / "Quá hạn",
        /// Put off with a reason.
        Postponed = "postponed" / "Hoãn có lý do",
        /// Met together with another kỳ.
        Merged = "merged" / "Ghép kỳ",
        /// Not owed, by a decision.
        Excused = "excused" / "Được miễn kỳ này",
    }
}

/// The meeting that stands for a kỳ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeetingFact {
    /// Where it stands.
    pub state: MeetingState,
    /// The day it was opened.
    pub held_on: Option<Date>,
}

/// A kỳ put off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Postponement {
    /// The day it is put off to.
    pub to: Date,
    /// Why.
    pub reason: String,
}

/// A kỳ met in the session of another (SH-04: one after the other, never mixed).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merger {
    /// The kỳ whose meeting it is part of; [`PeriodFacts::meeting`] is then that meeting.
    pub into: PeriodKey,
    /// Why.
    pub reason: String,
}

/// What is known of a kỳ.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PeriodFacts {
    /// The planned day.
    pub planned_on: Option<Date>,
    /// Its meeting, or the one it is merged into.
    pub meeting: Option<MeetingFact>,
    /// Whether it was put off.
    pub postponed: Option<Postponement>,
    /// Whether it is met together with another.
    pub merged: Option<Merger>,
    /// Why it is not owed, if a decision lifted it.
    pub excused: Option<String>,
}

/// Where a kỳ stands on a day, in a word and in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeriodStanding {
    /// In a word.
    pub state: PeriodState,
    /// Whether it was held after the last permitted day.
    pub late: bool,
    /// Whether the duty is met or lifted: its meeting was held, or it is excused.
    pub met: bool,
    /// In words, for the tile.
    pub words: String,
}

impl PeriodStanding {
    /// Without its words.
    pub fn stand(&self) -> Stand {
        Stand { state: self.state, late: self.late, met: self.met }
    }
}

/// Where a duty stands, without words: for whoever asks of very many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stand {
    /// In a word.
    pub state: PeriodState,
    /// Whether it was held after the last permitted day.
    pub late: bool,
    /// Whether the duty is met or lifted: its meeting was held, or it is excused.
    pub met: bool,
}

/// The last day it can be met, put off with a reason or not.
fn limit(duty: &Duty, facts: &PeriodFacts) -> Date {
    facts.postponed.as_ref().map_or(duty.last_day, |p| p.to.max(duty.last_day))
}

/// The meeting of a kỳ; a cancelled one is none.
fn meeting_of(facts: &PeriodFacts) -> Option<MeetingFact> {
    facts.meeting.filter(|m| m.state != MeetingState::Cancelled)
}

/// Where a duty stands today. Derived from facts and the day alone: a missing kỳ is overdue the day
/// after its last day although no job has run. A kỳ put off with a reason is overdue the day after
/// the new day. A cancelled meeting counts as none.
pub fn stand(duty: &Duty, facts: &PeriodFacts, today: Date) -> Stand {
    let limit = limit(duty, facts);
    let meeting = meeting_of(facts);
    let progress = meeting.map(|m| m.state);
    let done = progress.and_then(done_state);
    let state = match (done, progress) {
        _ if facts.excused.is_some() => PeriodState::Excused,
        (Some(_), _) if facts.merged.is_some() => PeriodState::Merged,
        (Some(done), _) => done,
        (None, Some(MeetingState::Open)) => PeriodState::Running,
        _ if today > limit => PeriodState::Overdue,
        _ if facts.merged.is_some() => PeriodState::Merged,
        (None, Some(MeetingState::Noticed)) => PeriodState::Noticed,
        (None, Some(_)) => PeriodState::Preparing,
        (None, None) if facts.postponed.is_some() => PeriodState::Postponed,
        (None, None) if facts.planned_on.is_some() => PeriodState::Planned,
        (None, None) => PeriodState::Upcoming,
    };
    let late = meeting.and_then(|m| m.held_on).is_some_and(|day| day > limit);
    Stand { state, late, met: done.is_some() || facts.excused.is_some() }
}

/// As [`stand`], in words too.
pub fn state(duty: &Duty, facts: &PeriodFacts, today: Date) -> PeriodStanding {
    let Stand { state, late, met } = stand(duty, facts, today);
    let words = match (state, &facts.excused, &facts.merged, &facts.postponed) {
        (PeriodState::Excused, Some(reason), ..) => format!("được miễn: {reason}"),
        (PeriodState::Held | PeriodState::Sealed | PeriodState::Merged, ..) if met => done_words(facts, late),
        (PeriodState::Running, ..) => "đang sinh hoạt".to_owned(),
        (PeriodState::Overdue, ..) => {
            let limit = limit(duty, facts);
            format!("hạn {}, {}", vi::date(limit), vi::days_left(today, limit))
        }
        (PeriodState::Merged, _, Some(merger), _) => {
            format!("ghép vào {}: {}", lower_first(&merger.into.name()), merger.reason)
        }
        (PeriodState::Noticed, ..) => planned_words("đã thông báo", facts.planned_on),
        (PeriodState::Preparing, ..) => planned_words("đang chuẩn bị", facts.planned_on),
        (PeriodState::Postponed, _, _, Some(p)) => format!("hoãn đến {}: {}", vi::date(p.to), p.reason),
        _ => match facts.planned_on {
            Some(day) => format!("dự kiến {}", vi::date_weekday(day)),
            None => upcoming_words(duty, today),
        },
    };
    PeriodStanding { state, late, met, words }
}

fn done_state(state: MeetingState) -> Option<PeriodState> {
    match state {
        MeetingState::Closed | MeetingState::Adopted => Some(PeriodState::Held),
        MeetingState::Sealed => Some(PeriodState::Sealed),
        MeetingState::Draft | MeetingState::Noticed | MeetingState::Open | MeetingState::Cancelled => None,
    }
}

fn done_words(facts: &PeriodFacts, late: bool) -> String {
    let meeting = meeting_of(facts);
    let mut words = match meeting.and_then(|m| m.held_on) {
        Some(day) => format!("đã họp ngày {}", vi::date(day)),
        None => "đã họp".to_owned(),
    };
    if let Some(merger) = &facts.merged {
        words.push_str(&format!(", ghép vào {}", lower_first(&merger.into.name())));
    }
    if late {
        words.push_str(", sau hạn");
    } else if facts.postponed.is_some() {
        words.push_str(", hoãn có lý do");
    }
    if meeting.and_then(|m| done_state(m.state)) == Some(PeriodState::Held) {
        words.push_str(", biên bản chưa khóa");
    }
    words
}

fn planned_words(what: &str, day: Option<Date>) -> String {
    match day {
        Some(day) => format!("{what}, họp {}", vi::date_weekday(day)),
        None => what.to_owned(),
    }
}

fn upcoming_words(duty: &Duty, today: Date) -> String {
    let last = format!("hạn {} ({})", vi::date(duty.last_day), vi::days_left(today, duty.last_day));
    match duty.due {
        Some(due) => format!("ngày quy định {}, {last}", vi::date(due)),
        None => last,
    }
}

/// `Kỳ tháng 12` inside a sentence.
fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(c) => c.to_lowercase().chain(chars).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests;
