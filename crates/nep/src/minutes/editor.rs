//! Writing minutes: sections that save themselves, their revisions, two people in one section.
//! May touch: sections of one meeting's minutes. Rules: M14, P-1, P-8; contract of assets/nep.js.

use std::collections::BTreeMap;

use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use db::Tx;
use domain::code::Code;
use domain::id::{MeetingId, OrgId, PersonId, RowId};
use domain::meeting::MeetingState;
use domain::merge::{Merged, Piece, merge3};
use domain::minutes::SectionKey;
use domain::right::{Right, to_read};
use domain::vi;
use jiff::Timestamp;
use web::form::Form;
use web::page::{html, html_with, see};

use super::draft::{self, Minutes};
use super::keep;
use super::page::{Editor, MarkView, Merge, Read, RevisionRow, Revisions, SectionView};
use super::store::marks::{self, Mark};
use super::store::{self, Aside, NOBODY, Row, Saved};
use crate::actor::{Actor, local};
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::live::desk::{parts, short_name, sign, when_where};
use crate::meeting::store::{self as meetings, Meeting};
use crate::once::store as once;
use crate::shell::{Done, Shell, Under};

type Where = Path<(OrgId, MeetingId)>;
type InSection = Path<(OrgId, MeetingId, String)>;

/// Longest text of one section.
const SECTION_MAX: usize = 100_000;

/// Minutes as a page needs them: all of them to write on, their text to read.
enum Known {
    Writing(Box<Minutes>),
    Reading(Box<Meeting>, Vec<(SectionKey, Row)>),
}

/// The editor while minutes are written; the text for every member once the cell adopted it.
pub async fn page(
    State(app): State<App>,
    actor: Actor,
    Path((org, id)): Where,
    Query(done): Query<Done>,
) -> Result<Response, Fault> {
    let hands = actor.clone();
    let writer = actor.may(Right::MinutesWrite);
    let known = app.db.read(move |tx| {
        let meeting = meetings::get(tx, org, id)?;
        let open_to_all = matches!(meeting.state, MeetingState::Adopted | MeetingState::Sealed);
        // Whoever is appointed to write the minutes reads them too, whatever kind of meeting it is.
        if !(writer || (open_to_all && hands.may(to_read(meeting.kind)))) {
            return Err(Fault::NotFound);
        }
        if writer && meeting.state.is_recording() {
            return Ok(Known::Writing(Box::new(draft::load_of(tx, meeting)?)));
        }
        let text = draft::text(tx, org, id)?;
        Ok(Known::Reading(Box::new(meeting), text))
    });
    match known.await? {
        Known::Reading(meeting, text) => Ok(html(&reading(&actor, &meeting, &text, writer, done.words()))),
        Known::Writing(minutes) if minutes.missing().is_empty() => editor(&app, &actor, *minutes, None, done.words()).await,
        Known::Writing(_) => {
            let hands = actor.clone();
            let minutes = app.db.write(move |tx| draft::begin(tx, &hands, org, id)).await?;
            editor(&app, &actor, minutes, None, done.words()).await
        }
    }
}

fn shell_of(actor: &Actor, meeting: &Meeting, title: &str) -> Shell {
    let org = actor.org;
    Shell::new(actor, title, Under::Meetings)
        .crumb(format!("/cb/{org}/buoi"), Under::Meetings.label())
        .crumb(format!("/cb/{org}/buoi/{}", meeting.id), meeting.title.clone())
}

/// Sections that have text, line by line.
pub fn to_read_aloud(rows: &[(SectionKey, Row)]) -> Vec<SectionView> {
    let written = rows.iter().filter(|(_, r)| !r.body.trim().is_empty());
    written
        .map(|(_, r)| SectionView {
            code: r.section.clone(),
            title: r.title.clone(),
            lines: r.body.lines().map(str::to_owned).collect(),
            ..SectionView::default()
        })
        .collect()
}

fn reading(actor: &Actor, meeting: &Meeting, rows: &[(SectionKey, Row)], writer: bool, done: &str) -> Read {
    Read {
        shell: shell_of(actor, meeting, "Biên bản").done(done),
        parts: parts(meeting, "bien-ban"),
        meeting: format!("/cb/{}/buoi/{}", actor.org, meeting.id),
        sub: when_where(meeting),
        state: meeting.state.to_string(),
        sign: sign(meeting.state),
        sections: to_read_aloud(rows),
        writer,
        can_lead: actor.may(Right::MeetingLead),
        adopted: meeting.state == MeetingState::Adopted,
    }
}

async fn editor(
    app: &App,
    actor: &Actor,
    minutes: Minutes,
    typed: Option<(SectionKey, Form)>,
    done: &str,
) -> Result<Response, Fault> {
    let (org, id) = (actor.org, minutes.record.meeting.id);
    let (day, library) = (minutes.record.meeting.starts_at.date(), app.rules.clone());
    let (asides, names, marked, keep) = app
        .db
        .read(move |tx| {
            let asides = store::asides(tx, org, id)?;
            let names = crate::member::store::names(tx, asides.iter().map(|a| a.saved_by))?;
            Ok::<_, db::Error>((asides, names, marks::open(tx, org, id)?, once::keep(tx, org, day, &library)?))
        })
        .await?;
    let problems = typed.as_ref().map(|(_, f)| f.clone()).unwrap_or_default();
    let record = &minutes.record;
    let chip = |l: &crate::live::store::Line| (format!("Đồng chí {}: ", l.name), format!("đ/c {}", short_name(record, &l.name)));
    let page = Editor {
        shell: shell_of(actor, &minutes.record.meeting, "Biên bản").outbox(keep).wrong(&problems).done(done),
        parts: parts(&record.meeting, "bien-ban"),
        base: format!("/cb/{org}/buoi/{id}/bien-ban"),
        sub: when_where(&record.meeting),
        sections: minutes.rows.iter().map(|(key, row)| view(&minutes, *key, row, typed.as_ref(), &marked)).collect(),
        marked: marked.len(),
        chips: record.present().map(chip).collect(),
        asides: asides.into_iter().map(|a| (a.section, a.id.to_string(), who_words(&names, a.saved_by, a.saved_at))).collect(),
        outdated: minutes.outdated(),
        running: record.meeting.state == MeetingState::Open,
        can_lead: actor.may(Right::MeetingLead),
    };
    let status = if problems.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(html_with(status, &page))
}

/// The marks of one section.
pub fn marks_of(marked: &[Mark], section: &str) -> Vec<MarkView> {
    let own = marked.iter().filter(|m| m.section == section);
    own.map(|m| MarkView { id: m.id.to_string(), passage: m.passage.clone(), who: format!("đ/c {}", m.name) }).collect()
}

/// One section as the editor shows it.
pub fn view(minutes: &Minutes, key: SectionKey, row: &Row, typed: Option<&(SectionKey, Form)>, marked: &[Mark]) -> SectionView {
    let typed = typed.filter(|(k, _)| *k == key).map(|(_, f)| f);
    let at = local(row.saved_at);
    let what = if row.is_edited() { "Đã lưu" } else { "Lập từ số liệu đã ghi" };
    let body = typed.map_or_else(|| row.body.clone(), |f| f.raw("text").to_owned());
    SectionView {
        code: row.section.clone(),
        title: row.title.clone(),
        rows: body.lines().map(|l| 1 + l.chars().count() / 60).sum::<usize>().clamp(3, 24),
        body,
        lines: Vec::new(),
        version: row.version,
        saved: format!("{what} {}", at.strftime("%H:%M:%S")),
        news: minutes.news(key).is_some_and(|s| s.text != row.body),
        problem: typed.map(|f| f.problem_of("text").to_owned()).unwrap_or_default(),
        marks: marks_of(marked, &row.section),
    }
}

/// `đ/c Lê Minh Đức, 14:31 ngày 03/12/2026`.
fn who_words(names: &BTreeMap<PersonId, String>, person: PersonId, at: Timestamp) -> String {
    let name = if person == NOBODY {
        "Lập từ số liệu đã ghi".to_owned()
    } else {
        format!("đ/c {}", names.get(&person).map_or("", String::as_str))
    };
    format!("{name}, {}", when(at))
}

fn when(at: Timestamp) -> String {
    let at = local(at);
    format!("{} ngày {}", vi::time_short(at.time()), vi::date(at.date()))
}

fn key_of(section: &str) -> Result<SectionKey, Fault> {
    SectionKey::from_code(section).ok_or(Fault::NotFound)
}

/// A key under which a sending is known again: what our own script makes, and nothing longer.
fn save_key(form: &Form) -> Option<String> {
    let key = form.raw("key");
    let fits = !key.is_empty() && key.len() <= 64 && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    fits.then(|| key.to_owned())
}

/// Saves one section: by the script every few seconds, or by its button.
pub async fn save(
    State(app): State<App>,
    actor: Actor,
    Path((org, id, section)): InSection,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let key = key_of(&section)?;
    let script = !form.raw("key").is_empty();
    let text = form.text("text", SECTION_MAX);
    let base = form.int("base_version", 0, i64::MAX).unwrap_or(0);
    let mended: Option<RowId> = form.id("dau");
    if !form.is_fine() {
        return wrong(&app, &actor, id, key, form, script).await;
    }
    let (hands, sent) = (actor.clone(), save_key(&form));
    let saved = app
        .write(&actor, move |tx| {
            let sent = keep::Sent { text: &text, base, key: sent.as_deref(), script, mended };
            keep::keep(tx, &hands, (org, id), key, &sent)
        })
        .await;
    let page = format!("/cb/{org}/buoi/{id}/bien-ban");
    match (saved, script) {
        (Ok(None), _) => Ok(see(&format!("{page}?xong=ghep#muc-{section}"))),
        (Ok(Some(Saved::Done { version, at })), true) => {
            Ok(json(StatusCode::OK, &serde_json::json!({ "version": version, "saved_at": at.to_string() })))
        }
        (Ok(Some(Saved::Done { .. })), false) => Ok(see(&format!("{page}?xong=luu#muc-{section}"))),
        (Ok(Some(Saved::Aside(aside))), true) => {
            let merge = format!("{page}/{section}/ghep?ban={aside}");
            Ok(json(StatusCode::CONFLICT, &serde_json::json!({ "merge": merge })))
        }
        (Ok(Some(Saved::Aside(aside))), false) => Ok(see(&format!("{page}/{section}/ghep?ban={aside}"))),
        (Err(Fault::Refused(refusal)), true) => {
            Ok(json(StatusCode::UNPROCESSABLE_ENTITY, &serde_json::json!({ "error": refusal.text(), "code": refusal.code })))
        }
        (Err(fault), _) => Err(fault),
    }
}

async fn wrong(app: &App, actor: &Actor, id: MeetingId, key: SectionKey, form: Form, script: bool) -> Result<Response, Fault> {
    if script {
        let error = form.problems.first().map(|p| p.text.clone()).unwrap_or_default();
        return Ok(json(StatusCode::UNPROCESSABLE_ENTITY, &serde_json::json!({ "error": error })));
    }
    let org = actor.org;
    let minutes = app.db.read(move |tx| draft::load(tx, org, id)).await?;
    editor(app, actor, minutes, Some((key, form)), "").await
}

fn json(status: StatusCode, value: &serde_json::Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}

/// Brings every section nobody has edited up to date with what was recorded.
pub async fn renew(State(app): State<App>, actor: Actor, Path((org, id)): Where) -> Result<Response, Fault> {
    let hands = actor.clone();
    app.write(&actor, move |tx| draft::renew(tx, &hands, org, id)).await?;
    Ok(see(&format!("/cb/{org}/buoi/{id}/bien-ban?xong=cap-nhat")))
}

/// Brings one section up to date; what a person wrote in it stays.
pub async fn renew_one(State(app): State<App>, actor: Actor, Path((org, id, section)): InSection) -> Result<Response, Fault> {
    let key = key_of(&section)?;
    let hands = actor.clone();
    let aside = app.write(&actor, move |tx| draft::renew_one(tx, &hands, org, id, key)).await?;
    let page = format!("/cb/{org}/buoi/{id}/bien-ban");
    Ok(see(&match aside {
        Some(aside) => format!("{page}/{section}/ghep?ban={aside}"),
        None => format!("{page}?xong=luu#muc-{section}"),
    }))
}

/// Which revision is asked for.
#[derive(Debug, Default, serde::Deserialize)]
pub struct AskedRevision {
    so: Option<String>,
}

/// Every text a section ever had.
pub async fn revisions(
    State(app): State<App>,
    actor: Actor,
    Path((org, id, section)): InSection,
    Query(asked): Query<AskedRevision>,
) -> Result<Response, Fault> {
    let key = key_of(&section)?;
    let (meeting, row, list) = app
        .db
        .read(move |tx| {
            let row = store::section(tx, org, id, key)?;
            Ok::<_, Fault>((meetings::get(tx, org, id)?, row, store::revisions(tx, org, id, key)?))
        })
        .await?;
    let wanted = asked.so.and_then(|n| n.parse::<i64>().ok());
    let shown = list.iter().find(|r| Some(r.version) == wanted).map(|r| (r.version, r.body.clone()));
    let rows = list.iter().map(|r| RevisionRow {
        version: r.version,
        who: match &r.name {
            Some(name) => format!("đ/c {name}, {}", when(r.saved_at)),
            None => format!("Lập từ số liệu đã ghi, {}", when(r.saved_at)),
        },
        present: r.version == row.version,
    });
    let base = format!("/cb/{org}/buoi/{id}/bien-ban");
    Ok(html(&Revisions {
        shell: shell_of(&actor, &meeting, "Các bản đã lưu").crumb(base.clone(), "Biên bản"),
        base: format!("{base}/{section}"),
        title: row.title.clone(),
        rows: rows.collect(),
        shown,
        version: row.version,
        recording: meeting.state.is_recording(),
    }))
}

/// Which words set aside are asked for.
#[derive(Debug, Default, serde::Deserialize)]
pub struct AskedAside {
    ban: Option<String>,
}

/// Two texts for one place, side by side, with both joined below.
pub async fn merge_page(
    State(app): State<App>,
    actor: Actor,
    Path((org, id, section)): InSection,
    Query(asked): Query<AskedAside>,
) -> Result<Response, Fault> {
    let aside = asked.ban.and_then(|b| b.parse().ok()).ok_or(Fault::NotFound)?;
    merge_view(&app, &actor, id, &section, aside, None).await.map(|found| match found {
        Some(page) => html(&page),
        None => see(&format!("/cb/{org}/buoi/{id}/bien-ban#muc-{section}")),
    })
}

struct Pair {
    aside: Aside,
    row: Row,
    base: String,
    mine_who: String,
    theirs_who: String,
    meeting: Meeting,
}

fn pair(tx: &mut Tx, org: OrgId, id: MeetingId, key: SectionKey, aside: RowId) -> Result<Pair, Fault> {
    let aside = store::aside(tx, org, id, aside)?;
    if aside.section != key.code() {
        return Err(Fault::NotFound);
    }
    let row = store::section(tx, org, id, key)?;
    let base = store::revisions(tx, org, id, key)?.into_iter().find(|r| r.version == aside.base).map(|r| r.body);
    let names = crate::member::store::names(tx, [aside.saved_by, row.saved_by])?;
    Ok(Pair {
        mine_who: who_words(&names, aside.saved_by, aside.saved_at),
        theirs_who: who_words(&names, row.saved_by, row.saved_at),
        base: base.unwrap_or_default(),
        meeting: meetings::get(tx, org, id)?,
        aside,
        row,
    })
}

/// The page of two texts; none when somebody has decided already.
async fn merge_view(
    app: &App,
    actor: &Actor,
    id: MeetingId,
    section: &str,
    aside: RowId,
    typed: Option<String>,
) -> Result<Option<Merge>, Fault> {
    let (org, key) = (actor.org, key_of(section)?);
    let pair = app.db.read(move |tx| pair(tx, org, id, key, aside)).await?;
    if pair.aside.joined_at.is_some() {
        return Ok(None);
    }
    let merged = merge3(&pair.base, &pair.aside.body, &pair.row.body);
    let (mine, theirs, joined, clean) = match merged {
        Merged::Clean(text) => (vec![(false, pair.aside.body.clone())], vec![(false, pair.row.body.clone())], text, true),
        Merged::Conflict(c) => {
            let side = |mine_side: bool| {
                let piece = |p: &Piece| match p {
                    Piece::Settled(text) => (false, text.clone()),
                    Piece::Differs { mine, theirs, .. } => (true, if mine_side { mine.clone() } else { theirs.clone() }),
                };
                c.pieces.iter().map(piece).collect::<Vec<_>>()
            };
            (side(true), side(false), c.both.clone(), false)
        }
    };
    let base = format!("/cb/{org}/buoi/{id}/bien-ban");
    Ok(Some(Merge {
        shell: shell_of(actor, &pair.meeting, "Ghép hai bản").crumb(base.clone(), "Biên bản"),
        base: format!("{base}/{section}"),
        title: pair.row.title.clone(),
        aside: pair.aside.id.to_string(),
        mine_title: if pair.aside.saved_by == NOBODY {
            "Bản theo số liệu mới"
        } else if pair.aside.saved_by == actor.person {
            "Bản của đồng chí"
        } else {
            "Bản lưu sau"
        },
        mine_who: pair.mine_who,
        mine,
        theirs_who: pair.theirs_who,
        theirs,
        joined: typed.unwrap_or(joined),
        version: pair.row.version,
        clean,
    }))
}

/// Saves the joined text, or keeps the present one; the words set aside stay on record.
pub async fn merge(
    State(app): State<App>,
    actor: Actor,
    Path((org, id, section)): InSection,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let key = key_of(&section)?;
    let aside: RowId = form.id("ban").ok_or(Fault::NotFound)?;
    let keep = form.ticked("giu");
    let text = form.text("ghep", SECTION_MAX);
    let version = form.int("version", 0, i64::MAX).unwrap_or(0);
    if !form.is_fine() {
        return Err(Fault::Invalid(form.problems));
    }
    let (hands, joined) = (actor.clone(), text.clone());
    let done = app
        .write(&actor, move |tx| {
            keep::decide(tx, &hands, (org, id), key, &keep::Decision { aside, keep, version, joined: &joined })
        })
        .await;
    match done {
        Ok(()) => Ok(see(&format!("/cb/{org}/buoi/{id}/bien-ban?xong=luu#muc-{section}"))),
        // A third one saved meanwhile: what was joined stays in the field.
        Err(Fault::Conflict) => match merge_view(&app, &actor, id, &section, aside, Some(text)).await? {
            Some(page) => Ok(html_with(StatusCode::CONFLICT, &page)),
            None => Err(Fault::Conflict),
        },
        Err(fault) => Err(fault),
    }
}
