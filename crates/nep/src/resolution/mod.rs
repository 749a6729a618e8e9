//! Resolutions: drafted in a meeting, adopted by its vote, sealed and numbered (M15, SM-01).

pub mod act;
pub mod draft;
pub mod export;
pub mod page;
pub mod seal;
pub mod store;
pub mod view;
pub mod web;
