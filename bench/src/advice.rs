//! How long advice on a task and the search for near-repeats take, and how well they meet the labelled sets.
//! May touch: the rules and the project's own labelled sets, nothing outside this process.

use anyhow::Context;
use domain::lint::Linter;
use domain::repeat::Index;
use domain::rulepack::{Rules, shipped};
use jiff::civil::date;
use std::time::Instant;

use crate::load::quantile;
use crate::table::{Aim, Table};

#[expect(dead_code, reason = "what only the tests of the domain print")]
#[path = "../../crates/domain/tests/labelled/lint.rs"]
mod lint;
#[expect(dead_code, reason = "what only the tests of the domain print")]
#[path = "../../crates/domain/tests/labelled/repeat.rs"]
mod repeat;

const LINT: &str = include_str!("../../crates/domain/tests/labelled/lint.tsv");
const HELD: &str = include_str!("../../crates/domain/tests/labelled/held.tsv");
const REPEAT: &str = include_str!("../../crates/domain/tests/labelled/repeat.tsv");

/// So many earlier tasks the search is to bear.
const EARLIER: usize = 50_000;

/// Measures both.
pub fn measure(table: &mut Table) -> anyhow::Result<()> {
    let rules = shipped().context("the shipped packs are wrong")?.at(date(2026, 12, 3));
    advice(table, &rules);
    repeats(table, &rules);
    Ok(())
}

fn advice(table: &mut Table, rules: &Rules) {
    let rows = lint::rows(LINT);
    let mut times = Vec::new();
    for _ in 0..20 {
        for row in &rows {
            // As a request does: the linter is made anew, the task looked through, the skeleton filled.
            let begun = Instant::now();
            let linter = Linter::new(rules);
            let found = linter.task(&row.task, &row.facts());
            std::hint::black_box(linter.skeleton(&row.task, &row.facts(), &found));
            times.push(begun.elapsed().as_secs_f64() * 1000.0);
        }
    }
    times.sort_unstable_by(f64::total_cmp);
    table.put("lint.p99_ms", quantile(&times, 0.99), "ms", Aim::Most(50.0));
    let linter = Linter::new(rules);
    let score = lint::score(&linter, &rows);
    table.put("lint.precision", score.precision(), "", Aim::Least(0.9));
    table.put("lint.recall", score.recall(), "", Aim::Least(0.9));
    let held = lint::score(&linter, &lint::rows(HELD));
    table.put("lint.held_precision", held.precision(), "", Aim::None);
    table.put("lint.held_recall", held.recall(), "", Aim::None);
}

fn repeats(table: &mut Table, rules: &Rules) {
    let pairs = repeat::pairs(REPEAT);
    let score = repeat::score(&pairs, rules);
    let tasks: Vec<String> = (0..EARLIER).map(|n| task(&pairs, n)).collect();
    let begun = Instant::now();
    let index = Index::new(tasks.iter().map(String::as_str), rules);
    let built = begun.elapsed();
    let Some(least) = rules.ratio("repeat.task") else { return };
    let mut times = Vec::new();
    for _ in 0..5 {
        for pair in &pairs {
            let begun = Instant::now();
            std::hint::black_box(index.nearest(&pair.draft, least, 3));
            times.push(begun.elapsed().as_secs_f64() * 1000.0);
        }
    }
    times.sort_unstable_by(f64::total_cmp);
    table.put("repeat.p99_ms", quantile(&times, 0.99), "ms", Aim::Most(20.0));
    table.put("repeat.build_ms", built.as_secs_f64() * 1000.0, "ms", Aim::None);
    table.put("repeat.precision", score.precision(), "", Aim::Least(0.85));
    table.put("repeat.recall", score.recall(), "", Aim::Least(0.85));
}

/// An earlier task that is not the same as the others: two of the set put together for a person and a month.
fn task(pairs: &[repeat::Pair], n: usize) -> String {
    let of = |n: usize| pairs.get(n % pairs.len()).map_or("", |p| p.earlier.as_str());
    format!("{} trước ngày {}/{}, phối hợp với tổ {} {}", of(n), n % 28 + 1, n % 12 + 1, n % 97, of(n / pairs.len() * 7 + n))
}
