//! Routes of Bức tranh chung: states and sums for who sees figures, never content. Rules: P-10, T4, T7.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use db::Tx;
use domain::board::headline;
use domain::id::OrgId;
use domain::period::PeriodKey;
use domain::right::Right;
use domain::rollup::Month;
use domain::rulepack::Library;
use domain::vi;
use jiff::Timestamp;
use jiff::civil::Date;
use web::page::{XLSX, download, html, see};
use web::routes::Routes;

use super::page::{BoardPage, GroupView, groups, headings, tasks_words};
use super::store::{self, grid};
use super::view::{self, Filter, MOST};
use super::{export, one, sums};
use crate::actor::{Actor, local};
use crate::app::App;
use crate::fault::Fault;
use crate::org::store::{self as orgs, Org};
use crate::shell::{Shell, Under};
use crate::year::store::rules_through;

/// Routes of this feature.
pub fn routes() -> Routes<App> {
    Routes::new()
        .get("/tc/{org}/buc-tranh", Right::CellStats, this_year)
        .get("/tc/{org}/buc-tranh/{year}", Right::CellStats, year_page)
        .get("/tc/{org}/buc-tranh/{year}/bang.xlsx", Right::CellStats, year_sheet)
        .get("/tc/{org}/ky/{period}", Right::CellStats, period_page)
}

/// Most years back that are offered.
const YEARS: i16 = 5;

fn year_of(text: &str, today: Date) -> Result<i16, Fault> {
    text.parse().ok().filter(|y| (1930..=today.year()).contains(y)).ok_or(Fault::NotFound)
}

/// Everything of a board but its frame.
struct Read {
    org: Org,
    headline: String,
    tasks: String,
    fresh: String,
    each: bool,
    types: Vec<(String, String)>,
    groups: Vec<GroupView>,
    shown: (usize, usize),
}

fn read(tx: &mut Tx, library: &Library, org: Org, (year, filter): (i16, &Filter), now: Timestamp) -> Result<Read, Fault> {
    let today = local(now).date();
    let rules = library.at(today);
    if grid::is_large(tx, &org.path, MOST)? {
        let own = rules_through(tx, &org, library)?;
        let sums = sums::load(tx, &own, org.id, year, today)?;
        let fresh = local(store::fresh_until(tx, now, Month::of(today))?);
        let day = if fresh.date() == today { String::new() } else { format!(" ngày {}", vi::date(fresh.date())) };
        let rows = sums.rows.len();
        return Ok(Read {
            headline: headline(&sums.behind),
            tasks: tasks_words(&sums.tasks, year, today),
            fresh: format!("Số liệu cấp trên tính đến {}{day}.", fresh.time().strftime("%H:%M")),
            each: false,
            types: Vec::new(),
            groups: vec![sums::group(&sums, year)],
            shown: (rows, rows),
            org,
        });
    }
    let grid = view::load(tx, library, &org, year, today)?;
    let (groups, shown) = groups(&grid, filter, org.id, &rules);
    let here = |code: &str| grid.lines.iter().any(|l| l.cell.cell_type.as_deref() == Some(code));
    Ok(Read {
        headline: headline(&grid.behind),
        tasks: tasks_words(&grid.tasks, year, today),
        fresh: format!("Tính trực tiếp từ từng chi bộ lúc {}.", local(now).time().strftime("%H:%M")),
        each: true,
        types: rules.cell_types().filter(|t| here(&t.code)).map(|t| (t.code.clone(), t.name.clone())).collect(),
        groups,
        shown: (shown, grid.lines.len()),
        org,
    })
}

async fn this_year(State(app): State<App>, actor: Actor, Query(filter): Query<Filter>) -> Result<Response, Fault> {
    let year = actor.today().year();
    show(&app, actor, year, filter).await
}

async fn year_page(
    State(app): State<App>,
    actor: Actor,
    Path((_, year)): Path<(OrgId, String)>,
    Query(filter): Query<Filter>,
) -> Result<Response, Fault> {
    let year = year_of(&year, actor.today())?;
    show(&app, actor, year, filter).await
}

async fn show(app: &App, actor: Actor, year: i16, filter: Filter) -> Result<Response, Fault> {
    let library = app.rules.clone();
    app.db
        .read(move |tx| {
            let today = actor.today();
            let org = orgs::get(tx, actor.org, today)?;
            let first = org.born_on.year().max(today.year() - YEARS);
            let years: Vec<i16> = (first..=today.year()).rev().collect();
            if org.is_cell {
                return Ok::<_, Fault>(html(&one::cell(tx, &actor, &library, &org, (year, years))?));
            }
            let read = read(tx, &library, org, (year, &filter), actor.now)?;
            Ok(html(&page(&actor, read, (year, years), filter.clone())))
        })
        .await
}

fn page(actor: &Actor, read: Read, (year, years): (i16, Vec<i16>), filter: Filter) -> BoardPage {
    let org = &read.org;
    let mut shell = Shell::new(actor, &format!("Bức tranh chung năm {year}"), Under::Board).wide();
    if let Some(above) = org.parent().filter(|a| !actor.standpoint.roles_above.is_empty() && *a != org.id) {
        shell = shell.crumb(format!("/tc/{above}/buc-tranh/{year}"), "Cấp trên");
    }
    BoardPage {
        shell,
        css: web::assets::url("board.css"),
        org: org.id,
        name: org.name.clone(),
        year,
        years,
        headline: read.headline,
        tasks: read.tasks,
        fresh: read.fresh,
        made: vi::date(actor.today()),
        each: read.each,
        narrowed: filter.said(&read.types),
        query: filter.query(),
        filter,
        types: read.types,
        headings: headings(year),
        groups: read.groups,
        shown: read.shown,
    }
}

async fn year_sheet(
    State(app): State<App>,
    actor: Actor,
    Path((_, year)): Path<(OrgId, String)>,
    Query(filter): Query<Filter>,
) -> Result<Response, Fault> {
    let (at, year) = (actor.org, year_of(&year, actor.today())?);
    let library = app.rules.clone();
    let read = app
        .db
        .read(move |tx| {
            let org = orgs::get(tx, actor.org, actor.today())?;
            if org.is_cell {
                return Ok::<_, Fault>(None);
            }
            read(tx, &library, org, (year, &filter), actor.now).map(Some)
        })
        .await?;
    let Some(read) = read else {
        // A cell has no table of cells; its page has everything.
        return Ok(see(&format!("/tc/{at}/buc-tranh/{year}")));
    };
    let bytes = documents::xlsx(&[export::sheet(&read.groups, year, read.each)])?;
    Ok(download(bytes, XLSX, &format!("Bức tranh chung {year}.xlsx")))
}

async fn period_page(
    State(app): State<App>,
    actor: Actor,
    Path((org, period)): Path<(OrgId, String)>,
) -> Result<Response, Fault> {
    let key: PeriodKey = period.parse().map_err(|_| Fault::NotFound)?;
    let library = app.rules.clone();
    if !actor.standpoint.is_cell {
        return Ok(see(&format!("/tc/{org}/buc-tranh/{}", key.year)));
    }
    let page = app.db.read(move |tx| one::period(tx, &actor, &library, org, key)).await?;
    Ok(html(&page))
}
