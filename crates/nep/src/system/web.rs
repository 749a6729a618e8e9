//! The health of the installation in the browser, for the technical administrator.
//! Rules: P-25 (no way to content), P-19 (no secret, no path on a page).

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::id::OrgId;
use domain::right::Right;
use domain::vi;
use web::page::{html, see};
use web::routes::Routes;

use super::checks::{Level, lines};
use super::machine;
use super::page::{Health, Row};
use super::store::{self, Check};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::shell::{Done, Shell, Under};

/// Routes of this feature.
pub fn routes() -> Routes<App> {
    Routes::new().get("/tc/{org}/he-thong", Right::SystemAdmin, health).post("/tc/{org}/he-thong", Right::SystemAdmin, check)
}

/// Something that waits for the disk, beside the threads that answer.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Fault::Document("a look at the machine was broken off".to_owned()))
}

async fn health(
    State(app): State<App>,
    actor: Actor,
    Path(org): Path<OrgId>,
    Query(done): Query<Done>,
) -> Result<Response, Fault> {
    let now = actor.now;
    let facts = app.db.read(move |tx| store::facts(tx, now)).await?;
    let server = app.clone();
    let machine = aside(move || machine::look(&server.db, Some(&server.address))).await?;
    let mut found = lines(&facts, &machine, &app.rules, now);
    let count = |level| found.iter().filter(|l| l.level == level).count();
    let (wrong, warned) = (count(Level::Wrong), count(Level::Warning));
    found.sort_by_key(|l| std::cmp::Reverse(l.level));
    let at = actor.local();
    Ok(html(&Health {
        shell: Shell::new(&actor, "Tình trạng hệ thống", Under::System).done(done.words()),
        org: org.to_string(),
        at: format!("{} ngày {}", vi::time_short(at.time()), vi::date(at.date())),
        wrong,
        warned,
        rows: found.into_iter().map(Row::from).collect(),
    }))
}

/// Reads the whole file once and remembers how it was found.
async fn check(State(app): State<App>, actor: Actor, Path(org): Path<OrgId>) -> Result<Response, Fault> {
    let db = app.db.clone();
    let found = aside(move || db.integrity()).await??;
    let now = actor.now;
    app.db.write(move |tx| store::note_check(tx, Check::File, now, found.len())).await?;
    Ok(see(&format!("/tc/{org}/he-thong?xong=kiem-tra")))
}
