//! The year of a cell as a workbook: by meeting, by kỳ, by member, and how each figure was counted.

use documents::xlsx_out::{Cell, Sheet, SheetColumn};
use domain::attendance::Counts;

use super::page::{Figure, MeetingLine, MemberLine, PeriodLine};

fn column(title: &str, width: f64) -> SheetColumn {
    SheetColumn { title: title.to_owned(), width }
}

const PLACES: [&str; 11] = [
    "Phải dự",
    "Có mặt",
    "Trực tuyến",
    "Đến muộn",
    "Vắng có lý do",
    "Vắng không có lý do",
    "Chưa điểm danh",
    "Được miễn",
    "Sinh hoạt nơi khác",
    "Đình chỉ sinh hoạt",
    "Dự thêm",
];

fn places(c: &Counts) -> Vec<Cell> {
    let all =
        [c.expected(), c.present, c.online, c.late, c.excused, c.unexcused, c.unmarked, c.exempt, c.away, c.suspended, c.extra];
    all.into_iter().map(|n| Cell::Int(i64::from(n))).collect()
}

fn text(value: impl Into<String>) -> Cell {
    Cell::Text(value.into())
}

fn columns(first: Vec<SheetColumn>, last: Vec<SheetColumn>) -> Vec<SheetColumn> {
    first.into_iter().chain(PLACES.iter().map(|p| column(p, 11.0))).chain(last).collect()
}

/// The workbook of a year.
pub fn sheets(figures: &[Figure], meetings: &[MeetingLine], periods: &[PeriodLine], members: &[MemberLine]) -> Vec<Sheet> {
    vec![
        Sheet {
            name: "Từng buổi".to_owned(),
            columns: columns(
                vec![column("Buổi sinh hoạt", 44.0), column("Ngày", 12.0)],
                vec![column("Tỷ lệ dự chính thức", 12.0), column("Chủ chốt dự", 12.0), column("Điểm tối đa về dự", 14.0)],
            ),
            rows: meetings
                .iter()
                .map(|m| {
                    let mut row = vec![text(&m.title), Cell::Date(m.day)];
                    row.extend(places(&m.counts));
                    row.extend([text(&m.rate), text(&m.leaders), text(m.full.1)]);
                    row
                })
                .collect(),
        },
        Sheet {
            name: "Từng kỳ".to_owned(),
            columns: columns(vec![column("Kỳ", 30.0), column("Ngày họp", 24.0)], vec![column("Tỷ lệ dự chính thức", 12.0)]),
            rows: periods
                .iter()
                .map(|p| {
                    let mut row = vec![text(&p.name), text(&p.held)];
                    row.extend(places(&p.counts));
                    row.push(text(&p.rate));
                    row
                })
                .collect(),
        },
        Sheet {
            name: "Từng đồng chí".to_owned(),
            columns: columns(
                vec![column("Họ và tên", 28.0)],
                vec![
                    column("Tỷ lệ dự chính thức", 12.0),
                    column("Số kỳ phát biểu", 12.0),
                    column("Mức phải đạt", 12.0),
                    column("Số tháng phải dự", 12.0),
                    column("Ghi chú", 40.0),
                ],
            ),
            rows: members
                .iter()
                .map(|m| {
                    let mut row = vec![text(&m.name)];
                    row.extend(places(&m.counts));
                    row.extend([
                        text(&m.rate),
                        Cell::Int(i64::from(m.kinds)),
                        Cell::Int(i64::from(m.target)),
                        Cell::Int(i64::from(m.months)),
                        text(&m.span),
                    ]);
                    row
                })
                .collect(),
        },
        Sheet {
            name: "Cách tính".to_owned(),
            columns: vec![column("Số liệu", 36.0), column("Giá trị", 14.0), column("Cách tính, nguồn", 110.0)],
            rows: figures.iter().map(|f| vec![text(&f.label), text(&f.value), text(f.why.join("\n"))]).collect(),
        },
    ]
}
