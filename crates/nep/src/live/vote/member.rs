//! The member's own vote: by name, checked before it counts, changed until the vote is closed; and
//! the sheet of a member who counts paper ballots. Rules: BQ-02, BQ-03, P-10, P-11.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::ballot::Choice;
use domain::code::Code;
use domain::id::{BallotId, MeetingId, OrgId};
use domain::refusal::Refusal;
use web::form::Form;
use web::page::{html, html_with, see};

use super::page::{CheckPage, MemberPage};
use super::store::{self, Ballot};
use super::{act, booth, view};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::live::room;
use crate::meeting::store::dossier::for_reader;
use crate::once::Keep;
use crate::shell::{Done, Shell, Under};

type OfBallot = Path<(OrgId, MeetingId, BallotId)>;

/// The page of a vote.
pub async fn page(
    State(app): State<App>,
    actor: Actor,
    Path((_, id, which)): OfBallot,
    Query(done): Query<Done>,
) -> Result<Response, Fault> {
    show(&app, &actor, (id, which), &Form::default(), done.words()).await
}

fn frame(actor: &Actor, title: &str, at: &str, meeting: &str) -> Shell {
    Shell::new(actor, title, Under::Meetings).crumb(at, meeting)
}

async fn show(app: &App, actor: &Actor, (id, which): (MeetingId, BallotId), form: &Form, done: &str) -> Result<Response, Fault> {
    let (reader, library) = (actor.clone(), app.rules.clone());
    let (meeting, one, seq) = app
        .db
        .read(move |tx| {
            let meeting = for_reader(tx, &reader, id)?;
            let ballot = store::get(tx, reader.org, id, which)?;
            let one = booth::one(tx, &reader, &meeting, &ballot, &library)?;
            let seq = if one.open { Some(room::store::last(tx, reader.org, id)?) } else { None };
            Ok::<_, Fault>((meeting, one, seq))
        })
        .await?;
    let at = format!("/cb/{}/buoi/{id}", actor.org);
    let live = seq.map(|seq| room::view::live(actor.org, id, one.href.clone(), seq));
    let mut shell = frame(actor, "Biểu quyết", &at, &meeting.title).room().wrong(form).done(done);
    if live.is_some() {
        shell = shell.live().outbox(Keep::Page);
    }
    let status = if form.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(html_with(status, &MemberPage { shell, live, meeting: at, booths: vec![one] }))
}

/// What the member says: first to be checked, then kept.
pub async fn cast(
    State(app): State<App>,
    actor: Actor,
    Path((org, id, which)): OfBallot,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let choice: Option<Choice> = form.code("chon");
    let (sure, reserved) = (form.ticked("chac"), form.ticked("bao_luu"));
    let at = format!("/cb/{org}/buoi/{id}");
    let hands = actor.clone();
    let done = if sure {
        app.write(&actor, move |tx| {
            let (meeting, choice) = (for_reader(tx, &hands, id)?, chosen(choice)?);
            act::cast(tx, &hands, &meeting, which, (choice, reserved))?;
            Ok::<_, Fault>(None)
        })
        .await
    } else {
        app.db
            .read(move |tx| {
                let meeting = for_reader(tx, &hands, id)?;
                let choice = chosen(choice)?;
                let ballot = act::may_cast(tx, &meeting, which, hands.person, (choice, false))?;
                Ok(Some((ballot, choice, meeting.title)))
            })
            .await
    };
    match done {
        Ok(None) => Ok(see(&format!("{at}/bieu-quyet/{which}?xong=bq"))),
        Ok(Some((ballot, choice, title))) => Ok(html(&check(&actor, &at, &title, &ballot, choice))),
        Err(Fault::Refused(refusal)) => {
            form.problem("", refusal.text());
            show(&app, &actor, (id, which), &form, "").await
        }
        Err(fault) => Err(fault),
    }
}

fn chosen(choice: Option<Choice>) -> Result<Choice, Refusal> {
    choice.ok_or_else(|| Refusal::new("choice", "Hãy chọn tán thành, không tán thành hoặc ý kiến khác."))
}

fn check(actor: &Actor, at: &str, title: &str, ballot: &Ballot, choice: Choice) -> CheckPage {
    CheckPage {
        shell: frame(actor, "Kiểm tra trước khi biểu quyết", at, title),
        base: format!("{at}/bieu-quyet/{}", ballot.id),
        question: ballot.question.clone(),
        subject: ballot.subject.to_string(),
        choice: choice.code(),
        label: choice.label(),
        may_reserve: choice != Choice::Yes,
        name: actor.name.clone(),
    }
}

/// The own sheet of a teller. Who is none reads that, and nothing of the count.
pub async fn sheet(State(app): State<App>, actor: Actor, Path((org, id, which)): OfBallot) -> Result<Response, Fault> {
    let loaded = seen(&app, &actor, (org, id, which)).await?;
    let back = format!("/cb/{org}/buoi/{id}/bieu-quyet/{which}");
    let page = view::sheet(&loaded, &actor, actor.person, Form::default(), &back)?;
    Ok(html(&page))
}

/// A paper ballot as one of its tellers may see it.
async fn seen(app: &App, actor: &Actor, (org, id, which): (OrgId, MeetingId, BallotId)) -> Result<view::Loaded, Fault> {
    let (reader, library) = (actor.clone(), app.rules.clone());
    let loaded = app
        .db
        .read(move |tx| {
            for_reader(tx, &reader, id)?;
            view::load(tx, org, id, which, &library)
        })
        .await?;
    if loaded.tellers.iter().any(|t| t.person == actor.person) {
        return Ok(loaded);
    }
    let text = "Đồng chí không thuộc ban kiểm phiếu của lần biểu quyết này nên không nhập số liệu kiểm phiếu.";
    Err(Refusal::new("no_teller", text).into())
}

/// Keeps the teller's own count.
pub async fn save_sheet(State(app): State<App>, actor: Actor, Path(at): OfBallot, Sent(form): Sent) -> Result<Response, Fault> {
    seen(&app, &actor, at).await?;
    let back = format!("/cb/{}/buoi/{}/bieu-quyet/{}", at.0, at.1, at.2);
    let person = actor.person;
    super::web::keep_sheet(app, actor, at, (person, &back), form).await
}
