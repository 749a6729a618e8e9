//! Bức tranh chung: a missing kỳ is seen at each level the day after, without any job; where there are many cells the
//! sums say the same; figures of sealed minutes reach the cell's page; nothing of what was said is shown above.

use std::sync::Arc;

use domain::id::OrgId;
use domain::meeting::{MeetingKind, MeetingState};
use domain::period::{PeriodKey, duty};
use domain::post::Role;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use nep::board::store as board;
use nep::board::work::carry_all;
use nep::org::store::{self as orgs, NewOrg, Particulars};

use crate::rollup::{hold, province, seal};
use crate::site::{Browser, Page, Site, each};
use crate::stage;

const KEY: &str = "2026-tk-10";

fn last_day(site: &Site, key: &str) -> Date {
    let key: PeriodKey = key.parse().unwrap();
    duty(key, &site.app.rules.at(key.first_day())).unwrap().last_day
}

/// The secretary of the province, signed in on a day.
async fn secretary(site: &Arc<Site>, top: OrgId, day: Date) -> Browser {
    site.at(day.at(9, 0, 0, 0));
    let (hands, who) = (site.hands("hothiclerk", top), site.person("tranvanlam"));
    site.write(move |tx| Ok(orgs::appoint(tx, &hands, top, who, Role::Secretary, date(2026, 1, 1), None)?));
    site.sign_in("tranvanlam").await
}

/// The row of a cell, from its name to the end of its line.
#[track_caller]
fn row<'a>(page: &'a Page, name: &str) -> &'a str {
    let table = page.body.find("<table").map(|at| &page.body[at..]).unwrap_or_default();
    let at = table.find(&format!(">{name}</a>")).unwrap_or_else(|| panic!("{name} is not there:\n{}", page.body));
    table[at..].split("</tr>").next().unwrap()
}

/// The word in the square of a month.
fn word(row: &str, month: usize) -> String {
    let square = row.split("<td").nth(month).unwrap();
    let text = square.split('>').skip(1).map(|t| t.split('<').next().unwrap()).collect::<String>();
    text.trim().to_owned()
}

#[test]
fn a_missing_period_is_seen_at_each_level_the_day_after_without_a_job() {
    each(|site| async move {
        let (top, committees, cells) = province(&site);
        let last = last_day(&site, KEY);
        let lam = secretary(&site, top, last).await;
        hold(&site, cells[1], KEY.parse().unwrap(), last);
        let boards = [format!("/tc/{top}/buc-tranh/2026"), format!("/tc/{}/buc-tranh/2026", committees[0])];
        for path in &boards {
            let page = lam.get(path).await.is(200);
            assert_eq!(word(row(&page, "Chi bộ 00"), 10), "Chưa", "{path}");
            assert_eq!(word(row(&page, "Chi bộ 01"), 10), "Đúng", "{path}");
        }
        site.at(last.tomorrow().unwrap().at(0, 1, 0, 0));
        let lam = site.sign_in("tranvanlam").await;
        for path in &boards {
            let page = lam.get(path).await.is(200);
            assert_eq!(word(row(&page, "Chi bộ 00"), 10), "Thiếu", "{path}");
            assert_eq!(word(row(&page, "Chi bộ 01"), 10), "Đúng", "{path}");
        }
        let page = lam.get(&boards[0]).await.is(200);
        let page = page.says(&["6 trong 6 chi bộ còn thiếu kỳ đã đến hạn", "Đảng bộ A", "3 chi bộ, 3 chi bộ còn thiếu"]);
        page.says(&[&format!("href=\"/tc/{}/ky/{KEY}\"", cells[0])]);
        let cell = lam.get(&format!("/tc/{}/buc-tranh/2026", cells[0])).await.is(200);
        cell.says(&["Chi bộ còn thiếu", "kỳ tháng 10", "Quá hạn, chưa họp"]);
        lam.get(&format!("/tc/{}/ky/{KEY}", cells[0])).await.is(200).says(&["Quá hạn, chưa họp", "Chưa có buổi sinh hoạt nào"]);
        // Held after the last day: late at every level at once.
        hold(&site, cells[0], KEY.parse().unwrap(), last.tomorrow().unwrap());
        for path in &boards {
            assert_eq!(word(row(&lam.get(path).await.is(200), "Chi bộ 00"), 10), "Muộn", "{path}");
        }
    });
}

#[test]
fn a_board_is_narrowed_sorted_and_taken_along() {
    each(|site| async move {
        let (top, _, cells) = province(&site);
        let last = last_day(&site, KEY);
        let lam = secretary(&site, top, last.tomorrow().unwrap()).await;
        for month in 1..=10 {
            let key = PeriodKey::regular(2026, month).unwrap();
            hold(&site, cells[4], key, key.first_day().checked_add(2.days()).unwrap());
        }
        for quarter in 1..=3 {
            let key = PeriodKey::thematic(2026, quarter).unwrap();
            hold(&site, cells[4], key, key.first_day().checked_add(9.days()).unwrap());
        }
        let (hands, pilot) = (site.hands("hothiclerk", top), cells[3]);
        site.write(move |tx| {
            let own = Particulars { short_name: "Chi bộ 10".to_owned(), place: String::new(), cell_type: None, pilot: true };
            Ok(orgs::set_particulars(tx, &hands, pilot, date(2026, 1, 1), &own)?)
        });
        let base = format!("/tc/{top}/buc-tranh/2026");
        lam.get(&format!("{base}?q=bo+11"))
            .await
            .is(200)
            .says(&[">Chi bộ 11</a>", "1 trên 6 chi bộ"])
            .says_not(&[">Chi bộ 10</a>"]);
        let behind = lam.get(&format!("{base}?cham=1&q=chi")).await.is(200);
        behind.says(&[">Chi bộ 10</a>", "5 trên 6 chi bộ", "Lọc: “chi” · còn thiếu kỳ"]).says_not(&[">Chi bộ 11</a>"]);
        let pilots = lam.get(&format!("{base}?diem=1")).await.is(200);
        pilots.says(&[">Chi bộ 10</a>", "1 trên 6 chi bộ", "Lọc: chỉ đạo điểm"]).says_not(&[">Chi bộ 12</a>"]);
        lam.get(&base).await.is(200).says(&["Lọc, chọn năm, tải về"]).says_not(&["Lọc:"]);
        lam.get(&format!("{base}?q=khong-co")).await.is(200).says(&["Không có chi bộ nào khớp"]);
        let sorted = lam.get(&format!("{base}?xep=cham")).await.is(200);
        let at = |name: &str| sorted.body.find(&format!(">{name}</a>")).unwrap();
        assert!(at("Chi bộ 12") < at("Chi bộ 11"), "who is behind comes first");
        let sheet = lam.get(&format!("{base}/bang.xlsx?q=11")).await.is(200);
        assert!(sheet.bytes.starts_with(b"PK"));
        let rows = crate::targets::rows_of(&sheet.bytes);
        assert!(rows.len() == 2 && rows[1].contains("Chi bộ 11"), "what is taken along is what is shown: {rows:?}");
        lam.get(&format!("/tc/{top}/buc-tranh/2031")).await.is(404);
        // Members and cells beside it find nothing here.
        let anh = site.sign_in("lethianh").await;
        let ha = site.sign_in("nguyenthiha").await;
        for who in [&anh, &ha] {
            who.get(&base).await.is(404);
            who.get(&format!("{base}/bang.xlsx")).await.is(404);
        }
        ha.get(&format!("/tc/{}/buc-tranh", cells[0])).await.is(404);
    });
}

#[test]
fn sealed_figures_are_seen_above_and_content_is_not() {
    each(|site| async move {
        let cell = site.cast.cell;
        site.at(date(2026, 11, 22).at(9, 0, 0, 0));
        let key = PeriodKey::regular(2026, 11).unwrap();
        let meeting = stage::prepared(&site, cell, "nguyenthiha", MeetingKind::Regular, date(2026, 11, 3), &[key]);
        stage::bring(&site, cell, meeting, MeetingState::Open);
        stage::roll(&site, cell, meeting, &[], date(2026, 11, 3).at(14, 0, 0, 0));
        stage::bring(&site, cell, meeting, MeetingState::Closed);
        seal(&site, cell, date(2026, 11, 3), &mut crate::rollup::Dice(1));
        carry_all(&site.app).unwrap();
        let lam = site.sign_in("tranvanlam").await;
        let title = "Thường kỳ 03/11/2026";
        let page = lam.get(&format!("/tc/{}/buc-tranh/2026", site.cast.committee)).await.is(200).says_not(&[title]);
        assert_eq!(word(row(&page, "Chi bộ Văn phòng"), 11), "Đúng");
        let figures = format!("/tc/{cell}/buc-tranh/2026");
        lam.get(&figures).await.is(200).says(&["9/10", "Đã họp ngày 03/11/2026"]).says_not(&[title, "Mở năm sinh hoạt"]);
        let period = lam.get(&format!("/tc/{cell}/ky/{key}")).await.is(200);
        period.says(&["Có mặt trên phải dự", "11/11"]).says_not(&[title, "Nguyễn Thị Hà", "Mở kỳ sinh hoạt"]);
        // Who leads the cell may go on to the kỳ itself.
        let ha = site.sign_in("nguyenthiha").await;
        ha.get(&format!("/tc/{cell}/ky/{key}")).await.is(200).says(&["Mở kỳ sinh hoạt"]);
        ha.get(&figures).await.is(200).says(&["Mở năm sinh hoạt"]);
        lam.get("/").await.is(200).says(&["Mở bức tranh chung cả năm"]);
    });
}

#[test]
fn many_cells_are_shown_as_sums_that_turn_red_by_the_day() {
    each(|site| async move {
        let (top, committees, cells) = province(&site);
        let last = last_day(&site, KEY);
        let lam = secretary(&site, top, last).await;
        let (hands, a) = (site.hands("hothiclerk", top), committees[0]);
        site.write(move |tx| {
            for n in 0..400 {
                let new = NewOrg {
                    parent: Some(a),
                    name: format!("Chi bộ số {n}"),
                    short_name: format!("Chi bộ số {n}"),
                    kind: "cell_sub".to_owned(),
                    symbol: "CB".to_owned(),
                    is_cell: true,
                    place: String::new(),
                    cell_type: None,
                    born_on: date(2026, 7, 1),
                    document: None,
                };
                orgs::found(tx, &hands, &new)?;
            }
            Ok(())
        });
        hold(&site, cells[0], KEY.parse().unwrap(), last);
        // Due last month, this month and next year.
        let (before, later) = (date(2026, 9, 9), date(2027, 2, 1));
        crate::tasks_due::give(&site, cells[0], &[Some(before), Some(last), Some(later)]);
        carry_all(&site.app).unwrap();
        let path = format!("/tc/{top}/buc-tranh/2026");
        let page = lam.get(&path).await.is(200).says(&["Số liệu cấp trên tính đến 09:00"]).says_not(&["Chi bộ số 7<"]);
        assert_eq!(
            (word(row(&page, "Đảng bộ A"), 10), word(row(&page, "Đảng bộ B"), 10)),
            ("1/403".to_owned(), "0/3".to_owned())
        );
        assert!(!row(&page, "Đảng bộ A").split("<td").nth(10).unwrap().contains("late"));
        let page = page.says(&["Nhiệm vụ từ đầu năm đến hết tháng này: 2 đến hạn · 1 quá hạn · 1 chưa xong."]);
        assert!(row(&page, "Đảng bộ A").contains("Nhiệm vụ: 0/2 xong · 1 quá hạn"));
        assert!(!row(&page, "Đảng bộ B").contains("Nhiệm vụ"));
        // No job runs; a fact that came meanwhile says how old the sums are.
        site.at(last.tomorrow().unwrap().at(7, 30, 0, 0));
        hold(&site, cells[1], KEY.parse().unwrap(), last);
        site.at(last.tomorrow().unwrap().at(8, 0, 0, 0));
        let lam = site.sign_in("tranvanlam").await;
        let page = lam.get(&path).await.is(200).says(&["Số liệu cấp trên tính đến 07:30", "kỳ tháng 10 thiếu ở 405 chi bộ"]);
        assert!(row(&page, "Đảng bộ A").split("<td").nth(10).unwrap().contains("class=\"late\""));
        carry_all(&site.app).unwrap();
        let page = lam.get(&path).await.is(200).says(&["kỳ tháng 10 thiếu ở 404 chi bộ"]);
        assert_eq!(word(row(&page, "Đảng bộ A"), 10), "2/403");
        // A month that no job has opened is missing all the same the day after its last day.
        site.at(last_day(&site, "2026-tk-11").tomorrow().unwrap().at(8, 0, 0, 0));
        let lam = site.sign_in("tranvanlam").await;
        let page = lam.get(&path).await.is(200);
        assert_eq!(
            (word(row(&page, "Đảng bộ A"), 11), word(row(&page, "Đảng bộ B"), 11)),
            ("0/403".to_owned(), "0/3".to_owned())
        );
        let rows = site.write(move |tx| {
            let (from, to) = domain::rollup::Month::of_year(2026);
            Ok(board::months(tx, top, from, to)?.len())
        });
        assert_eq!(rows, 10);
    });
}
