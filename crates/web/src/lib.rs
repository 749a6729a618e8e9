//! The web platform: routes that carry their right, forms, cookies, assets, page headers.
//! Knows no feature and no table; may use `domain` for rights and text cleaning.

pub mod assets;
pub mod cookie;
pub mod field;
pub mod form;
pub mod pack;
pub mod page;
pub mod random;
pub mod routes;
pub mod same_site;
