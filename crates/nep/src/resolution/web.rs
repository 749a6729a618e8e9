//! Routes of resolutions.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use db::Tx;
use domain::id::{ItemId, MeetingId, OrgId, PersonId, ResolutionId, TaskId, VoteId};
use domain::merge::{Merged, merge3};
use domain::refusal::Refusal;
use domain::resolution::{ResolutionState, TaskDraft};
use domain::right::Right;
use domain::roll::Standing;
use domain::rulepack::Library;
use domain::vi;
use domain::vote::Count;
use web::form::Form;
use web::page::{DOCX, PDF, download, html, html_with, see};
use web::routes::Routes;

use super::act::{self, Rearrange};
use super::draft::conclusions;
use super::page::{Clash, ConflictPage, TaskFormPage};
use super::seal::{seal_of_meeting, snapshot};
use super::store::{Resolution, Text};
use super::view::{self, base, head};
use crate::actor::Actor;
use crate::advice::look;
use crate::advice::page::{Fragment, TaskAdvice};
use crate::advice::shelf::Shelf;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::meeting::store as meetings;
use crate::member::store as members;
use crate::shell::{Shell, Under, done_words};
use crate::task::store as tasks;

/// Routes of this feature.
pub fn routes() -> Routes<App> {
    const BASE: &str = "/cb/{org}/buoi/{meeting}/nghi-quyet";
    Routes::new()
        .get(BASE, Right::CellRead, page)
        .post(BASE, Right::MeetingPrepare, create)
        .post("/cb/{org}/buoi/{meeting}/nghi-quyet/ban-hanh", Right::MeetingLead, issue)
        .post("/cb/{org}/buoi/{meeting}/nghi-quyet/{resolution}", Right::MeetingPrepare, save)
        .get("/cb/{org}/buoi/{meeting}/nghi-quyet/{resolution}/nhiem-vu", Right::MeetingPrepare, new_task)
        .post("/cb/{org}/buoi/{meeting}/nghi-quyet/{resolution}/nhiem-vu", Right::MeetingPrepare, add_task)
        .get("/cb/{org}/buoi/{meeting}/nghi-quyet/{resolution}/nhiem-vu/{task}", Right::MeetingPrepare, edit_task)
        .post("/cb/{org}/buoi/{meeting}/nghi-quyet/{resolution}/nhiem-vu/{task}", Right::MeetingPrepare, save_task)
        .post("/cb/{org}/buoi/{meeting}/nghi-quyet/{resolution}/nhiem-vu/{task}/thu-tu", Right::MeetingPrepare, rearrange)
        .post("/cb/{org}/buoi/{meeting}/nghi-quyet/{resolution}/soat", Right::MeetingPrepare, looked)
        .post("/cb/{org}/buoi/{meeting}/nghi-quyet/{resolution}/bieu-quyet", Right::MeetingPrepare, vote)
        .post("/cb/{org}/buoi/{meeting}/nghi-quyet/{resolution}/bieu-quyet/{vote}/bo", Right::MeetingPrepare, drop_vote)
        .post("/cb/{org}/buoi/{meeting}/nghi-quyet/{resolution}/thong-qua", Right::MeetingLead, adopt)
        .post("/cb/{org}/buoi/{meeting}/nghi-quyet/{resolution}/mo-lai", Right::MeetingLead, reopen)
        .post("/cb/{org}/buoi/{meeting}/nghi-quyet/{resolution}/xoa", Right::MeetingLead, remove)
        .get("/cb/{org}/buoi/{meeting}/nghi-quyet/{resolution}/van-ban/{dang}", Right::MeetingPrepare, paper)
}

type At = (OrgId, MeetingId, ResolutionId);

#[derive(Debug, Default, serde::Deserialize)]
struct Asked {
    nq: Option<ResolutionId>,
    xong: Option<String>,
}

/// Words of this page for a code in the address; others are those of every page.
fn words(code: Option<&str>) -> &'static str {
    match code {
        Some("nq-thong-qua") => "Đã thông qua nghị quyết. Các nhiệm vụ đã có hiệu lực.",
        Some("nq-ban-hanh") => "Đã ban hành nghị quyết. Nội dung từ nay không thay đổi.",
        Some("nq-mo-lai") => "Đã mở lại nghị quyết để sửa.",
        Some("nq-bieu-quyet") => "Đã ghi kết quả biểu quyết.",
        other => done_words(other),
    }
}

async fn page(
    State(app): State<App>,
    actor: Actor,
    Path((org, meeting)): Path<(OrgId, MeetingId)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let form = Form::default();
    show(&app, actor, (org, meeting), asked.nq, form, words(asked.xong.as_deref())).await
}

async fn show(
    app: &App,
    actor: Actor,
    (org, meeting): (OrgId, MeetingId),
    chosen: Option<ResolutionId>,
    form: Form,
    done: &str,
) -> Result<Response, Fault> {
    let (hands, library, shelf) = (actor.clone(), app.rules.clone(), app.shelf.clone());
    let loaded = app.db.read(move |tx| view::load(tx, &hands, org, meeting, chosen, (&library, &shelf))).await?;
    Ok(view::page(&actor, loaded, form, done))
}

/// The page again with what a rule refused, at the field it concerns.
async fn refused(app: &App, actor: Actor, at: At, mut form: Form, refusal: &Refusal) -> Result<Response, Fault> {
    let field = match refusal.field {
        Some("title") => "trich_yeu",
        Some("content") => "nhiem_vu",
        Some("vote") => "bieu_quyet",
        Some("yes") => "tan_thanh",
        Some("reason") => "ly_do",
        Some("advice_reason") => "ly_do_giu",
        _ => "",
    };
    form.problem(field, refusal.text());
    show(app, actor, (at.0, at.1), Some(at.2), form, "").await
}

/// After an action: the page of the resolution, or the same page with the refusal.
async fn answer(app: &App, actor: Actor, at: At, form: Form, result: Result<(), Fault>, code: &str) -> Result<Response, Fault> {
    match result {
        Ok(()) => Ok(see(&format!("{}?nq={}&xong={code}", base(at.0, at.1), at.2))),
        Err(Fault::Refused(refusal)) => refused(app, actor, at, form, &refusal).await,
        Err(other) => Err(other),
    }
}

async fn create(
    State(app): State<App>,
    actor: Actor,
    Path((org, meeting)): Path<(OrgId, MeetingId)>,
    Sent(form): Sent,
) -> Result<Response, Fault> {
    let another = form.ticked("them");
    let id = app.db.write(move |tx| act::create(tx, &actor, org, meeting, another)).await?;
    Ok(see(&format!("{}?nq={id}&xong=tao", base(org, meeting))))
}

fn version(form: &Form) -> i64 {
    form.raw("ban").parse().unwrap_or(0)
}

async fn save(State(app): State<App>, actor: Actor, Path(at): Path<At>, Sent(mut form): Sent) -> Result<Response, Fault> {
    let text = Text {
        title: form.required("trich_yeu", 300, "Hãy nhập trích yếu nghị quyết."),
        assessment: form.text("danh_gia", 20_000),
        direction: form.text("phuong_huong", 20_000),
        organising: form.text("to_chuc", 20_000),
    };
    if !form.is_fine() {
        return show(&app, actor, (at.0, at.1), Some(at.2), form, "").await;
    }
    let (hands, mine, from) = (actor.clone(), text.clone(), version(&form));
    let first = app.db.write(move |tx| act::save_text(tx, &hands, at, from, &mine)).await?;
    match first {
        None => Ok(see(&format!("{}?nq={}&xong=luu", base(at.0, at.1), at.2))),
        Some(theirs) => Ok(conflict(&actor, at, &form, &text, &theirs)),
    }
}

/// Both texts and one merged from them; nothing anybody wrote is lost (P-8).
fn conflict(actor: &Actor, at: At, form: &Form, mine: &Text, theirs: &Resolution) -> Response {
    let theirs_text = theirs.text();
    let fields: [(&'static str, &'static str, &str, &str); 4] = [
        ("trich_yeu", "Trích yếu", &mine.title, &theirs_text.title),
        ("danh_gia", "I. Đánh giá", &mine.assessment, &theirs_text.assessment),
        ("phuong_huong", "II. Phương hướng, nhiệm vụ", &mine.direction, &theirs_text.direction),
        ("to_chuc", "III. Tổ chức thực hiện", &mine.organising, &theirs_text.organising),
    ];
    let (mut clashes, mut same) = (Vec::new(), Vec::new());
    for (name, label, mine, theirs) in fields {
        if mine == theirs {
            same.push((name, mine.to_owned()));
            continue;
        }
        let before = vi::clean_text(form.raw(&format!("goc_{name}"))).unwrap_or_default();
        let both = match merge3(&before, mine, theirs) {
            Merged::Clean(text) => text,
            Merged::Conflict(conflict) => conflict.both,
        };
        clashes.push(Clash { name, label, mine: mine.to_owned(), theirs: theirs.to_owned(), both });
    }
    let shell = Shell::new(actor, "Hai đồng chí cùng sửa dự thảo", Under::Meetings);
    let back = format!("{}?nq={}", base(at.0, at.1), at.2);
    let action = format!("{}/{}", base(at.0, at.1), at.2);
    html_with(StatusCode::CONFLICT, &ConflictPage { shell, action, back, version: theirs.version, clashes, same })
}

#[derive(Debug, Default, serde::Deserialize)]
struct From {
    muc: Option<ItemId>,
    xong: Option<String>,
}

/// Members a task can be given to: all but those who are suspended.
async fn people(app: &App, org: OrgId, actor: &Actor) -> Result<Vec<(String, String)>, Fault> {
    let today = actor.today();
    let roster = app.db.read(move |tx| members::roster(tx, org, today)).await?;
    Ok(roster
        .into_iter()
        .filter(|m| m.standing != Standing::Suspended)
        .map(|m| (m.person.to_string(), format!("đ/c {}", m.name)))
        .collect())
}

async fn task_page(
    app: &App,
    actor: &Actor,
    at: At,
    task: Option<TaskId>,
    mut form: Form,
    done: &str,
) -> Result<Response, Fault> {
    let people = people(app, at.0, actor).await?;
    let typed = typed(&form);
    let hands = actor.clone();
    let (library, shelf) = (app.rules.clone(), app.shelf.clone());
    let (meeting, title, advice) = app
        .db
        .read(move |tx| {
            let resolution = act::draft(tx, &hands, at.0, at.1, at.2)?;
            let advice = advised(tx, &hands, at, task, &typed, (&library, &shelf))?;
            Ok::<_, Fault>((meetings::get(tx, at.0, at.1)?, resolution.title, advice))
        })
        .await?;
    let status = if form.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let echo = match vi::parse_date(form.raw("thoi_han")) {
        Ok(day) => {
            form.set("thoi_han", vi::date(day));
            format!("{}, {}", vi::date_weekday(day), vi::days_left(actor.today(), day))
        }
        Err(_) => String::new(),
    };
    let back = format!("{}?nq={}", base(at.0, at.1), at.2);
    let action = match task {
        Some(task) => format!("{}/{}/nhiem-vu/{task}", base(at.0, at.1), at.2),
        None => format!("{}/{}/nhiem-vu", base(at.0, at.1), at.2),
    };
    let heading = if task.is_some() { "Sửa nhiệm vụ" } else { "Thêm nhiệm vụ" };
    let shell = Shell::new(actor, heading, Under::Meetings)
        .crumb(head(&meeting).href, meeting.title.clone())
        .crumb(back.clone(), format!("Nghị quyết {title}"))
        .wrong(&form)
        .done(done);
    Ok(html_with(
        status,
        &TaskFormPage {
            shell,
            form,
            action,
            back,
            people,
            new: task.is_none(),
            echo,
            advice,
            look: format!("{}/{}/soat", base(at.0, at.1), at.2),
            task: task.map(|t| t.to_string()).unwrap_or_default(),
            script: web::assets::url("lint.js"),
        },
    ))
}

/// The task as it stands in the fields, whatever is wrong with it.
fn typed(form: &Form) -> TaskDraft {
    let text = |name: &str| vi::clean_text(form.raw(name)).unwrap_or_default().chars().take(2000).collect();
    let person = |name: &str| form.raw(name).parse().ok();
    TaskDraft {
        content: text("noi_dung"),
        requirement: text("yeu_cau"),
        measure: text("bien_phap"),
        deadline: vi::parse_date(form.raw("thoi_han")).ok(),
        doer: person("thuc_hien"),
        checker: person("kiem_tra"),
        urger: person("don_doc"),
    }
}

/// What is advised on a task of a draft as it is typed; on an empty one nothing yet.
fn advised(
    tx: &mut Tx,
    actor: &Actor,
    at: At,
    task: Option<TaskId>,
    typed: &TaskDraft,
    (library, shelf): (&Library, &Shelf),
) -> Result<TaskAdvice, Fault> {
    if typed.content.trim().is_empty() {
        return Ok(TaskAdvice::default());
    }
    let meeting = view::meeting_for(tx, actor, at.0, at.1)?;
    let others = tasks::of_resolution(tx, at.0, at.2)?;
    let others: Vec<TaskDraft> = others.iter().filter(|t| Some(t.id) != task).map(tasks::Task::draft).collect();
    // Only people of the cell have a name here; another's id names nobody.
    let today = actor.today();
    let named = members::roster(tx, at.0, today)?.into_iter().map(|m| (m.person, m.name)).collect();
    let around = act::around(tx, &meeting, named, library)?;
    let mut advice = around.task(typed, others.iter());
    let near = look::near(tx, shelf, &around.rules, at.0, today, &[typed.content.as_str()])?;
    advice.near = near.into_iter().next().unwrap_or_default();
    Ok(advice)
}

/// Looks through a task while it is typed. Nothing is kept.
async fn looked(State(app): State<App>, actor: Actor, Path(at): Path<At>, Sent(form): Sent) -> Result<Response, Fault> {
    let typed = typed(&form);
    let task = form.raw("nhiem_vu").parse().ok();
    let (library, shelf) = (app.rules.clone(), app.shelf.clone());
    let advice = app
        .db
        .read(move |tx| {
            act::draft(tx, &actor, at.0, at.1, at.2)?;
            advised(tx, &actor, at, task, &typed, (&library, &shelf))
        })
        .await?;
    Ok(html(&Fragment { advice }))
}

async fn new_task(State(app): State<App>, actor: Actor, Path(at): Path<At>, Query(from): Query<From>) -> Result<Response, Fault> {
    let mut form = Form::default();
    if let Some(item) = from.muc {
        let items = app.db.read(move |tx| meetings::items(tx, at.0, at.1)).await?;
        let said = conclusions(&items).into_iter().find(|(i, _)| i.id == item).map(|(i, _)| i.conclusion.trim().to_owned());
        form.set("noi_dung", said.ok_or(Fault::NotFound)?);
        form.set("muc", item.to_string());
    }
    task_page(&app, &actor, at, None, form, done_words(from.xong.as_deref())).await
}

/// The task as typed; people must be of the roster.
fn task_draft(form: &mut Form, people: &[(String, String)]) -> TaskDraft {
    let draft = TaskDraft {
        content: form.text("noi_dung", 2000),
        requirement: form.text("yeu_cau", 2000),
        measure: form.text("bien_phap", 2000),
        deadline: form.date("thoi_han"),
        doer: form.id("thuc_hien"),
        checker: form.id("kiem_tra"),
        urger: form.id("don_doc"),
    };
    if draft.content.is_empty() && !form.has_problem("noi_dung") {
        form.problem("noi_dung", "Hãy nhập nội dung nhiệm vụ.");
    }
    let fields: [(&str, Option<PersonId>); 3] =
        [("thuc_hien", draft.doer), ("kiem_tra", draft.checker), ("don_doc", draft.urger)];
    for (field, person) in fields {
        if let Some(person) = person
            && people.iter().all(|(id, _)| *id != person.to_string())
        {
            form.problem(field, "Đồng chí này không có trong danh sách chi bộ hôm nay. Hãy chọn lại.");
        }
    }
    draft
}

async fn add_task(State(app): State<App>, actor: Actor, Path(at): Path<At>, Sent(mut form): Sent) -> Result<Response, Fault> {
    let people = people(&app, at.0, &actor).await?;
    let new = task_draft(&mut form, &people);
    if !form.is_fine() {
        return task_page(&app, &actor, at, None, form, "").await;
    }
    let item: Option<ItemId> = form.id("muc");
    app.db
        .write(move |tx| {
            let task = act::add_task(tx, &actor, at, &new)?;
            if let Some(item) = item {
                crate::task::store::came_from(tx, at.0, task, item)?;
            }
            Ok::<_, Fault>(())
        })
        .await?;
    let base = base(at.0, at.1);
    if form.ticked("tiep") {
        return Ok(see(&format!("{base}/{}/nhiem-vu?xong=luu", at.2)));
    }
    Ok(see(&format!("{base}?nq={}&xong=luu#nhiem_vu", at.2)))
}

type AtTask = (OrgId, MeetingId, ResolutionId, TaskId);

async fn edit_task(
    State(app): State<App>,
    actor: Actor,
    Path((org, meeting, resolution, task)): Path<AtTask>,
) -> Result<Response, Fault> {
    let (at, hands) = ((org, meeting, resolution), actor.clone());
    let found = app.db.read(move |tx| act::task_of_draft(tx, &hands, at, task)).await?;
    let id = |person: Option<PersonId>| person.map(|p| p.to_string()).unwrap_or_default();
    let form = Form::from_pairs([
        ("noi_dung", found.content.clone()),
        ("yeu_cau", found.requirement.clone()),
        ("bien_phap", found.measure.clone()),
        ("thoi_han", found.deadline.map(vi::date).unwrap_or_default()),
        ("thuc_hien", id(found.doer)),
        ("kiem_tra", id(found.checker)),
        ("don_doc", id(found.urger)),
        ("ban", found.version.to_string()),
    ]);
    task_page(&app, &actor, at, Some(task), form, "").await
}

async fn save_task(
    State(app): State<App>,
    actor: Actor,
    Path((org, meeting, resolution, task)): Path<AtTask>,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let at = (org, meeting, resolution);
    let people = people(&app, org, &actor).await?;
    let new = task_draft(&mut form, &people);
    if !form.is_fine() {
        return task_page(&app, &actor, at, Some(task), form, "").await;
    }
    let (hands, from) = (actor.clone(), version(&form));
    let saved = app
        .db
        .write(move |tx| {
            let present = act::task_of_draft(tx, &hands, at, task)?;
            if present.version != from {
                return Ok::<_, Fault>(Some(present.version));
            }
            tasks::save_draft(tx, org, task, from, &new)?;
            super::store::note_tasks(tx, &hands, org, resolution)?;
            Ok(None)
        })
        .await?;
    if let Some(present) = saved {
        form.set("ban", present.to_string());
        form.problem(
            "",
            "Một đồng chí khác vừa sửa nhiệm vụ này. Bản dưới đây là của đồng chí; bấm lưu lần nữa nếu vẫn giữ bản này.",
        );
        return task_page(&app, &actor, at, Some(task), form, "").await;
    }
    Ok(see(&format!("{}?nq={resolution}&xong=luu#nhiem_vu", base(org, meeting))))
}

async fn rearrange(
    State(app): State<App>,
    actor: Actor,
    Path((org, meeting, resolution, task)): Path<AtTask>,
    Sent(form): Sent,
) -> Result<Response, Fault> {
    let how = match form.raw("viec") {
        "len" => Rearrange::Up,
        "xuong" => Rearrange::Down,
        "bo" => Rearrange::Remove,
        _ => return Err(Fault::NotFound),
    };
    let at = (org, meeting, resolution);
    app.db.write(move |tx| act::rearrange(tx, &actor, at, task, how)).await?;
    Ok(see(&format!("{}?nq={resolution}&xong=luu#nhiem_vu", base(org, meeting))))
}

async fn vote(State(app): State<App>, actor: Actor, Path(at): Path<At>, Sent(mut form): Sent) -> Result<Response, Fault> {
    let number = |form: &mut Form, name: &str| form.int(name, 0, 100_000).and_then(|n| u32::try_from(n).ok());
    let yes = number(&mut form, "tan_thanh");
    if yes.is_none() && !form.has_problem("tan_thanh") {
        form.problem("tan_thanh", "Hãy nhập số đồng chí tán thành.");
    }
    let count = Count {
        yes: yes.unwrap_or(0),
        no: number(&mut form, "khong_tan_thanh").unwrap_or(0),
        other: number(&mut form, "y_kien_khac").unwrap_or(0),
    };
    let reserved = form.text("bao_luu", 2000);
    if !form.is_fine() {
        return show(&app, actor, (at.0, at.1), Some(at.2), form, "").await;
    }
    let (hands, library) = (actor.clone(), app.rules.clone());
    let result = app.db.write(move |tx| act::vote(tx, &hands, at, (count, &reserved), &library)).await;
    answer(&app, actor, at, form, result, "nq-bieu-quyet").await
}

async fn drop_vote(
    State(app): State<App>,
    actor: Actor,
    Path((org, meeting, resolution, vote)): Path<(OrgId, MeetingId, ResolutionId, VoteId)>,
) -> Result<Response, Fault> {
    let (at, hands) = ((org, meeting, resolution), actor.clone());
    let result = app.db.write(move |tx| act::drop_vote(tx, &hands, at, vote)).await;
    answer(&app, actor, at, Form::default(), result, "huy").await
}

async fn adopt(State(app): State<App>, actor: Actor, Path(at): Path<At>, Sent(mut form): Sent) -> Result<Response, Fault> {
    let reason = form.line("ly_do_giu", 300);
    if !form.is_fine() {
        return show(&app, actor, (at.0, at.1), Some(at.2), form, "").await;
    }
    let (hands, from, library, shelf) = (actor.clone(), version(&form), app.rules.clone(), app.shelf.clone());
    let result = app.db.write(move |tx| act::adopt(tx, &hands, at, from, (&reason, &library, &shelf))).await;
    let mut kept = Form::default();
    kept.set("ly_do_giu", form.raw("ly_do_giu").to_owned());
    answer(&app, actor, at, kept, result, "nq-thong-qua").await
}

async fn reopen(State(app): State<App>, actor: Actor, Path(at): Path<At>, Sent(mut form): Sent) -> Result<Response, Fault> {
    let reason = form.line("ly_do", 300);
    if !form.is_fine() {
        return show(&app, actor, (at.0, at.1), Some(at.2), form, "").await;
    }
    let (hands, from) = (actor.clone(), version(&form));
    let result = app.db.write(move |tx| act::reopen(tx, &hands, at, from, &reason)).await;
    answer(&app, actor, at, form, result, "nq-mo-lai").await
}

async fn remove(State(app): State<App>, actor: Actor, Path(at): Path<At>, Sent(form): Sent) -> Result<Response, Fault> {
    let from = version(&form);
    app.db.write(move |tx| act::remove(tx, &actor, at, from)).await?;
    Ok(see(&format!("{}?xong=huy", base(at.0, at.1))))
}

async fn issue(State(app): State<App>, actor: Actor, Path((org, meeting)): Path<(OrgId, MeetingId)>) -> Result<Response, Fault> {
    app.db
        .write(move |tx| {
            let meeting = view::meeting_for(tx, &actor, org, meeting)?;
            if !meeting.state.is_held() {
                return Err(Refusal::state("ban hành nghị quyết", meeting.state, "Hãy kết thúc buổi sinh hoạt trước.").into());
            }
            let issued = seal_of_meeting(tx, &actor, &meeting)?;
            if issued.is_empty() {
                return Err(Fault::Refused(Refusal::new(
                    "nothing",
                    "Chưa có nghị quyết nào được thông qua để ban hành. Hãy ghi biểu quyết và thông qua trước.",
                )));
            }
            Ok(())
        })
        .await?;
    Ok(see(&format!("{}?xong=nq-ban-hanh", base(org, meeting))))
}

async fn paper(
    State(app): State<App>,
    actor: Actor,
    Path((org, meeting, resolution, form)): Path<(OrgId, MeetingId, ResolutionId, String)>,
) -> Result<Response, Fault> {
    if !["docx", "pdf"].contains(&form.as_str()) {
        return Err(Fault::NotFound);
    }
    let (said, state, sealed) = app
        .db
        .read(move |tx| {
            let meeting = view::meeting_for(tx, &actor, org, meeting)?;
            let found = view::resolution_of(tx, org, meeting.id, resolution)?;
            Ok::<_, Fault>((snapshot(tx, &meeting, &found, None)?, found.state, found.sealed))
        })
        .await?;
    if let Some(issued) = sealed {
        return Ok(see(&format!("/cb/{org}/van-ban/{issued}")));
    }
    let rules = app.rules.at(said.date);
    let Some(layout) = rules.profile() else {
        return Err(Fault::Document("no layout holds on that day".to_owned()));
    };
    let mut document = said.document(layout, None);
    document.draft = state == ResolutionState::Draft;
    let failed = |e: documents::Error| Fault::from(e);
    let name = format!("Nghị quyết {}", said.title.replace('/', "-"));
    if form == "pdf" {
        return Ok(download(documents::pdf(&document).map_err(failed)?, PDF, &format!("{name}.pdf")));
    }
    Ok(download(documents::docx(&document).map_err(failed)?, DOCX, &format!("{name}.docx")))
}
