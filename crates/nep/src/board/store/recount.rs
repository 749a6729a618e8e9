//! The sums counted anew from the cells' own rows and the dated tree, to be compared with what was carried. Reads
//! only. Nothing is compared while months wait to be carried.

use std::collections::{BTreeMap, BTreeSet};

use db::{Tx, values};
use domain::id::OrgId;
use domain::rollup::{CellKind, Deltas, Figures, Month, carry};
use domain::rulepack::Library;

use super::facts::{Cells, Key};
use super::{MonthRow, columns, tasks};

/// Months of one step.
const STEP: usize = 2_000;

/// What differs between the carried sums and a full recount; nothing when all is well or months still wait.
///
/// # Errors
/// Database faults only.
pub fn differences(tx: &mut Tx, library: &Library) -> db::Result<Vec<String>> {
    // Months to come may wait for their day; they are in no sum yet.
    let opened: Option<String> = tx.scalar_opt("select opened from rollup_run where run_id = 1", values![])?;
    let opened = opened.unwrap_or_default();
    if tx.opt::<(OrgId,)>("select org_id from month_due where month <= $1 limit 1", values![opened])?.is_some() {
        return Ok(Vec::new());
    }
    let counted = count(tx, library, &opened)?;
    let carried: BTreeMap<(OrgId, Month, CellKind), Figures> = tx
        .all::<MonthRow>(&format!("select org_id, month, kind, {} from org_month", columns()), values![])?
        .into_iter()
        .map(|r| ((r.org, r.month, r.kind), r.figures))
        .collect();
    let keys: BTreeSet<_> = counted.keys().chain(carried.keys()).copied().collect();
    let nothing = Figures::default();
    let own = tasks::differences(tx)?.into_iter();
    let mut out: Vec<String> = own.map(|(org, month)| format!("{org}, {month}, nhiệm vụ đến hạn")).collect();
    for key in keys {
        if counted.get(&key).unwrap_or(&nothing) != carried.get(&key).unwrap_or(&nothing) {
            out.push(format!("{}, {}, {}", key.0, key.1, key.2));
        }
    }
    Ok(out)
}

/// The sums of every committee, from the facts: every month a cell has a row of or has been counted in.
fn count(tx: &mut Tx, library: &Library, opened: &str) -> db::Result<Deltas> {
    let mut keys: BTreeSet<Key> = BTreeSet::new();
    tx.each("select org_id, month from cell_month union select org_id, month from month_share", values![], |row| {
        keys.insert((row.get(0)?, super::month(row, 1)?));
        Ok(())
    })?;
    let keys: Vec<Key> = keys.into_iter().filter(|k| k.1.to_string().as_str() <= opened).collect();
    let mut sums = Deltas::new();
    for step in keys.chunks(STEP) {
        let cells = Cells::read(tx, library, step)?;
        for (org, month) in step {
            carry(&mut sums, *month, None, &cells.share(*org, *month, library));
        }
    }
    Ok(sums)
}
