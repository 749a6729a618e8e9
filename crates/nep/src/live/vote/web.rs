//! Routes of votes for whoever leads the meeting or writes its minutes; members' own in `member`.
//! May touch: forms, one database call, one page. Rules: BQ-01 … BQ-09, P-10.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::ballot::{Choice, NAMES_MAX, Sheet, Tally, names_on};
use domain::id::{BallotId, ItemId, MeetingId, OrgId, PersonId, ResolutionId, VoteId};
use domain::right::Right;
use domain::vote::{Count, Subject, VoteMethod};
use web::form::Form;
use web::page::{html_with, see};
use web::routes::Routes;

use super::act::{self, Press, Question};
use super::view::{self, Loaded};
use super::{member, papers};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::live::desk::{self, Part, View};
use crate::live::room::store::{Topic, tell};
use crate::live::{record, store as live};
use crate::shell::Done;

type Where = Path<(OrgId, MeetingId)>;
type OfBallot = Path<(OrgId, MeetingId, BallotId)>;

/// Routes of this part.
pub fn routes() -> Routes<App> {
    let write = Right::MinutesWrite;
    Routes::new()
        .post("/cb/{org}/buoi/{meeting}/dieu-hanh/bieu-quyet", write, vote)
        .post("/cb/{org}/buoi/{meeting}/dieu-hanh/bieu-quyet/{vote}/bo", write, drop_vote)
        .get("/cb/{org}/buoi/{meeting}/dieu-hanh/lan-bq/{ballot}", write, page)
        .post("/cb/{org}/buoi/{meeting}/dieu-hanh/lan-bq/{ballot}/ghi", write, note)
        .post("/cb/{org}/buoi/{meeting}/dieu-hanh/lan-bq/{ballot}/ket-thuc", write, close)
        .post("/cb/{org}/buoi/{meeting}/dieu-hanh/lan-bq/{ballot}/rut", write, withdraw)
        .post("/cb/{org}/buoi/{meeting}/dieu-hanh/lan-bq/{ballot}/kiem-phieu", write, appoint)
        .get("/cb/{org}/buoi/{meeting}/dieu-hanh/lan-bq/{ballot}/kiem-phieu/{person}", write, sheet)
        .post("/cb/{org}/buoi/{meeting}/dieu-hanh/lan-bq/{ballot}/kiem-phieu/{person}", write, save_sheet)
        .post("/cb/{org}/buoi/{meeting}/dieu-hanh/lan-bq/{ballot}/kiem-lai", write, recount)
        .get("/cb/{org}/buoi/{meeting}/dieu-hanh/lan-bq/{ballot}/in/phieu", write, papers::ballots)
        .get("/cb/{org}/buoi/{meeting}/dieu-hanh/lan-bq/{ballot}/in/kiem-phieu", write, papers::tally_sheet)
        .get("/cb/{org}/buoi/{meeting}/dieu-hanh/lan-bq/{ballot}/bien-ban", write, papers::preview)
        .get("/cb/{org}/buoi/{meeting}/dieu-hanh/lan-bq/{ballot}/bien-ban/{dang}", write, papers::file)
        .get("/cb/{org}/buoi/{meeting}/bieu-quyet/{ballot}", Right::CellRead, member::page)
        .post("/cb/{org}/buoi/{meeting}/bieu-quyet/{ballot}", Right::CellRead, member::cast)
        .get("/cb/{org}/buoi/{meeting}/bieu-quyet/{ballot}/kiem-phieu", Right::CellRead, member::sheet)
        .post("/cb/{org}/buoi/{meeting}/bieu-quyet/{ballot}/kiem-phieu", Right::CellRead, member::save_sheet)
}

/// Records hands that were counted, or opens a vote taken in another way.
async fn vote(State(app): State<App>, actor: Actor, Path((org, id)): Where, Sent(mut form): Sent) -> Result<Response, Fault> {
    let method: VoteMethod = form.code("cach_thuc").unwrap_or(VoteMethod::HandsCount);
    let question = read_question(&mut form);
    if method == VoteMethod::HandsCount {
        return hands(app, actor, (org, id), form, question).await;
    }
    let names = form.text("ten_phieu", 2000);
    let names = match names_on(&names) {
        Ok(names) => names,
        Err(refusal) => {
            form.problem("ten_phieu", refusal.text());
            Vec::new()
        }
    };
    let view = View::part(Part::Votes);
    let Some(question) = question.filter(|_| form.is_fine()) else {
        return desk::again(&app, actor, id, view, form).await;
    };
    let (hands, library) = (actor.clone(), app.rules.clone());
    let opened =
        app.write(&actor, move |tx| act::open(tx, &hands, (org, id), &question, (method, names.as_slice()), &library)).await;
    let to = match &opened {
        Ok(ballot) => format!("{}?xong=mo-bq", address(org, id, *ballot)),
        Err(_) => String::new(),
    };
    desk::answer(&app, actor, id, view, form, opened.map(|_| ()), &to).await
}

fn read_question(form: &mut Form) -> Option<Question> {
    let text = form.required("noi_dung", 500, "Hãy ghi nội dung đưa ra biểu quyết.");
    let subject: Option<Subject> = form.code("loai");
    if subject.is_none() && !form.has_problem("loai") {
        form.problem("loai", "Hãy chọn loại nội dung biểu quyết.");
    }
    let item: Option<ItemId> = form.id("muc");
    let resolution: Option<ResolutionId> = form.id("nghi_quyet");
    Some(Question { subject: subject?, text, item, resolution })
}

async fn hands(
    app: App,
    actor: Actor,
    (org, id): (OrgId, MeetingId),
    mut form: Form,
    question: Option<Question>,
) -> Result<Response, Fault> {
    let everyone = form.raw("cach") == "tat-ca";
    let mut number = |name: &str| form.int(name, 0, 100_000).and_then(|n| u32::try_from(n).ok());
    let (yes, no, other) = (number("tan_thanh"), number("khong"), number("khac"));
    if !everyone && yes.is_none() && !form.has_problem("tan_thanh") {
        form.problem("tan_thanh", "Hãy ghi số đồng chí tán thành.");
    }
    let view = View::part(Part::Votes);
    let Some(question) = question.filter(|_| form.is_fine()) else {
        return desk::again(&app, actor, id, view, form).await;
    };
    let count = (!everyone).then(|| Count { yes: yes.unwrap_or(0), no: no.unwrap_or(0), other: other.unwrap_or(0) });
    let keep = people(&form, "bao_luu");
    let (hands, library) = (actor.clone(), app.rules.clone());
    let done =
        app.write(&actor, move |tx| act::hands(tx, &hands, (org, id), &question, (count, keep.as_slice()), &library)).await;
    desk::answer(&app, actor, id, view, form, done, &format!("/cb/{org}/buoi/{id}/dieu-hanh?phan=bieu-quyet&xong=luu#bieu-quyet"))
        .await
}

fn people(form: &Form, name: &str) -> Vec<PersonId> {
    form.every(name).filter_map(|p| p.parse().ok()).collect()
}

fn address(org: OrgId, id: MeetingId, ballot: BallotId) -> String {
    format!("/cb/{org}/buoi/{id}/dieu-hanh/lan-bq/{ballot}")
}

/// Takes back hands recorded by mistake; a result that carries an adopted resolution stays.
async fn drop_vote(
    State(app): State<App>,
    actor: Actor,
    Path((org, id, vote)): Path<(OrgId, MeetingId, VoteId)>,
    Sent(form): Sent,
) -> Result<Response, Fault> {
    let hands = actor.clone();
    let done = app
        .write(&actor, move |tx| {
            let record = record::load(tx, org, id)?;
            record.must_record()?;
            if !record.votes.iter().any(|v| v.id == vote) {
                return Err(Fault::NotFound);
            }
            if record.resolutions.iter().any(|r| r.vote == Some(vote)) {
                return Err(act::in_use().into());
            }
            live::drop_vote(tx, &hands, org, id, vote)?;
            Ok(tell(tx, hands.now, org, id, Topic::Vote)?)
        })
        .await;
    let view = View::part(Part::Votes);
    desk::answer(&app, actor, id, view, form, done, &format!("/cb/{org}/buoi/{id}/dieu-hanh?phan=bieu-quyet#bieu-quyet")).await
}

/// Loads a vote for one of these pages.
pub async fn loaded(app: &App, org: OrgId, id: MeetingId, which: BallotId) -> Result<Loaded, Fault> {
    let library = app.rules.clone();
    app.db.read(move |tx| view::load(tx, org, id, which, &library)).await
}

/// The page of a vote.
async fn page(
    State(app): State<App>,
    actor: Actor,
    Path((org, id, which)): OfBallot,
    Query(done): Query<Done>,
) -> Result<Response, Fault> {
    let loaded = loaded(&app, org, id, which).await?;
    Ok(html_with(StatusCode::OK, &view::page(&loaded, &actor, Form::default(), done.words())))
}

/// Goes on after an action, or shows the vote with what the rules say against it.
async fn answer(
    app: &App,
    actor: Actor,
    (org, id, which): (OrgId, MeetingId, BallotId),
    mut form: Form,
    done: Result<(), Fault>,
    to: &str,
) -> Result<Response, Fault> {
    match done {
        Ok(()) => return Ok(see(to)),
        Err(Fault::Refused(refusal)) => form.problem(refusal.field.unwrap_or_default(), refusal.text()),
        Err(fault) => return Err(fault),
    }
    let loaded = loaded(app, org, id, which).await?;
    Ok(html_with(StatusCode::UNPROCESSABLE_ENTITY, &view::page(&loaded, &actor, form, "")))
}

fn read_press(form: &Form) -> Press {
    let mark = form.raw("mark");
    if mark == "all:c" {
        return Press::Rest;
    }
    let Some((person, letter)) = mark.split_once(':') else {
        return Press::Nothing;
    };
    let choice = match letter {
        "c" => Some(Choice::Yes),
        "k" => Some(Choice::No),
        "y" => Some(Choice::Other),
        "0" => None,
        _ => return Press::Nothing,
    };
    person.parse().map_or(Press::Nothing, |p| Press::One(p, choice))
}

/// Notes a raised hand by name.
async fn note(State(app): State<App>, actor: Actor, Path(at): OfBallot, Sent(form): Sent) -> Result<Response, Fault> {
    let (org, id, which) = at;
    let press = read_press(&form);
    let to = match press {
        Press::One(person, _) => format!("{}#dv-{person}", address(org, id, which)),
        Press::Rest | Press::Nothing => format!("{}#seats", address(org, id, which)),
    };
    let hands = actor.clone();
    let done = app.write(&actor, move |tx| act::note(tx, &hands, (org, id), which, press)).await;
    answer(&app, actor, at, form, done, &to).await
}

/// Ends a vote by name.
async fn close(State(app): State<App>, actor: Actor, Path(at): OfBallot, Sent(form): Sent) -> Result<Response, Fault> {
    let (org, id, which) = at;
    let (hands, keep) = (actor.clone(), people(&form, "bao_luu"));
    let done = app.write(&actor, move |tx| act::close(tx, &hands, (org, id), which, &keep)).await;
    answer(&app, actor, at, form, done, &format!("{}?xong=dong-bq", address(org, id, which))).await
}

/// Takes a vote back, with a reason.
async fn withdraw(State(app): State<App>, actor: Actor, Path(at): OfBallot, Sent(mut form): Sent) -> Result<Response, Fault> {
    let (org, id, which) = at;
    let reason = form.line("ly_do", 300);
    if !form.is_fine() {
        let loaded = loaded(&app, org, id, which).await?;
        return Ok(html_with(StatusCode::UNPROCESSABLE_ENTITY, &view::page(&loaded, &actor, form, "")));
    }
    let hands = actor.clone();
    let done = app.write(&actor, move |tx| act::withdraw(tx, &hands, (org, id), which, &reason)).await;
    answer(&app, actor, at, form, done, &format!("{}?xong=rut-bq", address(org, id, which))).await
}

/// Names the two who count.
async fn appoint(State(app): State<App>, actor: Actor, Path(at): OfBallot, Sent(mut form): Sent) -> Result<Response, Fault> {
    let (org, id, which) = at;
    let chosen: Vec<PersonId> = ["kiem_phieu_1", "kiem_phieu_2"].into_iter().filter_map(|name| form.id(name)).collect();
    let hands = actor.clone();
    let done = app.write(&actor, move |tx| act::appoint(tx, &hands, (org, id), which, &chosen)).await;
    answer(&app, actor, at, form, done, &format!("{}?xong=ban-kp#kiem-phieu", address(org, id, which))).await
}

/// The counts differ: everything is counted again.
async fn recount(State(app): State<App>, actor: Actor, Path(at): OfBallot, Sent(form): Sent) -> Result<Response, Fault> {
    let (org, id, which) = at;
    let hands = actor.clone();
    let done = app.write(&actor, move |tx| act::recount(tx, &hands, (org, id), which)).await;
    answer(&app, actor, at, form, done, &format!("{}#kiem-phieu", address(org, id, which))).await
}

/// A teller's sheet, on the device of who leads.
async fn sheet(
    State(app): State<App>,
    actor: Actor,
    Path((org, id, which, person)): Path<(OrgId, MeetingId, BallotId, PersonId)>,
) -> Result<Response, Fault> {
    let loaded = loaded(&app, org, id, which).await?;
    let page = view::sheet(&loaded, &actor, person, Form::default(), &address(org, id, which))?;
    Ok(html_with(StatusCode::OK, &page))
}

/// Keeps a teller's count, from the device of who leads.
async fn save_sheet(
    State(app): State<App>,
    actor: Actor,
    Path((org, id, which, person)): Path<(OrgId, MeetingId, BallotId, PersonId)>,
    Sent(form): Sent,
) -> Result<Response, Fault> {
    let back = address(org, id, which);
    keep_sheet(app, actor, (org, id, which), (person, &back), form).await
}

/// Keeps a count, or shows the sheet again with everything that does not add up.
///
/// # Errors
/// `NotFound` for who is no teller; database faults.
pub async fn keep_sheet(
    app: App,
    actor: Actor,
    (org, id, which): (OrgId, MeetingId, BallotId),
    (person, back): (PersonId, &str),
    mut form: Form,
) -> Result<Response, Fault> {
    let before = loaded(&app, org, id, which).await?;
    let paper = before.ballot.paper();
    let count = read_sheet(&mut form, paper.lines());
    if form.is_fine() {
        for wrong in count.problems(&paper, before.ballot.present) {
            form.problem(wrong.field.unwrap_or_default(), wrong.text());
        }
    }
    if form.is_fine() {
        let (hands, library) = (actor.clone(), app.rules.clone());
        match app.write(&actor, move |tx| act::count(tx, &hands, (org, id), which, (person, &count), &library)).await {
            Ok(()) => return Ok(see(&format!("{back}?xong=kiem#kiem-phieu"))),
            Err(Fault::Refused(refusal)) => form.problem(refusal.field.unwrap_or_default(), refusal.text()),
            Err(fault) => return Err(fault),
        }
    }
    let page = view::sheet(&before, &actor, person, form, back)?;
    Ok(html_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

fn read_sheet(form: &mut Form, lines: usize) -> Sheet {
    let mut number = |name: &str, missing: Option<&str>| {
        let found = form.int(name, 0, 100_000);
        if let (None, Some(words), false) = (found, missing, form.has_problem(name)) {
            form.problem(name, words);
        }
        found.and_then(|n| u32::try_from(n).ok()).unwrap_or(0)
    };
    let mut sheet = Sheet {
        issued: number("phat_ra", Some("Hãy nhập số phiếu phát ra.")),
        collected: number("thu_ve", Some("Hãy nhập số phiếu thu về.")),
        valid: number("hop_le", Some("Hãy nhập số phiếu hợp lệ.")),
        invalid: number("khong_hop_le", None),
        marks: Vec::new(),
    };
    for line in 0..lines.min(NAMES_MAX) {
        sheet.marks.push(Tally {
            yes: number(&format!("tan_thanh_{line}"), Some("Hãy nhập số phiếu tán thành; không có thì ghi 0.")),
            no: number(&format!("khong_{line}"), None),
            other: number(&format!("khac_{line}"), None),
        });
    }
    sheet
}
