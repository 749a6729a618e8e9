//! Tables in: XLSX and CSV that somebody uploads, read within fixed bounds.
//! May touch: nothing; bytes in, cells out. It never panics and never reads a file by its name.
//! Comes from: import of member lists; architecture on hostile uploads.

mod book;
mod delimited;
mod guard;

use jiff::civil::Date;

/// Most bytes of an upload.
pub const FILE_LIMIT: usize = 16 * 1024 * 1024;
/// Most bytes an upload may unfold to.
pub const UNPACKED_LIMIT: u64 = 64 * 1024 * 1024;
/// Most parts in a workbook's package.
pub const PART_LIMIT: usize = 2_000;
/// Most rows of a sheet.
pub const ROW_LIMIT: usize = 20_000;
/// Most columns of a sheet.
pub const COLUMN_LIMIT: usize = 200;
/// Most cells of all sheets together, counted as full rectangles.
pub const CELL_LIMIT: usize = 1_000_000;
/// Most sheets.
pub const SHEET_LIMIT: usize = 50;
/// Most bytes of text in all cells together.
pub const TEXT_LIMIT: usize = 32 * 1024 * 1024;

/// One sheet as a rectangle of cells; empty rows and columns at its end are cut.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetGrid {
    /// Name of the sheet; of a CSV file, its file name.
    pub name: String,
    /// Rows, all of one length. Row 0 is the first of the file, so numbers match what Excel shows.
    pub rows: Vec<Vec<Cell>>,
}

/// A value that was read. Text is NFC and trimmed. CSV gives only text, so that a leading 0 stays.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Text; also a time of day as `19:30` and an error as Excel shows it.
    Text(String),
    /// Number.
    Number(f64),
    /// Date; a time of day with it is dropped.
    Date(Date),
    /// True or false.
    Bool(bool),
}

/// Why a file was not read, as one sentence for the person who chose it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    /// Neither XLSX nor text.
    #[error("Tệp này không phải bảng tính; hãy chọn tệp Excel (.xlsx) hoặc CSV.")]
    WrongType,
    /// Excel 97-2003.
    #[error("Đây là tệp Excel cũ (.xls); hãy mở bằng Excel, chọn “Lưu thành” kiểu .xlsx rồi tải lên lại.")]
    OldExcel,
    /// Contains macros.
    #[error("Tệp có chứa macro nên không được nhận; hãy lưu lại thành .xlsx không có macro.")]
    Macro,
    /// Encrypted.
    #[error("Tệp được bảo vệ bằng mật khẩu; hãy bỏ mật khẩu rồi tải lên lại.")]
    Locked,
    /// Larger than the bounds, packed or unpacked.
    #[error("Tệp quá lớn hoặc nén bất thường nên không được mở.")]
    TooLarge,
    /// Too many rows or columns.
    #[error("Bảng quá lớn: chỉ nhận tối đa 20.000 dòng và 200 cột.")]
    TooManyCells,
    /// Cannot be read.
    #[error("Tệp bị hỏng hoặc tải lên chưa trọn vẹn; hãy mở thử trên máy rồi tải lên lại.")]
    Damaged,
    /// Text in a legacy encoding.
    #[error("Tệp CSV không dùng bảng mã Unicode; hãy lưu lại kiểu “CSV UTF-8”.")]
    Encoding,
    /// Holds nothing.
    #[error("Tệp không có dữ liệu.")]
    Empty,
}

/// Reads a table by its content; `name` only names the sheet of a CSV file.
pub fn read_sheet(name: &str, bytes: &[u8]) -> Result<Vec<SheetGrid>, SheetError> {
    if bytes.is_empty() {
        return Err(SheetError::Empty);
    }
    if bytes.len() > FILE_LIMIT {
        return Err(SheetError::TooLarge);
    }
    let sheets = if bytes.starts_with(b"PK") {
        guard::check(bytes)?;
        book::read(bytes)?
    } else if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) {
        return Err(guard::compound(bytes));
    } else {
        vec![delimited::read(name, bytes)?]
    };
    let sheets: Vec<SheetGrid> = sheets.into_iter().filter(|s| !s.rows.is_empty()).collect();
    if sheets.is_empty() { Err(SheetError::Empty) } else { Ok(sheets) }
}

/// Counts what is kept, over all sheets of a file.
#[derive(Default)]
struct Budget {
    cells: usize,
    text: usize,
}

impl Budget {
    fn cells(&mut self, more: usize) -> Result<(), SheetError> {
        self.cells = self.cells.saturating_add(more);
        if self.cells > CELL_LIMIT { Err(SheetError::TooManyCells) } else { Ok(()) }
    }

    fn text(&mut self, text: &str) -> Result<Cell, SheetError> {
        self.text = self.text.saturating_add(text.len());
        if self.text > TEXT_LIMIT {
            return Err(SheetError::TooLarge);
        }
        let text = crate::clean(text);
        Ok(if text.is_empty() { Cell::Empty } else { Cell::Text(text) })
    }
}

/// Cuts empty ends and gives all rows one length.
fn squared(mut rows: Vec<Vec<Cell>>, budget: &mut Budget) -> Result<Vec<Vec<Cell>>, SheetError> {
    for row in &mut rows {
        let used = row.iter().rposition(|c| *c != Cell::Empty).map_or(0, |at| at + 1);
        row.truncate(used);
    }
    let used = rows.iter().rposition(|r| !r.is_empty()).map_or(0, |at| at + 1);
    rows.truncate(used);
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    if rows.len() > ROW_LIMIT || width > COLUMN_LIMIT {
        return Err(SheetError::TooManyCells);
    }
    budget.cells(rows.len() * width)?;
    for row in &mut rows {
        row.resize(width, Cell::Empty);
    }
    Ok(rows)
}
