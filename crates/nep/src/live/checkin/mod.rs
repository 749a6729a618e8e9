//! Self check-in: the code on the chair's screen, the field on the member's page (MD-01, MD-02).
//! What is decided is in `domain::checkin`; the list stays the secretary's.

pub mod code;
pub mod page;
pub mod store;
pub mod view;
pub mod web;
