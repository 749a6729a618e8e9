//! One database into another, whichever engines: every table whole, in one snapshot and one transaction.
//! May touch: the engines' catalogues, to learn tables and columns; no table by name but its own.
//! Rules: into empty tables only; each value is read back and compared before anything is kept.

use crate::{Db, Engine, Error, Result, Row, Tx, Value, values};
use sha2::{Digest, Sha256};

/// Values of one statement, and bytes of it.
const VALUES: usize = 8_000;
const BYTES: usize = 4 << 20;

/// A table that was copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// Its name.
    pub table: String,
    /// How many rows it has.
    pub rows: u64,
}

/// A table with its ordinary columns.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Table {
    name: String,
    columns: Vec<String>,
}

/// What a table holds: the number of its rows and a sum over them that no order changes.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Sum {
    rows: u64,
    sum: u128,
}

impl Sum {
    fn add(&mut self, row: &[Value]) {
        let mut hash = Sha256::new();
        for value in row {
            match value {
                Value::Null => hash.update([0]),
                Value::Int(n) => hash.update([&[1][..], &n.to_le_bytes()].concat()),
                Value::Real(n) => hash.update([&[2][..], &n.to_le_bytes()].concat()),
                Value::Text(s) => hash.update([&[3][..], &s.len().to_le_bytes(), s.as_bytes()].concat()),
                Value::Blob(b) => hash.update([&[4][..], &b.len().to_le_bytes(), b].concat()),
            }
        }
        let digest: [u8; 32] = hash.finalize().into();
        let half = digest.iter().take(16).fold(0u128, |n, byte| (n << 8) | u128::from(*byte));
        self.rows += 1;
        self.sum = self.sum.wrapping_add(half);
    }
}

impl Db {
    /// Copies everything into `target`, which has the same schema and no rows, and keeps it only when
    /// every table was read back equal and `agree` says the same of both. Leaves the target as it was
    /// when anything goes wrong. Tables that are `derived` from others are left out: whoever owns them makes
    /// them anew. `tell` hears of each table. Blocks; writers here go on meanwhile.
    ///
    /// # Errors
    /// A target that holds something; a table only one side has; whatever differs; database faults.
    pub fn copy_to(
        &self,
        target: &Db,
        derived: &'static [&'static str],
        agree: impl Fn(&mut Tx) -> Result<Vec<String>> + Send + 'static,
        tell: impl Fn(&Copied) + Send + 'static,
    ) -> Result<Vec<Copied>> {
        let target = target.clone();
        // The snapshot is that of the reading transaction; the other is one transaction beside it.
        self.read_now(move |from| {
            target.write_now_bulk(|to| {
                let tables = tables(from, derived)?;
                compare_tables(&tables, &self::tables(to, derived)?)?;
                for table in &tables {
                    must_be_empty(to, table)?;
                }
                let mut all = Vec::with_capacity(tables.len());
                for table in &tables {
                    let copied = Copied { table: table.name.clone(), rows: copy(from, to, table)? };
                    tell(&copied);
                    all.push(copied);
                }
                if agree(from)? != agree(to)? {
                    return Err(Error::other("the copy does not agree with its source"));
                }
                Ok(all)
            })
        })
    }
}

/// Ordinary tables in the order of their names, without those that are derived.
fn tables(tx: &mut Tx, derived: &[&str]) -> Result<Vec<Table>> {
    let (names, columns) = match tx.engine() {
        Engine::Sqlite => (
            "select name from pragma_table_list where schema = 'main' and type = 'table' and name <> 'schema_migration'
             and name not like 'sqlite\\_%' escape '\\' order by name",
            "select name from pragma_table_xinfo($1) where hidden = 0 order by name",
        ),
        Engine::Postgres => (
            "select cast(table_name as text) from information_schema.tables where table_schema = current_schema()
             and table_type = 'BASE TABLE' and table_name <> 'schema_migration' order by cast(table_name as text) collate \"C\"",
            "select cast(column_name as text) from information_schema.columns where table_schema = current_schema()
             and table_name = cast($1 as text) and is_generated = 'NEVER' order by cast(column_name as text) collate \"C\"",
        ),
    };
    let names: Vec<(String,)> = tx.all(names, values![])?;
    names
        .into_iter()
        .filter(|(name,)| !derived.contains(&name.as_str()))
        .map(|(name,)| {
            let columns: Vec<(String,)> = tx.all(columns, values![name])?;
            Ok(Table { name, columns: columns.into_iter().map(|(c,)| c).collect() })
        })
        .collect()
}

fn compare_tables(from: &[Table], to: &[Table]) -> Result<()> {
    let other = from.iter().find(|t| !to.contains(t)).or_else(|| to.iter().find(|t| !from.contains(t)));
    match other {
        Some(table) => Err(Error::Other(format!("table {} is not the same on both sides", table.name))),
        None => Ok(()),
    }
}

fn must_be_empty(tx: &mut Tx, table: &Table) -> Result<()> {
    match tx.scalar_opt::<i64>(&format!("select 1 from {} limit 1", quoted(&table.name)), values![])? {
        Some(_) => Err(Error::Unique(table.name.clone())),
        None => Ok(()),
    }
}

/// A name as both engines take it, whatever word it is.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn select(table: &Table) -> String {
    let columns: Vec<String> = table.columns.iter().map(|c| quoted(c)).collect();
    format!("select {} from {}", columns.join(", "), quoted(&table.name))
}

fn cells(row: &Row, table: &Table) -> Result<Vec<Value>> {
    (0..table.columns.len()).map(|at| row.get(at)).collect()
}

/// Copies one table and reads it back; how many rows there were.
fn copy(from: &mut Tx, to: &mut Tx, table: &Table) -> Result<u64> {
    let at_once = (VALUES / table.columns.len().max(1)).max(1);
    let (mut sent, mut waiting, mut rows, mut bytes) = (Sum::default(), Vec::new(), 0usize, 0usize);
    let sql = select(table);
    from.each(&sql, values![], |row| {
        let row = cells(row, table)?;
        sent.add(&row);
        bytes += row.iter().map(weight).sum::<usize>();
        waiting.extend(row);
        rows += 1;
        if rows >= at_once || bytes >= BYTES {
            insert(to, table, rows, &waiting)?;
            waiting.clear();
            (rows, bytes) = (0, 0);
        }
        Ok(())
    })?;
    if rows > 0 {
        insert(to, table, rows, &waiting)?;
    }
    let mut arrived = Sum::default();
    to.each(&sql, values![], |row| {
        arrived.add(&cells(row, table)?);
        Ok(())
    })?;
    match sent == arrived {
        true => Ok(sent.rows),
        false => Err(Error::Corrupt(format!("table {} did not arrive as it was", table.name))),
    }
}

fn weight(value: &Value) -> usize {
    match value {
        Value::Text(s) => s.len(),
        Value::Blob(b) => b.len(),
        _ => 8,
    }
}

fn insert(to: &mut Tx, table: &Table, rows: usize, values: &[Value]) -> Result<()> {
    let width = table.columns.len();
    let row = |n: usize| {
        let places: Vec<String> = (1..=width).map(|c| format!("${}", n * width + c)).collect();
        format!("({})", places.join(", "))
    };
    let (columns, places): (Vec<String>, Vec<String>) =
        (table.columns.iter().map(|c| quoted(c)).collect(), (0..rows).map(row).collect());
    let sql = format!("insert into {} ({}) values {}", quoted(&table.name), columns.join(", "), places.join(", "));
    to.exec(&sql, values).map(drop).map_err(|e| match e {
        Error::Other(why) => Error::Other(format!("table {}: {why}", table.name)),
        e => e,
    })
}
