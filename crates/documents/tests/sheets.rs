//! Tables in and out, also those made to do harm.
#![allow(clippy::unwrap_used, clippy::panic, clippy::too_many_lines)]

use std::io::{Cursor, Write as _};

use documents::sheet_in::{Cell, SheetError, SheetGrid, read_sheet};
use documents::xlsx_out::{self, Sheet, SheetColumn};
use jiff::civil::date;
use zip::write::SimpleFileOptions;

fn text(text: &str) -> Cell {
    Cell::Text(text.into())
}

fn out_sheet(name: &str, rows: Vec<Vec<xlsx_out::Cell>>) -> Sheet {
    let column = |title: &str| SheetColumn { title: title.into(), width: 20.0 };
    Sheet { name: name.into(), columns: vec![column("Họ và tên"), column("Ghi chú")], rows }
}

fn only(name: &str, bytes: &[u8]) -> SheetGrid {
    let mut sheets = read_sheet(name, bytes).unwrap();
    assert_eq!(sheets.len(), 1);
    sheets.remove(0)
}

const TYPES: &str = "<?xml version=\"1.0\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/></Types>";
const ROOT: &str = "<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";
const WORKBOOK: &str = "<?xml version=\"1.0\"?><workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"A\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>";
const RELS: &str = "<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>";

/// A package with one sheet, whose data is given as XML, and further parts.
fn package(data: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
    let sheet = format!(
        "<?xml version=\"1.0\"?><worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">{data}</worksheet>"
    );
    let mut parts: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", ROOT.as_bytes()),
        ("xl/workbook.xml", WORKBOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", RELS.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ];
    parts.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
    parts.extend_from_slice(more);
    zipped(&parts)
}

fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn inline(at: &str, value: &str) -> String {
    format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{value}</t></is></c>")
}

#[test]
fn what_is_written_is_read_again() {
    let rows = vec![
        vec![xlsx_out::Cell::Text("Nguyễn Văn Thí Dụ".into()), xlsx_out::Cell::Int(7)],
        vec![xlsx_out::Cell::Date(date(1975, 4, 30)), xlsx_out::Cell::Real(95.5)],
        vec![xlsx_out::Cell::Text("=1+1".into()), xlsx_out::Cell::Text("0912".into())],
        vec![xlsx_out::Cell::Date(date(1890, 5, 19)), xlsx_out::Cell::Real(f64::NAN)],
    ];
    let sheet = out_sheet("Danh sách [2026]: A/B", rows);
    let bytes = xlsx_out::xlsx(&[sheet.clone(), sheet.clone()]).unwrap();
    assert_eq!(bytes, xlsx_out::xlsx(&[sheet.clone(), sheet]).unwrap());
    let sheets = read_sheet("a.bin", &bytes).unwrap();
    assert_eq!(sheets[0].name, "Danh sách  2026   A B");
    assert_eq!(sheets[1].name, "Danh sách  2026   A B (2)");
    assert_eq!(
        sheets[0].rows,
        [
            [text("Họ và tên"), text("Ghi chú")],
            [text("Nguyễn Văn Thí Dụ"), Cell::Number(7.0)],
            [Cell::Date(date(1975, 4, 30)), Cell::Number(95.5)],
            [text("=1+1"), text("0912")],
            [text("19-05-1890"), Cell::Empty],
        ]
    );
}

#[test]
fn xlsx_text_is_never_a_formula() {
    let risky = ["=HYPERLINK(\"http://x\")", "+1", "-1", "@SUM(A1)", "{=1}", "http://example.org"];
    let rows = risky.iter().map(|t| vec![xlsx_out::Cell::Text((*t).into())]).collect();
    let bytes = xlsx_out::xlsx(&[out_sheet("A", rows)]).unwrap();
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let xml = std::io::read_to_string(zip.by_name("xl/worksheets/sheet1.xml").unwrap()).unwrap();
    assert!(!xml.contains("<f>") && !xml.contains("<f ") && !xml.contains("hyperlink"));
    assert_eq!(xml.matches("t=\"s\"").count(), risky.len() + 2);
    assert!(xml.contains("state=\"frozen\""));
}

#[test]
fn csv_text_is_never_a_formula() {
    let risky = ["=1+1", "+84 912", "-2", "@x", "\t=1", "\r=1", " =1", "＝1", "\u{200b}=1"];
    let rows = risky.iter().map(|t| vec![xlsx_out::Cell::Text((*t).into())]).collect();
    let bytes = xlsx_out::csv(&out_sheet("A", rows));
    assert!(bytes.starts_with(&[0xef, 0xbb, 0xbf]));
    let body = String::from_utf8(bytes[3..].to_vec()).unwrap();
    let lines: Vec<&str> = body.split("\r\n").collect();
    assert_eq!(lines[0], "Họ và tên,Ghi chú");
    assert_eq!(lines.len(), risky.len() + 2);
    for line in &lines[1..=risky.len()] {
        assert!(line.starts_with("\"'"), "{line:?}");
    }
    // Numbers of ours stay numbers, also below zero; marks are quoted.
    let row = vec![xlsx_out::Cell::Int(-5), xlsx_out::Cell::Text("a \"b\", c\nd".into())];
    let body = xlsx_out::csv(&out_sheet("A", vec![row]));
    assert!(String::from_utf8(body).unwrap().ends_with("\r\n-5,\"a \"\"b\"\", c\nd\"\r\n"));
}

#[test]
fn csv_in_every_usual_dress() {
    let expected = vec![
        vec![text("Họ, tên"), text("Số"), text("Ghi chú")],
        vec![text("Đỗ \"A\""), text("0912"), Cell::Empty],
        vec![text("x\ny"), Cell::Empty, text("z")],
    ];
    let comma = "\"Họ, tên\",Số,Ghi chú\r\n\"Đỗ \"\"A\"\"\", 0912 ,\r\n\"x\r\ny\",,z\r\n\r\n";
    let semicolon = "\"Họ, tên\";Số;Ghi chú\n\"Đỗ \"\"A\"\"\";0912;\n\"x\ny\";;z";
    let tab = "Họ, tên\tSố\tGhi chú\r\"Đỗ \"\"A\"\"\"\t0912\t\t\r\"x\ny\"\t\tz\r";
    let marked = format!("\u{feff}sep=;\r\n{semicolon}");
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(tab.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for bytes in [comma.as_bytes(), semicolon.as_bytes(), tab.as_bytes(), marked.as_bytes(), &utf16] {
        let grid = only("C:\\Tệp\\ds.xls", bytes);
        assert_eq!(grid.rows, expected);
        assert_eq!(grid.name, "ds.xls");
    }
    // Composed and decomposed letters become one.
    assert_eq!(only("a", "Nguye\u{302}\u{303}n\n".as_bytes()).rows, [[text("Nguyễn")]]);
}

#[test]
fn merged_headings_are_filled() {
    let data = format!(
        "<sheetData><row r=\"1\">{}{}</row><row r=\"2\">{}{}</row><row r=\"3\"><c r=\"A3\"><v>1</v></c><c r=\"C3\" t=\"b\"><v>1</v></c></row></sheetData><mergeCells><mergeCell ref=\"A1:A2\"/><mergeCell ref=\"B1:C1\"/></mergeCells>",
        inline("A1", " TT "),
        inline("B1", "Ngày vào Đảng"),
        inline("B2", "Dự bị"),
        inline("C2", "Chính thức"),
    );
    assert_eq!(
        only("a", &package(&data, &[])).rows,
        [
            [text("TT"), text("Ngày vào Đảng"), text("Ngày vào Đảng")],
            [text("TT"), text("Dự bị"), text("Chính thức")],
            [Cell::Number(1.0), Cell::Empty, Cell::Bool(true)],
        ]
    );
}

#[test]
fn files_of_other_kinds_are_told_by_their_content() {
    let check = |bytes: &[u8], expected: SheetError| {
        assert_eq!(read_sheet("ds.xlsx", bytes), Err(expected), "{:?}", &bytes[..bytes.len().min(12)]);
    };
    check(b"", SheetError::Empty);
    check(b" \r\n ", SheetError::Empty);
    check("\u{feff}".as_bytes(), SheetError::Empty);
    check(b",,,\n,,\n", SheetError::Empty);
    check(b"%PDF-1.7 x", SheetError::WrongType);
    check(b"<html><table></table></html>", SheetError::WrongType);
    check(b"{\\rtf1 x}", SheetError::WrongType);
    check(b"\x89PNG\r\n\x1a\n\0\0\0", SheetError::WrongType);
    check(b"\x7fELF\x02\x01\x01\0\0", SheetError::WrongType);
    // Vietnamese text in a code page of old.
    check(b"Nguy\xean V\xe3n A,1\n", SheetError::Encoding);
    check(b"a,\"b\nc", SheetError::Damaged);
    check(&zipped(&[("word/document.xml", b"x")]), SheetError::WrongType);
    check(&zipped(&[("xl/workbook.bin", b"x")]), SheetError::WrongType);
    let ole = |stream: &str| -> Vec<u8> {
        let mut bytes = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
        bytes.resize(1024, 0);
        bytes.extend(stream.encode_utf16().flat_map(u16::to_le_bytes));
        bytes.resize(2048, 0);
        bytes
    };
    check(&ole("EncryptedPackage"), SheetError::Locked);
    check(&ole("Workbook"), SheetError::OldExcel);
    check(&ole("WordDocument"), SheetError::WrongType);
    assert!(SheetError::OldExcel.to_string().contains(".xls"));
}

#[test]
fn macros_are_refused() {
    let with = package("<sheetData/>", &[("xl/vbaProject.bin", b"x")]);
    assert_eq!(read_sheet("a.xlsx", &with), Err(SheetError::Macro));
    let types = TYPES.replace(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    );
    let with = package("<sheetData/>", &[("[Content_Types].xml", types.as_bytes())]);
    assert_eq!(read_sheet("a.xlsx", &with), Err(SheetError::Macro));
}

#[test]
fn bombs_are_not_unfolded() {
    // 80 MB of spaces, about 80 kB packed.
    let huge = vec![b' '; 80 << 20];
    let bomb = package("<sheetData/>", &[("xl/media/a.xml", &huge)]);
    assert!(bomb.len() < 1 << 20);
    assert_eq!(read_sheet("a.xlsx", &bomb), Err(SheetError::TooLarge));
    // Within the total, but packed beyond reason.
    let dense = package("<sheetData/>", &[("xl/media/a.xml", &huge[..20 << 20])]);
    assert_eq!(read_sheet("a.xlsx", &dense), Err(SheetError::TooLarge));
    // The declared size says 16 bytes; the stream says otherwise.
    let at = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).rposition(|w| w == what).unwrap();
    let mut liar = bomb;
    let entry = at(&liar, b"xl/media/a.xml") - 46;
    assert_eq!(&liar[entry..entry + 4], b"PK\x01\x02");
    liar[entry + 24..entry + 28].copy_from_slice(&16_u32.to_le_bytes());
    assert!(matches!(read_sheet("a.xlsx", &liar), Err(SheetError::TooLarge | SheetError::Damaged)));
    let many: Vec<String> = (0..2_100).map(|i| format!("xl/x{i}")).collect();
    let parts: Vec<(&str, &[u8])> = many.iter().map(|n| (n.as_str(), &b""[..])).collect();
    assert_eq!(read_sheet("a", &package("<sheetData/>", &parts)), Err(SheetError::TooLarge));
    assert_eq!(read_sheet("a", &vec![b'a'; 17 << 20]), Err(SheetError::TooLarge));
    let styles = "<xf/>".repeat(1_000_000);
    let fat = package("<sheetData/>", &[("xl/styles.xml", styles.as_bytes())]);
    assert_eq!(read_sheet("a", &fat), Err(SheetError::TooLarge));
}

#[test]
fn far_away_cells_do_not_reserve_memory() {
    let far = format!(
        "<sheetData><row r=\"1\">{}</row><row r=\"1048576\">{}</row></sheetData>",
        inline("A1", "a"),
        inline("XFD1048576", "b")
    );
    assert_eq!(read_sheet("a", &package(&far, &[])), Err(SheetError::TooManyCells));
    // Formatted but empty cells far away are no content.
    let formatted =
        format!("<sheetData><row r=\"1\">{}</row><row r=\"1048576\"><c r=\"XFD1048576\"/></row></sheetData>", inline("A1", "a"));
    assert_eq!(only("a", &package(&formatted, &[])).rows, [[text("a")]]);
    let wide: String =
        (0..12_000).map(|i| format!("<row r=\"{}\">{}</row>", i + 1, inline(&format!("GR{}", i + 1), "x"))).collect();
    let wide = package(&format!("<sheetData>{wide}</sheetData>"), &[]);
    assert_eq!(read_sheet("a", &wide), Err(SheetError::TooManyCells));
    let merged = format!(
        "<sheetData><row r=\"1\">{}</row><row r=\"19000\">{}</row></sheetData><mergeCells>{}</mergeCells>",
        inline("A1", "a"),
        inline("A19000", "b"),
        "<mergeCell ref=\"A1:GR19000\"/>".repeat(500)
    );
    assert_eq!(read_sheet("a", &package(&merged, &[])), Err(SheetError::TooManyCells));
}

#[test]
fn csv_bounds() {
    let tall = "a\n".repeat(20_001);
    assert_eq!(read_sheet("a", tall.as_bytes()), Err(SheetError::TooManyCells));
    assert_eq!(only("a", "a\n".repeat(20_000).as_bytes()).rows.len(), 20_000);
    let wide = "a,".repeat(201);
    assert_eq!(read_sheet("a", wide.as_bytes()), Err(SheetError::TooManyCells));
    let commas = format!("{}\n", ",".repeat(300)).repeat(50_000);
    assert_eq!(read_sheet("a", commas.as_bytes()), Err(SheetError::TooManyCells));
}

#[test]
fn damage_anywhere_is_an_answer_not_a_panic() {
    let rows = (0..30).map(|i| vec![xlsx_out::Cell::Text(format!("Đồng chí {i}")), xlsx_out::Cell::Int(i)]).collect();
    let good = xlsx_out::xlsx(&[out_sheet("A", rows)]).unwrap();
    assert!(read_sheet("a", &good).is_ok());
    for cut in (4..good.len()).step_by(good.len() / 40) {
        assert!(read_sheet("a", &good[..cut]).is_err(), "cut at {cut}");
    }
    let mut state = 12_345_u32;
    let mut refused = 0;
    for _ in 0..300 {
        let mut bad = good.clone();
        for _ in 0..3 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let at = state as usize % bad.len();
            bad[at] ^= (state >> 24) as u8 | 1;
        }
        refused += usize::from(read_sheet("a", &bad).is_err());
    }
    assert!(refused > 100, "{refused}");
    for data in [
        "<sheetData><row r=\"1\"><c r=\"ZZZZZZ1\"><v>1</v></c></row></sheetData>",
        "<sheetData><row r=\"99999999999\"><c><v>1</v></c></row></sheetData>",
        "<sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>99999</v></c></row></sheetData>",
        "<sheetData><row r=\"1\"><c r=\"A1\"><v>abc</v></c></row></sheetData>",
        "<sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>a</t></is></c></row></sheetData><mergeCells><mergeCell ref=\"C9:A1\"/><mergeCell ref=\"x\"/></mergeCells>",
        "<sheetData>",
        "<!DOCTYPE a [<!ENTITY b \"c\">]><sheetData/>",
    ] {
        let _ = read_sheet("a", &package(data, &[]));
    }
}
