//! The year of a cell in the words and figures of its page, each figure with what it was counted from.
//! May touch facts read by the store; the counting is the domain's. Rules: DD-01 … DD-05, M2, T5, T6.

use std::collections::{BTreeMap, BTreeSet};

use domain::attendance::{Asked, BASIS, Basis, Counts, Year, year};
use domain::contribution::{eligible_months, target_for};
use domain::id::{MeetingId, OrgId, PersonId};
use domain::meeting::MeetingState;
use domain::period::{PeriodKey, judged_on};
use domain::roll::Share;
use domain::rulepack::Rules;
use domain::vi;
use jiff::civil::Date;

use super::page::{Figure, MeetingLine, MemberLine, PeriodLine};
use super::store::{Facts, MeetingRow, by_person};
use crate::home::year::{goal, periods_spoken, reaches};
use crate::year::store::RulesThrough;
use crate::year::strip::cite;

/// The figure of the rule packs that says from when on somebody is late.
pub const LATE: &str = "attendance.late_after";

/// One member's year in this cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub id: PersonId,
    /// Full name.
    pub name: String,
    /// Order of names.
    pub sort_key: String,
    /// Places on rolls.
    pub counts: Counts,
    /// Kỳ in which they spoke, by sealed minutes.
    pub spoken: BTreeSet<PeriodKey>,
    /// Kỳ with speaking whose minutes are not sealed.
    pub unsealed: usize,
    /// Months in which they had to meet here.
    pub months: u32,
    /// What the year asks of them for these months.
    pub target: u32,
    /// From when to when, where that is not the whole year.
    pub span: String,
    /// Whether they are an expected member of the cell on the last day looked at.
    pub here: bool,
}

/// A cell's year, counted.
#[derive(Debug, Clone)]
pub struct Counted {
    /// Attendance.
    pub year: Year,
    /// Members in the order of names.
    pub people: Vec<Person>,
    /// Kỳ asked of a member in a whole year.
    pub yearly: u32,
    /// Which figure is official.
    pub basis: Basis,
    /// Of each meeting what the guidance of its day asked, and whether it was reached.
    pub full: BTreeMap<MeetingId, Option<bool>>,
}

/// Counts the year of a cell from its facts.
pub fn count(facts: &Facts, rules: &RulesThrough, of: i16, today: Date) -> Counted {
    let last = judged_on(of, today);
    let at_end = rules.at(last);
    let counted = year(&facts.held);
    let yearly = goal(&at_end, "periods_spoken").number;
    let day = at_end.int("meeting.regular_day").and_then(|d| i8::try_from(d).ok()).unwrap_or(3);
    let rows = periods_spoken(&facts.spoken);
    let stays = by_person(&facts.stays);
    let mut names: BTreeMap<PersonId, (String, String)> = BTreeMap::new();
    for line in facts.held.iter().flat_map(|h| &h.seats).map(|s| &s.line) {
        names.insert(line.person, (vi::name_key(&line.name), line.name.clone()));
    }
    for m in &facts.stays {
        names.insert(m.person, (m.sort_key.clone(), m.name.clone()));
    }
    let spoken_by = |who: PersonId, sealed: bool| -> BTreeSet<PeriodKey> {
        rows.iter().filter(|r| r.0 == who && r.2 == sealed).map(|r| r.1).collect()
    };
    let mut people: Vec<Person> = names
        .into_iter()
        .map(|(id, (sort_key, name))| {
            let own = stays.get(&id).map(Vec::as_slice).unwrap_or_default();
            let months = eligible_months(own, id, of, day);
            let spoken = spoken_by(id, true);
            Person {
                unsealed: spoken_by(id, false).difference(&spoken).count(),
                counts: counted.people.get(&id).copied().unwrap_or_default(),
                target: target_for(yearly, months),
                here: own.iter().any(|s| s.standing.is_expected() && s.holds_on(last)),
                span: span_of(own, of),
                id,
                name,
                sort_key,
                spoken,
                months,
            }
        })
        .collect();
    people.sort_by(|a, b| (&a.sort_key, a.id).cmp(&(&b.sort_key, b.id)));
    let full = facts
        .meetings
        .iter()
        .map(|m| {
            let asked = Asked::by(&rules.at(m.starts_at.date()));
            (m.id, asked.zip(counted.meetings.get(&m.id)).map(|(a, c)| a.reached(c)))
        })
        .collect();
    Counted { year: counted, people, yearly, basis: Basis::by(&at_end), full }
}

/// What of the year somebody was not an expected member here, in words; empty for a whole year.
pub fn span_of(stays: &[domain::roll::MembershipFact], of: i16) -> String {
    let (Ok(first), Ok(end)) = (Date::new(of, 1, 1), Date::new(of, 12, 31)) else {
        return String::new();
    };
    let mut parts = Vec::new();
    for s in stays {
        let from = if s.from > first { format!(" từ {}", vi::date(s.from)) } else { String::new() };
        let until = s.to.and_then(|to| to.yesterday().ok()).filter(|to| *to < end);
        let to = until.map_or_else(String::new, |to| format!(" đến {}", vi::date(to)));
        if !(from.is_empty() && to.is_empty() && s.standing.is_expected()) {
            parts.push(format!("{}{from}{to}", s.standing));
        }
    }
    parts.join("; ")
}

/// The figures at the head of the page.
pub fn figures(facts: &Facts, c: &Counted, rules: &Rules) -> Vec<Figure> {
    let whole = &c.year.whole;
    vec![official(facts, c, rules), other(c), leaders(whole), full_marks(facts, c, rules), speaking(c, rules)]
}

fn sum_words(c: &Counts) -> String {
    format!(
        "{} lượt phải dự: {} có mặt (trực tuyến {}, đến muộn {}), {} vắng có lý do, {} vắng không có lý do, {} chưa điểm danh. Không tính {} lượt: {} được miễn, {} sinh hoạt tạm thời nơi khác, {} đình chỉ sinh hoạt; {} lượt dự thêm ngoài diện phải dự.",
        c.expected(),
        c.present,
        c.online,
        c.late,
        c.excused,
        c.unexcused,
        c.unmarked,
        c.outside(),
        c.exempt,
        c.away,
        c.suspended,
        c.extra
    )
}

fn official(facts: &Facts, c: &Counted, rules: &Rules) -> Figure {
    let share = c.year.whole.official(c.basis);
    let target = goal(rules, "attendance");
    let reached = reaches(rules, share);
    let unsealed = facts.meetings.iter().filter(|m| m.state != MeetingState::Sealed).count();
    let mut why = vec![match c.basis {
        Basis::AllExpected => {
            "Số chính thức là số có mặt trên tổng số phải dự; đồng chí vắng có lý do vẫn tính trong số phải dự.".to_owned()
        }
        Basis::WithoutExcused => "Số chính thức là số có mặt trên số phải dự sau khi trừ đồng chí vắng có lý do.".to_owned(),
    }];
    why.push(sum_words(&c.year.whole));
    why.push(format!("Tính trên {} buổi đã họp; từng buổi xem ở bảng dưới.", facts.meetings.len()));
    if unsealed > 0 {
        why.push(format!("Trong đó {unsealed} buổi chưa khóa biên bản, số liệu còn có thể thay đổi."));
    }
    if !facts.corrected.is_empty() {
        why.push(format!("{} lượt điểm danh được tính theo bản đính chính.", facts.corrected.len()));
    }
    why.extend(rules.figure(BASIS).map(cite));
    why.push(format!("Chỉ tiêu của chương trình xét cả năm. {}", target.cite));
    why.push("Hướng dẫn sinh hoạt chi bộ xét từng buổi; xem ô “Buổi đạt điểm tối đa về dự”.".to_owned());
    Figure {
        id: "chinh-thuc",
        label: "Tỷ lệ dự chính thức".to_owned(),
        value: share.to_string(),
        class: class(share, reached),
        note: match (share.denom, reached) {
            (0, _) => "Năm này chưa có buổi nào đã họp".to_owned(),
            (_, true) => format!("Đạt, chỉ tiêu {}", target.shown),
            (_, false) => format!("Chưa đạt, chỉ tiêu {}", target.shown),
        },
        why,
    }
}

fn class(share: Share, reached: bool) -> &'static str {
    match (share.denom, reached) {
        (0, _) => "none",
        (_, true) => "done",
        (_, false) => "late",
    }
}

fn other(c: &Counted) -> Figure {
    let whole = &c.year.whole;
    let (label, share, words) = match c.basis {
        Basis::AllExpected => (
            "Không tính vắng có lý do",
            whole.rate_without_excused(),
            format!(
                "{} có mặt trên {} phải dự, sau khi trừ {} lượt vắng có lý do.",
                whole.present,
                whole.expected() - whole.excused,
                whole.excused
            ),
        ),
        Basis::WithoutExcused => (
            "Tính cả vắng có lý do",
            whole.rate(),
            format!("{} có mặt trên {} phải dự, kể cả {} lượt vắng có lý do.", whole.present, whole.expected(), whole.excused),
        ),
    };
    Figure {
        id: "tham-khao",
        label: label.to_owned(),
        value: share.to_string(),
        class: "none",
        note: "Để tham khảo, không phải số chính thức".to_owned(),
        why: vec![words],
    }
}

fn leaders(whole: &Counts) -> Figure {
    let share = whole.leaders;
    Figure {
        id: "chu-chot",
        label: "Bí thư, phó bí thư, chi ủy viên dự".to_owned(),
        value: share.to_string(),
        class: "none",
        note: format!("{} / {} lượt", share.numer, share.denom),
        why: vec![
            "Tính riêng các đồng chí giữ chức vụ trong chi bộ vào ngày họp, theo danh sách đã chốt khi khai mạc (M2: cán bộ chủ chốt gương mẫu dự sinh hoạt).".to_owned(),
            format!("{} lượt có mặt trên {} lượt phải dự.", share.numer, share.denom),
        ],
    }
}

fn full_marks(facts: &Facts, c: &Counted, rules: &Rules) -> Figure {
    let judged: Vec<(&MeetingRow, bool)> =
        facts.meetings.iter().filter_map(|m| c.full.get(&m.id).copied().flatten().map(|yes| (m, yes))).collect();
    let reached = judged.iter().filter(|(_, yes)| *yes).count();
    let missed: Vec<String> = judged.iter().filter(|(_, yes)| !yes).map(|(m, _)| vi::date(m.starts_at.date())).collect();
    let mut why =
        vec!["Mỗi buổi xét theo hướng dẫn có hiệu lực vào ngày họp: đủ tỷ lệ và không ai vắng không có lý do.".to_owned()];
    if !missed.is_empty() {
        why.push(format!("Chưa đạt: buổi ngày {}.", vi::join(&missed)));
    }
    why.extend(["attendance.target", "attendance.unexcused_allowed"].iter().filter_map(|k| rules.figure(k)).map(cite));
    Figure {
        id: "tung-buoi",
        label: "Buổi đạt điểm tối đa về dự".to_owned(),
        value: format!("{reached} / {}", judged.len()),
        class: if judged.is_empty() {
            "none"
        } else if missed.is_empty() {
            "done"
        } else {
            "due"
        },
        note: "Theo hướng dẫn sinh hoạt chi bộ của từng thời điểm".to_owned(),
        why,
    }
}

/// Whether a member is asked to speak.
pub fn asked(p: &Person) -> bool {
    p.here
}

fn speaking(c: &Counted, rules: &Rules) -> Figure {
    let asked: Vec<&Person> = c.people.iter().filter(|p| asked(p)).collect();
    let reached = asked.iter().filter(|p| spoken(p) >= p.target).count();
    let target = goal(rules, "periods_spoken");
    Figure {
        id: "phat-bieu",
        label: "Đảng viên đạt số kỳ phát biểu".to_owned(),
        value: format!("{reached} / {}", asked.len()),
        class: if reached == asked.len() { "done" } else { "due" },
        note: format!("Mức cả năm {}", target.shown),
        why: vec![
            "Đếm số kỳ khác nhau có phát biểu, chỉ từ biên bản đã khóa; một kỳ nói nhiều lần vẫn là một.".to_owned(),
            format!(
                "Ai mới về, chuyển đi, được miễn, tạm thời nơi khác thì mức tính theo số tháng phải dự: {} kỳ × số tháng / 12, bỏ phần lẻ.",
                c.yearly
            ),
            target.cite,
        ],
    }
}

/// In how many kỳ somebody spoke.
pub fn spoken(p: &Person) -> u32 {
    u32::try_from(p.spoken.len()).unwrap_or(u32::MAX)
}

/// The table of meetings.
pub fn meetings(org: OrgId, facts: &Facts, c: &Counted) -> Vec<MeetingLine> {
    let line = |m: &MeetingRow| {
        let counts = c.year.meetings.get(&m.id).copied().unwrap_or_default();
        MeetingLine {
            href: match m.sealed {
                Some(issued) => format!("/cb/{org}/van-ban/{issued}"),
                None => format!("/cb/{org}/buoi/{}", m.id),
            },
            title: m.title.clone(),
            day: m.starts_at.date(),
            sealed: m.state == MeetingState::Sealed,
            rate: counts.official(c.basis).to_string(),
            leaders: counts.leaders.to_string(),
            full: match c.full.get(&m.id).copied().flatten() {
                Some(true) => ("done", "Đạt"),
                Some(false) => ("due", "Chưa đạt"),
                None => ("none", "Không xét"),
            },
            counts,
        }
    };
    facts.meetings.iter().map(line).collect()
}

/// The table of kỳ.
pub fn periods(facts: &Facts, c: &Counted) -> Vec<PeriodLine> {
    let held_on = |key: &PeriodKey| -> Vec<String> {
        let of_key = facts.held.iter().filter(|h| h.periods.contains(key));
        of_key.map(|h| vi::date(h.day)).collect()
    };
    let line = |(key, counts): (&PeriodKey, &Counts)| PeriodLine {
        name: key.name(),
        held: vi::join(&held_on(key)),
        rate: counts.official(c.basis).to_string(),
        counts: *counts,
    };
    c.year.periods.iter().map(line).collect()
}

/// The table of members, in the order of names.
pub fn members(base: &str, c: &Counted) -> Vec<MemberLine> {
    let line = |p: &Person| MemberLine {
        href: format!("{base}/{}", p.id),
        name: p.name.clone(),
        rate: p.counts.official(c.basis).to_string(),
        spoken: if p.months == 0 { format!("{} kỳ", spoken(p)) } else { format!("{} / {} kỳ", spoken(p), p.target) },
        months: p.months,
        span: p.span.clone(),
        counts: p.counts,
        kinds: spoken(p),
        target: p.target,
    };
    c.people.iter().map(line).collect()
}
