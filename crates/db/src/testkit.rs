//! Fresh databases for tests, on both engines, quickly: a new file, a new database, or a copy
//! of a template prepared once.
//! May touch: the temporary folder, the server named by `NEP_TEST_PG`. For tests only, so a
//! failure here is a panic: it is the test that fails.
#![allow(clippy::expect_used, clippy::panic, clippy::print_stderr)]

use crate::{Db, Engine, Options};
use ::postgres::{Client, NoTls};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::ops::Deref;
use std::path::PathBuf;

/// A database that goes away with this value.
pub struct Fresh {
    db: Option<Db>,
    /// Its address, to open it a second time.
    pub url: String,
    place: Place,
}

enum Place {
    Folder(PathBuf),
    Server { admin: String, name: String },
}

impl Deref for Fresh {
    type Target = Db;
    fn deref(&self) -> &Db {
        self.db.as_ref().expect("open until dropped")
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        self.db.take();
        match &self.place {
            Place::Folder(folder) => drop(std::fs::remove_dir_all(folder)),
            Place::Server { admin, name } => server(admin, vec![format!("drop database if exists {name} with (force)")]),
        }
    }
}

/// An empty database on each engine; PostgreSQL only if `NEP_TEST_PG` names a server.
pub fn engines() -> Vec<Fresh> {
    [Engine::Sqlite, Engine::Postgres].into_iter().filter_map(fresh).collect()
}

/// An empty database on one engine.
pub fn fresh(engine: Engine) -> Option<Fresh> {
    make(engine, None)
}

/// Runs a test on an empty database of each engine.
pub fn each_engine(test: impl Fn(Db)) {
    for fresh in engines() {
        eprintln!("on {:?}", fresh.engine());
        test(Db::clone(&fresh));
    }
}

/// Copies of a database that `prepare` fills once for all tests and processes on this machine.
/// `name` (a–z, 0–9, _) must change with what `prepare` does, so let it carry a [`fingerprint`].
pub fn from_template(name: &str, prepare: impl Fn(&Db)) -> Vec<Fresh> {
    [Engine::Sqlite, Engine::Postgres].into_iter().filter_map(|e| copy_of(e, name, &prepare)).collect()
}

/// As [`from_template`], on one engine.
pub fn copy_of(engine: Engine, name: &str, prepare: impl Fn(&Db)) -> Option<Fresh> {
    let name = format!("nep_template_{name}");
    let there = match engine {
        Engine::Sqlite => template_file(&name).exists(),
        Engine::Postgres => ask(&admin()?, &format!("select 1 from pg_database where datname = '{name}'")),
    };
    if !there {
        let mut first = fresh(engine)?;
        prepare(&first);
        // A handle that `prepare` let go of late must not matter: a file is written whole, -wal and
        // all, before it gets its name; a database is freed of every other connection.
        match &first.place {
            Place::Folder(folder) => {
                let whole = folder.join("whole.db");
                first.backup_to(&whole).expect("write the template");
                std::fs::rename(whole, template_file(&name)).expect("keep the template");
            }
            Place::Server { admin, name: own } => {
                let (admin, own) = (admin.clone(), own.clone());
                first.db.take();
                let others = format!("select pg_terminate_backend(pid) from pg_stat_activity where datname = '{own}'");
                server(&admin, vec![others]);
                // Whoever comes second keeps the first one's.
                attempt(&admin, &format!("alter database {own} rename to {name}"));
            }
        }
    }
    make(engine, Some(&name))
}

/// A short word that changes with any of the texts.
pub fn fingerprint<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    use sha2::{Digest, Sha256};
    let mut hash = Sha256::new();
    texts.into_iter().for_each(|t| hash.update(t.as_bytes()));
    hash.finalize().iter().take(8).map(|b| format!("{b:02x}")).collect()
}

fn make(engine: Engine, template: Option<&str>) -> Option<Fresh> {
    let random = RandomState::new().build_hasher().finish();
    let name = format!("nep_test_{}_{random:016x}", std::process::id());
    let (url, place) = match engine {
        Engine::Sqlite => {
            let folder = std::env::temp_dir().join(&name);
            std::fs::create_dir_all(&folder).expect("a temporary folder");
            let file = folder.join("t.db");
            if let Some(template) = template {
                std::fs::copy(template_file(template), &file).expect("copy the template");
            }
            (format!("sqlite:{}", file.display()), Place::Folder(folder))
        }
        Engine::Postgres => {
            let admin = admin()?;
            let from = template.map(|t| format!(" template {t}")).unwrap_or_default();
            server(&admin, vec![format!("create database {name}{from}")]);
            (with_database(&admin, &name), Place::Server { admin, name })
        }
    };
    let options = Options { readers: 2, writers: 2 };
    let db = Db::open_with(&url, options).expect("open a fresh database");
    Some(Fresh { db: Some(db), url, place })
}

fn template_file(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("{name}.db"))
}

fn admin() -> Option<String> {
    let url = std::env::var("NEP_TEST_PG").ok();
    if url.is_none() {
        eprintln!("NEP_TEST_PG is not set: not run on PostgreSQL");
    }
    url
}

/// The same server, another database: `postgres://user@host:port/THIS?…`.
fn with_database(url: &str, name: &str) -> String {
    let (front, query) = url.split_once('?').map_or((url, String::new()), |(f, q)| (f, format!("?{q}")));
    let host = front.split_once("://").map_or(0, |(scheme, _)| scheme.len() + 3);
    let end = front[host..].find('/').map_or(front.len(), |i| host + i);
    format!("{}/{name}{query}", &front[..end])
}

/// The driver may not be used on an async thread, and tests are: so on a thread of its own.
fn on_server<T: Send + 'static>(url: &str, f: impl FnOnce(&mut Client) -> T + Send + 'static) -> T {
    let url = url.to_owned();
    let work = move || f(&mut Client::connect(&url, NoTls).expect("connect to NEP_TEST_PG"));
    std::thread::spawn(work).join().expect("ask NEP_TEST_PG")
}

fn server(url: &str, statements: Vec<String>) {
    on_server(url, move |c| {
        for sql in statements {
            c.batch_execute(&sql).unwrap_or_else(|e| panic!("{sql}: {e}"));
        }
    });
}

fn attempt(url: &str, sql: &str) {
    let sql = sql.to_owned();
    on_server(url, move |c| drop(c.batch_execute(&sql)));
}

fn ask(url: &str, sql: &str) -> bool {
    let sql = sql.to_owned();
    on_server(url, move |c| !c.query(&sql, &[]).expect("ask the catalogue").is_empty())
}
