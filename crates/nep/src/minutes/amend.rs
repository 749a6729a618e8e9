//! A correction (đính chính) of sealed minutes: a new record that names the old one, which stays as it is.
//! May touch: sealed minutes, the ledger, one line of the roll. Rules: P-12, P-28.

use db::Tx;
use domain::code::Code;
use domain::id::{IssuedId, MeetingId, OrgId, PersonId};
use domain::minutes::SectionKey;
use domain::numbering::DocKind;
use domain::refusal::Refusal;
use domain::roll::{Mark, RollLine, Standing, Tally, tally};
use domain::rollup::Month;
use domain::rulepack::Library;

use super::snapshot::{self, Correction, RollPart, Sealed};
use super::store;
use crate::actor::Actor;
use crate::fault::Fault;
use crate::ledger::store::{self as ledger, Issued, Sealing};
use crate::meeting::store as meetings;

/// Seals a correction of minutes: `sealed` is what they are to say now.
///
/// # Errors
/// A refusal when no term is open; database faults.
pub fn seal(tx: &mut Tx, actor: &Actor, library: &Library, old: &Issued, sealed: &Sealed, reason: &str) -> Result<Issued, Fault> {
    let (org, today) = (old.org, actor.today());
    let (_, _, number) = ledger::next_number(tx, org, DocKind::Minutes, today)?;
    let content = Sealed {
        number,
        date: today,
        profile: library.at(today).profile().map(|p| p.code.clone()).unwrap_or_default(),
        letterhead: snapshot::letterhead(tx, org, today)?,
        correction: Some(Correction {
            of: old.id,
            number: old.number_text.clone(),
            date: old.issued_on,
            hash: old.content_hash.clone(),
            reason: reason.to_owned(),
        }),
        ..sealed.clone()
    };
    let sealing = Sealing {
        kind: DocKind::Minutes,
        issued_on: today,
        title: format!("Đính chính {}: {}", old.number_text.trim_start_matches("Số "), sealed.meeting.title),
        content: content.to_json()?,
        meeting: old.meeting,
        corrects: Some((old.id, reason.to_owned())),
    };
    ledger::seal(tx, actor, org, &sealing)
}

/// Corrects one line of the roll of a meeting whose minutes are sealed: seals the correction, and has
/// every figure count by it. The roll keeps what was sealed.
///
/// # Errors
/// A refusal when the minutes are not sealed or cannot be read; `NotFound`; database faults.
pub fn roll_line(
    tx: &mut Tx,
    actor: &Actor,
    library: &Library,
    (org, meeting): (OrgId, MeetingId),
    (person, mark): (PersonId, Mark),
    reason: &str,
) -> Result<IssuedId, Fault> {
    let first = meetings::get(tx, org, meeting)?.sealed.ok_or_else(|| {
        Refusal::new("not_sealed", "Biên bản buổi này chưa khóa. Hãy sửa ngay trong điểm danh của buổi sinh hoạt.")
    })?;
    let mut old = ledger::get(tx, org, first)?;
    while let Some(newer) = ledger::corrections(tx, org, old.id)?.pop() {
        old = newer;
    }
    let mut sealed = Sealed::from_json(&old.content).ok_or_else(|| {
        Refusal::new("old_form", "Biên bản này theo mẫu cũ. Hãy lập bản đính chính ở trang văn bản, rồi quay lại.")
    })?;
    let before = figures(&sealed);
    let line = sealed.roll.iter_mut().find(|l| l.person == person).ok_or(Fault::NotFound)?;
    let name = line.name.clone();
    line.mark = Some(mark.code().to_owned());
    line.reason = None;
    let after = figures(&sealed);
    sealed.attendance = snapshot::attendance_of(&after);
    let said = format!("Đính chính điểm danh: đồng chí {name}: {}.", crate::resolution::seal::lower(&mark.to_string()));
    let key = SectionKey::Attendance.code();
    if let Some(section) = sealed.sections.iter_mut().find(|s| s.key == key) {
        section.text = format!("{}\n{said}", section.text.trim_end());
    }
    let issued = seal(tx, actor, library, &old, &sealed, &format!("{said} {reason}"))?;
    store::correct_line(tx, org, meeting, person, mark, issued.id)?;
    let day = ledger::get(tx, org, first)?.issued_on;
    store::shift_month(tx, org, Month::of(day), (&before, &after), actor.now)?;
    Ok(issued.id)
}

fn figures(sealed: &Sealed) -> Tally {
    let lines: Vec<RollLine> = sealed.roll.iter().filter_map(facts).collect();
    tally(&lines)
}

fn facts(part: &RollPart) -> Option<RollLine> {
    Some(RollLine {
        person: part.person,
        name: part.name.clone(),
        standing: Standing::from_code(&part.standing)?,
        official: part.official,
        leader: part.leader,
        mark: part.mark.as_deref().and_then(Mark::from_code),
        reason: part.reason.clone(),
    })
}
