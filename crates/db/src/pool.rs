//! The database as the program holds it: closures in, results out, threads with one connection each.
//! May touch: both engines' connections and loops. Knows no table.
//! Rules: the async threads never wait for a database; `read` may go to a replica, `write` never.

use crate::job::{Call, Job, Queue, Reply, Said, closed};
use crate::replica::{self, NEAR, Near, Replicas, Sees};
use crate::{Engine, Error, Result, Retry, Tx, postgres, sqlite, values};
use ::postgres::config::TargetSessionAttrs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::oneshot;

/// How many threads serve a database.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Connections that only read.
    pub readers: usize,
    /// Connections that write; SQLite always has one.
    pub writers: usize,
}

impl Options {
    /// What suits a database. SQLite works on this machine's cores, and each of its connections has a cache of
    /// its own: one more than cores lets a short read pass a long one. PostgreSQL works elsewhere, and is waited for.
    fn of(target: &Target) -> Self {
        let cores = std::thread::available_parallelism().map_or(4, usize::from);
        match target {
            Target::Sqlite(_) => Self { readers: cores.max(2) + 1, writers: 1 },
            Target::Postgres(_) => Self { readers: cores.max(4), writers: cores.max(4) },
        }
    }
}

/// An open database. Clones share it; the last one to go waits for its threads to end.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

struct Inner {
    target: Target,
    reads: Arc<Queue>,
    writes: Arc<Queue>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    replicas: OnceLock<Arc<Replicas>>,
}

pub(crate) enum Target {
    Sqlite(PathBuf),
    Postgres(Box<::postgres::Config>),
}

impl Db {
    /// Opens `sqlite:/path/nep.db`, a bare path, or `postgres://user@host:port/db` (a Unix
    /// socket as `postgres://user@/db?host=/folder`); of several hosts, `postgres://a,b/db`, the one that
    /// takes writes is used, also when that changes. A missing SQLite file is created, for its owner alone.
    pub fn open(url: &str) -> Result<Self> {
        let target = Target::parse(url)?;
        let options = Options::of(&target);
        Self::start(target, options)
    }

    /// As [`Db::open`], with a chosen number of connections.
    pub fn open_with(url: &str, options: Options) -> Result<Self> {
        Self::start(Target::parse(url)?, options)
    }

    fn start(target: Target, options: Options) -> Result<Self> {
        let (reads, writes) = (Arc::default(), Arc::default());
        let db = Self(Arc::new(Inner { target, reads, writes, threads: Mutex::default(), replicas: OnceLock::new() }));
        match &db.0.target {
            Target::Sqlite(path) => db.start_sqlite(path, options)?,
            Target::Postgres(config) => db.start_postgres(config, options)?,
        }
        db.read_now(|tx| tx.scalar::<i64>("select cast(1 as bigint)", &[]))?;
        Ok(db)
    }

    fn start_sqlite(&self, path: &Path, options: Options) -> Result<()> {
        let writer = sqlite::open_writer(path)?;
        let queue = self.0.writes.clone();
        self.spawn("db-writer", move || sqlite::serve_writes(&writer, &queue))?;
        for _ in 0..options.readers.max(1) {
            let reader = sqlite::open_reader(path)?;
            let queue = self.0.reads.clone();
            self.spawn("db-reader", move || sqlite::serve_reads(&reader, &queue))?;
        }
        Ok(())
    }

    fn start_postgres(&self, config: &::postgres::Config, options: Options) -> Result<()> {
        let reads = (&self.0.reads, postgres::Begin::Read, options.readers);
        let writes = (&self.0.writes, postgres::Begin::Write, options.writers);
        let met = Arc::new(AtomicBool::new(false));
        for (queue, begin, count) in [reads, writes] {
            for _ in 0..count.max(1) {
                let (config, queue, met) = (config.clone(), queue.clone(), Arc::clone(&met));
                self.spawn("db-postgres", move || postgres::serve(&config, begin, &queue, &met))?;
            }
        }
        Ok(())
    }

    /// Lets work within [`Db::seeing`] read from replicas that are at most `bound` behind. Once for a database.
    ///
    /// # Errors
    /// An address that cannot be read; a database that is not on PostgreSQL, or has replicas already.
    pub fn follow(&self, urls: &[String], readers: usize, bound: Duration) -> Result<()> {
        let Target::Postgres(primary) = &self.0.target else {
            return Err(Error::other("only PostgreSQL has replicas"));
        };
        let configs: Vec<::postgres::Config> = urls.iter().map(|url| read_config(url)).collect::<Result<_>>()?;
        let replicas = Arc::new(Replicas::new(configs.len(), bound));
        if self.0.replicas.set(Arc::clone(&replicas)).is_err() {
            return Err(Error::other("the replicas are known already"));
        }
        for (replica, config) in replicas.all().iter().zip(configs) {
            let (watched, primary, own, begun) = (Arc::clone(replica), primary.clone(), config.clone(), replicas.begun());
            self.spawn("db-replica", move || watched.watch(&primary, &own, begun, bound))?;
            for _ in 0..readers.max(1) {
                let (replica, config, rest) = (Arc::clone(replica), config.clone(), self.0.reads.clone());
                self.spawn("db-replica", move || replica.serve(&config, &rest))?;
            }
        }
        Ok(())
    }

    /// How many replicas can be used now, of how many; nothing where there are none.
    pub fn replicas(&self) -> Option<(usize, usize)> {
        self.0.replicas.get().map(|r| (r.usable(), r.all().len()))
    }

    /// Does a piece of work whose reads may be answered by a replica that has what they must see; and says
    /// whether it wrote. After its own first write the primary answers. Work that it starts elsewhere is not part of it.
    pub async fn seeing<F: Future>(&self, sees: Sees, work: F) -> (F::Output, bool) {
        let wrote = Arc::new(AtomicBool::new(false));
        let done = NEAR.scope(Near { sees, wrote: Arc::clone(&wrote) }, work).await;
        (done, wrote.load(Ordering::SeqCst))
    }

    /// A mark beyond everything that was acknowledged, for [`Sees::UpTo`].
    ///
    /// # Errors
    /// Database faults only.
    pub async fn mark(&self) -> Result<u64> {
        let at: i64 = ask(&self.0.reads, |tx: &mut Tx| tx.scalar::<i64>(replica::MARK, values![])).await?;
        u64::try_from(at).map_err(|_| Error::Corrupt("a mark below zero".into()))
    }

    /// The queue that answers a read of the present work.
    fn reads(&self) -> &Queue {
        let near = self.0.replicas.get().and_then(|replicas| {
            let near = NEAR.try_with(Near::clone).ok()?;
            match near.sees {
                Sees::UpTo(mark) if !near.wrote.load(Ordering::SeqCst) => replicas.pick(mark),
                _ => None,
            }
        });
        near.unwrap_or(&self.0.reads)
    }

    fn spawn(&self, name: &str, body: impl FnOnce() + Send + 'static) -> Result<()> {
        let thread = std::thread::Builder::new().name(name.into()).spawn(body)?;
        let mut threads = self.0.threads.lock().unwrap_or_else(PoisonError::into_inner);
        threads.push(thread);
        Ok(())
    }

    /// The engine behind this database.
    pub fn engine(&self) -> Engine {
        match self.0.target {
            Target::Sqlite(_) => Engine::Sqlite,
            Target::Postgres(_) => Engine::Postgres,
        }
    }

    /// The file of an SQLite database; PostgreSQL keeps its data elsewhere.
    pub fn file(&self) -> Option<&Path> {
        match &self.0.target {
            Target::Sqlite(path) => Some(path),
            Target::Postgres(_) => None,
        }
    }

    pub(crate) fn target(&self) -> &Target {
        &self.0.target
    }

    /// Reads in one consistent snapshot, perhaps from a replica (see [`Db::seeing`]). The closure may run
    /// again: it must have no effect outside.
    pub async fn read<T, E>(&self, f: impl FnMut(&mut Tx) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Retry + Send + 'static,
    {
        let (slot, f) = kept(f);
        let (reply, end) = oneshot::channel();
        let job = Job::new(f, Reply::Task(reply));
        if let Err(job) = self.reads().offer(job) {
            // A replica with too much to do; the primary answers, or says that it is busy itself.
            self.0.reads.push(*job);
        }
        settled(&slot, end.await.unwrap_or_else(|_| Some(closed())))
    }

    /// Changes in one serializable transaction; returns once it is on the disk. The closure
    /// may run again: it must have no effect outside.
    pub async fn write<T, E>(&self, f: impl FnMut(&mut Tx) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Retry + Send + 'static,
    {
        // Said before it is done: what was written counts also when the answer is lost.
        let _ = NEAR.try_with(|near| near.wrote.store(true, Ordering::SeqCst));
        ask(&self.0.writes, f).await
    }

    /// As [`Db::read`], waiting on the calling thread: for jobs and subcommands.
    pub fn read_now<T, E>(&self, f: impl FnMut(&mut Tx) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Retry + Send + 'static,
    {
        ask_now(&self.0.reads, f)
    }

    /// As [`Db::write`], waiting on the calling thread: for jobs and subcommands.
    pub fn write_now<T, E>(&self, f: impl FnMut(&mut Tx) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Retry + Send + 'static,
    {
        ask_now(&self.0.writes, f)
    }

    /// One huge transaction on the calling thread and a connection of its own, run once.
    /// Other writers wait for it, so it is for subcommands, never for a request; on
    /// PostgreSQL it must not be called on an async thread.
    pub fn write_now_bulk<T, E: From<Error>>(&self, f: impl FnOnce(&mut Tx) -> Result<T, E>) -> Result<T, E> {
        match self.target() {
            Target::Sqlite(path) => sqlite::bulk(path, f),
            Target::Postgres(config) => postgres::bulk(config, f),
        }
    }
}

async fn ask<T, E>(queue: &Queue, f: impl FnMut(&mut Tx) -> Result<T, E> + Send + 'static) -> Result<T, E>
where
    T: Send + 'static,
    E: From<Error> + Retry + Send + 'static,
{
    let (slot, f) = kept(f);
    let (reply, end) = oneshot::channel();
    queue.push(Job::new(f, Reply::Task(reply)));
    settled(&slot, end.await.unwrap_or_else(|_| Some(closed())))
}

fn ask_now<T, E>(queue: &Queue, f: impl FnMut(&mut Tx) -> Result<T, E> + Send + 'static) -> Result<T, E>
where
    T: Send + 'static,
    E: From<Error> + Retry + Send + 'static,
{
    let (slot, f) = kept(f);
    let (reply, end) = mpsc::sync_channel(1);
    queue.push(Job::new(f, Reply::Thread(reply)));
    settled(&slot, end.recv().unwrap_or_else(|_| Some(closed())))
}

/// Where a closure leaves its result.
type Slot<T, E> = Arc<Mutex<Option<Result<T, E>>>>;

/// A closure that keeps its result for whoever asked, and says no more than how it ended.
fn kept<T, E>(mut f: impl FnMut(&mut Tx) -> Result<T, E> + Send + 'static) -> (Slot<T, E>, Call)
where
    T: Send + 'static,
    E: From<Error> + Retry + Send + 'static,
{
    let slot: Slot<T, E> = Arc::default();
    let own = Arc::clone(&slot);
    let f = Box::new(move |tx: &mut Tx| {
        let result = f(tx);
        let said = match &result {
            Ok(_) => Said::Done,
            Err(e) if e.retryable() => Said::Crossed,
            Err(_) => Said::Refused,
        };
        *own.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
        said
    });
    (slot, f)
}

/// The result of a closure, or what befell its transaction.
fn settled<T, E: From<Error>>(slot: &Mutex<Option<Result<T, E>>>, befell: Option<Error>) -> Result<T, E> {
    match befell {
        Some(e) => Err(e.into()),
        None => slot.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_else(|| Err(closed().into())),
    }
}

/// Runs a closure once inside a transaction that `begin` and `end` delimit.
pub(crate) fn run_once<T, E: From<Error>>(tx: &mut Tx, f: impl FnOnce(&mut Tx) -> Result<T, E>) -> Result<T, E> {
    let result = f(tx);
    match (result, tx.failure()) {
        (Ok(_), Some(e)) => Err(e.into()),
        (result, _) => result,
    }
}

impl Target {
    fn parse(url: &str) -> Result<Self> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let mut config = read_config(url)?;
            // A standby that is asked by mistake, or of several hosts: the one that takes writes.
            config.target_session_attrs(TargetSessionAttrs::ReadWrite);
            return Ok(Self::Postgres(Box::new(config)));
        }
        let path = url.strip_prefix("sqlite://").or(url.strip_prefix("sqlite:")).unwrap_or(url);
        if path.is_empty() || path.contains(":memory:") || path.contains("://") {
            return Err(Error::other("a database address is sqlite:/path or postgres://…"));
        }
        Ok(Self::Sqlite(PathBuf::from(path)))
    }
}

/// An address of PostgreSQL. A machine that went away without a word is noticed within seconds.
fn read_config(url: &str) -> Result<::postgres::Config> {
    let mut config: ::postgres::Config = url.parse().map_err(|_| Error::other("the PostgreSQL address cannot be read"))?;
    config.application_name("nep").connect_timeout(Duration::from_secs(5));
    config.keepalives_idle(Duration::from_secs(10)).keepalives_interval(Duration::from_secs(3)).keepalives_retries(3);
    config.tcp_user_timeout(Duration::from_secs(15));
    Ok(config)
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let Some(replicas) = self.replicas.get() {
            replicas.close();
        }
        self.reads.close();
        self.writes.close();
        let threads = std::mem::take(self.threads.get_mut().unwrap_or_else(PoisonError::into_inner));
        let me = std::thread::current().id();
        // A closure may hold the last clone: its own thread cannot wait for itself.
        for thread in threads.into_iter().filter(|t| t.thread().id() != me) {
            if thread.join().is_err() {
                tracing::error!("a database thread panicked");
            }
        }
    }
}
