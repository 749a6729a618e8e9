use super::*;
use crate::code::Code;
use jiff::civil::date;
use proptest::prelude::*;

fn figures() -> Figures {
    Figures {
        target_percent: 90,
        unexcused_allowed: 0,
        resolution: Threshold::from_word("majority"),
        quorum_warn: Ratio::parse("2/3"),
    }
}

fn fact(person: i64, standing: Standing) -> MembershipFact {
    MembershipFact {
        person: PersonId::new(person),
        name: format!("Đồng chí {person}"),
        standing,
        from: date(2024, 1, 1),
        to: None,
        official_on: None,
        leader: false,
    }
}

fn line(person: i64, standing: Standing, mark: Option<Mark>) -> RollLine {
    let mut facts = expected(&[fact(person, standing)], date(2025, 1, 3));
    let mut line = facts.remove(0);
    line.mark = mark.or(line.mark);
    line
}

#[test]
fn the_expected_list_presets_who_is_not_expected() {
    let table = [
        (Standing::Official, None, true, true),
        (Standing::Probationary, None, false, true),
        (Standing::TemporaryHere, None, false, true),
        (Standing::TemporaryAway, Some(Mark::Away), true, false),
        (Standing::Exempt, Some(Mark::Exempt), true, false),
        (Standing::Suspended, Some(Mark::Suspended), true, false),
    ];
    for (standing, mark, official, counted) in table {
        let l = line(1, standing, None);
        assert_eq!((l.mark, l.official, l.is_counted()), (mark, official, counted), "{standing}");
    }
}

#[test]
fn the_list_is_that_of_the_day() {
    let mut joined = fact(1, Standing::Official);
    joined.from = date(2025, 3, 3);
    let mut left = fact(2, Standing::Official);
    left.to = Some(date(2025, 3, 3));
    let who = |day| -> Vec<i64> { expected(&[joined.clone(), left.clone()], day).iter().map(|l| l.person.raw()).collect() };
    assert_eq!(who(date(2025, 3, 2)), [2]);
    assert_eq!(who(date(2025, 3, 3)), [1]);
}

#[test]
fn a_probationary_member_counts_as_official_from_the_day_of_recognition() {
    let mut f = fact(1, Standing::Probationary);
    f.official_on = Some(date(2025, 6, 1));
    let on = |day| expected(std::slice::from_ref(&f), day)[0].standing;
    assert_eq!(on(date(2025, 5, 31)), Standing::Probationary);
    assert_eq!(on(date(2025, 6, 1)), Standing::Official);
    // The same holds when the row already says official but the day lies ahead.
    f.standing = Standing::Official;
    assert_eq!(expected(std::slice::from_ref(&f), date(2025, 5, 31))[0].standing, Standing::Probationary);
    // A probationary member who is away for a time has no vote at home either.
    f.standing = Standing::TemporaryAway;
    let away = &expected(std::slice::from_ref(&f), date(2025, 5, 31))[0];
    assert!(!away.official && !away.is_elector());
}

#[test]
fn of_two_memberships_that_overlap_the_later_holds() {
    let old = fact(1, Standing::Official);
    let mut new = fact(1, Standing::Exempt);
    new.from = date(2025, 1, 1);
    let list = expected(&[new, old], date(2025, 2, 3));
    assert_eq!(list.len(), 1);
    assert_eq!(list[0].standing, Standing::Exempt);
}

/// Twenty on the list: 14 official, 2 probationary, 1 temporary here, 1 away, 1 exempt, 1 suspended.
fn twenty() -> Vec<RollLine> {
    let mut lines: Vec<RollLine> = (1..=14).map(|n| line(n, Standing::Official, Some(Mark::Present))).collect();
    lines[0].leader = true;
    lines[1].leader = true;
    lines[1].mark = Some(Mark::Excused);
    lines[1].reason = Some("đi công tác".into());
    lines[2].mark = Some(Mark::Online);
    lines[3].mark = Some(Mark::Unexcused);
    lines.push(line(15, Standing::Probationary, Some(Mark::Present)));
    lines.push(line(16, Standing::Probationary, Some(Mark::Present)));
    lines.push(line(17, Standing::TemporaryHere, Some(Mark::Present)));
    lines.push(line(18, Standing::TemporaryAway, None));
    lines.push(line(19, Standing::Exempt, None));
    lines.push(line(20, Standing::Suspended, None));
    lines
}

#[test]
fn the_figures_of_a_roll_of_twenty() {
    let t = tally(&twenty());
    assert_eq!(t.total, 20);
    assert_eq!((t.official, t.probationary, t.temporary_here), (17, 2, 1));
    assert_eq!((t.present, t.online, t.extra, t.unmarked), (15, 1, 0, 0));
    assert_eq!((t.exempt, t.away, t.suspended), (1, 1, 1));
    assert_eq!(t.rate, Share::new(15, 17));
    assert_eq!(t.leaders, Share::new(1, 2));
    // 14 official and the one away; not the exempt, not the suspended.
    assert_eq!((t.electors, t.electors_present), (15, 12));
    assert_eq!(t.excused.len(), 1);
    assert_eq!(t.excused[0].reason.as_deref(), Some("đi công tác"));
    assert_eq!(t.unexcused[0].name, "Đồng chí 4");
    assert_eq!(t.rate.to_string(), "88,2 %");
}

#[test]
fn who_comes_without_being_expected_never_lifts_the_rate_above_the_whole() {
    let lines = vec![
        line(1, Standing::Official, Some(Mark::Present)),
        line(2, Standing::Exempt, Some(Mark::Present)),
        line(3, Standing::TemporaryAway, Some(Mark::Present)),
    ];
    let t = tally(&lines);
    assert_eq!(t.rate, Share::new(1, 1));
    assert_eq!(t.extra, 2);
    // The one away keeps the vote at home; the exempt one has none.
    assert_eq!((t.electors, t.electors_present), (2, 2));
}

#[test]
fn somebody_marked_exempt_by_hand_leaves_both_denominators() {
    let lines = vec![line(1, Standing::Official, Some(Mark::Present)), line(2, Standing::Official, Some(Mark::Exempt))];
    let t = tally(&lines);
    assert_eq!((t.rate, t.electors), (Share::new(1, 1), 1));
}

#[test]
fn a_suspended_member_takes_no_part() {
    assert_eq!(may_mark(Standing::Suspended, Mark::Present).unwrap_err().code, "suspended");
    assert!(may_mark(Standing::Suspended, Mark::Suspended).is_ok());
    assert!(may_mark(Standing::Exempt, Mark::Present).is_ok());
    assert!(may_mark(Standing::TemporaryHere, Mark::Away).is_err());
}

fn of_officials(there: i64, all: i64) -> Vec<RollLine> {
    (1..=all)
        .map(|n| {
            let mark = if n <= there { Mark::Present } else { Mark::Excused };
            line(n, Standing::Official, Some(mark))
        })
        .collect()
}

#[test]
fn advice_on_attendance_by_table() {
    let table: [(i64, i64, &[&str]); 7] = [
        (10, 10, &[]),
        (9, 10, &[]),
        (17, 19, &["DD-01"]),
        (6, 9, &["DD-01"]),
        (6, 10, &["BQ-10", "DD-01"]),
        (5, 10, &["BQ-10", "DD-01"]),
        (0, 0, &[]),
    ];
    for (there, all, rules) in table {
        let got: Vec<_> = advice(&tally(&of_officials(there, all)), &figures()).iter().map(|a| a.rule).collect();
        assert_eq!(got, rules, "{there}/{all}");
    }
    let half = advice(&tally(&of_officials(5, 10)), &figures());
    assert!(half[0].text.contains("chưa quá nửa"), "{}", half[0].text);
    let less = advice(&tally(&of_officials(6, 10)), &figures());
    assert!(less[0].text.contains("dưới hai phần ba"), "{}", less[0].text);
}

#[test]
fn who_can_decide_is_said_by_the_figures_of_the_day() {
    let word = |word| Threshold::from_word(word);
    // threshold of a resolution, share to warn below, present of ten, what is said
    let table = [
        (word("two_thirds"), Ratio::parse("2/3"), 6, "dưới hai phần ba: không nghị quyết nào"),
        (word("majority"), Ratio::parse("75 %"), 7, "dưới 75 %: nội dung cần 75 % tán thành"),
        (word(">=3/4"), None, 7, "dưới 75 %: không nghị quyết nào"),
        (word("majority"), None, 6, ""),
        (None, None, 1, ""),
    ];
    for (resolution, quorum_warn, there, said) in table {
        let own = Figures { resolution, quorum_warn, ..figures() };
        let got = advice(&tally(&of_officials(there, 10)), &own);
        let quorum: Vec<&str> = got.iter().filter(|a| a.rule == "BQ-10").map(|a| a.text.as_str()).collect();
        match said {
            "" => assert!(quorum.is_empty(), "{quorum:?}"),
            said => assert!(quorum.len() == 1 && quorum[0].contains(said), "{quorum:?}"),
        }
    }
}

#[test]
fn one_absent_without_a_reason_is_enough_for_advice() {
    let mut lines = of_officials(20, 20);
    lines[7].mark = Some(Mark::Unexcused);
    let got = advice(&tally(&lines), &figures());
    assert_eq!(got.len(), 1);
    assert_eq!(got[0].text, "Có 1 đồng chí vắng không có lý do.");
}

#[test]
fn shares_read_as_percentages_and_compare_exactly() {
    let table = [
        (16, 17, "94,1 %", true),
        (9, 10, "90 %", true),
        (899, 999, "90 %", false),
        (2, 3, "66,7 %", false),
        (0, 5, "0 %", false),
        (0, 0, "–", true),
    ];
    for (n, d, text, ninety) in table {
        let share = Share::new(n, d);
        assert_eq!(share.to_string(), text);
        assert_eq!(share.reaches(90), ninety, "{n}/{d}");
    }
}

fn any_standing() -> impl Strategy<Value = Standing> {
    proptest::sample::select(Standing::ALL)
}

prop_compose! {
    fn any_lines()(raw in proptest::collection::vec(
        (any_standing(), proptest::option::of(proptest::sample::select(Mark::ALL)), any::<bool>()), 0..40)
    ) -> Vec<RollLine> {
        raw.into_iter().enumerate().map(|(n, (standing, mark, leader))| {
            let mut l = line(n as i64, standing, mark);
            l.leader = leader;
            l
        }).collect()
    }
}

prop_compose! {
    fn any_facts()(raw in proptest::collection::vec(
        (0i64..12, any_standing(), 1i8..=28, proptest::option::of(1i16..700), proptest::option::of(1i8..=12), any::<bool>()), 0..30)
    ) -> Vec<MembershipFact> {
        raw.into_iter().map(|(person, standing, day, length, official, leader)| {
            let from = date(2024, 2, day);
            MembershipFact {
                from,
                to: length.map(|n| from.saturating_add(jiff::Span::new().days(i64::from(n)))),
                official_on: official.map(|m| date(2024, m, 15)),
                leader,
                ..fact(person, standing)
            }
        }).collect()
    }
}

proptest! {
    #[test]
    fn order_and_repetition_change_no_count(lines in any_lines(), turn in 0usize..40) {
        let whole = tally(&lines);
        let mut other: Vec<RollLine> = lines.iter().rev().cloned().chain(lines.iter().cloned()).collect();
        if !other.is_empty() {
            let by = turn % other.len();
            other.rotate_left(by);
        }
        prop_assert_eq!(tally(&other), whole);
    }

    #[test]
    fn everybody_on_the_list_is_accounted_for_once(lines in any_lines()) {
        let t = tally(&lines);
        let n = |v: &Vec<Absence>| u32::try_from(v.len()).unwrap();
        prop_assert_eq!(t.total, t.official + t.probationary + t.temporary_here);
        prop_assert_eq!(t.total, t.present + t.extra + t.unmarked + n(&t.excused) + n(&t.unexcused)
            + t.exempt + t.away + t.suspended);
        prop_assert!(t.rate.numer <= t.rate.denom);
        prop_assert!(t.leaders.numer <= t.leaders.denom);
        prop_assert!(t.electors_present <= t.electors && t.electors <= t.official);
    }

    #[test]
    fn a_membership_cut_in_two_or_repeated_or_moved_in_the_list_expects_the_same(
        facts in any_facts(), cut in 0i64..700, ask in 0i64..700
    ) {
        let start = date(2024, 2, 1);
        let day = |n| start.saturating_add(jiff::Span::new().days(n));
        let mid = day(cut);
        let mut other = Vec::new();
        for f in facts.iter().rev() {
            other.push(f.clone());
            if f.from < mid && f.to.is_none_or(|to| mid < to) {
                other.pop();
                other.push(MembershipFact { to: Some(mid), ..f.clone() });
                other.push(MembershipFact { from: mid, ..f.clone() });
            }
        }
        // Cutting can only decide anew among memberships that overlap, so ask of those that do not.
        let on = day(ask);
        let mut held: Vec<i64> = facts.iter().filter(|f| f.holds_on(on)).map(|f| f.person.raw()).collect();
        held.sort_unstable();
        let all = held.len();
        held.dedup();
        prop_assume!(all == held.len());
        prop_assert_eq!(expected(&other, on), expected(&facts, on));
    }

    #[test]
    fn nobody_is_expected_twice(facts in any_facts(), ask in 0i64..700) {
        let on = date(2024, 2, 1).saturating_add(jiff::Span::new().days(ask));
        let list = expected(&facts, on);
        prop_assert!(list.windows(2).all(|w| w[0].person < w[1].person));
        let mut turned = facts.clone();
        turned.reverse();
        turned.extend(facts);
        prop_assert_eq!(expected(&turned, on), list);
    }

    #[test]
    fn attendance_of_the_parts_adds_up_to_the_whole(
        raw in proptest::collection::vec((0i64..6, 0i64..8, any::<bool>(), any::<bool>()), 0..60), cut in 0i64..6
    ) {
        let lines: Vec<Attended> = raw.into_iter().map(|(m, p, counted, there)| Attended {
            meeting: MeetingId::new(m), person: PersonId::new(p), counted, there }).collect();
        let (early, late): (Vec<_>, Vec<_>) = lines.iter().partition(|l| l.meeting.raw() < cut);
        prop_assert_eq!(attendance(&early) + attendance(&late), attendance(&lines));
        let twice: Vec<Attended> = lines.iter().rev().chain(lines.iter()).copied().collect();
        prop_assert_eq!(attendance(&twice), attendance(&lines));
    }
}
