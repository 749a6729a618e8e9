//! Members and accounts: who sees the list, what changes a member's file, slips that open an account once.
//! Rules: DD-03, MG-01, P-10, P-15, P-24.

use std::sync::Arc;

use domain::id::{OrgId, PersonId};
use domain::roll::Standing;
use jiff::civil::{Date, date};
use nep::member::store as members;

use crate::site::{PASSWORD, Page, Site, each};

fn roster(site: &Arc<Site>, org: OrgId, on: Date) -> Vec<String> {
    site.write(move |tx| Ok(members::roster(tx, org, on)?.into_iter().map(|m| m.name).collect()))
}

fn stays(site: &Arc<Site>, who: PersonId) -> Vec<members::file::OwnStay> {
    site.write(move |tx| Ok(members::file::stays_of(tx, who)?))
}

/// The code on the first slip of a page.
fn code(page: &Page) -> String {
    let text = page.body.split("said num\">").nth(1).unwrap().split('<').next().unwrap();
    text.replace(' ', "")
}

#[test]
fn the_list_is_for_those_who_look_after_members() {
    each(|site| async move {
        let cell = site.cast.cell;
        let person = site.person("tranvansau");
        let list = format!("/cb/{cell}/dang-vien");
        let mut pages: Vec<String> = ["", "/in", ".xlsx", "/them", "/nhap"].iter().map(|tail| format!("{list}{tail}")).collect();
        pages.push(format!("{list}/{person}"));
        pages.push(format!("{list}/{person}/sua"));
        for (login, status) in [
            ("nguyenthiha", 200),
            ("phamvanan", 200),
            ("hothiclerk", 200),
            ("tranvansau", 404),
            ("phanthilan", 404),
            ("quantrivien", 404),
        ] {
            let browser = site.sign_in(login).await;
            for page in &pages {
                assert_eq!(browser.get(page).await.status.as_u16(), status, "{login} at {page}");
            }
        }
    });
}

#[test]
fn a_person_of_another_cell_is_not_found_here() {
    each(|site| async move {
        let ha = site.sign_in("nguyenthiha").await;
        let (cell, stranger) = (site.cast.cell, site.person("caovanmanh"));
        let file = format!("/cb/{cell}/dang-vien/{stranger}");
        ha.get(&file).await.is(404);
        ha.get(&format!("{file}/sua")).await.is(404);
        ha.post(&format!("{file}/sua"), &[("ho_ten", "Cao Văn Khác"), ("version", "1")]).await.is(404);
        ha.post(&format!("{file}/roi"), &[("ly_do", "left"), ("roi_ngay", "01/11/2026")]).await.is(404);
        ha.post(&format!("{file}/dien"), &[("dien", "exempt"), ("dien_ngay", "01/11/2026")]).await.is(404);
        assert!(roster(&site, site.cast.sibling, date(2026, 11, 22)).contains(&"Cao Văn Mạnh".to_owned()));
    });
}

#[test]
fn the_list_is_searched_without_diacritics_and_by_standing() {
    each(|site| async move {
        let ha = site.sign_in("nguyenthiha").await;
        let list = format!("/cb/{}/dang-vien", site.cast.cell);
        ha.get(&list).await.is(200).says(&["12 đồng chí", "Bí thư: Nguyễn Thị Hà", "Được miễn sinh hoạt: <b>1</b>"]);
        ha.get(&format!("{list}?q=dinh+cong")).await.is(200).says(&["Không có đồng chí nào khớp"]);
        ha.get(&format!("{list}?q=trinh+cong"))
            .await
            .is(200)
            .says(&["Trịnh Công Đạt", "1 đồng chí trong 12"])
            .says_not(&["Hoàng Văn Út"]);
        ha.get(&format!("{list}?dien=probationary")).await.is(200).says(&["Vũ Ngọc Dung"]).says_not(&["Hoàng Văn Út"]);
        let table = ha.get(&format!("{list}.xlsx?dien=probationary")).await.is(200);
        assert!(table.bytes.starts_with(b"PK"), "{}", table.media_type);
        let read = documents::read_sheet("x.xlsx", &table.bytes).unwrap();
        assert_eq!(read[0].rows.len(), 2);
        ha.get(&format!("{list}/in?q=ut")).await.is(200).says(&["Hoàng Văn Út", "Danh sách đảng viên"]);
    });
}

#[test]
fn a_change_of_standing_ends_one_stay_and_begins_another() {
    each(|site| async move {
        let ha = site.sign_in("nguyenthiha").await;
        let dung = site.person("vungocdung");
        let file = format!("/cb/{}/dang-vien/{dung}", site.cast.cell);
        let to = format!("{file}/dien");
        ha.post(&to, &[("dien", "official"), ("dien_ngay", "30/11/2026")]).await.is(422).says(&["chưa tới"]);
        ha.post(&to, &[("dien", "official"), ("dien_ngay", "01/01/2020")]).await.is(422).says(&["01/01/2020"]);
        ha.post(&to, &[("dien", "probationary"), ("dien_ngay", "01/11/2026")]).await.is(422);
        assert_eq!(stays(&site, dung).len(), 1);
        let sent = [("dien", "official"), ("dien_ngay", "5/11/2026"), ("dien_van_ban", "Quyết định 15-QĐ/ĐU")];
        ha.post(&to, &sent).await.is(303);
        let stays = stays(&site, dung);
        let facts: Vec<_> = stays.iter().map(|s| (s.standing, s.from, s.to, s.number)).collect();
        let turn = date(2026, 11, 5);
        assert_eq!(facts, [(Standing::Official, turn, None, 6), (Standing::Probationary, date(2020, 1, 1), Some(turn), 6)]);
        ha.get(&file).await.is(200).says(&["Quyết định 15-QĐ/ĐU", "01/01/2020 đến 04/11/2026"]);
    });
}

#[test]
fn a_correction_meets_whoever_saved_first_and_numbers_are_not_given_twice() {
    each(|site| async move {
        let ha = site.sign_in("nguyenthiha").await;
        let sau = site.person("tranvansau");
        let edit = format!("/cb/{}/dang-vien/{sau}/sua", site.cast.cell);
        let version = ha.get(&edit).await.is(200).field("version");
        let send = |name: &'static str, number: &'static str, version: String| {
            let (ha, edit) = (&ha, &edit);
            async move { ha.post(edit, &[("ho_ten", name), ("stt", number), ("version", &version), ("nam_sinh", "1981")]).await }
        };
        send("Trần Văn Sáu", "1", version.clone()).await.is(422).says(&["Số 1 đang là của đồng chí Nguyễn Thị Hà"]);
        send("Trần Văn Sáu", "77", version.clone()).await.is(303);
        send("Trần Văn Bảy", "77", version).await.is(409);
        assert!(roster(&site, site.cast.cell, date(2026, 11, 22)).contains(&"Trần Văn Sáu".to_owned()));
    });
}

#[test]
fn a_transfer_reaches_only_cells_one_looks_after_and_ends_posts() {
    each(|site| async move {
        let (cell, sibling) = (site.cast.cell, site.cast.sibling);
        let an = site.person("phamvanan");
        let to = format!("/cb/{cell}/dang-vien/{an}/chuyen");
        let target = sibling.to_string();
        let sent = [("den", target.as_str()), ("chuyen_ngay", "10/11/2026")];
        let ha = site.sign_in("nguyenthiha").await;
        ha.post(&to, &sent).await.is(404);
        assert_eq!(stays(&site, an).len(), 1);
        let clerk = site.sign_in("hothiclerk").await;
        clerk.post(&to, &sent).await.is(303);
        assert!(!roster(&site, cell, date(2026, 11, 10)).contains(&"Phạm Văn An".to_owned()));
        assert!(roster(&site, cell, date(2026, 11, 9)).contains(&"Phạm Văn An".to_owned()));
        assert!(roster(&site, sibling, date(2026, 11, 10)).contains(&"Phạm Văn An".to_owned()));
        let posts = site.write(move |tx| Ok(nep::org::store::posts_of(tx, an)?));
        assert_eq!(posts[0].to, Some(date(2026, 11, 10)));
        // The former cell no longer reads what is the person's own.
        let file = format!("/cb/{cell}/dang-vien/{an}");
        ha.get(&file).await.is(200).says(&["Không còn sinh hoạt"]).says_not(&["Điện thoại"]);
        ha.get(&format!("{file}/sua")).await.is(404);
    });
}

#[test]
fn a_slip_opens_an_account_once_and_its_code_is_nowhere_kept() {
    each(|site| async move {
        let ha = site.sign_in("nguyenthiha").await;
        let cell = site.cast.cell;
        let accounts = format!("/cb/{cell}/tai-khoan");
        ha.post(&format!("/cb/{cell}/dang-vien/them"), &[("ho_ten", "Đinh Thị Tám"), ("nam_sinh", "1990")]).await.is(303);
        ha.get(&accounts).await.is(200).says(&["Đinh Thị Tám", "In phiếu cho 1 đồng chí chưa có tài khoản"]);
        ha.post(&format!("{accounts}/phieu"), &[("dang", "trang")]).await.is(422).says(&["Chưa chọn"]);
        let slips = format!("{accounts}/phieu");
        let first = code(&ha.post(&slips, &[("dang", "trang"), ("cho", "chua-co")]).await.is(200).says(&["Đinh Thị Tám"]));
        let page = ha.post(&slips, &[("dang", "trang"), ("cho", "chua-co")]).await.is(200);
        page.says(&["data:image/svg+xml,", "http://nep.test/kich-hoat"]);
        let second = code(&ha.post(&slips, &[("dang", "trang"), ("cho", "chua-co")]).await);
        assert_eq!(second.len(), 8);
        let kept: Vec<(String,)> = site.write(|tx| Ok(tx.all("select code_hash from activation", &[])?));
        assert_eq!(kept.len(), 1, "an earlier slip still counts");
        assert_ne!(kept[0].0, second);
        ha.get(&accounts).await.is(200).says(&["Phiếu dùng được đến 22/12/2026"]);
        let new = site.browser();
        let fields = |code: &str| {
            [("ma", code), ("buoc", "2"), ("mat_khau", PASSWORD), ("nhac_lai", PASSWORD)].map(|(k, v)| (k, v.to_owned()))
        };
        for (code, status) in [(first.as_str(), 422), (second.as_str(), 200), (second.as_str(), 422)] {
            let sent = fields(code);
            let sent: Vec<(&str, &str)> = sent.iter().map(|(k, v)| (*k, v.as_str())).collect();
            new.post("/kich-hoat", &sent).await.is(status);
        }
        site.sign_in("dinhthitam").await.get("/toi/tai-khoan").await.is(200);
    });
}

#[test]
fn a_locked_account_is_out_at_once() {
    each(|site| async move {
        let (ha, sau) = (site.sign_in("nguyenthiha").await, site.sign_in("tranvansau").await);
        let act = format!("/cb/{}/tai-khoan/viec", site.cast.cell);
        let person = site.person("tranvansau").to_string();
        sau.get("/toi/tai-khoan").await.is(200);
        ha.post(&act, &[("nguoi", &person), ("viec", "khoa")]).await.is(303);
        sau.get("/toi/tai-khoan").await.is(303);
        site.browser().post("/dang-nhap", &[("ten", "tranvansau"), ("mat_khau", PASSWORD)]).await.is(422);
        ha.post(&act, &[("nguoi", &person), ("viec", "mo")]).await.is(303);
        let sau = site.sign_in("tranvansau").await;
        ha.post(&act, &[("nguoi", &person), ("viec", "phien")]).await.is(303);
        sau.get("/toi/tai-khoan").await.is(303);
    });
}

#[test]
fn nobody_takes_over_an_account_with_rights_they_could_not_give() {
    each(|site| async move {
        // The committee's clerk is made a plain member of the cell as well.
        let (cell, clerk) = (site.cast.cell, site.person("hothiclerk"));
        let hands = site.hands("nguyenthiha", cell);
        site.write(move |tx| Ok(members::join(tx, &hands, cell, clerk, Standing::Official, date(2026, 1, 1), None)?));
        let ha = site.sign_in("nguyenthiha").await;
        let accounts = format!("/cb/{cell}/tai-khoan");
        ha.get(&accounts).await.is(200).says(&["tài khoản do nơi đó quản lý"]);
        let person = clerk.to_string();
        ha.post(&format!("{accounts}/phieu"), &[("dang", "trang"), ("nguoi", &person)]).await.is(422);
        ha.post(&format!("{accounts}/viec"), &[("nguoi", &person), ("viec", "khoa")]).await.is(422);
        let stranger = site.person("caovanmanh").to_string();
        ha.post(&format!("{accounts}/viec"), &[("nguoi", &stranger), ("viec", "khoa")]).await.is(404);
        ha.post(&format!("{accounts}/phieu"), &[("dang", "trang"), ("nguoi", &stranger)]).await.is(422);
        // Accounts are not for every member of the committee.
        site.sign_in("leminhduc").await.get(&accounts).await.is(404);
        site.sign_in("quantrivien").await.get(&accounts).await.is(200);
    });
}
