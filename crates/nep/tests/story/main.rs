//! Stories through HTTP, each on SQLite and PostgreSQL. One binary, one file per story.

mod site;
mod stage;

mod holding;
mod home;
mod importing;
mod minutes;
mod people;
mod preparing;
mod reorganising;
mod resolving;
mod signing_in;
mod year;
