//! The things a programme asks for: shown in words, added, edited and taken out one at a time.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::{Path, Query, State};
use axum::response::Response;
use db::Tx;
use domain::code::Code;
use domain::id::{OrgId, OrgKind, RowId};
use domain::tree::{Node, depth};
use domain::vi;
use serde::Deserialize;
use web::form::Form;
use web::page::see;

use super::{Where, Work, base, editable, frame, here, shown};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::org::store::{Org, change};
use crate::reorg::kept::{self, Entry, Renaming, What};
use crate::reorg::page::{Choice, EntryLine, ItemPage, KindChoice};
use crate::reorg::store::{self, Programme};

/// What is known of the tree while a programme is prepared.
struct Known {
    org: Org,
    nodes: Vec<Node>,
    entries: Vec<Entry>,
    programme: Programme,
    app: App,
}

impl Known {
    fn read(tx: &mut Tx, app: &App, org: &Org, programme: &Programme, entries: &[Entry]) -> db::Result<Self> {
        let nodes = change::nodes(tx, org.id)?;
        Ok(Self { org: org.clone(), nodes, entries: entries.to_vec(), programme: programme.clone(), app: app.clone() })
    }

    fn is_cell(&self, kind: &str) -> bool {
        self.app.rules.org_kind(kind).is_some_and(|k| k.is_cell)
    }

    fn kind_name(&self, kind: &str) -> String {
        self.app.rules.org_kind(kind).map_or_else(|| kind.to_owned(), |k| k.name.clone())
    }

    /// The rules of the day it takes effect; of today while that is open.
    fn rules(&self, today: jiff::civil::Date) -> domain::rulepack::Rules {
        self.app.rules.at(self.programme.on.unwrap_or(today))
    }

    /// Name of an organisation of today or of the programme.
    fn called(&self, id: i64) -> String {
        let node = self.nodes.iter().find(|n| n.id.raw() == id).map(|n| n.name.clone());
        let new = || {
            self.entries.iter().find_map(|e| match &e.what {
                What::Found { id: new, name, .. } if *new == id => Some(format!("{name} (mới)")),
                _ => None,
            })
        };
        node.or_else(new).unwrap_or_else(|| "tổ chức không còn trong danh sách".to_owned())
    }

    /// Whether an id may be named as an organisation of today below the programme's own.
    fn below(&self, id: i64) -> bool {
        self.nodes.iter().any(|n| n.id.raw() == id && n.id != self.org.id)
    }

    /// Organisations something may go to: the own one, those below, new ones.
    fn targets(&self, cells: bool) -> Vec<(String, String)> {
        let parent = |n: &Node| {
            let above = self.nodes.iter().find(|p| Some(p.id) == n.parent && p.id != self.org.id);
            above.map(|p| format!(" ({})", p.name)).unwrap_or_default()
        };
        let fits = |kind: &str| cells || !self.is_cell(kind);
        let new = self.entries.iter().filter_map(|e| match &e.what {
            What::Found { id, name, kind, .. } if fits(kind) => Some((id.to_string(), format!("{name} (mới)"))),
            _ => None,
        });
        let there = self.nodes.iter().filter(|n| fits(&n.kind) && !(cells && n.id == self.org.id));
        new.chain(there.map(|n| (n.id.to_string(), format!("{}{}", n.name, parent(n))))).collect()
    }

    /// Organisations of today that may get another name or kind.
    fn changing(&self) -> Vec<(String, String)> {
        self.targets(true).into_iter().filter(|(id, _)| id.parse().is_ok_and(|id| self.below(id))).collect()
    }

    /// A new name, a new kind, in words.
    fn renaming(&self, new: &Renaming) -> String {
        let name = new.name.as_ref().map(|n| format!("đổi tên thành {n}"));
        let kind = new.kind.as_ref().map(|k| format!("đổi loại thành “{}”", self.kind_name(k)));
        name.into_iter().chain(kind).collect::<Vec<_>>().join(", ")
    }

    /// Committees with something below them, as deep as they stand.
    fn unders(&self) -> Vec<(String, String)> {
        let parents: BTreeSet<OrgId> = self.nodes.iter().filter_map(|n| n.parent).collect();
        let top = depth(&self.org.path);
        let shown = self.nodes.iter().filter(|n| parents.contains(&n.id));
        shown.map(|n| (n.id.to_string(), format!("{}{}", "– ".repeat(depth(&n.path).saturating_sub(top)), n.name))).collect()
    }
}

/// How many names a line of the programme shows.
const SHOWN: usize = 8;

/// What a programme asks for, in words.
pub(super) fn lines(tx: &mut Tx, app: &App, org: &Org, p: &Programme, entries: &[Entry]) -> Result<Vec<EntryLine>, Fault> {
    let known = Known::read(tx, app, org, p, entries)?;
    let at = base(org.id, p.id);
    Ok(entries.iter().map(|e| said(&known, e, &at)).collect())
}

fn work(entry: &Entry) -> Work {
    match entry.what {
        What::Found { .. } => Work::Found,
        What::Move { .. } => Work::Move,
        What::Merge { .. } => Work::Merge,
        What::Unify { .. } => Work::Unify,
        What::Recast { .. } => Work::Recast,
        What::End { .. } => Work::End,
    }
}

fn said(known: &Known, entry: &Entry, at: &str) -> EntryLine {
    let many = |orgs: &[i64]| vi::count(orgs.len(), "tổ chức");
    let (text, mut names) = match &entry.what {
        What::Found { kind, name, parent, posts, .. } => {
            let is_cell = known.is_cell(kind);
            let posts = posts.iter().filter_map(|p| Some(format!("{}: đồng chí {}", p.role()?.label_in(is_cell), p.name)));
            (format!("Lập {name} ({}), trực thuộc {}", known.kind_name(kind), known.called(*parent)), posts.collect())
        }
        What::Move { orgs, to } => (format!("Chuyển {} về trực thuộc {}", many(orgs), known.called(*to)), names(known, orgs)),
        What::Merge { orgs, into } => (format!("Nhập {} vào {}", many(orgs), known.called(*into)), names(known, orgs)),
        What::Unify { kinds, to } => {
            let from: Vec<String> = kinds.iter().map(|k| format!("“{}”", known.kind_name(k))).collect();
            (format!("Đổi mọi tổ chức loại {} thành loại “{}”", vi::join(&from), known.kind_name(to)), Vec::new())
        }
        What::Recast { orgs } => {
            let new = orgs.iter().map(|r| format!("{}: {}", known.called(r.org), known.renaming(r))).collect();
            (format!("Đổi tên, đổi loại {}", vi::count(orgs.len(), "tổ chức")), new)
        }
        What::End { orgs } => (format!("Kết thúc hoạt động {}", many(orgs)), names(known, orgs)),
    };
    if names.len() > SHOWN {
        let more = names.split_off(SHOWN).len();
        names.push(format!("và {}", vi::count(more, "tổ chức khác")));
    }
    let n = entry.n;
    EntryLine {
        n,
        text,
        names,
        edit: format!("{at}/viec/{}?muc={n}", work(entry).code()),
        posts: if entry.founds().is_some() { format!("{at}/chuc-vu?muc={n}") } else { String::new() },
    }
}

fn names(known: &Known, orgs: &[i64]) -> Vec<String> {
    orgs.iter().map(|id| known.called(*id)).collect()
}

/// What the address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Asked {
    muc: Option<String>,
    duoi: Option<String>,
}

type At = Path<(OrgId, RowId, String)>;

pub(super) async fn page(
    State(app): State<App>,
    actor: Actor,
    Path((org, id, word)): At,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let work = Work::from_code(&word).ok_or(Fault::NotFound)?;
    let pairs = [("muc", asked.muc.unwrap_or_default()), ("duoi", asked.duoi.unwrap_or_default())];
    show(&app, actor, (org, id), work, Form::from_pairs(pairs), false).await
}

async fn show(app: &App, actor: Actor, (org, id): (OrgId, RowId), work: Work, form: Form, sent: bool) -> Result<Response, Fault> {
    let (known, fine) = (app.clone(), form.is_fine());
    let page = app.db.read(move |tx| {
        let o = here(tx, &actor, org)?;
        let p = store::get(tx, org, id)?;
        if !p.state.is_open() {
            return Err(Fault::NotFound);
        }
        let known = Known::read(tx, &known, &o, &p, &p.entries()?)?;
        load(&actor, &known, work, form.clone(), sent)
    });
    Ok(shown(&page.await?, fine))
}

/// The entry a form is about; none for a new one.
fn entry<'a>(entries: &'a [Entry], form: &Form, work: Work) -> Result<Option<&'a Entry>, Fault> {
    let Ok(n) = form.raw("muc").parse::<i64>() else { return Ok(None) };
    if n == 0 {
        return Ok(None);
    }
    let found = entries.iter().find(|e| e.n == n && self::work(e) == work);
    found.map(Some).ok_or(Fault::NotFound)
}

fn load(actor: &Actor, known: &Known, work: Work, mut form: Form, sent: bool) -> Result<ItemPage, Fault> {
    let entry = entry(&known.entries, &form, work)?;
    let mut ticked: BTreeSet<i64> = form.every("to_chuc").filter_map(|t| t.parse().ok()).collect();
    let mut kinds: Vec<String> = form.every("tu_loai").map(str::to_owned).collect();
    if let Some(entry) = entry.filter(|_| !sent) {
        ticked.extend(entry.chosen());
        match &entry.what {
            What::Found { kind, name, parent, .. } => {
                form.set("ten", name.clone());
                form.set("loai", kind.clone());
                form.set("ve", parent.to_string());
            }
            What::Move { to, .. } | What::Merge { into: to, .. } => form.set("ve", to.to_string()),
            What::Unify { kinds: from, to } => {
                kinds.clone_from(from);
                form.set("loai", to.clone());
            }
            What::Recast { orgs } => ticked.extend(orgs.iter().map(|r| r.org)),
            What::End { .. } => {}
        }
    }
    let under = form.raw("duoi").parse::<i64>().ok().filter(|id| known.nodes.iter().any(|n| n.id.raw() == *id));
    let under = under.unwrap_or(known.org.id.raw());
    let n = entry.map_or(0, |e| e.n);
    let rules = known.rules(actor.today());
    let targets = match work {
        Work::Found | Work::Move => known.targets(false),
        Work::Merge => known.targets(true),
        Work::Recast => known.changing(),
        Work::Unify | Work::End => Vec::new(),
    };
    let ticks = matches!(work, Work::Move | Work::Merge | Work::End);
    Ok(ItemPage {
        shell: frame(actor, &known.org, work.label())
            .crumb(base(known.org.id, known.programme.id), known.programme.title.clone())
            .wrong(&form),
        title: known.programme.title.clone(),
        base: base(known.org.id, known.programme.id),
        version: known.programme.version,
        work,
        n,
        kinds: rules.org_kinds().map(|k| (k.code.clone(), k.name.clone())).collect(),
        targets,
        unders: if ticks { known.unders() } else { Vec::new() },
        under: under.to_string(),
        choices: match entry.map(|e| &e.what) {
            _ if ticks => choices(known, n, under, &ticked),
            Some(What::Recast { orgs }) => orgs.iter().map(|r| renamed(known, r, &ticked)).collect(),
            _ => Vec::new(),
        },
        from_kinds: if work == Work::Unify { kind_choices(known, &kinds) } else { Vec::new() },
        form,
    })
}

/// One that gets another name or kind, to be kept or not.
fn renamed(known: &Known, new: &Renaming, ticked: &BTreeSet<i64>) -> Choice {
    let on = ticked.contains(&new.org);
    Choice { id: OrgId::new(new.org), name: known.called(new.org), note: known.renaming(new), on, taken: false }
}

/// What stands under the chosen committee, and before it what is ticked elsewhere.
fn choices(known: &Known, n: i64, under: i64, ticked: &BTreeSet<i64>) -> Vec<Choice> {
    let others: BTreeMap<i64, i64> =
        known.entries.iter().filter(|e| e.n != n).flat_map(|e| e.chosen().iter().map(|id| (*id, e.n))).collect();
    let direct = |node: &&Node| node.parent.is_some_and(|p| p.raw() == under) && node.id != known.org.id;
    let elsewhere = |node: &&Node| ticked.contains(&node.id.raw()) && !direct(node) && node.id != known.org.id;
    let shown = known.nodes.iter().filter(elsewhere).chain(known.nodes.iter().filter(direct));
    shown
        .map(|node| {
            let id = node.id.raw();
            let below = known.nodes.iter().filter(|x| x.path.starts_with(&node.path)).count().saturating_sub(1);
            let mut note = known.kind_name(&node.kind);
            if below > 0 {
                note = format!("{note}; {} bên dưới", vi::count(below, "tổ chức"));
            }
            if !direct(&node) {
                note = format!("{note}; đang thuộc {}", node.parent.map_or(String::new(), |p| known.called(p.raw())));
            }
            let taken = others.get(&id);
            if let Some(n) = taken {
                note = format!("Đã chọn ở việc số {n}");
            }
            let on = ticked.contains(&id) && taken.is_none();
            Choice { id: node.id, name: node.name.clone(), note, on, taken: taken.is_some() }
        })
        .collect()
}

fn kind_choices(known: &Known, ticked: &[String]) -> Vec<KindChoice> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for node in known.nodes.iter().filter(|n| n.id != known.org.id) {
        *counts.entry(&node.kind).or_default() += 1;
    }
    counts
        .into_iter()
        .map(|(code, n)| KindChoice {
            code: code.to_owned(),
            name: format!("{} ({})", known.kind_name(code), vi::count(n, "tổ chức")),
            on: ticked.iter().any(|k| k == code),
        })
        .collect()
}

pub(super) async fn save(
    State(app): State<App>,
    actor: Actor,
    Path((org, id, word)): At,
    Sent(form): Sent,
) -> Result<Response, Fault> {
    let work = Work::from_code(&word).ok_or(Fault::NotFound)?;
    let (hands, known, sent) = (actor.clone(), app.clone(), form.clone());
    let wrong = app
        .write(&actor, move |tx| {
            let mut form = sent.clone();
            let (o, p) = editable(tx, &hands, org, id, &form)?;
            let known = Known::read(tx, &known, &o, &p, &p.entries()?)?;
            let Some(new) = read(&hands, &known, work, &mut form)? else { return Ok(Some(form)) };
            let mut entries = known.entries.clone();
            match entries.iter_mut().find(|e| e.n == new.n) {
                Some(old) => *old = new,
                None => entries.push(new),
            }
            let items = store::as_json(&entries)?;
            store::save(tx, &hands, &Programme { items, ..p }, "programme.edited")?;
            Ok(None)
        })
        .await?;
    match wrong {
        Some(form) => show(&app, actor, (org, id), work, form, true).await,
        None => Ok(see(&format!("{}?xong=pa-viec", base(org, id)))),
    }
}

/// Reads what a form asks for; problems are noted in it. A stranger's id does not exist for us.
fn read(actor: &Actor, known: &Known, work: Work, form: &mut Form) -> Result<Option<Entry>, Fault> {
    let old = entry(&known.entries, form, work)?.cloned();
    let n = old.as_ref().map_or_else(|| kept::next(&known.entries), |e| e.n);
    let what = match work {
        Work::Found => {
            let name = form.required("ten", 200, "Hãy nhập tên tổ chức mới.");
            let kind = form.raw("loai").to_owned();
            if known.rules(actor.today()).org_kind(&kind).is_none() {
                form.problem("loai", "Hãy chọn loại tổ chức.");
            }
            let parent = goal(known, form, false, "Hãy chọn nơi trực thuộc.")?;
            let (id, posts) = match old.as_ref().map(|e| e.what.clone()) {
                Some(What::Found { id, posts, .. }) => (id, posts),
                _ => (actor.id::<OrgKind>().raw(), Vec::new()),
            };
            What::Found { id, kind, name, parent, posts }
        }
        Work::Move => {
            let to = goal(known, form, false, "Hãy chọn nơi chuyển đến.")?;
            What::Move { orgs: chosen(known, form, n, to)?, to }
        }
        Work::Merge => {
            let into = goal(known, form, true, "Hãy chọn nơi nhận.")?;
            What::Merge { orgs: chosen(known, form, n, into)?, into }
        }
        Work::Unify => {
            let kinds: Vec<String> = form.every("tu_loai").map(str::to_owned).collect();
            if kinds.is_empty() {
                form.problem("tu_loai", "Hãy chọn ít nhất một loại tổ chức hiện có.");
            }
            let to = form.raw("loai").to_owned();
            if known.rules(actor.today()).org_kind(&to).is_none() {
                form.problem("loai", "Hãy chọn loại tổ chức mới.");
            }
            if !kinds.iter().all(|k| known.nodes.iter().any(|n| n.kind == *k)) {
                return Err(Fault::NotFound);
            }
            What::Unify { kinds, to }
        }
        Work::Recast => What::Recast { orgs: renamings(actor, known, form, old.as_ref())? },
        Work::End => What::End { orgs: chosen(known, form, n, 0)? },
    };
    Ok(form.is_fine().then_some(Entry { n, what }))
}

/// Those of the entry that stay ticked, and the one that was filled in.
fn renamings(actor: &Actor, known: &Known, form: &mut Form, old: Option<&Entry>) -> Result<Vec<Renaming>, Fault> {
    let mut out = match old.map(|e| &e.what) {
        Some(What::Recast { orgs }) => orgs.clone(),
        _ => Vec::new(),
    };
    let ticked: Vec<i64> = form.every("to_chuc").filter_map(|t| t.parse().ok()).collect();
    out.retain(|r| ticked.contains(&r.org));
    let (name, kind) = (form.line("ten", 200), form.raw("loai").to_owned());
    if form.raw("ve").is_empty() {
        if !(name.is_empty() && kind.is_empty()) || out.is_empty() {
            form.problem("ve", "Hãy chọn tổ chức đổi tên, đổi loại.");
        }
        return Ok(out);
    }
    let org: i64 = form.raw("ve").parse().map_err(|_| Fault::NotFound)?;
    if !known.below(org) {
        return Err(Fault::NotFound);
    }
    if name.is_empty() && kind.is_empty() {
        form.problem("ten", "Hãy nhập tên mới, hoặc chọn loại mới.");
    }
    if !kind.is_empty() && known.rules(actor.today()).org_kind(&kind).is_none() {
        form.problem("loai", "Hãy chọn loại tổ chức mới.");
    }
    out.retain(|r| r.org != org);
    let given = |text: String| Some(text).filter(|t| !t.is_empty());
    out.push(Renaming { org, name: given(name), kind: given(kind) });
    Ok(out)
}

fn goal(known: &Known, form: &mut Form, cells: bool, missing: &str) -> Result<i64, Fault> {
    let text = form.raw("ve").to_owned();
    if text.is_empty() {
        form.problem("ve", missing);
        return Ok(0);
    }
    if !known.targets(cells).iter().any(|(id, _)| *id == text) {
        return Err(Fault::NotFound);
    }
    text.parse().map_err(|_| Fault::NotFound)
}

/// The ticked organisations, with all that are left under the listed committee where that was asked for.
fn chosen(known: &Known, form: &mut Form, n: i64, to: i64) -> Result<Vec<i64>, Fault> {
    let mut out: Vec<i64> = Vec::new();
    for text in form.every("to_chuc") {
        let id: i64 = text.parse().map_err(|_| Fault::NotFound)?;
        if !known.below(id) {
            return Err(Fault::NotFound);
        }
        if !out.contains(&id) {
            out.push(id);
        }
    }
    if form.ticked("con_lai") {
        let under: i64 = form.raw("duoi").parse().map_err(|_| Fault::NotFound)?;
        let taken: BTreeSet<i64> = known.entries.iter().filter(|e| e.n != n).flat_map(|e| e.chosen().iter().copied()).collect();
        let rest = known.nodes.iter().filter(|x| x.parent.is_some_and(|p| p.raw() == under) && x.id != known.org.id);
        let rest: Vec<i64> =
            rest.map(|x| x.id.raw()).filter(|id| !taken.contains(id) && !out.contains(id) && *id != to).collect();
        out.extend(rest);
    }
    if out.is_empty() {
        form.problem("to_chuc", "Hãy chọn ít nhất một tổ chức.");
    }
    Ok(out)
}

pub(super) async fn remove(
    State(app): State<App>,
    actor: Actor,
    Path((org, id)): Where,
    Sent(form): Sent,
) -> Result<Response, Fault> {
    let hands = actor.clone();
    app.write(&actor, move |tx| {
        let (_, p) = editable(tx, &hands, org, id, &form)?;
        let entries = p.entries()?;
        let n = form.raw("muc").parse::<i64>().map_err(|_| Fault::NotFound)?;
        if !entries.iter().any(|e| e.n == n) {
            return Err(Fault::NotFound);
        }
        let items = store::as_json(&kept::without(&entries, n))?;
        Ok(store::save(tx, &hands, &Programme { items, ..p }, "programme.edited")?)
    })
    .await?;
    Ok(see(&format!("{}?xong=pa-bo-viec", base(org, id))))
}
