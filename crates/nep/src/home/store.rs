//! What home pages ask the database: a person's and a cell's year, answers, states of cells below,
//! how far a new installation is; beside it everything kept about one person (P-26).

pub mod everything;

use std::collections::BTreeMap;

use db::{FromRow, Row, Tx, Value, values};
use domain::agenda::Part;
use domain::id::{IssuedId, MeetingId, OrgId, PersonId};
use domain::meeting::MeetingState;
use domain::period::PeriodKey;
use domain::roll::{Mark, MembershipFact, RollLine, Standing};
use jiff::civil::{Date, DateTime};

use crate::meeting::store::held::{HELD, OF_PERIODS};

/// One held meeting of a kỳ as the roll has one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The meeting.
    pub meeting: MeetingId,
    /// Its title.
    pub title: String,
    /// When.
    pub starts_at: DateTime,
    /// Where its minutes stand.
    pub state: MeetingState,
    /// Its sealed minutes.
    pub sealed: Option<IssuedId>,
    /// Standing on that day.
    pub standing: Standing,
    /// Whether an official member on that day.
    pub official: bool,
    /// What the roll says.
    pub mark: Option<Mark>,
    /// Why absent.
    pub reason: Option<String>,
}

db::row!(Seen { meeting, title, starts_at, state: code, sealed, standing: code, official, mark: code_opt, reason });

impl Seen {
    /// The line as the rules of attendance see it.
    pub fn facts(&self, person: PersonId) -> RollLine {
        RollLine {
            person,
            name: String::new(),
            standing: self.standing,
            official: self.official,
            leader: false,
            mark: self.mark,
            reason: None,
        }
    }
}

/// The meetings of a kỳ held in a year on whose roll a person of some cells stands, by cell, oldest
/// first. Meetings of the committee and others that serve no kỳ are not attendance of the cell.
///
/// # Errors
/// Database faults only.
pub fn rolls_of(tx: &mut Tx, cells: &[Cell], person: PersonId, year: i16) -> db::Result<ByCell<Seen>> {
    let (places, v) = of_cells(values![person, format!("{year}-"), format!("{year}.")], cells);
    by_cell(
        tx,
        &format!(
            "select m.meeting_id, m.title, m.starts_at, m.state, m.sealed_id, r.standing, r.official, coalesce(r.corrected, r.mark),
             r.reason, m.org_id
             from meeting m join roll r on r.org_id = m.org_id and r.meeting_id = m.meeting_id
             where m.org_id in ({places}) and r.person_id = $1 and m.starts_at >= $2 and m.starts_at < $3
             and {HELD} and {OF_PERIODS}
             order by m.starts_at"
        ),
        &v,
        9,
    )
}

/// One contribution with one kỳ its meeting served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpokenRow {
    /// Who.
    pub person: PersonId,
    /// In which meeting.
    pub meeting: MeetingId,
    /// In which part of it.
    pub part: Part,
    /// Whether the minutes are sealed.
    pub sealed: bool,
    /// The kỳ.
    pub period: PeriodKey,
}

impl SpokenRow {
    /// A row, unless its kỳ cannot be read.
    fn read(row: &Row) -> db::Result<Option<Self>> {
        let Ok(period) = row.get::<String>(4)?.parse() else {
            return Ok(None);
        };
        let sealed = row.code::<MeetingState>(3)? == MeetingState::Sealed;
        Ok(Some(Self { person: row.get(0)?, meeting: row.get(1)?, part: row.code(2)?, sealed, period }))
    }
}

/// Contributions of a year in a cell. A meeting that served several kỳ gives a row for each;
/// `year::periods_spoken` chooses.
///
/// # Errors
/// Database faults only.
pub fn spoken(tx: &mut Tx, org: OrgId, year: i16) -> db::Result<Vec<SpokenRow>> {
    let mut out = Vec::new();
    tx.each(
        "select c.person_id, c.meeting_id, i.part, m.state, p.period from contribution c
         join agenda_item i on i.org_id = c.org_id and i.item_id = c.item_id
         join meeting m on m.org_id = c.org_id and m.meeting_id = c.meeting_id
         join meeting_period p on p.org_id = c.org_id and p.meeting_id = c.meeting_id
         where c.org_id = $1 and p.period >= $2 and p.period < $3 order by c.said_at, c.contribution_id, p.period",
        values![org, format!("{year}-"), format!("{year}.")],
        |row| {
            out.extend(SpokenRow::read(row)?);
            Ok(())
        },
    )?;
    Ok(out)
}

/// As [`spoken`], of one person in some cells.
///
/// # Errors
/// Database faults only.
pub fn spoken_by(tx: &mut Tx, cells: &[Cell], person: PersonId, year: i16) -> db::Result<ByCell<SpokenRow>> {
    let (places, v) = of_cells(values![person, format!("{year}-"), format!("{year}.")], cells);
    let mut out: ByCell<SpokenRow> = BTreeMap::new();
    tx.each(
        // From the kỳ of the year to what the person said in them, never through all that they ever said.
        &format!(
            "select c.person_id, c.meeting_id, i.part, m.state, p.period, c.org_id from meeting_period p
             cross join contribution c cross join meeting m cross join agenda_item i
             where p.org_id in ({places}) and p.period >= $2 and p.period < $3
             and c.org_id = p.org_id and c.person_id = $1 and c.meeting_id = p.meeting_id
             and m.org_id = c.org_id and m.meeting_id = c.meeting_id and i.org_id = c.org_id and i.item_id = c.item_id"
        ),
        &v,
        |row| {
            out.entry(row.get(5)?).or_default().extend(SpokenRow::read(row)?);
            Ok(())
        },
    )?;
    Ok(out)
}

/// As [`spoken`], of some cells and from sealed minutes only, each word of a person in a part of a meeting once.
///
/// # Errors
/// Database faults only.
pub fn spoken_in(tx: &mut Tx, cells: &[OrgId], year: i16) -> db::Result<ByCell<SpokenRow>> {
    let (places, v) = db::listed(values![format!("{year}-"), format!("{year}.")], cells);
    let mut out: ByCell<SpokenRow> = BTreeMap::new();
    tx.each(
        // From the kỳ of the year to what was said in them, never through all that was ever said.
        &format!(
            "select distinct c.person_id, c.meeting_id, i.part, m.state, p.period, c.org_id from meeting_period p
             cross join meeting m cross join contribution c cross join agenda_item i
             where p.org_id in ({places}) and p.period >= $1 and p.period < $2
             and m.org_id = p.org_id and m.meeting_id = p.meeting_id and m.state = 'sealed'
             and c.org_id = p.org_id and c.meeting_id = p.meeting_id and i.org_id = c.org_id and i.item_id = c.item_id"
        ),
        &v,
        |row| {
            out.entry(row.get(5)?).or_default().extend(SpokenRow::read(row)?);
            Ok(())
        },
    )?;
    Ok(out)
}

/// A cell a person belongs or belonged to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// The cell.
    pub org: OrgId,
    /// Its short name today.
    pub name: String,
    /// The person's stays in it, oldest first.
    pub stays: Vec<MembershipFact>,
}

/// Rows of several cells, each with its own in the order they came.
pub type ByCell<T> = BTreeMap<OrgId, Vec<T>>;

/// Every cell a person ever belonged to, by id, with the stays in it.
///
/// # Errors
/// Database faults only.
pub fn cells_of(tx: &mut Tx, person: PersonId, today: Date) -> db::Result<Vec<Cell>> {
    let mut out: Vec<Cell> = Vec::new();
    tx.each(
        "select m.org_id, n.short_name, m.standing, m.name, m.from_date, m.to_date, p.official_on from membership m
         join person p on p.person_id = m.person_id
         join org_name n on n.org_id = m.org_id and n.from_date <= $2 and (n.to_date is null or n.to_date > $2)
         where m.person_id = $1 order by m.org_id, m.from_date",
        values![person, today],
        |row| {
            let org = row.get(0)?;
            if out.last().is_none_or(|c| c.org != org) {
                out.push(Cell { org, name: row.get(1)?, stays: Vec::new() });
            }
            let stay = MembershipFact {
                person,
                leader: false,
                standing: row.code(2)?,
                name: row.get(3)?,
                from: row.get(4)?,
                to: row.get(5)?,
                official_on: row.get(6)?,
            };
            if let Some(cell) = out.last_mut() {
                cell.stays.push(stay);
            }
            Ok(())
        },
    )?;
    Ok(out)
}

fn of_cells(before: &[Value], cells: &[Cell]) -> (String, Vec<Value>) {
    db::listed(before, cells.iter().map(|c| c.org))
}

/// Reads rows that carry their cell in the column `at`.
fn by_cell<T: FromRow>(tx: &mut Tx, sql: &str, v: &[Value], at: usize) -> db::Result<ByCell<T>> {
    let mut out: ByCell<T> = BTreeMap::new();
    tx.each(sql, v, |row| {
        out.entry(row.get(at)?).or_default().push(T::from_row(row)?);
        Ok(())
    })?;
    Ok(out)
}

/// The roll of one meeting of a kỳ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roll {
    /// The meeting.
    pub meeting: MeetingId,
    /// Its title.
    pub title: String,
    /// When.
    pub starts_at: DateTime,
    /// Standing and mark of everybody on it.
    pub lines: Vec<(Standing, Option<Mark>)>,
}

/// The rolls of the kỳ of a year, oldest meeting first.
///
/// # Errors
/// Database faults only.
pub fn rolls(tx: &mut Tx, org: OrgId, year: i16) -> db::Result<Vec<Roll>> {
    let mut out: Vec<Roll> = Vec::new();
    tx.each(
        &format!(
            "select m.meeting_id, r.standing, coalesce(r.corrected, r.mark), m.title, m.starts_at
             from meeting m join roll r on r.org_id = m.org_id and r.meeting_id = m.meeting_id
             where m.org_id = $1 and m.starts_at >= $2 and m.starts_at < $3
             and {HELD} and {OF_PERIODS}
             order by m.starts_at"
        ),
        values![org, format!("{year}-"), format!("{year}.")],
        |row| {
            let meeting = row.get(0)?;
            let at = out.iter().rposition(|r| r.meeting == meeting).unwrap_or(out.len());
            if at == out.len() {
                out.push(Roll { meeting, title: row.get(3)?, starts_at: row.get(4)?, lines: Vec::new() });
            }
            if let Some(roll) = out.get_mut(at) {
                roll.lines.push((row.code(1)?, row.code_opt(2)?));
            }
            Ok(())
        },
    )?;
    Ok(out)
}

/// What a person answered to notices of a cell: meeting → the answer and what was decided of an excuse.
pub type Answered = BTreeMap<MeetingId, (String, Option<String>)>;

/// What a person answered to the notices of some meetings.
///
/// # Errors
/// Database faults only.
pub fn my_replies(tx: &mut Tx, org: OrgId, meetings: &[MeetingId], person: PersonId) -> db::Result<Answered> {
    let (places, v) = db::listed(values![org, person], meetings);
    let rows: Vec<(MeetingId, String, Option<String>)> = tx.all(
        &format!(
            "select meeting_id, answer, decision from reply where org_id = $1 and person_id = $2 and meeting_id in ({places})"
        ),
        &v,
    )?;
    Ok(rows.into_iter().map(|(meeting, answer, decision)| (meeting, (answer, decision))).collect())
}

/// Answers to a notice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Answers {
    /// Will come.
    pub coming: i64,
    /// Ask to be absent.
    pub away: i64,
    /// Of those, not yet decided.
    pub pending: i64,
}

/// Counts the answers to the notice of a meeting.
///
/// # Errors
/// Database faults only.
pub fn answers(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<Answers> {
    let (coming, away, pending): (i64, i64, i64) = tx.one(
        "select coalesce(sum(case when answer = 'coming' then 1 else 0 end), 0),
         coalesce(sum(case when answer = 'away' then 1 else 0 end), 0),
         coalesce(sum(case when answer = 'away' and decision is null then 1 else 0 end), 0)
         from reply where org_id = $1 and meeting_id = $2",
        values![org, meeting],
    )?;
    Ok(Answers { coming, away, pending })
}

/// A meeting of a kỳ in some cell below, without any content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Below {
    /// The cell.
    pub org: OrgId,
    /// Where its meeting stands.
    pub state: MeetingState,
    /// Planned start.
    pub starts_at: DateTime,
    /// When it began.
    pub opened_at: Option<DateTime>,
}

db::row!(Below { org, state: code, starts_at, opened_at });

/// The meetings of one kỳ in every cell at or below a path.
///
/// # Errors
/// Database faults only.
pub fn meetings_below(tx: &mut Tx, path: &str, period: PeriodKey) -> db::Result<Vec<Below>> {
    tx.all(
        "select o.org_id, m.state, m.starts_at, m.opened_at from org o
         join meeting_period p on p.org_id = o.org_id and p.period = $3
         join meeting m on m.org_id = p.org_id and m.meeting_id = p.meeting_id
         where o.path >= $1 and o.path < $2 and o.is_cell = 1 and m.state <> 'cancelled' order by o.org_id, m.starts_at",
        values![path, format!("{path}~"), period.to_string()],
    )
}

/// A kỳ of some cell below that was planned, put off or merged: cell, planned day, put off to, merged into.
pub type PlanBelow = (OrgId, Option<DateTime>, Option<Date>, Option<String>);

/// The plans of one kỳ in every cell at or below a path.
///
/// # Errors
/// Database faults only.
pub fn plans_below(tx: &mut Tx, path: &str, period: PeriodKey) -> db::Result<Vec<PlanBelow>> {
    tx.all(
        "select o.org_id, p.planned_at, p.postponed_to, p.merged_into from org o
         join period_plan p on p.org_id = o.org_id and p.period = $3
         where o.path >= $1 and o.path < $2 and o.is_cell = 1",
        values![path, format!("{path}~"), period.to_string()],
    )
}

/// How far a cell of a new installation is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Members today.
    pub members: i64,
    /// Leading posts held today.
    pub posts: i64,
    /// Members who have an account, or a slip to make one.
    pub slips: i64,
    /// Kỳ of the year that were laid out.
    pub planned: i64,
    /// Meetings that were created.
    pub meetings: i64,
    /// Of those, with a notice.
    pub noticed: i64,
    /// The newest meeting in preparation.
    pub draft: Option<MeetingId>,
    /// Whether minutes were sealed.
    pub sealed: bool,
}

impl FromRow for Progress {
    fn from_row(row: &Row) -> db::Result<Self> {
        Ok(Self {
            members: row.get(0)?,
            posts: row.get(1)?,
            slips: row.get(2)?,
            planned: row.get(3)?,
            meetings: row.get(4)?,
            noticed: row.get(5)?,
            draft: row.get(6)?,
            sealed: false,
        })
    }
}

/// Reads how far a cell is; of one that has sealed minutes nothing else is asked, it needs no first steps.
///
/// # Errors
/// Database faults only.
pub fn progress(tx: &mut Tx, org: OrgId, today: Date) -> db::Result<Progress> {
    let begun: Option<(i64,)> = tx.opt("select 1 from meeting where org_id = $1 and state = 'sealed' limit 1", values![org])?;
    if begun.is_some() {
        return Ok(Progress { sealed: true, ..Progress::default() });
    }
    let here = "org_id = $1 and from_date <= $2 and (to_date is null or to_date > $2)";
    let counts: [&str; 6] = [
        &format!("from membership where {here}"),
        &format!("from post where {here} and role in ('secretary', 'deputy', 'committee')"),
        &format!(
            "from membership m where {here}
             and (exists (select 1 from account a where a.person_id = m.person_id)
             or exists (select 1 from activation v where v.person_id = m.person_id))"
        ),
        "from period_plan where org_id = $1 and period >= $3",
        "from meeting where org_id = $1",
        "from meeting where org_id = $1 and noticed_at is not null",
    ];
    let counts = counts.map(|c| format!("(select count(*) {c})")).join(", ");
    let draft = "(select meeting_id from meeting where org_id = $1 and state = 'draft' order by starts_at desc limit 1)";
    tx.one(&format!("select {counts}, {draft}"), values![org, today, format!("{}-", today.year())])
}

/// A contribution in a person's own words of the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// Title of the meeting.
    pub meeting: String,
    /// When it was held.
    pub starts_at: DateTime,
    /// Item of the agenda.
    pub item: String,
    /// What was noted.
    pub summary: String,
    /// Where the minutes stand.
    pub state: MeetingState,
}

db::row!(Words { meeting, starts_at, item, summary, state: code });

/// Most contributions and answers of one cell a page shows.
const WORDS_MAX: usize = 200;
const REPLIES_MAX: usize = 100;

/// What is recorded of a person's contributions in some cells, by cell, newest first.
///
/// # Errors
/// Database faults only.
pub fn words_of(tx: &mut Tx, cells: &[Cell], person: PersonId) -> db::Result<ByCell<Words>> {
    let (places, v) = of_cells(values![person], cells);
    let mut words = by_cell(
        tx,
        &format!(
            "select m.title, m.starts_at, i.title, c.summary, m.state, c.org_id from contribution c
             join agenda_item i on i.org_id = c.org_id and i.item_id = c.item_id
             join meeting m on m.org_id = c.org_id and m.meeting_id = c.meeting_id
             where c.org_id in ({places}) and c.person_id = $1 order by c.said_at desc"
        ),
        &v,
        5,
    )?;
    words.values_mut().for_each(|of_one| of_one.truncate(WORDS_MAX));
    Ok(words)
}

/// A person's answer in a cell: meeting, when, answer, reason, decision.
pub type ReplyRow = (String, DateTime, String, Option<String>, Option<String>);

/// What a person answered to notices of some cells, by cell, newest first.
///
/// # Errors
/// Database faults only.
pub fn replies_of(tx: &mut Tx, cells: &[Cell], person: PersonId) -> db::Result<ByCell<ReplyRow>> {
    let (places, v) = of_cells(values![person], cells);
    // “cross join” keeps SQLite from walking through the answers of everybody else.
    let mut replies = by_cell(
        tx,
        &format!(
            "select m.title, m.starts_at, r.answer, coalesce(r.reason, r.reason_kind), r.decision, m.org_id from meeting m
             cross join reply r where m.org_id in ({places}) and r.org_id = m.org_id and r.meeting_id = m.meeting_id
             and r.person_id = $1 order by m.starts_at desc"
        ),
        &v,
        5,
    )?;
    replies.values_mut().for_each(|of_one| of_one.truncate(REPLIES_MAX));
    Ok(replies)
}

/// The fields kept about a person: name, birth year, admitted, official, card, telephone, e-mail.
pub type Fields = (String, Option<i64>, Option<Date>, Option<Date>, Option<String>, Option<String>, Option<String>);

/// The fields kept about a person.
///
/// # Errors
/// `NotFound`; database faults.
pub fn person(tx: &mut Tx, person: PersonId) -> db::Result<Fields> {
    tx.one(
        "select name, birth_year, admitted_on, official_on, card_number, phone, email from person where person_id = $1",
        values![person],
    )
}

/// A person's stays and posts anywhere: organisation, word, from, to.
pub type SpanRow = (String, String, Date, Option<Date>);

/// Every stay of a person, oldest first.
///
/// # Errors
/// Database faults only.
pub fn memberships_of(tx: &mut Tx, person: PersonId) -> db::Result<Vec<SpanRow>> {
    tx.all(
        "select n.name, m.standing, m.from_date, m.to_date from membership m
         join org_name n on n.org_id = m.org_id and n.from_date = coalesce(
           (select max(x.from_date) from org_name x where x.org_id = m.org_id and x.from_date <= m.from_date),
           (select min(x.from_date) from org_name x where x.org_id = m.org_id))
         where m.person_id = $1 order by m.from_date, m.membership_id",
        values![person],
    )
}

/// Every post of a person, oldest first, with whether the organisation is a cell.
///
/// # Errors
/// Database faults only.
pub fn posts_of(tx: &mut Tx, person: PersonId) -> db::Result<Vec<(String, String, Date, Option<Date>, bool)>> {
    tx.all(
        "select n.name, t.role, t.from_date, t.to_date, o.is_cell from post t join org o on o.org_id = t.org_id
         join org_name n on n.org_id = t.org_id and n.from_date = coalesce(
           (select max(x.from_date) from org_name x where x.org_id = t.org_id and x.from_date <= t.from_date),
           (select min(x.from_date) from org_name x where x.org_id = t.org_id))
         where t.person_id = $1 order by t.from_date, t.post_id",
        values![person],
    )
}
