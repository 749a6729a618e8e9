//! Routes of the yearly classification: the office of a committee enters the levels of its cells, a cell's
//! bí thư and phó bí thư the numbers of its members. Rules: T1 … T3, XL-06, P-10.

use std::collections::BTreeMap;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use db::Tx;
use domain::code::Code;
use domain::id::OrgId;
use domain::period::judged_on;
use domain::right::Right;
use domain::rulepack::{Library, Ratio, Rules};
use domain::target::{Level, Levels, QUOTA, most_excellent, over_quota};
use domain::vi;
use jiff::civil::Date;
use web::form::Form;
use web::page::{html_with, see};
use web::routes::Routes;

use super::page::{CellLine, CellsPage, ChangeLine, MembersPage, Rule, options};
use super::store::{self, CellLevel, Change, MemberLevels, NewLevel};
use super::view::{class, label, year_of, years};
use crate::actor::{Actor, local};
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::org::reach;
use crate::org::store::{self as orgs, Org};
use crate::shell::{Done, Shell, Under};
use crate::year::strip::cite;

/// Routes of this feature.
pub fn routes() -> Routes<App> {
    let (office, own) = (Right::MemberManage, Right::MeetingLead);
    Routes::new()
        .get("/tc/{org}/xep-loai/{year}", office, cells_page)
        .post("/tc/{org}/xep-loai/{year}", office, save_cells)
        .get("/cb/{org}/xep-loai/{year}", own, members_page)
        .post("/cb/{org}/xep-loai/{year}", own, save_members)
}

/// Lists for many cells are the work of a committee's office.
fn office(actor: &Actor) -> Result<(), Fault> {
    if reach::imports(actor) { Ok(()) } else { Err(Fault::NotFound) }
}

/// What stands for a year below a committee.
struct Standing {
    org: Org,
    cells: Vec<(OrgId, String)>,
    levels: BTreeMap<OrgId, CellLevel>,
    members: BTreeMap<OrgId, MemberLevels>,
    changes: Vec<Change>,
    rules: Rules,
}

impl Standing {
    fn load(tx: &mut Tx, library: &Library, org: OrgId, year: i16, today: Date) -> db::Result<Self> {
        let on = judged_on(year, today);
        let org = orgs::get(tx, org, today)?;
        let cells = store::own_cells(tx, org.id, on)?;
        let ids: Vec<OrgId> = cells.iter().map(|c| c.0).collect();
        let rules = orgs::rules_for(tx, &org, &library.at(on))?;
        let levels = store::levels(tx, &ids, (year, year))?;
        let members = store::members(tx, &ids, (year, year))?;
        Ok(Self {
            levels: levels.into_iter().map(|l| (l.org, l)).collect(),
            members: members.into_iter().map(|m| (m.org, m)).collect(),
            changes: store::changes(tx, &ids, year)?,
            org,
            cells,
            rules,
        })
    }

    fn level(&self, cell: OrgId) -> Option<Level> {
        self.levels.get(&cell).and_then(|l| l.level)
    }

    fn version(&self, cell: OrgId) -> i64 {
        self.levels.get(&cell).map_or(0, |l| l.version)
    }
}

fn quota(rules: &Rules) -> Option<Ratio> {
    rules.ratio(QUOTA)
}

fn quota_rule(rules: &Rules) -> Vec<Rule> {
    rules.figure(QUOTA).map(|f| Rule { text: cite(f) }).into_iter().collect()
}

fn change_lines(changes: &[Change], name: impl Fn(OrgId) -> String) -> Vec<ChangeLine> {
    let line = |c: &Change| {
        let at = local(c.at);
        ChangeLine {
            text: format!("{}{}: {} thay cho {}", name(c.org), c.subject, c.after, c.before),
            when: format!("{}, lý do: {}", vi::date(at.date()), c.reason),
        }
    };
    changes.iter().map(line).collect()
}

fn field(cell: OrgId) -> String {
    format!("muc_{cell}")
}

fn version_field(cell: OrgId) -> String {
    format!("v_{cell}")
}

fn cells_of(actor: &Actor, year: i16, form: Form, standing: Standing, done: &str) -> CellsPage {
    let with = standing.levels.values().filter(|l| l.level.is_some()).count();
    let line = |(cell, name): &(OrgId, String)| CellLine {
        field: field(*cell),
        version_field: version_field(*cell),
        name: name.clone(),
        href: format!("/tc/{cell}/chi-tieu/{year}"),
        members: standing.members.get(cell).map_or_else(|| "Chi bộ chưa ghi".to_owned(), |m| store::words(&m.levels)),
        class: class(standing.level(*cell)),
        stands: label(standing.level(*cell)),
    };
    let name = |org: OrgId| standing.cells.iter().find(|c| c.0 == org).map_or_else(String::new, |c| format!("{}. ", c.1));
    let org = standing.org.id;
    CellsPage {
        shell: Shell::new(actor, &format!("Kết quả xếp loại chi bộ năm {year}"), Under::Org)
            .crumb(format!("/tc/{org}"), standing.org.short_name.clone())
            .wrong(&form)
            .done(done),
        org,
        name: standing.org.name.clone(),
        year,
        years: years(actor.today(), standing.org.born_on),
        cells: standing.cells.iter().map(line).collect(),
        options: options(),
        said: format!("{with}/{} chi bộ đã có kết quả.", standing.cells.len()),
        rules: quota_rule(&standing.rules),
        stands: with > 0,
        changes: change_lines(&standing.changes, name),
        form,
    }
}

async fn cells_page(
    State(app): State<App>,
    actor: Actor,
    Path((org, year)): Path<(OrgId, String)>,
    Query(done): Query<Done>,
) -> Result<Response, Fault> {
    office(&actor)?;
    let year = year_of(&year, actor.today())?;
    let (library, today) = (app.rules.clone(), actor.today());
    let standing = app.db.read(move |tx| Standing::load(tx, &library, org, year, today)).await?;
    let mut form = Form::default();
    for (cell, _) in &standing.cells {
        form.set(&field(*cell), standing.level(*cell).map_or("", Code::code));
        form.set(&version_field(*cell), standing.version(*cell).to_string());
    }
    let document = standing.levels.values().find(|l| l.level.is_some()).map(|l| l.document.clone());
    form.set("van_ban", document.unwrap_or_default());
    Ok(html_with(StatusCode::OK, &cells_of(&actor, year, form, standing, done.words())))
}

/// What is to be saved of a form, with the problems it has against what stands; true when somebody saved first.
fn wanted(form: &mut Form, standing: &Standing) -> (Vec<(OrgId, Option<Level>, NewLevel)>, bool) {
    let document = form.line("van_ban", 200);
    let reason = form.line("ly_do", 500);
    let (mut out, mut crossed, mut corrects) = (Vec::new(), false, false);
    let (mut excellent, mut good, mut open) = (0u32, 0u32, 0u32);
    for (cell, _) in &standing.cells {
        let level: Option<Level> = form.code(&field(*cell));
        match level {
            Some(l) => {
                excellent += u32::from(l == Level::Excellent);
                good += u32::from(l.is_good());
            }
            None => open += 1,
        }
        let before = standing.level(*cell);
        let version = form.int(&version_field(*cell), 0, i64::MAX).unwrap_or(0);
        if level == before {
            continue;
        }
        if version != standing.version(*cell) {
            crossed = true;
            let text = format!("Đồng chí khác vừa ghi “{}”. Lưu lần nữa là lấy kết quả của đồng chí.", label(before));
            form.problem(&field(*cell), text);
            form.set(&version_field(*cell), standing.version(*cell).to_string());
        }
        corrects |= before.is_some();
        let new = NewLevel { level, document: document.clone(), version, reason: reason.clone() };
        out.push((*cell, before, new));
    }
    if !out.is_empty() && document.is_empty() && form.is_fine() {
        form.problem("van_ban", "Hãy ghi văn bản quyết định kết quả, ví dụ Quyết định 12-QĐ/ĐU ngày 15/01/2026.");
    }
    if corrects && reason.is_empty() && form.is_fine() {
        form.problem("ly_do", "Hãy ghi lý do sửa kết quả đã ghi.");
    }
    if let Some(most) = quota(&standing.rules).and_then(|q| over_quota(excellent, good, open, q)) {
        let text = format!(
            "Có {excellent} chi bộ hoàn thành xuất sắc, chỉ được nhiều nhất {most} ({} số hoàn thành tốt trở lên). Hãy sửa lại cho đúng tỷ lệ.",
            standing.rules.figure(QUOTA).map(domain::rulepack::Figure::shown).unwrap_or_default()
        );
        form.problem("", text);
    }
    (out, crossed)
}

async fn save_cells(
    State(app): State<App>,
    actor: Actor,
    Path((org, year)): Path<(OrgId, String)>,
    Sent(form): Sent,
) -> Result<Response, Fault> {
    office(&actor)?;
    let year = year_of(&year, actor.today())?;
    let (library, hands) = (app.rules.clone(), actor.clone());
    let refused = app
        .write(&actor, move |tx| {
            let standing = Standing::load(tx, &library, org, year, hands.today())?;
            let mut form = form.clone();
            let (new, crossed) = wanted(&mut form, &standing);
            if !form.is_fine() {
                return Ok(Some((form, standing, crossed)));
            }
            for (cell, before, level) in &new {
                store::save_level(tx, &hands, *cell, year, *before, level)?;
            }
            Ok(None)
        })
        .await?;
    let Some((form, standing, crossed)) = refused else {
        return Ok(see(&format!("/tc/{org}/xep-loai/{year}?xong=luu")));
    };
    let status = if crossed { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(html_with(status, &cells_of(&actor, year, form, standing, "")))
}

/// What stands for a year in a cell.
struct Own {
    org: Org,
    level: Option<Level>,
    members: Option<MemberLevels>,
    roster: u32,
    changes: Vec<Change>,
    rules: Rules,
}

impl Own {
    fn load(tx: &mut Tx, library: &Library, org: OrgId, year: i16, today: Date) -> db::Result<Self> {
        let on = judged_on(year, today);
        let org = orgs::get(tx, org, today)?;
        let rules = orgs::rules_for(tx, &org, &library.at(on))?;
        let id = [org.id];
        Ok(Self {
            level: store::levels(tx, &id, (year, year))?.first().and_then(|l| l.level),
            members: store::members(tx, &id, (year, year))?.first().copied(),
            roster: store::to_classify(tx, &id, on)?.get(&org.id).copied().unwrap_or(0),
            changes: store::changes(tx, &id, year)?,
            org,
            rules,
        })
    }
}

/// The fields of the numbers, in the order of the form.
const FIELDS: [&str; 5] = ["xuat_sac", "tot", "hoan_thanh", "khong_hoan_thanh", "khong_xep_loai"];

fn shown(levels: &Levels) -> [u32; 5] {
    [levels.excellent, levels.good, levels.done, levels.failed, levels.unreviewed]
}

fn members_of(actor: &Actor, year: i16, form: Form, own: Own, done: &str) -> MembersPage {
    let last = vi::date(judged_on(year, actor.today()));
    let reviewed = own.members.map(|m| m.levels.reviewed());
    let advice = match reviewed {
        Some(n) if n > own.roster => format!(
            "Đã ghi {n} đồng chí được xếp loại, danh sách ngày {last} chỉ có {} đồng chí thuộc diện xếp loại. Hãy xem lại số hoặc danh sách.",
            own.roster
        ),
        _ => String::new(),
    };
    let org = own.org.id;
    MembersPage {
        shell: Shell::new(actor, &format!("Kết quả xếp loại năm {year}"), Under::Year)
            .crumb(format!("/cb/{org}/nam/{year}"), format!("Năm {year}"))
            .wrong(&form)
            .done(done),
        org,
        name: own.org.name.clone(),
        year,
        years: years(actor.today(), own.org.born_on),
        level: label(own.level).to_owned(),
        level_class: class(own.level),
        roster: format!("Danh sách ngày {last} có {} đồng chí thuộc diện xếp loại.", own.roster),
        advice,
        rules: quota_rule(&own.rules),
        stands: own.members.is_some(),
        changes: change_lines(&own.changes, |_| String::new()),
        form,
    }
}

async fn members_page(
    State(app): State<App>,
    actor: Actor,
    Path((org, year)): Path<(OrgId, String)>,
    Query(done): Query<Done>,
) -> Result<Response, Fault> {
    if !actor.standpoint.is_cell {
        return Err(Fault::NotFound);
    }
    let year = year_of(&year, actor.today())?;
    let (library, today) = (app.rules.clone(), actor.today());
    let own = app.db.read(move |tx| Own::load(tx, &library, org, year, today)).await?;
    let mut form = Form::default();
    for (name, n) in FIELDS.iter().zip(own.members.map(|m| shown(&m.levels)).unwrap_or_default()) {
        form.set(name, if own.members.is_some() { n.to_string() } else { String::new() });
    }
    form.set("version", own.members.map_or(0, |m| m.version).to_string());
    Ok(html_with(StatusCode::OK, &members_of(&actor, year, form, own, done.words())))
}

/// The numbers of a form, with the problems they have against what stands; true when somebody saved first.
fn numbers(form: &mut Form, own: &Own) -> (Levels, bool) {
    let mut all = [0u32; 5];
    for (name, n) in FIELDS.iter().zip(&mut all) {
        *n = form.int(name, 0, 9_999).and_then(|n| u32::try_from(n).ok()).unwrap_or(0);
    }
    let [excellent, good, done, failed, unreviewed] = all;
    let levels = Levels { excellent, good, done, failed, unreviewed };
    let reason = form.line("ly_do", 500);
    let version = form.int("version", 0, i64::MAX).unwrap_or(0);
    let stands = own.members.map_or(0, |m| m.version);
    let crossed = version != stands;
    if crossed {
        let words = own.members.map(|m| store::words(&m.levels)).unwrap_or_default();
        form.problem("", format!("Đồng chí khác vừa ghi: {words}. Lưu lần nữa là lấy số của đồng chí."));
        form.set("version", stands.to_string());
    } else if form.is_fine() && levels.all() == 0 {
        form.problem("xuat_sac", "Hãy ghi số đồng chí theo từng mức.");
    }
    if own.members.is_some_and(|m| m.levels != levels) && reason.is_empty() && form.is_fine() {
        form.problem("ly_do", "Hãy ghi lý do sửa số đã ghi.");
    }
    let limit = quota(&own.rules).filter(|q| over_quota(levels.excellent, levels.good_or_above(), 0, *q).is_some());
    if let Some(limit) = limit {
        let text = format!(
            "Có {} đồng chí hoàn thành xuất sắc trên {} đồng chí hoàn thành tốt trở lên, chỉ được nhiều nhất {} ({limit}). Hãy sửa lại cho đúng tỷ lệ.",
            levels.excellent,
            levels.good_or_above(),
            most_excellent(levels.good_or_above(), limit)
        );
        form.problem("xuat_sac", text);
    }
    (levels, crossed)
}

async fn save_members(
    State(app): State<App>,
    actor: Actor,
    Path((org, year)): Path<(OrgId, String)>,
    Sent(form): Sent,
) -> Result<Response, Fault> {
    if !actor.standpoint.is_cell {
        return Err(Fault::NotFound);
    }
    let year = year_of(&year, actor.today())?;
    let (library, hands) = (app.rules.clone(), actor.clone());
    let refused = app
        .write(&actor, move |tx| {
            let own = Own::load(tx, &library, org, year, hands.today())?;
            let mut form = form.clone();
            let (levels, crossed) = numbers(&mut form, &own);
            if !form.is_fine() {
                return Ok(Some((form, own, crossed)));
            }
            if own.members.is_none_or(|m| m.levels != levels) {
                let reason = form.line("ly_do", 500);
                store::save_members(tx, &hands, org, year, own.members.as_ref(), &levels, &reason)?;
            }
            Ok(None)
        })
        .await?;
    let Some((form, own, crossed)) = refused else {
        return Ok(see(&format!("/cb/{org}/xep-loai/{year}?xong=luu")));
    };
    let status = if crossed { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(html_with(status, &members_of(&actor, year, form, own, "")))
}
