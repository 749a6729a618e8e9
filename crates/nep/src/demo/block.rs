//! Founds the block: its organisations, terms, cells and the people in them, as they stood when
//! the history begins.

use domain::id::{Id, OrgId};
use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan};

use super::Maker;
use super::cell::{Block, Cell, Habits};
use super::people;
use super::seed::Seed;
use super::table::{BLOCK, CELLS, COMMITTEES, Line, PLACE, SPLIT, SPLIT_OFF};
use crate::actor::{Actor, moment};
use crate::fault::Fault;
use crate::org::store::{self as orgs, NewOrg};

/// Living members at the end of the history.
pub(super) const MEMBERS: usize = 4_055;
/// Of the cell that shows everything.
const SHOW_MEMBERS: usize = 17;
/// Of the cell that is split later.
const SPLIT_MEMBERS: usize = 25;

/// First day of the first month of the history: two years before this month.
pub(super) fn first_day(today: Date) -> Date {
    today.first_of_month().checked_sub(24.months()).unwrap_or(today)
}

/// When the block was entered.
pub(super) fn entered(today: Date) -> Timestamp {
    moment(first_day(today).checked_sub(20.days()).unwrap_or(today).at(8, 0, 0, 0))
}

pub(super) fn found(maker: &mut Maker) -> Result<Block, Fault> {
    let at = entered(maker.today());
    let actor = maker.system.at(Id::new(0), Id::new(0), at);
    let mut seed = Seed::new(66, 289);
    let top =
        Org { parent: None, name: BLOCK, short: "Đảng bộ Khối các cơ quan tỉnh", kind: "upper", line: Line::Office };
    let root = org(maker, &actor, &mut seed, &top)?;
    let (admin, admin_name) = people::administrator(maker, &actor, root)?;
    let mut block = Block { root, cells: Vec::new(), committees: Vec::new(), admin, admin_name };
    for (name, line, below) in COMMITTEES {
        let full = format!("Đảng bộ {name}");
        let committee =
            org(maker, &actor, &mut seed, &Org { parent: Some(root), name: &full, short: &full, kind: "base", line })?;
        let first = block.cells.len();
        for unit in line.units().iter().take(below) {
            let full = format!("Chi bộ {unit} {name}");
            if full.ends_with(SPLIT_OFF) {
                // It comes to life later, out of another one.
                continue;
            }
            let short = format!("Chi bộ {unit}");
            cell(
                maker,
                &actor,
                &mut seed,
                &mut block,
                &Org { parent: Some(committee), name: &full, short: &short, kind: "cell_sub", line },
            )?;
        }
        block.committees.push((committee, full, (first..block.cells.len()).collect()));
    }
    for (name, line) in CELLS {
        let full = format!("Chi bộ {name}");
        cell(
            maker,
            &actor,
            &mut seed,
            &mut block,
            &Org { parent: Some(root), name: &full, short: &full, kind: "cell_base", line },
        )?;
    }
    let split = block.cells.iter().position(|c| c.name.ends_with(SPLIT)).unwrap_or(1);
    let fixed = [(0, SHOW_MEMBERS), (split, SPLIT_MEMBERS)];
    let sizes = sizes(&mut seed, block.cells.len(), MEMBERS + people::LEAVING - people::JOINING, &fixed);
    for (at, size) in sizes.into_iter().enumerate() {
        people::fill(maker, &actor, &mut block, at, size)?;
    }
    people::lead(maker, &actor, &mut block)?;
    Ok(block)
}

/// How many members each cell begins with, `total` in all; the fixed ones stay as they are.
fn sizes(seed: &mut Seed, cells: usize, total: usize, fixed: &[(usize, usize)]) -> Vec<usize> {
    let mut sizes: Vec<usize> = (0..cells).map(|_| usize::try_from(seed.between(7, 21)).unwrap_or(14)).collect();
    for (at, size) in fixed {
        if let Some(slot) = sizes.get_mut(*at) {
            *slot = *size;
        }
    }
    let mut at = 0;
    loop {
        let sum: usize = sizes.iter().sum();
        if sum == total {
            return sizes;
        }
        // Round and round, one up or down.
        at = (at + 1) % cells;
        if let Some(size) = sizes.get_mut(at).filter(|_| fixed.iter().all(|(f, _)| *f != at)) {
            *size = if sum < total { *size + 1 } else { (*size - 1).max(5) };
        }
    }
}

struct Org<'a> {
    parent: Option<OrgId>,
    name: &'a str,
    short: &'a str,
    kind: &'a str,
    line: Line,
}

fn org(maker: &mut Maker, actor: &Actor, seed: &mut Seed, new: &Org<'_>) -> Result<OrgId, Fault> {
    let born = date(2008, 1, 1).checked_add(seed.between(0, 4_000).days()).unwrap_or(date(2012, 1, 1));
    let rule = maker.rules.org_kind(new.kind).ok_or(Fault::NotFound)?;
    let (symbol, is_cell) = (rule.symbol.clone(), rule.is_cell);
    let id = orgs::found(
        maker.tx,
        actor,
        &NewOrg {
            parent: new.parent,
            name: new.name.to_owned(),
            short_name: new.short.to_owned(),
            kind: new.kind.to_owned(),
            symbol,
            is_cell,
            place: PLACE.to_owned(),
            cell_type: is_cell.then(|| new.line.cell_type().to_owned()),
            born_on: born.first_of_month(),
            document: None,
        },
    )?;
    open_terms(maker, actor, id, new.kind)?;
    Ok(id)
}

/// The terms the history touches: five years, two and a half below a grassroots committee.
pub(super) fn open_terms(maker: &mut Maker, actor: &Actor, org: OrgId, kind: &str) -> Result<(), Fault> {
    let today = maker.today();
    let first = first_day(today);
    let half = kind == "cell_sub";
    let mut from = date(2015, 3, 1);
    while from <= today {
        let until = if half { from.checked_add(30.months()) } else { from.checked_add(60.months()) };
        let Ok(until) = until else { break };
        if until > first {
            orgs::open_term(maker.tx, actor, org, &format!("{}-{}", from.year(), until.year()), from)?;
        }
        from = until;
    }
    Ok(())
}

fn cell(maker: &mut Maker, actor: &Actor, seed: &mut Seed, block: &mut Block, new: &Org<'_>) -> Result<(), Fault> {
    let id = org(maker, actor, seed, new)?;
    let at = block.cells.len();
    let show = at == 0;
    // One cell in twelve is careless.
    let careless = !show && seed.chance(8);
    let habits = Habits {
        missing: if careless { 16 } else { 2 },
        late: if careless { 35 } else { 8 },
        combined: show || seed.chance(62),
        topic_month: i8::try_from(seed.weighted(&[("0", 1), ("1", 4), ("2", 3)]).parse::<u8>().unwrap_or(1)).unwrap_or(1),
        day: i8::try_from(seed.between(3, 5)).unwrap_or(3),
        hour: i8::try_from(seed.weighted(&[("7", 2), ("8", 4), ("14", 5), ("15", 3)]).parse::<u8>().unwrap_or(14)).unwrap_or(14),
        early: show || seed.chance(35),
    };
    block.cells.push(Cell {
        org: id,
        committee: new.parent.unwrap_or(block.root),
        name: new.name.to_owned(),
        place: format!("Phòng họp tầng {}, trụ sở {}", seed.between(1, 4), new.name.trim_start_matches("Chi bộ ")),
        line: new.line,
        show,
        secretary: Id::new(0),
        deputy: None,
        leaders: Vec::new(),
        members: Vec::new(),
        follower: None,
        habits,
        tasks: Vec::new(),
        seed: Seed::new(at as u64 + 1, 2026),
    });
    Ok(())
}
