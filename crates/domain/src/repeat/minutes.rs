//! Whether this month's minutes look like the last ones, section by section: told to who writes them,
//! as help for themself. Standard formulas, figures and the names of speakers do not count.
//! Pure. Rules: ahead.md 16.

use std::collections::HashSet;

use super::diff::{Piece, diff};
use super::grams;
use crate::rulepack::{Ratio, Rules};
use crate::sentence::sentences;

/// A section of minutes that people write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What it is called.
    pub title: String,
    /// Its text.
    pub text: String,
}

/// A section that looks like one of the earlier minutes.
#[derive(Debug, Clone, PartialEq)]
pub struct Alike {
    /// What the section is called.
    pub title: String,
    /// How many words in a hundred stand in the earlier one, too.
    pub percent: u32,
    /// What the earlier one is called.
    pub earlier_title: String,
    /// The earlier text, piece by piece.
    pub earlier: Vec<Piece>,
    /// This text, piece by piece.
    pub now: Vec<Piece>,
}

/// So many words in a row make a passage that was taken over.
const ROW: usize = 4;
/// A section of fewer words than this is not judged.
const LEAST: usize = 20;

/// The sections of `now` that look like one of `earlier`, at least by the figure of the rules.
pub fn alike(now: &[Part], earlier: &[Part], rules: &Rules) -> Vec<Alike> {
    let Some(least) = rules.ratio("repeat.minutes") else {
        return Vec::new();
    };
    let formulas: HashSet<String> = rules.word_list("repeat.formulas").iter().map(|f| grams::words(f).join(" ")).collect();
    let before: Vec<(&Part, Vec<String>)> = earlier.iter().map(|p| (p, told(&p.text, &formulas))).collect();
    let mut out = Vec::new();
    for part in now {
        let words = told(&part.text, &formulas);
        if words.len() < LEAST {
            continue;
        }
        let best = before.iter().map(|(p, w)| (covered(&words, w), *p)).max_by_key(|(n, _)| *n);
        if let Some((n, other)) = best.filter(|(n, _)| reaches(least, *n, words.len())) {
            let (was, is) = diff(&other.text, &part.text);
            out.push(Alike {
                title: part.title.clone(),
                percent: u32::try_from(n * 100 / words.len()).unwrap_or(100),
                earlier_title: other.title.clone(),
                earlier: was,
                now: is,
            });
        }
    }
    out
}

fn reaches(least: Ratio, n: usize, of: usize) -> bool {
    n * least.whole as usize >= of * least.part as usize
}

/// The words of a section that somebody thought of: without formulas, and without who spoke.
fn told(text: &str, formulas: &HashSet<String>) -> Vec<String> {
    let mut out = Vec::new();
    for sentence in sentences(text) {
        let said = match sentence.split_once(':') {
            Some((who, said)) if who.split_whitespace().count() <= 8 => said.to_owned(),
            _ => sentence,
        };
        let words = grams::words(&said);
        if !formulas.contains(&words.join(" ")) {
            out.extend(words);
        }
    }
    out
}

/// How many words stand in passages that the earlier text has, too.
fn covered(words: &[String], earlier: &[String]) -> usize {
    let rows: HashSet<&[String]> = earlier.windows(ROW).collect();
    let mut taken = vec![false; words.len()];
    for (at, row) in words.windows(ROW).enumerate() {
        if rows.contains(row) {
            taken.iter_mut().skip(at).take(ROW).for_each(|t| *t = true);
        }
    }
    taken.into_iter().filter(|t| *t).count()
}
