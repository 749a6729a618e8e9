//! SQLite: connections with their guarantees, statements, one writer that commits in groups.
//! May touch: rusqlite, the database file. Knows no table.
//! Rules: WAL, synchronous=FULL, foreign keys, read back on each connection; BEGIN IMMEDIATE
//! for every write; nobody is answered before COMMIT.

use crate::job::{Job, Queue, Verdict, persist};
use crate::pool::run_once;
use crate::row::Cells;
use crate::{Error, FromValue, Result, Tx, Value};
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, ToSql};
use std::borrow::Cow;
use std::fs::{DirBuilder, OpenOptions};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::time::{Duration, Instant};

/// A group is committed after this many closures or this long, whichever comes first.
const GROUP: usize = 128;
const GROUP_TIME: Duration = Duration::from_millis(25);
const BUSY_MS: i64 = 1000;
const STATEMENTS: usize = 512;
/// Pages a connection keeps, as SQLite counts them (negative: KiB). Each connection has its own, so little: the machine
/// keeps the file for all of them. Mapped into memory it would be no quicker to read, and a fault of the disk would end
/// the program instead of the question. A bulk change works on many pages at once.
const CACHE_READER: i64 = -4_096;
const CACHE_WRITER: i64 = -8_192;
const CACHE_BULK: i64 = -262_144;

/// Creates the file and its folder for their owner alone, if they are not there.
pub(crate) fn create(path: &Path) -> Result<()> {
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty() && !f.exists()) {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Err(e) if e.kind() != std::io::ErrorKind::AlreadyExists => Err(e.into()),
        _ => Ok(()),
    }
}

/// The connection that writes.
pub(crate) fn open_writer(path: &Path) -> Result<Connection> {
    create(path)?;
    open(path, false, CACHE_WRITER)
}

/// A connection that cannot write.
pub(crate) fn open_reader(path: &Path) -> Result<Connection> {
    open(path, true, CACHE_READER)
}

fn open(path: &Path, query_only: bool, cache_size: i64) -> Result<Connection> {
    let c = Connection::open(path)?;
    c.busy_timeout(Duration::from_secs(10))?;
    c.set_prepared_statement_cache_capacity(STATEMENTS);
    // One plan for a statement whatever values are bound to it: otherwise SQLite looks at the values
    // and prepares a cached statement anew at almost every use.
    c.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    c.pragma_update(None, "journal_mode", "wal")?;
    let settings = [
        ("busy_timeout", BUSY_MS),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("cache_size", cache_size),
        ("temp_store", 2),
        ("journal_size_limit", 64 << 20),
        ("query_only", i64::from(query_only)),
    ];
    for (name, wanted) in settings {
        c.pragma_update(None, name, wanted)?;
        let found: i64 = c.pragma_query_value(None, name, |r| r.get(0))?;
        if found != wanted {
            return Err(Error::Other(format!("SQLite refused {name} = {wanted}, it is {found}")));
        }
    }
    let mode: String = c.pragma_query_value(None, "journal_mode", |r| r.get(0))?;
    if mode != "wal" {
        return Err(Error::Other(format!("SQLite refused WAL, the journal is {mode}")));
    }
    Ok(c)
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(n) => ValueRef::Integer(*n),
            Self::Real(n) => ValueRef::Real(*n),
            Self::Text(s) => ValueRef::Text(s.as_bytes()),
            Self::Blob(b) => ValueRef::Blob(b),
        }))
    }
}

/// The value of a column; text is read where it lies.
pub(crate) fn cell<T: FromValue>(row: &rusqlite::Row<'_>, index: usize) -> Result<T> {
    let value = match row.get_ref(index)? {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(n) => Value::Int(n),
        ValueRef::Real(n) => Value::Real(n),
        ValueRef::Text(t) => {
            return T::from_text(std::str::from_utf8(t).map_err(|_| Error::Corrupt("text that is not UTF-8".into()))?);
        }
        ValueRef::Blob(b) => Value::Blob(b.to_vec()),
    };
    T::from_value(value)
}

/// Prepares and binds. To SQLite `$2` is a name, looked for from the first on for every value of a long list;
/// `?2` is a number.
fn bind<'c>(c: &'c Connection, sql: &str, v: &[Value]) -> Result<CachedStatement<'c>> {
    let mut stmt = c.prepare_cached(&numbered(sql))?;
    if stmt.parameter_count() != v.len() {
        return Err(counted(stmt.parameter_count(), v.len()));
    }
    for (at, value) in (1..).zip(v) {
        stmt.raw_bind_parameter(at, value)?;
    }
    Ok(stmt)
}

/// A statement with `?1` for `$1`. No text within a statement holds a `$` and a digit: what varies is bound.
fn numbered(sql: &str) -> Cow<'_, str> {
    let mut bytes = Cow::Borrowed(sql.as_bytes());
    for at in memchr::memchr_iter(b'$', sql.as_bytes()) {
        if sql.as_bytes().get(at + 1).is_some_and(u8::is_ascii_digit)
            && let Some(sign) = bytes.to_mut().get_mut(at)
        {
            *sign = b'?';
        }
    }
    match bytes {
        Cow::Owned(bytes) => String::from_utf8(bytes).map_or(Cow::Borrowed(sql), Cow::Owned),
        Cow::Borrowed(_) => Cow::Borrowed(sql),
    }
}

pub(crate) fn counted(wanted: usize, given: usize) -> Error {
    Error::Other(format!("the statement wants {wanted} values, {given} were given"))
}

pub(crate) fn exec(c: &Connection, sql: &str, v: &[Value]) -> Result<u64> {
    let touched = bind(c, sql, v)?.raw_execute()?;
    Ok(u64::try_from(touched).unwrap_or(u64::MAX))
}

pub(crate) fn walk(c: &Connection, sql: &str, v: &[Value], f: &mut dyn FnMut(Cells) -> bool) -> Result<()> {
    let mut stmt = bind(c, sql, v)?;
    let mut rows = stmt.raw_query();
    while let Some(row) = rows.next()? {
        if !f(Cells::Sqlite(row)) {
            break;
        }
    }
    Ok(())
}

fn run(c: &Connection, sql: &str) -> Result<()> {
    c.prepare_cached(sql)?.execute([])?;
    Ok(())
}

/// Undoes what is open; a full disk may have done so already.
fn undo(c: &Connection) {
    if !c.is_autocommit()
        && let Err(error) = run(c, "rollback")
    {
        tracing::error!(%error, "rollback failed");
    }
}

/// The life of a thread that reads.
pub(crate) fn serve_reads(c: &Connection, queue: &Queue) {
    while let Some(mut job) = queue.pop() {
        let befell = persist(|| {
            run(c, "begin")?;
            let verdict = job.run(&mut Tx::sqlite(c));
            undo(c);
            Ok(verdict)
        });
        job.finish(befell);
    }
}

/// The life of the one thread that writes: whoever waits shares a COMMIT.
pub(crate) fn serve_writes(c: &Connection, queue: &Queue) {
    while let Some(first) = queue.pop() {
        if let Some(e) = persist(|| run(c, "begin immediate").map(|()| Verdict::Keep)) {
            // Whoever waits behind it has waited as long: tell them all, not one after the other.
            let waiting = queue.take_ready();
            first.finish(Some(e.clone()));
            waiting.into_iter().for_each(|job| job.finish(Some(e.clone())));
            continue;
        }
        let mut group = Group::default();
        let begun = Instant::now();
        let mut next = Some(first);
        while let Some(job) = next.take() {
            group.add(c, job);
            if group.lost.is_none() && group.jobs.len() < GROUP && begun.elapsed() < GROUP_TIME {
                next = queue.pop_ready();
            }
        }
        group.end(c);
    }
}

/// Closures that share a transaction, each in a savepoint.
#[derive(Default)]
struct Group {
    jobs: Vec<Job>,
    again: Vec<Job>,
    /// Set when the engine gave up the whole transaction, as it does on a full disk.
    lost: Option<Error>,
}

impl Group {
    fn add(&mut self, c: &Connection, mut job: Job) {
        match in_savepoint(c, &mut job) {
            Ok(Verdict::Again) => self.again.push(job),
            Ok(_) => self.jobs.push(job),
            Err(e) => {
                self.jobs.push(job);
                self.lost = Some(e);
            }
        }
    }

    fn end(mut self, c: &Connection) {
        let befell = self.lost.take().or_else(|| run(c, "commit").err());
        undo(c);
        match befell {
            // A rule checked at COMMIT failed one of them: each alone, so that only that one hears of it.
            Some(Error::Constraint(_)) if self.jobs.len() > 1 => self.again.append(&mut self.jobs),
            befell => self.jobs.into_iter().for_each(|job| job.finish(befell.clone())),
        }
        for job in self.again {
            alone(c, job);
        }
    }
}

fn in_savepoint(c: &Connection, job: &mut Job) -> Result<Verdict> {
    run(c, "savepoint one")?;
    let mut tx = Tx::sqlite(c);
    let verdict = job.run(&mut tx);
    if c.is_autocommit() {
        return Err(tx.failure().unwrap_or_else(|| Error::other("SQLite gave up the transaction")));
    }
    if verdict != Verdict::Keep {
        run(c, "rollback to one")?;
    }
    run(c, "release one")?;
    Ok(verdict)
}

fn alone(c: &Connection, mut job: Job) {
    let befell = persist(|| {
        run(c, "begin immediate")?;
        let verdict = job.run(&mut Tx::sqlite(c));
        let end = match verdict {
            Verdict::Keep => run(c, "commit"),
            _ => Ok(()),
        };
        undo(c);
        end.map(|()| verdict)
    });
    job.finish(befell);
}

/// One huge transaction on a connection of its own.
pub(crate) fn bulk<T, E: From<Error>>(path: &Path, f: impl FnOnce(&mut Tx) -> Result<T, E>) -> Result<T, E> {
    let c = open(path, false, CACHE_BULK)?;
    if let Some(e) = persist(|| run(&c, "begin immediate").map(|()| Verdict::Keep)) {
        return Err(e.into());
    }
    // Anything but a commit is undone when the connection goes.
    let kept = run_once(&mut Tx::sqlite(&c).in_bulk(), f)?;
    run(&c, "commit")?;
    Ok(kept)
}
