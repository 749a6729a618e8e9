//! Particulars, terms and posts. The structure's managers do all of it; a cell's bí thư and phó bí thư set
//! place, term and chi ủy viên of their own cell. Touches org and member stores. Rules: L10, TC-04, TC-05, TH-19.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use db::Tx;
use domain::code::Code;
use domain::id::{OrgId, PersonId, PersonKind, PostId};
use domain::post::{self, Post, Role};
use domain::refusal::Refusal;
use domain::right::Right;
use domain::vi;
use jiff::civil::Date;
use serde::Deserialize;
use web::form::Form;
use web::page::{html_with, see};

use super::{post_advice, post_lines, span};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::member::store as members;
use crate::org::page::{Appoint, Manage, Past};
use crate::org::reach;
use crate::org::reform::Work;
use crate::org::store::people::{self, Someone};
use crate::org::store::{self, Org, Particulars, history};
use crate::shell::{Done, Shell, Under};

fn base(org: OrgId, own: bool) -> String {
    format!("/{}/{org}", if own { "cb" } else { "tc" })
}

/// What a cell arranges itself is for cells; a committee has the page for whoever manages its structure.
pub(super) fn cell_only(actor: &Actor) -> Result<(), Fault> {
    if actor.standpoint.is_cell { Ok(()) } else { Err(Fault::NotFound) }
}

fn home(org: OrgId, own: bool) -> String {
    if own { format!("/cb/{org}/to-chuc") } else { format!("/tc/{org}/quan-ly") }
}

pub(super) async fn above_page(app: State<App>, actor: Actor, org: Path<OrgId>, done: Query<Done>) -> Result<Response, Fault> {
    page(app, actor, org.0, done.0.words(), None, false).await
}

pub(super) async fn own_page(app: State<App>, actor: Actor, org: Path<OrgId>, done: Query<Done>) -> Result<Response, Fault> {
    cell_only(&actor)?;
    page(app, actor, org.0, done.0.words(), None, true).await
}

async fn page(
    State(app): State<App>,
    actor: Actor,
    org: OrgId,
    done: &'static str,
    sent: Option<Form>,
    own: bool,
) -> Result<Response, Fault> {
    let rules = app.rules.at(actor.today());
    let status = if sent.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = app
        .db
        .read(move |tx| {
            let today = actor.today();
            let o = store::get(tx, org, today)?;
            let mut form = sent.clone().unwrap_or_default();
            if form.raw("buoc") != "thong-tin" {
                form.set("ten_ngan", o.short_name.clone());
                form.set("noi", o.place.clone());
                form.set("loai_hinh", o.cell_type.clone().unwrap_or_default());
                form.set("diem", if o.pilot { "1" } else { "" });
            }
            let works = if own || o.ended_on.is_some() { Vec::new() } else { works(tx, &actor, &o)? };
            let title = format!("Quản lý {}", o.short_name);
            let shell = Shell::new(&actor, &title, Under::Org).done(done).wrong(&form);
            // Whoever arranges without reading figures (the technical administrator) has no reading page.
            let shell = if actor.may(Right::CellStats) { shell.crumb(format!("/tc/{org}"), o.short_name.clone()) } else { shell };
            let terms = history::terms(tx, org)?;
            let may_end = |role: Role| !own || role == Role::Committee;
            Ok::<_, Fault>(Manage {
                shell,
                org,
                name: o.name.clone(),
                base: base(org, own),
                own,
                is_cell: o.is_cell,
                form,
                cell_types: rules.cell_types().map(|t| (t.code.clone(), t.name.clone())).collect(),
                terms: terms.into_iter().map(|t| Past { text: t.name, when: span(t.from, t.to) }).collect(),
                posts: post_lines(store::posts_on(tx, org, today)?, o.is_cell, may_end),
                advice: post_advice(tx, &o, &rules, today)?,
                works,
                accounts: actor.may(Right::AccountManage),
                imports: reach::imports(&actor),
                rules: actor.may(Right::CellStats),
            })
        })
        .await?;
    Ok(html_with(status, &page))
}

/// What may be done with an organisation: founding below is its own, the rest is decided above it.
fn works(tx: &mut Tx, actor: &Actor, org: &Org) -> db::Result<Vec<Work>> {
    let decides = reach::decides(&reach::structure(tx, actor)?, org);
    let fits = |w: &&Work| match w {
        Work::Found => !org.is_cell,
        Work::Rename => decides || org.parent().is_none(),
        Work::Move | Work::Split | Work::Merge | Work::Dissolve => decides,
    };
    Ok(Work::ALL.iter().filter(fits).copied().collect())
}

pub(super) async fn above_particulars(app: State<App>, actor: Actor, org: Path<OrgId>, form: Sent) -> Result<Response, Fault> {
    particulars(app, actor, org.0, form.0, false).await
}

pub(super) async fn own_particulars(app: State<App>, actor: Actor, org: Path<OrgId>, form: Sent) -> Result<Response, Fault> {
    cell_only(&actor)?;
    particulars(app, actor, org.0, form.0, true).await
}

async fn particulars(State(app): State<App>, actor: Actor, org: OrgId, mut form: Form, own: bool) -> Result<Response, Fault> {
    let place = form.required("noi", 100, "Hãy nhập địa danh, ví dụ Hà Tĩnh.");
    let short_name = if own { String::new() } else { form.required("ten_ngan", 100, "Hãy nhập tên ngắn.") };
    let cell_type = Some(form.raw("loai_hinh").to_owned()).filter(|t| !t.is_empty());
    let rules = app.rules.at(actor.today());
    if cell_type.as_ref().is_some_and(|t| rules.cell_types().all(|c| c.code != *t)) {
        form.problem("loai_hinh", "Hãy chọn một mục trong danh sách.");
    }
    if !form.is_fine() {
        form.set("buoc", "thong-tin");
        return page(State(app), actor, org, "", Some(form), own).await;
    }
    let pilot = form.ticked("diem");
    app.db
        .write(move |tx| {
            let today = actor.today();
            let o = store::get(tx, org, today)?;
            let mut new =
                Particulars { short_name: short_name.clone(), place: place.clone(), cell_type: cell_type.clone(), pilot };
            if own {
                new = Particulars { short_name: o.short_name, cell_type: o.cell_type, pilot: o.pilot, ..new };
            }
            Ok::<_, Fault>(store::set_particulars(tx, &actor, org, today, &new)?)
        })
        .await?;
    Ok(see(&format!("{}?xong=luu", home(org, own))))
}

pub(super) async fn above_term(app: State<App>, actor: Actor, org: Path<OrgId>, form: Sent) -> Result<Response, Fault> {
    term(app, actor, org.0, form.0, false).await
}

pub(super) async fn own_term(app: State<App>, actor: Actor, org: Path<OrgId>, form: Sent) -> Result<Response, Fault> {
    cell_only(&actor)?;
    term(app, actor, org.0, form.0, true).await
}

async fn term(State(app): State<App>, actor: Actor, org: OrgId, mut form: Form, own: bool) -> Result<Response, Fault> {
    let name = form.required("nhiem_ky", 40, "Hãy nhập tên nhiệm kỳ, ví dụ 2025-2030.");
    let from = form.required_date("tu_ngay", "Hãy nhập ngày bắt đầu nhiệm kỳ.");
    let terms = app.db.read(move |tx| history::terms(tx, org)).await?;
    if let (Some(from), Some(last)) = (from, terms.first()) {
        if from <= last.from {
            let text = format!("Nhiệm kỳ {} bắt đầu ngày {}; nhiệm kỳ mới phải sau ngày đó.", last.name, vi::date(last.from));
            form.problem("tu_ngay", text);
        } else if terms.iter().any(|t| t.name == name) {
            form.problem("nhiem_ky", format!("Đã có nhiệm kỳ {name}."));
        }
    }
    let (Some(from), true) = (from, form.is_fine()) else {
        return page(State(app), actor, org, "", Some(form), own).await;
    };
    app.db.write(move |tx| store::open_term(tx, &actor, org, &name, from)).await?;
    Ok(see(&format!("{}?xong=luu", home(org, own))))
}

/// Words to look for.
#[derive(Debug, Deserialize)]
pub(super) struct Words {
    q: Option<String>,
}

pub(super) async fn above_appoint_page(
    app: State<App>,
    actor: Actor,
    org: Path<OrgId>,
    q: Query<Words>,
) -> Result<Response, Fault> {
    let form = Form::from_pairs([("q", q.0.q.unwrap_or_default())]);
    appoint_form(app, actor, org.0, form, false).await
}

pub(super) async fn own_appoint_page(
    app: State<App>,
    actor: Actor,
    org: Path<OrgId>,
    q: Query<Words>,
) -> Result<Response, Fault> {
    cell_only(&actor)?;
    let form = Form::from_pairs([("q", q.0.q.unwrap_or_default())]);
    appoint_form(app, actor, org.0, form, true).await
}

/// The posts a person may give here.
fn roles(actor: &Actor, is_cell: bool, own: bool) -> Vec<Role> {
    let fits = |r: &&Role| match r {
        Role::Committee => true,
        Role::Secretary | Role::Deputy | Role::Clerk => !own,
        Role::Standing => !own && !is_cell,
        Role::Follower => !own && is_cell,
        Role::Admin => !own && actor.may(Right::SystemAdmin),
    };
    Role::ALL.iter().filter(fits).copied().collect()
}

async fn appoint_form(State(app): State<App>, actor: Actor, org: OrgId, form: Form, own: bool) -> Result<Response, Fault> {
    let status = if form.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = app
        .db
        .read(move |tx| {
            let today = actor.today();
            let o = store::get(tx, org, today)?;
            let q = vi::clean_line(form.raw("q")).unwrap_or_default();
            let people = candidates(tx, &actor, &o, &q, own, today)?;
            let title = if own { "Ghi chi ủy viên" } else { "Ghi chức vụ" };
            let shell = Shell::new(&actor, title, Under::Org).crumb(home(org, own), o.short_name.clone()).wrong(&form);
            let held = store::posts_on(tx, org, today)?;
            let roles = roles(&actor, o.is_cell, own);
            Ok::<_, Fault>(Appoint {
                shell,
                name: o.name,
                base: base(org, own),
                own,
                form: form.clone(),
                roles: roles.iter().map(|r| (r.code().to_owned(), r.label_in(o.is_cell).to_owned())).collect(),
                people,
                search: !own,
                q,
                secretary: held.into_iter().find(|h| h.role == Role::Secretary).map(|h| h.name).unwrap_or_default(),
            })
        })
        .await?;
    Ok(html_with(status, &page))
}

/// Members of the cell; on a search, whoever is found in the whole part of the tree within reach.
fn candidates(tx: &mut Tx, actor: &Actor, org: &Org, q: &str, own: bool, today: Date) -> db::Result<Vec<Someone>> {
    if !own && !q.is_empty() {
        let scope = reach::scope(tx, actor, org)?;
        return people::find(tx, &scope, q, today);
    }
    let roster = members::roster(tx, org.id, today)?;
    Ok(roster
        .into_iter()
        .map(|m| Someone { person: m.person, name: m.name, birth_year: m.birth_year, place: org.short_name.clone() })
        .collect())
}

pub(super) async fn above_appoint(app: State<App>, actor: Actor, org: Path<OrgId>, form: Sent) -> Result<Response, Fault> {
    appoint(app, actor, org.0, form.0, false).await
}

pub(super) async fn own_appoint(app: State<App>, actor: Actor, org: Path<OrgId>, form: Sent) -> Result<Response, Fault> {
    cell_only(&actor)?;
    appoint(app, actor, org.0, form.0, true).await
}

/// A post as asked for.
#[derive(Clone)]
struct Wanted {
    person: Option<PersonId>,
    new: members::NewPerson,
    role: Role,
    from: Date,
    document: String,
    replace: bool,
    own: bool,
}

async fn appoint(State(app): State<App>, actor: Actor, org: OrgId, mut form: Form, own: bool) -> Result<Response, Fault> {
    let is_cell = actor.standpoint.is_cell;
    let role = form.code::<Role>("chuc_vu").filter(|r| roles(&actor, is_cell, own).contains(r));
    if role.is_none() && form.is_fine() {
        form.problem("chuc_vu", "Hãy chọn chức vụ.");
    }
    let from = form.date("tu").unwrap_or_else(|| actor.today());
    let document = form.line("van_ban", 200);
    let mut new = members::NewPerson::default();
    let person = if form.raw("nguoi") == "moi" && !own {
        new.name = form.required("ho_ten", 100, "Hãy nhập họ và tên.");
        new.birth_year = form.int("nam_sinh", 1900, i64::from(actor.today().year()));
        None
    } else {
        let found = form.id::<PersonKind>("nguoi");
        if found.is_none() && !form.has_problem("nguoi") {
            form.problem("nguoi", "Hãy chọn một đồng chí.");
        }
        found
    };
    let (Some(role), true) = (role, form.is_fine()) else {
        return appoint_form(State(app), actor, org, form, own).await;
    };
    let replace = form.ticked("thay") && role == Role::Secretary;
    let wanted = Wanted { person, new, role, from, document, replace, own };
    let hands = actor.clone();
    match app.db.write(move |tx| give(tx, &hands, org, &wanted)).await {
        Ok(()) => Ok(see(&format!("{}?xong=luu", home(org, own)))),
        Err(Fault::Refused(refusal)) => {
            form.problem(
                match refusal.field {
                    Some("from") => "tu",
                    Some("person") => "nguoi",
                    _ => "",
                },
                refusal.text(),
            );
            appoint_form(State(app), actor, org, form, own).await
        }
        Err(fault) => Err(fault),
    }
}

fn give(tx: &mut Tx, actor: &Actor, org: OrgId, wanted: &Wanted) -> Result<(), Fault> {
    let o = store::get(tx, org, wanted.from.max(actor.today()))?;
    if wanted.from < o.born_on {
        let text = format!("{} có từ ngày {}. Hãy chọn ngày từ hôm đó.", o.name, vi::date(o.born_on));
        return Err(Refusal::new("too_early", text).at("from").into());
    }
    if wanted.from > actor.today() {
        return Err(Refusal::new("too_late", "Ngày này chưa tới. Hãy ghi khi quyết định có hiệu lực.").at("from").into());
    }
    let person = match wanted.person {
        Some(person) => person,
        None => members::add_person(tx, actor, &wanted.new)?,
    };
    if person == actor.person {
        let text = "Không ai tự ghi chức vụ cho mình. Hãy nhờ đồng chí khác có quyền ghi.";
        return Err(Refusal::new("oneself", text).at("person").into());
    }
    if wanted.person.is_some() {
        let scope = if wanted.own { o.path.clone() } else { reach::scope(tx, actor, &o)? };
        if !people::within(tx, &scope, person, actor.today())? {
            return Err(Refusal::new("person_unknown", "Hãy chọn một đồng chí trong danh sách.").at("person").into());
        }
    }
    let from = wanted.from;
    if wanted.replace {
        let held = store::posts_on(tx, org, from)?;
        for old in held.into_iter().filter(|h| h.role == Role::Secretary && h.to.is_none() && h.person != person) {
            store::end_post(tx, actor, org, old.id, from)?;
        }
    }
    let new = Post { person, role: wanted.role, org, from, to: None };
    post::appoint(&store::posts_ever(tx, org)?, &new)?;
    let document = Some(wanted.document.as_str()).filter(|d| !d.is_empty());
    store::appoint(tx, actor, org, person, wanted.role, from, document)?;
    Ok(())
}

pub(super) async fn above_end(app: State<App>, actor: Actor, at: Path<(OrgId, PostId)>, form: Sent) -> Result<Response, Fault> {
    end(app, actor, at.0, form.0, false).await
}

pub(super) async fn own_end(app: State<App>, actor: Actor, at: Path<(OrgId, PostId)>, form: Sent) -> Result<Response, Fault> {
    cell_only(&actor)?;
    end(app, actor, at.0, form.0, true).await
}

async fn end(State(app): State<App>, actor: Actor, at: (OrgId, PostId), mut form: Form, own: bool) -> Result<Response, Fault> {
    let (org, post) = at;
    let to = form.date("den").unwrap_or_else(|| actor.today());
    if form.is_fine() && to > actor.today() {
        form.problem("den", "Ngày này chưa tới. Hãy ghi khi quyết định có hiệu lực.");
    }
    if !form.is_fine() {
        return page(State(app), actor, org, "", Some(form), own).await;
    }
    let hands = actor.clone();
    let done = app
        .db
        .write(move |tx| {
            let held = store::post(tx, org, post)?;
            if own && held.role != Role::Committee {
                return Err(Fault::NotFound);
            }
            if held.role == Role::Admin && !hands.may(Right::SystemAdmin) {
                return Err(Refusal::new("admin", "Chức vụ quản trị kỹ thuật do người quản trị kỹ thuật ghi.").into());
            }
            if to < held.from {
                let text = format!("Đồng chí {} giữ chức vụ từ ngày {}.", held.name, vi::date(held.from));
                return Err(Refusal::new("post_dates", text).at("den").into());
            }
            Ok(store::end_post(tx, &hands, org, post, to)?)
        })
        .await;
    match done {
        Ok(()) => Ok(see(&format!("{}?xong=luu", home(org, own)))),
        Err(Fault::Refused(refusal)) => {
            form.problem("", refusal.text());
            page(State(app), actor, org, "", Some(form), own).await
        }
        Err(fault) => Err(fault),
    }
}
