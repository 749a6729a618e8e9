//! Roll, guests, contributions and votes of a meeting as rows. The expected list is frozen when the
//! meeting opens; the figures above a cell follow from the sealed meeting, in its transaction.

pub mod entry;

use db::{Tx, values};
use domain::checkin::{Seat, Source};
use domain::code::Code;
use domain::id::{BallotId, ItemId, MeetingId, OrgId, PersonId, ResolutionId, RowId, VoteId};
use domain::meeting::MeetingKind;
use domain::refusal::Refusal;
use domain::roll::{Mark, RollLine, Standing};
use domain::vi;
use domain::vote::{Count, Electorate, Outcome, Subject, Threshold, VoteMethod, outcome};
use jiff::Timestamp;
use jiff::civil::DateTime;

use crate::actor::Actor;
use crate::fault::Fault;
use crate::member::store as members;

/// A line of the roll as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Who.
    pub person: PersonId,
    /// Number in the cell.
    pub number: i64,
    /// Full name on that day.
    pub name: String,
    /// Standing on that day.
    pub standing: Standing,
    /// Whether an official member on that day, whatever else held of them.
    pub official: bool,
    /// Leading post on that day.
    pub leader: bool,
    /// What the roll says.
    pub mark: Option<Mark>,
    /// Why absent.
    pub reason: Option<String>,
    /// When they came.
    pub arrived_at: Option<DateTime>,
    /// When they left early.
    pub left_at: Option<DateTime>,
    /// For "someone saved first".
    pub version: i64,
    /// Who marked it; none for what was set when the meeting opened.
    pub by: Option<Source>,
    /// Wrong codes the member typed.
    pub tries: i64,
    /// The entry by number that changed it last.
    pub entry: Option<RowId>,
}

db::row!(Line {
    person,
    number,
    name,
    standing: code,
    official,
    leader,
    mark: code_opt,
    reason,
    arrived_at,
    left_at,
    version,
    by: code_opt,
    tries,
    entry
});

impl Line {
    /// The line as self check-in sees it.
    pub fn seat(&self) -> Seat {
        let tries = u32::try_from(self.tries).unwrap_or(u32::MAX);
        Seat { standing: self.standing, mark: self.mark, by: self.by, tries }
    }

    /// The line as the rules see it.
    pub fn facts(&self) -> RollLine {
        RollLine {
            person: self.person,
            name: self.name.clone(),
            standing: self.standing,
            official: self.official,
            leader: self.leader,
            mark: self.mark,
            reason: self.reason.clone(),
        }
    }
}

/// Freezes the expected list from the memberships of the day. Marks that a standing or a granted
/// excuse sets are set; nobody is present yet.
///
/// # Errors
/// Database faults only.
pub fn freeze(tx: &mut Tx, org: OrgId, meeting: MeetingId, starts_at: DateTime) -> db::Result<usize> {
    freeze_with(tx, org, meeting, starts_at, &|_| None)
}

/// As [`freeze`]; `label` gives the words of a kind of excuse.
///
/// # Errors
/// Database faults only.
pub fn freeze_with(
    tx: &mut Tx,
    org: OrgId,
    meeting: MeetingId,
    starts_at: DateTime,
    label: &dyn Fn(&str) -> Option<String>,
) -> db::Result<usize> {
    let day = starts_at.date();
    let facts = members::facts(tx, org, day)?;
    let numbers: Vec<(PersonId, i64)> = members::roster(tx, org, day)?.into_iter().map(|m| (m.person, m.number)).collect();
    let kind: String = tx.scalar("select kind from meeting where org_id = $1 and meeting_id = $2", values![org, meeting])?;
    let mut lines = domain::roll::expected(&facts, day);
    if kind == MeetingKind::Committee.code() {
        // The committee meets alone: only those who hold a post of it are expected.
        lines.retain(|l| l.leader);
    }
    let excuses: Vec<(PersonId, Option<String>, Option<String>)> = tx.all(
        "select person_id, reason_kind, reason from reply
         where org_id = $1 and meeting_id = $2 and answer = 'away' and decision = 'granted'",
        values![org, meeting],
    )?;
    for line in &lines {
        let number = numbers.iter().find(|(p, _)| *p == line.person).map_or(0, |(_, n)| *n);
        let excuse = excuses.iter().find(|(p, ..)| *p == line.person).map(|(_, kind, text)| (kind, text));
        let (mark, reason) = match (&line.mark, excuse) {
            (None, Some((kind, text))) => {
                let named = kind.as_deref().map(|k| label(k).unwrap_or_else(|| k.to_owned()));
                (Some(Mark::Excused), text.clone().or(named))
            }
            (mark, _) => (*mark, None),
        };
        tx.exec(
            "insert into roll (org_id, meeting_id, person_id, number, name, sort_key, standing, official, leader, mark,
             reason) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            values![
                org,
                meeting,
                line.person,
                number,
                line.name,
                vi::name_key(&line.name),
                line.standing.code(),
                line.official,
                line.leader,
                mark.map(Code::code),
                reason
            ],
        )?;
    }
    Ok(lines.len())
}

const LINE: &str = "person_id, number, name, standing, official, leader, mark, reason, arrived_at, left_at, version, marked_by,
     tries, entry_id";

/// One line of the roll of a meeting; none for who is not on it.
///
/// # Errors
/// Database faults only.
pub fn line_of(tx: &mut Tx, org: OrgId, meeting: MeetingId, person: PersonId) -> db::Result<Option<Line>> {
    let sql = format!("select {LINE} from roll where org_id = $1 and meeting_id = $2 and person_id = $3");
    tx.opt(&sql, values![org, meeting, person])
}

/// The roll of a meeting in the order of names.
///
/// # Errors
/// Database faults only.
pub fn roll(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<Vec<Line>> {
    tx.all(
        &format!("select {LINE} from roll where org_id = $1 and meeting_id = $2 order by sort_key, person_id"),
        values![org, meeting],
    )
}

/// Forgets a frozen list, when an opening made by mistake is taken back.
///
/// # Errors
/// Database faults only.
pub fn thaw(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<()> {
    tx.exec("delete from roll where org_id = $1 and meeting_id = $2", values![org, meeting])?;
    Ok(())
}

/// Times that a step back makes untrue; the reason for it stands in the trail.
///
/// # Errors
/// Database faults only.
pub fn clear_times(tx: &mut Tx, org: OrgId, meeting: MeetingId, opened: bool) -> db::Result<()> {
    tx.changed(
        "update meeting set opened_at = case when $3 = 1 then null else opened_at end, closed_at = null, adopted_at = null
         where org_id = $1 and meeting_id = $2",
        values![org, meeting, opened],
    )
}

/// As [`clear_times`] for minutes that are taken up again: the meeting itself stays over.
///
/// # Errors
/// Database faults only.
pub fn clear_adoption(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<()> {
    tx.changed("update meeting set adopted_at = null where org_id = $1 and meeting_id = $2", values![org, meeting])
}

/// An opinion a member sent before the meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opinion {
    /// Identifier.
    pub id: RowId,
    /// Item of the agenda it belongs to.
    pub item: Option<ItemId>,
    /// Who.
    pub person: PersonId,
    /// What they wrote.
    pub body: String,
    /// Whether they want to speak themselves.
    pub wants_floor: bool,
}

db::row!(Opinion { id, item, person, body, wants_floor });

/// Opinions that were sent and not yet spoken, in the order they came. One is spoken as long as a
/// contribution was made of it.
///
/// # Errors
/// Database faults only.
pub fn sent_opinions(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<Vec<Opinion>> {
    tx.all(
        "select o.opinion_id, o.item_id, o.person_id, o.body, o.wants_floor from opinion o
         where o.org_id = $1 and o.meeting_id = $2 and o.state = 'sent' and not exists (select 1 from contribution c
         where c.org_id = o.org_id and c.meeting_id = o.meeting_id and c.opinion_id = o.opinion_id)
         order by o.written_at, o.opinion_id",
        values![org, meeting],
    )
}

/// Marks one person, by whoever takes the roll. Taking it is quick and corrected often, so the last
/// word counts; a mark the standing forbids is refused.
///
/// # Errors
/// A refusal; `NotFound` when the person is not on the list; database faults.
pub fn mark(
    tx: &mut Tx,
    org: OrgId,
    meeting: MeetingId,
    person: PersonId,
    mark: Option<Mark>,
    reason: Option<&str>,
    at: DateTime,
) -> Result<(), Fault> {
    let standing: String = tx.scalar(
        "select standing from roll where org_id = $1 and meeting_id = $2 and person_id = $3",
        values![org, meeting, person],
    )?;
    let standing = Standing::from_code(&standing).ok_or(Fault::NotFound)?;
    if let Some(mark) = mark {
        domain::roll::may_mark(standing, mark)?;
    }
    let arrived = mark.filter(|m| m.is_there()).map(|_| at);
    tx.changed(
        "update roll set mark = $4, reason = $5, arrived_at = case when cast($6 as text) is null then null else coalesce(arrived_at, $6) end,
         marked_by = 'secretary', marked_at = null, entry_id = null, was = null, version = version + 1
         where org_id = $1 and meeting_id = $2 and person_id = $3",
        values![org, meeting, person, mark.map(Code::code), reason, arrived],
    )?;
    Ok(())
}

/// Notes that a person left early.
///
/// # Errors
/// `Conflict` when not on the list; database faults.
pub fn set_left(tx: &mut Tx, org: OrgId, meeting: MeetingId, person: PersonId, left_at: Option<DateTime>) -> db::Result<()> {
    tx.changed(
        "update roll set left_at = $4, version = version + 1 where org_id = $1 and meeting_id = $2 and person_id = $3",
        values![org, meeting, person, left_at],
    )
}

/// A guest: name and what they come as.
///
/// # Errors
/// Database faults only.
pub fn guests(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<Vec<(RowId, String, String)>> {
    tx.all(
        "select guest_id, name, title from guest where org_id = $1 and meeting_id = $2 order by guest_id",
        values![org, meeting],
    )
}

/// Adds a guest.
///
/// # Errors
/// Database faults only.
pub fn add_guest(tx: &mut Tx, actor: &Actor, org: OrgId, meeting: MeetingId, name: &str, title: &str) -> db::Result<RowId> {
    let id: RowId = actor.id();
    tx.exec(
        "insert into guest (org_id, guest_id, meeting_id, name, title) values ($1, $2, $3, $4, $5)",
        values![org, id, meeting, name, title],
    )?;
    Ok(id)
}

/// Removes a guest.
///
/// # Errors
/// `Conflict` when gone; database faults.
pub fn drop_guest(tx: &mut Tx, org: OrgId, meeting: MeetingId, guest: RowId) -> db::Result<()> {
    tx.changed("delete from guest where org_id = $1 and meeting_id = $2 and guest_id = $3", values![org, meeting, guest])
}

/// Somebody spoke on an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contribution {
    /// Identifier.
    pub id: RowId,
    /// Item of the agenda.
    pub item: ItemId,
    /// Who.
    pub person: PersonId,
    /// Prepared opinion it came from.
    pub opinion: Option<RowId>,
    /// What was said, in the secretary's words.
    pub summary: String,
    /// When.
    pub said_at: Timestamp,
}

db::row!(Contribution { id, item, person, opinion, summary, said_at });

/// Who spoke in a meeting, in order.
///
/// # Errors
/// Database faults only.
pub fn contributions(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<Vec<Contribution>> {
    tx.all(
        "select contribution_id, item_id, person_id, opinion_id, summary, said_at from contribution
         where org_id = $1 and meeting_id = $2 order by said_at, contribution_id",
        values![org, meeting],
    )
}

/// Records that somebody spoke.
///
/// # Errors
/// Database faults only.
pub fn add_contribution(
    tx: &mut Tx,
    actor: &Actor,
    org: OrgId,
    meeting: MeetingId,
    item: ItemId,
    person: PersonId,
    opinion: Option<RowId>,
    summary: &str,
) -> db::Result<RowId> {
    let id: RowId = actor.id();
    tx.exec(
        "insert into contribution (org_id, contribution_id, meeting_id, item_id, person_id, opinion_id, summary, said_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![org, id, meeting, item, person, opinion, summary, actor.acted_at()],
    )?;
    Ok(id)
}

/// Changes what was noted of a contribution.
///
/// # Errors
/// `Conflict` when gone; database faults.
pub fn edit_contribution(tx: &mut Tx, org: OrgId, meeting: MeetingId, id: RowId, summary: &str) -> db::Result<()> {
    tx.changed(
        "update contribution set summary = $4 where org_id = $1 and meeting_id = $2 and contribution_id = $3",
        values![org, meeting, id, summary],
    )
}

/// Takes back a contribution noted by mistake.
///
/// # Errors
/// `Conflict` when gone; database faults.
pub fn drop_contribution(tx: &mut Tx, org: OrgId, meeting: MeetingId, id: RowId) -> db::Result<()> {
    tx.changed(
        "delete from contribution where org_id = $1 and meeting_id = $2 and contribution_id = $3",
        values![org, meeting, id],
    )
}

/// A vote as recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vote {
    /// Identifier.
    pub id: VoteId,
    /// Item of the agenda.
    pub item: Option<ItemId>,
    /// Resolution voted on.
    pub resolution: Option<ResolutionId>,
    /// What is voted on.
    pub subject: Subject,
    /// The question.
    pub question: String,
    /// What was needed.
    pub threshold: Threshold,
    /// All official members not exempt: the denominator.
    pub electorate: u32,
    /// Of those, present.
    pub present: u32,
    /// For.
    pub yes: u32,
    /// Against.
    pub no: u32,
    /// Other opinions.
    pub other: u32,
    /// Whether it passed.
    pub passed: bool,
    /// Names of those who keep their opinion (bảo lưu ý kiến), one per line.
    pub reserved: String,
    /// When.
    pub taken_at: Timestamp,
    /// How.
    pub method: VoteMethod,
    /// The taking of it, where it was opened and closed; none for hands counted in one step.
    pub ballot: Option<BallotId>,
}

db::row!(Vote {
    id,
    item,
    resolution,
    subject: code,
    question,
    threshold,
    electorate,
    present,
    yes,
    no,
    other,
    passed,
    reserved,
    taken_at,
    method: code,
    ballot
});

impl Vote {
    /// What came of it, by the rules.
    ///
    /// # Errors
    /// Only for rows that never came from this store.
    pub fn outcome(&self) -> Result<Outcome, domain::refusal::Refusal> {
        outcome(Electorate { total: self.electorate, present: self.present }, self.count(), self.threshold)
    }

    /// The count.
    pub fn count(&self) -> Count {
        Count { yes: self.yes, no: self.no, other: self.other }
    }
}

/// The votes of a meeting, in order.
///
/// # Errors
/// Database faults only.
pub fn votes(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<Vec<Vote>> {
    tx.all(
        "select vote_id, item_id, resolution_id, subject, question, threshold, electorate, present, yes, no, other, passed,
         reserved, taken_at, method, ballot_id from vote where org_id = $1 and meeting_id = $2 order by taken_at, vote_id",
        values![org, meeting],
    )
}

/// What the chair counted.
#[derive(Debug, Clone)]
pub struct NewVote {
    /// Item of the agenda.
    pub item: Option<ItemId>,
    /// Resolution voted on.
    pub resolution: Option<ResolutionId>,
    /// What is voted on.
    pub subject: Subject,
    /// How many must approve, by the rules of the meeting's day.
    pub threshold: Threshold,
    /// The question.
    pub question: String,
    /// Counted hands.
    pub count: Count,
    /// Who keeps their opinion, one name per line.
    pub reserved: String,
}

/// Records a vote by show of hands; the electorate is that of the roll at this moment.
///
/// # Errors
/// A refusal when the count cannot be right; database faults.
pub fn add_vote(tx: &mut Tx, actor: &Actor, org: OrgId, meeting: MeetingId, new: &NewVote) -> Result<VoteId, Fault> {
    let lines: Vec<RollLine> = roll(tx, org, meeting)?.iter().map(Line::facts).collect();
    keep_vote(tx, actor, org, meeting, new, Electorate::of(&lines), (VoteMethod::HandsCount, None))
}

/// Keeps a result over an electorate, with how it was taken.
///
/// # Errors
/// A refusal when the count cannot be right; database faults.
pub fn keep_vote(
    tx: &mut Tx,
    actor: &Actor,
    org: OrgId,
    meeting: MeetingId,
    new: &NewVote,
    seats: Electorate,
    (method, ballot): (VoteMethod, Option<BallotId>),
) -> Result<VoteId, Fault> {
    let result = outcome(seats, new.count, new.threshold)?;
    let id: VoteId = actor.id();
    tx.exec(
        "insert into vote (org_id, vote_id, meeting_id, item_id, resolution_id, subject, question, threshold, electorate,
         present, yes, no, other, passed, reserved, taken_at, method, ballot_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        values![
            org,
            id,
            meeting,
            new.item,
            new.resolution,
            new.subject.code(),
            new.question,
            new.threshold,
            seats.total,
            seats.present,
            new.count.yes,
            new.count.no,
            new.count.other,
            result.passed,
            new.reserved,
            actor.now,
            method.code(),
            ballot
        ],
    )?;
    crate::audit::store::record(tx, actor, org, "vote.recorded", &crate::meeting::store::object(meeting), new.subject.code())?;
    Ok(id)
}

/// Takes back a vote recorded by mistake, while the meeting may still be written.
///
/// # Errors
/// A refusal for the result of a vote that was opened and closed, which is withdrawn with a reason;
/// `Conflict` when gone; database faults.
pub fn drop_vote(tx: &mut Tx, actor: &Actor, org: OrgId, meeting: MeetingId, vote: VoteId) -> Result<(), Fault> {
    let done = tx.exec(
        "delete from vote where org_id = $1 and meeting_id = $2 and vote_id = $3 and ballot_id is null",
        values![org, meeting, vote],
    )?;
    if done == 0 && votes(tx, org, meeting)?.iter().any(|v| v.id == vote) {
        let text =
            "Kết quả này có từ một lần biểu quyết đã mở. Hãy mở lần biểu quyết đó ở trang điều hành rồi rút lại, ghi lý do.";
        return Err(Refusal::new("vote_of_ballot", text).into());
    }
    if done == 0 {
        return Err(Fault::Conflict);
    }
    Ok(crate::audit::store::record(tx, actor, org, "vote.removed", &crate::meeting::store::object(meeting), "")?)
}

/// Empties what was noted of an item that has become a state secret: that somebody spoke and how a
/// vote went stays, words do not (P-30).
///
/// # Errors
/// Database faults only.
pub fn hush_item(tx: &mut Tx, org: OrgId, meeting: MeetingId, item: ItemId) -> db::Result<()> {
    tx.exec(
        "update contribution set summary = '' where org_id = $1 and meeting_id = $2 and item_id = $3 and summary <> ''",
        values![org, meeting, item],
    )?;
    tx.exec(
        "update vote set question = $4 where org_id = $1 and meeting_id = $2 and item_id = $3 and resolution_id is null",
        values![org, meeting, item, domain::agenda::SECRET_TITLE],
    )?;
    Ok(())
}
