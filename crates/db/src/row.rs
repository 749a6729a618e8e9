//! A row as a store sees it: columns by position, tuples, and plain structs through `row!`.
//! May touch: both drivers' rows, only to read a column. Knows no table.
//! Rules: a value that does not fit is `Error::Corrupt`, told by position, never by content.

use crate::{Error, FromValue, Result, Value, postgres, sqlite};
use domain::code::Code;
use std::str::FromStr;

/// One row of an answer, valid while it is being looked at.
pub struct Row<'a>(pub(crate) Cells<'a>);

pub(crate) enum Cells<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a ::postgres::Row),
}

impl Row<'_> {
    /// The column at `index`, from 0.
    pub fn get<T: FromValue>(&self, index: usize) -> Result<T> {
        match self.0 {
            Cells::Sqlite(row) => sqlite::cell(row, index),
            Cells::Postgres(row) => postgres::cell(row, index).and_then(T::from_value),
        }
        .map_err(|e| at(index, e))
    }

    /// A stored text as what it stands for.
    pub fn parse<T: FromStr>(&self, index: usize) -> Result<T> {
        self.get(index).map(|Parsed(value)| value)
    }

    /// A stored word as the enumeration it belongs to.
    pub fn code<C: Code>(&self, index: usize) -> Result<C> {
        self.get(index).map(|Word(code)| code)
    }

    /// As [`Row::code`], where the column may be empty.
    pub fn code_opt<C: Code>(&self, index: usize) -> Result<Option<C>> {
        let stored: Option<Word<C>> = self.get(index)?;
        Ok(stored.map(|Word(code)| code))
    }
}

fn at(index: usize, e: Error) -> Error {
    match e {
        Error::Corrupt(why) => Error::Corrupt(format!("column {index}: {why}")),
        e => e,
    }
}

/// A stored word of an enumeration.
struct Word<C>(C);

impl<C: Code> FromValue for Word<C> {
    fn from_value(v: Value) -> Result<Self> {
        Self::from_text(&String::from_value(v)?)
    }

    fn from_text(text: &str) -> Result<Self> {
        C::from_code(text).map(Self).ok_or_else(|| Error::Corrupt("an unknown word".into()))
    }
}

/// A stored text that is read as it lies.
struct Parsed<T>(T);

impl<T: FromStr> FromValue for Parsed<T> {
    fn from_value(v: Value) -> Result<Self> {
        Self::from_text(&String::from_value(v)?)
    }

    fn from_text(text: &str) -> Result<Self> {
        text.parse().map(Self).map_err(|_| Error::Corrupt("a text that stands for nothing".into()))
    }
}

/// Something a whole row can become.
pub trait FromRow: Sized {
    /// Reads the columns in order.
    fn from_row(row: &Row) -> Result<Self>;
}

macro_rules! tuples {
    ($($($t:ident $i:tt),+;)*) => {$(
        impl<$($t: FromValue),+> FromRow for ($($t,)+) {
            fn from_row(row: &Row) -> Result<Self> {
                Ok(($(row.get::<$t>($i)?,)+))
            }
        }
    )*};
}
tuples! {
    A 0;
    A 0, B 1;
    A 0, B 1, C 2;
    A 0, B 1, C 2, D 3;
    A 0, B 1, C 2, D 3, E 4;
    A 0, B 1, C 2, D 3, E 4, F 5;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11;
}

/// Reads a plain struct from a row, its fields in the order of the columns. A field is a
/// `FromValue`; `field: code` is a stored word, `field: code_opt` one that may be empty.
///
/// ```
/// struct Person { id: i64, name: String }
/// db::row!(Person { id, name });
/// ```
#[macro_export]
macro_rules! row {
    ($t:path { $($field:ident $(: $kind:ident)?),* $(,)? }) => {
        impl $crate::FromRow for $t {
            fn from_row(row: &$crate::Row) -> $crate::Result<Self> {
                let mut columns = 0usize..;
                let mut next = || columns.next().unwrap_or_default();
                Ok(Self { $($field: $crate::row!(@ row, next() $(, $kind)?)),* })
            }
        }
    };
    (@ $row:ident, $at:expr) => { $row.get($at)? };
    (@ $row:ident, $at:expr, code) => { $row.code($at)? };
    (@ $row:ident, $at:expr, code_opt) => { $row.code_opt($at)? };
}
