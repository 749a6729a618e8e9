//! Routes of the leaders of a part of the tree: read by whoever sees its figures, the number of a
//! committee recorded by whoever manages the structure. Rules: L10, P-10.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::code::Code;
use domain::id::OrgId;
use domain::posts_due::Lack;
use domain::right::Right;
use domain::rulepack::Library;
use domain::vi;
use web::form::Form;
use web::page::{XLSX, download, html_with, see};
use web::routes::Routes;

use super::page::{PostsPage, Row};
use super::view::{self, ALL, Filter, Line};
use super::{export, store};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::org::store as orgs;
use crate::shell::{Done, Shell, Under};

/// Organisations on one page.
const PAGE: usize = 300;

/// Routes of this feature.
pub fn routes() -> Routes<App> {
    Routes::new().get("/tc/{org}/cap-uy", Right::CellStats, page).post("/tc/{org}/cap-uy", Right::OrgManage, seats).get(
        "/tc/{org}/cap-uy.xlsx",
        Right::CellStats,
        sheet,
    )
}

/// An organisation with the lines of its part of the tree.
struct Read {
    org: orgs::Org,
    lines: Vec<Line>,
    more: bool,
}

async fn read(app: &App, actor: &Actor) -> Result<Read, Fault> {
    let (org, today, rules) = (actor.org, actor.today(), app.rules.at(actor.today()));
    app.db
        .read(move |tx| {
            let org = orgs::get(tx, org, today)?;
            let (lines, more) = view::lines(tx, &org, &rules, today)?;
            Ok::<_, Fault>(Read { org, lines, more })
        })
        .await
}

async fn page(
    State(app): State<App>,
    actor: Actor,
    Path(_): Path<OrgId>,
    Query(filter): Query<Filter>,
    Query(done): Query<Done>,
) -> Result<Response, Fault> {
    let read = read(&app, &actor).await?;
    let seats = read.lines.first().and_then(|l| l.seats).map(|n| n.to_string()).unwrap_or_default();
    let mut form = Form::from_pairs([("so", seats)]);
    fill(&mut form, &filter);
    Ok(show(&app, &actor, read, &filter, form, done.words()))
}

fn fill(form: &mut Form, filter: &Filter) {
    form.set("viec", filter.viec.clone());
    form.set("loai", filter.loai.clone());
    form.set("q", filter.q.clone());
}

fn address(org: OrgId, filter: &Filter, page: usize) -> String {
    format!("/tc/{org}/cap-uy{}", question(filter, page))
}

/// The filter as it stands in an address; nothing when nothing is narrowed.
fn question(filter: &Filter, page: usize) -> String {
    let mut out = url::form_urlencoded::Serializer::new(String::new());
    let number = if page > 1 { page.to_string() } else { String::new() };
    let pairs = [("viec", &filter.viec), ("loai", &filter.loai), ("q", &filter.q), ("trang", &number)];
    for (name, value) in pairs.into_iter().filter(|(_, v)| !v.is_empty()) {
        out.append_pair(name, value);
    }
    let query = out.finish();
    if query.is_empty() { query } else { format!("?{query}") }
}

fn show(app: &App, actor: &Actor, read: Read, filter: &Filter, form: Form, done: &'static str) -> Response {
    let Read { org: o, lines, more } = read;
    let org = o.id;
    // A cell's own page shows it whether or not anything is lacking.
    let all = Filter { viec: ALL.to_owned(), ..Filter::default() };
    let kept: Vec<&Line> = lines.iter().filter(|l| (if o.is_cell { &all } else { filter }).keeps(l)).collect();
    let pages = kept.len().div_ceil(PAGE).max(1);
    let number = filter.trang.parse::<usize>().unwrap_or(1).clamp(1, pages);
    let lack = |(lack, n): (Lack, usize)| {
        let only = Filter { viec: lack.code().to_owned(), ..Filter::default() };
        (lack.class(), lack.to_string(), n, address(org, &only, 1))
    };
    let mut picks = vec![(ALL.to_owned(), "Tất cả tổ chức".to_owned())];
    picks.extend(Lack::ALL.iter().map(|l| (l.code().to_owned(), l.to_string())));
    let words = |pair: (&str, &str)| (pair.0.to_owned(), pair.1.to_owned());
    let term = lines.first().and_then(|l| l.term.clone()).map(|t| t.0).filter(|_| actor.may(Right::OrgManage));
    let status = if form.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shell = Shell::new(actor, &format!("Cấp ủy, nhiệm kỳ: {}", o.short_name), Under::Org);
    html_with(
        status,
        &PostsPage {
            shell: shell.crumb(format!("/tc/{org}"), o.short_name.clone()).done(done).wrong(&form).wide(),
            org,
            name: o.short_name,
            is_cell: o.is_cell,
            form,
            total: vi::count(lines.len(), "tổ chức"),
            lacks: view::counts(&lines).into_iter().map(lack).collect(),
            picks,
            kinds: [("chi-bo", "Chi bộ"), ("dang-bo", "Đảng bộ")].map(words).to_vec(),
            rows: kept.chunks(PAGE).nth(number - 1).unwrap_or_default().iter().map(|l| row(l, &app.rules)).collect(),
            kept: kept.len(),
            pages: (1..=pages).map(|n| (address(org, filter, n), n, n == number)).collect(),
            query: question(filter, 1),
            more,
            term: term.unwrap_or_default(),
        },
    )
}

fn kind(library: &Library, code: &str) -> String {
    library.org_kind(code).map_or_else(|| code.to_owned(), |k| k.name.clone())
}

fn row(line: &Line, library: &Library) -> Row {
    let committee = match line.seats {
        Some(seats) => format!("{}/{seats}", line.size),
        None => line.size.to_string(),
    };
    Row {
        href: format!("/tc/{}", line.unit.org),
        name: line.unit.name.clone(),
        kind: kind(library, &line.unit.kind),
        secretary: line.secretary.clone(),
        deputy: line.deputy.clone(),
        committee,
        official: if line.unit.is_cell { line.official.to_string() } else { String::new() },
        term: line.term.as_ref().map(|t| t.0.clone()).unwrap_or_default(),
        ends: line.ends.and_then(|d| d.yesterday().ok()).map(vi::date).unwrap_or_default(),
        due: line.due.iter().map(|d| (d.lack.class(), d.advice.text.clone(), d.advice.rule)).collect(),
    }
}

async fn sheet(
    State(app): State<App>,
    actor: Actor,
    Path(_): Path<OrgId>,
    Query(filter): Query<Filter>,
) -> Result<Response, Fault> {
    let read = read(&app, &actor).await?;
    let kept: Vec<&Line> = read.lines.iter().filter(|l| read.org.is_cell || filter.keeps(l)).collect();
    let bytes = documents::xlsx(&[export::sheet(&kept, |code| kind(&app.rules, code))])?;
    Ok(download(bytes, XLSX, &format!("Cấp ủy {}.xlsx", vi::date(actor.today()).replace('/', "-"))))
}

async fn seats(State(app): State<App>, actor: Actor, Path(org): Path<OrgId>, Sent(mut form): Sent) -> Result<Response, Fault> {
    let number = form.int("so", 1, 99);
    if !form.is_fine() {
        let read = read(&app, &actor).await?;
        return Ok(show(&app, &actor, read, &Filter::default(), form, ""));
    }
    let hands = actor.clone();
    let seats = number.and_then(|n| u32::try_from(n).ok());
    app.db.write(move |tx| store::set_seats(tx, &hands, org, seats)).await?;
    // Whoever arranges without reading figures has no reading page.
    let to = if actor.may(Right::CellStats) { "cap-uy" } else { "quan-ly" };
    Ok(see(&format!("/tc/{org}/{to}?xong=luu")))
}
