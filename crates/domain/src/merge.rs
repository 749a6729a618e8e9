//! Three-way merge of two people's edits of one text. Nothing that either wrote is ever lost.
//! Touches nothing else. Rules: P-8.

/// What came of a merge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Merged {
    /// Both edits fit together; nobody needs to look.
    Clean(String),
    /// Both changed the same place; a person decides.
    Conflict(Conflict),
}

/// Two edits of the same place, for the page that shows yours, theirs and both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The whole text, with both versions one after the other where they differ.
    pub both: String,
    /// The whole text in pieces, in order.
    pub pieces: Vec<Piece>,
}

/// A piece of a text that could not be merged whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// What needs no decision.
    Settled(String),
    /// What two people wrote in one place.
    Differs {
        /// What stood there before.
        base: String,
        /// What I wrote.
        mine: String,
        /// What they wrote.
        theirs: String,
    },
}

/// Merges two edits of `base`: by lines, and where both touched the same lines by words. An equal
/// edit of both is taken once. Two people's edits fewer than three words apart are left to a person,
/// for together they may say what neither meant.
pub fn merge3(base: &str, mine: &str, theirs: &str) -> Merged {
    if mine == theirs || base == theirs {
        return Merged::Clean(mine.to_owned());
    }
    if base == mine {
        return Merged::Clean(theirs.to_owned());
    }
    let by_words = |part: &Triple| merge_by(words, 3, part, &differs);
    let whole = Triple::new(base, mine, theirs);
    settle(join(merge_by(lines, 1, &whole, &by_words)))
}

/// One place of a text as it was and as each side has it.
#[derive(Debug, Clone, Default)]
struct Triple {
    base: String,
    mine: String,
    theirs: String,
    /// Whether it is one token that all three have.
    anchor: bool,
}

impl Triple {
    fn new(base: &str, mine: &str, theirs: &str) -> Self {
        Self { base: base.to_owned(), mine: mine.to_owned(), theirs: theirs.to_owned(), anchor: false }
    }

    fn agreed(&self) -> bool {
        self.mine == self.theirs
    }

    fn push(&mut self, other: &Self) {
        self.base.push_str(&other.base);
        self.mine.push_str(&other.mine);
        self.theirs.push_str(&other.theirs);
    }
}

type Cut = fn(&str) -> Vec<&str>;
type Deeper<'a> = &'a dyn Fn(&Triple) -> Vec<Piece>;

/// Merges by tokens. Changes with fewer than `apart` common tokens between them belong together;
/// where they come from both sides, `deeper` decides.
fn merge_by(cut: Cut, apart: usize, whole: &Triple, deeper: Deeper<'_>) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut group: Vec<Triple> = Vec::new();
    let mut quiet = 0;
    for part in align(cut, whole) {
        if !part.agreed() {
            quiet = 0;
            group.push(part);
        } else if group.is_empty() {
            out.push(Piece::Settled(part.mine));
        } else {
            quiet += usize::from(part.anchor);
            group.push(part);
            if quiet >= apart {
                decide(&mut group, &mut out, deeper);
            }
        }
    }
    decide(&mut group, &mut out, deeper);
    out
}

/// Decides a group of changes and empties it. What both agree on after the last change stays out.
fn decide(group: &mut Vec<Triple>, out: &mut Vec<Piece>, deeper: Deeper<'_>) {
    let last = group.iter().rposition(|p| !p.agreed()).map_or(0, |n| n + 1);
    let rest = group.split_off(last);
    let mut all = Triple::default();
    for part in group.iter() {
        all.push(part);
    }
    let disputed = || group.iter().filter(|p| !p.agreed());
    if disputed().all(|p| p.base == p.theirs) {
        out.push(Piece::Settled(all.mine));
    } else if disputed().all(|p| p.base == p.mine) {
        out.push(Piece::Settled(all.theirs));
    } else {
        out.extend(deeper(&all));
    }
    out.extend(rest.into_iter().map(|p| Piece::Settled(p.mine)));
    group.clear();
}

/// Cuts a text into tokens that all three have and what lies between them.
fn align(cut: Cut, whole: &Triple) -> Vec<Triple> {
    let (b, m, t) = (cut(&whole.base), cut(&whole.mine), cut(&whole.theirs));
    let (in_mine, in_theirs) = (matches(&b, &m), matches(&b, &t));
    let anchors = (0..b.len()).filter_map(|i| Some((i, in_mine[i]?, in_theirs[i]?)));
    let mut out = Vec::new();
    let (mut at_b, mut at_m, mut at_t) = (0, 0, 0);
    for (i, j, k) in anchors.chain([(b.len(), m.len(), t.len())]) {
        out.push(Triple::new(&b[at_b..i].concat(), &m[at_m..j].concat(), &t[at_t..k].concat()));
        if let Some(token) = b.get(i) {
            out.push(Triple { anchor: true, ..Triple::new(token, token, token) });
        }
        (at_b, at_m, at_t) = (i + 1, j + 1, k + 1);
    }
    out
}

/// A place only a person can decide, without the blanks around it that both sides have.
fn differs(part: &Triple) -> Vec<Piece> {
    let (mine, theirs) = (part.mine.as_str(), part.theirs.as_str());
    let blank = |(a, b): &(char, char)| a == b && a.is_whitespace();
    let length = |pairs: Vec<(char, char)>| pairs.iter().map(|(c, _)| c.len_utf8()).sum::<usize>();
    let head = length(mine.chars().zip(theirs.chars()).take_while(blank).collect());
    let (m, t) = (&mine[head..], &theirs[head..]);
    let tail = length(m.chars().rev().zip(t.chars().rev()).take_while(blank).collect());
    vec![
        Piece::Settled(mine[..head].to_owned()),
        Piece::Differs {
            base: part.base.trim().to_owned(),
            mine: m[..m.len() - tail].to_owned(),
            theirs: t[..t.len() - tail].to_owned(),
        },
        Piece::Settled(m[m.len() - tail..].to_owned()),
    ]
}

fn settle(pieces: Vec<Piece>) -> Merged {
    let clean = pieces.iter().all(|p| matches!(p, Piece::Settled(_)));
    let mut both = String::new();
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Settled(text) => both.push_str(text),
            Piece::Differs { mine, theirs, .. } => {
                let whole_lines = (both.is_empty() || both.ends_with('\n'))
                    && match pieces.get(at + 1) {
                        Some(Piece::Settled(next)) => next.starts_with('\n'),
                        _ => true,
                    };
                both.push_str(mine);
                if !mine.is_empty() && !theirs.is_empty() {
                    both.push(if whole_lines { '\n' } else { ' ' });
                }
                both.push_str(theirs);
            }
        }
    }
    if clean { Merged::Clean(both) } else { Merged::Conflict(Conflict { both, pieces }) }
}

fn join(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    for piece in pieces {
        match (out.last_mut(), piece) {
            (_, Piece::Settled(text)) if text.is_empty() => {}
            (Some(Piece::Settled(before)), Piece::Settled(text)) => before.push_str(&text),
            (_, piece) => out.push(piece),
        }
    }
    out
}

/// Lines, with the line ends as tokens of their own.
fn lines(text: &str) -> Vec<&str> {
    tokens(text, |c| c == '\n')
}

/// Words, with the blanks between them as tokens of their own.
fn words(text: &str) -> Vec<&str> {
    tokens(text, char::is_whitespace)
}

fn tokens(text: &str, is_between: fn(char) -> bool) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut between = None;
    for (at, c) in text.char_indices() {
        let kind = Some(is_between(c));
        if between != kind && at > start {
            out.push(&text[start..at]);
            start = at;
        }
        between = kind;
    }
    if start < text.len() {
        out.push(&text[start..]);
    }
    out
}

/// Above this many comparisons two texts are taken as wholly different, and a person decides.
const LIMIT: usize = 4_000_000;

/// For each token of `a` the token of `b` it stands for. Blanks stand for nothing: they would tie
/// together what has nothing in common.
fn matches(a: &[&str], b: &[&str]) -> Vec<Option<usize>> {
    let solid = |tokens: &[&str]| -> Vec<usize> {
        let says = |n: &usize| !tokens[*n].trim().is_empty();
        (0..tokens.len()).filter(says).collect()
    };
    let (in_a, in_b) = (solid(a), solid(b));
    let x: Vec<&str> = in_a.iter().map(|n| a[*n]).collect();
    let y: Vec<&str> = in_b.iter().map(|n| b[*n]).collect();
    let mut out = vec![None; a.len()];
    for (i, j) in common(&x, &y) {
        out[in_a[i]] = Some(in_b[j]);
    }
    out
}

/// The pairs of a longest common subsequence, in order.
pub(crate) fn common(a: &[&str], b: &[&str]) -> Vec<(usize, usize)> {
    let head = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (x, y) = (&a[head..], &b[head..]);
    let same_end = |(x, y): &(&&str, &&str)| x == y;
    let tail = x.iter().rev().zip(y.iter().rev()).take_while(same_end).count();
    let (x, y) = (&x[..x.len() - tail], &y[..y.len() - tail]);
    let mut out: Vec<(usize, usize)> = (0..head).map(|n| (n, n)).collect();
    if x.len().saturating_mul(y.len()) <= LIMIT {
        let middle = longest(x, y).into_iter();
        out.extend(middle.map(|(i, j)| (head + i, head + j)));
    }
    out.extend((0..tail).rev().map(|n| (a.len() - 1 - n, b.len() - 1 - n)));
    out
}

fn longest(x: &[&str], y: &[&str]) -> Vec<(usize, usize)> {
    let width = y.len() + 1;
    let mut best = vec![0u32; (x.len() + 1) * width];
    for i in (0..x.len()).rev() {
        for j in (0..y.len()).rev() {
            best[i * width + j] = if x[i] == y[j] {
                best[(i + 1) * width + j + 1] + 1
            } else {
                best[(i + 1) * width + j].max(best[i * width + j + 1])
            };
        }
    }
    let mut out = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < x.len() && j < y.len() {
        if x[i] == y[j] {
            out.push((i, j));
            i += 1;
            j += 1;
        } else if best[(i + 1) * width + j] >= best[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn clean(base: &str, mine: &str, theirs: &str) -> String {
        match merge3(base, mine, theirs) {
            Merged::Clean(text) => text,
            Merged::Conflict(c) => panic!("{c:?}"),
        }
    }

    fn conflict(base: &str, mine: &str, theirs: &str) -> Conflict {
        match merge3(base, mine, theirs) {
            Merged::Conflict(c) => c,
            Merged::Clean(text) => panic!("{text}"),
        }
    }

    #[test]
    fn edits_of_different_lines_fit_together() {
        let base = "Mở đầu.\nÝ kiến.\nKết luận.\n";
        let mine = "Mở đầu, 14 giờ.\nÝ kiến.\nKết luận.\n";
        let theirs = "Mở đầu.\nÝ kiến.\nKết luận: nhất trí.\n";
        assert_eq!(clean(base, mine, theirs), "Mở đầu, 14 giờ.\nÝ kiến.\nKết luận: nhất trí.\n");
    }

    #[test]
    fn edits_of_different_words_of_one_line_fit_together() {
        let base = "Đồng chí An báo cáo kết quả tháng này trước chi bộ";
        let mine = "Đồng chí Bình báo cáo kết quả tháng này trước chi bộ";
        let theirs = "Đồng chí An báo cáo kết quả tháng 11 trước chi bộ";
        assert_eq!(clean(base, mine, theirs), "Đồng chí Bình báo cáo kết quả tháng 11 trước chi bộ");
    }

    #[test]
    fn edits_too_near_each_other_are_left_to_a_person() {
        // “họp lúc 15 giờ 30” is what neither of them wrote.
        let c = conflict("họp lúc 14 giờ", "họp lúc 15 giờ", "họp lúc 14 giờ 30");
        assert_eq!(c.both, "họp lúc 15 giờ 14 giờ 30");
    }

    #[test]
    fn texts_without_a_last_line_end_are_merged_like_others() {
        assert_eq!(clean("a", "a\nb", "0\na"), "0\na\nb");
        assert_eq!(conflict("a", "a\nb", "a\nc").both, "a\nb\nc");
        assert_eq!(conflict("", "một", "hai").both, "một\nhai");
    }

    #[test]
    fn the_same_edit_is_taken_once() {
        let base = "a\nb\n";
        let both = "a\nthêm\nb\n";
        assert_eq!(clean(base, both, both), both);
        assert_eq!(clean(base, "a\nthêm\nb\n", "a\nthêm\nb\nc\n"), "a\nthêm\nb\nc\n");
    }

    #[test]
    fn two_additions_at_one_place_are_both_kept_for_a_person_to_decide() {
        let c = conflict("Ý kiến:\n", "Ý kiến:\nĐồng chí An: nhất trí.\n", "Ý kiến:\nĐồng chí Bình: đề nghị bổ sung.\n");
        assert_eq!(c.both, "Ý kiến:\nĐồng chí An: nhất trí.\nĐồng chí Bình: đề nghị bổ sung.\n");
        assert_eq!(
            c.pieces,
            [
                Piece::Settled("Ý kiến:\n".into()),
                Piece::Differs {
                    base: String::new(),
                    mine: "Đồng chí An: nhất trí.".into(),
                    theirs: "Đồng chí Bình: đề nghị bổ sung.".into(),
                },
                Piece::Settled("\n".into()),
            ]
        );
    }

    #[test]
    fn the_same_words_changed_in_two_ways_are_a_conflict() {
        let c = conflict("họp lúc 14 giờ", "họp lúc 15 giờ", "họp lúc 16 giờ");
        assert_eq!(c.both, "họp lúc 15 16 giờ");
        assert_eq!(c.pieces.len(), 3);
    }

    #[test]
    fn a_line_removed_by_one_and_changed_by_the_other_is_a_conflict_that_keeps_the_words() {
        let c = conflict("a\ncũ\nb\n", "a\nb\n", "a\nmới\nb\n");
        assert_eq!(c.both, "a\nmới\nb\n");
    }

    #[test]
    fn a_line_removed_by_one_and_untouched_by_the_other_goes() {
        assert_eq!(clean("a\nx\nb\nc\n", "a\nb\nc\n", "a\nx\nb\nc\nd\n"), "a\nb\nc\nd\n");
    }

    #[test]
    fn texts_too_long_to_compare_are_left_to_a_person() {
        let text = |mark: &str| (0..2500).map(|n| format!("{mark}{n}\n")).collect::<String>();
        let c = conflict(&text("a"), &text("b"), &text("c"));
        assert!(c.both.contains("b2499\n") && c.both.contains("c0\n"));
    }

    #[test]
    fn words_put_together_give_the_text_back() {
        for text in ["", " ", "a", "a b", "  a  b  ", "một\thai\u{a0}ba\n"] {
            assert_eq!(words(text).concat(), text);
        }
    }

    /// A base of numbered lines, and an edit of it: lines removed, changed or added.
    fn edit(base: &[String], ops: &[(usize, u8)], who: &str) -> String {
        let mut lines: Vec<String> = base.to_vec();
        for (n, (at, op)) in ops.iter().enumerate() {
            let at = at % (lines.len() + 1);
            match op % 3 {
                0 => lines.insert(at, format!("{who} thêm {n}\n")),
                1 if at < lines.len() => {
                    lines.remove(at);
                }
                _ if at < lines.len() => lines[at] = format!("{who} sửa {n} việc\n"),
                _ => {}
            }
        }
        lines.concat()
    }

    fn text_of(merged: &Merged) -> &str {
        match merged {
            Merged::Clean(text) => text,
            Merged::Conflict(c) => &c.both,
        }
    }

    prop_compose! {
        fn edits()(lines in 0usize..8,
            mine in proptest::collection::vec((0usize..9, any::<u8>()), 0..6),
            theirs in proptest::collection::vec((0usize..9, any::<u8>()), 0..6)
        ) -> (String, String, String) {
            let base: Vec<String> = (0..lines).map(|n| format!("dòng {n} của biên bản\n")).collect();
            (base.concat(), edit(&base, &mine, "tôi"), edit(&base, &theirs, "bạn"))
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]

        #[test]
        fn no_word_that_either_wrote_is_lost((base, mine, theirs) in edits()) {
            let merged = merge3(&base, &mine, &theirs);
            let text = text_of(&merged);
            for side in [&mine, &theirs] {
                for line in side.lines().filter(|l| !base.contains(*l)) {
                    // Marked words carry who wrote them and a number, so they are unique.
                    let mark: Vec<&str> = line.split(' ').take(3).collect();
                    for word in mark {
                        prop_assert!(text.contains(word), "{} lost from {}", word, text);
                    }
                }
            }
            if let Merged::Clean(text) = &merged {
                for line in mine.lines().chain(theirs.lines()).filter(|l| !base.contains(*l)) {
                    prop_assert!(text.contains(line), "{} lost from {}", line, text);
                }
            }
        }

        #[test]
        fn every_piece_can_be_put_together_to_either_side_of_the_decision((base, mine, theirs) in edits()) {
            if let Merged::Conflict(c) = merge3(&base, &mine, &theirs) {
                for piece in &c.pieces {
                    let Piece::Differs { mine: my, theirs: their, .. } = piece else { continue };
                    prop_assert!(my != their);
                    prop_assert!(mine.contains(my.as_str()) && theirs.contains(their.as_str()));
                    prop_assert!(c.both.contains(my.as_str()) && c.both.contains(their.as_str()));
                }
            }
        }

        #[test]
        fn one_sided_and_equal_edits_are_taken_as_they_are((base, mine, _theirs) in edits()) {
            prop_assert_eq!(merge3(&base, &mine, &base), Merged::Clean(mine.clone()));
            prop_assert_eq!(merge3(&base, &base, &mine), Merged::Clean(mine.clone()));
            prop_assert_eq!(merge3(&base, &mine, &mine), Merged::Clean(mine));
        }

        #[test]
        fn who_saves_first_does_not_change_whether_it_is_clean((base, mine, theirs) in edits()) {
            let (one, other) = (merge3(&base, &mine, &theirs), merge3(&base, &theirs, &mine));
            match (one, other) {
                (Merged::Clean(a), Merged::Clean(b)) => prop_assert_eq!(a, b),
                (Merged::Conflict(_), Merged::Conflict(_)) => {}
                (a, b) => prop_assert!(false, "{:?} / {:?}", a, b),
            }
        }

        #[test]
        fn any_text_is_merged_without_fault(base in "[a-c \n]{0,30}", mine in "[a-c \n]{0,30}", theirs in "[a-c \n]{0,30}") {
            let merged = merge3(&base, &mine, &theirs);
            if let Merged::Conflict(c) = merged {
                let open = c.pieces.iter().any(|p| matches!(p, Piece::Differs { .. }));
                prop_assert!(open, "{:?}", c);
            }
        }
    }
}
