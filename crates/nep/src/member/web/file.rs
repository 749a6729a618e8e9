//! A member's file: reading, entering, correcting, change of standing, transfer, leaving.
//! Touches member, org and account stores. Rules: DD-03, MG-01, P-10.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use db::Tx;
use domain::code::Code;
use domain::id::{OrgId, OrgKind, PersonId};
use domain::refusal::Refusal;
use domain::right::Right;
use domain::roll::Standing;
use domain::vi;
use jiff::civil::Date;
use web::form::Form;
use web::page::{html_with, see};

use super::standings;
use crate::account::store as accounts;
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::member::page::{Edit, Member, Past};
use crate::member::store::file::{self, OwnStay, Person};
use crate::member::store::{self, NewPerson};
use crate::org::reach;
use crate::org::store as orgs;
use crate::shell::{Done, Shell, Under};

domain::codes! {
    /// Why a stay in a cell ended.
    pub enum Leaving {
        /// To a cell within reach.
        Transferred = "transferred" / "Chuyển sinh hoạt đến chi bộ khác trong hệ thống",
        /// With a reorganisation.
        Reorganised = "reorganised" / "Sắp xếp tổ chức",
        /// To a cell this installation does not know.
        Elsewhere = "elsewhere" / "Chuyển sinh hoạt đi nơi khác",
        /// A temporary stay is over.
        TemporaryOver = "temporary_over" / "Hết thời gian sinh hoạt tạm thời",
        /// Left the Party.
        Left = "left" / "Ra khỏi Đảng",
        /// Struck off or expelled.
        Removed = "removed" / "Xóa tên, khai trừ",
        /// Died.
        Died = "died" / "Từ trần",
    }
}

/// A person who has or had a stay in this cell.
struct Found {
    org: orgs::Org,
    person: Person,
    stays: Vec<OwnStay>,
    /// The stay that holds here today.
    here: Option<OwnStay>,
}

fn find(tx: &mut Tx, actor: &Actor, org: OrgId, id: PersonId) -> Result<Found, Fault> {
    let today = actor.today();
    let o = orgs::get(tx, org, today)?;
    let stays = file::stays_of(tx, id)?;
    if !o.is_cell || stays.iter().all(|s| s.org != org) {
        return Err(Fault::NotFound);
    }
    let person = file::person(tx, id)?;
    let here = stays.iter().find(|s| s.org == org && s.from <= today && s.to.is_none_or(|to| today < to)).cloned();
    Ok(Found { org: o, person, stays, here })
}

fn when(from: Date, to: Option<Date>) -> String {
    match to.and_then(|day| day.yesterday().ok()) {
        Some(last) => format!("{} đến {}", vi::date(from), vi::date(last)),
        None => format!("từ {}", vi::date(from)),
    }
}

fn stay_line(s: &OwnStay) -> Past {
    let mut when = when(s.from, s.to);
    if let Some(reason) = s.reason.as_deref().and_then(Leaving::from_code) {
        when = format!("{when}. Kết thúc: {}", reason.label().to_lowercase());
    }
    if let Some(document) = s.document.as_deref().filter(|d| !d.is_empty()) {
        when = format!("{when}. Theo {document}");
    }
    Past { text: format!("{}, {}", s.org_name, s.standing.label().to_lowercase()), when }
}

pub(super) async fn page(
    app: State<App>,
    actor: Actor,
    at: Path<(OrgId, PersonId)>,
    Query(done): Query<Done>,
) -> Result<Response, Fault> {
    show(app, actor, at.0, None, done.words()).await
}

async fn show(
    State(app): State<App>,
    actor: Actor,
    (org, id): (OrgId, PersonId),
    sent: Option<Form>,
    done: &'static str,
) -> Result<Response, Fault> {
    let status = if sent.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = app.db.read(move |tx| load(tx, &actor, org, id, sent.clone().unwrap_or_default(), done)).await?;
    Ok(html_with(status, &page))
}

fn load(tx: &mut Tx, actor: &Actor, org: OrgId, id: PersonId, form: Form, done: &'static str) -> Result<Member, Fault> {
    let Found { org: o, person, stays, here } = find(tx, actor, org, id)?;
    let day = |d: Option<Date>| d.map_or_else(|| "chưa ghi".to_owned(), vi::date);
    let text = |t: &Option<String>| t.clone().unwrap_or_else(|| "chưa ghi".to_owned());
    let mut facts = vec![
        ("Năm sinh", person.birth_year.map_or_else(|| "chưa ghi".to_owned(), |y| y.to_string())),
        ("Ngày vào Đảng", day(person.admitted_on)),
        ("Ngày chính thức", day(person.official_on)),
    ];
    if let Some(here) = &here {
        facts.insert(0, ("Số thứ tự", here.number.to_string()));
        // Whoever left keeps these to themselves.
        facts.push(("Số thẻ đảng viên", text(&person.card_number)));
        facts.push(("Điện thoại", text(&person.phone)));
        facts.push(("Thư điện tử", text(&person.email)));
    }
    let own = |at: OrgId| here.is_some() || at == org;
    let posts = orgs::posts_of(tx, id)?;
    let account = match accounts::of_person(tx, id)? {
        Some(a) if a.disabled => format!("Tài khoản {} đang bị khóa.", a.login),
        Some(a) => format!("Đã có tài khoản: {}.", a.login),
        None => "Chưa có tài khoản.".to_owned(),
    };
    let cells = reach::cells(tx, actor)?.into_iter().filter(|c| c.id != org);
    let present = here.as_ref().map(|h| h.standing);
    let shell = Shell::new(actor, &person.name, Under::Members)
        .crumb(format!("/cb/{org}/dang-vien"), format!("Đảng viên {}", o.short_name))
        .done(done)
        .wrong(&form);
    Ok(Member {
        shell,
        org,
        facts,
        stays: stays.iter().filter(|s| own(s.org)).map(stay_line).collect(),
        posts: posts
            .iter()
            .filter(|p| own(p.org))
            .map(|p| Past { text: format!("{}, {}", p.role.label_in(p.is_cell), p.org_name), when: when(p.from, p.to) })
            .collect(),
        account,
        accounts: actor.may(Right::AccountManage),
        standing: present.map(|s| s.label().to_owned()).unwrap_or_default(),
        here: here.is_some(),
        form,
        standings: standings().into_iter().filter(|s| present.is_none_or(|p| p.code() != s.0)).collect(),
        cells: cells.map(|c| (c.id.to_string(), c.name)).collect(),
        reasons: Leaving::ALL.iter().skip(2).map(|l| (l.code().to_owned(), l.label().to_owned())).collect(),
        person,
    })
}

/// The fields of a person from a form.
fn details(form: &mut Form, today: Date) -> NewPerson {
    let some = |text: String| Some(text).filter(|t| !t.is_empty());
    let mut new = NewPerson {
        name: form.required("ho_ten", 80, "Hãy nhập họ và tên."),
        birth_year: form.int("nam_sinh", 1900, i64::from(today.year())),
        admitted_on: form.date("vao_dang"),
        official_on: form.date("chinh_thuc"),
        card_number: some(form.line("so_the", 20)),
        phone: some(form.line("dien_thoai", 20)),
        email: some(form.line("thu", 254)),
    };
    if let Some(card) = &mut new.card_number {
        card.retain(|c| !matches!(c, ' ' | '.' | '-'));
        if !card.chars().all(|c| c.is_ascii_digit()) {
            form.problem("so_the", "Số thẻ chỉ gồm chữ số.");
        }
    }
    if let (Some(admitted), Some(official)) = (new.admitted_on, new.official_on)
        && official < admitted
    {
        form.problem("chinh_thuc", format!("Ngày chính thức trước ngày vào Đảng {}.", vi::date(admitted)));
    }
    if new.email.as_ref().is_some_and(|e| !e.contains('@')) {
        form.problem("thu", "Địa chỉ thư điện tử cần có dấu @.");
    }
    new
}

fn edit_shell(actor: &Actor, org: OrgId, new: bool, form: &Form) -> Shell {
    Shell::new(actor, if new { "Thêm một đồng chí" } else { "Sửa thông tin" }, Under::Members)
        .crumb(format!("/cb/{org}/dang-vien"), "Đảng viên")
        .wrong(form)
}

fn new_form(actor: &Actor, org: OrgId, form: Form, namesakes: Vec<(PersonId, String)>) -> Response {
    let fine = form.is_fine() && namesakes.is_empty();
    let status = if fine { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shell = edit_shell(actor, org, true, &form);
    let action = format!("/cb/{org}/dang-vien/them");
    html_with(status, &Edit { shell, org, action, new: true, form, standings: standings(), namesakes })
}

pub(super) async fn new_page(actor: Actor, Path(org): Path<OrgId>) -> Result<Response, Fault> {
    if !actor.standpoint.is_cell {
        return Err(Fault::NotFound);
    }
    Ok(new_form(&actor, org, Form::default(), Vec::new()))
}

pub(super) async fn add(
    State(app): State<App>,
    actor: Actor,
    Path(org): Path<OrgId>,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    if !actor.standpoint.is_cell {
        return Err(Fault::NotFound);
    }
    let new = details(&mut form, actor.today());
    let standing = form.code::<Standing>("dien").unwrap_or(Standing::Official);
    let from = form.date("tu_ngay").unwrap_or_else(|| actor.today());
    let document = form.line("van_ban", 200);
    if !form.is_fine() {
        return Ok(new_form(&actor, org, form, Vec::new()));
    }
    let name = new.name.clone();
    let same = app.db.read(move |tx| file::namesakes(tx, org, &name)).await?;
    if !same.is_empty() && !form.ticked("van") {
        let called = |(id, name, born): (PersonId, String, Option<i64>)| match born {
            Some(year) => (id, format!("{name}, sinh {year}")),
            None => (id, name),
        };
        return Ok(new_form(&actor, org, form, same.into_iter().map(called).collect()));
    }
    let person = app
        .db
        .write(move |tx| {
            let person = store::add_person(tx, &actor, &new)?;
            let document = Some(document.as_str()).filter(|d| !d.is_empty());
            store::join(tx, &actor, org, person, standing, from, document)?;
            Ok::<_, Fault>(person)
        })
        .await?;
    Ok(see(&format!("/cb/{org}/dang-vien/{person}?xong=tao")))
}

pub(super) async fn edit_page(
    State(app): State<App>,
    actor: Actor,
    Path((org, id)): Path<(OrgId, PersonId)>,
) -> Result<Response, Fault> {
    let hands = actor.clone();
    let found = app.db.read(move |tx| find(tx, &hands, org, id)).await?;
    let (p, here) = (found.person, found.here.ok_or(Fault::NotFound)?);
    let day = |d: Option<Date>| d.map(vi::date).unwrap_or_default();
    let form = Form::from_pairs([
        ("ho_ten", p.name),
        ("nam_sinh", p.birth_year.map(|y| y.to_string()).unwrap_or_default()),
        ("vao_dang", day(p.admitted_on)),
        ("chinh_thuc", day(p.official_on)),
        ("so_the", p.card_number.unwrap_or_default()),
        ("dien_thoai", p.phone.unwrap_or_default()),
        ("thu", p.email.unwrap_or_default()),
        ("stt", here.number.to_string()),
        ("version", p.version.to_string()),
    ]);
    Ok(edit_form(&actor, org, id, form))
}

fn edit_form(actor: &Actor, org: OrgId, id: PersonId, form: Form) -> Response {
    let status = if form.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shell = edit_shell(actor, org, false, &form);
    let action = format!("/cb/{org}/dang-vien/{id}/sua");
    html_with(status, &Edit { shell, org, action, new: false, form, standings: Vec::new(), namesakes: Vec::new() })
}

pub(super) async fn edit(
    State(app): State<App>,
    actor: Actor,
    Path((org, id)): Path<(OrgId, PersonId)>,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let new = details(&mut form, actor.today());
    let number = form.int("stt", 1, 100_000);
    let version: i64 = form.raw("version").parse().unwrap_or(0);
    if !form.is_fine() {
        return Ok(edit_form(&actor, org, id, form));
    }
    let hands = actor.clone();
    let done = app
        .db
        .write(move |tx| {
            let here = find(tx, &hands, org, id)?.here.ok_or(Fault::NotFound)?;
            if let Some(number) = number.filter(|n| *n != here.number) {
                if let Some((_, name)) = file::number_holder(tx, org, number, hands.today())? {
                    let text = format!("Số {number} đang là của đồng chí {name}. Hãy chọn số khác.");
                    return Err(Refusal::new("number_taken", text).at("stt").into());
                }
                file::set_number(tx, &hands, org, id, number)?;
            }
            Ok(file::correct(tx, &hands, org, id, &new, version)?)
        })
        .await;
    match done {
        Ok(()) => Ok(see(&format!("/cb/{org}/dang-vien/{id}?xong=luu"))),
        Err(Fault::Refused(refusal)) => {
            form.problem(refusal.field.unwrap_or(""), refusal.text());
            Ok(edit_form(&actor, org, id, form))
        }
        Err(fault) => Err(fault),
    }
}

/// The date of a change: given, not to come, after the present stay began.
fn change_day(form: &mut Form, field: &str, actor: &Actor, here: &OwnStay) -> Option<Date> {
    let day = form.required_date(field, "Hãy nhập ngày.")?;
    if day > actor.today() {
        form.problem(field, "Ngày này chưa tới. Hãy ghi khi quyết định có hiệu lực.");
        return None;
    }
    if day <= here.from {
        let text = format!("Diện hiện nay bắt đầu từ ngày {}; hãy chọn ngày sau đó.", vi::date(here.from));
        form.problem(field, text);
        return None;
    }
    Some(day)
}

async fn here_now(app: &App, actor: &Actor, org: OrgId, id: PersonId) -> Result<OwnStay, Fault> {
    let hands = actor.clone();
    app.db.read(move |tx| find(tx, &hands, org, id)).await?.here.ok_or(Fault::NotFound)
}

pub(super) async fn standing(
    State(app): State<App>,
    actor: Actor,
    Path((org, id)): Path<(OrgId, PersonId)>,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let here = here_now(&app, &actor, org, id).await?;
    form.set("buoc", "dien");
    let standing = form.code::<Standing>("dien").filter(|s| *s != here.standing);
    if standing.is_none() && form.is_fine() {
        form.problem("dien", "Hãy chọn diện mới.");
    }
    let on = change_day(&mut form, "dien_ngay", &actor, &here);
    let document = form.line("dien_van_ban", 200);
    let (Some(standing), Some(on), true) = (standing, on, form.is_fine()) else {
        return show(State(app), actor, (org, id), Some(form), "").await;
    };
    app.db
        .write(move |tx| {
            let document = Some(document.as_str()).filter(|d| !d.is_empty());
            file::change_standing(tx, &actor, org, id, standing, on, document)
        })
        .await?;
    Ok(see(&format!("/cb/{org}/dang-vien/{id}?xong=luu")))
}

pub(super) async fn transfer(
    State(app): State<App>,
    actor: Actor,
    Path((org, id)): Path<(OrgId, PersonId)>,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let here = here_now(&app, &actor, org, id).await?;
    form.set("buoc", "chuyen");
    let to = form.id::<OrgKind>("den");
    if to.is_none() && form.is_fine() {
        form.problem("den", "Hãy chọn chi bộ nhận.");
    }
    let on = change_day(&mut form, "chuyen_ngay", &actor, &here);
    let document = form.line("chuyen_van_ban", 200);
    let (Some(to), Some(on), true) = (to, on, form.is_fine()) else {
        return show(State(app), actor, (org, id), Some(form), "").await;
    };
    app.db
        .write(move |tx| {
            // A cell out of reach does not exist for this person.
            let cell = reach::cells(tx, &actor)?.into_iter().find(|c| c.id == to && c.id != org).ok_or(Fault::NotFound)?;
            if on < cell.born_on {
                return Err(Refusal::new("too_early", format!("{} có từ ngày {}.", cell.name, vi::date(cell.born_on))).into());
            }
            let document = Some(document.as_str()).filter(|d| !d.is_empty());
            Ok::<_, Fault>(file::transfer(tx, &actor, org, to, id, on, document)?)
        })
        .await?;
    Ok(see(&format!("/cb/{org}/dang-vien/{id}?xong=chuyen")))
}

pub(super) async fn leave(
    State(app): State<App>,
    actor: Actor,
    Path((org, id)): Path<(OrgId, PersonId)>,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let here = here_now(&app, &actor, org, id).await?;
    form.set("buoc", "roi");
    let reason = form.code::<Leaving>("ly_do");
    if reason.is_none() && form.is_fine() {
        form.problem("ly_do", "Hãy chọn lý do.");
    }
    let on = change_day(&mut form, "roi_ngay", &actor, &here);
    let document = form.line("roi_van_ban", 200);
    let (Some(reason), Some(on), true) = (reason, on, form.is_fine()) else {
        return show(State(app), actor, (org, id), Some(form), "").await;
    };
    app.db
        .write(move |tx| {
            let document = Some(document.as_str()).filter(|d| !d.is_empty());
            file::depart(tx, &actor, org, id, on, reason.code(), document)
        })
        .await?;
    Ok(see(&format!("/cb/{org}/dang-vien/{id}?xong=luu")))
}
