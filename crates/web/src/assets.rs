//! Styles, fonts and scripts, embedded. Names carry a hash of the content, so browsers keep them
//! for a year and never ask again; compressed once, at start.

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;
use std::collections::BTreeMap;
use std::sync::LazyLock;

#[derive(RustEmbed)]
#[folder = "../../assets"]
#[exclude = "*.md"]
#[exclude = "*.txt"]
struct Files;

struct Asset {
    plain: Bytes,
    gzip: Option<Bytes>,
    media_type: &'static str,
}

struct Shelf {
    by_url: BTreeMap<String, Asset>,
    url_of: BTreeMap<String, String>,
}

static SHELF: LazyLock<Shelf> = LazyLock::new(shelve);

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("woff2") => "font/woff2",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        _ => "application/octet-stream",
    }
}

fn hashed(name: &str, body: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    let hash = crate::random::hex(&Sha256::digest(body));
    let short = hash.get(..12).unwrap_or_default();
    match name.rsplit_once('.') {
        Some((stem, end)) => format!("/static/{stem}.{short}.{end}"),
        None => format!("/static/{name}.{short}"),
    }
}

fn shelve() -> Shelf {
    let mut shelf = Shelf { by_url: BTreeMap::new(), url_of: BTreeMap::new() };
    let mut names: Vec<String> = Files::iter().map(|n| n.to_string()).collect();
    // Styles come last: they name the fonts by their hashed addresses.
    names.sort_by_key(|n| (n.ends_with(".css"), n.clone()));
    for name in names {
        let Some(file) = Files::get(&name) else {
            continue;
        };
        let mut body = file.data.into_owned();
        if name.ends_with(".css")
            && let Ok(mut text) = String::from_utf8(body.clone())
        {
            for (other, url) in &shelf.url_of {
                for written in [format!("\"../{other}\""), format!("\"{other}\""), format!("\"./{other}\"")] {
                    text = text.replace(&format!("url({written})"), &format!("url(\"{url}\")"));
                }
                text = text.replace(&format!("url({other})"), &format!("url({url})"));
            }
            body = text.into_bytes();
        }
        let media = media_type(&name);
        let gzip = media.starts_with("text/").then(|| compress(&body)).flatten().map(Bytes::from);
        let url = hashed(&name, &body);
        shelf.url_of.insert(name, url.clone());
        shelf.by_url.insert(url, Asset { plain: body.into(), gzip, media_type: media });
    }
    shelf
}

fn compress(body: &[u8]) -> Option<Vec<u8>> {
    use std::io::Write;
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    out.write_all(body).ok()?;
    out.finish().ok()
}

/// The address of an asset by its plain name (`nep.css`), for templates.
pub fn url(name: &str) -> &'static str {
    SHELF.url_of.get(name).map_or("", String::as_str)
}

/// Serves one asset by its full path.
pub fn serve(path: &str, headers: &HeaderMap) -> Response {
    let Some(asset) = SHELF.by_url.get(path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let accepts = headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains("gzip"));
    let common = [
        (header::CONTENT_TYPE, asset.media_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::VARY, "accept-encoding"),
    ];
    match &asset.gzip {
        Some(gzip) if accepts => (common, [(header::CONTENT_ENCODING, "gzip")], gzip.clone()).into_response(),
        _ => (common, asset.plain.clone()).into_response(),
    }
}
