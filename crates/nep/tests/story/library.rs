//! The library: a topic of a quarter sent up, sent back, published, taken by another cell, told about; what is
//! secret is never entered; each with who must not see it (CB-07, L5, L9, M11, M12, P-10, P-30).

use std::sync::Arc;

use domain::agenda::{Part, Step};
use domain::meeting::{MeetingKind, MeetingState};
use domain::period::PeriodKey;
use jiff::civil::date;
use nep::library::store as library;
use nep::meeting::store as meetings;
use nep::year::store as years;

use crate::site::{Browser, Page, Site, each};
use crate::stage;

/// An address without what it says was done.
fn at(page: Page) -> String {
    page.is(303).to.split('?').next().unwrap().to_owned()
}

pub const TOPIC: [(&str, &str); 6] = [
    ("loai", "topic"),
    ("ky", "2026-cd-3"),
    ("ten", "Chuyển đổi số trong cấp phép"),
    ("linh_vuc", "digital"),
    ("muc_dich", "Rút ngắn thời gian cấp phép."),
    ("noi_dung", "Khâu nào còn làm trên giấy?"),
];

pub fn with<'a>(base: &[(&'a str, &'a str)], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    base.iter().copied().filter(|(k, _)| more.iter().all(|(m, _)| m != k)).chain(more.iter().copied()).collect()
}

pub const SEND: [(&str, &str); 3] = [("viec", "gui"), ("khong_mat", "1"), ("ket_qua", "Bỏ được hai bước.")];

/// A topic that the sibling cell sent and the committee published; its address for a cell.
pub async fn published(site: &Arc<Site>, more: &[(&str, &str)]) -> (String, String) {
    let (cell, sibling, committee) = (site.cast.cell, site.cast.sibling, site.cast.committee);
    let lan = site.sign_in("phanthilan").await;
    let fields = with(&with(&TOPIC, &SEND), more);
    let entry = at(lan.post(&format!("/cb/{sibling}/kho/soan"), &fields).await);
    let id = entry.rsplit('/').next().unwrap().to_owned();
    let lam = site.sign_in("tranvanlam").await;
    let review = format!("/tc/{committee}/kho/duyet/{sibling}/{id}");
    let version = lam.get(&review).await.is(200).field("version");
    lam.post(&review, &[("viec", "pho-bien"), ("version", &version)]).await.is(303);
    (format!("/cb/{cell}/kho/bai/{sibling}/{id}"), id)
}

#[test]
fn a_topic_is_sent_up_sent_back_and_published() {
    each(|site| async move {
        let (cell, sibling, committee) = (site.cast.cell, site.cast.sibling, site.cast.committee);
        let ha = site.sign_in("nguyenthiha").await;
        let own = format!("/cb/{cell}/kho/da-gui");
        ha.get(&own).await.is(200).says(&["Chuyên đề quý III năm 2026", "Quá hạn gửi", "10/10/2026", "CB-07"]);
        ha.get(&format!("/cb/{cell}/kho/soan?loai=topic&ky=2026-cd-1x")).await.is(404);
        let new = format!("/cb/{cell}/kho/soan");
        ha.get(&format!("{new}?loai=topic&ky=2026-cd-3")).await.is(200).says(&["Gửi chuyên đề quý III năm 2026"]);

        // Secret words are not taken; without the confirmation nothing is sent; a draft needs neither.
        let marked = with(&TOPIC, &[("noi_dung", "Phương án phòng thủ\nTỐI MẬT")]);
        ha.post(&new, &marked).await.is(422).says(&["Nội dung mang dấu độ", "Rút ngắn thời gian cấp phép."]);
        let unsure = with(&with(&TOPIC, &SEND), &[("khong_mat", "")]);
        ha.post(&new, &unsure).await.is(422).says(&["Hãy đọc lại và đánh dấu xác nhận"]);
        let draft = at(ha.post(&new, &TOPIC).await);
        ha.post(&new, &TOPIC).await.is(422).says(&["đã có đồng chí soạn"]);
        let page = ha.get(&draft).await.is(200).says(&["Đang soạn"]);
        let version = page.field("version");

        // A file passes the same gate.
        ha.upload(&format!("{draft}/tep"), &[], "tep", "goi-y.txt", b"Cau hoi").await.is(422);
        let sure = [("tep_khong_mat", "1")];
        ha.upload(&format!("{draft}/tep"), &sure, "tep", "Kế hoạch (Mật).txt", b"x").await.is(422).says(&["mang dấu độ"]);
        ha.upload(&format!("{draft}/tep"), &sure, "tep", "goi-y.txt", b"Cau hoi").await.is(303);

        // Nobody else sees a draft.
        let id = draft.rsplit('/').next().unwrap().to_owned();
        let review = format!("/tc/{committee}/kho/duyet/{cell}/{id}");
        let lam = site.sign_in("tranvanlam").await;
        lam.get(&review).await.is(404);
        for login in ["lethianh", "phanthilan", "tranvanlam", "hothiclerk", "quantrivien"] {
            site.sign_in(login).await.get(&draft).await.is(404);
        }

        let send = with(&with(&TOPIC, &SEND), &[("version", &version)]);
        ha.post(&draft, &send).await.is(303);
        ha.post(&draft, &send).await.is(422).says(&["Chờ xem xét"]);
        ha.get(&own).await.is(200).says(&["Đã gửi", "Chờ xem xét"]);
        let desk = format!("/tc/{committee}/kho/duyet");
        lam.get(&format!("{desk}?ky=2026-cd-3")).await.is(200).says(&[
            "Chuyển đổi số trong cấp phép",
            "1 / 2 chi bộ đã thực hiện",
            "Quá hạn gửi",
        ]);
        let page = lam.get(&review).await.is(200).says(&["Khâu nào còn làm trên giấy?", "goi-y.txt", "Bỏ được hai bước."]);
        let version = page.field("version");
        lam.get(&page.link(&format!("{review}/tep/"))).await.is(200);
        lam.post(&review, &[("viec", "tra-lai"), ("version", &version)]).await.is(422).says(&["góp ý để chi bộ bổ sung"]);
        lam.post(&review, &[("viec", "tra-lai"), ("gop_y", "Ghi rõ số bước."), ("version", &version)]).await.is(303);
        lam.post(&review, &[("viec", "pho-bien"), ("version", &version)]).await.is(422);

        let page = ha.get(&draft).await.is(200).says(&["Trả lại để bổ sung", "Ghi rõ số bước."]);
        let version = page.field("version");
        let again = with(&send, &[("version", &version), ("ket_qua", "Từ bảy còn năm bước.")]);
        ha.post(&draft, &again).await.is(303);
        let version = lam.get(&review).await.is(200).field("version");
        let public = format!("/cb/{sibling}/kho/bai/{cell}/{id}");
        let lan = site.sign_in("phanthilan").await;
        lan.get(&public).await.is(404);
        lam.post(&review, &[("viec", "pho-bien"), ("version", &version)]).await.is(303);
        let page = lan.get(&public).await.is(200).says(&["Từ bảy còn năm bước.", "Chi bộ Văn phòng"]);
        let file = page.link(&format!("{public}/tep/"));
        lan.get(&file).await.is(200);
        lan.get(&format!("/cb/{sibling}/kho?tim=chuyen+doi+so")).await.is(200).says(&["Chuyển đổi số trong cấp phép"]);
        lan.get(&format!("/cb/{sibling}/kho?tim=cap+phep+mong+lung")).await.is(200).says(&["Không có bài nào"]);
        lan.get(&format!("/cb/{sibling}/kho?linh_vuc=people")).await.is(200).says_not(&["Chuyển đổi số trong cấp phép"]);
        ha.post(&format!("{draft}/rut"), &[]).await.is(422);

        // Taken down, it is read by nobody else any more.
        let down = format!("/tc/{committee}/kho/bai/{cell}/{id}/go");
        lam.post(&down, &[]).await.is(422).says(&["lý do không phổ biến"]);
        lam.post(&down, &[("gop_y", "Đã có bài mới hơn.")]).await.is(303);
        lan.get(&public).await.is(404);
        lan.get(&file).await.is(404);
        ha.get(&draft).await.is(200).says(&["Đã có bài mới hơn."]);
    });
}

#[test]
fn what_is_secret_meets_the_duty_and_leaves_no_word() {
    each(|site| async move {
        let (cell, committee) = (site.cast.cell, site.cast.committee);
        let ha = site.sign_in("nguyenthiha").await;
        let base = format!("/cb/{cell}/kho");
        ha.post(&format!("{base}/mat"), &[("ky", "2027-cd-1")]).await.is(404);
        ha.post(&format!("{base}/mat"), &[("ky", "2026-cd-3")]).await.is(303);
        ha.get(&format!("{base}/da-gui")).await.is(200).says(&["Đã tổ chức, nội dung mật"]);
        let lam = site.sign_in("tranvanlam").await;
        let desk = format!("/tc/{committee}/kho/duyet?ky=2026-cd-3");
        lam.get(&desk).await.is(200).says(&["Đã tổ chức, nội dung mật", "1 / 2 chi bộ đã thực hiện"]);

        // Found out later, with a file and a heading that another cell has taken: all of it goes.
        let (page, id) = published(&site, &[]).await;
        ha.post(&page, &[("ky", "2026-cd-4"), ("ten", "Chuyển đổi số ở Văn phòng")]).await.is(303);
        let lan = site.sign_in("phanthilan").await;
        let sibling = site.cast.sibling;
        lan.post(&format!("/cb/{sibling}/kho/soan/{id}/mat"), &[]).await.is(303);
        ha.get(&page).await.is(404);
        lan.get(&format!("/cb/{sibling}/kho/soan/{id}")).await.is(200).says_not(&["Khâu nào còn làm trên giấy"]);
        let left = site.write(move |tx| {
            let entry = library::get(tx, sibling, domain::id::RowId::new(id.parse().unwrap()))?;
            let copied: i64 = tx.scalar("select count(*) from library_use where title <> ''", &[])?;
            Ok((entry.text(), copied))
        });
        assert_eq!(left, (domain::library::Text::default(), 0));
        // A declaration made by mistake is taken back.
        lan.post(&format!("/cb/{sibling}/kho/soan/{}/rut", last_of(&lan, sibling).await), &[]).await.is(303);
        lam.get(&desk).await.is(200).says(&["1 / 2 chi bộ đã thực hiện"]);
    });
}

/// The entry the duty of a quarter leads to.
async fn last_of(browser: &Browser, cell: domain::id::OrgId) -> String {
    let page = browser.get(&format!("/cb/{cell}/kho/da-gui")).await.is(200);
    page.link(&format!("/cb/{cell}/kho/soan/")).rsplit('/').next().unwrap().to_owned()
}

#[test]
fn a_cell_takes_a_topic_adapts_it_and_tells_what_came_of_it() {
    each(|site| async move {
        let (cell, sibling) = (site.cast.cell, site.cast.sibling);
        let (page, id) = published(&site, &[("trinh_bay", "Đỗ Văn Trình"), ("dong_y_ten", "1")]).await;
        let ha = site.sign_in("nguyenthiha").await;
        let anh = site.sign_in("lethianh").await;
        anh.get(&page).await.is(200).says(&["đ/c Đỗ Văn Trình", "Chưa có chi bộ dùng"]).says_not(&["Đưa vào kế hoạch"]);
        anh.post(&page, &[("ky", "2026-cd-4"), ("ten", "x")]).await.is(404);

        // Into the meeting that is being prepared: headline, questions, purpose with the source.
        let key = PeriodKey::thematic(2026, 4).unwrap();
        let meeting = stage::prepared(&site, cell, "nguyenthiha", MeetingKind::Thematic, date(2026, 12, 10), &[key]);
        let item = stage::item(&site, cell, meeting, (Part::Thematic, Step::Topic), "Trình bày chuyên đề", "");
        stage::item(&site, cell, meeting, (Part::Thematic, Step::TopicPurpose), "Mục đích", "");
        ha.get(&page).await.is(200).says(&["Chuyên đề quý IV năm 2026 (buổi đang chuẩn bị)"]);
        let own = [
            ("ky", "2026-cd-4"),
            ("ten", "Chuyển đổi số ở Văn phòng"),
            ("muc_dich", "Bớt giấy tờ nội bộ."),
            ("noi_dung", "Văn phòng còn ký giấy việc gì?"),
        ];
        ha.post(&page, &with(&own, &[("noi_dung", "TUYỆT MẬT")])).await.is(422).says(&["dấu độ"]);
        let taken = at(ha.post(&page, &own).await);
        ha.post(&page, &own).await.is(422).says(&["Kỳ này đã có chuyên đề"]);
        let (m, items, plan) = site.write(move |tx| {
            Ok((meetings::get(tx, cell, meeting)?, meetings::items(tx, cell, meeting)?, years::plan(tx, cell, key)?))
        });
        assert_eq!(m.topic.as_deref(), Some("Chuyển đổi số ở Văn phòng"));
        assert_eq!(items[0].title, "Trình bày chuyên đề: Chuyển đổi số ở Văn phòng");
        assert_eq!(items[0].points, "Văn phòng còn ký giấy việc gì?");
        let aim = "Bớt giấy tờ nội bộ.\nNguồn: “Chuyển đổi số trong cấp phép”, Chi bộ Thanh tra (kho chuyên đề, kinh nghiệm).";
        assert_eq!((items[1].information.as_str(), plan.aim.as_deref()), (aim, Some(aim)));

        // Told about once the minutes are sealed; how many spoke comes from them.
        ha.get(&taken).await.is(200).says(&["Phản hồi được sau khi khóa biên bản"]);
        let tell = [("duoc", "Ai cũng có ý kiến."), ("can_sua", "Thêm ví dụ."), ("kem", "1"), ("version", "1")];
        ha.post(&taken, &tell).await.is(422);
        stage::bring(&site, cell, meeting, MeetingState::Open);
        for login in ["lethianh", "doquocbao", "lethianh"] {
            stage::spoke(&site, cell, meeting, item, site.person(login));
        }
        stage::bring(&site, cell, meeting, MeetingState::Sealed);
        ha.get(&taken).await.is(200).says(&["Kèm số đồng chí phát biểu: 2"]);
        ha.post(&taken, &with(&tell, &[("duoc", "")])).await.is(422).says(&["điều làm được"]);
        ha.post(&taken, &tell).await.is(303);
        ha.post(&taken, &tell).await.is(409);
        let lan = site.sign_in("phanthilan").await;
        let theirs = format!("/cb/{sibling}/kho/bai/{sibling}/{id}");
        lan.get(&theirs).await.is(200).says(&[
            "1 chi bộ đang dùng",
            "Chi bộ Văn phòng",
            "Làm được: Ai cũng có ý kiến.",
            "Nên sửa: Thêm ví dụ.",
            "2 đồng chí phát biểu",
        ]);
        lan.get(&theirs).await.is(200).says_not(&["Đưa vào kế hoạch"]);
        lan.get(&format!("/cb/{sibling}/kho/da-gui")).await.is(200).says(&["1 chi bộ đang dùng"]);
    });
}

#[test]
fn a_year_is_laid_out_with_what_members_proposed_and_with_the_library() {
    each(|site| async move {
        let cell = site.cast.cell;
        let (_, id) = published(&site, &[]).await;
        let anh = site.sign_in("lethianh").await;
        let proposals = format!("/cb/{cell}/chuyen-de/2027");
        anh.post(&proposals, &[("ten", "Nêu gương"), ("vi_sao", "Còn ngại góp ý.")]).await.is(303);
        let ha = site.sign_in("nguyenthiha").await;
        let form = format!("/cb/{cell}/nam/2027/du-kien");
        let page = ha.get(&form).await.is(200);
        page.says(&["Đề xuất, 1 đồng chí ủng hộ: Nêu gương", "Kho: Chuyển đổi số trong cấp phép"]);
        let topic = site.write(move |tx| Ok(nep::topic::store::of_year(tx, cell, 2027)?)).remove(0).id;
        let (proposed, shelved) = (format!("dx-{topic}"), format!("kho-{}-{id}", site.cast.sibling));
        let fields = [
            ("gio", "14:00"),
            ("v-2027-cd-1", "0"),
            ("l-2027-cd-1", proposed.as_str()),
            ("v-2027-cd-2", "0"),
            ("t-2027-cd-2", "Chuyển đổi số ở Văn phòng"),
            ("l-2027-cd-2", shelved.as_str()),
        ];
        let twice = with(&fields, &[("v-2027-cd-3", "0"), ("l-2027-cd-3", proposed.as_str())]);
        ha.post(&form, &twice).await.is(422).says(&["Đã đưa vào kế hoạch"]);
        ha.post(&form, &fields).await.is(303);
        let plans = site.write(move |tx| {
            let plan = |tx: &mut db::Tx, q| years::plan(tx, cell, PeriodKey::thematic(2027, q).unwrap());
            Ok((plan(tx, 1)?, plan(tx, 2)?))
        });
        assert_eq!((plans.0.topic.as_deref(), plans.0.aim.as_deref()), (Some("Nêu gương"), Some("Còn ngại góp ý.")));
        assert_eq!(plans.1.topic.as_deref(), Some("Chuyển đổi số ở Văn phòng"));
        assert!(plans.1.aim.unwrap().contains("Nguồn: “Chuyển đổi số trong cấp phép”"));
        anh.get(&proposals).await.is(200).says(&["Đưa vào chuyên đề quý I năm 2027."]);
        ha.get(&format!("/cb/{cell}/kho/da-gui")).await.is(200).says(&["Chuyên đề quý II năm 2027", "Đã đưa vào kế hoạch"]);
    });
}

#[test]
fn a_presenter_is_found_by_subject_talks_and_load() {
    each(|site| async move {
        let (cell, committee) = (site.cast.cell, site.cast.committee);
        published(&site, &[("trinh_bay", "Đỗ Văn Trình"), ("dong_y_ten", "1")]).await;
        let key = PeriodKey::thematic(2026, 2).unwrap();
        let meeting = stage::prepared(&site, cell, "nguyenthiha", MeetingKind::Thematic, date(2026, 6, 10), &[key]);
        let item = stage::item(&site, cell, meeting, (Part::Thematic, Step::Topic), "Trình bày: Chuyển đổi số ở xã", "");
        let ahead = stage::prepared(&site, cell, "nguyenthiha", MeetingKind::Other, date(2026, 12, 10), &[]);
        let next = stage::item(&site, cell, ahead, (Part::Content, Step::Discussion), "Kế hoạch", "");
        for (meeting, item, who) in [(meeting, item, "lethianh"), (ahead, next, "doquocbao")] {
            let who = site.person(who);
            site.write(move |tx| {
                let mut it = meetings::items(tx, cell, meeting)?.into_iter().find(|i| i.id == item).unwrap();
                it.presenter = Some(who);
                meetings::save_item(tx, cell, &it, 0)
            });
        }
        let ha = site.sign_in("nguyenthiha").await;
        let page = format!("/cb/{cell}/kho/trinh-bay");
        ha.get(&page).await.is(200).says_not(&["Trong chi bộ"]);
        let ask = format!("{page}?tim=chuyen+doi+so");
        ha.get(&ask)
            .await
            .is(200)
            .says_not(&["Chuyển đổi số ở xã"])
            .says(&["Sắp trình bày 1 nội dung", "Đỗ Văn Trình, Chi bộ Thanh tra"]);
        stage::bring(&site, cell, meeting, MeetingState::Sealed);
        ha.get(&ask).await.is(200).says(&["Trình bày: Chuyển đổi số ở xã, ngày 10/06/2026"]);
        site.sign_in("lethianh").await.get(&page).await.is(404);
        // Above the cell only who agreed is named.
        let above = format!("/tc/{committee}/kho/trinh-bay?tim=chuyen+doi+so");
        site.sign_in("tranvanlam").await.get(&above).await.is(200).says(&["Đỗ Văn Trình"]).says_not(&["Lê Thị Anh"]);
    });
}

#[test]
fn strangers_and_followers_do_not_review() {
    each(|site| async move {
        let (sibling, committee) = (site.cast.sibling, site.cast.committee);
        let lan = site.sign_in("phanthilan").await;
        let entry = at(lan.post(&format!("/cb/{sibling}/kho/soan"), &with(&TOPIC, &SEND)).await);
        let id = entry.rsplit('/').next().unwrap();
        let review = format!("/tc/{committee}/kho/duyet/{sibling}/{id}");
        for login in ["nguyenthiha", "phanthilan", "lethianh", "quantrivien"] {
            let other = site.sign_in(login).await;
            other.get(&review).await.is(404);
            other.post(&review, &[("viec", "pho-bien"), ("version", "2")]).await.is(404);
            other.get(&format!("/tc/{committee}/kho/duyet")).await.is(404);
        }
        let clerk = site.sign_in("hothiclerk").await;
        clerk.get(&review).await.is(200).says(&["Phổ biến bài này"]);
        let stale = [("viec", "pho-bien"), ("version", "1")];
        clerk.post(&review, &stale).await.is(409);
    });
}
