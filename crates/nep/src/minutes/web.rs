//! Routes of minutes, of issued documents and of the minutes book.
//! May touch: the handlers beside it. Rules: M14, SM-04, P-12, P-28.

use domain::right::Right;
use web::routes::Routes;

use super::{alike, editor, ending, read_back, scribe, seal, wording};
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
        .get("/cb/{org}/buoi/{meeting}/thu-ky", write, scribe::page)
        .post("/cb/{org}/buoi/{meeting}/thu-ky/{item}", write, scribe::save)
        .post("/cb/{org}/buoi/{meeting}/loi-ghi/{contribution}", read, wording::say)
        .get("/cb/{org}/buoi/{meeting}/doc-lai", write, read_back::page)
        .post("/cb/{org}/buoi/{meeting}/doc-lai/{section}/danh-dau", write, read_back::mark)
        .get("/cb/{org}/buoi/{meeting}/so-sanh-bien-ban", write, alike::page)
        .get("/cb/{org}/buoi/{meeting}/ket-thuc", write, ending::page)
        .get("/cb/{org}/buoi/{meeting}/thong-qua", lead, ending::adopt_page)
        .post("/cb/{org}/buoi/{meeting}/thong-qua", lead, seal::adopt)
        .get("/cb/{org}/buoi/{meeting}/khoa", lead, ending::seal_page)
        .post("/cb/{org}/buoi/{meeting}/khoa", lead, seal::seal)
}
