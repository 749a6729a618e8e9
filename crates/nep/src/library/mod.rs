//! The library of topics and experiences: sent up by cells, reviewed and published by committees, taken and
//! told about by other cells; and who could present a subject (CB-07, L5, L9, M11, M12).

pub mod adopt;
pub mod page;
pub mod pick;
pub mod store;
pub mod view;
pub mod web;
