//! Routes of messages.

use domain::right::Right;
use web::routes::Routes;

use super::{admin, calls, choice, inbox};
use crate::app::App;

/// Routes of this feature.
pub fn routes() -> Routes<App> {
    Routes::new()
        .get("/toi/tin", Right::SignedIn, inbox::page)
        .post("/toi/tin/da-doc", Right::SignedIn, inbox::read_all)
        .get("/toi/thu", Right::SignedIn, choice::page)
        .post("/toi/thu", Right::SignedIn, choice::ask)
        .post("/toi/thu/ma", Right::SignedIn, choice::confirm)
        .post("/toi/thu/tat", Right::SignedIn, choice::stop)
        .get("/cb/{org}/nhac-viec", Right::MeetingPrepare, calls::page)
        .get("/tc/{org}/he-thong/tin", Right::SystemAdmin, admin::page)
        .post("/tc/{org}/he-thong/tin", Right::SystemAdmin, admin::resend)
}
