use super::*;
use crate::agenda::{Part, SECRET_TITLE, Step};
use jiff::civil::date;

const FIGURES: Figures = Figures { lead_days: 1 };

fn facts() -> MeetingFacts {
    let mut report = Item::new(Part::Content, Step::Report, "Nhiệm vụ tháng 12");
    report.presenter = Some("Trần Thị Bình".into());
    let mut secret = Item::new(Part::Content, Step::Report, "");
    secret.secret = true;
    secret.paper_ref = "Sổ mật số 2, trang 14".into();
    MeetingFacts {
        org: "Chi bộ Văn phòng".into(),
        kind: MeetingKind::Regular,
        topic: None,
        starts_at: Some(date(2026, 12, 3).at(14, 0, 0, 0)),
        ends_at: Some(date(2026, 12, 3).at(15, 30, 0, 0)),
        place: "Phòng họp tầng 2".into(),
        chair: Some("đồng chí Nguyễn Văn An, Bí thư Chi bộ".into()),
        presenter: None,
        items: vec![report, secret],
        members: 18,
        followers: vec!["Lê Văn Cường".into()],
        guests: vec![],
        committee_met_on: Some(date(2026, 11, 30)),
    }
}

fn now() -> DateTime {
    date(2026, 12, 1).at(8, 30, 0, 0)
}

fn open_fields(facts: &MeetingFacts, at: DateTime) -> Vec<(&'static str, bool)> {
    check(facts, at, &FIGURES).iter().filter(|c| !c.done).map(|c| (c.field.unwrap_or(""), c.must)).collect()
}

#[test]
fn a_meeting_that_is_ready_has_nothing_open() {
    assert!(open_fields(&facts(), now()).is_empty());
    let lines = check(&facts(), now(), &FIGURES);
    assert!(lines.iter().any(|c| c.text == "Gửi thông báo cho 18 đảng viên."));
    assert!(lines.iter().any(|c| c.text == "Thời gian: 14 giờ 00, thứ Năm 03/12/2026."));
}

#[test]
fn what_is_missing_is_named_and_most_of_it_stands_in_the_way() {
    let base = facts();
    let table: [(MeetingFacts, &[(&str, bool)]); 10] = [
        (MeetingFacts { starts_at: None, ..base.clone() }, &[("starts_at", true)]),
        (MeetingFacts { starts_at: Some(now()), ends_at: None, ..base.clone() }, &[("starts_at", true)]),
        (MeetingFacts { ends_at: base.starts_at, ..base.clone() }, &[("ends_at", true)]),
        (MeetingFacts { place: " ".into(), ..base.clone() }, &[("place", true)]),
        (MeetingFacts { items: vec![], ..base.clone() }, &[("agenda", true)]),
        (MeetingFacts { chair: None, ..base.clone() }, &[("chair", true)]),
        (MeetingFacts { members: 0, ..base.clone() }, &[("members", true)]),
        (MeetingFacts { followers: vec![], ..base.clone() }, &[("followers", false)]),
        (MeetingFacts { committee_met_on: None, ..base.clone() }, &[("committee_met_on", false)]),
        (MeetingFacts { kind: MeetingKind::Thematic, ..base.clone() }, &[("topic", true), ("presenter", true)]),
    ];
    for (facts, expected) in table {
        assert_eq!(open_fields(&facts, now()), expected);
    }
    let mut leaking = base;
    leaking.items[1].points = "nội dung".into();
    assert_eq!(open_fields(&leaking, now()), [("agenda", true)]);
}

#[test]
fn less_than_a_day_is_advice_only() {
    let late = date(2026, 12, 2).at(14, 1, 0, 0);
    assert_eq!(open_fields(&facts(), late), [("starts_at", false)]);
    let in_time = date(2026, 12, 2).at(14, 0, 0, 0);
    assert!(open_fields(&facts(), in_time).is_empty());
}

#[test]
fn lead_times_in_words() {
    let table = [
        (2 * 1440 + 185, "trước 2 ngày 3 giờ"),
        (1440, "trước 1 ngày"),
        (185, "trước 3 giờ 5 phút"),
        (120, "trước 2 giờ"),
        (40, "trước 40 phút"),
        (0, "sau giờ bắt đầu"),
        (-5, "sau giờ bắt đầu"),
    ];
    for (minutes, text) in table {
        assert_eq!(Lead { minutes }.text(), text);
    }
    let starts = date(2026, 12, 3).at(14, 0, 0, 0);
    assert_eq!(Lead::between(date(2026, 12, 2).at(14, 0, 0, 0), starts).minutes, 1440);
    assert_eq!(Lead::between(date(2026, 12, 3).at(14, 0, 30, 0), starts).minutes, -1);
}

#[test]
fn the_text_of_the_notice() {
    assert_eq!(
        draft(&facts()),
        "Chi bộ Văn phòng thông báo sinh hoạt thường kỳ tháng 12 năm 2026 như sau:\n\
         1. Thời gian: 14 giờ 00, thứ Năm 03/12/2026 (dự kiến kết thúc lúc 15 giờ 30).\n\
         2. Địa điểm: Phòng họp tầng 2.\n\
         3. Thành phần: toàn thể đảng viên chi bộ; đồng chí Lê Văn Cường (cấp ủy viên theo dõi chi bộ).\n\
         4. Chủ trì: đồng chí Nguyễn Văn An, Bí thư Chi bộ.\n\
         5. Nội dung:\n\
         - Nhiệm vụ tháng 12 (đồng chí Trần Thị Bình).\n\
         - Nội dung theo quy định về bảo vệ bí mật nhà nước.\n\
         Đề nghị các đồng chí nghiên cứu tài liệu, chuẩn bị ý kiến, dự đầy đủ và đúng giờ. Đồng chí nào không dự được thì báo cáo lý do trước buổi sinh hoạt."
    );
}

#[test]
fn a_notice_never_tells_what_is_secret() {
    let mut f = facts();
    f.items[1].title = "Phương án tác chiến".into();
    f.items[1].points = "điểm mật".into();
    f.items[1].presenter = Some("Phạm Văn Dũng".into());
    let text = draft(&f) + &draft_change(&facts(), &f, "x") + &draft_cancel(&f, "x");
    for word in ["Phương án", "điểm mật", "Dũng", "Sổ mật"] {
        assert!(!text.contains(word), "{word}");
    }
    assert!(text.contains(SECRET_TITLE));
}

#[test]
fn a_change_of_time_or_place_or_agenda_needs_a_new_notice() {
    let old = facts();
    assert!(changes(&old, &old).is_empty());
    let mut new = old.clone();
    new.place = "Hội trường".into();
    new.items.remove(1);
    let what: Vec<_> = changes(&old, &new).iter().map(|c| c.what).collect();
    assert_eq!(what, ["Địa điểm", "Nội dung"]);
    let text = draft_change(&old, &new, "phòng họp sửa chữa.");
    assert!(text.starts_with("Thông báo này thay thế thông báo đã gửi. Lý do: phòng họp sửa chữa.\nThay đổi:\n- Địa điểm: Hội trường (trước đây: Phòng họp tầng 2).\n- Nội dung: chương trình được điều chỉnh"), "{text}");
    // More readers change nothing in the notice itself.
    new = MeetingFacts { members: 19, ..old.clone() };
    assert!(changes(&old, &new).is_empty());
}

#[test]
fn a_thematic_notice_names_topic_and_presenter() {
    let f = MeetingFacts {
        kind: MeetingKind::Thematic,
        topic: Some("Nêu gương của cán bộ, đảng viên".into()),
        presenter: Some("Trần Thị Bình".into()),
        ..facts()
    };
    let text = draft(&f);
    assert!(text.starts_with("Chi bộ Văn phòng thông báo sinh hoạt chuyên đề như sau:"));
    assert!(text.contains("5. Chuyên đề: Nêu gương của cán bộ, đảng viên (đồng chí Trần Thị Bình trình bày).\n6. Nội dung:\n"));
    assert!(draft_cancel(&f, "bão").ends_with("sinh hoạt chuyên đề, 14 giờ 00, thứ Năm 03/12/2026. Lý do: bão."));
}
