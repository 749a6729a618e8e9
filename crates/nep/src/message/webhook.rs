//! A webhook: one signed request for each message, without any content, to the one address that was set
//! up. Signed as the Standard Webhooks specification says, so that libraries on the other side verify it.
//! May touch that address, nothing else. Rules: P-19, P-27.

use std::fmt;
use std::io::ErrorKind;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::code::Code;
use domain::delivery::{Outcome, Why};
use domain::reminder::Kind;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde_json::json;
use sha2::Sha256;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::{Agent, Error, Timeout};
use url::Url;

use super::mail::is_own;
use super::store::delivery::Claimed;

/// How long a request may take from name to answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// Secrets are at least this long.
const SECRET_MIN: usize = 24;

/// The receiver of the installation.
pub struct Hook {
    url: String,
    secret: Vec<u8>,
    agent: Agent,
}

impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hook")
    }
}

impl Hook {
    /// Reads an address and a secret; `whsec_…` is base64, anything else is taken as it is.
    ///
    /// # Errors
    /// What is wrong, in words that hold nothing of what was given.
    pub fn read(address: &str, secret: &str) -> Result<Self, &'static str> {
        let url = Url::parse(address).map_err(|_| "địa chỉ webhook không đúng dạng https://…")?;
        let own = url.host_str().is_some_and(is_own);
        if url.scheme() != "https" && !(url.scheme() == "http" && own) {
            return Err("địa chỉ webhook phải bắt đầu bằng https:// (http:// chỉ dùng cho chính máy này)");
        }
        let key = match secret.strip_prefix("whsec_") {
            Some(coded) => STANDARD.decode(coded).map_err(|_| "khóa bí mật của webhook không đúng dạng")?,
            None => secret.as_bytes().to_vec(),
        };
        if key.len() < SECRET_MIN {
            return Err("khóa bí mật của webhook cần ít nhất 24 ký tự");
        }
        Ok(Self { url: url.into(), secret: key, agent: agent() })
    }

    /// `v1,…`: HMAC-SHA-256 of id, moment and body.
    fn signature(&self, id: &str, at: i64, body: &str) -> Option<String> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.secret).ok()?;
        mac.update(format!("{id}.{at}.{body}").as_bytes());
        Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
    }

    /// Sends one message. Blocks.
    pub fn send(&self, claimed: &Claimed, counts: &[(Kind, u32)], address: &str, now: Timestamp) -> Outcome {
        let body = body(claimed, counts, address);
        let (id, at) = (format!("tin-{}", claimed.message), now.as_second());
        let Some(signature) = self.signature(&id, at, &body) else {
            return Outcome::Never(Why::Unset);
        };
        let request = self
            .agent
            .post(&self.url)
            .header("content-type", "application/json; charset=utf-8")
            .header("webhook-id", &id)
            .header("webhook-timestamp", at.to_string())
            .header("webhook-signature", &signature);
        match request.send(&body) {
            Ok(answer) => answered(answer.status().as_u16()),
            Err(error) => broken(&error),
        }
    }
}

/// The message for the other side: who by number, how much of what kind, where to read it.
fn body(claimed: &Claimed, counts: &[(Kind, u32)], address: &str) -> String {
    let counts: serde_json::Map<String, serde_json::Value> =
        counts.iter().map(|(k, n)| (k.code().to_owned(), json!(n))).collect();
    json!({
        "type": "reminder",
        "id": format!("tin-{}", claimed.message),
        "day": claimed.day.to_string(),
        "person": claimed.person.to_string(),
        "org": claimed.org.to_string(),
        "counts": counts,
        "address": format!("{address}/toi/tin"),
    })
    .to_string()
}

/// Trusts whom the machine trusts, follows nobody elsewhere, keeps no connection: one that the other side
/// closed meanwhile could not be told from one that broke under the request.
fn agent() -> Agent {
    let roots: Vec<Certificate<'static>> =
        rustls_native_certs::load_native_certs().certs.iter().map(|c| Certificate::from_der(c.as_ref()).to_owned()).collect();
    let config = Agent::config_builder()
        .tls_config(TlsConfig::builder().root_certs(RootCerts::new_with_certs(&roots)).build())
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .max_idle_connections(0)
        .proxy(None)
        .user_agent(concat!("nep/", env!("CARGO_PKG_VERSION")))
        .timeout_connect(Some(PATIENCE / 2))
        .timeout_global(Some(PATIENCE))
        .build();
    config.new_agent()
}

/// What an answer means.
fn answered(status: u16) -> Outcome {
    match status {
        200..=299 => Outcome::Taken,
        408 | 425 | 429 | 500..=599 => Outcome::Later(Why::Busy),
        _ => Outcome::Never(Why::Refused),
    }
}

/// Whether the other side may have it when something breaks.
fn broken(error: &Error) -> Outcome {
    match error {
        Error::HostNotFound | Error::ConnectionFailed | Error::Timeout(Timeout::Resolve | Timeout::Connect) => {
            Outcome::Later(Why::Connection)
        }
        Error::Tls(_) | Error::Rustls(_) | Error::Pem(_) | Error::TlsRequired => Outcome::Later(Why::Tls),
        Error::Io(e) => match e.kind() {
            ErrorKind::ConnectionRefused
            | ErrorKind::HostUnreachable
            | ErrorKind::NetworkUnreachable
            | ErrorKind::AddrNotAvailable => Outcome::Later(Why::Connection),
            ErrorKind::InvalidData => Outcome::Later(Why::Tls),
            _ => Outcome::Unclear(Why::Broken),
        },
        Error::BadUri(_) | Error::Http(_) => Outcome::Never(Why::Address),
        _ => Outcome::Unclear(Why::Broken),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::delivery::Channel;
    use domain::id::Id;
    use jiff::civil::date;

    const SECRET: &str = "whsec_bWlraG9uZ2JpbWF0Y3VhbWF5Y2h1bmVw";

    fn claimed() -> Claimed {
        Claimed {
            id: Id::new(1),
            message: Id::new(77),
            person: Id::new(5),
            channel: Channel::Webhook,
            tries: 1,
            day: date(2026, 12, 3),
            org: Id::new(9),
            counts: String::new(),
            address: None,
        }
    }

    #[test]
    fn the_body_holds_numbers_and_no_content() {
        let text = body(&claimed(), &[(Kind::Due, 2), (Kind::Check, 1)], "https://nep.donvi.vn");
        assert_eq!(
            text,
            r#"{"address":"https://nep.donvi.vn/toi/tin","counts":{"check":1,"due":2},"day":"2026-12-03","id":"tin-77","org":"9","person":"5","type":"reminder"}"#
        );
    }

    #[test]
    fn the_signature_is_that_of_the_specification() {
        // The example of the Standard Webhooks specification.
        let hook = Hook::read("https://a.vn/x", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signed = hook.signature("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signed.as_deref(), Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
    }

    #[test]
    fn an_address_and_a_secret_are_read_or_told_what_is_wrong() {
        assert!(Hook::read("https://a.vn/x", SECRET).is_ok());
        assert!(Hook::read("http://127.0.0.1:9/x", "một khóa đủ dài để không ai đoán được").is_ok());
        for (address, secret) in [
            ("http://a.vn/x", SECRET),
            ("a.vn", SECRET),
            ("https://a.vn/x", "ngắn"),
            ("https://a.vn/x", "whsec_!"),
            ("https://a.vn/x", "whsec_bmdhbg=="),
        ] {
            let told = Hook::read(address, secret).err();
            assert!(told.is_some_and(|t| !t.contains("a.vn") && !t.contains(secret)), "{address}");
        }
        assert_eq!(format!("{:?}", Hook::read("https://a.vn/x", SECRET).unwrap()), "Hook");
    }

    #[test]
    fn answers_by_table() {
        let table = [
            (200, Outcome::Taken),
            (204, Outcome::Taken),
            (302, Outcome::Never(Why::Refused)),
            (400, Outcome::Never(Why::Refused)),
            (410, Outcome::Never(Why::Refused)),
            (429, Outcome::Later(Why::Busy)),
            (503, Outcome::Later(Why::Busy)),
        ];
        for (status, outcome) in table {
            assert_eq!(answered(status), outcome, "{status}");
        }
        let io = |kind| broken(&Error::Io(std::io::Error::from(kind)));
        assert_eq!(io(ErrorKind::ConnectionRefused), Outcome::Later(Why::Connection));
        assert_eq!(io(ErrorKind::UnexpectedEof), Outcome::Unclear(Why::Broken));
        assert_eq!(broken(&Error::Timeout(Timeout::RecvResponse)), Outcome::Unclear(Why::Broken));
        assert_eq!(broken(&Error::HostNotFound), Outcome::Later(Why::Connection));
    }
}
