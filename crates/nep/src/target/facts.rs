//! The year of every cell below a committee in numbers, assembled from rows: months by the tree of each month, the
//! rest by where cells stood at the end of what is counted. The counting is the domain's. Rules: T1 … T7, DD-05.

use std::collections::{BTreeMap, BTreeSet};

use db::Tx;
use domain::attendance::Basis;
use domain::code::Code;
use domain::contribution::{eligible_months, target_for};
use domain::id::{OrgId, PersonId};
use domain::period::{PeriodKey, PeriodKind, duty, judged_on};
use domain::roll::MembershipFact;
use domain::rollup::{CellKind, Figures, Month};
use domain::rulepack::{Library, Rules, Target};
use domain::target::{CellYear, Held, KindYear, Level, Measure, Month as MonthFacts, Seats, Speakers, Tally, applies, kept};
use jiff::Timestamp;
use jiff::civil::Date;

use super::store::{self, PutOff, Stays};
use crate::actor::Actor;
use crate::board::store as boards;
use crate::board::store::tree::Tree;
use crate::classification::store as results;
use crate::home::store::{ByCell, SpokenRow, spoken_in};
use crate::home::year::{goal, periods_spoken};
use crate::org::store::{self as orgs, Org};
use crate::year::store::{RulesThrough, rules_through};

/// The most cells whose year is read one by one; above that the sums that were carried up are read.
pub const MOST: i64 = 1_000;

/// How many years back the results of a year are shown with those before.
const YEARS_BACK: i16 = 4;

/// A cell with its year.
#[derive(Debug, Clone)]
pub struct CellFacts {
    /// Which.
    pub org: OrgId,
    /// Name for lists.
    pub name: String,
    /// Type of cell.
    pub cell_type: Option<String>,
    /// Whether it is a pilot.
    pub pilot: bool,
    /// Its year.
    pub year: CellYear,
}

impl CellFacts {
    /// Whether a target is about the cell. A month it spent here counts although it has gone since; what follows from
    /// the last day does not.
    pub fn fits(&self, target: &Target) -> bool {
        self.year.kind.map_or(target.applies_to.is_empty(), |kind| applies(target, kind))
    }
}

/// A committee's year.
#[derive(Debug, Clone)]
pub struct Picture {
    /// The committee, or a cell for itself.
    pub org: Org,
    /// The year.
    pub year: i16,
    /// The day it is judged on.
    pub on: Date,
    /// The rules of that day, with what committees have set.
    pub rules: Rules,
    /// Which figure of attendance is official.
    pub basis: Basis,
    /// Its cells in the order of the tree.
    pub cells: Vec<CellFacts>,
    /// Sums by kind of cell, where the cells are too many to be read one by one.
    pub sums: Option<BTreeMap<CellKind, KindYear>>,
    /// Up to when the months hold every fact.
    pub fresh: Timestamp,
}

impl Picture {
    /// The tally of a measure over the cells a target is about.
    pub fn tally(&self, measure: Measure, target: &Target) -> Tally {
        match &self.sums {
            Some(sums) => sums.iter().filter(|s| applies(target, *s.0)).map(|s| s.1.tally(measure, self.basis)).sum(),
            None => self.cells.iter().filter(|c| c.fits(target)).map(|c| c.year.tally(measure, self.basis)).sum(),
        }
    }

    /// The tally of a month, from 0.
    pub fn month(&self, measure: Measure, at: usize) -> Tally {
        match &self.sums {
            Some(sums) => sums.values().map(|s| s.month(measure, at, self.basis)).sum(),
            None => self.cells.iter().map(|c| c.year.month(measure, at, self.basis)).sum(),
        }
    }

    /// How many cells stand here at the end of what is counted.
    pub fn count(&self) -> u64 {
        match &self.sums {
            Some(sums) => sums.values().map(|s| s.cells).sum(),
            None => u64::try_from(self.here().count()).unwrap_or(u64::MAX),
        }
    }

    /// Cells that stand here at the end of what is counted.
    pub fn here(&self) -> impl Iterator<Item = &CellFacts> {
        self.cells.iter().filter(|c| c.year.kind.is_some())
    }
}

/// Reads the year of everything below an organisation: cell by cell, or as sums where there are more than `most`.
///
/// # Errors
/// `NotFound`; database faults.
pub fn load(tx: &mut Tx, actor: &Actor, library: &Library, org: OrgId, year: i16, most: i64) -> db::Result<Picture> {
    let today = actor.today();
    let on = judged_on(year, today);
    let org = orgs::get(tx, org, today)?;
    let through = rules_through(tx, &org, library)?;
    let rules = through.at(on);
    let (first, last) = (Month::of_year(year).0, Month::of(on));
    let fresh = boards::fresh_until(tx, actor.now, Month::of(today))?;
    let many: i64 = boards::months(tx, org.id, last, last)?.iter().map(|m| m.figures.cells).sum();
    let mut picture = Picture { year, on, basis: Basis::by(&rules), rules, cells: Vec::new(), sums: None, fresh, org };
    if many > most {
        picture.sums = Some(sums(tx, &picture, &through, (first, last), today)?);
    } else {
        picture.cells = cells(tx, &picture, &through, (first, last), today)?;
    }
    Ok(picture)
}

fn cells(
    tx: &mut Tx,
    picture: &Picture,
    rules: &RulesThrough,
    (first, last): (Month, Month),
    today: Date,
) -> db::Result<Vec<CellFacts>> {
    let rows = boards::cells(tx, picture.org.id, first, last)?;
    let ids: Vec<OrgId> = rows.iter().map(|r| r.org).collect::<BTreeSet<_>>().into_iter().collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let put_off = store::put_off(tx, &ids, first, last)?;
    let limits = Limits { rules, put_off, today };
    let mut years: BTreeMap<OrgId, CellYear> = BTreeMap::new();
    for row in &rows {
        let cell = years.entry(row.org).or_default();
        if let Some(month) = cell.months.get_mut(usize::from(row.month.number()).saturating_sub(1)) {
            *month = limits.month(row.org, row.month, &row.figures);
        }
        cell.kind = (row.month == last && row.figures.cells > 0).then_some(row.kind);
    }
    let names = store::names(tx, &ids, picture.on)?;
    let ahead = ahead(rules, last, picture.year);
    for name in names.iter().filter(|n| n.ended_on.is_none()) {
        if let Some(cell) = years.get_mut(&name.org).filter(|c| c.kind.is_some()) {
            ahead.iter().zip(&mut cell.months).for_each(|(a, m)| a.put(m));
        }
    }
    classified(tx, picture, &ids, &mut years)?;
    speakers(tx, picture, &ids, &mut years)?;
    let facts = |n: store::CellName| {
        let year = years.remove(&n.org).unwrap_or_default();
        CellFacts { org: n.org, name: n.name, cell_type: n.cell_type, pilot: n.pilot, year }
    };
    Ok(names.into_iter().map(facts).collect())
}

/// The sums by kind of cell, as they were carried up.
fn sums(
    tx: &mut Tx,
    picture: &Picture,
    rules: &RulesThrough,
    (first, last): (Month, Month),
    today: Date,
) -> db::Result<BTreeMap<CellKind, KindYear>> {
    let mut out: BTreeMap<CellKind, KindYear> = BTreeMap::new();
    let count = |n: i64| u64::try_from(n).unwrap_or(0);
    for row in boards::months(tx, picture.org.id, first, last)? {
        let (year, f) = (out.entry(row.kind).or_default(), row.figures);
        if row.month == last {
            year.cells = count(f.cells);
        }
        let over = |kind| last_day(rules, kind, row.month).is_none_or(|day| today > day);
        let of = |kind, [owed, held, late, off]: [i64; 4]| kept(count(owed), count(held), count(late), count(off), over(kind));
        if let Some(month) = year.months.get_mut(usize::from(row.month.number()).saturating_sub(1)) {
            let regular = [f.regular_owed, f.regular_held, f.regular_late, f.regular_put_off];
            let thematic = [f.thematic_owed, f.thematic_held, f.thematic_late, f.thematic_put_off];
            month.regular = of(PeriodKind::Regular, regular);
            month.thematic = of(PeriodKind::Thematic, thematic);
            month.seats = seats(&f);
        }
    }
    let ahead = ahead(rules, last, picture.year);
    for year in out.values_mut() {
        let still = |asked: bool| Tally { more: if asked { year.cells } else { 0 }, ..Tally::default() };
        for (a, month) in ahead.iter().zip(&mut year.months) {
            (month.regular, month.thematic) = (month.regular + still(a.regular), month.thematic + still(a.thematic));
        }
    }
    for path in Tree::above(tx, &[picture.org.id])?.paths(picture.org.id, last, last) {
        for (kind, level, n) in store::level_sums(tx, &path, last, picture.year)? {
            let at = Level::ALL.iter().position(|l| *l == level).unwrap_or(0);
            if let Some(sum) = out.entry(kind).or_default().levels.get_mut(at) {
                *sum += n;
            }
        }
        for (kind, cells, members) in store::member_sums(tx, &path, last, picture.year)? {
            let year = out.entry(kind).or_default();
            year.with_members += cells;
            year.members.iter_mut().zip(members).for_each(|(sum, n)| *sum += n);
        }
    }
    Ok(out)
}

/// The last day on which the kỳ kept in a month is held in time.
fn last_day(rules: &RulesThrough, kind: PeriodKind, month: Month) -> Option<Date> {
    let key = PeriodKey::of(kind, month.first_day())?;
    Some(duty(key, &rules.at(key.first_day())).map_or_else(|| key.end_day(), |d| d.last_day))
}

fn seats(f: &Figures) -> Seats {
    let count = |n: i64| u64::try_from(n).unwrap_or(0);
    Seats {
        meetings: count(f.meetings),
        expected: count(f.expected),
        present: count(f.present),
        excused: count(f.excused),
        speakers: count(f.speakers),
    }
}

/// What says whether a kỳ that was not held can still be.
struct Limits<'a> {
    rules: &'a RulesThrough,
    put_off: PutOff,
    today: Date,
}

impl Limits<'_> {
    fn month(&self, org: OrgId, month: Month, f: &Figures) -> MonthFacts {
        MonthFacts {
            regular: self.held(org, month, PeriodKind::Regular, (f.regular_owed, f.regular_held, f.regular_late)),
            thematic: self.held(org, month, PeriodKind::Thematic, (f.thematic_owed, f.thematic_held, f.thematic_late)),
            seats: seats(f),
        }
    }

    fn held(&self, org: OrgId, month: Month, kind: PeriodKind, counts: (i64, i64, i64)) -> Held {
        match counts {
            (0, _, _) => return Held::NotOwed,
            (_, 1.., 1..) => return Held::Late,
            (_, 1.., _) => return Held::Kept,
            _ => {}
        }
        let Some(key) = PeriodKey::of(kind, month.first_day()) else {
            return Held::NotOwed;
        };
        let last = last_day(self.rules, kind, month).unwrap_or_else(|| key.end_day());
        let limit = self.put_off.get(&(org, key)).map_or(last, |day| last.max(*day));
        if self.today > limit { Held::Missing } else { Held::Ahead }
    }
}

/// Which kỳ of a month are still to come.
#[derive(Debug, Clone, Copy, Default)]
struct Ahead {
    regular: bool,
    thematic: bool,
}

impl Ahead {
    fn put(self, month: &mut MonthFacts) {
        if self.regular {
            month.regular = Held::Ahead;
        }
        if self.thematic {
            month.thematic = Held::Ahead;
        }
    }
}

/// The kỳ of the year that are kept in months after the last one counted.
fn ahead(rules: &RulesThrough, last: Month, year: i16) -> [Ahead; 12] {
    let mut out = [Ahead::default(); 12];
    for (month, slot) in Month::of_year(year).0.through(Month::of_year(year).1).zip(&mut out) {
        if month <= last {
            continue;
        }
        for key in month.periods() {
            let asked = duty(key, &rules.at(key.first_day())).is_some();
            match key.kind {
                PeriodKind::Regular => slot.regular = asked,
                PeriodKind::Thematic => slot.thematic = asked,
            }
        }
    }
    out
}

fn classified(tx: &mut Tx, picture: &Picture, ids: &[OrgId], years: &mut BTreeMap<OrgId, CellYear>) -> db::Result<()> {
    let of_year = (picture.year, picture.year);
    for level in results::levels(tx, ids, of_year)? {
        if let Some(cell) = years.get_mut(&level.org) {
            cell.level = level.level;
        }
    }
    for members in results::members(tx, ids, of_year)? {
        if let Some(cell) = years.get_mut(&members.org) {
            cell.members = Some(members.levels);
        }
    }
    for (org, n) in results::to_classify(tx, ids, picture.on)? {
        if let Some(cell) = years.get_mut(&org) {
            cell.roster = n;
        }
    }
    Ok(())
}

/// Who of the members on the last day has spoken in how many kỳ of those asked for their part of the year.
fn speakers(tx: &mut Tx, picture: &Picture, ids: &[OrgId], years: &mut BTreeMap<OrgId, CellYear>) -> db::Result<()> {
    let (Ok(first), Ok(end)) = (Date::new(picture.year, 1, 1), Date::new(picture.year, 12, 31)) else {
        return Ok(());
    };
    let stays: Stays = store::stays(tx, ids, first, end)?;
    let spoken: ByCell<SpokenRow> = spoken_in(tx, ids, picture.year)?;
    let yearly = goal(&picture.rules, Measure::SPOKEN_WORD).number;
    let day = picture.rules.int("meeting.regular_day").and_then(|d| i8::try_from(d).ok()).unwrap_or(3);
    for (org, people) in &stays {
        let Some(cell) = years.get_mut(org).filter(|c| c.kind.is_some()) else { continue };
        let left = can_speak(cell);
        let counted = kinds_of(spoken.get(org).map(Vec::as_slice).unwrap_or_default());
        let mut out = Speakers::default();
        for (person, own) in people {
            if !own.iter().any(|s| s.standing.is_expected() && s.holds_on(picture.on)) {
                continue;
            }
            let (gone, months) = months(own, *person, picture, day);
            out.add(counted.get(person).copied().unwrap_or(0), target_for(yearly, months), (gone, months), left);
        }
        cell.speakers = out;
    }
    Ok(())
}

/// In how many kỳ each person spoke.
fn kinds_of(rows: &[SpokenRow]) -> BTreeMap<PersonId, u32> {
    let kinds: BTreeSet<(PersonId, PeriodKey)> = periods_spoken(rows).into_iter().map(|(p, key, _)| (p, key)).collect();
    let mut out: BTreeMap<PersonId, u32> = BTreeMap::new();
    for (person, _) in kinds {
        *out.entry(person).or_default() += 1;
    }
    out
}

/// What yearly results of the cells that stand here now came to, from some years back to the picture's.
///
/// # Errors
/// Database faults only.
pub fn past(
    tx: &mut Tx,
    picture: &Picture,
    fits: impl Fn(&CellFacts) -> bool,
    measure: Measure,
) -> db::Result<Vec<(i16, Tally)>> {
    let cells: Vec<&CellFacts> = picture.here().filter(|c| fits(c)).collect();
    let ids: Vec<OrgId> = cells.iter().map(|c| c.org).collect();
    let span = (picture.year - YEARS_BACK, picture.year);
    let levels = results::levels(tx, &ids, span)?;
    let members = results::members(tx, &ids, span)?;
    let mut by_year: BTreeMap<(i64, OrgId), CellYear> = BTreeMap::new();
    let mut of = |year, org: OrgId, put: &dyn Fn(&mut CellYear)| {
        let kind = cells.iter().find(|c| c.org == org).and_then(|c| c.year.kind);
        put(by_year.entry((year, org)).or_insert_with(|| CellYear { kind, ..CellYear::default() }));
    };
    levels.iter().for_each(|l| of(l.year, l.org, &|c| c.level = l.level));
    members.iter().for_each(|m| of(m.year, m.org, &|c| c.members = Some(m.levels)));
    let tally = |year: i16| {
        let all = by_year.iter().filter(|((y, _), _)| *y == i64::from(year));
        (year, all.map(|(_, c)| c.tally(measure, picture.basis)).sum())
    };
    Ok((span.0..=span.1).map(tally).collect())
}

/// Kỳ in which something said may still count: those to come, and those held whose minutes are not sealed yet.
fn can_speak(cell: &CellYear) -> u32 {
    let of = |m: &MonthFacts| {
        let waits = |h: Held| matches!(h, Held::Kept | Held::Late) && m.seats.meetings == 0;
        let may = |h: Held| u32::from(h == Held::Ahead || waits(h));
        may(m.regular) + may(m.thematic)
    };
    cell.months.iter().map(of).sum()
}

/// Months somebody has to meet in the year, and how many of them are gone. Most people stay the whole year.
fn months(own: &[MembershipFact], person: PersonId, picture: &Picture, day: i8) -> (u32, u32) {
    let year = picture.year;
    let date = |month| Date::new(year, month, day).ok();
    let whole = match own {
        [one] => date(1).is_some_and(|d| one.holds_on(d)) && date(12).is_some_and(|d| one.holds_on(d)),
        _ => false,
    };
    let past = u32::try_from((1..=12).filter_map(date).filter(|d| *d <= picture.on).count()).unwrap_or(12);
    if whole {
        return (past, 12);
    }
    let all = eligible_months(own, person, year, day);
    let over = picture.on.tomorrow().unwrap_or(picture.on);
    let clipped: Vec<MembershipFact> =
        own.iter().map(|s| MembershipFact { to: Some(s.to.map_or(over, |to| to.min(over))), ..s.clone() }).collect();
    (eligible_months(&clipped, person, year, day).min(all), all)
}
