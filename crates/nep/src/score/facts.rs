//! The facts of one meeting as the score sheet sees them, each from where it was recorded.
//! May touch: the record of the meeting, its notices and files, marks of the year. Rules: section 3, DD-03, SM-03.

use db::Tx;
use domain::agenda::Step;
use domain::code::Code;
use domain::id::PersonId;
use domain::meeting::{MeetingState, length};
use domain::post::Role;
use domain::roll::{Mark, Share, Standing};
use domain::rulepack::Rules;
use domain::score::{Case, Facts, Length, Noticed, Posting, Prepared, streak};
use domain::task::{Review, TaskState, review};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};

use super::store;
use crate::actor::local;
use crate::live::record::Record;
use crate::meeting::store as meetings;
use crate::meeting::store::files;

/// Which criteria stand on the sheet of a meeting: those of a month with a thematic meeting or without.
pub fn case(facts: &Facts) -> Case {
    Case { kind: facts.kind, thematic: facts.thematic }
}

/// Gathers the facts of a meeting; `now` is the present moment in the cell's own time.
///
/// # Errors
/// Database faults only.
pub fn of(tx: &mut Tx, record: &Record, rules: &Rules, now: DateTime) -> db::Result<Facts> {
    let meeting = &record.meeting;
    let (org, id, day) = (meeting.org, meeting.id, record.day());
    let tally = record.tally();
    let number = |key: &str| rules.int(key).and_then(|n| u32::try_from(n).ok());
    let periods = meetings::periods(tx, org, id)?;
    let month = periods.iter().find(|p| p.kind == domain::period::PeriodKind::Regular).map(|p| p.first_day());
    let thematic = meeting.kind.serves_thematic() || store::thematic_in(tx, org, day)?;
    let (steps, steps_missing) = steps(record, rules);
    let many = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Ok(Facts {
        kind: meeting.kind,
        state: meeting.state,
        thematic,
        held_on: day,
        month,
        today: now.date(),
        regular: number("meeting.regular_day").zip(number("meeting.regular_until_day")),
        length: Length {
            minutes: meeting.opened_at.and_then(|at| length(at, meeting.closed_at.unwrap_or(now))),
            planned: length(meeting.starts_at, meeting.ends_at),
            least: number(&format!("meeting.min_minutes.{}", meeting.kind.code())),
        },
        attendance: tally.rate,
        unmarked: tally.unmarked,
        unexcused: many(tally.unexcused.len()),
        target: rules.ratio("attendance.target"),
        unexcused_allowed: number("attendance.unexcused_allowed").unwrap_or(0),
        streak: streak(&store::marks(tx, org, id, meeting.starts_at)?),
        prepared: prepared(tx, record, number("meeting.post_docs_before_days"))?,
        notice: noticed(tx, record)?,
        steps,
        steps_missing,
        speakers: speakers(record),
        resolution: carried_out(tx, record, day)?,
        concluded: record.items.iter().any(|i| i.secret && i.step == Step::Conclusion || !i.conclusion.trim().is_empty()),
        posting: Posting { on: meeting.posted_at.map(|at| local(at).date()), within: number("meeting.post_results_within_days") },
    })
}

/// The prescribed steps that stand in the agenda and were not put off, and the others by name.
fn steps(record: &Record, rules: &Rules) -> (Share, Vec<String>) {
    let Some(template) = rules.agenda(record.meeting.kind.code()) else {
        return (Share::default(), Vec::new());
    };
    let wanted: Vec<Step> = template.steps.iter().filter(|s| s.required).map(|s| s.step).collect();
    let there = |step: &Step| record.items.iter().any(|i| i.step == *step && !i.postponed);
    let missing: Vec<String> = wanted.iter().filter(|s| !there(s)).map(|s| s.label().to_owned()).collect();
    let (all, lacking) = (u32::try_from(wanted.len()).unwrap_or(0), u32::try_from(missing.len()).unwrap_or(0));
    (Share::new(all - lacking, all), missing)
}

/// Who spoke of those present, each once.
fn speakers(record: &Record) -> Share {
    let present: Vec<PersonId> = record.present().map(|l| l.person).collect();
    let mut spoke: Vec<PersonId> = record.contributions.iter().map(|c| c.person).filter(|p| present.contains(p)).collect();
    spoke.sort_unstable();
    spoke.dedup();
    Share::new(u32::try_from(spoke.len()).unwrap_or(0), u32::try_from(present.len()).unwrap_or(0))
}

fn prepared(tx: &mut Tx, record: &Record, lead_days: Option<u32>) -> db::Result<Prepared> {
    let meeting = &record.meeting;
    let leads = |role: Role| matches!(role, Role::Deputy | Role::Committee);
    let opened = meeting.opened_at.unwrap_or(meeting.starts_at);
    let files: Vec<DateTime> = files::of_meeting(tx, meeting.org, meeting.id)?
        .iter()
        .map(|f| local(f.added_at))
        // What came with or after the meeting, like a scan of its papers, was no preparation.
        .filter(|at| *at < opened)
        .collect();
    let last = meeting.starts_at.checked_sub(i64::from(lead_days.unwrap_or(0)).days()).unwrap_or(meeting.starts_at);
    let many = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Ok(Prepared {
        has_committee: record.posts.iter().any(|h| leads(h.role)),
        met_on: meeting.committee_met_on,
        files: many(files.len()),
        late_files: many(files.iter().filter(|at| **at > last).count()),
        lead_days,
    })
}

/// Who got the notice, of those on the roll who take part and those who follow the cell; none without one.
fn noticed(tx: &mut Tx, record: &Record) -> db::Result<Option<Noticed>> {
    let (told, lead_minutes) = store::told(tx, record.meeting.org, record.meeting.id)?;
    if told.is_empty() {
        return Ok(None);
    }
    let got = |person: PersonId| told.iter().any(|(p, _)| *p == person);
    let share = |people: Vec<PersonId>| {
        let (n, of) = (people.iter().filter(|p| got(**p)).count(), people.len());
        Share::new(u32::try_from(n).unwrap_or(0), u32::try_from(of).unwrap_or(0))
    };
    let here = |l: &&crate::live::store::Line| {
        !matches!(l.standing, Standing::Suspended | Standing::TemporaryAway) && !matches!(l.mark, Some(Mark::Exempt))
    };
    Ok(Some(Noticed {
        members: share(record.lines.iter().filter(here).map(|l| l.person).collect()),
        followers: share(record.posts.iter().filter(|h| h.role == Role::Follower).map(|h| h.person).collect()),
        lead_minutes,
    }))
}

/// How the tasks of the last regular meeting stood on the day of this one.
fn carried_out(tx: &mut Tx, record: &Record, day: Date) -> db::Result<Option<Review>> {
    let mut tasks = store::last_tasks(tx, record.meeting.org, record.meeting.starts_at)?;
    for task in &mut tasks {
        if task.state == TaskState::Done && task.done_on.is_some_and(|done| done > day) {
            task.state = TaskState::Reported;
        }
    }
    Ok((!tasks.is_empty()).then(|| review(&tasks, day)))
}

/// Whether a meeting has come far enough to be scored.
pub fn may_be_scored(state: MeetingState) -> bool {
    matches!(state, MeetingState::Open | MeetingState::Closed | MeetingState::Adopted | MeetingState::Sealed)
}
