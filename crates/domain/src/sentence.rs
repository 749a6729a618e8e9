//! A text as its sentences, so that one of them can become a task by a tick.
//! Pure: text in, sentences out. Rules: M15 (conclusions become tasks).

/// Marks in front of a line of a list.
const BULLETS: [char; 5] = ['-', '+', '•', '*', '–'];

/// The sentences of a text, line by line, without the marks of lists. A full stop ends one only before
/// a blank and a capital letter: “Th.S”, “03.12.2026” and “đ/c” stay whole.
pub fn sentences(text: &str) -> Vec<String> {
    text.lines().flat_map(of_line).filter(|s| !s.is_empty()).collect()
}

fn of_line(line: &str) -> Vec<String> {
    let line = line.trim().trim_start_matches(BULLETS).trim();
    let chars: Vec<char> = line.chars().collect();
    let mut out = Vec::new();
    let mut start = 0;
    for (at, c) in chars.iter().enumerate() {
        let ends = matches!(c, '.' | '!' | '?' | ';' | '…');
        let blank = chars.get(at + 1).is_some_and(|n| n.is_whitespace());
        let next = chars.get(at + 1..).and_then(|rest| rest.iter().find(|n| !n.is_whitespace()));
        let begins = next.is_some_and(|n| n.is_uppercase() || n.is_numeric() || (*c == ';' && n.is_alphabetic()));
        if ends && blank && begins && !is_short(&chars, start, at) {
            out.push(chars[start..=at].iter().collect::<String>().trim().to_owned());
            start = at + 1;
        }
    }
    out.push(chars[start..].iter().collect::<String>().trim().to_owned());
    out
}

/// A stop after the number of a list, a single letter or an abbreviation in capitals (“TP.”) ends nothing.
fn is_short(chars: &[char], start: usize, at: usize) -> bool {
    let word: Vec<char> = chars[start..at].iter().rev().take_while(|c| !c.is_whitespace()).copied().collect();
    let first = chars[start..at - word.len()].iter().all(|c| c.is_whitespace());
    let numbered = first && word.len() <= 2 && word.iter().all(|c| c.is_numeric());
    let abbreviated = word.len() == 1 || (word.len() == 2 && word.iter().all(|c| c.is_uppercase()));
    chars.get(at) == Some(&'.') && (numbered || (abbreviated && !word.iter().all(|c| c.is_numeric())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sentences_by_table() {
        let table: [(&str, &[&str]); 9] = [
            ("", &[]),
            ("Một việc.", &["Một việc."]),
            ("Giao đ/c An rà soát hồ sơ. Hạn 10.12.2026.", &["Giao đ/c An rà soát hồ sơ.", "Hạn 10.12.2026."]),
            ("- Việc một.\n- Việc hai", &["Việc một.", "Việc hai"]),
            ("1. Rà soát. 2. Báo cáo.", &["1. Rà soát.", "2. Báo cáo."]),
            (
                "Việc giao đ/c An. Xong trước ngày 10. TP. Hà Tĩnh cấp vốn.",
                &["Việc giao đ/c An.", "Xong trước ngày 10.", "TP. Hà Tĩnh cấp vốn."],
            ),
            ("Giao An làm; giao Bình kiểm tra", &["Giao An làm;", "giao Bình kiểm tra"]),
            ("Làm ngay! Xong chưa? Đồng ý", &["Làm ngay!", "Xong chưa?", "Đồng ý"]),
            ("\n \n+ Ý \n", &["Ý"]),
        ];
        for (text, expected) in table {
            assert_eq!(sentences(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_word_is_lost(text in "[A-ZĐa-zđ0-9 .;!\n]{0,80}") {
            let words = |t: &str| t.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            prop_assert_eq!(words(&text), words(&sentences(&text).join(" ")));
        }
    }
}
