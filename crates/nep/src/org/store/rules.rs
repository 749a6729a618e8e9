//! Figures a committee or a cell set for its own part of the tree.
//! Touches rule_override only. Rules: trust of every figure (source, document, dates), regulations.md section 11.

use std::collections::BTreeSet;

use db::{Tx, values};
use domain::id::OrgId;
use jiff::civil::Date;

use crate::actor::Actor;
use crate::audit::store as audit;
use crate::board::store as board;

/// A figure set by an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnFigure {
    /// Who set it.
    pub org: OrgId,
    /// Name of the organisation for lists.
    pub org_name: String,
    /// The figure.
    pub key: String,
    /// First day.
    pub from: Date,
    /// First day no longer.
    pub to: Option<Date>,
    /// Its value as text.
    pub value: String,
    /// The document, as cited.
    pub document: String,
}

db::row!(OwnFigure { org, org_name, key, from, to, value, document });

const SELECT: &str = "select r.org_id, n.short_name, r.key, r.from_date, r.to_date, r.value, r.document from rule_override r
    join org_name n on n.org_id = r.org_id and n.to_date is null";

/// What one organisation set, for one figure or for all; newest first.
///
/// # Errors
/// Database faults only.
pub fn own_figures(tx: &mut Tx, org: OrgId) -> db::Result<Vec<OwnFigure>> {
    tx.all(&format!("{SELECT} where r.org_id = $1 order by r.key, r.from_date desc"), values![org])
}

/// Sets a figure from a date on; what the organisation had set before ends on the same day.
///
/// # Errors
/// Database faults only.
pub fn set_figure(tx: &mut Tx, actor: &Actor, org: OrgId, new: &OwnFigure) -> db::Result<()> {
    let by = (actor.person.raw() != 0).then_some(actor.person);
    tx.exec(
        "update rule_override set to_date = $3 where org_id = $1 and key = $2 and from_date < $3
         and (to_date is null or to_date > $3)",
        values![org, new.key, new.from],
    )?;
    tx.exec(
        "insert into rule_override (org_id, key, from_date, to_date, value, document, at, by_person)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (org_id, key, from_date) do update
         set value = excluded.value, document = excluded.document, to_date = excluded.to_date, at = excluded.at,
             by_person = excluded.by_person",
        values![org, new.key, new.from, new.to, new.value, new.document, actor.now, by],
    )?;
    judged_anew(tx, actor, org, &new.key, new.from)?;
    audit::record(tx, actor, org, "rule.set", &format!("rule:{}", new.key), &new.value)
}

/// Ends an organisation's own figure: `to` is the first day the rules above hold again.
///
/// # Errors
/// `Conflict` when none is in force; database faults.
pub fn end_figure(tx: &mut Tx, actor: &Actor, org: OrgId, key: &str, to: Date) -> db::Result<()> {
    tx.changed(
        "update rule_override set to_date = case when from_date > $3 then from_date else $3 end
         where org_id = $1 and key = $2 and (to_date is null or to_date > $3)",
        values![org, key, to],
    )?;
    judged_anew(tx, actor, org, key, to)?;
    audit::record(tx, actor, org, "rule.ended", &format!("rule:{key}"), "")
}

/// Duties of the cells below are judged by a figure since a day: their months are carried anew.
fn judged_anew(tx: &mut Tx, actor: &Actor, org: OrgId, key: &str, since: Date) -> db::Result<()> {
    if !board::DUTY_KEYS.contains(&key) {
        return Ok(());
    }
    board::changed_below(tx, actor, &BTreeSet::from([org]), since)
}
