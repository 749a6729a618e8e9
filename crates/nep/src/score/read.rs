//! Everything the page of a score needs, read at once, and who may see it.
//! May touch: the record of one meeting, its facts, its scores. Rules: P-10, ST-04, VT-03.

use db::Tx;
use domain::id::MeetingId;
use domain::meeting::MeetingKind;
use domain::right::Right;
use domain::rulepack::{Library, Rules};
use domain::score::{Facts, InUse};

use super::facts::{self, may_be_scored};
use super::store::{self, Score};
use crate::actor::Actor;
use crate::fault::Fault;
use crate::live::record::{self, Record, rules_on};
use crate::meeting::store::{self as meetings, Meeting};

/// A meeting with its sheet, its facts and its scores.
pub struct Known {
    /// What was recorded.
    pub record: Record,
    /// The rules of its day.
    pub rules: Rules,
    /// The sheet of its day, whether or not it is for this kind of meeting.
    pub used: Option<InUse>,
    /// The facts, where the sheet is for this meeting and it has begun.
    pub facts: Option<Facts>,
    /// Its scores, the cell's own first.
    pub scores: Vec<Score>,
}

impl Known {
    /// The meeting.
    pub fn meeting(&self) -> &Meeting {
        &self.record.meeting
    }

    /// The sheet and the facts, where the meeting can be scored.
    pub fn ready(&self) -> Option<(&InUse, &Facts)> {
        self.used.as_ref().zip(self.facts.as_ref())
    }

    /// The cell's own score.
    pub fn own(&self) -> Option<&Score> {
        self.scores.iter().find(|s| s.is_own())
    }

    /// The actor's own score from above.
    pub fn mine(&self, actor: &Actor) -> Option<&Score> {
        self.scores.iter().find(|s| s.scorer == actor.person)
    }
}

/// Whether a person may see how a meeting is scored: what was not opened is not there yet, and the
/// committee's own meetings are for the committee.
fn visible(actor: &Actor, meeting: &Meeting) -> bool {
    let begun = may_be_scored(meeting.state) || actor.may(Right::MinutesWrite);
    match meeting.kind {
        MeetingKind::Committee => actor.may(Right::MeetingPrepare),
        _ => begun,
    }
}

/// Reads it for somebody.
///
/// # Errors
/// `NotFound` also when it is out of the person's scope; database faults.
pub fn known(tx: &mut Tx, actor: &Actor, id: MeetingId, library: &Library) -> Result<Known, Fault> {
    let meeting = meetings::get(tx, actor.org, id)?;
    if !visible(actor, &meeting) {
        return Err(Fault::NotFound);
    }
    let rules = rules_on(tx, actor.org, meeting.starts_at.date(), library)?;
    let record = record::load_of(tx, meeting)?;
    let used = rules.score_sheet();
    let ready = may_be_scored(record.meeting.state) && used.as_ref().is_some_and(|u| u.sheet.applies(record.meeting.kind));
    let facts = if ready { Some(facts::of(tx, &record, &rules, actor.local())?) } else { None };
    let scores = store::of_meeting(tx, actor.org, id)?;
    Ok(Known { record, rules, used, facts, scores })
}

/// How the score of a meeting stands, for the page before its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HowScored {
    /// No sheet of its day is for this meeting.
    None,
    /// Nothing was entered.
    Nothing,
    /// So many criteria are without points.
    Missing(usize),
    /// Scored; the facts of so many criteria have changed since.
    Scored(usize),
}

/// How the cell's own score of a meeting stands.
///
/// # Errors
/// `NotFound`; database faults.
pub fn standing(
    tx: &mut Tx,
    record: &Record,
    own: Option<&super::kept::Kept>,
    actor: &Actor,
    library: &Library,
) -> db::Result<HowScored> {
    let meeting = &record.meeting;
    let rules = rules_on(tx, meeting.org, meeting.starts_at.date(), library)?;
    let Some(used) = rules.score_sheet().filter(|u| u.sheet.applies(meeting.kind)) else {
        return Ok(HowScored::None);
    };
    let Some(own) = own else { return Ok(HowScored::Nothing) };
    let missing = own.given().iter().filter(|(_, p)| p.is_none()).count();
    if missing > 0 {
        return Ok(HowScored::Missing(missing));
    }
    let facts = facts::of(tx, record, &rules, actor.local())?;
    Ok(HowScored::Scored(own.moved(&used, facts::case(&facts), &facts).len()))
}
