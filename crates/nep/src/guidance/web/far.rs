//! What is out, and how far it came among the cells: counted from sealed minutes and receipts, by name of
//! cells at most, never of people. Rules: L1, L2, P-10; ahead.md 20.

use axum::response::Response;
use domain::code::Code;
use domain::guidance::{GuidanceKind, GuidanceState};
use domain::id::RowId;
use domain::right::Right;
use web::page::html;

use super::super::page::{FarBlock, IssuedPage};
use super::super::store::cells::Cell;
use super::super::store::{self, Guidance, blocks, cells, papers};
use super::super::view::{self, At, CellCount};
use super::{base, count, issue, reached, shell};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::org::store as orgs;

/// Cells named on one list; the others are counted.
const NAMED: usize = 400;

/// The page of what is out.
pub(super) async fn show(app: &App, actor: &Actor, g: Guidance, done: &str) -> Result<Response, Fault> {
    let (org, today, rules) = (actor.org, actor.today(), app.rules.at(actor.today()));
    let home = format!("{}/{}", base(org), g.id);
    let link = |g: &Guidance| (format!("{}/{}", base(g.org), g.id), g.title.clone());
    let (may, shell) = (actor.may(Right::GuidanceIssue), shell(actor, &g.title).done(done));
    let page = app
        .db
        .read(move |tx| {
            let list = store::list(tx, &g)?;
            let names = issue::names(tx, &list, today)?;
            let to = reached(tx, org, &list, today)?;
            let found = blocks::of(tx, org, &[g.id])?;
            let documents = store::titles(tx, &found)?;
            let files = papers::of(tx, org, &[g.id])?;
            let (before, after) = store::editions(tx, &g)?;
            let roots: Vec<RowId> = found.iter().map(|b| b.root).collect();
            let heard = cells::heard(tx, org, &roots)?;
            let at = At { base: base(org), documents };
            let far = found.iter().map(|b| {
                let lacking: Vec<&Cell> = to.iter().filter(|c| !heard.contains(&(b.root, c.org))).collect();
                FarBlock {
                    view: view::block_view(&at, b, &files),
                    heard: to.len() - lacking.len(),
                    more: lacking.len().saturating_sub(NAMED),
                    lacking: lacking.iter().take(NAMED).map(|c| c.name.clone()).collect(),
                }
            });
            let blocks = far.collect();
            let (read, mut rows) = match g.kind {
                GuidanceKind::Document => readers(tx, &g, &to, today)?,
                GuidanceKind::Orientation => (String::new(), Vec::new()),
            };
            let more = rows.len().saturating_sub(NAMED);
            rows.truncate(NAMED);
            Ok::<_, Fault>(IssuedPage {
                shell: shell.clone(),
                base: home.clone(),
                about: view::about(&g),
                state: g.state.label(),
                class: view::class(g.state),
                to: view::to_words(&list, &rules, &names),
                total: to.len(),
                may_replace: may && g.state == GuidanceState::Issued && after.is_none(),
                before: before.as_ref().map(link),
                after: after.as_ref().filter(|a| a.state != GuidanceState::Draft || may).map(link),
                blocks,
                papers: view::whole(&home, &files),
                read,
                cells: rows,
                more,
                title: g.title.clone(),
                body: g.body.clone(),
            })
        })
        .await?;
    Ok(html(&page))
}

/// Members who opened and read a document: in all, and by cell.
fn readers(tx: &mut db::Tx, g: &Guidance, to: &[Cell], today: jiff::civil::Date) -> db::Result<(String, Vec<CellCount>)> {
    let here = orgs::get(tx, g.org, today)?;
    let members = cells::readers(tx, &here.path, today)?;
    let receipts = cells::receipts_by_cell(tx, g.org, g.id)?;
    let rows: Vec<CellCount> = to
        .iter()
        .map(|c| {
            let members = members.get(&c.org).copied().unwrap_or(0);
            let (seen, read) = receipts.get(&c.org).copied().unwrap_or_default();
            CellCount { name: c.name.clone(), members, seen: seen.min(members), read: read.min(members) }
        })
        .collect();
    let sum = |f: fn(&CellCount) -> i64| rows.iter().map(f).sum::<i64>();
    let all = count(rows.iter().filter(|r| r.members > 0 && r.read == r.members).count());
    let words = format!(
        "{} đồng chí đã xem, {} đã đọc, trong {} đảng viên của {} chi bộ. {all} chi bộ đã đọc đủ.",
        sum(|r| r.seen),
        sum(|r| r.read),
        sum(|r| r.members),
        rows.len()
    );
    Ok((words, rows))
}
