//! Bức tranh chung where there are too many cells to show: what stands directly below, each with the carried sums of
//! everything below it. What is missing follows from the day, not from when the job ran.

use std::collections::{BTreeMap, BTreeSet};

use db::Tx;
use domain::board::{Behind, Square};
use domain::id::OrgId;
use domain::period::{PeriodKey, PeriodKind, duty};
use domain::rollup::{Figures, Month};
use domain::rulepack::Rules;
use domain::tasks_due::DueStanding;
use domain::vi;
use jiff::civil::Date;

use super::page::{GroupView, RowView, SquareView, class};
use super::store::{self, grid};
use super::view::keys;
use crate::year::store::RulesThrough;

/// The sums of a year, row by row.
pub struct Sums {
    /// Rows of committees and of cells.
    pub rows: Vec<SumRow>,
    /// What is missing in all.
    pub behind: Behind,
    /// The tasks of all.
    pub tasks: DueStanding,
}

/// The sums of what stands directly below, a committee or a cell.
pub struct SumRow {
    /// Who it is.
    pub called: grid::Called,
    /// Each kỳ of the year.
    pub squares: Vec<(PeriodKey, Owed)>,
    /// The tasks that fell due in the year's months, the present one whole.
    pub tasks: DueStanding,
}

/// Of how many cells one kỳ was owed and met.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Owed {
    /// Owed.
    pub owed: i64,
    /// Met.
    pub held: i64,
    /// Met late.
    pub late: i64,
    /// Not met, put off with a reason.
    pub put_off: i64,
    /// Whether the last day has passed.
    pub past: bool,
}

impl Owed {
    fn of(figures: &Figures, kind: PeriodKind, past: bool) -> Self {
        let f = figures;
        let (owed, held, late, put_off) = match kind {
            PeriodKind::Regular => (f.regular_owed, f.regular_held, f.regular_late, f.regular_put_off),
            PeriodKind::Thematic => (f.thematic_owed, f.thematic_held, f.thematic_late, f.thematic_put_off),
        };
        Self { owed, held, late, put_off, past }
    }

    /// Missing: owed, not met, and the day has passed.
    pub fn missing(&self) -> i64 {
        if self.past { self.owed - self.held } else { 0 }
    }

    fn square(&self) -> Square {
        if self.owed == 0 {
            Square::Absent
        } else if self.missing() > 0 {
            Square::Missing
        } else if self.held < self.owed {
            Square::Ahead
        } else if self.late > 0 {
            Square::Late
        } else {
            Square::OnTime
        }
    }
}

/// Whether the last day of a kỳ has passed by the committee's own rules.
fn is_past(key: PeriodKey, rules: &Rules, today: Date) -> bool {
    duty(key, rules).is_some_and(|d| today > d.last_day)
}

/// Reads the sums of a year of everything directly below a committee.
///
/// # Errors
/// Database faults only.
pub fn load(tx: &mut Tx, rules: &RulesThrough, org: OrgId, year: i16, today: Date) -> db::Result<Sums> {
    let (from, to) = Month::of_year(year);
    let mut all: BTreeMap<OrgId, BTreeMap<Month, Figures>> = BTreeMap::new();
    for row in store::children(tx, org, from, to)? {
        let sum = all.entry(row.org).or_default().entry(row.month).or_default();
        *sum = sum.plus(row.figures);
    }
    let ids: BTreeSet<OrgId> = all.keys().copied().collect();
    let called = grid::called(tx, &ids, to.last_day().min(today))?;
    let past: BTreeMap<PeriodKey, bool> =
        keys(year).into_iter().map(|key| (key, is_past(key, &rules.at(key.first_day()), today))).collect();
    let mut out = Sums { rows: Vec::new(), behind: Behind::default(), tasks: DueStanding::default() };
    for (id, months) in all {
        let Some(called) = called.get(&id).cloned() else {
            continue;
        };
        let mut last = Figures::default();
        let mut squares = Vec::new();
        for (key, past) in &past {
            let month = Month::of_period(*key);
            let counted = months.get(&month).copied();
            // A month no job has opened yet is owed by those who were there before.
            let unopened =
                Figures { regular_owed: last.cells, thematic_owed: last.cells, cells: last.cells, ..Figures::default() };
            let began = month.first_day() <= today;
            let figures = counted.unwrap_or(if began && *past { unopened } else { Figures::default() });
            if counted.is_some() && key.kind == PeriodKind::Regular {
                last = figures;
            }
            let owed = Owed::of(&figures, key.kind, *past);
            *out.behind.missing.entry(*key).or_default() += usize::try_from(owed.missing()).unwrap_or(0);
            out.behind.put_off += if *past { usize::try_from(owed.put_off).unwrap_or(0) } else { 0 };
            squares.push((*key, owed));
        }
        out.behind.of += usize::try_from(last.cells).unwrap_or(0);
        let began = months.iter().filter(|(month, _)| month.first_day() <= today);
        let tasks = began.fold(DueStanding::default(), |sum, (month, f)| sum.plus(DueStanding::of_sums(f, *month, today)));
        out.tasks = out.tasks.plus(tasks);
        out.rows.push(SumRow { called, squares, tasks });
    }
    out.rows.sort_by_cached_key(|row| (row.called.is_cell, vi::name_key(&row.called.name)));
    Ok(out)
}

/// The rows as a table shows them.
pub fn group(sums: &Sums, year: i16) -> GroupView {
    let square = |(_, owed): &(PeriodKey, Owed)| SquareView {
        class: class(owed.square()),
        word: if owed.owed == 0 { Square::Absent.short().into() } else { format!("{}/{}", owed.held, owed.owed).into() },
        href: String::new(),
    };
    let row = |row: &SumRow| RowView {
        href: format!("/tc/{}/buc-tranh/{year}", row.called.org),
        name: row.called.name.clone(),
        note: String::new(),
        squares: row.squares.iter().map(square).collect(),
        tasks: row.tasks,
    };
    GroupView { name: String::new(), words: String::new(), rows: sums.rows.iter().map(row).collect() }
}
