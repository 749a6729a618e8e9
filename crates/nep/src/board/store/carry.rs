//! Carrying months up: takes the cells whose months have changed, finds what they add to each committee above by the
//! tree of that month, and moves the sums by the difference. What was carried is kept beside the sums
//! (`month_share`), so moves, merges and splits take it from the old committees and give it to the new ones.
//! Each batch is one transaction; several servers on one database agree through the row of the run.

use std::collections::{BTreeMap, BTreeSet};

use db::{Tx, Value, values};
use domain::id::OrgId;
use domain::period::CellLife;
use domain::rollup::{CellKind, Deltas, Figures, Month, MonthFacts, Share, carry, counted_on, judge, path};
use domain::rulepack::{Library, Override, Span, Value as Figure};
use domain::tree as paths;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use super::tree::Tree;
use super::{columns, due_below, figure_values, figures, month};

/// Months of one transaction.
const BATCH: i64 = 400;
/// Rows of one insert.
const AT_ONCE: usize = 16;
/// How long a server that has begun is left alone.
const LEASE_SECONDS: i64 = 30;

/// A cell and one of its months.
pub type Key = (OrgId, Month);

/// Who carries, when.
#[derive(Debug, Clone)]
pub struct Hands {
    /// A word of the server's own.
    pub holder: String,
    /// The moment.
    pub now: Timestamp,
    /// The day in Việt Nam.
    pub today: Date,
}

/// Begins or goes on: true when nobody else is at it. Months that have begun since the last time are opened, so that
/// every living cell counts in them although nothing has happened there.
///
/// # Errors
/// Database faults only.
pub fn claim(tx: &mut Tx, hands: &Hands) -> db::Result<bool> {
    let current = Month::of(hands.today);
    let until = hands.now.checked_add(LEASE_SECONDS.seconds()).unwrap_or(hands.now);
    let run: Option<(String, Option<String>, Timestamp)> =
        tx.opt("select opened, holder, until_at from rollup_run where run_id = 1", values![])?;
    let first = match run {
        Some((_, Some(holder), until_at)) if holder != hands.holder && until_at > hands.now => return Ok(false),
        Some((opened, ..)) => opened.parse().map_or(current, Month::next),
        None => earliest(tx)?.unwrap_or(current).min(current),
    };
    for month in first.through(current) {
        due_below(tx, "/", month, hands.now)?;
    }
    tx.exec(
        "insert into rollup_run (run_id, opened, holder, until_at) values (1, $1, $2, $3)
         on conflict (run_id) do update set opened = case when excluded.opened > rollup_run.opened then excluded.opened
         else rollup_run.opened end, holder = excluded.holder, until_at = excluded.until_at",
        values![current.to_string(), hands.holder, until],
    )?;
    Ok(true)
}

/// The first month anything is known of.
fn earliest(tx: &mut Tx) -> db::Result<Option<Month>> {
    let text: Option<String> = tx.scalar("select min(month) from cell_month", values![])?;
    Ok(text.and_then(|t| t.parse().ok()))
}

/// Whether anything waits, or a month has begun: asked before anything is written.
///
/// # Errors
/// Database faults only.
pub fn waits(tx: &mut Tx, today: Date) -> db::Result<bool> {
    let current = Month::of(today).to_string();
    let opened: Option<String> = tx.scalar_opt("select opened from rollup_run where run_id = 1", values![])?;
    if opened.is_none_or(|o| o < current) {
        return Ok(true);
    }
    Ok(tx.opt::<(OrgId,)>("select org_id from month_due where month <= $1 limit 1", values![current])?.is_some())
}

/// Carries the next months after `after`; the last one carried, or nothing when none is left.
///
/// # Errors
/// Database faults only.
pub fn batch(tx: &mut Tx, library: &Library, hands: &Hands, after: Option<Key>) -> db::Result<Option<Key>> {
    let current = Month::of(hands.today).to_string();
    let (after_org, after_month) = after.map_or((OrgId::new(-1), String::new()), |(org, m)| (org, m.to_string()));
    let mut keys: Vec<Key> = Vec::new();
    tx.each(
        "select org_id, month from month_due where (org_id, month) > ($1, $2) and month <= $3 order by org_id, month limit $4",
        values![after_org, after_month, current, BATCH],
        |row| {
            keys.push((row.get(0)?, month(row, 1)?));
            Ok(())
        },
    )?;
    let Some(last) = keys.last().copied() else {
        return Ok(None);
    };
    let cells = Cells::read(tx, library, &keys)?;
    let mut old = shares(tx, &keys)?;
    let (mut deltas, mut changed) = (Deltas::new(), Vec::new());
    for (org, month) in &keys {
        let new = cells.share(*org, *month, library);
        let old = old.remove(&(*org, *month));
        if old.as_ref() != Some(&new) {
            carry(&mut deltas, *month, old.as_ref(), &new);
            changed.push(((*org, *month), new));
        }
    }
    save_shares(tx, &changed)?;
    move_sums(tx, &deltas)?;
    tx.exec(
        "delete from month_due where (org_id, month) > ($1, $2) and (org_id, month) <= ($3, $4) and month <= $5",
        values![after_org, after_month, last.0, last.1.to_string(), current],
    )?;
    Ok(Some(last))
}

/// What is known of some cells and their months.
pub(super) struct Cells {
    tree: Tree,
    lives: BTreeMap<OrgId, CellLife>,
    facts: BTreeMap<Key, MonthFacts>,
    own: Vec<(OrgId, String, Span, String, String)>,
}

impl Cells {
    pub(super) fn read(tx: &mut Tx, library: &Library, keys: &[Key]) -> db::Result<Self> {
        let orgs: Vec<OrgId> = keys.iter().map(|k| k.0).collect::<BTreeSet<_>>().into_iter().collect();
        let tree = Tree::above(tx, &orgs)?.with_kinds(tx)?;
        let (places, v) = db::listed(&[], &orgs);
        let mut lives = BTreeMap::new();
        tx.each(&format!("select org_id, born_on, ended_on from org where org_id in ({places})"), &v, |row| {
            lives.insert(row.get(0)?, CellLife { from: row.get(1)?, to: row.get(2)? });
            Ok(())
        })?;
        let facts = facts(tx, keys)?;
        let own = own_duties(tx, library, &tree)?;
        Ok(Self { tree, lives, facts, own })
    }

    /// What a month of a cell adds to the sums above, and to whose.
    pub(super) fn share(&self, org: OrgId, month: Month, library: &Library) -> Share {
        let Some(life) = self.lives.get(&org) else {
            return Share { lineage: Vec::new(), kind: CellKind::Sub, figures: Figures::default() };
        };
        let day = counted_on(month, life.from);
        let lineage = self.tree.lineage(org, day);
        let packs = library.at(month.first_day());
        let own = self.overrides(library, &lineage);
        let rules = if own.is_empty() { packs } else { packs.with_overrides(&own) };
        let kind = self.tree.cell_kind(&lineage, day, &rules);
        let facts = self.facts.get(&(org, month)).copied().unwrap_or_default();
        Share { figures: judge(month, life, &rules, &facts), lineage, kind }
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

/// The cells' own rows of these months.
fn facts(tx: &mut Tx, keys: &[Key]) -> db::Result<BTreeMap<Key, MonthFacts>> {
    let mut out = BTreeMap::new();
    let (v, places) = range(keys);
    tx.each(
        &format!(
            "select org_id, month, regular_on, regular_until, thematic_on, thematic_until, meetings, expected, present,
             excused, unexcused, leaders_expected, leaders_present, speakers, notices, notices_in_time, resolutions, tasks,
             good, fair, average, poor
             from cell_month where month >= $1 and month <= $2 and org_id in ({places})"
        ),
        &v,
        |row| {
            let mut sealed = vec![0; Figures::NAMES.iter().position(|n| *n == "meetings").unwrap_or(0)];
            for at in 6..22 {
                sealed.push(row.get(at)?);
            }
            let facts = MonthFacts {
                regular_on: row.get(2)?,
                regular_until: row.get(3)?,
                thematic_on: row.get(4)?,
                thematic_until: row.get(5)?,
                sealed: Figures::from_list(&sealed),
            };
            out.insert((row.get(0)?, month(row, 1)?), facts);
            Ok(())
        },
    )?;
    Ok(out)
}

/// What has been carried of these months.
fn shares(tx: &mut Tx, keys: &[Key]) -> db::Result<BTreeMap<Key, Share>> {
    let wanted: BTreeSet<Key> = keys.iter().copied().collect();
    let mut out = BTreeMap::new();
    let (v, places) = range(keys);
    tx.each(
        &format!(
            "select org_id, month, path, kind, {} from month_share where month >= $1 and month <= $2 and org_id in ({places})",
            columns()
        ),
        &v,
        |row| {
            let key = (row.get(0)?, month(row, 1)?);
            if wanted.contains(&key) {
                let lineage = paths::ids(&row.get::<String>(2)?).unwrap_or_default();
                out.insert(key, Share { lineage, kind: row.code(3)?, figures: figures(row, 4)? });
            }
            Ok(())
        },
    )?;
    Ok(out)
}

/// Values and places of a statement about all months between the first and the last of some cells.
fn range(keys: &[Key]) -> (Vec<Value>, String) {
    let months = || keys.iter().map(|k| k.1);
    let (first, last) = (months().min(), months().max());
    let text = |m: Option<Month>| m.map(|m| m.to_string()).unwrap_or_default();
    let orgs: BTreeSet<OrgId> = keys.iter().map(|k| k.0).collect();
    let (places, v) = db::listed(values![text(first), text(last)], &orgs);
    (v, places)
}

fn save_shares(tx: &mut Tx, changed: &[(Key, Share)]) -> db::Result<()> {
    use domain::code::Code;
    let own = ["org_id", "month", "path", "kind"];
    let set = set_words(|name| format!("excluded.{name}"));
    let tail = format!("on conflict (org_id, month) do update set path = excluded.path, kind = excluded.kind, {set}");
    let rows = changed.iter().map(|((org, month), share)| {
        let head = values![*org, month.to_string(), path(&share.lineage), share.kind.code()].to_vec();
        head.into_iter().chain(figure_values(share.figures)).collect()
    });
    insert(tx, "month_share", &own, rows.collect(), &tail)
}

fn move_sums(tx: &mut Tx, deltas: &Deltas) -> db::Result<()> {
    use domain::code::Code;
    let own = ["org_id", "month", "kind"];
    let tail = format!(
        "on conflict (org_id, month, kind) do update set {}",
        set_words(|name| format!("org_month.{name} + excluded.{name}"))
    );
    let rows = deltas.iter().filter(|(_, f)| **f != Figures::default()).map(|((org, month, kind), figures)| {
        let head = values![*org, month.to_string(), kind.code()].to_vec();
        head.into_iter().chain(figure_values(*figures)).collect()
    });
    insert(tx, "org_month", &own, rows.collect(), &tail)
}

fn set_words(to: impl Fn(&str) -> String) -> String {
    Figures::NAMES.iter().map(|name| format!("{name} = {}", to(name))).collect::<Vec<_>>().join(", ")
}

/// Inserts rows, many with one statement while there are many.
fn insert(tx: &mut Tx, table: &str, own: &[&str], rows: Vec<Vec<Value>>, tail: &str) -> db::Result<()> {
    let width = own.len() + Figures::NAMES.len();
    let text = |rows: usize| {
        let row = |n: usize| (1..=width).map(|i| format!("${}", n * width + i)).collect::<Vec<_>>().join(", ");
        let all = (0..rows).map(|n| format!("({})", row(n))).collect::<Vec<_>>().join(", ");
        format!("insert into {table} ({}, {}) values {all} {tail}", own.join(", "), columns())
    };
    let (many, one) = (text(AT_ONCE), text(1));
    let whole = rows.chunks_exact(AT_ONCE);
    let rest = whole.remainder();
    for chunk in whole {
        tx.exec(&many, &chunk.concat())?;
    }
    for row in rest {
        tx.exec(&one, row)?;
    }
    Ok(())
}
