//! Dated notes on members: praise, criticism with remedy and deadline, seen by chi ủy and the member
//! concerned (M10, L15).

pub mod own;
pub mod page;
pub mod store;
pub mod view;
pub mod web;
