//! Opinions prepared before a meeting: a private draft until its writer sends it.
//! Everybody has a page with their own alone. Rules: M9, P-30.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::id::{ItemId, MeetingId, RowId};
use domain::secrecy;
use web::form::Form;
use web::page::{html_with, see};

use super::super::page::OpinionsPage;
use super::super::store::opinions::{self, Opinion, OpinionState, Written};
use super::answers::{must_be_asked, must_be_noticed, opinion_view};
use super::id_of;
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::meeting::store as meetings;
use crate::meeting::store::dossier::{self, Dossier, for_reader};
use crate::shell::{Done, Shell, Under};

#[derive(serde::Deserialize)]
pub(super) struct Asked {
    sua: Option<String>,
}

async fn load(app: &App, actor: &Actor, id: MeetingId) -> Result<(Dossier, Vec<Opinion>), Fault> {
    let (reader, library) = (actor.clone(), app.rules.clone());
    app.db
        .read(move |tx| {
            let meeting = for_reader(tx, &reader, id)?;
            // While a notice is being changed the agenda belongs to who prepares it.
            if meeting.state.is_preparing() && !reader.may(domain::right::Right::MeetingPrepare) {
                must_be_noticed(&meeting)?;
            }
            let d = dossier::load_of(tx, &library, meeting, reader.today())?;
            Ok((d, opinions::own(tx, reader.org, id, reader.person)?))
        })
        .await
}

fn show(actor: &Actor, d: &Dossier, own: &[Opinion], form: Form, done: &str) -> Response {
    let m = &d.meeting;
    let status = if form.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shell = Shell::new(actor, "Ý kiến gửi trước", Under::Meetings)
        .crumb(format!("/cb/{}/buoi/{}", m.org, m.id), m.title.clone())
        .wrong(&form)
        .done(done);
    let asked = d.roster.iter().any(|r| r.person == actor.person && r.standing.is_expected());
    let page = OpinionsPage {
        shell,
        org: m.org,
        meeting: m.id,
        title: m.title.clone(),
        editable: asked && must_be_noticed(m).is_ok(),
        own: own.iter().map(|o| opinion_view(d, o)).collect(),
        // On a state secret nothing is written here.
        items: d.items.iter().filter(|i| !i.secret).map(|i| (i.id.to_string(), i.title.clone())).collect(),
        form,
    };
    html_with(status, &page)
}

/// One's own opinions, with a form for a new one or for the one named.
pub(super) async fn page(
    State(app): State<App>,
    actor: Actor,
    Path((_, meeting)): Path<(String, String)>,
    Query(asked): Query<Asked>,
    Query(done): Query<Done>,
) -> Result<Response, Fault> {
    let (d, own) = load(&app, &actor, id_of(&meeting)?).await?;
    let edited = asked.sua.and_then(|id| id.parse::<RowId>().ok()).and_then(|id| own.iter().find(|o| o.id == id));
    let form = edited.map_or_else(Form::default, |o| {
        let mut form = Form::from_pairs([
            ("id", o.id.to_string()),
            ("version", o.version.to_string()),
            ("muc", o.item.map(|i| i.to_string()).unwrap_or_default()),
            ("y_kien", o.body.clone()),
        ]);
        if o.wants_floor {
            form.set("phat_bieu", "1");
        }
        form
    });
    Ok(show(&actor, &d, &own, form, done.words()))
}

/// Saves a draft or sends it.
pub async fn save(
    State(app): State<App>,
    actor: Actor,
    Path((_, meeting)): Path<(String, String)>,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let id: MeetingId = id_of(&meeting)?;
    let body = form.text("y_kien", 4000);
    if secrecy::marking("", &body).is_some() {
        form.problem("y_kien", "Nội dung mang dấu độ mật không được ghi vào phần mềm.");
    }
    let wants_floor = form.ticked("phat_bieu");
    if body.is_empty() && form.is_fine() {
        form.problem("y_kien", "Hãy viết ý kiến của đồng chí.");
    }
    let new = Written {
        id: form.id("id"),
        version: form.int("version", 0, i64::MAX).unwrap_or(0),
        item: form.id("muc"),
        body,
        state: if form.raw("viec") == "gui" { OpinionState::Sent } else { OpinionState::Draft },
        wants_floor,
    };
    if !form.is_fine() {
        let (d, own) = load(&app, &actor, id).await?;
        return Ok(show(&actor, &d, &own, form, ""));
    }
    let hands = actor.clone();
    let sent = new.state == OpinionState::Sent;
    app.db
        .write(move |tx| {
            let meeting = for_reader(tx, &hands, id)?;
            must_be_asked(tx, &hands, &meeting)?;
            if let Some(item) = new.item {
                may_take(tx, &hands, id, item)?;
            }
            Ok::<_, Fault>(opinions::save(tx, &hands, hands.org, id, &new)?)
        })
        .await?;
    let code = if sent { "tra-loi" } else { "luu" };
    Ok(see(&format!("/cb/{}/buoi/{id}/y-kien?xong={code}", actor.org)))
}

/// An opinion is on an item of this agenda that is no state secret.
fn may_take(tx: &mut db::Tx, actor: &Actor, meeting: MeetingId, item: ItemId) -> Result<(), Fault> {
    let open = meetings::items(tx, actor.org, meeting)?.into_iter().any(|i| i.id == item && !i.secret);
    if open { Ok(()) } else { Err(Fault::NotFound) }
}

/// Takes an opinion of one's own back.
pub async fn remove(
    State(app): State<App>,
    actor: Actor,
    Path((_, meeting, opinion)): Path<(String, String, String)>,
) -> Result<Response, Fault> {
    let (id, opinion): (MeetingId, RowId) = (id_of(&meeting)?, id_of(&opinion)?);
    let hands = actor.clone();
    app.db
        .write(move |tx| {
            must_be_noticed(&for_reader(tx, &hands, id)?)?;
            let own = opinions::own(tx, hands.org, id, hands.person)?;
            if own.iter().all(|o| o.id != opinion) {
                return Err(Fault::NotFound);
            }
            Ok::<_, Fault>(opinions::remove(tx, &hands, hands.org, id, opinion)?)
        })
        .await?;
    Ok(see(&format!("/cb/{}/buoi/{id}/y-kien?xong=luu", actor.org)))
}
