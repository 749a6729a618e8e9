//! Bức tranh chung cell by cell: each kỳ of each cell judged by the day and the cell's own row, no job in between.
//! May touch what stores have read; no content. Rules: T4, T7, SH-01 … SH-07, P-10.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use db::Tx;
use domain::board::{Behind, Square};
use domain::id::OrgId;
use domain::meeting::MeetingState;
use domain::period::{CellLife, Duty, MeetingFact, PeriodFacts, PeriodKey, PeriodKind, Postponement, duty, stand};
use domain::rollup::{Month, MonthFacts, counted_on};
use domain::rulepack::Library;
use domain::tasks_due::DueStanding;
use domain::vi;
use jiff::civil::Date;

use super::store::facts::Cells;
use super::store::grid::{self, Called};
use crate::org::store::Org;

/// The most cells that are shown one by one.
pub const MOST: i64 = 400;

/// The kỳ of a year in the order of the columns: twelve months, four quarters.
pub fn keys(year: i16) -> Vec<PeriodKey> {
    let regular = (1..=12).filter_map(|m| PeriodKey::regular(year, m));
    regular.chain((1..=4).filter_map(|q| PeriodKey::thematic(year, q))).collect()
}

/// A cell with its year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellLine {
    /// Who it is.
    pub cell: Called,
    /// Its name for searching.
    pub folded: String,
    /// What it stands or last stood under.
    pub above: OrgId,
    /// One for each kỳ of the year.
    pub squares: Vec<(PeriodKey, Square)>,
    /// The tasks that fell due in the year's months, the present one whole.
    pub tasks: DueStanding,
}

impl CellLine {
    /// Kỳ that are missing.
    pub fn missing(&self) -> usize {
        self.squares.iter().filter(|(_, s)| *s == Square::Missing).count()
    }
}

/// The year of every cell below a committee.
#[derive(Debug, Clone, Default)]
pub struct Grid {
    /// The cells in the order of names.
    pub lines: Vec<CellLine>,
    /// Names of what they stand under.
    pub above: BTreeMap<OrgId, String>,
    /// What is missing.
    pub behind: Behind,
    /// The tasks of all.
    pub tasks: DueStanding,
}

/// What is known of a kỳ of a cell: the meeting counts as held on the first day one for it was.
pub fn known(duty: &Duty, facts: &MonthFacts) -> PeriodFacts {
    let (on, until) = match duty.key.kind {
        PeriodKind::Regular => (facts.regular_on, facts.regular_until),
        PeriodKind::Thematic => (facts.thematic_on, facts.thematic_until),
    };
    PeriodFacts {
        meeting: on.map(|day| MeetingFact { state: MeetingState::Closed, held_on: Some(day) }),
        postponed: until.map(|to| Postponement { to, reason: String::new() }),
        ..PeriodFacts::default()
    }
}

/// Duties by the packs alone are the same for every cell.
struct Duties<'a> {
    library: &'a Library,
    packs: BTreeMap<PeriodKey, Option<Duty>>,
}

impl<'a> Duties<'a> {
    fn new(library: &'a Library, year: i16) -> Self {
        let packs = keys(year).into_iter().map(|key| (key, duty(key, &library.at(key.first_day())))).collect();
        Self { library, packs }
    }

    fn of(&self, cells: &Cells, lineage: &[OrgId], key: PeriodKey) -> Option<Cow<'_, Duty>> {
        if cells.by_packs_alone() {
            return self.packs.get(&key)?.as_ref().map(Cow::Borrowed);
        }
        duty(key, &cells.rules(lineage, key.first_day(), self.library)).map(Cow::Owned)
    }

    /// The kỳ of the year, in the order of the columns.
    fn keys(&self) -> impl Iterator<Item = PeriodKey> {
        self.packs.keys().copied()
    }
}

/// Reads the year of every cell below a committee.
///
/// # Errors
/// Database faults only.
pub fn load(tx: &mut Tx, library: &Library, org: &Org, year: i16, today: Date) -> db::Result<Grid> {
    let (from, to) = Month::of_year(year);
    let ids = grid::cells_of(tx, org.id, &org.path, from, to)?;
    let asked: Vec<(OrgId, Month)> = ids.iter().flat_map(|id| from.through(to).map(move |m| (*id, m))).collect();
    let cells = Cells::squares(tx, library, &asked)?;
    let last = to.last_day().min(today);
    let mut called = grid::called(tx, &ids, last)?;
    let (duties, changes) = (Duties::new(library, year), cells.tree().changes());
    let mut out = Grid::default();
    for id in ids {
        let (Some(life), Some(cell)) = (cells.life(id), called.remove(&id)) else {
            continue;
        };
        let Some((above, squares, tasks)) = year_of(&cells, &duties, &changes, (id, &life), org.id, today) else {
            continue;
        };
        out.tasks = out.tasks.plus(tasks);
        count(&mut out.behind, &squares, &cells, (id, &life), today);
        out.lines.push(CellLine { folded: vi::fold(&cell.name), cell, above, squares, tasks });
    }
    let above: BTreeSet<OrgId> = out.lines.iter().map(|l| l.above).collect();
    out.above = grid::called(tx, &above, last)?.into_iter().map(|(id, c)| (id, c.name)).collect();
    out.lines.sort_by_cached_key(|l| (vi::name_key(&l.cell.name), l.cell.org));
    Ok(out)
}

/// The squares of a cell, its tasks and what it stood under last; nothing when it never stood below the committee that year.
fn year_of(
    cells: &Cells,
    duties: &Duties,
    changes: &[Date],
    (id, life): (OrgId, &CellLife),
    org: OrgId,
    today: Date,
) -> Option<(OrgId, Vec<(PeriodKey, Square)>, DueStanding)> {
    let (mut above, mut tasks) = (None, DueStanding::default());
    let mut squares = Vec::with_capacity(16);
    let months = cells.months(id);
    // The lineage since the last change of the tree.
    let mut stood: Option<(usize, Vec<OrgId>)> = None;
    for key in duties.keys() {
        let month = Month::of_period(key);
        let day = counted_on(month, life.from);
        let since = changes.partition_point(|change| *change <= day);
        if stood.as_ref().is_none_or(|(then, _)| *then != since) {
            stood = Some((since, cells.tree().lineage(id, day)));
        }
        let lineage = stood.as_ref().map(|(_, lineage)| lineage.as_slice()).unwrap_or_default();
        let here = lineage.len() > 1 && lineage.contains(&org) && life.to.is_none_or(|to| to > month.first_day());
        let duty = duties.of(cells, lineage, key).filter(|d| here && life.must_meet(d));
        let square = duty.map_or(Square::Absent, |d| Square::of(stand(&d, &known(&d, months.of(month)), today)));
        let parent = lineage.len().checked_sub(2).and_then(|at| lineage.get(at).copied());
        if here && key.kind == PeriodKind::Regular && (above.is_none() || month.first_day() <= today) {
            above = parent;
        }
        if here && key.kind == PeriodKind::Regular && month.first_day() <= today {
            tasks = tasks.plus(months.of(month).tasks().on(month, today));
        }
        squares.push((key, square));
    }
    above.map(|above| (above, squares, tasks))
}

fn count(behind: &mut Behind, squares: &[(PeriodKey, Square)], cells: &Cells, (id, life): (OrgId, &CellLife), today: Date) {
    if life.to.is_none_or(|to| to > today) {
        behind.of += 1;
    }
    let mut any = false;
    for (key, _) in squares.iter().filter(|(_, s)| *s == Square::Missing) {
        any = true;
        *behind.missing.entry(*key).or_default() += 1;
        let facts = cells.facts(id, Month::of_period(*key));
        let until = match key.kind {
            PeriodKind::Regular => facts.regular_until,
            PeriodKind::Thematic => facts.thematic_until,
        };
        behind.put_off += usize::from(until.is_some());
    }
    *behind.cells.get_or_insert(0) += usize::from(any);
}

/// What a board is narrowed to; it stands in the address.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(default)]
pub struct Filter {
    /// Words of the name, without diacritics too.
    pub q: String,
    /// A type of cell.
    pub loai: String,
    /// `1`: only cells with a missing kỳ.
    pub cham: String,
    /// `1`: only pilots.
    pub diem: String,
    /// `loai`: grouped by type instead of by committee.
    pub nhom: String,
    /// `cham`: who is behind first, without groups.
    pub xep: String,
}

impl Filter {
    /// The lines it leaves.
    pub fn apply<'a>(&self, lines: &'a [CellLine]) -> Vec<&'a CellLine> {
        let words = vi::fold(&self.q);
        let fits = |l: &&CellLine| {
            words.split_whitespace().all(|w| l.folded.contains(w))
                && (self.loai.is_empty() || l.cell.cell_type.as_deref() == Some(self.loai.as_str()))
                && (self.cham != "1" || l.missing() > 0)
                && (self.diem != "1" || l.cell.pilot)
        };
        lines.iter().filter(fits).collect()
    }

    /// Whether it narrows or orders anything.
    pub fn is_set(&self) -> bool {
        *self != Self::default()
    }

    /// What is set, in a few words; empty when nothing is.
    pub fn said(&self, types: &[(String, String)]) -> String {
        let name = types.iter().find(|(code, _)| *code == self.loai).map_or("", |(_, name)| name);
        let words = self.q.trim();
        let parts = [
            (!words.is_empty(), format!("“{words}”")),
            (!name.is_empty(), name.to_owned()),
            (self.cham == "1", "còn thiếu kỳ".to_owned()),
            (self.diem == "1", "chỉ đạo điểm".to_owned()),
            (self.nhom == "loai", "nhóm theo loại hình".to_owned()),
            (self.xep == "cham", "thiếu nhiều kỳ trước".to_owned()),
        ];
        parts.into_iter().filter(|(set, _)| *set).map(|(_, text)| text).collect::<Vec<_>>().join(" · ")
    }

    /// As the end of an address; empty when nothing is set.
    pub fn query(&self) -> String {
        let fields = [
            ("q", &self.q),
            ("loai", &self.loai),
            ("cham", &self.cham),
            ("diem", &self.diem),
            ("nhom", &self.nhom),
            ("xep", &self.xep),
        ];
        let set = fields.into_iter().filter(|(_, v)| !v.is_empty());
        let text = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(set).finish();
        if text.is_empty() { text } else { format!("?{text}") }
    }
}
