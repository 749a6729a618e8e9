//! Routes of scores: the sheet of a meeting, the cell's own points, a superior's points, the year.
//! Calls its own store and the sections of minutes. Rules: L4, VT-03, VT-04, P-8 (nothing typed is lost).

use std::collections::BTreeMap;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use db::Tx;
use domain::id::{MeetingId, OrgId, PersonId};
use domain::minutes::SectionKey;
use domain::period::judged_on;
use domain::post::Role;
use domain::refusal::Refusal;
use domain::right::Right;
use domain::score::{Case, Entry, Points, ScoreSheet, check_entry, suggest};
use domain::secrecy;
use web::form::Form;
use web::page::{html, html_with, see};
use web::routes::Routes;

use super::kept::Kept;
use super::page::ListPage;
use super::read::{Known, known};
use super::store::{self, NewScore, OWN};
use super::{facts, view, year};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::live::record::must_record;
use crate::live::room::store::{self as room, Topic};
use crate::minutes::draft;
use crate::org::store as orgs;
use crate::shell::{Done, Shell, Under};

type Where = Path<(OrgId, MeetingId)>;

/// Longest reason.
const REASON_MAX: usize = 300;
const MARKED: &str = "Nội dung mang dấu độ mật không được ghi vào phần mềm. Hãy ghi riêng vào sổ giấy theo quy định.";

/// Routes of this feature.
pub fn routes() -> Routes<App> {
    Routes::new()
        .get("/cb/{org}/cham-diem", Right::ScoreRead, this_year)
        .get("/cb/{org}/cham-diem/{year}", Right::ScoreRead, list)
        .get("/cb/{org}/buoi/{meeting}/cham-diem", Right::ScoreRead, page)
        .post("/cb/{org}/buoi/{meeting}/cham-diem", Right::MinutesWrite, save_own)
        .post("/cb/{org}/buoi/{meeting}/cham-diem/cap-tren", Right::ScoreAbove, save_above)
}

async fn page(State(app): State<App>, actor: Actor, Path((_, id)): Where, Query(done): Query<Done>) -> Result<Response, Fault> {
    let known = load(&app, &actor, id).await?;
    Ok(html(&view::page(&actor, &known, None, done.words())))
}

async fn load(app: &App, actor: &Actor, id: MeetingId) -> Result<Known, Fault> {
    let (reader, library) = (actor.clone(), app.rules.clone());
    app.db.read(move |tx| known(tx, &reader, id, &library)).await
}

/// Who fills in the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hand {
    /// The cell.
    Own,
    /// A superior.
    Above,
}

async fn save_own(app: State<App>, actor: Actor, at: Where, form: Sent) -> Result<Response, Fault> {
    save(app, actor, at, form, Hand::Own).await
}

async fn save_above(app: State<App>, actor: Actor, at: Where, form: Sent) -> Result<Response, Fault> {
    save(app, actor, at, form, Hand::Above).await
}

async fn save(
    State(app): State<App>,
    actor: Actor,
    Path((org, id)): Where,
    Sent(mut form): Sent,
    hand: Hand,
) -> Result<Response, Fault> {
    if hand == Hand::Above && !form.ticked("da_du") {
        form.problem("da_du", "Chỉ chấm buổi sinh hoạt đồng chí đã dự. Hãy đánh dấu xác nhận đã dự.");
    }
    let (hands, library, sent) = (actor.clone(), app.rules.clone(), form.clone());
    let done = app
        .write(&actor, move |tx| {
            let mut form = sent.clone();
            let known = known(tx, &hands, id, &library)?;
            keep(tx, &hands, &known, &mut form, hand)?;
            if form.is_fine() { Ok(()) } else { Err(Fault::Invalid(form.problems)) }
        })
        .await;
    match done {
        Ok(()) => return Ok(see(&format!("/cb/{org}/buoi/{id}/cham-diem?xong=cham"))),
        Err(Fault::Invalid(problems)) => form.problems = problems,
        Err(Fault::Refused(refusal)) => form.problem("", refusal.text()),
        Err(Fault::Conflict) => {
            let known = load(&app, &actor, id).await?;
            form.problem(
                "",
                "Một đồng chí khác vừa lưu bảng điểm này. Điểm đồng chí nhập vẫn còn ở dưới; hãy xem chỗ khác nhau rồi lưu lại.",
            );
            let filled = Some((hand, &form));
            return Ok(html_with(StatusCode::CONFLICT, &view::page(&actor, &known, filled, "")));
        }
        Err(fault) => return Err(fault),
    }
    let known = load(&app, &actor, id).await?;
    Ok(html_with(StatusCode::UNPROCESSABLE_ENTITY, &view::page(&actor, &known, Some((hand, &form)), "")))
}

/// Reads the form against the facts of this moment and keeps it, unless something is wrong with it.
fn keep(tx: &mut Tx, actor: &Actor, known: &Known, form: &mut Form, hand: Hand) -> Result<(), Fault> {
    let meeting = known.meeting();
    if hand == Hand::Own {
        must_record(meeting)?;
    }
    let Some((used, facts)) = known.ready() else {
        return Err(Refusal::new("no_sheet", "Buổi sinh hoạt này chưa chấm điểm được.").into());
    };
    let case = facts::case(facts);
    let entries = entries(form, &used.sheet, case);
    for (criterion, max) in used.sheet.leaves(case) {
        let Some(entry) = entries.get(&criterion.id) else { continue };
        if let Err(refusal) = check_entry(max, &suggest(criterion, max, facts), entry) {
            let start = if refusal.field == Some("reason") { "l" } else { "d" };
            form.problem(&field(start, &criterion.id), refusal.text());
        }
    }
    if !form.is_fine() {
        return Ok(());
    }
    let version = form.int("version", 0, i64::MAX).unwrap_or(0);
    let (scorer, title) = match hand {
        Hand::Own => (OWN, String::new()),
        Hand::Above => (actor.person, title(actor)),
    };
    let new = NewScore { scorer, title, kept: Kept::fill(used, case, facts, &entries), version };
    store::save(tx, actor, meeting.org, meeting.id, &new)?;
    if hand == Hand::Own {
        draft::follow(tx, actor, meeting.org, meeting.id, SectionKey::Score)?;
        room::tell(tx, actor.now, meeting.org, meeting.id, Topic::Minutes)?;
    }
    Ok(())
}

/// As what somebody comes from above.
fn title(actor: &Actor) -> String {
    let follows = actor.standpoint.roles_here.contains(&Role::Follower);
    if follows { "Cấp ủy viên theo dõi chi bộ" } else { "Cấp ủy viên cấp trên" }.to_owned()
}

/// The name of a field of a criterion: `d_3_2` for the points, `l_3_2` for the reason.
pub fn field(start: &str, id: &str) -> String {
    format!("{start}_{}", id.replace('.', "_"))
}

/// What the form gives for each criterion; what cannot be read is noted as wrong.
fn entries(form: &mut Form, sheet: &ScoreSheet, case: Case) -> BTreeMap<String, Entry> {
    let mut out = BTreeMap::new();
    for (criterion, _) in sheet.leaves(case) {
        let (points, reason) = (field("d", &criterion.id), field("l", &criterion.id));
        let typed = form.raw(&points).trim().to_owned();
        let given = Points::parse(&typed);
        if given.is_none() && !typed.is_empty() {
            form.problem(&points, "Điểm là một số, có thể lẻ tới hai chữ số, ví dụ 4 hoặc 4,5.");
        }
        let words = form.line(&reason, REASON_MAX);
        if secrecy::marking("", &words).is_some() {
            form.problem(&reason, MARKED);
        }
        out.insert(criterion.id.clone(), Entry { points: given, reason: words });
    }
    out
}

/// The score of a person in a list of scores.
pub fn is_of(scorer: PersonId, hand: Hand, actor: &Actor) -> bool {
    match hand {
        Hand::Own => scorer == OWN,
        Hand::Above => scorer == actor.person,
    }
}

async fn this_year(State(app): State<App>, actor: Actor) -> Result<Response, Fault> {
    let year = actor.today().year();
    show(&app, actor, year).await
}

async fn list(State(app): State<App>, actor: Actor, Path((_, year)): Path<(OrgId, String)>) -> Result<Response, Fault> {
    let year = year.parse().ok().filter(|y| (1930..=2999).contains(y)).ok_or(Fault::NotFound)?;
    show(&app, actor, year).await
}

async fn show(app: &App, actor: Actor, shown: i16) -> Result<Response, Fault> {
    let (org, today, library, reader) = (actor.org, actor.today(), app.rules.clone(), actor.clone());
    let (scores, cell) = app
        .db
        .read(move |tx| {
            let cell = orgs::get(tx, org, today)?;
            let last = judged_on(shown, today);
            let rules = orgs::rules_for(tx, &cell, &library.at(last))?;
            Ok::<_, Fault>((year(tx, &reader, shown, &rules)?, cell))
        })
        .await?;
    Ok(html(&ListPage {
        shell: Shell::new(&actor, &format!("Chất lượng sinh hoạt năm {shown}"), Under::Meetings),
        org: org.to_string(),
        year: shown,
        before: shown.checked_sub(1).filter(|y| *y >= cell.born_on.year()),
        after: shown.checked_add(1).filter(|y| *y <= today.year()),
        scores,
    }))
}
