//! The figures that hold for an organisation with their sources, and setting one for the own part of the tree:
//! the committee above, or the organisation's own leadership. Touches rule packs and rule_override rows.
//! Rules: regulations.md section 11; every figure says rule, source and confidence.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use db::Tx;
use domain::code::Code;
use domain::id::OrgId;
use domain::right::Right;
use domain::rulepack::{Figure, Origin, Rules, TARGETS, Unit, Value};
use domain::score::SHEET_FIGURE;
use domain::{tree, vi};
use serde::Deserialize;
use web::form::Form;
use web::page::{html, html_with, see};

use super::{by_document, span};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::org::page::{FigureLine, Past, RulePage, RulesPage};
use crate::org::store::rules::{self as own_rules, OwnFigure};
use crate::org::store::{self, Org};
use crate::shell::{Shell, Under, done_words};

/// Which figures to list.
#[derive(Debug, Deserialize)]
pub(super) struct Filter {
    q: Option<String>,
    rieng: Option<String>,
    xong: Option<String>,
}

fn line(figure: &Figure, setters: &[(usize, OrgId, String)], org: OrgId) -> FigureLine {
    let setter = match &figure.origin {
        Origin::Pack => None,
        Origin::Committee { depth, .. } => setters.iter().find(|s| s.0 == *depth),
    };
    FigureLine {
        key: figure.key.clone(),
        title: figure.title.clone(),
        shown: figure.shown(),
        rule: figure.rule.clone(),
        source: figure.citation().to_owned(),
        clause: figure.clause.clone(),
        confidence: figure.confidence.label().to_owned(),
        set_by: setter.map(|s| s.2.clone()).unwrap_or_default(),
        own: setter.is_some_and(|s| s.1 == org),
    }
}

/// Organisations on the way down to this one, by depth: those that may have set a figure.
fn setters(tx: &mut Tx, org: &Org, actor: &Actor) -> db::Result<Vec<(usize, OrgId, String)>> {
    let path = tree::ids(&org.path).unwrap_or_default();
    let mut names = store::short_names(tx, &path, actor.today())?;
    Ok(path.into_iter().enumerate().map(|(depth, id)| (depth, id, names.remove(&id).unwrap_or_default())).collect())
}

fn base_for(actor: &Actor, org: OrgId) -> String {
    if actor.may(Right::OrgManage) {
        format!("/tc/{org}")
    } else if actor.may(Right::MeetingLead) && actor.standpoint.is_cell {
        format!("/cb/{org}")
    } else {
        String::new()
    }
}

pub(super) async fn page(
    State(app): State<App>,
    actor: Actor,
    Path(org): Path<OrgId>,
    Query(filter): Query<Filter>,
) -> Result<Response, Fault> {
    let rules = app.rules.at(actor.today());
    let page = app
        .db
        .read(move |tx| {
            let o = store::get(tx, org, actor.today())?;
            let held = store::rules_for(tx, &o, &rules)?;
            let setters = setters(tx, &o, &actor)?;
            let q = vi::clean_line(filter.q.as_deref().unwrap_or_default()).unwrap_or_default();
            let only_set = filter.rieng.is_some();
            let folded = vi::fold(&q);
            let fits = |f: &&Figure| {
                let text = vi::fold(&format!("{} {} {}", f.title, f.rule, f.citation()));
                text.contains(&folded) && (!only_set || f.origin != Origin::Pack)
            };
            let figures = held.figures().filter(fits).map(|f| line(f, &setters, org)).collect();
            let shell = Shell::new(&actor, "Quy định đang áp dụng", Under::Org)
                .crumb(format!("/tc/{org}"), o.short_name.clone())
                .done(done_words(filter.xong.as_deref()));
            let day = vi::date(held.date());
            let (base, here) = (base_for(&actor, org), format!("/tc/{org}/quy-dinh"));
            Ok::<_, Fault>(RulesPage { shell, name: o.name, base, here, q, only_set, day, figures })
        })
        .await?;
    Ok(html(&page))
}

pub(super) async fn above_figure(app: State<App>, actor: Actor, at: Path<(OrgId, String)>) -> Result<Response, Fault> {
    figure(app, actor, at.0, None, false).await
}

pub(super) async fn own_figure(app: State<App>, actor: Actor, at: Path<(OrgId, String)>) -> Result<Response, Fault> {
    super::manage::cell_only(&actor)?;
    figure(app, actor, at.0, None, true).await
}

fn hint(unit: Unit) -> &'static str {
    match unit {
        Unit::Ratio => "Ví dụ: 90 % hoặc 2/3",
        Unit::Flag => "Viết “có” hoặc “không”",
        Unit::Words => "Các mục cách nhau bằng dấu phẩy",
        Unit::DayOfMonth => "Một số từ 1 đến 31",
        Unit::Hour => "Một số từ 0 đến 23",
        _ => "Một số, không kèm đơn vị",
    }
}

/// The score sheets there are, by the words that choose them.
fn sheet_hint(rules: &Rules) -> String {
    let words: Vec<String> = rules.score_sheets().map(|s| format!("{} ({})", s.code, s.name)).collect();
    format!("Ghi một mã: {}", words.join("; "))
}

async fn figure(
    State(app): State<App>,
    actor: Actor,
    (org, key): (OrgId, String),
    sent: Option<Form>,
    own: bool,
) -> Result<Response, Fault> {
    let rules = app.rules.at(actor.today());
    let status = if sent.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = app.db.read(move |tx| load(tx, &actor, org, &key, &rules, sent.clone(), own)).await?;
    Ok(html_with(status, &page))
}

fn load(
    tx: &mut Tx,
    actor: &Actor,
    org: OrgId,
    key: &str,
    rules: &Rules,
    sent: Option<Form>,
    own: bool,
) -> Result<RulePage, Fault> {
    let o = store::get(tx, org, actor.today())?;
    let held = store::rules_for(tx, &o, rules)?;
    let figure = held.figure(key).ok_or(Fault::NotFound)?;
    let setters = setters(tx, &o, actor)?;
    let mine: Vec<OwnFigure> = own_rules::own_figures(tx, org)?.into_iter().filter(|f| f.key == key).collect();
    let today = actor.today();
    let in_force = mine.iter().any(|f| f.from <= today && f.to.is_none_or(|to| today < to));
    let form = sent
        .unwrap_or_else(|| Form::from_pairs([("gia_tri", String::new()), ("tu", vi::date(today)), ("van_ban", String::new())]));
    let shell = Shell::new(actor, "Đặt quy định riêng", Under::Org)
        .crumb(format!("/tc/{org}"), o.short_name.clone())
        .crumb(format!("/tc/{org}/quy-dinh"), "Quy định đang áp dụng")
        .wrong(&form);
    Ok(RulePage {
        shell,
        name: o.name,
        base: format!("/{}/{org}", if own { "cb" } else { "tc" }),
        hint: match figure.compare {
            _ if key == SHEET_FIGURE => sheet_hint(rules),
            Some(compare) => format!("{}. Được hiểu là {compare} giá trị này", hint(figure.unit)),
            None => hint(figure.unit).to_owned(),
        },
        figure: line(figure, &setters, org),
        form,
        past: mine
            .into_iter()
            .map(|f| Past { when: by_document(span(f.from, f.to), Some(&f.document)), text: f.value })
            .collect(),
        in_force,
    })
}

pub(super) async fn above_set(app: State<App>, actor: Actor, at: Path<(OrgId, String)>, form: Sent) -> Result<Response, Fault> {
    set(app, actor, at.0, form.0, false).await
}

pub(super) async fn own_set(app: State<App>, actor: Actor, at: Path<(OrgId, String)>, form: Sent) -> Result<Response, Fault> {
    super::manage::cell_only(&actor)?;
    set(app, actor, at.0, form.0, true).await
}

async fn set(
    State(app): State<App>,
    actor: Actor,
    (org, key): (OrgId, String),
    mut form: Form,
    own: bool,
) -> Result<Response, Fault> {
    let rules = app.rules.at(actor.today());
    let shipped = rules.figure(&key).ok_or(Fault::NotFound)?;
    let text = form.required("gia_tri", 300, "Hãy nhập giá trị.");
    let value = Value::parse(shipped.unit, &text);
    match &value {
        None if !text.is_empty() => {
            form.problem("gia_tri", format!("“{text}” không dùng được ở đây. {}.", hint(shipped.unit)));
        }
        Some(other) if !rules.names_sheet(&key, other) => {
            form.problem("gia_tri", format!("Không có bảng chấm điểm “{text}”. {}.", sheet_hint(&rules)));
        }
        Some(lower) if !shipped.takes(lower) => {
            form.problem(
                "gia_tri",
                format!(
                    "Tỷ lệ tán thành không được đặt thấp hơn quy định chung ({}, theo {}). Hãy nhập tỷ lệ cao hơn mà chi bộ vẫn đạt được.",
                    shipped.shown(),
                    shipped.citation()
                ),
            );
        }
        _ => {}
    }
    let document =
        form.required("van_ban", 200, "Hãy ghi văn bản đặt ra quy định này, ví dụ Nghị quyết 05-NQ/CB ngày 02/01/2026.");
    let from = form.required_date("tu", "Hãy nhập ngày bắt đầu áp dụng.");
    let (Some(value), Some(from), true) = (value, from, form.is_fine()) else {
        return figure(State(app), actor, (org, key), Some(form), own).await;
    };
    // A target is looked at among the targets.
    let back = if key.starts_with(TARGETS) { "chi-tieu?xong=luu" } else { "quy-dinh?rieng=1&xong=luu" };
    let new = OwnFigure { org, org_name: String::new(), key, from, to: None, value: value.to_text(), document };
    app.db.write(move |tx| own_rules::set_figure(tx, &actor, org, &new)).await?;
    Ok(see(&format!("/tc/{org}/{back}")))
}

pub(super) async fn above_end(app: State<App>, actor: Actor, at: Path<(OrgId, String)>, form: Sent) -> Result<Response, Fault> {
    end(app, actor, at.0, form.0).await
}

pub(super) async fn own_end(app: State<App>, actor: Actor, at: Path<(OrgId, String)>, form: Sent) -> Result<Response, Fault> {
    super::manage::cell_only(&actor)?;
    end(app, actor, at.0, form.0).await
}

async fn end(State(app): State<App>, actor: Actor, (org, key): (OrgId, String), mut form: Form) -> Result<Response, Fault> {
    let to = form.date("den").unwrap_or_else(|| actor.today());
    if !form.is_fine() {
        return Err(Fault::Invalid(form.problems));
    }
    app.db.write(move |tx| own_rules::end_figure(tx, &actor, org, &key, to)).await?;
    Ok(see(&format!("/tc/{org}/quy-dinh?xong=luu")))
}
