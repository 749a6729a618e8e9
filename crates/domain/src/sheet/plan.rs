//! Plans an import: what each row and cell of a list of members would do to what is known.
//! Pure. Rules: KN-02, KN-03, ST-01; a person is never merged in silence.

use std::collections::HashMap;

use jiff::ToSpan;
use jiff::civil::Date;

use super::value::{self, Read, When};
use super::{
    Action, Cell, CellPlan, CellState, Column, Counters, ImportPlan, Known, MemberSheet, MemberValues, RowPlan, SheetRow,
};
use crate::id::PersonId;
use crate::rulepack::Rules;
use crate::vi;

/// Plans the import of a sheet. Linear in the rows and the known people.
///
/// A row *is* a known person if the card numbers agree, or if name, birth year and day of admission
/// all agree. With the same name and no more to tell them apart, somebody has to decide.
pub fn plan(sheet: &MemberSheet, existing: &[Known], today: Date, rules: &Rules) -> ImportPlan {
    let mut rows: Vec<RowPlan> = sheet.rows.iter().map(|row| understand(row, today, rules)).collect();
    inside_sheet(&mut rows);
    against_known(&mut rows, existing);
    rows.extend(sheet.skipped.iter().map(|(number, reason)| RowPlan {
        number: *number,
        action: Action::Skip,
        reason: (*reason).to_owned(),
        person: None,
        candidates: Vec::new(),
        cells: Vec::new(),
        values: MemberValues::default(),
    }));
    rows.sort_by_key(|r| r.number);
    let counters = count(&rows);
    ImportPlan { rows, counters }
}

fn count(rows: &[RowPlan]) -> Counters {
    let mut counters = Counters::default();
    for row in rows {
        *match row.action {
            Action::New => &mut counters.new,
            Action::Change => &mut counters.changed,
            Action::Same => &mut counters.same,
            Action::Ask => &mut counters.ask,
            Action::Skip => &mut counters.skipped,
            Action::Error => &mut counters.errors,
        } += 1;
        let doubtful = |c: &&CellPlan| matches!(c.state, CellState::Warning(_));
        counters.warnings += row.cells.iter().filter(doubtful).count();
    }
    counters
}

impl RowPlan {
    fn cell_mut(&mut self, column: Column) -> Option<&mut CellPlan> {
        self.cells.iter_mut().find(|c| c.column == column)
    }

    fn warn(&mut self, column: Column, message: String) {
        if let Some(cell) = self.cell_mut(column)
            && !matches!(cell.state, CellState::Error(_) | CellState::Warning(_))
        {
            cell.state = CellState::Warning(message);
        }
    }

    /// Sets the action unless something worse is set already.
    fn set(&mut self, action: Action, reason: String) {
        if self.action != Action::Error && self.action != Action::Skip {
            self.action = action;
            self.reason = reason;
        }
    }
}

fn understand(row: &SheetRow, today: Date, rules: &Rules) -> RowPlan {
    let mut plan = RowPlan {
        number: row.number,
        action: Action::New,
        reason: String::new(),
        person: None,
        candidates: Vec::new(),
        cells: Vec::new(),
        values: MemberValues::default(),
    };
    let raw_name: Vec<String> = [Column::Name, Column::FamilyPart, Column::GivenPart]
        .iter()
        .filter_map(|wanted| row.fields.iter().find(|(c, _)| c == wanted))
        .map(|(_, cell)| value::shown(cell))
        .collect();
    let raw_name = raw_name.join(" ");
    if raw_name.is_empty() {
        let state = CellState::Error("Thiếu họ và tên.".to_owned());
        push(&mut plan, Column::Name, String::new(), state);
    } else {
        plan.values.name = take(&mut plan, Column::Name, &raw_name, value::name(&raw_name)).unwrap_or_default();
    }
    for (column, cell) in &row.fields {
        field(&mut plan, *column, cell, today);
    }
    look_closer(&mut plan, today, rules);
    let wrong = plan.cells.iter().find_map(|c| match &c.state {
        CellState::Error(message) => Some(message.clone()),
        _ => None,
    });
    if let Some(message) = wrong {
        plan.action = Action::Error;
        plan.reason = message;
    }
    plan
}

fn push(plan: &mut RowPlan, column: Column, text: String, state: CellState) {
    plan.cells.push(CellPlan { column, text, state });
}

/// Shows what was read of a cell and gives what would be written.
fn take(plan: &mut RowPlan, column: Column, raw: &str, read: Read<String>) -> Option<String> {
    let (text, state, value) = match read {
        Read::Value(v) => (v.clone(), CellState::New, Some(v)),
        Read::Doubt(v, why) => (v.clone(), CellState::Warning(why), Some(v)),
        Read::Left(why) => (raw.to_owned(), CellState::Warning(why), None),
        Read::Wrong(why) => (raw.to_owned(), CellState::Error(why), None),
    };
    push(plan, column, text, state);
    value
}

fn field(plan: &mut RowPlan, column: Column, cell: &Cell, today: Date) {
    let raw = value::shown(cell);
    match column {
        Column::Ordinal | Column::Name | Column::FamilyPart | Column::GivenPart => {}
        Column::Birth => birth(plan, cell, &raw, today),
        Column::Admitted => plan.values.admitted = whole_date(plan, column, cell, &raw, today),
        Column::Official => plan.values.official = whole_date(plan, column, cell, &raw, today),
        Column::Card => plan.values.card = take(plan, column, &raw, value::card(cell)),
        Column::Phone => plan.values.phone = take(plan, column, &raw, value::phone(cell)),
        Column::Email => plan.values.email = take(plan, column, &raw, value::email(cell)),
        Column::Post => plan.values.post = take(plan, column, &raw, value::words(cell)),
        Column::Org => plan.values.org = take(plan, column, &raw, value::words(cell)),
        Column::Note => plan.values.note = take(plan, column, &raw, value::words(cell)),
    }
}

fn birth(plan: &mut RowPlan, cell: &Cell, raw: &str, today: Date) {
    match value::when(cell, today) {
        Ok(found) => {
            let year = match found {
                When::Day(day) => day.year(),
                When::Year(year) => year,
            };
            if year > today.year() {
                let why = format!("Năm sinh {year} ở tương lai.");
                push(plan, Column::Birth, raw.to_owned(), CellState::Error(why));
                return;
            }
            // Only the year is kept (CN-03).
            plan.values.birth_year = Some(year);
            push(plan, Column::Birth, year.to_string(), CellState::New);
        }
        Err(why) => push(plan, Column::Birth, raw.to_owned(), CellState::Error(why)),
    }
}

fn whole_date(plan: &mut RowPlan, column: Column, cell: &Cell, raw: &str, today: Date) -> Option<Date> {
    match value::when(cell, today) {
        Ok(When::Day(day)) => {
            let state = if day > today {
                CellState::Warning(format!("Ngày {} ở tương lai.", vi::date(day)))
            } else {
                CellState::New
            };
            push(plan, column, vi::date(day), state);
            Some(day)
        }
        Ok(When::Year(_)) => {
            let why = "Chỉ có tháng hoặc năm, cần đủ ngày, tháng, năm; không nhập.".to_owned();
            push(plan, column, raw.to_owned(), CellState::Warning(why));
            None
        }
        Err(why) => {
            push(plan, column, raw.to_owned(), CellState::Error(why));
            None
        }
    }
}

/// What is unlikely about a person's dates, by the rules of the day.
fn look_closer(plan: &mut RowPlan, today: Date, rules: &Rules) {
    let MemberValues { birth_year, admitted, official, .. } = plan.values.clone();
    let least = rules.int("person.admission_min_age").unwrap_or(0);
    if let Some(born) = birth_year {
        let age = i64::from(today.year() - born);
        if age < least {
            plan.warn(Column::Birth, format!("Mới {age} tuổi, chưa đủ {least} tuổi."));
        } else if age > 110 {
            plan.warn(Column::Birth, format!("Đã {age} tuổi; đồng chí xem lại năm sinh."));
        }
        if let Some(day) = admitted
            && i64::from(day.year() - born) < least
        {
            let why = format!("Vào Đảng khi chưa đủ {least} tuổi; đồng chí xem lại.");
            plan.warn(Column::Admitted, why);
        }
    }
    if let (Some(admitted), Some(official)) = (admitted, official) {
        let months = rules.int("person.probation_months").unwrap_or(0);
        let earliest = admitted.checked_add(months.months()).unwrap_or(admitted);
        if official < admitted {
            let why = "Ngày chính thức trước ngày vào Đảng; đồng chí xem lại.".to_owned();
            plan.warn(Column::Official, why);
        } else if official < earliest {
            let why = format!("Ngày chính thức chưa đủ {months} tháng dự bị; đồng chí xem lại.");
            plan.warn(Column::Official, why);
        }
    }
}

/// Rows of one sheet that are, or may be, one person. The result does not depend on their order,
/// but for which of two equal rows is kept.
fn inside_sheet(rows: &mut [RowPlan]) {
    let mut equal: HashMap<MemberValues, usize> = HashMap::new();
    for row in rows.iter_mut().filter(|r| r.action != Action::Error) {
        let bare = MemberValues { note: None, ..row.values.clone() };
        if let Some(first) = equal.get(&bare) {
            let reason = format!("Lặp lại dòng {first}.");
            row.set(Action::Skip, reason);
        } else {
            equal.insert(bare, row.number);
        }
    }
    let mut by_card: HashMap<String, Vec<usize>> = HashMap::new();
    let mut by_name: HashMap<String, HashMap<Option<i16>, usize>> = HashMap::new();
    for (i, row) in live(rows) {
        if let Some(card) = &row.values.card {
            let key = value::card_key(card).to_owned();
            by_card.entry(key).or_default().push(i);
        }
        let years = by_name.entry(vi::fold(&row.values.name)).or_default();
        *years.entry(row.values.birth_year).or_default() += 1;
    }
    let asked: Vec<usize> = live(rows)
        .filter(|(_, row)| {
            let years = by_name.get(&vi::fold(&row.values.name));
            years.is_some_and(|years| namesakes(years, row.values.birth_year) > 1)
        })
        .map(|(i, _)| i)
        .collect();
    for i in asked {
        let Some(row) = rows.get_mut(i) else { continue };
        let why = "Trong bảng có đồng chí khác trùng họ tên và năm sinh.";
        row.warn(Column::Name, why.to_owned());
        if row.values.card.is_none() {
            let reason = format!("{why} Không có số thẻ để phân biệt; đồng chí quyết định.");
            row.set(Action::Ask, reason);
        }
    }
    for twins in by_card.into_values().filter(|t| t.len() > 1) {
        let numbers: Vec<String> = twins.iter().filter_map(|i| rows.get(*i)).map(|r| r.number.to_string()).collect();
        let reason = format!("Các dòng {} có cùng số thẻ.", vi::join(&numbers));
        for i in twins {
            if let Some(row) = rows.get_mut(i) {
                fail(row, Column::Card, &reason);
            }
        }
    }
}

fn live(rows: &[RowPlan]) -> impl Iterator<Item = (usize, &RowPlan)> {
    rows.iter().enumerate().filter(|(_, r)| !matches!(r.action, Action::Error | Action::Skip))
}

/// How many of one name can be of this birth year, an unknown year being any.
fn namesakes(years: &HashMap<Option<i16>, usize>, year: Option<i16>) -> usize {
    let of = |y: Option<i16>| years.get(&y).copied().unwrap_or(0);
    match year {
        Some(_) => of(year) + of(None),
        None => years.values().sum(),
    }
}

fn fail(row: &mut RowPlan, column: Column, reason: &str) {
    if let Some(cell) = row.cell_mut(column) {
        cell.state = CellState::Error(reason.to_owned());
    }
    row.set(Action::Error, reason.to_owned());
}

/// Who a row may be.
enum Match<'a> {
    Nobody,
    /// Nobody, though somebody has the same name and birth year and another card.
    Namesake,
    Is(&'a Known),
    MayBe(Vec<PersonId>),
    /// The card is somebody else's.
    OtherName(&'a Known),
}

fn against_known(rows: &mut [RowPlan], existing: &[Known]) {
    let mut by_card: HashMap<&str, &Known> = HashMap::new();
    let mut by_name: HashMap<String, Vec<&Known>> = HashMap::new();
    for known in existing {
        if let Some(card) = &known.values.card {
            by_card.insert(value::card_key(card), known);
        }
        by_name.entry(vi::fold(&known.values.name)).or_default().push(known);
    }
    let mut claims: HashMap<PersonId, Vec<usize>> = HashMap::new();
    for (i, row) in rows.iter_mut().enumerate() {
        if matches!(row.action, Action::Error | Action::Skip) {
            continue;
        }
        match find(&row.values, &by_card, &by_name) {
            Match::Nobody => {}
            Match::Namesake => {
                let why = "Đã có đồng chí trùng họ tên, năm sinh nhưng khác số thẻ.";
                row.warn(Column::Name, why.to_owned());
            }
            Match::Is(known) => {
                compare(row, known);
                claims.entry(known.id).or_default().push(i);
            }
            Match::MayBe(candidates) => {
                let why = "Đã có đồng chí trùng họ tên, năm sinh; chưa đủ căn cứ là một người.";
                row.warn(Column::Name, why.to_owned());
                row.candidates = candidates;
                row.set(Action::Ask, why.to_owned());
            }
            Match::OtherName(known) => {
                let why = format!("Số thẻ này là của đồng chí {}.", known.values.name);
                fail(row, Column::Card, &why);
            }
        }
    }
    for rows_of_one in claims.into_values().filter(|c| c.len() > 1) {
        for i in rows_of_one {
            if let Some(row) = rows.get_mut(i) {
                fail(row, Column::Name, "Nhiều dòng cùng là một đồng chí đã có.");
                row.person = None;
            }
        }
    }
}

fn find<'a>(values: &MemberValues, by_card: &HashMap<&str, &'a Known>, by_name: &HashMap<String, Vec<&'a Known>>) -> Match<'a> {
    let folded = vi::fold(&values.name);
    let card = values.card.as_deref().map(value::card_key);
    if let Some(known) = card.and_then(|c| by_card.get(c)) {
        if vi::fold(&known.values.name) == folded {
            return Match::Is(known);
        }
        return Match::OtherName(known);
    }
    let same_year = |k: &&&Known| {
        let year = k.values.birth_year;
        year.is_none() || values.birth_year.is_none() || year == values.birth_year
    };
    let namesakes: Vec<&Known> =
        by_name.get(&folded).map(|all| all.iter().filter(same_year).copied().collect()).unwrap_or_default();
    // Two cards tell two people apart.
    let open: Vec<&Known> = namesakes.iter().filter(|k| k.values.card.is_none() || card.is_none()).copied().collect();
    let certain = |k: &&&Known| {
        k.values.name == values.name
            && values.birth_year.is_some()
            && k.values.birth_year == values.birth_year
            && values.admitted.is_some()
            && k.values.admitted == values.admitted
    };
    let mut sure = open.iter().filter(certain);
    match (sure.next(), sure.next(), open.as_slice()) {
        (Some(known), None, _) => Match::Is(known),
        (_, _, []) if namesakes.is_empty() => Match::Nobody,
        (_, _, []) => Match::Namesake,
        (_, _, open) => Match::MayBe(open.iter().map(|k| k.id).collect()),
    }
}

/// Compares a row with the person it is, cell by cell. An empty cell of a sheet takes nothing away.
fn compare(row: &mut RowPlan, known: &Known) {
    row.person = Some(known.id);
    let mut changed = false;
    for cell in &mut row.cells {
        let Some((old, new)) = pair(cell.column, &known.values, &row.values) else {
            continue;
        };
        if new.is_empty() {
            continue;
        }
        let differs = old != new;
        changed |= differs;
        if cell.state == CellState::New {
            cell.state = match (differs, old.is_empty()) {
                (false, _) => CellState::Same,
                (true, true) => CellState::New,
                (true, false) => CellState::Changed(old),
            };
        } else if !differs && matches!(cell.state, CellState::Warning(_)) {
            // What was accepted before need not be looked at again.
            cell.state = CellState::Same;
        }
    }
    let action = if changed { Action::Change } else { Action::Same };
    // A row that is certainly this person need not be asked about.
    row.set(action, String::new());
}

/// The old and the new value of a column as text; `None` for columns that are not kept.
fn pair(column: Column, old: &MemberValues, new: &MemberValues) -> Option<(String, String)> {
    let text = |v: &Option<String>| v.clone().unwrap_or_default();
    let day = |v: Option<Date>| v.map(vi::date).unwrap_or_default();
    let year = |v: Option<i16>| v.map(|y| y.to_string()).unwrap_or_default();
    let both = match column {
        Column::Name => (old.name.clone(), new.name.clone()),
        Column::Birth => (year(old.birth_year), year(new.birth_year)),
        Column::Admitted => (day(old.admitted), day(new.admitted)),
        Column::Official => (day(old.official), day(new.official)),
        Column::Card => (text(&old.card), text(&new.card)),
        Column::Phone => (text(&old.phone), text(&new.phone)),
        Column::Email => (text(&old.email), text(&new.email)),
        Column::Post => (text(&old.post), text(&new.post)),
        Column::Org => (text(&old.org), text(&new.org)),
        Column::Note => (text(&old.note), text(&new.note)),
        Column::Ordinal | Column::FamilyPart | Column::GivenPart => return None,
    };
    Some(both)
}
