//! Notices: what goes out, who read it, who will come, what members send ahead, and the calendar
//! feed without content (CB-03 … CB-05, M8, M9).

pub mod page;
pub mod store;
pub mod web;
