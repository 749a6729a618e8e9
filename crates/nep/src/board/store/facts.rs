//! What is known of some cells and their months: their lives, the tree above them on any date, what they met and put
//! off, and the figures of duties the committees above have set. A handful of statements for any number of cells.

use std::collections::{BTreeMap, BTreeSet};

use db::{Tx, Value, values};
use domain::id::OrgId;
use domain::period::CellLife;
use domain::rollup::{CellKind, Figures, Month, MonthFacts, Share, counted_on, judge};
use domain::rulepack::{Library, Override, Rules, Span, Value as Figure};
use jiff::civil::Date;

use super::month;
use super::tree::Tree;

/// A cell and one of its months.
pub type Key = (OrgId, Month);

/// What a cell met and put off in each of its months that anything is known of; at most a few dozen.
#[derive(Debug, Default)]
pub struct Months {
    known: Vec<(Month, MonthFacts)>,
    nothing: MonthFacts,
}

impl Months {
    /// Of one month.
    pub fn of(&self, month: Month) -> &MonthFacts {
        self.known.iter().find(|(m, _)| *m == month).map_or(&self.nothing, |(_, facts)| facts)
    }
}

/// What is known of some cells and their months.
#[derive(Debug)]
pub struct Cells {
    tree: Tree,
    lives: BTreeMap<OrgId, CellLife>,
    facts: BTreeMap<OrgId, Months>,
    nothing: Months,
    own: Vec<(OrgId, String, Span, String, String)>,
}

impl Cells {
    /// Reads them.
    ///
    /// # Errors
    /// Database faults only.
    pub fn read(tx: &mut Tx, library: &Library, keys: &[Key]) -> db::Result<Self> {
        let meetings = Figures::NAMES.iter().position(|name| *name == "meetings").unwrap_or(0);
        Self::with(tx, library, keys, &Figures::NAMES[meetings..])
    }

    /// As [`Cells::read`], of the figures only those of tasks that fall due: what a board of very many shows.
    ///
    /// # Errors
    /// Database faults only.
    pub fn squares(tx: &mut Tx, library: &Library, keys: &[Key]) -> db::Result<Self> {
        Self::with(tx, library, keys, &["tasks_due", "tasks_in_time", "tasks_late", "tasks_reported"])
    }

    fn with(tx: &mut Tx, library: &Library, keys: &[Key], figures: &[&str]) -> db::Result<Self> {
        let orgs: Vec<OrgId> = keys.iter().map(|k| k.0).collect::<BTreeSet<_>>().into_iter().collect();
        let tree = Tree::above(tx, &orgs)?.with_kinds(tx)?;
        let (places, v) = db::listed(&[], &orgs);
        let mut lives = BTreeMap::new();
        tx.each(&format!("select org_id, born_on, ended_on from org where org_id in ({places})"), &v, |row| {
            lives.insert(row.get(0)?, CellLife { from: row.get(1)?, to: row.get(2)? });
            Ok(())
        })?;
        let facts = facts(tx, keys, figures)?;
        let own = own_duties(tx, library, &tree)?;
        Ok(Self { tree, lives, facts, nothing: Months::default(), own })
    }

    /// What a month of a cell adds to the sums above, and to whose.
    pub fn share(&self, org: OrgId, month: Month, library: &Library) -> Share {
        let Some(life) = self.lives.get(&org) else {
            return Share { lineage: Vec::new(), kind: CellKind::Sub, figures: Figures::default() };
        };
        let day = counted_on(month, life.from);
        let lineage = self.tree.lineage(org, day);
        let rules = self.rules(&lineage, month.first_day(), library);
        let kind = self.tree.cell_kind(&lineage, day, &rules);
        Share { figures: judge(month, life, &rules, self.facts(org, month)), lineage, kind }
    }

    /// The rules of a day for a cell at the end of a lineage.
    pub fn rules(&self, lineage: &[OrgId], day: Date, library: &Library) -> Rules {
        let own = if self.own.is_empty() { Vec::new() } else { self.overrides(library, lineage) };
        let packs = library.at(day);
        if own.is_empty() { packs } else { packs.with_overrides(&own) }
    }

    /// When a cell lived.
    pub fn life(&self, org: OrgId) -> Option<CellLife> {
        self.lives.get(&org).copied()
    }

    /// What a cell met and put off in a month.
    pub fn facts(&self, org: OrgId, month: Month) -> &MonthFacts {
        self.months(org).of(month)
    }

    /// The same of all its months.
    pub fn months(&self, org: OrgId) -> &Months {
        self.facts.get(&org).unwrap_or(&self.nothing)
    }

    /// The tree above them.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// Whether every cell goes by the packs alone.
    pub fn by_packs_alone(&self) -> bool {
        self.own.is_empty()
    }

    fn overrides(&self, library: &Library, lineage: &[OrgId]) -> Vec<Override> {
        let of = |(set_by, key, span, text, document): &(OrgId, String, Span, String, String)| {
            let depth = lineage.iter().position(|id| id == set_by)?;
            let unit = library.history(key).first()?.unit;
            Some(Override { depth, key: key.clone(), span: *span, value: Figure::parse(unit, text)?, document: document.clone() })
        };
        self.own.iter().filter_map(of).collect()
    }
}

/// The figures of duties that organisations of the tree have set for themselves; hardly any.
fn own_duties(tx: &mut Tx, library: &Library, tree: &Tree) -> db::Result<Vec<(OrgId, String, Span, String, String)>> {
    let keys = super::DUTY_KEYS.iter().filter(|key| !library.history(key).is_empty());
    let (places, v) = db::listed(&[], keys.copied());
    let known: BTreeSet<OrgId> = tree.orgs().collect();
    let mut own = Vec::new();
    tx.each(
        &format!("select org_id, key, from_date, to_date, value, document from rule_override where key in ({places})"),
        &v,
        |row| {
            let org: OrgId = row.get(0)?;
            if known.contains(&org) {
                // Rows end on the first day they no longer hold, spans on the last day they do.
                let to: Option<Date> = row.get(3)?;
                let span = Span { from: row.get(2)?, to: to.map(|day| day.yesterday().unwrap_or(day)) };
                own.push((org, row.get(1)?, span, row.get(4)?, row.get(5)?));
            }
            Ok(())
        },
    )?;
    Ok(own)
}

/// The cells' own rows of these months, with these figures.
fn facts(tx: &mut Tx, keys: &[Key], figures: &[&str]) -> db::Result<BTreeMap<OrgId, Months>> {
    let mut out: BTreeMap<OrgId, Months> = BTreeMap::new();
    let (v, places) = range(keys);
    let columns = figures.join(", ");
    let places_in_list: Vec<usize> =
        figures.iter().filter_map(|figure| Figures::NAMES.iter().position(|name| name == figure)).collect();
    tx.each(
        &format!(
            "select org_id, month, regular_on, regular_until, thematic_on, thematic_until, open_days, {columns}
             from cell_month where month >= $1 and month <= $2 and org_id in ({places})"
        ),
        &v,
        |row| {
            let mut counted = [0; Figures::NAMES.len()];
            for (at, place) in (7..).zip(&places_in_list) {
                counted[*place] = row.get(at)?;
            }
            let facts = MonthFacts {
                regular_on: row.get(2)?,
                regular_until: row.get(3)?,
                thematic_on: row.get(4)?,
                thematic_until: row.get(5)?,
                open_days: row.get(6)?,
                counted: Figures::from_list(&counted),
            };
            out.entry(row.get(0)?).or_default().known.push((month(row, 1)?, facts));
            Ok(())
        },
    )?;
    Ok(out)
}

/// Values and places of a statement about all months between the first and the last of some cells.
pub(super) fn range(keys: &[Key]) -> (Vec<Value>, String) {
    let months = || keys.iter().map(|k| k.1);
    let (first, last) = (months().min(), months().max());
    let text = |m: Option<Month>| m.map(|m| m.to_string()).unwrap_or_default();
    let orgs: BTreeSet<OrgId> = keys.iter().map(|k| k.0).collect();
    let (places, v) = db::listed(values![text(first), text(last)], &orgs);
    (v, places)
}
