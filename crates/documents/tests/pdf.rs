//! PDF: pages, words, reproducibility, hostile text.
#![cfg(feature = "pdf")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::too_many_lines)]

mod common;

use std::path::Path;
use std::process::Command;

use documents::*;

#[test]
fn samples() {
    let Ok(dir) = std::env::var("NEP_SAMPLES") else {
        return;
    };
    let save = |name: &str, bytes: Vec<u8>| std::fs::write(format!("{dir}/{name}"), bytes).unwrap();
    save("minutes.pdf", pdf(&common::minutes()).unwrap());
    save("resolution.pdf", pdf(&common::resolution()).unwrap());
    save("packet.pdf", pdf_many(&[common::notice(), common::minutes(), common::resolution()]).unwrap());
    save("book.pdf", pdf_book(&common::book()).unwrap());
    let mut long = common::resolution();
    long.head.superior = "ĐẢNG BỘ CÔNG TY TRÁCH NHIỆM HỮU HẠN MỘT THÀNH VIÊN CẤP NƯỚC".into();
    long.head.issuer = "CHI BỘ PHÒNG KỸ THUẬT VÀ QUẢN LÝ MẠNG LƯỚI".into();
    long.head.place = "Thành phố Hồ Chí Minh".into();
    long.title.summary = Some("về lãnh đạo thực hiện nhiệm vụ cấp nước an toàn và phòng, chống thất thoát nước năm 2026".into());
    save("long.pdf", pdf(&long).unwrap());
    save("long.docx", docx(&long).unwrap());
    save("slips8.pdf", slips_pdf(&common::slips(10), SlipsPerPage::Eight).unwrap());
    save("ballots.pdf", ballots_pdf(&common::ballot(&[]), 7).unwrap());
    save("ballots12.pdf", ballots_pdf(&common::ballot(&NAMES), 4).unwrap());
    save("minutes.docx", docx(&common::minutes()).unwrap());
    save("notice.docx", docx(&common::notice()).unwrap());
    save("resolution.docx", docx(&common::resolution()).unwrap());
    save("slips6.pdf", slips_pdf(&common::slips(3), SlipsPerPage::Six).unwrap());
}

fn has(program: &str) -> bool {
    Command::new(program).arg("-v").output().is_ok()
}

fn ran(program: &str, args: &[&str]) -> String {
    let out = Command::new(program).args(args).output().unwrap();
    assert!(out.status.success(), "{program}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

fn saved(dir: &Path, name: &str, bytes: &[u8]) -> String {
    let path = dir.join(name);
    std::fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_owned()
}

/// Words in the order they are drawn, between the top and bottom margins (56 points of 842).
fn drawn(path: &str) -> Vec<String> {
    let text = ran("pdftotext", &["-raw", "-x", "0", "-y", "56", "-W", "596", "-H", "730", path, "-"]);
    words(&text)
}

/// What stands above the text on each page: the page numbers.
fn tops(path: &str) -> Vec<String> {
    let text = ran("pdftotext", &["-x", "0", "-y", "0", "-W", "596", "-H", "56", path, "-"]);
    let mut pages: Vec<String> = text.split('\u{c}').map(|p| p.trim().to_owned()).collect();
    pages.pop();
    pages
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().filter(|w| *w != "|" && !w.chars().all(|c| c == '.')).map(str::to_owned).collect()
}

#[test]
fn pdf_says_what_the_text_says() {
    if !has("pdftotext") {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let mut hostile = common::resolution();
    hostile.blocks = vec![
        common::para("#panic(\"x\") $x$ *đậm* _nghiêng_ `mã` \\ @ref <nhãn> ~ -- 'a' \"b\""),
        common::para("- gạch\n= tiêu đề\n+ số\n/ thuật ngữ: x // y /* z */ và\u{202e}đảo"),
        Block::Bullets(vec!["#read(\"/etc/passwd\")".into(), "#import \"@preview/x:1.0.0\"".into()]),
    ];
    for (name, mut doc) in
        [("minutes.pdf", common::minutes()), ("resolution.pdf", common::resolution()), ("hostile.pdf", hostile)]
    {
        let path = saved(dir.path(), name, &pdf(&doc).unwrap());
        doc.footer = None;
        let mut expected = words(&text(&doc));
        let mut seen = drawn(&path);
        if name == "minutes.pdf" {
            // The heading row of the tasks repeats on page 3.
            let row = "TT Nhiệm vụ Người thực hiện Thời hạn";
            let joined = seen.join(" ");
            assert_eq!(joined.matches(row).count(), 2);
            let at = joined.rfind(row).unwrap();
            let cut = format!("{}{}", &joined[..at], &joined[at + row.len()..]);
            seen = words(&cut);
        }
        // Cells are drawn row by row; a table's lines may swap, so compare it as a set.
        if name == "minutes.pdf" {
            expected.sort();
            seen.sort();
        }
        assert_eq!(seen, expected, "{name}");
    }
}

#[test]
fn equal_data_gives_equal_pdf() {
    let first = pdf(&common::minutes()).unwrap();
    let other = pdf(&common::resolution()).unwrap();
    assert_ne!(first, other);
    assert_eq!(first, pdf(&common::minutes()).unwrap());
    assert_eq!(pdf_book(&common::book()).unwrap(), pdf_book(&common::book()).unwrap());
}

#[test]
fn pdf_is_archival_and_a_missing_glyph_does_not_stop_it() {
    let find = |bytes: &[u8], what: &str| bytes.windows(what.len()).any(|w| w == what.as_bytes());
    let plain = pdf(&common::minutes()).unwrap();
    assert!(find(&plain, "pdfaid:part") || find(&plain, "pdfaid"));
    assert!(find(&plain, "LiberationSerif"));
    let mut odd = common::resolution();
    odd.blocks.push(common::para("Chúc mừng \u{1f389} 漢字"));
    let odd = pdf(&odd).unwrap();
    assert!(odd.starts_with(b"%PDF-") && !find(&odd, "pdfaid"));
}

#[test]
fn the_typefaces_hold_every_vietnamese_letter() {
    let bases = "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY";
    let tones = ["", "\u{300}", "\u{309}", "\u{303}", "\u{301}", "\u{323}"];
    let mut letters: String = bases.chars().flat_map(|c| tones.map(|tone| format!("{c}{tone} "))).collect();
    letters.push_str("đ Đ “ ” ‘ ’ – — … • § ° ½ × ≥ ≤ ₫ €");
    let mut doc = common::resolution();
    doc.head.place = letters.clone();
    doc.blocks = vec![common::lead(&letters, &letters), common::heading(3, &letters)];
    let file = pdf(&doc).unwrap();
    // Only a file whose every letter is drawn is archival.
    assert!(file.windows(6).any(|w| w == b"pdfaid"));
}

#[test]
fn pages_are_numbered_from_the_second_and_begin_anew() {
    if !has("pdftotext") {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let packet = pdf_many(&[common::minutes(), common::resolution(), common::minutes()]).unwrap();
    let path = saved(dir.path(), "packet.pdf", &packet);
    assert_eq!(tops(&path), ["", "2", "3", "", "", "2", "3"]);
    let path = saved(dir.path(), "book.pdf", &pdf_book(&common::book()).unwrap());
    assert_eq!(tops(&path), ["", "2", "3", "4", "5", "6", "7"]);
    let contents = drawn(&path).join(" ");
    assert!(contents.contains("MỤC LỤC 1. Biên bản số 05-BB/CB"), "{contents}");
    let line = ran("pdftotext", &["-f", "2", "-l", "2", "-layout", &path, "-"]);
    let page_of = |what: &str| {
        let at = line.find(what).unwrap();
        words(&line[at..]).into_iter().find(|w| w.parse::<u8>().is_ok_and(|n| n > 2 && n < 9))
    };
    assert_eq!(page_of("Nghị quyết số 02"), Some("6".into()));
}

#[test]
fn layout_is_that_of_the_profile() {
    if !has("pdftotext") {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let mut doc = common::resolution();
    doc.blocks = vec![common::para(&"chi bộ ".repeat(60))];
    let path = saved(dir.path(), "x.pdf", &pdf(&doc).unwrap());
    let boxes = ran("pdftotext", &["-bbox", &path, "-"]);
    let figure = |line: &str, name: &str| -> f64 {
        let rest = line.split(&format!("{name}=\"")).nth(1).unwrap();
        rest.split('"').next().unwrap().parse().unwrap()
    };
    let body: Vec<(f64, f64)> =
        boxes.lines().filter(|l| l.contains(">chi<")).map(|l| (figure(l, "xMin"), figure(l, "yMin"))).collect();
    let mut rows: Vec<f64> = body.iter().map(|b| b.1).collect();
    rows.dedup_by(|a, b| (*a - *b).abs() < 0.5);
    assert!(rows.len() >= 3);
    for pair in rows.windows(2) {
        assert!((pair[1] - pair[0] - 18.0).abs() < 0.05, "lines {pair:?}");
    }
    // First line 30 mm + 10 mm from the edge.
    assert!((body[0].0 - 40.0 * 72.0 / 25.4).abs() < 0.5, "{:?}", body[0]);
    let right = boxes.lines().filter(|l| l.contains(">bộ<")).map(|l| figure(l, "xMax")).fold(0.0, f64::max);
    assert!((right - 195.0 * 72.0 / 25.4).abs() < 0.5, "{right}");
}

#[test]
fn bad_figures_and_nothing_are_refused() {
    let mut doc = common::minutes();
    doc.profile.margins_mm.left = 1000.0;
    assert!(matches!(pdf(&doc), Err(Error::Profile { .. })));
    assert!(matches!(pdf_many(&[]), Err(Error::Nothing)));
    assert!(matches!(slips_pdf(&[], SlipsPerPage::Six), Err(Error::Nothing)));
    // A failure leaves the typesetter usable.
    assert!(pdf(&common::minutes()).is_ok());
}

#[test]
fn slips_fill_pages() {
    if !has("pdftotext") {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let path = saved(dir.path(), "slips.pdf", &slips_pdf(&common::slips(9), SlipsPerPage::Eight).unwrap());
    let text = ran("pdftotext", &["-layout", &path, "-"]);
    let pages: Vec<&str> = text.split('\u{c}').filter(|p| !p.trim().is_empty()).collect();
    assert_eq!(pages.len(), 2);
    assert_eq!(pages[0].matches("K7MQ 23").count(), 8);
    assert_eq!(pages[1].matches("K7MQ 2318").count(), 1);
    assert!(pages[0].contains("Trần Thị Mẫu"));
}

const NAMES: [&str; 12] = [
    "Nguyễn Văn Thí Dụ",
    "Trần Thị Mẫu",
    "Hoàng Nguyễn Minh Họa Thị Phương Thảo",
    "Lê Văn Bốn",
    "Phạm Thị Năm",
    "Đỗ Văn Sáu",
    "Vũ Thị Bảy",
    "Bùi Văn Tám",
    "Đặng Thị Chín",
    "Ngô Văn Mười",
    "Lý Thị Mười Một",
    "Cao Văn Mười Hai",
];

#[test]
fn ballots_are_four_to_a_page_and_all_alike() {
    if !has("pdftotext") {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    for (names, copies, pages) in [(&[][..], 7, 2), (&NAMES[..], 4, 1), (&NAMES[..2], 1, 1)] {
        let path = saved(dir.path(), "ballots.pdf", &ballots_pdf(&common::ballot(names), copies).unwrap());
        let text = ran("pdftotext", &["-raw", &path, "-"]);
        let spaced = |p: &str| p.split_whitespace().collect::<Vec<_>>().join(" ");
        let found: Vec<String> = text.split('\u{c}').map(spaced).filter(|p| !p.is_empty()).collect();
        assert_eq!(found.len(), pages);
        for page in &found {
            assert_eq!(page.matches("PHIẾU BIỂU QUYẾT").count(), 4);
            assert_eq!(page.matches("Tán thành").count(), 4);
            for name in names {
                assert_eq!(page.matches(name.split(' ').next_back().unwrap()).count() % 4, 0, "{name} is cut off");
                assert!(page.contains(name.split(' ').next_back().unwrap()), "{name}");
            }
            let papers: Vec<&str> = page.split("CHI BỘ KHU PHỐ MẪU").skip(1).map(str::trim).collect();
            let ends: Vec<&str> = papers.iter().map(|p| p.split("ĐẢNG BỘ").next().unwrap().trim()).collect();
            assert!(ends.windows(2).all(|w| w[0] == w[1]), "{ends:?}");
        }
    }
    // What is too much for a quarter of the page is drawn smaller, never cut.
    let mut long = common::ballot(&["Hoàng Nguyễn Minh Họa Thị Phương Thảo, tổ dân phố số mười hai"; 12]);
    long.question = "Đề nghị biểu dương trong thực hiện nhiệm vụ chính trị được giao ".repeat(7);
    let path = saved(dir.path(), "long.pdf", &ballots_pdf(&long, 4).unwrap());
    let text = ran("pdftotext", &["-raw", &path, "-"]);
    assert_eq!(text.matches('\u{c}').count(), 1, "one page");
    let bottom = ran("pdftotext", &["-bbox", &path, "-"]);
    let figure = |l: &str, name: &str| -> f64 {
        l.split(&format!("{name}=\"")).nth(1).unwrap().split('"').next().unwrap().parse().unwrap()
    };
    let lines = bottom.lines().filter(|l| l.contains("<word"));
    let lows: Vec<(f64, f64)> = lines.map(|l| (figure(l, "yMin"), figure(l, "yMax"))).collect();
    let half = 148.5 * 72.0 / 25.4;
    assert!(lows.iter().all(|(top, low)| *low < half - 8.0 || *top > half + 8.0), "a paper runs over its quarter");
    assert!(lows.iter().all(|(_, low)| *low < 2.0 * half - 8.0), "a paper runs off the page");
    assert!(matches!(ballots_pdf(&common::ballot(&[]), 0), Err(Error::Nothing)));
}

/// Needs an office program and a minute of patience, so it is asked for: NEP_TEST_OFFICE=1.
#[test]
fn an_office_program_opens_the_docx() {
    if std::env::var("NEP_TEST_OFFICE").as_deref() != Ok("1") || !has("pdftotext") {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let home = format!("-env:UserInstallation=file://{}/office", dir.path().display());
    let out = dir.path().join("out");
    let mut draft = common::minutes();
    draft.draft = true;
    let docs = [
        ("minutes", common::minutes(), 3),
        ("draft", draft, 3),
        ("scored", common::scored(), 1),
        ("resolution", common::resolution(), 1),
    ];
    for (name, doc, pages) in docs {
        let path = saved(dir.path(), &format!("{name}.docx"), &docx(&doc).unwrap());
        let to = out.to_str().unwrap();
        ran("soffice", &[&home, "--headless", "--convert-to", "pdf", "--outdir", to, &path]);
        let made = out.join(format!("{name}.pdf")).to_str().unwrap().to_owned();
        let numbers: Vec<String> = tops(&made).iter().map(|t| t.replace("DỰ THẢO", "").trim().to_owned()).collect();
        let expected: Vec<String> = (1..=pages).map(|n: i32| if n == 1 { String::new() } else { n.to_string() }).collect();
        assert_eq!(numbers, expected, "{name}");
        let seen = drawn(&made).join(" ");
        for key in [&doc.title.kind, &doc.head.issuer, &doc.signatures[0].name, &doc.profile.party_name] {
            assert!(seen.contains(key.as_str()), "{name}: {key}");
        }
        let row = "TT Nhiệm vụ Người thực hiện Thời hạn";
        let repeats = if pages == 3 { 2 } else { 0 };
        assert_eq!(seen.matches(row).count(), repeats, "{name}");
        let own = saved(dir.path(), "own.pdf", &pdf(&doc).unwrap());
        assert_eq!(tops(&own).len(), tops(&made).len(), "{name}");
    }
}
