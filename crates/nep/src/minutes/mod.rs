//! Minutes: sections written while the meeting runs, read back, adopted, sealed, exported (M14).

pub mod alike;
pub mod amend;
pub mod draft;
pub mod editor;
pub mod ending;
pub mod export;
pub mod keep;
pub mod page;
pub mod read_back;
pub mod scribe;
pub mod seal;
pub mod snapshot;
pub mod store;
pub mod web;
pub mod wording;
