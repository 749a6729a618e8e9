//! The leaders of a part of the tree as a sheet. Touches rows already read. Rules: L10, experience.md 13.

use documents::xlsx_out::{Cell, Sheet, SheetColumn};
use jiff::civil::Date;

use super::view::Line;

/// One line for each organisation.
pub fn sheet(lines: &[&Line], kind: impl Fn(&str) -> String) -> Sheet {
    let column = |(title, width): &(&str, f64)| SheetColumn { title: (*title).to_owned(), width: *width };
    let columns = [
        ("Tổ chức", 36.0),
        ("Loại", 26.0),
        ("Bí thư", 24.0),
        ("Phó bí thư", 24.0),
        ("Số cấp ủy viên", 10.0),
        ("Đại hội quyết định", 10.0),
        ("Còn thiếu", 10.0),
        ("Đảng viên chính thức", 11.0),
        ("Nhiệm kỳ", 14.0),
        ("Từ ngày", 12.0),
        ("Đến ngày", 12.0),
        ("Cần xem xét", 60.0),
        ("Mã quy định", 14.0),
    ];
    let text = |t: &str| Cell::Text(t.to_owned());
    let none = || Cell::Text(String::new());
    let int = |n: u32| Cell::Int(i64::from(n));
    let date = |d: Option<Date>| d.map_or_else(none, Cell::Date);
    let row = |l: &&Line| {
        vec![
            text(&l.unit.name),
            Cell::Text(kind(&l.unit.kind)),
            text(&l.secretary),
            text(&l.deputy),
            int(l.size),
            l.seats.map_or_else(none, int),
            int(l.vacant),
            if l.unit.is_cell { int(l.official) } else { none() },
            text(l.term.as_ref().map_or("", |t| t.0.as_str())),
            date(l.term.as_ref().map(|t| t.1)),
            date(l.ends.and_then(|d| d.yesterday().ok())),
            Cell::Text(l.due.iter().map(|d| d.advice.text.as_str()).collect::<Vec<_>>().join("\n")),
            Cell::Text(l.due.iter().map(|d| d.advice.rule).collect::<Vec<_>>().join(", ")),
        ]
    };
    Sheet { name: "Cấp ủy".to_owned(), columns: columns.iter().map(column).collect(), rows: lines.iter().map(row).collect() }
}
