//! What can go wrong with a request, as situations a person can act on. Use `Refused` for a rule
//! of the domain, `Invalid` for a form, `NotFound` for anything outside the caller's scope
//! (never "forbidden": that would tell it exists), `Conflict` when someone saved first.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use db::Retry;
use domain::refusal::Refusal;
use web::form::Problem;

use crate::once;

/// A request that did not go through.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// Nothing there, or nothing the caller may know of.
    #[error("not found")]
    NotFound,
    /// Sign in first, then come back to this path.
    #[error("sign in first")]
    SignIn(String),
    /// A script of our page sent something after the session ended; it keeps its words and says so.
    #[error("signed out")]
    SignedOut,
    /// A rule says no.
    #[error("refused: {}", .0.code)]
    Refused(Refusal),
    /// The form is wrong; shown where the page itself cannot show it.
    #[error("{} problems in the form", .0.len())]
    Invalid(Vec<Problem>),
    /// Someone else saved first.
    #[error("someone saved first")]
    Conflict,
    /// This very sending was carried out before: a success, whose first answer was lost.
    #[error("carried out before")]
    Already,
    /// The form key is missing or of another session.
    #[error("form key")]
    Key,
    /// Too many tries; wait this many minutes.
    #[error("too many tries")]
    Wait(i64),
    /// The body was too large or broken.
    #[error("unreadable body")]
    Unreadable(web::form::Unreadable),
    /// The database said no.
    #[error(transparent)]
    Db(db::Error),
    /// A document could not be made.
    #[error("document: {0}")]
    Document(String),
}

impl From<db::Error> for Fault {
    fn from(error: db::Error) -> Self {
        match error {
            db::Error::NotFound => Self::NotFound,
            db::Error::Conflict => Self::Conflict,
            other => Self::Db(other),
        }
    }
}

impl From<documents::Error> for Fault {
    fn from(error: documents::Error) -> Self {
        match error {
            // What the person can act on is said to them; the rest is for the log.
            documents::Error::PdfNotBuilt | documents::Error::Nothing | documents::Error::Qr => {
                Self::Refused(Refusal::new("document", error.to_string()))
            }
            other => Self::Document(other.to_string()),
        }
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl db::Retry for Fault {
    fn retryable(&self) -> bool {
        matches!(self, Self::Db(error) if error.retryable())
    }
}

/// The page of a fault: what happened, what to do, whether anything was lost, and a code.
#[derive(askama::Template)]
#[template(path = "fault.html")]
pub struct FaultPage {
    title: &'static str,
    happened: String,
    todo: &'static str,
    lost: &'static str,
    code: String,
    problems: Vec<Problem>,
}

const UNCHANGED: &str = "Chưa có gì được ghi. Nội dung đồng chí đã nhập vẫn còn ở trang trước.";

struct Words(StatusCode, &'static str, String, &'static str, &'static str);

impl Fault {
    fn words(&self) -> Words {
        match self {
            Self::Already => Words(StatusCode::OK, "Đã ghi", "Việc này đã được ghi từ lần gửi trước.".to_owned(), "", ""),
            Self::SignedOut => Words(
                StatusCode::UNAUTHORIZED,
                "Phiên làm việc đã kết thúc",
                "Đồng chí cần đăng nhập lại.".to_owned(),
                "Hãy mở trang đăng nhập ở thẻ khác, đăng nhập, rồi quay lại đây.",
                UNCHANGED,
            ),
            Self::NotFound | Self::SignIn(_) => Words(
                StatusCode::NOT_FOUND,
                "Không tìm thấy trang",
                "Trang này không có, đã chuyển đi, hoặc không thuộc phạm vi của đồng chí.".to_owned(),
                "Hãy về trang đầu, hoặc hỏi bí thư chi bộ nếu đồng chí cần xem nội dung này.",
                "Không có gì bị mất.",
            ),
            Self::Refused(refusal) => Words(
                StatusCode::UNPROCESSABLE_ENTITY,
                "Chưa thực hiện được",
                refusal.text(),
                "Hãy quay lại trang trước và sửa theo hướng dẫn trên.",
                UNCHANGED,
            ),
            Self::Invalid(_) => Words(
                StatusCode::UNPROCESSABLE_ENTITY,
                "Cần sửa lại một số chỗ",
                "Nội dung gửi lên chưa dùng được.".to_owned(),
                "Hãy quay lại trang trước và sửa những chỗ sau.",
                UNCHANGED,
            ),
            Self::Conflict => Words(
                StatusCode::CONFLICT,
                "Đã có người sửa trước",
                "Trong lúc đồng chí đang làm, một đồng chí khác đã lưu nội dung này.".to_owned(),
                "Hãy quay lại, tải lại trang để xem bản mới, rồi làm lại việc của mình.",
                "Bản của đồng chí kia còn nguyên; nội dung đồng chí vừa nhập vẫn còn ở trang trước.",
            ),
            Self::Key => Words(
                StatusCode::FORBIDDEN,
                "Phiên làm việc đã thay đổi",
                "Trang đồng chí mở không còn khớp với phiên đăng nhập hiện nay.".to_owned(),
                "Hãy quay lại, tải lại trang rồi gửi lại.",
                UNCHANGED,
            ),
            Self::Wait(_) => Words(
                StatusCode::TOO_MANY_REQUESTS,
                "Xin chờ ít phút",
                "Đã thử quá nhiều lần trong thời gian ngắn.".to_owned(),
                "Hãy chờ ít phút rồi thử lại, hoặc nhờ bí thư chi bộ cấp phiếu kích hoạt mới.",
                "Không có gì bị mất.",
            ),
            Self::Unreadable(why) => Words(
                if *why == web::form::Unreadable::TooLarge { StatusCode::PAYLOAD_TOO_LARGE } else { StatusCode::BAD_REQUEST },
                "Không đọc được nội dung gửi lên",
                match why {
                    web::form::Unreadable::TooLarge => "Tệp hoặc nội dung lớn quá 20 MB.".to_owned(),
                    web::form::Unreadable::Malformed => "Nội dung gửi lên bị đứt giữa chừng hoặc không đúng dạng.".to_owned(),
                },
                "Hãy quay lại và gửi lại; nếu là tệp, hãy chia nhỏ.",
                UNCHANGED,
            ),
            Self::Db(error) => database(error),
            Self::Document(_) => broken(),
        }
    }
}

/// What the database did not do.
fn database(error: &db::Error) -> Words {
    match error {
        db::Error::DiskFull => Words(
            StatusCode::INSUFFICIENT_STORAGE,
            "Máy chủ hết chỗ lưu",
            "Ổ đĩa của máy chủ đã đầy nên chưa ghi được.".to_owned(),
            "Hãy báo người quản trị kỹ thuật. Vẫn xem được mọi nội dung.",
            UNCHANGED,
        ),
        db::Error::Unacknowledged => Words(
            StatusCode::SERVICE_UNAVAILABLE,
            "Chưa rõ đã ghi hay chưa",
            "Máy chủ dữ liệu ngắt đúng lúc đang ghi.".to_owned(),
            "Hãy quay lại, tải lại trang để xem việc vừa làm đã có chưa; chưa có thì gửi lại.",
            "Nội dung đồng chí đã nhập vẫn còn ở trang trước.",
        ),
        db::Error::Unavailable(_) => Words(
            StatusCode::SERVICE_UNAVAILABLE,
            "Máy chủ dữ liệu đang gián đoạn",
            "Chưa kết nối lại được với nơi lưu dữ liệu nên việc này chưa ghi được.".to_owned(),
            "Hãy quay lại và gửi lại sau một phút; nếu vẫn lỗi, hãy báo người quản trị kỹ thuật.",
            UNCHANGED,
        ),
        error if error.retryable() => Words(
            StatusCode::SERVICE_UNAVAILABLE,
            "Máy chủ đang bận",
            "Nhiều người đang ghi cùng lúc nên việc này chưa ghi được.".to_owned(),
            "Hãy quay lại và gửi lại sau ít giây.",
            UNCHANGED,
        ),
        _ => broken(),
    }
}

fn broken() -> Words {
    Words(
        StatusCode::INTERNAL_SERVER_ERROR,
        "Có lỗi của hệ thống",
        "Hệ thống gặp lỗi khi làm việc này.".to_owned(),
        "Hãy thử lại; nếu vẫn lỗi, hãy báo người quản trị kỹ thuật và đọc mã dưới đây.",
        UNCHANGED,
    )
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        if let Self::SignIn(back) = &self {
            let back: String = form_encode(back);
            return web::page::see(&format!("/dang-nhap?ve={back}"));
        }
        if matches!(self, Self::Already) {
            return (StatusCode::OK, [(once::KEY_HEADER, once::DONE)], "Đã ghi từ lần gửi trước.").into_response();
        }
        let Words(status, title, happened, todo, lost) = self.words();
        let code = web::random::clear_code(6);
        if status.is_server_error() {
            // The cause for the log, the code to find it by; never what a person wrote.
            tracing::error!(code, fault = %self, "request failed");
        }
        let problems = match self {
            Self::Invalid(problems) => problems,
            _ => Vec::new(),
        };
        web::page::html_with(status, &FaultPage { title, happened, todo, lost, code, problems })
    }
}

fn form_encode(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_/.".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
