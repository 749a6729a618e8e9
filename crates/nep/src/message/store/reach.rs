//! How members of a cell can be reached: account, last signing in, mail, telephone.

use db::{Tx, values};
use domain::id::{OrgId, PersonId};
use jiff::Timestamp;
use jiff::civil::Date;

/// A member and the ways to reach them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// Who.
    pub person: PersonId,
    /// Full name.
    pub name: String,
    /// Telephone as on file.
    pub phone: Option<String>,
    /// Whether there is an account that may sign in.
    pub account: bool,
    /// When they last signed in on a device of their own.
    pub seen_at: Option<Timestamp>,
    /// Whether mails go to a confirmed address.
    pub mail: bool,
}

db::row!(Reach { person, name, phone, account, seen_at, mail });

/// The members of a cell on a day who take part, in the order of names.
///
/// # Errors
/// Database faults only.
pub fn of_cell(tx: &mut Tx, org: OrgId, today: Date) -> db::Result<Vec<Reach>> {
    tx.all(
        "select m.person_id, m.name, p.phone,
         (select count(*) from account a where a.person_id = m.person_id and a.disabled = 0),
         (select max(l.at) from (
          select d.last_at as at from account a join device d on d.account_id = a.account_id where a.person_id = m.person_id
          union all select s.created_at from account a join session s on s.account_id = a.account_id
          where a.person_id = m.person_id) l),
         (select count(*) from mail_choice c where c.person_id = m.person_id and c.confirmed_at is not null)
         from membership m join person p on p.person_id = m.person_id
         where m.org_id = $1 and m.from_date <= $2 and (m.to_date is null or m.to_date > $2) and m.standing <> 'suspended'
         order by m.sort_key, m.person_id",
        values![org, today],
    )
}
