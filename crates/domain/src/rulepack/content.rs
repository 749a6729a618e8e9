//! What a pack holds beside figures: documents, agendas, targets, kinds of organisation, reasons.
//! Pure. Rules: regulations.md sections 1, 2.3, 2.6, 6.2; requirements.md T1–T7.

use std::sync::Arc;

use jiff::civil::Date;

use super::Span;
use super::figure::{Compare, Confidence, Figure, Origin, Unit, Value};
use crate::agenda::{Part, Step};

/// A row of the register of documents.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Its id in the register, as in `D-07`.
    pub id: String,
    /// As cited: `Hướng dẫn 42-HD/BTCTW`.
    pub name: String,
    /// What it is about.
    pub title: String,
    /// Who issued it; empty if not seen.
    pub issuer: String,
    /// When it was issued.
    pub date: Option<Date>,
    /// The first day it is in force.
    pub from: Date,
    /// The last day it was in force.
    pub to: Option<Date>,
    /// The id of what replaced it.
    pub replaced_by: Option<String>,
    /// How sure we are of this row.
    pub confidence: Confidence,
    /// Whether sources conflict or the point is open.
    pub open: bool,
}

/// The prescribed order of a kind of meeting.
#[derive(Debug, Clone, PartialEq)]
pub struct AgendaTemplate {
    /// The code of the meeting kind.
    pub kind: String,
    /// Its name.
    pub title: String,
    /// The rule it follows.
    pub rule: String,
    /// The document it comes from.
    pub source: Arc<Document>,
    /// How sure we are.
    pub confidence: Confidence,
    /// The steps in their order.
    pub steps: Vec<AgendaStep>,
}

impl AgendaTemplate {
    /// How long all steps take together.
    pub fn minutes(&self) -> u32 {
        self.steps.iter().map(|s| u32::from(s.minutes)).sum()
    }
}

/// A step of an agenda.
#[derive(Debug, Clone, PartialEq)]
pub struct AgendaStep {
    /// What the step is for.
    pub step: Step,
    /// Its heading.
    pub title: String,
    /// The part of the meeting it belongs to.
    pub part: Part,
    /// How long it takes if nobody says otherwise.
    pub minutes: u16,
    /// Whether the order of the rules asks for it.
    pub required: bool,
    /// The rule it follows.
    pub rule: String,
    /// Points the chair may raise.
    pub hints: Vec<String>,
}

/// A target a new installation starts with.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// Its id: `T5`, or `T1.base` where the brief has two figures.
    pub key: String,
    /// In words.
    pub title: String,
    /// Which fact is measured, a stable ASCII word.
    pub measure: String,
    /// How the fact is measured against the figure.
    pub compare: Compare,
    /// The figure.
    pub value: Value,
    /// What the figure counts.
    pub unit: Unit,
    /// The kinds of organisation it applies to; empty means every cell.
    pub applies_to: Vec<String>,
    /// The document it comes from.
    pub source: Arc<Document>,
    /// How sure we are.
    pub confidence: Confidence,
    /// Who set its value.
    pub origin: Origin,
}

/// What the keys of the figures begin with by which committees set targets of their own.
pub const TARGETS: &str = "target.";

impl Target {
    /// The key of the figure by which a committee sets its value.
    pub fn figure_key(&self) -> String {
        format!("{TARGETS}{}", self.key)
    }

    /// The document to cite: the committee's own, else the pack's.
    pub fn citation(&self) -> &str {
        match &self.origin {
            Origin::Pack => &self.source.name,
            Origin::Committee { document, .. } => document,
        }
    }

    /// The target as a figure, so that it is listed, explained and set as any other.
    pub(super) fn as_figure(&self, span: Span) -> Figure {
        Figure {
            key: self.figure_key(),
            value: self.value.clone(),
            unit: self.unit,
            compare: Some(self.compare),
            title: self.title.clone(),
            rule: self.key.split('.').next().unwrap_or_default().to_owned(),
            source: Arc::clone(&self.source),
            clause: String::new(),
            confidence: self.confidence,
            open: false,
            span,
            origin: Origin::Pack,
        }
    }
}

/// A kind of organisation. Levels are not numbered: what may stand under what is said here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrgKindRule {
    /// A stable ASCII word.
    pub code: String,
    /// The kind as listed: `Chi bộ trực thuộc`.
    pub name: String,
    /// What the name of such an organisation begins with: `Chi bộ`, `Đảng bộ`.
    pub prefix: String,
    /// Its committee: `chi ủy`, `đảng ủy`.
    pub committee: String,
    /// Its symbol in document numbers: `CB`, `ĐU`.
    pub symbol: String,
    /// Whether members belong to it directly.
    pub is_cell: bool,
    /// The kinds it may stand under; empty for the top of a tree.
    pub parents: Vec<String>,
    /// The rule it follows.
    pub rule: String,
}

impl OrgKindRule {
    /// Whether it may stand under an organisation of the kind `parent`, or on top if `None`.
    pub fn may_stand_under(&self, parent: Option<&str>) -> bool {
        match parent {
            // Any committee may be the top of its own installation; a cell may, too.
            None => true,
            Some(code) => self.parents.iter().any(|p| p == code),
        }
    }
}

/// A type of cell, by which the content of meetings is organised (SH-09).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellType {
    /// A stable ASCII word.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What its meetings are asked to look at first.
    pub focus: Vec<String>,
}

/// A reason for absence that the form offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AbsenceReason {
    /// A stable ASCII word.
    pub code: String,
    /// As the member reads it.
    pub name: String,
    /// Whether the member must add words of own.
    pub needs_note: bool,
}

/// A category of exemption; nothing about anybody's health is kept but this (CN-03).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exemption {
    /// A stable ASCII word.
    pub code: String,
    /// As listed.
    pub name: String,
    /// Who decides: `cell` or `base` (the grassroots committee).
    pub decider: String,
    /// Whether it needs an end date.
    pub time_limited: bool,
    /// The rule it follows.
    pub rule: String,
}
