//! Routes of the meeting while it is held.
//! May touch: the handlers beside it. Rules: DD-01 …, BQ-01 …, VT-02.

use domain::right::Right;
use web::routes::Routes;

use super::room::{acts as floor, screen, stream};
use super::{acts, after, checkin, desk, roll, steps, vote};
use crate::app::App;

/// Routes of this feature.
pub fn routes() -> Routes<App> {
    let write = Right::MinutesWrite;
    Routes::new()
        .get("/cb/{org}/buoi/{meeting}/dieu-hanh", write, desk::page)
        .post("/cb/{org}/buoi/{meeting}/dieu-hanh/mo", write, steps::open)
        .post("/cb/{org}/buoi/{meeting}/dieu-hanh/huy-mo", write, steps::undo_open)
        .post("/cb/{org}/buoi/{meeting}/dieu-hanh/ket-thuc", write, steps::close)
        .post("/cb/{org}/buoi/{meeting}/dieu-hanh/mo-lai", Right::MeetingLead, steps::reopen)
        .post("/cb/{org}/buoi/{meeting}/dieu-hanh/nguoi", write, acts::people)
        .post("/cb/{org}/buoi/{meeting}/dieu-hanh/muc/{item}", write, acts::item)
        .post("/cb/{org}/buoi/{meeting}/dieu-hanh/muc/{item}/mat", write, acts::secret)
        .post("/cb/{org}/buoi/{meeting}/dieu-hanh/khach", write, acts::guest)
        .post("/cb/{org}/buoi/{meeting}/dieu-hanh/khach/{guest}/bo", write, acts::drop_guest)
        .post("/cb/{org}/buoi/{meeting}/dieu-hanh/dang-phi", write, acts::dues)
        .get("/cb/{org}/buoi/{meeting}/dien-bien", Right::CellRead, stream::events)
        .get("/cb/{org}/buoi/{meeting}/man-chieu", Right::CellRead, screen::page)
        .post("/cb/{org}/buoi/{meeting}/phat-bieu", Right::CellRead, floor::wish)
        .get("/cb/{org}/buoi/{meeting}/diem-danh", write, roll::page)
        .post("/cb/{org}/buoi/{meeting}/diem-danh", write, roll::mark)
        .post("/cb/{org}/buoi/{meeting}/diem-danh/{person}", write, roll::detail)
        .get("/cb/{org}/buoi/{meeting}/nhap-sau", write, after::page)
        .post("/cb/{org}/buoi/{meeting}/nhap-sau", write, after::save)
        .merge(vote::web::routes())
        .merge(checkin::web::routes())
}
