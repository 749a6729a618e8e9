//! Two years of the block in the order of time: who came and went, the plans of each year, every
//! meeting with what followed from it, up to today. Faults are those of a real block: months
//! without a meeting, meetings held late, quarters without a topic.

use std::collections::BTreeMap;

use domain::meeting::MeetingKind;
use domain::period::{PeriodKey, PeriodKind};
use domain::roll::Standing;
use jiff::civil::{Date, DateTime, Weekday};
use jiff::{Timestamp, ToSpan};

use super::block::{entered, first_day};
use super::cell::{Block, Cell};
use super::seed::Seed;
use super::table::{RENAMED, SPLIT, TOPICS};
use super::{Maker, Whose, desk, held, people, reform, tasks};
use crate::actor::{local, moment};
use crate::fault::Fault;
use crate::member::store as members;
use crate::year::store::{self as years, Plan};

/// Something that happens to a cell.
#[derive(Debug, Clone)]
enum Event {
    /// A new member is admitted.
    Admit,
    /// A member leaves the block.
    Leave,
    /// A member moves to another cell.
    Move(usize),
    /// The plan of a year is made.
    Plan(i16),
    /// A kỳ is put off, with a reason.
    PutOff(PeriodKey, Date),
    /// A meeting is held.
    Meet(Meet),
    /// The next meeting is prepared; true when its notice is already out.
    Prepare(Meet, bool),
    /// It gets another name.
    Rename,
    /// Part of it becomes another cell.
    Split,
}

/// A meeting to be held.
#[derive(Debug, Clone)]
pub(super) struct Meet {
    pub kind: MeetingKind,
    pub starts_at: DateTime,
    pub topic: Option<usize>,
}

/// What is still to happen, in the order of time, then of cells.
#[derive(Default)]
struct Queue {
    events: BTreeMap<(Timestamp, usize, usize), Event>,
    pushed: usize,
}

impl Queue {
    fn push(&mut self, when: Timestamp, cell: usize, event: Event) {
        self.pushed += 1;
        self.events.insert((when, cell, self.pushed), event);
    }
}

/// Lives the two years.
pub(super) fn live(maker: &mut Maker, block: &mut Block, whose: Whose, progress: &mut dyn FnMut(usize)) -> Result<(), Fault> {
    let mut queue = Queue::default();
    let today = maker.today();
    let show = block.show().map(|c| c.committee);
    for (at, cell) in block.cells.iter_mut().enumerate() {
        if whose == Whose::Show && Some(cell.committee) != show {
            continue;
        }
        meetings(cell, at, first_day(today), maker, &mut queue);
        plans(cell, at, today, entered(today), &mut queue);
    }
    moves(block, today, &mut queue);
    let (mut done, mut told) = (0, 0);
    while let Some(((when, at, _), event)) = queue.events.pop_first() {
        if when < maker.now || matches!(event, Event::Prepare(..)) {
            happen(maker, block, &mut queue, (when, at), event)?;
        }
        done += 1;
        let percent = done * 99 / (done + queue.events.len()).max(1);
        if percent > told {
            told = percent;
            progress(percent);
        }
    }
    let now = maker.now;
    for cell in &mut block.cells {
        tasks::go_on(maker, cell, now)?;
    }
    Ok(())
}

fn happen(
    maker: &mut Maker,
    block: &mut Block,
    queue: &mut Queue,
    (when, at): (Timestamp, usize),
    event: Event,
) -> Result<(), Fault> {
    match event {
        Event::Move(to) => return relocate(maker, block, when, at, to),
        Event::Rename => return reform::rename(maker, block, when, at),
        Event::Split => {
            let new = reform::split(maker, block, when, at)?;
            if let Some((at, cell)) = new.and_then(|at| Some((at, block.cells.get_mut(at)?))) {
                let next = local(when).date().first_of_month().checked_add(1.month()).unwrap_or(maker.today());
                meetings(cell, at, next, maker, queue);
            }
            return Ok(());
        }
        _ => {}
    }
    let Some(cell) = block.cells.get_mut(at) else {
        return Ok(());
    };
    let actor = maker.system.at(cell.secretary, cell.org, when);
    match event {
        Event::Admit => people::admit(maker, &actor, cell, actor.today()),
        Event::Leave => take_leave(maker, &actor, cell).map(drop),
        Event::Plan(year) => plan_year(maker, cell, when, year),
        Event::PutOff(period, to) => put_off(maker, cell, when, period, to),
        Event::Meet(meet) => held::hold(maker, cell, &meet),
        Event::Prepare(meet, noticed) => desk::prepare(maker, cell, &meet, noticed),
        Event::Move(_) | Event::Rename | Event::Split => Ok(()),
    }
}

/// Lays out the meetings of a cell month by month, from a month on.
fn meetings(cell: &mut Cell, at: usize, first: Date, maker: &Maker, queue: &mut Queue) {
    let (today, now) = (maker.today(), maker.now);
    let mut month = first;
    let skipped = skipped_month(cell, today);
    let mut next_known = false;
    while !next_known {
        let quarter_month = (month.month() - 1) % 3;
        let topic_due =
            quarter_month == cell.habits.topic_month && !(cell.show && same_quarter(month, today)) && !cell.seed.chance(9);
        let topic = topic_due.then(|| cell.seed.below(TOPICS.len()));
        let missing = if cell.show { month == skipped } else { cell.seed.chance(cell.habits.missing) };
        let combined = topic.is_some() && cell.habits.combined;
        let starts_at = regular_day(cell, month);
        let kind = if combined { MeetingKind::Combined } else { MeetingKind::Regular };
        let meet = Meet { kind, starts_at, topic: topic.filter(|_| combined) };
        if starts_at.date() > today {
            next_known = true;
            if cell.habits.early {
                let noticed = !cell.show && moment(starts_at).duration_since(now).as_hours() < 8 * 24;
                queue.push(now, at, Event::Prepare(meet, noticed));
            }
        } else if !missing && finished(&meet) < now {
            queue.push(finished(&meet), at, Event::Meet(meet));
        } else if missing && !cell.show && cell.seed.chance(30) {
            put_off_event(at, month, starts_at, queue);
        }
        if let (Some(topic), false) = (topic, combined) {
            let day = working(month.checked_add(cell.seed.between(13, 20).days()).unwrap_or(month));
            let meet = Meet { kind: MeetingKind::Thematic, starts_at: day.at(cell.habits.hour, 0, 0, 0), topic: Some(topic) };
            if finished(&meet) < now {
                queue.push(finished(&meet), at, Event::Meet(meet));
            }
        }
        month = month.checked_add(1.month()).unwrap_or(today);
    }
}

/// The one month of the last half year without a meeting in the show case; not a month with a topic.
fn skipped_month(cell: &Cell, today: Date) -> Date {
    let back = |n: i64| today.first_of_month().checked_sub(n.months()).unwrap_or(today);
    let topic = |month: Date| (month.month() - 1) % 3 == cell.habits.topic_month;
    if topic(back(5)) { back(4) } else { back(5) }
}

/// When a meeting's minutes are sealed, at the latest.
fn finished(meet: &Meet) -> Timestamp {
    moment(meet.starts_at.checked_add(1.day()).unwrap_or(meet.starts_at))
}

fn put_off_event(at: usize, month: Date, starts_at: DateTime, queue: &mut Queue) {
    let to = starts_at.date().checked_add(20.days()).unwrap_or(month);
    if let Some(period) = PeriodKey::of(PeriodKind::Regular, month) {
        queue.push(moment(month.at(9, 0, 0, 0)), at, Event::PutOff(period, to));
    }
}

fn same_quarter(a: Date, b: Date) -> bool {
    (a.year(), (a.month() - 1) / 3) == (b.year(), (b.month() - 1) / 3)
}

/// The cell's usual day, or a late one.
fn regular_day(cell: &mut Cell, month: Date) -> DateTime {
    let late = !cell.show && cell.seed.chance(cell.habits.late);
    let day = if late { cell.seed.between(8, 24) } else { i64::from(cell.habits.day) };
    let date = working(month.checked_add((day - 1).days()).unwrap_or(month));
    let minute = if cell.seed.chance(40) { 30 } else { 0 };
    date.at(cell.habits.hour, minute, 0, 0)
}

/// Not on a Sunday; who meets on the third keeps within the fifth.
fn working(day: Date) -> Date {
    match day.weekday() {
        Weekday::Sunday if day.day() >= 5 => day.checked_sub(1.day()).unwrap_or(day),
        Weekday::Sunday => day.checked_add(1.day()).unwrap_or(day),
        _ => day,
    }
}

/// Plans of each year the history touches: the thematic kỳ with topic, aim and presenter.
fn plans(cell: &mut Cell, at: usize, today: Date, entered: Timestamp, queue: &mut Queue) {
    let first = first_day(today).year();
    for year in first..=today.year() {
        let day = Date::new(year, 1, 6).unwrap_or(today);
        let when = moment(day.at(9, i8::try_from(at % 60).unwrap_or(0), 0, 0)).max(entered);
        if cell.show || cell.seed.chance(80) {
            queue.push(when, at, Event::Plan(year));
        }
    }
}

fn plan_year(maker: &mut Maker, cell: &mut Cell, when: Timestamp, year: i16) -> Result<(), Fault> {
    let actor = maker.system.at(cell.secretary, cell.org, when);
    let today = maker.today();
    for quarter in 1..=4u8 {
        let Some(period) = PeriodKey::thematic(year, quarter) else { continue };
        let empty = cell.show && same_quarter(period.first_day(), today);
        if empty || (!cell.show && cell.seed.chance(12)) {
            continue;
        }
        let month = period.first_day().checked_add(i64::from(cell.habits.topic_month).months()).unwrap_or(period.first_day());
        let at = cell.seed.below(TOPICS.len());
        let Some((topic, aim, questions)) = TOPICS.get(at) else { continue };
        let plan = Plan {
            planned_at: Some(working(month.checked_add(3.days()).unwrap_or(month)).at(cell.habits.hour, 0, 0, 0)),
            topic: Some((*topic).to_owned()),
            aim: Some((*aim).to_owned()),
            presenter: Some(cell.leader()),
            questions: Some((*questions).to_owned()),
            ..Plan::default()
        };
        years::save_plan(maker.tx, &actor, cell.org, period, &plan)?;
    }
    Ok(())
}

fn put_off(maker: &mut Maker, cell: &mut Cell, when: Timestamp, period: PeriodKey, to: Date) -> Result<(), Fault> {
    let actor = maker.system.at(cell.secretary, cell.org, when);
    let plan = years::plan(maker.tx, cell.org, period)?;
    let plan = Plan {
        postponed_to: Some(to),
        reason: Some("Nhiều đồng chí tham gia đoàn công tác, không bảo đảm số lượng dự họp".to_owned()),
        ..plan
    };
    Ok(years::save_plan(maker.tx, &actor, cell.org, period, &plan)?)
}

/// Admissions, departures and moves, spread over the two years.
fn moves(block: &Block, today: Date, queue: &mut Queue) {
    let mut seed = Seed::new(17, 4_055);
    let first = first_day(today);
    let day = |seed: &mut Seed, hour: i8| {
        let date = first.checked_add(seed.between(30, 660).days()).unwrap_or(first);
        moment(date.at(hour, 0, 0, 0))
    };
    let other = |seed: &mut Seed| 1 + seed.below(block.cells.len() - 1);
    let months_ago = |n: i64| moment(today.checked_sub((n * 30).days()).unwrap_or(today).at(8, 0, 0, 0));
    // The show case gets a probationary member of this year.
    queue.push(months_ago(6), 0, Event::Admit);
    for _ in 1..people::JOINING {
        queue.push(day(&mut seed, 8), other(&mut seed), Event::Admit);
    }
    for _ in 0..people::LEAVING {
        queue.push(day(&mut seed, 9), other(&mut seed), Event::Leave);
    }
    if let Some(at) = block.cells.iter().position(|c| c.name.ends_with(RENAMED.0)) {
        queue.push(months_ago(13), at, Event::Rename);
    }
    if let Some(at) = block.cells.iter().position(|c| c.name.ends_with(SPLIT)) {
        queue.push(months_ago(8), at, Event::Split);
    }
    for _ in 0..40 {
        let (from, to) = (other(&mut seed), other(&mut seed));
        if from != to {
            queue.push(day(&mut seed, 10), from, Event::Move(to));
        }
    }
}

/// Ends the stay of somebody who leads nothing; who it was.
fn take_leave(maker: &mut Maker, actor: &crate::actor::Actor, cell: &mut Cell) -> Result<Option<super::cell::Known>, Fault> {
    let free = cell.members.iter().rposition(|m| m.active && !cell.leaders.contains(&m.person));
    let Some(at) = free.filter(|_| cell.members.len() > 5) else {
        return Ok(None);
    };
    let known = cell.members.remove(at);
    members::leave(maker.tx, actor, cell.org, known.person, actor.today())?;
    Ok(Some(known))
}

fn relocate(maker: &mut Maker, block: &mut Block, when: Timestamp, from: usize, to: usize) -> Result<(), Fault> {
    let Some(cell) = block.cells.get_mut(from) else { return Ok(()) };
    let actor = maker.system.at(cell.secretary, cell.org, when);
    let Some(known) = take_leave(maker, &actor, cell)? else { return Ok(()) };
    let Some(cell) = block.cells.get_mut(to) else { return Ok(()) };
    let actor = maker.system.at(cell.secretary, cell.org, when);
    let document = format!("Giấy giới thiệu chuyển sinh hoạt đảng ngày {}", domain::vi::date(actor.today()));
    members::join(maker.tx, &actor, cell.org, known.person, Standing::Official, actor.today(), Some(&document))?;
    cell.members.push(known);
    Ok(())
}
