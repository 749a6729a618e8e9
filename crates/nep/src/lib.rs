//! Nếp: the working instrument of a Party cell's meetings and the steering desk of the committees
//! above it. A folder per feature; `app` is the table of contents, `main` the command line.

pub mod account;
pub mod actor;
pub mod app;
pub mod audit;
pub mod cli;
pub mod demo;
pub mod fault;
pub mod gate;
pub mod home;
pub mod ledger;
pub mod live;
pub mod meeting;
pub mod member;
pub mod minutes;
pub mod notice;
pub mod once;
pub mod org;
pub mod paper;
pub mod pulse;
pub mod resolution;
pub mod schema;
pub mod score;
pub mod shell;
pub mod system;
pub mod task;
pub mod year;
