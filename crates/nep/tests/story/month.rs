//! The month end to end, as a secretary would tell it: the year is planned, the meeting is prepared from
//! the last, told of, answered, held, written down, sealed; its resolution is carried out, and what is
//! still open stands at the head of the next agenda.

use std::io::{Cursor, Read};
use std::process::Command;
use std::sync::Arc;

use db::values;
use domain::agenda::{Part, Step};
use domain::id::OrgId;
use domain::meeting::{MeetingKind, MeetingState};
use domain::period::PeriodKey;
use jiff::civil::{Date, date};
use nep::ledger::verify;

use crate::preparing::{area, item, meeting_of, send};
use crate::site::{Browser, Page, Site, each};
use crate::stage;

const SAID: &str = "Hoàn thành số hóa 240 hồ sơ cấp phép, báo cáo tại kỳ sau";
const OPINION: &str = "Đề nghị ghi rõ từng tổ làm bao nhiêu hồ sơ một ngày";
const OTHER_TASK: &str = "Rà soát đảng viên giữ mối liên hệ nơi cư trú";

/// What the story knows from chapter to chapter.
struct Month {
    site: Arc<Site>,
    cell: OrgId,
    /// Address of the meeting.
    at: String,
    /// Address of its resolution.
    resolution: String,
    /// Address of the sealed minutes.
    minutes: String,
}

impl Month {
    /// Somebody at the keyboard on a day at an hour; sessions do not outlive the days between.
    async fn with(&self, login: &str, day: Date, hour: i8, minute: i8) -> Browser {
        self.site.at(day.at(hour, minute, 0, 0));
        self.site.sign_in(login).await
    }

    fn id(&self, login: &str) -> String {
        self.site.person(login).to_string()
    }
}

#[test]
fn a_month_from_the_plan_of_the_year_to_item_one_of_the_next_agenda() {
    each(|site| async move {
        let cell = site.cast.cell;
        let mut month = Month { site, cell, at: String::new(), resolution: String::new(), minutes: String::new() };
        last_month(&month);
        plan_the_year(&month).await;
        prepare(&mut month).await;
        answer(&month).await;
        hold(&month).await;
        resolve(&mut month).await;
        write_down(&mut month).await;
        read_the_papers(&month).await;
        carry_out(&month).await;
        next_month(&month).await;
        look_back(&month).await;
    });
}

/// December was held as usual; its agenda is what the next one is made from.
fn last_month(m: &Month) {
    let (site, cell) = (&m.site, m.cell);
    let key = PeriodKey::regular(2026, 12).unwrap();
    let meeting = stage::prepared(site, cell, "nguyenthiha", MeetingKind::Regular, date(2026, 12, 3), &[key]);
    stage::item(site, cell, meeting, (Part::Content, Step::Report), "Tình hình công tác tháng", "");
    stage::item(site, cell, meeting, (Part::Content, Step::Discussion), "Thảo luận nhiệm vụ", "");
    stage::item(site, cell, meeting, (Part::Closing, Step::Conclusion), "Kết luận của chủ trì", "Kết luận cũ tháng 12");
    stage::bring(site, cell, meeting, MeetingState::Closed);
}

async fn plan_the_year(m: &Month) {
    let ha = m.with("nguyenthiha", date(2026, 12, 15), 8, 0).await;
    let form = format!("/cb/{}/nam/2027/du-kien", m.cell);
    let page = ha.get(&form).await.is(200);
    let mut fields = vec![("gio".to_owned(), "14:00".to_owned())];
    for n in 1..=12 {
        let day = page.field(&format!("n-2027-tk-{n}"));
        // The third of January is a Sunday.
        fields.push((format!("n-2027-tk-{n}"), if n == 1 { "04/01/2027".to_owned() } else { day }));
        fields.push((format!("v-2027-tk-{n}"), "0".to_owned()));
    }
    let days: Vec<String> = fields.iter().filter(|f| f.0.starts_with("n-")).map(|f| format!("dự kiến {}", &f.1[..5])).collect();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    ha.post(&form, &fields).await.is(303);
    assert_eq!((days.len(), days[0].as_str(), days[1].as_str()), (12, "dự kiến 04/01", "dự kiến 03/02"));
    let days: Vec<&str> = days.iter().map(String::as_str).collect();
    ha.get(&format!("/cb/{}/nam/2027", m.cell)).await.is(200).says(&days);
}

async fn prepare(m: &mut Month) {
    let ha = m.with("nguyenthiha", date(2026, 12, 28), 9, 0).await;
    ha.get("/").await.is(200).says(&["Chuẩn bị kỳ tháng 1"]);
    let made = ha.post(&format!("/cb/{}/buoi/tao", m.cell), &[("ky", "2027-tk-1")]).await.is(303).to;
    m.at = meeting_of(&made);
    let page = ha.get(&format!("{}/chuan-bi", m.at)).await.is(200);
    let page = page.says(&["Tình hình công tác tháng", "Thảo luận nhiệm vụ", "Kết luận của chủ trì"]).says_not(&["Kết luận cũ"]);
    assert_eq!((page.field("ngay").as_str(), page.field("noi").as_str()), ("04/01/2027", "phòng họp tầng 2"));
    let (version, ha_id, anh) = (page.field("version"), m.id("nguyenthiha"), m.id("lethianh"));
    let plan = [
        ("version", version.as_str()),
        ("ngay", "04/01/2027"),
        ("gio", "14:00"),
        ("ket_thuc", "16:00"),
        ("noi", "Phòng họp tầng 2"),
        ("chu_tri", ha_id.as_str()),
        ("thu_ky", anh.as_str()),
        ("chi_uy_hop", "02/01/2027"),
    ];
    ha.post(&format!("{}/chuan-bi", m.at), &plan).await.is(303);
    let (report, version) = item(&m.site, &m.at, "report");
    let version = version.to_string();
    let fields = [
        ("version", version.as_str()),
        ("ten", "Tình hình công tác tháng"),
        ("trinh_bay", ha_id.as_str()),
        ("phut", "30"),
        ("goi_y", "Vì sao số hóa hồ sơ còn chậm?"),
        ("thong_tin", "Đã số hóa 480 trong 720 hồ sơ."),
    ];
    ha.post(&format!("{}/muc/{report}", m.at), &fields).await.is(303);
    // Nobody below the committee sees it before the notice.
    m.site.sign_in("doquocbao").await.get(&m.at).await.is(404);
    let check = ha.get(&format!("{}/thong-bao", m.at)).await.is(200);
    assert!(area(&check, "noi_dung").contains("14 giờ 00"), "{}", area(&check, "noi_dung"));
    send(&ha, &m.at).await.is(303);
}

async fn answer(m: &Month) {
    let bao = m.with("doquocbao", date(2026, 12, 30), 19, 0).await;
    bao.get("/").await.is(200).says(&["Tôi sẽ dự", "Thứ Hai 04/01/2027"]);
    let reply = format!("{}/tra-loi", m.at);
    bao.post(&reply, &[("tra_loi", "coming")]).await.is(303);
    bao.get("/").await.is(200).says(&["Đồng chí đã trả lời: sẽ dự"]);

    let quynh = m.site.sign_in("ngothiquynh").await;
    quynh.get(&format!("{}/xin-vang", m.at)).await.is(200).says(&["Chỉ đồng chí và chi ủy xem được lý do"]);
    let away = [("tra_loi", "away"), ("ly_do", "sick"), ("ghi_chu", "nằm viện")];
    quynh.post(&reply, &away).await.is(303);
    let ha = m.site.sign_in("nguyenthiha").await;
    ha.get("/").await.is(200).says(&["xin vắng"]);
    let answers = ha.get(&reply).await.is(200).says(&["Ngô Thị Quỳnh", "nằm viện"]);
    let decision = [("version", answers.field("version")), ("quyet_dinh", "granted".to_owned())];
    let decision: Vec<(&str, &str)> = decision.iter().map(|(k, v)| (*k, v.as_str())).collect();
    ha.post(&format!("{}/xin-vang/{}", m.at, m.id("ngothiquynh")), &decision).await.is(303);
    quynh.get("/").await.is(200).says(&["đồng ý"]);
    bao.get(&reply).await.is(404);

    let phuoc = m.site.sign_in("danghuuphuoc").await;
    let (discussion, _) = item(&m.site, &m.at, "discussion");
    let opinion = [("muc", discussion.as_str()), ("y_kien", OPINION), ("phat_bieu", "1"), ("viec", "gui")];
    phuoc.post(&format!("{}/y-kien", m.at), &opinion).await.is(303);
    ha.get(&reply).await.is(200).says(&[OPINION, "Đăng ký phát biểu"]);
}

async fn hold(m: &Month) {
    // Ánh, a plain member, was named to write the minutes.
    let anh = m.with("lethianh", date(2027, 1, 4), 13, 58).await;
    let desk = format!("{}/dieu-hanh", m.at);
    anh.post(&format!("{desk}/mo"), &[("gio", "14:00")]).await.is(303);
    let roll = format!("{}/diem-danh", m.at);
    anh.get(&roll).await.is(200).says(&["Có mặt 0/11", "Vắng có lý do"]);
    anh.post(&roll, &[("mark", &format!("{}:k", m.id("tranvansau")))]).await.is(303);
    anh.post(&roll, &[("mark", "all:c")]).await.is(303);
    anh.get(&roll).await.is(200).says(&["Có mặt 9/11, đạt 81,8 %", "Đảng viên chính thức được biểu quyết: có mặt 7/9"]);

    let (discussion, _) = item(&m.site, &m.at, "discussion");
    let page = anh.get(&format!("{desk}?muc={discussion}")).await.is(200).says(&[OPINION, "Xin phát biểu"]);
    let form = format!("{desk}/muc/{discussion}");
    let (version, opinion) = (page.field("version"), page.field("y_kien"));
    anh.post(&form, &[("version", &version), ("y_kien", &opinion)]).await.is(303);
    anh.post(&form, &[("version", &version), ("noi", &m.id("phamvanan"))]).await.is(303);
    let page = anh.get(&format!("{desk}?muc={discussion}")).await.is(200).says(&["Đã phát biểu", "đ/c Phạm Văn An"]);
    let spoke = page.body.split("name=\"tt_").skip(1).map(|t| t.split('"').next().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(spoke.len(), 2);
    let (first, second) = (format!("tt_{}", spoke[0]), format!("tt_{}", spoke[1]));
    let said = [
        ("version", version.as_str()),
        (first.as_str(), OPINION),
        (second.as_str(), "Đồng ý, tổ một cửa nhận 12 hồ sơ mỗi ngày"),
        ("ket_luan", SAID),
    ];
    anh.post(&form, &said).await.is(303);
    anh.post(&format!("{desk}/dang-phi"), &[("dang_phi", "đã nộp đủ")]).await.is(303);
}

async fn resolve(m: &mut Month) {
    let ha = m.with("nguyenthiha", date(2027, 1, 4), 15, 0).await;
    let base = format!("{}/nghi-quyet", m.at);
    let made = ha.post(&base, &[]).await.is(303).to;
    let id = made.split("nq=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    m.resolution = format!("{base}/{id}");
    ha.get(&base).await.is(200).says(&[&format!("- Thảo luận nhiệm vụ: {SAID}"), "Thành nhiệm vụ"]);
    // The conclusion becomes the first task; the second is written.
    let (discussion, _) = item(&m.site, &m.at, "discussion");
    let form = format!("{}/nhiem-vu", m.resolution);
    let content = area(&ha.get(&format!("{form}?muc={discussion}")).await.is(200), "noi_dung");
    assert_eq!(content, SAID);
    let people = (m.id("lethianh"), m.id("phamvanan"), m.id("leminhduc"));
    for (what, day, doer) in [(content.as_str(), "25/01/2027", &people.0), (OTHER_TASK, "20/01/2027", &people.2)] {
        let task = [
            ("noi_dung", what),
            ("yeu_cau", "Đủ, đúng hạn"),
            ("bien_phap", "Mỗi ngày 12 hồ sơ"),
            ("thoi_han", day),
            ("thuc_hien", doer),
            ("kiem_tra", &people.1),
            ("don_doc", &m.id("nguyenthiha")),
        ];
        ha.post(&form, &task).await.is(303);
    }
    // Put to the vote at the desk: six for, one with another opinion who keeps it.
    let anh = m.site.sign_in("lethianh").await;
    let desk = format!("{}/dieu-hanh", m.at);
    anh.get(&format!("{desk}?phan=bieu-quyet")).await.is(200).says(&["về nhiệm vụ tháng 1 năm 2027", "Quá nửa"]);
    let dat = m.id("trinhcongdat");
    let vote = [
        ("loai", "resolution"),
        ("nghi_quyet", id.as_str()),
        ("noi_dung", "Nghị quyết về nhiệm vụ tháng 1 năm 2027"),
        ("tan_thanh", "6"),
        ("khac", "1"),
        ("bao_luu", dat.as_str()),
        ("cach", "dem"),
    ];
    anh.post(&format!("{desk}/bieu-quyet"), &vote).await.is(303);
    anh.post(&format!("{}/thong-qua", m.resolution), &[("ban", "9")]).await.is(404);
    let version = ha.get(&base).await.is(200).says(&["6/9 đồng chí, đạt 66,7 %"]).field("ban");
    ha.post(&format!("{}/thong-qua", m.resolution), &[("ban", &version), ("ly_do_giu", "Việc thường xuyên của tổ")])
        .await
        .is(303);
    anh.get("/toi/nhiem-vu").await.is(200).says(&[SAID, "Thời hạn 25/01/2027"]);
}

async fn write_down(m: &mut Month) {
    let anh = m.with("lethianh", date(2027, 1, 4), 15, 45).await;
    anh.post(&format!("{}/dieu-hanh/ket-thuc", m.at), &[("gio", "15:40")]).await.is(303);
    let minutes = format!("{}/bien-ban", m.at);
    let page = anh.get(&minutes).await.is(200).says(&[
        "bắt đầu lúc 14 giờ 00, ngày 04 tháng 01 năm 2027",
        "Vắng có lý do: 1 đồng chí: Ngô Thị Quỳnh",
        "Vắng không có lý do: 1 đồng chí: Trần Văn Sáu",
        &format!("Đồng chí Đặng Hữu Phước: {OPINION}"),
        &format!("Kết luận: {SAID}"),
        "tán thành 6/9 đồng chí, đạt 66,7 %",
        "Bảo lưu ý kiến: đồng chí Trịnh Công Đạt",
        OTHER_TASK,
    ]);
    // She adds a sentence of her own where the chair concludes.
    let at = page.body.find("action=\"").map(|_| &minutes).unwrap();
    let section = format!("{at}/conclusion");
    let fields = [("text", "Chủ trì biểu dương tổ một cửa."), ("base_version", "1"), ("key", "thang-1")];
    anh.post(&section, &fields).await.is(200);
    anh.get(&format!("{}/doc-lai", m.at)).await.is(200).says(&["Chủ trì biểu dương tổ một cửa.", OPINION]);
    let bao = m.site.sign_in("doquocbao").await;
    bao.get(&minutes).await.is(404);

    let ha = m.site.sign_in("nguyenthiha").await;
    let page = ha.get(&format!("{}/thong-qua", m.at)).await.is(200);
    ha.post(&format!("{}/thong-qua", m.at), &[("ban", &page.field("ban"))]).await.is(303);
    ha.get(&format!("{}/khoa", m.at)).await.is(200).says(&["Khóa biên bản", "01-BB/CB"]);
    let to = ha.post(&format!("{}/khoa", m.at), &[]).await.is(303).to;
    m.minutes = to.split('?').next().unwrap().to_owned();
    bao.get(&m.minutes).await.is(200).says(&["Số 01-BB/CB", "Đã khóa", "biểu dương"]);
}

/// The words of a DOCX.
fn words_of_docx(page: &Page) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(&page.bytes)).unwrap();
    let mut xml = String::new();
    zip.by_name("word/document.xml").unwrap().read_to_string(&mut xml).unwrap();
    let mut out = String::new();
    for piece in xml.replace("</w:p>", "</w:p>\n").split('<').skip(1) {
        out.push_str(piece.split_once('>').map_or("", |(_, text)| text));
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The words of a PDF, where the tool that reads them is there.
fn words_of_pdf(page: &Page) -> Option<String> {
    assert!(page.bytes.starts_with(b"%PDF"), "no PDF: {}", page.media_type);
    Command::new("pdftotext").arg("-v").output().ok()?;
    let room = tempfile::tempdir().unwrap();
    let file = room.path().join("a.pdf");
    std::fs::write(&file, &page.bytes).unwrap();
    let told = Command::new("pdftotext").args(["-raw", file.to_str().unwrap(), "-"]).output().unwrap();
    assert!(told.status.success());
    Some(String::from_utf8(told.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" "))
}

async fn read_the_papers(m: &Month) {
    let bao = m.site.sign_in("doquocbao").await;
    let page = bao.get(&format!("{}/nghi-quyet", m.at)).await.is(200).says(&["Số 01-NQ/CB", "Đã ban hành"]);
    let resolution = page.link(&format!("/cb/{}/van-ban/", m.cell));
    let minutes_say = ["Số 01-BB/CB", OPINION, "Chủ trì biểu dương tổ một cửa.", "6/9 đồng chí", "T/M CHI BỘ"];
    let resolution_says = ["Số 01-NQ/CB", SAID, OTHER_TASK, "20/01/2027", "6/9 đồng chí tán thành, đạt 66,7 %", "BÍ THƯ"];
    for (address, words) in [(&m.minutes, &minutes_say[..4]), (&resolution, &resolution_says[..])] {
        let docx = words_of_docx(&bao.get(&format!("{address}/docx")).await.is(200));
        for word in words {
            assert!(docx.contains(word), "{word} is not in the DOCX of {address}:\n{docx}");
        }
        if cfg!(feature = "pdf")
            && let Some(pdf) = words_of_pdf(&bao.get(&format!("{address}/pdf")).await.is(200))
        {
            for word in words {
                assert!(pdf.contains(word), "{word} is not in the PDF of {address}:\n{pdf}");
            }
        }
    }
}

async fn carry_out(m: &Month) {
    let anh = m.with("lethianh", date(2027, 1, 15), 9, 0).await;
    let start = format!("/cb/{}/nhiem-vu/", m.cell);
    let task = anh.get("/toi/nhiem-vu").await.is(200).says(&[SAID]).link(&start);
    let said = [("ket_qua", "Đã số hóa 240 hồ sơ"), ("khong_mat", "1"), ("viec", "xong")];
    anh.upload(&format!("{task}/bao-cao"), &said, "tep", "bang-ke.pdf", b"%PDF-1.4 x").await.is(303);
    let an = m.site.sign_in("phamvanan").await;
    an.get("/").await.is(200).says(&["Xác nhận kết quả", SAID]);
    an.get(&task).await.is(200).says(&["Đã số hóa 240 hồ sơ", "bang-ke.pdf"]);
    an.post(&format!("{task}/xac-nhan"), &[]).await.is(303);

    // The other task is not done by its day; who has it says why.
    let duc = m.with("leminhduc", date(2027, 1, 22), 9, 0).await;
    duc.get("/").await.is(200).says(&[OTHER_TASK, "Quá hạn"]);
    let open = duc.get("/toi/nhiem-vu").await.is(200).link(&start);
    let why = [("nguyen_nhan", "coordination"), ("trach_nhiem", "circumstance"), ("buoc_tiep", "Hẹn lại hai phường")];
    duc.post(&format!("{open}/nguyen-nhan"), &why).await.is(303);
}

async fn next_month(m: &Month) {
    let ha = m.with("nguyenthiha", date(2027, 1, 28), 9, 0).await;
    let made = ha.post(&format!("/cb/{}/buoi/tao", m.cell), &[("ky", "2027-tk-2")]).await.is(303).to;
    let next = meeting_of(&made);
    let (review, _) = item(&m.site, &next, "review");
    let position: i64 = m.site.write({
        let (cell, id) = (m.cell, review.parse::<i64>().unwrap());
        move |tx| Ok(tx.scalar("select position from agenda_item where org_id = $1 and item_id = $2", values![cell, id])?)
    });
    assert_eq!(position, 1, "the review is item 1");
    let told = area(&ha.get(&format!("{next}/muc/{review}")).await.is(200), "thong_tin");
    let line = format!(
        "- {OTHER_TASK} (đồng chí Lê Minh Đức, thời hạn 20/01/2027): quá hạn; nguyên nhân: do phối hợp; trách nhiệm: do khách quan."
    );
    assert!(told.contains(&line) || told.contains("quá hạn; nguyên nhân: "), "{told}");
    assert!(told.contains(OTHER_TASK) && told.contains("trách nhiệm: do khách quan") && !told.contains(SAID), "{told}");
    m.site.sign_in("doquocbao").await.get(&next).await.is(404);
}

async fn look_back(m: &Month) {
    let bao = m.with("doquocbao", date(2027, 1, 29), 19, 0).await;
    let book = bao.get(&format!("/cb/{}/so-bien-ban/2027", m.cell)).await.is(200);
    book.says(&["2 văn bản", "Số 01-BB/CB", "Số 01-NQ/CB", "04/01/2027"]);
    bao.get("/").await.is(200).says(&["1 / 1 buổi", "0 kỳ"]).says_not(&["Tôi sẽ dự", "bàn làm việc"]);
    for (login, words) in [("danghuuphuoc", ["1 / 1 buổi", "1 kỳ"]), ("ngothiquynh", ["0 / 1 buổi", "0 kỳ"])] {
        m.site.sign_in(login).await.get("/").await.is(200).says(&words);
    }
    let ha = m.site.sign_in("nguyenthiha").await;
    ha.get("/").await.is(200).says(&["Mở bàn làm việc", "Kiểm tra và gửi thông báo"]);
    ha.get(&format!("/cb/{}/nam/2027", m.cell)).await.is(200).says(&["Đã khóa biên bản", "Đang chuẩn bị"]);
    // The committee above sees that the month is sealed, and no word of it.
    let above = m.site.sign_in("tranvanlam").await.get("/").await.is(200);
    above.says(&["Đã khóa biên bản: 1"]).says_not(&[SAID, OPINION]);
    assert_eq!(verify::all(&m.site.app.db), Vec::<String>::new());
}
