use super::*;
use crate::agenda::Part;
use crate::id::PersonId;
use crate::roll::{Mark, RollLine, Standing, tally};
use crate::vote::{Electorate, Threshold, outcome};
use jiff::civil::date;

fn line(person: i64, name: &str, mark: Mark) -> RollLine {
    RollLine {
        person: PersonId::new(person),
        name: name.into(),
        standing: Standing::Official,
        official: true,
        leader: false,
        mark: Some(mark),
        reason: None,
    }
}

fn item(id: i64, step: Step, title: &str) -> ItemFacts {
    ItemFacts { id: ItemId::new(id), item: Item::new(Part::Content, step, title), speeches: vec![], conclusion: String::new() }
}

fn record() -> MeetingRecord {
    let mut roll: Vec<RollLine> = (1..=17).map(|n| line(n, "x", Mark::Present)).collect();
    roll.push(line(18, "Lê Văn Cường", Mark::Excused));
    roll[17].reason = Some("đi công tác".into());
    roll.push(RollLine { standing: Standing::Exempt, ..line(19, "Hoàng Thị Em", Mark::Exempt) });
    let mut report = item(11, Step::Report, "Nhiệm vụ tháng 12");
    report.item.presenter = Some("Nguyễn Văn An".into());
    report.conclusion = "Nhất trí với báo cáo.".into();
    report.speeches = vec![
        Speech { name: "Trần Thị Bình".into(), summary: "Đề nghị rõ thời hạn.".into() },
        Speech { name: "Phạm Văn Dũng".into(), summary: " ".into() },
    ];
    let mut end = item(13, Step::Conclusion, "Kết luận");
    end.conclusion = "Chi bộ thống nhất nhiệm vụ tháng 12.".into();
    let mut secret = item(12, Step::Report, "");
    secret.item.secret = true;
    secret.item.paper_ref = "Sổ mật số 2, trang 14".into();
    let count = Count { yes: 17, no: 0, other: 0 };
    let seats = Electorate { total: 18, present: 17 };
    MeetingRecord {
        title: "Sinh hoạt thường kỳ tháng 12 năm 2026".into(),
        opened_at: Some(date(2026, 12, 3).at(14, 0, 0, 0)),
        closed_at: Some(date(2026, 12, 3).at(15, 35, 0, 0)),
        place: "Phòng họp tầng 2".into(),
        chair: Some("đồng chí Nguyễn Văn An, Bí thư Chi bộ".into()),
        secretary: Some("đồng chí Trần Thị Bình".into()),
        guests: vec![],
        tally: tally(&roll),
        dues: "đã nộp đủ".into(),
        items: vec![item(10, Step::Roll, "Điểm danh"), report, secret, end],
        votes: vec![VoteFacts {
            question: "Nghị quyết về nhiệm vụ tháng 12".into(),
            count,
            outcome: outcome(seats, count, Threshold::from_word("majority").unwrap()).unwrap(),
            reserved: vec!["Phạm Văn Dũng".into()],
        }],
        assignments: vec![Assignment {
            content: "Rà soát hồ sơ đảng viên.".into(),
            doer: Some("Trần Thị Bình".into()),
            deadline: Some(date(2026, 12, 25)),
            checker: Some("Nguyễn Văn An".into()),
        }],
        score: Some("92 điểm, xếp loại Tốt".into()),
    }
}

fn text(sections: &[Section], key: SectionKey) -> &str {
    &sections.iter().find(|s| s.key == key).unwrap().text
}

#[test]
fn the_draft_says_what_was_recorded() {
    let s = draft(&record());
    assert_eq!(
        text(&s, SectionKey::Opening),
        "Thời gian: bắt đầu lúc 14 giờ 00, ngày 03 tháng 12 năm 2026.\nĐịa điểm: Phòng họp tầng 2."
    );
    assert_eq!(
        text(&s, SectionKey::Attendance),
        "Chủ trì: đồng chí Nguyễn Văn An, Bí thư Chi bộ.\n\
         Thư ký: đồng chí Trần Thị Bình.\n\
         Tổng số đảng viên: 19 đồng chí (chính thức 19, dự bị 0).\n\
         Được miễn công tác và sinh hoạt đảng: 1 đồng chí.\n\
         Có mặt: 17/18 đồng chí, đạt 94,4 %.\n\
         Vắng có lý do: 1 đồng chí: Lê Văn Cường (đi công tác).\n\
         Vắng không có lý do: không.\n\
         Tình hình nộp đảng phí: đã nộp đủ."
    );
    assert_eq!(
        text(&s, SectionKey::Item(ItemId::new(11))),
        "Đồng chí Nguyễn Văn An trình bày.\n\
         Ý kiến phát biểu:\n\
         - Đồng chí Trần Thị Bình: Đề nghị rõ thời hạn.\n\
         - Đồng chí Phạm Văn Dũng phát biểu.\n\
         Kết luận: Nhất trí với báo cáo."
    );
    assert_eq!(text(&s, SectionKey::Conclusion), "Chi bộ thống nhất nhiệm vụ tháng 12.");
    assert_eq!(
        text(&s, SectionKey::Votes),
        "- Nghị quyết về nhiệm vụ tháng 12: tán thành 17/18 đồng chí, đạt 94,4 %; không tán thành 0 đồng chí; ý kiến khác 0 đồng chí; được thông qua. Bảo lưu ý kiến: đồng chí Phạm Văn Dũng."
    );
    assert_eq!(
        text(&s, SectionKey::Assignments),
        "- Đồng chí Trần Thị Bình: Rà soát hồ sơ đảng viên; thời hạn 25/12/2026; đồng chí Nguyễn Văn An kiểm tra."
    );
    assert_eq!(
        text(&s, SectionKey::Closing),
        "Biên bản đã được thông qua trước chi bộ.\nBuổi sinh hoạt kết thúc lúc 15 giờ 35 cùng ngày."
    );
    // The roll has its own section and none among the items.
    assert!(!s.iter().any(|s| s.key == SectionKey::Item(ItemId::new(10))));
}

#[test]
fn a_secret_item_leaves_only_its_place_on_paper() {
    let mut r = record();
    r.items[2].item.title = "Phương án".into();
    r.items[2].item.information = "điều mật".into();
    r.items[2].conclusion = "kết luận mật".into();
    r.items[2].speeches = vec![Speech { name: "An".into(), summary: "lời mật".into() }];
    let whole = canonical(&draft(&r));
    for word in ["Phương án", "điều mật", "kết luận mật", "lời mật"] {
        assert!(!whole.contains(word), "{word}");
    }
    assert!(whole.contains("Nội dung mật, ghi riêng tại Sổ mật số 2, trang 14."));
}

fn open(record: &MeetingRecord, undecided: u32) -> Vec<(&'static str, bool)> {
    let sections = draft(record);
    let facts = MinutesFacts { record, sections: &sections, undecided, unminuted: 0 };
    seal_checks(&facts).iter().filter(|c| !c.done).map(|c| (c.field.unwrap_or(""), c.must)).collect()
}

#[test]
fn minutes_that_are_whole_may_be_sealed_and_others_say_why_not() {
    assert_eq!(open(&record(), 0), []);
    assert_eq!(open(&record(), 2), [("votes", true)]);
    let with = |change: fn(&mut MeetingRecord)| {
        let mut r = record();
        change(&mut r);
        open(&r, 0)
    };
    assert_eq!(with(|r| r.closed_at = None), [("closed_at", true)]);
    assert_eq!(with(|r| r.closed_at = r.opened_at), [("closed_at", true)]);
    assert_eq!(with(|r| r.chair = None), [("chair", true)]);
    assert_eq!(with(|r| r.secretary = Some(" ".into())), [("secretary", true)]);
    assert_eq!(with(|r| r.tally.unmarked = 3), [("roll", true)]);
    assert_eq!(with(|r| r.items[2].item.paper_ref.clear()), [("agenda", true)]);
    assert_eq!(with(|r| r.assignments.clear()), [("assignments", false)]);
    assert_eq!(with(|r| r.items.iter_mut().for_each(|i| i.conclusion.clear())), [("conclusion", false)]);
    assert_eq!(with(|r| r.items[1] = item(11, Step::Report, "Nhiệm vụ tháng 12")), [("items", false), ("speeches", false)]);
}

#[test]
fn opinions_that_were_spoken_and_not_minuted_are_pointed_at() {
    let record = record();
    let sections = draft(&record);
    let facts = MinutesFacts { record: &record, sections: &sections, undecided: 0, unminuted: 2 };
    let checks = seal_checks(&facts);
    assert!(checks.iter().any(|c| !c.done && !c.must && c.field == Some("opinions")));
}

#[test]
fn keys_are_stored_as_words_and_come_back() {
    let keys = [
        SectionKey::Opening,
        SectionKey::Attendance,
        SectionKey::Agenda,
        SectionKey::Item(ItemId::new(42)),
        SectionKey::Conclusion,
        SectionKey::Votes,
        SectionKey::Assignments,
        SectionKey::Score,
        SectionKey::Closing,
    ];
    for key in keys {
        assert_eq!(SectionKey::from_code(&key.code()), Some(key));
    }
    assert_eq!(SectionKey::from_code("item-"), None);
    assert_eq!(SectionKey::from_code("other"), None);
}

#[test]
fn the_text_is_the_same_in_whatever_order_fixed_sections_are_stored() {
    let sections = draft(&record());
    let items: Vec<SectionKey> = sections.iter().map(|s| s.key).filter(|k| matches!(k, SectionKey::Item(_))).collect();
    let mut other = sections.clone();
    other.sort_by_key(|s| !matches!(s.key, SectionKey::Item(_)));
    other.reverse();
    // Items stand in the order of the agenda, whatever stands around them.
    other.sort_by_key(|s| items.iter().position(|k| *k == s.key));
    assert_eq!(canonical(&other), canonical(&sections));
    assert!(canonical(&sections).starts_with("Thời gian, địa điểm\nThời gian: bắt đầu"));
}

#[test]
fn line_ends_and_trailing_blanks_do_not_change_the_text() {
    let section = |text: &str| Section { key: SectionKey::Opening, title: "Mở đầu".into(), text: text.into() };
    assert_eq!(canonical(&[section("a \r\nb\r\n\r\n")]), "Mở đầu\na\nb");
    assert_eq!(canonical(&[section("a\nb")]), "Mở đầu\na\nb");
    assert_eq!(canonical(&[section(" \n")]), "");
}

#[test]
fn sections_stand_in_the_order_of_the_draft() {
    let record = record();
    let of_draft: Vec<SectionKey> = draft(&record).iter().map(|s| s.key).collect();
    assert_eq!(order(record.items.iter().map(|i| (i.id, i.item.step))), of_draft);
}
