//! A cell split in mid-year, a merger, a move, posts and figures of one's own.
//! Rules: L10, TC-20 … TC-25, P-10; what was recorded before stays as it was.

use std::sync::Arc;

use domain::id::OrgId;
use domain::roll::Standing;
use jiff::civil::{Date, date};
use nep::member::store as members;
use nep::org::store::{self as orgs, history};

use crate::site::{Browser, Page, Site, each};

fn roster(site: &Arc<Site>, org: OrgId, on: Date) -> Vec<String> {
    site.write(move |tx| Ok(members::roster(tx, org, on)?.into_iter().map(|m| m.name).collect()))
}

fn org_called(site: &Arc<Site>, name: &'static str) -> OrgId {
    site.write(move |tx| Ok(tx.scalar("select org_id from org_name where name = $1 and to_date is null", db::values![name])?))
}

/// Sends a form, then the plan that comes back.
async fn carry_out(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> (Page, Page) {
    let plan = browser.post(path, fields).await.is(200);
    let print = plan.field("ke_hoach");
    let mut fields = fields.to_vec();
    fields.push(("ke_hoach", &print));
    let done = browser.post(path, &fields).await;
    (plan, done)
}

fn stay_field(site: &Arc<Site>, org: OrgId, login: &str) -> String {
    let person = site.person(login);
    let id: i64 = site.write(move |tx| {
        let sql = "select membership_id from membership where org_id = $1 and person_id = $2 and to_date is null";
        Ok(tx.scalar(sql, db::values![org, person])?)
    });
    format!("dv_{id}")
}

#[test]
fn a_cell_split_in_mid_year_leaves_the_past_alone() {
    each(|site| async move {
        let cell = site.cast.cell;
        site.write(move |tx| {
            let sql = "insert into meeting (org_id, meeting_id, kind, state, title, starts_at, ends_at, place)
                values ($1, 5, 'regular', 'sealed', 'Tháng 6', '2026-06-03T14:00', '2026-06-03T16:00', 'Phòng họp')";
            tx.exec(sql, db::values![cell])?;
            let sql = "insert into roll (org_id, meeting_id, person_id, number, name, sort_key, standing, official, leader)
                select org_id, 5, person_id, number, name, sort_key, standing, 1, 0 from membership where org_id = $1";
            tx.exec(sql, db::values![cell])?;
            Ok(())
        });
        let before: Vec<(i64, String)> = site.write(move |tx| {
            Ok(tx.all("select person_id, name from roll where org_id = $1 order by person_id", db::values![cell])?)
        });
        let clerk = site.sign_in("hothiclerk").await;
        let path = format!("/tc/{cell}/sap-xep/tach");
        let (dat, ut, sau) = (
            stay_field(&site, cell, "trinhcongdat"),
            stay_field(&site, cell, "hoangvanut"),
            stay_field(&site, cell, "tranvansau"),
        );
        let fields = [
            ("ten_1", "Chi bộ Tổng hợp"),
            ("giu", "co"),
            (dat.as_str(), "1"),
            (ut.as_str(), "1"),
            (sau.as_str(), "1"),
            ("ngay", "01/07/2026"),
            ("van_ban", "Quyết định 12-QĐ/ĐU"),
        ];
        // Two official members are fewer than a cell has: said, not forbidden.
        let two = [fields[0], fields[1], fields[2], fields[3], fields[5]];
        clerk.post(&path, &two).await.is(200).says(&["TC-01"]);
        let (plan, done) = carry_out(&clerk, &path, &fields).await;
        plan.says_not(&["TC-01"]).says(&[
            "Lập Chi bộ Tổng hợp (Chi bộ trực thuộc) từ ngày 01/07/2026.",
            "3 đồng chí chuyển sinh hoạt đến Chi bộ Tổng hợp",
        ]);
        done.is(303);
        let new = org_called(&site, "Chi bộ Tổng hợp");
        assert_eq!(roster(&site, cell, date(2026, 6, 30)).len(), 12);
        assert_eq!(roster(&site, cell, date(2026, 7, 1)).len(), 9);
        assert_eq!(roster(&site, new, date(2026, 6, 30)).len(), 0);
        let mut there = roster(&site, new, date(2026, 7, 1));
        there.sort();
        assert_eq!(there, ["Hoàng Văn Út", "Trần Văn Sáu", "Trịnh Công Đạt"]);
        let facts = site.write(move |tx| Ok(members::facts(tx, new, date(2026, 7, 1))?));
        assert!(facts.iter().any(|f| f.name == "Hoàng Văn Út" && f.standing == Standing::Exempt));
        let after: Vec<(i64, String)> = site.write(move |tx| {
            Ok(tx.all("select person_id, name from roll where org_id = $1 order by person_id", db::values![cell])?)
        });
        assert_eq!(before, after);
        // Numbers of documents and the term go on; the history says where it came from.
        let term = site.write(move |tx| Ok(orgs::term_on(tx, new, date(2026, 7, 1))?));
        assert_eq!(term.unwrap().1, "2025-2030");
        clerk.get(&format!("/tc/{new}")).await.is(200).says(&["Được tách từ: Chi bộ Văn phòng", "Quyết định 12-QĐ/ĐU"]);
        // Those who moved are members of the new cell, and of the new one only.
        let sau = site.sign_in("tranvansau").await;
        let places = site.write({
            let person = site.person("tranvansau");
            move |tx| Ok(nep::account::store::places(tx, person, date(2026, 7, 1))?)
        });
        assert_eq!(places.iter().map(|p| p.org).collect::<Vec<_>>(), [new]);
        drop(sau);
    });
}

#[test]
fn a_plan_that_changed_meanwhile_is_shown_again() {
    each(|site| async move {
        let (cell, sibling) = (site.cast.cell, site.cast.sibling);
        let clerk = site.sign_in("hothiclerk").await;
        let path = format!("/tc/{sibling}/sap-xep/ket-thuc");
        let to = cell.to_string();
        let fields = [("nhan", to.as_str()), ("ngay", "01/11/2026")];
        clerk.post(&path, &[("nhan", ""), ("ngay", "01/11/2026")]).await.is(422).says(&["còn 5 đảng viên"]);
        let print = clerk.post(&path, &fields).await.is(200).field("ke_hoach");
        let lan = site.sign_in("phanthilan").await;
        lan.post(&format!("/cb/{sibling}/dang-vien/them"), &[("ho_ten", "Đinh Thị Tám"), ("tu_ngay", "01/10/2026")])
            .await
            .is(303);
        let sent = [fields[0], fields[1], ("ke_hoach", print.as_str())];
        clerk.post(&path, &sent).await.is(200).says(&["Kế hoạch đã thay đổi", "Đinh Thị Tám"]);
        assert_eq!(roster(&site, sibling, date(2026, 11, 22)).len(), 6);
        let (_, done) = carry_out(&clerk, &path, &fields).await;
        assert_eq!(done.is(303).to, format!("/tc/{}/quan-ly?xong=sap-xep", site.cast.committee));
        assert_eq!(roster(&site, cell, date(2026, 11, 1)).len(), 18);
        assert_eq!(roster(&site, sibling, date(2026, 11, 1)).len(), 0);
        // Its secretary is one no longer.
        lan.get(&format!("/cb/{sibling}/dang-vien")).await.is(404);
        clerk.get(&format!("/tc/{sibling}")).await.is(200).says(&["Kết thúc hoạt động"]);
    });
}

#[test]
fn cells_merge_move_and_are_renamed_within_reach_only() {
    each(|site| async move {
        let (committee, cell, sibling) = (site.cast.committee, site.cast.cell, site.cast.sibling);
        let clerk = site.sign_in("hothiclerk").await;
        let found = format!("/tc/{committee}/sap-xep/lap");
        let fields = [("ten", "Đảng bộ bộ phận Quy hoạch"), ("loai", "part"), ("ngay", "01/02/2026")];
        carry_out(&clerk, &found, &fields).await.1.is(303);
        let part = org_called(&site, "Đảng bộ bộ phận Quy hoạch");
        let to = part.to_string();
        let (plan, done) =
            carry_out(&clerk, &format!("/tc/{sibling}/sap-xep/chuyen"), &[("ve", &to), ("ngay", "01/03/2026")]).await;
        plan.says(&["trực thuộc Đảng bộ bộ phận Quy hoạch từ ngày 01/03/2026"]);
        done.is(303);
        let path: String = site.write(move |tx| Ok(tx.scalar("select path from org where org_id = $1", db::values![sibling])?));
        assert_eq!(domain::tree::ids(&path).unwrap(), [committee, part, sibling]);
        carry_out(
            &clerk,
            &format!("/tc/{cell}/sap-xep/doi-ten"),
            &[("ten", "Chi bộ Văn phòng Sở"), ("loai", "cell_sub"), ("ngay", "01/04/2026")],
        )
        .await
        .1
        .is(303);
        let on = |day: Date| site.write(move |tx| Ok(orgs::get(tx, cell, day)?.name));
        assert_eq!(
            (on(date(2026, 3, 31)).as_str(), on(date(2026, 4, 1)).as_str()),
            ("Chi bộ Văn phòng Sở Xây dựng", "Chi bộ Văn phòng Sở")
        );
        // A circle, a stranger, a day to come.
        let own = committee.to_string();
        clerk.post(&format!("/tc/{part}/sap-xep/chuyen"), &[("ve", &own), ("ngay", "01/05/2026")]).await.is(422);
        clerk.post(&format!("/tc/{cell}/sap-xep/chuyen"), &[("ve", "1234"), ("ngay", "01/05/2026")]).await.is(404);
        clerk
            .post(&format!("/tc/{cell}/sap-xep/chuyen"), &[("ve", &to), ("ngay", "01/05/2027")])
            .await
            .is(422)
            .says(&["chưa tới"]);
        // The whole committee is not moved by its own office; a cell does not rearrange itself.
        clerk.get(&format!("/tc/{committee}/sap-xep/ket-thuc")).await.is(404);
        let ha = site.sign_in("nguyenthiha").await;
        ha.get(&format!("/tc/{cell}/sap-xep/tach")).await.is(404);
        ha.get(&format!("/tc/{cell}")).await.is(200);
        ha.get(&format!("/tc/{sibling}")).await.is(404);
        site.sign_in("tranvansau").await.get(&format!("/tc/{cell}")).await.is(404);
    });
}

#[test]
fn posts_are_given_above_and_the_cell_names_its_own_committee() {
    each(|site| async move {
        let (committee, cell) = (site.cast.committee, site.cast.cell);
        let clerk = site.sign_in("hothiclerk").await;
        let give = format!("/tc/{cell}/chuc-vu");
        let duc = site.person("leminhduc").to_string();
        clerk.get(&format!("{give}?q=duc")).await.is(200).says(&["Lê Minh Đức"]);
        clerk
            .post(&give, &[("nguoi", &duc), ("chuc_vu", "secretary"), ("tu", "01/11/2026")])
            .await
            .is(422)
            .says(&["chỉ có một đồng chí Bí thư"]);
        clerk.post(&give, &[("nguoi", &duc), ("chuc_vu", "secretary"), ("tu", "01/11/2026"), ("thay", "1")]).await.is(303);
        let ha = site.sign_in("nguyenthiha").await;
        ha.get(&format!("/cb/{cell}/dang-vien")).await.is(404);
        let duc = site.sign_in("leminhduc").await;
        duc.get(&format!("/cb/{cell}/dang-vien")).await.is(200);
        // The cell's own hands: chi ủy viên, from its members.
        let own = format!("/cb/{cell}/chuc-vu");
        let (bao, lan) = (site.person("doquocbao").to_string(), site.person("phanthilan").to_string());
        duc.post(&own, &[("nguoi", &bao), ("chuc_vu", "committee")]).await.is(303);
        duc.post(&own, &[("nguoi", &bao), ("chuc_vu", "deputy")]).await.is(422);
        duc.post(&own, &[("nguoi", &lan), ("chuc_vu", "committee")]).await.is(422);
        let posts = site.write(move |tx| Ok(orgs::posts_on(tx, cell, date(2026, 11, 22))?));
        let committee_post = posts.iter().find(|p| p.name == "Đỗ Quốc Bảo").unwrap().id;
        let secretary_post = posts.iter().find(|p| p.name == "Lê Minh Đức").unwrap().id;
        duc.post(&format!("{own}/{secretary_post}/thoi"), &[("den", "")]).await.is(404);
        duc.post(&format!("{own}/{committee_post}/thoi"), &[("den", "")]).await.is(303);
        // Nobody raises themselves, and the office does not make administrators.
        let me = site.person("hothiclerk").to_string();
        clerk.post(&give, &[("q", "clerk"), ("nguoi", &me), ("chuc_vu", "deputy")]).await.is(422).says(&["Không ai tự ghi"]);
        clerk.post(&format!("/tc/{committee}/chuc-vu"), &[("nguoi", &bao), ("chuc_vu", "admin")]).await.is(422);
        let places = [("noi", "Huế")];
        duc.post(&format!("/cb/{cell}/thong-tin"), &places).await.is(303);
        duc.post(&format!("/tc/{cell}/thong-tin"), &places).await.is(404);
        let o = site.write(move |tx| Ok(orgs::get(tx, cell, date(2026, 11, 22))?));
        assert_eq!((o.place.as_str(), o.short_name.as_str()), ("Huế", "Chi bộ Văn phòng"));
        let before = site.write(move |tx| Ok(orgs::get(tx, cell, date(2026, 11, 21))?));
        assert_eq!(before.place, "Hà Tĩnh");
        let names = site.write(move |tx| Ok(history::names(tx, cell)?));
        assert_eq!(names.len(), 2);
    });
}

#[test]
fn a_figure_of_ones_own_holds_below_between_its_dates() {
    each(|site| async move {
        let (committee, cell) = (site.cast.committee, site.cast.cell);
        let clerk = site.sign_in("hothiclerk").await;
        let key = "meeting.min_minutes.regular";
        let set = format!("/tc/{committee}/quy-dinh/{key}");
        clerk
            .get(&format!("/tc/{committee}/quy-dinh?q=thoi+luong"))
            .await
            .is(200)
            .says(&["Thời lượng tối thiểu", "Mức độ chắc chắn"]);
        clerk.get(&set).await.is(200);
        let sent =
            |value: &'static str, document: &'static str| [("gia_tri", value), ("tu", "01/11/2026"), ("van_ban", document)];
        clerk.post(&set, &sent("một giờ", "NQ 1")).await.is(422).says(&["không dùng được"]);
        clerk.post(&set, &sent("100", "")).await.is(422).says(&["văn bản"]);
        clerk.post(&set, &sent("100", "Nghị quyết 05-NQ/ĐU")).await.is(303);
        let figure = |day: Date| {
            let rules = site.app.rules.at(day);
            site.write(move |tx| {
                let o = orgs::get(tx, cell, day)?;
                Ok(orgs::rules_for(tx, &o, &rules)?.int(key))
            })
        };
        let usual = figure(date(2026, 10, 31));
        assert_ne!(usual, Some(100));
        assert_eq!(figure(date(2026, 11, 1)), Some(100));
        site.sign_in("nguyenthiha")
            .await
            .get(&format!("/tc/{cell}/quy-dinh?rieng=1"))
            .await
            .is(200)
            .says(&["Đảng bộ đặt", "Nghị quyết 05-NQ/ĐU"]);
        clerk.post(&format!("{set}/thoi"), &[("den", "20/11/2026")]).await.is(303);
        assert_eq!((figure(date(2026, 11, 19)), figure(date(2026, 11, 20))), (Some(100), usual));
        clerk.get(&format!("/tc/{committee}/quy-dinh/no.such.figure")).await.is(404);
        site.sign_in("leminhduc").await.post(&format!("/cb/{cell}/quy-dinh/{key}"), &sent("95", "NQ 2")).await.is(303);
        site.sign_in("phamvanan").await.post(&format!("/cb/{cell}/quy-dinh/{key}"), &sent("95", "NQ 2")).await.is(404);
        assert_eq!(figure(date(2026, 11, 22)), Some(95));
    });
}
