//! One meeting from its preparation to its minutes: the agenda of its kind, the notice, the roll,
//! who spoke, the vote, the resolution with its tasks. Each transition is a decision of the domain.

use domain::agenda::Step;
use domain::code::Code;
use domain::id::{MeetingId, PersonId};
use domain::meeting::{Closing, MeetingKind, Opening};
use domain::resolution::{Draft, ResolutionState, TaskDraft};
use domain::roll::Mark;
use domain::vote::{Count, Electorate, Subject};
use jiff::civil::DateTime;
use jiff::{Timestamp, ToSpan};

use super::cell::Cell;
use super::history::Meet;
use super::table::TOPICS;
use super::tasks::{self, Given};
use super::{Maker, scored, told, words};
use crate::actor::{Actor, moment};
use crate::fault::Fault;
use crate::live::record;
use crate::live::store::{self as live, Line, NewVote};
use crate::meeting::store::{self as meetings, Item, Meeting, Moment, NewMeeting, Plan};
use crate::minutes::store as minutes;
use crate::minutes::{draft, seal};
use crate::resolution::store::{self as resolutions, Text};
use crate::task::store as task_rows;

/// A meeting that has been created, with its agenda.
pub(super) struct Prepared {
    pub meeting: Meeting,
    pub items: Vec<Item>,
}

fn shift(at: DateTime, minutes: i64) -> DateTime {
    at.checked_add(minutes.minutes()).unwrap_or(at)
}

/// `Sinh hoạt thường kỳ tháng 12 năm 2026`.
fn title(kind: MeetingKind, at: DateTime) -> String {
    match kind {
        MeetingKind::Thematic => format!(
            "Sinh hoạt chuyên đề quý {} năm {}",
            domain::vi::roman(u8::try_from((at.month() + 2) / 3).unwrap_or(1)),
            at.year()
        ),
        kind => format!("{kind} tháng {} năm {}", at.month(), at.year()),
    }
}

/// Creates a meeting with the agenda of its kind, at the moment of its preparation.
pub(super) fn prepare(maker: &mut Maker, cell: &mut Cell, meet: &Meet, when: Timestamp) -> Result<Prepared, Fault> {
    tasks::go_on(maker, cell, when)?;
    let chair = match cell.deputy {
        Some(deputy) if !cell.show && cell.seed.chance(7) => deputy,
        _ => cell.secretary,
    };
    let actor = maker.system.at(cell.secretary, cell.org, when);
    let topic = meet.topic.and_then(|t| TOPICS.get(t)).map(|t| t.0.to_owned());
    let planned = if meet.kind == MeetingKind::Combined { 140 } else { 100 };
    let new = NewMeeting {
        kind: meet.kind,
        title: title(meet.kind, meet.starts_at),
        starts_at: meet.starts_at,
        ends_at: shift(meet.starts_at, planned),
        place: cell.place.clone(),
        chair: Some(chair),
        secretary: cell.scribe(),
        topic,
        periods: meetings::periods_of(meet.kind, meet.starts_at.date()),
    };
    let id = meetings::create(maker.tx, &actor, cell.org, &new)?;
    if cell.seed.chance(78) {
        let plan = Plan {
            title: new.title,
            starts_at: new.starts_at,
            ends_at: new.ends_at,
            place: new.place,
            chair: new.chair,
            secretary: new.secretary,
            topic: new.topic,
            committee_met_on: Some(actor.today()),
        };
        meetings::save_plan(maker.tx, &actor, cell.org, id, 1, &plan)?;
    }
    agenda(maker, cell, meet, id, &actor)?;
    Ok(Prepared { meeting: meetings::get(maker.tx, cell.org, id)?, items: meetings::items(maker.tx, cell.org, id)? })
}

fn agenda(maker: &mut Maker, cell: &mut Cell, meet: &Meet, id: MeetingId, actor: &Actor) -> Result<(), Fault> {
    let day = meet.starts_at.date();
    let rules = maker.rules.at(day);
    let Some(template) = rules.agenda(meet.kind.code()) else {
        return Ok(());
    };
    let topic = meet.topic.and_then(|t| TOPICS.get(t));
    let facts: Vec<_> = cell.tasks.iter().map(Given::fact).collect();
    let mut items = Vec::with_capacity(template.steps.len());
    for step in &template.steps {
        let presenter = match step.step {
            Step::Dues | Step::Evaluation | Step::Synthesis => cell.leader(),
            Step::Topic => cell.leader(),
            Step::Minutes => cell.scribe().unwrap_or(cell.secretary),
            _ => cell.secretary,
        };
        let information = match step.step {
            Step::Review if !facts.is_empty() => domain::agenda::review_item(&facts, actor.today()),
            _ => String::new(),
        };
        let title = match (step.step, topic) {
            (Step::Topic, Some((topic, ..))) => format!("{}: {topic}", step.title),
            _ => step.title.clone(),
        };
        items.push(Item {
            id: domain::id::Id::new(0),
            position: 0,
            step: step.step,
            part: step.part,
            title,
            presenter: Some(presenter),
            minutes: i64::from(step.minutes),
            points: step.hints.join("\n"),
            information,
            conclusion: String::new(),
            secret: false,
            paper_ref: None,
            postponed: false,
            version: 1,
        });
    }
    meetings::add_items(maker.tx, actor, cell.org, id, &items)?;
    Ok(())
}

/// Holds a meeting: everything from the preparation to the sealed minutes.
pub(super) fn hold(maker: &mut Maker, cell: &mut Cell, meet: &Meet) -> Result<(), Fault> {
    let starts = moment(meet.starts_at);
    let days = cell.seed.between(4, 8);
    let mut prepared = prepare(maker, cell, meet, before(starts, days * 24))?;
    let lead_hours = if cell.seed.chance(9) { 6 } else { cell.seed.between(2, days - 1) * 24 };
    let sent = before(starts, lead_hours);
    told::send(maker, cell, &mut prepared, sent)?;
    let away = told::answered(maker, cell, &prepared, sent)?;
    tasks::go_on(maker, cell, starts)?;
    let roll = open(maker, cell, &mut prepared, &away)?;
    let spoken = speak(maker, cell, &prepared, &roll)?;
    record(maker, cell, &mut prepared, spoken)?;
    if meet.kind.serves_regular() {
        resolve(maker, cell, &prepared, &roll)?;
    }
    close(maker, cell, &mut prepared)?;
    finish(maker, cell, &prepared)
}

fn before(at: Timestamp, hours: i64) -> Timestamp {
    at.checked_sub(hours.hours()).unwrap_or(at)
}

/// Opens the meeting and takes the roll.
fn open(maker: &mut Maker, cell: &mut Cell, prepared: &mut Prepared, away: &[PersonId]) -> Result<Vec<Line>, Fault> {
    let starts_at = prepared.meeting.starts_at;
    let opened_at = shift(starts_at, cell.seed.between(0, 9));
    let chair = prepared.meeting.chair.unwrap_or(cell.secretary);
    let actor = maker.system.at(chair, cell.org, moment(opened_at));
    let id = prepared.meeting.id;
    let expected = live::freeze(maker.tx, cell.org, id, starts_at)?;
    let facts = Opening { starts_at, now: opened_at, chair: true, expected: u32::try_from(expected).unwrap_or(0) };
    let state = prepared.meeting.state.open(&facts)?;
    meetings::save_state(
        maker.tx,
        &actor,
        &prepared.meeting,
        state,
        &Moment { opened_at: Some(opened_at), ..Moment::default() },
    )?;
    prepared.meeting.state = state;
    prepared.meeting.version += 1;
    prepared.meeting.opened_at = Some(opened_at);
    let mut lines = live::roll(maker.tx, cell.org, id)?;
    for line in &mut lines {
        if line.mark.is_some() {
            continue;
        }
        let (mark, reason) = attendance(cell, !away.contains(&line.person));
        live::mark(maker.tx, cell.org, id, line.person, Some(mark), reason, shift(opened_at, -cell.seed.between(0, 12)))?;
        line.mark = Some(mark);
    }
    Ok(lines)
}

fn attendance(cell: &mut Cell, comes: bool) -> (Mark, Option<&'static str>) {
    if comes {
        return (if cell.seed.chance(2) { Mark::Online } else { Mark::Present }, None);
    }
    if cell.seed.chance(45) {
        return (Mark::Unexcused, None);
    }
    (Mark::Excused, Some(words::absence(&mut cell.seed).1))
}

/// Who speaks on what; how many did.
fn speak(maker: &mut Maker, cell: &mut Cell, prepared: &Prepared, roll: &[Line]) -> Result<usize, Fault> {
    let stages: Vec<_> = prepared
        .items
        .iter()
        .filter(|i| matches!(i.step, Step::Review | Step::Report | Step::Discussion | Step::Criticism | Step::Topic))
        .map(|i| i.id)
        .collect();
    let opened_at = prepared.meeting.opened_at.unwrap_or(prepared.meeting.starts_at);
    let scribe = prepared.meeting.secretary.unwrap_or(cell.secretary);
    let mut minute = 20;
    let mut spoken = 0;
    for line in roll.iter().filter(|l| l.mark.is_some_and(Mark::is_there)) {
        let ways = cell.ways(line.person);
        for chance in [ways.speaks, ways.speaks / 4] {
            if !cell.seed.chance(chance) {
                continue;
            }
            let at = cell.seed.below(stages.len());
            let Some(item) = stages.get(at) else { continue };
            let summary = words::speech(&mut cell.seed, cell.line);
            minute += cell.seed.between(2, 4);
            let actor = maker.system.at(scribe, cell.org, moment(shift(opened_at, minute)));
            live::add_contribution(maker.tx, &actor, cell.org, prepared.meeting.id, *item, line.person, None, &summary)?;
            spoken += 1;
        }
    }
    Ok(spoken)
}

/// Writes down what each item informed of and concluded.
fn record(maker: &mut Maker, cell: &mut Cell, prepared: &mut Prepared, spoken: usize) -> Result<(), Fault> {
    for item in &mut prepared.items {
        let line = cell.line;
        let seed = &mut cell.seed;
        match item.step {
            Step::Report => item.information = words::report(seed, line),
            Step::Evaluation => item.information = words::evaluation(seed, line),
            Step::Criticism => item.information = words::criticism(seed, line),
            Step::Synthesis if spoken > 0 => item.information = words::synthesis(seed, line),
            Step::Conclusion | Step::Topic => item.conclusion = words::conclusion(seed, line),
            _ => continue,
        }
        meetings::save_item(maker.tx, cell.org, item, 0)?;
        item.version += 1;
    }
    let members = cell.active().len();
    let dues = words::dues(&mut cell.seed, members);
    meetings::set_dues(maker.tx, cell.org, prepared.meeting.id, &dues)?;
    Ok(())
}

/// The month's resolution: drafted, voted on, adopted; its tasks are in force from now on.
fn resolve(maker: &mut Maker, cell: &mut Cell, prepared: &Prepared, roll: &[Line]) -> Result<(), Fault> {
    let lines: Vec<_> = roll.iter().map(Line::facts).collect();
    let seats = Electorate::of(&lines);
    let meeting = prepared.meeting.id;
    let month = prepared.meeting.starts_at;
    let title = format!("về nhiệm vụ tháng {} năm {}", month.month(), month.year());
    let at = moment(shift(month, 75));
    let actor = maker.system.at(cell.secretary, cell.org, at);
    let (assessment, direction, organising) = words::resolution(&mut cell.seed, cell.line);
    let id = resolutions::create(
        maker.tx,
        &actor,
        cell.org,
        meeting,
        &Text { title: title.clone(), assessment, direction, organising },
    )?;
    let drafts = drafts(cell, month);
    let mut given = Vec::new();
    for (n, draft) in drafts.iter().enumerate() {
        let task = task_rows::add(maker.tx, &actor, cell.org, id, meeting, draft)?;
        let ids = tasks::Ids { task, resolution: id, meeting, position: i64::try_from(n + 1).unwrap_or(1) };
        given.push(tasks::fresh(cell.org, draft, ids));
    }
    let against = u32::from(cell.seed.chance(3) && seats.present > 8);
    let count = Count { yes: seats.present - against, no: 0, other: against };
    let item = prepared.items.iter().find(|i| i.step == Step::Conclusion).map(|i| i.id);
    let threshold = record::threshold(maker.tx, cell.org, month.date(), maker.rules, Subject::Resolution)?;
    let new = NewVote {
        item,
        resolution: Some(id),
        subject: Subject::Resolution,
        threshold,
        question: format!("Thông qua Nghị quyết {title}"),
        count,
        reserved: String::new(),
    };
    let vote = live::add_vote(maker.tx, &actor, cell.org, meeting, &new)?;
    let result = domain::vote::outcome(seats, count, threshold)?;
    if !result.passed {
        return Ok(());
    }
    let state = ResolutionState::Draft.adopt(&Draft { title, tasks: drafts }, Some(&result))?;
    let resolution = resolutions::get(maker.tx, cell.org, id)?;
    resolutions::save_state(maker.tx, &actor, &resolution, state, Some(vote), None)?;
    task_rows::put_in_force(maker.tx, &actor, cell.org, id, true)?;
    for task in given {
        let fate = tasks::fate(cell, &task, month.date());
        let doer = task.doer.map(|d| cell.name_of(d)).unwrap_or_default();
        cell.tasks.push(Given { task, doer, fate });
    }
    Ok(())
}

fn drafts(cell: &mut Cell, month: DateTime) -> Vec<TaskDraft> {
    let count = if cell.show { 5 } else { cell.seed.between(2, 4) };
    (0..count)
        .map(|_| {
            let (content, requirement, measure) = words::task(&mut cell.seed, cell.line);
            let doer = cell.someone();
            let deadline = month.date().checked_add(cell.seed.between(14, 34).days()).ok();
            TaskDraft {
                content,
                requirement,
                measure,
                deadline,
                doer: Some(doer),
                checker: checker(cell, doer),
                urger: cell.deputy,
            }
        })
        .collect()
}

/// Who checks is never who does.
fn checker(cell: &mut Cell, doer: PersonId) -> Option<PersonId> {
    let other = |p: &PersonId| *p != doer;
    let leader = cell.leader();
    [leader, cell.secretary].into_iter().find(other).or(cell.deputy.filter(other))
}

/// Ends the meeting.
fn close(maker: &mut Maker, cell: &mut Cell, prepared: &mut Prepared) -> Result<(), Fault> {
    let meeting = &mut prepared.meeting;
    let opened_at = meeting.opened_at.unwrap_or(meeting.starts_at);
    let length = match meeting.kind {
        MeetingKind::Combined => cell.seed.between(112, 150),
        _ if cell.seed.chance(8) => cell.seed.between(55, 85),
        _ => cell.seed.between(90, 118),
    };
    let closed_at = shift(opened_at, length);
    let state = meeting.state.close(&Closing { opened_at, closed_at })?;
    let actor = maker.system.at(meeting.chair.unwrap_or(cell.secretary), cell.org, moment(closed_at));
    meetings::save_state(maker.tx, &actor, meeting, state, &Moment { closed_at: Some(closed_at), ..Moment::default() })?;
    meeting.state = state;
    meeting.version += 1;
    meeting.closed_at = Some(closed_at);
    Ok(())
}

/// After the meeting: the minutes are written, adopted and sealed, and with them the resolution;
/// then the meeting is posted on the national handbook. Now and then it stays undone for weeks.
fn finish(maker: &mut Maker, cell: &mut Cell, prepared: &Prepared) -> Result<(), Fault> {
    let (org, id) = (cell.org, prepared.meeting.id);
    let closed_at = prepared.meeting.closed_at.unwrap_or(prepared.meeting.starts_at);
    let scribe = prepared.meeting.secretary.unwrap_or(cell.secretary);
    let record = record::load(maker.tx, org, id)?;
    scored::score(maker, cell, &record, shift(closed_at, -2))?;
    let actor = maker.system.at(scribe, org, moment(shift(closed_at, -2)));
    for (at, section) in draft::of_record(maker.tx, record)?.missing() {
        minutes::begin(maker.tx, &actor, org, id, at, &section)?;
    }
    let recent = maker.now.duration_since(actor.now).as_hours() < 60 * 24;
    if recent && !cell.show && cell.seed.chance(12) {
        return Ok(());
    }
    let chair = prepared.meeting.chair.unwrap_or(cell.secretary);
    let actor = maker.system.at(chair, org, moment(shift(closed_at, 5)));
    let state = prepared.meeting.state.adopt(&[])?;
    let adopted = Moment { adopted_at: Some(actor.now), ..Moment::default() };
    meetings::save_state(maker.tx, &actor, &prepared.meeting, state, &adopted)?;
    let actor = maker.system.at(chair, org, moment(shift(closed_at, 60)));
    seal::seal_now(maker.tx, &actor, org, id, maker.rules)?;
    if cell.seed.chance(70) {
        meetings::mark_posted(maker.tx, &actor, org, id)?;
    }
    Ok(())
}
