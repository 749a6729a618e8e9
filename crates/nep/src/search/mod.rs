//! Searching over everything one may see: minutes, resolutions, tasks, documents, topics, notes on
//! oneself, people, organisations. Who may find a row is part of the query, never asked afterwards.
//! Rules: M14, P-10, experience.md rule 8.

pub mod page;
pub mod reach;
pub mod store;
pub mod web;
