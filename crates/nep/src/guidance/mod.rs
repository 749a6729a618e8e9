//! What a committee sends down: the orientation of a month, which stands where the cells prepare, and
//! documents with receipts. “Đã phổ biến” follows from sealed minutes (L1, L2, M8, P4).

pub mod page;
pub mod store;
pub mod view;
pub mod web;
