//! Routes of home pages.

use axum::response::Response;
use domain::right::Right;
use web::page::see;
use web::routes::Routes;

use crate::actor::Actor;
use crate::app::App;

/// Routes of this feature.
pub fn routes() -> Routes<App> {
    Routes::new().get("/", Right::SignedIn, home)
}

async fn home(actor: Actor) -> Response {
    see(&actor.places.first().map_or_else(|| "/toi".to_owned(), crate::shell::place_href))
}
