//! The secret link to a person's calendar and what stands in it, as rows. Only the hash of the
//! link is kept; the calendar holds times and one title for all, never what a meeting is about.
//! Touches `person.ics_token`, and reads meetings through what their notices told. Rules: M8.

use db::{Tx, values};
use domain::id::{MeetingId, OrgId, PersonId};
use domain::meeting::MeetingState;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

use super::Told;

/// An entry of the calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The cell.
    pub org: OrgId,
    /// The meeting.
    pub meeting: MeetingId,
    /// Start, as the last notice told it.
    pub starts_at: DateTime,
    /// End, as the last notice told it.
    pub ends_at: DateTime,
    /// When the last notice went out.
    pub changed_at: Timestamp,
    /// Counts changes.
    pub sequence: i64,
    /// Whether it is cancelled.
    pub cancelled: bool,
}

/// Whose link this is.
///
/// # Errors
/// Database faults only.
pub fn owner(tx: &mut Tx, token_hash: &str) -> db::Result<Option<PersonId>> {
    tx.scalar_opt("select person_id from person where ics_token = $1", values![token_hash])
}

/// Whether a person has a link.
///
/// # Errors
/// Database faults only.
pub fn has_link(tx: &mut Tx, person: PersonId) -> db::Result<bool> {
    let found: Option<String> = tx.scalar("select ics_token from person where person_id = $1", values![person])?;
    Ok(found.is_some())
}

/// Sets a person's link, or takes it away; an earlier link stops working.
///
/// # Errors
/// Database faults only.
pub fn set_link(tx: &mut Tx, person: PersonId, token_hash: Option<&str>) -> db::Result<()> {
    tx.exec("update person set ics_token = $2 where person_id = $1", values![person, token_hash])?;
    Ok(())
}

/// The meetings a person was told of, from a day on: each as its last notice told it, so that
/// nothing shows before the notice does.
///
/// # Errors
/// Database faults only.
pub fn entries(tx: &mut Tx, person: PersonId, today: Date, from: Date) -> db::Result<Vec<Entry>> {
    let mut out: Vec<Entry> = Vec::new();
    tx.each(
        "select m.org_id, m.meeting_id, m.state, m.version, n.sent_at, n.told from notice n
         join notice_reader r on r.org_id = n.org_id and r.notice_id = n.notice_id and r.person_id = $1
         join meeting m on m.org_id = n.org_id and m.meeting_id = n.meeting_id
         where m.starts_at >= $3
         and (exists (select 1 from membership s where s.org_id = m.org_id and s.person_id = $1
              and s.standing <> 'suspended' and s.from_date <= $2 and (s.to_date is null or s.to_date > $2))
           or exists (select 1 from post t where t.org_id = m.org_id and t.person_id = $1
              and t.from_date <= $2 and (t.to_date is null or t.to_date > $2)))
         order by m.starts_at, m.meeting_id, n.sent_at desc, n.notice_id desc",
        values![person, today, from],
        |row| {
            let (org, meeting): (OrgId, MeetingId) = (row.get(0)?, row.get(1)?);
            let state: MeetingState = row.code(2)?;
            let told: Option<Told> = serde_json::from_str(&row.get::<String>(5)?).ok();
            let known = out.last().is_some_and(|e| e.meeting == meeting);
            if let Some((starts_at, ends_at)) = told.and_then(|t| Some((t.starts_at?, t.ends_at?)))
                && !known
            {
                let cancelled = state == MeetingState::Cancelled;
                out.push(Entry { org, meeting, starts_at, ends_at, changed_at: row.get(4)?, sequence: row.get(3)?, cancelled });
            }
            Ok(())
        },
    )?;
    Ok(out)
}
