//! The room: what every open screen of a running meeting agrees on. Item in hand and its clock, the
//! queue of speakers, and the events by which screens learn that something changed.

pub mod acts;
pub mod hub;
pub mod member;
pub mod page;
pub mod screen;
pub mod store;
pub mod stream;
pub mod view;
