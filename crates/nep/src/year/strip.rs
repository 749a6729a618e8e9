//! The twelve and four tiles of a year, from facts already read. Pure: the domain says where each
//! kỳ stands, this says how a tile shows it and how many were kept.
//! Rules: SH-01 … SH-07; targets T4 and T7.

use std::collections::HashMap;

use domain::code::Code;
use domain::id::MeetingId;
use domain::meeting::MeetingState;
use domain::period::{
    Duty, MeetingFact, Merger, PeriodFacts, PeriodKey, PeriodKind, PeriodStanding, PeriodState, Postponement, state,
};
use domain::rulepack::Figure;
use domain::vi;
use jiff::civil::Date;

use super::store::Plan;
use crate::meeting::store::Serving;

/// One kỳ with everything known of it.
#[derive(Debug, Clone)]
pub struct Tile {
    /// The duty.
    pub duty: Duty,
    /// What was planned.
    pub plan: Plan,
    /// The meeting that stands for it.
    pub meeting: Option<Serving>,
    /// Where it stands today.
    pub standing: PeriodStanding,
    /// Present and expected, once held.
    pub attendance: Option<(i64, i64)>,
}

/// Everything read for a year.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// What was planned.
    pub plans: Vec<(PeriodKey, Plan)>,
    /// Meetings by the kỳ they serve, cancelled ones left out.
    pub meetings: Vec<(PeriodKey, Serving)>,
    /// Present and expected at meetings that were held.
    pub attendance: HashMap<MeetingId, (i64, i64)>,
}

/// The tiles of a year on a day.
pub fn tiles(duties: Vec<Duty>, facts: &Facts, today: Date) -> Vec<Tile> {
    duties.into_iter().map(|duty| tile(duty, facts, today)).collect()
}

fn tile(duty: Duty, facts: &Facts, today: Date) -> Tile {
    let plan = facts.plans.iter().find(|(key, _)| *key == duty.key).map(|(_, plan)| plan.clone()).unwrap_or_default();
    let merged = plan.merged_into.as_deref().and_then(|into| into.parse::<PeriodKey>().ok());
    let meeting = meeting_of(facts, duty.key).or_else(|| merged.and_then(|into| meeting_of(facts, into))).cloned();
    let reason = plan.reason.clone().unwrap_or_default();
    let known = PeriodFacts {
        planned_on: meeting.as_ref().map(|m| m.starts_at.date()).or_else(|| plan.planned_at.map(|at| at.date())),
        meeting: meeting.as_ref().map(|m| MeetingFact { state: m.state, held_on: m.opened_at.map(|at| at.date()) }),
        postponed: plan.postponed_to.map(|to| Postponement { to, reason: reason.clone() }),
        merged: merged.map(|into| Merger { into, reason }),
        excused: None,
    };
    let standing = state(&duty, &known, today);
    let attendance = meeting.as_ref().and_then(|m| facts.attendance.get(&m.id).copied());
    Tile { duty, plan, meeting, standing, attendance }
}

/// Of several meetings for one kỳ the one that got furthest stands for it.
fn meeting_of(facts: &Facts, key: PeriodKey) -> Option<&Serving> {
    let rank = |m: &Serving| match m.state {
        MeetingState::Cancelled => 0,
        MeetingState::Draft => 1,
        MeetingState::Noticed => 2,
        MeetingState::Open => 3,
        MeetingState::Closed | MeetingState::Adopted | MeetingState::Sealed => 4,
    };
    let mut best: Option<&Serving> = None;
    for (_, meeting) in facts.meetings.iter().filter(|(k, _)| *k == key) {
        if best.is_none_or(|b| rank(meeting) > rank(b)) {
            best = Some(meeting);
        }
    }
    best
}

impl Tile {
    /// The state class of the style sheet.
    pub fn class(&self) -> &'static str {
        match self.standing.state {
            PeriodState::Sealed => "done",
            PeriodState::Merged if self.is_held() => "done",
            PeriodState::Planned | PeriodState::Noticed | PeriodState::Running | PeriodState::Held | PeriodState::Merged => {
                "wait"
            }
            PeriodState::Preparing | PeriodState::Postponed => "due",
            PeriodState::Overdue => "late",
            PeriodState::Upcoming | PeriodState::Excused => "none",
        }
    }

    /// Where it stands, in a word; a kỳ whose days have begun is not one still to come.
    pub fn word(&self, today: Date) -> &'static str {
        match self.standing.state {
            PeriodState::Upcoming if self.duty.opens <= today => "Chưa chuẩn bị",
            state => state.label(),
        }
    }

    /// `Tháng 3`, `Quý II`.
    pub fn heading(&self) -> String {
        match self.duty.key.kind {
            PeriodKind::Regular => format!("Tháng {}", self.duty.key.number),
            PeriodKind::Thematic => format!("Quý {}", vi::roman(self.duty.key.number)),
        }
    }

    /// The small line of the tile: what matters most of this kỳ now.
    pub fn note(&self) -> String {
        let short = |day: Date| format!("{:02}/{:02}", day.day(), day.month());
        let mut parts = Vec::new();
        if self.duty.key.kind == PeriodKind::Thematic {
            parts.extend(self.topic());
        }
        match (self.attendance, &self.meeting, self.plan.planned_at) {
            (Some((there, of)), _, _) => parts.push(format!("dự {}", percent(there, of))),
            (None, Some(m), _) => parts.push(format!("họp {}", short(m.starts_at.date()))),
            (None, None, _) if self.standing.state == PeriodState::Overdue => {
                parts.push(format!("hạn {}", short(self.duty.last_day)));
            }
            (None, None, Some(at)) => parts.push(format!("dự kiến {}", short(at.date()))),
            (None, None, None) => parts.push(format!("hạn {}", short(self.duty.last_day))),
        }
        if self.standing.late {
            parts.push("họp sau hạn".to_owned());
        }
        parts.join(", ")
    }

    /// The topic as the meeting or the plan has it.
    pub fn topic(&self) -> Option<String> {
        self.meeting.as_ref().and_then(|m| m.topic.clone()).or_else(|| self.plan.topic.clone())
    }

    /// Whether the month or quarter of the kỳ is that of a day.
    pub fn is_now(&self, today: Date) -> bool {
        PeriodKey::of(self.duty.key.kind, today) == Some(self.duty.key)
    }

    /// Whether its meeting was held.
    pub fn is_held(&self) -> bool {
        self.meeting.as_ref().is_some_and(|m| m.state.is_held())
    }

    /// Whether a meeting may still be prepared for it: none is there, and it is not met with another.
    pub fn is_open(&self) -> bool {
        self.meeting.is_none() && self.plan.merged_into.is_none() && self.standing.state != PeriodState::Excused
    }
}

/// A share in per cent, or a dash when nobody was expected.
pub fn percent(there: i64, of: i64) -> String {
    match (u64::try_from(there), u64::try_from(of)) {
        (Ok(there), Ok(of)) if of > 0 => vi::percent(there, of),
        _ => "–".to_owned(),
    }
}

/// How many kỳ of a kind were kept, of those whose day has come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// Kỳ whose last day has passed, or that were held before it.
    pub due: u64,
    /// Of these, held in time.
    pub kept: u64,
    /// Names of those held late.
    pub late: Vec<String>,
    /// Names of those not held.
    pub missing: Vec<String>,
}

/// Counts a year against the duty to meet. A kỳ that is neither held nor overdue counts for nothing yet.
pub fn kept(tiles: &[Tile], kind: PeriodKind) -> Kept {
    let mut out = Kept::default();
    for tile in tiles.iter().filter(|t| t.duty.key.kind == kind) {
        if tile.is_held() {
            out.due += 1;
            if tile.standing.late {
                out.late.push(tile.duty.title.clone());
            } else {
                out.kept += 1;
            }
        } else if tile.standing.state == PeriodState::Overdue {
            out.due += 1;
            out.missing.push(tile.duty.title.clone());
        }
    }
    out
}

/// Where a figure of the rules comes from, for "Vì sao?".
pub fn cite(figure: &Figure) -> String {
    format!("{}: {}. Theo {} ({}, {}).", figure.title, figure.shown(), figure.citation(), figure.rule, figure.confidence)
}
