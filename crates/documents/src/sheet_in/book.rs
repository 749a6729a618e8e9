//! Reads the sheets of an XLSX package that passed the guard.
//! May touch: nothing. Cells are streamed, so a far-away cell cannot reserve a huge rectangle.
//! Comes from: import of member lists; merged headings are filled in.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Dimensions, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use jiff::civil::Date;

use super::{Budget, CELL_LIMIT, COLUMN_LIMIT, Cell, ROW_LIMIT, SHEET_LIMIT, SheetError, SheetGrid, squared};

/// The visible sheets of a workbook.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<SheetGrid>, SheetError> {
    // The reader is not ours: should it panic on a crafted file, that is a damaged file.
    catch_unwind(AssertUnwindSafe(|| sheets(bytes))).unwrap_or(Err(SheetError::Damaged))
}

fn sheets(bytes: &[u8]) -> Result<Vec<SheetGrid>, SheetError> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|e| fault(&e))?;
    let names: Vec<String> = book
        .sheets_metadata()
        .iter()
        .filter(|s| s.typ == SheetType::WorkSheet && s.visible == SheetVisible::Visible)
        .map(|s| s.name.clone())
        .collect();
    if names.len() > SHEET_LIMIT {
        return Err(SheetError::TooManyCells);
    }
    let mut budget = Budget::default();
    let mut out = Vec::with_capacity(names.len());
    for name in names {
        let mut rows = cells(&mut book, &name, &mut budget)?;
        let merged = book.merge_cells_by_sheet_name(&name).unwrap_or_default();
        fill_merged(&mut rows, &merged, &mut budget)?;
        out.push(SheetGrid { name: crate::clean(&name), rows: squared(rows, &mut budget)? });
    }
    Ok(out)
}

fn cells(book: &mut Xlsx<Cursor<&[u8]>>, sheet: &str, budget: &mut Budget) -> Result<Vec<Vec<Cell>>, SheetError> {
    let mut reader = book.worksheet_cells_reader(sheet).map_err(|e| fault(&e))?;
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    let mut held = 0_usize;
    while let Some(cell) = reader.next_cell().map_err(|e| fault(&e))? {
        let value = value(cell.get_value(), budget)?;
        // Formatted but empty cells stretch to the end of the sheet in many real files.
        if value == Cell::Empty {
            continue;
        }
        let (row, column) = cell.get_position();
        let (row, column) = (row as usize, column as usize);
        if row >= ROW_LIMIT || column >= COLUMN_LIMIT {
            return Err(SheetError::TooManyCells);
        }
        if rows.len() <= row {
            rows.resize(row + 1, Vec::new());
        }
        let line = &mut rows[row];
        if line.len() <= column {
            held += column + 1 - line.len();
            line.resize(column + 1, Cell::Empty);
        }
        if held > CELL_LIMIT {
            return Err(SheetError::TooManyCells);
        }
        line[column] = value;
    }
    Ok(rows)
}

fn value(value: &DataRef, budget: &mut Budget) -> Result<Cell, SheetError> {
    Ok(match value {
        DataRef::Int(n) => Cell::Number(*n as f64),
        DataRef::Float(n) if n.is_finite() => Cell::Number(*n),
        DataRef::Float(_) | DataRef::Empty => Cell::Empty,
        DataRef::String(text) => budget.text(text)?,
        DataRef::SharedString(text) => budget.text(text)?,
        DataRef::Bool(yes) => Cell::Bool(*yes),
        DataRef::DateTime(at) => moment(at),
        DataRef::DateTimeIso(text) => match text.get(..10).and_then(|d| d.parse::<Date>().ok()) {
            Some(date) => Cell::Date(date),
            None => budget.text(text)?,
        },
        DataRef::DurationIso(text) => budget.text(text)?,
        DataRef::Error(error) => budget.text(&error.to_string())?,
    })
}

/// Below 1 a moment is a time of day without a date.
fn moment(at: &ExcelDateTime) -> Cell {
    let number = at.as_f64();
    if !(0.0..2_958_466.0).contains(&number) {
        return if number.is_finite() { Cell::Number(number) } else { Cell::Empty };
    }
    let (year, month, day, hour, minute, ..) = at.to_ymd_hms_milli();
    if number < 1.0 || at.is_duration() {
        return Cell::Text(format!("{hour:02}:{minute:02}"));
    }
    let date = i16::try_from(year).ok().zip(i8::try_from(month).ok()).zip(i8::try_from(day).ok());
    match date.and_then(|((y, m), d)| Date::new(y, m, d).ok()) {
        Some(date) => Cell::Date(date),
        None => Cell::Number(number),
    }
}

/// Every cell of a merged heading shows what its first cell holds.
fn fill_merged(rows: &mut [Vec<Cell>], merged: &[Dimensions], budget: &mut Budget) -> Result<(), SheetError> {
    for area in merged {
        let (top, left) = (area.start.0 as usize, area.start.1 as usize);
        let bottom = (area.end.0 as usize).min(rows.len().saturating_sub(1));
        let right = (area.end.1 as usize).min(COLUMN_LIMIT - 1);
        let Some(first) = rows.get(top).and_then(|r| r.get(left)).cloned() else {
            continue;
        };
        if first == Cell::Empty || bottom < top || right < left {
            continue;
        }
        budget.cells((bottom - top + 1) * (right - left + 1))?;
        for line in &mut rows[top..=bottom] {
            if line.len() <= right {
                line.resize(right + 1, Cell::Empty);
            }
            for cell in &mut line[left..=right] {
                if *cell == Cell::Empty {
                    if let Cell::Text(text) = &first {
                        budget.text(text)?;
                    }
                    *cell = first.clone();
                }
            }
        }
    }
    Ok(())
}

fn fault(error: &XlsxError) -> SheetError {
    match error {
        XlsxError::Password => SheetError::Locked,
        _ => SheetError::Damaged,
    }
}
