//! Routes of programmes: prepared by the office of a committee for everything below it, decided, carried out,
//! taken back. Touches its own pages and stores. Rules: L10, TC-20 … TC-26.

mod item;
mod plan;
mod posts;
mod sheet;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use db::Tx;
use domain::code::Code;
use domain::id::{OrgId, RowId};
use domain::right::Right;
use domain::tree::ProgrammeState;
use domain::vi;
use jiff::{SignedDuration, Timestamp};
use web::form::Form;
use web::page::{html, html_with, see};
use web::routes::Routes;

use super::carry;
use super::kept;
use super::page::{ListPage, Listed, ProgrammePage};
use super::store::{self, Programme};
use crate::actor::{Actor, local};
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::org::store::{self as orgs, Org};
use crate::shell::{Done, Shell, Under, done_words};

domain::codes! {
    /// What a programme may ask for.
    pub enum Work {
        /// New organisations.
        Found = "lap" / "Lập tổ chức mới",
        /// Several under another.
        Move = "chuyen" / "Chuyển nhiều tổ chức về trực thuộc nơi khác",
        /// Several into one.
        Merge = "nhap" / "Nhập nhiều tổ chức vào một",
        /// Kinds into one.
        Unify = "loai" / "Đổi loại tổ chức đồng loạt",
        /// Names and kinds one by one.
        Recast = "doi-ten" / "Đổi tên, đổi loại một số tổ chức",
        /// Several end.
        End = "ket-thuc" / "Kết thúc hoạt động",
    }
}

impl Work {
    /// The word in addresses.
    pub fn word(self) -> &'static str {
        self.code()
    }

    /// What a reader sees.
    pub fn words(self) -> &'static str {
        self.label()
    }
}

/// Routes of this feature.
pub fn routes() -> Routes<App> {
    let manage = Right::OrgManage;
    Routes::new()
        .get("/tc/{org}/sap-xep-khoi", manage, list)
        .post("/tc/{org}/sap-xep-khoi", manage, begin)
        .get("/tc/{org}/sap-xep-khoi/{programme}", manage, programme)
        .post("/tc/{org}/sap-xep-khoi/{programme}", manage, head)
        .get("/tc/{org}/sap-xep-khoi/{programme}/viec/{viec}", manage, item::page)
        .post("/tc/{org}/sap-xep-khoi/{programme}/viec/{viec}", manage, item::save)
        .post("/tc/{org}/sap-xep-khoi/{programme}/bo-viec", manage, item::remove)
        .get("/tc/{org}/sap-xep-khoi/{programme}/chuc-vu", manage, posts::page)
        .post("/tc/{org}/sap-xep-khoi/{programme}/chuc-vu", manage, posts::save)
        .get("/tc/{org}/sap-xep-khoi/{programme}/bang", manage, sheet::page)
        .post("/tc/{org}/sap-xep-khoi/{programme}/bang", manage, sheet::upload)
        .get("/tc/{org}/sap-xep-khoi/{programme}/bang/mau", manage, sheet::blank)
        .get("/tc/{org}/sap-xep-khoi/{programme}/bang/xem-truoc", manage, sheet::preview)
        .post("/tc/{org}/sap-xep-khoi/{programme}/bang/xem-truoc", manage, sheet::decide)
        .get("/tc/{org}/sap-xep-khoi/{programme}/ke-hoach", manage, plan::page)
        .post("/tc/{org}/sap-xep-khoi/{programme}/ke-hoach", manage, plan::approve)
        .post("/tc/{org}/sap-xep-khoi/{programme}/buoc", manage, step)
}

fn words(code: Option<&str>) -> &'static str {
    match code {
        Some("pa-viec") => "Đã ghi việc vào phương án. Chưa có gì thay đổi.",
        Some("pa-bang") => "Đã ghi các dòng của bảng vào phương án. Chưa có gì thay đổi.",
        Some("pa-chon") => "Đã ghi lựa chọn.",
        Some("pa-bo-bang") => "Đã bỏ bảng. Phương án giữ nguyên.",
        Some("pa-bo-viec") => "Đã bỏ việc khỏi phương án.",
        Some("pa-duyet") => "Đã duyệt. Phương án được thực hiện đúng ngày, không cần làm gì thêm.",
        Some("pa-xong") => "Đã thực hiện phương án. Những gì ghi trước ngày đó giữ nguyên.",
        Some("pa-hoan") => "Đã hoàn tác. Mọi tổ chức, chức vụ, danh sách trở lại như trước khi thực hiện.",
        Some("pa-soan") => "Đã mở lại để soạn.",
        Some("pa-bo") => "Đã bỏ phương án.",
        other => done_words(other),
    }
}

/// The organisation of the route: a committee that goes on.
fn here(tx: &mut Tx, actor: &Actor, org: OrgId) -> Result<Org, Fault> {
    let here = orgs::get(tx, org, actor.today())?;
    if here.is_cell || here.ended_on.is_some() {
        return Err(Fault::NotFound);
    }
    Ok(here)
}

fn base(org: OrgId, id: RowId) -> String {
    format!("/tc/{org}/sap-xep-khoi/{id}")
}

fn frame(actor: &Actor, org: &Org, title: &str) -> Shell {
    Shell::new(actor, title, Under::Org)
        .crumb(format!("/tc/{}/quan-ly", org.id), org.short_name.clone())
        .crumb(format!("/tc/{}/sap-xep-khoi", org.id), "Phương án sắp xếp")
}

fn class(state: ProgrammeState) -> &'static str {
    match state {
        ProgrammeState::Draft => "due",
        ProgrammeState::Approved => "wait",
        ProgrammeState::Carried => "done",
        ProgrammeState::Undone | ProgrammeState::Dropped => "none",
    }
}

fn moment(at: Timestamp) -> String {
    let at = local(at);
    format!("{} ngày {}", vi::time(at.time()), vi::date(at.date()))
}

fn when(p: &Programme) -> String {
    match (p.state, p.on, p.carried_at, p.undone_at) {
        (ProgrammeState::Undone, _, _, Some(at)) => format!("Hoàn tác lúc {}", moment(at)),
        (ProgrammeState::Carried, _, Some(at), _) => format!("Thực hiện lúc {}", moment(at)),
        (_, Some(on), ..) => format!("Ngày thực hiện {}", vi::date(on)),
        _ => format!("Soạn từ ngày {}", vi::date(local(p.made_at).date())),
    }
}

async fn list(State(app): State<App>, actor: Actor, Path(org): Path<OrgId>, Query(done): Query<Done>) -> Result<Response, Fault> {
    listed(&app, actor, org, Form::default(), words(done.xong.as_deref())).await
}

async fn listed(app: &App, actor: Actor, org: OrgId, form: Form, done: &'static str) -> Result<Response, Fault> {
    let status = if form.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = app
        .db
        .read(move |tx| {
            let o = here(tx, &actor, org)?;
            let programmes = store::list(tx, org)?
                .into_iter()
                .map(|p| Listed {
                    href: base(org, p.id),
                    word: p.state.label(),
                    class: class(p.state),
                    when: when(&p),
                    title: p.title,
                })
                .collect();
            let shell = Shell::new(&actor, "Phương án sắp xếp", Under::Org)
                .crumb(format!("/tc/{org}/quan-ly"), o.short_name.clone())
                .wrong(&form)
                .done(done);
            Ok::<_, Fault>(ListPage {
                shell,
                name: o.name,
                base: format!("/tc/{org}/sap-xep-khoi"),
                form: form.clone(),
                programmes,
            })
        })
        .await?;
    Ok(html_with(status, &page))
}

async fn begin(State(app): State<App>, actor: Actor, Path(org): Path<OrgId>, Sent(mut form): Sent) -> Result<Response, Fault> {
    let title = form.required("ten", 200, "Hãy đặt tên cho phương án.");
    if !form.is_fine() {
        return listed(&app, actor, org, form, "").await;
    }
    let hands = actor.clone();
    let id = app
        .write(&actor, move |tx| {
            here(tx, &hands, org)?;
            Ok(store::begin(tx, &hands, org, &title, &[])?)
        })
        .await?;
    Ok(see(&base(org, id)))
}

type Where = Path<(OrgId, RowId)>;

async fn programme(
    State(app): State<App>,
    actor: Actor,
    Path((org, id)): Where,
    Query(done): Query<Done>,
) -> Result<Response, Fault> {
    show(&app, actor, org, id, None, words(done.xong.as_deref())).await
}

async fn show(app: &App, actor: Actor, org: OrgId, id: RowId, form: Option<Form>, done: &'static str) -> Result<Response, Fault> {
    let status = if form.as_ref().is_none_or(Form::is_fine) { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let known = app.clone();
    let page = app.db.read(move |tx| view(tx, &known, &actor, org, id, form.clone(), done)).await?;
    Ok(html_with(status, &page))
}

fn view(
    tx: &mut Tx,
    app: &App,
    actor: &Actor,
    org: OrgId,
    id: RowId,
    form: Option<Form>,
    done: &'static str,
) -> Result<ProgrammePage, Fault> {
    let o = here(tx, actor, org)?;
    let p = store::get(tx, org, id)?;
    let entries = p.entries()?;
    let open = p.state.is_open();
    let lines = if p.state == ProgrammeState::Carried { Vec::new() } else { item::lines(tx, app, &o, &p, &entries)? };
    let form = form.unwrap_or_else(|| {
        let day = p.on.map(vi::date).unwrap_or_default();
        Form::from_pairs([("ten", p.title.clone()), ("ngay", day), ("van_ban", p.document.clone())])
    });
    let (steps, hint) = steps(tx, app, actor, &o, &p)?;
    let facts = facts(tx, &p)?;
    let sections = if p.state == ProgrammeState::Carried { p.sections()? } else { Vec::new() };
    Ok(ProgrammePage {
        shell: frame(actor, &o, &p.title).wrong(&form).done(done),
        name: o.name,
        base: base(org, id),
        version: p.version,
        word: p.state.label(),
        class: class(p.state),
        open,
        waiting: p.state == ProgrammeState::Approved,
        form,
        facts,
        entries: lines,
        works: if open { Work::ALL.to_vec() } else { Vec::new() },
        trouble: p.trouble.clone().unwrap_or_default(),
        steps,
        hint,
        sections,
        title: p.title,
    })
}

fn facts(tx: &mut Tx, p: &Programme) -> Result<Vec<(&'static str, String)>, Fault> {
    let who: Vec<_> = [p.made_by, p.approved_by, p.undone_by].into_iter().flatten().collect();
    let names = crate::member::store::names(tx, who)?;
    let by = |at: Option<Timestamp>, who: Option<domain::id::PersonId>| {
        let at = at.map(moment)?;
        let name = who.and_then(|w| names.get(&w)).map(|n| format!(", đồng chí {n}")).unwrap_or_default();
        Some(format!("{at}{name}"))
    };
    let mut out = Vec::new();
    if let Some(on) = p.on {
        out.push(("Ngày thực hiện", vi::date_weekday(on)));
    }
    if !p.document.is_empty() {
        out.push(("Theo văn bản", p.document.clone()));
    }
    let moments = [
        ("Soạn từ", by(Some(p.made_at), p.made_by)),
        ("Duyệt", by(p.approved_at.filter(|_| p.state != ProgrammeState::Draft), p.approved_by)),
        ("Thực hiện", p.carried_at.map(moment)),
        ("Hoàn tác", by(p.undone_at, p.undone_by)),
    ];
    out.extend(moments.into_iter().filter_map(|(label, text)| Some((label, text?))));
    Ok(out)
}

type Steps = (Vec<(&'static str, &'static str, bool)>, String);

/// What can be done with a programme as a whole, and what to know before.
fn steps(tx: &mut Tx, app: &App, actor: &Actor, org: &Org, p: &Programme) -> Result<Steps, Fault> {
    Ok(match p.state {
        ProgrammeState::Draft => (vec![("bo", "Bỏ phương án", false)], String::new()),
        ProgrammeState::Approved => {
            let mut steps = Vec::new();
            let due = p.on.is_some_and(|on| on <= actor.today());
            if due {
                steps.push(("thuc-hien", "Thực hiện phương án", true));
            }
            steps.push(("soan-lai", "Thôi duyệt, soạn lại", false));
            let hint = if due {
                ""
            } else {
                "Trước ngày đó chưa có gì thay đổi. Đến ngày, phương án được thực hiện theo danh sách lúc ấy, không cần làm gì thêm."
            };
            (steps, hint.to_owned())
        }
        ProgrammeState::Carried => {
            let rules = orgs::rules_for(tx, org, &app.rules.at(actor.today()))?;
            match carry::may_undo(tx, actor, org, p, &rules) {
                Ok(_) => {
                    let hours = carry::undo_hours(&rules);
                    let until = p.carried_at.and_then(|at| at.checked_add(SignedDuration::from_hours(hours)).ok());
                    let until = until.map(moment).unwrap_or_default();
                    let hint = format!(
                        "Hoàn tác được đến {until}, khi chưa có văn bản nào ban hành theo tổ chức mới. Mọi tổ chức, chức vụ, danh sách trở lại đúng như trước."
                    );
                    (vec![("hoan-tac", "Hoàn tác phương án", false)], hint)
                }
                Err(Fault::Refused(refusal)) => (Vec::new(), refusal.text()),
                Err(other) => return Err(other),
            }
        }
        ProgrammeState::Undone => {
            (vec![("soan-lai", "Soạn lại phương án này", true), ("bo", "Bỏ phương án", false)], String::new())
        }
        ProgrammeState::Dropped => (Vec::new(), String::new()),
    })
}

/// The programme a form was about, unless somebody saved first.
fn current(tx: &mut Tx, actor: &Actor, org: OrgId, id: RowId, form: &Form) -> Result<(Org, Programme), Fault> {
    let o = here(tx, actor, org)?;
    let p = store::get(tx, org, id)?;
    if form.raw("version") != p.version.to_string() {
        return Err(Fault::Conflict);
    }
    Ok((o, p))
}

/// The same, while it may be edited.
fn editable(tx: &mut Tx, actor: &Actor, org: OrgId, id: RowId, form: &Form) -> Result<(Org, Programme), Fault> {
    let (o, p) = current(tx, actor, org, id, form)?;
    if p.state.is_open() { Ok((o, p)) } else { Err(Fault::Conflict) }
}

async fn head(State(app): State<App>, actor: Actor, Path((org, id)): Where, Sent(mut form): Sent) -> Result<Response, Fault> {
    let title = form.required("ten", 200, "Hãy đặt tên cho phương án.");
    let on = form.date("ngay");
    let document = form.line("van_ban", 200);
    if !form.is_fine() {
        return show(&app, actor, org, id, Some(form), "").await;
    }
    let hands = actor.clone();
    app.write(&actor, move |tx| {
        let (_, p) = editable(tx, &hands, org, id, &form)?;
        let new = Programme { title: title.clone(), on, document: document.clone(), ..p };
        Ok(store::save(tx, &hands, &new, "programme.edited")?)
    })
    .await?;
    Ok(see(&format!("{}?xong=luu", base(org, id))))
}

async fn step(State(app): State<App>, actor: Actor, Path((org, id)): Where, Sent(mut form): Sent) -> Result<Response, Fault> {
    let (hands, library, sent) = (actor.clone(), app.rules.clone(), form.clone());
    let done = app
        .write(&actor, move |tx| {
            let (o, p) = current(tx, &hands, org, id, &sent)?;
            match sent.raw("buoc") {
                "thuc-hien" => {
                    let ready = carry::prepare(tx, &o, &p, &library)?;
                    carry::carry(tx, &hands, &o, &p, &ready, &library)?;
                    Ok("pa-xong")
                }
                "hoan-tac" => {
                    let rules = orgs::rules_for(tx, &o, &library.at(hands.today()))?;
                    carry::undo(tx, &hands, &o, &p, &rules)?;
                    Ok("pa-hoan")
                }
                "soan-lai" => {
                    let entries = kept::renewed(&p.entries()?, || hands.id());
                    let items = store::as_json(&entries)?;
                    let new = Programme { state: p.state.reopen()?, items, trouble: None, plan: None, ..p };
                    store::save(tx, &hands, &new, "programme.reopened")?;
                    Ok("pa-soan")
                }
                "bo" => {
                    let new = Programme { state: p.state.discard()?, ..p };
                    store::save(tx, &hands, &new, "programme.dropped")?;
                    Ok("pa-bo")
                }
                _ => Err(Fault::NotFound),
            }
        })
        .await;
    match done {
        Ok("pa-bo") => Ok(see(&format!("/tc/{org}/sap-xep-khoi?xong=pa-bo"))),
        Ok(code) => Ok(see(&format!("{}?xong={code}", base(org, id)))),
        Err(Fault::Refused(refusal)) => {
            form.problem("", refusal.text());
            let again = app.db.read({
                let problems = form.problems.clone();
                let (known, hands) = (app.clone(), actor.clone());
                move |tx| {
                    let mut page = view(tx, &known, &hands, org, id, None, "")?;
                    page.shell.problems.clone_from(&problems);
                    page.shell.wrong = true;
                    Ok::<_, Fault>(page)
                }
            });
            Ok(html_with(StatusCode::UNPROCESSABLE_ENTITY, &again.await?))
        }
        Err(other) => Err(other),
    }
}

fn shown(page: &impl askama::Template, fine: bool) -> Response {
    if fine { html(page) } else { html_with(StatusCode::UNPROCESSABLE_ENTITY, page) }
}
