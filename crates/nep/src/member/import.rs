//! What a sheet of members would do here: the domain's plan, with the cell, the standing and the post of each
//! row, in the form it is kept in until somebody accepts it. Pure: a grid and what is known in, a plan out.
//! Rules: experience.md "Preview before import"; KN-02, KN-03, ST-01.

mod kept;
mod place;

use std::collections::HashMap;

use documents::sheet_in::{Cell as Read, SheetGrid};
use domain::code::Code;
use domain::id::{OrgId, PersonId};
use domain::post::Role;
use domain::roll::Standing;
use domain::rulepack::Rules;
use domain::sheet::{self, Action, Cell, CellPlan, CellState, Column, Known, MemberSheet, MemberValues, RowPlan};
use domain::vi;
use jiff::ToSpan;
use jiff::civil::Date;

pub use kept::{KeptCell, KeptRow, Plan, Sign, Tally, Values};
pub use place::{Cells, bare};

/// Somebody the import may be about, with where they are now.
#[derive(Debug, Clone)]
pub struct Person {
    /// Who, and the fields a sheet can set; of the post only what counts here.
    pub known: Known,
    /// The cell of the present stay, within reach.
    pub cell: Option<OrgId>,
    /// Standing of the present stay.
    pub standing: Option<Standing>,
    /// Changes with every change of the file.
    pub version: i64,
}

/// A cell that rows may go to.
#[derive(Debug, Clone)]
pub struct Target {
    /// Which.
    pub org: OrgId,
    /// Full name.
    pub name: String,
    /// Name for lists.
    pub short_name: String,
}

/// Posts that the person who imports may give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Posts {
    /// Bí thư, phó bí thư, chi ủy viên.
    All,
    /// Chi ủy viên only.
    Committee,
    /// None.
    Nothing,
}

impl Posts {
    /// Whether a post may be given.
    pub fn allow(self, role: Role) -> bool {
        match self {
            Self::All => true,
            Self::Committee => role == Role::Committee,
            Self::Nothing => false,
        }
    }
}

/// What a plan is made from.
#[derive(Debug)]
pub struct Ground<'a> {
    /// Everybody known within reach.
    pub people: &'a [Person],
    /// Cells rows may go to.
    pub targets: &'a [Target],
    /// The one cell, when the import is for one.
    pub one: Option<OrgId>,
    /// Posts that may be given.
    pub posts: Posts,
    /// First day of new stays.
    pub from: Date,
    /// Today.
    pub today: Date,
    /// Rules of today.
    pub rules: &'a Rules,
}

fn cell(read: &Read) -> Cell {
    match read {
        Read::Empty => Cell::Empty,
        Read::Text(text) => Cell::Text(text.clone()),
        Read::Number(n) => Cell::Number(*n),
        Read::Date(day) => Cell::Date(*day),
        Read::Bool(true) => Cell::Text("có".to_owned()),
        Read::Bool(false) => Cell::Text("không".to_owned()),
    }
}

/// A sheet as the rules read it.
pub fn cells(grid: &SheetGrid) -> Vec<Vec<Cell>> {
    grid.rows.iter().map(|row| row.iter().map(cell).collect()).collect()
}

/// The list of members among the sheets of a file: the longest one that can be read as such.
///
/// # Errors
/// One clear sentence.
pub fn choose(grids: &[SheetGrid]) -> Result<(MemberSheet, String), String> {
    let mut best: Option<(MemberSheet, String)> = None;
    let mut refusal = None;
    for grid in grids {
        match sheet::read_members(&cells(grid)) {
            Ok(found) if best.as_ref().is_none_or(|(b, _)| b.rows.len() < found.rows.len()) => {
                best = Some((found, grid.name.clone()));
            }
            Ok(_) => {}
            Err(why) => refusal = refusal.or(Some(why)),
        }
    }
    best.ok_or_else(|| refusal.map_or_else(|| "Tệp không có dữ liệu.".to_owned(), |r| r.to_string()))
}

/// The post a cell of the sheet names; `Ok(None)` for none, `Err` for words that name no post here.
fn role_of(text: &str) -> Result<Option<Role>, ()> {
    let folded = vi::fold(text);
    let has = |part: &str| folded.contains(part);
    if folded.is_empty() || folded == "dang vien" || folded == "dv" || folded == "khong" {
        return Ok(None);
    }
    if has("doan") || has("bi thu dang") || has("dang uy") || has("thuong vu") {
        return Err(());
    }
    if has("pho bi thu") || folded == "pbt" {
        return Ok(Some(Role::Deputy));
    }
    if has("bi thu") || folded == "bt" {
        return Ok(Some(Role::Secretary));
    }
    if has("chi uy") || has("cap uy") || folded == "cuv" {
        return Ok(Some(Role::Committee));
    }
    Err(())
}

/// Notes and posts in the words the system uses, so that equal things compare as equal.
struct Remarks {
    roles: HashMap<usize, Result<Option<Role>, String>>,
    notes: HashMap<usize, String>,
    orgs: HashMap<usize, String>,
}

fn text_of(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        Cell::Number(n) => n.to_string(),
        Cell::Date(day) => vi::date(*day),
        Cell::Empty => String::new(),
    }
}

fn take_remarks(sheet: &mut MemberSheet, cells: &Cells) -> Remarks {
    let mut out = Remarks { roles: HashMap::new(), notes: HashMap::new(), orgs: HashMap::new() };
    for row in &mut sheet.rows {
        let number = row.number;
        row.fields.retain_mut(|(column, value)| match column {
            Column::Post => {
                let text = text_of(value);
                match role_of(&text) {
                    Ok(None) => false,
                    Ok(Some(role)) => {
                        *value = Cell::Text(role.label_in(true).to_owned());
                        out.roles.insert(number, Ok(Some(role)));
                        true
                    }
                    Err(()) => {
                        out.roles.insert(number, Err(text));
                        true
                    }
                }
            }
            // A remark is read, not kept.
            Column::Note => {
                out.notes.insert(number, text_of(value));
                false
            }
            Column::Org => {
                let text = text_of(value);
                if let place::Match::One(target) = cells.find(&text) {
                    *value = Cell::Text(target.short_name.clone());
                }
                out.orgs.insert(number, text);
                true
            }
            _ => true,
        });
    }
    out
}

/// Plans the import of a sheet.
///
/// # Errors
/// One clear sentence when nothing of it can be taken in.
pub fn plan(mut sheet: MemberSheet, ground: &Ground) -> Result<Plan, String> {
    let has = |wanted: Column| sheet.columns.iter().any(|(_, c)| *c == wanted);
    let grouped = sheet.rows.iter().any(|r| r.fields.iter().any(|(c, _)| *c == Column::Org));
    if ground.one.is_none() && !has(Column::Org) && !grouped {
        return Err("Bảng tính không có cột “Chi bộ” nên không biết mỗi đồng chí thuộc chi bộ nào. \
                    Đồng chí thêm cột đó rồi tải lại; chưa ghi gì vào hệ thống."
            .to_owned());
    }
    let official_column = has(Column::Official);
    let mut columns: Vec<Column> = Vec::new();
    for (_, column) in &sheet.columns {
        let column = if matches!(column, Column::FamilyPart | Column::GivenPart) { Column::Name } else { *column };
        if !columns.contains(&column) && !matches!(column, Column::Ordinal | Column::Note) {
            columns.push(column);
        }
    }
    if grouped && !columns.contains(&Column::Org) {
        columns.push(Column::Org);
    }
    let mut ignored = sheet.ignored.clone();
    if has(Column::Note) {
        ignored.push("Ghi chú".to_owned());
    }
    let cells = Cells::new(ground.targets);
    let remarks = take_remarks(&mut sheet, &cells);
    let known: Vec<Known> = ground.people.iter().map(|p| p.known.clone()).collect();
    let planned = sheet::plan(&sheet, &known, ground.today, ground.rules);
    let people: HashMap<PersonId, &Person> = ground.people.iter().map(|p| (p.known.id, p)).collect();
    let sense = Sense { ground, cells: &cells, remarks: &remarks, people: &people, official_column };
    let rows = planned.rows.into_iter().map(|row| sense.row(row)).collect();
    Ok(Plan {
        from: ground.from,
        columns: columns.into_iter().map(|c| c.code().to_owned()).collect(),
        ignored,
        basis: basis(ground),
        found: false,
        many: ground.one.is_none(),
        rows,
    })
}

/// A fingerprint of everything the plan was compared with.
pub fn basis(ground: &Ground) -> String {
    use std::fmt::Write;
    let mut text = String::new();
    for p in ground.people {
        let _ = write!(text, "{}:{}:{}:", p.known.id, p.version, p.cell.map_or(0, OrgId::raw));
        let _ = writeln!(text, "{}", p.known.values.post.as_deref().unwrap_or_default());
    }
    for t in ground.targets {
        let _ = writeln!(text, "{}", t.org);
    }
    web::random::digest(&text)
}

/// Makes sense of single rows.
struct Sense<'a> {
    ground: &'a Ground<'a>,
    cells: &'a Cells<'a>,
    remarks: &'a Remarks,
    people: &'a HashMap<PersonId, &'a Person>,
    official_column: bool,
}

impl Sense<'_> {
    fn row(&self, mut row: RowPlan) -> KeptRow {
        let mut kept = KeptRow { n: row.number, standing: Standing::Official.code().to_owned(), ..KeptRow::default() };
        let live = !matches!(row.action, Action::Skip | Action::Error);
        if live {
            self.place(&mut row, &mut kept);
        }
        let sign = if live && row.action != Action::Error {
            self.post(&mut row, &mut kept);
            Some(self.standing(&row, &mut kept))
        } else {
            None
        };
        if row.action == Action::Change && !row.cells.iter().any(writes) && !kept.joins {
            row.action = Action::Same;
        }
        kept.action = row.action.code().to_owned();
        kept.reason = row.reason;
        kept.person = row.person.map(PersonId::raw);
        kept.candidates = row.candidates.iter().map(|p| (p.raw(), self.called(*p))).collect();
        kept.values = Values::of(&row.values);
        kept.cells = row.cells.into_iter().map(KeptCell::of).collect();
        kept.cells.extend(sign);
        kept
    }

    /// How a known person is told from others of the same name.
    fn called(&self, id: PersonId) -> String {
        let Some(person) = self.people.get(&id) else {
            return String::new();
        };
        let v = &person.known.values;
        let mut words = vec![v.name.clone()];
        words.extend(v.birth_year.map(|y| format!("sinh {y}")));
        words.extend(v.admitted.map(|d| format!("vào Đảng {}", vi::date(d))));
        words.extend(v.card.clone().map(|c| format!("số thẻ {c}")));
        words.extend(v.org.clone());
        words.join(", ")
    }

    fn person(&self, row: &RowPlan) -> Option<&Person> {
        row.person.and_then(|p| self.people.get(&p).copied())
    }

    /// Which cell the row belongs to.
    fn place(&self, row: &mut RowPlan, kept: &mut KeptRow) {
        let written = self.remarks.orgs.get(&row.number).map(String::as_str).unwrap_or_default();
        let found = match (self.ground.one, written) {
            (Some(one), "") => Ok(one),
            (None, "") => Err("Thiếu tên chi bộ.".to_owned()),
            (one, text) => match (self.cells.find(text), one) {
                (place::Match::One(target), _) => Ok(target.org),
                (place::Match::Several, _) => Err(format!("Có nhiều chi bộ cùng tên “{text}”; ghi tên đầy đủ.")),
                (place::Match::Nobody, Some(_)) => {
                    Err(format!("Ghi chi bộ “{text}”, không phải chi bộ này. Nếu đúng, xóa cột Chi bộ rồi tải lại."))
                }
                (place::Match::Nobody, None) => {
                    kept.missing = Some(place::full_name(text));
                    Err(format!("Chưa có “{}” trong hệ thống.", place::full_name(text)))
                }
            },
        };
        match found {
            Ok(org) => {
                kept.org = Some(org.raw());
                let at = self.person(row).map(|p| p.cell);
                match at {
                    Some(Some(now)) if now != org => {
                        kept.org = None;
                        let why = "Đang sinh hoạt ở chi bộ khác; nhập danh sách không chuyển sinh hoạt, hãy ghi chuyển ở trang của đồng chí.";
                        mark(row, Column::Org, CellState::Warning(why.to_owned()));
                    }
                    Some(None) => {
                        kept.joins = true;
                        row.action = Action::Change;
                        row.reason = "Trở lại sinh hoạt tại chi bộ.".to_owned();
                    }
                    _ => {}
                }
            }
            // What is missing may yet be founded, so the row keeps what it would be then.
            Err(_) if kept.missing.is_some() => {
                let why = CellState::Warning("Chi bộ mới, sẽ được lập.".to_owned());
                mark(row, Column::Org, why);
                if self.person(row).is_some_and(|p| p.cell.is_some()) {
                    kept.missing = None;
                } else if row.person.is_some() {
                    kept.joins = true;
                    row.action = Action::Change;
                }
            }
            Err(why) => {
                if !mark(row, Column::Org, CellState::Error(why.clone())) {
                    row.cells.push(CellPlan { column: Column::Org, text: String::new(), state: CellState::Error(why.clone()) });
                }
                row.action = Action::Error;
                row.reason = why;
            }
        }
    }

    fn post(&self, row: &mut RowPlan, kept: &mut KeptRow) {
        match self.remarks.roles.get(&row.number) {
            None | Some(Ok(None)) => {}
            Some(Err(text)) => {
                mark(row, Column::Post, CellState::Warning(format!("“{text}” không phải chức vụ trong chi bộ; không nhập.")));
                row.values.post = None;
            }
            Some(Ok(Some(role))) => {
                let held = self.person(row).and_then(|p| p.known.values.post.clone());
                if held.as_deref() == Some(role.label_in(true)) {
                    return;
                }
                if self.ground.posts.allow(*role) {
                    kept.role = Some(role.code().to_owned());
                } else {
                    let why = "Chức vụ này do cấp ủy cấp trên ghi; không nhập.";
                    mark(row, Column::Post, CellState::Warning(why.to_owned()));
                    row.values.post = None;
                }
            }
        }
    }

    /// The standing a new stay would have: from the remark, else from the dates.
    fn standing(&self, row: &RowPlan, kept: &mut KeptRow) -> KeptCell {
        let note = self.remarks.notes.get(&row.number).map(|n| vi::fold(n)).unwrap_or_default();
        let by_note = |standing: Standing| (standing, Some("Theo cột Ghi chú; đồng chí đối chiếu.".to_owned()));
        let recent = |day: Date| day.checked_add(18.months()).is_ok_and(|end| end > self.ground.today);
        let (standing, doubt) = if note.contains("du bi") {
            by_note(Standing::Probationary)
        } else if note.contains("mien sinh hoat") || note.contains("mien cong tac") {
            by_note(Standing::Exempt)
        } else {
            match (row.values.official, row.values.admitted) {
                (None, Some(admitted)) if self.official_column && recent(admitted) => (Standing::Probationary, None),
                (None, Some(_)) if self.official_column => {
                    (Standing::Official, Some("Chưa ghi ngày chính thức, vào Đảng đã lâu; đồng chí đối chiếu.".to_owned()))
                }
                _ => (Standing::Official, None),
            }
        };
        kept.standing = standing.code().to_owned();
        let now = self.person(row).filter(|p| p.cell.is_some()).and_then(|p| p.standing);
        let (text, sign, why) = match (now, doubt) {
            (Some(Standing::Probationary), _) if row.values.official.is_some_and(|d| d <= self.ground.today) => {
                let why = "Đang ghi dự bị; nhập danh sách không đổi diện, hãy đổi ở trang của đồng chí.";
                (Standing::Probationary, Sign::Warning, why.to_owned())
            }
            (Some(now), _) => (now, Sign::Same, String::new()),
            (None, Some(why)) => (standing, Sign::Warning, why),
            (None, None) => (standing, Sign::New, String::new()),
        };
        KeptCell { column: "standing".to_owned(), text: text.label().to_owned(), sign, why }
    }
}

/// Whether a cell of a known person's row would be written.
fn writes(cell: &CellPlan) -> bool {
    match cell.column {
        Column::Org => false,
        _ => matches!(cell.state, CellState::New | CellState::Changed(_)),
    }
}

/// Sets the state of a cell unless it is wrong already; false when the row has no such cell.
fn mark(row: &mut RowPlan, column: Column, state: CellState) -> bool {
    let Some(cell) = row.cells.iter_mut().find(|c| c.column == column) else {
        return false;
    };
    if !matches!(cell.state, CellState::Error(_)) {
        cell.state = state;
    }
    true
}

/// What the values of a row set on a person: an empty cell of a sheet takes nothing away.
pub fn merged(old: &MemberValues, new: &Values) -> MemberValues {
    MemberValues {
        name: if new.name.is_empty() { old.name.clone() } else { new.name.clone() },
        birth_year: new.birth_year.or(old.birth_year),
        admitted: new.admitted.or(old.admitted),
        official: new.official.or(old.official),
        card: new.card.clone().or_else(|| old.card.clone()),
        phone: new.phone.clone().or_else(|| old.phone.clone()),
        email: new.email.clone().or_else(|| old.email.clone()),
        ..old.clone()
    }
}
