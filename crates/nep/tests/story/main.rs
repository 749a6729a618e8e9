//! Stories through HTTP, each on SQLite and PostgreSQL. One binary, one file per story.

mod site;

mod holding;
mod minutes;
mod signing_in;
