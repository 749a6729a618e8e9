//! The order of names in a Vietnamese list, as a key that sorts byte by byte in any engine.
//! Pure.
//! Rules: stack.md "Vietnamese text": given name, middle names, family name; the letters of the
//! alphabet first, the tones second (none, huyền, hỏi, ngã, sắc, nặng).

use std::fmt::Write;

use unicode_normalization::UnicodeNormalization;

use super::letter;

/// The alphabet with the four letters that only loan words use; a place here is a place in the list.
const LETTERS: &[char] = &[
    'a', 'ă', 'â', 'b', 'c', 'd', 'đ', 'e', 'ê', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'ô', 'ơ', 'p', 'q', 'r', 's',
    't', 'u', 'ư', 'v', 'w', 'x', 'y', 'z',
];

/// Tone marks in the order of the second level; no mark is 0.
const TONES: &[char] = &['\u{300}', '\u{309}', '\u{303}', '\u{301}', '\u{323}'];

/// The letter that a shape mark (breve, circumflex, horn) makes of a plain one.
fn shaped(base: char, mark: char) -> Option<char> {
    let letter = match (base, mark) {
        ('a', '\u{306}') => 'ă',
        ('a', '\u{302}') => 'â',
        ('e', '\u{302}') => 'ê',
        ('o', '\u{302}') => 'ô',
        ('o', '\u{31B}') => 'ơ',
        ('u', '\u{31B}') => 'ư',
        _ => return None,
    };
    Some(letter)
}

/// A character of a name with its tone.
struct Letter {
    base: char,
    tone: u8,
}

fn letters(part: &str) -> Vec<Letter> {
    let known = |c: char| {
        let parts = letter(c).filter(|l| LETTERS.contains(&l.shape) || l.shape.is_ascii())?;
        let tone = parts.tone.and_then(|mark| TONES.iter().position(|t| *t == mark)).map_or(0, |at| at + 1);
        Some(Letter { base: parts.shape, tone: u8::try_from(tone).unwrap_or(u8::MAX) })
    };
    let blank = |c: char| (c == ' ').then_some(Letter { base: c, tone: 0 });
    // Almost every name; the others are decomposed by the Unicode tables.
    part.chars().map(|c| known(c).or_else(|| blank(c))).collect::<Option<_>>().unwrap_or_else(|| decomposed(part))
}

fn decomposed(part: &str) -> Vec<Letter> {
    let mut out: Vec<Letter> = Vec::with_capacity(part.len());
    for c in part.chars().flat_map(char::to_lowercase).nfd() {
        if let Some(last) = out.last_mut() {
            if let Some(letter) = shaped(last.base, c) {
                last.base = letter;
                continue;
            }
            if last.tone == 0
                && let Some(tone) = TONES.iter().position(|t| *t == c)
            {
                last.tone = u8::try_from(tone + 1).unwrap_or(u8::MAX);
                continue;
            }
        }
        out.push(Letter { base: c, tone: 0 });
    }
    out
}

/// Writes the first level (letters), a space, the second level (tones), a space. Every byte used
/// for a letter is greater than the space, so a shorter name comes first.
fn write_part(part: &str, key: &mut String) {
    let letters = letters(part);
    for l in &letters {
        if let Some(place) = LETTERS.iter().position(|c| *c == l.base) {
            key.push(char::from(b'A'.saturating_add(u8::try_from(place).unwrap_or(0))));
        } else if l.base.is_whitespace() {
            key.push('!');
        } else if l.base.is_ascii_digit() || matches!(l.base, '\'' | '-' | '.') {
            key.push(l.base);
        } else {
            // Letters of other scripts come after ours, in the order of their code points.
            let _ = write!(key, "~{:06x}", l.base as u32);
        }
    }
    key.push(' ');
    let toned = letters.iter().rposition(|l| l.tone > 0).map_or(0, |i| i + 1);
    for l in letters.iter().take(toned) {
        key.push(char::from(b'0'.saturating_add(l.tone)));
    }
    key.push(' ');
}

/// The key by which names sort: bytewise, equal in every engine, ASCII only. Two names have the
/// same key only if they differ in nothing but case, normal form and white space.
pub fn name_key(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    let (given, middle, family) = match words.as_slice() {
        [] => return String::new(),
        [given] => (*given, String::new(), ""),
        [family, middle @ .., given] => (*given, middle.join(" "), *family),
    };
    let mut key = String::with_capacity(name.len() * 2 + 6);
    write_part(given, &mut key);
    write_part(&middle, &mut key);
    write_part(family, &mut key);
    key
}

/// The name by which a person is addressed: the last word.
pub fn given_name(name: &str) -> &str {
    name.split_whitespace().next_back().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn listed(letters: &[Letter]) -> Vec<(char, u8)> {
        letters.iter().map(|l| (l.base, l.tone)).collect()
    }

    proptest! {
        #[test]
        fn letters_known_beforehand_are_those_the_tables_give(part in "[a-zA-ZđĐàáảãạăằắẳẵặâầấẩẫậêềếểễệôồốổỗộơờớởỡợưừứửữựỲÝỶỸỴñüİßᄀ각\u{301}\u{302} .'-]{0,12}") {
            prop_assert_eq!(listed(&letters(&part)), listed(&decomposed(&part)));
        }
    }

    fn sorted(names: &[&str]) -> Vec<String> {
        let mut out: Vec<String> = names.iter().map(|n| (*n).to_owned()).collect();
        out.sort_by_key(|n| name_key(n));
        out
    }

    #[test]
    fn given_names_follow_the_alphabet_then_the_tones() {
        // A before Â (so Ấm after Ánh), D before Đ, O before Ơ, U before Ư; inside one spelling
        // the unmarked name first (Anh, Ánh; Ân, Ấn).
        let order = ["An", "Anh", "Ánh", "Ấm", "Ân", "Ấn", "Dung", "Dương", "Đạt", "Đức", "Oanh", "Ơn", "Út", "Ước"];
        let mut shuffled = order;
        shuffled.reverse();
        shuffled.swap(2, 9);
        assert_eq!(sorted(&shuffled), order);
    }

    #[test]
    fn the_six_tones_have_their_order() {
        let order = ["Ma", "Mà", "Mả", "Mã", "Má", "Mạ", "Mai"];
        let mut shuffled = order;
        shuffled.reverse();
        assert_eq!(sorted(&shuffled), order);
    }

    #[test]
    fn middle_names_come_before_the_family_name() {
        let order = ["Trần An", "Nguyễn Hữu An", "Lê Văn An", "Nguyễn Văn An", "Bùi Văn Minh An", "An Thị Anh", "Nguyễn Thị Ánh"];
        let mut shuffled = order;
        shuffled.rotate_left(3);
        shuffled.swap(0, 5);
        assert_eq!(sorted(&shuffled), order);
    }

    #[test]
    fn normal_form_case_and_spaces_do_not_matter() {
        let nfd: String = "đẶNG  thị ẤN".nfd().collect();
        assert_eq!(name_key(&nfd), name_key("Đặng Thị Ấn "));
        assert_eq!(name_key("  "), "");
        assert!(name_key("Đặng Thị Ấn").is_ascii());
    }

    #[test]
    fn the_given_name_is_the_last_word() {
        assert_eq!(given_name("Nguyễn Văn  Bình "), "Bình");
        assert_eq!(given_name("Bình"), "Bình");
        assert_eq!(given_name(""), "");
    }

    proptest! {
        #[test]
        fn different_names_have_different_keys(
            a in "[a-zăâđêôơưáàảãạấầẩẫậ'\u{416} ]{1,12}", b in "[a-zăâđêôơưáàảãạấầẩẫậ'\u{416} ]{1,12}"
        ) {
            let plain = |s: &str| {
                s.split_whitespace().collect::<Vec<_>>().join(" ").chars().flat_map(char::to_lowercase).nfc().collect::<String>()
            };
            prop_assert_eq!(name_key(&a) == name_key(&b), plain(&a) == plain(&b));
        }

        #[test]
        fn a_longer_given_name_comes_later(a in "[a-zăâđêôơư]{1,8}", b in "[a-zăâđêôơư]{1,4}") {
            let longer = format!("{a}{b}");
            prop_assert!(name_key(&a) < name_key(&longer));
        }
    }
}
