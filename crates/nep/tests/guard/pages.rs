//! Routes as addresses: fills the parameters of a path from the objects of the world.

use std::collections::BTreeMap;

use axum::http::Method;
use domain::right::Right;
use nep::app::table;
use web::routes::Line;

use crate::client::Client;
use crate::html::{self, Form};
use crate::world::{Bundle, Spot, World};

/// Parameters that name an object; the others are natural keys such as a year.
const OBJECTS: &[&str] = &[
    "meeting",
    "item",
    "file",
    "resolution",
    "task",
    "person",
    "member",
    "import",
    "id",
    "issued",
    "opinion",
    "notice",
    "vote",
    "ballot",
    "guest",
    "contribution",
    "post",
    "account",
    "term",
    "case",
    "objection",
    "note",
    "concern",
    "topic",
    "programme",
    // What is published is read through other organisations on purpose: `source`, `entry` and its `copy`.
    "draft",
    "enclosure",
    "sent",
    "enclosed",
    "use",
    "guidance",
    "block",
    "paper",
    "opening",
    "record",
];

/// The parameter names of a path.
pub fn params(path: &str) -> Vec<&str> {
    path.split('{').skip(1).filter_map(|p| p.split('}').next()).map(|p| p.trim_start_matches('*')).collect()
}

/// The path with values in place of its parameters; `None` when one is missing.
pub fn filled(path: &str, values: &BTreeMap<String, String>) -> Option<String> {
    // The page that joins two texts asks for the second one in its query.
    let asks = if path.ends_with("{section}/ghep") { format!("{path}?ban={{aside}}") } else { path.to_owned() };
    params(&asks.clone()).into_iter().try_fold(asks, |out, name| {
        // A file hangs on an item of the agenda, or on a task as its evidence.
        let key = if name == "file" && path.contains("{task}") { "evidence" } else { name };
        let value = values.get(key)?;
        Some(out.replace(&format!("{{{name}}}"), value).replace(&format!("{{*{name}}}"), value))
    })
}

/// Whether what a path names belongs to one meeting and is read by who may read that.
pub fn of_meeting(path: &str) -> bool {
    params(path).iter().any(|p| ["meeting", "item", "file"].contains(p)) && !path.contains("{task}")
}

/// Whether a path names an object beside its organisation.
pub fn names_object(path: &str) -> bool {
    path.contains("{org}") && params(path).iter().any(|p| OBJECTS.contains(p))
}

/// A route with its parameters filled in.
#[derive(Debug, Clone)]
pub struct Target {
    /// The address.
    pub url: String,
    /// The objects it names.
    pub bundle: Bundle,
}

/// Every address of a route in an organisation, each once.
pub fn targets(world: &World, line: &Line, spot: Spot) -> Vec<Target> {
    chosen(world, line, spot, |_| true)
}

/// As `targets`, one meeting for each way the gate may judge it.
pub fn telling(world: &World, line: &Line, spot: Spot) -> Vec<Target> {
    chosen(world, line, spot, |b| ["", "draft", "committee", "unappointed"].contains(&b.label.as_str()))
}

fn chosen(world: &World, line: &Line, spot: Spot, wanted: impl Fn(&Bundle) -> bool) -> Vec<Target> {
    let mut out: Vec<Target> = Vec::new();
    for bundle in world.of(spot).filter(|b| wanted(b)) {
        if let Some(url) = filled(line.path, &bundle.params)
            && out.iter().all(|t| t.url != url)
        {
            out.push(Target { url, bundle: bundle.clone() });
        }
    }
    out
}

/// Addresses that name one organisation and the objects of another: never to be found.
pub fn mixed(world: &World, line: &Line, spot: Spot, from: Spot) -> Vec<String> {
    let org = world.org(spot);
    let mut out: Vec<String> = Vec::new();
    for bundle in world.of(from) {
        let mut values = bundle.params.clone();
        values.insert("org".to_owned(), org.clone());
        out.extend(filled(line.path, &values).filter(|url| !out.contains(url)));
    }
    out
}

/// A route as a message names it.
pub fn name(line: &Line) -> String {
    format!("{} {} ({:?})", line.method, line.path, line.right)
}

/// Every page of an organisation and of oneself as addresses, from the routing table.
pub fn every_page(world: &World, spots: &[Spot]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for line in table().iter().filter(|l| l.method == Method::GET) {
        for spot in spots {
            for target in targets(world, line, *spot) {
                if !out.contains(&target.url) {
                    out.push(target.url);
                }
            }
        }
    }
    out
}

/// Fails when the routing table asks for something the tests cannot judge.
pub fn check_table(world: &World) {
    let mut wrong = Vec::new();
    for line in table() {
        if world.of(Spot::Cell).all(|b| filled(line.path, &b.params).is_none()) {
            let known: Vec<&String> = world.of(Spot::Cell).next().unwrap().params.keys().collect();
            wrong.push(format!("{}: a parameter nobody can fill; tests/guard/world.rs knows {known:?}", name(&line)));
        }
        let own = matches!(line.right, Right::Public | Right::SignedIn);
        if !own && !line.path.contains("{org}") {
            wrong.push(format!("{}: asks for a right but names no organisation", name(&line)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Reads pages and gives those that came as HTML with status 200.
pub async fn read(client: &Client, urls: &[String]) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for url in urls {
        let answer = client.get(url).await;
        if answer.status == 200 && answer.is_page() {
            out.push((url.clone(), answer.text()));
        }
    }
    out
}

/// Whether an address belongs to a route.
pub fn fits(route: &str, url: &str) -> bool {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let (a, b): (Vec<&str>, Vec<&str>) = (route.split('/').collect(), url.split('/').collect());
    a.len() == b.len() && a.iter().zip(&b).all(|(r, u)| r.starts_with('{') || r == u)
}

/// The forms a role finds on its pages, each action once per set of fields.
pub async fn learn(client: &Client, urls: &[String]) -> Vec<Form> {
    let mut out: Vec<Form> = Vec::new();
    for (url, page) in read(client, urls).await {
        for form in html::forms(&page, &url) {
            let names = |f: &Form| f.fields.iter().map(|x| x.name.clone()).collect::<Vec<_>>();
            if !out.iter().any(|f| f.action == form.action && names(f) == names(&form)) {
                out.push(form);
            }
        }
    }
    out
}

/// What a browser would send, with plain words in empty fields so that a form can go through.
pub fn plausible(form: &Form) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    let pressed = form.fields.iter().find(|f| f.kind == "button");
    for field in form.fields.iter().filter(|f| f.sent || f.kind == "radio" || f.kind == "checkbox").chain(pressed) {
        if out.iter().any(|(k, _)| *k == field.name) && field.kind == "radio" {
            continue;
        }
        let value = if field.value.is_empty() { guess(&field.name, &field.kind) } else { field.value.clone() };
        out.push((field.name.clone(), value));
    }
    out
}

/// A value that a field of this name may take.
fn guess(name: &str, kind: &str) -> String {
    let has = |words: &[&str]| words.iter().any(|w| name.contains(w));
    let text = match () {
        () if kind == "date" => "2026-12-01",
        () if kind == "time" => "14:00",
        () if kind == "number" || has(&["phut", "so_phieu", "tan_thanh", "khong", "khac", "tien_do", "so_luong"]) => "1",
        () if has(&["nam"]) => "1980",
        () if has(&["gio", "luc"]) => "14:00",
        () if has(&["ngay", "han", "tu", "den"]) => "01/12/2026",
        () if kind == "hidden" => "",
        () => "Nội dung thử",
    };
    text.to_owned()
}
