//! The months of cells carried up the tree, and Bức tranh chung: which kỳ of which cell was held.

pub mod store;
pub mod work;
