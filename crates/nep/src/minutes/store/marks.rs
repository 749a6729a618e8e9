//! Passages marked while minutes are read back, as rows: each waits at its section until somebody
//! settles it. A mark holds words of the minutes and goes no further than they do.

use db::{Tx, values};
use domain::id::{MeetingId, OrgId, RowId};
use domain::minutes::SectionKey;
use domain::secrecy::Traces;

use crate::actor::Actor;

/// A marked passage that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Identifier.
    pub id: RowId,
    /// Section, as a stored word.
    pub section: String,
    /// The words that were marked.
    pub passage: String,
    /// Full name of who marked it.
    pub name: String,
}

db::row!(Mark { id, section, passage, name });

/// Marks of a meeting's minutes that wait, in the order they were made.
///
/// # Errors
/// Database faults only.
pub fn open(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<Vec<Mark>> {
    tx.all(
        "select m.mark_id, m.section, m.passage, p.name from minutes_mark m join person p on p.person_id = m.marked_by
         where m.org_id = $1 and m.meeting_id = $2 and m.settled_at is null order by m.mark_id",
        values![org, meeting],
    )
}

/// Marks a passage; the same words of the same section wait only once.
///
/// # Errors
/// Database faults only.
pub fn add(tx: &mut Tx, actor: &Actor, org: OrgId, meeting: MeetingId, key: SectionKey, passage: &str) -> db::Result<()> {
    let there = open(tx, org, meeting)?;
    if there.iter().any(|m| m.section == key.code() && m.passage == passage) {
        return Ok(());
    }
    let id: RowId = actor.id();
    tx.exec(
        "insert into minutes_mark (org_id, mark_id, meeting_id, section, passage, marked_by, marked_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        values![org, id, meeting, key.code(), passage, actor.person, actor.now],
    )?;
    Ok(())
}

/// Settles a mark; done twice it is done.
///
/// # Errors
/// Database faults only.
pub fn settle(tx: &mut Tx, actor: &Actor, org: OrgId, meeting: MeetingId, id: RowId) -> db::Result<()> {
    tx.exec(
        "update minutes_mark set settled_at = $4 where org_id = $1 and meeting_id = $2 and mark_id = $3 and settled_at is null",
        values![org, meeting, id, actor.now],
    )?;
    Ok(())
}

/// Forgets marks at the section of an item that has become a state secret, and those elsewhere that
/// hold words of it (P-30).
///
/// # Errors
/// Database faults only.
pub fn forget(tx: &mut Tx, org: OrgId, meeting: MeetingId, key: SectionKey, traces: &Traces) -> db::Result<()> {
    let all: Vec<(RowId, String, String)> = tx.all(
        "select mark_id, section, passage from minutes_mark where org_id = $1 and meeting_id = $2 order by mark_id",
        values![org, meeting],
    )?;
    for (id, section, passage) in all {
        if section == key.code() || traces.are_in(&passage) {
            tx.exec("delete from minutes_mark where org_id = $1 and mark_id = $2", values![org, id])?;
        }
    }
    Ok(())
}
