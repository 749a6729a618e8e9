//! Leaders of every organisation at or below one: posts, numbers, terms, coming elections, and what is
//! lacking by which rule. Rules: L10, TC-01, TC-04, TC-05, TC-07.

pub mod export;
pub mod page;
pub mod store;
pub mod view;
pub mod web;
