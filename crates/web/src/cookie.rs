//! Cookies: one for the session, one for the device. `__Host-` whenever the transport is TLS.

use axum::http::{HeaderMap, HeaderValue, header};

/// How cookies are written: with TLS they are bound to this host and never sent in clear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Jar {
    /// True when the installation is reached over TLS.
    pub secure: bool,
}

impl Jar {
    fn full_name(self, name: &str) -> String {
        if self.secure { format!("__Host-{name}") } else { name.to_owned() }
    }

    /// The value of a cookie sent by the browser.
    pub fn get(self, headers: &HeaderMap, name: &str) -> Option<String> {
        let wanted = self.full_name(name);
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|v| v.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(k, _)| *k == wanted)
            .map(|(_, v)| v.to_owned())
    }

    /// A `Set-Cookie` value. `max_age` in seconds; `None` ends with the browser.
    pub fn set(self, name: &str, value: &str, max_age: Option<u32>) -> Option<HeaderValue> {
        let mut text = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax", self.full_name(name));
        if let Some(age) = max_age {
            text.push_str(&format!("; Max-Age={age}"));
        }
        if self.secure {
            text.push_str("; Secure");
        }
        HeaderValue::from_str(&text).ok()
    }

    /// A `Set-Cookie` value that removes the cookie.
    pub fn clear(self, name: &str) -> Option<HeaderValue> {
        self.set(name, "", Some(0))
    }
}
