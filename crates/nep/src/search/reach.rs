//! What a person may find, as the query asks it: where they hold which right, and under which
//! organisations. Touches the actor and organisations, to read. Rules: P-10.

use std::collections::BTreeSet;

use db::Tx;
use domain::id::{OrgId, PersonId};
use domain::right::{Position, Right, allows};
use jiff::civil::Date;

use crate::account::store as accounts;
use crate::actor::Actor;

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
    Ok(Reach {
        person: actor.person,
        today: actor.today(),
        read: holds(Right::CellRead),
        lead: holds(Right::MeetingPrepare),
        orgs: Within { orgs: holds(Right::CellStats), below: below(Right::CellStats) },
        members: Within { orgs: holds(Right::MemberManage), below: below(Right::MemberManage) },
    })
}
