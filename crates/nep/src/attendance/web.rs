//! Routes of a cell's year in attendance and contributions.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::id::{OrgId, PersonId};
use domain::period::judged_on;
use domain::right::Right;
use domain::vi;
use jiff::civil::Date;
use web::page::{XLSX, download, html};
use web::routes::Routes;

use super::export;
use super::page::{Figure, MeetingLine, MemberLine, MemberPage, PeriodLine, YearPage};
use super::store::{self, Facts};
use super::view::{self, Counted};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::home::store as homes;
use crate::home::year::{year_in, year_words};
use crate::member::store as members;
use crate::org::store as orgs;
use crate::shell::{Shell, Under};
use crate::year::store as years;

/// Routes of this feature.
pub fn routes() -> Routes<App> {
    let right = Right::MeetingPrepare;
    Routes::new()
        .get("/cb/{org}/nam/{year}/du-sinh-hoat", right, year_page)
        .get("/cb/{org}/nam/{year}/du-sinh-hoat.xlsx", right, year_sheet)
        .get("/cb/{org}/nam/{year}/du-sinh-hoat/{person}", right, member_page)
}

/// Most years back that are offered.
const YEARS: i16 = 5;

/// A year as an address names it: not one still to come.
fn year_of(text: &str, today: Date) -> Result<i16, Fault> {
    text.parse().ok().filter(|y| (1930..=today.year()).contains(y)).ok_or(Fault::NotFound)
}

/// The year with all its tables.
struct Read {
    name: String,
    years: Vec<i16>,
    figures: Vec<Figure>,
    meetings: Vec<MeetingLine>,
    periods: Vec<PeriodLine>,
    members: Vec<MemberLine>,
    counted: Counted,
}

async fn read(app: &App, actor: &Actor, year: i16, base: &str) -> Result<Read, Fault> {
    if !actor.standpoint.is_cell {
        return Err(Fault::NotFound);
    }
    let (org, today, library, base) = (actor.org, actor.today(), app.rules.clone(), base.to_owned());
    app.db
        .read(move |tx| {
            let cell = orgs::get(tx, org, today)?;
            let rules = years::rules_through(tx, &cell, &library)?;
            let last = rules.at(judged_on(year, today));
            let facts: Facts = store::load(tx, org, year, last.int(view::LATE).unwrap_or(i64::MAX))?;
            let counted = view::count(&facts, &rules, year, today);
            let first = cell.born_on.year().max(today.year() - YEARS);
            Ok::<_, Fault>(Read {
                name: cell.name,
                years: (first..=today.year()).rev().collect(),
                figures: view::figures(&facts, &counted, &last),
                meetings: view::meetings(org, &facts, &counted),
                periods: view::periods(&facts, &counted),
                members: view::members(&base, &counted),
                counted,
            })
        })
        .await
}

async fn year_page(State(app): State<App>, actor: Actor, Path((org, year)): Path<(OrgId, String)>) -> Result<Response, Fault> {
    let year = year_of(&year, actor.today())?;
    let base = format!("/cb/{org}/nam/{year}/du-sinh-hoat");
    let read = read(&app, &actor, year, &base).await?;
    let whole = read.counted.year.whole;
    Ok(html(&YearPage {
        shell: Shell::new(&actor, &format!("Dự sinh hoạt và phát biểu năm {year}"), Under::Year)
            .wide()
            .crumb(format!("/cb/{org}/nam/{year}"), format!("Năm {year}")),
        base,
        org,
        name: read.name,
        year,
        years: read.years,
        made: vi::date(actor.today()),
        figures: read.figures,
        meetings: read.meetings,
        whole,
        whole_rate: whole.official(read.counted.basis).to_string(),
        whole_leaders: whole.leaders.to_string(),
        periods: read.periods,
        members: read.members,
    }))
}

async fn year_sheet(State(app): State<App>, actor: Actor, Path((_, year)): Path<(OrgId, String)>) -> Result<Response, Fault> {
    let year = year_of(&year, actor.today())?;
    let read = read(&app, &actor, year, "").await?;
    let sheets = export::sheets(&read.figures, &read.meetings, &read.periods, &read.members);
    let bytes = documents::xlsx(&sheets)?;
    Ok(download(bytes, XLSX, &format!("Dự sinh hoạt {year}.xlsx")))
}

async fn member_page(
    State(app): State<App>,
    actor: Actor,
    Path((org, year, person)): Path<(OrgId, String, PersonId)>,
) -> Result<Response, Fault> {
    let today = actor.today();
    let year = year_of(&year, today)?;
    let library = app.rules.clone();
    let (name, span, of_person) = app
        .db
        .read(move |tx| {
            // What somebody did in another cell is not this cell's to read.
            let mut cells = homes::cells_of(tx, person, today)?;
            cells.retain(|c| c.org == org);
            let Some(cell) = cells.first() else {
                return Err(Fault::NotFound);
            };
            let span = view::span_of(&cell.stays, year);
            let of_person = year_in(tx, &library, &cells, (person, year), today)?;
            Ok((members::name(tx, person)?, span, of_person))
        })
        .await?;
    let base = format!("/cb/{org}/nam/{year}");
    Ok(html(&MemberPage {
        shell: Shell::new(&actor, &name, Under::Year)
            .crumb(base.clone(), format!("Năm {year}"))
            .crumb(format!("{base}/du-sinh-hoat"), "Dự sinh hoạt và phát biểu"),
        words: year_words(&app.rules, &of_person, today),
        year: of_person,
        span,
    }))
}
