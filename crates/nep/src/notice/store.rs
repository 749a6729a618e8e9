//! Notices and who read them, as rows. A notice is never edited: a change is a new notice that
//! says what changed; what each one told is kept beside its text so that the next can compare.
//! Rules: CB-03 (whom), CB-04 (how long before), P-30 (a secret item has no text anywhere).

use db::{Tx, values};
use domain::agenda::{self, Part, SECRET_TITLE, Step};
use domain::code::Code;
use domain::id::{MeetingId, OrgId, PersonId, RowId};
use domain::meeting::MeetingKind;
use domain::notice::MeetingFacts;
use domain::secrecy::Traces;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use crate::actor::Actor;
use crate::audit::store as audit;
use crate::meeting::store::dossier::Recipient;

pub mod calendar;
pub mod opinions;
pub mod replies;

/// A notice as it went out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Identifier.
    pub id: RowId,
    /// Text.
    pub body: String,
    /// When.
    pub sent_at: Timestamp,
    /// Who sent it.
    pub sent_by: PersonId,
    /// Minutes between sending and the start of the meeting.
    pub lead_minutes: i64,
    /// Why it replaces an earlier one, or that the meeting is cancelled.
    pub change_note: Option<String>,
    told: String,
}

db::row!(Notice { id, body, sent_at, sent_by, lead_minutes, change_note, told });

impl Notice {
    /// What the notice told; `None` only for rows that never came from this store.
    pub fn told(&self) -> Option<Told> {
        serde_json::from_str(&self.told).ok()
    }
}

/// What a notice told of a meeting, for comparing with the next one and for calendars. Holds
/// public headings only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// The cell.
    pub org: String,
    /// Code of the kind.
    pub kind: String,
    /// Topic.
    pub topic: Option<String>,
    /// Start.
    pub starts_at: Option<DateTime>,
    /// End.
    pub ends_at: Option<DateTime>,
    /// Place.
    pub place: String,
    /// Chair with post.
    pub chair: Option<String>,
    /// Who presents the topic.
    pub presenter: Option<String>,
    /// Headings with who presents them; a secret item has no heading.
    pub items: Vec<(Option<String>, Option<String>)>,
}

impl Told {
    /// What is told of a meeting as it stands.
    pub fn of(facts: &MeetingFacts) -> Self {
        let line = |i: &agenda::Item| match i.secret {
            true => (None, None),
            false => (Some(i.title.clone()), i.presenter.clone()),
        };
        Self {
            org: facts.org.clone(),
            kind: facts.kind.code().to_owned(),
            topic: facts.topic.clone(),
            starts_at: facts.starts_at,
            ends_at: facts.ends_at,
            place: facts.place.clone(),
            chair: facts.chair.clone(),
            presenter: facts.presenter.clone(),
            items: facts.items.iter().map(line).collect(),
        }
    }

    /// The same as the rules about changes see it.
    pub fn facts(&self) -> MeetingFacts {
        let item = |(title, presenter): &(Option<String>, Option<String>)| agenda::Item {
            presenter: presenter.clone(),
            secret: title.is_none(),
            ..agenda::Item::new(Part::Content, Step::Other, title.clone().unwrap_or_default())
        };
        MeetingFacts {
            org: self.org.clone(),
            kind: MeetingKind::from_code(&self.kind).unwrap_or(MeetingKind::Other),
            topic: self.topic.clone(),
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            place: self.place.clone(),
            chair: self.chair.clone(),
            presenter: self.presenter.clone(),
            items: self.items.iter().map(item).collect(),
            members: 0,
            followers: Vec::new(),
            guests: Vec::new(),
            committee_met_on: None,
        }
    }
}

/// The notices of a meeting, newest first.
///
/// # Errors
/// Database faults only.
pub fn of_meeting(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<Vec<Notice>> {
    tx.all(
        "select notice_id, body, sent_at, sent_by, lead_minutes, change_note, told from notice
         where org_id = $1 and meeting_id = $2 order by sent_at desc, notice_id desc",
        values![org, meeting],
    )
}

/// A notice to send.
#[derive(Debug, Clone)]
pub struct NewNotice {
    /// Text.
    pub body: String,
    /// Minutes until the start.
    pub lead_minutes: i64,
    /// Why it replaces an earlier one, or that the meeting is cancelled.
    pub change_note: Option<String>,
    /// What it tells.
    pub told: Told,
    /// Who gets it.
    pub recipients: Vec<Recipient>,
}

/// Sends a notice: from now on each recipient has it on the home page until it is read.
///
/// # Errors
/// Database faults only.
pub fn send(tx: &mut Tx, actor: &Actor, org: OrgId, meeting: MeetingId, new: &NewNotice) -> db::Result<RowId> {
    let id: RowId = actor.id();
    let told = serde_json::to_string(&new.told).unwrap_or_default();
    tx.exec(
        "insert into notice (org_id, notice_id, meeting_id, body, sent_at, sent_by, lead_minutes, change_note, told)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        values![org, id, meeting, new.body, actor.now, actor.person, new.lead_minutes, new.change_note, told],
    )?;
    for recipient in &new.recipients {
        // Whoever sends it has read it.
        let read_at = (recipient.person == actor.person).then_some(actor.now);
        let role = if recipient.follower { "follower" } else { "member" };
        tx.exec(
            "insert into notice_reader (org_id, notice_id, person_id, role, read_at) values ($1, $2, $3, $4, $5)",
            values![org, id, recipient.person, role, read_at],
        )?;
    }
    let detail = format!("recipients={} lead={}", new.recipients.len(), new.lead_minutes);
    audit::record(tx, actor, org, "notice.sent", &crate::meeting::store::object(meeting), &detail)?;
    Ok(id)
}

/// Somebody who got a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    /// Who.
    pub person: PersonId,
    /// Full name.
    pub name: String,
    /// `member` or `follower`.
    pub role: String,
    /// When it was first opened.
    pub read_at: Option<Timestamp>,
}

db::row!(Reader { person, name, role, read_at });

/// Who got a notice, in the order of names.
///
/// # Errors
/// Database faults only.
pub fn readers(tx: &mut Tx, org: OrgId, notice: RowId) -> db::Result<Vec<Reader>> {
    tx.all(
        "select r.person_id, p.name, r.role, r.read_at from notice_reader r join person p on p.person_id = r.person_id
         where r.org_id = $1 and r.notice_id = $2 order by r.role desc, p.sort_key, r.person_id",
        values![org, notice],
    )
}

/// Whether a person has a notice of the meeting they have not opened yet.
///
/// # Errors
/// Database faults only.
pub fn is_unread(tx: &mut Tx, org: OrgId, meeting: MeetingId, person: PersonId) -> db::Result<bool> {
    let found: Option<(i64,)> = tx.opt(
        "select 1 from notice_reader r join notice n on n.org_id = r.org_id and n.notice_id = r.notice_id
         where r.org_id = $1 and n.meeting_id = $2 and r.person_id = $3 and r.read_at is null limit 1",
        values![org, meeting, person],
    )?;
    Ok(found.is_some())
}

/// Notes that a person has opened the notices of a meeting.
///
/// # Errors
/// Database faults only.
pub fn mark_read(tx: &mut Tx, org: OrgId, meeting: MeetingId, person: PersonId, now: Timestamp) -> db::Result<()> {
    tx.exec(
        "update notice_reader set read_at = $4 where org_id = $1 and person_id = $3 and read_at is null
         and notice_id in (select n.notice_id from notice n where n.org_id = $1 and n.meeting_id = $2)",
        values![org, meeting, person, now],
    )?;
    Ok(())
}

/// A meeting that waits for something of a person, in any cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The cell.
    pub org: OrgId,
    /// The meeting.
    pub meeting: MeetingId,
    /// Its title.
    pub title: String,
    /// Start.
    pub starts_at: DateTime,
    /// Place.
    pub place: String,
}

db::row!(Waiting { org, meeting, title, starts_at, place });

/// Meetings with a notice out that await a person's answer: will come, or asks to be absent.
///
/// # Errors
/// Database faults only.
pub fn pending_for(tx: &mut Tx, person: PersonId, today: Date) -> db::Result<Vec<Waiting>> {
    tx.all(
        "select m.org_id, m.meeting_id, m.title, m.starts_at, m.place from meeting m
         join membership s on s.org_id = m.org_id and s.person_id = $1 and s.from_date <= $2
         and (s.to_date is null or s.to_date > $2) and s.standing in ('official', 'probationary', 'temporary_here')
         where m.state = 'noticed' and m.starts_at >= $2
         and (m.kind <> 'committee' or exists (select 1 from post t where t.org_id = m.org_id and t.person_id = $1
              and t.role in ('secretary', 'deputy', 'committee', 'standing')
              and t.from_date <= $2 and (t.to_date is null or t.to_date > $2)))
         and not exists (select 1 from reply r where r.org_id = m.org_id and r.meeting_id = m.meeting_id and r.person_id = $1)
         order by m.starts_at",
        values![person, today],
    )
}

/// Meetings of which a person has a notice not opened yet, the next one first. Meetings long past
/// are left out: nobody needs to be told of them any more.
///
/// # Errors
/// Database faults only.
pub fn unread_for(tx: &mut Tx, person: PersonId, today: Date) -> db::Result<Vec<Waiting>> {
    tx.all(
        "select distinct m.org_id, m.meeting_id, m.title, m.starts_at, m.place from notice_reader r
         join notice n on n.org_id = r.org_id and n.notice_id = r.notice_id
         join meeting m on m.org_id = n.org_id and m.meeting_id = n.meeting_id
         where r.person_id = $1 and r.read_at is null and m.starts_at >= $2 order by m.starts_at",
        values![person, today],
    )
}

/// Takes the headings an item bore, and whatever else was copied from it, out of notices already kept
/// when it has become a state secret (P-30). A heading that no item of the agenda bears now may be the
/// one it bore when that notice went out.
///
/// # Errors
/// Database faults only.
pub fn forget_headings(
    tx: &mut Tx,
    org: OrgId,
    meeting: MeetingId,
    last: &str,
    agenda: &[String],
    traces: &Traces,
) -> db::Result<()> {
    for notice in of_meeting(tx, org, meeting)? {
        let mut gone: Vec<String> = vec![last.to_owned()];
        let told = notice.told().map(|mut told| {
            for item in &mut told.items {
                if let Some(heading) = item.0.take_if(|h| h == last || !agenda.contains(h)) {
                    gone.push(heading);
                    item.1 = None;
                }
            }
            told.topic = told.topic.filter(|topic| !traces.are_in(topic));
            serde_json::to_string(&told).unwrap_or_default()
        });
        let mut body = notice.body.clone();
        for heading in gone.iter().filter(|h| !h.trim().is_empty() && *h != SECRET_TITLE) {
            body = body.replace(heading, SECRET_TITLE);
        }
        let body = traces.cut_from(&body, SECRET_TITLE).unwrap_or(body);
        let note = notice.change_note.as_ref().map(|note| traces.cut_from(note, SECRET_TITLE).unwrap_or_else(|| note.clone()));
        tx.exec(
            "update notice set body = $3, told = $4, change_note = $5 where org_id = $1 and notice_id = $2",
            values![org, notice.id, body, told.unwrap_or_default(), note],
        )?;
    }
    Ok(())
}
