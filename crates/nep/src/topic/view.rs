//! Proposed topics in words. Rules: M12.

use std::collections::BTreeMap;

use db::Tx;
use domain::id::{PersonId, RowId};
use domain::period::PeriodKey;
use domain::topic::TopicState;

use super::page::TopicView;
use super::store::{self, Topic};
use crate::home::page::Todo;

fn class(state: TopicState) -> &'static str {
    match state {
        TopicState::Proposed => "wait",
        TopicState::Planned => "done",
        TopicState::Declined | TopicState::Withdrawn => "none",
    }
}

fn outcome(topic: &Topic) -> String {
    match (topic.state, &topic.period, &topic.reason) {
        (TopicState::Planned, Some(period), _) => {
            let name = period.parse::<PeriodKey>().map(|k| k.name()).unwrap_or_default();
            format!("Đưa vào {}.", crate::resolution::seal::lower(&name))
        }
        (TopicState::Declined, _, Some(reason)) => format!("Lý do: {reason}"),
        _ => String::new(),
    }
}

/// Topics as the page shows them: open ones first, those with most support first, then as they came.
pub fn views(topics: &[Topic], support: &[(RowId, i64, bool)], reader: PersonId) -> Vec<TopicView> {
    let of: BTreeMap<RowId, (i64, bool)> = support.iter().map(|(id, n, own)| (*id, (*n, *own))).collect();
    let mut out: Vec<TopicView> = topics
        .iter()
        .filter(|t| t.state != TopicState::Withdrawn)
        .map(|t| {
            let (count, supported) = of.get(&t.id).copied().unwrap_or_default();
            TopicView {
                id: t.id.to_string(),
                title: t.title.clone(),
                why: t.why.clone(),
                count,
                class: class(t.state),
                word: t.state.to_string(),
                outcome: outcome(t),
                own: t.person == reader,
                supported,
                open: t.state == TopicState::Proposed,
                may_plan: t.state.plan().is_ok(),
                version: t.version,
            }
        })
        .collect();
    out.sort_by_key(|t| (!t.open, std::cmp::Reverse(t.count)));
    out
}

/// What a person proposed and what became of it, for the own page.
///
/// # Errors
/// Database faults only.
pub fn own_rows(tx: &mut Tx, person: PersonId) -> db::Result<Vec<Todo>> {
    let row = |t: &Topic| Todo {
        href: format!("/cb/{}/chuyen-de/{}", t.org, t.year),
        title: t.title.clone(),
        small: format!("Đề xuất cho năm {}. {}", t.year, outcome(t)),
        class: class(t.state),
        word: t.state.to_string(),
    };
    Ok(store::of_person(tx, person)?.iter().map(row).collect())
}
