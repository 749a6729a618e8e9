//! What only SQLite promises: who may read the file, groups that fall apart well, backups.

#![allow(clippy::unwrap_used)]

use db::testkit::fresh;
use db::{Db, Engine, Error, Tx, values};
use std::os::unix::fs::PermissionsExt;

fn mode(path: &std::path::Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn filled() -> db::testkit::Fresh {
    let db = fresh(Engine::Sqlite).unwrap();
    db.write_now(|tx| {
        tx.batch("create table t (id bigint primary key, u bigint references t (id) deferrable initially deferred)")
    })
    .unwrap();
    db
}

fn insert(tx: &mut Tx, id: i64, parent: Option<i64>) -> Result<u64, Error> {
    tx.exec("insert into t (id, u) values ($1, $2)", values![id, parent])
}

#[test]
fn the_file_is_its_owners_alone() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("new/deep/nep.db");
    let db = Db::open(&format!("sqlite:{}", path.display())).unwrap();
    db.write_now(|tx| tx.batch("create table t (id bigint)")).unwrap();
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(&dir.path().join("new/deep/nep.db-wal")), 0o600);
    assert_eq!(mode(&dir.path().join("new/deep")), 0o700);
    assert_eq!(mode(&dir.path().join("new")), 0o700);
}

#[test]
fn memory_is_not_a_place() {
    assert!(Db::open("sqlite::memory:").is_err());
    assert!(Db::open("mysql://x").is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_broken_at_commit_hits_only_its_own_closure() {
    let fresh = filled();
    // Hold the writer so that the others gather into one group.
    let hold = Db::clone(&fresh);
    let held = tokio::spawn(async move {
        hold.write(|_| {
            std::thread::sleep(std::time::Duration::from_millis(200));
            Ok::<_, Error>(())
        })
        .await
    });
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    let tasks: Vec<_> = (1..=8_i64)
        .map(|i| {
            let db = Db::clone(&fresh);
            let parent = (i == 5).then_some(99);
            tokio::spawn(async move { db.write(move |tx| insert(tx, i, parent)).await })
        })
        .collect();
    held.await.unwrap().unwrap();
    for (i, task) in (1..).zip(tasks) {
        let done = task.await.unwrap();
        match i {
            5 => assert!(matches!(done, Err(Error::Constraint(_))), "{done:?}"),
            _ => assert_eq!(done, Ok(1), "{i}"),
        }
    }
    assert_eq!(fresh.read(|tx| tx.scalar("select count(*) from t", &[])).await, Ok(7_i64));
}

#[test]
fn another_program_that_writes_is_waited_for_then_told() {
    let fresh = filled();
    let path = fresh.url.strip_prefix("sqlite:").unwrap().to_owned();
    let other = rusqlite::Connection::open(path).unwrap();
    other.execute_batch("begin immediate").unwrap();
    let db = Db::clone(&fresh);
    let waiting = std::thread::spawn(move || db.write_now(|tx| insert(tx, 1, None)));
    std::thread::sleep(std::time::Duration::from_millis(300));
    assert!(!waiting.is_finished());
    other.execute_batch("commit").unwrap();
    assert_eq!(waiting.join().unwrap(), Ok(1));
}

#[test]
fn a_writer_that_never_ends_is_told_to_all_at_once() {
    let fresh = filled();
    let path = fresh.url.strip_prefix("sqlite:").unwrap().to_owned();
    let other = rusqlite::Connection::open(path).unwrap();
    other.execute_batch("begin immediate").unwrap();
    let begun = std::time::Instant::now();
    let waiting: Vec<_> = (0..6)
        .map(|i| {
            let db = Db::clone(&fresh);
            std::thread::spawn(move || db.write_now(move |tx| insert(tx, i, None)))
        })
        .collect();
    for thread in waiting {
        assert_eq!(thread.join().unwrap(), Err(Error::Busy));
    }
    assert!(begun.elapsed().as_secs() < 30);
    other.execute_batch("rollback").unwrap();
    assert_eq!(fresh.write_now(|tx| insert(tx, 1, None)), Ok(1));
}

#[test]
fn a_full_disk_is_told_to_everyone_and_survived() {
    let fresh = filled();
    let limit =
        |pages: i64| fresh.write_now(move |tx| tx.scalar::<i64>(&format!("pragma max_page_count = {pages}"), &[])).unwrap();
    limit(8);
    let e = fresh.write_now(|tx| (0..100_000).try_for_each(|i| insert(tx, i, None).map(drop)));
    assert_eq!(e, Err(Error::DiskFull));
    limit(1_000_000);
    assert_eq!(fresh.write_now(|tx| insert(tx, 1, None)), Ok(1));
    assert_eq!(fresh.read_now(|tx| tx.scalar("select count(*) from t", &[])), Ok(1_i64));
}

#[test]
fn a_backup_is_whole_while_others_write() {
    let fresh = filled();
    fresh.write_now_bulk(|tx| (0..20_000).try_for_each(|i| insert(tx, i, None).map(drop))).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("copy.db");
    let db = Db::clone(&fresh);
    let writer =
        std::thread::spawn(move || (20_000..20_200).try_for_each(|i| db.write_now(move |tx| insert(tx, i, None)).map(drop)));
    fresh.backup_to(&path).unwrap();
    writer.join().unwrap().unwrap();
    assert_eq!(mode(&path), 0o600);
    let left: Vec<_> = std::fs::read_dir(dir.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
    let copy = Db::open(path.to_str().unwrap()).unwrap();
    let found: i64 = copy.read_now(|tx| tx.scalar("select count(*) from t", &[])).unwrap();
    assert!((20_000..=20_200).contains(&found));
    assert_eq!(copy.integrity(), Ok(vec![]));
    assert!(fresh.backup_to(&path).is_err());
    assert_eq!(copy.read_now(|tx| tx.scalar("select count(*) from t", &[])), Ok(found));
}

#[test]
fn damage_is_found() {
    let fresh = filled();
    let path = fresh.url.strip_prefix("sqlite:").unwrap().to_owned();
    let other = rusqlite::Connection::open(path).unwrap();
    other.execute_batch("pragma foreign_keys = off; insert into t values (1, 77)").unwrap();
    assert_eq!(fresh.integrity(), Ok(vec!["foreign key: t to t, 1".to_owned()]));
}
