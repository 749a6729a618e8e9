//! Sending out: the page that shows what the cells will get and what is in order, the press that issues, and
//! the edition that takes the place of what is out. Rules: L2, P4.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::Response;
use db::Tx;
use domain::guidance::{Distribution, Facts, GuidanceKind, Weight, checks};
use domain::id::OrgId;
use domain::refusal::{Check, all_clear};
use jiff::civil::Date;
use web::page::{html, see};

use super::super::page::CheckPage;
use super::super::store::blocks::{self, Block};
use super::super::store::papers::{self, Paper};
use super::super::store::{self, Guidance};
use super::super::view::{self, At};
use super::{Where, base, draft, reached, shell};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::org::store as orgs;

/// A draft with all that is judged of it.
struct Whole {
    list: Distribution,
    blocks: Vec<Block>,
    papers: Vec<Paper>,
    checks: Vec<Check>,
}

fn judge(tx: &mut Tx, g: &Guidance, today: Date) -> Result<Whole, Fault> {
    let list = store::list(tx, g)?;
    let blocks = blocks::of(tx, g.org, &[g.id])?;
    let papers = papers::of(tx, g.org, &[g.id])?;
    let taken = match &g.period {
        Some(period) if g.kind == GuidanceKind::Orientation => store::month_taken(tx, g.org, period, g.replaces)?,
        _ => false,
    };
    let facts = Facts {
        title: g.title.clone(),
        has_text: !g.body.trim().is_empty(),
        files: papers.len(),
        period: g.key(),
        blocks: blocks.len(),
        required: blocks.iter().filter(|b| b.weight == Weight::Required).count(),
        cells: reached(tx, g.org, &list, today)?.len(),
        taken,
        numbered: !g.number.is_empty() && g.dated_on.is_some(),
    };
    Ok(Whole { list, blocks, papers, checks: checks(g.kind, &facts, today) })
}

/// Names of the organisations a list chooses.
pub(super) fn names(tx: &mut Tx, list: &Distribution, today: Date) -> db::Result<BTreeMap<OrgId, String>> {
    if list.orgs.is_empty() { Ok(BTreeMap::new()) } else { orgs::short_names(tx, &list.orgs, today) }
}

/// The page before the press.
pub(super) async fn page(State(app): State<App>, actor: Actor, Path((org, id)): Where) -> Result<Response, Fault> {
    let today = actor.today();
    let (g, whole, names, documents, before) = app
        .db
        .read(move |tx| {
            let g = draft(tx, org, id)?;
            let whole = judge(tx, &g, today)?;
            let names = names(tx, &whole.list, today)?;
            let documents = store::titles(tx, &whole.blocks)?;
            let (before, _) = store::editions(tx, &g)?;
            Ok::<_, Fault>((g, whole, names, documents, before))
        })
        .await?;
    let home = format!("{}/{id}", base(org));
    let at = At { base: base(org), documents };
    Ok(html(&CheckPage {
        shell: shell(&actor, &format!("Xem trước: {}", g.title)).crumb(home.clone(), g.title.clone()),
        about: view::about(&g),
        to: view::to_words(&whole.list, &app.rules.at(today), &names),
        version: g.version,
        ready: all_clear(&whole.checks).is_ok(),
        checks: whole.checks.iter().map(view::check_view).collect(),
        replaces: before.map(|b| b.title).unwrap_or_default(),
        blocks: whole.blocks.iter().map(|b| view::block_view(&at, b, &whole.papers)).collect(),
        papers: view::whole(&home, &whole.papers),
        title: g.title,
        body: g.body,
        base: home,
    }))
}

/// Issues a draft as it was shown.
pub(super) async fn issue(
    State(app): State<App>,
    actor: Actor,
    Path((org, id)): Where,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let version = form.int("version", 0, i64::MAX).unwrap_or(0);
    let hands = actor.clone();
    app.write(&actor, move |tx| {
        let g = Guidance { version, ..store::get(tx, org, id)? };
        let whole = judge(tx, &g, hands.today())?;
        let state = g.state.issue(&whole.checks)?;
        store::issue(tx, &hands, &g, state)
    })
    .await?;
    Ok(see(&format!("{}/{id}?xong=dh-ban-hanh", base(org))))
}

/// Begins the edition that is to take the place of what is out.
pub(super) async fn new_edition(State(app): State<App>, actor: Actor, Path((org, id)): Where) -> Result<Response, Fault> {
    let hands = actor.clone();
    let new = app
        .write(&actor, move |tx| {
            let old = store::get(tx, org, id)?;
            let (_, after) = store::editions(tx, &old)?;
            old.state.correct(after.is_some())?;
            Ok(store::new_edition(tx, &hands, &old)?)
        })
        .await?;
    Ok(see(&format!("{}/{new}?xong=dh-thay", base(org))))
}
