//! Tables of changes row by row, and whole ones that the planner takes.

use std::sync::LazyLock;

use jiff::civil::date;

use super::*;
use crate::rulepack::shipped;
use crate::tree::testkit::node;
use crate::tree::{Facts, plan_whole};

static LIBRARY: LazyLock<Library> = LazyLock::new(|| shipped().unwrap());

const PROVINCE: OrgId = OrgId::new(1001);
const BLOCK: OrgId = OrgId::new(1002);
const BASE_A: OrgId = OrgId::new(1010);
const BASE_B: OrgId = OrgId::new(1011);
const CELL_A1: OrgId = OrgId::new(1020);
const CELL_A2: OrgId = OrgId::new(1021);
const CELL_B1: OrgId = OrgId::new(1022);
const SINGLE: OrgId = OrgId::new(1030);

fn nodes() -> Vec<Node> {
    let province = node(PROVINCE, "province", "Đảng bộ tỉnh Lào Cai", None);
    let block = node(BLOCK, "block", "Đảng bộ Khối các cơ quan tỉnh", Some(&province));
    let a = node(BASE_A, "base", "Đảng bộ Ban Tổ chức", Some(&block));
    let b = node(BASE_B, "base", "Đảng bộ Sở Y tế", Some(&block));
    let single = node(SINGLE, "cell_base", "Chi bộ cơ sở Thanh tra tỉnh", Some(&block));
    let a1 = node(CELL_A1, "cell_sub", "Chi bộ Văn phòng", Some(&a));
    let a2 = node(CELL_A2, "cell_sub", "Chi bộ Nghiệp vụ", Some(&a));
    let b1 = node(CELL_B1, "cell_sub", "Chi bộ Văn phòng", Some(&b));
    vec![province, block, a, b, single, a1, a2, b1]
}

/// A row as it is written: org; work; to; name; kind.
fn row(number: usize, text: &str) -> ChangeRow {
    let mut parts = text.split(';').map(|t| t.trim().to_owned());
    let mut next = || parts.next().unwrap_or_default();
    let (org, work, to, name, kind) = (next(), next(), next(), next(), next());
    ChangeRow { number, work, org, to, name, kind, ..ChangeRow::default() }
}

fn rows(texts: &[&str]) -> Vec<ChangeRow> {
    (1..).zip(texts).map(|(n, text)| row(n, text)).collect()
}

fn listed_beside(rows: &[ChangeRow], entries: &[(i64, Item)]) -> Vec<Listed> {
    let nodes = nodes();
    let short = BTreeMap::from([(BASE_B, "Sở Y tế Lào Cai".to_owned())]);
    let members = BTreeMap::from([(CELL_A1, 3), (CELL_B1, 4), (SINGLE, 5)]);
    let rules = LIBRARY.at(date(2025, 2, 1));
    let around =
        Around { root: PROVINCE, nodes: &nodes, short: &short, members: &members, entries, rules: &rules, library: &LIBRARY };
    plan_listed(rows, &around)
}

fn listed(texts: &[&str]) -> Vec<Listed> {
    listed_beside(&rows(texts), &[])
}

fn states(rows: &[Listed]) -> Vec<RowState> {
    rows.iter().map(|r| r.state).collect()
}

use RowState::{Add, Ask, Error, Skip, Warning};

const DISSOLVED: &[&str] = &[
    "; Thành lập; Đảng bộ tỉnh Lào Cai; Đảng bộ các cơ quan Đảng tỉnh; Đảng bộ các cơ quan Đảng tỉnh",
    "; Thành lập; ; Đảng bộ Ủy ban nhân dân tỉnh; đảng bộ ủy ban nhân dân tỉnh",
    "Đảng bộ Ban Tổ chức; chuyển; Đảng bộ các cơ quan Đảng tỉnh",
    "SỞ Y TẾ; Chuyển về; dang bo uy ban nhan dan tinh",
    "Chi bộ cơ sở Thanh tra tỉnh; điều chuyển; Đảng bộ Ủy ban nhân dân tỉnh",
    "Đảng bộ Khối các cơ quan tỉnh; giải thể",
    "Chi bộ Nghiệp vụ; đổi tên; ; Chi bộ Nghiệp vụ 1",
];

#[test]
fn a_block_dissolved_by_a_table_is_what_the_planner_takes() {
    let out = listed(DISSOLVED);
    assert_eq!(states(&out), [Add, Warning, Add, Add, Add, Add, Add], "{out:#?}");
    assert_eq!(out[3].asks, "Chuyển Đảng bộ Sở Y tế về trực thuộc Đảng bộ Ủy ban nhân dân tỉnh (mới)");
    assert!(out[1].says.contains("lập ngay dưới Đảng bộ tỉnh"));
    let items = listed_items(&out);
    assert_eq!(items.len(), 6, "moves to one place are one item: {items:#?}");
    let (nodes, day) = (nodes(), date(2025, 2, 1));
    let whole = plan_whole(&items, PROVINCE, day, Facts { nodes: &nodes, members: &[] }, &LIBRARY.at(day)).unwrap();
    assert_eq!((whole.founded.len(), whole.moved.len(), whole.ended.len(), whole.recast.len()), (2, 3, 1, 1));
}

#[test]
fn organisations_are_found_by_code_name_short_name_and_place() {
    let table = [
        ("Chi bộ Văn phòng", "", "", None),
        ("Chi bộ Văn phòng", "", "Đảng bộ Sở Y tế", Some(CELL_B1)),
        ("chi bo van phong", "", "so y te", Some(CELL_B1)),
        ("CB Văn phòng", "", "Đảng bộ Ban Tổ chức", Some(CELL_A1)),
        ("Văn phòng (Đảng bộ Sở Y tế)", "", "", Some(CELL_B1)),
        ("Chi bộ Văn phòng thuộc Đảng bộ Ban Tổ chức", "", "", Some(CELL_A1)),
        ("Chi bộ Văn phòng, Sở Y tế", "", "", Some(CELL_B1)),
        ("Sở Y tế Lào Cai", "", "", Some(BASE_B)),
        ("", "TRU", "", Some(CELL_A1)),
        ("Chi bộ Nghiệp vụ", "", "", Some(CELL_A2)),
        ("Chi bộ Nghiê\u{323}p vụ", "", "", Some(CELL_A2)),
    ];
    assert_eq!(
        (org_code(OrgId::new(1034)), code_org(" tsq "), code_org("T0SQ")),
        ("TSQ".to_owned(), Some(OrgId::new(1034)), None)
    );
    for (org, code, under, found) in table {
        let code = if code.is_empty() { String::new() } else { org_code(CELL_A1) };
        let row = ChangeRow { code, under: under.to_owned(), ..row(1, &format!("{org}; đổi tên; ; Chi bộ Mới")) };
        let out = listed_beside(&[row], &[]).remove(0);
        let org = out.wishes.iter().find_map(|w| if let Wish::Recast(new) = w { Some(new.org) } else { None });
        assert_eq!(org, found, "{} {out:?}", out.asks);
        assert_eq!(out.state, if found.is_some() { Add } else { Ask });
        assert_eq!(out.candidates.len(), if found.is_some() { 0 } else { 2 });
    }
    let other = ChangeRow { code: org_code(CELL_A2), ..row(1, "Sở Y tế; đổi tên; ; Chi bộ Mới") };
    let strange = ChangeRow { code: "T99".to_owned(), ..row(1, "Sở Y tế; đổi tên; ; Chi bộ Mới") };
    assert_eq!(states(&listed_beside(&[other], &[])), [Warning]);
    let out = listed_beside(&[strange], &[]);
    assert_eq!((out[0].state, out[0].says.contains("Mã này không có")), (Error, true));
}

#[test]
fn each_wrong_row_says_what_is_wrong_with_it() {
    let table: &[(&str, RowState, &str)] = &[
        ("Chi bộ Nghiệp vụ; ; Đảng bộ Sở Y tế", Error, "Chưa ghi việc"),
        ("Chi bộ Nghiệp vụ; kiểm tra", Error, "Không hiểu việc"),
        ("Chi bộ Nghiệp vụ; tách", Error, "Chia tách"),
        ("Chi bộ Nghiệp vụ; giữ nguyên", Skip, "Giữ nguyên"),
        ("; chuyển; Sở Y tế", Error, "Chưa ghi tổ chức"),
        ("Chi bộ Nghiệp; chuyển; Sở Y tế", Error, "gần giống"),
        ("Đảng bộ Sở Xây dựng; chuyển; Sở Y tế", Error, "Không có tổ chức nào tên “Đảng bộ Sở Xây dựng”"),
        ("Chi bộ Nghiệp vụ; chuyển", Error, "Chưa ghi nơi chuyển đến"),
        ("Chi bộ Nghiệp vụ; chuyển; Đảng bộ Ban Tổ chức", Skip, "đang trực thuộc"),
        ("Chi bộ Nghiệp vụ; chuyển; Thanh tra tỉnh", Error, "là chi bộ, không có"),
        ("Chi bộ Nghiệp vụ; chuyển; Đảng bộ Khối các cơ quan tỉnh", Error, "không thể trực thuộc"),
        ("Đảng bộ tỉnh Lào Cai; đổi tên; ; Đảng bộ tỉnh", Error, "nơi lập phương án"),
        ("Sở Y tế; chuyển; Sở Y tế", Error, "vào chính nó"),
        ("Chi bộ Nghiệp vụ; nhập", Error, "Chưa ghi nhập vào đâu"),
        ("Chi bộ Nghiệp vụ; nhập; Sở Y tế", Error, "chỉ nhập với chi bộ"),
        ("Sở Y tế; nhập; Đảng bộ tỉnh Lào Cai", Error, "rồi giải thể"),
        ("Chi bộ Nghiệp vụ; nhập; Thanh tra tỉnh; Tên thừa", Warning, "không dùng"),
        ("Thanh tra tỉnh; giải thể", Error, "còn 5 đảng viên"),
        ("Chi bộ Nghiệp vụ; giải thể; Thanh tra tỉnh", Error, "để trống cột"),
        ("Chi bộ Nghiệp vụ; giải thể", Add, ""),
        ("Đảng bộ Ban Tổ chức; giải thể", Warning, "Còn 2 tổ chức trực thuộc"),
        ("Chi bộ Nghiệp vụ; đổi tên", Error, "Chưa ghi tên"),
        ("Chi bộ Nghiệp vụ; đổi tên; ; Chi bộ Nghiệp vụ", Skip, "đã có tên"),
        ("Chi bộ Nghiệp vụ; đổi loại", Error, "Chưa ghi loại"),
        ("Chi bộ Nghiệp vụ; đổi loại; ; ; Loại lạ", Error, "Không có loại tổ chức"),
        ("Chi bộ Nghiệp vụ; đổi loại; ; ; Đảng bộ cơ sở", Error, "không đổi thành đảng bộ"),
        ("; thành lập; ; ; Đảng bộ cơ sở", Error, "Chưa ghi tên tổ chức mới"),
        ("; thành lập; Sở Y tế; Chi bộ Văn phòng; Chi bộ trực thuộc", Error, "đã có tổ chức tên này"),
        ("; thành lập; Thanh tra tỉnh; Chi bộ X; Chi bộ trực thuộc", Error, "là chi bộ, không có"),
        ("; thành lập; Sở Y tế; Chi bộ X; Lạ", Error, "Không có loại"),
        ("; thành lập; Sở Y tế; Chi bộ X; Chi bộ trực thuộc", Add, ""),
    ];
    for (text, state, says) in table {
        let out = listed(&[text]).remove(0);
        assert_eq!(out.state, *state, "{text}: {out:?}");
        assert!(out.says.contains(says) && (!says.is_empty() || out.says.is_empty()), "{text}: {}", out.says);
        assert_eq!(out.wishes.is_empty(), !state.adds(), "{text}");
    }
}

#[test]
fn rows_are_judged_beside_one_another() {
    let clash = |texts: &[&str]| listed(texts);
    // The same twice, and something else of the same.
    let out = clash(&[
        "Sở Y tế; chuyển; Đảng bộ tỉnh Lào Cai",
        "Sở Y tế; Chuyển; đảng bộ tỉnh Lào Cai",
        "Sở Y tế; nhập; Đảng bộ Ban Tổ chức",
    ]);
    assert_eq!((states(&out)[1], states(&out)[2]), (Skip, Error));
    assert!(out[2].says.contains("dòng 1"), "{}", out[2].says);
    // Into what ends.
    let out = clash(&[
        "Đảng bộ Ban Tổ chức; giải thể",
        "Chi bộ Nghiệp vụ; đổi tên; ; Chi bộ A",
        "Chi bộ Nghiệp vụ; giải thể",
        "Sở Y tế; nhập; Ban Tổ chức",
    ]);
    assert_eq!(states(&out), [Warning, Error, Add, Error], "{out:#?}");
    // Two into one another are a circle; a third that leads there is none.
    let out = clash(&["Ban Tổ chức; chuyển; Sở Y tế", "Sở Y tế; chuyển; Ban Tổ chức"]);
    assert_eq!(states(&out), [Error, Error]);
    assert!(out[0].says.contains("bên trong chính nó"), "{}", out[0].says);
    // What leads to a row that is wrong is wrong, and says which.
    let out = clash(&[
        "; thành lập; ; Đảng bộ Mới; Loại lạ",
        "Sở Y tế; chuyển; Đảng bộ Mới",
        "; thành lập; Đảng bộ Mới; Đảng bộ Con; Đảng bộ cơ sở",
        "Ban Tổ chức; nhập; Đảng bộ Con",
    ]);
    assert_eq!(states(&out), [Error; 4], "{out:#?}");
    assert!(out[1].says.contains("Dòng 1") && out[3].says.contains("Dòng 3"), "{out:#?}");
    // A new one of an old one's name, made of both.
    let new = "; thành lập; Đảng bộ tỉnh Lào Cai; Đảng bộ Sở Y tế; Đảng bộ cơ sở";
    let out = clash(&[new, "Sở Y tế; hợp nhất; Đảng bộ Sở Y tế", "Ban Tổ chức; hợp nhất; Đảng bộ Sở Y tế"]);
    assert_eq!(states(&out), [Add, Add, Warning], "{out:#?}");
    assert!(out[1].asks.ends_with("(mới)") && out[2].asks.ends_with("(mới)"));
}

#[test]
fn rows_are_judged_beside_what_the_programme_asks_for() {
    let entries = [
        (1, Item::Move { orgs: vec![BASE_B], to: PROVINCE }),
        (2, Item::Merge { orgs: vec![CELL_A1], into: CELL_A2 }),
        (3, Item::Found { id: OrgId::new(7), kind: "base".to_owned(), name: "Đảng bộ Mới".to_owned(), parent: BLOCK }),
        (4, Item::Recast { orgs: vec![Renaming { org: SINGLE, name: Some("Chi bộ Thanh tra".to_owned()), kind: None }] }),
        (5, Item::Unify { kinds: vec!["base".to_owned()], to: "upper".to_owned() }),
    ];
    let texts = rows(&[
        "Sở Y tế; chuyển; Đảng bộ tỉnh Lào Cai",
        "Sở Y tế; chuyển; Đảng bộ Mới",
        "Chi bộ Nghiệp vụ; giải thể",
        "; thành lập; Đảng bộ Khối các cơ quan tỉnh; đảng bộ mới; Đảng bộ cơ sở",
        "Thanh tra tỉnh; đổi tên; ; Chi bộ Thanh tra",
        "Thanh tra tỉnh; đổi tên; ; Chi bộ khác",
        "Ban Tổ chức; đổi tên; ; Đảng bộ Ban Tổ chức Tỉnh ủy",
        "Chi bộ Văn phòng (Đảng bộ Sở Y tế); chuyển; Đảng bộ Mới",
    ]);
    let out = listed_beside(&texts, &entries);
    assert_eq!(states(&out), [Skip, Error, Error, Skip, Skip, Error, Error, Add], "{out:#?}");
    assert!(out[1].says.contains("việc số 1") && out[2].says.contains("việc số 2") && out[6].says.contains("việc số 5"));
    assert_eq!(listed_items(&out), [Item::Move { orgs: vec![CELL_B1], to: OrgId::new(7) }]);
}
