//! Audit rows: written in the transaction of the change itself, chained by hash per organisation.
//! They name ids and words of a closed vocabulary, never what a person wrote.

use db::{Tx, values};
use domain::id::{OrgId, PersonId};
use jiff::Timestamp;
use web::random::digest;

use crate::actor::Actor;

/// The hash before the first row.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// One event of the trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Place in the chain, from 1.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Who; `None` for the system.
    pub person: Option<PersonId>,
    /// What was done, a word such as `meeting.sealed`.
    pub action: String,
    /// To what, such as `meeting:123`.
    pub object: String,
    /// Further ids and words.
    pub detail: String,
    /// Hash of the row before.
    pub prev_hash: String,
    /// Hash of this row.
    pub hash: String,
}

db::row!(Event { seq, at, person, action, object, detail, prev_hash, hash });

impl Event {
    /// The hash this row must bear.
    pub fn expected_hash(&self, org: OrgId) -> String {
        let person = self.person.map_or(0, PersonId::raw);
        digest(&format!(
            "{org}\u{1f}{}\u{1f}{}\u{1f}{person}\u{1f}{}\u{1f}{}\u{1f}{}\u{1f}{}",
            self.seq,
            self.at.as_millisecond(),
            self.action,
            self.object,
            self.detail,
            self.prev_hash
        ))
    }
}

/// Records what the actor does in `org`, in the same transaction.
///
/// # Errors
/// Database faults; two writers crossing on PostgreSQL are retried by the caller's transaction.
pub fn record(tx: &mut Tx, actor: &Actor, org: OrgId, action: &str, object: &str, detail: &str) -> db::Result<()> {
    let head: Option<(i64, String)> = tx.opt("select seq, hash from audit_head where org_id = $1", values![org])?;
    let (last, prev_hash) = head.unwrap_or((0, GENESIS.to_owned()));
    let mut event = Event {
        seq: last + 1,
        at: actor.now,
        person: (actor.person.raw() != 0).then_some(actor.person),
        action: action.to_owned(),
        object: object.to_owned(),
        detail: detail.to_owned(),
        prev_hash,
        hash: String::new(),
    };
    event.hash = event.expected_hash(org);
    tx.exec(
        "insert into audit (org_id, seq, at, person_id, action, object, detail, prev_hash, hash)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        values![org, event.seq, event.at, event.person, event.action, event.object, event.detail, event.prev_hash, event.hash],
    )?;
    tx.exec(
        "insert into audit_head (org_id, seq, hash) values ($1, $2, $3)
         on conflict (org_id) do update set seq = excluded.seq, hash = excluded.hash",
        values![org, event.seq, event.hash],
    )?;
    Ok(())
}

/// The trail of one object, newest first.
///
/// # Errors
/// Database faults only.
pub fn of_object(tx: &mut Tx, org: OrgId, object: &str) -> db::Result<Vec<Event>> {
    tx.all(
        "select seq, at, person_id, action, object, detail, prev_hash, hash from audit
         where org_id = $1 and object = $2 order by seq desc limit 200",
        values![org, object],
    )
}

/// Every organisation, and every trail of one that is no more.
///
/// # Errors
/// Database faults only.
pub fn trails(tx: &mut Tx) -> db::Result<Vec<OrgId>> {
    let rows: Vec<(OrgId,)> =
        tx.all("select org_id from org union select org_id from audit_head union select org_id from audit order by 1", &[])?;
    Ok(rows.into_iter().map(|(org,)| org).collect())
}

/// What is wrong with the chain of an organisation, in words that locate it; empty when it holds.
///
/// # Errors
/// Database faults only.
pub fn check(tx: &mut Tx, org: OrgId) -> db::Result<Vec<String>> {
    let mut wrong = Vec::new();
    let (mut seq, mut prev) = (0, GENESIS.to_owned());
    let sql = "select seq, at, person_id, action, object, detail, prev_hash, hash from audit
               where org_id = $1 order by seq";
    for event in tx.all::<Event>(sql, values![org])? {
        if event.seq != seq + 1 {
            wrong.push(format!("nhật ký của tổ chức {org}: thiếu dòng {} đến {}", seq + 1, event.seq - 1));
        }
        if event.prev_hash != prev || event.hash != event.expected_hash(org) {
            wrong.push(format!("nhật ký của tổ chức {org}: dòng {} đã bị sửa hoặc đổi chỗ", event.seq));
        }
        seq = event.seq;
        prev = event.hash;
    }
    let head: Option<(i64, String)> = tx.opt("select seq, hash from audit_head where org_id = $1", values![org])?;
    if head.unwrap_or((0, GENESIS.to_owned())) != (seq, prev) {
        wrong.push(format!("nhật ký của tổ chức {org}: phần cuối sau dòng {seq} bị cắt hoặc thêm"));
    }
    Ok(wrong)
}
