//! The words recorded as a member's, on that member's own page: agreed, or how they would put it.
//! May touch: what was said of the wording, never the words. Rules: DD-05, P-8, P-30.

use axum::extract::{Path, State};
use axum::response::Response;
use db::Tx;
use domain::id::{MeetingId, OrgId, RowId};
use domain::refusal::Refusal;
use domain::secrecy;
use web::page::see;
use web::random::digest;

use super::scribe::changed_meanwhile;
use super::store::words::{self, Wording};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::live::record::must_record;
use crate::live::room::store::{self as room, Topic};
use crate::live::store as live;
use crate::meeting::store::dossier::for_reader;
use crate::meeting::store::{Item, Meeting};

/// Longest proposal.
const NOTE_MAX: usize = 1000;

/// One recorded contribution as its speaker sees it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Own {
    /// Identifier.
    pub id: String,
    /// Heading of the item.
    pub item: String,
    /// The words.
    pub summary: String,
    /// Mark of the words, so that what is agreed to is what was read.
    pub mark: String,
    /// What was said of them, in words; empty while nothing was.
    pub said: String,
    /// State class of that.
    pub class: &'static str,
}

/// The mark of a wording.
fn mark(summary: &str) -> String {
    digest(summary).chars().take(16).collect()
}

/// The words recorded as the actor's, while something may still be said of them.
///
/// # Errors
/// Database faults only.
pub fn own(tx: &mut Tx, actor: &Actor, meeting: &Meeting, items: &[Item]) -> db::Result<Vec<Own>> {
    if !meeting.state.is_recording() {
        return Ok(Vec::new());
    }
    let mine = words::of(tx, meeting.org, meeting.id, actor.person)?;
    let written = mine.iter().filter(|w| !w.summary.trim().is_empty());
    let open = |w: &Wording| items.iter().find(|i| i.id == w.item && !i.secret).map(|i| i.title.clone());
    Ok(written.filter_map(|w| Some(shown(w, open(w)?))).collect())
}

fn shown(w: &Wording, item: String) -> Own {
    let (said, class) = match (w.agrees, w.is_present()) {
        (Some(true), true) => ("Đồng chí đã xác nhận đúng ý.".to_owned(), "done"),
        (Some(false), true) => (format!("Đồng chí đã đề nghị sửa: {}", w.note.clone().unwrap_or_default()), "wait"),
        (Some(_), false) => ("Thư ký đã sửa lời ghi; đồng chí xem lại.".to_owned(), "due"),
        (None, _) => (String::new(), ""),
    };
    Own { id: w.id.to_string(), item, summary: w.summary.clone(), mark: mark(&w.summary), said, class }
}

/// Keeps what a member says of the words recorded as theirs.
pub async fn say(
    State(app): State<App>,
    actor: Actor,
    Path((org, id, contribution)): Path<(OrgId, MeetingId, RowId)>,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let agrees = form.raw("viec") == "dung";
    let note = form.text("de_nghi", NOTE_MAX);
    if !agrees && note.trim().is_empty() && form.is_fine() {
        form.problem("de_nghi", "Hãy ghi đồng chí đề nghị sửa thế nào.");
    }
    if secrecy::marking("", &note).is_some() {
        form.problem("de_nghi", "Nội dung mang dấu độ mật không được ghi vào phần mềm.");
    }
    if !form.is_fine() {
        return Err(Fault::Invalid(form.problems));
    }
    let read = form.raw("ban").to_owned();
    let hands = actor.clone();
    app.write(&actor, move |tx| {
        let meeting = for_reader(tx, &hands, id)?;
        let mine = words::of(tx, org, id, hands.person)?;
        let Some(word) = mine.into_iter().find(|w| w.id == contribution) else {
            let there = live::contributions(tx, org, id)?.iter().any(|c| c.id == contribution);
            return Err(if there { not_yours().into() } else { Fault::NotFound });
        };
        must_record(&meeting).map_err(|_| too_late())?;
        if mark(&word.summary) != read {
            return Err(changed_meanwhile().into());
        }
        let note = if agrees { "" } else { note.trim() };
        words::say(tx, &hands, org, id, contribution, (agrees, note, &word.summary))?;
        Ok::<_, Fault>(room::tell(tx, hands.now, org, id, Topic::Minutes)?)
    })
    .await?;
    Ok(see(&format!("/cb/{org}/buoi/{id}?xong=loi-ghi#loi-ghi")))
}

fn not_yours() -> Refusal {
    Refusal::new("words_of_another", "Chỉ đồng chí đã phát biểu mới xác nhận được lời ghi của mình.")
}

fn too_late() -> Refusal {
    Refusal::new(
        "words_adopted",
        "Biên bản đã được thông qua nên lời ghi không đổi được nữa. Nếu còn sai, đồng chí đề nghị bí thư lập bản đính chính.",
    )
}
