//! The world the guards walk in: a committee with two cells, another tree beside it, one object
//! of every kind in each cell, and a person for every role with a session already open.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use db::testkit::{self, Fresh};
use db::{Db, Engine, Tx, values};
use domain::agenda::{Part, Step};
use domain::code::Code;
use domain::delivery::Channel;
use domain::id::{FileId, ItemId, MeetingId, OrgId, PersonId, ResolutionId, RowId, TaskId};
use domain::meeting::{MeetingKind, MeetingState};
use domain::minutes::SectionKey;
use domain::post::Role;
use domain::reminder::{About, Kind, Line};
use domain::resolution::{ResolutionState, TaskDraft};
use domain::roll::{Mark, Standing};
use domain::vote::{Count, Subject, Threshold, VoteMethod};
use jiff::civil::date;
use nep::account::store::{self as accounts, NewSession};
use nep::actor::{Actor, Ids, SetClock, moment};
use nep::app::{App, router};
use nep::fault::Fault;
use nep::live::room::store as room;
use nep::live::store::{self as live, NewVote};
use nep::live::vote::store::{self as ballots, NewBallot};
use nep::meeting::store::files::{self, NewFile};
use nep::meeting::store::{self as meetings, Item, Moment, NewMeeting, dossier};
use nep::member::store::{self as members, NewPerson};
use nep::message::store as messages;
use nep::minutes::store::{self as minutes, NewText};
use nep::minutes::{draft, seal};
use nep::notice::store::opinions::{self, OpinionState, Written};
use nep::notice::store::replies::{self, Answer};
use nep::notice::store::{self as notices, NewNotice, Told, calendar};
use nep::org::store::{self as orgs, NewOrg};
use nep::reorg::kept::{Entry, What};
use nep::reorg::listed::Kept;
use nep::reorg::store::{self as programmes, Programme};
use nep::resolution::store::{self as resolutions, Text};
use nep::schema::migrations;
use nep::task::store as tasks;
use web::random::digest;

use crate::about::{about_member, shelf};
use crate::client::Client;
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
        out.extend(cell_content(tx, &hands, spot, org, lead)?);
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

fn entry(spot: Spot, label: &str, appointed: bool, of_committee: bool, params: Params) -> serde_json::Value {
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
fn org_params(tx: &mut Tx, org: OrgId, person: PersonId) -> Result<Params, Fault> {
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

const STATES: &[(&str, MeetingKind, MeetingState)] = &[
    ("draft", MeetingKind::Regular, MeetingState::Draft),
    ("noticed", MeetingKind::Thematic, MeetingState::Noticed),
    ("open", MeetingKind::Regular, MeetingState::Open),
    ("closed", MeetingKind::Regular, MeetingState::Closed),
    ("adopted", MeetingKind::Regular, MeetingState::Adopted),
    ("sealed", MeetingKind::Regular, MeetingState::Sealed),
    ("cancelled", MeetingKind::Extraordinary, MeetingState::Cancelled),
    ("committee", MeetingKind::Committee, MeetingState::Open),
    ("unappointed", MeetingKind::Other, MeetingState::Open),
];

/// A meeting in every state with everything that can hang on one; `lead` is the secretary, a
/// member, and who is appointed to write the minutes.
pub fn cell_content(
    tx: &mut Tx,
    actor: &Actor,
    spot: Spot,
    org: OrgId,
    lead: [PersonId; 3],
) -> Result<Vec<serde_json::Value>, Fault> {
    let mut base = org_params(tx, org, lead[1])?;
    shelf(tx, actor, org, &format!("Bài đang soạn {}", spot.mark()), &mut base)?;
    let mut out = Vec::new();
    for (n, (label, kind, state)) in (1i8..).zip(STATES) {
        let starts_at = date(2026, 11, 10 + n).at(14, 0, 0, 0);
        let appointed = *label != "unappointed";
        let new = NewMeeting {
            kind: *kind,
            title: format!("{} lần {n}", kind.label()),
            starts_at,
            ends_at: starts_at.date().at(16, 30, 0, 0),
            place: "Phòng họp tầng 2".to_owned(),
            chair: Some(lead[0]),
            secretary: appointed.then_some(lead[2]),
            topic: (*kind == MeetingKind::Thematic).then(|| "Học tập và làm theo".to_owned()),
            periods: meetings::periods_of(*kind, starts_at.date()),
        };
        let id = meetings::create(tx, actor, org, &new)?;
        let mut params = base.clone();
        put(&mut params, &["meeting"], id);
        fill(tx, actor, spot, org, id, lead, &mut params)?;
        advance(tx, actor, spot, org, id, *state, &mut params)?;
        if *state == MeetingState::Open {
            ballot(tx, actor, spot, org, id, (*kind, lead), &mut params)?;
        }
        about_member(tx, actor, org, lead[1], &mut params)?;
        out.push(entry(spot, label, appointed, *kind == MeetingKind::Committee, params));
    }
    Ok(out)
}

fn fill(
    tx: &mut Tx,
    actor: &Actor,
    spot: Spot,
    org: OrgId,
    meeting: MeetingId,
    lead: [PersonId; 3],
    params: &mut Params,
) -> Result<(), Fault> {
    let item = agenda(tx, actor, spot, org, meeting, lead[1])?;
    put(params, &["item"], item);
    put(params, &["section"], SectionKey::Conclusion.code());
    papers(tx, actor, spot, org, meeting, item, lead, params)?;
    resolution(tx, actor, spot, org, meeting, lead, params)?;
    Ok(())
}

fn agenda(tx: &mut Tx, actor: &Actor, spot: Spot, org: OrgId, meeting: MeetingId, who: PersonId) -> Result<ItemId, Fault> {
    let mut item = Item {
        id: ItemId::new(0),
        position: 0,
        step: Step::Report,
        part: Part::Content,
        title: "Báo cáo tháng".to_owned(),
        presenter: Some(who),
        minutes: 20,
        points: format!("Gợi ý thảo luận {}", spot.agenda_mark()),
        information: format!("Thông tin {}", spot.agenda_mark()),
        conclusion: String::new(),
        secret: false,
        paper_ref: None,
        postponed: false,
        version: 1,
    };
    let id = meetings::add_item(tx, actor, org, meeting, &item)?;
    item.step = Step::Other;
    item.title = String::new();
    item.points = String::new();
    item.information = String::new();
    item.secret = true;
    item.paper_ref = Some("Sổ mật trang 12".to_owned());
    meetings::add_item(tx, actor, org, meeting, &item)?;
    Ok(id)
}

/// Files, notice, answers, opinions, guests and minutes of a meeting.
fn papers(
    tx: &mut Tx,
    actor: &Actor,
    spot: Spot,
    org: OrgId,
    meeting: MeetingId,
    item: ItemId,
    lead: [PersonId; 3],
    params: &mut Params,
) -> Result<(), Fault> {
    let body = format!("tệp của {}", spot.agenda_mark()).into_bytes();
    let new = NewFile { name: "bao-cao.txt".to_owned(), media_type: "text/plain", bytes: body };
    put(params, &["file"], files::add(tx, actor, org, meeting, item, &new)?);
    let library = domain::rulepack::shipped().unwrap();
    let dossier = dossier::load(tx, &library, org, meeting, actor.today())?;
    let notice = NewNotice {
        body: "Thông báo sinh hoạt".to_owned(),
        lead_minutes: 4320,
        change_note: None,
        told: Told::of(&dossier.notice_facts()),
        recipients: dossier.recipients.clone(),
    };
    put(params, &["notice"], notices::send(tx, actor, org, meeting, &notice)?);
    let member = actor.at(lead[1], org, actor.now);
    let why = format!("Đi khám bệnh {REASON}");
    replies::answer(tx, &member, org, meeting, Answer::Away, Some(("work", &why)))?;
    for (state, text) in [(OpinionState::Sent, SENT), (OpinionState::Draft, UNSENT)] {
        let body = format!("Ý kiến {text}");
        let new = Written { id: None, version: 0, item: Some(item), body, state, wants_floor: true };
        put(params, &["opinion"], opinions::save(tx, &member, org, meeting, &new)?);
    }
    let guest = live::add_guest(tx, actor, org, meeting, "Nguyễn Văn Khách", "Đại biểu")?;
    put(params, &["guest"], guest);
    let said = live::add_contribution(tx, actor, org, meeting, item, lead[1], None, &format!("Phát biểu {}", spot.mark()))?;
    put(params, &["contribution"], said);
    Ok(())
}

fn resolution(
    tx: &mut Tx,
    actor: &Actor,
    spot: Spot,
    org: OrgId,
    meeting: MeetingId,
    lead: [PersonId; 3],
    params: &mut Params,
) -> Result<(), Fault> {
    let words = |head: &str| format!("{head} {}", spot.mark());
    let text = Text {
        title: "nhiệm vụ tháng 12".to_owned(),
        assessment: words("Đánh giá"),
        direction: words("Phương hướng"),
        organising: words("Tổ chức thực hiện"),
    };
    let id = resolutions::create(tx, actor, org, meeting, &text)?;
    put(params, &["resolution"], id);
    let draft = TaskDraft {
        content: words("Rà soát hồ sơ"),
        requirement: words("Đủ, đúng"),
        measure: words("Họp nhóm"),
        deadline: Some(date(2026, 12, 10)),
        doer: Some(lead[1]),
        checker: Some(lead[0]),
        urger: Some(lead[2]),
    };
    let task = tasks::add(tx, actor, org, id, meeting, &draft)?;
    put(params, &["task"], task);
    let file: FileId = actor.id();
    tx.exec(
        "insert into file (org_id, file_id, task_id, name, media_type, size, sha256, confirmed_by, added_at)
         select org_id, $3, $4, 'minh-chung.txt', media_type, size, sha256, confirmed_by, added_at
         from file where org_id = $1 and file_id = $2",
        values![org, FileId::new(params["file"].parse().unwrap()), file, task],
    )?;
    put(params, &["evidence"], file);
    Ok(())
}

/// Walks a meeting to a state the way the features do, with roll, vote and seal on the way.
fn advance(
    tx: &mut Tx,
    actor: &Actor,
    spot: Spot,
    org: OrgId,
    id: MeetingId,
    goal: MeetingState,
    params: &mut Params,
) -> Result<(), Fault> {
    let order = [MeetingState::Noticed, MeetingState::Open, MeetingState::Closed, MeetingState::Adopted, MeetingState::Sealed];
    put(params, &["vote", "ballot"], 0);
    put(params, &["issued", "aside"], 0);
    if goal == MeetingState::Cancelled {
        let m = meetings::get(tx, org, id)?;
        let why = Moment { reason: Some("Trùng lịch".to_owned()), ..Moment::default() };
        meetings::save_state(tx, actor, &m, goal, &why)?;
    }
    let Some(last) = order.iter().position(|s| *s == goal) else {
        return Ok(());
    };
    let at = meetings::get(tx, org, id)?.starts_at;
    for state in &order[..=last] {
        let mut change = Moment::default();
        match state {
            MeetingState::Noticed => change.noticed_at = Some(actor.now),
            MeetingState::Open => change.opened_at = Some(at),
            MeetingState::Closed => change.closed_at = Some(at.date().at(16, 0, 0, 0)),
            MeetingState::Adopted => {
                seal::adopt_now(tx, actor, org, id, None)?;
                continue;
            }
            _ => {
                let library = domain::rulepack::shipped().unwrap();
                put(params, &["issued"], seal::seal_now(tx, actor, org, id, &library)?);
                continue;
            }
        }
        let m = meetings::get(tx, org, id)?;
        meetings::save_state(tx, actor, &m, *state, &change)?;
        if *state == MeetingState::Open {
            open(tx, actor, spot, org, id, at, params)?;
        }
    }
    Ok(())
}

/// A vote that is being taken: by name on everybody's device, or on paper with two tellers.
fn ballot(
    tx: &mut Tx,
    actor: &Actor,
    spot: Spot,
    org: OrgId,
    id: MeetingId,
    (kind, lead): (MeetingKind, [PersonId; 3]),
    params: &mut Params,
) -> Result<(), Fault> {
    let lines: Vec<_> = live::roll(tx, org, id)?.iter().map(live::Line::facts).collect();
    let seats = domain::ballot::seats(&lines);
    let method = if kind == MeetingKind::Regular { VoteMethod::Electronic } else { VoteMethod::Paper };
    let new = NewBallot {
        item: None,
        resolution: None,
        subject: Subject::Other,
        question: format!("Kế hoạch quý I {}", spot.mark()),
        threshold: Threshold::from_word("majority").unwrap(),
        method,
        names: Vec::new(),
        electorate: domain::ballot::electorate(&seats),
        seats,
    };
    let which = ballots::open(tx, actor, org, id, &new)?;
    put(params, &["ballot"], which);
    if method == VoteMethod::Paper {
        let opened = ballots::get(tx, org, id, which)?;
        let mut tellers = vec![(lead[1], "Đồng chí một".to_owned()), (lead[0], "Đồng chí hai".to_owned())];
        tellers.dedup_by_key(|t| t.0);
        ballots::appoint(tx, actor, org, &opened, &tellers)?;
    }
    Ok(())
}

/// The day's message of a person, which could not be delivered.
fn message(tx: &mut Tx, actor: &Actor, org: OrgId, person: PersonId, task: TaskId) -> Result<(), Fault> {
    let line = Line { kind: Kind::Due, org, about: About::Task(task) };
    if let Some(message) = messages::keep(tx, actor, actor.today(), (person, org), &[line])? {
        messages::delivery::add(tx, actor, message, person, Channel::Webhook)?;
        let sql = "update delivery set state = 'dead', tries = 7, why = 'refused' where message_id = $1";
        tx.exec(sql, values![message])?;
    }
    Ok(())
}

fn open(
    tx: &mut Tx,
    actor: &Actor,
    spot: Spot,
    org: OrgId,
    id: MeetingId,
    at: jiff::civil::DateTime,
    params: &mut Params,
) -> Result<(), Fault> {
    live::freeze(tx, org, id, at)?;
    for line in live::roll(tx, org, id)? {
        if line.mark.is_none() {
            live::mark(tx, org, id, line.person, Some(Mark::Present), None, at)?;
        }
    }
    let (item, member) = (ItemId::new(params["item"].parse().unwrap()), PersonId::new(params["member"].parse().unwrap()));
    room::take_up(tx, actor, org, id, Some(item))?;
    room::ask(tx, actor, org, id, item, member, None)?;
    let resolution = ResolutionId::new(params["resolution"].parse().unwrap());
    let yes = live::roll(tx, org, id)?.iter().filter(|l| l.official && l.mark == Some(Mark::Present)).count();
    let new = NewVote {
        item: None,
        resolution: Some(resolution),
        subject: Subject::Resolution,
        threshold: Threshold::from_word("majority").unwrap(),
        question: "Thông qua nghị quyết".to_owned(),
        count: Count { yes: u32::try_from(yes).unwrap(), no: 0, other: 0 },
        reserved: String::new(),
    };
    let vote = live::add_vote(tx, actor, org, id, &new)?;
    put(params, &["vote"], vote);
    let before = resolutions::get(tx, org, resolution)?;
    resolutions::save_state(tx, actor, &before, ResolutionState::Adopted, Some(vote), None)?;
    tasks::put_in_force(tx, actor, org, resolution, true)?;
    message(tx, actor, org, member, TaskId::new(params["task"].parse().unwrap()))?;
    draft::begin(tx, actor, org, id)?;
    tx.exec(
        "update minutes_section set body = $3 where org_id = $1 and meeting_id = $2 and section = $4",
        values![org, id, format!("Kết luận {}", spot.mark()), SectionKey::Conclusion.code()],
    )?;
    minutes::marks::add(tx, actor, org, id, SectionKey::Conclusion, &format!("Chỗ cần sửa {}", spot.mark()))?;
    let said = RowId::new(params["contribution"].parse().unwrap());
    let words = live::contributions(tx, org, id)?.into_iter().find(|c| c.id == said).map(|c| c.summary).unwrap();
    minutes::words::say(tx, actor, org, id, said, (false, &format!("Đề nghị sửa {}", spot.mark()), &words))?;
    // A draft from new facts: words of a person that wait to be joined would hold up the adopting.
    let text = NewText { body: spot.mark(), by: minutes::NOBODY, save_key: None };
    put(params, &["aside"], minutes::set_aside(tx, actor, org, id, SectionKey::Conclusion, 1, &text)?);
    Ok(())
}
