//! The notice of a meeting: what must be in order before it leaves, its text, what changed since.
//! Touches agenda, meeting kinds, dates and checks. Rules: CB-02…CB-06, VT-03, P-30.

use crate::agenda::{Item, vi_lower};
use crate::meeting::MeetingKind;
use crate::refusal::Check;
use crate::vi;
use jiff::civil::{Date, DateTime};

/// A meeting as its notice tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingFacts {
    /// The organisation in full: “Chi bộ Văn phòng”.
    pub org: String,
    /// What it is held for.
    pub kind: MeetingKind,
    /// The topic of a thematic meeting.
    pub topic: Option<String>,
    /// When it begins.
    pub starts_at: Option<DateTime>,
    /// When it is meant to end.
    pub ends_at: Option<DateTime>,
    /// Where.
    pub place: String,
    /// Who chairs, with the post: “đồng chí Nguyễn Văn An, Bí thư Chi bộ”.
    pub chair: Option<String>,
    /// Who presents the topic.
    pub presenter: Option<String>,
    /// The agenda.
    pub items: Vec<Item>,
    /// How many members get it.
    pub members: u32,
    /// The names of those above who follow the cell and get it too (CB-03).
    pub followers: Vec<String>,
    /// The names of guests.
    pub guests: Vec<String>,
    /// When the committee agreed on the content (CB-02).
    pub committee_met_on: Option<Date>,
}

/// The figures of the rule pack that a notice is judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// How many whole days before the start it should leave (CB-04: 1).
    pub lead_days: u32,
}

/// The time between sending and the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lead {
    /// In minutes; below zero when the start has passed.
    pub minutes: i64,
}

impl Lead {
    /// From sending to the start.
    pub fn between(sent: DateTime, starts: DateTime) -> Self {
        Self { minutes: sent.duration_until(starts).as_secs().div_euclid(60) }
    }

    /// Whether it reaches a number of whole days.
    pub fn reaches(self, days: u32) -> bool {
        self.minutes >= i64::from(days) * 24 * 60
    }

    /// “trước 2 ngày 3 giờ”, “trước 40 phút”, “sau giờ bắt đầu”.
    pub fn text(self) -> String {
        let (days, rest) = (self.minutes / (24 * 60), self.minutes % (24 * 60));
        let (hours, minutes) = (rest / 60, rest % 60);
        match (self.minutes, days, hours) {
            (m, ..) if m <= 0 => "sau giờ bắt đầu".to_owned(),
            (_, 0, 0) => format!("trước {minutes} phút"),
            (_, 0, h) if minutes == 0 => format!("trước {h} giờ"),
            (_, 0, h) => format!("trước {h} giờ {minutes} phút"),
            (_, d, 0) => format!("trước {d} ngày"),
            (_, d, h) => format!("trước {d} ngày {h} giờ"),
        }
    }
}

/// The lines of the page before sending: what must be in order, and what is wise.
pub fn check(facts: &MeetingFacts, now: DateTime, figures: &Figures) -> Vec<Check> {
    let mut out = vec![time_check(facts, now), place_check(facts)];
    out.extend(agenda_checks(&facts.items));
    if facts.kind.serves_thematic() {
        out.push(said(facts.topic.as_deref(), "topic", "Chuyên đề", "Chưa có tên chuyên đề."));
        out.push(said(
            facts.presenter.as_deref(),
            "presenter",
            "Người trình bày chuyên đề",
            "Chưa phân công đồng chí trình bày chuyên đề.",
        ));
    }
    out.push(said(facts.chair.as_deref(), "chair", "Chủ trì", "Chưa chọn đồng chí chủ trì."));
    out.push(match facts.members {
        0 => Check::must(false, "members", "Danh sách đảng viên đang trống, chưa có ai nhận thông báo."),
        n => Check::must(true, "members", format!("Gửi thông báo cho {n} đảng viên.")),
    });
    out.push(follower_check(&facts.followers));
    out.push(committee_check(facts));
    if let Some(starts) = facts.starts_at.filter(|s| *s > now) {
        out.push(lead_check(Lead::between(now, starts), figures));
    }
    out
}

fn said(value: Option<&str>, field: &'static str, name: &str, lacking: &str) -> Check {
    match value.map(str::trim).filter(|v| !v.is_empty()) {
        Some(v) => Check::must(true, field, format!("{name}: {v}.")),
        None => Check::must(false, field, lacking),
    }
}

fn time_check(facts: &MeetingFacts, now: DateTime) -> Check {
    let Some(starts) = facts.starts_at else {
        return Check::must(false, "starts_at", "Chưa có thời gian sinh hoạt.");
    };
    if starts <= now {
        return Check::must(false, "starts_at", "Thời gian sinh hoạt đã qua. Hãy chọn thời gian khác.");
    }
    if facts.ends_at.is_some_and(|end| end <= starts) {
        return Check::must(false, "ends_at", "Giờ dự kiến kết thúc phải sau giờ bắt đầu.");
    }
    Check::must(true, "starts_at", format!("Thời gian: {}.", when(starts)))
}

fn place_check(facts: &MeetingFacts) -> Check {
    said(Some(&facts.place), "place", "Địa điểm", "Chưa có địa điểm sinh hoạt.")
}

fn agenda_checks(items: &[Item]) -> Vec<Check> {
    if items.is_empty() {
        return vec![Check::must(false, "agenda", "Chương trình chưa có nội dung nào.")];
    }
    let faults: Vec<Check> =
        items.iter().filter_map(|i| i.check().err()).map(|r| Check::must(false, "agenda", r.text())).collect();
    if !faults.is_empty() {
        return faults;
    }
    vec![Check::must(true, "agenda", format!("Chương trình có {} nội dung.", items.len()))]
}

fn follower_check(followers: &[String]) -> Check {
    if followers.is_empty() {
        return Check::advised(false, "followers", "Chưa có cấp ủy viên cấp trên theo dõi chi bộ để gửi thông báo.");
    }
    Check::advised(true, "followers", format!("Gửi đồng chí {} (cấp ủy viên theo dõi chi bộ).", vi::join(followers)))
}

fn committee_check(facts: &MeetingFacts) -> Check {
    let text = match facts.committee_met_on {
        Some(day) => format!("Chi ủy (hoặc Bí thư, Phó bí thư) đã thống nhất nội dung ngày {}.", vi::date(day)),
        None => "Chưa ghi ngày chi ủy (hoặc Bí thư, Phó bí thư) thống nhất nội dung.".to_owned(),
    };
    let done = facts.committee_met_on.is_some() || facts.kind == MeetingKind::Committee;
    Check::advised(done, "committee_met_on", text)
}

fn lead_check(lead: Lead, figures: &Figures) -> Check {
    let days = figures.lead_days;
    let done = lead.reaches(days);
    let text = if done {
        format!("Gửi {} so với giờ bắt đầu.", lead.text())
    } else {
        format!("Gửi {} so với giờ bắt đầu; theo quy định phải gửi trước ít nhất {days:02} ngày.", lead.text())
    };
    Check::advised(done, "starts_at", text)
}

fn when(at: DateTime) -> String {
    format!("{}, {}", vi::time(at.time()), vi::date_weekday(at.date()))
}

fn what(facts: &MeetingFacts) -> String {
    let kind = vi_lower(&facts.kind.to_string());
    match facts.starts_at {
        Some(at) if facts.kind.serves_regular() => {
            format!("{kind} tháng {} năm {}", at.month(), at.year())
        }
        _ => kind,
    }
}

/// The text of the notice. What is secret stands in it only as such (P-30).
pub fn draft(facts: &MeetingFacts) -> String {
    let mut out = vec![format!("{} thông báo {} như sau:", facts.org, what(facts))];
    let mut number = 0;
    let mut line = |name: &str, text: String| {
        number += 1;
        out.push(format!("{number}. {name}: {text}"));
    };
    let time = match (facts.starts_at, facts.ends_at) {
        (Some(at), Some(end)) if end.date() == at.date() => {
            format!("{} (dự kiến kết thúc lúc {}).", when(at), vi::time(end.time()))
        }
        (Some(at), _) => format!("{}.", when(at)),
        (None, _) => "…".to_owned(),
    };
    line("Thời gian", time);
    line("Địa điểm", format!("{}.", facts.place.trim()));
    line("Thành phần", attendance(facts));
    if let Some(chair) = &facts.chair {
        line("Chủ trì", format!("{chair}."));
    }
    if let Some(topic) = &facts.topic {
        let by = match &facts.presenter {
            Some(name) => format!(" (đồng chí {name} trình bày)"),
            None => String::new(),
        };
        line("Chuyên đề", format!("{topic}{by}."));
    }
    line("Nội dung", String::new());
    if let Some(last) = out.last_mut() {
        last.truncate(last.trim_end().len());
    }
    out.extend(facts.items.iter().map(agenda_line));
    out.push("Đề nghị các đồng chí nghiên cứu tài liệu, chuẩn bị ý kiến, dự đầy đủ và đúng giờ. Đồng chí nào không dự được thì báo cáo lý do trước buổi sinh hoạt.".to_owned());
    out.join("\n")
}

fn attendance(facts: &MeetingFacts) -> String {
    let mut who = vec![match facts.kind {
        MeetingKind::Committee => "các đồng chí chi ủy viên".to_owned(),
        _ => "toàn thể đảng viên chi bộ".to_owned(),
    }];
    let named = |names: &[String]| -> Vec<String> { names.iter().map(|n| format!("đồng chí {n}")).collect() };
    who.extend(named(&facts.followers).into_iter().map(|n| format!("{n} (cấp ủy viên theo dõi chi bộ)")));
    if !facts.guests.is_empty() {
        who.push(format!("khách mời: {}", named(&facts.guests).join(", ")));
    }
    format!("{}.", who.join("; "))
}

fn agenda_line(item: &Item) -> String {
    match (&item.presenter, item.secret) {
        (Some(name), false) => format!("- {} (đồng chí {name}).", item.public_title()),
        _ => format!("- {}.", item.public_title()),
    }
}

/// One thing that changed since the last notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What: “Thời gian”.
    pub what: &'static str,
    /// As the last notice had it.
    pub before: String,
    /// As it is now.
    pub after: String,
}

/// What changed since the last notice. Anything here needs a new notice.
pub fn changes(noticed: &MeetingFacts, now: &MeetingFacts) -> Vec<Change> {
    let time = |f: &MeetingFacts| f.starts_at.map(when).unwrap_or_default();
    let end = |f: &MeetingFacts| f.ends_at.map(when).unwrap_or_default();
    let text = |o: &Option<String>| o.clone().unwrap_or_default();
    let agenda = |f: &MeetingFacts| -> String {
        let lines: Vec<String> = f.items.iter().map(agenda_line).collect();
        lines.join("\n")
    };
    let pairs = [
        ("Loại hình", noticed.kind.to_string(), now.kind.to_string()),
        ("Thời gian", time(noticed), time(now)),
        ("Dự kiến kết thúc", end(noticed), end(now)),
        ("Địa điểm", noticed.place.clone(), now.place.clone()),
        ("Chủ trì", text(&noticed.chair), text(&now.chair)),
        ("Chuyên đề", text(&noticed.topic), text(&now.topic)),
        ("Người trình bày", text(&noticed.presenter), text(&now.presenter)),
        ("Nội dung", agenda(noticed), agenda(now)),
    ];
    pairs
        .into_iter()
        .filter(|(_, before, after)| before != after)
        .map(|(what, before, after)| Change { what, before, after })
        .collect()
}

/// The text of a notice that replaces an earlier one: first what changed and why, then the whole.
pub fn draft_change(noticed: &MeetingFacts, now: &MeetingFacts, reason: &str) -> String {
    let list: Vec<String> = changes(noticed, now)
        .iter()
        .map(|c| match c.what {
            "Nội dung" => "- Nội dung: chương trình được điều chỉnh như dưới đây.".to_owned(),
            what => format!("- {what}: {} (trước đây: {}).", shown(&c.after), shown(&c.before)),
        })
        .collect();
    format!(
        "Thông báo này thay thế thông báo đã gửi. Lý do: {}.\nThay đổi:\n{}\n{}",
        reason.trim().trim_end_matches('.'),
        list.join("\n"),
        draft(now)
    )
}

fn shown(text: &str) -> &str {
    if text.trim().is_empty() { "chưa có" } else { text }
}

/// The text that tells of a meeting that will not be held.
pub fn draft_cancel(noticed: &MeetingFacts, reason: &str) -> String {
    let at = noticed.starts_at.map(|at| format!(", {}", when(at))).unwrap_or_default();
    format!("{} thông báo hủy buổi {}{at}. Lý do: {}.", noticed.org, what(noticed), reason.trim().trim_end_matches('.'))
}

#[cfg(test)]
#[path = "notice_tests.rs"]
mod tests;
