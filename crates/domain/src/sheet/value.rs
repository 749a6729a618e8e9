//! Understands single cells of a list of members: dates in all their forms, numbers that lost
//! zeros, names in capitals.
//! Pure. Rules: experience.md rules 7 and 8; regulations.md ST-01.

use jiff::ToSpan;
use jiff::civil::{Date, date};

use super::Cell;
use crate::vi;

/// What a cell turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Read<T> {
    /// Understood.
    Value(T),
    /// Understood, but somebody should look.
    Doubt(T, String),
    /// Not taken in, though the row can be.
    Left(String),
    /// Wrong.
    Wrong(String),
}

/// A date or a part of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    Day(Date),
    Year(i16),
}

/// The text of a cell as a person sees it.
pub(super) fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(t) => t.split_whitespace().collect::<Vec<_>>().join(" "),
        Cell::Number(n) => whole(*n).map_or_else(|| n.to_string(), |n| n.to_string()),
        Cell::Date(d) => vi::date(*d),
    }
}

/// The whole number that a spreadsheet kept as a float.
fn whole(n: f64) -> Option<i64> {
    (n.is_finite() && n.abs() < 1e15 && n.fract() == 0.0).then_some(n as i64)
}

/// Days of a spreadsheet's calendar; 1 is 1 January 1900, and 29 February 1900 is counted in it.
fn serial(days: i64) -> Option<Date> {
    // From 1910 on: smaller numbers are years or mistakes.
    if !(3_654..=73_050).contains(&days) {
        return None;
    }
    date(1899, 12, 30).checked_add(days.days()).ok()
}

fn year(n: i64) -> Option<When> {
    let y = i16::try_from(n).ok()?;
    (1900..=2100).contains(&y).then_some(When::Year(y))
}

/// A date however it was kept: a date, a serial number, a year, digits or words.
pub(super) fn when(cell: &Cell, today: Date) -> Result<When, String> {
    let text = shown(cell);
    let bad = || format!("Không đọc được ngày “{text}”.");
    match cell {
        Cell::Date(d) => Ok(When::Day(*d)),
        Cell::Number(n) => {
            // A time of day after the point is of no interest.
            let n = whole(n.trunc()).ok_or_else(bad)?;
            if let Some(found) = year(n).or_else(|| serial(n).map(When::Day)) {
                return Ok(found);
            }
            // 3121958: eight figures that lost their zero.
            match n {
                1_000_000..=99_999_999 => day(&format!("{n:08}"), today),
                _ => Err(bad()),
            }
        }
        Cell::Text(_) => {
            let digits = text.trim_matches(['\'', '`', ' ']);
            if let Ok(n) = digits.parse::<i64>() {
                match digits.len() {
                    4 => return year(n).ok_or_else(bad),
                    5 => return serial(n).map(When::Day).ok_or_else(bad),
                    _ => {}
                }
            }
            if let Some(found) = month_and_year(digits) {
                return Ok(found);
            }
            day(digits, today)
        }
        Cell::Empty => Err(bad()),
    }
}

fn day(text: &str, today: Date) -> Result<When, String> {
    let found = vi::parse_date(text).map_err(|e| e.to_string())?;
    // 12/5/31 of a birth is 1931: two figures of a year cannot mean the future here.
    let short_year = text.rsplit(|c: char| !c.is_ascii_digit()).next().is_some_and(|y| y.len() == 2 || text.len() == 6);
    if found > today && short_year {
        return Ok(When::Day(found.checked_sub(100.years()).unwrap_or(found)));
    }
    Ok(When::Day(found))
}

/// `12/1975`, `tháng 12 năm 1975`, `năm 1975`.
fn month_and_year(text: &str) -> Option<When> {
    let folded = vi::fold(text);
    let parts: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|p| !matches!(*p, "" | "thang" | "nam")).collect();
    let y = match parts.as_slice() {
        [y] if y.len() == 4 => y,
        [m, y] if y.len() == 4 && m.parse::<u8>().is_ok_and(|m| (1..=12).contains(&m)) => y,
        _ => return None,
    };
    year(y.parse().ok()?)
}

/// A name as it is stored: composed, without forms of address, capitals only where they belong.
pub(super) fn name(text: &str) -> Read<String> {
    let clean = match vi::clean_line(text) {
        Ok(clean) => clean,
        Err(bad) => return Read::Wrong(bad.to_string()),
    };
    let mut rest = clean.as_str();
    for address in ["Đồng chí ", "Đ/c ", "đ/c ", "Đ/C ", "đồng chí ", "Ông ", "Bà "] {
        if let Some(tail) = rest.strip_prefix(address) {
            rest = tail.trim_start();
            break;
        }
    }
    if rest.chars().any(|c| c.is_ascii_digit()) {
        return Read::Wrong("Họ và tên có chữ số.".to_owned());
    }
    if rest.chars().count() > 80 {
        return Read::Wrong("Họ và tên dài quá 80 chữ cái.".to_owned());
    }
    let shouting = !rest.chars().any(char::is_lowercase);
    let whispering = !rest.chars().any(char::is_uppercase);
    let name =
        if shouting || whispering { rest.split(' ').map(capitalise).collect::<Vec<_>>().join(" ") } else { rest.to_owned() };
    if !name.contains(' ') {
        let doubt = "Họ và tên chỉ có một chữ.".to_owned();
        return Read::Doubt(name, doubt);
    }
    Read::Value(name)
}

fn capitalise(word: &str) -> String {
    let mut chars = word.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars.flat_map(char::to_lowercase)).collect(),
        None => String::new(),
    }
}

fn digits_of(cell: &Cell) -> Option<String> {
    let text = shown(cell);
    let text = text.trim_matches(['\'', '`']);
    let kept: String = text.chars().filter(|c| !matches!(c, ' ' | '.' | '-' | '\u{a0}' | '(' | ')')).collect();
    (!kept.is_empty() && kept.chars().all(|c| c.is_ascii_digit())).then_some(kept)
}

/// A card number: eight figures, or twelve where it is the personal number. A spreadsheet drops the
/// zeros in front; they are put back and shown.
pub(super) fn card(cell: &Cell) -> Read<String> {
    let Some(digits) = digits_of(cell) else {
        return Read::Left(format!("Số thẻ “{}” không phải là dãy số; không nhập.", shown(cell)));
    };
    if digits.bytes().all(|b| b == b'0') {
        return Read::Left("Số thẻ toàn số 0; không nhập.".to_owned());
    }
    match digits.len() {
        8 | 12 => Read::Value(digits),
        1..=7 => {
            let full = format!("{digits:0>8}");
            let doubt = format!("Số thẻ thiếu chữ số 0 ở đầu, đã thêm thành {full}; đồng chí đối chiếu.");
            Read::Doubt(full, doubt)
        }
        9..=11 => {
            let full = format!("{digits:0>12}");
            let doubt = format!("Số thẻ thiếu chữ số 0 ở đầu, đã thêm thành {full}; đồng chí đối chiếu.");
            Read::Doubt(full, doubt)
        }
        _ => Read::Left(format!("Số thẻ “{digits}” dài quá 12 chữ số; không nhập.")),
    }
}

/// Two card numbers are one if they differ in zeros in front only.
pub(super) fn card_key(card: &str) -> &str {
    card.trim_start_matches('0')
}

/// A telephone number, `0` in front put back.
pub(super) fn phone(cell: &Cell) -> Read<String> {
    let text = shown(cell).replace('+', "");
    let Some(digits) = digits_of(&Cell::Text(text)) else {
        return Read::Left("Số điện thoại không phải là dãy số; không nhập.".to_owned());
    };
    let national = match digits.strip_prefix("84") {
        Some(rest) if rest.len() == 9 => format!("0{rest}"),
        _ if digits.len() == 9 && !digits.starts_with('0') => format!("0{digits}"),
        _ => digits,
    };
    if (10..=11).contains(&national.len()) && national.starts_with('0') {
        return Read::Value(national);
    }
    Read::Doubt(national, "Số điện thoại không đủ 10 chữ số; đồng chí xem lại.".to_owned())
}

/// An address for mail.
pub(super) fn email(cell: &Cell) -> Read<String> {
    let text = shown(cell).to_lowercase();
    let fits = text.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty()
            && host.contains('.')
            && !host.starts_with('.')
            && !host.ends_with('.')
            && !text.chars().any(|c| c.is_whitespace() || c.is_control())
            && !host.contains('@')
    });
    if fits && text.len() <= 254 && text.is_ascii() {
        return Read::Value(text);
    }
    Read::Left(format!("“{text}” không phải là địa chỉ thư điện tử; không nhập."))
}

/// Free words.
pub(super) fn words(cell: &Cell) -> Read<String> {
    match vi::clean_line(&shown(cell)) {
        Ok(text) if text.chars().count() <= 500 => Read::Value(text),
        Ok(_) => Read::Left("Nội dung dài quá 500 chữ; không nhập.".to_owned()),
        Err(bad) => Read::Wrong(bad.to_string()),
    }
}
