//! Searching over everything one may see: minutes, resolutions, tasks, documents, topics, what committees
//! send down, the library, notes on oneself, people, organisations. Who may find a row is part of the query,
//! never asked afterwards. Rules: M14, P-10, experience.md rule 8.

pub mod page;
pub mod reach;
pub mod store;
pub mod web;
pub mod work;
