//! Decides from a file's own content whether it may be kept: a known kind, named as what it is,
//! without macros, without a mark of state secrecy. Pure: a name and bytes in, a media type out.
//! Rules: P-30, BM-01 … BM-03.

use domain::refusal::Refusal;
use domain::secrecy;

/// Kinds of file that are taken: ending and media type.
const KINDS: [(&str, &str); 9] = [
    ("pdf", "application/pdf"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("odt", "application/vnd.oasis.opendocument.text"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("png", "image/png"),
    ("txt", "text/plain; charset=utf-8"),
];

/// What the sender is told to send.
const WANTED: &str = "Hãy gửi tệp PDF, DOCX, XLSX, PPTX, ODT, JPG, PNG hoặc TXT.";

/// The media type of a file that may be kept.
///
/// # Errors
/// A refusal in words when it may not.
pub fn admit(name: &str, bytes: &[u8]) -> Result<&'static str, Refusal> {
    let refuse = |code: &'static str, text: String| Err(Refusal::new(code, text).at("tep"));
    let found = content(bytes);
    let text = if found == Some("txt") { String::from_utf8_lossy(bytes).into_owned() } else { String::new() };
    if let Some(level) = secrecy::marking(name, &text) {
        return refuse(
            "secret_file",
            format!(
                "Tệp “{name}” mang dấu độ “{level}” nên không được đưa vào phần mềm. Tài liệu mật quản lý trên giấy theo quy định."
            ),
        );
    }
    if has(bytes, b"vbaProject.bin") {
        return refuse("macro", format!("Tệp “{name}” có chứa macro nên không được nhận. Hãy lưu lại thành tệp không có macro."));
    }
    let Some(found) = found else {
        return refuse("file_kind", format!("Tệp “{name}” không thuộc loại được nhận. {WANTED}"));
    };
    let ending = name.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase()).unwrap_or_default();
    let ending = if ending == "jpeg" { "jpg".to_owned() } else { ending };
    if ending != found {
        return refuse(
            "file_name",
            format!("Tệp “{name}” có nội dung là {}, không khớp với tên. Hãy đổi lại tên tệp cho đúng.", found.to_uppercase()),
        );
    }
    match KINDS.iter().find(|(kind, _)| *kind == found) {
        Some((_, media)) => Ok(media),
        None => refuse("file_kind", format!("Tệp “{name}” không thuộc loại được nhận. {WANTED}")),
    }
}

/// The media type a stored file is given out with; what is unknown is bytes.
pub fn media_type(stored: &str) -> &'static str {
    KINDS.iter().find(|(_, media)| *media == stored).map_or("application/octet-stream", |(_, media)| media)
}

/// The kind the content shows.
fn content(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"%PDF-") {
        return Some("pdf");
    }
    if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
        return Some("jpg");
    }
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some("png");
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return packed(bytes);
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let plain = !text.is_empty() && text.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t'));
    plain.then_some("txt")
}

/// Which office format a package is: names of its parts stand in the clear.
fn packed(bytes: &[u8]) -> Option<&'static str> {
    let head = bytes.get(..200).unwrap_or(bytes);
    if has(head, b"mimetypeapplication/vnd.oasis.opendocument.text") {
        return Some("odt");
    }
    if !has(bytes, b"[Content_Types].xml") {
        return None;
    }
    let parts: [(&[u8], &str); 3] =
        [(b"word/document.xml", "docx"), (b"xl/workbook.xml", "xlsx"), (b"ppt/presentation.xml", "pptx")];
    parts.into_iter().find(|(part, _)| has(bytes, part)).map(|(_, kind)| kind)
}

fn has(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|w| w == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(name: &str, bytes: &[u8]) -> &'static str {
        admit(name, bytes).unwrap_err().code
    }

    #[test]
    fn content_decides_and_the_name_must_agree() {
        assert_eq!(admit("Báo cáo.PDF", b"%PDF-1.7 x").unwrap(), "application/pdf");
        assert_eq!(admit("anh.jpeg", &[0xFF, 0xD8, 0xFF, 0xE0]).unwrap(), "image/jpeg");
        assert_eq!(admit("ghi.txt", "Kế hoạch tháng 12".as_bytes()).unwrap(), "text/plain; charset=utf-8");
        let docx = b"PK\x03\x04....[Content_Types].xml....word/document.xml....";
        assert!(admit("a.docx", docx).is_ok());
        assert_eq!(refused("a.xlsx", docx), "file_name");
        assert_eq!(refused("a.pdf", b"<html>"), "file_name");
        assert_eq!(refused("a.exe", b"MZ\x90\x00\x03"), "file_kind");
        assert_eq!(refused("a.zip", b"PK\x03\x04 anything"), "file_kind");
        assert_eq!(refused("a.txt", b"a\0b"), "file_kind");
        assert_eq!(refused("a", b"%PDF-1.7"), "file_name");
        assert_eq!(refused("a.txt", b""), "file_kind");
    }

    #[test]
    fn macros_and_marked_files_are_refused() {
        let docm = b"PK\x03\x04....[Content_Types].xml....word/document.xml....word/vbaProject.bin";
        assert_eq!(refused("a.docx", docm), "macro");
        assert_eq!(refused("Báo cáo (MẬT).pdf", b"%PDF-1.7"), "secret_file");
        assert_eq!(refused("a.txt", "UBND\nTỐI MẬT\nBáo cáo".as_bytes()), "secret_file");
    }
}
