//! Reads the labelled pairs of tasks and counts how the finder of near-repeats meets them. Used by the
//! tests of the domain and by the benchmark, so that both report the same figures.

use domain::repeat::Index;
use domain::rulepack::{Ratio, Rules};

/// A labelled pair.
pub struct Pair {
    /// How it was made: worded, figure, topic, unrelated.
    pub kind: String,
    /// Whether the draft asks for the same again.
    pub repeat: bool,
    /// The earlier task.
    pub earlier: String,
    /// The new one.
    pub draft: String,
}

/// The pairs of the file.
pub fn pairs(file: &str) -> Vec<Pair> {
    let pair = |line: &str| {
        let mut cells = line.split('\t').map(str::to_owned);
        let mut cell = || cells.next().unwrap_or_default();
        let (kind, label, earlier, draft) = (cell(), cell(), cell(), cell());
        Pair { kind, repeat: label == "repeat", earlier, draft }
    };
    file.lines().skip(1).filter(|l| !l.trim().is_empty()).map(pair).collect()
}

/// Right, wrongly found, missed.
#[derive(Default)]
pub struct Score {
    right: u32,
    wrongly: u32,
    missed: u32,
    errors: Vec<String>,
}

/// Counts how the finder meets the labels: every earlier task is in one index, and a pair counts as found
/// when its own earlier task is among those shown for its draft.
pub fn score(pairs: &[Pair], rules: &Rules) -> Score {
    let index = Index::new(pairs.iter().map(|p| p.earlier.as_str()), rules);
    let least = rules.ratio("repeat.task").unwrap_or(Ratio { part: 1, whole: 1 });
    let mut out = Score::default();
    for (at, pair) in pairs.iter().enumerate() {
        let near = index.nearest(&pair.draft, Ratio { part: 0, whole: 1 }, usize::MAX);
        let share = near.iter().find(|n| n.at == at).map_or(0.0, |n| n.share);
        let found = index.nearest(&pair.draft, least, usize::MAX).iter().any(|n| n.at == at);
        match (found, pair.repeat) {
            (true, true) => out.right += 1,
            (true, false) => out.wrongly += 1,
            (false, true) => out.missed += 1,
            (false, false) => {}
        }
        if found != pair.repeat {
            let sign = if found { '+' } else { '-' };
            out.errors.push(format!("{sign} {} {share:.2}: {} / {}", pair.kind, pair.earlier, pair.draft));
        }
    }
    out
}

impl Score {
    /// How much of what was found is right.
    pub fn precision(&self) -> f64 {
        f64::from(self.right) / f64::from((self.right + self.wrongly).max(1))
    }

    /// How much of what should be found was.
    pub fn recall(&self) -> f64 {
        f64::from(self.right) / f64::from((self.right + self.missed).max(1))
    }

    /// Figures and every error.
    pub fn report(&self) -> String {
        format!("precision {:.3}, recall {:.3}\n{}", self.precision(), self.recall(), self.errors.join("\n"))
    }
}
