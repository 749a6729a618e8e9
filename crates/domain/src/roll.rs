//! The roll (điểm danh): who is expected on a date, who came, and the figures that follow.
//! Touches ids, dates, refusals, advice and the shares of rule packs. Rules: DD-01…DD-04, DD-10, TT-02, TT-03, BQ-10, M2.

use crate::id::{MeetingId, PersonId};
use crate::refusal::{Advice, Refusal};
use crate::rulepack::{Compare, Ratio};
use crate::vote::Threshold;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Add;

crate::codes! {
    /// How a person belongs to a cell on a date.
    pub enum Standing {
        /// Đảng viên chính thức.
        Official = "official" / "Chính thức",
        /// Đảng viên dự bị.
        Probationary = "probationary" / "Dự bị",
        /// Belongs elsewhere, meets here for a time.
        TemporaryHere = "temporary_here" / "Sinh hoạt tạm thời tại chi bộ",
        /// Belongs here, meets elsewhere for a time.
        TemporaryAway = "temporary_away" / "Sinh hoạt tạm thời nơi khác",
        /// Exempt from work and meetings.
        Exempt = "exempt" / "Được miễn công tác và sinh hoạt đảng",
        /// Suspended from meetings.
        Suspended = "suspended" / "Đình chỉ sinh hoạt đảng",
    }
}

impl Standing {
    /// Whether a person of this standing is expected to come (DD-03).
    pub fn is_expected(self) -> bool {
        match self {
            Self::Official | Self::Probationary | Self::TemporaryHere => true,
            Self::TemporaryAway | Self::Exempt | Self::Suspended => false,
        }
    }

    /// The mark that the standing itself sets, before anyone takes the roll.
    pub fn preset(self) -> Option<Mark> {
        match self {
            Self::Official | Self::Probationary | Self::TemporaryHere => None,
            Self::TemporaryAway => Some(Mark::Away),
            Self::Exempt => Some(Mark::Exempt),
            Self::Suspended => Some(Mark::Suspended),
        }
    }
}

crate::codes! {
    /// What the roll says of one person at one meeting.
    pub enum Mark {
        /// In the room.
        Present = "present" / "Có mặt",
        /// Took part from afar.
        Online = "online" / "Dự trực tuyến",
        /// Absent with a reason that was accepted.
        Excused = "excused" / "Vắng có lý do",
        /// Absent without an accepted reason.
        Unexcused = "unexcused" / "Vắng không có lý do",
        /// Not expected: exempt.
        Exempt = "exempt" / "Được miễn",
        /// Not expected: meets elsewhere.
        Away = "away" / "Sinh hoạt tạm thời nơi khác",
        /// Not admitted: suspended.
        Suspended = "suspended" / "Đình chỉ sinh hoạt",
    }
}

impl Mark {
    /// Whether the person took part.
    pub fn is_there(self) -> bool {
        matches!(self, Self::Present | Self::Online)
    }

    /// Whether the mark takes the person out of the denominator (DD-03).
    pub fn is_outside(self) -> bool {
        matches!(self, Self::Exempt | Self::Away | Self::Suspended)
    }
}

/// A membership as it is recorded. Both days are included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MembershipFact {
    /// Who.
    pub person: PersonId,
    /// The full name.
    pub name: String,
    /// How the person belongs to the cell during that time.
    pub standing: Standing,
    /// The first day.
    pub from: Date,
    /// The first day it no longer holds; none while it lasts.
    pub to: Option<Date>,
    /// The day the person became an official member, where known.
    pub official_on: Option<Date>,
    /// Whether the person holds a leading post in the cell (M2).
    pub leader: bool,
}

impl MembershipFact {
    /// Whether the membership holds on a day.
    pub fn holds_on(&self, date: Date) -> bool {
        self.from <= date && self.to.is_none_or(|to| date < to)
    }

    /// Whether the person is an official member on a day, whatever else holds of them.
    fn official_at(&self, date: Date) -> bool {
        match self.official_on {
            Some(day) => day <= date,
            None => self.standing != Standing::Probationary,
        }
    }

    /// The standing on a day: the day of becoming official decides between the first two.
    fn standing_at(&self, date: Date) -> Standing {
        match (self.standing, self.official_at(date)) {
            (Standing::Official | Standing::Probationary, true) => Standing::Official,
            (Standing::Official | Standing::Probationary, false) => Standing::Probationary,
            (other, _) => other,
        }
    }
}

/// One line of a roll, frozen when the meeting is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RollLine {
    /// Who.
    pub person: PersonId,
    /// The full name on that day.
    pub name: String,
    /// The standing on that day.
    pub standing: Standing,
    /// Whether an official member on that day.
    pub official: bool,
    /// Whether holding a leading post on that day.
    pub leader: bool,
    /// What the roll says; none while not taken.
    pub mark: Option<Mark>,
    /// Why absent, as far as known.
    pub reason: Option<String>,
}

impl RollLine {
    /// Whether the person belongs to the denominator of attendance (DD-03).
    pub fn is_counted(&self) -> bool {
        self.standing.is_expected() && !self.mark.is_some_and(Mark::is_outside)
    }

    /// Whether the person took part.
    pub fn is_there(&self) -> bool {
        self.mark.is_some_and(Mark::is_there)
    }

    /// Whether the person belongs to those whose votes count (BQ-01, BQ-03, BQ-09, TT-02).
    /// Who is away for a time keeps the vote at home, and has it when coming.
    pub fn is_elector(&self) -> bool {
        let standing = matches!(self.standing, Standing::Official | Standing::TemporaryAway);
        let mark = matches!(self.mark, Some(Mark::Exempt | Mark::Suspended));
        self.official && standing && !mark
    }
}

/// Who is expected at a meeting on a date: each person once, in the order of their ids, with the
/// mark preset where the standing sets it. Of two memberships that overlap the later one holds.
pub fn expected(facts: &[MembershipFact], date: Date) -> Vec<RollLine> {
    let mut chosen: BTreeMap<PersonId, &MembershipFact> = BTreeMap::new();
    for fact in facts.iter().filter(|f| f.holds_on(date)) {
        let rank = |f: &MembershipFact| (f.from, f.standing, f.official_on, f.name.clone());
        chosen
            .entry(fact.person)
            .and_modify(|held| {
                if rank(held) < rank(fact) {
                    *held = fact;
                }
            })
            .or_insert(fact);
    }
    let leads = |person| facts.iter().any(|f| f.person == person && f.leader && f.holds_on(date));
    chosen
        .into_values()
        .map(|f| {
            let standing = f.standing_at(date);
            RollLine {
                person: f.person,
                name: f.name.clone(),
                standing,
                official: f.official_at(date) && standing != Standing::TemporaryHere,
                leader: leads(f.person),
                mark: standing.preset(),
                reason: None,
            }
        })
        .collect()
}

/// Whether a person of a standing can be given a mark.
///
/// # Errors
/// A suspended member takes no part; the mark of a standing needs that standing or a decision.
pub fn may_mark(standing: Standing, mark: Mark) -> Result<(), Refusal> {
    match (standing, mark) {
        (Standing::Suspended, Mark::Suspended) => Ok(()),
        (Standing::Suspended, _) => Err(Refusal::new(
            "suspended",
            "Đồng chí này đang bị đình chỉ sinh hoạt đảng nên không điểm danh. Nếu đã được khôi phục sinh hoạt, hãy cập nhật ở danh sách đảng viên trước.",
        )
        .at("mark")),
        (Standing::TemporaryHere, Mark::Away) => Err(Refusal::new(
            "temporary_here",
            "Đồng chí này sinh hoạt tạm thời tại chi bộ nên không ghi “Sinh hoạt tạm thời nơi khác”. Hãy chọn có mặt hoặc vắng.",
        )
        .at("mark")),
        _ => Ok(()),
    }
}

/// A part of a whole, kept as two counts so that parts can be added without error.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    /// How many did.
    pub numer: u32,
    /// How many were expected to.
    pub denom: u32,
}

impl Share {
    /// A share of two counts.
    pub const fn new(numer: u32, denom: u32) -> Self {
        Self { numer, denom }
    }

    /// Whether the exact share (not the rounded one) reaches a percentage.
    pub fn reaches(self, percent: u32) -> bool {
        u64::from(self.numer) * 100 >= u64::from(self.denom) * u64::from(percent)
    }
}

impl Add for Share {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self::new(self.numer.saturating_add(other.numer), self.denom.saturating_add(other.denom))
    }
}

impl fmt::Display for Share {
    /// The percentage as a user reads it: “94,1 %”, “100 %”, “–” when nobody was expected.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::vi::percent(u64::from(self.numer), u64::from(self.denom)))
    }
}

/// The figures of one roll.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// All on the list.
    pub total: u32,
    /// Official members of the cell, whatever else holds of them.
    pub official: u32,
    /// Probationary members.
    pub probationary: u32,
    /// Those who meet here for a time; they belong to another cell's number (TT-03).
    pub temporary_here: u32,
    /// Expected and in the room or online.
    pub present: u32,
    /// Of those, online.
    pub online: u32,
    /// Came although not expected (exempt, or meeting elsewhere for a time).
    pub extra: u32,
    /// Expected, roll not yet taken.
    pub unmarked: u32,
    /// Names and reasons of those excused.
    pub excused: Vec<Absence>,
    /// Names of those absent without an accepted reason.
    pub unexcused: Vec<Absence>,
    /// Exempt and not there.
    pub exempt: u32,
    /// Meeting elsewhere and not there.
    pub away: u32,
    /// Suspended.
    pub suspended: u32,
    /// Present of expected (DD-03).
    pub rate: Share,
    /// The same among those with a leading post (M2).
    pub leaders: Share,
    /// Official members whose votes are the denominator of a decision (BQ-01, BQ-09).
    pub electors: u32,
    /// Of those, the ones who are there.
    pub electors_present: u32,
}

/// One absent member, as the minutes name them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Absence {
    /// The full name.
    pub name: String,
    /// The reason, where given.
    pub reason: Option<String>,
}

/// The figures of a roll. A person who stands on it twice counts once.
pub fn tally(lines: &[RollLine]) -> Tally {
    let mut t = Tally::default();
    for line in by_person(lines).into_values() {
        count(&mut t, line);
    }
    t
}

fn by_person(lines: &[RollLine]) -> BTreeMap<PersonId, &RollLine> {
    let rank = |l: &RollLine| (l.mark, l.standing, l.reason.clone(), l.name.clone());
    let mut people: BTreeMap<PersonId, &RollLine> = BTreeMap::new();
    for line in lines {
        people
            .entry(line.person)
            .and_modify(|held| {
                if rank(held) < rank(line) {
                    *held = line;
                }
            })
            .or_insert(line);
    }
    people
}

fn count(t: &mut Tally, line: &RollLine) {
    t.total += 1;
    match line.standing {
        Standing::TemporaryHere => t.temporary_here += 1,
        _ if line.official => t.official += 1,
        _ => t.probationary += 1,
    }
    let there = line.is_there();
    if line.is_counted() {
        let share = Share::new(u32::from(there), 1);
        t.rate = t.rate + share;
        t.present += u32::from(there);
        if line.leader {
            t.leaders = t.leaders + share;
        }
    } else if there {
        t.extra += 1;
    }
    let absence = || Absence { name: line.name.clone(), reason: line.reason.clone() };
    match line.mark {
        None => t.unmarked += 1,
        Some(Mark::Present) => {}
        Some(Mark::Online) => t.online += 1,
        Some(Mark::Excused) if line.is_counted() => t.excused.push(absence()),
        Some(Mark::Unexcused) if line.is_counted() => t.unexcused.push(absence()),
        Some(Mark::Excused | Mark::Unexcused) => count_outside(t, line.standing),
        Some(Mark::Exempt) => t.exempt += 1,
        Some(Mark::Away) => t.away += 1,
        Some(Mark::Suspended) => t.suspended += 1,
    }
    if line.is_elector() {
        t.electors += 1;
        t.electors_present += u32::from(there);
    }
}

/// Somebody not expected who was marked absent stays what the standing says.
fn count_outside(t: &mut Tally, standing: Standing) {
    match standing.preset() {
        Some(Mark::Exempt) => t.exempt += 1,
        Some(Mark::Away) => t.away += 1,
        Some(Mark::Suspended) => t.suspended += 1,
        _ => {}
    }
}

/// The figures of the rule pack that attendance is judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// Attendance to reach, in per cent (DD-01: 90).
    pub target_percent: u32,
    /// How many may be absent without a reason (DD-01: 0).
    pub unexcused_allowed: u32,
    /// How many must approve a resolution (BQ-01); none where no rule of the day says it.
    pub resolution: Option<Threshold>,
    /// The share of official members below which the chair is told (BQ-10: 2/3).
    pub quorum_warn: Option<Ratio>,
}

/// What is unwise about the attendance of a meeting. Never blocks (BQ-10).
pub fn advice(t: &Tally, figures: &Figures) -> Vec<Advice> {
    let mut out = Vec::new();
    out.extend(seats_advice(t, figures));
    if t.rate.denom > 0 && !t.rate.reaches(figures.target_percent) {
        out.push(Advice::new(
            "DD-01",
            format!("Tỷ lệ dự {} ({}/{} đồng chí), dưới {} %.", t.rate, t.rate.numer, t.rate.denom, figures.target_percent),
        ));
    }
    let unexcused = t.unexcused.len();
    if unexcused > usize::try_from(figures.unexcused_allowed).unwrap_or(usize::MAX) {
        out.push(Advice::new("DD-01", format!("Có {unexcused} đồng chí vắng không có lý do.")));
    }
    out
}

/// Whether those present can decide at all.
fn seats_advice(t: &Tally, figures: &Figures) -> Option<Advice> {
    if t.electors == 0 {
        return None;
    }
    let there = format!("Có mặt {}/{} đảng viên chính thức", t.electors_present, t.electors);
    if let Some(short) = figures.resolution.filter(|r| t.electors_present < r.needed(t.electors)) {
        let text = format!("{there}, {}: không nghị quyết nào đủ số tán thành để thông qua.", short.short_of());
        return Some(Advice::new("BQ-10", text));
    }
    let few = |share: &Ratio| share.reached(Compare::Under, u64::from(t.electors_present), u64::from(t.electors));
    let share = figures.quorum_warn.filter(few)?;
    let share = if share == (Ratio { part: 2, whole: 3 }) { "hai phần ba".to_owned() } else { share.to_string() };
    let text = format!("{there}, dưới {share}: nội dung cần {share} tán thành sẽ không thông qua được.");
    Some(Advice::new("BQ-10", text))
}

/// One person at one held meeting, for the figures of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Attended {
    /// Which meeting.
    pub meeting: MeetingId,
    /// Who.
    pub person: PersonId,
    /// Whether in the denominator ([`RollLine::is_counted`]).
    pub counted: bool,
    /// Whether there.
    pub there: bool,
}

/// Attendance over any set of meetings and persons; a line given twice counts once, and the
/// shares of two halves that have no line in common add up to the share of the whole.
pub fn attendance(lines: &[Attended]) -> Share {
    let mut seen: BTreeMap<(MeetingId, PersonId), (bool, bool)> = BTreeMap::new();
    for l in lines {
        let held = seen.entry((l.meeting, l.person)).or_default();
        *held = (held.0 || l.counted, held.1 || l.there);
    }
    seen.into_values()
        .filter(|(counted, _)| *counted)
        .fold(Share::default(), |sum, (_, there)| sum + Share::new(u32::from(there), 1))
}

#[cfg(test)]
#[path = "roll_tests.rs"]
mod tests;
