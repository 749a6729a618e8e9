//! From the rows of the features to what may be found: one definition for what is kept while people
//! work and for what is made anew. Whoever changes such a row calls [`refresh`] in the same transaction; whoever
//! makes a whole house in one calls [`put_off`], and the index is made when that is over.
//! Touches the features' rows, to read. Rules: M14, P-10, P-12.

mod passed;

use std::collections::BTreeSet;

use db::{Db, FromRow, Tx, Value, values};
use domain::code::Code;
use domain::id::{OrgId, PersonId, ResolutionId};
use domain::meeting::MeetingKind;
use domain::numbering::DocKind;
use domain::search::{Kind, Need};
use domain::vi;
use jiff::civil::Date;

use super::{Doc, gather, give_back, put, remove};
use crate::absence::notice;
use crate::account::store::{set_setting, setting};
use crate::minutes::snapshot::Sealed;
use crate::resolution::export::Snapshot;
use crate::work::GoesOn;

/// Which form of the index a database holds as a whole; none while it is being made.
const MARK: &str = "search";
const FORM: &str = "3";

/// Brings what may be found of one object up to date; to be called in the transaction that changed it.
///
/// # Errors
/// Database faults only.
pub fn refresh(tx: &mut Tx, org: OrgId, kind: Kind, object: i64) -> db::Result<()> {
    if tx.is_bulk() {
        return Ok(());
    }
    let docs = read(tx, org, kind, Some(object))?;
    // A document of a meeting's resolution is found as that resolution, minutes as minutes.
    let kinds: &[Kind] = if kind == Kind::Document { &[Kind::Document, Kind::Minutes] } else { &[kind] };
    for kind in kinds {
        match docs.iter().find(|d| d.kind == *kind) {
            Some(doc) => put(tx, doc)?,
            None => remove(tx, owner(org, *kind), *kind, object)?,
        }
    }
    Ok(())
}

/// As [`refresh`], of every task of a resolution.
///
/// # Errors
/// Database faults only.
pub fn refresh_tasks(tx: &mut Tx, org: OrgId, resolution: ResolutionId) -> db::Result<()> {
    if tx.is_bulk() {
        return Ok(());
    }
    let tasks: Vec<(i64,)> =
        tx.all("select task_id from task where org_id = $1 and resolution_id = $2 order by task_id", values![org, resolution])?;
    for (task,) in tasks {
        refresh(tx, org, Kind::Task, task)?;
    }
    Ok(())
}

fn owner(org: OrgId, kind: Kind) -> OrgId {
    if kind == Kind::Person { OrgId::new(0) } else { org }
}

/// What may be found of a kind in an organisation, or of one object; minutes come with documents.
fn read(tx: &mut Tx, org: OrgId, kind: Kind, object: Option<i64>) -> db::Result<Vec<Doc>> {
    match kind {
        Kind::Minutes | Kind::Document => documents(tx, org, object),
        Kind::Resolution => resolutions(tx, org, object),
        Kind::Task => tasks(tx, org, object),
        Kind::Topic => topics(tx, org, object),
        Kind::Guidance => passed::guidance(tx, org, object),
        Kind::Library => passed::library(tx, org, object),
        Kind::Note => notes(tx, org, object),
        Kind::Person => object.map_or_else(|| Ok(Vec::new()), |p| people(tx, &[p])),
        Kind::Org => organisation(tx, org),
    }
}

/// Rows of an organisation, or one of them, by the column of their identifier.
fn rows<T: FromRow>(tx: &mut Tx, sql: &str, column: &str, org: OrgId, object: Option<i64>) -> db::Result<Vec<T>> {
    let mut v: Vec<Value> = values![org].to_vec();
    let mut one = String::new();
    if let Some(object) = object {
        v.extend_from_slice(values![object]);
        one = format!(" and {column} = $2");
    }
    tx.all(&format!("{sql}{one} order by {column}"), &v)
}

fn lines<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    parts.into_iter().map(str::trim).filter(|p| !p.is_empty()).collect::<Vec<_>>().join("\n")
}

fn day(at: &str) -> Option<Date> {
    at.get(..10).and_then(|d| d.parse().ok())
}

fn need(meeting: Option<&str>, committee_only: bool) -> Need {
    match meeting.and_then(MeetingKind::from_code) {
        Some(kind) => Need::of_meeting(kind),
        None if committee_only => Need::Lead,
        None => Need::Read,
    }
}

/// Sealed documents: who may read one is asked as on its own page (`ledger::web`). A resolution is
/// found by its own row; only its corrections are found here.
fn documents(tx: &mut Tx, org: OrgId, object: Option<i64>) -> db::Result<Vec<Doc>> {
    type Row = (i64, String, String, Date, String, String, Option<String>, Option<i64>);
    let found: Vec<Row> = rows(
        tx,
        "select i.issued_id, i.kind, i.number_text, i.issued_on, i.title, i.content, m.kind, i.corrects_id from issued i
         left join meeting m on m.org_id = i.org_id and m.meeting_id = i.meeting_id
         where i.org_id = $1 and (i.kind <> 'nq' or i.corrects_id is not null or i.meeting_id is null)",
        "i.issued_id",
        org,
        object,
    )?;
    let doc = |(id, kind, number, on, title, content, meeting, corrects): Row| {
        let kind = DocKind::from_code(&kind);
        let word = if corrects.is_some() { " (đính chính)" } else { "" };
        Doc {
            org,
            kind: if kind == Some(DocKind::Minutes) { Kind::Minutes } else { Kind::Document },
            object: id,
            need: need(meeting.as_deref(), kind == Some(DocKind::Notice)),
            person: None,
            on: Some(on),
            under: None,
            path: format!("/cb/{org}/van-ban/{id}"),
            title: format!("{title}{word}"),
            body: lines([number.as_str(), words_of(&content).as_str()]),
        }
    };
    Ok(found.into_iter().map(doc).collect())
}

/// The words of a sealed document, from what was sealed.
fn words_of(content: &str) -> String {
    if let Some(minutes) = Sealed::from_json(content) {
        return lines(minutes.sections.iter().flat_map(|s| [s.title.as_str(), s.text.as_str()]));
    }
    if let Some(notice) = notice::Snapshot::from_json(content) {
        return lines([notice.name.as_str(), notice.text.as_str()]);
    }
    match Snapshot::from_json(content) {
        Ok(s) => lines([s.title.as_str(), s.assessment.as_str(), s.direction.as_str(), s.organising.as_str()]),
        Err(_) => String::new(),
    }
}

fn resolutions(tx: &mut Tx, org: OrgId, object: Option<i64>) -> db::Result<Vec<Doc>> {
    type Row = (i64, i64, String, String, String, String, String, String, Option<String>);
    let found: Vec<Row> = rows(
        tx,
        "select r.resolution_id, r.meeting_id, m.kind, coalesce(m.opened_at, m.starts_at), r.title, r.assessment, r.direction,
         r.organising, i.number_text from resolution r join meeting m on m.org_id = r.org_id and m.meeting_id = r.meeting_id
         left join issued i on i.org_id = r.org_id and i.issued_id = r.sealed_id
         where r.org_id = $1 and r.state in ('adopted', 'sealed')",
        "r.resolution_id",
        org,
        object,
    )?;
    let doc = |(id, meeting, kind, at, title, assessment, direction, organising, number): Row| Doc {
        org,
        kind: Kind::Resolution,
        object: id,
        need: need(Some(&kind), false),
        person: None,
        on: day(&at),
        under: None,
        path: format!("/cb/{org}/buoi/{meeting}/nghi-quyet/{id}"),
        title: format!("Nghị quyết {title}"),
        body: lines([number.unwrap_or_default().as_str(), &assessment, &direction, &organising]),
    };
    Ok(found.into_iter().map(doc).collect())
}

fn tasks(tx: &mut Tx, org: OrgId, object: Option<i64>) -> db::Result<Vec<Doc>> {
    type Row = (i64, String, String, String, String, String);
    let found: Vec<Row> = rows(
        tx,
        "select t.task_id, m.kind, coalesce(m.opened_at, m.starts_at), t.content, t.requirement, t.measure from task t
         join meeting m on m.org_id = t.org_id and m.meeting_id = t.meeting_id where t.org_id = $1 and t.in_force = 1",
        "t.task_id",
        org,
        object,
    )?;
    let doc = |(id, kind, at, content, requirement, measure): Row| Doc {
        org,
        kind: Kind::Task,
        object: id,
        need: need(Some(&kind), false),
        person: None,
        on: day(&at),
        under: None,
        path: format!("/cb/{org}/nhiem-vu/{id}"),
        title: content,
        body: lines([requirement.as_str(), measure.as_str()]),
    };
    Ok(found.into_iter().map(doc).collect())
}

fn topics(tx: &mut Tx, org: OrgId, object: Option<i64>) -> db::Result<Vec<Doc>> {
    let found: Vec<(i64, i64, String, String)> = rows(
        tx,
        "select topic_id, year, title, why from topic where org_id = $1 and state <> 'withdrawn'",
        "topic_id",
        org,
        object,
    )?;
    let doc = |(id, year, title, why): (i64, i64, String, String)| Doc {
        org,
        kind: Kind::Topic,
        object: id,
        need: Need::Read,
        person: None,
        on: i16::try_from(year).ok().and_then(|y| Date::new(y, 1, 1).ok()),
        under: None,
        path: format!("/cb/{org}/chuyen-de/{year}"),
        title,
        body: why,
    };
    Ok(found.into_iter().map(doc).collect())
}

/// Notes on a person, for that person alone.
fn notes(tx: &mut Tx, org: OrgId, object: Option<i64>) -> db::Result<Vec<Doc>> {
    type Row = (i64, PersonId, Date, String, String, String, String);
    let found: Vec<Row> = rows(
        tx,
        "select note_id, person_id, on_date, body, remedy, answer, done_words from note where org_id = $1 and state <> 'withdrawn'",
        "note_id",
        org,
        object,
    )?;
    let doc = |(id, person, on, body, remedy, answer, done): Row| Doc {
        org,
        kind: Kind::Note,
        object: id,
        need: Need::Own,
        person: Some(person),
        on: Some(on),
        under: None,
        path: format!("/toi/ghi-nhan/{id}"),
        title: format!("Ghi nhận ngày {}", vi::date(on)),
        body: lines([body.as_str(), &remedy, &answer, &done]),
    };
    Ok(found.into_iter().map(doc).collect())
}

/// People by their names; in which cell they are is asked when they are searched for.
fn people(tx: &mut Tx, ids: &[i64]) -> db::Result<Vec<Doc>> {
    let (places, v) = db::listed(&[], ids);
    let found: Vec<(i64, String)> =
        tx.all(&format!("select person_id, name from person where person_id in ({places}) order by person_id"), &v)?;
    let doc = |(id, name): (i64, String)| Doc {
        org: OrgId::new(0),
        kind: Kind::Person,
        object: id,
        need: Need::People,
        person: Some(PersonId::new(id)),
        on: None,
        under: None,
        path: String::new(),
        title: name,
        body: String::new(),
    };
    Ok(found.into_iter().map(doc).collect())
}

/// An organisation by the names it has and had; one that was taken back on its first day never was.
fn organisation(tx: &mut Tx, org: OrgId) -> db::Result<Vec<Doc>> {
    let names: Vec<(String, String)> = tx.all(
        "select n.name, n.short_name from org o join org_name n on n.org_id = o.org_id
         where o.org_id = $1 and (o.ended_on is null or o.ended_on > o.born_on) and (n.to_date is null or n.to_date > n.from_date)
         order by n.from_date desc",
        values![org],
    )?;
    let Some((title, short)) = names.first().cloned() else {
        return Ok(Vec::new());
    };
    let mut seen: BTreeSet<&str> = BTreeSet::from([title.as_str(), short.as_str()]);
    let earlier: Vec<&str> =
        names.iter().skip(1).flat_map(|(n, s)| [n.as_str(), s.as_str()]).filter(|n| seen.insert(n)).collect();
    let before = if earlier.is_empty() { String::new() } else { format!("Tên trước đây: {}", earlier.join("; ")) };
    let doc = Doc {
        org,
        kind: Kind::Org,
        object: org.raw(),
        need: Need::Stats,
        person: None,
        on: None,
        under: None,
        path: format!("/tc/{org}"),
        body: lines([if short == title { "" } else { &short }, &before]),
        title,
    };
    Ok(vec![doc])
}

/// Kinds an organisation owns, each read once.
const OWNED: [Kind; 8] =
    [Kind::Document, Kind::Resolution, Kind::Task, Kind::Topic, Kind::Guidance, Kind::Library, Kind::Note, Kind::Org];

/// Everything of one organisation that may be found.
///
/// # Errors
/// Database faults only.
pub fn of_org(tx: &mut Tx, org: OrgId) -> db::Result<Vec<Doc>> {
    let mut out = Vec::new();
    for kind in OWNED {
        out.extend(read(tx, org, kind, None)?);
    }
    Ok(out)
}

/// Notes that there is no whole index: the next [`ensure`] makes it. Part of a bulk transaction, in which
/// [`refresh`] keeps nothing.
///
/// # Errors
/// Database faults only.
pub fn put_off(tx: &mut Tx) -> db::Result<()> {
    set_setting(tx, MARK, "")
}

/// Whether the index holds everything that may be found.
///
/// # Errors
/// Database faults only.
pub fn is_whole(tx: &mut Tx) -> db::Result<bool> {
    Ok(setting(tx, MARK)?.as_deref() == Some(FORM))
}

/// Makes an index where there is none, as after an update of the program, or goes on with it.
///
/// # Errors
/// Database faults only.
pub fn ensure(db: &Db, goes_on: GoesOn<'_>) -> db::Result<()> {
    if db.read_now(is_whole)? { Ok(()) } else { rebuild(db, goes_on).map(|_| ()) }
}

/// Makes everything that may be found anew, an organisation at a time, while others may go on working;
/// the number of rows. Told to stop, it leaves the rest for the next time.
///
/// # Errors
/// Database faults only.
pub fn rebuild(db: &Db, goes_on: GoesOn<'_>) -> db::Result<usize> {
    const PEOPLE: usize = 100;
    type Ids = (Vec<(OrgId,)>, Vec<(i64,)>);
    let (orgs, people): Ids = db.read_now(|tx| {
        Ok::<_, db::Error>((
            tx.all("select org_id from org order by org_id", &[])?,
            tx.all("select person_id from person order by person_id", &[])?,
        ))
    })?;
    let mut n = 0;
    for (org,) in orgs {
        if !goes_on() {
            return Ok(n);
        }
        n += db.write_now(move |tx| anew(tx, org))?;
    }
    for ids in people.chunks(PEOPLE) {
        if !goes_on() {
            return Ok(n);
        }
        let ids: Vec<i64> = ids.iter().map(|(id,)| *id).collect();
        n += db.write_now(move |tx| {
            let docs = self::people(tx, &ids)?;
            docs.iter().try_for_each(|d| put(tx, d))?;
            Ok::<_, db::Error>(docs.len())
        })?;
    }
    db.write_now(|tx| set_setting(tx, MARK, FORM))?;
    let mut first = true;
    while goes_on() && db.write_now(move |tx| gather(tx, first))? {
        first = false;
    }
    db.write_now(give_back)?;
    Ok(n)
}

fn anew(tx: &mut Tx, org: OrgId) -> db::Result<usize> {
    let docs = of_org(tx, org)?;
    let now: BTreeSet<(&str, i64)> = docs.iter().map(|d| (d.kind.code(), d.object)).collect();
    let before: Vec<(String, i64)> = tx.all("select kind, object_id from search_doc where org_id = $1", values![org])?;
    for (kind, object) in before.iter().filter(|(k, o)| !now.contains(&(k.as_str(), *o))) {
        if let Some(kind) = Kind::from_code(kind) {
            remove(tx, org, kind, *object)?;
        }
    }
    docs.iter().try_for_each(|d| put(tx, d))?;
    Ok(docs.len())
}
