//! The rules of touch, read from the sources: floors use only what lies below them, a store knows
//! no page, a page knows no SQL, and nobody imports another feature's web.

#![allow(clippy::unwrap_used, reason = "a test that cannot read the sources has failed")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn crates() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()) {
        if entry.is_dir() {
            out.extend(sources(&entry));
        } else if entry.extension().is_some_and(|e| e == "rs") {
            out.push(entry);
        }
    }
    out.sort();
    out
}

/// A source without comments and without what only tests see.
fn code(text: &str) -> String {
    let text = text.split("\n#[cfg(test)]\nmod tests").next().unwrap_or_default();
    text.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// Every path a source names, with `use` trees spread out: `use a::{b, c::d}` is `a::b`, `a::c::d`.
fn paths(text: &str) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    let code = code(text);
    for statement in code.split(';') {
        let statement = statement.trim();
        let Some(at) = statement.rfind("use ").filter(|at| *at == 0 || statement[..*at].ends_with(['\n', ' ', ')'])) else {
            continue;
        };
        spread("", &statement[at + 4..].split_whitespace().collect::<Vec<_>>().join(" "), &mut out);
    }
    // Paths written in full where they are used.
    for word in code.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')) {
        if word.contains("::") && word.starts_with(|c: char| c.is_lowercase()) {
            out.insert(word.trim_matches(':').to_owned());
        }
    }
    out
}

fn spread(before: &str, tree: &str, out: &mut BTreeSet<String>) {
    let tree = tree.trim();
    let Some(open) = tree.find('{') else {
        let name = tree.split(" as ").next().unwrap_or_default().trim();
        out.insert(format!("{before}{name}").trim_end_matches("::self").to_owned());
        return;
    };
    let head = format!("{before}{}", &tree[..open]);
    let body = tree[open + 1..].trim_end().trim_end_matches('}');
    let (mut depth, mut start) = (0, 0);
    for (at, c) in body.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                spread(&head, &body[start..at], out);
                start = at + 1;
            }
            _ => {}
        }
    }
    if !body[start..].trim().is_empty() {
        let rest = &body[start..];
        let missing = rest.matches('{').count().saturating_sub(rest.matches('}').count());
        spread(&head, &format!("{rest}{}", "}".repeat(missing)), out);
    }
}

fn begins(path: &str, with: &str) -> bool {
    path == with || path.strip_prefix(with).is_some_and(|rest| rest.starts_with("::"))
}

/// What a floor must not name.
fn forbidden(floor: &str) -> &'static [&'static str] {
    match floor {
        "domain" => &[
            "db",
            "web",
            "documents",
            "nep",
            "axum",
            "tokio",
            "askama",
            "rusqlite",
            "postgres",
            "getrandom",
            "tracing",
            "std::fs",
            "std::net",
            "std::env",
            "std::process",
            "std::thread",
            "std::time::SystemTime",
            "jiff::Timestamp::now",
            "jiff::Zoned::now",
        ],
        "db" => &["web", "documents", "nep", "axum", "askama"],
        "documents" => &["db", "web", "nep", "axum", "tokio", "rusqlite", "postgres"],
        "web" => &["db", "documents", "nep", "rusqlite", "postgres"],
        _ => &["rusqlite", "postgres", "typst"],
    }
}

#[test]
fn floors_use_only_what_lies_below_them() {
    let mut breaches = Vec::new();
    for floor in ["domain", "db", "documents", "web", "nep"] {
        for source in sources(&crates().join(floor).join("src")) {
            // `db` is the floor of the engines; `documents` names its own crate.
            let names = paths(&fs::read_to_string(&source).unwrap());
            for path in &names {
                breaches.extend(
                    forbidden(floor).iter().filter(|f| begins(path, f)).map(|f| format!("{}: {path} ({f})", source.display())),
                );
            }
        }
    }
    assert!(breaches.is_empty(), "{breaches:#?}");
}

/// A module of `nep` as feature and role: `org/store/change.rs` is `org` and `store`, and so is the
/// store of a room within a feature, `live/room/store.rs`.
fn role(source: &Path) -> (String, String) {
    let root = crates().join("nep/src");
    let inside = source.strip_prefix(&root).unwrap();
    let mut parts: Vec<String> = inside.with_extension("").iter().map(|p| p.to_string_lossy().into_owned()).collect();
    let feature = if parts.len() > 1 { parts.remove(0) } else { String::new() };
    let store = parts.iter().position(|p| is_store(p)).unwrap_or(0);
    (feature, parts.get(store).cloned().unwrap_or_default())
}

fn is_store(role: &str) -> bool {
    role == "store" || role.ends_with("_store")
}

#[test]
fn a_store_knows_no_page_and_nobody_imports_another_features_web() {
    let mut breaches = Vec::new();
    for source in sources(&crates().join("nep/src")) {
        let (feature, kind) = role(&source);
        for path in paths(&fs::read_to_string(&source).unwrap()) {
            let mut say = |what: &str| breaches.push(format!("{}: {path} ({what})", source.display()));
            if is_store(&kind) {
                let page = ["axum", "askama", "documents", "tokio", "tower", "web::form", "web::page", "web::routes"];
                if page.iter().any(|p| begins(&path, p)) {
                    say("a store knows no page");
                }
                if begins(&path, "super::web") || begins(&path, "super::page") {
                    say("a store knows no page");
                }
            }
            let mut parts = path.split("::");
            if parts.next() == Some("crate")
                && let (Some(other), Some(room @ "web")) = (parts.next(), parts.next())
                && other != feature
                && !(feature.is_empty() && kind == "app")
            {
                say(&format!("{room} belongs to {other}"));
            }
        }
    }
    assert!(breaches.is_empty(), "{breaches:#?}");
}

/// Words with which SQL begins and goes on.
const SQL: [(&str, &str); 5] =
    [("select ", " from "), ("insert into ", "("), ("update ", " set "), ("delete from ", ""), ("create table ", "")];

#[test]
fn sql_stands_only_in_stores() {
    let mut breaches = Vec::new();
    for floor in ["domain", "documents", "web", "nep"] {
        for source in sources(&crates().join(floor).join("src")) {
            if floor == "nep" && is_store(&role(&source).1) {
                continue;
            }
            let text = code(&fs::read_to_string(&source).unwrap());
            for literal in text.split('"').skip(1).step_by(2) {
                let literal = literal.to_lowercase();
                if SQL.iter().any(|(begin, then)| literal.trim_start().starts_with(begin) && literal.contains(then)) {
                    breaches.push(format!("{}: {literal}", source.display()));
                }
            }
        }
    }
    assert!(breaches.is_empty(), "{breaches:#?}");
}

#[test]
fn the_reader_of_use_lines_reads_them() {
    let text = "use a::{self, b as c, d::{e, f::g}};\npub use h::i;\n// use j::k;\nfn x() { l::m::n(); }\n\n#[cfg(test)]\nmod tests { use o::p; }";
    let found = paths(text);
    for path in ["a", "a::b", "a::d::e", "a::d::f::g", "h::i", "l::m::n"] {
        assert!(found.contains(path), "{path} not in {found:?}");
    }
    assert!(!found.iter().any(|p| p.starts_with('j') || p.starts_with('o')), "{found:?}");
    assert!(begins("db::Tx", "db") && !begins("dbx::Tx", "db"));
}
