//! Searching: what is found and by whom, a text as words that are compared, what was asked, and the passage
//! that answers it.
//! Pure. Rules: experience.md rule 8 (without diacritics, đ as d, exact first), M14.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::meeting::MeetingKind;
use crate::right::{Right, to_read};
use crate::vi;

crate::codes! {
    /// What is found.
    pub enum Kind {
        /// Sealed minutes.
        Minutes = "minutes" / "Biên bản",
        /// A resolution in force.
        Resolution = "resolution" / "Nghị quyết",
        /// A task in force.
        Task = "task" / "Nhiệm vụ",
        /// Another issued document.
        Document = "document" / "Văn bản khác",
        /// A proposed topic.
        Topic = "topic" / "Chuyên đề đề xuất",
        /// An orientation or a document that a committee sends to the cells below.
        Guidance = "guidance" / "Định hướng, tài liệu của cấp trên",
        /// An entry of the library.
        Library = "library" / "Bài trong kho chuyên đề, kinh nghiệm",
        /// A note on oneself.
        Note = "note" / "Ghi nhận về đồng chí",
        /// A person in a list of members.
        Person = "person" / "Đảng viên",
        /// An organisation.
        Org = "org" / "Tổ chức đảng",
    }
}

crate::codes! {
    /// Who finds a row: whoever holds a right where it belongs, or whom the page that shows it asks for.
    pub enum Need {
        /// Who reads the cell.
        Read = "cell_read" / "Người xem nội dung của chi bộ",
        /// Who prepares its meetings.
        Lead = "meeting_prepare" / "Người chuẩn bị buổi sinh hoạt",
        /// The person it is about.
        Own = "signed_in" / "Người được ghi nhận",
        /// Who sees the organisation's figures.
        Stats = "cell_stats" / "Người xem số liệu của tổ chức",
        /// Who keeps a list of members the person is on.
        People = "member_manage" / "Người quản lý danh sách đảng viên",
        /// Who writes what the committee sends down.
        Issue = "guidance_issue" / "Người soạn định hướng, tài liệu",
        /// Who sees the committee's figures, and who reads a cell on the distribution list.
        Sent = "sent" / "Cấp ủy ban hành và chi bộ ở nơi nhận",
        /// Who leads the cell that wrote it, and who reviews in the committee directly above.
        Review = "review" / "Chi ủy và người xem xét ở cấp trên trực tiếp",
        /// Who reads the library where it is published.
        Shelf = "shelf" / "Người đọc kho trong phạm vi phổ biến",
    }
}

impl Need {
    /// Who finds what was written at a meeting: those who may read it.
    pub fn of_meeting(kind: MeetingKind) -> Self {
        if to_read(kind) == Right::MeetingPrepare { Self::Lead } else { Self::Read }
    }
}

/// No word is longer than this in the index or in a question: what follows is cut off in both.
const WORD_MAX: usize = 40;
/// How many words of a question count.
const QUERY_MAX: usize = 12;
/// How many characters of a text are looked through.
pub const TEXT_MAX: usize = 120_000;
/// How many words a passage shows before what was found, and in all.
const BEFORE: usize = 8;
const AROUND: usize = 34;

/// A word of a text: where it stands, and its two forms.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Word {
    start: usize,
    end: usize,
    plain: String,
    exact: String,
}

impl Word {
    /// Whether it is written without any diacritics.
    fn bare(&self) -> bool {
        self.plain == self.exact
    }
}

/// A word without diacritics, and as it was meant: the tone apart at the end, so that `hoà` is `hòa`.
fn forms(word: &str) -> (String, String) {
    known(word).unwrap_or_else(|| decomposed(word))
}

/// The forms of a word of at most a few letters, all of them known beforehand: almost every word there is.
fn known(word: &str) -> Option<(String, String)> {
    if word.len() > WORD_MAX / 2 {
        return None;
    }
    let (mut plain, mut exact) = (String::with_capacity(word.len()), String::with_capacity(word.len() + 1));
    let mut tone = None;
    for c in word.chars() {
        let letter = vi::letter(c)?;
        plain.push(letter.plain);
        exact.push(letter.shape);
        tone = letter.tone.or(tone);
    }
    exact.extend(tone.and_then(digit));
    Some((plain, exact))
}

/// How a tone stands at the end of a word.
fn digit(mark: char) -> Option<char> {
    match mark {
        '\u{300}' => Some('1'),
        '\u{301}' => Some('2'),
        '\u{303}' => Some('3'),
        '\u{309}' => Some('4'),
        '\u{323}' => Some('5'),
        _ => None,
    }
}

/// As [`known`], of any word, by the Unicode tables.
fn decomposed(word: &str) -> (String, String) {
    let (mut letters, mut tone) = (String::with_capacity(word.len()), None);
    for c in word.chars().flat_map(char::to_lowercase).nfd().take(WORD_MAX * 2) {
        match digit(c) {
            Some(digit) => tone = Some(digit),
            None => letters.push(c),
        }
    }
    let plain: String = vi::fold(&letters).chars().take(WORD_MAX).collect();
    let mut exact: String = letters.nfc().take(WORD_MAX).collect();
    exact.extend(tone);
    (plain, exact)
}

fn words(text: &str) -> Vec<Word> {
    let mut out = Vec::new();
    let mut start = None;
    let mut take = |from: usize, to: usize| {
        let (plain, exact) = forms(&text[from..to]);
        if !plain.is_empty() {
            out.push(Word { start: from, end: to, plain, exact });
        }
    };
    for (at, c) in text.char_indices() {
        if c.is_alphanumeric() || (start.is_some() && is_combining_mark(c)) {
            start.get_or_insert(at);
        } else if let Some(from) = start.take() {
            take(from, at);
        }
    }
    if let Some(from) = start {
        take(from, text.len());
    }
    out
}

/// The words of a text as an index keeps them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Indexed {
    /// Without diacritics.
    pub plain: Vec<String>,
    /// As they were meant.
    pub exact: Vec<String>,
}

/// Takes a text apart for an index.
pub fn indexed(text: &str) -> Indexed {
    let end = text.char_indices().nth(TEXT_MAX).map_or(text.len(), |(at, _)| at);
    let mut out = Indexed::default();
    for word in words(&text[..end]) {
        out.plain.push(word.plain);
        out.exact.push(word.exact);
    }
    out
}

/// What was asked: its words in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    words: Vec<Word>,
}

impl Query {
    /// Reads what somebody typed; nothing when there is no word in it.
    pub fn read(text: &str) -> Option<Self> {
        let end = text.char_indices().nth(400).map_or(text.len(), |(at, _)| at);
        let mut words = words(&text[..end]);
        words.truncate(QUERY_MAX);
        (!words.is_empty()).then_some(Self { words })
    }

    /// The words without diacritics.
    pub fn plain(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(|w| w.plain.as_str())
    }

    /// The words as they were meant.
    pub fn exact(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(|w| w.exact.as_str())
    }

    /// Whether a word of a text is one that was asked for; `lenient` also takes other diacritics.
    fn asks(&self, word: &Word, lenient: bool) -> bool {
        let fits = |q: &Word| lenient || q.exact == word.exact || q.bare() || word.bare();
        self.words.iter().any(|q| q.plain == word.plain && fits(q))
    }

    /// Where the words stand one after the other, as they were meant or however they are written.
    fn run(&self, text: &[Word], exact: bool) -> Option<usize> {
        let same = |a: &Word, b: &Word| if exact { a.exact == b.exact } else { a.plain == b.plain };
        text.windows(self.words.len()).position(|w| w.iter().zip(&self.words).all(|(a, b)| same(a, b)))
    }
}

/// A piece of a passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The writer's own words.
    pub text: String,
    /// Whether it is what was asked for.
    pub hit: bool,
}

/// The passage of a text that answers a question, in the writer's own words; the beginning of the
/// text when none of its words stands there.
pub fn passage(text: &str, query: &Query) -> Vec<Piece> {
    let all = words(text);
    let lenient = !all.iter().any(|w| query.asks(w, false));
    let run = query.run(&all, true).or_else(|| query.run(&all, false));
    let first = run.or_else(|| all.iter().position(|w| query.asks(w, lenient))).unwrap_or(0);
    let from = first.saturating_sub(BEFORE);
    let to = (from + AROUND).max(first + query.words.len()).min(all.len());
    let Some(shown) = all.get(from..to).filter(|s| !s.is_empty()) else {
        return pieces_of(text, 0, text.len(), &[]);
    };
    let start = if from == 0 { 0 } else { shown[0].start };
    let end = if to == all.len() { text.len() } else { shown[shown.len() - 1].end };
    let within = |at: usize| run.is_some_and(|r| (r..r + query.words.len()).contains(&at));
    let hits: Vec<(usize, usize)> = shown
        .iter()
        .enumerate()
        .filter(|(i, w)| within(from + i) || query.asks(w, lenient))
        .map(|(_, w)| (w.start, w.end))
        .collect();
    let mut out = pieces_of(text, start, end, &hits);
    if from > 0 {
        out.insert(0, Piece { text: "… ".to_owned(), hit: false });
    }
    if to < all.len() {
        out.push(Piece { text: " …".to_owned(), hit: false });
    }
    out
}

/// `text[start..end]` with its hits apart; hits with nothing but blanks between them are one.
fn pieces_of(text: &str, start: usize, end: usize, hits: &[(usize, usize)]) -> Vec<Piece> {
    let mut joined: Vec<(usize, usize)> = Vec::new();
    for hit in hits {
        match joined.last_mut().filter(|last| text[last.1..hit.0].trim().is_empty()) {
            Some(last) => last.1 = hit.1,
            None => joined.push(*hit),
        }
    }
    let mut out = Vec::new();
    let mut put = |from: usize, to: usize, hit: bool| {
        if from < to {
            out.push(Piece { text: text[from..to].to_owned(), hit });
        }
    };
    let mut at = start;
    for (from, to) in joined {
        put(at, from, false);
        put(from, to, true);
        at = to;
    }
    put(at, end, false);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn query(text: &str) -> Query {
        Query::read(text).unwrap()
    }

    proptest! {
        #[test]
        fn forms_known_beforehand_are_those_the_tables_give(word in "[a-zA-Z0-9đĐàáảãạăằắẳẵặâầấẩẫậêềếểễệôồốổỗộơờớởỡợưừứửữựỲÝỶỸỴñüİßᄀ각\u{301}\u{302}]{1,12}") {
            if let Some(found) = known(&word) {
                prop_assert_eq!(found, decomposed(&word));
            }
        }
    }

    #[test]
    fn words_of_the_language_are_known_beforehand() {
        for (word, plain, exact) in
            [("Nghị", "nghi", "nghi5"), ("QUYẾT", "quyet", "quyêt2"), ("đảng", "dang", "đang4"), ("2026", "2026", "2026")]
        {
            assert_eq!(known(word), Some((plain.to_owned(), exact.to_owned())));
        }
    }

    fn shown(text: &str, asked: &str) -> String {
        let mark = |p: Piece| if p.hit { format!("[{}]", p.text) } else { p.text };
        passage(text, &query(asked)).into_iter().map(mark).collect()
    }

    #[test]
    fn a_word_is_the_same_however_it_is_typed() {
        for (a, b) in [("hòa", "hoà"), ("ủy", "uỷ"), ("ĐẢNG", "đảng"), ("thủy", "thuỷ")] {
            assert_eq!(indexed(a), indexed(b), "{a} {b}");
        }
        let composed = indexed("Đặng Thị Ấn");
        let apart: String = "Đặng Thị Ấn".nfd().collect();
        assert_eq!(indexed(&apart), composed);
        assert_eq!(composed.plain, ["dang", "thi", "an"]);
        assert_eq!(indexed("đảng viên").exact, ["đang4", "viên"]);
        assert_ne!(indexed("đang").exact, indexed("đảng").exact);
    }

    #[test]
    fn words_end_at_every_sign() {
        assert_eq!(indexed("Số 05-BB/CB, ngày 3/12").plain, ["so", "05", "bb", "cb", "ngay", "3", "12"]);
        assert_eq!(indexed("  …!  ").plain, Vec::<String>::new());
        assert_eq!(indexed(&"a".repeat(500)).plain[0].len(), WORD_MAX);
    }

    #[test]
    fn a_question_without_words_asks_nothing() {
        for text in ["", "   ", "…", "“”", "*", "\"'; --"] {
            assert_eq!(Query::read(text), None, "{text}");
        }
        assert_eq!(query(&"a b ".repeat(50)).plain().count(), QUERY_MAX);
    }

    #[test]
    fn what_was_asked_is_marked_in_the_writers_words() {
        for (text, asked, expected) in [
            ("Kết nạp đảng viên mới", "dang vien", "Kết nạp [đảng viên] mới"),
            ("Kết nạp Đảng viên mới", "đảng viên", "Kết nạp [Đảng viên] mới"),
            ("đang làm, đảng viên dự", "đảng viên", "đang làm, [đảng viên] dự"),
            ("dang vien du hop", "đảng viên", "[dang vien] du hop"),
            ("Chỉ có chữ đang ở đây", "đảng", "Chỉ có chữ [đang] ở đây"),
            ("viên chức và đảng", "đảng viên", "[viên] chức và [đảng]"),
            ("Không có gì", "xyz", "Không có gì"),
            ("", "xyz", ""),
        ] {
            assert_eq!(shown(text, asked), expected, "{text} / {asked}");
        }
    }

    #[test]
    fn a_long_text_shows_the_passage_around_what_was_asked() {
        let text = format!("{}kết nạp đảng viên{}", "chữ đầu ".repeat(60), " chữ sau".repeat(60));
        let passage = shown(&text, "ket nap");
        assert!(passage.starts_with("… ") && passage.ends_with(" …"), "{passage}");
        assert!(passage.contains("[kết nạp] đảng viên"), "{passage}");
        assert!(passage.split_whitespace().count() <= AROUND + 3, "{passage}");
    }

    proptest! {
        /// Whatever is asked of whatever text, the passage is cut from the text and nothing fails.
        #[test]
        fn a_passage_is_the_writers_text(text in "\\PC{0,200}", asked in "\\PC{1,30}") {
            if let Some(q) = Query::read(&asked) {
                let joined: String = passage(&text, &q).into_iter().map(|p| p.text).collect();
                let inner = joined.strip_prefix("… ").unwrap_or(&joined);
                prop_assert!(text.contains(inner) || text.contains(inner.strip_suffix(" …").unwrap_or(inner)));
            }
        }

        /// A word is found by its plain form: folding twice changes nothing.
        #[test]
        fn plain_words_are_plain(text in "[a-zA-ZđĐàảãáạăâêôơưỳýỷỵ ]{0,60}") {
            for word in indexed(&text).plain {
                prop_assert_eq!(indexed(&word).plain, vec![word.clone()]);
                prop_assert!(word.is_ascii());
            }
        }
    }
}
