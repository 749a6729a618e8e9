//! Reading the minutes back to the cell: one section at a time in large letters, next and back by the
//! space bar, and a mark at what is to be mended. Without a script the same as pages.
//! May touch: the text of one meeting's minutes, its marks. Rules: M14, experience.md (28 px), P-8.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::code::Code;
use domain::id::{MeetingId, OrgId};
use domain::meeting::MeetingState;
use domain::minutes::SectionKey;
use domain::right::Right;
use web::page::{html, see};

use super::draft;
use super::editor::{marks_of, to_read_aloud};
use super::page::{ReadBack, SectionView};
use super::store::{self, marks};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::live::desk::parts;
use crate::live::record::must_record;
use crate::meeting::store as meetings;
use crate::shell::{Shell, Under, done_words};

/// Longest passage that is marked.
const PASSAGE_MAX: usize = 2000;

/// Which section is asked for.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Asked {
    phan: Option<String>,
    xong: Option<String>,
}

/// The text in large letters, to be read to the cell: all of it, or the section asked for.
pub async fn page(
    State(app): State<App>,
    actor: Actor,
    Path((org, id)): Path<(OrgId, MeetingId)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let (meeting, rows, marked) = app
        .db
        .read(move |tx| {
            let meeting = meetings::get(tx, org, id)?;
            Ok::<_, Fault>((meeting, draft::text(tx, org, id)?, marks::open(tx, org, id)?))
        })
        .await?;
    let mut sections: Vec<SectionView> =
        to_read_aloud(&rows).into_iter().map(|s| SectionView { marks: marks_of(&marked, &s.code), ..s }).collect();
    let count = sections.len();
    let only = asked.phan.and_then(|n| n.parse::<usize>().ok()).map(|n| n.clamp(1, count.max(1)));
    if let Some(n) = only {
        sections = sections.into_iter().skip(n - 1).take(1).collect();
    }
    let base = format!("/cb/{org}/buoi/{id}");
    Ok(html(&ReadBack {
        shell: Shell::new(&actor, "Đọc lại biên bản", Under::Meetings)
            .crumb(format!("/cb/{org}/buoi"), Under::Meetings.label())
            .crumb(base.clone(), meeting.title.clone())
            .crumb(format!("{base}/bien-ban"), "Biên bản")
            .room()
            .done(done_words(asked.xong.as_deref())),
        parts: parts(&meeting, "doc-lai"),
        script: web::assets::url("scribe.js"),
        title: format!("Biên bản {}", crate::resolution::seal::lower(&meeting.title)),
        first: only.unwrap_or(1),
        only: only.is_some(),
        count,
        sections,
        recording: meeting.state.is_recording(),
        closed: meeting.state == MeetingState::Closed,
        can_lead: actor.may(Right::MeetingLead),
        meeting: base,
    }))
}

/// Marks a passage of a section: the words that were selected, or a paragraph.
pub async fn mark(
    State(app): State<App>,
    actor: Actor,
    Path((org, id, section)): Path<(OrgId, MeetingId, String)>,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let key = SectionKey::from_code(&section).ok_or(Fault::NotFound)?;
    let passage = form.text("doan", PASSAGE_MAX).trim().to_owned();
    if passage.is_empty() && form.is_fine() {
        form.problem("doan", "Hãy bôi đen chỗ cần sửa hoặc chọn một đoạn.");
    }
    if !form.is_fine() {
        return Err(Fault::Invalid(form.problems));
    }
    let hands = actor.clone();
    let at = app
        .write(&actor, move |tx| {
            must_record(&meetings::get(tx, org, id)?)?;
            store::section(tx, org, id, key)?;
            marks::add(tx, &hands, org, id, key, &passage)?;
            let rows = draft::text(tx, org, id)?;
            Ok::<_, Fault>(to_read_aloud(&rows).iter().position(|s| s.code == key.code()).map_or(1, |n| n + 1))
        })
        .await?;
    Ok(see(&format!("/cb/{org}/buoi/{id}/doc-lai?phan={at}&xong=danh-dau#phan-{at}")))
}
