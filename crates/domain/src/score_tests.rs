//! Worked examples by hand for every fact, scale, level and year; each shipped sheet adds to its total.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::*;
use crate::meeting::{MeetingKind, MeetingState};
use crate::roll::{Mark, Share};
use crate::rulepack::{Library, Override, Ratio, Rules, Span, Value, shipped};
use crate::task::Review;

const DAY: Date = date(2026, 11, 3);

static LIBRARY: LazyLock<Library> = LazyLock::new(|| shipped().unwrap());

fn rules() -> Rules {
    LIBRARY.at(DAY)
}

fn sheet(code: &str) -> std::sync::Arc<ScoreSheet> {
    rules().score_sheets().find(|s| s.code == code).unwrap().clone()
}

fn criterion(code: &str, id: &str) -> Criterion {
    sheet(code).criteria.iter().find(|c| c.id == id).unwrap().clone()
}

/// A meeting at which everything was as it should be.
fn perfect() -> Facts {
    Facts {
        kind: MeetingKind::Regular,
        state: MeetingState::Closed,
        thematic: false,
        held_on: DAY,
        month: Some(date(2026, 11, 1)),
        today: DAY,
        regular: Some((3, 7)),
        length: Length { minutes: Some(95), planned: Some(105), least: Some(90) },
        attendance: Share::new(20, 20),
        unmarked: 0,
        unexcused: 0,
        target: Ratio::parse("90 %"),
        unexcused_allowed: 0,
        streak: Streak::default(),
        prepared: Prepared { has_committee: true, met_on: Some(date(2026, 10, 30)), files: 2, late_files: 0, lead_days: Some(1) },
        notice: Some(Noticed { members: Share::new(20, 20), followers: Share::new(1, 1), lead_minutes: 3 * 24 * 60 }),
        steps: Share::new(16, 16),
        steps_missing: Vec::new(),
        speakers: Share::new(12, 20),
        resolution: Some(Review { total: 5, done: 5, ..Review::default() }),
        concluded: true,
        posting: Posting { on: None, within: Some(2) },
    }
}

const PLAIN: Case = Case { kind: MeetingKind::Regular, thematic: false };
const THEMATIC: Case = Case { kind: MeetingKind::Regular, thematic: true };

fn points(text: &str) -> Points {
    Points::parse(text).unwrap()
}

/// What is suggested, as text: points, `–` for none, `–!` where the facts speak against the maximum.
fn said(code: &str, id: &str, facts: &Facts) -> String {
    let c = criterion(code, id);
    let s = suggest(&c, c.max, facts);
    match (s.points, s.short) {
        (Some(p), _) => p.to_string(),
        (None, true) => "–!".to_owned(),
        (None, false) => "–".to_owned(),
    }
}

#[test]
fn each_shipped_sheet_adds_to_its_total_in_every_month() {
    let rules = rules();
    let codes: Vec<&str> = rules.score_sheets().map(|s| s.code.as_str()).collect();
    assert_eq!(codes, ["HD42", "AN-PHU", "PHU-THO", "BINH-THUAN"]);
    for sheet in rules.score_sheets() {
        assert_eq!(sheet.cases().len(), 3, "{}", sheet.code);
        for case in sheet.cases() {
            let sum: Points = sheet.leaves(case).map(|(_, max)| max).sum();
            assert_eq!(sum, Points::whole(100), "{} {case:?}", sheet.code);
        }
        let bands = (Points::whole(90), Points::whole(70), Points::whole(50));
        assert_eq!((sheet.bands.good, sheet.bands.fair, sheet.bands.average), bands);
    }
}

#[test]
fn groups_have_the_points_of_the_sources() {
    let table: [(&str, Case, &[(&str, i32)]); 4] = [
        ("HD42", PLAIN, &[("1", 5), ("2", 5), ("3", 10), ("4", 40), ("5", 5), ("6", 30), ("7", 5)]),
        ("AN-PHU", PLAIN, &[("1", 5), ("2", 5), ("3", 10), ("4", 30), ("5", 10), ("6", 5), ("7", 30), ("8", 5)]),
        ("AN-PHU", THEMATIC, &[("1", 5), ("2", 5), ("3", 10), ("4", 30), ("5", 10), ("6", 5), ("7", 30), ("8", 5)]),
        ("PHU-THO", PLAIN, &[("1", 15), ("2", 20), ("3", 45), ("4", 20)]),
    ];
    for (code, case, groups) in table {
        let sheet = sheet(code);
        for (id, max) in groups {
            let sum: Points = sheet.leaves(case).filter(|(c, _)| c.id == *id || c.is_under(id)).map(|(_, m)| m).sum();
            assert_eq!(sum, Points::whole(*max), "{code} {id} {case:?}");
        }
    }
}

#[test]
fn a_month_without_a_topic_gives_its_points_to_the_regular_content() {
    let sheet = sheet("AN-PHU");
    let max = |case, id: &str| sheet.leaves(case).find(|(c, _)| c.id == id).map(|(_, max)| max.to_string());
    assert_eq!((max(PLAIN, "4.2"), max(PLAIN, "4.3")), (Some("15".into()), None));
    assert_eq!((max(THEMATIC, "4.2"), max(THEMATIC, "4.3")), (Some("10".into()), Some("5".into())));
    for case in [PLAIN, THEMATIC] {
        let all: BTreeMap<String, Points> = sheet.leaves(case).map(|(c, max)| (c.id.clone(), max)).collect();
        let verdict = judge(&sheet, &sheet.bands, case, &all);
        assert_eq!((verdict.total, verdict.band), (Points::whole(100), Some(Band::Good)), "{case:?}");
    }
    assert_eq!(
        sheet.cases().iter().map(|c| (c.kind, c.thematic)).collect::<Vec<_>>(),
        [(MeetingKind::Regular, false), (MeetingKind::Regular, true), (MeetingKind::Combined, true)]
    );
}

#[test]
fn points_are_read_and_shown_exactly() {
    for (text, shown, hundredths) in
        [("5", "5", 500), ("4,5", "4,5", 450), ("4.25", "4,25", 425), (" 0 ", "0", 0), ("07", "7", 700)]
    {
        let p = points(text);
        assert_eq!((p.to_string().as_str(), p.hundredths()), (shown, hundredths));
    }
    for text in ["", "-1", "4,", ",5", "4,125", "1e3", "5 điểm", "4,5,5", "99999", "４"] {
        assert_eq!(Points::parse(text), None, "{text}");
    }
    assert_eq!((points("4,5") - points("6")).signed(), "-1,5");
    assert_eq!((points("6") - points("4,5")).signed(), "+1,5");
    assert_eq!(Points::ZERO.signed(), "0");
    for (n, of, shown) in [(7, 9, "23,3"), (9, 9, "30"), (0, 9, "0"), (1, 3, "10"), (5, 4, "30"), (1, 0, "0")] {
        assert_eq!(Points::whole(30).share(n, of).to_string(), shown, "{n}/{of}");
    }
}

#[test]
fn the_day() {
    // day, month it was due in, suggestion of sheet A's first criterion when the length is right
    let table = [
        (date(2026, 11, 3), date(2026, 11, 1), "5"),
        (date(2026, 11, 1), date(2026, 11, 1), "5"),
        (date(2026, 11, 7), date(2026, 11, 1), "5"),
        (date(2026, 11, 8), date(2026, 11, 1), "–!"),
        (date(2026, 12, 3), date(2026, 11, 1), "–!"),
    ];
    for (held_on, month, wanted) in table {
        let facts = Facts { held_on, month: Some(month), ..perfect() };
        assert_eq!(said("HD42", "1", &facts), wanted, "{held_on}");
    }
    let facts = Facts { regular: None, ..perfect() };
    assert_eq!(said("HD42", "1", &facts), "–");
    // Something not met speaks against the maximum even where the rest is not known.
    let facts = Facts { regular: None, length: Length { minutes: Some(60), ..perfect().length }, ..perfect() };
    assert_eq!(said("HD42", "1", &facts), "–!");
}

#[test]
fn the_length() {
    // minutes of 90, points of sheet B
    for (minutes, wanted) in
        [(95, "5"), (90, "5"), (89, "4"), (75, "4"), (74, "3"), (60, "3"), (59, "2"), (45, "2"), (44, "1"), (0, "1")]
    {
        let facts = Facts { length: Length { minutes: Some(minutes), planned: None, least: Some(90) }, ..perfect() };
        assert_eq!(said("AN-PHU", "1", &facts), wanted, "{minutes}");
    }
    // While it runs the plan counts, and is said.
    let running = |minutes, planned| Facts {
        state: MeetingState::Open,
        length: Length { minutes: Some(minutes), planned: Some(planned), least: Some(90) },
        ..perfect()
    };
    assert_eq!(said("AN-PHU", "1", &running(80, 105)), "5");
    assert!(suggest(&criterion("AN-PHU", "1"), points("5"), &running(80, 105)).why().contains("tính là đạt"));
    assert_eq!(said("AN-PHU", "1", &running(80, 60)), "–");
    let unknown = Facts { length: Length::default(), ..perfect() };
    assert_eq!(said("AN-PHU", "1", &unknown), "–");
}

#[test]
fn who_came() {
    // present, expected, without reason: sheet A, sheet B
    let table = [
        (20, 20, 0, "5", "4"),
        (18, 20, 0, "5", "4"),
        (18, 20, 1, "–!", "1"),
        (17, 20, 0, "–!", "3"),
        (15, 20, 0, "–!", "3"),
        (14, 20, 0, "–!", "2"),
        (13, 20, 0, "–!", "2"),
        (12, 20, 0, "–!", "1"),
        (12, 20, 3, "–!", "1"),
    ];
    for (n, of, unexcused, a, b) in table {
        let facts = Facts { attendance: Share::new(n, of), unexcused, ..perfect() };
        assert_eq!((said("HD42", "2", &facts), said("AN-PHU", "2.1", &facts)), (a.into(), b.into()), "{n}/{of}, {unexcused}");
    }
    let unmarked = Facts { unmarked: 1, ..perfect() };
    assert_eq!((said("HD42", "2", &unmarked), said("AN-PHU", "2.1", &unmarked)), ("–".into(), "–".into()));
    let nobody = Facts { attendance: Share::default(), ..perfect() };
    assert_eq!(said("HD42", "2", &nobody), "–");
}

#[test]
fn excused_many_times_running() {
    use Mark::{Excused as E, Present as P, Unexcused as U};
    // marks of the year, oldest first: run that reaches the meeting, points of sheet B
    let table: [(&[Mark], u32, &str); 7] = [
        (&[P, P, P, P], 0, "1"),
        (&[E, E, E], 3, "1"),
        (&[E, E, E, E], 4, "–!"),
        (&[E, E, E, E, P], 0, "1"),
        (&[E, E, P, E, E], 2, "1"),
        (&[E, E, E, U, E], 1, "1"),
        (&[E; 14], 14, "–!"),
    ];
    for (marks, longest, wanted) in table {
        let streak = streak(&[marks.to_vec(), vec![P]]);
        assert_eq!(streak.longest, longest, "{marks:?}");
        assert_eq!(said("AN-PHU", "2.2", &Facts { streak, ..perfect() }), wanted, "{marks:?}");
    }
    let two = streak(&[vec![E; 4], vec![E; 5], vec![E; 2], vec![]]);
    assert_eq!((two.above(3), two.above(4), two.above(1), two.above(40)), (2, 1, 3, 0));
}

#[test]
fn preparation() {
    let prepared = perfect().prepared;
    let with = |p: Prepared| Facts { prepared: p, ..perfect() };
    let committee = |has_committee, met_on| said("AN-PHU", "3.3", &with(Prepared { has_committee, met_on, ..prepared }));
    assert_eq!(committee(true, Some(DAY)), "2");
    assert_eq!(committee(true, Some(date(2026, 11, 4))), "–!");
    assert_eq!(committee(true, None), "–");
    assert_eq!(committee(false, None), "2");

    let notice = |members, followers| {
        let notice = Some(Noticed { members, followers, lead_minutes: 2880 });
        said("AN-PHU", "3.4", &Facts { notice, ..perfect() })
    };
    assert_eq!(notice(Share::new(20, 20), Share::new(1, 1)), "1");
    assert_eq!(notice(Share::new(19, 20), Share::new(1, 1)), "–!");
    assert_eq!(notice(Share::new(20, 20), Share::new(0, 1)), "–!");
    assert_eq!(notice(Share::new(20, 20), Share::new(0, 0)), "1");
    assert_eq!(said("AN-PHU", "3.4", &Facts { notice: None, ..perfect() }), "–");

    let files = |files, late_files| said("AN-PHU", "3.5", &with(Prepared { files, late_files, ..prepared }));
    assert_eq!((files(2, 0), files(2, 1)), ("2".into(), "–!".into()));
    let lead = |minutes| {
        let notice = perfect().notice.map(|n| Noticed { lead_minutes: minutes, ..n });
        said("AN-PHU", "3.5", &Facts { notice, ..with(Prepared { files: 0, ..prepared }) })
    };
    assert_eq!((lead(1440), lead(1439)), ("2".into(), "–!".into()));
    assert_eq!(said("AN-PHU", "3.5", &Facts { notice: None, ..with(Prepared { files: 0, ..prepared }) }), "–");
    assert_eq!(said("AN-PHU", "3.5", &with(Prepared { lead_days: None, ..prepared })), "–");
    // Sheet A asks for all three at once.
    assert_eq!(said("HD42", "3.2", &perfect()), "5");
    assert_eq!(said("HD42", "3.2", &with(Prepared { met_on: None, ..prepared })), "–");
    assert_eq!(said("HD42", "3.2", &with(Prepared { met_on: None, late_files: 1, ..prepared })), "–!");
}

#[test]
fn steps_words_and_the_last_resolution() {
    let missing = Facts { steps: Share::new(15, 16), steps_missing: vec!["Điểm danh".into()], ..perfect() };
    assert_eq!((said("HD42", "4.1", &perfect()), said("HD42", "4.1", &missing)), ("5".into(), "–!".into()));
    assert!(suggest(&criterion("HD42", "4.1"), points("5"), &missing).why().contains("Điểm danh"));
    assert_eq!(said("HD42", "4.1", &Facts { steps: Share::default(), ..perfect() }), "–");

    for (n, wanted) in [(20, "5"), (11, "5"), (10, "4"), (8, "4"), (7, "3"), (6, "3"), (5, "2"), (0, "2")] {
        let facts = Facts { speakers: Share::new(n, 20), ..perfect() };
        assert_eq!(said("AN-PHU", "4.5", &facts), wanted, "{n}");
        // Sheet A has no scale for it: the share is shown, the points stay with the people.
        assert_eq!(said("HD42", "4.2", &facts), "–");
    }

    for (done, a, b) in
        [(10, "30", "30"), (9, "27", "30"), (8, "24", "27"), (7, "21", "24"), (6, "18", "20"), (5, "15", "15"), (0, "0", "10")]
    {
        let facts = Facts { resolution: Some(Review { total: 12, done, dropped: 2, ..Review::default() }), ..perfect() };
        assert_eq!((said("HD42", "6", &facts), said("AN-PHU", "7", &facts)), (a.into(), b.into()), "{done}");
    }
    for resolution in [None, Some(Review { total: 2, dropped: 2, ..Review::default() })] {
        assert_eq!(said("HD42", "6", &Facts { resolution, ..perfect() }), "–");
    }
}

#[test]
fn the_end_of_the_meeting() {
    let at = |state, concluded| said("AN-PHU", "8.1", &Facts { state, concluded, ..perfect() });
    assert_eq!(at(MeetingState::Open, true), "2");
    assert_eq!(at(MeetingState::Open, false), "–");
    assert_eq!(at(MeetingState::Closed, false), "–!");
    for state in [MeetingState::Open, MeetingState::Closed, MeetingState::Adopted, MeetingState::Sealed] {
        assert_eq!(said("AN-PHU", "8.2", &Facts { state, ..perfect() }), "2", "{state}");
    }
    // today, posted on
    let table = [
        (date(2026, 11, 5), None, "1"),
        (date(2026, 11, 6), None, "–!"),
        (date(2026, 12, 1), Some(date(2026, 11, 5)), "1"),
        (date(2026, 12, 1), Some(date(2026, 11, 6)), "–!"),
    ];
    for (today, on, wanted) in table {
        let facts = Facts { today, posting: Posting { on, within: Some(2) }, ..perfect() };
        assert_eq!(said("AN-PHU", "8.3", &facts), wanted, "{today} {on:?}");
    }
    let not_due = Facts { today: DAY, ..perfect() };
    assert!(suggest(&criterion("AN-PHU", "8.3"), points("1"), &not_due).why().contains("Chưa đến hạn đăng"));
    assert_eq!(said("HD42", "7", &perfect()), "5");
}

#[test]
fn what_no_fact_speaks_of_stays_with_the_people() {
    for id in ["3.1", "4.3", "5"] {
        assert_eq!(said("HD42", id, &perfect()), "–", "{id}");
    }
    for id in ["1", "2", "3", "4"] {
        let c = criterion("PHU-THO", id);
        let s = suggest(&c, c.max, &perfect());
        assert!(s.points.is_none() && !s.short && !s.findings.is_empty(), "{id}");
    }
}

#[test]
fn raising_takes_a_reason_and_lowering_is_free() {
    let c = criterion("AN-PHU", "1");
    let four = suggest(&c, c.max, &Facts { length: Length { minutes: Some(80), planned: None, least: Some(90) }, ..perfect() });
    let short = suggest(&criterion("HD42", "2"), points("5"), &Facts { unexcused: 1, ..perfect() });
    let open = suggest(&criterion("HD42", "5"), points("5"), &perfect());
    let entry = |text: &str, reason: &str| Entry { points: Points::parse(text), reason: reason.into() };
    let code = |s: &Suggestion, e: &Entry| check_entry(points("5"), s, e).err().map(|r| r.code);
    assert_eq!(code(&four, &entry("4", "")), None);
    assert_eq!(code(&four, &entry("0", "")), None);
    assert_eq!(code(&four, &entry("4,01", "")), Some("reason"));
    assert_eq!(code(&four, &entry("5", " ")), Some("reason"));
    assert_eq!(code(&four, &entry("5", "Mất điện 10 phút")), None);
    assert_eq!(code(&four, &entry("5,5", "Có lý do")), Some("too_much"));
    assert_eq!(code(&four, &entry("", "")), None);
    assert_eq!(code(&short, &entry("4", "")), None);
    assert_eq!(code(&short, &entry("5", "")), Some("reason"));
    assert_eq!(code(&open, &entry("5", "")), None);
    assert_eq!(code(&open, &entry("6", "")), Some("too_much"));
}

/// Points for sheet A that come to a total: everything but what the last two criteria lack.
fn filled(code: &str, total: i32) -> BTreeMap<String, Points> {
    let sheet = sheet(code);
    let mut lack = Points::whole(100) - Points::whole(total);
    let mut out = BTreeMap::new();
    let mut leaves: Vec<_> = sheet.leaves(PLAIN).map(|(c, max)| (c.id.clone(), max)).collect();
    // What carries no condition gives way first.
    leaves.sort_by_key(|(id, _)| !["6", "4.3", "5", "3.1", "3.2", "4.1"].contains(&id.as_str()));
    for (id, max) in leaves {
        let less = max.min(lack);
        lack = lack - less;
        out.insert(id, max - less);
    }
    out
}

#[test]
fn levels_at_their_borders() {
    let sheet = sheet("HD42");
    for (total, band) in [
        (100, Band::Good),
        (90, Band::Good),
        (89, Band::Fair),
        (70, Band::Fair),
        (69, Band::Average),
        (50, Band::Average),
        (49, Band::Poor),
        (0, Band::Poor),
    ] {
        let verdict = judge(&sheet, &sheet.bands, PLAIN, &filled("HD42", total));
        assert_eq!((verdict.total, verdict.band), (Points::whole(total), Some(band)), "{total}");
    }
    let mut almost = filled("HD42", 90);
    almost.insert("6".into(), almost["6"] - Points::of_hundredths(1));
    let verdict = judge(&sheet, &sheet.bands, PLAIN, &almost);
    assert_eq!((verdict.total.to_string().as_str(), verdict.band), ("89,99", Some(Band::Fair)));
    assert_eq!(verdict.why, "89,99/100 điểm: từ 70 đến dưới 90 điểm là Khá.");
}

#[test]
fn a_level_may_ask_for_the_maximum_of_some_criteria() {
    let sheet = sheet("BINH-THUAN");
    assert_eq!(judge(&sheet, &sheet.bands, PLAIN, &filled("BINH-THUAN", 92)).band, Some(Band::Good));
    let mut given = filled("BINH-THUAN", 93);
    given.insert("2".into(), points("4"));
    let verdict = judge(&sheet, &sheet.bands, PLAIN, &given);
    assert_eq!((verdict.total, verdict.band), (Points::whole(92), Some(Band::Fair)));
    assert!(verdict.why.starts_with("Đủ 92 điểm nhưng tiêu chí 2 (tỷ lệ đảng viên dự"), "{}", verdict.why);
    assert!(verdict.why.ends_with("chưa đạt điểm tối đa nên xếp Khá."), "{}", verdict.why);
    // Below the level its conditions say nothing.
    given.insert("6".into(), Points::ZERO);
    assert_eq!(judge(&sheet, &sheet.bands, PLAIN, &given).band, Some(Band::Average));
    // The national frame has none.
    let frame = super::tests::sheet("HD42");
    let mut given = filled("HD42", 93);
    given.insert("2".into(), points("4"));
    assert_eq!(judge(&frame, &frame.bands, PLAIN, &given).band, Some(Band::Good));
}

#[test]
fn what_is_missing_is_named_and_nothing_is_levelled() {
    let sheet = sheet("HD42");
    let mut given = filled("HD42", 100);
    given.remove("4.2");
    given.remove("5");
    let verdict = judge(&sheet, &sheet.bands, PLAIN, &given);
    assert_eq!((verdict.total, verdict.band), (Points::whole(70), None));
    assert_eq!(verdict.missing, ["4.2", "5"]);
    // What does not stand on the sheet, or is above the maximum, counts for no more than it may.
    given.insert("9".into(), points("50"));
    given.insert("1".into(), points("50"));
    assert_eq!(judge(&sheet, &sheet.bands, PLAIN, &given).total, Points::whole(70));
}

#[test]
fn two_scores_stand_beside_each_other() {
    let of = |list: &[(&str, Option<&str>)]| -> Vec<(String, Option<Points>)> {
        list.iter().map(|(id, p)| ((*id).to_owned(), p.map(points))).collect()
    };
    let own = of(&[("1", Some("5")), ("2", Some("4")), ("3", None), ("4", Some("2"))]);
    let other = of(&[("1", Some("5")), ("2", Some("2,5")), ("3", Some("1")), ("5", Some("1"))]);
    let found = gaps(&own, &other);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].id.as_str(), found[0].difference().signed().as_str()), ("2", "-1,5"));
}

#[test]
fn the_year_of_phu_tho() {
    use Band::{Average, Fair, Good, Poor};
    let sheet = sheet("PHU-THO");
    let levels = |list: &[(usize, Band)]| -> Vec<Option<Band>> { list.iter().flat_map(|(n, b)| vec![Some(*b); *n]).collect() };
    // levels, whether the year is over, outcome
    let table = [
        (levels(&[(7, Good), (5, Fair)]), true, Outcome::Reached(Good)),
        (levels(&[(6, Good), (6, Fair)]), true, Outcome::NotReached),
        (levels(&[(6, Good), (4, Fair)]), false, Outcome::Open),
        (levels(&[(11, Good), (1, Average)]), true, Outcome::NotReached),
        (levels(&[(11, Good), (1, Poor)]), false, Outcome::NotReached),
        (levels(&[(7, Good)]), false, Outcome::Reached(Good)),
        (levels(&[(12, Good)]), true, Outcome::Reached(Good)),
        (Vec::new(), false, Outcome::Open),
    ];
    for (list, over, wanted) in table {
        assert_eq!(year(&sheet, &list, over).outcome, wanted, "{list:?} {over}");
    }
    let mut unscored = levels(&[(9, Good)]);
    unscored.push(None);
    let verdict = year(&sheet, &unscored, true);
    assert_eq!(verdict.outcome, Outcome::Open);
    assert!(verdict.why.contains(&"Còn 1 buổi chưa chấm điểm.".to_owned()), "{:?}", verdict.why);
    let verdict = year(&sheet, &levels(&[(6, Good), (6, Fair)]), true);
    assert_eq!(verdict.why[0], "12 buổi thường kỳ đã họp, 12 buổi đã chấm điểm: 6 tốt, 6 khá.");
    assert!(verdict.why.contains(&"Chỉ có 6/7 buổi mức Tốt.".to_owned()), "{:?}", verdict.why);
    assert_eq!(verdict.why.last(), Some(&sheet.year_note));
    assert_eq!(year(&super::tests::sheet("HD42"), &levels(&[(12, Good)]), true).outcome, Outcome::NoRule);
}

fn set(key: &str, value: Value) -> Override {
    Override {
        depth: 1,
        key: key.into(),
        span: Span { from: date(2026, 1, 1), to: None },
        value,
        document: "Quyết định 7".into(),
    }
}

#[test]
fn a_committee_chooses_another_sheet_and_other_levels() {
    let rules = rules();
    let code = |r: &Rules| r.score_sheet().map(|s| s.sheet.code.clone());
    assert_eq!(code(&rules).as_deref(), Some("HD42"));
    let word = |w: &str| Value::Words(vec![w.to_owned()]);
    let own = rules.with_overrides(&[set(SHEET_FIGURE, word("PHU-THO")), set("scoring.good", Value::Int(85))]);
    let used = own.score_sheet().unwrap();
    assert_eq!((used.sheet.code.as_str(), used.chosen.citation()), ("PHU-THO", "Quyết định 7"));
    assert_eq!((used.bands.good, used.bands.fair), (Points::whole(85), Points::whole(70)));
    // A word that names no sheet, or two, changes nothing and is not taken.
    for wrong in [word("XYZ"), Value::Words(vec!["HD42".into(), "AN-PHU".into()]), Value::Words(Vec::new())] {
        assert!(!rules.names_sheet(SHEET_FIGURE, &wrong));
        assert_eq!(code(&rules.with_overrides(&[set(SHEET_FIGURE, wrong)])).as_deref(), Some("HD42"));
    }
    assert!(rules.names_sheet("meeting.regular_day", &Value::Int(4)));
    // Before the guidance there was no sheet.
    assert_eq!(shipped().unwrap().at(date(2025, 10, 27)).score_sheet(), None);
    assert!(shipped().unwrap().at(date(2025, 10, 28)).score_sheet().is_some());
}

fn facts_of((n, of, unexcused, minutes, spoke, done, total): (u32, u32, u32, u32, u32, u32, u32)) -> Facts {
    Facts {
        attendance: Share::new(n.min(of), of),
        unexcused,
        length: Length { minutes: Some(minutes), planned: None, least: Some(90) },
        speakers: Share::new(spoke.min(n.min(of)), n.min(of)),
        resolution: Some(Review { total, done: done.min(total), ..Review::default() }),
        ..perfect()
    }
}

proptest! {
    #[test]
    fn a_suggestion_is_never_above_the_maximum_and_never_grows_when_facts_get_worse(
        better in (0u32..60, 1u32..60, 0u32..5, 0u32..200, 0u32..60, 0u32..12, 1u32..12),
        worse in (0u32..20, 0u32..5, 0u32..60, 0u32..20, 0u32..12),
    ) {
        let (n, of, unexcused, minutes, spoke, done, total) = better;
        let less = (
            n.saturating_sub(worse.0),
            of,
            unexcused + worse.1,
            minutes.saturating_sub(worse.2),
            spoke,
            done.saturating_sub(worse.4),
            total,
        );
        let (a, b) = (facts_of(better), facts_of(less));
        let quieter = Facts { speakers: Share::new(a.speakers.numer.saturating_sub(worse.3), a.speakers.denom), ..a.clone() };
        for sheet in rules().score_sheets() {
            for case in sheet.cases() {
                for (c, max) in sheet.leaves(case) {
                    let good = suggest(c, max, &a).points;
                    prop_assert!(good.is_none_or(|p| p <= max && p >= Points::ZERO), "{} {}", sheet.code, c.id);
                    let others: &[&Facts] = if c.auto.contains(&Auto::Speakers) { &[&quieter] } else { &[&b] };
                    for facts in others {
                        let bad = suggest(c, max, facts).points;
                        prop_assert!(!matches!((good, bad), (Some(g), Some(x)) if x > g), "{} {}", sheet.code, c.id);
                        prop_assert!(!(good.is_none() && bad.is_some() && a.attendance.denom > 0), "{} {}", sheet.code, c.id);
                    }
                }
            }
        }
    }

    #[test]
    fn a_total_is_never_above_the_sheet_and_a_level_never_rises_with_fewer_points(
        marks in proptest::collection::vec(0i32..4000, 40),
        at in 0usize..40,
    ) {
        for sheet in rules().score_sheets() {
            for case in sheet.cases() {
                let mut given: BTreeMap<String, Points> =
                    sheet.leaves(case).zip(&marks).map(|((c, _), m)| (c.id.clone(), Points::of_hundredths(*m))).collect();
                let before = judge(sheet, &sheet.bands, case, &given);
                prop_assert!(before.total <= sheet.total);
                prop_assert!(before.missing.is_empty() && before.band.is_some());
                let Some(id) = given.keys().nth(at % given.len()).cloned() else { continue };
                given.insert(id, Points::ZERO);
                let after = judge(sheet, &sheet.bands, case, &given);
                prop_assert!(after.total <= before.total && after.band <= before.band);
            }
        }
    }
}
