//! A member's own case: the facts first, an objection to each, the notice when there is one.
//! Whoever it is not about gets 404. Rules: L7, P-26, ahead.md 6.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::absence::{CaseState, Claim};
use domain::id::{MeetingId, RowId};
use domain::refusal::Refusal;
use domain::rulepack::Rules;
use domain::vi;
use web::form::Form;
use web::page::{html_with, see};

use super::act::{self, Whole};
use super::notice::Snapshot;
use super::page::OwnPage;
use super::web::{paper, words};
use super::{store, view};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::ledger::store as ledger;
use crate::org::store as orgs;
use crate::shell::{Done, Shell, Under};

/// A member's own case as it is shown.
struct Read {
    whole: Whole,
    rules: Rules,
    cell: String,
    text: String,
}

async fn read(app: &App, actor: &Actor, case: RowId) -> Result<Read, Fault> {
    let (person, today, library) = (actor.person, actor.today(), app.rules.clone());
    app.db
        .read(move |tx| {
            let case = store::own(tx, person, case)?;
            let cell = orgs::get(tx, case.org, today)?;
            let rules = orgs::rules_for(tx, &cell, &library.at(today))?;
            let whole = Whole::of(tx, &rules, case)?;
            let text = match whole.case.issued {
                Some(issued) => {
                    let content = ledger::get(tx, whole.case.org, issued)?.content;
                    Snapshot::from_json(&content).map(|s| s.text).unwrap_or_default()
                }
                None => String::new(),
            };
            Ok::<_, Fault>(Read { whole, rules, cell: cell.name, text })
        })
        .await
}

/// The page; the first reading is noted.
///
/// # Errors
/// `NotFound` for anybody else; database faults.
pub async fn page(
    State(app): State<App>,
    actor: Actor,
    Path(case): Path<RowId>,
    Query(done): Query<Done>,
) -> Result<Response, Fault> {
    let found = read(&app, &actor, case).await?;
    if found.whole.case.seen_at.is_none() {
        let (case, now) = (found.whole.case.clone(), actor.now);
        app.db.write(move |tx| Ok::<_, Fault>(store::seen_by_member(tx, &case, now)?)).await?;
    }
    Ok(show(&actor, found, Form::default(), words(done.xong.as_deref())))
}

fn show(actor: &Actor, read: Read, form: Form, done: &str) -> Response {
    let Read { whole, rules, cell, text } = read;
    let (case, today) = (&whole.case, actor.today());
    // Who is no longer in the cell sees the facts, not the cell's papers.
    let reads = actor.places.iter().any(|p| p.org == case.org && p.membership.is_some());
    let open = case.state == CaseState::Hearing && case.hear_until >= today;
    let shell = Shell::new(actor, &format!("Việc dự sinh hoạt năm {}", case.year), Under::Me)
        .crumb("/toi", Under::Me.to_string())
        .wrong(&form)
        .done(done);
    let status = if form.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let draft = case.state == CaseState::Drafted;
    html_with(
        status,
        &OwnPage {
            base: format!("/toi/xet-vang/{}", case.id),
            // A draft is chi ủy's alone: for the member the case is still being looked at.
            state: if draft {
                ("wait", "Chi ủy đang xem xét".to_owned())
            } else {
                (view::class(case.state), case.state.to_string())
            },
            sub: view::sum(&whole),
            year: case.year(),
            facts: view::facts(&whole, reads),
            sum: view::sum(&whole),
            cites: view::cites(&rules),
            open,
            content: case.content_at.is_some(),
            until: vi::date(case.hear_until),
            notice: text,
            paper: case.issued.is_some(),
            closed: case.reason.clone().unwrap_or_default(),
            cell,
            form,
            shell,
        },
    )
}

/// The member objects, or has nothing to object.
///
/// # Errors
/// `NotFound` for anybody else; `Conflict`; database faults.
pub async fn say(State(app): State<App>, actor: Actor, Path(case): Path<RowId>, Sent(mut form): Sent) -> Result<Response, Fault> {
    let nothing = form.raw("viec") == "khong";
    let meeting: Option<MeetingId> = form.id("buoi");
    let field = meeting.map(|m| format!("noi_dung_{m}")).unwrap_or_default();
    let claim: Option<Claim> = form.code("y_kien");
    let text = if nothing || meeting.is_none() { String::new() } else { form.text(&field, 1000) };
    if !nothing && (meeting.is_none() || claim.is_none()) {
        form.problem("", "Hãy chọn buổi sinh hoạt và điều đồng chí muốn nêu.");
    }
    let found = read(&app, &actor, case).await?;
    if !form.is_fine() {
        return Ok(show(&actor, found, form, ""));
    }
    let (hands, library) = (actor.clone(), app.rules.clone());
    let org = found.whole.case.org;
    let done = app
        .db
        .write(move |tx| {
            let today = hands.today();
            let cell = orgs::get(tx, org, today)?;
            let rules = orgs::rules_for(tx, &cell, &library.at(today))?;
            let case = store::own(tx, hands.person, case)?;
            let whole = Whole::of(tx, &rules, case)?;
            match (nothing, meeting, claim) {
                (false, Some(meeting), Some(claim)) => act::object(tx, &hands, &whole, meeting, claim, &text),
                _ => act::content(tx, &hands, &whole),
            }
        })
        .await;
    match done {
        Ok(()) => Ok(see(&format!("/toi/xet-vang/{case}?xong={}", if nothing { "xv-khong" } else { "xv-y-kien" }))),
        Err(Fault::Refused(refusal)) => {
            form.problem("", refusal.text());
            Ok(show(&actor, found, form, ""))
        }
        Err(other) => Err(other),
    }
}

/// The confirmed notice as a paper; a draft is not the member's to see.
///
/// # Errors
/// `NotFound` for anybody else; a refusal before it is confirmed; database faults.
pub async fn pdf(State(app): State<App>, actor: Actor, Path(case): Path<RowId>) -> Result<Response, Fault> {
    let found = read(&app, &actor, case).await?;
    if found.whole.case.issued.is_none() {
        return Err(Refusal::new("no_notice", "Chưa có thông báo nào được xác nhận để in.").into());
    }
    paper(&app, &actor, found.whole).await
}
