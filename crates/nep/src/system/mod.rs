//! The health of the installation: one list of checks, told by `nep doctor` on the machine and by a
//! page to the technical administrator. No content and no names of members.

pub mod checks;
pub mod machine;
pub mod page;
pub mod store;
pub mod web;
