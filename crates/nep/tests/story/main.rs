//! Stories through HTTP, each on SQLite and PostgreSQL. One binary, one file per story.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "what fails in a test fails the test"
)]

mod site;
mod stage;

mod absence;
mod ballots;
mod blocks;
mod blocks_table;
mod board;
mod checkin;
mod following;
mod guidance;
mod holding;
mod home;
mod importing;
mod interleaving;
mod library;
mod lint;
mod member_voice;
mod minutes;
mod month;
mod opening;
mod outbox;
mod passing;
mod people;
mod posts;
mod preparing;
mod reorganising;
mod resolving;
mod rollup;
mod room;
mod room_after;
mod scoring;
mod search;
mod search_gate;
mod secret;
mod signing_in;
mod system;
mod targets;
mod tasks_due;
mod told;
mod voting;
mod year;
mod year14;
