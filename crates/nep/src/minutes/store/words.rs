//! What members say of the words recorded as theirs, as rows: agreed, or how they would put it. It
//! never changes the words themselves; the secretary reads it at the contribution. Rules: DD-05, P-8.

use db::{Tx, values};
use domain::id::{ItemId, MeetingId, OrgId, PersonId, RowId};
use domain::secrecy::Traces;

use crate::actor::Actor;

/// A contribution with what its speaker says of the wording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// The contribution.
    pub id: RowId,
    /// Item of the agenda.
    pub item: ItemId,
    /// Whose words they are.
    pub person: PersonId,
    /// The words as they are recorded now.
    pub summary: String,
    /// Whether the speaker agreed; none while nothing was said.
    pub agrees: Option<bool>,
    /// How they would put it.
    pub note: Option<String>,
    /// The wording they spoke of.
    pub body: Option<String>,
}

db::row!(Wording { id, item, person, summary, agrees, note, body });

impl Wording {
    /// Whether what was said is about the words as they stand: after a change it is asked anew.
    pub fn is_present(&self) -> bool {
        self.body.as_ref() == Some(&self.summary)
    }

    /// Whether the speaker asks for other words and the words have not been changed since.
    pub fn asks(&self) -> bool {
        self.agrees == Some(false) && self.is_present()
    }
}

const SELECT: &str = "select c.contribution_id, c.item_id, c.person_id, c.summary, w.agrees, w.note, w.body from contribution c
    left join wording w on w.org_id = c.org_id and w.contribution_id = c.contribution_id";

/// What was said of the wordings of a meeting.
///
/// # Errors
/// Database faults only.
pub fn said(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<Vec<Wording>> {
    tx.all(
        &format!(
            "{SELECT} where c.org_id = $1 and c.meeting_id = $2 and w.agrees is not null order by c.said_at, c.contribution_id"
        ),
        values![org, meeting],
    )
}

/// Requests for other words that wait.
///
/// # Errors
/// Database faults only.
pub fn asked(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<Vec<Wording>> {
    Ok(said(tx, org, meeting)?.into_iter().filter(Wording::asks).collect())
}

/// The words recorded as a person's at a meeting, with what they said of them.
///
/// # Errors
/// Database faults only.
pub fn of(tx: &mut Tx, org: OrgId, meeting: MeetingId, person: PersonId) -> db::Result<Vec<Wording>> {
    tx.all(
        &format!("{SELECT} where c.org_id = $1 and c.meeting_id = $2 and c.person_id = $3 order by c.said_at, c.contribution_id"),
        values![org, meeting, person],
    )
}

/// Keeps what the speaker says of the wording they were shown.
///
/// # Errors
/// Database faults only.
pub fn say(
    tx: &mut Tx,
    actor: &Actor,
    org: OrgId,
    meeting: MeetingId,
    id: RowId,
    (agrees, note, body): (bool, &str, &str),
) -> db::Result<()> {
    tx.exec(
        "insert into wording (org_id, contribution_id, meeting_id, agrees, note, body, said_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (org_id, contribution_id) do update set agrees = excluded.agrees, note = excluded.note,
         body = excluded.body, said_at = excluded.said_at",
        values![org, id, meeting, agrees, note, body, actor.now],
    )?;
    Ok(())
}

/// Forgets what was said of words on an item that has become a state secret, and what elsewhere holds
/// words of it (P-30).
///
/// # Errors
/// Database faults only.
pub fn forget(tx: &mut Tx, org: OrgId, meeting: MeetingId, item: ItemId, traces: &Traces) -> db::Result<()> {
    for said in said(tx, org, meeting)? {
        let texts = [said.note.as_deref().unwrap_or_default(), said.body.as_deref().unwrap_or_default()];
        if said.item == item || texts.iter().any(|t| traces.are_in(t)) {
            tx.exec("delete from wording where org_id = $1 and contribution_id = $2", values![org, said.id])?;
        }
    }
    Ok(())
}
