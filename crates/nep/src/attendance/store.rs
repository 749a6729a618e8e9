//! What the year of a cell is counted from: the rolls of its held meetings with their corrections,
//! what was said, who belonged to the cell. Rules: DD-01 … DD-05, M2.

use std::collections::BTreeMap;

use db::{Tx, values};
use domain::attendance::{Held, Seat, is_late};
use domain::id::{IssuedId, MeetingId, OrgId, PersonId};
use domain::meeting::MeetingState;
use domain::period::PeriodKey;
use domain::roll::{MembershipFact, RollLine};
use jiff::civil::{Date, DateTime};

use crate::home::store::{SpokenRow, spoken};
use crate::meeting::store::held::{HELD, OF_PERIODS};
use crate::member::store::{self as members, Member};

/// A held meeting as the year shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingRow {
    /// Which.
    pub id: MeetingId,
    /// Its title.
    pub title: String,
    /// When.
    pub starts_at: DateTime,
    /// Where its minutes stand.
    pub state: MeetingState,
    /// Its sealed minutes.
    pub sealed: Option<IssuedId>,
}

/// A correction of a line of a sealed roll: meeting, person, the document that corrects.
pub type Corrected = (MeetingId, PersonId, IssuedId);

/// Everything a cell's year is counted from.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Held meetings, oldest first.
    pub meetings: Vec<MeetingRow>,
    /// Their rolls.
    pub held: Vec<Held>,
    /// Lines that a correction changed.
    pub corrected: Vec<Corrected>,
    /// What was said in the year.
    pub spoken: Vec<SpokenRow>,
    /// Every stay in the cell that touches the year, in the order of names.
    pub stays: Vec<Member>,
}

/// Reads the year of a cell; `late_after` is how many minutes after the opening make late.
///
/// # Errors
/// Database faults only.
pub fn load(tx: &mut Tx, org: OrgId, year: i16, late_after: i64) -> db::Result<Facts> {
    let mut out = Facts { spoken: spoken(tx, org, year)?, ..Facts::default() };
    rolls(tx, org, year, late_after, &mut out)?;
    let served = served(tx, org, year)?;
    for held in &mut out.held {
        held.periods = served.get(&held.meeting).cloned().unwrap_or_default();
    }
    let (first, end) = (Date::new(year, 1, 1), Date::new(year, 12, 31));
    if let (Ok(first), Ok(end)) = (first, end) {
        out.stays = members::stays(tx, org, first, end)?;
    }
    Ok(out)
}

fn rolls(tx: &mut Tx, org: OrgId, year: i16, late_after: i64, out: &mut Facts) -> db::Result<()> {
    tx.each(
        &format!(
            "select m.meeting_id, m.title, m.starts_at, m.state, m.sealed_id, m.opened_at, m.closed_at,
             r.person_id, r.name, r.standing, r.official, r.leader, coalesce(r.corrected, r.mark), r.reason, r.arrived_at,
             r.correction_id
             from meeting m join roll r on r.org_id = m.org_id and r.meeting_id = m.meeting_id
             where m.org_id = $1 and m.starts_at >= $2 and m.starts_at < $3
             and {HELD} and {OF_PERIODS}
             order by m.starts_at, m.meeting_id, r.sort_key, r.person_id"
        ),
        values![org, format!("{year}-"), format!("{year}.")],
        |row| {
            let (id, starts_at): (MeetingId, DateTime) = (row.get(0)?, row.get(2)?);
            if out.meetings.last().is_none_or(|m| m.id != id) {
                out.meetings.push(MeetingRow { id, title: row.get(1)?, starts_at, state: row.code(3)?, sealed: row.get(4)? });
                out.held.push(Held { meeting: id, day: starts_at.date(), periods: Vec::new(), seats: Vec::new() });
            }
            let person: PersonId = row.get(7)?;
            let line = RollLine {
                person,
                name: row.get(8)?,
                standing: row.code(9)?,
                official: row.get(10)?,
                leader: row.get(11)?,
                mark: row.code_opt(12)?,
                reason: row.get(13)?,
            };
            let late = is_late(row.get(5)?, row.get(6)?, row.get(14)?, late_after);
            if let Some(held) = out.held.last_mut() {
                held.seats.push(Seat { line, late });
            }
            if let Some(issued) = row.get::<Option<IssuedId>>(15)? {
                out.corrected.push((id, person, issued));
            }
            Ok(())
        },
    )
}

/// The kỳ that the held meetings of a year served.
fn served(tx: &mut Tx, org: OrgId, year: i16) -> db::Result<BTreeMap<MeetingId, Vec<PeriodKey>>> {
    let mut out: BTreeMap<MeetingId, Vec<PeriodKey>> = BTreeMap::new();
    tx.each(
        &format!(
            "select p.meeting_id, p.period from meeting m
             join meeting_period p on p.org_id = m.org_id and p.meeting_id = m.meeting_id
             where m.org_id = $1 and m.starts_at >= $2 and m.starts_at < $3 and {HELD}
             order by p.meeting_id, p.period"
        ),
        values![org, format!("{year}-"), format!("{year}.")],
        |row| {
            if let Ok(period) = row.get::<String>(1)?.parse() {
                out.entry(row.get(0)?).or_default().push(period);
            }
            Ok(())
        },
    )?;
    Ok(out)
}

/// Stays as the rules see them, by person.
pub fn by_person(stays: &[Member]) -> BTreeMap<PersonId, Vec<MembershipFact>> {
    let mut out: BTreeMap<PersonId, Vec<MembershipFact>> = BTreeMap::new();
    for m in stays {
        out.entry(m.person).or_default().push(MembershipFact {
            person: m.person,
            name: m.name.clone(),
            standing: m.standing,
            from: m.from,
            to: m.to,
            official_on: m.official_on,
            leader: false,
        });
    }
    out
}
