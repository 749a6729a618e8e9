//! The targets of a committee: results entered and corrected, the year counted down to each cell, figures of its
//! own, pilots beside the others; and what nobody else may see or write (T1 … T7, L3, XL-06, P-10).

use std::sync::Arc;

use domain::agenda::{Part, Step};
use domain::id::OrgId;
use domain::meeting::{MeetingKind, MeetingState};
use domain::period::PeriodKey;
use domain::rollup::Month;
use jiff::civil::{Date, date};
use nep::board::work::carry_all;
use nep::minutes::store::{Sums, add_to_month};
use nep::org::store::{self as orgs, Particulars};
use nep::target::{facts, view};

use crate::site::{Browser, Page, Site, each};
use crate::stage;

/// The fields of the form of a committee: a level for the cell and its sibling, from these versions.
fn levels(site: &Arc<Site>, cell: (&str, &str), sibling: (&str, &str), more: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for (org, (level, version)) in [(site.cast.cell, cell), (site.cast.sibling, sibling)] {
        out.push((format!("muc_{org}"), level.to_owned()));
        out.push((format!("v_{org}"), version.to_owned()));
    }
    out.extend(more.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())));
    out
}

async fn send(who: &Browser, path: &str, fields: &[(String, String)]) -> Page {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    who.post(path, &fields).await
}

const DOCUMENT: (&str, &str) = ("van_ban", "Quyết định 12-QĐ/ĐU ngày 15/01/2026");

#[test]
fn the_office_enters_results_within_the_quota_and_corrects_them_with_a_reason() {
    each(|site| async move {
        let form = format!("/tc/{}/xep-loai/2025", site.cast.committee);
        let (clerk, lam) = (site.sign_in("hothiclerk").await, site.sign_in("tranvanlam").await);
        clerk.get(&form).await.is(200).says(&["0/2 chi bộ đã có kết quả", "Chi bộ Văn phòng", "không quá 20 %"]);
        // One of two is more than a fifth, whoever the other turns out to be.
        let too_many = levels(&site, ("excellent", "0"), ("", "0"), &[DOCUMENT]);
        send(&clerk, &form, &too_many).await.is(422).says(&["Có 1 chi bộ hoàn thành xuất sắc, chỉ được nhiều nhất 0"]);
        let fine = levels(&site, ("good", "0"), ("done", "0"), &[]);
        send(&clerk, &form, &fine).await.is(422).says(&["Hãy ghi văn bản quyết định kết quả"]);
        let fine = levels(&site, ("good", "0"), ("done", "0"), &[DOCUMENT]);
        send(&clerk, &form, &fine).await.is(303);
        clerk.get(&form).await.is(200).says(&["2/2 chi bộ đã có kết quả", "Quyết định 12-QĐ/ĐU ngày 15/01/2026"]);
        // Who had the empty page before learns what stands, and loses nothing.
        let crossed = levels(&site, ("failed", "0"), ("done", "0"), &[DOCUMENT]);
        let page = send(&lam, &form, &crossed).await.is(409);
        assert_eq!(page.field(&format!("v_{}", site.cast.cell)), "1");
        page.says(&["vừa ghi “Hoàn thành tốt nhiệm vụ”", "value=\"failed\" selected"]);
        // A correction takes a reason, which is kept with what stood.
        let changed = levels(&site, ("good", "1"), ("failed", "1"), &[DOCUMENT]);
        send(&lam, &form, &changed).await.is(422).says(&["Hãy ghi lý do sửa kết quả đã ghi."]);
        let changed = levels(&site, ("good", "1"), ("failed", "1"), &[DOCUMENT, ("ly_do", "Ghi nhầm dòng")]);
        send(&lam, &form, &changed).await.is(303);
        clerk.get(&form).await.says(&[
            "Chi bộ Thanh tra. Xếp loại chi bộ: Không hoàn thành nhiệm vụ thay cho Hoàn thành nhiệm vụ",
            "lý do: Ghi nhầm dòng",
        ]);
        // Only the office of the committee, and no year to come.
        for login in ["nguyenthiha", "lethianh", "phanthilan", "quantrivien"] {
            let other = site.sign_in(login).await;
            other.get(&form).await.is(404);
            send(&other, &form, &changed).await.is(404);
        }
        clerk.get(&format!("/tc/{}/xep-loai/2027", site.cast.committee)).await.is(404);
        clerk.get(&format!("/tc/{}/xep-loai/2025", site.cast.cell)).await.is(404);
    });
}

/// Sends the numbers of a cell's members: excellent, good, version, reason.
async fn numbers(who: &Browser, form: &str, [excellent, good, version, reason]: [&str; 4]) -> Page {
    let fields = [
        ("xuat_sac", excellent),
        ("tot", good),
        ("hoan_thanh", "1"),
        ("khong_hoan_thanh", "0"),
        ("khong_xep_loai", "2"),
        ("version", version),
        ("ly_do", reason),
    ];
    who.post(form, &fields).await
}

#[test]
fn a_secretary_enters_the_numbers_of_the_members_never_names() {
    each(|site| async move {
        let cell = site.cast.cell;
        let form = format!("/cb/{cell}/xep-loai/2025");
        let (ha, duc) = (site.sign_in("nguyenthiha").await, site.sign_in("leminhduc").await);
        ha.get(&form).await.is(200).says(&["có 10 đồng chí thuộc diện xếp loại", "Chưa có kết quả"]);
        let page = numbers(&ha, &form, ["2", "7", "0", ""]).await.is(422);
        assert_eq!(page.field("tot"), "7");
        page.says(&["Có 2 đồng chí hoàn thành xuất sắc trên 9 đồng chí hoàn thành tốt trở lên, chỉ được nhiều nhất 1 (20 %)"]);
        numbers(&ha, &form, ["1", "tám", "0", ""]).await.is(422).says(&["Cần một số từ 0 đến 9999."]);
        numbers(&ha, &form, ["1", "8", "0", ""]).await.is(303);
        numbers(&duc, &form, ["1", "7", "0", ""]).await.is(409).says(&["Đồng chí khác vừa ghi: 1 xuất sắc, 8 tốt"]);
        numbers(&duc, &form, ["1", "9", "1", ""]).await.is(422).says(&["Hãy ghi lý do sửa số đã ghi."]);
        numbers(&duc, &form, ["1", "9", "1", "Sót một đồng chí"]).await.is(303);
        ha.get(&form).await.is(200).says(&[
            "Đã ghi 11 đồng chí được xếp loại",
            "1 xuất sắc, 9 tốt, 1 hoàn thành, 0 không hoàn thành, 2 không xếp loại thay cho 1 xuất sắc, 8 tốt",
            "lý do: Sót một đồng chí",
        ]);
        // The reason is beside the result, not in the trail.
        let trail = site.write(move |tx| {
            let rows: Vec<(String, String)> = tx.all("select action, detail from audit where org_id = $1", db::values![cell])?;
            Ok(rows)
        });
        assert!(trail.iter().any(|(action, _)| action == "members.classified"));
        assert!(trail.iter().all(|(_, detail)| !detail.contains("Sót")));
        for login in ["lethianh", "phamvanan", "hothiclerk", "tranvanlam"] {
            let other = site.sign_in(login).await;
            other.get(&form).await.is(404);
            numbers(&other, &form, ["0", "1", "2", "x"]).await.is(404);
        }
    });
}

/// A regular kỳ of a month held by a cell on a day, with sums as sealed minutes leave them.
fn held(site: &Arc<Site>, cell: OrgId, login: &str, day: Date, (present, expected): (u32, u32)) {
    let month = u8::try_from(day.month()).unwrap();
    let key = PeriodKey::regular(day.year(), month).unwrap();
    let meeting = stage::prepared(site, cell, login, MeetingKind::Regular, day, &[key]);
    let who = site.person(login);
    let item = stage::item(site, cell, meeting, (Part::Content, Step::Other), "Việc", "");
    stage::bring(site, cell, meeting, MeetingState::Open);
    stage::spoke(site, cell, meeting, item, who);
    stage::bring(site, cell, meeting, MeetingState::Sealed);
    let now = site.app.clock.now();
    let sums = Sums { expected, present, speakers: 1, ..Sums::default() };
    site.write(move |tx| Ok(add_to_month(tx, cell, Month::of(day), &sums, now)?));
}

/// Ten months of both cells: the first leaves out July and is late in March.
fn year(site: &Arc<Site>) {
    for month in 1..=10 {
        if month != 7 {
            let day = if month == 3 { 20 } else { 3 };
            held(site, site.cast.cell, "nguyenthiha", date(2026, month, day), (9, 10));
        }
        held(site, site.cast.sibling, "phanthilan", date(2026, month, 3), (5, 5));
    }
    carry_all(&site.app).unwrap();
}

#[test]
fn the_year_is_counted_and_opens_down_to_each_cell() {
    each(|site| async move {
        let (committee, cell) = (site.cast.committee, site.cast.cell);
        site.at(date(2026, 11, 20).at(9, 0, 0, 0));
        year(&site);
        let lam = site.sign_in("tranvanlam").await;
        let base = format!("/tc/{committee}/chi-tieu/2026");
        let page = lam.get(&base).await.is(200);
        // Of 22 kỳ due by the 20th of November the first cell missed July and November and was late in March, the
        // second missed November.
        page.says(&[
            "2 chi bộ, tính đến ngày 20/11/2026",
            "18/22 kỳ",
            "131/140 lượt",
            "93,6 %",
            "Chưa có số liệu",
            "Giữ nhịp đến nay thì cuối năm là",
            "<svg class=\"chart\"",
            "Tháng 7",
        ])
        .says_not(&["Nguyễn Thị Hà", "Chi bộ cơ sở hoàn thành tốt nhiệm vụ trở lên: đạt"]);
        lam.get(&format!("/tc/{committee}/chi-tieu")).await.is(200).says(&["18/22 kỳ"]);
        // Why: those behind first, with the months; the sum of the cells is the figure.
        let why = lam.get(&format!("{base}/T4")).await.is(200);
        why.says(&["8/11 kỳ đúng kỳ; chưa họp: tháng 7, tháng 11; họp sau hạn: tháng 3", "10/11 kỳ đúng kỳ", "không xếp hạng"]);
        lam.get(&format!("{base}/T5")).await.is(200).says(&["81/90 lượt, 9 buổi đã khóa biên bản", "50/50 lượt"]);
        lam.get(&format!("{base}/T6")).await.is(200).says(&["1/11 đồng chí đã đủ", "1/5 đồng chí đã đủ"]);
        lam.get(&format!("{base}/T7")).await.is(200).says(&["0/3 kỳ đúng kỳ; chưa họp: quý I, quý II, quý III"]);
        lam.get(&format!("{base}/T9")).await.is(404);
        // The cell's own page holds its months, and the cell's leaders open it too.
        let ha = site.sign_in("nguyenthiha").await;
        ha.get(&format!("/tc/{cell}/chi-tieu/2026")).await.is(200).says(&["8/11 kỳ", "81/90 lượt", "du-sinh-hoat"]);
        lam.get(&format!("/tc/{cell}/chi-tieu/2026")).await.is(200).says_not(&["du-sinh-hoat"]);
        ha.get(&base).await.is(404);
        let anh = site.sign_in("lethianh").await;
        anh.get(&format!("/tc/{cell}/chi-tieu/2026")).await.is(404);
        let file = lam.get(&format!("{base}/bang.xlsx")).await.is(200);
        assert!(file.bytes.starts_with(b"PK"), "{}", file.media_type);
        let rows = rows_of(&file.bytes);
        assert!(rows.iter().any(|r| r.contains("Chi bộ Văn phòng") && r.contains("81.0") && r.contains("90.0")), "{rows:#?}");
    });
}

/// The rows of every sheet of a workbook as text.
pub fn rows_of(bytes: &[u8]) -> Vec<String> {
    let grids = documents::sheet_in::read_sheet("", bytes).unwrap();
    grids.iter().flat_map(|g| &g.rows).map(|row| format!("{row:?}")).collect()
}

#[test]
fn results_make_the_first_targets_and_a_committee_sets_its_own() {
    each(|site| async move {
        let committee = site.cast.committee;
        carry_all(&site.app).unwrap();
        let lam = site.sign_in("tranvanlam").await;
        let (base, form) = (format!("/tc/{committee}/chi-tieu/2026"), format!("/tc/{committee}/xep-loai/2026"));
        let one = levels(&site, ("good", "0"), ("", "0"), &[DOCUMENT]);
        send(&lam, &form, &one).await.is(303);
        lam.get(&base).await.says(&["1/1 chi bộ", "Đang đạt, chưa đủ số liệu", "Còn 1 chi bộ chưa có kết quả xếp loại."]);
        let two = levels(&site, ("good", "1"), ("failed", "0"), &[DOCUMENT]);
        send(&lam, &form, &two).await.is(303);
        lam.get(&base).await.says(&["1/2 chi bộ", "50 %"]);
        lam.get(&format!("{base}/T2")).await.is(200).says(&["Không hoàn thành nhiệm vụ", "Cần quan tâm (1)", "Đạt (1)"]);
        lam.get(&format!("{base}/T1.sub")).await.is(200).says(&["Chi bộ Thanh tra", "qua các năm"]);
        lam.get(&format!("{base}/T1.base")).await.is(200).says(&["Không có chi bộ nào thuộc chỉ tiêu này."]);
        // A figure of its own, by a document, from a date; how it is compared stays.
        let rule = format!("/tc/{committee}/quy-dinh/target.T1.sub");
        lam.get(&base).await.says(&["Đặt chỉ tiêu riêng", "/quy-dinh/target.T1.sub", "ít nhất 85 %"]);
        let set = [("gia_tri", "50 %"), ("tu", "01/01/2026"), ("van_ban", "Nghị quyết 3-NQ/ĐU")];
        let to = lam.post(&rule, &set).await.is(303).to;
        assert_eq!(to, format!("/tc/{committee}/chi-tieu?xong=luu"));
        lam.get(&to).await.is(200).says(&["Đã lưu.", "ít nhất 50 %", "Nghị quyết 3-NQ/ĐU"]);
        let why = lam.get(&format!("{base}/T1.sub")).await.is(200);
        why.says(&["class=\"chip done\"", "Theo Nghị quyết 3-NQ/ĐU"]);
    });
}

#[test]
fn pilots_stand_beside_the_others_of_their_type() {
    each(|site| async move {
        let (committee, cell, sibling) = (site.cast.committee, site.cast.cell, site.cast.sibling);
        site.at(date(2026, 11, 20).at(9, 0, 0, 0));
        year(&site);
        let clerk = site.sign_in("hothiclerk").await;
        let page = format!("/tc/{committee}/chi-bo-diem/2026");
        clerk.get(&page).await.is(200).says(&["Chưa có chi bộ nào được chọn chỉ đạo điểm."]);
        // Marked on the page where each cell is managed.
        let mark = [("ten_ngan", "Chi bộ Văn phòng"), ("noi", "Hà Tĩnh"), ("loai_hinh", "office"), ("diem", "1")];
        clerk.post(&format!("/tc/{cell}/thong-tin"), &mark).await.is(303);
        let hands = site.hands("hothiclerk", sibling);
        site.write(move |tx| {
            let other = Particulars {
                short_name: "Chi bộ Thanh tra".to_owned(),
                place: "Hà Tĩnh".to_owned(),
                cell_type: Some("office".to_owned()),
                pilot: false,
            };
            Ok(orgs::set_particulars(tx, &hands, sibling, date(2026, 1, 1), &other)?)
        });
        clerk.get(&page).await.is(200).says(&[
            "Chi bộ cơ quan hành chính",
            "Các chi bộ điểm",
            "81/90",
            "50/50",
            "8/11",
            "10/11",
            "9/81",
        ]);
        let ha = site.sign_in("nguyenthiha").await;
        ha.get(&page).await.is(404);
    });
}

#[test]
fn sums_carried_up_say_the_same_as_the_cells_one_by_one() {
    each(|site| async move {
        site.at(date(2026, 11, 20).at(9, 0, 0, 0));
        year(&site);
        let lam = site.sign_in("tranvanlam").await;
        let both = levels(&site, ("good", "0"), ("done", "0"), &[DOCUMENT]);
        send(&lam, &format!("/tc/{}/xep-loai/2026", site.cast.committee), &both).await.is(303);
        for (cell, login) in [(site.cast.cell, "nguyenthiha"), (site.cast.sibling, "phanthilan")] {
            let who = site.sign_in(login).await;
            numbers(&who, &format!("/cb/{cell}/xep-loai/2026"), ["0", "4", "0", ""]).await.is(303);
        }
        let (hands, library, org) = (site.hands("tranvanlam", site.cast.committee), site.app.rules.clone(), site.cast.committee);
        let (cells, sums) = site.write(move |tx| {
            let cells = facts::load(tx, &hands, &library, org, 2026, 2)?;
            Ok((cells, facts::load(tx, &hands, &library, org, 2026, 1)?))
        });
        assert!(cells.sums.is_none() && sums.sums.is_some() && sums.cells.is_empty());
        assert_eq!((cells.count(), sums.count()), (2, 2));
        for asked in view::asked(&cells).iter().filter(|a| a.target.key != "T6") {
            assert_eq!(asked.tally(&sums), asked.tally(&cells), "{}", asked.target.key);
            for at in 0..12 {
                assert_eq!(sums.month(asked.measure, at), cells.month(asked.measure, at), "{} {at}", asked.target.key);
            }
        }
    });
}
