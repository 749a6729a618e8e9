//! What is known of a meeting, and what each fact says of it: met, counted as met while it is not due,
//! not met, or not known. What is not known is never held against anybody.
//! Touches kinds and states of meetings, shares and reviews. Rules: section 2.1–2.9, DD-01, SM-03.

use jiff::civil::Date;

use super::{Auto, Criterion};
use crate::meeting::{MeetingKind, MeetingState};
use crate::roll::{Mark, Share};
use crate::rulepack::{Compare, Ratio};
use crate::task::Review;
use crate::vi;

/// How long a meeting took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Length {
    /// Minutes since the opening, whole once it has ended.
    pub minutes: Option<u32>,
    /// As planned.
    pub planned: Option<u32>,
    /// The least its kind asks for.
    pub least: Option<u32>,
}

/// What was prepared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Prepared {
    /// Whether the cell has leaders beside its secretary who could meet.
    pub has_committee: bool,
    /// The day they met about it.
    pub met_on: Option<Date>,
    /// Files of the meeting.
    pub files: u32,
    /// Of those, added later than the rule asks.
    pub late_files: u32,
    /// How many whole days before the start the rule asks.
    pub lead_days: Option<u32>,
}

/// The notice that went out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Noticed {
    /// Members who got it, of those on the list.
    pub members: Share,
    /// Who follows the cell and got it, of all who follow it.
    pub followers: Share,
    /// Minutes before the start the first one left.
    pub lead_minutes: i64,
}

/// Members excused many times running.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Streak {
    /// The longest run that reaches this meeting.
    pub longest: u32,
    /// How many have a run above a limit, for each limit: index 0 is one time.
    pub people: [u32; 12],
}

impl Streak {
    /// How many were excused more than `limit` times running.
    pub fn above(&self, limit: u32) -> u32 {
        let at = usize::try_from(limit).unwrap_or(usize::MAX);
        self.people.get(at..).unwrap_or_default().iter().sum()
    }
}

/// The runs of excused absences up to the last mark of each person, marks oldest first.
pub fn streak(people: &[Vec<Mark>]) -> Streak {
    let mut out = Streak::default();
    for marks in people {
        let run = marks.iter().rev().take_while(|m| **m == Mark::Excused).count();
        out.longest = out.longest.max(u32::try_from(run).unwrap_or(u32::MAX));
        if let Some(n) = run.checked_sub(1) {
            let at = n.min(out.people.len() - 1);
            if let Some(count) = out.people.get_mut(at) {
                *count += 1;
            }
        }
    }
    out
}

/// Posting the results on the national handbook app.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Posting {
    /// The day it was ticked.
    pub on: Option<Date>,
    /// How many days the rule gives.
    pub within: Option<u32>,
}

/// All that is known of a meeting when it is scored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Its kind.
    pub kind: MeetingKind,
    /// Where it stands.
    pub state: MeetingState,
    /// Whether a thematic meeting is held that month.
    pub thematic: bool,
    /// The day it was held.
    pub held_on: Date,
    /// The month it was due in: its first day.
    pub month: Option<Date>,
    /// Today.
    pub today: Date,
    /// The regular day of the month and the last day allowed, by the rules of the day.
    pub regular: Option<(u32, u32)>,
    /// How long it took.
    pub length: Length,
    /// Present of expected.
    pub attendance: Share,
    /// Whose line of the roll is still empty.
    pub unmarked: u32,
    /// Absent without a reason.
    pub unexcused: u32,
    /// The share asked for.
    pub target: Option<Ratio>,
    /// Absent without a reason that the rules allow.
    pub unexcused_allowed: u32,
    /// Excused many times running.
    pub streak: Streak,
    /// What was prepared.
    pub prepared: Prepared,
    /// The notice; none when none went out through the product.
    pub notice: Option<Noticed>,
    /// Prescribed steps that stand in the agenda and were not put off.
    pub steps: Share,
    /// Those that do not.
    pub steps_missing: Vec<String>,
    /// Who spoke, of those present.
    pub speakers: Share,
    /// The tasks of the last regular meeting's resolutions on the day; none without any.
    pub resolution: Option<Review>,
    /// Whether the chair concluded.
    pub concluded: bool,
    /// Posting.
    pub posting: Posting,
}

/// What a fact says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Met {
    /// It is so.
    Yes,
    /// It is not due yet and counts as met.
    NotDue,
    /// It is not so.
    No,
    /// The facts do not say.
    Unknown,
}

impl Met {
    /// Whether it counts for the points.
    pub fn counts(self) -> bool {
        matches!(self, Self::Yes | Self::NotDue)
    }
}

/// What a scale is read by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// A part of a whole.
    Share(Share),
    /// Minutes of the least length.
    Minutes(u32, u32),
}

/// What one fact says of a meeting, in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which fact.
    pub auto: Auto,
    /// What it says.
    pub met: Met,
    /// What a scale is read by.
    pub measure: Option<Measure>,
    /// The sentence.
    pub text: String,
}

impl Facts {
    /// What the facts a criterion looks at say.
    pub fn findings(&self, criterion: &Criterion) -> Vec<Finding> {
        criterion.auto.iter().map(|auto| self.find(*auto, criterion.limit)).collect()
    }

    fn find(&self, auto: Auto, limit: Option<u32>) -> Finding {
        let (met, measure, text) = match auto {
            Auto::Date => plain(self.date()),
            Auto::Length => self.lasted(),
            Auto::Attendance => self.came(),
            Auto::Streak => plain(self.excused(limit)),
            Auto::Committee => plain(self.committee()),
            Auto::Notice => plain(self.told()),
            Auto::Documents => plain(self.documents()),
            Auto::Agenda => self.agenda(),
            Auto::Speakers => self.spoke(),
            Auto::Resolution => self.carried_out(),
            Auto::Conclusion => plain(self.conclusion()),
            Auto::Minutes => plain(self.minutes()),
            Auto::Posted => plain(self.posted()),
        };
        Finding { auto, met, measure, text }
    }

    fn is_over(&self) -> bool {
        self.state.is_held()
    }

    fn date(&self) -> (Met, String) {
        let held = vi::date_weekday(self.held_on);
        let Some((day, until)) = self.regular else {
            return (Met::Unknown, format!("Họp {held}; quy định của ngày đó không nêu ngày sinh hoạt."));
        };
        let on = u32::try_from(self.held_on.day()).unwrap_or(0);
        let other = self.month.is_some_and(|m| m.first_of_month() != self.held_on.first_of_month());
        match () {
            () if other => (Met::No, format!("Họp {held}, không trong tháng của kỳ sinh hoạt.")),
            () if on == day => (Met::Yes, format!("Họp {held}, đúng ngày quy định.")),
            () if on <= until => (Met::Yes, format!("Họp {held}, trong tuần đầu của tháng (ngày quy định là {day:02}).")),
            () => (Met::No, format!("Họp {held}, sau ngày {until:02} của tháng.")),
        }
    }

    fn lasted(&self) -> (Met, Option<Measure>, String) {
        let Length { minutes, planned, least } = self.length;
        let (Some(minutes), Some(least)) = (minutes, least) else {
            return (Met::Unknown, None, "Chưa có giờ bắt đầu, giờ kết thúc hoặc quy định thời lượng.".to_owned());
        };
        let measure = Some(Measure::Minutes(minutes, least));
        if minutes >= least {
            return (Met::Yes, measure, format!("Đã họp {minutes} phút, quy định ít nhất {least} phút."));
        }
        if !self.is_over() && planned.is_some_and(|p| p >= least) {
            let text = format!(
                "Chưa kết thúc, mới họp {minutes} phút; dự kiến {} phút, quy định ít nhất {least} phút: tính là đạt.",
                planned.unwrap_or(least)
            );
            return (Met::NotDue, Some(Measure::Minutes(least, least)), text);
        }
        let met = if self.is_over() { Met::No } else { Met::Unknown };
        (
            met,
            measure.filter(|_| self.is_over()),
            format!("Họp {minutes} phút, thiếu {} phút so với {least} phút.", least - minutes),
        )
    }

    fn came(&self) -> (Met, Option<Measure>, String) {
        let share = self.attendance;
        if share.denom == 0 || self.unmarked > 0 {
            let text = match self.unmarked {
                0 => "Chưa có danh sách điểm danh.".to_owned(),
                n => format!("Còn {n} đồng chí chưa điểm danh."),
            };
            return (Met::Unknown, None, text);
        }
        let rate = format!("Dự {}/{} đồng chí, {share}", share.numer, share.denom);
        let absent = match self.unexcused {
            0 => "không có đồng chí vắng không có lý do".to_owned(),
            n => format!("{n} đồng chí vắng không có lý do"),
        };
        let target = self.target.map(|t| format!(" (cần ít nhất {t})")).unwrap_or_default();
        let reached = self.target.map(|t| t.reached(Compare::AtLeast, u64::from(share.numer), u64::from(share.denom)));
        let met = match reached {
            None => Met::Unknown,
            Some(true) if self.unexcused <= self.unexcused_allowed => Met::Yes,
            Some(_) => Met::No,
        };
        (met, Some(Measure::Share(share)), format!("{rate}{target}; {absent}."))
    }

    fn excused(&self, limit: Option<u32>) -> (Met, String) {
        let Some(limit) = limit else {
            return (Met::Unknown, "Bảng điểm không nêu số lần.".to_owned());
        };
        match self.streak.above(limit) {
            _ if self.unmarked > 0 => (Met::Unknown, format!("Còn {} đồng chí chưa điểm danh.", self.unmarked)),
            0 => (Met::Yes, format!("Không có đồng chí vắng có lý do quá {limit} lần liên tiếp trong năm.")),
            n => (Met::No, format!("{n} đồng chí vắng có lý do quá {limit} lần liên tiếp trong năm.")),
        }
    }

    fn committee(&self) -> (Met, String) {
        match self.prepared.met_on {
            _ if !self.prepared.has_committee => (Met::Yes, "Chi bộ chỉ có bí thư, không có chi ủy để họp.".to_owned()),
            Some(day) if day <= self.held_on => (Met::Yes, format!("Chi ủy đã họp ngày {}.", vi::date(day))),
            Some(day) => (Met::No, format!("Ngày họp chi ủy ghi là {}, sau buổi sinh hoạt.", vi::date(day))),
            None => (Met::Unknown, "Chưa ghi ngày họp chi ủy ở phần Chuẩn bị.".to_owned()),
        }
    }

    fn told(&self) -> (Met, String) {
        let Some(n) = self.notice else {
            return (Met::Unknown, "Chưa gửi thông báo qua phần mềm; nếu báo bằng giấy, chi bộ tự cho điểm.".to_owned());
        };
        let followers = match n.followers.denom {
            0 => "chưa ghi cấp ủy viên theo dõi".to_owned(),
            all => format!("{}/{all} cấp ủy viên theo dõi", n.followers.numer),
        };
        let all = n.members.numer >= n.members.denom && n.followers.numer >= n.followers.denom;
        let text = format!("Đã thông báo tới {}/{} đảng viên, {followers}.", n.members.numer, n.members.denom);
        (if all { Met::Yes } else { Met::No }, text)
    }

    fn documents(&self) -> (Met, String) {
        let Prepared { files, late_files, lead_days, .. } = self.prepared;
        let Some(days) = lead_days else {
            return (Met::Unknown, "Quy định của ngày đó không nêu thời hạn gửi tài liệu.".to_owned());
        };
        if files > 0 {
            let text = match late_files {
                0 => format!("{files} tài liệu, đều có trước ít nhất {days} ngày."),
                n => format!("{n}/{files} tài liệu có muộn hơn {days} ngày trước buổi sinh hoạt."),
            };
            return (if late_files == 0 { Met::Yes } else { Met::No }, text);
        }
        match self.notice {
            Some(n) if n.lead_minutes >= i64::from(days) * 24 * 60 => {
                (Met::Yes, format!("Không có tệp riêng; chương trình gửi kèm thông báo trước ít nhất {days} ngày."))
            }
            Some(_) => (Met::No, format!("Không có tệp riêng; thông báo gửi muộn hơn {days} ngày trước buổi sinh hoạt.")),
            None => (Met::Unknown, "Chưa có tài liệu, thông báo trong phần mềm.".to_owned()),
        }
    }

    fn agenda(&self) -> (Met, Option<Measure>, String) {
        let share = self.steps;
        if share.denom == 0 {
            return (Met::Unknown, None, "Quy định của ngày đó không nêu các bước.".to_owned());
        }
        let measure = Some(Measure::Share(share));
        let of = format!("{}/{} bước", share.numer, share.denom);
        if self.steps_missing.is_empty() {
            return (Met::Yes, measure, format!("Chương trình có đủ {of}, không bước nào hoãn."));
        }
        (Met::No, measure, format!("Chương trình có {of}; thiếu hoặc hoãn: {}.", self.steps_missing.join("; ")))
    }

    fn spoke(&self) -> (Met, Option<Measure>, String) {
        let share = self.speakers;
        if share.denom == 0 {
            return (Met::Unknown, None, "Chưa điểm danh ai có mặt.".to_owned());
        }
        let met = if share.numer > 0 { Met::Yes } else { Met::Unknown };
        let text = format!("{}/{} đồng chí có mặt đã phát biểu, {share}.", share.numer, share.denom);
        (met, Some(Measure::Share(share)), text)
    }

    fn carried_out(&self) -> (Met, Option<Measure>, String) {
        let Some(review) = self.resolution else {
            return (Met::Unknown, None, "Kỳ trước không giao nhiệm vụ nào trong phần mềm.".to_owned());
        };
        let share = review.share();
        if share.denom == 0 {
            return (Met::Unknown, None, "Các nhiệm vụ của kỳ trước đều thôi thực hiện.".to_owned());
        }
        let met = if share.numer == share.denom { Met::Yes } else { Met::No };
        let text = format!("Hoàn thành {}/{} nhiệm vụ của kỳ trước, {share} ({}).", share.numer, share.denom, review.text());
        (met, Some(Measure::Share(share)), text)
    }

    fn conclusion(&self) -> (Met, String) {
        match (self.concluded, self.is_over()) {
            (true, _) => (Met::Yes, "Đã ghi kết luận của đồng chí chủ trì.".to_owned()),
            (false, true) => (Met::No, "Chưa ghi kết luận của đồng chí chủ trì.".to_owned()),
            (false, false) => (Met::Unknown, "Chưa đến phần kết luận.".to_owned()),
        }
    }

    fn minutes(&self) -> (Met, String) {
        match self.state {
            MeetingState::Adopted | MeetingState::Sealed => (Met::Yes, "Chi bộ đã thông qua biên bản.".to_owned()),
            _ => (Met::NotDue, "Chưa đến bước thông qua biên bản: tính là đạt.".to_owned()),
        }
    }

    fn posted(&self) -> (Met, String) {
        let Some(days) = self.posting.within else {
            return (Met::Unknown, "Quy định của ngày đó không nêu thời hạn đăng.".to_owned());
        };
        let last = self.held_on.checked_add(jiff::Span::new().days(i64::from(days))).unwrap_or(self.held_on);
        match self.posting.on {
            Some(day) if day <= last => (Met::Yes, format!("Đã đăng ngày {}, trong {days} ngày.", vi::date(day))),
            Some(day) => (Met::No, format!("Đăng ngày {}, sau {days} ngày.", vi::date(day))),
            None if self.today <= last => (Met::NotDue, format!("Chưa đến hạn đăng (hết ngày {}): tính là đạt.", vi::date(last))),
            None => (Met::No, format!("Chưa đánh dấu đã đăng; hạn là ngày {}.", vi::date(last))),
        }
    }
}

fn plain((met, text): (Met, String)) -> (Met, Option<Measure>, String) {
    (met, None, text)
}
