//! What the four thematic kỳ of a year may be laid out with: topics that members proposed, the most supported
//! first, and topics of the library. Calls the stores of proposals and of the library. Rules: M11, M12.

use std::collections::BTreeMap;

use db::Tx;
use domain::id::{OrgId, RowId};
use domain::library::source_line;
use domain::period::PeriodKey;
use domain::topic::TopicState;

use super::store::{shelf, uses};
use crate::actor::Actor;
use crate::fault::Fault;
use crate::org::store::{self as orgs, Org};
use crate::topic::store as topics;
use crate::year::store::Plan;

/// One choice of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pick {
    /// A topic members proposed.
    Proposed(RowId),
    /// A topic of the library.
    Entry(OrgId, RowId),
}

impl Pick {
    /// A choice as the form sends it.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some("dx"), Some(id), None, None) => Some(Self::Proposed(id.parse().ok()?)),
            (Some("kho"), Some(org), Some(id), None) => Some(Self::Entry(org.parse().ok()?, id.parse().ok()?)),
            _ => None,
        }
    }
}

/// The choices for a year: value and words.
///
/// # Errors
/// Database faults only.
pub fn choices(tx: &mut Tx, actor: &Actor, cell: &Org, year: i16) -> db::Result<Vec<(String, String)>> {
    let counts: BTreeMap<RowId, i64> =
        topics::support(tx, cell.id, year, actor.person)?.into_iter().map(|(id, n, _)| (id, n)).collect();
    let mut proposed = topics::of_year(tx, cell.id, year)?;
    proposed.retain(|t| t.state == TopicState::Proposed);
    let support = |id: &RowId| counts.get(id).copied().unwrap_or_default();
    proposed.sort_by_key(|t| std::cmp::Reverse(support(&t.id)));
    let mut out: Vec<(String, String)> = proposed
        .iter()
        .map(|t| (format!("dx-{}", t.id), format!("Đề xuất, {} đồng chí ủng hộ: {}", support(&t.id), t.title)))
        .collect();
    let shelved = shelf::topics(tx, cell)?.into_iter().filter(|e| e.org != cell.id);
    out.extend(shelved.map(|e| (format!("kho-{}-{}", e.org, e.id), format!("Kho: {}", e.title))));
    Ok(out)
}

fn some(text: String) -> Option<String> {
    Some(text).filter(|t| !t.is_empty())
}

/// Lays a choice out in the plan of a kỳ; a heading the cell wrote itself stays.
///
/// # Errors
/// A refusal when the proposal was decided; `NotFound` outside what the cell reads; database faults.
pub fn lay_out(tx: &mut Tx, actor: &Actor, key: PeriodKey, pick: Pick, plan: &mut Plan) -> Result<(), Fault> {
    match pick {
        Pick::Proposed(id) => {
            let topic = topics::get(tx, actor.org, id)?;
            let state = topic.state.plan()?;
            plan.topic.get_or_insert_with(|| topic.title.clone());
            plan.aim = plan.aim.take().or_else(|| some(topic.why.clone()));
            topics::save(tx, actor, &topic, state, (Some(key), None))?;
        }
        Pick::Entry(source, id) => {
            let today = actor.today();
            let cell = orgs::get(tx, actor.org, today)?;
            let entry = shelf::open(tx, &cell, source, id)?;
            let from = orgs::short_names(tx, &[source], today)?.remove(&source).unwrap_or_default();
            plan.topic.get_or_insert_with(|| entry.title.clone());
            plan.aim = some(format!("{}\n{}", entry.aim, source_line(&entry.title, &from)).trim_start().to_owned());
            plan.questions = some(entry.content.clone());
            uses::take(tx, actor, actor.org, &entry, (key, cell.cell_type.as_deref()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_list_offers_is_read() {
        assert_eq!(Pick::parse("dx-7"), Some(Pick::Proposed(RowId::new(7))));
        assert_eq!(Pick::parse("kho-3-9"), Some(Pick::Entry(OrgId::new(3), RowId::new(9))));
        for text in ["", "dx", "dx-a", "dx-1-2", "kho-1", "kho-1-2-3", "khac-1"] {
            assert_eq!(Pick::parse(text), None, "{text}");
        }
    }
}
