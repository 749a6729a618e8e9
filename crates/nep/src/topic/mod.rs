//! Topics that members propose for a year, supported by others, taken into the plan by chi ủy (M12, M11).

pub mod page;
pub mod store;
pub mod view;
pub mod web;
