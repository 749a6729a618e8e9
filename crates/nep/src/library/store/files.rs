//! Files of entries as rows: confirmed to hold no state secret, the body apart from the list.
//! Rules: P-30, BM-01 … BM-03.

use db::{Tx, values};
use domain::id::{FileId, OrgId, RowId};

use crate::actor::Actor;
use crate::audit::store as audit;

/// A file as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Identifier.
    pub id: FileId,
    /// Name as sent.
    pub name: String,
    /// Media type found in the content.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
}

db::row!(File { id, name, media_type, size });

/// The files of an entry, in the order they came.
///
/// # Errors
/// Database faults only.
pub fn of_entry(tx: &mut Tx, org: OrgId, entry: RowId) -> db::Result<Vec<File>> {
    tx.all(
        "select file_id, name, media_type, size from library_file where org_id = $1 and entry_id = $2 order by file_id",
        values![org, entry],
    )
}

/// A file of an entry with its content.
///
/// # Errors
/// `NotFound`; database faults.
pub fn get(tx: &mut Tx, org: OrgId, entry: RowId, file: FileId) -> db::Result<(File, Vec<u8>)> {
    let found = tx.one(
        "select file_id, name, media_type, size from library_file where org_id = $1 and entry_id = $2 and file_id = $3",
        values![org, entry, file],
    )?;
    let body = tx.scalar("select body from library_body where org_id = $1 and file_id = $2", values![org, file])?;
    Ok((found, body))
}

/// Keeps a file of an entry.
///
/// # Errors
/// Database faults only.
pub fn add(
    tx: &mut Tx,
    actor: &Actor,
    org: OrgId,
    entry: RowId,
    (name, media_type, bytes): (&str, &str, &[u8]),
) -> db::Result<FileId> {
    let id: FileId = actor.id();
    tx.exec("insert into library_body (org_id, file_id, body) values ($1, $2, $3)", values![org, id, bytes.to_vec()])?;
    tx.exec(
        "insert into library_file (org_id, entry_id, file_id, name, media_type, size, confirmed_by, added_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![org, entry, id, name, media_type, bytes.len(), actor.person, actor.now],
    )?;
    audit::record(tx, actor, org, "file.confirmed", &format!("library-file:{id}"), "")?;
    Ok(id)
}

/// Removes a file of an entry.
///
/// # Errors
/// `NotFound` when it is none of the entry's; database faults.
pub fn remove(tx: &mut Tx, actor: &Actor, org: OrgId, entry: RowId, file: FileId) -> db::Result<()> {
    let gone =
        tx.exec("delete from library_file where org_id = $1 and entry_id = $2 and file_id = $3", values![org, entry, file])?;
    if gone == 0 {
        return Err(db::Error::NotFound);
    }
    tx.exec("delete from library_body where org_id = $1 and file_id = $2", values![org, file])?;
    audit::record(tx, actor, org, "file.removed", &format!("library-file:{file}"), "")
}

/// Removes every file of an entry.
///
/// # Errors
/// Database faults only.
pub fn remove_all(tx: &mut Tx, org: OrgId, entry: RowId) -> db::Result<()> {
    tx.exec(
        "delete from library_body where org_id = $1 and file_id in
         (select f.file_id from library_file f where f.org_id = $1 and f.entry_id = $2)",
        values![org, entry],
    )?;
    tx.exec("delete from library_file where org_id = $1 and entry_id = $2", values![org, entry])?;
    Ok(())
}
