//! What an opening covers, handing it out, and who read what.

use std::collections::BTreeMap;

use db::{Tx, values};
use domain::code::Code;
use domain::id::{IssuedId, MeetingId, OrgId, RowId};
use domain::numbering::DocKind;
use domain::opening::Way;
use domain::rollup::Month;
use jiff::Timestamp;
use jiff::civil::Date;

use super::{IN_LINE, Opening};
use crate::actor::Actor;
use crate::audit::store as audit;
use crate::ledger::store::{self as ledger, Issued};

/// Sealed minutes and resolutions of a cell's own meetings: the only records that are ever opened
/// (`domain::opening::opens`).
const OPENS: &str = "i.kind in ('bb', 'nq') and m.kind <> 'committee'";

/// The month of a meeting, as it was held.
const MONTH: &str = "substr(coalesce(m.opened_at, m.starts_at), 1, 7)";

/// Which of them an opening covers. A correction of minutes belongs to the minutes it corrects.
fn covers() -> String {
    format!(
        "i.org_id = o.org_id and {OPENS} and (
         (o.extent = 'one' and (i.issued_id = o.issued_id or (i.kind = 'bb' and i.meeting_id = (select x.meeting_id from issued x
            where x.org_id = o.org_id and x.issued_id = o.issued_id and x.kind = 'bb'))))
         or (o.extent = 'minutes' and i.kind = 'bb' and {MONTH} >= o.from_month and {MONTH} <= o.to_month)
         or (o.extent = 'records' and {MONTH} >= o.from_month and {MONTH} <= o.to_month))"
    )
}

/// What makes an opening run on the day `$1`.
fn runs() -> String {
    format!("o.state = 'open' and o.from_on <= $1 and o.until_on >= $1 and {IN_LINE}")
}

/// A sealed record as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Identifier.
    pub id: IssuedId,
    /// Kind of document.
    pub kind: DocKind,
    /// Number as written.
    pub number: String,
    /// Date it bears.
    pub on: Date,
    /// What it is about.
    pub title: String,
}

db::row!(Record { id, kind: code, number, on, title });

const RECORD: &str = "i.issued_id, i.kind, i.number_text, i.issued_on, i.title";

/// What an opening covers, the oldest first, whether it runs or not.
///
/// # Errors
/// Database faults only.
pub fn records(tx: &mut Tx, o: &Opening) -> db::Result<Vec<Record>> {
    tx.all(
        &format!(
            "select {RECORD} from opening o join issued i on i.org_id = o.org_id
             join meeting m on m.org_id = i.org_id and m.meeting_id = i.meeting_id
             where o.org_id = $1 and o.opening_id = $2 and {} order by i.issued_on, i.kind, i.number",
            covers()
        ),
        values![o.org, o.id],
    )
}

/// What a cell can share one by one, newest first; corrections go with what they correct.
///
/// # Errors
/// Database faults only.
pub fn shareable(tx: &mut Tx, cell: OrgId) -> db::Result<Vec<Record>> {
    tx.all(
        &format!(
            "select {RECORD} from issued i join meeting m on m.org_id = i.org_id and m.meeting_id = i.meeting_id
             where i.org_id = $1 and i.corrects_id is null and {OPENS} order by i.issued_on desc, i.kind, i.number desc limit 120"
        ),
        values![cell],
    )
}

/// The first month of which a cell has a sealed record.
///
/// # Errors
/// Database faults only.
pub fn first_month(tx: &mut Tx, cell: OrgId) -> db::Result<Option<Month>> {
    let text: Option<String> = tx.scalar(
        &format!(
            "select min({MONTH}) from issued i join meeting m on m.org_id = i.org_id and m.meeting_id = i.meeting_id
             where i.org_id = $1 and {OPENS}"
        ),
        values![cell],
    )?;
    Ok(text.and_then(|t| t.parse().ok()))
}

/// Hands a record out to somebody of the committee while the opening runs, and keeps that it was read: both or
/// neither.
///
/// # Errors
/// `NotFound` when the opening does not run today or does not cover the record; database faults.
pub fn hand_out(tx: &mut Tx, actor: &Actor, committee: OrgId, id: RowId, record: IssuedId, way: Way) -> db::Result<Issued> {
    let cell: OrgId = tx
        .scalar_opt(
            &format!(
                "select o.org_id from opening o join issued i on i.org_id = o.org_id
                 join meeting m on m.org_id = i.org_id and m.meeting_id = i.meeting_id
                 where o.to_org = $2 and o.opening_id = $3 and i.issued_id = $4 and {} and {}",
                runs(),
                covers()
            ),
            values![actor.today(), committee, id, record],
        )?
        .ok_or(db::Error::NotFound)?;
    let read: RowId = actor.id();
    tx.exec(
        "insert into opening_read (org_id, read_id, opening_id, issued_id, person_id, way, at) values ($1, $2, $3, $4, $5, $6, $7)",
        values![cell, read, id, record, actor.person, way.code(), actor.now],
    )?;
    audit::record(tx, actor, cell, "opening.read", &format!("opening:{id}"), &format!("issued:{record} {}", way.code()))?;
    ledger::get(tx, cell, record)
}

/// A reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Name of the reader.
    pub name: String,
    /// Number of the record.
    pub number: String,
    /// How.
    pub way: Way,
    /// When.
    pub at: Timestamp,
}

db::row!(Reading { name, number, way: code, at });

/// Who read what under an opening, the latest first.
///
/// # Errors
/// Database faults only.
pub fn readings(tx: &mut Tx, o: &Opening) -> db::Result<Vec<Reading>> {
    tx.all(
        "select p.name, i.number_text, r.way, r.at from opening_read r join person p on p.person_id = r.person_id
         join issued i on i.org_id = r.org_id and i.issued_id = r.issued_id
         where r.org_id = $1 and r.opening_id = $2 order by r.read_id desc limit 500",
        values![o.org, o.id],
    )
}

/// How often each opening of a cell was read.
///
/// # Errors
/// Database faults only.
pub fn counts(tx: &mut Tx, cell: OrgId) -> db::Result<BTreeMap<RowId, i64>> {
    let rows: Vec<(RowId, i64)> =
        tx.all("select opening_id, count(*) from opening_read where org_id = $1 group by opening_id", values![cell])?;
    Ok(rows.into_iter().collect())
}

/// A record of a meeting that some committee reads today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readable {
    /// The committee.
    pub to: OrgId,
    /// The opening.
    pub opening: RowId,
    /// The record.
    pub record: IssuedId,
    /// Kind of document.
    pub kind: DocKind,
    /// Its number.
    pub number: String,
}

db::row!(Readable { to, opening, record, kind: code, number });

/// What some committees read today of a meeting, each record once.
///
/// # Errors
/// Database faults only.
pub fn of_meeting(
    tx: &mut Tx,
    committees: &[OrgId],
    (cell, meeting): (OrgId, MeetingId),
    today: Date,
) -> db::Result<Vec<Readable>> {
    let (places, v) = db::listed(values![today, cell, meeting], committees);
    let mut all: Vec<Readable> = tx.all(
        &format!(
            "select o.to_org, o.opening_id, i.issued_id, i.kind, i.number_text from opening o join issued i on i.org_id = o.org_id
             join meeting m on m.org_id = i.org_id and m.meeting_id = i.meeting_id
             where o.org_id = $2 and i.meeting_id = $3 and o.to_org in ({places}) and {} and {}
             order by i.issued_on, i.kind, i.number, o.opening_id",
            runs(),
            covers()
        ),
        &v,
    )?;
    all.dedup_by_key(|r| r.record);
    Ok(all)
}
