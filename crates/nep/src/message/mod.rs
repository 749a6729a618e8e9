//! Messages: one bundle a day for each person of what waits for them, kinds and counts without any
//! content; on a page of their own, by mail and webhook, and on the list of calls for whom neither reaches.

pub mod admin;
pub mod bundle;
pub mod calls;
pub mod choice;
pub mod deliver;
pub mod inbox;
pub mod mail;
pub mod page;
pub mod sent;
pub mod store;
pub mod web;
pub mod webhook;
pub mod work;
