//! Advice on tasks while they are written, earlier tasks beside them, minutes that look like the last ones
//! (SM-01, M15, ahead.md 7, 8, 16).

use std::sync::Arc;

use domain::agenda::{Part, Step};
use domain::id::{MeetingId, OrgId, TaskId};
use domain::meeting::{MeetingKind, MeetingState};
use domain::minutes::SectionKey;
use domain::period::PeriodKey;
use domain::resolution::{ResolutionState, TaskDraft};
use domain::task::Cause;
use jiff::civil::{Date, date};
use nep::minutes::draft;
use nep::minutes::store::{self as minutes, NewText};
use nep::resolution::store::{self as resolutions, Text};
use nep::task::store::{self as tasks, Change};

use crate::site::{Browser, Site, each};
use crate::stage;

/// A resolution of a meeting on a day with one task, as far as asked.
fn resolved(site: &Arc<Site>, (org, who): (OrgId, &str), day: Date, content: &str, state: ResolutionState) -> TaskId {
    let meeting = stage::prepared(site, org, who, MeetingKind::Extraordinary, day, &[]);
    let hands = site.hands(who, org);
    let task = TaskDraft { content: content.to_owned(), deadline: Some(day), doer: Some(hands.person), ..TaskDraft::default() };
    site.write(move |tx| {
        let text = Text { title: "về nhiệm vụ".to_owned(), ..Text::default() };
        let id = resolutions::create(tx, &hands, org, meeting, &text)?;
        let task = tasks::add(tx, &hands, org, id, meeting, &task)?;
        let before = resolutions::get(tx, org, id)?;
        if state != ResolutionState::Draft {
            resolutions::save_state(tx, &hands, &before, state, None, None)?;
            tasks::put_in_force(tx, &hands, org, id, true)?;
        }
        Ok(task)
    })
}

/// The meeting of December being held, with a draft; its address and that of the draft.
async fn drafted(site: &Arc<Site>, ha: &Browser) -> (MeetingId, String, String) {
    let cell = site.cast.cell;
    let key = PeriodKey::regular(2026, 12).unwrap();
    let meeting = stage::prepared(site, cell, "nguyenthiha", MeetingKind::Regular, date(2026, 12, 3), &[key]);
    stage::bring(site, cell, meeting, MeetingState::Open);
    stage::roll(site, cell, meeting, &[], date(2026, 12, 3).at(14, 0, 0, 0));
    let base = format!("/cb/{cell}/buoi/{meeting}/nghi-quyet");
    let to = ha.post(&base, &[]).await.is(303).to;
    let id = to.split("nq=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    (meeting, format!("{base}/{id}"), base)
}

#[test]
fn going_on_against_advice_asks_one_line_and_keeps_it() {
    each(|site| async move {
        site.at(date(2026, 12, 3).at(15, 0, 0, 0));
        let (ha, anh) = (site.sign_in("nguyenthiha").await, site.sign_in("lethianh").await);
        let (_, one, base) = drafted(&site, &ha).await;
        let id = |login: &str| site.person(login).to_string();
        let (doer, checker, urger) = (id("lethianh"), id("phamvanan"), id("leminhduc"));
        let mut task = vec![
            ("noi_dung", "Tiếp tục tăng cường công tác dân vận"),
            ("yeu_cau", "Kịp thời, hiệu quả"),
            ("bien_phap", "Theo phân công"),
            ("thoi_han", "26/12/2026"),
            ("thuc_hien", doer.as_str()),
            ("kiem_tra", doer.as_str()),
            ("don_doc", urger.as_str()),
        ];
        let look = format!("{one}/soat");
        let told = ha.post(&look, &task).await.is(200);
        told.says(&[
            "“Tiếp tục tăng cường” chưa nói được thế nào là xong.",
            "Thời hạn 26/12/2026 là thứ Bảy.",
            "Người thực hiện cũng là người kiểm tra.",
            "Hoàn thành [số lượng, sản phẩm] công tác dân vận trước ngày 26/12/2026, do đ/c Lê Thị Ánh thực hiện",
            "Có 3 góp ý.",
            "Quy tắc SM-01, M15",
            "đã thấy nguyên văn",
        ]);
        assert!(!ha.post(&look, &task).await.body.contains("<html"), "a part of a page");
        ha.post(&look, &[]).await.is(200).says(&["Chưa có góp ý nào."]);
        ha.post(&look, &[("noi_dung", "\u{202E}x"), ("thoi_han", "mai"), ("thuc_hien", "x")]).await.is(200);
        anh.post(&look, &task).await.is(404);

        ha.post(&format!("{one}/nhiem-vu"), &task).await.is(303);
        let page = ha.get(&base).await.is(200);
        page.says(&["Nhiệm vụ thứ 1: “Tiếp tục tăng cường” chưa nói được", "Lý do thông qua khi còn góp ý", "còn", "3 góp ý"]);
        let form = ha.get(&base).await.link(&format!("{one}/nhiem-vu/"));
        ha.get(&form).await.is(200).says(&["chưa nói được thế nào là xong", "Viết lại theo khung"]);
        ha.post(&format!("{one}/bieu-quyet"), &[("tan_thanh", "9")]).await.is(303);
        let version = ha.get(&base).await.field("ban");
        let adopt = format!("{one}/thong-qua");
        ha.post(&adopt, &[("ban", &version)]).await.is(422).says(&["Còn 3 góp ý với dự thảo", "ghi một dòng lý do"]);
        ha.post(&adopt, &[("ban", &version), ("ly_do_giu", " ")]).await.is(422);
        ha.post(&adopt, &[("ban", &version), ("ly_do_giu", "Dân vận là việc thường xuyên")]).await.is(303);
        ha.get(&base).await.is(200).says(&["Lý do thông qua khi còn góp ý: Dân vận là việc thường xuyên"]);
        anh.get(&base).await.is(200).says_not(&["Dân vận là việc thường xuyên"]);

        // What needs no advice asks no reason, and the old one is gone.
        let version = ha.get(&base).await.field("ban");
        ha.post(&format!("{one}/mo-lai"), &[("ban", &version), ("ly_do", "Sửa cho cụ thể")]).await.is(303);
        task[0].1 = "Tổ chức 02 buổi nói chuyện về dân vận";
        task[3].1 = "25/12/2026";
        task[5].1 = checker.as_str();
        let form = ha.get(&base).await.link(&format!("{one}/nhiem-vu/"));
        let saved = ha.get(&form).await.field("ban");
        task.push(("ban", saved.as_str()));
        ha.post(&form, &task).await.is(303);
        ha.get(&base).await.is(200).says_not(&["Lý do thông qua khi còn góp ý", "góp ý</a>"]);
        let version = ha.get(&base).await.field("ban");
        ha.post(&adopt, &[("ban", &version)]).await.is(303);
        ha.get(&base).await.is(200).says_not(&["Dân vận là việc thường xuyên"]);
    });
}

#[test]
fn an_earlier_task_stands_beside_the_new_one_and_others_cells_tasks_never_do() {
    each(|site| async move {
        site.at(date(2026, 12, 3).at(15, 0, 0, 0));
        let (cell, sibling, committee) = (site.cast.cell, site.cast.sibling, site.cast.committee);
        let march = date(2026, 3, 3);
        let old = resolved(&site, (cell, "nguyenthiha"), march, "Số hóa 240 hồ sơ quý I", ResolutionState::Adopted);
        let hands = site.hands("nguyenthiha", cell);
        site.write(move |tx| {
            let task = tasks::get(tx, cell, old)?;
            let change = Change { cause: Some(Cause::Resources), ..Change::default() };
            Ok(tasks::save_change(tx, &hands, &task, &change, "cause", "", None)?)
        });
        resolved(&site, (cell, "nguyenthiha"), march, "Trồng cây xanh ở khuôn viên trụ sở", ResolutionState::Draft);
        resolved(&site, (sibling, "phanthilan"), march, "Lắp camera ở cổng trụ sở liên cơ quan", ResolutionState::Adopted);
        resolved(&site, (committee, "tranvanlam"), march, "Vận động ủng hộ quỹ vì người nghèo", ResolutionState::Sealed);
        resolved(&site, (committee, "tranvanlam"), march, "Kê khai tài sản, thu nhập cán bộ", ResolutionState::Adopted);
        let ha = site.sign_in("nguyenthiha").await;
        let (_, one, base) = drafted(&site, &ha).await;
        let look = format!("{one}/soat");
        let ask = async |words: &str| ha.post(&look, &[("noi_dung", words)]).await.is(200);
        ask("Số hóa 300 hồ sơ quý IV").await.says(&[
            "Gần giống nhiệm vụ đã ra tháng 3/2026",
            "chi bộ, thời hạn 03/03/2026",
            "chưa xong, quá hạn; nguyên nhân: nguồn lực",
            "<del><span class=\"vh\">bỏ: </span>240</del>",
            "<ins><span class=\"vh\">mới: </span>300</ins>",
            &format!("/cb/{cell}/nhiem-vu/{old}"),
        ]);
        ask("so hoa ho so").await.says(&["Gần giống"]);
        ask("Vận động ủng hộ Quỹ vì người nghèo năm 2027").await.says(&["Gần giống", "): Đảng bộ", "chưa xong"]);
        for nothing in [
            "Lắp camera ở cổng trụ sở liên cơ quan",
            "Trồng cây xanh ở khuôn viên trụ sở",
            "Kê khai tài sản, thu nhập cán bộ",
            "Mua máy quét",
        ] {
            ask(nothing).await.says_not(&["Gần giống"]);
        }
        ha.post(&format!("{one}/nhiem-vu"), &[("noi_dung", "Số hóa 300 hồ sơ quý IV")]).await.is(303);
        ha.get(&base).await.is(200).says(&["Nhiệm vụ thứ 1", "Gần giống nhiệm vụ đã ra tháng 3/2026"]);
        // What comes into force later is found at once: the index follows the rows.
        resolved(&site, (cell, "nguyenthiha"), date(2026, 11, 3), "Mua máy quét phục vụ tổ một cửa", ResolutionState::Adopted);
        ask("Mua máy quét phục vụ tổ một cửa").await.says(&["đã ra tháng 11/2026"]);
    });
}

const COPIED: &str = "Trong tháng chi bộ đã số hóa phần lớn hồ sơ, còn vướng ở khâu ký số vì máy quét hỏng, đề nghị mua thêm một máy \
                      quét và giao tổ một cửa hỗ trợ vào buổi chiều cho kịp thời hạn.";

/// A meeting with a section people wrote on its only item.
fn held(site: &Arc<Site>, month: i8, text: &'static str, to: MeetingState) -> MeetingId {
    let cell = site.cast.cell;
    let key = PeriodKey::regular(2026, u8::try_from(month).unwrap()).unwrap();
    let meeting = stage::prepared(site, cell, "nguyenthiha", MeetingKind::Regular, date(2026, month, 3), &[key]);
    let item = stage::item(site, cell, meeting, (Part::Content, Step::Discussion), "Thảo luận", "");
    stage::bring(site, cell, meeting, MeetingState::Open);
    let hands = site.hands("nguyenthiha", cell);
    site.write(move |tx| {
        draft::begin(tx, &hands, cell, meeting)?;
        let key = SectionKey::Item(item);
        let row = minutes::section(tx, cell, meeting, key)?;
        let new = NewText { body: text, by: hands.person, save_key: None };
        Ok(minutes::replace(tx, &hands, cell, meeting, key, row.version, &new)?)
    });
    stage::bring(site, cell, meeting, to);
    meeting
}

#[test]
fn minutes_that_look_like_the_last_ones_are_told_to_who_writes_them() {
    each(|site| async move {
        site.at(date(2026, 12, 3).at(15, 0, 0, 0));
        let cell = site.cast.cell;
        held(&site, 11, COPIED, MeetingState::Closed);
        let now = held(&site, 12, COPIED, MeetingState::Open);
        let (ha, anh) = (site.sign_in("nguyenthiha").await, site.sign_in("lethianh").await);
        let page = format!("/cb/{cell}/buoi/{now}");
        let told = ha.get(&format!("{page}/ket-thuc")).await.is(200);
        told.says(&["Phần “Thảo luận” giống biên bản tháng 11 khoảng 100 %.", "so-sanh-bien-ban"]);
        ha.get(&format!("{page}/so-sanh-bien-ban"))
            .await
            .is(200)
            .says(&["So với buổi cùng loại ngày 03/11/2026", "máy quét hỏng"]);
        anh.get(&format!("{page}/so-sanh-bien-ban")).await.is(404);
        anh.get(&page).await.is(200).says_not(&["giống biên bản"]);
        let hands = site.hands("nguyenthiha", cell);
        site.write(move |tx| {
            let text = "Mái nhà văn hóa đã lợp xong, mời trưởng thôn và ba hộ liền kề nghiệm thu trước khi thanh toán tiền công.";
            let rows = minutes::sections(tx, cell, now)?;
            let row = rows.iter().find(|r| r.section.starts_with("item-")).unwrap();
            let key = SectionKey::from_code(&row.section).unwrap();
            let new = NewText { body: text, by: hands.person, save_key: None };
            Ok(minutes::replace(tx, &hands, cell, now, key, row.version, &new)?)
        });
        ha.get(&format!("{page}/ket-thuc")).await.is(200).says_not(&["giống biên bản"]);
        ha.get(&format!("{page}/so-sanh-bien-ban")).await.is(200).says(&["Không có phần nào giống"]);
    });
}
