//! What a committee does with the content of cells below: proposing and confirming an inspection, reading what is
//! open. A reading is kept in the transaction that hands the record out. Rules: P-25, KT-05, P-10.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use db::Tx;
use domain::code::Code;
use domain::id::{IssuedId, OrgId, RowId};
use domain::opening::{
    Confirming, Extent, Ground, INSPECTION_DAYS, Phase, State as Decided, Way, confirm, dated, end, last_day, waits,
};
use domain::rollup::Month;
use domain::rulepack::{Library, Rules};
use domain::vi;
use jiff::ToSpan;
use jiff::civil::Date;
use web::form::Form;
use web::page::{DOCX, PDF, download, html, html_with, see};

use super::super::page::{Act, ListPage, OnePage, ProposePage, RecordPage};
use super::super::store::{self, New, reading};
use super::super::view;
use super::{Where, last, months, status, why};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::ledger::document;
use crate::ledger::store::Issued;
use crate::org::store::{self as orgs, Org};
use crate::shell::{Done, Shell, Under};

/// Name of the list on the committee's side.
const TITLE: &str = "Nội dung chi bộ mở cho cấp ủy";

pub(super) async fn list(State(app): State<App>, actor: Actor, Query(done): Query<Done>) -> Result<Response, Fault> {
    let (org, today) = (actor.org, actor.today());
    let base = format!("/tc/{org}/mo-noi-dung");
    let (name, live, over) = app
        .db
        .read(move |tx| {
            let all = store::to_committee(tx, org, today)?;
            let cells: Vec<OrgId> = all.iter().map(|o| o.org).collect();
            let names = orgs::short_names(tx, &cells, today)?;
            let (live, over) = view::rows(&all, &format!("/tc/{org}/mo-noi-dung"), today, |o| o.org, &names);
            Ok::<_, Fault>((orgs::get(tx, org, today)?.name, live, over))
        })
        .await?;
    let shell =
        Shell::new(&actor, TITLE, Under::Board).crumb(format!("/tc/{org}/buc-tranh"), Under::Board.label()).done(done.words());
    Ok(html(&ListPage { shell, name, cell: false, base, begins: true, live, over }))
}

pub(super) async fn one(
    State(app): State<App>,
    actor: Actor,
    Path((org, id)): Where,
    Query(done): Query<Done>,
) -> Result<Response, Fault> {
    let today = actor.today();
    let whole = app
        .db
        .read(move |tx| {
            let o = store::of_committee(tx, org, id, today)?;
            view::whole(tx, o, today)
        })
        .await?;
    let phase = whole.o.phase(today);
    let act = |value, label, quiet| Act { value, label, quiet };
    let own = whole.o.made_by == actor.person;
    let (acts, say) = match (phase, whole.o.ground) {
        (Phase::Waiting, _) if own => {
            (vec![act("bo", "Bỏ đề nghị", true)], "Đồng chí đã đề nghị, nên cần một đồng chí khác trong cấp ủy xác nhận.")
        }
        (Phase::Waiting, _) => {
            let both = vec![act("xac-nhan", "Xác nhận, mở để kiểm tra", false), act("bo", "Bỏ đề nghị", true)];
            (both, "Xác nhận xong, cấp ủy xem được ngay và chi bộ thấy ai đã xác nhận.")
        }
        (Phase::Running, Ground::Inspection) => (vec![act("ket-thuc", "Kết thúc sớm", true)], ""),
        _ => (Vec::new(), ""),
    };
    let base = view::address(org, id);
    // What is not open is not listed either.
    let records = if phase.reads() { whole.records.as_slice() } else { &[] };
    Ok(html(&OnePage {
        shell: Shell::new(&actor, whole.o.ground.label(), Under::Board)
            .crumb(format!("/tc/{org}/mo-noi-dung"), TITLE)
            .done(done.words()),
        who: "Bí thư, phó bí thư, ủy viên của cấp ủy và đảng viên của chi bộ xem được trang này. Mỗi lượt xem văn bản đều được ghi lại.",
        class: view::class(phase),
        word: phase.label().to_owned(),
        records: view::record_rows(records, |r| format!("{base}/{}", r.id)),
        nothing: if phase.reads() {
            "Các tháng này chưa có văn bản nào được khóa."
        } else {
            "Hiện không xem được văn bản nào."
        },
        readings: view::read_rows(&whole.readings),
        action: base,
        acts,
        say,
        version: whole.o.version,
        facts: whole.facts,
    }))
}

/// Confirms, gives up or ends.
pub(super) async fn decide(
    State(app): State<App>,
    actor: Actor,
    Path((org, id)): Where,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let version = form.int("version", 0, i64::MAX).unwrap_or(0);
    let (what, hands) = (form.raw("viec").to_owned(), actor.clone());
    let done = app
        .write(&actor, move |tx| {
            let today = hands.today();
            let o = store::of_committee(tx, org, id, today)?;
            let phase = o.phase(today);
            if o.ground != Ground::Inspection {
                // What the cell shares it withdraws itself.
                return Err(Fault::NotFound);
            }
            match what.as_str() {
                "xac-nhan" => {
                    let committee = orgs::get(tx, org, today)?;
                    let proposer_may = store::may(tx, &committee, o.made_by, today)?;
                    confirm(&Confirming { phase, proposer: o.made_by, proposer_may, by: hands.person })?;
                    store::confirm(tx, &hands, &o, version)?;
                    Ok("mo-nd")
                }
                "bo" => {
                    waits(phase)?;
                    store::finish(tx, &hands, &o, Decided::Dropped, version)?;
                    Ok("huy")
                }
                "ket-thuc" => {
                    end(phase)?;
                    store::finish(tx, &hands, &o, Decided::Ended, version)?;
                    Ok("dong-nd")
                }
                _ => Err(Fault::NotFound),
            }
        })
        .await?;
    Ok(see(&format!("{}?xong={done}", view::address(org, id))))
}

type Asked = Path<(OrgId, RowId, IssuedId)>;

/// Hands a record out to the reader and keeps that it was read.
async fn handed(app: &App, actor: &Actor, id: RowId, record: IssuedId, way: Way) -> Result<(Issued, Org, Date), Fault> {
    let hands = actor.clone();
    app.db
        .write(move |tx| {
            let today = hands.today();
            let issued = reading::hand_out(tx, &hands, hands.org, id, record, way)?;
            let until = store::of_committee(tx, hands.org, id, today)?.until;
            Ok::<_, Fault>((orgs::get(tx, issued.org, today)?, issued, until))
        })
        .await
        .map(|(org, issued, until)| (issued, org, until))
}

pub(super) async fn record(State(app): State<App>, actor: Actor, Path((org, id, record)): Asked) -> Result<Response, Fault> {
    let (issued, cell, until) = handed(&app, &actor, id, record, Way::Page).await?;
    let base = view::address(org, id);
    let title = format!("{} {}", issued.kind.label(), crate::resolution::seal::lower(&issued.number_text));
    Ok(html(&RecordPage {
        shell: Shell::new(&actor, &title, Under::Board).crumb(base.clone(), TITLE),
        base: format!("{base}/{record}"),
        cell: cell.name,
        about: format!("{}, {}.", issued.title, vi::date_long(issued.issued_on)),
        until: vi::date(until),
        preview: documents::html(&document::of(&issued, &app.rules)?),
    }))
}

pub(super) async fn docx(State(app): State<App>, actor: Actor, Path((_, id, record)): Asked) -> Result<Response, Fault> {
    let (issued, _, _) = handed(&app, &actor, id, record, Way::Docx).await?;
    let doc = document::of(&issued, &app.rules)?;
    let bytes = document::made(move || documents::docx(&doc)).await?;
    Ok(download(bytes, DOCX, &format!("{}.docx", document::file_name(&issued))))
}

pub(super) async fn pdf(State(app): State<App>, actor: Actor, Path((_, id, record)): Asked) -> Result<Response, Fault> {
    let (issued, _, _) = handed(&app, &actor, id, record, Way::Pdf).await?;
    let doc = document::of(&issued, &app.rules)?;
    let bytes = document::made(move || documents::pdf(&doc)).await?;
    Ok(download(bytes, PDF, &format!("{}.pdf", document::file_name(&issued))))
}

/// What a committee may propose.
struct Offer {
    cells: Vec<(OrgId, String)>,
    rules: Rules,
}

impl Offer {
    /// `asked` is the cell somebody came from: there even where the cells are too many to choose from.
    fn load(tx: &mut Tx, library: &Library, (committee, asked): (OrgId, Option<OrgId>), today: Date) -> Result<Self, Fault> {
        let org = orgs::get(tx, committee, today)?;
        let mut cells = store::cells_below(tx, &org.path, today)?;
        if let Some(asked) = asked.filter(|a| cells.iter().all(|c| c.0 != *a)) {
            cells.extend(store::cell_below(tx, &org.path, asked, today)?);
        }
        Ok(Self { cells, rules: orgs::rules_for(tx, &org, &library.at(today))? })
    }

    /// The most days; none without a figure in the packs.
    fn most(&self) -> i64 {
        self.rules.int(INSPECTION_DAYS).unwrap_or(0)
    }

    /// What the form asks for, of which cell; its problems are put into it.
    fn wanted(&self, form: &mut Form, to: OrgId, today: Date) -> Option<(OrgId, New)> {
        let cell: Option<OrgId> = form.id("chi_bo").filter(|id| self.cells.iter().any(|c| c.0 == *id));
        if cell.is_none() && !form.has_problem("chi_bo") {
            form.problem("chi_bo", "Hãy chọn chi bộ trong danh sách.");
        }
        let months = months(form, today);
        let reason = form.required("ly_do", 300, "Hãy ghi lý do mở.");
        let number = form.required("so", 100, "Hãy ghi số quyết định hoặc kế hoạch kiểm tra.");
        let day = form.required_date("ngay", "Hãy ghi ngày của văn bản.");
        if let Some(day) = day {
            super::say(form, dated(day, today));
        }
        let until = last(form, today, self.most());
        let document = Some((number, day?));
        let new = New { to, issued: None, months, extent: Extent::Records, reason, document, until: until? };
        form.is_fine().then_some((cell?, new))
    }
}

/// The cell somebody came from.
#[derive(Debug, Default, serde::Deserialize)]
pub(super) struct From {
    chi_bo: Option<String>,
}

pub(super) async fn propose_page(State(app): State<App>, actor: Actor, Query(from): Query<From>) -> Result<Response, Fault> {
    let (org, today, library) = (actor.org, actor.today(), app.rules.clone());
    let asked: Option<OrgId> = from.chi_bo.and_then(|text| text.parse().ok());
    let offer = app.db.read(move |tx| Offer::load(tx, &library, (org, asked), today)).await?;
    let mut form = Form::default();
    if let Some(cell) = asked {
        form.set("chi_bo", cell.to_string());
    }
    let latest = Month::of(today).to_string();
    form.set("tu", latest.clone());
    form.set("den", latest);
    form.set("den_ngay", vi::date(last_day(today, offer.most())));
    Ok(propose_form(&actor, form, &offer))
}

fn propose_form(actor: &Actor, form: Form, offer: &Offer) -> Response {
    let base = format!("/tc/{}/mo-noi-dung", actor.org);
    let first = actor.today().checked_sub(YEARS.years()).unwrap_or(actor.today());
    let page = ProposePage {
        shell: Shell::new(actor, "Đề nghị mở để kiểm tra", Under::Board).crumb(base.clone(), TITLE).wrong(&form),
        cells: offer.cells.iter().map(|c| (c.0.to_string(), c.1.clone())).collect(),
        months: view::months(Month::of(first), actor.today()),
        why: why(&offer.rules, INSPECTION_DAYS),
        base,
        form,
    };
    html_with(status(&page.form), &page)
}

/// How far back months are offered.
const YEARS: i32 = 5;

pub(super) async fn propose(State(app): State<App>, actor: Actor, Sent(form): Sent) -> Result<Response, Fault> {
    let (org, library, hands) = (actor.org, app.rules.clone(), actor.clone());
    let made = app
        .write(&actor, move |tx| {
            let (mut form, today) = (form.clone(), hands.today());
            let asked = form.raw("chi_bo").parse().ok();
            let offer = Offer::load(tx, &library, (org, asked), today)?;
            match offer.wanted(&mut form, org, today) {
                Some((cell, new)) => Ok(Ok(store::propose(tx, &hands, cell, &new)?)),
                None => Ok(Err((form, offer))),
            }
        })
        .await?;
    match made {
        Ok(id) => Ok(see(&format!("{}?xong=luu", view::address(org, id)))),
        Err((form, offer)) => Ok(propose_form(&actor, form, &offer)),
    }
}
