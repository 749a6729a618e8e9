//! Words and pairs of words of a text as numbers, without figures and dates.
//! Pure.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::vi;

/// A word or a pair of words.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Gram {
    /// Its number.
    pub key: u64,
    /// What it weighs before its rarity is known.
    pub prior: f32,
}

/// What a pair of words weighs: a syllable alone is half a word.
const PAIR: f32 = 1.0;
/// What a word alone weighs.
const SINGLE: f32 = 0.6;
/// What a word weighs that tasks are written with, whatever they are about.
const LITTLE: f32 = 0.1;

/// Words and pairs that say little about what a task is.
#[derive(Debug)]
pub(super) struct Common(HashSet<String>);

/// The folded words of a text: letters only, figures as nothing.
pub(super) fn words(text: &str) -> Vec<String> {
    let folded = vi::fold(text).replace("d/c", "dc").replace("dong chi", "dc");
    let all: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let figure = |w: &str| w.chars().next().is_some_and(|c| c.is_ascii_digit());
    let mut out = Vec::with_capacity(all.len());
    for (at, word) in all.iter().enumerate() {
        let next = all.get(at + 1).is_some_and(|n| figure(n) || matches!(*n, "i" | "ii" | "iii" | "iv"));
        let dated = next && matches!(*word, "ngay" | "thang" | "quy" | "nam" | "dot");
        let quarter = matches!(*word, "i" | "ii" | "iii" | "iv");
        if !figure(word) && !dated && !quarter {
            out.push((*word).to_owned());
        }
    }
    out
}

/// The numbers of documents (`57-NQ/TW`): what tells two directives apart is no figure.
fn documents(text: &str) -> impl Iterator<Item = String> {
    let folded = vi::fold(text);
    let named: Vec<String> = folded
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')'))
        .filter(|w| w.contains('-') && w.chars().next().is_some_and(|c| c.is_ascii_digit()) && w.chars().any(char::is_alphabetic))
        .map(|w| format!("so {w}"))
        .collect();
    named.into_iter()
}

fn key(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

impl Common {
    pub fn new(words: &[String]) -> Self {
        Self(words.iter().map(|w| vi::fold(w)).collect())
    }

    fn prior(&self, word: &str, full: f32) -> f32 {
        if self.0.contains(word) { LITTLE * full } else { full }
    }

    /// The grams of a text, each once.
    pub fn grams(&self, text: &str) -> Vec<Gram> {
        let words = words(text);
        // Pairs that are common go as pairs: “chi bộ” says little, “bộ” alone might.
        let mut little = vec![false; words.len()];
        let mut out: Vec<Gram> = Vec::new();
        for at in 0..words.len() {
            let pair = words.get(at..at + 2).map(|w| w.join(" "));
            if pair.is_some_and(|p| self.0.contains(&p)) {
                little.iter_mut().skip(at).take(2).for_each(|l| *l = true);
            }
        }
        for (at, word) in words.iter().enumerate() {
            let own = if little.get(at) == Some(&true) { LITTLE * SINGLE } else { self.prior(word, SINGLE) };
            out.push(Gram { key: key(word), prior: own });
        }
        let telling: Vec<&String> = words
            .iter()
            .enumerate()
            .filter(|(at, w)| little.get(*at) == Some(&false) && !self.0.contains(*w))
            .map(|(_, w)| w)
            .collect();
        for pair in telling.windows(2) {
            if let [a, b] = pair {
                out.push(Gram { key: key(&format!("{a} {b}")), prior: PAIR });
            }
        }
        out.extend(documents(text).map(|d| Gram { key: key(&d), prior: 3.0 * PAIR }));
        let mut seen = HashSet::new();
        out.retain(|g| seen.insert(g.key));
        out
    }
}
