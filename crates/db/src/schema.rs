//! The present schema as sorted text, to compare what migrations made with the schema file,
//! and what an engine finds wrong with its own data.
//! May touch: the engines' catalogues, reading only. Knows no table of the product.

use crate::{Db, Engine, Result, Tx, values};

impl Db {
    /// Every column, key, index, check and view as sorted lines; the order of columns and the
    /// spacing of the DDL do not count, nor does the table of migrations. Blocks.
    pub fn dump_schema(&self) -> Result<String> {
        self.read_now(|tx| {
            let mut lines = match tx.engine() {
                Engine::Sqlite => sqlite(tx)?,
                Engine::Postgres => postgres(tx)?,
            };
            lines.sort();
            lines.dedup();
            Ok(lines.join("\n"))
        })
    }

    /// What the engine finds wrong: empty is well. Reads the whole file on SQLite. Blocks.
    pub fn integrity(&self) -> Result<Vec<String>> {
        self.read_now(|tx| match tx.engine() {
            Engine::Sqlite => {
                let mut found: Vec<String> = column(tx, "select integrity_check from pragma_integrity_check")?;
                found.retain(|line| line != "ok");
                found.extend(column(
                    tx,
                    "select 'foreign key: ' || \"table\" || ' to ' || parent || ', ' || count(*)
                    from pragma_foreign_key_check group by \"table\", parent",
                )?);
                Ok(found)
            }
            Engine::Postgres => column(
                tx,
                "select 'invalid index ' || cast(cast(indexrelid as regclass) as text)
                    from pg_index where not indisvalid
                union all select 'unchecked constraint ' || cast(conname as text) from pg_constraint where not convalidated",
            ),
        })
    }
}

fn column(tx: &mut Tx, sql: &str) -> Result<Vec<String>> {
    Ok(tx.all::<(String,)>(sql, &[])?.into_iter().map(|(s,)| s).collect())
}

const SQLITE: &[&str] = &[
    "select 'column ' || t.name || '.' || c.name || ' ' || lower(c.type)
        || case when c.\"notnull\" = 1 then ' not null' else '' end || coalesce(' default ' || c.dflt_value, '')
        || case when c.pk > 0 then ' key ' || c.pk else '' end || case when c.hidden > 1 then ' generated' else '' end
     from pragma_table_list t join pragma_table_xinfo(t.name) c
     where t.schema = 'main' and t.type = 'table' and t.name not like 'sqlite\\_%' escape '\\' and t.name <> 'schema_migration'",
    "select 'table ' || name || case when wr = 1 then ' without rowid' else '' end || case when strict = 1 then ' strict' else '' end
     from pragma_table_list
     where schema = 'main' and type = 'table' and name not like 'sqlite\\_%' escape '\\' and name <> 'schema_migration'",
    "select 'foreign key ' || t.name || '(' || group_concat(f.\"from\", ', ') || ') ' || f.\"table\" || '('
        || coalesce(group_concat(f.\"to\", ', '), '') || ') ' || f.on_update || ' ' || f.on_delete
     from pragma_table_list t join pragma_foreign_key_list(t.name) f
     where t.schema = 'main' group by t.name, f.id",
    "select 'index ' || t.name || case when i.origin = 'c' then ' ' || i.name else '' end
        || case when i.\"unique\" = 1 then ' unique' else '' end || ' ('
        || group_concat(coalesce(k.name, '<expression>') || case when k.desc = 1 then ' desc' else '' end || ' ' || k.coll, ', ') || ')'
     from pragma_table_list t join pragma_index_list(t.name) i join pragma_index_xinfo(i.name) k
     where t.schema = 'main' and t.type = 'table' and k.key = 1 and t.name not like 'sqlite\\_%' escape '\\' and t.name <> 'schema_migration'
     group by t.name, i.name",
];

const POSTGRES: &[&str] = &[
    "select 'column ' || table_name || '.' || column_name || ' ' || data_type || coalesce(' collate ' || collation_name, '')
        || case when is_nullable = 'NO' then ' not null' else '' end || coalesce(' default ' || column_default, '')
        || coalesce(' generated ' || generation_expression, '')
     from information_schema.columns where table_schema = current_schema() and table_name <> 'schema_migration'",
    "select 'constraint ' || c.relname || '.' || k.conname || ' ' || pg_get_constraintdef(k.oid)
     from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = current_schema() and c.relname <> 'schema_migration'",
    "select 'index ' || replace(indexdef, ' ' || schemaname || '.', ' ') from pg_indexes
     where schemaname = current_schema() and tablename <> 'schema_migration'",
    "select 'view ' || viewname || ' ' || definition from pg_views where schemaname = current_schema()",
];

/// Columns, keys and indexes from the pragmas; what they do not tell (checks, expressions,
/// virtual tables, views, triggers) from the stored DDL, its spacing evened out.
fn sqlite(tx: &mut Tx) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for sql in SQLITE {
        lines.extend(column(tx, sql)?);
    }
    let ddl: Vec<(String, String, String)> = tx.all(
        "select m.type, m.name, m.sql from sqlite_master m left join pragma_table_list t on t.name = m.name and t.schema = 'main'
         where m.sql is not null and coalesce(t.type, '') <> 'shadow' and m.name <> $1",
        values!["schema_migration"],
    )?;
    for (kind, name, sql) in ddl {
        let even = evened(&sql);
        if kind != "table" || even.starts_with("create virtual") {
            lines.push(format!("{kind} {name} {even}"));
        } else {
            lines.extend(checks(&even).map(|check| format!("check {name} {check}")));
        }
    }
    Ok(lines)
}

fn postgres(tx: &mut Tx) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for sql in POSTGRES {
        lines.extend(column(tx, sql)?);
    }
    Ok(lines)
}

/// One space between words and around brackets, comments gone, lower case outside quotes.
fn evened(sql: &str) -> String {
    let plain: Vec<&str> = sql.lines().map(|l| l.split("--").next().unwrap_or_default()).collect();
    let mut out = String::new();
    for (i, part) in plain.join(" ").split('\'').enumerate() {
        if i > 0 {
            out.push('\'');
        }
        for c in part.chars() {
            match c {
                '(' | ')' | ',' if i % 2 == 0 => out.extend([' ', c, ' ']),
                c if i % 2 == 0 => out.extend(c.to_lowercase()),
                c => out.push(c),
            }
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The bracketed text after each `check`.
fn checks(even: &str) -> impl Iterator<Item = &str> {
    even.match_indices("check ").filter_map(|(at, word)| {
        let text = even[at + word.len()..].trim_start();
        let mut depth = 0;
        let end = text.char_indices().find_map(|(i, c)| {
            depth += match c {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            (depth == 0).then_some(i)
        })?;
        Some(&text[..=end])
    })
}
