//! The agenda of a meeting: its items, what comes back from last time, what is wise about it.
//! Touches meeting kinds, tasks and refusals. Rules: section 2.3, SM-03, SH-04…SH-06, BM-02, P-30.

use crate::meeting::{self, MeetingKind};
use crate::refusal::{Advice, Refusal};
use crate::task::{TaskFact, review};
use crate::vi;
use jiff::civil::Date;

crate::codes! {
    /// The part of a meeting an item stands in.
    pub enum Part {
        /// Before the content.
        Opening = "opening" / "Phần mở đầu",
        /// The regular content.
        Content = "content" / "Phần nội dung",
        /// The topic of a thematic meeting.
        Thematic = "thematic" / "Phần chuyên đề",
        /// After the content.
        Closing = "closing" / "Phần kết thúc",
    }
}

crate::codes! {
    /// The step of the prescribed order that an item fulfils.
    pub enum Step {
        /// Step 1.
        Welcome = "welcome" / "Tuyên bố lý do, giới thiệu đại biểu",
        /// Step 2.
        Secretary = "secretary" / "Cử thư ký",
        /// Step 3.
        Roll = "roll" / "Điểm danh",
        /// Step 4.
        Attendance = "attendance" / "Báo cáo số đảng viên có mặt, vắng mặt",
        /// Step 5.
        Dues = "dues" / "Thông báo tình hình nộp đảng phí",
        /// Step 6.
        Agenda = "agenda" / "Thông qua chương trình",
        /// Step 7, first: how the last resolution was carried out.
        Review = "review" / "Kiểm điểm việc thực hiện nghị quyết kỳ trước",
        /// Step 7: news, documents, next month's tasks.
        Report = "report" / "Báo cáo nội dung sinh hoạt",
        /// Step 8.
        Evaluation = "evaluation" / "Đánh giá kết quả thực hiện nhiệm vụ của đảng viên",
        /// Step 9.
        Discussion = "discussion" / "Thảo luận",
        /// Step 10.
        Criticism = "criticism" / "Tự phê bình và phê bình",
        /// Step 11.
        Synthesis = "synthesis" / "Tổng hợp, tiếp thu ý kiến",
        /// Step 12.
        Assignment = "assignment" / "Phân công nhiệm vụ",
        /// Step 13.
        Conclusion = "conclusion" / "Kết luận, biểu quyết thông qua nghị quyết",
        /// Step 14.
        Score = "score" / "Đánh giá chất lượng buổi sinh hoạt",
        /// Step 15.
        Minutes = "minutes" / "Thông qua biên bản",
        /// Thematic: purpose and demands.
        TopicPurpose = "topic_purpose" / "Nêu mục đích, yêu cầu của chuyên đề",
        /// Thematic: the topic itself.
        Topic = "topic" / "Trình bày chuyên đề",
        /// Outside the prescribed order.
        Other = "other" / "Nội dung khác",
    }
}

/// One item of an agenda.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The part of the meeting.
    pub part: Part,
    /// The step of the prescribed order.
    pub step: Step,
    /// Its heading.
    pub title: String,
    /// Who presents it, as shown.
    pub presenter: Option<String>,
    /// How long it is meant to take.
    pub minutes: u32,
    /// Points the chair raises for discussion.
    pub points: String,
    /// What the item informs of.
    pub information: String,
    /// How many files hang on it.
    pub files: u32,
    /// Whether its content is a state secret and stands on paper only.
    pub secret: bool,
    /// Where in the paper book a secret item is written.
    pub paper_ref: String,
    /// Whether it was put off to the next meeting.
    pub postponed: bool,
}

impl Item {
    /// An item of a step with nothing else said.
    pub fn new(part: Part, step: Step, title: impl Into<String>) -> Self {
        Self {
            part,
            step,
            title: title.into(),
            presenter: None,
            minutes: 0,
            points: String::new(),
            information: String::new(),
            files: 0,
            secret: false,
            paper_ref: String::new(),
            postponed: false,
        }
    }

    /// The heading that may be shown, sent and printed: a secret item has none of its own.
    pub fn public_title(&self) -> &str {
        if self.secret { SECRET_TITLE } else { &self.title }
    }

    /// Whether the item may be kept as it is (P-30, BM-02): of a secret item only the place in the
    /// paper book.
    ///
    /// # Errors
    /// When a secret item holds text or files or no place, or another item has no heading.
    pub fn check(&self) -> Result<(), Refusal> {
        if !self.secret {
            if self.title.trim().is_empty() {
                return Err(Refusal::missing("title", "tên nội dung"));
            }
            return Ok(());
        }
        let says_nothing = self.title.trim().is_empty() || self.title == SECRET_TITLE;
        let texts = [&self.points, &self.information];
        if !says_nothing || texts.iter().any(|t| !t.trim().is_empty()) {
            return Err(Refusal::new(
                "secret_text",
                "Nội dung mật không được ghi vào phần mềm. Hãy xóa nội dung đã nhập và ghi riêng vào sổ giấy theo quy định.",
            )
            .at("points"));
        }
        if self.files > 0 {
            return Err(
                Refusal::new("secret_file", "Nội dung mật không được kèm tài liệu trong phần mềm. Hãy gỡ tài liệu.").at("files")
            );
        }
        if self.paper_ref.trim().is_empty() {
            return Err(Refusal::missing("paper_ref", "số sổ, trang ghi nội dung mật"));
        }
        Ok(())
    }
}

/// What everyone may read of a secret item.
pub const SECRET_TITLE: &str = "Nội dung theo quy định về bảo vệ bí mật nhà nước";

/// How long all items take together.
pub fn total_minutes(items: &[Item]) -> u32 {
    items.iter().fold(0, |sum, i| sum.saturating_add(i.minutes))
}

/// The text of the item that reviews the last resolution: how the tasks stand, then each one that is
/// not over or was done late, with state, deadline, cause, responsibility, next step and the day asked
/// for (SM-03).
pub fn review_item(tasks: &[TaskFact], today: Date) -> String {
    let mut lines = vec![format!("Kết quả: {}.", review(tasks, today).text())];
    let mut live: Vec<&TaskFact> = tasks.iter().filter(|t| t.state.is_live() || t.was_late()).collect();
    live.sort_by_key(|t| (t.deadline.is_none(), t.deadline, t.task));
    live.dedup_by_key(|t| t.task);
    lines.extend(live.iter().map(|t| task_line(t, today)));
    lines.join("\n")
}

fn task_line(task: &TaskFact, today: Date) -> String {
    let deadline = match task.deadline {
        Some(d) => format!("thời hạn {}", vi::date(d)),
        None => "chưa có thời hạn".to_owned(),
    };
    let state = match (task.is_overdue(today), task.is_late(today)) {
        (true, _) => "quá hạn".to_owned(),
        (false, true) => format!("{}, chậm so với thời hạn", vi_lower(&task.state.to_string())),
        (false, false) => vi_lower(&task.state.to_string()),
    };
    let mut line = format!("- {} (đồng chí {}, {deadline}): {state}", task.content.trim().trim_end_matches('.'), task.doer);
    if let Some(cause) = task.cause {
        line.push_str(&format!("; nguyên nhân: {}", vi_lower(&cause.to_string())));
    }
    if let Some(on) = task.responsibility {
        line.push_str(&format!("; trách nhiệm: {}", vi_lower(&on.to_string())));
    }
    let next = task.next_step.trim().trim_end_matches('.');
    if !next.is_empty() {
        line.push_str(&format!("; bước tiếp theo: {}", vi_lower(next)));
    }
    if let Some(day) = task.proposed.filter(|_| task.state.is_live()) {
        line.push_str(&format!("; đề xuất thời hạn mới: {}", vi::date(day)));
    }
    if task.lacks_cause(today) {
        line.push_str("; chưa ghi nguyên nhân");
    }
    line.push('.');
    line
}

/// A label inside a sentence: the first letter small.
pub(crate) fn vi_lower(label: &str) -> String {
    let mut chars = label.chars();
    match chars.next() {
        Some(first) => first.to_lowercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// The next meeting's agenda from the last one's: the same order, presenters and times; what was
/// said about the old items goes, save for items put off, which come back whole. A secret item
/// comes back only if put off, for its place in the book is its own.
pub fn from_last(last: &[Item]) -> Vec<Item> {
    last.iter()
        .filter(|i| i.postponed || (!i.secret && i.step != Step::Other))
        .map(|i| {
            let mut next = i.clone();
            next.postponed = false;
            if !i.postponed {
                next.points.clear();
                next.information.clear();
                next.files = 0;
            }
            next
        })
        .collect()
}

/// What is unwise about an agenda. Never blocks.
pub fn advice(kind: MeetingKind, items: &[Item], live_tasks: u32, figures: &meeting::Figures) -> Vec<Advice> {
    let mut out = Vec::new();
    let total = total_minutes(items);
    if total > 0 {
        out.extend(meeting::length_advice(kind, total, figures));
    }
    let has = |step: Step| items.iter().any(|i| i.step == step);
    if kind.serves_regular() && live_tasks > 0 && !has(Step::Review) {
        out.push(Advice::new(
            "SM-03",
            format!("Chương trình chưa có mục kiểm điểm nghị quyết kỳ trước; còn {live_tasks} nhiệm vụ chưa kết thúc."),
        ));
    }
    if kind.serves_period() && !has(Step::Discussion) {
        out.push(Advice::new("M12", "Chương trình chưa dành thời gian thảo luận."));
    }
    if kind.serves_thematic() && !has(Step::Topic) {
        out.push(Advice::new("CB-06", "Chương trình chưa có mục trình bày chuyên đề."));
    }
    if kind == MeetingKind::Combined && !one_after_the_other(items) {
        out.push(Advice::new("SH-04", "Phần thường kỳ và phần chuyên đề phải tiến hành lần lượt, không xen kẽ."));
    }
    out
}

/// Whether the regular and the thematic part each stand in one piece.
fn one_after_the_other(items: &[Item]) -> bool {
    let mut parts: Vec<Part> = items.iter().map(|i| i.part).filter(|p| matches!(p, Part::Content | Part::Thematic)).collect();
    parts.dedup();
    parts.len() <= 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::TaskId;
    use crate::task::{Cause, Responsibility, TaskState};
    use jiff::civil::date;

    const FIGURES: meeting::Figures = meeting::Figures { single: 90, combined: 120 };

    fn item(part: Part, step: Step, minutes: u32) -> Item {
        Item { minutes, ..Item::new(part, step, step.to_string()) }
    }

    fn task(n: i64, state: TaskState, deadline: Option<Date>) -> TaskFact {
        TaskFact {
            task: TaskId::new(n),
            content: format!("Việc {n}."),
            doer: "Nguyễn Văn An".into(),
            state,
            deadline,
            done_on: None,
            cause: None,
            responsibility: None,
            next_step: String::new(),
            proposed: None,
            explained_for: None,
        }
    }

    #[test]
    fn the_review_item_says_how_each_open_task_stands() {
        let mut late = task(1, TaskState::Open, Some(date(2026, 11, 20)));
        late.cause = Some(Cause::Resources);
        late.responsibility = Some(Responsibility::Circumstance);
        late.next_step = "Tăng một đồng chí.".into();
        late.proposed = Some(date(2026, 12, 20));
        let mut done = task(4, TaskState::Done, Some(date(2026, 11, 1)));
        done.done_on = Some(date(2026, 11, 5));
        let tasks = [task(2, TaskState::Reported, None), late, task(3, TaskState::Done, Some(date(2026, 11, 1))), done];
        assert_eq!(
            review_item(&tasks, date(2026, 12, 3)),
            "Kết quả: 4 nhiệm vụ: 2 đã xác nhận, 1 chờ kiểm tra, 1 quá hạn.\n\
             - Việc 4 (đồng chí Nguyễn Văn An, thời hạn 01/11/2026): đã hoàn thành, chậm so với thời hạn; chưa ghi nguyên nhân.\n\
             - Việc 1 (đồng chí Nguyễn Văn An, thời hạn 20/11/2026): quá hạn; nguyên nhân: nguồn lực; trách nhiệm: do khách quan; \
             bước tiếp theo: tăng một đồng chí; đề xuất thời hạn mới: 20/12/2026.\n\
             - Việc 2 (đồng chí Nguyễn Văn An, chưa có thời hạn): chờ xác nhận."
        );
        let mut turned: Vec<TaskFact> = tasks.iter().rev().cloned().collect();
        turned.extend(tasks.clone());
        let day = date(2026, 12, 3);
        assert_eq!(review_item(&turned, day), review_item(&tasks, day));
    }

    #[test]
    fn a_secret_item_holds_nothing_but_its_place_on_paper() {
        let secret = Item {
            secret: true,
            title: String::new(),
            paper_ref: "Sổ mật số 2, trang 14".into(),
            ..item(Part::Content, Step::Report, 15)
        };
        assert!(secret.check().is_ok());
        assert_eq!(secret.public_title(), SECRET_TITLE);
        let refused = |i: &Item| i.check().err().map(|r| r.field);
        let named = Item { title: "Phương án".into(), ..secret.clone() };
        assert_eq!(refused(&named), Some(Some("points")));
        assert_eq!(named.public_title(), SECRET_TITLE);
        let said = Item { points: "x".into(), ..secret.clone() };
        assert_eq!(refused(&said), Some(Some("points")));
        let informed = Item { information: "x".into(), ..secret.clone() };
        assert_eq!(refused(&informed), Some(Some("points")));
        let filed = Item { files: 1, ..secret.clone() };
        assert_eq!(refused(&filed), Some(Some("files")));
        let nowhere = Item { paper_ref: " ".into(), ..secret };
        assert_eq!(refused(&nowhere), Some(Some("paper_ref")));
    }

    #[test]
    fn the_next_agenda_keeps_the_order_and_what_was_put_off() {
        let mut report = item(Part::Content, Step::Report, 20);
        report.points = "cũ".into();
        report.presenter = Some("Trần Thị Bình".into());
        let mut put_off = item(Part::Content, Step::Other, 10);
        put_off.postponed = true;
        put_off.points = "bàn tiếp".into();
        let once = item(Part::Content, Step::Other, 5);
        let secret = Item { secret: true, ..item(Part::Content, Step::Report, 5) };
        let next = from_last(&[report, put_off, once, secret]);
        assert_eq!(next.len(), 2);
        assert_eq!(next[0].points, "");
        assert_eq!(next[0].presenter.as_deref(), Some("Trần Thị Bình"));
        assert_eq!((next[1].points.as_str(), next[1].postponed), ("bàn tiếp", false));
    }

    #[test]
    fn advice_on_agendas_by_table() {
        use Part::{Closing, Content, Opening, Thematic};
        let regular = vec![item(Opening, Step::Welcome, 5), item(Content, Step::Review, 25), item(Content, Step::Discussion, 60)];
        let combined = vec![
            item(Content, Step::Review, 40),
            item(Content, Step::Discussion, 40),
            item(Thematic, Step::Topic, 40),
            item(Closing, Step::Conclusion, 10),
        ];
        let mut mixed = combined.clone();
        mixed.swap(1, 2);
        type Row<'a> = (&'a str, MeetingKind, &'a [Item], u32, &'a [&'a str]);
        let table: [Row<'_>; 7] = [
            ("in order", MeetingKind::Regular, &regular, 3, &[]),
            ("short", MeetingKind::Regular, &regular[..2], 3, &["SH-05", "M12"]),
            ("no review", MeetingKind::Regular, &regular[2..], 3, &["SH-05", "SM-03"]),
            ("nothing to review", MeetingKind::Regular, &regular[2..], 0, &["SH-05"]),
            ("both in order", MeetingKind::Combined, &combined, 3, &[]),
            ("mixed", MeetingKind::Combined, &mixed, 3, &["SH-04"]),
            ("no topic", MeetingKind::Thematic, &regular, 3, &["CB-06"]),
        ];
        for (what, kind, items, live, rules) in table {
            let got: Vec<_> = advice(kind, items, live, &FIGURES).iter().map(|a| a.rule).collect();
            assert_eq!(got, rules, "{what}");
        }
    }
}
