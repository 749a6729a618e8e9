//! Routes of the library: members read, leaders of a cell write, take and tell, the committee above reviews.
//! Calls its own stores and those of organisations. Rules: CB-07, L5, L9, M11, P-10.

mod read;
mod review;
mod take;
mod write;

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::code::Code;
use domain::id::OrgId;
use domain::right::Right;
use web::routes::Routes;

use crate::app::App;
use crate::fault::Fault;
use crate::shell::done_words;

/// Routes of this feature.
pub fn routes() -> Routes<App> {
    let (reads, writes, sees) = (Right::CellRead, Right::MeetingPrepare, Right::CellStats);
    Routes::new()
        .get("/cb/{org}/kho", reads, read::list)
        .get("/cb/{org}/kho/bai/{source}/{entry}", reads, read::entry)
        .get("/cb/{org}/kho/bai/{source}/{entry}/tep/{copy}", reads, read::file)
        .post("/cb/{org}/kho/bai/{source}/{entry}", writes, take::take)
        .get("/cb/{org}/kho/trinh-bay", writes, read::presenters)
        .get("/cb/{org}/kho/da-gui", writes, write::own)
        .post("/cb/{org}/kho/mat", writes, write::declare)
        .get("/cb/{org}/kho/soan", writes, write::new)
        .post("/cb/{org}/kho/soan", writes, write::begin)
        .get("/cb/{org}/kho/soan/{draft}", writes, write::page)
        .post("/cb/{org}/kho/soan/{draft}", writes, write::save)
        .post("/cb/{org}/kho/soan/{draft}/rut", writes, write::withdraw)
        .post("/cb/{org}/kho/soan/{draft}/mat", writes, write::withhold)
        .post("/cb/{org}/kho/soan/{draft}/tep", writes, write::upload)
        .get("/cb/{org}/kho/soan/{draft}/tep/{enclosure}", writes, write::file)
        .post("/cb/{org}/kho/soan/{draft}/tep/{enclosure}/bo", writes, write::remove)
        .get("/cb/{org}/kho/dung/{use}", writes, take::page)
        .post("/cb/{org}/kho/dung/{use}", writes, take::report)
        .post("/cb/{org}/kho/dung/{use}/thoi", writes, take::give_up)
        .get("/tc/{org}/kho", sees, read::list)
        .get("/tc/{org}/kho/bai/{source}/{entry}", sees, read::entry)
        .get("/tc/{org}/kho/bai/{source}/{entry}/tep/{copy}", sees, read::file)
        .post("/tc/{org}/kho/bai/{source}/{entry}/rong", sees, review::widen)
        .post("/tc/{org}/kho/bai/{source}/{entry}/go", sees, review::take_down)
        .get("/tc/{org}/kho/trinh-bay", sees, read::presenters)
        .get("/tc/{org}/kho/duyet", sees, review::desk)
        .get("/tc/{org}/kho/duyet/{source}/{sent}", sees, review::page)
        .post("/tc/{org}/kho/duyet/{source}/{sent}", sees, review::decide)
        .get("/tc/{org}/kho/duyet/{source}/{sent}/tep/{enclosed}", sees, review::file)
}

/// On whose behalf the library is read, as the address says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    /// `/cb/…`: a cell.
    Cell,
    /// `/tc/…`: a committee.
    Committee,
}

impl Side {
    /// The address of the list.
    fn base(self, org: OrgId) -> String {
        match self {
            Self::Cell => format!("/cb/{org}/kho"),
            Self::Committee => format!("/tc/{org}/kho"),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Side {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(if parts.uri.path().starts_with("/tc/") { Self::Committee } else { Self::Cell })
    }
}

/// What an address says: words and filters as typed, what has just been done.
#[derive(Debug, Clone, Default, serde::Deserialize)]
struct Ask {
    tim: Option<String>,
    loai: Option<String>,
    linh_vuc: Option<String>,
    loai_hinh: Option<String>,
    nam: Option<String>,
    trang: Option<String>,
    ky: Option<String>,
    xong: Option<String>,
}

fn words(code: Option<&str>) -> &'static str {
    match code {
        Some("kho-luu") => "Đã lưu bản nháp. Cấp ủy chưa nhận được.",
        Some("kho-gui") => "Đã gửi cấp ủy xem xét.",
        Some("kho-rut") => "Đã rút bài.",
        Some("kho-mat") => "Đã ghi nhận: đã tổ chức, nội dung mật. Phần mềm không giữ nội dung nào.",
        Some("kho-tep") => "Đã thêm tệp.",
        Some("kho-dung") => "Đã đưa vào kế hoạch. Chi bộ sửa được theo việc của mình.",
        Some("kho-phan-hoi") => "Đã gửi phản hồi. Chi bộ viết bài và các chi bộ khác đọc được.",
        Some("kho-thoi") => "Đã thôi dùng. Dự kiến của kỳ giữ nguyên.",
        Some("kho-pho-bien") => "Đã phổ biến. Các chi bộ trực thuộc đọc được.",
        Some("kho-tra-lai") => "Đã trả lại chi bộ kèm góp ý.",
        Some("kho-khong") => "Đã ghi quyết định không phổ biến.",
        Some("kho-rong") => "Đã phổ biến tới mọi chi bộ trực thuộc cấp ủy này.",
        Some("kho-go") => "Đã gỡ khỏi kho.",
        other => done_words(other),
    }
}

/// An identifier as an address names it.
fn id_of<K>(text: &str) -> Result<domain::id::Id<K>, Fault> {
    text.parse().map_err(|_| Fault::NotFound)
}

/// A word of a closed set as an address names it; anything else asks for nothing.
fn code_of<C: Code>(text: &Option<String>) -> Option<C> {
    text.as_deref().and_then(C::from_code)
}
