//! Reading the library: the list with its filters, one entry with its files, presenters of a subject.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::id::{FileId, OrgId, RowId};
use domain::library::{EntryKind, Subject, reviews, terms};
use domain::presenter::candidates;
use domain::right::Right;
use domain::tree;
use domain::vi;
use web::form::Form;
use web::page::{download, html, html_with};

use super::super::adopt::{self, Target};
use super::super::page::{EntryPage, ListPage, PersonLine, PresentersPage};
use super::super::store::files::{self, File};
use super::super::store::shelf::{self, PER_PAGE, Wanted};
use super::super::store::uses::{self, Use};
use super::super::store::{Entry, talks};
use super::super::view::{self, Names};
use super::{Ask, Side, code_of, id_of, words};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::meeting::sniff;
use crate::member::store as members;
use crate::org::store::{self as orgs, Org};
use crate::shell::{Shell, Under};

fn wanted(ask: &Ask) -> Wanted {
    let some = |t: &Option<String>| t.clone().filter(|t| !t.is_empty());
    Wanted {
        words: terms(ask.tim.as_deref().unwrap_or_default()),
        kind: code_of::<EntryKind>(&ask.loai),
        subject: code_of::<Subject>(&ask.linh_vuc),
        cell_type: some(&ask.loai_hinh),
        year: some(&ask.nam).and_then(|y| y.parse().ok()),
        page: some(&ask.trang).and_then(|p| p.parse().ok()).filter(|p| (1..=500).contains(p)).map_or(0, |p: i64| p - 1),
    }
}

fn form_of(ask: &Ask) -> Form {
    let pairs =
        [("tim", &ask.tim), ("loai", &ask.loai), ("linh_vuc", &ask.linh_vuc), ("loai_hinh", &ask.loai_hinh), ("nam", &ask.nam)];
    Form::from_pairs(pairs.into_iter().filter_map(|(name, value)| Some((name, value.clone()?))))
}

/// The list.
pub(super) async fn list(State(app): State<App>, actor: Actor, side: Side, Query(ask): Query<Ask>) -> Result<Response, Fault> {
    let (org, today) = (actor.org, actor.today());
    let base = side.base(org);
    let wanted = wanted(&ask);
    let question = wanted.clone();
    let (mut found, names, reader) = app
        .db
        .read(move |tx| {
            let reader = orgs::get(tx, org, today)?;
            let found = shelf::find(tx, &reader, &question)?;
            let ids: Vec<OrgId> = found.iter().map(|e| e.org).collect();
            let names = orgs::short_names(tx, &ids, today)?;
            Ok::<_, Fault>((found, names, reader))
        })
        .await?;
    let more = i64::try_from(found.len()).unwrap_or(0) > PER_PAGE;
    found.truncate(usize::try_from(PER_PAGE).unwrap_or(usize::MAX));
    let rules = app.rules.at(today);
    let kind = view::type_name(&rules, reader.cell_type.as_deref());
    let at = wanted.page + 1;
    Ok(html(&ListPage {
        shell: frame(&actor, "Kho chuyên đề, kinh nghiệm", side).done(words(ask.xong.as_deref())),
        kinds: view::kinds(),
        subjects: view::subjects(),
        types: view::types(&rules),
        years: (0..8).map(|n| (today.year() - n).to_string()).map(|y| (y.clone(), y)).collect(),
        rows: found.iter().map(|e| view::row(&base, &names, &rules, e)).collect(),
        narrowed: Wanted { page: 0, ..wanted } != Wanted::default(),
        sorted: if kind.is_empty() {
            "Bài được nhiều chi bộ dùng ở trước.".to_owned()
        } else {
            format!("Bài được nhiều chi bộ cùng loại hình dùng ở trước ({}).", low(&kind))
        },
        before: if at > 1 { at - 1 } else { 0 },
        after: if more { at + 1 } else { 0 },
        writes: side == Side::Cell && actor.may(Right::MeetingPrepare),
        desk: if side == Side::Committee { format!("{base}/duyet") } else { String::new() },
        form: form_of(&ask),
        base,
    }))
}

fn low(text: &str) -> String {
    crate::resolution::seal::lower(text)
}

/// The frame of a page of the library, in a cell or in a committee.
pub(super) fn frame(actor: &Actor, title: &str, side: Side) -> Shell {
    match side {
        Side::Cell => Shell::new(actor, title, Under::Year),
        Side::Committee => Shell::new(actor, title, Under::Org).crumb(format!("/tc/{}", actor.org), actor.org_name.clone()),
    }
}

/// Everything a page about a published entry needs.
pub struct Known {
    reader: Org,
    entry: Entry,
    files: Vec<File>,
    uses: Vec<Use>,
    names: Names,
    targets: Vec<Target>,
}

/// Reads a published entry as somebody at the organisation of the route sees it.
pub async fn load(app: &App, actor: &Actor, source: OrgId, id: RowId) -> Result<Known, Fault> {
    let (org, today, library) = (actor.org, actor.today(), app.rules.clone());
    let takes = actor.may(Right::MeetingPrepare) && actor.standpoint.is_cell;
    app.db
        .read(move |tx| {
            let reader = orgs::get(tx, org, today)?;
            let entry = shelf::open(tx, &reader, source, id)?;
            let files = files::of_entry(tx, source, id)?;
            let uses = uses::of_entry(tx, source, id)?;
            let mut ids: Vec<OrgId> = uses.iter().map(|u| u.org).collect();
            ids.extend([Some(entry.org), entry.published].into_iter().flatten());
            let names = orgs::short_names(tx, &ids, today)?;
            let tiles = if takes { adopt::tiles(tx, &library, &reader, today)? } else { Vec::new() };
            Ok(Known { reader, entry, files, uses, names, targets: adopt::targets(&tiles, today) })
        })
        .await
}

/// The page of a published entry; `form` is that of taking it.
pub(super) fn show(app: &App, actor: &Actor, side: Side, known: Known, mut form: Form, done: &str) -> Response {
    let Known { reader, entry, files, uses, names, targets } = known;
    let base = side.base(actor.org);
    let own = view::href(&base, entry.org, entry.id);
    if !form.pairs().any(|(k, _)| k == "ten") {
        for (name, value) in [("ten", &entry.title), ("muc_dich", &entry.aim), ("noi_dung", &entry.content)] {
            form.set(name, value.clone());
        }
    }
    let status = if form.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let cells = uses.iter().map(|u| u.org).collect::<std::collections::BTreeSet<_>>().len();
    let decides = side == Side::Committee && reviews(&actor.position());
    let above = tree::ids(&reader.path).unwrap_or_default();
    let wider = entry.published.is_some_and(|p| !above.contains(&p));
    let takes = side == Side::Cell && actor.may(Right::MeetingPrepare) && reader.is_cell && entry.org != actor.org;
    let rules = app.rules.at(actor.today());
    html_with(
        status,
        &EntryPage {
            shell: frame(actor, &entry.title, side).crumb(base, "Kho chuyên đề, kinh nghiệm").wrong(&form).done(done),
            title: entry.title.clone(),
            facts: view::facts(&entry, &names, &rules),
            texts: view::parts(&entry),
            files: view::files(&own, &files),
            used: view::used(i64::try_from(cells).unwrap_or(i64::MAX)),
            uses: uses.iter().map(|u| view::use_line(u, &names)).collect(),
            take: if takes { own.clone() } else { String::new() },
            targets: targets.iter().map(|t| (t.key.to_string(), t.name())).collect(),
            widen: if decides && wider { format!("{own}/rong") } else { String::new() },
            down: if decides && entry.published == Some(actor.org) { format!("{own}/go") } else { String::new() },
            form,
        },
    )
}

type Where = Path<(OrgId, String, String)>;

/// An entry.
pub(super) async fn entry(
    State(app): State<App>,
    actor: Actor,
    side: Side,
    Path((_, source, entry)): Where,
    Query(ask): Query<Ask>,
) -> Result<Response, Fault> {
    let known = load(&app, &actor, id_of(&source)?, id_of(&entry)?).await?;
    Ok(show(&app, &actor, side, known, Form::default(), words(ask.xong.as_deref())))
}

/// A file of a published entry.
pub async fn file(
    State(app): State<App>,
    actor: Actor,
    Path((org, source, entry, paper)): Path<(OrgId, String, String, String)>,
) -> Result<Response, Fault> {
    let (source, entry, paper): (OrgId, RowId, FileId) = (id_of(&source)?, id_of(&entry)?, id_of(&paper)?);
    let today = actor.today();
    let (file, body) = app
        .db
        .read(move |tx| {
            let reader = orgs::get(tx, org, today)?;
            shelf::open(tx, &reader, source, entry)?;
            Ok::<_, Fault>(files::get(tx, source, entry, paper)?)
        })
        .await?;
    Ok(download(body, sniff::media_type(&file.media_type), &file.name))
}

/// Who has presented a subject elsewhere and agreed to be asked, and for a cell who of its own could.
pub(super) async fn presenters(
    State(app): State<App>,
    actor: Actor,
    side: Side,
    Query(ask): Query<Ask>,
) -> Result<Response, Fault> {
    let (org, today) = (actor.org, actor.today());
    let base = side.base(org);
    let subject = ask.tim.clone().unwrap_or_default();
    let words = terms(&subject);
    let asked = !words.is_empty();
    let (in_cell, address) = (side == Side::Cell, base.clone());
    let (members, others) = app
        .db
        .read(move |tx| {
            let reader = orgs::get(tx, org, today)?;
            let members = if in_cell && asked { of_cell(tx, org, today, &subject)? } else { Vec::new() };
            let found = if asked { shelf::presenters(tx, &reader, &words)? } else { Vec::new() };
            let ids: Vec<OrgId> = found.iter().map(|f| f.1).collect();
            let names = orgs::short_names(tx, &ids, today)?;
            let others = found
                .into_iter()
                .filter(|f| !in_cell || f.1 != org)
                .map(|(who, from, entry, title)| {
                    let cell = names.get(&from).cloned().unwrap_or_default();
                    (format!("đ/c {who}, {cell}"), title, view::href(&address, from, entry))
                })
                .collect();
            Ok::<_, Fault>((members, others))
        })
        .await?;
    Ok(html(&PresentersPage {
        shell: frame(&actor, "Tìm đồng chí trình bày", side).crumb(base.clone(), "Kho chuyên đề, kinh nghiệm"),
        form: form_of(&ask),
        action: format!("{base}/trinh-bay"),
        asked,
        members,
        others,
        is_cell: in_cell,
    }))
}

fn of_cell(tx: &mut db::Tx, org: OrgId, today: jiff::civil::Date, subject: &str) -> db::Result<Vec<PersonLine>> {
    let roster = members::roster(tx, org, today)?;
    let loads = talks::loads(tx, org, today)?;
    let told = talks::told(tx, org, today)?;
    let all: Vec<_> = roster.iter().map(|m| (m.person, loads.get(&m.person).copied().unwrap_or_default())).collect();
    let name = |who| roster.iter().find(|m| m.person == who).map(|m| m.name.clone()).unwrap_or_default();
    let line = |c: domain::presenter::Candidate| PersonLine {
        name: format!("đ/c {}", name(c.person)),
        talks: c.talks.into_iter().map(|(title, on)| format!("{title}, ngày {}", vi::date(on))).collect(),
        load: c.load.words(),
    };
    Ok(candidates(subject, &all, &told).into_iter().map(line).collect())
}
