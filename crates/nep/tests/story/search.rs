//! Searching: what one may see is found, nothing else is, and what is kept while people work is what
//! would be made anew (M14, P-10, experience.md 8).

use std::sync::Arc;

use db::values;
use domain::code::Code;
use domain::id::OrgId;
use domain::meeting::MeetingKind;
use domain::note::{Draft, NoteKind, NoteState};
use domain::numbering::DocKind;
use domain::resolution::{ResolutionState, TaskDraft};
use domain::search::{Kind, Need};
use jiff::civil::{Date, date};
use nep::account::store::set_setting;
use nep::ledger::store::{self as ledger, Sealing};
use nep::member::store::{self as members, NewPerson};
use nep::note::store as notes;
use nep::resolution::store::{self as resolutions, Text};
use nep::search::store::{self as search, Doc, source};
use nep::task::store as tasks;
use nep::topic::store as topics;

use crate::site::{Site, each};
use crate::stage;

const DAY: Date = date(2026, 11, 3);

/// A meeting of the cell with a resolution in force, one task, sealed minutes.
fn decided(site: &Arc<Site>, org: OrgId, chair: &str, kind: MeetingKind, about: &str) {
    let meeting = stage::prepared(site, org, chair, kind, DAY, &[]);
    let hands = site.hands(chair, org);
    let about = about.to_owned();
    site.write(move |tx| {
        let text = Text {
            title: format!("về {about}"),
            assessment: "Đánh giá kết quả tháng trước.".to_owned(),
            direction: format!("Tập trung {about} trong quý IV."),
            organising: "Chi ủy theo dõi.".to_owned(),
        };
        let id = resolutions::create(tx, &hands, org, meeting, &text)?;
        let task = TaskDraft {
            content: format!("Lập kế hoạch {about}"),
            measure: "Họp tổ hằng tuần".to_owned(),
            ..TaskDraft::default()
        };
        tasks::add(tx, &hands, org, id, meeting, &task)?;
        let draft = resolutions::get(tx, org, id)?;
        resolutions::save_state(tx, &hands, &draft, ResolutionState::Adopted, None, None)?;
        tasks::put_in_force(tx, &hands, org, id, true)?;
        let new = Sealing {
            kind: DocKind::Minutes,
            issued_on: DAY,
            title: format!("Sinh hoạt bàn {about}"),
            content: "{}".to_owned(),
            meeting: Some(meeting),
            corrects: None,
        };
        ledger::seal(tx, &hands, org, &new)?;
        Ok(())
    });
}

/// A row of the index: owner, kind, object, right, person, day, path, title, text.
type Found = (i64, String, i64, String, Option<i64>, String, String, String, String);

/// Everything that may be found, as rows, and how many answers a few questions get.
fn whole(site: &Arc<Site>) -> Vec<String> {
    site.app
        .db
        .read_now(|tx| {
            let rows: Vec<Found> = tx.all(
                "select org_id, kind, object_id, need, person_id, on_date, path, title, body from search_doc
                 order by org_id, kind, object_id",
                &[],
            )?;
            Ok::<_, db::Error>(rows.into_iter().map(|r| format!("{r:?}")).collect())
        })
        .unwrap()
}

fn forget(site: &Arc<Site>) {
    site.write(|tx| {
        tx.exec("delete from search_doc", &[])?;
        tx.exec("delete from search_words", &[])?;
        Ok(())
    });
}

#[test]
fn a_member_finds_what_the_cell_did_and_nobody_above_finds_its_content() {
    each(|site| async move {
        let cast = site.cast;
        decided(&site, cast.cell, "nguyenthiha", MeetingKind::Regular, "chuyển đổi số");
        decided(&site, cast.cell, "nguyenthiha", MeetingKind::Committee, "quy hoạch cán bộ");
        decided(&site, cast.sibling, "phanthilan", MeetingKind::Regular, "chuyển đổi số ngành thanh tra");
        let (anh, ha) = (site.sign_in("lethianh").await, site.sign_in("nguyenthiha").await);
        let (lan, lam) = (site.sign_in("phanthilan").await, site.sign_in("tranvanlam").await);
        for asked in ["chuyen+doi+so", "CHUYỂN+ĐỔI+SỐ", "chuy%E1%BB%83n"] {
            let page = anh.get(&format!("/tim?q={asked}")).await.is(200);
            page.says(&["3 kết quả", "Sinh hoạt bàn <mark>", "Nghị quyết về <mark>", "Lập kế hoạch <mark>", "03/11/2026"]);
            anh.get(&format!("/tim?q={asked}")).await.says_not(&["thanh tra"]);
        }
        lan.get("/tim?q=chuyen+doi+so").await.is(200).says(&["3 kết quả", "thanh tra"]);
        // The committee above reads figures, not content; the administrator neither.
        for login in ["tranvanlam", "hothiclerk", "quantrivien"] {
            let other = site.sign_in(login).await;
            other.get("/tim?q=chuyen+doi+so").await.is(200).says(&["Không tìm thấy"]).says_not(&["Lập kế hoạch"]);
        }
        // What the cell's own committee decided is for its leaders.
        anh.get("/tim?q=quy+hoach").await.is(200).says(&["Không tìm thấy"]);
        ha.get("/tim?q=quy+hoach").await.is(200).says(&["3 kết quả"]);
        // Filters stand in the address; a kind, a year, an organisation.
        anh.get("/tim?q=chuyen+doi+so&loai=task").await.is(200).says(&["1 kết quả", "Lập kế hoạch"]).says_not(&["Sinh hoạt bàn"]);
        anh.get("/tim?q=chuyen+doi+so&nam=2025").await.is(200).says(&["Không tìm thấy", "Bỏ điều kiện lọc"]);
        anh.get(&format!("/tim?q=chuyen+doi+so&to_chuc={}", cast.sibling)).await.is(200).says(&["Không tìm thấy"]);
        // People by who sees the list of members; organisations by who sees their figures.
        ha.get("/tim?q=trinh+cong").await.is(200).says(&["1 kết quả", &format!("/cb/{}/dang-vien/", cast.cell)]);
        anh.get("/tim?q=trinh+cong").await.is(200).says(&["Không tìm thấy"]);
        lan.get("/tim?q=trinh+cong").await.is(200).says(&["Không tìm thấy"]);
        lam.get("/tim?q=trinh+cong").await.is(200).says(&["1 kết quả"]);
        lam.get("/tim?q=thanh+tra").await.is(200).says(&["1 kết quả", &format!("/tc/{}", cast.sibling)]);
        anh.get("/tim?q=thanh+tra").await.is(200).says(&["Không tìm thấy"]);
        // Nothing asked, nonsense asked, marks of the page's own language asked.
        for asked in ["", "%22%29+OR+1", "...", "&trang=99", "a&trang=x&nam=y&to_chuc=z&loai=w"] {
            anh.get(&format!("/tim?q={asked}")).await.is(200);
        }
        anh.get("/tim?q=%3Cscript%3E").await.is(200).says_not(&["<script>"]);
        site.browser().get("/tim?q=x").await.is(303);
    });
}

#[test]
fn what_was_written_exactly_comes_first_and_what_changes_is_found_as_it_is() {
    each(|site| async move {
        let cell = site.cast.cell;
        let (ha, anh) = (site.hands("nguyenthiha", cell), site.hands("lethianh", cell));
        let (first, second) = (anh.clone(), anh.clone());
        let topic = site.write(move |tx| {
            topics::propose(tx, &first, cell, 2027, "Mã số hồ sơ", "Quy hoạch")?;
            Ok(topics::propose(tx, &second, cell, 2026, "Ma trận hồ sơ", "Cách làm mới")?)
        });
        let browser = site.sign_in("lethianh").await;
        let order = async |asked: &str| {
            let page = browser.get(&format!("/tim?q={asked}")).await.is(200);
            let at = |words: &str| page.body.find(words).unwrap_or(usize::MAX);
            at("<mark>Ma</mark> trận hồ sơ") < at("<mark>Mã</mark> số hồ sơ")
        };
        // Both are found however it is typed; what was typed comes first, then the newer.
        assert!(order("ma").await);
        assert!(!order("m%C3%A3").await);
        site.write(move |tx| {
            let now = topics::get(tx, cell, topic)?;
            Ok(topics::save(tx, &anh, &now, domain::topic::TopicState::Withdrawn, (None, None))?)
        });
        browser.get("/tim?q=ma+tran+ho+so").await.is(200).says(&["Không tìm thấy"]);
        // A note is its member's own; a corrected name is found by the new one only.
        let dung = site.person("vungocdung");
        let hands = ha.clone();
        site.write(move |tx| {
            let draft = Draft {
                kind: NoteKind::Criticism,
                body: "Nộp báo cáo chậm".to_owned(),
                remedy: "Nộp trước ngày 25".to_owned(),
                deadline: Some(date(2026, 11, 25)),
                on: DAY,
            };
            notes::add(tx, &hands, cell, dung, &draft, NoteState::Open, (None, None))?;
            Ok(())
        });
        site.sign_in("vungocdung").await.get("/tim?q=bao+cao+cham").await.is(200).says(&["1 kết quả", "/toi/ghi-nhan/"]);
        let secretary = site.sign_in("nguyenthiha").await;
        secretary.get("/tim?q=bao+cao+cham").await.is(200).says(&["Không tìm thấy"]);
        let an = site.person("phamvanan");
        let before = whole(&site);
        site.write(move |tx| {
            let version: i64 = tx.scalar("select version from person where person_id = $1", values![an])?;
            let new = NewPerson { name: "Phạm Văn Khoan".to_owned(), ..NewPerson::default() };
            Ok(members::file::correct(tx, &ha, cell, an, &new, version)?)
        });
        secretary.get("/tim?q=pham+van+khoan").await.is(200).says(&["1 kết quả"]);
        secretary.get("/tim?q=pham+van+an&loai=person").await.is(200).says(&["Không tìm thấy"]);
        assert_ne!(before, whole(&site));
    });
}

#[test]
fn what_is_kept_is_what_would_be_made_anew() {
    each(|site| async move {
        decided(&site, site.cast.cell, "nguyenthiha", MeetingKind::Regular, "chuyển đổi số");
        decided(&site, site.cast.sibling, "phanthilan", MeetingKind::Regular, "chuyển đổi số");
        // What goes to others is kept likewise: out, and in hand.
        crate::library::published(&site, &[]).await;
        let clerk = site.sign_in("hothiclerk").await;
        for month in ["2026-tk-12", "2027-tk-1"] {
            let draft = crate::guidance::orientation(&clerk, site.cast.committee, month).await;
            if month == "2026-tk-12" {
                crate::guidance::issue(&clerk, &draft).await.is(303);
            }
        }
        // While there is no whole index the page says so.
        let browser = site.sign_in("lethianh").await;
        browser.get("/tim?q=chuyen+doi+so").await.is(200).says(&["Kết quả có thể chưa đủ"]);
        let db = site.app.db.clone();
        tokio::task::spawn_blocking(move || source::ensure(&db, &|| true)).await.unwrap().unwrap();
        browser.get("/tim?q=chuyen+doi+so").await.is(200).says_not(&["Kết quả có thể chưa đủ"]);
        let kept = whole(&site);
        for kind in Kind::ALL.iter().filter(|k| !matches!(k, Kind::Document | Kind::Topic | Kind::Note)) {
            assert!(kept.iter().any(|row| row.contains(&format!("\"{}\"", kind.code()))), "{kind}: {kept:#?}");
        }
        assert!(kept.len() > 20, "{kept:#?}");
        let asked = browser.get("/tim?q=chuyen+doi+so").await.is(200).body;
        for begin in [false, true] {
            if begin {
                forget(&site);
                browser.get("/tim?q=chuyen+doi+so").await.is(200).says(&["Không tìm thấy"]);
            }
            let db = site.app.db.clone();
            let n = tokio::task::spawn_blocking(move || source::rebuild(&db, &|| true)).await.unwrap().unwrap();
            assert_eq!((n, whole(&site)), (kept.len(), kept.clone()));
            let pieces = |tx: &mut db::Tx| match tx.engine() {
                db::Engine::Sqlite => tx.scalar("select count(distinct segid) from search_words_idx", &[]),
                db::Engine::Postgres => Ok(1i64),
            };
            assert_eq!(site.app.db.read_now(pieces).unwrap(), 1, "the index is one piece");
            let again = browser.get("/tim?q=chuyen+doi+so").await.is(200).body;
            let results = |body: &str| body.split("<main").nth(1).unwrap().to_owned();
            assert_eq!(results(&again), results(&asked));
        }
        // A row whose object is gone goes with it.
        let cell = site.cast.cell;
        let stray = Doc {
            org: cell,
            kind: Kind::Task,
            object: 77,
            need: Need::Read,
            person: None,
            on: None,
            under: None,
            path: "/x".to_owned(),
            title: "Chuyển đổi số".to_owned(),
            body: String::new(),
        };
        site.write(move |tx| Ok(search::put(tx, &stray)?));
        browser.get("/tim?q=chuyen+doi+so").await.is(200).says(&["5 kết quả"]);
        let db = site.app.db.clone();
        tokio::task::spawn_blocking(move || source::rebuild(&db, &|| true)).await.unwrap().unwrap();
        assert_eq!(whole(&site), kept);
        // An index of an earlier form is made anew at the start, one of this form is left alone.
        forget(&site);
        for (form, n) in [(None, 0), (Some("1"), kept.len())] {
            if let Some(form) = form {
                site.write(move |tx| Ok(set_setting(tx, "search", form)?));
            }
            let db = site.app.db.clone();
            tokio::task::spawn_blocking(move || source::ensure(&db, &|| true)).await.unwrap().unwrap();
            assert_eq!(whole(&site).len(), n, "{form:?}");
        }
        assert_eq!(whole(&site), kept);
        // What a whole house was made of in one transaction is found when the index has been made; told to stop, it
        // goes on the next time.
        let (db, cell) = (site.app.db.clone(), site.cast.cell);
        let bulk = move || {
            db.write_now_bulk(|tx| {
                source::put_off(tx)?;
                tx.exec("update task set content = 'Gieo trồng xen canh' where org_id = $1", db::values![cell])?;
                let tasks: Vec<(i64,)> = tx.all("select task_id from task where org_id = $1", db::values![cell])?;
                tasks.iter().try_for_each(|(task,)| source::refresh(tx, cell, Kind::Task, *task))
            })?;
            Ok::<_, db::Error>(db)
        };
        let db = tokio::task::spawn_blocking(bulk).await.unwrap().unwrap();
        for (goes_on, n) in [(false, 0), (true, 1)] {
            let db = db.clone();
            tokio::task::spawn_blocking(move || source::ensure(&db, &|| goes_on)).await.unwrap().unwrap();
            let found = whole(&site).iter().filter(|row| row.contains("xen canh")).count();
            assert_eq!(found, n, "{goes_on}");
        }
    });
}
