//! Entries of the roll that can be taken back: by number, by card, all who are left at once. A line keeps
//! what it was before the entry, until it is changed again. Touches the roll, and people for their cards.

use db::{Tx, values};
use domain::checkin::{Source, is_card};
use domain::code::Code;
use domain::id::{MeetingId, OrgId, PersonId, RowId};
use domain::roll::Mark;
use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::Line;
use crate::actor::Actor;
use crate::fault::Fault;

/// A line as it was before an entry.
#[derive(Debug, Serialize, Deserialize)]
struct Was {
    mark: Option<String>,
    reason: Option<String>,
    arrived_at: Option<DateTime>,
    by: Option<String>,
}

/// Marks one person as part of an entry that can be taken back.
///
/// # Errors
/// As [`super::mark`].
pub fn mark(
    tx: &mut Tx,
    actor: &Actor,
    (org, meeting, line): (OrgId, MeetingId, &Line),
    mark: Option<Mark>,
    at: DateTime,
    entry: RowId,
) -> Result<(), Fault> {
    let was = Was {
        mark: line.mark.map(|m| m.code().to_owned()),
        reason: line.reason.clone(),
        arrived_at: line.arrived_at,
        by: line.by.map(|b| b.code().to_owned()),
    };
    let was = serde_json::to_string(&was).map_err(|e| Fault::Document(e.to_string()))?;
    super::mark(tx, org, meeting, line.person, mark, None, at)?;
    tx.changed(
        "update roll set marked_at = $4, entry_id = $5, was = $6 where org_id = $1 and meeting_id = $2 and person_id = $3",
        values![org, meeting, line.person, actor.now, entry, was],
    )?;
    Ok(())
}

/// Notes when whoever takes the roll marked a line.
///
/// # Errors
/// `Conflict` when not on the list; database faults.
pub fn marked_at(tx: &mut Tx, org: OrgId, meeting: MeetingId, person: PersonId, at: Timestamp) -> db::Result<()> {
    tx.changed(
        "update roll set marked_at = $4 where org_id = $1 and meeting_id = $2 and person_id = $3",
        values![org, meeting, person, at],
    )
}

/// Takes an entry back: each line it changed last is again what it was. How many there were; a line
/// that somebody has changed since stays as it is.
///
/// # Errors
/// Database faults; a stored line that cannot be read.
pub fn undo(tx: &mut Tx, actor: &Actor, org: OrgId, meeting: MeetingId, entry: RowId) -> Result<usize, Fault> {
    let rows: Vec<(PersonId, String)> = tx.all(
        "select person_id, was from roll where org_id = $1 and meeting_id = $2 and entry_id = $3 and was is not null
         order by person_id",
        values![org, meeting, entry],
    )?;
    for (person, was) in &rows {
        let was: Was = serde_json::from_str(was).map_err(|e| Fault::Document(e.to_string()))?;
        tx.changed(
            "update roll set mark = $4, reason = $5, arrived_at = $6, marked_by = $7, marked_at = $8, entry_id = null, was = null,
             version = version + 1 where org_id = $1 and meeting_id = $2 and person_id = $3",
            values![org, meeting, person, was.mark, was.reason, was.arrived_at, was.by, actor.now],
        )?;
    }
    Ok(rows.len())
}

/// The one person on the roll whose card has this number; none where nobody has, or more than one.
///
/// # Errors
/// Database faults only.
pub fn by_card(tx: &mut Tx, org: OrgId, meeting: MeetingId, digits: &str) -> db::Result<Option<PersonId>> {
    let cards: Vec<(PersonId, String)> = tx.all(
        "select p.person_id, p.card_number from roll r join person p on p.person_id = r.person_id
         where r.org_id = $1 and r.meeting_id = $2 and p.card_number is not null order by p.person_id",
        values![org, meeting],
    )?;
    let mut found = cards.into_iter().filter(|(_, card)| is_card(digits, card));
    Ok(found.next().filter(|_| found.next().is_none()).map(|(person, _)| person))
}

/// Marks a member as there by their own code, at a moment; the version keeps a mark that somebody set
/// meanwhile.
///
/// # Errors
/// `Conflict` when the line has changed; database faults.
pub fn arrive(tx: &mut Tx, actor: &Actor, org: OrgId, meeting: MeetingId, line: &Line) -> db::Result<()> {
    tx.changed(
        "update roll set mark = $5, reason = null, arrived_at = $6, marked_by = $7, marked_at = $8, entry_id = null, was = null,
         version = version + 1 where org_id = $1 and meeting_id = $2 and person_id = $3 and version = $4",
        values![org, meeting, line.person, line.version, Mark::Present.code(), actor.local(), Source::Member.code(), actor.now],
    )
}

/// Counts a wrong code of a member.
///
/// # Errors
/// `Conflict` when not on the list; database faults.
pub fn miss(tx: &mut Tx, org: OrgId, meeting: MeetingId, person: PersonId) -> db::Result<()> {
    tx.changed(
        "update roll set tries = tries + 1 where org_id = $1 and meeting_id = $2 and person_id = $3",
        values![org, meeting, person],
    )
}
