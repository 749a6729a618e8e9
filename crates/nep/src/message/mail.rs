//! Mail by SMTP: plain text without names and without content. The dialogue is led step by step, so that
//! it is known whether the other side may have taken a letter when something breaks.
//! May touch the mail server that was set up, nothing else. Rules: P-19 (no secret in logs), P-13.

use std::fmt;
use std::time::Duration;

use domain::delivery::{Outcome, Why};
use domain::reminder::{Kind, outside};
use jiff::Timestamp;
use lettre::address::{Address, Envelope};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail as MailFrom, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use url::Url;

use super::store::MessageId;

/// How long one step of the dialogue may take; all of them together are far shorter than a delivery is held.
const PATIENCE: Duration = Duration::from_secs(15);

/// How the connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Protection {
    /// From the first byte on.
    Wrapped,
    /// By STARTTLS, or nothing is sent.
    Start,
    /// Not at all: a server on this machine, or where it was said in so many words.
    None,
}

/// The mail server of the installation.
pub struct Mail {
    host: String,
    port: u16,
    protection: Protection,
    sign_in: Option<Credentials>,
    from: Mailbox,
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mail")
    }
}

/// The connection to the mail server, while it holds.
#[derive(Default)]
pub struct Line(Option<SmtpConnection>);

impl Line {
    /// Hangs up.
    pub fn close(&mut self) {
        if let Some(mut connection) = self.0.take() {
            // Whatever the server says to a goodbye changes nothing.
            let _ = connection.quit();
        }
    }
}

/// A letter ready to be sent.
pub struct Letter {
    envelope: Envelope,
    bytes: Vec<u8>,
}

impl Letter {
    /// The letter as it goes over the wire.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Whether a host is this very machine.
pub fn is_own(host: &str) -> bool {
    matches!(host, "localhost" | "[::1]" | "::1") || host.starts_with("127.")
}

/// A part of an address as it was meant: `%40` is `@`.
fn plain(part: &str) -> String {
    url::form_urlencoded::parse(format!("x={}", part.replace('+', "%2B")).as_bytes())
        .next()
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

impl Mail {
    /// Reads `smtp://name:password@host:587` (STARTTLS), `smtps://…` (TLS from the first byte), and
    /// `smtp://host:25?tls=khong` for a server that has none. A server on this machine needs none unless
    /// `?tls=starttls` asks for it.
    ///
    /// # Errors
    /// What is wrong, in words that hold nothing of what was given.
    pub fn read(address: &str, from: &str) -> Result<Self, &'static str> {
        let url = Url::parse(address).map_err(|_| "địa chỉ máy chủ thư không đúng dạng smtp://máy:cổng")?;
        let host = url.host_str().filter(|h| !h.is_empty()).ok_or("địa chỉ máy chủ thư thiếu tên máy")?.to_owned();
        let asked = url.query_pairs().find(|(k, _)| k == "tls").map(|(_, v)| v.into_owned());
        let protection = match (url.scheme(), asked.as_deref()) {
            ("smtps", None) => Protection::Wrapped,
            ("smtp", Some("starttls")) => Protection::Start,
            ("smtp", Some("khong")) => Protection::None,
            ("smtp", None) if is_own(&host) => Protection::None,
            ("smtp", None) => Protection::Start,
            ("smtp" | "smtps", Some(_)) => return Err("tham số tls của máy chủ thư chỉ là starttls hoặc khong"),
            _ => return Err("địa chỉ máy chủ thư phải bắt đầu bằng smtp:// hoặc smtps://"),
        };
        let sign_in = (!url.username().is_empty())
            .then(|| Credentials::new(plain(url.username()), plain(url.password().unwrap_or_default())));
        if sign_in.is_some() && protection == Protection::None && !is_own(&host) {
            return Err("không gửi mật khẩu thư qua đường không có TLS");
        }
        let usual = if protection == Protection::Wrapped { 465 } else { 587 };
        let from = from.parse().map_err(|_| "địa chỉ người gửi không đúng dạng ten@donvi.vn")?;
        Ok(Self { host, port: url.port().unwrap_or(usual), protection, sign_in, from })
    }

    /// A letter to one address.
    fn letter(&self, id: &str, to: &str, subject: &str, body: String, now: Timestamp) -> Option<Letter> {
        let to: Address = to.parse().ok()?;
        let envelope = Envelope::new(Some(self.from.email.clone()), vec![to.clone()]).ok()?;
        let auto = HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned());
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(subject)
            .date(std::time::SystemTime::from(now))
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())))
            .raw_header(auto)
            .header(ContentType::TEXT_PLAIN)
            .body(body)
            .ok()?;
        Some(Letter { envelope, bytes: message.formatted() })
    }

    /// The letter of a message: how much waits, and where; none where the address cannot be written to.
    pub fn news(&self, id: MessageId, to: &str, counts: &[(Kind, u32)], address: &str, now: Timestamp) -> Option<Letter> {
        let body = format!(
            "Kính gửi đồng chí,\n\n\
             Đồng chí có việc mới trên Nếp: {}.\n\
             Mở: {address}/toi/tin\n\n\
             Thư này do hệ thống gửi, không nêu nội dung công việc; đồng chí không cần trả lời.\n\
             Không muốn nhận thư nữa, đồng chí mở: {address}/toi/thu\n",
            outside(counts)
        );
        self.letter(&format!("tin-{id}"), to, "Nếp: đồng chí có việc mới", body, now)
    }

    /// The letter with the code that confirms an address.
    pub fn code(&self, id: i64, to: &str, code: &str, address: &str, now: Timestamp) -> Option<Letter> {
        let body = format!(
            "Kính gửi đồng chí,\n\n\
             Mã xác nhận địa chỉ thư: {code}\n\
             Nhập mã ở trang {address}/toi/thu trong 30 phút.\n\n\
             Nếu đồng chí không đề nghị, xin bỏ qua thư này; sẽ không có thư nào được gửi tiếp.\n"
        );
        self.letter(&format!("ma-{id}"), to, "Nếp: mã xác nhận địa chỉ thư", body, now)
    }

    /// Sends a letter over the line, connecting anew where it does not hold any more. Blocks.
    pub fn send(&self, line: &mut Line, letter: &Letter) -> Outcome {
        let held = line.0.take().and_then(|mut c| c.test_connected().then_some(c));
        let mut connection = match held.map_or_else(|| self.connect(), Ok) {
            Ok(connection) => connection,
            Err(outcome) => return outcome,
        };
        let outcome = dialogue(&mut connection, letter);
        if outcome == Outcome::Taken && !connection.has_broken() {
            line.0 = Some(connection);
        } else {
            connection.abort();
        }
        outcome
    }

    fn connect(&self) -> Result<SmtpConnection, Outcome> {
        let hello = ClientId::Domain(self.from.email.domain().to_owned());
        let tls = match self.protection {
            Protection::None => None,
            Protection::Wrapped | Protection::Start => {
                Some(TlsParameters::new(self.host.clone()).map_err(|_| Outcome::Later(Why::Tls))?)
            }
        };
        let from_start = tls.as_ref().filter(|_| self.protection == Protection::Wrapped);
        let at = (self.host.trim_matches(['[', ']']), self.port);
        let mut connection = SmtpConnection::connect(at, Some(PATIENCE), &hello, from_start, None).map_err(|e| before(&e))?;
        if let Some(tls) = tls.as_ref().filter(|_| self.protection == Protection::Start) {
            connection.starttls(tls, &hello).map_err(|e| if e.is_transient() { before(&e) } else { Outcome::Later(Why::Tls) })?;
        }
        if let Some(sign_in) = &self.sign_in {
            // Somebody has to mend the name or the password; until then every letter would ask again.
            let refused = |e: Error| if e.is_permanent() || e.is_client() { Outcome::Later(Why::SignIn) } else { before(&e) };
            connection.auth(DEFAULT_MECHANISMS, sign_in).map_err(refused)?;
        }
        Ok(connection)
    }
}

/// Everything up to the letter itself was not taken, whatever breaks.
fn dialogue(connection: &mut SmtpConnection, letter: &Letter) -> Outcome {
    let from = letter.envelope.from().cloned();
    if let Err(error) = connection.command(MailFrom::new(from, Vec::new())) {
        return before(&error);
    }
    for to in letter.envelope.to() {
        if let Err(error) = connection.command(Rcpt::new(to.clone(), Vec::new())) {
            return if error.is_permanent() { Outcome::Never(Why::Address) } else { before(&error) };
        }
    }
    if let Err(error) = connection.command(Data) {
        return before(&error);
    }
    match connection.message(letter.bytes()) {
        Ok(_) => Outcome::Taken,
        Err(error) if error.is_transient() => Outcome::Later(Why::Busy),
        Err(error) if error.is_permanent() => Outcome::Never(Why::Refused),
        Err(_) => Outcome::Unclear(Why::Broken),
    }
}

/// What an error before the letter means.
fn before(error: &Error) -> Outcome {
    if error.is_permanent() {
        Outcome::Never(Why::Refused)
    } else if error.is_transient() {
        Outcome::Later(Why::Busy)
    } else if error.is_tls() || is_handshake(error) {
        Outcome::Later(Why::Tls)
    } else {
        Outcome::Later(Why::Connection)
    }
}

/// The handshake happens with the first bytes that are read: its refusal comes as an error of reading.
fn is_handshake(error: &Error) -> bool {
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        if inner.downcast_ref::<std::io::Error>().is_some_and(|e| e.kind() == std::io::ErrorKind::InvalidData) {
            return true;
        }
        source = inner.source();
    }
    false
}

#[cfg(test)]
#[path = "mail_tests.rs"]
mod tests;
