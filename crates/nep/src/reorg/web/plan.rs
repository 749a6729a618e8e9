//! The plan of a programme, and deciding on it: the plan is made anew when it is decided; if it is not the one
//! that was shown, it is shown again.

use axum::extract::State;
use axum::response::Response;
use db::Tx;
use domain::id::{OrgId, RowId};
use domain::tree::ProgrammeState;
use domain::vi;
use web::page::{html, see};

use super::{Where, base, current, frame, here, shown};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::org::store::{self as orgs, Org};
use crate::reorg::carry::{self, Ready};
use crate::reorg::page::PlanPage;
use crate::reorg::store::{self, Programme};
use axum::extract::Path;

pub(super) async fn page(State(app): State<App>, actor: Actor, Path((org, id)): Where) -> Result<Response, Fault> {
    let known = app.clone();
    let page = app.db.read(move |tx| load(tx, &known, &actor, org, id)).await?;
    Ok(html(&page))
}

fn load(tx: &mut Tx, app: &App, actor: &Actor, org: OrgId, id: RowId) -> Result<PlanPage, Fault> {
    let o = here(tx, actor, org)?;
    let p = store::get(tx, org, id)?;
    if !matches!(p.state, ProgrammeState::Draft | ProgrammeState::Approved) {
        return Err(Fault::NotFound);
    }
    match carry::prepare(tx, &o, &p, &app.rules) {
        Ok(ready) => show(tx, app, actor, &o, &p, Some(&ready), ""),
        Err(Fault::Refused(refusal)) => show(tx, app, actor, &o, &p, None, &refusal.text()),
        Err(other) => Err(other),
    }
}

fn show(
    tx: &mut Tx,
    app: &App,
    actor: &Actor,
    o: &Org,
    p: &Programme,
    ready: Option<&Ready>,
    refused: &str,
) -> Result<PlanPage, Fault> {
    let rules = orgs::rules_for(tx, o, &app.rules.at(actor.today()))?;
    Ok(PlanPage {
        shell: frame(actor, o, "Kế hoạch sắp xếp").crumb(base(o.id, p.id), p.title.clone()),
        title: p.title.clone(),
        name: o.name.clone(),
        base: base(o.id, p.id),
        version: p.version,
        day: p.on.map(vi::date_weekday).unwrap_or_default(),
        document: p.document.clone(),
        print: ready.map(Ready::print).unwrap_or_default(),
        sections: ready.map(|r| r.sections.clone()).unwrap_or_default(),
        advice: ready.map(|r| r.whole.plan.advice.clone()).unwrap_or_default(),
        refused: refused.to_owned(),
        changed: false,
        later: p.on.is_some_and(|on| on > actor.today()),
        open: p.state.is_open() && !p.document.is_empty(),
        hours: carry::undo_hours(&rules),
    })
}

/// What became of a decision.
enum Outcome {
    Shown(Box<PlanPage>),
    Done(ProgrammeState),
}

pub(super) async fn approve(
    State(app): State<App>,
    actor: Actor,
    Path((org, id)): Where,
    Sent(form): Sent,
) -> Result<Response, Fault> {
    let (known, hands) = (app.clone(), actor.clone());
    let outcome = app
        .write(&actor, move |tx| {
            let (o, p) = current(tx, &hands, org, id, &form)?;
            let ready = match carry::prepare(tx, &o, &p, &known.rules) {
                Ok(ready) => ready,
                Err(Fault::Refused(refusal)) => {
                    return Ok(Outcome::Shown(Box::new(show(tx, &known, &hands, &o, &p, None, &refusal.text())?)));
                }
                Err(other) => return Err(other),
            };
            if form.raw("ke_hoach") != ready.print() {
                let page = show(tx, &known, &hands, &o, &p, Some(&ready), "")?;
                return Ok(Outcome::Shown(Box::new(PlanPage { changed: true, ..page })));
            }
            Ok(Outcome::Done(carry::approve(tx, &hands, &o, &p, &ready, &known.rules)?))
        })
        .await?;
    Ok(match outcome {
        Outcome::Shown(page) => shown(&*page, page.refused.is_empty()),
        Outcome::Done(ProgrammeState::Carried) => see(&format!("{}?xong=pa-xong", base(org, id))),
        Outcome::Done(_) => see(&format!("{}?xong=pa-duyet", base(org, id))),
    })
}
