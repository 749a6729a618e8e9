//! A person's and a cell's year in figures, each with the facts it was counted from.
//! May touch rows read by stores; the counting is the domain's. Rules: DD-03, DD-05, T5, T6, ahead.md 2.

use std::collections::{BTreeMap, BTreeSet};

use db::Tx;
use domain::agenda::Part;
use domain::contribution::{Spoken, count_for, eligible_months, target_for};
use domain::id::{MeetingId, OrgId, PersonId};
use domain::meeting::MeetingState;
use domain::period::{PeriodKey, PeriodKind, judged_on};
use domain::roll::{Attended, Mark, MembershipFact, RollLine, Share, Standing, attendance};
use domain::rulepack::{Library, Rules, Target, Value};
use domain::vi;
use jiff::civil::Date;

use super::page::YearWords;
use super::store::{self, Cell, Roll, Seen, SpokenRow};
use crate::member::store::{self as members, Member};

/// A target of the programme with its source, for “Vì sao?”.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Goal {
    /// The figure as read: `trên 90 %`.
    pub shown: String,
    /// Rule id, source and confidence in a sentence.
    pub cite: String,
    /// Its whole number, when it is one.
    pub number: u32,
}

/// The target of a measure on a day.
pub fn goal(rules: &Rules, measure: &str) -> Goal {
    rules.target(measure).map(|t| goal_of(&t)).unwrap_or_default()
}

fn goal_of(target: &Target) -> Goal {
    let value = match &target.value {
        Value::Int(n) => format!("{} {}", vi::number(*n), target.unit),
        Value::Ratio(r) => r.to_string(),
        other => other.to_text(),
    };
    Goal {
        shown: format!("{} {value}", target.compare),
        cite: format!(
            "Chỉ tiêu {}: {} {value}. Nguồn: {} ({}).",
            target.key,
            target.compare,
            target.citation(),
            vi_low(&target.confidence.to_string())
        ),
        number: match target.value {
            Value::Int(n) => u32::try_from(n).unwrap_or(0),
            _ => 0,
        },
    }
}

/// Whether an attendance reaches its target.
pub fn reaches(rules: &Rules, share: Share) -> bool {
    rules.target("attendance").is_none_or(|t| match t.value {
        Value::Ratio(r) => r.reached(t.compare, u64::from(share.numer), u64::from(share.denom)),
        _ => true,
    })
}

fn vi_low(text: &str) -> String {
    crate::resolution::seal::lower(text)
}

/// One meeting of a person's year.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MeetingLine {
    /// Title.
    pub title: String,
    /// Day.
    pub day: String,
    /// Address of its minutes or its page; empty when no longer the person's to read.
    pub href: String,
    /// State class of the mark.
    pub class: &'static str,
    /// The mark in words.
    pub mark: String,
    /// Whether it counts in the denominator.
    pub counted: bool,
    /// What is recorded of speaking, in words; empty when nothing.
    pub spoke: String,
}

/// A person's year.
#[derive(Debug, Clone, Default)]
pub struct PersonYear {
    /// Which.
    pub year: i16,
    /// Meetings that were attended of those that had to be.
    pub attended: Share,
    /// Every meeting on whose roll the person stands, oldest first.
    pub lines: Vec<MeetingLine>,
    /// Kỳ in which the person spoke, by sealed minutes.
    pub spoken: Vec<PeriodKey>,
    /// Kỳ in which speaking is noted but the minutes are not sealed.
    pub unsealed: usize,
    /// Months in which the person had to meet.
    pub months: u32,
    /// The target of a whole year.
    pub yearly: u32,
    /// The target for these months.
    pub target: u32,
}

/// The kỳ each contribution counts for: of a meeting that served several, the thematic part counts
/// for the thematic kỳ and everything else for the regular one, so that one word never counts twice.
pub fn periods_spoken(rows: &[SpokenRow]) -> Vec<(PersonId, PeriodKey, bool)> {
    let mut by_word: BTreeMap<(PersonId, MeetingId, Part), Vec<&SpokenRow>> = BTreeMap::new();
    for row in rows {
        by_word.entry((row.person, row.meeting, row.part)).or_default().push(row);
    }
    let mut out = Vec::new();
    for ((person, _, part), mut rows) in by_word {
        rows.sort_by_key(|r| r.period);
        let wanted = if part == Part::Thematic { PeriodKind::Thematic } else { PeriodKind::Regular };
        let chosen = rows.iter().find(|r| r.period.kind == wanted).or_else(|| rows.first());
        out.extend(chosen.map(|r| (person, r.period, r.sealed)));
    }
    out
}

fn spoken_by(rows: &[(PersonId, PeriodKey, bool)], person: PersonId) -> (BTreeSet<PeriodKey>, BTreeSet<PeriodKey>) {
    let of = |sealed: bool| rows.iter().filter(|r| r.0 == person && r.2 == sealed).map(|r| r.1).collect();
    (of(true), of(false))
}

/// Reads and counts a person's year over every cell they belonged to.
///
/// # Errors
/// Database faults only.
pub fn person_year(tx: &mut Tx, library: &Library, person: PersonId, year: i16, today: Date) -> db::Result<PersonYear> {
    let cells = store::cells_of(tx, person, today)?;
    year_in(tx, library, &cells, (person, year), today)
}

/// As [`person_year`], in the cells of the person.
///
/// # Errors
/// Database faults only.
pub fn year_in(
    tx: &mut Tx,
    library: &Library,
    cells: &[Cell],
    (person, year): (PersonId, i16),
    today: Date,
) -> db::Result<PersonYear> {
    let rules = library.at(judged_on(year, today));
    let day = regular_day(&rules);
    let mut out = PersonYear { year, yearly: goal(&rules, "periods_spoken").number, ..PersonYear::default() };
    let mut spoken = store::spoken_by(tx, cells, person, year)?;
    let mut rolls = store::rolls_of(tx, cells, person, year)?;
    let mut attended: Vec<Attended> = Vec::new();
    let (mut sealed, mut unsealed) = (BTreeSet::new(), BTreeSet::new());
    for Cell { org, stays, .. } in cells {
        let rows = spoken.remove(org).unwrap_or_default();
        let (yes, not_yet) = spoken_by(&periods_spoken(&rows), person);
        out.months += eligible_months(stays, person, year, day);
        let reads = stays.iter().any(|s| s.holds_on(today));
        for seen in rolls.remove(org).unwrap_or_default() {
            let line = seen.facts(person);
            attended.push(Attended { meeting: seen.meeting, person, counted: line.is_counted(), there: line.is_there() });
            out.lines.push(meeting_line(*org, &seen, &line, &rows, reads));
        }
        sealed.extend(yes);
        unsealed.extend(not_yet);
    }
    out.attended = attendance(&attended);
    out.months = out.months.min(12);
    out.target = target_for(out.yearly, out.months);
    out.unsealed = unsealed.difference(&sealed).count();
    out.spoken = sealed.into_iter().collect();
    Ok(out)
}

fn regular_day(rules: &Rules) -> i8 {
    rules.int("meeting.regular_day").and_then(|d| i8::try_from(d).ok()).unwrap_or(3)
}

fn meeting_line(org: OrgId, seen: &Seen, line: &RollLine, rows: &[SpokenRow], reads: bool) -> MeetingLine {
    let spoke = rows.iter().any(|r| r.meeting == seen.meeting);
    let href = match (reads, seen.sealed) {
        (false, _) => String::new(),
        (true, Some(issued)) => format!("/cb/{org}/van-ban/{issued}"),
        (true, None) => format!("/cb/{org}/buoi/{}", seen.meeting),
    };
    let class = match line.mark {
        Some(Mark::Present | Mark::Online) => "done",
        Some(Mark::Excused) => "due",
        Some(Mark::Unexcused) => "late",
        Some(Mark::Exempt | Mark::Away | Mark::Suspended) | None => "none",
    };
    let mut mark = line.mark.map_or_else(|| "Chưa điểm danh".to_owned(), |m| m.to_string());
    if let Some(reason) = seen.reason.as_deref().map(str::trim).filter(|r| !r.is_empty()) {
        mark.push_str(&format!(": {reason}"));
    }
    MeetingLine {
        title: seen.title.clone(),
        day: vi::date(seen.starts_at.date()),
        href,
        class,
        mark,
        counted: line.is_counted(),
        spoke: match (spoke, seen.state) {
            (false, _) => String::new(),
            (true, MeetingState::Sealed) => "có phát biểu".to_owned(),
            (true, _) => "có phát biểu, tính khi biên bản được khóa".to_owned(),
        },
    }
}

/// A person's year in the words of the page.
pub fn year_words(library: &Library, year: &PersonYear, today: Date) -> YearWords {
    let rules = library.at(today);
    let (attendance, speaking) = (goal(&rules, "attendance"), goal(&rules, "periods_spoken"));
    let share: Share = year.attended;
    let missed = share.denom.saturating_sub(share.numer);
    let spoken = u32::try_from(year.spoken.len()).unwrap_or(0);
    let (attended, attended_note, attended_class) = match (share.denom, year.lines.is_empty()) {
        (0, true) => ("–".to_owned(), "Chưa có buổi nào đã họp".to_owned(), "none"),
        (0, false) => ("–".to_owned(), "Đồng chí không thuộc diện phải dự".to_owned(), "none"),
        _ if missed == 0 => (format!("{} / {} buổi", share.numer, share.denom), "Dự đủ".to_owned(), "done"),
        _ => {
            let class = if reaches(&rules, share) { "done" } else { "due" };
            (format!("{} / {} buổi", share.numer, share.denom), format!("Vắng {missed} buổi, đạt {share}"), class)
        }
    };
    let mut spoken_note = match (year.target, spoken >= year.target) {
        (0, _) => "Năm nay không đặt mức cho đồng chí".to_owned(),
        (n, true) => format!("Đã đạt mức {n} kỳ của năm"),
        (n, false) => format!("Mức của năm: {n} kỳ, còn {} kỳ", n - spoken),
    };
    if year.unsealed > 0 {
        spoken_note.push_str(&format!("; {} kỳ chờ khóa biên bản", year.unsealed));
    }
    let names: Vec<String> = year.spoken.iter().map(|k| crate::resolution::seal::lower(&k.short_name())).collect();
    YearWords {
        attended,
        attended_class,
        attended_note,
        spoken: format!("{spoken} kỳ"),
        spoken_class: if spoken >= year.target { "done" } else { "due" },
        spoken_note,
        periods: vi::join(&names),
        cites: vec![attendance.cite, speaking.cite],
        target_why: format!(
            "Có mặt {} trên {} buổi phải dự. Số kỳ phát biểu chỉ đếm kỳ đã khóa biên bản, mỗi kỳ một lần. Mức cả năm là {} kỳ; đồng chí phải dự {} tháng trong năm nên mức của đồng chí là {} kỳ.",
            share.numer, share.denom, year.yearly, year.months, year.target
        ),
    }
}

/// One meeting of a cell's year.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MeetingShare {
    /// Title.
    pub title: String,
    /// Day.
    pub day: String,
    /// Address.
    pub href: String,
    /// Present of expected.
    pub share: Share,
}

/// A member who spoke in fewer kỳ than the year asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lacking {
    /// Full name.
    pub name: String,
    /// Kỳ with sealed minutes in which they spoke.
    pub spoken: u32,
    /// What the year asks of them.
    pub target: u32,
}

/// A cell's year.
#[derive(Debug, Clone, Default)]
pub struct CellYear {
    /// Present of expected, over all meetings.
    pub attended: Share,
    /// By meeting, oldest first.
    pub meetings: Vec<MeetingShare>,
    /// Places on rolls that were not counted: exempt, elsewhere, suspended.
    pub outside: u32,
    /// Members who reach their target of kỳ spoken in.
    pub reached: u32,
    /// Members it is asked of.
    pub asked: u32,
    /// Those who do not, in the order of names.
    pub lacking: Vec<Lacking>,
    /// The target of a whole year.
    pub yearly: u32,
}

/// Reads and counts a cell's year.
///
/// # Errors
/// Database faults only.
pub fn cell_year(tx: &mut Tx, library: &Library, org: OrgId, year: i16, today: Date) -> db::Result<CellYear> {
    let rolls = store::rolls(tx, org, year)?;
    cell_year_of(tx, library, (org, year), &rolls, today)
}

/// As [`cell_year`], from the rolls of the year.
///
/// # Errors
/// Database faults only.
pub fn cell_year_of(
    tx: &mut Tx,
    library: &Library,
    (org, year): (OrgId, i16),
    rolls: &[Roll],
    today: Date,
) -> db::Result<CellYear> {
    let rules = library.at(judged_on(year, today));
    let mut out = CellYear { yearly: goal(&rules, "periods_spoken").number, ..CellYear::default() };
    for roll in rolls {
        let share = roll.share();
        out.attended = out.attended + share;
        out.outside += u32::try_from(roll.lines.len()).unwrap_or(u32::MAX) - share.denom;
        out.meetings.push(MeetingShare {
            title: roll.title.clone(),
            day: vi::date(roll.starts_at.date()),
            href: format!("/cb/{org}/buoi/{}", roll.meeting),
            share,
        });
    }
    count_speakers(tx, &mut out, org, (year, today), regular_day(&rules))?;
    Ok(out)
}

impl Roll {
    /// Present of expected (DD-03).
    pub fn share(&self) -> Share {
        let lines = self.lines.iter().map(|(standing, mark)| line_of(*standing, *mark)).filter(RollLine::is_counted);
        lines.fold(Share::default(), |sum, line| sum + Share::new(u32::from(line.is_there()), 1))
    }
}

fn line_of(standing: Standing, mark: Option<Mark>) -> RollLine {
    RollLine { person: PersonId::new(0), name: String::new(), standing, official: false, leader: false, mark, reason: None }
}

fn count_speakers(tx: &mut Tx, out: &mut CellYear, org: OrgId, (year, today): (i16, Date), day: i8) -> db::Result<()> {
    let rows = periods_spoken(&store::spoken(tx, org, year)?);
    let keys: Vec<String> = rows.iter().map(|r| r.1.to_string()).collect();
    let spoken: Vec<Spoken<'_>> =
        rows.iter().zip(&keys).map(|(r, key)| Spoken { person: r.0, period: key, sealed: r.2 }).collect();
    let (first, end) = (Date::new(year, 1, 1).unwrap_or(today), Date::new(year, 12, 31).unwrap_or(today));
    // Who belongs to the cell today is asked whatever year it is.
    let stays = members::stays(tx, org, first.min(today), end.max(today))?;
    let mut here: Vec<Member> = stays.iter().filter(|m| m.standing.is_expected() && m.holds_on(today)).cloned().collect();
    here.sort_by(|a, b| (&a.sort_key, a.person).cmp(&(&b.sort_key, b.person)));
    let mut facts: BTreeMap<PersonId, Vec<MembershipFact>> = BTreeMap::new();
    for m in stays {
        facts.entry(m.person).or_default().push(MembershipFact {
            person: m.person,
            name: m.name,
            standing: m.standing,
            from: m.from,
            to: m.to,
            official_on: m.official_on,
            leader: false,
        });
    }
    for member in here {
        let own = facts.get(&member.person).map(Vec::as_slice).unwrap_or_default();
        let target = target_for(out.yearly, eligible_months(own, member.person, year, day));
        let n = count_for(&spoken, member.person);
        out.asked += 1;
        if n >= target {
            out.reached += 1;
        } else {
            out.lacking.push(Lacking { name: member.name, spoken: n, target });
        }
    }
    Ok(())
}
