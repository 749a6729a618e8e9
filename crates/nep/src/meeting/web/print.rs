//! The printed packet: a page that prints well, and the same papers as one PDF.
//! Rules: CB-03, section 5; the profile is that of the meeting's day.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::id::MeetingId;
use domain::notice::draft;
use web::page::{PDF, download, html};

use super::super::export::{Paper, documents, papers};
use super::super::page::PrintPage;
use super::super::store::dossier::{self, Dossier};
use super::id_of;
use crate::actor::{Actor, local};
use crate::app::App;
use crate::fault::Fault;
use crate::notice::store as notices;
use crate::shell::{Shell, Under};

async fn load(app: &App, actor: &Actor, meeting: &str) -> Result<(Dossier, Vec<Paper>), Fault> {
    let id: MeetingId = id_of(meeting)?;
    let (org, today, library) = (actor.org, actor.today(), app.rules.clone());
    app.db
        .read(move |tx| {
            let d = dossier::load(tx, &library, org, id, today)?;
            let last = notices::of_meeting(tx, org, id)?.into_iter().next();
            let papers = match last.filter(|_| !d.meeting.state.is_preparing()) {
                Some(n) => papers(&d, &n.body, local(n.sent_at).date()),
                None => papers(&d, &draft(&d.notice_facts()), today),
            };
            Ok((d, papers))
        })
        .await
}

/// The page.
pub async fn page(State(app): State<App>, actor: Actor, Path((_, meeting)): Path<(String, String)>) -> Result<Response, Fault> {
    let (d, papers) = load(&app, &actor, &meeting).await?;
    let m = d.meeting;
    let shell =
        Shell::new(&actor, "In bộ tài liệu", Under::Meetings).crumb(format!("/cb/{}/buoi/{}", m.org, m.id), m.title.clone());
    Ok(html(&PrintPage { shell, m, papers }))
}

/// The PDF.
pub async fn pdf(State(app): State<App>, actor: Actor, Path((_, meeting)): Path<(String, String)>) -> Result<Response, Fault> {
    let (d, papers) = load(&app, &actor, &meeting).await?;
    let Some(layout) = d.rules.profile() else {
        return Err(Fault::Document("no document profile on the day of the meeting".to_owned()));
    };
    let docs = documents(&papers, layout);
    // Typesetting takes tens of milliseconds of pure work: not on the threads that answer requests.
    let made = tokio::task::spawn_blocking(move || documents::pdf_many(&docs)).await;
    let bytes = made.map_err(|e| Fault::Document(e.to_string()))??;
    let name = format!("bo-tai-lieu-{}.pdf", d.meeting.starts_at.date());
    Ok(download(bytes, PDF, &name))
}
