//! Small words about meetings that pages of several features share. Pure: states and numbers in,
//! words out; knows no row and no template. Rules: experience.md 2 (a state is word and sign).

use domain::id::{MeetingId, OrgId};
use domain::meeting::MeetingState;

/// The state class of a meeting.
pub fn class(state: MeetingState) -> &'static str {
    match state {
        MeetingState::Draft | MeetingState::Closed => "due",
        MeetingState::Noticed | MeetingState::Open | MeetingState::Adopted => "wait",
        MeetingState::Sealed => "done",
        MeetingState::Cancelled => "none",
    }
}

/// The parts of a meeting that is being prepared, as (address, words, whether it is this one).
pub fn parts(org: OrgId, id: MeetingId, current: &str) -> Vec<(String, &'static str, bool)> {
    [
        ("", "Việc của buổi"),
        ("chuan-bi", "Chuẩn bị"),
        ("thong-bao", "Thông báo"),
        ("tra-loi", "Trả lời, ý kiến"),
        ("in", "In bộ tài liệu"),
    ]
    .into_iter()
    .map(|(path, words)| {
        let slash = if path.is_empty() { "" } else { "/" };
        (format!("/cb/{org}/buoi/{id}{slash}{path}"), words, path == current)
    })
    .collect()
}

/// `1,2 MB`, `340 KB`.
pub fn size_words(bytes: i64) -> String {
    if bytes >= 1_000_000 {
        return format!("{} MB", domain::vi::decimal(bytes / 100_000, 1));
    }
    format!("{} KB", domain::vi::number((bytes + 999) / 1000))
}

/// `đ/c Nguyễn Thị Hà, 15 phút`.
pub fn by_words(presenter: &str, minutes: i64) -> String {
    let mut parts = Vec::new();
    if !presenter.is_empty() {
        parts.push(format!("đ/c {presenter}"));
    }
    if minutes > 0 {
        parts.push(format!("{minutes} phút"));
    }
    parts.join(", ")
}
