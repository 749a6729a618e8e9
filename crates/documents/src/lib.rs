//! Plain data in, bytes out: Party documents as PDF, DOCX, HTML and text; sheets, calendars, QR.
//! May touch: fonts and templates built into this crate. Never the clock, the disk or the network.
//! Comes from: TH-01..TH-21, KY-01..KY-05 (form of Party documents), M14 (minutes exported).

mod ballots;
mod book;
mod clean;
mod docx;
mod docx_parts;
mod flow;
mod html;
pub mod ics;
mod measure;
mod model;
mod pdf;
mod profile;
mod qr;
pub mod sheet_in;
mod slips;
mod text;
pub mod xlsx_out;

pub use ballots::{BallotPaper, ballots_pdf};
pub use book::{Book, BookEntry, Cover, pdf_book};
pub use clean::clean;
pub use docx::docx;
pub use html::{PREVIEW_CSS, html};
pub use ics::ics;
pub use model::{Align, Block, Column, Document, Head, SignLine, Signature, Title, date_text, number_text};
pub use pdf::{pdf, pdf_many};
pub use profile::{Margins, Profile};
pub use qr::qr_svg;
pub use sheet_in::read_sheet;
pub use slips::{Slip, SlipsPerPage, slips_pdf};
pub use text::text;
pub use xlsx_out::{csv, xlsx};

/// Why a document could not be made. The text is for the person who asked for it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The program was built without the typesetter.
    #[error("Bản cài đặt này không kèm chức năng tạo PDF; hãy tải bản DOCX.")]
    PdfNotBuilt,
    /// A layout figure of the document profile makes no sense.
    #[error("Mẫu thể thức “{id}” có số liệu không hợp lệ: {field}.")]
    Profile {
        /// The profile's id.
        id: String,
        /// The figure at fault.
        field: &'static str,
    },
    /// There is nothing to print.
    #[error("Không có nội dung nào để tạo văn bản.")]
    Nothing,
    /// Too long for a QR code.
    #[error("Nội dung quá dài, không tạo được mã QR.")]
    Qr,
    /// A renderer failed; the detail is for the log.
    #[error("Không tạo được văn bản ({0}).")]
    Render(String),
}

/// Result of making a document.
pub type Result<T> = std::result::Result<T, Error>;
