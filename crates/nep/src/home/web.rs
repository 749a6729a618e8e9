//! Routes of home pages.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use db::Tx;
use domain::code::Code;
use domain::id::{MeetingId, OrgId};
use domain::meeting::MeetingState;
use domain::post::Role;
use domain::right::{Right, to_read};
use domain::roll::Standing;
use domain::rulepack::Library;
use domain::vi;
use jiff::civil::Date;
use web::page::html;
use web::routes::Routes;

use super::page::{Board, DeskPage, HomePage, Lead, Notice, Todo};
use super::year::{PersonYear, person_year, year_words};
use super::{desk, help, me, officer, steps, store};
use crate::absence::view as absence;
use crate::actor::{Actor, Place};
use crate::app::App;
use crate::concern::view as concerns;
use crate::fault::Fault;
use crate::guidance::view::{self as guidance, News};
use crate::meeting::store::Meeting;
use crate::member::store as members;
use crate::note::view as notes;
use crate::opening::view as opening;
use crate::pulse::page::{self as pulse, Asking};
use crate::shell::{Done, Shell, Under};
use crate::task::list;
use crate::task::page::Row as TaskRow;
use crate::task::store::{self as tasks, Task};

/// Routes of this feature.
pub fn routes() -> Routes<App> {
    Routes::new()
        .get("/", Right::SignedIn, home)
        .get("/cb/{org}", Right::MeetingPrepare, desk_page)
        .get("/toi", Right::SignedIn, me::page)
        .get("/toi/du-lieu.json", Right::SignedIn, me::download_all)
        .get("/tro-giup", Right::Public, help::contents)
        .get("/tro-giup/{vai}", Right::Public, help::guide)
}

/// Things to do of a cell that the first page lists; the desk has all of them.
const FEW: usize = 4;

/// What was read for the first page.
#[derive(Debug, Default)]
struct Read {
    notices: Vec<Notice>,
    asks: Vec<Todo>,
    tasks: Vec<TaskRow>,
    to_check: Vec<TaskRow>,
    reading: Vec<(String, String, String)>,
    year: Option<PersonYear>,
    leads: Vec<Lead>,
    board: Option<Board>,
    first: Vec<Todo>,
    pulse: Option<Asking>,
}

async fn home(State(app): State<App>, actor: Actor, Query(done): Query<Done>) -> Result<Response, Fault> {
    let (hands, library) = (actor.clone(), app.rules.clone());
    let read = app.db.read(move |tx| read(tx, &hands, &library)).await?;
    let words = read.year.as_ref().map(|y| year_words(&app.rules, y, actor.today())).unwrap_or_default();
    let technical = technical(&actor);
    let idle = read.first.is_empty()
        && read.notices.iter().all(|n| !n.answered.is_empty() || !n.asked)
        && read.asks.is_empty()
        && read.tasks.is_empty()
        && read.to_check.is_empty()
        && read.reading.is_empty()
        && read.leads.is_empty()
        && read.board.is_none()
        && read.pulse.is_none()
        && technical.is_empty();
    Ok(html(&HomePage {
        shell: Shell::new(&actor, "Trang đầu", Under::Home).done(done.words()),
        notices: read.notices,
        asks: read.asks,
        tasks: read.tasks,
        to_check: read.to_check,
        reading: read.reading,
        year: read.year,
        words,
        leads: read.leads,
        board: read.board,
        first: read.first,
        pulse: read.pulse,
        technical,
        idle,
    }))
}

fn leads(place: &Place) -> bool {
    let posts = [Role::Secretary, Role::Deputy, Role::Committee, Role::Standing];
    place.is_cell && place.membership != Some(Standing::Suspended) && place.roles.iter().any(|r| posts.contains(r))
}

fn governs(place: &Place) -> bool {
    let posts = [Role::Secretary, Role::Deputy, Role::Committee, Role::Standing, Role::Clerk];
    !place.is_cell && place.roles.iter().any(|r| posts.contains(r))
}

/// Whether somebody may be the second person of an inspection; where exactly, the page itself asks.
fn confirms(actor: &Actor, place: &Place) -> bool {
    let clerk = place.roles.iter().all(|r| *r == Role::Clerk);
    governs(place) && !clerk && actor.places.iter().all(|p| !p.roles.contains(&Role::Admin))
}

fn read(tx: &mut Tx, actor: &Actor, library: &Library) -> Result<Read, Fault> {
    let today = actor.today();
    let mut out = Read::default();
    let mut news: BTreeMap<OrgId, News> = BTreeMap::new();
    for place in &actor.places {
        let member = place.membership.is_some_and(|m| m != Standing::Suspended);
        if place.is_cell && (member || leads(place) || place.roles.contains(&Role::Follower)) {
            notices(tx, actor, place, member, &mut out)?;
        }
        if place.is_cell && member && out.pulse.is_none() {
            out.pulse = pulse::waiting(tx, actor, place.org, library, today)?;
        }
        if place.is_cell && (member || leads(place)) {
            out.reading.extend(desk::to_read(tx, place.org, leads(place), today)?);
        }
        if place.is_cell && place.membership.is_some_and(guidance::reads) {
            let news = news_of(tx, &mut news, place.org, today)?;
            out.asks.extend(guidance::own_todos(tx, news, actor.person)?);
            out.asks.extend(opening::told(tx, place.org, today)?);
        }
        if confirms(actor, place) {
            out.asks.extend(opening::asked(tx, place.org, actor.person, today)?);
        }
    }
    own_tasks(tx, actor, &mut out)?;
    out.asks.extend(absence::own_todos(tx, actor.person, today)?);
    out.asks.extend(notes::own_todos(tx, actor.person, today)?);
    out.asks.extend(concerns::own_todos(tx, actor.person)?);
    if actor.places.iter().any(|p| p.membership.is_some()) {
        out.year = Some(person_year(tx, library, actor.person, today.year(), today)?);
    }
    if let Some(place) = actor.places.iter().find(|p| leads(p)) {
        out.first = steps::of_cell(place.org, &store::progress(tx, place.org, today)?, &place.roles, today);
        let news = news_of(tx, &mut news, place.org, today)?;
        let (heading, mut todos) = desk::todos(tx, library, (place.org, actor.person, &place.roles), news, today)?;
        todos.retain(|t| t.class != "done" && t.class != "none");
        let more = todos.len().saturating_sub(FEW);
        todos.truncate(FEW);
        out.leads.push(Lead { href: format!("/cb/{}", place.org), name: place.name.clone(), heading, todos, more });
    }
    if let Some(place) = actor.places.iter().find(|p| governs(p)) {
        out.board = Some(officer::load(tx, library, place.org, today)?);
    }
    Ok(out)
}

/// What is new for a cell, read once for a page.
fn news_of<'a>(tx: &mut Tx, known: &'a mut BTreeMap<OrgId, News>, org: OrgId, today: Date) -> db::Result<&'a News> {
    Ok(match known.entry(org) {
        Entry::Occupied(known) => known.into_mut(),
        Entry::Vacant(place) => place.insert(guidance::news(tx, org, today)?),
    })
}

/// Notices of a cell that are out, with the person's own answer.
fn notices(tx: &mut Tx, actor: &Actor, place: &Place, member: bool, out: &mut Read) -> Result<(), Fault> {
    let mut meetings = desk::noticed(tx, place.org, actor.today())?;
    meetings.retain(|m| to_read(m.kind) != Right::MeetingPrepare || leads(place));
    if meetings.is_empty() {
        return Ok(());
    }
    let ids: Vec<MeetingId> = meetings.iter().map(|m| m.id).collect();
    let replies = store::my_replies(tx, place.org, &ids, actor.person)?;
    for meeting in meetings {
        let reply = replies.get(&meeting.id);
        let expected = place.membership.is_some_and(Standing::is_expected);
        let asked = member && expected && meeting.state == MeetingState::Noticed;
        let (answered, class) = match reply.map(|(a, d)| (a.as_str(), d.as_deref())) {
            None => (String::new(), ""),
            Some(("coming", _)) => ("Đồng chí đã trả lời: sẽ dự".to_owned(), "done"),
            Some((_, Some("granted"))) => ("Xin vắng: đã được đồng ý".to_owned(), "done"),
            Some((_, Some(_))) => ("Xin vắng: chưa được đồng ý".to_owned(), "late"),
            Some((_, None)) => ("Xin vắng: chờ bí thư quyết định".to_owned(), "wait"),
        };
        out.notices.push(notice(&meeting, actor.today(), (answered, class), asked));
    }
    Ok(())
}

fn notice(meeting: &Meeting, today: Date, (answered, class): (String, &'static str), asked: bool) -> Notice {
    let base = format!("/cb/{}/buoi/{}", meeting.org, meeting.id);
    let day = meeting.starts_at.date();
    let place = if meeting.place.trim().is_empty() { String::new() } else { format!(", {}", meeting.place.trim()) };
    let left = vi::days_left(today, day);
    let mut chars = left.chars();
    Notice {
        action: format!("{base}/tra-loi"),
        href: base,
        title: meeting.title.clone(),
        when: capital_day(day, &format!("{}{place}", vi::time(meeting.starts_at.time()))),
        left: format!("{}.", chars.next().map(|c| c.to_uppercase().chain(chars).collect::<String>()).unwrap_or_default()),
        answered,
        class,
        asked,
        open: meeting.state == MeetingState::Open,
    }
}

fn capital_day(day: Date, rest: &str) -> String {
    let text = format!("{}, {rest}", vi::date_weekday(day));
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// Tasks that wait for this person: to do, and to confirm.
fn own_tasks(tx: &mut Tx, actor: &Actor, out: &mut Read) -> Result<(), Fault> {
    let reachable = |t: &Task| actor.places.iter().any(|p| p.org == t.org);
    let mut doing = tasks::to_do(tx, actor.person)?;
    doing.retain(reachable);
    let mut to_check = tasks::to_check(tx, actor.person)?;
    to_check.retain(|t| reachable(t) && t.doer != Some(actor.person));
    let names = members::names(tx, tasks::people(&doing).chain(tasks::people(&to_check)))?;
    let today = actor.today();
    out.tasks = doing.iter().map(|t| list::row(t, &names, today)).collect();
    out.to_check = to_check.iter().map(|t| list::row(t, &names, today)).collect();
    Ok(())
}

/// Links for the technical administrator, without any content.
fn technical(actor: &Actor) -> Vec<(String, String, String)> {
    let Some(place) = actor.places.iter().find(|p| p.roles.contains(&Role::Admin)) else {
        return Vec::new();
    };
    let org = place.org;
    vec![
        (
            format!("/tc/{org}/he-thong"),
            "Tình trạng hệ thống".to_owned(),
            "Sao lưu, chỗ trống, toàn vẹn dữ liệu, tài khoản và phiên".to_owned(),
        ),
        (
            format!("/tc/{org}/tai-khoan"),
            "Tài khoản, phiếu kích hoạt".to_owned(),
            "Cấp lại phiếu, khóa và mở tài khoản".to_owned(),
        ),
        (format!("/tc/{org}/quan-ly"), "Tổ chức và chức vụ".to_owned(), "Cây tổ chức, tên gọi, nhiệm kỳ".to_owned()),
        ("/tro-giup/quan-tri".to_owned(), "Hướng dẫn quản trị".to_owned(), "Sao lưu, khôi phục, kiểm tra toàn vẹn".to_owned()),
    ]
}

async fn desk_page(
    State(app): State<App>,
    actor: Actor,
    Path(org): Path<OrgId>,
    Query(done): Query<Done>,
) -> Result<Response, Fault> {
    if !actor.standpoint.is_cell {
        return Err(Fault::NotFound);
    }
    let (hands, library) = (actor.clone(), app.rules.clone());
    let (desk, first) = app
        .db
        .read(move |tx| {
            let today = hands.today();
            let desk = desk::load(tx, &library, (org, hands.person, &hands.standpoint.roles_here), today)?;
            Ok::<_, Fault>((desk, steps::of_cell(org, &store::progress(tx, org, today)?, &hands.standpoint.roles_here, today)))
        })
        .await?;
    let shell = Shell::new(&actor, Under::Desk.label(), Under::Desk).wide().done(done.words());
    Ok(html(&DeskPage { shell, desk, first }))
}
