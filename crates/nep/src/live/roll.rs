//! Taking the roll: a grid with buttons, entry by number, and each member's line in full.
//! May touch: the roll of one meeting. Rules: DD-01 … DD-04, DD-10, BQ-10 (warns, never blocks).

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use db::Tx;
use domain::checkin::{self, Source};
use domain::code::Code;
use domain::id::{MeetingId, OrgId, PersonId, RowId};
use domain::meeting::MeetingState;
use domain::roll::{Mark, Standing, Tally, advice, may_mark, tally};
use domain::rulepack::Rules;
use domain::vi;
use jiff::civil::DateTime;
use web::form::Form;
use web::page::{html_with, see};

use super::checkin::view;
use super::desk::{attendance_words, parts, when_where};
use super::page::{Detail, Roll, RollRow};
use super::record::{self, must_record, roll_figures};
use super::room::store::{self as room, Topic};
use super::room::view as rooms;
use super::store::{self, Line, entry};
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
    ghi: Option<String>,
    lui: Option<String>,
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
    let last = Last { number: asked.so.unwrap_or_default(), entry: asked.ghi.and_then(|g| g.parse().ok()), undone: asked.lui };
    let member = asked.dv.and_then(|d| d.parse().ok());
    render(&app, actor, id, member, &last, None, done_words(asked.xong.as_deref())).await
}

/// What one press asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Press {
    One(PersonId, Option<Mark>),
    Rest,
    /// Digits of the list or of a member's card; none where something else was typed.
    Number(Option<String>),
    Undo(RowId),
    Nothing,
}

/// The entry a page speaks of.
#[derive(Debug, Default)]
struct Last {
    number: String,
    entry: Option<RowId>,
    undone: Option<String>,
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
    if let Ok(entry) = form.raw("hoan_tac").parse() {
        return Press::Undo(entry);
    }
    match form.raw("number").trim() {
        "" => Press::Nothing,
        typed => Press::Number(checkin::digits(typed)),
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
    let hands = actor.clone();
    let to = app.write(&actor, move |tx| apply(tx, &hands, org, id, &press)).await?;
    Ok(see(&format!("{base}{to}")))
}

/// Does what was pressed; where on the page it leads.
fn apply(tx: &mut Tx, actor: &Actor, org: OrgId, id: MeetingId, press: &Press) -> Result<String, Fault> {
    let meeting = meetings::get(tx, org, id)?;
    must_record(&meeting)?;
    let at = arrival(&meeting, actor);
    let lines = store::roll(tx, org, id)?;
    let to = match press {
        Press::Nothing => String::new(),
        Press::One(person, mark) => {
            let line = lines.iter().find(|l| l.person == *person).ok_or(Fault::NotFound)?;
            let reason = line.reason.as_deref().filter(|_| *mark == Some(Mark::Excused));
            // Taking a mark back leaves what the standing says.
            store::mark(tx, org, id, *person, mark.or(line.standing.preset()), reason, at)?;
            entry::marked_at(tx, org, id, *person, actor.now)?;
            format!("#dv-{person}")
        }
        Press::Rest => {
            let which: RowId = actor.id();
            for line in lines.iter().filter(|l| l.mark.is_none()) {
                entry::mark(tx, actor, (org, id, line), Some(Mark::Present), at, which)?;
            }
            format!("?ghi={which}#nhap-so")
        }
        Press::Number(digits) => by_number(tx, actor, &meeting, &lines, digits.as_deref(), at)?,
        Press::Undo(which) => {
            let of: Vec<&Line> = lines.iter().filter(|l| l.entry == Some(*which)).collect();
            let done = entry::undo(tx, actor, org, id, *which)?;
            match of.as_slice() {
                [line] => format!("?so={}&lui={done}#nhap-so", line.number),
                _ => format!("?lui={done}#nhap-so"),
            }
        }
    };
    room::tell(tx, actor.now, org, id, Topic::Roll)?;
    Ok(to)
}

/// An entry by number: one of the list, typed again to take the mark back; else that of a member's card,
/// which only ever marks as there, since a reader may read it twice. An unknown number changes nothing,
/// and the page says so; a long one is not repeated in the address.
fn by_number(
    tx: &mut Tx,
    actor: &Actor,
    meeting: &Meeting,
    lines: &[Line],
    digits: Option<&str>,
    at: DateTime,
) -> Result<String, Fault> {
    let unknown = || Ok("?so=khong#nhap-so".to_owned());
    let Some(digits) = digits else { return unknown() };
    let number = checkin::line_number(digits);
    let listed = lines.iter().find(|l| number == Some(l.number));
    let (line, again) = match listed {
        Some(line) => (line, true),
        None => {
            let person = entry::by_card(tx, meeting.org, meeting.id, digits)?;
            match (lines.iter().find(|l| Some(l.person) == person), number) {
                (Some(line), _) => (line, false),
                (None, Some(number)) if number < 1000 => return Ok(format!("?so={number}#nhap-so")),
                (None, _) => return unknown(),
            }
        }
    };
    let to = format!("?so={}#nhap-so", line.number);
    let there = line.mark == Some(Mark::Present);
    if may_mark(line.standing, Mark::Present).is_err() || (there && !again) {
        return Ok(to);
    }
    let mark = (!there).then_some(Mark::Present).or(line.standing.preset());
    entry::mark(tx, actor, (meeting.org, meeting.id, line), mark, at, actor.id())?;
    Ok(to)
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
        return render(&app, actor, id, Some(person), &Last::default(), Some(form), "").await;
    }
    let (now, hands) = (actor.now, actor.clone());
    let done = app
        .write(&actor, move |tx| {
            let meeting = meetings::get(tx, org, id)?;
            must_record(&meeting)?;
            let reason = (!reason.is_empty()).then_some(reason.as_str());
            store::mark(tx, org, id, person, mark, reason, arrival(&meeting, &hands))?;
            entry::marked_at(tx, org, id, person, now)?;
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
            render(&app, actor, id, Some(person), &Last::default(), Some(form), "").await
        }
        Err(fault) => Err(fault),
    }
}

async fn render(
    app: &App,
    actor: Actor,
    id: MeetingId,
    member: Option<PersonId>,
    last: &Last,
    typed: Option<Form>,
    done: &str,
) -> Result<Response, Fault> {
    let (org, library, now) = (actor.org, app.rules.clone(), actor.now);
    let (meeting, lines, rules, room, panel) = app
        .db
        .read(move |tx| {
            let (meeting, lines) = (meetings::get(tx, org, id)?, store::roll(tx, org, id)?);
            let day = meeting.opened_at.unwrap_or(meeting.starts_at).date();
            let rules = record::rules_on(tx, org, day, &library)?;
            let room = room::room(tx, org, id)?;
            let panel = view::panel(tx, &meeting, &room, &lines, &rules, now)?;
            Ok::<_, db::Error>((meeting, lines, rules, room, panel))
        })
        .await?;
    let tally = tally(&lines.iter().map(Line::facts).collect::<Vec<_>>());
    let line = member.and_then(|m| lines.iter().find(|l| l.person == m));
    let status = if typed.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let form = typed.unwrap_or_else(|| line.map(line_form).unwrap_or_default());
    let mut shell = Shell::new(&actor, "Điểm danh", Under::Meetings)
        .crumb(format!("/cb/{org}/buoi"), Under::Meetings.label())
        .crumb(format!("/cb/{org}/buoi/{id}"), meeting.title.clone())
        .room()
        .wrong(&form)
        .done(done);
    let base = format!("/cb/{org}/buoi/{id}/diem-danh");
    let live = (meeting.state == MeetingState::Open).then(|| rooms::live(org, id, base.clone(), room.seq));
    if live.is_some() {
        shell = shell.live();
    }
    let (said, undo) = said(&lines, last);
    if meeting.state.is_recording() {
        shell = shell.outbox(Keep::by(&rules));
    }
    let page = Roll {
        parts: parts(&meeting, "diem-danh"),
        base,
        live,
        panel,
        sub: when_where(&meeting),
        recording: meeting.state.is_recording(),
        opened: !lines.is_empty(),
        rows: lines.iter().map(row).collect(),
        tally: attendance_words(&tally),
        more: further(&tally),
        // While members are still being marked every figure is low: advice comes with the last mark.
        advice: if tally.unmarked > 0 || lines.is_empty() { Vec::new() } else { advice(&tally, &roll_figures(&rules)) },
        focus: !said.is_empty(),
        said,
        undo,
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
    if line.by == Some(Source::Member) {
        words.push_str(", tự điểm danh");
    } else if line.tries > 0 && line.mark.is_none() {
        words.push_str(&format!(", đã nhập sai mã {} lần", line.tries));
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

/// What the last entry did, and the way to take it back while nobody has changed its lines since.
fn said(lines: &[Line], last: &Last) -> (String, Option<(String, String)>) {
    let undone = match last.undone.as_deref() {
        None => "",
        Some("0") => "Không hoàn tác được nữa, dòng này đã được ghi lại. ",
        Some(_) => "Đã hoàn tác. ",
    };
    if let Some(entry) = last.entry {
        let count = lines.iter().filter(|l| l.entry == Some(entry)).count();
        let undo = (count > 0).then(|| (entry.to_string(), format!("{count} đồng chí vừa ghi có mặt")));
        return (format!("Đã ghi có mặt {count} đồng chí còn lại"), undo);
    }
    if last.number.trim().is_empty() {
        return (undone.trim().to_owned(), None);
    }
    let Some(number) = checkin::digits(&last.number).and_then(|d| checkin::line_number(&d)) else {
        return ("Không đồng chí nào trong danh sách có số vừa nhập".to_owned(), None);
    };
    match lines.iter().find(|l| l.number == number) {
        Some(line) if line.standing == Standing::Suspended => {
            (format!("{number}. {}: đang bị đình chỉ sinh hoạt, không điểm danh", line.name), None)
        }
        Some(line) => {
            let undo = line.entry.filter(|_| last.undone.is_none()).map(|e| (e.to_string(), format!("đồng chí {}", line.name)));
            (format!("{undone}{number}. {}: {}", line.name, words(line).to_lowercase()), undo)
        }
        None => (format!("Không có số {number} trong danh sách"), None),
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
