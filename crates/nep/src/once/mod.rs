//! Sendings that are carried out once however often they arrive, and how a page keeps what it could
//! not send (P-27): the key and the age a request carries, and where a page may keep its queue.

pub mod store;

use axum::http::HeaderMap;
use domain::rulepack::Rules;
use jiff::SignedDuration;

/// Header with the key of a sending: what our own script makes.
pub const KEY_HEADER: &str = "x-nep-once";
/// Header with how long ago it was pressed, in milliseconds, as the device counted them.
pub const AGO_HEADER: &str = "x-nep-ago";
/// Header by which a script asks to be told where an action leads instead of being sent there.
pub const GO_HEADER: &str = "x-nep-go";
/// Header of the answer to it.
pub const TO_HEADER: &str = "x-nep-to";
/// What the answer to a sending says that was carried out before, under [`KEY_HEADER`].
pub const DONE: &str = "da-ghi";
/// The figure that says whether text of a meeting may be kept in a browser.
pub const KEEP: &str = "outbox.keep";
/// The oldest press that counts as when it was pressed.
const OLDEST: SignedDuration = SignedDuration::from_hours(24);

/// What a request says of its own sending.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sending {
    /// Its key; none when it was sent as a plain form.
    pub key: Option<String>,
    /// How long it waited on the device.
    pub ago: SignedDuration,
}

impl Sending {
    /// Reads what the headers say. A key of another shape is none; an age that is no number is none.
    pub fn of(headers: &HeaderMap) -> Self {
        let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
        let fits = |key: &&str| (8..=64).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        let ago = text(AGO_HEADER).and_then(|ms| ms.parse::<u64>().ok()).and_then(|ms| i64::try_from(ms).ok());
        Self {
            key: text(KEY_HEADER).filter(fits).map(str::to_owned),
            ago: ago.map(SignedDuration::from_millis).unwrap_or_default().min(OLDEST),
        }
    }
}

/// Where a page keeps what waits to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// In its memory; what an earlier page stored is still sent.
    Page,
    /// In its memory; nothing may be stored here.
    Memory,
    /// In the browser, encrypted.
    Device,
}

impl Keep {
    /// What the rules of an organisation allow.
    pub fn by(rules: &Rules) -> Self {
        if rules.flag(KEEP) { Self::Device } else { Self::Memory }
    }

    /// The word by which the script knows it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Page => "trang",
            Self::Memory => "khong",
            Self::Device => "may",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    fn sent(key: &'static str, ago: &'static str) -> Sending {
        Sending::of(&HeaderMap::from_iter([
            (HeaderName::from_static(KEY_HEADER), HeaderValue::from_static(key)),
            (HeaderName::from_static(AGO_HEADER), HeaderValue::from_static(ago)),
        ]))
    }

    #[test]
    fn a_sending_says_its_key_and_a_bounded_age() {
        let key = "7e57d004-2b97-4e7a-b45f-5387367791cd";
        assert_eq!(sent(key, "1500"), Sending { key: Some(key.to_owned()), ago: SignedDuration::from_millis(1500) });
        for (ago, ms) in [("-5", 0), ("x", 0), ("", 0), ("90000000", 86_400_000), ("18446744073709551615", 0)] {
            assert_eq!(sent(key, ago).ago.as_millis(), ms, "{ago}");
        }
        for key in ["", "ngan", "co dau cach trong", "'; drop table once; --"] {
            assert_eq!(sent(key, "1").key, None, "{key}");
        }
        assert_eq!(Sending::of(&HeaderMap::new()), Sending::default());
    }
}
