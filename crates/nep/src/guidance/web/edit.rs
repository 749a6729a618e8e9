//! A draft: its head and distribution list, its files. Rules: L2, P4, P-8, P-30.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::code::Code;
use domain::guidance::{Distribution, GuidanceKind, GuidanceState, Reach};
use domain::id::{FileId, OrgId, RowId};
use domain::period::PeriodKey;
use domain::right::Right;
use domain::vi;
use web::form::Form;
use web::page::{download as attachment, html_with, see};

use super::super::page::EditPage;
use super::super::store::{self, Guidance, Head, blocks, cells, papers};
use super::super::view::{self, At};
use super::{Where, base, draft, look_for_marks, months, must_be_committee, shell, status};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::meeting::sniff;
use crate::meeting::store::files::NewFile;
use crate::org::store as orgs;

/// Most files one of them holds.
const MOST: usize = 30;

fn form_of(g: &Guidance, list: &Distribution) -> Form {
    let one = [
        ("ten", g.title.clone()),
        ("noi_dung", g.body.clone()),
        ("thang", g.period.clone().unwrap_or_default()),
        ("so", g.number.clone()),
        ("ngay", g.dated_on.map(vi::date).unwrap_or_default()),
        ("noi_nhan", list.reach.code().to_owned()),
    ];
    let types = list.types.iter().map(|t| ("loai_hinh", t.clone()));
    let orgs = list.orgs.iter().map(|o| ("to_chuc", o.to_string()));
    Form::from_pairs(one.into_iter().chain(types).chain(orgs))
}

/// The page of a draft, with a form as it was sent or as it is stored.
pub(super) async fn show(app: &App, actor: &Actor, id: RowId, sent: Option<Form>, done: &str) -> Result<Response, Fault> {
    let (org, today) = (actor.org, actor.today());
    let read = app.db.read(move |tx| {
        let g = draft(tx, org, id)?;
        let here = orgs::get(tx, org, today)?;
        let list = store::list(tx, &g)?;
        let found = blocks::of(tx, org, &[id])?;
        let titles = store::titles(tx, &found)?;
        let files = papers::of(tx, org, &[id])?;
        let below = cells::choices(tx, &here.path, today)?;
        let (before, _) = store::editions(tx, &g)?;
        Ok::<_, Fault>((g, list, found, titles, files, below, before))
    });
    let (g, list, found, documents, files, below, before) = read.await?;
    let base = format!("{}/{id}", base(org));
    let at = At { base: super::base(org), documents };
    let form = sent.unwrap_or_else(|| form_of(&g, &list));
    let mut choice = months(today);
    choice.extend(g.key().filter(|k| !choice.contains(k)));
    let title = if g.title.is_empty() { g.kind.to_string() } else { g.title.clone() };
    let page = EditPage {
        shell: shell(actor, &title).wrong(&form).done(done),
        kind: g.kind.label(),
        orientation: g.kind == GuidanceKind::Orientation,
        replaces: before.map(|b| b.title).unwrap_or_default(),
        version: g.version,
        title,
        months: choice.into_iter().map(view::month_option).collect(),
        reaches: Reach::ALL.iter().map(|r| (r.code().to_owned(), r.label().to_owned())).collect(),
        types: app.rules.at(today).cell_types().map(|t| (t.code.clone(), t.name.clone())).collect(),
        orgs: below.into_iter().map(|(id, name, _, is_cell)| (id.to_string(), name, !is_cell)).collect(),
        blocks: found.iter().map(|b| view::block_view(&at, b, &files)).collect(),
        papers: view::whole(&base, &files),
        base,
        form,
    };
    Ok(html_with(status(&page.form), &page))
}

/// Reads the head as it was typed.
fn head_of(form: &mut Form, kind: GuidanceKind) -> Head {
    let title = form.required("ten", 300, "Hãy ghi tên gọi.");
    let body = form.text("noi_dung", 8000);
    let number = form.line("so", 60);
    let dated_on = form.date("ngay");
    let period: Option<PeriodKey> = form.raw("thang").parse().ok().filter(|_| kind == GuidanceKind::Orientation);
    let reach = form.code("noi_nhan").unwrap_or(Reach::All);
    let types: Vec<String> = form.every("loai_hinh").map(str::to_owned).collect();
    let orgs: Vec<OrgId> = form.every("to_chuc").filter_map(|o| o.parse().ok()).collect();
    look_for_marks(form, &[("ten", &title), ("noi_dung", &body), ("so", &number)]);
    let list = match reach {
        Reach::All => Distribution { reach, types: Vec::new(), orgs: Vec::new() },
        Reach::Types => Distribution { reach, types, orgs: Vec::new() },
        Reach::Chosen => Distribution { reach, types: Vec::new(), orgs },
    };
    if list.reach != Reach::All && list.types.is_empty() && list.orgs.is_empty() {
        form.problem("noi_nhan", "Hãy chọn ít nhất một loại hình hoặc một tổ chức nhận.");
    }
    Head { title, body, period, number, dated_on, list }
}

/// Saves head and distribution list.
pub(super) async fn save(
    State(app): State<App>,
    actor: Actor,
    Path((org, id)): Where,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let g = app.db.read(move |tx| draft(tx, org, id)).await?;
    let version = form.int("version", 0, i64::MAX).unwrap_or(0);
    let mut head = head_of(&mut form, g.kind);
    if g.kind == GuidanceKind::Orientation {
        let known = head.period.filter(|k| months(actor.today()).contains(k) || g.key() == Some(*k));
        if known.is_none() {
            form.problem("thang", "Hãy chọn tháng trong danh sách.");
        }
    }
    let known: Vec<String> = app.rules.at(actor.today()).cell_types().map(|t| t.code.clone()).collect();
    head.list.types.retain(|t| known.contains(t));
    if !form.is_fine() {
        return show(&app, &actor, id, Some(form), "").await;
    }
    let today = actor.today();
    let done = app
        .write(&actor, move |tx| {
            draft(tx, org, id)?;
            let here = orgs::get(tx, org, today)?;
            let below = cells::choices(tx, &here.path, today)?;
            // Whom the committee has nothing under it to send to does not exist.
            if head.list.orgs.iter().any(|o| below.iter().all(|b| b.0 != *o)) {
                return Err(Fault::NotFound);
            }
            Ok(store::save_head(tx, org, id, version, &head)?)
        })
        .await;
    done?;
    Ok(see(&format!("{}/{id}?xong=luu", base(org))))
}

/// Throws a draft away.
pub(super) async fn drop_draft(State(app): State<App>, actor: Actor, Path((org, id)): Where) -> Result<Response, Fault> {
    let hands = actor.clone();
    app.write(&actor, move |tx| {
        draft(tx, org, id)?;
        Ok(store::drop_draft(tx, &hands, org, id)?)
    })
    .await?;
    Ok(see(&format!("{}?xong=dh-bo", base(org))))
}

/// Takes a file in, for the whole or for one of its blocks.
pub(super) async fn upload(
    State(app): State<App>,
    actor: Actor,
    Path((org, id)): Where,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let given = std::mem::take(&mut form.files).into_iter().find(|f| f.field == "tep");
    let version = form.int("version", 0, i64::MAX).unwrap_or(0);
    let block: Option<RowId> = form.id("khoi");
    if !form.ticked("khong_mat") {
        form.problem("khong_mat", "Hãy đọc và đánh dấu xác nhận tài liệu không chứa bí mật nhà nước.");
    }
    let new = match given
        .map(|f| sniff::admit(&f.name, &f.bytes).map(|media_type| NewFile { name: f.name, media_type, bytes: f.bytes }))
    {
        Some(Ok(new)) => Some(new),
        Some(Err(refusal)) => {
            form.problem("tep", refusal.text());
            None
        }
        None => {
            form.problem("tep", "Hãy chọn tệp cần tải lên.");
            None
        }
    };
    let Some(new) = new.filter(|_| form.is_fine()) else {
        return again(&app, &actor, id, block, form).await;
    };
    let hands = actor.clone();
    let done = app
        .write(&actor, move |tx| {
            draft(tx, org, id)?;
            if let Some(block) = block
                && blocks::of(tx, org, &[id])?.iter().all(|b| b.id != block)
            {
                return Err(Fault::NotFound);
            }
            if papers::of(tx, org, &[id])?.len() >= MOST {
                let text = format!("Chỉ kèm được {MOST} tệp. Hãy gỡ bớt.");
                return Err(domain::refusal::Refusal::new("many_files", text).at("tep").into());
            }
            store::touch(tx, org, id, version)?;
            Ok(papers::add(tx, &hands, org, id, block, &new)?)
        })
        .await;
    match done {
        Ok(_) => Ok(see(&format!("{}?xong=luu", place(org, id, block)))),
        Err(Fault::Refused(refusal)) => {
            form.problem("tep", refusal.text());
            again(&app, &actor, id, block, form).await
        }
        Err(other) => Err(other),
    }
}

fn place(org: OrgId, id: RowId, block: Option<RowId>) -> String {
    match block {
        Some(block) => format!("{}/{id}/noi-dung/{block}", base(org)),
        None => format!("{}/{id}", base(org)),
    }
}

/// The page the file form stood on, with what is wrong.
async fn again(app: &App, actor: &Actor, id: RowId, block: Option<RowId>, form: Form) -> Result<Response, Fault> {
    if let Some(block) = block {
        return super::block::again(app, actor, id, block, form.problems).await;
    }
    let org = actor.org;
    let (g, list) = app
        .db
        .read(move |tx| {
            let g = draft(tx, org, id)?;
            let list = store::list(tx, &g)?;
            Ok::<_, Fault>((g, list))
        })
        .await?;
    let mut stored = form_of(&g, &list);
    stored.problems = form.problems;
    show(app, actor, id, Some(stored), "").await
}

/// Removes a file of a draft.
pub(super) async fn remove(
    State(app): State<App>,
    actor: Actor,
    Path((org, id, paper)): Path<(OrgId, RowId, FileId)>,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let version = form.int("version", 0, i64::MAX).unwrap_or(0);
    let hands = actor.clone();
    let block = app
        .write(&actor, move |tx| {
            draft(tx, org, id)?;
            let found = papers::of(tx, org, &[id])?.into_iter().find(|p| p.id == paper).ok_or(Fault::NotFound)?;
            store::touch(tx, org, id, version)?;
            papers::remove(tx, &hands, org, id, paper)?;
            Ok(found.block)
        })
        .await?;
    Ok(see(&format!("{}?xong=luu", place(org, id, block))))
}

/// Gives a file out to who reads what it belongs to.
pub(super) async fn download(
    State(app): State<App>,
    actor: Actor,
    Path((org, id, paper)): Path<(OrgId, RowId, FileId)>,
) -> Result<Response, Fault> {
    must_be_committee(&actor)?;
    let (found, body) = app
        .db
        .read(move |tx| {
            let g = store::get(tx, org, id)?;
            if g.state == GuidanceState::Draft && !actor.may(Right::GuidanceIssue) {
                return Err(Fault::NotFound);
            }
            Ok(papers::body(tx, org, id, paper)?)
        })
        .await?;
    Ok(attachment(body, sniff::media_type(&found.media_type), &found.name))
}
