//! Reads CSV as spreadsheets write it: comma, semicolon or tab; UTF-8 or UTF-16.
//! May touch: nothing.
//! Comes from: import of member lists.

use super::{Budget, CELL_LIMIT, COLUMN_LIMIT, Cell, ROW_LIMIT, SheetError, SheetGrid, squared};

/// The one sheet of a CSV file.
pub(super) fn read(name: &str, bytes: &[u8]) -> Result<SheetGrid, SheetError> {
    let text = decoded(bytes)?;
    let start = text.trim_start();
    if start.is_empty() {
        return Err(SheetError::Empty);
    }
    let opening = start.get(..5.min(start.len())).unwrap_or_default().to_ascii_lowercase();
    // Web pages and PDF files are often offered under a spreadsheet's name.
    if opening.starts_with('<') || opening.starts_with("%pdf") || opening.starts_with("{\\rtf") {
        return Err(SheetError::WrongType);
    }
    let (text, separator) = match text.get(..5).filter(|t| t.to_ascii_lowercase().starts_with("sep=")) {
        Some(line) => {
            let separator = line.chars().nth(4).unwrap_or(',');
            (text.split_once('\n').map_or("", |(_, rest)| rest), separator)
        }
        None => (text.as_str(), guessed(&text)),
    };
    let mut budget = Budget::default();
    let rows = rows(text, separator, &mut budget)?;
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    Ok(SheetGrid { name: crate::clean(name), rows: squared(rows, &mut budget)? })
}

fn decoded(bytes: &[u8]) -> Result<String, SheetError> {
    let wide = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        if rest.len() % 2 == 1 {
            return Err(SheetError::Damaged);
        }
        let units = rest.chunks_exact(2).map(|b| unit([b[0], b[1]]));
        char::decode_utf16(units).collect::<Result<String, _>>().map_err(|_| SheetError::Damaged)
    };
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes)?,
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes)?,
        // "Unicode text" without its mark: every second byte of the first letters is 0.
        [a, 0, b, 0, ..] if *a != 0 && *b != 0 => wide(bytes, u16::from_le_bytes)?,
        _ => {
            let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
            if bytes.contains(&0) {
                return Err(SheetError::WrongType);
            }
            std::str::from_utf8(bytes).map_err(|_| undecoded(bytes))?.to_owned()
        }
    };
    let controls = text.chars().take(4096).filter(|c| c.is_control() && !"\t\r\n\u{c}".contains(*c));
    if controls.count() > 0 { Err(SheetError::WrongType) } else { Ok(text) }
}

/// Text in an old code page is told from an image or a program by its control characters.
fn undecoded(bytes: &[u8]) -> SheetError {
    let head = &bytes[..bytes.len().min(4096)];
    let binary = head.iter().any(|b| *b < 0x20 && !b"\t\r\n\x0c".contains(b));
    if binary { SheetError::WrongType } else { SheetError::Encoding }
}

/// The separator that is most even over the first lines.
fn guessed(text: &str) -> char {
    let mut counts = [(',', 0_usize), (';', 0), ('\t', 0)];
    let mut quoted = false;
    let mut lines = 0;
    for c in text.chars().take(20_000) {
        match c {
            '"' => quoted = !quoted,
            '\n' if !quoted => lines += 1,
            _ if !quoted => {
                for (mark, count) in &mut counts {
                    *count += usize::from(*mark == c);
                }
            }
            _ => {}
        }
        if lines >= 5 {
            break;
        }
    }
    // On a tie the comma wins; a tab is rarely part of a text, so one counts double.
    counts[2].1 *= 2;
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(',', |(mark, _)| *mark)
}

fn rows(text: &str, separator: char, budget: &mut Budget) -> Result<Vec<Vec<Cell>>, SheetError> {
    let mut rows = Vec::new();
    let mut row: Vec<Cell> = Vec::new();
    let mut field = String::new();
    let (mut quoted, mut held) = (false, 0_usize);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                field.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if field.trim().is_empty() => {
                field.clear();
                quoted = true;
            }
            '\r' if !quoted && chars.peek() == Some(&'\n') => {}
            '\n' | '\r' if !quoted => {
                row.push(budget.text(&field)?);
                field.clear();
                held += row.len();
                rows.push(std::mem::take(&mut row));
            }
            c if c == separator && !quoted => {
                row.push(budget.text(&field)?);
                field.clear();
            }
            c => field.push(c),
        }
        // Blank lines at the end do not count, but half a million of them are no table.
        if row.len() > COLUMN_LIMIT * 2 || rows.len() > ROW_LIMIT * 5 || held > CELL_LIMIT * 2 {
            return Err(SheetError::TooManyCells);
        }
    }
    if quoted {
        return Err(SheetError::Damaged);
    }
    row.push(budget.text(&field)?);
    rows.push(row);
    Ok(rows)
}
