//! First pages of each role, a member's and a cell's year by a table made by hand, one's own data
//! (DD-03, DD-05, T5, T6, P-10, P-26).

use std::sync::Arc;

use domain::agenda::{Part, Step};
use domain::id::{MeetingId, PersonId};
use domain::meeting::{MeetingKind, MeetingState};
use domain::period::PeriodKey;
use domain::roll::{Mark, Share, Standing};
use jiff::civil::{Date, date};
use nep::home::year::{CellYear, PersonYear, cell_year, person_year};
use nep::member::store::{self as members, NewPerson};

use crate::site::{Site, each};
use crate::stage;

fn year_of(site: &Arc<Site>, person: PersonId) -> PersonYear {
    let library = site.app.rules.clone();
    site.app.db.read_now(move |tx| person_year(tx, &library, person, 2026, date(2026, 11, 22))).unwrap()
}

fn cell_of(site: &Arc<Site>) -> CellYear {
    let (library, cell) = (site.app.rules.clone(), site.cast.cell);
    site.app.db.read_now(move |tx| cell_year(tx, &library, cell, 2026, date(2026, 11, 22))).unwrap()
}

struct Held<'a> {
    kind: MeetingKind,
    day: Date,
    periods: &'a [PeriodKey],
    away: &'a [(PersonId, Mark)],
    spoke: &'a [(PersonId, Part)],
    to: MeetingState,
}

fn hold(site: &Arc<Site>, held: &Held<'_>) -> MeetingId {
    let cell = site.cast.cell;
    let meeting = stage::prepared(site, cell, "nguyenthiha", held.kind, held.day, held.periods);
    let talk = stage::item(site, cell, meeting, (Part::Content, Step::Discussion), "Thảo luận", "");
    let topic = stage::item(site, cell, meeting, (Part::Thematic, Step::Topic), "Chuyên đề", "");
    stage::bring(site, cell, meeting, MeetingState::Open);
    stage::roll(site, cell, meeting, held.away, held.day.at(14, 0, 0, 0));
    for (who, part) in held.spoke {
        stage::spoke(site, cell, meeting, if *part == Part::Thematic { topic } else { talk }, *who);
    }
    stage::bring(site, cell, meeting, held.to);
    meeting
}

/// Half a year: January to May sealed, March together with the topic of the quarter, June held but
/// not sealed, and a meeting of the committee that is nobody's attendance.
fn half_a_year(site: &Arc<Site>, new: PersonId) {
    let month = |n: u8| PeriodKey::regular(2026, n).unwrap();
    let anh = site.person("lethianh");
    let dung = site.person("vungocdung");
    let talk = |who| (who, Part::Content);
    let sealed = MeetingState::Sealed;
    let regular = MeetingKind::Regular;
    let base = Held { kind: regular, day: date(2026, 1, 3), periods: &[month(1)], away: &[], spoke: &[], to: sealed };
    hold(site, &Held { spoke: &[talk(anh), talk(anh)], ..base });
    hold(site, &Held { day: date(2026, 2, 3), periods: &[month(2)], away: &[(dung, Mark::Unexcused)], ..base });
    let both = [month(3), PeriodKey::thematic(2026, 1).unwrap()];
    let said = [talk(anh), (anh, Part::Thematic), talk(dung)];
    hold(site, &Held { kind: MeetingKind::Combined, day: date(2026, 3, 3), periods: &both, spoke: &said, ..base });
    hold(site, &Held { day: date(2026, 4, 3), periods: &[month(4)], ..base });
    hold(site, &Held { day: date(2026, 5, 3), periods: &[month(5)], away: &[(anh, Mark::Excused)], ..base });
    let june = [talk(anh), talk(new)];
    hold(site, &Held { day: date(2026, 6, 3), periods: &[month(6)], spoke: &june, to: MeetingState::Closed, ..base });
    hold(site, &Held { kind: MeetingKind::Committee, day: date(2026, 2, 1), periods: &[], ..base });
}

/// A member who came in May, and Út, exempt until April.
fn newcomers(site: &Arc<Site>) -> PersonId {
    let cell = site.cast.cell;
    let (hands, ut) = (site.hands("nguyenthiha", cell), site.person("hoangvanut"));
    site.write(move |tx| {
        members::leave(tx, &hands, cell, ut, date(2026, 4, 1))?;
        members::join(tx, &hands, cell, ut, Standing::Official, date(2026, 4, 1), None)?;
        let new = members::add_person(tx, &hands, &NewPerson { name: "Tạ Thị Yên".to_owned(), ..NewPerson::default() })?;
        members::join(tx, &hands, cell, new, Standing::Probationary, date(2026, 5, 10), None)?;
        Ok(new)
    })
}

#[test]
fn a_year_equals_the_table_made_by_hand() {
    each(|site| async move {
        let new = newcomers(&site);
        half_a_year(&site, new);
        // who, present of expected, kỳ spoken in (sealed), waiting for the seal, months, target
        let table = [
            (site.person("lethianh"), Share::new(5, 6), 3, 1, 12, 6),
            (site.person("vungocdung"), Share::new(5, 6), 1, 0, 12, 6),
            (site.person("hoangvanut"), Share::new(3, 3), 0, 0, 9, 4),
            (new, Share::new(1, 1), 0, 1, 7, 3),
            (site.person("phanthilan"), Share::new(0, 0), 0, 0, 12, 6),
            (site.person("tranvanlam"), Share::new(0, 0), 0, 0, 0, 0),
        ];
        for (who, share, spoken, unsealed, months, target) in table {
            let y = year_of(&site, who);
            assert_eq!(
                (y.attended, y.spoken.len(), y.unsealed, y.months, y.target),
                (share, spoken, unsealed, months, target),
                "{who:?}"
            );
        }
        // 11 expected in January to March (12 without Út), 12 in April and May, 13 in June.
        let cell = cell_of(&site);
        assert_eq!(cell.attended, Share::new(33 - 1 + 24 - 1 + 13, 33 + 24 + 13));
        assert_eq!((cell.meetings.len(), cell.outside), (6, 3));
        // Nobody has reached a whole year's six yet; everybody expected today is asked.
        assert_eq!((cell.asked, cell.reached), (13, 0));
        let lacking = |name: &str| cell.lacking.iter().find(|l| l.name == name).map(|l| (l.spoken, l.target));
        assert_eq!(lacking("Lê Thị Ánh"), Some((3, 6)));
        assert_eq!(lacking("Tạ Thị Yên"), Some((0, 3)));

        let anh = site.sign_in("lethianh").await;
        let home = anh.get("/").await.is(200);
        home.says(&[
            "5 / 6 buổi",
            "3 kỳ",
            "Mức của năm: 6 kỳ, còn 3 kỳ; 1 kỳ chờ khóa biên bản",
            "có phát biểu, tính khi biên bản được khóa",
        ]);
        let me = anh.get("/toi").await.is(200);
        me.says(&["Chuyên đề", "Đề nghị làm sớm hơn.", "Chi bộ Văn phòng Sở Xây dựng", "kỳ tháng 1"]).says_not(&["Tạ Thị Yên"]);
        anh.get("/toi?nam=2025").await.is(200).says(&["Năm 2025 chưa có buổi sinh hoạt nào đã họp"]);
        anh.get("/toi?nam=1").await.is(200);
        let file = anh.get("/toi/du-lieu.json").await.is(200);
        let data: serde_json::Value = serde_json::from_slice(&file.bytes).unwrap();
        assert_eq!(data["du_lieu"]["diem_danh"].as_array().unwrap().len(), 6);
        assert_eq!(data["du_lieu"]["phat_bieu"].as_array().unwrap().len(), 5);
        assert!(!file.body.contains("argon2") && !file.body.contains("Tạ Thị Yên"), "{}", file.body);

        let ha = site.sign_in("nguyenthiha").await;
        let desk = ha.get(&format!("/cb/{}", site.cast.cell)).await.is(200);
        desk.says(&[
            "97,1 %",
            "0 / 13",
            "68 lượt có mặt trên 70 lượt phải dự",
            "đ/c Tạ Thị Yên: 0 / 3 kỳ",
            "Chỉ tiêu T5",
            "Chỉ tiêu T6",
        ]);
    });
}

/// The rows of the table of a page, cell by cell, as a reader sees them.
fn rows(body: &str) -> Vec<Vec<String>> {
    let table = body.split("<tbody>").nth(1).and_then(|t| t.split("</tbody>").next()).unwrap_or_default();
    let plain = |cell: &str| {
        let words: String = cell.split('<').map(|p| p.split_once('>').map_or(p, |(_, text)| text)).collect();
        words.trim().to_owned()
    };
    let cells = |row: &str| row.replace("<th", "<td").split("<td").skip(1).map(|c| plain(&format!("<{c}"))).collect();
    table.split("<tr>").skip(1).map(cells).collect()
}

#[test]
fn the_year_of_a_member_who_came_in_may_is_on_their_own_page_line_by_line() {
    each(|site| async move {
        let cell = site.cast.cell;
        // She had a post before; in May she becomes a member of the cell.
        let (hands, who) = (site.hands("nguyenthiha", cell), site.person("hothiclerk"));
        site.write(move |tx| Ok(members::join(tx, &hands, cell, who, Standing::Official, date(2026, 5, 10), None).map(|_| ())?));
        // month, mark from June on, whether she spoke
        let (here, excused, unexcused) = ("Có mặt", "Vắng có lý do", "Vắng không có lý do");
        let table = [
            (6, here, true),
            (7, here, true),
            (8, excused, false),
            (9, unexcused, false),
            (10, here, true),
            (11, here, true),
            (12, here, true),
        ];
        for n in 1..=12i8 {
            let found = table.iter().find(|t| t.0 == n);
            let away = match found.map_or(here, |t| t.1) {
                "Vắng có lý do" => vec![(who, Mark::Excused)],
                "Vắng không có lý do" => vec![(who, Mark::Unexcused)],
                _ => Vec::new(),
            };
            let spoke = if found.is_some_and(|t| t.2) { vec![(who, Part::Content)] } else { Vec::new() };
            let held = Held {
                kind: MeetingKind::Regular,
                day: date(2026, n, 3),
                periods: &[PeriodKey::regular(2026, u8::try_from(n).unwrap()).unwrap()],
                away: &away,
                spoke: &spoke,
                to: MeetingState::Sealed,
            };
            hold(&site, &held);
        }
        site.at(date(2026, 12, 31).at(9, 0, 0, 0));
        let page = site.sign_in("hothiclerk").await.get("/toi").await.is(200);
        let expected: Vec<Vec<String>> = table
            .iter()
            .map(|(n, mark, spoke)| {
                let day = format!("03/{n:02}/2026");
                let said = if *spoke { "có phát biểu" } else { "–" };
                [format!("{} {day}", MeetingKind::Regular), day, (*mark).to_owned(), said.to_owned()].to_vec()
            })
            .collect();
        assert_eq!(rows(&page.body), expected);
        // Seven months are hers to meet in: June to December; half a kỳ is not asked of anybody.
        page.says(&[
            "5 / 7 buổi",
            "Vắng 2 buổi, đạt 71,4 %",
            "5 kỳ",
            "Đã đạt mức 3 kỳ của năm",
            "kỳ tháng 6, kỳ tháng 7, kỳ tháng 10, kỳ tháng 11 và kỳ tháng 12",
            "phải dự 7 tháng trong năm nên mức của đồng chí là 3 kỳ",
        ]);
    });
}

#[test]
fn a_member_answers_from_the_first_page() {
    each(|site| async move {
        let cell = site.cast.cell;
        let key = PeriodKey::regular(2026, 12).unwrap();
        let meeting = stage::prepared(&site, cell, "nguyenthiha", MeetingKind::Regular, date(2026, 12, 3), &[key]);
        let anh = site.sign_in("lethianh").await;
        anh.get("/").await.is(200).says(&["không có việc nào chờ đồng chí"]).says_not(&["Tôi sẽ dự"]);
        let hands = site.hands("nguyenthiha", cell);
        site.write(move |tx| {
            let now = nep::meeting::store::get(tx, cell, meeting)?;
            let moment = nep::meeting::store::Moment { noticed_at: Some(hands.now), ..Default::default() };
            Ok(nep::meeting::store::save_state(tx, &hands, &now, MeetingState::Noticed, &moment)?)
        });
        let answer = format!("/cb/{cell}/buoi/{meeting}/tra-loi");
        anh.get("/").await.is(200).says(&["Tôi sẽ dự", "Xin vắng, nêu lý do", &answer, "Thứ Năm 03/12/2026", "Còn 11 ngày"]);
        anh.post(&answer, &[("tra_loi", "coming")]).await.is(303);
        anh.get("/").await.is(200).says(&["Đồng chí đã trả lời: sẽ dự"]).says_not(&["Tôi sẽ dự"]);
        // Exempt: may read, is not asked. The follower from the committee: the same.
        for login in ["hoangvanut", "tranvanlam"] {
            let page = site.sign_in(login).await.get("/").await.is(200);
            page.says(&["Buổi sinh hoạt tới"]).says_not(&["Tôi sẽ dự"]);
        }
        site.sign_in("phanthilan").await.get("/").await.is(200).says_not(&["03/12/2026, 14 giờ 00"]);
        let ha = site.sign_in("nguyenthiha").await;
        let desk = ha.get(&format!("/cb/{cell}")).await.is(200);
        desk.says(&["Kỳ tháng 12 năm 2026", "1 đồng chí sẽ dự, 0 xin vắng, 10 chưa trả lời", "Những bước đầu tiên"]);
    });
}

#[test]
fn each_role_finds_its_own_first_page() {
    each(|site| async move {
        let cell = site.cast.cell;
        let desk = format!("/cb/{cell}");
        for (login, status) in [
            ("nguyenthiha", 200),
            ("leminhduc", 200),
            ("phamvanan", 200),
            ("lethianh", 404),
            ("phanthilan", 404),
            ("tranvanlam", 404),
        ] {
            site.sign_in(login).await.get(&desk).await.is(status);
        }
        let ha = site.sign_in("nguyenthiha").await.get("/").await.is(200);
        ha.says(&["Mở bàn làm việc", "Những bước đầu tiên", "Chuẩn bị kỳ tháng 12"]);
        site.sign_in("nguyenthiha").await.get(&desk).await.is(200).says(&["kỳ khác quá hạn"]);
        let an = site.sign_in("phamvanan").await.get("/").await.is(200);
        an.says(&["Mở bàn làm việc"]).says_not(&["Những bước đầu tiên"]);
        site.sign_in("lethianh").await.get("/").await.is(200).says_not(&[
            "bàn làm việc",
            "Những bước đầu tiên",
            "Quản trị kỹ thuật",
        ]);

        // The committee sees states, never content.
        let key = PeriodKey::regular(2026, 11).unwrap();
        let meeting = stage::prepared(&site, cell, "nguyenthiha", MeetingKind::Regular, date(2026, 11, 3), &[key]);
        stage::item(&site, cell, meeting, (Part::Content, Step::Discussion), "Nội dung riêng của chi bộ", "");
        stage::bring(&site, cell, meeting, MeetingState::Sealed);
        for login in ["tranvanlam", "hothiclerk"] {
            let page = site.sign_in(login).await.get("/").await.is(200);
            page.says(&["Kỳ tháng 11 năm 2026", "2 chi bộ", "Đã khóa biên bản: 1", "Quá hạn: 1", "Chi bộ Thanh tra"])
                .says_not(&["Nội dung riêng", "Thảo luận"]);
        }
        let admin = site.sign_in("quantrivien").await.get("/").await.is(200);
        admin.says(&["Quản trị kỹ thuật", "Tài khoản, phiếu kích hoạt"]).says_not(&[
            "Chi bộ Thanh tra",
            "Năm nay của tôi",
            "Bàn làm việc",
        ]);

        let stranger = site.browser();
        stranger.get("/tro-giup").await.is(200).says(&["Hướng dẫn theo việc của đồng chí"]);
        for code in ["dang-vien", "bi-thu", "thu-ky", "cap-uy", "quan-tri"] {
            stranger.get(&format!("/tro-giup/{code}")).await.is(200);
        }
        stranger.get("/tro-giup/khac").await.is(404);
        stranger.get("/toi/du-lieu.json").await.is(303);
    });
}
