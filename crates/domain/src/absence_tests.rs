use super::*;
use crate::code::Code;
use jiff::civil::date;
use proptest::prelude::*;

fn tk(month: u8) -> PeriodKey {
    PeriodKey::regular(2026, month).unwrap()
}

fn entry(meeting: i64, period: PeriodKey, mark: Mark) -> Entry {
    Entry { meeting: MeetingId::new(meeting), period, counted: !mark.is_outside(), mark: Some(mark) }
}

fn figures() -> Figures {
    Figures { warn_months: 2, review_months: 3, excused_in_a_row: Some(3) }
}

const HERE: Mark = Mark::Present;
const ASKED: Mark = Mark::Excused;
const GONE: Mark = Mark::Unexcused;

#[test]
fn a_month_counts_by_its_regular_period() {
    let q1 = PeriodKey::thematic(2026, 1).unwrap();
    let last_year = PeriodKey::regular(2025, 12).unwrap();
    let no_duty = Entry { counted: false, ..entry(1, tk(1), GONE) };
    let no_mark = Entry { mark: None, ..entry(1, tk(1), GONE) };
    // what happened, the months that are absent without a reason
    let table: Vec<(&str, Vec<Entry>, Vec<PeriodKey>)> = vec![
        ("no meeting held: no absence", vec![], vec![]),
        ("absent in one month", vec![entry(1, tk(1), GONE)], vec![tk(1)]),
        (
            "two months, not one after the other",
            vec![entry(1, tk(1), GONE), entry(2, tk(2), HERE), entry(9, tk(9), GONE)],
            vec![tk(1), tk(9)],
        ),
        ("absent twice in one month is one month", vec![entry(1, tk(1), GONE), entry(2, tk(1), GONE)], vec![tk(1)]),
        ("came to one of the two meetings of a month", vec![entry(1, tk(1), GONE), entry(2, tk(1), HERE)], vec![]),
        ("took part online", vec![entry(1, tk(1), Mark::Online)], vec![]),
        ("asked for one of two, missed the other", vec![entry(1, tk(1), GONE), entry(2, tk(1), ASKED)], vec![]),
        ("exempt", vec![entry(1, tk(1), Mark::Exempt)], vec![]),
        ("temporary elsewhere", vec![entry(1, tk(1), Mark::Away)], vec![]),
        ("suspended", vec![entry(1, tk(1), Mark::Suspended)], vec![]),
        ("marked absent although not expected", vec![no_duty], vec![]),
        ("the roll says nothing", vec![no_mark], vec![]),
        ("a thematic meeting is no month", vec![entry(1, q1, GONE)], vec![]),
        ("one session for the month and the topic", vec![entry(1, tk(3), GONE), entry(1, q1, GONE)], vec![tk(3)]),
        (
            "one session for two months counts once, for the later",
            vec![entry(1, tk(2), GONE), entry(1, tk(3), GONE)],
            vec![tk(3)],
        ),
        ("December's kỳ of the year before, met in January", vec![entry(1, last_year, GONE)], vec![]),
    ];
    for (what, entries, expected) in table {
        assert_eq!(Standing::of(&months(&entries, 2026)).unexcused, expected, "{what}");
    }
}

#[test]
fn two_months_are_a_warning_three_are_for_the_cell_to_consider() {
    for (n, level) in [(0, Level::Fine), (1, Level::Fine), (2, Level::Warning), (3, Level::Review), (12, Level::Review)] {
        let entries: Vec<Entry> = (1..=n).map(|m| entry(i64::from(m), tk(m), GONE)).collect();
        assert_eq!(Standing::of(&months(&entries, 2026)).level(&figures()), level, "{n}");
    }
}

#[test]
fn a_run_of_excuses_is_broken_by_coming_and_by_missing_but_not_by_a_month_that_is_none() {
    // marks by month (none: no month), longest run, chi ủy is told
    let table: Vec<(Vec<Option<Mark>>, u32, bool)> = vec![
        (vec![Some(ASKED), Some(ASKED), Some(ASKED)], 3, false),
        (vec![Some(ASKED), Some(ASKED), Some(ASKED), Some(ASKED)], 4, true),
        (vec![Some(ASKED), Some(ASKED), Some(HERE), Some(ASKED), Some(ASKED)], 2, false),
        (vec![Some(ASKED), Some(ASKED), Some(GONE), Some(ASKED), Some(ASKED)], 2, false),
        (vec![Some(ASKED), Some(ASKED), None, Some(ASKED), Some(ASKED)], 4, true),
        (vec![Some(ASKED), Some(ASKED), Some(Mark::Exempt), Some(ASKED), Some(ASKED)], 4, true),
    ];
    for (marks, run, told) in table {
        let entries: Vec<Entry> =
            (1u8..).zip(&marks).filter_map(|(m, mark)| mark.map(|k| entry(i64::from(m), tk(m), k))).collect();
        let standing = Standing::of(&months(&entries, 2026));
        assert_eq!((standing.excused_run, standing.often_excused(&figures())), (run, told), "{marks:?}");
        let silent = Figures { excused_in_a_row: None, ..figures() };
        assert!(!standing.often_excused(&silent));
    }
}

fn facts() -> CaseFacts {
    CaseFacts { member: PersonId::new(5), level: Level::Warning, hear_until: date(2026, 11, 30), content: false, waiting: 0 }
}

fn hand(person: i64, day: Date) -> Hand {
    Hand { person: PersonId::new(person), today: day }
}

#[test]
fn every_step_from_every_state() {
    use CaseState::{Closed, Confirmed, Drafted, Hearing};
    let over = hand(1, date(2026, 12, 1));
    let member = hand(5, date(2026, 11, 30));
    // state, hear, decide, draft, confirm, close
    let table: [(CaseState, [Option<CaseState>; 5]); 4] = [
        (Hearing, [Some(Hearing), Some(Hearing), Some(Drafted), None, Some(Closed)]),
        (Drafted, [None, None, Some(Drafted), Some(Confirmed), Some(Closed)]),
        (Confirmed, [None; 5]),
        (Closed, [None; 5]),
    ];
    for (state, expected) in table {
        let found = [
            state.hear(&facts(), &member).ok(),
            state.decide(&facts(), &over, "Lý do").ok(),
            state.draft(&facts(), &over).ok(),
            state.confirm(&facts(), &over, "Nội dung").ok(),
            state.close(&facts(), &over, "Lý do").ok(),
        ];
        assert_eq!(found, expected, "{state}");
    }
    assert_eq!(CaseState::ALL.len(), table.len());
}

#[test]
fn nobody_decides_their_own_case_and_nobody_else_speaks_for_the_member() {
    let own = hand(5, date(2026, 12, 1));
    let code = |r: Result<CaseState, Refusal>| r.unwrap_err().code;
    assert_eq!(code(open(&facts(), false, &own)), "own_case");
    assert_eq!(code(CaseState::Hearing.decide(&facts(), &own, "x")), "own_case");
    assert_eq!(code(CaseState::Hearing.draft(&facts(), &own)), "own_case");
    assert_eq!(code(CaseState::Drafted.confirm(&facts(), &own, "x")), "own_case");
    assert_eq!(code(CaseState::Hearing.close(&facts(), &own, "x")), "own_case");
    assert_eq!(code(CaseState::Hearing.hear(&facts(), &hand(1, date(2026, 11, 1)))), "not_member");
}

#[test]
fn nothing_goes_on_before_the_member_was_heard_and_the_facts_hold() {
    let code = |r: Result<CaseState, Refusal>| r.err().map(|e| e.code);
    let (in_time, over) = (hand(1, date(2026, 11, 30)), hand(1, date(2026, 12, 1)));
    let state = CaseState::Hearing;
    assert_eq!(code(state.draft(&facts(), &in_time)), Some("hearing"));
    assert_eq!(code(state.draft(&CaseFacts { content: true, ..facts() }, &in_time)), None);
    assert_eq!(code(state.draft(&CaseFacts { waiting: 1, ..facts() }, &over)), Some("waiting"));
    assert_eq!(code(state.draft(&CaseFacts { level: Level::Fine, ..facts() }, &over)), Some("not_met"));
    assert_eq!(code(state.hear(&facts(), &hand(5, date(2026, 12, 1)))), Some("late"));
    assert_eq!(code(CaseState::Drafted.confirm(&facts(), &over, "  ")), Some("missing"));
    assert_eq!(code(CaseState::Drafted.confirm(&CaseFacts { level: Level::Fine, ..facts() }, &over, "x")), Some("not_met"));
    assert_eq!(code(state.close(&facts(), &over, " ")), Some("missing"));
    assert_eq!(code(state.decide(&facts(), &over, "")), Some("missing"));
    assert_eq!(code(open(&facts(), true, &over)), Some("live"));
    assert_eq!(code(open(&CaseFacts { level: Level::Fine, ..facts() }, false, &over)), Some("not_met"));
    assert_eq!(open(&facts(), false, &over).unwrap(), CaseState::Hearing);
}

#[test]
fn an_objection_is_for_a_meeting_missed_and_not_contested_yet() {
    let entries =
        [entry(1, tk(1), GONE), entry(2, tk(2), HERE), entry(3, tk(3), GONE), entry(4, tk(3), GONE), entry(5, tk(4), ASKED)];
    let which = |contested: &[i64]| -> Vec<i64> {
        let contested = contested.iter().map(|m| MeetingId::new(*m)).collect();
        contestable(&entries, 2026, &contested).iter().map(|m| m.raw()).collect()
    };
    assert_eq!(which(&[]), [1, 3, 4]);
    assert_eq!(which(&[1, 4]), [3]);
    assert_eq!(Claim::WasThere.mark(), Mark::Present);
    assert_eq!(Claim::HadAsked.mark(), Mark::Excused);
}

#[test]
fn the_notice_says_the_facts_and_no_more() {
    let absences = [(tk(4), date(2026, 4, 3)), (tk(2), date(2026, 2, 3)), (tk(4), date(2026, 4, 3))];
    let facts = NoticeFacts {
        name: "Nguyễn Văn An",
        cell: "Chi bộ Văn phòng",
        year: 2026,
        absences: &absences,
        level: Level::Warning,
        review_months: 3,
        objections: 1,
        upheld: 0,
    };
    let text = notice_text(&facts);
    assert!(text.contains("đồng chí Nguyễn Văn An vắng không có lý do 2 kỳ"), "{text}");
    assert!(text.contains("tháng 2 (buổi ngày 03/02/2026) và tháng 4 (buổi ngày 03/04/2026)"), "{text}");
    assert!(
        text.contains("giữ nguyên theo biên bản") && text.contains("dự sinh hoạt đầy đủ") && !text.contains("Điều 8"),
        "{text}"
    );
    let review = notice_text(&NoticeFacts { level: Level::Review, objections: 0, ..facts });
    assert!(review.contains("Điều 8 Điều lệ Đảng") && review.contains("3 tháng trong năm"), "{review}");
    assert!(!review.contains("xóa tên"), "the cell decides, not a text made by a program: {review}");
}

fn any_entries() -> impl Strategy<Value = Vec<Entry>> {
    let one = (0i64..14, 1u8..13, 0usize..7, any::<bool>());
    proptest::collection::vec(one, 0..30).prop_map(|raw| {
        raw.into_iter().map(|(m, month, mark, counted)| Entry { counted, ..entry(m, tk(month), Mark::ALL[mark]) }).collect()
    })
}

proptest! {
    #[test]
    fn order_and_repetition_change_no_month_and_coming_never_harms(entries in any_entries(), at in 0usize..30) {
        let whole = months(&entries, 2026);
        let turned: Vec<Entry> = entries.iter().rev().chain(entries.iter()).copied().collect();
        prop_assert_eq!(&months(&turned, 2026), &whole);
        prop_assert!(months(&entries, 2025).is_empty());
        // To correct one absence to present never adds a month without a reason.
        let mut better = entries.clone();
        if let Some(e) = better.get_mut(at) {
            e.mark = Some(Mark::Present);
        }
        let missed = |m: &BTreeMap<PeriodKey, Month>| Standing::of(m).unexcused.len();
        prop_assert!(missed(&months(&better, 2026)) <= missed(&whole));
        // Whatever counts can be objected to.
        let open = contestable(&entries, 2026, &BTreeSet::new());
        prop_assert_eq!(open.is_empty(), missed(&whole) == 0);
    }

    #[test]
    fn absences_alone_count_the_same_months_where_they_tell_enough(mut entries in any_entries()) {
        // A roll has one line for a member, whatever kỳ the meeting served.
        let mut lines: BTreeMap<MeetingId, (bool, Option<Mark>)> = BTreeMap::new();
        let mut held: BTreeMap<PeriodKey, BTreeSet<MeetingId>> = BTreeMap::new();
        for e in &mut entries {
            (e.counted, e.mark) = *lines.entry(e.meeting).or_insert((e.counted, e.mark));
            held.entry(e.period).or_default().insert(e.meeting);
        }
        let absences: Vec<Entry> = entries.iter().filter(|e| e.mark == Some(Mark::Unexcused)).copied().collect();
        if tell_enough(&absences, &held) {
            let missed = |of: &[Entry]| Standing::of(&months(of, 2026)).unexcused;
            prop_assert_eq!(missed(&absences), missed(&entries));
        }
    }
}
