//! The published entries a reader may see, searched and sorted by their use in cells of the reader's type.
//! What may be seen is part of every statement. Rules: L5, M11, P-10, ahead.md 18.

use db::{Tx, Value, values};
use domain::code::Code;
use domain::id::{OrgId, RowId};
use domain::library::{EntryKind, Subject};
use domain::tree;
use jiff::Timestamp;

use super::{COLUMNS, Entry};
use crate::org::store::Org;

/// What is looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Folded words, all of them.
    pub words: Vec<String>,
    /// Topic or experience.
    pub kind: Option<EntryKind>,
    /// What it is about.
    pub subject: Option<Subject>,
    /// Type of the cell that wrote it.
    pub cell_type: Option<String>,
    /// Its year.
    pub year: Option<i64>,
    /// Page, from 0.
    pub page: i64,
}

/// Entries on one page.
pub const PER_PAGE: i64 = 20;

/// A published entry as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The cell that wrote it.
    pub org: OrgId,
    /// Identifier.
    pub id: RowId,
    /// Topic or experience.
    pub kind: EntryKind,
    /// What it is about.
    pub subject: Subject,
    /// Heading.
    pub title: String,
    /// Year.
    pub year: i64,
    /// Type of its cell.
    pub cell_type: Option<String>,
    /// The committee under which it is read.
    pub published: Option<OrgId>,
    /// When it was published.
    pub decided_at: Option<Timestamp>,
    /// Cells that use it.
    pub used: i64,
    /// Of those, of the reader's type.
    pub near: i64,
}

db::row!(Listed { org, id, kind: code, subject: code, title, year, cell_type, published, decided_at, used, near });

/// Which entries a reader at an organisation sees: those of every committee on its way up, and for a
/// committee also those its own committees below have published. Begins at the place `$from`.
fn sees(reader: &Org, from: usize) -> (String, Vec<Value>) {
    let lead = vec![Value::Null; from - 1];
    let (places, mut v) = db::listed(&lead, tree::ids(&reader.path).unwrap_or_default());
    let mut who = places;
    if !reader.is_cell {
        let at = v.len();
        v.extend_from_slice(values![reader.path, format!("{}~", reader.path)]);
        who = format!(
            "select x.org_id from org x where x.org_id in ({who})
             union select o.org_id from org o where o.path >= ${} and o.path < ${}",
            at + 1,
            at + 2
        );
    }
    (format!("e.state = 'published' and e.published_org in ({who})"), v.split_off(from - 1))
}

fn filters(wanted: &Wanted, at: usize) -> (String, Vec<Value>) {
    let (mut sql, mut v): (String, Vec<Value>) = (String::new(), Vec::new());
    let mut add = |clause: &str, value: Value| {
        v.push(value);
        sql.push_str(&clause.replace('#', &format!("${}", at + v.len())));
    };
    for word in &wanted.words {
        add(" and e.folded like #", Value::Text(format!("%{word}%")));
    }
    if let Some(kind) = wanted.kind {
        add(" and e.kind = #", Value::Text(kind.code().to_owned()));
    }
    if let Some(subject) = wanted.subject {
        add(" and e.subject = #", Value::Text(subject.code().to_owned()));
    }
    if let Some(cell_type) = &wanted.cell_type {
        add(" and e.cell_type = #", Value::Text(cell_type.clone()));
    }
    if let Some(year) = wanted.year {
        add(" and e.year = #", Value::Int(year));
    }
    (sql, v)
}

/// One page of what a reader finds: most used in cells of the reader's type first.
///
/// # Errors
/// Database faults only.
pub fn find(tx: &mut Tx, reader: &Org, wanted: &Wanted) -> db::Result<Vec<Listed>> {
    let mut v = vec![reader.cell_type.clone().map_or(Value::Text(String::new()), Value::Text)];
    v.extend_from_slice(values![PER_PAGE + 1, wanted.page.clamp(0, 500) * PER_PAGE]);
    let (scope, more) = sees(reader, v.len() + 1);
    v.extend(more);
    let (narrow, more) = filters(wanted, v.len());
    v.extend(more);
    tx.all(
        &format!(
            "select e.org_id, e.entry_id, e.kind, e.subject, e.title, e.year, e.cell_type, e.published_org, e.decided_at,
             (select count(distinct u.org_id) from library_use u where u.source_org = e.org_id and u.entry_id = e.entry_id
                 and u.state <> 'dropped') as used,
             (select count(distinct u.org_id) from library_use u where u.source_org = e.org_id and u.entry_id = e.entry_id
                 and u.state <> 'dropped' and u.cell_type = $1) as near
             from library_entry e where {scope}{narrow}
             order by near desc, used desc, e.decided_at desc, e.org_id, e.entry_id
             limit cast($2 as bigint) offset cast($3 as bigint)"
        ),
        &v,
    )
}

/// A published entry a reader may see.
///
/// # Errors
/// `NotFound` when there is none, or none for this reader; database faults.
pub fn open(tx: &mut Tx, reader: &Org, org: OrgId, id: RowId) -> db::Result<Entry> {
    let (scope, more) = sees(reader, 3);
    let mut v = values![org, id].to_vec();
    v.extend(more);
    tx.one(&format!("select {COLUMNS} from library_entry e where e.org_id = $1 and e.entry_id = $2 and {scope}"), &v)
}

/// Topics a cell may take, the most used in cells of its type first, for a list to pick from.
///
/// # Errors
/// Database faults only.
pub fn topics(tx: &mut Tx, reader: &Org) -> db::Result<Vec<Listed>> {
    find(tx, reader, &Wanted { kind: Some(EntryKind::Topic), ..Wanted::default() })
}

/// Presenters of published topics who agreed to be asked, on headings that hold every word: who, cell, heading.
///
/// # Errors
/// Database faults only.
pub fn presenters(tx: &mut Tx, reader: &Org, words: &[String]) -> db::Result<Vec<(String, OrgId, RowId, String)>> {
    let (scope, mut v) = sees(reader, 1);
    let (narrow, more) = filters(&Wanted { words: words.to_vec(), ..Wanted::default() }, v.len());
    v.extend(more);
    tx.all(
        &format!(
            "select e.presenter, e.org_id, e.entry_id, e.title from library_entry e
             where {scope}{narrow} and e.presenter_agrees = 1 and e.presenter <> '' order by e.decided_at desc limit 30"
        ),
        &v,
    )
}
