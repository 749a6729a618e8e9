//! Meetings and their agendas as rows. Every edit carries the version it started from; whoever
//! saves second gets `Conflict`, never the first one's place (P-8).

use std::collections::{BTreeSet, HashMap};

use db::{Tx, values};
use domain::agenda::{self, Part, Step};
use domain::code::Code;
use domain::id::{IssuedId, ItemId, MeetingId, OrgId, PersonId};
use domain::meeting::{MeetingKind, MeetingState};
use domain::period::{PeriodKey, PeriodKind};
use domain::refusal::Refusal;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

use crate::actor::Actor;
use crate::audit::store as audit;
use crate::board::store as board;
use crate::guidance::store::agenda as guided;
use crate::member::store as members;

pub mod carry;
pub mod dossier;
pub mod files;
pub mod held;
pub mod make;
pub mod order;
pub mod review;
mod serving;

use held::HELD;
pub use serving::{Serving, of_years};

/// A meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    /// The cell.
    pub org: OrgId,
    /// Identifier.
    pub id: MeetingId,
    /// What it is held for.
    pub kind: MeetingKind,
    /// Where it stands.
    pub state: MeetingState,
    /// Title as lists show it.
    pub title: String,
    /// Planned start.
    pub starts_at: DateTime,
    /// Planned end.
    pub ends_at: DateTime,
    /// Place.
    pub place: String,
    /// Who chairs.
    pub chair: Option<PersonId>,
    /// Who writes the minutes of this meeting (VT-02).
    pub secretary: Option<PersonId>,
    /// Topic of a thematic meeting.
    pub topic: Option<String>,
    /// Day the committee met about it (CB-02).
    pub committee_met_on: Option<Date>,
    /// When the notice went out.
    pub noticed_at: Option<Timestamp>,
    /// When it began.
    pub opened_at: Option<DateTime>,
    /// When it ended.
    pub closed_at: Option<DateTime>,
    /// When the minutes were adopted.
    pub adopted_at: Option<Timestamp>,
    /// Its sealed minutes.
    pub sealed: Option<IssuedId>,
    /// When it was ticked as posted on the national handbook app.
    pub posted_at: Option<Timestamp>,
    /// What was said of the dues (đảng phí).
    pub dues: Option<String>,
    /// Why it was cancelled.
    pub cancel_reason: Option<String>,
    /// For "someone saved first".
    pub version: i64,
}

db::row!(Meeting {
    org,
    id,
    kind: code,
    state: code,
    title,
    starts_at,
    ends_at,
    place,
    chair,
    secretary,
    topic,
    committee_met_on,
    noticed_at,
    opened_at,
    closed_at,
    adopted_at,
    sealed,
    posted_at,
    dues,
    cancel_reason,
    version
});

const COLUMNS: &str = "org_id, meeting_id, kind, state, title, starts_at, ends_at, place, chair_id, secretary_id, topic,
    committee_met_on, noticed_at, opened_at, closed_at, adopted_at, sealed_id, posted_at, dues, cancel_reason, version";

/// A meeting of a cell.
///
/// # Errors
/// `NotFound`; database faults.
pub fn get(tx: &mut Tx, org: OrgId, id: MeetingId) -> db::Result<Meeting> {
    tx.one(&format!("select {COLUMNS} from meeting where org_id = $1 and meeting_id = $2"), values![org, id])
}

/// Meetings that start within `[from, until)`, oldest first.
///
/// # Errors
/// Database faults only.
pub fn between(tx: &mut Tx, org: OrgId, from: Date, until: Date) -> db::Result<Vec<Meeting>> {
    tx.all(
        &format!("select {COLUMNS} from meeting where org_id = $1 and starts_at >= $2 and starts_at < $3 order by starts_at"),
        values![org, from, until],
    )
}

/// Every meeting that starts on a day or later, oldest first.
///
/// # Errors
/// Database faults only.
pub fn since(tx: &mut Tx, org: OrgId, from: Date) -> db::Result<Vec<Meeting>> {
    tx.all(
        &format!("select {COLUMNS} from meeting where org_id = $1 and starts_at >= $2 order by starts_at, meeting_id"),
        values![org, from],
    )
}

/// The last meeting of a kind that is not cancelled and starts before `before`.
///
/// # Errors
/// Database faults only.
pub fn previous(tx: &mut Tx, org: OrgId, kind: MeetingKind, before: DateTime) -> db::Result<Option<Meeting>> {
    tx.opt(
        &format!(
            "select {COLUMNS} from meeting where org_id = $1 and kind = $2 and starts_at < $3 and state <> 'cancelled'
             order by starts_at desc limit 1"
        ),
        values![org, kind.code(), before],
    )
}

/// The next meeting that is prepared, noticed or being held, from `from` on.
///
/// # Errors
/// Database faults only.
pub fn upcoming(tx: &mut Tx, org: OrgId, from: Date) -> db::Result<Vec<Meeting>> {
    tx.all(
        &format!(
            "select {COLUMNS} from meeting where org_id = $1 and starts_at >= $2
             and (state = 'draft' or state = 'noticed' or state = 'open') order by starts_at limit 5"
        ),
        values![org, from],
    )
}

/// What is needed to create a meeting.
#[derive(Debug, Clone)]
pub struct NewMeeting {
    /// What it is held for.
    pub kind: MeetingKind,
    /// Title.
    pub title: String,
    /// Planned start.
    pub starts_at: DateTime,
    /// Planned end.
    pub ends_at: DateTime,
    /// Place.
    pub place: String,
    /// Who chairs.
    pub chair: Option<PersonId>,
    /// Who writes the minutes.
    pub secretary: Option<PersonId>,
    /// Topic of a thematic meeting.
    pub topic: Option<String>,
    /// The kỳ it serves.
    pub periods: Vec<PeriodKey>,
}

/// Creates a meeting in preparation, with the kỳ it serves.
///
/// # Errors
/// Database faults only.
pub fn create(tx: &mut Tx, actor: &Actor, org: OrgId, new: &NewMeeting) -> db::Result<MeetingId> {
    members::must_be_ours(tx, org, &[new.chair, new.secretary])?;
    let id: MeetingId = actor.id();
    tx.exec(
        "insert into meeting (org_id, meeting_id, kind, state, title, starts_at, ends_at, place, chair_id, secretary_id, topic)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        values![
            org,
            id,
            new.kind.code(),
            MeetingState::Draft.code(),
            new.title,
            new.starts_at,
            new.ends_at,
            new.place,
            new.chair,
            new.secretary,
            new.topic
        ],
    )?;
    for period in &new.periods {
        tx.exec(
            "insert into meeting_period (org_id, period, meeting_id) values ($1, $2, $3)",
            values![org, period.to_string(), id],
        )?;
    }
    audit::record(tx, actor, org, "meeting.created", &object(id), new.kind.code())?;
    Ok(id)
}

/// How the trail names a meeting.
pub fn object(id: MeetingId) -> String {
    format!("meeting:{id}")
}

/// The kỳ a meeting serves.
///
/// # Errors
/// Database faults only.
pub fn periods(tx: &mut Tx, org: OrgId, id: MeetingId) -> db::Result<Vec<PeriodKey>> {
    let rows: Vec<(String,)> =
        tx.all("select period from meeting_period where org_id = $1 and meeting_id = $2 order by period", values![org, id])?;
    Ok(rows.into_iter().filter_map(|(text,)| text.parse().ok()).collect())
}

/// Present and expected at each meeting of a year that was held (DD-03).
///
/// # Errors
/// Database faults only.
pub fn attendance_of_year(tx: &mut Tx, org: OrgId, year: i16) -> db::Result<HashMap<MeetingId, (i64, i64)>> {
    let mut out = HashMap::new();
    tx.each(
        // The plus and “cross join” keep SQLite from walking through the meetings and rolls of every year.
        &format!(
            "select +m.meeting_id, sum(case when coalesce(r.corrected, r.mark) in ('present', 'online') then 1 else 0 end), count(*)
             from meeting m cross join roll r
             where m.org_id = $1 and m.starts_at >= $2 and m.starts_at < $3 and {HELD}
             and r.org_id = m.org_id and r.meeting_id = m.meeting_id
             and r.standing in ('official', 'probationary', 'temporary_here')
             and (r.mark is null or coalesce(r.corrected, r.mark) not in ('exempt', 'away', 'suspended'))
             group by 1"
        ),
        values![org, format!("{year}-"), format!("{year}.")],
        |row| {
            out.insert(row.get(0)?, (row.get(1)?, row.get(2)?));
            Ok(())
        },
    )?;
    Ok(out)
}

/// What of a meeting may be edited while it is prepared.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Title.
    pub title: String,
    /// Planned start.
    pub starts_at: DateTime,
    /// Planned end.
    pub ends_at: DateTime,
    /// Place.
    pub place: String,
    /// Who chairs.
    pub chair: Option<PersonId>,
    /// Who writes the minutes.
    pub secretary: Option<PersonId>,
    /// Topic of a thematic meeting.
    pub topic: Option<String>,
    /// Day the committee met about it.
    pub committee_met_on: Option<Date>,
}

/// Saves the plan of a meeting that started from `version`.
///
/// # Errors
/// `Conflict` when someone saved first; database faults.
pub fn save_plan(tx: &mut Tx, actor: &Actor, org: OrgId, id: MeetingId, version: i64, plan: &Plan) -> db::Result<()> {
    members::must_be_ours(tx, org, &[plan.chair, plan.secretary])?;
    tx.changed(
        "update meeting set title = $4, starts_at = $5, ends_at = $6, place = $7, chair_id = $8, secretary_id = $9,
         topic = $10, committee_met_on = $11, version = version + 1
         where org_id = $1 and meeting_id = $2 and version = $3",
        values![
            org,
            id,
            version,
            plan.title,
            plan.starts_at,
            plan.ends_at,
            plan.place,
            plan.chair,
            plan.secretary,
            plan.topic,
            plan.committee_met_on
        ],
    )?;
    audit::record(tx, actor, org, "meeting.planned", &object(id), "")
}

/// What changes together with a meeting's state.
#[derive(Debug, Clone, Default)]
pub struct Moment {
    /// When the notice went out.
    pub noticed_at: Option<Timestamp>,
    /// When it began.
    pub opened_at: Option<DateTime>,
    /// When it ended.
    pub closed_at: Option<DateTime>,
    /// When the minutes were adopted.
    pub adopted_at: Option<Timestamp>,
    /// Its sealed minutes.
    pub sealed: Option<IssuedId>,
    /// Why it was cancelled or reopened.
    pub reason: Option<String>,
}

/// Saves a transition the domain allowed; `meeting` is as it was read.
///
/// # Errors
/// `Conflict` when someone saved first; database faults.
pub fn save_state(tx: &mut Tx, actor: &Actor, meeting: &Meeting, state: MeetingState, moment: &Moment) -> db::Result<()> {
    tx.changed(
        "update meeting set state = $4, noticed_at = coalesce($5, noticed_at), opened_at = coalesce($6, opened_at),
         closed_at = coalesce($7, closed_at), adopted_at = coalesce($8, adopted_at), sealed_id = coalesce($9, sealed_id),
         cancel_reason = coalesce($10, cancel_reason), version = version + 1
         where org_id = $1 and meeting_id = $2 and version = $3",
        values![
            meeting.org,
            meeting.id,
            meeting.version,
            state.code(),
            moment.noticed_at,
            moment.opened_at,
            moment.closed_at,
            moment.adopted_at,
            moment.sealed,
            moment.reason
        ],
    )?;
    if meeting.state.is_held() != state.is_held() {
        let kept = periods(tx, meeting.org, meeting.id)?;
        board::keep_periods(tx, meeting.org, &kept, actor.now)?;
    }
    audit::record(tx, actor, meeting.org, "meeting.state", &object(meeting.id), state.code())
}

/// Notes what was said of the dues, and that it is posted on the handbook app.
///
/// # Errors
/// Database faults only.
pub fn set_dues(tx: &mut Tx, org: OrgId, id: MeetingId, dues: &str) -> db::Result<()> {
    tx.changed("update meeting set dues = $3 where org_id = $1 and meeting_id = $2", values![org, id, dues])
}

/// Ticks a meeting as posted on the national handbook app (CB-05).
///
/// # Errors
/// `NotFound` as `Conflict`; database faults.
pub fn mark_posted(tx: &mut Tx, actor: &Actor, org: OrgId, id: MeetingId) -> db::Result<()> {
    tx.changed(
        "update meeting set posted_at = $3, posted_by = $4 where org_id = $1 and meeting_id = $2",
        values![org, id, actor.now, actor.person],
    )?;
    audit::record(tx, actor, org, "meeting.posted", &object(id), "")
}

/// An agenda item as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Identifier.
    pub id: ItemId,
    /// Place in the agenda, from 1.
    pub position: i64,
    /// Step of the prescribed order.
    pub step: Step,
    /// Part of the meeting.
    pub part: Part,
    /// Heading.
    pub title: String,
    /// Who presents it.
    pub presenter: Option<PersonId>,
    /// How long it is meant to take.
    pub minutes: i64,
    /// Points to raise.
    pub points: String,
    /// Information given.
    pub information: String,
    /// What the chair concluded.
    pub conclusion: String,
    /// Whether it is a state secret, kept on paper.
    pub secret: bool,
    /// Where in the paper book.
    pub paper_ref: Option<String>,
    /// Put off to the next meeting.
    pub postponed: bool,
    /// For "someone saved first".
    pub version: i64,
}

db::row!(Item {
    id,
    position,
    step: code,
    part: code,
    title,
    presenter,
    minutes,
    points,
    information,
    conclusion,
    secret,
    paper_ref,
    postponed,
    version
});

impl Item {
    /// The same item without a word of its own.
    #[must_use]
    pub fn wordless(&self) -> Self {
        let none = String::new;
        Self { title: none(), points: none(), information: none(), conclusion: none(), ..self.clone() }
    }

    /// The item as the rules see it; the presenter's name and files are the caller's to know.
    pub fn facts(&self, presenter: Option<String>, files: u32) -> agenda::Item {
        agenda::Item {
            presenter,
            minutes: u32::try_from(self.minutes).unwrap_or(0),
            points: self.points.clone(),
            information: self.information.clone(),
            files,
            secret: self.secret,
            paper_ref: self.paper_ref.clone().unwrap_or_default(),
            postponed: self.postponed,
            ..agenda::Item::new(self.part, self.step, self.title.clone())
        }
    }
}

/// The agenda of a meeting, in order.
///
/// # Errors
/// Database faults only.
pub fn items(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<Vec<Item>> {
    tx.all(
        "select item_id, position, step, part, title, presenter_id, minutes, points, information, conclusion, secret,
         paper_ref, postponed, version from agenda_item where org_id = $1 and meeting_id = $2 order by position, item_id",
        values![org, meeting],
    )
}

/// The agendas of meetings prepared after this one, which may have taken something over from it; each
/// item with the title of its meeting.
///
/// # Errors
/// Database faults only.
pub fn items_of_later(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<Vec<(String, Item)>> {
    let later: Vec<(MeetingId, String)> = tx.all(
        "select meeting_id, title from meeting where org_id = $1 and meeting_id > $2 order by meeting_id",
        values![org, meeting],
    )?;
    let mut out = Vec::new();
    for (id, title) in later {
        out.extend(items(tx, org, id)?.into_iter().map(|item| (title.clone(), item)));
    }
    Ok(out)
}

/// Adds an item at the end.
///
/// # Errors
/// A refusal of the rules about secret items; database faults.
pub fn add_item(tx: &mut Tx, actor: &Actor, org: OrgId, meeting: MeetingId, item: &Item) -> Result<ItemId, crate::fault::Fault> {
    let ids = add_items(tx, actor, org, meeting, std::slice::from_ref(item))?;
    ids.first().copied().ok_or(crate::fault::Fault::NotFound)
}

/// Adds items at the end, in their order.
///
/// # Errors
/// A refusal of the rules about secret items; database faults.
pub fn add_items(
    tx: &mut Tx,
    actor: &Actor,
    org: OrgId,
    meeting: MeetingId,
    items: &[Item],
) -> Result<Vec<ItemId>, crate::fault::Fault> {
    for item in items {
        item.facts(None, 0).check()?;
    }
    let presenters: BTreeSet<PersonId> = items.iter().filter_map(|i| i.presenter).collect();
    let presenters: Vec<Option<PersonId>> = presenters.into_iter().map(Some).collect();
    members::must_be_ours(tx, org, &presenters)?;
    let mut position: i64 = tx.scalar(
        "select coalesce(max(position), 0) from agenda_item where org_id = $1 and meeting_id = $2",
        values![org, meeting],
    )?;
    let mut ids = Vec::with_capacity(items.len());
    for item in items {
        let id: ItemId = actor.id();
        position += 1;
        insert_item(tx, org, meeting, (id, position), item)?;
        ids.push(id);
    }
    Ok(ids)
}

fn insert_item(tx: &mut Tx, org: OrgId, meeting: MeetingId, (id, position): (ItemId, i64), item: &Item) -> db::Result<()> {
    tx.exec(
        "insert into agenda_item (org_id, item_id, meeting_id, position, step, part, title, presenter_id, minutes, points,
         information, conclusion, secret, paper_ref)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        values![
            org,
            id,
            meeting,
            position,
            item.step.code(),
            item.part.code(),
            item.title,
            item.presenter,
            item.minutes,
            item.points,
            item.information,
            item.conclusion,
            item.secret,
            item.paper_ref
        ],
    )?;
    Ok(())
}

/// Saves an item that started from its version.
///
/// # Errors
/// A refusal of the rules; `Conflict` when someone saved first; database faults.
pub fn save_item(tx: &mut Tx, org: OrgId, item: &Item, files: u32) -> Result<(), crate::fault::Fault> {
    item.facts(None, files).check()?;
    members::must_be_ours(tx, org, &[item.presenter])?;
    guided::must_keep(tx, org, item)?;
    tx.changed(
        "update agenda_item set position = $4, title = $5, presenter_id = $6, minutes = $7, points = $8, information = $9,
         conclusion = $10, secret = $11, paper_ref = $12, postponed = $13, version = version + 1
         where org_id = $1 and item_id = $2 and version = $3",
        values![
            org,
            item.id,
            item.version,
            item.position,
            item.title,
            item.presenter,
            item.minutes,
            item.points,
            item.information,
            item.conclusion,
            item.secret,
            item.paper_ref,
            item.postponed
        ],
    )?;
    Ok(())
}

/// Removes an item while the meeting is prepared.
///
/// # Errors
/// `Conflict` when it is gone; database faults.
pub fn drop_item(tx: &mut Tx, org: OrgId, meeting: MeetingId, item: ItemId) -> db::Result<()> {
    guided::unlink(tx, org, item)?;
    tx.changed("delete from agenda_item where org_id = $1 and meeting_id = $2 and item_id = $3", values![org, meeting, item])
}

/// Which kỳ a meeting of a kind on a day serves.
pub fn periods_of(kind: MeetingKind, day: Date) -> Vec<PeriodKey> {
    let mut out = Vec::new();
    if kind.serves_regular() {
        out.extend(PeriodKey::of(PeriodKind::Regular, day));
    }
    if kind.serves_thematic() {
        out.extend(PeriodKey::of(PeriodKind::Thematic, day));
    }
    out
}

/// Refuses an edit of a meeting whose state does not allow it.
///
/// # Errors
/// A refusal saying what to do instead.
pub fn must_be_preparing(meeting: &Meeting) -> Result<(), Refusal> {
    if meeting.state.is_preparing() {
        return Ok(());
    }
    Err(Refusal::state("sửa phần chuẩn bị", meeting.state, "Nếu thông báo đã gửi, hãy chọn “Sửa sau thông báo” trước."))
}
