//! Lists of members as offices keep them: previewed, accepted, undone; bad files; many cells at once.
//! Rules: experience.md "Preview before import", P-10, P-17, ST-01.

use std::sync::Arc;
use std::time::Instant;

use documents::xlsx_out::{Cell, Sheet, SheetColumn, xlsx};
use domain::id::OrgId;
use domain::roll::Standing;
use jiff::civil::{Date, date};
use nep::member::store as members;

use crate::site::{Browser, Page, Site, each};

fn text(t: &str) -> Cell {
    Cell::Text(t.to_owned())
}

fn sheet(head: &[&str], rows: Vec<Vec<Cell>>) -> Vec<u8> {
    let columns = head.iter().map(|t| SheetColumn { title: (*t).to_owned(), width: 20.0 }).collect();
    xlsx(&[Sheet { name: "DS".to_owned(), columns, rows }]).unwrap()
}

/// A list as it is kept: titles above, a heading in its own spelling, dates in every form, a total below.
fn messy() -> Vec<u8> {
    let nothing = || text("");
    let rows = vec![
        vec![nothing(), text("DANH SÁCH ĐẢNG VIÊN CHI BỘ VĂN PHÒNG"), nothing(), nothing(), nothing(), nothing()],
        vec![nothing(); 6],
        vec![
            text("TT"),
            text("Họ và tên"),
            text("Ngày, tháng, năm sinh"),
            text("Ngày vào Đảng"),
            text("Số thẻ ĐV"),
            text("Ghi chú"),
        ],
        // Known: name, year and day of admission are the same.
        vec![Cell::Int(1), text("NGUYỄN THỊ HÀ"), text("1980"), text("03.02.2005"), nothing(), nothing()],
        // New, in NFD, with a card number that lost its zero and an Excel date.
        vec![
            Cell::Int(2),
            text("đinh thi\u{323} tám"),
            Cell::Int(1990),
            Cell::Date(date(2019, 5, 19)),
            Cell::Int(1_234_567),
            nothing(),
        ],
        // New, a day that does not exist.
        vec![Cell::Int(3), text("Lưu Văn Chín"), text("12/1975"), text("30/02/1999"), nothing(), nothing()],
        vec![nothing(); 6],
        // Known by name only: somebody has to say.
        vec![Cell::Int(4), text("Lê Minh Đức"), text("1980"), text("01/07/2010"), text("00765432"), nothing()],
        // New and probationary by the remark.
        vec![Cell::Int(5), text("Kiều Thị Mười"), text("15-3-1999"), Cell::Int(46_000), nothing(), text("Đảng viên dự bị")],
        // The same row again.
        vec![Cell::Int(5), text("Kiều Thị Mười"), text("15-3-1999"), Cell::Int(46_000), nothing(), nothing()],
        vec![text("Tổng cộng: 5 đồng chí"), nothing(), nothing(), nothing(), nothing(), nothing()],
    ];
    sheet(&["SỞ XÂY DỰNG", "", "", "", "", ""], rows)
}

async fn upload(browser: &Browser, base: &str, name: &str, bytes: &[u8]) -> Page {
    browser.upload(base, &[("tu_ngay", "01/11/2026")], "tep", name, bytes).await
}

fn count(site: &Arc<Site>, sql: &'static str) -> i64 {
    site.write(move |tx| Ok(tx.scalar(sql, &[])?))
}

const PEOPLE: &str = "select count(*) from person";

/// Names, standings and numbers of a cell's members.
fn roster(site: &Arc<Site>, org: OrgId, on: Date) -> Vec<(String, Standing, i64)> {
    site.write(move |tx| Ok(members::roster(tx, org, on)?.into_iter().map(|m| (m.name, m.standing, m.number)).collect()))
}

fn admit_ha(site: &Arc<Site>) {
    let ha = site.person("nguyenthiha");
    site.write(move |tx| {
        tx.exec("update person set admitted_on = '2005-02-03' where person_id = $1", db::values![ha])?;
        Ok(())
    });
}

#[test]
fn a_messy_list_is_previewed_accepted_and_undone() {
    each(|site| async move {
        admit_ha(&site);
        let cell = site.cast.cell;
        let base = format!("/cb/{cell}/dang-vien/nhap");
        let ha = site.sign_in("nguyenthiha").await;
        let people = count(&site, PEOPLE);
        let preview = upload(&ha, &base, "ds.xlsx", &messy()).await.is(303).to;
        let page = ha.get(&preview).await.is(200);
        let page = page.says(&[
            "Mới: 2<",
            "Không đổi: 1<",
            "Cần quyết định: 1<",
            "Lỗi: 1<",
            "Đinh Thị Tám",
            "01234567",
            "thêm thành 01234567",
            "30/02/1999",
            "Lặp lại dòng",
            "Theo cột Ghi chú",
            "Là đồng chí Lê Minh Đức",
            "Cột không nhập: Ghi chú",
        ]);
        page.says_not(&["Tổng cộng"]);
        assert_eq!(count(&site, PEOPLE), people, "a preview wrote something");
        ha.get(&format!("{preview}?xem=loi")).await.is(200).says(&["Lưu Văn Chín"]).says_not(&["Kiều Thị Mười"]);
        let accept = format!("{preview}/nhan");
        ha.post(&accept, &[]).await.is(422).says(&["chưa chọn"]);
        assert_eq!(count(&site, PEOPLE), people);
        let duc = site.person("leminhduc").to_string();
        let row = "dong_9";
        ha.post(&accept, &[(row, &duc)]).await.is(303);
        ha.post(&accept, &[(row, &duc)]).await.is(404);
        let after = roster(&site, cell, date(2026, 11, 22));
        assert_eq!(after.len(), 14);
        assert!(after.contains(&("Đinh Thị Tám".to_owned(), Standing::Official, 13)), "{after:?}");
        assert!(after.contains(&("Kiều Thị Mười".to_owned(), Standing::Probationary, 14)), "{after:?}");
        assert_eq!(roster(&site, cell, date(2026, 10, 31)).len(), 12);
        let card = "select count(*) from person where card_number = '00765432' and folded = 'le minh duc'";
        assert_eq!(count(&site, card), 1);
        ha.get(&preview).await.is(200).says(&["Hoàn tác lần nhập này", "Đồng chí mới"]);
        // The same file again: nothing new but what was wrong.
        let again = upload(&ha, &base, "ds.xlsx", &messy()).await.is(303).to;
        ha.get(&again).await.is(200).says(&["Mới: 0<", "Không đổi: 4<", "Lỗi: 1<", "Không có gì mới để ghi"]);
        ha.post(&format!("{again}/bo"), &[]).await.is(303);
        ha.post(&format!("{preview}/hoan"), &[]).await.is(303);
        assert_eq!(count(&site, PEOPLE), people);
        assert_eq!(roster(&site, cell, date(2026, 11, 22)).len(), 12);
        assert_eq!(count(&site, card), 0);
        ha.post(&format!("{preview}/hoan"), &[]).await.is(422);
        ha.get(&base).await.is(200).says(&["ds.xlsx", "Đã hoàn tác", "Đã bỏ"]);
    });
}

#[test]
fn what_was_built_upon_is_not_taken_back() {
    each(|site| async move {
        let base = format!("/cb/{}/dang-vien/nhap", site.cast.cell);
        let ha = site.sign_in("nguyenthiha").await;
        let list = |name: &str| sheet(&["Họ và tên", "Năm sinh"], vec![vec![text(name), Cell::Int(1991)]]);
        let accept = |name: &'static str| {
            let (ha, base) = (&ha, &base);
            async move {
                let at = upload(ha, base, "ds.xlsx", &list(name)).await.is(303).to;
                ha.post(&format!("{at}/nhan"), &[]).await.is(303);
                at
            }
        };
        // Edited afterwards.
        let edited = accept("Đinh Thị Tám").await;
        let id: i64 = count(&site, "select person_id from person where folded = 'dinh thi tam'");
        let file = format!("/cb/{}/dang-vien/{id}", site.cast.cell);
        ha.post(&format!("{file}/sua"), &[("ho_ten", "Đinh Thị Tám"), ("nam_sinh", "1992"), ("version", "1"), ("stt", "13")])
            .await
            .is(303);
        ha.get(&edited).await.is(200).says(&["Hồ sơ đồng chí Đinh Thị Tám đã được sửa"]).says_not(&["Hoàn tác lần nhập này"]);
        ha.post(&format!("{edited}/hoan"), &[]).await.is(422).says(&["đã được sửa"]);
        // Called at a meeting.
        let rolled = accept("Lưu Văn Chín").await;
        let cell = site.cast.cell;
        site.write(move |tx| {
            let sql = "insert into roll (org_id, meeting_id, person_id, number, name, sort_key, standing, official, leader)
                select org_id, 5, person_id, number, name, sort_key, standing, 1, 0 from membership where org_id = $1 and number = 14";
            assert_eq!(tx.exec(sql, db::values![cell])?, 1);
            Ok(())
        });
        ha.post(&format!("{rolled}/hoan"), &[]).await.is(422).says(&["Đồng chí Lưu Văn Chín đã có trong danh sách điểm danh"]);
        // A day later.
        let late = accept("Kiều Thị Mười").await;
        site.at(date(2026, 11, 23).at(9, 1, 0, 0));
        let ha = site.sign_in("nguyenthiha").await;
        ha.post(&format!("{late}/hoan"), &[]).await.is(422).says(&["quá 24 giờ"]);
        assert_eq!(roster(&site, cell, date(2026, 11, 23)).len(), 15);
    });
}

#[test]
fn a_list_that_changed_since_the_preview_is_not_accepted() {
    each(|site| async move {
        let base = format!("/cb/{}/dang-vien/nhap", site.cast.cell);
        let ha = site.sign_in("nguyenthiha").await;
        let list = sheet(&["Họ và tên", "Năm sinh"], vec![vec![text("Đinh Thị Tám"), Cell::Int(1991)]]);
        let at = upload(&ha, &base, "ds.xlsx", &list).await.is(303).to;
        ha.post(&format!("/cb/{}/dang-vien/them", site.cast.cell), &[("ho_ten", "Đinh Thị Tám"), ("nam_sinh", "1991")])
            .await
            .is(303);
        ha.post(&format!("{at}/nhan"), &[]).await.is(422).says(&["đã thay đổi sau khi đồng chí xem trước"]);
        assert_eq!(count(&site, "select count(*) from person where folded = 'dinh thi tam'"), 1);
    });
}

#[test]
fn a_bad_file_is_one_sentence_and_nothing_written() {
    each(|site| async move {
        let base = format!("/cb/{}/dang-vien/nhap", site.cast.cell);
        let ha = site.sign_in("nguyenthiha").await;
        let macro_file = {
            let mut bytes = b"PK\x03\x04".to_vec();
            bytes.extend_from_slice(&[0; 200]);
            bytes
        };
        let nameless = sheet(&["STT", "Nội dung"], vec![vec![Cell::Int(1), text("Mua giấy")]]);
        let cases: [(&str, &[u8], &str); 6] = [
            ("a.pdf", b"%PDF-1.7 \xff\xfe\x00\x01", "Chưa ghi gì"),
            ("a.xlsx", &macro_file, "Chưa ghi gì"),
            ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 0123456789", "Chưa ghi gì"),
            ("a.xlsx", &nameless, "Không tìm thấy cột “Họ và tên”"),
            ("a.csv", b"Ho va ten,Nam sinh\n", "không có đảng viên nào"),
            ("a.csv", "Họ và tên;Năm sinh\n".as_bytes(), "không có đảng viên nào"),
        ];
        let people = count(&site, PEOPLE);
        for (name, bytes, words) in cases {
            upload(&ha, &base, name, bytes).await.is(422).says(&[words, "errsum"]);
        }
        ha.post(&base, &[("tu_ngay", "01/11/2026")]).await.is(422).says(&["Hãy chọn tệp"]);
        assert_eq!(count(&site, PEOPLE), people);
        assert_eq!(count(&site, "select count(*) from import_batch"), 0);
    });
}

#[test]
fn a_committee_imports_for_its_cells_and_founds_what_is_missing() {
    each(|site| async move {
        let (committee, cell, sibling) = (site.cast.committee, site.cast.cell, site.cast.sibling);
        let base = format!("/tc/{committee}/nhap");
        let clerk = site.sign_in("hothiclerk").await;
        let csv = "\u{feff}Họ tên;Năm sinh;Chi bộ;Chức vụ Đảng\n\
            Đinh Thị Tám;1990;CB Văn phòng;\n\
            Lưu Văn Chín;1975;thanh tra;Chi ủy viên\n\
            Phan Thị Lan;1980;Chi bộ Văn phòng;Bí thư\n\
            Kiều Thị Mười;1999;Quy hoạch;Bí thư chi bộ\n\
            Mã Văn Hai;1988;;\n";
        let none = "Họ tên;Năm sinh\nĐinh Thị Tám;1990\n";
        upload(&clerk, &base, "a.csv", none.as_bytes()).await.is(422).says(&["không có cột “Chi bộ”"]);
        let at = upload(&clerk, &base, "a.csv", csv.as_bytes()).await.is(303).to;
        clerk.get(&at).await.is(200).says(&["Chưa có “Chi bộ Quy hoạch”", "Thiếu tên chi bộ", "Lập các chi bộ này", "Mới: 2<"]);
        clerk.post(&format!("{at}/lap"), &[]).await.is(303);
        let page = clerk.get(&at).await.is(200).says(&["Sẽ lập 1 chi bộ mới: Chi bộ Quy hoạch", "Mới: 3<", "Lỗi: 1<"]);
        let lan = site.person("phanthilan").to_string();
        page.says(&["Là đồng chí Phan Thị Lan", "Cần quyết định: 1<"]);
        clerk.post(&format!("{at}/nhan"), &[("dong_4", &lan)]).await.is(303);
        let new: OrgId = site.write(|tx| Ok(tx.scalar("select org_id from org_name where name = 'Chi bộ Quy hoạch'", &[])?));
        let day = date(2026, 11, 22);
        assert_eq!(roster(&site, new, day).len(), 1);
        assert_eq!(roster(&site, cell, day).len(), 13);
        // An import moves nobody and gives no post to who stays elsewhere.
        let there = roster(&site, sibling, day);
        assert_eq!(there.len(), 6);
        assert!(there.iter().any(|m| m.0 == "Phan Thị Lan"));
        let posts = |org: OrgId| {
            site.write(move |tx| {
                Ok(nep::org::store::posts_on(tx, org, day)?.into_iter().map(|p| (p.name, p.role)).collect::<Vec<_>>())
            })
        };
        assert_eq!(posts(new), [("Kiều Thị Mười".to_owned(), domain::post::Role::Secretary)]);
        assert!(posts(sibling).contains(&("Lưu Văn Chín".to_owned(), domain::post::Role::Committee)));
        clerk.get(&format!("/tc/{committee}")).await.is(200).says(&["Chi bộ Quy hoạch"]);
        clerk.post(&format!("{at}/hoan"), &[]).await.is(303);
        assert_eq!(roster(&site, cell, day).len(), 12);
        clerk.get(&format!("/tc/{committee}")).await.is(200).says_not(&["Chi bộ Quy hoạch"]);
        // Cells do not import for the committee, nor one another.
        let ha = site.sign_in("nguyenthiha").await;
        ha.get(&base).await.is(404);
        ha.get(&format!("/tc/{cell}/nhap")).await.is(404);
        ha.get(&at).await.is(404);
        clerk.get(&format!("/cb/{committee}/dang-vien/nhap")).await.is(404);
        let lan = site.sign_in("phanthilan").await;
        lan.get(&format!("/cb/{cell}/dang-vien/nhap")).await.is(404);
        // A member of the committee reads the organisation; its office takes lists in.
        let (hands, manh) = (site.hands("hothiclerk", committee), site.person("caovanmanh"));
        let post = domain::post::Role::Committee;
        site.write(move |tx| Ok(nep::org::store::appoint(tx, &hands, committee, manh, post, date(2026, 1, 1), None)?));
        let manh = site.sign_in("caovanmanh").await;
        manh.get(&format!("/tc/{committee}")).await.is(200).says_not(&["/nhap\""]);
        manh.get(&base).await.is(404);
        upload(&manh, &base, "a.csv", csv.as_bytes()).await.is(404);
    });
}

#[test]
fn a_cells_own_list_gives_no_posts_it_may_not_give_and_takes_no_other_cells_rows() {
    each(|site| async move {
        let base = format!("/cb/{}/dang-vien/nhap", site.cast.cell);
        let an = site.sign_in("phamvanan").await;
        let rows = vec![
            vec![text("Đinh Thị Tám"), Cell::Int(1990), text("Chi bộ Văn phòng"), text("Bí thư")],
            vec![text("Lưu Văn Chín"), Cell::Int(1975), text("Chi bộ Thanh tra"), text("")],
        ];
        let list = sheet(&["Họ và tên", "Năm sinh", "Chi bộ", "Chức vụ trong Đảng"], rows);
        let at = upload(&an, &base, "ds.xlsx", &list).await.is(303).to;
        an.get(&at).await.is(200).says(&["do cấp ủy cấp trên ghi; không nhập", "không phải chi bộ này", "Mới: 1<", "Lỗi: 1<"]);
        an.post(&format!("{at}/nhan"), &[]).await.is(303);
        let posts = count(
            &site,
            "select count(*) from post t join person p on p.person_id = t.person_id where p.folded = 'dinh thi tam'",
        );
        assert_eq!(posts, 0);
        assert_eq!(count(&site, "select count(*) from person where folded = 'luu van chin'"), 0);
    });
}

/// Prints how long 5,000 rows take; no assertion on time, machines differ.
#[test]
fn five_thousand_rows_are_previewed_and_taken_in() {
    each(|site| async move {
        let base = format!("/cb/{}/dang-vien/nhap", site.cast.cell);
        let ha = site.sign_in("nguyenthiha").await;
        let row = |n: i64| {
            let name = format!("Nguyễn Văn {}{}", ["An", "Bình", "Chi", "Dũng"][usize::try_from(n % 4).unwrap()], letters(n));
            let admitted = Cell::Date(date(2000, 1, 1).checked_add(jiff::Span::new().days(n)).unwrap());
            vec![Cell::Int(n), Cell::Text(name), Cell::Int(1950 + n % 50), admitted, Cell::Text(format!("{:08}", 10_000_000 + n))]
        };
        let bytes = sheet(&["STT", "Họ và tên", "Năm sinh", "Ngày vào Đảng", "Số thẻ"], (1..=5000).map(row).collect());
        let began = Instant::now();
        let at = upload(&ha, &base, "lon.xlsx", &bytes).await.is(303).to;
        let planned = began.elapsed();
        ha.get(&at).await.is(200).says(&["Mới: 5000<"]);
        eprintln!("5,000 rows: planned in {planned:?}, shown after {:?}", began.elapsed());
        let began = Instant::now();
        ha.post(&format!("{at}/nhan"), &[]).await.is(303);
        eprintln!("5,000 rows: taken in after {:?}", began.elapsed());
        assert_eq!(roster(&site, site.cast.cell, date(2026, 11, 22)).len(), 5012);
        let began = Instant::now();
        ha.post(&format!("{at}/hoan"), &[]).await.is(303);
        eprintln!("5,000 rows: undone in {:?}", began.elapsed());
    });
}

/// A syllable for a number, without figures.
fn letters(n: i64) -> String {
    let mut n = n;
    let mut out = String::from(" ");
    while n > 0 {
        out.push(char::from(b'a' + u8::try_from(n % 26).unwrap()));
        n /= 26;
    }
    out
}
