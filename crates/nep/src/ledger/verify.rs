//! Checks every hash chain of an installation, for `nep verify`.
//! May touch: ledgers, issued documents and trails, reading only. Rules: P-12.

use db::{Db, Tx};

use crate::audit::store as audit;

/// What is wrong with the ledgers and trails of every organisation, in words that locate it; empty
/// when everything holds. A database that cannot be read is a finding too.
pub fn all(db: &Db) -> Vec<String> {
    match db.read_now(everything) {
        Ok(wrong) => wrong,
        Err(error) => vec![format!("không đọc được sổ cái hoặc nhật ký: {error}")],
    }
}

/// The same within a transaction.
///
/// # Errors
/// Database faults only.
pub fn everything(tx: &mut Tx) -> db::Result<Vec<String>> {
    let mut wrong = Vec::new();
    for root in super::store::roots(tx)? {
        wrong.extend(super::store::check(tx, root)?);
    }
    for org in audit::trails(tx)? {
        wrong.extend(audit::check(tx, org)?);
    }
    Ok(wrong)
}
