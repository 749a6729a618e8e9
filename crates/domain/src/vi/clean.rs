//! Which characters may enter a record, and the folded form that search compares.
//! Pure.
//! Rules: experience.md rule 8 (NFC; bidi, zero-width and control characters refused).

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

crate::codes! {
    /// What was found in a text that may not be there.
    pub enum BadKind {
        /// A C0 or C1 control character.
        Control = "control" / "ký tự điều khiển",
        /// A character that reverses the direction of the line.
        Bidi = "bidi" / "ký tự đảo chiều chữ",
        /// A character without any width.
        ZeroWidth = "zero-width" / "ký tự ẩn không có độ rộng",
        /// A code point that is no character.
        Unassigned = "unassigned" / "mã không phải là ký tự",
    }
}

/// Why a text was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadText {
    /// What kind of character it is.
    pub kind: BadKind,
    /// The character itself.
    pub found: char,
    /// Its place, counted in characters from 1.
    pub at: usize,
}

impl fmt::Display for BadText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Nội dung có {} (U+{:04X}) ở vị trí {}; đồng chí hãy xóa ký tự đó rồi nhập lại.",
            self.kind, self.found as u32, self.at
        )
    }
}

impl std::error::Error for BadText {}

fn bad(c: char) -> Option<BadKind> {
    match c {
        '\t' | '\n' | '\r' => None,
        '\u{0}'..='\u{1F}' | '\u{7F}'..='\u{9F}' => Some(BadKind::Control),
        '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => Some(BadKind::Bidi),
        '\u{AD}'
        | '\u{34F}'
        | '\u{180E}'
        | '\u{200B}'..='\u{200D}'
        | '\u{2060}'..='\u{2065}'
        | '\u{206A}'..='\u{206F}'
        | '\u{FEFF}'
        | '\u{FFF9}'..='\u{FFFB}'
        | '\u{E0000}'..='\u{E007F}' => Some(BadKind::ZeroWidth),
        c if (c as u32) & 0xFFFE == 0xFFFE || ('\u{FDD0}'..='\u{FDEF}').contains(&c) => Some(BadKind::Unassigned),
        _ => None,
    }
}

fn refuse_bad(text: &str) -> Result<(), BadText> {
    match text.chars().enumerate().find_map(|(i, c)| bad(c).map(|k| (i, c, k))) {
        Some((i, found, kind)) => Err(BadText { kind, found, at: i + 1 }),
        None => Ok(()),
    }
}

fn collapse(chars: impl Iterator<Item = char>, out: &mut String) {
    let start = out.len();
    let mut gap = false;
    for c in chars {
        if c.is_whitespace() {
            gap = out.len() > start;
        } else {
            if gap {
                out.push(' ');
            }
            gap = false;
            out.push(c);
        }
    }
}

/// The same text with letters and their marks composed (NFC), nothing else changed: for what is
/// compared but never shown, such as a password typed with another keyboard.
pub fn nfc(text: &str) -> String {
    text.nfc().collect()
}

/// One line of text as it is stored: NFC, trimmed, every run of white space one space.
///
/// # Errors
/// [`BadText`] names the first character that may not be stored.
pub fn clean_line(text: &str) -> Result<String, BadText> {
    refuse_bad(text)?;
    let mut out = String::with_capacity(text.len());
    collapse(text.nfc(), &mut out);
    Ok(out)
}

/// Text of several lines as it is stored: NFC, LF line ends, no trailing space, no empty
/// line at either end. Tabs become spaces; inner white space is the writer's.
///
/// # Errors
/// [`BadText`] names the first character that may not be stored.
pub fn clean_text(text: &str) -> Result<String, BadText> {
    refuse_bad(text)?;
    let lines: String = text
        .replace("\r\n", "\n")
        .nfc()
        .map(|c| match c {
            '\r' | '\u{2028}' | '\u{2029}' => '\n',
            c if c != '\n' && c.is_whitespace() => ' ',
            c => c,
        })
        .collect();
    let lines: Vec<&str> = lines.split('\n').map(str::trim_end).collect();
    let first = lines.iter().position(|l| !l.is_empty()).unwrap_or(0);
    let last = lines.iter().rposition(|l| !l.is_empty()).map_or(first, |i| i + 1);
    Ok(lines.get(first..last).map(|l| l.join("\n")).unwrap_or_default())
}

/// The form that search compares: lower case, without diacritics, `đ` as `d`, white space collapsed.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let folded = text
        .chars()
        .flat_map(char::to_lowercase)
        .nfd()
        .filter(|c| !is_combining_mark(*c))
        .map(|c| if c == 'đ' { 'd' } else { c });
    collapse(folded, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_is_composed_and_collapsed() {
        let nfd: String = "  Đặng\u{A0} Thị\tẤn \n".nfd().collect();
        assert_eq!(clean_line(&nfd), Ok("Đặng Thị Ấn".to_owned()));
        assert_eq!(clean_line(" \n"), Ok(String::new()));
    }

    #[test]
    fn a_text_keeps_its_lines() {
        assert_eq!(clean_text("\r\n\r\nMột\r\n  hai\tba \r\rbốn\n\n"), Ok("Một\n  hai ba\n\nbốn".to_owned()));
        assert_eq!(clean_text(" \n "), Ok(String::new()));
    }

    #[test]
    fn hidden_characters_are_named() {
        for (c, kind) in [
            ('\u{0}', BadKind::Control),
            ('\u{7F}', BadKind::Control),
            ('\u{85}', BadKind::Control),
            ('\u{200B}', BadKind::ZeroWidth),
            ('\u{200D}', BadKind::ZeroWidth),
            ('\u{200F}', BadKind::Bidi),
            ('\u{202E}', BadKind::Bidi),
            ('\u{2060}', BadKind::ZeroWidth),
            ('\u{2066}', BadKind::Bidi),
            ('\u{FEFF}', BadKind::ZeroWidth),
            ('\u{FFFF}', BadKind::Unassigned),
        ] {
            let text = format!("Đảng{c} bộ");
            let refusal = clean_line(&text).unwrap_err();
            assert_eq!((refusal.kind, refusal.at, refusal.found), (kind, 5, c));
            assert_eq!(clean_text(&text), Err(refusal));
        }
        let sentence = clean_line("a\u{202E}b").unwrap_err().to_string();
        assert!(sentence.contains("ký tự đảo chiều chữ (U+202E) ở vị trí 2"), "{sentence}");
    }

    #[test]
    fn folding_finds_what_people_type() {
        assert_eq!(fold("  ĐẶNG  Thị Ước "), "dang thi uoc");
        assert_eq!(fold("Nghị quyết"), fold("nghi QUYET"));
        assert_eq!(fold("Điện Biên, số 05-NQ/CB"), "dien bien, so 05-nq/cb");
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(s in "\\PC{0,40}") {
            let once = fold(&s);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn folding_ignores_normal_form(s in "[A-Za-zĂÂĐÊÔƠƯăâđêôơưấầẩẫậếềểễệ ]{0,40}") {
            let nfd: String = s.nfd().collect();
            prop_assert_eq!(fold(&nfd), fold(&s));
            prop_assert_eq!(clean_line(&nfd), clean_line(&s));
        }

        #[test]
        fn cleaning_twice_changes_nothing(s in any::<String>()) {
            if let Ok(once) = clean_line(&s) {
                prop_assert_eq!(clean_line(&once), Ok(once.clone()));
            }
            if let Ok(once) = clean_text(&s) {
                prop_assert_eq!(clean_text(&once), Ok(once.clone()));
            }
        }
    }
}
