//! Item 1 of the agenda: the review of the last resolution. What is written of a task afterwards comes
//! into it as long as the meeting is being prepared and nobody put words of their own there.
//! Touches tasks and agendas. Rules: SM-03, ahead.md 10.

use db::Tx;
use domain::agenda::{Step, review_item};
use domain::id::OrgId;
use domain::task::TaskFact;
use jiff::ToSpan;

use super::{Item, items, save_item, upcoming};
use crate::actor::Actor;
use crate::fault::Fault;
use crate::resolution::store as resolutions;
use crate::task::store as tasks;

/// The tasks in force that are not over, and those of the last resolution that were done late.
fn facts(tx: &mut Tx, actor: &Actor, org: OrgId) -> db::Result<Vec<TaskFact>> {
    let mut found = tasks::live(tx, org)?;
    if let Some(last) = resolutions::last_in_force(tx, org, actor.local())? {
        let done = tasks::for_review(tx, org, last.id)?;
        found.extend(done.into_iter().filter(|t| t.facts(String::new()).was_late()));
    }
    tasks::facts(tx, &found)
}

/// What the program says of them; empty when there are none.
///
/// # Errors
/// Database faults only.
pub fn text(tx: &mut Tx, actor: &Actor, org: OrgId) -> db::Result<String> {
    let facts = facts(tx, actor, org)?;
    Ok(if facts.is_empty() { String::new() } else { review_item(&facts, actor.today()) })
}

/// For how many days back a text is known again as the program's own: what is in time one day is
/// overdue the next.
const DAYS: i64 = 62;

/// The review items of meetings being prepared that still say what the program wrote there.
///
/// # Errors
/// Database faults only.
pub fn untouched(tx: &mut Tx, actor: &Actor, org: OrgId) -> db::Result<Vec<Item>> {
    let today = actor.today();
    let mut found = Vec::new();
    for meeting in upcoming(tx, org, today)?.into_iter().filter(|m| m.state.is_preparing()) {
        found.extend(items(tx, org, meeting.id)?.into_iter().filter(|i| i.step == Step::Review && !i.secret));
    }
    if found.is_empty() {
        return Ok(found);
    }
    let facts = facts(tx, actor, org)?;
    let mut texts: Vec<String> =
        (0..DAYS).filter_map(|back| today.checked_sub(back.days()).ok()).map(|day| review_item(&facts, day)).collect();
    texts.push(String::new());
    texts.dedup();
    found.retain(|i| texts.contains(&i.information));
    Ok(found)
}

/// Writes into them what is to be said now.
///
/// # Errors
/// `Conflict` when someone saved first; database faults.
pub fn tell_again(tx: &mut Tx, actor: &Actor, org: OrgId, untouched: Vec<Item>) -> Result<(), Fault> {
    if untouched.is_empty() {
        return Ok(());
    }
    let now = text(tx, actor, org)?;
    for item in untouched.into_iter().filter(|i| i.information != now) {
        save_item(tx, org, &Item { information: now.clone(), ..item }, 0)?;
    }
    Ok(())
}
