//! Lists of tasks: filtered, grouped by resolution, counted in a sentence, written as a sheet.
//! May touch rows already read. Rules: experience.md 13, M16, ahead.md 10.

use std::collections::BTreeMap;

use documents::xlsx_out::{Cell, Sheet, SheetColumn};
use domain::code::Code;
use domain::id::{PersonId, ResolutionId};
use domain::task::{TaskFact, TaskState, causes, review};
use domain::vi;
use jiff::civil::Date;

use super::page::{Group, Row};
use super::store::Task;
use crate::resolution::seal::lower;
use crate::resolution::view::task_class;

/// What a list is narrowed to; it stands in the address.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(default)]
pub struct Filter {
    /// A state, or `qua-han` for what is overdue.
    pub trang_thai: String,
    /// Who does it.
    pub nguoi: String,
    /// Words in the content, without diacritics too.
    pub q: String,
}

/// The word of the filter for what is overdue, which is no state.
pub const OVERDUE: &str = "qua-han";
/// The word of the filter for everything that is not over.
pub const LIVE: &str = "chua-xong";
/// The word of the filter for everything there ever was.
pub const ALL: &str = "tat-ca";
/// Resolutions whose finished tasks are shown too when no state is asked for.
pub const RECENT: usize = 3;

impl Filter {
    /// Whether only what is current is wanted, so that older work need not be read at all.
    pub fn is_current(&self) -> bool {
        self.trang_thai.is_empty() && self.q.is_empty()
    }

    /// `recent` are the newest resolutions: without a state, finished tasks of older ones are left
    /// out, so that years of work do not hide what is to be done.
    fn keeps(&self, task: &Task, recent: &[ResolutionId], today: Date) -> bool {
        let state = match self.trang_thai.as_str() {
            "" => task.state.is_live() || recent.contains(&task.resolution) || !self.q.is_empty(),
            ALL => true,
            OVERDUE => task.facts(String::new()).is_overdue(today),
            LIVE => task.state.is_live(),
            code => task.state.code() == code,
        };
        let doer = self.nguoi.is_empty() || task.doer.is_some_and(|d| d.to_string() == self.nguoi);
        let words = vi::fold(&self.q);
        state && doer && (words.is_empty() || vi::fold(&task.content).contains(&words))
    }

    /// The filter as it stands in an address; empty when nothing is filtered.
    pub fn query(&self) -> String {
        let parts: Vec<String> = [("trang_thai", &self.trang_thai), ("nguoi", &self.nguoi), ("q", &self.q)]
            .into_iter()
            .filter(|(_, v)| !v.is_empty())
            .map(|(k, v)| format!("{k}={}", encode(v)))
            .collect();
        if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) }
    }
}

fn encode(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Names of people by their id.
pub type Names = BTreeMap<PersonId, String>;

/// A task as lists show it.
pub fn row(task: &Task, names: &Names, today: Date) -> Row {
    let name = |p: Option<PersonId>| p.and_then(|p| names.get(&p).cloned()).unwrap_or_default();
    let (class, state) = task_class(task, today);
    let waits = matches!(task.state, TaskState::Open | TaskState::Returned);
    let mut cause = task.cause.map(|c| c.to_string()).unwrap_or_default();
    if let Some(on) = task.responsibility {
        cause.push_str(&format!("; {}", lower(&on.to_string())));
    }
    Row {
        href: format!("/cb/{}/nhiem-vu/{}", task.org, task.id),
        content: task.content.clone(),
        doer: name(task.doer),
        checker: name(task.checker),
        urger: name(task.urger),
        deadline: task.deadline.map(vi::date).unwrap_or_default(),
        left: task.deadline.filter(|_| waits).map(|d| vi::days_left(today, d)).unwrap_or_default(),
        class,
        state,
        progress: task.progress,
        cause,
    }
}

/// The tasks that pass the filter, newest resolution first, as they come.
pub fn kept<'a>(tasks: &'a [Task], filter: &Filter, today: Date) -> Vec<&'a Task> {
    let mut recent: Vec<ResolutionId> = tasks.iter().map(|t| t.resolution).collect();
    recent.dedup();
    recent.truncate(RECENT);
    tasks.iter().filter(|t| filter.keeps(t, &recent, today)).collect()
}

/// Tasks by resolution, each group with its own sentence.
pub fn groups(tasks: &[&Task], names: &Names, titles: &BTreeMap<ResolutionId, String>, today: Date) -> Vec<Group> {
    let mut out: Vec<(ResolutionId, Group, Vec<TaskFact>)> = Vec::new();
    for task in tasks {
        if out.last().is_none_or(|(id, _, _)| *id != task.resolution) {
            let title = titles.get(&task.resolution).cloned().unwrap_or_default();
            let href = format!("/cb/{}/buoi/{}/nghi-quyet?nq={}", task.org, task.meeting, task.resolution);
            out.push((task.resolution, Group { title, href, ..Group::default() }, Vec::new()));
        }
        if let Some((_, group, facts)) = out.last_mut() {
            group.rows.push(row(task, names, today));
            facts.push(task.facts(String::new()));
        }
    }
    out.into_iter()
        .map(|(_, mut group, facts)| {
            group.review = sentence(&facts, today);
            group
        })
        .collect()
}

/// `7 nhiệm vụ: 4 đã xác nhận, 2 chờ kiểm tra, 1 quá hạn.`
pub fn sentence(facts: &[TaskFact], today: Date) -> String {
    format!("{}.", domain::vi::capitalize(&review(facts, today).text()))
}

/// Causes of what is late or not done, with how often each was given.
pub fn cause_counts(tasks: &[&Task]) -> Vec<(String, u32)> {
    let facts: Vec<TaskFact> = tasks.iter().map(|t| t.facts(String::new())).collect();
    causes(&facts).into_iter().map(|(cause, n)| (cause.to_string(), n)).collect()
}

/// Everybody who does a task, in the order of names.
pub fn doers(counted: &[(Option<PersonId>, i64)], names: &Names) -> Vec<(String, String)> {
    let doers = counted.iter().filter_map(|(doer, _)| *doer);
    let mut out: Vec<(String, String)> = doers.map(|d| (d.to_string(), names.get(&d).cloned().unwrap_or_default())).collect();
    out.sort_by_cached_key(|(_, name)| vi::name_key(name));
    out
}

/// The list as a sheet.
pub fn sheet(tasks: &[&Task], names: &Names, titles: &BTreeMap<ResolutionId, String>, today: Date) -> Sheet {
    let column = |title: &str, width: f64| SheetColumn { title: title.to_owned(), width };
    let rows = (1i64..)
        .zip(tasks)
        .map(|(n, task)| {
            let row = row(task, names, today);
            let day = |d: Option<Date>| d.map_or_else(|| Cell::Text(String::new()), Cell::Date);
            vec![
                Cell::Int(n),
                Cell::Text(titles.get(&task.resolution).cloned().unwrap_or_default()),
                Cell::Text(row.content),
                Cell::Text(task.requirement.clone()),
                Cell::Text(task.measure.clone()),
                Cell::Text(row.doer),
                Cell::Text(row.checker),
                Cell::Text(row.urger),
                day(task.deadline),
                Cell::Text(row.state),
                Cell::Int(task.progress),
                day(task.done_on),
                Cell::Text(row.cause),
                Cell::Text(task.cause_note.clone().unwrap_or_default()),
            ]
        })
        .collect();
    Sheet {
        name: "Nhiệm vụ".to_owned(),
        columns: vec![
            column("TT", 5.0),
            column("Nghị quyết", 28.0),
            column("Nội dung", 44.0),
            column("Yêu cầu", 28.0),
            column("Biện pháp", 28.0),
            column("Thực hiện", 22.0),
            column("Kiểm tra", 22.0),
            column("Đôn đốc", 22.0),
            column("Thời hạn", 12.0),
            column("Tình trạng", 18.0),
            column("Tiến độ %", 10.0),
            column("Ngày báo cáo xong", 14.0),
            column("Nguyên nhân, trách nhiệm", 30.0),
            column("Nói rõ thêm", 36.0),
        ],
        rows,
    }
}
