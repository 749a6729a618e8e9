//! Letters as golden texts, and what an address of a mail server means.

use super::*;
use domain::id::Id;
use jiff::civil::date;

fn mail(address: &str) -> Mail {
    Mail::read(address, "Nếp <nep@donvi.vn>").unwrap()
}

fn now() -> Timestamp {
    crate::actor::moment(date(2026, 12, 3).at(7, 0, 0, 0))
}

/// The letter with its text readable: the head as it is, the body decoded.
fn readable(letter: &Letter) -> String {
    let text = String::from_utf8(letter.bytes().to_vec()).unwrap().replace("\r\n", "\n");
    let (head, body) = text.split_once("\n\n").unwrap();
    assert!(text.is_ascii(), "every server takes it");
    let body = if head.contains("quoted-printable") { quoted(body) } else { base64(body) };
    format!("{head}\n\n{body}")
}

fn base64(body: &str) -> String {
    use ::base64::Engine;
    let bytes = ::base64::engine::general_purpose::STANDARD.decode(body.replace('\n', "")).unwrap();
    String::from_utf8(bytes).unwrap().replace("\r\n", "\n")
}

fn quoted(body: &str) -> String {
    let joined = body.replace("=\n", "");
    let mut bytes = Vec::new();
    let mut rest = joined.as_bytes();
    while let [first, tail @ ..] = rest {
        if *first == b'=' {
            bytes.push(u8::from_str_radix(std::str::from_utf8(&tail[..2]).unwrap(), 16).unwrap());
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[track_caller]
fn golden(name: &str, text: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("NEP_WRITE_GOLDEN").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    assert_eq!(text, std::fs::read_to_string(&path).unwrap(), "{name}");
}

#[test]
fn letters_are_golden_and_hold_no_content() {
    let counts = [(Kind::Overdue, 1), (Kind::Due, 1), (Kind::Check, 1), (Kind::Lead, 2)];
    let mail = mail("smtp://thu.donvi.vn");
    let news = mail.news(Id::new(77), "an@donvi.vn", &counts, "https://nep.donvi.vn", now()).unwrap();
    golden("mail-news.txt", &readable(&news));
    let code = mail.code(5, "an@donvi.vn", "7KQ4M9", "https://nep.donvi.vn", now()).unwrap();
    golden("mail-code.txt", &readable(&code));
}

#[test]
fn an_address_that_cannot_be_written_to_makes_no_letter() {
    let mail = mail("smtp://thu.donvi.vn");
    for address in ["", "an", "an@", "an@donvi.vn\r\nBcc: x@y.vn", "an@donvi.vn, b@donvi.vn"] {
        assert!(mail.news(Id::new(1), address, &[], "https://nep.donvi.vn", now()).is_none(), "{address}");
    }
}

#[test]
fn a_server_is_read_from_its_address() {
    let of = |address: &str| {
        let m = mail(address);
        (m.host, m.port, m.protection, m.sign_in.is_some())
    };
    assert_eq!(of("smtp://thu.donvi.vn"), ("thu.donvi.vn".into(), 587, Protection::Start, false));
    assert_eq!(of("smtp://a:b@thu.donvi.vn:25"), ("thu.donvi.vn".into(), 25, Protection::Start, true));
    assert_eq!(of("smtps://a:b@thu.donvi.vn"), ("thu.donvi.vn".into(), 465, Protection::Wrapped, true));
    assert_eq!(of("smtp://thu.donvi.vn:25?tls=khong"), ("thu.donvi.vn".into(), 25, Protection::None, false));
    assert_eq!(of("smtp://a:b@127.0.0.1:2525"), ("127.0.0.1".into(), 2525, Protection::None, true));
    assert_eq!(of("smtp://localhost:2525?tls=starttls"), ("localhost".into(), 2525, Protection::Start, false));
    for wrong in [
        "thu.donvi.vn:25",
        "smtp://thu.donvi.vn?tls=x",
        "smtps://thu.donvi.vn?tls=khong",
        "http://thu.donvi.vn",
        "smtp://",
        "smtp://a:b@thu.donvi.vn?tls=khong",
    ] {
        let told = Mail::read(wrong, "nep@donvi.vn").err();
        assert!(told.is_some_and(|t| !t.contains("a:b") && !t.contains("donvi")), "{wrong}: {told:?}");
    }
    assert!(Mail::read("smtp://thu.donvi.vn", "nep").is_err());
    assert_eq!(plain("a%40b+c"), "a@b+c");
    assert_eq!(format!("{:?}", mail("smtp://a:b@127.0.0.1")), "Mail");
}
