//! Bringing a database up to the schema this program knows, one step at a time, forward only.
//! May touch: its own table `schema_migration`. The texts come from the caller.
//! Rules: a step and its record are one transaction; a changed or newer step stops the start.

use crate::{Db, Error, Result, Tx, values};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// One step of the schema.
#[derive(Debug, Clone, Copy)]
pub struct Migration<'a> {
    /// Ascending, never reused.
    pub number: u32,
    /// A short English name.
    pub name: &'a str,
    /// The statements for the engine at hand.
    pub sql: &'a str,
}

impl Migration<'_> {
    /// Hash of the text; line ends do not count.
    fn checksum(&self) -> String {
        let digest = Sha256::digest(self.sql.replace("\r\n", "\n").as_bytes());
        digest.iter().map(|b| format!("{b:02x}")).collect()
    }
}

const TABLE: &str = "create table if not exists schema_migration (
    number bigint not null primary key, name text not null, checksum text not null, applied_at bigint not null)";

/// What is recorded of one step.
type Record = (u32, String, String);

impl Db {
    /// Applies what is missing; the numbers applied. Blocks. Several programs may start at once.
    pub fn migrate(&self, steps: &[Migration]) -> Result<Vec<u32>> {
        if !steps.is_sorted_by(|a, b| a.number < b.number) {
            return Err(Error::Migration("the numbers do not ascend".into()));
        }
        self.prepare_table()?;
        let known: Vec<Record> = steps.iter().map(|s| (s.number, s.name.to_owned(), s.checksum())).collect();
        let done = self.read_now(move |tx| compare(tx, &known))?;
        let mut applied = Vec::new();
        for step in &steps[done..] {
            if self.apply(step)? {
                applied.push(step.number);
                tracing::info!(number = step.number, name = step.name, "migration applied");
            }
        }
        Ok(applied)
    }

    /// The number of the last step applied, 0 for an empty database.
    pub fn schema_version(&self) -> Result<u32> {
        self.prepare_table()?;
        self.read_now(|tx| tx.scalar("select coalesce(max(number), 0) from schema_migration", &[]))
    }

    /// Two programs that create the table at once collide in the catalogue, whose errors are
    /// not those of crossed transactions: the loser looks again.
    fn prepare_table(&self) -> Result<()> {
        let there = self.read_now(|tx| tx.scalar::<i64>("select count(*) from schema_migration", &[]));
        if there.is_ok() || self.write_now(|tx| tx.batch(TABLE)).is_ok() {
            return Ok(());
        }
        self.write_now(|tx| tx.batch(TABLE))
    }

    /// Applies one step unless another program just has. The record is written first: whoever
    /// comes second waits on its key and then finds the step done.
    fn apply(&self, step: &Migration) -> Result<bool> {
        let (number, name, sum, sql) = (step.number, step.name.to_owned(), step.checksum(), step.sql.to_owned());
        self.write_now(move |tx| {
            let found = tx.scalar_opt::<String>("select checksum from schema_migration where number = $1", values![number])?;
            if let Some(found) = found {
                return if found == sum { Ok(false) } else { Err(tampered(number)) };
            }
            let row = values![number, name, sum, Timestamp::now()];
            tx.exec("insert into schema_migration (number, name, checksum, applied_at) values ($1, $2, $3, $4)", row).map_err(
                |e| match e {
                    Error::Unique(_) => Error::Serialization,
                    e => e,
                },
            )?;
            tx.batch(&sql)?;
            Ok(true)
        })
    }
}

fn tampered(number: u32) -> Error {
    Error::Migration(format!("step {number} is not the one that was applied"))
}

/// How many of the known steps are recorded; they must be the first ones, unchanged.
fn compare(tx: &mut Tx, known: &[Record]) -> Result<usize> {
    let found: Vec<Record> = tx.all("select number, name, checksum from schema_migration order by number", &[])?;
    let newest = |list: &[Record]| list.last().map_or(0, |r| r.0);
    if newest(&found) > newest(known) {
        return Err(Error::NewerSchema { found: newest(&found), known: newest(known) });
    }
    for (f, k) in found.iter().zip(known) {
        if f.0 != k.0 {
            return Err(Error::Migration(format!("step {} is missing", f.0.min(k.0))));
        }
        if f.2 != k.2 {
            return Err(tampered(k.0));
        }
    }
    Ok(found.len())
}
