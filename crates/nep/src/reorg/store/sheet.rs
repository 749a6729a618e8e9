//! Tables of changes that wait to be accepted into a programme. Touches their own rows; reads names.
//! Rules: experience.md "Preview before import".

use std::collections::BTreeMap;

use db::{Tx, values};
use domain::id::{OrgId, RowId};
use jiff::Timestamp;

use crate::actor::Actor;
use crate::reorg::listed::Kept;

/// A table that waits.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// Name of the file.
    pub file: String,
    /// When it was uploaded.
    pub at: Timestamp,
    /// What its rows say.
    pub kept: Kept,
}

/// The table that waits for a programme, if one does.
///
/// # Errors
/// `Corrupt` when it cannot be read; database faults.
pub fn waiting(tx: &mut Tx, org: OrgId, programme: RowId) -> db::Result<Option<Waiting>> {
    let row: Option<(String, String, Timestamp)> = tx.opt(
        "select file_name, content, made_at from programme_sheet where org_id = $1 and programme_id = $2",
        values![org, programme],
    )?;
    let Some((file, content, at)) = row else { return Ok(None) };
    let kept = serde_json::from_str(&content).map_err(|_| db::Error::Corrupt("programme_sheet.content".to_owned()))?;
    Ok(Some(Waiting { file, at, kept }))
}

/// Keeps a table until it is accepted, in the place of an earlier one.
///
/// # Errors
/// Database faults only.
pub fn keep(tx: &mut Tx, actor: &Actor, org: OrgId, programme: RowId, file: &str, kept: &Kept) -> db::Result<()> {
    drop_waiting(tx, org, programme)?;
    tx.exec(
        "insert into programme_sheet (org_id, programme_id, file_name, content, made_at) values ($1, $2, $3, $4, $5)",
        values![org, programme, file, super::as_json(kept)?, actor.now],
    )?;
    Ok(())
}

/// Lets the table go.
///
/// # Errors
/// Database faults only.
pub fn drop_waiting(tx: &mut Tx, org: OrgId, programme: RowId) -> db::Result<()> {
    tx.exec("delete from programme_sheet where org_id = $1 and programme_id = $2", values![org, programme])?;
    Ok(())
}

/// Names for lists of a part of the tree, as they are today.
///
/// # Errors
/// Database faults only.
pub fn short_names(tx: &mut Tx, path: &str) -> db::Result<BTreeMap<OrgId, String>> {
    let rows: Vec<(OrgId, String)> = tx.all(
        "select o.org_id, n.short_name from org o join org_name n on n.org_id = o.org_id and n.to_date is null
         where o.path >= $1 and o.path < $2 and o.ended_on is null",
        values![path, format!("{path}~")],
    )?;
    Ok(rows.into_iter().collect())
}
