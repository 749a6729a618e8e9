//! Routes of the year: the strip, one kỳ and its plan, the whole year laid out at once.
//! Calls its own store, the stores of organisations and members, and the domain. SH-01 … SH-07, M4.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use db::Tx;
use domain::id::OrgId;
use domain::meeting::MeetingState;
use domain::period::{PeriodKey, PeriodKind, judged_on};
use domain::refusal::Refusal;
use domain::right::Right;
use domain::vi;
use jiff::civil::{Date, Time};
use web::form::Form;
use web::page::{html, html_with, see};
use web::routes::Routes;

use super::page::{PeriodPage, Views, YearPage};
use super::store::{self, Plan};
use super::strip::{Tile, cite};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::member::store as members;
use crate::org::store as orgs;
use crate::score;
use crate::shell::{Done, Shell, Under};

mod layout;

/// Routes of this feature.
pub fn routes() -> Routes<App> {
    Routes::new()
        .get("/cb/{org}/nam", Right::CellRead, this_year)
        .get("/cb/{org}/nam/{year}", Right::CellRead, year_page)
        .get("/cb/{org}/nam/{year}/du-kien", Right::MeetingPrepare, layout::page)
        .post("/cb/{org}/nam/{year}/du-kien", Right::MeetingPrepare, layout::save)
        .get("/cb/{org}/ky/{period}", Right::CellRead, period_page)
        .post("/cb/{org}/ky/{period}", Right::MeetingPrepare, save_plan)
        .post("/cb/{org}/ky/{period}/hoan", Right::MeetingPrepare, postpone)
        .post("/cb/{org}/ky/{period}/ghep", Right::MeetingPrepare, merge)
        .post("/cb/{org}/ky/{period}/bo-hoan", Right::MeetingPrepare, restore)
}

async fn this_year(State(app): State<App>, actor: Actor, Query(done): Query<Done>) -> Result<Response, Fault> {
    let year = actor.today().year();
    show_year(&app, actor, year, done.words()).await
}

async fn year_page(
    State(app): State<App>,
    actor: Actor,
    Path((_, year)): Path<(String, String)>,
    Query(done): Query<Done>,
) -> Result<Response, Fault> {
    let year = year_of(&year)?;
    show_year(&app, actor, year, done.words()).await
}

/// A year as an address names it.
fn year_of(text: &str) -> Result<i16, Fault> {
    text.parse().ok().filter(|y| (1930..=2999).contains(y)).ok_or(Fault::NotFound)
}

/// A kỳ as an address names it.
fn key_of(text: &str) -> Result<PeriodKey, Fault> {
    text.parse().map_err(|_| Fault::NotFound)
}

async fn show_year(app: &App, actor: Actor, year: i16, done: &str) -> Result<Response, Fault> {
    let (org, today, library, reader) = (actor.org, actor.today(), app.rules.clone(), actor.clone());
    let (tiles, cell, rules, scores) = app
        .db
        .read(move |tx| {
            let cell = orgs::get(tx, org, today)?;
            let last = judged_on(year, today);
            let rules = store::rules_through(tx, &cell, &library)?;
            let (tiles, rules) = (store::strip_of(tx, &cell, &rules, year, today)?, rules.at(last));
            let scores = score::year(tx, &reader, year, &rules)?;
            Ok::<_, Fault>((tiles, cell, rules, scores))
        })
        .await?;
    let Views { regular, thematic, figures, summary } = Views::of(&tiles, &rules, today);
    let shell = Shell::new(&actor, &format!("Năm sinh hoạt {year}"), Under::Year).done(done);
    Ok(html(&YearPage {
        shell,
        org,
        year,
        summary,
        may_plan: actor.may(Right::MeetingPrepare),
        year_next: today.year().saturating_add(1),
        figured: actor.may(Right::MeetingPrepare) && year <= today.year(),
        has_duties: !tiles.is_empty(),
        before: year.checked_sub(1).filter(|y| *y >= cell.born_on.year()),
        after: year.checked_add(1).filter(|y| *y <= today.year() + 1),
        regular,
        thematic,
        figures,
        scores,
        born: vi::date(cell.born_on),
        ended: cell.ended_on.map(vi::date).unwrap_or_default(),
    }))
}

/// People to choose from, in the order of names, as (id, name).
fn people(tx: &mut Tx, org: OrgId, on: Date) -> db::Result<Vec<(String, String)>> {
    Ok(members::roster(tx, org, on)?.into_iter().map(|m| (m.person.to_string(), format!("đ/c {}", m.name))).collect())
}

/// Everything a page about one kỳ needs.
struct Known {
    tile: Tile,
    others: Vec<(String, String)>,
    people: Vec<(String, String)>,
    why: Vec<String>,
    presenter: String,
}

fn known(tx: &mut Tx, app: &App, org: OrgId, key: PeriodKey, today: Date) -> Result<Known, Fault> {
    let cell = orgs::get(tx, org, today)?;
    let rules = store::rules_through(tx, &cell, &app.rules)?;
    let tiles = store::strip_of(tx, &cell, &rules, key.year, today)?;
    let others = tiles
        .iter()
        .filter(|t| t.duty.key != key && t.plan.merged_into.is_none() && !t.is_held())
        .filter(|t| may_merge(key.kind, t.duty.key.kind))
        .map(|t| (t.duty.key.to_string(), t.duty.key.name()))
        .collect();
    let tile = tiles.into_iter().find(|t| t.duty.key == key).ok_or(Fault::NotFound)?;
    let rules = rules.at(key.first_day());
    let keys: &[&str] = match key.kind {
        PeriodKind::Regular => &["meeting.regular_per_month", "meeting.regular_day", "meeting.regular_until_day"],
        PeriodKind::Thematic => &["meeting.thematic_per_quarter", "meeting.replaces_thematic"],
    };
    let why = keys.iter().filter_map(|k| rules.figure(k)).map(cite).collect();
    let presenter = match tile.plan.presenter {
        Some(person) => format!("đ/c {}", members::name(tx, person)?),
        None => String::new(),
    };
    Ok(Known { tile, others, people: people(tx, org, today)?, why, presenter })
}

/// The plan as a form.
fn form_of(plan: &Plan) -> Form {
    let text = |o: &Option<String>| o.clone().unwrap_or_default();
    Form::from_pairs([
        ("ngay", plan.planned_at.map(|at| vi::date(at.date())).unwrap_or_default()),
        ("gio", plan.planned_at.map(|at| vi::time_short(at.time())).unwrap_or_default()),
        ("chuyen_de", text(&plan.topic)),
        ("muc_dich", text(&plan.aim)),
        ("cau_hoi", text(&plan.questions)),
        ("trinh_bay", plan.presenter.map(|p| p.to_string()).unwrap_or_default()),
    ])
}

fn facts_of(plan: &Plan, presenter: &str) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    if let Some(at) = plan.planned_at {
        facts.push(("Thời gian", format!("{}, {}", vi::time(at.time()), vi::date_weekday(at.date()))));
    }
    let texts = [("Chuyên đề", &plan.topic), ("Mục đích, yêu cầu", &plan.aim), ("Câu hỏi thảo luận", &plan.questions)];
    facts.extend(texts.into_iter().filter_map(|(name, text)| Some((name, text.clone()?))));
    if !presenter.is_empty() {
        facts.push(("Chuẩn bị, trình bày", presenter.to_owned()));
    }
    facts
}

/// `Kỳ tháng 12` inside a sentence.
fn low(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

fn page(actor: &Actor, known: Known, form: Form, done: &str) -> Response {
    let Known { tile, others, people, why, presenter } = known;
    let key = tile.duty.key;
    let plan = &tile.plan;
    let moved = match (plan.postponed_to, plan.merged_into.as_deref().and_then(|k| k.parse::<PeriodKey>().ok())) {
        (Some(to), _) => format!("Kỳ này hoãn đến {}.", vi::date_weekday(to)),
        (None, Some(into)) => format!("Kỳ này họp chung buổi với {}.", low(&into.name())),
        (None, None) => String::new(),
    };
    let year = format!("/cb/{}/nam/{}", actor.org, key.year);
    let shell = Shell::new(actor, &key.name(), Under::Year).crumb(year, format!("Năm {}", key.year)).wrong(&form).done(done);
    let status = if form.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let day_hint = match (plan.planned_at, tile.duty.due) {
        (Some(at), _) => format!("Đang ghi {}. Ngày quy định và hạn xem ở trên.", vi::date_weekday(at.date())),
        (None, Some(due)) => format!("Ngày quy định là {}", vi::date_weekday(due)),
        (None, None) => format!("Ngày nào trong quý, chậm nhất {}", vi::date(tile.duty.last_day)),
    };
    let begun = |s: MeetingState| !matches!(s, MeetingState::Draft | MeetingState::Noticed);
    html_with(
        status,
        &PeriodPage {
            shell,
            org: actor.org,
            key,
            name: key.name(),
            short: low(&key.short_name()),
            class: tile.class(),
            state: tile.word(actor.today()),
            words: tile.standing.words.clone(),
            meeting: tile.meeting.as_ref().filter(|m| visible(actor, m)).map(|m| (m.id, low(&m.title))),
            open: tile.is_open(),
            may_plan: actor.may(Right::MeetingPrepare),
            editable: tile.meeting.as_ref().is_none_or(|m| !begun(m.state)),
            thematic: key.kind == PeriodKind::Thematic,
            last_day: vi::date(tile.duty.last_day),
            why,
            moved,
            reason: plan.reason.clone().filter(|_| plan.postponed_to.is_some() || plan.merged_into.is_some()).unwrap_or_default(),
            version: plan.version,
            day_hint,
            people,
            targets: others,
            facts: facts_of(plan, &presenter),
            form,
        },
    )
}

fn visible(actor: &Actor, meeting: &crate::meeting::store::Serving) -> bool {
    actor.may(Right::MeetingPrepare) || meeting.noticed_at.is_some() || meeting.opened_at.is_some()
}

async fn load(app: &App, actor: &Actor, key: PeriodKey) -> Result<Known, Fault> {
    let (org, today, app2) = (actor.org, actor.today(), app.clone());
    app.db.read(move |tx| known(tx, &app2, org, key, today)).await
}

async fn period_page(
    State(app): State<App>,
    actor: Actor,
    Path((_, period)): Path<(String, String)>,
    Query(done): Query<Done>,
) -> Result<Response, Fault> {
    let known = load(&app, &actor, key_of(&period)?).await?;
    let form = form_of(&known.tile.plan);
    Ok(page(&actor, known, form, done.words()))
}

/// A change of one plan: what the form asks for is put upon the plan as it stands, and refused
/// where a rule says no. `change` may run again with a fresh plan.
async fn change(
    app: &App,
    actor: Actor,
    period: &str,
    mut form: Form,
    change: impl Fn(&Tile, &mut Plan) -> Result<(), Refusal> + Send + Sync + 'static,
) -> Result<Response, Fault> {
    let key = key_of(period)?;
    let version = form.int("version", 0, i64::MAX).unwrap_or(0);
    if form.is_fine() {
        let (hands, app2) = (actor.clone(), app.clone());
        let done = app
            .db
            .write(move |tx| {
                let tile = known(tx, &app2, hands.org, key, hands.today())?.tile;
                let mut plan = tile.plan.clone();
                if plan.version != version {
                    return Err(Fault::Conflict);
                }
                change(&tile, &mut plan)?;
                Ok(store::save_plan(tx, &hands, hands.org, key, &plan)?)
            })
            .await;
        match done {
            Ok(()) => return Ok(see(&format!("/cb/{}/ky/{key}?xong=luu", actor.org))),
            Err(Fault::Refused(refusal)) => form.problem(refusal.field.unwrap_or(""), refusal.text()),
            Err(other) => return Err(other),
        }
    }
    let known = load(app, &actor, key).await?;
    Ok(page(&actor, known, form, ""))
}

fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// The hour of a meeting when none is given.
pub(crate) const USUAL_HOUR: Time = Time::constant(14, 0, 0, 0);

async fn save_plan(
    State(app): State<App>,
    actor: Actor,
    Path((_, period)): Path<(String, String)>,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let (day, hour) = (form.date("ngay"), form.time("gio"));
    let (topic, aim, questions) = (form.line("chuyen_de", 300), form.text("muc_dich", 2000), form.text("cau_hoi", 4000));
    let presenter = form.id("trinh_bay");
    for (field, text) in [("chuyen_de", &topic), ("muc_dich", &aim), ("cau_hoi", &questions)] {
        if let Some(level) = domain::secrecy::marking("", text) {
            form.problem(field, format!("Nội dung mang dấu độ “{level}” không được ghi vào phần mềm."));
        }
    }
    change(&app, actor, &period, form, move |tile, plan| {
        if let Some(day) = day
            && PeriodKey::of(tile.duty.key.kind, day) != Some(tile.duty.key)
        {
            let text = format!(
                "Ngày {} không thuộc {}. Muốn họp sang kỳ khác, hãy dùng “Hoãn kỳ này”.",
                vi::date(day),
                low(&tile.duty.title)
            );
            return Err(Refusal::new("outside", text).at("ngay"));
        }
        plan.planned_at = day.map(|d| d.to_datetime(hour.unwrap_or(USUAL_HOUR)));
        plan.topic = some(topic.clone());
        plan.aim = some(aim.clone());
        plan.questions = some(questions.clone());
        plan.presenter = presenter;
        Ok(())
    })
    .await
}

async fn postpone(
    State(app): State<App>,
    actor: Actor,
    Path((_, period)): Path<(String, String)>,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let to = form.required_date("hoan_den", "Hãy ghi ngày hoãn đến.");
    let reason = form.required("ly_do_hoan", 500, "Hãy ghi lý do hoãn.");
    let today = actor.today();
    change(&app, actor, &period, form, move |tile, plan| {
        let Some(to) = to.filter(|day| *day > tile.duty.last_day && *day >= today) else {
            let text = format!("Ngày hoãn đến phải sau hạn {} và không ở trong quá khứ.", vi::date(tile.duty.last_day));
            return Err(Refusal::new("too_early", text).at("hoan_den"));
        };
        plan.postponed_to = Some(to);
        plan.merged_into = None;
        plan.reason = some(reason.clone());
        Ok(())
    })
    .await
}

async fn merge(
    State(app): State<App>,
    actor: Actor,
    Path((_, period)): Path<(String, String)>,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let into = form.raw("ghep_vao").parse::<PeriodKey>().ok();
    if into.is_none() {
        form.problem("ghep_vao", "Hãy chọn kỳ họp chung.");
    }
    let reason = form.required("ly_do_ghep", 500, "Hãy ghi lý do ghép.");
    change(&app, actor, &period, form, move |tile, plan| {
        let key = tile.duty.key;
        let other = into.filter(|k| *k != key && k.year == key.year && may_merge(key.kind, k.kind));
        let Some(other) = other else {
            return Err(Refusal::new("merge", "Hãy chọn một kỳ khác trong cùng năm.").at("ghep_vao"));
        };
        if tile.meeting.is_some() {
            return Err(
                Refusal::new("has_meeting", "Kỳ này đã có buổi sinh hoạt. Hãy hủy buổi đó trước khi ghép.").at("ghep_vao")
            );
        }
        plan.merged_into = Some(other.to_string());
        plan.postponed_to = None;
        plan.reason = some(reason.clone());
        Ok(())
    })
    .await
}

/// A regular kỳ never goes into a thematic one (SH-04).
fn may_merge(kind: PeriodKind, into: PeriodKind) -> bool {
    kind == PeriodKind::Thematic || into == PeriodKind::Regular
}

async fn restore(
    State(app): State<App>,
    actor: Actor,
    Path((_, period)): Path<(String, String)>,
    Sent(form): Sent,
) -> Result<Response, Fault> {
    change(&app, actor, &period, form, |_, plan| {
        plan.postponed_to = None;
        plan.merged_into = None;
        plan.reason = None;
        Ok(())
    })
    .await
}
