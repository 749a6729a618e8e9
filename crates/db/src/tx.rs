//! A transaction as store functions see it: ask, change, walk through rows.
//! May touch: the two engines' statement functions. Knows no table and never commits.
//! Rules: a statement that failed undoes the whole transaction on both engines alike.

use crate::row::{Cells, FromRow, Row};
use crate::{Engine, Error, FromValue, Result, Value, postgres, sqlite};

/// An open transaction. Store functions take `&mut Tx`; only the pool begins and ends one.
pub struct Tx<'c> {
    link: Link<'c>,
    /// PostgreSQL refuses to commit after a failed statement even if the closure goes on;
    /// SQLite would keep the rest. Remembered here so that both refuse.
    failed: Option<Error>,
    bulk: bool,
}

enum Link<'c> {
    Sqlite(&'c rusqlite::Connection),
    Postgres(&'c mut postgres::Link),
}

impl<'c> Tx<'c> {
    pub(crate) fn sqlite(c: &'c rusqlite::Connection) -> Self {
        Self { link: Link::Sqlite(c), failed: None, bulk: false }
    }

    pub(crate) fn postgres(c: &'c mut postgres::Link) -> Self {
        Self { link: Link::Postgres(c), failed: None, bulk: false }
    }

    /// The same as one huge transaction.
    pub(crate) fn in_bulk(self) -> Self {
        Self { bulk: true, ..self }
    }

    /// Whether it is one huge transaction: what follows from rows may be made as a whole when it is over.
    pub fn is_bulk(&self) -> bool {
        self.bulk
    }

    /// The first statement that failed, if any.
    pub(crate) fn failure(&self) -> Option<Error> {
        self.failed.clone()
    }

    /// Which engine answers: only for the few texts that must differ (search).
    pub fn engine(&self) -> Engine {
        match self.link {
            Link::Sqlite(_) => Engine::Sqlite,
            Link::Postgres(_) => Engine::Postgres,
        }
    }

    /// Runs a statement that returns no rows; the number of rows it touched.
    pub fn exec(&mut self, sql: &str, v: &[Value]) -> Result<u64> {
        // Statements without their values: `NEP_LOG=db::tx=trace` shows what a page asks, nothing of what it holds.
        tracing::trace!(sql, "exec");
        let done = match &mut self.link {
            Link::Sqlite(c) => sqlite::exec(c, sql, v),
            Link::Postgres(c) => c.exec(sql, v),
        };
        self.note(done)
    }

    /// As `exec`, but `Error::Conflict` if no row was touched: for `… and version = $n`.
    pub fn changed(&mut self, sql: &str, v: &[Value]) -> Result<()> {
        match self.exec(sql, v)? {
            0 => Err(Error::Conflict),
            _ => Ok(()),
        }
    }

    /// The first row; `Error::NotFound` if there is none.
    pub fn one<T: FromRow>(&mut self, sql: &str, v: &[Value]) -> Result<T> {
        self.opt(sql, v)?.ok_or(Error::NotFound)
    }

    /// The first row, if any.
    pub fn opt<T: FromRow>(&mut self, sql: &str, v: &[Value]) -> Result<Option<T>> {
        let mut first = None;
        self.walk(sql, v, &mut |row| {
            first = Some(T::from_row(row)?);
            Ok(false)
        })?;
        Ok(first)
    }

    /// Every row.
    pub fn all<T: FromRow>(&mut self, sql: &str, v: &[Value]) -> Result<Vec<T>> {
        let mut all = Vec::new();
        self.each(sql, v, |row| {
            all.push(T::from_row(row)?);
            Ok(())
        })?;
        Ok(all)
    }

    /// The first column of the first row; `Error::NotFound` if there is none.
    pub fn scalar<T: FromValue>(&mut self, sql: &str, v: &[Value]) -> Result<T> {
        self.one::<(T,)>(sql, v).map(|(x,)| x)
    }

    /// The first column of the first row, if any.
    pub fn scalar_opt<T: FromValue>(&mut self, sql: &str, v: &[Value]) -> Result<Option<T>> {
        Ok(self.opt::<(T,)>(sql, v)?.map(|(x,)| x))
    }

    /// Walks through the rows as they arrive, without keeping them.
    pub fn each(&mut self, sql: &str, v: &[Value], mut f: impl FnMut(&Row) -> Result<()>) -> Result<()> {
        self.walk(sql, v, &mut |row| f(row).map(|()| true))
    }

    /// Runs several statements without values, separated by `;`: for DDL.
    pub fn batch(&mut self, sql: &str) -> Result<()> {
        let done = match &mut self.link {
            Link::Sqlite(c) => c.execute_batch(sql).map_err(Error::from),
            Link::Postgres(c) => c.batch(sql),
        };
        self.note(done)
    }

    /// Hands rows to `f` until it says false. Its own refusal is not a failed statement.
    fn walk(&mut self, sql: &str, v: &[Value], f: &mut dyn FnMut(&Row) -> Result<bool>) -> Result<()> {
        tracing::trace!(sql, "read");
        let mut refused = None;
        let mut step = |cells: Cells| match f(&Row(cells)) {
            Ok(more) => more,
            Err(e) => {
                refused = Some(e);
                false
            }
        };
        let done = match &mut self.link {
            Link::Sqlite(c) => sqlite::walk(c, sql, v, &mut step),
            Link::Postgres(c) => c.walk(sql, v, &mut step),
        };
        self.note(done)?;
        refused.map_or(Ok(()), Err)
    }

    fn note<T>(&mut self, done: Result<T>) -> Result<T> {
        if let Err(e) = &done {
            self.failed.get_or_insert_with(|| e.clone());
        }
        done
    }
}
