//! The world the guards walk in: a committee with two cells, another tree beside it, one object
//! of every kind in each cell, and a person for every role with a session already open.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use db::testkit::{self, Fresh};
use db::{Db, Engine, Tx};
use domain::id::{OrgId, PersonId, RowId};
use domain::post::Role;
use domain::roll::Standing;
use jiff::civil::date;
use nep::account::store::{self as accounts, NewSession};
use nep::actor::{Actor, Ids, SetClock, moment};
use nep::app::{App, router};
use nep::fault::Fault;
use nep::member::store::{self as members, NewPerson};
use nep::notice::store::calendar;
use nep::org::store::{self as orgs, NewOrg};
use nep::reorg::kept::{Entry, What};
use nep::reorg::listed::Kept;
use nep::reorg::store::{self as programmes, Programme};
use nep::schema::migrations;
use web::random::digest;

use crate::client::Client;
use crate::meetings::held;
use crate::opened;
use crate::sent;

/// The organisations, as the permission table names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spot {
    /// The cell most roles belong to.
    Cell,
    /// The cell beside it.
    Sibling,
    /// The committee above both.
    Committee,
    /// A committee of another tree.
    OtherCommittee,
    /// A cell of that tree.
    OtherCell,
}

/// All of them.
pub const SPOTS: [Spot; 5] = [Spot::Cell, Spot::Sibling, Spot::Committee, Spot::OtherCommittee, Spot::OtherCell];

impl Spot {
    /// Word in the content of everything that belongs to this organisation: nobody outside may read it.
    pub fn mark(self) -> &'static str {
        match self {
            Self::Cell => "dauhieucuanha",
            Self::Sibling => "dauhieubencanh",
            Self::Committee => "dauhieucaptren",
            Self::OtherCommittee => "dauhieucaplakhac",
            Self::OtherCell => "dauhieunoikhac",
        }
    }

    /// Word in its agendas and their files, which go out with the notice.
    pub fn agenda_mark(self) -> String {
        format!("chuongtrinh{}", self.word().replace('_', ""))
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::Cell => "cell",
            Self::Sibling => "sibling",
            Self::Committee => "committee",
            Self::OtherCommittee => "other_committee",
            Self::OtherCell => "other_cell",
        }
    }

    /// Whether members belong to it directly.
    pub fn is_cell(self) -> bool {
        !matches!(self, Self::Committee | Self::OtherCommittee)
    }
}

/// Text of an opinion its author has not sent: only they may read it.
pub const UNSENT: &str = "ykienchuagui";
/// Text of an opinion sent to who leads and writes the minutes; other members do not read it.
pub const SENT: &str = "ykiendagui";
/// Why a member asks to be absent, for who decides on it.
pub const REASON: &str = "lydovangmat";
/// When it is.
pub const MOMENT: jiff::civil::DateTime = jiff::civil::DateTime::constant(2026, 11, 22, 9, 0, 0, 0);

/// Values of path parameters that belong together.
#[derive(Debug, Clone)]
pub struct Bundle {
    /// Whose they are.
    pub spot: Spot,
    /// Where the meeting stands; empty for an organisation without meetings.
    pub label: String,
    /// Whether `minutes_secretary` is the appointed secretary of the meeting.
    pub appointed: bool,
    /// Whether it is a meeting of the cell's committee.
    pub of_committee: bool,
    /// Parameter → value.
    pub params: BTreeMap<String, String>,
}

/// A server over a database of its own.
pub struct World {
    /// What the server holds.
    pub app: App,
    /// The service.
    pub router: Router,
    /// Objects of every organisation.
    pub bundles: Vec<Bundle>,
    _fresh: Fresh,
}

/// Roles with a session, in the order of the permission table.
pub const ROLES: &[&str] = &[
    "member",
    "probationary",
    "exempt",
    "temporary",
    "suspended",
    "suspended_lead",
    "former",
    "sibling_member",
    "sibling_secretary",
    "secretary",
    "deputy",
    "committee_member",
    "minutes_secretary",
    "follower",
    "upper_follower",
    "upper_secretary",
    "upper_member",
    "upper_clerk",
    "other_secretary",
    "other_cell_secretary",
    "admin",
];

impl World {
    /// A fresh world on an engine; `None` when no PostgreSQL is named.
    pub fn on(engine: Engine) -> Option<Self> {
        let steps = migrations(Engine::Sqlite);
        let print = testkit::fingerprint(steps.iter().map(|m| m.sql).chain([
            include_str!("world.rs"),
            include_str!("about.rs"),
            include_str!("opened.rs"),
            build_mark(),
        ]));
        let fresh = testkit::copy_of(engine, &format!("guard_{print}"), |db| {
            db.migrate(&migrations(db.engine())).unwrap();
            let actor = Actor::system(moment(date(2020, 1, 1).at(8, 0, 0, 0)), Arc::new(Ids::new(7)));
            db.write_now(move |tx| settle(tx, &actor)).unwrap();
            upload_lists(db);
        })?;
        let app = app_on(&fresh);
        let json = app.db.read_now(|tx| accounts::setting(tx, "guard_world")).unwrap().unwrap();
        let router = router(app.clone());
        Some(Self { app, router, bundles: read_bundles(&json), _fresh: fresh })
    }

    /// The browser of a role; `nobody` has no session.
    pub fn client(&self, role: &str) -> Client {
        if role == "nobody" {
            return Client::new(&self.router, role);
        }
        Client::holding(&self.router, role, &token_of(role), &key_of(role))
    }

    /// Parameters of an organisation, first those of a meeting in preparation.
    pub fn of(&self, spot: Spot) -> impl Iterator<Item = &Bundle> {
        self.bundles.iter().filter(move |b| b.spot == spot)
    }

    /// Its organisation id.
    pub fn org(&self, spot: Spot) -> String {
        self.of(spot).next().unwrap().params["org"].clone()
    }
}

fn app_on(db: &Db) -> App {
    let mut app = nep::cli::app(db.clone(), "http://nep.test", false).unwrap();
    app.clock = Arc::new(SetClock::new(moment(MOMENT)));
    app.ids = Arc::new(Ids::new(11));
    app
}

/// An import that waits in every organisation: uploaded as a person would, so that its plan is real.
fn upload_lists(db: &Db) {
    let mut app = app_on(db);
    // The app of a test counts its ids from the same moment: they must not be those of the lists.
    app.ids = Arc::new(Ids::new(500_000));
    let json = db.read_now(|tx| accounts::setting(tx, "guard_world")).unwrap().unwrap();
    let mut value: serde_json::Value = serde_json::from_str(&json).unwrap();
    let router = router(app);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut ids: BTreeMap<String, String> = BTreeMap::new();
    for entry in value.as_array_mut().unwrap() {
        let spot = entry["spot"].as_str().unwrap().to_owned();
        let org = entry["params"]["org"].as_str().unwrap().to_owned();
        let id = ids.entry(spot.clone()).or_insert_with(|| runtime.block_on(upload(&router, &spot, &org))).clone();
        for name in ["import", "id"] {
            entry["params"][name] = serde_json::Value::String(id.clone());
        }
    }
    let json = value.to_string();
    db.write_now(move |tx| accounts::set_setting(tx, "guard_world", &json)).unwrap();
}

async fn upload(router: &Router, spot: &str, org: &str) -> String {
    let (role, path) = match spot {
        "cell" => ("secretary", format!("/cb/{org}/dang-vien/nhap")),
        "sibling" => ("sibling_secretary", format!("/cb/{org}/dang-vien/nhap")),
        "other_cell" => ("other_cell_secretary", format!("/cb/{org}/dang-vien/nhap")),
        "committee" => ("upper_secretary", format!("/tc/{org}/nhap")),
        _ => ("other_secretary", format!("/tc/{org}/nhap")),
    };
    let client = Client::holding(router, role, &token_of(role), &key_of(role));
    let cell = if spot.contains("other") { "Chi bộ Khoa Nội" } else { "Chi bộ Văn phòng" };
    // Lists for many cells name one that is not there yet, so that it can be founded with the import.
    let more = if spot.contains("committee") { "Nguyễn Thị Lập,1991,Chi bộ Chưa Lập\n" } else { "" };
    let list = format!("Họ và tên,Năm sinh,Chi bộ\nNguyễn Văn Mới {spot},1990,{cell}\n{more}");
    let answer = client.upload(&path, "tep", "danh-sach.csv", list.as_bytes()).await;
    let id = answer.to().rsplit('/').next().unwrap_or_default().split('?').next().unwrap_or_default().to_owned();
    assert!(id.parse::<i64>().is_ok(), "{role} uploads a list to {path}: {} {}", answer.status, answer.text());
    id
}

/// Changes with every build of this test, so that no stale template is taken for the present code.
fn build_mark() -> &'static str {
    static MARK: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| {
        let exe = std::env::current_exe().and_then(std::fs::metadata);
        exe.map(|m| format!("{} {:?}", m.len(), m.modified())).unwrap_or_default()
    });
    &MARK
}

fn token_of(role: &str) -> String {
    format!("token-of-{role}")
}

fn key_of(role: &str) -> String {
    format!("key-of-{role}")
}

fn read_bundles(json: &str) -> Vec<Bundle> {
    let value: serde_json::Value = serde_json::from_str(json).unwrap();
    let text = |v: &serde_json::Value| v.as_str().unwrap().to_owned();
    let bundle = |v: &serde_json::Value| Bundle {
        spot: SPOTS.into_iter().find(|s| s.word() == v["spot"]).unwrap(),
        label: text(&v["label"]),
        appointed: v["appointed"].as_bool().unwrap(),
        of_committee: v["of_committee"].as_bool().unwrap(),
        params: v["params"].as_object().unwrap().iter().map(|(k, v)| (k.clone(), text(v))).collect(),
    };
    value.as_array().unwrap().iter().map(bundle).collect()
}

fn settle(tx: &mut Tx, actor: &Actor) -> Result<(), Fault> {
    let committee = found(tx, actor, None, Spot::Committee, "Đảng bộ Sở Xây dựng", "base")?;
    let cell = found(tx, actor, Some(committee), Spot::Cell, "Chi bộ Văn phòng", "cell_sub")?;
    let sibling = found(tx, actor, Some(committee), Spot::Sibling, "Chi bộ Thanh tra", "cell_sub")?;
    let other = found(tx, actor, None, Spot::OtherCommittee, "Đảng bộ Bệnh viện tỉnh", "base")?;
    let other_cell = found(tx, actor, Some(other), Spot::OtherCell, "Chi bộ Khoa Nội", "cell_sub")?;
    let mut cast = BTreeMap::new();
    for role in ROLES {
        let id = person(tx, actor, role)?;
        cast.insert(*role, id);
    }
    let who = |role: &str| cast[role];
    seat(tx, actor, &who, [committee, cell, sibling, other, other_cell])?;
    let issues = |by: &str, org| actor.at(who(by), org, moment(date(2026, 10, 1).at(8, 0, 0, 0)));
    sent::settle(tx, &issues("upper_clerk", committee), committee, &[cell, sibling])?;
    sent::settle(tx, &issues("other_secretary", other), other, &[other_cell])?;
    let mut out = Vec::new();
    for (spot, org) in [(Spot::Cell, cell), (Spot::Sibling, sibling), (Spot::OtherCell, other_cell)] {
        let lead = match spot {
            Spot::Cell => [who("secretary"), who("member"), who("minutes_secretary")],
            Spot::Sibling => [who("sibling_secretary"), who("sibling_member"), who("sibling_secretary")],
            _ => [who("other_cell_secretary"); 3],
        };
        let hands = actor.at(lead[0], org, moment(date(2026, 10, 1).at(8, 0, 0, 0)));
        out.extend(held(tx, &hands, spot, org, lead)?);
    }
    for (spot, org, person) in
        [(Spot::Committee, committee, who("upper_secretary")), (Spot::OtherCommittee, other, who("other_secretary"))]
    {
        let mut params = org_params(tx, org, person)?;
        put(&mut params, &["programme"], programme(tx, actor, org)?);
        // A committee reads and reviews what its cell sent up.
        let below = if spot == Spot::Committee { Spot::Cell } else { Spot::OtherCell };
        let theirs = out.iter().find(|e| e["spot"] == below.word() && e["label"] == "sealed").unwrap().clone();
        for name in ["source", "entry", "copy", "sent", "enclosed"] {
            put(&mut params, &[name], theirs["params"][name].as_str().unwrap());
        }
        opened::shared(tx, actor, org, &theirs, &mut params)?;
        let shared = params["opening"].clone();
        out.push(entry(spot, "", false, false, params.clone()));
        opened::proposed(tx, actor, (org, who(opened::proposer(spot))), &mut params)?;
        opened::in_cell(&mut out, below, &shared);
        sent::params(tx, org, true, &mut params)?;
        out.push(entry(spot, "issued", false, false, params));
    }
    opened::beside(tx, actor, committee, &mut out)?;
    let json = serde_json::Value::Array(out).to_string();
    accounts::set_setting(tx, "guard_world", &json)?;
    Ok(())
}

/// A programme of changes being prepared: something of every kind that has a page.
fn programme(tx: &mut Tx, actor: &Actor, org: OrgId) -> Result<RowId, Fault> {
    let new: OrgId = actor.id();
    let found = What::Found {
        id: new.raw(),
        kind: "part".to_owned(),
        name: "Đảng bộ bộ phận Quản lý nhà".to_owned(),
        parent: org.raw(),
        posts: Vec::new(),
    };
    let id = programmes::begin(tx, actor, org, "Phương án sắp xếp", &[Entry { n: 1, what: found }])?;
    let draft = programmes::get(tx, org, id)?;
    let draft = Programme { on: Some(date(2026, 12, 1)), document: "Quyết định 1-QĐ/ĐU".to_owned(), ..draft };
    programmes::save(tx, actor, &draft, "programme.edited")?;
    programmes::sheet::keep(tx, actor, org, id, "bang.csv", &Kept::default())?;
    Ok(id)
}

/// Memberships and posts of everybody.
fn seat(
    tx: &mut Tx,
    actor: &Actor,
    who: &impl Fn(&str) -> PersonId,
    [up, cell, sib, other, other_cell]: [OrgId; 5],
) -> Result<(), Fault> {
    let born = date(2020, 1, 1);
    for (role, org, standing) in [
        ("member", cell, Standing::Official),
        ("probationary", cell, Standing::Probationary),
        ("exempt", cell, Standing::Exempt),
        ("temporary", cell, Standing::TemporaryHere),
        ("suspended", cell, Standing::Suspended),
        ("suspended_lead", cell, Standing::Suspended),
        ("former", cell, Standing::Official),
        ("secretary", cell, Standing::Official),
        ("deputy", cell, Standing::Official),
        ("committee_member", cell, Standing::Official),
        ("minutes_secretary", cell, Standing::Official),
        ("sibling_member", sib, Standing::Official),
        ("sibling_secretary", sib, Standing::Official),
        ("other_cell_secretary", other_cell, Standing::Official),
    ] {
        members::join(tx, actor, org, who(role), standing, born, None)?;
    }
    members::leave(tx, actor, cell, who("former"), date(2026, 6, 1))?;
    for (role, org, post) in [
        ("secretary", cell, Role::Secretary),
        ("deputy", cell, Role::Deputy),
        ("committee_member", cell, Role::Committee),
        ("suspended_lead", cell, Role::Committee),
        ("follower", cell, Role::Follower),
        ("upper_follower", cell, Role::Follower),
        ("upper_follower", up, Role::Committee),
        ("sibling_secretary", sib, Role::Secretary),
        ("upper_secretary", up, Role::Secretary),
        ("upper_member", up, Role::Committee),
        ("upper_clerk", up, Role::Clerk),
        ("admin", up, Role::Admin),
        ("other_secretary", other, Role::Secretary),
        ("other_cell_secretary", other_cell, Role::Secretary),
    ] {
        orgs::appoint(tx, actor, org, who(role), post, born, None)?;
    }
    Ok(())
}

fn found(tx: &mut Tx, actor: &Actor, parent: Option<OrgId>, spot: Spot, name: &str, kind: &str) -> Result<OrgId, Fault> {
    let new = NewOrg {
        parent,
        name: name.to_owned(),
        short_name: name.to_owned(),
        kind: kind.to_owned(),
        symbol: if spot.is_cell() { "CB" } else { "ĐU" }.to_owned(),
        is_cell: spot.is_cell(),
        place: "Hà Tĩnh".to_owned(),
        cell_type: None,
        born_on: date(2020, 1, 1),
        document: None,
    };
    let org = orgs::found(tx, actor, &new)?;
    orgs::open_term(tx, actor, org, "2025-2030", date(2025, 1, 1))?;
    Ok(org)
}

/// A person with an account and an open session; the password hash is no hash, so nobody can sign in with it.
fn person(tx: &mut Tx, actor: &Actor, role: &str) -> Result<PersonId, Fault> {
    let name = format!("Đồng chí {}", role.replace('_', " "));
    let new = NewPerson { name: name.clone(), birth_year: Some(1980), ..NewPerson::default() };
    let id = members::add_person(tx, actor, &new)?;
    // The link holds a secret of which only the digest is kept.
    calendar::set_link(tx, id, Some(&digest(&digest(&name))))?;
    let account = accounts::set_password(tx, actor, id, &name, "$none")?;
    let session = NewSession { token_hash: digest(&token_of(role)), csrf: key_of(role), device: digest("device"), shared: false };
    accounts::start_session(tx, &account, &session, moment(MOMENT))?;
    Ok(id)
}

/// Parameter → value.
pub type Params = BTreeMap<String, String>;

/// An object of the world with the parameters of its routes.
pub fn entry(spot: Spot, label: &str, appointed: bool, of_committee: bool, params: Params) -> serde_json::Value {
    serde_json::json!({
        "spot": spot.word(), "label": label, "appointed": appointed, "of_committee": of_committee, "params": params
    })
}

/// Puts a value under every name a route may give it.
pub fn put(params: &mut Params, names: &[&str], value: impl ToString) {
    for name in names {
        params.insert((*name).to_owned(), value.to_string());
    }
}

/// What every organisation has, under every name a route may give it.
pub fn org_params(tx: &mut Tx, org: OrgId, person: PersonId) -> Result<Params, Fault> {
    let mut p = Params::new();
    put(&mut p, &["org"], org);
    put(&mut p, &["person", "member"], person);
    put(&mut p, &["year"], 2026);
    put(&mut p, &["period"], "2026-tk-11");
    // Words of closed sets: a kind of file, a way to rearrange the tree, a figure of the rule packs.
    put(&mut p, &["dang"], "docx");
    put(&mut p, &["viec"], "lap");
    put(&mut p, &["so"], "meeting.post_docs_before_days");
    put(&mut p, &["vai"], "bi-thu");
    put(&mut p, &["muc"], "T5");
    let posts = orgs::posts_on(tx, org, date(2026, 11, 1))?;
    // A cell may end the posts of its committee members itself, no others.
    let post = posts.iter().find(|h| h.role == Role::Committee).or(posts.first()).map_or(0, |h| h.id.raw());
    put(&mut p, &["post"], post);
    let term = orgs::term_on(tx, org, date(2026, 11, 1))?.map_or(0, |t| t.0.raw());
    put(&mut p, &["term"], term);
    let login = accounts::of_person(tx, person)?;
    put(&mut p, &["account"], login.map_or(0, |a| a.id.raw()));
    put(&mut p, &["case", "objection", "note", "concern", "topic", "programme", "draft", "enclosure", "use"], 0);
    put(&mut p, &["opening", "record"], 0);
    sent::params(tx, org, false, &mut p)?;
    let name = members::name(tx, person)?;
    put(&mut p, &["link"], format!("{}.ics", digest(&name)));
    Ok(p)
}
