//! The targets of the programme for each committee: value, forecast, and the cells that make them; pilot cells.

pub mod chart;
pub mod export;
pub mod facts;
pub mod page;
pub mod store;
pub mod view;
pub mod web;
