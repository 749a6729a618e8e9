//! The calendar feed: a secret link per person, made, renewed and taken away on a page of one's
//! own; read by calendar programs, which sign in nowhere. Times and one title for all. Rules: M8.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use documents::ics::{Event, ics};
use jiff::ToSpan;
use web::page::{html, see};
use web::random::{digest, token};

use super::super::page::CalendarPage;
use super::super::store::calendar::{self, Entry};
use crate::actor::{Actor, local};
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::shell::{Done, Shell, Under};
use domain::code::Code;

/// The one title of every entry: what a meeting is about never leaves the product this way.
const TITLE: &str = "Sinh hoạt chi bộ";

/// How far back the feed reaches, in days, so that a cancelled meeting is seen as such.
const BACK: i64 = 60;

fn show(actor: &Actor, has_link: bool, link: String, done: &str) -> Response {
    let shell = Shell::new(actor, "Lịch sinh hoạt trên điện thoại", Under::Me).crumb("/toi", Under::Me.label()).done(done);
    html(&CalendarPage { shell, has_link, link })
}

/// The page of the link.
pub async fn page(
    State(app): State<App>,
    actor: Actor,
    axum::extract::Query(done): axum::extract::Query<Done>,
) -> Result<Response, Fault> {
    let person = actor.person;
    let has_link = app.db.read(move |tx| calendar::has_link(tx, person)).await?;
    Ok(show(&actor, has_link, String::new(), done.words()))
}

/// Makes a new link (shown this once), or takes the link away.
pub async fn change(State(app): State<App>, actor: Actor, Sent(form): Sent) -> Result<Response, Fault> {
    let person = actor.person;
    if form.raw("viec") != "tao" {
        app.db.write(move |tx| calendar::set_link(tx, person, None)).await?;
        return Ok(see("/toi/lich?xong=luu"));
    }
    let secret = token();
    let hash = digest(&secret);
    app.db.write(move |tx| calendar::set_link(tx, person, Some(&hash))).await?;
    Ok(show(&actor, true, format!("{}/lich/{secret}.ics", app.address), ""))
}

/// The feed itself.
pub async fn feed(State(app): State<App>, Path(link): Path<String>) -> Result<Response, Fault> {
    let secret = link.strip_suffix(".ics").filter(|s| s.len() == 64).ok_or(Fault::NotFound)?;
    let hash = digest(secret);
    let today = local(app.clock.now()).date();
    let from = today.checked_sub(BACK.days()).unwrap_or(today);
    let entries = app
        .db
        .read(move |tx| {
            let Some(person) = calendar::owner(tx, &hash)? else {
                return Err(Fault::NotFound);
            };
            Ok(calendar::entries(tx, person, today, from)?)
        })
        .await?;
    let events: Vec<Event> = entries.iter().map(event).collect();
    let kind = [(header::CONTENT_TYPE, "text/calendar; charset=utf-8")];
    Ok((kind, ics(TITLE, &events)).into_response())
}

fn event(entry: &Entry) -> Event {
    Event {
        uid: format!("{}-{}@nep", entry.org, entry.meeting),
        stamp: entry.changed_at,
        start: entry.starts_at,
        end: entry.ends_at,
        summary: TITLE.to_owned(),
        location: String::new(),
        sequence: u32::try_from(entry.sequence).unwrap_or(u32::MAX),
        cancelled: entry.cancelled,
    }
}
