//! Reads the rows of people between the heading and the signatures of a sheet.
//! Pure. Rules: none; it follows how real lists of members look.

use super::{Cell, Column, MemberSheet, SheetRefusal, SheetRow, header};
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
    let header = header::find(grid).ok_or(SheetRefusal::NoNameColumn)?;
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
                sheet.rows.push(SheetRow {
                    number: at + 1,
                    fields,
                });
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

fn is_blank(cell: &Cell) -> bool {
    match cell {
        Cell::Empty => true,
        Cell::Text(t) => t.trim().is_empty(),
        Cell::Number(_) | Cell::Date(_) => false,
    }
}

fn fields_of(row: &[Cell], columns: &[(usize, Column)]) -> Vec<(Column, Cell)> {
    let mut fields: Vec<(Column, Cell)> = Vec::with_capacity(columns.len());
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
    "tong cong",
    "tong so",
    "cong:",
    "cong ",
    "tong:",
    "danh sach nay",
    "danh sach co",
    "t/m",
    "tm.",
    "tm ",
    "nguoi lap",
    "lap bieu",
    "noi nhan",
    "xac nhan",
    "ky ten",
    "(ky",
    "bi thu",
    "pho bi thu",
    "chi uy",
    "ghi chu:",
    "luu y",
    "k/t",
];

fn nature(row: &[Cell], fields: &[(Column, Cell)], closed: bool) -> Nature {
    let texts: Vec<&str> = row
        .iter()
        .filter_map(|c| match c {
            Cell::Text(t) if !t.trim().is_empty() => Some(t.trim()),
            _ => None,
        })
        .collect();
    let filled = row.iter().filter(|c| !is_blank(c)).count();
    let telling = fields
        .iter()
        .filter(|(c, _)| {
            !matches!(
                c,
                Column::Ordinal | Column::Name | Column::FamilyPart | Column::GivenPart
            )
        })
        .count();
    if filled <= 2
        && let Some(name) = texts.iter().find_map(|t| group_name(t))
    {
        return Nature::Group(name);
    }
    let name = fields.iter().find_map(|(c, cell)| match (c, cell) {
        (Column::Name | Column::FamilyPart | Column::GivenPart, Cell::Text(t)) => Some(vi::fold(t)),
        _ => None,
    });
    let first = texts.first().map(|t| vi::fold(t)).unwrap_or_default();
    // A post that stands in its own column is a person's post, not a signature.
    let starts = |text: &str| {
        let text = format!("{text} ");
        CLOSING.iter().any(|c| text.starts_with(c))
    };
    if name.as_deref().map_or_else(|| starts(&first), starts)
        || (telling == 0 && texts.iter().any(|t| is_place_and_date(t)))
        || (telling == 0 && texts.iter().any(|t| starts(&vi::fold(t))))
    {
        return Nature::Closing;
    }
    if closed && telling == 0 {
        return Nature::Closing;
    }
    match name {
        Some(name) if name.chars().filter(|c| c.is_alphabetic()).count() >= 2 => Nature::Person,
        // The row of column numbers under a heading: 1, 2, 3 … or (1), (2), A, B.
        _ if is_numbering(row) => Nature::Nothing("dòng đánh số cột"),
        None if telling == 0 => Nature::Nothing("dòng không có họ tên"),
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
    (folded.starts_with("chi bo ") && folded.len() > 8).then(|| {
        head.trim_end_matches([':', '.', ';'])
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    })
}

/// `Hà Nội, ngày 03 tháng 12 năm 2026` above a signature.
fn is_place_and_date(text: &str) -> bool {
    let folded = vi::fold(text);
    folded.contains("ngay") && folded.contains("thang") && folded.contains("nam")
}

fn is_numbering(row: &[Cell]) -> bool {
    row.iter().filter(|c| !is_blank(c)).all(|c| match c {
        Cell::Number(n) => (0.0..100.0).contains(n),
        Cell::Text(t) => t.chars().filter(|c| c.is_alphanumeric()).count() <= 2,
        Cell::Date(_) | Cell::Empty => false,
    })
}
