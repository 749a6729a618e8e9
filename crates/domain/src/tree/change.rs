//! The words in which a change of the tree is asked for and planned.
//! Pure. Rules: TC-20 … TC-25.

use jiff::civil::Date;

use super::{Member, Node};
use crate::id::{MembershipId, OrgId};
use crate::refusal::Advice;

/// An organisation to be founded; the caller makes its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Founding {
    /// The new id.
    pub id: OrgId,
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Memberships that come to it (for a split).
    pub members: Vec<MembershipId>,
}

/// What is to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A new name, perhaps a new kind.
    Rename {
        /// Which.
        org: OrgId,
        /// The new name.
        name: String,
        /// The new kind, if it changes.
        kind: Option<String>,
    },
    /// Under another organisation, with all that stands under it.
    Move {
        /// Which.
        org: OrgId,
        /// The new parent.
        to: OrgId,
    },
    /// Into new organisations under the same parent.
    Split {
        /// Which.
        org: OrgId,
        /// The new ones.
        parts: Vec<Founding>,
        /// Whether the old one goes on with the members who are not named.
        keeps: bool,
    },
    /// Several into one of them.
    Merge {
        /// Those that end.
        orgs: Vec<OrgId>,
        /// The one that takes their members and what stands under them.
        into: OrgId,
    },
    /// Several into a new one.
    Unite {
        /// Those that end.
        orgs: Vec<OrgId>,
        /// The new one, under the parent of the first.
        into: Founding,
    },
    /// The end of an organisation.
    Dissolve {
        /// Which.
        org: OrgId,
        /// Where its members go; must be given while it has any.
        members_to: Option<OrgId>,
    },
}

/// What is known before the change: every organisation it can concern and the members of those that end.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// Organisations that exist at present, at least those named, their children and all above them.
    pub nodes: &'a [Node],
    /// Memberships that are not over, of the organisations named.
    pub members: &'a [Member],
}

/// One thing to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A new organisation.
    Found {
        /// Which.
        org: OrgId,
        /// Its first day.
        on: Date,
    },
    /// A name and kind begin.
    OpenVersion {
        /// Of which.
        org: OrgId,
        /// The name.
        name: String,
        /// The kind.
        kind: String,
        /// The first day.
        on: Date,
    },
    /// The present name and kind end; `on` is the first day they no longer hold.
    CloseVersion {
        /// Of which.
        org: OrgId,
        /// The day.
        on: Date,
    },
    /// It stands under a parent.
    OpenEdge {
        /// Which.
        org: OrgId,
        /// Under which; `None` on top.
        parent: Option<OrgId>,
        /// The first day.
        on: Date,
    },
    /// It no longer stands where it stood.
    CloseEdge {
        /// Which.
        org: OrgId,
        /// The first day it no longer does.
        on: Date,
    },
    /// Every path that begins with `old` begins with `new` from now on.
    MovePaths {
        /// The old beginning.
        old: String,
        /// The new one.
        new: String,
    },
    /// A membership goes on in another organisation.
    MoveMember {
        /// Which.
        membership: MembershipId,
        /// To where.
        to: OrgId,
        /// The first day there.
        on: Date,
    },
    /// Posts of an organisation that ends, end.
    EndPosts {
        /// Of which.
        org: OrgId,
        /// The first day they are no longer held.
        on: Date,
    },
    /// The organisation ends.
    Dissolve {
        /// Which.
        org: OrgId,
        /// The first day it no longer exists.
        on: Date,
    },
}

/// What would be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The steps in their order.
    pub steps: Vec<Step>,
    /// What is wise to look at before.
    pub advice: Vec<Advice>,
}
