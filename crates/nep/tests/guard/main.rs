//! Guards: what must hold on every route of the product, walked from the routing table itself,
//! so that a new route is guarded the moment it exists. Promises 9, 10, 13, 14, 15, 18, 19, 29.

#[allow(dead_code)]
#[path = "../story/site.rs"]
mod site;

mod client;
mod html;
mod pages;
mod world;

mod canary;
mod fuzz;
mod headers;
mod payloads;
mod permissions;
mod scripts;
mod unicode;
