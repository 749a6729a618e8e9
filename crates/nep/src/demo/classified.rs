//! How the cells of the demonstration and their members were classified in the two years that are over, as the
//! committees' offices and the secretaries entered it; and which cells are pilots, two of each type.

use std::collections::BTreeMap;

use domain::id::{Id, OrgId};
use domain::rulepack::Ratio;
use domain::target::{Level, Levels, most_excellent};
use domain::vi;
use jiff::civil::{Date, date};

use super::Maker;
use super::block::entered;
use super::cell::{Block, Cell};
use super::seed::Seed;
use crate::actor::moment;
use crate::classification::store::{self as results, NewLevel};
use crate::fault::Fault;
use crate::org::store::{self as orgs, Particulars};

/// Pilots of each type of cell.
const PILOTS: usize = 2;
/// Of a hundred good ones this many may be excellent (XL-06).
const QUOTA: Ratio = Ratio { part: 20, whole: 100 };

/// Marks the first cells of each type as pilots.
pub(super) fn pilots(maker: &mut Maker, block: &Block) -> Result<(), Fault> {
    let at = entered(maker.today());
    let mut chosen: BTreeMap<&str, usize> = BTreeMap::new();
    for cell in &block.cells {
        let many = chosen.entry(cell.line.cell_type()).or_default();
        if *many == PILOTS {
            continue;
        }
        *many += 1;
        let actor = maker.system.at(Id::new(0), cell.org, at);
        let now = orgs::get(maker.tx, cell.org, actor.today())?;
        let pilot = Particulars { short_name: now.short_name, place: now.place, cell_type: now.cell_type, pilot: true };
        orgs::set_particulars(maker.tx, &actor, cell.org, actor.today(), &pilot)?;
    }
    Ok(())
}

/// Enters the results of the two years before this one.
pub(super) fn results(maker: &mut Maker, block: &Block) -> Result<(), Fault> {
    let this = maker.today().year();
    for year in [this - 2, this - 1] {
        let decided = Date::new(year + 1, 1, 15).unwrap_or(date(2026, 1, 15));
        let mut by_committee: BTreeMap<OrgId, Vec<&Cell>> = BTreeMap::new();
        for cell in &block.cells {
            if orgs::get(maker.tx, cell.org, maker.today())?.born_on.year() < year {
                by_committee.entry(cell.committee).or_default().push(cell);
            }
        }
        for (committee, cells) in by_committee {
            let mut seed = Seed::new(committee.raw().unsigned_abs(), u64::from(year.unsigned_abs()));
            let document = format!("Quyết định {}-QĐ/ĐU ngày {}", seed.between(3, 40), vi::date(decided));
            let good: Vec<bool> = cells.iter().map(|c| c.show || !seed.chance(if year == this - 1 { 9 } else { 16 })).collect();
            let many = u32::try_from(good.iter().filter(|g| **g).count()).unwrap_or(0);
            let mut best = most_excellent(many, QUOTA);
            for (cell, good) in cells.into_iter().zip(good) {
                let excellent = good && best > 0 && !seed.chance(40);
                best -= u32::from(excellent);
                let level = match (excellent, good) {
                    (true, _) => Level::Excellent,
                    (_, true) => Level::Good,
                    // Two years ago somewhere a cell did not do what it had to.
                    _ if year == this - 2 && cell.habits.missing > 10 && seed.chance(25) => Level::Failed,
                    _ => Level::Done,
                };
                let actor = maker.system.at(Id::new(0), cell.org, moment(decided.at(9, 0, 0, 0)));
                let new = NewLevel { level: Some(level), document: document.clone(), version: 0, reason: String::new() };
                results::save_level(maker.tx, &actor, cell.org, year, None, &new)?;
                let members = members(cell, &mut seed);
                results::save_members(maker.tx, &actor, cell.org, year, None, &members, "")?;
            }
        }
    }
    Ok(())
}

/// The numbers of a cell's members: nearly all good, some excellent within the quota.
fn members(cell: &Cell, seed: &mut Seed) -> Levels {
    let all = u32::try_from(cell.members.len()).unwrap_or(0);
    let unreviewed = u32::from(all > 12) + u32::from(all > 18);
    let reviewed = all.saturating_sub(unreviewed);
    let done = u32::from(seed.chance(35)).min(reviewed);
    let good_or_above = reviewed - done;
    let most = most_excellent(good_or_above, QUOTA);
    let excellent = most.saturating_sub(u32::from(seed.chance(25)));
    Levels { excellent, good: good_or_above - excellent, done, failed: 0, unreviewed }
}
