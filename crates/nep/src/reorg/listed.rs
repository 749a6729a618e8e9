//! A table of changes as it is kept and compared: the sheet among those of a file, its rows as JSON, the choices
//! made for them, the empty table to fill in. Pure. Rules: experience.md "Preview before import".

use std::collections::BTreeMap;

use documents::sheet_in::SheetGrid;
use documents::xlsx_out::{Cell, Sheet, SheetColumn};
use domain::code::Code;
use domain::id::OrgId;
use domain::rulepack::Rules;
use domain::sheet::{ChangeColumn, ChangeRow, ChangeSheet, ChangesRefusal, read_changes};
use domain::tree::{Listed, Node, Part, org_code};
use serde::{Deserialize, Serialize};

/// What a table says, as it is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Headings that are not read.
    pub ignored: Vec<String>,
    /// How many organisations have nothing written beside them.
    pub idle: usize,
    /// Each row: number, work, code, organisation, what it stands under, where it goes, name, kind.
    rows: Vec<(usize, [String; 7])>,
}

impl Kept {
    /// Of a table that was read.
    pub fn of(sheet: ChangeSheet) -> Self {
        let row = |r: ChangeRow| (r.number, [r.work, r.code, r.org, r.under, r.to, r.name, r.kind]);
        Self { ignored: sheet.ignored, idle: sheet.idle, rows: sheet.rows.into_iter().map(row).collect() }
    }

    /// The rows.
    pub fn rows(&self) -> Vec<ChangeRow> {
        let row = |(number, texts): (usize, [String; 7])| {
            let [work, code, org, under, to, name, kind] = texts;
            ChangeRow { number, work, code, org, under, to, name, kind }
        };
        self.rows.iter().cloned().map(row).collect()
    }

    /// Says which organisation a row means; only one of those that may be meant.
    pub fn choose(&mut self, listed: &Listed, org: OrgId) {
        if !listed.candidates.contains(&org) {
            return;
        }
        let Some((_, texts)) = self.rows.iter_mut().find(|(n, _)| *n == listed.number) else { return };
        let [_, code, name, _, to, ..] = texts;
        match listed.part {
            Part::Org => {
                *code = org_code(org);
                name.clear();
            }
            Part::To => *to = org_code(org),
        }
    }
}

/// The table of changes among the sheets of a file: the longest one that can be read as such.
///
/// # Errors
/// One clear sentence.
pub fn choose(grids: &[SheetGrid]) -> Result<ChangeSheet, String> {
    let mut best: Option<ChangeSheet> = None;
    let mut refusal: Option<ChangesRefusal> = None;
    for grid in grids {
        match read_changes(&crate::member::import::cells(grid)) {
            Ok(found) if best.as_ref().is_none_or(|b| b.rows.len() < found.rows.len()) => best = Some(found),
            Ok(_) => {}
            // A table without anything in it says more than a sheet that is none.
            Err(ChangesRefusal::NoWork) => refusal = Some(ChangesRefusal::NoWork),
            Err(why) => refusal = refusal.or(Some(why)),
        }
    }
    best.ok_or_else(|| refusal.unwrap_or(ChangesRefusal::Empty).to_string())
}

/// The words for each work, and what they ask for.
const WORKS: [(&str, &str); 6] = [
    (
        "chuyển",
        "Ghi nơi chuyển đến ở cột Về, vào tổ chức. Tổ chức bên dưới chuyển theo. Ghi thêm Tên mới, Loại mới nếu đổi cùng lúc.",
    ),
    ("nhập", "Ghi tổ chức nhận ở cột Về, vào tổ chức. Đảng viên và tổ chức bên dưới về đó; tổ chức này kết thúc."),
    ("giải thể", "Để trống các cột sau. Tổ chức phải không còn đảng viên; các tổ chức bên dưới chuyển đi ở các dòng khác."),
    ("đổi tên", "Ghi tên ở cột Tên mới."),
    ("đổi loại", "Ghi loại ở cột Loại mới; ghi cả Tên mới nếu đổi tên."),
    (
        "thành lập",
        "Thêm một dòng ở cuối, để trống Mã và Tổ chức; ghi Tên mới, Loại mới và nơi trực thuộc ở cột Về, vào tổ chức. Các dòng khác ghi tên mới đó là chuyển, nhập về đấy được.",
    ),
];

/// The empty table with the organisations in it, and how it is filled in.
pub fn blank(root: OrgId, nodes: &[Node], rules: &Rules) -> Vec<Sheet> {
    use Cell::Text;
    let called: BTreeMap<OrgId, &str> = nodes.iter().map(|n| (n.id, n.name.as_str())).collect();
    let column = |title: &str, width: f64| SheetColumn { title: title.to_owned(), width };
    let of = |column: ChangeColumn, width: f64| SheetColumn { title: column.label().to_owned(), width };
    let row = |n: &Node| {
        let above = n.parent.and_then(|p| called.get(&p)).copied().unwrap_or_default();
        let mut row = vec![Text(org_code(n.id)), Text(n.name.clone()), Text(above.to_owned())];
        row.extend((0..5).map(|_| Text(String::new())));
        row
    };
    let table = Sheet {
        name: "Phương án".to_owned(),
        columns: vec![
            of(ChangeColumn::Code, 16.0),
            of(ChangeColumn::Org, 44.0),
            of(ChangeColumn::Under, 36.0),
            of(ChangeColumn::Work, 14.0),
            of(ChangeColumn::To, 40.0),
            of(ChangeColumn::Name, 40.0),
            of(ChangeColumn::Kind, 26.0),
            of(ChangeColumn::Note, 24.0),
        ],
        rows: nodes.iter().filter(|n| n.id != root).map(row).collect(),
    };
    let words = |(word, how): &(&str, &str)| vec![Text((*word).to_owned()), Text((*how).to_owned())];
    let help = Sheet {
        name: "Hướng dẫn".to_owned(),
        columns: vec![column("Cách ghi việc", 18.0), column("Ghi gì nữa", 90.0), column("Các loại tổ chức", 50.0)],
        rows: {
            let mut rows: Vec<_> = WORKS.iter().map(words).collect();
            for (at, kind) in rules.org_kinds().enumerate() {
                if rows.len() <= at {
                    rows.push(vec![Text(String::new()), Text(String::new())]);
                }
                if let Some(row) = rows.get_mut(at) {
                    row.push(Text(kind.name.clone()));
                }
            }
            rows
        },
    };
    vec![table, help]
}
