//! Help in the same place on every page: one page to find one's way, one page per role to print.
//! May touch nothing; the words are fixed. Rules: experience.md 16.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use web::page::html;

use crate::fault::Fault;
use crate::gate::Visitor;
use crate::shell::{Shell, Under};

/// One step of a guide: what to do and how.
#[derive(Debug, Clone, Copy)]
pub struct Tip {
    /// What.
    pub what: &'static str,
    /// How.
    pub how: &'static str,
}

/// A guide of one page.
#[derive(Debug, Clone, Copy)]
pub struct Guide {
    /// Word in the address.
    pub code: &'static str,
    /// Whom it is for.
    pub title: &'static str,
    /// One sentence.
    pub lead: &'static str,
    /// Steps in the order of the month.
    pub tips: &'static [Tip],
}

const fn tip(what: &'static str, how: &'static str) -> Tip {
    Tip { what, how }
}

const GUIDES: [Guide; 5] = [
    Guide {
        code: "dang-vien",
        title: "Đảng viên",
        lead: "Mọi việc làm được trên điện thoại, bắt đầu từ Trang đầu.",
        tips: &[
            tip(
                "Đăng nhập lần đầu",
                "Mở địa chỉ trên phiếu kích hoạt (hoặc quét mã QR), nhập mã 8 ký tự, chọn mật khẩu dễ nhớ ít nhất 10 chữ cái.",
            ),
            tip(
                "Trả lời thông báo sinh hoạt",
                "Ở Trang đầu bấm “Tôi sẽ dự”, hoặc “Xin vắng, nêu lý do”. Bí thư quyết định; kết quả hiện ngay tại đó.",
            ),
            tip(
                "Tự điểm danh",
                "Khi chủ trì mở tự điểm danh: mở buổi sinh hoạt, nhập mã 4 chữ số trên màn hình, bấm “Tôi có mặt”. Danh sách do thư ký quyết định.",
            ),
            tip("Đọc tài liệu, gửi ý kiến trước", "Mở buổi sinh hoạt từ Trang đầu. Ý kiến chưa gửi chỉ đồng chí thấy."),
            tip(
                "Báo cáo nhiệm vụ",
                "Mục Nhiệm vụ: chạm vào việc, viết ngắn đã làm được gì, bấm “Báo cáo đã hoàn thành”. Đồng chí kiểm tra sẽ xác nhận hoặc trả lại.",
            ),
            tip("Xem lại năm của mình", "Trang đầu cho biết số buổi đã dự, số kỳ đã phát biểu; bấm “Vì sao?” để xem từng buổi."),
            tip(
                "Nêu tâm tư, đề xuất chuyên đề",
                "Mở Hồ sơ của tôi. Tâm tư, nguyện vọng chỉ đồng chí và chi ủy thấy; ghi nhận về đồng chí cũng xem và nói lại được ở đây.",
            ),
            tip("Quên mật khẩu", "Nhờ bí thư chi bộ in phiếu kích hoạt mới."),
        ],
    },
    Guide {
        code: "bi-thu",
        title: "Bí thư, phó bí thư, chi ủy viên",
        lead: "Bàn làm việc cho biết việc tiếp theo của kỳ; làm lần lượt từ trên xuống.",
        tips: &[
            tip("Đầu năm", "Mở Năm sinh hoạt, ghi ngày dự kiến của 12 kỳ và chủ đề 4 chuyên đề."),
            tip(
                "Chuẩn bị",
                "Chọn kỳ trên dải năm. Chương trình lấy từ kỳ trước; mục kiểm điểm nghị quyết đã điền sẵn nhiệm vụ còn lại.",
            ),
            tip("Gửi thông báo", "Xem trang kiểm tra rồi gửi. Xử lý đề nghị vắng mặt ở trang Trả lời."),
            tip("Điều hành", "Khai mạc, điểm danh, ghi người phát biểu, kết luận từng mục, biểu quyết."),
            tip(
                "Nghị quyết",
                "Lập dự thảo từ kết luận, thêm nhiệm vụ (ai làm, ai kiểm tra, ai đôn đốc, hạn nào), ghi biểu quyết, thông qua.",
            ),
            tip("Biên bản", "Đọc lại trước chi bộ, thông qua, khóa. Sau khi khóa không sửa được; sai thì lập bản đính chính."),
            tip(
                "Số liệu năm, việc của đảng viên",
                "Từ Bàn làm việc: dự sinh hoạt và phát biểu đến từng buổi; tâm tư, nguyện vọng; biểu dương, góp ý; xem xét việc dự sinh hoạt.",
            ),
            tip("Nhiệm vụ", "Mục Nghị quyết, nhiệm vụ: theo dõi hạn, ghi nguyên nhân chậm để kỳ sau kiểm điểm."),
        ],
    },
    Guide {
        code: "thu-ky",
        title: "Thư ký buổi sinh hoạt",
        lead: "Đồng chí được giao ghi biên bản của một buổi; quyền có từ khi được giao.",
        tips: &[
            tip("Trước buổi họp", "Mở buổi sinh hoạt, xem chương trình và danh sách phải dự."),
            tip("Điểm danh", "Gõ số thứ tự rồi Enter, hoặc bấm nút cạnh tên. Ai vắng ghi có hay không có lý do."),
            tip(
                "Cho đảng viên tự điểm danh",
                "Bấm “Mở tự điểm danh”, đọc mã hoặc chiếu mã lên màn hình lớn. Đồng chí sửa được mọi dòng; dòng đồng chí đã ghi thì đảng viên không đổi được.",
            ),
            tip("Ghi người phát biểu", "Bấm tên đồng chí phát biểu ở từng mục; mỗi kỳ phát biểu được tính một lần."),
            tip(
                "Viết biên bản",
                "Các mục đã điền sẵn từ điểm danh, phát biểu, biểu quyết. Nội dung tự lưu; dòng “Đã lưu” cho biết giờ lưu.",
            ),
            tip("Hai người cùng viết", "Nếu hai người sửa một mục, hệ thống giữ cả hai bản và cho ghép lại."),
            tip("Nội dung mật", "Không ghi vào hệ thống. Đánh dấu mục là mật và ghi số sổ, trang của sổ giấy."),
        ],
    },
    Guide {
        code: "cap-uy",
        title: "Cấp ủy và cán bộ giúp việc cấp trên",
        lead: "Đồng chí thấy tình trạng và số liệu của các chi bộ, không thấy nội dung sinh hoạt.",
        tips: &[
            tip("Trang đầu", "Bảng tình trạng kỳ tháng này của các chi bộ; chi bộ quá hạn đứng trước."),
            tip("Tổ chức", "Cây tổ chức, tên gọi, nhiệm kỳ, chức vụ; tách, nhập, đổi tên có ngày hiệu lực."),
            tip("Đảng viên, tài khoản", "Cán bộ giúp việc nhập danh sách từ Excel, in phiếu kích hoạt."),
            tip("Quy định riêng", "Cấp ủy có thể đặt chỉ tiêu riêng cho các chi bộ trực thuộc, ghi rõ văn bản."),
            tip("Cấp ủy viên theo dõi chi bộ", "Nhận thông báo sinh hoạt của chi bộ được phân công theo dõi."),
        ],
    },
    Guide {
        code: "quan-tri",
        title: "Quản trị kỹ thuật",
        lead: "Đồng chí lo máy chủ và tài khoản, không xem nội dung sinh hoạt.",
        tips: &[
            tip("Sao lưu", "Lệnh nep backup TEP sao lưu toàn bộ; chép tệp ra nơi khác máy chủ."),
            tip("Thử khôi phục", "Lệnh nep restore TEP --data THU_MUC khôi phục vào thư mục mới; nên thử mỗi tháng."),
            tip(
                "Kiểm tra toàn vẹn",
                "Lệnh nep verify so từng văn bản đã khóa với sổ cái; sức khỏe chung xem ở trang Hệ thống hoặc bằng lệnh nep doctor.",
            ),
            tip("Tài khoản", "Cấp lại phiếu kích hoạt khi có người quên mật khẩu; mật khẩu không ai xem được."),
            tip("Mở ra mạng", "Chỉ mở ra ngoài máy chủ khi có TLS phía trước và chạy với --behind-proxy."),
        ],
    },
];

/// The contents of help.
#[derive(Template)]
#[template(path = "home/help.html")]
pub struct HelpPage {
    /// Frame.
    pub shell: Shell,
    /// Every guide.
    pub guides: &'static [Guide],
}

/// One guide, made to be printed.
#[derive(Template)]
#[template(path = "home/guide.html")]
pub struct GuidePage {
    /// Frame.
    pub shell: Shell,
    /// The guide.
    pub guide: Guide,
}

fn shell(visitor: &Visitor, title: &str) -> Shell {
    match &visitor.0 {
        Some(actor) => Shell::new(actor, title, Under::Nothing),
        None => Shell::public(title),
    }
}

/// Where to find what.
pub async fn contents(visitor: Visitor) -> Response {
    html(&HelpPage { shell: shell(&visitor, "Trợ giúp"), guides: &GUIDES })
}

/// The guide of one role.
///
/// # Errors
/// `NotFound` when there is no such guide.
pub async fn guide(visitor: Visitor, Path(code): Path<String>) -> Result<Response, Fault> {
    let guide = GUIDES.iter().find(|g| g.code == code).copied().ok_or(Fault::NotFound)?;
    let shell = shell(&visitor, guide.title).crumb("/tro-giup", "Trợ giúp");
    Ok(html(&GuidePage { shell, guide }))
}
