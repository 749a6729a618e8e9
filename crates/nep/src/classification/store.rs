//! Results of the yearly classification as rows, with their corrections. Aggregates only, never a name.
//! Rules: T1 … T3, XL-01 … XL-06.

use std::collections::BTreeMap;

use db::{FromRow, Row, Tx, values};
use domain::code::Code;
use domain::id::{OrgId, RowId};
use domain::target::{Level, Levels};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::actor::Actor;
use crate::audit::store as audit;

domain::codes! {
    /// Whose result was corrected.
    pub enum Subject {
        /// The cell's own.
        Cell = "cell" / "Xếp loại chi bộ",
        /// The numbers of its members.
        Members = "members" / "Xếp loại đảng viên",
    }
}

/// What a cell came to in a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellLevel {
    /// The cell.
    pub org: OrgId,
    /// The year.
    pub year: i64,
    /// The level; none where it was taken back.
    pub level: Option<Level>,
    /// The deciding document, as cited.
    pub document: String,
    /// For "someone saved first".
    pub version: i64,
}

db::row!(CellLevel { org, year, level: code_opt, document, version });

/// Levels of cells in some years, both included.
///
/// # Errors
/// Database faults only.
pub fn levels(tx: &mut Tx, cells: &[OrgId], years: (i16, i16)) -> db::Result<Vec<CellLevel>> {
    let (places, v) = db::listed(values![i64::from(years.0), i64::from(years.1)], cells);
    tx.all(
        &format!(
            "select org_id, year, level, document, version from cell_level
             where org_id in ({places}) and year >= $1 and year <= $2 order by org_id, year"
        ),
        &v,
    )
}

/// A level to be saved.
#[derive(Debug, Clone)]
pub struct NewLevel {
    /// The level; none takes it back.
    pub level: Option<Level>,
    /// The deciding document, as cited.
    pub document: String,
    /// The version it started from; 0 for none.
    pub version: i64,
    /// Why, where a result that stood is changed.
    pub reason: String,
}

/// Saves the level of a cell. `before` is what stands.
///
/// # Errors
/// `Conflict` when someone saved first; database faults.
pub fn save_level(tx: &mut Tx, actor: &Actor, cell: OrgId, year: i16, before: Option<Level>, new: &NewLevel) -> db::Result<()> {
    let word = new.level.map(Code::code);
    let by = by(actor);
    if new.version == 0 {
        first(tx.exec(
            "insert into cell_level (org_id, year, level, document, at, by_person) values ($1, $2, $3, $4, $5, $6)",
            values![cell, i64::from(year), word, new.document, actor.now, by],
        ))?;
    } else {
        tx.changed(
            "update cell_level set level = $3, document = $4, at = $5, by_person = $6, version = version + 1
             where org_id = $1 and year = $2 and version = $7",
            values![cell, i64::from(year), word, new.document, actor.now, by, new.version],
        )?;
        let label = |l: Option<Level>| l.map_or("Chưa có kết quả", Code::label);
        if before != new.level {
            changed(tx, actor, cell, year, Subject::Cell, (label(before), label(new.level)), &new.reason)?;
        }
    }
    audit::record(tx, actor, cell, "cell.classified", &format!("year:{year}"), word.unwrap_or_default())
}

/// The numbers of a cell's members by level, with the version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemberLevels {
    /// The cell.
    pub org: OrgId,
    /// The year.
    pub year: i64,
    /// The numbers.
    pub levels: Levels,
    /// For "someone saved first".
    pub version: i64,
}

impl FromRow for MemberLevels {
    fn from_row(row: &Row) -> db::Result<Self> {
        let number = |at: usize| row.get::<i64>(at).map(|n| u32::try_from(n).unwrap_or(0));
        let levels =
            Levels { excellent: number(2)?, good: number(3)?, done: number(4)?, failed: number(5)?, unreviewed: number(6)? };
        Ok(Self { org: row.get(0)?, year: row.get(1)?, levels, version: row.get(7)? })
    }
}

/// The numbers of members by level of some cells in some years, both included.
///
/// # Errors
/// Database faults only.
pub fn members(tx: &mut Tx, cells: &[OrgId], years: (i16, i16)) -> db::Result<Vec<MemberLevels>> {
    let (places, v) = db::listed(values![i64::from(years.0), i64::from(years.1)], cells);
    tx.all(
        &format!(
            "select org_id, year, excellent, good, done, failed, unreviewed, version from member_levels
             where org_id in ({places}) and year >= $1 and year <= $2 order by org_id, year"
        ),
        &v,
    )
}

/// Saves the numbers of a cell's members, from `version`; `before` is what stands.
///
/// # Errors
/// `Conflict` when someone saved first; database faults.
pub fn save_members(
    tx: &mut Tx,
    actor: &Actor,
    cell: OrgId,
    year: i16,
    before: Option<&MemberLevels>,
    new: &Levels,
    reason: &str,
) -> db::Result<()> {
    let v = values![
        cell,
        i64::from(year),
        new.excellent,
        new.good,
        new.done,
        new.failed,
        new.unreviewed,
        actor.now,
        by(actor),
        before.map_or(0, |b| b.version)
    ];
    match before {
        None => {
            first(tx.exec(
                "insert into member_levels (org_id, year, excellent, good, done, failed, unreviewed, at, by_person)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                v.get(..9).unwrap_or(v),
            ))?;
        }
        Some(before) => {
            tx.changed(
                "update member_levels set excellent = $3, good = $4, done = $5, failed = $6, unreviewed = $7, at = $8,
                 by_person = $9, version = version + 1 where org_id = $1 and year = $2 and version = $10",
                v,
            )?;
            let (old, now) = (words(&before.levels), words(new));
            changed(tx, actor, cell, year, Subject::Members, (&old, &now), reason)?;
        }
    }
    audit::record(tx, actor, cell, "members.classified", &format!("year:{year}"), &words(new))
}

/// The numbers as one reads them: `2 xuất sắc, 9 tốt, 3 hoàn thành, 0 không hoàn thành, 1 không xếp loại`.
pub fn words(levels: &Levels) -> String {
    format!(
        "{} xuất sắc, {} tốt, {} hoàn thành, {} không hoàn thành, {} không xếp loại",
        levels.excellent, levels.good, levels.done, levels.failed, levels.unreviewed
    )
}

fn by(actor: &Actor) -> Option<domain::id::PersonId> {
    (actor.person.raw() != 0).then_some(actor.person)
}

/// Who inserts second was saved over.
fn first(done: db::Result<u64>) -> db::Result<()> {
    done.map(drop).map_err(|e| if matches!(e, db::Error::Unique(_)) { db::Error::Conflict } else { e })
}

fn changed(
    tx: &mut Tx,
    actor: &Actor,
    cell: OrgId,
    year: i16,
    subject: Subject,
    (before, after): (&str, &str),
    reason: &str,
) -> db::Result<()> {
    let id: RowId = actor.id();
    tx.exec(
        "insert into level_change (org_id, change_id, year, subject, before, after, reason, at, by_person)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        values![cell, id, i64::from(year), subject.code(), before, after, reason, actor.now, by(actor)],
    )?;
    Ok(())
}

/// A correction of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The cell.
    pub org: OrgId,
    /// Whose result.
    pub subject: Subject,
    /// What stood.
    pub before: String,
    /// What stands since.
    pub after: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

db::row!(Change { org, subject: code, before, after, reason, at });

/// Corrections of the results of some cells of a year, newest first.
///
/// # Errors
/// Database faults only.
pub fn changes(tx: &mut Tx, cells: &[OrgId], year: i16) -> db::Result<Vec<Change>> {
    let (places, v) = db::listed(values![i64::from(year)], cells);
    tx.all(
        &format!(
            "select org_id, subject, before, after, reason, at from level_change
             where org_id in ({places}) and year = $1 order by change_id desc"
        ),
        &v,
    )
}

/// The cells directly under a committee on a day, with their short names then, in the order of the tree.
///
/// # Errors
/// Database faults only.
pub fn own_cells(tx: &mut Tx, committee: OrgId, on: Date) -> db::Result<Vec<(OrgId, String)>> {
    tx.all(
        "select e.org_id, n.short_name from org_edge e join org o on o.org_id = e.org_id
         join org_name n on n.org_id = e.org_id and n.from_date <= $2 and (n.to_date is null or n.to_date > $2)
         where e.parent_id = $1 and e.from_date <= $2 and (e.to_date is null or e.to_date > $2) and o.is_cell = 1
         and (o.ended_on is null or o.ended_on > $2) order by o.path",
        values![committee, on],
    )
}

/// How many members a cell has on a day who are to be classified: not those who are here for a time, exempt or
/// suspended (XL-09).
///
/// # Errors
/// Database faults only.
pub fn to_classify(tx: &mut Tx, cells: &[OrgId], on: Date) -> db::Result<BTreeMap<OrgId, u32>> {
    let (places, v) = db::listed(values![on], cells);
    let rows: Vec<(OrgId, i64)> = tx.all(
        &format!(
            "select org_id, count(distinct person_id) from membership
             where org_id in ({places}) and from_date <= $1 and (to_date is null or to_date > $1)
             and standing in ('official', 'probationary', 'temporary_away') group by org_id"
        ),
        &v,
    )?;
    Ok(rows.into_iter().map(|(org, n)| (org, u32::try_from(n).unwrap_or(0))).collect())
}
