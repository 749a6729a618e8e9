//! Organisations: names and places in the tree by date, terms, posts, reorganisation (L10, TC-20 …).

pub mod first;
pub mod page;
pub mod reach;
pub mod reform;
pub mod store;
pub mod web;
