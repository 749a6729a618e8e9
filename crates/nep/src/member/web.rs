//! Routes of members: the list with filter, print view and XLSX, a member's file, imports.
//! Touches member, org and account stores. Rules: DD-03, MG-01, P-10 (a person of no stay here is 404).

mod file;
mod import;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use db::Tx;
use documents::xlsx_out::{Cell, Sheet, SheetColumn, xlsx};
use domain::code::Code;
use domain::id::OrgId;
use domain::right::Right;
use domain::roll::Standing;
use domain::vi;
use jiff::civil::Date;
use serde::Deserialize;
use web::form::Form;
use web::page::{XLSX, download, html};
use web::routes::Routes;

use super::page::{Line, List, Print};
use super::store::{self, Member};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::org::store as orgs;
use crate::shell::{Shell, Under, done_words};

/// Routes of this feature.
pub fn routes() -> Routes<App> {
    Routes::new()
        .get("/cb/{org}/dang-vien", Right::MemberManage, list)
        .get("/cb/{org}/dang-vien/in", Right::MemberManage, print)
        .get("/cb/{org}/dang-vien.xlsx", Right::MemberManage, table)
        .get("/cb/{org}/dang-vien/them", Right::MemberManage, file::new_page)
        .post("/cb/{org}/dang-vien/them", Right::MemberManage, file::add)
        .get("/cb/{org}/dang-vien/{person}", Right::MemberManage, file::page)
        .get("/cb/{org}/dang-vien/{person}/sua", Right::MemberManage, file::edit_page)
        .post("/cb/{org}/dang-vien/{person}/sua", Right::MemberManage, file::edit)
        .post("/cb/{org}/dang-vien/{person}/dien", Right::MemberManage, file::standing)
        .post("/cb/{org}/dang-vien/{person}/chuyen", Right::MemberManage, file::transfer)
        .post("/cb/{org}/dang-vien/{person}/roi", Right::MemberManage, file::leave)
        .get("/cb/{org}/dang-vien/nhap", Right::MemberManage, import::cell_upload_page)
        .post("/cb/{org}/dang-vien/nhap", Right::MemberManage, import::cell_upload)
        .get("/cb/{org}/dang-vien/nhap/{id}", Right::MemberManage, import::cell_preview)
        .post("/cb/{org}/dang-vien/nhap/{id}/nhan", Right::MemberManage, import::cell_accept)
        .post("/cb/{org}/dang-vien/nhap/{id}/bo", Right::MemberManage, import::cell_drop)
        .post("/cb/{org}/dang-vien/nhap/{id}/hoan", Right::MemberManage, import::cell_undo)
        .get("/tc/{org}/nhap", Right::MemberManage, import::many_upload_page)
        .post("/tc/{org}/nhap", Right::MemberManage, import::many_upload)
        .get("/tc/{org}/nhap/{id}", Right::MemberManage, import::many_preview)
        .post("/tc/{org}/nhap/{id}/lap", Right::OrgManage, import::many_found)
        .post("/tc/{org}/nhap/{id}/nhan", Right::MemberManage, import::many_accept)
        .post("/tc/{org}/nhap/{id}/bo", Right::MemberManage, import::many_drop)
        .post("/tc/{org}/nhap/{id}/hoan", Right::MemberManage, import::many_undo)
}

/// The filter of the list, in the address.
#[derive(Debug, Clone, Default, Deserialize)]
struct Filter {
    q: Option<String>,
    dien: Option<String>,
    ngay: Option<String>,
    xep: Option<String>,
    xong: Option<String>,
}

impl Filter {
    fn day(&self, today: Date) -> Date {
        self.ngay.as_deref().and_then(|t| vi::parse_date(t).ok()).unwrap_or(today)
    }

    fn standing(&self) -> Option<Standing> {
        self.dien.as_deref().and_then(Standing::from_code)
    }

    fn words(&self) -> String {
        vi::clean_line(self.q.as_deref().unwrap_or_default()).unwrap_or_default().chars().take(100).collect()
    }

    /// The same filter as part of an address.
    fn query(&self) -> String {
        let mut out = String::new();
        let kept = [
            ("q", self.q.as_deref()),
            ("dien", self.dien.as_deref()),
            ("ngay", self.ngay.as_deref()),
            ("xep", self.xep.as_deref()),
        ];
        for (key, value) in kept {
            if let Some(value) = value.filter(|v| !v.is_empty()) {
                out.push(if out.is_empty() { '?' } else { '&' });
                out.push_str(key);
                out.push('=');
                for byte in value.bytes() {
                    if byte.is_ascii_alphanumeric() {
                        out.push(char::from(byte));
                    } else {
                        out.push_str(&format!("%{byte:02X}"));
                    }
                }
            }
        }
        out
    }
}

/// The class that shows a standing; the word always stands beside it.
fn class_of(standing: Standing) -> &'static str {
    match standing {
        Standing::Official => "done",
        Standing::Probationary => "wait",
        Standing::TemporaryHere | Standing::TemporaryAway | Standing::Exempt => "none",
        Standing::Suspended => "late",
    }
}

/// Words short enough for a table.
fn short(standing: Standing) -> &'static str {
    match standing {
        Standing::Exempt => "Được miễn sinh hoạt",
        Standing::TemporaryHere => "Tạm thời tại chi bộ",
        Standing::TemporaryAway => "Tạm thời nơi khác",
        Standing::Suspended => "Đình chỉ sinh hoạt",
        Standing::Official | Standing::Probationary => standing.label(),
    }
}

fn standings() -> Vec<(String, String)> {
    Standing::ALL.iter().map(|s| (s.code().to_owned(), s.label().to_owned())).collect()
}

/// A cell with its members that fit a filter.
struct Roster {
    org: orgs::Org,
    above: String,
    day: Date,
    all: Vec<Member>,
    lines: Vec<Line>,
    leaders: Vec<String>,
}

fn load(tx: &mut Tx, actor: &Actor, org: OrgId, filter: &Filter) -> Result<Roster, Fault> {
    let day = filter.day(actor.today());
    let o = orgs::get(tx, org, day.max(actor.today()))?;
    if !o.is_cell {
        return Err(Fault::NotFound);
    }
    let above = orgs::above(tx, &o, actor.today())?.map(|a| a.name).unwrap_or_default();
    let mut all = store::roster(tx, org, day)?;
    if filter.xep.as_deref() == Some("stt") {
        all.sort_by_key(|m| m.number);
    }
    let held = orgs::posts_on(tx, org, day)?;
    let words = vi::fold(&filter.words());
    let standing = filter.standing();
    // Folding 300 names costs more than reading them: only when somebody searches.
    let named = |m: &Member| words.is_empty() || vi::fold(&m.name).contains(&words);
    let fits = |m: &&Member| standing.is_none_or(|s| s == m.standing) && named(m);
    let posts = |m: &Member| {
        let roles: Vec<&str> = held.iter().filter(|h| h.person == m.person).map(|h| h.role.label_in(true)).collect();
        roles.join(", ")
    };
    let lines = all
        .iter()
        .filter(fits)
        .map(|m| Line {
            person: m.person,
            number: m.number,
            name: m.name.clone(),
            born: m.birth_year.map_or_else(|| "–".to_owned(), |y| y.to_string()),
            standing: short(m.standing),
            class: class_of(m.standing),
            since: vi::date(m.from),
            posts: posts(m),
        })
        .collect();
    let leaders = held.iter().filter(|h| h.role.is_leader()).map(|h| format!("{}: {}", h.role.label_in(true), h.name)).collect();
    Ok(Roster { org: o, above, day, all, lines, leaders })
}

async fn list(
    State(app): State<App>,
    actor: Actor,
    Path(org): Path<OrgId>,
    Query(filter): Query<Filter>,
) -> Result<Response, Fault> {
    let asked = filter.clone();
    let hands = actor.clone();
    let found = app.db.read(move |tx| load(tx, &hands, org, &asked)).await?;
    let text = |v: &Option<String>| v.clone().unwrap_or_default();
    let mut counts: Vec<(&'static str, usize)> = vec![("Tổng số", found.all.len())];
    for standing in Standing::ALL {
        let n = found.all.iter().filter(|m| m.standing == *standing).count();
        if n > 0 {
            counts.push((short(*standing), n));
        }
    }
    let shell = Shell::new(&actor, "Đảng viên", Under::Members).done(done_words(filter.xong.as_deref()));
    Ok(html(&List {
        shell,
        org,
        name: found.org.name,
        form: Form::from_pairs([("q", filter.words()), ("dien", text(&filter.dien)), ("ngay", text(&filter.ngay))]),
        standings: standings(),
        counts,
        lines: found.lines,
        all: found.all.len(),
        query: filter.query(),
        day: vi::date(found.day),
        today: found.day == actor.today(),
        leaders: found.leaders,
        accounts: actor.may(Right::AccountManage),
        by_number: filter.xep.as_deref() == Some("stt"),
    }))
}

async fn print(
    State(app): State<App>,
    actor: Actor,
    Path(org): Path<OrgId>,
    Query(filter): Query<Filter>,
) -> Result<Response, Fault> {
    let hands = actor.clone();
    let found = app.db.read(move |tx| load(tx, &hands, org, &filter)).await?;
    let shell = Shell::new(&actor, "Danh sách đảng viên", Under::Members);
    let day = vi::date(found.day);
    Ok(html(&Print { shell, org, name: found.org.name, above: found.above, lines: found.lines, day }))
}

async fn table(
    State(app): State<App>,
    actor: Actor,
    Path(org): Path<OrgId>,
    Query(filter): Query<Filter>,
) -> Result<Response, Fault> {
    let found = app.db.read(move |tx| load(tx, &actor, org, &filter)).await?;
    let column = |title: &str, width: f64| SheetColumn { title: title.to_owned(), width };
    let text = |t: &str| Cell::Text(t.to_owned());
    let row = |l: &Line| {
        let member = found.all.iter().find(|m| m.person == l.person);
        vec![
            Cell::Int(l.number),
            text(&l.name),
            member.and_then(|m| m.birth_year).map_or_else(|| text(""), Cell::Int),
            text(l.standing),
            member.map_or_else(|| text(""), |m| Cell::Date(m.from)),
            member.and_then(|m| m.official_on).map_or_else(|| text(""), Cell::Date),
            text(&l.posts),
        ]
    };
    let sheet = Sheet {
        name: "Đảng viên".to_owned(),
        columns: vec![
            column("STT", 6.0),
            column("Họ và tên", 28.0),
            column("Năm sinh", 10.0),
            column("Diện", 24.0),
            column("Từ ngày", 13.0),
            column("Ngày chính thức", 16.0),
            column("Chức vụ", 22.0),
        ],
        rows: found.lines.iter().map(row).collect(),
    };
    let bytes = xlsx(&[sheet]).map_err(|e| Fault::Document(e.to_string()))?;
    let name = format!("Đảng viên {} {}.xlsx", found.org.short_name, found.day);
    Ok(download(bytes, XLSX, &name))
}
