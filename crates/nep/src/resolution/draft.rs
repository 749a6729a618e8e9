//! The first text of a resolution, from what the meeting recorded, so that nothing is typed twice.
//! May touch domain rules and rows already read. Rules: M15, SM-01, SM-03, regulations.md 5.5.

use domain::agenda::{Step, review_item};
use domain::meeting::MeetingKind;
use domain::task::TaskFact;
use jiff::civil::Date;

use super::store::Text;
use crate::meeting::store::{Item, Meeting};

/// What a new draft says: I from the review of the last tasks, II from the conclusions.
pub fn first_text(meeting: &Meeting, items: &[Item], reviewed: &[TaskFact], today: Date) -> Text {
    let assessment = if reviewed.is_empty() {
        String::new()
    } else {
        format!("Việc thực hiện nghị quyết kỳ trước.\n{}", review_item(reviewed, today))
    };
    Text {
        title: title(meeting),
        assessment,
        direction: conclusions(items).into_iter().map(|(_, text)| format!("- {text}")).collect::<Vec<_>>().join("\n"),
        organising:
            "Các đồng chí được phân công tổ chức thực hiện và báo cáo kết quả trước thời hạn. Đồng chí được giao kiểm tra \
                     xác nhận kết quả; chi bộ kiểm điểm việc thực hiện ở kỳ sinh hoạt sau."
                .to_owned(),
    }
}

fn title(meeting: &Meeting) -> String {
    let day = meeting.starts_at.date();
    match (meeting.kind, meeting.topic.as_deref().map(str::trim)) {
        (MeetingKind::Thematic, Some(topic)) if !topic.is_empty() => format!("về chuyên đề “{topic}”"),
        _ => format!("về nhiệm vụ tháng {} năm {}", day.month(), day.year()),
    }
}

/// Part II without the block that was copied from an item's conclusion, as it was copied.
pub fn without(direction: &str, item: &Item) -> String {
    let Some((_, text)) = conclusions(std::slice::from_ref(item)).pop() else {
        return direction.to_owned();
    };
    let block = format!("- {text}");
    let (block, mut rest): (Vec<&str>, Vec<&str>) = (block.lines().collect(), direction.lines().collect());
    while let Some(at) = rest.windows(block.len()).position(|w| w == block) {
        rest.drain(at..at + block.len());
    }
    rest.join("\n")
}

/// What the chair concluded, item by item; a secret item says nothing here (P-30).
pub fn conclusions(items: &[Item]) -> Vec<(&Item, String)> {
    items
        .iter()
        .filter(|i| !i.secret && !i.conclusion.trim().is_empty())
        .map(|i| {
            let said = i.conclusion.trim();
            let text = if i.step == Step::Conclusion { said.to_owned() } else { format!("{}: {said}", i.title.trim()) };
            (i, text)
        })
        .collect()
}
