//! Files of agenda items as rows: what was confirmed, by whom; the body once per content.
//! Touches `file` and `file_body`. Rules: P-30 (confirmation, no marked file), BM-01 … BM-03.

use db::{Tx, values};
use domain::id::{FileId, ItemId, MeetingId, OrgId, PersonId};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::actor::Actor;
use crate::audit::store as audit;

/// A file as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Identifier.
    pub id: FileId,
    /// Meeting it belongs to; none for the evidence of a task.
    pub meeting: Option<MeetingId>,
    /// Item it hangs on.
    pub item: Option<ItemId>,
    /// Name as sent.
    pub name: String,
    /// Media type found in the content.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// Hash of the content.
    pub sha256: String,
    /// Who confirmed that it holds no state secret.
    pub confirmed_by: PersonId,
    /// When it was added.
    pub added_at: Timestamp,
}

db::row!(File { id, meeting, item, name, media_type, size, sha256, confirmed_by, added_at });

const COLUMNS: &str = "file_id, meeting_id, item_id, name, media_type, size, sha256, confirmed_by, added_at";

/// The files of a meeting, in the order they came.
///
/// # Errors
/// Database faults only.
pub fn of_meeting(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<Vec<File>> {
    tx.all(&format!("select {COLUMNS} from file where org_id = $1 and meeting_id = $2 order by file_id"), values![org, meeting])
}

/// A file of a cell.
///
/// # Errors
/// `NotFound`; database faults.
pub fn get(tx: &mut Tx, org: OrgId, file: FileId) -> db::Result<File> {
    tx.one(&format!("select {COLUMNS} from file where org_id = $1 and file_id = $2"), values![org, file])
}

/// The content of a file.
///
/// # Errors
/// `NotFound`; database faults.
pub fn body(tx: &mut Tx, org: OrgId, sha256: &str) -> db::Result<Vec<u8>> {
    tx.scalar("select body from file_body where org_id = $1 and sha256 = $2", values![org, sha256])
}

/// A file to keep.
#[derive(Debug, Clone)]
pub struct NewFile {
    /// Name as sent.
    pub name: String,
    /// Media type found in the content.
    pub media_type: &'static str,
    /// Content.
    pub bytes: Vec<u8>,
}

/// Keeps a file of an agenda item, or a scan of the whole meeting; equal contents are kept once.
///
/// # Errors
/// Database faults only.
pub fn add(
    tx: &mut Tx,
    actor: &Actor,
    org: OrgId,
    meeting: MeetingId,
    item: impl Into<Option<ItemId>>,
    new: &NewFile,
) -> db::Result<FileId> {
    let item: Option<ItemId> = item.into();
    insert(tx, actor, org, (Some(meeting), item), new)
}

/// Keeps a file that hangs on no meeting; where it belongs its feature says.
///
/// # Errors
/// Database faults only.
pub fn keep(tx: &mut Tx, actor: &Actor, org: OrgId, new: &NewFile) -> db::Result<FileId> {
    insert(tx, actor, org, (None, None), new)
}

fn insert(
    tx: &mut Tx,
    actor: &Actor,
    org: OrgId,
    (meeting, item): (Option<MeetingId>, Option<ItemId>),
    new: &NewFile,
) -> db::Result<FileId> {
    let id: FileId = actor.id();
    let sha256: String = Sha256::digest(&new.bytes).iter().map(|b| format!("{b:02x}")).collect();
    tx.exec(
        "insert into file_body (org_id, sha256, body) values ($1, $2, $3) on conflict (org_id, sha256) do nothing",
        values![org, sha256, new.bytes],
    )?;
    tx.exec(
        "insert into file (org_id, file_id, meeting_id, item_id, name, media_type, size, sha256, confirmed_by, added_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        values![org, id, meeting, item, new.name, new.media_type, new.bytes.len(), sha256, actor.person, actor.now],
    )?;
    audit::record(tx, actor, org, "file.confirmed", &format!("file:{id}"), "")?;
    Ok(id)
}

/// The same file once more, that hangs on no meeting; who confirmed it stays.
///
/// # Errors
/// Database faults only.
pub fn again(tx: &mut Tx, actor: &Actor, org: OrgId, file: FileId) -> db::Result<FileId> {
    let id: FileId = actor.id();
    tx.exec(
        "insert into file (org_id, file_id, name, media_type, size, sha256, confirmed_by, added_at)
         select org_id, cast($3 as bigint), name, media_type, size, sha256, confirmed_by, added_at
         from file where org_id = $1 and file_id = $2",
        values![org, file, id],
    )?;
    Ok(id)
}

/// Forgets a file, and its content unless another file has the same.
///
/// # Errors
/// Database faults only.
pub fn forget(tx: &mut Tx, org: OrgId, file: FileId, sha256: &str) -> db::Result<()> {
    tx.exec("delete from file where org_id = $1 and file_id = $2", values![org, file])?;
    tx.exec(
        "delete from file_body where org_id = $1 and sha256 = $2
         and not exists (select 1 from file f where f.org_id = $1 and f.sha256 = $2)",
        values![org, sha256],
    )?;
    Ok(())
}

/// Removes a file of a meeting, and its content unless another file has the same.
///
/// # Errors
/// `NotFound` when it does not belong to the meeting; database faults.
pub fn remove(tx: &mut Tx, actor: &Actor, org: OrgId, meeting: MeetingId, file: FileId) -> db::Result<()> {
    let found = get(tx, org, file)?;
    if found.meeting != Some(meeting) {
        return Err(db::Error::NotFound);
    }
    forget(tx, org, file, &found.sha256)?;
    audit::record(tx, actor, org, "file.removed", &format!("file:{file}"), "")
}
