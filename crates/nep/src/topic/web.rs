//! Routes of proposed topics: members propose and support, chi ủy takes them into the plan of the year.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::id::{OrgId, RowId};
use domain::period::{PeriodKey, PeriodKind};
use domain::refusal::Refusal;
use domain::right::Right;
use jiff::civil::Date;
use web::form::Form;
use web::page::{html_with, see};
use web::routes::Routes;

use super::page::ListPage;
use super::store::{self, Topic};
use super::view;
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::org::store as orgs;
use crate::shell::{Done, Shell, Under, done_words};
use crate::year::store::{self as years, Plan};

/// Routes of this feature.
pub fn routes() -> Routes<App> {
    let (reads, plans) = (Right::CellRead, Right::MeetingPrepare);
    Routes::new()
        .get("/cb/{org}/chuyen-de/{year}", reads, page)
        .post("/cb/{org}/chuyen-de/{year}", reads, propose)
        .post("/cb/{org}/chuyen-de/{year}/{topic}/ung-ho", reads, support)
        .post("/cb/{org}/chuyen-de/{year}/{topic}/rut", reads, withdraw)
        .post("/cb/{org}/chuyen-de/{year}/{topic}/ke-hoach", plans, plan)
        .post("/cb/{org}/chuyen-de/{year}/{topic}/chua-chon", plans, decline)
}

fn words(code: Option<&str>) -> &'static str {
    match code {
        Some("cd-de-xuat") => "Đã đề xuất. Các đồng chí khác ủng hộ được.",
        Some("cd-ung-ho") => "Đã ghi đồng chí ủng hộ; không hiện tên.",
        Some("cd-thoi") => "Đã thôi ủng hộ.",
        Some("cd-rut") => "Đã rút chuyên đề.",
        Some("cd-ke-hoach") => "Đã đưa vào kế hoạch năm.",
        Some("cd-chua") => "Đã trả lời đồng chí đề xuất.",
        other => done_words(other),
    }
}

/// A year as an address names it: this one or the next, or one that is over.
fn year_of(text: &str, today: Date) -> Result<i16, Fault> {
    text.parse().ok().filter(|y| (today.year() - 5..=today.year() + 1).contains(y)).ok_or(Fault::NotFound)
}

async fn page(
    State(app): State<App>,
    actor: Actor,
    Path((_, year)): Path<(OrgId, String)>,
    Query(done): Query<Done>,
) -> Result<Response, Fault> {
    let year = year_of(&year, actor.today())?;
    show(&app, &actor, year, Form::default(), words(done.xong.as_deref())).await
}

/// Quarters of a year that may take a topic: nothing is planned or held there yet.
fn quarters(tx: &mut db::Tx, app: &App, org: OrgId, year: i16, today: Date) -> Result<Vec<PeriodKey>, Fault> {
    let cell = orgs::get(tx, org, today)?;
    let rules = years::rules_through(tx, &cell, &app.rules)?;
    let tiles = years::strip_of(tx, &cell, &rules, year, today)?;
    let free = |t: &&crate::year::strip::Tile| {
        t.duty.key.kind == PeriodKind::Thematic && t.meeting.is_none() && t.topic().is_none() && t.duty.last_day >= today
    };
    Ok(tiles.iter().filter(free).map(|t| t.duty.key).collect())
}

async fn show(app: &App, actor: &Actor, year: i16, form: Form, done: &str) -> Result<Response, Fault> {
    let (org, person, today, known) = (actor.org, actor.person, actor.today(), app.clone());
    let plans = actor.may(Right::MeetingPrepare);
    let (topics, support, quarters) = app
        .db
        .read(move |tx| {
            let topics = store::of_year(tx, org, year)?;
            let support = store::support(tx, org, year, person)?;
            let free = if plans { quarters(tx, &known, org, year, today)? } else { Vec::new() };
            Ok::<_, Fault>((topics, support, free))
        })
        .await?;
    let status = if form.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let now = today.year();
    Ok(html_with(
        status,
        &ListPage {
            shell: Shell::new(actor, &format!("Đề xuất chuyên đề năm {year}"), Under::Year)
                .crumb(format!("/cb/{org}/nam/{}", now.min(year)), format!("Năm {}", now.min(year)))
                .wrong(&form)
                .done(done),
            org: org.to_string(),
            base: format!("/cb/{org}/chuyen-de/{year}"),
            year,
            years: [now + 1, now].into_iter().map(|y| (y, y == year)).collect(),
            topics: view::views(&topics, &support, person),
            plans,
            quarters: quarters.iter().map(|k| (k.to_string(), k.short_name())).collect(),
            form,
        },
    ))
}

async fn propose(
    State(app): State<App>,
    actor: Actor,
    Path((org, year)): Path<(OrgId, String)>,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let year = year_of(&year, actor.today())?;
    let title = form.required("ten", 200, "Hãy ghi tên chuyên đề.");
    let why = form.text("vi_sao", 2000);
    if year < actor.today().year() {
        form.problem("", "Năm này đã qua. Hãy đề xuất cho năm nay hoặc năm sau.");
    }
    if !form.is_fine() {
        return show(&app, &actor, year, form, "").await;
    }
    let hands = actor.clone();
    app.write(&actor, move |tx| Ok(store::propose(tx, &hands, org, year, &title, &why)?)).await?;
    Ok(see(&format!("/cb/{org}/chuyen-de/{year}?xong=cd-de-xuat")))
}

type Where = Path<(OrgId, String, RowId)>;

/// Carries a step on a topic out; a refusal comes back on the page at `field`.
async fn attempt(
    app: &App,
    actor: &Actor,
    (year, id): (i16, RowId),
    mut form: Form,
    (field, code): (&'static str, &str),
    mut step: impl FnMut(&mut db::Tx, &Topic) -> Result<(), Fault> + Send + 'static,
) -> Result<Response, Fault> {
    if !form.is_fine() {
        return show(app, actor, year, form, "").await;
    }
    let org = actor.org;
    let done = app
        .write(actor, move |tx| {
            let topic = store::get(tx, org, id)?;
            if topic.year != i64::from(year) {
                return Err(Fault::NotFound);
            }
            step(tx, &topic)
        })
        .await;
    match done {
        Ok(()) => Ok(see(&format!("/cb/{org}/chuyen-de/{year}?xong={code}"))),
        Err(Fault::Refused(refusal)) => {
            form.problem(if refusal.field.is_some() { field } else { "" }, refusal.text());
            show(app, actor, year, form, "").await
        }
        Err(other) => Err(other),
    }
}

async fn support(State(app): State<App>, actor: Actor, Path((_, year, id)): Where, Sent(form): Sent) -> Result<Response, Fault> {
    let year = year_of(&year, actor.today())?;
    let gives = form.raw("viec") != "thoi";
    let hands = actor.clone();
    let code = if gives { "cd-ung-ho" } else { "cd-thoi" };
    attempt(&app, &actor, (year, id), form, ("", code), move |tx, topic| {
        topic.state.support(topic.person, hands.person)?;
        if gives {
            store::put_support(tx, &hands, topic.org, topic.id)?;
        } else {
            store::drop_support(tx, &hands, topic.org, topic.id)?;
        }
        Ok(())
    })
    .await
}

async fn withdraw(State(app): State<App>, actor: Actor, Path((_, year, id)): Where, Sent(form): Sent) -> Result<Response, Fault> {
    let year = year_of(&year, actor.today())?;
    let hands = actor.clone();
    attempt(&app, &actor, (year, id), form, ("", "cd-rut"), move |tx, topic| {
        let state = topic.state.withdraw(topic.person, hands.person)?;
        Ok(store::save(tx, &hands, topic, state, (None, None))?)
    })
    .await
}

async fn plan(State(app): State<App>, actor: Actor, Path((_, year, id)): Where, Sent(mut form): Sent) -> Result<Response, Fault> {
    let year = year_of(&year, actor.today())?;
    let key: Option<PeriodKey> = form.raw("quy").parse().ok();
    if key.is_none() {
        form.problem("quy", "Hãy chọn quý.");
    }
    let (hands, known) = (actor.clone(), app.clone());
    attempt(&app, &actor, (year, id), form, ("quy", "cd-ke-hoach"), move |tx, topic| {
        let key = key.ok_or(Fault::NotFound)?;
        let state = topic.state.plan()?;
        if !quarters(tx, &known, topic.org, year, hands.today())?.contains(&key) {
            return Err(Refusal::new("taken", "Quý này đã có chuyên đề hoặc đã qua. Hãy chọn quý khác.").at("quy").into());
        }
        let before = years::plan(tx, topic.org, key)?;
        let aim = before.aim.clone().or_else(|| Some(topic.why.clone()).filter(|w| !w.is_empty()));
        let new = Plan { topic: Some(topic.title.clone()), aim, ..before };
        years::save_plan(tx, &hands, topic.org, key, &new)?;
        Ok(store::save(tx, &hands, topic, state, (Some(key), None))?)
    })
    .await
}

async fn decline(
    State(app): State<App>,
    actor: Actor,
    Path((_, year, id)): Where,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let year = year_of(&year, actor.today())?;
    let reason = form.text("ly_do", 500);
    let hands = actor.clone();
    attempt(&app, &actor, (year, id), form, ("ly_do", "cd-chua"), move |tx, topic| {
        let state = topic.state.decline(&reason)?;
        Ok(store::save(tx, &hands, topic, state, (None, Some(&reason)))?)
    })
    .await
}
