//! The absence chain: in how many months of a year a member was absent without a reason, what follows,
//! and the case that ends in a notice only when people decide so. Touches the roll and kỳ.
//! Rules: DD-06, DD-11, DD-02, L7, ahead.md 6. Nothing here happens by itself.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::id::{MeetingId, PersonId};
use crate::period::{PeriodKey, PeriodKind};
use crate::refusal::Refusal;
use crate::roll::{Mark, RollLine};
use crate::vi;

/// What the sealed roll of one meeting says of the member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The meeting.
    pub meeting: MeetingId,
    /// A kỳ it served; a meeting that served several gives an entry for each.
    pub period: PeriodKey,
    /// Whether the member had to come (DD-03).
    pub counted: bool,
    /// What the roll says, corrections in.
    pub mark: Option<Mark>,
}

impl Entry {
    /// The entry of a line of a roll.
    pub fn of(meeting: MeetingId, period: PeriodKey, line: &RollLine) -> Self {
        Self { meeting, period, counted: line.is_counted(), mark: line.mark }
    }
}

crate::codes! {
    /// What a month is for a member.
    pub enum Month {
        /// There, at one of the month's meetings at least.
        Attended = "attended" / "Có dự",
        /// Absent, with a reason that was accepted.
        Excused = "excused" / "Vắng có lý do",
        /// Absent without one.
        Unexcused = "unexcused" / "Vắng không có lý do",
    }
}

/// The regular kỳ each meeting counts for: the later one of a session that served two.
fn kept_for(entries: &[Entry]) -> BTreeMap<MeetingId, PeriodKey> {
    let mut out: BTreeMap<MeetingId, PeriodKey> = BTreeMap::new();
    for e in entries.iter().filter(|e| e.period.kind == PeriodKind::Regular) {
        let last = out.entry(e.meeting).or_insert(e.period);
        *last = (*last).max(e.period);
    }
    out
}

/// The months of one member by their regular kỳ. Of several meetings of a month the one the member came
/// to counts, else the one with a reason: a month is absent without a reason only when no meeting says
/// better. A session that served two months' kỳ counts for the later one alone. A kỳ without a meeting,
/// without a mark, or in which the member did not have to come is no month. Thematic kỳ are no months.
pub fn months(entries: &[Entry], year: i16) -> BTreeMap<PeriodKey, Month> {
    let of_meeting = kept_for(entries);
    let mut out: BTreeMap<PeriodKey, Month> = BTreeMap::new();
    for e in entries {
        let Some(period) = of_meeting.get(&e.meeting).filter(|p| p.year == year) else {
            continue;
        };
        let month = match e.mark {
            Some(Mark::Present | Mark::Online) => Month::Attended,
            Some(Mark::Excused) if e.counted => Month::Excused,
            Some(Mark::Unexcused) if e.counted => Month::Unexcused,
            Some(_) | None => continue,
        };
        let best = out.entry(*period).or_insert(month);
        *best = (*best).min(month);
    }
    out
}

/// Whether a member's absences without a reason alone say as much of months without one as the whole year would: no
/// kỳ of theirs had a second meeting, which might say better. `held` are the meetings of each kỳ.
pub fn tell_enough(absences: &[Entry], held: &BTreeMap<PeriodKey, BTreeSet<MeetingId>>) -> bool {
    absences.iter().all(|e| held.get(&e.period).is_none_or(|meetings| meetings.len() <= 1))
}

/// The figures of the rule packs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// Months without a reason at which chi ủy talks with the member (DD-11: 2).
    pub warn_months: u32,
    /// Months at which the cell considers the case (DD-06: 3).
    pub review_months: u32,
    /// Times in a row with a reason beyond which chi ủy is told (DD-02: 3); advice only.
    pub excused_in_a_row: Option<u32>,
}

crate::codes! {
    /// What follows from the months of a year.
    pub enum Level {
        /// Nothing.
        Fine = "fine" / "Chưa đến mức nhắc",
        /// Chi ủy talks with the member.
        Warning = "warning" / "Đến mức nhắc nhở",
        /// The cell considers the case.
        Review = "review" / "Đến mức chi bộ xem xét",
    }
}

/// How a member's year stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// Kỳ absent without a reason.
    pub unexcused: Vec<PeriodKey>,
    /// The longest run of kỳ with a reason; kỳ that are no month do not break it.
    pub excused_run: u32,
}

impl Standing {
    /// How a member's months stand.
    pub fn of(months: &BTreeMap<PeriodKey, Month>) -> Self {
        let (mut run, mut longest) = (0u32, 0u32);
        for month in months.values() {
            run = if *month == Month::Excused { run + 1 } else { 0 };
            longest = longest.max(run);
        }
        let unexcused = months.iter().filter(|(_, m)| **m == Month::Unexcused).map(|(k, _)| *k).collect();
        Self { unexcused, excused_run: longest }
    }

    /// What follows.
    pub fn level(&self, figures: &Figures) -> Level {
        let n = u32::try_from(self.unexcused.len()).unwrap_or(u32::MAX);
        if n >= figures.review_months {
            Level::Review
        } else if n >= figures.warn_months {
            Level::Warning
        } else {
            Level::Fine
        }
    }

    /// Whether chi ủy is told of absences with a reason, one after another. Never more than advice.
    pub fn often_excused(&self, figures: &Figures) -> bool {
        figures.excused_in_a_row.is_some_and(|most| self.excused_run > most)
    }
}

crate::codes! {
    /// Where a case stands.
    pub enum CaseState {
        /// The member sees the facts and may object.
        Hearing = "hearing" / "Chờ đồng chí xem và nêu ý kiến",
        /// A notice is drafted; nobody but chi ủy has seen it.
        Drafted = "drafted" / "Đang dự thảo thông báo",
        /// The notice was confirmed. Final.
        Confirmed = "confirmed" / "Đã thông báo trong tổ chức",
        /// Ended without a notice, with a reason. Final.
        Closed = "closed" / "Đã khép lại, không thông báo",
    }
}

crate::codes! {
    /// What a member says against a mark.
    pub enum Claim {
        /// Was there.
        WasThere = "was_there" / "Hôm đó tôi có dự",
        /// Had asked to be absent.
        HadAsked = "had_asked" / "Tôi đã xin phép vắng",
    }
}

impl Claim {
    /// The mark that follows when the objection is upheld.
    pub fn mark(self) -> Mark {
        match self {
            Self::WasThere => Mark::Present,
            Self::HadAsked => Mark::Excused,
        }
    }
}

crate::codes! {
    /// What chi ủy decided on an objection.
    pub enum Verdict {
        /// The roll was wrong.
        Upheld = "upheld" / "Chấp nhận, đính chính biên bản",
        /// It was not.
        Rejected = "rejected" / "Giữ nguyên như biên bản",
    }
}

/// What a step of a case needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaseFacts {
    /// Whose case it is.
    pub member: PersonId,
    /// What follows from the facts as they stand now.
    pub level: Level,
    /// The last day to object.
    pub hear_until: Date,
    /// Whether the member said that there is nothing to object.
    pub content: bool,
    /// Objections that nobody has decided.
    pub waiting: u32,
}

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hand {
    /// Who.
    pub person: PersonId,
    /// The day.
    pub today: Date,
}

impl Hand {
    fn not_own(&self, facts: &CaseFacts, what: &str) -> Result<(), Refusal> {
        if self.person == facts.member {
            return Err(Refusal::new(
                "own_case",
                format!("Đây là việc của chính đồng chí nên đồng chí không {what}. Hãy để đồng chí khác trong chi ủy làm."),
            ));
        }
        Ok(())
    }
}

/// Opens a case.
///
/// # Errors
/// When the facts do not ask for it, a case of the year is open, or it is the actor's own.
pub fn open(facts: &CaseFacts, live: bool, by: &Hand) -> Result<CaseState, Refusal> {
    by.not_own(facts, "mở việc xem xét")?;
    if facts.level == Level::Fine {
        return Err(Refusal::new(
            "not_met",
            "Theo biên bản đã khóa, đồng chí này chưa đến mức phải nhắc. Không mở việc xem xét.",
        ));
    }
    if live {
        return Err(Refusal::new("live", "Việc của đồng chí này trong năm đang được xem xét. Hãy mở việc đang có."));
    }
    Ok(CaseState::Hearing)
}

impl CaseState {
    /// Whether anything is still to be decided.
    pub fn is_live(self) -> bool {
        match self {
            Self::Hearing | Self::Drafted => true,
            Self::Confirmed | Self::Closed => false,
        }
    }

    fn hint(self) -> &'static str {
        match self {
            Self::Hearing => "Đồng chí được xem xét chưa hết thời hạn nêu ý kiến.",
            Self::Drafted => "Hãy xác nhận thông báo hoặc khép lại.",
            Self::Confirmed | Self::Closed => "Việc này đã kết thúc.",
        }
    }

    /// The member objects to a mark, or says that there is nothing to object.
    ///
    /// # Errors
    /// When another speaks, the time is over, or the case went on.
    pub fn hear(self, facts: &CaseFacts, by: &Hand) -> Result<Self, Refusal> {
        if by.person != facts.member {
            return Err(Refusal::new("not_member", "Chỉ đồng chí được xem xét mới nêu ý kiến ở đây."));
        }
        match self {
            Self::Hearing if by.today <= facts.hear_until => Ok(self),
            Self::Hearing => Err(Refusal::new(
                "late",
                format!(
                    "Thời hạn nêu ý kiến là hết ngày {}. Đồng chí hãy trực tiếp đề nghị đồng chí Bí thư.",
                    vi::date(facts.hear_until)
                ),
            )),
            Self::Drafted | Self::Confirmed | Self::Closed => Err(Refusal::state("nêu ý kiến", self, self.hint())),
        }
    }

    /// Chi ủy decides on an objection, with a reason; the state stays.
    ///
    /// # Errors
    /// When it is one's own case, no reason is given, or the case is over.
    pub fn decide(self, facts: &CaseFacts, by: &Hand, reason: &str) -> Result<Self, Refusal> {
        by.not_own(facts, "quyết định")?;
        match self {
            Self::Hearing => {}
            Self::Drafted | Self::Confirmed | Self::Closed => {
                return Err(Refusal::state("quyết định về ý kiến", self, self.hint()));
            }
        }
        if reason.trim().is_empty() {
            return Err(Refusal::missing("ly_do", "lý do quyết định"));
        }
        Ok(self)
    }

    /// A notice is drafted from the facts.
    ///
    /// # Errors
    /// When the member may still object, an objection waits, or the facts no longer ask for it.
    pub fn draft(self, facts: &CaseFacts, by: &Hand) -> Result<Self, Refusal> {
        by.not_own(facts, "dự thảo thông báo")?;
        match self {
            Self::Hearing | Self::Drafted => {}
            Self::Confirmed | Self::Closed => return Err(Refusal::state("dự thảo thông báo", self, self.hint())),
        }
        if facts.waiting > 0 {
            return Err(Refusal::new(
                "waiting",
                format!("Còn {} ý kiến của đồng chí được xem xét chưa được quyết định. Hãy quyết định trước.", facts.waiting),
            ));
        }
        if !facts.content && by.today <= facts.hear_until {
            return Err(Refusal::new(
                "hearing",
                format!("Đồng chí được xem xét còn được nêu ý kiến đến hết ngày {}.", vi::date(facts.hear_until)),
            ));
        }
        if facts.level == Level::Fine {
            return Err(Refusal::new(
                "not_met",
                "Sau khi đính chính, số tháng vắng không có lý do không còn đến mức phải nhắc. Hãy khép lại, không thông báo.",
            ));
        }
        Ok(Self::Drafted)
    }

    /// A person with the right to confirms the notice.
    ///
    /// # Errors
    /// When nothing is drafted, the text is empty, the facts changed, or it is one's own case.
    pub fn confirm(self, facts: &CaseFacts, by: &Hand, text: &str) -> Result<Self, Refusal> {
        by.not_own(facts, "xác nhận thông báo")?;
        match self {
            Self::Drafted => {}
            Self::Hearing | Self::Confirmed | Self::Closed => {
                return Err(Refusal::state("xác nhận thông báo", self, self.hint()));
            }
        }
        if facts.level == Level::Fine {
            return Err(Refusal::new("not_met", "Số tháng vắng không có lý do không còn đến mức phải nhắc. Hãy khép lại."));
        }
        if text.trim().is_empty() {
            return Err(Refusal::missing("noi_dung", "nội dung thông báo"));
        }
        Ok(Self::Confirmed)
    }

    /// The case ends without a notice, with a reason. An objection that waits is answered by it.
    ///
    /// # Errors
    /// When it is over, no reason is given, or it is one's own case.
    pub fn close(self, facts: &CaseFacts, by: &Hand, reason: &str) -> Result<Self, Refusal> {
        by.not_own(facts, "khép lại")?;
        match self {
            Self::Hearing | Self::Drafted => {}
            Self::Confirmed | Self::Closed => return Err(Refusal::state("khép lại", self, self.hint())),
        }
        if reason.trim().is_empty() {
            return Err(Refusal::missing("ly_do_khep", "lý do khép lại"));
        }
        Ok(Self::Closed)
    }
}

/// What the text of a notice is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeFacts<'a> {
    /// Full name.
    pub name: &'a str,
    /// Name of the cell.
    pub cell: &'a str,
    /// The year.
    pub year: i16,
    /// The kỳ absent without a reason, with the day of the meeting.
    pub absences: &'a [(PeriodKey, Date)],
    /// What follows.
    pub level: Level,
    /// Months at which the cell considers the case.
    pub review_months: u32,
    /// Objections that were decided.
    pub objections: u32,
    /// Of those, upheld.
    pub upheld: u32,
}

/// The text of a notice from the facts, for people to read over, change and confirm.
pub fn notice_text(f: &NoticeFacts<'_>) -> String {
    let once: BTreeMap<PeriodKey, Date> = f.absences.iter().copied().collect();
    let named: Vec<String> =
        once.iter().map(|(key, day)| format!("tháng {} (buổi ngày {})", key.number, vi::date(*day))).collect();
    let mut out = format!(
        "Theo biên bản sinh hoạt đã khóa, trong năm {} đồng chí {} vắng không có lý do {} kỳ sinh hoạt thường kỳ: {}.\n",
        f.year,
        f.name,
        once.len(),
        vi::join(&named)
    );
    out.push_str(match (f.objections, f.upheld) {
        (0, _) => "Đồng chí đã được xem các số liệu trên và được nêu ý kiến trước khi thông báo.\n",
        (_, 0) => "Đồng chí đã được xem các số liệu trên và nêu ý kiến; chi ủy đã xem xét, giữ nguyên theo biên bản.\n",
        (_, _) => {
            "Đồng chí đã được xem các số liệu và nêu ý kiến; chi ủy đã xem xét, đính chính những chỗ đúng như đồng chí nêu.\n"
        }
    });
    out.push_str(&match f.level {
        Level::Review => format!(
            "Theo Điều 8 Điều lệ Đảng, đảng viên bỏ sinh hoạt chi bộ {} tháng trong năm mà không có lý do chính đáng thì chi bộ xem xét. {} sẽ xem xét tại buổi sinh hoạt gần nhất; đồng chí dự và trình bày ý kiến.",
            f.review_months, f.cell
        ),
        Level::Warning | Level::Fine => format!(
            "{} đề nghị đồng chí dự sinh hoạt đầy đủ; khi không dự được thì báo cáo lý do trước với đồng chí Bí thư.",
            f.cell
        ),
    });
    out
}

/// The meetings of a member's year that may be objected to: those of months absent without a reason on
/// whose roll the member stands so, and that were not contested before.
pub fn contestable(entries: &[Entry], year: i16, contested: &BTreeSet<MeetingId>) -> Vec<MeetingId> {
    let missed: BTreeSet<PeriodKey> = Standing::of(&months(entries, year)).unexcused.into_iter().collect();
    let of_meeting = kept_for(entries);
    let mut seen = BTreeSet::new();
    entries
        .iter()
        .filter(|e| e.counted && e.mark == Some(Mark::Unexcused))
        .map(|e| e.meeting)
        .filter(|m| of_meeting.get(m).is_some_and(|kept| missed.contains(kept)))
        .filter(|m| !contested.contains(m) && seen.insert(*m))
        .collect()
}

#[cfg(test)]
#[path = "absence_tests.rs"]
mod tests;
