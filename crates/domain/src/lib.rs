//! The rules of the product: facts in, decisions out. No database, no clock, no randomness.

pub mod agenda;
pub mod ballot;
pub mod code;
pub mod contribution;
pub mod id;
pub mod meeting;
pub mod merge;
pub mod minutes;
pub mod notice;
pub mod numbering;
pub mod period;
pub mod post;
pub mod refusal;
pub mod resolution;
pub mod right;
pub mod roll;
pub mod rulepack;
pub mod secrecy;
pub mod sheet;
pub mod task;
pub mod tree;
pub mod vi;
pub mod vote;
