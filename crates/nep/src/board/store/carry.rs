//! Carrying months up: takes the cells whose months have changed, finds what they add to each committee above by the
//! tree of that month, and moves the sums by the difference. What was carried is kept beside the sums
//! (`month_share`), so moves, merges and splits take it from the old committees and give it to the new ones.
//! Each batch is one transaction; several servers on one database agree through the row of the run.

use std::collections::{BTreeMap, BTreeSet};

use db::{Tx, Value, values};
use domain::id::OrgId;
use domain::rollup::{Deltas, Figures, Month, Share, carry, path};
use domain::rulepack::Library;
use domain::tree as paths;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use super::facts::{Cells, Key, range};
use super::{columns, due_below, figure_values, figures, month};

/// Months of one transaction.
const BATCH: i64 = 400;
/// Rows of one insert.
const AT_ONCE: usize = 16;
/// How long a server that has begun is left alone.
const LEASE_SECONDS: i64 = 30;

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

/// Leaves the claim to whoever comes next.
///
/// # Errors
/// Database faults only.
pub fn release(tx: &mut Tx, hands: &Hands) -> db::Result<()> {
    tx.exec("update rollup_run set until_at = $2 where run_id = 1 and holder = $1", values![hands.holder, hands.now])?;
    Ok(())
}

/// The first month a meeting is known of or put off; a deadline may be anything somebody typed.
fn earliest(tx: &mut Tx) -> db::Result<Option<Month>> {
    let text: Option<String> = tx.scalar(
        "select min(month) from cell_month where meetings > 0
         or coalesce(regular_on, regular_until, thematic_on, thematic_until) is not null",
        values![],
    )?;
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
