//! From entered points to the level: sums, gaps, conditions of a level, and the words that say why.
//! Touches sheets and suggestions. Rules: section 3 (bands, hard conditions), L4 (raising needs a reason).

use std::collections::BTreeMap;

use super::{Band, Bands, Case, Points, ScoreSheet, Suggestion};
use crate::agenda::vi_lower;
use crate::refusal::Refusal;
use crate::vi;

/// What people give for one criterion.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// The points; none while not decided.
    pub points: Option<Points>,
    /// Why, where more is given than the facts suggest.
    pub reason: String,
}

/// Whether these points need a reason: more than the facts suggest, or the maximum against the facts.
pub fn needs_reason(points: Points, max: Points, suggestion: &Suggestion) -> bool {
    match suggestion.points {
        Some(suggested) => points > suggested,
        None => suggestion.short && points >= max,
    }
}

/// Whether an entry may stand. Lower is free; higher takes one line of reason.
///
/// # Errors
/// More than the maximum, or no reason where one is needed.
pub fn check_entry(max: Points, suggestion: &Suggestion, entry: &Entry) -> Result<(), Refusal> {
    let Some(points) = entry.points else { return Ok(()) };
    if points > max {
        return Err(Refusal::new("too_much", format!("Điểm tối đa của tiêu chí này là {max}. Hãy sửa lại điểm.")).at("points"));
    }
    if needs_reason(points, max, suggestion) && entry.reason.trim().is_empty() {
        let text = match suggestion.points {
            Some(suggested) => format!("Điểm cao hơn gợi ý theo số liệu ({suggested}). Hãy ghi lý do, hoặc hạ điểm."),
            None => "Số liệu chưa đủ cho điểm tối đa. Hãy ghi lý do, hoặc hạ điểm.".to_owned(),
        };
        return Err(Refusal::new("reason", text).at("reason"));
    }
    Ok(())
}

/// What entered points come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The sum of what was given.
    pub total: Points,
    /// The criteria without points yet, by their numbers.
    pub missing: Vec<String>,
    /// The level; none while something is missing.
    pub band: Option<Band>,
    /// Why it is that level, in a sentence.
    pub why: String,
}

/// Adds up and finds the level. Points of criteria that do not stand on the sheet count for nothing.
pub fn judge(sheet: &ScoreSheet, bands: &Bands, case: Case, given: &BTreeMap<String, Points>) -> Verdict {
    let of = |id: &str, max: Points| given.get(id).map(|p| (*p).min(max));
    let total: Points = sheet.leaves(case).filter_map(|(c, max)| of(&c.id, max)).sum();
    let missing: Vec<String> =
        sheet.leaves(case).filter(|(c, max)| of(&c.id, *max).is_none()).map(|(c, _)| c.id.clone()).collect();
    if !missing.is_empty() {
        let why = format!("Chưa cho điểm: {}. Cho điểm đủ các tiêu chí thì mới xếp loại.", missing.join(", "));
        return Verdict { total, missing, band: None, why };
    }
    let by_points = bands.of(total);
    let mut band = by_points;
    let mut lacking = Vec::new();
    for gate in sheet.gates.iter().filter(|g| g.band == by_points) {
        let failed = sheet.leaves(case).filter(|(c, max)| gate.full.contains(&c.id) && of(&c.id, *max) < Some(*max));
        lacking.extend(failed.map(|(c, _)| format!("{} ({})", c.id, vi_lower(&c.text))));
    }
    let why = if lacking.is_empty() {
        format!("{total}/{} điểm: {}", sheet.total, range(bands, by_points))
    } else {
        band = by_points.lower();
        format!("Đủ {total} điểm nhưng tiêu chí {} chưa đạt điểm tối đa nên xếp {band}.", vi::join(&lacking))
    };
    Verdict { total, missing, band: Some(band), why }
}

fn range(bands: &Bands, band: Band) -> String {
    match band {
        Band::Good => format!("từ {} điểm trở lên là {band}.", bands.good),
        Band::Fair => format!("từ {} đến dưới {} điểm là {band}.", bands.fair, bands.good),
        Band::Average => format!("từ {} đến dưới {} điểm là {band}.", bands.average, bands.fair),
        Band::Poor => format!("dưới {} điểm là {band}.", bands.average),
    }
}

/// How two scores of one meeting differ in a criterion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The number of the criterion.
    pub id: String,
    /// What the cell gave.
    pub own: Points,
    /// What the superior gave.
    pub other: Points,
}

impl Gap {
    /// The superior's less the cell's.
    pub fn difference(&self) -> Points {
        self.other - self.own
    }
}

/// Where two scores differ, in the order of their numbers; what only one of them gave is no difference.
pub fn gaps(own: &[(String, Option<Points>)], other: &[(String, Option<Points>)]) -> Vec<Gap> {
    let find = |id: &str| other.iter().find(|(o, _)| o == id).and_then(|(_, p)| *p);
    own.iter()
        .filter_map(|(id, points)| Some(Gap { id: id.clone(), own: (*points)?, other: find(id)? }))
        .filter(|g| g.own != g.other)
        .collect()
}
