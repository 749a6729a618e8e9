//! The trail of who did what, chained per organisation so that a change of the past shows (P-12).

pub mod store;
