//! One block of a draft: its words, its place, whether it is required. Rules: L2, M8, P-8.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::code::Code;
use domain::guidance::Weight;
use domain::id::{OrgId, RowId};
use web::form::{Form, Problem};
use web::page::{html_with, see};

use super::super::page::BlockPage;
use super::super::store::blocks::{self, Block, Words};
use super::super::store::{self, papers};
use super::super::view;
use super::{Where, base, draft, look_for_marks, shell, status, words as said};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::shell::Done;

fn form_of(block: &Block) -> Form {
    Form::from_pairs([
        ("nd_ten", block.title.clone()),
        ("nd_muc", block.weight.code().to_owned()),
        ("nd_ban", block.body.clone()),
        ("nd_phut", if block.minutes > 0 { block.minutes.to_string() } else { String::new() }),
        ("nd_tai_lieu", block.document.map(|d| d.to_string()).unwrap_or_default()),
    ])
}

/// The page of a block, or of a new one.
async fn show(
    app: &App,
    actor: &Actor,
    id: RowId,
    block: Option<RowId>,
    sent: Option<Form>,
    done: &str,
) -> Result<Response, Fault> {
    let org = actor.org;
    let (g, stored, documents, files) = app
        .db
        .read(move |tx| {
            let g = draft(tx, org, id)?;
            if g.kind != domain::guidance::GuidanceKind::Orientation {
                return Err(Fault::NotFound);
            }
            let stored = match block {
                Some(block) => Some(blocks::of(tx, org, &[id])?.into_iter().find(|b| b.id == block).ok_or(Fault::NotFound)?),
                None => None,
            };
            Ok((g, stored, store::documents(tx, org)?, papers::of(tx, org, &[id])?))
        })
        .await?;
    let home = format!("{}/{id}", base(org));
    let fresh = || Form::from_pairs([("nd_muc", Weight::Required.code()), ("nd_phut", "15")]);
    let form = sent.unwrap_or_else(|| stored.as_ref().map_or_else(fresh, form_of));
    let own: Vec<_> = files.into_iter().filter(|p| block.is_some() && p.block == block).collect();
    let page = BlockPage {
        shell: shell(actor, "Nội dung định hướng").crumb(home.clone(), g.title.clone()).wrong(&form).done(done),
        action: block.map_or_else(|| format!("{home}/noi-dung"), |b| format!("{home}/noi-dung/{b}")),
        block: block.map(|b| b.to_string()).unwrap_or_default(),
        version: g.version,
        weights: Weight::ALL.iter().map(|w| (w.code().to_owned(), w.label().to_owned())).collect(),
        documents: documents.into_iter().map(|(d, title)| (d.to_string(), title)).collect(),
        papers: own.iter().map(|p| view::paper_view(&home, p)).collect(),
        base: home,
        form,
    };
    Ok(html_with(status(&page.form), &page))
}

/// A new block.
pub(super) async fn new_page(State(app): State<App>, actor: Actor, Path((_, id)): Where) -> Result<Response, Fault> {
    show(&app, &actor, id, None, None, "").await
}

type One = Path<(OrgId, RowId, RowId)>;

/// A block.
pub(super) async fn page(
    State(app): State<App>,
    actor: Actor,
    Path((_, id, block)): One,
    Query(done): Query<Done>,
) -> Result<Response, Fault> {
    show(&app, &actor, id, Some(block), None, said(done.xong.as_deref())).await
}

/// A block as it is stored, with what is wrong with another form on its page.
pub(super) async fn again(app: &App, actor: &Actor, id: RowId, block: RowId, problems: Vec<Problem>) -> Result<Response, Fault> {
    let org = actor.org;
    let stored = app.db.read(move |tx| blocks::of(tx, org, &[id])).await?;
    let mut form = stored.iter().find(|b| b.id == block).map(form_of).ok_or(Fault::NotFound)?;
    form.problems = problems;
    show(app, actor, id, Some(block), Some(form), "").await
}

fn words_of(form: &mut Form) -> Words {
    let title = form.required("nd_ten", 300, "Hãy ghi tên nội dung.");
    let body = form.text("nd_ban", 8000);
    look_for_marks(form, &[("nd_ten", &title), ("nd_ban", &body)]);
    Words {
        weight: form.code("nd_muc").unwrap_or(Weight::Required),
        minutes: form.int("nd_phut", 0, 600).unwrap_or(0),
        document: form.id("nd_tai_lieu"),
        title,
        body,
    }
}

/// A document that is tied to a block is one of the committee's own that are out.
fn must_be_ours(tx: &mut db::Tx, org: OrgId, words: &Words) -> Result<(), Fault> {
    match words.document {
        Some(wanted) if store::documents(tx, org)?.iter().all(|d| d.0 != wanted) => Err(Fault::NotFound),
        _ => Ok(()),
    }
}

/// Adds a block.
pub(super) async fn add(
    State(app): State<App>,
    actor: Actor,
    Path((org, id)): Where,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let version = form.int("version", 0, i64::MAX).unwrap_or(0);
    let words = words_of(&mut form);
    if !form.is_fine() {
        return show(&app, &actor, id, None, Some(form), "").await;
    }
    let hands = actor.clone();
    let new = app
        .write(&actor, move |tx| {
            let g = draft(tx, org, id)?;
            if g.kind != domain::guidance::GuidanceKind::Orientation {
                return Err(Fault::NotFound);
            }
            must_be_ours(tx, org, &words)?;
            store::touch(tx, org, id, version)?;
            Ok(blocks::add(tx, &hands, org, id, &words)?)
        })
        .await?;
    Ok(see(&format!("{}/{id}/noi-dung/{new}?xong=luu", base(org))))
}

/// Saves a block, or does what another button of it says.
pub(super) async fn save(
    State(app): State<App>,
    actor: Actor,
    Path((org, id, block)): One,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let version = form.int("version", 0, i64::MAX).unwrap_or(0);
    let asked = form.raw("viec").to_owned();
    let words = if asked.is_empty() { Some(words_of(&mut form)) } else { None };
    if !form.is_fine() {
        return show(&app, &actor, id, Some(block), Some(form), "").await;
    }
    app.write(&actor, move |tx| {
        draft(tx, org, id)?;
        if blocks::of(tx, org, &[id])?.iter().all(|b| b.id != block) {
            return Err(Fault::NotFound);
        }
        store::touch(tx, org, id, version)?;
        match (&words, asked.as_str()) {
            (Some(words), _) => {
                must_be_ours(tx, org, words)?;
                Ok(blocks::save(tx, org, id, block, words)?)
            }
            (None, "len") => Ok(blocks::shift(tx, org, id, block, true)?),
            (None, "xuong") => Ok(blocks::shift(tx, org, id, block, false)?),
            (None, "bo") => Ok(blocks::drop(tx, org, id, block)?),
            (None, _) => Err(Fault::NotFound),
        }
    })
    .await?;
    Ok(see(&format!("{}/{id}?xong=luu#khoi", base(org))))
}
