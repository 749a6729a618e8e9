//! The page before a meeting is ended, its minutes adopted, its minutes sealed: one list of who is
//! told, what goes over, what is closed, and what is missing with the way to where it is put in order.
//! May touch: one meeting's record and minutes, its opinions, open tasks. Rules: M7, M14, BQ-10, P-8.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use db::Tx;
use domain::agenda::Step;
use domain::code::Code;
use domain::ending::{Carry, EndFacts, Ending, ItemEnd, Stage, Unspoken, ending};
use domain::id::{ItemId, MeetingId, OrgId};
use domain::meeting::{MeetingKind, MeetingState};
use domain::minutes::SectionKey;
use domain::numbering::DocKind;
use domain::refusal::Check;
use domain::resolution::ResolutionState;
use domain::right::Right;
use domain::roll::Standing;
use domain::rulepack::Library;
use domain::vi;
use web::form::Form;
use web::page::{html_with, see};

use super::alike::{self, Look};
use super::draft::{self, Minutes};
use super::page::{CheckRow, Choice as ChoiceRow, EndPage};
use super::store::marks::{self, Mark};
use super::store::words::{self, Wording};
use super::store::{self, Aside};
use crate::actor::Actor;
use crate::advice::shelf::Shelf;
use crate::app::App;
use crate::fault::Fault;
use crate::ledger::store as ledger;
use crate::live::desk::parts;
use crate::live::steps::minute;
use crate::meeting::store::carry::Choice;
use crate::meeting::store::{Item, Meeting};
use crate::notice::store::opinions;
use crate::resolution::act;
use crate::score::read::{HowScored, standing};
use crate::shell::{Shell, Under};
use crate::task::store as tasks;

type Where = Path<(OrgId, MeetingId)>;

/// Everything the page needs.
struct Known {
    minutes: Minutes,
    stage: Option<Stage>,
    unspoken: Vec<Unspoken>,
    open_tasks: u32,
    marks: Vec<Mark>,
    asked: Vec<Wording>,
    asides: Vec<Aside>,
    /// Advice left on draft resolutions.
    advised: usize,
    /// What looks like the last minutes.
    alike: Look,
    scored: HowScored,
    number: Option<Result<String, String>>,
}

fn known(tx: &mut Tx, org: OrgId, id: MeetingId) -> Result<Known, Fault> {
    let minutes = draft::load(tx, org, id)?;
    let stage = Stage::of(minutes.record.meeting.state);
    let number = match stage {
        Some(Stage::Seal) => match ledger::next_number(tx, org, DocKind::Minutes, minutes.record.day()) {
            Ok((_, _, words)) => Some(Ok(words)),
            Err(Fault::Refused(refusal)) => Some(Err(refusal.text())),
            Err(fault) => return Err(fault),
        },
        _ => None,
    };
    let open = tasks::live(tx, org)?.len();
    Ok(Known {
        unspoken: unspoken(tx, org, id)?,
        open_tasks: u32::try_from(open).unwrap_or(u32::MAX),
        marks: marks::open(tx, org, id)?,
        asked: words::asked(tx, org, id)?,
        asides: store::asides(tx, org, id)?,
        advised: 0,
        alike: Look::default(),
        scored: HowScored::None,
        minutes,
        stage,
        number,
    })
}

/// What is wise to look at before going on: advice on drafts, minutes that look like the last ones.
fn look(tx: &mut Tx, actor: &Actor, known: &mut Known, (library, shelf): (&Library, &Shelf)) -> Result<(), Fault> {
    let record = &known.minutes.record;
    for draft in record.resolutions.iter().filter(|r| r.state == ResolutionState::Draft) {
        let given: Vec<_> = record.tasks.iter().filter(|t| t.resolution == draft.id).cloned().collect();
        known.advised += act::advice(tx, actor, &record.meeting, &given, library, shelf)?.left();
    }
    known.alike = alike::look(tx, &record.meeting, &record.items, &known.minutes.rows, library)?;
    Ok(())
}

fn unspoken(tx: &mut Tx, org: OrgId, id: MeetingId) -> db::Result<Vec<Unspoken>> {
    let found = opinions::unspoken(tx, org, id)?.into_iter();
    Ok(found.map(|o| Unspoken { id: o.id, name: o.name, carries: o.carries }).collect())
}

/// The items at the end of the meeting. What a secret item came to stands in the paper book, so it
/// counts as dealt with.
fn items(minutes: &Minutes) -> Vec<ItemEnd> {
    let record = &minutes.record;
    let written = |id: ItemId| minutes.rows.iter().any(|(key, row)| *key == SectionKey::Item(id) && row.is_edited());
    let dealt = |i: &Item| i.secret || !i.conclusion.trim().is_empty() || record.spoken(i.id).next().is_some() || written(i.id);
    let end = |i: &Item| ItemEnd {
        id: i.id,
        title: if i.secret { domain::agenda::SECRET_TITLE.to_owned() } else { i.title.clone() },
        step: i.step,
        dealt_with: dealt(i),
        postponed: i.postponed,
    };
    record.items.iter().map(end).collect()
}

/// What must be in order and what is wise, with what only this page asks.
fn checks(known: &Known) -> Result<Vec<Check>, Fault> {
    let mut out = known.minutes.checks()?;
    if let Some(Err(why)) = &known.number {
        out.push(Check::must(false, "term", why.clone()));
    }
    let drafts = known.asides.iter().filter(|a| a.saved_by == store::NOBODY).count();
    out.extend(draft::joined(known.asides.len() - drafts));
    for (n, field, words) in [
        (known.marks.len(), "marks", "chỗ đánh dấu cần sửa khi đọc lại"),
        (known.asked.len(), "wording", "đề nghị sửa lời ghi của người phát biểu"),
        (known.advised, "advice", "góp ý với dự thảo nghị quyết"),
        (drafts, "asides", "phần có số liệu mới chưa được ghép vào biên bản"),
    ] {
        if n > 0 {
            out.push(Check::advised(false, field, format!("Còn {n} {words}.")));
        }
    }
    if let Some(day) = known.alike.day {
        out.extend(known.alike.sections.iter().map(|s| Check::advised(false, "alike", alike::sentence(s, day))));
    }
    out.extend(scored(&known.scored));
    Ok(out)
}

/// How the score stands; it never stands in the way.
fn scored(standing: &HowScored) -> Option<Check> {
    let (done, text) = match standing {
        HowScored::None => return None,
        HowScored::Nothing => (false, "Chưa chấm điểm buổi sinh hoạt.".to_owned()),
        HowScored::Missing(n) => (false, format!("Chấm điểm buổi sinh hoạt chưa xong: còn {n} tiêu chí chưa cho điểm.")),
        HowScored::Scored(0) => (true, "Đã chấm điểm buổi sinh hoạt.".to_owned()),
        HowScored::Scored(n) => (false, format!("Số liệu của {n} tiêu chí đã đổi từ khi chấm điểm. Hãy xem lại bảng điểm.")),
    };
    Some(Check::advised(done, "score", text))
}

/// Whose eyes the adopted minutes are open to.
fn readers(minutes: &Minutes) -> String {
    if minutes.record.meeting.kind == MeetingKind::Committee {
        return "Bí thư, phó bí thư, chi ủy viên của chi bộ xem được biên bản.".to_owned();
    }
    let members = minutes.record.lines.iter().filter(|l| l.standing != Standing::Suspended).count();
    format!("{members} đảng viên trong danh sách của buổi xem được biên bản ở mục Buổi sinh hoạt.")
}

fn decide(known: &Known, stage: Stage, checks: &[Check]) -> Ending {
    let record = &known.minutes.record;
    let adopted: Vec<_> = record.resolutions.iter().filter(|r| r.state == ResolutionState::Adopted).map(|r| r.id).collect();
    let given = record.tasks.iter().filter(|t| adopted.contains(&t.resolution)).filter_map(|t| t.doer);
    let mut doers: Vec<String> = given.map(|p| record.name(p)).collect();
    doers.sort_by_cached_key(|n| vi::name_key(n));
    doers.dedup();
    let mut spoke: Vec<_> = record.contributions.iter().map(|c| c.person).collect();
    spoke.sort_unstable();
    spoke.dedup();
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    ending(&EndFacts {
        stage,
        checks,
        readers: &readers(&known.minutes),
        present: number(record.present().count()),
        speakers: number(spoke.len()),
        doers: &doers,
        counts: record.meeting.kind != MeetingKind::Committee,
        open_tasks: known.open_tasks,
        items: &items(&known.minutes),
        unspoken: &known.unspoken,
        resolutions: number(adopted.len()),
        number: known.number.as_ref().and_then(|n| n.as_deref().ok()),
    })
}

/// The very place where a line is put in order.
fn place_of(known: &Known, field: &str, org: OrgId, base: &str) -> String {
    let minutes = &known.minutes;
    let record = &minutes.record;
    let section = |key: &str| format!("{base}/bien-ban#muc-{key}");
    let first_empty = minutes.rows.iter().find(|(key, row)| matches!(key, SectionKey::Item(_)) && row.body.trim().is_empty());
    match field {
        "closed_at" => format!("{base}/dieu-hanh?phan=ket-thuc"),
        "chair" | "secretary" => format!("{base}/dieu-hanh?phan=thanh-phan#nguoi"),
        "roll" => match record.lines.iter().find(|l| l.mark.is_none()) {
            Some(line) => format!("{base}/diem-danh#dv-{}", line.person),
            None => format!("{base}/diem-danh"),
        },
        "votes" | "assignments" => format!("{base}/nghi-quyet"),
        "advice" => format!("{base}/nghi-quyet#gop_y"),
        "alike" => alike::address(org, record.meeting.id),
        "agenda" => base.to_owned(),
        "attendance" => section("attendance"),
        "items" => first_empty.map_or_else(|| format!("{base}/bien-ban"), |(_, row)| section(&row.section)),
        "conclusion" => match record.items.iter().find(|i| i.step == Step::Conclusion) {
            Some(item) => format!("{base}/thu-ky?muc={}#ket_luan", item.id),
            None => section("conclusion"),
        },
        "speeches" => format!("{base}/thu-ky"),
        "opinions" => minutes.first_unminuted().map_or_else(|| format!("{base}/bien-ban"), |i| section(&format!("item-{i}"))),
        "marks" => known.marks.first().map_or_else(|| format!("{base}/bien-ban"), |m| section(&m.section)),
        "wording" => {
            known.asked.first().map_or_else(|| format!("{base}/thu-ky"), |w| format!("{base}/thu-ky?muc={}#noi-{}", w.item, w.id))
        }
        "asides" => match known.asides.first() {
            Some(a) => format!("{base}/bien-ban/{}/ghep?ban={}", a.section, a.id),
            None => format!("{base}/bien-ban"),
        },
        "score" => format!("{base}/cham-diem"),
        "term" => format!("/cb/{org}/to-chuc#nhiem_ky"),
        _ => format!("{base}/bien-ban"),
    }
}

fn row(known: &Known, check: &Check, org: OrgId, base: &str) -> CheckRow {
    let (sign, word) = if check.must { ("late", "Phải làm") } else { ("due", "Nên xem") };
    CheckRow { text: check.text.clone(), sign, word, href: place_of(known, check.field.unwrap_or_default(), org, base) }
}

/// The page; where nothing is to be ended any more, the place where the meeting stands.
pub async fn page(State(app): State<App>, actor: Actor, Path((_, id)): Where) -> Result<Response, Fault> {
    show(&app, actor, id, None, None).await
}

/// The page again, with a form as it was typed and what the rules say against it.
///
/// # Errors
/// Database faults only.
pub async fn again(app: &App, actor: Actor, id: MeetingId, form: Form) -> Result<Response, Fault> {
    show(app, actor, id, None, Some(form)).await
}

/// The page before the cell adopts the minutes.
pub async fn adopt_page(State(app): State<App>, actor: Actor, Path((_, id)): Where) -> Result<Response, Fault> {
    show(&app, actor, id, Some(Stage::Adopt), None).await
}

/// The page before the minutes are sealed.
pub async fn seal_page(State(app): State<App>, actor: Actor, Path((_, id)): Where) -> Result<Response, Fault> {
    show(&app, actor, id, Some(Stage::Seal), None).await
}

async fn show(app: &App, actor: Actor, id: MeetingId, wanted: Option<Stage>, typed: Option<Form>) -> Result<Response, Fault> {
    let org = actor.org;
    let (hands, library, shelf) = (actor.clone(), app.rules.clone(), app.shelf.clone());
    let known = app
        .db
        .read(move |tx| {
            let mut known = known(tx, org, id)?;
            let (record, score) = (&known.minutes.record, known.minutes.score.as_ref());
            known.scored = standing(tx, record, score, &hands, &library)?;
            if known.stage.is_some() {
                look(tx, &hands, &mut known, (&library, &shelf))?;
            }
            Ok::<_, Fault>(known)
        })
        .await?;
    let meeting = &known.minutes.record.meeting;
    let base = format!("/cb/{org}/buoi/{id}");
    let Some(stage) = known.stage.filter(|s| wanted.is_none_or(|w| w == *s)) else {
        return match typed {
            Some(form) => Err(Fault::Invalid(form.problems)),
            None => Ok(see(&elsewhere(meeting, &base))),
        };
    };
    let checks = checks(&known)?;
    let end = decide(&known, stage, &checks);
    let (title, button, action) = match stage {
        Stage::Close => ("Kết thúc buổi sinh hoạt", "Kết thúc buổi sinh hoạt", format!("{base}/dieu-hanh/ket-thuc")),
        Stage::Adopt => ("Thông qua biên bản", "Thông qua biên bản", format!("{base}/thong-qua")),
        Stage::Seal => ("Khóa biên bản", "Khóa biên bản", format!("{base}/khoa")),
    };
    let status = if typed.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let form = typed.unwrap_or_else(|| Form::from_pairs([("gio", vi::time_short(minute(actor.local())))]));
    let page = EndPage {
        shell: Shell::new(&actor, title, Under::Meetings)
            .crumb(format!("/cb/{org}/buoi"), Under::Meetings.label())
            .crumb(base.clone(), meeting.title.clone())
            .wrong(&form),
        parts: parts(meeting, "ket-thuc"),
        carried: end.carried.iter().map(|c| choice(c.what, &c.text, chosen(&form, c.what).unwrap_or(c.keeps))).collect(),
        missing: end.missing.iter().map(|c| row(&known, c, org, &base)).collect(),
        done: checks.iter().filter(|c| c.done).map(|c| c.text.clone()).collect(),
        told: end.told,
        closed: end.closed,
        blocked: end.blocked,
        closing: stage == Stage::Close,
        sealing: stage == Stage::Seal,
        can_lead: actor.may(Right::MeetingLead),
        mark: known.minutes.mark(),
        meeting: base,
        action,
        button,
        form,
    };
    Ok(html_with(status, &page))
}

/// Where a meeting stands that this page has nothing to do with.
fn elsewhere(meeting: &Meeting, base: &str) -> String {
    match meeting.state {
        MeetingState::Sealed => {
            meeting.sealed.map_or_else(|| format!("{base}/bien-ban"), |s| format!("/cb/{}/van-ban/{s}", meeting.org))
        }
        MeetingState::Open => format!("{base}/ket-thuc"),
        MeetingState::Closed | MeetingState::Adopted => format!("{base}/bien-ban"),
        MeetingState::Draft | MeetingState::Noticed => format!("{base}/dieu-hanh"),
        MeetingState::Cancelled => base.to_owned(),
    }
}

fn choice(what: Carry, text: &str, keeps: bool) -> ChoiceRow {
    ChoiceRow { value: word(what).unwrap_or_default(), text: text.to_owned(), keeps }
}

/// How a form names something that goes over; the tasks always do.
fn word(what: Carry) -> Option<String> {
    match what {
        Carry::Tasks => None,
        Carry::Item(id) => Some(format!("muc-{id}")),
        Carry::Opinion(id) => Some(format!("y-{id}")),
    }
}

/// What a form says of something, where it was asked.
fn chosen(form: &Form, what: Carry) -> Option<bool> {
    let word = word(what)?;
    form.ticked("chon").then(|| form.every("giu").any(|g| g == word))
}

/// What goes over from a meeting that ends: as the form says, or as the rules keep it by themselves.
///
/// # Errors
/// `NotFound`; database faults.
pub fn choices(tx: &mut Tx, org: OrgId, id: MeetingId, form: &Form) -> Result<Choice, Fault> {
    let known = known(tx, org, id)?;
    let end = decide(&known, Stage::Close, &[]);
    let mut out = Choice::default();
    for line in end.carried {
        let keeps = chosen(form, line.what).unwrap_or(line.keeps);
        match line.what {
            Carry::Tasks => {}
            Carry::Item(item) => out.items.push((item, keeps)),
            Carry::Opinion(opinion) => out.opinions.push((opinion, keeps)),
        }
    }
    Ok(out)
}
