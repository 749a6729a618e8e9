//! What is done to a vote, each in one transaction: rules decide, stores write.
//! May touch the stores of votes, the roll and meetings. Rules: BQ-01 … BQ-09, P-8, P-11.

use db::Tx;
use domain::ballot::{self, Choice, Counting, Sheet, counting, may_open, may_tell};
use domain::id::{BallotId, ItemId, MeetingId, OrgId, PersonId, ResolutionId};
use domain::meeting::MeetingState;
use domain::refusal::Refusal;
use domain::rulepack::Library;
use domain::vote::{Count, Electorate, Subject, VoteMethod};

use super::store::{self, Ballot, NewBallot, Teller};
use crate::actor::Actor;
use crate::fault::Fault;
use crate::live::record::{self, Record, must_record};
use crate::live::room::store::{Topic, tell};
use crate::live::store::{self as live, NewVote};
use crate::meeting::store::{self as meetings, Meeting};

/// What is put to the vote.
#[derive(Debug, Clone)]
pub struct Question {
    /// What it is on.
    pub subject: Subject,
    /// The words.
    pub text: String,
    /// Item of the agenda.
    pub item: Option<ItemId>,
    /// Resolution voted on.
    pub resolution: Option<ResolutionId>,
}

impl Question {
    fn fits(&self, record: &Record) -> Result<(), Fault> {
        if let Some(item) = self.item {
            record.item(item)?;
        }
        if self.resolution.is_some_and(|wanted| record.resolutions.iter().all(|r| r.id != wanted)) {
            return Err(Fault::NotFound);
        }
        Ok(())
    }
}

/// Records hands that were counted, opening and closing in one step; without a count everybody
/// there approves.
///
/// # Errors
/// A refusal; `NotFound`; database faults.
pub fn hands(
    tx: &mut Tx,
    actor: &Actor,
    (org, id): (OrgId, MeetingId),
    asked: &Question,
    (count, keep): (Option<Count>, &[PersonId]),
    library: &Library,
) -> Result<(), Fault> {
    let record = record::load(tx, org, id)?;
    record.must_record()?;
    asked.fits(&record)?;
    let seats = Electorate::of(&record.roll());
    let count = count.unwrap_or(Count { yes: seats.present, ..Count::default() });
    let reserved: Vec<String> = record.lines.iter().filter(|l| keep.contains(&l.person)).map(|l| l.name.clone()).collect();
    let new = NewVote {
        item: asked.item,
        resolution: asked.resolution,
        subject: asked.subject,
        threshold: record::threshold(tx, org, record.day(), library, asked.subject)?,
        question: asked.text.clone(),
        count,
        reserved: reserved.join("\n"),
    };
    live::add_vote(tx, actor, org, id, &new)?;
    Ok(tell(tx, actor.now, org, id, Topic::Vote)?)
}

/// Opens a vote: who may vote is frozen by the roll at this moment.
///
/// # Errors
/// A refusal; `NotFound`; database faults.
pub fn open(
    tx: &mut Tx,
    actor: &Actor,
    (org, id): (OrgId, MeetingId),
    asked: &Question,
    (method, names): (VoteMethod, &[String]),
    library: &Library,
) -> Result<BallotId, Fault> {
    let record = record::load(tx, org, id)?;
    must_run(&record.meeting)?;
    asked.fits(&record)?;
    if asked.resolution.is_some() && !names.is_empty() {
        let text = "Phiếu ghi nhiều tên không gắn với một nghị quyết. Hãy bỏ chọn nghị quyết hoặc bỏ các tên trên phiếu.";
        return Err(Refusal::new("names_of_resolution", text).at("ten_phieu").into());
    }
    let seats = ballot::seats(&record.roll());
    let electorate = ballot::electorate(&seats);
    may_open(&asked.text, electorate)?;
    let new = NewBallot {
        item: asked.item,
        resolution: asked.resolution,
        subject: asked.subject,
        question: asked.text.clone(),
        threshold: record::threshold(tx, org, record.day(), library, asked.subject)?,
        method,
        names: if method == VoteMethod::Paper { names.to_vec() } else { Vec::new() },
        electorate,
        seats,
    };
    let opened = store::open(tx, actor, org, id, &new)?;
    tell(tx, actor.now, org, id, Topic::Vote)?;
    Ok(opened)
}

/// Votes are opened and cast while the meeting is held.
fn must_run(meeting: &Meeting) -> Result<(), Refusal> {
    if meeting.state == MeetingState::Open {
        return Ok(());
    }
    must_record(meeting)?;
    Err(Refusal::state(
        "biểu quyết",
        meeting.state,
        "Buổi sinh hoạt đã kết thúc; muốn biểu quyết tiếp, hãy mở lại buổi sinh hoạt.",
    ))
}

/// A ballot of a meeting that is being recorded.
fn recording(tx: &mut Tx, org: OrgId, id: MeetingId, which: BallotId) -> Result<(Meeting, Ballot), Fault> {
    let meeting = meetings::get(tx, org, id)?;
    let ballot = store::get(tx, org, id, which)?;
    must_record(&meeting)?;
    Ok((meeting, ballot))
}

fn must_be(ballot: &Ballot, methods: &[VoteMethod]) -> Result<(), Refusal> {
    if methods.contains(&ballot.method) {
        return Ok(());
    }
    let text = format!("Lần biểu quyết này theo cách “{}” nên không làm được việc đó.", ballot.method);
    Err(Refusal::new("method", text))
}

/// Whether a person could say this now; nothing is kept. For the page that asks to check it.
///
/// # Errors
/// A refusal; `NotFound`; database faults.
pub fn may_cast(
    tx: &mut Tx,
    meeting: &Meeting,
    which: BallotId,
    person: PersonId,
    (choice, reserved): (Choice, bool),
) -> Result<Ballot, Fault> {
    let ballot = store::get(tx, meeting.org, meeting.id, which)?;
    must_be(&ballot, &[VoteMethod::Electronic])?;
    must_run(meeting)?;
    ballot.state.must_be_open()?;
    let Some(seat) = store::seat(tx, meeting.org, which, person)? else {
        let lines = live::roll(tx, meeting.org, meeting.id)?;
        let line = lines.iter().find(|l| l.person == person).map(live::Line::facts);
        let why = ballot::why_not(None, line.as_ref());
        return Err(why.map_or_else(ballot::no_seat, |why| Refusal::new("no_seat", why)).into());
    };
    ballot::may_cast(&seat, Some(choice), reserved)?;
    Ok(ballot)
}

/// Keeps what a person says by themself.
///
/// # Errors
/// A refusal; `NotFound`; database faults.
pub fn cast(tx: &mut Tx, actor: &Actor, meeting: &Meeting, which: BallotId, said: (Choice, bool)) -> Result<(), Fault> {
    may_cast(tx, meeting, which, actor.person, said)?;
    store::cast(tx, meeting.org, which, actor.person, Some(said.0), said.1)?;
    Ok(tell(tx, actor.now, meeting.org, meeting.id, Topic::Vote)?)
}

/// What a button of the grid asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Press {
    /// One person; none takes back what was noted.
    One(PersonId, Option<Choice>),
    /// Everybody not noted yet approves.
    Rest,
    /// Nothing that is known.
    Nothing,
}

/// Notes a raised hand by name.
///
/// # Errors
/// A refusal; `NotFound`; database faults.
pub fn note(tx: &mut Tx, actor: &Actor, (org, id): (OrgId, MeetingId), which: BallotId, press: Press) -> Result<(), Fault> {
    let (_, ballot) = recording(tx, org, id, which)?;
    must_be(&ballot, &[VoteMethod::HandsNamed])?;
    let mut named = store::named(tx, org, &ballot)?;
    named.state.must_be_open()?;
    match press {
        Press::Nothing => {}
        Press::One(person, choice) => {
            if !named.seats.iter().any(|s| s.person == person) {
                return Err(Fault::NotFound);
            }
            named.cast(person, choice, false)?;
            store::cast(tx, org, which, person, choice, false)?;
        }
        Press::Rest => {
            let waiting: Vec<PersonId> = named.waiting().map(|s| s.person).collect();
            for person in waiting {
                store::cast(tx, org, which, person, Some(Choice::Yes), false)?;
            }
        }
    }
    Ok(tell(tx, actor.now, org, id, Topic::Vote)?)
}

/// Ends a vote by name and keeps its result. `keep` are those who keep their opinion, in a vote by
/// hand; who votes on a device of their own says so there.
///
/// # Errors
/// A refusal; `Conflict` when somebody closed it first; database faults.
pub fn close(tx: &mut Tx, actor: &Actor, (org, id): (OrgId, MeetingId), which: BallotId, keep: &[PersonId]) -> Result<(), Fault> {
    let (_, ballot) = recording(tx, org, id, which)?;
    must_be(&ballot, &[VoteMethod::HandsNamed, VoteMethod::Electronic])?;
    let state = ballot.state.close()?;
    let mut named = store::named(tx, org, &ballot)?;
    if ballot.method == VoteMethod::HandsNamed {
        let said: Vec<_> = named.seats.iter().filter(|s| keep.contains(&s.person)).map(|s| (s.person, s.choice)).collect();
        for (person, choice) in said {
            let reserved = named.cast(person, choice, true)?.reserved;
            store::cast(tx, org, which, person, choice, reserved)?;
        }
    }
    keep_result(tx, actor, (org, id), &ballot, (&ballot.question, named.count()), &named.reserved())?;
    store::save_state(tx, actor, org, &ballot, state, None)?;
    Ok(tell(tx, actor.now, org, id, Topic::Vote)?)
}

fn keep_result(
    tx: &mut Tx,
    actor: &Actor,
    (org, id): (OrgId, MeetingId),
    ballot: &Ballot,
    (question, count): (&str, Count),
    reserved: &[String],
) -> Result<(), Fault> {
    let new = NewVote {
        item: ballot.item,
        resolution: ballot.resolution,
        subject: ballot.subject,
        threshold: ballot.threshold,
        question: question.to_owned(),
        count,
        reserved: reserved.join("\n"),
    };
    live::keep_vote(tx, actor, org, id, &new, ballot.among(), (ballot.method, Some(ballot.id)))?;
    Ok(())
}

/// Takes a vote back, before or after its result; one that carries an adopted resolution stays.
///
/// # Errors
/// A refusal; `Conflict` when somebody moved it first; database faults.
pub fn withdraw(tx: &mut Tx, actor: &Actor, (org, id): (OrgId, MeetingId), which: BallotId, reason: &str) -> Result<(), Fault> {
    let (_, ballot) = recording(tx, org, id, which)?;
    let state = ballot.state.withdraw(reason)?;
    let record = record::load(tx, org, id)?;
    let results: Vec<_> = record.votes.iter().filter(|v| v.ballot == Some(which)).map(|v| v.id).collect();
    if record.resolutions.iter().any(|r| r.vote.is_some_and(|v| results.contains(&v))) {
        return Err(in_use().into());
    }
    store::drop_results(tx, org, &ballot)?;
    store::save_state(tx, actor, org, &ballot, state, Some(reason))?;
    Ok(tell(tx, actor.now, org, id, Topic::Vote)?)
}

/// The answer where a result already carries an adopted resolution.
pub fn in_use() -> Refusal {
    Refusal::new(
        "vote_in_use",
        "Nghị quyết đã được thông qua theo kết quả này. Hãy mở lại nghị quyết trước rồi mới bỏ kết quả biểu quyết.",
    )
}

/// Names the two who count the ballots, of those who are there and not on the paper.
///
/// # Errors
/// A refusal; `NotFound`; database faults.
pub fn appoint(
    tx: &mut Tx,
    actor: &Actor,
    (org, id): (OrgId, MeetingId),
    which: BallotId,
    chosen: &[PersonId],
) -> Result<(), Fault> {
    let (_, ballot) = recording(tx, org, id, which)?;
    must_be(&ballot, &[VoteMethod::Paper])?;
    ballot.state.must_be_open()?;
    let lines = live::roll(tx, org, id)?;
    let mut tellers = Vec::new();
    for person in chosen {
        let line = lines.iter().find(|l| l.person == *person).ok_or(Fault::NotFound)?;
        tellers.push((*person, line.name.clone(), line.facts().is_there()));
    }
    may_tell(&tellers, &ballot.paper())?;
    let named: Vec<_> = tellers.into_iter().map(|(person, name, _)| (person, name)).collect();
    store::appoint(tx, actor, org, &ballot, &named)?;
    Ok(tell(tx, actor.now, org, id, Topic::Vote)?)
}

/// Keeps what a teller counted. When both say the same, that is the result.
///
/// # Errors
/// A refusal with the first thing that does not add up; `NotFound` for who is no teller; database faults.
pub fn count(
    tx: &mut Tx,
    actor: &Actor,
    (org, id): (OrgId, MeetingId),
    which: BallotId,
    (teller, sheet): (PersonId, &Sheet),
    library: &Library,
) -> Result<(), Fault> {
    let (meeting, ballot) = recording(tx, org, id, which)?;
    let before = counting_of(tx, org, &ballot, teller)?;
    if before != Counting::Waiting {
        let text = "Hai đồng chí đã nhập đủ số liệu. Muốn nhập lại, chủ trì hoặc thư ký bấm “Kiểm lại từ đầu”.";
        return Err(Refusal::new("counted", text).into());
    }
    if let Some(wrong) = sheet.problems(&ballot.paper(), ballot.present).into_iter().next() {
        return Err(wrong.into());
    }
    store::save_sheet(tx, org, which, teller, sheet)?;
    if let Counting::Agreed(agreed) = counting_of(tx, org, &ballot, teller)? {
        let adds = record::rules_on(tx, org, meeting.starts_at.date(), library)?.flag("vote.discipline_accumulates");
        accept(tx, actor, (org, id), (&ballot, adds), &agreed)?;
    }
    Ok(tell(tx, actor.now, org, id, Topic::Vote)?)
}

/// How far the counting of an open paper ballot has come, for one of its tellers.
fn counting_of(tx: &mut Tx, org: OrgId, ballot: &Ballot, teller: PersonId) -> Result<Counting, Fault> {
    must_be(ballot, &[VoteMethod::Paper])?;
    ballot.state.must_be_open()?;
    let tellers = store::tellers(tx, org, ballot.id)?;
    if !tellers.iter().any(|t| t.person == teller) {
        return Err(Fault::NotFound);
    }
    Ok(compare(ballot, &tellers))
}

/// Compares the counts of the tellers of a ballot.
pub fn compare(ballot: &Ballot, tellers: &[Teller]) -> Counting {
    let sheet = |n: usize| tellers.get(n).and_then(|t| t.sheet.as_ref());
    counting(&ballot.paper(), sheet(0), sheet(1))
}

/// Both tellers say the same: each line of the paper has its result, and where measures add up so has
/// the one that is reached by that (BQ-05).
fn accept(
    tx: &mut Tx,
    actor: &Actor,
    at: (OrgId, MeetingId),
    (ballot, adds): (&Ballot, bool),
    sheet: &Sheet,
) -> Result<(), Fault> {
    let paper = ballot.paper();
    let state = ballot.state.close()?;
    for line in 0..paper.lines() {
        let question = match paper.names().get(line) {
            Some(name) => format!("{}: {name}", ballot.question.trim_end_matches('.')),
            None => ballot.question.clone(),
        };
        keep_result(tx, actor, at, ballot, (&question, sheet.result(&paper, line)), &[])?;
    }
    let sum = if adds { sheet.added_up(&paper, &ballot.question, ballot.electorate, ballot.threshold) } else { None };
    if let Some((question, count)) = sum {
        keep_result(tx, actor, at, ballot, (&question, count), &[])?;
    }
    Ok(store::save_state(tx, actor, at.0, ballot, state, None)?)
}

/// The counts differ: both are forgotten and everything is counted again.
///
/// # Errors
/// A refusal when there is nothing to count again; `Conflict`; database faults.
pub fn recount(tx: &mut Tx, actor: &Actor, (org, id): (OrgId, MeetingId), which: BallotId) -> Result<(), Fault> {
    let (_, ballot) = recording(tx, org, id, which)?;
    must_be(&ballot, &[VoteMethod::Paper])?;
    ballot.state.must_be_open()?;
    let tellers = store::tellers(tx, org, which)?;
    if tellers.iter().all(|t| t.sheet.is_none()) {
        return Err(Refusal::new("nothing_counted", "Chưa có số liệu kiểm phiếu nào để nhập lại.").into());
    }
    store::recount(tx, actor, org, &ballot)?;
    Ok(tell(tx, actor.now, org, id, Topic::Vote)?)
}
