//! Scoring a meeting on the sheet of its day: by the cell itself, by who came from above, and the year.
//! What the facts suggest, the level and the year are the domain's; these are points of meetings, not of people.

pub mod facts;
pub mod kept;
pub mod page;
pub mod read;
pub mod store;
mod view;
pub mod web;
mod year;

pub use year::{YearScores, year};
