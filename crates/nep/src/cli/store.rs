//! What the commands ask of the whole database: which organisations there are, how many rows, how
//! far the chains reach. Reads only.

use db::{Tx, values};
use domain::id::OrgId;
use jiff::Timestamp;

use crate::ledger;

/// Tables whose rows are counted, with what they are called.
const COUNTED: [(&str, &str); 9] = [
    ("org", "tổ chức"),
    ("person", "người"),
    ("membership", "lượt sinh hoạt đảng"),
    ("meeting", "buổi sinh hoạt"),
    ("minutes_section", "mục biên bản"),
    ("resolution", "nghị quyết"),
    ("task", "nhiệm vụ"),
    ("issued", "văn bản đã khóa"),
    ("audit", "dòng nhật ký"),
];

/// How many rows of each kind there are, with their names.
///
/// # Errors
/// Database faults only.
pub fn counts(tx: &mut Tx) -> db::Result<Vec<(&'static str, i64)>> {
    COUNTED.iter().map(|(table, name)| Ok((*name, tx.scalar(&format!("select count(*) from {table}"), values![])?))).collect()
}

/// Head of each ledger: root organisation, number of records, last hash.
///
/// # Errors
/// Database faults only.
pub fn heads(tx: &mut Tx) -> db::Result<Vec<(OrgId, i64, String)>> {
    tx.all("select org_id, seq, hash from ledger_head order by org_id", values![])
}

/// What is wrong with the trail of any organisation and with any ledger, in words that locate it.
/// The zero organisation holds what the system did for itself.
///
/// # Errors
/// Database faults only.
pub fn check_chains(tx: &mut Tx) -> db::Result<Vec<String>> {
    ledger::verify::everything(tx)
}

/// When the newest line of the trail was written.
///
/// # Errors
/// Database faults only.
pub fn last_event(tx: &mut Tx) -> db::Result<Option<Timestamp>> {
    Ok(tx.one::<(Option<Timestamp>,)>("select max(at) from audit", values![])?.0)
}
