//! The notice of a meeting, who read it, and what members answered: who will come, who asks to be
//! absent and why, decided by the secretary before the meeting.

use domain::id::PersonId;
use domain::notice::{self, Lead, MeetingFacts};
use jiff::{Timestamp, ToSpan};

use super::cell::Cell;
use super::held::Prepared;
use super::{Maker, words};
use crate::actor::{Actor, local, moment};
use crate::fault::Fault;
use crate::meeting::store::dossier::Recipient;
use crate::meeting::store::{self as meetings, Moment};
use crate::notice::store::replies::{self, Answer, Decision};
use crate::notice::store::{self as notices, NewNotice, Told};

/// What the notice tells.
fn facts(cell: &Cell, prepared: &Prepared) -> MeetingFacts {
    let meeting = &prepared.meeting;
    let topic = prepared.items.iter().find(|i| i.step == domain::agenda::Step::Topic);
    let named = |person: PersonId| cell.name_of(person);
    let chair = meeting.chair.map(|p| {
        let post = if p == cell.secretary { "Bí thư chi bộ" } else { "Phó bí thư chi bộ" };
        format!("đồng chí {}, {post}", named(p))
    });
    MeetingFacts {
        org: cell.name.clone(),
        kind: meeting.kind,
        topic: meeting.topic.clone(),
        starts_at: Some(meeting.starts_at),
        ends_at: Some(meeting.ends_at),
        place: meeting.place.clone(),
        chair,
        presenter: topic.and_then(|i| i.presenter).map(named),
        items: prepared.items.iter().map(|i| i.facts(i.presenter.map(named), 0)).collect(),
        members: u32::try_from(cell.active().len()).unwrap_or(0),
        followers: cell.follower.iter().map(|f| f.1.clone()).collect(),
        guests: Vec::new(),
        committee_met_on: meeting.committee_met_on,
    }
}

/// Sends the notice of a prepared meeting to its members and to who follows the cell.
pub(super) fn send(maker: &mut Maker, cell: &Cell, prepared: &mut Prepared, when: Timestamp) -> Result<(), Fault> {
    let actor = maker.system.at(cell.secretary, cell.org, when);
    let facts = facts(cell, prepared);
    let meeting = &mut prepared.meeting;
    let state = meeting.state.send_notice(&[])?;
    meetings::save_state(maker.tx, &actor, meeting, state, &Moment { noticed_at: Some(when), ..Moment::default() })?;
    meeting.state = state;
    meeting.version += 1;
    let recipient = |person, name: &str, follower| Recipient { person, name: name.to_owned(), follower };
    let mut recipients: Vec<Recipient> =
        cell.members.iter().filter(|m| m.active).map(|m| recipient(m.person, &m.name, false)).collect();
    recipients.extend(cell.follower.iter().map(|(person, name)| recipient(*person, name, true)));
    let new = NewNotice {
        body: notice::draft(&facts),
        lead_minutes: Lead::between(local(when), meeting.starts_at).minutes,
        change_note: None,
        told: Told::of(&facts),
        recipients,
    };
    notices::send(maker.tx, &actor, cell.org, meeting.id, &new)?;
    Ok(())
}

/// Members read the notice and answer it. Who asked to be absent.
pub(super) fn answered(maker: &mut Maker, cell: &mut Cell, prepared: &Prepared, sent: Timestamp) -> Result<Vec<PersonId>, Fault> {
    let meeting = &prepared.meeting;
    let starts = moment(meeting.starts_at);
    let sure = [meeting.chair, meeting.secretary];
    // Of a meeting to come, only what was answered by now.
    let minutes = (starts.min(maker.now).duration_since(sent).as_secs() / 60).max(2);
    let at = |cell: &mut Cell| sent.checked_add(cell.seed.between(1, minutes - 1).minutes()).unwrap_or(sent);
    let recent = maker.now.duration_since(starts).as_hours() < 100 * 24;
    let mut away = Vec::new();
    for person in cell.active() {
        let comes = sure.contains(&Some(person)) || cell.seed.chance(cell.ways(person).comes);
        let when = at(cell);
        if cell.seed.chance(88) {
            notices::mark_read(maker.tx, cell.org, meeting.id, person, when)?;
        }
        let hands = maker.system.at(person, cell.org, when);
        if !comes {
            away.push(person);
            if cell.seed.chance(70) {
                let reason = words::absence(&mut cell.seed);
                replies::answer(maker.tx, &hands, cell.org, meeting.id, Answer::Away, Some(reason))?;
                grant(maker, cell, prepared, person, when)?;
            }
        } else if recent && cell.seed.chance(55) {
            replies::answer(maker.tx, &hands, cell.org, meeting.id, Answer::Coming, None)?;
        }
    }
    Ok(away)
}

fn grant(maker: &mut Maker, cell: &Cell, prepared: &Prepared, person: PersonId, asked: Timestamp) -> Result<(), Fault> {
    let when = asked.checked_add(40.minutes()).unwrap_or(asked).min(maker.now);
    let actor: Actor = maker.system.at(cell.secretary, cell.org, when);
    Ok(replies::decide(maker.tx, &actor, cell.org, prepared.meeting.id, person, 1, Decision::Granted)?)
}
