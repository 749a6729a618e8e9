//! The congresses within the two years: leaders of the earlier term are elected again on the first day of
//! the present one, committees have their number, and a few cells lack something, as in a real block.

use domain::id::{Id, OrgId};
use domain::post::Role;

use super::Maker;
use super::cell::Block;
use crate::fault::Fault;
use crate::org::store::{self as orgs, Held};
use crate::posts::store::{self as posts, Part};

/// One cell in so many did not record its congress.
const UNRECORDED: usize = 24;
/// Of the last cells, the one whose secretary moved on three weeks ago.
const WITHOUT: usize = 7;

/// Elects everybody again who leads since before the term.
pub(super) fn congresses(maker: &mut Maker, block: &Block) -> Result<(), Fault> {
    let today = maker.today();
    let top = orgs::get(maker.tx, block.root, today)?;
    let terms = posts::terms(maker.tx, &Part::under(&top.path), today)?;
    let committees: Vec<OrgId> = block.committees.iter().map(|c| c.0).chain([block.root]).collect();
    let behind = |at: usize| at % UNRECORDED == UNRECORDED - 1;
    let cells = block.cells.iter().enumerate().filter(|(at, c)| c.show || !behind(*at)).map(|(_, c)| c.org);
    for org in cells.chain(committees.clone()) {
        let Some(from) = terms.get(&org).map(|t| t.1.from) else { continue };
        let actor = maker.system.at(Id::new(0), org, maker.now);
        let held: Vec<Held> = orgs::posts_on(maker.tx, org, today)?;
        for post in held.into_iter().filter(|p| p.role.is_leader() && p.from < from && p.to.is_none()) {
            orgs::end_post(maker.tx, &actor, org, post.id, from)?;
            orgs::appoint(maker.tx, &actor, org, post.person, post.role, from, Some("Nghị quyết đại hội"))?;
        }
    }
    for org in committees {
        let actor = maker.system.at(Id::new(0), org, maker.now);
        let held = orgs::posts_on(maker.tx, org, today)?.iter().filter(|p| p.role.is_leader()).count();
        // One place of the topmost committee is vacant.
        let seats = u32::try_from(held).unwrap_or(0) + u32::from(org == block.root);
        posts::set_seats(maker.tx, &actor, org, Some(seats))?;
    }
    let last = block.cells.len().checked_sub(WITHOUT).and_then(|at| block.cells.get(at)).filter(|c| !c.show);
    if let Some(cell) = last {
        let actor = maker.system.at(Id::new(0), cell.org, maker.now);
        let gone = today.checked_sub(jiff::ToSpan::days(21)).unwrap_or(today);
        let held = orgs::posts_on(maker.tx, cell.org, today)?;
        for post in held.iter().filter(|p| p.role == Role::Secretary && p.from < gone) {
            orgs::end_post(maker.tx, &actor, cell.org, post.id, gone)?;
        }
    }
    Ok(())
}
