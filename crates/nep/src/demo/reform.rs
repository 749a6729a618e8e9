//! Two changes of the tree within the two years: a cell that bears another name, and a cell that
//! was split, as its committee would have planned and carried them out. Rules: TC-20 … TC-25.

use std::collections::BTreeMap;

use domain::id::OrgId;
use domain::tree::{Change, Facts, Founding, plan};
use jiff::Timestamp;

use super::cell::{Block, Cell, Known};
use super::people;
use super::seed::Seed;
use super::{Maker, table};
use crate::fault::Fault;
use crate::org::store::change::{self, Reform};
use crate::org::store::history::Happened;

type Event = (OrgId, Happened, Option<OrgId>);

fn carry(
    maker: &mut Maker,
    root: OrgId,
    like: OrgId,
    when: Timestamp,
    change: &Change,
    events: &[Event],
    document: &str,
) -> Result<(), Fault> {
    let actor = maker.system.at(domain::id::Id::new(0), like, when);
    let on = actor.today();
    let rules = maker.rules.at(on);
    let nodes = change::nodes(maker.tx, root)?;
    let stays = change::open_stays(maker.tx, like, on)?;
    let members = change::as_members(like, &stays);
    let plan = plan(change, on, Facts { nodes: &nodes, members: &members }, &rules)?;
    let reform = Reform { on, document: Some(document), like, likes: BTreeMap::new(), events, rules: &rules };
    Ok(change::carry_out(maker.tx, &actor, &plan, &reform)?)
}

/// Gives a cell directly below the block its new name.
pub(super) fn rename(maker: &mut Maker, block: &mut Block, when: Timestamp, at: usize) -> Result<(), Fault> {
    let root = block.root;
    let Some(cell) = block.cells.get_mut(at) else { return Ok(()) };
    cell.name = format!("Chi bộ {}", table::RENAMED.1);
    let change = Change::Rename { org: cell.org, name: cell.name.clone(), kind: None };
    let document = "Quyết định số 214-QĐ/ĐUK của Đảng ủy Khối về việc đổi tên chi bộ";
    carry(maker, root, cell.org, when, &change, &[(cell.org, Happened::Renamed, None)], document)
}

/// Splits a cell: the younger half goes to a new one. The index of the new cell.
pub(super) fn split(maker: &mut Maker, block: &mut Block, when: Timestamp, at: usize) -> Result<Option<usize>, Fault> {
    let root = block.root;
    let Some(cell) = block.cells.get_mut(at) else { return Ok(None) };
    let actor = maker.system.at(domain::id::Id::new(0), cell.org, when);
    let (id, name) = (actor.id(), format!("Chi bộ {}", table::SPLIT_OFF));
    let half = cell.members.len() / 2;
    let leaders = cell.leaders.clone();
    let first: Vec<_> = cell.members.iter().take(half).map(|m| m.person).collect();
    let remains = |m: &Known| first.contains(&m.person) || leaders.contains(&m.person);
    let (stay, go): (Vec<Known>, Vec<Known>) = cell.members.drain(..).partition(remains);
    cell.members = stay;
    let stays = change::open_stays(maker.tx, cell.org, actor.today())?;
    let members = stays.iter().filter(|s| go.iter().any(|k| k.person == s.person)).map(|s| s.id).collect();
    let founding = Founding { id, kind: "cell_sub".to_owned(), name: name.clone(), members };
    let change = Change::Split { org: cell.org, parts: vec![founding], keeps: true };
    let events = [(cell.org, Happened::SplitInto, Some(id)), (id, Happened::SplitFrom, Some(cell.org))];
    let (from, new) = (cell.org, offspring(cell, id, name, go));
    carry(
        maker,
        root,
        from,
        when,
        &change,
        &events,
        "Quyết định số 87-QĐ/ĐU của Đảng ủy Sở Nông nghiệp và Môi trường về việc tách chi bộ",
    )?;
    block.cells.push(new);
    let index = block.cells.len() - 1;
    if let Some(new) = block.cells.get_mut(index) {
        people::lead_cell(maker, &actor, new, actor.today())?;
    }
    Ok(Some(index))
}

fn offspring(of: &Cell, org: OrgId, name: String, members: Vec<Known>) -> Cell {
    Cell {
        org,
        committee: of.committee,
        place: of.place.clone(),
        name,
        line: of.line,
        show: false,
        secretary: domain::id::Id::new(0),
        deputy: None,
        leaders: Vec::new(),
        members,
        follower: of.follower.clone(),
        habits: of.habits,
        tasks: Vec::new(),
        seed: Seed::new(87, 2025),
    }
}
