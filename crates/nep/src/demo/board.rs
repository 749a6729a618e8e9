//! Whoever looks at the whole block: its secretary.

use domain::post::Role;

use super::cell::Block;
use super::{Maker, Seat, people};
use crate::fault::Fault;
use crate::org::store as orgs;

/// The seat of the block's secretary, with an account.
pub(super) fn seat(maker: &mut Maker, block: &Block) -> Result<Option<Seat>, Fault> {
    let today = maker.today();
    let held = orgs::posts_on(maker.tx, block.root, today)?;
    let Some(secretary) = held.iter().find(|h| h.role == Role::Secretary) else {
        return Ok(None);
    };
    let place = orgs::get(maker.tx, block.root, today)?.short_name;
    people::seat(maker, "Bí thư đảng ủy cấp trên", secretary.person, &place).map(Some)
}
