//! What is copied from paper: numbers of members as a secretary writes them.
//! Pure: text in, numbers out. Rules: P-11 (paper parity), DD-03.

/// The numbers of a list such as `3, 7, 12` or `1-4 9`, in the order written, each as often as written.
///
/// # Errors
/// The piece that is no number, in a sentence that says what to write.
pub fn numbers(text: &str) -> Result<Vec<i64>, String> {
    let mut out = Vec::new();
    for piece in text.split([',', ';', '.', ' ', '\t', '\n']).map(str::trim).filter(|p| !p.is_empty()) {
        let bad = || format!("“{}” không phải là số thứ tự. Hãy viết như: 3, 7, 12.", piece.chars().take(20).collect::<String>());
        let number = |t: &str| t.parse::<i64>().ok().filter(|n| (1..=9999).contains(n)).ok_or_else(bad);
        match piece.split_once(['-', '–']) {
            Some((from, to)) => {
                let (from, to) = (number(from)?, number(to)?);
                if from > to || to - from > 200 {
                    return Err(bad());
                }
                out.extend(from..=to);
            }
            None => out.push(number(piece)?),
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_numbers_by_table() {
        let table: [(&str, Option<&[i64]>); 9] = [
            ("", Some(&[])),
            ("3, 7, 12", Some(&[3, 7, 12])),
            ("3 7;12", Some(&[3, 7, 12])),
            (" 1-4, 9 ", Some(&[1, 2, 3, 4, 9])),
            ("7, 7", Some(&[7, 7])),
            ("3, a", None),
            ("0", None),
            ("4-1", None),
            ("1-9999", None),
        ];
        for (text, expected) in table {
            assert_eq!(numbers(text).ok().as_deref(), expected, "{text}");
        }
        assert!(numbers("x y").unwrap_err().contains("“x”"));
    }
}
