//! The meetings that serve kỳ, with no more of each than a year shows. Rules: SH-01 … SH-07.

use std::ops::RangeInclusive;

use db::{FromRow, Tx, values};
use domain::id::{MeetingId, OrgId};
use domain::meeting::{MeetingKind, MeetingState};
use domain::period::PeriodKey;
use jiff::Timestamp;
use jiff::civil::DateTime;

/// What a kỳ shows of the meeting that serves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Serving {
    /// Identifier.
    pub id: MeetingId,
    /// What it is held for.
    pub kind: MeetingKind,
    /// Where it stands.
    pub state: MeetingState,
    /// Title as lists show it.
    pub title: String,
    /// Topic of a thematic meeting.
    pub topic: Option<String>,
    /// Planned start.
    pub starts_at: DateTime,
    /// When the notice went out.
    pub noticed_at: Option<Timestamp>,
    /// When it began.
    pub opened_at: Option<DateTime>,
}

db::row!(Serving { id, kind: code, state: code, title, topic, starts_at, noticed_at, opened_at });

/// Every kỳ of some years with the meeting that serves it; cancelled meetings count as none.
///
/// # Errors
/// Database faults only.
pub fn of_years(tx: &mut Tx, org: OrgId, years: &RangeInclusive<i16>) -> db::Result<Vec<(PeriodKey, Serving)>> {
    let mut out = Vec::new();
    tx.each(
        "select m.meeting_id, m.kind, m.state, m.title, m.topic, m.starts_at, m.noticed_at, m.opened_at, p.period
         from meeting_period p join meeting m on m.org_id = p.org_id and m.meeting_id = p.meeting_id
         where p.org_id = $1 and p.period >= $2 and p.period < $3 and m.state <> 'cancelled' order by m.starts_at",
        values![org, format!("{}-", years.start()), format!("{}.", years.end())],
        |row| {
            out.push((row.parse(8)?, Serving::from_row(row)?));
            Ok(())
        },
    )?;
    Ok(out)
}
