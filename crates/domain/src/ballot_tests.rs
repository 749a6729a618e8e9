//! The taking of votes, by tables worked out by hand and by properties of counting.

use proptest::prelude::*;

use super::*;
use crate::code::Code;

fn line(n: i64, standing: Standing, mark: Option<Mark>) -> RollLine {
    RollLine {
        person: PersonId::new(n),
        name: format!("Đồng chí {n}"),
        standing,
        official: !matches!(standing, Standing::Probationary | Standing::TemporaryHere),
        leader: false,
        mark,
        reason: None,
    }
}

/// Five electors, three of them there, and one of every kind that has no vote.
fn roll() -> Vec<RollLine> {
    vec![
        line(1, Standing::Official, Some(Mark::Present)),
        line(2, Standing::Official, Some(Mark::Online)),
        line(3, Standing::Official, Some(Mark::Excused)),
        line(4, Standing::Official, None),
        line(5, Standing::TemporaryAway, Some(Mark::Present)),
        line(6, Standing::Probationary, Some(Mark::Present)),
        line(7, Standing::TemporaryHere, Some(Mark::Present)),
        line(8, Standing::Exempt, Some(Mark::Present)),
        line(9, Standing::Suspended, Some(Mark::Suspended)),
        line(10, Standing::Official, Some(Mark::Exempt)),
    ]
}

fn vote_of(lines: &[RollLine]) -> Named {
    Named { method: VoteMethod::Electronic, state: BallotState::Open, seats: seats(lines) }
}

fn id(n: i64) -> PersonId {
    PersonId::new(n)
}

#[test]
fn the_electorate_is_that_of_the_roll_at_the_opening() {
    let vote = vote_of(&roll());
    assert_eq!(electorate(&vote.seats), Electorate { total: 5, present: 3 });
    assert_eq!(electorate(&vote.seats), Electorate::of(&roll()), "the same as for a show of hands");
    assert_eq!(vote.waiting().map(|s| s.person.raw()).collect::<Vec<_>>(), [1, 2, 5]);
    // A roll that changes afterwards changes nothing that was frozen.
    let mut later = roll();
    later[3].mark = Some(Mark::Present);
    assert_eq!(electorate(&seats(&later)).present, 4);
    assert_eq!(electorate(&vote.seats).present, 3);
}

#[test]
fn who_has_no_vote_reads_why() {
    let lines = roll();
    let frozen = seats(&lines);
    let why = |n: i64| {
        let seat = frozen.iter().find(|s| s.person == id(n));
        why_not(seat, lines.iter().find(|l| l.person == id(n)))
    };
    for (n, words) in [
        (3, "chưa được điểm danh có mặt"),
        (4, "vẫn được tính trong tổng số"),
        (6, "dự bị"),
        (7, "sinh hoạt tạm thời"),
        (8, "được miễn"),
        (9, "đình chỉ"),
        (10, "được miễn"),
        (11, "không có tên trong danh sách của buổi"),
    ] {
        assert!(why(n).is_some_and(|w| w.contains(words)), "{n}: {:?}", why(n));
    }
    assert_eq!((why(1), why(2), why(5)), (None, None, None));
}

#[test]
fn the_last_word_counts_once_and_only_from_a_seat_that_was_there() {
    let mut vote = vote_of(&roll());
    vote.cast(id(1), Some(Choice::Yes), false).unwrap();
    vote.cast(id(1), Some(Choice::Yes), false).unwrap();
    assert_eq!(vote.count(), Count { yes: 1, no: 0, other: 0 });
    vote.cast(id(1), Some(Choice::No), true).unwrap();
    assert_eq!(vote.count(), Count { yes: 0, no: 1, other: 0 });
    assert_eq!(vote.reserved(), ["Đồng chí 1"]);
    assert_eq!(vote.cast(id(1), Some(Choice::Yes), true).unwrap_err().code, "reserved_yes");
    assert_eq!(vote.count().no, 1, "what was refused changed nothing");
    assert_eq!(vote.cast(id(4), Some(Choice::Yes), false).unwrap_err().code, "came_later");
    for stranger in [6, 7, 8, 9, 10, 99] {
        assert_eq!(vote.cast(id(stranger), Some(Choice::Yes), false).unwrap_err().code, "no_seat");
    }
    vote.cast(id(1), None, true).unwrap();
    assert!(vote.reserved().is_empty());
    assert_eq!(vote.count(), Count::default());
    assert!(waiting_words(&vote).contains("Còn 3 đồng chí"));
    vote.state = vote.state.close().unwrap();
    assert_eq!(vote.cast(id(2), Some(Choice::Yes), false).unwrap_err().code, "state");
}

#[test]
fn every_step_from_every_state_by_table() {
    use BallotState::{Closed, Open, Withdrawn};
    for (from, close, withdraw, open) in
        [(Open, Some(Closed), Some(Withdrawn), true), (Closed, None, Some(Withdrawn), false), (Withdrawn, None, None, false)]
    {
        assert_eq!(from.close().ok(), close, "{from}");
        assert_eq!(from.withdraw("ghi nhầm nội dung").ok(), withdraw, "{from}");
        assert_eq!(from.must_be_open().is_ok(), open, "{from}");
    }
    assert_eq!(Open.withdraw("  ").unwrap_err().field, Some("ly_do"));
}

#[test]
fn a_vote_nobody_could_cast_is_not_opened() {
    let among = |total, present| Electorate { total, present };
    assert_eq!(may_open(" ", among(3, 3)).unwrap_err().code, "question");
    assert_eq!(may_open("Nghị quyết", among(3, 0)).unwrap_err().code, "nobody_there");
    assert!(may_open("Nghị quyết", among(3, 1)).is_ok());
}

fn sheet(issued: u32, collected: u32, valid: u32, invalid: u32, marks: &[(u32, u32, u32)]) -> Sheet {
    let marks = marks.iter().map(|(yes, no, other)| Tally { yes: *yes, no: *no, other: *other }).collect();
    Sheet { issued, collected, valid, invalid, marks }
}

fn names() -> Paper {
    Paper::Names(vec!["Nguyễn Văn Mới".to_owned(), "Trần Thị Mai".to_owned()])
}

#[test]
fn a_count_that_does_not_add_up_is_refused_line_by_line() {
    // What was counted, what is wrong with it; 7 electors were there.
    let question = [
        (sheet(7, 7, 7, 0, &[(5, 1, 1)]), vec![]),
        (sheet(7, 6, 5, 1, &[(5, 0, 0)]), vec![]),
        (sheet(0, 0, 0, 0, &[(0, 0, 0)]), vec![]),
        (sheet(8, 7, 7, 0, &[(7, 0, 0)]), vec!["issued"]),
        (sheet(6, 7, 7, 0, &[(7, 0, 0)]), vec!["collected"]),
        (sheet(7, 7, 6, 0, &[(6, 0, 0)]), vec!["valid"]),
        (sheet(7, 7, 5, 1, &[(5, 0, 0)]), vec!["valid"]),
        (sheet(7, 7, 6, 1, &[(6, 1, 0)]), vec!["sum"]),
        (sheet(7, 7, 7, 0, &[(6, 0, 0)]), vec!["sum"]),
        (sheet(7, 7, 7, 0, &[]), vec!["lines"]),
        (sheet(9, 10, 1, 1, &[(4, 0, 0)]), vec!["issued", "collected", "valid", "sum"]),
    ];
    for (count, wrong) in question {
        let found: Vec<&str> = count.problems(&Paper::Question, 7).iter().map(|r| r.code).collect();
        assert_eq!(found, wrong, "{count:?}");
    }
    let each_name = [
        (sheet(7, 7, 6, 1, &[(6, 0, 0), (4, 1, 0)]), vec![]),
        (sheet(7, 7, 6, 1, &[(7, 0, 0), (4, 1, 0)]), vec!["sum"]),
        (sheet(7, 7, 6, 1, &[(4, 3, 0), (0, 7, 0)]), vec!["sum", "sum"]),
        (sheet(7, 7, 6, 1, &[(6, 0, 0)]), vec!["lines"]),
    ];
    for (count, wrong) in each_name {
        let found: Vec<&str> = count.problems(&names(), 7).iter().map(|r| r.code).collect();
        assert_eq!(found, wrong, "{count:?}");
    }
    let late = sheet(7, 7, 6, 1, &[(6, 0, 0), (4, 3, 0)]).problems(&names(), 7);
    assert_eq!(late[0].field, Some("tan_thanh_1"));
    assert!(late[0].text().starts_with("Trần Thị Mai: tán thành (4)"));
    let huge = sheet(u32::MAX, u32::MAX, u32::MAX, u32::MAX, &[(u32::MAX, u32::MAX, u32::MAX)]);
    assert_eq!(huge.problems(&Paper::Question, 7).len(), 3, "no overflow");
}

#[test]
fn two_counts_are_equal_or_shown_side_by_side() {
    let a = sheet(7, 7, 6, 1, &[(6, 0, 0)]);
    let b = sheet(7, 7, 7, 0, &[(6, 1, 0)]);
    assert_eq!(counting(&Paper::Question, Some(&a), None), Counting::Waiting);
    assert_eq!(counting(&Paper::Question, None, Some(&a)), Counting::Waiting);
    assert_eq!(counting(&Paper::Question, Some(&a), Some(&a)), Counting::Agreed(a.clone()));
    let Counting::Differs(found) = counting(&Paper::Question, Some(&a), Some(&b)) else {
        panic!("these differ");
    };
    let said: Vec<(&str, u32, u32)> = found.iter().map(|d| (d.what.as_str(), d.first, d.second)).collect();
    assert_eq!(said, [("Số phiếu hợp lệ", 6, 7), ("Số phiếu không hợp lệ", 1, 0), ("Không tán thành", 0, 1)]);
}

#[test]
fn a_name_left_blank_is_another_opinion() {
    let count = sheet(7, 7, 6, 1, &[(4, 1, 0), (6, 0, 0)]);
    assert_eq!(count.result(&names(), 0), Count { yes: 4, no: 1, other: 1 });
    assert_eq!(count.result(&names(), 1), Count { yes: 6, no: 0, other: 0 });
}

#[test]
fn names_and_tellers_are_checked() {
    assert_eq!(names_on(" Nguyễn Văn Mới \n\nTrần Thị Mai").unwrap(), ["Nguyễn Văn Mới", "Trần Thị Mai"]);
    assert_eq!(names_on("Trần Thị Mai\ntrần thị mai").unwrap_err().code, "name_twice");
    let many: Vec<String> = (0..=NAMES_MAX).map(|n| format!("Đồng chí {n}")).collect();
    assert_eq!(names_on(&many.join("\n")).unwrap_err().code, "names_many");
    let who = |n: i64, name: &str, there| (id(n), name.to_owned(), there);
    let an = who(1, "Phạm Văn An", true);
    for (tellers, wrong) in [
        (vec![an.clone(), who(2, "Lê Thị Ánh", true)], None),
        (vec![an.clone(), who(2, "Phạm Văn An", true)], None),
        (vec![an.clone()], Some("tellers_two")),
        (vec![an.clone(), an.clone()], Some("tellers_same")),
        (vec![an.clone(), who(2, "Lê Thị Ánh", false)], Some("teller_away")),
        (vec![an, who(3, "Trần Thị Mai", true)], Some("teller_named")),
    ] {
        assert_eq!(may_tell(&tellers, &names()).err().map(|r| r.code), wrong, "{tellers:?}");
    }
}

fn choice() -> impl Strategy<Value = Option<Choice>> {
    prop_oneof![Just(None), (0usize..3).prop_map(|n| Some(Choice::ALL[n]))]
}

fn lines() -> impl Strategy<Value = Vec<RollLine>> {
    let one = (0i64..12, 0usize..6, 0usize..8)
        .prop_map(|(n, standing, mark)| line(n, Standing::ALL[standing], Mark::ALL.get(mark).copied()));
    proptest::collection::vec(one, 0..20)
}

proptest! {
    #[test]
    fn the_order_in_which_people_vote_does_not_matter(
        casts in proptest::collection::vec((1i64..12, choice()), 0..30),
    ) {
        // Each person's last word is what counts, so only the order within a person may matter.
        let mut once = vote_of(&roll());
        for (n, said) in &casts {
            let _ = once.cast(id(*n), *said, false);
        }
        let mut sorted = casts.clone();
        sorted.sort_by_key(|(n, _)| std::cmp::Reverse(*n));
        let mut other = vote_of(&roll());
        for (n, said) in &sorted {
            let _ = other.cast(id(*n), *said, false);
        }
        prop_assert_eq!(&once, &other);
        // The same by hand: the last word of each who was there.
        let mut yes = 0;
        for n in [1, 2, 5] {
            yes += u32::from(casts.iter().rev().find(|(who, _)| *who == n).and_then(|c| c.1) == Some(Choice::Yes));
        }
        prop_assert_eq!(once.count().yes, yes);
    }

    #[test]
    fn no_more_votes_than_seats_that_were_there(
        lines in lines(), casts in proptest::collection::vec((0i64..12, choice(), any::<bool>()), 0..60),
    ) {
        let mut vote = vote_of(&lines);
        let among = electorate(&vote.seats);
        for (n, said, reserved) in casts {
            let before = vote.clone();
            if vote.cast(id(n), said, reserved).is_err() {
                prop_assert_eq!(&before, &vote);
            }
        }
        let count = vote.count();
        let waiting = u32::try_from(vote.waiting().count()).unwrap();
        prop_assert_eq!(count.yes + count.no + count.other + waiting, among.present);
        prop_assert!(among.present <= among.total);
        prop_assert!(vote.seats.iter().all(|s| !s.reserved || s.choice.is_some_and(|c| c != Choice::Yes)));
    }

    #[test]
    fn the_order_of_the_roll_does_not_matter(lines in lines().prop_shuffle()) {
        let mut people = std::collections::BTreeSet::new();
        let unique: Vec<RollLine> = lines.into_iter().filter(|l| people.insert(l.person)).collect();
        let mut back = unique.clone();
        back.reverse();
        prop_assert_eq!(electorate(&seats(&unique)), electorate(&seats(&back)));
        prop_assert_eq!(electorate(&seats(&unique)), Electorate::of(&unique));
    }

    #[test]
    fn a_count_that_adds_up_gives_a_result_that_does(
        present in 0u32..40, gone in 0u32..5, lost in 0u32..5, spoilt in 0u32..5, cuts in (0u32..40, 0u32..40),
    ) {
        let issued = present.saturating_sub(gone);
        let collected = issued.saturating_sub(lost);
        let invalid = spoilt.min(collected);
        let valid = collected - invalid;
        let yes = cuts.0.min(valid);
        let no = cuts.1.min(valid - yes);
        let count = sheet(issued, collected, valid, invalid, &[(yes, no, valid - yes - no)]);
        prop_assert!(count.problems(&Paper::Question, present).is_empty());
        let result = count.result(&Paper::Question, 0);
        prop_assert_eq!(result.yes + result.no + result.other, valid);
        prop_assert!(valid <= present);
        let by_name = sheet(issued, collected, valid, invalid, &[(yes, no, 0), (no, yes, 0)]);
        prop_assert!(by_name.problems(&names(), present).is_empty());
        let result = by_name.result(&names(), 1);
        prop_assert_eq!((result.yes, result.yes + result.no + result.other), (no, valid));
    }
}

#[test]
fn one_measure_is_ticked_and_votes_add_up_from_the_gravest() {
    use crate::vote::{Subject, Threshold};
    let half = Threshold::from_word("majority").unwrap();
    let lines = || vec!["Khai trừ".to_owned(), "Cảnh cáo".to_owned(), "Khiển trách".to_owned()];
    let paper = Paper::of(lines(), Subject::Discipline);
    assert!(paper.picks_one() && paper.lines() == 3);
    assert!(!Paper::of(lines(), Subject::Admit).picks_one(), "names are for or against each");
    assert!(!Paper::of(lines().into_iter().take(1).collect(), Subject::Discipline).picks_one(), "one measure: yes or no");
    let sheet = |votes: [u32; 3]| Sheet {
        issued: 18,
        collected: 18,
        valid: votes.iter().sum(),
        invalid: 18 - votes.iter().sum::<u32>(),
        marks: votes.iter().map(|yes| Tally { yes: *yes, ..Tally::default() }).collect(),
    };
    // 20 official members: more than half is 11. Votes from the gravest down, and what is reached by adding up.
    let table: [([u32; 3], Option<u32>); 5] = [
        ([2, 5, 6], Some(13)), // 2 + 5 = 7, + 6 = 13: khiển trách
        ([5, 6, 4], Some(11)), // 5 + 6 = 11: cảnh cáo
        ([11, 3, 2], None),    // khai trừ by itself
        ([1, 12, 3], None),    // cảnh cáo by itself
        ([2, 3, 5], None),     // 10 of 20 is not more than half
    ];
    for (votes, sum) in table {
        let count = sheet(votes);
        assert!(count.problems(&paper, 18).is_empty(), "{votes:?}");
        let added = count.added_up(&paper, "Kỷ luật.", 20, half);
        assert_eq!(added.map(|(_, c)| c.yes), sum, "{votes:?}");
    }
    let (words, count) = sheet([5, 6, 4]).added_up(&paper, "Kỷ luật.", 20, half).unwrap();
    assert_eq!(words, "Kỷ luật: Cảnh cáo (cộng dồn từ hình thức nặng nhất xuống: Khai trừ 5, Cảnh cáo 6)");
    assert_eq!((count.yes, count.no, count.other), (11, 0, 4));
    let twice = Sheet { valid: 10, invalid: 8, ..sheet([5, 6, 4]) };
    assert_eq!(twice.problems(&paper, 18).iter().map(|r| r.code).collect::<Vec<_>>(), ["sum"]);
}
