//! Routes of notes, for chi ủy; the member's own are in `own`.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::code::Code;
use domain::id::{ItemId, MeetingId, OrgId, PersonId, RowId};
use domain::note::{Draft, Hand, NoteKind};
use domain::right::Right;
use domain::vi;
use jiff::ToSpan;
use web::form::Form;
use web::page::{html, html_with, see};
use web::routes::Routes;

use super::page::{ListPage, NewPage, NotePage};
use super::store::{self, Note, Said};
use super::{own, view};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::meeting::store as meetings;
use crate::member::store as members;
use crate::shell::{Done, Shell, Under, done_words};

/// Routes of this feature.
pub fn routes() -> Routes<App> {
    let right = Right::MeetingPrepare;
    Routes::new()
        .get("/cb/{org}/ghi-nhan", right, list)
        .post("/cb/{org}/ghi-nhan", right, add)
        .get("/cb/{org}/ghi-nhan/moi", right, new)
        .get("/cb/{org}/ghi-nhan/{note}", right, page)
        .post("/cb/{org}/ghi-nhan/{note}/da-khac-phuc", right, remedied)
        .post("/cb/{org}/ghi-nhan/{note}/chua-xong", right, reopen)
        .post("/cb/{org}/ghi-nhan/{note}/rut", right, withdraw)
        .get("/toi/ghi-nhan/{note}", Right::SignedIn, own::page)
        .post("/toi/ghi-nhan/{note}/y-kien", Right::SignedIn, own::answer)
        .post("/toi/ghi-nhan/{note}/da-khac-phuc", Right::SignedIn, own::remedied)
}

/// Words of these pages for a code in the address.
pub(super) fn words(code: Option<&str>) -> &'static str {
    match code {
        Some("gn-them") => "Đã ghi. Chi ủy và đồng chí được nêu tên xem được.",
        Some("gn-xong") => "Đã ghi việc khắc phục.",
        Some("gn-chua") => "Đã đề nghị khắc phục tiếp.",
        Some("gn-rut") => "Đã rút ghi nhận; đồng chí được nêu tên thấy là đã rút.",
        Some("gn-y-kien") => "Đã ghi ý kiến của đồng chí.",
        other => done_words(other),
    }
}

async fn list(State(app): State<App>, actor: Actor, Query(done): Query<Done>) -> Result<Response, Fault> {
    let (org, today) = (actor.org, actor.today());
    let from = today.checked_sub(2.years()).unwrap_or(today);
    let notes = app.db.read(move |tx| store::of_cell(tx, org, from)).await?;
    let base = format!("/cb/{org}/ghi-nhan");
    let (open, rest): (Vec<&Note>, Vec<&Note>) = notes.iter().partition(|n| n.state == domain::note::NoteState::Open);
    let rows = |list: Vec<&Note>| list.into_iter().map(|n| view::row(&base, n, today, true)).collect();
    Ok(html(&ListPage {
        shell: Shell::new(&actor, "Biểu dương, góp ý, phê bình", Under::Members).done(words(done.xong.as_deref())),
        open: rows(open),
        rest: rows(rest),
        base: base.clone(),
    }))
}

/// Where a new note is said.
#[derive(Debug, Default, serde::Deserialize)]
struct At {
    buoi: Option<MeetingId>,
    muc: Option<ItemId>,
}

async fn new(State(app): State<App>, actor: Actor, Query(at): Query<At>) -> Result<Response, Fault> {
    let mut form = Form::default();
    for (name, value) in [("buoi", at.buoi.map(|m| m.to_string())), ("muc", at.muc.map(|m| m.to_string()))] {
        if let Some(value) = value {
            form.set(name, value);
        }
    }
    form_page(&app, &actor, form).await
}

async fn form_page(app: &App, actor: &Actor, mut form: Form) -> Result<Response, Fault> {
    let (org, today) = (actor.org, actor.today());
    let asked = form.raw("buoi").parse::<MeetingId>().ok();
    let (people, meeting) = app
        .db
        .read(move |tx| {
            let people: Vec<(String, String)> =
                members::roster(tx, org, today)?.into_iter().map(|m| (m.person.to_string(), format!("đ/c {}", m.name))).collect();
            let meeting = asked.map(|m| meetings::get(tx, org, m)).transpose()?;
            Ok::<_, Fault>((people, meeting))
        })
        .await?;
    let sent = form.pairs().any(|(k, _)| k == "noi_dung");
    if !sent {
        form.set("ngay", vi::date(meeting.as_ref().map_or(today, |m| m.starts_at.date()).min(today)));
    }
    let status = if form.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(html_with(
        status,
        &NewPage {
            shell: Shell::new(actor, "Ghi biểu dương, góp ý", Under::Members)
                .crumb(format!("/cb/{org}/ghi-nhan"), "Biểu dương, góp ý, phê bình")
                .wrong(&form),
            base: format!("/cb/{org}/ghi-nhan"),
            kinds: NoteKind::ALL.iter().map(|k| (k.code().to_owned(), k.to_string())).collect(),
            people,
            meeting: meeting.map(|m| (format!("/cb/{org}/buoi/{}", m.id), m.title)),
            form,
        },
    ))
}

async fn add(State(app): State<App>, actor: Actor, Path(org): Path<OrgId>, Sent(mut form): Sent) -> Result<Response, Fault> {
    let person: Option<PersonId> = form.id("dong_chi");
    let kind: Option<NoteKind> = form.code("loai");
    if person.is_none() && !form.has_problem("dong_chi") {
        form.problem("dong_chi", "Hãy chọn đồng chí.");
    }
    if kind.is_none() && !form.has_problem("loai") {
        form.problem("loai", "Hãy chọn biểu dương hoặc góp ý.");
    }
    let meeting: Option<MeetingId> = form.id("buoi");
    let item: Option<ItemId> = form.id("muc");
    let draft = Draft {
        kind: kind.unwrap_or(NoteKind::Praise),
        body: form.text("noi_dung", 2000),
        remedy: form.text("khac_phuc", 1000),
        deadline: form.date("thoi_han"),
        on: form.date("ngay").unwrap_or_else(|| actor.today()),
    };
    let begun = draft.begin(actor.today());
    if let Err(refusal) = &begun
        && form.is_fine()
    {
        form.problem(refusal.field.unwrap_or_default(), refusal.text());
    }
    let (Some(person), Ok(state), true) = (person, begun, form.is_fine()) else {
        return form_page(&app, &actor, form).await;
    };
    let hands = actor.clone();
    let note = app
        .write(&actor, move |tx| {
            if let Some(meeting) = meeting {
                meetings::get(tx, org, meeting)?;
                let ours = meetings::items(tx, org, meeting)?;
                if item.is_some_and(|i| ours.iter().all(|o| o.id != i)) {
                    return Err(Fault::NotFound);
                }
            }
            let at = (meeting, item.filter(|_| meeting.is_some()));
            Ok(store::add(tx, &hands, org, person, &draft, state, at)?)
        })
        .await?;
    Ok(see(&format!("/cb/{org}/ghi-nhan/{note}?xong=gn-them")))
}

type Where = Path<(OrgId, RowId)>;

async fn page(State(app): State<App>, actor: Actor, Path((_, note)): Where, Query(done): Query<Done>) -> Result<Response, Fault> {
    show(&app, &actor, note, Form::default(), words(done.xong.as_deref())).await
}

async fn show(app: &App, actor: &Actor, note: RowId, form: Form, done: &str) -> Result<Response, Fault> {
    let (org, today) = (actor.org, actor.today());
    let (note, by) = app
        .db
        .read(move |tx| {
            let note = store::get(tx, org, note)?;
            let by = note.done_by.map(|p| members::name(tx, p)).transpose()?.unwrap_or_default();
            Ok::<_, Fault>((note, by))
        })
        .await?;
    let status = if form.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let base = format!("/cb/{org}/ghi-nhan");
    Ok(html_with(
        status,
        &NotePage {
            shell: Shell::new(actor, &format!("{}: đồng chí {}", note.kind, note.name), Under::Members)
                .crumb(base.clone(), "Biểu dương, góp ý, phê bình")
                .wrong(&form)
                .done(done),
            base: format!("{base}/{}", note.id),
            own: false,
            leads: note.person != actor.person,
            note: view::view(&note, today, &by),
            form,
        },
    ))
}

/// A step of chi ủy.
#[derive(Debug, Clone, Copy)]
enum Wish {
    Done,
    Reopen,
    Withdraw,
}

async fn attempt(
    app: &App,
    actor: Actor,
    (org, id): (OrgId, RowId),
    mut form: Form,
    wish: Wish,
    (field, code): (&'static str, &str),
) -> Result<Response, Fault> {
    let words = form.text(field, 1000);
    let version = form.raw("version").parse::<i64>().ok();
    if !form.is_fine() {
        return show(app, &actor, id, form, "").await;
    }
    let hands = actor.clone();
    let done = app
        .db
        .write(move |tx| {
            let note = store::get(tx, org, id)?;
            if version.is_some_and(|v| v != note.version) {
                return Err(Fault::Conflict);
            }
            let hand = Hand { person: hands.person, leads: true };
            let (state, said) = match wish {
                Wish::Done => (note.state.remedied(note.person, &hand, &words)?, Said::Done(words.clone())),
                Wish::Reopen => (note.state.reopen(note.person, &hand, &words)?, Said::Reason(words.clone())),
                Wish::Withdraw => (note.state.withdraw(note.person, &hand, &words)?, Said::Reason(words.clone())),
            };
            Ok(store::save(tx, &hands, &note, state, &said)?)
        })
        .await;
    match done {
        Ok(()) => Ok(see(&format!("/cb/{org}/ghi-nhan/{id}?xong={code}"))),
        Err(Fault::Refused(refusal)) => {
            form.problem(if refusal.field.is_some() { field } else { "" }, refusal.text());
            show(app, &actor, id, form, "").await
        }
        Err(other) => Err(other),
    }
}

async fn remedied(State(app): State<App>, actor: Actor, Path(at): Where, Sent(form): Sent) -> Result<Response, Fault> {
    attempt(&app, actor, at, form, Wish::Done, ("da_lam", "gn-xong")).await
}

async fn reopen(State(app): State<App>, actor: Actor, Path(at): Where, Sent(form): Sent) -> Result<Response, Fault> {
    attempt(&app, actor, at, form, Wish::Reopen, ("con_lai", "gn-chua")).await
}

async fn withdraw(State(app): State<App>, actor: Actor, Path(at): Where, Sent(form): Sent) -> Result<Response, Fault> {
    attempt(&app, actor, at, form, Wish::Withdraw, ("ly_do_rut", "gn-rut")).await
}
