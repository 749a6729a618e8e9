//! What may be found, as rows with their words, and the query that finds it. Rules: M14, P-10.
//!
//! The words a row is found by stand in an index of the engine's own kind, together with who may find
//! it, in SQLite each behind that mark: the index itself never answers with what is another cell's. The statement then asks each row for
//! the right it needs, as the gate would on the day.

mod place;
pub mod source;

use std::collections::{BTreeMap, BTreeSet};

use db::{Engine, ToValue, Tx, Value, values};
use domain::code::Code;
use domain::id::{OrgId, PersonId};
use domain::search::{Indexed, Kind, Need, Query, indexed};
use jiff::civil::Date;

use super::reach::{Reach, Within};

/// How many rows one question gives at most.
pub const LIMIT: usize = 1000;

/// Something that may be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doc {
    /// The owning organisation; none for a person.
    pub org: OrgId,
    /// What it is.
    pub kind: Kind,
    /// Its own identifier.
    pub object: i64,
    /// Who finds it.
    pub need: Need,
    /// Whose it is, or who it is.
    pub person: Option<PersonId>,
    /// The day it belongs to, where it has one.
    pub on: Option<Date>,
    /// The committee under which it is read, of an entry of the library.
    pub under: Option<OrgId>,
    /// Its address; empty where that depends on who asks.
    pub path: String,
    /// What it is called.
    pub title: String,
    /// The text that is looked through beside the title.
    pub body: String,
}

/// The words in the index that say who may find a row. Where that follows from the place in the tree, they
/// name what stays when something moves, and committees, which look far down, share one word.
fn scope(doc: &Doc) -> Vec<String> {
    let (org, down) = (doc.org, || DOWN.to_owned());
    match (doc.need, doc.person) {
        (Need::People, _) => vec!["people".to_owned()],
        (Need::Stats, _) => vec!["orgs".to_owned()],
        (Need::Own, Some(person)) => vec![format!("p{person}")],
        (Need::Own, None) => Vec::new(),
        (Need::Read, _) => vec![format!("c{org}")],
        (Need::Lead, _) => vec![format!("l{org}")],
        (Need::Issue, _) => vec![format!("g{org}")],
        (Need::Sent, _) => vec![format!("s{org}"), down()],
        (Need::Review, _) => vec![format!("l{org}"), down()],
        (Need::Shelf, _) => doc.under.iter().map(|under| format!("b{under}")).chain([down()]).collect(),
    }
}

/// The word by which committees find what came from below or goes down.
const DOWN: &str = "down";

/// The words of everything a person may find.
fn scopes(reach: &Reach) -> Vec<String> {
    let mut out = vec![format!("p{}", reach.person)];
    out.extend(reach.read.iter().map(|o| format!("c{o}")));
    out.extend(reach.lead.iter().map(|o| format!("l{o}")));
    out.extend(reach.issue.iter().map(|o| format!("g{o}")));
    let senders: BTreeSet<OrgId> = reach.cells().flat_map(|s| s.lineage.iter().copied()).collect();
    out.extend(senders.iter().map(|o| format!("s{o}")));
    let shelves: BTreeSet<OrgId> = reach.seats.iter().flat_map(|s| s.lineage.iter().copied()).collect();
    out.extend(shelves.iter().map(|o| format!("b{o}")));
    for (any, word) in
        [(reach.members.any(), "people"), (reach.orgs.any(), "orgs"), (reach.seats.iter().any(|s| !s.is_cell), DOWN)]
    {
        out.extend(any.then(|| word.to_owned()));
    }
    out
}

type Kept = (i64, String, Option<PersonId>, String, String, String, String);

/// Keeps something as it is now.
///
/// # Errors
/// Database faults only.
pub fn put(tx: &mut Tx, doc: &Doc) -> db::Result<()> {
    let on = doc.on.map(|d| d.to_string()).unwrap_or_default();
    let key = values![doc.org, doc.kind.code(), doc.object];
    let before: Option<Kept> = tx.opt(
        "select doc_id, need, person_id, on_date, path, title, body from search_doc
         where org_id = $1 and kind = $2 and object_id = $3",
        key,
    )?;
    let now = (doc.need.code().to_owned(), doc.person, on, doc.path.clone(), doc.title.clone(), doc.body.clone());
    if let Some((id, need, person, on, path, title, body)) = before {
        // Where an entry of the library is read stands in the index only.
        if doc.under.is_none() && (need, person, on, path, title, body) == now {
            return Ok(());
        }
        forget_words(tx, doc.org, id)?;
    }
    let (need, person, on, path, title, body) = now;
    tx.exec(
        "insert into search_doc (org_id, kind, object_id, need, person_id, on_date, path, title, body)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (org_id, kind, object_id) do update set need = excluded.need, person_id = excluded.person_id,
         on_date = excluded.on_date, path = excluded.path, title = excluded.title, body = excluded.body",
        values![doc.org, doc.kind.code(), doc.object, need, person, on, path, title, body],
    )?;
    let id: i64 = tx.scalar("select doc_id from search_doc where org_id = $1 and kind = $2 and object_id = $3", key)?;
    let (scope, title, body) = (scope(doc), indexed(&doc.title), indexed(&doc.body));
    match tx.engine() {
        Engine::Sqlite => tx.exec(
            "insert into search_words (rowid, title, body, exact) values ($1, $2, $3, $4)",
            values![
                id,
                marked(&scope, &[&title.plain]),
                marked(&scope, &[&body.plain]),
                marked(&scope, &[&title.exact, &body.exact])
            ],
        ),
        Engine::Postgres => tx.exec(
            "insert into search_words (org_id, doc_id, words, exact)
             values ($1, $2, cast(cast($3 as text) as tsvector), cast(cast($4 as text) as tsvector))",
            values![doc.org, id, vector(&scope, &title, &body, |i| &i.plain), vector(&[], &title, &body, |i| &i.exact)],
        ),
    }?;
    Ok(())
}

/// Forgets something that is gone.
///
/// # Errors
/// Database faults only.
pub fn remove(tx: &mut Tx, org: OrgId, kind: Kind, object: i64) -> db::Result<()> {
    let key = values![org, kind.code(), object];
    let id: Option<i64> =
        tx.scalar_opt("select doc_id from search_doc where org_id = $1 and kind = $2 and object_id = $3", key)?;
    if let Some(id) = id {
        forget_words(tx, org, id)?;
        tx.exec("delete from search_doc where org_id = $1 and kind = $2 and object_id = $3", key)?;
    }
    Ok(())
}

/// Brings SQLite's index nearer to a single piece, which is asked faster than the many that many small
/// transactions leave; whether there is more to do. A step is short, for others wait for it.
///
/// # Errors
/// Database faults only.
pub fn gather(tx: &mut Tx, first: bool) -> db::Result<bool> {
    /// Pages of the index that one step writes.
    const PAGES: i64 = 200;
    if tx.engine() != Engine::Sqlite {
        return Ok(false);
    }
    let before: i64 = tx.scalar("select total_changes()", &[])?;
    // A negative number begins to put all pieces together, a positive one goes on.
    let step = if first { -PAGES } else { PAGES };
    tx.exec("insert into search_words (search_words, rank) values ('merge', $1)", values![step])?;
    let after: i64 = tx.scalar("select total_changes()", &[])?;
    Ok(after - before >= 2)
}

/// Gives back what making the index has filled SQLite's memory with.
///
/// # Errors
/// Database faults only.
pub fn give_back(tx: &mut Tx) -> db::Result<()> {
    match tx.engine() {
        Engine::Sqlite => tx.batch("pragma shrink_memory"),
        Engine::Postgres => Ok(()),
    }
}

fn forget_words(tx: &mut Tx, org: OrgId, id: i64) -> db::Result<()> {
    match tx.engine() {
        Engine::Sqlite => tx.exec("delete from search_words where rowid = $1", values![id]),
        Engine::Postgres => tx.exec("delete from search_words where org_id = $1 and doc_id = $2", values![org, id]),
    }?;
    Ok(())
}

/// Words as SQLite keeps them: each behind the word that says who may find it, so that a question reads what
/// its asker may find and no more, however common the word is elsewhere.
fn marked(scopes: &[String], texts: &[&[String]]) -> String {
    let mut out = String::new();
    for scope in scopes {
        for word in texts.iter().copied().flatten() {
            for part in [scope, ":", word, " "] {
                out.push_str(part);
            }
        }
    }
    out
}

/// Words with their places as PostgreSQL reads them, those of the title marked `A`, apart from those of
/// the body. Words hold letters and digits only, so nothing needs to be escaped.
fn vector(scope: &[String], title: &Indexed, body: &Indexed, of: impl Fn(&Indexed) -> &Vec<String>) -> String {
    /// What PostgreSQL keeps of one word, and of one text.
    const TIMES: usize = 250;
    const PLACES: usize = 16_000;
    let mut places: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let apart = of(title).len() + 2;
    let all = of(title).iter().enumerate().map(|(i, w)| (w, i + 1, "A"));
    for (word, at, mark) in all.chain(of(body).iter().enumerate().map(|(i, w)| (w, i + apart, ""))).take(PLACES) {
        let of_word = places.entry(word).or_default();
        if of_word.len() < TIMES {
            of_word.push(format!("{at}{mark}"));
        }
    }
    let mut out: Vec<String> = places.iter().map(|(w, at)| format!("'{w}':{}", at.join(","))).collect();
    out.extend(scope.iter().map(|s| format!("':{s}'")));
    out.join(" ")
}

/// What is asked beside the words.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only this kind.
    pub kind: Option<Kind>,
    /// Only of this organisation.
    pub org: Option<OrgId>,
    /// Only of this year.
    pub year: Option<i16>,
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Its row.
    pub doc: i64,
    /// The owning organisation; none for a person.
    pub org: OrgId,
    /// What it is.
    pub kind: Kind,
    /// Its own identifier.
    pub object: i64,
    /// The day it belongs to, or nothing.
    pub on: String,
    /// The organisation whose right showed it: for a person one of their cells.
    pub place: OrgId,
    /// Who finds it.
    pub need: Need,
}

db::row!(Hit { doc, org, kind: code, object, on, place, need: code });

/// Values of a statement as it grows.
#[derive(Default)]
struct Put(Vec<Value>);

impl Put {
    fn one(&mut self, value: impl ToValue) -> String {
        self.0.push(value.to_value());
        format!("${}", self.0.len())
    }

    /// A list for `in (…)`.
    fn list<T: ToValue>(&mut self, list: impl IntoIterator<Item = T>) -> String {
        let (places, values) = db::listed(&self.0, list);
        self.0 = values;
        places
    }

    /// Whether `o` lies under one of the paths.
    fn below(&mut self, within: &Within) -> String {
        let mut out = vec!["1 = 0".to_owned()];
        for path in &within.below {
            out.push(format!("(o.path > {} and o.path < {})", self.one(path), self.one(format!("{path}~"))));
        }
        out.join(" or ")
    }
}

/// How an engine is asked for words: where they stand, and the condition for a question.
struct Asked {
    from: &'static str,
    matches: String,
    /// Conditions that make a row better, the most telling first.
    better: [String; 3],
}

fn asked(engine: Engine, put: &mut Put, reach: &Reach, query: &Query) -> Asked {
    let (plain, exact): (Vec<&str>, Vec<&str>) = (query.plain().collect(), query.exact().collect());
    match engine {
        Engine::Sqlite => {
            let scopes = scopes(reach);
            let anywhere = |words: &[&str], between: &str| {
                let of = |scope: &String| words.iter().map(|w| format!("{scope}:{w}")).collect::<Vec<_>>().join(between);
                scopes.iter().map(|s| format!("(\"{}\")", of(s))).collect::<Vec<_>>().join(" OR ")
            };
            let mut among = |columns: &str, words: &[&str]| {
                let place = put.one(format!("{columns} : ({})", anywhere(words, " ")));
                format!("t.rowid in (select s.rowid from search_words s where s.search_words match {place})")
            };
            let better = [among("exact", &exact), among("title", &plain), among("{title body}", &plain)];
            let all = put.one(format!("{{title body}} : ({})", anywhere(&plain, "\" AND \"")));
            let matches = format!("t.search_words match {all}");
            Asked { from: "search_words t cross join search_doc d on d.doc_id = t.rowid", matches, better }
        }
        Engine::Postgres => {
            let words = |w: &[&str], mark: &str, between: &str| {
                w.iter().map(|w| format!("'{w}'{mark}")).collect::<Vec<_>>().join(between)
            };
            let within = scopes(reach).iter().map(|s| format!("':{s}'")).collect::<Vec<_>>().join(" | ");
            let mut has = |column: &str, text: String| format!("{column} @@ cast(cast({} as text) as tsquery)", put.one(text));
            let better = [
                has("t.exact", words(&exact, "", " <-> ")),
                has("t.words", words(&plain, ":A", " <-> ")),
                has("t.words", words(&plain, "", " <-> ")),
            ];
            let matches = has("t.words", format!("({within}) & {}", words(&plain, "", " & ")));
            Asked { from: "search_words t join search_doc d on d.org_id = t.org_id and d.doc_id = t.doc_id", matches, better }
        }
    }
}

/// What a person finds: as it was written first, in the title before in the text, the words together
/// before the words apart, then the newest; at most [`LIMIT`] and one more.
///
/// # Errors
/// Database faults only.
pub fn find(tx: &mut Tx, reach: &Reach, query: &Query, filter: Filter) -> db::Result<Vec<Hit>> {
    let mut put = Put::default();
    let Asked { from, matches, better } = asked(tx.engine(), &mut put, reach, query);
    let [exact, title, together] = better;
    let place = place::of(&mut put, reach, filter.org);
    let mut only = String::new();
    if let Some(kind) = filter.kind {
        only.push_str(&format!(" and d.kind = {}", put.one(kind.code())));
    }
    if let Some(year) = filter.year {
        only.push_str(&format!(" and substr(d.on_date, 1, 4) = {}", put.one(format!("{year:04}"))));
    }
    let of = filter.org.map(|org| format!(" and x.place = {}", put.one(org))).unwrap_or_default();
    tx.all(
        &format!(
            "select x.doc_id, x.org_id, x.kind, x.object_id, x.on_date, x.place, x.need from (
             select d.doc_id, d.org_id, d.kind, d.object_id, d.on_date, d.need, {place} as place,
             case when {exact} then 0 else 4 end + case when {title} then 0 else 2 end + case when {together} then 0 else 1 end as far
             from {from} where {matches}{only}) x where x.place is not null{of}
             order by x.far, x.on_date desc, x.object_id desc, x.kind, x.org_id limit {}",
            LIMIT + 1
        ),
        &put.0,
    )
}

/// Address, title and text of something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Its row.
    pub doc: i64,
    /// Its address; empty for a person.
    pub path: String,
    /// What it is called.
    pub title: String,
    /// The text beside the title.
    pub body: String,
}

db::row!(Text { doc, path, title, body });

/// The texts of what was found.
///
/// # Errors
/// Database faults only.
pub fn texts(tx: &mut Tx, hits: &[Hit]) -> db::Result<BTreeMap<i64, Text>> {
    let mut put = Put::default();
    let (orgs, docs) = (put.list(hits.iter().map(|h| h.org)), put.list(hits.iter().map(|h| h.doc)));
    let all: Vec<Text> = tx.all(
        &format!("select doc_id, path, title, body from search_doc where org_id in ({orgs}) and doc_id in ({docs})"),
        &put.0,
    )?;
    Ok(all.into_iter().map(|t| (t.doc, t)).collect())
}
