//! First posts of an organisation that a programme founds. Nobody names themselves, and nobody outside the part
//! of the tree is found.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use db::Tx;
use domain::code::Code;
use domain::id::{OrgId, PersonKind, RowId};
use domain::post::Role;
use domain::vi;
use serde::Deserialize;
use web::form::Form;
use web::page::see;

use super::{Where, base, editable, frame, here, shown};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::member::store as members;
use crate::org::store::people;
use crate::reorg::kept::{Entry, FirstPost, What};
use crate::reorg::page::PostsPage;
use crate::reorg::store::{self, Programme};

/// What the address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Asked {
    muc: Option<String>,
    q: Option<String>,
}

pub(super) async fn page(
    State(app): State<App>,
    actor: Actor,
    Path((org, id)): Where,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let pairs = [("muc", asked.muc.unwrap_or_default()), ("q", asked.q.unwrap_or_default())];
    show(&app, actor, org, id, Form::from_pairs(pairs)).await
}

async fn show(app: &App, actor: Actor, org: OrgId, id: RowId, form: Form) -> Result<Response, Fault> {
    let (known, fine) = (app.clone(), form.is_fine());
    let page = app.db.read(move |tx| load(tx, &known, &actor, org, id, form.clone())).await?;
    Ok(shown(&page, fine))
}

/// The founding an address names; the first when it names none.
fn founding<'a>(entries: &'a [Entry], form: &Form) -> Option<&'a Entry> {
    let n = form.raw("muc").parse::<i64>().ok();
    entries.iter().find(|e| e.founds().is_some() && n.is_none_or(|n| e.n == n))
}

fn roles(is_cell: bool) -> impl Iterator<Item = Role> {
    let fits = move |r: &Role| match r {
        Role::Secretary | Role::Deputy | Role::Committee | Role::Clerk => true,
        Role::Standing => !is_cell,
        Role::Follower | Role::Admin => false,
    };
    Role::ALL.iter().copied().filter(fits)
}

fn load(tx: &mut Tx, app: &App, actor: &Actor, org: OrgId, id: RowId, form: Form) -> Result<PostsPage, Fault> {
    let o = here(tx, actor, org)?;
    let p = store::get(tx, org, id)?;
    let entries = p.entries()?;
    let entry = founding(&entries, &form).filter(|_| p.state.is_open()).ok_or(Fault::NotFound)?;
    let What::Found { kind, name, posts, .. } = &entry.what else { return Err(Fault::NotFound) };
    let is_cell = app.rules.org_kind(kind).is_some_and(|k| k.is_cell);
    let q = vi::clean_line(form.raw("q")).unwrap_or_default();
    let people = if q.is_empty() { Vec::new() } else { people::find(tx, &o.path, &q, actor.today())? };
    let shell = frame(actor, &o, "Chức vụ của tổ chức mới").crumb(base(org, id), p.title.clone()).wrong(&form);
    Ok(PostsPage {
        shell,
        name: name.clone(),
        base: base(org, id),
        version: p.version,
        n: entry.n,
        form,
        posts: posts.iter().filter_map(|f| Some((f.role()?.label_in(is_cell).to_owned(), f.name.clone()))).collect(),
        roles: roles(is_cell).map(|r| (r.code().to_owned(), r.label_in(is_cell).to_owned())).collect(),
        q,
        people,
    })
}

pub(super) async fn save(
    State(app): State<App>,
    actor: Actor,
    Path((org, id)): Where,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let removed = form.int("bo", 0, 10_000);
    let (role, person) =
        if removed.is_some() { (None, None) } else { (form.code::<Role>("chuc_vu"), form.id::<PersonKind>("nguoi")) };
    if removed.is_none() {
        if role.is_none() && !form.has_problem("chuc_vu") {
            form.problem("chuc_vu", "Hãy chọn chức vụ.");
        }
        if person.is_none() && !form.has_problem("nguoi") {
            form.problem("nguoi", "Hãy tìm và chọn một đồng chí.");
        }
        if person == Some(actor.person) {
            form.problem("nguoi", "Không ai tự ghi chức vụ cho mình. Hãy nhờ đồng chí khác có quyền ghi.");
        }
    }
    if !form.is_fine() {
        return show(&app, actor, org, id, form).await;
    }
    let (hands, library, sent) = (actor.clone(), app.rules.clone(), form.clone());
    let n = app
        .write(&actor, move |tx| {
            let (o, p) = editable(tx, &hands, org, id, &sent)?;
            let mut entries = p.entries()?;
            let n = founding(&entries, &sent).ok_or(Fault::NotFound)?.n;
            let entry = entries.iter_mut().find(|e| e.n == n).ok_or(Fault::NotFound)?;
            let What::Found { kind, posts, .. } = &mut entry.what else { return Err(Fault::NotFound) };
            match (removed.and_then(|at| usize::try_from(at).ok()), role, person) {
                (Some(at), ..) if at < posts.len() => drop(posts.remove(at)),
                (None, Some(role), Some(person)) => {
                    let is_cell = library.org_kind(kind).is_some_and(|k| k.is_cell);
                    if !roles(is_cell).any(|r| r == role) || !people::within(tx, &o.path, person, hands.today())? {
                        return Err(Fault::NotFound);
                    }
                    let name = members::name(tx, person)?;
                    let first = FirstPost { person: person.raw(), name, role: role.code().to_owned() };
                    if !posts.iter().any(|p| p.person == first.person && p.role == first.role) {
                        posts.push(first);
                    }
                }
                _ => return Err(Fault::NotFound),
            }
            let items = store::as_json(&entries)?;
            store::save(tx, &hands, &Programme { items, ..p }, "programme.edited")?;
            Ok(n)
        })
        .await?;
    Ok(see(&format!("{}/chuc-vu?muc={n}", base(org, id))))
}
