//! The committee's desk: what waits for review, which cells have sent the topic of a quarter, and the
//! decisions on one entry. Of cells it shows states; content only of what was sent up. Rules: CB-07, L5, L9.

use std::collections::BTreeMap;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use db::Tx;
use domain::code::Code;
use domain::id::{FileId, OrgId, RowId};
use domain::library::{EntryState, Sending, due_on, reviews};
use domain::period::{self, CellLife, PeriodKey, PeriodKind, duties};
use domain::post::Role;
use domain::rulepack::{Library, Rules};
use domain::vi;
use jiff::civil::Date;
use web::form::Form;
use web::page::{download, html, html_with, see};

use super::super::page::{CellLine, DeskPage, ReviewPage};
use super::super::store::duty::{self, Quarter};
use super::super::store::files::{self, File};
use super::super::store::{self, Entry, shelf};
use super::super::view::{self, Names};
use super::read::{frame, load as load_published, show as show_published};
use super::write::submit_days;
use super::{Ask, Side, id_of, words};
use crate::actor::{Actor, local};
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::home::page::Todo;
use crate::meeting::sniff;
use crate::org::store::{self as orgs, Org};
use crate::shell::Shell;
use crate::year::store as years;
use crate::year::strip::cite;

/// The quarter an address asks for; else the one whose days to send run now.
fn asked(ask: &Ask, today: Date) -> PeriodKey {
    let named = ask.ky.as_deref().and_then(|k| k.parse::<PeriodKey>().ok());
    let fits = |k: &PeriodKey| k.kind == PeriodKind::Thematic && k.first_day() <= today && k.year + 6 > today.year();
    named.filter(fits).or_else(|| recent(today).into_iter().next()).unwrap_or(PeriodKey {
        year: today.year(),
        kind: PeriodKind::Thematic,
        number: 1,
    })
}

/// The last quarters, this one first.
fn recent(today: Date) -> Vec<PeriodKey> {
    let all =
        [today.year(), today.year() - 1].into_iter().flat_map(|y| (1..=4).rev().filter_map(move |q| PeriodKey::thematic(y, q)));
    all.filter(|k| k.first_day() <= today).take(5).collect()
}

struct Desk {
    top: Org,
    cells: Vec<(Org, bool)>,
    quarter: Quarter,
    waiting: Vec<Entry>,
    names: Names,
    rules: Rules,
}

fn desk_of(tx: &mut Tx, library: &Library, actor: &Actor, key: PeriodKey) -> Result<Desk, Fault> {
    let today = actor.today();
    let top = orgs::get(tx, actor.org, today)?;
    let below = orgs::below(tx, &top.path, today)?;
    let through = years::rules_through(tx, &top, library)?;
    let asked = period::duty(key, &through.at(key.first_day())).is_some();
    let owes = |o: &Org| {
        let life = CellLife { from: o.born_on, to: o.ended_on };
        // Most cells lived through the whole quarter; of the others the year is looked at.
        let whole = life.on(key.first_day()) && life.on(key.end_day());
        asked && (whole || duties(&life, key.year, |day| through.at(day)).iter().any(|d| d.key == key))
    };
    let mut names: Names = below.iter().map(|o| (o.id, o.short_name.clone())).collect();
    names.insert(top.id, top.short_name.clone());
    let cells = below.into_iter().filter(|o| o.is_cell).map(|o| (owes(&o), o)).map(|(owes, o)| (o, owes)).collect();
    let quarter = duty::quarter(tx, &top, key)?;
    let waiting = if reviews(&actor.position()) { duty::waiting(tx, &top)? } else { Vec::new() };
    Ok(Desk { rules: through.at(today), top, cells, quarter, waiting, names })
}

/// The desk.
pub async fn desk(State(app): State<App>, actor: Actor, Query(ask): Query<Ask>) -> Result<Response, Fault> {
    let today = actor.today();
    let key = asked(&ask, today);
    let (hands, library) = (actor.clone(), app.rules.clone());
    let known = app.db.read(move |tx| desk_of(tx, &library, &hands, key)).await?;
    let base = Side::Committee.base(actor.org);
    let due = due_on(key, submit_days(&known.rules));
    let (cells, sums, summary) = lines(&known, due, today);
    let name = |org: OrgId| known.names.get(&org).cloned().unwrap_or_default();
    let waiting = known.waiting.iter().map(|e| Todo {
        href: format!("{base}/duyet/{}/{}", e.org, e.id),
        title: view::heading(e),
        small: match e.submitted_at {
            Some(at) => format!("{}, {}, gửi ngày {}", e.kind, name(e.org), vi::date(local(at).date())),
            None => format!("{}, {}", e.kind, name(e.org)),
        },
        class: "wait",
        word: e.state.to_string(),
    });
    Ok(html(&DeskPage {
        shell: frame(&actor, "Bài các chi bộ gửi", Side::Committee)
            .crumb(base.clone(), "Kho chuyên đề, kinh nghiệm")
            .done(words(ask.xong.as_deref())),
        reviews: reviews(&actor.position()),
        waiting: waiting.collect(),
        quarter: key.name(),
        quarters: recent(today).into_iter().map(|k| (k.to_string(), k.name(), k == key)).collect(),
        due: vi::date(due),
        why: known.rules.figure("library.submit_days").map(cite).into_iter().collect(),
        sums,
        summary,
        cells,
        base,
    }))
}

type Sums = Vec<(&'static str, &'static str, usize)>;

/// Where each cell stands, those that still owe something first; a cell that was not there yet owes nothing.
fn lines(known: &Desk, due: Date, today: Date) -> (Vec<CellLine>, Sums, String) {
    let mut all: Vec<(Sending, CellLine)> = Vec::new();
    for (cell, owes) in &known.cells {
        let entry = known.quarter.entries.get(&cell.id).copied();
        if !owes && entry.is_none() {
            continue;
        }
        let sending = Sending::of(entry, known.quarter.held.contains(&cell.id), due, today);
        let above = cell.parent().filter(|p| *p != known.top.id);
        let line = CellLine {
            name: cell.short_name.clone(),
            under: above.and_then(|p| known.names.get(&p).cloned()).unwrap_or_default(),
            class: view::sending_class(sending),
            word: sending.label(),
        };
        all.push((sending, line));
    }
    all.sort_by_key(|(sending, _)| std::cmp::Reverse(*sending));
    let mut counted: BTreeMap<Sending, usize> = BTreeMap::new();
    all.iter().for_each(|(s, _)| *counted.entry(*s).or_default() += 1);
    let sums = counted.iter().map(|(s, n)| (view::sending_class(*s), s.label(), *n)).collect();
    let met = all.iter().filter(|(s, _)| s.is_met()).count();
    let summary = match all.len() {
        0 => "Quý này không có chi bộ nào phải gửi.".to_owned(),
        of => format!("{met} / {of} chi bộ đã thực hiện, kể cả chi bộ đã tổ chức mà nội dung mật."),
    };
    (all.into_iter().map(|(_, line)| line).collect(), sums, summary)
}

/// Whether an entry is of a cell the reviewer belongs to or leads.
fn own(actor: &Actor, source: OrgId) -> bool {
    let leads = [Role::Secretary, Role::Deputy, Role::Committee, Role::Standing];
    actor.places.iter().any(|p| p.org == source && (p.membership.is_some() || p.roles.iter().any(|r| leads.contains(r))))
}

/// An entry that a cell directly below sent up.
fn sent(tx: &mut Tx, actor: &Actor, source: OrgId, id: RowId) -> Result<Entry, Fault> {
    if !reviews(&actor.position()) {
        return Err(Fault::NotFound);
    }
    let from = orgs::get(tx, source, actor.today())?;
    let entry = store::get(tx, source, id)?;
    let seen = matches!(entry.state, EntryState::Submitted | EntryState::Returned | EntryState::Published | EntryState::Declined);
    if from.parent() == Some(actor.org) && seen { Ok(entry) } else { Err(Fault::NotFound) }
}

type Where = Path<(OrgId, String, String)>;

async fn load(app: &App, actor: &Actor, source: OrgId, id: RowId) -> Result<(Entry, Vec<File>, Names), Fault> {
    let hands = actor.clone();
    app.db
        .read(move |tx| {
            let entry = sent(tx, &hands, source, id)?;
            let ids: Vec<OrgId> = [Some(source), entry.published].into_iter().flatten().collect();
            Ok((entry, files::of_entry(tx, source, id)?, orgs::short_names(tx, &ids, hands.today())?))
        })
        .await
}

fn show(app: &App, actor: &Actor, (entry, files, names): (Entry, Vec<File>, Names), form: Form) -> Response {
    let base = Side::Committee.base(actor.org);
    let action = format!("{base}/duyet/{}/{}", entry.org, entry.id);
    let status = if form.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shell: Shell = frame(actor, &view::heading(&entry), Side::Committee)
        .crumb(base.clone(), "Kho chuyên đề, kinh nghiệm")
        .crumb(format!("{base}/duyet"), "Bài các chi bộ gửi")
        .wrong(&form);
    let mut facts = view::facts(&entry, &names, &app.rules.at(actor.today()));
    facts.push(("Trạng thái", entry.state.to_string()));
    if let Some(remarks) = &entry.remarks {
        facts.push(("Góp ý lần trước", remarks.clone()));
    }
    html_with(
        status,
        &ReviewPage {
            shell,
            title: view::heading(&entry),
            facts,
            texts: view::parts(&entry),
            files: view::files(&action, &files),
            own: own(actor, entry.org),
            version: if entry.state == EntryState::Submitted { entry.version } else { 0 },
            action,
            form,
        },
    )
}

/// An entry to be reviewed.
pub async fn page(State(app): State<App>, actor: Actor, Path((_, source, id)): Where) -> Result<Response, Fault> {
    let known = load(&app, &actor, id_of(&source)?, id_of(&id)?).await?;
    Ok(show(&app, &actor, known, Form::default()))
}

/// Decides on an entry.
pub async fn decide(
    State(app): State<App>,
    actor: Actor,
    Path((org, source, id)): Where,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let (source, id): (OrgId, RowId) = (id_of(&source)?, id_of(&id)?);
    let (what, remarks) = (form.raw("viec").to_owned(), form.text("gop_y", 2000));
    let version = form.int("version", 0, i64::MAX).unwrap_or(0);
    let code = match what.as_str() {
        "tra-lai" => "kho-tra-lai",
        "khong" => "kho-khong",
        _ => "kho-pho-bien",
    };
    if form.is_fine() {
        let hands = actor.clone();
        let done = app
            .write(&actor, move |tx| {
                let entry = sent(tx, &hands, source, id)?;
                let own = own(&hands, source);
                let (state, under) = match what.as_str() {
                    "tra-lai" => (entry.state.send_back(own, &remarks)?, None),
                    // What is published is taken down on its own page.
                    "khong" if entry.state != EntryState::Published => (entry.state.decline(own, &remarks)?, None),
                    _ => (entry.state.publish(own)?, Some(org)),
                };
                if entry.version != version {
                    return Err(Fault::Conflict);
                }
                Ok(store::decide(tx, &hands, &entry, state, (&remarks, under))?)
            })
            .await;
        match done {
            Ok(()) => return Ok(see(&format!("/tc/{org}/kho/duyet?xong={code}"))),
            Err(Fault::Refused(refusal)) => form.problem(refusal.field.unwrap_or(""), refusal.text()),
            Err(other) => return Err(other),
        }
    }
    let known = load(&app, &actor, source, id).await?;
    Ok(show(&app, &actor, known, form))
}

/// A file of an entry that was sent up.
pub async fn file(
    State(app): State<App>,
    actor: Actor,
    Path((_, source, id, paper)): Path<(OrgId, String, String, String)>,
) -> Result<Response, Fault> {
    let (source, id, paper): (OrgId, RowId, FileId) = (id_of(&source)?, id_of(&id)?, id_of(&paper)?);
    let (file, body) = app
        .db
        .read(move |tx| {
            sent(tx, &actor, source, id)?;
            Ok::<_, Fault>(files::get(tx, source, id, paper)?)
        })
        .await?;
    Ok(download(body, sniff::media_type(&file.media_type), &file.name))
}

/// A published entry that the reviewer may change the reach of.
fn reached(tx: &mut Tx, hands: &Actor, source: OrgId, id: RowId) -> Result<(Org, Entry), Fault> {
    if !reviews(&hands.position()) {
        return Err(Fault::NotFound);
    }
    let reader = orgs::get(tx, hands.org, hands.today())?;
    let entry = shelf::open(tx, &reader, source, id)?;
    Ok((reader, entry))
}

/// Spreads a published entry to every cell below this committee.
pub async fn widen(
    State(app): State<App>,
    actor: Actor,
    Path((org, source, id)): Where,
    Sent(_): Sent,
) -> Result<Response, Fault> {
    let (source, id): (OrgId, RowId) = (id_of(&source)?, id_of(&id)?);
    let hands = actor.clone();
    app.write(&actor, move |tx| {
        let (reader, entry) = reached(tx, &hands, source, id)?;
        let above = domain::tree::ids(&reader.path).unwrap_or_default();
        if entry.published.is_none_or(|p| above.contains(&p)) {
            return Ok(());
        }
        let state = entry.state.widen()?;
        let remarks = entry.remarks.clone().unwrap_or_default();
        Ok(store::decide(tx, &hands, &entry, state, (&remarks, Some(org)))?)
    })
    .await?;
    Ok(see(&format!("/tc/{org}/kho/bai/{source}/{id}?xong=kho-rong")))
}

/// Takes a published entry down, with a reason; all its words go when they turned out to be secret.
pub async fn take_down(
    State(app): State<App>,
    actor: Actor,
    Path((org, source, id)): Where,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let (source, id): (OrgId, RowId) = (id_of(&source)?, id_of(&id)?);
    let (reason, secret) = (form.text("gop_y", 1000), form.ticked("la_mat"));
    if form.is_fine() {
        let hands = actor.clone();
        let done = app
            .write(&actor, move |tx| {
                let (_, entry) = reached(tx, &hands, source, id)?;
                if entry.published != Some(org) {
                    return Err(Fault::NotFound);
                }
                if secret {
                    let state = entry.state.withhold()?;
                    return Ok(store::withhold(tx, &hands, &entry, state)?);
                }
                let state = entry.state.decline(own(&hands, source), &reason)?;
                Ok(store::decide(tx, &hands, &entry, state, (&reason, None))?)
            })
            .await;
        match done {
            Ok(()) => return Ok(see(&format!("/tc/{org}/kho?xong=kho-go"))),
            Err(Fault::Refused(refusal)) => form.problem(refusal.field.unwrap_or(""), refusal.text()),
            Err(other) => return Err(other),
        }
    }
    let known = load_published(&app, &actor, source, id).await?;
    Ok(show_published(&app, &actor, Side::Committee, known, form, ""))
}
