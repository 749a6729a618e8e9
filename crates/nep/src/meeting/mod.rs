//! Meetings: preparing one, its agenda and files, and the page that shows where it stands.

pub mod export;
pub mod page;
pub mod secret;
pub mod sniff;
pub mod store;
pub mod view;
pub mod web;
