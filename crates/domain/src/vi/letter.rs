//! A letter taken apart: what it is without its tone, without any mark, and the tone.
//! Pure.
//! Rules: experience.md rule 8 (search without diacritics). Decomposing by the Unicode tables is slow where a
//! whole year of minutes is read; each letter that occurs in Vietnamese is decomposed once and remembered.

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

use super::fold;

/// A letter of one character, in lower case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Letter {
    /// Without its tone: `ấ` is `â`.
    pub(crate) shape: char,
    /// Without any mark: `ấ` is `a`.
    pub(crate) plain: char,
    /// The combining mark of its tone, if it has one.
    pub(crate) tone: Option<char>,
}

/// The five tone marks.
pub(crate) const fn is_tone(c: char) -> bool {
    matches!(c, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}')
}

/// Latin letters with the marks of Vietnamese lie below this.
const LAST: u32 = 0x1F00;

static LETTERS: LazyLock<Vec<Option<Letter>>> =
    LazyLock::new(|| (0..LAST).map(|n| char::from_u32(n).filter(|c| is_latin(*c)).and_then(apart)).collect());

/// Scripts whose neighbours join (Hangul), and marks that stand alone, are left out.
fn is_latin(c: char) -> bool {
    c.is_ascii_alphanumeric() || (c.is_alphabetic() && matches!(c, '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}'))
}

/// The letter by the Unicode tables; nothing when it is not one letter with at most one tone.
fn apart(c: char) -> Option<Letter> {
    let (tones, rest): (Vec<char>, Vec<char>) = c.to_lowercase().nfd().partition(|c| is_tone(*c));
    let one = |text: String| {
        let mut chars = text.chars();
        chars.next().filter(|_| chars.next().is_none())
    };
    let rest: String = rest.into_iter().nfc().collect();
    let plain = one(fold(&rest))?;
    (tones.len() <= 1).then_some(Letter { shape: one(rest)?, plain, tone: tones.first().copied() })
}

/// The letter a character is; nothing for what must be decomposed by the Unicode tables.
pub(crate) fn letter(c: char) -> Option<Letter> {
    LETTERS.get(usize::try_from(u32::from(c)).ok()?).copied().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_knows_its_shape_its_plain_form_and_its_tone() {
        for (c, shape, plain, tone) in [
            ('Ấ', 'â', 'a', Some('\u{301}')),
            ('ộ', 'ô', 'o', Some('\u{323}')),
            ('Đ', 'đ', 'd', None),
            ('ữ', 'ư', 'u', Some('\u{303}')),
            ('ỷ', 'y', 'y', Some('\u{309}')),
            ('7', '7', '7', None),
        ] {
            assert_eq!(letter(c), Some(Letter { shape, plain, tone }), "{c}");
        }
        for c in ['\u{301}', '한', 'ᄀ', ' ', 'İ'] {
            assert_eq!(letter(c), None, "{c}");
        }
    }
}
