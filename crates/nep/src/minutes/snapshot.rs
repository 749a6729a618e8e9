//! What is sealed: all facts of a meeting and the text of its minutes, as one canonical JSON.
//! May touch: the record of one meeting and names valid on its day. Rules: P-12, TH-10 … TH-19, P-30.
//!
//! Fields stand in the order of these structs and texts are NFC with line feeds, so the same facts
//! give the same bytes. Add fields only with a new `schema`.

use db::Tx;
use domain::code::Code;
use domain::id::{IssuedId, ItemId, MeetingId, OrgId, PersonId, RowId, TaskId, VoteId};
use domain::meeting::MeetingKind;
use domain::roll::Tally;
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::draft::Minutes;
use super::store;
use crate::fault::Fault;
use crate::live::record::{Record, guest_words};
use crate::org::store as orgs;
use crate::paper::Letterhead;
use crate::score::kept::Kept;

/// The schema of what is sealed now: since the second, the filled-in score sheet stands in it.
pub const SCHEMA: &str = "nep.minutes.2";
/// The schemas that are read; the older ones are never written anew.
const READ: [&str; 2] = ["nep.minutes.1", SCHEMA];

/// Sealed minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// [`SCHEMA`].
    pub schema: String,
    /// The layout that held on the date: `HD05-2026`.
    pub profile: String,
    /// `Số 05-BB/CB`.
    pub number: String,
    /// The date the document bears.
    pub date: Date,
    /// The organisation.
    pub org: OrgId,
    /// Its names on that date.
    pub letterhead: Letterhead,
    /// What it corrects, if it does.
    pub correction: Option<Correction>,
    /// The meeting.
    pub meeting: MeetingPart,
    /// Who chaired.
    pub chair: Signer,
    /// Who wrote.
    pub secretary: Signer,
    /// Guests.
    pub guests: Vec<String>,
    /// The roll, line by line.
    pub roll: Vec<RollPart>,
    /// Its figures.
    pub attendance: AttendancePart,
    /// What was said of the dues.
    pub dues: String,
    /// The items.
    pub items: Vec<ItemPart>,
    /// The votes.
    pub votes: Vec<VotePart>,
    /// The tasks given.
    pub tasks: Vec<TaskPart>,
    /// The text, section by section.
    pub sections: Vec<SectionPart>,
    /// The score sheet as the cell filled it in; absent where there is none, and before the second schema.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<Kept>,
}

/// What a document corrects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// The document.
    pub of: IssuedId,
    /// Its number.
    pub number: String,
    /// Its date.
    pub date: Date,
    /// Its hash.
    pub hash: String,
    /// Why.
    pub reason: String,
}

/// The meeting itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeetingPart {
    /// Identifier.
    pub id: MeetingId,
    /// Kind, as a stored word.
    pub kind: String,
    /// Title.
    pub title: String,
    /// Topic of a thematic meeting.
    pub topic: Option<String>,
    /// Beginning.
    pub opened_at: Option<DateTime>,
    /// End.
    pub closed_at: Option<DateTime>,
    /// Place.
    pub place: String,
    /// The kỳ it served.
    pub periods: Vec<String>,
}

/// Who signs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signer {
    /// Identifier.
    pub person: Option<PersonId>,
    /// Full name.
    pub name: String,
    /// Post on that day.
    pub post: String,
}

/// A line of the roll.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollPart {
    /// Who.
    pub person: PersonId,
    /// Full name on that day.
    pub name: String,
    /// Standing, as a stored word.
    pub standing: String,
    /// Whether an official member.
    pub official: bool,
    /// Whether holding a leading post.
    pub leader: bool,
    /// What the roll says, as a stored word.
    pub mark: Option<String>,
    /// Why absent.
    pub reason: Option<String>,
    /// When they came.
    pub arrived_at: Option<DateTime>,
    /// When they left early.
    pub left_at: Option<DateTime>,
}

/// The figures of the roll.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttendancePart {
    /// Expected: the denominator of attendance.
    pub expected: u32,
    /// Of those, present.
    pub present: u32,
    /// Absent with a reason.
    pub excused: u32,
    /// Absent without.
    pub unexcused: u32,
    /// Expected with a leading post.
    pub leaders_expected: u32,
    /// Of those, present.
    pub leaders_present: u32,
    /// Official members who may vote: the denominator of votes.
    pub electors: u32,
    /// Of those, present.
    pub electors_present: u32,
}

/// An item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemPart {
    /// Identifier.
    pub id: ItemId,
    /// Step, as a stored word.
    pub step: String,
    /// Heading; the fixed words for a secret one.
    pub title: String,
    /// Who presented.
    pub presenter: Option<PersonId>,
    /// Where a secret item is written.
    pub paper_ref: Option<String>,
    /// Who spoke, in order.
    pub speeches: Vec<SpeechPart>,
    /// What was concluded.
    pub conclusion: String,
}

/// Somebody spoke.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpeechPart {
    /// Identifier.
    pub id: RowId,
    /// Who.
    pub person: PersonId,
    /// Full name.
    pub name: String,
    /// What was said.
    pub summary: String,
}

/// A vote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VotePart {
    /// Identifier.
    pub id: VoteId,
    /// What it was on, as a stored word.
    pub subject: String,
    /// The question.
    pub question: String,
    /// What was needed, as a stored word.
    pub threshold: String,
    /// The denominator.
    pub electorate: u32,
    /// Of those, present.
    pub present: u32,
    /// For.
    pub yes: u32,
    /// Against.
    pub no: u32,
    /// Other opinions.
    pub other: u32,
    /// Whether it passed.
    pub passed: bool,
    /// Who keeps their opinion.
    pub reserved: Vec<String>,
}

/// A task given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskPart {
    /// Identifier.
    pub id: TaskId,
    /// What.
    pub content: String,
    /// Who does it.
    pub doer: Option<PersonId>,
    /// Who checks it.
    pub checker: Option<PersonId>,
    /// Until when.
    pub deadline: Option<Date>,
}

/// A section of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SectionPart {
    /// Which, as a stored word.
    pub key: String,
    /// Heading.
    pub title: String,
    /// Text.
    pub text: String,
}

impl Sealed {
    /// The JSON that is hashed.
    ///
    /// # Errors
    /// `Document` when it cannot be written, which only a broken build can cause.
    pub fn to_json(&self) -> Result<String, Fault> {
        serde_json::to_string(self).map_err(|e| Fault::Document(format!("minutes as JSON: {e}")))
    }

    /// Reads what was sealed; none when it is a document of another kind.
    pub fn from_json(json: &str) -> Option<Self> {
        serde_json::from_str::<Self>(json).ok().filter(|s| READ.contains(&s.schema.as_str()))
    }

    /// The kind of meeting it tells of.
    pub fn kind(&self) -> MeetingKind {
        MeetingKind::from_code(&self.meeting.kind).unwrap_or(MeetingKind::Other)
    }
}

/// The names a document of an organisation bears on a date, by the dated edges of the tree.
///
/// # Errors
/// `NotFound`; database faults.
pub fn letterhead(tx: &mut Tx, org: OrgId, on: Date) -> db::Result<Letterhead> {
    let unit = orgs::get(tx, org, on)?;
    let mut out = Letterhead::on(tx, &unit, on)?;
    if let Some(parent) = store::parent_on(tx, org, on)? {
        out.superior = orgs::get(tx, parent, on)?.name;
    }
    Ok(out)
}

/// Takes the snapshot of minutes under a number.
///
/// # Errors
/// `NotFound`; database faults.
pub fn take(tx: &mut Tx, minutes: &Minutes, number: &str, profile: &str) -> Result<Sealed, Fault> {
    let record = &minutes.record;
    let meeting = &record.meeting;
    let day = record.day();
    let periods = crate::meeting::store::periods(tx, meeting.org, meeting.id)?;
    Ok(Sealed {
        schema: SCHEMA.to_owned(),
        profile: profile.to_owned(),
        number: number.to_owned(),
        date: day,
        org: meeting.org,
        letterhead: letterhead(tx, meeting.org, day)?,
        correction: None,
        meeting: MeetingPart {
            id: meeting.id,
            kind: meeting.kind.code().to_owned(),
            title: meeting.title.clone(),
            topic: meeting.topic.clone(),
            opened_at: meeting.opened_at,
            closed_at: meeting.closed_at,
            place: meeting.place.clone(),
            periods: periods.iter().map(ToString::to_string).collect(),
        },
        chair: signer(record, meeting.chair),
        secretary: signer(record, meeting.secretary),
        guests: record.guests.iter().map(|(_, name, title)| guest_words(name, title)).collect(),
        roll: roll(record),
        attendance: attendance(record),
        dues: meeting.dues.clone().unwrap_or_default(),
        items: items(record),
        votes: votes(record),
        tasks: tasks(record),
        sections: minutes
            .sections()
            .into_iter()
            .map(|s| SectionPart { key: s.key.code(), title: s.title, text: s.text })
            .collect(),
        score: minutes.score.clone().filter(|s| s.level().is_some()),
    })
}

fn signer(record: &Record, who: Option<PersonId>) -> Signer {
    let words = |f: &dyn Fn(PersonId) -> String| who.map(f).unwrap_or_default();
    Signer { person: who, name: words(&|p| record.name(p)), post: words(&|p| record.post(p)) }
}

fn roll(record: &Record) -> Vec<RollPart> {
    let line = |l: &crate::live::store::Line| RollPart {
        person: l.person,
        name: l.name.clone(),
        standing: l.standing.code().to_owned(),
        official: l.official,
        leader: l.leader,
        mark: l.mark.map(|m| m.code().to_owned()),
        reason: l.reason.clone(),
        arrived_at: l.arrived_at,
        left_at: l.left_at,
    };
    record.lines.iter().map(line).collect()
}

fn attendance(record: &Record) -> AttendancePart {
    attendance_of(&record.tally())
}

/// The figures of a roll as they are sealed.
pub fn attendance_of(t: &Tally) -> AttendancePart {
    let many = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    AttendancePart {
        expected: t.rate.denom,
        present: t.rate.numer,
        excused: many(t.excused.len()),
        unexcused: many(t.unexcused.len()),
        leaders_expected: t.leaders.denom,
        leaders_present: t.leaders.numer,
        electors: t.electors,
        electors_present: t.electors_present,
    }
}

fn items(record: &Record) -> Vec<ItemPart> {
    let item = |i: &crate::meeting::store::Item| {
        let speech = |c: &crate::live::store::Contribution| SpeechPart {
            id: c.id,
            person: c.person,
            name: record.name(c.person),
            summary: if i.secret { String::new() } else { c.summary.clone() },
        };
        ItemPart {
            id: i.id,
            step: i.step.code().to_owned(),
            title: i.facts(None, 0).public_title().to_owned(),
            presenter: i.presenter,
            paper_ref: if i.secret { i.paper_ref.clone() } else { None },
            speeches: record.spoken(i.id).map(speech).collect(),
            conclusion: if i.secret { String::new() } else { i.conclusion.clone() },
        }
    };
    record.items.iter().map(item).collect()
}

fn votes(record: &Record) -> Vec<VotePart> {
    let vote = |v: &crate::live::store::Vote| VotePart {
        id: v.id,
        subject: v.subject.code().to_owned(),
        question: v.question.clone(),
        threshold: v.threshold.word(),
        electorate: v.electorate,
        present: v.present,
        yes: v.yes,
        no: v.no,
        other: v.other,
        passed: v.passed,
        reserved: v.reserved.lines().map(str::to_owned).collect(),
    };
    record.votes.iter().map(vote).collect()
}

fn tasks(record: &Record) -> Vec<TaskPart> {
    let task = |t: &crate::task::store::Task| TaskPart {
        id: t.id,
        content: t.content.clone(),
        doer: t.doer,
        checker: t.checker,
        deadline: t.deadline,
    };
    record.tasks.iter().map(task).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Minutes as they were sealed before score sheets stood in them.
    const FIRST: &str = r#"{"schema":"nep.minutes.1","profile":"HD05-2026","number":"Số 05-BB/CB","date":"2026-11-03","org":7,"letterhead":{"superior":"Đảng bộ Sở Xây dựng","issuer":"Chi bộ Văn phòng","symbol":"CB","place":"Hà Tĩnh","is_cell":true},"correction":null,"meeting":{"id":9,"kind":"regular","title":"Sinh hoạt thường kỳ tháng 11 năm 2026","topic":null,"opened_at":"2026-11-03T14:00:00","closed_at":"2026-11-03T15:35:00","place":"Phòng họp","periods":["2026-tk-11"]},"chair":{"person":3,"name":"Nguyễn Thị Hà","post":"Bí thư Chi bộ"},"secretary":{"person":null,"name":"","post":""},"guests":[],"roll":[{"person":3,"name":"Nguyễn Thị Hà","standing":"official","official":true,"leader":true,"mark":"present","reason":null,"arrived_at":null,"left_at":null}],"attendance":{"expected":1,"present":1,"excused":0,"unexcused":0,"leaders_expected":1,"leaders_present":1,"electors":1,"electors_present":1},"dues":"","items":[],"votes":[],"tasks":[],"sections":[{"key":"score","title":"Đánh giá chất lượng buổi sinh hoạt","text":""}]}"#;

    #[test]
    fn what_was_sealed_before_is_read_and_written_byte_for_byte() {
        let sealed = Sealed::from_json(FIRST).unwrap();
        assert_eq!((sealed.schema.as_str(), sealed.score.as_ref()), ("nep.minutes.1", None));
        assert_eq!(sealed.to_json().unwrap(), FIRST);
        assert!(Sealed::from_json(&FIRST.replace("nep.minutes.1", "nep.minutes.9")).is_none());
    }
}
