//! Files of what a committee sends, kept with the others of the organisation: confirmed by who adds them,
//! each content once. Rules: P-30, BM-01 … BM-03.

use std::collections::BTreeMap;

use db::{Tx, values};
use domain::id::{FileId, OrgId, RowId};

use super::Guidance;
use crate::actor::Actor;
use crate::audit::store as audit;
use crate::meeting::store::files::{self, NewFile};

/// A file as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// Identifier.
    pub id: FileId,
    /// What it belongs to.
    pub guidance: RowId,
    /// The block it hangs on; none for the whole.
    pub block: Option<RowId>,
    /// Name as sent.
    pub name: String,
    /// Media type found in the content.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// Hash of the content.
    pub sha256: String,
}

db::row!(Paper { id, guidance, block, name, media_type, size, sha256 });

const COLUMNS: &str = "f.file_id, p.guidance_id, p.block_id, f.name, f.media_type, f.size, f.sha256";

/// The files of some of a committee's papers, in the order they came.
///
/// # Errors
/// Database faults only.
pub fn of(tx: &mut Tx, org: OrgId, guidance: &[RowId]) -> db::Result<Vec<Paper>> {
    of_orgs(tx, &[org], guidance)
}

/// As [`of`], of several committees.
///
/// # Errors
/// Database faults only.
pub fn of_orgs(tx: &mut Tx, orgs: &[OrgId], guidance: &[RowId]) -> db::Result<Vec<Paper>> {
    let (places, v) = db::listed(&[], orgs.iter().copied());
    let (ids, v) = db::listed(&v, guidance.iter().copied());
    tx.all(
        &format!(
            "select {COLUMNS} from guidance_file p join file f on f.org_id = p.org_id and f.file_id = p.file_id
             where p.org_id in ({places}) and p.guidance_id in ({ids}) order by f.file_id"
        ),
        &v,
    )
}

/// A file with its content.
///
/// # Errors
/// `NotFound` when it does not belong there; database faults.
pub fn body(tx: &mut Tx, org: OrgId, guidance: RowId, file: FileId) -> db::Result<(Paper, Vec<u8>)> {
    let paper = of(tx, org, &[guidance])?.into_iter().find(|p| p.id == file).ok_or(db::Error::NotFound)?;
    let body = files::body(tx, org, &paper.sha256)?;
    Ok((paper, body))
}

/// Keeps a file of a draft; the caller has asked its state.
///
/// # Errors
/// Database faults only.
pub fn add(tx: &mut Tx, actor: &Actor, org: OrgId, guidance: RowId, block: Option<RowId>, new: &NewFile) -> db::Result<FileId> {
    let id = files::keep(tx, actor, org, new)?;
    link(tx, (org, guidance, block), id)?;
    Ok(id)
}

fn link(tx: &mut Tx, (org, guidance, block): (OrgId, RowId, Option<RowId>), file: FileId) -> db::Result<()> {
    tx.exec(
        "insert into guidance_file (org_id, file_id, guidance_id, block_id) values ($1, $2, $3, $4)",
        values![org, file, guidance, block],
    )?;
    Ok(())
}

/// Removes a file of a draft, and its content unless another file has the same.
///
/// # Errors
/// `NotFound` when it does not belong there; database faults.
pub fn remove(tx: &mut Tx, actor: &Actor, org: OrgId, guidance: RowId, file: FileId) -> db::Result<()> {
    let paper = of(tx, org, &[guidance])?.into_iter().find(|p| p.id == file).ok_or(db::Error::NotFound)?;
    take_away(tx, org, &paper)?;
    audit::record(tx, actor, org, "file.removed", &format!("file:{file}"), "")
}

fn take_away(tx: &mut Tx, org: OrgId, paper: &Paper) -> db::Result<()> {
    tx.exec("delete from guidance_file where org_id = $1 and file_id = $2", values![org, paper.id])?;
    files::forget(tx, org, paper.id, &paper.sha256)
}

/// Removes every file of a draft.
pub(super) fn remove_all(tx: &mut Tx, org: OrgId, guidance: RowId) -> db::Result<()> {
    for paper in of(tx, org, &[guidance])? {
        take_away(tx, org, &paper)?;
    }
    Ok(())
}

/// Removes the files of a block.
pub(super) fn remove_of_block(tx: &mut Tx, org: OrgId, guidance: RowId, block: RowId) -> db::Result<()> {
    for paper in of(tx, org, &[guidance])?.iter().filter(|p| p.block == Some(block)) {
        take_away(tx, org, paper)?;
    }
    Ok(())
}

/// The same files for a new edition; `blocks` says which block became which.
pub(super) fn copy(tx: &mut Tx, actor: &Actor, old: &Guidance, new: RowId, blocks: &BTreeMap<RowId, RowId>) -> db::Result<()> {
    for paper in of(tx, old.org, &[old.id])? {
        let id = files::again(tx, actor, old.org, paper.id)?;
        link(tx, (old.org, new, paper.block.and_then(|b| blocks.get(&b).copied())), id)?;
    }
    Ok(())
}
