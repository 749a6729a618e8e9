//! Opinions that members prepare before a meeting, as rows. A draft is read by its writer alone:
//! every statement that reads for others asks for those that were sent.
//! Touches `opinion` only. Rules: M9; one object from prepared opinion to spoken word (DD-05).

use db::{Tx, values};
use domain::agenda::SECRET_TITLE;
use domain::code::Code;
use domain::id::{ItemId, MeetingId, OrgId, PersonId, RowId};
use domain::secrecy::Traces;
use jiff::Timestamp;

use crate::actor::Actor;

domain::codes! {
    /// Whether an opinion is still its writer's alone.
    pub enum OpinionState {
        /// Private.
        Draft = "draft" / "Bản nháp, chỉ đồng chí xem được",
        /// Sent to who leads and writes the minutes.
        Sent = "sent" / "Đã gửi",
    }
}

/// A prepared opinion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opinion {
    /// Identifier.
    pub id: RowId,
    /// Item of the agenda it is about.
    pub item: Option<ItemId>,
    /// Whose.
    pub person: PersonId,
    /// Full name.
    pub name: String,
    /// Text.
    pub body: String,
    /// Private or sent.
    pub state: OpinionState,
    /// Whether the writer wants to speak.
    pub wants_floor: bool,
    /// When it was written.
    pub written_at: Timestamp,
    /// For "someone saved first".
    pub version: i64,
}

db::row!(Opinion { id, item, person, name, body, state: code, wants_floor, written_at, version });

const SELECT: &str =
    "select o.opinion_id, o.item_id, o.person_id, p.name, o.body, o.state, o.wants_floor, o.written_at, o.version
    from opinion o join person p on p.person_id = o.person_id";

/// What a person has written for a meeting, drafts included.
///
/// # Errors
/// Database faults only.
pub fn own(tx: &mut Tx, org: OrgId, meeting: MeetingId, person: PersonId) -> db::Result<Vec<Opinion>> {
    tx.all(
        &format!("{SELECT} where o.org_id = $1 and o.meeting_id = $2 and o.person_id = $3 order by o.opinion_id"),
        values![org, meeting, person],
    )
}

/// What was sent for a meeting, for who leads it and who writes its minutes.
///
/// # Errors
/// Database faults only.
pub fn sent(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<Vec<Opinion>> {
    tx.all(
        &format!("{SELECT} where o.org_id = $1 and o.meeting_id = $2 and o.state = 'sent' order by o.written_at, o.opinion_id"),
        values![org, meeting],
    )
}

/// How many were sent for a meeting.
///
/// # Errors
/// Database faults only.
pub fn count_sent(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<usize> {
    tx.scalar("select count(*) from opinion where org_id = $1 and meeting_id = $2 and state = 'sent'", values![org, meeting])
}

/// An opinion as its writer saves it.
#[derive(Debug, Clone)]
pub struct Written {
    /// Which one; none for a new one.
    pub id: Option<RowId>,
    /// Version it starts from.
    pub version: i64,
    /// Item of the agenda.
    pub item: Option<ItemId>,
    /// Text.
    pub body: String,
    /// Draft or sent.
    pub state: OpinionState,
    /// Whether the writer wants to speak.
    pub wants_floor: bool,
}

/// Saves an opinion of the actor.
///
/// # Errors
/// `Conflict` when it was saved elsewhere meanwhile, or is somebody else's; database faults.
pub fn save(tx: &mut Tx, actor: &Actor, org: OrgId, meeting: MeetingId, new: &Written) -> db::Result<RowId> {
    if let Some(id) = new.id {
        tx.changed(
            "update opinion set item_id = $6, body = $7, state = $8, wants_floor = $9, written_at = $10, version = version + 1
             where org_id = $1 and meeting_id = $2 and opinion_id = $3 and person_id = $4 and version = $5",
            values![
                org,
                meeting,
                id,
                actor.person,
                new.version,
                new.item,
                new.body,
                new.state.code(),
                new.wants_floor,
                actor.now
            ],
        )?;
        return Ok(id);
    }
    let id: RowId = actor.id();
    tx.exec(
        "insert into opinion (org_id, opinion_id, meeting_id, item_id, person_id, body, state, wants_floor, written_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        values![org, id, meeting, new.item, actor.person, new.body, new.state.code(), new.wants_floor, actor.now],
    )?;
    Ok(id)
}

/// Removes an opinion of the actor.
///
/// # Errors
/// `Conflict` when it is gone or somebody else's; database faults.
pub fn remove(tx: &mut Tx, actor: &Actor, org: OrgId, meeting: MeetingId, id: RowId) -> db::Result<()> {
    tx.changed(
        "delete from opinion where org_id = $1 and meeting_id = $2 and opinion_id = $3 and person_id = $4",
        values![org, meeting, id, actor.person],
    )
}

/// What was written on an item, drafts included; for finding copies of it, never for reading.
///
/// # Errors
/// Database faults only.
pub fn on_item(tx: &mut Tx, org: OrgId, meeting: MeetingId, item: ItemId) -> db::Result<Vec<String>> {
    let sql = "select body from opinion where org_id = $1 and meeting_id = $2 and item_id = $3 order by opinion_id";
    let rows: Vec<(String,)> = tx.all(sql, values![org, meeting, item])?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}

/// Removes what was written on an item that has become a state secret, and the lines that other
/// opinions copied from it (P-30).
///
/// # Errors
/// Database faults only.
pub fn forget_item(tx: &mut Tx, org: OrgId, meeting: MeetingId, item: ItemId, traces: &Traces) -> db::Result<()> {
    // What was carried over to a later meeting is the same words once more.
    tx.exec(
        "delete from opinion where org_id = $1 and carried_from in
         (select o.opinion_id from opinion o where o.org_id = $1 and o.meeting_id = $2 and o.item_id = $3)",
        values![org, meeting, item],
    )?;
    tx.exec("delete from opinion where org_id = $1 and meeting_id = $2 and item_id = $3", values![org, meeting, item])?;
    let others: Vec<(RowId, String)> = tx.all(
        "select opinion_id, body from opinion where org_id = $1 and (meeting_id = $2 or carried_from in
         (select o.opinion_id from opinion o where o.org_id = $1 and o.meeting_id = $2))",
        values![org, meeting],
    )?;
    for (id, body) in others {
        if let Some(rest) = traces.cut_from(&body, SECRET_TITLE) {
            tx.exec(
                "update opinion set body = $3, version = version + 1 where org_id = $1 and opinion_id = $2",
                values![org, id, rest],
            )?;
        }
    }
    Ok(())
}

/// Keeps what was written on an item that leaves the agenda, as an opinion on the meeting.
///
/// # Errors
/// Database faults only.
pub fn unhook(tx: &mut Tx, org: OrgId, meeting: MeetingId, item: ItemId) -> db::Result<()> {
    tx.exec(
        "update opinion set item_id = null where org_id = $1 and meeting_id = $2 and item_id = $3",
        values![org, meeting, item],
    )?;
    Ok(())
}

/// An opinion that was sent for a meeting and not spoken there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unspoken {
    /// Identifier.
    pub id: RowId,
    /// Full name of its writer.
    pub name: String,
    /// Whether it goes over to the next meeting.
    pub carries: bool,
}

db::row!(Unspoken { id, name, carries });

/// Sent and not spoken: no contribution was made of it.
const UNSPOKEN: &str = "o.org_id = $1 and o.meeting_id = $2 and o.state = 'sent' and not exists (select 1 from contribution c
    where c.org_id = o.org_id and c.meeting_id = o.meeting_id and c.opinion_id = o.opinion_id)";

/// What was sent for a meeting and not spoken there.
///
/// # Errors
/// Database faults only.
pub fn unspoken(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<Vec<Unspoken>> {
    tx.all(
        &format!(
            "select o.opinion_id, p.name, o.carries from opinion o join person p on p.person_id = o.person_id
             where {UNSPOKEN} order by p.sort_key, o.opinion_id"
        ),
        values![org, meeting],
    )
}

/// Notes whether an opinion goes over to the next meeting; its words stay as they are.
///
/// # Errors
/// Database faults only.
pub fn set_carries(tx: &mut Tx, org: OrgId, meeting: MeetingId, id: RowId, carries: bool) -> db::Result<()> {
    tx.exec(
        "update opinion set carries = $4 where org_id = $1 and meeting_id = $2 and opinion_id = $3 and carries <> $4",
        values![org, meeting, id, carries],
    )?;
    Ok(())
}

/// Takes what was sent and not spoken over to another meeting, each opinion once, still its writer's.
///
/// # Errors
/// Database faults only.
pub fn carry_over(tx: &mut Tx, actor: &Actor, org: OrgId, from: MeetingId, to: MeetingId) -> db::Result<()> {
    let left: Vec<(RowId,)> = tx.all(
        &format!(
            "select o.opinion_id from opinion o where {UNSPOKEN} and o.carries = 1 and not exists
             (select 1 from opinion n where n.org_id = o.org_id and n.carried_from = o.opinion_id) order by o.opinion_id"
        ),
        values![org, from],
    )?;
    for (old,) in left {
        let id: RowId = actor.id();
        tx.exec(
            "insert into opinion (org_id, opinion_id, meeting_id, person_id, body, state, wants_floor, written_at, carried_from)
             select org_id, $3, $4, person_id, body, state, wants_floor, written_at, opinion_id from opinion
             where org_id = $1 and opinion_id = $2",
            values![org, old, id, to],
        )?;
    }
    Ok(())
}
