//! A list of members as an XLSX file, with names that repeat as little as real ones do.
//! May touch: nothing.

use rust_xlsxwriter::{Workbook, XlsxError};

const FAMILY: [&str; 12] = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô"];
const MIDDLE: [&str; 8] = ["Văn", "Thị", "Đức", "Minh", "Ngọc", "Quốc", "Hữu", "Thanh"];
const GIVEN: [&str; 16] =
    ["An", "Bình", "Cường", "Dũng", "Đạt", "Giang", "Hà", "Hùng", "Khánh", "Lan", "Mai", "Nam", "Phúc", "Quỳnh", "Sơn", "Yến"];

fn pick<'a>(list: &[&'a str], at: u32) -> &'a str {
    list.get(at as usize % list.len()).copied().unwrap_or_default()
}

/// A sheet with a title above its header and this many people.
pub fn members(count: u32, card: u32) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "DANH SÁCH ĐẢNG VIÊN")?;
    for (column, head) in (0u16..).zip(["STT", "Họ và tên", "Năm sinh", "Ngày vào Đảng", "Ngày chính thức", "Số thẻ đảng viên"])
    {
        sheet.write(2, column, head)?;
    }
    for n in 0..count {
        let row = 3 + n;
        let name = format!("{} {} {}", pick(&FAMILY, n), pick(&MIDDLE, n / 12), pick(&GIVEN, n / 96));
        let year = 1955 + n % 45;
        sheet.write(row, 0, n + 1)?;
        sheet.write(row, 1, name)?;
        sheet.write(row, 2, year)?;
        sheet.write(row, 3, format!("{:02}/{:02}/{}", n % 28 + 1, n % 12 + 1, year + 23))?;
        sheet.write(row, 4, format!("{:02}/{:02}/{}", n % 28 + 1, n % 12 + 1, year + 24))?;
        sheet.write(row, 5, format!("{:02}.{:06}", 30 + n % 60, card + n))?;
    }
    book.save_to_buffer()
}
