//! Programmes of changes that offices are preparing: the block unifies kinds by QĐ 208 and founds a committee for
//! four cells of its own; the committee of the show case makes one cell of two. Nothing has changed yet. Rules: TC-23.

use domain::id::{Id, OrgId};
use jiff::ToSpan;

use super::Maker;
use super::cell::Block;
use crate::fault::Fault;
use crate::reorg::kept::{Entry, FirstPost, What};
use crate::reorg::store::{self, Programme};

/// The kind of QĐ 208.
const UNIFIED: &str = "cell";

fn unify(kinds: &[&str]) -> What {
    What::Unify { kinds: kinds.iter().map(|k| (*k).to_owned()).collect(), to: UNIFIED.to_owned() }
}

/// Prepares them, where the rules of their day know the unified kind.
pub(super) fn draft(maker: &mut Maker, block: &Block) -> Result<(), Fault> {
    let on = maker.today().last_of_month().checked_add(1.day()).unwrap_or_else(|_| maker.today());
    if maker.rules.at(on).org_kind(UNIFIED).is_none() {
        return Ok(());
    }
    let own: Vec<_> = block.cells.iter().filter(|c| c.committee == block.root).take(4).collect();
    let Some(lead) = own.first() else { return Ok(()) };
    let secretary = crate::member::store::name(maker.tx, lead.secretary)?;
    let posts = vec![FirstPost { person: lead.secretary.raw(), name: secretary, role: "secretary".to_owned() }];
    let id = maker.system.id::<domain::id::OrgKind>().raw();
    let wishes = vec![
        unify(&["cell_base", "cell_sub"]),
        What::Found {
            id,
            kind: "base".to_owned(),
            name: "Đảng bộ các ban Đảng tỉnh".to_owned(),
            parent: block.root.raw(),
            posts,
        },
        What::Move { orgs: own.iter().map(|c| c.org.raw()).collect(), to: id },
    ];
    prepared(maker, block.root, "Thống nhất chi bộ theo Quy định 208, lập Đảng bộ các ban Đảng tỉnh", on, wishes)?;
    let Some(show) = block.show() else { return Ok(()) };
    let beside: Vec<i64> = block.cells.iter().filter(|c| c.committee == show.committee && !c.show).map(|c| c.org.raw()).collect();
    if let [into, one, ..] = beside.as_slice() {
        let wishes = vec![unify(&["cell_sub"]), What::Merge { orgs: vec![*one], into: *into }];
        prepared(maker, show.committee, "Nhập hai chi bộ, thống nhất tên gọi chi bộ", on, wishes)?;
    }
    Ok(())
}

fn prepared(maker: &mut Maker, org: OrgId, title: &str, on: jiff::civil::Date, wishes: Vec<What>) -> Result<(), Fault> {
    let clerk = maker.system.at(Id::new(0), org, maker.now);
    let entries: Vec<Entry> = (1..).zip(wishes).map(|(n, what)| Entry { n, what }).collect();
    let id = store::begin(maker.tx, &clerk, org, title, &entries)?;
    let programme = Programme { on: Some(on), ..store::get(maker.tx, org, id)? };
    Ok(store::save(maker.tx, &clerk, &programme, "programme.edited")?)
}
