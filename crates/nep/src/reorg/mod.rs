//! Programmes of changes of whole blocks (phương án sắp xếp): prepared as a draft, decided, carried out on
//! their day in one transaction, taken back while nothing was built on them. Rules: TC-20 … TC-26, L10.

pub mod carry;
pub mod kept;
pub mod listed;
pub mod page;
pub mod store;
pub mod web;
pub mod words;
pub mod work;
