//! What a committee sees of the cells below on its first page: the state of the month, no content.
//! May touch states and plans of cells below. Rules: CB-03, SH-01 … SH-07, P-10.

use std::collections::BTreeMap;

use db::Tx;
use domain::id::OrgId;
use domain::meeting::MeetingState;
use domain::period::{CellLife, MeetingFact, Merger, PeriodFacts, PeriodKey, PeriodKind, PeriodState, Postponement, duty, state};
use domain::rulepack::Library;
use domain::vi;
use jiff::civil::Date;

use super::page::{Board, CellRow};
use super::store;
use crate::fault::Fault;
use crate::org::store as orgs;

/// Cells listed on the first page; the organisation's own page has all of them.
const SHOWN: usize = 30;

/// The month of every cell below an organisation.
///
/// # Errors
/// `NotFound`; database faults.
pub fn load(tx: &mut Tx, library: &Library, org: OrgId, today: Date) -> Result<Board, Fault> {
    let above = orgs::get(tx, org, today)?;
    let key = PeriodKey::of(PeriodKind::Regular, today).ok_or(Fault::NotFound)?;
    let owed = duty(key, &library.at(key.first_day()));
    let mut facts: BTreeMap<OrgId, PeriodFacts> = BTreeMap::new();
    for m in store::meetings_below(tx, &above.path, key)? {
        let fact = MeetingFact { state: m.state, held_on: m.opened_at.map(|at| at.date()) };
        let known = facts.entry(m.org).or_default();
        if known.meeting.is_none_or(|k| rank(fact.state) > rank(k.state)) {
            known.meeting = Some(fact);
            known.planned_on = Some(m.starts_at.date());
        }
    }
    for (cell, planned, postponed, merged) in store::plans_below(tx, &above.path, key)? {
        let known = facts.entry(cell).or_default();
        known.planned_on = known.planned_on.or_else(|| planned.map(|at| at.date()));
        known.postponed = postponed.map(|to| Postponement { to, reason: String::new() });
        known.merged = merged.and_then(|k| k.parse().ok()).map(|into| Merger { into, reason: String::new() });
    }
    let mut counts: BTreeMap<PeriodState, usize> = BTreeMap::new();
    let mut rows = Vec::new();
    for cell in orgs::below(tx, &above.path, today)?.into_iter().filter(|o| o.is_cell) {
        let life = CellLife { from: cell.born_on, to: cell.ended_on };
        let Some(owed) = owed.as_ref().filter(|d| life.on(d.last_day.min(today)) && life.from <= d.last_day) else {
            continue;
        };
        let standing = state(owed, facts.get(&cell.id).unwrap_or(&PeriodFacts::default()), today);
        *counts.entry(standing.state).or_default() += 1;
        let day = facts.get(&cell.id).and_then(|f| f.meeting.and_then(|m| m.held_on).or(f.planned_on));
        rows.push((
            urgency(standing.state),
            CellRow {
                href: format!("/tc/{}", cell.id),
                name: cell.short_name,
                class: class(standing.state),
                state: standing.state.to_string(),
                day: day.map(vi::date).unwrap_or_default(),
            },
        ));
    }
    rows.sort_by_key(|(urgency, _)| *urgency);
    let total = rows.len();
    Ok(Board {
        org: org.to_string(),
        name: above.short_name,
        period: key.name(),
        total,
        counts: counts.into_iter().map(|(s, n)| (class(s), format!("{s}: {n}"))).collect(),
        rows: rows.into_iter().take(SHOWN).map(|(_, row)| row).collect(),
        more: total.saturating_sub(SHOWN),
    })
}

fn rank(state: MeetingState) -> u8 {
    match state {
        MeetingState::Cancelled => 0,
        MeetingState::Draft => 1,
        MeetingState::Noticed => 2,
        MeetingState::Open => 3,
        MeetingState::Closed | MeetingState::Adopted | MeetingState::Sealed => 4,
    }
}

/// What needs attention stands first.
fn urgency(state: PeriodState) -> u8 {
    match state {
        PeriodState::Overdue => 0,
        PeriodState::Upcoming => 1,
        PeriodState::Postponed => 2,
        PeriodState::Planned | PeriodState::Preparing => 3,
        PeriodState::Noticed | PeriodState::Running => 4,
        PeriodState::Held | PeriodState::Merged => 5,
        PeriodState::Sealed | PeriodState::Excused => 6,
    }
}

fn class(state: PeriodState) -> &'static str {
    match state {
        PeriodState::Sealed => "done",
        PeriodState::Planned | PeriodState::Noticed | PeriodState::Running | PeriodState::Held | PeriodState::Merged => "wait",
        PeriodState::Preparing | PeriodState::Postponed => "due",
        PeriodState::Overdue => "late",
        PeriodState::Upcoming | PeriodState::Excused => "none",
    }
}
