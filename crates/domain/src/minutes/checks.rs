//! What must be in order before minutes are adopted and sealed, as a list one can read.
//! Touches the record of the meeting and checks. Rules: section 5.5, KY-04, BQ-10, SM-01, P-30.

use super::{MeetingRecord, Section, SectionKey, has_section};
use crate::refusal::Check;

/// What the page before adopting and sealing needs to know, beside the sections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MinutesFacts<'a> {
    /// All that was recorded.
    pub record: &'a MeetingRecord,
    /// The sections as they were written.
    pub sections: &'a [Section],
    /// Resolutions of the meeting that were neither voted on nor withdrawn.
    pub undecided: u32,
    /// Opinions that were asked to be minuted and do not stand in the text.
    pub unminuted: u32,
}

/// What must be in order before the minutes are adopted and sealed, and what is wise.
pub fn seal_checks(facts: &MinutesFacts<'_>) -> Vec<Check> {
    let record = facts.record;
    let named = |who: &Option<String>| who.as_deref().is_some_and(|n| !n.trim().is_empty());
    let times = matches!((record.opened_at, record.closed_at), (Some(a), Some(b)) if a < b);
    let unmarked = record.tally.unmarked;
    let secret = record.items.iter().filter_map(|i| i.item.check().err());
    let mut out = vec![
        Check::must(
            times,
            "closed_at",
            pick(times, "Đã ghi giờ bắt đầu, giờ kết thúc.", "Chưa ghi đủ giờ bắt đầu, giờ kết thúc."),
        ),
        Check::must(
            named(&record.chair),
            "chair",
            pick(named(&record.chair), "Đã có đồng chí chủ trì.", "Chưa chọn đồng chí chủ trì."),
        ),
        Check::must(
            named(&record.secretary),
            "secretary",
            pick(named(&record.secretary), "Đã có thư ký.", "Chưa cử thư ký ghi biên bản."),
        ),
        Check::must(
            unmarked == 0 && record.tally.total > 0,
            "roll",
            match (record.tally.total, unmarked) {
                (0, _) => "Chưa có danh sách điểm danh.".to_owned(),
                (_, 0) => "Đã điểm danh đủ.".to_owned(),
                (_, n) => format!("Còn {n} đồng chí chưa điểm danh."),
            },
        ),
        Check::must(
            facts.undecided == 0,
            "votes",
            match facts.undecided {
                0 => "Không còn nghị quyết chờ biểu quyết.".to_owned(),
                n => format!("Còn {n} nghị quyết chưa biểu quyết. Hãy ghi kết quả hoặc rút lại."),
            },
        ),
    ];
    out.extend(secret.map(|refusal| Check::must(false, "agenda", refusal.text())));
    out.extend(section_checks(facts));
    out
}

fn pick(done: bool, yes: &str, no: &str) -> String {
    if done { yes } else { no }.to_owned()
}

fn section_checks(facts: &MinutesFacts<'_>) -> Vec<Check> {
    let written = |key: SectionKey| facts.sections.iter().any(|s| s.key == key && !s.text.trim().is_empty());
    let empty: Vec<&str> = facts
        .record
        .items
        .iter()
        .filter(|i| has_section(i.item.step) && !written(SectionKey::Item(i.id)))
        .map(|i| i.item.public_title())
        .collect();
    let attendance = written(SectionKey::Attendance);
    let concluded = written(SectionKey::Conclusion) || facts.record.items.iter().any(|i| !i.conclusion.trim().is_empty());
    let spoken = facts.record.items.iter().any(|i| !i.speeches.is_empty());
    let assigned = !facts.record.assignments.is_empty();
    vec![
        Check::must(attendance, "attendance", pick(attendance, "Đã có phần thành phần.", "Phần thành phần đang trống.")),
        Check::advised(
            empty.is_empty(),
            "items",
            if empty.is_empty() {
                "Các nội dung đều đã được ghi.".to_owned()
            } else {
                format!("Chưa ghi: {}.", empty.join("; "))
            },
        ),
        Check::advised(concluded, "conclusion", pick(concluded, "Đã có kết luận.", "Chưa có kết luận của đồng chí chủ trì.")),
        Check::advised(spoken, "speeches", pick(spoken, "Đã ghi ý kiến phát biểu.", "Chưa ghi ý kiến phát biểu nào.")),
        Check::advised(assigned, "assignments", pick(assigned, "Đã phân công nhiệm vụ.", "Chưa phân công nhiệm vụ nào.")),
        Check::advised(
            facts.unminuted == 0,
            "opinions",
            match facts.unminuted {
                0 => "Không còn ý kiến đề nghị ghi biên bản.".to_owned(),
                n => format!("Còn {n} ý kiến đã phát biểu chưa ghi vào biên bản."),
            },
        ),
    ]
}
