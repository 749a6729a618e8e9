//! Rule packs: every figure, agenda, layout and target with the document it comes from and the
//! dates between which it holds. A record is judged by the pack in force on its own date.
//! Pure: texts in, rules out. Rules: regulations.md sections 1–6 and 11; requirements.md T1–T7.

mod content;
mod figure;
mod lint;
mod profile;
mod read;
mod shipped;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::score::{InUse, Points, SHEET_FIGURE, ScoreSheet};
use crate::vote::{Subject, Threshold};

pub use content::{AbsenceReason, AgendaStep, AgendaTemplate, CellType, Document, Exemption, OrgKindRule, TARGETS, Target};
pub use figure::{Compare, Confidence, Figure, Origin, Ratio, Unit, Value};
pub use lint::{DayOff, LintCheck, LintExample, LintRule};
pub use profile::{
    Font, Header, LayoutProfile, Margins, MinutesSign, NumberFormat, Paper, Recipients, SignBlock, Sizes, Spacing,
};
pub use read::PackError;
pub use shipped::shipped;

/// The dates between which something holds, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first day.
    pub from: Date,
    /// The last day; `None` while it is in force.
    pub to: Option<Date>,
}

impl Span {
    /// Whether the date lies within.
    pub fn holds(&self, date: Date) -> bool {
        self.from <= date && self.to.is_none_or(|to| date <= to)
    }

    /// Whether the two have a day in common.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.to.is_none_or(|to| other.from <= to) && other.to.is_none_or(|to| self.from <= to)
    }
}

/// Something that holds between two dates.
#[derive(Debug, Clone)]
pub(crate) struct Dated<T> {
    span: Span,
    item: T,
}

#[derive(Debug, Default)]
struct Content {
    documents: Vec<Arc<Document>>,
    /// By key, in the order of time.
    figures: BTreeMap<String, Vec<Figure>>,
    agendas: Vec<Dated<AgendaTemplate>>,
    profiles: Vec<Dated<LayoutProfile>>,
    targets: Vec<Dated<Target>>,
    org_kinds: Vec<Dated<OrgKindRule>>,
    cell_types: Vec<Dated<CellType>>,
    absence_reasons: Vec<Dated<AbsenceReason>>,
    exemptions: Vec<Dated<Exemption>>,
    lints: Vec<Dated<LintRule>>,
    days_off: Vec<Dated<DayOff>>,
    word_lists: Vec<Dated<lint::WordList>>,
    score_sheets: Vec<Dated<Arc<ScoreSheet>>>,
}

/// Every rule pack, of all times.
#[derive(Debug, Clone)]
pub struct Library(Arc<Content>);

impl Library {
    /// Reads and checks packs given as (file name, TOML text).
    ///
    /// # Errors
    /// [`PackError`] names file, line and what is wrong.
    pub fn parse(files: &[(&str, &str)]) -> Result<Self, PackError> {
        read::read(files).map(|c| Self(Arc::new(c)))
    }

    /// What holds on a date, before any committee's own figures.
    pub fn at(&self, date: Date) -> Rules {
        Rules { content: Arc::clone(&self.0), date, overrides: Arc::default() }
    }

    /// One figure through time, oldest first.
    pub fn history(&self, key: &str) -> &[Figure] {
        self.0.figures.get(key).map_or(&[], Vec::as_slice)
    }

    /// Every key that some pack has a figure for.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.figures.keys().map(String::as_str)
    }

    /// The register of documents that figures come from.
    pub fn documents(&self) -> impl Iterator<Item = &Document> {
        self.0.documents.iter().map(AsRef::as_ref)
    }

    /// A kind of organisation whatever the date, so that an old one still has its name.
    pub fn org_kind(&self, code: &str) -> Option<&OrgKindRule> {
        self.0.org_kinds.iter().rev().map(|d| &d.item).find(|k| k.code == code)
    }

    /// A document profile by its code (`HD05-2026`), for printing what was issued under it.
    pub fn profile(&self, code: &str) -> Option<&LayoutProfile> {
        self.0.profiles.iter().map(|d| &d.item).find(|p| p.code == code)
    }
}

/// A figure that a committee set for its own part of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// How deep in the tree the committee stands; of the ancestors of a cell the deepest wins.
    pub depth: usize,
    /// The figure it sets.
    pub key: String,
    /// When it holds.
    pub span: Span,
    /// The committee's value, of the same unit as the pack's.
    pub value: Value,
    /// The committee's document, as cited.
    pub document: String,
}

/// What holds on one date: cheap to clone, safe to keep.
#[derive(Debug, Clone)]
pub struct Rules {
    content: Arc<Content>,
    date: Date,
    overrides: Arc<BTreeMap<String, Figure>>,
}

fn held<T>(items: &[Dated<T>], date: Date) -> impl Iterator<Item = &T> {
    items.iter().filter(move |d| d.span.holds(date)).map(|d| &d.item)
}

impl Rules {
    /// The date these rules hold on.
    pub fn date(&self) -> Date {
        self.date
    }

    /// The same rules with the figures that the committees above a cell have set. `overrides` are
    /// those of the cell's own ancestors; the nearest one up the tree wins, of one committee's the
    /// one that began last. An override of an unknown key or another unit changes nothing.
    #[must_use]
    pub fn with_overrides(&self, overrides: &[Override]) -> Self {
        let mut chosen: BTreeMap<&str, &Override> = BTreeMap::new();
        for o in overrides.iter().filter(|o| o.span.holds(self.date)) {
            let best = chosen.entry(o.key.as_str()).or_insert(o);
            if (o.depth, o.span.from) >= (best.depth, best.span.from) {
                *best = o;
            }
        }
        let known = |o: &&Override| self.names_sheet(&o.key, &o.value);
        let figures = chosen
            .into_values()
            .filter(known)
            .filter_map(|o| Some((o.key.clone(), self.pack_figure(&o.key)?.overridden(o)?)))
            .collect();
        Self { content: Arc::clone(&self.content), date: self.date, overrides: Arc::new(figures) }
    }

    fn pack_figure(&self, key: &str) -> Option<&Figure> {
        self.content.figures.get(key)?.iter().find(|f| f.span.holds(self.date))
    }

    /// A figure with its source, for “Vì sao?”. `None` if no rule of that date knows it.
    pub fn figure(&self, key: &str) -> Option<&Figure> {
        self.overrides.get(key).or_else(|| self.pack_figure(key))
    }

    /// Every figure of the date, by key.
    pub fn figures(&self) -> impl Iterator<Item = &Figure> {
        self.content.figures.keys().filter_map(|k| self.figure(k))
    }

    /// A whole number.
    pub fn int(&self, key: &str) -> Option<i64> {
        match self.figure(key)?.value {
            Value::Int(n) => Some(n),
            _ => None,
        }
    }

    /// A share.
    pub fn ratio(&self, key: &str) -> Option<Ratio> {
        match self.figure(key)?.value {
            Value::Ratio(r) => Some(r),
            _ => None,
        }
    }

    /// How many must approve a subject; `None` if no rule of that date says it (BQ-01, BQ-05, BQ-07).
    pub fn threshold(&self, subject: Subject) -> Option<Threshold> {
        self.figure(&subject.figure())?.threshold()
    }

    /// Whether something is so; what no rule says is not so.
    pub fn flag(&self, key: &str) -> bool {
        matches!(self.figure(key).map(|f| &f.value), Some(Value::Flag(true)))
    }

    /// A list of words.
    pub fn words(&self, key: &str) -> &[String] {
        match self.figure(key).map(|f| &f.value) {
            Some(Value::Words(w)) => w,
            _ => &[],
        }
    }

    /// The agenda of a kind of meeting, by the code of the kind.
    pub fn agenda(&self, kind: &str) -> Option<&AgendaTemplate> {
        held(&self.content.agendas, self.date).find(|a| a.kind == kind)
    }

    /// The document profile of the date.
    pub fn profile(&self) -> Option<&LayoutProfile> {
        held(&self.content.profiles, self.date).next()
    }

    /// The targets of the programme, with the values that committees have set for their part of the tree.
    pub fn targets(&self) -> impl Iterator<Item = Target> {
        held(&self.content.targets, self.date).map(|target| self.with_own(target))
    }

    /// The target of a measure, as [`Rules::targets`] has it.
    pub fn target(&self, measure: &str) -> Option<Target> {
        held(&self.content.targets, self.date).find(|target| target.measure == measure).map(|target| self.with_own(target))
    }

    fn with_own(&self, target: &Target) -> Target {
        match self.overrides.get(&target.figure_key()) {
            Some(set) => Target { value: set.value.clone(), origin: set.origin.clone(), ..target.clone() },
            None => target.clone(),
        }
    }

    /// The kinds of organisation of the date.
    pub fn org_kinds(&self) -> impl Iterator<Item = &OrgKindRule> {
        held(&self.content.org_kinds, self.date)
    }

    /// A kind of organisation of the date, by its code.
    pub fn org_kind(&self, code: &str) -> Option<&OrgKindRule> {
        self.org_kinds().find(|k| k.code == code)
    }

    /// The types of cell (loại hình chi bộ).
    pub fn cell_types(&self) -> impl Iterator<Item = &CellType> {
        held(&self.content.cell_types, self.date)
    }

    /// The score sheets of the date, whoever uses them.
    pub fn score_sheets(&self) -> impl Iterator<Item = &Arc<ScoreSheet>> {
        held(&self.content.score_sheets, self.date)
    }

    /// Whether a value names one score sheet of the date; any value does where it is about something else.
    pub fn names_sheet(&self, key: &str, value: &Value) -> bool {
        key != SHEET_FIGURE
            || matches!(value, Value::Words(words) if words.len() == 1 && self.score_sheets().any(|s| words.contains(&s.code)))
    }

    /// The score sheet in use, with the levels that committees have set for themselves; none on dates
    /// for which no sheet is known.
    pub fn score_sheet(&self) -> Option<InUse> {
        let chosen = self.figure(SHEET_FIGURE)?;
        let sheet = self.score_sheets().find(|s| self.words(SHEET_FIGURE).contains(&s.code))?;
        let set = |key: &str, otherwise: Points| match self.overrides.get(key).map(|f| &f.value) {
            Some(Value::Int(n)) => i32::try_from(*n).map_or(otherwise, Points::whole),
            _ => otherwise,
        };
        let mut bands = sheet.bands;
        bands.good = set("scoring.good", bands.good);
        bands.fair = set("scoring.fair", bands.fair);
        bands.average = set("scoring.average", bands.average);
        let since = self.pack_figure(SHEET_FIGURE)?.span.from;
        Some(InUse { sheet: Arc::clone(sheet), bands, chosen: chosen.clone(), since })
    }

    /// The reasons for absence that a form offers.
    pub fn absence_reasons(&self) -> impl Iterator<Item = &AbsenceReason> {
        held(&self.content.absence_reasons, self.date)
    }

    /// The categories of exemption.
    pub fn exemptions(&self) -> impl Iterator<Item = &Exemption> {
        held(&self.content.exemptions, self.date)
    }

    /// The rules by which tasks are looked through.
    pub fn lints(&self) -> impl Iterator<Item = &LintRule> {
        held(&self.content.lints, self.date)
    }

    /// A list of words that comparisons of texts go by.
    pub fn word_list(&self, name: &str) -> &[String] {
        held(&self.content.word_lists, self.date).find(|l| l.name == name).map_or(&[], |l| &l.words)
    }

    /// The public holiday a day falls on, whatever the date of these rules.
    pub fn day_off(&self, day: Date) -> Option<&DayOff> {
        held(&self.content.days_off, day).find(|d| d.is(day))
    }
}

#[cfg(test)]
mod tests;
