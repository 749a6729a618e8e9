//! Routes of self check-in: opening and closing it, its code on a big screen, a member's own code.
//! May touch: forms, one database call, one page. Rules: MD-01, MD-02, P-10.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use db::Tx;
use domain::checkin::{DIGITS, Own, taken, typed, wrong};
use domain::code::Code;
use domain::id::{MeetingId, OrgId};
use domain::meeting::MeetingState;
use domain::refusal::Refusal;
use domain::right::Right;
use domain::rulepack::Library;
use web::form::Form;
use web::page::{html, html_with, see};
use web::routes::Routes;

use super::page::{OwnPage, OwnView, Screen};
use super::{code, store, view};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::live::desk::attendance_words;
use crate::live::record;
use crate::live::room::store::{Topic, room, tell};
use crate::live::room::view as rooms;
use crate::live::store::{self as live, Line, entry};
use crate::meeting::store::dossier::for_reader;
use crate::meeting::store::{self as meetings, Meeting};
use crate::shell::{Shell, Under};

type Where = Path<(OrgId, MeetingId)>;

/// Routes of this part.
pub fn routes() -> Routes<App> {
    Routes::new()
        .get("/cb/{org}/buoi/{meeting}/ma-diem-danh", Right::MinutesWrite, screen)
        .post("/cb/{org}/buoi/{meeting}/ma-diem-danh", Right::MinutesWrite, switch)
        .get("/cb/{org}/buoi/{meeting}/tu-diem-danh", Right::CellRead, own)
        .post("/cb/{org}/buoi/{meeting}/tu-diem-danh", Right::CellRead, check_in)
}

/// The code on a big screen, with nothing personal beside it.
async fn screen(State(app): State<App>, actor: Actor, Path((org, id)): Where) -> Result<Response, Fault> {
    let (library, now) = (app.rules.clone(), actor.now);
    let (meeting, seq, panel, tally) = app
        .db
        .read(move |tx| {
            let (meeting, room) = (meetings::get(tx, org, id)?, room(tx, org, id)?);
            let lines = live::roll(tx, org, id)?;
            let rules = record::rules_on(tx, org, meeting.starts_at.date(), &library)?;
            let panel = view::panel(tx, &meeting, &room, &lines, &rules, now)?;
            let facts: Vec<_> = lines.iter().map(Line::facts).collect();
            Ok::<_, db::Error>((meeting, room.seq, panel, domain::roll::tally(&facts)))
        })
        .await?;
    let at = format!("/cb/{org}/buoi/{id}");
    Ok(html(&Screen {
        shell: Shell::new(&actor, "Mã điểm danh", Under::Meetings).live(),
        live: rooms::live(org, id, format!("{at}/ma-diem-danh"), seq),
        cell: actor.org_name.clone(),
        title: meeting.title.clone(),
        roll: format!("{at}/diem-danh"),
        state: meeting.state.label(),
        tally: if panel.is_some() { attendance_words(&tally) } else { String::new() },
        panel,
    }))
}

/// Opens or closes self check-in.
async fn switch(State(app): State<App>, actor: Actor, Path((org, id)): Where, Sent(form): Sent) -> Result<Response, Fault> {
    let (what, hands) = (form.raw("viec").to_owned(), actor.clone());
    app.write(&actor, move |tx| {
        let meeting = meetings::get(tx, org, id)?;
        match what.as_str() {
            "mo" => {
                must_run(&meeting)?;
                store::open(tx, &hands, org, id)
            }
            "dong" => store::close(tx, &hands, org, id),
            _ => Ok(()),
        }
    })
    .await?;
    Ok(see(&format!("/cb/{org}/buoi/{id}/ma-diem-danh")))
}

fn must_run(meeting: &Meeting) -> Result<(), Refusal> {
    if meeting.state == MeetingState::Open {
        return Ok(());
    }
    Err(Refusal::state("mở tự điểm danh", meeting.state, "Tự điểm danh chỉ dùng khi buổi sinh hoạt đang diễn ra."))
}

const NOT_LISTED: &str =
    "Đồng chí không có trong danh sách của buổi sinh hoạt này nên không tự điểm danh được. Đồng chí báo thư ký.";

/// The own line of a member.
fn own_line(tx: &mut Tx, actor: &Actor, meeting: &Meeting) -> Result<Line, Fault> {
    let line = live::line_of(tx, meeting.org, meeting.id, actor.person)?;
    line.ok_or_else(|| Refusal::new("not_listed", NOT_LISTED).into())
}

/// A member's own check-in as a page of its own; a code that was wrong comes back here.
async fn own(State(app): State<App>, actor: Actor, Path((_, id)): Where) -> Result<Response, Fault> {
    show(&app, &actor, id, Form::default()).await
}

async fn show(app: &App, actor: &Actor, id: MeetingId, form: Form) -> Result<Response, Fault> {
    let (reader, library) = (actor.clone(), app.rules.clone());
    let (meeting, own) = app
        .db
        .read(move |tx| {
            let meeting = for_reader(tx, &reader, id)?;
            let on = room(tx, reader.org, id)?.code_since.is_some();
            let Some(line) = live::line_of(tx, reader.org, id, reader.person)? else {
                let own = OwnView { kind: "note", words: NOT_LISTED.to_owned(), ..OwnView::default() };
                return Ok::<_, Fault>((meeting, own));
            };
            let (stands, _) = view::stands(tx, &meeting, on, &line, &library)?;
            let own = view::own_view(&meeting, &line, stands);
            Ok((meeting, own))
        })
        .await?;
    let at = format!("/cb/{}/buoi/{id}", actor.org);
    let shell = Shell::new(actor, "Tự điểm danh", Under::Meetings).crumb(&at, &meeting.title).room().wrong(&form);
    let status = if form.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(html_with(status, &OwnPage { shell, form, own, meeting: at }))
}

/// What became of a code.
enum Outcome {
    Kept,
    Wrong(u32),
}

/// Keeps a member's own check-in when the code is right. A wrong one is counted, and the page says how
/// many are left.
async fn check_in(State(app): State<App>, actor: Actor, Path((org, id)): Where, Sent(mut form): Sent) -> Result<Response, Fault> {
    let (hands, library, said) = (actor.clone(), app.rules.clone(), form.raw("ma_so").to_owned());
    let done = app.write(&actor, move |tx| judge(tx, &hands, id, &said, &library)).await;
    match done {
        Ok(Outcome::Kept) => return Ok(see(&format!("/cb/{org}/buoi/{id}#tu-diem-danh"))),
        // A code is new every minute: the field comes back empty.
        Ok(Outcome::Wrong(left)) => {
            form = Form::default();
            form.problem(if left > 0 { "ma_so" } else { "" }, wrong(left));
        }
        Err(Fault::Refused(refusal)) => form.problem(if refusal.field.is_some() { "ma_so" } else { "" }, refusal.text()),
        Err(fault) => return Err(fault),
    }
    show(&app, &actor, id, form).await
}

fn judge(tx: &mut Tx, actor: &Actor, id: MeetingId, said: &str, library: &Library) -> Result<Outcome, Fault> {
    let meeting = for_reader(tx, actor, id)?;
    let org = meeting.org;
    let line = own_line(tx, actor, &meeting)?;
    let running = store::running(tx, org, id)?;
    let (stands, figures) = view::stands(tx, &meeting, running.is_some(), &line, library)?;
    if !stands.may()? {
        return Ok(Outcome::Kept);
    }
    let (Some(running), Own::Open(left)) = (running, stands) else { return Err(Fault::Conflict) };
    let Some(said) = typed(said) else {
        let text = format!("Mã điểm danh có {DIGITS} chữ số. Đồng chí xem trên màn hình của chủ trì rồi nhập lại.");
        return Err(Refusal::new("no_code", text).at("ma_so").into());
    };
    // Every code that is taken is compared, so that time tells nothing of them.
    let mut right = false;
    for window in taken(running.since, actor.now, &figures) {
        right |= web::random::same(&code::of(&running.secret, id, window), &said);
    }
    if right {
        entry::arrive(tx, actor, org, id, &line)?;
        tell(tx, actor.now, org, id, Topic::Roll)?;
        return Ok(Outcome::Kept);
    }
    entry::miss(tx, org, id, actor.person)?;
    if left == 1 {
        // The roll shows whom the secretary has to mark.
        tell(tx, actor.now, org, id, Topic::Roll)?;
    }
    Ok(Outcome::Wrong(left - 1))
}
