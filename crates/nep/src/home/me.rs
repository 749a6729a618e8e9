//! The person's own page: everything kept about them, and the whole of it as one file (P-26).
//! May touch what is the person's own, in every cell. Rules: P-26, M16, DD-05.

use axum::extract::{Query, State};
use axum::response::Response;
use domain::code::Code;
use domain::post::Role;
use domain::roll::Standing;
use domain::vi;
use jiff::civil::{Date, DateTime};
use serde_json::json;
use web::page::{download, html};

use super::page::{Line, MePage, Todo};
use super::store::{self, Cell};
use super::year::{PersonYear, year_in, year_words};
use crate::absence::view as absence;
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::note::view as notes;
use crate::shell::{Done, Shell, Under};
use crate::task::list;
use crate::task::page::Row as TaskRow;
use crate::task::store as tasks;
use crate::topic::view as topics;

/// Which year is asked for.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Asked {
    nam: Option<i16>,
    xong: Option<String>,
}

struct Read {
    fields: store::Fields,
    stays: Vec<store::SpanRow>,
    posts: Vec<(String, String, Date, Option<Date>, bool)>,
    year: PersonYear,
    words: Vec<(String, store::Words)>,
    replies: Vec<store::ReplyRow>,
    tasks: Vec<TaskRow>,
    cases: Vec<Todo>,
    notes: Vec<Todo>,
    topics: Vec<Todo>,
}

/// The page.
///
/// # Errors
/// Database faults.
pub async fn page(State(app): State<App>, actor: Actor, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let today = actor.today();
    let now = today.year();
    let year = asked.nam.filter(|y| (now - 5..=now).contains(y)).unwrap_or(now);
    let (hands, library) = (actor.clone(), app.rules.clone());
    let read = app
        .db
        .read(move |tx| {
            let person = hands.person;
            let cells = store::cells_of(tx, person, today)?;
            let mut words = store::words_of(tx, &cells, person)?;
            let mut replies = store::replies_of(tx, &cells, person)?;
            let mut of_cell = |c: &Cell| -> Vec<(String, store::Words)> {
                words.remove(&c.org).unwrap_or_default().into_iter().map(|w| (c.name.clone(), w)).collect()
            };
            let words = cells.iter().flat_map(&mut of_cell).collect();
            let found = tasks::of_doer(tx, person)?;
            let names = tasks::names(tx, &found)?;
            let reads = |org| hands.places.iter().any(|p| p.org == org);
            let rows = found
                .iter()
                .map(|t| {
                    let row = list::row(t, &names, today);
                    if reads(t.org) { row } else { TaskRow { href: String::new(), ..row } }
                })
                .collect();
            Ok::<_, Fault>(Read {
                fields: store::person(tx, person)?,
                stays: store::memberships_of(tx, person)?,
                posts: store::posts_of(tx, person)?,
                year: year_in(tx, &library, &cells, (person, year), today)?,
                words,
                replies: cells.iter().flat_map(|c| replies.remove(&c.org).unwrap_or_default()).collect(),
                tasks: rows,
                cases: absence::own_cases(tx, person)?,
                notes: notes::own_rows(tx, person, today)?,
                topics: topics::own_rows(tx, person)?,
            })
        })
        .await?;
    let done = Done { xong: asked.xong };
    Ok(html(&MePage {
        shell: Shell::new(&actor, Under::Me.label(), Under::Me).done(done.words()),
        fields: fields(&read.fields),
        stays: read.stays.iter().map(|(name, standing, from, to)| span(name, &label::<Standing>(standing), *from, *to)).collect(),
        posts: read.posts.iter().map(post).collect(),
        words: year_words(&app.rules, &read.year, today),
        year: read.year,
        cases: read.cases,
        notes: read.notes,
        topics: read.topics,
        propose: propose(&actor),
        contributions: read.words.iter().map(contribution).collect(),
        replies: read.replies.iter().map(reply).collect(),
        tasks: read.tasks,
        years: (0..3).map(|back| (now - back, now - back == year)).collect(),
    }))
}

/// Where the person proposes topics: in the cell they take part in, for the next year.
fn propose(actor: &Actor) -> String {
    let takes_part = |m: Option<Standing>| m.is_some_and(|m| m != Standing::Suspended);
    let cell = actor.places.iter().find(|p| p.is_cell && takes_part(p.membership));
    cell.map(|p| format!("/cb/{}/chuyen-de/{}", p.org, actor.today().year() + 1)).unwrap_or_default()
}

fn label<C: Code>(code: &str) -> String {
    C::from_code(code).map(|c| c.label().to_owned()).unwrap_or_default()
}

fn fields((name, born, admitted, official, card, phone, email): &store::Fields) -> Vec<(&'static str, String)> {
    let text = |t: &Option<String>| t.clone().filter(|t| !t.is_empty()).unwrap_or_else(|| "Chưa ghi".to_owned());
    let day = |d: &Option<Date>| d.map_or_else(|| "Chưa ghi".to_owned(), vi::date);
    vec![
        ("Họ và tên", name.clone()),
        ("Năm sinh", born.map_or_else(|| "Chưa ghi".to_owned(), |y| y.to_string())),
        ("Ngày vào Đảng", day(admitted)),
        ("Ngày chính thức", day(official)),
        ("Số thẻ đảng viên", text(card)),
        ("Điện thoại", text(phone)),
        ("Thư điện tử", text(email)),
    ]
}

fn span(title: &str, text: &str, from: Date, to: Option<Date>) -> Line {
    let until = match to.and_then(|d| d.yesterday().ok()) {
        Some(last) => format!(" đến {}", vi::date(last)),
        None => " đến nay".to_owned(),
    };
    Line { title: title.to_owned(), text: text.to_owned(), small: format!("Từ {}{until}", vi::date(from)) }
}

fn post((org, role, from, to, is_cell): &(String, String, Date, Option<Date>, bool)) -> Line {
    let role = Role::from_code(role).map(|r| r.label_in(*is_cell)).unwrap_or_default();
    span(org, role, *from, *to)
}

fn day(at: DateTime) -> String {
    vi::date(at.date())
}

fn contribution((cell, w): &(String, store::Words)) -> Line {
    let text = if w.summary.trim().is_empty() { "Có phát biểu.".to_owned() } else { w.summary.clone() };
    Line { title: w.item.clone(), text, small: format!("{}, {cell}, ngày {}. {}", w.meeting, day(w.starts_at), w.state) }
}

fn reply((meeting, at, answer, reason, decision): &store::ReplyRow) -> Line {
    let mut text = if answer == "coming" { "Sẽ dự".to_owned() } else { "Xin vắng".to_owned() };
    if let Some(reason) = reason {
        text.push_str(&format!(", lý do: {reason}"));
    }
    let decided = match decision.as_deref() {
        Some("granted") => ". Đã được đồng ý",
        Some(_) => ". Chưa được đồng ý",
        None => "",
    };
    Line { title: meeting.clone(), text, small: format!("Ngày {}{decided}", day(*at)) }
}

/// Everything kept about the person, as one JSON file.
///
/// # Errors
/// Database faults.
pub async fn download_all(State(app): State<App>, actor: Actor) -> Result<Response, Fault> {
    let person = actor.person;
    let data = app.db.read(move |tx| store::everything::read(tx, person)).await?;
    let at = actor.local().to_string();
    let whole = json!({ "cua": actor.name, "lap_luc": at, "gio": "giờ Việt Nam", "du_lieu": data });
    let bytes = serde_json::to_vec_pretty(&whole).map_err(|e| Fault::Document(e.to_string()))?;
    Ok(download(bytes, "application/json", "du-lieu-cua-toi.json"))
}
