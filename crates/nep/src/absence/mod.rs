//! The absence chain: who was absent in several months without a reason, seen by the member first,
//! decided by people, told inside the organisation only when confirmed (DD-06, DD-11, L7).

pub mod act;
pub mod notice;
pub mod own;
pub mod page;
pub mod store;
pub mod view;
pub mod web;
