//! The library in words. Pure but for the names it is handed. Rules: CB-07, L5, L9.

use std::collections::BTreeMap;

use domain::code::Code;
use domain::id::{OrgId, RowId};
use domain::library::{EntryKind, EntryState, Sending, Subject, UseState};
use domain::rulepack::Rules;
use domain::vi;

use super::page::{FileLine, Part, Row, UseLine};
use super::store::Entry;
use super::store::files::File;
use super::store::shelf::Listed;
use super::store::uses::Use;
use crate::actor::local;
use crate::meeting::view::size_words;

/// Short names of organisations.
pub type Names = BTreeMap<OrgId, String>;

/// The state class of an entry.
pub fn class(state: EntryState) -> &'static str {
    match state {
        EntryState::Draft | EntryState::Returned => "due",
        EntryState::Submitted => "wait",
        EntryState::Published | EntryState::Withheld => "done",
        EntryState::Declined | EntryState::Withdrawn => "none",
    }
}

/// The state class of a use.
pub fn use_class(state: UseState) -> &'static str {
    match state {
        UseState::Taken => "wait",
        UseState::Reported => "done",
        UseState::Dropped => "none",
    }
}

/// The state class of a quarter's duty.
pub fn sending_class(sending: Sending) -> &'static str {
    match sending {
        Sending::Published | Sending::Sent | Sending::Secret => "done",
        Sending::Returned | Sending::Held => "due",
        Sending::Waiting => "none",
        Sending::Late => "late",
    }
}

/// The heading of an entry; one that was withheld has none.
pub fn heading(entry: &Entry) -> String {
    match (entry.title.is_empty(), entry.key()) {
        (false, _) => entry.title.clone(),
        (true, Some(key)) => key.name(),
        (true, None) => entry.kind.to_string(),
    }
}

/// Words and choices of the kinds.
pub fn kinds() -> Vec<(&'static str, &'static str)> {
    EntryKind::ALL.iter().map(|k| (k.code(), k.label())).collect()
}

/// Words and choices of the subjects.
pub fn subjects() -> Vec<(&'static str, &'static str)> {
    Subject::ALL.iter().map(|s| (s.code(), s.label())).collect()
}

/// Types of cell to choose from.
pub fn types(rules: &Rules) -> Vec<(String, String)> {
    rules.cell_types().map(|t| (t.code.clone(), t.name.clone())).collect()
}

/// The name of a type of cell; empty when none is set.
pub fn type_name(rules: &Rules, code: Option<&str>) -> String {
    rules.cell_types().find(|t| Some(t.code.as_str()) == code).map(|t| t.name.clone()).unwrap_or_default()
}

/// How many cells use an entry.
pub fn used(n: i64) -> String {
    match n {
        0 => "Chưa có chi bộ dùng".to_owned(),
        n => format!("{} chi bộ đang dùng", vi::number(n)),
    }
}

/// The address of a published entry.
pub fn href(base: &str, source: OrgId, entry: RowId) -> String {
    format!("{base}/bai/{source}/{entry}")
}

/// A published entry in a list.
pub fn row(base: &str, names: &Names, rules: &Rules, entry: &Listed) -> Row {
    let cell = names.get(&entry.org).cloned().unwrap_or_default();
    let kind = type_name(rules, entry.cell_type.as_deref());
    let parts = [cell, kind, entry.subject.to_string(), format!("năm {}", entry.year)];
    Row {
        href: href(base, entry.org, entry.id),
        title: entry.title.clone(),
        small: parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" · "),
        kind: entry.kind.label(),
        used: used(entry.used),
    }
}

/// The texts of an entry under their headings.
pub fn parts(entry: &Entry) -> Vec<Part> {
    let bodies = [&entry.aim, &entry.content, &entry.result];
    let heads = entry.kind.parts().into_iter().map(|p| p.0);
    heads.zip(bodies).filter(|(_, b)| !b.is_empty()).map(|(head, b)| Part { head, body: b.clone() }).collect()
}

/// Where an entry comes from.
pub fn facts(entry: &Entry, names: &Names, rules: &Rules) -> Vec<(&'static str, String)> {
    let name = |org: OrgId| names.get(&org).cloned().unwrap_or_default();
    let mut out = vec![("Chi bộ", name(entry.org))];
    let kind = type_name(rules, entry.cell_type.as_deref());
    if !kind.is_empty() {
        out.push(("Loại hình", kind));
    }
    out.push(("Lĩnh vực", entry.subject.to_string()));
    match entry.key() {
        Some(key) => out.push(("Đã tổ chức", key.name())),
        None => out.push(("Năm", entry.year.to_string())),
    }
    if !entry.named().is_empty() {
        out.push(("Trình bày", format!("đ/c {}, đồng ý để chi bộ khác trao đổi", entry.named())));
    }
    if let (Some(org), Some(at)) = (entry.published, entry.decided_at) {
        out.push(("Phổ biến", format!("{}, ngày {}", name(org), vi::date(local(at).date()))));
    }
    out
}

/// Files to fetch; `base` is the address of their entry.
pub fn files(base: &str, list: &[File]) -> Vec<FileLine> {
    list.iter()
        .map(|f| FileLine {
            href: format!("{base}/tep/{}", f.id),
            remove: format!("{base}/tep/{}/bo", f.id),
            name: f.name.clone(),
            size: size_words(f.size),
        })
        .collect()
}

/// A cell that uses an entry.
pub fn use_line(taken: &Use, names: &Names) -> UseLine {
    let when = taken.key().map(|k| k.name()).unwrap_or_default();
    UseLine {
        cell: names.get(&taken.org).cloned().unwrap_or_default(),
        when,
        worked: taken.worked.clone().unwrap_or_default(),
        amend: taken.amend.clone().unwrap_or_default(),
        spoke: taken.speakers.map(|n| format!("{} đồng chí phát biểu", vi::number(n))).unwrap_or_default(),
    }
}
