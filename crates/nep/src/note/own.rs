//! A note as its member sees it: reads it, answers, says what was done. Others get 404.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::id::RowId;
use domain::note::Hand;
use web::form::Form;
use web::page::{html_with, see};

use super::page::NotePage;
use super::store::{self, Said};
use super::view;
use super::web::words;
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::member::store as members;
use crate::shell::{Done, Shell, Under};

/// The page.
///
/// # Errors
/// `NotFound` for anybody else; database faults.
pub async fn page(
    State(app): State<App>,
    actor: Actor,
    Path(note): Path<RowId>,
    Query(done): Query<Done>,
) -> Result<Response, Fault> {
    show(&app, &actor, note, Form::default(), words(done.xong.as_deref())).await
}

async fn show(app: &App, actor: &Actor, note: RowId, mut form: Form, done: &str) -> Result<Response, Fault> {
    let (person, today) = (actor.person, actor.today());
    let (note, by) = app
        .db
        .read(move |tx| {
            let note = store::own(tx, person, note)?;
            let by = note.done_by.map(|p| members::name(tx, p)).transpose()?.unwrap_or_default();
            Ok::<_, Fault>((note, by))
        })
        .await?;
    let status = if form.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    if !form.pairs().any(|(k, _)| k == "y_kien") {
        form.set("y_kien", note.answer.clone());
    }
    let mut shown = view::view(&note, today, &by);
    // Who is no longer in the cell reads what concerns them, not its meetings.
    if actor.places.iter().all(|p| p.org != note.org || p.membership.is_none()) {
        shown.meeting.clear();
    }
    Ok(html_with(
        status,
        &NotePage {
            shell: Shell::new(actor, &note.kind.to_string(), Under::Me)
                .crumb("/toi", Under::Me.to_string())
                .wrong(&form)
                .done(done),
            base: format!("/toi/ghi-nhan/{}", note.id),
            note: shown,
            own: true,
            leads: false,
            form,
        },
    ))
}

/// The member says something of the note.
///
/// # Errors
/// `NotFound` for anybody else; `Conflict`; database faults.
pub async fn answer(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<RowId>,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let text = form.text("y_kien", 2000);
    let version = form.raw("version").parse::<i64>().ok();
    if !form.is_fine() {
        return show(&app, &actor, id, form, "").await;
    }
    app.db
        .write(move |tx| {
            let note = store::own(tx, actor.person, id)?;
            if version.is_some_and(|v| v != note.version) {
                return Err(Fault::Conflict);
            }
            Ok(store::answer(tx, &actor, &note, &text)?)
        })
        .await?;
    Ok(see(&format!("/toi/ghi-nhan/{id}?xong=gn-y-kien")))
}

/// The member says that the remedy is carried out.
///
/// # Errors
/// `NotFound` for anybody else; `Conflict`; database faults.
pub async fn remedied(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<RowId>,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let text = form.text("da_lam", 1000);
    let version = form.raw("version").parse::<i64>().ok();
    if !form.is_fine() {
        return show(&app, &actor, id, form, "").await;
    }
    let hands = actor.clone();
    let done = app
        .db
        .write(move |tx| {
            let note = store::own(tx, hands.person, id)?;
            if version.is_some_and(|v| v != note.version) {
                return Err(Fault::Conflict);
            }
            let state = note.state.remedied(note.person, &Hand { person: hands.person, leads: false }, &text)?;
            Ok(store::save(tx, &hands, &note, state, &Said::Done(text.clone()))?)
        })
        .await;
    match done {
        Ok(()) => Ok(see(&format!("/toi/ghi-nhan/{id}?xong=gn-xong"))),
        Err(Fault::Refused(refusal)) => {
            form.problem(if refusal.field.is_some() { "da_lam" } else { "" }, refusal.text());
            show(&app, &actor, id, form, "").await
        }
        Err(other) => Err(other),
    }
}
