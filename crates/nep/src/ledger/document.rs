//! A sealed record as a document, whatever feature sealed it.
//! May touch: what was sealed and the layouts of the rule packs. Rules: P-12, section 5.

use documents::Document;
use domain::numbering::DocKind;
use domain::rulepack::Library;

use super::store::Issued;
use crate::fault::Fault;
use crate::minutes::export;
use crate::minutes::snapshot::Sealed;

/// The document of a sealed record, made from its content alone.
///
/// # Errors
/// `Document` when no feature of this program knows the content.
pub fn of(issued: &Issued, library: &Library) -> Result<Document, Fault> {
    if let Some(minutes) = Sealed::from_json(&issued.content) {
        return export::document(&minutes, library, &issued.content_hash, issued.ledger_seq);
    }
    if issued.kind == DocKind::Resolution {
        let rules = library.at(issued.issued_on);
        let layout = rules.profile().ok_or_else(|| Fault::Document("no layout of that date".to_owned()))?;
        let footer = export::footer(&issued.content_hash, issued.ledger_seq);
        return crate::resolution::export::document(&issued.content, layout, Some(footer));
    }
    Err(Fault::Document(format!("nobody reads the content of document {}", issued.id)))
}

/// The name of its file, without ending: `05-BB-CB Sinh hoạt thường kỳ tháng 12 năm 2026`.
pub fn file_name(issued: &Issued) -> String {
    let number = issued.number_text.trim_start_matches("Số ").replace('/', "-");
    format!("{number} {}", issued.title.replace(['/', '\\', ':'], "-"))
}
