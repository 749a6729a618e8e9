//! What a cell reads of the committees above, and takes into the meeting it prepares. Outside a distribution
//! list nothing is there. Rules: L1, L2, M8, P4, P-10.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::{Path, Query, State};
use axum::response::Response;
use db::Tx;
use domain::code::Code;
use domain::guidance::{GuidanceKind, GuidanceState, Receipt, Weight};
use domain::id::{FileId, MeetingId, OrgId, RowId};
use domain::period::PeriodKey;
use domain::right::Right;
use jiff::ToSpan;
use web::page::{download as attachment, html, see};

use super::super::page::{ReadPage, ReceivedPage};
use super::super::store::blocks::{self, Block};
use super::super::store::{self, Guidance, agenda, papers, received};
use super::super::view::{self, At, Row};
use super::{Where, words};
use crate::actor::{Actor, moment};
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::meeting::sniff;
use crate::meeting::store as meetings;
use crate::member::store as members;
use crate::org::store::{self as orgs, Org};
use crate::shell::{Done, Shell, Under};

/// Name of the list, as pages call it.
const TITLE: &str = "Tài liệu, định hướng của cấp trên";

/// How far back the list goes, in days.
const BACK: i64 = 730;

/// Whether what the reader does with a document is kept: for members who take part.
fn counts(actor: &Actor) -> bool {
    actor.standpoint.membership.is_some_and(view::reads)
}

/// Everything that reaches the cell.
pub(super) async fn list(State(app): State<App>, actor: Actor, Path(org): Path<OrgId>) -> Result<Response, Fault> {
    if !actor.standpoint.is_cell {
        return Err(Fault::NotFound);
    }
    let shell = Shell::new(&actor, TITLE, Under::Nothing);
    let (today, person) = (actor.today(), actor.person);
    let from = moment(today.checked_sub(BACK.days()).unwrap_or(today).at(0, 0, 0, 0));
    let reads = counts(&actor);
    let (documents, orientations) = app
        .db
        .read(move |tx| {
            let cell = orgs::get(tx, org, today)?;
            let documents = received::since(tx, &cell, GuidanceKind::Document, from)?;
            let orientations = received::since(tx, &cell, GuidanceKind::Orientation, from)?;
            let own = received::own(tx, org, person, &documents)?;
            let above: Vec<OrgId> = documents.iter().chain(&orientations).map(|g| g.org).collect();
            let names = orgs::short_names(tx, &above, today)?;
            let row = |g: &Guidance, receipt: Option<Receipt>| Row {
                href: format!("/cb/{org}/tai-lieu/{}", g.id),
                title: g.title.clone(),
                small: from_words(g, &names),
                class: receipt.map_or("", view::receipt_class),
                word: receipt.map(|r| r.to_string()).unwrap_or_default(),
            };
            let receipt = |g: &Guidance| reads.then(|| own.get(&g.id).copied().unwrap_or(Receipt::Unseen));
            let documents: Vec<Row> = documents.iter().map(|g| row(g, receipt(g))).collect();
            let orientations: Vec<Row> = orientations.iter().map(|g| row(g, None)).collect();
            Ok::<_, Fault>((documents, orientations))
        })
        .await?;
    Ok(html(&ReceivedPage { shell, documents, orientations }))
}

/// `Đảng bộ Sở Xây dựng, kỳ tháng 12 năm 2026`.
fn from_words(g: &Guidance, names: &BTreeMap<OrgId, String>) -> String {
    let about = crate::resolution::seal::lower(&view::about(g));
    let parts = [names.get(&g.org).cloned().unwrap_or_default(), about];
    parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(", ")
}

/// What one page shows.
struct Read {
    g: Guidance,
    names: BTreeMap<OrgId, String>,
    blocks: Vec<Block>,
    documents: BTreeMap<RowId, String>,
    papers: Vec<papers::Paper>,
    after: Option<Guidance>,
    receipt: Receipt,
    members: Vec<(String, Receipt)>,
}

fn read_one(tx: &mut Tx, actor: &Actor, id: RowId) -> Result<Read, Fault> {
    let (org, today) = (actor.org, actor.today());
    let cell = orgs::get(tx, org, today)?;
    let g = received::one(tx, &cell, id)?;
    let names = orgs::short_names(tx, &[g.org], today)?;
    let blocks = blocks::of(tx, g.org, &[id])?;
    let documents = store::titles(tx, &blocks)?;
    let papers = papers::of(tx, g.org, &[id])?;
    let (_, after) = store::editions(tx, &g)?;
    let receipt = received::own(tx, org, actor.person, std::slice::from_ref(&g))?.get(&id).copied().unwrap_or(Receipt::Unseen);
    let mut members = Vec::new();
    if g.kind == GuidanceKind::Document && actor.may(Right::MeetingLead) {
        let known = received::by_member(tx, org, id)?;
        for m in members::roster(tx, org, today)?.into_iter().filter(|m| view::reads(m.standing)) {
            members.push((m.name, known.get(&m.person).copied().unwrap_or(Receipt::Unseen)));
        }
    }
    Ok(Read { g, names, blocks, documents, papers, after, receipt, members })
}

/// One of them; a document that a member opens is seen.
pub(super) async fn page(
    State(app): State<App>,
    actor: Actor,
    Path((org, id)): Where,
    Query(done): Query<Done>,
) -> Result<Response, Fault> {
    if !actor.standpoint.is_cell {
        return Err(Fault::NotFound);
    }
    let hands = actor.clone();
    let mut read = app.db.read(move |tx| read_one(tx, &hands, id)).await?;
    let keeps = counts(&actor) && read.g.kind == GuidanceKind::Document;
    if keeps && read.receipt == Receipt::Unseen {
        let (g, person, now) = (read.g.clone(), actor.person, actor.now);
        app.db.write(move |tx| received::see(tx, org, &g, person, now)).await?;
        read.receipt = Receipt::Seen;
    }
    let base = format!("/cb/{org}/tai-lieu");
    let at = At { base: base.clone(), documents: read.documents };
    let home = format!("{base}/{id}");
    let after = read.after.filter(|a| a.state != GuidanceState::Draft);
    let has_read = read.members.iter().filter(|m| m.1 == Receipt::Read).count();
    let counted = format!("{has_read}/{} đồng chí đã đọc.", read.members.len());
    Ok(html(&ReadPage {
        shell: Shell::new(&actor, &read.g.title, Under::Nothing).crumb(base.clone(), TITLE).done(words(done.xong.as_deref())),
        about: from_words(&read.g, &read.names),
        blocks: read.blocks.iter().map(|b| view::block_view(&at, b, &read.papers)).collect(),
        papers: view::whole(&home, &read.papers),
        after: after.map(|a| format!("{base}/{}", a.id)).unwrap_or_default(),
        asks: keeps && read.receipt != Receipt::Read,
        receipt: if keeps { read.receipt.label() } else { "" },
        class: view::receipt_class(read.receipt),
        counted: if read.members.is_empty() { String::new() } else { counted },
        members: read.members.into_iter().map(|(name, r)| (name, view::receipt_class(r), r.label())).collect(),
        title: read.g.title,
        body: read.g.body,
        base: home,
    }))
}

/// A member says that a document was read.
pub(super) async fn read(State(app): State<App>, actor: Actor, Path((org, id)): Where) -> Result<Response, Fault> {
    if !counts(&actor) {
        return Err(Fault::NotFound);
    }
    let hands = actor.clone();
    app.write(&actor, move |tx| {
        let cell = orgs::get(tx, org, hands.today())?;
        let g = received::one(tx, &cell, id)?;
        if g.kind != GuidanceKind::Document {
            return Err(Fault::NotFound);
        }
        Ok(received::read(tx, org, &g, hands.person, hands.now)?)
    })
    .await?;
    Ok(see(&format!("/cb/{org}/tai-lieu/{id}?xong=dh-doc")))
}

/// Gives a file out to the cell it was sent to.
pub(super) async fn download(
    State(app): State<App>,
    actor: Actor,
    Path((org, id, paper)): Path<(OrgId, RowId, FileId)>,
) -> Result<Response, Fault> {
    let today = actor.today();
    let (found, body) = app
        .db
        .read(move |tx| {
            let cell = orgs::get(tx, org, today)?;
            let g = received::one(tx, &cell, id)?;
            Ok::<_, Fault>(papers::body(tx, g.org, id, paper)?)
        })
        .await?;
    Ok(attachment(body, sniff::media_type(&found.media_type), &found.name))
}

/// Puts a block, or every required one, on the agenda of a meeting being prepared.
pub(super) async fn put(
    State(app): State<App>,
    actor: Actor,
    Path((org, id)): Path<(OrgId, MeetingId)>,
    Sent(form): Sent,
) -> Result<Response, Fault> {
    let asked: Option<RowId> = form.raw("khoi").parse().ok();
    let hands = actor.clone();
    app.write(&actor, move |tx| {
        let meeting = meetings::get(tx, org, id)?;
        meetings::must_be_preparing(&meeting)?;
        let cell = orgs::get(tx, org, hands.today())?;
        let periods = meetings::periods(tx, org, id)?;
        let chosen = match asked {
            None => agenda::required(tx, &cell, &periods, &BTreeSet::new())?,
            Some(block) => vec![one_block(tx, &cell, &periods, block)?],
        };
        agenda::put(tx, &hands, &meeting, &chosen)
    })
    .await?;
    Ok(see(&format!("/cb/{org}/buoi/{id}/chuan-bi?xong=luu#cap-tren")))
}

/// A block of the month, or a required one of the month before.
fn one_block(tx: &mut Tx, cell: &Org, periods: &[PeriodKey], wanted: RowId) -> Result<Block, Fault> {
    let months = agenda::months(periods);
    let before: Vec<PeriodKey> = months.iter().filter_map(|m| PeriodKey::of(m.kind, m.first_day().yesterday().ok()?)).collect();
    let asked: Vec<PeriodKey> = months.iter().chain(&before).copied().collect();
    let sent = received::orientations(tx, cell, &asked)?;
    let found = blocks::of_many(tx, &sent)?.into_iter().find(|b| b.id == wanted).ok_or(Fault::NotFound)?;
    let of = sent.iter().find(|g| g.id == found.guidance).and_then(Guidance::key);
    let now = of.is_some_and(|k| months.contains(&k));
    if now || found.weight == Weight::Required { Ok(found) } else { Err(Fault::NotFound) }
}
