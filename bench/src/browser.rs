//! A browser without a window: cookies, the form key, redirects, compressed answers.
//! May touch: one server on this machine.

use anyhow::{Context, bail};
use std::collections::BTreeMap;
use std::io::Read;
use std::net::SocketAddr;
use std::time::Duration;

use crate::http::Conn;

/// No single answer may take longer.
const PATIENCE: Duration = Duration::from_secs(60);

/// An answer.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// Status.
    pub status: u16,
    /// Where it was found, after redirects.
    pub path: String,
    /// Where a redirect leads.
    pub to: String,
    /// Content type.
    pub kind: String,
    /// Content encoding; empty for none.
    pub encoding: String,
    /// Body as it was sent.
    pub wire: Vec<u8>,
    /// Body unpacked.
    pub text: String,
}

impl Page {
    /// Every address a link of the page leads to.
    pub fn links(&self) -> Vec<String> {
        self.text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).map(plain).collect()
    }

    /// Value of an attribute in every tag that has it, with the tag's whole text.
    pub fn tags_with(&self, attribute: &str) -> Vec<(String, String)> {
        let mark = format!(" {attribute}=\"");
        let mut found = Vec::new();
        for (at, _) in self.text.match_indices(&mark) {
            let (before, after) = self.text.split_at(at);
            let tag = format!("{}{}", before.rsplit('<').next().unwrap_or_default(), after.split('>').next().unwrap_or_default());
            if let Some(value) = value_of(&tag, attribute) {
                found.push((value, tag));
            }
        }
        found
    }
}

/// Value of an attribute in the text of a tag.
pub fn value_of(tag: &str, attribute: &str) -> Option<String> {
    let value = tag.split(&format!(" {attribute}=\"")).nth(1)?;
    value.split('"').next().map(plain)
}

fn plain(value: &str) -> String {
    value.replace("&#38;", "&").replace("&amp;", "&")
}

/// A browser on one server.
pub struct Browser {
    at: SocketAddr,
    conn: Option<Conn>,
    cookies: BTreeMap<String, String>,
    /// Form key of the session.
    pub key: String,
}

impl Browser {
    /// A browser nobody has signed in with.
    pub fn new(at: SocketAddr) -> Self {
        Self { at, conn: None, cookies: BTreeMap::new(), key: String::new() }
    }

    /// The server.
    pub fn at(&self) -> SocketAddr {
        self.at
    }

    /// Takes a cookie as if it had been sent.
    pub fn hold(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    /// The same session in other hands.
    pub fn copy(&self) -> Self {
        Self { at: self.at, conn: None, cookies: self.cookies.clone(), key: self.key.clone() }
    }

    /// A whole request, as its bytes.
    pub fn request(&self, method: &str, path: &str, headers: &str, body: &[u8]) -> Vec<u8> {
        let cookies: Vec<String> = self.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect();
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\naccept-encoding: gzip, deflate, br\r\n", self.at);
        head.push_str("user-agent: nep-bench\r\nsec-fetch-site: same-origin\r\n");
        if !cookies.is_empty() {
            head.push_str(&format!("cookie: {}\r\n", cookies.join("; ")));
        }
        if method != "GET" {
            head.push_str(&format!("content-length: {}\r\n", body.len()));
        }
        head.push_str(headers);
        head.push_str("\r\n");
        [head.as_bytes(), body].concat()
    }

    /// Sends a request; redirects are not followed.
    pub async fn send(&mut self, path: &str, request: &[u8]) -> anyhow::Result<Page> {
        let asked = async {
            // A kept connection may have been closed meanwhile: one more try on a fresh one.
            if let Some(mut conn) = self.conn.take()
                && !conn.closing()
                && let Ok(status) = conn.ask(request).await
            {
                return anyhow::Ok((conn, status));
            }
            let mut conn = Conn::open(self.at).await?;
            let status = conn.ask(request).await?;
            Ok((conn, status))
        };
        let (conn, status) = tokio::time::timeout(PATIENCE, asked).await.with_context(|| format!("no answer: {path}"))??;
        let mut page = Page { status, path: path.to_owned(), wire: conn.body()?, ..Page::default() };
        for line in conn.head().lines() {
            let Some((name, value)) = line.split_once(':') else {
                continue;
            };
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "location" => value.clone_into(&mut page.to),
                "content-type" => value.clone_into(&mut page.kind),
                "content-encoding" => value.clone_into(&mut page.encoding),
                "set-cookie" => self.keep(value),
                _ => {}
            }
        }
        self.conn = Some(conn);
        page.text = unpack(&page)?;
        if let Some((key, _)) = page.text.split("<meta name=\"csrf\" content=\"").nth(1).and_then(|r| r.split_once('"')) {
            key.clone_into(&mut self.key);
        }
        Ok(page)
    }

    fn keep(&mut self, cookie: &str) {
        let pair = cookie.split(';').next().unwrap_or_default();
        let Some((name, value)) = pair.split_once('=') else {
            return;
        };
        if cookie.contains("Max-Age=0") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }

    /// Reads a page, following redirects.
    pub async fn get(&mut self, path: &str) -> anyhow::Result<Page> {
        let mut path = path.to_owned();
        for _ in 0..6 {
            let page = self.send(&path, &self.request("GET", &path, "accept: text/html\r\n", b"")).await?;
            if !(300..400).contains(&page.status) {
                return Ok(page);
            }
            path.clone_from(&page.to);
        }
        bail!("too many redirects to {path}")
    }

    /// Reads a page that must be there.
    pub async fn page(&mut self, path: &str) -> anyhow::Result<Page> {
        let page = self.get(path).await?;
        if page.status != 200 {
            bail!("{path} answered {}", page.status);
        }
        Ok(page)
    }

    /// The request that sends a form with the session's key.
    pub fn form(&self, path: &str, fields: &[(&str, &str)]) -> Vec<u8> {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(fields).append_pair("_k", &self.key);
        self.request("POST", path, "content-type: application/x-www-form-urlencoded\r\n", body.finish().as_bytes())
    }

    /// Sends a form with the session's key.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> anyhow::Result<Page> {
        self.send(path, &self.form(path, fields)).await
    }

    /// Sends a form with a file.
    pub async fn upload(&mut self, path: &str, field: &str, name: &str, bytes: &[u8]) -> anyhow::Result<Page> {
        let edge = "nep-bench-edge-of-parts";
        let mut body =
            format!("--{edge}\r\nContent-Disposition: form-data; name=\"_k\"\r\n\r\n{}\r\n--{edge}\r\n", self.key).into_bytes();
        let head = format!(
            "Content-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(format!("\r\n--{edge}--\r\n").as_bytes());
        let kind = format!("content-type: multipart/form-data; boundary={edge}\r\n");
        self.send(path, &self.request("POST", path, &kind, &body)).await
    }
}

fn unpack(page: &Page) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    match page.encoding.as_str() {
        "gzip" => {
            flate2::read::GzDecoder::new(page.wire.as_slice()).read_to_end(&mut bytes)?;
        }
        "" => bytes.clone_from(&page.wire),
        other => bail!("{} came as {other}", page.path),
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_with_their_attributes() {
        let text = r#"<a href="/x?a=1&#38;b=2">x</a><textarea id="t" data-autosave="/s/1" data-version="7">chữ</textarea>"#;
        let page = Page { text: text.to_owned(), ..Page::default() };
        assert_eq!(page.links(), ["/x?a=1&b=2"]);
        let tags = page.tags_with("data-autosave");
        assert_eq!(tags.len(), 1);
        assert_eq!(tags[0].0, "/s/1");
        assert_eq!(value_of(&tags[0].1, "data-version").as_deref(), Some("7"));
        assert_eq!(value_of(&tags[0].1, "nothing"), None);
    }
}
