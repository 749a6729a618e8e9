//! The schema files show the present schema whole: what they make equals what the migrations make,
//! on each engine, and both engines have the same tables and columns.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "what fails in a test fails the test"
)]

use std::collections::BTreeSet;
use std::path::PathBuf;

use db::Engine;
use db::testkit;
use nep::schema::migrations;

fn file(engine: Engine) -> PathBuf {
    let name = match engine {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    };
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("../../schema/{name}.sql"))
}

/// The migrations one after the other: what the schema file holds after a change of them.
fn whole(engine: Engine) -> String {
    let mut out = "-- The present schema, whole. Made of the migrations in order; `make schema` writes it anew.\n".to_owned();
    for step in migrations(engine) {
        out.push('\n');
        out.push_str(step.sql.trim());
        out.push('\n');
    }
    out
}

#[test]
fn the_schema_file_equals_the_migrations() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        if std::env::var_os("NEP_WRITE_SCHEMA").is_some() {
            std::fs::write(file(engine), whole(engine)).unwrap();
        }
        let (Some(migrated), Some(written)) = (testkit::fresh(engine), testkit::fresh(engine)) else {
            continue;
        };
        migrated.migrate(&migrations(engine)).unwrap();
        let text = std::fs::read_to_string(file(engine)).unwrap();
        written.write_now(move |tx| tx.batch(&text)).unwrap();
        let (migrated, written) = (migrated.dump_schema().unwrap(), written.dump_schema().unwrap());
        assert!(migrated.lines().count() > 100, "the dump sees the schema");
        assert_eq!(
            migrated.lines().collect::<BTreeSet<_>>().symmetric_difference(&written.lines().collect()).collect::<Vec<_>>(),
            Vec::<&&str>::new(),
            "{engine:?}: schema/*.sql and migrations/ differ; write it anew with: make schema"
        );
    }
}

#[test]
fn both_engines_have_the_same_tables_and_columns() {
    let names = |engine: Engine| -> Option<BTreeSet<String>> {
        let fresh = testkit::fresh(engine)?;
        fresh.migrate(&migrations(engine)).unwrap();
        let dump = fresh.dump_schema().unwrap();
        let column = |line: &str| line.strip_prefix("column ").and_then(|l| l.split(' ').next()).map(str::to_owned);
        // The index of words is each engine's own kind of table.
        Some(dump.lines().filter_map(column).filter(|c| !c.starts_with("search_words.")).collect())
    };
    let sqlite = names(Engine::Sqlite).unwrap();
    if let Some(postgres) = names(Engine::Postgres) {
        assert_eq!(sqlite.symmetric_difference(&postgres).collect::<Vec<_>>(), Vec::<&String>::new());
    }
}
