//! PDF through the typesetter. The only module that knows its interface.
//! May touch: the fonts and templates in this crate. Every path but data.json is denied.
//! Comes from: TH-01..TH-21, KY-01..KY-05; same data gives same bytes; text is never markup.

use serde::Serialize;

use crate::flow::Flow;
use crate::{Document, Error, Result};

/// Templates of this crate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(feature = "pdf"), allow(dead_code))]
pub(crate) enum Template {
    Document,
    Slips,
    Ballots,
}

/// What `document.typ` reads.
#[derive(Serialize)]
pub(crate) struct Data<'a, B: Serialize> {
    pub title: String,
    pub date: (i16, i8, i8),
    pub docs: Vec<Flow<'a>>,
    pub book: Option<B>,
}

/// One document as PDF.
pub fn pdf(doc: &Document) -> Result<Vec<u8>> {
    pdf_many(std::slice::from_ref(doc))
}

/// Documents one after another in one file; each starts a page and counts its own pages.
pub fn pdf_many(docs: &[Document]) -> Result<Vec<u8>> {
    let flows = docs.iter().map(Flow::of).collect::<Result<Vec<_>>>()?;
    let (Some(first), Some(flow)) = (docs.first(), flows.first()) else {
        return Err(Error::Nothing);
    };
    let data = Data {
        title: flow.name.clone(),
        date: (first.date.year(), first.date.month(), first.date.day()),
        docs: flows,
        book: None::<()>,
    };
    print(Template::Document, &data)
}

/// Typesets `data` with a template.
pub(crate) fn print(template: Template, data: &impl Serialize) -> Result<Vec<u8>> {
    let json = serde_json::to_vec(data).map_err(|e| Error::Render(e.to_string()))?;
    engine::print(template, json)
}

#[cfg(not(feature = "pdf"))]
mod engine {
    use super::Template;
    use crate::{Error, Result};

    pub fn print(_template: Template, _json: Vec<u8>) -> Result<Vec<u8>> {
        Err(Error::PdfNotBuilt)
    }
}

#[cfg(feature = "pdf")]
mod engine {
    use std::sync::OnceLock;

    use typst::diag::{FileError, FileResult, SourceDiagnostic};
    use typst::foundations::{Bytes, Datetime, Duration, Smart};
    use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
    use typst::text::{Font, FontBook};
    use typst::utils::LazyHash;
    use typst::{Library, LibraryExt, World};
    use typst_layout::PagedDocument;
    use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

    use super::Template;
    use crate::{Error, Result};

    const FONTS: [&[u8]; 4] = [
        include_bytes!("../fonts/LiberationSerif-Regular.ttf"),
        include_bytes!("../fonts/LiberationSerif-Bold.ttf"),
        include_bytes!("../fonts/LiberationSerif-Italic.ttf"),
        include_bytes!("../fonts/LiberationSerif-BoldItalic.ttf"),
    ];

    /// What does not change between documents.
    struct Shared {
        library: LazyHash<Library>,
        book: LazyHash<FontBook>,
        fonts: Vec<Font>,
        data: FileId,
        document: Source,
        slips: Source,
        ballots: Source,
    }

    fn shared() -> Result<&'static Shared> {
        static SHARED: OnceLock<Option<Shared>> = OnceLock::new();
        SHARED.get_or_init(load).as_ref().ok_or_else(|| Error::Render("templates".into()))
    }

    fn load() -> Option<Shared> {
        let path = |name: &str| {
            let path = VirtualPath::new(name).ok()?;
            Some(FileId::new(RootedPath::new(VirtualRoot::Project, path)))
        };
        let fonts: Vec<Font> = FONTS.iter().flat_map(|bytes| Font::iter(Bytes::new(*bytes))).collect();
        Some(Shared {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            data: path("/data.json")?,
            document: Source::new(path("/document.typ")?, include_str!("../templates/document.typ").into()),
            slips: Source::new(path("/slips.typ")?, include_str!("../templates/slips.typ").into()),
            ballots: Source::new(path("/ballots.typ")?, include_str!("../templates/ballots.typ").into()),
        })
    }

    /// One run: a template and its data; nothing else can be read.
    struct Run {
        shared: &'static Shared,
        main: Source,
        data: Bytes,
    }

    impl World for Run {
        fn library(&self) -> &LazyHash<Library> {
            &self.shared.library
        }

        fn book(&self) -> &LazyHash<FontBook> {
            &self.shared.book
        }

        fn main(&self) -> FileId {
            self.main.id()
        }

        fn source(&self, id: FileId) -> FileResult<Source> {
            if id == self.main.id() { Ok(self.main.clone()) } else { Err(FileError::AccessDenied) }
        }

        fn file(&self, id: FileId) -> FileResult<Bytes> {
            if id == self.shared.data { Ok(self.data.clone()) } else { Err(FileError::AccessDenied) }
        }

        fn font(&self, index: usize) -> Option<Font> {
            self.shared.fonts.get(index).cloned()
        }

        fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
            None
        }
    }

    /// Empties the typesetter's memory when a run ends, also after a failure.
    struct Evict;

    impl Drop for Evict {
        fn drop(&mut self) {
            typst::comemo::evict(2);
        }
    }

    pub fn print(template: Template, json: Vec<u8>) -> Result<Vec<u8>> {
        let shared = shared()?;
        let _evict = Evict;
        let main = match template {
            Template::Document => shared.document.clone(),
            Template::Slips => shared.slips.clone(),
            Template::Ballots => shared.ballots.clone(),
        };
        let ident = Smart::Custom(String::from_utf8_lossy(&json).into_owned());
        let run = Run { shared, main, data: Bytes::new(json) };
        let document = typst::compile::<PagedDocument>(&run).output.map_err(|e| failed(&e))?;
        let options = |standards| PdfOptions {
            ident: ident.clone(),
            creator: Smart::Custom(Some("Nếp".into())),
            standards,
            ..PdfOptions::default()
        };
        if template != Template::Document {
            let plain = options(PdfStandards::default());
            return typst_pdf::pdf(&document, &plain).map_err(|e| failed(&e));
        }
        let archival = PdfStandards::new(&[PdfStandard::A_2b]).map_err(|e| Error::Render(e.message().to_string()))?;
        // The archival form refuses a character that the typeface lacks (an emoji, say);
        // such a document is still wanted, only not as PDF/A.
        typst_pdf::pdf(&document, &options(archival))
            .or_else(|_| typst_pdf::pdf(&document, &options(PdfStandards::default())))
            .map_err(|e| failed(&e))
    }

    fn failed(errors: &[SourceDiagnostic]) -> Error {
        let messages: Vec<&str> = errors.iter().map(|e| e.message.as_str()).collect();
        Error::Render(messages.join("; "))
    }
}
