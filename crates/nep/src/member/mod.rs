//! Members: people with the fewest fields, and their dated stays in cells (DD-03, TT-01, MG-01).

pub mod import;
pub mod page;
pub mod store;
pub mod web;
