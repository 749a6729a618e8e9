//! Finding what goes from one organisation to others: what committees send down, what cells send up. Whoever may
//! open it finds it, at an address that opens; nobody else does (L1, L2, L5, CB-07, M14, P-10).

use std::sync::Arc;

use domain::guidance::{Distribution, GuidanceKind, GuidanceState, Reach};
use domain::id::{OrgId, RowId};
use domain::library::{EntryKind, EntryState, Subject, Text};
use domain::period::PeriodKey;
use domain::post::Role;
use domain::tree::{Change, Facts, plan};
use jiff::civil::{Date, date};
use nep::guidance::store::{self as guidance, Head};
use nep::library::store::{self as library, Begun, Written};
use nep::org::store::change::{Reform, carry_out, nodes};
use nep::org::store::{self as orgs, NewOrg};

use crate::guidance::{REQUIRED, TEXT, address, at, block, issue, orientation, version};
use crate::library::{SEND, TOPIC, with};
use crate::site::{Browser, Site, each};

/// Addresses of what somebody finds; each opens.
pub async fn found(browser: &Browser, asked: &str) -> Vec<String> {
    let page = browser.get(&format!("/tim?q={asked}")).await.is(200);
    let rows = page.body.split("<ol class=\"tasks\"").nth(1).unwrap_or_default();
    let rows = rows.split("</ol>").next().unwrap_or_default();
    let links: Vec<String> = rows.split("class=\"t\" href=\"").skip(1).map(|h| h.split('"').next().unwrap().to_owned()).collect();
    for link in &links {
        browser.get(link).await.is(200);
    }
    links
}

/// A committee under another one, or a cell.
pub fn found_org(site: &Arc<Site>, parent: OrgId, name: &'static str, is_cell: bool) -> OrgId {
    let hands = site.hands("hothiclerk", parent);
    site.write(move |tx| {
        let new = NewOrg {
            parent: Some(parent),
            name: name.to_owned(),
            short_name: name.to_owned(),
            kind: if is_cell { "cell_sub" } else { "part" }.to_owned(),
            symbol: "BP".to_owned(),
            is_cell,
            place: String::new(),
            cell_type: None,
            born_on: date(2024, 1, 1),
            document: None,
        };
        Ok(orgs::found(tx, &hands, &new)?)
    })
}

/// Puts a cell under another committee.
pub fn relocate(site: &Arc<Site>, top: OrgId, cell: OrgId, to: OrgId, on: Date) {
    let (hands, library) = (site.hands("hothiclerk", top), site.app.rules.clone());
    site.write(move |tx| {
        let (nodes, rules) = (nodes(tx, top)?, library.at(on));
        let plan = plan(&Change::Move { org: cell, to }, on, Facts { nodes: &nodes, members: &[] }, &rules)?;
        let reform = Reform { on, document: None, like: top, likes: Default::default(), events: &[], rules: &rules };
        Ok(carry_out(tx, &hands, &plan, &reform)?)
    });
}

/// What a committee sends to every cell below it, out at once.
pub fn send(site: &Arc<Site>, from: OrgId, kind: GuidanceKind, title: &'static str) -> RowId {
    let hands = site.hands("hothiclerk", from);
    site.write(move |tx| {
        let period = (kind == GuidanceKind::Orientation).then(|| PeriodKey::regular(2026, 12).unwrap());
        let id = guidance::create(tx, &hands, from, kind, title, period)?;
        let list = Distribution { reach: Reach::All, types: Vec::new(), orgs: Vec::new() };
        let (title, body) = (title.to_owned(), "Đọc trước buổi sinh hoạt.".to_owned());
        let head = Head { title, body, period, number: String::new(), dated_on: None, list };
        guidance::save_head(tx, from, id, 1, &head)?;
        let draft = guidance::get(tx, from, id)?;
        guidance::issue(tx, &hands, &draft, GuidanceState::Issued)?;
        Ok(id)
    })
}

/// An experience that a cell wrote and a committee spread.
fn spread(site: &Arc<Site>, cell: OrgId, under: OrgId, title: &'static str) -> RowId {
    let hands = site.hands("hothiclerk", cell);
    site.write(move |tx| {
        let begun = Begun { kind: EntryKind::Experience, period: None, year: 2026, cell_type: None };
        let text = Text { title: title.to_owned(), ..Text::default() };
        let new = Written { text, subject: Subject::Other, presenter: String::new(), presenter_agrees: false };
        let id = library::begin(tx, &hands, cell, &begun, &new)?;
        let entry = library::get(tx, cell, id)?;
        library::submit(tx, &hands, &entry, EntryState::Submitted)?;
        let entry = library::get(tx, cell, id)?;
        library::decide(tx, &hands, &entry, EntryState::Published, ("", Some(under)))?;
        Ok(id)
    })
}

#[test]
fn what_a_committee_sends_is_found_where_it_reached() {
    each(|site| async move {
        let (committee, cell, sibling) = (site.cast.committee, site.cast.cell, site.cast.sibling);
        let (clerk, lam) = (site.sign_in("hothiclerk").await, site.sign_in("tranvanlam").await);
        let (anh, lan) = (site.sign_in("lethianh").await, site.sign_in("phanthilan").await);
        let admin = site.sign_in("quantrivien").await;
        let asked = "chong+lang+phi";
        // A draft is for who writes it; thrown away it is nobody's.
        let draft = orientation(&clerk, committee, "2026-tk-12").await;
        for (who, finds) in [(&clerk, true), (&lam, true), (&anh, false), (&lan, false), (&admin, false)] {
            assert_eq!(found(who, asked).await.len(), usize::from(finds));
        }
        clerk.get(&format!("/tim?q={asked}")).await.is(200).says(&["tháng 12 năm 2026 (đang soạn)"]);
        clerk.post(&format!("{draft}/bo"), &[]).await.is(303);
        assert!(found(&clerk, asked).await.is_empty());

        // Issued to one cell: the committee and that cell, each on the page of their own.
        let draft = orientation(&clerk, committee, "2026-tk-12").await;
        let to = cell.to_string();
        address(&clerk, &draft, &[("noi_nhan", "chosen"), ("to_chuc", &to)]).await.is(303);
        issue(&clerk, &draft).await.is(303);
        let id = draft.rsplit('/').next().unwrap().to_owned();
        let here = format!("/cb/{cell}/tai-lieu/{id}");
        for (who, at) in [(&clerk, Some(&draft)), (&lam, Some(&draft)), (&anh, Some(&here)), (&lan, None), (&admin, None)] {
            assert_eq!(found(who, asked).await, at.into_iter().cloned().collect::<Vec<_>>());
        }
        let page = anh.get(&format!("/tim?q={asked}")).await.is(200);
        page.says(&["1 kết quả", "Định hướng, tài liệu của cấp trên · Đảng bộ", "<mark>chống lãng phí</mark>"])
            .says_not(&["đang soạn"]);
        anh.get("/tim?q=ba+nhom+viec&loai=guidance").await.is(200).says(&["1 kết quả", "<mark>ba nhóm việc</mark>"]);
        anh.get("/tim?q=ba+nhom+viec&loai=task").await.is(200).says(&["Không tìm thấy"]);
        anh.get(&format!("/tim?q={asked}&to_chuc={cell}")).await.is(200).says(&["1 kết quả"]);
        anh.get(&format!("/tim?q={asked}&to_chuc={sibling}")).await.is(200).says(&["Không tìm thấy"]);
        lam.get(&format!("/tim?q={asked}&to_chuc={committee}")).await.is(200).says(&["1 kết quả"]);

        // The edition that takes its place is found in its stead, by the words it has.
        let new = at(clerk.post(&format!("{draft}/thay-the"), &[]).await);
        let (v, changed) = (version(&clerk, &new).await, block(&site, REQUIRED));
        let words =
            [("version", v.as_str()), ("nd_ten", "Tiết kiệm điện"), ("nd_muc", "required"), ("nd_ban", TEXT), ("nd_phut", "15")];
        clerk.post(&format!("{new}/noi-dung/{changed}"), &words).await.is(303);
        assert!(found(&anh, "tiet+kiem+dien").await.is_empty());
        assert_eq!(found(&anh, asked).await, [here]);
        issue(&clerk, &new).await.is(303);
        let id = new.rsplit('/').next().unwrap().to_owned();
        assert_eq!(found(&anh, "tiet+kiem+dien").await, [format!("/cb/{cell}/tai-lieu/{id}")]);
        assert!(found(&anh, asked).await.is_empty() && found(&clerk, asked).await.is_empty());
    });
}

#[test]
fn a_document_on_a_block_is_found_by_whom_the_block_is_for() {
    each(|site| async move {
        let (committee, cell, sibling) = (site.cast.committee, site.cast.cell, site.cast.sibling);
        let (clerk, anh, lan) =
            (site.sign_in("hothiclerk").await, site.sign_in("lethianh").await, site.sign_in("phanthilan").await);
        let base = format!("/tc/{committee}/dinh-huong");
        let document = at(clerk.post(&base, &[("loai", "document"), ("ten", "Đề cương tuyên truyền")]).await);
        let to = sibling.to_string();
        address(&clerk, &document, &[("noi_nhan", "chosen"), ("to_chuc", &to), ("noi_dung", "Mười câu hỏi đáp.")]).await.is(303);
        issue(&clerk, &document).await.is(303);
        let id = document.rsplit('/').next().unwrap().to_owned();
        assert_eq!(found(&lan, "de+cuong").await, [format!("/cb/{sibling}/tai-lieu/{id}")]);
        assert!(found(&anh, "de+cuong").await.is_empty());
        let draft = orientation(&clerk, committee, "2026-tk-12").await;
        let (v, required) = (version(&clerk, &draft).await, block(&site, REQUIRED));
        let words = [
            ("version", v.as_str()),
            ("nd_ten", REQUIRED),
            ("nd_muc", "required"),
            ("nd_ban", TEXT),
            ("nd_phut", "15"),
            ("nd_tai_lieu", id.as_str()),
        ];
        clerk.post(&format!("{draft}/noi-dung/{required}"), &words).await.is(303);
        assert!(found(&anh, "de+cuong").await.is_empty(), "the orientation is not out");
        issue(&clerk, &draft).await.is(303);
        assert_eq!(found(&anh, "de+cuong").await, [format!("/cb/{cell}/tai-lieu/{id}")]);
    });
}

#[test]
fn an_entry_of_the_library_is_found_by_who_may_open_it() {
    each(|site| async move {
        let (committee, cell, sibling) = (site.cast.committee, site.cast.cell, site.cast.sibling);
        let (lan, manh) = (site.sign_in("phanthilan").await, site.sign_in("caovanmanh").await);
        let (ha, anh, lam) =
            (site.sign_in("nguyenthiha").await, site.sign_in("lethianh").await, site.sign_in("tranvanlam").await);
        let admin = site.sign_in("quantrivien").await;
        let asked = "cap+phep&loai=library";
        let entry = at(lan.post(&format!("/cb/{sibling}/kho/soan"), &TOPIC).await);
        let id = entry.rsplit('/').next().unwrap().to_owned();
        let desk = format!("/tc/{committee}/kho/duyet/{sibling}/{id}");
        let shelf = |side: &str, org: OrgId| format!("/{side}/{org}/kho/bai/{sibling}/{id}");
        // Who finds it where, in the order Lan, Mạnh, Hà, Ánh, Lâm; the administrator never.
        let look = async |at: [Option<&String>; 5]| {
            for (n, (who, at)) in [&lan, &manh, &ha, &anh, &lam].into_iter().zip(at).enumerate() {
                assert_eq!(found(who, asked).await, at.into_iter().cloned().collect::<Vec<_>>(), "{n}");
            }
            assert!(found(&admin, asked).await.is_empty());
        };
        look([Some(&entry), None, None, None, None]).await;
        let v = lan.get(&entry).await.is(200).field("version");
        lan.post(&entry, &with(&with(&TOPIC, &SEND), &[("version", &v)])).await.is(303);
        look([Some(&entry), None, None, None, Some(&desk)]).await;
        // Who only follows from the committee sees its figures and reviews nothing.
        let (hands, nga) = (site.hands("tranvanlam", committee), site.person("maithinga"));
        site.write(move |tx| Ok(orgs::appoint(tx, &hands, committee, nga, Role::Follower, date(2026, 1, 1), None).map(drop)?));
        assert!(found(&site.sign_in("maithinga").await, asked).await.is_empty());
        lam.get(&format!("/tim?q={asked}")).await.is(200).says(&["(chờ xem xét)", "Chi bộ Thanh tra · năm 2026"]);
        let review = async |what: &str, words: &str| {
            let version = lam.get(&desk).await.is(200).field("version");
            lam.post(&desk, &[("viec", what), ("gop_y", words), ("version", &version)]).await.is(303);
        };
        review("tra-lai", "Thêm kết quả.").await;
        look([Some(&entry), None, None, None, Some(&desk)]).await;
        let v = lan.get(&entry).await.is(200).field("version");
        let better = with(&with(&TOPIC, &SEND), &[("version", &v), ("ket_qua", "Bỏ được bốn bước.")]);
        lan.post(&entry, &better).await.is(303);
        review("pho-bien", "").await;
        let (there, here, above) = (shelf("cb", sibling), shelf("cb", cell), shelf("tc", committee));
        look([Some(&there), Some(&there), Some(&here), Some(&here), Some(&above)]).await;
        let page = anh.get("/tim?q=bo+duoc+bon+buoc").await.is(200);
        page.says(&[
            "1 kết quả",
            "Bài trong kho chuyên đề, kinh nghiệm · Chi bộ Thanh tra · năm 2026",
            "<mark>Bỏ được bốn bước</mark>",
        ]);
        anh.get("/tim?q=cap+phep&loai=topic").await.is(200).says(&["Không tìm thấy"]);
        anh.get(&format!("/tim?q={asked}&to_chuc={cell}")).await.is(200).says(&["1 kết quả"]);
        anh.get(&format!("/tim?q={asked}&to_chuc={sibling}")).await.is(200).says(&["Không tìm thấy"]);
        // Taken down it is again for who wrote it and who reviews; what is secret has no word left.
        lam.post(&format!("{above}/go"), &[("gop_y", "Số liệu cũ.")]).await.is(303);
        look([Some(&entry), None, None, None, Some(&desk)]).await;
        lan.post(&format!("{entry}/mat"), &[]).await.is(303);
        look([None, None, None, None, None]).await;
        // What its cell takes back is found no more.
        let other = at(lan.post(&format!("/cb/{sibling}/kho/soan"), &with(&TOPIC, &[("loai", "experience"), ("ky", "")])).await);
        assert_eq!(found(&lan, asked).await, std::slice::from_ref(&other));
        lan.post(&format!("{other}/rut"), &[]).await.is(303);
        look([None, None, None, None, None]).await;
    });
}

#[test]
fn a_cell_that_moved_finds_what_stands_above_it_now() {
    each(|site| async move {
        let (committee, cell, sibling) = (site.cast.committee, site.cast.cell, site.cast.sibling);
        let (a, b) =
            (found_org(&site, committee, "Đảng bộ bộ phận A", false), found_org(&site, committee, "Đảng bộ bộ phận B", false));
        relocate(&site, committee, cell, a, date(2026, 10, 1));
        let (first, second) = (
            send(&site, a, GuidanceKind::Document, "Tài liệu học tập của A"),
            send(&site, b, GuidanceKind::Document, "Tài liệu học tập của B"),
        );
        let (mine, theirs) =
            (spread(&site, sibling, a, "Kinh nghiệm học tập của A"), spread(&site, sibling, b, "Kinh nghiệm học tập của B"));
        let anh = site.sign_in("lethianh").await;
        let page = |id: RowId| format!("/cb/{cell}/tai-lieu/{id}");
        let entry = |id: RowId| format!("/cb/{cell}/kho/bai/{sibling}/{id}");
        let mut links = found(&anh, "hoc+tap").await;
        links.sort();
        let mut expected = [entry(mine), page(first)];
        expected.sort();
        assert_eq!(links, expected);
        // The committee above both finds all four.
        assert_eq!(found(&site.sign_in("tranvanlam").await, "hoc+tap").await.len(), 4);
        relocate(&site, committee, cell, b, date(2026, 11, 1));
        let mut links = found(&anh, "hoc+tap").await;
        links.sort();
        let mut expected = [entry(theirs), page(second)];
        expected.sort();
        assert_eq!(links, expected);
        anh.get(&page(first)).await.is(404);
        // Spread further, an entry is found where it is read now.
        let manh = site.sign_in("caovanmanh").await;
        assert!(found(&manh, "hoc+tap").await.is_empty());
        let wider = format!("/tc/{committee}/kho/bai/{sibling}/{mine}/rong");
        site.sign_in("tranvanlam").await.post(&wider, &[]).await.is(303);
        assert_eq!(found(&manh, "hoc+tap").await, [format!("/cb/{sibling}/kho/bai/{sibling}/{mine}")]);
    });
}
