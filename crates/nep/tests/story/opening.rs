//! Content of a cell opened to a committee above: shared and withdrawn, opened by two people for an inspection,
//! read while it runs and by nobody else, all of it on the cell's page (P-25, P-30, ST-04, KT-05).

use std::sync::Arc;

use db::values;
use domain::id::{MeetingId, OrgId};
use domain::meeting::MeetingKind;
use domain::numbering::DocKind;
use domain::post::Role;
use domain::tree::Change;
use jiff::civil::date;
use nep::ledger::store::{self as ledger, Sealing};
use nep::ledger::verify;
use nep::org::store::{self as orgs, NewOrg};

use crate::holding::{Held, hold};
use crate::minutes::seal;
use crate::rollup::reform;
use crate::site::{Browser, Page, Site, each};
use crate::stage;

/// What stands in the sealed minutes of the story, and where its secret item is kept.
const SAID: &str = "Nhất trí với báo cáo.";
const SECRET: &str = "ghi riêng tại Sổ mật số\u{a0}2, trang 14";

fn appoint(site: &Arc<Site>, org: OrgId, login: &str, role: Role) {
    let (hands, who) = (site.hands("hothiclerk", org), site.person(login));
    site.write(move |tx| Ok(orgs::appoint(tx, &hands, org, who, role, date(2026, 1, 1), None).map(drop)?));
}

/// Another committee: in a tree of its own, or below one.
fn committee(site: &Arc<Site>, parent: Option<OrgId>, name: &str, kind: &str) -> OrgId {
    let hands = site.hands("hothiclerk", site.cast.committee);
    let new = NewOrg {
        parent,
        name: name.to_owned(),
        short_name: name.to_owned(),
        kind: kind.to_owned(),
        symbol: "ĐU".to_owned(),
        is_cell: false,
        place: "Hà Tĩnh".to_owned(),
        cell_type: None,
        born_on: date(2026, 1, 1),
        document: None,
    };
    site.write(move |tx| Ok(orgs::found(tx, &hands, &new)?))
}

/// A sealed record of some meeting, straight into the ledger.
fn sealed(site: &Arc<Site>, kind: DocKind, meeting: Option<MeetingId>, title: &str) -> String {
    let (hands, title) = (site.hands("nguyenthiha", site.cast.cell), title.to_owned());
    site.write(move |tx| {
        let content = format!("{{\"chu\":\"{title}\"}}");
        let new = Sealing { kind, issued_on: date(2026, 12, 3), title: title.clone(), content, meeting, corrects: None };
        Ok(ledger::seal(tx, &hands, hands.org, &new)?.id)
    })
    .to_string()
}

/// A resolution of the story's meeting, adopted, to be sealed with its minutes; its id.
async fn adopted(held: &Held, ha: &Browser) -> i64 {
    let base = format!("{}/nghi-quyet", held.base);
    let made = ha.post(&base, &[]).await.is(303).to;
    let id = made.split("nq=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let draft = format!("{base}/{id}");
    ha.post(&format!("{draft}/bieu-quyet"), &[("tan_thanh", "7")]).await.is(303);
    let version = ha.get(&base).await.field("ban");
    let kept = [("ban", version.as_str()), ("ly_do_giu", "Việc thường xuyên của tổ")];
    ha.post(&format!("{draft}/thong-qua"), &kept).await.is(303);
    id.parse().unwrap()
}

/// The document of a sealed resolution.
fn issued(site: &Arc<Site>, resolution: i64) -> String {
    site.write(move |tx| Ok(tx.scalar::<i64>("select sealed_id from resolution where resolution_id = $1", values![resolution])?))
        .to_string()
}

fn readings(site: &Arc<Site>) -> i64 {
    site.write(|tx| Ok(tx.scalar("select count(*) from opening_read", &[])?))
}

async fn share(who: &Browser, site: &Arc<Site>, to: OrgId, record: &str, until: &str) -> Page {
    let to = to.to_string();
    let fields = [("cap_uy", to.as_str()), ("van_ban", record), ("muc_dich", "Báo cáo kinh nghiệm"), ("den_ngay", until)];
    who.post(&format!("/cb/{}/mo-noi-dung/chia-se", site.cast.cell), &fields).await
}

/// The id at the end of where a form led.
fn id_of(page: &Page) -> String {
    page.to.split('?').next().unwrap().rsplit('/').next().unwrap().to_owned()
}

#[test]
fn a_cell_shares_one_record_until_it_is_withdrawn_or_its_time_is_over() {
    each(|site| async move {
        let held = hold(&site).await;
        let (cell, top) = (site.cast.cell, site.cast.committee);
        let (ha, duc, anh) = (site.sign_in("nguyenthiha").await, site.sign_in("leminhduc").await, site.sign_in("lethianh").await);
        let record = seal(&held, &ha).await.rsplit('/').next().unwrap().to_owned();
        appoint(&site, top, "caovanmanh", Role::Committee);
        let other = committee(&site, None, "Đảng bộ Bệnh viện", "base");
        appoint(&site, other, "maithinga", Role::Secretary);
        let (lam, manh, nga) =
            (site.sign_in("tranvanlam").await, site.sign_in("caovanmanh").await, site.sign_in("maithinga").await);
        let (list, far) = (format!("/cb/{cell}/mo-noi-dung"), format!("/tc/{top}/mo-noi-dung"));
        lam.get(&far).await.is(200).says(&["Hiện không có nội dung nào đang mở"]);
        lam.get(&format!("/tc/{cell}/ky/2026-tk-12")).await.is(200).says(&["Chưa được mở", "Đề nghị mở để kiểm tra"]);

        anh.get(&format!("{list}/chia-se")).await.is(404);
        ha.get(&format!("{list}/chia-se")).await.is(200).says(&["Đảng bộ", "Biên bản số", "nhiều nhất chi bộ chia sẻ"]);
        share(&ha, &site, top, &record, "20/12/2027").await.is(422).says(&["nhiều nhất 90 ngày", "Báo cáo kinh nghiệm"]);
        share(&ha, &site, top, &record, "02/12/2026").await.is(422).says(&["Ngày kết thúc đã qua"]);
        share(&ha, &site, other, &record, "20/12/2026").await.is(422).says(&["Hãy chọn cấp ủy"]);
        share(&ha, &site, top, "12345", "20/12/2026").await.is(422).says(&["Hãy chọn văn bản"]);
        let made = share(&ha, &site, top, &record, "20/12/2026").await.is(303);
        let id = id_of(&made);
        let read = format!("{far}/{id}/{record}");

        // Read by the members of the committee, each time kept; by nobody else.
        assert_eq!(
            lam.get(&format!("{far}/{id}")).await.is(200).says(&["Báo cáo kinh nghiệm", "Chưa có ai xem"]).link(&read),
            read
        );
        lam.get(&read).await.is(200).says(&[SAID, SECRET, "đã được ghi lại", "hết ngày 20/12/2026"]);
        manh.get(&format!("{read}/docx")).await.is(200);
        manh.get(&format!("{read}/pdf")).await.is(200);
        assert_eq!(readings(&site), 3);
        for login in ["hothiclerk", "quantrivien", "phanthilan", "doquocbao"] {
            let who = site.sign_in(login).await;
            for path in [far.clone(), format!("{far}/{id}"), read.clone(), format!("{read}/docx"), format!("{read}/pdf")] {
                assert_eq!(who.get(&path).await.status, 404, "{login} {path}");
            }
        }
        nga.get(&format!("/tc/{other}/mo-noi-dung/{id}")).await.is(404);
        nga.get(&format!("/tc/{other}/mo-noi-dung/{id}/{record}")).await.is(404);
        site.sign_in("phanthilan").await.get(&format!("{list}/{id}")).await.is(404);
        assert_eq!(readings(&site), 3, "who is refused leaves no reading");

        // The cell sees it, on its pages and on the first page, without content.
        anh.get(&list)
            .await
            .is(200)
            .says(&["Đang mở", "Chi bộ chia sẻ, đến hết ngày 20/12/2026"])
            .says_not(&["Chia sẻ với cấp trên</a>"]);
        anh.get(&format!("{list}/{id}")).await.is(200).says(&[
            "Trần Văn Lâm xem trên trang",
            "Cao Văn Mạnh tải DOCX",
            "Cao Văn Mạnh tải PDF",
            "Đồng chí Nguyễn Thị Hà, ",
        ]);
        anh.get("/").await.is(200).says(&["Cấp trên đang được xem biên bản"]);
        lam.get(&format!("/tc/{cell}/ky/2026-tk-12")).await.is(200).says(&[read.as_str()]).says_not(&["Chưa được mở"]);

        // A correction belongs to what it corrects.
        let mend = format!("/cb/{cell}/van-ban/{record}/dinh-chinh");
        ha.post(&mend, &[("ly_do", "Ghi nhầm"), ("p_closing", "Kết thúc lúc 15 giờ 36.")]).await.is(303);
        let page = lam.get(&format!("{far}/{id}")).await.is(200).says(&["Đính chính 01-BB/CB"]);
        assert_eq!(page.body.matches(&format!("{far}/{id}/")).count(), 2);

        // Withdrawn, by whoever leads the cell.
        anh.post(&format!("{list}/{id}"), &[("version", "1")]).await.is(404);
        duc.post(&format!("{list}/{id}"), &[("version", "7")]).await.is(409);
        duc.post(&format!("{list}/{id}"), &[("version", "1")]).await.is(303);
        duc.post(&format!("{list}/{id}"), &[("version", "2")]).await.is(422).says(&["Đã kết thúc sớm"]);
        lam.get(&read).await.is(404);
        lam.get(&format!("{far}/{id}")).await.is(200).says(&["Hiện không xem được"]).says_not(&[&read]);
        anh.get("/").await.is(200).says_not(&["Cấp trên đang được xem"]);
        anh.get(&format!("{list}/{id}")).await.is(200).says(&["Người rút lại", "Lê Minh Đức"]);

        // By the clock: the last day counts.
        let made = share(&ha, &site, top, "thang", "10/12/2026").await;
        made.is(422).says(&["Hãy chọn một tháng"]);
        let months =
            [("tu", "2026-12"), ("den", "2026-12"), ("van_ban", "thang"), ("muc_dich", "Xem"), ("den_ngay", "10/12/2026")];
        let to = top.to_string();
        let fields: Vec<(&str, &str)> = months.iter().copied().chain([("cap_uy", to.as_str())]).collect();
        let id = id_of(&ha.post(&format!("{list}/chia-se"), &fields).await.is(303));
        let read = format!("{far}/{id}/{record}");
        site.at(date(2026, 12, 10).at(23, 59, 0, 0));
        let lam = site.sign_in("tranvanlam").await;
        lam.get(&read).await.is(200).says(&[SAID]);
        site.at(date(2026, 12, 11).at(0, 0, 0, 0));
        lam.get(&read).await.is(404);
        lam.get(&far).await.is(200).says(&["Đã hết hạn"]);
        assert_eq!(verify::all(&site.app.db), Vec::<String>::new());
    });
}

async fn propose(who: &Browser, site: &Arc<Site>, cell: OrgId, more: &[(&str, &str)]) -> Page {
    let cell = cell.to_string();
    let usual = [
        ("chi_bo", cell.as_str()),
        ("tu", "2026-11"),
        ("den", "2026-12"),
        ("ly_do", "Kiểm tra sổ biên bản"),
        ("so", "Quyết định 45-QĐ/ĐU"),
        ("ngay", "20/11/2026"),
        ("den_ngay", "31/12/2026"),
    ];
    let fields: Vec<(&str, &str)> =
        usual.iter().map(|(k, v)| (*k, more.iter().find(|m| m.0 == *k).map_or(*v, |m| m.1))).collect();
    who.post(&format!("/tc/{}/mo-noi-dung/de-nghi", site.cast.committee), &fields).await
}

#[test]
fn an_inspection_opens_only_by_two_people_and_shows_on_the_cells_page() {
    each(|site| async move {
        let held = hold(&site).await;
        let (cell, top) = (site.cast.cell, site.cast.committee);
        let ha = site.sign_in("nguyenthiha").await;
        let resolution = adopted(&held, &ha).await;
        let record = seal(&held, &ha).await.rsplit('/').next().unwrap().to_owned();
        let resolution = issued(&site, resolution);
        // What chi ủy writes of its own meetings and of single members is never opened.
        let own = stage::prepared(&site, cell, "nguyenthiha", MeetingKind::Committee, date(2026, 12, 2), &[]);
        let own = sealed(&site, DocKind::Minutes, Some(own), "Họp chi ủy");
        let notice = sealed(&site, DocKind::Notice, None, "Thông báo về một đảng viên");
        appoint(&site, top, "caovanmanh", Role::Committee);
        for role in [Role::Committee, Role::Admin] {
            appoint(&site, top, "tovanoanh", role);
        }
        let (lam, manh) = (site.sign_in("tranvanlam").await, site.sign_in("caovanmanh").await);
        let far = format!("/tc/{top}/mo-noi-dung");
        let other = committee(&site, None, "Đảng bộ Bệnh viện", "base");

        let asks = lam.get(&format!("{far}/de-nghi?chi_bo={cell}")).await.is(200);
        asks.says(&["Chi bộ Văn phòng", "KT-05", "30 ngày", "299-QĐ/TU"]);
        let long = propose(&lam, &site, cell, &[("den_ngay", "02/01/2027")]).await.is(422);
        long.says(&["nhiều nhất 30 ngày, chậm nhất đến hết ngày 01/01/2027", "Kiểm tra sổ biên bản"]);
        propose(&lam, &site, cell, &[("so", "")]).await.is(422).says(&["Hãy ghi số quyết định"]);
        propose(&lam, &site, cell, &[("ngay", "04/12/2026")]).await.is(422).says(&["chưa đến"]);
        propose(&lam, &site, cell, &[("tu", "2027-01")]).await.is(422).says(&["Tháng cuối đứng trước"]);
        propose(&lam, &site, other, &[]).await.is(422).says(&["Hãy chọn chi bộ"]);
        let id = id_of(&propose(&lam, &site, cell, &[]).await.is(303));
        let (one, read) = (format!("{far}/{id}"), format!("{far}/{id}/{record}"));
        lam.get(&read).await.is(404);
        ha.get(&format!("/cb/{cell}/mo-noi-dung/{id}"))
            .await
            .is(200)
            .says(&["Chờ người thứ hai xác nhận", "Quyết định 45-QĐ/ĐU ngày 20/11/2026"]);
        site.sign_in("lethianh").await.get("/").await.is(200).says_not(&["Cấp trên đang được xem"]);
        manh.get("/").await.is(200).says(&["1 đề nghị mở nội dung chi bộ để kiểm tra"]);
        lam.get("/").await.is(200).says_not(&["đề nghị mở nội dung chi bộ"]);

        // Not by oneself, not by who administers, not by the office, not by the cell.
        let yes = [("viec", "xac-nhan"), ("version", "1")];
        lam.get(&one).await.is(200).says(&["cần một đồng chí khác"]).says_not(&["Xác nhận, mở"]);
        lam.post(&one, &yes).await.is(422).says(&["không tự xác nhận được"]);
        for login in ["quantrivien", "tovanoanh", "hothiclerk", "nguyenthiha"] {
            let who = site.sign_in(login).await;
            who.post(&one, &yes).await.is(404);
            who.get(&one).await.is(404);
            who.get(&read).await.is(404);
        }
        ha.post(&format!("/cb/{cell}/mo-noi-dung/{id}"), &[("version", "1")]).await.is(404);
        lam.get(&read).await.is(404);
        manh.post(&one, &[("viec", "xac-nhan"), ("version", "5")]).await.is(409);
        manh.post(&one, &yes).await.is(303);
        manh.post(&one, &[("viec", "xac-nhan"), ("version", "2")]).await.is(422);

        lam.get(&read).await.is(200).says(&[SAID, SECRET]);
        manh.get(&format!("{far}/{id}/{resolution}")).await.is(200).says(&["Nghị quyết số"]);
        for hidden in [&own, &notice] {
            lam.get(&format!("{far}/{id}/{hidden}")).await.is(404);
        }
        lam.get(&one).await.is(200).says(&["về nhiệm vụ tháng 12"]).says_not(&["Họp chi ủy", "Thông báo về một"]);
        let page = ha.get(&format!("/cb/{cell}/mo-noi-dung/{id}")).await.is(200);
        page.says(&["Người đề nghị", "Trần Văn Lâm", "Người xác nhận", "Cao Văn Mạnh", "Trần Văn Lâm xem trên trang"]);
        for login in ["quantrivien", "tovanoanh", "hothiclerk"] {
            site.sign_in(login).await.get(&read).await.is(404);
        }
        ha.post(&format!("/cb/{cell}/mo-noi-dung/{id}"), &[("version", "2")]).await.is(404);
        lam.post(&one, &[("viec", "ket-thuc"), ("version", "2")]).await.is(303);
        lam.get(&read).await.is(404);
        manh.get(&format!("{read}/docx")).await.is(404);

        // Who proposed and left the committee cannot be one of the two; and a proposal may be given up.
        let id = id_of(&propose(&manh, &site, cell, &[]).await.is(303));
        let (who, hands) = (site.person("caovanmanh"), site.hands("hothiclerk", top));
        site.write(move |tx| {
            let post = orgs::posts_on(tx, top, date(2026, 12, 3))?.into_iter().find(|h| h.person == who).unwrap().id;
            Ok(orgs::end_post(tx, &hands, top, post, date(2026, 12, 3))?)
        });
        manh.get(&far).await.is(404);
        lam.post(&format!("{far}/{id}"), &yes).await.is(422).says(&["không còn quyền đề nghị"]);
        lam.post(&format!("{far}/{id}"), &[("viec", "bo"), ("version", "1")]).await.is(303);
        lam.post(&format!("{far}/{id}"), &yes).await.is(422).says(&["Đã bỏ đề nghị"]);

        // Every step and every reading is in the cell's trail, in words of the program alone.
        let trail: Vec<(String, String)> = site.write(move |tx| {
            let sql = "select action, detail from audit where org_id = $1 and action like 'opening.%' order by seq";
            Ok(tx.all(sql, values![cell])?)
        });
        let actions: Vec<&str> = trail.iter().map(|t| t.0.as_str()).collect();
        let read = "opening.read";
        assert_eq!(
            actions,
            ["opening.proposed", "opening.confirmed", read, read, "opening.ended", "opening.proposed", "opening.dropped"]
        );
        assert!(trail.iter().all(|t| !t.1.contains("Kiểm tra")), "{trail:?}");
        assert_eq!(verify::all(&site.app.db), Vec::<String>::new());
    });
}

#[test]
fn a_cell_that_moves_away_closes_what_was_open() {
    each(|site| async move {
        let (cell, top) = (site.cast.cell, site.cast.committee);
        let part = committee(&site, Some(top), "Đảng bộ bộ phận", "part");
        appoint(&site, part, "maithinga", Role::Secretary);
        assert!(reform(&site, top, Change::Move { org: cell, to: part }, date(2026, 11, 20)), "the cell moves below the part");
        let held = hold(&site).await;
        let ha = site.sign_in("nguyenthiha").await;
        let record = seal(&held, &ha).await.rsplit('/').next().unwrap().to_owned();
        let near = id_of(&share(&ha, &site, part, &record, "31/12/2026").await.is(303));
        let far = id_of(&share(&ha, &site, top, &record, "31/12/2026").await.is(303));
        let (nga, lam) = (site.sign_in("maithinga").await, site.sign_in("tranvanlam").await);
        let near = format!("/tc/{part}/mo-noi-dung/{near}");
        let far = format!("/tc/{top}/mo-noi-dung/{far}/{record}");
        nga.get(&format!("{near}/{record}")).await.is(200).says(&[SAID]);
        lam.get(&far).await.is(200);
        assert!(reform(&site, top, Change::Move { org: cell, to: top }, date(2026, 12, 3)), "and back");
        nga.get(&format!("{near}/{record}")).await.is(404);
        nga.get(&near).await.is(200).says(&["không còn trực thuộc"]).says_not(&[&record]);
        lam.get(&far).await.is(200).says(&[SAID]);
        ha.get(&format!("/cb/{cell}/mo-noi-dung")).await.is(200).says(&["không còn trực thuộc"]);
    });
}
