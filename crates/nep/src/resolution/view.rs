//! Everything the page of a resolution shows, read in one transaction and put into words.
//! May touch the stores of the meeting, the roster and the trail. Rules: M15, SM-01, BQ-01.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use axum::response::Response;
use db::Tx;
use domain::id::{IssuedId, MeetingId, OrgId, PersonId, ResolutionId};
use domain::meeting::MeetingState;
use domain::resolution::ResolutionState;
use domain::right::{Right, to_read};
use domain::roll::RollLine;
use domain::rulepack::{Library, Rules};
use domain::task::{TaskState, review};
use domain::vi;
use domain::vote::{Electorate, Subject, line};
use jiff::Timestamp;
use jiff::civil::Date;
use web::form::Form;
use web::page::html_with;

use super::act::{self, DraftAdvice};
use super::draft::conclusions;
use super::page::{Happened, MeetingHead, ResolutionPage, Said, StepMark, TaskLine, View, VoteLine};
use super::seal::held_on;
use super::store::{self, Resolution, Text};
use crate::actor::{Actor, local};
use crate::advice::page::{TaskAdvice, Why, join};
use crate::advice::shelf::Shelf;
use crate::audit::store as audit;
use crate::fault::Fault;
use crate::ledger::store as ledger;
use crate::live::record;
use crate::live::store::{self as live, Vote};
use crate::meeting::store::{self as meetings, Item, Meeting};
use crate::member::store as members;
use crate::shell::{Shell, Under};
use crate::task::store::{self as tasks, Task};

/// What was read for the page.
#[derive(Debug)]
pub struct Loaded {
    /// The meeting.
    pub meeting: Meeting,
    /// Its agenda.
    pub items: Vec<Item>,
    /// The resolution to show.
    pub resolution: Option<Resolution>,
    others: Vec<Resolution>,
    tasks: Vec<Task>,
    names: BTreeMap<PersonId, String>,
    votes: Vec<Vote>,
    seats: Electorate,
    rules: Rules,
    history: Vec<(audit::Event, String)>,
    number: String,
    advice: DraftAdvice,
    review: String,
}

/// The meeting, when the person may read it; to others it is not there.
///
/// # Errors
/// `NotFound`; database faults.
pub fn meeting_for(tx: &mut Tx, actor: &Actor, org: OrgId, meeting: MeetingId) -> Result<Meeting, Fault> {
    let meeting = meetings::get(tx, org, meeting)?;
    if actor.may(to_read(meeting.kind)) { Ok(meeting) } else { Err(Fault::NotFound) }
}

/// A resolution of a meeting; one of another meeting is not there.
///
/// # Errors
/// `NotFound`; database faults.
pub fn resolution_of(tx: &mut Tx, org: OrgId, meeting: MeetingId, id: ResolutionId) -> Result<Resolution, Fault> {
    let resolution = store::get(tx, org, id)?;
    if resolution.meeting == meeting { Ok(resolution) } else { Err(Fault::NotFound) }
}

/// Reads what the page shows: the chosen resolution, else the first; drafts only for who writes them.
///
/// # Errors
/// `NotFound`; database faults.
pub fn load(
    tx: &mut Tx,
    actor: &Actor,
    org: OrgId,
    meeting: MeetingId,
    chosen: Option<ResolutionId>,
    (library, shelf): (&Library, &Shelf),
) -> Result<Loaded, Fault> {
    let meeting = meeting_for(tx, actor, org, meeting)?;
    let writer = actor.may(Right::MeetingPrepare);
    let mut all = store::of_meeting(tx, org, meeting.id)?;
    all.retain(|r| writer || r.state != ResolutionState::Draft);
    let at = match chosen {
        Some(id) => Some(all.iter().position(|r| r.id == id).ok_or(Fault::NotFound)?),
        None => (!all.is_empty()).then_some(0),
    };
    let resolution = at.map(|at| all.remove(at));
    let mut loaded = Loaded {
        items: meetings::items(tx, org, meeting.id)?,
        seats: seats(tx, org, meeting.id)?,
        rules: record::rules_on(tx, org, held_on(&meeting), library)?,
        review: String::new(),
        tasks: Vec::new(),
        names: BTreeMap::new(),
        votes: Vec::new(),
        history: Vec::new(),
        number: String::new(),
        advice: DraftAdvice::default(),
        others: all,
        resolution,
        meeting,
    };
    match loaded.resolution.clone() {
        Some(r) => fill(tx, actor, &mut loaded, &r, (library, shelf))?,
        None if writer => {
            let (facts, _) = reviewed(tx, &loaded.meeting)?;
            if !facts.is_empty() {
                loaded.review = review(&facts, actor.today()).text();
            }
        }
        None => {}
    }
    Ok(loaded)
}

fn fill(
    tx: &mut Tx,
    actor: &Actor,
    loaded: &mut Loaded,
    r: &Resolution,
    (library, shelf): (&Library, &Shelf),
) -> Result<(), Fault> {
    loaded.tasks = tasks::of_resolution(tx, r.org, r.id)?;
    loaded.names = tasks::names(tx, &loaded.tasks)?;
    loaded.votes = live::votes(tx, r.org, r.meeting)?.into_iter().filter(|v| v.resolution == Some(r.id)).collect();
    let events = audit::of_object(tx, r.org, &format!("resolution:{}", r.id))?;
    let names = members::names(tx, events.iter().filter_map(|e| e.person))?;
    for event in events {
        let by = match event.person {
            Some(person) => format!("đ/c {}", names.get(&person).map_or("", String::as_str)),
            None => "Hệ thống".to_owned(),
        };
        loaded.history.push((event, by));
    }
    if let Some(id) = r.sealed {
        loaded.number = ledger::get(tx, r.org, id)?.number_text;
    }
    if r.state == ResolutionState::Draft {
        loaded.advice = act::advice(tx, actor, &loaded.meeting, &loaded.tasks, library, shelf)?;
    }
    Ok(())
}

/// Who can vote at a meeting, from its roll.
///
/// # Errors
/// Database faults only.
pub fn seats(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<Electorate> {
    let lines: Vec<RollLine> = live::roll(tx, org, meeting)?.iter().map(live::Line::facts).collect();
    Ok(Electorate::of(&lines))
}

/// The tasks a meeting has to review, as facts, with the resolution they begin with.
///
/// # Errors
/// Database faults only.
pub fn reviewed(tx: &mut Tx, meeting: &Meeting) -> db::Result<(Vec<domain::task::TaskFact>, Option<Resolution>)> {
    let last = store::last_in_force(tx, meeting.org, meeting.starts_at)?;
    let Some(last) = last else {
        return Ok((Vec::new(), None));
    };
    let found = tasks::for_review(tx, meeting.org, last.id)?;
    Ok((tasks::facts(tx, &found)?, Some(last)))
}

/// The form of the text: what is stored, then what was sent over it.
pub fn form_of(text: &Text, sent: Form) -> Form {
    let mut form = Form::from_pairs([
        ("trich_yeu", text.title.clone()),
        ("danh_gia", text.assessment.clone()),
        ("phuong_huong", text.direction.clone()),
        ("to_chuc", text.organising.clone()),
        ("goc_trich_yeu", text.title.clone()),
        ("goc_danh_gia", text.assessment.clone()),
        ("goc_phuong_huong", text.direction.clone()),
        ("goc_to_chuc", text.organising.clone()),
    ]);
    let pairs: Vec<(String, String)> = sent.pairs().map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
    for (name, value) in pairs {
        form.set(&name, value);
    }
    form.problems = sent.problems;
    form
}

/// Base address of a meeting's resolutions.
pub fn base(org: OrgId, meeting: MeetingId) -> String {
    format!("/cb/{org}/buoi/{meeting}/nghi-quyet")
}

/// The page, with status 422 when something is wrong.
pub fn page(actor: &Actor, loaded: Loaded, sent: Form, done: &str) -> Response {
    let status = if sent.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let text = loaded.resolution.as_ref().map(Resolution::text).unwrap_or_default();
    let form = form_of(&text, sent);
    let meeting = head(&loaded.meeting);
    let title = match &loaded.resolution {
        Some(r) => format!("Nghị quyết {}", r.title),
        None => "Nghị quyết".to_owned(),
    };
    let shell = Shell::new(actor, &title, Under::Meetings)
        .crumb(format!("/cb/{}/buoi", loaded.meeting.org), Under::Meetings.to_string())
        .crumb(meeting.href.clone(), meeting.title.clone())
        .wrong(&form)
        .done(done);
    let seats = loaded.seats;
    let said = conclusions(&loaded.items).into_iter().map(|(i, text)| Said { item: i.id.to_string(), text }).collect();
    let page = ResolutionPage {
        shell,
        form,
        writer: actor.may(Right::MeetingPrepare),
        chair: actor.may(Right::MeetingLead),
        recording: loaded.meeting.state.is_recording(),
        held: loaded.meeting.state.is_held(),
        cancelled: loaded.meeting.state == MeetingState::Cancelled,
        electorate: electorate(seats, &loaded.rules),
        said,
        review: loaded.review.clone(),
        base: base(loaded.meeting.org, loaded.meeting.id),
        org: loaded.meeting.org.to_string(),
        view: loaded.resolution.as_ref().map(|r| view(&loaded, r, actor.today())),
        meeting,
    };
    html_with(status, &page)
}

/// Who can vote on a resolution and how many must approve it.
fn electorate(seats: Electorate, rules: &Rules) -> String {
    let there = format!("Có quyền biểu quyết: {} đảng viên chính thức, đang có mặt {}.", seats.total, seats.present);
    match rules.threshold(Subject::Resolution) {
        Some(threshold) => format!("{there} Cần ít nhất {} đồng chí tán thành.", threshold.needed(seats.total)),
        None => there,
    }
}

/// The meeting in the words of headings.
pub fn head(meeting: &Meeting) -> MeetingHead {
    MeetingHead {
        href: format!("/cb/{}/buoi/{}", meeting.org, meeting.id),
        title: meeting.title.clone(),
        when: format!("{}, {}", vi::date_weekday(meeting.starts_at.date()), vi::time(meeting.starts_at.time())),
    }
}

fn view(loaded: &Loaded, r: &Resolution, today: Date) -> View {
    let base = base(r.org, r.meeting);
    let draft = r.state == ResolutionState::Draft;
    let passed = loaded.votes.last().is_some_and(|v| v.passed);
    let last_vote = loaded.votes.last().map(|v| v.taken_at);
    let edited = |e: &audit::Event| matches!(e.action.as_str(), "resolution.edited" | "resolution.tasks");
    View {
        base: format!("{base}/{}", r.id),
        version: r.version,
        title: r.title.clone(),
        class: class(r.state),
        state: r.state.to_string(),
        draft,
        adopted: r.state == ResolutionState::Adopted,
        issued: r.sealed.map(|id: IssuedId| format!("/cb/{}/van-ban/{id}", r.org)).unwrap_or_default(),
        number: loaded.number.clone(),
        assessment: paragraphs(&r.assessment),
        direction: paragraphs(&r.direction),
        organising: paragraphs(&r.organising),
        tasks: task_lines(loaded, today),
        votes: loaded.votes.iter().map(|v| vote_line(&loaded.rules, v)).collect(),
        passed,
        advice: advice_lines(&loaded.advice),
        whys: whys(&loaded.advice),
        near: (1..).zip(&loaded.advice.tasks).filter(|(_, t)| !t.near.is_empty()).map(|(n, t)| (n, t.near.clone())).collect(),
        advised: loaded.advice.left(),
        advice_reason: r.advice_reason.clone().filter(|_| !draft).unwrap_or_default(),
        steps: steps(r.state, !loaded.tasks.is_empty(), passed),
        history: loaded.history.iter().filter_map(happened).collect(),
        reopened: r.reopen_reason.clone().filter(|_| draft).unwrap_or_default(),
        changed_after_vote: last_vote.is_some_and(|at| loaded.history.iter().any(|(e, _)| edited(e) && e.at > at)),
        others: loaded.others.iter().map(|o| (format!("{base}?nq={}", o.id), o.title.clone())).collect(),
    }
}

/// Advice in sentences: on the whole, then task by task.
fn advice_lines(advice: &DraftAdvice) -> Vec<String> {
    let of_task = |(n, task): (usize, &TaskAdvice)| -> Vec<String> {
        task.lines.iter().map(|line| format!("Nhiệm vụ thứ {n}: {}", in_sentence(line))).collect()
    };
    let tasks = (1..).zip(&advice.tasks).flat_map(of_task);
    advice.whole.lines.iter().cloned().chain(tasks).collect()
}

/// The reasons of all advice, each once.
fn whys(advice: &DraftAdvice) -> Vec<Why> {
    let mut out: Vec<Why> = Vec::new();
    for one in std::iter::once(&advice.whole).chain(&advice.tasks) {
        join(&mut out, &one.whys);
    }
    out
}

/// A sentence after a colon: a small letter at its head.
fn in_sentence(line: &str) -> String {
    let mut chars = line.chars();
    chars.next().map(|c| c.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

/// State class of a resolution.
pub fn class(state: ResolutionState) -> &'static str {
    match state {
        ResolutionState::Draft => "wait",
        ResolutionState::Adopted | ResolutionState::Sealed => "done",
    }
}

/// State class of a task on a day.
pub fn task_class(task: &Task, today: Date) -> (&'static str, String) {
    match task.state {
        TaskState::Open | TaskState::Returned if task.facts(String::new()).is_overdue(today) => ("late", "Quá hạn".to_owned()),
        TaskState::Open => ("wait", task.state.to_string()),
        TaskState::Reported | TaskState::Returned => ("due", task.state.to_string()),
        TaskState::Done => ("done", task.state.to_string()),
        TaskState::Dropped => ("none", task.state.to_string()),
    }
}

fn task_lines(loaded: &Loaded, today: Date) -> Vec<TaskLine> {
    let name = |p: Option<PersonId>| p.and_then(|p| loaded.names.get(&p).cloned()).unwrap_or_default();
    let count = loaded.tasks.len();
    (1..)
        .zip(&loaded.tasks)
        .map(|(number, t): (usize, _)| {
            let (class, state) = task_class(t, today);
            TaskLine {
                id: t.id.to_string(),
                number,
                content: t.content.clone(),
                requirement: t.requirement.clone(),
                measure: t.measure.clone(),
                deadline: t.deadline.map(vi::date).unwrap_or_default(),
                doer: name(t.doer),
                checker: name(t.checker),
                urger: name(t.urger),
                class,
                state,
                more: number < count,
            }
        })
        .collect()
}

fn vote_line(rules: &Rules, vote: &Vote) -> VoteLine {
    let (text, why) = match vote.outcome() {
        Ok(outcome) => (line(vote.count(), &outcome), outcome.why),
        Err(refusal) => (String::new(), refusal.text()),
    };
    let names: Vec<&str> = vote.reserved.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    let reserved =
        if names.is_empty() { String::new() } else { format!(" Bảo lưu ý kiến: đồng chí {}.", vi::join(&names)) };
    VoteLine {
        id: vote.id.to_string(),
        passed: vote.passed,
        line: vi::capitalize(&text),
        why,
        source: record::threshold_source(rules, vote),
        note: format!("Ghi lúc {}.{reserved}", when(vote.taken_at)),
    }
}

/// A moment as pages show it: `14:05 ngày 03/12/2026`.
pub fn when(at: Timestamp) -> String {
    let at = local(at);
    format!("{} ngày {}", vi::time_short(at.time()), vi::date(at.date()))
}

fn paragraphs(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|l| !l.is_empty()).map(ToOwned::to_owned).collect()
}

fn steps(state: ResolutionState, has_tasks: bool, passed: bool) -> Vec<StepMark> {
    let adopted = state != ResolutionState::Draft;
    let sealed = state == ResolutionState::Sealed;
    let done = [
        ("Nội dung", "#noi_dung", true),
        ("Nhiệm vụ", "#nhiem_vu", adopted || has_tasks),
        ("Biểu quyết", "#bieu_quyet", adopted || passed),
        ("Thông qua", if adopted { "#bieu_quyet" } else { "#thong_qua" }, adopted),
        ("Ban hành", if state == ResolutionState::Adopted { "#ban_hanh" } else { "#bieu_quyet" }, sealed),
    ];
    let next = done.iter().position(|d| !d.2);
    (0..).zip(done).map(|(n, (label, href, done))| StepMark { label, href, done, current: next == Some(n) }).collect()
}

fn happened((event, by): &(audit::Event, String)) -> Option<Happened> {
    let what = match (event.action.as_str(), event.detail.as_str()) {
        ("resolution.created", _) => "Lập dự thảo",
        ("resolution.edited", _) => "Sửa nội dung",
        ("resolution.tasks", _) => "Sửa nhiệm vụ",
        ("resolution.reopened", _) => "Mở lại để sửa",
        ("resolution.state", "adopted") => "Thông qua nghị quyết",
        ("resolution.state", "sealed") => "Ban hành, khóa nội dung",
        _ => return None,
    };
    Some(Happened { what: what.to_owned(), by: format!("{by}, {}", when(event.at)) })
}
