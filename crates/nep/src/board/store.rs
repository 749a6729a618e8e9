//! Months of cells and sums of committees as rows: what a fact leaves for the job that carries it up, and
//! what boards read. Rules: T4, T5, T7, P-10, ahead.md 24.

pub mod carry;
pub mod facts;
pub mod grid;
pub mod recount;
pub mod tasks;
pub mod tree;

use std::collections::BTreeSet;

use db::{FromRow, Row, Tx, Value, values};
use domain::id::OrgId;
use domain::period::{PeriodKey, PeriodKind};
use domain::rollup::{CellKind, Figures, Month};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

use crate::actor::Actor;
use crate::meeting::store::held::HELD;
use tree::Tree;

/// The figures of the rules by which duties are judged.
pub(crate) const DUTY_KEYS: [&str; 4] =
    ["meeting.regular_per_month", "meeting.regular_day", "meeting.regular_until_day", "meeting.thematic_per_quarter"];

/// The figures of one month: of a cell, or of the cells of a kind below a committee.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthRow {
    /// Whose.
    pub org: OrgId,
    /// Which month.
    pub month: Month,
    /// Of which kind of cell.
    pub kind: CellKind,
    /// The figures.
    pub figures: Figures,
}

impl FromRow for MonthRow {
    fn from_row(row: &Row) -> db::Result<Self> {
        Ok(Self { org: row.get(0)?, month: month(row, 1)?, kind: row.code(2)?, figures: figures(row, 3)? })
    }
}

/// The columns of the figures, as in `cells, regular_owed, …`.
pub(super) fn columns() -> String {
    Figures::NAMES.join(", ")
}

pub(super) fn month(row: &Row, at: usize) -> db::Result<Month> {
    row.parse(at)
}

pub(super) fn figures(row: &Row, from: usize) -> db::Result<Figures> {
    let list: Vec<i64> = (from..from + Figures::NAMES.len()).map(|at| row.get(at)).collect::<db::Result<_>>()?;
    Ok(Figures::from_list(&list))
}

/// The months of one organisation: a cell's own, or the sums of all cells below a committee by kind, as far as they
/// have been carried. A month counts by the tree of its first day.
///
/// # Errors
/// Database faults only.
pub fn months(tx: &mut Tx, org: OrgId, from: Month, to: Month) -> db::Result<Vec<MonthRow>> {
    let columns = columns();
    tx.all(
        &format!(
            "select org_id, month, kind, {columns} from org_month where org_id = $1 and month >= $2 and month <= $3
             union all
             select org_id, month, kind, {columns} from month_share where org_id = $1 and month >= $2 and month <= $3
             order by 2, 3"
        ),
        values![org, from.to_string(), to.to_string()],
    )
}

/// The months of every cell below a committee, each month with the cells that stood there then; in the order of
/// cells, then months.
///
/// # Errors
/// Database faults only.
pub fn cells(tx: &mut Tx, org: OrgId, from: Month, to: Month) -> db::Result<Vec<MonthRow>> {
    let columns = columns();
    let mut rows: Vec<MonthRow> = Vec::new();
    for path in Tree::above(tx, &[org])?.paths(org, from, to) {
        rows.extend(tx.all::<MonthRow>(
            &format!(
                "select org_id, month, kind, {columns} from month_share
                 where path >= $1 and path < $2 and month >= $3 and month <= $4"
            ),
            values![path, format!("{path}~"), from.to_string(), to.to_string()],
        )?);
    }
    rows.sort_by_key(|r| (r.org, r.month));
    Ok(rows)
}

/// The months of what stands directly below a committee, cells and committees, each only while it stood there.
///
/// # Errors
/// Database faults only.
pub fn children(tx: &mut Tx, org: OrgId, from: Month, to: Month) -> db::Result<Vec<MonthRow>> {
    let stood: Vec<(OrgId, Date, Option<Date>)> = tx.all(
        "select org_id, from_date, to_date from org_edge where parent_id = $1 and (to_date is null or to_date > $2)
         and from_date <= $3",
        values![org, from.first_day(), to.last_day()],
    )?;
    let ids: BTreeSet<OrgId> = stood.iter().map(|s| s.0).collect();
    let (places, v) = db::listed(values![from.to_string(), to.to_string()], &ids);
    let columns = columns();
    let all: Vec<MonthRow> = tx.all(
        &format!(
            "select org_id, month, kind, {columns} from org_month where month >= $1 and month <= $2 and org_id in ({places})
             union all
             select org_id, month, kind, {columns} from month_share where month >= $1 and month <= $2 and org_id in ({places})
             order by 1, 2, 3"
        ),
        &v,
    )?;
    // What came in the middle of a month was counted where it stood before, unless it was founded in it.
    let first = |id: OrgId, from: Date| !all.iter().any(|r| r.org == id && r.month < Month::of(from));
    let there = |r: &&MonthRow| {
        let day = r.month.first_day();
        stood.iter().any(|(id, from, to)| {
            *id == r.org && to.is_none_or(|to| to > day) && (*from <= day || (Month::of(*from) == r.month && first(*id, *from)))
        })
    };
    Ok(all.iter().filter(there).copied().collect())
}

/// Up to when the sums hold every fact: the age of the oldest month that waits, or now when none does.
///
/// # Errors
/// Database faults only.
pub fn fresh_until(tx: &mut Tx, now: Timestamp, current: Month) -> db::Result<Timestamp> {
    let oldest: Option<Timestamp> = tx
        .scalar_opt("select at from month_due where at >= 0 and month <= $1 order by at limit 1", values![current.to_string()])?;
    Ok(oldest.map_or(now, |at| at.min(now)))
}

/// Notes that a month of a cell is to be carried up. Part of the transaction of the fact; touches no row of another.
/// A row that waits already is written all the same: a carrier that has just read it must not take it away.
///
/// # Errors
/// Database faults only.
pub fn due(tx: &mut Tx, org: OrgId, month: Month, now: Timestamp) -> db::Result<()> {
    tx.exec(
        "insert into month_due (org_id, month, at) values ($1, $2, $3)
         on conflict (org_id, month) do update set at = month_due.at",
        values![org, month.to_string(), now],
    )?;
    Ok(())
}

/// Notes that a month of every cell at or below a path is to be carried up, of those that were founded by its end, for
/// a quarter's first month by the quarter's end.
fn due_below(tx: &mut Tx, path: &str, month: Month, now: Timestamp) -> db::Result<()> {
    tx.exec(
        "insert into month_due (org_id, month, at)
         select o.org_id, cast($3 as text), cast($4 as bigint) from org o
         where o.path >= $1 and o.path < $2 and o.is_cell = 1 and o.born_on <= $5
         on conflict (org_id, month) do update set at = month_due.at",
        values![path, format!("{path}~"), month.to_string(), now, last_day(month)],
    )?;
    Ok(())
}

/// The last day a cell may be founded that owes anything kept in a month.
fn last_day(month: Month) -> Date {
    month.periods().iter().map(PeriodKey::end_day).max().unwrap_or_else(|| month.last_day())
}

/// After a change of the tree, of kinds or of the rules of duties: every month of the cells at or below these
/// organisations, from the day it takes effect until today, is carried anew. Months to come are when they begin; of
/// years past only those anything is known of.
///
/// # Errors
/// Database faults only.
pub fn changed_below(tx: &mut Tx, actor: &Actor, orgs: &BTreeSet<OrgId>, on: Date) -> db::Result<()> {
    let (places, v) = db::listed(&[], orgs);
    let found: Vec<(String,)> = tx.all(&format!("select path from org where org_id in ({places}) order by path"), &v)?;
    let mut paths: Vec<String> = found.into_iter().map(|(path,)| path).collect();
    paths.dedup_by(|path, above| path.starts_with(above.as_str()));
    let first = PeriodKey::of(PeriodKind::Thematic, on).map_or(Month::of(on), Month::of_period);
    let current = Month::of(actor.today());
    for path in paths {
        due_known(tx, &path, first, actor.now)?;
        for month in first.max(Month::of_year(current.year()).0).through(current) {
            due_below(tx, &path, month, actor.now)?;
        }
    }
    Ok(())
}

/// Notes every month since one that is known of cells at or below a path.
fn due_known(tx: &mut Tx, path: &str, since: Month, now: Timestamp) -> db::Result<()> {
    for table in ["cell_month", "month_share"] {
        tx.exec(
            &format!(
                "insert into month_due (org_id, month, at)
                 select m.org_id, m.month, cast($4 as bigint) from org o join {table} m on m.org_id = o.org_id
                 where o.path >= $1 and o.path < $2 and m.month >= $3
                 on conflict (org_id, month) do update set at = month_due.at"
            ),
            values![path, format!("{path}~"), since.to_string(), now],
        )?;
    }
    Ok(())
}

/// Reads anew when kỳ of a cell were met and to when they were put off, and keeps it in the cell's months. Called
/// where a meeting begins or ceases to count as held, and where a plan is saved, in the same transaction.
///
/// # Errors
/// Database faults only.
pub fn keep_periods(tx: &mut Tx, org: OrgId, keys: &[PeriodKey], now: Timestamp) -> db::Result<()> {
    for key in with_merged(tx, org, keys)? {
        let plan: Option<(Option<Date>, Option<String>)> = tx.opt(
            "select postponed_to, merged_into from period_plan where org_id = $1 and period = $2",
            values![org, key.to_string()],
        )?;
        let (until, merged) = plan.unwrap_or_default();
        let held: Option<DateTime> = tx.scalar(
            &format!(
                "select min(coalesce(m.opened_at, m.starts_at)) from meeting_period p
                 join meeting m on m.org_id = p.org_id and m.meeting_id = p.meeting_id
                 where p.org_id = $1 and p.period in ($2, $3) and {HELD}"
            ),
            values![org, key.to_string(), merged.unwrap_or_else(|| key.to_string())],
        )?;
        let column = match key.kind {
            PeriodKind::Regular => "regular",
            PeriodKind::Thematic => "thematic",
        };
        let month = Month::of_period(key);
        if held.is_none() && until.is_none() {
            // Most kỳ of a plan: nothing to keep, unless something was.
            let forgotten = tx.exec(
                &format!(
                    "update cell_month set {column}_on = null, {column}_until = null where org_id = $1 and month = $2
                     and ({column}_on is not null or {column}_until is not null)"
                ),
                values![org, month.to_string()],
            )?;
            if forgotten > 0 {
                due(tx, org, month, now)?;
            }
            continue;
        }
        tx.exec(
            &format!(
                "insert into cell_month (org_id, month, expected, present, excused, unexcused, leaders_expected,
                 leaders_present, speakers, meetings, {column}_on, {column}_until) values ($1, $2, 0, 0, 0, 0, 0, 0, 0, 0, $3, $4)
                 on conflict (org_id, month) do update set {column}_on = excluded.{column}_on,
                 {column}_until = excluded.{column}_until"
            ),
            values![org, month.to_string(), held.map(|at| at.date()), until],
        )?;
        due(tx, org, month, now)?;
    }
    Ok(())
}

/// The kỳ and those that are met together with one of them.
fn with_merged(tx: &mut Tx, org: OrgId, keys: &[PeriodKey]) -> db::Result<BTreeSet<PeriodKey>> {
    let mut all: BTreeSet<PeriodKey> = keys.iter().copied().collect();
    if !all.is_empty() {
        let words: Vec<String> = keys.iter().map(ToString::to_string).collect();
        let (places, v) = db::listed(values![org], &words);
        let merged: Vec<(String,)> =
            tx.all(&format!("select period from period_plan where org_id = $1 and merged_into in ({places})"), &v)?;
        all.extend(merged.into_iter().filter_map(|(p,)| p.parse::<PeriodKey>().ok()));
    }
    Ok(all)
}

/// The values of figures, in the order of their columns.
pub(super) fn figure_values(figures: Figures) -> impl Iterator<Item = Value> {
    figures.to_list().into_iter().map(Value::Int)
}
