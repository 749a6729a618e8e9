//! A whole server in the test's own process, with a clock that is set by hand, a small committee
//! with cells and people, and browsers that keep cookies and form keys.

#![allow(dead_code, reason = "shared by several test binaries, each of which needs its own part")]

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, LazyLock, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use axum::response::Response;
use db::testkit::{self, Fresh};
use db::{Db, Tx};
use domain::id::{OrgId, PersonId};
use domain::post::Role;
use domain::roll::Standing;
use jiff::civil::{Date, DateTime, date};
use nep::account::password::hash_now;
use nep::account::store as accounts;
use nep::actor::{Actor, Clock, SetClock, moment};
use nep::app::{App, router};
use nep::live::room::hub::{Hub, Limits};
use nep::member::store::{self as members, NewPerson};
use nep::org::store::{self as orgs, NewOrg};
use nep::schema::migrations;
use tower::ServiceExt;

/// The password of everybody in a test.
pub const PASSWORD: &str = "con mèo trên mái ngói";

static HASH: LazyLock<String> = LazyLock::new(|| hash_now(PASSWORD).unwrap());

/// The people and organisations every story starts with.
#[derive(Debug, Clone, Copy)]
pub struct Cast {
    /// Đảng bộ Sở Xây dựng, a grassroots committee.
    pub committee: OrgId,
    /// Chi bộ Văn phòng: 12 members, led by Hà, deputy Đức, committee member An.
    pub cell: OrgId,
    /// Chi bộ Thanh tra, its sibling: 5 members, led by Lan.
    pub sibling: OrgId,
}

/// A server with its database.
pub struct Site {
    /// What the server holds.
    pub app: App,
    /// Its clock.
    pub clock: Arc<SetClock>,
    /// Who and what is there.
    pub cast: Cast,
    /// Login → person.
    pub people: BTreeMap<String, PersonId>,
    router: Router,
    fresh: Arc<Fresh>,
}

/// Runs a story on a fresh database of each engine.
pub fn each<F: Future<Output = ()>>(story: impl Fn(Arc<Site>) -> F) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    for fresh in fresh_databases() {
        eprintln!("on {:?}", fresh.engine());
        let site = Arc::new(Site::new(fresh));
        runtime.block_on(story(site));
    }
}

fn fresh_databases() -> Vec<Fresh> {
    let steps = migrations(db::Engine::Sqlite);
    let print = testkit::fingerprint(steps.iter().map(|m| m.sql).chain([include_str!("site.rs")]));
    testkit::from_template(&print, |db| {
        db.migrate(&migrations(db.engine())).unwrap();
        let actor = Actor::system(moment(date(2020, 1, 1).at(8, 0, 0, 0)), Arc::new(nep::actor::Ids::new(7)));
        let db: &Db = db;
        db.write_now(move |tx| {
            settle(tx, &actor)?;
            Ok::<_, nep::fault::Fault>(())
        })
        .unwrap();
    })
}

impl Site {
    fn new(fresh: Fresh) -> Self {
        let clock = Arc::new(SetClock::new(moment(date(2026, 11, 22).at(9, 0, 0, 0))));
        let db = Db::clone(&fresh);
        let mut app = nep::cli::app(db, "http://nep.test", false).unwrap();
        app.clock = clock.clone();
        app.ids = Arc::new(nep::actor::Ids::new(11));
        let (cast, people) = app.db.read_now(find).unwrap();
        let router = router(app.clone());
        Self { app, clock, cast, people, router, fresh: Arc::new(fresh) }
    }

    /// A second server on the same database and clock, with live screens of its own.
    pub fn twin(&self, limits: Limits) -> Arc<Self> {
        let mut app = nep::cli::app(Db::open(&self.fresh.url).unwrap(), "http://nep.test", false).unwrap();
        app.clock = self.clock.clone();
        app.ids = Arc::new(nep::actor::Ids::new(500_000));
        app.rooms = Arc::new(Hub::new(limits));
        Arc::new(Self {
            router: router(app.clone()),
            app,
            clock: self.clock.clone(),
            cast: self.cast,
            people: self.people.clone(),
            fresh: self.fresh.clone(),
        })
    }

    /// Sets the clock, in Việt Nam's time.
    pub fn at(&self, when: DateTime) {
        self.clock.set(moment(when));
    }

    /// The person with a login name.
    pub fn person(&self, login: &str) -> PersonId {
        self.people[login]
    }

    /// Hands of a person in an organisation, for calling stores directly.
    pub fn hands(&self, login: &str, org: OrgId) -> Actor {
        Actor::system(self.clock.now(), self.app.ids.clone()).at(self.person(login), org, self.clock.now())
    }

    /// Runs something on the database.
    pub fn write<T: Send + 'static>(&self, f: impl FnMut(&mut Tx) -> Result<T, nep::fault::Fault> + Send + 'static) -> T {
        self.app.db.write_now(f).unwrap()
    }

    /// A browser nobody has signed in with.
    pub fn browser(self: &Arc<Self>) -> Browser {
        Browser { site: self.clone(), cookies: Mutex::default(), csrf: Mutex::default() }
    }

    /// A browser signed in with a login name.
    pub async fn sign_in(self: &Arc<Self>, login: &str) -> Browser {
        let browser = self.browser();
        let page = browser.post("/dang-nhap", &[("ten", login), ("mat_khau", PASSWORD)]).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{login}: {}", page.body);
        browser
    }
}

/// Names of the cell, secretary first; the login is the folded name.
const OFFICE: [&str; 12] = [
    "Nguyễn Thị Hà",
    "Lê Minh Đức",
    "Phạm Văn An",
    "Lê Thị Ánh",
    "Đỗ Quốc Bảo",
    "Vũ Ngọc Dung",
    "Trịnh Công Đạt",
    "Hoàng Văn Út",
    "Bùi Thị Ơn",
    "Đặng Hữu Phước",
    "Ngô Thị Quỳnh",
    "Trần Văn Sáu",
];
const INSPECTION: [&str; 5] = ["Phan Thị Lan", "Cao Văn Mạnh", "Mai Thị Nga", "Tô Văn Oanh", "Lý Thị Phương"];

fn settle(tx: &mut Tx, actor: &Actor) -> Result<(), nep::fault::Fault> {
    let born = date(2020, 1, 1);
    let committee = found(tx, actor, None, "Đảng bộ Sở Xây dựng", "base", "ĐU", false, born)?;
    let cell = found(tx, actor, Some(committee), "Chi bộ Văn phòng Sở Xây dựng", "cell_sub", "CB", true, born)?;
    let sibling = found(tx, actor, Some(committee), "Chi bộ Thanh tra Sở Xây dựng", "cell_sub", "CB", true, born)?;
    let office: Vec<PersonId> = OFFICE.iter().map(|n| person(tx, actor, n)).collect::<Result<_, _>>()?;
    for (i, who) in office.iter().enumerate() {
        let standing = match i {
            5 => Standing::Probationary,
            7 => Standing::Exempt,
            8 => Standing::TemporaryHere,
            _ => Standing::Official,
        };
        members::join(tx, actor, cell, *who, standing, born, None)?;
    }
    let inspection: Vec<PersonId> = INSPECTION.iter().map(|n| person(tx, actor, n)).collect::<Result<_, _>>()?;
    for who in &inspection {
        members::join(tx, actor, sibling, *who, Standing::Official, born, None)?;
    }
    for (org, who, role) in [
        (cell, office[0], Role::Secretary),
        (cell, office[1], Role::Deputy),
        (cell, office[2], Role::Committee),
        (sibling, inspection[0], Role::Secretary),
    ] {
        orgs::appoint(tx, actor, org, who, role, born, None)?;
    }
    for (name, org, role) in [
        ("Trần Văn Lâm", committee, Role::Secretary),
        ("Hồ Thị Clerk", committee, Role::Clerk),
        ("Quản Trị Viên", committee, Role::Admin),
    ] {
        let who = person(tx, actor, name)?;
        orgs::appoint(tx, actor, org, who, role, born, None)?;
        if role == Role::Secretary {
            orgs::appoint(tx, actor, cell, who, Role::Follower, born, None)?;
        }
    }
    Ok(())
}

fn found(
    tx: &mut Tx,
    actor: &Actor,
    parent: Option<OrgId>,
    name: &str,
    kind: &str,
    symbol: &str,
    is_cell: bool,
    born_on: Date,
) -> Result<OrgId, nep::fault::Fault> {
    let new = NewOrg {
        parent,
        name: name.to_owned(),
        short_name: name.trim_end_matches(" Sở Xây dựng").to_owned(),
        kind: kind.to_owned(),
        symbol: symbol.to_owned(),
        is_cell,
        place: "Hà Tĩnh".to_owned(),
        cell_type: None,
        born_on,
        document: None,
    };
    let org = orgs::found(tx, actor, &new)?;
    orgs::open_term(tx, actor, org, "2025-2030", date(2025, 1, 1))?;
    Ok(org)
}

fn person(tx: &mut Tx, actor: &Actor, name: &str) -> Result<PersonId, nep::fault::Fault> {
    let new = NewPerson { name: name.to_owned(), birth_year: Some(1980), ..NewPerson::default() };
    let id = members::add_person(tx, actor, &new)?;
    accounts::set_password(tx, actor, id, name, &HASH)?;
    Ok(id)
}

fn find(tx: &mut Tx) -> db::Result<(Cast, BTreeMap<String, PersonId>)> {
    let org =
        |tx: &mut Tx, name: &str| tx.scalar::<OrgId>("select org_id from org_name where short_name = $1", db::values![name]);
    let cast = Cast {
        committee: org(tx, "Đảng bộ")?, cell: org(tx, "Chi bộ Văn phòng")?, sibling: org(tx, "Chi bộ Thanh tra")?
    };
    let people: Vec<(String, PersonId)> = tx.all("select login, person_id from account", &[])?;
    Ok((cast, people.into_iter().collect()))
}

/// What came back.
#[derive(Debug)]
pub struct Page {
    /// Status.
    pub status: StatusCode,
    /// Body as text.
    pub body: String,
    /// Body as bytes.
    pub bytes: Vec<u8>,
    /// Where a redirect leads.
    pub to: String,
    /// Content type.
    pub media_type: String,
    /// Every header.
    pub headers: axum::http::HeaderMap,
}

impl Page {
    /// Fails unless the page has this status.
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "to {:?}: {}", self.to, self.body);
        self
    }

    /// Fails unless the page says all of this.
    #[track_caller]
    pub fn says(self, words: &[&str]) -> Self {
        for w in words {
            assert!(self.body.contains(w), "“{w}” is not on the page:\n{}", self.body);
        }
        self
    }

    /// Fails if the page says any of this.
    #[track_caller]
    pub fn says_not(self, words: &[&str]) -> Self {
        for w in words {
            assert!(!self.body.contains(w), "“{w}” is on the page:\n{}", self.body);
        }
        self
    }

    /// The value of the first field with a name.
    #[track_caller]
    pub fn field(&self, name: &str) -> String {
        let at = self.body.find(&format!("name=\"{name}\"")).unwrap_or_else(|| panic!("no field {name}:\n{}", self.body));
        let tag_start = self.body[..at].rfind('<').unwrap();
        let tag_end = at + self.body[at..].find('>').unwrap();
        let tag = &self.body[tag_start..tag_end];
        let value = tag.split("value=\"").nth(1).and_then(|v| v.split('"').next()).unwrap_or_default();
        value.replace("&#38;", "&").replace("&#34;", "\"").replace("&#39;", "'").replace("&#60;", "<").replace("&#62;", ">")
    }

    /// The first link on the page that starts with this.
    #[track_caller]
    pub fn link(&self, start: &str) -> String {
        let at = self.body.find(&format!("href=\"{start}")).unwrap_or_else(|| panic!("no link {start}:\n{}", self.body));
        self.body[at + 6..].split('"').next().unwrap().to_owned()
    }
}

/// A browser: keeps cookies, sends the form key.
pub struct Browser {
    site: Arc<Site>,
    cookies: Mutex<BTreeMap<String, String>>,
    csrf: Mutex<String>,
}

impl Browser {
    /// Reads a page.
    pub async fn get(&self, path: &str) -> Page {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// Sends a form from our own page, with its key.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.post_with(path, fields, &[]).await
    }

    /// As [`Browser::post`], with headers that a script of ours adds.
    pub async fn post_with(&self, path: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Page {
        let key = self.key().await;
        let body = {
            let mut body = form_urlencoded::Serializer::new(String::new());
            body.extend_pairs(fields);
            if !fields.iter().any(|(k, _)| *k == "_k") {
                body.append_pair("_k", &key);
            }
            body.finish()
        };
        let request = Request::post(path)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let request = headers.iter().fold(request, |r, (name, value)| r.header(*name, *value));
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// Sends a form with one file.
    pub async fn upload(&self, path: &str, fields: &[(&str, &str)], field: &str, name: &str, bytes: &[u8]) -> Page {
        let key = self.key().await;
        let edge = "rand0m-edge-of-parts";
        let mut body = Vec::new();
        for (k, v) in fields.iter().copied().chain([("_k", key.as_str())]) {
            body.extend_from_slice(format!("--{edge}\r\nContent-Disposition: form-data; name=\"{k}\"\r\n\r\n{v}\r\n").as_bytes());
        }
        let head = format!(
            "--{edge}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(format!("\r\n--{edge}--\r\n").as_bytes());
        let request = Request::post(path)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={edge}"))
            .body(Body::from(body))
            .unwrap();
        self.send(request).await
    }

    /// The form key of the session, read from a page as a browser would.
    pub async fn key(&self) -> String {
        let known = self.csrf.lock().unwrap().clone();
        if !known.is_empty() || self.cookies.lock().unwrap().is_empty() {
            return known;
        }
        let page = self.get("/toi/tai-khoan").await;
        let key = page
            .body
            .split("<meta name=\"csrf\" content=\"")
            .nth(1)
            .and_then(|r| r.split('"').next())
            .unwrap_or_default()
            .to_owned();
        self.csrf.lock().unwrap().clone_from(&key);
        key
    }

    /// The same browser in front of another server.
    pub fn at(&self, site: &Arc<Site>) -> Self {
        let copy = |map: &Mutex<BTreeMap<String, String>>| Mutex::new(map.lock().unwrap().clone());
        Self { site: site.clone(), cookies: copy(&self.cookies), csrf: Mutex::new(self.csrf.lock().unwrap().clone()) }
    }

    /// Opens a stream of events, as a browser would that got as far as `last`.
    pub async fn listen(&self, path: &str, last: Option<i64>) -> Result<Ear, Page> {
        let mut request = Request::get(path).header(header::ACCEPT, "text/event-stream").header("accept-encoding", "gzip");
        if let Some(last) = last {
            request = request.header("last-event-id", last.to_string());
        }
        let response = self.raw(request.body(Body::empty()).unwrap()).await;
        if response.status() == StatusCode::OK {
            assert!(!response.headers().contains_key(header::CONTENT_ENCODING), "a stream is not packed");
            assert_eq!(response.headers()["content-type"], "text/event-stream; charset=utf-8");
            return Ok(Ear { stream: response.into_body().into_data_stream(), heard: String::new() });
        }
        Err(Self::page(response).await)
    }

    async fn raw(&self, mut request: Request<Body>) -> Response {
        let cookies: Vec<String> = self.cookies.lock().unwrap().iter().map(|(k, v)| format!("{k}={v}")).collect();
        if !cookies.is_empty() {
            request.headers_mut().insert(header::COOKIE, cookies.join("; ").parse().unwrap());
        }
        self.site.router.clone().oneshot(request).await.unwrap()
    }

    /// Sends any request with the browser's cookies.
    pub async fn send(&self, request: Request<Body>) -> Page {
        let response = self.raw(request).await;
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let (pair, rest) = cookie.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.csrf.lock().unwrap().clear();
            if rest.contains("Max-Age=0") {
                self.cookies.lock().unwrap().remove(name);
            } else {
                self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
            }
        }
        Self::page(Response::from_parts(parts, body)).await
    }

    async fn page(response: Response) -> Page {
        let (parts, body) = response.into_parts();
        let text = |name| parts.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
        let (to, media_type) = (text(header::LOCATION), text(header::CONTENT_TYPE));
        let bytes = to_bytes(body, 64 << 20).await.unwrap().to_vec();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Page { status: parts.status, body, bytes, to, media_type, headers: parts.headers }
    }
}

/// Hears the events of one stream.
pub struct Ear {
    stream: axum::body::BodyDataStream,
    heard: String,
}

impl Ear {
    /// The next event: its number and topics; none when the stream has ended. Fails when nothing comes.
    pub async fn next(&mut self) -> Option<(i64, Vec<String>)> {
        use futures_core::Stream;
        // Heartbeats are no news.
        let end = tokio::time::Instant::now() + std::time::Duration::from_secs(20);
        loop {
            while let Some((block, rest)) = self.heard.split_once("\n\n") {
                let field = |name: &str| block.lines().find_map(|l| l.strip_prefix(name)).map(|v| v.trim().to_owned());
                let event = field("id:").zip(field("data:"));
                self.heard = rest.to_owned();
                if let Some((id, data)) = event {
                    return Some((id.parse().unwrap(), data.split(' ').map(str::to_owned).collect()));
                }
            }
            let chunk = std::future::poll_fn(|context| std::pin::Pin::new(&mut self.stream).poll_next(context));
            let waited = tokio::time::timeout_at(end, chunk).await;
            let chunk = waited.expect("neither an event nor an end within 20 seconds")?.unwrap();
            self.heard.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    /// Waits until all of these topics were told; the number of the last event.
    pub async fn hears(&mut self, topics: &[&str]) -> i64 {
        let mut open: Vec<&str> = topics.to_vec();
        loop {
            let (seq, told) = self.next().await.expect("the stream goes on");
            open.retain(|t| told.iter().all(|w| w != t));
            if open.is_empty() {
                return seq;
            }
        }
    }
}
