//! One cell's year and one kỳ of it in figures, for who may not read what was said there.
//! May touch rows read by stores; counts only, no titles, no names. Rules: P-10, T4 … T7.

use db::Tx;
use domain::board::Square;
use domain::code::Code;
use domain::id::OrgId;
use domain::period::{PeriodKey, PeriodKind, duties, state};
use domain::right::Right;
use domain::roll::{RollLine, tally};
use domain::rollup::{Figures, Month};
use domain::rulepack::Library;
use domain::tasks_due::DueStanding;
use domain::vi;
use jiff::civil::Date;

use super::page::{CellPage, MeetingView, MonthLine, PeriodLine, PeriodPage, class, tasks_words};
use super::store::facts::Cells;
use super::store::grid::{self, MeetingFigures};
use super::view::known;
use crate::actor::Actor;
use crate::fault::Fault;
use crate::opening::view as opening;
use crate::org::store as orgs;
use crate::shell::{Shell, Under};
use crate::year::store::rules_through;
use crate::year::strip::cite;

/// The frame of a page about a cell, with the way back to a committee the reader has a post in.
fn shell(actor: &Actor, title: &str, org: &orgs::Org, year: i16) -> Shell {
    let shell = Shell::new(actor, title, Under::Board);
    let above = domain::tree::ids(&org.path).unwrap_or_default();
    let place = actor.places.iter().find(|p| !p.is_cell && p.org != org.id && above.contains(&p.org));
    match place {
        Some(place) => shell.crumb(format!("/tc/{}/buc-tranh/{year}", place.org), format!("Bức tranh chung, {}", place.name)),
        None => shell,
    }
}

/// A cell's year.
///
/// # Errors
/// `NotFound`; database faults.
pub fn cell(
    tx: &mut Tx,
    actor: &Actor,
    library: &Library,
    org: &orgs::Org,
    (year, years): (i16, Vec<i16>),
) -> Result<CellPage, Fault> {
    let today = actor.today();
    let (from, to) = Month::of_year(year);
    let asked: Vec<(OrgId, Month)> = from.through(to).map(|m| (org.id, m)).collect();
    let cells = Cells::read(tx, library, &asked)?;
    let life = cells.life(org.id).ok_or(Fault::NotFound)?;
    let rules = rules_through(tx, org, library)?;
    let mut missing: Vec<PeriodKey> = Vec::new();
    let mut periods = Vec::new();
    for duty in duties(&life, year, |day| rules.at(day)) {
        let standing = state(&duty, &known(&duty, cells.facts(org.id, Month::of_period(duty.key))), today);
        let square = Square::of(standing.stand());
        if square == Square::Missing {
            missing.push(duty.key);
        }
        periods.push(PeriodLine {
            href: format!("/tc/{}/ky/{}", org.id, duty.key),
            name: duty.title.clone(),
            class: class(square),
            state: square.label().to_owned(),
            words: said(&standing.words),
        });
    }
    let mut tasks = DueStanding::default();
    let (mut months, mut due_months) = (Vec::new(), Vec::new());
    for month in from.through(to).filter(|m| m.first_day() <= today) {
        let facts = cells.facts(org.id, month);
        let due = facts.tasks().on(month, today);
        tasks = tasks.plus(due);
        months.extend(month_line(month, &facts.counted));
        if due.due > 0 {
            due_months.push((month_name(month), due.words()));
        }
    }
    Ok(CellPage {
        shell: shell(actor, &format!("{}, năm {year}", org.short_name), org, year).wide(),
        org: org.id,
        name: org.name.clone(),
        year,
        years,
        reads: actor.may(Right::CellRead),
        headline: match missing.len() {
            0 => "Chi bộ đã họp đủ các kỳ đến hạn.".to_owned(),
            n => format!("Chi bộ còn thiếu {}: {}.", vi::count(n, "kỳ"), names(&missing)),
        },
        tasks: tasks_words(&tasks, year, today),
        periods,
        due: due_months,
        months,
    })
}

/// The words of a standing as a line of its own, without what is not known here: reasons and seals.
fn said(words: &str) -> String {
    vi::capitalize(words.trim_end_matches(": ").trim_end_matches(", biên bản chưa khóa"))
}

fn names(keys: &[PeriodKey]) -> String {
    vi::join(&keys.iter().map(|k| crate::resolution::seal::lower(&k.short_name())).collect::<Vec<_>>())
}

fn month_name(month: Month) -> String {
    format!("Tháng {}", month.number())
}

fn month_line(month: Month, f: &Figures) -> Option<MonthLine> {
    (f.meetings > 0).then(|| MonthLine {
        name: month_name(month),
        meetings: f.meetings,
        present: format!("{}/{}", f.present, f.expected),
        rate: rate(f.present, f.expected),
        unexcused: f.unexcused,
        speakers: f.speakers,
        given: format!("{} / {}", f.resolutions, f.tasks),
    })
}

fn rate(part: i64, whole: i64) -> String {
    match (u64::try_from(part), u64::try_from(whole)) {
        (Ok(part), Ok(whole)) if whole > 0 => vi::percent(part, whole),
        _ => "–".to_owned(),
    }
}

/// One kỳ of a cell.
///
/// # Errors
/// `NotFound` when the cell does not owe it; database faults.
pub fn period(tx: &mut Tx, actor: &Actor, library: &Library, org: OrgId, key: PeriodKey) -> Result<PeriodPage, Fault> {
    let today = actor.today();
    let org = orgs::get(tx, org, today)?;
    let month = Month::of_period(key);
    let (asked, in_it) = match key.kind {
        PeriodKind::Regular => (month.through(month), "tháng"),
        PeriodKind::Thematic => (month.through(Month::of(key.end_day())), "quý"),
    };
    let asked: Vec<(OrgId, Month)> = asked.map(|m| (org.id, m)).collect();
    let cells = Cells::read(tx, library, &asked)?;
    let due = |sum: DueStanding, m: Month| sum.plus(cells.facts(org.id, m).tasks().on(m, today));
    let tasks = asked.iter().fold(DueStanding::default(), |sum, (_, m)| due(sum, *m));
    let life = cells.life(org.id).ok_or(Fault::NotFound)?;
    let rules = rules_through(tx, &org, library)?;
    let duty = duties(&life, key.year, |day| rules.at(day)).into_iter().find(|d| d.key == key).ok_or(Fault::NotFound)?;
    let standing = state(&duty, &known(&duty, cells.facts(org.id, month)), today);
    let square = Square::of(standing.stand());
    let mut meetings = Vec::new();
    for meeting in grid::meetings_of(tx, org.id, key)? {
        let lines = grid::roll_of(tx, org.id, meeting.meeting)?;
        let opened = opening::of_meeting(tx, actor, &org, meeting.meeting)?;
        meetings.push(MeetingView { opened, ..meeting_view(&meeting, &lines) });
    }
    let keys: &[&str] = match key.kind {
        PeriodKind::Regular => &["meeting.regular_per_month", "meeting.regular_day", "meeting.regular_until_day"],
        PeriodKind::Thematic => &["meeting.thematic_per_quarter"],
    };
    let rules = rules.at(key.first_day());
    Ok(PeriodPage {
        shell: shell(actor, &key.name(), &org, key.year)
            .crumb(format!("/tc/{}/buc-tranh/{}", org.id, key.year), org.short_name.clone()),
        org: org.id,
        name: org.name,
        period: key.name(),
        key,
        class: class(square),
        state: square.label().to_owned(),
        words: said(&standing.words),
        reads: actor.may(Right::CellRead),
        tasks: format!("Nhiệm vụ trong {in_it}: {}.", tasks.words()),
        meetings,
        why: keys.iter().filter_map(|k| rules.figure(k)).map(cite).collect(),
    })
}

fn meeting_view(meeting: &MeetingFigures, lines: &[RollLine]) -> MeetingView {
    let t = tally(lines);
    let day: Date = meeting.opened_at.unwrap_or(meeting.starts_at).date();
    let mut facts = vec![("Tình trạng", meeting.state.label().to_owned())];
    if meeting.state.is_held() {
        facts.push(("Có mặt trên phải dự", format!("{}/{} ({})", t.rate.numer, t.rate.denom, t.rate)));
        facts.push(("Vắng có lý do", vi::number(i64::try_from(t.excused.len()).unwrap_or(0))));
        facts.push(("Vắng không có lý do", vi::number(i64::try_from(t.unexcused.len()).unwrap_or(0))));
        facts.push(("Số đồng chí phát biểu", vi::number(meeting.speakers)));
        facts.push(("Nghị quyết đã thông qua", vi::number(meeting.resolutions)));
        let minutes = meeting.opened_at.zip(meeting.closed_at).and_then(|(from, to)| domain::meeting::length(from, to));
        facts.extend(minutes.map(|n| ("Thời lượng", format!("{n} phút"))));
    }
    MeetingView { opened: None, day: format!("Ngày {}", vi::date(day)), facts }
}
