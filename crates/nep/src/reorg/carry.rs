//! A programme planned on the facts of the moment, decided, carried out in the caller's transaction, taken back.
//! Touches programmes, organisations, posts, stays, through their stores. Rules: TC-20 … TC-26, P-28.

use std::collections::{BTreeMap, BTreeSet};

use db::Tx;
use domain::id::{OrgId, PersonId};
use domain::post::{self, Post};
use domain::refusal::Refusal;
use domain::rulepack::{Library, Rules};
use domain::search::Kind;
use domain::tree::{self, Facts, Item, Node, ProgrammeState, Whole};
use jiff::civil::Date;
use web::random::digest;

use super::kept::{Entry, What};
use super::store::journal::{self, Scope};
use super::store::{self, Programme};
use super::words::{self, Section, Told};
use crate::actor::Actor;
use crate::audit::store as audit;
use crate::board::store as board;
use crate::fault::Fault;
use crate::org::store::change::{self, Reform};
use crate::org::store::history::Happened;
use crate::org::store::{self as orgs, Org};
use crate::search::store::source as index;

/// The figure that says how many days of 24 hours a programme can be taken back.
const UNDO_DAYS: &str = "reorg.undo_days";

/// For how many hours a programme can be taken back.
pub fn undo_hours(rules: &Rules) -> i64 {
    rules.int(UNDO_DAYS).unwrap_or(0).saturating_mul(24)
}

/// A plan that can be shown and carried out.
pub struct Ready {
    /// What would be done.
    pub whole: Whole,
    /// The same in sentences.
    pub sections: Vec<Section>,
    /// The day.
    pub on: Date,
    entries: Vec<Entry>,
}

impl Ready {
    /// Fingerprint of what was shown.
    pub fn print(&self) -> String {
        digest(&words::text(&self.sections))
    }
}

/// Plans a programme on the facts of the moment.
///
/// # Errors
/// A refusal in a sentence when it cannot be; database faults.
pub fn prepare(tx: &mut Tx, org: &Org, programme: &Programme, library: &Library) -> Result<Ready, Fault> {
    let Some(on) = programme.on else {
        return Err(Refusal::new("no_day", "Phương án chưa có ngày thực hiện. Hãy ghi ngày trước.").into());
    };
    let entries = programme.entries()?;
    let nodes = change::nodes(tx, org.id)?;
    let items: Vec<Item> = entries.iter().map(Entry::item).collect();
    let leaving: Vec<OrgId> = entries
        .iter()
        .filter(|e| !matches!(e.what, What::Move { .. }))
        .flat_map(Entry::chosen)
        .copied()
        .map(OrgId::new)
        .collect();
    let into: Vec<OrgId> =
        items.iter().filter_map(|i| if let Item::Merge { into, .. } = i { Some(*into) } else { None }).collect();
    let stays = store::stays(tx, &[leaving.clone(), into.clone()].concat(), on)?;
    let members: Vec<_> = stays.iter().flat_map(|(org, stay)| change::as_members(*org, std::slice::from_ref(stay))).collect();
    let whole = tree::plan_whole(&items, org.id, on, Facts { nodes: &nodes, members: &members }, &library.at(on))?;
    first_posts(&entries, on)?;
    let root = nodes.iter().find(|n| n.id == org.id).ok_or(Fault::NotFound)?;
    let around = store::around(tx, &org.path, &leaving, on)?;
    let twice = twice(&whole, &stays);
    let told = Told { root, nodes: &nodes, whole: &whole, entries: &entries, around: &around, on, library, twice };
    let sections = words::sections(&told);
    Ok(Ready { sections, whole, on, entries })
}

/// People with a stay in two cells that become one.
fn twice(whole: &Whole, stays: &[(OrgId, change::Stay)]) -> Vec<String> {
    let home = |org: OrgId| whole.merged.iter().find(|m| m.0 == org).map_or(org, |m| m.1);
    let mut seen: BTreeSet<(OrgId, PersonId)> = BTreeSet::new();
    stays.iter().filter(|(org, s)| !seen.insert((home(*org), s.person))).map(|(_, s)| s.name.clone()).collect()
}

/// Whether the first posts of new organisations may stand beside one another.
fn first_posts(entries: &[Entry], on: Date) -> Result<(), Fault> {
    for entry in entries {
        let What::Found { id, posts, .. } = &entry.what else { continue };
        let mut so_far: Vec<Post> = Vec::new();
        for first in posts {
            let Some(role) = first.role() else { continue };
            let new = Post { person: first.person(), role, org: OrgId::new(*id), from: on, to: None };
            post::appoint(&so_far, &new)?;
            so_far.push(new);
        }
    }
    Ok(())
}

/// Decides a programme; when its day is here it is carried out at once.
///
/// # Errors
/// A refusal; `Conflict` when somebody saved first; database faults.
pub fn approve(
    tx: &mut Tx,
    actor: &Actor,
    org: &Org,
    programme: &Programme,
    ready: &Ready,
    library: &Library,
) -> Result<ProgrammeState, Fault> {
    let by = (actor.person.raw() != 0).then_some(actor.person);
    let approved = Programme {
        state: programme.state.approve(&programme.document)?,
        approved_at: Some(actor.now),
        approved_by: by,
        trouble: None,
        ..programme.clone()
    };
    store::save(tx, actor, &approved, "programme.approved")?;
    if ready.on > actor.today() {
        return Ok(approved.state);
    }
    let approved = Programme { version: programme.version + 1, ..approved };
    carry(tx, actor, org, &approved, ready, library)?;
    Ok(ProgrammeState::Carried)
}

/// Carries a decided programme out.
///
/// # Errors
/// A refusal; `Conflict` when another server was first; database faults.
pub fn carry(
    tx: &mut Tx,
    actor: &Actor,
    org: &Org,
    programme: &Programme,
    ready: &Ready,
    library: &Library,
) -> Result<(), Fault> {
    let carried = Programme {
        state: programme.state.carry(ready.on, actor.today())?,
        carried_at: Some(actor.now),
        plan: Some(store::as_json(&ready.sections)?),
        trouble: None,
        undone_at: None,
        undone_by: None,
        ..programme.clone()
    };
    store::save(tx, actor, &carried, "programme.carried")?;
    let scope = scope(org, &ready.whole);
    let before = journal::read(tx, &scope)?;
    let rules = library.at(ready.on);
    let events = events(&ready.whole);
    let reform = Reform {
        on: ready.on,
        document: Some(programme.document.as_str()),
        like: org.id,
        likes: ready.whole.likes.clone(),
        events: &events,
        rules: &rules,
    };
    change::carry_out(tx, actor, &ready.whole.plan, &reform)?;
    for entry in &ready.entries {
        let What::Found { id, posts, .. } = &entry.what else { continue };
        for first in posts {
            if let Some(role) = first.role() {
                let document = Some(programme.document.as_str());
                orgs::appoint(tx, actor, OrgId::new(*id), first.person(), role, ready.on, document)?;
            }
        }
    }
    let after = journal::read(tx, &scope)?;
    Ok(journal::keep(tx, org.id, programme.id, &before, &after)?)
}

fn scope(org: &Org, whole: &Whole) -> Scope {
    let ends = whole.founded.iter().chain(&whole.ended).chain(whole.merged.iter().map(|(org, _)| org)).copied().collect();
    let cells: BTreeSet<OrgId> = whole.merged.iter().flat_map(|(org, into)| [*org, *into]).collect();
    Scope { path: org.path.clone(), ends, cells: cells.into_iter().collect() }
}

/// What the histories will say.
fn events(whole: &Whole) -> Vec<(OrgId, Happened, Option<OrgId>)> {
    let after: BTreeMap<OrgId, &Node> = whole.after.iter().map(|n| (n.id, n)).collect();
    let mut out = Vec::new();
    for org in &whole.founded {
        out.push((*org, Happened::Founded, after.get(org).and_then(|n| n.parent)));
    }
    out.extend(whole.recast.iter().map(|r| (r.org, Happened::Renamed, None)));
    out.extend(whole.moved.iter().map(|m| (m.org, Happened::Moved, Some(m.to))));
    for (org, into) in &whole.merged {
        out.push((*org, Happened::MergedInto, Some(*into)));
        out.push((*into, Happened::MergedFrom, Some(*org)));
    }
    out.extend(whole.ended.iter().map(|org| (*org, Happened::Dissolved, None)));
    out
}

/// Carries out a decided programme whose day has come; what stands against it is kept with it and shown.
///
/// # Errors
/// `Conflict` when another server was first; database faults.
pub fn carry_due(tx: &mut Tx, actor: &Actor, org: OrgId, programme: &Programme, library: &Library) -> Result<(), Fault> {
    // The hands are those of who decided it.
    let hands = actor.at(programme.approved_by.unwrap_or(actor.person), org, actor.now);
    let here = orgs::get(tx, org, actor.today())?;
    match prepare(tx, &here, programme, library) {
        Ok(ready) => carry(tx, &hands, &here, programme, &ready, library),
        Err(Fault::Refused(refusal)) => {
            let stuck = Programme { trouble: Some(refusal.text()), ..programme.clone() };
            Ok(store::save(tx, &hands, &stuck, "programme.stuck")?)
        }
        Err(other) => Err(other),
    }
}

/// Why a carried-out programme cannot be taken back; `Ok` when it can.
///
/// # Errors
/// The refusal; database faults.
pub fn may_undo(tx: &mut Tx, actor: &Actor, org: &Org, programme: &Programme, rules: &Rules) -> Result<ProgrammeState, Fault> {
    let hours = undo_hours(rules);
    // What is refused by state or time needs no look at what was built.
    programme.state.undo(programme.carried_at, actor.now, hours, &[])?;
    let trace = journal::trace(tx, org.id, programme.id, &org.path)?;
    let carried = programme.carried_at.unwrap_or(actor.now);
    let later = journal::later(tx, &trace, carried, actor.today())?;
    Ok(programme.state.undo(programme.carried_at, actor.now, hours, &later)?)
}

/// Takes a programme back: every row as it was, and a line in the histories.
///
/// # Errors
/// A refusal; `Conflict` when somebody was first; database faults.
pub fn undo(tx: &mut Tx, actor: &Actor, org: &Org, programme: &Programme, rules: &Rules) -> Result<(), Fault> {
    let state = may_undo(tx, actor, org, programme, rules)?;
    let by = (actor.person.raw() != 0).then_some(actor.person);
    let undone = Programme { state, undone_at: Some(actor.now), undone_by: by, ..programme.clone() };
    store::save(tx, actor, &undone, "programme.undone")?;
    let trace = journal::trace(tx, org.id, programme.id, &org.path)?;
    let on = actor.today();
    let (changed, since) = (trace.changed(), programme.on.unwrap_or(on));
    // Sums of what was founded are taken out, those of what returns are carried anew.
    board::changed_below(tx, actor, trace.founded(), since)?;
    journal::restore(tx, &trace)?;
    journal::forget(tx, org.id, programme.id)?;
    board::changed_below(tx, actor, &changed, since)?;
    for org in changed.iter().chain(trace.founded()) {
        index::refresh(tx, *org, Kind::Org, org.raw())?;
    }
    for changed in changed {
        change::note(tx, actor, changed, Happened::Restored, None, on, None)?;
    }
    audit::record(tx, actor, org.id, "programme.restored", &format!("programme:{}", programme.id), "")?;
    Ok(())
}
