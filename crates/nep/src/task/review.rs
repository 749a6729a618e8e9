//! What is late: for the secretary before the meeting, so that each has its cause, and at the meeting,
//! where the chair gives more time with one press. May touch tasks. Rules: SM-03, ahead.md 10.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::id::OrgId;
use domain::right::Right;
use jiff::ToSpan;
use web::page::html;

use super::list::{self, Names, Origins};
use super::page::{Late, ReviewPage, Row};
use super::store::{self, Task};
use super::web::words;
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::shell::{Done, Shell, Under};

/// For how many days what was done late still asks for its cause.
const DAYS: i64 = 120;

fn late(task: &Task, names: &Names, origins: &Origins, actor: &Actor) -> Late {
    let row = list::row(task, names, actor.today());
    let asked = task.state.is_live() && task.proposed.is_some_and(|day| day >= actor.today());
    Late {
        agree: if asked && actor.may(Right::MeetingLead) { format!("{}/dong-y-han", row.href) } else { String::new() },
        row: Row { why: origins.title(task), ..row },
        note: task.cause_note.clone().unwrap_or_default(),
    }
}

/// The page.
///
/// # Errors
/// Database faults.
pub async fn page(
    State(app): State<App>,
    actor: Actor,
    Path(org): Path<OrgId>,
    Query(done): Query<Done>,
) -> Result<Response, Fault> {
    let today = actor.today();
    let since = today.checked_sub(DAYS.days()).unwrap_or(today);
    let (found, names, origins) = app
        .db
        .read(move |tx| {
            let found = store::follow::late(tx, org, today, since)?;
            let (names, origins) = (store::names(tx, &found)?, Origins::of(tx, org, &found)?);
            Ok::<_, Fault>((found, names, origins))
        })
        .await?;
    let (lacking, said): (Vec<&Task>, Vec<&Task>) = found.iter().partition(|t| t.facts(String::new()).lacks_cause(today));
    let lines = |tasks: Vec<&Task>| tasks.into_iter().map(|t| late(t, &names, &origins, &actor)).collect();
    // What was done late and is explained is told by the agenda and adds up by cause; nothing is left to do about it.
    let open = said.into_iter().filter(|t| t.state.is_live() && t.cause.is_some()).collect();
    Ok(html(&ReviewPage {
        shell: Shell::new(&actor, "Nhiệm vụ chậm", Under::Tasks)
            .crumb(format!("/cb/{org}/nhiem-vu"), Under::Tasks.to_string())
            .done(words(done.xong.as_deref())),
        org: org.to_string(),
        unexplained: lines(lacking),
        explained: lines(open),
        chair: actor.may(Right::MeetingLead),
    }))
}
