//! What is kept about a member and what a member says: notes with remedy, concerns, proposed topics;
//! each with who must not see it (M5, M10, M12, L15, P-10, P-26).

use std::sync::Arc;

use domain::meeting::MeetingKind;
use domain::period::PeriodKey;
use jiff::civil::date;

use crate::site::{Browser, Site, each};
use crate::stage;

/// Everybody who is neither chi ủy of the cell nor the member concerned.
const OTHERS: [&str; 6] = ["lethianh", "hoangvanut", "phanthilan", "tranvanlam", "hothiclerk", "quantrivien"];

async fn nobody_else(site: &Arc<Site>, paths: &[&str]) {
    for login in OTHERS {
        let other = site.sign_in(login).await;
        for path in paths {
            other.get(path).await.is(404);
        }
    }
}

fn at(page: crate::site::Page) -> String {
    page.is(303).to.split('?').next().unwrap().to_owned()
}

#[test]
fn criticism_has_a_remedy_that_the_member_carries_out_and_answers() {
    each(|site| async move {
        let cell = site.cast.cell;
        let base = format!("/cb/{cell}/ghi-nhan");
        let (ha, an) = (site.sign_in("nguyenthiha").await, site.sign_in("phamvanan").await);
        let dung = site.sign_in("vungocdung").await;
        let who = site.person("vungocdung").to_string();
        let meeting = stage::prepared(
            &site,
            cell,
            "nguyenthiha",
            MeetingKind::Regular,
            date(2026, 11, 3),
            &[PeriodKey::regular(2026, 11).unwrap()],
        )
        .to_string();
        let new = ha.get(&format!("{base}/moi?buoi={meeting}")).await.is(200);
        new.says(&["03/11/2026", "Nêu tại"]);
        let text = "Nộp báo cáo chuyên môn chậm hai kỳ.";
        let fields = [
            ("dong_chi", who.as_str()),
            ("loai", "criticism"),
            ("noi_dung", text),
            ("ngay", "03/11/2026"),
            ("buoi", meeting.as_str()),
        ];
        an.post(&base, &fields).await.is(422).says(&["Chưa có cách khắc phục", text]);
        let whole: Vec<(&str, &str)> =
            fields.into_iter().chain([("khac_phuc", "Nộp trước ngày 25"), ("thoi_han", "25/11/2026")]).collect();
        let note = at(an.post(&base, &whole).await);
        let own = note.replace(&format!("/cb/{cell}"), "/toi");

        ha.get(&format!("/cb/{cell}")).await.is(200).says(&["Theo dõi 1 việc khắc phục sau góp ý"]);
        dung.get("/").await.is(200).says(&["Khắc phục: Nộp trước ngày 25"]);
        dung.get("/toi").await.is(200).says(&[text]);
        dung.get(&own).await.is(200).says(&[text, "Chỉ đồng chí và chi ủy xem được"]);
        // The member is not chi ủy, chi ủy is not the member, others are neither.
        dung.get(&note).await.is(404);
        dung.post(&format!("{note}/rut"), &[("ly_do_rut", "Không đúng.")]).await.is(404);
        ha.get(&own).await.is(404);
        nobody_else(&site, &[&base, &note, &own, &format!("{base}/moi")]).await;

        dung.post(&format!("{own}/y-kien"), &[("y_kien", "Tháng 10 tôi nghỉ ốm.")]).await.is(303);
        ha.get(&note).await.is(200).says(&["Tháng 10 tôi nghỉ ốm."]);
        site.at(date(2026, 11, 26).at(9, 0, 0, 0));
        let (ha, an) = (site.sign_in("nguyenthiha").await, site.sign_in("phamvanan").await);
        let dung = site.sign_in("vungocdung").await;
        ha.get(&format!("/cb/{cell}")).await.is(200).says(&["1 việc đã quá thời hạn khắc phục"]);
        dung.post(&format!("{own}/da-khac-phuc"), &[("da_lam", "")]).await.is(422);
        dung.post(&format!("{own}/da-khac-phuc"), &[("da_lam", "Đã nộp đủ ngày 24.")]).await.is(303);
        ha.get(&note).await.is(200).says(&["đ/c Vũ Ngọc Dung ghi ngày 26/11/2026: Đã nộp đủ ngày 24."]);
        ha.get(&format!("/cb/{cell}")).await.is(200).says_not(&["việc khắc phục sau góp ý"]);
        ha.post(&format!("{note}/chua-xong"), &[("con_lai", "Còn báo cáo quý.")]).await.is(303);
        dung.get(&own).await.is(200).says(&["Còn báo cáo quý.", "Quá thời hạn khắc phục"]);
        ha.post(&format!("{note}/da-khac-phuc"), &[("da_lam", "Đã nhận báo cáo quý.")]).await.is(303);
        ha.post(&format!("{note}/rut"), &[("ly_do_rut", "Ghi nhầm đồng chí.")]).await.is(303);
        dung.get(&own).await.is(200).says(&["Đã rút", "Ghi nhầm đồng chí."]);
        // All of it is in what the member may take away, and in nobody else's file.
        let file = dung.get("/toi/du-lieu.json").await.is(200);
        file.says(&[text, "Nộp trước ngày 25", "Tháng 10 tôi nghỉ ốm."]);
        an.get("/toi/du-lieu.json").await.is(200).says_not(&[text]);
        // Praise needs no remedy; nobody writes of somebody else's cell.
        ha.post(&base, &[("dong_chi", &who), ("loai", "praise"), ("noi_dung", "Có sáng kiến."), ("ngay", "")]).await.is(303);
        let lan = site.person("phanthilan").to_string();
        ha.post(&base, &[("dong_chi", &lan), ("loai", "praise"), ("noi_dung", "x"), ("ngay", "")]).await.is(404);
    });
}

#[test]
fn a_concern_is_answered_followed_up_and_settled_by_the_member() {
    each(|site| async move {
        let cell = site.cast.cell;
        let base = format!("/cb/{cell}/tam-tu");
        let (ha, an, dung) =
            (site.sign_in("nguyenthiha").await, site.sign_in("phamvanan").await, site.sign_in("vungocdung").await);
        let text = "Mong được phân công việc gần nhà hơn.";
        dung.post("/toi/tam-tu", &[("noi_dung", " ")]).await.is(422);
        let own = at(dung.post("/toi/tam-tu", &[("noi_dung", text)]).await);
        let concern = own.replace("/toi", &format!("/cb/{cell}"));
        ha.get(&format!("/cb/{cell}")).await.is(200).says(&["Trả lời 1 tâm tư, nguyện vọng"]).says_not(&[text]);
        // The list names whose and how old, never the words.
        an.get(&base).await.is(200).says(&["Vũ Ngọc Dung", "Chờ trả lời hôm nay"]).says_not(&[text]);
        an.get(&concern).await.is(200).says(&[text]);
        dung.get(&concern).await.is(404);
        ha.get(&own).await.is(404);
        nobody_else(&site, &[&base, &concern, &own]).await;
        site.at(date(2026, 12, 10).at(9, 0, 0, 0));
        let (ha, an, dung) =
            (site.sign_in("nguyenthiha").await, site.sign_in("phamvanan").await, site.sign_in("vungocdung").await);
        ha.get(&format!("/cb/{cell}")).await.is(200).says(&["Việc chờ lâu nhất: 18 ngày", "Chờ lâu"]);

        an.post(&concern, &[("viec", "theo-doi"), ("noi_dung", "Đã trao đổi với thủ trưởng.")]).await.is(303);
        an.post(&concern, &[("viec", "tra-loi"), ("noi_dung", "Sẽ xem xét trong quý I.")]).await.is(303);
        dung.get("/").await.is(200).says(&["Xem trả lời về tâm tư, nguyện vọng đã nêu"]);
        dung.get(&own).await.is(200).says(&["Đã trao đổi với thủ trưởng.", "Sẽ xem xét trong quý I."]);
        dung.post(&own, &[("viec", "chua"), ("noi_dung", "")]).await.is(422);
        dung.post(&own, &[("viec", "chua"), ("noi_dung", "Quý I thì muộn quá.")]).await.is(303);
        agenda(&site, (&ha, &an, &dung), (&concern, &own), text).await;
        an.post(&concern, &[("viec", "tra-loi"), ("noi_dung", "Chuyển từ ngày 20/12.")]).await.is(303);
        dung.post(&own, &[("viec", "xong")]).await.is(303);
        an.post(&concern, &[("viec", "tra-loi"), ("noi_dung", "Thêm.")]).await.is(422);
        ha.get(&format!("/cb/{cell}")).await.is(200).says_not(&["tâm tư, nguyện vọng của đảng viên"]);

        // What was told by word of mouth is noted by chi ủy; the member sees it. Nobody answers their own.
        let who = site.person("vungocdung").to_string();
        let noted = at(ha.post(&base, &[("dong_chi", &who), ("noi_dung", "Nêu tại buổi sinh hoạt.")]).await);
        dung.get(&noted.replace(&format!("/cb/{cell}"), "/toi"))
            .await
            .is(200)
            .says(&["Nêu tại buổi sinh hoạt.", "Nguyễn Thị Hà"]);
        let mine = at(an.post("/toi/tam-tu", &[("noi_dung", "Việc của tôi.")]).await).replace("/toi", &format!("/cb/{cell}"));
        an.post(&mine, &[("viec", "tra-loi"), ("noi_dung", "Tự trả lời.")]).await.is(422);
    });
}

/// Before the cell only with the member's consent, and never the member's words.
async fn agenda(site: &Arc<Site>, (ha, an, dung): (&Browser, &Browser, &Browser), (concern, own): (&str, &str), text: &str) {
    let cell = site.cast.cell;
    let key = PeriodKey::regular(2027, 1).unwrap();
    let meeting = stage::prepared(site, cell, "nguyenthiha", MeetingKind::Regular, date(2027, 1, 3), &[key]).to_string();
    let put = [("buoi", meeting.as_str()), ("tieu_de", "Bố trí công việc trong cơ quan")];
    ha.post(&format!("{concern}/chuong-trinh"), &put).await.is(422).says(&["đồng ý"]);
    an.post(&format!("{concern}/hoi"), &[]).await.is(404);
    ha.post(&format!("{concern}/hoi"), &[]).await.is(303);
    ha.post(&format!("{concern}/hoi"), &[]).await.is(422);
    dung.get("/").await.is(200).says(&["có đồng ý đưa việc đã nêu ra chi bộ không"]);
    dung.post(&format!("{own}/dong-y"), &[("tra_loi", "khong")]).await.is(303);
    ha.post(&format!("{concern}/chuong-trinh"), &put).await.is(422);
    dung.post(&format!("{own}/dong-y"), &[("tra_loi", "co")]).await.is(303);
    ha.post(&format!("{concern}/chuong-trinh"), &put).await.is(303);
    ha.post(&format!("{concern}/chuong-trinh"), &put).await.is(422);
    let page = ha.get(&format!("/cb/{cell}/buoi/{meeting}/chuan-bi")).await.is(200);
    page.says(&["Bố trí công việc trong cơ quan"]).says_not(&[text, "Vũ Ngọc Dung nêu"]);
    // It stands there: consent can no longer be taken back.
    dung.post(&format!("{own}/dong-y"), &[("tra_loi", "khong")]).await.is(404);
}

#[test]
fn members_propose_and_support_topics_and_hear_what_became_of_them() {
    each(|site| async move {
        let cell = site.cast.cell;
        let base = format!("/cb/{cell}/chuyen-de/2027");
        let (ha, dung, anh) =
            (site.sign_in("nguyenthiha").await, site.sign_in("vungocdung").await, site.sign_in("lethianh").await);
        dung.post(&base, &[("ten", "")]).await.is(422);
        dung.post(&base, &[("ten", "Chuyển đổi số trong công việc"), ("vi_sao", "Nhiều việc còn làm tay.")]).await.is(303);
        anh.post(&base, &[("ten", "Học tập tấm gương người tốt việc tốt")]).await.is(303);
        // Who proposed and who supports is not shown to anybody.
        let page = anh.get(&base).await.is(200);
        let page = page.says(&["Chuyển đổi số", "1 đồng chí ủng hộ"]).says_not(&["Vũ Ngọc Dung", "Chi ủy quyết định"]);
        let link = |page: &crate::site::Page, end: &str| {
            let at = page.body.find(&format!("{end}\"")).unwrap();
            page.body[..at].rsplit('"').next().unwrap().to_owned() + end
        };
        let support = link(&page, "/ung-ho");
        for _ in 0..2 {
            anh.post(&support, &[("viec", "co")]).await.is(303);
        }
        anh.get(&base).await.is(200).says(&["2 đồng chí ủng hộ", "Thôi ủng hộ"]).says_not(&["3 đồng chí ủng hộ"]);
        dung.post(&support, &[("viec", "co")]).await.is(422).says(&["đã tính đồng chí ủng hộ"]);
        anh.post(&support, &[("viec", "thoi")]).await.is(303);
        anh.get(&base).await.is(200).says_not(&["2 đồng chí ủng hộ"]);
        anh.post(&support, &[("viec", "co")]).await.is(303);
        anh.post(&support.replace("/ung-ho", "/rut"), &[]).await.is(422);
        for login in ["phanthilan", "tranvanlam", "hothiclerk", "quantrivien"] {
            site.sign_in(login).await.get(&base).await.is(404);
        }

        // Chi ủy takes one into the plan with a click; the other is answered.
        let plan = support.replace("/ung-ho", "/ke-hoach");
        anh.post(&plan, &[("quy", "2027-cd-2")]).await.is(404);
        ha.post(&plan, &[("quy", "2027-cd-9")]).await.is(422);
        ha.post(&plan, &[("quy", "2027-cd-2")]).await.is(303);
        ha.post(&plan, &[("quy", "2027-cd-3")]).await.is(422);
        ha.get(&format!("/cb/{cell}/ky/2027-cd-2"))
            .await
            .is(200)
            .says(&["Chuyển đổi số trong công việc", "Nhiều việc còn làm tay."]);
        dung.get("/toi").await.is(200).says(&["Chuyển đổi số trong công việc", "Đưa vào chuyên đề quý II năm 2027"]);
        let page = ha.get(&base).await.is(200);
        let decline = link(&page, "/chua-chon");
        ha.post(&decline, &[("ly_do", "")]).await.is(422);
        ha.post(&decline.replace("/chua-chon", "/ke-hoach"), &[("quy", "2027-cd-2")])
            .await
            .is(422)
            .says(&["Quý này đã có chuyên đề"]);
        ha.post(&decline, &[("ly_do", "Đã làm năm 2025.")]).await.is(303);
        anh.get("/toi").await.is(200).says(&["Lý do: Đã làm năm 2025."]);
    });
}
