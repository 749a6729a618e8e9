//! Leaders of every organisation below a committee: what is lacking, by which rule, in one page (L10).

use domain::post::Role;
use jiff::civil::date;
use nep::member::store as members;
use nep::org::store::{self as orgs, rules};

use crate::site::each;

#[test]
fn a_committee_sees_what_its_cells_lack_and_each_cell_its_own() {
    each(|site| async move {
        let cast = site.cast;
        let page = format!("/tc/{}/cap-uy", cast.committee);
        let lam = site.sign_in("tranvanlam").await;
        // Everybody's posts are of before the term; the sibling has no deputy and needs none.
        let first = lam.get(&page).await.is(200);
        first.says(&[
            "3 tổ chức",
            "Bí thư được ghi từ trước ngày 01/01/2025; chưa ghi kết quả bầu của nhiệm kỳ này.",
            "Bí thư, Phó bí thư và Chi ủy viên được ghi từ trước ngày",
            "(TC-07)",
        ]);
        let hands = site.hands("tranvanlam", cast.committee);
        let ha = site.person("nguyenthiha");
        let lan = site.person("phanthilan");
        site.write(move |tx| {
            for (org, who) in [(cast.cell, ha), (cast.sibling, lan)] {
                let held = orgs::posts_on(tx, org, date(2026, 11, 22))?;
                for post in held.iter().filter(|p| p.person == who) {
                    orgs::end_post(tx, &hands, org, post.id, date(2026, 11, 1))?;
                }
            }
            orgs::appoint(tx, &hands, cast.cell, ha, Role::Secretary, date(2026, 11, 1), None)?;
            for (login, stay) in [("caovanmanh", 0), ("maithinga", 1), ("tovanoanh", 2)] {
                let who: domain::id::PersonId =
                    tx.scalar("select person_id from account where login = $1", db::values![login])?;
                members::leave(tx, &hands, cast.sibling, who, date(2026, 10, 1 + stay))?;
            }
            Ok(())
        });
        let now = lam.get(&page).await.is(200);
        now.says(&["Chi bộ chưa có Bí thư.", "(L10)", "Chi bộ có 2 đảng viên chính thức, dưới 3", "(TC-01)"]);
        lam.get(&format!("{page}?viec=khong-bi-thu"))
            .await
            .is(200)
            .says(&["1 tổ chức", "Chi bộ Thanh tra"])
            .says_not(&["Chi bộ Văn phòng</a><br>"]);
        lam.get(&format!("{page}?viec=tat-ca&q=van+phong")).await.is(200).says(&["1 tổ chức", "Chi bộ Văn phòng"]);
        lam.get(&format!("{page}?viec=het-nhiem-ky")).await.is(200).says(&["Không có tổ chức nào khớp"]);
        let sheet = lam.get(&format!("{page}.xlsx?viec=khong-bi-thu")).await.is(200);
        assert!(sheet.media_type.contains("spreadsheet") && sheet.bytes.len() > 3000);
        // The number the congress decided, and what is missing of it.
        lam.post(&page, &[("so", "9")]).await.is(303);
        lam.get(&page).await.is(200).says(&["Đại hội quyết định 9 cấp ủy viên, hiện có 1, thiếu 8", "1/9"]);
        lam.post(&page, &[("so", "không")]).await.is(422).says(&["Lỗi: "]);
        lam.post(&page, &[("so", "")]).await.is(303);
        lam.get(&page).await.is(200).says_not(&["cấp ủy viên, hiện có"]);
        // A committee's own figure holds below it: from twelve members on, so the nine of the cell need no committee.
        let hands = site.hands("tranvanlam", cast.committee);
        site.write(move |tx| {
            let set = rules::OwnFigure {
                org: cast.committee,
                org_name: String::new(),
                key: "org.committee_from".to_owned(),
                from: date(2026, 11, 1),
                to: None,
                value: "12".to_owned(),
                document: "Quy định 01-QĐ/ĐU".to_owned(),
            };
            Ok(rules::set_figure(tx, &hands, cast.committee, &set)?)
        });
        lam.get(&page).await.is(200).says(&["(dưới 12) thì bầu Bí thư"]);
        // The cell sees its own, its members do not, its sibling does not.
        let own = format!("/tc/{}/cap-uy", cast.cell);
        site.sign_in("nguyenthiha").await.get(&own).await.is(200).says(&["Nguyễn Thị Hà"]).says_not(&["Chi bộ Thanh tra"]);
        for login in ["lethianh", "phanthilan", "quantrivien"] {
            site.sign_in(login).await.get(&own).await.is(404);
            site.sign_in(login).await.get(&page).await.is(404);
        }
        site.sign_in("hothiclerk").await.get(&format!("/tc/{}", cast.sibling)).await.is(200).says(&["Chi bộ chưa có Bí thư."]);
    });
}

#[test]
fn the_next_congress_is_told_half_a_year_ahead_by_the_kind_of_organisation() {
    each(|site| async move {
        let page = format!("/tc/{}/cap-uy", site.cast.committee);
        // Terms of 01/01/2025: thirty months for a cell below a grassroots committee, sixty for that committee.
        for (day, cells, committee) in [
            (date(2026, 12, 31), false, false),
            (date(2027, 1, 1), true, false),
            (date(2027, 7, 1), true, false),
            (date(2029, 7, 1), true, true),
        ] {
            site.at(day.at(9, 0, 0, 0));
            let lam = site.sign_in("tranvanlam").await;
            let body = lam.get(&format!("{page}?viec=tat-ca")).await.is(200).body;
            let has = |words: &str| body.contains(words);
            assert_eq!(has("Nhiệm kỳ kết thúc ngày 01/07/2027") || has("đã hết từ ngày 01/07/2027"), cells, "{day}");
            assert_eq!(has("Nhiệm kỳ kết thúc ngày 01/01/2030"), committee, "{day}");
            assert_eq!(has("đã hết từ ngày 01/07/2027"), day >= date(2027, 7, 1), "{day}");
        }
    });
}
