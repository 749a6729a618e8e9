//! A cell's year in attendance and contributions, down to the facts, for chi ủy.

pub mod export;
pub mod page;
pub mod store;
pub mod view;
pub mod web;
