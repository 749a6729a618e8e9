//! Programmes from a table: the empty one filled in, previewed row by row, accepted, planned; bad files; and a block
//! of full size that goes through a table into two. Rules: L10, TC-20 … TC-26, experience.md "Preview before import".

use std::sync::Arc;
use std::time::Instant;

use documents::sheet_in::{Cell as Read, SheetGrid, read_sheet};
use documents::xlsx_out::{Cell, Sheet, SheetColumn, xlsx};
use domain::post::Role;
use domain::tree::org_code;
use jiff::civil::date;
use nep::reorg::kept::{Entry, What};
use nep::reorg::store;

use crate::blocks::{block, found, parts, people, post, rows, send};
use crate::site::{Browser, Page, Site, each};

const PARTY: &str = "Đảng bộ các cơ quan Đảng tỉnh Lào Cai";
const GOVERNMENT: &str = "Đảng bộ Ủy ban nhân dân tỉnh Lào Cai";

/// A table as an office keeps it: `|` between cells.
fn csv(lines: &[&str]) -> Vec<u8> {
    let field = |t: &str| format!("\"{}\"", t.trim());
    lines.iter().map(|l| l.split('|').map(field).collect::<Vec<_>>().join(",")).collect::<Vec<_>>().join("\n").into_bytes()
}

async fn upload(browser: &Browser, base: &str, name: &str, bytes: &[u8]) -> Page {
    browser.upload(&format!("{base}/bang"), &[], "tep", name, bytes).await
}

/// Presses a button of the preview that stands now.
async fn press(browser: &Browser, base: &str, preview: &Page, fields: &[(&str, &str)]) -> Page {
    let (version, print) = (preview.field("version"), preview.field("bang"));
    let mut all = vec![("version", version.as_str()), ("bang", print.as_str())];
    all.extend_from_slice(fields);
    browser.post(&format!("{base}/bang/xem-truoc"), &all).await
}

fn entries(site: &Arc<Site>, base: &str) -> Vec<Entry> {
    let (org, id) = parts(base);
    site.write(move |tx| Ok(store::get(tx, org, id)?.entries()?))
}

#[test]
fn a_table_is_previewed_row_by_row_and_becomes_the_programme() {
    each(|site| async move {
        site.at(date(2025, 2, 3).at(8, 0, 0, 0));
        let g = block(&site);
        let twin = found(&site, Some(g.bases[1]), "Chi bộ 0.0", "cell_sub");
        let clerk = site.sign_in("hothiclerk").await;
        let list = format!("/tc/{}/sap-xep-khoi", g.province);
        let base = clerk.post(&list, &[("ten", "Kết thúc Đảng bộ Khối")]).await.is(303).to;
        send(&clerk, &base, "", &[("ten", "Kết thúc Đảng bộ Khối"), ("ngay", "01/03/2025"), ("van_ban", "QĐ 1")]).await.is(303);
        clerk.get(&format!("{base}/bang/xem-truoc")).await.is(303);
        let first = csv(&[
            "TỈNH ỦY LÀO CAI",
            "PHỤ LỤC SẮP XẾP TỔ CHỨC ĐẢNG",
            "TT | Tổ chức đảng | Đang trực thuộc | Việc | Về / vào tổ chức | Tên mới | Loại mới | Số đảng viên",
            &format!("1 | | | Thành lập | Đảng bộ tỉnh | {PARTY} | Đảng bộ các cơ quan Đảng tỉnh | 0"),
            &format!("2 | | | Thành lập | Đảng bộ tỉnh | {GOVERNMENT} | Đảng bộ Ủy ban nhân dân tỉnh | 0"),
            &format!("3 | Đảng bộ Ban Tổ chức | | chuyển | {PARTY} | | | 8"),
            &format!("4 | ĐẢNG BỘ SỞ Y TÊ\u{301} | | Chuyển về | {GOVERNMENT} | | | 8"),
            &format!("5 | Đảng bộ Sở Giáo dục | | chuyển | {GOVERNMENT} | | | 8"),
            "6 | Chi bộ 0.0 | | đổi tên | | Chi bộ Văn phòng | | 4",
            "7 | Chi bộ 0.0 | Đảng bộ Ban Tổ chức | nhập | Chi bộ 0.1 | | | 4",
            "8 | Chi bộ cơ sở Thanh tra tỉnh | | giải thể | | | | 5",
            "9 | Chi bộ 2.0 | | | | | | 4",
            "10 | Đảng bộ Khối các cơ quan tỉnh | | giải thể | | | | 0",
            "| Tổng số | | | | | | 37",
        ]);
        upload(&clerk, &base, "phu-luc.csv", &first).await.is(303);
        let preview = clerk.get(&format!("{base}/bang/xem-truoc")).await.is(200).says(&[
            "phu-luc.csv",
            "Sẽ thêm: 5",
            "Sẽ thêm, cần xem: 1",
            "Cần chọn: 1",
            "Lỗi: 2",
            "Cột không đọc: Số đảng viên",
            "1 tổ chức không ghi việc",
            "Không có tổ chức nào tên “Đảng bộ Sở Giáo dục”",
            "còn 5 đảng viên",
            "Thuộc Đảng bộ Sở Y tế, thuộc Đảng bộ Khối các cơ quan tỉnh",
            "chưa được xếp về đâu",
            "Ghi 6 dòng vào phương án",
        ]);
        assert_eq!(entries(&site, &base), [], "nothing is written before it is accepted");
        clerk
            .get(&format!("{base}/bang/xem-truoc?xem=loi"))
            .await
            .is(200)
            .says(&["<th scope=\"row\">8</th>"])
            .says_not(&["<th scope=\"row\">6</th>"]);
        // Somebody says which of two is meant; a stranger's id changes nothing.
        let (one, stranger) = (twin.to_string(), g.cells[5].to_string());
        press(&clerk, &base, &preview, &[("lam", "chon"), ("dong_9", &stranger)]).await.is(303);
        let preview = clerk.get(&format!("{base}/bang/xem-truoc")).await.is(200).says(&["Cần chọn: 1"]);
        press(&clerk, &base, &preview, &[("lam", "chon"), ("dong_9", &one)]).await.is(303);
        let preview =
            clerk.get(&format!("{base}/bang/xem-truoc")).await.is(200).says(&["Cần chọn: 0", "Ghi 7 dòng vào phương án"]);
        // Somebody founded one of them by hand meanwhile: shown again, nothing written.
        let province = g.province.to_string();
        send(&clerk, &base, "/viec/lap", &[("ten", PARTY), ("loai", "party_agencies"), ("ve", &province)]).await.is(303);
        press(&clerk, &base, &preview, &[("lam", "nhan")]).await.is(409);
        let fresh =
            clerk.get(&format!("{base}/bang/xem-truoc")).await.is(200).says(&["Đã có ở việc số 1 của phương án", "Ghi 6 dòng"]);
        let stale = [("version", fresh.field("version")), ("bang", preview.field("bang")), ("lam", "nhan".to_owned())];
        let stale: Vec<(&str, &str)> = stale.iter().map(|(k, v)| (*k, v.as_str())).collect();
        clerk.post(&format!("{base}/bang/xem-truoc"), &stale).await.is(200).says(&["Bảng đọc ra khác với lúc"]);
        assert_eq!(entries(&site, &base).len(), 1);
        press(&clerk, &base, &fresh, &[("lam", "nhan")]).await.is(303);
        let made = entries(&site, &base);
        let party = made[0].founds().unwrap().raw();
        assert!(made.iter().any(|e| e.what == What::Move { orgs: vec![g.bases[0].raw()], to: party }), "{made:#?}");
        assert!(made.iter().any(|e| e.what == What::Merge { orgs: vec![g.cells[0].raw()], into: g.cells[1].raw() }));
        assert!(made.iter().any(|e| matches!(&e.what, What::Recast { orgs } if orgs[0].org == twin.raw())));
        // The rest in a second table, with a code; what is there already is not added twice.
        let code = org_code(g.bases[2]);
        let second = csv(&[
            "Mã | Tổ chức | Việc | Về tổ chức",
            &format!("{code} | | chuyển | {GOVERNMENT}"),
            &format!(" | Chi bộ cơ sở Thanh tra tỉnh | chuyển | {GOVERNMENT}"),
            &format!(" | Đảng bộ Ban Tổ chức | chuyển | {PARTY}"),
        ]);
        upload(&clerk, &base, "tiep.csv", &second).await.is(303);
        let preview = clerk.get(&format!("{base}/bang/xem-truoc")).await.is(200).says(&["Không cần thêm: 1", "Ghi 2 dòng"]);
        preview.says_not(&["còn chỗ phải sửa"]);
        let preview = clerk.get(&format!("{base}/bang/xem-truoc")).await;
        press(&clerk, &base, &preview, &[("lam", "nhan")]).await.is(303);
        assert_eq!(entries(&site, &base).len(), made.len(), "what leads to the same place joins it");
        let plan = clerk.get(&format!("{base}/ke-hoach")).await.is(200);
        plan.says(&[
            "Lập 2 tổ chức mới",
            "Chuyển 4 tổ chức",
            "Nhập 1 tổ chức",
            "Đổi tên 1 tổ chức, loại giữ nguyên",
            "Chi bộ 0.0 thành Chi bộ Văn phòng",
        ]);
    });
}

#[test]
fn bad_tables_are_refused_in_one_sentence_and_nobody_else_sees_them() {
    each(|site| async move {
        site.at(date(2025, 2, 3).at(8, 0, 0, 0));
        let g = block(&site);
        let clerk = site.sign_in("hothiclerk").await;
        let base = clerk.post(&format!("/tc/{}/sap-xep-khoi", g.province), &[("ten", "Phương án")]).await.is(303).to;
        clerk.post(&format!("{base}/bang"), &[]).await.is(422).says(&["Hãy chọn tệp bảng"]);
        let empty = clerk.get(&format!("{base}/bang/mau")).await.is(200).bytes;
        let members = csv(&["Họ và tên | Năm sinh", "Nguyễn Văn A | 1980"]);
        let table: [(&str, &[u8], &str); 6] = [
            ("trong.csv", b" \n", "Tệp không có dữ liệu"),
            ("ds.csv", &members, "Không tìm thấy cột “Việc”"),
            ("mau.xlsx", &empty, "chưa có dòng nào ghi việc"),
            ("anh.xlsx", b"\x89PNG\r\n\x1a\n\x00\x00", "không phải bảng tính"),
            ("cu.xls", &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0], "Chưa ghi gì vào phương án"),
            ("hong.xlsx", b"PK\x03\x04hong", "Chưa ghi gì vào phương án"),
        ];
        for (name, bytes, words) in table {
            upload(&clerk, &base, name, bytes).await.is(422).says(&[words, "errsum"]);
        }
        // A table waits for its own programme only, and can be put away.
        let good = csv(&["Tổ chức | Việc | Về", "Đảng bộ Sở Y tế | chuyển | Đảng bộ tỉnh"]);
        upload(&clerk, &base, "a.csv", &good).await.is(303);
        clerk.get(&format!("{base}/bang")).await.is(200).says(&["a.csv", "Xem tiếp bảng đó"]);
        let other = clerk.post(&format!("/tc/{}/sap-xep-khoi", g.province), &[("ten", "Khác")]).await.is(303).to;
        clerk.get(&format!("{other}/bang")).await.is(200).says_not(&["a.csv"]);
        site.sign_in("tranvanlam").await.get(&format!("{base}/bang/xem-truoc")).await.is(404);
        let preview = clerk.get(&format!("{base}/bang/xem-truoc")).await.is(200);
        press(&clerk, &base, &preview, &[("lam", "khac")]).await.is(404);
        press(&clerk, &base, &preview, &[("lam", "bo")]).await.is(303);
        assert_eq!(entries(&site, &base), []);
        clerk.get(&format!("{base}/bang/xem-truoc")).await.is(303);
    });
}

#[test]
fn names_and_kinds_are_changed_by_hand_too() {
    each(|site| async move {
        site.at(date(2025, 2, 3).at(8, 0, 0, 0));
        let g = block(&site);
        let clerk = site.sign_in("hothiclerk").await;
        let base = clerk.post(&format!("/tc/{}/sap-xep-khoi", g.province), &[("ten", "Đổi tên")]).await.is(303).to;
        let (first, second) = (g.bases[0].to_string(), g.single.to_string());
        let name = |site: &Arc<Site>, org| site.write(move |tx| Ok(nep::org::store::get(tx, org, date(2025, 2, 3))?.name));
        send(&clerk, &base, "/viec/doi-ten", &[("ve", "")]).await.is(422).says(&["Hãy chọn tổ chức"]);
        send(&clerk, &base, "/viec/doi-ten", &[("ve", &first)]).await.is(422).says(&["Hãy nhập tên mới"]);
        send(&clerk, &base, "/viec/doi-ten", &[("ve", &g.province.to_string()), ("ten", "X")]).await.is(404);
        send(&clerk, &base, "/viec/doi-ten", &[("ve", &first), ("ten", "Đảng bộ Ban Tổ chức Tỉnh ủy")]).await.is(303);
        clerk.get(&format!("{base}/viec/doi-ten?muc=1")).await.is(200).says(&["Đảng bộ Ban Tổ chức Tỉnh ủy"]);
        let third = g.cells[5].to_string();
        let more = [("muc", "1"), ("to_chuc", first.as_str()), ("ve", third.as_str()), ("ten", "Chi bộ Thừa")];
        send(&clerk, &base, "/viec/doi-ten", &more).await.is(303);
        clerk.get(&base).await.is(200).says(&["Đổi tên, đổi loại 2 tổ chức", "đổi tên thành Chi bộ Thừa"]);
        let instead = [("muc", "1"), ("to_chuc", first.as_str()), ("ve", second.as_str()), ("ten", "Chi bộ Thanh tra")];
        send(&clerk, &base, "/viec/doi-ten", &instead).await.is(303);
        clerk.get(&base).await.is(200).says(&["Đổi tên, đổi loại 2 tổ chức", "Chi bộ Thanh tra"]).says_not(&["Chi bộ Thừa"]);
        send(&clerk, &base, "", &[("ten", "Đổi tên"), ("ngay", "01/02/2025"), ("van_ban", "QĐ 1")]).await.is(303);
        let plan = clerk.get(&format!("{base}/ke-hoach")).await.is(200);
        let print = plan.field("ke_hoach");
        plan.says(&["Chi bộ cơ sở Thanh tra tỉnh thành Chi bộ Thanh tra"]);
        send(&clerk, &base, "/ke-hoach", &[("ke_hoach", &print)]).await.is(303);
        assert_eq!(name(&site, g.bases[0]), "Đảng bộ Ban Tổ chức Tỉnh ủy");
        clerk.get(&format!("/tc/{}", g.single)).await.is(200).says(&["Chi bộ Thanh tra"]);
        // Below a committee that only got another name, nothing has come; then something has.
        site.at(date(2025, 2, 3).at(9, 0, 0, 0));
        clerk.get(&base).await.is(200).says(&["Hoàn tác được đến"]);
        let late = found(&site, Some(g.bases[0]), "Chi bộ lập sau", "cell_sub");
        clerk.get(&base).await.is(200).says(&["Chi bộ lập sau được lập hoặc chuyển đến"]);
        site.write(move |tx| Ok(tx.exec("update audit set action = 'x' where org_id = $1", db::values![late]).map(drop)?));
        send(&clerk, &base, "/buoc", &[("buoc", "hoan-tac")]).await.is(303);
        assert_eq!(
            (name(&site, g.bases[0]), name(&site, g.single)),
            ("Đảng bộ Ban Tổ chức".to_owned(), "Chi bộ cơ sở Thanh tra tỉnh".to_owned())
        );
    });
}

/// The downloaded table with what is to be done written into it.
fn filled(empty: &[u8]) -> Vec<u8> {
    let grid: SheetGrid = read_sheet("mau.xlsx", empty).unwrap().remove(0);
    let text = |c: &Read| if let Read::Text(t) = c { t.clone() } else { String::new() };
    let head: Vec<String> = grid.rows[0].iter().map(text).collect();
    let columns = head.iter().map(|t| SheetColumn { title: t.clone(), width: 20.0 }).collect();
    let at = |title: &str| head.iter().position(|t| t == title).unwrap();
    let (org, under, work, to) = (at("Tổ chức"), at("Đang trực thuộc"), at("Việc"), at("Về, vào tổ chức"));
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for (n, read) in grid.rows.iter().skip(1).enumerate() {
        let mut row: Vec<String> = read.iter().map(text).collect();
        if row[under] == "Đảng bộ Khối" {
            row[work] = "chuyển".to_owned();
            row[to] = if n % 2 == 0 { PARTY } else { GOVERNMENT }.to_owned();
        }
        if row[org] == "Đảng bộ Khối" {
            row[work] = "giải thể".to_owned();
        }
        rows.push(row.into_iter().map(Cell::Text).collect());
    }
    for (name, kind) in [(PARTY, "Đảng bộ các cơ quan Đảng tỉnh"), (GOVERNMENT, "Đảng bộ Ủy ban nhân dân tỉnh")]
    {
        let mut row = vec![String::new(); head.len()];
        (row[work], row[to]) = ("thành lập".to_owned(), "Đảng bộ tỉnh".to_owned());
        (row[at("Tên mới")], row[at("Loại mới")]) = (name.to_owned(), kind.to_owned());
        rows.push(row.into_iter().map(Cell::Text).collect());
    }
    xlsx(&[Sheet { name: "Phương án".to_owned(), columns, rows }]).unwrap()
}

/// What a step took, said on the way; never asserted.
async fn timed<T>(what: &str, step: impl Future<Output = T>) -> T {
    let start = Instant::now();
    let out = step.await;
    eprintln!("{what}: {:?}", start.elapsed());
    out
}

#[test]
fn a_block_of_full_size_goes_through_its_table_and_back() {
    const BASES: usize = 66;
    const CELLS: usize = 289;
    const MEMBERS: usize = 4_055;
    each(|site| async move {
        site.at(date(2025, 2, 3).at(8, 0, 0, 0));
        let province = found(&site, None, "Đảng bộ tỉnh", "province");
        let block = found(&site, Some(province), "Đảng bộ Khối", "block");
        let bases: Vec<_> = (0..BASES).map(|i| found(&site, Some(block), &format!("Đảng bộ Sở {i}"), "base")).collect();
        for i in 0..CELLS {
            let cell = found(&site, Some(bases[i % BASES]), &format!("Chi bộ {i}"), "cell_sub");
            people(&site, cell, MEMBERS / CELLS + usize::from(i < MEMBERS % CELLS));
        }
        post(&site, province, "hothiclerk", Role::Clerk);
        let clerk = site.sign_in("hothiclerk").await;
        let base = clerk.post(&format!("/tc/{province}/sap-xep-khoi"), &[("ten", "Kết thúc Khối")]).await.is(303).to;
        send(&clerk, &base, "", &[("ten", "Kết thúc Khối"), ("ngay", "01/02/2025"), ("van_ban", "QĐ 1")]).await.is(303);
        let empty = timed("table", clerk.get(&format!("{base}/bang/mau"))).await.is(200).bytes;
        timed("upload", upload(&clerk, &base, "phuong-an.xlsx", &filled(&empty))).await.is(303);
        let preview = timed("preview", clerk.get(&format!("{base}/bang/xem-truoc"))).await.is(200);
        let preview = preview.says(&["Ghi 69 dòng vào phương án", "289 tổ chức không ghi việc"]).says_not(&["còn chỗ phải sửa"]);
        timed("accept", press(&clerk, &base, &preview, &[("lam", "nhan")])).await.is(303);
        let plan = timed("plan", clerk.get(&format!("{base}/ke-hoach"))).await.is(200);
        let print = plan.field("ke_hoach");
        plan.says(&[
            "Chuyển 66 tổ chức về trực thuộc nơi khác; 289 tổ chức bên dưới cùng chuyển theo; trong đó có 4.055 đảng viên",
        ]);
        let before = rows(&site);
        timed("carry out", send(&clerk, &base, "/ke-hoach", &[("ke_hoach", &print)])).await.is(303);
        assert_ne!(rows(&site), before);
        timed("programme", clerk.get(&base)).await.is(200).says(&["Hoàn tác được đến"]);
        timed("take back", send(&clerk, &base, "/buoc", &[("buoc", "hoan-tac")])).await.is(303);
        let after = rows(&site);
        for (table, rows) in &before {
            assert!(*rows == after[table], "{table}");
        }
    });
}
