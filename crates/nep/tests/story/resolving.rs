//! A resolution from its draft to its seal, and its tasks until they come back at the next meeting
//! (M15, M16, SM-01, SM-03, BQ-01, P-8).

use std::sync::Arc;

use domain::agenda::{Part, Step};
use domain::id::{ItemId, MeetingId};
use domain::meeting::{MeetingKind, MeetingState};
use domain::period::PeriodKey;
use domain::roll::Mark;
use jiff::civil::date;

use crate::site::{Browser, Site, each};
use crate::stage;

const SAID: &str = "Số hóa xong 240 hồ sơ quý IV trước ngày 25/12";

/// The meeting of December, being held: nine official members, seven of them there.
fn december(site: &Arc<Site>) -> (MeetingId, ItemId) {
    site.at(date(2026, 12, 3).at(15, 0, 0, 0));
    let cell = site.cast.cell;
    let key = PeriodKey::regular(2026, 12).unwrap();
    let meeting = stage::prepared(site, cell, "nguyenthiha", MeetingKind::Regular, date(2026, 12, 3), &[key]);
    let item = stage::item(site, cell, meeting, (Part::Content, Step::Discussion), "Thảo luận nhiệm vụ tháng 12", SAID);
    stage::bring(site, cell, meeting, MeetingState::Open);
    let away = [(site.person("doquocbao"), Mark::Excused), (site.person("trinhcongdat"), Mark::Unexcused)];
    stage::roll(site, cell, meeting, &away, date(2026, 12, 3).at(14, 0, 0, 0));
    (meeting, item)
}

/// The address of the draft that a page or a redirect names.
fn of(base: &str, redirect: &str) -> String {
    let id = redirect.split("nq=").nth(1).unwrap().split('&').next().unwrap();
    format!("{base}/{id}")
}

async fn version(browser: &Browser, base: &str) -> String {
    browser.get(base).await.is(200).field("ban")
}

#[test]
fn a_draft_grows_from_the_meeting_and_is_written_by_two_without_loss() {
    each(|site| async move {
        let (meeting, item) = december(&site);
        let base = format!("/cb/{}/buoi/{meeting}/nghi-quyet", site.cast.cell);
        let (ha, duc, anh) = (site.sign_in("nguyenthiha").await, site.sign_in("leminhduc").await, site.sign_in("lethianh").await);
        let lan = site.sign_in("phanthilan").await;
        anh.get(&base).await.is(200).says(&["Chưa có nghị quyết được thông qua"]).says_not(&["Lập dự thảo", SAID]);
        anh.post(&base, &[]).await.is(404);
        lan.get(&base).await.is(404);
        ha.get(&base).await.is(200).says(&["Lập dự thảo nghị quyết"]);
        let made = ha.post(&base, &[]).await.is(303).to;
        let one = of(&base, &made);
        assert_eq!(of(&base, &duc.post(&base, &[]).await.is(303).to), one, "pressing twice makes one");
        let page = ha.get(&base).await.is(200);
        page.says(&["về nhiệm vụ tháng 12 năm 2026", SAID, "Nghị quyết chưa có nhiệm vụ nào được phân công", "SM-01"]);
        anh.get(&base).await.is(200).says_not(&[SAID]);

        let first = version(&ha, &base).await;
        let text = |assessment: &'static str, version: &str| -> Vec<(&'static str, String)> {
            vec![
                ("ban", version.to_owned()),
                ("trich_yeu", "về nhiệm vụ tháng 12 năm 2026".to_owned()),
                ("danh_gia", assessment.to_owned()),
                ("phuong_huong", "Tập trung số hóa.".to_owned()),
                ("to_chuc", "Chi ủy theo dõi.".to_owned()),
            ]
        };
        let send = async |browser: &Browser, fields: Vec<(&'static str, String)>| {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
            browser.post(&one, &fields).await
        };
        send(&ha, text("Bí thư: tháng 11 đạt kế hoạch.", &first)).await.is(303);
        let both = send(&duc, text("Phó bí thư: còn chậm một việc.", &first)).await.is(409);
        let both = both.says(&["Bí thư: tháng 11 đạt kế hoạch.", "Phó bí thư: còn chậm một việc."]);
        send(&duc, text("Bản ghép của hai đồng chí.", &both.field("ban"))).await.is(303);
        ha.get(&base).await.is(200).says(&["Bản ghép của hai đồng chí."]);
        send(&ha, text("x", "0")).await.is(409);
        let mut untitled = text("x", &version(&ha, &base).await);
        untitled[1].1.clear();
        send(&ha, untitled).await.is(422).says(&["Lỗi: ", "Hãy nhập trích yếu"]);

        let form = format!("{one}/nhiem-vu");
        ha.get(&format!("{form}?muc={item}")).await.is(200).says(&[SAID]);
        ha.get(&format!("{form}?muc=1")).await.is(404);
        anh.get(&form).await.is(404);
        let lan = site.person("phanthilan").to_string();
        let stranger = ha.post(&form, &[("noi_dung", "Việc"), ("thuc_hien", &lan), ("thoi_han", "31/11/2026")]).await.is(422);
        stranger.says(&["không có trong danh sách chi bộ", "không phải là một ngày"]);
        ha.post(&form, &[("noi_dung", "Việc thứ nhất")]).await.is(303);
        ha.post(&form, &[("noi_dung", "Việc thứ hai")]).await.is(303);
        let page = ha.get(&base).await.is(200);
        page.says(&["Nhiệm vụ thứ 2: chưa có yêu cầu, biện pháp, thời hạn, người thực hiện, người kiểm tra, người đôn đốc."]);
        let page = ha.get(&base).await;
        assert!(page.body.find("Việc thứ nhất") < page.body.find("Việc thứ hai"));
        let second = page.body.rfind("/thu-tu").map(|at| page.body[..at].rsplit('/').next().unwrap().to_owned()).unwrap();
        ha.post(&format!("{form}/{second}/thu-tu"), &[("viec", "len")]).await.is(303);
        let page = ha.get(&base).await;
        assert!(page.body.find("Việc thứ nhất") > page.body.find("Việc thứ hai"));
        ha.post(&format!("{form}/{second}/thu-tu"), &[("viec", "bo")]).await.is(303);
        ha.get(&base).await.is(200).says_not(&["Việc thứ hai"]);
        ha.get(&format!("{one}/van-ban/docx")).await.is(200);
        ha.get(&format!("{one}/van-ban/txt")).await.is(404);
    });
}

/// A draft with one whole task and one that only says what; address of the resolution.
async fn drafted(site: &Arc<Site>, ha: &Browser, base: &str) -> String {
    let one = of(base, &ha.post(base, &[]).await.is(303).to);
    let id = |login: &str| site.person(login).to_string();
    let (anh, an, duc) = (id("lethianh"), id("phamvanan"), id("leminhduc"));
    let whole = [
        ("noi_dung", "Số hóa 240 hồ sơ quý IV"),
        ("yeu_cau", "Đủ 240 hồ sơ"),
        ("bien_phap", "Mỗi ngày 12 hồ sơ"),
        ("thoi_han", "25/12/2026"),
        ("thuc_hien", anh.as_str()),
        ("kiem_tra", an.as_str()),
        ("don_doc", duc.as_str()),
    ];
    ha.post(&format!("{one}/nhiem-vu"), &whole).await.is(303);
    ha.post(&format!("{one}/nhiem-vu"), &[("noi_dung", "Giúp tổ một cửa"), ("thoi_han", "10/12/2026")]).await.is(303);
    one
}

async fn adopt(browser: &Browser, base: &str, one: &str) -> crate::site::Page {
    let version = version(browser, base).await;
    browser.post(&format!("{one}/thong-qua"), &[("ban", &version), ("ly_do_giu", "Việc thường xuyên của tổ")]).await
}

#[test]
fn only_a_majority_of_all_official_members_adopts_and_then_it_is_sealed() {
    each(|site| async move {
        let (meeting, _) = december(&site);
        let cell = site.cast.cell;
        let base = format!("/cb/{cell}/buoi/{meeting}/nghi-quyet");
        let (ha, an, anh) = (site.sign_in("nguyenthiha").await, site.sign_in("phamvanan").await, site.sign_in("lethianh").await);
        let one = drafted(&site, &ha, &base).await;
        ha.get(&base).await.is(200).says(&["9 đảng viên chính thức, đang có mặt 7. Cần ít nhất 5"]);
        adopt(&ha, &base, &one).await.is(422).says(&["Nghị quyết chưa được biểu quyết"]);
        let vote = format!("{one}/bieu-quyet");
        ha.post(&vote, &[("tan_thanh", "")]).await.is(422).says(&["Hãy nhập số đồng chí tán thành"]);
        ha.post(&vote, &[("tan_thanh", "8")]).await.is(422).says(&["nhiều hơn 7 đảng viên chính thức có mặt"]);
        ha.post(&vote, &[("tan_thanh", "4"), ("khong_tan_thanh", "3")]).await.is(303);
        let failed = adopt(&ha, &base, &one).await.is(422);
        failed.says(&["Nghị quyết không được thông qua", "Tán thành 4/9", "ít nhất 5 đồng chí"]);
        anh.get("/toi/nhiem-vu").await.is(200).says(&["chưa được giao nhiệm vụ nào"]);
        ha.post(&vote, &[("tan_thanh", "6"), ("y_kien_khac", "1"), ("bao_luu", "Trần Văn Sáu")]).await.is(303);
        adopt(&an, &base, &one).await.is(404);
        ha.post(&format!("{one}/thong-qua"), &[("ban", "0")]).await.is(409);
        adopt(&ha, &base, &one).await.is(303);
        let page = anh.get(&base).await.is(200);
        page.says(&[
            "Đã thông qua",
            "Số hóa 240 hồ sơ quý IV",
            "6/9 đồng chí, đạt 66,7 %",
            "Bảo lưu ý kiến: đồng chí Trần Văn Sáu",
        ]);
        anh.get("/toi/nhiem-vu").await.is(200).says(&["Số hóa 240 hồ sơ quý IV", "Thời hạn 25/12/2026"]);
        ha.post(&format!("{one}/nhiem-vu"), &[("noi_dung", "Thêm sau")]).await.is(422);

        let version = ha.get(&base).await.field("ban");
        let reopen = format!("{one}/mo-lai");
        ha.post(&reopen, &[("ban", &version), ("ly_do", " ")]).await.is(422).says(&["Chưa có lý do sửa lại"]);
        ha.post(&reopen, &[("ban", &version), ("ly_do", "Ghi nhầm trích yếu")]).await.is(303);
        anh.get("/toi/nhiem-vu").await.is(200).says_not(&["Số hóa 240"]);
        ha.get(&base).await.is(200).says(&["Ghi nhầm trích yếu"]);
        adopt(&ha, &base, &one).await.is(303);

        let issue = format!("{base}/ban-hanh");
        ha.post(&issue, &[]).await.is(422).says(&["Hãy kết thúc buổi sinh hoạt trước"]);
        stage::bring(&site, cell, meeting, MeetingState::Closed);
        an.post(&issue, &[]).await.is(404);
        ha.post(&issue, &[]).await.is(303);
        ha.post(&issue, &[]).await.is(422).says(&["Chưa có nghị quyết nào được thông qua để ban hành"]);
        let sealed = anh.get(&base).await.is(200).says(&["Số 01-NQ/CB", "Đã ban hành"]);
        let paper = sealed.link(&format!("/cb/{cell}/van-ban/"));
        let paper = anh.get(&paper).await.is(200);
        paper.says(&[
            "Số 01-NQ/CB",
            "tổ chức sinh hoạt thường kỳ (từ 14 giờ 00 đến 15 giờ 45)",
            "6/9 đồng chí tán thành, đạt 66,7 %",
            "T/M CHI BỘ",
        ]);
        ha.post(&format!("{one}/mo-lai"), &[("ban", "9"), ("ly_do", "x")]).await.is(422);
        let wrong = site.write(move |tx| {
            let root = nep::org::store::get(tx, cell, date(2026, 12, 3))?.root();
            Ok(nep::ledger::store::check(tx, root)?)
        });
        assert!(wrong.is_empty(), "{wrong:?}");
    });
}

#[test]
fn the_doer_reports_the_checker_decides_and_what_is_open_comes_back() {
    each(|site| async move {
        let (meeting, _) = december(&site);
        let cell = site.cast.cell;
        let base = format!("/cb/{cell}/buoi/{meeting}/nghi-quyet");
        let (ha, duc, an) = (site.sign_in("nguyenthiha").await, site.sign_in("leminhduc").await, site.sign_in("phamvanan").await);
        let (anh, bao, lan) = (site.sign_in("lethianh").await, site.sign_in("doquocbao").await, site.sign_in("phanthilan").await);
        let one = drafted(&site, &ha, &base).await;
        ha.post(&format!("{one}/bieu-quyet"), &[("tan_thanh", "7")]).await.is(303);
        let before = ha.get(&base).await.link(&format!("{one}/nhiem-vu/"));
        anh.get(&before.replace(&one, &format!("/cb/{cell}"))).await.is(404);
        adopt(&ha, &base, &one).await.is(303);

        let task = anh.get("/toi/nhiem-vu").await.is(200).link(&format!("/cb/{cell}/nhiem-vu/"));
        lan.get(&task).await.is(404);
        lan.get(&format!("/cb/{cell}/nhiem-vu")).await.is(404);
        lan.get(&format!("/cb/{}/nhiem-vu/{}", site.cast.sibling, task.rsplit('/').next().unwrap())).await.is(404);
        let report = format!("{task}/bao-cao");
        bao.post(&report, &[("ket_qua", "Xong")]).await.is(422).says(&["Chỉ đồng chí được phân công thực hiện"]);
        anh.post(&report, &[("ket_qua", " ")]).await.is(422).says(&["Chưa có kết quả thực hiện"]);
        anh.post(&report, &[("ket_qua", "Được nửa"), ("viec", "tien_do"), ("tien_do", "50")]).await.is(303);
        anh.get(&task).await.is(200).says(&["Đã làm 50 %", "Ghi tiến độ 50 %"]);
        anh.post(&report, &[("ket_qua", "Đã số hóa 240 hồ sơ"), ("viec", "xong")]).await.is(303);
        let confirm = format!("{task}/xac-nhan");
        anh.post(&confirm, &[]).await.is(422).says(&["không tự xác nhận nhiệm vụ của mình"]);
        duc.post(&confirm, &[]).await.is(422).says(&["Chỉ đồng chí được phân công kiểm tra"]);
        let back = format!("{task}/tra-lai");
        an.get("/toi/nhiem-vu").await.is(200).says(&["Chờ đồng chí xác nhận"]);
        an.post(&back, &[("can_lam", "")]).await.is(422).says(&["Chưa có nội dung cần làm tiếp"]);
        an.post(&back, &[("can_lam", "Còn 12 hồ sơ chưa ký số")]).await.is(303);
        anh.get(&task).await.is(200).says(&["Trả lại làm tiếp", "Còn 12 hồ sơ chưa ký số"]);

        let pdf = b"%PDF-1.4 x";
        let said = [("ket_qua", "Đã ký số đủ")];
        anh.upload(&report, &said, "tep", "bang-ke.pdf", pdf).await.is(422).says(&["xác nhận tệp không chứa bí mật nhà nước"]);
        let ticked = [("ket_qua", "Đã ký số đủ"), ("khong_mat", "1")];
        anh.upload(&report, &ticked, "tep", "bang-ke.exe", b"MZ").await.is(422);
        anh.upload(&report, &ticked, "tep", "Mật - bang-ke.pdf", pdf).await.is(422);
        anh.upload(&report, &ticked, "tep", "bang-ke.pdf", pdf).await.is(303);
        let file = an.get(&task).await.is(200).link(&format!("/cb/{cell}/tep/"));
        assert_eq!(an.get(&file).await.is(200).bytes, pdf);
        lan.get(&file).await.is(404);
        an.post(&confirm, &[]).await.is(303);
        an.post(&confirm, &[]).await.is(422);
        anh.get(&task).await.is(200).says(&["Đã hoàn thành"]);

        let list = format!("/cb/{cell}/nhiem-vu");
        bao.get(&list).await.is(200).says(&["2 nhiệm vụ: 1 đã xác nhận, 1 đang thực hiện."]);
        // A session does not outlive a week.
        site.at(date(2026, 12, 11).at(9, 0, 0, 0));
        let (ha, duc, bao) =
            (site.sign_in("nguyenthiha").await, site.sign_in("leminhduc").await, site.sign_in("doquocbao").await);
        let late = bao.get(&format!("{list}?trang_thai=qua-han")).await.is(200);
        late.says(&["1 nhiệm vụ: 1 quá hạn.", "Giúp tổ một cửa"]).says_not(&["Số hóa 240"]);
        bao.get(&format!("{list}?q=so%20hoa")).await.is(200).says(&["Số hóa 240"]).says_not(&["Giúp tổ một cửa"]);
        bao.get(&format!("{list}?nguoi=1")).await.is(200).says(&["Không có nhiệm vụ nào khớp"]);
        assert!(bao.get(&format!("{list}.xlsx")).await.is(200).bytes.starts_with(b"PK"));

        let other = bao.get(&format!("{list}?trang_thai=qua-han")).await.link(&format!("/cb/{cell}/nhiem-vu/"));
        let extend = format!("{other}/gia-han");
        bao.post(&extend, &[("thoi_han", "20/12/2026"), ("ly_do_gia_han", "x")]).await.is(404);
        duc.post(&extend, &[("thoi_han", "09/12/2026"), ("ly_do_gia_han", "x")]).await.is(422).says(&["sau thời hạn cũ"]);
        duc.post(&extend, &[("thoi_han", "20/12/2026"), ("ly_do_gia_han", "")]).await.is(422).says(&["Chưa có lý do gia hạn"]);
        duc.post(&extend, &[("thoi_han", "20/12/2026"), ("ly_do_gia_han", "Thiếu người")]).await.is(303);
        let cause = format!("{other}/nguyen-nhan");
        bao.post(&cause, &[("nguyen_nhan", "resources")]).await.is(422).says(&["Chỉ đồng chí thực hiện, kiểm tra, đôn đốc"]);
        ha.post(&cause, &[]).await.is(422).says(&["Hãy chọn nguyên nhân"]);
        let said = [("nguyen_nhan", "resources"), ("trach_nhiem", "circumstance"), ("buoc_tiep", "Tăng một đồng chí")];
        ha.post(&cause, &said).await.is(303);
        bao.get(&other).await.is(200).says(&[
            "Nguồn lực",
            "Tăng một đồng chí",
            "Từ 10/12/2026 đến 20/12/2026. Lý do: Thiếu người",
        ]);

        site.at(date(2026, 12, 28).at(9, 0, 0, 0));
        let ha = site.sign_in("nguyenthiha").await;
        let next = ha.post(&format!("/cb/{cell}/buoi/tao"), &[("ky", "2027-tk-1")]).await.is(303).to;
        let next = next.split('?').next().unwrap().trim_end_matches("/chuan-bi").to_owned();
        let review = "Giúp tổ một cửa (đồng chí chưa phân công, thời hạn 20/12/2026): quá hạn; nguyên nhân: nguồn lực; trách nhiệm: do khách quan; bước tiếp theo: tăng một đồng chí.";
        let base = format!("{next}/nghi-quyet");
        ha.get(&base).await.is(200).says(&["2 nhiệm vụ: 1 đã xác nhận, 1 quá hạn"]);
        ha.post(&base, &[]).await.is(303);
        ha.get(&base).await.is(200).says(&[review]);
        let page = ha.get(&format!("{next}/chuan-bi")).await.is(200);
        let item = page.link(&format!("{next}/muc/"));
        let mut found = false;
        for item in page.body.split("href=\"").filter(|h| h.starts_with(&format!("{next}/muc/"))) {
            let address = item.split('"').next().unwrap();
            found |= ha.get(address).await.is(200).body.contains("Giúp tổ một cửa");
        }
        assert!(found, "no item of the next agenda lists the open task (first item: {item})");
    });
}
