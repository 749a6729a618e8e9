//! Numbers, shares, counts and terms as a Vietnamese sentence has them.
//! Pure.
//! Rules: experience.md rule 7.

use jiff::civil::Date;

/// A whole number with dots between the thousands: `1.234`.
pub fn number(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if n < 0 {
        out.push('-');
    }
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push('.');
        }
        out.push(c);
    }
    out
}

/// A number kept as units of `10^-places` (12345 with one place is `1.234,5`); zeros at the end go.
pub fn decimal(units: i64, places: u32) -> String {
    let scale = 10_u64.saturating_pow(places.min(18));
    let whole = units.unsigned_abs() / scale;
    let rest = units.unsigned_abs() % scale;
    let sign = if units < 0 { "-" } else { "" };
    let whole = number(i64::try_from(whole).unwrap_or(i64::MAX));
    if rest == 0 {
        return format!("{sign}{whole}");
    }
    let rest = format!("{rest:0width$}", width = places.min(18) as usize);
    format!("{sign}{whole},{}", rest.trim_end_matches('0'))
}

/// A share as a percentage with one decimal: `94,1 %`. It says 100 % only of all and 0 % only of
/// none, whatever rounding gives, so that nobody is hidden by it. Of nothing there is no share: `–`.
pub fn percent(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    let (part, whole) = (u128::from(part), u128::from(whole));
    let mut tenths = (part * 2000 + whole) / (whole * 2);
    if part < whole {
        tenths = tenths.min(999);
    }
    if part > 0 {
        tenths = tenths.max(1);
    }
    format!("{} %", decimal(i64::try_from(tenths).unwrap_or(i64::MAX), 1))
}

/// A count with its noun: `7 nhiệm vụ`; none is said in words: `không có nhiệm vụ nào`.
pub fn count(n: usize, noun: &str) -> String {
    if n == 0 {
        return format!("không có {noun} nào");
    }
    format!("{} {noun}", number(i64::try_from(n).unwrap_or(i64::MAX)))
}

/// A list in a sentence: `a, b và c`.
pub fn join<S: AsRef<str>>(items: &[S]) -> String {
    match items {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} và {}", first.join(", "), last.as_ref())
        }
    }
}

/// The same words with a capital at the beginning, for the start of a line.
pub fn capitalize(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// How far a date is from today: `hôm nay`, `ngày mai`, `còn 3 ngày`, `quá hạn 2 ngày`.
pub fn days_left(today: Date, due: Date) -> String {
    let days = days_between(today, due);
    match days {
        0 => "hôm nay".to_owned(),
        1 => "ngày mai".to_owned(),
        d if d > 0 => format!("còn {} ngày", number(d)),
        d => format!("quá hạn {} ngày", number(d.saturating_neg())),
    }
}

fn days_between(a: Date, b: Date) -> i64 {
    a.duration_until(b).as_hours() / 24
}

/// A small number as a Roman numeral, for quarters and headings.
pub fn roman(n: u8) -> String {
    let mut n = n;
    let mut out = String::new();
    for (value, sign) in [(100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")] {
        while n >= value {
            out.push_str(sign);
            n -= value;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn numbers_have_dots_and_a_comma() {
        for (n, text) in [(0, "0"), (999, "999"), (1000, "1.000"), (-1_234_567, "-1.234.567")] {
            assert_eq!(number(n), text);
        }
        for (units, places, text) in [(12345, 1, "1.234,5"), (9000, 2, "90"), (1005, 2, "10,05"), (-5, 1, "-0,5"), (7, 0, "7")] {
            assert_eq!(decimal(units, places), text);
        }
    }

    #[test]
    fn a_share_never_hides_anybody() {
        for (part, whole, text) in [
            (16, 17, "94,1 %"),
            (9, 10, "90 %"),
            (17, 17, "100 %"),
            (9999, 10_000, "99,9 %"),
            (1, 100_000, "0,1 %"),
            (0, 9, "0 %"),
            (2, 3, "66,7 %"),
            (0, 0, "–"),
        ] {
            assert_eq!(percent(part, whole), text, "{part}/{whole}");
        }
    }

    #[test]
    fn counts_and_lists_read_as_sentences() {
        assert_eq!(count(7, "nhiệm vụ"), "7 nhiệm vụ");
        assert_eq!(count(0, "nhiệm vụ"), "không có nhiệm vụ nào");
        assert_eq!(join(&["An", "Bình", "Chi"]), "An, Bình và Chi");
        assert_eq!(join::<&str>(&[]), "");
        assert_eq!(join(&["An"]), "An");
    }

    #[test]
    fn days_left_are_said_in_words() {
        let today = date(2026, 12, 3);
        for (due, text) in [
            (date(2026, 12, 3), "hôm nay"),
            (date(2026, 12, 4), "ngày mai"),
            (date(2027, 1, 1), "còn 29 ngày"),
            (date(2026, 12, 1), "quá hạn 2 ngày"),
        ] {
            assert_eq!(days_left(today, due), text);
        }
    }

    #[test]
    fn quarters_are_roman() {
        let all: Vec<String> = (1..=4).map(roman).collect();
        assert_eq!(all, ["I", "II", "III", "IV"]);
        assert_eq!(roman(49), "XLIX");
    }
}
