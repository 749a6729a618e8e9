//! A database is brought up to date once, in order, or not at all.

#![allow(clippy::unwrap_used)]

use db::testkit::{each_engine, engines, fingerprint, from_template};
use db::{Db, Engine, Error, Migration, values};

const FIRST: Migration = Migration {
    number: 1,
    name: "person",
    sql: "create table person (org_id bigint not null, id bigint not null, primary key (org_id, id));",
};
const SECOND: Migration = Migration {
    number: 2,
    name: "name",
    sql: "alter table person add column name text not null default '';\ncreate index person_name on person (org_id, name);",
};

#[test]
fn steps_are_applied_once() {
    each_engine(|db| {
        assert_eq!(db.schema_version(), Ok(0));
        assert_eq!(db.migrate(&[FIRST]), Ok(vec![1]));
        assert_eq!(db.migrate(&[FIRST, SECOND]), Ok(vec![2]));
        assert_eq!(db.migrate(&[FIRST, SECOND]), Ok(vec![]));
        assert_eq!(db.schema_version(), Ok(2));
    });
}

#[test]
fn an_older_program_does_not_start() {
    each_engine(|db| {
        db.migrate(&[FIRST, SECOND]).unwrap();
        assert_eq!(db.migrate(&[FIRST]), Err(Error::NewerSchema { found: 2, known: 1 }));
    });
}

#[test]
fn a_tampered_or_missing_step_is_refused() {
    each_engine(|db| {
        db.migrate(&[FIRST]).unwrap();
        let other = Migration { sql: "create table person (id bigint);", ..FIRST };
        assert!(matches!(db.migrate(&[other, SECOND]), Err(Error::Migration(_))));
        let windows = Migration {
            sql: "create table person (org_id bigint not null, id bigint not null, primary key (org_id, id));",
            ..FIRST
        };
        assert_eq!(db.migrate(&[windows]), Ok(vec![]));
        let zero = Migration { number: 0, ..SECOND };
        assert!(matches!(db.migrate(&[zero, FIRST]), Err(Error::Migration(_))));
        assert!(matches!(db.migrate(&[SECOND, FIRST]), Err(Error::Migration(_))));
        assert_eq!(db.schema_version(), Ok(1));
    });
}

#[test]
fn a_failing_step_leaves_nothing() {
    each_engine(|db| {
        let broken = Migration { sql: "create table half (id bigint); create tabel oops (id bigint);", ..SECOND };
        assert!(db.migrate(&[FIRST, broken]).is_err());
        assert_eq!(db.schema_version(), Ok(1));
        assert!(!db.dump_schema().unwrap().contains("half"));
        assert_eq!(db.migrate(&[FIRST, SECOND]), Ok(vec![2]));
    });
}

#[test]
fn programs_that_start_together_agree() {
    for fresh in engines() {
        let threads: Vec<_> = (0..6)
            .map(|_| {
                let url = fresh.url.clone();
                std::thread::spawn(move || Db::open(&url)?.migrate(&[FIRST, SECOND]))
            })
            .collect();
        let applied: usize = threads.into_iter().map(|t| t.join().unwrap().unwrap().len()).sum();
        assert_eq!(applied, 2);
        assert_eq!(fresh.schema_version(), Ok(2));
    }
}

#[test]
fn the_schema_file_equals_the_migrations() {
    let whole = "create table person (
        org_id bigint not null, -- the owner
        name text not null default '', id bigint not null, primary key (org_id, id));
        CREATE INDEX person_name ON person (org_id,name);";
    for (migrated, file) in engines().into_iter().zip(engines()) {
        migrated.migrate(&[FIRST, SECOND]).unwrap();
        file.write_now(move |tx| tx.batch(whole)).unwrap();
        let dump = migrated.dump_schema().unwrap();
        assert_eq!(dump, file.dump_schema().unwrap());
        assert!(dump.lines().count() >= 5, "{dump}");
    }
}

#[test]
fn a_different_schema_is_seen() {
    let base = "create table a (id bigint not null primary key, n bigint check (n > 0), t text unique);
        create table b (id bigint not null primary key, a_id bigint references a (id));";
    let others = [
        base.replace("n > 0", "n >= 0"),
        base.replace("text unique", "text"),
        base.replace(" references a (id)", ""),
        base.replace("n bigint", "n bigint not null"),
        base.replace("n bigint", "n bigint default 3"),
        format!("{base} create index b_a on b (a_id);"),
        format!("{base} create view v as select id from a;"),
    ];
    let dumps = |sql: &str| -> Vec<String> {
        let dump = |db: &Db| {
            let sql = sql.to_owned();
            db.write_now(move |tx| tx.batch(&sql)).unwrap();
            db.dump_schema().unwrap()
        };
        engines().iter().map(|f| dump(f)).collect()
    };
    let first = dumps(base);
    for other in others {
        for (a, b) in first.iter().zip(dumps(&other)) {
            assert_ne!(a, &b, "{other}");
        }
    }
}

#[test]
fn full_text_search_has_a_schema_too() {
    let db = db::testkit::fresh(Engine::Sqlite).unwrap();
    db.write_now(|tx| tx.batch("create virtual table doc using fts5(folded, content='')")).unwrap();
    assert_eq!(db.dump_schema().unwrap(), "table doc create virtual table doc using fts5 ( folded , content='' )");
    let e = db.read_now(|tx| tx.opt::<(i64,)>("select rowid from doc where doc match $1", values!["bí \"mật"])).unwrap_err();
    assert!(!e.to_string().contains("mật"), "{e}");
}

#[test]
fn a_template_is_filled_once() {
    let name = fingerprint([FIRST.sql, SECOND.sql, "a_template_is_filled_once"]);
    for _ in 0..2 {
        for fresh in from_template(&name, |db| drop(db.migrate(&[FIRST, SECOND]).unwrap())) {
            assert_eq!(fresh.schema_version(), Ok(2));
            fresh.write_now(|tx| tx.exec("insert into person (org_id, id) values ($1, $2)", values![1, 2])).unwrap();
        }
    }
    let never = |_: &Db| panic!("prepared twice");
    assert!(!from_template(&name, never).is_empty());
}
