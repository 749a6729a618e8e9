//! Routes of the targets and of pilot cells: figures only, for who leads here or above. Rules: T1 … T7, L3, P-10.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::id::OrgId;
use domain::right::Right;
use web::page::{XLSX, download, html};
use web::routes::Routes;

use super::export;
use super::facts::{self, Picture};
use super::page::{PilotsPage, TargetsPage, WhyPage};
use super::{store, view};
use crate::actor::Actor;
use crate::app::App;
use crate::classification::view::{year_of, years};
use crate::fault::Fault;
use crate::org::reach;
use crate::shell::{Done, Shell, Under};

/// Routes of this feature.
pub fn routes() -> Routes<App> {
    let reads = Right::CellStats;
    Routes::new()
        .get("/tc/{org}/chi-tieu", reads, this_year)
        .get("/tc/{org}/chi-tieu/{year}", reads, targets)
        .get("/tc/{org}/chi-tieu/{year}/bang.xlsx", reads, sheet)
        .get("/tc/{org}/chi-tieu/{year}/{muc}", reads, why)
        .get("/tc/{org}/chi-bo-diem/{year}", reads, pilots)
}

async fn this_year(app: State<App>, actor: Actor, Path(org): Path<OrgId>, done: Query<Done>) -> Result<Response, Fault> {
    let year = actor.today().year().to_string();
    targets(app, actor, Path((org, year)), done).await
}

async fn targets(
    State(app): State<App>,
    actor: Actor,
    Path((org, year)): Path<(OrgId, String)>,
    Query(done): Query<Done>,
) -> Result<Response, Fault> {
    let year = year_of(&year, actor.today())?;
    let (library, hands) = (app.rules.clone(), actor.clone());
    let (picture, below) = app
        .db
        .read(move |tx| {
            let picture = facts::load(tx, &hands, &library, org, year, facts::MOST)?;
            let below = match picture.sums {
                Some(_) => store::committees(tx, org, picture.on)?,
                None => Vec::new(),
            };
            Ok::<_, Fault>((picture, below))
        })
        .await?;
    let asked = view::asked(&picture);
    let may_set = actor.may(Right::OrgManage);
    let lines: Vec<view::TargetLine> = asked.iter().map(|a| view::line(&picture, a, may_set)).collect();
    let is_cell = picture.org.is_cell;
    Ok(html(&TargetsPage {
        shell: shell(&actor, &picture, &format!("Chỉ tiêu năm {year}"), None).wide().done(done.words()),
        org,
        year,
        years: years(actor.today(), picture.org.born_on),
        said: view::said(&picture),
        summary: view::summary(&lines),
        targets: lines,
        charts: view::charts(&picture, &asked),
        months: view::months(&picture),
        is_cell,
        office: reach::imports(&actor) && actor.may(Right::MemberManage),
        own: is_cell && actor.may(Right::MeetingLead),
        inside: is_cell && actor.may(Right::MeetingPrepare),
        each: picture.sums.is_none(),
        below,
        name: picture.org.name,
    }))
}

fn shell(actor: &Actor, picture: &Picture, title: &str, year: Option<i16>) -> Shell {
    let org = picture.org.id;
    let shell = Shell::new(actor, title, Under::Org).crumb(format!("/tc/{org}"), picture.org.short_name.clone());
    match year {
        Some(year) => shell.crumb(format!("/tc/{org}/chi-tieu/{year}"), format!("Chỉ tiêu năm {year}")),
        None => shell,
    }
}

async fn read(app: &App, actor: &Actor, org: OrgId, year: &str) -> Result<Picture, Fault> {
    let year = year_of(year, actor.today())?;
    let (library, hands) = (app.rules.clone(), actor.clone());
    let picture = app.db.read(move |tx| Ok::<_, Fault>(facts::load(tx, &hands, &library, org, year, facts::MOST)?)).await?;
    if picture.sums.is_some() { Err(Fault::NotFound) } else { Ok(picture) }
}

async fn why(
    State(app): State<App>,
    actor: Actor,
    Path((org, year, key)): Path<(OrgId, String, String)>,
) -> Result<Response, Fault> {
    let picture = read(&app, &actor, org, &year).await?;
    let all = view::asked(&picture);
    let asked = all.iter().find(|a| a.target.key == key).ok_or(Fault::NotFound)?;
    let year = picture.year;
    let chart = if asked.measure.is_yearly() {
        let (of, measure, wanted) = (picture.clone(), asked.measure, key.clone());
        let past = app
            .db
            .read(move |tx| {
                let all = view::asked(&of);
                let fits = |c: &facts::CellFacts| all.iter().any(|a| a.target.key == wanted && c.fits(&a.target));
                Ok::<_, Fault>(facts::past(tx, &of, fits, measure)?)
            })
            .await?;
        view::year_chart(asked, past)
    } else {
        view::month_chart(&picture, &all, asked.measure)
    };
    let page = WhyPage {
        shell: shell(&actor, &picture, &asked.target.title, Some(year)),
        org,
        name: picture.org.name.clone(),
        year,
        target: view::line(&picture, asked, actor.may(Right::OrgManage)),
        method: view::method(&picture, asked),
        chart,
        groups: view::why(&picture, asked),
    };
    Ok(html(&page))
}

async fn sheet(State(app): State<App>, actor: Actor, Path((org, year)): Path<(OrgId, String)>) -> Result<Response, Fault> {
    let picture = read(&app, &actor, org, &year).await?;
    let bytes = documents::xlsx(&export::sheets(&picture))?;
    Ok(download(bytes, XLSX, &format!("Chỉ tiêu {}.xlsx", picture.year)))
}

async fn pilots(State(app): State<App>, actor: Actor, Path((org, year)): Path<(OrgId, String)>) -> Result<Response, Fault> {
    let picture = read(&app, &actor, org, &year).await?;
    let how = "Đánh dấu chi bộ điểm ở trang quản lý của từng chi bộ.";
    Ok(html(&PilotsPage {
        shell: shell(&actor, &picture, &format!("Chi bộ điểm năm {}", picture.year), Some(picture.year)),
        org,
        name: picture.org.name.clone(),
        year: picture.year,
        years: years(actor.today(), picture.org.born_on),
        said: view::said(&picture),
        groups: view::pilots(&picture),
        how: if actor.may(Right::OrgManage) { how.to_owned() } else { String::new() },
    }))
}
