//! A deadline that is said in a sentence: “xong trước ngày 25/12”, “trong quý I/2027”.
//! Pure. Rules: SM-01.

use jiff::ToSpan;
use jiff::civil::Date;

use super::words::{Kind, Phrase, Text};

/// The words that make a date a deadline.
#[derive(Debug)]
pub(super) struct Cues {
    /// Before a day: `trước`, `chậm nhất`.
    pub before: Vec<Phrase>,
    /// Before a month, a quarter, a year: `trong`, `hết`.
    pub within: Vec<Phrase>,
}

/// A deadline in a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Said {
    /// The last day.
    pub day: Date,
    /// Whether a day was named, not only its month, quarter or year.
    pub exact: bool,
    /// Its first piece, with the words that make it a deadline.
    pub from: usize,
    /// The piece after it.
    pub to: usize,
}

/// The first deadline in a text. A date without a year is the one nearest to the meeting.
pub(super) fn deadline(text: &Text<'_>, cues: &Cues, on: Date) -> Option<Said> {
    (0..text.tokens.len()).find_map(|at| {
        let before = text.longest_at(at, &cues.before);
        let within = text.longest_at(at, &cues.within);
        let n = before.max(within)?;
        let mut next = at + n;
        while text.is_mark(next, &[':', ',']) || word(text, next, "là") || word(text, next, "vào") {
            next += 1;
        }
        let found = match before {
            Some(_) => day(text, next, on),
            None => None,
        };
        let exact = found.is_some();
        let (day, to) = found.or_else(|| within.and_then(|_| stretch(text, next, on)))?;
        Some(Said { day, exact, from: lead(text, at), to })
    })
}

fn word(text: &Text<'_>, at: usize, sought: &str) -> bool {
    text.phrase_at(at, &Phrase::new(sought)).is_some()
}

/// Words before the cue that belong to it: “hoàn thành xong trước …”.
fn lead(text: &Text<'_>, at: usize) -> usize {
    let mut from = at;
    while let Some(one) = from.checked_sub(1) {
        if word(text, one, "xong") || word(text, one, "hạn") {
            from = one;
        } else if one > 0 && word(text, one - 1, "hoàn thành") {
            from = one - 1;
        } else {
            break;
        }
    }
    from
}

/// `25/12`, `25-12-2026`, `25.12.26`, `ngày 25 tháng 12 năm 2026` from a piece on, and the piece after.
fn day(text: &Text<'_>, at: usize, on: Date) -> Option<(Date, usize)> {
    let at = if word(text, at, "ngày") { at + 1 } else { at };
    let number = text.number(at)?;
    let signed = text.is_mark(at + 1, &['/', '-', '.']) && text.is_tight(at) && text.is_tight(at + 1);
    let (month, mut to) = (text.number(at + 2).filter(|_| signed || word(text, at + 1, "tháng"))?, at + 3);
    let year = year(text, to);
    if let Some((_, after)) = year {
        to = after;
    }
    let make = |y: i16| Date::new(y, i8::try_from(month).ok()?, i8::try_from(number).ok()?).ok();
    let day = match year {
        Some((y, _)) => make(y)?,
        None => nearest(on, make)?,
    };
    Some((day, to))
}

/// `/2026`, `năm 2026` after a day or a month.
fn year(text: &Text<'_>, at: usize) -> Option<(i16, usize)> {
    let tight = text.is_mark(at, &['/', '-', '.']) && at > 0 && text.is_tight(at - 1) && text.is_tight(at);
    let said = word(text, at, "năm");
    let y = (tight || said).then(|| text.number(at + 1)).flatten()?;
    match y {
        2000..=2100 => Some((y, at + 2)),
        0..=49 if tight => Some((2000 + y, at + 2)),
        _ => None,
    }
}

fn nearest(on: Date, make: impl Fn(i16) -> Option<Date>) -> Option<Date> {
    let away = |d: &Date| on.until(*d).map_or(i32::MAX, |s| s.get_days().abs());
    [on.year() - 1, on.year(), on.year() + 1].into_iter().filter_map(make).min_by_key(away)
}

/// `tháng 12/2026`, `quý I`, `năm 2027`: the last day of it.
fn stretch(text: &Text<'_>, at: usize, on: Date) -> Option<(Date, usize)> {
    if word(text, at, "năm") {
        let y = text.number(at + 1).filter(|y| (2000..=2100).contains(y))?;
        return Some((Date::new(y, 12, 31).ok()?, at + 2));
    }
    let months = if word(text, at, "tháng") {
        text.number(at + 1)?
    } else if word(text, at, "quý") {
        quarter(text, at + 1)?.checked_mul(3)?
    } else {
        return None;
    };
    let month = i8::try_from(months).ok().filter(|m| (1..=12).contains(m))?;
    let last = |y: i16| Date::new(y, month, 1).ok().map(Date::last_of_month);
    match year(text, at + 2) {
        Some((y, to)) => Some((last(y)?, to)),
        None => {
            let ahead = on.checked_sub(1.month()).ok()?;
            let day = [on.year(), on.year() + 1].into_iter().filter_map(last).find(|d| *d >= ahead)?;
            Some((day, at + 2))
        }
    }
}

fn quarter(text: &Text<'_>, at: usize) -> Option<i16> {
    if text.kind(at) == Some(Kind::Number) {
        return text.number(at).filter(|n| (1..=4).contains(n));
    }
    [("i", 1), ("ii", 2), ("iii", 3), ("iv", 4)].into_iter().find(|(r, _)| word(text, at, r)).map(|(_, n)| n)
}
