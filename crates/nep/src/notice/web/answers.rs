//! What members answer to a notice, and what is decided on requests to be absent.
//! A reason is read by its writer and the committee alone. Rules: M8, DD-01, DD-04.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::code::Code;
use domain::id::{MeetingId, PersonId};
use domain::meeting::MeetingState;
use domain::refusal::Refusal;
use domain::rulepack::Rules;
use domain::{secrecy, vi};
use jiff::Timestamp;
use std::collections::BTreeMap;
use web::form::Form;
use web::page::{html, html_with, see};

use super::super::page::{AnswerView, AnswersPage, ExcusePage, OpinionView};
use super::super::store::opinions::{self, Opinion};
use super::super::store::replies::{self, Answer, Decision, Reply};
use super::super::store::{self};
use super::id_of;
use crate::actor::{Actor, local};
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::meeting::store::dossier::{self, Dossier, for_reader};
use crate::meeting::store::{self as meetings, Meeting};
use crate::member::store as members;
use crate::shell::{Done, Shell, Under};

/// Refuses an answer that comes before the notice or after the opening.
pub(super) fn must_be_noticed(meeting: &Meeting) -> Result<(), Refusal> {
    if meeting.state == MeetingState::Noticed {
        return Ok(());
    }
    Err(Refusal::state("trả lời thông báo", meeting.state, "Trả lời được từ khi có thông báo đến khi khai mạc."))
}

/// Refuses somebody who is not among the members asked.
pub(super) fn must_be_asked(tx: &mut db::Tx, actor: &Actor, meeting: &Meeting) -> Result<(), Fault> {
    must_be_noticed(meeting)?;
    let today = actor.today();
    let roster = members::roster(tx, actor.org, today)?;
    if roster.iter().any(|m| m.person == actor.person && m.standing.is_expected()) { Ok(()) } else { Err(Fault::NotFound) }
}

fn reasons(rules: &Rules) -> Vec<(String, String, bool)> {
    rules.absence_reasons().map(|r| (r.code.clone(), r.name.clone(), r.needs_note)).collect()
}

fn excuse(app: &App, actor: &Actor, meeting: &Meeting, form: Form) -> Response {
    let status = if form.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shell = Shell::new(actor, "Xin vắng", Under::Meetings)
        .crumb(format!("/cb/{}/buoi/{}", meeting.org, meeting.id), meeting.title.clone())
        .wrong(&form);
    let rules = app.rules.at(meeting.starts_at.date());
    html_with(
        status,
        &ExcusePage {
            shell,
            org: meeting.org,
            meeting: meeting.id,
            title: meeting.title.clone(),
            when: format!("{}, {}", vi::time(meeting.starts_at.time()), vi::date_weekday(meeting.starts_at.date())),
            reasons: reasons(&rules).into_iter().map(|(code, name, _)| (code, name)).collect(),
            form,
        },
    )
}

/// The page for asking to be absent.
pub async fn excuse_page(
    State(app): State<App>,
    actor: Actor,
    Path((_, meeting)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let id: MeetingId = id_of(&meeting)?;
    let reader = actor.clone();
    let (meeting, mine) = app
        .db
        .read(move |tx| {
            let meeting = for_reader(tx, &reader, id)?;
            must_be_asked(tx, &reader, &meeting)?;
            Ok::<_, Fault>((meeting, replies::of(tx, reader.org, id, reader.person)?))
        })
        .await?;
    let kind = mine.as_ref().and_then(|r| r.reason_kind.clone()).unwrap_or_default();
    Ok(excuse(&app, &actor, &meeting, Form::from_pairs([("ly_do", kind)])))
}

/// The reason in words, as the roll will show it; notes what is missing on the form.
fn reason_of(form: &mut Form, rules: &Rules) -> Option<(String, String)> {
    let note = form.line("ghi_chu", 200);
    if secrecy::marking("", &note).is_some() {
        form.problem("ghi_chu", "Nội dung mang dấu độ mật không được ghi vào phần mềm.");
    }
    let chosen = form.raw("ly_do").to_owned();
    let Some((code, name, needs_note)) = reasons(rules).into_iter().find(|(code, ..)| *code == chosen) else {
        form.problem("ly_do", "Hãy chọn lý do xin vắng.");
        return None;
    };
    if needs_note && note.is_empty() {
        form.problem("ghi_chu", "Hãy nói rõ lý do.");
    }
    let text = match (needs_note, note.is_empty()) {
        (true, _) => note,
        (false, true) => name,
        (false, false) => format!("{name}: {note}"),
    };
    Some((code, text))
}

/// Records a member's answer.
pub async fn answer(
    State(app): State<App>,
    actor: Actor,
    Path((_, meeting)): Path<(String, String)>,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let id: MeetingId = id_of(&meeting)?;
    let reader = actor.clone();
    let meeting = app.db.read(move |tx| for_reader(tx, &reader, id)).await?;
    let answer: Option<Answer> = form.code("tra_loi");
    let reason = match answer {
        Some(Answer::Coming) => None,
        Some(Answer::Away) => reason_of(&mut form, &app.rules.at(meeting.starts_at.date())),
        None => {
            form.problem("ly_do", "Hãy chọn “Tôi sẽ dự” hoặc ghi lý do xin vắng.");
            None
        }
    };
    let Some(answer) = answer.filter(|_| form.is_fine()) else {
        must_be_noticed(&meeting)?;
        return Ok(excuse(&app, &actor, &meeting, form));
    };
    let hands = actor.clone();
    app.db
        .write(move |tx| {
            let meeting = meetings::get(tx, hands.org, id)?;
            must_be_asked(tx, &hands, &meeting)?;
            let reason = reason.as_ref().map(|(code, text)| (code.as_str(), text.as_str()));
            Ok::<_, Fault>(replies::answer(tx, &hands, hands.org, id, answer, reason)?)
        })
        .await?;
    Ok(see(&format!("/cb/{}/buoi/{id}?xong=dong-y", actor.org)))
}

/// Decides a request to be absent.
pub async fn decide(
    State(app): State<App>,
    actor: Actor,
    Path((_, meeting, person)): Path<(String, String, String)>,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let (id, person): (MeetingId, PersonId) = (id_of(&meeting)?, id_of(&person)?);
    let version = form.int("version", 0, i64::MAX).unwrap_or(0);
    let decision: Option<Decision> = form.code("quyet_dinh");
    let Some(decision) = decision.filter(|_| form.is_fine()) else {
        return Err(Fault::Invalid(vec![web::form::Problem {
            field: "quyet_dinh".to_owned(),
            text: "Hãy chọn đồng ý hoặc không đồng ý.".to_owned(),
        }]));
    };
    let hands = actor.clone();
    app.db
        .write(move |tx| {
            must_be_noticed(&for_reader(tx, &hands, id)?)?;
            replies::of(tx, hands.org, id, person)?.ok_or(Fault::NotFound)?;
            Ok::<_, Fault>(replies::decide(tx, &hands, hands.org, id, person, version, decision)?)
        })
        .await?;
    Ok(see(&format!("/cb/{}/buoi/{id}/tra-loi?xong=quyet-dinh", actor.org)))
}

struct Known {
    d: Dossier,
    replies: Vec<Reply>,
    read: BTreeMap<PersonId, Option<Timestamp>>,
    opinions: Vec<Opinion>,
    told: bool,
}

fn answer_view(name: &str, person: PersonId, reply: Option<&Reply>, read: Option<Option<Timestamp>>) -> AnswerView {
    let opened = match read.flatten() {
        Some(at) => {
            let at = local(at);
            format!("Đã mở thông báo lúc {} ngày {}", vi::time_short(at.time()), vi::date(at.date()))
        }
        None => "Chưa mở thông báo".to_owned(),
    };
    let (class, word) = match reply.map(|r| (r.answer, r.decision)) {
        None => ("none", "Chưa trả lời"),
        Some((Answer::Coming, _)) => ("done", "Sẽ dự"),
        Some((Answer::Away, None)) => ("due", "Xin vắng, chờ quyết định"),
        Some((Answer::Away, Some(Decision::Granted))) => ("wait", "Đã cho vắng"),
        Some((Answer::Away, Some(Decision::Refused))) => ("late", "Không cho vắng"),
    };
    let reason = reply.and_then(|r| r.reason.clone()).map(|r| format!("Lý do: {r}. ")).unwrap_or_default();
    AnswerView {
        person,
        name: name.to_owned(),
        small: format!("{reason}{opened}"),
        class,
        word,
        decide: reply.is_some_and(|r| r.answer == Answer::Away && r.decision.is_none()),
        version: reply.map_or(0, |r| r.version),
    }
}

/// Answers and opinions, for who prepares the meeting.
pub async fn page(
    State(app): State<App>,
    actor: Actor,
    Path((_, meeting)): Path<(String, String)>,
    Query(done): Query<Done>,
) -> Result<Response, Fault> {
    let id: MeetingId = id_of(&meeting)?;
    let (reader, library) = (actor.clone(), app.rules.clone());
    let known = app
        .db
        .read(move |tx| {
            let org = reader.org;
            let last = store::of_meeting(tx, org, id)?.into_iter().next();
            let readers = match &last {
                Some(notice) => store::readers(tx, org, notice.id)?,
                None => Vec::new(),
            };
            Ok::<_, Fault>(Known {
                d: dossier::load(tx, &library, org, id, reader.today())?,
                replies: replies::all(tx, org, id)?,
                read: readers.into_iter().map(|r| (r.person, r.read_at)).collect(),
                opinions: opinions::sent(tx, org, id)?,
                told: last.is_some(),
            })
        })
        .await?;
    Ok(html(&view(&actor, known, done.words())))
}

fn view(actor: &Actor, known: Known, done: &str) -> AnswersPage {
    let Known { d, replies, read, opinions, told } = known;
    let asked = d.recipients.iter().filter(|r| told && d.is_asked(r));
    let people: Vec<AnswerView> = asked
        .map(|r| {
            let reply = replies.iter().find(|reply| reply.person == r.person);
            answer_view(&r.name, r.person, reply, read.get(&r.person).copied())
        })
        .collect();
    let count = |words: &[&str]| people.iter().filter(|p| words.contains(&p.word)).count();
    let (coming, silent) = (count(&["Sẽ dự"]), count(&["Chưa trả lời"]));
    let m = d.meeting.clone();
    let shell = Shell::new(actor, "Trả lời của đảng viên", Under::Meetings)
        .crumb(format!("/cb/{}/buoi/{}", m.org, m.id), m.title.clone())
        .done(done);
    AnswersPage {
        shell,
        leads: actor.may(domain::right::Right::MeetingLead) && m.state == MeetingState::Noticed,
        coming,
        silent,
        away: people.len() - coming - silent,
        undecided: people.iter().filter(|p| p.decide).count(),
        opinions: opinions.iter().map(|o| opinion_view(&d, o)).collect(),
        people,
        m,
    }
}

/// An opinion with what it is about, in words that may be shown.
pub(super) fn opinion_view(d: &Dossier, o: &Opinion) -> OpinionView {
    let item = o.item.and_then(|id| d.items.iter().find(|i| i.id == id));
    let at = local(o.written_at);
    let about = match item {
        Some(item) => format!("Về nội dung: {}", item.facts(None, 0).public_title()),
        None => "Về cả buổi sinh hoạt".to_owned(),
    };
    OpinionView {
        id: o.id,
        name: format!("đ/c {}", o.name),
        about: format!("{about}. Viết lúc {} ngày {}", vi::time_short(at.time()), vi::date(at.date())),
        body: o.body.clone(),
        wants_floor: o.wants_floor,
        class: if o.state == opinions::OpinionState::Sent { "done" } else { "none" },
        word: o.state.label(),
    }
}
