//! What a cell of each tree opens to the committee above: one record that is shared, and a proposal that waits.

use db::Tx;
use domain::id::{IssuedId, OrgId, PersonId};
use domain::opening::Extent;
use domain::rollup::Month;
use jiff::civil::date;
use nep::actor::{Actor, moment};
use nep::fault::Fault;
use nep::opening::store::{self as openings, New};

use crate::world::{Params, Spot, put};

/// The cell whose content is opened to a committee.
pub fn below(committee: Spot) -> Spot {
    if committee == Spot::Committee { Spot::Cell } else { Spot::OtherCell }
}

/// Who proposes in a committee.
pub fn proposer(committee: Spot) -> &'static str {
    if committee == Spot::Committee { "upper_member" } else { "other_secretary" }
}

fn new(to: OrgId, issued: Option<IssuedId>) -> New {
    let month = Month::of(date(2026, 11, 1));
    New {
        to,
        issued,
        months: issued.is_none().then_some((month, month)),
        extent: if issued.is_some() { Extent::One } else { Extent::Records },
        reason: "Kiểm tra việc ghi sổ".to_owned(),
        document: issued.is_none().then(|| ("Quyết định 45-QĐ/ĐU".to_owned(), date(2026, 11, 1))),
        until: date(2026, 12, 1),
    }
}

/// A cell shares its sealed minutes; `theirs` is its entry with the sealed meeting.
pub fn shared(tx: &mut Tx, actor: &Actor, to: OrgId, theirs: &serde_json::Value, p: &mut Params) -> Result<(), Fault> {
    let id = |name: &str| theirs["params"][name].as_str().unwrap().parse::<i64>().unwrap();
    let (cell, record) = (OrgId::new(id("org")), IssuedId::new(id("issued")));
    let hands = actor.at(PersonId::new(id("person")), cell, moment(date(2026, 11, 20).at(8, 0, 0, 0)));
    put(p, &["opening"], openings::share(tx, &hands, cell, &new(to, Some(record)))?);
    put(p, &["record"], record);
    put(p, &["cell"], cell);
    Ok(())
}

/// Somebody of the committee proposes to open more.
pub fn proposed(tx: &mut Tx, actor: &Actor, (to, who): (OrgId, PersonId), p: &mut Params) -> Result<(), Fault> {
    let cell = OrgId::new(p["cell"].parse().unwrap());
    let hands = actor.at(who, to, moment(date(2026, 11, 20).at(8, 0, 0, 0)));
    put(p, &["opening"], openings::propose(tx, &hands, cell, &new(to, None))?);
    Ok(())
}

/// The cell finds its own share under the same name.
pub fn in_cell(out: &mut [serde_json::Value], cell: Spot, opening: &str) {
    for entry in out.iter_mut().filter(|e| e["spot"] == cell.word()) {
        entry["params"]["opening"] = serde_json::Value::String(opening.to_owned());
    }
}

/// The sibling shares its minutes too, which nobody of the cell reads.
pub fn beside(tx: &mut Tx, actor: &Actor, to: OrgId, out: &mut [serde_json::Value]) -> Result<(), Fault> {
    let sealed = |e: &&serde_json::Value| e["spot"] == Spot::Sibling.word() && e["label"] == "sealed";
    let theirs = out.iter().find(sealed).unwrap().clone();
    let mut params = Params::new();
    shared(tx, actor, to, &theirs, &mut params)?;
    in_cell(out, Spot::Sibling, &params["opening"]);
    Ok(())
}
