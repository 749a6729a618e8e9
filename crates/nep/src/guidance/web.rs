//! Routes of what committees send down: the committee writes under /tc/, the cell reads under /cb/.
//! Rules: L1, L2, M8, P4, P-10.

mod block;
mod cell;
mod edit;
mod far;
mod issue;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use db::Tx;
use domain::code::Code;
use domain::guidance::{Distribution, GuidanceKind, GuidanceState};
use domain::id::{OrgId, RowId};
use domain::period::{PeriodKey, PeriodKind};
use domain::right::Right;
use domain::secrecy;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use web::form::Form;
use web::page::{html_with, see};
use web::routes::Routes;

use super::page::ListPage;
use super::store::cells::{self, Cell};
use super::store::{self, Guidance};
use super::view::{self, Row};
use crate::actor::{Actor, moment};
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::org::store as orgs;
use crate::shell::{Done, Shell, Under, done_words};

/// Routes of this feature.
pub fn routes() -> Routes<App> {
    let (sees, writes, reads) = (Right::CellStats, Right::GuidanceIssue, Right::CellRead);
    Routes::new()
        .get("/tc/{org}/dinh-huong", sees, list)
        .post("/tc/{org}/dinh-huong", writes, create)
        .get("/tc/{org}/dinh-huong/{guidance}", sees, one)
        .post("/tc/{org}/dinh-huong/{guidance}", writes, edit::save)
        .post("/tc/{org}/dinh-huong/{guidance}/bo", writes, edit::drop_draft)
        .post("/tc/{org}/dinh-huong/{guidance}/thay-the", writes, issue::new_edition)
        .get("/tc/{org}/dinh-huong/{guidance}/ban-hanh", writes, issue::page)
        .post("/tc/{org}/dinh-huong/{guidance}/ban-hanh", writes, issue::issue)
        .get("/tc/{org}/dinh-huong/{guidance}/noi-dung", writes, block::new_page)
        .post("/tc/{org}/dinh-huong/{guidance}/noi-dung", writes, block::add)
        .get("/tc/{org}/dinh-huong/{guidance}/noi-dung/{block}", writes, block::page)
        .post("/tc/{org}/dinh-huong/{guidance}/noi-dung/{block}", writes, block::save)
        .post("/tc/{org}/dinh-huong/{guidance}/tep", writes, edit::upload)
        .get("/tc/{org}/dinh-huong/{guidance}/tep/{paper}", sees, edit::download)
        .post("/tc/{org}/dinh-huong/{guidance}/tep/{paper}/bo", writes, edit::remove)
        .get("/cb/{org}/tai-lieu", reads, cell::list)
        .get("/cb/{org}/tai-lieu/{guidance}", reads, cell::page)
        .post("/cb/{org}/tai-lieu/{guidance}", reads, cell::read)
        .get("/cb/{org}/tai-lieu/{guidance}/tep/{paper}", reads, cell::download)
        .post("/cb/{org}/buoi/{meeting}/dinh-huong", Right::MeetingPrepare, cell::put)
}

/// An address that names one of them.
type Where = Path<(OrgId, RowId)>;

fn words(code: Option<&str>) -> &'static str {
    match code {
        Some("dh-ban-hanh") => "Đã ban hành. Chi bộ ở nơi nhận thấy ngay.",
        Some("dh-bo") => "Đã bỏ bản đang soạn.",
        Some("dh-thay") => "Đã lập bản thay thế. Bản cũ vẫn có hiệu lực đến khi ban hành bản này.",
        Some("dh-doc") => "Đã ghi đồng chí đã đọc.",
        other => done_words(other),
    }
}

/// What is said where a mark of secrecy is found in a text.
const MARKED: &str = "Nội dung mang dấu độ mật không được ghi vào phần mềm. Tài liệu mật quản lý trên giấy theo quy định.";

/// Notes the fields whose text bears a mark of secrecy.
fn look_for_marks(form: &mut Form, texts: &[(&str, &str)]) {
    for (field, text) in texts {
        if secrecy::marking("", text).is_some() {
            form.problem(field, MARKED);
        }
    }
}

fn base(org: OrgId) -> String {
    format!("/tc/{org}/dinh-huong")
}

/// The frame of a page of the committee.
fn shell(actor: &Actor, title: &str) -> Shell {
    Shell::new(actor, title, Under::Guidance).crumb(base(actor.org), Under::Guidance.label())
}

fn status(form: &Form) -> StatusCode {
    if form.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
}

/// Months an orientation may be for: the last one, to the fourth ahead.
fn months(today: Date) -> Vec<PeriodKey> {
    let first = today.first_of_month();
    (-1..=4).filter_map(|n: i64| PeriodKey::of(PeriodKind::Regular, first.checked_add(n.months()).ok()?)).collect()
}

/// A committee's own page: a cell sends nothing down.
fn must_be_committee(actor: &Actor) -> Result<(), Fault> {
    if actor.standpoint.is_cell { Err(Fault::NotFound) } else { Ok(()) }
}

#[derive(serde::Deserialize)]
struct Asked {
    nam: Option<i16>,
}

async fn list(
    State(app): State<App>,
    actor: Actor,
    Query(asked): Query<Asked>,
    Query(done): Query<Done>,
) -> Result<Response, Fault> {
    must_be_committee(&actor)?;
    let next = months(actor.today()).into_iter().nth(2).map(|k| k.to_string()).unwrap_or_default();
    let form = Form::from_pairs([("thang", next)]);
    show(&app, &actor, asked.nam, form, words(done.xong.as_deref())).await
}

/// What the list is made of.
struct Read {
    name: String,
    drafts: Vec<Guidance>,
    orientations: Vec<Row>,
    documents: Vec<Row>,
}

async fn show(app: &App, actor: &Actor, year: Option<i16>, form: Form, done: &str) -> Result<Response, Fault> {
    let (org, today) = (actor.org, actor.today());
    let now = today.year();
    let year = year.filter(|y| (now - 5..=now).contains(y)).unwrap_or(now);
    let writes = actor.may(Right::GuidanceIssue);
    let read = app.db.read(move |tx| read(tx, org, (year, today), writes)).await?;
    let base = base(org);
    let draft = |g: &Guidance| Row {
        href: format!("{base}/{}", g.id),
        title: if g.title.is_empty() { g.kind.to_string() } else { g.title.clone() },
        small: view::about(g),
        class: view::class(g.state),
        word: g.state.to_string(),
    };
    let page = ListPage {
        shell: Shell::new(actor, Under::Guidance.label(), Under::Guidance).wrong(&form).done(done),
        year,
        years: (0..3).map(|n| (now - n, now - n == year)).collect(),
        writes,
        months: months(today).into_iter().map(view::month_option).collect(),
        name: read.name,
        drafts: read.drafts.iter().map(draft).collect(),
        orientations: read.orientations,
        documents: read.documents,
        base,
        form,
    };
    Ok(html_with(status(&page.form), &page))
}

fn read(tx: &mut Tx, org: OrgId, (year, today): (i16, Date), writes: bool) -> Result<Read, Fault> {
    let here = orgs::get(tx, org, today)?;
    let at = |y: i16| moment(date(y, 1, 1).at(0, 0, 0, 0));
    let issued = store::issued(tx, org, at(year), at(year + 1))?;
    let drafts = if writes { store::drafts(tx, org)? } else { Vec::new() };
    let lists = store::lists(tx, issued.iter().map(Guidance::sent))?;
    let below = cells::below(tx, &here.path, today)?;
    let readers = cells::readers(tx, &here.path, today)?;
    let heard = cells::heard_all(tx, org, &issued)?;
    let receipts = cells::receipts(tx, org, &issued)?;
    let mut out = Read { name: here.name, drafts, orientations: Vec::new(), documents: Vec::new() };
    for g in &issued {
        let Some(list) = lists.get(&(g.org, g.id)) else { continue };
        let reached = cells::reached(list, org, &below);
        let (class, word) = match g.kind {
            GuidanceKind::Orientation => {
                let done = heard.get(&g.id).copied().unwrap_or(0);
                how_far(done, count(reached.len()), "chi bộ đã phổ biến đủ")
            }
            GuidanceKind::Document => {
                let all: i64 = reached.iter().filter_map(|c| readers.get(&c.org)).sum();
                how_far(receipts.get(&g.id).map_or(0, |r| r.1), all, "đảng viên đã đọc")
            }
        };
        let small = format!("{}. Nơi nhận: {} chi bộ.", view::about(g), reached.len());
        let row = Row { href: format!("{}/{}", base(org), g.id), title: g.title.clone(), small, class, word };
        match g.kind {
            GuidanceKind::Orientation => out.orientations.push(row),
            GuidanceKind::Document => out.documents.push(row),
        }
    }
    Ok(out)
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// `12/15 chi bộ đã phổ biến đủ`, with its state class.
fn how_far(done: i64, all: i64, what: &str) -> (&'static str, String) {
    let done = done.min(all);
    (if done == all && all > 0 { "done" } else { "wait" }, format!("{done}/{all} {what}"))
}

/// Begins an orientation of a month or a document.
async fn create(State(app): State<App>, actor: Actor, Path(org): Path<OrgId>, Sent(mut form): Sent) -> Result<Response, Fault> {
    let kind: Option<GuidanceKind> = form.code("loai");
    let kind = kind.ok_or(Fault::NotFound)?;
    let (title, period) = match kind {
        GuidanceKind::Orientation => {
            let key = form.raw("thang").parse::<PeriodKey>().ok().filter(|k| months(actor.today()).contains(k));
            if key.is_none() {
                form.problem("thang", "Hãy chọn tháng trong danh sách.");
            }
            let words = |k: &PeriodKey| format!("Định hướng sinh hoạt tháng {} năm {}", k.number, k.year);
            (key.as_ref().map(words).unwrap_or_default(), key)
        }
        GuidanceKind::Document => {
            let title = form.required("ten", 300, "Hãy ghi tên tài liệu.");
            look_for_marks(&mut form, &[("ten", &title)]);
            (title, None)
        }
    };
    if !form.is_fine() {
        return show(&app, &actor, None, form, "").await;
    }
    let hands = actor.clone();
    let id = app.write(&actor, move |tx| Ok(store::create(tx, &hands, org, kind, &title, period)?)).await?;
    Ok(see(&format!("{}/{id}?xong=tao", base(org))))
}

/// A draft for who writes it; what is out with how far it came.
async fn one(State(app): State<App>, actor: Actor, Path((org, id)): Where, Query(done): Query<Done>) -> Result<Response, Fault> {
    must_be_committee(&actor)?;
    let g = app.db.read(move |tx| store::get(tx, org, id)).await?;
    let done = words(done.xong.as_deref());
    match g.state {
        GuidanceState::Draft if actor.may(Right::GuidanceIssue) => edit::show(&app, &actor, id, None, done).await,
        GuidanceState::Draft => Err(Fault::NotFound),
        GuidanceState::Issued | GuidanceState::Replaced => far::show(&app, &actor, g, done).await,
    }
}

/// A draft, read for changing it.
fn draft(tx: &mut Tx, org: OrgId, id: RowId) -> Result<Guidance, Fault> {
    let g = store::get(tx, org, id)?;
    g.state.edit()?;
    Ok(g)
}

/// The cells a distribution list reaches today.
fn reached(tx: &mut Tx, org: OrgId, list: &Distribution, today: Date) -> db::Result<Vec<Cell>> {
    let here = orgs::get(tx, org, today)?;
    let below = cells::below(tx, &here.path, today)?;
    Ok(cells::reached(list, org, &below).into_iter().cloned().collect())
}
