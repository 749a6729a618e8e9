//! Pages of Bức tranh chung. The words are made here, the squares in `view` and `sums`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use askama::Template;
use domain::board::Square;
use domain::id::OrgId;
use domain::period::{PeriodKey, PeriodKind};
use domain::rulepack::Rules;
use domain::tasks_due::DueStanding;
use domain::vi;
use jiff::civil::Date;

use super::view::{CellLine, Filter, Grid, keys};
use crate::opening::view::Opened;
use crate::shell::Shell;

/// The state class of a square.
pub fn class(square: Square) -> &'static str {
    match square {
        Square::OnTime => "done",
        Square::Late => "due",
        Square::PutOff => "wait",
        Square::Missing => "late",
        Square::Ahead => "none",
        Square::Absent => "",
    }
}

/// The heading of a column: short, and in full for who does not see the table.
pub fn headings(year: i16) -> Vec<(String, String)> {
    let short = |key: &PeriodKey| match key.kind {
        PeriodKind::Regular => format!("T{}", key.number),
        PeriodKind::Thematic => format!("CĐ {}", vi::roman(key.number)),
    };
    keys(year).iter().map(|key| (short(key), key.short_name())).collect()
}

/// A square as a table shows it.
pub struct SquareView {
    /// State class; empty where nothing is owed.
    pub class: &'static str,
    /// Its word, or a fraction.
    pub word: Cow<'static, str>,
    /// Where it leads; empty for most.
    pub href: String,
}

/// A row: a cell, or whatever stands directly below.
pub struct RowView {
    /// Where the row leads.
    pub href: String,
    /// Name.
    pub name: String,
    /// What else is to be said of it.
    pub note: String,
    /// One for each kỳ of the year.
    pub squares: Vec<SquareView>,
    /// The tasks that fell due.
    pub tasks: DueStanding,
}

/// Rows under a heading.
pub struct GroupView {
    /// The heading; empty when there is only one group.
    pub name: String,
    /// How many, in words.
    pub words: String,
    /// Its rows.
    pub rows: Vec<RowView>,
}

/// Bức tranh chung of a committee.
#[derive(Template)]
#[template(path = "board/board.html")]
pub struct BoardPage {
    /// Frame.
    pub shell: Shell,
    /// Style of the board.
    pub css: &'static str,
    /// The committee.
    pub org: OrgId,
    /// Its name.
    pub name: String,
    /// The year.
    pub year: i16,
    /// Years to choose from.
    pub years: Vec<i16>,
    /// How many are behind, and why.
    pub headline: String,
    /// The tasks of all rows, in a sentence.
    pub tasks: String,
    /// How fresh the figures are.
    pub fresh: String,
    /// The day, for the printed page.
    pub made: String,
    /// Whether the rows are cells one by one.
    pub each: bool,
    /// What it is narrowed to.
    pub filter: Filter,
    /// The same in words; empty when nothing is set.
    pub narrowed: String,
    /// The same as the end of an address.
    pub query: String,
    /// Types of cell there are here.
    pub types: Vec<(String, String)>,
    /// Headings of the columns.
    pub headings: Vec<(String, String)>,
    /// Rows.
    pub groups: Vec<GroupView>,
    /// Rows shown, of how many.
    pub shown: (usize, usize),
}

/// What the squares mean: class, word, meaning.
pub fn legend() -> Vec<(&'static str, String)> {
    use domain::code::Code;
    let of = |s: Square| (class(s), format!("{}: {}", s.short(), crate::resolution::seal::lower(s.label())));
    [Square::OnTime, Square::Late, Square::PutOff, Square::Missing, Square::Ahead].into_iter().map(of).collect()
}

impl BoardPage {
    fn legend(&self) -> Vec<(&'static str, String)> {
        legend()
    }

    fn columns(&self) -> usize {
        self.headings.len() + 1
    }
}

fn row(line: &CellLine) -> RowView {
    let id = line.cell.org;
    let square = |(key, square): &(PeriodKey, Square)| SquareView {
        class: class(*square),
        word: square.short().into(),
        href: if square.is_notable() { format!("/tc/{id}/ky/{key}") } else { String::new() },
    };
    let year = line.squares.first().map_or(0, |(key, _)| key.year);
    RowView {
        href: format!("/tc/{id}/buc-tranh/{year}"),
        name: line.cell.name.clone(),
        note: if line.cell.pilot { "chỉ đạo điểm".to_owned() } else { String::new() },
        squares: line.squares.iter().map(square).collect(),
        tasks: line.tasks,
    }
}

/// The tasks of a year's months so far, as a sentence under a heading.
pub fn tasks_words(tasks: &DueStanding, year: i16, today: Date) -> String {
    let time = if year == today.year() { "từ đầu năm đến hết tháng này".to_owned() } else { format!("năm {year}") };
    format!("Nhiệm vụ {time}: {}.", tasks.words())
}

/// The rows a filter leaves, under their headings.
pub fn groups(grid: &Grid, filter: &Filter, org: OrgId, rules: &Rules) -> (Vec<GroupView>, usize) {
    let mut lines = filter.apply(&grid.lines);
    let shown = lines.len();
    if filter.xep == "cham" {
        lines.sort_by_key(|l| std::cmp::Reverse(l.missing()));
        let one = GroupView { name: String::new(), words: String::new(), rows: lines.into_iter().map(row).collect() };
        return (vec![one], shown);
    }
    let type_name = |code: Option<&str>| {
        let known = rules.cell_types().find(|t| Some(t.code.as_str()) == code);
        known.map_or_else(|| "Chưa ghi loại hình".to_owned(), |t| t.name.clone())
    };
    let by_type = filter.nhom == "loai";
    let mut groups: BTreeMap<(bool, String, OrgId), Vec<&CellLine>> = BTreeMap::new();
    for line in lines {
        let key = match (by_type, line.above == org) {
            (true, _) => (false, type_name(line.cell.cell_type.as_deref()), org),
            // Cells of their own stand after the committees.
            (false, true) => (true, "Chi bộ trực thuộc".to_owned(), org),
            (false, false) => (false, grid.above.get(&line.above).cloned().unwrap_or_default(), line.above),
        };
        groups.entry(key).or_default().push(line);
    }
    let view = |((_, name, _), mut lines): ((bool, String, OrgId), Vec<&CellLine>)| {
        if !by_type {
            lines.sort_by(|a, b| a.cell.cell_type.cmp(&b.cell.cell_type));
        }
        let behind = lines.iter().filter(|l| l.missing() > 0).count();
        let words = match behind {
            0 => vi::count(lines.len(), "chi bộ"),
            n => format!("{}, {n} chi bộ còn thiếu", vi::count(lines.len(), "chi bộ")),
        };
        GroupView { name, words, rows: lines.into_iter().map(row).collect() }
    };
    (groups.into_iter().map(view).collect(), shown)
}

/// A kỳ of a cell's year.
pub struct PeriodLine {
    /// Where its figures are.
    pub href: String,
    /// Its name.
    pub name: String,
    /// State class.
    pub class: &'static str,
    /// The state in words.
    pub state: String,
    /// What else is known, as in the day it was held.
    pub words: String,
}

/// A month of a cell in figures.
pub struct MonthLine {
    /// `Tháng 3`.
    pub name: String,
    /// Meetings with sealed minutes.
    pub meetings: i64,
    /// `15/17`, or a dash.
    pub present: String,
    /// In per cent.
    pub rate: String,
    /// Absent without a reason.
    pub unexcused: i64,
    /// People who spoke.
    pub speakers: i64,
    /// Resolutions and tasks.
    pub given: String,
}

/// A cell's year in states and figures, without content.
#[derive(Template)]
#[template(path = "board/cell.html")]
pub struct CellPage {
    /// Frame.
    pub shell: Shell,
    /// The cell.
    pub org: OrgId,
    /// Its name.
    pub name: String,
    /// The year.
    pub year: i16,
    /// Years to choose from.
    pub years: Vec<i16>,
    /// Whether the reader may open what was said.
    pub reads: bool,
    /// In a sentence.
    pub headline: String,
    /// The tasks of the year, in a sentence.
    pub tasks: String,
    /// Its kỳ.
    pub periods: Vec<PeriodLine>,
    /// Its months.
    pub months: Vec<MonthLine>,
    /// Months in which tasks fell due, and how these stand.
    pub due: Vec<(String, String)>,
}

/// A meeting in figures.
pub struct MeetingView {
    /// `Ngày 03/11/2026`.
    pub day: String,
    /// Label and value.
    pub facts: Vec<(&'static str, String)>,
    /// What of it is open to a committee of the reader.
    pub opened: Option<Opened>,
}

/// One kỳ of a cell in figures, without content.
#[derive(Template)]
#[template(path = "board/period.html")]
pub struct PeriodPage {
    /// Frame.
    pub shell: Shell,
    /// The cell.
    pub org: OrgId,
    /// Its name.
    pub name: String,
    /// The kỳ.
    pub period: String,
    /// Its address.
    pub key: PeriodKey,
    /// State class.
    pub class: &'static str,
    /// The state in a word.
    pub state: String,
    /// In words.
    pub words: String,
    /// Whether the reader may open the kỳ itself.
    pub reads: bool,
    /// The tasks that fall due in its month or quarter, in a sentence.
    pub tasks: String,
    /// Its meetings.
    pub meetings: Vec<MeetingView>,
    /// By which rules it is judged.
    pub why: Vec<String>,
}
