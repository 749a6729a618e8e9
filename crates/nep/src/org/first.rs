//! The first organisation of a new installation and the person who leads it.

use db::Tx;
use domain::post::Role;
use domain::roll::Standing;
use domain::rulepack::Rules;
use jiff::ToSpan;

use super::store::{self, NewOrg};
use crate::account::store as accounts;
use crate::actor::Actor;
use crate::fault::Fault;
use crate::member::store as members;

/// What the set-up page asks.
#[derive(Debug, Clone)]
pub struct First {
    /// Full name of the organisation.
    pub org: String,
    /// Its kind.
    pub kind: String,
    /// Place name on documents.
    pub place: String,
    /// Full name of the secretary.
    pub secretary: String,
    /// Whether the secretary is also the technical administrator.
    pub technical: bool,
    /// Password hash.
    pub password: String,
}

/// Founds the organisation, its term, its secretary with an account, and ends the set-up.
///
/// # Errors
/// `NotFound` when somebody was faster; database faults.
pub fn make(tx: &mut Tx, actor: &Actor, rules: &Rules, first: &First) -> Result<accounts::Account, Fault> {
    if accounts::setting(tx, "set_up_code")?.is_none() {
        return Err(Fault::NotFound);
    }
    let today = actor.today();
    let year_start = today.first_of_year();
    let kind = rules.org_kind(&first.kind).ok_or(Fault::NotFound)?;
    let org = store::found(
        tx,
        actor,
        &NewOrg {
            parent: None,
            name: first.org.clone(),
            short_name: first.org.clone(),
            kind: kind.code.clone(),
            symbol: kind.symbol.clone(),
            is_cell: kind.is_cell,
            place: first.place.clone(),
            cell_type: None,
            born_on: today,
            document: None,
        },
    )?;
    let ends = year_start.checked_add(5.years()).unwrap_or(year_start);
    store::open_term(tx, actor, org, &format!("{}-{}", year_start.year(), ends.year()), year_start)?;
    let person =
        members::add_person(tx, actor, &members::NewPerson { name: first.secretary.clone(), ..members::NewPerson::default() })?;
    if kind.is_cell {
        members::join(tx, actor, org, person, Standing::Official, today, None)?;
    }
    store::appoint(tx, actor, org, person, Role::Secretary, today, None)?;
    if first.technical {
        store::appoint(tx, actor, org, person, Role::Admin, today, None)?;
    }
    let account = accounts::set_password(tx, actor, person, &first.secretary, &first.password)?;
    accounts::drop_setting(tx, "set_up_code")?;
    Ok(account)
}
