//! Everything one page about a meeting needs, read at once: the meeting, its agenda and files, the
//! names of people, who gets the notice, the rules of its day.
//! Touches its own rows and the stores of members, posts and guests. Rules: CB-02 … CB-06, VT-01.

use std::collections::BTreeMap;

use db::Tx;
use domain::code::Code;
use domain::id::{ItemId, MeetingId, OrgId, PersonId};
use domain::meeting::{Figures, MeetingKind};
use domain::notice::MeetingFacts;
use domain::post::Role;
use domain::right::{Right, to_read};
use domain::roll::Standing;
use domain::rulepack::{Library, Rules};
use domain::{agenda, notice};
use jiff::civil::Date;

use super::{Item, Meeting, files};
use crate::actor::Actor;
use crate::fault::Fault;
use crate::live::store as live;
use crate::member::store as members;
use crate::org::store::{self as orgs, Held, Org};

/// Somebody who gets the notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// Who.
    pub person: PersonId,
    /// Full name.
    pub name: String,
    /// Whether a follower from above instead of a member.
    pub follower: bool,
}

/// A meeting with everything around it.
#[derive(Debug, Clone)]
pub struct Dossier {
    /// The meeting.
    pub meeting: Meeting,
    /// The cell as it is called on the day.
    pub cell: Org,
    /// The organisation above, as it is called on the day.
    pub above: Option<Org>,
    /// The rules of the day.
    pub rules: Rules,
    /// The agenda.
    pub items: Vec<Item>,
    /// Its files.
    pub files: Vec<files::File>,
    /// Who gets the notice.
    pub recipients: Vec<Recipient>,
    /// Members of the cell today, for lists to choose from.
    pub roster: Vec<members::Member>,
    posts: Vec<Held>,
    guests: Vec<String>,
    names: BTreeMap<PersonId, String>,
}

/// Whether a person may see that the meeting exists: those who prepare it always, the others once
/// the notice is out or it has begun; the committee's own meetings are for the committee.
pub fn visible(actor: &Actor, meeting: &Meeting) -> bool {
    let reads = match to_read(meeting.kind) {
        Right::CellRead => actor.may(Right::NoticeRead),
        right => actor.may(right),
    };
    let is_out = meeting.noticed_at.is_some() || meeting.opened_at.is_some() || actor.standpoint.minutes_secretary;
    reads && (is_out || actor.may(Right::MeetingPrepare))
}

/// A meeting, for somebody who may see it.
///
/// # Errors
/// `NotFound` also when it is out of the person's scope; database faults.
pub fn for_reader(tx: &mut Tx, actor: &Actor, id: MeetingId) -> Result<Meeting, Fault> {
    let meeting = super::get(tx, actor.org, id)?;
    if visible(actor, &meeting) { Ok(meeting) } else { Err(Fault::NotFound) }
}

/// Reads the whole dossier of a meeting.
///
/// # Errors
/// `NotFound`; database faults.
pub fn load(tx: &mut Tx, library: &Library, org: OrgId, id: MeetingId, today: Date) -> db::Result<Dossier> {
    let meeting = super::get(tx, org, id)?;
    load_of(tx, library, meeting, today)
}

/// Reads all that is around a meeting.
///
/// # Errors
/// `NotFound`; database faults.
pub fn load_of(tx: &mut Tx, library: &Library, meeting: Meeting, today: Date) -> db::Result<Dossier> {
    let (org, id, day) = (meeting.org, meeting.id, meeting.starts_at.date());
    let cell = orgs::get(tx, org, day)?;
    let above = orgs::above(tx, &cell, day)?;
    let rules = orgs::rules_for(tx, &cell, &library.at(day))?;
    let items = super::items(tx, org, id)?;
    let files = files::of_meeting(tx, org, id)?;
    let roster = members::roster(tx, org, today)?;
    let posts = orgs::posts_on(tx, org, today)?;
    let guests = live::guests(tx, org, id)?.into_iter().map(|(_, name, _)| name).collect();
    let mut names: BTreeMap<PersonId, String> = roster.iter().map(|m| (m.person, m.name.clone())).collect();
    names.extend(posts.iter().map(|h| (h.person, h.name.clone())));
    let people = items.iter().filter_map(|i| i.presenter).chain(meeting.chair).chain(meeting.secretary);
    let others: Vec<PersonId> = people.filter(|p| !names.contains_key(p)).collect();
    names.extend(members::names(tx, others)?);
    let recipients = recipients(meeting.kind, &roster, &posts);
    Ok(Dossier { meeting, cell, above, rules, items, files, recipients, roster, posts, guests, names })
}

/// Who gets the notice of a kind of meeting (CB-03): every member who takes part here, and who
/// follows the cell; of a committee's own meeting the committee alone.
fn recipients(kind: MeetingKind, roster: &[members::Member], posts: &[Held]) -> Vec<Recipient> {
    let mut out: Vec<Recipient> = Vec::new();
    let mut add = |person: PersonId, name: &str, follower: bool| {
        if out.iter().all(|r| r.person != person) {
            out.push(Recipient { person, name: name.to_owned(), follower });
        }
    };
    if kind == MeetingKind::Committee {
        posts.iter().filter(|h| h.role.is_leader()).for_each(|h| add(h.person, &h.name, false));
        return out;
    }
    let here = |s: Standing| !matches!(s, Standing::Suspended | Standing::TemporaryAway);
    roster.iter().filter(|m| here(m.standing)).for_each(|m| add(m.person, &m.name, false));
    posts.iter().filter(|h| h.role == Role::Follower).for_each(|h| add(h.person, &h.name, true));
    out
}

impl Dossier {
    /// Full name of a person the meeting speaks of.
    pub fn name(&self, person: PersonId) -> String {
        self.names.get(&person).cloned().unwrap_or_default()
    }

    /// Name of an optional person; empty for none.
    pub fn name_of(&self, person: Option<PersonId>) -> String {
        person.map(|p| self.name(p)).unwrap_or_default()
    }

    /// `đồng chí Nguyễn Thị Hà, Bí thư chi bộ`.
    pub fn with_post(&self, person: PersonId) -> String {
        let name = self.name(person);
        match self.posts.iter().find(|h| h.person == person && h.role.is_leader()) {
            Some(held) if held.role == Role::Committee => format!("đồng chí {name}, Chi ủy viên"),
            Some(held) => format!("đồng chí {name}, {} chi bộ", held.role.label_in(true)),
            None => format!("đồng chí {name}"),
        }
    }

    /// Who signs for the cell: the secretary, else the deputy.
    pub fn signer(&self) -> (Option<Role>, String) {
        let held = self.posts.iter().find(|h| matches!(h.role, Role::Secretary | Role::Deputy));
        (held.map(|h| h.role), held.map(|h| h.name.clone()).unwrap_or_default())
    }

    /// People to choose from, leaders first, as (id, words).
    pub fn choices(&self) -> Vec<(String, String)> {
        let leads = |p: PersonId| self.posts.iter().find(|h| h.person == p && h.role.is_leader());
        let mut out: Vec<(bool, String, String)> = Vec::new();
        for member in &self.roster {
            let post = leads(member.person).map(|h| format!(", {}", h.role.label_in(true).to_lowercase()));
            out.push((post.is_none(), member.person.to_string(), format!("đ/c {}{}", member.name, post.unwrap_or_default())));
        }
        out.sort_by_key(|o| o.0);
        out.into_iter().map(|(_, id, words)| (id, words)).collect()
    }

    /// The files of an item.
    pub fn files_of(&self, item: ItemId) -> Vec<&files::File> {
        self.files.iter().filter(|f| f.item == Some(item)).collect()
    }

    /// The agenda as the rules see it.
    pub fn agenda(&self) -> Vec<agenda::Item> {
        self.items
            .iter()
            .map(|i| i.facts(i.presenter.map(|p| self.name(p)), u32::try_from(self.files_of(i.id).len()).unwrap_or(u32::MAX)))
            .collect()
    }

    /// Whether a recipient is asked to answer: a member who is expected to come, not one exempt (DD-03).
    pub fn is_asked(&self, recipient: &Recipient) -> bool {
        !recipient.follower && self.roster.iter().any(|m| m.person == recipient.person && m.standing.is_expected())
    }

    /// The meeting as its notice tells of it.
    pub fn notice_facts(&self) -> MeetingFacts {
        let topic_by = self.items.iter().find(|i| i.step == agenda::Step::Topic).and_then(|i| i.presenter);
        let named = |follower: bool| self.recipients.iter().filter(move |r| r.follower == follower);
        MeetingFacts {
            org: self.cell.name.clone(),
            kind: self.meeting.kind,
            topic: self.meeting.topic.clone().filter(|t| !t.trim().is_empty()),
            starts_at: Some(self.meeting.starts_at),
            ends_at: Some(self.meeting.ends_at),
            place: self.meeting.place.clone(),
            chair: self.meeting.chair.map(|p| self.with_post(p)),
            presenter: topic_by.map(|p| self.name(p)),
            items: self.agenda(),
            members: u32::try_from(named(false).count()).unwrap_or(u32::MAX),
            followers: named(true).map(|r| r.name.clone()).collect(),
            guests: self.guests.clone(),
            committee_met_on: self.meeting.committee_met_on,
        }
    }

    /// The least lengths of the day (SH-05, SH-06).
    pub fn lengths(&self) -> Figures {
        let minutes = |key: &str| self.rules.int(key).and_then(|n| u32::try_from(n).ok()).unwrap_or(0);
        let single = match self.meeting.kind {
            MeetingKind::Thematic => minutes("meeting.min_minutes.thematic"),
            _ => minutes("meeting.min_minutes.regular"),
        };
        Figures { single, combined: minutes("meeting.min_minutes.combined") }
    }

    /// How many whole days before the start a notice should leave (CB-04).
    pub fn notice_figures(&self) -> notice::Figures {
        let days = self.rules.int("meeting.post_docs_before_days").and_then(|n| u32::try_from(n).ok());
        notice::Figures { lead_days: days.unwrap_or(1) }
    }

    /// Length as planned, in minutes.
    pub fn planned_minutes(&self) -> Option<u32> {
        domain::meeting::length(self.meeting.starts_at, self.meeting.ends_at)
    }

    /// What the label of the meeting's kind is inside a sentence.
    pub fn kind_low(&self) -> String {
        let label = self.meeting.kind.label();
        let mut chars = label.chars();
        chars.next().map(|c| c.to_lowercase().chain(chars).collect()).unwrap_or_default()
    }
}
