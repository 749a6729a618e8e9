//! The minutes: sections drafted from what was recorded, what must be in order, the one text.
//! Touches agenda, roll, votes and checks. Rules: section 5.5, KY-04, CB-05, M14, P-30, BQ-02.

use crate::agenda::{Item, Step};
use crate::id::ItemId;
use crate::roll::{Absence, Tally};
use crate::vi;
use crate::vote::{self, Count, Outcome};
use jiff::civil::{Date, DateTime};
use std::fmt;

mod checks;

pub use checks::{MinutesFacts, seal_checks};

/// Which section of the minutes, in the order they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SectionKey {
    /// Time and place.
    Opening,
    /// Who was there.
    Attendance,
    /// What was on the agenda.
    Agenda,
    /// One item; items follow the order of the agenda.
    Item(ItemId),
    /// The chair's conclusion.
    Conclusion,
    /// Votes.
    Votes,
    /// Tasks given.
    Assignments,
    /// The meeting's own score.
    Score,
    /// The end.
    Closing,
}

impl SectionKey {
    /// The stored word.
    pub fn code(self) -> String {
        match self {
            Self::Opening => "opening".to_owned(),
            Self::Attendance => "attendance".to_owned(),
            Self::Agenda => "agenda".to_owned(),
            Self::Item(id) => format!("item-{id}"),
            Self::Conclusion => "conclusion".to_owned(),
            Self::Votes => "votes".to_owned(),
            Self::Assignments => "assignments".to_owned(),
            Self::Score => "score".to_owned(),
            Self::Closing => "closing".to_owned(),
        }
    }

    /// The key of a stored word.
    pub fn from_code(code: &str) -> Option<Self> {
        Some(match code {
            "opening" => Self::Opening,
            "attendance" => Self::Attendance,
            "agenda" => Self::Agenda,
            "conclusion" => Self::Conclusion,
            "votes" => Self::Votes,
            "assignments" => Self::Assignments,
            "score" => Self::Score,
            "closing" => Self::Closing,
            other => Self::Item(other.strip_prefix("item-")?.parse().ok()?),
        })
    }

    fn rank(self) -> u8 {
        match self {
            Self::Opening => 0,
            Self::Attendance => 1,
            Self::Agenda => 2,
            Self::Item(_) => 3,
            Self::Conclusion => 4,
            Self::Votes => 5,
            Self::Assignments => 6,
            Self::Score => 7,
            Self::Closing => 8,
        }
    }
}

impl fmt::Display for SectionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.code())
    }
}

/// A section of the minutes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Which.
    pub key: SectionKey,
    /// Its heading.
    pub title: String,
    /// Its text, plain, lines ended by line feeds.
    pub text: String,
}

/// Who spoke on an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Speech {
    /// The full name.
    pub name: String,
    /// What was said, in short.
    pub summary: String,
}

/// An item as it was dealt with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemFacts {
    /// Which.
    pub id: ItemId,
    /// The item of the agenda.
    pub item: Item,
    /// Who spoke, in order.
    pub speeches: Vec<Speech>,
    /// The chair's conclusion on it.
    pub conclusion: String,
}

/// A vote as it was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoteFacts {
    /// What was voted on: “Nghị quyết về nhiệm vụ tháng 12”.
    pub question: String,
    /// The votes.
    pub count: Count,
    /// What came of it.
    pub outcome: Outcome,
    /// Who reserved an opinion (BQ-02).
    pub reserved: Vec<String>,
}

/// A task as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// What.
    pub content: String,
    /// Who does it.
    pub doer: Option<String>,
    /// Until when.
    pub deadline: Option<Date>,
    /// Who checks it.
    pub checker: Option<String>,
}

/// All that was recorded of a meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingRecord {
    /// The meeting in words: “Sinh hoạt thường kỳ tháng 12 năm 2026”.
    pub title: String,
    /// The beginning.
    pub opened_at: Option<DateTime>,
    /// The end.
    pub closed_at: Option<DateTime>,
    /// Where.
    pub place: String,
    /// Who chaired, with the post.
    pub chair: Option<String>,
    /// Who wrote the minutes.
    pub secretary: Option<String>,
    /// Guests with their posts.
    pub guests: Vec<String>,
    /// The figures of the roll.
    pub tally: Tally,
    /// How dues stand, as announced.
    pub dues: String,
    /// The items in order.
    pub items: Vec<ItemFacts>,
    /// The votes in order.
    pub votes: Vec<VoteFacts>,
    /// The tasks in order.
    pub assignments: Vec<Assignment>,
    /// Points and level, where the meeting was scored.
    pub score: Option<String>,
}

/// Drafts every section from what was recorded.
pub fn draft(facts: &MeetingRecord) -> Vec<Section> {
    let section = |key, title: &str, text: String| Section { key, title: title.to_owned(), text };
    let mut out = vec![
        section(SectionKey::Opening, "Thời gian, địa điểm", opening_text(facts)),
        section(SectionKey::Attendance, "Thành phần", attendance_text(facts)),
        section(SectionKey::Agenda, "Nội dung chương trình", agenda_text(&facts.items)),
    ];
    for item in facts.items.iter().filter(|i| has_section(i.item.step)) {
        let key = SectionKey::Item(item.id);
        out.push(section(key, item.item.public_title(), item_text(item)));
    }
    out.extend([
        section(SectionKey::Conclusion, "Kết luận", conclusion_text(facts)),
        section(SectionKey::Votes, "Biểu quyết", votes_text(&facts.votes)),
        section(SectionKey::Assignments, "Phân công nhiệm vụ", assignments_text(&facts.assignments)),
        section(
            SectionKey::Score,
            "Đánh giá chất lượng buổi sinh hoạt",
            match &facts.score {
                Some(score) => format!("{score} (phiếu chấm kèm theo)."),
                None => String::new(),
            },
        ),
        section(SectionKey::Closing, "Kết thúc", closing_text(facts)),
    ]);
    out
}

/// The sections of [`draft`] without their texts: which there are, in the order they stand, for an agenda.
pub fn order(agenda: impl IntoIterator<Item = (ItemId, Step)>) -> Vec<SectionKey> {
    use SectionKey::{Agenda, Assignments, Attendance, Closing, Conclusion, Opening, Score, Votes};
    let items = agenda.into_iter().filter(|(_, step)| has_section(*step)).map(|(id, _)| SectionKey::Item(id));
    [Opening, Attendance, Agenda].into_iter().chain(items).chain([Conclusion, Votes, Assignments, Score, Closing]).collect()
}

/// Steps that the other sections already tell of have none of their own.
fn has_section(step: Step) -> bool {
    !matches!(
        step,
        Step::Welcome
            | Step::Secretary
            | Step::Roll
            | Step::Attendance
            | Step::Agenda
            | Step::Assignment
            | Step::Conclusion
            | Step::Score
            | Step::Minutes
    )
}

fn opening_text(facts: &MeetingRecord) -> String {
    let mut lines = Vec::new();
    if let Some(at) = facts.opened_at {
        lines.push(format!("Thời gian: bắt đầu lúc {}, {}.", vi::time(at.time()), vi::date_long(at.date())));
    }
    if !facts.place.trim().is_empty() {
        lines.push(format!("Địa điểm: {}.", facts.place.trim()));
    }
    lines.join("\n")
}

fn attendance_text(facts: &MeetingRecord) -> String {
    let t = &facts.tally;
    let mut lines = Vec::new();
    if !facts.guests.is_empty() {
        lines.push(format!("Khách mời: {}.", facts.guests.join("; ")));
    }
    if let Some(chair) = &facts.chair {
        lines.push(format!("Chủ trì: {chair}."));
    }
    if let Some(secretary) = &facts.secretary {
        lines.push(format!("Thư ký: {secretary}."));
    }
    lines.push(format!(
        "Tổng số đảng viên: {} đồng chí (chính thức {}, dự bị {}).",
        t.official + t.probationary,
        t.official,
        t.probationary
    ));
    if t.temporary_here > 0 {
        lines.push(format!("Đảng viên sinh hoạt tạm thời tại chi bộ: {} đồng chí.", t.temporary_here));
    }
    for (n, what) in [
        (t.exempt, "Được miễn công tác và sinh hoạt đảng"),
        (t.away, "Sinh hoạt tạm thời nơi khác"),
        (t.suspended, "Đình chỉ sinh hoạt đảng"),
    ] {
        if n > 0 {
            lines.push(format!("{what}: {n} đồng chí."));
        }
    }
    lines.push(present_line(t));
    lines.push(absent_line("Vắng có lý do", &t.excused));
    lines.push(absent_line("Vắng không có lý do", &t.unexcused));
    if !facts.dues.trim().is_empty() {
        lines.push(format!("Tình hình nộp đảng phí: {}.", facts.dues.trim().trim_end_matches('.')));
    }
    lines.join("\n")
}

fn present_line(t: &Tally) -> String {
    let online = match t.online {
        0 => String::new(),
        n => format!(", trong đó dự trực tuyến {n} đồng chí"),
    };
    let extra = match t.extra {
        0 => String::new(),
        n => format!("; ngoài ra có {n} đồng chí không thuộc diện phải dự"),
    };
    format!("Có mặt: {}/{} đồng chí, đạt {}{online}{extra}.", t.rate.numer, t.rate.denom, t.rate)
}

fn absent_line(what: &str, absent: &[Absence]) -> String {
    if absent.is_empty() {
        return format!("{what}: không.");
    }
    let names: Vec<String> = absent
        .iter()
        .map(|a| match a.reason.as_deref().map(str::trim) {
            Some(reason) if !reason.is_empty() => format!("{} ({reason})", a.name),
            _ => a.name.clone(),
        })
        .collect();
    format!("{what}: {} đồng chí: {}.", absent.len(), names.join("; "))
}

fn agenda_text(items: &[ItemFacts]) -> String {
    let lines: Vec<String> = items.iter().enumerate().map(|(n, i)| format!("{}. {}.", n + 1, i.item.public_title())).collect();
    lines.join("\n")
}

fn item_text(facts: &ItemFacts) -> String {
    if facts.item.secret {
        return format!("Nội dung mật, ghi riêng tại {}.", facts.item.paper_ref.trim().trim_end_matches('.'));
    }
    let mut lines = Vec::new();
    if let Some(name) = &facts.item.presenter {
        lines.push(format!("Đồng chí {name} trình bày."));
    }
    if !facts.item.information.trim().is_empty() {
        lines.push(facts.item.information.trim().to_owned());
    }
    if !facts.speeches.is_empty() {
        lines.push("Ý kiến phát biểu:".to_owned());
        lines.extend(facts.speeches.iter().map(speech_line));
    }
    if !facts.conclusion.trim().is_empty() {
        lines.push(format!("Kết luận: {}", facts.conclusion.trim()));
    }
    lines.join("\n")
}

fn speech_line(speech: &Speech) -> String {
    match speech.summary.trim() {
        "" => format!("- Đồng chí {} phát biểu.", speech.name),
        summary => format!("- Đồng chí {}: {summary}", speech.name),
    }
}

/// What the closing item of the agenda says; what concludes another item stands with that item.
fn conclusion_text(facts: &MeetingRecord) -> String {
    let lines: Vec<String> = facts
        .items
        .iter()
        .filter(|i| i.item.step == Step::Conclusion)
        .map(|i| if i.item.secret { item_text(i) } else { i.conclusion.trim().to_owned() })
        .filter(|text| !text.is_empty())
        .collect();
    lines.join("\n")
}

fn votes_text(votes: &[VoteFacts]) -> String {
    let lines: Vec<String> = votes
        .iter()
        .map(|v| {
            let verdict = if v.outcome.passed { "được thông qua" } else { "không được thông qua" };
            let reserved = if v.reserved.is_empty() {
                String::new()
            } else {
                format!(" Bảo lưu ý kiến: đồng chí {}.", vi::join(&v.reserved))
            };
            format!("- {}: {}; {verdict}.{reserved}", v.question.trim().trim_end_matches('.'), vote::line(v.count, &v.outcome))
        })
        .collect();
    lines.join("\n")
}

fn assignments_text(assignments: &[Assignment]) -> String {
    let lines: Vec<String> = assignments
        .iter()
        .map(|a| {
            let mut line = match &a.doer {
                Some(name) => format!("- Đồng chí {name}: "),
                None => "- ".to_owned(),
            };
            line.push_str(a.content.trim().trim_end_matches('.'));
            if let Some(day) = a.deadline {
                line.push_str(&format!("; thời hạn {}", vi::date(day)));
            }
            if let Some(name) = &a.checker {
                line.push_str(&format!("; đồng chí {name} kiểm tra"));
            }
            line.push('.');
            line
        })
        .collect();
    lines.join("\n")
}

fn closing_text(facts: &MeetingRecord) -> String {
    let adopted = "Biên bản đã được thông qua trước chi bộ.";
    match facts.closed_at {
        Some(at) => format!("{adopted}\nBuổi sinh hoạt kết thúc lúc {} cùng ngày.", vi::time(at.time())),
        None => adopted.to_owned(),
    }
}

/// The sections in the order of the minutes: fixed ones by their place, items as they were given.
pub fn in_order(sections: &[Section]) -> Vec<&Section> {
    let mut out: Vec<&Section> = sections.iter().collect();
    out.sort_by_key(|s| s.key.rank());
    out
}

/// The one text of the minutes, equal in every form they are shown or printed in: sections in
/// order, those without text left out, line ends alike, blanks at line ends gone.
pub fn canonical(sections: &[Section]) -> String {
    let parts: Vec<String> = in_order(sections)
        .into_iter()
        .filter(|s| !s.text.trim().is_empty())
        .map(|s| format!("{}\n{}", s.title.trim(), tidy(&s.text)))
        .collect();
    parts.join("\n\n")
}

fn tidy(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

#[cfg(test)]
#[path = "minutes_tests.rs"]
mod tests;
