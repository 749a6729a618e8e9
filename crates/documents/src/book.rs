//! The year's book of minutes: cover, contents with page numbers, documents, closing statement.
//! May touch: nothing but the typesetter.
//! Comes from: regulations 5.5 "Sổ biên bản" (continuous page numbers, closing statement).

use serde::Serialize;

use crate::clean::line;
use crate::flow::Flow;
use crate::pdf::{Data, Template, print};
use crate::{Document, Error, Result};

/// Front page of a book.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Cover {
    /// Superior organisation in capitals.
    pub superior: String,
    /// Issuing organisation in capitals.
    pub issuer: String,
    /// "SỔ BIÊN BẢN".
    pub title: String,
    /// What stands under the title: "Năm 2026", "Quyển số 1".
    pub lines: Vec<String>,
    /// Place and year at the foot.
    pub place_date: String,
}

/// One document of a book and its line in the contents.
#[derive(Debug, Clone, PartialEq)]
pub struct BookEntry {
    /// Line in the table of contents.
    pub contents_line: String,
    /// The document.
    pub document: Document,
}

/// A book of documents with continuous page numbers; the cover is page 1, its number unprinted.
#[derive(Debug, Clone, PartialEq)]
pub struct Book {
    /// Front page.
    pub cover: Cover,
    /// "MỤC LỤC".
    pub contents_title: String,
    /// Documents in order.
    pub entries: Vec<BookEntry>,
    /// Closing statement on a page of its own. Its title, blocks, signatures and recipients are
    /// printed, its header is not; its profile and date are those of the book.
    pub closing: Document,
}

#[derive(Serialize)]
struct BookData<'a> {
    profile: &'a crate::Profile,
    cover: Cover,
    contents_title: String,
    entries: Vec<String>,
    closing: Flow<'a>,
}

/// The whole book as one PDF.
pub fn pdf_book(book: &Book) -> Result<Vec<u8>> {
    if book.entries.is_empty() {
        return Err(Error::Nothing);
    }
    let cover = Cover {
        superior: line(&book.cover.superior),
        issuer: line(&book.cover.issuer),
        title: line(&book.cover.title),
        lines: book.cover.lines.iter().map(|l| line(l)).collect(),
        place_date: line(&book.cover.place_date),
    };
    let date = book.closing.date;
    let data = Data {
        title: cover.title.clone(),
        date: (date.year(), date.month(), date.day()),
        docs: book.entries.iter().map(|e| Flow::of(&e.document)).collect::<Result<_>>()?,
        book: Some(BookData {
            profile: &book.closing.profile,
            cover,
            contents_title: line(&book.contents_title),
            entries: book.entries.iter().map(|e| line(&e.contents_line)).collect(),
            closing: Flow::of(&book.closing)?,
        }),
    };
    print(Template::Document, &data)
}
