//! The same words in every renderer, golden text, reproducible bytes, hostile text.
#![allow(clippy::unwrap_used, clippy::panic, clippy::too_many_lines)]

mod common;

use std::io::Read as _;

use documents::*;

/// Words in order; marks that only separate cells or draw lines do not count.
pub fn words(text: &str) -> Vec<String> {
    text.split_whitespace().filter(|w| *w != "|" && !w.chars().all(|c| c == '.')).map(str::to_owned).collect()
}

fn html_text(html: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' => {
                inside = false;
                out.push(' ');
            }
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}

fn part(docx: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(docx)).unwrap();
    let mut text = String::new();
    zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

fn docx_text(docx: &[u8]) -> String {
    let xml = part(docx, "word/document.xml").replace("</w:p>", " </w:p>").replace("&apos;", "'");
    // Inside a paragraph runs join without a space.
    let mut out = String::new();
    let mut inside = false;
    for c in xml.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

fn all() -> Vec<Document> {
    vec![common::minutes(), common::scored(), common::resolution(), common::notice(), hostile()]
}

/// What somebody might paste to break a renderer.
fn hostile() -> Document {
    let mut doc = common::minutes();
    doc.title.summary = Some("về #panic() & <script>alert(\"1\")</script>".into());
    doc.head.issuer = "CHI BỘ \"A & B\" <C>".into();
    doc.blocks = vec![
        common::para("#panic(\"x\") #import \"a.typ\" $x$ *đậm* _nghiêng_ `mã` \\ @ref <nhãn>"),
        common::para("- gạch đầu dòng\n= tiêu đề\n+ số\n/ thuật ngữ: x"),
        common::para("sau\u{202e}đảo\u{202c} và ]]> ${x} {{y}} <!-- z --> w14:paraId=\"1\""),
        common::para("https://example.org/a?b=c&d=e // chú thích /* dài */ \"ngoặc\" 'đơn' --- ..."),
        Block::Bullets(vec!["</w:t></w:r></w:p>".into(), "#read(\"/etc/passwd\")".into()]),
        Block::Table {
            columns: vec![Column { title: "#t".into(), width_pct: 100.0, align: Align::Left }],
            rows: vec![vec!["=cmd|' /C calc'!A0".into()], vec!["a\nb".into()]],
        },
    ];
    doc.footer = Some("#eval(\"1\")".into());
    doc
}

#[test]
fn golden_minutes() {
    for (name, doc) in [("minutes", common::minutes()), ("scored", common::scored())] {
        let path = format!("{}/tests/golden/{name}.txt", env!("CARGO_MANIFEST_DIR"));
        let made = text(&doc);
        if std::env::var_os("NEP_BLESS").is_some() {
            std::fs::write(&path, &made).unwrap();
        }
        assert_eq!(made, std::fs::read_to_string(&path).unwrap(), "{name}");
    }
}

#[test]
fn html_and_docx_say_what_the_text_says() {
    for doc in all() {
        let mut expected = words(&text(&doc));
        assert_eq!(words(&html_text(&html(&doc))), expected);
        // In DOCX the footer is a part of its own.
        if let Some(footer) = &doc.footer {
            expected.truncate(expected.len() - words(footer).len());
        }
        assert_eq!(words(&docx_text(&docx(&doc).unwrap())), expected);
    }
}

#[test]
fn equal_data_gives_equal_docx_also_from_another_thread() {
    let doc = common::minutes();
    let first = docx(&doc).unwrap();
    let _ = docx(&common::resolution()).unwrap();
    assert_eq!(first, docx(&doc).unwrap());
    let again = std::thread::spawn(move || docx(&common::minutes()).unwrap());
    assert_eq!(first, again.join().unwrap());
}

#[test]
fn docx_has_the_layout_of_the_profile() {
    let file = docx(&common::minutes()).unwrap();
    let body = part(&file, "word/document.xml");
    // 20, 15, 20, 30 mm in twentieths of a point; A4.
    for figure in ["w:top=\"1134\"", "w:right=\"850\"", "w:bottom=\"1134\"", "w:left=\"1701\"", "w:w=\"11906\"", "w:h=\"16838\""]
    {
        assert!(body.contains(figure), "{figure}");
    }
    assert!(body.contains("w:firstLine=\"567\""));
    assert!(body.contains("w:line=\"360\" w:lineRule=\"exact\""));
    assert!(body.contains("<w:titlePg"));
    // Two ruled tables, each with one repeated heading row; layout tables have none.
    assert_eq!(body.matches("<w:tblHeader />").count(), 2);
    assert!(!body.contains("paraId"));
    let styles = part(&file, "word/styles.xml");
    for slot in ["ascii", "hAnsi", "eastAsia", "cs"] {
        assert!(styles.contains(&format!("w:{slot}=\"Times New Roman\"")), "{slot}");
    }
    assert!(styles.contains("w:val=\"vi-VN\""));
    let core = part(&file, "docProps/core.xml");
    assert!(core.contains("2026-02-03T00:00:00Z") && core.contains("<dc:title>BIÊN BẢN"));
    assert!(!core.contains("unknown"));
    assert!(file.len() < 15_000, "{}", file.len());
}

#[test]
fn a_draft_says_so_everywhere() {
    let (draft, mut fair) = (common::notice(), common::notice());
    fair.draft = false;
    assert!(text(&draft).contains("DỰ THẢO") && !text(&fair).contains("DỰ THẢO"));
    assert!(html(&draft).contains("DỰ THẢO") && !html(&fair).contains("DỰ THẢO"));
    let header = part(&docx(&draft).unwrap(), "word/header2.xml");
    assert!(header.contains("DỰ THẢO") && header.contains("PAGE"));
    assert!(!part(&docx(&fair).unwrap(), "word/header2.xml").contains("DỰ THẢO"));
    // Page 1 has a header of its own without a number.
    assert!(!part(&docx(&draft).unwrap(), "word/header1.xml").contains("PAGE"));
}

#[test]
fn hostile_text_stays_text() {
    let doc = hostile();
    let html = html(&doc);
    assert!(!html.contains("<script") && html.contains("&lt;script&gt;"));
    assert!(!html.contains('\u{202e}') && html.contains("sauđảo"));
    let xml = part(&docx(&doc).unwrap(), "word/document.xml");
    let mut reader = quick_xml::Reader::from_str(&xml);
    let mut depth = 0;
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Start(_) => depth += 1,
            quick_xml::events::Event::End(_) => depth -= 1,
            quick_xml::events::Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0);
    assert!(xml.contains("#panic(&quot;x&quot;)"));
}

#[test]
fn a_letter_has_its_summary_under_the_number() {
    let mut letter = common::resolution();
    letter.title.kind = String::new();
    let text = text(&letter);
    assert!(text.contains("Số 02-NQ/CB\nvề nhiệm vụ tháng 02 năm 2026\n"));
    assert!(!text.contains("-----"));
    assert!(!html(&letter).contains("<h1"));
}

#[test]
fn a_profile_that_cannot_be_printed_is_refused() {
    let mut doc = common::minutes();
    doc.profile.line_pt = 2.0;
    assert!(matches!(docx(&doc), Err(Error::Profile { field: "line_pt", .. })));
    assert!(html(&doc).is_empty() && text(&doc).is_empty());
}

#[test]
fn a_document_survives_storage_as_json() {
    let doc = common::minutes();
    let stored = serde_json::to_string(&doc).unwrap();
    assert_eq!(serde_json::from_str::<Document>(&stored).unwrap(), doc);
}

#[test]
#[cfg(not(feature = "pdf"))]
fn without_the_typesetter_a_pdf_is_refused_in_words() {
    let refused = pdf(&common::minutes()).unwrap_err();
    assert!(matches!(refused, Error::PdfNotBuilt));
    assert!(refused.to_string().contains("DOCX"));
    assert!(matches!(pdf_book(&common::book()), Err(Error::PdfNotBuilt)));
}
