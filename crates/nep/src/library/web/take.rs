//! Taking an entry into a kỳ of the cell, and telling afterwards what came of it.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::id::{OrgId, RowId};
use domain::library::{Text, UseState};
use domain::meeting::MeetingState;
use domain::period::PeriodKey;
use web::form::Form;
use web::page::{html_with, see};

use super::super::adopt;
use super::super::page::ToldPage;
use super::super::store::shelf;
use super::super::store::uses::{self, Use};
use super::super::view;
use super::read::{load, show};
use super::{Ask, Side, id_of, words};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::org::store as orgs;
use crate::shell::{Shell, Under};

/// Takes an entry.
pub async fn take(
    State(app): State<App>,
    actor: Actor,
    Path((org, source, entry)): Path<(OrgId, String, String)>,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let (source, id): (OrgId, RowId) = (id_of(&source)?, id_of(&entry)?);
    let key: Option<PeriodKey> = form.raw("ky").parse().ok();
    if key.is_none() {
        form.problem("ky", "Hãy chọn kỳ đưa bài này vào.");
    }
    let text = Text {
        title: form.required("ten", 300, "Hãy ghi tên chuyên đề của chi bộ."),
        aim: form.text("muc_dich", 2000),
        content: form.text("noi_dung", 4000),
        result: String::new(),
    };
    if let Some(key) = key.filter(|_| form.is_fine()) {
        let (hands, library) = (actor.clone(), app.rules.clone());
        let done = app
            .write(&actor, move |tx| {
                let reader = orgs::get(tx, org, hands.today())?;
                let entry = shelf::open(tx, &reader, source, id)?;
                adopt::take(tx, &hands, &library, &entry, (key, &text))
            })
            .await;
        match done {
            Ok(taken) => return Ok(see(&format!("/cb/{org}/kho/dung/{taken}?xong=kho-dung"))),
            Err(Fault::Refused(refusal)) => form.problem(refusal.field.unwrap_or(""), refusal.text()),
            Err(other) => return Err(other),
        }
    }
    let known = load(&app, &actor, source, id).await?;
    Ok(show(&app, &actor, Side::Cell, known, form, ""))
}

type Meeting = Option<(domain::id::MeetingId, MeetingState, i64)>;

async fn known(app: &App, org: OrgId, id: RowId) -> Result<(Use, Meeting), Fault> {
    app.db
        .read(move |tx| {
            let taken = uses::get(tx, org, id)?;
            let meeting = uses::meeting_of(tx, org, &taken.period)?;
            Ok((taken, meeting))
        })
        .await
}

fn told(actor: &Actor, (taken, meeting): (Use, Meeting), mut form: Form, done: &str) -> Response {
    let base = format!("/cb/{}/kho", actor.org);
    if !form.pairs().any(|(k, _)| k == "duoc") {
        for (name, value) in [("duoc", &taken.worked), ("can_sua", &taken.amend)] {
            form.set(name, value.clone().unwrap_or_default());
        }
        if taken.state == UseState::Taken || taken.speakers.is_some() {
            form.set("kem", "1");
        }
    }
    let status = if form.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let title = if taken.title.is_empty() { "Chuyên đề lấy từ kho" } else { taken.title.as_str() };
    html_with(
        status,
        &ToldPage {
            shell: Shell::new(actor, title, Under::Year)
                .crumb(base.clone(), "Kho chuyên đề, kinh nghiệm")
                .crumb(format!("{base}/da-gui"), "Bài của chi bộ")
                .wrong(&form)
                .done(done),
            action: format!("{base}/dung/{}", taken.id),
            class: view::use_class(taken.state),
            word: taken.state.to_string(),
            source: view::href(&base, taken.source, taken.entry),
            plan: format!("/cb/{}/ky/{}", actor.org, taken.period),
            period: taken.key().map(|k| k.name()).unwrap_or_default(),
            sealed: matches!(meeting, Some((_, MeetingState::Sealed, _))) && taken.state != UseState::Dropped,
            spoke: meeting.map_or(0, |m| m.2),
            may_drop: taken.state.give_up().is_ok(),
            version: taken.version,
            form,
        },
    )
}

/// The page of something taken.
pub async fn page(
    State(app): State<App>,
    actor: Actor,
    Path((org, id)): Path<(OrgId, String)>,
    Query(ask): Query<Ask>,
) -> Result<Response, Fault> {
    let known = known(&app, org, id_of(&id)?).await?;
    Ok(told(&actor, known, Form::default(), words(ask.xong.as_deref())))
}

/// Tells what came of it.
pub async fn report(
    State(app): State<App>,
    actor: Actor,
    Path((org, id)): Path<(OrgId, String)>,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let id: RowId = id_of(&id)?;
    let (worked, amend) = (form.line("duoc", 300), form.line("can_sua", 300));
    let (with, version) = (form.ticked("kem"), form.int("version", 0, i64::MAX).unwrap_or(0));
    if form.is_fine() {
        let hands = actor.clone();
        let done = app
            .write(&actor, move |tx| {
                let taken = uses::get(tx, org, id)?;
                if taken.version != version {
                    return Err(Fault::Conflict);
                }
                let meeting = uses::meeting_of(tx, org, &taken.period)?;
                let state = taken.state.report(meeting.map(|m| m.1), &worked, &amend)?;
                let spoke = meeting.map(|m| m.2).filter(|_| with);
                Ok(uses::report(tx, &hands, &taken, state, (&worked, &amend, spoke))?)
            })
            .await;
        match done {
            Ok(()) => return Ok(see(&format!("/cb/{org}/kho/dung/{id}?xong=kho-phan-hoi"))),
            Err(Fault::Refused(refusal)) => form.problem(refusal.field.unwrap_or(""), refusal.text()),
            Err(other) => return Err(other),
        }
    }
    Ok(told(&actor, known(&app, org, id).await?, form, ""))
}

/// Gives it up.
pub async fn give_up(
    State(app): State<App>,
    actor: Actor,
    Path((org, id)): Path<(OrgId, String)>,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let id: RowId = id_of(&id)?;
    let hands = actor.clone();
    let done = app
        .write(&actor, move |tx| {
            let taken = uses::get(tx, org, id)?;
            let state = taken.state.give_up()?;
            Ok(uses::give_up(tx, &hands, &taken, state)?)
        })
        .await;
    match done {
        Ok(()) => Ok(see(&format!("/cb/{org}/kho/da-gui?xong=kho-thoi"))),
        Err(Fault::Refused(refusal)) => {
            form.problem("", refusal.text());
            Ok(told(&actor, known(&app, org, id).await?, form, ""))
        }
        Err(other) => Err(other),
    }
}
