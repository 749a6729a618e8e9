//! The rows a programme changed or made, as they were and as they became, and taking exactly that back.
//! Touches the dated rows of organisations, posts and stays, and everything that may hang on them, to look.
//! Rules: P-28 (what can be taken back says until when and why not).

use std::collections::{BTreeMap, BTreeSet};

use db::{Engine, Tx, Value, values};
use domain::id::{OrgId, RowId};
use domain::vi;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::actor::local;
use crate::org::store as orgs;
use crate::schema::migrations;

/// Which rows of a table may be concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Those of the whole part of the tree.
    Tree,
    /// Those of organisations that begin or end.
    Ends,
    /// Those of cells whose members come or go.
    Members,
}

/// A table with its key of two columns (of one: `org_id` twice) and what a programme may change in it.
struct Source {
    table: &'static str,
    key: &'static str,
    columns: &'static [&'static str],
    reach: Reach,
    /// What a reader calls it.
    words: &'static str,
}

const SOURCES: &[Source] = &[
    Source {
        table: "org",
        key: "org_id",
        columns: &["path", "is_cell", "born_on", "ended_on", "version"],
        reach: Reach::Tree,
        words: "Thông tin tổ chức",
    },
    Source {
        table: "org_name",
        key: "from_date",
        columns: &["to_date", "name", "short_name", "folded", "kind", "symbol", "place", "cell_type", "pilot", "document"],
        reach: Reach::Tree,
        words: "Tên, loại tổ chức",
    },
    Source {
        table: "org_edge",
        key: "from_date",
        columns: &["to_date", "parent_id", "path", "document"],
        reach: Reach::Tree,
        words: "Nơi trực thuộc",
    },
    Source {
        table: "term",
        key: "term_id",
        columns: &["name", "from_date", "to_date", "seats"],
        reach: Reach::Ends,
        words: "Nhiệm kỳ",
    },
    Source {
        table: "post",
        key: "post_id",
        columns: &["person_id", "role", "from_date", "to_date", "document"],
        reach: Reach::Ends,
        words: "Chức vụ",
    },
    Source {
        table: "membership",
        key: "membership_id",
        columns: &["person_id", "standing", "from_date", "to_date", "number", "name", "reason", "document", "version"],
        reach: Reach::Members,
        words: "Danh sách đảng viên",
    },
];

/// Which part of the tree a programme touches.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// Everything below this path.
    pub path: String,
    /// Organisations that begin or end.
    pub ends: Vec<OrgId>,
    /// Cells whose members come or go.
    pub cells: Vec<OrgId>,
}

/// Rows by table and key, each as a list of values.
pub type Rows = BTreeMap<(usize, String), String>;

fn text(values: &[Value]) -> db::Result<String> {
    let json = |v: &Value| match v {
        Value::Null => Ok(serde_json::Value::Null),
        Value::Int(n) => Ok(serde_json::Value::from(*n)),
        Value::Text(s) => Ok(serde_json::Value::from(s.as_str())),
        Value::Real(_) | Value::Blob(_) => Err(db::Error::Corrupt("a value a journal does not keep".to_owned())),
    };
    let list = values.iter().map(json).collect::<db::Result<Vec<_>>>()?;
    super::as_json(&list)
}

fn back(text: &str) -> db::Result<Vec<Value>> {
    let unreadable = || db::Error::Corrupt("programme_row".to_owned());
    let list: Vec<serde_json::Value> = serde_json::from_str(text).map_err(|_| unreadable())?;
    list.into_iter()
        .map(|v| match v {
            serde_json::Value::Null => Ok(Value::Null),
            serde_json::Value::Number(n) => n.as_i64().map(Value::Int).ok_or_else(unreadable),
            serde_json::Value::String(s) => Ok(Value::Text(s)),
            serde_json::Value::Bool(_) | serde_json::Value::Array(_) | serde_json::Value::Object(_) => Err(unreadable()),
        })
        .collect()
}

/// The rows as they are now.
///
/// # Errors
/// Database faults only.
pub fn read(tx: &mut Tx, scope: &Scope) -> db::Result<Rows> {
    let mut out = Rows::new();
    for (at, source) in SOURCES.iter().enumerate() {
        let columns: Vec<String> = source.columns.iter().map(|c| format!("t.{c}")).collect();
        let head = format!("select t.org_id, t.{}, {} from {} t", source.key, columns.join(", "), source.table);
        let (sql, v) = match source.reach {
            Reach::Tree => (
                format!("{head} join org o on o.org_id = t.org_id where o.path >= $1 and o.path < $2"),
                values![scope.path, format!("{}~", scope.path)].to_vec(),
            ),
            Reach::Ends | Reach::Members => {
                let orgs = if source.reach == Reach::Ends { &scope.ends } else { &scope.cells };
                let (places, v) = db::listed(&[], orgs);
                (format!("{head} where t.org_id in ({places})"), v)
            }
        };
        let width = source.columns.len();
        tx.each(&sql, &v, |row| {
            let key = text(&[row.get(0)?, row.get(1)?])?;
            let values = (2..width + 2).map(|i| row.get::<Value>(i)).collect::<db::Result<Vec<_>>>()?;
            out.insert((at, key), text(&values)?);
            Ok(())
        })?;
    }
    Ok(out)
}

/// Keeps what differs between two readings.
///
/// # Errors
/// `Corrupt` when a row is gone, which no step does; database faults.
pub fn keep(tx: &mut Tx, org: OrgId, programme: RowId, before: &Rows, after: &Rows) -> db::Result<()> {
    if before.keys().any(|key| !after.contains_key(key)) {
        return Err(db::Error::Corrupt("a programme took a row away".to_owned()));
    }
    let mut seq = 0_i64;
    for (key, now) in after.iter().filter(|(key, now)| before.get(*key) != Some(now)) {
        let Some(source) = SOURCES.get(key.0) else { continue };
        seq += 1;
        tx.exec(
            "insert into programme_row (org_id, programme_id, seq, source, row_key, before, after)
             values ($1, $2, $3, $4, $5, $6, $7)",
            values![org, programme, seq, source.table, key.1, before.get(key), now],
        )?;
    }
    Ok(())
}

/// A row that was kept.
struct Kept {
    source: &'static Source,
    at: usize,
    key: String,
    org: OrgId,
    before: Option<String>,
    after: String,
}

impl Kept {
    /// Where an organisation stands afterwards, and whether it stood there before.
    fn place(&self) -> db::Result<Option<(String, bool)>> {
        if self.source.table != "org" {
            return Ok(None);
        }
        let path = |values: &str| Ok::<_, db::Error>(back(values)?.into_iter().next());
        let before = self.before.as_deref().map(path).transpose()?.flatten();
        Ok(match path(&self.after)? {
            Some(Value::Text(after)) => Some((after.clone(), before == Some(Value::Text(after)))),
            _ => None,
        })
    }
}

fn kept(tx: &mut Tx, org: OrgId, programme: RowId) -> db::Result<Vec<Kept>> {
    let rows: Vec<(String, String, Option<String>, String)> = tx.all(
        "select source, row_key, before, after from programme_row where org_id = $1 and programme_id = $2 order by seq",
        values![org, programme],
    )?;
    rows.into_iter()
        .map(|(table, key, before, after)| {
            let unknown = || db::Error::Corrupt("programme_row.source".to_owned());
            let (at, source) = SOURCES.iter().enumerate().find(|(_, s)| s.table == table).ok_or_else(unknown)?;
            let org = match back(&key)?.into_iter().next() {
                Some(Value::Int(id)) => OrgId::new(id),
                _ => return Err(unknown()),
            };
            Ok(Kept { source, at, key, org, before, after })
        })
        .collect()
}

/// What a carried-out programme left behind, as far as taking it back asks.
pub struct Trace {
    rows: Vec<Kept>,
    path: String,
    founded: BTreeSet<OrgId>,
    cells: BTreeSet<OrgId>,
}

impl Trace {
    /// Organisations that were there before and changed, for their histories.
    pub fn changed(&self) -> BTreeSet<OrgId> {
        let dated = ["org_name", "org_edge", "membership"];
        let changed = self.rows.iter().filter(|r| dated.contains(&r.source.table)).map(|r| r.org);
        changed.filter(|org| !self.founded.contains(org)).collect()
    }

    /// Those it founded.
    pub fn founded(&self) -> &BTreeSet<OrgId> {
        &self.founded
    }

    /// Where organisations stand that have moved, or that were changed in their place.
    fn places(&self, stayed: bool) -> db::Result<Vec<String>> {
        let all: Vec<(String, bool)> = self.rows.iter().filter_map(|r| r.place().transpose()).collect::<db::Result<_>>()?;
        Ok(all.into_iter().filter(|(_, same)| *same == stayed).map(|(path, _)| path).collect())
    }

    fn touched(&self) -> Vec<OrgId> {
        self.rows.iter().map(|r| r.org).collect::<BTreeSet<_>>().into_iter().collect()
    }
}

/// Reads the trace of a programme; `path` is where its organisation stands.
///
/// # Errors
/// Database faults only.
pub fn trace(tx: &mut Tx, org: OrgId, programme: RowId, path: &str) -> db::Result<Trace> {
    let rows = kept(tx, org, programme)?;
    let of = |table: &'static str| rows.iter().filter(move |r| r.source.table == table);
    let founded = of("org").filter(|r| r.before.is_none()).map(|r| r.org).collect();
    let cells = of("membership").map(|r| r.org).collect();
    Ok(Trace { path: path.to_owned(), founded, cells, rows })
}

/// What was built on the new order since, each as a sentence; empty when it can be taken back.
///
/// # Errors
/// Database faults only.
pub fn later(tx: &mut Tx, trace: &Trace, carried: Timestamp, today: Date) -> db::Result<Vec<String>> {
    let mut found: Vec<(OrgId, String)> = edited(tx, trace)?;
    found.extend(came(tx, trace, carried)?);
    found.extend(built(tx, trace)?);
    found.extend(recorded(tx, trace, carried)?);
    let named: Vec<OrgId> = found.iter().map(|f| f.0).collect();
    let names = orgs::short_names(tx, &named, today)?;
    let mut out: Vec<String> = Vec::new();
    for (org, what) in found {
        let name = names.get(&org).map_or("một tổ chức", String::as_str);
        let sentence = what.replace("{}", name);
        if !out.contains(&sentence) {
            out.push(sentence);
        }
    }
    Ok(out)
}

/// Rows that are no longer as the programme left them, and rows that came to what it founded.
fn edited(tx: &mut Tx, trace: &Trace) -> db::Result<Vec<(OrgId, String)>> {
    let ends: BTreeSet<OrgId> =
        trace.rows.iter().filter(|r| r.source.reach == Reach::Ends).map(|r| r.org).chain(trace.founded.clone()).collect();
    let cells: Vec<OrgId> = trace.cells.union(&trace.founded).copied().collect();
    let now = read(tx, &Scope { path: trace.path.clone(), ends: ends.into_iter().collect(), cells })?;
    let mut out = Vec::new();
    let mut known = BTreeSet::new();
    for row in &trace.rows {
        let key = (row.at, row.key.clone());
        if now.get(&key) != Some(&row.after) {
            out.push((row.org, format!("{} của {{}} đã được sửa sau khi sắp xếp.", row.source.words)));
        }
        known.insert(key);
    }
    // Everything below what moved has moved: a row there that is not kept came later.
    let paths = trace.places(false)?;
    for ((at, key), values) in now.iter().filter(|(key, _)| !known.contains(*key)) {
        let (Some(source), Some(Value::Int(org))) = (SOURCES.get(*at), back(key)?.into_iter().next()) else { continue };
        let org = OrgId::new(org);
        let inside = match back(values)?.into_iter().next() {
            Some(Value::Text(path)) if source.table == "org" => paths.iter().any(|p| path.starts_with(p.as_str())),
            _ => false,
        };
        if inside {
            out.push((org, "{} được lập hoặc chuyển đến sau khi sắp xếp.".to_owned()));
        } else if trace.founded.contains(&org) {
            out.push((org, format!("{} của {{}} đã được ghi thêm sau khi sắp xếp.", source.words)));
        }
    }
    Ok(out)
}

/// Tables that hold sums or the programmes' own traces: nobody built anything with them.
const NO_WORK: &[&str] =
    &["org_change", "audit", "audit_head", "programme", "programme_row", "programme_sheet", "month_due", "month_share"];

/// Tables whose rows belong to an organisation, as the schema names them.
fn tables() -> Vec<&'static str> {
    let created = migrations(Engine::Sqlite).into_iter().flat_map(|m| m.sql.split("create table ").skip(1));
    created
        .filter_map(|rest| {
            let (name, body) = rest.split_once('(')?;
            body.trim_start().starts_with("org_id ").then(|| name.trim())
        })
        .filter(|name| !NO_WORK.contains(name) && !name.ends_with("_month") && SOURCES.iter().all(|s| s.table != *name))
        .collect()
}

/// Whatever was written in an organisation that the programme founded.
fn built(tx: &mut Tx, trace: &Trace) -> db::Result<Vec<(OrgId, String)>> {
    let mut out = Vec::new();
    if trace.founded.is_empty() {
        return Ok(out);
    }
    let (places, v) = db::listed(&[], &trace.founded);
    for table in tables() {
        let some: Vec<(OrgId,)> = tx.all(&format!("select distinct org_id from {table} where org_id in ({places})"), &v)?;
        out.extend(some.into_iter().map(|(org,)| (org, "{} đã có dữ liệu được ghi sau khi lập.".to_owned())));
    }
    Ok(out)
}

/// What came under an organisation that stayed in its place and is of another kind or name now.
fn came(tx: &mut Tx, trace: &Trace, carried: Timestamp) -> db::Result<Vec<(OrgId, String)>> {
    let paths = trace.places(true)?;
    let all: Vec<(OrgId, String)> = tx.all(
        "select distinct o.org_id, o.path from org o
         join audit a on a.org_id = o.org_id and a.at > $3 and a.action in ('org.founded', 'org.moved')
         where o.path >= $1 and o.path < $2",
        values![trace.path, format!("{}~", trace.path), carried],
    )?;
    let below = |path: &str| paths.iter().any(|p| path != p && path.starts_with(p.as_str()));
    let all = all.into_iter().filter(|(_, path)| below(path));
    Ok(all.map(|(org, _)| (org, "{} được lập hoặc chuyển đến sau khi sắp xếp.".to_owned())).collect())
}

/// What was sealed or issued under the new order, and rolls and posts that stand on moved members.
fn recorded(tx: &mut Tx, trace: &Trace, carried: Timestamp) -> db::Result<Vec<(OrgId, String)>> {
    let mut out = Vec::new();
    let (places, v) = db::listed(values![carried], trace.touched());
    let issued: Vec<(OrgId, i64)> =
        tx.all(&format!("select org_id, count(*) from issued where at >= $1 and org_id in ({places}) group by org_id"), &v)?;
    for (org, n) in issued {
        let n = vi::number(n);
        out.push((org, format!("{{}} đã khóa biên bản hoặc ban hành {n} văn bản sau khi sắp xếp.")));
    }
    let (places, v) = db::listed(values![local(carried)], &trace.cells);
    let opened: Vec<(OrgId,)> =
        tx.all(&format!("select distinct org_id from meeting where opened_at >= $1 and org_id in ({places})"), &v)?;
    out.extend(opened.into_iter().map(|(org,)| (org, "{} đã khai mạc buổi sinh hoạt theo danh sách mới.".to_owned())));
    let (places, v) = db::listed(values![carried], &trace.cells);
    let given: Vec<(OrgId,)> = tx.all(
        &format!("select distinct org_id from audit where at > $1 and action = 'post.given' and org_id in ({places})"),
        &v,
    )?;
    out.extend(given.into_iter().map(|(org,)| (org, "{} đã ghi chức vụ mới sau khi sắp xếp.".to_owned())));
    Ok(out)
}

/// Puts every row back as it was and removes those that were made.
///
/// # Errors
/// `Conflict` when a row is no longer there; database faults.
pub fn restore(tx: &mut Tx, trace: &Trace) -> db::Result<()> {
    for row in trace.rows.iter().rev() {
        let source = row.source;
        let key = back(&row.key)?;
        let on = format!("org_id = $1 and {} = $2", source.key);
        let Some(before) = &row.before else {
            tx.changed(&format!("delete from {} where {on}", source.table), &key)?;
            continue;
        };
        let (was, is) = (back(before)?, back(&row.after)?);
        let mut v = key;
        let mut set = Vec::new();
        for (column, (was, is)) in source.columns.iter().zip(was.into_iter().zip(is)) {
            if was != is {
                v.push(was);
                set.push(format!("{column} = ${}", v.len()));
            }
        }
        tx.changed(&format!("update {} set {} where {on}", source.table, set.join(", ")), &v)?;
    }
    Ok(())
}

/// Forgets the trace of a programme that was taken back.
///
/// # Errors
/// Database faults only.
pub fn forget(tx: &mut Tx, org: OrgId, programme: RowId) -> db::Result<()> {
    tx.exec("delete from programme_row where org_id = $1 and programme_id = $2", values![org, programme])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_of_the_schema_are_known_and_sums_are_no_work() {
        let tables = tables();
        for table in ["meeting", "issued", "task", "rule_override", "import_batch"] {
            assert!(tables.contains(&table), "{table}");
        }
        for table in ["org", "membership", "audit", "cell_month", "programme", "person"] {
            assert!(!tables.contains(&table), "{table}");
        }
    }

    #[test]
    fn values_come_back_as_they_were() {
        let values = [Value::Null, Value::Int(i64::MAX), Value::Text("2026-12-01 “Đ”".to_owned())];
        assert_eq!(back(&text(&values).unwrap()).unwrap(), values);
        assert!(text(&[Value::Blob(vec![1])]).is_err());
    }
}
