//! Routes of concerns, for chi ủy; the member's own are in `own`.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::agenda::{Part, Step};
use domain::concern::{ConcernState, Consent, Voice, WordKind};
use domain::id::{MeetingId, OrgId, PersonId, RowId};
use domain::meeting::MeetingState;
use domain::refusal::Refusal;
use domain::right::Right;
use domain::vi;
use web::form::Form;
use web::page::{html_with, see};
use web::routes::Routes;

use super::page::{ConcernPage, ListPage};
use super::{own, store, view};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::meeting::store::make::blank;
use crate::meeting::store::{self as meetings, Item, Meeting, must_be_preparing};
use crate::member::store as members;
use crate::shell::{Done, Shell, Under, done_words};
use crate::year::strip::cite;

/// Routes of this feature.
pub fn routes() -> Routes<App> {
    let (right, leads, own) = (Right::MeetingPrepare, Right::MeetingLead, Right::SignedIn);
    Routes::new()
        .get("/cb/{org}/tam-tu", right, list)
        .post("/cb/{org}/tam-tu", right, add)
        .get("/cb/{org}/tam-tu/{concern}", right, page)
        .post("/cb/{org}/tam-tu/{concern}", right, say)
        .post("/cb/{org}/tam-tu/{concern}/hoi", leads, ask)
        .post("/cb/{org}/tam-tu/{concern}/chuong-trinh", leads, agenda)
        .get("/toi/tam-tu", own, own::list)
        .post("/toi/tam-tu", own, own::add)
        .get("/toi/tam-tu/{concern}", own, own::page)
        .post("/toi/tam-tu/{concern}", own, own::say)
        .post("/toi/tam-tu/{concern}/dong-y", own, own::consent)
}

/// Words of these pages for a code in the address.
pub(super) fn words(code: Option<&str>) -> &'static str {
    match code {
        Some("tt-them") => "Đã ghi. Chỉ đồng chí đó và chi ủy xem được.",
        Some("tt-gui") => "Đã gửi đến chi ủy. Chỉ đồng chí và chi ủy xem được.",
        Some("tt-tra-loi") => "Đã ghi.",
        Some("tt-hoi") => "Đã hỏi ý kiến đồng chí.",
        Some("tt-ct") => "Đã đưa vào chương trình buổi sinh hoạt.",
        Some("tt-dong-y") => "Đã ghi ý kiến của đồng chí.",
        other => done_words(other),
    }
}

async fn list(State(app): State<App>, actor: Actor, Query(done): Query<Done>) -> Result<Response, Fault> {
    show_list(&app, &actor, Form::default(), words(done.xong.as_deref())).await
}

async fn show_list(app: &App, actor: &Actor, form: Form, done: &str) -> Result<Response, Fault> {
    let (org, today) = (actor.org, actor.today());
    let (found, people) = app
        .db
        .read(move |tx| {
            let people: Vec<(String, String)> =
                members::roster(tx, org, today)?.into_iter().map(|m| (m.person.to_string(), format!("đ/c {}", m.name))).collect();
            Ok::<_, Fault>((store::of_cell(tx, org)?, people))
        })
        .await?;
    let base = format!("/cb/{org}/tam-tu");
    let rows =
        |live: bool| found.iter().filter(|c| c.state.is_live() == live).map(|c| view::row(&base, c, today, true)).collect();
    let status = if form.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(html_with(
        status,
        &ListPage {
            shell: Shell::new(actor, "Tâm tư, nguyện vọng", Under::Members).wrong(&form).done(done),
            live: rows(true),
            over: rows(false),
            people,
            cites: app.rules.at(today).figure(view::ANSWER).map(cite).into_iter().collect(),
            base,
            form,
        },
    ))
}

async fn add(State(app): State<App>, actor: Actor, Path(org): Path<OrgId>, Sent(mut form): Sent) -> Result<Response, Fault> {
    let person: Option<PersonId> = form.id("dong_chi");
    if person.is_none() && !form.has_problem("dong_chi") {
        form.problem("dong_chi", "Hãy chọn đồng chí đã nêu.");
    }
    let body = form.text("noi_dung", 4000);
    if body.is_empty() && !form.has_problem("noi_dung") {
        form.problem("noi_dung", "Hãy ghi điều đồng chí đã nêu.");
    }
    let (Some(person), true) = (person, form.is_fine()) else {
        return show_list(&app, &actor, form, "").await;
    };
    let hands = actor.clone();
    let id = app.write(&actor, move |tx| Ok(store::add(tx, &hands, org, person, &body)?)).await?;
    Ok(see(&format!("/cb/{org}/tam-tu/{id}?xong=tt-them")))
}

type Where = Path<(OrgId, RowId)>;

async fn page(State(app): State<App>, actor: Actor, Path((_, id)): Where, Query(done): Query<Done>) -> Result<Response, Fault> {
    show(&app, &actor, id, Form::default(), words(done.xong.as_deref())).await
}

/// Meetings whose agenda may still be changed.
fn open_meetings(tx: &mut db::Tx, actor: &Actor) -> db::Result<Vec<(String, String)>> {
    let found = meetings::upcoming(tx, actor.org, actor.today())?;
    let fits = |m: &&Meeting| m.state == MeetingState::Draft;
    let words = |m: &Meeting| (m.id.to_string(), format!("{}, {}", m.title, vi::date(m.starts_at.date())));
    Ok(found.iter().filter(fits).map(words).collect())
}

async fn show(app: &App, actor: &Actor, id: RowId, form: Form, done: &str) -> Result<Response, Fault> {
    let (org, hands) = (actor.org, actor.clone());
    let (concern, said, meetings) = app
        .db
        .read(move |tx| {
            let concern = store::get(tx, org, id)?;
            let said = store::words(tx, org, id)?;
            let open = concern.state.to_agenda(concern.consent).is_ok() && concern.meeting.is_none();
            let meetings = if open { open_meetings(tx, &hands)? } else { Vec::new() };
            Ok::<_, Fault>((concern, said, meetings))
        })
        .await?;
    let status = if form.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let own = concern.person == actor.person;
    Ok(html_with(
        status,
        &ConcernPage {
            shell: Shell::new(actor, &format!("Điều đồng chí {} nêu", concern.name), Under::Members)
                .crumb(format!("/cb/{org}/tam-tu"), "Tâm tư, nguyện vọng")
                .wrong(&form)
                .done(done),
            base: format!("/cb/{org}/tam-tu/{id}"),
            own,
            chairs: actor.may(Right::MeetingLead),
            may_ask: concern.state.is_live() && concern.consent == Consent::Unasked,
            agreed: concern.consent == Consent::Given,
            meetings,
            c: view::view(&concern, &said, actor.today(), true),
            form,
        },
    ))
}

/// Carries a step out; a refusal comes back on the page at `field`.
async fn attempt(
    app: &App,
    actor: &Actor,
    id: RowId,
    mut form: Form,
    (field, code): (&'static str, &str),
    step: impl FnMut(&mut db::Tx) -> Result<(), Fault> + Send + 'static,
) -> Result<Response, Fault> {
    if !form.is_fine() {
        return show(app, actor, id, form, "").await;
    }
    match app.db.write(step).await {
        Ok(()) => Ok(see(&format!("/cb/{}/tam-tu/{id}?xong={code}", actor.org))),
        Err(Fault::Refused(refusal)) => {
            form.problem(if refusal.field.is_some() { field } else { "" }, refusal.text());
            show(app, actor, id, form, "").await
        }
        Err(other) => Err(other),
    }
}

/// Answers, notes what was done, or closes.
async fn say(State(app): State<App>, actor: Actor, Path((org, id)): Where, Sent(mut form): Sent) -> Result<Response, Fault> {
    let kind = match form.raw("viec") {
        "theo-doi" => WordKind::FollowUp,
        "khep" => WordKind::Closed,
        _ => WordKind::Answer,
    };
    let body = form.text("noi_dung", 4000);
    let version = form.raw("version").parse::<i64>().ok();
    let hands = actor.clone();
    attempt(&app, &actor, id, form, ("noi_dung", "tt-tra-loi"), move |tx| {
        let concern = store::get(tx, org, id)?;
        if version.is_some_and(|v| v != concern.version) {
            return Err(Fault::Conflict);
        }
        if concern.person == hands.person {
            return Err(Refusal::new("own", "Đây là điều chính đồng chí nêu; đồng chí khác trong chi ủy trả lời.").into());
        }
        let state: ConcernState = concern.state.say(kind, Voice::Leader, &body)?;
        Ok(store::say(tx, &hands, &concern, kind, state, &body)?)
    })
    .await
}

/// Asks the member whether it may be put before the cell.
async fn ask(State(app): State<App>, actor: Actor, Path((org, id)): Where, Sent(form): Sent) -> Result<Response, Fault> {
    let hands = actor.clone();
    attempt(&app, &actor, id, form, ("", "tt-hoi"), move |tx| {
        let concern = store::get(tx, org, id)?;
        if !concern.state.is_live() {
            return Err(Refusal::state("hỏi ý kiến", concern.state, "Việc này đã kết thúc.").into());
        }
        Ok(store::set_consent(tx, &hands, &concern, concern.consent.ask()?)?)
    })
    .await
}

/// Puts it on the agenda of a meeting in preparation, under the title the chair gives it.
async fn agenda(State(app): State<App>, actor: Actor, Path((org, id)): Where, Sent(mut form): Sent) -> Result<Response, Fault> {
    let meeting: Option<MeetingId> = form.id("buoi");
    let title = form.required("tieu_de", 200, "Hãy ghi tên mục trong chương trình.");
    if meeting.is_none() && !form.has_problem("buoi") {
        form.problem("buoi", "Hãy chọn buổi sinh hoạt đang chuẩn bị.");
    }
    let hands = actor.clone();
    attempt(&app, &actor, id, form, ("tieu_de", "tt-ct"), move |tx| {
        let concern = store::get(tx, org, id)?;
        concern.state.to_agenda(concern.consent)?;
        if concern.meeting.is_some() {
            return Err(Refusal::new("there", "Việc này đã có trong chương trình.").into());
        }
        let meeting = meetings::get(tx, org, meeting.ok_or(Fault::NotFound)?)?;
        must_be_preparing(&meeting)?;
        let item = Item { minutes: 10, ..blank(Part::Content, Step::Other, title.clone()) };
        let item = meetings::add_item(tx, &hands, org, meeting.id, &item)?;
        Ok(store::set_item(tx, &hands, &concern, meeting.id, item)?)
    })
    .await
}
