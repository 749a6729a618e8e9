//! An installation outgrows one machine: everything from SQLite into PostgreSQL and back, compared value by
//! value; and what stands in the way is said before anything is written.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what fails here fails the test")]

mod child;

use std::collections::BTreeMap;
use std::path::Path;

use child::{Server, nep, open, small};
use db::{Db, Engine, Value, values};

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn sqlite(data: &Path) -> String {
    format!("sqlite:{}", data.join("nep.db").display())
}

fn carry(from: &str, to: &str) -> child::Done {
    nep(&["migrate", "--from", from, "--to", to])
}

/// Every row of every table of a file, in no order; without when it was last looked through.
fn everything(db: &Db) -> BTreeMap<String, Vec<String>> {
    db.read_now(|tx| {
        let sql = "select name, (select count(*) from pragma_table_info(t.name)) from pragma_table_list t
                   where schema = 'main' and type = 'table' and name not like 'sqlite%' and name <> 'schema_migration'";
        let tables: Vec<(String, i64)> = tx.all(sql, values![])?;
        let mut all = BTreeMap::new();
        // What is made from other tables is not carried but made anew.
        for (table, width) in tables.into_iter().filter(|t| !t.0.starts_with("search_")) {
            let mut rows = Vec::new();
            let but = if table == "setting" { " where key not like 'last%check' and key <> 'search'" } else { "" };
            tx.each(&format!("select * from \"{table}\"{but}"), values![], |row| {
                let cells: Vec<Value> = (0..usize::try_from(width).unwrap()).map(|n| row.get(n)).collect::<db::Result<_>>()?;
                rows.push(format!("{cells:?}"));
                Ok(())
            })?;
            rows.sort();
            all.insert(table, rows);
        }
        Ok::<_, db::Error>(all)
    })
    .unwrap()
}

/// A few rows in every table that has none, of any words and numbers; but nothing that is added up or chained.
fn fill(db: &Db) {
    const LEFT: [&str; 9] = ["audit", "ledger", "issued", "month_", "org", "cell_month", "rollup", "process", "search_"];
    db.write_now(|tx| {
        let sql = "select name from pragma_table_list where schema = 'main' and type = 'table' and name not like 'sqlite%'";
        let tables: Vec<(String,)> = tx.all(sql, values![])?;
        for (table,) in tables.into_iter().filter(|t| !LEFT.iter().any(|name| t.0.starts_with(name))) {
            if tx.scalar::<i64>(&format!("select count(*) from \"{table}\""), values![])? > 0 {
                continue;
            }
            let columns: Vec<(String, String)> =
                tx.all("select name, lower(type) from pragma_table_xinfo($1) where hidden = 0", values![table])?;
            for n in 1..=3 {
                let cells = columns.iter().enumerate().map(|(at, (_, kind))| match kind.as_str() {
                    "text" => format!("'Đồng chí Ấm \u{1F33E} {n}.{at}'"),
                    "blob" => format!("x'00ff0{n}'"),
                    "real" | "double precision" => format!("{n}.1"),
                    _ => format!("{}", i64::MAX - n * 100 - at as i64),
                });
                let cells: Vec<String> = cells.collect();
                tx.exec(&format!("insert into \"{table}\" values ({})", cells.join(", ")), values![])?;
            }
        }
        Ok::<_, db::Error>(())
    })
    .unwrap();
}

#[test]
fn everything_goes_to_postgres_and_comes_back_as_it_was() {
    let Some(fresh) = db::testkit::fresh(Engine::Postgres) else { return };
    let room = tempfile::tempdir().unwrap();
    let (data, back) = (room.path().join("data"), room.path().join("back"));
    small(&data);
    fill(&open(&data));
    let counted = nep(&["verify", "--data", text(&data)]).works();
    let there = carry(&sqlite(&data), &fresh.url).works().says(&["Đã chép", "Toàn vẹn"]);
    // Counts, ledgers with their heads: what verify said of the source.
    for start in ["Số lượng", "Sổ cái"] {
        assert_eq!(there.lines(start), counted.lines(start));
    }
    carry(&fresh.url, &sqlite(&back)).works();
    let (before, after) = (everything(&open(&data)), everything(&open(&back)));
    let filled = before.values().filter(|rows| !rows.is_empty()).count();
    assert!(filled > 45 && before["audit"].len() > 5 && before["file_body"].len() == 3, "{filled}");
    for (table, rows) in &before {
        assert_eq!(rows.len(), after[table].len(), "{table}");
        assert!(*rows == after[table], "{table} is not what it was");
    }
    // It is a database to work with.
    drop(Server::start_args(&["--database", &fresh.url, "--no-worker"], &[]));
    // Nothing is written over.
    carry(&sqlite(&data), &fresh.url).fails_saying(&["không trống", "không ghi đè"]);
    carry(&fresh.url, &fresh.url).fails_saying(&["là một"]);
}

#[test]
fn what_is_in_the_way_is_said_and_nothing_is_left_behind() {
    let room = tempfile::tempdir().unwrap();
    let (data, to) = (room.path().join("data"), room.path().join("to"));
    let left = || to.exists() && std::fs::read_dir(&to).unwrap().count() > 0;
    carry(&sqlite(&data), &sqlite(&to)).fails_saying(&["không có dữ liệu"]);
    assert!(!data.exists() && !left());
    assert_eq!(nep(&["migrate", "--from", "x", "--data", text(&data)]).code, Some(2), "one without the other");
    small(&data);
    // A server is running, and then it ended without a word: it may not be known for a while.
    let server = Server::start(&data);
    carry(&sqlite(&data), &sqlite(&to)).fails_saying(&["máy chủ", "Hãy dừng"]);
    server.kill();
    carry(&sqlite(&data), &sqlite(&to)).fails_saying(&["chờ 2 phút"]);
    assert!(!left());
    open(&data).write_now(|tx| tx.exec("update process set seen_at = seen_at - 120000", values![])).unwrap();
    // What a file holds that is not text breaks the copy off, and what was copied before it goes.
    let spoil = "update audit set detail = cast(x'ff' as text) where seq = 1";
    let whole = room.path().join("whole.db");
    open(&data).backup_to(&whole).unwrap();
    open(&data).write_now(move |tx| tx.exec(spoil, values![])).unwrap();
    carry(&sqlite(&data), &sqlite(&to)).fails_saying(&["không giữ lại gì"]);
    assert!(!left());
    carry(&format!("sqlite:{}", whole.display()), &sqlite(&to)).works();
    assert_eq!(everything(&open(&to)), everything(&Db::open(&format!("sqlite:{}", whole.display())).unwrap()));
}
