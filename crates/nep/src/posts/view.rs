//! From rows to what is shown of the leaders of a part of the tree: one line for each organisation.
//! Touches its own store and the rule packs. Rules: L10; nobody is named in what is lacking.

use std::collections::BTreeMap;

use db::Tx;
use domain::code::Code;
use domain::id::OrgId;
use domain::post::{Post, Role, committee_size};
use domain::posts_due::{Due, Facts, Figures, Lack, Term, counted, due, term_end, vacant};
use domain::rulepack::{Override, Rules};
use domain::{tree, vi};
use jiff::civil::Date;

use super::store::{self, LIMIT, Leader, Part, Unit};
use crate::org::store::Org;

/// One organisation with its leaders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Which.
    pub unit: Unit,
    /// The secretary, or nothing.
    pub secretary: String,
    /// The deputies.
    pub deputy: String,
    /// How many make up the committee.
    pub size: u32,
    /// How many the congress decided.
    pub seats: Option<u32>,
    /// How many places are vacant.
    pub vacant: u32,
    /// Official members, for a cell.
    pub official: u32,
    /// The term: its name and its first day.
    pub term: Option<(String, Date)>,
    /// The first day after it.
    pub ends: Option<Date>,
    /// What is lacking, the most pressing first.
    pub due: Vec<Due>,
}

/// What a list is narrowed to; it stands in the address.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(default)]
pub struct Filter {
    /// What is lacking, or `tat-ca` for every organisation; nothing for those that lack anything.
    pub viec: String,
    /// Cells (`chi-bo`) or committees above (`dang-bo`).
    pub loai: String,
    /// Words in the name, without diacritics too.
    pub q: String,
    /// The page.
    pub trang: String,
}

/// The word of the filter for every organisation.
pub const ALL: &str = "tat-ca";

impl Filter {
    /// Whether a line is wanted.
    pub fn keeps(&self, line: &Line) -> bool {
        let lack = match self.viec.as_str() {
            "" => !line.due.is_empty(),
            ALL => true,
            code => Lack::from_code(code).is_some_and(|l| line.due.iter().any(|d| d.lack == l)),
        };
        let kind = match self.loai.as_str() {
            "chi-bo" => line.unit.is_cell,
            "dang-bo" => !line.unit.is_cell,
            _ => true,
        };
        lack && kind && vi::fold(&line.unit.name).contains(&vi::fold(&self.q))
    }
}

/// Everything of a part of the tree on a day: the lines, and whether more were left out.
///
/// # Errors
/// Database faults only.
pub fn lines(tx: &mut Tx, top: &Org, rules: &Rules, day: Date) -> db::Result<(Vec<Line>, bool)> {
    let mut units = store::below(tx, &top.path, day)?;
    let more = units.len() > LIMIT;
    units.truncate(LIMIT);
    let mut part = Part::under(&top.path);
    if let Some(last) = units.last().filter(|_| more) {
        part.end = format!("{}~", last.path);
    }
    let (leaders, official) = (store::leaders(tx, &part, day)?, store::official(tx, &part, day)?);
    let (terms, set) = (store::terms(tx, &part, day)?, store::overrides(tx, top, &part, rules)?);
    let mut known: BTreeMap<(Vec<OrgId>, bool), Figures> = BTreeMap::new();
    let lines = units
        .into_iter()
        .map(|unit| {
            let figures = figures(&unit, rules, &set, &mut known);
            let held = leaders.get(&unit.org).map(Vec::as_slice).unwrap_or_default();
            let (official, term) = (official.get(&unit.org).copied().unwrap_or(0), terms.get(&unit.org).cloned());
            line(unit, held, official, term, &figures, day)
        })
        .collect();
    Ok((lines, more))
}

/// The figures that hold for an organisation; those of organisations under the same committees that set
/// any are worked out once.
fn figures(unit: &Unit, rules: &Rules, set: &[(OrgId, Override)], known: &mut BTreeMap<(Vec<OrgId>, bool), Figures>) -> Figures {
    let ids = tree::ids(&unit.path).unwrap_or_default();
    let setters: Vec<OrgId> = ids.into_iter().filter(|id| set.iter().any(|(org, _)| org == id)).collect();
    let sub = unit.kind == "cell_sub";
    *known.entry((setters.clone(), sub)).or_insert_with(|| {
        let own: Vec<Override> = set.iter().filter(|(org, _)| setters.contains(org)).map(|(_, o)| o.clone()).collect();
        read(&rules.with_overrides(&own), sub)
    })
}

/// The figures of a day. A rule that no pack of the day knows asks for nothing.
fn read(rules: &Rules, sub: bool) -> Figures {
    let int = |key: &str| rules.int(key).and_then(|n| u32::try_from(n).ok());
    let years = int("org.term_years").unwrap_or(5).saturating_mul(12);
    Figures {
        min_official: int("org.min_official_members").unwrap_or(0),
        committee_from: int("org.committee_from").unwrap_or(u32::MAX),
        committee_max: int("org.committee_max").unwrap_or(u32::MAX),
        term_months: if sub { int("org.term_months_sub").unwrap_or(years) } else { years },
        soon_months: int("org.congress_notice_months").unwrap_or(0),
    }
}

fn line(unit: Unit, held: &[Leader], official: u32, term: Option<(String, Term)>, figures: &Figures, day: Date) -> Line {
    let posts: Vec<Post> = held.iter().map(Leader::post).collect();
    let facts = Facts { org: unit.org, is_cell: unit.is_cell, official, posts: &posts, term: term.as_ref().map(|t| t.1) };
    let names = |role: Role| held.iter().filter(|l| l.role == role).map(|l| l.name.as_str()).collect::<Vec<_>>().join(", ");
    Line {
        secretary: names(Role::Secretary),
        deputy: names(Role::Deputy),
        size: committee_size(&posts, unit.org, day),
        seats: facts.term.and_then(|t| t.seats),
        vacant: vacant(&facts, day),
        official,
        ends: facts.term.map(|t| term_end(&t, figures)),
        due: due(&facts, figures, day),
        term: term.map(|(name, t)| (name, t.from)),
        unit,
    }
}

/// What one organisation lacks of its leaders.
///
/// # Errors
/// Database faults only.
pub fn of_one(tx: &mut Tx, org: &Org, rules: &Rules, day: Date) -> db::Result<Vec<Due>> {
    let unit =
        Unit { org: org.id, path: org.path.clone(), is_cell: org.is_cell, name: org.short_name.clone(), kind: org.kind.clone() };
    // Its own path alone: what lies below is not asked for.
    let part = Part { top: org.path.clone(), end: format!("{}!", org.path) };
    let (leaders, official) = (store::leaders(tx, &part, day)?, store::official(tx, &part, day)?);
    let (terms, set) = (store::terms(tx, &part, day)?, store::overrides(tx, org, &part, rules)?);
    let held = leaders.get(&org.id).map(Vec::as_slice).unwrap_or_default();
    let figures = figures(&unit, rules, &set, &mut BTreeMap::new());
    let (official, term) = (official.get(&org.id).copied().unwrap_or(0), terms.get(&org.id).cloned());
    Ok(line(unit, held, official, term, &figures, day).due)
}

/// How many organisations lack each thing: the word of the filter, words, how many.
pub fn counts(lines: &[Line]) -> Vec<(Lack, usize)> {
    counted(lines.iter().map(|l| l.due.as_slice()))
}
