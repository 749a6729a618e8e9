//! The desk from which a meeting is led: one page, one item in hand at a time.
//! May touch: what is recorded of the meeting. Rules: section 2.3, BQ-01 … BQ-10, P-8.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use db::Tx;
use domain::agenda::Step;
use domain::code::Code;
use domain::id::{ItemId, MeetingId, OrgId, PersonId};
use domain::meeting::{MeetingState, length, length_advice};
use domain::refusal::Refusal;
use domain::right::Right;
use domain::roll::{Tally, advice};
use domain::rulepack::Rules;
use domain::vi;
use domain::vote::{Electorate, Subject, Threshold, line};
use web::form::Form;
use web::page::{html_with, see};

use super::acts::fingerprint;
use super::checkin::page::Panel;
use super::page::{Chip, Current, Desk, DeskItem, Needed, Parts, Seats, SpokenRow, VoteRow};
use super::record::{self, Record, guest_words, length_figures, roll_figures};
use super::room::page::Heard;
use super::room::view::{self, Facts};
use super::{checkin, store, vote};
use crate::actor::{Actor, moment};
use crate::app::App;
use crate::fault::Fault;
use crate::meeting::store::{Item, Meeting};
use crate::minutes;
use crate::once::Keep;
use crate::shell::{Shell, Under, done_words};

/// Which part of the desk stands open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Part {
    /// The items.
    #[default]
    Items,
    /// Votes.
    Votes,
    /// Chair, secretary, guests, dues.
    People,
    /// The end.
    End,
    /// The opening.
    Open,
}

impl Part {
    fn word(self) -> &'static str {
        match self {
            Self::Items | Self::Open => "",
            Self::Votes => "bieu-quyet",
            Self::People => "thanh-phan",
            Self::End => "ket-thuc",
        }
    }

    fn from_word(word: &str) -> Self {
        [Self::Votes, Self::People, Self::End].into_iter().find(|p| p.word() == word).unwrap_or_default()
    }
}

/// What of the desk is asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct View {
    /// The item in hand; the first one not concluded when none is named.
    pub item: Option<ItemId>,
    /// The part that stands open.
    pub part: Part,
}

impl View {
    /// A part of the desk.
    pub fn part(part: Part) -> Self {
        Self { part, item: None }
    }
}

/// The query of the page.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Asked {
    muc: Option<String>,
    phan: Option<String>,
    xong: Option<String>,
}

/// The desk.
pub async fn page(
    State(app): State<App>,
    actor: Actor,
    Path((_, id)): Path<(OrgId, MeetingId)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let view =
        View { item: asked.muc.and_then(|m| m.parse().ok()), part: Part::from_word(asked.phan.as_deref().unwrap_or_default()) };
    render(&app, actor, id, view, None, done_words(asked.xong.as_deref()), StatusCode::OK).await
}

/// The desk again, with a form as it was typed.
///
/// # Errors
/// Database faults only.
pub async fn again(app: &App, actor: Actor, id: MeetingId, view: View, form: Form) -> Result<Response, Fault> {
    again_with(app, actor, id, view, form, StatusCode::UNPROCESSABLE_ENTITY).await
}

/// The desk again, with a status of its own.
///
/// # Errors
/// Database faults only.
pub async fn again_with(
    app: &App,
    actor: Actor,
    id: MeetingId,
    view: View,
    form: Form,
    status: StatusCode,
) -> Result<Response, Fault> {
    render(app, actor, id, view, Some(form), "", status).await
}

/// Goes on after an action, or shows the desk with what the rules say against it.
///
/// # Errors
/// Any fault that is not a refusal.
pub async fn answer(
    app: &App,
    actor: Actor,
    id: MeetingId,
    view: View,
    mut form: Form,
    done: Result<(), Fault>,
    to: &str,
) -> Result<Response, Fault> {
    match done {
        Ok(()) => Ok(see(to)),
        Err(Fault::Refused(refusal)) => {
            form.problem(field(&refusal), refusal.text());
            again(app, actor, id, view, form).await
        }
        Err(fault) => Err(fault),
    }
}

/// The field of a page that a refusal speaks of.
fn field(refusal: &Refusal) -> &'static str {
    match refusal.field {
        Some("closed_at" | "starts_at") => "gio",
        Some("chair") => "chu_tri",
        Some("secretary") => "thu_ky",
        Some("yes") => "tan_thanh",
        Some("noi_dung") => "noi_dung",
        Some("ten_phieu") => "ten_phieu",
        Some("reason") => "ly_do",
        Some("ket_luan") => "ket_luan",
        _ => "",
    }
}

/// Whether a meeting has not been opened yet.
pub fn not_yet_open(state: MeetingState) -> bool {
    matches!(state, MeetingState::Draft | MeetingState::Noticed)
}

/// The row of links that all parts of a meeting share.
pub fn parts(meeting: &Meeting, here: &'static str) -> Parts {
    Parts {
        org: meeting.org.to_string(),
        meeting: meeting.id.to_string(),
        here,
        opened: !not_yet_open(meeting.state) && meeting.state != MeetingState::Cancelled,
        writing: meeting.state.is_recording(),
        over: meeting.state.is_held(),
        scored: meeting.kind.serves_regular(),
        sealed: meeting.sealed.map(|s| s.to_string()).unwrap_or_default(),
    }
}

/// When and where, in one line.
pub fn when_where(meeting: &Meeting) -> String {
    let at = meeting.opened_at.unwrap_or(meeting.starts_at);
    let place = if meeting.place.is_empty() { String::new() } else { format!(", {}", meeting.place) };
    format!("{}, {}{place}", vi::time(at.time()), vi::date_weekday(at.date()))
}

/// The sign of a meeting's state.
pub fn sign(state: MeetingState) -> &'static str {
    match state {
        MeetingState::Draft | MeetingState::Noticed => "due",
        MeetingState::Open | MeetingState::Closed | MeetingState::Adopted => "wait",
        MeetingState::Sealed => "done",
        MeetingState::Cancelled => "none",
    }
}

struct Loaded {
    record: Record,
    rules: Rules,
    opinions: Vec<store::Opinion>,
    people: Vec<(String, String)>,
    expected: String,
    written: bool,
    room: Facts,
    heard: Option<Vec<Heard>>,
    ballots: Vec<vote::store::Ballot>,
    panel: Option<Panel>,
}

fn load(tx: &mut Tx, actor: &Actor, id: MeetingId, app: &App, part: Part) -> db::Result<Loaded> {
    let org = actor.org;
    let record = record::load(tx, org, id)?;
    let day = record.meeting.starts_at.date();
    let roster = crate::member::store::roster(tx, org, day)?;
    let expected = if record.lines.is_empty() {
        let lines = domain::roll::expected(&crate::member::store::facts_of(&roster, &record.posts), day);
        let counted = lines.iter().filter(|l| l.is_counted()).count();
        format!("{counted} đồng chí phải dự, {} đồng chí không thuộc diện phải dự", lines.len() - counted)
    } else {
        String::new()
    };
    // Who has not been heard is for the chair alone, also of what is sent to the page.
    let chairs = actor.may(Right::MeetingLead) || record.meeting.chair == Some(actor.person);
    let heard = chairs && record.meeting.state == MeetingState::Open;
    let (room, rules) = (view::facts(tx, org, id)?, record::rules_on(tx, org, day, &app.rules)?);
    Ok(Loaded {
        panel: checkin::view::panel(tx, &record.meeting, &room.room, &record.lines, &rules, actor.now)?,
        room,
        heard: if heard { Some(view::heard(tx, &record)?) } else { None },
        rules,
        opinions: store::sent_opinions(tx, org, id)?,
        people: roster.into_iter().map(|m| (m.person.to_string(), format!("đ/c {}", m.name))).collect(),
        written: record.anything() || minutes::store::edited(tx, org, id)?,
        ballots: if part == Part::Votes { vote::store::of_meeting(tx, org, id)? } else { Vec::new() },
        expected,
        record,
    })
}

async fn render(
    app: &App,
    actor: Actor,
    id: MeetingId,
    view: View,
    typed: Option<Form>,
    done: &str,
    status: StatusCode,
) -> Result<Response, Fault> {
    let (org, server, reader) = (actor.org, app.clone(), actor.clone());
    let loaded = app.db.read(move |tx| load(tx, &reader, id, &server, view.part)).await?;
    let record = &loaded.record;
    let meeting = &record.meeting;
    let form = typed.clone().unwrap_or_else(|| first_form(record, &actor, view.part, loaded.room.room.item));
    let tally = record.tally();
    let running = meeting.state == MeetingState::Open;
    let mut shell = Shell::new(&actor, "Điều hành buổi sinh hoạt", Under::Meetings)
        .crumb(format!("/cb/{org}/buoi"), Under::Meetings.label())
        .crumb(format!("/cb/{org}/buoi/{id}"), meeting.title.clone())
        .room()
        .wrong(&form)
        .done(done);
    if running {
        shell = shell.live().five().outbox(Keep::by(&loaded.rules));
    }
    let at = view.item.or(loaded.room.room.item.filter(|_| running));
    let in_hand = if view.part == Part::Items { item_in_hand(record, at) } else { None };
    let address = match in_hand {
        Some(item) => format!("/cb/{org}/buoi/{id}/dieu-hanh?muc={item}"),
        None => format!("/cb/{org}/buoi/{id}/dieu-hanh?phan={}", view.part.word()),
    };
    let elsewhere = loaded.room.room.item.filter(|i| running && in_hand.is_some_and(|shown| shown != *i));
    let waiting = record.resolutions.iter().filter(|r| r.vote.is_none());
    let page = Desk {
        parts: parts(meeting, "dieu-hanh"),
        base: format!("/cb/{org}/buoi/{id}/dieu-hanh"),
        title: meeting.title.clone(),
        sub: when_where(meeting),
        state: meeting.state.to_string(),
        sign: sign(meeting.state),
        before: not_yet_open(meeting.state),
        recording: meeting.state.is_recording(),
        running,
        live: view::live(org, id, address, loaded.room.room.seq),
        elsewhere: elsewhere.and_then(|e| record.items.iter().find(|i| i.id == e)).map(|i| (i.id.to_string(), numbered(i))),
        heard: loaded.heard.clone(),
        panel: loaded.panel.clone(),
        closed: meeting.state == MeetingState::Closed,
        part: view.part.word(),
        since: meeting.opened_at.map(|at| moment(at).to_string()).unwrap_or_default(),
        items: record.items.iter().map(|i| desk_item(record, i, in_hand)).collect(),
        current: in_hand.and_then(|i| current(&loaded, i, typed.as_ref(), &actor)),
        votes: record.votes.iter().filter_map(|v| vote_row(&loaded.rules, v)).collect(),
        ballots: vote::view::rows(org, &loaded.ballots),
        seats: seats(record, &tally, &loaded.rules),
        subjects: Subject::ALL.iter().map(|s| (s.code().to_owned(), s.label().to_owned())).collect(),
        item_options: record.items.iter().map(|i| (i.id.to_string(), numbered(i))).collect(),
        resolutions: waiting.map(|r| (r.id.to_string(), r.title.clone())).collect(),
        guests: record.guests.iter().map(|(g, name, t)| (g.to_string(), guest_words(name, t))).collect(),
        chair: meeting.chair.map(|p| record.titled(p)).unwrap_or_default(),
        secretary: meeting.secretary.map(|p| record.titled(p)).unwrap_or_default(),
        notice: notice_words(meeting),
        attendance: attendance_words(&tally),
        advice: all_advice(record, &tally, &loaded.rules),
        can_undo: meeting.state == MeetingState::Open && !loaded.written,
        can_lead: actor.may(Right::MeetingLead),
        people: loaded.people.clone(),
        expected: loaded.expected.clone(),
        form,
        shell,
    };
    Ok(html_with(status, &page))
}

fn first_form(record: &Record, actor: &Actor, part: Part, in_hand: Option<ItemId>) -> Form {
    let id = |who: Option<PersonId>| who.map(|p| p.to_string()).unwrap_or_default();
    let meeting = &record.meeting;
    let now = vi::time_short(actor.local().time());
    let time = match (part, meeting.state) {
        (_, MeetingState::Draft | MeetingState::Noticed) if actor.today() != meeting.starts_at.date() => {
            vi::time_short(meeting.starts_at.time())
        }
        _ => now,
    };
    // A vote is most often on the item in hand.
    let item = record.items.iter().find(|i| meeting.state == MeetingState::Open && Some(i.id) == in_hand);
    let subject = item.map_or(Subject::Resolution, |i| Subject::at(i.step));
    Form::from_pairs([
        ("gio", time),
        ("chu_tri", id(meeting.chair)),
        ("thu_ky", id(meeting.secretary)),
        ("dang_phi", meeting.dues.clone().unwrap_or_default()),
        ("loai", subject.code().to_owned()),
        ("noi_dung", subject.question().to_owned()),
        ("muc", item.map(|i| i.id.to_string()).unwrap_or_default()),
    ])
}

fn title(item: &Item) -> String {
    if item.secret { domain::agenda::SECRET_TITLE.to_owned() } else { item.title.clone() }
}

fn numbered(item: &Item) -> String {
    format!("{}. {}", item.position, title(item))
}

/// The item asked for, else the first on which nobody spoke and nothing was concluded.
fn item_in_hand(record: &Record, asked: Option<ItemId>) -> Option<ItemId> {
    let there = |id: &ItemId| record.items.iter().any(|i| i.id == *id);
    let untouched = |i: &&Item| i.conclusion.is_empty() && record.spoken(i.id).next().is_none();
    asked
        .filter(there)
        .or_else(|| record.items.iter().find(untouched).map(|i| i.id))
        .or_else(|| record.items.first().map(|i| i.id))
}

fn desk_item(record: &Record, item: &Item, in_hand: Option<ItemId>) -> DeskItem {
    let mut names: Vec<String> = record.spoken(item.id).map(|c| record.name(c.person)).collect();
    names.dedup();
    let who = item.presenter.map(|p| format!("đ/c {}", record.name(p)));
    let long = (item.minutes > 0).then(|| format!("{} phút", item.minutes));
    DeskItem {
        id: item.id.to_string(),
        position: item.position,
        title: title(item),
        sub: [who, long].into_iter().flatten().collect::<Vec<_>>().join(", "),
        spoke: vi::join(&names),
        concluded: !item.conclusion.is_empty(),
        current: in_hand == Some(item.id),
        score: item.step == Step::Score,
    }
}

fn current(loaded: &Loaded, id: ItemId, typed: Option<&Form>, actor: &Actor) -> Option<Current> {
    let record = &loaded.record;
    let at = record.items.iter().position(|i| i.id == id)?;
    let item = record.items.get(at)?;
    let was_typed = |name: &str| typed.filter(|f| f.pairs().any(|(k, _)| k == name)).map(|f| f.raw(name).to_owned());
    let chip = |l: &store::Line| Chip {
        id: l.person.to_string(),
        short: format!("đ/c {}", short_name(record, &l.name)),
        name: l.name.clone(),
        times: record.spoken(id).filter(|c| c.person == l.person).count(),
    };
    let row = |c: &store::Contribution| SpokenRow {
        id: c.id.to_string(),
        name: record.name(c.person),
        summary: was_typed(&format!("tt_{}", c.id)).unwrap_or_else(|| c.summary.clone()),
        base: fingerprint(&c.summary),
    };
    // Who asked to speak comes first, each in the order they wrote; who stands in the queue is there.
    let queued = |o: &store::Opinion| loaded.room.waiting(id).any(|s| s.opinion == Some(o.id));
    let mut opinions: Vec<&store::Opinion> =
        loaded.opinions.iter().filter(|o| o.item.is_none_or(|i| i == id) && !queued(o)).collect();
    opinions.sort_by_key(|o| !o.wants_floor);
    Some(Current {
        item: desk_item(record, item, Some(id)),
        version: was_typed("version").and_then(|v| v.parse().ok()).unwrap_or(item.version),
        secret: item.secret,
        paper_ref: item.paper_ref.clone().unwrap_or_default(),
        note: note_href(record, item, actor),
        points: if item.secret { String::new() } else { item.points.clone() },
        information: if item.secret { String::new() } else { item.information.clone() },
        review: item.step == Step::Review,
        in_hand: loaded.room.room.item == Some(id),
        clock: view::item_clock(&loaded.room.clock(id), item.minutes, actor.now),
        turns: view::turns(&loaded.room, id, |p| record.name(p), actor.now),
        chips: record.present().map(chip).collect(),
        spoken: record.spoken(id).map(row).collect(),
        opinions: opinions.iter().map(|o| (o.id.to_string(), record.name(o.person), o.body.clone(), o.wants_floor)).collect(),
        conclusion: was_typed("ket_luan").unwrap_or_else(|| item.conclusion.clone()),
        base: fingerprint(&item.conclusion),
        next: record.items.get(at + 1).map(|n| (n.id.to_string(), title(n))),
    })
}

/// The given name; with the family name where two present members share it.
pub fn short_name(record: &Record, full: &str) -> String {
    let given = vi::given_name(full);
    let same = record.lines.iter().filter(|l| vi::given_name(&l.name) == given).count();
    if same > 1 { full.to_owned() } else { given.to_owned() }
}

/// A result as pages show it.
pub fn vote_row(rules: &Rules, vote: &store::Vote) -> Option<VoteRow> {
    let outcome = vote.outcome().ok()?;
    let said = line(vote.count(), &outcome);
    Some(VoteRow {
        id: vote.id.to_string(),
        question: vote.question.clone(),
        // Behind the name of its method it goes on in the middle of a sentence.
        line: if vote.ballot.is_some() { said } else { vi::capitalize(&said) },
        why: outcome.why,
        source: record::threshold_source(rules, vote),
        passed: vote.passed,
        reserved: vi::join(&vote.reserved.lines().collect::<Vec<_>>()),
        method: vote.ballot.map(|_| vote.method.to_string()).unwrap_or_default(),
        ballot: vote.ballot.map(|b| b.to_string()).unwrap_or_default(),
    })
}

fn seats(record: &Record, tally: &Tally, rules: &Rules) -> Seats {
    let all = Electorate::of(&record.roll());
    let there = record.present().filter(|l| l.facts().is_elector());
    Seats {
        total: all.total,
        present: all.present,
        needed: needed(rules, all.total),
        sources: Subject::ALL.iter().filter_map(|s| rules.figure(&s.figure())).map(crate::year::strip::cite).collect(),
        probationary: tally.probationary,
        temporary: tally.temporary_here,
        exempt: tally.exempt,
        electors: there.map(|l| (l.person.to_string(), l.name.clone())).collect(),
    }
}

/// The numbers of approvals that the rules of the day ask for, the one of most subjects first.
fn needed(rules: &Rules, electorate: u32) -> Vec<Needed> {
    let mut groups: Vec<(Threshold, Vec<&'static str>)> = Vec::new();
    for subject in Subject::ALL {
        let Some(threshold) = rules.threshold(*subject) else { continue };
        match groups.iter_mut().find(|g| g.0 == threshold) {
            Some(group) => group.1.push(subject.short()),
            None => groups.push((threshold, vec![subject.short()])),
        }
    }
    groups.sort_by_key(|g| std::cmp::Reverse(g.1.len()));
    let most = groups.first().map(|g| g.0);
    let shown = |(threshold, what): (Threshold, Vec<&str>)| Needed {
        share: vi::capitalize(&threshold.phrase()),
        count: threshold.needed(electorate),
        what: if Some(threshold) == most { "đồng chí tán thành trở lên".to_owned() } else { what.join(", ") },
    };
    groups.into_iter().map(shown).collect()
}

fn notice_words(meeting: &Meeting) -> String {
    match (meeting.state, meeting.noticed_at) {
        (MeetingState::Noticed, Some(at)) => {
            let at = crate::actor::local(at);
            format!("đã gửi lúc {} ngày {}", vi::time_short(at.time()), vi::date(at.date()))
        }
        _ => "chưa gửi qua phần mềm; vẫn khai mạc được nếu đã thông báo bằng cách khác".to_owned(),
    }
}

/// The tally in one line.
pub fn attendance_words(tally: &Tally) -> String {
    let waiting = match tally.unmarked {
        0 => String::new(),
        n => format!(", còn {n} đồng chí chưa điểm danh"),
    };
    format!("Có mặt {}/{}, đạt {}{waiting}", tally.rate.numer, tally.rate.denom, tally.rate)
}

fn all_advice(record: &Record, tally: &Tally, rules: &Rules) -> Vec<domain::refusal::Advice> {
    if record.lines.is_empty() {
        return Vec::new();
    }
    let mut out = advice(tally, &roll_figures(rules));
    let meeting = &record.meeting;
    if let (Some(from), Some(to)) = (meeting.opened_at, meeting.closed_at) {
        out.extend(length(from, to).and_then(|m| length_advice(meeting.kind, m, &length_figures(rules))));
    }
    out
}

/// Where praise and criticism are noted that are said on an item (2.3.8, 2.3.10).
fn note_href(record: &Record, item: &Item, actor: &Actor) -> String {
    let fits = matches!(item.step, Step::Evaluation | Step::Criticism) && !item.secret;
    if !fits || !actor.may(Right::MeetingPrepare) {
        return String::new();
    }
    format!("/cb/{}/ghi-nhan/moi?buoi={}&muc={}", record.meeting.org, record.meeting.id, item.id)
}
