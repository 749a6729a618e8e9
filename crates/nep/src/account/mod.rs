//! Accounts: set-up, activation slips, signing in and out, sessions and devices (P-15, P-16, P-24).

pub mod manage;
pub mod page;
pub mod password;
pub mod store;
pub mod web;
