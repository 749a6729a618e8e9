//! The shipped packs hold the constants of regulations.md section 11; a wrong pack is refused.

use jiff::civil::date;

use super::*;
use crate::code::Code;
use crate::vote::{Count, Electorate, Subject, outcome};

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

fn pack(body: &str) -> String {
    format!("[pack]\nsubject = \"thu\"\ntitle = \"Thử\"\nsource = \"D-1\"\nfrom = 2020-01-01\n{body}")
}

fn refusal(body: &str) -> (usize, String) {
    let text = pack(body);
    let e = Library::parse(&[("so.toml", REGISTER), ("thu.toml", &text)]).unwrap_err();
    assert_eq!(e.file, "thu.toml", "{e}");
    (e.line, e.message)
}

const FIGURE: &str = r#"[figures."a.b"]
value = 90
unit = "phút"
title = "Thời lượng"
rule = "SH-05"
source = "D-1"
confidence = "V"
"#;

const STEP: &str = r#"[[agendas]]
kind = "regular"
title = "Chương trình"
rule = "2.3"
source = "D-1"
confidence = "S"
[[agendas.steps]]
step = "welcome"
part = "opening"
minutes = 5
required = true
rule = "2.3"
"#;

const LINT: &str = r#"[[lints]]
id = "no_deadline"
check = "missing"
field = "deadline"
rules = ["SM-01"]
source = "D-1"
confidence = "V"
says = "Chưa có {field}."
why = "Phải có thời hạn."
skeleton = ["{work}"]
good = [{ content = "Thu quỹ" }]
bad = [{ content = "Thu quỹ", lacks = ["deadline"] }]
[[days_off]]
name = "Quốc khánh"
yearly = "09-02"
source = "D-1"
confidence = "M"
[[word_lists]]
name = "repeat.common"
words = ["và"]
source = "D-1"
"#;

#[test]
fn a_wrong_rule_of_advice_is_refused_with_its_line() {
    let table: &[(String, usize, &str)] = &[
        (LINT.replace("\"missing\"", "\"dance\""), 8, "Cách soát “dance”"),
        (LINT.replace("field = \"deadline\"\n", ""), 8, "mục “field”"),
        (LINT.replace("\"deadline\"\nrules", "\"colour\"\nrules"), 9, "Ô “colour”"),
        (LINT.replace("rules = [\"SM-01\"]", "rules = []"), 10, "mã quy định"),
        (LINT.replace("D-1\"\nconfidence = \"V\"", "D-7\"\nconfidence = \"V\""), 11, "“D-7” không có trong sổ"),
        (LINT.replace("{field}.", "{colour}."), 13, "{colour}"),
        (LINT.replace("{field}.", "{field."), 13, "chỗ điền"),
        (LINT.replace("{work}", "{words}"), 15, "{words}"),
        (LINT.replace("good = [{ content = \"Thu quỹ\" }]\n", ""), 7, "ví dụ đúng"),
        (LINT.replace("lacks = [\"deadline\"]", "lacks = [\"colour\"]"), 17, "Ô “colour”"),
        (LINT.replace("09-02", "02-30"), 20, "tháng-ngày"),
        (LINT.replace("yearly = \"09-02\"\n", ""), 18, "yearly"),
        (LINT.replace("words = [\"và\"]", "words = [\" \"]"), 25, "để trống"),
        (format!("{LINT}{LINT}"), 27, "Trùng thời gian"),
        (LINT.replace("check = \"missing\"\nfield = \"deadline\"", "check = \"vague\""), 8, "danh sách “before”"),
        (LINT.replace("check = \"missing\"\nfield = \"deadline\"", "check = \"load\"\nfigure = \"no.such\""), 9, "“no.such”"),
    ];
    for (body, line, words) in table {
        let (at, message) = refusal(body);
        assert!(message.contains(words), "{message}\n{body}");
        assert_eq!(at, *line, "{message}\n{body}");
    }
    let text = pack(LINT);
    let rules = Library::parse(&[("so.toml", REGISTER), ("thu.toml", &text)]).unwrap().at(date(2026, 1, 1));
    assert_eq!(rules.lints().count(), 1);
    assert_eq!(rules.day_off(date(2030, 9, 2)).map(|d| d.name.as_str()), Some("Quốc khánh"));
    assert_eq!((rules.day_off(date(2030, 9, 3)), rules.word_list("repeat.common").len()), (None, 1));
}

#[test]
fn a_good_pack_is_read() {
    let text = pack(&format!("{FIGURE}{STEP}"));
    let library = Library::parse(&[("so.toml", REGISTER), ("thu.toml", &text)]).unwrap();
    let rules = library.at(date(2024, 1, 1));
    assert_eq!(rules.int("a.b"), Some(90));
    assert_eq!(rules.figure("a.b").unwrap().citation(), "Hướng dẫn 1");
    assert_eq!(library.at(date(2019, 12, 31)).int("a.b"), None);
}

#[test]
fn a_wrong_pack_is_refused_with_its_line() {
    let table: &[(String, usize, &str)] = &[
        (format!("{FIGURE}colour = 1\n"), 13, "“colour”"),
        (FIGURE.replace("source = \"D-1\"\n", ""), 6, "Thiếu mục “source”"),
        (FIGURE.replace("D-1", "D-9"), 11, "“D-9” không có trong sổ"),
        (FIGURE.replace("value = 90", "value = \"chín mươi\""), 7, "không hợp với đơn vị “phút”"),
        (FIGURE.replace("value = 90", "value = -1"), 7, "không hợp với đơn vị"),
        (FIGURE.replace("title = \"Thời lượng\"", "title = 5"), 9, "Sai kiểu dữ liệu"),
        (FIGURE.replace("Thời lượng", " "), 9, "để trống"),
        (FIGURE.replace("\"phút\"", "\"bước\""), 8, "“bước” không có trong danh mục"),
        (FIGURE.replace("\"V\"", "\"X\""), 12, "Độ tin cậy “X”"),
        (format!("{FIGURE}from = 2022-01-01\nto = 2021-01-01\n"), 14, "hết hiệu lực trước"),
        (format!("{FIGURE}from = 2019-01-01\n"), 13, "ngoài thời gian của gói"),
        (format!("{FIGURE}from = 2022-01-01T08:00:00\n"), 13, "không kèm giờ"),
        (format!("{FIGURE}{FIGURE}"), 13, "hai lần"),
        ("[pack]\n".to_owned(), 6, "hai lần"),
        ("nonsense".to_owned(), 6, "cú pháp"),
        (STEP.replace("minutes = 5", "minutes = 0"), 15, "từ 1 đến 240"),
        (STEP.replace("minutes = 5", "minutes = 241"), 15, "từ 1 đến 240"),
        (STEP.replace("\"welcome\"", "\"dance\""), 13, "Bước “dance”"),
        (STEP.replace("\"regular\"", "\"party\""), 7, "“party” không có trong danh mục"),
        (format!("{STEP}{STEP}"), 18, "Trùng thời gian"),
        (format!("{}{STEP}", FIGURE.replace("a.b", "meeting.min_minutes.regular")), 13, "là 5, ít hơn 90 phút"),
    ];
    for (body, line, words) in table {
        let (at, message) = refusal(body);
        assert!(message.contains(words), "{message}\n{body}");
        assert_eq!(at, *line, "{message}\n{body}");
    }
}

/// Thresholds of every subject, all by one figure, in a pack that holds from one day to another.
fn votes(subject: &str, from: &str, to: &str, share: &str, compare: &str) -> String {
    let mut out = format!("[pack]\nsubject = \"{subject}\"\ntitle = \"Thử\"\nsource = \"D-1\"\nfrom = {from}\n{to}");
    for s in Subject::ALL {
        out.push_str(&format!(
            "[figures.\"{}\"]\nvalue = \"{share}\"\nunit = \"tỷ lệ\"\ncompare = \"{compare}\"\ntitle = \"Ngưỡng\"\nrule = \"BQ-01\"\n\
             source = \"D-1\"\nconfidence = \"S\"\n",
            s.figure()
        ));
    }
    out
}

#[test]
fn the_same_count_is_judged_by_the_pack_of_its_day() {
    let old = votes("dieu-le", "2020-01-01", "to = 2023-12-31\n", "1/2", ">");
    let new = votes("dieu-le", "2024-01-01", "", "2/3", ">=");
    let library = Library::parse(&[("so.toml", REGISTER), ("cu.toml", &old), ("moi.toml", &new)]).unwrap();
    let seats = Electorate { total: 20, present: 20 };
    // day, approvals, passed, needed
    let table = [
        (date(2020, 1, 1), 11, true, 11),
        (date(2023, 12, 31), 11, true, 11),
        (date(2024, 1, 1), 11, false, 14),
        (date(2024, 1, 1), 14, true, 14),
    ];
    for (day, yes, passed, needed) in table {
        let threshold = library.at(day).threshold(Subject::Resolution).unwrap();
        let o = outcome(seats, Count { yes, ..Count::default() }, threshold).unwrap();
        assert_eq!((o.passed, o.needed), (passed, needed), "{day}: {}", o.why);
    }
    assert_eq!(library.at(date(2019, 12, 31)).threshold(Subject::Resolution), None);
}

#[test]
fn the_shipped_thresholds_are_those_of_the_rules() {
    let library = shipped().unwrap();
    for day in [date(2012, 5, 3), date(2024, 5, 3), date(2026, 11, 22)] {
        let rules = library.at(day);
        for subject in Subject::ALL {
            let word = rules.threshold(*subject).unwrap().word();
            let two = [Subject::Admit, Subject::Official, Subject::StrikeOff].contains(subject);
            assert_eq!(word, if two { "two_thirds" } else { "majority" }, "{subject}");
            let figure = rules.figure(&subject.figure()).unwrap();
            assert_eq!(figure.citation(), "Điều lệ Đảng (khóa XI)");
        }
    }
}

#[test]
fn a_wrong_threshold_is_refused_with_its_line() {
    let whole = votes("thu", "2020-01-01", "", "1/2", ">");
    let first = |from: &str, to: &str| whole.replacen(from, to, 1);
    // Each figure takes nine lines; the first begins on the sixth.
    let table = [
        (first("vote.threshold.resolution", "vote.threshold.dance"), 6, "“dance”"),
        (first("\"1/2\"", "\"1/3\""), 7, "cao hơn một nửa"),
        (first("\"1/2\"", "\"1/1\""), 7, "đạt được"),
        (first("compare = \">\"", "compare = \"<\""), 7, "Ngưỡng biểu quyết"),
        (first("compare = \">\"\n", ""), 7, "Ngưỡng biểu quyết"),
        (first("\"1/2\"\nunit = \"tỷ lệ\"", "5\nunit = \"kỳ\""), 7, "Ngưỡng biểu quyết"),
    ];
    for (text, line, words) in &table {
        let e = Library::parse(&[("so.toml", REGISTER), ("thu.toml", text)]).unwrap_err();
        assert!(e.message.contains(words), "{e}");
        assert_eq!((e.file.as_str(), e.line), ("thu.toml", *line), "{e}");
    }
    // A subject with nothing said of it, from the beginning or from a day on, is found.
    let all: Vec<&str> = whole.split_inclusive("confidence = \"S\"\n").collect();
    let lacking: String = all.iter().filter(|f| !f.contains("strike_off")).copied().collect();
    let ended = whole.replacen("confidence = \"S\"\n", "confidence = \"S\"\nto = 2021-12-31\n", 1);
    let again = all[0].replace("[pack]", "").split_once("[figures").map(|(_, f)| format!("[figures{f}from = 2023-01-01\n"));
    let other = pack(&again.unwrap()).replace("subject = \"thu\"", "subject = \"khac\"");
    let table: [(&[(&str, &str)], &str); 3] = [
        (&[("thu.toml", &lacking)], "Ngày 01/01/2020 chưa có ngưỡng biểu quyết của “Đề nghị xóa tên đảng viên”"),
        (&[("thu.toml", &ended)], "Ngày 01/01/2022 chưa có ngưỡng biểu quyết của “Thông qua nghị quyết”"),
        (&[("thu.toml", &ended), ("khac.toml", &other)], "Ngày 01/01/2022"),
    ];
    for (packs, words) in table {
        let files: Vec<(&str, &str)> = [("so.toml", REGISTER)].into_iter().chain(packs.iter().copied()).collect();
        let e = Library::parse(&files).unwrap_err();
        assert!(e.message.contains(words) && e.line >= 6, "{e}");
    }
}

#[test]
fn a_committee_may_ask_for_more_but_not_for_less() {
    let library = shipped().unwrap();
    let rules = library.at(date(2026, 11, 22));
    let set = |key: &str, value| Override {
        depth: 1,
        key: key.to_owned(),
        span: Span { from: date(2026, 1, 1), to: None },
        value,
        document: "Quy chế 1".to_owned(),
    };
    let share = |text| Value::Ratio(Ratio::parse(text).unwrap());
    let word = |subject: Subject, value| {
        let own = rules.with_overrides(&[set(&subject.figure(), value)]);
        (own.threshold(subject).unwrap().word(), own.figure(&subject.figure()).unwrap().citation().to_owned())
    };
    let pack = "Điều lệ Đảng (khóa XI)".to_owned();
    assert_eq!(word(Subject::Admit, share("3/4")), (">=3/4".to_owned(), "Quy chế 1".to_owned()));
    assert_eq!(word(Subject::Admit, share("2/3")), ("two_thirds".to_owned(), "Quy chế 1".to_owned()));
    assert_eq!(word(Subject::Admit, share("60 %")), ("two_thirds".to_owned(), pack.clone()));
    assert_eq!(word(Subject::Resolution, share("2/3")), (">2/3".to_owned(), "Quy chế 1".to_owned()));
    assert_eq!(word(Subject::Resolution, share("100 %")), ("majority".to_owned(), pack.clone()));
    assert_eq!(word(Subject::Resolution, Value::Int(1)), ("majority".to_owned(), pack));
    assert!(!rules.figure(&Subject::Admit.figure()).unwrap().takes(&share("1/2")));
    assert!(rules.figure("attendance.target").unwrap().takes(&share("1/2")));
}

#[test]
fn packs_of_one_subject_may_follow_but_not_overlap() {
    let first = pack("to = 2020-12-31\n");
    let head = |from: &str| pack("").replace("2020-01-01", from);
    let files = |second: &str| Library::parse(&[("so.toml", REGISTER), ("mot.toml", &first), ("hai.toml", second)]).map(|_| ());
    assert_eq!(files(&head("2021-01-01")), Ok(()));
    let e = files(&head("2020-12-31")).unwrap_err();
    assert_eq!((e.file.as_str(), e.line), ("hai.toml", 1));
    assert!(e.to_string().starts_with("Gói quy định hai.toml, dòng 1: "), "{e}");
}

#[test]
fn one_key_has_one_figure_a_day() {
    let a = pack(FIGURE);
    let b = a.replace("\"thu\"", "\"khac\"");
    let e = Library::parse(&[("so.toml", REGISTER), ("a.toml", &a), ("b.toml", &b)]).unwrap_err();
    assert_eq!((e.file.as_str(), e.line), ("b.toml", 6));
}

#[test]
fn the_shipped_packs_are_right() {
    let library = shipped().unwrap_or_else(|e| panic!("{e}"));
    let now = library.at(date(2026, 11, 22));
    for (key, value) in [
        ("meeting.regular_per_month", 1),
        ("meeting.regular_day", 3),
        ("meeting.regular_until_day", 7),
        ("meeting.thematic_per_quarter", 1),
        ("meeting.min_minutes.regular", 90),
        ("meeting.min_minutes.thematic", 90),
        ("meeting.min_minutes.combined", 120),
        ("meeting.post_docs_before_days", 1),
        ("meeting.post_results_within_days", 2),
        ("attendance.unexcused_allowed", 0),
        ("attendance.expel_review_months", 3),
        ("contribution.periods_per_year", 6),
        ("scoring.good", 90),
        ("scoring.fair", 70),
        ("scoring.average", 50),
        ("classification.min_months", 6),
        ("org.min_official_members", 3),
        ("org.committee_from", 9),
        ("org.committee_max", 7),
        ("inspection.every_months", 6),
    ] {
        assert_eq!(now.int(key), Some(value), "{key}");
    }
    assert_eq!(now.ratio("attendance.target"), Ratio::parse("90 %"));
    assert_eq!(now.ratio("vote.threshold.resolution"), Ratio::parse("1/2"));
    assert_eq!(now.ratio("vote.quorum_warn"), Ratio::parse("2/3"));
    assert!(now.flag("vote.discipline_accumulates"));
    assert_eq!(now.targets().count(), 9);
    assert_eq!(now.cell_types().count(), 8);
    assert!(now.absence_reasons().count() >= 5);
    assert_eq!(now.exemptions().count(), 7);
}

#[test]
fn a_record_is_judged_by_the_pack_of_its_own_date() {
    let library = shipped().unwrap();
    let old = library.at(date(2025, 7, 22));
    assert_eq!(old.int("meeting.regular_day"), None);
    assert_eq!(old.ratio("attendance.target"), Ratio::parse("85 %"));
    let between = library.at(date(2025, 10, 27));
    assert_eq!(between.int("meeting.regular_day"), Some(3));
    assert_eq!(between.ratio("attendance.target"), Ratio::parse("85 %"));
    let new = library.at(date(2025, 10, 28));
    assert_eq!(new.ratio("attendance.target"), Ratio::parse("90 %"));
    assert_eq!(library.history("attendance.target").len(), 2);
    let profile = |y, m, d| library.at(date(y, m, d)).profile().map(|p| p.code.clone());
    assert_eq!(profile(2026, 5, 26).as_deref(), Some("HD36-2018"));
    assert_eq!(profile(2026, 5, 27).as_deref(), Some("HD05-2026"));
    assert_eq!(profile(2018, 4, 2), None);
}

#[test]
fn every_kind_of_meeting_has_its_order() {
    let library = shipped().unwrap();
    for day in [date(2024, 1, 1), date(2026, 1, 1)] {
        let rules = library.at(day);
        let regular = rules.agenda("regular").unwrap();
        // Fifteen steps; the seventh is written as two items, the review standing first.
        assert_eq!(regular.steps.len(), 16);
        assert_eq!(regular.minutes(), 95);
        let combined = rules.agenda("combined").unwrap();
        assert!(combined.minutes() >= 120);
        let parts: Vec<_> = combined.steps.iter().map(|s| s.part).collect();
        assert!(parts.is_sorted(), "one after the other, never mixed (SH-04)");
        assert!(rules.agenda("thematic").is_some() && rules.agenda("committee").is_some());
        assert!(rules.agenda("congress").is_none());
    }
}

#[test]
fn the_nearest_committee_wins() {
    let library = shipped().unwrap();
    let rules = library.at(date(2026, 11, 22));
    let set = |depth, value, key: &str| Override {
        depth,
        key: key.to_owned(),
        span: Span { from: date(2026, 1, 1), to: None },
        value,
        document: format!("Quy định {depth}"),
    };
    let key = "meeting.min_minutes.regular";
    let near = set(3, Value::Int(60), key);
    let far = set(1, Value::Int(120), key);
    let ended =
        Override { depth: 9, span: Span { from: date(2020, 1, 1), to: Some(date(2026, 11, 21)) }, ..set(9, Value::Int(30), key) };
    for order in [[near.clone(), far.clone(), ended.clone()], [ended, far.clone(), near]] {
        let own = rules.with_overrides(&order);
        assert_eq!(own.int(key), Some(60));
        assert_eq!(own.figure(key).unwrap().citation(), "Quy định 3");
        assert_eq!(own.int("meeting.regular_day"), Some(3));
    }
    assert_eq!(rules.int(key), Some(90));
    let wrong = [set(5, Value::Flag(true), key), set(5, Value::Int(1), "no.such.key")];
    let own = rules.with_overrides(&wrong);
    assert_eq!((own.int(key), own.int("no.such.key")), (Some(90), None));
}

#[test]
fn shares_are_exact() {
    let half = Ratio::parse("1/2").unwrap();
    assert!(!half.reached(Compare::Over, 9, 18));
    assert!(half.reached(Compare::Over, 10, 18));
    assert!(!half.reached(Compare::AtLeast, 0, 0));
    let two_thirds = Ratio::parse("2/3").unwrap();
    assert!(two_thirds.reached(Compare::AtLeast, 12, 18));
    assert!(!two_thirds.reached(Compare::AtLeast, 11, 17));
    assert!(two_thirds.reached(Compare::AtLeast, 12, 17));
    assert_eq!(Ratio::parse("12,5 %").unwrap().to_string(), "12,5 %");
    assert_eq!(two_thirds.to_string(), "2/3");
    for text in ["", "3/0", "5/4", "101 %", "0.9", "-1/2", "x/2", "1,25 %"] {
        assert_eq!(Ratio::parse(text), None, "{text}");
    }
}

#[test]
fn values_go_to_text_and_back() {
    for (unit, text) in [(Unit::Minutes, "90"), (Unit::Ratio, "2/3"), (Unit::Flag, "có"), (Unit::Words, "admit, official")] {
        assert_eq!(Value::parse(unit, text).unwrap().to_text(), text);
    }
    for (unit, text) in [(Unit::Minutes, "2/3"), (Unit::DayOfMonth, "32"), (Unit::Flag, "yes"), (Unit::Ratio, "90")] {
        assert_eq!(Value::parse(unit, text), None, "{text}");
    }
}

#[test]
fn a_figure_reads_as_a_sentence() {
    let rules = shipped().unwrap().at(date(2026, 11, 22));
    let shown = |key| rules.figure(key).unwrap().shown();
    assert_eq!(shown("meeting.min_minutes.regular"), "ít nhất 90 phút");
    assert_eq!(shown("meeting.regular_day"), "ngày 3 hằng tháng");
    assert_eq!(shown("vote.threshold.resolution"), "trên 50 %");
    assert_eq!(shown("vote.threshold.admit"), "ít nhất 2/3");
}

#[test]
fn kinds_say_what_may_stand_under_what() {
    let library = shipped().unwrap();
    let now = library.at(date(2026, 11, 22));
    let sub = now.org_kind("cell_sub").unwrap();
    assert!(sub.is_cell && sub.may_stand_under(Some("base")) && sub.may_stand_under(None));
    assert!(!sub.may_stand_under(Some("province")));
    assert!(now.org_kind("block").is_none());
    assert!(library.at(date(2024, 1, 1)).org_kind("block").is_some());
    assert_eq!(library.org_kind("block").unwrap().symbol, "ĐU");
    assert!(now.org_kinds().all(|k| !k.parents.contains(&"cell".to_owned())));
}

#[test]
fn a_committee_sets_its_own_targets_as_any_figure() {
    let rules = shipped().unwrap().at(date(2026, 11, 22));
    let set = |depth, key: &str, value: &str, from| Override {
        depth,
        key: format!("target.{key}"),
        span: Span { from, to: None },
        value: Value::Ratio(Ratio::parse(value).unwrap()),
        document: format!("Nghị quyết {depth}-NQ/ĐU"),
    };
    let own = rules.with_overrides(&[
        set(0, "T5", "92 %", date(2026, 1, 1)),
        set(1, "T5", "95 %", date(2026, 1, 1)),
        set(1, "T1.sub", "90 %", date(2027, 1, 1)),
    ]);
    let read = |rules: &Rules, key: &str| {
        let target = rules.targets().find(|t| t.key == key).unwrap();
        (target.value.to_text(), target.compare, target.citation().to_owned())
    };
    let pack = "Chương trình hành động “Nâng cao chất lượng sinh hoạt chi bộ”".to_owned();
    assert_eq!(read(&rules, "T5"), ("90/100".to_owned(), Compare::Over, pack.clone()));
    // The nearest up the tree wins, from its date on; how the figure is compared stays as it is.
    assert_eq!(read(&own, "T5"), ("95/100".to_owned(), Compare::Over, "Nghị quyết 1-NQ/ĐU".to_owned()));
    assert_eq!(read(&own, "T1.sub"), ("85/100".to_owned(), Compare::AtLeast, pack));
    let figure = own.figure("target.T5").unwrap();
    assert_eq!((figure.shown().as_str(), figure.rule.as_str()), ("trên 95 %", "T5"));
}
