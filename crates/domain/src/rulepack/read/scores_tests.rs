//! A score sheet that does not add up, or whose scales do not fit, is refused with its line.

use crate::rulepack::Library;

const REGISTER: &str = r#"
[pack]
subject = "van-ban"
title = "Sổ"
source = "D-1"
from = 2011-01-01
[[documents]]
id = "D-1"
name = "Hướng dẫn 1"
title = "Thử"
from = 2011-01-01
confidence = "V"
"#;

const SMALL: &str = r#"[pack]
subject = "cham-diem"
title = "Thử"
source = "D-1"
from = 2020-01-01
[[score_sheets]]
code = "NHO"
version = "1"
name = "Bảng nhỏ"
rule = "3"
source = "D-1"
confidence = "V"
total = 10
kinds = ["regular"]
bands = { good = 9, fair = 7, average = 5 }
[[score_sheets.gates]]
band = "good"
full = ["1"]
[[score_sheets.criteria]]
id = "1"
text = "Tỷ lệ dự"
max = 4
auto = ["attendance"]
scale = "steps"
steps = [["90 %", 4], ["0 %", "1,5"]]
if_unexcused = 1
[[score_sheets.criteria]]
id = "2"
text = "Nhóm"
max = 6
[[score_sheets.criteria]]
id = "2.1"
text = "Thường kỳ"
max = 4
max_without_thematic = 6
[[score_sheets.criteria]]
id = "2.2"
text = "Chuyên đề"
max = 2
only_thematic = true
"#;

#[test]
fn a_sheet_that_does_not_add_up_or_fit_is_refused_with_its_line() {
    let parse = |text: &str| Library::parse(&[("so.toml", REGISTER), ("bang.toml", text)]).map(|_| ());
    assert_eq!(parse(SMALL), Ok(()));
    let table: &[(&str, &str, usize, &str)] = &[
        ("total = 10", "total = 11", 6, "cộng lại được 10, không phải 11 (tháng không có chuyên đề)"),
        ("max_without_thematic = 6", "max_without_thematic = 5", 6, "cộng lại được 9"),
        ("id = \"2\"\ntext = \"Nhóm\"\nmax = 6", "id = \"2\"\ntext = \"Nhóm\"\nmax = 7", 27, "mục 2 cộng lại được 6"),
        ("good = 9", "good = 6", 15, "phải giảm dần"),
        ("good = 9", "good = 11", 15, "không quá tổng điểm"),
        ("kinds = [\"regular\"]", "kinds = []", 14, "chưa ghi loại buổi"),
        ("kinds = [\"regular\"]", "kinds = [\"party\"]", 14, "“party” không có trong danh mục"),
        ("full = [\"1\"]", "full = [\"7\"]", 18, "Không có tiêu chí “7”"),
        ("[\"attendance\"]", "[\"weather\"]", 23, "“weather” không có trong danh mục"),
        ("scale = \"steps\"", "scale = \"curve\"", 24, "Không có cách tính “curve”"),
        ("scale = \"steps\"\nsteps = [[\"90 %\", 4], [\"0 %\", \"1,5\"]]\nif_unexcused = 1\n", "", 19, "phải ghi cách tính"),
        ("[[\"90 %\", 4]", "[[\"90 %\", 3]", 19, "bắt đầu bằng điểm tối đa"),
        ("[\"0 %\", \"1,5\"]", "[\"10 %\", 1]", 19, "kết thúc bằng nấc từ 0 %"),
        ("[\"0 %\", \"1,5\"]", "[\"0 %\", 4]", 25, "phải giảm dần"),
        ("[\"90 %\", 4]", "[\"thiếu 15\", 4]", 25, "chỉ dùng cho thời lượng"),
        ("[\"90 %\", 4]", "[\"nhiều\", 4]", 25, "Không đọc được điều kiện"),
        ("\"1,5\"", "\"một\"", 25, "không đọc được"),
        ("auto = [\"attendance\"]", "auto = [\"notice\"]", 24, "không hợp với quy tắc gợi ý"),
        ("auto = [\"attendance\"]", "auto = [\"speakers\"]", 19, "chỉ dùng cho tỷ lệ dự"),
        ("if_unexcused = 1", "limit = 3", 19, "chỉ đi cùng quy tắc absence_streak"),
        ("scale = \"steps\"", "scale = \"full\"", 19, "chỉ ghi khi scale"),
        ("only_thematic = true", "only_thematic = true\nauto = [\"date\"]\nscale = \"full\"", 36, "thì không có quy tắc gợi ý"),
        ("id = \"2.2\"", "id = \"2.\"", 37, "phải có dạng"),
        ("max = 2\n", "max = -2\n", 39, "Điểm phải là số từ 0"),
        ("code = \"NHO\"", "code = \"NHO\"\nframe = \"HD42\"", 8, "không ghi tiêu chí riêng"),
        ("code = \"NHO\"", "code = \" \"", 7, "để trống"),
    ];
    for (from, to, line, words) in table {
        assert!(SMALL.contains(from), "{from}");
        let text = SMALL.replacen(from, to, 1);
        let e = parse(&text).unwrap_err();
        assert!(e.message.contains(words), "{from} → {to}: {e}");
        assert_eq!((e.file.as_str(), e.line), ("bang.toml", *line), "{from} → {to}: {e}");
    }
    let twice = format!("{SMALL}{}", SMALL.split_once("[[score_sheets]]").map(|(_, s)| format!("[[score_sheets]]{s}")).unwrap());
    assert!(parse(&twice).unwrap_err().message.contains("Trùng thời gian"));
    let unknown = format!(
        "{SMALL}[figures.\"score.sheet\"]\nvalue = [\"LA\"]\nunit = \"danh sách\"\ntitle = \"Bảng\"\nrule = \"3\"\nsource = \"D-1\"\nconfidence = \"V\"\n"
    );
    let e = parse(&unknown).unwrap_err();
    assert!(e.message.contains("đúng một bảng điểm") && e.line == 42, "{e}");
}
