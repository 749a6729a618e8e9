//! Repacks a DOCX: what the writer leaves out is added to its parts, and the file is compressed.
//! May touch: nothing.
//! Comes from: repeated table headings, Vietnamese as language, equal bytes for equal data.

use std::io::{Cursor, Read as _, Write as _};

use docx_rs::Docx;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::flow::Flow;
use crate::{Error, Result};

/// Writes the parts, patched and deflated, with fixed times.
pub(crate) fn pack(docx: Docx, flow: &Flow) -> Result<Vec<u8>> {
    let mut plain = Cursor::new(Vec::new());
    docx.build().pack(&mut plain).map_err(|e| Error::Render(e.to_string()))?;
    repack(plain.into_inner(), flow).map_err(|e| Error::Render(e.to_string()))
}

fn repack(plain: Vec<u8>, flow: &Flow) -> zip::result::ZipResult<Vec<u8>> {
    let mut from = ZipArchive::new(Cursor::new(plain))?;
    let mut to = ZipWriter::new(Cursor::new(Vec::new()));
    let options =
        SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).last_modified_time(zip::DateTime::default());
    for i in 0..from.len() {
        let mut part = from.by_index(i)?;
        let name = part.name()?.into_owned();
        if name.ends_with('/') {
            continue;
        }
        let mut xml = String::new();
        part.read_to_string(&mut xml)?;
        to.start_file(&*name, options)?;
        to.write_all(patched(&name, xml, flow).as_bytes())?;
    }
    Ok(to.finish()?.into_inner())
}

fn patched(name: &str, xml: String, flow: &Flow) -> String {
    match name {
        // Only rows of ruled tables are kept whole, see `docx::table`; the first is the heading.
        "word/document.xml" => without_ids(xml).replace(FIRST_ROW.0, FIRST_ROW.1),
        "word/styles.xml" => {
            xml.replacen("<w:rPrDefault><w:rPr>", LANGUAGE.0, 1).replacen("</w:rPr></w:rPrDefault>", LANGUAGE.1, 1)
        }
        "docProps/core.xml" => {
            let title = format!("<dc:title>{}</dc:title></cp:coreProperties>", escaped(&flow.name));
            xml.replace(">unknown<", &format!(">{}<", escaped(&flow.head.issuer))).replace("</cp:coreProperties>", &title)
        }
        _ => without_ids(xml),
    }
}

const FIRST_ROW: (&str, &str) =
    ("</w:tblGrid><w:tr><w:trPr><w:cantSplit />", "</w:tblGrid><w:tr><w:trPr><w:cantSplit /><w:tblHeader />");

/// `w:lang` is the last of the default run properties the writer uses.
const LANGUAGE: (&str, &str) =
    ("<w:rPrDefault><w:rPr>", "<w:lang w:val=\"vi-VN\" w:eastAsia=\"vi-VN\" w:bidi=\"ar-SA\" /></w:rPr></w:rPrDefault>");

/// Paragraph ids come from a counter of the thread, so equal documents would differ.
fn without_ids(xml: String) -> String {
    const ID: &str = " w14:paraId=\"";
    let mut out = String::with_capacity(xml.len());
    let mut rest = xml.as_str();
    while let Some(at) = rest.find(ID) {
        out.push_str(&rest[..at]);
        let value = &rest[at + ID.len()..];
        rest = value.find('"').map_or("", |end| &value[end + 1..]);
    }
    out.push_str(rest);
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_go_and_the_rest_stays() {
        let xml = "<w:p w14:paraId=\"0001\"><w:t>a</w:t></w:p><w:p w14:paraId=\"02\" w:x=\"1\"/>";
        assert_eq!(without_ids(xml.into()), "<w:p><w:t>a</w:t></w:p><w:p w:x=\"1\"/>");
    }
}
