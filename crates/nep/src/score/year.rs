//! A year of a cell by the levels of its meetings, with what follows for the year.
//! May touch: scores and the rules of the year. Rules: section 3.4, CD-05.

use db::Tx;
use domain::code::Code;
use domain::id::OrgId;
use domain::meeting::MeetingKind;
use domain::right::Right;
use domain::rulepack::Rules;
use domain::score::{Band, Outcome, Points, year as judge};
use domain::vi;
use jiff::civil::Date;

use super::store::{self, OWN, YearRow};
use crate::actor::Actor;

/// A meeting with its level.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MeetingScore {
    /// Address of its sheet.
    pub href: String,
    /// Title.
    pub title: String,
    /// Day.
    pub day: String,
    /// The level in a word, or that there is none yet.
    pub band: String,
    /// State class.
    pub class: &'static str,
    /// `92 điểm`; empty before.
    pub points: String,
    /// What superiors gave.
    pub above: String,
}

/// The year.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct YearScores {
    /// Meetings the sheets are for, oldest first.
    pub meetings: Vec<MeetingScore>,
    /// What the year comes to, in a word or a short sentence; empty where there is nothing to say.
    pub result: String,
    /// State class.
    pub class: &'static str,
    /// Why.
    pub why: Vec<String>,
    /// What is said where nothing was scored.
    pub none: String,
}

/// The sign of a level.
pub fn class(band: Option<Band>) -> &'static str {
    match band {
        Some(Band::Good) => "done",
        Some(Band::Fair) => "wait",
        Some(Band::Average) => "due",
        Some(Band::Poor) => "late",
        None => "none",
    }
}

/// What a meeting is called for who may not read its notice: its title may tell what it is about (ST-04).
pub fn public_title(kind: MeetingKind) -> String {
    kind.label().to_owned()
}

/// Reads and judges the year for somebody; `rules` are those of its last day, or of today while it runs.
///
/// # Errors
/// Database faults only.
pub fn year(tx: &mut Tx, actor: &Actor, year: i16, rules: &Rules) -> db::Result<YearScores> {
    let (org, today) = (actor.org, actor.today());
    let first = Date::new(year, 1, 1).unwrap_or(today);
    let next = first.last_of_year().tomorrow().unwrap_or(today);
    let mut rows = store::between(tx, org, first, next)?;
    if !actor.may(Right::NoticeRead) {
        rows.iter_mut().for_each(|r| r.title = public_title(r.kind));
    }
    Ok(of(org, &rows, rules, next <= today))
}

fn of(org: OrgId, rows: &[YearRow], rules: &Rules, over: bool) -> YearScores {
    let Some(used) = rules.score_sheet() else {
        return YearScores {
            none: "Năm này chưa có bảng chấm điểm buổi sinh hoạt.".to_owned(), ..YearScores::default()
        };
    };
    let mut meetings: Vec<MeetingScore> = Vec::new();
    let mut levels: Vec<Option<Band>> = Vec::new();
    // One row for each score of a meeting; they follow one another. A meeting of days without a sheet
    // asks for none.
    for of_one in rows.chunk_by(|a, b| a.meeting == b.meeting) {
        let Some(row) = of_one.first() else { continue };
        let own = of_one.iter().find(|r| r.scorer == Some(OWN));
        let asked = used.sheet.applies(row.kind) && used.since <= row.starts_at.date();
        if own.is_none() && !asked {
            continue;
        }
        let band = own.and_then(|r| r.band);
        if row.kind.serves_regular() {
            levels.push(band);
        }
        meetings.push(line(org, of_one, row, own, band));
    }
    let verdict = judge(&used.sheet, &levels, over);
    let (result, class) = match verdict.outcome {
        Outcome::NoRule => (String::new(), "none"),
        Outcome::Reached(band) => (format!("{}{band}", if over { "" } else { "Đến nay đạt " }), class(Some(band))),
        Outcome::Open => ("Chưa kết luận được".to_owned(), "none"),
        Outcome::NotReached => {
            let lowest = used.sheet.year.last().map(|l| l.band.to_string()).unwrap_or_default();
            (format!("Chưa đạt mức {lowest}"), "due")
        }
    };
    let mut why = verdict.why;
    why.push(format!("{} ({}, {}).", used.sheet.name, used.sheet.rule, used.sheet.confidence.label().to_lowercase()));
    let none =
        if meetings.is_empty() { "Chưa có buổi sinh hoạt nào phải chấm điểm.".to_owned() } else { String::new() };
    YearScores { meetings, result, class, why, none }
}

fn line(org: OrgId, all: &[YearRow], row: &YearRow, own: Option<&YearRow>, band: Option<Band>) -> MeetingScore {
    let points = |total: i64| format!("{} điểm", Points::of_hundredths(i32::try_from(total).unwrap_or(0)));
    let above = |r: &YearRow| Some(format!("{}, {}", points(r.total?), r.band?.to_string().to_lowercase()));
    let others: Vec<String> = all.iter().filter(|r| r.scorer.is_some_and(|s| s != OWN)).filter_map(above).collect();
    MeetingScore {
        href: format!("/cb/{org}/buoi/{}/cham-diem", row.meeting),
        title: row.title.clone(),
        day: vi::date(row.starts_at.date()),
        band: match (band, own) {
            (Some(band), _) => band.to_string(),
            (None, Some(_)) => "Chấm chưa xong".to_owned(),
            (None, None) => "Chưa chấm".to_owned(),
        },
        class: class(band),
        points: own.and_then(|r| r.total).map(points).unwrap_or_default(),
        above: if others.is_empty() { String::new() } else { format!("Cấp trên chấm: {}", others.join("; ")) },
    }
}
