//! Meetings set on the stage through the stores, for stories that begin where a meeting has been held.

use std::sync::Arc;

use domain::agenda::{Part, Step};
use domain::id::{ItemId, MeetingId, OrgId, PersonId};
use domain::meeting::{MeetingKind, MeetingState};
use domain::period::PeriodKey;
use domain::roll::Mark;
use jiff::civil::{Date, DateTime};
use nep::live::store as live;
use nep::meeting::store::make::blank;
use nep::meeting::store::{self as meetings, Item, Moment, NewMeeting};

use crate::site::Site;

/// A meeting of a kind on a day, prepared by the cell's secretary.
pub fn prepared(site: &Arc<Site>, org: OrgId, chair: &str, kind: MeetingKind, day: Date, periods: &[PeriodKey]) -> MeetingId {
    let hands = site.hands(chair, org);
    let new = NewMeeting {
        kind,
        title: format!("{kind} {}", domain::vi::date(day)),
        starts_at: day.at(14, 0, 0, 0),
        ends_at: day.at(15, 45, 0, 0),
        place: "phòng họp tầng 2".to_owned(),
        chair: Some(hands.person),
        secretary: None,
        topic: None,
        periods: periods.to_vec(),
    };
    site.write(move |tx| Ok(meetings::create(tx, &hands, org, &new)?))
}

/// Adds an item with what the chair concluded on it.
pub fn item(
    site: &Arc<Site>,
    org: OrgId,
    meeting: MeetingId,
    (part, step): (Part, Step),
    title: &str,
    conclusion: &str,
) -> ItemId {
    let hands = site.hands("nguyenthiha", org);
    let item = Item { minutes: 20, conclusion: conclusion.to_owned(), ..blank(part, step, title) };
    site.write(move |tx| meetings::add_item(tx, &hands, org, meeting, &item))
}

/// Takes a meeting on to the state asked for, with its roll frozen once it is opened.
pub fn bring(site: &Arc<Site>, org: OrgId, meeting: MeetingId, to: MeetingState) {
    let hands = site.hands("nguyenthiha", org);
    site.write(move |tx| {
        let way = [MeetingState::Open, MeetingState::Closed, MeetingState::Adopted, MeetingState::Sealed];
        let last = way.iter().position(|s| *s == to).unwrap();
        for state in &way[..=last] {
            let now = meetings::get(tx, org, meeting)?;
            if way.iter().position(|s| *s == now.state).is_some_and(|at| way[at] as u8 >= *state as u8) {
                continue;
            }
            let mut moment = Moment::default();
            if *state == MeetingState::Open {
                live::freeze(tx, org, meeting, now.starts_at)?;
                moment.opened_at = Some(now.starts_at);
            }
            if *state == MeetingState::Closed {
                moment.closed_at = Some(now.ends_at);
            }
            meetings::save_state(tx, &hands, &now, *state, &moment)?;
        }
        Ok(())
    });
}

/// Marks everybody who is expected as present, save those named.
pub fn roll(site: &Arc<Site>, org: OrgId, meeting: MeetingId, others: &[(PersonId, Mark)], at: DateTime) {
    let others = others.to_vec();
    site.write(move |tx| {
        for line in live::roll(tx, org, meeting)? {
            let other = others.iter().find(|(p, _)| *p == line.person).map(|(_, m)| *m);
            if line.mark.is_none() {
                live::mark(tx, org, meeting, line.person, other.or(Some(Mark::Present)), None, at)?;
            }
        }
        Ok(())
    });
}

/// Notes that somebody spoke on an item.
pub fn spoke(site: &Arc<Site>, org: OrgId, meeting: MeetingId, item: ItemId, who: PersonId) {
    let hands = site.hands("nguyenthiha", org);
    site.write(move |tx| {
        live::add_contribution(tx, &hands, org, meeting, item, who, None, "Đề nghị làm sớm hơn.")?;
        Ok(())
    });
}
