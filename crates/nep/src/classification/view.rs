//! Words and signs of levels, and the years of an address. Pure. Rules: XL-02 … XL-05.

use domain::code::Code;
use domain::target::Level;
use jiff::civil::Date;

use crate::fault::Fault;

/// Most years back that are offered.
const YEARS: i16 = 5;

/// A year as an address names it: not one still to come.
///
/// # Errors
/// `NotFound` for anything else.
pub fn year_of(text: &str, today: Date) -> Result<i16, Fault> {
    text.parse().ok().filter(|y| (1930..=today.year()).contains(y)).ok_or(Fault::NotFound)
}

/// Years to choose from, the newest first.
pub fn years(today: Date, born: Date) -> Vec<i16> {
    (born.year().max(today.year() - YEARS)..=today.year()).rev().collect()
}

/// The sign of a level.
pub fn class(level: Option<Level>) -> &'static str {
    match level {
        Some(Level::Excellent | Level::Good) => "done",
        Some(Level::Done) => "due",
        Some(Level::Failed) => "late",
        None => "none",
    }
}

/// A level as read.
pub fn label(level: Option<Level>) -> &'static str {
    level.map_or("Chưa có kết quả", Code::label)
}
