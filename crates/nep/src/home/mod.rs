//! Home pages: what a member and a secretary have to do, and the person's own page.

pub mod store;
pub mod web;
