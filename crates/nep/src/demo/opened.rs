//! What the show cell opens to its committee: its last minutes, shared; and an inspection that is over.

use domain::id::PersonId;
use domain::opening::{Extent, Way};
use domain::post::Role;
use domain::rollup::Month;
use jiff::ToSpan;
use jiff::civil::Date;

use super::Maker;
use super::cell::Block;
use crate::actor::moment;
use crate::fault::Fault;
use crate::opening::store::{self as openings, New, reading};
use crate::org::store as orgs;

/// Opens a little of the show cell.
pub(super) fn show(maker: &mut Maker, block: &Block) -> Result<(), Fault> {
    let Some(cell) = block.cells.iter().find(|c| c.show) else {
        return Ok(());
    };
    let (org, to, today) = (cell.org, cell.committee, maker.today());
    let back = |days: i64| today.checked_sub(days.days()).unwrap_or(today);
    let ahead = today.checked_add(20.days()).unwrap_or(today);
    let at = |day: Date, minute: i8| moment(day.at(9, minute, 0, 0));
    let held = orgs::posts_on(maker.tx, to, today)?;
    let people: Vec<PersonId> =
        held.iter().filter(|h| matches!(h.role, Role::Secretary | Role::Deputy | Role::Committee)).map(|h| h.person).collect();
    let Some(first) = people.first().copied() else {
        return Ok(());
    };
    let Some(second) = people.into_iter().find(|p| *p != first) else {
        return Ok(());
    };
    if let Some(last) = reading::shareable(maker.tx, org)?.into_iter().next() {
        let new = New {
            to,
            issued: Some(last.id),
            months: None,
            extent: Extent::One,
            reason: "Báo cáo kinh nghiệm sinh hoạt với đảng ủy cơ sở".to_owned(),
            document: None,
            until: ahead,
        };
        let secretary = maker.system.at(cell.secretary, org, at(back(4), 0));
        openings::share(maker.tx, &secretary, org, &new)?;
    }
    let new = New {
        to,
        issued: None,
        months: Some((Month::of(back(300)), Month::of(back(120)))),
        extent: Extent::Records,
        reason: "Kiểm tra việc ghi sổ biên bản".to_owned(),
        document: Some(("Kế hoạch 12-KH/ĐU".to_owned(), back(110))),
        until: back(80),
    };
    let (proposer, confirmer) = (maker.system.at(first, to, at(back(100), 0)), maker.system.at(second, to, at(back(100), 30)));
    let id = openings::propose(maker.tx, &proposer, org, &new)?;
    let proposed = openings::in_cell(maker.tx, org, id, back(100))?;
    openings::confirm(maker.tx, &confirmer, &proposed, proposed.version)?;
    let records = reading::records(maker.tx, &proposed)?;
    for (minute, record) in (40..).zip(records.iter().take(2)) {
        let reader = maker.system.at(first, to, at(back(99), minute));
        reading::hand_out(maker.tx, &reader, to, id, record.id, Way::Page)?;
    }
    Ok(())
}
