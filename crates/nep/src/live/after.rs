//! A meeting held on paper, entered afterwards on one page and saved in one transaction: times, roll,
//! who spoke, conclusions, votes, and the scan of the papers. What is wrong gives everything back as typed.
//! May touch: what is recorded of one meeting. Rules: P-11 (paper parity), DD-03, BQ-01, P-30, P-8.

use std::collections::BTreeMap;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use db::Tx;
use domain::code::Code;
use domain::id::{ItemId, MeetingId, OrgId, PersonId};
use domain::meeting::MeetingState;
use domain::paper::numbers;
use domain::refusal::Refusal;
use domain::roll::{Mark, Standing};
use domain::rulepack::Library;
use domain::vi;
use domain::vote::{Count, Subject};
use jiff::civil::Time;
use web::form::{Form, Problem};
use web::page::{html_with, see};

use super::desk::{not_yet_open, parts, when_where};
use super::page::{After, AfterItem, AfterRow, AfterVote};
use super::record::{self, Record, must_record};
use super::room::store::{self as room, Topic};
use super::steps::{close_now, open_now};
use super::store::{self, NewVote};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::meeting::sniff;
use crate::meeting::store::files::{self, NewFile};
use crate::meeting::store::{self as meetings, Meeting, carry};
use crate::member::store as members;
use crate::minutes;
use crate::org::store as orgs;
use crate::shell::{Done, Shell, Under};

type Where = Path<(OrgId, MeetingId)>;

/// Votes that one page takes.
const VOTES: usize = 3;
/// Longest conclusion of one item.
const CONCLUSION_MAX: usize = 20_000;
/// The marks a row offers.
const MARKS: [Mark; 4] = [Mark::Present, Mark::Online, Mark::Excused, Mark::Unexcused];

/// A line of the roll, before the opening as after it.
struct Row {
    person: PersonId,
    number: i64,
    name: String,
    standing: Standing,
    mark: Option<Mark>,
    reason: String,
}

struct Known {
    record: Record,
    rows: Vec<Row>,
    people: Vec<(String, String)>,
    scans: Vec<files::File>,
}

fn known(tx: &mut Tx, org: OrgId, id: MeetingId) -> Result<Known, Fault> {
    let record = record::load(tx, org, id)?;
    let day = record.meeting.starts_at.date();
    let roster = members::roster(tx, org, day)?;
    let rows = if record.lines.is_empty() {
        let posts = orgs::posts_on(tx, org, day)?;
        let expected = domain::roll::expected(&members::facts_of(&roster, &posts), day);
        let number = |p: PersonId| roster.iter().find(|m| m.person == p).map_or(0, |m| m.number);
        let row = |l: domain::roll::RollLine| Row {
            person: l.person,
            number: number(l.person),
            name: l.name,
            standing: l.standing,
            mark: l.mark,
            reason: String::new(),
        };
        let committee = record.meeting.kind == domain::meeting::MeetingKind::Committee;
        expected.into_iter().filter(|l| !committee || l.leader).map(row).collect()
    } else {
        let row = |l: &store::Line| Row {
            person: l.person,
            number: l.number,
            name: l.name.clone(),
            standing: l.standing,
            mark: l.mark,
            reason: l.reason.clone().unwrap_or_default(),
        };
        record.lines.iter().map(row).collect()
    };
    let scans = files::of_meeting(tx, org, id)?.into_iter().filter(|f| f.item.is_none()).collect();
    let people = roster.into_iter().map(|m| (m.person.to_string(), format!("đ/c {}", m.name))).collect();
    Ok(Known { record, rows, people, scans })
}

/// The page.
pub async fn page(
    State(app): State<App>,
    actor: Actor,
    Path((org, id)): Where,
    Query(done): Query<Done>,
) -> Result<Response, Fault> {
    let known = app.db.read(move |tx| known(tx, org, id)).await?;
    let meeting = &known.record.meeting;
    if let Err(refusal) = writable(meeting) {
        return Err(refusal.into());
    }
    let form = first(&known);
    Ok(show(&actor, &known, form, done.words()))
}

fn writable(meeting: &Meeting) -> Result<(), Refusal> {
    if not_yet_open(meeting.state) { Ok(()) } else { must_record(meeting) }
}

/// What stands there already, so that entering twice adds nothing twice.
fn first(known: &Known) -> Form {
    let record = &known.record;
    let m = &record.meeting;
    let id = |p: Option<PersonId>| p.map(|p| p.to_string()).unwrap_or_default();
    let mut pairs = vec![
        ("gio_mo".to_owned(), vi::time_short(m.opened_at.unwrap_or(m.starts_at).time())),
        ("gio_ket".to_owned(), vi::time_short(m.closed_at.unwrap_or(m.ends_at).time())),
        ("chu_tri".to_owned(), id(m.chair)),
        ("thu_ky".to_owned(), id(m.secretary)),
    ];
    for row in &known.rows {
        if let Some(mark) = row.mark {
            pairs.push((format!("dd_{}", row.person), mark.code().to_owned()));
        }
        pairs.push((format!("ld_{}", row.person), row.reason.clone()));
    }
    let number = |p: PersonId| known.rows.iter().find(|r| r.person == p).map(|r| r.number.to_string());
    for item in &record.items {
        let spoke: Vec<String> = record.spoken(item.id).filter_map(|c| number(c.person)).collect();
        pairs.push((format!("pb_{}", item.id), spoke.join(", ")));
        pairs.push((format!("kl_{}", item.id), item.conclusion.clone()));
        pairs.push((format!("v_{}", item.id), item.version.to_string()));
    }
    Form::from_pairs(pairs)
}

fn show(actor: &Actor, known: &Known, form: Form, done: &str) -> Response {
    let record = &known.record;
    let m = &record.meeting;
    let base = format!("/cb/{}/buoi/{}", m.org, m.id);
    let status = if form.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let fixed = |r: &Row| r.standing.preset().is_some();
    let row = |r: &Row| AfterRow {
        id: r.person.to_string(),
        number: r.number,
        name: r.name.clone(),
        fixed: if fixed(r) { r.standing.label() } else { "" },
        mark: form.raw(&format!("dd_{}", r.person)).to_owned(),
        reason: form.raw(&format!("ld_{}", r.person)).to_owned(),
    };
    let item = |i: &meetings::Item| AfterItem {
        id: i.id.to_string(),
        position: i.position,
        title: if i.secret { domain::agenda::SECRET_TITLE.to_owned() } else { i.title.clone() },
        secret: i.secret,
        paper_ref: i.paper_ref.clone().unwrap_or_default(),
        spoke: form.raw(&format!("pb_{}", i.id)).to_owned(),
        spoke_bad: form.problem_of(&format!("pb_{}", i.id)).to_owned(),
        conclusion: form.raw(&format!("kl_{}", i.id)).to_owned(),
        conclusion_bad: form.problem_of(&format!("kl_{}", i.id)).to_owned(),
        version: form.raw(&format!("v_{}", i.id)).to_owned(),
    };
    let vote = |n: usize| {
        let raw = |what: &str| form.raw(&format!("bq{n}_{what}")).to_owned();
        AfterVote {
            n,
            question: raw("nd"),
            subject: if raw("loai").is_empty() { Subject::Resolution.code().to_owned() } else { raw("loai") },
            yes: raw("tt"),
            no: raw("k"),
            other: raw("kh"),
            bad: form.problem_of(&format!("bq{n}_nd")).to_owned(),
        }
    };
    let page = After {
        shell: Shell::new(actor, "Nhập sau từ giấy", Under::Meetings)
            .crumb(format!("/cb/{}/buoi", m.org), Under::Meetings.label())
            .crumb(base.clone(), m.title.clone())
            .room()
            .wrong(&form)
            .done(done),
        parts: parts(m, "nhap-sau"),
        action: format!("{base}/nhap-sau"),
        org: m.org.to_string(),
        sub: when_where(m),
        before: not_yet_open(m.state),
        running: not_yet_open(m.state) || m.state == MeetingState::Open,
        rows: known.rows.iter().map(row).collect(),
        marks: MARKS.iter().map(|m| (m.code(), m.label())).collect(),
        items: record.items.iter().map(item).collect(),
        votes: (1..=VOTES).map(vote).collect(),
        recorded: record.votes.iter().map(|v| v.question.clone()).collect(),
        subjects: Subject::ALL.iter().map(|s| (s.code().to_owned(), s.label().to_owned())).collect(),
        people: known.people.clone(),
        scans: known.scans.iter().map(|f| (f.id.to_string(), f.name.clone())).collect(),
        form,
    };
    html_with(status, &page)
}

/// What the page asks for, read once.
#[derive(Debug, Clone, Default)]
struct Entry {
    opened: Option<Time>,
    closed: Option<Time>,
    chair: Option<PersonId>,
    secretary: Option<PersonId>,
    all: bool,
    marks: BTreeMap<PersonId, Mark>,
    reasons: BTreeMap<PersonId, String>,
    items: Vec<ItemEntry>,
    votes: Vec<VoteEntry>,
    scan: Option<NewFile>,
}

#[derive(Debug, Clone)]
struct ItemEntry {
    id: ItemId,
    version: i64,
    spoke: Vec<i64>,
    conclusion: String,
}

#[derive(Debug, Clone)]
struct VoteEntry {
    n: usize,
    question: String,
    subject: Subject,
    yes: Option<u32>,
    no: u32,
    other: u32,
}

fn read(form: &mut Form) -> Entry {
    let mut entry = Entry {
        opened: form.time("gio_mo"),
        closed: form.time("gio_ket"),
        chair: form.id("chu_tri"),
        secretary: form.id("thu_ky"),
        all: form.ticked("tat_ca"),
        ..Entry::default()
    };
    let named = |form: &Form, start: &str| -> Vec<String> {
        form.pairs().filter_map(|(k, _)| k.strip_prefix(start).map(str::to_owned)).collect()
    };
    for id in named(form, "dd_") {
        if let (Ok(person), Some(mark)) = (id.parse(), form.code::<Mark>(&format!("dd_{id}"))) {
            entry.marks.insert(person, mark);
        }
    }
    for id in named(form, "ld_") {
        let reason = form.line(&format!("ld_{id}"), 300);
        if let Ok(person) = id.parse() {
            entry.reasons.insert(person, reason);
        }
    }
    for id in named(form, "pb_") {
        let spoke = numbers(form.raw(&format!("pb_{id}")));
        if let Err(why) = &spoke {
            form.problem(&format!("pb_{id}"), why.clone());
        }
        let conclusion = form.text(&format!("kl_{id}"), CONCLUSION_MAX);
        let version = form.int(&format!("v_{id}"), 0, i64::MAX).unwrap_or(0);
        if let Ok(id) = id.parse() {
            entry.items.push(ItemEntry { id, version, spoke: spoke.unwrap_or_default(), conclusion });
        }
    }
    entry.votes = (1..=VOTES).filter_map(|n| read_vote(form, n)).collect();
    entry.scan = read_scan(form);
    entry
}

fn read_vote(form: &mut Form, n: usize) -> Option<VoteEntry> {
    let question = form.line(&format!("bq{n}_nd"), 500);
    let subject = form.code(&format!("bq{n}_loai"));
    let mut number = |what: &str| form.int(&format!("bq{n}_{what}"), 0, 100_000).and_then(|v| u32::try_from(v).ok());
    let (yes, no, other) = (number("tt"), number("k"), number("kh"));
    if question.is_empty() {
        if yes.is_some() || no.is_some() || other.is_some() {
            form.problem(&format!("bq{n}_nd"), "Hãy ghi nội dung đưa ra biểu quyết.");
        }
        return None;
    }
    let subject = subject.unwrap_or(Subject::Resolution);
    Some(VoteEntry { n, question, subject, yes, no: no.unwrap_or(0), other: other.unwrap_or(0) })
}

/// The scan, through the same door as every file: its kind from its content, and the confirmation.
fn read_scan(form: &mut Form) -> Option<NewFile> {
    let file = std::mem::take(&mut form.files).into_iter().find(|f| f.field == "tep")?;
    if !form.ticked("khong_mat") {
        form.problem("khong_mat", "Hãy đọc và đánh dấu xác nhận bản quét không chứa bí mật nhà nước.");
    }
    match sniff::admit(&file.name, &file.bytes) {
        Ok(media_type) if media_type == "application/pdf" || media_type.starts_with("image/") => {
            Some(NewFile { name: file.name, media_type, bytes: file.bytes })
        }
        Ok(_) => {
            form.problem("tep", "Bản quét là tệp PDF, JPG hoặc PNG. Hãy chọn lại tệp.");
            None
        }
        Err(refusal) => {
            form.problem("tep", refusal.text());
            None
        }
    }
}

/// Saves all of it, or nothing with everything typed kept.
pub async fn save(State(app): State<App>, actor: Actor, Path((org, id)): Where, Sent(mut form): Sent) -> Result<Response, Fault> {
    let had_file = !form.files.is_empty();
    let entry = read(&mut form);
    let done = if form.is_fine() {
        let (hands, library) = (actor.clone(), app.rules.clone());
        app.write(&actor, move |tx| write(tx, &hands, org, id, &entry, &library)).await
    } else {
        Err(Fault::Invalid(Vec::new()))
    };
    match done {
        Ok(()) => return Ok(see(&format!("/cb/{org}/buoi/{id}/bien-ban?xong=nhap-giay"))),
        Err(Fault::Invalid(problems)) => form.problems.extend(problems),
        Err(Fault::Refused(refusal)) => form.problem(field(&refusal), refusal.text()),
        Err(fault) => return Err(fault),
    }
    if had_file && !form.has_problem("tep") {
        form.problem("tep", "Trình duyệt không giữ lại tệp. Hãy chọn lại tệp quét.");
    }
    let known = app.db.read(move |tx| known(tx, org, id)).await?;
    writable(&known.record.meeting)?;
    Ok(show(&actor, &known, form, ""))
}

/// The field of the page that a refusal speaks of.
fn field(refusal: &Refusal) -> &'static str {
    match refusal.field {
        Some("closed_at") => "gio_ket",
        Some("starts_at") => "gio_mo",
        Some("chair") => "chu_tri",
        _ => "",
    }
}

fn problem(field: String, text: impl Into<String>) -> Problem {
    Problem { field, text: text.into() }
}

fn write(tx: &mut Tx, actor: &Actor, org: OrgId, id: MeetingId, entry: &Entry, library: &Library) -> Result<(), Fault> {
    let meeting = meetings::get(tx, org, id)?;
    writable(&meeting)?;
    people(tx, actor, &meeting, entry)?;
    if not_yet_open(meeting.state) {
        let time = entry.opened.unwrap_or(meeting.starts_at.time());
        open_now(tx, actor, org, id, time, &library.at(actor.today()))?;
    }
    roll(tx, org, id, entry)?;
    let record = record::load(tx, org, id)?;
    let mut wrong = Vec::new();
    for item in &entry.items {
        write_item(tx, actor, &record, item, &mut wrong)?;
    }
    for vote in &entry.votes {
        write_vote(tx, actor, &record, vote, library, &mut wrong)?;
    }
    if !wrong.is_empty() {
        return Err(Fault::Invalid(wrong));
    }
    if let Some(scan) = &entry.scan {
        files::add(tx, actor, org, id, None, scan)?;
    }
    for topic in [Topic::Roll, Topic::Floor, Topic::Minutes, Topic::Vote, Topic::People] {
        room::tell(tx, actor.now, org, id, topic)?;
    }
    match entry.closed.filter(|_| record.meeting.state == MeetingState::Open) {
        Some(time) => {
            let choice = minutes::ending::choices(tx, org, id, &Form::default())?;
            close_now(tx, actor, org, id, time)?;
            let over = meetings::get(tx, org, id)?;
            carry::settle(tx, actor, &over, &choice)
        }
        None => minutes::draft::renew(tx, actor, org, id).map(|_| ()),
    }
}

/// Chair and secretary as the paper has them.
fn people(tx: &mut Tx, actor: &Actor, meeting: &Meeting, entry: &Entry) -> Result<(), Fault> {
    let (chair, secretary) = (entry.chair.or(meeting.chair), entry.secretary.or(meeting.secretary));
    if (chair, secretary) == (meeting.chair, meeting.secretary) {
        return Ok(());
    }
    let roster = members::roster(tx, meeting.org, meeting.starts_at.date())?;
    if [chair, secretary].into_iter().flatten().any(|p| roster.iter().all(|m| m.person != p)) {
        return Err(Fault::NotFound);
    }
    let plan = meetings::Plan {
        title: meeting.title.clone(),
        starts_at: meeting.starts_at,
        ends_at: meeting.ends_at,
        place: meeting.place.clone(),
        chair,
        secretary,
        topic: meeting.topic.clone(),
        committee_met_on: meeting.committee_met_on,
    };
    Ok(meetings::save_plan(tx, actor, meeting.org, meeting.id, meeting.version, &plan)?)
}

fn roll(tx: &mut Tx, org: OrgId, id: MeetingId, entry: &Entry) -> Result<(), Fault> {
    let meeting = meetings::get(tx, org, id)?;
    let at = meeting.opened_at.unwrap_or(meeting.starts_at);
    for line in store::roll(tx, org, id)? {
        if line.standing.preset().is_some() {
            continue;
        }
        let said = entry.marks.get(&line.person).copied();
        let mark = said.or(line.mark).or(entry.all.then_some(Mark::Present));
        let reason = entry.reasons.get(&line.person).filter(|r| !r.is_empty() && mark == Some(Mark::Excused));
        if mark != line.mark || reason.map(String::as_str) != line.reason.as_deref() {
            store::mark(tx, org, id, line.person, mark, reason.map(String::as_str), at)?;
        }
    }
    Ok(())
}

fn write_item(tx: &mut Tx, actor: &Actor, record: &Record, entry: &ItemEntry, wrong: &mut Vec<Problem>) -> Result<(), Fault> {
    let (org, id) = (record.meeting.org, record.meeting.id);
    let item = record.item(entry.id)?;
    if item.secret && !entry.conclusion.is_empty() {
        let text = "Nội dung mật không được ghi vào phần mềm. Hãy xóa nội dung đã nhập và ghi riêng vào sổ giấy theo quy định.";
        wrong.push(problem(format!("kl_{}", item.id), text));
    } else if entry.conclusion != item.conclusion {
        if entry.version != item.version {
            let text = format!("Một đồng chí khác vừa lưu kết luận: “{}”. Hãy ghép hai bản rồi lưu lại.", item.conclusion);
            wrong.push(problem(format!("kl_{}", item.id), text));
        } else {
            meetings::save_item(tx, org, &meetings::Item { conclusion: entry.conclusion.clone(), ..item.clone() }, 0)?;
        }
    }
    let mut asked: BTreeMap<PersonId, usize> = BTreeMap::new();
    for number in &entry.spoke {
        let Some(line) = record.lines.iter().find(|l| l.number == *number) else {
            wrong.push(problem(format!("pb_{}", item.id), format!("Không có số {number} trong danh sách.")));
            continue;
        };
        if !line.mark.is_some_and(Mark::is_there) {
            let text = format!("Số {number} (đồng chí {}) không được ghi có mặt nên không ghi phát biểu được.", line.name);
            wrong.push(problem(format!("pb_{}", item.id), text));
            continue;
        }
        let times = asked.entry(line.person).or_default();
        *times += 1;
        if *times > record.spoken(item.id).filter(|c| c.person == line.person).count() {
            store::add_contribution(tx, actor, org, id, item.id, line.person, None, "")?;
        }
    }
    Ok(())
}

fn write_vote(
    tx: &mut Tx,
    actor: &Actor,
    record: &Record,
    entry: &VoteEntry,
    library: &Library,
    wrong: &mut Vec<Problem>,
) -> Result<(), Fault> {
    let (org, id) = (record.meeting.org, record.meeting.id);
    let seats = domain::vote::Electorate::of(&record.roll());
    let count = match entry.yes {
        Some(yes) => Count { yes, no: entry.no, other: entry.other },
        None => Count { yes: seats.present.saturating_sub(entry.no + entry.other), no: entry.no, other: entry.other },
    };
    let same = |v: &store::Vote| v.question == entry.question && v.subject == entry.subject && v.count() == count;
    if record.votes.iter().any(same) {
        return Ok(());
    }
    let threshold = record::threshold(tx, org, record.day(), library, entry.subject)?;
    let new = NewVote {
        item: None,
        resolution: None,
        subject: entry.subject,
        threshold,
        question: entry.question.clone(),
        count,
        reserved: String::new(),
    };
    match store::add_vote(tx, actor, org, id, &new) {
        Ok(_) => Ok(()),
        Err(Fault::Refused(refusal)) => {
            wrong.push(problem(format!("bq{}_nd", entry.n), refusal.text()));
            Ok(())
        }
        Err(fault) => Err(fault),
    }
}
