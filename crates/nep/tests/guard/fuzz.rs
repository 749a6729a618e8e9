//! No request crashes it (P-9): requests made from the routing table and from the forms of real
//! pages, then spoiled. `NEP_FUZZ_REQUESTS` says how many, `NEP_FUZZ_SEED` repeats a run.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Method, Request};
use db::Engine;
use domain::id::OrgId;
use nep::app::table;
use web::routes::Line;

use crate::client::{Client, FORM};
use crate::html::Form;
use crate::pages::{every_page, filled, fits, learn, params, plausible};
use crate::world::{SPOTS, World};

/// Requests between two fresh worlds.
const BLOCK: usize = 500;
/// Longest answer to any of them.
const BODY_MAX: usize = 8 << 20;

static PANICS: AtomicUsize = AtomicUsize::new(0);

/// A small generator whose whole state is the seed (splitmix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(n.max(1)).unwrap()).unwrap()
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

const NASTY: &[&str] = &[
    "",
    " ",
    "0",
    "-0",
    "-1",
    "1",
    "+1",
    "00000000000000000001",
    "2147483648",
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775808",
    "18446744073709551616",
    "1e309",
    "NaN",
    "0x10",
    "１２３",
    "true",
    "null",
    "undefined",
    "[]",
    "{\"a\":[{\"b\":null}]}",
    "' or 1=1 --",
    "\"; drop table person; --",
    "1); delete from org where (1=1",
    "%",
    "_%",
    "\\",
    "a\u{0}b",
    "\u{0}",
    "\u{202e}gnud ion",
    "\u{200b}",
    "\u{feff}",
    "👩‍👩‍👧‍👦🇻🇳",
    "\u{1d11e}",
    "e\u{301}\u{301}\u{301}\u{301}",
    "\r\n\r\nSet-Cookie: a=b",
    "../../../../etc/passwd",
    "..%2f..%2f",
    "/",
    "//evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    "<script>",
    "31/02/2026",
    "29/02/2025",
    "01/01/0000",
    "31/12/9999",
    "01/01/10000",
    "-01/01/2026",
    "9999-12-31",
    "-9999-01-01",
    "2026-13-45",
    "25:61",
    "24:00",
    "23:59:60",
    "2026-tk-0",
    "2026-tk-13",
    "2026-cd-99",
    "-32768-tk-1",
    "32767-tk-12",
    "99999-tk-1",
    "item-",
    "item--1",
    "item-9223372036854775808",
    "secretary",
    "draft",
    "sealed",
    "away",
];

fn nasty(dice: &mut Dice) -> String {
    match dice.below(24) {
        0 => "ệ".repeat(1 << dice.below(15)),
        1 => "a ".repeat(1 << dice.below(15)),
        2 => "\n".repeat(1 << dice.below(12)),
        3 => "😀".repeat(1 << dice.below(12)),
        4 => (0..dice.below(40)).map(|_| char::from_u32(u32::try_from(dice.below(0x11_0000)).unwrap()).unwrap_or('x')).collect(),
        5 => dice.next().to_string(),
        6 => i64::from_ne_bytes(dice.next().to_ne_bytes()).to_string(),
        7 => "a\u{301}".repeat(1 << dice.below(12)),
        _ => (*dice.pick(NASTY)).to_owned(),
    }
}

/// A value as a piece of a path, sometimes encoded as no browser would.
fn piece(dice: &mut Dice) -> String {
    if dice.one_in(6) {
        return (*dice.pick(&["%ff%fe", "%00", "%c0%af", "%F0%9F", "%", "%zz", "%2e%2e", "..;", "%252f", "*", "{org}"]))
            .to_owned();
    }
    let text = nasty(dice);
    let short: String = text.chars().take(2000).collect();
    form_urlencoded::byte_serialize(short.as_bytes()).collect::<String>().replace('+', "%20")
}

/// What a run knows of the world before it starts.
struct Known {
    lines: Vec<Line>,
    forms: Vec<Form>,
    clients: Vec<Client>,
}

/// The same ids stand in every world, so forms are learned once.
async fn know(world: &World, forms: Vec<Form>) -> Known {
    let roles = ["secretary", "secretary", "member", "upper_clerk", "upper_secretary", "admin", "minutes_secretary", "nobody"];
    let clients: Vec<Client> = roles.iter().map(|r| world.client(r)).collect();
    let mut known = Known { lines: table(), forms, clients };
    if known.forms.is_empty() {
        let urls = every_page(world, &SPOTS);
        for client in &known.clients[1..] {
            known.forms.extend(learn(client, &urls).await);
        }
    }
    known
}

fn address(dice: &mut Dice, world: &World, line: &Line) -> String {
    let fitting: Vec<_> = world.bundles.iter().filter(|b| filled(line.path, &b.params).is_some()).collect();
    let bundles: Vec<_> = if fitting.is_empty() { world.bundles.iter().collect() } else { fitting };
    let own: Vec<_> = bundles.iter().filter(|b| b.spot == SPOTS[0]).collect();
    let bundle = if !own.is_empty() && !dice.one_in(8) { **dice.pick(&own) } else { *dice.pick(&bundles) };
    let mut values = bundle.params.clone();
    if dice.one_in(3) {
        let names = params(line.path);
        if !names.is_empty() {
            values.insert((*dice.pick(&names)).to_owned(), piece(dice));
        }
    }
    for name in params(line.path) {
        values.entry(name.to_owned()).or_insert_with(|| piece(dice));
    }
    let mut url = filled(line.path, &values).unwrap();
    if dice.one_in(3) {
        let keys = ["xong", "ve", "ma", "nam", "trang", "tim", "q", "loc", "tu", "den", "muc", "phan", "ky"];
        let query: Vec<String> = (0..=dice.below(3)).map(|_| format!("{}={}", dice.pick(&keys), piece(dice))).collect();
        url = format!("{url}?{}", query.join("&"));
    }
    url
}

fn fields(dice: &mut Dice, known: &Known, line: &Line, url: &str) -> Vec<(String, String)> {
    let fitting: Vec<&Form> = known.forms.iter().filter(|f| fits(line.path, &f.action)).collect();
    let exact: Vec<&Form> = fitting.iter().copied().filter(|f| f.action == url).collect();
    let mut out = match (exact.is_empty(), fitting.is_empty()) {
        (false, _) => plausible(dice.pick::<&Form>(&exact)),
        (true, false) => plausible(dice.pick::<&Form>(&fitting)),
        (true, true) => ["ten", "ho_ten", "noi_dung", "ngay", "ma", "version"].map(|k| (k.to_owned(), nasty(dice))).to_vec(),
    };
    out.retain(|(k, _)| k != "_k");
    for _ in 0..dice.below(4) {
        let at = dice.below(out.len());
        match dice.below(8) {
            0 if !out.is_empty() => drop(out.remove(at)),
            1 if !out.is_empty() => {
                let again = out[at].clone();
                out.extend(std::iter::repeat_n(again, dice.below(5)));
            }
            2 => out.push((nasty(dice).chars().take(300).collect(), nasty(dice))),
            _ if !out.is_empty() => out[at].1 = nasty(dice),
            _ => {}
        }
    }
    if dice.one_in(400) {
        out.extend((0..10_000).map(|n| (format!("f{}", n % 7), "x".to_owned())));
    }
    out
}

fn multipart(dice: &mut Dice, fields: &[(String, String)], key: &str) -> (String, Vec<u8>) {
    let mut body = String::new();
    let part = |body: &mut String, head: &str, value: &str| body.push_str(&format!("--edge\r\n{head}\r\n\r\n{value}\r\n"));
    part(&mut body, "Content-Disposition: form-data; name=\"_k\"", key);
    for (k, v) in fields {
        part(&mut body, &format!("Content-Disposition: form-data; name=\"{}\"", k.replace(['"', '\r', '\n'], "_")), v);
    }
    let names = ["danh-sach.xlsx", "a.csv", "../../x.docx", "a\u{202e}xslx.exe", "", "CON", "x.xlsm", ".htaccess"];
    let file = dice.pick(&names);
    let head =
        format!("Content-Disposition: form-data; name=\"tep\"; filename=\"{file}\"\r\nContent-Type: application/octet-stream");
    let contents =
        ["", "Họ và tên,Năm sinh\nA,1980\n", "PK\u{3}\u{4}junk", "=1+1", "MZ", "%PDF-1.7", "\u{feff}STT;Họ tên\n1;B\n"];
    let content: &str = dice.pick::<&str>(&contents);
    part(&mut body, &head, content);
    body.push_str("--edge--\r\n");
    let mut bytes = body.into_bytes();
    if dice.one_in(4) {
        bytes.truncate(dice.below(bytes.len()));
    }
    let kind = *dice.pick(&[
        "multipart/form-data; boundary=edge",
        "multipart/form-data; boundary=edge",
        "multipart/form-data",
        "multipart/form-data; boundary=\"\"",
    ]);
    (kind.to_owned(), bytes)
}

fn request(dice: &mut Dice, world: &World, known: &Known) -> (String, Request<Body>) {
    let mut line = dice.pick(&known.lines);
    // A password is hashed slowly on purpose.
    if line.path == "/dang-nhap" || line.path == "/toi/mat-khau" {
        line = dice.pick(&known.lines);
    }
    let client = dice.pick(&known.clients);
    let url = address(dice, world, line);
    let url = if url.parse::<axum::http::Uri>().is_ok() { url } else { "/%ff".to_owned() };
    let methods = [Method::PUT, Method::DELETE, Method::HEAD, Method::OPTIONS, Method::PATCH, Method::GET, Method::POST];
    let method = if dice.one_in(25) { dice.pick(&methods).clone() } else { line.method.clone() };
    let mut said = format!("{} {method} {url}", client.name);
    let mut request = client.request(method.clone(), &url);
    if !dice.one_in(30) {
        request = request.header("sec-fetch-site", "same-origin");
    }
    let mut body = Vec::new();
    if method != Method::GET {
        let key = if dice.one_in(25) { nasty(dice) } else { client.key.clone() };
        let fields = fields(dice, known, line, &url);
        said = format!("{said} {:.400}", format!("{fields:?}"));
        let kind;
        if dice.one_in(6) {
            (kind, body) = multipart(dice, &fields, &key);
        } else {
            let mut form = form_urlencoded::Serializer::new(String::new());
            body = form.append_pair("_k", &key).extend_pairs(&fields).finish().into_bytes();
            let kinds = ["application/json", "text/plain", "", "application/x-www-form-urlencoded; charset=utf-16", "\u{a0}"];
            kind = if dice.one_in(20) { (*dice.pick(&kinds)).to_owned() } else { FORM.to_owned() };
            if dice.one_in(30) {
                body = (0..dice.below(3000)).map(|_| u8::try_from(dice.below(256)).unwrap()).collect();
            }
        }
        if let Ok(kind) = HeaderValue::from_bytes(kind.as_bytes()) {
            request = request.header("content-type", kind);
        }
    }
    let mut request = request.body(Body::from(body)).unwrap();
    spoil(dice, &mut request);
    (said, request)
}

/// Odd headers and cookies.
fn spoil(dice: &mut Dice, request: &mut Request<Body>) {
    if !dice.one_in(8) {
        return;
    }
    let names =
        ["cookie", "x-csrf-token", "accept-encoding", "host", "range", "if-none-match", "x-forwarded-for", "accept", "origin"];
    let values: [&[u8]; 8] = [
        b"nep=; nep=\xff; =; ;;; nep",
        b"nep=' or 1=1; nep-may=\xf0\x9f",
        b"",
        b"gzip, br;q=0.0001, *;q=9",
        b"bytes=0-,-1,99999999999999999999-",
        b"\xff\xfe",
        b"127.0.0.1, ::1, unknown",
        b"W/\"x\", *",
    ];
    for _ in 0..=dice.below(2) {
        let name: HeaderName = dice.pick(&names).parse().unwrap();
        let long = "a=b; ".repeat(2000);
        let value = if dice.one_in(10) { long.trim_end().as_bytes() } else { *dice.pick(&values) };
        if let Ok(value) = HeaderValue::from_bytes(value) {
            request.headers_mut().insert(name, value);
        }
    }
}

fn number(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(default)
}

#[test]
fn no_request_crashes_the_server() {
    let count = number("NEP_FUZZ_REQUESTS", 10_000);
    let seed = u64::try_from(number("NEP_FUZZ_SEED", 20_261_122)).unwrap();
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        PANICS.fetch_add(1, Ordering::SeqCst);
        before(info);
    }));
    println!("seed {seed}, {count} requests");
    let start = Instant::now();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut run = Run::default();
    for block in 0..count.div_ceil(BLOCK) {
        let engine = if block % 2 == 0 { Engine::Sqlite } else { Engine::Postgres };
        let world = World::on(engine).or_else(|| World::on(Engine::Sqlite)).unwrap();
        let size = BLOCK.min(count - block * BLOCK);
        runtime.block_on(run.block(&world, seed.wrapping_add(u64::try_from(block).unwrap()), size));
        run.check_chains(&world, block);
    }
    println!("{} requests in {:.1?}: {:?}", run.sent, start.elapsed(), run.statuses);
    let shown: Vec<&str> = run.wrong.iter().take(30).map(String::as_str).collect();
    assert!(run.wrong.is_empty(), "{} faults:\n{}", run.wrong.len(), shown.join("\n"));
    assert_eq!(PANICS.load(Ordering::SeqCst), 0, "something panicked; see above");
}

#[derive(Default)]
struct Run {
    sent: usize,
    statuses: std::collections::BTreeMap<u16, usize>,
    wrong: Vec<String>,
    forms: Vec<Form>,
}

impl Run {
    async fn block(&mut self, world: &World, seed: u64, size: usize) {
        let known = know(world, std::mem::take(&mut self.forms)).await;
        for n in 0..size {
            // Each request is dealt from its own number, so that one can be repeated alone.
            let mut dice = Dice(seed.wrapping_mul(1_000_003).wrapping_add(u64::try_from(n).unwrap()));
            let (said, request) = request(&mut dice, world, &known);
            let panics = PANICS.load(Ordering::SeqCst);
            let answer = known.clients[0].send_without_keeping(request).await;
            self.sent += 1;
            *self.statuses.entry(answer.status).or_default() += 1;
            let broke = answer.status >= 500 && !(answer.status == 500 && pdf_left_out(&said, &answer.text()));
            if broke || PANICS.load(Ordering::SeqCst) > panics {
                self.wrong.push(format!("block seed {seed} request {n}: {} to {said}", answer.status));
            }
            if answer.bytes.len() > BODY_MAX {
                self.wrong.push(format!("block seed {seed} request {n}: {} bytes to {said}", answer.bytes.len()));
            }
        }
        self.forms = known.forms;
    }

    /// Whatever was sent, trail and ledger still hold.
    fn check_chains(&mut self, world: &World, block: usize) {
        let orgs: Vec<(OrgId,)> = world.app.db.read_now(|tx| tx.all("select org_id from org", &[])).unwrap();
        for (org,) in orgs {
            let read = move |tx: &mut db::Tx| {
                let mut wrong = nep::audit::store::check(tx, org)?;
                wrong.extend(nep::ledger::store::check(tx, org)?);
                Ok::<_, db::Error>(wrong)
            };
            let found = world.app.db.read_now(read).unwrap();
            self.wrong.extend(found.into_iter().map(|f| format!("after block {block}: {f}")));
        }
    }
}

/// Built without PDF, a printed document cannot be made; that is not a crash.
fn pdf_left_out(said: &str, _page: &str) -> bool {
    !cfg!(feature = "pdf") && (said.contains("pdf") || said.contains("/in") || said.contains("phieu"))
}

#[test]
fn a_body_without_end_is_refused() {
    let world = World::on(Engine::Sqlite).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let client = world.client("secretary");
        for (kind, size, status) in [
            (FORM, 1 << 20, 413),
            ("multipart/form-data; boundary=edge", (20 << 20) + 4096, 413),
            ("multipart/form-data; boundary=edge", 22 << 20, 413),
            ("application/json", 100, 400),
        ] {
            let mut body = b"--edge\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n".to_vec();
            body.resize(size, b'a');
            body.extend_from_slice(b"\r\n--edge--\r\n");
            let request = client.request(Method::POST, "/toi/co-chu").header("sec-fetch-site", "same-origin");
            let answer = client.send(request.header("content-type", kind).body(Body::from(body)).unwrap()).await;
            assert_eq!(answer.status, status, "{kind}");
            assert!(answer.bytes.len() < 100_000);
        }
        // What is within the promised 20 MB is read.
        let mut body = b"--edge\r\nContent-Disposition: form-data; name=\"_k\"\r\n\r\nkey-of-secretary\r\n".to_vec();
        body.extend_from_slice(b"--edge\r\nContent-Disposition: form-data; name=\"tep\"; filename=\"a.pdf\"\r\n\r\n");
        body.resize(19 << 20, b'a');
        body.extend_from_slice(b"\r\n--edge--\r\n");
        let request = client.request(Method::POST, "/toi/co-chu").header("sec-fetch-site", "same-origin");
        let request = request.header("content-type", "multipart/form-data; boundary=edge").body(Body::from(body));
        assert_eq!(client.send(request.unwrap()).await.status, 303);
    });
}
