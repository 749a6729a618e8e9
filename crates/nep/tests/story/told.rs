//! The morning's message tells of what committees sent down: documents to who reads them, an orientation to who
//! leads the cell, each once, and it is gone when it is done (L1, L2, P4, P-10, P-19).

use std::sync::Arc;

use db::values;
use domain::guidance::GuidanceKind;
use domain::id::RowId;
use domain::meeting::MeetingKind;
use domain::period::PeriodKey;
use domain::roll::Standing;
use jiff::civil::{Date, date};
use nep::member::store as members;
use nep::message::work::bundles;

use crate::guidance::{address, at, issue, orientation, prepare};
use crate::passing::{found_org, relocate, send};
use crate::site::{Site, each};
use crate::stage;

const DOCUMENT: &str = "Đề cương tuyên truyền đại hội";

/// Makes the messages of a morning; who was told what on that day.
fn morning(site: &Arc<Site>, day: Date) -> Vec<String> {
    site.at(day.at(8, 0, 0, 0));
    bundles(&site.app).unwrap();
    bundles(&site.app).unwrap();
    site.write(move |tx| {
        let told: Vec<(String, String)> = tx.all(
            "select a.login, m.counts from message m join account a on a.person_id = m.person_id where m.day = $1 order by a.login",
            values![day],
        )?;
        Ok(told.into_iter().map(|(login, counts)| format!("{login} {counts}")).collect())
    })
}

#[test]
fn a_new_document_is_told_once_to_each_reader_and_goes_when_it_is_read() {
    each(|site| async move {
        let (committee, cell, sibling) = (site.cast.committee, site.cast.cell, site.cast.sibling);
        site.at(date(2026, 12, 3).at(15, 0, 0, 0));
        let clerk = site.sign_in("hothiclerk").await;
        let draft = at(clerk.post(&format!("/tc/{committee}/dinh-huong"), &[("loai", "document"), ("ten", DOCUMENT)]).await);
        let to = cell.to_string();
        address(&clerk, &draft, &[("noi_nhan", "chosen"), ("to_chuc", &to), ("noi_dung", "Mười câu hỏi đáp.")]).await.is(303);
        issue(&clerk, &draft).await.is(303);
        let id = draft.rsplit('/').next().unwrap().to_owned();
        let page = format!("/cb/{cell}/tai-lieu/{id}");
        // Whoever read it in the evening needs no message; who is away or suspended is not asked.
        let bao = site.sign_in("doquocbao").await;
        bao.get(&page).await.is(200);
        bao.post(&page, &[]).await.is(303);
        site.write({
            let (sau, phuoc) = (site.person("tranvansau"), site.person("danghuuphuoc"));
            move |tx| {
                for (who, standing) in [(sau, Standing::TemporaryAway), (phuoc, Standing::Suspended)] {
                    let sql = "update membership set standing = $3 where org_id = $1 and person_id = $2";
                    tx.exec(sql, values![cell, who, domain::code::Code::code(standing)])?;
                }
                Ok(())
            }
        });
        let told = morning(&site, date(2026, 12, 4));
        assert_eq!(told.len(), 9, "{told:?}");
        assert!(told.iter().all(|t| t.ends_with(" document=1")), "{told:?}");
        for login in ["doquocbao", "tranvansau", "danghuuphuoc", "phanthilan", "hothiclerk", "tranvanlam"] {
            assert!(!told.iter().any(|t| t.starts_with(login)), "{told:?}");
        }
        let (anh, dung, lan) =
            (site.sign_in("lethianh").await, site.sign_in("vungocdung").await, site.sign_in("phanthilan").await);
        anh.get("/").await.is(200).says(&["Đồng chí có 1 tin nhắc việc mới"]);
        let inbox = anh.get("/toi/tin").await.is(200).says(&["1 tài liệu mới chờ đồng chí đọc", DOCUMENT, "bấm “Đã đọc”"]);
        assert_eq!(inbox.link(&format!("/cb/{cell}/tai-lieu/")), page);
        lan.get("/toi/tin").await.is(200).says(&["Chưa có tin nào"]).says_not(&[DOCUMENT]);
        // To have opened it is not to have said it was read.
        anh.get(&page).await.is(200);
        anh.get("/toi/tin").await.is(200).says(&[DOCUMENT]);
        anh.post(&page, &[]).await.is(303);
        anh.get("/toi/tin").await.is(200).says_not(&[DOCUMENT]);
        dung.get("/toi/tin").await.is(200).says(&[DOCUMENT]);
        // Told once; who comes later is told then.
        assert_eq!(morning(&site, date(2026, 12, 7)), Vec::<String>::new());
        let (hands, nga) = (site.hands("nguyenthiha", cell), site.person("maithinga"));
        site.write(move |tx| {
            members::leave(tx, &hands, sibling, nga, date(2026, 12, 7))?;
            members::join(tx, &hands, cell, nga, Standing::Official, date(2026, 12, 7), None)?;
            Ok(())
        });
        assert_eq!(morning(&site, date(2026, 12, 8)), ["maithinga document=1"]);
        // Its new edition is something new; the old one is named no more.
        let (clerk, dung) = (site.sign_in("hothiclerk").await, site.sign_in("vungocdung").await);
        let new = at(clerk.post(&format!("{draft}/thay-the"), &[]).await);
        issue(&clerk, &new).await.is(303);
        dung.get("/toi/tin").await.is(200).says_not(&[&page]);
        assert_eq!(morning(&site, date(2026, 12, 9)).len(), 11);
        let stored = site.write(|tx| Ok(tx.all::<(String,)>("select counts from message", values![])?));
        assert!(stored.iter().all(|(c,)| c == "document=1"), "{stored:?}");
    });
}

#[test]
fn an_orientation_is_told_to_who_leads_until_the_month_is_prepared_with_it() {
    each(|site| async move {
        let (committee, cell, sibling) = (site.cast.committee, site.cast.cell, site.cast.sibling);
        site.at(date(2026, 11, 26).at(15, 0, 0, 0));
        let (clerk, lan) = (site.sign_in("hothiclerk").await, site.sign_in("phanthilan").await);
        // One cell prepares already.
        let late = prepare(&lan, sibling, "2026-tk-12").await;
        let draft = orientation(&clerk, committee, "2026-tk-12").await;
        assert_eq!(morning(&site, date(2026, 11, 27)), Vec::<String>::new(), "a draft is nobody's");
        let clerk = site.sign_in("hothiclerk").await;
        issue(&clerk, &draft).await.is(303);
        let id = draft.rsplit('/').next().unwrap().to_owned();
        assert_eq!(morning(&site, date(2026, 11, 30)), ["nguyenthiha orientation=1", "phanthilan orientation=1"]);
        let (ha, lan) = (site.sign_in("nguyenthiha").await, site.sign_in("phanthilan").await);
        let words = ["1 định hướng mới của cấp trên để chuẩn bị sinh hoạt", "Định hướng sinh hoạt tháng 12 năm 2026"];
        let inbox = ha.get("/toi/tin").await.is(200).says(&words).says(&["Đọc trước khi chuẩn bị"]);
        assert_eq!(inbox.link(&format!("/cb/{cell}/tai-lieu/")), format!("/cb/{cell}/tai-lieu/{id}"));
        let inbox = lan.get("/toi/tin").await.is(200).says(&words).says(&["đưa nội dung vào chương trình"]);
        assert_eq!(inbox.link(&format!("/cb/{sibling}/buoi/")), format!("{late}/chuan-bi#cap-tren"));
        site.sign_in("leminhduc").await.get("/toi/tin").await.is(200).says(&["Chưa có tin nào"]);
        // Once it stands in the preparation there is nothing left to tell.
        prepare(&ha, cell, "2026-tk-12").await;
        ha.get("/toi/tin").await.is(200).says_not(&[words[1]]);
        lan.post(&format!("{late}/dinh-huong"), &[]).await.is(303);
        lan.get("/toi/tin").await.is(200).says_not(&[words[1]]);
        assert_eq!(morning(&site, date(2026, 12, 1)), Vec::<String>::new());
    });
}

#[test]
fn a_cell_that_moved_is_told_of_what_stands_above_it_now() {
    each(|site| async move {
        let (committee, cell) = (site.cast.committee, site.cast.cell);
        let (a, b) =
            (found_org(&site, committee, "Đảng bộ bộ phận A", false), found_org(&site, committee, "Đảng bộ bộ phận B", false));
        relocate(&site, committee, cell, a, date(2026, 10, 1));
        site.at(date(2026, 12, 3).at(15, 0, 0, 0));
        let sent: Vec<RowId> = [(a, "Tài liệu của A"), (b, "Tài liệu của B")]
            .into_iter()
            .map(|(from, title)| send(&site, from, GuidanceKind::Document, title))
            .collect();
        let told = morning(&site, date(2026, 12, 4));
        assert_eq!((told.len(), told.iter().all(|t| t.ends_with(" document=1"))), (12, true), "{told:?}");
        let anh = site.sign_in("lethianh").await;
        anh.get("/toi/tin").await.is(200).says(&["Tài liệu của A"]).says_not(&["Tài liệu của B"]);
        relocate(&site, committee, cell, b, date(2026, 12, 5));
        anh.get("/toi/tin").await.is(200).says_not(&["Tài liệu của A"]);
        assert_eq!(morning(&site, date(2026, 12, 7)).len(), 12);
        let anh = site.sign_in("lethianh").await;
        let inbox = anh.get("/toi/tin").await.is(200).says(&["Tài liệu của B"]);
        assert_eq!(inbox.link(&format!("/cb/{cell}/tai-lieu/")), format!("/cb/{cell}/tai-lieu/{}", sent[1]));
        // Beside a task they make one message.
        let hands = site.hands("nguyenthiha", cell);
        let key = PeriodKey::regular(2026, 12).unwrap();
        stage::prepared(&site, cell, "nguyenthiha", MeetingKind::Regular, hands.today(), &[key]);
        send(&site, b, GuidanceKind::Orientation, "Định hướng của B");
        send(&site, b, GuidanceKind::Document, "Tài liệu nữa của B");
        let told = morning(&site, date(2026, 12, 8));
        assert!(told.contains(&"nguyenthiha orientation=1 document=1".to_owned()), "{told:?}");
        assert!(told.contains(&"lethianh document=1".to_owned()), "{told:?}");
    });
}
