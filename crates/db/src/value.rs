//! The five kinds of value both engines share, and how Rust types become them and come back.
//! May touch: domain ids and the words of thresholds, jiff. No engine except the two small driver traits of their own files.
//! Rules: dates are ISO text, instants are milliseconds UTC, booleans are 0 and 1.

use crate::{Error, Result};
use domain::id::Id;
use domain::vote::Threshold;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

/// A value in a row or bound to a `$n`.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// No value.
    Null,
    /// A whole number; also booleans (0 or 1) and instants (ms UTC).
    Int(i64),
    /// A floating-point number.
    Real(f64),
    /// Text; also dates.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

impl Value {
    fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Int(_) => "integer",
            Self::Real(_) => "real",
            Self::Text(_) => "text",
            Self::Blob(_) => "blob",
        }
    }

    /// The refusal names kinds, never contents: errors are logged.
    fn unfit<T>(&self, wanted: &str) -> Result<T> {
        Err(Error::Corrupt(format!("{} where {wanted} is wanted", self.kind())))
    }
}

/// Something that can be bound to a `$n`.
pub trait ToValue {
    /// The value to store.
    fn to_value(&self) -> Value;
}

/// Something that can be read from a row.
pub trait FromValue: Sized {
    /// Reads a stored value; `Error::Corrupt` if it does not fit.
    fn from_value(v: Value) -> Result<Self>;

    /// As [`FromValue::from_value`] of a text that lies elsewhere: what is not kept need not be copied.
    ///
    /// # Errors
    /// `Error::Corrupt` if it does not fit.
    fn from_text(text: &str) -> Result<Self> {
        Self::from_value(Value::Text(text.to_owned()))
    }
}

/// Values for `$1`, `$2`, … in order: `tx.exec(sql, values![org, id])`.
#[macro_export]
macro_rules! values {
    ($($v:expr),* $(,)?) => { (&[$($crate::ToValue::to_value(&$v)),*] as &[$crate::Value]) };
}

impl ToValue for Value {
    fn to_value(&self) -> Value {
        self.clone()
    }
}
impl FromValue for Value {
    fn from_value(v: Value) -> Result<Self> {
        Ok(v)
    }
}

impl<T: ToValue + ?Sized> ToValue for &T {
    fn to_value(&self) -> Value {
        (**self).to_value()
    }
}

impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::to_value)
    }
}
impl<T: FromValue> FromValue for Option<T> {
    fn from_value(v: Value) -> Result<Self> {
        match v {
            Value::Null => Ok(None),
            v => T::from_value(v).map(Some),
        }
    }

    fn from_text(text: &str) -> Result<Self> {
        T::from_text(text).map(Some)
    }
}

impl<K> ToValue for Id<K> {
    fn to_value(&self) -> Value {
        Value::Int(self.raw())
    }
}
impl<K> FromValue for Id<K> {
    fn from_value(v: Value) -> Result<Self> {
        i64::from_value(v).map(Self::new)
    }
}

/// Whole numbers: stored as 64 bits, read back only if they fit.
macro_rules! whole {
    ($($t:ty),*) => {$(
        impl ToValue for $t {
            fn to_value(&self) -> Value {
                Value::Int(i64::try_from(*self).unwrap_or(i64::MAX))
            }
        }
        impl FromValue for $t {
            fn from_value(v: Value) -> Result<Self> {
                match v {
                    Value::Int(n) => <$t>::try_from(n)
                        .map_err(|_| Error::Corrupt(concat!("a number beyond ", stringify!($t)).into())),
                    v => v.unfit("an integer"),
                }
            }
        }
    )*};
}
whole!(i64, i32, u32, usize);

/// Everything else, one line each: how it is stored, and what it is read from.
macro_rules! stored {
    ($($t:ty: $wanted:literal, |$x:ident| $to:expr, $pat:pat => $from:expr;)*) => {$(
        impl ToValue for $t {
            fn to_value(&self) -> Value { let $x = self; $to }
        }
        impl FromValue for $t {
            fn from_value(v: Value) -> Result<Self> {
                match v {
                    $pat => $from,
                    v => v.unfit($wanted),
                }
            }
        }
    )*};
}
stored! {
    bool: "0 or 1", |x| Value::Int(i64::from(*x)), Value::Int(n @ 0..=1) => Ok(n == 1);
    f64: "a number", |x| Value::Real(*x), Value::Real(n) => Ok(n);
    String: "text", |x| Value::Text(x.clone()), Value::Text(s) => Ok(s);
    Vec<u8>: "bytes", |x| Value::Blob(x.clone()), Value::Blob(b) => Ok(b);
    Timestamp: "an instant", |x| Value::Int(x.as_millisecond()),
        Value::Int(n) => Timestamp::from_millisecond(n).map_err(|_| unreadable("an instant"));
}

/// What stands as a text in a form of its own: how it is stored, and how the text is read.
macro_rules! written {
    ($($t:ty: $what:literal, |$x:ident| $to:expr, |$s:ident| $from:expr;)*) => {$(
        impl ToValue for $t {
            fn to_value(&self) -> Value { let $x = self; Value::Text($to) }
        }
        impl FromValue for $t {
            fn from_value(v: Value) -> Result<Self> {
                match v {
                    Value::Text(text) => Self::from_text(&text),
                    v => v.unfit($what),
                }
            }
            fn from_text($s: &str) -> Result<Self> {
                $from.ok_or_else(|| unreadable($what))
            }
        }
    )*};
}
written! {
    Date: "a date", |x| x.to_string(), |s| s.parse().ok();
    DateTime: "a date and time", |x| x.strftime("%Y-%m-%dT%H:%M").to_string(), |s| s.parse().ok();
    Threshold: "a threshold", |x| x.word(), |s| Self::from_word(s);
}

fn unreadable(what: &str) -> Error {
    Error::Corrupt(format!("{what} that cannot be read"))
}

impl ToValue for str {
    fn to_value(&self) -> Value {
        Value::Text(self.to_owned())
    }
}
impl ToValue for [u8] {
    fn to_value(&self) -> Value {
        Value::Blob(self.to_vec())
    }
}
impl<const N: usize> ToValue for [u8; N] {
    fn to_value(&self) -> Value {
        Value::Blob(self.to_vec())
    }
}
