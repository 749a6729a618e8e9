//! Preparing a meeting: its time, place and people, and the agenda as one table.
//! Advice never blocks; every save carries the versions it started from (P-8).
//! Rules: CB-01, CB-02, section 2.3, SH-04 … SH-06, P-30.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::agenda::{self, Part, Step};
use domain::code::Code;
use domain::id::{ItemId, MeetingId};
use domain::meeting::length_advice;
use domain::secrecy;
use domain::vi;
use jiff::civil::{Date, Time, Weekday};
use web::form::Form;
use web::page::{html_with, see};

use super::super::page::{EditItem, PreparePage};
use super::super::store::dossier::{self, Dossier};
use super::super::store::make::{blank, title};
use super::super::store::order::{Way, move_item, place_after};
use super::super::store::{self, Item, Plan};
use super::super::view::{by_words, class};
use super::{id_of, when};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::guidance::view::{self as guidance, Guided};
use crate::shell::{Done, Shell, Under};
use crate::task::store as tasks;

/// What is said where a mark of secrecy is found in a text.
pub(super) const MARKED: &str = "Nội dung mang dấu độ mật không được ghi vào phần mềm. Hãy ghi riêng vào sổ giấy theo quy định.";

pub(super) async fn load(app: &App, actor: &Actor, id: MeetingId) -> Result<Dossier, Fault> {
    let (org, today, library) = (actor.org, actor.today(), app.rules.clone());
    Ok(app.db.read(move |tx| dossier::load(tx, &library, org, id, today)).await?)
}

fn form_of(d: &Dossier) -> Form {
    let m = &d.meeting;
    let id = |p: Option<domain::id::PersonId>| p.map(|p| p.to_string()).unwrap_or_default();
    Form::from_pairs([
        ("version", m.version.to_string()),
        ("ngay", vi::date(m.starts_at.date())),
        ("gio", vi::time_short(m.starts_at.time())),
        ("ket_thuc", vi::time_short(m.ends_at.time())),
        ("noi", m.place.clone()),
        ("chu_tri", id(m.chair)),
        ("thu_ky", id(m.secretary)),
        ("chuyen_de", m.topic.clone().unwrap_or_default()),
        ("chi_uy_hop", m.committee_met_on.map(vi::date).unwrap_or_default()),
        ("buoc", Step::Other.code().to_owned()),
        ("phut", "10".to_owned()),
    ])
}

/// The page for preparing.
pub async fn page(
    State(app): State<App>,
    actor: Actor,
    Path((_, meeting)): Path<(String, String)>,
    Query(done): Query<Done>,
) -> Result<Response, Fault> {
    let d = load(&app, &actor, id_of(&meeting)?).await?;
    let form = form_of(&d);
    show(&app, &actor, &d, form, done.words()).await
}

/// The hints of the prescribed order for a step.
pub(super) fn hints(d: &Dossier, step: Step) -> Vec<String> {
    let template = d.rules.agenda(d.meeting.kind.code());
    template.and_then(|t| t.steps.iter().find(|s| s.step == step)).map(|s| s.hints.clone()).unwrap_or_default()
}

fn edit_item(d: &Dossier, item: &Item, form: &Form, above: &Guided) -> EditItem {
    let public = item.facts(None, 0).public_title().to_owned();
    let typed = |name: &str, stored: String| {
        let field = format!("{name}-{}", item.id);
        if form.pairs().any(|(k, _)| k == field) { form.raw(&field).to_owned() } else { stored }
    };
    let files = d.files_of(item.id).len();
    let mut said: Vec<String> = above.items.get(&item.id).map(|from| format!("{from} định hướng")).into_iter().collect();
    if above.stale.contains(&item.id) {
        said.push("cấp trên đã thay bằng nội dung khác: bỏ mục này rồi đưa nội dung mới vào".to_owned());
    }
    if item.secret {
        said.push(format!("Nội dung mật, ghi tại {}", item.paper_ref.clone().unwrap_or_default()));
    }
    if !item.points.trim().is_empty() {
        said.push(format!("{} gợi ý thảo luận", item.points.trim().lines().count()));
    }
    if item.step == Step::Review && !item.information.trim().is_empty() {
        said.extend(item.information.trim().lines().next().map(str::to_owned));
    } else if !item.information.trim().is_empty() {
        said.push(format!("{} dòng thông tin", item.information.trim().lines().count()));
    }
    if files > 0 {
        said.push(format!("{files} tài liệu"));
    }
    let problem = ["t", "p", "m"].iter().map(|f| form.problem_of(&format!("{f}-{}", item.id))).find(|p| !p.is_empty());
    EditItem {
        id: item.id,
        title: public,
        typed: typed("t", item.title.clone()),
        presenter: typed("p", item.presenter.map(|p| p.to_string()).unwrap_or_default()),
        minutes: typed("m", item.minutes.to_string()),
        version: item.version,
        guided: above.items.contains_key(&item.id),
        secret: item.secret,
        paper: item.paper_ref.clone().unwrap_or_default(),
        by: by_words(&d.name_of(item.presenter), item.minutes),
        said: said.join("; "),
        bad: problem.is_some(),
        problem: problem.unwrap_or_default().to_owned(),
    }
}

fn advice(d: &Dossier, live: usize) -> Vec<(String, &'static str)> {
    let figures = d.lengths();
    let kind = d.meeting.kind;
    let planned = d.planned_minutes().and_then(|n| length_advice(kind, n, &figures));
    let live = u32::try_from(live).unwrap_or(u32::MAX);
    let mut out: Vec<(String, &'static str)> = Vec::new();
    for a in planned.into_iter().chain(agenda::advice(kind, &d.agenda(), live, &figures)) {
        if !out.iter().any(|o| o.0 == a.text) {
            out.push((a.text, a.rule));
        }
    }
    out
}

fn why(d: &Dossier) -> Vec<String> {
    let mut out = Vec::new();
    if let Some(t) = d.rules.agenda(d.meeting.kind.code()) {
        out.push(format!("{}: {} bước. Theo {} ({}, {}).", t.title, t.steps.len(), t.source.name, t.rule, t.confidence));
    }
    for key in ["meeting.min_minutes.regular", "meeting.min_minutes.thematic", "meeting.min_minutes.combined"] {
        let serves = match key {
            "meeting.min_minutes.combined" => d.meeting.kind.serves_regular() && d.meeting.kind.serves_thematic(),
            "meeting.min_minutes.thematic" => d.meeting.kind.serves_thematic() && !d.meeting.kind.serves_regular(),
            _ => d.meeting.kind.serves_regular() && !d.meeting.kind.serves_thematic(),
        };
        if let Some(figure) = d.rules.figure(key).filter(|_| serves) {
            out.push(crate::year::strip::cite(figure));
        }
    }
    if out.is_empty() {
        out.push("Loại buổi này không có trình tự mẫu; chi ủy tự bố trí nội dung.".to_owned());
    }
    out
}

/// The day with its weekday; where it is a day of rest, until when another one may be taken (SH-02).
fn day_hint(d: &Dossier) -> String {
    let day = d.meeting.starts_at.date();
    let free = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) && d.meeting.kind.serves_regular();
    let until = d.rules.int("meeting.regular_until_day").filter(|last| free && i64::from(day.day()) <= *last);
    let other = until.map(|last| format!(", là ngày nghỉ; được chọn ngày khác đến hết ngày {last:02}")).unwrap_or_default();
    format!("Đang ghi {}{other}", vi::date_weekday(day))
}

/// The page with a form as it is, with its problems if it has any.
pub(super) async fn show(app: &App, actor: &Actor, d: &Dossier, form: Form, done: &str) -> Result<Response, Fault> {
    let org = actor.org;
    let (cell, meeting) = (d.cell.clone(), d.meeting.clone());
    let (open, above) =
        app.db.read(move |tx| Ok::<_, Fault>((tasks::live(tx, org)?, guidance::for_meeting(tx, &cell, &meeting)?))).await?;
    let unexplained = open.iter().filter(|t| t.facts(String::new()).lacks_cause(actor.today())).count();
    let m = d.meeting.clone();
    let status = if form.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shell = Shell::new(actor, &format!("Chuẩn bị: {}", m.title), Under::Meetings)
        .crumb(format!("/cb/{org}/buoi"), Under::Meetings.label())
        .crumb(format!("/cb/{org}/buoi/{}", m.id), m.title.clone())
        .wrong(&form)
        .done(done);
    let least = d.lengths().least(m.kind).map(|(n, _)| format!("Quy định ít nhất {n} phút.")).unwrap_or_default();
    let length = d.planned_minutes().map(|n| format!("Đang dự kiến {n} phút. ")).unwrap_or_default();
    let has: Vec<Step> = d.items.iter().map(|i| i.step).collect();
    let steps = Step::ALL.iter().rev().filter(|s| **s == Step::Other || !has.contains(s));
    let page = PreparePage {
        shell,
        version: form.raw("version").parse().unwrap_or(m.version),
        class: class(m.state),
        state: m.state.label(),
        when: when(&m),
        editable: m.state.is_preparing(),
        advice: advice(d, open.len()),
        unexplained,
        day_hint: day_hint(d),
        length_hint: format!("{length}{least}"),
        thematic: m.kind.serves_thematic(),
        people: d.choices(),
        total: d.items.iter().map(|i| i.minutes).sum(),
        items: d.items.iter().map(|i| edit_item(d, i, &form, &above)).collect(),
        above,
        steps: steps.map(|s| (s.code().to_owned(), s.label().to_owned())).collect(),
        why: why(d),
        form,
        m,
    };
    Ok(html_with(status, &page))
}

/// Shows the page again with what was typed and what is wrong with it; fields of other forms on
/// the page keep what is stored.
async fn again(app: &App, actor: &Actor, id: MeetingId, sent: Form) -> Result<Response, Fault> {
    let d = load(app, actor, id).await?;
    let mut form = form_of(&d);
    for (name, value) in sent.pairs().filter(|(name, _)| *name != "_k") {
        form.set(name, value);
    }
    form.problems = sent.problems;
    show(app, actor, &d, form, "").await
}

fn plan_of(form: &mut Form) -> Option<Plan> {
    let day = form.required_date("ngay", "Hãy ghi ngày sinh hoạt.");
    let start = required_time(form, "gio", "Hãy ghi giờ bắt đầu.");
    let end = required_time(form, "ket_thuc", "Hãy ghi giờ dự kiến kết thúc.");
    if let (Some(start), Some(end)) = (start, end)
        && end <= start
    {
        form.problem("ket_thuc", "Giờ dự kiến kết thúc phải sau giờ bắt đầu.");
    }
    let place = form.line("noi", 200);
    let topic = form.line("chuyen_de", 300);
    for (field, text) in [("noi", &place), ("chuyen_de", &topic)] {
        if secrecy::marking("", text).is_some() {
            form.problem(field, MARKED);
        }
    }
    let (chair, secretary) = (form.id("chu_tri"), form.id("thu_ky"));
    let committee_met_on = form.date("chi_uy_hop");
    let day: Date = day?;
    Some(Plan {
        title: String::new(),
        starts_at: day.to_datetime(start?),
        ends_at: day.to_datetime(end?),
        place,
        chair,
        secretary,
        topic: Some(topic).filter(|t| !t.is_empty()),
        committee_met_on,
    })
}

fn required_time(form: &mut Form, name: &str, missing: &str) -> Option<Time> {
    let time = form.time(name);
    if time.is_none() && form.problem_of(name).is_empty() {
        form.problem(name, missing);
    }
    time
}

/// Saves time, place and people.
pub async fn save_plan(
    State(app): State<App>,
    actor: Actor,
    Path((_, meeting)): Path<(String, String)>,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let id: MeetingId = id_of(&meeting)?;
    let version = form.int("version", 0, i64::MAX).unwrap_or(0);
    let plan = plan_of(&mut form);
    let Some(plan) = plan.filter(|_| form.is_fine()) else {
        return again(&app, &actor, id, form).await;
    };
    let hands = actor.clone();
    app.db
        .write(move |tx| {
            let org = hands.org;
            let meeting = store::get(tx, org, id)?;
            store::must_be_preparing(&meeting)?;
            let periods = store::periods(tx, org, id)?;
            let plan = Plan { title: title(meeting.kind, &periods, plan.starts_at.date()), ..plan.clone() };
            store::save_plan(tx, &hands, org, id, version, &plan)?;
            if plan.topic != meeting.topic {
                retitle_topic(tx, org, id, plan.topic.as_deref())?;
            }
            Ok::<_, Fault>(())
        })
        .await?;
    Ok(see(&format!("/cb/{}/buoi/{id}/chuan-bi?xong=luu", actor.org)))
}

/// The heading of the topic follows its name, unless somebody gave it a heading of its own.
fn retitle_topic(tx: &mut db::Tx, org: domain::id::OrgId, id: MeetingId, topic: Option<&str>) -> Result<(), Fault> {
    for mut item in store::items(tx, org, id)? {
        if item.step == Step::Topic && !item.secret && item.title.starts_with(Step::Topic.label()) {
            item.title = topic.map_or_else(|| Step::Topic.to_string(), |t| format!("{}: {t}", Step::Topic));
            store::save_item(tx, org, &item, 0)?;
        }
    }
    Ok(())
}

/// One row of the agenda table as it was sent.
#[derive(Clone)]
struct Row {
    id: ItemId,
    title: String,
    presenter: Option<domain::id::PersonId>,
    minutes: i64,
    version: i64,
}

fn rows_of(form: &mut Form) -> Vec<Row> {
    let ids: Vec<ItemId> = form.pairs().filter_map(|(k, _)| k.strip_prefix("v-")?.parse().ok()).collect();
    ids.into_iter()
        .map(|id| {
            let field = format!("t-{id}");
            let title = form.line(&field, 300);
            if secrecy::marking("", &title).is_some() {
                form.problem(&field, MARKED);
            }
            Row {
                id,
                title,
                presenter: form.id(&format!("p-{id}")),
                minutes: form.int(&format!("m-{id}"), 0, 600).unwrap_or(0),
                version: form.int(&format!("v-{id}"), 0, i64::MAX).unwrap_or(0),
            }
        })
        .collect()
}

/// What else the pressed button asks for.
#[derive(Clone, Copy)]
enum Also {
    Nothing,
    Move(ItemId, Way),
    Drop(ItemId),
}

fn also(form: &Form) -> Result<Also, Fault> {
    let asked = form.raw("viec");
    let Some((what, id)) = asked.split_once(':') else {
        return Ok(Also::Nothing);
    };
    let id: ItemId = id_of(id)?;
    match what {
        "len" => Ok(Also::Move(id, Way::Up)),
        "xuong" => Ok(Also::Move(id, Way::Down)),
        "bo" => Ok(Also::Drop(id)),
        _ => Err(Fault::NotFound),
    }
}

/// Saves the agenda table, then moves or removes an item when a button of it was pressed.
pub async fn save_agenda(
    State(app): State<App>,
    actor: Actor,
    Path((_, meeting)): Path<(String, String)>,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let id: MeetingId = id_of(&meeting)?;
    let rows = rows_of(&mut form);
    let also = also(&form)?;
    if let Also::Drop(gone) = also {
        // What is about to go need not be right.
        form.problems.retain(|p| !p.field.ends_with(&format!("-{gone}")));
    }
    if !form.is_fine() {
        return again(&app, &actor, id, form).await;
    }
    let hands = actor.clone();
    let outcome = app
        .db
        .write(move |tx| {
            let org = hands.org;
            store::must_be_preparing(&store::get(tx, org, id)?)?;
            save_rows(tx, &hands, id, &rows, also)?;
            match also {
                Also::Nothing => Ok(()),
                Also::Move(item, way) => Ok(move_item(tx, org, id, item, way)?),
                Also::Drop(item) => drop_item(tx, &hands, id, item),
            }
        })
        .await;
    match outcome {
        Ok(()) => {
            let at = match also {
                Also::Move(item, _) => format!("#muc-{item}"),
                Also::Nothing | Also::Drop(_) => "#chuong-trinh".to_owned(),
            };
            Ok(see(&format!("/cb/{}/buoi/{id}/chuan-bi?xong=luu{at}", actor.org)))
        }
        Err(Fault::Invalid(problems)) => {
            form.problems = problems;
            again(&app, &actor, id, form).await
        }
        Err(other) => Err(other),
    }
}

fn save_rows(tx: &mut db::Tx, actor: &Actor, id: MeetingId, rows: &[Row], also: Also) -> Result<(), Fault> {
    let stored = store::items(tx, actor.org, id)?;
    for row in rows {
        if matches!(also, Also::Drop(gone) if gone == row.id) {
            continue;
        }
        let Some(old) = stored.iter().find(|i| i.id == row.id) else {
            return Err(Fault::Conflict);
        };
        let title = if old.secret { old.title.clone() } else { row.title.clone() };
        let new = Item { title, presenter: row.presenter, minutes: row.minutes, version: row.version, ..old.clone() };
        if (&new.title, new.presenter, new.minutes) == (&old.title, old.presenter, old.minutes) {
            continue;
        }
        store::save_item(tx, actor.org, &new, 0).map_err(|fault| match fault {
            Fault::Refused(refusal) => {
                Fault::Invalid(vec![web::form::Problem { field: format!("t-{}", row.id), text: refusal.text() }])
            }
            other => other,
        })?;
    }
    Ok(())
}

fn drop_item(tx: &mut db::Tx, actor: &Actor, id: MeetingId, item: ItemId) -> Result<(), Fault> {
    let files = store::files::of_meeting(tx, actor.org, id)?;
    for file in files.iter().filter(|f| f.item == Some(item)) {
        store::files::remove(tx, actor, actor.org, id, file.id)?;
    }
    crate::notice::store::opinions::unhook(tx, actor.org, id, item)?;
    Ok(store::drop_item(tx, actor.org, id, item)?)
}

/// Adds an item behind the last one of its part.
pub async fn add_item(
    State(app): State<App>,
    actor: Actor,
    Path((_, meeting)): Path<(String, String)>,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let id: MeetingId = id_of(&meeting)?;
    let step: Step = form.code("buoc").unwrap_or(Step::Other);
    let typed = form.line("ten", 300);
    if secrecy::marking("", &typed).is_some() {
        form.problem("ten", MARKED);
    }
    let presenter = form.id("trinh_bay");
    let minutes = form.int("phut", 0, 600).unwrap_or(0);
    if typed.is_empty() && step == Step::Other {
        form.problem("ten", "Hãy ghi tên nội dung.");
    }
    if !form.is_fine() {
        return again(&app, &actor, id, form).await;
    }
    let d = load(&app, &actor, id).await?;
    let part = part_of(&d, step);
    let name = if typed.is_empty() { step.to_string() } else { typed };
    let item = Item { presenter, minutes, ..blank(part, step, name) };
    let hands = actor.clone();
    let new = app
        .db
        .write(move |tx| {
            let org = hands.org;
            store::must_be_preparing(&store::get(tx, org, id)?)?;
            let before = store::items(tx, org, id)?;
            let after = before.iter().rev().find(|i| i.part <= part).map(|i| i.id);
            let new = store::add_item(tx, &hands, org, id, &item)?;
            place_after(tx, org, id, new, after)?;
            Ok::<_, Fault>(new)
        })
        .await?;
    Ok(see(&format!("/cb/{}/buoi/{id}/chuan-bi?xong=luu#muc-{new}", actor.org)))
}

/// The part a step belongs to: as the prescribed order has it, else the content.
fn part_of(d: &Dossier, step: Step) -> Part {
    let template = d.rules.agenda(d.meeting.kind.code());
    let known = template.and_then(|t| t.steps.iter().find(|s| s.step == step)).map(|s| s.part);
    let thematic = d.meeting.kind.serves_thematic() && !d.meeting.kind.serves_regular();
    match (step, known) {
        (Step::Topic | Step::TopicPurpose, _) => Part::Thematic,
        (Step::Other, _) if thematic => Part::Thematic,
        (Step::Other, _) => Part::Content,
        (_, known) => known.unwrap_or(Part::Content),
    }
}
