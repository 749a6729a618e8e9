//! What tests of the tree build it from.

use jiff::civil::date;

use super::{Node, child_path};
use crate::id::OrgId;

/// An organisation that has stood where it stands since 2020.
pub(super) fn node(id: OrgId, kind: &str, name: &str, parent: Option<&Node>) -> Node {
    Node {
        id,
        kind: kind.to_owned(),
        name: name.to_owned(),
        parent: parent.map(|p| p.id),
        path: child_path(parent.map(|p| p.path.as_str()), id),
        edge_from: date(2020, 1, 1),
        version_from: date(2020, 1, 1),
        to: None,
    }
}
