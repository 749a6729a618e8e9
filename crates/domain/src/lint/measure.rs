//! Whether a task says how one will see that it is done: a number with a unit, a product, an end.
//! Pure. Rules: SM-01, M15.

use super::when::Said;
use super::words::{Kind, Phrase, Text};
use crate::rulepack::LintRule;

/// The words by which a result is known.
#[derive(Debug)]
pub(super) struct Results {
    numbers: Vec<Phrase>,
    units: Vec<Phrase>,
    makes: Vec<Phrase>,
    products: Vec<Phrase>,
    ends: Vec<Phrase>,
    /// Words before a number that make it a date or the number of a document.
    dates: Vec<Phrase>,
}

/// How many words may stand between making and what is made: “xây dựng (dự thảo) kế hoạch”.
const APART: usize = 3;

impl Results {
    pub fn new(rule: &LintRule) -> Self {
        let list = |name| Phrase::list(rule.list(name));
        Self {
            numbers: list("numbers"),
            units: list("units"),
            makes: list("makes"),
            products: list("products"),
            ends: list("ends"),
            dates: ["tháng", "năm", "quý", "số", "ngày"].map(Phrase::new).into(),
        }
    }

    /// Whether the text names anything that can be checked; “xong” in its deadline is no end.
    pub fn said_in(&self, text: &Text<'_>, deadline: Option<Said>) -> bool {
        let dated = |at: usize| deadline.is_some_and(|d| (d.from..d.to).contains(&at));
        let ended = |at: usize| !dated(at) && text.any_at(at, &self.ends);
        (0..text.tokens.len()).any(|at| self.counted(text, at) || ended(at) || self.made(text, at))
    }

    fn counted(&self, text: &Text<'_>, at: usize) -> bool {
        let digits = text.kind(at) == Some(Kind::Number);
        let n = if digits { Some(1) } else { text.longest_at(at, &self.numbers) };
        let Some(n) = n else {
            return false;
        };
        let dated = at > 0 && (text.is_mark(at - 1, &['/']) || text.any_at(at - 1, &self.dates));
        let mut next = at + n;
        if text.is_mark(next, &['(']) {
            next = (next..text.tokens.len()).find(|n| text.is_mark(*n, &[')'])).map_or(next, |n| n + 1);
        }
        !dated && ((digits && text.is_mark(next, &['%'])) || text.any_at(next, &self.units))
    }

    fn made(&self, text: &Text<'_>, at: usize) -> bool {
        let Some(n) = text.longest_at(at, &self.makes) else {
            return false;
        };
        (at + n..=at + n + APART)
            .take_while(|next| *next == at + n || !text.ends_sentence(next - 1))
            .any(|next| text.any_at(next, &self.products))
    }
}
