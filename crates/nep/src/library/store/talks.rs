//! What members of a cell have presented and have in hand, for whoever looks for a presenter. Only
//! sealed meetings count as presented, secret items never. Rules: CB-06, ahead.md 19.

use std::collections::BTreeMap;

use db::{Tx, values};
use domain::id::{OrgId, PersonId};
use domain::presenter::{Load, Talk};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};

/// How many years of talks are looked through.
const YEARS: i32 = 5;

/// What was presented at sealed meetings of the last years.
///
/// # Errors
/// Database faults only.
pub fn told(tx: &mut Tx, org: OrgId, today: Date) -> db::Result<Vec<Talk>> {
    let from = today.checked_sub(YEARS.years()).unwrap_or(today);
    let rows: Vec<(PersonId, String, DateTime)> = tx.all(
        "select i.presenter_id, i.title, m.starts_at from meeting m cross join agenda_item i
         where m.org_id = $1 and m.starts_at >= $2 and m.state = 'sealed'
         and i.org_id = m.org_id and i.meeting_id = m.meeting_id and i.presenter_id is not null and i.secret = 0
         order by m.starts_at desc limit 2000",
        values![org, from],
    )?;
    Ok(rows.into_iter().map(|(person, title, at)| Talk { person, title, on: at.date() }).collect())
}

/// What each member has in hand: tasks not finished, items and topics still to be presented.
///
/// # Errors
/// Database faults only.
pub fn loads(tx: &mut Tx, org: OrgId, today: Date) -> db::Result<BTreeMap<PersonId, Load>> {
    let mut out: BTreeMap<PersonId, Load> = BTreeMap::new();
    let tasks: Vec<(PersonId, i64)> = tx.all(
        "select doer_id, count(*) from task where org_id = $1 and in_force = 1 and doer_id is not null
         and state in ('open', 'reported', 'returned') group by doer_id",
        values![org],
    )?;
    for (person, n) in tasks {
        out.entry(person).or_default().tasks = n;
    }
    let items: Vec<(PersonId, i64)> = tx.all(
        "select i.presenter_id, count(*) from meeting m cross join agenda_item i
         where m.org_id = $1 and m.starts_at >= $2 and m.state in ('draft', 'noticed', 'open')
         and i.org_id = m.org_id and i.meeting_id = m.meeting_id and i.presenter_id is not null group by i.presenter_id",
        values![org, today],
    )?;
    let plans: Vec<(PersonId, String)> = tx.all(
        "select p.presenter_id, p.period from period_plan p where p.org_id = $1 and p.period >= $2 and p.presenter_id is not null
         and not exists (select 1 from meeting_period s join meeting m on m.org_id = s.org_id and m.meeting_id = s.meeting_id
             where s.org_id = p.org_id and s.period = p.period and m.state <> 'cancelled')",
        values![org, format!("{}-", today.year())],
    )?;
    let ahead =
        plans.into_iter().filter(|(_, period)| period.parse::<domain::period::PeriodKey>().is_ok_and(|k| k.end_day() >= today));
    for (person, n) in items.into_iter().chain(ahead.map(|(person, _)| (person, 1))) {
        out.entry(person).or_default().talks += n;
    }
    Ok(out)
}
