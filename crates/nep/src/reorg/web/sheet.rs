//! Many changes from a table: the empty table, the upload, the preview with a state for each row, the choices,
//! the acceptance. Nothing is written into the programme before it is accepted.

use std::collections::BTreeMap;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use db::Tx;
use domain::id::{OrgId, OrgKind, RowId};
use domain::sheet::ChangeSheet;
use domain::tree::{Around, Item, Listed, Node, RowState, listed_items, org_code, plan_listed};
use domain::vi;
use serde::Deserialize;
use web::form::Form;
use web::page::{XLSX, download, html, see};
use web::random::digest;

use super::{Where, base, editable, frame, here, moment, shown, words};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::ledger::document;
use crate::org::store::{Org, change};
use crate::reorg::carry;
use crate::reorg::kept::{self, Entry};
use crate::reorg::listed::{self, Kept};
use crate::reorg::page::{SheetAsk, SheetLine, SheetPage, SheetPreview};
use crate::reorg::store::{self, Programme, sheet as rows};

/// Rows of one page.
const PAGE: usize = 100;

/// The filters with the words of the address.
const FILTERS: [(&str, Option<RowState>); 6] = [
    ("", None),
    ("loi", Some(RowState::Error)),
    ("chon", Some(RowState::Ask)),
    ("xem", Some(RowState::Warning)),
    ("them", Some(RowState::Add)),
    ("bo", Some(RowState::Skip)),
];

/// What the address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Filter {
    xem: Option<String>,
    trang: Option<usize>,
    xong: Option<String>,
}

/// The programme while it can be edited.
fn open(tx: &mut Tx, actor: &Actor, org: OrgId, id: RowId) -> Result<(Org, Programme), Fault> {
    let o = here(tx, actor, org)?;
    let p = store::get(tx, org, id)?;
    if p.state.is_open() { Ok((o, p)) } else { Err(Fault::NotFound) }
}

pub(super) async fn page(
    State(app): State<App>,
    actor: Actor,
    Path((org, id)): Where,
    Query(filter): Query<Filter>,
) -> Result<Response, Fault> {
    show(&app, actor, org, id, Form::default(), words(filter.xong.as_deref())).await
}

async fn show(app: &App, actor: Actor, org: OrgId, id: RowId, form: Form, done: &'static str) -> Result<Response, Fault> {
    let fine = form.is_fine();
    let page = app.db.read(move |tx| {
        let (o, p) = open(tx, &actor, org, id)?;
        let waiting = rows::waiting(tx, org, id)?.map(|w| format!("{}, tải lên lúc {}", w.file, moment(w.at)));
        Ok::<_, Fault>(SheetPage {
            shell: frame(&actor, &o, "Thêm việc từ bảng").crumb(base(org, id), p.title.clone()).wrong(&form).done(done),
            title: p.title,
            base: base(org, id),
            form: form.clone(),
            waiting: waiting.unwrap_or_default(),
        })
    });
    Ok(shown(&page.await?, fine))
}

pub(super) async fn blank(State(app): State<App>, actor: Actor, Path((org, id)): Where) -> Result<Response, Fault> {
    let (hands, today) = (actor.clone(), actor.today());
    let (o, p, nodes) = app
        .db
        .read(move |tx| {
            let (o, p) = open(tx, &hands, org, id)?;
            Ok::<_, Fault>((o, p, change::nodes(tx, org)?))
        })
        .await?;
    let rules = app.rules.at(p.on.unwrap_or(today));
    let name = format!("Bảng phương án {}.xlsx", o.short_name);
    let bytes = document::made(move || documents::xlsx(&listed::blank(org, &nodes, &rules))).await?;
    Ok(download(bytes, XLSX, &name))
}

/// Reads a file on a thread of its own: it may be large, and hostile.
async fn read(name: String, bytes: Vec<u8>) -> Result<Result<ChangeSheet, String>, Fault> {
    let work = move || {
        let grids = documents::read_sheet(&name, &bytes).map_err(|e| format!("{e} Chưa ghi gì vào phương án."))?;
        listed::choose(&grids)
    };
    tokio::task::spawn_blocking(work).await.map_err(|e| Fault::Document(e.to_string()))
}

pub(super) async fn upload(
    State(app): State<App>,
    actor: Actor,
    Path((org, id)): Where,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let Some(file) = form.files.iter().position(|f| f.field == "tep").map(|at| form.files.swap_remove(at)) else {
        form.problem("tep", "Hãy chọn tệp bảng.");
        return show(&app, actor, org, id, form, "").await;
    };
    let name = file.name.clone();
    let sheet = match read(file.name, file.bytes).await? {
        Ok(sheet) => Kept::of(sheet),
        Err(why) => {
            form.problem("tep", why);
            return show(&app, actor, org, id, form, "").await;
        }
    };
    let hands = actor.clone();
    app.write(&actor, move |tx| {
        open(tx, &hands, org, id)?;
        Ok(rows::keep(tx, &hands, org, id, &name, &sheet)?)
    })
    .await?;
    Ok(see(&format!("{}/bang/xem-truoc", base(org, id))))
}

/// A table as it stands beside the programme at the moment.
struct Compared {
    nodes: Vec<Node>,
    entries: Vec<Entry>,
    listed: Vec<Listed>,
}

impl Compared {
    fn read(tx: &mut Tx, app: &App, actor: &Actor, org: &Org, p: &Programme, kept: &Kept) -> Result<Self, Fault> {
        let nodes = change::nodes(tx, org.id)?;
        let entries = p.entries()?;
        let items: Vec<(i64, Item)> = entries.iter().map(|e| (e.n, e.item())).collect();
        let around = Around {
            root: org.id,
            nodes: &nodes,
            short: &rows::short_names(tx, &org.path)?,
            members: &store::members(tx, &org.path, actor.today())?,
            entries: &items,
            rules: &app.rules.at(p.on.unwrap_or(actor.today())),
            library: &app.rules,
        };
        let listed = plan_listed(&kept.rows(), &around);
        Ok(Self { nodes, entries, listed })
    }

    /// Fingerprint of what was shown.
    fn print(&self) -> String {
        let line = |r: &Listed| format!("{} {:?} {} {}", r.number, r.state, r.asks, r.says);
        digest(&self.listed.iter().map(line).collect::<Vec<_>>().join("\n"))
    }

    fn count(&self, state: RowState) -> usize {
        self.listed.iter().filter(|r| r.state == state).count()
    }

    fn adds(&self) -> usize {
        self.listed.iter().filter(|r| r.state.adds()).count()
    }

    /// What the programme would ask for with the rows that are right.
    fn joined(&self, actor: &Actor) -> Vec<Entry> {
        kept::joined(&self.entries, &listed_items(&self.listed), || actor.id::<OrgKind>())
    }

    /// An organisation with where it stands and its code.
    fn described(&self, id: OrgId) -> Option<(String, String)> {
        let by_id: BTreeMap<OrgId, &Node> = self.nodes.iter().map(|n| (n.id, n)).collect();
        let node = by_id.get(&id)?;
        let mut above = Vec::new();
        let mut at = node.parent;
        while let Some(parent) = at.and_then(|p| by_id.get(&p)) {
            above.push(parent.name.clone());
            at = parent.parent;
        }
        Some((node.name.clone(), format!("Thuộc {}; mã {}", above.join(", thuộc "), org_code(id))))
    }
}

pub(super) async fn preview(
    State(app): State<App>,
    actor: Actor,
    Path((org, id)): Where,
    Query(filter): Query<Filter>,
) -> Result<Response, Fault> {
    let known = app.clone();
    let page = app.db.read(move |tx| {
        let (o, p) = open(tx, &actor, org, id)?;
        let Some(waiting) = rows::waiting(tx, org, id)? else { return Ok(None) };
        let compared = Compared::read(tx, &known, &actor, &o, &p, &waiting.kept)?;
        preview_of(tx, &known, &actor, (&o, &p), &waiting, &compared, &filter).map(Some)
    });
    match page.await? {
        Some(page) => Ok(html(&page)),
        // Accepted or put away meanwhile.
        None => Ok(see(&format!("{}/bang", base(org, id)))),
    }
}

fn preview_of(
    tx: &mut Tx,
    app: &App,
    actor: &Actor,
    (o, p): (&Org, &Programme),
    waiting: &rows::Waiting,
    compared: &Compared,
    filter: &Filter,
) -> Result<SheetPreview, Fault> {
    let asked = filter.xem.as_deref().unwrap_or_default();
    let (asked, state) = FILTERS.into_iter().find(|f| f.0 == asked).unwrap_or(("", None));
    let chosen: Vec<&Listed> = compared.listed.iter().filter(|r| state.is_none_or(|s| r.state == s)).collect();
    let count = chosen.len().div_ceil(PAGE).max(1);
    let page = filter.trang.unwrap_or(1).clamp(1, count);
    let at = base(o.id, p.id);
    let address = |xem: &str, trang: usize| format!("{at}/bang/xem-truoc?xem={xem}&trang={trang}");
    let filters = FILTERS.into_iter().map(|(code, state)| {
        let n = state.map_or(compared.listed.len(), |s| compared.count(s));
        (address(code, 1), format!("{} ({n})", state.map_or("Tất cả", |s| domain::code::Code::label(s))), code == asked)
    });
    let adds = compared.adds();
    Ok(SheetPreview {
        shell: frame(actor, o, "Xem trước bảng")
            .crumb(at.clone(), p.title.clone())
            .crumb(format!("{at}/bang"), "Thêm việc từ bảng")
            .done(words(filter.xong.as_deref())),
        title: p.title.clone(),
        file: waiting.file.clone(),
        version: p.version,
        print: compared.print(),
        changed: false,
        tally: FILTERS
            .into_iter()
            .filter_map(|f| f.1)
            .map(|s| (class(s), domain::code::Code::label(s), compared.count(s)))
            .collect(),
        ignored: waiting.kept.ignored.join(", "),
        idle: waiting.kept.idle,
        questions: compared.listed.iter().filter_map(|r| question(compared, r)).collect(),
        trouble: if adds == 0 { String::new() } else { trouble(tx, app, actor, o, p, compared)? },
        button: if adds == 0 { String::new() } else { format!("Ghi {} vào phương án", vi::count(adds, "dòng")) },
        errors: compared.count(RowState::Error) + compared.count(RowState::Ask),
        filters: filters.collect(),
        rows: chosen.into_iter().skip((page - 1) * PAGE).take(PAGE).map(line).collect(),
        pages: (1..=count).map(|n| (address(asked, n), n, n == page)).collect(),
        base: at,
    })
}

fn class(state: RowState) -> &'static str {
    match state {
        RowState::Add => "done",
        RowState::Warning | RowState::Ask => "due",
        RowState::Skip => "none",
        RowState::Error => "late",
    }
}

fn line(row: &Listed) -> SheetLine {
    SheetLine {
        n: row.number,
        state: domain::code::Code::label(row.state),
        class: class(row.state),
        asks: row.asks.clone(),
        says: row.says.clone(),
    }
}

fn question(compared: &Compared, row: &Listed) -> Option<SheetAsk> {
    let answers: Vec<(String, String, String)> = row
        .candidates
        .iter()
        .filter_map(|id| compared.described(*id).map(|(name, place)| (id.to_string(), name, place)))
        .collect();
    let text = format!("Dòng {}: {}", row.number, row.says);
    (!answers.is_empty()).then(|| SheetAsk { field: format!("dong_{}", row.number), text, answers })
}

/// What would still stand against the programme with these rows in it; empty when nothing would.
fn trouble(tx: &mut Tx, app: &App, actor: &Actor, o: &Org, p: &Programme, compared: &Compared) -> Result<String, Fault> {
    let items = store::as_json(&compared.joined(actor))?;
    let whole = Programme { items, on: Some(p.on.unwrap_or(actor.today())), ..p.clone() };
    match carry::prepare(tx, o, &whole, &app.rules) {
        Ok(_) => Ok(String::new()),
        Err(Fault::Refused(refusal)) => Ok(refusal.text()),
        Err(other) => Err(other),
    }
}

/// What became of a press.
enum Outcome {
    Done(&'static str),
    Shown(Box<SheetPreview>),
}

pub(super) async fn decide(
    State(app): State<App>,
    actor: Actor,
    Path((org, id)): Where,
    Sent(form): Sent,
) -> Result<Response, Fault> {
    let (known, hands) = (app.clone(), actor.clone());
    let outcome = app
        .write(&actor, move |tx| {
            let (o, p) = editable(tx, &hands, org, id, &form)?;
            let Some(mut waiting) = rows::waiting(tx, org, id)? else { return Err(Fault::Conflict) };
            if form.raw("lam") == "bo" {
                rows::drop_waiting(tx, org, id)?;
                return Ok(Outcome::Done("/bang?xong=pa-bo-bang"));
            }
            let compared = Compared::read(tx, &known, &hands, &o, &p, &waiting.kept)?;
            if form.raw("bang") != compared.print() {
                let page = preview_of(tx, &known, &hands, (&o, &p), &waiting, &compared, &Filter::default())?;
                return Ok(Outcome::Shown(Box::new(SheetPreview { changed: true, ..page })));
            }
            match form.raw("lam") {
                "chon" => {
                    for row in &compared.listed {
                        if let Ok(org) = form.raw(&format!("dong_{}", row.number)).parse() {
                            waiting.kept.choose(row, org);
                        }
                    }
                    rows::keep(tx, &hands, org, id, &waiting.file, &waiting.kept)?;
                    Ok(Outcome::Done("/bang/xem-truoc?xong=pa-chon"))
                }
                "nhan" if compared.adds() > 0 => {
                    let items = store::as_json(&compared.joined(&hands))?;
                    store::save(tx, &hands, &Programme { items, ..p }, "programme.edited")?;
                    rows::drop_waiting(tx, org, id)?;
                    Ok(Outcome::Done("?xong=pa-bang"))
                }
                _ => Err(Fault::NotFound),
            }
        })
        .await?;
    Ok(match outcome {
        Outcome::Done(to) => see(&format!("{}{to}", base(org, id))),
        Outcome::Shown(page) => html(&*page),
    })
}
