//! A member's own concerns: tells one, reads the answer, says whether it is settled. Others get 404.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::concern::{Consent, Voice, WordKind};
use domain::id::{OrgId, RowId};
use domain::roll::Standing;
use web::form::Form;
use web::page::{html_with, see};

use super::page::{OwnListPage, OwnPage};
use super::web::words;
use super::{store, view};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::shell::{Done, Shell, Under};

/// Cells a person may tell something to: those they belong to, suspended or not.
fn cells(actor: &Actor) -> Vec<(String, String)> {
    let belongs = |m: Option<Standing>| m.is_some();
    actor.places.iter().filter(|p| p.is_cell && belongs(p.membership)).map(|p| (p.org.to_string(), p.name.clone())).collect()
}

/// The list with the form.
///
/// # Errors
/// Database faults.
pub async fn list(State(app): State<App>, actor: Actor, Query(done): Query<Done>) -> Result<Response, Fault> {
    show_list(&app, &actor, Form::default(), words(done.xong.as_deref())).await
}

async fn show_list(app: &App, actor: &Actor, form: Form, done: &str) -> Result<Response, Fault> {
    let (person, today) = (actor.person, actor.today());
    let found = app.db.read(move |tx| store::of_person(tx, person)).await?;
    let status = if form.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(html_with(
        status,
        &OwnListPage {
            shell: Shell::new(actor, "Tâm tư, nguyện vọng", Under::Me)
                .crumb("/toi", Under::Me.to_string())
                .wrong(&form)
                .done(done),
            cells: cells(actor),
            list: found.iter().map(|c| view::row("/toi/tam-tu", c, today, false)).collect(),
            days: app.rules.at(today).int(view::ANSWER).unwrap_or(15),
            form,
        },
    ))
}

/// Tells chi ủy something.
///
/// # Errors
/// Database faults.
pub async fn add(State(app): State<App>, actor: Actor, Sent(mut form): Sent) -> Result<Response, Fault> {
    let own = cells(&actor);
    let asked: Option<OrgId> = form.id("chi_bo");
    let cell = match (asked, own.as_slice()) {
        (None, [(only, _)]) => only.parse().ok(),
        (Some(cell), _) => Some(cell).filter(|c| own.iter().any(|(id, _)| *id == c.to_string())),
        (None, _) => None,
    };
    if cell.is_none() {
        form.problem("", "Đồng chí chọn chi bộ mình đang sinh hoạt.");
    }
    let body = form.text("noi_dung", 4000);
    if body.is_empty() && !form.has_problem("noi_dung") {
        form.problem("noi_dung", "Hãy viết điều đồng chí muốn nêu.");
    }
    let (Some(cell), true) = (cell, form.is_fine()) else {
        return show_list(&app, &actor, form, "").await;
    };
    let hands = actor.clone();
    let id = app.write(&actor, move |tx| Ok(store::add(tx, &hands, cell, hands.person, &body)?)).await?;
    Ok(see(&format!("/toi/tam-tu/{id}?xong=tt-gui")))
}

/// One concern.
///
/// # Errors
/// `NotFound` for anybody else; database faults.
pub async fn page(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<RowId>,
    Query(done): Query<Done>,
) -> Result<Response, Fault> {
    show(&app, &actor, id, Form::default(), words(done.xong.as_deref())).await
}

async fn show(app: &App, actor: &Actor, id: RowId, form: Form, done: &str) -> Result<Response, Fault> {
    let person = actor.person;
    let (concern, said) = app
        .db
        .read(move |tx| {
            let concern = store::own(tx, person, id)?;
            let said = store::words(tx, concern.org, id)?;
            Ok::<_, Fault>((concern, said))
        })
        .await?;
    let reads = actor.places.iter().any(|p| p.org == concern.org && p.membership.is_some_and(|m| m != Standing::Suspended));
    let status = if form.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(html_with(
        status,
        &OwnPage {
            shell: Shell::new(actor, "Điều đồng chí đã nêu", Under::Me)
                .crumb("/toi/tam-tu", "Tâm tư, nguyện vọng")
                .wrong(&form)
                .done(done),
            base: format!("/toi/tam-tu/{id}"),
            asked: concern.state.is_live() && concern.consent == Consent::Asked,
            may_consent: concern.state.is_live() && concern.consent != Consent::Unasked && concern.meeting.is_none(),
            c: view::view(&concern, &said, actor.today(), reads),
            form,
        },
    ))
}

/// The member says more, that it is settled or not, or takes it back.
///
/// # Errors
/// `NotFound` for anybody else; `Conflict`; database faults.
pub async fn say(State(app): State<App>, actor: Actor, Path(id): Path<RowId>, Sent(mut form): Sent) -> Result<Response, Fault> {
    let kind = match form.raw("viec") {
        "xong" => WordKind::Settled,
        "chua" => WordKind::NotYet,
        "rut" => WordKind::Withdrawn,
        _ => WordKind::Said,
    };
    let body = form.text("noi_dung", 4000);
    let version = form.raw("version").parse::<i64>().ok();
    if !form.is_fine() {
        return show(&app, &actor, id, form, "").await;
    }
    let hands = actor.clone();
    let done = app
        .db
        .write(move |tx| {
            let concern = store::own(tx, hands.person, id)?;
            if version.is_some_and(|v| v != concern.version) {
                return Err(Fault::Conflict);
            }
            let state = concern.state.say(kind, Voice::Member, &body)?;
            Ok(store::say(tx, &hands, &concern, kind, state, &body)?)
        })
        .await;
    match done {
        Ok(()) => Ok(see(&format!("/toi/tam-tu/{id}?xong=tt-tra-loi"))),
        Err(Fault::Refused(refusal)) => {
            form.problem(if refusal.field.is_some() { "noi_dung" } else { "" }, refusal.text());
            show(&app, &actor, id, form, "").await
        }
        Err(other) => Err(other),
    }
}

/// The member agrees, or not, that it is put before the cell.
///
/// # Errors
/// `NotFound` for anybody else and when nobody asked; database faults.
pub async fn consent(State(app): State<App>, actor: Actor, Path(id): Path<RowId>, Sent(form): Sent) -> Result<Response, Fault> {
    let yes = form.raw("tra_loi") == "co";
    app.db
        .write(move |tx| {
            let concern = store::own(tx, actor.person, id)?;
            if concern.consent == Consent::Unasked || concern.meeting.is_some() || !concern.state.is_live() {
                return Err(Fault::NotFound);
            }
            Ok(store::set_consent(tx, &actor, &concern, concern.consent.answer(yes))?)
        })
        .await?;
    Ok(see(&format!("/toi/tam-tu/{id}?xong=tt-dong-y")))
}
