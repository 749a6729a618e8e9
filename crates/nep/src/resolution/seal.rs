//! Issuing: an adopted resolution becomes a numbered, sealed document of the ledger (P-12, P-28).
//! May touch the stores of the meeting and the ledger. Rules: M15, TH-13, TH-19, regulations.md 5.5.

use std::collections::BTreeMap;

use db::Tx;
use domain::id::{OrgId, PersonId};
use domain::numbering::DocKind;
use domain::post::Role;
use domain::resolution::ResolutionState;
use domain::roll::{RollLine, Standing, tally};
use domain::task::TaskState;
use domain::{vi, vote};
use jiff::civil::Date;

use super::export::{Held, Reviewed, Signer, Snapshot, TaskRow, Voted};
use super::store::{self, Resolution};
use crate::actor::Actor;
use crate::fault::Fault;
use crate::ledger::store::{self as ledger, Issued, Sealing};
use crate::live::store as live;
use crate::meeting::store::Meeting;
use crate::member::store as members;
use crate::org::store as orgs;
use crate::paper::Letterhead;
use crate::task::store::{self as tasks, Task};

/// Seals every adopted resolution of a meeting, in order; drafts stay drafts. Called when the
/// minutes are sealed and from the resolution's own page.
///
/// # Errors
/// A refusal when no term is open on the day; `Conflict` when someone saved first; database faults.
pub fn seal_of_meeting(tx: &mut Tx, actor: &Actor, meeting: &Meeting) -> Result<Vec<Issued>, Fault> {
    let mut issued = Vec::new();
    for resolution in store::of_meeting(tx, meeting.org, meeting.id)? {
        if resolution.state == ResolutionState::Adopted {
            issued.push(seal(tx, actor, meeting, &resolution)?);
        }
    }
    Ok(issued)
}

fn seal(tx: &mut Tx, actor: &Actor, meeting: &Meeting, resolution: &Resolution) -> Result<Issued, Fault> {
    let on = held_on(meeting);
    let (_, number, words) = ledger::next_number(tx, meeting.org, DocKind::Resolution, on)?;
    let state = resolution.state.seal(u32::try_from(number).ok())?;
    let snapshot = snapshot(tx, meeting, resolution, Some(words))?;
    let new = Sealing {
        kind: DocKind::Resolution,
        issued_on: on,
        title: format!("Nghị quyết {}", resolution.title),
        content: snapshot.to_json()?,
        meeting: Some(meeting.id),
        corrects: None,
    };
    let document = ledger::seal(tx, actor, meeting.org, &new)?;
    store::save_state(tx, actor, resolution, state, resolution.vote, Some(document.id))?;
    Ok(document)
}

/// The day a resolution bears: the day the cell met.
pub fn held_on(meeting: &Meeting) -> Date {
    meeting.opened_at.unwrap_or(meeting.starts_at).date()
}

/// Everything the document says, as it stands now. Without `number` it is a draft.
///
/// # Errors
/// Database faults.
pub fn snapshot(tx: &mut Tx, meeting: &Meeting, resolution: &Resolution, number: Option<String>) -> Result<Snapshot, Fault> {
    let on = held_on(meeting);
    let org = orgs::get(tx, meeting.org, on)?;
    let given = tasks::of_resolution(tx, meeting.org, resolution.id)?;
    let last = store::last_in_force(tx, meeting.org, meeting.starts_at)?.filter(|r| r.id != resolution.id);
    let reviewed = match &last {
        Some(last) => tasks::for_review(tx, meeting.org, last.id)?,
        None => Vec::new(),
    };
    let names = members::names(tx, tasks::people(&given).chain(tasks::people(&reviewed)))?;
    let votes = live::votes(tx, meeting.org, meeting.id)?;
    let chosen = votes.iter().rev().find(|v| Some(v.id) == resolution.vote);
    let voted = match chosen {
        Some(v) => {
            let outcome = v.outcome()?;
            let reserved = v.reserved.lines().map(str::trim).filter(|l| !l.is_empty()).map(ToOwned::to_owned).collect();
            Some(Voted {
                yes: v.yes,
                total: v.electorate,
                percent: outcome.percent.clone(),
                line: vote::line(v.count(), &outcome),
                reserved,
            })
        }
        None => None,
    };
    Ok(Snapshot {
        form: 1,
        letterhead: Letterhead::on(tx, &org, on)?,
        number,
        date: on,
        title: resolution.title.clone(),
        meeting: held(tx, meeting)?,
        assessment: resolution.assessment.clone(),
        reviewed: reviewed.iter().map(|t| review_row(t, last.as_ref(), on)).collect(),
        direction: resolution.direction.clone(),
        tasks: given.iter().map(|t| task_row(t, &names)).collect(),
        organising: resolution.organising.clone(),
        score: None,
        vote: voted,
        signer: signer(tx, meeting.org, on, meeting.chair)?,
    })
}

fn held(tx: &mut Tx, meeting: &Meeting) -> Result<Held, Fault> {
    let lines: Vec<RollLine> = live::roll(tx, meeting.org, meeting.id)?.iter().map(live::Line::facts).collect();
    let t = tally(&lines);
    let mut name = |person: Option<PersonId>| -> db::Result<Option<String>> { person.map(|p| members::name(tx, p)).transpose() };
    Ok(Held {
        kind: meeting.kind,
        from: meeting.opened_at,
        to: meeting.closed_at,
        place: meeting.place.clone(),
        expected: t.rate.denom,
        present: t.rate.numer,
        official: t.official,
        probationary: t.probationary,
        excused: t.excused.into_iter().map(|a| a.name).collect(),
        unexcused: t.unexcused.into_iter().map(|a| a.name).collect(),
        members: lines.iter().filter(|l| l.standing != Standing::TemporaryHere).count(),
        chair: name(meeting.chair)?,
        secretary: name(meeting.secretary)?,
        dues: meeting.dues.clone().unwrap_or_default(),
    })
}

fn task_row(task: &Task, names: &BTreeMap<PersonId, String>) -> TaskRow {
    let name = |person: Option<PersonId>| person.and_then(|p| names.get(&p).cloned());
    TaskRow {
        content: task.content.clone(),
        requirement: task.requirement.clone(),
        measure: task.measure.clone(),
        deadline: task.deadline,
        doer: name(task.doer),
        checker: name(task.checker),
        urger: name(task.urger),
    }
}

/// A line of the table of part I: what was set, where it stood, what came of it.
fn review_row(task: &Task, last: Option<&Resolution>, on: Date) -> Reviewed {
    let fresh = last.is_some_and(|r| r.id == task.resolution);
    let facts = task.facts(String::new());
    let mut result = match task.state {
        TaskState::Done if facts.was_late() => "Đã hoàn thành, sau thời hạn".to_owned(),
        _ if facts.is_overdue(on) => "Chưa hoàn thành, quá hạn".to_owned(),
        state => state.to_string(),
    };
    if task.state != TaskState::Done
        && let Some(cause) = task.cause
    {
        result.push_str(&format!("; nguyên nhân: {}", lower(&cause.to_string())));
    }
    Reviewed {
        content: task.content.clone(),
        start: match (fresh, task.deadline) {
            (true, Some(day)) => format!("Giao kỳ trước, hạn {}", vi::date(day)),
            (true, None) => "Giao kỳ trước".to_owned(),
            (false, Some(day)) => format!("Chuyển tiếp, hạn {}", vi::date(day)),
            (false, None) => "Chuyển tiếp".to_owned(),
        },
        result,
    }
}

/// A label inside a sentence: the first letter small.
pub fn lower(label: &str) -> String {
    let mut chars = label.chars();
    chars.next().map(|c| c.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

/// Who signs: the secretary of the day, in the absence of one the deputy, else whoever chaired.
fn signer(tx: &mut Tx, org: OrgId, on: Date, chair: Option<PersonId>) -> db::Result<Signer> {
    let posts = orgs::posts_on(tx, org, on)?;
    for role in [Role::Secretary, Role::Deputy] {
        if let Some(held) = posts.iter().find(|h| h.role == role) {
            return Ok(Signer { role, name: held.name.clone() });
        }
    }
    let name = match chair {
        Some(person) => members::name(tx, person)?,
        None => String::new(),
    };
    Ok(Signer { role: Role::Secretary, name })
}
