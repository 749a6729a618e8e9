//! Worked examples of what a cell or a committee lacks, and what holds whatever the facts.

use super::*;
use jiff::civil::date;
use proptest::prelude::*;

const ORG: OrgId = OrgId::new(1);
const DAY: Date = date(2026, 12, 3);
const FIGURES: Figures = Figures { min_official: 3, committee_from: 9, committee_max: 7, term_months: 60, soon_months: 6 };

fn post(person: i64, role: Role) -> Post {
    Post { person: PersonId::new(person), role, org: ORG, from: date(2025, 3, 1), to: None }
}

fn term(from: Date, seats: Option<u32>) -> Option<Term> {
    Some(Term { from, to: None, seats })
}

fn of(is_cell: bool, official: u32, posts: &[Post], term: Option<Term>) -> Vec<(Lack, &'static str)> {
    let facts = Facts { org: ORG, is_cell, official, posts, term };
    due(&facts, &FIGURES, DAY).into_iter().map(|d| (d.lack, d.advice.rule)).collect()
}

fn led(members: i64) -> Vec<Post> {
    let mut posts = vec![post(1, Role::Secretary), post(2, Role::Deputy)];
    posts.extend((3..3 + members).map(|n| post(n, Role::Committee)));
    posts
}

#[test]
fn a_cell_lacks_what_its_size_asks_for() {
    let now = term(date(2025, 3, 1), None);
    let secretary = [post(1, Role::Secretary)];
    let two = [post(1, Role::Secretary), post(2, Role::Deputy), post(3, Role::Deputy)];
    for (official, posts, expected) in [
        (8, &secretary[..], vec![]),
        (3, &secretary[..], vec![]),
        (2, &secretary[..], vec![(Lack::FewOfficial, "TC-01")]),
        (0, &[][..], vec![(Lack::NoSecretary, "L10"), (Lack::FewOfficial, "TC-01")]),
        (9, &secretary[..], vec![(Lack::NoCommittee, "TC-04")]),
        (9, &led(0)[..], vec![(Lack::NoCommittee, "TC-04")]),
        (9, &led(1)[..], vec![]),
        (9, &[post(1, Role::Secretary), post(4, Role::Committee)][..], vec![(Lack::NoCommittee, "TC-04")]),
        (8, &led(1)[..], vec![(Lack::TooMany, "TC-04")]),
        (20, &led(5)[..], vec![]),
        (20, &led(6)[..], vec![(Lack::TooMany, "TC-05")]),
        (8, &two[..], vec![(Lack::TooMany, "TC-05")]),
    ] {
        assert_eq!(of(true, official, posts, now), expected, "{official} with {} posts", posts.len());
    }
}

#[test]
fn the_secretary_and_the_deputy_belong_to_the_committee_and_count_once() {
    let mut posts = led(0);
    posts.extend((1..=7).map(|n| post(n, Role::Committee)));
    assert_eq!(of(true, 9, &posts, term(date(2025, 3, 1), Some(7))), []);
    assert_eq!(of(true, 9, &posts, term(date(2025, 3, 1), Some(9))), [(Lack::Vacant, "L10")]);
}

#[test]
fn a_committee_is_short_of_the_number_its_congress_decided() {
    for (seats, members, missing) in [(Some(9), 5, 2), (Some(7), 5, 0), (None, 1, 0), (Some(5), 8, 0)] {
        let posts = led(members);
        let facts = Facts { org: ORG, is_cell: false, official: 0, posts: &posts, term: term(date(2025, 3, 1), seats) };
        assert_eq!(vacant(&facts, DAY), missing);
        let expected = if missing > 0 { vec![(Lack::Vacant, "L10")] } else { vec![] };
        assert_eq!(of(false, 0, &posts, facts.term), expected);
    }
}

#[test]
fn the_next_congress_is_announced_half_a_year_ahead() {
    // Terms of five years: what ends on the day itself is over.
    for (from, expected) in [
        (date(2025, 1, 1), vec![]),
        (date(2022, 6, 4), vec![]),
        (date(2022, 6, 3), vec![(Lack::TermSoon, "TC-07")]),
        (date(2021, 12, 4), vec![(Lack::TermSoon, "TC-07")]),
        (date(2021, 12, 3), vec![(Lack::TermOver, "TC-07")]),
        (date(2020, 1, 1), vec![(Lack::TermOver, "TC-07")]),
    ] {
        let posts: Vec<Post> = led(0).into_iter().map(|p| Post { from, ..p }).collect();
        assert_eq!(of(false, 0, &posts, term(from, None)), expected, "{from}");
    }
    assert_eq!(of(false, 0, &led(0), None), [(Lack::NoTerm, "TC-08")]);
}

#[test]
fn a_post_of_an_earlier_term_is_told_by_what_it_is() {
    let old = |p: Post| Post { from: date(2020, 3, 1), ..p };
    let posts: Vec<Post> = led(3).into_iter().map(old).collect();
    let facts = Facts { org: ORG, is_cell: true, official: 12, posts: &posts, term: term(date(2025, 3, 1), None) };
    let all = due(&facts, &FIGURES, DAY);
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].lack, Lack::PastTerm);
    assert_eq!(
        all[0].advice.text,
        "Bí thư, Phó bí thư và 3 chi ủy viên được ghi từ trước ngày 01/03/2025; chưa ghi kết quả bầu của nhiệm kỳ này."
    );
    // Whoever was elected again, or left, is not told; nor is who only follows or assists.
    let mut again =
        vec![old(post(1, Role::Clerk)), old(post(9, Role::Follower)), Post { to: Some(DAY), ..old(post(1, Role::Secretary)) }];
    again.extend(led(1));
    assert_eq!(of(true, 12, &again, term(date(2025, 3, 1), None)), []);
}

#[test]
fn what_is_lacking_is_counted_by_organisation() {
    let due = |lack| Due { lack, advice: Advice::new("L10", "") };
    let one = [due(Lack::TooMany), due(Lack::TooMany), due(Lack::NoSecretary)];
    let two = [due(Lack::NoSecretary)];
    assert_eq!(counted([&one[..], &two[..], &[][..]]), [(Lack::NoSecretary, 2), (Lack::TooMany, 1)]);
}

proptest! {
    /// Every sentence ends, every lack is there once but `TooMany`, and posts of elsewhere change nothing.
    #[test]
    fn nothing_is_told_twice(
        is_cell: bool,
        official in 0u32..40,
        held in prop::collection::vec((1i64..12, 0usize..7, 0i16..12), 0..14),
        years in 0i16..8,
        seats in prop::option::of(1u32..15),
    ) {
        let posts: Vec<Post> = held
            .iter()
            .map(|(who, role, ago)| Post { from: date(2026 - ago, 1, 1), ..post(*who, Role::ALL[*role]) })
            .collect();
        let facts = Facts { org: ORG, is_cell, official, posts: &posts, term: term(date(2026 - years, 5, 1), seats) };
        let all = due(&facts, &FIGURES, DAY);
        prop_assert!(all.is_sorted_by_key(|d| d.lack));
        for d in &all {
            prop_assert!(d.advice.text.ends_with('.'));
            let times = all.iter().filter(|o| o.lack == d.lack).count();
            prop_assert!(times == 1 || d.lack == Lack::TooMany);
        }
        let elsewhere: Vec<Post> = posts.iter().map(|p| Post { org: OrgId::new(2), ..*p }).chain(posts.iter().copied()).collect();
        prop_assert_eq!(&due(&Facts { posts: &elsewhere, ..facts }, &FIGURES, DAY), &all);
        // A further member of the committee never makes a place vacant.
        let mut more = posts.clone();
        more.push(post(99, Role::Committee));
        let fewer = vacant(&Facts { posts: &more, ..facts }, DAY);
        prop_assert!(fewer <= vacant(&facts, DAY));
    }
}
