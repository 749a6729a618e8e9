//! PostgreSQL: connections that come back, statements kept prepared, transactions.
//! May touch: the `postgres` driver. Knows no table. TLS is spoken where the address asks for it.
//! A server that is gone is waited for a few seconds, for another may take its place.
//! Rules: the driver owns a runtime, so a connection lives and dies on a thread of its own;
//! every write is SERIALIZABLE; an unknown COMMIT is never run again.

use crate::job::{Job, Queue, Verdict, persist};
use crate::pool::run_once;
use crate::row::Cells;
use crate::sqlite::counted;
use crate::tls::Tls;
use crate::{Error, Result, Tx, Value};
use ::postgres::config::SslMode;
use ::postgres::fallible_iterator::FallibleIterator;
use ::postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use ::postgres::{Client, Config, NoTls, Statement};
use bytes::{BufMut, BytesMut};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const STATEMENTS: usize = 1024;
/// How long a piece of work waits for a server to come back, or for another to take its place.
const PATIENCE: Duration = Duration::from_secs(8);
const PAUSE: Duration = Duration::from_millis(200);

/// How a thread begins its transactions.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Begin {
    Read,
    Write,
}

impl Begin {
    fn sql(self) -> &'static str {
        match self {
            // One snapshot for the whole closure, as SQLite gives.
            Self::Read => "begin isolation level repeatable read read only",
            Self::Write => "begin isolation level serializable",
        }
    }
}

/// A connection and what it has prepared.
pub(crate) struct Link {
    client: Client,
    prepared: HashMap<String, Statement>,
    /// False once a rollback failed: what it holds open is unknown.
    sound: bool,
}

impl Link {
    pub(crate) fn connect(config: &Config) -> Result<Self> {
        let connected = match config.get_ssl_mode() {
            SslMode::Require => config.connect(Tls::new()?),
            // Half a protection would be none: what does not ask for TLS is sent in clear.
            _ => config.connect(NoTls),
        };
        let mut client = connected.map_err(|e| match e.as_db_error() {
            Some(db) => Error::Unavailable(format!("PostgreSQL {}", db.code().code())),
            None => Error::Unavailable("no connection to the PostgreSQL server".into()),
        })?;
        // A commit that waits for the standby and is cut off by a time limit is reported as done, although
        // only one machine has it.
        client.batch_execute("set statement_timeout = 0")?;
        Ok(Self { client, prepared: HashMap::new(), sound: true })
    }

    fn statement(&mut self, sql: &str, v: &[Value]) -> Result<Statement> {
        let stmt = match self.prepared.get(sql) {
            Some(stmt) => stmt.clone(),
            None => {
                let stmt = self.client.prepare(sql)?;
                if self.prepared.len() >= STATEMENTS {
                    self.prepared.clear();
                }
                self.prepared.insert(sql.to_owned(), stmt.clone());
                stmt
            }
        };
        match stmt.params().len() {
            wanted if wanted == v.len() => Ok(stmt),
            wanted => Err(counted(wanted, v.len())),
        }
    }

    pub(crate) fn exec(&mut self, sql: &str, v: &[Value]) -> Result<u64> {
        let stmt = self.statement(sql, v)?;
        Ok(self.client.query_raw(&stmt, v).and_then(|mut rows| {
            while rows.next()?.is_some() {}
            Ok(rows.rows_affected().unwrap_or(0))
        })?)
    }

    pub(crate) fn walk(&mut self, sql: &str, v: &[Value], f: &mut dyn FnMut(Cells) -> bool) -> Result<()> {
        let stmt = self.statement(sql, v)?;
        let mut rows = self.client.query_raw(&stmt, v)?;
        while let Some(row) = rows.next()? {
            if !f(Cells::Postgres(&row)) {
                break;
            }
        }
        Ok(())
    }

    pub(crate) fn batch(&mut self, sql: &str) -> Result<()> {
        self.prepared.clear();
        Ok(self.client.batch_execute(sql)?)
    }

    fn transact(&mut self, begin: Begin, job: &mut Job) -> Result<Verdict> {
        self.client.batch_execute(begin.sql())?;
        let verdict = job.run(&mut Tx::postgres(self));
        match verdict {
            Verdict::Keep => self.commit()?,
            _ => self.rollback(),
        }
        if verdict == Verdict::Again {
            // Perhaps a statement prepared before a migration.
            self.prepared.clear();
        }
        Ok(verdict)
    }

    fn commit(&mut self) -> Result<()> {
        self.client.batch_execute("commit").map_err(|e| match e.into() {
            Error::Disconnected => Error::Unacknowledged,
            e => e,
        })
    }

    fn rollback(&mut self) {
        if let Err(e) = self.client.batch_execute("rollback") {
            self.sound = false;
            tracing::warn!(error = %Error::from(e), "rollback failed");
        }
    }
}

/// Tries a closure once, on the connection at hand or a new one.
pub(crate) fn attempt(link: &mut Option<Link>, config: &Config, begin: Begin, job: &mut Job) -> Result<Verdict> {
    let mut open = match link.take().filter(|l| l.sound && !l.client.is_closed()) {
        Some(open) => open,
        None => Link::connect(config)?,
    };
    let end = open.transact(begin, job);
    // After another error the state is unknown: such a connection is not used again.
    if end.is_ok() || end == Err(Error::Serialization) {
        *link = Some(open);
    }
    end
}

/// The life of a thread: one connection, made when needed and made again when it broke. `met` says whether
/// the server was ever reached: an address that is wrong is told at once, a server that went away is waited for.
pub(crate) fn serve(config: &Config, begin: Begin, queue: &Queue, met: &AtomicBool) {
    let mut link: Option<Link> = None;
    while let Some(mut job) = queue.pop() {
        let until = Instant::now() + PATIENCE;
        let befell = loop {
            let befell = persist(|| attempt(&mut link, config, begin, &mut job));
            let gone = matches!(befell, Some(Error::Unavailable(_)));
            if !gone || !met.load(Ordering::Relaxed) || Instant::now() >= until || queue.is_closed() {
                break befell;
            }
            std::thread::sleep(PAUSE);
        };
        match &befell {
            // Whoever waits behind it has waited as long: tell them all, not one after the other.
            Some(gone @ Error::Unavailable(_)) => {
                queue.take_ready().into_iter().for_each(|waiting| waiting.finish(Some(gone.clone())));
            }
            _ => met.store(true, Ordering::Relaxed),
        }
        job.finish(befell);
    }
}

/// One huge transaction on a connection of its own.
pub(crate) fn bulk<T, E: From<Error>>(config: &Config, f: impl FnOnce(&mut Tx) -> Result<T, E>) -> Result<T, E> {
    let mut link = Link::connect(config)?;
    link.batch(Begin::Write.sql())?;
    // Anything but a commit is undone when the connection goes.
    let kept = run_once(&mut Tx::postgres(&mut link).in_bulk(), f)?;
    link.commit()?;
    Ok(kept)
}

/// A value in the type the server inferred for its `$n`.
impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match (self, ty) {
            (Self::Null, _) => return Ok(IsNull::Yes),
            (Self::Int(n), &Type::INT8) => out.put_i64(*n),
            (Self::Int(n), &Type::INT4) => out.put_i32(i32::try_from(*n)?),
            (Self::Int(n), &Type::INT2) => out.put_i16(i16::try_from(*n)?),
            (Self::Int(n), &Type::OID) => out.put_u32(u32::try_from(*n)?),
            (Self::Int(n @ 0..=1), &Type::BOOL) => out.put_u8(u8::from(*n == 1)),
            #[allow(clippy::cast_precision_loss)]
            (Self::Int(n), &Type::FLOAT8) => out.put_f64(*n as f64),
            (Self::Real(n), &Type::FLOAT8) => out.put_f64(*n),
            (Self::Text(s), &Type::TEXT | &Type::VARCHAR | &Type::BPCHAR | &Type::NAME | &Type::UNKNOWN) => {
                out.put_slice(s.as_bytes());
            }
            (Self::Blob(b), &Type::BYTEA) => out.put_slice(b),
            _ => return Err(format!("a value of another type than {ty}").into()),
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

pub(crate) fn cell(row: &::postgres::Row, index: usize) -> Result<Value> {
    let column = row.columns().get(index);
    let ty = column.map(::postgres::Column::type_).ok_or_else(|| Error::Corrupt("no such column".into()))?;
    let value = match *ty {
        Type::INT8 => row.try_get::<_, Option<i64>>(index)?.map(Value::Int),
        Type::INT4 => row.try_get::<_, Option<i32>>(index)?.map(|n| Value::Int(n.into())),
        Type::INT2 => row.try_get::<_, Option<i16>>(index)?.map(|n| Value::Int(n.into())),
        Type::OID => row.try_get::<_, Option<u32>>(index)?.map(|n| Value::Int(n.into())),
        Type::BOOL => row.try_get::<_, Option<bool>>(index)?.map(|b| Value::Int(b.into())),
        Type::FLOAT8 => row.try_get::<_, Option<f64>>(index)?.map(Value::Real),
        Type::FLOAT4 => row.try_get::<_, Option<f32>>(index)?.map(|n| Value::Real(n.into())),
        Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN => {
            row.try_get::<_, Option<String>>(index)?.map(Value::Text)
        }
        Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(index)?.map(Value::Blob),
        Type::VOID => None,
        _ => return Err(Error::Corrupt(format!("a column of type {ty}: cast it"))),
    };
    Ok(value.unwrap_or(Value::Null))
}
