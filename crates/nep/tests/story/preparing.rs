//! Preparing a meeting and giving notice of it: from the last one, checked, sent, answered
//! (CB-01 … CB-06, M3, M8, M9, P-8, P-10, P-30).

use std::sync::Arc;

use db::values;
use jiff::civil::date;

use crate::site::{Browser, Page, Site, each};

/// The text of a text area as the browser would send it.
pub fn area(page: &Page, name: &str) -> String {
    let at = page.body.find(&format!("name=\"{name}\"")).unwrap_or_else(|| panic!("no area {name}:\n{}", page.body));
    let text = page.body[at..].split_once('>').unwrap().1.split_once("</textarea>").unwrap().0;
    text.replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"").replace("&#39;", "'").replace("&#38;", "&")
}

/// The address of the meeting a redirect leads to.
pub fn meeting_of(to: &str) -> String {
    let mut parts = to.split('/');
    parts.next();
    let kept: Vec<&str> = parts.take(4).collect();
    format!("/{}", kept.join("/").split('?').next().unwrap())
}

/// Makes the meeting of a kỳ with place and chair; its address.
async fn prepared(site: &Site, ha: &Browser, period: &str, day: &str) -> String {
    let cell = site.cast.cell;
    let at = meeting_of(&ha.post(&format!("/cb/{cell}/buoi/tao"), &[("ky", period)]).await.is(303).to);
    let page = ha.get(&format!("{at}/chuan-bi")).await.is(200);
    let (version, chair) = (page.field("version"), site.person("nguyenthiha").to_string());
    let plan = [
        ("version", version.as_str()),
        ("ngay", day),
        ("gio", "14 giờ 00"),
        ("ket_thuc", "16:00"),
        ("noi", "Phòng họp tầng 2"),
        ("chu_tri", chair.as_str()),
        ("thu_ky", ""),
        ("chi_uy_hop", ""),
    ];
    ha.post(&format!("{at}/chuan-bi"), &plan).await.is(303);
    at
}

pub async fn send(ha: &Browser, at: &str) -> Page {
    let check = ha.get(&format!("{at}/thong-bao")).await.is(200);
    let (version, print, body) = (check.field("version"), check.field("dau"), area(&check, "noi_dung"));
    ha.post(&format!("{at}/thong-bao"), &[("version", &version), ("dau", &print), ("noi_dung", &body)]).await
}

/// The kỳ of December, prepared and noticed.
async fn noticed(site: &Arc<Site>) -> (Browser, String) {
    let ha = site.sign_in("nguyenthiha").await;
    let at = prepared(site, &ha, "2026-tk-12", "03/12/2026").await;
    send(&ha, &at).await.is(303);
    (ha, at)
}

/// The id of the item of a step, and its version, from the table of the preparation.
pub fn item(site: &Site, at: &str, step: &'static str) -> (String, i64) {
    let (cell, meeting) = (site.cast.cell, at.rsplit('/').next().unwrap().parse::<i64>().unwrap());
    let (id, version): (i64, i64) = site.write(move |tx| {
        Ok(tx.one(
            "select item_id, version from agenda_item where org_id = $1 and meeting_id = $2 and step = $3",
            values![cell, meeting, step],
        )?)
    });
    (id.to_string(), version)
}

#[test]
fn next_months_meeting_comes_from_the_last_in_four_requests() {
    each(|site| async move {
        site.at(date(2026, 10, 25).at(9, 0, 0, 0));
        let ha = site.sign_in("nguyenthiha").await;
        let last = prepared(&site, &ha, "2026-tk-11", "04/11/2026").await;
        let (report, _) = item(&site, &last, "report");
        let duc = site.person("leminhduc").to_string();
        let edit = [("version", "1"), ("ten", "Báo cáo tháng"), ("trinh_bay", &duc), ("phut", "25"), ("goi_y", "Việc cũ")];
        ha.post(&format!("{last}/muc/{report}"), &edit).await.is(303);
        send(&ha, &last).await.is(303);

        site.at(date(2026, 11, 22).at(9, 0, 0, 0));
        let ha = site.sign_in("nguyenthiha").await;
        let cell = site.cast.cell;
        ha.get(&format!("/cb/{cell}/buoi")).await.is(200).says(&["Chuẩn bị kỳ tháng 12 năm 2026"]);
        let at = meeting_of(&ha.post(&format!("/cb/{cell}/buoi/tao"), &[("ky", "2026-tk-12")]).await.is(303).to);
        let page = ha.get(&format!("{at}/chuan-bi")).await.is(200);
        page.says(&["Báo cáo tháng"]).says_not(&["Việc cũ"]);
        let page = ha.get(&format!("{at}/chuan-bi")).await;
        assert_eq!((page.field("noi"), page.field("ngay")), ("Phòng họp tầng 2".into(), "03/12/2026".into()));
        assert_eq!((page.field("gio"), page.field("ket_thuc")), ("14:00".into(), "16:00".into()));
        send(&ha, &at).await.is(303);
        ha.get(&format!("{at}/thong-bao"))
            .await
            .says(&["Gửi lúc 09:00 ngày 22/11/2026, trước 11 ngày 5 giờ so với giờ bắt đầu", "1 trên 13"]);
    });
}

#[test]
fn a_meeting_made_on_its_own_day_can_still_be_told_of_and_a_day_of_rest_is_pointed_out() {
    each(|site| async move {
        let cell = site.cast.cell;
        // The 3rd of January 2027 is a Sunday; the desk of the year before already leads there.
        site.at(date(2026, 12, 20).at(9, 0, 0, 0));
        let ha = site.sign_in("nguyenthiha").await;
        let desk = ha.get(&format!("/cb/{cell}")).await.is(200);
        desk.says(&[
            "Kỳ tháng 1 năm 2027",
            "Ngày cuối của kỳ: thứ Năm 07/01/2027",
            "Chuẩn bị chuyên đề quý IV",
            "Hạn 31/12/2026",
        ]);
        let at = meeting_of(&ha.post(&format!("/cb/{cell}/buoi/tao"), &[("ky", "2027-tk-1")]).await.is(303).to);
        let page = ha.get(&format!("{at}/chuan-bi")).await.is(200);
        page.says(&["Đang ghi Chủ nhật 03/01/2027, là ngày nghỉ; được chọn ngày khác đến hết ngày 07"]);
        // In the evening of the 3rd the usual hour has passed.
        site.at(date(2027, 2, 3).at(20, 0, 0, 0));
        let ha = site.sign_in("nguyenthiha").await;
        let at = meeting_of(&ha.post(&format!("/cb/{cell}/buoi/tao"), &[("ky", "2027-tk-2")]).await.is(303).to);
        let page = ha.get(&format!("{at}/chuan-bi")).await.is(200);
        assert_eq!(page.field("ngay"), "04/02/2027");
        page.says_not(&["ngày nghỉ"]);
    });
}

#[test]
fn the_check_page_says_what_is_missing_and_blocks_only_what_must_be() {
    each(|site| async move {
        let ha = site.sign_in("nguyenthiha").await;
        let cell = site.cast.cell;
        let at = meeting_of(&ha.post(&format!("/cb/{cell}/buoi/tao"), &[("ky", "2026-tk-12")]).await.is(303).to);
        let check = ha.get(&format!("{at}/thong-bao")).await.is(200);
        let check = check.says(&["Chưa có địa điểm sinh hoạt.", "Phải làm", "Gửi thông báo cho 12 đảng viên", "Trần Văn Lâm"]);
        let (version, print) = (check.field("version"), check.field("dau"));
        let fields = [("version", version.as_str()), ("dau", print.as_str()), ("noi_dung", "Kính báo")];
        ha.post(&format!("{at}/thong-bao"), &fields).await.is(422).says(&["Chưa có địa điểm", "Kính báo"]);
        let at = prepared(&site, &ha, "2026-tk-12", "03/12/2026").await;
        // Somebody else changes the preparation while the text is being edited.
        let check = ha.get(&format!("{at}/thong-bao")).await.is(200);
        let (version, print) = (check.field("version"), check.field("dau"));
        let duc = site.sign_in("leminhduc").await;
        let add = [("buoc", "other"), ("ten", "Kết nạp đảng viên"), ("phut", "10")];
        duc.post(&format!("{at}/muc"), &add).await.is(303);
        let fields = [("version", version.as_str()), ("dau", print.as_str()), ("noi_dung", "Kính báo các đồng chí")];
        let stale = ha.post(&format!("{at}/thong-bao"), &fields).await.is(409);
        stale.says(&["Nội dung đã thay đổi", "Kính báo các đồng chí"]);
        // The deputy leads, the committee member only prepares.
        let an = site.sign_in("phamvanan").await;
        an.get(&format!("{at}/thong-bao")).await.is(200).says(&["Bí thư hoặc phó bí thư gửi thông báo."]);
        an.post(&format!("{at}/thong-bao"), &fields).await.is(404);
        send(&ha, &at).await.is(303);
        send_again_is_refused(&ha, &at).await;
    });
}

async fn send_again_is_refused(ha: &Browser, at: &str) {
    let fields = [("version", "3"), ("dau", "x"), ("noi_dung", "Lần nữa")];
    ha.post(&format!("{at}/thong-bao"), &fields).await.is(422).says(&["Thông báo đã được gửi"]);
}

#[test]
fn members_see_nothing_before_the_notice_and_answer_after_it() {
    each(|site| async move {
        let ha = site.sign_in("nguyenthiha").await;
        let cell = site.cast.cell;
        let at = prepared(&site, &ha, "2026-tk-12", "03/12/2026").await;
        let anh = site.sign_in("lethianh").await;
        anh.get(&at).await.is(404);
        anh.get(&format!("/cb/{cell}/buoi")).await.is(200).says_not(&["tháng 12 năm 2026"]);
        send(&ha, &at).await.is(303);
        let unread = |login: &'static str| {
            let person = site.person(login);
            site.write(move |tx| Ok(nep::notice::store::unread_for(tx, person, date(2026, 11, 22))?.len()))
        };
        let pending = |login: &'static str| {
            let person = site.person(login);
            site.write(move |tx| Ok(nep::notice::store::pending_for(tx, person, date(2026, 11, 22))?.len()))
        };
        assert_eq!((unread("lethianh"), pending("lethianh"), unread("tranvanlam")), (1, 1, 1));
        anh.get(&at).await.is(200).says(&["Đồng chí có dự không?", "Phòng họp tầng 2", "Điểm danh"]);
        assert_eq!((unread("lethianh"), pending("lethianh")), (0, 1));
        anh.post(&format!("{at}/tra-loi"), &[("tra_loi", "coming")]).await.is(303);
        assert_eq!(pending("lethianh"), 0);
        anh.get(&at).await.says(&["Đồng chí sẽ dự."]);
        // A reason is needed, and words of one's own where the reason says nothing.
        anh.get(&format!("{at}/xin-vang")).await.is(200).says(&["Đi công tác"]);
        anh.post(&format!("{at}/tra-loi"), &[("tra_loi", "away")]).await.is(422).says(&["Hãy chọn lý do xin vắng."]);
        let other = [("tra_loi", "away"), ("ly_do", "other")];
        anh.post(&format!("{at}/tra-loi"), &other).await.is(422).says(&["Hãy nói rõ lý do."]);
        let away = [("tra_loi", "away"), ("ly_do", "sick"), ("ghi_chu", "nằm viện")];
        anh.post(&format!("{at}/tra-loi"), &away).await.is(303);
        anh.get(&at).await.says(&["Đang chờ bí thư xem xét"]);
        // Others never see the reason; the secretary decides on what she read.
        let bao = site.sign_in("doquocbao").await;
        bao.get(&at).await.is(200).says_not(&["nằm viện"]);
        bao.get(&format!("{at}/tra-loi")).await.is(404);
        let answers = ha.get(&format!("{at}/tra-loi")).await.is(200).says(&["Ốm, khám chữa bệnh: nằm viện"]);
        let decide = format!("{at}/xin-vang/{}", site.person("lethianh"));
        let version = answers.field("version");
        let grant = [("version", version.as_str()), ("quyet_dinh", "granted")];
        bao.post(&decide, &grant).await.is(404);
        ha.post(&decide, &grant).await.is(303);
        ha.post(&decide, &grant).await.is(409);
        anh.get(&at).await.says(&["đã được đồng ý"]);
        // Coming after all makes the decision void.
        anh.post(&format!("{at}/tra-loi"), &[("tra_loi", "coming")]).await.is(303);
        ha.get(&format!("{at}/tra-loi")).await.says_not(&["Đã cho vắng", "nằm viện"]);
    });
}

#[test]
fn who_is_not_asked_does_not_answer() {
    each(|site| async move {
        let (_, at) = noticed(&site).await;
        let follower = site.sign_in("tranvanlam").await;
        follower.get(&at).await.is(200).says(&["Phòng họp tầng 2"]).says_not(&["Tôi sẽ dự", "Ý kiến gửi trước"]);
        follower.post(&format!("{at}/tra-loi"), &[("tra_loi", "coming")]).await.is(404);
        let exempt = site.sign_in("hoangvanut").await;
        exempt.get(&at).await.is(200).says_not(&["Tôi sẽ dự"]);
        exempt.post(&format!("{at}/tra-loi"), &[("tra_loi", "coming")]).await.is(404);
        let lan = site.sign_in("phanthilan").await;
        let own = at.replace(&site.cast.cell.to_string(), &site.cast.sibling.to_string());
        for path in [at.clone(), own, format!("{at}/chuan-bi"), format!("{at}/in"), format!("{at}/y-kien")] {
            lan.get(&path).await.is(404);
        }
        lan.post(&format!("{at}/tra-loi"), &[("tra_loi", "coming")]).await.is(404);
    });
}

#[test]
fn the_committees_own_meeting_is_for_the_committee() {
    each(|site| async move {
        let ha = site.sign_in("nguyenthiha").await;
        let cell = site.cast.cell;
        let new = [("loai", "committee"), ("ngay", "01/12/2026"), ("gio", "8h")];
        ha.post(&format!("/cb/{cell}/buoi/tao"), &[("loai", "committee")]).await.is(422).says(&["Hãy ghi ngày"]);
        let at = meeting_of(&ha.post(&format!("/cb/{cell}/buoi/tao"), &new).await.is(303).to);
        let page = ha.get(&format!("{at}/chuan-bi")).await.is(200);
        let version = page.field("version");
        let chair = site.person("nguyenthiha").to_string();
        let plan = [
            ("version", version.as_str()),
            ("ngay", "01/12/2026"),
            ("gio", "8:00"),
            ("ket_thuc", "9:00"),
            ("noi", "Phòng 1"),
            ("chu_tri", chair.as_str()),
        ];
        ha.post(&format!("{at}/chuan-bi"), &plan).await.is(303);
        send(&ha, &at).await.is(303);
        site.sign_in("phamvanan").await.get(&at).await.is(200).says(&["Họp chi ủy ngày 01/12/2026"]);
        for other in ["lethianh", "tranvanlam"] {
            let other = site.sign_in(other).await;
            other.get(&at).await.is(404);
            other.get(&format!("/cb/{cell}/buoi")).await.is(200).says_not(&["Họp chi ủy"]);
        }
        let anh = site.person("lethianh");
        assert_eq!(site.write(move |tx| Ok(nep::notice::store::pending_for(tx, anh, date(2026, 11, 22))?.len())), 0);
    });
}

#[test]
fn a_private_draft_is_read_by_its_writer_alone_until_sent() {
    each(|site| async move {
        let (ha, at) = noticed(&site).await;
        let anh = site.sign_in("lethianh").await;
        let page = format!("{at}/y-kien");
        anh.post(&page, &[("viec", "luu")]).await.is(422).says(&["Hãy viết ý kiến của đồng chí."]);
        let (report, _) = item(&site, &at, "report");
        let draft = [("muc", report.as_str()), ("y_kien", "Đề nghị thêm máy quét"), ("phat_bieu", "1"), ("viec", "luu")];
        anh.post(&page, &draft).await.is(303);
        let own = anh.get(&page).await.is(200).says(&["Đề nghị thêm máy quét", "Bản nháp"]);
        let others = [format!("{at}/tra-loi"), at.clone(), page.clone(), format!("{at}/in")];
        for path in &others {
            ha.get(path).await.is(200).says_not(&["máy quét"]);
        }
        let edit = own.link(&format!("{page}?sua="));
        let form = anh.get(edit.split('#').next().unwrap()).await.is(200);
        let (id, version) = (form.field("id"), form.field("version"));
        let sent = [("id", id.as_str()), ("version", &version), ("y_kien", "Đề nghị thêm hai máy quét"), ("viec", "gui")];
        let bao = site.sign_in("doquocbao").await;
        bao.post(&page, &sent).await.is(409);
        bao.post(&format!("{page}/{id}/bo"), &[]).await.is(404);
        anh.post(&page, &sent).await.is(303);
        ha.get(&format!("{at}/tra-loi")).await.is(200).says(&["Đề nghị thêm hai máy quét", "đ/c Lê Thị Ánh"]);
        bao.get(&at).await.is(200).says_not(&["máy quét"]);
        anh.post(&format!("{page}/{id}/bo"), &[]).await.is(303);
        ha.get(&format!("{at}/tra-loi")).await.is(200).says_not(&["máy quét"]);
    });
}

#[test]
fn a_change_after_the_notice_needs_a_reason_and_a_new_notice_says_what_changed() {
    each(|site| async move {
        let (ha, at) = noticed(&site).await;
        let anh = site.sign_in("lethianh").await;
        anh.post(&format!("{at}/tra-loi"), &[("tra_loi", "coming")]).await.is(303);
        let edit = [("version", "3"), ("ngay", "04/12/2026"), ("gio", "14:00"), ("ket_thuc", "16:00"), ("noi", "Phòng 3")];
        ha.post(&format!("{at}/chuan-bi"), &edit).await.is(422).says(&["Sửa sau thông báo"]);
        let version = ha.get(&format!("{at}/thong-bao")).await.field("version");
        ha.post(&format!("{at}/sua"), &[("version", version.as_str())]).await.is(422).says(&["lý do thay đổi"]);
        let reason = [("version", version.as_str()), ("ly_do_sua", "Trùng lịch họp của Sở")];
        ha.post(&format!("{at}/sua"), &reason).await.is(303);
        anh.get(&at).await.is(200).says(&["Thông báo đang được sửa", "Phòng họp tầng 2"]).says_not(&["Tôi sẽ dự"]);
        let page = ha.get(&format!("{at}/chuan-bi")).await.is(200);
        let chair = site.person("nguyenthiha").to_string();
        let version = page.field("version");
        let plan = [
            ("version", version.as_str()),
            ("ngay", "04/12/2026"),
            ("gio", "14:00"),
            ("ket_thuc", "16:00"),
            ("noi", "Phòng 3"),
            ("chu_tri", chair.as_str()),
        ];
        ha.post(&format!("{at}/chuan-bi"), &plan).await.is(303);
        ha.post(&format!("{at}/chuan-bi"), &plan).await.is(409);
        // What is prepared anew is not seen before the new notice.
        anh.get(&at).await.is(200).says_not(&["Thông báo này thay thế"]);
        let check = ha.get(&format!("{at}/thong-bao")).await.is(200);
        let check = check.says(&["Thay đổi so với thông báo đã gửi", "được hỏi lại", "Trùng lịch họp của Sở"]);
        let body = area(&check, "noi_dung");
        assert!(body.contains("Địa điểm: Phòng 3 (trước đây: Phòng họp tầng 2)"), "{body}");
        send(&ha, &at).await.is(303);
        anh.get(&at).await.is(200).says(&["Thông báo này thay thế", "Đồng chí có dự không?"]);
    });
}

#[test]
fn a_cancelled_meeting_is_told_of_and_its_period_is_open_again() {
    each(|site| async move {
        let (ha, at) = noticed(&site).await;
        let cell = site.cast.cell;
        let version = ha.get(&format!("{at}/thong-bao")).await.field("version");
        ha.post(&format!("{at}/huy"), &[("version", version.as_str())]).await.is(422).says(&["lý do hủy"]);
        let reason = [("version", version.as_str()), ("ly_do_huy", "Bão số 12")];
        ha.post(&format!("{at}/huy"), &reason).await.is(303);
        let bao = site.sign_in("doquocbao").await;
        bao.get(&at).await.is(200).says(&["Buổi này đã hủy", "Bão số 12", "thông báo hủy buổi"]);
        bao.post(&format!("{at}/tra-loi"), &[("tra_loi", "coming")]).await.is(422);
        ha.get(&format!("/cb/{cell}/ky/2026-tk-12")).await.is(200).says(&["Chuẩn bị buổi sinh hoạt"]);
        ha.post(&format!("{at}/huy"), &reason).await.is(422);
    });
}

#[test]
fn a_secret_item_leaves_no_text_anywhere() {
    each(|site| async move {
        let (ha, at) = noticed(&site).await;
        let word = "Phương án bảo vệ mục tiêu Q7";
        reopen(&ha, &at, "Bổ sung nội dung").await;
        ha.post(&format!("{at}/muc"), &[("buoc", "other"), ("ten", word), ("phut", "10")]).await.is(303);
        let (id, version) = item(&site, &at, "other");
        let page = format!("{at}/muc/{id}");
        let full = [("version", version.to_string()), ("ten", word.to_owned()), ("phut", "10".to_owned())];
        let mut fields: Vec<(&str, &str)> = full.iter().map(|(k, v)| (*k, v.as_str())).collect();
        fields.extend([("goi_y", "Ai gác mục tiêu Q7?"), ("thong_tin", "Mục tiêu Q7 ở đâu")]);
        ha.post(&page, &fields).await.is(303);
        send(&ha, &at).await.is(303);
        let anh = site.sign_in("lethianh").await;
        anh.post(&format!("{at}/y-kien"), &[("muc", &id), ("y_kien", "Về mục tiêu Q7"), ("viec", "luu")]).await.is(303);
        reopen(&ha, &at, "Nội dung thuộc diện mật").await;

        let version = ha.get(&page).await.field("version");
        let secret = |place: &'static str| {
            let mut all = fields.clone();
            all.retain(|(k, _)| *k != "version");
            all.extend([("mat", "1"), ("so_giay", place)]);
            all
        };
        let with = |mut all: Vec<(&'static str, String)>| {
            all.push(("version", version.clone()));
            all
        };
        let owned = |all: Vec<(&str, &str)>| -> Vec<(&'static str, String)> {
            all.into_iter().map(|(k, v)| (Box::leak(k.to_owned().into_boxed_str()) as &'static str, v.to_owned())).collect()
        };
        let post = |fields: Vec<(&'static str, String)>| {
            let (ha, page) = (&ha, &page);
            async move {
                let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
                ha.post(page, &fields).await
            }
        };
        post(with(owned(secret("")))).await.is(422).says(&["số sổ, trang"]);
        post(with(owned(secret("Sổ mật 02, trang 15")))).await.is(303);

        let upload = [("khong_mat", "1")];
        ha.upload(&format!("{page}/tep"), &upload, "tep", "a.pdf", b"%PDF-1.7 x")
            .await
            .is(422)
            .says(&["không được kèm tài liệu"]);
        ha.get(&format!("{at}/chuan-bi")).await.is(200).says(&["Nội dung theo quy định về bảo vệ bí mật nhà nước", "Sổ mật 02"]);
        send(&ha, &at).await.is(303);
        for path in [at.clone(), format!("{at}/in"), format!("{at}/thong-bao"), format!("{at}/chuan-bi"), format!("{at}/tra-loi")]
        {
            ha.get(&path).await.is(200).says_not(&["Q7"]);
        }
        anh.get(&at).await.is(200).says_not(&["Q7", "Sổ mật 02"]);
        let left: i64 = site.write(|tx| {
            let mut left = 0;
            for sql in [
                "select count(*) from agenda_item where title || points || information || conclusion like $1",
                "select count(*) from notice where body || told like $1",
                "select count(*) from opinion where body like $1",
                "select count(*) from audit where detail || object like $1",
            ] {
                left += tx.scalar::<i64>(sql, values!["%Q7%"])?;
            }
            Ok(left)
        });
        assert_eq!(left, 0);
    });
}

async fn reopen(ha: &Browser, at: &str, reason: &str) {
    let version = ha.get(&format!("{at}/thong-bao")).await.field("version");
    ha.post(&format!("{at}/sua"), &[("version", &version), ("ly_do_sua", reason)]).await.is(303);
}

#[test]
fn files_are_confirmed_recognised_by_content_and_read_after_the_notice() {
    each(|site| async move {
        let ha = site.sign_in("nguyenthiha").await;
        let at = prepared(&site, &ha, "2026-tk-12", "03/12/2026").await;
        let (report, _) = item(&site, &at, "report");
        let to = format!("{at}/muc/{report}/tep");
        let yes = [("khong_mat", "1")];
        ha.upload(&to, &[], "tep", "a.pdf", b"%PDF-1.7 x").await.is(422).says(&["đánh dấu xác nhận"]);
        ha.upload(&to, &yes, "tep", "a.pdf", b"<html>").await.is(422).says(&["không khớp với tên"]);
        ha.upload(&to, &yes, "tep", "a.exe", b"MZ\x90\x00").await.is(422).says(&["không thuộc loại được nhận"]);
        ha.upload(&to, &yes, "tep", "Báo cáo (MẬT).pdf", b"%PDF-1.7 x").await.is(422).says(&["dấu độ"]);
        ha.upload(&to, &yes, "tep", "Định hướng tháng 12.pdf", b"%PDF-1.7 x").await.is(303);
        let page = ha.get(&format!("{at}/muc/{report}")).await.is(200).says(&["Định hướng tháng 12.pdf"]);
        let file = page.link(&format!("/cb/{}/tep/", site.cast.cell));
        let anh = site.sign_in("lethianh").await;
        anh.get(&file).await.is(404);
        site.sign_in("phanthilan").await.get(&file).await.is(404);
        send(&ha, &at).await.is(303);
        let got = anh.get(&file).await.is(200);
        assert_eq!((got.bytes.as_slice(), got.media_type.as_str()), (b"%PDF-1.7 x".as_slice(), "application/pdf"));
        site.sign_in("tranvanlam").await.get(&file).await.is(200);
        ha.upload(&to, &yes, "tep", "b.pdf", b"%PDF-1.7 y").await.is(422).says(&["Sửa sau thông báo"]);
        let other = file.replace(&site.cast.cell.to_string(), &site.cast.sibling.to_string());
        site.sign_in("phanthilan").await.get(&other).await.is(404);
        reopen(&ha, &at, "Thay tài liệu").await;
        let id = file.rsplit('/').next().unwrap();
        ha.post(&format!("{at}/tep/{id}/bo"), &[]).await.is(303);
        ha.get(&file).await.is(404);
        assert_eq!(site.write(|tx| Ok(tx.scalar::<i64>("select count(*) from file_body", &[])?)), 0);
    });
}

#[test]
fn the_agenda_is_moved_edited_and_never_overwritten() {
    each(|site| async move {
        let ha = site.sign_in("nguyenthiha").await;
        let duc = site.sign_in("leminhduc").await;
        let at = prepared(&site, &ha, "2026-tk-12", "03/12/2026").await;
        let order = || {
            let (cell, meeting) = (site.cast.cell, at.rsplit('/').next().unwrap().parse::<i64>().unwrap());
            site.write(move |tx| {
                let rows: Vec<(String,)> = tx.all(
                    "select step from agenda_item where org_id = $1 and meeting_id = $2 order by position, item_id",
                    values![cell, meeting],
                )?;
                Ok(rows.into_iter().map(|r| r.0).collect::<Vec<_>>())
            })
        };
        let before = order();
        assert!(before.len() >= 15, "{before:?}");
        let (second, _) = item(&site, &at, Box::leak(before[1].clone().into_boxed_str()));
        let table = format!("{at}/chuong-trinh");
        ha.post(&table, &[("viec", &format!("len:{second}"))]).await.is(303);
        assert_eq!(order()[..2], [before[1].clone(), before[0].clone()]);
        ha.post(&table, &[("viec", &format!("len:{second}"))]).await.is(303);
        assert_eq!(order()[0], before[1]);
        // Two edit one row: the second is told, nothing is lost.
        let (report, version) = item(&site, &at, "report");
        let row = |title: &'static str, version: i64| {
            vec![
                (format!("v-{report}"), version.to_string()),
                (format!("t-{report}"), title.to_owned()),
                (format!("p-{report}"), String::new()),
                (format!("m-{report}"), "20".to_owned()),
            ]
        };
        let post = |who: &'static str, fields: Vec<(String, String)>| {
            let (browser, table) = (if who == "ha" { &ha } else { &duc }, &table);
            async move {
                let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
                browser.post(table, &fields).await
            }
        };
        post("ha", row("", version)).await.is(422).says(&["Chưa có tên nội dung"]);
        post("ha", row("Báo cáo của Hà", version)).await.is(303);
        post("duc", row("Báo cáo của Đức", version)).await.is(409);
        let page = format!("{at}/muc/{report}");
        let stale = [("version", "1"), ("ten", "Báo cáo của Đức"), ("goi_y", "Ý của Đức"), ("phut", "20")];
        duc.post(&page, &stale).await.is(409).says(&["Đã có người sửa mục này trước", "Ý của Đức", "Bản đang có"]);
        ha.post(&table, &[("viec", &format!("bo:{report}"))]).await.is(303);
        assert_eq!(order().len(), before.len() - 1);
        ha.post(&table, &[("viec", &format!("bo:{report}"))]).await.is(409);
        ha.post(&table, &[("viec", "xoa:1")]).await.is(404);
    });
}

#[test]
fn the_calendar_feed_has_times_and_nothing_else_and_its_link_can_be_taken_away() {
    each(|site| async move {
        let (ha, at) = noticed(&site).await;
        let anh = site.sign_in("lethianh").await;
        anh.get("/toi/lich").await.is(200).says(&["Tạo đường dẫn lịch"]);
        let page = anh.post("/toi/lich", &[("viec", "tao")]).await.is(200);
        let link = page.body.split("http://nep.test").nth(1).unwrap().split('<').next().unwrap().to_owned();
        let reader = site.browser();
        let feed = reader.get(&link).await.is(200);
        assert_eq!(feed.media_type, "text/calendar; charset=utf-8");
        let feed = feed.says(&["DTSTART;TZID=Asia/Ho_Chi_Minh:20261203T140000", "SUMMARY:Sinh hoạt chi bộ", "STATUS:CONFIRMED"]);
        let feed = feed.says_not(&["LOCATION", "Phòng họp", "DESCRIPTION", "Văn phòng", "thường kỳ"]);
        let sequence =
            |page: &Page| page.body.split("SEQUENCE:").nth(1).unwrap().split('\r').next().unwrap().parse::<u32>().unwrap();
        let first = sequence(&feed);
        let version = ha.get(&format!("{at}/thong-bao")).await.field("version");
        ha.post(&format!("{at}/huy"), &[("version", &version), ("ly_do_huy", "Bão")]).await.is(303);
        let feed = reader.get(&link).await.is(200).says(&["STATUS:CANCELLED"]);
        assert!(sequence(&feed) > first);
        anh.get("/toi/lich").await.is(200).says_not(&[link.as_str()]);
        anh.post("/toi/lich", &[("viec", "tao")]).await.is(200);
        reader.get(&link).await.is(404);
        anh.post("/toi/lich", &[("viec", "bo")]).await.is(303);
        reader.get("/lich/x.ics").await.is(404);
        reader.get("/lich/x").await.is(404);
    });
}

#[test]
fn the_packet_is_printed_from_the_same_words() {
    each(|site| async move {
        let (ha, at) = noticed(&site).await;
        let page = ha.get(&format!("{at}/in")).await.is(200);
        page.says(&["THÔNG BÁO", "CHƯƠNG TRÌNH", "DANH SÁCH ĐIỂM DANH", "T/M CHI BỘ", "Ghi chép", "Đặng Hữu Phước", "Dự bị"]);
        let pdf = ha.get(&format!("{at}/in/pdf")).await;
        assert!(
            pdf.status == 200 && pdf.bytes.starts_with(b"%PDF") || pdf.status == 500 && !cfg!(feature = "pdf"),
            "{}",
            pdf.status
        );
        site.sign_in("lethianh").await.get(&format!("{at}/in")).await.is(404);
    });
}

#[test]
fn wrong_words_in_the_plan_come_back_as_they_were_typed() {
    each(|site| async move {
        let ha = site.sign_in("nguyenthiha").await;
        let at = prepared(&site, &ha, "2026-tk-12", "03/12/2026").await;
        let wrong = [("version", "2"), ("ngay", "31/11/2026"), ("gio", "25 giờ"), ("ket_thuc", ""), ("noi", "Phòng 9")];
        let page = ha.post(&format!("{at}/chuan-bi"), &wrong).await.is(422);
        let page = page.says(&["<title>Lỗi:", "31/11/2026", "25 giờ", "Phòng 9", "Hãy ghi giờ dự kiến kết thúc."]);
        assert_eq!(page.field("noi"), "Phòng 9");
        let backwards = [("version", "2"), ("ngay", "03/12/2026"), ("gio", "14:00"), ("ket_thuc", "13:00"), ("noi", "Phòng 9")];
        ha.post(&format!("{at}/chuan-bi"), &backwards).await.is(422).says(&["phải sau giờ bắt đầu"]);
        let short = [("version", "2"), ("ngay", "03/12/2026"), ("gio", "14:00"), ("ket_thuc", "14:45"), ("noi", "Phòng 9")];
        ha.post(&format!("{at}/chuan-bi"), &short).await.is(303);
        ha.get(&format!("{at}/chuan-bi")).await.is(200).says(&["45 phút, ngắn hơn 90 phút", "SH-05", "Vẫn có thể tiếp tục"]);
    });
}
