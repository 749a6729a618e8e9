//! A sealed record as a document, whatever feature sealed it.
//! May touch: what was sealed and the layouts of the rule packs. Rules: P-12, section 5.

use documents::{Align, Block, Document, Head, Title};
use domain::code::Code;
use domain::numbering::DocKind;
use domain::rulepack::Library;

use super::store::Issued;
use crate::absence::notice;
use crate::fault::Fault;
use crate::minutes::export;
use crate::minutes::snapshot::Sealed;

/// The document of a sealed record, made from its content alone.
///
/// # Errors
/// `Document` when no rule pack has a layout for its date.
pub fn of(issued: &Issued, library: &Library) -> Result<Document, Fault> {
    if let Some(minutes) = Sealed::from_json(&issued.content) {
        return export::document(&minutes, library, &issued.content_hash, issued.ledger_seq);
    }
    if let Some(notice) = notice::Snapshot::from_json(&issued.content) {
        let rules = library.at(issued.issued_on);
        let layout = rules.profile().ok_or_else(|| Fault::Document("no layout of that date".to_owned()))?;
        return Ok(notice.document(layout, Some(export::footer(&issued.content_hash, issued.ledger_seq))));
    }
    if issued.kind == DocKind::Resolution {
        let rules = library.at(issued.issued_on);
        let layout = rules.profile().ok_or_else(|| Fault::Document("no layout of that date".to_owned()))?;
        let footer = export::footer(&issued.content_hash, issued.ledger_seq);
        return crate::resolution::export::document(&issued.content, layout, Some(footer));
    }
    as_it_is(issued, library)
}

/// A record that another version of the program sealed: its content word for word, so that what was
/// issued can be read and printed whatever happens.
fn as_it_is(issued: &Issued, library: &Library) -> Result<Document, Fault> {
    let rules = library.at(issued.issued_on);
    let layout = rules.profile().ok_or_else(|| Fault::Document("no layout of that date".to_owned()))?;
    let para = |text: &str| Block::Para { text: text.to_owned(), indent: false, align: Some(Align::Left) };
    Ok(Document {
        profile: crate::paper::profile(layout),
        date: issued.issued_on,
        head: Head {
            number: Some(issued.number_text.clone()),
            date_text: domain::vi::date_long(issued.issued_on),
            ..Head::default()
        },
        title: Title { kind: issued.kind.label().to_uppercase(), summary: Some(issued.title.clone()) },
        blocks: issued.content.lines().map(para).collect(),
        signatures: Vec::new(),
        recipients: Vec::new(),
        footer: Some(export::footer(&issued.content_hash, issued.ledger_seq)),
        draft: false,
    })
}

/// Makes a file on a thread where waiting is no harm.
///
/// # Errors
/// A refusal where the person can do something about it; `Document` otherwise.
pub async fn made(f: impl FnOnce() -> documents::Result<Vec<u8>> + Send + 'static) -> Result<Vec<u8>, Fault> {
    Ok(tokio::task::spawn_blocking(f).await.map_err(|e| Fault::Document(e.to_string()))??)
}

/// The name of its file, without ending: `05-BB-CB Sinh hoạt thường kỳ tháng 12 năm 2026`.
pub fn file_name(issued: &Issued) -> String {
    let number = issued.number_text.trim_start_matches("Số ").replace('/', "-");
    format!("{number} {}", issued.title.replace(['/', '\\', ':'], "-"))
}
