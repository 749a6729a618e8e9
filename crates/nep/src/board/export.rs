//! Bức tranh chung as a workbook: what the page shows, under the same filter.

use documents::xlsx_out::{Cell, Sheet, SheetColumn};

use super::page::{GroupView, headings};

/// The table of a year.
pub fn sheet(groups: &[GroupView], year: i16, each: bool) -> Sheet {
    let column = |title: &str, width: f64| SheetColumn { title: title.to_owned(), width };
    let mut columns =
        vec![column(if each { "Nhóm" } else { "Tổng số" }, 34.0), column(if each { "Chi bộ" } else { "Tổ chức" }, 44.0)];
    columns.extend(headings(year).iter().map(|(_, name)| column(name, 12.0)));
    let counts =
        ["Nhiệm vụ đến hạn", "Xong đúng hạn", "Xong chậm", "Chờ xác nhận", "Quá hạn", "Chưa xong"].map(|name| column(name, 14.0));
    columns.extend(counts);
    let mut rows = Vec::new();
    for group in groups {
        for row in &group.rows {
            let mut cells = vec![Cell::Text(group.name.clone()), Cell::Text(row.name.clone())];
            cells.extend(row.squares.iter().map(|s| Cell::Text(s.word.to_string())));
            let t = &row.tasks;
            cells.extend([t.due, t.in_time, t.late, t.reported, t.overdue, t.open].map(Cell::Int));
            rows.push(cells);
        }
    }
    Sheet { name: format!("Bức tranh chung {year}"), columns, rows }
}
