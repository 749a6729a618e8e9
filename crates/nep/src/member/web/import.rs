//! Importing lists: upload, preview, choices, accept, undo; for one cell and, from a committee's page, for the
//! cells below it. Nothing is written before it is accepted. Touches member and org stores, documents.
//! Rules: experience.md "Preview before import", P-10, P-17.

mod show;

use std::collections::HashMap;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use db::Tx;
use domain::id::{OrgId, PersonId, RowId};
use domain::refusal::Refusal;
use domain::right::Right;
use domain::rulepack::Rules;
use domain::sheet::{Action, MemberSheet};
use domain::vi;
use jiff::civil::Date;
use web::form::Form;
use web::page::{html, html_with, see};

use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::member::import::{self, Ground, Person, Plan, Posts, Target};
use crate::member::page::Upload;
use crate::member::store::import::{self as store, Choice, Decision, Founding, State as Stands};
use crate::org::reach;
use crate::org::store as orgs;
use crate::shell::{Shell, Under};

/// Where an import is made: in one cell, or in a committee for the cells below it.
#[derive(Clone, Copy)]
struct Here {
    org: OrgId,
    many: bool,
}

impl Here {
    fn new(actor: &Actor, org: OrgId, many: bool) -> Result<Self, Fault> {
        let fits = if many { reach::imports(actor) } else { actor.standpoint.is_cell };
        if fits { Ok(Self { org, many }) } else { Err(Fault::NotFound) }
    }

    fn base(self) -> String {
        let org = self.org;
        if self.many { format!("/tc/{org}/nhap") } else { format!("/cb/{org}/dang-vien/nhap") }
    }

    fn crumbs(self, shell: Shell) -> Shell {
        let org = self.org;
        if self.many {
            shell.crumb(format!("/tc/{org}"), "Tổ chức")
        } else {
            shell.crumb(format!("/cb/{org}/dang-vien"), "Đảng viên")
        }
    }

    fn under(self) -> Under {
        if self.many { Under::Org } else { Under::Members }
    }
}

type Page = Query<show::Filter>;

macro_rules! both {
    ($($cell:ident $many:ident => $with:ident ($($arg:ident: $kind:ty),*);)*) => {$(
        pub(super) async fn $cell(app: State<App>, actor: Actor, at: Path<OrgId>, $($arg: $kind),*) -> Result<Response, Fault> {
            let here = Here::new(&actor, at.0, false)?;
            $with(app.0, actor, here, $($arg),*).await
        }
        pub(super) async fn $many(app: State<App>, actor: Actor, at: Path<OrgId>, $($arg: $kind),*) -> Result<Response, Fault> {
            let here = Here::new(&actor, at.0, true)?;
            $with(app.0, actor, here, $($arg),*).await
        }
    )*};
}

macro_rules! both_of {
    ($($cell:ident $many:ident => $with:ident ($($arg:ident: $kind:ty),*);)*) => {$(
        pub(super) async fn $cell(app: State<App>, actor: Actor, at: Path<(OrgId, RowId)>, $($arg: $kind),*) -> Result<Response, Fault> {
            let here = Here::new(&actor, at.0.0, false)?;
            $with(app.0, actor, here, at.0.1, $($arg),*).await
        }
        pub(super) async fn $many(app: State<App>, actor: Actor, at: Path<(OrgId, RowId)>, $($arg: $kind),*) -> Result<Response, Fault> {
            let here = Here::new(&actor, at.0.0, true)?;
            $with(app.0, actor, here, at.0.1, $($arg),*).await
        }
    )*};
}

both! {
    cell_upload_page many_upload_page => upload_page(done: Query<crate::shell::Done>);
    cell_upload many_upload => upload(form: Sent);
}
both_of! {
    cell_preview many_preview => preview(page: Page);
    cell_accept many_accept => accept(form: Sent);
    cell_drop many_drop => put_away();
    cell_undo many_undo => undo();
}

async fn upload_page(app: App, actor: Actor, here: Here, done: Query<crate::shell::Done>) -> Result<Response, Fault> {
    let form = Form::from_pairs([("tu_ngay", vi::date(actor.today()))]);
    upload_form(&app, actor, here, form, done.0.words()).await
}

async fn upload_form(app: &App, actor: Actor, here: Here, form: Form, done: &'static str) -> Result<Response, Fault> {
    let status = if form.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = app
        .db
        .read(move |tx| {
            let org = orgs::get(tx, here.org, actor.today())?;
            let imports = store::batches(tx, here.org)?.iter().map(show::line).collect();
            let shell = Shell::new(&actor, "Nhập danh sách đảng viên", here.under()).done(done).wrong(&form);
            Ok::<_, Fault>(Upload {
                shell: here.crumbs(shell),
                name: org.name,
                base: here.base(),
                many: here.many,
                form: form.clone(),
                imports,
            })
        })
        .await?;
    Ok(html_with(status, &page))
}

/// What an import is compared with, and what the person may do in it.
struct Within {
    org: orgs::Org,
    people: Vec<Person>,
    targets: Vec<Target>,
    posts: Posts,
}

fn within(tx: &mut Tx, actor: &Actor, here: Here) -> Result<Within, Fault> {
    let org = orgs::get(tx, here.org, actor.today())?;
    let cells: Vec<orgs::Org> = if here.many {
        // Only cells whose members the person looks after anyway; no right comes from the import itself.
        reach::cells(tx, actor)?.into_iter().filter(|c| c.path.starts_with(&org.path)).collect()
    } else {
        vec![org.clone()]
    };
    let ids: Vec<OrgId> = cells.iter().map(|c| c.id).collect();
    let people = store::people(tx, &org.path, &ids, actor.today())?;
    let targets = cells.into_iter().map(|c| Target { org: c.id, name: c.name, short_name: c.short_name }).collect();
    let posts = match (actor.may(Right::OrgManage), actor.may(Right::MeetingLead)) {
        (true, _) => Posts::All,
        (false, true) if !here.many => Posts::Committee,
        _ => Posts::Nothing,
    };
    Ok(Within { org, people, targets, posts })
}

impl Within {
    fn ground<'a>(&'a self, here: Here, from: Date, today: Date, rules: &'a Rules) -> Ground<'a> {
        let one = (!here.many).then_some(here.org);
        Ground { people: &self.people, targets: &self.targets, one, posts: self.posts, from, today, rules }
    }
}

/// Reads a file on a thread of its own: it may be large, and hostile.
async fn read(name: String, bytes: Vec<u8>) -> Result<Result<MemberSheet, String>, Fault> {
    let work = move || {
        let grids = documents::read_sheet(&name, &bytes).map_err(|e| format!("{e} Chưa ghi gì vào hệ thống."))?;
        import::choose(&grids).map(|found| found.0)
    };
    tokio::task::spawn_blocking(work).await.map_err(|e| Fault::Document(e.to_string()))
}

async fn upload(app: App, actor: Actor, here: Here, Sent(mut form): Sent) -> Result<Response, Fault> {
    let from = form.date("tu_ngay").unwrap_or_else(|| actor.today());
    if form.is_fine() && from > actor.today() {
        form.problem("tu_ngay", "Ngày này chưa tới. Hãy chọn ngày từ hôm nay trở về trước.");
    }
    let Some(file) = form.files.iter().position(|f| f.field == "tep").map(|at| form.files.swap_remove(at)) else {
        form.problem("tep", "Hãy chọn tệp danh sách.");
        return upload_form(&app, actor, here, form, "").await;
    };
    if !form.is_fine() {
        return upload_form(&app, actor, here, form, "").await;
    }
    let name = file.name.clone();
    let sheet = match read(file.name, file.bytes).await? {
        Ok(sheet) => sheet,
        Err(why) => {
            form.problem("tep", why);
            return upload_form(&app, actor, here, form, "").await;
        }
    };
    let rules = app.rules.at(actor.today());
    let hands = actor.clone();
    let planned: Result<Plan, String> = app
        .db
        .read(move |tx| {
            let within = within(tx, &hands, here)?;
            Ok::<_, Fault>(import::plan(sheet.clone(), &within.ground(here, from, hands.today(), &rules)))
        })
        .await?;
    match planned {
        Err(why) => {
            form.problem("tep", why);
            upload_form(&app, actor, here, form, "").await
        }
        Ok(plan) => {
            let id = app.db.write(move |tx| store::keep(tx, &actor, here.org, &name, &plan)).await?;
            Ok(see(&format!("{}/{id}", here.base())))
        }
    }
}

async fn preview(app: App, actor: Actor, here: Here, id: RowId, page: Page) -> Result<Response, Fault> {
    shown(&app, actor, here, id, Form::default(), &page.0).await
}

async fn shown(app: &App, actor: Actor, here: Here, id: RowId, form: Form, filter: &show::Filter) -> Result<Response, Fault> {
    let status = if form.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let hands = actor.clone();
    let (org, batch, plan, why_not) = app
        .db
        .read(move |tx| {
            let org = orgs::get(tx, here.org, hands.today())?;
            let batch = store::batch(tx, here.org, id)?;
            let plan = if batch.state == Stands::Preview { Some(store::waiting(tx, here.org, id)?) } else { None };
            let why_not = if batch.state == Stands::Accepted { store::why_not(tx, &hands, here.org, &batch)? } else { None };
            Ok::<_, Fault>((org, batch, plan, why_not))
        })
        .await?;
    Ok(match plan {
        Some(plan) => html_with(status, &show::preview(&actor, here, &org, &batch, &plan, form, filter)),
        None => html(&show::outcome(&actor, here, &batch, why_not.unwrap_or_default(), filter)),
    })
}

pub(super) async fn many_found(
    State(app): State<App>,
    actor: Actor,
    Path((org, id)): Path<(OrgId, RowId)>,
) -> Result<Response, Fault> {
    let here = Here::new(&actor, org, true)?;
    app.db
        .write(move |tx| {
            let mut plan = store::waiting(tx, org, id)?;
            plan.found = true;
            store::replace(tx, org, id, &plan)
        })
        .await?;
    Ok(see(&format!("{}/{id}", here.base())))
}

/// What was chosen for the rows that ask; rows without an answer are noted in the form.
fn choices(plan: &Plan, form: &mut Form) -> HashMap<usize, Choice> {
    let rest = form.ticked("con_lai");
    let mut out = HashMap::new();
    for row in plan.rows.iter().filter(|r| r.does(plan.found) == Action::Ask) {
        let field = format!("dong_{}", row.n);
        let answer = form.raw(&field).to_owned();
        let known = row.candidates.iter().find(|c| answer == c.0.to_string()).map(|c| Choice::Is(PersonId::new(c.0)));
        let choice = match answer.as_str() {
            "moi" => Some(Choice::New),
            "bo" => Some(Choice::Skip),
            "" if rest => Some(Choice::Skip),
            _ => known,
        };
        match choice {
            Some(choice) => {
                out.insert(row.n, choice);
            }
            None => form.problem(&field, format!("Dòng {}: chưa chọn.", row.n)),
        }
    }
    // Two rows cannot both be one known person.
    let mut taken: HashMap<PersonId, usize> = HashMap::new();
    let mut rows: Vec<(&usize, &Choice)> = out.iter().collect();
    rows.sort_by_key(|r| *r.0);
    for (n, choice) in rows {
        if let Choice::Is(person) = choice
            && let Some(first) = taken.insert(*person, *n)
        {
            form.problem(&format!("dong_{n}"), format!("Dòng {n} và dòng {first} cùng chọn một đồng chí."));
        }
    }
    out
}

async fn accept(app: App, actor: Actor, here: Here, id: RowId, Sent(mut form): Sent) -> Result<Response, Fault> {
    let plan = app.db.read(move |tx| store::waiting(tx, here.org, id)).await?;
    let choices = choices(&plan, &mut form);
    if !form.is_fine() {
        return shown(&app, actor, here, id, form, &show::Filter::default()).await;
    }
    let rules = app.rules.at(actor.today());
    let hands = actor.clone();
    let done = app
        .db
        .write(move |tx| {
            let within = within(tx, &hands, here)?;
            let plan = store::waiting(tx, here.org, id)?;
            if import::basis(&within.ground(here, plan.from, hands.today(), &rules)) != plan.basis {
                let text = "Danh sách đảng viên đã thay đổi sau khi đồng chí xem trước. Hãy tải tệp lên lại để xem bản mới; chưa ghi gì vào hệ thống.";
                return Err(Refusal::new("stale", text).into());
            }
            let founding = plan.found.then(|| founding(&hands, &within.org, &rules)).flatten();
            if plan.found && founding.is_none() {
                return Err(Refusal::new("founding", "Đồng chí không có quyền lập chi bộ. Hãy nhờ cấp ủy cấp trên.").into());
            }
            let decision = Decision { plan, choices: choices.clone(), posts: within.posts, founding };
            store::accept(tx, &hands, here.org, id, &decision)?;
            Ok::<_, Fault>(())
        })
        .await;
    match done {
        Ok(()) => Ok(see(&format!("{}/{id}?xong=nhap", here.base()))),
        Err(Fault::Refused(refusal)) => {
            form.problem("", refusal.text());
            shown(&app, actor, here, id, form, &show::Filter::default()).await
        }
        Err(fault) => Err(fault),
    }
}

/// The first kind of cell that may stand under the committee.
fn founding(actor: &Actor, parent: &orgs::Org, rules: &Rules) -> Option<Founding> {
    if !actor.may(Right::OrgManage) {
        return None;
    }
    let kind = rules.org_kinds().find(|k| k.is_cell && k.may_stand_under(Some(&parent.kind)))?;
    Some(Founding { kind: kind.code.clone(), symbol: kind.symbol.clone() })
}

async fn put_away(app: App, actor: Actor, here: Here, id: RowId) -> Result<Response, Fault> {
    drop(actor);
    app.db.write(move |tx| store::drop_batch(tx, here.org, id)).await?;
    Ok(see(&format!("{}?xong=bo", here.base())))
}

async fn undo(app: App, actor: Actor, here: Here, id: RowId) -> Result<Response, Fault> {
    app.db
        .write(move |tx| {
            let batch = store::batch(tx, here.org, id)?;
            if let Some(why) = store::why_not(tx, &actor, here.org, &batch)? {
                return Err(Fault::Refused(Refusal::new("built_upon", why)));
            }
            Ok(store::undo(tx, &actor, here.org, id)?)
        })
        .await?;
    Ok(see(&format!("{}/{id}?xong=hoan", here.base())))
}
