//! The months of cells carried up the tree, and Bức tranh chung: which kỳ of which cell was held.

mod export;
mod one;
mod page;
pub mod store;
mod sums;
mod view;
pub mod web;
pub mod work;
