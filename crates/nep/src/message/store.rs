//! Messages as rows: runs, bundles, what of them is read. No content: tasks and what was sent down are named by
//! their ids.

pub mod choice;
pub mod delivery;
pub mod reach;

use std::collections::{BTreeMap, BTreeSet};

use db::{Tx, Value, values};
use domain::code::Code;
use domain::id::{Id, OrgId, PersonId, RowId, TaskId};
use domain::reminder::{About, Kind, Line, Window};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::actor::{Actor, local};
use crate::guidance::store::Guidance;

/// A message.
#[derive(Debug)]
pub enum MessageKind {}
/// Identifier of a message.
pub type MessageId = Id<MessageKind>;

/// The run of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The day.
    pub day: Date,
    /// The moment of the run before.
    pub after_at: Timestamp,
    /// Its own moment.
    pub until_at: Timestamp,
    /// How far it got.
    pub last: PersonId,
    /// From when on those are told whom the run before did not reach.
    pub early_at: Option<Timestamp>,
    /// Those are all after this one.
    pub early_person: Option<PersonId>,
    /// When it was through.
    pub done_at: Option<Timestamp>,
}

db::row!(Run { day, after_at, until_at, last, early_at, early_person, done_at });

impl Run {
    /// Since when a person is told.
    pub fn window(&self, person: PersonId) -> Window {
        let early = self.early_at.filter(|_| self.early_person.is_some_and(|p| person > p));
        Window { after: local(early.unwrap_or(self.after_at)), until: local(self.until_at) }
    }
}

/// The last run.
///
/// # Errors
/// Database faults only.
pub fn last_run(tx: &mut Tx) -> db::Result<Option<Run>> {
    tx.opt(
        "select day, after_at, until_at, last_person, early_at, early_person, done_at from reminder_run
         order by day desc limit 1",
        values![],
    )
}

/// Begins the run of a day.
///
/// # Errors
/// `Unique` when another server has just begun it; database faults.
pub fn begin(tx: &mut Tx, run: &Run) -> db::Result<()> {
    tx.exec(
        "insert into reminder_run (day, after_at, until_at, last_person, early_at, early_person)
         values ($1, $2, $3, $4, $5, $6)",
        values![run.day, run.after_at, run.until_at, run.last, run.early_at, run.early_person],
    )?;
    Ok(())
}

/// Notes how far a run got, or that it is through.
///
/// # Errors
/// `Conflict` when another server was faster; database faults.
pub fn advance(tx: &mut Tx, run: &Run, last: PersonId, done_at: Option<Timestamp>) -> db::Result<()> {
    tx.changed(
        "update reminder_run set last_person = $3, done_at = $4 where day = $1 and last_person = $2 and done_at is null",
        values![run.day, run.last, last, done_at],
    )
}

/// `due=2 check=1`.
fn to_text(counts: &[(Kind, u32)]) -> String {
    counts.iter().map(|(kind, n)| format!("{}={n}", kind.code())).collect::<Vec<_>>().join(" ")
}

/// The way back of the stored text.
pub fn counts_of(text: &str) -> Vec<(Kind, u32)> {
    text.split(' ')
        .filter_map(|part| part.split_once('='))
        .filter_map(|(k, n)| Some((Kind::from_code(k)?, n.parse().ok()?)))
        .collect()
}

/// Keeps the bundle of a person for a day; nothing when the person has one already.
///
/// # Errors
/// Database faults only.
pub fn keep(
    tx: &mut Tx,
    actor: &Actor,
    day: Date,
    (person, org): (PersonId, OrgId),
    lines: &[Line],
) -> db::Result<Option<MessageId>> {
    let id: MessageId = actor.id();
    let counts = domain::reminder::counts(lines);
    let made = tx.exec(
        "insert into message (person_id, day, message_id, org_id, counts, made_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (person_id, day) do nothing",
        values![person, day, id, org, to_text(&counts), actor.now],
    )?;
    if made == 0 {
        return Ok(None);
    }
    for line in lines {
        match line.about {
            About::Task(task) => tx.exec(
                "insert into message_task (person_id, day, org_id, task_id, kind) values ($1, $2, $3, $4, $5)",
                values![person, day, line.org, task, line.kind.code()],
            ),
            About::Sent(from, id) => tx.exec(
                "insert into message_sent (person_id, org_id, guidance_id, from_id, day, kind) values ($1, $2, $3, $4, $5, $6)
                 on conflict (person_id, org_id, guidance_id) do nothing",
                values![person, line.org, id, from, day, line.kind.code()],
            ),
        }?;
    }
    Ok(Some(id))
}

/// Which of some people a message told of what was sent to which cell.
///
/// # Errors
/// Database faults only.
pub fn told_sent(tx: &mut Tx, people: &[PersonId], of: &[Guidance]) -> db::Result<BTreeSet<(PersonId, OrgId, RowId)>> {
    let (people, v) = list(&[], people);
    let (ids, v) = db::listed(&v, of.iter().map(|g| g.id));
    let rows: Vec<(PersonId, OrgId, RowId)> = tx.all(
        &format!(
            "select person_id, org_id, guidance_id from message_sent where person_id in ({people}) and guidance_id in ({ids})"
        ),
        &v,
    )?;
    Ok(rows.into_iter().collect())
}

/// On which day the messages of a person since a day told of what was sent to which cell.
///
/// # Errors
/// Database faults only.
pub fn sent_since(tx: &mut Tx, person: PersonId, since: Date) -> db::Result<BTreeMap<(OrgId, RowId), Date>> {
    let rows: Vec<(OrgId, RowId, Date)> =
        tx.all("select org_id, guidance_id, day from message_sent where person_id = $1 and day >= $2", values![person, since])?;
    Ok(rows.into_iter().map(|(org, id, day)| ((org, id), day)).collect())
}

/// A message in the inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Of which day.
    pub day: Date,
    /// Kinds and counts as stored.
    pub counts: String,
    /// When it was read.
    pub read_at: Option<Timestamp>,
}

db::row!(Message { day, counts, read_at });

/// The messages of a person, newest first.
///
/// # Errors
/// Database faults only.
pub fn of(tx: &mut Tx, person: PersonId, limit: i64) -> db::Result<Vec<Message>> {
    tx.all("select day, counts, read_at from message where person_id = $1 order by day desc limit $2", values![person, limit])
}

/// What a message speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Of which day.
    pub day: Date,
    /// The cell.
    pub org: OrgId,
    /// The task.
    pub task: TaskId,
    /// Why.
    pub kind: Kind,
    /// What is to be done.
    pub content: String,
    /// Until when, today.
    pub deadline: Option<Date>,
}

db::row!(Told { day, org, task, kind: code, content, deadline });

/// The tasks the messages of a person since a day speak of, as they stand today; out of force are none.
///
/// # Errors
/// Database faults only.
pub fn told(tx: &mut Tx, person: PersonId, since: Date) -> db::Result<Vec<Told>> {
    let mut found: Vec<Told> = tx.all(
        "select m.day, m.org_id, m.task_id, m.kind, t.content, t.deadline from message_task m
         join task t on t.org_id = m.org_id and t.task_id = m.task_id
         where m.person_id = $1 and m.day >= $2 and t.in_force = 1",
        values![person, since],
    )?;
    found.sort_by_key(|t| (std::cmp::Reverse(t.day), t.kind, t.org, t.task));
    Ok(found)
}

/// Notes that a person has read what there is.
///
/// # Errors
/// Database faults only.
pub fn read_all(tx: &mut Tx, person: PersonId, now: Timestamp) -> db::Result<()> {
    tx.exec("update message set read_at = $2 where person_id = $1 and read_at is null", values![person, now])?;
    Ok(())
}

/// Who leads each of some cells on a day: the secretaries, or where there is none the deputies.
///
/// # Errors
/// Database faults only.
pub fn heads(tx: &mut Tx, cells: &[OrgId], today: Date) -> db::Result<BTreeMap<OrgId, Vec<PersonId>>> {
    let (places, v) = db::listed(values![today], cells);
    let mut secretaries: BTreeMap<OrgId, Vec<PersonId>> = Default::default();
    let mut deputies = secretaries.clone();
    tx.each(
        &format!(
            "select org_id, person_id, role from post where org_id in ({places}) and role in ('secretary', 'deputy')
             and from_date <= $1 and (to_date is null or to_date > $1) order by org_id, from_date, post_id"
        ),
        &v,
        |row| {
            let of = if row.get::<String>(2)? == "secretary" { &mut secretaries } else { &mut deputies };
            of.entry(row.get(0)?).or_default().push(row.get(1)?);
            Ok(())
        },
    )?;
    for (org, people) in deputies {
        secretaries.entry(org).or_insert(people);
    }
    Ok(secretaries)
}

/// The topmost organisation that was founded first: it sets when messages go out.
///
/// # Errors
/// Database faults only.
pub fn topmost(tx: &mut Tx) -> db::Result<Option<OrgId>> {
    // The path of an organisation without one above is the shortest of its kind.
    tx.scalar_opt("select org_id from org where ended_on is null order by length(path), org_id limit 1", values![])
}

/// Whether any organisation has set a figure of reminders of its own.
///
/// # Errors
/// Database faults only.
pub fn any_own_figure(tx: &mut Tx) -> db::Result<bool> {
    let found: Option<(i64,)> =
        tx.opt("select 1 from rule_override where key >= 'reminder.' and key < 'reminder/' limit 1", values![])?;
    Ok(found.is_some())
}

/// A list of ids as values of a statement.
fn list(before: &[Value], people: &[PersonId]) -> (String, Vec<Value>) {
    db::listed(before, people)
}
