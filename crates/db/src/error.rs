//! What can go wrong between a store and its engine, told the same way for both engines.
//! May touch: both drivers' error types, nowhere else named. Errors are logged, so no text
//! here carries the contents of a row: names of tables, columns and constraints only.

use rusqlite::ffi::{self, ErrorCode};

/// The result of anything that asks the database.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why the database did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// `one` or `scalar` met no row.
    #[error("no such row")]
    NotFound,
    /// `changed` met no row: somebody else saved first.
    #[error("changed by somebody else in the meantime")]
    Conflict,
    /// A unique key was met twice, as `table(column, column)` on both engines.
    #[error("already there: {0}")]
    Unique(String),
    /// A foreign key, check or not-null rule refused.
    #[error("refused by a constraint: {0}")]
    Constraint(String),
    /// The engine is locked or the queue is full.
    #[error("the database is busy")]
    Busy,
    /// Two transactions crossed; one must run again.
    #[error("transactions crossed")]
    Serialization,
    /// The connection broke before anything was committed.
    #[error("the connection to the database broke")]
    Disconnected,
    /// The connection broke during COMMIT: the change may or may not be there.
    #[error("the connection broke during commit; the outcome is unknown")]
    Unacknowledged,
    /// The server cannot be reached.
    #[error("the database cannot be reached: {0}")]
    Unavailable(String),
    /// No room left on the disk.
    #[error("the disk is full")]
    DiskFull,
    /// The database was written by a newer program.
    #[error("the database has schema {found}, this program knows {known}")]
    NewerSchema {
        /// The highest migration found.
        found: u32,
        /// The highest migration this program has.
        known: u32,
    },
    /// A migration that was applied is not the one this program has.
    #[error("migration: {0}")]
    Migration(String),
    /// A stored value or the file itself makes no sense.
    #[error("the stored data make no sense: {0}")]
    Corrupt(String),
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

/// An error that knows whether running the closure again may help.
pub trait Retry {
    /// True if another try, a little later, may succeed.
    fn retryable(&self) -> bool;
}

impl Retry for Error {
    fn retryable(&self) -> bool {
        matches!(self, Self::Busy | Self::Serialization | Self::Disconnected)
    }
}

impl Error {
    pub(crate) fn other(text: impl Into<String>) -> Self {
        Self::Other(text.into())
    }
}

impl From<std::io::Error> for Error {
    fn from(e: std::io::Error) -> Self {
        match e.kind() {
            std::io::ErrorKind::StorageFull => Self::DiskFull,
            kind => Self::Other(format!("file: {kind}")),
        }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(e: rusqlite::Error) -> Self {
        match e {
            rusqlite::Error::SqliteFailure(code, text) => from_sqlite(code, &text.unwrap_or_default()),
            rusqlite::Error::SqlInputError { error, msg, .. } => from_sqlite(error, &msg),
            rusqlite::Error::QueryReturnedNoRows => Self::NotFound,
            rusqlite::Error::InvalidColumnIndex(i) => Self::Corrupt(format!("no column {i}")),
            e => Self::Other(format!("SQLite: {e}")),
        }
    }
}

fn from_sqlite(e: ffi::Error, text: &str) -> Error {
    match e.code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Error::Busy,
        ErrorCode::DiskFull => Error::DiskFull,
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Error::Corrupt("database file".into()),
        ErrorCode::ConstraintViolation => match e.extended_code {
            ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY => Error::Unique(unique_columns(text)),
            _ => Error::Constraint(text.to_owned()),
        },
        // The text of a search is quoted back by FTS5.
        _ if text.starts_with("fts5") => Error::other("SQLite: a search text was refused"),
        _ => Error::Other(format!("SQLite {}: {text}", e.extended_code)),
    }
}

/// `UNIQUE constraint failed: t.a, t.b` as `t(a, b)`.
fn unique_columns(text: &str) -> String {
    let (_, list) = text.split_once(": ").unwrap_or(("", text));
    let pairs: Option<Vec<_>> = list.split(", ").map(|c| c.split_once('.')).collect();
    match pairs.as_deref() {
        Some(all @ [(table, _), ..]) => {
            let columns: Vec<_> = all.iter().map(|(_, c)| *c).collect();
            format!("{table}({})", columns.join(", "))
        }
        _ => list.to_owned(),
    }
}

impl From<::postgres::Error> for Error {
    fn from(e: ::postgres::Error) -> Self {
        let io = std::error::Error::source(&e).is_some_and(|s| s.is::<std::io::Error>());
        match e.as_db_error() {
            Some(e) => from_postgres(e),
            None if e.is_closed() || io => Self::Disconnected,
            None => Self::Other(format!("PostgreSQL: {e}")),
        }
    }
}

fn from_postgres(e: &::postgres::error::DbError) -> Error {
    let code = e.code().code();
    match code {
        "40001" | "40P01" => Error::Serialization,
        // A plan prepared before a migration; the statement cache is emptied and the closure run again.
        "0A000" if e.message().starts_with("cached plan") => Error::Serialization,
        "23505" => Error::Unique(unique_key(e).unwrap_or_else(|| e.constraint().unwrap_or_default().to_owned())),
        "53100" => Error::DiskFull,
        // 53200: no room for the locks of so many transactions at once; there is when some of them have ended.
        "53200" | "53300" | "55P03" | "55006" => Error::Busy,
        "57P01" | "57P02" | "57P03" => Error::Disconnected,
        "XX001" | "XX002" => Error::Corrupt("database file".into()),
        _ if code.starts_with("23") => Error::Constraint(e.constraint().or(e.column()).unwrap_or(code).to_owned()),
        // These classes speak of names and syntax; the others may quote a value.
        _ if ["42", "53", "57", "28", "3D", "25", "0A"].iter().any(|c| code.starts_with(c)) => {
            Error::Other(format!("PostgreSQL {code}: {}", e.message()))
        }
        _ => Error::Other(format!("PostgreSQL {code}")),
    }
}

/// `Key (a, b)=(1, 2) already exists.` as `t(a, b)`; the values are left out.
fn unique_key(e: &::postgres::error::DbError) -> Option<String> {
    let (_, tail) = e.detail()?.split_once('(')?;
    let (columns, _) = tail.split_once(")=(")?;
    Some(format!("{}({columns})", e.table()?))
}
