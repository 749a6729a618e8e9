//! Routes of notices: check and send, change and cancel; what members answer and write, and the
//! calendar, stand in files of their own.
//! Calls its own store and that of meetings. Rules: CB-02 … CB-06, P-30.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::code::Code;
use domain::id::MeetingId;
use domain::meeting::MeetingState;
use domain::notice::{Lead, MeetingFacts, changes, check, draft, draft_cancel, draft_change};
use domain::refusal::{Check, Refusal};
use domain::right::Right;
use domain::{secrecy, vi};
use jiff::civil::DateTime;
use web::form::Form;
use web::page::{html_with, see};
use web::random::digest;
use web::routes::Routes;

use super::page::{CheckPage, CheckView, SentView};
use super::store::{self, NewNotice, Notice, Told, replies};
use crate::actor::{Actor, local};
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::meeting::store::dossier::{self, Dossier};
use crate::meeting::store::{self as meetings, Meeting, Moment};
use crate::meeting::view::class;
use crate::shell::{Done, Shell, Under};

mod answers;
mod calendar;
mod opinions;

/// Routes of this feature.
pub fn routes() -> Routes<App> {
    Routes::new()
        .get("/cb/{org}/buoi/{meeting}/thong-bao", Right::MeetingPrepare, page)
        .post("/cb/{org}/buoi/{meeting}/thong-bao", Right::MeetingLead, send)
        .post("/cb/{org}/buoi/{meeting}/sua", Right::MeetingLead, change)
        .post("/cb/{org}/buoi/{meeting}/huy", Right::MeetingLead, cancel)
        .get("/cb/{org}/buoi/{meeting}/tra-loi", Right::MeetingPrepare, answers::page)
        .post("/cb/{org}/buoi/{meeting}/tra-loi", Right::CellRead, answers::answer)
        .get("/cb/{org}/buoi/{meeting}/xin-vang", Right::CellRead, answers::excuse_page)
        .post("/cb/{org}/buoi/{meeting}/xin-vang/{person}", Right::MeetingLead, answers::decide)
        .get("/cb/{org}/buoi/{meeting}/y-kien", Right::CellRead, opinions::page)
        .post("/cb/{org}/buoi/{meeting}/y-kien", Right::CellRead, opinions::save)
        .post("/cb/{org}/buoi/{meeting}/y-kien/{opinion}/bo", Right::CellRead, opinions::remove)
        .get("/toi/lich", Right::SignedIn, calendar::page)
        .post("/toi/lich", Right::SignedIn, calendar::change)
        .get("/lich/{link}", Right::Public, calendar::feed)
}

/// An identifier as an address names it.
fn id_of<K>(text: &str) -> Result<domain::id::Id<K>, Fault> {
    text.parse().map_err(|_| Fault::NotFound)
}

/// Everything the check page needs.
struct Known {
    d: Dossier,
    facts: MeetingFacts,
    notices: Vec<Notice>,
    readers: Vec<Vec<store::Reader>>,
}

fn known(tx: &mut db::Tx, app: &App, actor: &Actor, id: MeetingId) -> Result<Known, Fault> {
    let d = dossier::load(tx, &app.rules, actor.org, id, actor.today())?;
    let notices = store::of_meeting(tx, actor.org, id)?;
    let mut readers = Vec::with_capacity(notices.len());
    for notice in &notices {
        readers.push(store::readers(tx, actor.org, notice.id)?);
    }
    Ok(Known { facts: d.notice_facts(), d, notices, readers })
}

impl Known {
    fn meeting(&self) -> &Meeting {
        &self.d.meeting
    }

    /// What the last notice told.
    fn told(&self) -> Option<MeetingFacts> {
        self.notices.first().and_then(Notice::told).map(|t| t.facts())
    }

    fn checks(&self, now: DateTime) -> Vec<Check> {
        check(&self.facts, now, &self.d.notice_figures())
    }

    /// The text proposed: the first notice, or one that says what changed.
    fn draft(&self) -> String {
        match self.told() {
            Some(told) => draft_change(&told, &self.facts, self.reason()),
            None => draft(&self.facts),
        }
    }

    fn reason(&self) -> &str {
        self.meeting().cancel_reason.as_deref().unwrap_or_default()
    }

    /// Fingerprint of everything the proposed text was made from.
    fn print(&self) -> String {
        digest(&self.draft()).chars().take(16).collect()
    }

    /// Whether the time is another one than members answered for.
    fn asks_again(&self) -> bool {
        self.told().is_some_and(|t| (t.starts_at, t.ends_at) != (self.facts.starts_at, self.facts.ends_at))
    }
}

async fn load(app: &App, actor: &Actor, id: MeetingId) -> Result<Known, Fault> {
    let (reader, app2) = (actor.clone(), app.clone());
    app.db.read(move |tx| known(tx, &app2, &reader, id)).await
}

async fn page(
    State(app): State<App>,
    actor: Actor,
    Path((_, meeting)): Path<(String, String)>,
    Query(done): Query<Done>,
) -> Result<Response, Fault> {
    let known = load(&app, &actor, id_of(&meeting)?).await?;
    let form = Form::from_pairs([("noi_dung", known.draft())]);
    Ok(show(&actor, &known, form, false, done.words()))
}

fn check_view(base: &str, c: &Check) -> CheckView {
    let (class, word) = match (c.done, c.must) {
        (true, _) => ("done", "Xong"),
        (false, true) => ("late", "Phải làm"),
        (false, false) => ("due", "Nên làm"),
    };
    let anchor = match c.field {
        _ if c.done => None,
        Some("starts_at") => Some("#ngay"),
        Some("ends_at") => Some("#ket_thuc"),
        Some("place") => Some("#noi"),
        Some("chair") => Some("#chu_tri"),
        Some("topic") => Some("#chuyen_de"),
        Some("committee_met_on") => Some("#chi_uy_hop"),
        Some("agenda" | "presenter") => Some("#chuong-trinh"),
        _ => None,
    };
    let href = anchor.map(|a| format!("{base}/chuan-bi{a}")).unwrap_or_default();
    CheckView { text: c.text.clone(), href, class, word }
}

fn sent_view(notice: &Notice, readers: &[store::Reader]) -> SentView {
    let at = local(notice.sent_at);
    let lead = Lead { minutes: notice.lead_minutes };
    let lead = if lead.minutes > 0 { format!(", {} so với giờ bắt đầu", lead.text()) } else { String::new() };
    let unread: Vec<&str> = readers.iter().filter(|r| r.read_at.is_none()).map(|r| r.name.as_str()).collect();
    SentView {
        head: format!("Gửi lúc {} ngày {}{lead}", vi::time_short(at.time()), vi::date(at.date())),
        change: notice.change_note.clone().unwrap_or_default(),
        lines: notice.body.lines().map(str::to_owned).collect(),
        read: format!("{} trên {} đồng chí đã mở thông báo.", readers.len() - unread.len(), readers.len()),
        unread: unread.join(", "),
    }
}

fn show(actor: &Actor, known: &Known, form: Form, stale: bool, done: &str) -> Response {
    let m = known.meeting().clone();
    let base = format!("/cb/{}/buoi/{}", m.org, m.id);
    let sendable = m.state == MeetingState::Draft;
    let checks = known.checks(actor.local());
    let members = known.d.recipients.iter().filter(|r| !r.follower).count();
    let followers: Vec<&str> = known.d.recipients.iter().filter(|r| r.follower).map(|r| r.name.as_str()).collect();
    let to = match followers.is_empty() {
        true => String::new(),
        false => format!(" và đồng chí {} (cấp ủy viên theo dõi chi bộ)", vi::join(&followers)),
    };
    let changed = known.told().filter(|_| sendable).map(|t| changes(&t, &known.facts)).unwrap_or_default();
    let status = match (stale, form.is_fine()) {
        (true, _) => StatusCode::CONFLICT,
        (false, true) => StatusCode::OK,
        (false, false) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let shell = Shell::new(actor, "Thông báo", Under::Meetings)
        .crumb(format!("/cb/{}/buoi", m.org), Under::Meetings.label())
        .crumb(base.clone(), m.title.clone())
        .wrong(&form)
        .done(done);
    let page = CheckPage {
        shell,
        class: class(m.state),
        state: m.state.label(),
        sendable,
        noticed: m.state == MeetingState::Noticed,
        leads: actor.may(Right::MeetingLead),
        stale,
        blocked: checks.iter().any(Check::blocks),
        checks: checks.iter().map(|c| check_view(&base, c)).collect(),
        changes: changed.into_iter().map(|c| (c.what, c.before, c.after)).collect(),
        asks_again: sendable && known.asks_again(),
        recipients_words: format!("{members} đảng viên{to}."),
        recipients: known.d.recipients.iter().map(|r| format!("đ/c {}", r.name)).collect(),
        members,
        print: known.print(),
        sent: known.notices.iter().zip(&known.readers).map(|(n, r)| sent_view(n, r)).collect(),
        why: known.d.rules.figure("meeting.post_docs_before_days").map(crate::year::strip::cite).into_iter().collect(),
        form,
        m,
    };
    html_with(status, &page)
}

/// What became of sending.
enum Outcome {
    Sent,
    Stale,
}

async fn send(
    State(app): State<App>,
    actor: Actor,
    Path((_, meeting)): Path<(String, String)>,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let id: MeetingId = id_of(&meeting)?;
    let body = form.text("noi_dung", 20_000);
    if body.is_empty() && form.is_fine() {
        form.problem("noi_dung", "Thông báo chưa có nội dung.");
    }
    if secrecy::marking("", &body).is_some() {
        form.problem("noi_dung", "Nội dung mang dấu độ mật không được gửi qua phần mềm. Hãy bỏ nội dung đó.");
    }
    if form.is_fine() {
        let (hands, app2) = (actor.clone(), app.clone());
        let (print, version) = (form.raw("dau").to_owned(), form.int("version", 0, i64::MAX).unwrap_or(0));
        let outcome = app
            .db
            .write(move |tx| {
                let known = known(tx, &app2, &hands, id)?;
                if known.meeting().state.is_preparing() && (known.print() != print || known.meeting().version != version) {
                    return Ok(Outcome::Stale);
                }
                dispatch(tx, &hands, &known, &body)?;
                Ok(Outcome::Sent)
            })
            .await;
        match outcome {
            Ok(Outcome::Sent) => return Ok(see(&format!("/cb/{}/buoi/{id}/thong-bao?xong=gui", actor.org))),
            Ok(Outcome::Stale) => {
                let known = load(&app, &actor, id).await?;
                return Ok(show(&actor, &known, form, true, ""));
            }
            Err(Fault::Refused(refusal)) => form.problem("", refusal.text()),
            Err(other) => return Err(other),
        }
    }
    let known = load(&app, &actor, id).await?;
    Ok(show(&actor, &known, form, false, ""))
}

/// Sends the notice of a meeting as it stands.
fn dispatch(tx: &mut db::Tx, actor: &Actor, known: &Known, body: &str) -> Result<(), Fault> {
    let m = known.meeting();
    let state = m.state.send_notice(&known.checks(actor.local()))?;
    let again = known.told().is_some();
    let change_note = again.then(|| format!("Thay thế thông báo trước. Lý do: {}", known.reason()));
    if known.asks_again() {
        replies::forget(tx, m.org, m.id)?;
    }
    meetings::save_state(tx, actor, m, state, &Moment { noticed_at: Some(actor.now), ..Moment::default() })?;
    let new = NewNotice {
        body: body.to_owned(),
        lead_minutes: Lead::between(actor.local(), m.starts_at).minutes,
        change_note,
        told: Told::of(&known.facts),
        recipients: known.d.recipients.clone(),
    };
    store::send(tx, actor, m.org, m.id, &new)?;
    Ok(())
}

/// Shows the page again with a problem of one of its small forms.
async fn refused(
    app: &App,
    actor: &Actor,
    id: MeetingId,
    mut form: Form,
    field: &str,
    refusal: &Refusal,
) -> Result<Response, Fault> {
    let known = load(app, actor, id).await?;
    let field = if refusal.field == Some("reason") { field } else { "" };
    form.problem(field, refusal.text());
    form.set("noi_dung", known.draft());
    Ok(show(actor, &known, form, false, ""))
}

async fn change(
    State(app): State<App>,
    actor: Actor,
    Path((_, meeting)): Path<(String, String)>,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let id: MeetingId = id_of(&meeting)?;
    let reason = form.text("ly_do_sua", 500);
    let version = form.int("version", 0, i64::MAX).unwrap_or(0);
    let hands = actor.clone();
    let outcome = app
        .db
        .write(move |tx| {
            let m = Meeting { version, ..meetings::get(tx, hands.org, id)? };
            let state = m.state.change_after_notice(&reason)?;
            Ok(meetings::save_state(tx, &hands, &m, state, &Moment { reason: Some(reason.clone()), ..Moment::default() })?)
        })
        .await;
    match outcome {
        Ok(()) => Ok(see(&format!("/cb/{}/buoi/{id}/chuan-bi", actor.org))),
        Err(Fault::Refused(refusal)) => refused(&app, &actor, id, form, "ly_do_sua", &refusal).await,
        Err(other) => Err(other),
    }
}

async fn cancel(
    State(app): State<App>,
    actor: Actor,
    Path((_, meeting)): Path<(String, String)>,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let id: MeetingId = id_of(&meeting)?;
    let reason = form.text("ly_do_huy", 500);
    let version = form.int("version", 0, i64::MAX).unwrap_or(0);
    let (hands, app2) = (actor.clone(), app.clone());
    let outcome = app
        .db
        .write(move |tx| {
            let known = known(tx, &app2, &hands, id)?;
            let m = Meeting { version, ..known.meeting().clone() };
            let state = m.state.cancel(&reason)?;
            meetings::save_state(tx, &hands, &m, state, &Moment { reason: Some(reason.clone()), ..Moment::default() })?;
            // Whoever was told that it will be held is told that it will not.
            if let Some(told) = known.notices.first().and_then(Notice::told) {
                let new = NewNotice {
                    body: draft_cancel(&told.facts(), &reason),
                    lead_minutes: told.starts_at.map_or(0, |at| Lead::between(hands.local(), at).minutes),
                    change_note: Some("Thông báo hủy buổi sinh hoạt".to_owned()),
                    told,
                    recipients: known.d.recipients.clone(),
                };
                store::send(tx, &hands, m.org, id, &new)?;
            }
            Ok(())
        })
        .await;
    match outcome {
        Ok(()) => Ok(see(&format!("/cb/{}/buoi/{id}?xong=huy", actor.org))),
        Err(Fault::Refused(refusal)) => refused(&app, &actor, id, form, "ly_do_huy", &refusal).await,
        Err(other) => Err(other),
    }
}
