//! Sealed records of a cell opened to a committee above: by sharing or for an inspection, with everything
//! shown on the cell's page (P-25, ST-04, KT-05).

pub mod page;
pub mod store;
pub mod view;
pub mod web;
