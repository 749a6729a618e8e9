//! What becomes of the words of an item that turns out to be a state secret. Its own words go, and
//! with them every copy the program made; a copy in a text that people wrote stands in the way and
//! is named, so that they take it out themselves. Nothing is flagged while a trace is left.
//! May touch the stores of everything an item's words are copied to. Rules: P-30, BM-02.

use db::Tx;
use domain::agenda::{SECRET_TITLE, Step};
use domain::code::Code;
use domain::minutes::SectionKey;
use domain::refusal::Refusal;
use domain::resolution::ResolutionState;
use domain::rulepack::Library;
use domain::secrecy::Traces;
use domain::vi;

use super::store::{self, Item, Meeting};
use crate::actor::Actor;
use crate::fault::Fault;
use crate::live::store as live;
use crate::member::store as members;
use crate::minutes::{draft, store as minutes};
use crate::notice::store as notices;
use crate::resolution::draft as drafts;
use crate::resolution::store as resolutions;
use crate::score::store as scores;
use crate::task::store as tasks;
use crate::year::store as year;

/// Makes an item a state secret: saves `new`, which holds nothing but its place on paper, and takes
/// the words of `old` out of every place they were copied to.
///
/// # Errors
/// A refusal that names the places people have to mend first; `Conflict` when someone saved first;
/// database faults.
pub fn make(tx: &mut Tx, actor: &Actor, meeting: &Meeting, old: &Item, new: &Item, library: &Library) -> Result<(), Fault> {
    let files = store::files::of_meeting(tx, meeting.org, meeting.id)?.iter().filter(|f| f.item == Some(old.id)).count();
    store::save_item(tx, meeting.org, new, u32::try_from(files).unwrap_or(u32::MAX))?;
    let traces = traces(tx, meeting, old, library)?;
    live::hush_item(tx, meeting.org, meeting.id, old.id)?;
    let mut places = in_resolutions(tx, actor, meeting, old, &traces)?;
    places.extend(in_record(tx, meeting, &traces)?);
    places.extend(in_minutes(tx, meeting, old, &traces)?);
    places.extend(in_plans(tx, meeting, &traces)?);
    places.extend(in_scores(tx, meeting, &traces)?);
    if !places.is_empty() {
        let text = format!(
            "{} có phần chép từ mục này. Hãy sửa hoặc bỏ phần đó trước, rồi đánh dấu nội dung mật.",
            vi::capitalize(&vi::join(&places))
        );
        return Err(Refusal::new("copied", text).into());
    }
    let headings: Vec<String> = store::items(tx, meeting.org, meeting.id)?.into_iter().map(|i| i.title).collect();
    notices::forget_headings(tx, meeting.org, meeting.id, &old.title, &headings, &traces)?;
    notices::opinions::forget_item(tx, meeting.org, meeting.id, old.id, &traces)?;
    minutes::marks::forget(tx, meeting.org, meeting.id, SectionKey::Item(old.id), &traces)?;
    minutes::words::forget(tx, meeting.org, meeting.id, old.id, &traces)?;
    forget_in_minutes(tx, actor, meeting, old, &traces)?;
    let detail = format!("item:{}", old.id);
    Ok(crate::audit::store::record(tx, actor, meeting.org, "item.secret", &store::object(meeting.id), &detail)?)
}

/// Everything that was written on the item. A heading that the rules themselves prescribe tells
/// nothing, and the review of old tasks was copied to the item, not from it.
fn traces(tx: &mut Tx, meeting: &Meeting, old: &Item, library: &Library) -> db::Result<Traces> {
    let rules = library.at(meeting.starts_at.date());
    let prescribed = rules.agenda(meeting.kind.code()).is_some_and(|a| a.steps.iter().any(|s| s.title == old.title));
    let usual = prescribed || Step::ALL.iter().any(|s| s.label() == old.title);
    let topic = old.title.strip_prefix(Step::Topic.label()).map(|t| t.trim_start_matches(':').trim());
    let headings = [old.title.as_str(), topic.unwrap_or_default()];
    let mut texts = vec![old.points.clone(), old.conclusion.clone()];
    if old.step != Step::Review {
        texts.push(old.information.clone());
    }
    for said in live::contributions(tx, meeting.org, meeting.id)?.into_iter().filter(|c| c.item == old.id) {
        texts.push(said.summary);
    }
    texts.extend(notices::opinions::on_item(tx, meeting.org, meeting.id, old.id)?);
    Ok(Traces::of(headings.into_iter().filter(|_| !usual), texts.iter().map(String::as_str)))
}

/// Takes the block that the program copied out of each draft; what people made of it is named.
fn in_resolutions(tx: &mut Tx, actor: &Actor, meeting: &Meeting, old: &Item, traces: &Traces) -> Result<Vec<String>, Fault> {
    let mut places = Vec::new();
    for mut resolution in resolutions::of_meeting(tx, meeting.org, meeting.id)? {
        let direction = drafts::without(&resolution.direction, old);
        if resolution.state == ResolutionState::Draft && direction != resolution.direction {
            let text = resolutions::Text { direction, ..resolution.text() };
            resolutions::save_text(tx, actor, meeting.org, resolution.id, resolution.version, &text)?;
            resolution = resolutions::get(tx, meeting.org, resolution.id)?;
        }
        let reason = resolution.reopen_reason.clone().unwrap_or_default();
        let parts = [
            ("trích yếu", resolution.title.as_str()),
            ("phần I", resolution.assessment.as_str()),
            ("phần II", resolution.direction.as_str()),
            ("phần III", resolution.organising.as_str()),
            ("lý do mở lại", reason.as_str()),
        ];
        let mut found: Vec<String> =
            parts.iter().filter(|(_, text)| traces.are_in(text)).map(|(part, _)| (*part).to_owned()).collect();
        for (n, task) in (1..).zip(tasks::of_resolution(tx, meeting.org, resolution.id)?) {
            let note = task.cause_note.clone().unwrap_or_default();
            let next = task.next_step.clone().unwrap_or_default();
            let mut copied =
                [&task.content, &task.requirement, &task.measure, &note, &next].iter().any(|text| traces.are_in(text));
            copied = copied || tasks::events(tx, meeting.org, task.id)?.iter().any(|e| traces.are_in(&e.body));
            if copied {
                found.push(format!("nhiệm vụ thứ {n}"));
            }
        }
        if found.is_empty() {
            continue;
        }
        let title = if traces.are_in(&resolution.title) { "của buổi này".to_owned() } else { resolution.title.clone() };
        match resolution.state {
            ResolutionState::Draft => places.push(format!("dự thảo Nghị quyết {title} ({})", vi::join(&found))),
            ResolutionState::Adopted => {
                places.push(format!("Nghị quyết {title} đã thông qua, phải mở lại để sửa ({})", vi::join(&found)))
            }
            ResolutionState::Sealed => return Err(final_words(&title).into()),
        }
    }
    Ok(places)
}

fn final_words(title: &str) -> Refusal {
    Refusal::new(
        "copied_for_good",
        format!(
            "Nghị quyết {title} đã ban hành có phần chép từ mục này, phần mềm không sửa được văn bản đã ban hành. \
             Hãy báo cáo cấp ủy cấp trên để xử lý theo quy định về bảo vệ bí mật nhà nước."
        ),
    )
}

/// Questions of votes, and what was noted on other items.
fn in_record(tx: &mut Tx, meeting: &Meeting, traces: &Traces) -> db::Result<Vec<String>> {
    let mut places = Vec::new();
    for (n, vote) in (1..).zip(live::votes(tx, meeting.org, meeting.id)?) {
        if traces.are_in(&vote.question) {
            places.push(format!("nội dung biểu quyết lần thứ {n}"));
        }
    }
    let items = store::items(tx, meeting.org, meeting.id)?;
    for said in live::contributions(tx, meeting.org, meeting.id)?.iter().filter(|c| traces.are_in(&c.summary)) {
        let position = items.iter().find(|i| i.id == said.item).map_or(0, |i| i.position);
        places.push(format!("ý kiến của đồng chí {} ở mục {position}", members::name(tx, said.person)?));
    }
    let own = items.iter().map(|item| (meeting.title.clone(), item.clone()));
    let all: Vec<(String, Item)> = own.chain(store::items_of_later(tx, meeting.org, meeting.id)?).collect();
    for (title, item) in all {
        if [&item.title, &item.points, &item.information, &item.conclusion].iter().any(|text| traces.are_in(text)) {
            places.push(format!("mục {} của {title}", item.position));
        }
    }
    Ok(places)
}

/// Sections of the minutes that people wrote.
fn in_minutes(tx: &mut Tx, meeting: &Meeting, old: &Item, traces: &Traces) -> db::Result<Vec<String>> {
    let own = SectionKey::Item(old.id).code();
    let mut places = Vec::new();
    for row in minutes::sections(tx, meeting.org, meeting.id)?.into_iter().filter(minutes::Row::is_edited) {
        if row.section == own && !row.body.trim().is_empty() {
            places.push(format!("phần ghi mục {} trong biên bản", old.position));
        } else if row.section != own && traces.are_in(&row.body) {
            places.push(format!("phần “{}” của biên bản", row.title));
        }
    }
    Ok(places)
}

/// The meeting's own headline and what the year had planned for its kỳ.
fn in_plans(tx: &mut Tx, meeting: &Meeting, traces: &Traces) -> db::Result<Vec<String>> {
    let mut places = Vec::new();
    if traces.are_in(&meeting.title) || meeting.topic.as_deref().is_some_and(|t| traces.are_in(t)) {
        places.push("tên, chuyên đề của buổi sinh hoạt".to_owned());
    }
    for period in store::periods(tx, meeting.org, meeting.id)? {
        let plan = year::plan(tx, meeting.org, period)?;
        if [plan.topic, plan.aim, plan.questions, plan.reason].iter().flatten().any(|text| traces.are_in(text)) {
            places.push(format!("kế hoạch của {}", period.name()));
        }
    }
    Ok(places)
}

/// Reasons on the score sheet.
fn in_scores(tx: &mut Tx, meeting: &Meeting, traces: &Traces) -> db::Result<Vec<String>> {
    let all = scores::of_meeting(tx, meeting.org, meeting.id)?;
    let lines = all.iter().filter_map(scores::Score::kept).flat_map(|k| k.lines);
    Ok(lines.filter(|l| traces.are_in(&l.reason)).map(|l| format!("lý do ở tiêu chí {} của bảng điểm", l.id)).collect())
}

/// Sections nobody wrote in are drafted anew; of what they said before, the copied lines go.
fn forget_in_minutes(tx: &mut Tx, actor: &Actor, meeting: &Meeting, old: &Item, traces: &Traces) -> Result<(), Fault> {
    let (org, id, own) = (meeting.org, meeting.id, SectionKey::Item(old.id));
    if meeting.state.is_recording() && !minutes::sections(tx, org, id)?.is_empty() {
        draft::renew(tx, actor, org, id)?;
        let now = draft::load(tx, org, id)?;
        let fresh = now.fresh.iter().find(|s| s.key == own);
        let row = now.rows.iter().find(|(key, _)| *key == own).map(|(_, row)| row);
        if let (Some(fresh), Some(row)) = (fresh, row) {
            let text = minutes::NewText { body: &fresh.text, by: minutes::NOBODY, save_key: None };
            let version =
                if row.body == fresh.text { row.version } else { minutes::replace(tx, actor, org, id, own, row.version, &text)? };
            minutes::retitle(tx, org, id, own, SECRET_TITLE)?;
            minutes::forget_before(tx, org, id, own, version)?;
        }
    }
    Ok(minutes::cut_history(tx, org, id, traces, SECRET_TITLE)?)
}
