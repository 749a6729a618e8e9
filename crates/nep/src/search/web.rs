//! The page of results. What was asked stands in the address, as with any page that can be opened again;
//! the server logs no addresses, and the referrer policy keeps them from leaving the installation.
//! Touches its own store and names of organisations. Rules: M14, P-10, experience.md 8 and 13.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::{Query as Asking, State};
use axum::response::Response;
use domain::code::Code;
use domain::id::OrgId;
use domain::right::Right;
use domain::search::{Kind, Need, Query, passage};
use domain::vi;
use jiff::civil::Date;
use serde::Deserialize;
use web::form::Form;
use web::page::html;
use web::routes::Routes;

use super::page::{Row, SearchPage};
use super::reach;
use super::store::{self, Filter, Hit, LIMIT, Text, source};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::org::store as orgs;
use crate::shell::{Shell, Under};

/// Results on one page.
const PAGE: usize = 20;

/// Routes of this feature.
pub fn routes() -> Routes<App> {
    Routes::new().get("/tim", Right::SignedIn, page)
}

/// A question as the address has it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Words {
    q: String,
    loai: String,
    to_chuc: String,
    nam: String,
    trang: String,
}

impl Words {
    fn filter(&self) -> Filter {
        Filter { kind: Kind::from_code(&self.loai), org: self.to_chuc.parse().ok(), year: self.nam.parse().ok() }
    }

    fn address(&self, page: usize) -> String {
        let mut out = url::form_urlencoded::Serializer::new(String::new());
        let number = if page > 1 { page.to_string() } else { String::new() };
        let pairs = [("q", &self.q), ("loai", &self.loai), ("to_chuc", &self.to_chuc), ("nam", &self.nam), ("trang", &number)];
        for (name, value) in pairs.into_iter().filter(|(_, v)| !v.is_empty()) {
            out.append_pair(name, value);
        }
        format!("/tim?{}", out.finish())
    }
}

/// Everything read for a page of results.
#[derive(Default)]
struct Found {
    hits: Vec<Hit>,
    texts: BTreeMap<i64, Text>,
    names: BTreeMap<OrgId, String>,
    /// Cells on whose behalf the person reads.
    cells: BTreeSet<OrgId>,
    /// Whether the index is still being made.
    unfinished: bool,
}

async fn page(State(app): State<App>, actor: Actor, Asking(words): Asking<Words>) -> Result<Response, Fault> {
    let query = Query::read(&words.q);
    let filter = words.filter();
    let number = words.trang.parse::<usize>().unwrap_or(1).clamp(1, LIMIT.div_ceil(PAGE));
    let found = match query.clone() {
        Some(query) => find(&app, &actor, query, filter, number).await?,
        None => Found::default(),
    };
    let total = found.hits.len().min(LIMIT);
    let places: Vec<(String, String)> = actor.places.iter().map(|p| (p.org.to_string(), p.name.clone())).collect();
    Ok(html(&SearchPage {
        shell: Shell::new(&actor, "Tìm kiếm", Under::Nothing),
        form: Form::from_pairs([
            ("q", words.q.clone()),
            ("loai", words.loai.clone()),
            ("to_chuc", words.to_chuc.clone()),
            ("nam", words.nam.clone()),
        ]),
        asked: query.is_some(),
        found: sentence(found.hits.len()),
        narrowed: filter != Filter::default(),
        wide: Words { q: words.q.clone(), ..Words::default() }.address(1),
        kinds: Kind::ALL.iter().map(|k| (k.code().to_owned(), k.to_string())).collect(),
        orgs: places,
        years: years(&found.hits, filter.year),
        rows: query.map(|q| rows(&found, &q, number)).unwrap_or_default(),
        pages: (1..=total.div_ceil(PAGE)).map(|n| (words.address(n), n, n == number)).collect(),
        unfinished: found.unfinished,
        start: (number - 1) * PAGE + 1,
    }))
}

async fn find(app: &App, actor: &Actor, query: Query, filter: Filter, number: usize) -> Result<Found, Fault> {
    let hands = actor.clone();
    app.db
        .read(move |tx| {
            let reach = reach::of(tx, &hands)?;
            let hits = store::find(tx, &reach, &query, filter)?;
            let shown = on_page(&hits, number);
            let places: BTreeSet<OrgId> = shown.iter().map(named).collect();
            let places: Vec<OrgId> = places.into_iter().collect();
            let (texts, names) = (store::texts(tx, shown)?, orgs::short_names(tx, &places, hands.today())?);
            let unfinished = !source::is_whole(tx)?;
            Ok::<_, Fault>(Found { texts, names, cells: reach.cells().map(|s| s.org).collect(), unfinished, hits })
        })
        .await
}

fn on_page(hits: &[Hit], number: usize) -> &[Hit] {
    let all = hits.get(..LIMIT).unwrap_or(hits);
    all.chunks(PAGE).nth(number - 1).unwrap_or_default()
}

fn sentence(n: usize) -> String {
    let number = |n: usize| vi::number(i64::try_from(n).unwrap_or(i64::MAX));
    if n > LIMIT {
        return format!(
            "Hơn {} kết quả, đang hiện những kết quả đúng nhất. Thêm từ hoặc chọn loại, năm để thu hẹp.",
            number(LIMIT)
        );
    }
    format!("{} kết quả", number(n))
}

/// The years of what was found, newest first, and the year that was asked for.
fn years(hits: &[Hit], asked: Option<i16>) -> Vec<(String, String)> {
    let mut all: BTreeSet<i16> = hits.iter().filter_map(|h| h.on.get(..4)?.parse().ok()).collect();
    all.extend(asked);
    all.into_iter().rev().map(|y| (y.to_string(), y.to_string())).collect()
}

/// The organisation that is named beside a row: where something comes from that went to others.
fn named(hit: &Hit) -> OrgId {
    match hit.kind {
        Kind::Guidance | Kind::Library => hit.org,
        _ => hit.place,
    }
}

/// The page that shows a row to who found it.
fn address(hit: &Hit, path: &str, cells: &BTreeSet<OrgId>) -> String {
    let (org, place, id) = (hit.org, hit.place, hit.object);
    let in_cell = cells.contains(&place);
    match (hit.kind, hit.need) {
        (Kind::Person, _) => format!("/cb/{place}/dang-vien/{id}"),
        (Kind::Guidance, Need::Sent) if in_cell => format!("/cb/{place}/tai-lieu/{id}"),
        (Kind::Guidance, _) => format!("/tc/{org}/dinh-huong/{id}"),
        (Kind::Library, Need::Shelf) => format!("/{}/{place}/kho/bai/{org}/{id}", if in_cell { "cb" } else { "tc" }),
        (Kind::Library, _) if place == org => format!("/cb/{org}/kho/soan/{id}"),
        (Kind::Library, _) => format!("/tc/{place}/kho/duyet/{org}/{id}"),
        _ => path.to_owned(),
    }
}

/// The day something belongs to; a topic and an entry of the library belong to a year.
fn when(hit: &Hit) -> Option<String> {
    let day: Date = hit.on.parse().ok()?;
    let yearly = matches!(hit.kind, Kind::Topic | Kind::Library);
    Some(if yearly { format!("năm {}", day.year()) } else { vi::date(day) })
}

fn rows(found: &Found, query: &Query, number: usize) -> Vec<Row> {
    let row = |hit: &Hit| {
        let text = found.texts.get(&hit.doc)?;
        let mut place = vec![hit.kind.to_string()];
        place.extend(found.names.get(&named(hit)).filter(|_| hit.kind != Kind::Org && hit.kind != Kind::Note).cloned());
        place.extend(when(hit));
        Some(Row {
            href: address(hit, &text.path, &found.cells),
            title: passage(&text.title, query),
            place: place.join(" · "),
            passage: passage(&text.body, query),
        })
    };
    on_page(&found.hits, number).iter().filter_map(row).collect()
}
