//! A client that sees everything of an answer, and may send what no browser would.

use std::collections::BTreeMap;
use std::sync::Mutex;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, header};
use tower::ServiceExt;

/// Longest answer any page may give.
pub const ANSWER_MAX: usize = 64 << 20;
/// Kind of an ordinary form.
pub const FORM: &str = "application/x-www-form-urlencoded";

/// An answer with all its headers.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// A header as text; empty when absent.
    pub fn header(&self, name: &str) -> String {
        self.headers.get(name).map(|v| String::from_utf8_lossy(v.as_bytes()).into_owned()).unwrap_or_default()
    }

    /// Where a redirect leads.
    pub fn to(&self) -> String {
        self.header("location")
    }

    /// Whether it is a page.
    pub fn is_page(&self) -> bool {
        self.header("content-type").starts_with("text/html")
    }
}

/// Sends requests with the cookies of one browser.
pub struct Client {
    router: Router,
    /// Name of the role, for messages.
    pub name: String,
    /// Cookies, kept as the server sets them.
    pub cookies: Mutex<BTreeMap<String, String>>,
    /// Form key of the session; empty when nobody is signed in.
    pub key: String,
}

impl Client {
    /// A browser nobody has signed in with.
    pub fn new(router: &Router, name: &str) -> Self {
        Self { router: router.clone(), name: name.to_owned(), cookies: Mutex::default(), key: String::new() }
    }

    /// A browser that holds a session.
    pub fn holding(router: &Router, name: &str, token: &str, key: &str) -> Self {
        let client = Self { key: key.to_owned(), ..Self::new(router, name) };
        client.cookies.lock().unwrap().insert("nep".to_owned(), token.to_owned());
        client
    }

    /// Reads a page.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path).body(Body::empty()).unwrap()).await
    }

    /// Sends a form from our own page with exactly these fields.
    pub async fn post(&self, path: &str, fields: &[(String, String)]) -> Answer {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(fields);
        let request = self.request(Method::POST, path).header("sec-fetch-site", "same-origin").header("content-type", FORM);
        self.send(request.body(Body::from(body.finish())).unwrap()).await
    }

    /// As `post`, with the form key added.
    pub async fn act(&self, path: &str, fields: &[(String, String)]) -> Answer {
        let mut all = fields.to_vec();
        if !all.iter().any(|(k, _)| k == "_k") {
            all.push(("_k".to_owned(), self.key.clone()));
        }
        self.post(path, &all).await
    }

    /// Sends a file from our own page, with the key.
    pub async fn upload(&self, path: &str, field: &str, name: &str, bytes: &[u8]) -> Answer {
        let part = "--edge\r\nContent-Disposition: form-data; name=";
        let mut body = format!("{part}\"_k\"\r\n\r\n{}\r\n{part}\"{field}\"; filename=\"{name}\"\r\n\r\n", self.key).into_bytes();
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--edge--\r\n");
        let request = self.request(Method::POST, path).header("sec-fetch-site", "same-origin");
        self.send(request.header("content-type", "multipart/form-data; boundary=edge").body(Body::from(body)).unwrap()).await
    }

    /// The start of a request with the cookies.
    pub fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let cookies: Vec<String> = self.cookies.lock().unwrap().iter().map(|(k, v)| format!("{k}={v}")).collect();
        let request = Request::builder().method(method).uri(path).header("host", "nep.test");
        if cookies.is_empty() { request } else { request.header("cookie", cookies.join("; ")) }
    }

    /// Sends any request and keeps the cookies that come back.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let answer = self.send_without_keeping(request).await;
        for line in answer.headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().unwrap();
            let (pair, rest) = line.split_once(';').unwrap_or((line, ""));
            let (name, value) = pair.split_once('=').unwrap();
            let mut cookies = self.cookies.lock().unwrap();
            if rest.contains("Max-Age=0") {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    /// Sends any request; the browser stays as it was.
    pub async fn send_without_keeping(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, ANSWER_MAX).await.expect("an answer without end").to_vec();
        Answer { status: parts.status.as_u16(), headers: parts.headers, bytes }
    }
}

/// Pairs as owned text.
pub fn pairs(fields: &[(&str, &str)]) -> Vec<(String, String)> {
    fields.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
}
