//! Cases in words: the facts line by line, what they amount to, what waits for whom.
//! Pure but for the todo lists, which read counts. Rules: DD-06, DD-11, experience.md 2.

use db::Tx;
use domain::absence::{self as rules, CaseState, Level, Standing, Verdict};
use domain::id::{OrgId, PersonId};
use domain::period::PeriodKey;
use domain::roll::Mark;
use domain::rulepack::Rules;
use domain::vi;
use jiff::civil::Date;

use super::act::{self, Whole};
use super::page::{FactLine, Met};
use super::store::{self, Case, Seen};
use crate::actor::local;
use crate::home::page::Todo;
use crate::meeting::store::Serving;
use crate::year::strip::cite;

/// Days after its confirmation in which a notice stands on the first page of its member.
const READ_DAYS: i64 = 30;

/// State class of a case.
pub fn class(state: CaseState) -> &'static str {
    match state {
        CaseState::Hearing => "wait",
        CaseState::Drafted => "due",
        CaseState::Confirmed => "done",
        CaseState::Closed => "none",
    }
}

/// State class of what follows.
pub fn level_class(level: Level) -> &'static str {
    match level {
        Level::Fine => "none",
        Level::Warning => "due",
        Level::Review => "late",
    }
}

fn low(text: &str) -> String {
    crate::resolution::seal::lower(text)
}

/// The names of kỳ in a sentence.
fn named(standing: &Standing) -> String {
    let names: Vec<String> = standing.unexcused.iter().map(|k| format!("tháng {}", k.number)).collect();
    vi::join(&names)
}

/// The rules the chain follows.
pub fn cites(rules: &Rules) -> Vec<String> {
    [act::WARN, act::REVIEW, act::EXCUSED, act::HEAR].iter().filter_map(|k| rules.figure(k)).map(cite).collect()
}

/// What the facts of a case amount to.
pub fn sum(whole: &Whole) -> String {
    let standing = &whole.facts.standing;
    match standing.unexcused.len() {
        0 => "Theo biên bản đã khóa và các bản đính chính, không có kỳ nào vắng không có lý do.".to_owned(),
        n => format!("Vắng không có lý do {n} kỳ thường kỳ trong năm {}: {}. {}.", whole.case.year, named(standing), whole.level),
    }
}

/// The facts of a case, one line for each meeting; `minutes` says whether the reader may open them.
pub fn facts(whole: &Whole, minutes: bool) -> Vec<FactLine> {
    let open = whole.contestable();
    let live = whole.case.state == CaseState::Hearing;
    let mut out: Vec<FactLine> = Vec::new();
    for seen in &whole.facts.seen {
        let id = seen.entry.meeting.to_string();
        if let Some(line) = out.last_mut().filter(|l| l.meeting == id) {
            line.period.push_str(&format!(", {}", low(&seen.entry.period.short_name())));
            line.missed |= whole.facts.standing.unexcused.contains(&seen.entry.period);
            continue;
        }
        let objection = whole.objections.iter().find(|o| o.meeting == seen.entry.meeting);
        let mut line = FactLine {
            href: match (minutes, seen.sealed) {
                (true, Some(issued)) => format!("/cb/{}/van-ban/{issued}", whole.case.org),
                _ => String::new(),
            },
            title: seen.title.clone(),
            period: seen.entry.period.short_name(),
            day: vi::date(seen.starts_at.date()),
            class: mark_class(seen.entry.mark),
            mark: mark_words(seen),
            reply: reply(seen),
            missed: whole.facts.standing.unexcused.contains(&seen.entry.period),
            open: live && open.contains(&seen.entry.meeting),
            meeting: id,
            ..FactLine::default()
        };
        if let Some(o) = objection {
            line.objection = o.id.to_string();
            line.claim = o.claim.to_string();
            line.words.clone_from(&o.words);
            line.verdict = o.verdict.map(|v| v.to_string()).unwrap_or_default();
            line.verdict_class = if o.verdict == Some(Verdict::Upheld) { "done" } else { "none" };
            line.reason = o.reason.clone().unwrap_or_default();
            line.corrected = match (minutes, o.issued) {
                (true, Some(issued)) => format!("/cb/{}/van-ban/{issued}", whole.case.org),
                _ => String::new(),
            };
        }
        out.push(line);
    }
    out
}

fn mark_class(mark: Option<Mark>) -> &'static str {
    match mark {
        Some(Mark::Present | Mark::Online) => "done",
        Some(Mark::Excused) => "due",
        Some(Mark::Unexcused) => "late",
        Some(Mark::Exempt | Mark::Away | Mark::Suspended) | None => "none",
    }
}

fn mark_words(seen: &Seen) -> String {
    let words = seen.entry.mark.map_or_else(|| "Chưa điểm danh".to_owned(), |m| m.to_string());
    if seen.corrected.is_some() { format!("{words} (theo bản đính chính)") } else { words }
}

/// What the member had answered to the notice of the meeting.
fn reply(seen: &Seen) -> String {
    match &seen.reply {
        None => "Không trả lời thông báo".to_owned(),
        Some((answer, _)) if answer == "coming" => "Đã báo sẽ dự".to_owned(),
        Some((_, Some(decision))) if decision == "granted" => "Đã xin vắng, được đồng ý".to_owned(),
        Some((_, Some(_))) => "Đã xin vắng, không được đồng ý".to_owned(),
        Some((_, None)) => "Đã xin vắng, chưa có quyết định".to_owned(),
    }
}

/// How far the member is.
pub fn heard(whole: &Whole, today: Date) -> String {
    let case = &whole.case;
    let seen =
        if case.seen_at.is_some() { "Đồng chí đã mở xem số liệu" } else { "Đồng chí chưa mở xem số liệu" };
    let words = match (case.content_at.is_some(), whole.objections.len()) {
        (true, 0) => ", không có ý kiến khác",
        (_, 0) => ", chưa nêu ý kiến",
        _ => ", đã nêu ý kiến",
    };
    let until = vi::date(case.hear_until);
    let left = if case.hear_until >= today {
        format!("Thời hạn nêu ý kiến: hết ngày {until}")
    } else {
        format!("Thời hạn nêu ý kiến đã hết ngày {until}")
    };
    format!("{seen}{words}. {left}.")
}

/// A case in a list, for chi ủy.
pub fn row(base: &str, case: &Case, waiting: i64, today: Date) -> Todo {
    let small = match case.state {
        CaseState::Hearing if waiting > 0 => format!("{waiting} ý kiến chờ chi ủy quyết định."),
        CaseState::Hearing if case.content_at.is_some() => "Đồng chí đã xem, không có ý kiến khác.".to_owned(),
        CaseState::Hearing if case.hear_until < today => "Đã hết thời hạn nêu ý kiến.".to_owned(),
        CaseState::Hearing => format!("Đồng chí được nêu ý kiến đến hết ngày {}.", vi::date(case.hear_until)),
        CaseState::Drafted => "Chờ đồng chí Bí thư xác nhận hoặc khép lại.".to_owned(),
        CaseState::Confirmed => "Đồng chí và chi ủy xem được thông báo.".to_owned(),
        CaseState::Closed => case.reason.clone().unwrap_or_default(),
    };
    Todo {
        href: format!("{base}/{}", case.id),
        title: format!("đ/c {}, năm {}", case.name, case.year),
        small,
        class: class(case.state),
        word: case.state.to_string(),
    }
}

/// What the sealed rolls of a year say of everybody who may be concerned.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Who is to be talked with: person, name, how they stand, what follows.
    pub met: Vec<(PersonId, String, Standing, Level)>,
    /// Who was excused many times in a row.
    pub often: Vec<(String, u32)>,
}

/// Judges a year of a cell, in the order of names.
///
/// # Errors
/// Database faults only.
pub fn asked(tx: &mut Tx, rules: &Rules, org: OrgId, year: i16) -> db::Result<Asked> {
    let figures = act::figures(rules);
    let at_least = figures.warn_months.min(figures.excused_in_a_row.unwrap_or(u32::MAX)).max(1);
    let people = store::often_marked(tx, org, year, &[Mark::Unexcused, Mark::Excused], at_least)?;
    let mut by_person: Vec<(PersonId, String, Vec<rules::Entry>)> = Vec::new();
    for (person, name, entry) in store::entries(tx, org, year, &people)? {
        match by_person.last_mut().filter(|p| p.0 == person) {
            Some(last) => last.2.push(entry),
            None => by_person.push((person, name, vec![entry])),
        }
    }
    let mut out = Asked::default();
    for (person, name, entries) in by_person {
        let standing = Standing::of(&rules::months(&entries, year));
        if standing.often_excused(&figures) {
            out.often.push((name.clone(), standing.excused_run));
        }
        let level = standing.level(&figures);
        if level != Level::Fine {
            out.met.push((person, name, standing, level));
        }
    }
    Ok(out)
}

/// Those of [`asked`] as a list shows them.
pub fn met(asked: &Asked) -> Vec<Met> {
    let one = |(person, name, standing, level): &(PersonId, String, Standing, Level)| Met {
        person: person.to_string(),
        name: name.clone(),
        text: format!("Vắng không có lý do {} kỳ: {}.", standing.unexcused.len(), named(standing)),
        class: level_class(*level),
        word: level.to_string(),
    };
    asked.met.iter().map(one).collect()
}

/// What waits for chi ủy, for the task list, `meetings` being those of the year's kỳ; no name stands in it.
///
/// # Errors
/// Database faults only.
pub fn todos(
    tx: &mut Tx,
    rules: &Rules,
    (org, meetings): (OrgId, &[(PeriodKey, Serving)]),
    today: Date,
) -> db::Result<Vec<Todo>> {
    let base = format!("/cb/{org}/xet-vang");
    let waits = store::waits(tx, org, today)?;
    let cases = store::of_year(tx, org, today.year())?;
    // Absences with a reason ask for nothing to be done.
    let figures = act::figures(rules);
    let gone = store::without_reason(tx, org, today.year(), meetings)?;
    let met = |entries: &[rules::Entry]| Standing::of(&rules::months(entries, today.year())).level(&figures) != Level::Fine;
    let fresh = gone.iter().filter(|(person, entries)| !cases.contains(person) && met(entries)).count();
    let mut out = Vec::new();
    let mut push = |n: i64, title: String, small: &str| {
        if n > 0 {
            out.push(Todo { href: base.clone(), title, small: small.to_owned(), class: "due", word: "Cần làm".to_owned() });
        }
    };
    push(
        i64::try_from(fresh).unwrap_or(0),
        format!("Trao đổi với {fresh} đồng chí về việc dự sinh hoạt"),
        "Vắng không có lý do nhiều kỳ theo biên bản đã khóa. Đồng chí đó được xem số liệu và nêu ý kiến trước.",
    );
    push(
        waits.objections,
        format!("Quyết định {} ý kiến về điểm danh", waits.objections),
        "Đồng chí được xem xét đã nêu ý kiến.",
    );
    push(waits.heard, format!("Dự thảo hoặc khép lại {} việc dự sinh hoạt", waits.heard), "Đồng chí đã được nêu ý kiến xong.");
    push(
        waits.drafted,
        format!("Xác nhận {} thông báo về việc dự sinh hoạt", waits.drafted),
        "Chưa ai ngoài chi ủy xem được dự thảo.",
    );
    Ok(out)
}

/// What waits for a member in the own cases.
///
/// # Errors
/// Database faults only.
pub fn own_todos(tx: &mut Tx, person: PersonId, today: Date) -> db::Result<Vec<Todo>> {
    let todo = |c: &Case| {
        let href = format!("/toi/xet-vang/{}", c.id);
        let lately = c.decided_at.is_some_and(|at| local(at).date().duration_until(today).as_hours() / 24 <= READ_DAYS);
        match c.state {
            CaseState::Hearing if c.content_at.is_none() && c.hear_until >= today => Some(Todo {
                href,
                title: format!("Xem số liệu dự sinh hoạt năm {} và nêu ý kiến", c.year),
                small: format!("Đến hết ngày {}, {}.", vi::date(c.hear_until), vi::days_left(today, c.hear_until)),
                class: "due",
                word: "Chờ đồng chí".to_owned(),
            }),
            CaseState::Confirmed if lately => Some(Todo {
                href,
                title: format!("Đọc thông báo về việc dự sinh hoạt năm {}", c.year),
                small: "Chỉ đồng chí và chi ủy xem được.".to_owned(),
                class: "wait",
                word: "Đã thông báo".to_owned(),
            }),
            _ => None,
        }
    };
    Ok(store::of_person(tx, person)?.iter().filter_map(todo).collect())
}

/// Every case of a member, for the own page.
///
/// # Errors
/// Database faults only.
pub fn own_cases(tx: &mut Tx, person: PersonId) -> db::Result<Vec<Todo>> {
    let line = |c: &Case| {
        // A draft is chi ủy's alone.
        let word = if c.state == CaseState::Drafted { "Chi ủy đang xem xét".to_owned() } else { c.state.to_string() };
        Todo {
            href: format!("/toi/xet-vang/{}", c.id),
            title: format!("Năm {}", c.year),
            small: String::new(),
            class: if c.state == CaseState::Drafted { "wait" } else { class(c.state) },
            word,
        }
    };
    Ok(store::of_person(tx, person)?.iter().map(line).collect())
}
