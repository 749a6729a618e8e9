//! What a person may find, as the query asks it: where they hold which right, and under which
//! organisations. Touches the actor and organisations, to read. Rules: P-10.

use std::collections::BTreeSet;

use db::Tx;
use domain::id::{OrgId, PersonId};
use domain::library::reviews;
use domain::right::{Position, Right, allows};
use domain::tree::ids;
use jiff::civil::Date;

use crate::account::store as accounts;
use crate::actor::{Actor, Standpoint};
use crate::org::store as orgs;

/// Organisations in which a right is held: named ones, and everything under some paths.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Within {
    /// Named organisations.
    pub orgs: Vec<OrgId>,
    /// Places in the tree whose whole part below counts, not they themselves.
    pub below: Vec<String>,
}

impl Within {
    /// Whether the right is held anywhere.
    pub fn any(&self) -> bool {
        !self.orgs.is_empty() || !self.below.is_empty()
    }
}

/// An organisation from which a person reads what others send or publish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// Which.
    pub org: OrgId,
    /// Whether it is a cell.
    pub is_cell: bool,
    /// Whether the person reads what the organisation itself does, not only its figures.
    pub reads: bool,
    /// Its place in the tree.
    pub path: String,
    /// It with all above it, the top first.
    pub lineage: Vec<OrgId>,
    /// Its type of cell.
    pub cell_type: Option<String>,
}

/// What a person may find.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// Who: their own things.
    pub person: PersonId,
    /// The day, for stays in cells.
    pub today: Date,
    /// Where content is theirs to read.
    pub read: Vec<OrgId>,
    /// Where what is for the committee is theirs to read.
    pub lead: Vec<OrgId>,
    /// Where they see the organisation.
    pub orgs: Within,
    /// Where they see the list of members.
    pub members: Within,
    /// Committees whose drafts of what is sent down they write.
    pub issue: Vec<OrgId>,
    /// Committees for which they review what the cells send up.
    pub review: Vec<OrgId>,
    /// From where they read what others send or publish; where they read most first.
    pub seats: Vec<Seat>,
}

impl Reach {
    /// The cells on whose behalf they read what is sent down.
    pub fn cells(&self) -> impl Iterator<Item = &Seat> {
        self.seats.iter().filter(|s| s.is_cell && s.reads)
    }
}

/// What an actor may find, by the rules of the gate.
///
/// # Errors
/// Database faults only.
pub fn of(tx: &mut Tx, actor: &Actor) -> db::Result<Reach> {
    let places: BTreeSet<OrgId> = actor.places.iter().map(|p| p.org).collect();
    let stands = accounts::stands(tx, actor, places)?;
    let holds = |right: Right| -> Vec<OrgId> {
        stands
            .iter()
            .filter(|(_, _, s)| Actor { standpoint: s.clone(), ..actor.clone() }.may(right))
            .map(|(org, _, _)| *org)
            .collect()
    };
    // What the roles of a place give in any organisation under it.
    let below = |right: Right| -> Vec<String> {
        let gives = |org: &OrgId| {
            let roles = actor.places.iter().find(|p| p.org == *org).map(|p| p.roles.as_slice()).unwrap_or_default();
            allows(right, &Position { signed_in: true, is_cell: true, roles_above: roles, ..Position::default() })
        };
        stands.iter().filter(|(org, _, _)| gives(org)).map(|(_, path, _)| path.clone()).collect()
    };
    let (read, figures) = (holds(Right::CellRead), holds(Right::CellStats));
    let reviewing = |s: &Standpoint| reviews(&Actor { standpoint: s.clone(), ..actor.clone() }.position());
    let types = orgs::cell_types(tx, &read, actor.today())?;
    let sits = stands.iter().filter(|(org, _, _)| read.contains(org) || figures.contains(org));
    let mut seats: Vec<Seat> = sits
        .map(|(org, path, s)| Seat {
            org: *org,
            is_cell: s.is_cell,
            reads: read.contains(org),
            path: path.clone(),
            lineage: ids(path).unwrap_or_default(),
            cell_type: types.get(org).cloned(),
        })
        .collect();
    seats.sort_by_key(|s| !(s.is_cell && s.reads));
    Ok(Reach {
        person: actor.person,
        today: actor.today(),
        issue: holds(Right::GuidanceIssue),
        review: stands.iter().filter(|(_, _, s)| reviewing(s)).map(|(org, _, _)| *org).collect(),
        seats,
        read,
        lead: holds(Right::MeetingPrepare),
        orgs: Within { orgs: figures, below: below(Right::CellStats) },
        members: Within { orgs: holds(Right::MemberManage), below: below(Right::MemberManage) },
    })
}
