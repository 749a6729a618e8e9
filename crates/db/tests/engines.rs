//! Both engines keep the same promises to a store.

#![allow(clippy::unwrap_used)]

use db::testkit::{each_engine, engines};
use db::{Db, Engine, Error, Result, Row, Tx, Value, row, values};
use domain::code::Code;
use domain::id::{Id, PersonId};
use jiff::Timestamp;
use jiff::civil::{date, datetime};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Barrier};

const TABLE: &str = "create table person (org_id bigint not null, id bigint not null, name text not null,
    level bigint not null check (level >= 0), version bigint not null,
    primary key (org_id, id), unique (org_id, name))";

fn with_table(test: impl Fn(Db)) {
    each_engine(|db| {
        db.write_now(|tx| tx.batch(TABLE)).unwrap();
        test(db);
    });
}

fn insert(tx: &mut Tx, id: i64, name: &str) -> Result<u64> {
    tx.exec("insert into person (org_id, id, name, level, version) values ($1, $2, $3, 0, 1)", values![1_i64, id, name])
}

fn count(db: &Db) -> i64 {
    db.read_now(|tx| tx.scalar("select count(*) from person", values![])).unwrap()
}

#[test]
fn numbered_parameters_mean_their_number() {
    each_engine(|db| {
        let (a, b): (String, String) =
            db.read_now(|tx| tx.one("select cast($2 as text), cast($1 as text)", values!["first", "second"])).unwrap();
        assert_eq!((a.as_str(), b.as_str()), ("second", "first"));
        let twice: (i64, i64, i64) = db
            .read_now(|tx| tx.one("select cast($2 as bigint), cast($1 as bigint), cast($2 as bigint)", values![1_i64, 2_i64]))
            .unwrap();
        assert_eq!(twice, (2, 1, 2));
    });
}

#[test]
fn a_wrong_number_of_values_is_refused() {
    each_engine(|db| {
        for v in [vec![], vec![Value::Int(1), Value::Int(2)]] {
            let e = db.read_now(move |tx| tx.scalar::<i64>("select cast($1 as bigint)", &v)).unwrap_err();
            assert!(matches!(&e, Error::Other(text) if text.contains("values")), "{e:?}");
        }
    });
}

#[test]
fn a_list_stands_within_a_statement() {
    with_table(|db| {
        db.write_now(|tx| (1..=9).try_for_each(|n| insert(tx, n, &format!("n{n}")).map(drop))).unwrap();
        let among = |ids: Vec<i64>| -> Vec<i64> {
            let (places, v) = db::listed(values![1_i64], ids);
            let sql = format!("select id from person where org_id = $1 and id in ({places}) order by id");
            db.read_now(move |tx| tx.all::<(i64,)>(&sql, &v)).unwrap().into_iter().map(|(id,)| id).collect()
        };
        assert_eq!(among(vec![5, 2, 9, 70, 3]), [2, 3, 5, 9]);
        assert_eq!(among(vec![4]), [4]);
        assert!(among(vec![]).is_empty());
    });
}

domain::codes! {
    /// How a member took part.
    pub enum Answer { /// Will come.
        Coming = "coming" / "Sẽ dự", /// Will not.
        Away = "away" / "Xin vắng" }
}

#[derive(Debug, PartialEq)]
struct Everything {
    id: PersonId,
    small: i32,
    yes: bool,
    real: f64,
    text: String,
    none: Option<String>,
    bytes: Vec<u8>,
    day: jiff::civil::Date,
    hour: jiff::civil::DateTime,
    at: Timestamp,
    answer: Answer,
    other: Option<Answer>,
    nothing: Option<Answer>,
}
row!(Everything { id, small, yes, real, text, none, bytes, day, hour, at, answer: code, other: code_opt, nothing: code_opt });

#[test]
fn every_kind_of_value_comes_back() {
    each_engine(|db| {
        let blob = if db.engine() == Engine::Sqlite { "blob" } else { "bytea" };
        let sql = format!(
            "create table every (id bigint, small bigint, yes bigint, r double precision, t text, n text, b {blob},
             day text, hour text, at bigint, a1 text, a2 text, a3 text)"
        );
        db.write_now(move |tx| tx.batch(&sql)).unwrap();
        let kept = || Everything {
            id: Id::new(i64::MAX),
            small: -5,
            yes: true,
            real: 0.1,
            text: "Đảng bộ xã Ấm Hạ".into(),
            none: None,
            bytes: vec![0, 255, 7],
            day: date(2026, 12, 3),
            hour: datetime(2026, 12, 3, 14, 0, 0, 0),
            at: Timestamp::from_millisecond(1_796_000_000_123).unwrap(),
            answer: Answer::Away,
            other: Some(Answer::Coming),
            nothing: None,
        };
        db.write_now(move |tx| {
            let e = kept();
            tx.exec(
                "insert into every values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
                values![
                    e.id,
                    e.small,
                    e.yes,
                    e.real,
                    e.text,
                    e.none,
                    e.bytes,
                    e.day,
                    e.hour,
                    e.at,
                    e.answer.code(),
                    e.other.map(Code::code),
                    e.nothing.map(Code::code)
                ],
            )
        })
        .unwrap();
        let found = db.read_now(|tx| tx.one::<Everything>("select * from every", values![])).unwrap();
        assert_eq!(found, kept());
        let texts: (String, String) = db.read_now(|tx| tx.one("select day, hour from every", values![])).unwrap();
        assert_eq!(texts, ("2026-12-03".into(), "2026-12-03T14:00".into()));
    });
}

#[test]
fn a_value_that_does_not_fit_is_corrupt_and_untold() {
    each_engine(|db| {
        let secret = db.read_now(|tx| tx.scalar::<i64>("select cast('Bí mật' as text)", values![])).unwrap_err();
        assert_eq!(secret, Error::Corrupt("column 0: text where an integer is wanted".into()));
        let null = db.read_now(|tx| tx.scalar::<i64>("select cast(null as bigint)", values![])).unwrap_err();
        assert!(matches!(null, Error::Corrupt(_)));
        let word = |row: &Row| row.code::<Answer>(0).map(drop);
        let e = db.read_now(move |tx| tx.each("select cast('Bí mật' as text)", values![], word)).unwrap_err();
        assert!(matches!(&e, Error::Corrupt(_)) && !e.to_string().contains("mật"), "{e}");
    });
}

#[test]
fn missing_and_outdated_rows_have_their_own_errors() {
    with_table(|db| {
        let one = db.read_now(|tx| tx.one::<(i64,)>("select id from person", values![]));
        assert_eq!(one, Err(Error::NotFound));
        assert_eq!(db.read_now(|tx| tx.opt::<(i64,)>("select id from person", values![])), Ok(None));
        db.write_now(|tx| insert(tx, 1, "An")).unwrap();
        let save = |tx: &mut Tx| {
            tx.changed("update person set version = version + 1 where id = $1 and version = $2", values![1_i64, 1_i64])
        };
        assert_eq!(db.write_now(save), Ok(()));
        assert_eq!(db.write_now(save), Err(Error::Conflict));
    });
}

#[test]
fn constraints_are_named_alike_and_without_contents() {
    with_table(|db| {
        db.write_now(|tx| insert(tx, 1, "Ân")).unwrap();
        assert_eq!(db.write_now(|tx| insert(tx, 1, "Bình")), Err(Error::Unique("person(org_id, id)".into())));
        assert_eq!(db.write_now(|tx| insert(tx, 2, "Ân")), Err(Error::Unique("person(org_id, name)".into())));
        let check = db.write_now(|tx| tx.exec("update person set level = $1", values![-1_i64])).unwrap_err();
        assert!(matches!(&check, Error::Constraint(_)), "{check:?}");
        let null = db.write_now(|tx| tx.exec("update person set name = $1", values![None::<String>])).unwrap_err();
        assert!(matches!(&null, Error::Constraint(_)), "{null:?}");
        assert_eq!(count(&db), 1);
    });
}

#[test]
fn an_error_undoes_everything() {
    with_table(|db| {
        let e = db.write_now(|tx| {
            insert(tx, 1, "An")?;
            Err::<(), _>(Error::Conflict)
        });
        assert_eq!(e, Err(Error::Conflict));
        assert_eq!(count(&db), 0);
    });
}

#[test]
fn a_swallowed_failure_still_undoes_everything() {
    with_table(|db| {
        let e = db.write_now(|tx| {
            insert(tx, 1, "An")?;
            drop(insert(tx, 1, "Bình"));
            Ok::<_, Error>(())
        });
        assert_eq!(e, Err(Error::Unique("person(org_id, id)".into())));
        assert_eq!(count(&db), 0);
        let e = db.write_now_bulk(|tx| {
            insert(tx, 1, "An")?;
            drop(insert(tx, 1, "Bình"));
            Ok::<_, Error>(())
        });
        assert!(e.is_err());
        assert_eq!(count(&db), 0);
    });
}

#[test]
fn reading_cannot_write() {
    with_table(|db| {
        assert!(db.read_now(|tx| insert(tx, 1, "An")).is_err());
        assert_eq!(count(&db), 0);
    });
}

#[test]
fn a_panic_harms_nobody_else() {
    with_table(|db| {
        for _ in 0..5 {
            let e = db.write_now(|tx| {
                insert(tx, 1, "An")?;
                assert!(tx.engine() as u8 > 9, "meant");
                Ok::<_, Error>(())
            });
            assert!(matches!(e, Err(Error::Other(_))), "{e:?}");
            let e = db.read_now(|_| -> Result<()> { panic!("meant") });
            assert!(matches!(e, Err(Error::Other(_))), "{e:?}");
        }
        assert_eq!(count(&db), 0);
        db.write_now(|tx| insert(tx, 1, "An")).unwrap();
        assert_eq!(count(&db), 1);
    });
}

#[test]
fn crossed_transactions_run_again() {
    with_table(|db| {
        db.write_now(|tx| insert(tx, 1, "An")).unwrap();
        // Both read the same number before either writes; one must lose and come back.
        let meet = Arc::new(Barrier::new(2));
        let runs = Arc::new(AtomicU32::new(0));
        let threads: Vec<_> = (0..2)
            .map(|_| {
                let (db, meet, runs) = (db.clone(), meet.clone(), runs.clone());
                std::thread::spawn(move || {
                    let mut first = db.engine() == Engine::Postgres;
                    db.write_now(move |tx| {
                        runs.fetch_add(1, Ordering::SeqCst);
                        let level: i64 = tx.scalar("select level from person where id = 1", values![])?;
                        if std::mem::take(&mut first) {
                            meet.wait();
                        }
                        tx.changed("update person set level = $1 where id = 1", values![level + 1])
                    })
                })
            })
            .collect();
        for thread in threads {
            thread.join().unwrap().unwrap();
        }
        assert_eq!(db.read_now(|tx| tx.scalar("select level from person", values![])), Ok(2_i64));
        if db.engine() == Engine::Postgres {
            assert!(runs.load(Ordering::SeqCst) > 2);
        }
    });
}

#[test]
fn retries_end() {
    with_table(|db| {
        let runs = Arc::new(AtomicU32::new(0));
        let counted = runs.clone();
        let e = db.write_now(move |tx| {
            counted.fetch_add(1, Ordering::SeqCst);
            insert(tx, 1, "An")?;
            Err::<(), _>(Error::Serialization)
        });
        assert_eq!(e, Err(Error::Serialization));
        assert!((8..=9).contains(&runs.load(Ordering::SeqCst)));
        assert_eq!(count(&db), 0);
    });
}

#[test]
fn rows_stream_and_may_be_left_early() {
    with_table(|db| {
        db.write_now_bulk(|tx| (0..2000).try_for_each(|i| insert(tx, i, &format!("n{i:05}")).map(drop))).unwrap();
        let sum = db
            .read_now(|tx| {
                let mut sum = 0;
                tx.each("select id from person order by id", values![], |row| {
                    sum += row.get::<i64>(0)?;
                    Ok(())
                })?;
                Ok::<_, Error>(sum)
            })
            .unwrap();
        assert_eq!(sum, 1999 * 1000);
        let left = db.read_now(|tx| {
            let first: (i64,) = tx.one("select id from person order by id", values![])?;
            let early = tx.each("select id from person", values![], |_| Err(Error::Conflict));
            assert_eq!(early, Err(Error::Conflict));
            Ok::<_, Error>((first.0, tx.all::<(i64,)>("select id from person where id < $1", values![3_i64])?.len()))
        });
        assert_eq!(left, Ok((0, 3)));
    });
}

#[test]
fn a_reading_closure_sees_one_moment() {
    with_table(|db| {
        let other = db.clone();
        let seen = db.read_now(move |tx| {
            let before: i64 = tx.scalar("select count(*) from person", values![])?;
            other.write_now(|tx| insert(tx, 1, "An"))?;
            let after: i64 = tx.scalar("select count(*) from person", values![])?;
            Ok::<_, Error>((before, after))
        });
        assert_eq!(seen, Ok((0, 0)));
        assert_eq!(count(&db), 1);
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn sixteen_writers_are_all_kept_after_reopening() {
    for fresh in engines() {
        fresh.write(|tx| tx.batch(TABLE)).await.unwrap();
        let tasks: Vec<_> = (0..16_i64)
            .map(|w| {
                let db = Db::clone(&fresh);
                tokio::spawn(async move {
                    let mut kept = 0_i64;
                    for i in 0..25_i64 {
                        // Every fifth is refused and must leave nothing behind in the group.
                        let done = db.write(move |tx| {
                            insert(tx, w * 100 + i, &format!("{w}-{i}"))?;
                            if i % 5 == 4 { Err(Error::Conflict) } else { Ok(()) }
                        });
                        kept += i64::from(done.await.is_ok());
                    }
                    kept
                })
            })
            .collect();
        let mut kept = 0;
        for task in tasks {
            kept += task.await.unwrap();
        }
        let again = Db::open(&fresh.url).unwrap();
        let found: i64 = again.read(|tx| tx.scalar("select count(*) from person", values![])).await.unwrap();
        assert_eq!(found, kept);
        if fresh.engine() == Engine::Sqlite {
            assert_eq!(kept, 16 * 20);
        } else {
            assert!(kept > 16 * 15, "{kept}");
        }
    }
}

#[test]
fn a_broken_connection_comes_back() {
    let Some(fresh) = db::testkit::fresh(Engine::Postgres) else {
        return;
    };
    fresh.write_now(|tx| tx.batch(TABLE)).unwrap();
    let cut = "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
    for i in 0..4 {
        fresh.read_now(move |tx| tx.scalar::<i64>(cut, values![])).unwrap();
        fresh.write_now(move |tx| insert(tx, i, &format!("n{i}"))).unwrap();
    }
    assert_eq!(count(&fresh), 4);
}

#[test]
fn prepared_statements_outlive_a_migration() {
    with_table(|db| {
        db.write_now(|tx| insert(tx, 1, "An")).unwrap();
        for column in ["one", "two"] {
            for _ in 0..4 {
                let all = db.read_now(|tx| tx.all::<(i64, i64)>("select * from person", values![]));
                assert_eq!(all, Ok(vec![(1, 1)]));
            }
            let sql = format!("alter table person add column {column} text");
            db.write_now(move |tx| tx.batch(&sql)).unwrap();
        }
    });
}

#[test]
fn an_absent_server_is_told() {
    let e = Db::open("postgres://nobody@127.0.0.1:9/none").err();
    assert!(matches!(e, Some(Error::Unavailable(_))), "{e:?}");
}
