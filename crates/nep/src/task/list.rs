//! Lists of tasks: filtered, grouped by resolution, counted in a sentence, written as a sheet.
//! May touch rows already read. Rules: experience.md 13, M16, ahead.md 10.

use std::collections::BTreeMap;

use documents::xlsx_out::{Cell, Sheet, SheetColumn};
use domain::code::Code;
use domain::id::{ItemId, OrgId, PersonId, ResolutionId};
use domain::task::{Cause, TaskFact, TaskState, causes, review};
use domain::vi;
use jiff::civil::Date;

use super::page::{Group, Row};
use super::store::Task;
use crate::resolution::seal::lower;
use crate::resolution::store::{self as resolutions, Source};
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
    /// A cause of being late.
    pub nguyen_nhan: String,
    /// The year whose causes are added up.
    pub nam: String,
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
        self.trang_thai.is_empty() && self.q.is_empty() && self.nguyen_nhan.is_empty()
    }

    /// The year whose causes are added up: one of the last ten, or the present one.
    pub fn year(&self, today: Date) -> i16 {
        let now = today.year();
        self.nam.parse().ok().filter(|y| (now - 9..=now).contains(y)).unwrap_or(now)
    }

    /// The causes of a year and the tasks of one cause are of deadlines missed in that year.
    fn is_of_cause(&self, task: &Task, today: Date) -> bool {
        if self.nguyen_nhan.is_empty() {
            return true;
        }
        let missed = task.cause_for.or(task.deadline).is_some_and(|d| d.year() == self.year(today));
        missed && task.cause.is_some_and(|c| c.code() == self.nguyen_nhan)
    }

    /// `recent` are the newest resolutions: without a state, finished tasks of older ones are left
    /// out, so that years of work do not hide what is to be done.
    fn keeps(&self, task: &Task, recent: &[ResolutionId], today: Date) -> bool {
        let state = match self.trang_thai.as_str() {
            "" => task.state.is_live() || recent.contains(&task.resolution) || !self.is_current(),
            ALL => true,
            OVERDUE => task.facts(String::new()).is_overdue(today),
            LIVE => task.state.is_live(),
            code => task.state.code() == code,
        };
        let doer = self.nguoi.is_empty() || task.doer.is_some_and(|d| d.to_string() == self.nguoi);
        let words = vi::fold(&self.q);
        state && doer && self.is_of_cause(task, today) && (words.is_empty() || vi::fold(&task.content).contains(&words))
    }

    /// The filter as it stands in an address; empty when nothing is filtered.
    pub fn query(&self) -> String {
        let parts: Vec<String> = [
            ("trang_thai", &self.trang_thai),
            ("nguoi", &self.nguoi),
            ("q", &self.q),
            ("nguyen_nhan", &self.nguyen_nhan),
            ("nam", &self.nam),
        ]
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

/// What the tasks of a list go back to.
#[derive(Debug, Clone, Default)]
pub struct Origins {
    /// Their resolutions, each with its meeting.
    pub sources: BTreeMap<ResolutionId, Source>,
    /// Headings of the items they came from.
    pub items: BTreeMap<ItemId, String>,
}

impl Origins {
    /// Reads what some tasks of a cell go back to.
    ///
    /// # Errors
    /// Database faults only.
    pub fn of(tx: &mut db::Tx, org: OrgId, tasks: &[Task]) -> db::Result<Self> {
        let sources = resolutions::sources(tx, org, &tasks.iter().map(|t| t.resolution).collect())?;
        Ok(Self { sources, items: super::store::items(tx, org, tasks)? })
    }

    /// `số 05-NQ/CB về nhiệm vụ tháng 12 năm 2026`.
    pub fn title(&self, task: &Task) -> String {
        match self.sources.get(&task.resolution) {
            Some(Source { title, number: Some(number), .. }) => format!("{} {title}", lower(number)),
            Some(source) => source.title.clone(),
            None => String::new(),
        }
    }

    /// The meeting that adopted it: address, and title with the day.
    pub fn meeting(&self, task: &Task) -> (String, String) {
        let Some(s) = self.sources.get(&task.resolution) else {
            return Default::default();
        };
        (format!("/cb/{}/buoi/{}", task.org, s.meeting), format!("{}, ngày {}", s.meeting_title, vi::date(s.held_on.date())))
    }

    /// The item of the agenda it came from; empty where nobody knows.
    pub fn why(&self, task: &Task) -> String {
        task.item.and_then(|i| self.items.get(&i).cloned()).unwrap_or_default()
    }
}

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
        next_step: task.next_step.as_deref().map(|t| t.trim().trim_end_matches('.').to_owned()).unwrap_or_default(),
        proposed: task.proposed.filter(|_| task.state.is_live()).map(vi::date).unwrap_or_default(),
        why: String::new(),
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
pub fn groups(tasks: &[&Task], names: &Names, origins: &Origins, today: Date) -> Vec<Group> {
    let mut out: Vec<(ResolutionId, Group, Vec<TaskFact>)> = Vec::new();
    for task in tasks {
        if out.last().is_none_or(|(id, _, _)| *id != task.resolution) {
            let (title, meeting) = (origins.title(task), origins.meeting(task));
            let href = format!("/cb/{}/buoi/{}/nghi-quyet?nq={}", task.org, task.meeting, task.resolution);
            out.push((task.resolution, Group { title, href, meeting, ..Group::default() }, Vec::new()));
        }
        if let Some((_, group, facts)) = out.last_mut() {
            group.rows.push(Row { why: origins.why(task), ..row(task, names, today) });
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

/// Causes of what was late in a year, with how often each was given and where its tasks are listed.
pub fn cause_counts(org: OrgId, explained: &[Task], year: i16) -> Vec<(String, u32, String)> {
    let facts: Vec<TaskFact> = explained.iter().map(|t| t.facts(String::new())).collect();
    let href = |cause: Cause| format!("/cb/{org}/nhiem-vu?nguyen_nhan={}&nam={year}", cause.code());
    causes(&facts).into_iter().map(|(cause, n)| (cause.to_string(), n, href(cause))).collect()
}

/// Everybody who does a task, in the order of names.
pub fn doers(counted: &[(Option<PersonId>, i64)], names: &Names) -> Vec<(String, String)> {
    let doers = counted.iter().filter_map(|(doer, _)| *doer);
    let mut out: Vec<(String, String)> = doers.map(|d| (d.to_string(), names.get(&d).cloned().unwrap_or_default())).collect();
    out.sort_by_cached_key(|(_, name)| vi::name_key(name));
    out
}

/// The list as a sheet.
pub fn sheet(tasks: &[&Task], names: &Names, origins: &Origins, today: Date) -> Sheet {
    let column = |title: &str, width: f64| SheetColumn { title: title.to_owned(), width };
    let rows = (1i64..)
        .zip(tasks)
        .map(|(n, task)| {
            let row = row(task, names, today);
            let day = |d: Option<Date>| d.map_or_else(|| Cell::Text(String::new()), Cell::Date);
            vec![
                Cell::Int(n),
                Cell::Text(origins.title(task)),
                Cell::Text(origins.meeting(task).1),
                Cell::Text(origins.why(task)),
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
                Cell::Text(row.next_step),
                day(task.proposed),
            ]
        })
        .collect();
    Sheet {
        name: "Nhiệm vụ".to_owned(),
        columns: vec![
            column("TT", 5.0),
            column("Nghị quyết", 28.0),
            column("Thông qua tại", 28.0),
            column("Từ mục", 24.0),
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
            column("Bước tiếp theo", 28.0),
            column("Thời hạn đề xuất", 14.0),
        ],
        rows,
    }
}
