//! What a committee sends down: an orientation stands where the cells prepare, sealed minutes say who heard
//! it, a new edition takes the place of the old; documents with receipts; outside the list nothing is there
//! (L1, L2, M8, P4, P-10).

use std::collections::BTreeSet;
use std::sync::Arc;

use db::values;
use domain::id::{MeetingId, OrgId};
use domain::meeting::MeetingState;
use domain::period::PeriodKey;
use jiff::civil::date;
use nep::guidance::store::agenda::required;
use nep::minutes::{draft, seal};

use crate::preparing::meeting_of;
use crate::site::{Browser, Page, Site, each};
use crate::stage;

pub const REQUIRED: &str = "Quán triệt kết luận về phòng, chống lãng phí";
pub const SUGGESTED: &str = "Giới thiệu mô hình một cửa số";
pub const TEXT: &str = "Phổ biến ba nhóm việc; thảo luận việc chi bộ làm được ngay trong quý.";

/// The path of a redirect without what was done.
pub fn at(page: Page) -> String {
    page.is(303).to.split(['?', '#']).next().unwrap().to_owned()
}

pub async fn version(hand: &Browser, page: &str) -> String {
    hand.get(page).await.is(200).field("version")
}

/// A draft of the committee's for a month, with a required and a suggested block.
pub async fn orientation(clerk: &Browser, committee: OrgId, month: &str) -> String {
    let draft = at(clerk.post(&format!("/tc/{committee}/dinh-huong"), &[("loai", "orientation"), ("thang", month)]).await);
    for (title, weight) in [(REQUIRED, "required"), (SUGGESTED, "suggested")] {
        let v = version(clerk, &draft).await;
        let words = [("version", v.as_str()), ("nd_ten", title), ("nd_muc", weight), ("nd_ban", TEXT), ("nd_phut", "15")];
        clerk.post(&format!("{draft}/noi-dung"), &words).await.is(303);
    }
    draft
}

/// Saves to whom a draft goes.
pub async fn address(clerk: &Browser, draft: &str, fields: &[(&str, &str)]) -> Page {
    let page = clerk.get(draft).await.is(200);
    let (v, title) = (page.field("version"), page.field("ten"));
    let mut all = vec![("version", v.as_str()), ("ten", title.as_str()), ("thang", "2026-tk-12")];
    all.extend_from_slice(fields);
    clerk.post(draft, &all).await
}

pub async fn issue(clerk: &Browser, draft: &str) -> Page {
    let v = version(clerk, &format!("{draft}/ban-hanh")).await;
    clerk.post(&format!("{draft}/ban-hanh"), &[("version", &v)]).await
}

pub async fn prepare(hand: &Browser, cell: OrgId, period: &str) -> String {
    meeting_of(&hand.post(&format!("/cb/{cell}/buoi/tao"), &[("ky", period)]).await.is(303).to)
}

/// Identifiers of the blocks of what is out, by heading.
pub fn block(site: &Site, title: &'static str) -> String {
    let id: i64 = site.write(move |tx| {
        let sql = "select max(block_id) from guidance_block where title = $1";
        Ok(tx.scalar(sql, values![title])?)
    });
    id.to_string()
}

/// How many required blocks of December a cell has not heard, whatever stands on an agenda.
fn unheard(site: &Site, cell: OrgId) -> usize {
    site.write(move |tx| {
        let cell = nep::org::store::get(tx, cell, date(2026, 12, 4))?;
        let december = PeriodKey::regular(2026, 12).into_iter().collect::<Vec<_>>();
        Ok(required(tx, &cell, &december, &BTreeSet::new())?.len())
    })
}

/// Headings of an agenda, in order.
fn agenda(site: &Site, cell: OrgId, meeting: &str) -> Vec<String> {
    let id: MeetingId = meeting.rsplit('/').next().unwrap().parse().unwrap();
    site.write(move |tx| Ok(nep::meeting::store::items(tx, cell, id)?)).into_iter().map(|i| i.title).collect()
}

/// Holds a meeting and seals its minutes.
fn hold(site: &Arc<Site>, cell: OrgId, meeting: &str, chair: &str) {
    let id: MeetingId = meeting.rsplit('/').next().unwrap().parse().unwrap();
    let hands = site.hands(chair, cell);
    let who = hands.person;
    site.write(move |tx| {
        let sql =
            "update meeting set chair_id = $3, secretary_id = $3, place = 'Phòng họp' where org_id = $1 and meeting_id = $2";
        Ok(tx.exec(sql, values![cell, id, who])?)
    });
    stage::bring(site, cell, id, MeetingState::Open);
    stage::roll(site, cell, id, &[], date(2026, 12, 3).at(14, 0, 0, 0));
    let writer = hands.clone();
    site.write(move |tx| {
        draft::begin(tx, &writer, cell, id)?;
        Ok(())
    });
    stage::bring(site, cell, id, MeetingState::Closed);
    let library = site.app.rules.clone();
    site.write(move |tx| {
        seal::adopt_now(tx, &hands, cell, id, None)?;
        seal::seal_now(tx, &hands, cell, id, &library).map(drop)
    });
}

#[test]
fn an_orientation_stands_where_cells_prepare_and_sealed_minutes_say_who_heard_it() {
    each(|site| async move {
        let (committee, cell, sibling) = (site.cast.committee, site.cast.cell, site.cast.sibling);
        let (clerk, ha, lan) =
            (site.sign_in("hothiclerk").await, site.sign_in("nguyenthiha").await, site.sign_in("phanthilan").await);
        let anh = site.sign_in("lethianh").await;
        // One cell prepares before the committee has issued anything.
        let late = prepare(&lan, sibling, "2026-tk-12").await;

        ha.post(&format!("/tc/{committee}/dinh-huong"), &[("loai", "document"), ("ten", "x")]).await.is(404);
        let draft = orientation(&clerk, committee, "2026-tk-12").await;
        let id = draft.rsplit('/').next().unwrap().to_owned();
        // Nobody below knows of a draft; its page before the press shows what they will get.
        ha.get(&format!("/cb/{cell}/tai-lieu/{id}")).await.is(404);
        anh.get(&format!("/cb/{cell}/tai-lieu")).await.is(200).says_not(&["Định hướng sinh hoạt tháng 12"]);
        clerk.get(&format!("{draft}/ban-hanh")).await.is(200).says(&["Nơi nhận: 2 chi bộ.", "Có 2 nội dung, 1 bắt buộc.", TEXT]);
        issue(&clerk, &draft).await.is(303);
        // What is out is final, and a month has one.
        let words = [("version", "9"), ("nd_ten", "Khác"), ("nd_muc", "required"), ("nd_ban", ""), ("nd_phut", "")];
        clerk.post(&format!("{draft}/noi-dung"), &words).await.is(422).says(&["lập bản thay thế"]);
        let second = orientation(&clerk, committee, "2026-tk-12").await;
        let v = version(&clerk, &second).await;
        let press = clerk.post(&format!("{second}/ban-hanh"), &[("version", &v)]).await;
        press.is(422).says(&["Tháng này đã ban hành một bản định hướng"]);
        clerk.post(&format!("{second}/bo"), &[]).await.is(303);
        clerk.get(&second).await.is(404);

        // Whoever prepares now has what is required on the agenda, before the discussion.
        let meeting = prepare(&ha, cell, "2026-tk-12").await;
        let order = agenda(&site, cell, &meeting);
        let place = |title: &str| order.iter().position(|t| t == title);
        assert!(place(REQUIRED) < place("Thảo luận") && place(REQUIRED).is_some(), "{order:?}");
        assert_eq!(place(SUGGESTED), None);
        let page = ha.get(&format!("{meeting}/chuan-bi")).await.is(200);
        page.says(&["Cấp trên định hướng", "Đảng bộ định hướng", "Đã có trong chương trình", "Chưa có trong chương trình", TEXT])
            .says_not(&["Chương trình còn thiếu"]);
        // What is suggested comes with one press, and once.
        let suggested = block(&site, SUGGESTED);
        for _ in 0..2 {
            ha.post(&format!("{meeting}/dinh-huong"), &[("khoi", &suggested)]).await.is(303);
        }
        let order = agenda(&site, cell, &meeting);
        assert_eq!(order.iter().filter(|t| *t == SUGGESTED).count(), 1, "{order:?}");
        anh.post(&format!("{meeting}/dinh-huong"), &[]).await.is(404);
        words_stay(&site, &ha, cell, &meeting).await;

        // The cell that had prepared is told, and needs one press.
        lan.get(&format!("/cb/{sibling}")).await.is(200).says(&["Đưa 1 nội dung bắt buộc của cấp trên vào chương trình"]);
        lan.get(&format!("{late}/chuan-bi")).await.is(200).says(&["Chương trình còn thiếu 1 nội dung bắt buộc"]);
        lan.post(&format!("{late}/dinh-huong"), &[]).await.is(303);
        lan.get(&format!("{late}/chuan-bi")).await.is(200).says_not(&["Chương trình còn thiếu"]);
        lan.get(&format!("/cb/{sibling}")).await.is(200).says_not(&["nội dung bắt buộc của cấp trên"]);

        // Nothing is counted until minutes are sealed; then it is, without a report.
        clerk.get(&draft).await.is(200).says(&["0/2 chi bộ đã phổ biến", "Chi bộ Văn phòng", "Chi bộ Thanh tra"]);
        site.at(date(2026, 12, 4).at(9, 0, 0, 0));
        hold(&site, cell, &meeting, "nguyenthiha");
        let (clerk, lam) = (site.sign_in("hothiclerk").await, site.sign_in("tranvanlam").await);
        assert_eq!((unheard(&site, cell), unheard(&site, sibling)), (0, 1));
        let page = lam.get(&draft).await.is(200);
        page.says(&["1/2 chi bộ đã phổ biến", "<li>Chi bộ Thanh tra</li>"]).says_not(&["<li>Chi bộ Văn phòng</li>"]);
        clerk.get(&format!("/tc/{committee}/dinh-huong")).await.is(200).says(&["1/2 chi bộ đã phổ biến đủ"]);
        hold(&site, sibling, &late, "phanthilan");
        clerk.get(&draft).await.is(200).says(&["2/2 chi bộ đã phổ biến", "1/2 chi bộ đã phổ biến"]);
    });
}

/// An orientation for some cells asks nothing of the others: not on the agenda, not on the desk, not by a press.
#[test]
fn an_orientation_for_some_cells_asks_nothing_of_the_others() {
    each(|site| async move {
        let (committee, cell, sibling) = (site.cast.committee, site.cast.cell, site.cast.sibling);
        let (clerk, ha, lan) =
            (site.sign_in("hothiclerk").await, site.sign_in("nguyenthiha").await, site.sign_in("phanthilan").await);
        let early = prepare(&ha, cell, "2026-tk-12").await;
        let draft = orientation(&clerk, committee, "2026-tk-12").await;
        let to = cell.to_string();
        address(&clerk, &draft, &[("noi_nhan", "chosen"), ("to_chuc", &to)]).await.is(303);
        issue(&clerk, &draft).await.is(303);

        ha.get(&format!("/cb/{cell}")).await.is(200).says(&["Đưa 1 nội dung bắt buộc của cấp trên vào chương trình"]);
        ha.post(&format!("{early}/dinh-huong"), &[]).await.is(303);
        assert!(agenda(&site, cell, &early).iter().any(|t| t == REQUIRED));

        let other = prepare(&lan, sibling, "2026-tk-12").await;
        lan.get(&format!("/cb/{sibling}")).await.is(200).says_not(&["nội dung bắt buộc của cấp trên"]);
        lan.get("/").await.is(200).says_not(&["nội dung bắt buộc của cấp trên"]);
        lan.get(&format!("{other}/chuan-bi")).await.is(200).says_not(&["Cấp trên định hướng", REQUIRED]);
        lan.post(&format!("{other}/dinh-huong"), &[]).await.is(303);
        lan.post(&format!("{other}/dinh-huong"), &[("khoi", &block(&site, REQUIRED))]).await.is(404);
        assert!(agenda(&site, sibling, &other).iter().all(|t| t != REQUIRED && t != SUGGESTED));
    });
}

/// The committee's words stay; the cell writes beside them.
async fn words_stay(site: &Arc<Site>, ha: &Browser, cell: OrgId, meeting: &str) {
    let id: MeetingId = meeting.rsplit('/').next().unwrap().parse().unwrap();
    let items = site.write(move |tx| Ok(nep::meeting::store::items(tx, cell, id)?));
    let guided = items.iter().find(|i| i.title == REQUIRED).unwrap().clone();
    assert_eq!((guided.information.as_str(), guided.minutes), (TEXT, 15));
    let page = ha.get(&format!("{meeting}/muc/{}", guided.id)).await.is(200);
    page.says(&["Cấp trên định hướng", TEXT]).says_not(&["name=\"thong_tin\"", "name=\"mat\""]);
    let edit = [
        ("version", "1"),
        ("ten", "Tên khác"),
        ("phut", "20"),
        ("goi_y", "Chi bộ làm gì trước?"),
        ("thong_tin", "Lời khác"),
        ("mat", "1"),
        ("so_giay", "Sổ 1"),
    ];
    ha.post(&format!("{meeting}/muc/{}", guided.id), &edit).await.is(303);
    let now = site.write(move |tx| Ok(nep::meeting::store::items(tx, cell, id)?));
    let now = now.into_iter().find(|i| i.id == guided.id).unwrap();
    assert_eq!((now.title.as_str(), now.information.as_str()), (REQUIRED, TEXT));
    assert_eq!((now.points.as_str(), now.minutes, now.secret), ("Chi bộ làm gì trước?", 20, false));
    let (t, v) = (format!("t-{}", now.id), format!("v-{}", now.id));
    let sent = now.version.to_string();
    let table = [(v.as_str(), sent.as_str()), (t.as_str(), "Tên khác")];
    ha.post(&format!("{meeting}/chuong-trinh"), &table).await.is(422).says(&["do cấp trên ban hành"]);
}

#[test]
fn a_new_edition_takes_the_place_of_the_old_and_what_did_not_change_counts_on() {
    each(|site| async move {
        let (committee, cell) = (site.cast.committee, site.cast.cell);
        let (clerk, ha) = (site.sign_in("hothiclerk").await, site.sign_in("nguyenthiha").await);
        let old = orientation(&clerk, committee, "2026-tk-12").await;
        let v = version(&clerk, &old).await;
        let more = [
            ("version", v.as_str()),
            ("nd_ten", "Công tác phát triển đảng"),
            ("nd_muc", "required"),
            ("nd_ban", ""),
            ("nd_phut", "10"),
        ];
        clerk.post(&format!("{old}/noi-dung"), &more).await.is(303);
        issue(&clerk, &old).await.is(303);
        let meeting = prepare(&ha, cell, "2026-tk-12").await;
        site.at(date(2026, 12, 4).at(9, 0, 0, 0));
        hold(&site, cell, &meeting, "nguyenthiha");

        let (clerk, lan) = (site.sign_in("hothiclerk").await, site.sign_in("phanthilan").await);
        let sibling = site.cast.sibling;
        let other = prepare(&lan, sibling, "2026-tk-12").await;
        let new = at(clerk.post(&format!("{old}/thay-the"), &[]).await);
        clerk.post(&format!("{old}/thay-the"), &[]).await.is(422).says(&["đang được soạn"]);
        // Until it is out, the old one stands.
        lan.get(&format!("{other}/chuan-bi")).await.is(200).says(&[TEXT]).says_not(&["Bốn nhóm việc"]);
        let changed = block(&site, REQUIRED);
        let v = version(&clerk, &new).await;
        let words = [
            ("version", v.as_str()),
            ("nd_ten", REQUIRED),
            ("nd_muc", "required"),
            ("nd_ban", "Bốn nhóm việc."),
            ("nd_phut", "15"),
        ];
        clerk.post(&format!("{new}/noi-dung/{changed}"), &words).await.is(303);
        // Who saves on an older version does not take the first one's words.
        clerk.post(&format!("{new}/noi-dung/{changed}"), &words).await.is(409);
        issue(&clerk, &new).await.is(303);
        clerk.get(&old).await.is(200).says(&["Đã có bản thay thế"]);
        clerk.post(&format!("{old}/thay-the"), &[]).await.is(422);
        // The block with other words is to be heard again; the one that stayed counts on.
        let page = clerk.get(&new).await.is(200);
        page.says(&["Thay thế bản trước", "0/2 chi bộ đã phổ biến", "1/2 chi bộ đã phổ biến"]);
        let page = lan.get(&format!("{other}/chuan-bi")).await.is(200);
        page.says(&["Bốn nhóm việc.", "cấp trên đã thay bằng nội dung khác", "Chương trình còn thiếu 1 nội dung bắt buộc"]);
        let id = old.rsplit('/').next().unwrap();
        lan.get(&format!("/cb/{sibling}/tai-lieu/{id}")).await.is(200).says(&["Đã có bản thay thế"]);
        lan.get(&format!("/cb/{sibling}/tai-lieu")).await.is(200).says_not(&[&format!("/tai-lieu/{id}\"")]);
    });
}

#[test]
fn a_month_that_did_not_hear_hears_later_and_what_was_put_off_takes_its_block_along() {
    each(|site| async move {
        let (committee, cell) = (site.cast.committee, site.cast.cell);
        let (clerk, ha) = (site.sign_in("hothiclerk").await, site.sign_in("nguyenthiha").await);
        let draft = orientation(&clerk, committee, "2026-tk-12").await;
        issue(&clerk, &draft).await.is(303);
        let meeting = prepare(&ha, cell, "2026-tk-12").await;
        let id: MeetingId = meeting.rsplit('/').next().unwrap().parse().unwrap();
        site.write(move |tx| {
            let items = nep::meeting::store::items(tx, cell, id)?;
            let item = items.iter().find(|i| i.title == REQUIRED).unwrap().id;
            Ok(nep::meeting::store::carry::put_off(tx, cell, id, item, true)?)
        });
        site.at(date(2026, 12, 4).at(9, 0, 0, 0));
        hold(&site, cell, &meeting, "nguyenthiha");
        // What was put off was not heard.
        let clerk = site.sign_in("hothiclerk").await;
        clerk.get(&draft).await.is(200).says(&["0/2 chi bộ đã phổ biến"]);
        site.at(date(2026, 12, 20).at(9, 0, 0, 0));
        let (clerk, ha, lan) =
            (site.sign_in("hothiclerk").await, site.sign_in("nguyenthiha").await, site.sign_in("phanthilan").await);
        let next = prepare(&ha, cell, "2027-tk-1").await;
        assert_eq!(agenda(&site, cell, &next).iter().filter(|t| *t == REQUIRED).count(), 1);
        ha.get(&format!("{next}/chuan-bi")).await.is(200).says(&["Đảng bộ định hướng", "Đã có trong chương trình"]);
        hold(&site, cell, &next, "nguyenthiha");
        clerk.get(&draft).await.is(200).says(&["1/2 chi bộ đã phổ biến"]);
        // A cell that never met in December is shown what it missed, and takes it with a press.
        let sibling = site.cast.sibling;
        let january = prepare(&lan, sibling, "2027-tk-1").await;
        let page = lan.get(&format!("{january}/chuan-bi")).await.is(200);
        page.says(&["Kỳ trước chưa phổ biến", REQUIRED]).says_not(&[SUGGESTED, "Chương trình còn thiếu"]);
        let (required, suggested) = (block(&site, REQUIRED), block(&site, SUGGESTED));
        lan.post(&format!("{january}/dinh-huong"), &[("khoi", &suggested)]).await.is(404);
        lan.post(&format!("{january}/dinh-huong"), &[("khoi", &required)]).await.is(303);
        hold(&site, sibling, &january, "phanthilan");
        clerk.get(&draft).await.is(200).says(&["2/2 chi bộ đã phổ biến"]);
    });
}

#[test]
fn a_document_reaches_those_on_its_list_and_receipts_are_names_in_the_cell_and_counts_above() {
    each(|site| async move {
        let (committee, cell, sibling) = (site.cast.committee, site.cast.cell, site.cast.sibling);
        let (clerk, ha, dung, anh) = (
            site.sign_in("hothiclerk").await,
            site.sign_in("nguyenthiha").await,
            site.sign_in("vungocdung").await,
            site.sign_in("lethianh").await,
        );
        let base = format!("/tc/{committee}/dinh-huong");
        clerk.post(&base, &[("loai", "document"), ("ten", "")]).await.is(422);
        let draft = at(clerk.post(&base, &[("loai", "document"), ("ten", "Đề cương tuyên truyền đại hội")]).await);
        // Nothing to read, nobody to read it: it does not go out.
        let v = version(&clerk, &draft).await;
        clerk.get(&format!("{draft}/ban-hanh")).await.is(200).says(&["Chưa có gì để đọc"]);
        clerk.post(&format!("{draft}/ban-hanh"), &[("version", &v)]).await.is(422);
        // Files need the confirmation, and none with a mark of secrecy comes in.
        let up = format!("{draft}/tep");
        clerk.upload(&up, &[("version", &v)], "tep", "de-cuong.txt", b"De cuong").await.is(422).says(&["đánh dấu xác nhận"]);
        let sure = [("version", v.as_str()), ("khong_mat", "1")];
        clerk.upload(&up, &sure, "tep", "Kế hoạch (Mật).txt", b"x").await.is(422).says(&["mang dấu độ"]);
        clerk.upload(&up, &sure, "tep", "de-cuong.txt", "Đề cương tuyên truyền".as_bytes()).await.is(303);
        address(&clerk, &draft, &[("noi_nhan", "chosen")]).await.is(422).says(&["Hãy chọn ít nhất một"]);
        address(&clerk, &draft, &[("noi_nhan", "chosen"), ("to_chuc", "1")]).await.is(404);
        let to = cell.to_string();
        address(&clerk, &draft, &[("noi_nhan", "chosen"), ("to_chuc", &to), ("so", "12-HD/ĐU"), ("ngay", "20/11/2026")])
            .await
            .is(303);
        issue(&clerk, &draft).await.is(303);

        // A cell outside the list sees nothing of it.
        let id = draft.rsplit('/').next().unwrap().to_owned();
        let (here, there) = (format!("/cb/{cell}/tai-lieu/{id}"), format!("/cb/{sibling}/tai-lieu/{id}"));
        let lan = site.sign_in("phanthilan").await;
        lan.get(&there).await.is(404);
        lan.post(&there, &[]).await.is(404);
        lan.get(&here).await.is(404);
        lan.get(&format!("/cb/{sibling}/tai-lieu")).await.is(200).says_not(&["Đề cương"]);
        lan.get("/").await.is(200).says_not(&["Đề cương"]);

        // Members find it at home; opening it is having seen it, a press is having read it.
        dung.get("/").await.is(200).says(&["Đọc tài liệu: Đề cương tuyên truyền đại hội"]);
        dung.get(&format!("/cb/{cell}/tai-lieu")).await.is(200).says(&["Chưa xem", "số 12-HD/ĐU, ngày 20/11/2026"]);
        let page = dung.get(&here).await.is(200);
        page.says(&["Đã xem", "Đã đọc</button>"]).says_not(&["Xem từng đồng chí"]);
        let file = dung.get(&here).await.link(&format!("{here}/tep/"));
        assert_eq!(dung.get(&file).await.is(200).body, "Đề cương tuyên truyền");
        lan.get(&file.replace(&cell.to_string(), &sibling.to_string())).await.is(404);
        for _ in 0..2 {
            dung.post(&here, &[]).await.is(303);
        }
        dung.get(&here).await.is(200).says_not(&["Đã đọc</button>"]);
        dung.get("/").await.is(200).says_not(&["Đọc tài liệu"]);
        dung.get("/toi/du-lieu.json").await.is(200).says(&["tai_lieu_cap_tren", "Đề cương tuyên truyền đại hội"]);
        anh.get(&here).await.is(200);

        // The secretary sees who; the committee sees how many.
        ha.get(&format!("/cb/{cell}")).await.is(200).says(&["1 tài liệu mới của cấp trên chưa đủ đảng viên đọc", "Đã đọc 1/"]);
        let page = ha.get(&here).await.is(200);
        page.says(&["1/12 đồng chí đã đọc.", "Vũ Ngọc Dung"]);
        clerk
            .get(&draft)
            .await
            .is(200)
            .says(&["3 đồng chí đã xem, 1 đã đọc, trong 12 đảng viên của 1 chi bộ"])
            .says_not(&["Vũ Ngọc Dung"]);
        clerk.get(&base).await.is(200).says(&["1/12 đảng viên đã đọc"]);
        // It hangs on a block for everybody the block is for, also outside its own list.
        tied(&site, &clerk, &lan, (committee, sibling), &id).await;
    });
}

/// A document on a block is read by whom the block is for.
async fn tied(site: &Arc<Site>, clerk: &Browser, lan: &Browser, (committee, sibling): (OrgId, OrgId), document: &str) {
    let draft = orientation(clerk, committee, "2026-tk-12").await;
    let (v, required) = (version(clerk, &draft).await, block(site, REQUIRED));
    let words = |document| {
        [
            ("version", v.as_str()),
            ("nd_ten", REQUIRED),
            ("nd_muc", "required"),
            ("nd_ban", TEXT),
            ("nd_phut", "15"),
            ("nd_tai_lieu", document),
        ]
    };
    clerk.post(&format!("{draft}/noi-dung/{required}"), &words("7")).await.is(404);
    clerk.post(&format!("{draft}/noi-dung/{required}"), &words(document)).await.is(303);
    lan.get(&format!("/cb/{sibling}/tai-lieu/{document}")).await.is(404);
    issue(clerk, &draft).await.is(303);
    let late = prepare(lan, sibling, "2026-tk-12").await;
    lan.get(&format!("{late}/chuan-bi")).await.is(200).says(&["Đọc tài liệu: Đề cương tuyên truyền đại hội"]);
    lan.get(&format!("/cb/{sibling}/tai-lieu/{document}")).await.is(200);
}
