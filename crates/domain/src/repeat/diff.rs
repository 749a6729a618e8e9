//! Two texts word by word: what they share, what only the one has, what only the other.
//! Pure.

use crate::merge::common;
use crate::vi;

/// Where a piece stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// In both.
    Same,
    /// Only in the earlier one.
    Gone,
    /// Only in the new one.
    New,
}

/// Words that stand together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Where they stand.
    pub mark: Mark,
    /// The words, as they were written.
    pub text: String,
}

/// The pieces of two texts. Words are the same whatever their case, diacritics and signs.
pub fn diff(earlier: &str, new: &str) -> (Vec<Piece>, Vec<Piece>) {
    let (a, b): (Vec<&str>, Vec<&str>) = (earlier.split_whitespace().collect(), new.split_whitespace().collect());
    let key = |w: &&str| vi::fold(w).trim_matches(|c: char| !c.is_alphanumeric() && c != '%').to_owned();
    let (ka, kb): (Vec<String>, Vec<String>) = (a.iter().map(key).collect(), b.iter().map(key).collect());
    let refs = |k: &'_ [String]| -> Vec<String> { k.to_vec() };
    let (ra, rb) = (refs(&ka), refs(&kb));
    let shared = common(&ra.iter().map(String::as_str).collect::<Vec<_>>(), &rb.iter().map(String::as_str).collect::<Vec<_>>());
    let in_a: Vec<bool> = marked(a.len(), shared.iter().map(|p| p.0));
    let in_b: Vec<bool> = marked(b.len(), shared.iter().map(|p| p.1));
    (pieces(&a, &in_a, Mark::Gone), pieces(&b, &in_b, Mark::New))
}

fn marked(len: usize, shared: impl Iterator<Item = usize>) -> Vec<bool> {
    let mut out = vec![false; len];
    for at in shared {
        if let Some(one) = out.get_mut(at) {
            *one = true;
        }
    }
    out
}

fn pieces(words: &[&str], same: &[bool], other: Mark) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    for (word, same) in words.iter().zip(same) {
        let mark = if *same { Mark::Same } else { other };
        match out.last_mut().filter(|p| p.mark == mark) {
            Some(piece) => {
                piece.text.push(' ');
                piece.text.push_str(word);
            }
            None => out.push(Piece { mark, text: (*word).to_owned() }),
        }
    }
    out
}
