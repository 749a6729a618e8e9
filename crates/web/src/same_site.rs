//! Whether a request that changes something comes from our own pages (P-14). The form token is
//! the second lock; this one needs no session and so guards the sign-in page too.

use axum::http::{HeaderMap, header};

/// True when the browser says the request starts on this origin.
///
/// Browsers that send `Sec-Fetch-Site` are believed; older ones must send an `Origin` (or
/// `Referer`) whose host is the `Host` asked for. A request with none of them is refused.
pub fn from_own_page(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin";
    }
    let Some(host) = text(header::HOST.as_str()) else {
        return false;
    };
    [header::ORIGIN.as_str(), header::REFERER.as_str()]
        .into_iter()
        .find_map(text)
        .and_then(|url| url.split_once("://"))
        .is_some_and(|(_, rest)| rest.split('/').next() == Some(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(k, v)| (axum::http::HeaderName::from_static(k), axum::http::HeaderValue::from_static(v))).collect()
    }

    #[test]
    fn only_our_own_pages_may_change_things() {
        for (pairs, ok) in [
            (vec![("sec-fetch-site", "same-origin")], true),
            (vec![("sec-fetch-site", "cross-site")], false),
            (vec![("sec-fetch-site", "same-site")], false),
            (vec![("host", "nep.vn"), ("origin", "https://nep.vn")], true),
            (vec![("host", "nep.vn"), ("origin", "https://nep.vn.evil.example")], false),
            (vec![("host", "nep.vn"), ("referer", "https://nep.vn/a/b")], true),
            (vec![("host", "nep.vn"), ("origin", "null")], false),
            (vec![("host", "nep.vn")], false),
        ] {
            assert_eq!(from_own_page(&headers(&pairs)), ok, "{pairs:?}");
        }
    }
}
