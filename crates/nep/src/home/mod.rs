//! Home pages: what a member and a secretary have to do, and the person's own page.

pub mod desk;
pub mod help;
pub mod me;
pub mod officer;
pub mod page;
pub mod steps;
pub mod store;
pub mod web;
pub mod year;
