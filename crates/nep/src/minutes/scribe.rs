//! The secretary's screen: the item in hand with who speaks, what was prepared and what is concluded,
//! and beside it the section of the minutes that belongs to it; conclusions become tasks.
//! May touch: one meeting's record, minutes and draft resolution. Rules: M14, M15, P-1, P-8, P-30.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use db::Tx;
use domain::agenda::{SECRET_TITLE, Step};
use domain::code::Code;
use domain::id::{ItemId, MeetingId, OrgId};
use domain::meeting::MeetingState;
use domain::minutes::SectionKey;
use domain::refusal::Refusal;
use domain::resolution::{ResolutionState, TaskDraft};
use domain::rulepack::Library;
use domain::sentence::sentences;
use domain::vi;
use web::form::Form;
use web::page::{html_with, see};

use super::draft::{self, Minutes};
use super::editor::view;
use super::page::{Said, Scribe};
use super::store::marks::{self, Mark};
use super::store::words::{self, Wording};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::live::acts::{fingerprint, read_item, save_item};
use crate::live::desk::{parts, short_name, when_where};
use crate::live::page::{Chip, DeskItem};
use crate::live::record::Record;
use crate::live::room::store::{self as room, Room, Topic};
use crate::live::room::view::live as live_page;
use crate::live::store::{self as live, Contribution, Line, Opinion};
use crate::meeting::store::Item;
use crate::once::Keep;
use crate::once::store as once;
use crate::resolution::act;
use crate::resolution::store as resolutions;
use crate::shell::{Shell, Under, done_words};
use crate::task::store as tasks;

/// Longest content of a task.
const TASK_MAX: usize = 2000;

/// Which item is asked for.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Asked {
    muc: Option<String>,
    xong: Option<String>,
}

struct Known {
    minutes: Minutes,
    opinions: Vec<Opinion>,
    words: Vec<Wording>,
    marks: Vec<Mark>,
    room: Room,
    keep: Keep,
}

fn known(tx: &mut Tx, org: OrgId, id: MeetingId, library: &Library) -> Result<Known, Fault> {
    let minutes = draft::load(tx, org, id)?;
    Ok(Known {
        keep: once::keep(tx, org, minutes.record.meeting.starts_at.date(), library)?,
        opinions: live::sent_opinions(tx, org, id)?,
        words: words::said(tx, org, id)?,
        marks: marks::open(tx, org, id)?,
        room: room::room(tx, org, id)?,
        minutes,
    })
}

/// The screen; before the opening and after the adoption the place where the meeting stands.
pub async fn page(
    State(app): State<App>,
    actor: Actor,
    Path((org, id)): Path<(OrgId, MeetingId)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let item = asked.muc.and_then(|m| m.parse().ok());
    let library = app.rules.clone();
    let known = app.db.read(move |tx| known(tx, org, id, &library)).await?;
    let state = known.minutes.record.meeting.state;
    if !state.is_recording() {
        let to = if state.is_held() { "bien-ban" } else { "dieu-hanh" };
        return Ok(see(&format!("/cb/{org}/buoi/{id}/{to}")));
    }
    let known = if known.minutes.missing().is_empty() {
        known
    } else {
        let hands = actor.clone();
        let minutes = app.db.write(move |tx| draft::begin(tx, &hands, org, id)).await?;
        Known { minutes, ..known }
    };
    Ok(show(&actor, &known, item, None, done_words(asked.xong.as_deref()), StatusCode::OK))
}

fn show(actor: &Actor, known: &Known, asked: Option<ItemId>, typed: Option<Form>, done: &str, status: StatusCode) -> Response {
    let record = &known.minutes.record;
    let (org, id) = (actor.org, record.meeting.id);
    let hand = in_hand(record, asked.or(known.room.item));
    // The page stays on its item, whatever the chair does: beside it stands the section of that item.
    let ahead = known.room.item.filter(|i| record.meeting.state == MeetingState::Open && hand.is_some_and(|h| h.id != *i));
    let ahead = ahead.and_then(|i| record.items.iter().find(|x| x.id == i));
    let address = hand.map_or_else(String::new, |h| format!("/cb/{org}/buoi/{id}/thu-ky?muc={}", h.id));
    let at = hand.and_then(|i| record.items.iter().position(|x| x.id == i.id));
    let form = typed.clone().unwrap_or_default();
    let was_typed = |name: &str| typed.as_ref().filter(|f| f.pairs().any(|(k, _)| k == name)).map(|f| f.raw(name).to_owned());
    let conclusion = was_typed("ket_luan").or_else(|| hand.map(|i| i.conclusion.clone())).unwrap_or_default();
    let drafted: Vec<_> = record.resolutions.iter().filter(|r| r.state == ResolutionState::Draft).map(|r| r.id).collect();
    let page = Scribe {
        shell: Shell::new(actor, "Thư ký", Under::Meetings)
            .crumb(format!("/cb/{org}/buoi"), Under::Meetings.label())
            .crumb(format!("/cb/{org}/buoi/{id}"), record.meeting.title.clone())
            .wide()
            .live()
            .outbox(known.keep)
            .wrong(&form)
            .done(done),
        live: (record.meeting.state == MeetingState::Open).then(|| live_page(org, id, address, known.room.seq)),
        ahead: ahead.map(|i| (i.id.to_string(), i.position)),
        base_sign: hand.map(|i| fingerprint(&i.conclusion)).unwrap_or_default(),
        parts: parts(&record.meeting, "thu-ky"),
        script: web::assets::url("scribe.js"),
        meeting: format!("/cb/{org}/buoi/{id}"),
        sub: when_where(&record.meeting),
        items: record.items.iter().map(|i| line(record, i, hand)).collect(),
        current: hand.map(|i| line(record, i, hand)),
        version: was_typed("version").and_then(|v| v.parse().ok()).or_else(|| hand.map(|i| i.version)).unwrap_or(0),
        secret: hand.is_some_and(|i| i.secret),
        paper_ref: hand.and_then(|i| i.paper_ref.clone()).unwrap_or_default(),
        chips: hand.map(|i| record.present().map(|l| chip(record, i, l)).collect()).unwrap_or_default(),
        opinions: hand.map(|i| prepared(known, i)).unwrap_or_default(),
        spoken: hand.map(|i| record.spoken(i.id).map(|c| said(known, c, &was_typed)).collect()).unwrap_or_default(),
        sentences: sentences(&conclusion),
        conclusion,
        tasks: record.tasks.iter().filter(|t| drafted.contains(&t.resolution)).map(|t| t.content.clone()).collect(),
        next: at.and_then(|n| record.items.get(n + 1)).map(|n| (n.id.to_string(), title(n))),
        base: format!("/cb/{org}/buoi/{id}/bien-ban"),
        section: hand.and_then(|i| section(known, i)),
        names: record.present().map(|l| (format!("Đồng chí {}: ", l.name), short(record, l))).collect(),
        form,
    };
    html_with(status, &page)
}

fn title(item: &Item) -> String {
    if item.secret { SECRET_TITLE.to_owned() } else { item.title.clone() }
}

/// The item asked for, else the first on which nobody spoke and nothing was concluded.
fn in_hand(record: &Record, asked: Option<ItemId>) -> Option<&Item> {
    let untouched = |i: &&Item| i.conclusion.is_empty() && record.spoken(i.id).next().is_none();
    let named = asked.and_then(|id| record.items.iter().find(|i| i.id == id));
    named.or_else(|| record.items.iter().find(untouched)).or_else(|| record.items.first())
}

fn line(record: &Record, item: &Item, hand: Option<&Item>) -> DeskItem {
    let mut names: Vec<String> = record.spoken(item.id).map(|c| record.name(c.person)).collect();
    names.dedup();
    DeskItem {
        id: item.id.to_string(),
        position: item.position,
        title: title(item),
        sub: item.presenter.map(|p| format!("đ/c {} trình bày", record.name(p))).unwrap_or_default(),
        spoke: vi::join(&names),
        concluded: !item.conclusion.is_empty(),
        current: hand.is_some_and(|h| h.id == item.id),
        score: item.step == Step::Score,
    }
}

fn short(record: &Record, line: &Line) -> String {
    format!("đ/c {}", short_name(record, &line.name))
}

fn chip(record: &Record, item: &Item, line: &Line) -> Chip {
    Chip {
        id: line.person.to_string(),
        short: short(record, line),
        name: line.name.clone(),
        times: record.spoken(item.id).filter(|c| c.person == line.person).count(),
    }
}

fn prepared(known: &Known, item: &Item) -> Vec<(String, String, String, bool)> {
    let fits = known.opinions.iter().filter(|o| o.item.is_none_or(|i| i == item.id));
    let name = |o: &Opinion| known.minutes.record.name(o.person);
    fits.map(|o| (o.id.to_string(), name(o), o.body.clone(), o.wants_floor)).collect()
}

fn said(known: &Known, c: &Contribution, was_typed: &dyn Fn(&str) -> Option<String>) -> Said {
    let word = known.words.iter().find(|w| w.id == c.id && w.is_present());
    Said {
        id: c.id.to_string(),
        name: known.minutes.record.name(c.person),
        summary: was_typed(&format!("tt_{}", c.id)).unwrap_or_else(|| c.summary.clone()),
        base: fingerprint(&c.summary),
        agreed: word.is_some_and(|w| w.agrees == Some(true)),
        asks: word.filter(|w| w.asks()).and_then(|w| w.note.clone()).unwrap_or_default(),
    }
}

/// The section of an item; the closing item stands in that of the conclusion.
fn key_of(item: &Item) -> SectionKey {
    match item.step {
        domain::agenda::Step::Conclusion => SectionKey::Conclusion,
        domain::agenda::Step::Assignment => SectionKey::Assignments,
        domain::agenda::Step::Roll | domain::agenda::Step::Attendance | domain::agenda::Step::Welcome => SectionKey::Attendance,
        _ => SectionKey::Item(item.id),
    }
}

fn section(known: &Known, item: &Item) -> Option<super::page::SectionView> {
    let key = key_of(item);
    let (key, row) = known.minutes.rows.iter().find(|(k, _)| *k == key)?;
    Some(view(&known.minutes, *key, row, None, &known.marks))
}

/// Saves the texts of the item, does what the pressed button says, and lets the section follow where
/// nobody has put their own words into it.
pub async fn save(
    State(app): State<App>,
    actor: Actor,
    Path((org, id, item)): Path<(OrgId, MeetingId, ItemId)>,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let asked = read_item(&mut form);
    let wanted = wanted_tasks(&mut form);
    if !form.is_fine() {
        return again(&app, &actor, id, item, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    // While the secretary has words on the way into the section, nothing is put under them.
    let follow = !form.ticked("dang_go");
    let next: Option<ItemId> = form.id("den");
    let (hands, said) = (actor.clone(), wanted.clone());
    let done = app
        .write(&actor, move |tx| {
            save_item(tx, &hands, org, id, item, &asked)?;
            for content in &said {
                add_task(tx, &hands, (org, id, item), content)?;
            }
            if follow {
                follow_item(tx, &hands, org, id, item)?;
            }
            Ok(room::tell(tx, hands.now, org, id, Topic::Minutes)?)
        })
        .await;
    match done {
        Ok(()) => {
            let done = if wanted.is_empty() { "luu" } else { "nhiem-vu" };
            Ok(see(&format!("/cb/{org}/buoi/{id}/thu-ky?muc={}&xong={done}", next.unwrap_or(item))))
        }
        Err(Fault::Refused(refusal)) => {
            form.problem(refusal.field.filter(|f| *f == "ket_luan").unwrap_or_default(), refusal.text());
            again(&app, &actor, id, item, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(Fault::Conflict) => {
            let text = "Một đồng chí khác vừa lưu kết luận của mục này. Bản đồng chí viết vẫn còn trong ô; hãy xem bản đang có ở dưới, ghép lại rồi lưu.";
            form.problem("ket_luan", text);
            again(&app, &actor, id, item, form, StatusCode::CONFLICT).await
        }
        Err(fault) => Err(fault),
    }
}

async fn again(
    app: &App,
    actor: &Actor,
    id: MeetingId,
    item: ItemId,
    mut form: Form,
    status: StatusCode,
) -> Result<Response, Fault> {
    let (org, library) = (actor.org, app.rules.clone());
    let known = app.db.read(move |tx| known(tx, org, id, &library)).await?;
    if status == StatusCode::CONFLICT {
        let stored = known.minutes.record.item(item)?;
        form.set("version", stored.version.to_string());
        let joined = format!("{}\n{}", form.raw("ket_luan"), stored.conclusion);
        form.set("ket_luan", joined);
    }
    Ok(show(actor, &known, Some(item), Some(form), "", status))
}

/// What is to become a task: the words that were selected, or the sentences that were ticked.
fn wanted_tasks(form: &mut Form) -> Vec<String> {
    if !form.ticked("nhiem_vu") {
        return Vec::new();
    }
    let mut out: Vec<String> = Vec::new();
    let picked = form.text("phan_chon", TASK_MAX);
    out.extend(vi::clean_line(&picked.replace('\n', " ")).ok());
    for ticked in form.every("cau").map(str::to_owned).collect::<Vec<_>>() {
        out.extend(vi::clean_line(&ticked).ok().filter(|t| t.chars().count() <= TASK_MAX));
    }
    out.retain(|t| !t.is_empty());
    out.dedup();
    if out.is_empty() && form.is_fine() {
        form.problem("cau", "Hãy bôi đen hoặc đánh dấu câu cần lập thành nhiệm vụ.");
    }
    out
}

/// Puts a task into the draft resolution of the meeting, which is begun when there is none; the same
/// words twice are one task.
fn add_task(tx: &mut Tx, actor: &Actor, (org, id, item): (OrgId, MeetingId, ItemId), content: &str) -> Result<(), Fault> {
    let there = resolutions::of_meeting(tx, org, id)?;
    let resolution = match there.iter().find(|r| r.state == ResolutionState::Draft) {
        Some(draft) => draft.id,
        None => act::create(tx, actor, org, id, true)?,
    };
    let known = tasks::of_resolution(tx, org, resolution)?;
    if known.iter().any(|t| t.content == content) {
        return Ok(());
    }
    let new = TaskDraft { content: content.to_owned(), ..TaskDraft::default() };
    let task = act::add_task(tx, actor, (org, id, resolution), &new)?;
    Ok(tasks::came_from(tx, org, task, item)?)
}

fn follow_item(tx: &mut Tx, actor: &Actor, org: OrgId, id: MeetingId, item: ItemId) -> Result<(), Fault> {
    let minutes = draft::begin(tx, actor, org, id)?;
    let key = key_of(minutes.record.item(item)?);
    draft::follow(tx, actor, org, id, key)?;
    draft::follow(tx, actor, org, id, SectionKey::Assignments)
}

/// A refusal of the member's page about their recorded words.
pub fn changed_meanwhile() -> Refusal {
    Refusal::new("words_changed", "Lời ghi vừa được thư ký sửa. Đồng chí đọc lại bản mới rồi trả lời.")
}
