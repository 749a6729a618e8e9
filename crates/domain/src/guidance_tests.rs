use super::*;
use crate::code::Code;
use jiff::civil::date;

#[test]
fn every_step_from_every_state() {
    use GuidanceState::{Draft, Issued, Replaced};
    // state, edit, issue, correct, replace
    let table = [
        (Draft, true, Some(Issued), None, None),
        (Issued, false, None, Some(Draft), Some(Replaced)),
        (Replaced, false, None, None, None),
    ];
    for (state, edit, issue, correct, replace) in table {
        assert_eq!(state.edit().is_ok(), edit, "{state}");
        assert_eq!(state.issue(&[]).ok(), issue, "{state}");
        assert_eq!(state.correct(false).ok(), correct, "{state}");
        assert_eq!(state.replace().ok(), replace, "{state}");
        assert!(state.correct(true).is_err(), "{state}");
    }
    assert_eq!(GuidanceState::ALL.len(), table.len());
    let missing = [Check::must(false, "ten", "Tên gọi đã ghi.")];
    assert!(Draft.issue(&missing).is_err());
}

#[test]
fn a_distribution_list_goes_down_only() {
    let [top, base, other, cell] = [1, 2, 3, 4].map(OrgId::new);
    let lineage = [top, base, cell];
    let list = |reach, types: &[&str], orgs: &[OrgId]| Distribution {
        reach,
        types: types.iter().map(|t| (*t).to_owned()).collect(),
        orgs: orgs.to_vec(),
    };
    let all = list(Reach::All, &[], &[]);
    // list, from, type of the cell, whether the cell is on it
    let table = [
        (&all, top, None, true),
        (&all, base, None, true),
        (&all, other, None, false),
        (&all, cell, None, false),
        (&list(Reach::Types, &["office"], &[]), top, Some("office"), true),
        (&list(Reach::Types, &["office"], &[]), top, Some("school"), false),
        (&list(Reach::Types, &["office"], &[]), top, None, false),
        (&list(Reach::Chosen, &[], &[cell]), top, None, true),
        (&list(Reach::Chosen, &[], &[base]), top, None, true),
        (&list(Reach::Chosen, &[], &[other]), top, None, false),
        (&list(Reach::Chosen, &[], &[cell]), other, None, false),
        (&list(Reach::Chosen, &["office"], &[]), top, Some("office"), false),
    ];
    for (n, (list, from, kind, expected)) in table.into_iter().enumerate() {
        assert_eq!(list.reaches(from, &lineage, kind), expected, "line {n}");
    }
    assert!(!all.reaches(top, &[], None));
}

#[test]
fn what_is_asked_before_it_goes_out() {
    let today = date(2026, 11, 26);
    let whole = Facts {
        title: "Định hướng tháng 12".into(),
        has_text: true,
        files: 0,
        period: PeriodKey::regular(2026, 12),
        blocks: 3,
        required: 1,
        cells: 5,
        taken: false,
        numbered: true,
    };
    let open = |kind, facts: &Facts| -> (Vec<&'static str>, Vec<&'static str>) {
        let all = checks(kind, facts, today);
        let fields = |must: bool| all.iter().filter(|c| !c.done && c.must == must).filter_map(|c| c.field).collect();
        (fields(true), fields(false))
    };
    use GuidanceKind::{Document, Orientation};
    let none = Vec::<&str>::new();
    assert_eq!(open(Orientation, &whole), (none.clone(), none.clone()));
    assert_eq!(open(Document, &whole), (none.clone(), none.clone()));
    let table: [(GuidanceKind, Facts, Vec<&str>, Vec<&str>); 9] = [
        (Orientation, Facts { title: " ".into(), ..whole.clone() }, vec!["ten"], vec![]),
        (Orientation, Facts { period: None, ..whole.clone() }, vec!["thang"], vec![]),
        (Orientation, Facts { taken: true, ..whole.clone() }, vec!["thang"], vec![]),
        (Orientation, Facts { blocks: 0, required: 0, ..whole.clone() }, vec!["nd_ten"], vec![]),
        (Orientation, Facts { required: 0, ..whole.clone() }, vec![], vec!["nd_ten"]),
        (Orientation, Facts { period: PeriodKey::regular(2026, 10), ..whole.clone() }, vec![], vec!["thang"]),
        (Orientation, Facts { cells: 0, numbered: false, ..whole.clone() }, vec!["noi_nhan"], vec!["so"]),
        (Document, Facts { has_text: false, ..whole.clone() }, vec!["noi_dung"], vec![]),
        (Document, Facts { has_text: false, files: 1, blocks: 0, ..whole.clone() }, vec![], vec![]),
    ];
    for (n, (kind, facts, must, advised)) in table.into_iter().enumerate() {
        assert_eq!(open(kind, &facts), (must, advised), "line {n}");
    }
}

#[test]
fn sealed_minutes_say_what_was_brought_to_the_cell() {
    for kind in MeetingKind::ALL {
        assert_eq!(disseminated(*kind, false, false), kind.serves_regular(), "{kind}");
        assert!(!disseminated(*kind, true, false) && !disseminated(*kind, false, true), "{kind}");
    }
    assert!(disseminated(MeetingKind::Combined, false, false));
    assert!(!disseminated(MeetingKind::Committee, false, false));
}

#[test]
fn another_text_is_another_block() {
    let old = ("Phòng, chống lãng phí", "Quán triệt\nKết luận");
    assert!(goes_on(old, ("Phòng, chống  lãng phí", "Quán triệt Kết luận")));
    assert!(!goes_on(old, ("Phòng, chống lãng phí", "Quán triệt Chỉ thị")));
    assert!(!goes_on(old, ("Phòng chống lãng phí", "Quán triệt\nKết luận")));
}

#[test]
fn blocks_stand_behind_the_reports() {
    use Part::{Closing, Content, Opening, Thematic};
    let open = (Opening, Step::Welcome);
    let [review, report, other, talk] = [Step::Review, Step::Report, Step::Other, Step::Discussion].map(|s| (Content, s));
    let end = (Closing, Step::Conclusion);
    let table: [(&[(Part, Step)], usize); 8] = [
        (&[open, review, report, talk, end], 3),
        (&[open, review, report, other, other, talk, end], 5),
        (&[open, review, talk, other, end], 2),
        (&[open, talk, end], 1),
        (&[open, end], 1),
        (&[open, (Thematic, Step::Topic), end], 1),
        (&[end], 0),
        (&[], 0),
    ];
    for (n, (agenda, at)) in table.into_iter().enumerate() {
        assert_eq!(place(agenda), at, "line {n}");
    }
}

#[test]
fn the_committees_words_stay_and_the_cell_writes_beside_them() {
    let words = ("Tên", "Nội dung");
    assert!(keeps_words(words, words, false).is_ok());
    assert_eq!(keeps_words(words, ("Tên khác", "Nội dung"), false).unwrap_err().code, "guided");
    assert_eq!(keeps_words(words, ("Tên", ""), false).unwrap_err().code, "guided");
    assert_eq!(keeps_words(words, ("", ""), true).unwrap_err().code, "guided_secret");
}

#[test]
fn a_receipt_by_its_moments() {
    assert_eq!(receipt(false, false), Receipt::Unseen);
    assert_eq!(receipt(true, false), Receipt::Seen);
    assert_eq!(receipt(true, true), Receipt::Read);
    assert_eq!(receipt(false, true), Receipt::Read);
}
