//! Routes of minutes, of issued documents and of the minutes book.
//! May touch: the handlers beside it. Rules: M14, SM-04, P-12, P-28.

use domain::right::Right;
use web::routes::Routes;

use super::{editor, seal};
use crate::app::App;

/// Routes of this feature.
pub fn routes() -> Routes<App> {
    let (read, write, lead) = (Right::CellRead, Right::MinutesWrite, Right::MeetingLead);
    Routes::new()
        .get("/cb/{org}/buoi/{meeting}/bien-ban", read, editor::page)
        .post("/cb/{org}/buoi/{meeting}/bien-ban/cap-nhat", write, editor::renew)
        .post("/cb/{org}/buoi/{meeting}/bien-ban/{section}", write, editor::save)
        .post("/cb/{org}/buoi/{meeting}/bien-ban/{section}/cap-nhat", write, editor::renew_one)
        .get("/cb/{org}/buoi/{meeting}/bien-ban/{section}/ban", write, editor::revisions)
        .get("/cb/{org}/buoi/{meeting}/bien-ban/{section}/ghep", write, editor::merge_page)
        .post("/cb/{org}/buoi/{meeting}/bien-ban/{section}/ghep", write, editor::merge)
        .get("/cb/{org}/buoi/{meeting}/doc-lai", write, seal::read_back)
        .get("/cb/{org}/buoi/{meeting}/thong-qua", lead, seal::adopt_page)
        .post("/cb/{org}/buoi/{meeting}/thong-qua", lead, seal::adopt)
        .get("/cb/{org}/buoi/{meeting}/khoa", lead, seal::seal_page)
        .post("/cb/{org}/buoi/{meeting}/khoa", lead, seal::seal)
}
