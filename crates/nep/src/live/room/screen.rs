//! The projector: item, clock, the last result. Nothing personal, no way to anywhere.
//! May touch: the room and the votes of one meeting. Rules: section 2.3, P-14.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::code::Code;
use domain::id::{MeetingId, OrgId};
use domain::meeting::MeetingState;
use domain::vote::{Subject, line};
use web::page::html;

use super::page::{Result as Outcome, Screen};
use super::stream::follows;
use super::view;
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::live::store::{self as live, Vote};
use crate::meeting::store as meetings;
use crate::shell::Shell;

/// The page.
pub async fn page(State(app): State<App>, actor: Actor, Path((org, id)): Path<(OrgId, MeetingId)>) -> Result<Response, Fault> {
    let (meeting, items, votes, facts) = app
        .db
        .read(move |tx| {
            let meeting = meetings::get(tx, org, id)?;
            let (items, votes) = (meetings::items(tx, org, id)?, live::votes(tx, org, id)?);
            Ok::<_, db::Error>((meeting, items, votes, view::facts(tx, org, id)?))
        })
        .await?;
    if !follows(&actor, &meeting) {
        return Err(Fault::NotFound);
    }
    let item = items.iter().find(|i| Some(i.id) == facts.room.item);
    let vote = votes.iter().rev().find(|v| v.item.is_some() && v.item == facts.room.item).or_else(|| votes.last());
    let running = meeting.state == MeetingState::Open;
    Ok(html(&Screen {
        shell: Shell::public("Màn chiếu").live(),
        live: view::live(org, id, format!("/cb/{org}/buoi/{id}/man-chieu"), facts.room.seq),
        cell: actor.org_name.clone(),
        title: meeting.title.clone(),
        running,
        words: if running { "Sắp vào chương trình.".to_owned() } else { meeting.state.to_string() },
        position: item.map_or(0, |i| i.position),
        count: items.len(),
        item: item.map(|i| i.facts(None, 0).public_title().to_owned()).unwrap_or_default(),
        clock: item.map(|i| view::item_clock(&facts.clock(i.id), i.minutes, actor.now)).unwrap_or_default(),
        vote: vote.and_then(result),
    }))
}

/// A vote about a person is named by its kind alone; what the others are about, everybody may read.
fn result(vote: &Vote) -> Option<Outcome> {
    let question = match vote.subject {
        Subject::Admit | Subject::Official | Subject::StrikeOff | Subject::Discipline => vote.subject.label().to_owned(),
        _ => vote.question.clone(),
    };
    let outcome = vote.outcome().ok()?;
    let said = line(vote.count(), &outcome);
    let mut letters = said.chars();
    let first: String = letters.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    Some(Outcome { question, line: format!("{first}{}", letters.as_str()), passed: vote.passed })
}
