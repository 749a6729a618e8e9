//! Routes of the absence chain: the list and the cases of a cell, a member's own case.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::absence::Verdict;
use domain::id::{OrgId, PersonId, RowId};
use domain::refusal::Refusal;
use domain::right::Right;
use domain::rulepack::Rules;
use domain::vi;
use web::form::Form;
use web::page::{PDF, download, html, html_with, see};
use web::routes::Routes;

use super::act::{self, Whole};
use super::page::{CasePage, ListPage};
use super::{own, store, view};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::ledger::document;
use crate::ledger::store as ledger;
use crate::org::store as orgs;
use crate::shell::{Shell, Under, done_words};

/// Routes of this feature.
pub fn routes() -> Routes<App> {
    let (reads, leads) = (Right::MeetingPrepare, Right::MeetingLead);
    Routes::new()
        .get("/cb/{org}/xet-vang", reads, list)
        .post("/cb/{org}/xet-vang", leads, open)
        .get("/cb/{org}/xet-vang/{case}", reads, case_page)
        .get("/cb/{org}/xet-vang/{case}/pdf", reads, case_pdf)
        .post("/cb/{org}/xet-vang/{case}/y-kien/{objection}", leads, decide)
        .post("/cb/{org}/xet-vang/{case}/du-thao", reads, draft)
        .post("/cb/{org}/xet-vang/{case}/thong-bao", leads, confirm)
        .post("/cb/{org}/xet-vang/{case}/khep-lai", leads, close)
        .get("/toi/xet-vang/{case}", Right::SignedIn, own::page)
        .post("/toi/xet-vang/{case}", Right::SignedIn, own::say)
        .get("/toi/xet-vang/{case}/pdf", Right::SignedIn, own::pdf)
}

/// Which year a list shows, and what was just done.
#[derive(Debug, Default, serde::Deserialize)]
struct Asked {
    nam: Option<i16>,
    xong: Option<String>,
}

/// Words of these pages for a code in the address.
pub(super) fn words(code: Option<&str>) -> &'static str {
    match code {
        Some("xv-mo") => "Đã mở việc xem xét. Đồng chí được xem xét thấy số liệu ở trang đầu của mình và nêu ý kiến trước.",
        Some("xv-qd") => "Đã ghi quyết định của chi ủy.",
        Some("xv-du-thao") => "Đã lưu dự thảo. Chưa ai ngoài chi ủy xem được.",
        Some("xv-tb") => "Đã xác nhận thông báo. Đồng chí được thông báo và chi ủy xem được.",
        Some("xv-khep") => "Đã khép lại, không thông báo.",
        Some("xv-y-kien") => "Đã gửi ý kiến của đồng chí đến chi ủy.",
        Some("xv-khong") => "Đã ghi: đồng chí đã xem, không có ý kiến khác.",
        other => done_words(other),
    }
}

async fn list(State(app): State<App>, actor: Actor, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let (org, today) = (actor.org, actor.today());
    let now = today.year();
    let year = asked.nam.filter(|y| (now - 5..=now).contains(y)).unwrap_or(now);
    let base = format!("/cb/{org}/xet-vang");
    let (library, at) = (app.rules.clone(), base.clone());
    let page = app
        .db
        .read(move |tx| {
            let cell = orgs::get(tx, org, today)?;
            let rules = orgs::rules_for(tx, &cell, &library.at(today))?;
            let found = view::asked(tx, &rules, org, year)?;
            let waiting = store::waiting(tx, org)?;
            let cases: Vec<_> = store::of_cell(tx, org)?.into_iter().filter(|c| c.year() == year).collect();
            let row = |c: &store::Case| view::row(&at, c, waiting.get(&c.id).copied().unwrap_or(0), today);
            let live = cases.iter().filter(|c| c.state.is_live()).map(row).collect();
            let over = cases.iter().filter(|c| !c.state.is_live()).map(row).collect();
            let mut met = view::met(&found);
            met.retain(|m| cases.iter().all(|c| c.person.to_string() != m.person));
            let often = found.often.iter().map(|(name, n)| (name.clone(), format!("{n} kỳ liên tiếp")));
            Ok::<_, Fault>(ListPage {
                shell: Shell::default(),
                base: at.clone(),
                year,
                years: (now - 2..=now).rev().collect(),
                met,
                live,
                over,
                often: often.collect(),
                hear_days: rules.int(act::HEAR).unwrap_or(10),
                cites: view::cites(&rules),
            })
        })
        .await?;
    let shell = Shell::new(&actor, "Xem xét việc dự sinh hoạt", Under::Members)
        .crumb(format!("/cb/{org}/nam/{year}/du-sinh-hoat"), "Dự sinh hoạt và phát biểu")
        .done(words(asked.xong.as_deref()));
    Ok(html(&ListPage { shell, ..page }))
}

async fn open(State(app): State<App>, actor: Actor, Path(org): Path<OrgId>, Sent(mut form): Sent) -> Result<Response, Fault> {
    let now = actor.today().year();
    let person: Option<PersonId> = form.id("dong_chi");
    let year = form.int("nam", i64::from(now) - 5, i64::from(now)).and_then(|y| i16::try_from(y).ok());
    let (Some(person), Some(year)) = (person, year) else {
        return Err(Refusal::new("missing", "Hãy chọn đồng chí trong danh sách.").into());
    };
    let library = app.rules.clone();
    let case = app
        .db
        .write(move |tx| {
            let today = actor.today();
            let cell = orgs::get(tx, org, today)?;
            let rules = orgs::rules_for(tx, &cell, &library.at(today))?;
            act::open(tx, &actor, &rules, org, person, year)
        })
        .await?;
    Ok(see(&format!("/cb/{org}/xet-vang/{case}?xong=xv-mo")))
}

type Where = Path<(OrgId, RowId)>;

async fn case_page(
    State(app): State<App>,
    actor: Actor,
    Path((_, case)): Where,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    show(&app, &actor, case, Form::default(), words(asked.xong.as_deref())).await
}

/// Reads a case of the cell with the rules of today.
async fn whole(app: &App, actor: &Actor, case: RowId) -> Result<(Whole, Rules), Fault> {
    let (org, today, library) = (actor.org, actor.today(), app.rules.clone());
    app.db
        .read(move |tx| {
            let cell = orgs::get(tx, org, today)?;
            let rules = orgs::rules_for(tx, &cell, &library.at(today))?;
            let case = store::get(tx, org, case)?;
            Ok::<_, Fault>((Whole::of(tx, &rules, case)?, rules))
        })
        .await
}

async fn show(app: &App, actor: &Actor, case: RowId, mut form: Form, done: &str) -> Result<Response, Fault> {
    let (whole, rules) = whole(app, actor, case).await?;
    let (org, today) = (actor.org, actor.today());
    let state = whole.case.state;
    let hand = domain::absence::Hand { person: actor.person, today };
    let ready = state.draft(&whole.known(), &hand);
    if !form.pairs().any(|(k, _)| k == "noi_dung") {
        form.set("noi_dung", whole.case.notice.clone());
    }
    let shell = Shell::new(actor, &format!("Việc dự sinh hoạt của đồng chí {}", whole.case.name), Under::Members)
        .crumb(format!("/cb/{org}/xet-vang?nam={}", whole.case.year), "Xem xét việc dự sinh hoạt")
        .wrong(&form)
        .done(done);
    let status = if form.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(html_with(
        status,
        &CasePage {
            base: format!("/cb/{org}/xet-vang/{case}"),
            state: (view::class(state), state.to_string()),
            sub: view::sum(&whole),
            year: whole.case.year(),
            facts: view::facts(&whole, true),
            sum: view::sum(&whole),
            cites: view::cites(&rules),
            heard: view::heard(&whole, today),
            over: !state.is_live(),
            drafted: state == domain::absence::CaseState::Drafted,
            may_draft: ready.is_ok(),
            draft_wait: ready.err().map(|r| r.text()).unwrap_or_default(),
            leads: actor.may(Right::MeetingLead),
            own: whole.case.person == actor.person,
            told: if rules.flag(act::ABOVE) {
                "Khi xác nhận: đồng chí được thông báo, chi ủy và cấp ủy cấp trên trực tiếp (nhận bản giấy) được biết; không ai khác."
            } else {
                "Khi xác nhận: chỉ đồng chí được thông báo và chi ủy xem được; không ai khác."
            },
            issued: whole.case.issued.map(|i| format!("/cb/{org}/van-ban/{i}")).unwrap_or_default(),
            closed: whole.case.reason.clone().unwrap_or_default(),
            version: whole.case.version,
            form,
            shell,
        },
    ))
}

/// What a step of chi ủy wants.
#[derive(Debug, Clone)]
enum Wish {
    Decide(RowId, Verdict, String),
    Draft(Option<String>),
    Confirm,
    Close(String),
}

/// Carries a step out; a refusal comes back on the page at `field`.
async fn attempt(
    app: &App,
    actor: Actor,
    (org, case): (OrgId, RowId),
    mut form: Form,
    wish: Wish,
    (field, code): (&'static str, &str),
) -> Result<Response, Fault> {
    if !form.is_fine() {
        return show(app, &actor, case, form, "").await;
    }
    let version = form.raw("version").parse::<i64>().ok();
    let (hands, library) = (actor.clone(), app.rules.clone());
    let done = app
        .db
        .write(move |tx| {
            let today = hands.today();
            let cell = orgs::get(tx, org, today)?;
            let rules = orgs::rules_for(tx, &cell, &library.at(today))?;
            let case = store::get(tx, org, case)?;
            // A text is judged by the version it was written on.
            if matches!(wish, Wish::Draft(Some(_)) | Wish::Confirm) && version.is_some_and(|v| v != case.version) {
                return Err(Fault::Conflict);
            }
            let whole = Whole::of(tx, &rules, case)?;
            match &wish {
                Wish::Decide(objection, verdict, reason) => {
                    act::decide(tx, &hands, &library, &whole, *objection, (*verdict, reason))
                }
                Wish::Draft(text) => act::draft(tx, &hands, &rules, &whole, text.as_deref()),
                Wish::Confirm => act::confirm(tx, &hands, &rules, &whole).map(|_| ()),
                Wish::Close(reason) => act::close(tx, &hands, &whole, reason),
            }
        })
        .await;
    match done {
        Ok(()) => Ok(see(&format!("/cb/{org}/xet-vang/{case}?xong={code}"))),
        Err(Fault::Refused(refusal)) => {
            form.problem(if refusal.field.is_some() { field } else { "" }, refusal.text());
            show(app, &actor, case, form, "").await
        }
        Err(other) => Err(other),
    }
}

async fn decide(
    State(app): State<App>,
    actor: Actor,
    Path((org, case, objection)): Path<(OrgId, RowId, RowId)>,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let field = format!("ly_do_{objection}");
    let verdict: Option<Verdict> = form.code("quyet_dinh");
    if verdict.is_none() && !form.has_problem("quyet_dinh") {
        form.problem("", "Hãy chọn chấp nhận hoặc giữ nguyên.");
    }
    let reason = form.required(&field, 500, "Hãy ghi lý do quyết định.");
    let wish = Wish::Decide(objection, verdict.unwrap_or(Verdict::Rejected), reason);
    attempt(&app, actor, (org, case), form, wish, ("", "xv-qd")).await
}

async fn draft(State(app): State<App>, actor: Actor, Path(at): Where, Sent(mut form): Sent) -> Result<Response, Fault> {
    let typed = form.pairs().any(|(k, _)| k == "noi_dung");
    let text = if typed { Some(form.text("noi_dung", 5000)) } else { None };
    if text.as_deref().is_some_and(str::is_empty) && !form.has_problem("noi_dung") {
        form.problem("noi_dung", "Chưa có nội dung thông báo. Hãy nhập nội dung.");
    }
    attempt(&app, actor, at, form, Wish::Draft(text), ("noi_dung", "xv-du-thao")).await
}

async fn confirm(State(app): State<App>, actor: Actor, Path(at): Where, Sent(form): Sent) -> Result<Response, Fault> {
    attempt(&app, actor, at, form, Wish::Confirm, ("noi_dung", "xv-tb")).await
}

async fn close(State(app): State<App>, actor: Actor, Path(at): Where, Sent(mut form): Sent) -> Result<Response, Fault> {
    let reason = form.text("ly_do_khep", 1000);
    attempt(&app, actor, at, form, Wish::Close(reason), ("ly_do_khep", "xv-khep")).await
}

/// The notice to read and print: the issued one, or the draft as it stands.
async fn case_pdf(State(app): State<App>, actor: Actor, Path((_, case)): Where) -> Result<Response, Fault> {
    let (whole, _) = whole(&app, &actor, case).await?;
    paper(&app, &actor, whole).await
}

/// The paper of a case.
pub(super) async fn paper(app: &App, actor: &Actor, whole: Whole) -> Result<Response, Fault> {
    let (library, hands) = (app.rules.clone(), actor.clone());
    let doc = app
        .db
        .read(move |tx| {
            if let Some(issued) = whole.case.issued {
                return document::of(&ledger::get(tx, whole.case.org, issued)?, &library);
            }
            if whole.case.notice.is_empty() {
                return Err(Refusal::new("no_draft", "Chưa có dự thảo thông báo để in.").into());
            }
            let today = hands.today();
            let cell = orgs::get(tx, whole.case.org, today)?;
            let rules = orgs::rules_for(tx, &cell, &library.at(today))?;
            let layout = rules.profile().ok_or_else(|| Fault::Document("no layout of today".to_owned()))?;
            Ok(act::notice(tx, &hands, &rules, &whole)?.document(layout, None))
        })
        .await?;
    let bytes = tokio::task::spawn_blocking(move || documents::pdf(&doc)).await.map_err(|e| Fault::Document(e.to_string()))??;
    Ok(download(bytes, PDF, &format!("Thông báo {}.pdf", vi::date(actor.today()).replace('/', "-"))))
}
