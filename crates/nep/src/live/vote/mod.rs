//! Votes of a meeting from opening to result: hands, by name, electronic by name, secret on paper
//! (BQ-01 … BQ-09, KN-01, DD-08). What is decided is in `domain::ballot`.

pub mod act;
pub mod booth;
pub mod export;
pub mod member;
pub mod page;
pub mod papers;
pub mod store;
pub mod view;
pub mod web;
