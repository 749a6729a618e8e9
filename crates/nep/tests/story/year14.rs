//! A cell's year in 14 meetings, with lateness, absences, transfers and exempt members: every figure
//! equals the table made by hand in `year14.md` (DD-01 … DD-06, M2, ahead.md 2 and 5).

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::agenda::{Part, Step};
use domain::attendance::Counts;
use domain::id::PersonId;
use domain::meeting::{MeetingKind, MeetingState};
use domain::period::PeriodKey;
use domain::roll::{Mark, Share, Standing};
use domain::vi;
use jiff::civil::{Date, date};
use nep::absence::act;
use nep::attendance::view::{self, Counted};
use nep::live::store as live;
use nep::member::store::{self as members, NewPerson};
use nep::org::store as orgs;

use crate::site::{Site, each};
use crate::stage;

const TABLE: &str = include_str!("year14.md");

/// The rows of the table that begin with a letter, without their heads.
fn rows(kind: &str) -> Vec<Vec<&'static str>> {
    let start = format!("| {kind} |");
    let cells = |line: &'static str| line.trim_matches('|').split('|').map(str::trim).skip(1).collect();
    TABLE.lines().filter(|l| l.starts_with(&start)).map(cells).skip(1).collect()
}

fn n(text: &str) -> u32 {
    text.parse().unwrap_or_else(|_| panic!("{text} is no number"))
}

struct Held<'a> {
    day: Date,
    kind: MeetingKind,
    quarter: Option<u8>,
    away: &'a [(&'a str, Mark)],
    late: Option<(&'a str, i8)>,
    spoke: &'a [(&'a str, Part)],
    to: MeetingState,
}

/// Holds the fourteen meetings; who joined later is called `yen`.
pub fn live_through(site: &Arc<Site>) -> BTreeMap<String, PersonId> {
    use Mark::{Excused as Asked, Online, Unexcused as Gone};
    let people = change(site);
    let (talk, topic) = (Part::Content, Part::Thematic);
    let sealed = MeetingState::Sealed;
    let base =
        Held { day: date(2026, 1, 3), kind: MeetingKind::Regular, quarter: None, away: &[], late: None, spoke: &[], to: sealed };
    let on = |month, day| date(2026, month, day);
    let all = [
        Held { away: &[("danghuuphuoc", Gone)], spoke: &[("lethianh", talk), ("lethianh", talk)], ..base },
        Held {
            day: on(2, 3),
            away: &[("phamvanan", Asked), ("vungocdung", Gone)],
            late: Some(("lethianh", 40)),
            spoke: &[("lethianh", talk)],
            ..base
        },
        Held {
            day: on(3, 3),
            kind: MeetingKind::Combined,
            quarter: Some(1),
            away: &[("ngothiquynh", Asked)],
            spoke: &[("lethianh", talk), ("lethianh", topic), ("vungocdung", talk)],
            ..base
        },
        Held {
            day: on(4, 3),
            away: &[("lethianh", Asked), ("ngothiquynh", Asked)],
            spoke: &[("tranvansau", talk), ("tranvansau", talk)],
            ..base
        },
        Held { day: on(5, 3), away: &[("ngothiquynh", Asked), ("danghuuphuoc", Gone), ("hoangvanut", Mark::Present)], ..base },
        Held { day: on(6, 3), away: &[("ngothiquynh", Asked)], spoke: &[("lethianh", talk), ("yen", talk)], ..base },
        Held { day: on(6, 17), kind: MeetingKind::Thematic, quarter: Some(2), away: &[("vungocdung", Gone)], ..base },
        Held { day: on(7, 3), away: &[("vungocdung", Gone)], spoke: &[("yen", talk)], ..base },
        Held {
            day: on(8, 3),
            away: &[("phamvanan", Asked), ("nguyenthiha", Online)],
            late: Some(("ngothiquynh", 20)),
            spoke: &[("hoangvanut", talk)],
            ..base
        },
        Held { day: on(9, 3), spoke: &[("lethianh", talk), ("hoangvanut", talk)], ..base },
        Held { day: on(9, 17), kind: MeetingKind::Thematic, quarter: Some(3), spoke: &[("vungocdung", topic)], ..base },
        Held { day: on(10, 3), away: &[("vungocdung", Gone)], spoke: &[("lethianh", talk)], ..base },
        Held {
            day: on(11, 3),
            away: &[("danghuuphuoc", Gone)],
            spoke: &[("lethianh", talk), ("yen", talk)],
            to: MeetingState::Closed,
            ..base
        },
        Held {
            day: on(12, 3),
            kind: MeetingKind::Combined,
            quarter: Some(4),
            away: &[("leminhduc", Asked)],
            spoke: &[("hoangvanut", topic)],
            ..base
        },
    ];
    for held in &all {
        hold(site, &people, held);
    }
    site.at(date(2026, 12, 20).at(9, 0, 0, 0));
    people
}

/// What changes among the members in the year.
fn change(site: &Arc<Site>) -> BTreeMap<String, PersonId> {
    let cell = site.cast.cell;
    let hands = site.hands("nguyenthiha", cell);
    let who = |login: &str| site.person(login);
    let (bao, ut, sau, dat, on) = (who("doquocbao"), who("hoangvanut"), who("tranvansau"), who("trinhcongdat"), who("buithion"));
    let sibling = site.cast.sibling;
    let yen = site.write(move |tx| {
        let mut turn = |person, standing: Standing, from: Date| -> db::Result<()> {
            members::leave(tx, &hands, cell, person, from)?;
            members::join(tx, &hands, cell, person, standing, from, None).map(|_| ())
        };
        turn(bao, Standing::TemporaryAway, date(2026, 4, 1))?;
        turn(bao, Standing::Official, date(2026, 7, 1))?;
        turn(ut, Standing::Official, date(2026, 7, 1))?;
        turn(dat, Standing::Suspended, date(2026, 10, 1))?;
        members::leave(tx, &hands, cell, sau, date(2026, 9, 1))?;
        members::join(tx, &hands, sibling, sau, Standing::Official, date(2026, 9, 1), None)?;
        members::leave(tx, &hands, cell, on, date(2026, 11, 1))?;
        let yen = members::add_person(tx, &hands, &NewPerson { name: "Tạ Thị Yên".to_owned(), ..NewPerson::default() })?;
        members::join(tx, &hands, cell, yen, Standing::Probationary, date(2026, 5, 10), None)?;
        Ok(yen)
    });
    let mut people = site.people.clone();
    people.insert("yen".to_owned(), yen);
    people
}

fn hold(site: &Arc<Site>, people: &BTreeMap<String, PersonId>, held: &Held<'_>) {
    let cell = site.cast.cell;
    let month = u8::try_from(held.day.month()).unwrap();
    let mut periods = Vec::new();
    if held.kind.serves_regular() {
        periods.extend(PeriodKey::regular(2026, month));
    }
    periods.extend(held.quarter.and_then(|q| PeriodKey::thematic(2026, q)));
    let meeting = stage::prepared(site, cell, "nguyenthiha", held.kind, held.day, &periods);
    let talk = stage::item(site, cell, meeting, (Part::Content, Step::Discussion), "Thảo luận", "");
    let topic = stage::item(site, cell, meeting, (Part::Thematic, Step::Topic), "Chuyên đề", "");
    stage::bring(site, cell, meeting, MeetingState::Open);
    let opened = held.day.at(14, 0, 0, 0);
    if let Some((who, minutes)) = held.late {
        let person = people[who];
        site.write(move |tx| live::mark(tx, cell, meeting, person, Some(Mark::Present), None, held_at(opened, minutes)));
    }
    for (who, mark) in held.away {
        let (person, mark) = (people[*who], *mark);
        site.write(move |tx| live::mark(tx, cell, meeting, person, Some(mark), None, opened));
    }
    stage::roll(site, cell, meeting, &[], opened);
    for (who, part) in held.spoke {
        stage::spoke(site, cell, meeting, if *part == Part::Thematic { topic } else { talk }, people[*who]);
    }
    stage::bring(site, cell, meeting, held.to);
}

fn held_at(opened: jiff::civil::DateTime, minutes: i8) -> jiff::civil::DateTime {
    opened.checked_add(jiff::SignedDuration::from_mins(i64::from(minutes))).unwrap()
}

fn counted(site: &Arc<Site>) -> (nep::attendance::store::Facts, Counted) {
    let (cell, library) = (site.cast.cell, site.app.rules.clone());
    let today = date(2026, 12, 20);
    site.app
        .db
        .read_now(move |tx| {
            let org = orgs::get(tx, cell, today)?;
            let rules = nep::year::store::rules_through(tx, &org, &library)?;
            let facts = nep::attendance::store::load(tx, cell, 2026, rules.at(today).int(view::LATE).unwrap())?;
            let counted = view::count(&facts, &rules, 2026, today);
            Ok::<_, nep::fault::Fault>((facts, counted))
        })
        .unwrap()
}

#[test]
fn the_figures_of_fourteen_meetings_equal_the_table_made_by_hand() {
    each(|site| async move {
        let people = live_through(&site);
        let (facts, year) = counted(&site);
        let meetings = rows("B");
        assert_eq!((meetings.len(), facts.meetings.len()), (14, 14));
        for (row, meeting) in meetings.iter().zip(&facts.meetings) {
            assert_eq!(row[0], vi::date(meeting.starts_at.date()));
            let c: Counts = year.year.meetings[&meeting.id];
            let found =
                [c.expected(), c.present, c.online, c.late, c.excused, c.unexcused, c.exempt, c.away, c.suspended, c.extra];
            let expected: Vec<u32> = row[1..11].iter().map(|t| n(t)).collect();
            assert_eq!(found.to_vec(), expected, "{}", row[0]);
            assert_eq!(format!("{}/{}", c.leaders.numer, c.leaders.denom), row[11], "{}", row[0]);
            assert_eq!(year.full[&meeting.id], Some(row[12] == "yes"), "{}", row[0]);
        }
        for row in rows("K") {
            let key: PeriodKey = row[0].parse().unwrap();
            assert_eq!(year.year.periods[&key].rate(), Share::new(n(row[1]), n(row[2])), "{key}");
        }
        assert_eq!(year.year.periods.len(), 16);
        people_equal(&site, &people, &year);
        let whole = year.year.whole;
        let total = &rows("T")[0];
        assert_eq!(whole.official(year.basis).to_string(), total[0]);
        assert_eq!(whole.rate_without_excused().to_string(), total[1]);
        assert_eq!(whole.leaders.to_string(), total[2]);
        assert_eq!((whole.present, whole.expected()), (n(total[5]), n(total[6])));
        pages(&site, total, &people).await;
    });
}

fn people_equal(site: &Arc<Site>, people: &BTreeMap<String, PersonId>, year: &Counted) {
    let table = rows("N");
    assert_eq!((table.len(), year.people.len()), (13, 13));
    for row in &table {
        let person = people[row[0]];
        let p = year.people.iter().find(|p| p.id == person).unwrap();
        let c = p.counts;
        let spoken = u32::try_from(p.spoken.len()).unwrap();
        let waiting = u32::try_from(p.unsealed).unwrap();
        let cell = site.cast.cell;
        let absent = site.app.db.read_now(move |tx| act::facts(tx, cell, person, 2026)).unwrap().standing.unexcused.len();
        let found = [
            c.expected(),
            c.present,
            c.excused,
            c.unexcused,
            c.outside(),
            c.extra,
            spoken,
            waiting,
            p.months,
            p.target,
            u32::try_from(absent).unwrap(),
        ];
        let expected: Vec<u32> = row[1..].iter().map(|t| n(t)).collect();
        assert_eq!(found.to_vec(), expected, "{}", row[0]);
    }
    // The order is that of names, never that of figures.
    let mut names: Vec<&str> = year.people.iter().map(|p| p.sort_key.as_str()).collect();
    names.sort_unstable();
    assert!(year.people.iter().map(|p| p.sort_key.as_str()).eq(names));
}

async fn pages(site: &Arc<Site>, total: &[&str], people: &BTreeMap<String, PersonId>) {
    let cell = site.cast.cell;
    let base = format!("/cb/{cell}/nam/2026/du-sinh-hoat");
    let ha = site.sign_in("nguyenthiha").await;
    let page = ha.get(&base).await.is(200);
    page.says(&total[..5]).says(&[
        "Trong đó 1 buổi chưa khóa biên bản",
        "(DD-03, ",
        "Chỉ tiêu T5",
        "Chỉ tiêu T6",
        "Chưa đạt: buổi ngày 03/01/2026, 03/02/2026, 03/04/2026",
        "Sinh hoạt tạm thời nơi khác từ 01/04/2026 đến 30/06/2026",
        "Đình chỉ sinh hoạt đảng từ 01/10/2026",
        "đến muộn 1",
        "trực tuyến 1",
    ]);
    // The desk and the year of the cell say the same.
    ha.get(&format!("/cb/{cell}")).await.is(200).says(&[total[0], total[4], "Trao đổi với 2 đồng chí về việc dự sinh hoạt"]);
    let of_anh = ha.get(&format!("{base}/{}", people["lethianh"])).await.is(200);
    of_anh.says(&["Lê Thị Ánh", "13 / 14 buổi", "7 kỳ", "có phát biểu, tính khi biên bản được khóa"]);
    // Sáu's months elsewhere are not this cell's to read; he stands with what he did here.
    ha.get(&format!("{base}/{}", people["tranvansau"])).await.is(200).says(&["9 / 9 buổi", "đến 31/08/2026"]);
    ha.get(&format!("{base}/{}", people["phanthilan"])).await.is(404);
    ha.get(&format!("/cb/{cell}/nam/2027/du-sinh-hoat")).await.is(404);
    let sheet = ha.get(&format!("{base}.xlsx")).await.is(200);
    assert!(sheet.media_type.contains("spreadsheetml"));
    for login in ["leminhduc", "phamvanan"] {
        site.sign_in(login).await.get(&base).await.is(200);
    }
    // Neither members nor anybody outside, nor who follows the cell from above.
    for login in ["lethianh", "vungocdung", "phanthilan", "tranvanlam", "hothiclerk", "quantrivien"] {
        let other = site.sign_in(login).await;
        for path in [base.clone(), format!("{base}.xlsx"), format!("{base}/{}", people["vungocdung"])] {
            other.get(&path).await.is(404);
        }
    }
}
