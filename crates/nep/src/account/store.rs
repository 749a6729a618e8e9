//! Accounts, sessions, devices and activation codes as rows. Only hashes of tokens and codes are
//! stored; guesses are counted per account and device, never per address alone (P-16).

pub mod manage;

use std::collections::{BTreeMap, BTreeSet};

use db::{Row, Tx, values};
use domain::code::Code;
use domain::id::{AccountId, Id, MeetingId, OrgId, PersonId};
use domain::post::Role;
use domain::right::Right;
use domain::roll::Standing;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;

use crate::actor::{Actor, Ids, Place, Standpoint, local};

/// A session unused for this long is over.
pub const IDLE: SignedDuration = SignedDuration::from_hours(12);
/// On a shared machine it is over sooner.
pub const IDLE_SHARED: SignedDuration = SignedDuration::from_mins(30);
/// No session lives longer.
pub const ABSOLUTE: SignedDuration = SignedDuration::from_hours(14 * 24);
/// `seen_at` is written at most this often, so that reading stays reading.
const TOUCH: i64 = 5 * 60 * 1000;

/// What the gate asks about a request.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Hash of the session token.
    pub token_hash: String,
    /// The organisation the path names.
    pub org: Option<OrgId>,
    /// The meeting the path names.
    pub meeting: Option<MeetingId>,
    /// The moment of the request.
    pub now: Timestamp,
}

/// What the gate learns.
#[derive(Debug)]
pub enum Found {
    /// No such session, or it is over.
    Nobody,
    /// The path names an organisation that does not exist.
    Elsewhere,
    /// The person, and whether the session should be touched.
    Person(Box<Actor>, bool),
}

/// Who a session token belongs to and where they stand in the organisation asked for.
///
/// # Errors
/// Database faults only.
pub fn who(tx: &mut Tx, asked: &Asked) -> db::Result<Found> {
    type Session = (i64, i64, String, i64, i64, i64, String, i64, i64);
    let row: Option<Session> = tx.opt(
        "select s.account_id, s.person_id, s.csrf, s.shared, s.created_at, s.seen_at, p.name, p.text_size,
         (select count(*) from message g where g.person_id = s.person_id and g.read_at is null)
         from session s
         join account a on a.account_id = s.account_id
         join person p on p.person_id = s.person_id
         where s.token_hash = $1 and a.disabled = 0",
        values![asked.token_hash],
    )?;
    let Some((account, person, csrf, shared, created_at, seen_at, name, text_size, unread)) = row else {
        return Ok(Found::Nobody);
    };
    let now = asked.now.as_millisecond();
    let idle = if shared == 1 { IDLE_SHARED } else { IDLE };
    let over = |since: i64, limit: SignedDuration| i128::from(now - since) > limit.as_millis();
    if over(seen_at, idle) || over(created_at, ABSOLUTE) {
        return Ok(Found::Nobody);
    }
    let person = PersonId::new(person);
    let mut actor = Actor {
        person,
        account: AccountId::new(account),
        name,
        csrf,
        session: asked.token_hash.clone(),
        text_size,
        unread,
        ..Actor::system(asked.now, Arc::new(Ids::new(0)))
    };
    let today = local(asked.now).date();
    actor.places = places(tx, person, today)?;
    let org = asked.org.or_else(|| actor.places.first().map(|p| p.org));
    if let Some(org) = org
        && !stand(tx, &mut actor, org, asked.meeting)?
    {
        return Ok(Found::Elsewhere);
    }
    Ok(Found::Person(Box::new(actor), now - seen_at > TOUCH))
}

/// In which of some organisations an actor has a right.
///
/// # Errors
/// Database faults only.
pub fn within(tx: &mut Tx, actor: &Actor, orgs: BTreeSet<OrgId>, right: Right) -> db::Result<BTreeSet<OrgId>> {
    let may = |standpoint| Actor { standpoint, ..actor.clone() }.may(right);
    Ok(stands(tx, actor, orgs)?.into_iter().filter(|(_, _, s)| may(s.clone())).map(|(org, _, _)| org).collect())
}

/// Where an actor stands in some organisations, each with its path.
///
/// # Errors
/// Database faults only.
pub fn stands(tx: &mut Tx, actor: &Actor, orgs: BTreeSet<OrgId>) -> db::Result<Vec<(OrgId, String, Standpoint)>> {
    let (list, v) = db::listed(&[], orgs);
    let mut out = Vec::new();
    tx.each(&format!("select org_id, path, is_cell from org where org_id in ({list})"), &v, |row| {
        let (org, path): (OrgId, String) = (row.get(0)?, row.get(1)?);
        let there = standpoint(actor, org, &path, row.get(2)?);
        out.push((org, path, there));
        Ok(())
    })?;
    Ok(out)
}

/// Where an actor stands in the organisation with this path, no meeting named.
fn standpoint(actor: &Actor, org: OrgId, path: &str, is_cell: bool) -> Standpoint {
    let above: Vec<OrgId> = domain::tree::ids(path).unwrap_or_default().into_iter().filter(|id| *id != org).collect();
    let here = actor.places.iter().find(|p| p.org == org);
    Standpoint {
        is_cell,
        membership: here.and_then(|p| p.membership),
        roles_here: here.map(|p| p.roles.clone()).unwrap_or_default(),
        roles_above: actor.places.iter().filter(|p| above.contains(&p.org)).flat_map(|p| p.roles.clone()).collect(),
        minutes_secretary: false,
    }
}

/// Fills in where the actor stands in `org`; false when there is no such organisation. The path of
/// the organisation above is its own without the last segment.
fn stand(tx: &mut Tx, actor: &mut Actor, org: OrgId, meeting: Option<MeetingId>) -> db::Result<bool> {
    type Stand = (String, bool, Option<String>, Option<String>, Option<PersonId>);
    let row: Option<Stand> = tx.opt(
        "select o.path, o.is_cell,
         (select n.short_name from org_name n where n.org_id = o.org_id and n.from_date <= $2
          order by n.from_date desc limit 1),
         (select n.short_name from org a join org_name n on n.org_id = a.org_id and n.from_date <= $2
          where a.path = rtrim(rtrim(o.path, '/'), '0123456789abcdefghijklmnopqrstuvwxyz')
          order by n.from_date desc limit 1),
         (select m.secretary_id from meeting m where m.org_id = o.org_id and m.meeting_id = $3)
         from org o where o.org_id = $1",
        values![org, actor.today(), meeting],
    )?;
    let Some((path, is_cell, name, above_name, secretary)) = row else {
        return Ok(false);
    };
    let minutes_secretary = secretary == Some(actor.person);
    actor.standpoint = Standpoint { minutes_secretary, ..standpoint(actor, org, &path, is_cell) };
    actor.org = org;
    actor.org_name = name.unwrap_or_default();
    actor.org_above = above_name.unwrap_or_default();
    Ok(true)
}

/// Everywhere a person has something to do today: the own cell first, then posts elsewhere.
///
/// # Errors
/// Database faults only.
pub fn places(tx: &mut Tx, person: PersonId, today: jiff::civil::Date) -> db::Result<Vec<Place>> {
    Ok(places_of(tx, [person], today)?.remove(&person).unwrap_or_default())
}

/// As [`places`], of several people; whoever has nothing to do anywhere is left out.
///
/// # Errors
/// Database faults only.
pub fn places_of(
    tx: &mut Tx,
    people: impl IntoIterator<Item = PersonId>,
    today: jiff::civil::Date,
) -> db::Result<BTreeMap<PersonId, Vec<Place>>> {
    let (list, v) = db::listed(values![today], people);
    let mut out: BTreeMap<PersonId, Vec<Place>> = BTreeMap::new();
    tx.each(
        &format!(
            "select m.person_id, m.org_id, n.short_name, o.is_cell, m.standing, null as role, 1 as part, m.from_date as since
             from membership m join org o on o.org_id = m.org_id
             join org_name n on n.org_id = m.org_id and n.from_date <= $1 and (n.to_date is null or n.to_date > $1)
             where m.person_id in ({list}) and m.from_date <= $1 and (m.to_date is null or m.to_date > $1)
             union all
             select p.person_id, p.org_id, n.short_name, o.is_cell, null, p.role, 2, p.from_date
             from post p join org o on o.org_id = p.org_id
             join org_name n on n.org_id = p.org_id and n.from_date <= $1 and (n.to_date is null or n.to_date > $1)
             where p.person_id in ({list}) and p.from_date <= $1 and (p.to_date is null or p.to_date > $1)
             order by part, since"
        ),
        &v,
        |row: &Row| {
            let places = out.entry(row.get(0)?).or_default();
            let org = row.get(1)?;
            let at = places.iter().position(|p| p.org == org).unwrap_or(places.len());
            if at == places.len() {
                places.push(Place { org, name: row.get(2)?, is_cell: row.get(3)?, roles: Vec::new(), membership: None });
            }
            if let Some(place) = places.get_mut(at) {
                place.membership = row.code_opt::<Standing>(4)?.or(place.membership);
                place.roles.extend(row.code_opt::<Role>(5)?);
            }
            Ok(())
        },
    )?;
    Ok(out)
}

/// Notes that a session is in use.
///
/// # Errors
/// Database faults only.
pub fn touch(tx: &mut Tx, session: &str, now: Timestamp) -> db::Result<()> {
    tx.exec("update session set seen_at = $2 where token_hash = $1", values![session, now])?;
    Ok(())
}

/// An account as signing in sees it.
#[derive(Debug, Clone)]
pub struct Account {
    /// Identifier.
    pub id: AccountId,
    /// Whose it is.
    pub person: PersonId,
    /// What is typed to sign in.
    pub login: String,
    /// Password hash in PHC form.
    pub hash: String,
    /// True when it may not sign in.
    pub disabled: bool,
}

/// The account with a login name (already folded).
///
/// # Errors
/// Database faults only.
pub fn by_login(tx: &mut Tx, login: &str) -> db::Result<Option<Account>> {
    let row: Option<(AccountId, PersonId, String, String, bool)> =
        tx.opt("select account_id, person_id, login, password_hash, disabled from account where login = $1", values![login])?;
    Ok(row.map(|(id, person, login, hash, disabled)| Account { id, person, login, hash, disabled }))
}

/// The account of a person.
///
/// # Errors
/// Database faults only.
pub fn of_person(tx: &mut Tx, person: PersonId) -> db::Result<Option<Account>> {
    let row: Option<(String,)> = tx.opt("select login from account where person_id = $1", values![person])?;
    match row {
        Some((login,)) => by_login(tx, &login),
        None => Ok(None),
    }
}

/// A login name nobody has: the folded name without blanks, numbered when taken.
///
/// # Errors
/// Database faults only.
pub fn free_login(tx: &mut Tx, name: &str) -> db::Result<String> {
    let stem: String = domain::vi::fold(name).chars().filter(char::is_ascii_alphanumeric).take(40).collect();
    let mut login = stem.clone();
    let mut n = 1;
    while tx.opt::<(i64,)>("select account_id from account where login = $1", values![login])?.is_some() {
        n += 1;
        login = format!("{stem}{n}");
    }
    Ok(login)
}

/// Creates or renews a person's account with a new password; every session of it ends.
///
/// # Errors
/// Database faults; `Unique` when two activations race for one login.
pub fn set_password(tx: &mut Tx, actor: &Actor, person: PersonId, name: &str, hash: &str) -> db::Result<Account> {
    if let Some(account) = of_person(tx, person)? {
        tx.exec(
            "update account set password_hash = $2, changed_at = $3, disabled = 0 where account_id = $1",
            values![account.id, hash, actor.now],
        )?;
        tx.exec("delete from session where account_id = $1", values![account.id])?;
        return Ok(Account { hash: hash.to_owned(), disabled: false, ..account });
    }
    let login = free_login(tx, name)?;
    let id: AccountId = actor.id();
    tx.exec(
        "insert into account (account_id, person_id, login, password_hash, disabled, created_at, changed_at)
         values ($1, $2, $3, $4, 0, $5, $5)",
        values![id, person, login, hash, actor.now],
    )?;
    Ok(Account { id, person, login, hash: hash.to_owned(), disabled: false })
}

/// What a new session holds.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// Hash of the token in the cookie.
    pub token_hash: String,
    /// Form key.
    pub csrf: String,
    /// Hash of the device token.
    pub device: String,
    /// A machine that others use too.
    pub shared: bool,
}

/// Starts a session and remembers the device (unless others use it too).
///
/// # Errors
/// Database faults only.
pub fn start_session(tx: &mut Tx, account: &Account, new: &NewSession, now: Timestamp) -> db::Result<()> {
    tx.exec(
        "insert into session (token_hash, account_id, person_id, csrf, device, shared, created_at, seen_at)
         values ($1, $2, $3, $4, $5, $6, $7, $7)",
        values![new.token_hash, account.id, account.person, new.csrf, new.device, new.shared, now],
    )?;
    if !new.shared {
        tx.exec(
            "insert into device (account_id, device, first_at, last_at) values ($1, $2, $3, $3)
             on conflict (account_id, device) do update set last_at = excluded.last_at",
            values![account.id, new.device, now],
        )?;
    }
    Ok(())
}

/// Ends one session on the server.
///
/// # Errors
/// Database faults only.
pub fn end_session(tx: &mut Tx, token_hash: &str) -> db::Result<()> {
    tx.exec("delete from session where token_hash = $1", values![token_hash])?;
    Ok(())
}

/// Ends every session of an account but one.
///
/// # Errors
/// Database faults only.
pub fn end_other_sessions(tx: &mut Tx, account: AccountId, keep: &str) -> db::Result<u64> {
    tx.exec("delete from session where account_id = $1 and token_hash <> $2", values![account, keep])
}

/// Open sessions of an account: hash, start, last use, shared machine.
///
/// # Errors
/// Database faults only.
pub fn sessions(tx: &mut Tx, account: AccountId) -> db::Result<Vec<(String, Timestamp, Timestamp, bool)>> {
    tx.all(
        "select token_hash, created_at, seen_at, shared from session where account_id = $1 order by seen_at desc",
        values![account],
    )
}

/// Guesses allowed for one key within a quarter of an hour, and within a day.
const QUARTER_MAX: i64 = 10;
const DAY_MAX: i64 = 90;

/// The key guesses are counted under: a device the account knows has its own count, so that a
/// stranger who guesses cannot lock its owner out; all strangers share one.
///
/// # Errors
/// Database faults only.
pub fn attempt_key(tx: &mut Tx, login: &str, device: &str) -> db::Result<String> {
    let known: Option<(i64,)> = tx.opt(
        "select 1 from device d join account a on a.account_id = d.account_id where a.login = $1 and d.device = $2",
        values![login, device],
    )?;
    Ok(if known.is_some() { format!("d:{login}:{device}") } else { format!("a:{login}") })
}

/// Minutes to wait before the next guess; `None` when one may try. Counts this try.
///
/// # Errors
/// Database faults only.
pub fn count_attempt(tx: &mut Tx, key: &str, now: Timestamp, seq: i64) -> db::Result<Option<i64>> {
    let ms = now.as_millisecond();
    let since = |tx: &mut Tx, back: i64| -> db::Result<i64> {
        tx.scalar("select count(*) from login_attempt where key = $1 and at > $2", values![key, ms - back])
    };
    tx.exec("delete from login_attempt where key = $1 and at < $2", values![key, ms - 86_400_000])?;
    if since(tx, 15 * 60_000)? >= QUARTER_MAX {
        return Ok(Some(15));
    }
    if since(tx, 86_400_000)? >= DAY_MAX {
        return Ok(Some(24 * 60));
    }
    tx.exec("insert into login_attempt (key, at, seq) values ($1, $2, $3)", values![key, ms, seq])?;
    Ok(None)
}

/// Forgets the tries of a key after a success.
///
/// # Errors
/// Database faults only.
pub fn clear_attempts(tx: &mut Tx, key: &str) -> db::Result<()> {
    tx.exec("delete from login_attempt where key = $1", values![key])?;
    Ok(())
}

/// An activation code that may still be used: whose it is and the name on it.
///
/// # Errors
/// Database faults only.
pub fn activation(tx: &mut Tx, code_hash: &str, now: Timestamp) -> db::Result<Option<(PersonId, String)>> {
    tx.opt(
        "select a.person_id, p.name from activation a join person p on p.person_id = a.person_id
         where a.code_hash = $1 and a.used_at is null and a.expires_at > $2",
        values![code_hash, now],
    )
}

/// Issues a code for a person; earlier unused ones stop working.
///
/// # Errors
/// Database faults only.
pub fn issue_code(tx: &mut Tx, actor: &Actor, org: OrgId, person: PersonId, code_hash: &str, days: i64) -> db::Result<()> {
    tx.exec("delete from activation where person_id = $1 and used_at is null", values![person])?;
    tx.exec(
        "insert into activation (code_hash, person_id, org_id, made_at, expires_at) values ($1, $2, $3, $4, $5)",
        values![code_hash, person, org, actor.now, actor.now.as_millisecond() + days * 86_400_000],
    )?;
    Ok(())
}

/// Marks a code as used; `Conflict` when somebody was faster.
///
/// # Errors
/// Database faults, `Conflict`.
pub fn use_code(tx: &mut Tx, code_hash: &str, now: Timestamp) -> db::Result<()> {
    tx.changed("update activation set used_at = $2 where code_hash = $1 and used_at is null", values![code_hash, now])
}

/// A setting of the installation.
///
/// # Errors
/// Database faults only.
pub fn setting(tx: &mut Tx, key: &str) -> db::Result<Option<String>> {
    tx.scalar_opt("select value from setting where key = $1", values![key])
}

/// Writes a setting of the installation.
///
/// # Errors
/// Database faults only.
pub fn set_setting(tx: &mut Tx, key: &str, value: &str) -> db::Result<()> {
    tx.exec(
        "insert into setting (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value",
        values![key, value],
    )?;
    Ok(())
}

/// The label of a role as its organisation calls it.
pub fn role_label(role: Role, is_cell: bool) -> &'static str {
    if is_cell && role == Role::Committee { "Chi ủy viên" } else { role.label() }
}

/// The zero id stands for the system itself.
pub fn is_system(person: PersonId) -> bool {
    person == Id::new(0)
}

/// Removes a setting of the installation.
///
/// # Errors
/// Database faults only.
pub fn drop_setting(tx: &mut Tx, key: &str) -> db::Result<()> {
    tx.exec("delete from setting where key = $1", values![key])?;
    Ok(())
}

/// Whether anybody has an account.
///
/// # Errors
/// Database faults only.
pub fn any(tx: &mut Tx) -> db::Result<bool> {
    Ok(tx.opt::<(i64,)>("select account_id from account limit 1", values![])?.is_some())
}
