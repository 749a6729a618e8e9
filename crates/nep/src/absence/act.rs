//! The steps of a case, each one transaction. Nothing is told to anybody before `confirm`.
//! May touch its own store, the ledger, sealed minutes through their correction. Rules: DD-06, L7, P-28.

use std::collections::BTreeSet;

use db::Tx;
use domain::absence::{self as rules, CaseFacts, CaseState, Claim, Figures, Hand, Level, NoticeFacts, Standing, Verdict};
use domain::id::{IssuedId, MeetingId, OrgId, PersonId, RowId};
use domain::numbering::DocKind;
use domain::period::PeriodKey;
use domain::post::Role;
use domain::refusal::Refusal;
use domain::rulepack::{Library, Rules};
use jiff::ToSpan;
use jiff::civil::Date;

use super::notice::{Snapshot, TITLE};
use super::store::{self, Case, Objection, Seen, Step};
use crate::actor::Actor;
use crate::fault::Fault;
use crate::ledger::store::{self as ledger, Sealing};
use crate::member::store as members;
use crate::minutes::{amend, snapshot};
use crate::org::store as orgs;

/// Months without a reason at which chi ủy talks with a member.
pub const WARN: &str = "attendance.expel_warning_months";
/// Months at which the cell considers the case.
pub const REVIEW: &str = "attendance.expel_review_months";
/// Times in a row with a reason.
pub const EXCUSED: &str = "attendance.excused_in_a_row";
/// Days in which the member is heard.
pub const HEAR: &str = "absence.hear_days";
/// Whether the committee above is told.
pub const ABOVE: &str = "absence.told_above";

/// The figures of a day.
pub fn figures(rules: &Rules) -> Figures {
    let int = |key| rules.int(key).and_then(|n| u32::try_from(n).ok());
    Figures {
        warn_months: int(WARN).unwrap_or(u32::MAX),
        review_months: int(REVIEW).unwrap_or(u32::MAX),
        excused_in_a_row: int(EXCUSED),
    }
}

/// A member's year as the chain sees it.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// What the sealed rolls say.
    pub seen: Vec<Seen>,
    /// How the months stand.
    pub standing: Standing,
}

/// Reads a member's year.
///
/// # Errors
/// Database faults only.
pub fn facts(tx: &mut Tx, org: OrgId, person: PersonId, year: i16) -> db::Result<Facts> {
    let seen = store::seen(tx, org, year, person)?;
    let entries: Vec<rules::Entry> = seen.iter().map(|s| s.entry).collect();
    Ok(Facts { standing: Standing::of(&rules::months(&entries, year)), seen })
}

/// A case with everything its next step needs.
#[derive(Debug, Clone)]
pub struct Whole {
    /// The case.
    pub case: Case,
    /// The facts as they stand now.
    pub facts: Facts,
    /// What the member said against them.
    pub objections: Vec<Objection>,
    /// What follows now.
    pub level: Level,
}

impl Whole {
    /// Reads what belongs to a case.
    ///
    /// # Errors
    /// Database faults only.
    pub fn of(tx: &mut Tx, rules: &Rules, case: Case) -> db::Result<Self> {
        let facts = facts(tx, case.org, case.person, case.year())?;
        let objections = store::objections(tx, case.org, case.id)?;
        Ok(Self { level: facts.standing.level(&figures(rules)), facts, objections, case })
    }

    /// What the rules ask to know.
    pub fn known(&self) -> CaseFacts {
        let waiting = self.objections.iter().filter(|o| o.verdict.is_none()).count();
        CaseFacts {
            member: self.case.person,
            level: self.level,
            hear_until: self.case.hear_until,
            content: self.case.content_at.is_some(),
            waiting: u32::try_from(waiting).unwrap_or(u32::MAX),
        }
    }

    /// The meetings the member may still object to.
    pub fn contestable(&self) -> Vec<MeetingId> {
        let entries: Vec<rules::Entry> = self.facts.seen.iter().map(|s| s.entry).collect();
        let contested: BTreeSet<MeetingId> = self.objections.iter().map(|o| o.meeting).collect();
        rules::contestable(&entries, self.case.year(), &contested)
    }

    /// The kỳ without a reason, each with the day of its last meeting.
    pub fn absences(&self) -> Vec<(PeriodKey, Date)> {
        let missed = &self.facts.standing.unexcused;
        let day = |key: &PeriodKey| {
            let of_key = self.facts.seen.iter().filter(|s| s.entry.period == *key);
            of_key.map(|s| s.starts_at.date()).max().unwrap_or_else(|| key.first_day())
        };
        missed.iter().map(|key| (*key, day(key))).collect()
    }
}

fn hand(actor: &Actor) -> Hand {
    Hand { person: actor.person, today: actor.today() }
}

/// Opens the case of a member, who sees the facts from then on.
///
/// # Errors
/// A refusal; `NotFound` for somebody who never belonged to the cell; database faults.
pub fn open(tx: &mut Tx, actor: &Actor, rules: &Rules, org: OrgId, person: PersonId, year: i16) -> Result<RowId, Fault> {
    let facts = facts(tx, org, person, year)?;
    if facts.seen.is_empty() {
        return Err(Fault::NotFound);
    }
    let of_year = |c: &Case| c.person == person && c.year() == year && c.state.is_live();
    let live = store::of_cell(tx, org)?.iter().any(of_year);
    let level = facts.standing.level(&figures(rules));
    let days = rules.int(HEAR).unwrap_or(10);
    let hear_until = actor.today().checked_add(days.days()).unwrap_or_else(|_| actor.today());
    let known = CaseFacts { member: person, level, hear_until, content: false, waiting: 0 };
    rules::open(&known, live, &hand(actor))?;
    Ok(store::open(tx, actor, org, (person, year, level), hear_until)?)
}

/// The member objects to a mark.
///
/// # Errors
/// A refusal; `NotFound`; database faults.
pub fn object(tx: &mut Tx, actor: &Actor, whole: &Whole, meeting: MeetingId, claim: Claim, words: &str) -> Result<(), Fault> {
    whole.case.state.hear(&whole.known(), &hand(actor))?;
    if !whole.contestable().contains(&meeting) {
        return Err(Refusal::new("contested", "Đồng chí đã nêu ý kiến về buổi này, hoặc buổi này không còn ghi vắng.").into());
    }
    store::object_to(tx, actor, &whole.case, meeting, claim, words)?;
    Ok(())
}

/// The member has nothing to object.
///
/// # Errors
/// A refusal; database faults.
pub fn content(tx: &mut Tx, actor: &Actor, whole: &Whole) -> Result<(), Fault> {
    let state = whole.case.state.hear(&whole.known(), &hand(actor))?;
    Ok(store::save(tx, actor, &whole.case, state, &Step { content: true, ..Step::default() })?)
}

/// Chi ủy decides on an objection; one that is upheld corrects the sealed minutes.
///
/// # Errors
/// A refusal; `NotFound`; `Conflict` when it was decided meanwhile; database faults.
pub fn decide(
    tx: &mut Tx,
    actor: &Actor,
    library: &Library,
    whole: &Whole,
    objection: RowId,
    (verdict, reason): (Verdict, &str),
) -> Result<(), Fault> {
    whole.case.state.decide(&whole.known(), &hand(actor), reason)?;
    let found = whole.objections.iter().find(|o| o.id == objection).ok_or(Fault::NotFound)?;
    if found.verdict.is_some() {
        return Err(Fault::Conflict);
    }
    let case = &whole.case;
    let issued: Option<IssuedId> = match verdict {
        Verdict::Rejected => None,
        Verdict::Upheld => {
            let line = (case.person, found.claim.mark());
            Some(amend::roll_line(tx, actor, library, (case.org, found.meeting), line, reason)?)
        }
    };
    Ok(store::decide(tx, actor, case, objection, (verdict, reason), issued)?)
}

/// Drafts the notice from the facts, or keeps the words that people gave it.
///
/// # Errors
/// A refusal; `Conflict` when someone saved first; database faults.
pub fn draft(tx: &mut Tx, actor: &Actor, rules: &Rules, whole: &Whole, words: Option<&str>) -> Result<(), Fault> {
    let state = whole.case.state.draft(&whole.known(), &hand(actor))?;
    let text = match words {
        Some(words) => words.to_owned(),
        None => text(tx, rules, whole, actor.today())?,
    };
    Ok(store::save(tx, actor, &whole.case, state, &Step { notice: Some(text), ..Step::default() })?)
}

fn text(tx: &mut Tx, rules: &Rules, whole: &Whole, today: Date) -> Result<String, Fault> {
    let cell = orgs::get(tx, whole.case.org, today)?;
    let many = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Ok(rules::notice_text(&NoticeFacts {
        name: &whole.case.name,
        cell: &cell.name,
        year: whole.case.year(),
        absences: &whole.absences(),
        level: whole.level,
        review_months: figures(rules).review_months,
        objections: many(whole.objections.len()),
        upheld: many(whole.objections.iter().filter(|o| o.verdict == Some(Verdict::Upheld)).count()),
    }))
}

/// The notice as it would be issued now, signed by who asks for it if they may sign, else by the secretary.
///
/// # Errors
/// Database faults only.
pub fn notice(tx: &mut Tx, actor: &Actor, rules: &Rules, whole: &Whole) -> Result<Snapshot, Fault> {
    let (org, today) = (whole.case.org, actor.today());
    let posts = orgs::posts_on(tx, org, today)?;
    let held = |role: Role| posts.iter().filter(move |h| h.role == role);
    let signer = [Role::Secretary, Role::Deputy]
        .into_iter()
        .find_map(|role| held(role).find(|h| h.person == actor.person))
        .or_else(|| held(Role::Secretary).next());
    let signer = match signer {
        Some(h) => (h.role, h.name.clone()),
        None => (Role::Secretary, members::name(tx, actor.person)?),
    };
    let letterhead = snapshot::letterhead(tx, org, today)?;
    let words = (whole.case.name.as_str(), whole.case.notice.as_str());
    Ok(Snapshot::new(letterhead, today, words, rules.flag(ABOVE), signer))
}

/// Confirms the notice: it takes its number and is sealed. The member and chi ủy read it from now on.
///
/// # Errors
/// A refusal; `Conflict` when someone went on first; database faults.
pub fn confirm(tx: &mut Tx, actor: &Actor, rules: &Rules, whole: &Whole) -> Result<IssuedId, Fault> {
    let state = whole.case.state.confirm(&whole.known(), &hand(actor), &whole.case.notice)?;
    let (org, today) = (whole.case.org, actor.today());
    let (_, _, number) = ledger::next_number(tx, org, DocKind::Notice, today)?;
    let content = Snapshot { number: Some(number), ..notice(tx, actor, rules, whole)? };
    let sealing = Sealing {
        kind: DocKind::Notice,
        issued_on: today,
        title: TITLE.to_owned(),
        content: content.to_json()?,
        meeting: None,
        corrects: None,
    };
    let issued = ledger::seal(tx, actor, org, &sealing)?.id;
    store::save(tx, actor, &whole.case, state, &Step { issued: Some(issued), ..Step::default() })?;
    Ok(issued)
}

/// Ends a case without a notice.
///
/// # Errors
/// A refusal; `Conflict` when someone went on first; database faults.
pub fn close(tx: &mut Tx, actor: &Actor, whole: &Whole, reason: &str) -> Result<(), Fault> {
    let state: CaseState = whole.case.state.close(&whole.known(), &hand(actor), reason)?;
    Ok(store::save(tx, actor, &whole.case, state, &Step { reason: Some(reason.to_owned()), ..Step::default() })?)
}
