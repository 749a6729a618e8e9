//! Reads a table of changes of organisations: one row for each change, under whatever titles and headings.
//! Pure. Rules: L10; the same reading of headings, page breaks and signatures as lists of members.

use std::fmt;

use super::header::{self, Heading};
use super::read::{MAX_ROWS, closes, fields_of, is_blank, is_numbering, is_place_and_date};
use super::{Cell, value};
use crate::vi;

crate::codes! {
    /// What a column of the table holds.
    pub enum ChangeColumn {
        /// The row's own number.
        Ordinal = "ordinal" / "Số thứ tự",
        /// The code that tells organisations of one name apart.
        Code = "code" / "Mã",
        /// The organisation.
        Org = "org" / "Tổ chức",
        /// What it stands under today.
        Under = "under" / "Đang trực thuộc",
        /// What is to be done.
        Work = "work" / "Việc",
        /// Where it goes to.
        To = "to" / "Về, vào tổ chức",
        /// The new name.
        Name = "name" / "Tên mới",
        /// The new kind.
        Kind = "kind" / "Loại mới",
        /// A remark.
        Note = "note" / "Ghi chú",
    }
}

impl Heading for ChangeColumn {
    fn recognise(label: &str) -> Option<Self> {
        if label.is_empty() || label.len() > 60 {
            return None;
        }
        let is = |words: &[&str]| words.contains(&label);
        let ends_new = label.ends_with(" moi") || label.contains("sau sap xep") || label.ends_with(" thanh");
        if is(&["stt", "tt", "so tt", "so thu tu", "thu tu"]) {
            return Some(Self::Ordinal);
        }
        if label.starts_with("ghi chu") {
            return Some(Self::Note);
        }
        if is(&["ma", "ma so", "ma to chuc", "ma to chuc dang", "ma don vi"]) {
            return Some(Self::Code);
        }
        if is(&["viec", "viec can lam", "viec lam", "noi dung", "noi dung sap xep", "noi dung thay doi", "thay doi", "hinh thuc"])
            || is(&["hinh thuc sap xep", "sap xep", "phuong an", "phuong an sap xep", "cach sap xep"])
        {
            return Some(Self::Work);
        }
        if ends_new && (label.starts_with("ten") || label.starts_with("doi ten")) {
            return Some(Self::Name);
        }
        if ends_new && (label.starts_with("loai") || label.starts_with("doi loai") || label.starts_with("doi thanh loai")) {
            return Some(Self::Kind);
        }
        if label.starts_with("ve ") || label.starts_with("vao ") || is(&["ve", "vao", "noi den", "noi nhan", "noi chuyen den"]) {
            return Some(Self::To);
        }
        if is(&[
            "to chuc nhan",
            "to chuc tiep nhan",
            "don vi tiep nhan",
            "truc thuoc moi",
            "cap tren moi",
            "chuyen ve",
            "chuyen den",
        ]) {
            return Some(Self::To);
        }
        if label.starts_with("dang truc thuoc") || is(&["dang thuoc", "hien thuoc", "thuoc", "truc thuoc", "cap tren"]) {
            return Some(Self::Under);
        }
        if is(&["cap tren hien nay", "truc thuoc hien nay", "hien truc thuoc", "dang bo cap tren", "cap tren truc tiep"]) {
            return Some(Self::Under);
        }
        let org = ["to chuc", "ten to chuc", "to chuc dang", "ten to chuc dang", "chi bo", "dang bo", "don vi", "ten don vi"];
        let front = label.strip_suffix(" hien nay").unwrap_or(label);
        (org.contains(&front) || is(&["ten hien nay", "ten cu", "chi bo dang bo", "dang bo chi bo"])).then_some(Self::Org)
    }

    fn enough(columns: &[(usize, Self)]) -> bool {
        let has = |wanted| columns.iter().any(|(_, c)| *c == wanted);
        has(Self::Work) && (has(Self::Org) || has(Self::Code))
    }
}

/// Why a whole table cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangesRefusal {
    /// Nothing is in it.
    Empty,
    /// No row has the columns that are needed.
    NoColumns,
    /// The columns, but nothing to be done.
    NoWork,
    /// More rows than may be read at once.
    TooLong(usize),
}

impl fmt::Display for ChangesRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let figure = |n: usize| vi::number(i64::try_from(n).unwrap_or(i64::MAX));
        match self {
            Self::Empty => f.write_str("Bảng không có nội dung. Chưa ghi gì vào phương án."),
            Self::NoColumns => f.write_str(
                "Không tìm thấy cột “Việc” và cột “Tổ chức” trong bảng. Đồng chí dùng bảng mẫu, hoặc đặt tên hai cột đó ở một dòng tiêu đề rồi tải lại; chưa ghi gì vào phương án.",
            ),
            Self::NoWork => f.write_str(
                "Trong bảng chưa có dòng nào ghi việc. Đồng chí ghi việc vào cột “Việc” rồi tải lại; chưa ghi gì vào phương án.",
            ),
            Self::TooLong(rows) => write!(
                f,
                "Bảng có {} dòng, quá {} dòng cho một lần. Đồng chí chia thành nhiều tệp; chưa ghi gì vào phương án.",
                figure(*rows),
                figure(MAX_ROWS)
            ),
        }
    }
}

impl std::error::Error for ChangesRefusal {}

/// A row of the table, as it is written there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangeRow {
    /// Its number in the sheet, from 1.
    pub number: usize,
    /// What is to be done.
    pub work: String,
    /// The code of the organisation.
    pub code: String,
    /// The organisation.
    pub org: String,
    /// What it is said to stand under.
    pub under: String,
    /// Where it goes to.
    pub to: String,
    /// The new name.
    pub name: String,
    /// The new kind.
    pub kind: String,
}

/// A table that was understood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangeSheet {
    /// Headings that are not read.
    pub ignored: Vec<String>,
    /// Rows that ask for something.
    pub rows: Vec<ChangeRow>,
    /// How many organisations have nothing written beside them.
    pub idle: usize,
}

/// Reads a grid of cells as a table of changes.
///
/// # Errors
/// [`ChangesRefusal`], one clear sentence, if it is none.
pub fn read_changes(grid: &[Vec<Cell>]) -> Result<ChangeSheet, ChangesRefusal> {
    if grid.len() > MAX_ROWS {
        return Err(ChangesRefusal::TooLong(grid.len()));
    }
    if grid.iter().flatten().all(is_blank) {
        return Err(ChangesRefusal::Empty);
    }
    let header = header::find::<ChangeColumn>(grid).ok_or(ChangesRefusal::NoColumns)?;
    let mut sheet = ChangeSheet { ignored: header.ignored, ..ChangeSheet::default() };
    let mut closed = false;
    for (at, row) in grid.iter().enumerate().skip(header.data_from) {
        if row.iter().all(is_blank) || is_numbering(row) {
            continue;
        }
        let row = row_of(at + 1, &fields_of(row, &header.columns));
        let nameless = row.org.is_empty() && row.code.is_empty();
        closed = is_closing(&row) || closed && (nameless || row.work.is_empty());
        if closed || is_heading(&row) {
            continue;
        }
        if row.work.is_empty() && row.to.is_empty() && row.name.is_empty() && row.kind.is_empty() {
            sheet.idle += usize::from(!nameless);
        } else {
            sheet.rows.push(row);
        }
    }
    if sheet.rows.is_empty() { Err(ChangesRefusal::NoWork) } else { Ok(sheet) }
}

fn row_of(number: usize, fields: &[(ChangeColumn, Cell)]) -> ChangeRow {
    let text = |wanted: ChangeColumn| {
        let cell = fields.iter().find(|(c, _)| *c == wanted).map(|(_, cell)| value::shown(cell)).unwrap_or_default();
        // What cannot be stored is no name of anything.
        vi::clean_line(&cell).unwrap_or_default()
    };
    ChangeRow {
        number,
        work: text(ChangeColumn::Work),
        code: text(ChangeColumn::Code),
        org: text(ChangeColumn::Org),
        under: text(ChangeColumn::Under),
        to: text(ChangeColumn::To),
        name: text(ChangeColumn::Name),
        kind: text(ChangeColumn::Kind),
    }
}

/// The heading again, as at the top of each printed page.
fn is_heading(row: &ChangeRow) -> bool {
    ChangeColumn::recognise(&header::plain(&row.work)) == Some(ChangeColumn::Work)
}

/// A sum or a signature: what follows belongs to it until something is to be done again.
fn is_closing(row: &ChangeRow) -> bool {
    let ends = |text: &String| closes(text) || is_place_and_date(text);
    [&row.org, &row.work].into_iter().any(ends) || row.work.is_empty() && [&row.under, &row.to, &row.name].into_iter().any(ends)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(rows: &[&[&str]]) -> Vec<Vec<Cell>> {
        let cell = |t: &&str| if t.is_empty() { Cell::Empty } else { Cell::Text((*t).to_owned()) };
        rows.iter().map(|r| r.iter().map(cell).collect()).collect()
    }

    #[test]
    fn headings_in_many_spellings_name_their_column() {
        use ChangeColumn::{Code, Kind, Name, Note, Ordinal, Org, To, Under, Work};
        let table = [
            ("STT", Some(Ordinal)),
            ("Mã", Some(Code)),
            ("Mã tổ chức đảng", Some(Code)),
            ("Tổ chức", Some(Org)),
            ("TÊN TỔ CHỨC ĐẢNG", Some(Org)),
            ("Tổ chức đảng hiện nay", Some(Org)),
            ("Đơn vị", Some(Org)),
            ("Chi bộ, đảng bộ", Some(Org)),
            ("Đang trực thuộc", Some(Under)),
            ("Cấp trên hiện nay", Some(Under)),
            ("Việc (chuyển, nhập …)", Some(Work)),
            ("Hình thức sắp xếp", Some(Work)),
            ("Về / vào tổ chức", Some(To)),
            ("Về trực thuộc", Some(To)),
            ("Nơi nhận", Some(To)),
            ("Tên mới", Some(Name)),
            ("Tên gọi sau sắp xếp", Some(Name)),
            ("Đổi tên thành", Some(Name)),
            ("Loại mới", Some(Kind)),
            ("Loại hình tổ chức mới", Some(Kind)),
            ("Ghi chú", Some(Note)),
            ("Số đảng viên", None),
            ("", None),
        ];
        for (text, column) in table {
            assert_eq!(ChangeColumn::recognise(&header::plain(text)), column, "{text}");
        }
    }

    #[test]
    fn a_messy_table_is_read_under_its_titles() {
        let rows = grid(&[
            &["TỈNH ỦY LÀO CAI"],
            &["PHƯƠNG ÁN SẮP XẾP", "", "", "", ""],
            &["TT", "To\u{302}\u{309} chu\u{31b}\u{301}c đảng", "Việc", "Về/vào tổ chức", "Đảng viên"],
            &["1", "2", "3", "4", "5"],
            &["1", "  Đảng bộ   Sở Y tế ", "Chuyển", "Đảng bộ UBND tỉnh", "120"],
            &["2", "Đảng bộ Sở Tư pháp", "", "", "40"],
            &["TT", "Tổ chức đảng", "Việc", "Về/vào tổ chức", ""],
            &["3", "Đảng bộ Khối", "giải thể", "", ""],
            &["4", "Chi bộ A", "", "Chi bộ B", ""],
            &["", "Tổng số", "", "", "160"],
            &["", "", "Lào Cai, ngày 03 tháng 12 năm 2026", "", ""],
            &["", "", "T/M BAN THƯỜNG VỤ", "", ""],
            &["", "", "", "Nguyễn Văn Hòa", ""],
        ]);
        let sheet = read_changes(&rows).unwrap();
        let said: Vec<_> = sheet.rows.iter().map(|r| (r.number, r.org.as_str(), r.work.as_str(), r.to.as_str())).collect();
        assert_eq!(
            said,
            [
                (5, "Đảng bộ Sở Y tế", "Chuyển", "Đảng bộ UBND tỉnh"),
                (8, "Đảng bộ Khối", "giải thể", ""),
                (9, "Chi bộ A", "", "Chi bộ B")
            ]
        );
        assert_eq!((sheet.idle, sheet.ignored), (1, vec!["Đảng viên".to_owned()]));
    }

    #[test]
    fn what_is_no_table_of_changes_is_refused_in_a_sentence() {
        assert_eq!(read_changes(&[]), Err(ChangesRefusal::Empty));
        assert_eq!(read_changes(&grid(&[&["Họ và tên", "Năm sinh"], &["A", "1980"]])), Err(ChangesRefusal::NoColumns));
        assert_eq!(read_changes(&grid(&[&["Tổ chức", "Việc"], &["Chi bộ A", ""]])), Err(ChangesRefusal::NoWork));
        let long = vec![vec![Cell::Number(1.0)]; MAX_ROWS + 1];
        let refusal = read_changes(&long).unwrap_err();
        assert!(refusal.to_string().contains("20.001 dòng"), "{refusal}");
    }
}
