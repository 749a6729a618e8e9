//! People and memberships as rows. A stay in a cell has one standing and half-open dates; a change
//! of standing ends one row and begins another, so history is never rewritten.

pub mod file;
pub mod import;

use std::collections::{BTreeMap, BTreeSet};

use db::{Tx, values};
use domain::code::Code;
use domain::id::{MembershipId, OrgId, PersonId};
use domain::roll::{MembershipFact, Standing};
use domain::search::Kind;
use domain::vi;
use jiff::civil::Date;

use crate::actor::Actor;
use crate::audit::store as audit;
use crate::org::store::{self as orgs, Held};
use crate::search::store::source as index;

/// The fewest fields of a person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewPerson {
    /// Full name.
    pub name: String,
    /// Year of birth.
    pub birth_year: Option<i64>,
    /// Date of admission (ngày vào Đảng).
    pub admitted_on: Option<Date>,
    /// Date of becoming official.
    pub official_on: Option<Date>,
    /// Card number.
    pub card_number: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
}

/// Enters a person.
///
/// # Errors
/// Database faults only.
pub fn add_person(tx: &mut Tx, actor: &Actor, new: &NewPerson) -> db::Result<PersonId> {
    let id: PersonId = actor.id();
    tx.exec(
        "insert into person (person_id, name, sort_key, folded, birth_year, admitted_on, official_on, card_number,
         phone, email, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        values![
            id,
            new.name,
            vi::name_key(&new.name),
            vi::fold(&new.name),
            new.birth_year,
            new.admitted_on,
            new.official_on,
            new.card_number,
            new.phone,
            new.email,
            actor.now
        ],
    )?;
    index::refresh(tx, OrgId::new(0), Kind::Person, id.raw())?;
    Ok(id)
}

/// Lets a person join a cell with a standing from a date on, with the next free number.
///
/// # Errors
/// `NotFound` when there is no such person; database faults.
pub fn join(
    tx: &mut Tx,
    actor: &Actor,
    org: OrgId,
    person: PersonId,
    standing: Standing,
    from: Date,
    document: Option<&str>,
) -> db::Result<MembershipId> {
    let id: MembershipId = actor.id();
    let (name, sort_key): (String, String) = tx.one("select name, sort_key from person where person_id = $1", values![person])?;
    // Whoever was here before keeps the number: it is written on the printed roll.
    let before: Option<i64> = tx.scalar_opt(
        "select number from membership where org_id = $1 and person_id = $2 order by from_date desc limit 1",
        values![org, person],
    )?;
    let number = match before {
        Some(number) => number,
        None => tx.scalar::<i64>("select coalesce(max(number), 0) + 1 from membership where org_id = $1", values![org])?,
    };
    tx.exec(
        "insert into membership (org_id, membership_id, person_id, standing, from_date, number, name, sort_key, document)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        values![org, id, person, standing.code(), from, number, name, sort_key, document],
    )?;
    audit::record(tx, actor, org, "membership.began", &format!("person:{person}"), standing.code())?;
    Ok(id)
}

/// Ends the stay that holds on `to`: the first day it no longer does.
///
/// # Errors
/// `Conflict` when there is no such stay; database faults.
pub fn leave(tx: &mut Tx, actor: &Actor, org: OrgId, person: PersonId, to: Date) -> db::Result<()> {
    tx.changed(
        "update membership set to_date = $3, version = version + 1
         where org_id = $1 and person_id = $2 and from_date < $3 and (to_date is null or to_date > $3)",
        values![org, person, to],
    )?;
    audit::record(tx, actor, org, "membership.ended", &format!("person:{person}"), "")
}

/// A member as lists show them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub person: PersonId,
    /// Full name as it was in that stay.
    pub name: String,
    /// Order of names.
    pub sort_key: String,
    /// Number in the cell, printed on the roll.
    pub number: i64,
    /// Standing as recorded.
    pub standing: Standing,
    /// First day of the stay.
    pub from: Date,
    /// First day it no longer holds.
    pub to: Option<Date>,
    /// Day of becoming official.
    pub official_on: Option<Date>,
    /// Year of birth.
    pub birth_year: Option<i64>,
}

db::row!(Member { person, name, sort_key, number, standing: code, from, to, official_on, birth_year });

impl Member {
    /// Whether the stay holds on a day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|to| to > day)
    }
}

const ROSTER: &str = "select m.person_id, m.name, m.sort_key, m.number, m.standing, m.from_date, m.to_date,
    p.official_on, p.birth_year from membership m join person p on p.person_id = m.person_id";

/// Who belongs to a cell on a date, in the order of names.
///
/// # Errors
/// Database faults only.
pub fn roster(tx: &mut Tx, org: OrgId, on: Date) -> db::Result<Vec<Member>> {
    tx.all(
        &format!(
            "{ROSTER} where m.org_id = $1 and m.from_date <= $2 and (m.to_date is null or m.to_date > $2)
             order by m.sort_key, m.person_id"
        ),
        values![org, on],
    )
}

/// As what each of those of [`roster`] belongs to the cell, for counting.
///
/// # Errors
/// Database faults only.
pub fn standings(tx: &mut Tx, org: OrgId, on: Date) -> db::Result<Vec<Standing>> {
    let mut out = Vec::new();
    tx.each(
        "select standing from membership where org_id = $1 and from_date <= $2 and (to_date is null or to_date > $2)",
        values![org, on],
        |row| {
            out.push(row.code(0)?);
            Ok(())
        },
    )?;
    Ok(out)
}

/// Every stay in a cell that touches a span of dates, for year figures.
///
/// # Errors
/// Database faults only.
pub fn stays(tx: &mut Tx, org: OrgId, from: Date, until: Date) -> db::Result<Vec<Member>> {
    tx.all(
        &format!(
            "{ROSTER} where m.org_id = $1 and m.from_date <= $3 and (m.to_date is null or m.to_date > $2)
             order by m.sort_key, m.from_date"
        ),
        values![org, from, until],
    )
}

/// The facts the roll is made of on a date: stays with leading posts marked (M2).
///
/// # Errors
/// Database faults only.
pub fn facts(tx: &mut Tx, org: OrgId, on: Date) -> db::Result<Vec<MembershipFact>> {
    let posts = orgs::posts_on(tx, org, on)?;
    Ok(facts_of(&roster(tx, org, on)?, &posts))
}

/// As [`facts`], from the members and the posts of the day.
pub fn facts_of(roster: &[Member], posts: &[Held]) -> Vec<MembershipFact> {
    let leads = |person: PersonId| posts.iter().any(|h| h.person == person && h.role.is_leader());
    let fact = |m: &Member| MembershipFact {
        person: m.person,
        leader: leads(m.person),
        name: m.name.clone(),
        standing: m.standing,
        from: m.from,
        to: m.to,
        official_on: m.official_on,
    };
    roster.iter().map(fact).collect()
}

/// Refuses people an organisation has nothing to do with: whoever its records name has or had a stay
/// or a post in it, or a post above it. An id sent from elsewhere is as good as none (P-10).
///
/// # Errors
/// `NotFound` for anybody else; database faults.
pub fn must_be_ours(tx: &mut Tx, org: OrgId, people: &[Option<PersonId>]) -> db::Result<()> {
    for person in people.iter().flatten() {
        let here: Option<(i64,)> = tx.opt(
            "select 1 from membership where org_id = $1 and person_id = $2
             union all select 1 from post where org_id = $1 and person_id = $2 limit 1",
            values![org, person],
        )?;
        if here.is_some() {
            continue;
        }
        let path: String = tx.scalar("select path from org where org_id = $1", values![org])?;
        let above = domain::tree::ids(&path).unwrap_or_default();
        let posts: Vec<(OrgId,)> = tx.all("select org_id from post where person_id = $1", values![person])?;
        if posts.iter().all(|(at,)| !above.contains(at)) {
            return Err(db::Error::NotFound);
        }
    }
    Ok(())
}

/// Full name of a person.
///
/// # Errors
/// `NotFound`; database faults.
pub fn name(tx: &mut Tx, person: PersonId) -> db::Result<String> {
    tx.scalar("select name from person where person_id = $1", values![person])
}

/// Full names of people.
///
/// # Errors
/// Database faults only.
pub fn names(tx: &mut Tx, people: impl IntoIterator<Item = PersonId>) -> db::Result<BTreeMap<PersonId, String>> {
    let people: BTreeSet<PersonId> = people.into_iter().collect();
    if people.is_empty() {
        return Ok(BTreeMap::new());
    }
    let (places, v) = db::listed(&[], people);
    let names: Vec<(PersonId, String)> =
        tx.all(&format!("select person_id, name from person where person_id in ({places})"), &v)?;
    Ok(names.into_iter().collect())
}

/// Sets the text size a person reads with.
///
/// # Errors
/// Database faults only.
pub fn set_text_size(tx: &mut Tx, person: PersonId, size: i64) -> db::Result<()> {
    tx.exec("update person set text_size = $2 where person_id = $1", values![person, size])?;
    Ok(())
}
