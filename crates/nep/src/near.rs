//! Pages from replicas. Who stands where is always judged by the primary; a page that only shows may come
//! from a replica, unless it is of a running meeting or its reader has just changed something that the replica does
//! not have yet. What a browser must see is a mark in a cookie: a place in the primary's log, so that any
//! server understands it and no clock matters.
//! May touch the database and cookies. Rules: P-1 (what was acknowledged is there when one looks).

use axum::extract::Request;
use axum::http::{Method, header};
use axum::middleware::Next;
use axum::response::Response;
use db::Sees;

use crate::app::App;

/// Name of the cookie with the mark of a browser's last change.
const MARK: &str = "nep-moc";
/// Seconds after which any replica in use has it: far beyond the lag that is allowed.
const KEPT: u32 = 120;

/// Answers a request; `live` pages are always read from the primary.
pub async fn answer(app: &App, request: Request, next: Next, live: bool) -> Response {
    if app.db.replicas().is_none() {
        return next.run(request).await;
    }
    let sees = if live || request.method() != Method::GET { Sees::Everything } else { sees(app, &request) };
    let (mut response, wrote) = app.db.seeing(sees, next.run(request)).await;
    if wrote {
        // Where the mark cannot be learnt, everything is asked of the primary for a while.
        let mark = app.db.mark().await.unwrap_or(u64::MAX);
        if let Some(cookie) = app.jar.set(MARK, &format!("{mark:x}"), Some(KEPT)) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    response
}

fn sees(app: &App, request: &Request) -> Sees {
    match app.jar.get(request.headers(), MARK).map(|text| u64::from_str_radix(&text, 16)) {
        None => Sees::UpTo(0),
        Some(Ok(mark)) => Sees::UpTo(mark),
        Some(Err(_)) => Sees::Everything,
    }
}
