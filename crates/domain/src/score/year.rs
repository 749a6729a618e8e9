//! The year of a cell by the levels of its regular meetings, where its sheet sets a rule for it.
//! Touches sheets. Rules: section 3.4 (all khá or better and at least seven tốt), CD-05.

use super::{Band, ScoreSheet, YearLevel};
use crate::agenda::vi_lower;

/// What the year comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The sheet sets no rule for the year.
    NoRule,
    /// This level is reached.
    Reached(Band),
    /// Nothing can be said yet: meetings are not scored, or the year goes on.
    Open,
    /// None of the levels the rule knows is reached.
    NotReached,
}

/// The year with what it follows from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearVerdict {
    /// What it comes to.
    pub outcome: Outcome,
    /// Why, in sentences.
    pub why: Vec<String>,
}

/// Judges a year by the levels of the regular meetings that were held; a meeting without a level has
/// not been scored yet. `over` says that no more meetings follow.
pub fn year(sheet: &ScoreSheet, levels: &[Option<Band>], over: bool) -> YearVerdict {
    if sheet.year.is_empty() {
        return YearVerdict {
            outcome: Outcome::NoRule,
            why: vec!["Bảng điểm đang dùng không quy định xếp loại cả năm.".to_owned()],
        };
    }
    let scored: Vec<Band> = levels.iter().filter_map(|l| *l).collect();
    let unscored = levels.len() - scored.len();
    let mut why = vec![format!("{} buổi thường kỳ đã họp, {} buổi đã chấm điểm{}.", levels.len(), scored.len(), counts(&scored))];
    let mut outcome = Outcome::NotReached;
    for level in &sheet.year {
        why.push(rule_words(level));
        let lower = scored.iter().filter(|b| **b < level.all).count();
        let enough = scored.iter().filter(|b| **b >= level.of).count();
        let wanted = usize::try_from(level.count).unwrap_or(usize::MAX);
        if lower > 0 {
            why.push(format!("Có {lower} buổi dưới mức {}.", level.all));
            continue;
        }
        if unscored > 0 || (enough < wanted && !over) || levels.is_empty() {
            outcome = Outcome::Open;
            if unscored > 0 {
                why.push(format!("Còn {unscored} buổi chưa chấm điểm."));
            }
            if enough < wanted {
                why.push(format!("Mới có {enough}/{wanted} buổi mức {}.", level.of));
            }
            break;
        }
        if enough >= wanted {
            outcome = Outcome::Reached(level.band);
            if !over {
                why.push("Tính đến nay; các buổi còn lại trong năm cũng phải giữ mức này.".to_owned());
            }
            break;
        }
        why.push(format!("Chỉ có {enough}/{wanted} buổi mức {}.", level.of));
    }
    if outcome == Outcome::NotReached && !sheet.year_note.is_empty() {
        why.push(sheet.year_note.clone());
    }
    YearVerdict { outcome, why }
}

fn counts(scored: &[Band]) -> String {
    let said: Vec<String> = [Band::Good, Band::Fair, Band::Average, Band::Poor]
        .into_iter()
        .map(|band| (scored.iter().filter(|b| **b == band).count(), band))
        .filter(|(n, _)| *n > 0)
        .map(|(n, band)| format!("{n} {}", vi_lower(&band.to_string())))
        .collect();
    if said.is_empty() { String::new() } else { format!(": {}", said.join(", ")) }
}

fn rule_words(level: &YearLevel) -> String {
    format!(
        "Năm xếp loại {} khi mọi buổi thường kỳ từ mức {} trở lên và có ít nhất {} buổi mức {}.",
        level.band, level.all, level.count, level.of
    )
}
