//! The day's bundles: whom the rules tell what, in batches of people, each batch one transaction. Several
//! servers on one database agree through the row of the run. Bundles go over all cells of a person, so
//! they are made person by person and not organisation by organisation.
//! May touch tasks, posts, what is sent down, and rules. Rules: NV-01 … NV-07, ahead.md 9.

use std::collections::{BTreeMap, BTreeSet};

use db::Tx;
use domain::delivery::Channel;
use domain::id::{Id, OrgId, PersonId};
use domain::post::Role;
use domain::reminder::sent::{self as about_sent, Sent};
use domain::reminder::{Fact, Figures, Line, Window, bundles, due_run, is_off};
use domain::roll::Standing;
use domain::rulepack::{Library, Rules};
use jiff::civil::Date;

use super::sent;
use super::store::{self, Run};
use crate::account::store as accounts;
use crate::actor::{Actor, Place, local, moment};
use crate::fault::Fault;
use crate::guidance::store::fresh;
use crate::guidance::view::since;
use crate::org::store as orgs;
use crate::task::store::Task;
use crate::task::store::follow;

/// People of one transaction.
const BATCH: i64 = 200;

/// How a batch ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Nothing goes out now, or everything has.
    Nothing,
    /// There may be more people.
    More,
}

/// Makes the bundles of the next people, beginning the run of the day if it is time.
///
/// # Errors
/// `Conflict` when another server was faster; database faults.
pub fn batch(tx: &mut Tx, actor: &Actor, library: &Library, channels: &[Channel]) -> Result<Step, Fault> {
    let today = actor.today();
    let rules = library.at(today);
    let Some(run) = run_of(tx, actor, &rules)? else {
        return Ok(Step::Nothing);
    };
    let people = awaited(tx, run.last, today)?;
    let Some(last) = people.last().copied() else {
        store::advance(tx, &run, run.last, Some(actor.now))?;
        return Ok(Step::Nothing);
    };
    let places = accounts::places_of(tx, people.iter().copied(), today)?;
    let leads = |p: &Place| p.is_cell && takes_part(p) && p.roles.iter().any(|r| matches!(r, Role::Secretary | Role::Deputy));
    let cells: BTreeSet<OrgId> = places.values().flatten().filter(|p| leads(p)).map(|p| p.org).collect();
    let cells: Vec<OrgId> = cells.into_iter().collect();
    let tasks = follow::live_of(tx, &people, &cells)?;
    let facts = facts(tx, &tasks, &rules, today)?;
    let confirmed = store::choice::confirmed(tx, &people)?;
    let reached: Vec<Sent> = sent::reached(tx, &places, today)?.into_iter().map(|r| r.fact).collect();
    let mut told = told(&facts, &run, &people, &rules);
    for (person, lines) in about_sent::bundles(&reached, local(run.until_at)) {
        told.entry(person).or_default().extend(lines);
    }
    for (person, lines) in told {
        let Some(own) = places.get(&person) else {
            continue;
        };
        let lines: Vec<Line> = lines.into_iter().filter(|l| own.iter().any(|p| p.org == l.org && takes_part(p))).collect();
        let Some(home) = own.first().filter(|_| !lines.is_empty()) else {
            continue;
        };
        if let Some(message) = store::keep(tx, actor, run.day, (person, home.org), &lines)? {
            for channel in channels.iter().filter(|c| **c != Channel::Mail || confirmed.contains(&person)) {
                store::delivery::add(tx, actor, message, person, *channel)?;
            }
        }
    }
    store::advance(tx, &run, last, None)?;
    Ok(Step::More)
}

/// The next people something may wait for: tasks, or what committees sent down.
fn awaited(tx: &mut Tx, last: PersonId, today: Date) -> db::Result<Vec<PersonId>> {
    let mut all: BTreeSet<PersonId> = follow::awaited(tx, last, today, BATCH)?.into_iter().collect();
    all.extend(fresh::awaited(tx, last, (since(today), today), BATCH)?);
    Ok(all.into_iter().take(usize::try_from(BATCH).unwrap_or(usize::MAX)).collect())
}

/// A suspended member keeps only what is their own; tasks of the cell are not told to them.
fn takes_part(place: &Place) -> bool {
    place.membership != Some(Standing::Suspended)
}

/// The run that goes on, or that begins now.
fn run_of(tx: &mut Tx, actor: &Actor, rules: &Rules) -> Result<Option<Run>, Fault> {
    let today = actor.today();
    let last = store::last_run(tx)?;
    if let Some(run) = last.as_ref().filter(|r| r.day == today) {
        return Ok(Some(run.clone()).filter(|r| r.done_at.is_none()));
    }
    let rules = match store::topmost(tx)? {
        Some(top) => {
            let top = orgs::get(tx, top, today)?;
            orgs::rules_for(tx, &top, rules)?
        }
        None => rules.clone(),
    };
    let hour = rules.int("reminder.hour").unwrap_or(7);
    let before = last.as_ref().map(|r| local(r.until_at));
    let rest = is_off(&rules, today) && !rules.flag("reminder.weekend");
    let Some(window) = due_run(local(actor.now), before, hour, rest) else {
        return Ok(None);
    };
    let unfinished = last.filter(|r| r.done_at.is_none());
    let run = Run {
        day: today,
        after_at: moment(window.after),
        until_at: actor.now,
        last: Id::new(0),
        early_at: unfinished.as_ref().map(|r| r.after_at),
        early_person: unfinished.as_ref().map(|r| r.last),
        done_at: None,
    };
    store::begin(tx, &run)?;
    Ok(Some(run))
}

/// What is told to these people, each since the run that reached them last.
fn told(facts: &[Fact], run: &Run, people: &[PersonId], rules: &Rules) -> BTreeMap<PersonId, Vec<Line>> {
    let mut by_window: BTreeMap<jiff::civil::DateTime, (Window, Vec<PersonId>)> = BTreeMap::new();
    for person in people {
        let window = run.window(*person);
        by_window.entry(window.after).or_insert_with(|| (window, Vec::new())).1.push(*person);
    }
    let mut out = BTreeMap::new();
    for (window, people) in by_window.into_values() {
        out.extend(bundles(facts, &window, &|day| is_off(rules, day)).into_iter().filter(|(p, _)| people.contains(p)));
    }
    out
}

/// Tasks as reminders see them, each by the figures of its cell. Where several lead a cell, each is told.
///
/// # Errors
/// Database faults only.
pub fn facts(tx: &mut Tx, tasks: &[Task], rules: &Rules, today: Date) -> Result<Vec<Fact>, Fault> {
    let cells: Vec<OrgId> = tasks.iter().map(|t| t.org).collect::<BTreeSet<_>>().into_iter().collect();
    let heads = store::heads(tx, &cells, today)?;
    let mut figures: BTreeMap<OrgId, Figures> = BTreeMap::new();
    if store::any_own_figure(tx)? {
        for cell in &cells {
            let org = orgs::get(tx, *cell, today)?;
            figures.insert(*cell, Figures::of(&orgs::rules_for(tx, &org, rules)?));
        }
    }
    let usual = Figures::of(rules);
    let mut out = Vec::with_capacity(tasks.len());
    for task in tasks {
        let people = heads.get(&task.org).map(Vec::as_slice).unwrap_or_default();
        let heads: Vec<Option<PersonId>> =
            if people.is_empty() { vec![None] } else { people.iter().copied().map(Some).collect() };
        out.extend(heads.into_iter().map(|head| Fact {
            org: task.org,
            task: task.id,
            people: task.people(),
            head,
            state: task.state,
            deadline: task.deadline,
            given: task.given_at.map(local),
            since: task.state_at.map(local),
            figures: figures.get(&task.org).copied().unwrap_or(usual),
        }));
    }
    Ok(out)
}
