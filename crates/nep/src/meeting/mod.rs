//! Meetings: preparing one, its agenda and files, and the page that shows where it stands.

pub mod store;
pub mod web;
