//! Accounts as those who look after them see them: who has one, when it was last used, which slips are out.
//! Touches accounts, sessions, codes, stays and posts. Rules: P-15, P-16, P-24.

use std::collections::HashMap;

use db::{Tx, values};
use domain::code::Code;
use domain::id::{AccountId, OrgId, PersonId};
use domain::post::Role;
use domain::right::Right;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::actor::{Actor, Place};
use crate::audit::store as audit;
use crate::org::store as orgs;

/// Somebody with or without an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Who.
    pub person: PersonId,
    /// Full name.
    pub name: String,
    /// Where they are, for the slip and the list.
    pub place: String,
    /// The account, if there is one: login, disabled, last use.
    pub account: Option<(String, bool, Option<Timestamp>)>,
    /// When an unused slip ends.
    pub slip: Option<Timestamp>,
}

type Found = (PersonId, String, String);

/// Members of a cell today, in the order of names.
///
/// # Errors
/// Database faults only.
pub fn of_cell(tx: &mut Tx, actor: &Actor, cell: &orgs::Org) -> db::Result<Vec<Holder>> {
    let people: Vec<Found> = tx.all(
        "select m.person_id, m.name, '' from membership m
         where m.org_id = $1 and m.from_date <= $2 and (m.to_date is null or m.to_date > $2) order by m.sort_key, m.person_id",
        values![cell.id, actor.today()],
    )?;
    let people = people.into_iter().map(|(id, name, _)| (id, name, cell.short_name.clone())).collect();
    with_accounts(tx, people, actor.now)
}

/// People with posts in an organisation, then the secretaries of those directly below it.
///
/// # Errors
/// Database faults only.
pub fn of_posts(tx: &mut Tx, actor: &Actor, org: &orgs::Org) -> db::Result<Vec<Holder>> {
    let today = actor.today();
    let mut people: Vec<Found> = Vec::new();
    for held in orgs::posts_on(tx, org.id, today)? {
        if !people.iter().any(|p| p.0 == held.person) {
            people.push((held.person, held.name, format!("{}, {}", held.role.label_in(org.is_cell), org.short_name)));
        }
    }
    let below: Vec<orgs::Org> = orgs::below(tx, &org.path, today)?.into_iter().filter(|o| o.parent() == Some(org.id)).collect();
    let secretaries = secretaries(tx, below.iter().map(|o| o.id), today)?;
    for below in &below {
        for (_, person, name) in secretaries.iter().filter(|(at, _, _)| *at == below.id) {
            if !people.iter().any(|p| p.0 == *person) {
                people.push((*person, name.clone(), format!("Bí thư, {}", below.short_name)));
            }
        }
    }
    with_accounts(tx, people, actor.now)
}

/// The secretaries of some organisations on a day.
fn secretaries(tx: &mut Tx, orgs: impl IntoIterator<Item = OrgId>, on: Date) -> db::Result<Vec<(OrgId, PersonId, String)>> {
    let (list, v) = db::listed(values![on, Role::Secretary.code()], orgs);
    tx.all(
        &format!(
            "select t.org_id, t.person_id, p.name from post t join person p on p.person_id = t.person_id
             where t.org_id in ({list}) and t.role = $2 and t.from_date <= $1 and (t.to_date is null or t.to_date > $1)
             order by p.sort_key"
        ),
        &v,
    )
}

fn with_accounts(tx: &mut Tx, people: Vec<Found>, now: Timestamp) -> db::Result<Vec<Holder>> {
    let (list, v) = db::listed(&[], people.iter().map(|p| p.0));
    let accounts: Vec<(PersonId, String, bool, Option<Timestamp>)> = tx.all(
        &format!(
            "select a.person_id, a.login, a.disabled, (select max(s.seen_at) from session s where s.account_id = a.account_id)
             from account a where a.person_id in ({list})"
        ),
        &v,
    )?;
    let (list, v) = db::listed(values![now], people.iter().map(|p| p.0));
    let slips: Vec<(PersonId, Timestamp)> = tx.all(
        &format!(
            "select person_id, max(expires_at) from activation
             where person_id in ({list}) and used_at is null and expires_at > $1 group by person_id"
        ),
        &v,
    )?;
    let mut accounts: HashMap<PersonId, _> =
        accounts.into_iter().map(|(who, login, off, seen)| (who, (login, off, seen))).collect();
    let slips: HashMap<PersonId, Timestamp> = slips.into_iter().collect();
    let holder = |(person, name, place): Found| Holder {
        account: accounts.remove(&person),
        slip: slips.get(&person).copied(),
        person,
        name,
        place,
    };
    Ok(people.into_iter().map(holder).collect())
}

/// Why the actor may not touch this person's account; `None` when all is well.
///
/// # Errors
/// Database faults only.
pub fn beyond(tx: &mut Tx, actor: &Actor, person: PersonId) -> db::Result<Option<String>> {
    Ok(beyond_each(tx, actor, [person])?.remove(&person))
}

/// Whose accounts the actor may not touch, and why: posts outside the actor's own reach give rights
/// that the holder of a slip would take over.
///
/// # Errors
/// Database faults only.
pub fn beyond_each(
    tx: &mut Tx,
    actor: &Actor,
    people: impl IntoIterator<Item = PersonId>,
) -> db::Result<HashMap<PersonId, String>> {
    let places = super::places_of(tx, people, actor.today())?;
    let binds = |place: &&Place| place.roles.iter().any(|r| *r != Role::Follower);
    let orgs = places.values().flatten().filter(binds).map(|p| p.org).collect();
    let within = super::within(tx, actor, orgs, Right::AccountManage)?;
    let why = |(person, places): (PersonId, Vec<Place>)| {
        let place = places.iter().filter(binds).find(|p| !within.contains(&p.org))?;
        Some((person, format!("Đồng chí giữ chức vụ ở {}; tài khoản do nơi đó quản lý.", place.name)))
    };
    Ok(places.into_iter().filter_map(why).collect())
}

/// Disables an account and ends its sessions, or opens it again.
///
/// # Errors
/// `NotFound` when the person has none; database faults.
pub fn set_disabled(tx: &mut Tx, actor: &Actor, org: OrgId, person: PersonId, disabled: bool) -> db::Result<()> {
    let account: AccountId = tx.scalar("select account_id from account where person_id = $1", values![person])?;
    tx.exec("update account set disabled = $2, changed_at = $3 where account_id = $1", values![account, disabled, actor.now])?;
    if disabled {
        tx.exec("delete from session where account_id = $1", values![account])?;
        tx.exec("delete from activation where person_id = $1 and used_at is null", values![person])?;
    }
    let action = if disabled { "account.disabled" } else { "account.enabled" };
    audit::record(tx, actor, org, action, &format!("person:{person}"), "")
}

/// Ends every session of a person.
///
/// # Errors
/// `NotFound` when the person has no account; database faults.
pub fn end_sessions(tx: &mut Tx, actor: &Actor, org: OrgId, person: PersonId) -> db::Result<()> {
    let account: AccountId = tx.scalar("select account_id from account where person_id = $1", values![person])?;
    tx.exec("delete from session where account_id = $1", values![account])?;
    audit::record(tx, actor, org, "account.sessions_ended", &format!("person:{person}"), "")
}

/// How many accounts there are and how many people are signed in. Counts only.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct InUse {
    /// Accounts.
    pub accounts: i64,
    /// Of those, locked.
    pub disabled: i64,
    /// Sessions that are neither idle nor too old.
    pub sessions: i64,
}

/// Counts accounts and open sessions.
///
/// # Errors
/// Database faults only.
pub fn in_use(tx: &mut Tx, now: Timestamp) -> db::Result<InUse> {
    let since = |limit: jiff::SignedDuration| now.checked_sub(limit).unwrap_or(Timestamp::MIN);
    Ok(InUse {
        accounts: tx.scalar("select count(*) from account", values![])?,
        disabled: tx.scalar("select count(*) from account where disabled = 1", values![])?,
        sessions: tx.scalar(
            "select count(*) from session where created_at > $1
             and seen_at > case when shared = 1 then cast($2 as bigint) else cast($3 as bigint) end",
            values![since(super::ABSOLUTE), since(super::IDLE_SHARED), since(super::IDLE)],
        )?,
    })
}
