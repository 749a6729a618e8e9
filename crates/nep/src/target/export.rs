//! The targets of a year as a workbook: the targets, the cells that make them, the months.

use documents::xlsx_out::{Cell, Sheet, SheetColumn};
use domain::target::Measure;

use super::facts::Picture;
use super::view::{self, Asked};
use crate::classification::view::label;

fn column(title: &str, width: f64) -> SheetColumn {
    SheetColumn { title: title.to_owned(), width }
}

fn text(value: impl Into<String>) -> Cell {
    Cell::Text(value.into())
}

fn count(n: u64) -> Cell {
    Cell::Int(i64::try_from(n).unwrap_or(i64::MAX))
}

/// The workbook of a year.
pub fn sheets(picture: &Picture) -> Vec<Sheet> {
    let asked = view::asked(picture);
    vec![targets(picture, &asked), cells(picture), months(picture)]
}

fn targets(picture: &Picture, asked: &[Asked]) -> Sheet {
    let row = |a: &Asked| {
        let line = view::line(picture, a, false);
        vec![
            text(line.key),
            text(line.title),
            text(line.value),
            text(line.counts),
            text(line.goal),
            text(line.state),
            text(line.forecast.join("\n")),
            text(view::method(picture, a).join("\n")),
        ]
    };
    Sheet {
        name: "Chỉ tiêu".to_owned(),
        columns: vec![
            column("Mã", 12.0),
            column("Chỉ tiêu", 44.0),
            column("Đến nay", 12.0),
            column("Số đếm", 22.0),
            column("Chỉ tiêu đặt ra", 26.0),
            column("Mức đạt", 20.0),
            column("Dự báo cuối năm", 60.0),
            column("Cách tính, nguồn", 90.0),
        ],
        rows: asked.iter().map(row).collect(),
    }
}

/// The measures of the sheet of cells, with the words of their two columns.
const COUNTED: [(Measure, &str, &str); 4] = [
    (Measure::RegularKept, "Thường kỳ đúng kỳ", "Thường kỳ đến hạn"),
    (Measure::ThematicKept, "Chuyên đề đúng kỳ", "Chuyên đề đến hạn"),
    (Measure::Attendance, "Lượt có mặt", "Lượt phải dự"),
    (Measure::Spoken, "Đảng viên đủ số kỳ phát biểu", "Đảng viên phải dự"),
];

fn cells(picture: &Picture) -> Sheet {
    let mut columns = vec![column("Chi bộ", 36.0), column("Loại", 20.0), column("Chi bộ điểm", 10.0)];
    columns.push(column("Xếp loại chi bộ", 28.0));
    columns.extend(["Xuất sắc", "Tốt", "Hoàn thành", "Không hoàn thành", "Không xếp loại"].map(|t| column(t, 11.0)));
    columns.extend(COUNTED.iter().flat_map(|c| [column(c.1, 14.0), column(c.2, 14.0)]));
    let rows = picture.cells.iter().map(|cell| {
        let mut row = vec![
            text(&cell.name),
            text(cell.year.kind.map_or_else(|| "Không còn thuộc đây".to_owned(), |k| k.to_string())),
            text(if cell.pilot { "có" } else { "" }),
            text(label(cell.year.level)),
        ];
        match &cell.year.members {
            Some(m) => row.extend([m.excellent, m.good, m.done, m.failed, m.unreviewed].map(|n| Cell::Int(i64::from(n)))),
            None => row.extend((0..5).map(|_| text(""))),
        }
        for (measure, ..) in COUNTED {
            let (numer, denom) = cell.year.tally(measure, picture.basis).now();
            row.extend([count(numer), count(denom)]);
        }
        row
    });
    Sheet { name: "Từng chi bộ".to_owned(), columns, rows: rows.collect() }
}

fn months(picture: &Picture) -> Sheet {
    let mut columns = vec![column("Tháng", 10.0)];
    columns.extend(
        [
            "Thường kỳ đúng kỳ",
            "Đến hạn",
            "Lượt có mặt",
            "Lượt phải dự",
            "Phát biểu",
            "Có mặt",
            "Chuyên đề đúng kỳ",
            "Đến hạn (quý)",
        ]
        .map(|t| column(t, 14.0)),
    );
    let measures = [Measure::RegularKept, Measure::Attendance, Measure::Spoken, Measure::ThematicKept];
    let row = |at: usize| {
        let mut row = vec![text(format!("{:02}/{}", at + 1, picture.year))];
        for measure in measures {
            let (numer, denom) = picture.month(measure, at).now();
            row.extend([count(numer), count(denom)]);
        }
        row
    };
    Sheet { name: "Từng tháng".to_owned(), columns, rows: (0..12).map(row).collect() }
}
