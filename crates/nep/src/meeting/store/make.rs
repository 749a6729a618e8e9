//! Makes a meeting in preparation: from the last one of its kind, or from the order that the rules
//! prescribe, with what was planned for its kỳ, the tasks that are still open as the review, and what the
//! committees above ask of the month. Touches meetings, plans, tasks, orientations. Rules: section 2.3, M3, M15, L2,
//! SM-03, SH-04, VT-01.

use std::collections::BTreeSet;

use db::Tx;
use domain::agenda::{self, Part, Step};
use domain::code::Code;
use domain::id::{Id, MeetingId, OrgId, PersonId};
use domain::meeting::MeetingKind;
use domain::period::{PeriodKey, PeriodKind, duty};
use domain::post::Role;
use domain::rulepack::{Library, Rules};
use domain::vi;
use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Time};

use super::{Item, Meeting, NewMeeting};
use crate::actor::Actor;
use crate::fault::Fault;
use crate::guidance::store::agenda as guided;
use crate::member::store as members;
use crate::notice::store::opinions;
use crate::org::store::{self as orgs, Org};
use crate::year::store::{self as year, Plan};

/// What a new meeting is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A kỳ of the year.
    Period(PeriodKey),
    /// Anything else, at a time.
    Other(MeetingKind, DateTime),
}

/// The hour of a cell's first meeting; later ones keep the hour of the last.
const FIRST_HOUR: Time = Time::constant(14, 0, 0, 0);

struct Ground {
    cell: Org,
    kind: MeetingKind,
    periods: Vec<PeriodKey>,
    plan: Plan,
    starts_at: DateTime,
    rules: Rules,
    last: Option<Meeting>,
}

/// Makes the meeting, or gives the one that is already there for the kỳ, so that pressing the
/// button twice makes one.
///
/// # Errors
/// `NotFound` for a kỳ the cell does not owe; refusals; database faults.
pub fn make(tx: &mut Tx, actor: &Actor, library: &Library, org: OrgId, purpose: Purpose) -> Result<MeetingId, Fault> {
    if let Purpose::Period(key) = purpose {
        let there = super::of_years(tx, org, &(key.year..=key.year))?.into_iter().find(|(k, _)| *k == key);
        if let Some((_, meeting)) = there {
            return Ok(meeting.id);
        }
    }
    let ground = ground(tx, actor, library, org, purpose)?;
    let members: Vec<PersonId> = members::roster(tx, org, actor.today())?.into_iter().map(|m| m.person).collect();
    let posts = orgs::posts_on(tx, org, actor.today())?;
    let still = |p: Option<PersonId>| p.filter(|p| members.contains(p));
    let head = posts.iter().find(|h| matches!(h.role, Role::Secretary | Role::Deputy)).map(|h| h.person);
    let last = ground.last.as_ref();
    let chair = still(last.and_then(|m| m.chair)).or(head);
    let mut items = agenda_for(tx, actor, org, &ground, chair)?;
    // What the committees above ask of this month stands on the agenda from the beginning (L2).
    let blocks = guided::required(tx, &ground.cell, &ground.periods, &BTreeSet::new())?;
    let order: Vec<(Part, Step)> = items.iter().map(|i| (i.part, i.step)).collect();
    let first = domain::guidance::place(&order);
    drop(items.splice(first..first, blocks.iter().map(guided::item_of)));
    let total: i64 = items.iter().map(|i| i.minutes).sum();
    let minutes = last.filter(|m| m.kind == ground.kind).and_then(|m| domain::meeting::length(m.starts_at, m.ends_at));
    let minutes = minutes.map_or(if total > 0 { total } else { 90 }, i64::from).clamp(15, 600);
    let new = NewMeeting {
        kind: ground.kind,
        title: title(ground.kind, &ground.periods, ground.starts_at.date()),
        starts_at: ground.starts_at,
        ends_at: ground.starts_at.checked_add(minutes.minutes()).unwrap_or(ground.starts_at),
        place: last.map(|m| m.place.clone()).unwrap_or_default(),
        chair,
        secretary: still(last.and_then(|m| m.secretary)),
        topic: ground.plan.topic.clone().filter(|_| ground.kind.serves_thematic()),
        periods: ground.periods,
    };
    let id = super::create(tx, actor, org, &new)?;
    let new = super::add_items(tx, actor, org, id, &items)?;
    for (item, block) in new.into_iter().skip(first).zip(&blocks) {
        guided::link(tx, org, id, &guided::link_of(item, block))?;
    }
    if let Some(last) = ground.last.filter(|m| m.kind == ground.kind && m.state.is_held()) {
        opinions::carry_over(tx, actor, org, last.id, id)?;
        guided::carry(tx, org, last.id, id)?;
    }
    Ok(id)
}

fn ground(tx: &mut Tx, actor: &Actor, library: &Library, org: OrgId, purpose: Purpose) -> Result<Ground, Fault> {
    let today = actor.today();
    let cell = orgs::get(tx, org, today)?;
    let through = year::rules_through(tx, &cell, library)?;
    let (kind, periods, plan, starts_on, hour) = match purpose {
        Purpose::Other(kind, at) => (kind, super::periods_of(kind, at.date()), Plan::default(), at.date(), Some(at.time())),
        Purpose::Period(key) => {
            let owed = year::strip_of(tx, &cell, &through, key.year, today)?;
            let tile = owed.iter().find(|t| t.duty.key == key).ok_or(Fault::NotFound)?;
            let with: Option<&crate::year::strip::Tile> = owed.iter().find(|t| {
                t.duty.key.kind == PeriodKind::Thematic
                    && t.plan.merged_into.as_deref() == Some(key.to_string().as_str())
                    && t.meeting.is_none()
            });
            let topic = with.map_or(&tile.plan, |t| &t.plan).clone();
            let plan = Plan { planned_at: tile.plan.planned_at, postponed_to: tile.plan.postponed_to, ..topic };
            let mut periods = vec![key];
            let kind = match (key.kind, with) {
                (PeriodKind::Regular, Some(topic)) => {
                    periods.push(topic.duty.key);
                    MeetingKind::Combined
                }
                (PeriodKind::Regular, None) => MeetingKind::Regular,
                (PeriodKind::Thematic, _) => MeetingKind::Thematic,
            };
            let day = day_for(key, &plan, &through.at(key.first_day()), today);
            let hour = plan.planned_at.map(|at| at.time());
            (kind, periods, plan, day, hour)
        }
    };
    let edge = starts_on.to_datetime(Time::constant(23, 59, 0, 0));
    let mut last = super::previous(tx, org, kind, edge)?;
    if last.is_none() {
        last = super::previous(tx, org, MeetingKind::Regular, edge)?;
    }
    let hour = hour.or_else(|| last.as_ref().map(|m| m.starts_at.time())).unwrap_or(FIRST_HOUR);
    let mut starts_at = starts_on.to_datetime(hour);
    if starts_on == today && starts_at <= actor.local() && matches!(purpose, Purpose::Period(_)) {
        // Prepared on the day itself after the usual hour: no notice can be sent for a time that has passed.
        starts_at = starts_at.checked_add(1.day()).unwrap_or(starts_at);
    }
    Ok(Ground { cell, kind, periods, plan, starts_at, rules: through.at(starts_on), last })
}

/// The day proposed for a kỳ: as planned, else the day the rules name, else within a week; never
/// in the past.
fn day_for(key: PeriodKey, plan: &Plan, rules: &Rules, today: Date) -> Date {
    let duty = duty(key, rules);
    let planned = plan.postponed_to.or_else(|| plan.planned_at.map(|at| at.date()));
    let due = duty.as_ref().and_then(|d| d.due);
    let soon = today.checked_add(7.days()).unwrap_or(today).max(key.first_day());
    let last = duty.map_or(key.end_day(), |d| d.last_day);
    let proposed = planned.or(due).unwrap_or_else(|| if soon <= last { soon } else { last.max(today) });
    if proposed < today { today.tomorrow().unwrap_or(today) } else { proposed }
}

/// `Sinh hoạt thường kỳ tháng 12 năm 2026`, `Họp chi ủy ngày 01/12/2026`.
pub fn title(kind: MeetingKind, periods: &[PeriodKey], day: Date) -> String {
    let of = |wanted: PeriodKind| periods.iter().find(|k| k.kind == wanted);
    let regular = of(PeriodKind::Regular).map(|k| format!("tháng {}", k.number));
    let thematic = of(PeriodKind::Thematic).map(|k| format!("quý {}", vi::roman(k.number)));
    match (kind, regular, thematic) {
        (MeetingKind::Combined, Some(month), Some(quarter)) => {
            format!("Sinh hoạt thường kỳ {month} và chuyên đề {quarter} năm {}", day.year())
        }
        (_, Some(month), _) => format!("{} {month} năm {}", kind.label(), day.year()),
        (_, None, Some(quarter)) => format!("{} {quarter} năm {}", kind.label(), day.year()),
        (_, None, None) => format!("{} ngày {}", kind.label(), vi::date(day)),
    }
}

fn agenda_for(tx: &mut Tx, actor: &Actor, org: OrgId, ground: &Ground, chair: Option<PersonId>) -> db::Result<Vec<Item>> {
    let same = ground.last.as_ref().filter(|m| m.kind == ground.kind);
    let mut items = match same {
        Some(last) => from_last(&super::items(tx, org, last.id)?),
        None => Vec::new(),
    };
    if items.is_empty() {
        items = from_template(&ground.rules, ground.kind, chair);
    }
    review(tx, actor, org, ground.kind, chair, &mut items)?;
    let plan = &ground.plan;
    for item in &mut items {
        match item.step {
            Step::Topic => {
                item.title = match &plan.topic {
                    Some(topic) => format!("{}: {topic}", Step::Topic),
                    None => Step::Topic.to_string(),
                };
                item.presenter = plan.presenter.or(item.presenter);
                item.points = plan.questions.clone().unwrap_or_default();
            }
            Step::TopicPurpose => item.information = plan.aim.clone().unwrap_or_default(),
            _ => {}
        }
    }
    for (n, item) in (1_i64..).zip(&mut items) {
        item.position = n;
    }
    Ok(items)
}

/// The last agenda as the rules carry it over. The rule knows names, rows know people: the id
/// travels in the place of the name.
fn from_last(last: &[Item]) -> Vec<Item> {
    let facts: Vec<agenda::Item> = last.iter().map(|i| i.facts(i.presenter.map(|p| p.to_string()), 0)).collect();
    agenda::from_last(&facts)
        .into_iter()
        .map(|i| Item {
            presenter: i.presenter.and_then(|p| p.parse().ok()),
            minutes: i64::from(i.minutes),
            points: i.points,
            information: i.information,
            secret: i.secret,
            paper_ref: Some(i.paper_ref).filter(|r| !r.is_empty()),
            ..blank(i.part, i.step, i.title)
        })
        .collect()
}

fn from_template(rules: &Rules, kind: MeetingKind, chair: Option<PersonId>) -> Vec<Item> {
    let Some(template) = rules.agenda(kind.code()) else {
        return Vec::new();
    };
    template
        .steps
        .iter()
        // Who leads the meeting presents what is to be reported and concluded; the rest is for the chair to share out.
        .map(|s| (s, chair.filter(|_| matches!(s.step, Step::Review | Step::Report | Step::TopicPurpose | Step::Conclusion))))
        .map(|(s, presenter)| Item { minutes: i64::from(s.minutes), presenter, ..blank(s.part, s.step, s.title.clone()) })
        .collect()
}

/// An item with nothing said yet.
pub fn blank(part: Part, step: Step, title: impl Into<String>) -> Item {
    Item {
        id: Id::new(0),
        position: 0,
        step,
        part,
        title: title.into(),
        presenter: None,
        minutes: 0,
        points: String::new(),
        information: String::new(),
        conclusion: String::new(),
        secret: false,
        paper_ref: None,
        postponed: false,
        version: 1,
    }
}

/// Fills the review of the last resolution with the tasks still open; puts the item there when
/// tasks are open and the agenda has none (SM-03).
fn review(
    tx: &mut Tx,
    actor: &Actor,
    org: OrgId,
    kind: MeetingKind,
    chair: Option<PersonId>,
    items: &mut Vec<Item>,
) -> db::Result<()> {
    let text = super::review::text(tx, actor, org)?;
    if kind.serves_regular() && !text.is_empty() && items.iter().all(|i| i.step != Step::Review) {
        let at = items.iter().position(|i| i.part != Part::Opening).unwrap_or(items.len());
        let item = Item { minutes: 10, presenter: chair, ..blank(Part::Content, Step::Review, Step::Review.to_string()) };
        items.insert(at, item);
    }
    for item in items.iter_mut().filter(|i| i.step == Step::Review && !i.secret) {
        item.information.clone_from(&text);
    }
    Ok(())
}
