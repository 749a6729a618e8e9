//! How far a person's hands reach in the tree: the organisations they may rearrange, and those whose
//! members they may send one another. Touches the actor's places and organisations, to read.
//! Rules: P-10, P-14 (what lies outside does not exist), L10.

use db::Tx;
use domain::post::Role;

use super::store::{self, Org};
use crate::actor::{Actor, Place};

fn holds(place: &Place, roles: &[Role]) -> bool {
    place.roles.iter().any(|r| roles.contains(r))
}

/// A committee, or for the technical administrator anything, whose structure the person looks after.
fn arranges(place: &Place) -> bool {
    holds(place, &[Role::Admin])
        || (!place.is_cell && holds(place, &[Role::Secretary, Role::Deputy, Role::Standing, Role::Clerk]))
}

/// A committee whose office the person is, or a cell the person leads.
fn looks_after(place: &Place) -> bool {
    if place.is_cell {
        return holds(place, &[Role::Secretary, Role::Deputy, Role::Committee, Role::Clerk]);
    }
    holds(place, &[Role::Secretary, Role::Deputy, Role::Clerk])
}

fn all(tx: &mut Tx, actor: &Actor, fits: fn(&Place) -> bool) -> db::Result<Vec<Org>> {
    let mut out: Vec<Org> = Vec::new();
    for place in actor.places.iter().filter(|p| fits(p)) {
        let top = store::get(tx, place.org, actor.today())?;
        for org in store::below(tx, &top.path, actor.today())? {
            if !out.iter().any(|o| o.id == org.id) {
                out.push(org);
            }
        }
    }
    Ok(out)
}

/// Every organisation whose place in the tree the person may change.
///
/// # Errors
/// Database faults only.
pub fn structure(tx: &mut Tx, actor: &Actor) -> db::Result<Vec<Org>> {
    all(tx, actor, arranges)
}

/// Every cell whose members the person looks after.
///
/// # Errors
/// Database faults only.
pub fn cells(tx: &mut Tx, actor: &Actor) -> db::Result<Vec<Org>> {
    Ok(all(tx, actor, looks_after)?.into_iter().filter(|o| o.is_cell).collect())
}

/// Whether a change of `org` itself is in the person's hands: it is decided above it.
pub fn decides(structure: &[Org], org: &Org) -> bool {
    org.parent().is_some_and(|p| structure.iter().any(|o| o.id == p))
}

/// The widest part of the tree within the person's reach that holds `org`: where people are looked for.
///
/// # Errors
/// Database faults only.
pub fn scope(tx: &mut Tx, actor: &Actor, org: &Org) -> db::Result<String> {
    let reach = structure(tx, actor)?;
    let widest = reach.iter().filter(|o| org.path.starts_with(&o.path)).map(|o| &o.path).min_by_key(|p| p.len());
    Ok(widest.unwrap_or(&org.path).clone())
}

/// Whether the person's office takes in lists of members for the cells below the organisation of the route.
pub fn imports(actor: &Actor) -> bool {
    let at = &actor.standpoint;
    let office = [Role::Secretary, Role::Deputy, Role::Clerk];
    !at.is_cell && at.roles_here.iter().chain(&at.roles_above).any(|r| office.contains(r))
}
