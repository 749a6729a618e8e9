//! `nep migrate`: the schema of this program; or everything from one database into another, empty one, so
//! that an installation outgrows one machine. Nothing is said to be done before both sides were compared.

use std::path::Path;

use anyhow::{Context, bail};
use clap::Args;
use db::{Copied, Db, Tx};
use domain::code::Code;
use domain::vi;
use jiff::Timestamp;

use super::{Place, say, verify, words};
use crate::account::store as accounts;
use crate::process::store::at_work;
use crate::schema::migrations;
use crate::system::store;

/// Tables that are made from others.
const DERIVED: &[&str] = &["search_doc", "search_words"];
/// Settings that say they have been made; emptied in the copy, so that opening it makes them anew.
const MADE: &[&str] = &["search"];

#[derive(Debug, Args)]
pub(super) struct Migrate {
    #[command(flatten)]
    place: Place,
    /// Chuyển dữ liệu từ: sqlite:/thư_mục/nep.db hoặc postgres://… (biến môi trường NEP_FROM)
    #[arg(long, value_name = "ĐỊA_CHỈ", env = "NEP_FROM", hide_env_values = true, requires = "to")]
    from: Option<String>,
    /// Chuyển dữ liệu đến một cơ sở dữ liệu trống: postgres://… hoặc sqlite:/thư_mục/nep.db (biến môi trường NEP_TO)
    #[arg(long, value_name = "ĐỊA_CHỈ", env = "NEP_TO", hide_env_values = true, requires = "from")]
    to: Option<String>,
}

pub(super) fn run(migrate: &Migrate) -> anyhow::Result<()> {
    match (&migrate.from, &migrate.to) {
        (Some(from), Some(to)) => carry(from, to),
        _ => {
            let db = migrate.place.open()?;
            let version = db.schema_version().map_err(words::database)?;
            say(&format!("Cơ sở dữ liệu ở phiên bản {version}."));
            Ok(())
        }
    }
}

fn carry(from: &str, to: &str) -> anyhow::Result<()> {
    if from == to {
        bail!("nguồn và đích là một; không có gì để chuyển.");
    }
    if let Some(file) = file(from).filter(|f| !f.exists()) {
        bail!("không có dữ liệu ở {}.", file.display());
    }
    let place = |url: &str| Place { data: Path::new("").to_owned(), database: Some(url.to_owned()) };
    let source = place(from).open_as_it_is().context("nguồn")?;
    alone(&source)?;
    let made = file(to).filter(|f| !f.exists());
    let target = Db::open(to).map_err(words::database).context("không mở được đích")?;
    let copied = fill(&source, &target);
    drop(target);
    if let (Err(_), Some(file)) = (&copied, made) {
        // A file that was not there before is not left behind half made.
        for end in ["", "-wal", "-shm"] {
            drop(std::fs::remove_file(file.with_file_name(format!("{}{end}", name(file)))));
        }
    }
    let rows: u64 = copied?.iter().map(|c| c.rows).sum();
    say(&format!("Đã chép {} dòng; từng giá trị đã được đọc lại và khớp với nguồn.", whole(rows)));
    verify::check(&place(to).open()?)?;
    say("Nguồn còn nguyên. Từ nay hãy chạy máy chủ với đích, và cất nguồn đi để không ai mở nhầm.");
    Ok(())
}

fn fill(source: &Db, target: &Db) -> anyhow::Result<Vec<Copied>> {
    target.migrate(&migrations(target.engine())).map_err(words::database).context("đích")?;
    let large = |c: &Copied| {
        if c.rows >= 100_000 {
            say(&format!("  {}: {} dòng", c.table, whole(c.rows)));
        }
    };
    let now = source.clone();
    let agree = move |tx: &mut Tx| {
        // A server that was started meanwhile writes what this snapshot does not have: nothing is kept.
        match now.read_now(|tx| at_work(tx, Timestamp::now()))?.is_empty() {
            true => heads(tx),
            false => Err(db::Error::Busy),
        }
    };
    let copied = source.copy_to(target, DERIVED, agree, large);
    let copied = copied.map_err(|error| match error {
        db::Error::Unique(table) => {
            anyhow::anyhow!("đích không trống (bảng {table} đã có dữ liệu); chuyển dữ liệu không ghi đè.")
        }
        other => words::database(other).context("không chuyển được; đích không giữ lại gì"),
    })?;
    let forgotten = target.write_now(|tx| {
        for key in MADE {
            if accounts::setting(tx, key)?.is_some() {
                accounts::set_setting(tx, key, "")?;
            }
        }
        Ok::<_, db::Error>(())
    });
    forgotten.map_err(words::database)?;
    Ok(copied)
}

/// Heads of ledgers and trails, and the counts people know.
fn heads(tx: &mut Tx) -> db::Result<Vec<String>> {
    let mut out: Vec<String> = store::counts(tx)?.into_iter().map(|(name, n)| format!("{name} {n}")).collect();
    out.extend(store::heads(tx)?.into_iter().map(|(org, seq, hash)| format!("ledger {org} {seq} {hash}")));
    out.extend(store::trails(tx)?.into_iter().map(|(org, seq, hash)| format!("audit {org} {seq} {hash}")));
    Ok(out)
}

/// Nothing may be written to the source that would not arrive.
fn alone(source: &Db) -> anyhow::Result<()> {
    let running = source.read_now(|tx| at_work(tx, Timestamp::now())).map_err(words::database)?;
    match running.first() {
        None => Ok(()),
        Some(role) => bail!(
            "nguồn đang có {} chạy. Hãy dừng mọi máy chủ và việc nền; nếu chương trình vừa tắt đột ngột thì chờ 2 phút rồi chạy lại.",
            role.label()
        ),
    }
}

/// The file of an SQLite address.
fn file(url: &str) -> Option<&Path> {
    if url.starts_with("postgres") {
        return None;
    }
    Some(Path::new(url.strip_prefix("sqlite://").or(url.strip_prefix("sqlite:")).unwrap_or(url)))
}

fn name(file: &Path) -> String {
    file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

fn whole(n: u64) -> String {
    vi::number(i64::try_from(n).unwrap_or(i64::MAX))
}
