//! Sealed records: numbers, the chain of hashes, and the check that finds what was altered (P-12, P-28).

pub mod store;
