//! Reminders of what committees send down: a document that waits to be read, an orientation that waits to be
//! prepared. Each is told to a person once, in the first message after it came, and waits until it is done.
//! Rules: L1, L2, P4, ahead.md 9.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};

use super::{About, Kind, Line};
use crate::guidance::NEW_DAYS;
use crate::id::{OrgId, PersonId, RowId};
use crate::period::PeriodKey;

/// How far a cell has prepared the month of an orientation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preparing {
    /// The kỳ it is for.
    pub period: PeriodKey,
    /// Whether the meeting of the kỳ is still ahead; none while there is no meeting.
    pub ahead: Option<bool>,
    /// Blocks of it that stand on the agenda, or that the cell has heard.
    pub taken: usize,
    /// Required blocks that do not.
    pub missing: usize,
}

/// What was sent, and what was done with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matter {
    /// A document, and whether the person said to have read it.
    Document {
        /// Said to be read.
        read: bool,
    },
    /// An orientation, for who leads the cell.
    Orientation(Preparing),
}

impl Matter {
    /// Why it is told.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Document { .. } => Kind::Document,
            Self::Orientation(_) => Kind::Orientation,
        }
    }

    /// Whether there is something to do about it: a document until it is said to be read; an orientation until
    /// something of it stands on the agenda and nothing required lacks, the meeting began or its month is over.
    pub fn waits(&self, today: Date) -> bool {
        match self {
            Self::Document { read } => !read,
            Self::Orientation(p) => {
                let lacks = p.missing > 0 || p.taken == 0;
                p.period.end_day() >= today && p.ahead.is_none_or(|ahead| ahead && lacks)
            }
        }
    }
}

/// Something that reached a person through a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sent {
    /// Who.
    pub person: PersonId,
    /// Through which cell.
    pub cell: OrgId,
    /// The committee.
    pub from: OrgId,
    /// Its number there.
    pub id: RowId,
    /// When it went out.
    pub issued: DateTime,
    /// Whether a message told the person of it.
    pub told: bool,
    /// What it is.
    pub matter: Matter,
}

/// What is told to each person in a run at a moment. A document is told once, also to who belongs to two cells that it
/// reached, and not to who read it in one of them; an orientation is prepared in each cell.
pub fn bundles(facts: &[Sent], now: DateTime) -> BTreeMap<PersonId, Vec<Line>> {
    let today = now.date();
    let oldest = today.checked_sub(NEW_DAYS.days()).unwrap_or(today);
    let key = |f: &Sent| (f.person, f.from, f.id, Some(f.cell).filter(|_| f.matter.kind() == Kind::Orientation));
    let settled: BTreeSet<_> = facts.iter().filter(|f| f.told || !f.matter.waits(today)).map(key).collect();
    let mut found: BTreeMap<_, &Sent> = BTreeMap::new();
    for fact in facts.iter().filter(|f| f.issued <= now && f.issued.date() >= oldest) {
        if !settled.contains(&key(fact)) {
            let first = found.entry(key(fact)).or_insert(fact);
            if fact.cell < first.cell {
                *first = fact;
            }
        }
    }
    let mut out: BTreeMap<PersonId, Vec<Line>> = BTreeMap::new();
    for fact in found.into_values() {
        let line = Line { kind: fact.matter.kind(), org: fact.cell, about: About::Sent(fact.from, fact.id) };
        out.entry(fact.person).or_default().push(line);
    }
    out.values_mut().for_each(|lines| lines.sort_unstable());
    out
}

#[cfg(test)]
#[path = "sent_tests.rs"]
mod tests;
