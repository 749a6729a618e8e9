//! What is near and what is not, by table; what may change nothing.

use jiff::civil::date;
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::*;
use crate::rulepack::shipped;

fn rules() -> Rules {
    shipped().unwrap().at(date(2026, 12, 3))
}

const ALL: Ratio = Ratio { part: 0, whole: 1 };

const TASKS: [&str; 8] = [
    "Số hóa 240 hồ sơ quý IV",
    "Thu đảng phí quý III năm 2026",
    "Rà soát, bổ sung hồ sơ đảng viên",
    "Vệ sinh khuôn viên cơ quan, phát quang bụi rậm",
    "Thăm, tặng quà gia đình chính sách",
    "Quán triệt Nghị quyết số 57-NQ/TW",
    "Tăng cường công tác dân vận",
    "Sửa mái nhà văn hóa thôn",
];

#[test]
fn the_same_task_again_is_the_nearest_by_table() {
    let rules = rules();
    let index = Index::new(TASKS, &rules);
    let table = [
        ("so hoa 300 ho so quy I/2027", 0),
        ("Thu đảng phí quý IV năm 2026", 1),
        ("BỔ SUNG VÀ RÀ SOÁT HỒ SƠ ĐẢNG VIÊN CỦA CHI BỘ", 2),
        ("Phát quang bụi rậm, vệ sinh khuôn viên", 3),
        ("Tổ chức thăm và tặng quà 7 gia đình chính sách", 4),
        ("Quán triệt Nghị quyết 57-NQ/TW đến toàn thể đảng viên", 5),
    ];
    let least = rules.ratio("repeat.task").unwrap();
    for (text, at) in table {
        let near = index.nearest(text, least, 3);
        assert_eq!(near.first().map(|n| n.at), Some(at), "{text}: {near:?}");
    }
    for other in ["Mua máy quét", "Quán triệt Nghị quyết số 18-NQ/TW", "Tăng cường công tác kiểm tra, giám sát", "", "2026"]
    {
        assert_eq!(index.nearest(other, least, 3), [], "{other}");
    }
    let same = index.nearest(TASKS[3], least, 1);
    assert!((same[0].share - 1.0).abs() < 0.001 && index.len() == 8 && !index.is_empty());
    assert_eq!(Index::new([], &rules).nearest("Thu đảng phí", least, 3), []);
}

#[test]
fn what_every_task_says_does_not_make_tasks_alike() {
    let rules = rules();
    let work =
        ["thu quỹ", "sửa cổng", "quét sân", "trồng cây", "lắp đèn", "mua bàn", "viết tin", "dạy chữ", "vá đường", "xây bể"];
    let tasks: Vec<String> =
        work.iter().map(|w| format!("Phấn đấu hoàn thành dứt điểm trong tháng theo đúng chỉ đạo của cấp trên: {w}")).collect();
    let index = Index::new(tasks.iter().map(String::as_str), &rules);
    let new = "Phấn đấu hoàn thành dứt điểm trong tháng theo đúng chỉ đạo của cấp trên: dọn kho";
    assert_eq!(index.nearest(new, rules.ratio("repeat.task").unwrap(), 3), []);
}

#[test]
fn what_differs_is_marked_in_both_texts() {
    let (was, is) = diff("Số hóa 240 hồ sơ quý IV", "Số hóa 300 hồ sơ, quý I/2027");
    let words = |pieces: &[Piece]| pieces.iter().map(|p| (p.mark, p.text.clone())).collect::<Vec<_>>();
    let own = |m: Mark, t: &str| (m, t.to_owned());
    assert_eq!(
        words(&was),
        [own(Mark::Same, "Số hóa"), own(Mark::Gone, "240"), own(Mark::Same, "hồ sơ quý"), own(Mark::Gone, "IV")]
    );
    assert_eq!(
        words(&is),
        [own(Mark::Same, "Số hóa"), own(Mark::New, "300"), own(Mark::Same, "hồ sơ, quý"), own(Mark::New, "I/2027")]
    );
}

fn part(title: &str, text: &str) -> Part {
    Part { title: title.to_owned(), text: text.to_owned() }
}

#[test]
fn minutes_that_were_copied_are_told_section_by_section() {
    let rules = rules();
    let said = "Đồng chí Lê Thị Ánh: Trong tháng chi bộ đã số hóa được phần lớn hồ sơ của quý, còn vướng ở khâu ký số vì máy \
                quét hỏng.\nĐồng chí Phạm Văn An: Đề nghị mua thêm một máy quét và giao tổ một cửa hỗ trợ vào buổi chiều.";
    let copied = said.replace("Lê Thị Ánh", "Đỗ Quốc Bảo").replace("của quý", "quý IV");
    let fresh = "Đồng chí Lê Thị Ánh: Mái nhà văn hóa đã lợp xong, đề nghị nghiệm thu tuần sau.\nĐồng chí Phạm Văn An: Nên mời \
                 thêm trưởng thôn và ba hộ liền kề cùng xem trước khi thanh toán.";
    let before = [part("Thảo luận", said), part("Kết luận", fresh)];
    let found = alike(&[part("Thảo luận nhiệm vụ", &copied)], &before, &rules);
    assert_eq!(found.len(), 1);
    assert!(found[0].percent >= 85 && found[0].earlier_title == "Thảo luận", "{}", found[0].percent);
    assert!(found[0].now.iter().any(|p| p.mark == Mark::New && p.text.contains("Đỗ Quốc Bảo")));
    let other = "Đồng chí Đỗ Quốc Bảo: Tuần qua tổ dân phố bị ngập, đề nghị khơi thông cống trước mùa mưa và nhờ thanh niên giúp \
                 các hộ neo đơn kê đồ lên cao.";
    assert_eq!(alike(&[part("Thảo luận", other)], &before, &rules), []);
    let formula = "Chi bộ nhất trí với nội dung trên. Không có ý kiến khác.";
    let two = [part("Thảo luận", &format!("{formula} {formula}"))];
    assert_eq!(alike(&two, &two, &rules), [], "formulas are no discussion");
    let short = [part("Thảo luận", "Đồng chí An: Đề nghị mua máy.")];
    assert_eq!(alike(&short, &short, &rules), [], "too little to judge");
}

proptest! {
    #[test]
    fn the_order_of_earlier_tasks_changes_nothing(seed in 0usize..5000, query in 0usize..8) {
        let rules = rules();
        let mut other = TASKS;
        let (mut at, mut left) = (seed, other.len());
        while left > 1 {
            other.swap(left - 1, at % left);
            at /= left;
            left -= 1;
        }
        let said = |tasks: [&'static str; 8]| {
            let near = Index::new(tasks, &rules).nearest(TASKS[query], ALL, 8);
            let mut said: Vec<(String, &str)> = near.iter().map(|n| (format!("{:.4}", n.share), tasks[n.at])).collect();
            said.sort();
            said
        };
        prop_assert_eq!(said(TASKS), said(other));
    }

    #[test]
    fn composition_and_capitals_change_nothing(query in 0usize..8, upper: bool) {
        let rules = rules();
        let index = Index::new(TASKS, &rules);
        let nfd: String = TASKS[query].nfd().collect();
        let other = if upper { nfd.to_uppercase() } else { nfd };
        prop_assert_eq!(index.nearest(TASKS[query], ALL, 8), index.nearest(&other, ALL, 8));
    }

    #[test]
    fn no_word_is_lost_in_what_differs(a in "[a-cA-C ,]{0,30}", b in "[a-cA-C ,]{0,30}") {
        let (was, is) = diff(&a, &b);
        let words = |t: &str| t.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let joined = |p: &[Piece]| p.iter().map(|p| p.text.clone()).collect::<Vec<_>>().join(" ");
        prop_assert_eq!(words(&a), words(&joined(&was)));
        prop_assert_eq!(words(&b), words(&joined(&is)));
        let same = |p: &[Piece]| p.iter().filter(|p| p.mark == Mark::Same).count();
        prop_assert!(same(&was) > 0 || same(&is) == 0);
    }
}
