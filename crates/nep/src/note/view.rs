//! Notes in words, and what of them waits. Rules: M10, experience.md 2.

use db::Tx;
use domain::id::{OrgId, PersonId};
use domain::note::{NoteKind, NoteState};
use domain::vi;
use jiff::ToSpan;
use jiff::civil::Date;

use super::page::NoteView;
use super::store::{self, Note};
use crate::home::page::Todo;

/// Days before a deadline from which it stands on the task list.
const SOON: i64 = 7;

/// State class of a note.
pub fn class(note: &Note, today: Date) -> &'static str {
    match note.state {
        NoteState::Kept | NoteState::Done => "done",
        NoteState::Open if note.state.is_overdue(note.deadline, today) => "late",
        NoteState::Open => "due",
        NoteState::Withdrawn => "none",
    }
}

fn word(note: &Note, today: Date) -> String {
    if note.state.is_overdue(note.deadline, today) {
        "Quá thời hạn khắc phục".to_owned()
    } else {
        note.state.to_string()
    }
}

/// A note as pages show it; `done_by` is the name of who said that it is remedied.
pub fn view(note: &Note, today: Date, done_by: &str) -> NoteView {
    let deadline = match note.deadline {
        Some(day) if note.state == NoteState::Open => format!("{}, {}", vi::date(day), vi::days_left(today, day)),
        Some(day) => vi::date(day),
        None => String::new(),
    };
    NoteView {
        id: note.id.to_string(),
        name: note.name.clone(),
        kind: note.kind.to_string(),
        day: vi::date(note.on),
        body: note.body.clone(),
        remedy: note.remedy.clone(),
        deadline,
        class: class(note, today),
        word: word(note, today),
        meeting: note.meeting.map(|m| format!("/cb/{}/buoi/{m}", note.org)).unwrap_or_default(),
        answer: note.answer.clone(),
        done: match note.done_on {
            Some(day) if note.state == NoteState::Done => {
                format!("đ/c {done_by} ghi ngày {}: {}", vi::date(day), note.done_words)
            }
            _ => String::new(),
        },
        reason: note.reason.clone().unwrap_or_default(),
        open: note.state == NoteState::Open,
        is_done: note.state == NoteState::Done,
        withdrawn: note.state == NoteState::Withdrawn,
        version: note.version,
    }
}

/// A note in a list.
pub fn row(base: &str, note: &Note, today: Date, named: bool) -> Todo {
    let who = if named { format!("đ/c {}: ", note.name) } else { String::new() };
    let mut small = format!("{who}{}, ngày {}.", note.kind, vi::date(note.on));
    if let (NoteState::Open, Some(day)) = (note.state, note.deadline) {
        small.push_str(&format!(" Thời hạn khắc phục {}.", vi::date(day)));
    }
    Todo {
        href: format!("{base}/{}", note.id),
        title: short(&note.body),
        small,
        class: class(note, today),
        word: word(note, today),
    }
}

/// The first words of a text.
fn short(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() <= 90 {
        return line.to_owned();
    }
    let cut: String = line.chars().take(90).collect();
    let whole = cut.rsplit_once(' ').map_or(cut.as_str(), |(before, _)| before);
    format!("{whole}…")
}

/// Remedies that are due soon or past, for chi ủy's task list.
///
/// # Errors
/// Database faults only.
pub fn todos(tx: &mut Tx, org: OrgId, today: Date) -> db::Result<Vec<Todo>> {
    let soon = today.checked_add(SOON.days()).unwrap_or(today);
    let (due, late) = store::due(tx, org, soon, today)?;
    if due == 0 {
        return Ok(Vec::new());
    }
    let (class, word, small) = match late {
        0 => ("due", "Sắp hạn", "Việc khắc phục sau góp ý, phê bình.".to_owned()),
        n => ("late", "Quá hạn", format!("{n} việc đã quá thời hạn khắc phục.")),
    };
    Ok(vec![Todo {
        href: format!("/cb/{org}/ghi-nhan"),
        title: format!("Theo dõi {due} việc khắc phục sau góp ý"),
        small,
        class,
        word: word.to_owned(),
    }])
}

/// Remedies of a member that are open.
///
/// # Errors
/// Database faults only.
pub fn own_todos(tx: &mut Tx, person: PersonId, today: Date) -> db::Result<Vec<Todo>> {
    let open = |n: &&Note| n.state == NoteState::Open && n.kind == NoteKind::Criticism;
    let todo = |n: &Note| Todo { title: format!("Khắc phục: {}", short(&n.remedy)), ..row("/toi/ghi-nhan", n, today, false) };
    Ok(store::of_person(tx, person)?.iter().filter(open).map(todo).collect())
}

/// Every note on a member, for the own page.
///
/// # Errors
/// Database faults only.
pub fn own_rows(tx: &mut Tx, person: PersonId, today: Date) -> db::Result<Vec<Todo>> {
    Ok(store::of_person(tx, person)?.iter().map(|n| row("/toi/ghi-nhan", n, today, false)).collect())
}
