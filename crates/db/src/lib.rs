//! One text of SQL, two engines: SQLite inside the program, PostgreSQL beside it.
//! May touch: the drivers `rusqlite` and `postgres`, threads, files. Knows no feature and no table.
//! Rules: one writer on SQLite, nothing acknowledged before COMMIT, `$n` bound by its number.

mod backup;
mod copy;
mod error;
mod job;
mod list;
mod migrate;
mod pool;
mod postgres;
mod replica;
mod row;
mod schema;
mod sqlite;
mod standby;
pub mod testkit;
mod tls;
mod tx;
mod value;

pub use copy::Copied;
pub use error::{Error, Result, Retry};
pub use list::listed;
pub use migrate::Migration;
pub use pool::{Db, Options};
pub use replica::Sees;
pub use row::{FromRow, Row};
pub use standby::Keeping;
pub use tx::Tx;
pub use value::{FromValue, ToValue, Value};

/// The engine behind a [`Db`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Engine {
    /// The file inside the program.
    Sqlite,
    /// A server of its own.
    Postgres,
}
