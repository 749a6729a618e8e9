//! A copy of the SQLite database while it is being used.
//! May touch: the database file (reading) and the copy. PostgreSQL has its own tools for this.
//! Rules: never overwrites; the copy is checked and on the disk before anyone is told it exists.

use crate::pool::Target;
use crate::{Db, Error, Result, sqlite};
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use std::fs::File;
use std::path::{Path, PathBuf};

impl Db {
    /// Writes a whole, checked copy to `path`, which must not exist. Writers go on meanwhile. Blocks.
    pub fn backup_to(&self, path: impl AsRef<Path>) -> Result<()> {
        let Target::Sqlite(source) = self.target() else {
            return Err(Error::other("a PostgreSQL database is backed up with pg_dump or pg_basebackup"));
        };
        let path = path.as_ref();
        if path.exists() {
            return Err(Error::other("the backup file exists already"));
        }
        let part = beside(path);
        let made = copy(source, &part).and_then(|()| publish(&part, path));
        if made.is_err() {
            // Its own failure adds nothing to the one being reported.
            drop(std::fs::remove_file(&part));
        }
        made
    }
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    PathBuf::from(name)
}

/// Copies page by page under one read lock, so that no writer makes it start over.
fn copy(source: &Path, part: &Path) -> Result<()> {
    sqlite::create(part)?;
    let from = sqlite::open_reader(source)?;
    let mut to = Connection::open(part)?;
    match Backup::new(&from, &mut to)?.step(-1)? {
        StepResult::Done => {}
        _ => return Err(Error::Busy),
    }
    // One file that stands alone: the copy must not need a -wal beside it.
    to.pragma_update(None, "journal_mode", "delete")?;
    let verdict: String = to.pragma_query_value(None, "integrity_check", |r| r.get(0))?;
    to.close().map_err(|(_, e)| e)?;
    if verdict != "ok" {
        return Err(Error::Corrupt("the copy failed its integrity check".into()));
    }
    File::open(part)?.sync_all()?;
    Ok(())
}

/// Gives the copy its name: reserved first, so that nothing that exists is replaced.
fn publish(part: &Path, path: &Path) -> Result<()> {
    File::create_new(path)?;
    std::fs::rename(part, path)?;
    let folder = path.parent().filter(|f| !f.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    Ok(())
}
