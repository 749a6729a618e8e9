//! Dates and times as people type them and as documents print them.
//! Pure: what "today" is comes from the caller.
//! Rules: experience.md rule 7, regulations.md TH-15.

use std::fmt;

use jiff::civil::{Date, Time, Weekday};

use super::fold;

/// Why a typed date was not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadDate {
    /// Nothing was typed.
    Empty,
    /// The text has no form of a date.
    Unreadable(String),
    /// The form is right but the calendar has no such day.
    NoSuchDay(String),
    /// The year is outside 1900–2100.
    YearOutOfRange(i16),
}

impl fmt::Display for BadDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("Đồng chí chưa nhập ngày."),
            Self::Unreadable(text) => write!(f, "Không đọc được ngày “{text}”; đồng chí nhập theo dạng 03/12/2026."),
            Self::NoSuchDay(text) => write!(f, "Lịch không có ngày “{text}”."),
            Self::YearOutOfRange(year) => write!(f, "Năm {year} ngoài khoảng 1900–2100; đồng chí xem lại năm."),
        }
    }
}

impl std::error::Error for BadDate {}

/// Why a typed time was not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadTime(pub String);

impl fmt::Display for BadTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Không đọc được giờ “{}”; đồng chí nhập theo dạng 14:00 hoặc 14 giờ 30.", self.0)
    }
}

impl std::error::Error for BadTime {}

/// The runs of digits of a folded date, if nothing but separators and the words
/// "thứ …", "chủ nhật", "ngày", "tháng", "năm" stands between them.
fn date_numbers(folded: &str) -> Option<Vec<String>> {
    let mut rest = folded;
    for day in [
        "thu hai", "thu bay", "thu ba", "thu tu", "thu nam", "thu sau", "thu 2", "thu 3", "thu 4", "thu 5", "thu 6", "thu 7",
        "chu nhat", "hom nay",
    ] {
        if let Some(tail) = rest.strip_prefix(day) {
            rest = tail.trim_start_matches([',', ' ', '-']);
            break;
        }
    }
    let (rest, _) = rest
        .split_once('t')
        .filter(|(head, tail)| head.len() == 10 && tail.starts_with(|c: char| c.is_ascii_digit()))
        .unwrap_or((rest, ""));
    let rest = ["00:00:00", "0:00:00", "00:00", "0:00"]
        .iter()
        .find_map(|z| rest.strip_suffix(z).filter(|h| h.ends_with(' ')))
        .unwrap_or(rest);
    let mut runs = Vec::new();
    let mut run = String::new();
    let mut word = String::new();
    for c in rest.chars().chain([' ']) {
        if c.is_ascii_digit() {
            word_ok(&mut word)?;
            run.push(c);
            continue;
        }
        if !run.is_empty() {
            runs.push(std::mem::take(&mut run));
        }
        if c.is_alphabetic() {
            word.push(c);
        } else if matches!(c, ' ' | '/' | '-' | '.' | ',') {
            word_ok(&mut word)?;
        } else {
            return None;
        }
    }
    Some(runs)
}

fn word_ok(word: &mut String) -> Option<()> {
    let known = matches!(word.as_str(), "" | "ngay" | "thang" | "nam");
    word.clear();
    known.then_some(())
}

/// A two-figure year: 00–49 is this century, 50–99 the last.
fn full_year(digits: &str) -> Option<i16> {
    let year: i16 = digits.parse().ok()?;
    match digits.len() {
        4 => Some(year),
        2 if year < 50 => Some(2000 + year),
        2 => Some(1900 + year),
        _ => None,
    }
}

/// A date in any form people usually type: `3/12/2026`, `03-12-2026`, `3.12.26`, `03122026`,
/// `2026-12-03`, `ngày 3 tháng 12 năm 2026`, `3 tháng 12 2026`, `thứ Năm, 03/12/2026`.
///
/// # Errors
/// [`BadDate`] says in a sentence what is wrong.
pub fn parse_date(text: &str) -> Result<Date, BadDate> {
    let shown = text.trim();
    if shown.is_empty() {
        return Err(BadDate::Empty);
    }
    let unreadable = || BadDate::Unreadable(shown.chars().take(40).collect());
    let runs = date_numbers(&fold(shown)).ok_or_else(unreadable)?;
    let parts: Vec<&str> = runs.iter().map(String::as_str).collect();
    let (d, m, y) = match parts.as_slice() {
        [y, m, d] if y.len() == 4 => (*d, *m, *y),
        [d, m, y] => (*d, *m, *y),
        [one] if one.len() == 8 => {
            let as_typed = (&one[..2], &one[2..4], &one[4..]);
            let iso = (&one[6..], &one[4..6], &one[..4]);
            let month_ok = |m: &str| m.parse::<u8>().is_ok_and(|m| (1..=12).contains(&m));
            let century = |y: &str| y.starts_with("19") || y.starts_with("20");
            if !month_ok(as_typed.1) && century(iso.2) && month_ok(iso.1) { iso } else { as_typed }
        }
        [one] if one.len() == 6 => (&one[..2], &one[2..4], &one[4..]),
        _ => return Err(unreadable()),
    };
    if d.len() > 2 || m.len() > 2 {
        return Err(unreadable());
    }
    let year = full_year(y).ok_or_else(unreadable)?;
    let day: i8 = d.parse().map_err(|_| unreadable())?;
    let month: i8 = m.parse().map_err(|_| unreadable())?;
    if !(1900..=2100).contains(&year) {
        return Err(BadDate::YearOutOfRange(year));
    }
    Date::new(year, month, day).map_err(|_| BadDate::NoSuchDay(shown.chars().take(40).collect()))
}

/// A time in any form people usually type: `14:00`, `14h`, `14h30`, `14 giờ 30 phút`,
/// `2 giờ chiều`, `8h sáng`, `1400`.
///
/// # Errors
/// [`BadTime`] says in a sentence what is expected.
pub fn parse_time(text: &str) -> Result<Time, BadTime> {
    let bad = || BadTime(text.trim().chars().take(40).collect());
    let folded = fold(text);
    let mut rest = folded.as_str();
    let mut afternoon = false;
    for (word, late) in [("sang", false), ("trua", true), ("chieu", true), ("toi", true)] {
        if let Some(head) = rest.strip_suffix(word) {
            rest = head.trim_end();
            afternoon = late;
            break;
        }
    }
    let rest = rest.strip_suffix("phut").or_else(|| rest.strip_suffix('p')).unwrap_or(rest).trim_end();
    let (hours, minutes) = match rest.find(|c: char| !c.is_ascii_digit()) {
        Some(i) => {
            let tail = rest[i..].trim_start();
            let tail = ["gio", "h", "g", ":"].iter().find_map(|sign| tail.strip_prefix(sign)).ok_or_else(bad)?;
            (&rest[..i], tail.trim())
        }
        None if rest.len() == 4 => rest.split_at(2),
        None if afternoon => (rest, ""),
        None => return Err(bad()),
    };
    let minutes = minutes.strip_suffix(":00").unwrap_or(minutes);
    if hours.is_empty() || hours.len() > 2 || minutes.len() > 2 {
        return Err(bad());
    }
    let mut hour: i8 = hours.parse().map_err(|_| bad())?;
    let minute: i8 = match minutes {
        "" => 0,
        m if m.chars().all(|c| c.is_ascii_digit()) => m.parse().map_err(|_| bad())?,
        _ => return Err(bad()),
    };
    if afternoon && (1..=11).contains(&hour) && !(hour == 11 && folded.ends_with("trua")) {
        hour += 12;
    }
    Time::new(hour, minute, 0, 0).map_err(|_| bad())
}

/// `03/12/2026`.
pub fn date(d: Date) -> String {
    format!("{:02}/{:02}/{:04}", d.day(), d.month(), d.year())
}

/// The day of the week: `thứ Năm`.
pub fn weekday(d: Date) -> &'static str {
    match d.weekday() {
        Weekday::Monday => "thứ Hai",
        Weekday::Tuesday => "thứ Ba",
        Weekday::Wednesday => "thứ Tư",
        Weekday::Thursday => "thứ Năm",
        Weekday::Friday => "thứ Sáu",
        Weekday::Saturday => "thứ Bảy",
        Weekday::Sunday => "Chủ nhật",
    }
}

/// `thứ Năm 03/12/2026`: how a typed date is echoed.
pub fn date_weekday(d: Date) -> String {
    format!("{} {}", weekday(d), date(d))
}

/// `ngày 03 tháng 02 năm 2026`: a leading zero for days below 10 and for months 1 and 2 only (TH-15).
pub fn date_long(d: Date) -> String {
    let month = if d.month() <= 2 { format!("0{}", d.month()) } else { d.month().to_string() };
    format!("ngày {:02} tháng {month} năm {}", d.day(), d.year())
}

/// `14 giờ 00`.
pub fn time(t: Time) -> String {
    format!("{:02} giờ {:02}", t.hour(), t.minute())
}

/// `14:00`, for lists and form fields.
pub fn time_short(t: Time) -> String {
    format!("{:02}:{:02}", t.hour(), t.minute())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date as d, time as t};
    use proptest::prelude::*;

    #[test]
    fn dates_are_read_in_every_usual_form() {
        for text in [
            "3/12/2026",
            "03-12-2026",
            " 3.12.26 ",
            "03122026",
            "031226",
            "2026-12-03",
            "20261303",
            "2026/12/3",
            "2026-12-03T00:00:00",
            "2026-12-03 00:00:00",
            "ngày 3 tháng 12 năm 2026",
            "Ngày 03 tháng 12, năm 2026",
            "3 tháng 12 2026",
            "03 / 12 / 2026",
            "thứ Năm 03/12/2026",
            "Thứ năm, ngày 3/12/2026",
            "NGÀY 3-12-2026",
        ] {
            let expected = if text == "20261303" { None } else { Some(d(2026, 12, 3)) };
            assert_eq!(parse_date(text).ok(), expected, "{text}");
        }
        assert_eq!(parse_date("20261203"), Ok(d(2026, 12, 3)));
        assert_eq!(parse_date("1/5/58"), Ok(d(1958, 5, 1)));
        assert_eq!(parse_date("20122026"), Ok(d(2026, 12, 20)));
    }

    #[test]
    fn wrong_dates_get_a_sentence() {
        assert_eq!(parse_date(" "), Err(BadDate::Empty));
        assert_eq!(parse_date("31/2/2026"), Err(BadDate::NoSuchDay("31/2/2026".to_owned())));
        assert_eq!(parse_date("1/1/0226"), Err(BadDate::YearOutOfRange(226)));
        for text in ["mai", "3/12", "3/12/2026x", "12 giờ 3", "3//12", "1/2/3/4", "123/1/2026", "3/12/126"] {
            assert!(matches!(parse_date(text), Err(BadDate::Unreadable(_))), "{text}");
        }
    }

    #[test]
    fn times_are_read_in_every_usual_form() {
        for (text, expected) in [
            ("14:00", t(14, 0, 0, 0)),
            ("14h", t(14, 0, 0, 0)),
            ("14h30", t(14, 30, 0, 0)),
            ("14 giờ 30", t(14, 30, 0, 0)),
            ("14 giờ 30 phút", t(14, 30, 0, 0)),
            ("8g05", t(8, 5, 0, 0)),
            ("08:05:00", t(8, 5, 0, 0)),
            ("1400", t(14, 0, 0, 0)),
            ("2 giờ chiều", t(14, 0, 0, 0)),
            ("2h30 chiều", t(14, 30, 0, 0)),
            ("8 giờ sáng", t(8, 0, 0, 0)),
            ("7h tối", t(19, 0, 0, 0)),
            ("11h trưa", t(11, 0, 0, 0)),
            ("12h trưa", t(12, 0, 0, 0)),
            ("0h", t(0, 0, 0, 0)),
        ] {
            assert_eq!(parse_time(text), Ok(expected), "{text}");
        }
        for text in ["", "14", "25h", "14:75", "h30", "2 giờ nữa", "14:0a", "-1:00"] {
            assert!(parse_time(text).is_err(), "{text}");
        }
    }

    #[test]
    fn dates_are_printed_as_the_rules_ask() {
        let feb = d(2026, 2, 3);
        assert_eq!(date(feb), "03/02/2026");
        assert_eq!(date_long(feb), "ngày 03 tháng 02 năm 2026");
        assert_eq!(date_long(d(2026, 3, 10)), "ngày 10 tháng 3 năm 2026");
        assert_eq!(date_long(d(2026, 12, 9)), "ngày 09 tháng 12 năm 2026");
        assert_eq!(date_weekday(d(2026, 12, 3)), "thứ Năm 03/12/2026");
        assert_eq!(date_weekday(d(2026, 12, 6)), "Chủ nhật 06/12/2026");
        assert_eq!(time(t(14, 0, 0, 0)), "14 giờ 00");
        assert_eq!(time_short(t(7, 5, 0, 0)), "07:05");
    }

    proptest! {
        #[test]
        fn what_is_printed_can_be_read_back(year in 1900_i16..=2100, month in 1_i8..=12, day in 1_i8..=28) {
            let when = d(year, month, day);
            for text in [date(when), date_long(when), date_weekday(when), when.to_string()] {
                prop_assert_eq!(parse_date(&text), Ok(when));
            }
        }

        #[test]
        fn any_text_gets_an_answer(text in any::<String>()) {
            let _ = parse_date(&text);
            let _ = parse_time(&text);
        }
    }
}
