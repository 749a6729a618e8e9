//! What waits for a committee's review, and which of its cells have sent the topic of a quarter: states, no
//! content. Rules: CB-07, L9.

use std::collections::BTreeMap;

use db::{Tx, values};
use domain::code::Code;
use domain::id::OrgId;
use domain::library::EntryState;
use domain::period::PeriodKey;

use super::{COLUMNS, Entry};
use crate::meeting::store::held::HELD;
use crate::org::store::Org;

/// What the cells and committees directly under a committee have sent and wait for, the oldest first.
///
/// # Errors
/// Database faults only.
pub fn waiting(tx: &mut Tx, committee: &Org) -> db::Result<Vec<Entry>> {
    let found: Vec<(OrgId, String)> = tx.all(
        "select o.org_id, o.path from org o where o.path > $1 and o.path < $2",
        values![committee.path, format!("{}~", committee.path)],
    )?;
    let own = found.into_iter().filter(|(_, path)| domain::tree::parent_path(path) == Some(committee.path.as_str()));
    let (places, v) = db::listed(&[], own.map(|(id, _)| id));
    tx.all(
        &format!(
            "select {COLUMNS} from library_entry e where e.org_id in ({places}) and e.state = 'submitted'
             order by e.submitted_at, e.org_id, e.entry_id limit 300"
        ),
        &v,
    )
}

/// Where each cell at or under a path stands with a quarter: its entry, and whether its topic was held.
#[derive(Debug, Clone, Default)]
pub struct Quarter {
    /// The entry of each cell.
    pub entries: BTreeMap<OrgId, EntryState>,
    /// Cells that held it.
    pub held: Vec<OrgId>,
}

/// Reads a quarter of every cell at or under an organisation.
///
/// # Errors
/// Database faults only.
pub fn quarter(tx: &mut Tx, top: &Org, key: PeriodKey) -> db::Result<Quarter> {
    let bounds = values![top.path, format!("{}~", top.path), key.to_string()];
    let rows: Vec<(OrgId, String)> = tx.all(
        "select e.org_id, e.state from org o cross join library_entry e
         where o.path >= $1 and o.path < $2 and e.org_id = o.org_id and e.period = $3 and e.state <> 'withdrawn'",
        bounds,
    )?;
    let held: Vec<(OrgId,)> = tx.all(
        &format!(
            "select distinct p.org_id from org o cross join meeting_period p cross join meeting m
             where o.path >= $1 and o.path < $2 and p.org_id = o.org_id and p.period = $3
             and m.org_id = p.org_id and m.meeting_id = p.meeting_id and {HELD}"
        ),
        bounds,
    )?;
    let entries = rows.into_iter().filter_map(|(org, state)| Some((org, EntryState::from_code(&state)?))).collect();
    Ok(Quarter { entries, held: held.into_iter().map(|(org,)| org).collect() })
}
