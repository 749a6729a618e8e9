//! What a person typed: fields cleaned to NFC without control, bidi or zero-width characters
//! (P-29), files bounded, and problems gathered so that a page can show all of them at once.

use axum::body::{Body, to_bytes};
use axum::extract::multipart::MultipartError;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart};
use axum::http::{Request, StatusCode, header};
use domain::vi;

/// Longest body of an ordinary form, in bytes.
pub const FIELDS_MAX: usize = 1 << 20;
/// Largest upload with all its fields, in bytes.
pub const UPLOAD_MAX: usize = 20 << 20;

/// A file as it came.
#[derive(Debug, Clone, Default)]
pub struct Upload {
    /// Name of the field.
    pub field: String,
    /// Name the sender gave, without any folder.
    pub name: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// A wrong field, in the words its owner will read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Field it belongs to; empty for the form as a whole.
    pub field: String,
    /// What is wrong and what to do.
    pub text: String,
}

/// The fields and files of one request.
#[derive(Debug, Clone, Default)]
pub struct Form {
    fields: Vec<(String, String)>,
    /// Files, in order.
    pub files: Vec<Upload>,
    /// What is wrong so far.
    pub problems: Vec<Problem>,
}

/// Why a body could not be read at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// Larger than allowed.
    TooLarge,
    /// Neither a form nor an upload, or cut off.
    Malformed,
}

impl Form {
    /// A form from pairs, for tests and defaults.
    pub fn from_pairs<K: Into<String>, V: Into<String>>(pairs: impl IntoIterator<Item = (K, V)>) -> Self {
        Self { fields: pairs.into_iter().map(|(k, v)| (k.into(), v.into())).collect(), ..Self::default() }
    }

    /// The raw text of a field; empty when absent. For showing a form again as it was typed.
    pub fn raw(&self, name: &str) -> &str {
        self.fields.iter().find(|(k, _)| k == name).map_or("", |(_, v)| v.as_str())
    }

    /// Every value of a repeated field.
    pub fn every<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(k, _)| k == name).map(|(_, v)| v.as_str())
    }

    /// All fields, in order.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(k, v)| (k.as_str(), v.as_str()))
    }

    /// Sets a field, replacing what it held.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.fields.retain(|(k, _)| k != name);
        self.fields.push((name.to_owned(), value.into()));
    }

    /// True when a box is ticked.
    pub fn ticked(&self, name: &str) -> bool {
        !self.raw(name).is_empty()
    }

    /// Notes a problem with a field.
    pub fn problem(&mut self, field: &str, text: impl Into<String>) {
        self.problems.push(Problem { field: field.to_owned(), text: text.into() });
    }

    /// True when nothing is wrong.
    pub fn is_fine(&self) -> bool {
        self.problems.is_empty()
    }

    /// One line of text, cleaned, at most `max` characters; may be empty.
    pub fn line(&mut self, name: &str, max: usize) -> String {
        let cleaned = vi::clean_line(self.raw(name)).map_err(|e| e.to_string());
        self.bounded(name, cleaned, max)
    }

    /// One line that must not be empty; `missing` says what to write.
    pub fn required(&mut self, name: &str, max: usize, missing: &str) -> String {
        let before = self.problems.len();
        let text = self.line(name, max);
        if text.is_empty() && self.problems.len() == before {
            self.problem(name, missing);
        }
        text
    }

    /// Several lines of text, cleaned, at most `max` characters; may be empty.
    pub fn text(&mut self, name: &str, max: usize) -> String {
        let cleaned = vi::clean_text(self.raw(name)).map_err(|e| e.to_string());
        self.bounded(name, cleaned, max)
    }

    fn bounded(&mut self, name: &str, cleaned: Result<String, String>, max: usize) -> String {
        match cleaned {
            Ok(text) if text.chars().count() > max => {
                self.problem(name, format!("Nội dung dài quá {max} chữ cái. Đồng chí hãy rút ngắn lại."));
                text
            }
            Ok(text) => text,
            Err(why) => {
                self.problem(name, why);
                String::new()
            }
        }
    }

    /// A whole number within bounds, or `None` when empty.
    pub fn int(&mut self, name: &str, min: i64, max: i64) -> Option<i64> {
        let text = self.raw(name).trim().to_owned();
        if text.is_empty() {
            return None;
        }
        match text.parse::<i64>() {
            Ok(n) if (min..=max).contains(&n) => Some(n),
            _ => {
                self.problem(name, format!("Cần một số từ {min} đến {max}."));
                None
            }
        }
    }

    /// A date typed in any usual form, or `None` when empty.
    pub fn date(&mut self, name: &str) -> Option<jiff::civil::Date> {
        let text = self.raw(name).trim().to_owned();
        if text.is_empty() {
            return None;
        }
        match vi::parse_date(&text) {
            Ok(date) => Some(date),
            Err(_) => {
                self.problem(name, format!("“{text}” không phải là một ngày. Hãy viết như 03/12/2026."));
                None
            }
        }
    }

    /// A date that must be given.
    pub fn required_date(&mut self, name: &str, missing: &str) -> Option<jiff::civil::Date> {
        let before = self.problems.len();
        let date = self.date(name);
        if date.is_none() && self.problems.len() == before {
            self.problem(name, missing);
        }
        date
    }

    /// A time of day typed in any usual form, or `None` when empty.
    pub fn time(&mut self, name: &str) -> Option<jiff::civil::Time> {
        let text = self.raw(name).trim().to_owned();
        if text.is_empty() {
            return None;
        }
        match vi::parse_time(&text) {
            Ok(time) => Some(time),
            Err(_) => {
                self.problem(name, format!("“{text}” không phải là giờ. Hãy viết như 14:00 hoặc 14 giờ 30."));
                None
            }
        }
    }

    /// One of a closed set of words, or `None` when empty.
    pub fn code<C: domain::code::Code>(&mut self, name: &str) -> Option<C> {
        let text = self.raw(name).to_owned();
        if text.is_empty() {
            return None;
        }
        let found = C::from_code(&text);
        if found.is_none() {
            self.problem(name, "Hãy chọn một mục trong danh sách.");
        }
        found
    }

    /// An identifier picked from a list, or `None` when empty.
    pub fn id<K>(&mut self, name: &str) -> Option<domain::id::Id<K>> {
        let text = self.raw(name).trim().to_owned();
        if text.is_empty() {
            return None;
        }
        let found = text.parse().ok();
        if found.is_none() {
            self.problem(name, "Hãy chọn một mục trong danh sách.");
        }
        found
    }
}

/// Reads a request's body as a form. Unknown types are refused, never guessed.
pub async fn read(request: Request<Body>) -> Result<Form, Unreadable> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default().to_ascii_lowercase();
    if kind.starts_with("multipart/form-data") {
        return read_upload(request).await;
    }
    let bytes = to_bytes(request.into_body(), FIELDS_MAX).await.map_err(|_| Unreadable::TooLarge)?;
    if bytes.is_empty() {
        return Ok(Form::default());
    }
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return Err(Unreadable::Malformed);
    }
    let fields = form_urlencoded::parse(&bytes).into_owned().take(4000).collect();
    Ok(Form { fields, ..Form::default() })
}

/// What parts may add to the fields and files they carry.
const PARTS_MAX: usize = 256 << 10;

fn broken(error: MultipartError) -> Unreadable {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE { Unreadable::TooLarge } else { Unreadable::Malformed }
}

async fn read_upload(mut request: Request<Body>) -> Result<Form, Unreadable> {
    // The framework's own limit is 2 MB, far below what a scanned document needs.
    DefaultBodyLimit::max(UPLOAD_MAX + PARTS_MAX).apply(&mut request);
    let mut parts = Multipart::from_request(request, &()).await.map_err(|_| Unreadable::Malformed)?;
    let mut form = Form::default();
    let mut total = 0usize;
    while let Some(mut part) = parts.next_field().await.map_err(broken)? {
        let name = part.name().unwrap_or_default().to_owned();
        let file = part.file_name().map(plain_name);
        let mut bytes = Vec::new();
        while let Some(chunk) = part.chunk().await.map_err(broken)? {
            total += chunk.len();
            if total > UPLOAD_MAX {
                return Err(Unreadable::TooLarge);
            }
            bytes.extend_from_slice(&chunk);
        }
        match file {
            Some(name_given) if !bytes.is_empty() => form.files.push(Upload { field: name, name: name_given, bytes }),
            Some(_) => {}
            None => form.fields.push((name, String::from_utf8_lossy(&bytes).into_owned())),
        }
        if form.fields.len() + form.files.len() > 4000 {
            return Err(Unreadable::TooLarge);
        }
    }
    Ok(form)
}

/// The last part of a file's name, cleaned: a sender cannot name a folder or hide its end.
fn plain_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.chars().filter(|c| !c.is_control()).collect();
    let cleaned = vi::clean_line(&kept).unwrap_or_default();
    let short: String = cleaned.chars().rev().take(120).collect::<Vec<_>>().into_iter().rev().collect();
    if short.is_empty() { "tep".to_owned() } else { short }
}

impl Form {
    /// Whether something is wrong with a field, for templates.
    pub fn has_problem(&self, name: &str) -> bool {
        self.problems.iter().any(|p| p.field == name)
    }

    /// What is wrong with a field, for templates.
    pub fn problem_of(&self, name: &str) -> &str {
        self.problems.iter().find(|p| p.field == name).map_or("", |p| p.text.as_str())
    }
}
