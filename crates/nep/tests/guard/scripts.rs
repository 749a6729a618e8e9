//! Text carries no script (P-13) and exports are inert (P-18): the corpus goes into every text
//! field a form offers, and every page is then read the way a browser reads it.
//! `NEP_XSS_ROUNDS` says how often the corpus is dealt out anew (a change runs a few).

use axum::http::Method;
use db::Engine;
use nep::app::table;

use crate::client::{Answer, Client};
use crate::html::{self, Form, Token};
use crate::pages::{every_page, learn, name, plausible, targets};
use crate::payloads::{FORMULAS, MARK, corpus};
use crate::world::{Spot, World};

/// Attributes in which words of people may stand.
const TEXTUAL: &[&str] = &["value", "title", "alt", "aria-label", "placeholder", "content", "download", "label"];
/// Attributes that hold an address.
const ADDRESSES: &[&str] = &["href", "src", "action", "formaction", "poster", "cite", "background", "srcset", "xlink:href"];
/// Elements no page of the product has.
const NEVER: &[&str] = &["iframe", "object", "embed", "base", "style", "applet", "frame", "frameset", "template", "noscript"];

/// What is wrong with a page, as a browser under an attacker's text would see it.
fn faults(page: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut inside = String::new();
    for token in html::tokens(page) {
        match token {
            Token::Open(name, attributes) => {
                if NEVER.contains(&name.as_str()) || name.contains(MARK) {
                    out.push(format!("element <{name}>"));
                }
                if name == "script" && !attributes.iter().any(|(k, v)| k == "src" && v.starts_with("/static/")) {
                    out.push("a script that is not ours".to_owned());
                }
                for (k, v) in &attributes {
                    out.extend(attribute_fault(&name, k, v));
                }
                inside = name;
            }
            Token::Close(_) => inside.clear(),
            Token::Text(text) if inside == "script" && !text.trim().is_empty() => out.push(format!("inline script: {text}")),
            Token::Comment(text) if text.contains(MARK) => out.push(format!("payload in markup: {text}")),
            Token::Text(_) | Token::Comment(_) => {}
        }
    }
    out
}

fn attribute_fault(tag: &str, name: &str, value: &str) -> Option<String> {
    let said = || Some(format!("<{tag} {name}=\"{value}\">"));
    if name.contains(MARK) || name.starts_with("on") || name == "style" || name == "srcdoc" {
        return said();
    }
    if tag == "meta" && name == "http-equiv" {
        return said();
    }
    if ADDRESSES.contains(&name) {
        let inside = value.is_empty() || value.starts_with('#') || (value.starts_with('/') && !value.starts_with("//"));
        let data = tag == "img" && value.starts_with("data:image/");
        let call = tag == "a" && (value.starts_with("tel:") || value.starts_with("mailto:"));
        let ours = inside || data || call || value.starts_with('?') || value.starts_with("http://nep.test/");
        let raw = value.contains(MARK) && value.contains(['<', '>', '"', '\'']);
        return if ours && !raw { None } else { said() };
    }
    let textual = TEXTUAL.contains(&name) || name.starts_with("data-") || name.starts_with("aria-");
    if value.contains(MARK) && !textual { said() } else { None }
}

/// What is wrong with any answer.
pub fn answer_faults(answer: &Answer) -> Vec<String> {
    let mut out = Vec::new();
    let policy = answer.header("content-security-policy");
    for wanted in ["default-src 'none'", "script-src 'self'", "style-src 'self'", "base-uri 'none'", "frame-ancestors 'none'"] {
        if !policy.contains(wanted) {
            out.push(format!("content-security-policy lacks {wanted}: {policy}"));
        }
    }
    if policy.contains("unsafe") || answer.header("x-content-type-options") != "nosniff" {
        out.push("headers let scripts in".to_owned());
    }
    let kind = answer.header("content-type");
    if answer.is_page() {
        out.extend(faults(&answer.text()));
    } else if kind.starts_with("text/calendar") {
        out.extend(calendar_faults(&answer.text()));
    } else if kind.starts_with("text/csv") {
        out.extend(csv_faults(&answer.text()));
    } else if kind.contains("spreadsheetml") {
        out.extend(workbook_faults(&answer.bytes));
    } else if !answer.bytes.is_empty() && kind.is_empty() {
        out.push("a body without a kind".to_owned());
    } else if ["text/xml", "application/xhtml", "image/svg", "text/javascript"].iter().any(|k| kind.starts_with(k)) {
        out.push(format!("an active kind: {kind}"));
    }
    out.extend(disposition_fault(&answer.header("content-disposition")));
    out
}

/// `attachment; filename="plain"; filename*=UTF-8''encoded`, and nothing a name could add.
fn disposition_fault(line: &str) -> Option<String> {
    if line.is_empty() || line == "inline" || line == "attachment" {
        return None;
    }
    let parts = line.strip_prefix("attachment; filename=\"").and_then(|r| r.split_once("\"; filename*=UTF-8''"));
    let fine = parts.is_some_and(|(plain, coded)| {
        let plain = !plain.is_empty() && plain.chars().all(|c| c.is_ascii_alphanumeric() || ".-_".contains(c));
        plain && coded.chars().all(|c| c.is_ascii_alphanumeric() || ".-_%".contains(c))
    });
    (!fine).then(|| format!("content-disposition: {line}"))
}

/// Every line of a calendar is one the product writes; text cannot begin a line of its own.
fn calendar_faults(text: &str) -> Vec<String> {
    const KNOWN: &[&str] = &[
        "BEGIN",
        "END",
        "VERSION",
        "PRODID",
        "CALSCALE",
        "METHOD",
        "X-WR-CALNAME",
        "TZID",
        "DTSTART",
        "DTEND",
        "DTSTAMP",
        "TZOFFSETFROM",
        "TZOFFSETTO",
        "TZNAME",
        "UID",
        "SEQUENCE",
        "STATUS",
        "SUMMARY",
        "LOCATION",
        "REFRESH-INTERVAL",
        "X-PUBLISHED-TTL",
        "LAST-MODIFIED",
        "CLASS",
    ];
    let mut out = Vec::new();
    let unfolded = text.replace("\r\n ", "");
    for line in unfolded.split("\r\n").filter(|l| !l.is_empty()) {
        let name = line.split([':', ';']).next().unwrap_or_default();
        if !KNOWN.contains(&name) || line.contains(['\n', '\r']) {
            out.push(format!("calendar line: {line:?}"));
        }
    }
    for (open, close) in [("BEGIN:VEVENT", "END:VEVENT"), ("BEGIN:VCALENDAR", "END:VCALENDAR")] {
        let count = |w: &str| unfolded.split("\r\n").filter(|l| *l == w).count();
        if count(open) != count(close) {
            out.push(format!("{open} and {close} do not match"));
        }
    }
    out
}

/// No field begins like a formula.
fn csv_faults(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    for field in csv_fields(text.trim_start_matches('\u{feff}')) {
        let number = field.parse::<f64>().is_ok();
        if !number && field.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']) {
            out.push(format!("a field that a spreadsheet runs: {field}"));
        }
    }
    out
}

fn csv_fields(text: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                out.last_mut().unwrap().push('"');
            }
            '"' => quoted = !quoted,
            ',' | '\n' if !quoted => out.push(String::new()),
            '\r' if !quoted => {}
            c => out.last_mut().unwrap().push(c),
        }
    }
    out
}

/// No formula, no link, no macro in a workbook.
fn workbook_faults(bytes: &[u8]) -> Vec<String> {
    let mut out = Vec::new();
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    for at in 0..zip.len() {
        use std::io::Read;
        let mut file = zip.by_index(at).unwrap();
        let part = file.name().unwrap().into_owned();
        let mut text = String::new();
        if part.ends_with(".bin") || part.contains("externalLink") {
            out.push(format!("workbook part {part}"));
        } else if file.read_to_string(&mut text).is_ok()
            && (text.contains("<f>") || text.contains("<f ") || text.contains("<hyperlink"))
        {
            out.push(format!("workbook part {part} holds a formula or link"));
        }
    }
    out
}

fn rounds() -> usize {
    std::env::var("NEP_XSS_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(2)
}

/// Counts of a run.
#[derive(Default)]
struct Tally {
    sent: usize,
    read: usize,
    fields: std::collections::BTreeSet<String>,
    wrong: Vec<String>,
}

impl Tally {
    fn judge(&mut self, at: &str, who: &Client, answer: &Answer) {
        self.read += 1;
        if answer.status >= 500 && answer.status != 503 {
            self.wrong.push(format!("{} at {at}: {}", who.name, answer.status));
        }
        for fault in answer_faults(answer) {
            self.wrong.push(format!("{} at {at}: {fault}", who.name));
        }
    }
}

impl Tally {
    #[track_caller]
    fn done(self) {
        let shown: Vec<&str> = self.wrong.iter().take(40).map(String::as_str).collect();
        assert!(self.wrong.is_empty(), "{} faults:\n{}", self.wrong.len(), shown.join("\n"));
    }
}

#[test]
fn no_text_becomes_a_script_on_any_page() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let corpus = corpus();
    let mut tally = Tally::default();
    for round in 0..rounds() {
        let world = World::on(Engine::Sqlite).unwrap();
        runtime.block_on(one_round(&world, &corpus, round, &mut tally));
    }
    println!("{} payloads sent into {} fields, {} answers read", tally.sent, tally.fields.len(), tally.read);
    assert!(tally.fields.len() >= 3, "no forms were found: {:?}", tally.fields);
    tally.done();
}

/// Payloads in every column at once, read by everyone.
#[test]
fn no_stored_text_becomes_a_script_on_any_page() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let corpus = corpus();
    let columns: usize = WORDS.iter().map(|w| w.1.len()).sum();
    let world = World::on(Engine::Sqlite).unwrap();
    let mut tally = Tally::default();
    for round in 0..rounds() {
        let texts: Vec<&str> = corpus.iter().cycle().skip(round * columns).take(columns).map(String::as_str).collect();
        overwrite(&world, &texts);
        runtime.block_on(async {
            let urls = every_page(&world, &[Spot::Cell, Spot::Committee]);
            for role in ["secretary", "member", "follower", "upper_secretary", "admin"] {
                let client = world.client(role);
                for url in &urls {
                    tally.judge(url, &client, &client.get(url).await);
                }
            }
        });
    }
    println!("{columns} columns with {} payloads each, {} answers read", rounds(), tally.read);
    tally.done();
}

async fn one_round(world: &World, corpus: &[String], round: usize, tally: &mut Tally) {
    let urls = every_page(world, &[Spot::Cell, Spot::Committee]);
    let mut next = round * corpus.len() / rounds().max(1);
    for role in ["secretary", "member", "upper_secretary", "upper_clerk", "nobody"] {
        let client = world.client(role);
        for form in learn(&client, &urls).await {
            deal(&client, &form, corpus, &mut next, tally).await;
        }
    }
    for role in ["secretary", "member", "upper_secretary"] {
        let client = world.client(role);
        for url in &urls {
            tally.judge(url, &client, &client.get(url).await);
        }
    }
}

/// Puts payloads into each text field in turn, and once into all of them.
async fn deal(client: &Client, form: &Form, corpus: &[String], next: &mut usize, tally: &mut Tally) {
    let text: Vec<&str> = form.fields.iter().filter(|f| f.takes_text()).map(|f| f.name.as_str()).collect();
    let sole = text.iter().map(|t| vec![*t]);
    for dressed in sole.chain([text.clone()]).filter(|d| !d.is_empty()) {
        let mut fields = plausible(form);
        for (key, value) in &mut fields {
            let Some(field) = form.fields.iter().find(|f| f.name == *key).filter(|f| dressed.contains(&f.name.as_str())) else {
                continue;
            };
            let many = if field.kind == "textarea" { 12 } else { 2 };
            let take: Vec<&str> = (0..many).map(|n| corpus[(*next + n) % corpus.len()].as_str()).collect();
            *next += many;
            tally.sent += many;
            tally.fields.insert(format!("{} {}", pattern(&form.action), field.name));
            *value = take.join(if many > 2 { "\n" } else { " " });
        }
        send(client, form, &fields, tally).await;
    }
}

async fn send(client: &Client, form: &Form, fields: &[(String, String)], tally: &mut Tally) {
    // Signing in and out would only cost time and the session.
    if ["/dang-xuat", "/toi/ket-thuc-phien"].contains(&form.action.as_str()) {
        return;
    }
    let answer = if form.method == "get" {
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        client.get(&format!("{}?{query}", form.action)).await
    } else {
        client.act(&form.action, fields).await
    };
    tally.judge(&form.action, client, &answer);
    let to = answer.to();
    if answer.status == 303 && to.starts_with('/') {
        let again = client.get(&to).await;
        tally.judge(&to, client, &again);
    }
}

/// The route an address belongs to, so that fields are counted once.
fn pattern(url: &str) -> &'static str {
    table().iter().find(|l| crate::pages::fits(l.path, url)).map_or("?", |l| l.path)
}

#[test]
fn exports_carry_no_formula_and_no_line_of_their_own() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let world = World::on(Engine::Sqlite).unwrap();
    let hostile = ["\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:nepxss", "a\";filename=\"nepxss.exe", "..\\..\\nepxss"];
    let texts: Vec<&str> = FORMULAS.iter().copied().chain(hostile).collect();
    let mut exports = 0;
    for text in texts {
        overwrite(&world, &[text]);
        runtime.block_on(async {
            let client = world.client("secretary");
            for line in table().iter().filter(|l| l.method == Method::GET) {
                for target in targets(&world, line, Spot::Cell).into_iter().take(9) {
                    let answer = client.get(&target.url).await;
                    let found = answer_faults(&answer);
                    assert!(found.is_empty(), "{} with {text:?}: {found:?}", name(line));
                    exports += usize::from(!answer.is_page() && answer.status == 200);
                }
            }
        });
    }
    println!("{exports} exports read");
}

/// Columns that hold people's words.
const WORDS: &[(&str, &[&str])] = &[
    ("meeting", &["title", "place", "topic", "dues", "cancel_reason"]),
    ("agenda_item", &["title", "points", "information", "conclusion", "paper_ref"]),
    ("task", &["content", "requirement", "measure", "cause_note", "next_step"]),
    ("task_event", &["body"]),
    ("resolution", &["title", "assessment", "direction", "organising"]),
    ("membership", &["name", "reason", "document"]),
    ("person", &["name", "card_number", "phone", "email"]),
    ("file", &["name"]),
    ("org_name", &["name", "short_name", "place", "symbol", "document"]),
    ("org_edge", &["document"]),
    ("term", &["name"]),
    ("post", &["document"]),
    ("guest", &["name", "title"]),
    ("roll", &["name", "reason"]),
    ("reply", &["reason"]),
    ("opinion", &["body"]),
    ("notice", &["body", "change_note"]),
    ("contribution", &["summary"]),
    ("vote", &["question", "reserved"]),
    ("ballot", &["question", "names", "reason"]),
    ("vote_seat", &["name"]),
    ("ballot_teller", &["name"]),
    ("minutes_section", &["title", "body"]),
    ("minutes_revision", &["body"]),
    ("minutes_mark", &["passage"]),
    ("wording", &["note"]),
    ("absence_case", &["notice", "reason"]),
    ("absence_objection", &["words", "reason"]),
    ("note", &["body", "remedy", "answer", "done_words", "reason"]),
    ("concern_word", &["body"]),
    ("topic", &["title", "why", "reason"]),
    ("period_plan", &["topic", "aim", "questions", "reason"]),
    ("import_batch", &["file_name"]),
    ("issued", &["title", "number_text", "reason"]),
];

/// Puts texts where people's words are, past the cleaning of forms: a page may not rely on it.
fn overwrite(world: &World, texts: &[&str]) {
    let texts: Vec<String> = texts.iter().map(|t| (*t).to_owned()).collect();
    let write = move |tx: &mut db::Tx| {
        let columns = WORDS.iter().flat_map(|(table, columns)| columns.iter().map(move |c| (table, c)));
        for ((table, column), text) in columns.zip(texts.iter().cycle()) {
            tx.exec(&format!("update {table} set {column} = $1"), db::values![text])?;
        }
        // A secret item holds nothing but its place in the paper book.
        tx.exec("update agenda_item set title = '', points = '', information = '', conclusion = '' where secret = 1", &[])?;
        Ok::<_, db::Error>(())
    };
    world.app.db.write_now(write).unwrap();
}

#[test]
fn the_judge_of_pages_finds_what_is_planted() {
    for bad in [
        "<p><script>nepxss(1)</script>",
        "<img src=x onerror=nepxss(1)>",
        "<a href=\"javascript:nepxss(1)\">x</a>",
        "<p style=\"color:red\">x</p>",
        "<input value=\"\" onfocus=\"nepxss(1)\">",
        "<a href=\"//nepxss.example\">x</a>",
        "<p nepxss=1>x</p>",
        "<!-- nepxss -->",
        "<textarea></textarea><svg onload=nepxss(1)></textarea>",
        "<script src=\"https://nepxss.example/x.js\"></script>",
    ] {
        assert!(!faults(bad).is_empty(), "{bad}");
    }
    for good in [
        "<p>&lt;script&gt;nepxss(1)&lt;/script&gt;</p>",
        "<input value=\"&quot; onfocus=nepxss(1)\">",
        "<textarea>&lt;/textarea&gt;&lt;img src=x onerror=nepxss(1)&gt;</textarea>",
        "<script src=\"/static/nep.js\" defer></script><a href=\"/cb/1\">x</a><a href=\"#ten\">y</a>",
    ] {
        assert_eq!(faults(good), Vec::<String>::new(), "{good}");
    }
    let calendar = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:a\r\nnepxss\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    assert!(!calendar_faults(calendar).is_empty());
    assert!(calendar_faults(&calendar.replace("a\r\nnepxss", "a nepxss")).is_empty());
    assert!(!csv_faults("\u{feff}a,b\r\n\"=1+1\",x\r\n").is_empty());
    assert!(csv_faults("\u{feff}a,b\r\n\"'=1+1\",-5\r\n").is_empty());
    assert!(disposition_fault("attachment; filename=\"a.docx\"; filename*=UTF-8''a.docx").is_none());
    assert!(disposition_fault("attachment; filename=\"a\";filename=\"b.exe\"; filename*=UTF-8''a").is_some());
    let text = |v: &str| documents::xlsx_out::Cell::Text(v.to_owned());
    let sheet = documents::xlsx_out::Sheet {
        name: "Bảng".to_owned(),
        columns: vec![documents::xlsx_out::SheetColumn { title: "=1+1".to_owned(), width: 20.0 }],
        rows: FORMULAS.iter().map(|f| vec![text(f)]).collect(),
    };
    assert!(csv_faults(&String::from_utf8(documents::csv(&sheet)).unwrap()).is_empty());
    assert!(workbook_faults(&documents::xlsx(&[sheet]).unwrap()).is_empty());
}
