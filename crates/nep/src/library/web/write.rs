//! What leaders of a cell write for the library: drafts, files, sending, and the declaration that a topic was
//! held with secret content. Rules: CB-07, L9, P-30, BM-01 … BM-03.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use db::Tx;
use domain::code::Code;
use domain::id::{FileId, OrgId, RowId};
use domain::library::{EntryKind, EntryState, FIELDS, Sending, Subject, Text, due_on};
use domain::period::PeriodKey;
use domain::refusal::Refusal;
use domain::rulepack::Rules;
use domain::vi;
use web::form::Form;
use web::page::{download, html, html_with, see};

use super::super::adopt;
use super::super::page::{DutyLine, OwnPage, WritePage};
use super::super::store::files::{self, File};
use super::super::store::{self, Begun, Entry, Written, uses};
use super::super::view;
use super::{Ask, code_of, id_of, words};
use crate::actor::{Actor, local};
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::home::page::Todo;
use crate::meeting::sniff;
use crate::member::store as members;
use crate::org::store as orgs;
use crate::shell::{Shell, Under};
use crate::year::strip::{Tile, cite};

/// Most files one entry holds.
const MOST: usize = 10;

fn frame(actor: &Actor, title: &str) -> Shell {
    let base = format!("/cb/{}/kho", actor.org);
    Shell::new(actor, title, Under::Year)
        .crumb(base.clone(), "Kho chuyên đề, kinh nghiệm")
        .crumb(format!("{base}/da-gui"), "Bài của chi bộ")
}

/// How many days after the quarter a topic is sent in time.
pub fn submit_days(rules: &Rules) -> i64 {
    rules.int("library.submit_days").unwrap_or(0)
}

fn duty(base: &str, tile: &Tile, entry: Option<&Entry>, (days, today): (i64, jiff::civil::Date)) -> DutyLine {
    let key = tile.duty.key;
    let due = due_on(key, days);
    let sending = Sending::of(entry.map(|e| e.state), tile.is_held(), due, today);
    let topic = tile.topic().unwrap_or_default();
    let last = format!("Gửi trước hết ngày {}", vi::date(due));
    DutyLine {
        key: key.to_string(),
        name: key.name(),
        small: if topic.is_empty() { last } else { format!("{topic}. {last}") },
        class: view::sending_class(sending),
        word: sending.label(),
        href: entry.map(|e| format!("{base}/soan/{}", e.id)).unwrap_or_default(),
        open: entry.is_none(),
    }
}

/// What the cell owes, wrote and took.
pub async fn own(State(app): State<App>, actor: Actor, Query(ask): Query<Ask>) -> Result<Response, Fault> {
    let (org, today, library) = (actor.org, actor.today(), app.rules.clone());
    let (tiles, entries, counts, taken, rules) = app
        .db
        .read(move |tx| {
            let cell = orgs::get(tx, org, today)?;
            let rules = orgs::rules_for(tx, &cell, &library.at(today))?;
            let tiles = adopt::tiles(tx, &library, &cell, today)?;
            Ok::<_, Fault>((tiles, store::of_cell(tx, org)?, uses::counts(tx, org)?, uses::of_cell(tx, org)?, rules))
        })
        .await?;
    let base = format!("/cb/{org}/kho");
    let days = submit_days(&rules);
    // What is over or runs; of last year only the quarter whose days may not be over yet.
    let shown = |t: &&Tile| {
        let key = t.duty.key;
        key.first_day() <= today && (key.year == today.year() || (key.year + 1 == today.year() && key.number == 4))
    };
    let of = |t: &Tile| entries.iter().find(|e| e.key() == Some(t.duty.key));
    let mut duties: Vec<DutyLine> = tiles.iter().filter(shown).map(|t| duty(&base, t, of(t), (days, today))).collect();
    duties.reverse();
    let count = |id: RowId| counts.iter().find(|c| c.0 == id).map_or(0, |c| c.1);
    let line = |e: &Entry| Todo {
        href: if e.state == EntryState::Published { view::href(&base, e.org, e.id) } else { format!("{base}/soan/{}", e.id) },
        title: view::heading(e),
        small: match (e.state, e.submitted_at) {
            (EntryState::Published, _) => format!("{}. {}", e.kind, view::used(count(e.id))),
            (EntryState::Submitted, Some(at)) => format!("{}. Gửi ngày {}", e.kind, vi::date(local(at).date())),
            _ => e.kind.to_string(),
        },
        class: view::class(e.state),
        word: e.state.to_string(),
    };
    let uses = taken.iter().map(|u| Todo {
        href: format!("{base}/dung/{}", u.id),
        title: if u.title.is_empty() { "Chuyên đề lấy từ kho".to_owned() } else { u.title.clone() },
        small: u.key().map(|k| k.name()).unwrap_or_default(),
        class: view::use_class(u.state),
        word: u.state.to_string(),
    });
    Ok(html(&OwnPage {
        shell: Shell::new(&actor, "Bài của chi bộ", Under::Year)
            .crumb(base.clone(), "Kho chuyên đề, kinh nghiệm")
            .done(words(ask.xong.as_deref())),
        duties,
        why: rules.figure("library.submit_days").map(cite).into_iter().collect(),
        entries: entries.iter().map(line).collect(),
        uses: uses.collect(),
        base: base.clone(),
    }))
}

/// A form as its fields say, without what a submission asks for.
fn written(form: &mut Form) -> Written {
    let [title, aim, content, result] = FIELDS;
    let text = Text {
        title: form.required(title, 300, "Hãy ghi tên."),
        aim: form.text(aim, 4000),
        content: form.text(content, 8000),
        result: form.text(result, 4000),
    };
    if let Err(refusal) = text.unmarked() {
        form.problem(refusal.field.unwrap_or(""), refusal.text());
    }
    let subject = form.code("linh_vuc").unwrap_or(Subject::Other);
    Written { text, subject, presenter: form.line("trinh_bay", 100), presenter_agrees: form.ticked("dong_y_ten") }
}

fn form_of(entry: &Entry) -> Form {
    let [title, aim, content, result] = FIELDS;
    let mut form = Form::from_pairs([
        (title, entry.title.clone()),
        (aim, entry.aim.clone()),
        (content, entry.content.clone()),
        (result, entry.result.clone()),
        ("linh_vuc", entry.subject.code().to_owned()),
        ("trinh_bay", entry.presenter.clone()),
    ]);
    if entry.presenter_agrees {
        form.set("dong_y_ten", "1");
    }
    form
}

/// A topic's kỳ as an address or a form names it: a thematic one of the cell that has begun.
fn quarter(tx: &mut Tx, app: &App, actor: &Actor, text: &str) -> Result<Option<Tile>, Fault> {
    let (today, key) = (actor.today(), text.parse::<PeriodKey>().ok());
    let cell = orgs::get(tx, actor.org, today)?;
    let tiles = adopt::tiles(tx, &app.rules, &cell, today)?;
    Ok(tiles.into_iter().find(|t| Some(t.duty.key) == key && t.duty.key.first_day() <= today))
}

/// A new entry, with what the plan of the kỳ already says.
pub async fn new(State(app): State<App>, actor: Actor, Query(ask): Query<Ask>) -> Result<Response, Fault> {
    let kind = code_of(&ask.loai).unwrap_or(EntryKind::Experience);
    let mut form = Form::from_pairs([("loai", kind.code())]);
    if kind == EntryKind::Topic {
        let (hands, known, key) = (actor.clone(), app.clone(), ask.ky.clone().unwrap_or_default());
        let (tile, presenter) = app
            .db
            .read(move |tx| {
                let tile = quarter(tx, &known, &hands, &key)?.ok_or(Fault::NotFound)?;
                let presenter = tile.plan.presenter.map(|p| members::name(tx, p)).transpose()?;
                Ok::<_, Fault>((tile, presenter.unwrap_or_default()))
            })
            .await?;
        let [title, aim, content, _] = FIELDS;
        form.set("ky", tile.duty.key.to_string());
        form.set(title, tile.topic().unwrap_or_default());
        form.set(aim, tile.plan.aim.clone().unwrap_or_default());
        form.set(content, tile.plan.questions.clone().unwrap_or_default());
        form.set("trinh_bay", presenter);
    }
    Ok(show(&actor, None, form, ""))
}

type Known<'a> = Option<(&'a Entry, &'a [File])>;

fn show(actor: &Actor, known: Known<'_>, form: Form, done: &str) -> Response {
    let status = if form.is_fine() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let base = format!("/cb/{}/kho", actor.org);
    let kind = known.map_or_else(|| EntryKind::from_code(form.raw("loai")).unwrap_or(EntryKind::Experience), |k| k.0.kind);
    let key = known.map_or_else(|| form.raw("ky").parse().ok(), |k| k.0.key());
    let title = match (kind, key) {
        (EntryKind::Topic, Some(key)) => format!("Gửi {}", crate::resolution::seal::lower(&key.name())),
        (EntryKind::Topic, None) => "Gửi chuyên đề".to_owned(),
        (EntryKind::Experience, _) => "Viết kinh nghiệm".to_owned(),
    };
    let action = known.map_or_else(|| format!("{base}/soan"), |k| format!("{base}/soan/{}", k.0.id));
    let state = known.map(|k| k.0.state);
    let [aim, content, result] = kind.parts();
    html_with(
        status,
        &WritePage {
            shell: frame(actor, &title).wrong(&form).done(done),
            back: format!("{base}/da-gui"),
            exists: known.is_some(),
            editable: state.is_none_or(|s| s.edit().is_ok()),
            may_withdraw: state.is_some_and(|s| s.withdraw().is_ok()),
            may_withhold: state.is_some_and(|s| s.withhold().is_ok()),
            class: state.map_or("", view::class),
            word: state.map(|s| s.to_string()).unwrap_or_default(),
            remarks: known.and_then(|k| k.0.remarks.clone()).unwrap_or_default(),
            aim,
            content,
            result,
            subjects: view::subjects(),
            texts: known.map(|k| view::parts(k.0)).unwrap_or_default(),
            files: known.map(|k| view::files(&action, k.1)).unwrap_or_default(),
            version: known.map_or(0, |k| k.0.version),
            action,
            form,
        },
    )
}

async fn load(app: &App, org: OrgId, id: RowId) -> Result<(Entry, Vec<File>), Fault> {
    app.db.read(move |tx| Ok((store::get(tx, org, id)?, files::of_entry(tx, org, id)?))).await
}

type Where = Path<(OrgId, String)>;

/// An entry of the cell.
pub async fn page(
    State(app): State<App>,
    actor: Actor,
    Path((org, id)): Where,
    Query(ask): Query<Ask>,
) -> Result<Response, Fault> {
    let (entry, files) = load(&app, org, id_of(&id)?).await?;
    let form = form_of(&entry);
    Ok(show(&actor, Some((&entry, &files)), form, words(ask.xong.as_deref())))
}

/// Begins an entry; sends it at once when asked to.
pub async fn begin(State(app): State<App>, actor: Actor, Sent(mut form): Sent) -> Result<Response, Fault> {
    let kind: EntryKind = form.code("loai").unwrap_or(EntryKind::Experience);
    let new = written(&mut form);
    let (sends, sure, key) = (form.raw("viec") == "gui", form.ticked("khong_mat"), form.raw("ky").to_owned());
    if form.is_fine() {
        let (hands, known) = (actor.clone(), app.clone());
        let done = app
            .write(&actor, move |tx| {
                let tile = if kind == EntryKind::Topic { quarter(tx, &known, &hands, &key)? } else { None };
                let period = tile.map(|t| t.duty.key);
                if kind == EntryKind::Topic && period.is_none() {
                    return Err(Refusal::new("period", "Không có kỳ chuyên đề này. Hãy chọn lại ở “Bài của chi bộ”.").into());
                }
                let begun = begun(tx, &hands, kind, period)?;
                let id = store::begin(tx, &hands, hands.org, &begun, &new).map_err(taken)?;
                if sends {
                    submit(tx, &hands, id, sure)?;
                }
                Ok(id)
            })
            .await;
        match done {
            Ok(id) => {
                let code = if sends { "kho-gui" } else { "kho-luu" };
                return Ok(see(&format!("/cb/{}/kho/soan/{id}?xong={code}", actor.org)));
            }
            Err(Fault::Refused(refusal)) => form.problem(refusal.field.unwrap_or(""), refusal.text()),
            Err(other) => return Err(other),
        }
    }
    Ok(show(&actor, None, form, ""))
}

/// What an entry is begun for: its kỳ and year, the type of its cell today.
fn begun(tx: &mut Tx, hands: &Actor, kind: EntryKind, period: Option<PeriodKey>) -> Result<Begun, Fault> {
    let cell = orgs::get(tx, hands.org, hands.today())?;
    let year = period.map_or(hands.today().year(), |k| k.year);
    Ok(Begun { kind, period, year, cell_type: cell.cell_type })
}

/// Somebody of the cell has begun the topic of the same kỳ.
fn taken(error: db::Error) -> Fault {
    match error {
        db::Error::Unique(_) => {
            Refusal::new("begun", "Chuyên đề của kỳ này đã có đồng chí soạn. Hãy mở ở “Bài của chi bộ”.").into()
        }
        other => other.into(),
    }
}

fn submit(tx: &mut Tx, hands: &Actor, id: RowId, sure: bool) -> Result<(), Fault> {
    let entry = store::get(tx, hands.org, id)?;
    let state = entry.state.submit(entry.kind, &entry.text(), sure)?;
    Ok(store::submit(tx, hands, &entry, state)?)
}

/// Carries a step on an entry out; a refusal comes back on its page.
async fn attempt(
    app: &App,
    actor: &Actor,
    (id, code): (RowId, &str),
    mut form: Form,
    mut step: impl FnMut(&mut Tx, &Entry) -> Result<(), Fault> + Send + 'static,
) -> Result<Response, Fault> {
    let org = actor.org;
    if form.is_fine() {
        let done = app
            .write(actor, move |tx| {
                let entry = store::get(tx, org, id)?;
                step(tx, &entry)
            })
            .await;
        match done {
            Ok(()) => return Ok(see(&format!("/cb/{org}/kho/soan/{id}?xong={code}"))),
            Err(Fault::Refused(refusal)) => form.problem(refusal.field.unwrap_or(""), refusal.text()),
            Err(other) => return Err(other),
        }
    }
    let (entry, files) = load(app, org, id).await?;
    if !form.pairs().any(|(k, _)| k == FIELDS[0]) {
        let problems = form.problems;
        form = form_of(&entry);
        form.problems = problems;
    }
    Ok(show(actor, Some((&entry, &files)), form, ""))
}

/// Saves what was written; sends it when asked to.
pub async fn save(State(app): State<App>, actor: Actor, Path((_, id)): Where, Sent(mut form): Sent) -> Result<Response, Fault> {
    let id: RowId = id_of(&id)?;
    let new = written(&mut form);
    let version = form.int("version", 0, i64::MAX).unwrap_or(0);
    let (sends, sure) = (form.raw("viec") == "gui", form.ticked("khong_mat"));
    let hands = actor.clone();
    let code = if sends { "kho-gui" } else { "kho-luu" };
    attempt(&app, &actor, (id, code), form, move |tx, entry| {
        entry.state.edit()?;
        store::save(tx, &hands, entry, version, &new)?;
        if sends { submit(tx, &hands, entry.id, sure) } else { Ok(()) }
    })
    .await
}

/// Takes an entry back.
pub async fn withdraw(State(app): State<App>, actor: Actor, Path((_, id)): Where, Sent(form): Sent) -> Result<Response, Fault> {
    let hands = actor.clone();
    attempt(&app, &actor, (id_of(&id)?, "kho-rut"), form, move |tx, entry| {
        let state = entry.state.withdraw()?;
        Ok(store::withdraw(tx, &hands, entry, state)?)
    })
    .await
}

/// Takes every word of an entry away: its content is secret.
pub async fn withhold(State(app): State<App>, actor: Actor, Path((_, id)): Where, Sent(form): Sent) -> Result<Response, Fault> {
    let hands = actor.clone();
    attempt(&app, &actor, (id_of(&id)?, "kho-mat"), form, move |tx, entry| {
        let state = entry.state.withhold()?;
        Ok(store::withhold(tx, &hands, entry, state)?)
    })
    .await
}

/// Declares that the topic of a quarter was held with secret content: the fact alone is written.
pub async fn declare(State(app): State<App>, actor: Actor, Sent(form): Sent) -> Result<Response, Fault> {
    let (hands, known, key) = (actor.clone(), app.clone(), form.raw("ky").to_owned());
    app.write(&actor, move |tx| {
        let tile = quarter(tx, &known, &hands, &key)?.ok_or(Fault::NotFound)?;
        let begun = begun(tx, &hands, EntryKind::Topic, Some(tile.duty.key))?;
        let blank = Written { text: Text::default(), subject: Subject::Other, presenter: String::new(), presenter_agrees: false };
        let id = store::begin(tx, &hands, hands.org, &begun, &blank).map_err(taken)?;
        let entry = store::get(tx, hands.org, id)?;
        let state = entry.state.withhold()?;
        Ok(store::withhold(tx, &hands, &entry, state)?)
    })
    .await?;
    Ok(see(&format!("/cb/{}/kho/da-gui?xong=kho-mat", actor.org)))
}

/// Takes a file in.
pub async fn upload(State(app): State<App>, actor: Actor, Path((_, id)): Where, Sent(mut form): Sent) -> Result<Response, Fault> {
    let given = std::mem::take(&mut form.files).into_iter().find(|f| f.field == "tep");
    if !form.ticked("tep_khong_mat") {
        form.problem("tep_khong_mat", "Hãy đọc và đánh dấu xác nhận tệp không chứa bí mật nhà nước.");
    }
    let new = match given.map(|f| sniff::admit(&f.name, &f.bytes).map(|media| (f, media))) {
        None => {
            form.problem("tep", "Hãy chọn tệp cần tải lên.");
            None
        }
        Some(Err(refusal)) => {
            form.problem("tep", refusal.text());
            None
        }
        Some(Ok(new)) => Some(new),
    };
    let hands = actor.clone();
    attempt(&app, &actor, (id_of(&id)?, "kho-tep"), form, move |tx, entry| {
        let Some((file, media)) = &new else { return Err(Fault::NotFound) };
        entry.state.edit()?;
        if files::of_entry(tx, entry.org, entry.id)?.len() >= MOST {
            let text = format!("Một bài chỉ kèm được {MOST} tệp. Hãy gỡ bớt.");
            return Err(Refusal::new("many_files", text).at("tep").into());
        }
        files::add(tx, &hands, entry.org, entry.id, (&file.name, media, &file.bytes))?;
        Ok(())
    })
    .await
}

type Paper = Path<(OrgId, String, String)>;

/// Removes a file.
pub async fn remove(
    State(app): State<App>,
    actor: Actor,
    Path((_, id, paper)): Paper,
    Sent(form): Sent,
) -> Result<Response, Fault> {
    let paper: FileId = id_of(&paper)?;
    let hands = actor.clone();
    attempt(&app, &actor, (id_of(&id)?, "luu"), form, move |tx, entry| {
        entry.state.edit()?;
        Ok(files::remove(tx, &hands, entry.org, entry.id, paper)?)
    })
    .await
}

/// A file of the cell's own entry.
pub async fn file(State(app): State<App>, Path((org, id, paper)): Paper) -> Result<Response, Fault> {
    let (id, paper): (RowId, FileId) = (id_of(&id)?, id_of(&paper)?);
    let (file, body) = app.db.read(move |tx| Ok::<_, Fault>(files::get(tx, org, id, paper)?)).await?;
    Ok(download(body, sniff::media_type(&file.media_type), &file.name))
}
