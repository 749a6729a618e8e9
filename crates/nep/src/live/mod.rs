//! The meeting while it is held: expected list, roll, guests, who spoke, votes (DD-01 …, BQ-01 …).

pub mod acts;
pub mod after;
pub mod checkin;
pub mod desk;
pub mod page;
pub mod record;
pub mod roll;
pub mod room;
pub mod steps;
pub mod store;
pub mod vote;
pub mod web;
