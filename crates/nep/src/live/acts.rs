//! What is recorded while a meeting runs: who spoke, conclusions, guests, dues, who leads.
//! May touch: the meeting's own rows. Rules: section 2.3, VT-02, P-8, P-30.

use axum::extract::{Path, State};
use axum::response::Response;
use db::Tx;
use domain::id::{ItemId, MeetingId, OrgId, PersonId, RowId};
use domain::meeting::MeetingState;
use domain::refusal::Refusal;
use web::form::Form;

use super::desk::{self, Part, View};
use super::record::{self, Record, must_record};
use super::room::acts::{self as floor, Floor, must_be_there};
use super::room::store::{self as room, Topic};
use super::store;
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::gate::Sent;
use crate::meeting::secret::make;
use crate::meeting::store as meetings;

type Where = Path<(OrgId, MeetingId)>;

/// Longest summary of one contribution.
const SUMMARY_MAX: usize = 4000;
/// Longest conclusion of one item.
const CONCLUSION_MAX: usize = 20_000;

/// What one form of an item asks for: its texts are always saved, whichever button was pressed. A
/// press that is sent without them leaves them as they are.
#[derive(Debug, Clone, Default)]
pub struct ItemForm {
    version: i64,
    conclusion: Option<String>,
    summaries: Vec<(RowId, String)>,
    bases: Vec<(String, String)>,
    speaks: Option<PersonId>,
    opinion: Option<RowId>,
    takes_back: Option<RowId>,
    next: Option<ItemId>,
    floor: Option<Floor>,
    to: Option<&'static str>,
}

impl ItemForm {
    /// Whether a field still holds what the page showed: then nobody wrote in it, whatever has been
    /// saved elsewhere meanwhile.
    fn untouched(&self, field: &str, text: &str) -> bool {
        self.base(field).is_some_and(|base| base == fingerprint(text))
    }

    fn base(&self, field: &str) -> Option<&str> {
        self.bases.iter().find(|(k, _)| k == field).map(|(_, v)| v.as_str())
    }
}

/// A short sign of a text, by which a form tells whether the text was changed since it was shown.
pub fn fingerprint(text: &str) -> String {
    web::random::digest(text).chars().take(16).collect()
}

/// Reads the form of an item.
pub fn read_item(form: &mut Form) -> ItemForm {
    let ids: Vec<String> = form.pairs().filter_map(|(k, _)| k.strip_prefix("tt_").map(str::to_owned)).collect();
    let mut summaries = Vec::new();
    for id in ids {
        let text = form.text(&format!("tt_{id}"), SUMMARY_MAX);
        if let Ok(id) = id.parse() {
            summaries.push((id, text));
        }
    }
    let bases = form.pairs().filter_map(|(k, v)| Some((k.strip_prefix("goc_")?.to_owned(), v.to_owned()))).collect();
    let to = match form.raw("toi") {
        "diem-danh" => Some("diem-danh"),
        "bieu-quyet" => Some("dieu-hanh?phan=bieu-quyet#bieu-quyet"),
        "ket-thuc" => Some("ket-thuc"),
        _ => None,
    };
    let written = form.pairs().any(|(k, _)| k == "ket_luan");
    ItemForm {
        bases,
        to,
        floor: floor::read(form),
        version: form.int("version", 0, i64::MAX).unwrap_or(0),
        conclusion: written.then(|| form.text("ket_luan", CONCLUSION_MAX)),
        summaries,
        speaks: form.id("noi"),
        opinion: form.id("y_kien"),
        takes_back: form.id("bo"),
        next: form.id("sang"),
    }
}

/// Saves the texts of an item and does what the pressed button says.
pub async fn item(
    State(app): State<App>,
    actor: Actor,
    Path((org, id, item)): Path<(OrgId, MeetingId, ItemId)>,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let asked = read_item(&mut form);
    let view = View { item: Some(item), ..View::default() };
    if !form.is_fine() {
        return desk::again(&app, actor, id, view, form).await;
    }
    let (hands, wanted) = (actor.clone(), asked.clone());
    let done = app.write(&actor, move |tx| save_item(tx, &hands, org, id, item, &wanted)).await;
    if let Err(Fault::Conflict) = done {
        return conclusion_crossed(&app, actor, id, item, form).await;
    }
    let to = match asked.to {
        Some(part) => format!("/cb/{org}/buoi/{id}/{part}"),
        None => {
            let at = asked.next.unwrap_or(item);
            format!("/cb/{org}/buoi/{id}/dieu-hanh?muc={at}#muc-{at}")
        }
    };
    desk::answer(&app, actor, id, view, form, done, &to).await
}

/// Saves the texts of an item and does what the pressed button says.
///
/// # Errors
/// Refusals of the rules; `Conflict` when somebody concluded the item meanwhile; database faults.
pub fn save_item(tx: &mut Tx, actor: &Actor, org: OrgId, id: MeetingId, item: ItemId, asked: &ItemForm) -> Result<(), Fault> {
    let record = record::load(tx, org, id)?;
    record.must_record()?;
    let actor = &actor.acting(record.meeting.opened_at);
    let stored = record.item(item)?;
    let words = asked.conclusion.iter().chain(asked.summaries.iter().map(|(_, t)| t));
    if stored.secret && words.into_iter().any(|t| !t.is_empty()) {
        return Err(Refusal::new(
            "secret_text",
            "Nội dung mật không được ghi vào phần mềm. Hãy xóa nội dung đã nhập và ghi riêng vào sổ giấy theo quy định.",
        )
        .at("ket_luan")
        .into());
    }
    save_summaries(tx, actor, &record, item, asked)?;
    if let Some(person) = asked.speaks {
        must_be_there(&record, person)?;
        store::add_contribution(tx, actor, org, id, item, person, None, "")?;
        room::tell(tx, actor.now, org, id, Topic::Floor)?;
    }
    if let Some(wanted) = asked.opinion {
        let sent = store::sent_opinions(tx, org, id)?.into_iter().find(|o| o.id == wanted && o.item.is_none_or(|i| i == item));
        let sent = sent.ok_or(Fault::NotFound)?;
        let words = if stored.secret { "" } else { sent.body.as_str() };
        store::add_contribution(tx, actor, org, id, item, sent.person, Some(sent.id), words)?;
        room::spoken_for(tx, actor, org, id, sent.id)?;
        room::tell(tx, actor.now, org, id, Topic::Floor)?;
    }
    if let Some(press) = asked.floor {
        floor::apply(tx, actor, &record, item, press)?;
    }
    if let Some(conclusion) = asked.conclusion.as_ref().filter(|c| **c != stored.conclusion && !asked.untouched("ket_luan", c)) {
        if asked.version != stored.version {
            return Err(Fault::Conflict);
        }
        meetings::save_item(tx, org, &meetings::Item { conclusion: conclusion.clone(), ..stored.clone() }, 0)?;
        room::tell(tx, actor.now, org, id, Topic::Minutes)?;
    }
    if let Some(next) = asked.next.filter(|_| record.meeting.state == MeetingState::Open) {
        record.item(next)?;
        room::take_up(tx, actor, org, id, Some(next))?;
    }
    Ok(())
}

/// An item turns out to be a state secret while it is discussed: its words go, its place on paper stays.
pub async fn secret(
    State(app): State<App>,
    actor: Actor,
    Path((org, id, item)): Path<(OrgId, MeetingId, ItemId)>,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let place = form.required("so_giay", 200, "Hãy ghi số sổ, số trang của sổ giấy.");
    let view = View { item: Some(item), ..View::default() };
    if !form.is_fine() {
        return desk::again(&app, actor, id, view, form).await;
    }
    let (hands, library) = (actor.clone(), app.rules.clone());
    let done = app
        .write(&actor, move |tx| {
            let record = record::load(tx, org, id)?;
            record.must_record()?;
            let old = record.item(item)?;
            let new = meetings::Item { secret: true, paper_ref: Some(place.clone()), ..old.wordless() };
            if old.secret {
                meetings::save_item(tx, org, &new, 0)
            } else {
                make(tx, &hands, &record.meeting, old, &new, &library)
            }
        })
        .await;
    desk::answer(&app, actor, id, view, form, done, &format!("/cb/{org}/buoi/{id}/dieu-hanh?muc={item}&xong=luu#muc-{item}"))
        .await
}

fn save_summaries(tx: &mut Tx, actor: &Actor, record: &Record, item: ItemId, asked: &ItemForm) -> Result<(), Fault> {
    let (org, id) = (record.meeting.org, record.meeting.id);
    for spoken in record.spoken(item) {
        if asked.takes_back == Some(spoken.id) {
            store::drop_contribution(tx, org, id, spoken.id)?;
            room::taken_back(tx, actor, org, id, spoken.id)?;
            continue;
        }
        let field = spoken.id.to_string();
        let text = asked.summaries.iter().find(|(c, _)| *c == spoken.id).map(|(_, t)| t);
        let Some(text) = text.filter(|t| **t != spoken.summary && !asked.untouched(&field, t)) else { continue };
        if asked.base(&field).is_some_and(|base| base != fingerprint(&spoken.summary)) {
            return Err(crossed(&record.name(spoken.person), &spoken.summary).into());
        }
        store::edit_contribution(tx, org, id, spoken.id, text)?;
        room::tell(tx, actor.now, org, id, Topic::Minutes)?;
    }
    Ok(())
}

/// Two people wrote on one contribution: the second one sees both texts.
fn crossed(name: &str, stored: &str) -> Refusal {
    let text = format!(
        "Một đồng chí khác vừa ghi ý kiến của đồng chí {name}: “{stored}”. Bản đồng chí viết vẫn còn trong ô; hãy ghép hai bản rồi lưu lại."
    );
    Refusal::new("crossed", text)
}

/// Two people concluded the same item: both texts on the page, the second one still to be saved.
async fn conclusion_crossed(app: &App, actor: Actor, id: MeetingId, item: ItemId, mut form: Form) -> Result<Response, Fault> {
    let org = actor.org;
    let stored = app.db.read(move |tx| meetings::items(tx, org, id)).await?;
    let stored = stored.into_iter().find(|i| i.id == item).ok_or(Fault::NotFound)?;
    form.set("version", stored.version.to_string());
    form.problem(
        "ket_luan",
        format!(
            "Một đồng chí khác vừa lưu kết luận của mục này: “{}”. Bản đồng chí viết vẫn còn trong ô; hãy ghép hai bản rồi lưu lại.",
            stored.conclusion
        ),
    );
    let view = View { item: Some(item), ..View::default() };
    desk::again_with(app, actor, id, view, form, axum::http::StatusCode::CONFLICT).await
}

/// Notes a guest.
pub async fn guest(
    State(app): State<App>,
    actor: Actor,
    Path((org, id)): Where,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let name = form.required("khach_ten", 100, "Hãy nhập họ và tên khách mời.");
    let title = form.line("khach_chuc_vu", 200);
    let view = View::part(Part::People);
    if !form.is_fine() {
        return desk::again(&app, actor, id, view, form).await;
    }
    let hands = actor.clone();
    let done = app
        .write(&actor, move |tx| {
            must_record(&meetings::get(tx, org, id)?)?;
            store::add_guest(tx, &hands, org, id, &name, &title)?;
            Ok(room::tell(tx, hands.now, org, id, Topic::People)?)
        })
        .await;
    desk::answer(&app, actor, id, view, form, done, &format!("/cb/{org}/buoi/{id}/dieu-hanh?phan=thanh-phan&xong=luu#khach"))
        .await
}

/// Removes a guest.
pub async fn drop_guest(
    State(app): State<App>,
    actor: Actor,
    Path((org, id, guest)): Path<(OrgId, MeetingId, RowId)>,
    Sent(form): Sent,
) -> Result<Response, Fault> {
    let now = actor.now;
    let done = app
        .write(&actor, move |tx| {
            must_record(&meetings::get(tx, org, id)?)?;
            store::drop_guest(tx, org, id, guest)?;
            Ok::<_, Fault>(room::tell(tx, now, org, id, Topic::People)?)
        })
        .await;
    let to = format!("/cb/{org}/buoi/{id}/dieu-hanh?phan=thanh-phan#khach");
    desk::answer(&app, actor, id, View::part(Part::People), form, done, &to).await
}

/// Notes what was said of the dues.
pub async fn dues(State(app): State<App>, actor: Actor, Path((org, id)): Where, Sent(mut form): Sent) -> Result<Response, Fault> {
    let text = form.text("dang_phi", 2000);
    let view = View::part(Part::People);
    if !form.is_fine() {
        return desk::again(&app, actor, id, view, form).await;
    }
    let now = actor.now;
    let done = app
        .write(&actor, move |tx| {
            must_record(&meetings::get(tx, org, id)?)?;
            meetings::set_dues(tx, org, id, &text)?;
            Ok::<_, Fault>(room::tell(tx, now, org, id, Topic::People)?)
        })
        .await;
    let to = format!("/cb/{org}/buoi/{id}/dieu-hanh?phan=thanh-phan&xong=luu#dang_phi");
    desk::answer(&app, actor, id, view, form, done, &to).await
}

/// Changes who chairs and who writes the minutes: both may fall to somebody else on the day.
pub async fn people(
    State(app): State<App>,
    actor: Actor,
    Path((org, id)): Where,
    Sent(mut form): Sent,
) -> Result<Response, Fault> {
    let chair: Option<PersonId> = form.id("chu_tri");
    let secretary: Option<PersonId> = form.id("thu_ky");
    if chair.is_none() && !form.has_problem("chu_tri") {
        form.problem("chu_tri", "Hãy chọn đồng chí chủ trì.");
    }
    let view = View::part(Part::People);
    if !form.is_fine() {
        return desk::again(&app, actor, id, view, form).await;
    }
    let hands = actor.clone();
    let done = app
        .write(&actor, move |tx| {
            let meeting = meetings::get(tx, org, id)?;
            if !meeting.state.is_recording() && !desk::not_yet_open(meeting.state) {
                must_record(&meeting)?;
            }
            let roster = crate::member::store::roster(tx, org, meeting.starts_at.date())?;
            let known = |who: Option<PersonId>| who.is_none_or(|p| roster.iter().any(|m| m.person == p));
            if !known(chair) || !known(secretary) {
                return Err(Fault::NotFound);
            }
            let plan = meetings::Plan {
                title: meeting.title.clone(),
                starts_at: meeting.starts_at,
                ends_at: meeting.ends_at,
                place: meeting.place.clone(),
                chair,
                secretary,
                topic: meeting.topic.clone(),
                committee_met_on: meeting.committee_met_on,
            };
            meetings::save_plan(tx, &hands, org, id, meeting.version, &plan)?;
            Ok(room::tell(tx, hands.now, org, id, Topic::People)?)
        })
        .await;
    let to = format!("/cb/{org}/buoi/{id}/dieu-hanh?phan=thanh-phan&xong=luu#nguoi");
    desk::answer(&app, actor, id, view, form, done, &to).await
}
