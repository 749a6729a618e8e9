//! Routes of tasks.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::code::Code;
use domain::id::{FileId, OrgId, PersonId, TaskId};
use domain::refusal::Refusal;
use domain::right::Right;
use domain::task::{Cause, Hand, Responsibility, TaskFact, TaskState};
use domain::vi;
use jiff::civil::Date;
use web::form::Form;
use web::page::{XLSX, download, html, html_with, see};
use web::routes::Routes;

use super::act::{self, Explained, Wish};
use super::list::{self, ALL, Filter, LIVE, Names, OVERDUE, Origins, RECENT};
use super::page::{Happened, ListPage, May, MinePage, Row, TaskPage};
use super::review;
use super::store::evidence::{self, Evidence};
use super::store::{self, Event, Task};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::meeting::sniff;
use crate::member::store as members;
use crate::resolution::view::when;
use crate::shell::{Done, Shell, Under, done_words};

/// Routes of this feature.
pub fn routes() -> Routes<App> {
    Routes::new()
        .get("/cb/{org}/nhiem-vu", Right::CellRead, list_page)
        .get("/cb/{org}/nhiem-vu.xlsx", Right::CellRead, list_sheet)
        .get("/cb/{org}/nhiem-vu-cham", Right::CellRead, review::page)
        .get("/cb/{org}/nhiem-vu/{task}", Right::CellRead, task_page)
        .post("/cb/{org}/nhiem-vu/{task}/bao-cao", Right::TaskAct, report)
        .post("/cb/{org}/nhiem-vu/{task}/xac-nhan", Right::TaskAct, confirm)
        .post("/cb/{org}/nhiem-vu/{task}/tra-lai", Right::TaskAct, send_back)
        .post("/cb/{org}/nhiem-vu/{task}/gia-han", Right::MeetingLead, extend)
        .post("/cb/{org}/nhiem-vu/{task}/dong-y-han", Right::MeetingLead, agree)
        .post("/cb/{org}/nhiem-vu/{task}/thoi", Right::MeetingLead, give_up)
        .post("/cb/{org}/nhiem-vu/{task}/nguyen-nhan", Right::TaskAct, explain)
        .post("/cb/{org}/nhiem-vu/{task}/don-doc", Right::TaskAct, remind)
        .get("/toi/nhiem-vu", Right::SignedIn, mine)
}

/// Most tasks a list shows; years of a cell fit in.
const LIMIT: i64 = 2000;

/// Tasks of a cell as a list shows them.
struct Found {
    /// Those a filter may keep.
    tasks: Vec<Task>,
    /// Whoever they speak of, and everybody who does a task.
    names: Names,
    /// Their resolutions, meetings and items.
    origins: Origins,
    /// Who does how many tasks.
    doers: Vec<(Option<PersonId>, i64)>,
    /// Those of the year that say why they are late.
    explained: Vec<Task>,
}

async fn find(app: &App, org: OrgId, filter: &Filter, today: Date) -> Result<Found, Fault> {
    let (current, year) = (filter.is_current(), filter.year(today));
    app.db
        .read(move |tx| {
            let tasks = if current {
                store::current(tx, org, i64::try_from(RECENT).unwrap_or(i64::MAX), LIMIT)?
            } else {
                store::in_force(tx, org, LIMIT)?
            };
            let doers = store::doers(tx, org)?;
            let names = members::names(tx, store::people(&tasks).chain(doers.iter().filter_map(|d| d.0)))?;
            let origins = Origins::of(tx, org, &tasks)?;
            Ok::<_, Fault>(Found { tasks, names, origins, doers, explained: store::follow::explained(tx, org, year)? })
        })
        .await
}

async fn list_page(
    State(app): State<App>,
    actor: Actor,
    Path(org): Path<OrgId>,
    Query(filter): Query<Filter>,
) -> Result<Response, Fault> {
    let today = actor.today();
    let Found { tasks, names, origins, doers, explained } = find(&app, org, &filter, today).await?;
    let year = filter.year(today);
    let lacking = |t: &&Task| t.facts(String::new()).lacks_cause(today);
    let kept = list::kept(&tasks, &filter, today);
    let facts: Vec<TaskFact> = kept.iter().map(|t| t.facts(String::new())).collect();
    let mut states = vec![(LIVE.to_owned(), "Chưa kết thúc".to_owned()), (OVERDUE.to_owned(), "Quá hạn".to_owned())];
    states.push((ALL.to_owned(), "Tất cả các năm".to_owned()));
    states.extend(TaskState::ALL.iter().map(|s| (s.code().to_owned(), s.to_string())));
    Ok(html(&ListPage {
        shell: Shell::new(&actor, Under::Tasks.label(), Under::Tasks),
        form: Form::from_pairs([
            ("trang_thai", filter.trang_thai.clone()),
            ("nguoi", filter.nguoi.clone()),
            ("q", filter.q.clone()),
            ("nguyen_nhan", filter.nguyen_nhan.clone()),
            ("nam", filter.nam.clone()),
        ]),
        org: org.to_string(),
        groups: list::groups(&kept, &names, &origins, today),
        review: list::sentence(&facts, today),
        total: doers.iter().map(|(_, n)| usize::try_from(*n).unwrap_or(0)).sum(),
        shown: kept.len(),
        causes: list::cause_counts(org, &explained, year),
        year,
        years: (0..3)
            .map(|back| today.year() - back)
            .filter(|y| *y != year)
            .map(|y| (y, format!("?nam={y}#nguyen-nhan")))
            .collect(),
        unexplained: tasks.iter().filter(lacking).count(),
        calls: actor.may(Right::MeetingPrepare),
        states,
        doers: list::doers(&doers, &names),
        query: filter.query(),
        writer: actor.may(Right::MeetingPrepare),
    }))
}

async fn list_sheet(
    State(app): State<App>,
    actor: Actor,
    Path(org): Path<OrgId>,
    Query(filter): Query<Filter>,
) -> Result<Response, Fault> {
    let today = actor.today();
    let Found { tasks, names, origins, .. } = find(&app, org, &filter, today).await?;
    let sheet = list::sheet(&list::kept(&tasks, &filter, today), &names, &origins, today);
    let bytes = documents::xlsx(&[sheet]).map_err(|e| Fault::Document(e.to_string()))?;
    Ok(download(bytes, XLSX, &format!("Nhiệm vụ {}.xlsx", vi::date(today).replace('/', "-"))))
}

struct Read {
    task: Task,
    names: Names,
    origins: Origins,
    events: Vec<Event>,
    files: Vec<(FileId, String)>,
    hand: Hand,
}

async fn show(app: &App, actor: &Actor, org: OrgId, task: TaskId, form: Form, done: &str) -> Result<Response, Fault> {
    let hands = actor.clone();
    let read = app
        .db
        .read(move |tx| {
            let task = act::in_force(tx, org, task)?;
            Ok::<_, Fault>(Read {
                names: store::names(tx, std::slice::from_ref(&task))?,
                origins: Origins::of(tx, org, std::slice::from_ref(&task))?,
                events: store::events(tx, org, task.id)?,
                files: evidence::names(tx, org, task.id)?,
                hand: act::hand(tx, &hands, &task)?,
                task,
            })
        })
        .await?;
    let status = if form.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(html_with(status, &render(actor, &read, form, done)))
}

fn render(actor: &Actor, read: &Read, mut form: Form, done: &str) -> TaskPage {
    let (task, today) = (&read.task, actor.today());
    let base = format!("/cb/{}/nhiem-vu/{}", task.org, task.id);
    let people = task.people();
    let confirms = task.state.confirm(&people, &read.hand);
    let live = task.state.is_live();
    let part = [task.doer, task.checker, task.urger].contains(&Some(actor.person));
    let fact = task.facts(String::new());
    for (field, stored) in [
        ("nguyen_nhan", task.cause.map(|c| c.code().to_owned())),
        ("trach_nhiem", task.responsibility.map(|r| r.code().to_owned())),
        ("noi_ro", task.cause_note.clone()),
        ("buoc_tiep", task.next_step.clone()),
        ("han_moi", task.proposed.map(vi::date)),
    ] {
        if let Some(stored) = stored
            && form.pairs().all(|(name, _)| name != field)
        {
            form.set(field, stored);
        }
    }
    let wait = match (task.state, &confirms) {
        (TaskState::Reported, Err(_)) if task.doer == Some(actor.person) => {
            format!("Đã báo cáo. {} xem và xác nhận.", checked_by(task, &read.names))
        }
        (TaskState::Reported, Err(refusal)) if part || read.hand.chair => refusal.text(),
        (TaskState::Reported, Err(_)) => "Đã báo cáo, đang chờ đồng chí kiểm tra xác nhận.".to_owned(),
        _ => String::new(),
    };
    TaskPage {
        shell: Shell::new(actor, &task.content, Under::Tasks)
            .crumb(format!("/cb/{}/nhiem-vu", task.org), Under::Tasks.to_string())
            .wrong(&form)
            .done(done),
        row: Row { why: read.origins.why(task), ..list::row(task, &read.names, today) },
        requirement: task.requirement.clone(),
        measure: task.measure.clone(),
        resolution: (
            format!("/cb/{}/buoi/{}/nghi-quyet?nq={}", task.org, task.meeting, task.resolution),
            read.origins.title(task),
        ),
        meeting: read.origins.meeting(task),
        events: read.events.iter().map(|e| happened(e, task.org, &read.files)).collect(),
        may: May {
            report: task.state.report(&people, &read.hand, "x").is_ok(),
            in_name: task.doer.is_some_and(|d| d != actor.person),
            confirm: confirms.is_ok(),
            chair: live && read.hand.chair,
            involved: live && (part || read.hand.chair),
            explain: (part || read.hand.chair) && task.state.explain(&fact, None, today).is_ok(),
        },
        wait,
        causes: options::<Cause>(),
        responsibilities: options::<Responsibility>(),
        explain: fact.lacks_cause(today) || task.state == TaskState::Returned && task.cause.is_none(),
        note: task.cause_note.clone().unwrap_or_default(),
        base,
        form,
    }
}

/// Who confirms a task, to begin a sentence with.
fn checked_by(task: &Task, names: &Names) -> String {
    match task.checker.filter(|c| Some(*c) != task.doer) {
        Some(checker) => format!("Đồng chí {}", names.get(&checker).map(String::as_str).unwrap_or_default()),
        None => "Đồng chí Bí thư".to_owned(),
    }
}

fn options<C: Code>() -> Vec<(String, String)> {
    C::ALL.iter().map(|c| (c.code().to_owned(), c.label().to_owned())).collect()
}

fn happened(event: &Event, org: OrgId, files: &[(FileId, String)]) -> Happened {
    let what = match (event.kind.as_str(), event.progress) {
        ("report", _) => "Báo cáo đã hoàn thành".to_owned(),
        ("progress", Some(n)) => format!("Ghi tiến độ {n} %"),
        ("progress", None) => "Ghi tiến độ".to_owned(),
        ("confirm", _) => "Xác nhận hoàn thành".to_owned(),
        ("return", _) => "Trả lại để làm tiếp".to_owned(),
        ("extend", _) => "Gia hạn".to_owned(),
        ("drop", _) => "Cho thôi thực hiện".to_owned(),
        ("cause", _) => "Ghi nguyên nhân".to_owned(),
        _ => "Nhắc việc".to_owned(),
    };
    let file = event.file.and_then(|id| files.iter().find(|f| f.0 == id));
    Happened {
        what,
        body: event.body.clone(),
        by: format!("đ/c {}, {}", event.name, when(event.at)),
        file: file.map(|(id, _)| format!("/cb/{org}/tep/{id}")).unwrap_or_default(),
        file_name: file.map(|(_, name)| name.clone()).unwrap_or_default(),
    }
}

async fn task_page(
    State(app): State<App>,
    actor: Actor,
    Path((org, task)): Path<(OrgId, TaskId)>,
    Query(done): Query<Done>,
) -> Result<Response, Fault> {
    show(&app, &actor, org, task, Form::default(), words(done.xong.as_deref())).await
}

/// Words of this page for a code in the address; others are those of every page.
pub(super) fn words(code: Option<&str>) -> &'static str {
    match code {
        Some("nv-gia-han") => "Đã gia hạn nhiệm vụ.",
        Some("nv-thoi") => "Đã cho thôi thực hiện nhiệm vụ.",
        Some("nv-tien-do") => "Đã ghi tiến độ.",
        Some("nv-nguyen-nhan") => "Đã lưu nguyên nhân; nội dung này được đưa vào mục kiểm điểm của kỳ sau.",
        Some("nv-nhac") => "Đã ghi lời nhắc.",
        other => done_words(other),
    }
}

/// Does what is wished; a refusal comes back on the page at `field`.
async fn attempt(
    app: &App,
    actor: Actor,
    (org, task): (OrgId, TaskId),
    mut form: Form,
    wish: Option<Wish>,
    (field, code): (&'static str, &str),
) -> Result<Response, Fault> {
    let Some(wish) = wish.filter(|_| form.is_fine()) else {
        return show(app, &actor, org, task, form, "").await;
    };
    let hands = actor.clone();
    match app.write(&actor, move |tx| act::act(tx, &hands, org, task, &wish)).await {
        Ok(()) => Ok(see(&format!("/cb/{org}/nhiem-vu/{task}?xong={code}"))),
        Err(Fault::Refused(refusal)) => {
            form.problem(place(&refusal, field), refusal.text());
            show(app, &actor, org, task, form, "").await
        }
        Err(other) => Err(other),
    }
}

/// The field of the page a refusal belongs to; one about the person belongs to none.
fn place(refusal: &Refusal, field: &'static str) -> &'static str {
    match refusal.field {
        Some("deadline") => "thoi_han",
        Some("proposed") => "han_moi",
        Some(_) => field,
        None => "",
    }
}

async fn report(
    State(app): State<App>,
    actor: Actor,
    Path(at): Path<(OrgId, TaskId)>,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let text = form.text("ket_qua", 5000);
    let finished = form.raw("viec") != "tien_do";
    let progress = form.int("tien_do", 0, 100);
    if !finished && progress.is_none() && !form.has_problem("tien_do") {
        form.problem("tien_do", "Hãy ghi đã làm được bao nhiêu phần trăm.");
    }
    let file = taken(&mut form);
    let wish = Wish::Report { text, finished, progress: progress.unwrap_or(0), file };
    let code = if finished { "bao-cao" } else { "nv-tien-do" };
    attempt(&app, actor, at, form, Some(wish), ("ket_qua", code)).await
}

/// The uploaded evidence, if it may be kept (P-30).
fn taken(form: &mut Form) -> Option<Evidence> {
    let file = form.files.iter().find(|f| f.field == "tep").cloned()?;
    if !form.ticked("khong_mat") {
        form.problem("khong_mat", "Hãy xác nhận tệp không chứa bí mật nhà nước rồi chọn lại tệp.");
    }
    match sniff::admit(&file.name, &file.bytes) {
        Ok(media_type) => Some(Evidence { name: file.name, media_type, bytes: file.bytes }),
        Err(refusal) => {
            form.problem("tep", refusal.text());
            None
        }
    }
}

async fn confirm(
    State(app): State<App>,
    actor: Actor,
    Path(at): Path<(OrgId, TaskId)>,
    Sent(form): Sent,
) -> Result<Response, Fault> {
    attempt(&app, actor, at, form, Some(Wish::Confirm(String::new())), ("", "xac-nhan")).await
}

async fn send_back(
    State(app): State<App>,
    actor: Actor,
    Path(at): Path<(OrgId, TaskId)>,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let reason = form.text("can_lam", 2000);
    attempt(&app, actor, at, form, Some(Wish::Return(reason)), ("can_lam", "tra-lai")).await
}

async fn extend(
    State(app): State<App>,
    actor: Actor,
    Path(at): Path<(OrgId, TaskId)>,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let day: Option<Date> = form.required_date("thoi_han", "Hãy nhập thời hạn mới.");
    let reason = form.line("ly_do_gia_han", 300);
    let wish = day.map(|day| Wish::Extend(day, reason));
    attempt(&app, actor, at, form, wish, ("ly_do_gia_han", "nv-gia-han")).await
}

async fn give_up(
    State(app): State<App>,
    actor: Actor,
    Path(at): Path<(OrgId, TaskId)>,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let reason = form.line("ly_do_thoi", 300);
    attempt(&app, actor, at, form, Some(Wish::Drop(reason)), ("ly_do_thoi", "nv-thoi")).await
}

async fn explain(
    State(app): State<App>,
    actor: Actor,
    Path(at): Path<(OrgId, TaskId)>,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let cause: Option<Cause> = form.code("nguyen_nhan");
    if cause.is_none() && !form.has_problem("nguyen_nhan") {
        form.problem("nguyen_nhan", "Hãy chọn nguyên nhân.");
    }
    let on: Option<Responsibility> = form.code("trach_nhiem");
    let (note, next_step) = (form.text("noi_ro", 2000), form.text("buoc_tiep", 500));
    let proposed = form.date("han_moi");
    let wish = cause.map(|cause| Wish::Explain(Explained { cause, on, note, next_step, proposed }));
    attempt(&app, actor, at, form, wish, ("nguyen_nhan", "nv-nguyen-nhan")).await
}

/// The time that is asked for is given with one press, on the page of the task or in the review.
async fn agree(
    State(app): State<App>,
    actor: Actor,
    Path(at): Path<(OrgId, TaskId)>,
    Sent(form): Sent,
) -> Result<Response, Fault> {
    if form.raw("ve") != "nhiem-vu-cham" {
        return attempt(&app, actor, at, form, Some(Wish::Agree), ("", "nv-gia-han")).await;
    }
    let hands = actor.clone();
    app.write(&actor, move |tx| act::act(tx, &hands, at.0, at.1, &Wish::Agree)).await?;
    Ok(see(&format!("/cb/{}/nhiem-vu-cham?xong=nv-gia-han", at.0)))
}

async fn remind(
    State(app): State<App>,
    actor: Actor,
    Path(at): Path<(OrgId, TaskId)>,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let text = form.text("nhac", 1000);
    attempt(&app, actor, at, form, Some(Wish::Note(text)), ("nhac", "nv-nhac")).await
}

async fn mine(State(app): State<App>, actor: Actor, Query(done): Query<Done>) -> Result<Response, Fault> {
    let person = actor.person;
    let (doing, to_check, to_urge, names) = app
        .db
        .read(move |tx| {
            let (doing, to_check, to_urge) =
                (store::of_doer(tx, person)?, store::to_check(tx, person)?, store::to_urge(tx, person)?);
            let people = [&doing, &to_check, &to_urge].into_iter().flat_map(|tasks| store::people(tasks));
            let names = members::names(tx, people)?;
            Ok::<_, Fault>((doing, to_check, to_urge, names))
        })
        .await?;
    let today = actor.today();
    let rows = |tasks: Vec<&Task>| -> Vec<Row> {
        tasks.into_iter().map(|t| linked(list::row(t, &names, today), &actor, t.org)).collect()
    };
    let (live, over): (Vec<&Task>, Vec<&Task>) = doing.iter().partition(|t| t.state.is_live());
    Ok(html(&MinePage {
        shell: Shell::new(&actor, Under::MyTasks.label(), Under::MyTasks).done(done.words()),
        doing: rows(live),
        to_check: rows(to_check.iter().collect()),
        to_urge: rows(to_urge.iter().filter(|t| t.doer != Some(person)).collect()),
        over: rows(over),
    }))
}

/// A task of a cell the person has left is still named, but its page is no longer theirs.
fn linked(row: Row, actor: &Actor, org: OrgId) -> Row {
    if actor.places.iter().any(|p| p.org == org) { row } else { Row { href: String::new(), ..row } }
}
