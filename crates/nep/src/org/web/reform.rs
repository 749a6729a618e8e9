//! Reorganisation: a form, the plan as sentences, then all of it in one transaction. The plan is made
//! anew when it is carried out; if it is not the one that was shown, it is shown again.
//! Touches the org store. Rules: TC-20 … TC-25.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use db::Tx;
use domain::code::Code;
use domain::id::OrgId;
use domain::refusal::Refusal;
use domain::rulepack::Rules;
use domain::tree::{self, Facts, Member, Node, Plan};
use domain::vi;
use jiff::civil::Date;
use web::form::Form;
use web::page::{html, html_with, see};
use web::random::digest;

use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::org::page::{Mover, Part, PlanPage, ReformPage, Tick};
use crate::org::reach;
use crate::org::reform::{self, Asked, PARTS, Work};
use crate::org::store::change::{self, Reform, Stay};
use crate::org::store::{self, Org};
use crate::shell::{Shell, Under};

/// What is known before a work begins.
struct Known {
    org: Org,
    node: Node,
    nodes: Vec<Node>,
    reach: Vec<Org>,
    stays: Vec<Stay>,
}

fn load(tx: &mut Tx, actor: &Actor, id: OrgId, work: Work) -> Result<Known, Fault> {
    let today = actor.today();
    let org = store::get(tx, id, today)?;
    let reach = reach::structure(tx, actor)?;
    let decides = reach::decides(&reach, &org);
    let fits = match work {
        Work::Found => !org.is_cell,
        Work::Rename => decides || org.parent().is_none(),
        Work::Move | Work::Split | Work::Merge | Work::Dissolve => decides,
    };
    if !fits || org.ended_on.is_some() {
        return Err(Fault::NotFound);
    }
    let nodes = change::nodes(tx, org.root())?;
    let node = nodes.iter().find(|n| n.id == id).cloned().ok_or(Fault::NotFound)?;
    let stays = change::open_stays(tx, id, today)?;
    Ok(Known { org, node, nodes, reach, stays })
}

fn work_of(word: &str) -> Result<Work, Fault> {
    Work::from_code(word).ok_or(Fault::NotFound)
}

pub(super) async fn page(
    State(app): State<App>,
    actor: Actor,
    Path((org, word)): Path<(OrgId, String)>,
) -> Result<Response, Fault> {
    let work = work_of(&word)?;
    form_page(&app, actor, org, work, Form::default()).await
}

async fn form_page(app: &App, actor: Actor, org: OrgId, work: Work, form: Form) -> Result<Response, Fault> {
    let rules = app.rules.at(actor.today());
    let status = if form.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = app
        .db
        .read(move |tx| {
            let known = load(tx, &actor, org, work)?;
            Ok::<_, Fault>(show_form(&actor, known, work, form.clone(), &rules))
        })
        .await?;
    Ok(html_with(status, &page))
}

fn show_form(actor: &Actor, known: Known, work: Work, mut form: Form, rules: &Rules) -> ReformPage {
    let Known { org, node, nodes, reach, stays } = known;
    if form.raw("ngay").is_empty() && form.is_fine() {
        form.set("ngay", vi::date(actor.today()));
        if work == Work::Rename {
            form.set("ten", node.name.clone());
            form.set("loai", node.kind.clone());
        }
    }
    let parent = nodes.iter().find(|n| Some(n.id) == node.parent);
    let above = if work == Work::Found { Some(&node) } else { parent };
    let kinds = rules
        .org_kinds()
        .filter(|k| k.may_stand_under(above.map(|p| p.kind.as_str())))
        .filter(|k| work == Work::Found || k.is_cell == org.is_cell)
        .map(|k| (k.code.clone(), k.name.clone()))
        .collect();
    let target = |o: &&Org| match work {
        Work::Move => !o.is_cell && !o.path.starts_with(&org.path) && Some(o.id) != node.parent,
        _ => o.is_cell && o.id != org.id,
    };
    let ticked: Vec<&str> = form.every("cung").collect();
    let others = reach
        .iter()
        .filter(|o| o.parent() == node.parent && o.id != org.id && o.is_cell == org.is_cell)
        .map(|o| Tick { id: o.id, name: o.name.clone(), on: ticked.contains(&o.id.to_string().as_str()) })
        .collect();
    let parts = (1..=PARTS).map(|n| Part { n, field: format!("ten_{n}"), label: format!("Tên tổ chức mới thứ {n}") }).collect();
    let movers = stays
        .iter()
        .map(|s| {
            let field = format!("dv_{}", s.id);
            Mover { part: form.raw(&field).to_owned(), name: format!("{}. {}", s.number, s.name), field }
        })
        .collect();
    let shell = Shell::new(actor, work.label(), Under::Org).crumb(format!("/tc/{}/quan-ly", org.id), org.short_name.clone());
    ReformPage {
        shell: shell.wrong(&form),
        work,
        org: org.id,
        name: org.name.clone(),
        is_cell: org.is_cell,
        kinds,
        targets: reach.iter().filter(target).map(|o| (o.id.to_string(), o.name.clone())).collect(),
        others,
        parts,
        movers,
        form,
    }
}

/// A plan that can be shown and carried out.
struct Ready {
    plan: Plan,
    asked: Asked,
    lines: Vec<String>,
    on: Date,
}

impl Ready {
    /// New ids differ each time, so the fingerprint is of the sentences.
    fn print(&self) -> String {
        digest(&self.lines.join("\n"))
    }
}

/// Plans what the form asks for. Wrong fields are noted in the form, a refusal of the planner too.
fn prepare(
    tx: &mut Tx,
    actor: &Actor,
    known: &Known,
    work: Work,
    form: &mut Form,
    rules: &domain::rulepack::Library,
) -> Result<Option<Ready>, Fault> {
    let on = form.required_date("ngay", "Hãy nhập ngày có hiệu lực.");
    if on.is_some_and(|on| on > actor.today()) {
        form.problem("ngay", "Ngày này chưa tới. Hãy ghi khi quyết định có hiệu lực.");
    }
    let asked = reform::read(work, &known.node, form, &known.stays, actor);
    let (Some(on), true) = (on, form.is_fine()) else {
        return Ok(None);
    };
    let rules = rules.at(on);
    let mut named = vec![known.org.id];
    for other in form.every("cung").filter_map(|t| t.parse::<OrgId>().ok()) {
        // A stranger's id does not exist for us.
        if !known.reach.iter().any(|o| o.id == other) {
            return Err(Fault::NotFound);
        }
        named.push(other);
    }
    for field in ["ve", "nhan"] {
        if let Ok(other) = form.raw(field).parse::<OrgId>()
            && !known.reach.iter().any(|o| o.id == other)
        {
            return Err(Fault::NotFound);
        }
    }
    let (mut stays, mut members): (Vec<Stay>, Vec<Member>) = (Vec::new(), Vec::new());
    let mut posts: BTreeMap<OrgId, Vec<String>> = BTreeMap::new();
    if matches!(work, Work::Split | Work::Merge | Work::Dissolve) {
        for org in named {
            let open = change::open_stays(tx, org, on)?;
            members.extend(change::as_members(org, &open));
            stays.extend(open);
            let is_cell = known.reach.iter().any(|o| o.id == org && o.is_cell);
            let held = store::posts_on(tx, org, on)?;
            posts.insert(org, held.iter().map(|h| format!("{} {}", h.role.label_in(is_cell), h.name)).collect());
        }
    }
    let planned = match (&asked.change, &asked.founding) {
        (Some(change), _) => tree::plan(change, on, Facts { nodes: &known.nodes, members: &members }, &rules),
        (None, Some(new)) => reform::plan_founding(new, &known.node, on, &rules),
        (None, None) => Err(Refusal::new("nothing", "Chưa có gì để thực hiện.")),
    };
    match planned {
        Ok(plan) => {
            let lines = reform::sentences(&plan, &known.nodes, &stays, &posts, &rules);
            Ok(Some(Ready { plan, asked, lines, on }))
        }
        Err(refusal) => {
            form.problem(reform::field(work, &refusal), refusal.text());
            Ok(None)
        }
    }
}

/// What became of a form that was sent.
enum Outcome {
    Wrong(Box<ReformPage>),
    Shown(Box<PlanPage>),
    Done(OrgId),
}

pub(super) async fn act(
    State(app): State<App>,
    actor: Actor,
    Path((org, word)): Path<(OrgId, String)>,
    Sent(form): Sent,
) -> Result<Response, Fault> {
    let work = work_of(&word)?;
    let library = app.rules.clone();
    let outcome = app
        .db
        .write(move |tx| {
            let mut form = form.clone();
            let known = load(tx, &actor, org, work)?;
            let document = form.line("van_ban", 200);
            let Some(ready) = prepare(tx, &actor, &known, work, &mut form, &library)? else {
                let rules = library.at(actor.today());
                return Ok(Outcome::Wrong(Box::new(show_form(&actor, known, work, form, &rules))));
            };
            let print = ready.print();
            if form.raw("ke_hoach") != print {
                return Ok(Outcome::Shown(Box::new(show_plan(&actor, &known, work, &form, ready))));
            }
            let rules = library.at(ready.on);
            let reform = Reform {
                on: ready.on,
                document: Some(document.as_str()).filter(|d| !d.is_empty()),
                like: ready.asked.like,
                likes: BTreeMap::new(),
                events: &ready.asked.events,
                rules: &rules,
            };
            change::carry_out(tx, &actor, &ready.plan, &reform)?;
            let ended = matches!(work, Work::Dissolve) || store::get(tx, org, actor.today())?.ended_on.is_some();
            // What ended is no page to arrange; whoever decided it stands above.
            Ok::<_, Fault>(Outcome::Done(if ended { known.org.parent().unwrap_or(org) } else { org }))
        })
        .await?;
    Ok(match outcome {
        Outcome::Wrong(page) => html_with(StatusCode::UNPROCESSABLE_ENTITY, &*page),
        Outcome::Shown(page) => html(&*page),
        Outcome::Done(org) => see(&format!("/tc/{org}/quan-ly?xong=sap-xep")),
    })
}

fn show_plan(actor: &Actor, known: &Known, work: Work, form: &Form, ready: Ready) -> PlanPage {
    let org = &known.org;
    let shell = Shell::new(actor, "Kế hoạch sẽ thực hiện", Under::Org)
        .crumb(format!("/tc/{}/quan-ly", org.id), org.short_name.clone())
        .crumb(format!("/tc/{}/sap-xep/{}", org.id, work.word()), work.label());
    let fields = form.pairs().filter(|(k, _)| !matches!(*k, "_k" | "ke_hoach")).map(|(k, v)| (k.to_owned(), v.to_owned()));
    PlanPage {
        shell,
        work,
        org: org.id,
        name: org.name.clone(),
        print: ready.print(),
        changed: !form.raw("ke_hoach").is_empty(),
        fields: fields.collect(),
        day: vi::date_weekday(ready.on),
        lines: ready.lines,
        advice: ready.plan.advice,
    }
}
