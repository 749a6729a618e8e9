//! A member's file: details, stays, what changes them. A change of standing ends one stay and begins another;
//! leaving ends posts held in the cell. Touches persons, stays and posts. Rules: DD-03, MG-01, M2.

use db::{Tx, values};
use domain::id::{OrgId, PersonId};
use domain::roll::Standing;
use domain::search::Kind;
use domain::vi;
use jiff::civil::Date;

use super::{NewPerson, join, leave};
use crate::actor::Actor;
use crate::audit::store as audit;
use crate::search::store::source as index;

/// A person with everything a cell keeps about them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub id: PersonId,
    /// Full name.
    pub name: String,
    /// Year of birth.
    pub birth_year: Option<i64>,
    /// Date of admission.
    pub admitted_on: Option<Date>,
    /// Date of becoming official.
    pub official_on: Option<Date>,
    /// Card number.
    pub card_number: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// For "someone saved first".
    pub version: i64,
}

db::row!(Person { id, name, birth_year, admitted_on, official_on, card_number, phone, email, version });

/// A person.
///
/// # Errors
/// `NotFound`; database faults.
pub fn person(tx: &mut Tx, id: PersonId) -> db::Result<Person> {
    tx.one(
        "select person_id, name, birth_year, admitted_on, official_on, card_number, phone, email, version
         from person where person_id = $1",
        values![id],
    )
}

/// A stay of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnStay {
    /// Where.
    pub org: OrgId,
    /// Name of the cell when the stay began.
    pub org_name: String,
    /// Standing.
    pub standing: Standing,
    /// First day.
    pub from: Date,
    /// First day no longer.
    pub to: Option<Date>,
    /// Number on the roll.
    pub number: i64,
    /// Why it ended.
    pub reason: Option<String>,
    /// Deciding document.
    pub document: Option<String>,
}

db::row!(OwnStay { org, org_name, standing: code, from, to, number, reason, document });

/// Every stay of a person, newest first; one that began before the cell's first recorded name carries that name.
///
/// # Errors
/// Database faults only.
pub fn stays_of(tx: &mut Tx, person: PersonId) -> db::Result<Vec<OwnStay>> {
    tx.all(
        "select m.org_id, coalesce(n.name, ''), m.standing, m.from_date, m.to_date, m.number, m.reason, m.document
         from membership m
         left join org_name n on n.org_id = m.org_id and n.from_date = coalesce(
           (select max(x.from_date) from org_name x where x.org_id = m.org_id and x.from_date <= m.from_date),
           (select min(x.from_date) from org_name x where x.org_id = m.org_id))
         where m.person_id = $1 and (m.to_date is null or m.to_date > m.from_date)
         order by m.from_date desc, m.membership_id desc",
        values![person],
    )
}

/// Corrects a person's details; lists of stays that are not over show the corrected name.
///
/// # Errors
/// `Conflict` when somebody saved first; database faults.
pub fn correct(tx: &mut Tx, actor: &Actor, org: OrgId, id: PersonId, new: &NewPerson, version: i64) -> db::Result<()> {
    let (sort_key, folded) = (vi::name_key(&new.name), vi::fold(&new.name));
    tx.changed(
        "update person set name = $3, sort_key = $4, folded = $5, birth_year = $6, admitted_on = $7, official_on = $8,
         card_number = $9, phone = $10, email = $11, version = version + 1 where person_id = $1 and version = $2",
        values![
            id,
            version,
            new.name,
            sort_key,
            folded,
            new.birth_year,
            new.admitted_on,
            new.official_on,
            new.card_number,
            new.phone,
            new.email
        ],
    )?;
    tx.exec(
        "update membership set name = $2, sort_key = $3 where person_id = $1 and (to_date is null or to_date > $4)",
        values![id, new.name, sort_key, actor.today()],
    )?;
    index::refresh(tx, org, Kind::Person, id.raw())?;
    audit::record(tx, actor, org, "person.corrected", &format!("person:{id}"), "")
}

/// Who bears a number on the roll on a date.
///
/// # Errors
/// Database faults only.
pub fn number_holder(tx: &mut Tx, org: OrgId, number: i64, on: Date) -> db::Result<Option<(PersonId, String)>> {
    tx.opt(
        "select person_id, name from membership where org_id = $1 and number = $2 and from_date <= $3
         and (to_date is null or to_date > $3)",
        values![org, number, on],
    )
}

/// Gives a member another number on the roll, from the present stay on.
///
/// # Errors
/// `Conflict` when the person has no stay here; database faults.
pub fn set_number(tx: &mut Tx, actor: &Actor, org: OrgId, person: PersonId, number: i64) -> db::Result<()> {
    tx.changed(
        "update membership set number = $3, version = version + 1
         where org_id = $1 and person_id = $2 and (to_date is null or to_date > $4)",
        values![org, person, number, actor.today()],
    )?;
    audit::record(tx, actor, org, "membership.numbered", &format!("person:{person}"), &number.to_string())
}

/// A change of standing on a date, by a document.
///
/// # Errors
/// `Conflict` when no stay holds on the day before; database faults.
pub fn change_standing(
    tx: &mut Tx,
    actor: &Actor,
    org: OrgId,
    person: PersonId,
    standing: Standing,
    on: Date,
    document: Option<&str>,
) -> db::Result<()> {
    leave(tx, actor, org, person, on)?;
    join(tx, actor, org, person, standing, on, document)?;
    if standing == Standing::Official {
        // Only where it was not known: the file may know better.
        tx.exec(
            "update person set official_on = $2, version = version + 1 where person_id = $1 and official_on is null",
            values![person, on],
        )?;
    }
    Ok(())
}

/// Ends a stay with its reason, and the posts held in the cell with it.
///
/// # Errors
/// `Conflict` when no stay holds on the day before; database faults.
pub fn depart(
    tx: &mut Tx,
    actor: &Actor,
    org: OrgId,
    person: PersonId,
    on: Date,
    reason: &str,
    document: Option<&str>,
) -> db::Result<()> {
    leave(tx, actor, org, person, on)?;
    tx.exec(
        "update membership set reason = $4, document = coalesce($5, document)
         where org_id = $1 and person_id = $2 and to_date = $3",
        values![org, person, on, reason, document],
    )?;
    tx.exec(
        "update post set to_date = case when from_date > $3 then from_date else $3 end
         where org_id = $1 and person_id = $2 and (to_date is null or to_date > $3)",
        values![org, person, on],
    )?;
    Ok(())
}

/// Sends a member to another cell: one stay ends and one begins on the same day.
///
/// # Errors
/// As [`depart`].
pub fn transfer(
    tx: &mut Tx,
    actor: &Actor,
    from: OrgId,
    to: OrgId,
    person: PersonId,
    on: Date,
    document: Option<&str>,
) -> db::Result<()> {
    let standing: String = tx.scalar(
        "select standing from membership where org_id = $1 and person_id = $2 and from_date < $3
         and (to_date is null or to_date > $3)",
        values![from, person, on],
    )?;
    let standing =
        domain::code::Code::from_code(&standing).ok_or_else(|| db::Error::Corrupt("an unknown standing".to_owned()))?;
    depart(tx, actor, from, person, on, "transferred", document)?;
    join(tx, actor, to, person, standing, on, document)?;
    Ok(())
}

/// Whoever has the same folded name and was ever in this cell: a member by hand may be one of them.
///
/// # Errors
/// Database faults only.
pub fn namesakes(tx: &mut Tx, org: OrgId, name: &str) -> db::Result<Vec<(PersonId, String, Option<i64>)>> {
    tx.all(
        "select distinct p.person_id, p.name, p.birth_year from person p join membership m on m.person_id = p.person_id
         where m.org_id = $1 and p.folded = $2",
        values![org, vi::fold(name)],
    )
}
