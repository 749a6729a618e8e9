//! Makes pasted text safe and uniform before any renderer sees it.
//! May touch: nothing.
//! Comes from: NFC before rendering, no invisible direction marks, no break after "ngày", "đ/c".

use unicode_normalization::UnicodeNormalization;

/// NFC; control, direction and zero-width characters removed; line ends unified; ends trimmed.
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                if chars.peek() != Some(&'\n') {
                    out.push('\n');
                }
            }
            '\n' | '\u{2028}' | '\u{2029}' | '\u{85}' => out.push('\n'),
            '\t' | '\u{b}' | '\u{c}' => out.push(' '),
            c if hidden(c) => {}
            c => out.push(c),
        }
    }
    out.nfc().collect::<String>().trim().to_owned()
}

/// A cleaned text that must stay on one line.
pub(crate) fn line(text: &str) -> String {
    let text = clean(text);
    let parts: Vec<&str> = text.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    parts.join(" ")
}

/// The non-empty lines of a cleaned text.
pub(crate) fn lines(text: &str) -> Vec<String> {
    clean(text).lines().map(|l| l.trim().to_owned()).filter(|l| !l.is_empty()).collect()
}

/// Marks that print nothing but change what the reader sees, and what XML may not hold.
fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
        || (c as u32) & 0xfffe == 0xfffe
}

/// Keeps "đ/c Nguyễn", "ngày 03", "Số 05" on one line with a non-breaking space.
pub(crate) fn glue(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut word = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != ' ' {
            if c.is_alphanumeric() || c == '/' {
                word.push(c);
            } else {
                word.clear();
            }
            out.push(c);
            continue;
        }
        let digit_next = chars.peek().is_some_and(char::is_ascii_digit);
        let glued = match word.to_lowercase().as_str() {
            "đ/c" => chars.peek().is_some_and(|n| *n != ' '),
            "ngày" | "tháng" | "năm" | "số" => digit_next,
            _ => false,
        };
        out.push(if glued { '\u{a0}' } else { ' ' });
        word.clear();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn direction_marks_and_controls_vanish() {
        assert_eq!(clean("a\u{202e}b\u{0}c\u{feff}\u{200b}d\u{7}"), "abcd");
        assert_eq!(clean(" x\r\ny\rz\u{2028}w\tv "), "x\ny\nz\nw v");
        assert_eq!(clean("Đa\u{309}ng uy\u{309}"), "Đảng uỷ");
    }

    #[test]
    fn one_line_and_many() {
        assert_eq!(line("a\n\n b "), "a b");
        assert_eq!(lines("a\n\n b "), ["a", "b"]);
    }

    #[test]
    fn glue_only_where_a_break_would_hurt() {
        assert_eq!(glue("ngày 03 tháng 02 năm 2026"), "ngày\u{a0}03 tháng\u{a0}02 năm\u{a0}2026");
        assert_eq!(glue("(đ/c Nguyễn Văn A)"), "(đ/c\u{a0}Nguyễn Văn A)");
        assert_eq!(glue("đa số đảng viên"), "đa số đảng viên");
        assert_eq!(glue("Số 05-BB/CB"), "Số\u{a0}05-BB/CB");
    }
}
