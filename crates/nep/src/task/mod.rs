//! Tasks of resolutions: doing, checking, urging; they come back as item 1 of the next meeting (M16, SM-03).

pub mod act;
pub mod list;
pub mod page;
pub mod review;
pub mod store;
pub mod web;
