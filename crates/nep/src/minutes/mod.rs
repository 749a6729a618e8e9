//! Minutes: sections written while the meeting runs, read back, adopted, sealed, exported (M14).

pub mod store;
pub mod web;
