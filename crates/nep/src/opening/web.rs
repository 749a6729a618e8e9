//! Routes of openings. The cell shares and sees everything; what a committee does is in `far`.
//! May touch: forms, one database call, one page. Rules: P-25, P-10, ST-04.

mod far;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use db::Tx;
use domain::code::Code;
use domain::id::{IssuedId, OrgId, RowId};
use domain::opening::{Extent, Ground, SHARE_DAYS, State as Decided, end, last_day, length, stretch};
use domain::refusal::Refusal;
use domain::right::Right;
use domain::rollup::Month;
use domain::rulepack::{Library, Rules};
use domain::{tree, vi};
use jiff::civil::Date;
use web::form::Form;
use web::page::{html, html_with, see};
use web::routes::Routes;

use super::page::{Act, ListPage, OnePage, SharePage};
use super::store::{self, New, reading};
use super::view;
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::org::store as orgs;
use crate::shell::{Done, Shell, Under};
use crate::year::strip::cite;

/// Routes of this feature.
pub fn routes() -> Routes<App> {
    let (read, lead, open) = (Right::CellRead, Right::MeetingLead, Right::ContentOpen);
    Routes::new()
        .get("/cb/{org}/mo-noi-dung", read, list)
        .get("/cb/{org}/mo-noi-dung/chia-se", lead, share_page)
        .post("/cb/{org}/mo-noi-dung/chia-se", lead, share)
        .get("/cb/{org}/mo-noi-dung/{opening}", read, one)
        .post("/cb/{org}/mo-noi-dung/{opening}", lead, withdraw)
        .get("/tc/{org}/mo-noi-dung", open, far::list)
        .get("/tc/{org}/mo-noi-dung/de-nghi", open, far::propose_page)
        .post("/tc/{org}/mo-noi-dung/de-nghi", open, far::propose)
        .get("/tc/{org}/mo-noi-dung/{opening}", open, far::one)
        .post("/tc/{org}/mo-noi-dung/{opening}", open, far::decide)
        .get("/tc/{org}/mo-noi-dung/{opening}/{record}", open, far::record)
        .get("/tc/{org}/mo-noi-dung/{opening}/{record}/docx", open, far::docx)
        .get("/tc/{org}/mo-noi-dung/{opening}/{record}/pdf", open, far::pdf)
}

/// Name of the list on the cell's side.
const TITLE: &str = "Nội dung mở cho cấp trên";
/// The choice of sharing by months.
const BY_MONTH: &str = "thang";

type Where = Path<(OrgId, RowId)>;

/// Cells share; a committee has pages of its own.
fn cell(actor: &Actor) -> Result<OrgId, Fault> {
    if actor.standpoint.is_cell { Ok(actor.org) } else { Err(Fault::NotFound) }
}

fn status(form: &Form) -> StatusCode {
    if form.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
}

/// Puts a refusal at its field.
fn say(form: &mut Form, judged: Result<(), Refusal>) {
    if let Err(refusal) = judged {
        form.problem(refusal.field.unwrap_or_default(), refusal.text());
    }
}

/// A month of the form, from the list it was chosen of.
fn month(form: &mut Form, name: &'static str) -> Option<Month> {
    let found = form.raw(name).parse::<Month>().ok();
    if found.is_none() && !form.has_problem(name) {
        form.problem(name, "Hãy chọn một tháng trong danh sách.");
    }
    found
}

/// The months of the form, in their order.
fn months(form: &mut Form, today: Date) -> Option<(Month, Month)> {
    let both = month(form, "tu").zip(month(form, "den"));
    if let Some((from, to)) = both {
        say(form, stretch(from, to, today));
    }
    both
}

fn last(form: &mut Form, today: Date, most: i64) -> Option<Date> {
    let until = form.required_date("den_ngay", "Hãy ghi ngày cuối được xem.");
    if let Some(day) = until {
        say(form, length(today, day, most));
    }
    until
}

fn why(rules: &Rules, key: &str) -> Vec<String> {
    rules.figure(key).map(cite).into_iter().collect()
}

async fn list(State(app): State<App>, actor: Actor, Query(done): Query<Done>) -> Result<Response, Fault> {
    let (org, today) = (cell(&actor)?, actor.today());
    let base = format!("/cb/{org}/mo-noi-dung");
    let (name, live, over) = app
        .db
        .read(move |tx| {
            let all = store::of_cell(tx, org, today)?;
            let to: Vec<OrgId> = all.iter().map(|o| o.to).collect();
            let names = orgs::short_names(tx, &to, today)?;
            let (live, over) = view::rows(&all, &format!("/cb/{org}/mo-noi-dung"), today, |o| o.to, &names);
            Ok::<_, Fault>((orgs::get(tx, org, today)?.name, live, over))
        })
        .await?;
    let shell =
        Shell::new(&actor, TITLE, Under::Book).crumb(format!("/cb/{org}/so-bien-ban"), Under::Book.label()).done(done.words());
    Ok(html(&ListPage { shell, name, cell: true, base, begins: actor.may(Right::MeetingLead), live, over }))
}

async fn one(State(app): State<App>, actor: Actor, Path((org, id)): Where, Query(done): Query<Done>) -> Result<Response, Fault> {
    let today = actor.today();
    cell(&actor)?;
    let whole = app
        .db
        .read(move |tx| {
            let o = store::in_cell(tx, org, id, today)?;
            view::whole(tx, o, today)
        })
        .await?;
    let phase = whole.o.phase(today);
    let withdraws = whole.o.ground == Ground::Share && end(phase).is_ok() && actor.may(Right::MeetingLead);
    let act = Act { value: "rut", label: "Rút lại, không chia sẻ nữa", quiet: true };
    let base = format!("/cb/{org}/mo-noi-dung");
    Ok(html(&OnePage {
        shell: Shell::new(&actor, whole.o.ground.label(), Under::Book).crumb(base.clone(), TITLE).done(done.words()),
        who: "Đảng viên chi bộ xem được trang này.",
        class: view::class(phase),
        word: phase.label().to_owned(),
        records: view::record_rows(&whole.records, |r| format!("/cb/{org}/van-ban/{}", r.id)),
        nothing: "Các tháng này chưa có văn bản nào được khóa.",
        readings: view::read_rows(&whole.readings),
        action: format!("{base}/{id}"),
        acts: if withdraws { vec![act] } else { Vec::new() },
        say: "",
        version: whole.o.version,
        facts: whole.facts,
    }))
}

async fn withdraw(State(app): State<App>, actor: Actor, Path((org, id)): Where, Sent(mut form): Sent) -> Result<Response, Fault> {
    cell(&actor)?;
    let version = form.int("version", 0, i64::MAX).unwrap_or(0);
    let hands = actor.clone();
    app.write(&actor, move |tx| {
        let o = store::in_cell(tx, org, id, hands.today())?;
        if o.ground != Ground::Share {
            // An inspection is ended by the committee that opened it.
            return Err(Fault::NotFound);
        }
        end(o.phase(hands.today()))?;
        Ok(store::finish(tx, &hands, &o, Decided::Ended, version)?)
    })
    .await?;
    Ok(see(&format!("/cb/{org}/mo-noi-dung/{id}?xong=dong-nd")))
}

/// What a cell may share, and with whom.
struct Offer {
    committees: Vec<(OrgId, String)>,
    records: Vec<reading::Record>,
    first: Month,
    rules: Rules,
}

impl Offer {
    fn load(tx: &mut Tx, library: &Library, cell: OrgId, today: Date) -> Result<Self, Fault> {
        let org = orgs::get(tx, cell, today)?;
        let above: Vec<OrgId> = tree::ids(&org.path).unwrap_or_default().into_iter().filter(|o| *o != cell).rev().collect();
        let names = orgs::short_names(tx, &above, today)?;
        Ok(Self {
            committees: above.into_iter().filter_map(|o| Some((o, names.get(&o)?.clone()))).collect(),
            records: reading::shareable(tx, cell)?,
            first: reading::first_month(tx, cell)?.unwrap_or(Month::of(today)),
            rules: orgs::rules_for(tx, &org, &library.at(today))?,
        })
    }

    /// The most days; none without a figure in the packs.
    fn most(&self) -> i64 {
        self.rules.int(SHARE_DAYS).unwrap_or(0)
    }

    /// What the form asks for; its problems are put into it.
    fn wanted(&self, form: &mut Form, today: Date) -> Option<New> {
        let to: Option<OrgId> = form.id("cap_uy").filter(|id| self.committees.iter().any(|c| c.0 == *id));
        if to.is_none() && !form.has_problem("cap_uy") {
            form.problem("cap_uy", "Hãy chọn cấp ủy trong danh sách.");
        }
        let by_month = form.raw("van_ban") == BY_MONTH;
        let months = if by_month { months(form, today) } else { None };
        let issued: Option<IssuedId> =
            if by_month { None } else { form.id("van_ban").filter(|id| self.records.iter().any(|r| r.id == *id)) };
        if !by_month && issued.is_none() && !form.has_problem("van_ban") {
            form.problem("van_ban", "Hãy chọn văn bản trong danh sách.");
        }
        let reason = form.required("muc_dich", 300, "Hãy ghi mục đích chia sẻ.");
        let until = last(form, today, self.most());
        let extent = if by_month { Extent::Minutes } else { Extent::One };
        let new = New { to: to?, issued, months, extent, reason, document: None, until: until? };
        form.is_fine().then_some(new)
    }
}

async fn share_page(State(app): State<App>, actor: Actor) -> Result<Response, Fault> {
    let (org, today, library) = (cell(&actor)?, actor.today(), app.rules.clone());
    let offer = app.db.read(move |tx| Offer::load(tx, &library, org, today)).await?;
    let mut form = Form::default();
    let latest = Month::of(today).to_string();
    form.set("tu", latest.clone());
    form.set("den", latest);
    form.set("den_ngay", vi::date(last_day(today, offer.most().min(30))));
    Ok(share_form(&actor, form, &offer))
}

fn share_form(actor: &Actor, form: Form, offer: &Offer) -> Response {
    let base = format!("/cb/{}/mo-noi-dung", actor.org);
    let record = |r: &reading::Record| {
        let number = crate::resolution::seal::lower(&r.number);
        (r.id.to_string(), format!("{} {number} ngày {}: {}", r.kind, vi::date(r.on), r.title))
    };
    let mut records: Vec<(String, String)> = offer.records.iter().map(record).collect();
    records.push((BY_MONTH.to_owned(), "Biên bản của các tháng chọn dưới đây".to_owned()));
    let page = SharePage {
        shell: Shell::new(actor, "Chia sẻ với cấp trên", Under::Book).crumb(base.clone(), TITLE).wrong(&form),
        committees: offer.committees.iter().map(|c| (c.0.to_string(), c.1.clone())).collect(),
        any: !offer.records.is_empty(),
        records,
        months: view::months(offer.first, actor.today()),
        why: why(&offer.rules, SHARE_DAYS),
        base,
        form,
    };
    html_with(status(&page.form), &page)
}

async fn share(State(app): State<App>, actor: Actor, Sent(form): Sent) -> Result<Response, Fault> {
    let (org, library, hands) = (cell(&actor)?, app.rules.clone(), actor.clone());
    let made = app
        .write(&actor, move |tx| {
            let mut form = form.clone();
            let offer = Offer::load(tx, &library, org, hands.today())?;
            match offer.wanted(&mut form, hands.today()) {
                Some(new) => Ok(Ok(store::share(tx, &hands, org, &new)?)),
                None => Ok(Err((form, offer))),
            }
        })
        .await?;
    match made {
        Ok(id) => Ok(see(&format!("/cb/{org}/mo-noi-dung/{id}?xong=mo-nd"))),
        Err((form, offer)) => Ok(share_form(&actor, form, &offer)),
    }
}
