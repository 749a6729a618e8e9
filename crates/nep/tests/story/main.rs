//! Stories through HTTP, each on SQLite and PostgreSQL. One binary, one file per story.

mod site;

mod preparing;
mod signing_in;
mod year;
