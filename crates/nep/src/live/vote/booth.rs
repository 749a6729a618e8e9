//! Votes as a member sees them, on the page of the meeting and on one of their own: the question,
//! three buttons, the own last word, why there is none. Never what others said.

use db::Tx;
use domain::ballot::{BallotState, denominator, why_not};
use domain::code::Code;
use domain::rulepack::Library;
use domain::vote::VoteMethod;

use super::page::Booth;
use super::store::{self, Ballot};
use super::view;
use crate::actor::Actor;
use crate::fault::Fault;
use crate::live::record;
use crate::live::store as live;
use crate::meeting::store::Meeting;

/// The open votes of a meeting that is being held, for one of its members.
///
/// # Errors
/// Database faults only.
pub fn open_ones(tx: &mut Tx, actor: &Actor, meeting: &Meeting) -> Result<Vec<Booth>, Fault> {
    let ballots = store::of_meeting(tx, meeting.org, meeting.id)?;
    let open = ballots.iter().filter(|b| b.state == BallotState::Open);
    open.map(|b| booth(tx, actor, meeting, b)).collect()
}

/// One vote for one member, with its result once there is one.
///
/// # Errors
/// Database faults only.
pub fn one(tx: &mut Tx, actor: &Actor, meeting: &Meeting, ballot: &Ballot, library: &Library) -> Result<Booth, Fault> {
    let mut booth = booth(tx, actor, meeting, ballot)?;
    if ballot.state == BallotState::Closed {
        let record = record::load_of(tx, meeting.clone())?;
        let rules = record::rules_on(tx, meeting.org, record.day(), library)?;
        booth.results = view::results(&record, &rules, ballot.id);
    }
    Ok(booth)
}

fn booth(tx: &mut Tx, actor: &Actor, meeting: &Meeting, ballot: &Ballot) -> Result<Booth, Fault> {
    let seat = if ballot.method.is_named() { store::seat(tx, meeting.org, ballot.id, actor.person)? } else { None };
    // A secret ballot has no seats: whether somebody gets a paper is seen from the roll alone.
    let why = if seat.as_ref().is_some_and(|s| s.present) {
        None
    } else {
        let lines = live::roll(tx, meeting.org, meeting.id)?;
        let line = lines.iter().find(|l| l.person == actor.person).map(live::Line::facts);
        let on_paper = !ballot.method.is_named() && line.as_ref().is_some_and(domain::roll::RollLine::is_elector);
        if on_paper { None } else { why_not(seat.as_ref(), line.as_ref()) }
    };
    let href = format!("/cb/{}/buoi/{}/bieu-quyet/{}", meeting.org, meeting.id, ballot.id);
    let counts = ballot.method == VoteMethod::Paper
        && store::tellers(tx, meeting.org, ballot.id)?.iter().any(|t| t.person == actor.person);
    Ok(Booth {
        teller: if counts { format!("{href}/kiem-phieu") } else { String::new() },
        id: ballot.id.to_string(),
        question: ballot.question.clone(),
        subject: ballot.subject.to_string(),
        method: ballot.method.label(),
        electronic: ballot.method == VoteMethod::Electronic,
        secret: ballot.method == VoteMethod::Paper,
        open: ballot.state == BallotState::Open,
        withdrawn: ballot.reason.clone().filter(|_| ballot.state == BallotState::Withdrawn).unwrap_or_default(),
        said: seat.as_ref().and_then(|s| s.choice).map(Code::label).unwrap_or_default(),
        reserved: seat.is_some_and(|s| s.reserved),
        why_not: why.unwrap_or_default(),
        counted: denominator(ballot.among()),
        results: Vec::new(),
        href,
    })
}
