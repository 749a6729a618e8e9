//! Importing from a messy sheet. Lists of members: read, then planned, what would happen to each cell; tables of
//! changes of organisations: read here, planned in `tree`. Pure: a grid in, a plan out; nothing is written before
//! somebody accepts it.
//! Rules: experience.md "Preview before import"; regulations.md ST-01, KN-03, CN-03.

mod changes;
mod header;
mod plan;
mod read;
mod value;

use std::fmt;

use jiff::civil::Date;

pub use changes::{ChangeColumn, ChangeRow, ChangeSheet, ChangesRefusal, read_changes};
pub use plan::plan;
pub use read::read_members;

use crate::id::PersonId;

/// A cell of a sheet, whatever program wrote it.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Text.
    Text(String),
    /// A number; dates may be among them.
    Number(f64),
    /// A date.
    Date(Date),
}

crate::codes! {
    /// What a column of the sheet holds.
    pub enum Column {
        /// The row's own number.
        Ordinal = "ordinal" / "Số thứ tự",
        /// The full name.
        Name = "name" / "Họ và tên",
        /// Family and middle names, where the name stands in two columns.
        FamilyPart = "family" / "Họ và chữ đệm",
        /// The given name, where the name stands in two columns.
        GivenPart = "given" / "Tên",
        /// Date or year of birth.
        Birth = "birth" / "Năm sinh",
        /// When the person was admitted.
        Admitted = "admitted" / "Ngày vào Đảng",
        /// When the person became official.
        Official = "official" / "Ngày chính thức",
        /// The number of the card.
        Card = "card" / "Số thẻ đảng viên",
        /// The telephone.
        Phone = "phone" / "Điện thoại",
        /// The address for mail.
        Email = "email" / "Thư điện tử",
        /// The post in the Party.
        Post = "post" / "Chức vụ đảng",
        /// The cell.
        Org = "org" / "Chi bộ",
        /// A remark.
        Note = "note" / "Ghi chú",
    }
}

/// Why a whole sheet cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SheetRefusal {
    /// Nothing is in it.
    Empty,
    /// No row looks like a heading with a column of names.
    NoNameColumn,
    /// A heading, but nobody under it.
    NoMembers,
    /// More rows than a cell or committee can have.
    TooLong(usize),
}

impl fmt::Display for SheetRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("Bảng tính không có nội dung. Chưa ghi gì vào hệ thống."),
            Self::NoNameColumn => f.write_str(
                "Không tìm thấy cột “Họ và tên” trong bảng tính. Đồng chí đặt tên cột ở một dòng tiêu đề rồi tải lại; chưa ghi gì vào hệ thống.",
            ),
            Self::NoMembers => f.write_str(
                "Dưới dòng tiêu đề không có đảng viên nào. Chưa ghi gì vào hệ thống.",
            ),
            Self::TooLong(rows) => write!(
                f,
                "Bảng tính có {} dòng, quá {} dòng cho một lần nhập. Đồng chí chia thành nhiều tệp; chưa ghi gì vào hệ thống.",
                crate::vi::number(i64::try_from(*rows).unwrap_or(i64::MAX)),
                crate::vi::number(i64::try_from(read::MAX_ROWS).unwrap_or(i64::MAX))
            ),
        }
    }
}

impl std::error::Error for SheetRefusal {}

/// A sheet that was understood.
#[derive(Debug, Clone, PartialEq)]
pub struct MemberSheet {
    /// The row of the heading, from 1; the last one where it has two.
    pub header_row: usize,
    /// Which column of the sheet holds what, from 0.
    pub columns: Vec<(usize, Column)>,
    /// Headings that say nothing to us.
    pub ignored: Vec<String>,
    /// The people.
    pub rows: Vec<SheetRow>,
    /// Rows that are no people, with the reason.
    pub skipped: Vec<(usize, &'static str)>,
}

/// A person's row, as it stands in the sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetRow {
    /// The row's number in the sheet, from 1.
    pub number: usize,
    /// Its filled cells.
    pub fields: Vec<(Column, Cell)>,
}

/// A person the system knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Who.
    pub id: PersonId,
    /// The fields a sheet can set.
    pub values: MemberValues,
}

/// What a row says about a person, understood.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct MemberValues {
    /// The full name.
    pub name: String,
    /// The year of birth.
    pub birth_year: Option<i16>,
    /// When admitted.
    pub admitted: Option<Date>,
    /// When official.
    pub official: Option<Date>,
    /// The card number, digits only.
    pub card: Option<String>,
    /// The telephone, digits only.
    pub phone: Option<String>,
    /// The address for mail.
    pub email: Option<String>,
    /// The post in the Party, as written.
    pub post: Option<String>,
    /// The cell, as written.
    pub org: Option<String>,
    /// A remark.
    pub note: Option<String>,
}

crate::codes! {
    /// What would happen to a row.
    pub enum Action {
        /// A new person.
        New = "new" / "Thêm mới",
        /// A known person with something new.
        Change = "change" / "Cập nhật",
        /// A known person, nothing new.
        Same = "same" / "Không đổi",
        /// It may be a known person: somebody has to say.
        Ask = "ask" / "Cần đồng chí quyết định",
        /// Not a person, or the same row again.
        Skip = "skip" / "Bỏ qua",
        /// It cannot be taken in.
        Error = "error" / "Lỗi",
    }
}

/// What would happen to a cell of the sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CellState {
    /// Would be written.
    New,
    /// Is so already.
    Same,
    /// Would replace this.
    Changed(String),
    /// Would be written as shown, but look at it.
    Warning(String),
    /// Cannot be taken in.
    Error(String),
}

/// A cell of the preview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellPlan {
    /// Its column.
    pub column: Column,
    /// The value as it would be written; the raw text where it was not understood.
    pub text: String,
    /// What would happen to it.
    pub state: CellState,
}

/// A row of the preview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowPlan {
    /// The row's number in the sheet, from 1.
    pub number: usize,
    /// What would happen.
    pub action: Action,
    /// Why, in a sentence; empty where the action says it all.
    pub reason: String,
    /// The known person that the row certainly is.
    pub person: Option<PersonId>,
    /// Known people that the row may be, for [`Action::Ask`].
    pub candidates: Vec<PersonId>,
    /// Its cells.
    pub cells: Vec<CellPlan>,
    /// What would be written.
    pub values: MemberValues,
}

/// How many rows have which action.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counters {
    /// [`Action::New`].
    pub new: usize,
    /// [`Action::Change`].
    pub changed: usize,
    /// [`Action::Same`].
    pub same: usize,
    /// [`Action::Ask`].
    pub ask: usize,
    /// [`Action::Skip`].
    pub skipped: usize,
    /// [`Action::Error`].
    pub errors: usize,
    /// Cells with a warning.
    pub warnings: usize,
}

/// What an import would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportPlan {
    /// Every row of the sheet that is not blank, in its order.
    pub rows: Vec<RowPlan>,
    /// How many of each.
    pub counters: Counters,
}

#[cfg(test)]
mod tests;
