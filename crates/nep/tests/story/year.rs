//! The year: every kỳ exists by rule, turns red by itself, is planned, put off, merged (SH-01 … SH-07, M4).

use jiff::civil::date;

use crate::site::each;

#[test]
fn a_missing_period_turns_red_the_day_after_its_last_day_without_anything_running() {
    each(|site| async move {
        let ha = site.sign_in("nguyenthiha").await;
        let cell = site.cast.cell;
        let page = format!("/cb/{cell}/ky/2026-tk-12");
        ha.get(&page).await.is(200).says(&["Kỳ tháng 12 năm 2026", "Chưa đến kỳ", "SH-02"]);
        site.at(date(2026, 12, 7).at(23, 59, 0, 0));
        let ha = site.sign_in("nguyenthiha").await;
        ha.get(&page).await.is(200).says_not(&["Quá hạn"]);
        site.at(date(2026, 12, 8).at(0, 0, 0, 0));
        ha.get(&page).await.is(200).says(&["Quá hạn"]);
        let year = ha.get(&format!("/cb/{cell}/nam")).await.is(200);
        year.says(&["Tháng 12", "hạn 07/12", "Chưa đạt, chỉ tiêu 100 %", "Vì sao thường kỳ đúng kỳ 0 / 12?"]);
        ha.get(&format!("/cb/{cell}/nam/2019")).await.is(200).says(&["không có kỳ sinh hoạt nào"]);
        for bad in ["nam/1", "nam/x", "ky/2026-tk-13", "ky/2026-tk-012", "ky/2019-tk-1"] {
            ha.get(&format!("/cb/{cell}/{bad}")).await.is(404);
        }
    });
}

#[test]
fn the_whole_year_is_laid_out_on_one_form_and_a_combined_meeting_follows_from_it() {
    each(|site| async move {
        let ha = site.sign_in("nguyenthiha").await;
        let cell = site.cast.cell;
        let form = format!("/cb/{cell}/nam/2027/du-kien");
        let page = ha.get(&form).await.is(200);
        assert_eq!(page.field("n-2027-tk-1"), "03/01/2027");
        page.says(&["Ngày 3 là Chủ nhật"]);
        let duc = site.person("leminhduc").to_string();
        let fields = [
            ("gio", "14:30"),
            ("n-2027-tk-1", "4/1/2027"),
            ("v-2027-tk-1", "0"),
            ("n-2027-tk-3", "03/03/2027"),
            ("v-2027-tk-3", "0"),
            ("t-2027-cd-1", "Chuyển đổi số trong cấp phép"),
            ("p-2027-cd-1", duc.as_str()),
            ("c-2027-cd-1", "thang-3"),
            ("v-2027-cd-1", "0"),
        ];
        let mut wrong = fields.to_vec();
        wrong[1].1 = "4/2/2027";
        ha.post(&form, &wrong).await.is(422).says(&["không thuộc kỳ tháng 1 năm 2027", "Chuyển đổi số trong cấp phép"]);
        ha.post(&form, &fields).await.is(303);
        ha.post(&form, &fields).await.is(303);
        let year = ha.get(&format!("/cb/{cell}/nam/2027")).await.is(200);
        year.says(&["dự kiến 04/01", "Chuyển đổi số trong cấp phép", "Ghép kỳ"]);
        let made = ha.post(&format!("/cb/{cell}/buoi/tao"), &[("ky", "2027-tk-3")]).await.is(303).to;
        let page = ha.get(&made).await.is(200);
        page.says(&[
            "Sinh hoạt thường kỳ tháng 3 và chuyên đề quý I năm 2027",
            "Trình bày chuyên đề: Chuyển đổi số trong cấp phép",
            "14 giờ 30",
        ]);
        let again = ha.post(&format!("/cb/{cell}/buoi/tao"), &[("ky", "2027-cd-1")]).await.is(303).to;
        assert_eq!(again, made, "one meeting serves both kỳ");
    });
}

#[test]
fn two_who_plan_one_period_do_not_overwrite_each_other() {
    each(|site| async move {
        let ha = site.sign_in("nguyenthiha").await;
        let duc = site.sign_in("leminhduc").await;
        let page = format!("/cb/{}/ky/2026-cd-4", site.cast.cell);
        let plan = |topic: &'static str| [("ngay", "10/12/2026"), ("chuyen_de", topic), ("version", "0")];
        ha.post(&page, &plan("Nêu gương")).await.is(303);
        duc.post(&page, &plan("Cải cách hành chính")).await.is(409);
        ha.get(&page).await.is(200).says(&["Nêu gương", "thứ Năm 10/12/2026"]).says_not(&["Cải cách hành chính"]);
        ha.post(&page, &[("ngay", "10/1/2027"), ("version", "1")]).await.is(422).says(&["không thuộc chuyên đề quý IV"]);
        ha.post(&page, &[("ngay", "ngày mai"), ("version", "1")]).await.is(422);
        ha.post(&page, &[("chuyen_de", "TUYỆT MẬT"), ("version", "1")]).await.is(422).says(&["dấu độ"]);
    });
}

#[test]
fn putting_off_and_merging_need_a_reason_and_can_be_taken_back() {
    each(|site| async move {
        let ha = site.sign_in("nguyenthiha").await;
        let cell = site.cast.cell;
        let page = format!("/cb/{cell}/ky/2026-tk-11");
        ha.get(&page).await.is(200).says(&["Quá hạn"]);
        let put_off = format!("{page}/hoan");
        ha.post(&put_off, &[("hoan_den", "30/11/2026"), ("version", "0")]).await.is(422).says(&["Hãy ghi lý do hoãn."]);
        let early = [("hoan_den", "07/11/2026"), ("ly_do_hoan", "Bão số 10"), ("version", "0")];
        ha.post(&put_off, &early).await.is(422).says(&["phải sau hạn 07/11/2026", "Bão số 10"]);
        ha.post(&put_off, &[("hoan_den", "30/11/2026"), ("ly_do_hoan", "Bão số 10"), ("version", "0")]).await.is(303);
        ha.get(&page).await.is(200).says(&["Hoãn có lý do", "Bão số 10"]).says_not(&["Quá hạn"]);
        site.at(date(2026, 12, 1).at(8, 0, 0, 0));
        let ha = site.sign_in("nguyenthiha").await;
        ha.get(&page).await.is(200).says(&["Quá hạn", "Bão số 10"]);
        ha.post(&format!("{page}/bo-hoan"), &[("version", "1")]).await.is(303);
        let merge = format!("{page}/ghep");
        ha.post(&merge, &[("ghep_vao", "2026-tk-12"), ("version", "2")]).await.is(422).says(&["Hãy ghi lý do ghép."]);
        let into_topic = [("ghep_vao", "2026-cd-4"), ("ly_do_ghep", "x"), ("version", "2")];
        ha.post(&merge, &into_topic).await.is(422).says(&["Hãy chọn một kỳ khác"]);
        ha.post(&merge, &[("ghep_vao", "2026-tk-12"), ("ly_do_ghep", "Bão kéo dài"), ("version", "2")]).await.is(303);
        ha.get(&page).await.is(200).says(&["họp chung buổi với kỳ tháng 12 năm 2026", "Bão kéo dài"]);
    });
}

#[test]
fn members_see_the_year_and_change_nothing_and_strangers_see_nothing() {
    each(|site| async move {
        let cell = site.cast.cell;
        let member = site.sign_in("lethianh").await;
        member.get(&format!("/cb/{cell}/nam")).await.is(200).says_not(&["Dự kiến cả năm"]);
        member.get(&format!("/cb/{cell}/ky/2026-tk-12")).await.is(200).says_not(&["Lưu dự kiến", "Chuẩn bị buổi"]);
        member.post(&format!("/cb/{cell}/ky/2026-tk-12"), &[("version", "0")]).await.is(404);
        member.get(&format!("/cb/{cell}/nam/2026/du-kien")).await.is(404);
        for stranger in ["phanthilan", "tranvanlam", "quantrivien"] {
            let stranger = site.sign_in(stranger).await;
            stranger.get(&format!("/cb/{cell}/nam")).await.is(404);
            stranger.get(&format!("/cb/{cell}/ky/2026-tk-12")).await.is(404);
        }
    });
}
