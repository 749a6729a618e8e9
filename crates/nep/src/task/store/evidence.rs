//! Files that show what was done about a task.

use db::{Tx, values};
use domain::id::{FileId, OrgId, TaskId};

use super::Task;
use crate::actor::Actor;

/// A file that shows what was done.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// Name as given.
    pub name: String,
    /// What it is, by its first bytes.
    pub media_type: &'static str,
    /// Content.
    pub bytes: Vec<u8>,
}

/// Keeps a file of a task; who adds it has confirmed that it holds no state secret.
///
/// # Errors
/// Database faults only.
pub fn add_file(tx: &mut Tx, actor: &Actor, task: &Task, file: &Evidence) -> db::Result<FileId> {
    let id: FileId = actor.id();
    let digest = sha256(&file.bytes);
    tx.exec(
        "insert into file_body (org_id, sha256, body) values ($1, $2, $3) on conflict (org_id, sha256) do nothing",
        values![task.org, digest, file.bytes],
    )?;
    let size = i64::try_from(file.bytes.len()).unwrap_or(i64::MAX);
    tx.exec(
        "insert into file (org_id, file_id, task_id, name, media_type, size, sha256, confirmed_by, added_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        values![task.org, id, task.id, file.name, file.media_type, size, digest, actor.person, actor.now],
    )?;
    Ok(id)
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

/// Names of the files of a task.
///
/// # Errors
/// Database faults only.
pub fn names(tx: &mut Tx, org: OrgId, task: TaskId) -> db::Result<Vec<(FileId, String)>> {
    tx.all("select file_id, name from file where org_id = $1 and task_id = $2", values![org, task])
}
