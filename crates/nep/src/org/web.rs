//! Routes of organisations: reading for whoever sees figures, arranging for whoever manages the structure;
//! what a cell arranges itself (place, term, chi ủy viên) stands under /cb/. Rules: L10, P-10.

mod manage;
mod reform;
mod rules;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use db::Tx;
use domain::id::OrgId;
use domain::post::Role;
use domain::refusal::Advice;
use domain::right::Right;
use domain::rulepack::{Library, Rules};
use domain::vi;
use jiff::civil::Date;
use web::page::html;
use web::routes::Routes;

use super::page::{ChildLine, OrgPage, Past, PostLine};
use super::reach;
use super::store::{self, Held, Org, history};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::member::store as members;
use crate::posts::view as posts;
use crate::shell::{Done, Shell, Under};

/// Routes of this feature.
pub fn routes() -> Routes<App> {
    Routes::new()
        .get("/tc/{org}", Right::CellStats, organisation)
        .get("/tc/{org}/quan-ly", Right::OrgManage, manage::above_page)
        .post("/tc/{org}/thong-tin", Right::OrgManage, manage::above_particulars)
        .post("/tc/{org}/nhiem-ky", Right::OrgManage, manage::above_term)
        .get("/tc/{org}/chuc-vu", Right::OrgManage, manage::above_appoint_page)
        .post("/tc/{org}/chuc-vu", Right::OrgManage, manage::above_appoint)
        .post("/tc/{org}/chuc-vu/{post}/thoi", Right::OrgManage, manage::above_end)
        .get("/tc/{org}/sap-xep/{viec}", Right::OrgManage, reform::page)
        .post("/tc/{org}/sap-xep/{viec}", Right::OrgManage, reform::act)
        .get("/tc/{org}/quy-dinh", Right::CellStats, rules::page)
        .get("/tc/{org}/quy-dinh/{so}", Right::OrgManage, rules::above_figure)
        .post("/tc/{org}/quy-dinh/{so}", Right::OrgManage, rules::above_set)
        .post("/tc/{org}/quy-dinh/{so}/thoi", Right::OrgManage, rules::above_end)
        .get("/cb/{org}/to-chuc", Right::MeetingLead, manage::own_page)
        .post("/cb/{org}/thong-tin", Right::MeetingLead, manage::own_particulars)
        .post("/cb/{org}/nhiem-ky", Right::MeetingLead, manage::own_term)
        .get("/cb/{org}/chuc-vu", Right::MeetingLead, manage::own_appoint_page)
        .post("/cb/{org}/chuc-vu", Right::MeetingLead, manage::own_appoint)
        .post("/cb/{org}/chuc-vu/{post}/thoi", Right::MeetingLead, manage::own_end)
        .get("/cb/{org}/quy-dinh/{so}", Right::MeetingLead, rules::own_figure)
        .post("/cb/{org}/quy-dinh/{so}", Right::MeetingLead, rules::own_set)
        .post("/cb/{org}/quy-dinh/{so}/thoi", Right::MeetingLead, rules::own_end)
}

/// From … to … in words; `to` is the first day no longer.
fn span(from: Date, to: Option<Date>) -> String {
    match to.and_then(|day| day.yesterday().ok()) {
        Some(last) => format!("từ {} đến {}", vi::date(from), vi::date(last)),
        None => format!("từ {}", vi::date(from)),
    }
}

fn by_document(when: String, document: Option<&str>) -> String {
    match document.filter(|d| !d.is_empty()) {
        Some(document) => format!("{when}, theo {document}"),
        None => when,
    }
}

fn kind_name(library: &Library, code: &str) -> String {
    library.org_kind(code).map_or_else(|| code.to_owned(), |k| k.name.clone())
}

fn post_lines(held: Vec<Held>, is_cell: bool, mine: impl Fn(Role) -> bool) -> Vec<PostLine> {
    held.into_iter()
        .map(|h| PostLine {
            id: h.id,
            name: h.name,
            role: h.role.label_in(is_cell).to_owned(),
            since: vi::date(h.from),
            mine: mine(h.role),
        })
        .collect()
}

/// What an organisation lacks of its leaders today.
fn post_advice(tx: &mut Tx, org: &Org, rules: &Rules, today: Date) -> db::Result<Vec<Advice>> {
    if org.ended_on.is_some_and(|day| day <= today) {
        return Ok(Vec::new());
    }
    Ok(posts::of_one(tx, org, rules, today)?.into_iter().map(|d| d.advice).collect())
}

async fn organisation(
    State(app): State<App>,
    actor: Actor,
    Path(org): Path<OrgId>,
    Query(done): Query<Done>,
) -> Result<Response, Fault> {
    let (rules, library) = (app.rules.at(actor.today()), app.rules.clone());
    let page = app.db.read(move |tx| Ok::<_, Fault>(load(tx, &actor, org, &rules, &library, &done)?)).await?;
    Ok(html(&page))
}

fn load(tx: &mut Tx, actor: &Actor, org: OrgId, rules: &Rules, library: &Library, done: &Done) -> db::Result<OrgPage> {
    let today = actor.today();
    let o = store::get(tx, org, today)?;
    let above = store::above(tx, &o, today)?;
    let children = history::children(tx, &o, today)?;
    let mut facts = vec![("Loại tổ chức", kind_name(library, &o.kind))];
    if let Some(above) = &above {
        facts.push(("Trực thuộc", above.name.clone()));
    }
    if let Some(cell_type) = rules.cell_types().find(|t| Some(&t.code) == o.cell_type.as_ref()) {
        facts.push(("Loại hình", cell_type.name.clone()));
    }
    facts.push(("Địa danh ghi trên văn bản", if o.place.is_empty() { "chưa ghi".to_owned() } else { o.place.clone() }));
    facts.push(("Ký hiệu văn bản", o.symbol.clone()));
    let term = store::term_on(tx, org, today)?.map_or_else(|| "chưa ghi".to_owned(), |(_, name)| name);
    facts.push(("Nhiệm kỳ", term));
    if o.pilot {
        facts.push(("Chỉ đạo điểm", "có".to_owned()));
    }
    if o.is_cell {
        facts.push(("Đảng viên", vi::number(len(members::roster(tx, org, today)?.len()))));
    } else {
        facts.push(("Chi bộ", vi::number(children.iter().map(|c| c.cells).sum())));
        facts.push(("Đảng viên", vi::number(children.iter().map(|c| c.members).sum())));
    }
    if let Some(ended) = o.ended_on {
        facts.push(("Kết thúc hoạt động", vi::date(ended)));
    }
    let manage = match (actor.may(Right::OrgManage), actor.may(Right::MeetingLead) && o.is_cell) {
        (true, _) => format!("/tc/{org}/quan-ly"),
        (false, true) => format!("/cb/{org}/to-chuc"),
        (false, false) => String::new(),
    };
    let mut shell = Shell::new(actor, &o.name, Under::Org).done(done.words());
    if let Some(above) = above.filter(|a| actor.places.iter().any(|p| p.org == a.id)) {
        shell = shell.crumb(format!("/tc/{}", above.id), above.short_name);
    }
    Ok(OrgPage {
        shell,
        org,
        name: o.name.clone(),
        kind: kind_name(library, &o.kind),
        facts,
        posts: post_lines(store::posts_on(tx, org, today)?, o.is_cell, |_| false),
        advice: post_advice(tx, &o, rules, today)?,
        children: children.into_iter().map(|c| child_line(c, library)).collect(),
        past: past(tx, org, library)?,
        is_cell: o.is_cell,
        manage: if o.ended_on.is_some() { String::new() } else { manage },
        members: actor.may(Right::MemberManage) && o.is_cell,
        accounts: actor.may(Right::AccountManage),
        imports: reach::imports(actor),
        opens: actor.may(Right::ContentOpen),
    })
}

fn len(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn child_line(c: history::Counted, library: &Library) -> ChildLine {
    ChildLine {
        id: c.org.id,
        kind: kind_name(library, &c.org.kind),
        secretary: c.secretary.unwrap_or_default(),
        members: vi::number(c.members),
        cells: if c.org.is_cell { String::new() } else { vi::number(c.cells) },
        name: c.org.short_name,
    }
}

/// Names, places in the tree and changes of an organisation, newest first.
fn past(tx: &mut Tx, org: OrgId, library: &Library) -> db::Result<Vec<Past>> {
    let mut all: Vec<(Date, Past)> = Vec::new();
    let names = history::names(tx, org)?;
    for (i, n) in names.iter().enumerate() {
        // A row that changed only the place is no new name.
        if names.get(i + 1).is_some_and(|older| older.name == n.name && older.kind == n.kind) {
            continue;
        }
        let same = names.iter().rev().skip_while(|o| o.from < n.from).take_while(|o| o.name == n.name && o.kind == n.kind).last();
        let text = format!("Tên: {} ({})", n.name, kind_name(library, &n.kind));
        all.push((n.from, Past { text, when: by_document(span(n.from, same.and_then(|s| s.to)), n.document.as_deref()) }));
    }
    for e in history::edges(tx, org)? {
        if let Some(parent) = e.parent {
            let when = by_document(span(e.from, e.to), e.document.as_deref());
            all.push((e.from, Past { text: format!("Trực thuộc {parent}"), when }));
        }
    }
    for c in history::changes(tx, org)? {
        use domain::code::Code;
        let text = match c.other {
            Some(other) => format!("{}: {other}", c.what.label()),
            None => c.what.label().to_owned(),
        };
        all.push((c.on, Past { text, when: by_document(format!("ngày {}", vi::date(c.on)), c.document.as_deref()) }));
    }
    all.sort_by_key(|p| std::cmp::Reverse(p.0));
    Ok(all.into_iter().map(|p| p.1).collect())
}
