//! The pulse after a meeting: three questions by one tap each, kept as counters alone.

pub mod page;
pub mod store;
pub mod web;
