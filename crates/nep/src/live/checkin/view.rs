//! Self check-in as pages show it: the code to whoever takes the roll, the own line to a member.
//! May touch: the room's row and the roll. Rules: MD-01, MD-02.

use db::Tx;
use domain::checkin::{Figures, Own, Source, left, own, settled, spent, spoken, window, wrong};
use domain::code::Code;
use domain::meeting::MeetingState;
use domain::rulepack::{Library, Rules};
use domain::vi;
use jiff::Timestamp;

use super::page::{OwnView, Panel};
use super::{code, store};
use crate::live::record::rules_on;
use crate::live::room::store::Room;
use crate::live::store::Line;
use crate::meeting::store::Meeting;

/// The figures of a day.
pub fn figures(rules: &Rules) -> Figures {
    Figures::of(rules.int("checkin.seconds").unwrap_or(60), rules.int("checkin.tries").unwrap_or(5))
}

/// The panel with the code, while the meeting is held. The secret is read only where it is needed.
///
/// # Errors
/// Database faults only.
pub fn panel(
    tx: &mut Tx,
    meeting: &Meeting,
    room: &Room,
    lines: &[Line],
    rules: &Rules,
    now: Timestamp,
) -> db::Result<Option<Panel>> {
    if meeting.state != MeetingState::Open {
        return Ok(None);
    }
    let base = format!("/cb/{}/buoi/{}/ma-diem-danh", meeting.org, meeting.id);
    let figures = figures(rules);
    let shut = Panel { base, period: figures.seconds, ..Panel::default() };
    let running = if room.code_since.is_some() { store::running(tx, meeting.org, meeting.id)? } else { None };
    let Some(running) = running else { return Ok(Some(shut)) };
    let code = code::of(&running.secret, meeting.id, window(running.since, now, &figures));
    let left = left(running.since, now, &figures);
    Ok(Some(Panel {
        on: true,
        spoken: spoken(&code),
        code,
        left,
        left_seconds: (left + 999) / 1000,
        own: lines.iter().filter(|l| l.by == Some(Source::Member)).count(),
        ..shut
    }))
}

/// Where somebody on the roll stands with their own check-in. The figures are asked for only where
/// they decide something.
///
/// # Errors
/// Database faults only.
pub fn stands(tx: &mut Tx, meeting: &Meeting, on: bool, line: &Line, library: &Library) -> db::Result<(Own, Figures)> {
    let seat = line.seat();
    let first = own(meeting.state, on, &seat, &Figures::of(60, 5));
    if !matches!(first, Own::Open(_) | Own::Spent(_)) {
        return Ok((first, Figures::of(60, 5)));
    }
    let day = meeting.opened_at.unwrap_or(meeting.starts_at).date();
    let figures = figures(&rules_on(tx, meeting.org, day, library)?);
    Ok((own(meeting.state, on, &seat, &figures), figures))
}

/// The same as the member reads it.
pub fn own_view(meeting: &Meeting, line: &Line, own: Own) -> OwnView {
    let view = |kind, words: String| OwnView { kind, words, ..OwnView::default() };
    match own {
        Own::There(by) => {
            let at = line.arrived_at.map(|at| format!(" lúc {}", vi::time_short(at.time()))).unwrap_or_default();
            let mark = line.mark.map(|m| m.label().to_lowercase()).unwrap_or_default();
            let ask =
                if by == Source::Secretary { "Thư ký đã ghi. Đồng chí báo thư ký nếu chưa đúng." } else { "" };
            OwnView { ask, ..view("done", format!("Đã ghi {mark}{at}")) }
        }
        Own::Settled(mark) => view("note", settled(mark)),
        Own::Spent(tries) => view("note", spent(tries)),
        Own::Open(left) => {
            let words = if line.tries > 0 { wrong(left) } else { String::new() };
            let action = format!("/cb/{}/buoi/{}/tu-diem-danh", meeting.org, meeting.id);
            OwnView { action, ..view("field", words) }
        }
        Own::Shut | Own::Barred => OwnView::default(),
    }
}
