//! Resolutions: drafted in a meeting, adopted by its vote, sealed and numbered (M15, SM-01).

pub mod store;
pub mod web;
