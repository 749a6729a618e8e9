//! Nếp: the working instrument of a Party cell's meetings and the steering desk of the committees
//! above it. A folder per feature; `app` is the table of contents, `main` the command line.

pub mod absence;
pub mod account;
pub mod actor;
pub mod advice;
pub mod app;
pub mod attendance;
pub mod audit;
pub mod cli;
pub mod concern;
pub mod demo;
pub mod fault;
pub mod gate;
pub mod home;
pub mod ledger;
pub mod live;
pub mod meeting;
pub mod member;
pub mod message;
pub mod minutes;
pub mod note;
pub mod notice;
pub mod once;
pub mod org;
pub mod paper;
pub mod posts;
pub mod pulse;
pub mod resolution;
pub mod schema;
pub mod score;
pub mod search;
pub mod shell;
pub mod system;
pub mod task;
pub mod topic;
pub mod year;
