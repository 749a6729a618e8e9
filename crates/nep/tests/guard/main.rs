//! Guards: what must hold on every route of the product, walked from the routing table itself,
//! so that a new route is guarded the moment it exists. Promises 9, 10, 13, 14, 15, 18, 19, 29.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "it is the test that fails")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a run says what it did")]

#[allow(dead_code, clippy::all)]
#[path = "../story/site.rs"]
mod site;

mod client;
mod html;
mod meetings;
mod pages;
mod world;

mod about;
mod canary;
mod fuzz;
mod headers;
mod open;
mod opened;
mod payloads;
mod permissions;
mod scripts;
mod sent;
mod unicode;
