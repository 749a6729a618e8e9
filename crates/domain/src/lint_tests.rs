//! The pack's own examples, tables by hand, the labelled set and what may change nothing.

use jiff::civil::date;
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::*;
use crate::code::Code;
use crate::id::PersonId;
use crate::rulepack::{LintExample, shipped};

fn rules() -> Rules {
    shipped().unwrap().at(date(2026, 12, 3))
}

fn whole(content: &str) -> TaskDraft {
    TaskDraft {
        content: content.to_owned(),
        requirement: "Đúng yêu cầu của chi ủy".to_owned(),
        measure: "Theo phân công".to_owned(),
        deadline: Some(date(2026, 12, 25)),
        doer: Some(PersonId::new(1)),
        checker: Some(PersonId::new(2)),
        urger: Some(PersonId::new(3)),
    }
}

fn facts<'a>(open: u32) -> Facts<'a> {
    let end = Some(date(2030, 7, 1));
    Facts {
        term_end: end,
        open,
        doer: "Lê Thị Ánh",
        checker: "Phạm Văn An",
        urger: "Lê Minh Đức",
        ..Facts::on(date(2026, 12, 3))
    }
}

fn empty(task: &mut TaskDraft, field: TaskField) {
    match field {
        TaskField::Content => task.content.clear(),
        TaskField::Requirement => task.requirement.clear(),
        TaskField::Measure => task.measure.clear(),
        TaskField::Deadline => task.deadline = None,
        TaskField::Doer => task.doer = None,
        TaskField::Checker => task.checker = None,
        TaskField::Urger => task.urger = None,
    }
}

fn of_example(example: &LintExample) -> TaskDraft {
    let mut task = whole(&example.content);
    if let Some(r) = &example.requirement {
        task.requirement.clone_from(r);
    }
    if example.deadline.is_some() {
        task.deadline = example.deadline;
    }
    if example.same {
        task.checker = task.doer;
    }
    example.lacks.iter().for_each(|f| empty(&mut task, *f));
    task
}

#[test]
fn every_rule_finds_its_bad_examples_and_leaves_its_good_ones() {
    let rules = rules();
    let linter = Linter::new(&rules);
    let mut wrong = Vec::new();
    for rule in rules.lints() {
        for (list, expected) in [(&rule.bad, true), (&rule.good, false)] {
            for example in list {
                let found = linter.task(&of_example(example), &facts(example.open));
                if found.iter().any(|f| f.rule.id == rule.id) != expected {
                    wrong.push(format!("{}: {} ({expected})", rule.id, example.content));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(linter.resolution(0).map(|f| f.text), Some("Nghị quyết chưa có nhiệm vụ nào được phân công.".to_owned()));
    assert!(linter.resolution(1).is_none());
    assert!(LintCheck::ALL.iter().all(|c| rules.lints().any(|r| r.check == *c)), "every check has a rule");
}

#[test]
fn what_is_found_is_said_in_the_writers_own_words() {
    let rules = rules();
    let linter = Linter::new(&rules);
    let said =
        |task: &TaskDraft, open: u32| -> Vec<String> { linter.task(task, &facts(open)).into_iter().map(|f| f.text).collect() };
    assert_eq!(
        said(&whole("TIẾP TỤC  TĂNG CƯỜNG công tác dân vận"), 0),
        ["“TIẾP TỤC  TĂNG CƯỜNG” chưa nói được thế nào là xong."]
    );
    let nfd: String = "Đẩy mạnh công tác dân vận".nfd().collect();
    assert_eq!(said(&whole(&nfd), 0), ["“Đẩy mạnh” chưa nói được thế nào là xong."]);
    let two = said(&whole("Rà soát hồ sơ đảng viên; sửa mái nhà văn hóa"), 0);
    assert_eq!(two, ["Có thể là nhiều việc trong một nhiệm vụ: “Rà soát hồ sơ đảng viên”, “sửa mái nhà văn hóa”."]);
    let late = TaskDraft { deadline: Some(date(2026, 12, 26)), ..whole("Nộp báo cáo tổng kết") };
    assert_eq!(
        said(&late, 7),
        ["Thời hạn 26/12/2026 là thứ Bảy.", "Đồng chí được giao sẽ có 8 nhiệm vụ chưa kết thúc (không quá 5 nhiệm vụ).",]
    );
    let mut open = whole("Nộp báo cáo trước 18/12, đ/c Ánh thực hiện, đ/c An kiểm tra");
    [TaskField::Deadline, TaskField::Doer, TaskField::Checker].into_iter().for_each(|f| empty(&mut open, f));
    assert_eq!(
        said(&open, 0),
        ["Nội dung đã viết “trước 18/12”, “đ/c Ánh thực hiện”, “đ/c An kiểm tra” nhưng ô “Thời hạn”, “Người thực hiện” và \
         “Người kiểm tra” còn trống.",]
    );
}

#[test]
fn a_deadline_in_words_is_read_by_table() {
    let table = [
        ("xong trước ngày 25/12/2026", Some(date(2026, 12, 25))),
        ("xong trước 25/12", Some(date(2026, 12, 25))),
        ("chậm nhất ngày 15 tháng 1", Some(date(2027, 1, 15))),
        ("trước ngày 5-1-27", Some(date(2027, 1, 5))),
        ("thời hạn: 15.01.2027", Some(date(2027, 1, 15))),
        ("trong tháng 12", Some(date(2026, 12, 31))),
        ("trong quý I/2027", Some(date(2027, 3, 31))),
        ("hết quý 2", Some(date(2027, 6, 30))),
        ("trong năm 2027", Some(date(2027, 12, 31))),
        ("XONG TRUOC NGAY 25/12", Some(date(2026, 12, 25))),
        ("trước ngày 31/02/2027", None),
        ("theo Công văn ngày 25/12/2026", None),
        ("nâng lương trước thời hạn", None),
        ("nhân ngày 22/12", None),
        ("trong 3 tháng", None),
        ("từ ngày 05/02 đến ngày 12/02/2027", None),
    ];
    let rules = rules();
    let linter = Linter::new(&rules);
    for (words, expected) in table {
        let text = Text::new(words);
        let found = linter.said.as_ref().unwrap().mentions(&text, date(2026, 12, 3)).deadline.map(|s| s.day);
        assert_eq!(found, expected, "{words}");
    }
}

#[test]
fn the_skeleton_keeps_what_the_task_says_and_asks_for_the_rest() {
    let rules = rules();
    let linter = Linter::new(&rules);
    let nobody = Facts::on(date(2026, 12, 3));
    let of = |task: &TaskDraft, facts: &Facts<'_>| linter.skeleton(task, facts, &linter.task(task, facts)).unwrap_or_default();
    assert_eq!(
        of(&whole("Tiếp tục duy trì và nâng cao chất lượng công tác văn thư"), &facts(0)),
        "Hoàn thành [số lượng, sản phẩm] chất lượng công tác văn thư trước ngày 25/12/2026, do đ/c Lê Thị Ánh thực hiện, \
         đ/c Phạm Văn An kiểm tra"
    );
    let bare = TaskDraft { content: "Đẩy mạnh công tác dân vận, xong trong tháng 12".into(), ..TaskDraft::default() };
    assert_eq!(
        of(&bare, &nobody),
        "Hoàn thành [số lượng, sản phẩm] công tác dân vận trước ngày 31/12/2026, do đ/c [họ tên] thực hiện, \
         đ/c [họ tên] kiểm tra"
    );
    let two = TaskDraft { deadline: None, ..whole("- Rà soát hồ sơ đảng viên; sửa mái nhà văn hóa.") };
    assert_eq!(
        of(&two, &facts(0)),
        "Rà soát hồ sơ đảng viên trước ngày [ngày/tháng/năm], do đ/c Lê Thị Ánh thực hiện, đ/c Phạm Văn An kiểm tra\n\
         Sửa mái nhà văn hóa trước ngày [ngày/tháng/năm], do đ/c Lê Thị Ánh thực hiện, đ/c Phạm Văn An kiểm tra"
    );
    let told = TaskDraft { deadline: None, ..whole("Giao đ/c An lập danh sách trực Tết") };
    let told = TaskDraft { doer: None, ..told };
    assert_eq!(
        of(&told, &Facts { doer: "", ..facts(0) }),
        "Giao đ/c An lập danh sách trực Tết trước ngày [ngày/tháng/năm], đ/c Phạm Văn An kiểm tra"
    );
    assert_eq!(of(&whole("Rà soát 22 hồ sơ đảng viên"), &facts(0)), "", "nothing to rewrite");
    let begun = TaskDraft {
        deadline: None,
        ..whole("Hoàn thành [số lượng, sản phẩm] công tác dân vận, do đ/c [họ tên] thực hiện")
    };
    assert_eq!(of(&begun, &facts(0)), "", "being filled in");
}

proptest! {
    #[test]
    fn any_text_is_looked_through_without_fault(content in "\\PC{0,80}", requirement in "[a-zđ0-9 ./%]{0,30}") {
        let rules = rules();
        let linter = Linter::new(&rules);
        let task = TaskDraft { content, requirement, ..TaskDraft::default() };
        let found = linter.task(&task, &facts(9));
        let _ = linter.skeleton(&task, &facts(9), &found);
        for f in found {
            prop_assert!(!f.text.contains('{') || task.content.contains('{'), "{}", f.text);
        }
    }
}
