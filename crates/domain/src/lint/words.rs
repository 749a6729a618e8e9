//! A text as words that can be found however they are typed: composed or not, in capitals, with all
//! their diacritics or without. What is found is given back in the writer's own words.
//! Pure. Rules: experience.md rules 7 and 8.

use unicode_normalization::UnicodeNormalization;

use crate::vi;

/// What a piece of a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word.
    Word,
    /// A run of digits.
    Number,
    /// Any other sign that is no blank.
    Mark(char),
}

/// A word letter by letter: base, sign (^ ˘ ̛ đ), and its tone apart, so that `uỷ` is `ủy`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spelled {
    letters: Vec<(char, u8)>,
    tone: u8,
}

impl Spelled {
    fn of(word: &str) -> Self {
        let mut letters: Vec<(char, u8)> = Vec::with_capacity(word.len());
        let mut tone = 0;
        for c in word.chars().flat_map(char::to_lowercase).nfd() {
            let sign = match c {
                '\u{302}' => 1,
                '\u{306}' => 2,
                '\u{31B}' => 3,
                '\u{300}' => {
                    tone = 1;
                    continue;
                }
                '\u{301}' => {
                    tone = 2;
                    continue;
                }
                '\u{303}' => {
                    tone = 3;
                    continue;
                }
                '\u{309}' => {
                    tone = 4;
                    continue;
                }
                '\u{323}' => {
                    tone = 5;
                    continue;
                }
                'đ' => {
                    letters.push(('d', 4));
                    continue;
                }
                c => {
                    letters.push((c, 0));
                    continue;
                }
            };
            if let Some(last) = letters.last_mut() {
                last.1 = sign;
            }
        }
        Self { letters, tone }
    }

    fn is_bare(&self) -> bool {
        self.tone == 0 && self.letters.iter().all(|l| l.1 == 0)
    }

    /// Whether this is the word looked for; `lenient` takes diacritics that were left out.
    fn fits(&self, sought: &Self, lenient: bool) -> bool {
        self.letters.len() == sought.letters.len()
            && (self.tone == sought.tone || (lenient && self.tone == 0))
            && self.letters.iter().zip(&sought.letters).all(|(a, b)| a.0 == b.0 && (a.1 == b.1 || (lenient && a.1 == 0)))
    }
}

/// A piece of a text and where it stands in it.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub kind: Kind,
    pub from: usize,
    pub to: usize,
    spelled: Spelled,
}

/// A text with its pieces.
#[derive(Debug, Clone)]
pub(super) struct Text<'a> {
    source: &'a str,
    pub tokens: Vec<Token>,
    /// Whether it was typed without any diacritics.
    bare: bool,
}

/// Words looked for, one after the other.
#[derive(Debug, Clone)]
pub(super) struct Phrase(Vec<Spelled>);

impl Phrase {
    pub fn new(words: &str) -> Self {
        Self(Text::new(words).tokens.into_iter().map(|t| t.spelled).collect())
    }

    pub fn list(words: &[String]) -> Vec<Self> {
        words.iter().map(|w| Self::new(w)).collect()
    }
}

/// Whether a character goes on with a word: letters, their marks, digits after a letter.
fn goes_on(c: char) -> bool {
    c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c)
}

impl<'a> Text<'a> {
    pub fn new(source: &'a str) -> Self {
        let mut tokens: Vec<Token> = Vec::new();
        let mut at = 0;
        while let Some(c) = source.get(at..).and_then(|rest| rest.chars().next()) {
            let rest = source.get(at..).unwrap_or_default();
            let end = |goes: fn(char) -> bool| rest.find(|c: char| !goes(c)).unwrap_or(rest.len());
            let (kind, len) = if c.is_ascii_digit() {
                (Kind::Number, end(|c| c.is_ascii_digit()))
            } else if c.is_alphabetic() {
                (Kind::Word, title(rest).unwrap_or_else(|| end(goes_on)))
            } else if c == '\n' || !c.is_whitespace() {
                (Kind::Mark(c), c.len_utf8())
            } else {
                at += c.len_utf8();
                continue;
            };
            let said = rest.get(..len).unwrap_or_default();
            let spelled = match kind {
                Kind::Word => Spelled::of(&said.replace(['/', '.'], "")),
                Kind::Number | Kind::Mark(_) => Spelled { letters: said.chars().map(|c| (c, 0)).collect(), tone: 0 },
            };
            tokens.push(Token { kind, from: at, to: at + len, spelled });
            at += len;
        }
        let bare = tokens.iter().filter(|t| t.kind == Kind::Word).all(|t| t.spelled.is_bare());
        Self { source, tokens, bare }
    }

    /// The writer's own words from one piece to before another.
    pub fn passage(&self, from: usize, to: usize) -> String {
        let (first, last) = (self.tokens.get(from), to.checked_sub(1).and_then(|l| self.tokens.get(l)));
        match (first, last) {
            (Some(a), Some(b)) if a.from < b.to => vi::nfc(self.source.get(a.from..b.to).unwrap_or_default()),
            _ => String::new(),
        }
    }

    /// How many pieces the phrase takes when it stands here.
    pub fn phrase_at(&self, at: usize, phrase: &Phrase) -> Option<usize> {
        let n = phrase.0.len();
        let here = self.tokens.get(at..at + n)?;
        // One word alone without its diacritics is mostly another word: “trong” is not “trồng”.
        let lenient = self.bare || n > 1;
        (n > 0 && here.iter().zip(&phrase.0).all(|(t, p)| t.spelled.fits(p, lenient))).then_some(n)
    }

    /// The longest of the phrases that stands here, in pieces.
    pub fn longest_at(&self, at: usize, phrases: &[Phrase]) -> Option<usize> {
        phrases.iter().filter_map(|p| self.phrase_at(at, p)).max()
    }

    /// Whether one of the phrases stands here.
    pub fn any_at(&self, at: usize, phrases: &[Phrase]) -> bool {
        self.longest_at(at, phrases).is_some()
    }

    pub fn kind(&self, at: usize) -> Option<Kind> {
        self.tokens.get(at).map(|t| t.kind)
    }

    pub fn is_mark(&self, at: usize, marks: &[char]) -> bool {
        matches!(self.kind(at), Some(Kind::Mark(c)) if marks.contains(&c))
    }

    /// The number that stands here.
    pub fn number(&self, at: usize) -> Option<i16> {
        let token = self.tokens.get(at).filter(|t| t.kind == Kind::Number)?;
        self.source.get(token.from..token.to)?.parse().ok()
    }

    /// Whether the text goes on right after a piece, without a blank.
    pub fn is_tight(&self, at: usize) -> bool {
        matches!((self.tokens.get(at), self.tokens.get(at + 1)), (Some(a), Some(b)) if a.to == b.from)
    }

    /// Whether a sentence ends with this piece: `;`, a line end, or a stop before a blank.
    pub fn ends_sentence(&self, at: usize) -> bool {
        match self.kind(at) {
            Some(Kind::Mark(';' | '\n' | '!' | '?')) => true,
            Some(Kind::Mark('.')) => !self.is_tight(at) && !self.abbreviates(at),
            _ => false,
        }
    }

    /// Whether a stop belongs to the word or number before it: “TP.”, “1.” at the head.
    fn abbreviates(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else {
            return false;
        };
        let short = self.tokens.get(before).is_some_and(|t| t.spelled.letters.len() <= 2);
        match self.kind(before) {
            Some(Kind::Number) => before == 0,
            Some(Kind::Word) => short && !self.bare && self.is_capital(before),
            _ => false,
        }
    }

    fn is_capital(&self, at: usize) -> bool {
        let word = self.tokens.get(at).and_then(|t| self.source.get(t.from..t.to)).unwrap_or_default();
        word.chars().all(char::is_uppercase)
    }

    /// The sentences as ranges of pieces, without the signs that end them.
    pub fn sentences(&self) -> Vec<(usize, usize)> {
        let mut out = Vec::new();
        let mut start = 0;
        for at in 0..self.tokens.len() {
            if self.ends_sentence(at) {
                out.push((start, at));
                start = at + 1;
            }
        }
        out.push((start, self.tokens.len()));
        out.retain(|(from, to)| from < to);
        out
    }

    /// Which pieces stand between quotation marks.
    pub fn quoted(&self) -> Vec<bool> {
        let mut inside = false;
        let mut out = Vec::with_capacity(self.tokens.len());
        for token in &self.tokens {
            match token.kind {
                Kind::Mark('“' | '«') => inside = true,
                Kind::Mark('”' | '»') => inside = false,
                Kind::Mark('"') => inside = !inside,
                _ => {}
            }
            out.push(inside);
        }
        out
    }
}

/// The abbreviation of “đồng chí” at the beginning of a text: one word, whatever stands in it.
fn title(rest: &str) -> Option<usize> {
    let mut chars = rest.char_indices();
    let (_, d) = chars.next()?;
    let (_, sign) = chars.next()?;
    let (at, c) = chars.next()?;
    let word = matches!(d, 'đ' | 'Đ' | 'd' | 'D') && matches!(sign, '/' | '.') && matches!(c, 'c' | 'C');
    let end = at + c.len_utf8();
    (word && rest.get(end..)?.chars().next().is_none_or(|c| !goes_on(c))).then_some(end)
}
