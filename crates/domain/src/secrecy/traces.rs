//! Finds in a text what was copied from the words of an item that became a state secret, and cuts
//! it out line by line.
//! Pure. Rules: P-30, BM-02. Copies are found whatever their case, signs, spaces and line breaks,
//! also when only a part was copied; what was said in other words is not.

use std::collections::BTreeSet;

use crate::vi;

/// Words in a row that nobody writes twice by chance.
const RUN: usize = 6;
/// The shortest line of a text that is looked for; shorter ones (“Nhất trí.”) are in every record.
const LEAST: usize = 4;
/// The shortest heading that is looked for.
const LEAST_HEADING: usize = 2;

/// What is looked for.
#[derive(Debug, Clone, Default)]
pub struct Traces {
    runs: BTreeSet<Vec<String>>,
}

impl Traces {
    /// What to look for: the headings an item bore and every text that was written on it.
    pub fn of<'a>(headings: impl IntoIterator<Item = &'a str>, texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut out = Self::default();
        for heading in headings {
            out.add(heading, LEAST_HEADING);
        }
        for text in texts {
            out.add(text, LEAST);
        }
        out
    }

    fn add(&mut self, text: &str, least: usize) {
        for line in text.lines() {
            let words = words(line);
            if words.len() >= least {
                self.runs.extend(words.windows(words.len().min(RUN)).map(<[String]>::to_vec));
            }
        }
    }

    /// Which lines of a text hold something that was copied.
    fn lines(&self, text: &str) -> BTreeSet<usize> {
        let at: Vec<(usize, String)> =
            text.lines().enumerate().flat_map(|(n, line)| words(line).into_iter().map(move |w| (n, w))).collect();
        let all: Vec<String> = at.iter().map(|(_, w)| w.clone()).collect();
        let lengths: BTreeSet<usize> = self.runs.iter().map(Vec::len).collect();
        let mut out = BTreeSet::new();
        for length in lengths {
            for (start, window) in all.windows(length).enumerate() {
                if self.runs.contains(window) {
                    out.extend(at.iter().skip(start).take(length).map(|(line, _)| *line));
                }
            }
        }
        out
    }

    /// Whether a text holds something that was copied.
    pub fn are_in(&self, text: &str) -> bool {
        !self.lines(text).is_empty()
    }

    /// The text without the lines that hold something copied, `instead` in their place; `None` when
    /// nothing was copied.
    pub fn cut_from(&self, text: &str, instead: &str) -> Option<String> {
        let copied = self.lines(text);
        if copied.is_empty() {
            return None;
        }
        let mut out: Vec<&str> = Vec::new();
        for (n, line) in text.lines().enumerate() {
            if !copied.contains(&n) {
                out.push(line);
            } else if n == 0 || !copied.contains(&(n - 1)) {
                out.push(instead);
            }
        }
        Some(out.join("\n"))
    }
}

/// The words of a line as they are compared: without case, signs and punctuation.
fn words(line: &str) -> Vec<String> {
    vi::fold(line).split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    const SAID: &str = "Bố trí lực lượng trực tại kho số 4 trong ba đêm.\nNhất trí.";

    fn traces() -> Traces {
        Traces::of(["Phương án Q7"], [SAID])
    }

    #[test]
    fn copies_are_found_by_table() {
        let table = [
            ("- Phương án Q7: Bố trí lực lượng trực tại kho số 4 trong ba đêm.", true),
            ("bố trí LỰC LƯỢNG trực tại\nkho số 4", true),
            ("Giao đ/c An trực tại kho số 4 trong tuần.", true),
            ("phuong an q7", true),
            ("Theo phương án Q7 đã bàn", true),
            ("Trực tại kho số 5", false),
            ("Kết luận: Nhất trí.", false),
            ("Phương án phát triển quý 7", false),
            ("", false),
        ];
        for (text, found) in table {
            assert_eq!(traces().are_in(text), found, "{text}");
            let nfd: String = text.nfd().collect();
            assert_eq!(traces().are_in(&nfd), found, "{text}");
        }
    }

    #[test]
    fn only_the_lines_that_were_copied_are_cut() {
        let text = "Mở đầu.\nPhương án Q7:\nbố trí lực lượng trực tại kho\nsố 4 trong ba đêm.\nKết thúc.\nPhương án Q7";
        assert_eq!(traces().cut_from(text, "(mật)").as_deref(), Some("Mở đầu.\n(mật)\nKết thúc.\n(mật)"));
        assert_eq!(traces().cut_from("Mở đầu.\nKết thúc.", "(mật)"), None);
        assert_eq!(Traces::default().cut_from(text, "(mật)"), None);
    }

    proptest! {
        #[test]
        fn what_was_cut_is_found_no_more(before in "[a-z \n]{0,40}", after in "[a-z \n]{0,40}") {
            let text = format!("{before}\n{SAID}\n{after} phương án q7 {before}");
            let cut = traces().cut_from(&text, "–").unwrap();
            prop_assert!(!traces().are_in(&cut), "{}", cut);
            prop_assert!(!cut.contains("kho số 4"));
        }

        #[test]
        fn any_text_gets_an_answer(heading in any::<String>(), said in any::<String>(), text in any::<String>()) {
            let traces = Traces::of([heading.as_str()], [said.as_str()]);
            prop_assert_eq!(traces.are_in(&text), traces.cut_from(&text, "–").is_some());
        }

        #[test]
        fn a_whole_copy_is_always_found(line in "[a-z]{2,5}( [a-z]{2,5}){3,12}") {
            let copy = format!("x {line} y");
            prop_assert!(Traces::of([], [line.as_str()]).are_in(&copy));
        }
    }
}
