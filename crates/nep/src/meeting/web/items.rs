//! One item of the agenda: who presents it, points to raise, information, files; or, when it is a
//! state secret, nothing but its place in the paper book.
//! Two who edit one item get both texts side by side (P-8). Rules: P-30, BM-02, SM-03.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::agenda::Step;
use domain::id::{ItemId, MeetingId};
use domain::rulepack::Library;
use domain::secrecy;
use web::form::Form;
use web::page::{html_with, see};

use super::super::page::{FileView, ItemPage};
use super::super::secret;
use super::super::store::dossier::Dossier;
use super::super::store::review;
use super::super::store::{self, Item};
use super::super::view::size_words;
use super::id_of;
use super::prepare::{MARKED, hints, load};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::guidance::store::agenda::is_guided;
use crate::shell::{Done, Shell, Under};

fn form_of(item: &Item) -> Form {
    let mut form = Form::from_pairs([
        ("version", item.version.to_string()),
        ("ten", item.title.clone()),
        ("trinh_bay", item.presenter.map(|p| p.to_string()).unwrap_or_default()),
        ("phut", item.minutes.to_string()),
        ("goi_y", item.points.clone()),
        ("thong_tin", item.information.clone()),
        ("so_giay", item.paper_ref.clone().unwrap_or_default()),
    ]);
    if item.secret {
        form.set("mat", "1");
    }
    form
}

/// What a second editor sees of the first one's save.
type Theirs = Option<(String, String)>;

fn show(actor: &Actor, d: &Dossier, (item, guided): (&Item, bool), form: Form, theirs: Theirs, done: &str) -> Response {
    let m = d.meeting.clone();
    let title = item.facts(None, 0).public_title().to_owned();
    let back = format!("/cb/{}/buoi/{}/chuan-bi", actor.org, m.id);
    let status = match (&theirs, form.is_fine()) {
        (Some(_), _) => StatusCode::CONFLICT,
        (None, true) => StatusCode::OK,
        (None, false) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let shell = Shell::new(actor, &title, Under::Meetings)
        .crumb(format!("/cb/{}/buoi/{}", actor.org, m.id), m.title.clone())
        .crumb(back.clone(), "Chuẩn bị")
        .wrong(&form)
        .done(done);
    let files = d.files_of(item.id);
    let page = ItemPage {
        shell,
        item: item.id,
        number: item.position,
        title,
        version: if theirs.is_some() { item.version } else { form.raw("version").parse().unwrap_or(item.version) },
        secret: item.secret,
        guided: guided.then(|| item.information.clone()),
        is_review: item.step == Step::Review,
        hints: hints(d, item.step),
        theirs,
        people: d.choices(),
        files: files
            .into_iter()
            .map(|f| FileView {
                id: f.id,
                name: f.name.clone(),
                size: size_words(f.size),
                by: match d.name(f.confirmed_by) {
                    name if name.is_empty() => "đã".to_owned(),
                    name => format!("đ/c {name}"),
                },
            })
            .collect(),
        back,
        form,
        m,
    };
    html_with(status, &page)
}

/// The item, and whether a committee above wrote it.
async fn found(app: &App, actor: &Actor, meeting: MeetingId, item: ItemId) -> Result<(Dossier, Item, bool), Fault> {
    let d = load(app, actor, meeting).await?;
    let item = d.items.iter().find(|i| i.id == item).cloned().ok_or(Fault::NotFound)?;
    let (org, id) = (actor.org, item.id);
    let guided = app.db.read(move |tx| is_guided(tx, org, id)).await?;
    Ok((d, item, guided))
}

/// The page of an item.
pub async fn page(
    State(app): State<App>,
    actor: Actor,
    Path((_, meeting, item)): Path<(String, String, String)>,
    Query(done): Query<Done>,
) -> Result<Response, Fault> {
    let (meeting, item): (MeetingId, ItemId) = (id_of(&meeting)?, id_of(&item)?);
    let (d, item, guided) = found(&app, &actor, meeting, item).await?;
    store::must_be_preparing(&d.meeting)?;
    let form = form_of(&item);
    Ok(show(&actor, &d, (&item, guided), form, None, done.words()))
}

/// The page again, with the stored texts and the problems of another form on it.
pub(super) async fn show_again(
    app: &App,
    actor: &Actor,
    meeting: MeetingId,
    item: ItemId,
    sent: Form,
) -> Result<Response, Fault> {
    let (d, item, guided) = found(app, actor, meeting, item).await?;
    let mut form = form_of(&item);
    form.problems = sent.problems;
    Ok(show(actor, &d, (&item, guided), form, None, ""))
}

/// The item as the form has it. A secret one keeps nothing but its place on paper, whatever else
/// was typed.
fn asked(form: &mut Form, (old, guided): (&Item, bool), version: i64) -> Item {
    let presenter = form.id("trinh_bay");
    let minutes = form.int("phut", 0, 600).unwrap_or(0);
    let place = form.line("so_giay", 200);
    let kept = Item { presenter, minutes, version, ..old.clone() };
    if guided {
        // What a committee wrote stays; the cell's own stands in the points.
        let points = form.text("goi_y", 8000);
        if secrecy::marking("", &points).is_some() {
            form.problem("goi_y", MARKED);
        }
        return Item { points, ..kept };
    }
    if form.ticked("mat") {
        return Item { secret: true, paper_ref: Some(place), ..kept.wordless() };
    }
    let missing = "Hãy ghi tên nội dung.";
    let was_secret = old.secret;
    let title = if was_secret && form.raw("ten").is_empty() { old.step.to_string() } else { form.required("ten", 300, missing) };
    let (points, information) = (form.text("goi_y", 8000), form.text("thong_tin", 20_000));
    for (field, text) in [("ten", &title), ("goi_y", &points), ("thong_tin", &information)] {
        if secrecy::marking("", text).is_some() {
            form.problem(field, MARKED);
        }
    }
    Item { title, points, information, secret: false, paper_ref: None, ..kept }
}

/// Saves an item.
pub async fn save(
    State(app): State<App>,
    actor: Actor,
    Path((_, meeting, item)): Path<(String, String, String)>,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let (id, item_id): (MeetingId, ItemId) = (id_of(&meeting)?, id_of(&item)?);
    let (d, old, guided) = found(&app, &actor, id, item_id).await?;
    let version = form.int("version", 0, i64::MAX).unwrap_or(0);
    let new = asked(&mut form, (&old, guided), version);
    if !form.is_fine() {
        return Ok(show(&actor, &d, (&old, guided), form, None, ""));
    }
    let (hands, library) = (actor.clone(), app.rules.clone());
    let outcome = app.db.write(move |tx| write(tx, &hands, id, &new, &library)).await;
    match outcome {
        Ok(()) => Ok(see(&format!("/cb/{}/buoi/{id}/muc/{item_id}?xong=luu", actor.org))),
        Err(Fault::Refused(refusal)) => {
            let field = match refusal.field {
                Some("paper_ref") => "so_giay",
                Some("title") => "ten",
                Some("files") => "tep",
                _ => "",
            };
            form.problem(field, refusal.text());
            Ok(show(&actor, &d, (&old, guided), form, None, ""))
        }
        Err(Fault::Conflict) => {
            let (d, now, guided) = found(&app, &actor, id, item_id).await?;
            let theirs = Some((now.points.clone(), now.information.clone()));
            Ok(show(&actor, &d, (&now, guided), form, theirs, ""))
        }
        Err(other) => Err(other),
    }
}

fn write(tx: &mut db::Tx, actor: &Actor, id: MeetingId, new: &Item, library: &Library) -> Result<(), Fault> {
    let org = actor.org;
    let meeting = store::get(tx, org, id)?;
    store::must_be_preparing(&meeting)?;
    let now = store::items(tx, org, id)?.into_iter().find(|i| i.id == new.id).ok_or(Fault::NotFound)?;
    let placed = Item { position: now.position, ..new.clone() };
    if new.secret && !now.secret {
        return secret::make(tx, actor, &meeting, &now, &placed, library);
    }
    let files = store::files::of_meeting(tx, org, id)?.iter().filter(|f| f.item == Some(new.id)).count();
    store::save_item(tx, org, &placed, u32::try_from(files).unwrap_or(u32::MAX))
}

/// Fills the review of the last resolution anew with the tasks still open (SM-03).
pub async fn refill(
    State(app): State<App>,
    actor: Actor,
    Path((_, meeting, item)): Path<(String, String, String)>,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let (id, item_id): (MeetingId, ItemId) = (id_of(&meeting)?, id_of(&item)?);
    let version = form.int("version", 0, i64::MAX).unwrap_or(0);
    let hands = actor.clone();
    app.db
        .write(move |tx| {
            let org = hands.org;
            store::must_be_preparing(&store::get(tx, org, id)?)?;
            let found = store::items(tx, org, id)?.into_iter().find(|i| i.id == item_id && i.step == Step::Review);
            let mut item = found.filter(|i| !i.secret).ok_or(Fault::NotFound)?;
            item.information = review::text(tx, &hands, org)?;
            item.version = version;
            store::save_item(tx, org, &item, 0)
        })
        .await?;
    Ok(see(&format!("/cb/{}/buoi/{id}/muc/{item_id}?xong=luu", actor.org)))
}
