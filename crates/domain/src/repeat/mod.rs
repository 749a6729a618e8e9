//! Finds among earlier tasks those that ask for the same again, in other words, for another month, with
//! another figure. Built once, asked often. Touches words only. Rules: SM-01 (no duplicates), ahead.md 8.

mod diff;
mod grams;
mod minutes;

use std::collections::HashMap;

pub use diff::{Mark, Piece, diff};
pub use minutes::{Alike, Part, alike};

use self::grams::{Common, Gram};
use crate::rulepack::{Ratio, Rules};

/// Earlier texts, ready to be asked. It keeps no text: a posting of 4 bytes for each word and pair of
/// words of each, so 50,000 tasks of 15 words take about 8 MB.
#[derive(Debug)]
pub struct Index {
    common: Common,
    /// For each gram its place among the postings.
    known: HashMap<u64, u32>,
    /// For each gram the texts that have it, by their place.
    postings: Vec<Vec<u32>>,
    /// For each text what all its grams weigh together.
    weights: Vec<f32>,
}

/// An earlier text that is near.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    /// Its place among those the index was built of.
    pub at: usize,
    /// How much of both they have in common, from 0 to 1.
    pub share: f32,
}

/// So many texts stand behind even a young index, so that with few earlier tasks a word in all of
/// them still says something.
const BEHIND: f32 = 8.0;

impl Index {
    /// An index of texts, with the words of a day's rules that say little.
    pub fn new<'a>(texts: impl IntoIterator<Item = &'a str>, rules: &Rules) -> Self {
        let common = Common::new(rules.word_list("repeat.common"));
        let mut index = Self { common, known: HashMap::new(), postings: Vec::new(), weights: Vec::new() };
        let mut of_texts: Vec<Vec<(u32, f32)>> = Vec::new();
        for (at, text) in (0u32..).zip(texts) {
            let mut grams = Vec::new();
            for gram in index.common.grams(text) {
                let next = u32::try_from(index.postings.len()).unwrap_or(u32::MAX);
                let place = *index.known.entry(gram.key).or_insert(next);
                if place == next {
                    index.postings.push(Vec::new());
                }
                if let Some(list) = index.postings.get_mut(place as usize) {
                    list.push(at);
                }
                grams.push((place, gram.prior));
            }
            of_texts.push(grams);
        }
        let rarity: Vec<f32> = index.postings.iter().map(|list| rarity(of_texts.len(), list.len())).collect();
        let weigh = |(place, prior): &(u32, f32)| prior * rarity.get(*place as usize).copied().unwrap_or_default();
        index.weights = of_texts.iter().map(|grams| grams.iter().map(weigh).sum()).collect();
        index
    }

    /// How many texts it was built of.
    pub fn len(&self) -> usize {
        self.weights.len()
    }

    /// Whether there is nothing to find.
    pub fn is_empty(&self) -> bool {
        self.weights.is_empty()
    }

    /// The nearest earlier texts, nearest first, of equal ones the first given, at most `most` and none below `least`.
    pub fn nearest(&self, text: &str, least: Ratio, most: usize) -> Vec<Near> {
        let grams = self.common.grams(text);
        let mut shared = vec![0f32; self.weights.len()];
        let mut own = 0f32;
        for Gram { key, prior } in grams {
            let list = self.known.get(&key).and_then(|place| self.postings.get(*place as usize));
            let weight = prior * rarity(self.weights.len(), list.map_or(1, Vec::len));
            own += weight;
            for at in list.into_iter().flatten() {
                if let Some(sum) = shared.get_mut(*at as usize) {
                    *sum += weight;
                }
            }
        }
        let least = f64::from(least.part) / f64::from(least.whole);
        let mut found: Vec<Near> = Vec::new();
        for (at, (sum, weight)) in shared.iter().zip(&self.weights).enumerate() {
            let share = if *sum > 0.0 { 2.0 * sum / (own + weight) } else { 0.0 };
            if f64::from(share) >= least && share > 0.0 {
                found.push(Near { at, share: share.min(1.0) });
            }
        }
        found.sort_by(|a, b| b.share.total_cmp(&a.share).then(a.at.cmp(&b.at)));
        found.truncate(most);
        found
    }
}

/// What a gram weighs that so many of all texts have: what everybody writes weighs next to nothing.
fn rarity(all: usize, having: usize) -> f32 {
    let count = |n: usize| f32::from(u16::try_from(n.min(60_000)).unwrap_or(u16::MAX));
    ((count(all) + BEHIND) / count(having.max(1))).ln().max(0.0)
}

#[cfg(test)]
#[path = "../repeat_tests.rs"]
mod tests;
