//! The preview of an import as a page: counters, questions, every cell with its state, page by page.
//! Touches nothing but the plan. Rules: experience.md "Preview before import".

use domain::code::Code;
use domain::right::Right;
use domain::sheet::{Action, Column};
use domain::vi;
use serde::Deserialize;
use web::form::Form;

use super::Here;
use crate::actor::{Actor, local};
use crate::member::import::{KeptRow, Plan};
use crate::member::page::{ImportLine, Outcome, Preview, Question, Row};
use crate::member::store::import::{Batch, State};
use crate::org::store::Org;
use crate::shell::{Shell, done_words};

/// Rows of one page.
const PAGE: usize = 100;

/// Which rows to show.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Filter {
    xem: Option<String>,
    trang: Option<usize>,
    xong: Option<String>,
}

fn wrote(batch: &Batch) -> String {
    if !matches!(batch.state, State::Accepted | State::Undone) {
        return String::new();
    }
    let w = batch.written();
    let mut parts = Vec::new();
    for (n, words) in [(w.people, "đồng chí mới"), (w.changed, "hồ sơ cập nhật"), (w.cells, "chi bộ mới")] {
        if n > 0 {
            parts.push(vi::count(n, words));
        }
    }
    parts.join(", ")
}

fn moment(at: jiff::Timestamp) -> String {
    let at = local(at);
    format!("{} ngày {}", vi::time_short(at.time()), vi::date(at.date()))
}

/// An import in the list.
pub(super) fn line(batch: &Batch) -> ImportLine {
    let by = batch.by.as_ref().map(|b| format!(", đ/c {b}")).unwrap_or_default();
    ImportLine {
        id: batch.id,
        file: batch.file.clone(),
        state: batch.state.label(),
        class: match batch.state {
            State::Preview => "due",
            State::Accepted => "done",
            State::Undone | State::Dropped => "none",
        },
        when: format!("{}{by}", moment(batch.at)),
        wrote: wrote(batch),
    }
}

fn heading(code: &str) -> String {
    match code {
        "standing" => "Diện".to_owned(),
        other => Column::from_code(other).map_or_else(|| other.to_owned(), |c| c.label().to_owned()),
    }
}

fn class(action: Action) -> &'static str {
    match action {
        Action::New => "done",
        Action::Change => "wait",
        Action::Ask => "due",
        Action::Error => "late",
        Action::Same | Action::Skip => "",
    }
}

/// The filters with the words of the address.
const FILTERS: [(&str, &str); 7] = [
    ("", "Tất cả"),
    ("loi", "Lỗi"),
    ("canh-bao", "Cảnh báo"),
    ("hoi", "Cần quyết định"),
    ("moi", "Mới"),
    ("thay-doi", "Thay đổi"),
    ("bo", "Không ghi"),
];

fn fits(row: &KeptRow, found: bool, filter: &str) -> bool {
    let does = row.does(found);
    match filter {
        "loi" => does == Action::Error,
        "canh-bao" => does != Action::Error && row.warnings(found) > 0,
        "hoi" => does == Action::Ask,
        "moi" => does == Action::New,
        "thay-doi" => does == Action::Change,
        "bo" => matches!(does, Action::Same | Action::Skip),
        _ => true,
    }
}

fn questions(plan: &Plan, form: &Form) -> Vec<Question> {
    plan.rows
        .iter()
        .filter(|r| r.does(plan.found) == Action::Ask)
        .map(|r| {
            let field = format!("dong_{}", r.n);
            let mut answers: Vec<(String, String)> =
                r.candidates.iter().map(|(id, words)| (id.to_string(), format!("Là đồng chí {words}"))).collect();
            answers.push(("moi".to_owned(), "Là người khác: thêm đồng chí mới".to_owned()));
            answers.push(("bo".to_owned(), "Bỏ qua dòng này".to_owned()));
            let mut words = vec![r.values.name.clone()];
            words.extend(r.values.birth_year.map(|y| format!("sinh {y}")));
            words.extend(r.values.admitted.map(|d| format!("vào Đảng {}", vi::date(d))));
            words.extend(r.values.card.as_ref().map(|c| format!("số thẻ {c}")));
            Question { n: r.n, chosen: form.raw(&field).to_owned(), field, text: words.join(", "), answers }
        })
        .collect()
}

/// The words of the button say what will be written.
fn button(plan: &Plan) -> (String, bool) {
    let t = plan.tally();
    let mut parts = Vec::new();
    if t.new + t.ask > 0 {
        parts.push(format!("Nhập {}", vi::count(t.new + t.ask, "đồng chí")));
    }
    if t.changed > 0 {
        let words = vi::count(t.changed, "đồng chí");
        parts.push(if parts.is_empty() { format!("Cập nhật {words}") } else { format!("cập nhật {words}") });
    }
    (parts.join(", "), !parts.is_empty())
}

/// The preview page.
pub(super) fn preview(actor: &Actor, here: Here, org: &Org, batch: &Batch, plan: &Plan, form: Form, filter: &Filter) -> Preview {
    let asked = filter.xem.as_deref().unwrap_or_default();
    let asked = FILTERS.iter().map(|f| f.0).find(|f| *f == asked).unwrap_or_default();
    let chosen: Vec<&KeptRow> = plan.rows.iter().filter(|r| fits(r, plan.found, asked)).collect();
    let count = chosen.len().div_ceil(PAGE).max(1);
    let page = filter.trang.unwrap_or(1).clamp(1, count);
    let mut columns = plan.columns.clone();
    columns.push("standing".to_owned());
    let rows = chosen
        .iter()
        .skip((page - 1) * PAGE)
        .take(PAGE)
        .map(|r| Row {
            n: r.n,
            action: if r.joins && r.does(plan.found) == Action::Change { "Vào chi bộ" } else { r.does(plan.found).label() },
            class: class(r.does(plan.found)),
            reason: r.says(plan.found),
            cells: columns.iter().map(|c| r.shown(c, plan.found)).collect(),
        })
        .collect();
    let address = |xem: &str, trang: usize| format!("{}/{}?xem={xem}&trang={trang}", here.base(), batch.id);
    let filters = FILTERS
        .iter()
        .map(|(code, words)| {
            let n = plan.rows.iter().filter(|r| fits(r, plan.found, code)).count();
            (address(code, 1), format!("{words} ({n})"), *code == asked)
        })
        .collect();
    let (button, anything) = button(plan);
    let shell =
        Shell::new(actor, "Xem trước khi nhập", here.under()).wide().wrong(&form).done(done_words(filter.xong.as_deref()));
    Preview {
        shell: here.crumbs(shell).crumb(here.base(), "Nhập danh sách"),
        name: org.name.clone(),
        base: here.base(),
        id: batch.id,
        file: batch.file.clone(),
        tally: plan.tally(),
        columns: columns.iter().map(|c| heading(c)).collect(),
        ignored: plan.ignored.join(", "),
        from: vi::date(plan.from),
        rows,
        shown: chosen.len(),
        pages: (1..=count).map(|n| (address(asked, n), n, n == page)).collect(),
        filters,
        questions: questions(plan, &form),
        missing: plan.missing(),
        found: plan.found,
        may_found: here.many && actor.may(Right::OrgManage),
        button,
        anything,
    }
}

/// The page of an import that no longer waits.
pub(super) fn outcome(actor: &Actor, here: Here, batch: &Batch, why_not: String, filter: &Filter) -> Outcome {
    let w = batch.written();
    let mut facts = vec![("Trạng thái", batch.state.label().to_owned()), ("Tải lên", moment(batch.at))];
    facts.extend(batch.accepted.map(|at| ("Nhập lúc", moment(at))));
    if matches!(batch.state, State::Accepted | State::Undone) {
        for (label, n) in [
            ("Đồng chí mới", w.people),
            ("Hồ sơ cập nhật", w.changed),
            ("Vào danh sách chi bộ", w.stays),
            ("Chức vụ", w.posts),
            ("Chi bộ mới", w.cells),
            ("Dòng không ghi", w.left),
        ] {
            if n > 0 {
                facts.push((label, vi::number(i64::try_from(n).unwrap_or(i64::MAX))));
            }
        }
    }
    let org = here.org;
    let shell = Shell::new(actor, "Lần nhập danh sách", here.under()).done(done_words(filter.xong.as_deref()));
    Outcome {
        shell: here.crumbs(shell).crumb(here.base(), "Nhập danh sách"),
        base: here.base(),
        id: batch.id,
        file: batch.file.clone(),
        facts,
        accepted: batch.state == State::Accepted,
        why_not,
        list: if here.many { format!("/tc/{org}") } else { format!("/cb/{org}/dang-vien") },
        accounts: if actor.may(Right::AccountManage) && !here.many { format!("/cb/{org}/tai-khoan") } else { String::new() },
    }
}
