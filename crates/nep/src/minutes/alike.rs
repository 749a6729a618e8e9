//! This meeting's minutes beside those of the last meeting of its kind, where they look alike: help for
//! those who write them, told to nobody else. May touch: the minutes of both. Rules: ahead.md 16, SN-02.

use axum::extract::{Path, State};
use axum::response::Response;
use db::Tx;
use domain::id::{MeetingId, OrgId};
use domain::minutes::SectionKey;
use domain::repeat::{Alike, Part, alike};
use domain::rulepack::Library;
use domain::vi;
use jiff::civil::Date;
use web::page::html;

use super::draft;
use super::page::{AlikePage, AlikeSection};
use super::store::{Row, earlier};
use crate::actor::Actor;
use crate::advice::page::shown;
use crate::app::App;
use crate::fault::Fault;
use crate::live::desk::parts;
use crate::meeting::store::{self as meetings, Item, Meeting};
use crate::shell::{Shell, Under};

/// What looks like the minutes of the last meeting.
#[derive(Debug, Default)]
pub struct Look {
    /// The day of that meeting; none when there was none.
    pub day: Option<Date>,
    /// Sections that look alike.
    pub sections: Vec<Alike>,
}

/// Compares what people wrote in a meeting's minutes with the last minutes of its kind.
///
/// # Errors
/// `NotFound`; database faults.
pub fn look(
    tx: &mut Tx,
    meeting: &Meeting,
    items: &[Item],
    rows: &[(SectionKey, Row)],
    library: &Library,
) -> Result<Look, Fault> {
    let Some((last, began)) = earlier::last_before(tx, meeting)? else {
        return Ok(Look::default());
    };
    let was = written(&draft::text(tx, meeting.org, last)?, &meetings::items(tx, meeting.org, last)?);
    let sections = alike(&written(rows, items), &was, &library.at(meeting.starts_at.date()));
    Ok(Look { day: Some(began.date()), sections })
}

/// Sections whose words people think of; numbers, lists and formulas are made from the record. A secret
/// item says nothing here (P-30).
fn written(rows: &[(SectionKey, Row)], items: &[Item]) -> Vec<Part> {
    let said = |key: &SectionKey| match key {
        SectionKey::Item(id) => items.iter().any(|i| i.id == *id && !i.secret),
        SectionKey::Conclusion => true,
        SectionKey::Opening
        | SectionKey::Attendance
        | SectionKey::Agenda
        | SectionKey::Votes
        | SectionKey::Assignments
        | SectionKey::Score
        | SectionKey::Closing => false,
    };
    rows.iter().filter(|(k, _)| said(k)).map(|(_, r)| Part { title: r.title.clone(), text: r.body.clone() }).collect()
}

/// What is alike, in a sentence.
pub fn sentence(alike: &Alike, day: Date) -> String {
    format!("Phần “{}” giống biên bản tháng {} khoảng {} %.", alike.title, day.month(), alike.percent)
}

/// The address of the comparison.
pub fn address(org: OrgId, meeting: MeetingId) -> String {
    format!("/cb/{org}/buoi/{meeting}/so-sanh-bien-ban")
}

/// Both minutes side by side, section by section.
pub async fn page(State(app): State<App>, actor: Actor, Path((org, id)): Path<(OrgId, MeetingId)>) -> Result<Response, Fault> {
    let library = app.rules.clone();
    let (meeting, found) = app
        .db
        .read(move |tx| {
            let meeting = meetings::get(tx, org, id)?;
            let (items, rows) = (meetings::items(tx, org, id)?, draft::text(tx, org, id)?);
            let found = look(tx, &meeting, &items, &rows, &library)?;
            Ok::<_, Fault>((meeting, found))
        })
        .await?;
    let base = format!("/cb/{org}/buoi/{id}");
    let day = found.day.unwrap_or(meeting.starts_at.date());
    let section = |a: &Alike| AlikeSection {
        text: sentence(a, day),
        earlier_title: a.earlier_title.clone(),
        title: a.title.clone(),
        earlier: shown(&a.earlier),
        now: shown(&a.now),
    };
    Ok(html(&AlikePage {
        shell: Shell::new(&actor, "So với biên bản kỳ trước", Under::Meetings)
            .crumb(format!("/cb/{org}/buoi"), Under::Meetings.to_string())
            .crumb(base.clone(), meeting.title.clone()),
        parts: parts(&meeting, "bien-ban"),
        earlier: found.day.map(vi::date).unwrap_or_default(),
        sections: found.sections.iter().map(section).collect(),
        base,
    }))
}
