//! Sealed records: numbers, the chain of hashes, the pages of what was issued, and the check that
//! finds what was altered (P-12, P-28, SM-04).

pub mod document;
pub mod page;
pub mod store;
pub mod verify;
pub mod web;
