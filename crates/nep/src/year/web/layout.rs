//! The whole year on one form: a day for every kỳ, a topic for every quarter (CB-06, CB-07).
//! Saves only kỳ that have no meeting yet; each row carries the version it started from.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::id::PersonId;
use domain::period::{PeriodKey, PeriodKind};
use domain::vi;
use jiff::civil::{Date, Time, Weekday};
use web::form::Form;
use web::page::{html_with, see};

use super::super::page::{LayoutPage, PlanRow};
use super::super::store::{self, Plan};
use super::super::strip::{Tile, cite};
use super::{USUAL_HOUR, low, people, some, year_of};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::library::pick::{self, Pick};
use crate::org::store as orgs;
use crate::shell::{Shell, Under};

/// Why a topic is met with the regular meeting of its month (SH-04).
const TOGETHER: &str = "Cùng buổi với kỳ thường kỳ, lần lượt từng phần";

struct Known {
    tiles: Vec<Tile>,
    people: Vec<(String, String)>,
    picks: Vec<(String, String)>,
    rule_day: String,
    why_day: Vec<String>,
}

async fn load(app: &App, actor: &Actor, year: i16) -> Result<Known, Fault> {
    let (org, today, library, hands) = (actor.org, actor.today(), app.rules.clone(), actor.clone());
    app.db
        .read(move |tx| {
            let cell = orgs::get(tx, org, today)?;
            let through = store::rules_through(tx, &cell, &library)?;
            let tiles = store::strip_of(tx, &cell, &through, year, today)?;
            let rules = through.at(today);
            let day = rules.figure("meeting.regular_day");
            Ok(Known {
                tiles: tiles.into_iter().filter(|t| t.meeting.is_none()).collect(),
                people: people(tx, org, today)?,
                picks: pick::choices(tx, &hands, &cell, year)?,
                rule_day: day.map(|f| f.shown()).unwrap_or_default(),
                why_day: ["meeting.regular_day", "meeting.regular_until_day"]
                    .iter()
                    .filter_map(|k| rules.figure(k))
                    .map(cite)
                    .collect(),
            })
        })
        .await
}

fn row(tile: &Tile) -> PlanRow {
    let key = tile.duty.key;
    let hint = match (key.kind, tile.duty.due) {
        (PeriodKind::Regular, Some(due)) if matches!(due.weekday(), Weekday::Saturday | Weekday::Sunday) => format!(
            "Ngày {} là {}. Nếu không họp được, chọn ngày khác đến hết {}.",
            due.day(),
            vi::weekday(due),
            vi::date(tile.duty.last_day)
        ),
        (PeriodKind::Regular, Some(due)) => format!("Ngày quy định là {}", vi::date_weekday(due)),
        _ => format!("Ngày nào trong quý, chậm nhất {}", vi::date(tile.duty.last_day)),
    };
    // The months of the quarter; a regular kỳ chooses no month.
    let months: Vec<u8> =
        (1..=12).filter(|m| PeriodKey::regular(key.year, *m).is_some_and(|month| in_quarter(key, month))).collect();
    let mut modes: Vec<(String, String)> =
        months.iter().map(|m| (format!("thang-{m}"), format!("Cùng buổi thường kỳ tháng {m}"))).collect();
    modes.push(("rieng".to_owned(), "Buổi riêng".to_owned()));
    PlanRow {
        field: format!("n-{key}"),
        label: tile.duty.title.clone(),
        hint,
        version: tile.plan.version,
        topic: format!("t-{key}"),
        presenter: format!("p-{key}"),
        pick: format!("l-{key}"),
        mode: format!("c-{key}"),
        modes,
        key,
    }
}

/// The form as the plans stand; a regular kỳ without one is proposed on the day the rules name.
fn form_of(tiles: &[Tile], today: Date) -> Form {
    let hour = tiles.iter().find_map(|t| t.plan.planned_at).map_or(USUAL_HOUR, |at| at.time());
    let mut form = Form::from_pairs([("gio", vi::time_short(hour))]);
    for tile in tiles {
        let (key, plan) = (tile.duty.key, &tile.plan);
        let proposed = tile.duty.due.filter(|due| *due >= today);
        let day = plan.planned_at.map(|at| at.date()).or(if key.kind == PeriodKind::Regular { proposed } else { None });
        form.set(&format!("n-{key}"), day.map(vi::date).unwrap_or_default());
        if key.kind == PeriodKind::Thematic {
            form.set(&format!("t-{key}"), plan.topic.clone().unwrap_or_default());
            form.set(&format!("p-{key}"), plan.presenter.map(|p| p.to_string()).unwrap_or_default());
            form.set(&format!("c-{key}"), mode_of(plan));
        }
    }
    form
}

fn mode_of(plan: &Plan) -> String {
    let into = plan.merged_into.as_deref().and_then(|k| k.parse::<PeriodKey>().ok());
    match (into, plan.planned_at) {
        (Some(into), _) if into.kind == PeriodKind::Regular => format!("thang-{}", into.number),
        (_, Some(_)) => "rieng".to_owned(),
        _ => String::new(),
    }
}

fn show(actor: &Actor, year: i16, known: Known, form: Form) -> Response {
    let status = if form.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shell = Shell::new(actor, &format!("Dự kiến cả năm {year}"), Under::Year)
        .crumb(format!("/cb/{}/nam/{year}", actor.org), format!("Năm {year}"))
        .wrong(&form);
    let rows = |kind| known.tiles.iter().filter(|t| t.duty.key.kind == kind).map(row).collect();
    html_with(
        status,
        &LayoutPage {
            shell,
            org: actor.org,
            year,
            rule_day: known.rule_day,
            why_day: known.why_day,
            regular: rows(PeriodKind::Regular),
            thematic: rows(PeriodKind::Thematic),
            people: known.people,
            picks: known.picks,
            form,
        },
    )
}

/// The form.
pub async fn page(State(app): State<App>, actor: Actor, Path((_, year)): Path<(String, String)>) -> Result<Response, Fault> {
    let year = year_of(&year)?;
    let known = load(&app, &actor, year).await?;
    let form = form_of(&known.tiles, actor.today());
    Ok(show(&actor, year, known, form))
}

/// What the form says of one kỳ.
#[derive(Clone)]
struct Asked {
    key: PeriodKey,
    version: i64,
    day: Option<Date>,
    hour: Time,
    topic: String,
    presenter: Option<PersonId>,
    mode: String,
    pick: Option<Pick>,
}

fn asked(form: &mut Form, key: PeriodKey, hour: Time) -> Asked {
    let field = format!("n-{key}");
    let day = form.date(&field);
    if let Some(day) = day
        && PeriodKey::of(key.kind, day) != Some(key)
    {
        form.problem(&field, format!("Ngày {} không thuộc {}.", vi::date(day), low(&key.name())));
    }
    let topic = form.line(&format!("t-{key}"), 300);
    if domain::secrecy::marking("", &topic).is_some() {
        form.problem(&format!("t-{key}"), "Nội dung mang dấu độ mật không được ghi vào phần mềm.");
    }
    let mode = form.raw(&format!("c-{key}")).to_owned();
    if mode == "rieng" && day.is_none() && form.is_fine() {
        form.problem(&field, format!("Hãy ghi ngày làm buổi riêng cho {}.", low(&key.short_name())));
    }
    let pick = Pick::parse(form.raw(&format!("l-{key}")));
    let version = form.int(&format!("v-{key}"), 0, i64::MAX).unwrap_or(0);
    Asked { key, version, day, hour, topic, presenter: form.id(&format!("p-{key}")), mode, pick }
}

impl Asked {
    /// The plan with what the form says put upon it.
    fn upon(&self, old: &Plan) -> Plan {
        let mut plan = old.clone();
        let at = |day: Date| day.to_datetime(self.hour);
        if self.key.kind == PeriodKind::Regular {
            plan.planned_at = self.day.map(at);
            return plan;
        }
        plan.topic = some(self.topic.clone());
        plan.presenter = self.presenter;
        let month = self.mode.strip_prefix("thang-").and_then(|m| m.parse().ok());
        let into = month.and_then(|m| PeriodKey::regular(self.key.year, m)).filter(|k| in_quarter(self.key, *k));
        if let Some(into) = into {
            plan.planned_at = None;
            plan.postponed_to = None;
            if plan.merged_into.as_deref() != Some(into.to_string().as_str()) {
                plan.merged_into = Some(into.to_string());
                plan.reason = Some(TOGETHER.to_owned());
            }
        } else {
            plan.planned_at = self.day.map(at);
            if plan.merged_into.take().is_some() {
                plan.reason = None;
            }
        }
        plan
    }
}

fn in_quarter(quarter: PeriodKey, month: PeriodKey) -> bool {
    quarter.first_day() <= month.first_day() && month.end_day() <= quarter.end_day()
}

/// Saves what changed.
pub async fn save(
    State(app): State<App>,
    actor: Actor,
    Path((_, year)): Path<(String, String)>,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let year = year_of(&year)?;
    let known = load(&app, &actor, year).await?;
    let hour = form.time("gio").unwrap_or(USUAL_HOUR);
    let rows: Vec<Asked> = known.tiles.iter().map(|t| asked(&mut form, t.duty.key, hour)).collect();
    if !form.is_fine() {
        return Ok(show(&actor, year, known, form));
    }
    let (hands, library) = (actor.clone(), app.rules.clone());
    let done = app
        .db
        .write(move |tx| {
            let tiles = store::strip(tx, &library, hands.org, year, hands.today())?;
            for row in &rows {
                let Some(tile) = tiles.iter().find(|t| t.duty.key == row.key && t.meeting.is_none()) else {
                    continue;
                };
                let mut plan = row.upon(&tile.plan);
                if plan == tile.plan && row.pick.is_none() {
                    continue;
                }
                if tile.plan.version != row.version {
                    return Err(Fault::Conflict);
                }
                if let Some(pick) = row.pick {
                    plan.topic = plan.topic.filter(|t| Some(t) != tile.plan.topic.as_ref());
                    pick::lay_out(tx, &hands, row.key, pick, &mut plan)?;
                }
                store::save_plan(tx, &hands, hands.org, row.key, &plan)?;
            }
            Ok(())
        })
        .await;
    match done {
        Ok(()) => Ok(see(&format!("/cb/{}/nam/{year}?xong=luu", actor.org))),
        Err(Fault::Refused(refusal)) => {
            form.problem("", refusal.text());
            Ok(show(&actor, year, known, form))
        }
        Err(other) => Err(other),
    }
}
