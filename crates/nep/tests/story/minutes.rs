//! Minutes from the first draft to the sealed record: two editors, resending, adoption, sealing,
//! correction, the book, and tampering that shows (P-1, P-8, P-12, P-28).

use std::sync::Arc;

use axum::http::Method;
use db::{Tx, values};
use domain::id::IssuedId;
use domain::meeting::MeetingKind;
use jiff::civil::date;
use nep::ledger::{store as ledger, verify};
use nep::minutes::snapshot::Sealed;

use crate::holding::{Held, contributions, hold, planned, roll};
use crate::site::{Browser, Page, Site, each};

fn json(page: &Page) -> serde_json::Value {
    serde_json::from_str(&page.body).unwrap_or_else(|_| panic!("no JSON: {}", page.body))
}

async fn autosave(who: &Browser, held: &Held, section: &str, base: i64, key: &str, text: &str) -> Page {
    let address = format!("{}/bien-ban/{section}", held.base);
    who.post(&address, &[("text", text), ("base_version", &base.to_string()), ("key", key)]).await
}

/// Adopts and seals the minutes of a held meeting; the address of the document.
pub async fn seal(held: &Held, leader: &Browser) -> String {
    let page = leader.get(&format!("{}/thong-qua", held.base)).await.is(200);
    let mark = page.field("ban");
    leader.post(&format!("{}/thong-qua", held.base), &[("ban", &mark)]).await.is(303);
    leader.get(&format!("{}/khoa", held.base)).await.is(200).says(&["Khóa biên bản", "-BB/CB"]);
    let to = leader.post(&format!("{}/khoa", held.base), &[]).await.is(303).to;
    to.split('?').next().unwrap().to_owned()
}

#[test]
fn sections_are_prefilled_and_follow_the_facts_until_somebody_edits_them() {
    each(|site| async move {
        let held = planned(&site, date(2026, 12, 3), MeetingKind::Regular);
        site.at(date(2026, 12, 3).at(13, 58, 0, 0));
        let anh = site.sign_in("lethianh").await;
        let minutes = format!("{}/bien-ban", held.base);
        anh.get(&minutes).await.is(200).says(&["Chưa có biên bản"]);
        anh.post(&format!("{}/dieu-hanh/mo", held.base), &[("gio", "14:00")]).await.is(303);
        anh.get(&minutes).await.is(200).says(&["Có mặt: 0/11 đồng chí", "Nội dung mật, ghi riêng tại Sổ mật số 2, trang 14."]);
        roll(&site, &anh, &held).await;
        anh.get(&minutes).await.is(200).says(&["phần chưa cập nhật"]);
        anh.post(&format!("{minutes}/cap-nhat"), &[]).await.is(303);
        let page = anh.get(&minutes).await.is(200);
        page.says(&[
            "Tổng số đảng viên: 11 đồng chí (chính thức 10, dự bị 1).",
            "Có mặt: 9/11 đồng chí, đạt 81,8 %, trong đó dự trực tuyến 1 đồng chí.",
            "Vắng có lý do: 1 đồng chí: Đặng Hữu Phước (đi công tác).",
            "Vắng không có lý do: 1 đồng chí: Ngô Thị Quỳnh.",
        ])
        .says_not(&["phần chưa cập nhật"]);
        // An edited section keeps its words and takes new facts where they do not touch.
        let mine = "Thời gian: bắt đầu lúc 14 giờ 00, ngày 03 tháng 12 năm 2026.\nĐịa điểm: Phòng họp tầng 2.\nCó chào cờ.";
        let saved = autosave(&anh, &held, "opening", 1, "k1", mine).await.is(200);
        assert_eq!(json(&saved)["version"], 2);
        anh.post(&format!("{}/dieu-hanh/dang-phi", held.base), &[("dang_phi", "đã nộp đủ")]).await.is(303);
        anh.post(&format!("{minutes}/cap-nhat"), &[]).await.is(303);
        anh.get(&minutes).await.is(200).says(&["Có chào cờ.", "Tình hình nộp đảng phí: đã nộp đủ."]);
        let edited = "Thành phần do tôi ghi.\nVắng không có lý do: không ai.";
        let at = section_version(&site, &held, "attendance");
        autosave(&anh, &held, "attendance", at, "k2", edited).await.is(200);
        let quynh = format!("{}:c", site.person("ngothiquynh"));
        anh.post(&format!("{}/diem-danh", held.base), &[("mark", &quynh)]).await.is(303);
        anh.get(&minutes).await.is(200).says(&["Có số liệu mới"]);
        let to = anh.post(&format!("{minutes}/attendance/cap-nhat"), &[]).await.is(303).to;
        assert!(to.contains("/attendance/ghep?ban="), "{to}");
        let merge = anh.get(&to).await.is(200);
        let (aside, version) = (merge.field("ban"), merge.field("version"));
        merge.says(&["Bản theo số liệu mới", "Thành phần do tôi ghi.", "10/11"]);
        let form = [("ban", aside.as_str()), ("version", version.as_str()), ("ghep", "Thành phần do tôi ghi, 10/11.")];
        anh.post(&format!("{minutes}/attendance/ghep"), &form).await.is(303);
        anh.get(&minutes).await.is(200).says(&["Thành phần do tôi ghi, 10/11."]).says_not(&["Có số liệu mới"]);
    });
}

fn section_version(site: &Arc<Site>, held: &Held, section: &'static str) -> i64 {
    let (cell, id) = (site.cast.cell, held.id);
    site.write(move |tx| {
        let sql = "select version from minutes_section where org_id = $1 and meeting_id = $2 and section = $3";
        Ok(tx.scalar(sql, values![cell, id, section])?)
    })
}

#[test]
fn two_editors_of_one_section_lose_nothing_and_a_repeated_sending_saves_once() {
    each(|site| async move {
        let held = hold(&site).await;
        let (anh, ha) = (site.sign_in("lethianh").await, site.sign_in("nguyenthiha").await);
        let minutes = format!("{}/bien-ban", held.base);
        anh.get(&minutes).await.is(200);
        let base = section_version(&site, &held, "conclusion");
        let first = autosave(&anh, &held, "conclusion", base, "key-1", "Chi bộ thống nhất.").await.is(200);
        assert_eq!(json(&first)["version"], base + 1);
        // The answer was lost: the same key again is the same save.
        let again = autosave(&anh, &held, "conclusion", base, "key-1", "Chi bộ thống nhất.").await.is(200);
        assert_eq!(json(&again)["version"], base + 1);
        // A key of another section is nothing special here.
        let other = autosave(&anh, &held, "closing", 99, "key-1", "Kết thúc khác.").await.is(409);
        assert!(json(&other)["merge"].as_str().unwrap().contains("/closing/ghep"));
        // Hà writes on the old version: set aside, told where, and again the same answer.
        let crossed = autosave(&ha, &held, "conclusion", base, "key-2", "Chi bộ không thống nhất.").await.is(409);
        let merge = json(&crossed)["merge"].as_str().unwrap().to_owned();
        let twice = autosave(&ha, &held, "conclusion", base, "key-2", "Chi bộ không thống nhất.").await.is(409);
        assert_eq!(json(&twice)["merge"].as_str().unwrap(), merge);
        anh.get(&minutes).await.is(200).says(&["bản viết chưa được ghép", "Chi bộ thống nhất."]);
        let page = ha.get(&merge).await.is(200);
        let (aside, version) = (page.field("ban"), page.field("version"));
        page.says(&["Chi bộ không thống nhất.", "Chi bộ thống nhất.", "Bản của đồng chí", "đ/c Lê Thị Ánh"]);
        // Ánh saves once more before Hà decides: Hà's joined text is still there to be saved again.
        autosave(&anh, &held, "conclusion", base + 1, "key-3", "Chi bộ thống nhất cao.").await.is(200);
        let joined = [("ban", aside.as_str()), ("version", version.as_str()), ("ghep", "Chi bộ cơ bản thống nhất.")];
        let late = ha.post(&format!("{minutes}/conclusion/ghep"), &joined).await.is(409);
        let now = late.field("version");
        late.says(&["Chi bộ cơ bản thống nhất.", "Chi bộ thống nhất cao."]);
        let joined = [("ban", aside.as_str()), ("version", now.as_str()), ("ghep", "Chi bộ cơ bản thống nhất.")];
        ha.post(&format!("{minutes}/conclusion/ghep"), &joined).await.is(303);
        anh.get(&minutes).await.is(200).says(&["Chi bộ cơ bản thống nhất."]);
        ha.get(&merge).await.is(303);
        // Every text that ever stood there is a revision.
        let list = anh.get(&format!("{minutes}/conclusion/ban?so={}", base + 1)).await.is(200);
        list.says(&["Chi bộ thống nhất.", "đ/c Nguyễn Thị Hà", "đang dùng", "Lấy lại bản"]);
        // Without the script: edits that fit together are joined at once.
        let at = section_version(&site, &held, "opening").to_string();
        let text = |extra: &str, first: &str| format!("{first}\nĐịa điểm: Phòng họp tầng 2.{extra}");
        let time = "Thời gian: bắt đầu lúc 14 giờ 00, ngày 03 tháng 12 năm 2026.";
        let a = [("text", text("\nCó chào cờ.", time)), ("base_version", at.clone())];
        let b = [("text", text("", "Thời gian: 14 giờ 00, ngày 03/12/2026.")), ("base_version", at)];
        let pairs = |x: &[(&'static str, String); 2]| [(x[0].0, x[0].1.clone()), (x[1].0, x[1].1.clone())];
        for (who, form) in [(&anh, pairs(&a)), (&ha, pairs(&b))] {
            let form: Vec<(&str, &str)> = form.iter().map(|(k, v)| (*k, v.as_str())).collect();
            who.post(&format!("{minutes}/opening"), &form).await.is(303);
        }
        let both = anh.get(&minutes).await.is(200);
        both.says(&["Thời gian: 14 giờ 00, ngày 03/12/2026.\nĐịa điểm: Phòng họp tầng 2.\nCó chào cờ."]);
        // Wrong text is refused with words, in both ways.
        let bad = autosave(&anh, &held, "opening", 1, "key-9", "a\u{202e}b").await.is(422);
        assert!(json(&bad)["error"].as_str().is_some_and(|e| !e.is_empty()));
        anh.post(&format!("{minutes}/opening"), &[("text", "a\u{202e}b"), ("base_version", "1")]).await.is(422);
        anh.post(&format!("{minutes}/nothing"), &[("text", "a"), ("base_version", "1")]).await.is(404);
        anh.post(&format!("{minutes}/item-77"), &[("text", "a"), ("base_version", "1")]).await.is(404);
    });
}

#[test]
fn a_script_whose_session_ended_is_told_so() {
    use axum::body::Body;
    use axum::http::{Request, header};
    each(|site| async move {
        let held = hold(&site).await;
        let request = Request::post(format!("{}/bien-ban/opening", held.base))
            .header("sec-fetch-site", "same-origin")
            .header("x-csrf-token", "old")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from("text=a&base_version=1&key=k"))
            .unwrap();
        site.browser().send(request).await.is(401);
    });
}

#[test]
fn a_member_reads_minutes_only_once_the_cell_has_adopted_them() {
    each(|site| async move {
        let held = hold(&site).await;
        let minutes = format!("{}/bien-ban", held.base);
        let (bao, lan, ha) =
            (site.sign_in("doquocbao").await, site.sign_in("phanthilan").await, site.sign_in("nguyenthiha").await);
        ha.get(&minutes).await.is(200);
        bao.get(&minutes).await.is(404);
        lan.get(&minutes).await.is(404);
        // The secretary of the meeting reads it back but does not adopt it.
        let anh = site.sign_in("lethianh").await;
        anh.get(&format!("{}/doc-lai", held.base)).await.is(200).says(&["class=\"readback\"", "9/11", "15 giờ 35"]);
        anh.get(&format!("{}/thong-qua", held.base)).await.is(404);
        anh.post(&format!("{}/thong-qua", held.base), &[("ban", "x")]).await.is(404);
        let page = ha.get(&format!("{}/thong-qua", held.base)).await.is(200);
        let mark = page.field("ban");
        page.says(&["12 đảng viên trong danh sách", "Đã điểm danh đủ."]);
        // Changed after it was read: the cell adopts what it has heard, nothing else.
        let version = section_version(&site, &held, "closing");
        autosave(&anh, &held, "closing", version, "late", "Thêm một câu.").await.is(200);
        ha.post(&format!("{}/thong-qua", held.base), &[("ban", &mark)]).await.is(422).says(&["vừa được sửa"]);
        let mark = ha.get(&format!("{}/thong-qua", held.base)).await.field("ban");
        ha.post(&format!("{}/thong-qua", held.base), &[("ban", &mark)]).await.is(303);
        bao.get(&minutes).await.is(200).says(&["Thêm một câu.", "Đã thông qua biên bản"]).says_not(&["<textarea", "khoa\""]);
        lan.get(&minutes).await.is(404);
        // Taken up again with a reason, it is closed to members once more.
        autosave(&anh, &held, "closing", version + 1, "later", "Sửa.").await.is(422);
        ha.post(&format!("{}/dieu-hanh/mo-lai", held.base), &[("ly_do", "ghi sót ý kiến")]).await.is(303);
        bao.get(&minutes).await.is(404);
    });
}

#[test]
fn what_is_missing_stands_in_the_way_of_adoption() {
    each(|site| async move {
        let held = planned(&site, date(2026, 12, 3), MeetingKind::Regular);
        site.at(date(2026, 12, 3).at(13, 58, 0, 0));
        let ha = site.sign_in("nguyenthiha").await;
        let desk = format!("{}/dieu-hanh", held.base);
        ha.post(&format!("{desk}/mo"), &[("gio", "14:00")]).await.is(303);
        assert!(ha.get(&format!("{}/thong-qua", held.base)).await.is(303).to.ends_with("ket-thuc"));
        ha.post(&format!("{desk}/ket-thuc"), &[("gio", "15:35")]).await.is(303);
        ha.get(&format!("{}/thong-qua", held.base))
            .await
            .is(200)
            .says(&["Còn 11 đồng chí chưa điểm danh", "Phải làm"])
            .says_not(&["name=\"ban\""]);
        ha.post(&format!("{}/thong-qua", held.base), &[("ban", "")]).await.is(422).says(&["Còn 11 đồng chí"]);
        ha.post(&format!("{}/khoa", held.base), &[]).await.is(422).says(&["Chi bộ phải thông qua biên bản trước"]);
    });
}

#[test]
fn sealing_gives_the_number_the_record_the_month_and_the_document() {
    each(|site| async move {
        let held = hold(&site).await;
        let ha = site.sign_in("nguyenthiha").await;
        ha.get(&format!("{}/bien-ban", held.base)).await.is(200);
        let address = seal(&held, &ha).await;
        let issued: IssuedId = address.rsplit('/').next().unwrap().parse().unwrap();
        let cell = site.cast.cell;
        let (doc, month, wrong) = site.write(move |tx| {
            let doc = ledger::get(tx, cell, issued)?;
            let month: (i64, i64, i64, i64, i64, i64, i64, i64) = tx.one(
                "select expected, present, excused, unexcused, leaders_expected, leaders_present, speakers, meetings
                 from cell_month where org_id = $1 and month = '2026-12'",
                values![cell],
            )?;
            Ok((doc, month, verify::everything(tx)?))
        });
        assert_eq!(month, (11, 9, 1, 1, 3, 3, 1, 1));
        assert_eq!(wrong, Vec::<String>::new());
        assert_eq!((doc.number, doc.number_text.as_str(), doc.issued_on), (1, "Số 01-BB/CB", date(2026, 12, 3)));
        assert_eq!(doc.content_hash, web::random::digest(&doc.content));
        let sealed = Sealed::from_json(&doc.content).unwrap();
        assert_eq!(sealed.to_json().unwrap(), doc.content);
        let a = &sealed.attendance;
        assert_eq!((a.expected, a.present, a.electors, a.electors_present), (11, 9, 9, 7));
        assert_eq!((sealed.roll.len(), sealed.votes[0].electorate, sealed.votes[0].yes), (12, 9, 7));
        assert_eq!(sealed.items[0].speeches[0].summary, "Đề nghị rõ thời hạn.");
        assert_eq!((sealed.profile.as_str(), sealed.letterhead.superior.as_str()), ("HD05-2026", "Đảng bộ Sở Xây dựng"));
        // The page, by everyone of the cell and by nobody else.
        let bao = site.sign_in("doquocbao").await;
        bao.get(&address)
            .await
            .is(200)
            .says(&[
                "Số 01-BB/CB",
                "ĐẢNG BỘ SỞ XÂY DỰNG",
                "CHI BỘ VĂN PHÒNG SỞ XÂY DỰNG",
                "BIÊN BẢN",
                "sinh hoạt thường kỳ tháng 12 năm 2026",
                "I- Thời gian, địa điểm",
                "- Diễn biến",
                "1. Nhiệm vụ tháng 12",
                "tán thành 7/9 đồng chí, đạt 77,8",
                "NGƯỜI GHI BIÊN BẢN",
                "CHỦ TRÌ HỘI NGHỊ",
                "Chưa đăng, nên đăng trước hết ngày 05/12/2026",
                &doc.content_hash,
            ])
            .says_not(&["Lập bản đính chính", "Đánh dấu đã đăng"]);
        let first = bao.get(&format!("{address}/docx")).await.is(200);
        assert!(first.bytes.starts_with(b"PK") && first.media_type.contains("wordprocessingml"));
        assert_eq!(first.bytes, bao.get(&format!("{address}/docx")).await.bytes);
        let lan = site.sign_in("phanthilan").await;
        lan.get(&address).await.is(404);
        lan.get(&format!("{address}/docx")).await.is(404);
        lan.get(&format!("/cb/{}/van-ban/{issued}", site.cast.sibling)).await.is(404);
        // Rendered from what was sealed: live rows may change as they like.
        let before = bao.get(&address).await.body;
        site.write(move |tx| {
            tx.exec("update roll set mark = 'unexcused', name = 'Ai đó' where org_id = $1", values![cell])?;
            tx.exec("update minutes_section set body = 'khác' where org_id = $1", values![cell])?;
            Ok(())
        });
        assert_eq!(bao.get(&address).await.body, before);
        // The tick for the national app, once.
        bao.post(&format!("{address}/da-dang"), &[]).await.is(404);
        ha.post(&format!("{address}/da-dang"), &[]).await.is(303);
        site.at(date(2026, 12, 9).at(8, 0, 0, 0));
        let ha = site.sign_in("nguyenthiha").await;
        ha.post(&format!("{address}/da-dang"), &[]).await.is(303);
        ha.get(&address).await.is(200).says(&["Đã đăng lúc 15:40 ngày 03/12/2026"]).says_not(&["Đánh dấu đã đăng"]);
    });
}

/// Everything the meeting is made of, as one text.
fn everything(tx: &mut Tx, org: domain::id::OrgId) -> db::Result<String> {
    let mut out = String::new();
    for (table, columns) in [
        ("meeting", "state, version, coalesce(dues, '')"),
        ("roll", "coalesce(mark, ''), version, coalesce(reason, '')"),
        ("guest", "name, guest_id, title"),
        ("contribution", "summary, person_id, summary"),
        ("vote", "question, yes, threshold"),
        ("agenda_item", "conclusion, version, title"),
        ("minutes_section", "body, version, section"),
        ("minutes_revision", "body, version, section"),
        ("minutes_aside", "body, base_version, section"),
        ("issued", "content, number, content_hash"),
    ] {
        let rows: Vec<(String, i64, String)> =
            tx.all(&format!("select {columns} from {table} where org_id = $1 order by 1, 2, 3"), values![org])?;
        out.push_str(&format!("{table} {rows:?}\n"));
    }
    Ok(out)
}

#[test]
fn a_sealed_meeting_refuses_every_change_on_every_route() {
    each(|site| async move {
        let held = hold(&site).await;
        let ha = site.sign_in("nguyenthiha").await;
        ha.get(&format!("{}/bien-ban", held.base)).await.is(200);
        seal(&held, &ha).await;
        let cell = site.cast.cell;
        let before = site.write(move |tx| Ok(everything(tx, cell)?));
        let an = site.person("phamvanan").to_string();
        let spoken = contributions(&site, held.id)[0].0.to_string();
        let fields = [
            ("gio", "16:00"),
            ("ly_do", "thử"),
            ("chu_tri", an.as_str()),
            ("thu_ky", an.as_str()),
            ("noi", an.as_str()),
            ("bo", spoken.as_str()),
            ("version", "1"),
            ("ket_luan", "khác"),
            ("so_giay", "Sổ mật số 2, trang 15"),
            ("loai", "other"),
            ("noi_dung", "khác"),
            ("cach", "tat-ca"),
            ("khach_ten", "khách"),
            ("dang_phi", "khác"),
            ("mark", "all:c"),
            ("trang_thai", "present"),
            ("text", "khác"),
            ("base_version", "1"),
            ("ban", "1"),
            ("ghep", "khác"),
            ("doan", "khác"),
            ("viec", "dung"),
            ("tat_ca", "1"),
        ];
        let ours = [
            "/dieu-hanh",
            "/diem-danh",
            "/bieu-quyet",
            "/bien-ban",
            "/thong-qua",
            "/khoa",
            "/thu-ky",
            "/doc-lai",
            "/loi-ghi",
            "/nhap-sau",
        ];
        let mut walked = 0;
        for line in nep::app::table() {
            let inside = line.path.strip_prefix("/cb/{org}/buoi/{meeting}");
            let of_ours = inside.is_some_and(|rest| ours.iter().any(|o| rest.starts_with(o)));
            if line.method != Method::POST || !of_ours {
                continue;
            }
            let path = line
                .path
                .replace("{org}", &cell.to_string())
                .replace("{meeting}", &held.id.to_string())
                .replace("{item}", &held.items[0].to_string())
                .replace("{person}", &an)
                .replace("{section}", "opening")
                .replace("{contribution}", &spoken)
                .replace("{vote}", "1")
                .replace("{ballot}", "1")
                .replace("{guest}", "1");
            let page = ha.post(&path, &fields).await;
            assert!([404, 422].contains(&page.status.as_u16()), "{path}: {} {}", page.status, page.to);
            let mut script = fields.to_vec();
            script.push(("key", "k-sealed"));
            let page = ha.post(&path, &script).await;
            assert!([404, 422].contains(&page.status.as_u16()), "{path} by script: {}", page.status);
            walked += 1;
        }
        assert_eq!(walked, 32, "routes walked");
        assert_eq!(site.write(move |tx| Ok(everything(tx, cell)?)), before);
    });
}

#[test]
fn a_correction_is_a_new_record_and_the_old_one_stays() {
    each(|site| async move {
        let held = hold(&site).await;
        let ha = site.sign_in("nguyenthiha").await;
        ha.get(&format!("{}/bien-ban", held.base)).await.is(200);
        let address = seal(&held, &ha).await;
        let old = ha.get(&address).await.is(200);
        let bao = site.sign_in("doquocbao").await;
        bao.get(&format!("{address}/dinh-chinh")).await.is(404);
        bao.post(&format!("{address}/dinh-chinh"), &[("ly_do", "x"), ("p_opening", "y")]).await.is(404);
        site.at(date(2026, 12, 10).at(9, 0, 0, 0));
        let (ha, bao) = (site.sign_in("nguyenthiha").await, site.sign_in("doquocbao").await);
        let form = format!("{address}/dinh-chinh");
        ha.get(&form).await.is(200).says(&["Số 02-BB/CB", "Địa điểm: Phòng họp tầng 2."]);
        ha.post(&form, &[("p_opening", "Địa điểm: Hội trường.")])
            .await
            .is(422)
            .says(&["lý do đính chính", "Địa điểm: Hội trường."]);
        ha.post(&form, &[("ly_do", "ghi nhầm địa điểm")]).await.is(422).says(&["Chưa có phần nào được sửa"]);
        let sent = [("ly_do", "ghi nhầm địa điểm"), ("p_opening", "Địa điểm: Hội trường.")];
        let to = ha.post(&form, &sent).await.is(303).to;
        bao.get(to.split('?').next().unwrap()).await.is(200).says(&[
            "Số 02-BB/CB",
            "ngày 10 tháng 12 năm 2026",
            "Địa điểm: Hội trường.",
            "Lý do đính chính:",
            "ghi nhầm địa điểm",
            "đính chính Biên bản số 01-BB/CB ngày 03/12/2026",
            "Đây là bản đính chính",
        ]);
        let now = bao.get(&address).await.is(200);
        assert!(old.body.contains("Địa điểm: Phòng họp tầng 2."));
        now.says(&["Địa điểm: Phòng họp tầng 2.", "đã được đính chính", "Số 02-BB/CB ngày 10/12/2026"]).says_not(&["Hội trường"]);
        assert_eq!(verify::all(&site.app.db), Vec::<String>::new());
    });
}

#[test]
fn two_sealings_at_once_take_following_numbers() {
    each(|site| async move {
        let mut meetings = Vec::new();
        for day in [date(2026, 12, 3), date(2026, 12, 4), date(2026, 12, 5)] {
            let held = planned(&site, day, MeetingKind::Regular);
            site.at(day.at(13, 58, 0, 0));
            let ha = site.sign_in("nguyenthiha").await;
            ha.post(&format!("{}/dieu-hanh/mo", held.base), &[("gio", "14:00")]).await.is(303);
            ha.post(&format!("{}/diem-danh", held.base), &[("mark", "all:c")]).await.is(303);
            ha.post(&format!("{}/dieu-hanh/ket-thuc", held.base), &[("gio", "15:35")]).await.is(303);
            let mark = ha.get(&format!("{}/thong-qua", held.base)).await.field("ban");
            ha.post(&format!("{}/thong-qua", held.base), &[("ban", &mark)]).await.is(303);
            meetings.push(held.id);
        }
        let mut racing = Vec::new();
        // Each is sealed by two people at the same time: one of them is told it is done already.
        let cell = site.cast.cell;
        for id in meetings.iter().chain(&meetings) {
            let (db, library, id) = (site.app.db.clone(), site.app.rules.clone(), *id);
            let hands = site.hands("leminhduc", cell);
            racing.push(tokio::spawn(async move {
                let sealed = db.write(move |tx| nep::minutes::seal::seal_now(tx, &hands, cell, id, &library)).await;
                match sealed {
                    Ok(_) => "sealed".to_owned(),
                    Err(nep::fault::Fault::Refused(refusal)) => refusal.code.to_owned(),
                    Err(fault) => fault.to_string(),
                }
            }));
        }
        let mut answers = Vec::new();
        for one in racing {
            answers.push(one.await.unwrap());
        }
        answers.sort_unstable();
        assert_eq!(answers, ["sealed", "sealed", "sealed", "state", "state", "state"]);
        let (numbers, meetings): (Vec<(i64,)>, i64) = site.write(move |tx| {
            let numbers = tx.all("select number from issued where org_id = $1 and kind = 'bb' order by number", values![cell])?;
            let sql = "select meetings from cell_month where org_id = $1 and month = '2026-12'";
            Ok((numbers, tx.scalar(sql, values![cell])?))
        });
        assert_eq!(numbers, [(1,), (2,), (3,)]);
        assert_eq!(meetings, 3);
        assert_eq!(verify::all(&site.app.db), Vec::<String>::new());
    });
}

#[test]
fn the_book_lists_finds_and_exports_the_year() {
    each(|site| async move {
        let ha = site.sign_in("nguyenthiha").await;
        let book = format!("/cb/{}/so-bien-ban", site.cast.cell);
        ha.get(&book).await.is(200).says(&["chưa có văn bản nào được khóa", "Mở danh sách buổi sinh hoạt"]);
        ha.get(&format!("{book}/2026/pdf")).await.is(422);
        let held = hold(&site).await;
        let ha = site.sign_in("nguyenthiha").await;
        ha.get(&format!("{}/bien-ban", held.base)).await.is(200);
        let address = seal(&held, &ha).await;
        let bao = site.sign_in("doquocbao").await;
        let page = bao.get(&book).await.is(200);
        assert_eq!(page.link(&format!("/cb/{}/van-ban/", site.cast.cell)), address);
        page.says(&["Số 01-BB/CB", "03/12/2026", "1 văn bản"]);
        bao.get(&format!("{book}/2026?q=SINH+hoat+thang+12")).await.is(200).says(&["1 trong 1 văn bản", "Số 01-BB/CB"]);
        bao.get(&format!("{book}/2026?q=%22%3E%3Cb%3E")).await.is(200).says(&["Không có văn bản nào khớp"]).says_not(&["\"><b>"]);
        bao.get(&format!("{book}/2025")).await.is(200).says(&["Năm 2025 chưa có"]);
        bao.get(&format!("{book}/abc")).await.is(404);
        let sheet = bao.get(&format!("{book}/2026/xlsx")).await.is(200);
        assert!(sheet.bytes.starts_with(b"PK"));
        let lan = site.sign_in("phanthilan").await;
        for path in ["", "/2026", "/2026/xlsx", "/2026/pdf"] {
            lan.get(&format!("{book}{path}")).await.is(404);
        }
    });
}

#[test]
fn what_the_committee_decides_alone_is_not_for_every_member() {
    each(|site| async move {
        let held = planned(&site, date(2026, 12, 1), MeetingKind::Committee);
        site.at(date(2026, 12, 1).at(8, 0, 0, 0));
        let ha = site.sign_in("nguyenthiha").await;
        ha.post(&format!("{}/dieu-hanh/mo", held.base), &[("gio", "08:00")]).await.is(303);
        ha.post(&format!("{}/diem-danh", held.base), &[("mark", "all:c")]).await.is(303);
        ha.post(&format!("{}/dieu-hanh/ket-thuc", held.base), &[("gio", "09:00")]).await.is(303);
        let address = seal(&held, &ha).await;
        let (an, bao) = (site.sign_in("phamvanan").await, site.sign_in("doquocbao").await);
        an.get(&address).await.is(200);
        bao.get(&address).await.is(404);
        bao.get(&format!("{address}/docx")).await.is(404);
        bao.get(&format!("{}/bien-ban", held.base)).await.is(404);
        bao.get(&format!("/cb/{}/so-bien-ban/2026", site.cast.cell)).await.is(200).says(&["chưa có văn bản nào"]);
        an.get(&format!("/cb/{}/so-bien-ban/2026", site.cast.cell)).await.is(200).says(&["Số 01-BB/CB"]);
        an.get("/").await.is(200).says(&["Số 01-BB/CB"]);
        bao.get("/").await.is(200).says_not(&["Số 01-BB/CB", &address]);
        let cell = site.cast.cell;
        let months: Vec<(i64,)> =
            site.write(move |tx| Ok(tx.all("select meetings from cell_month where org_id = $1", values![cell])?));
        assert_eq!(months, []);
    });
}

/// Does something wrong to the rows, says what `verify` finds, and puts it back.
async fn found(site: &Arc<Site>, wrong: &'static str, right: &'static str) -> Vec<String> {
    let run = |sql: &'static str| {
        site.write(move |tx| {
            tx.batch(sql)?;
            Ok(())
        });
    };
    run(wrong);
    let found = verify::all(&site.app.db);
    run(right);
    assert_eq!(verify::all(&site.app.db), Vec::<String>::new(), "after {right}");
    found
}

#[test]
fn tampering_with_sealed_rows_is_found_and_located() {
    each(|site| async move {
        for day in [date(2026, 12, 3), date(2026, 12, 4), date(2026, 12, 5)] {
            let held = planned(&site, day, MeetingKind::Regular);
            site.at(day.at(13, 58, 0, 0));
            let ha = site.sign_in("nguyenthiha").await;
            ha.post(&format!("{}/dieu-hanh/mo", held.base), &[("gio", "14:00")]).await.is(303);
            ha.post(&format!("{}/diem-danh", held.base), &[("mark", "all:c")]).await.is(303);
            ha.post(&format!("{}/dieu-hanh/ket-thuc", held.base), &[("gio", "15:35")]).await.is(303);
            seal(&held, &ha).await;
        }
        assert_eq!(verify::all(&site.app.db), Vec::<String>::new());
        let keep = "create table kept as select * from issued; create table kept_ledger as select * from ledger;
            create table kept_head as select * from ledger_head; create table kept_audit as select * from audit;
            create table kept_trail as select * from audit_head;";
        site.write(move |tx| {
            tx.batch(keep)?;
            Ok(())
        });
        let issued = "delete from issued; insert into issued select * from kept;";
        let chain = "delete from ledger; insert into ledger select * from kept_ledger;
            delete from ledger_head; insert into ledger_head select * from kept_head;";
        let trail = "delete from audit; insert into audit select * from kept_audit;
            delete from audit_head; insert into audit_head select * from kept_trail;";
        let table: [(&str, &'static str, &'static str, &[&str]); 11] = [
            (
                "a word changed",
                "update issued set content = content || ' ' where number = 2",
                issued,
                &["đã bị sửa sau khi khóa", "mục 2"],
            ),
            ("content and its hash", "update issued set content = 'x', content_hash = 'y' where number = 2", issued, &["mục 2"]),
            ("a document deleted", "delete from issued where number = 1", issued, &["đã bị xóa", "mục 1"]),
            (
                "a document slipped in",
                "insert into issued select org_id, 5, kind, term_id, 9, 'Số 09-BB/CB', issued_on, title, folded, content,
                 content_hash, meeting_id, corrects_id, reason, ledger_org, 9, at, by_person from issued where number = 1",
                issued,
                &["không có trong sổ cái"],
            ),
            ("a ledger row changed", "update ledger set content_hash = 'x' where seq = 2", chain, &["mục 2 đã bị sửa"]),
            ("a ledger row deleted", "delete from ledger where seq = 2", chain, &["thiếu", "2"]),
            (
                "two rows exchanged",
                "update ledger set seq = 99 where seq = 1; update ledger set seq = 1 where seq = 2; update ledger set seq = 2 where seq = 99",
                chain,
                &["mục 1 đã bị sửa", "mục 2 đã bị sửa"],
            ),
            (
                "a row put at the end",
                "insert into ledger select org_id, 4, at, of_org, kind, object_id, content_hash, prev_hash, hash from ledger where seq = 3",
                chain,
                &["mục 4"],
            ),
            ("the end cut off", "delete from ledger where seq = 3", chain, &["phần cuối sau mục 2", "không có trong sổ cái"]),
            ("the trail changed", "update audit set action = 'x' where seq = 3", trail, &["nhật ký", "dòng 3 đã bị sửa"]),
            ("the trail cut", "delete from audit where action = 'document.sealed'", trail, &["nhật ký"]),
        ];
        for (what, wrong, right, words) in table {
            let lines = found(&site, wrong, right).await.join("\n");
            for word in words {
                assert!(lines.contains(word), "{what}: “{word}” is not in:\n{lines}");
            }
        }
    });
}
