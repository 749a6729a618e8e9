//! Routes.

use web::routes::Routes;

use crate::app::App;

/// Routes of this feature.
pub fn routes() -> Routes<App> {
    Routes::new()
}
