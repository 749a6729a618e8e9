//! What the server holds, and the table of contents of the product: every feature's routes.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, Uri};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;
use db::{Db, Tx};
use domain::right::Right;
use domain::rulepack::Library;
use web::cookie::Jar;
use web::routes::{Line, Routes};

use crate::account::password::Hasher;
use crate::actor::{Actor, Clock, Ids};
use crate::advice::shelf::Shelf;
use crate::fault::Fault;
use crate::live::room::hub::Hub;
use crate::message::work::Outgoing;
use crate::once::store::Claim;
use crate::{
    absence, account, attendance, board, classification, concern, gate, guidance, home, ledger, library, live, meeting, member,
    message, minutes, note, notice, once, opening, org, posts, pulse, reorg, resolution, score, search, system, target, task,
    topic, year,
};

/// Shared by every request.
#[derive(Clone)]
pub struct App {
    /// The database.
    pub db: Db,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Makes ids.
    pub ids: Arc<Ids>,
    /// Cookies.
    pub jar: Jar,
    /// Password hashing.
    pub hasher: Hasher,
    /// The rule packs.
    pub rules: Arc<Library>,
    /// Indexes of earlier tasks.
    pub shelf: Arc<Shelf>,
    /// Screens that follow running meetings.
    pub rooms: Arc<Hub>,
    /// Address people use, for slips and calendars; without a slash at the end.
    pub address: Arc<str>,
    /// The ways out of the installation.
    pub outgoing: Arc<Outgoing>,
}

impl App {
    /// As [`Db::write`], carried out once: the key of the request is claimed in the same transaction.
    ///
    /// # Errors
    /// `Already` when this sending was carried out before; what the closure says; database faults.
    pub async fn write<T: Send + 'static>(
        &self,
        actor: &Actor,
        mut f: impl FnMut(&mut Tx) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let key = actor.sending.key.clone();
        let claim = key.map(|key| Claim { org: actor.org, person: actor.person, key, now: actor.now });
        self.db
            .write(move |tx| {
                if let Some(claim) = &claim {
                    once::store::claim(tx, claim)?;
                }
                f(tx)
            })
            .await
    }
}

/// Every route of the product with its right.
pub fn routes() -> Routes<App> {
    Routes::new()
        .merge(home::web::routes())
        .merge(account::web::routes())
        .merge(org::web::routes())
        .merge(reorg::web::routes())
        .merge(posts::web::routes())
        .merge(member::web::routes())
        .merge(year::web::routes())
        .merge(attendance::web::routes())
        .merge(classification::web::routes())
        .merge(target::web::routes())
        .merge(board::web::routes())
        .merge(absence::web::routes())
        .merge(note::web::routes())
        .merge(concern::web::routes())
        .merge(topic::web::routes())
        .merge(library::web::routes())
        .merge(meeting::web::routes())
        .merge(notice::web::routes())
        .merge(live::web::routes())
        .merge(guidance::web::routes())
        .merge(minutes::web::routes())
        .merge(score::web::routes())
        .merge(pulse::web::routes())
        .merge(ledger::web::routes())
        .merge(opening::web::routes())
        .merge(resolution::web::routes())
        .merge(task::web::routes())
        .merge(message::web::routes())
        .merge(search::web::routes())
        .merge(system::web::routes())
}

/// The permission matrix, for tests and documents.
pub fn table() -> Vec<Line> {
    routes().table()
}

/// The whole server as a service.
pub fn router(app: App) -> Router {
    let guarded = app.clone();
    routes()
        .build(move |method: MethodRouter<App>, right: Right| {
            method.route_layer(middleware::from_fn_with_state((guarded.clone(), right), gate::check))
        })
        .route("/static/{*path}", axum::routing::get(asset))
        .fallback(async || Fault::NotFound)
        .with_state(app)
        .layer(tower_http::catch_panic::CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn(headers))
        .layer(middleware::from_fn(web::pack::layer))
}

async fn asset(uri: Uri, headers: HeaderMap) -> Response {
    web::assets::serve(uri.path(), &headers)
}

async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    web::page::guard_headers(response.headers_mut());
    response
}

fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    Fault::Document("a handler panicked".to_owned()).into_response()
}
