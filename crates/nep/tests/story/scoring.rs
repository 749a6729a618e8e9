//! A meeting is scored on the sheet of its day: what the facts suggest, what people give and why, who came from
//! above, what is sealed, what the year comes to (L4, VT-03, CD-05, P-8, P-12).

use std::sync::Arc;

use db::values;
use domain::id::IssuedId;
use domain::meeting::{MeetingKind, MeetingState};
use jiff::civil::date;
use nep::ledger::{store as ledger, verify};
use nep::minutes::snapshot::Sealed;

use crate::holding::{Held, hold, planned};
use crate::minutes::seal;
use crate::site::{Browser, Page, Site, each};
use crate::stage;

/// Points of sheet A that come to 86: all that is suggested, the rest as the cell sees it.
const GIVEN: [(&str, &str); 10] = [
    ("d_1", "5"),
    ("d_2", "3"),
    ("d_3_1", "5"),
    ("d_3_2", "5"),
    ("d_4_1", "4,5"),
    ("d_4_2", "21"),
    ("d_4_3", "9"),
    ("d_5", "5"),
    ("d_6", "23.5"),
    ("d_7", "5"),
];

/// The form with some fields given otherwise.
fn form(others: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let mut out: Vec<(&str, &str)> = GIVEN.iter().filter(|(k, _)| others.iter().all(|(o, _)| o != k)).copied().collect();
    out.extend(others);
    out
}

async fn send(who: &Browser, held: &Held, others: &[(&'static str, &'static str)]) -> Page {
    who.post(&format!("{}/cham-diem", held.base), &form(others)).await
}

#[test]
fn the_facts_suggest_people_decide_and_raising_takes_a_reason() {
    each(|site| async move {
        let held = hold(&site).await;
        let page = format!("{}/cham-diem", held.base);
        let (anh, ha) = (site.sign_in("lethianh").await, site.sign_in("nguyenthiha").await);
        anh.get(&format!("{}/ket-thuc", held.base)).await.is(200).says(&["Chưa chấm điểm buổi sinh hoạt."]);
        let first = anh.get(&page).await.is(200);
        assert_eq!((first.field("d_1").as_str(), first.field("d_2").as_str(), first.field("d_7").as_str()), ("5", "", "5"));
        first.says(&[
            "Họp thứ Năm 03/12/2026, đúng ngày quy định.",
            "Đã họp 95 phút, quy định ít nhất 90 phút.",
            "Dự 9/11 đồng chí, 81,8 % (cần ít nhất 90 %); 1 đồng chí vắng không có lý do.",
            "Số liệu chưa đủ cho điểm tối đa.",
            "1/9 đồng chí có mặt đã phát biểu",
            "Chưa đến hạn đăng (hết ngày 05/12/2026): tính là đạt.",
            "Theo Hướng dẫn 42-HD/BTCTW (DD-01,",
            "/diem-danh\">Xem điểm danh",
            "Vì sao dùng bảng điểm này?",
        ]);
        // Too much, no number, more than the facts say without a reason: named, nothing saved, nothing lost.
        let wrong = send(&anh, &held, &[("d_1", "6"), ("d_3_1", "năm"), ("d_2", "5"), ("l_5", "giữ lại")]).await.is(422);
        assert_eq!(
            (wrong.field("d_4_2").as_str(), wrong.field("l_5").as_str(), wrong.field("d_3_1").as_str()),
            ("21", "giữ lại", "năm")
        );
        wrong.says(&["Điểm tối đa của tiêu chí này là 5.", "Điểm là một số", "Số liệu chưa đủ cho điểm tối đa. Hãy ghi lý do"]);
        send(&anh, &held, &[("l_2", "MẬT")]).await.is(422).says(&["dấu độ mật"]);
        anh.get(&page).await.says(&["name=\"version\" value=\"0\""]);
        // What is missing is named; a level needs all of it.
        send(&anh, &held, &[("d_4_3", ""), ("d_5", "")]).await.is(303);
        anh.get(&page).await.is(200).says(&["Chưa xếp loại", "Chưa cho điểm: 4.3, 5.", "72/100 điểm"]);
        anh.get(&format!("{}/ket-thuc", held.base)).await.says(&["còn 2 tiêu chí chưa cho điểm"]);
        anh.get(&format!("{}/bien-ban", held.base)).await.says_not(&["Chi bộ tự chấm"]);
        // Hà started from the same page: she keeps her words and sees what differs.
        let crossed = send(&ha, &held, &[("d_2", "5"), ("l_2", "Vắng do bão"), ("version", "0")]).await.is(409);
        crossed.says(&[
            "vừa lưu bảng điểm này",
            "5. Thực hiện nguyên tắc tổ chức và sinh hoạt đảng: đã lưu –, đồng chí nhập 5.",
            "Vắng do bão",
        ]);
        send(&ha, &held, &[("d_2", "5"), ("l_2", "Vắng do bão"), ("version", "1")]).await.is(303);
        let scored = ha.get(&page).await.is(200);
        scored.says(&[
            "88/100 điểm",
            "Xếp loại Khá",
            "từ 70 đến dưới 90 điểm là Khá",
            "Lý do: Vắng do bão",
            "Đánh giá buổi sinh hoạt xếp loại Khá",
        ]);
        ha.get(&format!("{}/bien-ban", held.base))
            .await
            .says(&["Chi bộ tự chấm 88/100 điểm, xếp loại Khá (phiếu chấm kèm theo)."]);
        // The cell votes on it as on anything else.
        let vote = [("loai", "score"), ("noi_dung", "Xếp loại Khá"), ("cach", "tat-ca")];
        anh.post(&format!("{}/dieu-hanh/bieu-quyet", held.base), &vote).await.is(303);
        anh.get(&page).await.says(&["Chi bộ biểu quyết: Xếp loại Khá", "được thông qua."]);
        // A fact that changes afterwards is told, and changes nothing by itself.
        let quynh = format!("{}:c", site.person("ngothiquynh"));
        anh.post(&format!("{}/diem-danh", held.base), &[("mark", &quynh)]).await.is(303);
        anh.get(&page).await.says(&["88/100 điểm"]);
        let tell = |site: Arc<Site>| {
            let (cell, id) = (site.cast.cell, held.id);
            site.write(move |tx| {
                Ok(tx.exec(
                    "update meeting set closed_at = '2026-12-03T15:10' where org_id = $1 and meeting_id = $2",
                    values![cell, id],
                )?)
            })
        };
        tell(site.clone());
        anh.get(&page).await.says(&["Số liệu đã đổi từ khi chấm điểm.", "Tiêu chí 1, 2: hãy xem lại", "88/100 điểm"]);
        anh.get(&format!("{}/ket-thuc", held.base)).await.says(&["Số liệu của 2 tiêu chí đã đổi"]);
    });
}

#[test]
fn who_came_from_above_stands_beside_and_each_keeps_to_their_own() {
    each(|site| async move {
        let held = hold(&site).await;
        let page = format!("{}/cham-diem", held.base);
        let above = format!("{page}/cap-tren");
        let (ha, lam) = (site.sign_in("nguyenthiha").await, site.sign_in("tranvanlam").await);
        let (bao, lan, clerk) =
            (site.sign_in("doquocbao").await, site.sign_in("phanthilan").await, site.sign_in("hothiclerk").await);
        send(&ha, &held, &[("version", "0")]).await.is(303);
        bao.get(&page).await.is(200).says(&["86/100 điểm", "Xếp loại Khá"]).says_not(&["<form method=\"post\" action=\"/cb"]);
        clerk.get(&page).await.is(200).says(&["86/100 điểm"]).says_not(&["Phòng họp tầng 2", "tháng 12 năm 2026"]);
        lan.get(&page).await.is(404);
        for (who, path) in
            [(&bao, &page), (&lan, &page), (&clerk, &page), (&lam, &page), (&bao, &above), (&ha, &above), (&clerk, &above)]
        {
            who.post(path, &form(&[("da_du", "1")])).await.is(404);
        }
        // Only who was there, by the same facts, never seeing the words of the meeting.
        lam.get(&page).await.is(200).says(&["Điểm của cấp trên", "Dự 9/11"]).says_not(&["Nhất trí với báo cáo", "/diem-danh\""]);
        lam.post(&above, &form(&[])).await.is(422).says(&["đánh dấu xác nhận đã dự"]);
        lam.post(&above, &form(&[("da_du", "1"), ("d_2", "5")])).await.is(422).says(&["Hãy ghi lý do"]);
        lam.post(&above, &form(&[("da_du", "1"), ("d_4_2", "18"), ("d_2", "2,5"), ("version", "0")])).await.is(303);
        let both = ha.get(&page).await.is(200);
        both.says(&["Cấp ủy viên theo dõi chi bộ: đ/c Trần Văn Lâm", "82,5/100 điểm", "<b>-3</b>", "<b>-0,5</b>", "86/100 điểm"]);
        // The cell scores again: the superior's stays as it is.
        send(&ha, &held, &[("d_4_2", "22"), ("version", "1")]).await.is(303);
        ha.get(&page).await.says(&["87/100 điểm", "82,5/100 điểm", "<b>-4</b>"]);
        lam.post(&above, &form(&[("da_du", "1"), ("d_4_2", "18"), ("version", "0")])).await.is(409);
        // The list above, without a word of what the meetings are about.
        let list = format!("/cb/{}/cham-diem", site.cast.cell);
        lam.get(&list).await.is(200).says(&["87 điểm", "Cấp trên chấm: 82,5 điểm, khá"]);
        clerk.get(&list).await.is(200).says(&["Sinh hoạt thường kỳ"]).says_not(&["tháng 12 năm 2026"]);
        lan.get(&list).await.is(404);
        bao.get(&format!("/cb/{}/nam", site.cast.cell)).await.says(&[
            "Chất lượng các buổi sinh hoạt",
            "87 điểm",
            "không quy định xếp loại cả năm",
        ]);
        lam.get(&format!("/tc/{}", site.cast.cell)).await.says(&["Xem chất lượng sinh hoạt"]);
    });
}

fn issued(site: &Arc<Site>, document: &str) -> ledger::Issued {
    let (cell, id): (_, IssuedId) = (site.cast.cell, document.rsplit('/').next().unwrap().parse().unwrap());
    site.write(move |tx| Ok(ledger::get(tx, cell, id)?))
}

#[test]
fn the_sealed_sheet_is_final_and_goes_with_the_minutes() {
    each(|site| async move {
        let held = hold(&site).await;
        let page = format!("{}/cham-diem", held.base);
        let (ha, lam) = (site.sign_in("nguyenthiha").await, site.sign_in("tranvanlam").await);
        send(&ha, &held, &[("d_6", "30"), ("d_2", "5"), ("l_2", "Vắng do bão"), ("version", "0")]).await.is(303);
        ha.get(&page).await.says(&["94,5/100 điểm", "Xếp loại Tốt"]);
        let document = seal(&held, &ha).await;
        let before = issued(&site, &document);
        let sealed = Sealed::from_json(&before.content).unwrap();
        assert_eq!(sealed.schema, "nep.minutes.2");
        let score = sealed.score.clone().unwrap();
        assert_eq!((score.sheet.as_str(), score.total, score.band.as_str()), ("HD42", 9450, "good"));
        let two = score.line("2").unwrap();
        assert_eq!((two.suggested, two.points, two.reason.as_str()), (None, Some(500), "Vắng do bão"));
        assert!(two.facts.contains("Dự 9/11 đồng chí"), "{}", two.facts);
        assert_eq!(sealed.to_json().unwrap(), before.content, "the same bytes when written again");
        // It stands in what is read, printed and copied.
        ha.get(&document).await.is(200).says(&["Chi bộ chấm", "Vắng do bão", "94,5", "từ 90 điểm trở lên là Tốt"]);
        for kind in ["docx", "pdf"] {
            let file = ha.get(&format!("{document}/{kind}")).await.is(200);
            assert!(file.bytes.len() > 5_000, "{kind}");
        }
        // Its own score is final; who came from above may still follow, apart from it.
        send(&ha, &held, &[("version", "1")]).await.is(422).says(&["Biên bản đã khóa"]);
        let late = form(&[("da_du", "1"), ("version", "0")]);
        lam.post(&format!("{page}/cap-tren"), &late).await.is(303);
        ha.get(&page).await.says(&["94,5/100 điểm", "86/100 điểm"]);
        assert_eq!(issued(&site, &document).content, before.content);
        // A correction takes the sheet with it, unchanged.
        let text = sealed.sections.iter().find(|s| s.key == "opening").unwrap();
        let fixed = format!("{} Có chào cờ.", text.text);
        let to =
            ha.post(&format!("{document}/dinh-chinh"), &[("ly_do", "thiếu chào cờ"), ("p_opening", &fixed)]).await.is(303).to;
        let corrected = Sealed::from_json(&issued(&site, to.split('?').next().unwrap()).content).unwrap();
        assert_eq!(corrected.score, sealed.score);
        let wrong = site.write(|tx| Ok(verify::everything(tx)?));
        assert!(wrong.is_empty(), "{wrong:?}");
    });
}

#[test]
fn minutes_without_a_finished_score_are_sealed_without_one() {
    each(|site| async move {
        let held = hold(&site).await;
        let ha = site.sign_in("nguyenthiha").await;
        send(&ha, &held, &[("d_5", ""), ("version", "0")]).await.is(303);
        let document = seal(&held, &ha).await;
        let content = issued(&site, &document).content;
        assert!(!content.contains("\"score\":{"), "{content}");
        assert_eq!(Sealed::from_json(&content).unwrap().to_json().unwrap(), content);
        ha.get(&format!("/cb/{}/nam", site.cast.cell)).await.says(&["Chấm chưa xong"]);
    });
}

#[test]
fn a_committee_chooses_the_sheet_of_its_cells_and_the_year_follows_its_rule() {
    each(|site| async move {
        let (cell, committee) = (site.cast.cell, site.cast.committee);
        let lam = site.sign_in("tranvanlam").await;
        let rule = format!("/tc/{committee}/quy-dinh/score.sheet");
        lam.get(&rule).await.is(200).says(&["PHU-THO (Bảng chấm điểm của Đảng bộ Khối các cơ quan tỉnh Phú Thọ)"]);
        let set = |value: &'static str| [("gia_tri", value), ("tu", "01/01/2026"), ("van_ban", "Quy định 9-QĐ/ĐU")];
        lam.post(&rule, &set("PHÚ THỌ")).await.is(422).says(&["Không có bảng chấm điểm", "HD42", "Quy định 9-QĐ/ĐU"]);
        lam.post(&rule, &set("PHU-THO")).await.is(303);
        let held = hold(&site).await;
        let page = format!("{}/cham-diem", held.base);
        let ha = site.sign_in("nguyenthiha").await;
        let shown = ha.get(&page).await.is(200);
        shown.says(&["Bảng này được chọn theo Quy định 9-QĐ/ĐU.", "Tổ chức sinh hoạt", "tối đa 45 điểm", "Dự 9/11"]);
        let fields = [("d_1", "14"), ("d_2", "18"), ("d_3", "40"), ("d_4", "19"), ("version", "0")];
        ha.post(&page, &fields).await.is(303);
        ha.get(&page).await.says(&["91/100 điểm", "Xếp loại Tốt"]);
        let year = ha.get(&format!("/cb/{cell}/nam/2026")).await.is(200);
        year.says(&["1 buổi thường kỳ đã họp, 1 buổi đã chấm điểm: 1 tốt.", "Mới có 1/7 buổi mức Tốt.", "Chưa kết luận được"]);
        // The year is over: seven were asked for.
        site.at(date(2027, 1, 5).at(9, 0, 0, 0));
        let ha = site.sign_in("nguyenthiha").await;
        ha.get(&format!("/cb/{cell}/nam/2026")).await.says(&[
            "Chưa đạt mức Tốt",
            "Chỉ có 1/7 buổi mức Tốt.",
            "Nguồn chỉ trích đủ",
        ]);
        // Another sheet from the new year on; what was scored keeps its own.
        let lam = site.sign_in("tranvanlam").await;
        lam.post(&rule, &[("gia_tri", "AN-PHU"), ("tu", "01/01/2027"), ("van_ban", "Quy định 1-QĐ/ĐU")]).await.is(303);
        ha.get(&page).await.says(&["91/100 điểm", "Phú Thọ"]);
    });
}

#[test]
fn meetings_without_a_sheet_say_so() {
    each(|site| async move {
        let cell = site.cast.cell;
        let ha = site.sign_in("nguyenthiha").await;
        let old = stage::prepared(&site, cell, "nguyenthiha", MeetingKind::Regular, date(2025, 10, 3), &[]);
        stage::bring(&site, cell, old, MeetingState::Closed);
        let page = format!("/cb/{cell}/buoi/{old}/cham-diem");
        ha.get(&page).await.is(200).says(&["Ngày này chưa có bảng chấm điểm."]).says_not(&["d_1"]);
        ha.post(&page, &GIVEN).await.is(422).says(&["chưa chấm điểm được"]);
        ha.get(&format!("/cb/{cell}/cham-diem/2024")).await.is(200).says(&["chưa có bảng chấm điểm"]);
        let topic = stage::prepared(&site, cell, "nguyenthiha", MeetingKind::Thematic, date(2026, 11, 12), &[]);
        stage::bring(&site, cell, topic, MeetingState::Closed);
        let page = format!("/cb/{cell}/buoi/{topic}/cham-diem");
        ha.get(&page).await.is(200).says(&["Loại buổi này không chấm theo bảng đang dùng."]);
        let planned = planned(&site, date(2026, 12, 3), MeetingKind::Regular);
        ha.get(&format!("{}/cham-diem", planned.base)).await.is(200).says(&["Buổi sinh hoạt chưa khai mạc."]);
        let bao = site.sign_in("doquocbao").await;
        bao.get(&format!("{}/cham-diem", planned.base)).await.is(404);
    });
}
