//! A member's concerns (tâm tư, nguyện vọng): told to chi ủy, answered, followed up until settled (M5, L15).

pub mod own;
pub mod page;
pub mod store;
pub mod view;
pub mod web;
