//! The list of calls: whoever has something due and is not reached by a message, with what to say. It is on
//! the secretary's own paper, so it names the tasks; nobody is left out for want of a telephone.
//! May touch tasks and members of the cell. Rules: experience.md (people without a phone), NV-01 … NV-05.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::{Path, State};
use axum::response::Response;
use domain::id::{OrgId, PersonId, TaskId};
use domain::reminder::{Kind, Line, waiting};
use domain::vi;
use jiff::civil::Date;
use web::page::html;

use super::bundle::facts;
use super::page::{Call, CallsPage};
use super::store::reach::{self, Reach};
use crate::actor::Actor;
use crate::app::App;
use crate::fault::Fault;
use crate::shell::{Shell, Under};
use crate::task::list::Names;
use crate::task::store::{self as tasks, Task};

struct Read {
    members: Vec<Reach>,
    tasks: Vec<Task>,
    names: Names,
    waiting: BTreeMap<PersonId, Vec<Line>>,
}

/// The page, made for printing.
///
/// # Errors
/// Database faults.
pub async fn page(State(app): State<App>, actor: Actor, Path(org): Path<OrgId>) -> Result<Response, Fault> {
    if !actor.standpoint.is_cell {
        return Err(Fault::NotFound);
    }
    let (today, library) = (actor.today(), app.rules.clone());
    let read = app
        .db
        .read(move |tx| {
            let tasks = tasks::live(tx, org)?;
            let facts = facts(tx, &tasks, &library.at(today), today)?;
            Ok::<_, Fault>(Read {
                members: reach::of_cell(tx, org, today)?,
                names: tasks::names(tx, &tasks)?,
                waiting: waiting(&facts, today),
                tasks,
            })
        })
        .await?;
    let shell = Shell::new(&actor, "Danh sách nhắc việc qua điện thoại", Under::Tasks)
        .crumb(format!("/cb/{org}/nhiem-vu"), Under::Tasks.to_string());
    // Whoever reads the list need not be called.
    let read = Read { members: read.members.into_iter().filter(|m| m.person != actor.person).collect(), ..read };
    Ok(html(&lists(&read, shell, org, today, app.outgoing.mail.is_some())))
}

/// Why no message reaches a member; nothing when one does.
fn unreached(member: &Reach) -> Option<&'static str> {
    match (member.account, member.seen_at) {
        (false, _) => Some("Chưa có tài khoản"),
        (true, None) => Some("Chưa đăng nhập lần nào"),
        (true, Some(_)) => None,
    }
}

fn lists(read: &Read, shell: Shell, org: OrgId, today: Date, mails: bool) -> CallsPage {
    let by_id: BTreeMap<TaskId, &Task> = read.tasks.iter().map(|t| (t.id, t)).collect();
    let (mut away, mut quiet, mut reached) = (Vec::new(), Vec::new(), 0);
    let mut seen: BTreeSet<PersonId> = BTreeSet::new();
    for member in read.members.iter().filter(|m| seen.insert(m.person)) {
        let Some(lines) = read.waiting.get(&member.person) else {
            continue;
        };
        let lines = lines.iter().filter_map(|l| say(l.kind, by_id.get(&l.task()?)?, &read.names, today)).collect();
        let call = |why| Call { name: member.name.clone(), phone: member.phone.clone().unwrap_or_default(), why, lines };
        match (unreached(member), member.mail && mails) {
            (Some(why), _) => away.push(call(why)),
            (None, false) => quiet.push(call("Có tài khoản, chưa nhận thư")),
            (None, true) => reached += 1,
        }
    }
    CallsPage { shell, org: org.to_string(), day: vi::capitalize(&vi::date_weekday(today)), away, quiet, reached }
}

/// What to say of a task, as briefly as one says it. What committees sent down is said at the meeting: nobody can
/// confirm it on the telephone.
fn say(kind: Kind, task: &Task, names: &Names, today: Date) -> Option<String> {
    let content = task.content.trim().trim_end_matches('.');
    let doer = task.doer.and_then(|d| names.get(&d)).map_or_else(|| "chưa phân công".to_owned(), |n| format!("đ/c {n}"));
    let until = task.deadline.map(|d| format!(", thời hạn {} ({})", vi::date(d), vi::days_left(today, d))).unwrap_or_default();
    Some(match kind {
        Kind::Overdue => format!("Quá hạn: {content}{until}. Đề nghị báo cáo kết quả hoặc nêu nguyên nhân."),
        Kind::Returned => format!("Được trả lại để làm tiếp: {content}{until}."),
        Kind::New => format!("Mới được giao: {content}{until}."),
        Kind::Due => format!("Sắp đến hạn: {content}{until}."),
        Kind::Check => format!("Chờ xác nhận kết quả của {doer}: {content}."),
        Kind::Urge | Kind::Lead => format!("Đôn đốc {doer}: {content}{until}."),
        Kind::Orientation | Kind::Document => return None,
    })
}
