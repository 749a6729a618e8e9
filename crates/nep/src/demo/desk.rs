//! What lies on the desk today: the next meeting, prepared, in most cells without its notice.

use domain::agenda::Step;
use jiff::ToSpan;

use super::cell::Cell;
use super::history::Meet;
use super::{Maker, held, told, words};
use crate::fault::Fault;
use crate::meeting::store as meetings;

/// Prepares the next meeting of a cell, a few days ago.
pub(super) fn prepare(maker: &mut Maker, cell: &mut Cell, meet: &Meet, noticed: bool) -> Result<(), Fault> {
    let now = maker.now;
    let when = now.checked_sub(26.hours()).unwrap_or(now);
    let mut prepared = held::prepare(maker, cell, meet, when)?;
    if let Some(report) = prepared.items.iter_mut().find(|i| i.step == Step::Report) {
        report.information = words::report(&mut cell.seed, cell.line);
        meetings::save_item(maker.tx, cell.org, report, 0)?;
        report.version += 1;
    }
    if noticed {
        let sent = now.checked_sub(20.hours()).unwrap_or(now);
        told::send(maker, cell, &mut prepared, sent)?;
        told::answered(maker, cell, &prepared, sent)?;
    }
    Ok(())
}
