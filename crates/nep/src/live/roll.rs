//! Taking the roll: a grid with buttons, entry by number, and each member's line in full.
//! May touch: the roll of one meeting. Rules: DD-01 … DD-04, DD-10, BQ-10 (warns, never blocks).

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use db::Tx;
use domain::code::Code;
use domain::id::{MeetingId, OrgId, PersonId};
use domain::roll::{Mark, Standing, Tally, advice, may_mark};
use domain::rulepack::Rules;
use domain::vi;
use jiff::civil::DateTime;
use web::form::Form;
use web::page::{html_with, see};

use super::desk::{attendance_words, parts, when_where};
use super::page::{Detail, Roll, RollRow};
use super::record::{self, Record, must_record, roll_figures};
use super::room::store::{self as room, Topic};
use super::store::{self, Line};
use crate::actor::{Actor, local};
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::meeting::store::{self as meetings, Meeting};
use crate::once::Keep;
use crate::shell::{Shell, Under, done_words};

/// The query of the page.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Asked {
    so: Option<String>,
    dv: Option<String>,
    xong: Option<String>,
}

/// The roll.
pub async fn page(
    State(app): State<App>,
    actor: Actor,
    Path((_, id)): Path<(OrgId, MeetingId)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let said = asked.so.unwrap_or_default();
    let member = asked.dv.and_then(|d| d.parse().ok());
    render(&app, actor, id, member, &said, None, done_words(asked.xong.as_deref())).await
}

/// What one press asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Press {
    One(PersonId, Option<Mark>),
    Rest,
    Number(i64),
    Nothing,
}

fn letter(code: &str) -> Option<Option<Mark>> {
    Some(match code {
        "c" => Some(Mark::Present),
        "v" => Some(Mark::Excused),
        "k" => Some(Mark::Unexcused),
        "0" => None,
        _ => return None,
    })
}

fn read_press(form: &Form) -> Press {
    let mark = form.raw("mark");
    if mark == "all:c" {
        return Press::Rest;
    }
    if let Some((person, code)) = mark.split_once(':')
        && let (Ok(person), Some(mark)) = (person.parse(), letter(code))
    {
        return Press::One(person, mark);
    }
    match form.raw("number").trim().parse() {
        Ok(number) if (1..=100_000).contains(&number) => Press::Number(number),
        _ => Press::Nothing,
    }
}

/// Does what a button of the grid or the number field says, and returns to the same member.
pub async fn mark(
    State(app): State<App>,
    actor: Actor,
    Path((org, id)): Path<(OrgId, MeetingId)>,
    Sent(form): Sent,
) -> Result<Response, Fault> {
    let press = read_press(&form);
    let base = format!("/cb/{org}/buoi/{id}/diem-danh");
    let to = match &press {
        Press::One(person, _) => format!("{base}#dv-{person}"),
        Press::Number(number) => format!("{base}?so={number}#nhap-so"),
        Press::Rest | Press::Nothing => base,
    };
    let hands = actor.clone();
    app.write(&actor, move |tx| apply(tx, &hands, org, id, &press)).await?;
    Ok(see(&to))
}

fn apply(tx: &mut Tx, actor: &Actor, org: OrgId, id: MeetingId, press: &Press) -> Result<(), Fault> {
    let meeting = meetings::get(tx, org, id)?;
    must_record(&meeting)?;
    let at = arrival(&meeting, actor);
    let lines = store::roll(tx, org, id)?;
    match press {
        Press::Nothing => {}
        Press::One(person, mark) => {
            let line = lines.iter().find(|l| l.person == *person).ok_or(Fault::NotFound)?;
            let reason = line.reason.as_deref().filter(|_| *mark == Some(Mark::Excused));
            // Taking a mark back leaves what the standing says.
            store::mark(tx, org, id, *person, mark.or(line.standing.preset()), reason, at)?;
        }
        Press::Rest => {
            for line in lines.iter().filter(|l| l.mark.is_none()) {
                store::mark(tx, org, id, line.person, Some(Mark::Present), None, at)?;
            }
        }
        Press::Number(number) => {
            // An unknown number changes nothing; the page says so.
            if let Some(line) = lines.iter().find(|l| l.number == *number && may_mark(l.standing, Mark::Present).is_ok()) {
                let mark = (line.mark != Some(Mark::Present)).then_some(Mark::Present);
                store::mark(tx, org, id, line.person, mark.or(line.standing.preset()), None, at)?;
            }
        }
    }
    Ok(room::tell(tx, actor.now, org, id, Topic::Roll)?)
}

/// When somebody marked now came: the moment itself on the day, the opening when written later.
fn arrival(meeting: &Meeting, actor: &Actor) -> DateTime {
    let opened = meeting.opened_at.unwrap_or(meeting.starts_at);
    let now = local(actor.acting(meeting.opened_at).acted_at());
    if now.date() == opened.date() { now } else { opened }
}

/// Saves one member's line in full: any state, the reason, coming late, leaving early.
pub async fn detail(
    State(app): State<App>,
    actor: Actor,
    Path((org, id, person)): Path<(OrgId, MeetingId, PersonId)>,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let mark: Option<Mark> = form.code("trang_thai");
    let reason = form.line("ly_do", 300);
    let left = form.time("gio_ve");
    if !form.is_fine() {
        return render(&app, actor, id, Some(person), "", Some(form), "").await;
    }
    let (now, hands) = (actor.now, actor.clone());
    let done = app
        .write(&actor, move |tx| {
            let meeting = meetings::get(tx, org, id)?;
            must_record(&meeting)?;
            let reason = (!reason.is_empty()).then_some(reason.as_str());
            store::mark(tx, org, id, person, mark, reason, arrival(&meeting, &hands))?;
            let day = meeting.opened_at.unwrap_or(meeting.starts_at).date();
            let left = left.filter(|_| mark.is_some_and(Mark::is_there)).map(|t| day.to_datetime(t));
            store::set_left(tx, org, id, person, left)?;
            Ok(room::tell(tx, now, org, id, Topic::Roll)?)
        })
        .await;
    match done {
        Ok(()) => Ok(see(&format!("/cb/{org}/buoi/{id}/diem-danh#dv-{person}"))),
        Err(Fault::Refused(refusal)) => {
            form.problem("trang_thai", refusal.text());
            render(&app, actor, id, Some(person), "", Some(form), "").await
        }
        Err(fault) => Err(fault),
    }
}

async fn render(
    app: &App,
    actor: Actor,
    id: MeetingId,
    member: Option<PersonId>,
    number: &str,
    typed: Option<Form>,
    done: &str,
) -> Result<Response, Fault> {
    let (org, library) = (actor.org, app.rules.clone());
    let (record, rules) = app
        .db
        .read(move |tx| {
            let record = record::load(tx, org, id)?;
            let rules = record::rules_on(tx, org, record.day(), &library)?;
            Ok::<_, db::Error>((record, rules))
        })
        .await?;
    let meeting = &record.meeting;
    let tally = record.tally();
    let line = member.and_then(|m| record.lines.iter().find(|l| l.person == m));
    let status = if typed.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let form = typed.unwrap_or_else(|| line.map(line_form).unwrap_or_default());
    let mut shell = Shell::new(&actor, "Điểm danh", Under::Meetings)
        .crumb(format!("/cb/{org}/buoi"), Under::Meetings.label())
        .crumb(format!("/cb/{org}/buoi/{id}"), meeting.title.clone())
        .wrong(&form)
        .done(done);
    if meeting.state.is_recording() {
        shell = shell.outbox(Keep::by(&rules));
    }
    let page = Roll {
        parts: parts(meeting, "diem-danh"),
        base: format!("/cb/{org}/buoi/{id}/diem-danh"),
        sub: when_where(meeting),
        recording: meeting.state.is_recording(),
        opened: !record.lines.is_empty(),
        rows: record.lines.iter().map(row).collect(),
        tally: attendance_words(&tally),
        more: further(&tally),
        // While members are still being marked every figure is low: advice comes with the last mark.
        advice: if tally.unmarked > 0 || record.lines.is_empty() { Vec::new() } else { advice(&tally, &roll_figures(&rules)) },
        said: said(&record, number),
        focus: !number.is_empty(),
        detail: line.map(|l| Detail { id: l.person.to_string(), name: l.name.clone() }),
        marks: line.map(marks_for).unwrap_or_default(),
        unmarked: tally.unmarked,
        reasons: rules.absence_reasons().map(|r| r.name.clone()).collect(),
        why: why(&tally, &rules),
        form,
        shell,
    };
    Ok(html_with(status, &page))
}

fn row(line: &Line) -> RollRow {
    let state = match line.mark {
        Some(Mark::Present | Mark::Online) => "done",
        Some(Mark::Excused) => "due",
        Some(Mark::Unexcused) => "late",
        _ => "none",
    };
    let pressed = match line.mark {
        Some(Mark::Present) => "c",
        Some(Mark::Excused) => "v",
        Some(Mark::Unexcused) => "k",
        _ => "",
    };
    let note = match line.standing {
        Standing::Official => "",
        Standing::Probationary => "dự bị",
        Standing::TemporaryHere => "sinh hoạt tạm thời",
        Standing::TemporaryAway => "sinh hoạt tạm thời nơi khác",
        Standing::Exempt => "được miễn",
        Standing::Suspended => "đình chỉ",
    };
    RollRow {
        id: line.person.to_string(),
        number: line.number,
        name: line.name.clone(),
        note: note.to_owned(),
        words: words(line),
        state,
        pressed,
        fixed: line.standing == Standing::Suspended,
    }
}

fn words(line: &Line) -> String {
    let mut words = line.mark.map_or_else(|| "Chưa điểm danh".to_owned(), |m| m.label().to_owned());
    if let Some(at) = line.arrived_at {
        words.push_str(&format!(" {}", vi::time_short(at.time())));
    }
    if let Some(reason) = line.reason.as_deref().filter(|r| !r.is_empty()) {
        words.push_str(&format!(": {reason}"));
    }
    if let Some(at) = line.left_at {
        words.push_str(&format!(", về lúc {}", vi::time_short(at.time())));
    }
    words
}

fn marks_for(line: &Line) -> Vec<(String, String)> {
    let fits = |m: &&Mark| may_mark(line.standing, **m).is_ok();
    Mark::ALL.iter().filter(fits).map(|m| (m.code().to_owned(), m.label().to_owned())).collect()
}

fn line_form(line: &Line) -> Form {
    Form::from_pairs([
        ("trang_thai", line.mark.map(Code::code).unwrap_or_default().to_owned()),
        ("ly_do", line.reason.clone().unwrap_or_default()),
        ("gio_ve", line.left_at.map(|t| vi::time_short(t.time())).unwrap_or_default()),
    ])
}

/// What the number that was typed last did.
fn said(record: &Record, number: &str) -> String {
    let Ok(number) = number.trim().parse::<i64>() else {
        return String::new();
    };
    match record.lines.iter().find(|l| l.number == number) {
        Some(line) if line.standing == Standing::Suspended => {
            format!("{number}. {}: đang bị đình chỉ sinh hoạt, không điểm danh", line.name)
        }
        Some(line) => format!("{number}. {}: {}", line.name, words(line).to_lowercase()),
        None => format!("Không có số {number} trong danh sách"),
    }
}

/// Figures beside the tally: leaders apart, who does not count.
fn further(t: &Tally) -> Vec<String> {
    let mut out = Vec::new();
    if t.leaders.denom > 0 {
        out.push(format!("Cấp ủy: có mặt {}/{}, đạt {}", t.leaders.numer, t.leaders.denom, t.leaders));
    }
    out.push(format!("Đảng viên chính thức được biểu quyết: có mặt {}/{}", t.electors_present, t.electors));
    for (n, what) in [
        (t.online, "dự trực tuyến"),
        (t.extra, "dự ngoài diện phải dự"),
        (t.exempt, "được miễn"),
        (t.away, "sinh hoạt tạm thời nơi khác"),
        (t.suspended, "đình chỉ sinh hoạt"),
    ] {
        if n > 0 {
            out.push(format!("{n} đồng chí {what}"));
        }
    }
    out
}

fn why(t: &Tally, rules: &Rules) -> Vec<String> {
    let mut out = vec![format!(
        "{} đồng chí có mặt trên {} đồng chí phải dự: đảng viên chính thức, dự bị và đồng chí sinh hoạt tạm thời tại chi bộ; đã trừ đồng chí được miễn, sinh hoạt tạm thời nơi khác, bị đình chỉ (DD-03).",
        t.rate.numer, t.rate.denom
    )];
    if let Some(figure) = rules.figure("attendance.target") {
        out.push(format!(
            "Yêu cầu: {} {} ({}, theo {}). {}.",
            figure.title.to_lowercase(),
            figure.shown(),
            figure.rule,
            figure.citation(),
            figure.confidence.label()
        ));
    }
    out
}
