//! The technical administrator sees how the installation is: figures and what to do, no content, no
//! name of a member, no place on the machine (P-19, P-25).

use db::values;
use jiff::ToSpan;
use jiff::civil::date;
use nep::actor::Clock;
use nep::audit::store as audit;
use nep::system::store;

use crate::holding::hold;
use crate::site::each;

#[test]
fn the_administrator_sees_the_health_of_the_system_and_nobody_else_does() {
    each(|site| async move {
        hold(&site).await;
        let admin = site.sign_in("quantrivien").await;
        let address = format!("/tc/{}/he-thong", site.cast.committee);
        admin.get("/").await.is(200).says(&[&format!("href=\"{address}\""), "Tình trạng hệ thống", ">Hệ thống<"]);
        let page = admin.get(&address).await.is(200);
        let page = page.says(&[
            "Tình trạng hệ thống",
            "Phiên bản",
            "Chưa kiểm tra lần nào",
            "Gói quy định",
            "mẫu thể thức HD05-2026",
            "Đồng hồ",
            "15:40 ngày 03/12/2026",
            "Sao lưu",
            "20 tài khoản, 0 đang khóa; 2 phiên đang mở",
            "Sổ cái văn bản",
            "Nhật ký",
            "Vào qua http://nep.test, không có TLS",
            "aria-current=\"page\">Hệ thống<",
        ]);
        // Nobody's name, nothing that was said, no place on the machine.
        let names: Vec<String> = site
            .write(|tx| Ok(tx.all::<(String,)>("select name from person", values![])?))
            .into_iter()
            .map(|r| r.0)
            .filter(|n| n != "Quản Trị Viên")
            .collect();
        assert_eq!(names.len(), 19);
        let mut hidden: Vec<String> =
            ["Nhất trí", "Kế hoạch quý I", "Đề nghị rõ thời hạn", "Sinh hoạt thường kỳ", "/tmp", "postgres://"]
                .map(str::to_owned)
                .to_vec();
        hidden.extend(site.app.db.file().map(|file| file.file_name().unwrap().to_string_lossy().into_owned()));
        for word in names.iter().chain(&hidden) {
            assert!(!page.body.contains(word), "{word}");
        }
        for login in ["nguyenthiha", "tranvanlam", "hothiclerk", "lethianh"] {
            let other = site.sign_in(login).await;
            other.get(&address).await.is(404);
            other.post(&address, &[]).await.is(404);
            other.get("/").await.is(200).says_not(&["/he-thong"]);
        }
    });
}

#[test]
fn a_check_is_remembered_and_an_old_backup_is_warned_of() {
    each(|site| async move {
        let admin = site.sign_in("quantrivien").await;
        let address = format!("/tc/{}/he-thong", site.cast.committee);
        let to = admin.post(&address, &[]).await.is(303).to;
        admin.get(&to).await.is(200).says(&["Đã kiểm tra tệp dữ liệu.", "Toàn vẹn, kiểm tra lúc 09:00 ngày 22/11/2026"]);
        let made = site.clock.now();
        site.write(move |tx| Ok(store::note_backup(tx, made, "/srv/sao-luu/nep-2211.db")?));
        let sqlite = site.app.db.file().is_some();
        let backup = |aged: &'static str| if sqlite { aged } else { "Do PostgreSQL đảm nhiệm" };
        admin.get(&address).await.is(200).says(&[backup("Bản gần nhất 09:00 ngày 22/11/2026.")]).says_not(&["/srv", "nep-2211"]);
        site.at(date(2026, 11, 30).at(10, 0, 0, 0));
        let admin = site.sign_in("quantrivien").await;
        let page = admin.get(&address).await.is(200).says(&[backup("đã 8 ngày")]);
        assert_eq!(page.body.contains("Bản sao lưu đã cũ quá 7 ngày"), sqlite);
        page.says_not(&["/srv"]);
        // A clock that was set back shows.
        let (hands, org) = (site.hands("quantrivien", site.cast.committee), site.cast.committee);
        site.write(move |tx| Ok(audit::record(tx, &hands, org, "test.event", "x", "")?));
        let back = made.checked_sub(48.hours()).unwrap();
        site.clock.set(back);
        let admin = site.sign_in("quantrivien").await;
        // The server of the tests trades safety for speed, and the page says so.
        let unsafe_server = site.app.db.keeping().unwrap().is_some_and(|k| !k.disk);
        let wrong = if unsafe_server { "2 mục có lỗi" } else { "1 mục có lỗi" };
        let page = admin.get(&address).await.is(200).says(&["sớm hơn việc đã ghi lúc", wrong]);
        assert_eq!(page.body.contains("PostgreSQL không chờ ổ đĩa"), unsafe_server);
    });
}
