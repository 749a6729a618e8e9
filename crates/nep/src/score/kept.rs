//! A filled-in sheet as it is kept and sealed: the edition, what the facts suggested then, the points, the
//! reasons, the level. Plain data; later rule packs change nothing of it. Rules: L4, P-12.

use std::collections::BTreeMap;

use domain::code::Code;
use domain::score::{Band, Case, Entry, Facts, InUse, Points, judge, suggest};
use serde::{Deserialize, Serialize};

/// A filled-in sheet. Points are hundredths.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Code of the sheet.
    pub sheet: String,
    /// Its edition.
    pub version: String,
    /// Its name.
    pub name: String,
    /// The document it comes from.
    pub source: String,
    /// Whether a thematic meeting was held that month.
    pub thematic: bool,
    /// The points of the whole sheet.
    pub max: i32,
    /// The points given.
    pub total: i32,
    /// The level, as a stored word; empty while points are missing.
    pub band: String,
    /// Why that level, or what is missing.
    pub why: String,
    /// The criteria and groups in the order of the sheet.
    pub lines: Vec<Line>,
}

/// A criterion or a group of criteria.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its number.
    pub id: String,
    /// Its words.
    pub text: String,
    /// Whether it is a group, which has the sum of its criteria.
    pub group: bool,
    /// The most it can have.
    pub max: i32,
    /// What the facts suggested.
    pub suggested: Option<i32>,
    /// The facts, in sentences.
    pub facts: String,
    /// The points given.
    pub points: Option<i32>,
    /// Why, where more was given than suggested.
    pub reason: String,
}

impl Line {
    /// The most as points.
    pub fn most(&self) -> Points {
        Points::of_hundredths(self.max)
    }

    /// The points given, for reading; a dash for none.
    pub fn shown(&self) -> String {
        self.points.map_or_else(|| "–".to_owned(), |p| Points::of_hundredths(p).to_string())
    }

    /// What the facts suggested, for reading; a dash for nothing.
    pub fn suggestion(&self) -> String {
        self.suggested.map_or_else(|| "–".to_owned(), |p| Points::of_hundredths(p).to_string())
    }
}

impl Kept {
    /// Fills in a sheet with what people gave.
    pub fn fill(used: &InUse, case: Case, facts: &Facts, entries: &BTreeMap<String, Entry>) -> Self {
        let sheet = &used.sheet;
        let given: BTreeMap<String, Points> = entries.iter().filter_map(|(id, e)| Some((id.clone(), e.points?))).collect();
        let verdict = judge(sheet, &used.bands, case, &given);
        let line = |c: &domain::score::Criterion| {
            let max = c.max_in(case)?;
            if sheet.is_group(&c.id) {
                let under = sheet.leaves(case).filter(|(l, _)| l.is_under(&c.id));
                let points: Option<Points> = under.map(|(l, max)| given.get(&l.id).map(|p| (*p).min(max))).sum();
                return Some(Line::plain(&c.id, &c.text, max, points));
            }
            let suggestion = suggest(c, max, facts);
            let entry = entries.get(&c.id);
            Some(Line {
                group: false,
                suggested: suggestion.points.map(Points::hundredths),
                facts: suggestion.why(),
                reason: entry.map(|e| e.reason.clone()).unwrap_or_default(),
                ..Line::plain(&c.id, &c.text, max, given.get(&c.id).map(|p| (*p).min(max)))
            })
        };
        Self {
            sheet: sheet.code.clone(),
            version: sheet.version.clone(),
            name: sheet.name.clone(),
            source: sheet.source.name.clone(),
            thematic: case.thematic,
            max: sheet.total.hundredths(),
            total: verdict.total.hundredths(),
            band: verdict.band.map(|b| b.code().to_owned()).unwrap_or_default(),
            why: verdict.why,
            lines: sheet.criteria.iter().filter_map(line).collect(),
        }
    }

    /// The level, once every criterion has points.
    pub fn level(&self) -> Option<Band> {
        Band::from_code(&self.band)
    }

    /// `92/100 điểm`.
    pub fn points(&self) -> String {
        format!("{}/{} điểm", Points::of_hundredths(self.total), Points::of_hundredths(self.max))
    }

    /// What minutes say of it; none while points are missing.
    pub fn words(&self) -> Option<String> {
        let band = self.level()?;
        Some(format!("Chi bộ tự chấm {}, xếp loại {band}", self.points()))
    }

    /// The criteria that are given points, with what was given.
    pub fn given(&self) -> Vec<(String, Option<Points>)> {
        let leaf = |l: &Line| (l.id.clone(), l.points.map(Points::of_hundredths));
        self.lines.iter().filter(|l| !l.group).map(leaf).collect()
    }

    /// A criterion by its number.
    pub fn line(&self, id: &str) -> Option<&Line> {
        self.lines.iter().find(|l| l.id == id)
    }

    /// The criteria whose suggestion is another by now.
    pub fn moved(&self, used: &InUse, case: Case, facts: &Facts) -> Vec<String> {
        let now = |id: &str| used.sheet.leaves(case).find(|(c, _)| c.id == id).map(|(c, max)| suggest(c, max, facts).points);
        let other = |l: &&Line| now(&l.id).is_none_or(|p| p.map(Points::hundredths) != l.suggested);
        self.lines.iter().filter(|l| !l.group).filter(other).map(|l| l.id.clone()).collect()
    }
}

impl Line {
    fn plain(id: &str, text: &str, max: Points, points: Option<Points>) -> Self {
        Self {
            id: id.to_owned(),
            text: text.to_owned(),
            group: true,
            max: max.hundredths(),
            suggested: None,
            facts: String::new(),
            points: points.map(Points::hundredths),
            reason: String::new(),
        }
    }
}
