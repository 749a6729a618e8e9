//! Results of the yearly classification: cells by the committee above, members by level as numbers.

pub mod page;
pub mod store;
pub mod view;
pub mod web;
