//! What the facts suggest for a criterion. A suggestion is never a verdict: people decide, and what the
//! facts do not say stays theirs without a figure in the way.
//! Touches facts and scales. Rules: section 3, L4.

use super::{Criterion, Facts, Finding, Measure, Met, Points, Scale, Step, When};
use crate::roll::Share;
use crate::rulepack::Compare;

/// What the facts say of a criterion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The points; none where the facts or the scale do not say.
    pub points: Option<Points>,
    /// Whether the facts speak against the maximum although no scale says how much less it is.
    pub short: bool,
    /// What they follow from.
    pub findings: Vec<Finding>,
}

impl Suggestion {
    /// The facts as sentences, one line.
    pub fn why(&self) -> String {
        self.findings.iter().map(|f| f.text.as_str()).collect::<Vec<_>>().join(" ")
    }
}

/// What the facts suggest for a criterion that can have at most `max`.
pub fn suggest(criterion: &Criterion, max: Points, facts: &Facts) -> Suggestion {
    let findings = facts.findings(criterion);
    let (points, short) = match &criterion.scale {
        Scale::Show => (None, false),
        Scale::Full => full(&findings, max),
        Scale::Share => (share_of(&findings).map(|s| max.share(s.numer, s.denom)), false),
        Scale::Steps { rows, if_unexcused } => {
            let most = if_unexcused.filter(|_| facts.unexcused > 0);
            let points = findings.first().and_then(|f| row(rows, f.measure?));
            (points.map(|p| most.map_or(p, |m| p.min(m))), false)
        }
    };
    Suggestion { points: points.map(|p| p.min(max)), short, findings }
}

/// All met gives everything; one that is not met speaks against the maximum, whatever is not known.
fn full(findings: &[Finding], max: Points) -> (Option<Points>, bool) {
    if findings.is_empty() {
        return (None, false);
    }
    let short = findings.iter().any(|f| f.met == Met::No);
    let all = findings.iter().all(|f| f.met.counts());
    (all.then_some(max), short)
}

fn share_of(findings: &[Finding]) -> Option<Share> {
    match findings.first()?.measure? {
        Measure::Share(share) => Some(share),
        Measure::Minutes(had, least) => Some(Share::new(had.min(least), least)),
    }
}

fn row(rows: &[Step], measure: Measure) -> Option<Points> {
    rows.iter().find(|r| holds(r.when, measure)).map(|r| r.points)
}

fn holds(when: When, measure: Measure) -> bool {
    let (n, of) = match measure {
        Measure::Share(s) => (s.numer, s.denom),
        Measure::Minutes(had, least) => (had.min(least), least),
    };
    match when {
        When::AtLeast(ratio) => ratio.reached(Compare::AtLeast, u64::from(n), u64::from(of)),
        When::Over(ratio) => ratio.reached(Compare::Over, u64::from(n), u64::from(of)),
        When::ShortBy(minutes) => of.saturating_sub(n) <= minutes,
    }
}
