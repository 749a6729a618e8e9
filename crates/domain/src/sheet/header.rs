//! Finds the heading of a sheet under its titles and says which column holds what.
//! Pure. Rules: none; it follows how real lists of members are headed.

use super::{Cell, Column};
use crate::vi;

/// How many rows from the top a heading is looked for in.
const SEARCHED: usize = 60;

/// The heading of a sheet.
pub(super) struct Header<C> {
    /// The first row under it, from 0.
    pub data_from: usize,
    pub columns: Vec<(usize, C)>,
    pub ignored: Vec<String>,
}

/// What a second column with the heading of an earlier one is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Again {
    /// Left out.
    Not,
    /// The filled one of both counts.
    Also,
    /// It is meant, the earlier one is not.
    Instead,
}

/// The columns of one sort of table.
pub(super) trait Heading: Copy + Ord {
    /// What a heading, already plain, says its column holds.
    fn recognise(label: &str) -> Option<Self>;
    /// Whether these columns make a row the heading.
    fn enough(columns: &[(usize, Self)]) -> bool;
    /// What a second such column is, by the labels of both.
    fn again(self, _earlier: &[String], _later: &[String]) -> Again {
        Again::Not
    }
}

impl Heading for Column {
    fn recognise(label: &str) -> Option<Self> {
        recognise(label)
    }

    fn enough(columns: &[(usize, Self)]) -> bool {
        let has = |wanted| columns.iter().any(|(_, c)| *c == wanted);
        has(Self::Name) || (has(Self::FamilyPart) && has(Self::GivenPart))
    }

    fn again(self, earlier: &[String], later: &[String]) -> Again {
        let of_party = |labels: &[String]| labels.iter().any(|l| l.contains("dang"));
        match self {
            // Men's and women's birth dates stand in two columns; the filled one counts.
            Self::Birth => Again::Also,
            Self::Post if of_party(later) && !of_party(earlier) => Again::Instead,
            _ => Again::Not,
        }
    }
}

/// A heading without diacritics, signs and what stands in brackets: `ngay thang nam sinh`.
pub(super) fn plain(text: &str) -> String {
    let mut depth = 0_u32;
    let kept: String = vi::fold(text)
        .chars()
        .filter_map(|c| match c {
            '(' | '[' => {
                depth += 1;
                Some(' ')
            }
            ')' | ']' => {
                depth = depth.saturating_sub(1);
                Some(' ')
            }
            _ if depth > 0 => None,
            c if c.is_alphanumeric() => Some(c),
            _ => Some(' '),
        })
        .collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a cell is the heading of names itself, as where a heading is repeated on each page.
pub(super) fn is_name_heading(text: &str) -> bool {
    recognise(&plain(text)) == Some(Column::Name)
}

/// What a heading says its column holds.
fn recognise(label: &str) -> Option<Column> {
    if label.is_empty() || label.len() > 60 {
        return None;
    }
    let has = |part: &str| format!(" {label} ").contains(&format!(" {part} "));
    let any = |parts: &[&str]| parts.iter().any(|p| has(p));
    let is = |words: &[&str]| words.contains(&label);
    if is(&["stt", "tt", "so tt", "so thu tu", "thu tu"]) {
        return Some(Column::Ordinal);
    }
    if any(&["bi thu", "cha", "me", "vo", "chong", "doan", "bao hiem", "bhyt", "bhxh", "lap bieu"]) {
        return None;
    }
    if is(&[
        "ho",
        "ho dem",
        "ho lot",
        "ho va dem",
        "ho va ten dem",
        "ho ten dem",
        "ho va chu dem",
        "ho va chu lot",
        "ho chu dem",
        "ho va ten lot",
    ]) {
        return Some(Column::FamilyPart);
    }
    if is(&["ten", "ten goi"]) {
        return Some(Column::GivenPart);
    }
    if (label.starts_with("ho va ten") || label.starts_with("ho ten") || is(&["ten dang vien", "dang vien", "ho dem va ten"]))
        && !any(&["dem", "lot"])
        || is(&["ho dem va ten", "ho chu dem va ten"])
    {
        return Some(Column::Name);
    }
    if any(&["nam sinh", "ngay sinh", "sinh ngay", "thang nam sinh", "sinh nam"]) {
        return Some(Column::Birth);
    }
    if has("tuoi") {
        return None;
    }
    if has("the dang") || has("so the") || label == "the dv" || label == "so tdv" {
        return Some(Column::Card);
    }
    if any(&["chinh thuc"]) && !any(&["dia chi", "so luong"]) {
        return Some(Column::Official);
    }
    if any(&["vao dang", "ket nap", "du bi"]) {
        return Some(Column::Admitted);
    }
    if any(&["dien thoai", "sdt", "so dt", "di dong", "dtdd", "dt", "so dien thoai"]) {
        return Some(Column::Phone);
    }
    if any(&["email", "e mail", "thu dien tu", "hop thu", "mail", "gmail"]) {
        return Some(Column::Email);
    }
    if any(&["chuc vu", "chuc danh"]) {
        return (!any(&["chinh quyen", "chuyen mon", "doan the", "cong tac"])).then_some(Column::Post);
    }
    if any(&["chi bo", "to chuc dang"]) {
        return Some(Column::Org);
    }
    has("ghi chu").then_some(Column::Note)
}

fn text_of(row: &[Cell], col: usize) -> String {
    match row.get(col) {
        Some(Cell::Text(t)) => plain(t),
        _ => String::new(),
    }
}

/// Whether a row can be the second line of a heading: words only, no figure in it.
fn words_only(row: &[Cell]) -> bool {
    row.iter().any(|c| matches!(c, Cell::Text(t) if !t.trim().is_empty()))
        && row.iter().all(|c| match c {
            Cell::Empty => true,
            Cell::Text(t) => !t.chars().any(|c| c.is_ascii_digit()),
            Cell::Number(_) | Cell::Date(_) => false,
        })
}

/// The labels of a heading of one row or two. In two, an upper cell that was merged over several
/// columns stands in the first of them only, so it is carried to the right over filled lower cells.
fn labels(top: &[Cell], sub: Option<&[Cell]>, width: usize) -> Vec<Vec<String>> {
    let mut carried = String::new();
    (0..width)
        .map(|col| {
            let upper = text_of(top, col);
            let Some(sub) = sub else {
                return vec![upper];
            };
            let lower = text_of(sub, col);
            if !upper.is_empty() || lower.is_empty() {
                carried.clone_from(&upper);
            }
            if lower.is_empty() {
                return vec![upper];
            }
            vec![format!("{carried} {lower}").trim().to_owned(), lower, carried.clone()]
        })
        .collect()
}

fn assign<C: Heading>(labels: &[Vec<String>]) -> Vec<(usize, C)> {
    let mut columns: Vec<(usize, C)> = Vec::new();
    for (col, candidates) in labels.iter().enumerate() {
        let Some(column) = candidates.iter().find_map(|l| C::recognise(l)) else {
            continue;
        };
        let Some(earlier) = columns.iter_mut().find(|(_, c)| *c == column) else {
            columns.push((col, column));
            continue;
        };
        match column.again(labels.get(earlier.0).map_or(&[], Vec::as_slice), candidates) {
            Again::Not => {}
            Again::Also => columns.push((col, column)),
            Again::Instead => *earlier = (col, column),
        }
    }
    columns
}

fn kinds<C: Heading>(columns: &[(usize, C)]) -> usize {
    let mut kinds: Vec<C> = columns.iter().map(|(_, c)| *c).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds.len()
}

/// The best heading of the sheet: the one that tells most, the upper one of equals.
pub(super) fn find<C: Heading>(grid: &[Vec<Cell>]) -> Option<Header<C>> {
    let width = grid.iter().map(Vec::len).max().unwrap_or(0);
    let mut best: Option<(usize, Header<C>)> = None;
    for (at, row) in grid.iter().enumerate().take(SEARCHED) {
        let below = grid.get(at + 1).filter(|r| words_only(r));
        for sub in [None, below.map(Vec::as_slice)] {
            if sub.is_none() && best.as_ref().is_some_and(|(_, h)| h.data_from > at + 1) {
                continue;
            }
            let labels = labels(row, sub, width);
            let columns = assign::<C>(&labels);
            let score = kinds(&columns);
            if !C::enough(&columns) || best.as_ref().is_some_and(|(s, _)| *s >= score) {
                continue;
            }
            let ignored = labels
                .iter()
                .enumerate()
                .filter(|(col, _)| !columns.iter().any(|(c, _)| c == col))
                .filter_map(|(col, _)| heading_text(row, sub, col))
                .collect();
            let data_from = at + 1 + usize::from(sub.is_some());
            best = Some((score, Header { data_from, columns, ignored }));
        }
    }
    best.map(|(_, header)| header)
}

fn heading_text(top: &[Cell], sub: Option<&[Cell]>, col: usize) -> Option<String> {
    let text = |row: &[Cell]| match row.get(col) {
        Some(Cell::Text(t)) if !t.trim().is_empty() => Some(t.split_whitespace().collect::<Vec<_>>().join(" ")),
        _ => None,
    };
    sub.and_then(text).or_else(|| text(top))
}

/// A heading "Họ và tên" merged over two columns: the next column has no heading of its own but
/// text under it. Then the first holds family and middle names, the second the given name.
pub(super) fn split_name(grid: &[Vec<Cell>], header: &mut Header<Column>) {
    let Some(place) = header.columns.iter().position(|(_, c)| *c == Column::Name) else {
        return;
    };
    let Some(col) = header.columns.get(place).map(|(col, _)| col + 1) else {
        return;
    };
    let headed = |row: &Vec<Cell>| row.get(col).is_some_and(|c| *c != Cell::Empty);
    let taken = header.columns.iter().any(|(c, _)| *c == col);
    let own_heading = header.data_from.checked_sub(1).and_then(|r| grid.get(r)).is_some_and(headed);
    if taken || own_heading {
        return;
    }
    let sample = grid.iter().skip(header.data_from).take(20);
    let (mut filled, mut both) = (0, 0);
    for row in sample {
        let is_word = |c: usize| matches!(row.get(c), Some(Cell::Text(t)) if !t.trim().is_empty() && !t.chars().any(|c| c.is_ascii_digit()));
        filled += usize::from(is_word(col - 1));
        both += usize::from(is_word(col - 1) && is_word(col));
    }
    if both > 0 && both * 2 > filled {
        if let Some(name) = header.columns.get_mut(place) {
            name.1 = Column::FamilyPart;
        }
        header.columns.push((col, Column::GivenPart));
    }
}
