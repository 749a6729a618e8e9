//! Routes of meetings: the list, making one, the page that shows where it stands; preparing, files
//! and printing stand in files of their own.
//! Calls its own store and those of notices, resolutions and years. Rules: P-10, CB-01 … CB-06.

use std::collections::HashMap;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::code::Code;
use domain::id::MeetingId;
use domain::meeting::{MeetingKind, MeetingState};
use domain::period::{PeriodKey, PeriodState};
use domain::right::Right;
use domain::vi;
use jiff::ToSpan;
use jiff::civil::Date;
use web::form::Form;
use web::page::{html, html_with, see};
use web::routes::Routes;

use super::page::{ListPage, NewPage, Row, other_kinds};
use super::store::dossier::visible;
use super::store::make::{Purpose, make};
use super::store::{self, Meeting};
use super::view::class;
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::org::store::{self as orgs, Org};
use crate::shell::{Done, Shell, Under};
use crate::year::{store as year, strip::percent};

mod files;
mod items;
mod one;
mod prepare;
mod print;

/// Routes of this feature.
pub fn routes() -> Routes<App> {
    Routes::new()
        .get("/cb/{org}/buoi", Right::NoticeRead, list)
        .get("/cb/{org}/buoi/tao", Right::MeetingPrepare, new_page)
        .post("/cb/{org}/buoi/tao", Right::MeetingPrepare, create)
        .get("/cb/{org}/buoi/{meeting}", Right::NoticeRead, one::page)
        .get("/cb/{org}/buoi/{meeting}/chuan-bi", Right::MeetingPrepare, prepare::page)
        .post("/cb/{org}/buoi/{meeting}/chuan-bi", Right::MeetingPrepare, prepare::save_plan)
        .post("/cb/{org}/buoi/{meeting}/chuong-trinh", Right::MeetingPrepare, prepare::save_agenda)
        .post("/cb/{org}/buoi/{meeting}/muc", Right::MeetingPrepare, prepare::add_item)
        .get("/cb/{org}/buoi/{meeting}/muc/{item}", Right::MeetingPrepare, items::page)
        .post("/cb/{org}/buoi/{meeting}/muc/{item}", Right::MeetingPrepare, items::save)
        .post("/cb/{org}/buoi/{meeting}/muc/{item}/kiem-diem", Right::MeetingPrepare, items::refill)
        .post("/cb/{org}/buoi/{meeting}/muc/{item}/tep", Right::MeetingPrepare, files::upload)
        .post("/cb/{org}/buoi/{meeting}/tep/{file}/bo", Right::MeetingPrepare, files::remove)
        .get("/cb/{org}/tep/{file}", Right::NoticeRead, files::download)
        .get("/cb/{org}/buoi/{meeting}/in", Right::MeetingPrepare, print::page)
        .get("/cb/{org}/buoi/{meeting}/in/pdf", Right::MeetingPrepare, print::pdf)
}

/// A meeting as an address names it.
fn id_of<K>(text: &str) -> Result<domain::id::Id<K>, Fault> {
    text.parse().map_err(|_| Fault::NotFound)
}

/// `14 giờ 00, thứ Năm 03/12/2026`.
fn when(meeting: &Meeting) -> String {
    format!("{}, {}", vi::time(meeting.starts_at.time()), vi::date_weekday(meeting.starts_at.date()))
}

/// A kỳ that waits for a meeting.
struct Open {
    key: PeriodKey,
    name: String,
    words: String,
}

/// Kỳ without a meeting that are under way or begin within six weeks, the nearest first, and behind
/// them those just missed.
fn open_periods(tx: &mut db::Tx, app: &App, cell: &Org, today: Date) -> db::Result<Vec<Open>> {
    let horizon = today.checked_add(42.days()).unwrap_or(today);
    let rules = year::rules_through(tx, cell, &app.rules)?;
    let years = today.year() - 1..=today.year() + 1;
    let mut open = Vec::new();
    for tile in year::strips(tx, cell, &rules, years, HashMap::new(), today)? {
        // A kỳ of a past year that was missed is history, except one just behind us.
        let recent = tile.duty.last_day.checked_add(60.days()).is_ok_and(|d| d >= today);
        let late = tile.standing.state == PeriodState::Overdue && recent;
        if tile.is_open() && (late || (tile.duty.last_day >= today && tile.duty.opens <= horizon)) {
            open.push((late, tile.duty.last_day, tile.duty.key, tile.standing.words.clone()));
        }
    }
    open.sort();
    Ok(open.into_iter().map(|(_, _, key, words)| Open { key, name: key.name(), words }).collect())
}

#[derive(serde::Deserialize)]
struct Asked {
    nam: Option<String>,
    tim: Option<String>,
}

async fn list(
    State(app): State<App>,
    actor: Actor,
    Query(asked): Query<Asked>,
    Query(done): Query<Done>,
) -> Result<Response, Fault> {
    let today = actor.today();
    let shown: i16 =
        asked.nam.as_deref().and_then(|y| y.parse().ok()).filter(|y| (1930..=2999).contains(y)).unwrap_or(today.year());
    let (reader, app2) = (actor.clone(), app.clone());
    let (meetings, attendance, open, born) = app
        .db
        .read(move |tx| {
            let org = reader.org;
            let first = Date::new(shown, 1, 1).unwrap_or(today);
            let next = Date::new(shown + 1, 1, 1).unwrap_or(today);
            let meetings = store::between(tx, org, first, next)?;
            let attendance = store::attendance_of_year(tx, org, shown)?;
            let cell = orgs::get(tx, org, today)?;
            let open = if reader.may(Right::MeetingPrepare) { open_periods(tx, &app2, &cell, today)? } else { Vec::new() };
            Ok::<_, Fault>((meetings, attendance, open, cell.born_on))
        })
        .await?;
    let search = vi::clean_line(asked.tim.as_deref().unwrap_or_default()).unwrap_or_default();
    let words: Vec<String> = vi::fold(&search).split_whitespace().map(str::to_owned).collect();
    let rows = meetings
        .iter()
        .rev()
        .filter(|m| visible(&actor, m))
        .filter(|m| words.iter().all(|w| vi::fold(&m.title).contains(w)))
        .map(|m| Row {
            id: m.id,
            title: m.title.clone(),
            when: when(m),
            class: class(m.state),
            state: m.state.label(),
            attendance: attendance.get(&m.id).map_or_else(|| "–".to_owned(), |(there, of)| percent(*there, *of)),
        })
        .collect();
    Ok(html(&ListPage {
        shell: Shell::new(&actor, &format!("Buổi sinh hoạt năm {shown}"), Under::Meetings).done(done.words()),
        org: actor.org,
        year: shown,
        search,
        may_prepare: actor.may(Right::MeetingPrepare),
        open: open.into_iter().take(2).map(|o| (o.key.to_string(), low(&o.name))).collect(),
        rows,
        before: Some(shown - 1).filter(|y| *y >= born.year()),
        after: Some(shown + 1).filter(|y| *y <= today.year() + 1),
    }))
}

/// The first letter small, inside a sentence.
fn low(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

async fn choose(app: &App, actor: Actor, form: Form) -> Result<Response, Fault> {
    let (org, today, app2) = (actor.org, actor.today(), app.clone());
    let open = app
        .db
        .read(move |tx| {
            let cell = orgs::get(tx, org, today)?;
            open_periods(tx, &app2, &cell, today)
        })
        .await
        .map_err(Fault::from)?;
    let status = if form.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shell = Shell::new(&actor, "Chuẩn bị buổi sinh hoạt", Under::Meetings)
        .crumb(format!("/cb/{org}/buoi"), Under::Meetings.label())
        .wrong(&form);
    let open = open.into_iter().map(|o| (o.key.to_string(), o.name, o.words)).collect();
    Ok(html_with(status, &NewPage { shell, form, org, open, kinds: other_kinds() }))
}

async fn new_page(State(app): State<App>, actor: Actor) -> Result<Response, Fault> {
    choose(&app, actor, Form::from_pairs([("gio", "14:00")])).await
}

async fn create(State(app): State<App>, actor: Actor, Sent(mut form): Sent) -> Result<Response, Fault> {
    let purpose = match form.raw("ky").to_owned() {
        key if !key.is_empty() => Some(Purpose::Period(key.parse().map_err(|_| Fault::NotFound)?)),
        _ => outside(&mut form, actor.today()),
    };
    let Some(purpose) = purpose.filter(|_| form.is_fine()) else {
        return choose(&app, actor, form).await;
    };
    let (hands, library) = (actor.clone(), app.rules.clone());
    let id: MeetingId = app.db.write(move |tx| make(tx, &hands, &library, hands.org, purpose)).await?;
    Ok(see(&format!("/cb/{}/buoi/{id}/chuan-bi?xong=tao", actor.org)))
}

/// A meeting outside the kỳ, as the form asks for it.
fn outside(form: &mut Form, today: Date) -> Option<Purpose> {
    let kind: Option<MeetingKind> = form.code("loai");
    if kind.is_none() && form.is_fine() {
        form.problem("loai", "Hãy chọn loại buổi.");
    }
    if kind.is_some_and(MeetingKind::serves_period) {
        form.problem("loai", "Buổi thường kỳ, chuyên đề được chuẩn bị từ kỳ của nó ở phần trên.");
    }
    let day = form.required_date("ngay", "Hãy ghi ngày, ví dụ 01/12/2026.");
    if day.is_some_and(|d| d < today) {
        form.problem("ngay", "Ngày này đã qua. Hãy chọn ngày từ hôm nay trở đi.");
    }
    let hour = form.time("gio");
    if hour.is_none() && form.problem_of("gio").is_empty() {
        form.problem("gio", "Hãy ghi giờ bắt đầu, ví dụ 14:00.");
    }
    Some(Purpose::Other(kind?, day?.to_datetime(hour?)))
}

/// Whether the meeting can still be told of as one to come.
fn ahead(state: MeetingState) -> bool {
    matches!(state, MeetingState::Draft | MeetingState::Noticed)
}
