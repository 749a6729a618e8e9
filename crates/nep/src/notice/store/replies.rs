//! Answers of members to a notice, and what was decided on requests to be absent, as rows.
//! Touches `reply` only. Rules: M8, DD-01 (an excuse is granted by who leads, not by asking).

use db::{Tx, values};
use domain::code::Code;
use domain::id::{MeetingId, OrgId, PersonId};
use jiff::Timestamp;

use crate::actor::Actor;
use crate::audit::store as audit;

domain::codes! {
    /// What a member answers.
    pub enum Answer {
        /// Will come.
        Coming = "coming" / "Sẽ dự",
        /// Asks to be absent.
        Away = "away" / "Xin vắng",
    }
}

domain::codes! {
    /// What became of a request to be absent.
    pub enum Decision {
        /// The reason is accepted.
        Granted = "granted" / "Đồng ý cho vắng",
        /// It is not.
        Refused = "refused" / "Không đồng ý, đề nghị dự",
    }
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Who.
    pub person: PersonId,
    /// Full name.
    pub name: String,
    /// What.
    pub answer: Answer,
    /// Reason as offered by the rule pack.
    pub reason_kind: Option<String>,
    /// Reason in words, as shown on the roll.
    pub reason: Option<String>,
    /// When.
    pub answered_at: Timestamp,
    /// What was decided.
    pub decision: Option<Decision>,
    /// For "someone saved first".
    pub version: i64,
}

db::row!(Reply { person, name, answer: code, reason_kind, reason, answered_at, decision: code_opt, version });

const SELECT: &str = "select r.person_id, p.name, r.answer, r.reason_kind, r.reason, r.answered_at, r.decision, r.version
    from reply r join person p on p.person_id = r.person_id";

/// The answer of one person.
///
/// # Errors
/// Database faults only.
pub fn of(tx: &mut Tx, org: OrgId, meeting: MeetingId, person: PersonId) -> db::Result<Option<Reply>> {
    tx.opt(&format!("{SELECT} where r.org_id = $1 and r.meeting_id = $2 and r.person_id = $3"), values![org, meeting, person])
}

/// Every answer of a meeting, in the order of names.
///
/// # Errors
/// Database faults only.
pub fn all(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<Vec<Reply>> {
    tx.all(&format!("{SELECT} where r.org_id = $1 and r.meeting_id = $2 order by p.sort_key, r.person_id"), values![org, meeting])
}

/// Records what a person answers; a new answer takes the place of the old one, and a decision on
/// the old one is void. The same answer again changes nothing.
///
/// # Errors
/// Database faults only.
pub fn answer(
    tx: &mut Tx,
    actor: &Actor,
    org: OrgId,
    meeting: MeetingId,
    answer: Answer,
    reason: Option<(&str, &str)>,
) -> db::Result<()> {
    let before = of(tx, org, meeting, actor.person)?;
    let (kind, text) = (reason.map(|r| r.0.to_owned()), reason.map(|r| r.1.to_owned()));
    if before.is_some_and(|b| b.answer == answer && b.reason_kind == kind && b.reason == text) {
        return Ok(());
    }
    tx.exec(
        "insert into reply (org_id, meeting_id, person_id, answer, reason_kind, reason, answered_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (org_id, meeting_id, person_id) do update set answer = excluded.answer,
         reason_kind = excluded.reason_kind, reason = excluded.reason, answered_at = excluded.answered_at,
         decision = null, decided_by = null, decided_at = null, version = reply.version + 1",
        values![org, meeting, actor.person, answer.code(), kind, text, actor.now],
    )?;
    audit::record(tx, actor, org, "reply.given", &crate::meeting::store::object(meeting), answer.code())
}

/// Decides a request to be absent that was read at `version`.
///
/// # Errors
/// `Conflict` when it was changed or withdrawn meanwhile; database faults.
pub fn decide(
    tx: &mut Tx,
    actor: &Actor,
    org: OrgId,
    meeting: MeetingId,
    person: PersonId,
    version: i64,
    decision: Decision,
) -> db::Result<()> {
    tx.changed(
        "update reply set decision = $5, decided_by = $6, decided_at = $7, version = version + 1
         where org_id = $1 and meeting_id = $2 and person_id = $3 and version = $4 and answer = 'away'",
        values![org, meeting, person, version, decision.code(), actor.person, actor.now],
    )?;
    let object = format!("{} person:{person}", crate::meeting::store::object(meeting));
    audit::record(tx, actor, org, "reply.decided", &object, decision.code())
}

/// Asks everybody anew: answers were for another time.
///
/// # Errors
/// Database faults only.
pub fn forget(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<()> {
    tx.exec("delete from reply where org_id = $1 and meeting_id = $2", values![org, meeting])?;
    Ok(())
}
