//! The gate before every route: who is it, is it our own page, does the right on the route line
//! hold in the organisation the path names. Outside the scope everything is 404 (P-10, P-14).

use axum::body::Body;
use axum::extract::{FromRequestParts, RawPathParams, Request, State};
use axum::http::{HeaderName, Method, StatusCode, header, request::Parts};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::id::{MeetingId, OrgId};
use domain::right::Right;
use web::form::{self, Form};

use crate::account::store::{self as accounts, Asked, Found};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::near;
use crate::once::{self, Sending};

/// Name of the session cookie.
pub const SESSION: &str = "nep";
/// Header in which scripts send the form key.
const KEY_HEADER: &str = "x-csrf-token";
/// Name of the device cookie.
pub const DEVICE: &str = "nep-may";

/// Checks one request against the right of its route; see the module.
pub async fn check(State((app, right)): State<(App, Right)>, request: Request, next: Next) -> Response {
    let changes = request.method() != Method::GET;
    let goes = changes && request.headers().contains_key(once::GO_HEADER);
    match admit(&app, right, request).await {
        Ok(request) => {
            let place = request.extensions().get::<Place>().copied();
            let response = near::answer(&app, request, next, place.is_some()).await;
            if let Some(Place(org, meeting)) = place.filter(|_| changes) {
                app.rooms.wake(org, meeting);
            }
            if goes { told(response) } else { response }
        }
        Err(fault) => fault.into_response(),
    }
}

/// A script that asked to be told where an action leads is told; it opens the page itself.
fn told(mut response: Response) -> Response {
    if response.status() == StatusCode::SEE_OTHER
        && let Some(to) = response.headers_mut().remove(header::LOCATION)
    {
        response.headers_mut().insert(HeaderName::from_static(once::TO_HEADER), to);
        *response.status_mut() = StatusCode::NO_CONTENT;
    }
    response
}

/// The meeting an address names: after a change its screens look for news at once.
#[derive(Debug, Clone, Copy)]
struct Place(OrgId, MeetingId);

async fn admit(app: &App, right: Right, request: Request) -> Result<Request, Fault> {
    let (mut parts, body) = request.into_parts();
    let changes = parts.method != Method::GET;
    if changes && !web::same_site::from_own_page(&parts.headers) {
        return Err(Fault::Key);
    }
    let actor = actor_of(app, &mut parts).await?;
    match (&actor, right) {
        (_, Right::Public) => {}
        (None, _) if changes && parts.headers.contains_key(KEY_HEADER) => {
            return Err(Fault::SignedOut);
        }
        (None, _) => return Err(Fault::SignIn(come_back(&parts))),
        (Some(actor), _) if actor.may(right) => {}
        (Some(_), _) => return Err(Fault::NotFound),
    }
    let mut body = body;
    if changes {
        let form = form::read(rebuilt(&parts, body)).await.map_err(Fault::Unreadable)?;
        // What is public has no session to borrow; pages of signing in must work while one is open.
        if let Some(actor) = actor.as_ref().filter(|_| right != Right::Public) {
            check_key(&parts, &form, actor)?;
        }
        parts.extensions.insert(form);
        body = Body::empty();
    }
    if let Some(mut actor) = actor {
        if changes {
            actor.sending = Sending::of(&parts.headers);
        }
        parts.extensions.insert(actor);
    }
    Ok(Request::from_parts(parts, body))
}

fn rebuilt(parts: &Parts, body: Body) -> axum::http::Request<Body> {
    let mut request = axum::http::Request::new(body);
    if let Some(kind) = parts.headers.get(header::CONTENT_TYPE) {
        request.headers_mut().insert(header::CONTENT_TYPE, kind.clone());
    }
    request
}

fn check_key(parts: &Parts, form: &Form, actor: &Actor) -> Result<(), Fault> {
    let sent = parts.headers.get(KEY_HEADER).and_then(|v| v.to_str().ok()).unwrap_or_else(|| form.raw("_k"));
    if web::random::same(sent, &actor.csrf) { Ok(()) } else { Err(Fault::Key) }
}

/// Where to return after signing in: the page itself, or for an action the page it came from.
fn come_back(parts: &Parts) -> String {
    if parts.method == Method::GET {
        return parts.uri.path().to_owned();
    }
    "/".to_owned()
}

async fn actor_of(app: &App, parts: &mut Parts) -> Result<Option<Actor>, Fault> {
    let Some(token) = app.jar.get(&parts.headers, SESSION) else {
        return Ok(None);
    };
    // An address that is no text names nothing; it must not be judged as the person's own place.
    let params = RawPathParams::from_request_parts(parts, &()).await.map_err(|_| Fault::NotFound)?;
    let param = |name: &str| params.iter().find(|(k, _)| *k == name).map(|(_, v)| v.to_owned());
    let org = match param("org") {
        Some(text) => Some(text.parse::<OrgId>().map_err(|_| Fault::NotFound)?),
        None => None,
    };
    let meeting = param("meeting").and_then(|m| m.parse::<MeetingId>().ok());
    if let (Some(org), Some(meeting)) = (org, meeting) {
        parts.extensions.insert(Place(org, meeting));
    }
    let now = app.clock.now();
    let asked = Asked { token_hash: web::random::digest(&token), org, meeting, now };
    let found = app.db.read(move |tx| accounts::who(tx, &asked)).await?;
    Ok(match found {
        Found::Nobody => None,
        Found::Elsewhere => return Err(Fault::NotFound),
        Found::Person(mut actor, stale) => {
            actor.ids = app.ids.clone();
            if stale {
                let session = actor.session.clone();
                app.db.write(move |tx| accounts::touch(tx, &session, now)).await?;
            }
            Some(*actor)
        }
    })
}

impl<S: Send + Sync> FromRequestParts<S> for Actor {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Fault> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Fault::SignIn("/".to_owned()))
    }
}

/// The form of a request, already read and checked by the gate.
#[derive(Debug, Clone, Default)]
pub struct Sent(pub Form);

impl<S: Send + Sync> FromRequestParts<S> for Sent {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Fault> {
        Ok(Self(parts.extensions.remove::<Form>().unwrap_or_default()))
    }
}

/// The person, where signing in is not required.
#[derive(Debug, Clone)]
pub struct Visitor(pub Option<Actor>);

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Fault> {
        Ok(Self(parts.extensions.get::<Actor>().cloned()))
    }
}
