//! The labelled sets: how well advice and the finder of near-repeats meet what people said. README.md
//! beside the sets tells how they were made; figures are those of `make bench`.

mod lint;
mod repeat;

use domain::lint::Linter;
use domain::resolution::TaskDraft;
use domain::rulepack::shipped;
use jiff::civil::date;
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

const LINT: &str = include_str!("lint.tsv");
const REPEAT: &str = include_str!("repeat.tsv");

const HELD: &str = include_str!("held.tsv");

#[test]
fn advice_meets_tasks_written_after_its_words() {
    let rules = shipped().unwrap().at(date(2026, 12, 3));
    let rows = lint::rows(HELD);
    let score = lint::score(&Linter::new(&rules), &rows);
    println!("{}", score.report());
    assert!(rows.len() >= 50 && score.precision() >= FLOOR.0 && score.recall() >= FLOOR.1, "{}", score.report());
}

/// What was measured when these were written, rounded down.
const FLOOR: (f64, f64) = (0.85, 0.65);

#[test]
fn near_repeats_meet_the_labelled_pairs() {
    let rules = shipped().unwrap().at(date(2026, 12, 3));
    let pairs = repeat::pairs(REPEAT);
    assert!(pairs.len() >= 160, "{}", pairs.len());
    assert!(pairs.iter().filter(|p| p.kind == "topic").count() * 3 >= pairs.len(), "a third is hard");
    let score = repeat::score(&pairs, &rules);
    println!("{}", score.report());
    assert!(score.precision() >= 0.85 && score.recall() >= 0.85, "{}", score.report());
}

#[test]
fn advice_meets_the_labelled_tasks() {
    let rules = shipped().unwrap().at(date(2026, 12, 3));
    let rows = lint::rows(LINT);
    assert!(rows.len() >= 240, "{}", rows.len());
    assert!(rows.iter().filter(|r| r.hard).count() * 3 >= rows.len(), "a third only looks like a fault");
    let known: Vec<String> = rules.lints().map(|r| r.id.clone()).collect();
    assert!(rows.iter().flat_map(|r| &r.expected).all(|id| known.contains(id)), "labels are ids of rules");
    let score = lint::score(&Linter::new(&rules), &rows);
    println!("{}", score.report());
    assert!(score.precision() >= 0.95 && score.recall() >= 0.95, "{}", score.report());
}

proptest! {
    #[test]
    fn composition_and_capitals_change_nothing(at in 0usize..300, upper: bool) {
        let rules = shipped().unwrap().at(date(2026, 12, 3));
        let linter = Linter::new(&rules);
        let rows = lint::rows(LINT);
        let row = &rows[at % rows.len()];
        let ids = |task: &TaskDraft| -> Vec<String> {
            linter.task(task, &row.facts()).into_iter().map(|f| f.rule.id.clone()).collect()
        };
        let nfd: String = row.task.content.nfd().collect();
        let other = TaskDraft { content: if upper { nfd.to_uppercase() } else { nfd }, ..row.task.clone() };
        prop_assert_eq!(ids(&row.task), ids(&other), "{}", &row.task.content);
    }
}
