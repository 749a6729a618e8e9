//! Cases and objections as rows, and the sealed rolls they are judged by. Rules: DD-06, DD-11, L7.

use std::collections::{BTreeMap, BTreeSet};

use db::{FromRow, Row, Tx, values};
use domain::absence::{CaseState, Claim, Entry, Level, Verdict, tell_enough};
use domain::code::Code;
use domain::id::{IssuedId, MeetingId, OrgId, PersonId, RowId};
use domain::meeting::MeetingState;
use domain::period::PeriodKey;
use domain::roll::{Mark, RollLine};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

use crate::actor::Actor;
use crate::audit::store as audit;
use crate::meeting::store::Serving;
use crate::meeting::store::held::OF_PERIODS;

/// What a sealed roll says of somebody at one meeting of one kỳ, with where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The entry as the rules see it.
    pub entry: Entry,
    /// Title of the meeting.
    pub title: String,
    /// When.
    pub starts_at: DateTime,
    /// Its sealed minutes.
    pub sealed: Option<IssuedId>,
    /// The document that corrects the line.
    pub corrected: Option<IssuedId>,
    /// What the person answered to the notice, and what was decided of it.
    pub reply: Option<(String, Option<String>)>,
}

/// The lines of sealed rolls of the kỳ of a year; “cross join” begins at the kỳ and goes to one line of each roll.
const SEALED_LINES: &str = "from meeting_period p cross join meeting m cross join roll r";
const OF_YEAR: &str = "p.org_id = $1 and p.period >= $2 and p.period < $3";
const SEALED: &str = "m.org_id = p.org_id and m.meeting_id = p.meeting_id and m.state = 'sealed'";
const LINES: &str = "r.org_id = p.org_id and r.meeting_id = p.meeting_id";

/// What the sealed rolls of the kỳ of a year say of a person, in the order of time.
///
/// # Errors
/// Database faults only.
pub fn seen(tx: &mut Tx, org: OrgId, year: i16, person: PersonId) -> db::Result<Vec<Seen>> {
    let mut out = Vec::new();
    tx.each(
        &format!(
            "select r.person_id, r.standing, r.official, coalesce(r.corrected, r.mark), m.meeting_id, p.period,
             m.title, m.starts_at, m.sealed_id, r.correction_id, y.answer, y.decision {SEALED_LINES}
             left join reply y on y.org_id = r.org_id and y.meeting_id = r.meeting_id and y.person_id = r.person_id
             where {OF_YEAR} and {SEALED} and {OF_PERIODS} and {LINES} and r.person_id = $4
             order by m.starts_at, m.meeting_id, p.period"
        ),
        values![org, format!("{year}-"), format!("{year}."), person],
        |row| {
            let (_, entry) = entry(row)?;
            let (reply, decision): (Option<String>, Option<String>) = (row.get(10)?, row.get(11)?);
            out.push(Seen {
                entry,
                title: row.get(6)?,
                starts_at: row.get(7)?,
                sealed: row.get(8)?,
                corrected: row.get(9)?,
                reply: reply.map(|answer| (answer, decision)),
            });
            Ok(())
        },
    )?;
    Ok(out)
}

/// As [`seen`], of several people and only what rules judge by, with the full name on that day; in the order of names.
///
/// # Errors
/// Database faults only.
pub fn entries(tx: &mut Tx, org: OrgId, year: i16, people: &[PersonId]) -> db::Result<Vec<(PersonId, String, Entry)>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let (places, v) = db::listed(values![org, format!("{year}-"), format!("{year}.")], people.iter().copied());
    let mut out = Vec::new();
    tx.each(
        &format!(
            "select r.person_id, r.standing, r.official, coalesce(r.corrected, r.mark), m.meeting_id, p.period, r.name
             {SEALED_LINES} where {OF_YEAR} and {SEALED} and {OF_PERIODS} and {LINES} and r.person_id in ({places})
             order by r.sort_key, r.person_id, m.starts_at, m.meeting_id, p.period"
        ),
        &v,
        |row| {
            let (person, entry) = entry(row)?;
            out.push((person, row.get(6)?, entry));
            Ok(())
        },
    )?;
    Ok(out)
}

/// The first six columns of a line, the last of them its kỳ.
fn entry(row: &Row) -> db::Result<(PersonId, Entry)> {
    let (meeting, line) = line(row)?;
    Ok((line.person, Entry::of(meeting, row.parse(5)?, &line)))
}

/// The first five columns of a line: what the roll of a meeting has of a person.
fn line(row: &Row) -> db::Result<(MeetingId, RollLine)> {
    let line = RollLine {
        person: row.get(0)?,
        name: String::new(),
        standing: row.code(1)?,
        official: row.get(2)?,
        leader: false,
        mark: row.code_opt(3)?,
        reason: None,
    };
    Ok((row.get(4)?, line))
}

/// Everybody whom sealed rolls of a year have with one of these marks, at least so many times.
///
/// # Errors
/// Database faults only.
pub fn often_marked(tx: &mut Tx, org: OrgId, year: i16, marks: &[Mark], times: u32) -> db::Result<Vec<PersonId>> {
    let (places, v) = db::listed(values![org, format!("{year}-"), format!("{year}."), times], marks.iter().map(|m| m.code()));
    let rows: Vec<(PersonId,)> = tx.all(
        &format!(
            "select r.person_id from meeting_period p cross join meeting m cross join roll r
             where p.org_id = $1 and p.period >= $2 and p.period < $3
             and m.org_id = p.org_id and m.meeting_id = p.meeting_id and m.state = 'sealed'
             and r.org_id = p.org_id and r.meeting_id = p.meeting_id and coalesce(r.corrected, r.mark) in ({places})
             group by r.person_id having count(*) >= $4"
        ),
        &v,
    )?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}

/// What the sealed rolls of a year say of everybody whom one of them has absent without a reason: enough to count the
/// months without a reason, mostly just those lines; the whole year of a person where they do not tell enough.
/// `meetings` are those of the year's kỳ.
///
/// # Errors
/// Database faults only.
pub fn without_reason(
    tx: &mut Tx,
    org: OrgId,
    year: i16,
    meetings: &[(PeriodKey, Serving)],
) -> db::Result<BTreeMap<PersonId, Vec<Entry>>> {
    let mut held: BTreeMap<PeriodKey, BTreeSet<MeetingId>> = BTreeMap::new();
    let mut served: BTreeMap<MeetingId, Vec<PeriodKey>> = BTreeMap::new();
    for (period, m) in meetings.iter().filter(|(_, m)| m.state == MeetingState::Sealed && m.kind.serves_period()) {
        held.entry(*period).or_default().insert(m.id);
        served.entry(m.id).or_default().push(*period);
    }
    let mut gone: BTreeMap<PersonId, Vec<Entry>> = BTreeMap::new();
    let (Some((first, _)), Some((last, _))) = (served.first_key_value(), served.last_key_value()) else {
        return Ok(gone);
    };
    tx.each(
        // The mark is written out: the partial index `roll_unexcused` holds these lines and no others.
        "select person_id, standing, official, coalesce(corrected, mark), meeting_id from roll
         where org_id = $1 and meeting_id >= $2 and meeting_id <= $3 and coalesce(corrected, mark) = 'unexcused'
         order by meeting_id, person_id",
        values![org, first, last],
        |row| {
            let (meeting, line) = line(row)?;
            let periods = served.get(&meeting).into_iter().flatten();
            gone.entry(line.person).or_default().extend(periods.map(|period| Entry::of(meeting, *period, &line)));
            Ok(())
        },
    )?;
    gone.retain(|_, lines| !lines.is_empty());
    let unsure: Vec<PersonId> = gone.iter().filter(|(_, lines)| !tell_enough(lines, &held)).map(|(person, _)| *person).collect();
    for person in &unsure {
        gone.insert(*person, Vec::new());
    }
    for (person, _, entry) in entries(tx, org, year, &unsure)? {
        gone.entry(person).or_default().push(entry);
    }
    Ok(gone)
}

/// A case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The cell.
    pub org: OrgId,
    /// Identifier.
    pub id: RowId,
    /// Whose case it is.
    pub person: PersonId,
    /// Their full name.
    pub name: String,
    /// The calendar year.
    pub year: i64,
    /// Where it stands.
    pub state: CaseState,
    /// What followed from the facts when it was opened.
    pub level: Level,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// By whom.
    pub opened_by: PersonId,
    /// The last day to object.
    pub hear_until: Date,
    /// When the member first saw it.
    pub seen_at: Option<Timestamp>,
    /// When the member said that there is nothing to object.
    pub content_at: Option<Timestamp>,
    /// The text of the notice.
    pub notice: String,
    /// Why it was closed without one.
    pub reason: Option<String>,
    /// The issued notice.
    pub issued: Option<IssuedId>,
    /// When it was confirmed or closed.
    pub decided_at: Option<Timestamp>,
    /// For "someone saved first".
    pub version: i64,
}

db::row!(Case {
    org,
    id,
    person,
    name,
    year,
    state: code,
    level: code,
    opened_at,
    opened_by,
    hear_until,
    seen_at,
    content_at,
    notice,
    reason,
    issued,
    decided_at,
    version
});

impl Case {
    /// The year as the rules take it.
    pub fn year(&self) -> i16 {
        i16::try_from(self.year).unwrap_or(0)
    }
}

const CASE: &str =
    "select c.org_id, c.case_id, c.person_id, p.name, c.year, c.state, c.level, c.opened_at, c.opened_by, c.hear_until,
    c.seen_at, c.content_at, c.notice, c.reason, c.issued_id, c.decided_at, c.version
    from absence_case c join person p on p.person_id = c.person_id";

/// A case of a cell.
///
/// # Errors
/// `NotFound`; database faults.
pub fn get(tx: &mut Tx, org: OrgId, id: RowId) -> db::Result<Case> {
    tx.one(&format!("{CASE} where c.org_id = $1 and c.case_id = $2"), values![org, id])
}

/// A person's own case, in whatever cell.
///
/// # Errors
/// `NotFound`; database faults.
pub fn own(tx: &mut Tx, person: PersonId, id: RowId) -> db::Result<Case> {
    tx.one(&format!("{CASE} where c.person_id = $1 and c.case_id = $2"), values![person, id])
}

/// Every case of a cell, newest first.
///
/// # Errors
/// Database faults only.
pub fn of_cell(tx: &mut Tx, org: OrgId) -> db::Result<Vec<Case>> {
    tx.all(&format!("{CASE} where c.org_id = $1 order by c.case_id desc"), values![org])
}

/// Every case of a person, newest first.
///
/// # Errors
/// Database faults only.
pub fn of_person(tx: &mut Tx, person: PersonId) -> db::Result<Vec<Case>> {
    tx.all(&format!("{CASE} where c.person_id = $1 order by c.case_id desc"), values![person])
}

/// The audit object of a case.
pub fn object(id: RowId) -> String {
    format!("absence:{id}")
}

/// Opens a case.
///
/// # Errors
/// Database faults only.
pub fn open(
    tx: &mut Tx,
    actor: &Actor,
    org: OrgId,
    (person, year, level): (PersonId, i16, Level),
    hear_until: Date,
) -> db::Result<RowId> {
    let id: RowId = actor.id();
    tx.exec(
        "insert into absence_case (org_id, case_id, person_id, year, state, level, opened_at, opened_by, hear_until, notice)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, '')",
        values![org, id, person, i64::from(year), CaseState::Hearing.code(), level.code(), actor.now, actor.person, hear_until],
    )?;
    audit::record(tx, actor, org, "absence.opened", &object(id), level.code())?;
    Ok(id)
}

/// Notes that the member has seen the facts, the first time.
///
/// # Errors
/// Database faults only.
pub fn seen_by_member(tx: &mut Tx, case: &Case, now: Timestamp) -> db::Result<()> {
    tx.exec(
        "update absence_case set seen_at = $3 where org_id = $1 and case_id = $2 and seen_at is null",
        values![case.org, case.id, now],
    )?;
    Ok(())
}

/// What changes in a case with a step.
#[derive(Debug, Clone, Default)]
pub struct Step {
    /// The member has nothing to object.
    pub content: bool,
    /// The text of the notice.
    pub notice: Option<String>,
    /// Why it ends without one.
    pub reason: Option<String>,
    /// The issued notice.
    pub issued: Option<IssuedId>,
}

/// Saves a step of a case that was read at its version.
///
/// # Errors
/// `Conflict` when someone went on first; database faults.
pub fn save(tx: &mut Tx, actor: &Actor, case: &Case, state: CaseState, step: &Step) -> db::Result<()> {
    let over = !state.is_live();
    let (at, by): (Option<Timestamp>, Option<PersonId>) = if over { (Some(actor.now), Some(actor.person)) } else { (None, None) };
    let content: Option<Timestamp> = step.content.then_some(actor.now);
    tx.changed(
        "update absence_case set state = $3, content_at = coalesce($4, content_at), notice = coalesce($5, notice),
         reason = coalesce($6, reason), issued_id = coalesce($7, issued_id), decided_at = coalesce($8, decided_at),
         decided_by = coalesce($9, decided_by), version = version + 1
         where org_id = $1 and case_id = $2 and version = $10",
        values![case.org, case.id, state.code(), content, step.notice, step.reason, step.issued, at, by, case.version],
    )?;
    audit::record(tx, actor, case.org, "absence.step", &object(case.id), state.code())
}

/// An objection of the member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objection {
    /// Identifier.
    pub id: RowId,
    /// The meeting it is about.
    pub meeting: MeetingId,
    /// What the member says.
    pub claim: Claim,
    /// In their words.
    pub words: String,
    /// When.
    pub raised_at: Timestamp,
    /// What was decided.
    pub verdict: Option<Verdict>,
    /// Why.
    pub reason: Option<String>,
    /// The correction that followed.
    pub issued: Option<IssuedId>,
}

db::row!(Objection { id, meeting, claim: code, words, raised_at, verdict: code_opt, reason, issued });

/// The objections of a case, in their order.
///
/// # Errors
/// Database faults only.
pub fn objections(tx: &mut Tx, org: OrgId, case: RowId) -> db::Result<Vec<Objection>> {
    tx.all(
        "select objection_id, meeting_id, claim, words, raised_at, decision, reason, issued_id from absence_objection
         where org_id = $1 and case_id = $2 order by objection_id",
        values![org, case],
    )
}

/// How many objections of each live case wait, of a cell.
///
/// # Errors
/// Database faults only.
pub fn waiting(tx: &mut Tx, org: OrgId) -> db::Result<BTreeMap<RowId, i64>> {
    let rows: Vec<(RowId, i64)> = tx.all(
        "select case_id, count(*) from absence_objection where org_id = $1 and decision is null group by case_id",
        values![org],
    )?;
    Ok(rows.into_iter().collect())
}

/// Records an objection.
///
/// # Errors
/// Database faults only.
pub fn object_to(tx: &mut Tx, actor: &Actor, case: &Case, meeting: MeetingId, claim: Claim, words: &str) -> db::Result<RowId> {
    let id: RowId = actor.id();
    tx.exec(
        "insert into absence_objection (org_id, objection_id, case_id, meeting_id, claim, words, raised_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        values![case.org, id, case.id, meeting, claim.code(), words, actor.now],
    )?;
    audit::record(tx, actor, case.org, "absence.objected", &object(case.id), claim.code())?;
    Ok(id)
}

/// Decides on an objection that nobody has decided.
///
/// # Errors
/// `Conflict` when somebody did; database faults.
pub fn decide(
    tx: &mut Tx,
    actor: &Actor,
    case: &Case,
    objection: RowId,
    (verdict, reason): (Verdict, &str),
    issued: Option<IssuedId>,
) -> db::Result<()> {
    tx.changed(
        "update absence_objection set decision = $4, reason = $5, decided_at = $6, decided_by = $7, issued_id = $8
         where org_id = $1 and case_id = $2 and objection_id = $3 and decision is null",
        values![case.org, case.id, objection, verdict.code(), reason, actor.now, actor.person, issued],
    )?;
    audit::record(tx, actor, case.org, "absence.decided", &object(case.id), verdict.code())
}

/// What of a cell waits for chi ủy: live cases by state, and objections to decide.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Cases whose member may still speak.
    pub hearing: i64,
    /// Of those, the time is over or the member has nothing to object.
    pub heard: i64,
    /// Drafted notices.
    pub drafted: i64,
    /// Objections to decide.
    pub objections: i64,
}

impl FromRow for Waiting {
    fn from_row(row: &Row) -> db::Result<Self> {
        Ok(Self { hearing: row.get(0)?, heard: row.get(1)?, drafted: row.get(2)?, objections: row.get(3)? })
    }
}

/// Reads what of a cell waits for chi ủy.
///
/// # Errors
/// Database faults only.
pub fn waits(tx: &mut Tx, org: OrgId, today: Date) -> db::Result<Waiting> {
    tx.one(
        "select coalesce(sum(case when state = 'hearing' then 1 else 0 end), 0),
         coalesce(sum(case when state = 'hearing' and (hear_until < $2 or content_at is not null) then 1 else 0 end), 0),
         coalesce(sum(case when state = 'drafted' then 1 else 0 end), 0),
         (select count(*) from absence_objection o join absence_case k on k.org_id = o.org_id and k.case_id = o.case_id
          where o.org_id = $1 and o.decision is null and k.state = 'hearing')
         from absence_case where org_id = $1 and state in ('hearing', 'drafted')",
        values![org, today],
    )
}

/// Whoever had or has a case in a year of a cell.
///
/// # Errors
/// Database faults only.
pub fn of_year(tx: &mut Tx, org: OrgId, year: i16) -> db::Result<Vec<PersonId>> {
    let rows: Vec<(PersonId,)> =
        tx.all("select person_id from absence_case where org_id = $1 and year = $2", values![org, i64::from(year)])?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}
