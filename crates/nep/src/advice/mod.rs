//! Advice on tasks while they are written: what the linter finds, and earlier tasks that ask for the
//! same, side by side. Never a block (SM-01, M15).

pub mod look;
pub mod page;
pub mod shelf;
pub mod store;
