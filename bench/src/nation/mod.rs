//! `make bench-nation`: a part of the nation in one PostgreSQL. Made-up rows go straight into the tables; the
//! program then carries a year of months up, and the nation's board is read beside a scan of the facts.
//! May touch: one PostgreSQL that is empty, child processes, the folder of results.

mod board;
mod load;

use anyhow::{Context, ensure};
use clap::Args;
use postgres::{Client, NoTls};
use std::path::PathBuf;
use std::process::Command;

use crate::measure::say;
use crate::table::{Aim, Table, facts};

/// What to measure and with what.
#[derive(Debug, Args)]
pub struct Nation {
    /// The program
    #[arg(long)]
    nep: PathBuf,
    /// How it was built; printed
    #[arg(long, default_value = "release")]
    profile: String,
    /// An empty PostgreSQL database; it will be filled
    #[arg(long)]
    database: String,
    /// Which part of the nation: 10 is a tenth
    #[arg(long, default_value_t = 10)]
    part: u32,
    /// Seconds of sealed meetings, 200 of them a second
    #[arg(long, default_value_t = 30)]
    seconds: u32,
    /// Folder of results
    #[arg(long, default_value = "target/bench")]
    out: PathBuf,
}

/// Measures everything; false when something could not be measured.
pub fn run(nation: &Nation) -> anyhow::Result<bool> {
    ensure!((1..=10_000).contains(&nation.part), "a part is 1 (all of it) to 10000");
    let head = facts(&nation.profile);
    say(&head);
    let made = Command::new(&nation.nep).args(["migrate", "--database", &nation.database]).status()?;
    ensure!(made.success(), "the schema could not be made");
    // An index of nothing: the worker is measured at the months, not at what may be found.
    let indexed = Command::new(&nation.nep).args(["reindex", "--database", &nation.database]).status()?;
    ensure!(indexed.success(), "the index could not be made");
    let mut sql = Client::connect(&nation.database, NoTls).context("no connection to PostgreSQL")?;
    let there: i64 = sql.query_one("select count(*) from org", &[])?.get(0);
    ensure!(there == 0, "the database is not empty");
    let mut table = Table::default();
    table.put("nation.part", f64::from(nation.part), "", Aim::None);
    let made = load::fill(&mut sql, nation.part, &mut table)?;
    board::measure(&mut sql, nation, &made, &mut table)?;
    let disk: i64 = sql.query_one("select pg_database_size(current_database())", &[])?.get(0);
    table.put("nation.disk_mb", megabytes(disk), "MB", Aim::None);
    std::fs::create_dir_all(&nation.out)?;
    std::fs::write(nation.out.join("nation.tsv"), table.tsv())?;
    std::fs::write(nation.out.join("nation.txt"), format!("{head}{table}"))?;
    say(&table.to_string());
    Ok(table.complete())
}

#[expect(clippy::cast_precision_loss, reason = "a size of a disk, for people")]
fn megabytes(bytes: i64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}
