//! The meeting while it is held: expected list, roll, guests, who spoke, votes (DD-01 …, BQ-01 …).

pub mod store;
pub mod web;
