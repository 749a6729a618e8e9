//! What committees sent down, as the day's message and the inbox see it: which of it waits for whom, and what to
//! do next. Touches what is sent down through its store. Rules: L1, L2, P4, P-10.

use std::collections::{BTreeMap, BTreeSet};

use db::Tx;
use domain::guidance::GuidanceKind;
use domain::id::{MeetingId, OrgId, PersonId};
use domain::post::Role;
use domain::reminder::sent::{Matter, Preparing, Sent};
use jiff::civil::Date;

use super::store;
use crate::actor::{Place, local};
use crate::guidance::store::Guidance;
use crate::guidance::store::fresh::{self, Month};
use crate::guidance::view::{reads, since};

/// Something that reached a person, with what the inbox shows of it.
#[derive(Debug, Clone)]
pub struct Reached {
    /// What the rules judge.
    pub fact: Sent,
    /// What it is called.
    pub title: String,
    /// The meeting being prepared, for an orientation.
    pub meeting: Option<MeetingId>,
}

/// Everything new that reached some people: documents where they take part, orientations where they lead.
///
/// # Errors
/// Database faults only.
pub fn reached(tx: &mut Tx, places: &BTreeMap<PersonId, Vec<Place>>, today: Date) -> db::Result<Vec<Reached>> {
    let of = |wanted: fn(&Place) -> bool| -> BTreeSet<OrgId> {
        places.values().flatten().filter(|p| p.is_cell && wanted(p)).map(|p| p.org).collect()
    };
    let (reading, led) = (of(takes_part), of(may_lead));
    let cells: Vec<OrgId> = reading.union(&led).copied().collect();
    if cells.is_empty() {
        return Ok(Vec::new());
    }
    let fresh = fresh::in_cells(tx, &cells, since(today), today)?;
    if fresh.all.is_empty() {
        return Ok(Vec::new());
    }
    let people: Vec<PersonId> = places.keys().copied().collect();
    let read = fresh::read_by(tx, &people, &fresh.all)?;
    let told = store::told_sent(tx, &people, &fresh.all)?;
    let led: Vec<OrgId> = led.into_iter().collect();
    let heads = store::heads(tx, &led, today)?;
    let months = fresh::months(tx, &fresh, &led)?;
    let mut out = Vec::new();
    for (person, place) in places.iter().flat_map(|(person, all)| all.iter().map(move |place| (*person, place))) {
        let head = may_lead(place) && heads.get(&place.org).is_some_and(|h| h.contains(&person));
        for g in fresh.of(place.org) {
            let known = (person, place.org, g.id);
            let month = months.get(&(place.org, g.id)).copied().unwrap_or_default();
            let matter = match g.kind {
                GuidanceKind::Document if takes_part(place) => Some(Matter::Document { read: read.contains(&known) }),
                GuidanceKind::Orientation if head => preparing(g, month),
                GuidanceKind::Document | GuidanceKind::Orientation => None,
            };
            let Some((matter, issued)) = matter.zip(g.issued_at) else { continue };
            out.push(Reached {
                fact: Sent {
                    person,
                    cell: place.org,
                    from: g.org,
                    id: g.id,
                    issued: local(issued),
                    told: told.contains(&known),
                    matter,
                },
                title: g.title.clone(),
                meeting: month.preparing,
            });
        }
    }
    Ok(out)
}

/// A member who reads what is sent to the cell.
fn takes_part(place: &Place) -> bool {
    place.membership.is_some_and(reads)
}

fn may_lead(place: &Place) -> bool {
    let suspended = place.membership == Some(domain::roll::Standing::Suspended);
    !suspended && place.roles.iter().any(|r| matches!(r, Role::Secretary | Role::Deputy))
}

fn preparing(g: &Guidance, month: Month) -> Option<Matter> {
    let Month { ahead, taken, missing, .. } = month;
    Some(Matter::Orientation(Preparing { period: g.key()?, ahead, taken, missing }))
}

impl Reached {
    /// The page on which it is done.
    pub fn href(&self) -> String {
        let Sent { cell, id, .. } = self.fact;
        match (self.fact.matter, self.meeting) {
            (Matter::Orientation(_), Some(meeting)) => format!("/cb/{cell}/buoi/{meeting}/chuan-bi#cap-tren"),
            _ => format!("/cb/{cell}/tai-lieu/{id}"),
        }
    }

    /// What to do next.
    pub fn next(&self) -> &'static str {
        match (self.fact.matter, self.meeting) {
            (Matter::Document { .. }, _) => "Tài liệu mới. Đọc xong, đồng chí bấm “Đã đọc”",
            (Matter::Orientation(_), Some(_)) => "Định hướng mới. Mở buổi đang chuẩn bị để đưa nội dung vào chương trình",
            (Matter::Orientation(_), None) => "Định hướng mới. Đọc trước khi chuẩn bị buổi sinh hoạt của tháng",
        }
    }
}
