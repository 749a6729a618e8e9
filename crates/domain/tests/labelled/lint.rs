//! Reads the labelled task sentences and counts how the linter meets them. Used by the tests of the
//! domain and by the benchmark, so that both report the same figures.

use std::collections::BTreeMap;

use domain::id::PersonId;
use domain::lint::{Facts, Linter};
use domain::resolution::TaskDraft;
use domain::vi;
use jiff::civil::{Date, date};

/// A labelled task.
pub struct Row {
    /// Whether it only looks like a fault.
    pub hard: bool,
    /// The task.
    pub task: TaskDraft,
    /// How many open tasks the doer has.
    pub open: u32,
    /// The first day after the term.
    pub term_end: Option<Date>,
    /// Ids of the rules that should find something.
    pub expected: Vec<String>,
}

impl Row {
    /// What is known besides.
    pub fn facts(&self) -> Facts<'_> {
        Facts { term_end: self.term_end, open: self.open, ..Facts::on(date(2026, 12, 3)) }
    }
}

/// The rows of the file; what its README says is filled in.
pub fn rows(file: &str) -> Vec<Row> {
    file.lines().skip(1).filter(|l| !l.trim().is_empty()).map(row).collect()
}

fn row(line: &str) -> Row {
    let mut cells = line.split('\t');
    let mut cell = || cells.next().unwrap_or_default();
    let (kind, content, requirement, other, findings) = (cell(), cell(), cell(), cell(), cell());
    let or = |said: &str, else_: &str| if said.is_empty() { else_.to_owned() } else { said.to_owned() };
    let person = PersonId::new;
    let mut row = Row {
        hard: kind == "hard",
        task: TaskDraft {
            content: content.to_owned(),
            requirement: or(requirement, "Đúng yêu cầu của chi ủy"),
            measure: "Theo phân công".to_owned(),
            deadline: Some(date(2026, 12, 25)),
            doer: Some(person(1)),
            checker: Some(person(2)),
            urger: Some(person(3)),
        },
        open: 0,
        term_end: None,
        expected: findings.split(',').filter(|f| *f != "-").map(str::to_owned).collect(),
    };
    let day = |text: &str| vi::parse_date(text).ok();
    for word in other.split_whitespace() {
        match word.split_once('=') {
            Some(("deadline", d)) => row.task.deadline = day(d),
            Some(("term_end", d)) => row.term_end = day(d),
            Some(("open", n)) => row.open = n.parse().unwrap_or(0),
            Some(("checker", _)) => row.task.checker = row.task.doer,
            _ => match word {
                "-requirement" => row.task.requirement.clear(),
                "-measure" => row.task.measure.clear(),
                "-deadline" => row.task.deadline = None,
                "-doer" => row.task.doer = None,
                "-checker" => row.task.checker = None,
                "-urger" => row.task.urger = None,
                _ => {}
            },
        }
    }
    row
}

/// Right, wrongly found, missed, by rule.
#[derive(Default)]
pub struct Score {
    by_rule: BTreeMap<String, (u32, u32, u32)>,
    errors: Vec<String>,
}

/// Counts how the linter meets the labels.
pub fn score(linter: &Linter<'_>, rows: &[Row]) -> Score {
    let mut out = Score::default();
    for row in rows {
        let found: Vec<String> = linter.task(&row.task, &row.facts()).into_iter().map(|f| f.rule.id.clone()).collect();
        for id in &found {
            let right = row.expected.contains(id);
            let counts = out.by_rule.entry(id.clone()).or_default();
            if right {
                counts.0 += 1;
            } else {
                counts.1 += 1;
                out.errors.push(format!("+ {id}: {}", row.task.content));
            }
        }
        for id in row.expected.iter().filter(|id| !found.contains(id)) {
            out.by_rule.entry(id.clone()).or_default().2 += 1;
            out.errors.push(format!("- {id}: {}", row.task.content));
        }
    }
    out
}

impl Score {
    fn sums(&self) -> (u32, u32, u32) {
        // That a field is empty is seen without judgement: it would only make the figures look better.
        let judged = self.by_rule.iter().filter(|(id, _)| !id.starts_with("no_"));
        judged.fold((0, 0, 0), |sum, (_, c)| (sum.0 + c.0, sum.1 + c.1, sum.2 + c.2))
    }

    /// How much of what was found is right.
    pub fn precision(&self) -> f64 {
        let (right, wrong, _) = self.sums();
        f64::from(right) / f64::from((right + wrong).max(1))
    }

    /// How much of what should be found was.
    pub fn recall(&self) -> f64 {
        let (right, _, missed) = self.sums();
        f64::from(right) / f64::from((right + missed).max(1))
    }

    /// Figures by rule and every error.
    pub fn report(&self) -> String {
        let mut out = format!("precision {:.3}, recall {:.3}\n", self.precision(), self.recall());
        for (id, (right, wrong, missed)) in &self.by_rule {
            out.push_str(&format!("{id}: right {right}, wrongly {wrong}, missed {missed}\n"));
        }
        out.push_str(&self.errors.join("\n"));
        out
    }
}
