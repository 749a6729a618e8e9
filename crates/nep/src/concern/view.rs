//! Concerns in words, and what of them waits for whom. Rules: M5, experience.md 2.

use db::Tx;
use domain::concern::{ConcernState, Consent};
use domain::id::{OrgId, PersonId};
use domain::rulepack::Rules;
use domain::vi;
use jiff::Timestamp;
use jiff::civil::Date;

use super::page::{Said, View};
use super::store::{self, Concern, Word};
use crate::actor::local;
use crate::home::page::Todo;

/// In how many days chi ủy should answer.
pub const ANSWER: &str = "concern.answer_days";

/// State class of a concern.
pub fn class(state: ConcernState) -> &'static str {
    match state {
        ConcernState::Open => "due",
        ConcernState::Answered => "wait",
        ConcernState::Settled => "done",
        ConcernState::Closed | ConcernState::Withdrawn => "none",
    }
}

fn days(since: Timestamp, today: Date) -> i64 {
    local(since).date().duration_until(today).as_hours() / 24
}

fn age(since: Timestamp, today: Date) -> String {
    match days(since, today) {
        ..=0 => "hôm nay".to_owned(),
        n => format!("{n} ngày"),
    }
}

/// A concern with what was said; `org_reads` says whether the reader may open the cell's meetings.
pub fn view(c: &Concern, words: &[Word], today: Date, org_reads: bool) -> View {
    View {
        class: class(c.state),
        word: c.state.to_string(),
        age: format!("Nêu ngày {}, {}", vi::date(local(c.written_at).date()), age(c.written_at, today)),
        said: words
            .iter()
            .map(|w| {
                let at = local(w.at);
                Said {
                    what: w.kind.to_string(),
                    by: format!("đ/c {}, {} ngày {}", w.name, vi::time_short(at.time()), vi::date(at.date())),
                    body: w.body.clone(),
                }
            })
            .collect(),
        consent: c.consent.to_string(),
        live: c.state.is_live(),
        answered: c.state == ConcernState::Answered,
        closed: c.state == ConcernState::Closed,
        meeting: match (org_reads, c.meeting) {
            (true, Some(meeting)) => format!("/cb/{}/buoi/{meeting}", c.org),
            _ => String::new(),
        },
        version: c.version,
    }
}

/// A concern in a list; its words stand on its own page only.
pub fn row(base: &str, c: &Concern, today: Date, named: bool) -> Todo {
    let when = format!("ngày {}", vi::date(local(c.written_at).date()));
    let small = match c.state {
        ConcernState::Open => format!("Chờ trả lời {}.", age(c.changed_at, today)),
        ConcernState::Answered => "Chờ đồng chí cho biết đã giải quyết xong chưa.".to_owned(),
        ConcernState::Settled | ConcernState::Closed | ConcernState::Withdrawn => String::new(),
    };
    Todo {
        href: format!("{base}/{}", c.id),
        title: if named { format!("đ/c {}, {when}", c.name) } else { format!("Nêu {when}") },
        small,
        class: class(c.state),
        word: c.state.to_string(),
    }
}

/// What waits for chi ủy, for the task list.
///
/// # Errors
/// Database faults only.
pub fn todos(tx: &mut Tx, rules: &Rules, org: OrgId, today: Date) -> db::Result<Vec<Todo>> {
    let (n, oldest) = store::waiting(tx, org)?;
    let (Some(oldest), true) = (oldest, n > 0) else {
        return Ok(Vec::new());
    };
    let waited = days(oldest, today);
    let late = rules.int(ANSWER).is_some_and(|most| waited > most);
    Ok(vec![Todo {
        href: format!("/cb/{org}/tam-tu"),
        title: format!("Trả lời {n} tâm tư, nguyện vọng của đảng viên"),
        small: format!("Việc chờ lâu nhất: {}.", age(oldest, today)),
        class: if late { "late" } else { "due" },
        word: if late { "Chờ lâu" } else { "Cần làm" }.to_owned(),
    }])
}

/// What waits for a member: an answer to judge, a question of consent.
///
/// # Errors
/// Database faults only.
pub fn own_todos(tx: &mut Tx, person: PersonId) -> db::Result<Vec<Todo>> {
    let todo = |c: &Concern| {
        let href = format!("/toi/tam-tu/{}", c.id);
        let word = "Chờ đồng chí".to_owned();
        match (c.state, c.consent) {
            (state, Consent::Asked) if state.is_live() => Some(Todo {
                href,
                title: "Cho biết có đồng ý đưa việc đã nêu ra chi bộ không".to_owned(),
                small: "Không đồng ý thì không ai ngoài chi ủy biết.".to_owned(),
                class: "due",
                word,
            }),
            (ConcernState::Answered, _) => Some(Todo {
                href,
                title: "Xem trả lời về tâm tư, nguyện vọng đã nêu".to_owned(),
                small: "Cho biết đã giải quyết xong chưa.".to_owned(),
                class: "due",
                word,
            }),
            _ => None,
        }
    };
    Ok(store::of_person(tx, person)?.iter().filter_map(todo).collect())
}
