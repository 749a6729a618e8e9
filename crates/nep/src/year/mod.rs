//! The year of a cell: every kỳ that exists by rule, what is planned for it and where it stands (M1, T4, T7).

pub mod page;
pub mod store;
pub mod strip;
pub mod web;
