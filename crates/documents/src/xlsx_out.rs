//! Tables out: XLSX and CSV. Text stays text, whatever it begins with.
//! May touch: nothing; the file's dates are fixed, so equal data gives equal bytes.
//! Comes from: exports of rolls and lists; formula injection is refused at the writer.

use jiff::civil::Date;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use crate::clean::clean;
use crate::{Error, Result};

/// Most characters Excel takes in one cell.
const CELL_LIMIT: usize = 32_767;

/// A table to write.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// Name on the tab.
    pub name: String,
    /// Columns.
    pub columns: Vec<SheetColumn>,
    /// Rows of cells.
    pub rows: Vec<Vec<Cell>>,
}

/// A column of a table to write.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetColumn {
    /// Heading.
    pub title: String,
    /// Width in characters.
    pub width: f64,
}

/// A value to write.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Text, never a formula.
    Text(String),
    /// Whole number.
    Int(i64),
    /// Number.
    Real(f64),
    /// Date.
    Date(Date),
}

/// The tables as one workbook.
pub fn xlsx(sheets: &[Sheet]) -> Result<Vec<u8>> {
    if sheets.is_empty() {
        return Err(Error::Nothing);
    }
    write(sheets).map_err(|e| Error::Render(e.to_string()))
}

fn write(sheets: &[Sheet]) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let fixed = ExcelDateTime::from_ymd(2026, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&fixed));
    let mut names: Vec<String> = Vec::new();
    for sheet in sheets {
        let name = tab_name(&sheet.name, &names);
        let page = book.add_worksheet();
        page.set_name(&name)?;
        names.push(name.to_lowercase());
        fill(page, sheet)?;
    }
    book.save_to_buffer()
}

fn fill(page: &mut Worksheet, sheet: &Sheet) -> std::result::Result<(), XlsxError> {
    let base = Format::new().set_font_name("Times New Roman").set_font_size(12);
    let base = base.set_border(FormatBorder::Thin).set_align(FormatAlign::Top);
    let text = base.clone().set_text_wrap().set_num_format("@");
    let day = base.clone().set_num_format("dd-mm-yyyy");
    let title = base.clone().set_bold().set_text_wrap().set_align(FormatAlign::Center);
    for (at, column) in (0..).zip(&sheet.columns) {
        page.set_column_width(at, column.width.clamp(3.0, 120.0))?;
        page.write_string_with_format(0, at, cell_text(&column.title), &title)?;
    }
    page.set_freeze_panes(1, 0)?;
    page.set_repeat_rows(0, 0)?;
    page.set_paper_size(9);
    for (line, row) in (1..).zip(&sheet.rows) {
        for (at, cell) in (0..).zip(row) {
            match cell {
                Cell::Text(t) => page.write_string_with_format(line, at, cell_text(t), &text)?,
                Cell::Int(n) => page.write_number_with_format(line, at, *n as f64, &base)?,
                Cell::Real(n) if n.is_finite() => page.write_number_with_format(line, at, *n, &base)?,
                Cell::Real(_) => page.write_blank(line, at, &base)?,
                Cell::Date(d) => match excel_day(*d) {
                    Some(serial) => page.write_datetime_with_format(line, at, &serial, &day)?,
                    None => page.write_string_with_format(line, at, day_text(*d), &text)?,
                },
            };
        }
    }
    Ok(())
}

/// Excel knows no days before 1900.
fn excel_day(date: Date) -> Option<ExcelDateTime> {
    let (year, month, day) = (date.year(), date.month(), date.day());
    let year = u16::try_from(year).ok().filter(|y| (1900..=9999).contains(y))?;
    ExcelDateTime::from_ymd(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?).ok()
}

fn day_text(date: Date) -> String {
    format!("{:02}-{:02}-{}", date.day(), date.month(), date.year())
}

fn cell_text(text: &str) -> String {
    let text = clean(text);
    if text.chars().count() <= CELL_LIMIT {
        return text;
    }
    let mut cut: String = text.chars().take(CELL_LIMIT - 10).collect();
    cut.push_str(" […]");
    cut
}

/// At most 31 characters, none that Excel refuses, none twice.
fn tab_name(name: &str, taken: &[String]) -> String {
    let name: String = clean(name).chars().map(|c| if "[]:*?/\\\n".contains(c) { ' ' } else { c }).take(31).collect();
    let name = name.trim_matches([' ', '\'']).to_owned();
    let name = if name.is_empty() { "Bảng".to_owned() } else { name };
    if !taken.contains(&name.to_lowercase()) {
        return name;
    }
    let short: String = name.chars().take(25).collect();
    (2..=taken.len() + 2).map(|n| format!("{short} ({n})")).find(|n| !taken.contains(&n.to_lowercase())).unwrap_or(name)
}

/// The table as CSV for spreadsheets: UTF-8 with its mark, commas, CRLF, no formulas.
pub fn csv(sheet: &Sheet) -> Vec<u8> {
    let mut out = String::from("\u{feff}");
    let titles = sheet.columns.iter().map(|c| field(&c.title)).collect::<Vec<_>>();
    out.push_str(&titles.join(","));
    out.push_str("\r\n");
    for row in &sheet.rows {
        let fields: Vec<String> = row
            .iter()
            .map(|cell| match cell {
                Cell::Text(text) => field(text),
                Cell::Int(n) => n.to_string(),
                Cell::Real(n) if n.is_finite() => n.to_string(),
                Cell::Real(_) => String::new(),
                Cell::Date(d) => day_text(*d),
            })
            .collect();
        out.push_str(&fields.join(","));
        out.push_str("\r\n");
    }
    out.into_bytes()
}

/// Text that a spreadsheet would run as a formula gets an apostrophe in front.
fn field(text: &str) -> String {
    let risky = text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
    let text = clean(text);
    let risky = risky || text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    let text = if risky { format!("'{text}") } else { text };
    if text.contains(['"', ',', ';', '\n', '\'']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}
