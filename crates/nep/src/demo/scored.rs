//! How the meetings of the demonstration were scored: on the sheet of their day, from the facts they have, by
//! people who give what is suggested or a little less where nothing is; now and then somebody from above as well.

use std::collections::BTreeMap;

use domain::score::{Entry, Facts, InUse, Points, suggest};
use jiff::civil::DateTime;

use super::Maker;
use super::cell::Cell;
use super::seed::Seed;
use crate::actor::moment;
use crate::fault::Fault;
use crate::live::record::Record;
use crate::score::facts;
use crate::score::kept::Kept;
use crate::score::store::{self as scores, NewScore, OWN};

/// Scores a meeting that has just ended, unless it is one of those nobody got round to. Chance of its own, so that
/// everything else in the demonstration stays as it is.
pub(super) fn score(maker: &mut Maker, cell: &Cell, record: &Record, at: DateTime) -> Result<(), Fault> {
    let meeting = &record.meeting;
    let day = meeting.starts_at.date();
    let rules = maker.rules.at(day);
    let Some(used) = rules.score_sheet().filter(|u| u.sheet.applies(meeting.kind)) else {
        return Ok(());
    };
    let month = u64::from(day.month().unsigned_abs()) + 12 * u64::from(day.year().unsigned_abs());
    let mut seed = Seed::new(cell.org.raw().unsigned_abs(), month);
    if !cell.show && seed.chance(15) {
        return Ok(());
    }
    let facts = facts::of(maker.tx, record, &rules, at)?;
    let chair = meeting.chair.unwrap_or(cell.secretary);
    let actor = maker.system.at(chair, cell.org, moment(at));
    let own = filled(&used, &facts, &mut seed, 20);
    let new = NewScore { scorer: OWN, title: String::new(), kept: own, version: 0 };
    scores::save(maker.tx, &actor, cell.org, meeting.id, &new)?;
    let comes = if cell.show { day.month() % 3 == 0 } else { seed.chance(12) };
    if let Some((follower, _)) = cell.follower.as_ref().filter(|_| comes) {
        let actor = maker.system.at(*follower, cell.org, moment(at));
        let kept = filled(&used, &facts, &mut seed, 45);
        let title = "Cấp ủy viên theo dõi chi bộ".to_owned();
        scores::save(maker.tx, &actor, cell.org, meeting.id, &NewScore { scorer: *follower, title, kept, version: 0 })?;
    }
    Ok(())
}

/// The suggestion where there is one; else the maximum, or a little less in `strict` of a hundred cases.
fn filled(used: &InUse, facts: &Facts, seed: &mut Seed, strict: u32) -> Kept {
    let case = facts::case(facts);
    let mut entries: BTreeMap<String, Entry> = BTreeMap::new();
    for (criterion, max) in used.sheet.leaves(case) {
        let suggestion = suggest(criterion, max, facts);
        let tenth = max.share(1, 10);
        let less = if suggestion.short || seed.chance(strict) { tenth + tenth } else { Points::ZERO };
        let points = suggestion.points.unwrap_or(max - less);
        entries.insert(criterion.id.clone(), Entry { points: Some(points), reason: String::new() });
    }
    Kept::fill(used, case, facts, &entries)
}
