//! The pulse as rows: counters, and apart from them who has answered. No statement joins the two, and
//! nothing of an answer is written anywhere else: not in the trail, not with a time, not in an order.

use std::collections::BTreeMap;

use db::{Tx, values};
use domain::code::Code;
use domain::id::{MeetingId, OrgId, PersonId};
use domain::meeting::MeetingState;
use domain::pulse::{Answer, Counts, Question, ripe};
use jiff::civil::{Date, DateTime};

use crate::meeting::store::held::HELD;

/// A meeting a person was at, with how many of the questions they have answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attended {
    /// The cell.
    pub org: OrgId,
    /// The meeting.
    pub meeting: MeetingId,
    /// Its title.
    pub title: String,
    /// When it was held.
    pub starts_at: DateTime,
    /// Where it stands.
    pub state: MeetingState,
    /// How many questions were answered.
    pub answered: i64,
}

db::row!(Attended { org, meeting, title, starts_at, state: code, answered });

const ATTENDED: &str = "select m.org_id, m.meeting_id, m.title, m.starts_at, m.state,
    (select count(*) from pulse_done d where d.org_id = m.org_id and d.meeting_id = m.meeting_id and d.person_id = r.person_id)
    from meeting m join roll r on r.org_id = m.org_id and r.meeting_id = m.meeting_id
    where r.mark in ('present', 'online') and r.person_id = $1";

/// Meetings of a cell held since a day at which a person took part, newest first.
///
/// # Errors
/// Database faults only.
pub fn since(tx: &mut Tx, org: OrgId, person: PersonId, from: Date) -> db::Result<Vec<Attended>> {
    tx.all(
        &format!("{ATTENDED} and {HELD} and m.org_id = $2 and m.starts_at >= $3 order by m.starts_at desc"),
        values![person, org, from],
    )
}

/// Whether a person took part in a meeting that is over, and how far they have answered.
///
/// # Errors
/// Database faults only.
pub fn of(tx: &mut Tx, org: OrgId, meeting: MeetingId, person: PersonId) -> db::Result<Option<Attended>> {
    tx.opt(&format!("{ATTENDED} and {HELD} and m.org_id = $2 and m.meeting_id = $3"), values![person, org, meeting])
}

/// What a person has answered already.
///
/// # Errors
/// Database faults only.
pub fn answered(tx: &mut Tx, org: OrgId, meeting: MeetingId, person: PersonId) -> db::Result<Vec<Question>> {
    let rows: Vec<(String,)> = tx.all(
        "select question from pulse_done where org_id = $1 and meeting_id = $2 and person_id = $3",
        values![org, meeting, person],
    )?;
    Ok(rows.into_iter().filter_map(|(code,)| Question::from_code(&code)).collect())
}

/// Counts an answer of a person who has not answered this question yet; again it changes nothing.
/// What is shown moves on only by a whole group of answers.
///
/// # Errors
/// Database faults only.
pub fn answer(
    tx: &mut Tx,
    org: OrgId,
    meeting: MeetingId,
    person: PersonId,
    (question, answer): (Question, Answer),
    least: u32,
) -> db::Result<()> {
    let new = tx.exec(
        "insert into pulse_done (org_id, meeting_id, question, person_id) values ($1, $2, $3, $4)
         on conflict (org_id, meeting_id, question, person_id) do nothing",
        values![org, meeting, question.code(), person],
    )?;
    if new == 0 {
        return Ok(());
    }
    tx.exec(
        "insert into pulse_count (org_id, meeting_id, question, answer, n, shown) values ($1, $2, $3, $4, 1, 0)
         on conflict (org_id, meeting_id, question, answer) do update set n = pulse_count.n + 1",
        values![org, meeting, question.code(), answer.code()],
    )?;
    let (counted, published) = counters(tx, org, meeting, question)?;
    if ripe(counted, published, least) {
        tx.exec(
            "update pulse_count set shown = n where org_id = $1 and meeting_id = $2 and question = $3",
            values![org, meeting, question.code()],
        )?;
    }
    Ok(())
}

/// What is counted and what is shown of one question; only the way an answer goes in sees the first.
fn counters(tx: &mut Tx, org: OrgId, meeting: MeetingId, question: Question) -> db::Result<(Counts, Counts)> {
    let rows: Vec<(String, u32, u32)> = tx.all(
        "select answer, n, shown from pulse_count where org_id = $1 and meeting_id = $2 and question = $3",
        values![org, meeting, question.code()],
    )?;
    let of = |a: &Answer| rows.iter().find(|r| r.0 == a.code()).map_or((0, 0), |r| (r.1, r.2));
    let mut out = (Counts::default(), Counts::default());
    for (at, answer) in Answer::ALL.iter().enumerate() {
        (out.0[at], out.1[at]) = of(answer);
    }
    Ok(out)
}

/// The counts of a meeting that may be shown, by question.
///
/// # Errors
/// Database faults only.
pub fn published(tx: &mut Tx, org: OrgId, meeting: MeetingId) -> db::Result<BTreeMap<Question, Counts>> {
    let rows: Vec<(String, String, u32)> =
        tx.all("select question, answer, shown from pulse_count where org_id = $1 and meeting_id = $2", values![org, meeting])?;
    let mut out: BTreeMap<Question, Counts> = BTreeMap::new();
    for (question, answer, n) in rows {
        let at = Answer::ALL.iter().position(|a| a.code() == answer);
        if let (Some(question), Some(at)) = (Question::from_code(&question), at) {
            out.entry(question).or_default()[at] = n;
        }
    }
    Ok(out)
}
