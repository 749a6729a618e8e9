//! Reads the rows of people between the heading and the signatures of a sheet.
//! Pure. Rules: none; it follows how real lists of members look.

use unicode_normalization::UnicodeNormalization;

use super::{Cell, Column, MemberSheet, SheetRefusal, SheetRow, header, value};
use crate::vi;

/// More rows than this are no list of members.
pub(super) const MAX_ROWS: usize = 20_000;

/// Reads a grid of cells as a list of members.
///
/// # Errors
/// [`SheetRefusal`], one clear sentence, if it is none.
pub fn read_members(grid: &[Vec<Cell>]) -> Result<MemberSheet, SheetRefusal> {
    if grid.len() > MAX_ROWS {
        return Err(SheetRefusal::TooLong(grid.len()));
    }
    if grid.iter().flatten().all(is_blank) {
        return Err(SheetRefusal::Empty);
    }
    let mut header = header::find::<Column>(grid).ok_or(SheetRefusal::NoNameColumn)?;
    header::split_name(grid, &mut header);
    let mut sheet = MemberSheet {
        header_row: header.data_from,
        columns: header.columns,
        ignored: header.ignored,
        rows: Vec::new(),
        skipped: Vec::new(),
    };
    let mut group: Option<String> = None;
    let mut closed = false;
    for (at, row) in grid.iter().enumerate().skip(header.data_from) {
        if row.iter().all(is_blank) {
            continue;
        }
        let fields = fields_of(row, &sheet.columns);
        match nature(row, &fields, closed) {
            Nature::Person => {
                closed = false;
                let mut fields = fields;
                if let Some(name) = &group
                    && !fields.iter().any(|(c, _)| *c == Column::Org)
                {
                    fields.push((Column::Org, Cell::Text(name.clone())));
                }
                sheet.rows.push(SheetRow { number: at + 1, fields });
            }
            Nature::Group(name) => {
                group = Some(name);
                sheet.skipped.push((at + 1, "dòng tên chi bộ"));
            }
            Nature::Closing => {
                closed = true;
                sheet.skipped.push((at + 1, "dòng tổng cộng hoặc chữ ký"));
            }
            Nature::Nothing(reason) => sheet.skipped.push((at + 1, reason)),
        }
    }
    if sheet.rows.is_empty() {
        return Err(SheetRefusal::NoMembers);
    }
    Ok(sheet)
}

pub(super) fn is_blank(cell: &Cell) -> bool {
    match cell {
        Cell::Empty => true,
        Cell::Text(t) => t.trim().is_empty(),
        Cell::Number(_) | Cell::Date(_) => false,
    }
}

/// The filled cells of a row, each with what it holds.
pub(super) fn fields_of<C: Copy + PartialEq>(row: &[Cell], columns: &[(usize, C)]) -> Vec<(C, Cell)> {
    let mut fields: Vec<(C, Cell)> = Vec::with_capacity(columns.len());
    for (col, column) in columns {
        let Some(cell) = row.get(*col).filter(|c| !is_blank(c)) else {
            continue;
        };
        if !fields.iter().any(|(c, _)| c == column) {
            fields.push((*column, cell.clone()));
        }
    }
    fields
}

enum Nature {
    Person,
    Group(String),
    Closing,
    Nothing(&'static str),
}

/// Words with which a row that is no person begins.
const CLOSING: &[&str] = &[
    "tổng cộng",
    "tổng số",
    "tổng",
    "cộng",
    "danh sách này",
    "danh sách có",
    "t/m",
    "tm",
    "k/t",
    "người lập",
    "lập biểu",
    "nơi nhận",
    "xác nhận",
    "ký tên",
    "(ký",
    "bí thư",
    "phó bí thư",
    "chi ủy",
    "chi uỷ",
    "ghi chú",
    "lưu ý",
];

/// Whether a text closes a list. With its diacritics a word is enough; without them it must stand
/// alone or before a figure, for "tong cong minh" is also Tống Công Minh.
pub(super) fn closes(text: &str) -> bool {
    let lower: String = text.nfc().flat_map(char::to_lowercase).collect();
    let folded = vi::fold(text);
    CLOSING.iter().any(|phrase| {
        let word = |rest: &str| !rest.starts_with(char::is_alphanumeric);
        let alone = |rest: &str| {
            let rest = rest.trim_start();
            rest.is_empty() || rest.starts_with(|c: char| !c.is_alphabetic())
        };
        lower.strip_prefix(phrase).is_some_and(word)
            || folded.strip_prefix(vi::fold(phrase).as_str()).is_some_and(|rest| word(rest) && alone(rest))
    })
}

fn nature(row: &[Cell], fields: &[(Column, Cell)], closed: bool) -> Nature {
    let texts: Vec<&str> = row
        .iter()
        .filter_map(|c| match c {
            Cell::Text(t) if !t.trim().is_empty() => Some(t.trim()),
            _ => None,
        })
        .collect();
    let filled = row.iter().filter(|c| !is_blank(c)).count();
    if filled <= 2
        && let Some(name) = texts.iter().find_map(|t| group_name(t))
    {
        return Nature::Group(name);
    }
    let name = fields.iter().find_map(|(c, cell)| match (c, cell) {
        (Column::Name | Column::FamilyPart | Column::GivenPart, Cell::Text(t)) => Some(t.trim()),
        _ => None,
    });
    if name.is_some_and(header::is_name_heading) {
        return Nature::Nothing("dòng tiêu đề lặp lại");
    }
    // What only a person's row has; a signature has a post and a name, too.
    let personal = fields.iter().any(|(c, cell)| match c {
        Column::Birth | Column::Admitted | Column::Official | Column::Card | Column::Phone | Column::Email => true,
        Column::Ordinal => matches!(cell, Cell::Number(_)) || value::shown(cell).parse::<u32>().is_ok(),
        _ => false,
    });
    let closing = match (name, texts.first()) {
        (Some(name), _) => closes(name),
        (None, Some(first)) => closes(first),
        (None, None) => false,
    };
    let signing = name.is_none() || !personal;
    if closing || (signing && texts.iter().any(|t| closes(t) || is_place_and_date(t))) {
        let signed_by_person = name.is_some_and(|n| !closes(n)) && !closed;
        let posts = fields.iter().any(|(c, _)| matches!(c, Column::Post | Column::Note));
        // "Bí thư" in the column of posts or remarks beside a name is a member's post.
        if !(signed_by_person && posts && !closing) {
            return Nature::Closing;
        }
    }
    if closed && signing {
        return Nature::Closing;
    }
    match name {
        Some(name) if name.chars().filter(|c| c.is_alphabetic()).count() >= 2 => Nature::Person,
        // The row of column numbers under a heading: 1, 2, 3 … or (1), (2), A, B.
        _ if is_numbering(row) => Nature::Nothing("dòng đánh số cột"),
        None if !personal || filled == 1 => Nature::Nothing("dòng không có họ tên"),
        _ => Nature::Person,
    }
}

/// `I. Chi bộ Văn phòng` heading a group of members.
fn group_name(text: &str) -> Option<String> {
    let text = text.trim();
    let head = text
        .split_once(['.', ')', '-', '/'])
        .filter(|(n, _)| n.len() <= 4 && n.chars().all(|c| c.is_ascii_alphanumeric()))
        .map_or(text, |(_, rest)| rest)
        .trim();
    let folded = vi::fold(head);
    (folded.starts_with("chi bo ") && folded.len() > 8)
        .then(|| head.trim_end_matches([':', '.', ';']).split_whitespace().collect::<Vec<_>>().join(" "))
}

/// `Hà Nội, ngày 03 tháng 12 năm 2026` above a signature.
pub(super) fn is_place_and_date(text: &str) -> bool {
    let folded = vi::fold(text);
    ["ngay", "thang", "nam"].iter().all(|w| folded.contains(w)) && vi::parse_date(text).is_err()
}

pub(super) fn is_numbering(row: &[Cell]) -> bool {
    row.iter().filter(|c| !is_blank(c)).all(|c| match c {
        Cell::Number(n) => (0.0..100.0).contains(n),
        Cell::Text(t) => t.chars().filter(|c| c.is_alphanumeric()).count() <= 2,
        Cell::Date(_) | Cell::Empty => false,
    })
}
