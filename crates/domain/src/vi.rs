//! Vietnamese text: what is let in, how it is found, how names sort, how dates are read and written.
//! Pure; touches nothing but the Unicode tables.
//! Rules: experience.md rules 7 and 8, regulations.md TH-15, stack.md "Vietnamese text".

mod clean;
mod dates;
mod letter;
mod names;
mod words;

pub use clean::{BadKind, BadText, clean_line, clean_text, fold, nfc};
pub use dates::{BadDate, BadTime, date, date_long, date_weekday, parse_date, parse_time, time, time_short, weekday};
pub(crate) use letter::letter;
pub use names::{given_name, name_key};
pub use words::{capitalize, count, days_left, decimal, join, number, percent, roman};
