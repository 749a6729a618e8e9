//! Ballots, seats and tellers as rows. Who said what is kept of votes by name alone; of a secret
//! ballot there are only the tellers' totals (P-11). Results become rows of `vote`, as from any vote.

use db::{Tx, values};
use domain::ballot::{BallotState, Choice, Named, Paper, Seat, Sheet, Tally};
use domain::code::Code;
use domain::id::{BallotId, ItemId, MeetingId, OrgId, PersonId, ResolutionId};
use domain::vi;
use domain::vote::{Electorate, Subject, Threshold, VoteMethod};
use jiff::Timestamp;

use crate::actor::Actor;
use crate::audit::store as audit;
use crate::meeting::store::object;

/// The taking of a vote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ballot {
    /// Identifier.
    pub id: BallotId,
    /// The meeting.
    pub meeting: MeetingId,
    /// Item of the agenda.
    pub item: Option<ItemId>,
    /// Resolution voted on.
    pub resolution: Option<ResolutionId>,
    /// What is voted on.
    pub subject: Subject,
    /// The question.
    pub question: String,
    /// How many must approve, by the rules of the meeting's day.
    pub threshold: Threshold,
    /// How it is taken.
    pub method: VoteMethod,
    /// Where it stands.
    pub state: BallotState,
    /// Names on a paper ballot, one per line; empty when it asks the question alone.
    pub names: String,
    /// All official members not exempt at the opening: the denominator.
    pub electorate: u32,
    /// Of those, present at the opening.
    pub present: u32,
    /// How often the ballots were counted.
    pub round: u32,
    /// Why it was withdrawn.
    pub reason: Option<String>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it was closed or withdrawn.
    pub closed_at: Option<Timestamp>,
    /// For "someone saved first".
    pub version: i64,
}

db::row!(Ballot {
    id,
    meeting,
    item,
    resolution,
    subject: code,
    question,
    threshold,
    method: code,
    state: code,
    names,
    electorate,
    present,
    round,
    reason,
    opened_at,
    closed_at,
    version
});

const COLUMNS: &str = "ballot_id, meeting_id, item_id, resolution_id, subject, question, threshold, method, state, names, \
    electorate, present, round, reason, opened_at, closed_at, version";

impl Ballot {
    /// What its paper asks.
    pub fn paper(&self) -> Paper {
        Paper::of(self.names.lines().map(str::to_owned).collect(), self.subject)
    }

    /// The frozen electorate.
    pub fn among(&self) -> Electorate {
        Electorate { total: self.electorate, present: self.present }
    }
}

/// The ballots of a meeting, in the order they were opened.
///
/// # Errors
/// Database faults only.
pub fn of_meeting(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<Vec<Ballot>> {
    tx.all(
        &format!("select {COLUMNS} from ballot where org_id = $1 and meeting_id = $2 order by ballot_id"),
        values![org, meeting],
    )
}

/// A ballot of a meeting.
///
/// # Errors
/// `NotFound` also when it belongs to another meeting; database faults.
pub fn get(tx: &mut Tx, org: OrgId, meeting: MeetingId, id: BallotId) -> db::Result<Ballot> {
    tx.one(
        &format!("select {COLUMNS} from ballot where org_id = $1 and meeting_id = $2 and ballot_id = $3"),
        values![org, meeting, id],
    )
}

/// How many votes of a meeting are still open.
///
/// # Errors
/// Database faults only.
pub fn open_count(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<i64> {
    tx.scalar("select count(*) from ballot where org_id = $1 and meeting_id = $2 and state = 'open'", values![org, meeting])
}

/// Whether a vote was ever opened in a meeting.
///
/// # Errors
/// Database faults only.
pub fn any(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<bool> {
    Ok(tx.scalar::<i64>("select count(*) from ballot where org_id = $1 and meeting_id = $2", values![org, meeting])? > 0)
}

/// What a vote is opened with.
#[derive(Debug, Clone)]
pub struct NewBallot {
    /// Item of the agenda.
    pub item: Option<ItemId>,
    /// Resolution voted on.
    pub resolution: Option<ResolutionId>,
    /// What is voted on.
    pub subject: Subject,
    /// The question.
    pub question: String,
    /// How many must approve.
    pub threshold: Threshold,
    /// How it is taken.
    pub method: VoteMethod,
    /// Names on a paper ballot.
    pub names: Vec<String>,
    /// Who may vote, by the roll at this moment.
    pub electorate: Electorate,
    /// The seats, for votes that keep names; nothing for a secret ballot.
    pub seats: Vec<Seat>,
}

/// Opens a vote over its frozen electorate.
///
/// # Errors
/// Database faults only.
pub fn open(tx: &mut Tx, actor: &Actor, org: OrgId, meeting: MeetingId, new: &NewBallot) -> db::Result<BallotId> {
    let id: BallotId = actor.id();
    tx.exec(
        "insert into ballot (org_id, ballot_id, meeting_id, item_id, resolution_id, subject, question, threshold, method, state,
         names, electorate, present, opened_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open', $10, $11, $12, $13)",
        values![
            org,
            id,
            meeting,
            new.item,
            new.resolution,
            new.subject.code(),
            new.question,
            new.threshold,
            new.method.code(),
            new.names.join("\n"),
            new.electorate.total,
            new.electorate.present,
            actor.now
        ],
    )?;
    for seat in new.seats.iter().filter(|_| new.method.is_named()) {
        tx.exec(
            "insert into vote_seat (org_id, ballot_id, person_id, name, sort_key, present) values ($1, $2, $3, $4, $5, $6)",
            values![org, id, seat.person, seat.name, vi::name_key(&seat.name), seat.present],
        )?;
    }
    audit::record(tx, actor, org, "vote.opened", &object(meeting), new.method.code())?;
    Ok(id)
}

struct SeatRow {
    person: PersonId,
    name: String,
    present: bool,
    choice: Option<Choice>,
    reserved: bool,
}

db::row!(SeatRow { person, name, present, choice: code_opt, reserved });

impl From<SeatRow> for Seat {
    fn from(row: SeatRow) -> Self {
        let SeatRow { person, name, present, choice, reserved } = row;
        Self { person, name, present, choice, reserved }
    }
}

/// The seats of a vote that keeps names, in the order of names.
///
/// # Errors
/// Database faults only.
pub fn seats(tx: &mut Tx, org: OrgId, id: BallotId) -> db::Result<Vec<Seat>> {
    let rows: Vec<SeatRow> = tx.all(
        "select person_id, name, present, choice, reserved from vote_seat where org_id = $1 and ballot_id = $2
         order by sort_key, person_id",
        values![org, id],
    )?;
    Ok(rows.into_iter().map(Seat::from).collect())
}

/// A vote that keeps names, with all that was said.
///
/// # Errors
/// Database faults only.
pub fn named(tx: &mut Tx, org: OrgId, ballot: &Ballot) -> db::Result<Named> {
    Ok(Named { method: ballot.method, state: ballot.state, seats: seats(tx, org, ballot.id)? })
}

/// The seat of one person, if they have one.
///
/// # Errors
/// Database faults only.
pub fn seat(tx: &mut Tx, org: OrgId, id: BallotId, person: PersonId) -> db::Result<Option<Seat>> {
    let row: Option<SeatRow> = tx.opt(
        "select person_id, name, present, choice, reserved from vote_seat
         where org_id = $1 and ballot_id = $2 and person_id = $3",
        values![org, id, person],
    )?;
    Ok(row.map(Seat::from))
}

/// Keeps the last word of a person. A person has one seat, so however often it is sent it counts once.
///
/// # Errors
/// `Conflict` when the vote is not open or the person has no seat; database faults.
pub fn cast(tx: &mut Tx, org: OrgId, id: BallotId, person: PersonId, choice: Option<Choice>, reserved: bool) -> db::Result<()> {
    tx.changed(
        "update vote_seat set choice = $4, reserved = $5 where org_id = $1 and ballot_id = $2 and person_id = $3 and present = 1
         and exists (select 1 from ballot b where b.org_id = $1 and b.ballot_id = $2 and b.state = 'open')",
        values![org, id, person, choice.map(Code::code), reserved],
    )
}

/// Moves a vote on to another state, with the reason of a withdrawal.
///
/// # Errors
/// `Conflict` when somebody moved it first; database faults.
pub fn save_state(
    tx: &mut Tx,
    actor: &Actor,
    org: OrgId,
    ballot: &Ballot,
    state: BallotState,
    reason: Option<&str>,
) -> db::Result<()> {
    tx.changed(
        "update ballot set state = $4, reason = $5, closed_at = $6, version = version + 1
         where org_id = $1 and ballot_id = $2 and version = $3",
        values![org, ballot.id, ballot.version, state.code(), reason, actor.now],
    )?;
    audit::record(tx, actor, org, "vote.state", &object(ballot.meeting), state.code())
}

/// Takes away the results of a vote that is withdrawn.
///
/// # Errors
/// Database faults only.
pub fn drop_results(tx: &mut Tx, org: OrgId, ballot: &Ballot) -> db::Result<()> {
    tx.exec(
        "delete from vote where org_id = $1 and meeting_id = $2 and ballot_id = $3",
        values![org, ballot.meeting, ballot.id],
    )?;
    Ok(())
}

/// One of the two who count paper ballots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Teller {
    /// 1 leads, 2 assists.
    pub position: u32,
    /// Who.
    pub person: PersonId,
    /// The full name.
    pub name: String,
    /// What they counted.
    pub sheet: Option<Sheet>,
}

type TellerRow = (u32, PersonId, String, Option<u32>, Option<u32>, Option<u32>, Option<u32>, Option<String>);

/// The tellers of a ballot.
///
/// # Errors
/// Database faults only.
pub fn tellers(tx: &mut Tx, org: OrgId, id: BallotId) -> db::Result<Vec<Teller>> {
    let rows: Vec<TellerRow> = tx.all(
        "select position, person_id, name, issued, collected, valid, invalid, marks from ballot_teller
         where org_id = $1 and ballot_id = $2 order by position",
        values![org, id],
    )?;
    rows.into_iter().map(teller).collect()
}

fn teller((position, person, name, issued, collected, valid, invalid, marks): TellerRow) -> db::Result<Teller> {
    let figures = (issued, collected, valid, invalid, marks);
    let sheet = match figures {
        (Some(issued), Some(collected), Some(valid), Some(invalid), Some(marks)) => {
            Some(Sheet { issued, collected, valid, invalid, marks: read_marks(&marks)? })
        }
        _ => None,
    };
    Ok(Teller { position, person, name, sheet })
}

fn read_marks(text: &str) -> db::Result<Vec<Tally>> {
    let line = |line: &str| {
        let figures: Vec<u32> = line.split(' ').filter_map(|n| n.parse().ok()).collect();
        match figures.as_slice() {
            [yes, no, other] => Ok(Tally { yes: *yes, no: *no, other: *other }),
            _ => Err(db::Error::Corrupt("a teller's line of figures".to_owned())),
        }
    };
    text.lines().map(line).collect()
}

/// Names the two who count; counts of others before them are gone.
///
/// # Errors
/// Database faults only.
pub fn appoint(tx: &mut Tx, actor: &Actor, org: OrgId, ballot: &Ballot, tellers: &[(PersonId, String)]) -> db::Result<()> {
    tx.exec("delete from ballot_teller where org_id = $1 and ballot_id = $2", values![org, ballot.id])?;
    for (position, (person, name)) in (1_u32..).zip(tellers) {
        tx.exec(
            "insert into ballot_teller (org_id, ballot_id, position, person_id, name) values ($1, $2, $3, $4, $5)",
            values![org, ballot.id, position, person, name],
        )?;
    }
    audit::record(tx, actor, org, "vote.tellers", &object(ballot.meeting), "")
}

/// Keeps what a teller counted.
///
/// # Errors
/// `Conflict` when they are no teller of it any more; database faults.
pub fn save_sheet(tx: &mut Tx, org: OrgId, id: BallotId, person: PersonId, sheet: &Sheet) -> db::Result<()> {
    let marks: Vec<String> = sheet.marks.iter().map(|m| format!("{} {} {}", m.yes, m.no, m.other)).collect();
    tx.changed(
        "update ballot_teller set issued = $4, collected = $5, valid = $6, invalid = $7, marks = $8
         where org_id = $1 and ballot_id = $2 and person_id = $3",
        values![org, id, person, sheet.issued, sheet.collected, sheet.valid, sheet.invalid, marks.join("\n")],
    )
}

/// Forgets both counts, because they differ and everything is counted again.
///
/// # Errors
/// `Conflict` when somebody did so first; database faults.
pub fn recount(tx: &mut Tx, actor: &Actor, org: OrgId, ballot: &Ballot) -> db::Result<()> {
    tx.changed(
        "update ballot set round = round + 1, version = version + 1 where org_id = $1 and ballot_id = $2 and version = $3",
        values![org, ballot.id, ballot.version],
    )?;
    tx.exec(
        "update ballot_teller set issued = null, collected = null, valid = null, invalid = null, marks = null
         where org_id = $1 and ballot_id = $2",
        values![org, ballot.id],
    )?;
    audit::record(tx, actor, org, "vote.recount", &object(ballot.meeting), "")
}
