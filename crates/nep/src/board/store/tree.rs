//! The tree of any date for some organisations and all above them: dated edges and kinds, read level by level.
//! May touch: organisations' dated rows, to read.

use std::collections::{BTreeMap, BTreeSet};

use db::Tx;
use domain::id::OrgId;
use domain::rollup::{CellKind, Edge, Month, lineage, path};
use domain::rulepack::Rules;
use jiff::civil::Date;

/// A kind held for a time.
#[derive(Debug, Clone)]
struct Kind {
    from: Date,
    code: String,
}

/// Edges and kinds of organisations and of everything that ever stood above them.
#[derive(Debug, Default)]
pub struct Tree {
    edges: BTreeMap<OrgId, Vec<Edge>>,
    kinds: BTreeMap<OrgId, Vec<Kind>>,
}

impl Tree {
    /// Reads them: one statement for each level.
    ///
    /// # Errors
    /// Database faults only.
    pub fn above(tx: &mut Tx, orgs: &[OrgId]) -> db::Result<Self> {
        let mut tree = Self::default();
        let mut level: BTreeSet<OrgId> = orgs.iter().copied().collect();
        while !level.is_empty() {
            let (places, v) = db::listed(&[], &level);
            for org in &level {
                tree.edges.entry(*org).or_default();
            }
            let mut next = BTreeSet::new();
            tx.each(
                &format!(
                    "select org_id, from_date, to_date, parent_id from org_edge where org_id in ({places}) order by from_date"
                ),
                &v,
                |row| {
                    let edge = Edge { from: row.get(1)?, to: row.get(2)?, parent: row.get(3)? };
                    next.extend(edge.parent);
                    tree.edges.entry(row.get(0)?).or_default().push(edge);
                    Ok(())
                },
            )?;
            next.retain(|org| !tree.edges.contains_key(org));
            level = next;
        }
        Ok(tree)
    }

    /// Reads the kinds of all that was read.
    ///
    /// # Errors
    /// Database faults only.
    pub fn with_kinds(mut self, tx: &mut Tx) -> db::Result<Self> {
        let (places, v) = db::listed(&[], self.edges.keys());
        tx.each(
            &format!("select org_id, from_date, kind from org_name where org_id in ({places}) order by from_date"),
            &v,
            |row| {
                self.kinds.entry(row.get(0)?).or_default().push(Kind { from: row.get(1)?, code: row.get(2)? });
                Ok(())
            },
        )?;
        Ok(self)
    }

    /// The organisations above one on a day and itself last; empty when it stood nowhere.
    pub fn lineage(&self, org: OrgId, day: Date) -> Vec<OrgId> {
        lineage(org, day, |id| self.edges.get(&id).map(Vec::as_slice).unwrap_or_default()).unwrap_or_default()
    }

    /// The days on which anything above them changed, in order: between two of them every lineage is the same.
    pub fn changes(&self) -> Vec<Date> {
        let edges = self.edges.values().flatten();
        edges.flat_map(|e| [Some(e.from), e.to]).flatten().collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Everything that was read.
    pub fn orgs(&self) -> impl Iterator<Item = OrgId> + '_ {
        self.edges.keys().copied()
    }

    fn kind(&self, org: OrgId, day: Date) -> Option<&str> {
        let kinds = self.kinds.get(&org)?;
        kinds.iter().rev().find(|k| k.from <= day).or_else(|| kinds.first()).map(|k| k.code.as_str())
    }

    /// With which cells one counts that stands at the end of a lineage.
    pub fn cell_kind(&self, lineage: &[OrgId], day: Date, rules: &Rules) -> CellKind {
        let mut up = lineage.iter().rev();
        let own = up.next().and_then(|org| self.kind(*org, day)).unwrap_or_default();
        CellKind::of(own, up.next().and_then(|org| self.kind(*org, day)), rules)
    }

    /// Every path an organisation had in some months: below one of them stands what stood below it then.
    pub fn paths(&self, org: OrgId, from: Month, to: Month) -> Vec<String> {
        let begins = self.edges.values().flatten().map(|e| e.from).filter(|day| *day <= to.last_day());
        let days: BTreeSet<Date> = begins.chain([from.first_day()]).filter(|day| *day >= from.first_day()).collect();
        let paths: BTreeSet<String> =
            days.into_iter().map(|day| self.lineage(org, day)).filter(|l| !l.is_empty()).map(|l| path(&l)).collect();
        paths.into_iter().collect()
    }
}
